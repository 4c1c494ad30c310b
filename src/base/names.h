/* A fixed set of short names, each with a number: looked up with one comparison, whatever stands there.  Which name it
 * is nobody can foretell, so nothing is told a byte or a name at a time. */
#ifndef NDR_BASE_NAMES_H
#define NDR_BASE_NAMES_H

#include "base/block.h"

enum { NAMES_MAX_BYTES = 32, NAMES_SLOTS = 128 };

struct names_item {
    struct str name; /* of 1 to NAMES_MAX_BYTES bytes */
    unsigned number; /* not 0 */
};

struct names {
    struct names_slot {
        /* A text that is or'ed with the bits that do not count is the name: those of the case of its letters, and all
         * behind it. */
        _Alignas(NAMES_MAX_BYTES) char name[NAMES_MAX_BYTES];
        char ignored[NAMES_MAX_BYTES];
        size_t len; /* 0 where no name is */
        unsigned number;
    } slots[NAMES_SLOTS];
    unsigned factor; /* with which each name has a slot of its own; 0 before the set is made */
};

void names_make(struct names *names, const struct names_item *items, size_t count);
unsigned names_find_few(const struct names *names, struct str text, size_t len);

static inline size_t names_slot(unsigned factor, const char *name, size_t len)
{
    return (factor * len + (unsigned char)(name[len - 1] | 32)) % NAMES_SLOTS;
}

/* Number of the name (case ignored) that is the first `len` bytes of `text`, at least one; 0 for none.  What stands
 * behind it makes it quicker. */
static inline unsigned names_find(const struct names *names, struct str text, size_t len)
{
    const struct names_slot *slot = &names->slots[names_slot(names->factor, text.ptr, len)];

    if (text.len < NAMES_MAX_BYTES) {
        return names_find_few(names, text, len);
    }
    test same = equal_blocks(any(load(text.ptr), load(slot->ignored)), load(slot->name));

#pragma GCC unroll 4
    for (size_t at = BLOCK; at < NAMES_MAX_BYTES; at += BLOCK) {
        same = both(same, equal_blocks(any(load(text.ptr + at), load(slot->ignored + at)), load(slot->name + at)));
    }
    uint64_t differ = (slot->len ^ len) | not_of(same);

    return slot->number & ((unsigned)(differ != 0) - 1); /* never a jump, which nobody can foretell */
}

#endif
