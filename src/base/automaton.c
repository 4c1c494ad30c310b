#include "base/automaton.h"

#include "base/scan.h"

enum {
    STATES_MAX = 65535,
    COLUMN_BITS = 5, /* a state is one line of the processor's cache */
    COLUMNS = 1 << COLUMN_BITS,
    COLUMN_BLANK = 27,
    LANES = 4,          /* places of the text that are walked at once: the table's latency is hidden */
    LANE_BYTES = 256,
    LANE_BYTES_MIN = 32, /* shorter ones are not worth it */
    LEAD_LOOK_BYTES = 16,
    LEAD_BYTES_MAX = 4 * AUTOMATON_WORD_BYTES, /* looked back for where a lane has to begin */
};

static unsigned column_of(unsigned char c)
{
    char low = str_lower_char((char)c);

    if (low >= 'a' && low <= 'z') {
        return 1 + (unsigned)(low - 'a');
    }
    if (str_is_blank(low)) {
        return COLUMN_BLANK;
    }
    /* Digits share with rare letters, bytes of other scripts with all; control characters are in no word. */
    if (str_is_digit(low)) {
        return 1 + (unsigned)("bgjkqvwxyz"[low - '0'] - 'a');
    }
    return c >= 0x80 ? 1 + c % 26 : c == '.' ? 28 : c > ' ' ? 29 + c % 3 : 0;
}

static const uint8_t *columns(void)
{
    static uint8_t table[256];

    if (!table['a']) {
        for (unsigned c = 0; c < 256; c++) {
            table[c] = (uint8_t)column_of((unsigned char)c);
        }
    }
    return table;
}

/* How rare a byte is in mail; what is not here is rarest. */
static const uint8_t known_rarities[256] = {
    [' '] = 1, ['e'] = 1, ['t'] = 1, ['a'] = 1, ['o'] = 1, ['n'] = 1, ['i'] = 1, ['r'] = 1, ['s'] = 1,
    ['l'] = 1, ['d'] = 1, ['c'] = 1, ['m'] = 1, ['h'] = 1, ['p'] = 1, ['u'] = 1, ['b'] = 3, ['f'] = 3,
    ['g'] = 3, ['j'] = 3, ['k'] = 3, ['q'] = 3, ['v'] = 3, ['w'] = 3, ['x'] = 3, ['y'] = 3, ['z'] = 3,
    ['0'] = 2, ['1'] = 2, ['2'] = 2, ['3'] = 2, ['4'] = 2, ['5'] = 2, ['6'] = 2, ['7'] = 2, ['8'] = 2,
    ['9'] = 2, ['.'] = 2,
};

static unsigned rarity(char c)
{
    unsigned known = known_rarities[(unsigned char)c];

    return known ? known : 4;
}

unsigned automaton_rarest(struct str literal, size_t *at, size_t *len)
{
    unsigned score = 0;
    unsigned best;

    *len = literal.len < AUTOMATON_WORD_BYTES ? literal.len : AUTOMATON_WORD_BYTES;
    *at = 0;
    for (size_t i = 0; i < *len; i++) {
        score += rarity(literal.ptr[i]);
    }
    best = score;
    for (size_t end = *len; end < literal.len; end++) {
        score += rarity(literal.ptr[end]);
        score -= rarity(literal.ptr[end - *len]);
        if (score > best) {
            best = score;
            *at = end - *len + 1;
        }
    }
    return best;
}

/* --- building --- */

static void add_output(struct automaton *a, size_t state, uint32_t word)
{
    a->outputs[a->output_count] = (struct automaton_output){word, a->first_output[state]};
    a->first_output[state] = (uint32_t)a->output_count++;
}

/* What ends at the shorter suffix ends here too: its outputs are chained behind ours. */
static void inherit_outputs(struct automaton *a, size_t state, size_t suffix)
{
    uint32_t last = a->first_output[state];

    if (last == 0) {
        a->first_output[state] = a->first_output[suffix];
        return;
    }
    while (a->outputs[last].next) {
        last = a->outputs[last].next;
    }
    a->outputs[last].next = a->first_output[suffix];
}

/* Fills in where each state goes for bytes that do not continue its word, breadth first; `queue` is set
 * to the states in that order. */
