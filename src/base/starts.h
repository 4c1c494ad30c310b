/* Finds many literals in one pass that looks only at the places where a word begins, a byte in eight, and at signs
 * (scan.h) where some literal has no word.  For literals that hold such a place; finder.h takes all. */
#ifndef NDR_BASE_STARTS_H
#define NDR_BASE_STARTS_H

#include "base/arena.h"

enum {
    STARTS_KEY_BYTES = 3, /* what a place needs at least */
    STARTS_BYTES = 8,     /* by which the others are told, and as many behind them */
    STARTS_SLOT_BITS = 14,
};

/* Kinds of keys, the ones that tell most first: eight bytes and more, at least four, three. */
enum starts_chain { STARTS_LONG, STARTS_FOUR, STARTS_THREE, STARTS_CHAINS };

static inline enum starts_chain starts_chain_of(size_t len)
{
    return len >= STARTS_BYTES ? STARTS_LONG : len > STARTS_KEY_BYTES ? STARTS_FOUR : STARTS_THREE;
}

struct starts {
    /* Index of an item, 0 for none, by hash of eight, four or three bytes: as many as its key has.  Many more slots
     * than items: one look at each kind tells that nothing begins at most places. */
    uint16_t slots[STARTS_CHAINS][1 << STARTS_SLOT_BITS];
    struct starts_item {
        uint64_t bytes[2], masks[2]; /* what stands there, folded */
        uint16_t literal;
        uint16_t next; /* index of the next item of the slot, 0 at the end */
    } *items;
    size_t count, capacity;
    bool has_signs;  /* some are known by a sign */
    bool has_threes; /* or by three bytes */
};

/* What a literal has at a byte of it. */
enum starts_place { STARTS_NOTHING, STARTS_SIGN, STARTS_WORD };
enum starts_place starts_place(struct str literal, size_t at);

/* Bytes by which a literal can be known from `at` on, fewer than STARTS_KEY_BYTES when it cannot.  With `loose` a blank
 * stands for any run of them. */
size_t starts_key(struct str literal, size_t at, bool loose);

/* Takes in a literal by what it has from `at` on, at least STARTS_KEY_BYTES bytes; for starts_look() it may be
 * any place. */
void starts_add(struct starts *starts, struct arena *arena, struct str literal, size_t at, bool loose,
                uint16_t number);

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

/* One product for the slots of all kinds: its bits depend on the bytes below them and on no others. */
static inline uint64_t starts_hash(uint64_t bytes)
{
    return bytes * UINT64_C(0x9E3779B97F4A7C15);
}

static inline size_t starts_slot(enum starts_chain chain, uint64_t hash)
{
    return chain == STARTS_LONG   ? hash >> (64 - STARTS_SLOT_BITS)
           : chain == STARTS_FOUR ? (uint32_t)hash >> (32 - STARTS_SLOT_BITS)
                                  : (uint32_t)(hash << 8) >> (32 - STARTS_SLOT_BITS);
}

/* Whether a literal may begin with these bytes; most tables have none of three bytes. */
static inline bool starts_have(const struct starts *starts, uint64_t bytes, bool has_threes)
{
    uint64_t hash = starts_hash(bytes);

    return starts->slots[STARTS_LONG][starts_slot(STARTS_LONG, hash)] |
           starts->slots[STARTS_FOUR][starts_slot(STARTS_FOUR, hash)] |
           (has_threes ? starts->slots[STARTS_THREE][starts_slot(STARTS_THREE, hash)] : 0);
}

/* Whether any literal may begin a text: nearly always tells that none does. */
static inline bool starts_may(const struct starts *starts, struct str text)
{
    return text.len < STARTS_BYTES ? text.len >= STARTS_KEY_BYTES : starts_have(starts, starts_fold(text.ptr), true);
}

/* Calls `found` for each literal whose place may be byte `at`; who asked looks again. */
typedef void (*starts_found_fn)(void *context, uint32_t literal, size_t at);
void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context);

/* The same for each such place in a text, in its order. */
void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context);

#endif
