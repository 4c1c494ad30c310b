#include "match/automaton.h"

/* Aho and Corasick's construction (1975), completed to a table without failure steps. */

enum { AUTOMATON_STATES_MAX = 65535 };

static struct str anchor_of(const struct match_signature *signature)
{
    return str_sub(signature->pieces[signature->anchor_piece].literal, signature->anchor_at,
                   signature->anchor_len);
}

static void number_classes(struct automaton *a, const struct match_signature *signatures,
                           size_t count)
{
    memset(a->classes, 0, sizeof a->classes);
    a->columns = 1;
    for (size_t i = 0; i < count; i++) {
        struct str anchor = anchor_of(&signatures[i]);

        for (size_t k = 0; k < anchor.len; k++) {
            uint8_t *class_ = &a->classes[(unsigned char)anchor.ptr[k]];

            if (*class_ == 0) {
                *class_ = (uint8_t)a->columns++;
            }
        }
    }
}

static void add_output(struct automaton *a, size_t state, uint32_t signature)
{
    a->outputs[a->output_count] =
        (struct automaton_output){signature, a->first_output[state]};
    a->first_output[state] = (uint32_t)a->output_count++;
}

/* Fills in where each state goes for bytes that do not continue its anchor, breadth first. */
static void complete(struct automaton *a, struct arena *arena)
{
    uint16_t *fail = ARENA_ARRAY(arena, uint16_t, a->state_count);
    uint16_t *queue = ARENA_ARRAY(arena, uint16_t, a->state_count);
    size_t head = 0;
    size_t tail = 0;

    for (unsigned c = 0; c < a->columns; c++) {
        if (a->next[c]) {
            queue[tail++] = a->next[c];
        }
    }
    while (head < tail) {
        uint16_t state = queue[head++];
        uint16_t *row = a->next + (size_t)state * a->columns;
        const uint16_t *back = a->next + (size_t)fail[state] * a->columns;

        for (unsigned c = 0; c < a->columns; c++) {
            if (row[c]) {
                fail[row[c]] = back[c];
                queue[tail++] = row[c];
            } else {
                row[c] = back[c];
            }
        }
        /* What ends at the shorter suffix ends here too: chain its outputs behind ours. */
        uint32_t last = a->first_output[state];

        if (last == 0) {
            a->first_output[state] = a->first_output[fail[state]];
            continue;
        }
        while (a->outputs[last].next) {
            last = a->outputs[last].next;
        }
        a->outputs[last].next = a->first_output[fail[state]];
    }
}

bool automaton_build(struct automaton *a, struct arena *arena,
                     const struct match_signature *signatures, size_t count)
{
    size_t states = 1;

    number_classes(a, signatures, count);
    for (size_t i = 0; i < count; i++) {
        states += signatures[i].anchor_len;
    }
    if (states > AUTOMATON_STATES_MAX) {
        return false;
    }
    a->next = ARENA_ARRAY(arena, uint16_t, states * a->columns);
    a->first_output = ARENA_ARRAY(arena, uint32_t, states);
    a->outputs = ARENA_ARRAY(arena, struct automaton_output, count + 1);
    a->output_count = 1;
    a->state_count = 1;
    for (size_t i = 0; i < count; i++) {
        struct str anchor = anchor_of(&signatures[i]);
        size_t state = 0;

        for (size_t k = 0; k < anchor.len; k++) {
            uint16_t *to =
                &a->next[state * a->columns + a->classes[(unsigned char)anchor.ptr[k]]];

            if (*to == 0) {
                *to = (uint16_t)a->state_count++;
            }
            state = *to;
        }
        add_output(a, state, (uint32_t)i);
    }
    complete(a, arena);
    return true;
}

void automaton_scan(const struct automaton *a, const struct match_text *text,
                    automaton_found_fn found, void *context)
{
    size_t state = 0;

    for (size_t i = 0; i < text->len; i++) {
        state = a->next[state * a->columns + a->classes[(unsigned char)text->bytes[i]]];
        for (uint32_t o = a->first_output[state]; o; o = a->outputs[o].next) {
            found(context, a->outputs[o].signature, i + 1);
        }
    }
}
