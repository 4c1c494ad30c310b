/* Finds many literals in one pass that looks only at the places where a word begins, a byte in eight, and at signs
 * (scan.h) where some literal has no word.  For literals that hold such a place; finder.h takes all. */
#ifndef NDR_BASE_STARTS_H
#define NDR_BASE_STARTS_H

#include "base/arena.h"

enum {
    STARTS_KEY_BYTES = 3, /* what a place needs at least */
    STARTS_BYTES = 8,     /* by which the others are told, and as many behind them */
    STARTS_LONG_BITS = 15,
    STARTS_SHORT_BITS = 13,
    STARTS_SLOT_BITS = 12,
};

/* Kinds of keys, the ones that tell most first: eight bytes and more, at least four, three. */
enum starts_kind { STARTS_LONG, STARTS_FOUR, STARTS_THREE };

static inline enum starts_kind starts_kind_of(size_t len)
{
    return len >= STARTS_BYTES ? STARTS_LONG : len > STARTS_KEY_BYTES ? STARTS_FOUR : STARTS_THREE;
}

struct starts {
    /* Whether a literal may have such a place: by hash of eight bytes for keys that have so many, else of four, or three
     * where some have no more.  Many more than items: nothing begins at most places, and a look at both tells it. */
    uint8_t longs[1 << STARTS_LONG_BITS];
    uint8_t shorts[1 << STARTS_SHORT_BITS];
    uint16_t slots[(2 << STARTS_SLOT_BITS) + 1]; /* first item, by the same: those of long keys come first */
    struct starts_item {
        uint64_t bytes[2], masks[2]; /* what stands there, folded */
        uint16_t literal;
        uint16_t slot;
    } *items; /* by slot, in it those added last first */
    size_t count, capacity;
    bool has_signs;  /* some are known by a sign */
    bool has_threes; /* or by three bytes */
};

/* Where a literal has words and signs, told of so many bytes from `from` on, a bit a byte: as scan_words_and_signs() sees
 * them whatever stands around the literal. */
enum { STARTS_RUN = 61 };
struct starts_places {
    uint64_t words, signs;
};
struct starts_places starts_places(struct str literal, size_t from);

/* Bytes by which a literal can be known from `at` on, fewer than STARTS_KEY_BYTES when it cannot; `bytes` are set to
 * them, folded, and zeros.  With `loose` a blank stands for any run of them. */
size_t starts_key(struct str literal, size_t at, bool loose, uint64_t *bytes);

/* Takes in a literal by what it has from `at` on, at least STARTS_KEY_BYTES bytes; for starts_look() it may be
 * any place. */
void starts_add(struct starts *starts, struct arena *arena, struct str literal, size_t at, bool loose,
                uint16_t number);

/* Call it when all are added. */
void starts_build(struct starts *starts, struct arena *arena);

/* Eight bytes as a number, the first lowest, in lower case; others than letters may look alike. */
static inline uint64_t starts_fold(const char *bytes)
{
    uint64_t value;

    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value | 0x2020202020202020u;
}

/* One product for all keys: its bits depend on the bytes below them and on no others. */
static inline uint64_t starts_hash(uint64_t bytes)
{
    return bytes * 0x7FEB352D;
}

/* Of it, the bits that all eight bytes tell, and those that the first four or three do. */
static inline size_t starts_long(uint64_t hash, int bits)
{
    return hash >> (64 - bits);
}

static inline size_t starts_short(uint64_t hash, bool has_threes, int bits)
{
    return (uint32_t)(has_threes ? hash << 8 : hash) >> (32 - bits);
}

/* Whether a literal may begin with these bytes, 1 or 0. */
static inline uint64_t starts_have(const struct starts *starts, uint64_t bytes, bool has_threes)
{
    uint64_t hash = starts_hash(bytes);

    return starts->longs[starts_long(hash, STARTS_LONG_BITS)] |
           starts->shorts[starts_short(hash, has_threes, STARTS_SHORT_BITS)];
}

/* Whether any literal may begin a text: nearly always tells that none does. */
static inline bool starts_may(const struct starts *starts, struct str text)
{
    return text.len < STARTS_BYTES ? text.len >= STARTS_KEY_BYTES
                                   : starts_have(starts, starts_fold(text.ptr), starts->has_threes);
}

/* Calls `found` for each literal whose place may be byte `at`; who asked looks again. */
typedef void (*starts_found_fn)(void *context, uint32_t literal, size_t at);
void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context);

/* The same for each such place in a text, in its order. */
void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context);

#endif
