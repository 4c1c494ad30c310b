/* Finds many literals at once in any text, but for the case of ASCII letters: each by the place of it that
 * the fewest of them share. */
#ifndef NDR_BASE_FINDER_H
#define NDR_BASE_FINDER_H

#include "base/scan.h"
#include "base/starts.h"

/* By what a literal is known. */
struct finder_place {
    uint32_t at;   /* offset of the place in it */
    uint16_t part; /* of several literals with one number, as they were added */
};

struct finder {
    struct starts starts;
    struct scan_pair *pairs; /* with which literals go on that hold no word and no sign */
    size_t pair_count, pair_capacity;
    struct finder_place *places; /* by number */
    size_t count;
    struct finder_option {
        struct str literal;
        bool loose;
        uint16_t number, part;
    } *options; /* until all are known */
    size_t option_count, option_capacity;
};

/* Takes in a literal.  Numbers begin at 0 and never fall; several literals of one number are parts, of which one is
 * looked for: one of them needs STARTS_KEY_BYTES bytes.  With `loose` a blank of it stands for a run of blanks.
 * Literals and options live in `arena` until finder_build(). */
void finder_add(struct finder *finder, struct arena *arena, struct str literal, bool loose, uint16_t number);

/* Call it when all are added. */
void finder_build(struct finder *finder, struct arena *arena);

/* Calls `found` for each literal whose place may be at byte `at`; who asked looks again. */
void finder_scan(const struct finder *finder, struct str text, starts_found_fn found, void *context);

#endif
