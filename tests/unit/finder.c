#include "unit/unit.h"

#include "base/finder.h"

enum { LITERALS = 60, TEXT_MAX = 400, FOUND_MAX = 40000, ROUNDS = 3000 };

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
        room[i] = "abABbaabcdc  -5.(<]\xC3\xA4"[random_below(21)];
    }
    return str_make(room, len);
}

static bool is_letter(char c)
{
    return str_is_alnum(c) && !str_is_digit(c);
}

/* Every literal that stands in the text is found by its place, unless that is a word which goes on there. */
static void check_finding(uint32_t shortest)
{
    static struct found found;
    struct finder *finder = mem_alloc(sizeof *finder);
    struct arena arena;
    char words[LITERALS][20];
    struct str literals[LITERALS];
    size_t hits = 0;

    arena_init(&arena);
    for (uint16_t i = 0; i < LITERALS; i++) {
        literals[i] = random_text(words[i], shortest + random_below(20 - shortest));
        finder_add(finder, &arena, literals[i], false, i);
    }
    finder_build(finder, &arena);
    for (int round = 0; round < ROUNDS; round++) {
        char room[TEXT_MAX + 40];
        struct str text = random_text(room, random_below(TEXT_MAX));
        const struct str *one = &literals[random_below(LITERALS)];
        size_t place = text.len ? random_below((uint32_t)text.len) : 0;

        /* One of them stands there for sure. */
        memcpy(room + place, one->ptr, one->len);
        text.len = text.len > place + one->len ? text.len : place + one->len;
        found.count = 0;
        finder_scan(finder, text, keep, &found);
        for (size_t k = 0; k < text.len; k++) {
            for (uint32_t i = 0; i < LITERALS; i++) {
                size_t at = finder->places[i].at;
                bool goes_on = at == 0 && k > 0 && is_letter(text.ptr[k]) && is_letter(text.ptr[k - 1]);

                if (!goes_on && str_equal_nocase(str_sub(text, k, literals[i].len), literals[i])) {
                    assert_true(has(&found, i, k + at));
                    hits++;
                }
            }
        }
    }
    assert_true(hits > ROUNDS / 2);
    arena_fini(&arena);
    mem_free(finder);
}

static void finder__finds_every_literal(void **state)
{
    (void)state;
    check_finding(STARTS_KEY_BYTES);
    check_finding(STARTS_KEY_BYTES + 3); /* nearly all of these are known by more than three bytes */
    check_finding(STARTS_BYTES + 5);
}

static struct finder *finder_of(struct arena *arena, const char *const *literals, size_t count, bool loose)
{
    struct finder *finder = mem_alloc(sizeof *finder);

    for (uint16_t i = 0; i < count; i++) {
        finder_add(finder, arena, str_from(literals[i]), loose, i);
    }
    finder_build(finder, arena);
    return finder;
}

/* A literal is known by what the others do not share. */
static void finder__takes_the_rarest_place(void **state)
{
    static const char *const literals[] = {"release your message", "release the message", "open your message",
                                           "message 5.1.1"};
    struct arena arena;

    (void)state;
    arena_init(&arena);
    struct finder *finder = finder_of(&arena, literals, 4, true);

    assert_int_equal(finder->places[2].at, 0);
    assert_int_equal(finder->pair_count, 0);
    mem_free(finder);
    arena_fini(&arena);
}

/* Of several parts one is enough; one without a word is known by a sign, one without a sign by its first bytes. */
static void finder__takes_any_part(void **state)
{
    struct found found = {.count = 0};
    struct finder *finder = mem_alloc(sizeof *finder);
    struct arena arena;

    (void)state;
    arena_init(&arena);
    finder_add(finder, &arena, STR_LIT("x"), false, 0);
    finder_add(finder, &arena, STR_LIT(" quixotic"), false, 0);
    finder_add(finder, &arena, STR_LIT("5.7.511"), false, 1);
    finder_add(finder, &arena, STR_LIT("\xE5\x8F\xA4\xE5\x8F\xA4"), false, 2);
    finder_add(finder, &arena, STR_LIT("#77#"), false, 3);
    finder_build(finder, &arena);
    assert_int_equal(finder->places[0].part, 1);
    assert_int_equal(finder->places[0].at, 1);
    assert_int_equal(finder->pair_count, 1);
    finder_scan(finder, STR_LIT("550 5.7.511 a Quixotic \xE5\x8F\xA4\xE5\x8F\xA4 #77#"), keep, &found);
    assert_int_equal(found.count, 4);
    assert_true(has(&found, 0, 14) && has(&found, 1, 4) && has(&found, 2, 23) && has(&found, 3, 30));
    mem_free(finder);
    arena_fini(&arena);
}

/* The places of a literal are told wherever they stand in it: nothing else is one. */
static void finder__looks_at_all_of_a_literal(void **state)
{
    struct arena arena;
    char room[200];

    (void)state;
    arena_init(&arena);
    for (size_t at = 1; at < 150; at++) {
        struct found found = {.count = 0};
        struct finder *finder = mem_alloc(sizeof *finder);

        memset(room, '-', sizeof room);
        memcpy(room + at, "word", 4);
        finder_add(finder, &arena, str_make(room, at + 8), false, 0);
        finder_build(finder, &arena);
        assert_int_equal(finder->places[0].at, at);
        assert_int_equal(finder->pair_count, 0);
        finder_scan(finder, str_make(room, at + 8), keep, &found);
        assert_true(has(&found, 0, at));
        mem_free(finder);
    }
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
    starts_add(&starts, &arena, STR_LIT("- Begin"), 0, false, 3);
    starts_build(&starts, &arena);
    assert_true(starts_may(&starts, STR_LIT("- begin here")));
    assert_false(starts_may(&starts, STR_LIT("something else")));
    assert_false(starts_may(&starts, STR_LIT("- ")));
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
        cmocka_unit_test(finder__finds_every_literal),
        cmocka_unit_test(finder__takes_the_rarest_place),
        cmocka_unit_test(finder__takes_any_part),
        cmocka_unit_test(finder__looks_at_all_of_a_literal),
        cmocka_unit_test(starts_may__tells_texts_that_begin_otherwise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
