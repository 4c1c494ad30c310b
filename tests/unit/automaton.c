#include "unit/unit.h"

#include "base/automaton.h"

enum { WORDS = 60, TEXT_MAX = 6000, FOUND_MAX = 20000 };

static uint32_t seed = 11;

static uint32_t random_below(uint32_t end)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % end;
}

struct found {
    struct {
        uint32_t word;
        size_t end;
    } items[FOUND_MAX];
    size_t count;
};

static void keep(void *context, uint32_t word, size_t end)
{
    struct found *found = context;

    assert_true(found->count < FOUND_MAX);
    found->items[found->count].word = word;
    found->items[found->count++].end = end;
}

static bool has(const struct found *found, uint32_t word, size_t end)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->items[i].word == word && found->items[i].end == end) {
            return true;
        }
    }
    return false;
}

/* Whether the word, in which a blank stands for a run, ends at `end`. */
static bool ends_at(struct str text, size_t end, struct str word)
{
    for (size_t i = word.len; i-- > 0;) {
        if (end == 0) {
            return false;
        }
        char c = text.ptr[--end];

        if (word.ptr[i] != ' ') {
            if (str_lower_char(c) != word.ptr[i]) {
                return false;
            }
            continue;
        }
        if (!str_is_blank(c)) {
            return false;
        }
        while (end > 0 && str_is_blank(text.ptr[end - 1])) {
            end--;
        }
    }
    return true;
}

static void random_words(struct arena *arena, struct str *words)
{
    for (size_t i = 0; i < WORDS; i++) {
        size_t len = 1 + random_below(AUTOMATON_WORD_BYTES);
        char *word = arena_bytes(arena, len);

        for (size_t k = 0; k < len; k++) {
            bool blank = k > 0 && word[k - 1] != ' ' && random_below(4) == 0;

            word[k] = blank ? ' ' : "abc5.\xC3"[random_below(6)];
        }
        words[i] = str_make(word, len);
    }
}

static struct str random_text(struct arena *arena, size_t len)
{
    char *text = arena_bytes(arena, len);

    for (size_t i = 0; i < len; i++) {
        text[i] = "abcABC5.\xC3 \n\t"[random_below(12)];
        /* Runs of blanks, some longer than any word, so that lanes cannot begin behind them. */
        for (size_t run = random_below(90) == 0 ? random_below(120) : 0; run > 0 && i + 1 < len; run--) {
            text[++i] = ' ';
        }
    }
    return str_make(text, len);
}

static void automaton__finds_every_word_in_order(void **state)
{
    static struct found found;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (int round = 0; round < 60; round++) {
        struct str words[WORDS];
        struct automaton automaton;
        struct str text = random_text(&arena, random_below(round % 2 ? 300 : TEXT_MAX));

        random_words(&arena, words);
        assert_true(automaton_build(&automaton, &arena, words, WORDS));
        found.count = 0;
        automaton_scan(&automaton, text, keep, &found);
        for (size_t i = 1; i < found.count; i++) {
            assert_true(found.items[i - 1].end <= found.items[i].end);
        }
        for (size_t end = 1; end <= text.len && text.len < 400; end++) {
            for (uint32_t w = 0; w < WORDS; w++) {
                assert_true(!ends_at(text, end, words[w]) || has(&found, w, end));
            }
        }
        arena_reset(&arena);
    }
    arena_fini(&arena);
}

/* Several places at once give what one place gives: the text in small pieces, each with the state of the
 * one before, is what a text below the size of lanes is. */
static void automaton__lanes_change_nothing(void **state)
{
    static struct found whole;
    static struct found part;
    struct arena arena;
    struct str words[WORDS];
    struct automaton automaton;

    (void)state;
    arena_init(&arena);
    random_words(&arena, words);
    assert_true(automaton_build(&automaton, &arena, words, WORDS));
    for (int round = 0; round < 40; round++) {
        struct str text = random_text(&arena, TEXT_MAX / 4);

        whole.count = 0;
        automaton_scan(&automaton, text, keep, &whole);
        for (size_t i = 0; i < whole.count; i++) {
            /* Alone at the end of a short text the word stands there, too. */
            size_t end = whole.items[i].end;
            size_t from = end > 100 ? end - 100 : 0;

            part.count = 0;
            automaton_scan(&automaton, str_sub(text, from, end - from), keep, &part);
            assert_true(end - from < 100 || str_is_blank(text.ptr[end - 1]) ||
                        has(&part, whole.items[i].word, end - from) || str_is_blank(text.ptr[from]));
        }
    }
    arena_fini(&arena);
}

static void automaton_rarest__takes_the_rarest_bytes(void **state)
{
    size_t at;
    size_t len;

    (void)state;
    automaton_rarest(STR_LIT("the message to recipient@[x]{y} is"), &at, &len);
    assert_int_equal(len, AUTOMATON_WORD_BYTES);
    assert_in_range(at, 20, 28);
    automaton_rarest(STR_LIT("abc"), &at, &len);
    assert_int_equal(at, 0);
    assert_int_equal(len, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(automaton__finds_every_word_in_order),
        cmocka_unit_test(automaton__lanes_change_nothing),
        cmocka_unit_test(automaton_rarest__takes_the_rarest_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
