/* The nearest name to a mistyped one, for "did you mean". */
#ifndef NDR_CMD_NEAR_H
#define NDR_CMD_NEAR_H

#include "base/arena.h"

enum { NEAR_EDITS_MAX = 2, NEAR_WORD_MAX_BYTES = 40 };

struct near {
    struct str word; /* as it was typed */
    struct str best; /* empty until one is near enough */
    unsigned edits;  /* of `best` */
};

/* Letters to put in, take out, change or swap with their neighbor to come from one word to the other;
 * case ignored.  NEAR_EDITS_MAX + 1 for anything more. */
unsigned near_edits(struct str a, struct str b);

static inline struct near near_make(struct str word)
{
    return (struct near){.word = word, .edits = NEAR_EDITS_MAX + 1};
}

/* Considers a name; one that is short must be nearer, as two edits make any word of it. */
void near_offer(struct near *near, struct str name);

/* "did you mean NAME?", else `otherwise`. */
struct str near_hint(struct arena *arena, const struct near *near, const char *otherwise);

#endif
