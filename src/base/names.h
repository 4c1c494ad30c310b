/* A fixed set of short names, each with a number: looked up with one comparison, whatever stands there.  Which name it
 * is nobody can foretell, so nothing is told a byte or a name at a time. */
#ifndef NDR_BASE_NAMES_H
#define NDR_BASE_NAMES_H

#include "base/str.h"

enum { NAMES_WORDS = 4, NAMES_MAX_BYTES = NAMES_WORDS * sizeof(uint64_t), NAMES_SLOTS = 128 };

struct names_item {
    struct str name; /* of 1 to NAMES_MAX_BYTES bytes */
    unsigned number; /* not 0 */
};

/* The bytes of a name, and then zeros. */
union names_bytes {
    unsigned char bytes[NAMES_MAX_BYTES];
    uint64_t words[NAMES_WORDS];
};

struct names {
    struct names_slot {
        union names_bytes name;  /* in lower case */
        union names_bytes cases; /* the bit of the case where it has a letter */
        union names_bytes masks; /* all ones where it has bytes */
        size_t len;              /* 0 where no name is */
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
    uint64_t differ = slot->len ^ len;

    if (text.len < NAMES_MAX_BYTES) {
        return names_find_few(names, text, len);
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < NAMES_WORDS; i++) {
        uint64_t word;

        memcpy(&word, text.ptr + i * sizeof word, sizeof word);
        differ |= ((word | slot->cases.words[i]) & slot->masks.words[i]) ^ slot->name.words[i];
    }
    return differ ? 0 : slot->number;
}

#endif
