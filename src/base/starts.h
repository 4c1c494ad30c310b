/* Finds many literals in one pass that looks only at the places where a word of ASCII letters begins: a
 * byte in six.  For literals that hold such a place; the automaton finds the others. */
#ifndef NDR_BASE_STARTS_H
#define NDR_BASE_STARTS_H

#include "base/arena.h"

enum { STARTS_KEY_BYTES = 4, STARTS_BYTES = 8, STARTS_BUCKET_BITS = 12 };

struct starts {
    uint16_t first[1 << STARTS_BUCKET_BITS]; /* by the hash of the key: index of its first item, 0 for none */
    struct starts_item {
        uint64_t bytes, mask; /* what stands there, folded */
        uint16_t literal;
        uint16_t next; /* index of the next item of the bucket, 0 at the end */
    } *items;
    size_t count, capacity;
};

/* Takes a literal in: by its rarest beginning of a word, which stands at *at of it.  A blank of it stands for
 * itself alone unless `loose`.  False when it has no such place of at least STARTS_KEY_BYTES bytes. */
bool starts_add(struct starts *starts, struct arena *arena, struct str literal, bool loose,
                uint16_t number, size_t *at);

/* Takes in, before all others, a literal of at least STARTS_KEY_BYTES bytes by its own beginning, for
 * starts_look(). */
void starts_add_first(struct starts *starts, struct arena *arena, struct str literal, uint16_t number);

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

static inline unsigned starts_bucket(uint64_t bytes)
{
    return ((uint32_t)bytes * 2654435761u) >> (32 - STARTS_BUCKET_BITS);
}

/* Whether any literal may begin a text: nearly always tells that none does. */
static inline bool starts_may(const struct starts *starts, struct str text)
{
    return text.len < STARTS_BYTES ? text.len >= STARTS_KEY_BYTES
                                   : starts->first[starts_bucket(starts_fold(text.ptr))] != 0;
}

/* Calls `found` for each literal whose place may be byte `at`; who asked looks again. */
typedef void (*starts_found_fn)(void *context, uint32_t literal, size_t at);
void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context);

/* The same for each beginning of a word in a text. */
void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context);

#endif
