/* Where words begin and signs stand among 64 bytes, for scan.c and for the loop of starts.c, which asks for all of a
 * text. */
#ifndef NDR_BASE_PLACES_H
#define NDR_BASE_PLACES_H

#include "base/block.h"
#include "base/scan.h"

/* What is known of 64 bytes, a bit each. */
struct places_kinds {
    uint64_t letters, blanks;
    uint64_t others; /* places that are no words of ASCII letters */
};

static inline test places_sign(block b, test letter, block next)
{
    test number = any(both(within(b, '0', 10), equal(next, '.')), both(letter, within(next, '0', 10)));

    return any(number, any(any(equal(b, '('), equal(b, '<')), equal(b, ']')));
}

/* From SCAN_LEAD_MIN on: the two highest bits. */
static inline test places_lead(block b)
{
    return high(both(b, twice(b)));
}

static inline void places_see(struct places_kinds *kinds, const char *bytes, size_t at, bool signs)
{
    block b = load(bytes + at);
    test letter = within(lower(b), 'a', 26);

    kinds->letters |= bits_of(letter) << at;
    kinds->blanks |= bits_of(equal(b, ' ')) << at;
    test other = places_lead(b);

    if (signs) {
        other = any(other, places_sign(b, letter, load(bytes + at + 1)));
    }
    kinds->others |= bits_of(other) << at;
}

/* See scan_words() and, with `signs`, scan_words_and_signs(). */
static inline __attribute__((always_inline)) uint64_t places_in(const char *bytes, uint64_t *behind, bool signs)
{
    struct places_kinds kinds = {0};

#pragma GCC unroll 8
    for (size_t at = 0; at < SCAN_RUN; at += BLOCK) {
        places_see(&kinds, bytes, at, signs);
    }
    uint64_t letters = kinds.letters;
    uint64_t begins = letters & ~(letters << 1 | *behind);

    *behind = letters >> 63;
    begins &= (letters >> 1 | 1ull << 63) & ~(kinds.blanks >> 2);
    return begins | kinds.others;
}

#endif
