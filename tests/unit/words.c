#include "unit/unit.h"

#include "session/words.h"

static struct words *words;
static struct words_hit hits[8];

static int setup(void **state)
{
    (void)state;
    words = words_new();
    words_add(words, 0, 1, STR_LIT("Recipient not found"));
    words_add(words, 0, 2, STR_LIT("the recipient 5.1.10 is gone"));
    words_add(words, 1, 1, STR_LIT("tlsa-invalid: certificate"));
    words_add(words, 3, 4, STR_LIT("Recipients are counted at 192.0.2.7."));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    words_free(words);
    return 0;
}

static enum words_how find(const char *word)
{
    return words_find(words, str_from(word), hits);
}

static void find__whole_word_in_its_best_field(void **state)
{
    (void)state;
    assert_int_equal(words_documents(words), 4);
    assert_int_equal(find("RECIPIENT"), WORDS_WHOLE);
    assert_int_equal(hits[0].field, 1);
    assert_int_equal(hits[0].how, WORDS_WHOLE);
    assert_int_equal(hits[1].how, WORDS_NOWHERE);
    assert_int_equal(hits[2].how, WORDS_NOWHERE);
    assert_int_equal(hits[3].field, 4);
    assert_int_equal(hits[3].how, WORDS_START);
}

static void find__start_and_inside(void **state)
{
    (void)state;
    assert_int_equal(find("rec"), WORDS_START);
    assert_int_equal(find("cipi"), WORDS_INSIDE);
    assert_int_equal(find("ci"), WORDS_NOWHERE);
    assert_int_equal(find("invalid"), WORDS_WHOLE);
}

static void find__one_edit_where_nothing_else_is(void **state)
{
    static const char *const same[] = {"recipint", "reciipient", "recepient", "reicpient", "certificatte"};
    static const char *const other[] = {"recpint", "xecipienx", "fxd", "ercipienst"};

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_int_equal(find(same[i]), WORDS_SIMILAR);
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        assert_int_equal(find(other[i]), WORDS_NOWHERE);
    }
}

static void next__keeps_codes_whole(void **state)
{
    struct str rest = STR_LIT("550-5.7.23. (a_b) \xC3\xA4h.");
    static const char *const want[] = {"550", "5.7.23", "a", "b", "\xC3\xA4h"};
    struct str word;

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_true(words_next(&rest, &word));
        assert_str(word, want[i]);
    }
    assert_false(words_next(&rest, &word));
}

/* More words than the first table has room for. */
static void add__many(void **state)
{
    struct words *many = words_new();
    struct words_hit hit[1];
    char text[16];

    (void)state;
    for (unsigned i = 0; i < 30000; i++) {
        snprintf(text, sizeof text, "w%u", i);
        words_add(many, 0, 0, str_from(text));
    }
    assert_int_equal(words_count(many), 30000);
    assert_int_equal(words_find(many, STR_LIT("w29999"), hit), WORDS_WHOLE);
    assert_int_equal(words_find(many, STR_LIT("w00"), hit), WORDS_NOWHERE);
    words_free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(find__whole_word_in_its_best_field), cmocka_unit_test(find__start_and_inside),
        cmocka_unit_test(find__one_edit_where_nothing_else_is), cmocka_unit_test(next__keeps_codes_whole),
        cmocka_unit_test(add__many),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
