#include "unit/unit.h"

#include "base/starts.h"

enum { LITERALS = 40, TEXT_MAX = 400, FOUND_MAX = 4000, ROUNDS = 2000 };

static uint32_t seed = 5;

static uint32_t random_below(uint32_t end)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % end;
}

struct found {
    uint32_t literal[FOUND_MAX];
    size_t at[FOUND_MAX];
    size_t count;
};

static void keep(void *context, uint32_t literal, size_t at)
{
    struct found *found = context;

    assert_true(found->count < FOUND_MAX);
    found->literal[found->count] = literal;
    found->at[found->count++] = at;
}

static bool has(const struct found *found, uint32_t literal, size_t at)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->literal[i] == literal && found->at[i] == at) {
            return true;
        }
    }
    return false;
}

static struct str random_text(char *room, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        room[i] = "abABbaab -5\xC3"[random_below(12)];
    }
    return str_make(room, len);
}

static bool begins_word(struct str text, size_t at)
{
    char before = at ? text.ptr[at - 1] : ' ';

    return !str_is_alnum(before) || str_is_digit(before);
}

/* Every literal that stands in the text with its own beginning of a word is found there. */
static void starts__find_every_literal(void **state)
{
    static struct found found;
    static struct starts starts;
    struct arena arena;
    char words[LITERALS][12];
    struct str literals[LITERALS];
    size_t at[LITERALS];
    bool has_start[LITERALS];
    size_t hits = 0;

    (void)state;
    arena_init(&arena);
    for (uint16_t i = 0; i < LITERALS; i++) {
        literals[i] = random_text(words[i], 4 + random_below(9));
        has_start[i] = starts_add(&starts, &arena, literals[i], false, i, &at[i]);
    }
    for (int round = 0; round < ROUNDS; round++) {
        char room[TEXT_MAX];
        struct str text = random_text(room, random_below(TEXT_MAX));

        found.count = 0;
        starts_scan(&starts, text, keep, &found);
        for (size_t k = 0; k < text.len; k++) {
            for (uint32_t i = 0; i < LITERALS; i++) {
                struct str here = str_sub(text, k, literals[i].len);

                if (has_start[i] && str_equal_nocase(here, literals[i]) && begins_word(text, k + at[i])) {
                    assert_true(has(&found, i, k + at[i]));
                    hits++;
                }
            }
        }
    }
    assert_true(hits > 1000);
    arena_fini(&arena);
}

static void starts_add__wants_a_word_of_letters(void **state)
{
    static struct starts starts;
    struct arena arena;
    size_t at;

    (void)state;
    arena_init(&arena);
    assert_false(starts_add(&starts, &arena, STR_LIT("-- 5.1.1"), false, 0, &at));
    assert_false(starts_add(&starts, &arena, STR_LIT("ab cd ef"), true, 0, &at));
    assert_true(starts_add(&starts, &arena, STR_LIT("ab cd ef"), false, 0, &at));
    assert_true(starts_add(&starts, &arena, STR_LIT("<the quixotic>"), true, 1, &at));
    assert_int_equal(at, 5);
    arena_fini(&arena);
}

/* A first look may say that something stands there; a second one tells. */
static void starts_may__tells_texts_that_begin_otherwise(void **state)
{
    static struct starts starts;
    static struct found found;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    starts_add_first(&starts, &arena, STR_LIT("- Begin"), 3);
    assert_true(starts_may(&starts, STR_LIT("- begin here")));
    assert_false(starts_may(&starts, STR_LIT("something else")));
    assert_false(starts_may(&starts, STR_LIT("- b")));
    starts_look(&starts, STR_LIT("- BEGIN"), 0, keep, &found);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.literal[0], 3);
    starts_look(&starts, STR_LIT("- beg"), 0, keep, &found);
    assert_int_equal(found.count, 1);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts__find_every_literal),
        cmocka_unit_test(starts_add__wants_a_word_of_letters),
        cmocka_unit_test(starts_may__tells_texts_that_begin_otherwise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
