/* Finds many words at once in one pass: Aho and Corasick's construction (1975), completed to a dense
 * table that is walked a byte at a time, however many words there are. */
#ifndef NDR_BASE_AUTOMATON_H
#define NDR_BASE_AUTOMATON_H

#include "base/arena.h"

enum { AUTOMATON_WORD_BYTES = 8 };

/* Case of ASCII letters does not count, a run of blanks is one blank, and bytes that reports hardly hold
 * share columns: what is found may stand there, and who asked looks again. */
struct automaton {
    uint16_t *next;         /* by state and column; the states that end a word come last */
    uint16_t first_end;     /* the first of those */
    uint32_t *first_output; /* of a state: index into outputs, 0 for none */
    struct automaton_output {
        uint32_t word;
        uint32_t next; /* index of the next output of the state, 0 at the end */
    } *outputs;
    size_t output_count;
    size_t state_count;
};

/* The run of at most AUTOMATON_WORD_BYTES bytes of a literal that is rarest in mail: the word to look
 * for.  Gives how rare it is, for comparing literals. */
unsigned automaton_rarest(struct str literal, size_t *at, size_t *len);

/* Compiles `count` words: lower case, single blanks, 1 to AUTOMATON_WORD_BYTES bytes.  Memory in
 * `arena`.  False when there are too many states for the table. */
bool automaton_build(struct automaton *automaton, struct arena *arena, const struct str *words,
                     size_t count);

/* Calls `found` for each word that may end at byte `end` (exclusive), in the order of the text. */
typedef void (*automaton_found_fn)(void *context, uint32_t word, size_t end);
void automaton_scan(const struct automaton *automaton, struct str text, automaton_found_fn found,
                    void *context);

#endif