static void complete(struct automaton *a, struct arena *scratch, const bool *ends_in_blank,
                     uint16_t *queue)
{
    uint16_t *fail = ARENA_ARRAY(scratch, uint16_t, a->state_count);
    size_t head = 0;
    size_t tail = 0;

    queue[tail++] = 0;
    head++;
    for (unsigned c = 0; c < COLUMNS; c++) {
        if (a->next[c]) {
            queue[tail++] = a->next[c];
        }
    }
    while (head < tail) {
        uint16_t state = queue[head++];
        uint16_t *row = a->next + ((size_t)state << COLUMN_BITS);
        const uint16_t *back = a->next + ((size_t)fail[state] << COLUMN_BITS);

        for (unsigned c = 0; c < COLUMNS; c++) {
            if (row[c]) {
                fail[row[c]] = back[c];
                queue[tail++] = row[c];
            } else {
                row[c] = back[c];
            }
        }
        if (ends_in_blank[state]) {
            row[COLUMN_BLANK] = state; /* a run of blanks is one */
        }
        inherit_outputs(a, state, fail[state]);
    }
}

/* Numbers the states anew: in the given order, so that those near the start, which are nearly always
 * the ones in use, lie side by side; those that end a word last, so that one comparison tells them. */
static void number_anew(struct automaton *a, struct arena *arena, struct arena *scratch, const uint16_t *order)
{
    uint16_t *number = ARENA_ARRAY(scratch, uint16_t, a->state_count);
    uint16_t *next = (void *)arena_bytes(arena, (a->state_count << COLUMN_BITS) * sizeof *next); /* all is set */
    uint32_t *first_output = ARENA_ARRAY(arena, uint32_t, a->state_count);
    uint16_t count = 0;

    for (int ends = 0; ends < 2; ends++) {
        a->first_end = count;
        for (size_t i = 0; i < a->state_count; i++) {
            if ((a->first_output[order[i]] != 0) == (ends == 1)) {
                number[order[i]] = count++;
            }
        }
    }
    for (size_t i = 0; i < a->state_count; i++) {
        uint16_t *row = next + ((size_t)number[i] << COLUMN_BITS);

        first_output[number[i]] = a->first_output[i];
        for (unsigned c = 0; c < COLUMNS; c++) {
            row[c] = number[a->next[(i << COLUMN_BITS) + c]];
        }
    }
    a->next = next;
    a->first_output = first_output;
}

bool automaton_build(struct automaton *a, struct arena *arena, const struct str *words, size_t count)
{
    const uint8_t *column = columns();
    struct arena scratch;
    size_t states = 1;

    for (size_t i = 0; i < count; i++) {
        states += words[i].len;
    }
    if (states > STATES_MAX) {
        return false;
    }
    arena_init(&scratch);
    bool *ends_in_blank = ARENA_ARRAY(&scratch, bool, states);

    uint16_t *rows = mem_alloc((states << COLUMN_BITS) * sizeof *rows); /* large: comes zeroed as it is touched */

    a->next = rows;
    a->first_output = ARENA_ARRAY(&scratch, uint32_t, states);
    a->outputs = ARENA_ARRAY(arena, struct automaton_output, count + 1);
    a->output_count = 1;
    a->state_count = 1;
    for (size_t i = 0; i < count; i++) {
        size_t state = 0;

        for (size_t k = 0; k < words[i].len; k++) {
            unsigned c = column[(unsigned char)words[i].ptr[k]];
            uint16_t *to = &a->next[(state << COLUMN_BITS) + c];

            if (*to == 0) {
                ends_in_blank[a->state_count] = c == COLUMN_BLANK;
                *to = (uint16_t)a->state_count++;
            }
            state = *to;
        }
        add_output(a, state, (uint32_t)i);
    }
    uint16_t *order = ARENA_ARRAY(&scratch, uint16_t, a->state_count);

    complete(a, &scratch, ends_in_blank, order);
    number_anew(a, arena, &scratch, order);
    mem_free(rows);
    arena_fini(&scratch);
    return true;
}

/* --- scanning --- */

static inline unsigned step(const struct automaton *a, const uint8_t *column, unsigned state, char c)
{
    return a->next[state << COLUMN_BITS | column[(unsigned char)c]];
}

static void give(const struct automaton *a, unsigned state, size_t end, automaton_found_fn found,
                 void *context)
{
    for (uint32_t o = a->first_output[state]; o; o = a->outputs[o].next) {
        found(context, a->outputs[o].word, end);
    }
}

