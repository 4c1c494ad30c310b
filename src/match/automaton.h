/* One automaton over the anchors of all signatures: a dense table walked a byte at a time. */
#ifndef NDR_MATCH_AUTOMATON_H
#define NDR_MATCH_AUTOMATON_H

#include "match/signature.h"

struct automaton {
    uint8_t classes[256];   /* folded byte to column; 0 for bytes in no anchor */
    unsigned columns;
    uint16_t *next;         /* state * columns + column to state */
    uint32_t *first_output; /* of a state: index into outputs, 0 for none */
    struct automaton_output {
        uint32_t signature;
        uint32_t next;      /* index of the next output of the state, 0 at the end */
    } *outputs;
    size_t output_count;
    size_t state_count;
};

/* Compiles the anchors of `count` signatures; memory in `arena`.  False when there are too many
 * states for the table. */
bool automaton_build(struct automaton *automaton, struct arena *arena,
                     const struct match_signature *signatures, size_t count);

/* Calls `found` for each anchor that ends at byte `end` (exclusive) of the folded text. */
typedef void (*automaton_found_fn)(void *context, uint32_t signature, size_t end);
void automaton_scan(const struct automaton *automaton, const struct match_text *text,
                    automaton_found_fn found, void *context);

#endif
