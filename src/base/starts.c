#include "base/starts.h"

#include "base/automaton.h"
#include "base/err.h"
#include "base/scan.h"

enum { LETTERS_BYTES = 64 };

static bool is_letter(char c)
{
    return str_is_alnum(c) && !str_is_digit(c);
}

/* Fewer bytes than eight. */
static uint64_t fold_some(const char *from, size_t len)
{
    char bytes[STARTS_BYTES] = {0};

    memcpy(bytes, from, len);
    return starts_fold(bytes);
}

/* Bytes of the literal from `at` on that stand in the text as they are. */
static size_t length_at(struct str literal, size_t at, bool loose)
{
    size_t len = 0;

    while (len < STARTS_BYTES && at + len < literal.len && !(loose && str_is_blank(literal.ptr[at + len]))) {
        len++;
    }
    return len;
}

/* Length of the rarest beginning of a word, 0 when there is none. */
static size_t rarest(struct str literal, bool loose, size_t *at)
{
    size_t best_len = 0;
    unsigned best = 0;

    for (size_t i = 0; i < literal.len; i++) {
        bool begins = is_letter(literal.ptr[i]) && (i == 0 || !is_letter(literal.ptr[i - 1]));
        size_t len = begins ? length_at(literal, i, loose) : 0;
        size_t from;
        size_t all;
        unsigned score = len < STARTS_KEY_BYTES ? 0 : automaton_rarest(str_sub(literal, i, len), &from, &all);

        if (score > best) {
            best = score;
            best_len = len;
            *at = i;
        }
    }
    return best_len;
}

static void add(struct starts *starts, struct arena *arena, struct str start, uint16_t number)
{
    if (starts->count == 0) {
        *VEC_PUSH(arena, starts->items, starts->count, starts->capacity) = (struct starts_item){0}; /* none */
    }
    size_t len = start.len < STARTS_BYTES ? start.len : STARTS_BYTES;
    uint64_t bytes = fold_some(start.ptr, len);
    uint64_t mask = len < STARTS_BYTES ? (UINT64_C(1) << 8 * len) - 1 : UINT64_MAX;
    uint16_t *first = &starts->first[starts_bucket(bytes)];

    *VEC_PUSH(arena, starts->items, starts->count, starts->capacity) =
        (struct starts_item){bytes & mask, mask, number, *first};
    *first = (uint16_t)(starts->count - 1);
}

bool starts_add(struct starts *starts, struct arena *arena, struct str literal, bool loose,
                uint16_t number, size_t *at)
{
    size_t len = rarest(literal, loose, at);

    if (len) {
        add(starts, arena, str_sub(literal, *at, len), number);
    }
    return len > 0;
}

void starts_add_first(struct starts *starts, struct arena *arena, struct str literal, uint16_t number)
{
    BUG_ON(literal.len < STARTS_KEY_BYTES);
    add(starts, arena, literal, number);
}

void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context)
{
    size_t left = text.len - at;
    uint64_t bytes = left < STARTS_BYTES ? fold_some(text.ptr + at, left) : starts_fold(text.ptr + at);

    for (uint16_t i = starts->first[starts_bucket(bytes)]; i; i = starts->items[i].next) {
        if ((bytes & starts->items[i].mask) == starts->items[i].bytes) {
            found(context, starts->items[i].literal, at);
        }
    }
}

/* Which of LETTERS_BYTES places have STARTS_BYTES bytes behind them. */
static uint64_t whole_places(size_t left)
{
    return left < STARTS_BYTES                     ? 0
           : left >= LETTERS_BYTES + STARTS_BYTES ? UINT64_MAX
                                                  : (UINT64_C(2) << (left - STARTS_BYTES)) - 1;
}

void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context)
{
    uint64_t before = 0; /* whether a letter ends the bytes before */

    for (size_t from = 0; from < text.len; from += LETTERS_BYTES) {
        const char *bytes = text.ptr + from;
        uint64_t letters = scan_letters(text, from);
        uint64_t begins = letters & ~(letters << 1 | before);
        uint64_t whole = begins & whole_places(text.len - from);

        before = letters >> (LETTERS_BYTES - 1);
        /* Nearly all are told by one look at the table. */
        for (uint64_t rest = whole; rest; rest &= rest - 1) {
            size_t i = (size_t)__builtin_ctzll(rest);

            if (starts->first[starts_bucket(starts_fold(bytes + i))]) {
                starts_look(starts, text, from + i, found, context);
            }
        }
        for (uint64_t rest = begins & ~whole; rest; rest &= rest - 1) {
            starts_look(starts, text, from + (size_t)__builtin_ctzll(rest), found, context);
        }
    }
}