/* Walks bytes [from, to) and gives the state behind them. */
static unsigned walk(const struct automaton *a, struct str text, size_t from, size_t to, unsigned state,
                     automaton_found_fn found, void *context)
{
    const uint8_t *column = columns();
    const char *end = text.ptr + to;

#pragma GCC unroll 4
    for (const char *byte = text.ptr + from; byte < end; byte++) {
        state = step(a, column, state, *byte);
        if (state >= a->first_end) {
            give(a, state, (size_t)(byte - text.ptr) + 1, found, context);
        }
    }
    return state;
}

/* Bytes before `at` that hold as many as a word has and one more, a run of blanks counting as one; 0 when
 * they are not there, or too far off behind a long run. */
static size_t lead_of(const uint8_t *column, struct str text, size_t at)
{
    /* Two vector steps tell that there is no such run nearby, as nearly always. */
    if (at >= LEAD_LOOK_BYTES &&
        scan_blanks(str_sub(text, at - LEAD_LOOK_BYTES, LEAD_LOOK_BYTES + 1), 0, false) > LEAD_LOOK_BYTES) {
        return AUTOMATON_WORD_BYTES + 1;
    }
    bool blank = at < text.len && column[(unsigned char)text.ptr[at]] == COLUMN_BLANK;
    size_t most = at < LEAD_BYTES_MAX ? at : LEAD_BYTES_MAX;
    size_t bytes = 0;

    for (size_t lead = 1; lead <= most; lead++) {
        bool before = column[(unsigned char)text.ptr[at - lead]] == COLUMN_BLANK;

        bytes += !(before && blank);
        blank = before;
        if (bytes > AUTOMATON_WORD_BYTES) {
            return lead;
        }
    }
    return 0;
}

/* State before byte `at`, which its last `lead` bytes tell. */
static unsigned state_before(const struct automaton *a, const uint8_t *column, struct str text, size_t at,
                             size_t lead)
{
    unsigned state = 0;

    for (size_t from = at - lead; from < at; from++) {
        state = step(a, column, state, text.ptr[from]);
    }
    return state;
}

/* A place at which a word ends, kept until its lane's turn comes. */
struct event {
    uint16_t at;
    uint16_t state;
};

/* Gives the events between bytes [from, to), which stand in the list in their order. */
static void give_lane(const struct automaton *a, const struct event *events, size_t count, size_t base,
                      size_t from, size_t to, automaton_found_fn found, void *context)
{
    for (size_t i = 0; i < count; i++) {
        if (events[i].at >= from && events[i].at < to) {
            give(a, events[i].state, base + events[i].at + 1, found, context);
        }
    }
}

/* Walks LANES neighboring runs of `len` bytes at once.  False when it cannot, nothing is found then. */
static bool walk_lanes(const struct automaton *a, struct str text, size_t from, size_t len,
                       unsigned *state, automaton_found_fn found, void *context)
{
    struct event events[LANES * LANE_BYTES];
    struct event *last = events;
    unsigned at[LANES] = {*state};
    const uint8_t *column = columns();
    const char *bytes = text.ptr + from;
    const unsigned first_end = a->first_end;

    for (unsigned k = 1; k < LANES; k++) {
        size_t lead = lead_of(column, text, from + k * len);

        if (lead == 0) {
            return false;
        }
        at[k] = state_before(a, column, text, from + k * len, lead);
    }
    /* One moving pointer and one list for all lanes leave the registers to their states. */
    for (const char *byte = bytes; byte < bytes + len; byte++) {
#pragma GCC unroll 4
        for (unsigned k = 0; k < LANES; k++) {
            at[k] = step(a, column, at[k], byte[k * len]);
            if (at[k] >= first_end) {
                *last++ = (struct event){(uint16_t)((size_t)(byte - bytes) + k * len), (uint16_t)at[k]};
            }
        }
    }
    for (unsigned k = 0; k < LANES; k++) {
        give_lane(a, events, (size_t)(last - events), from, k * len, (k + 1) * len, found, context);
    }
    *state = at[LANES - 1];
    return true;
}

void automaton_scan(const struct automaton *a, struct str text, automaton_found_fn found, void *context)
{
    unsigned state = 0;
    size_t from = 0;

    while (from < text.len) {
        size_t left = text.len - from;
        size_t len = left / LANES < LANE_BYTES ? left / LANES : LANE_BYTES;

        if (len >= LANE_BYTES_MIN && walk_lanes(a, text, from, len, &state, found, context)) {
            from += len * LANES;
            continue;
        }
        size_t to = len >= LANE_BYTES_MIN ? from + LANE_BYTES_MIN : text.len;

        state = walk(a, text, from, to, state, found, context);
        from = to;
    }
}
