#include "unit/unit.h"

#include <stdio.h>

#include "ndr/report.h"

/* The only code in the text, "" when there is none. */
static void only_code(const char *text, const char *want)
{
    struct arena arena;
    struct ndr_status status;
    size_t pos = 0;
    size_t at;
    struct str got = STR_NULL;

    arena_init(&arena);
    while (ndr_status_next(str_from(text), &pos, &at, &status)) {
        struct str one = ndr_status_text(&arena, status);

        got = got.len ? str_printf(&arena, "%.*s %.*s", (int)got.len, got.ptr, (int)one.len, one.ptr) : one;
    }
    assert_str(got, want);
    arena_fini(&arena);
}

static void ndr_status__is_read_where_it_stands(void **state)
{
    (void)state;
    only_code("550 5.7.23 refused", "5.7.23");
    only_code("#5.4.14 smtp; 554 5.4.14 Hop", "5.4.14 5.4.14");
    only_code("550-5.7.26 one\n550 5.7.26 two", "5.7.26 5.7.26");
    only_code("(5.1.1)", "5.1.1");
    only_code("code 4.7.512.", "4.7.512");
    only_code("status=5.0.0", "5.0.0");
}

static void ndr_status__is_no_part_of_something_else(void **state)
{
    (void)state;
    only_code("192.5.1.1 and 5.1.1.1", "");
    only_code("Postfix 2.11.0", "");
    only_code("version 5.1.1", "");
    only_code("id 15.20.5.1", "");
    only_code("v5.1.1", "");
    only_code("5.1.1-rc1", "");
    only_code("3.1.1 6.1.1 1.1.1", "");
    only_code("5.01.1", "");
    only_code("5.1234.1", "");
    only_code("5.1.x", "");
}

static void ndr_status_parse__takes_exactly_one(void **state)
{
    struct ndr_status status;

    (void)state;
    assert_true(ndr_status_parse(STR_LIT("5.7.705"), &status));
    assert_int_equal(status.class_, 5);
    assert_int_equal(status.subject, 7);
    assert_int_equal(status.detail, 705);
    assert_false(ndr_status_parse(STR_LIT("5.7.705 "), &status));
    assert_false(ndr_status_parse(STR_LIT("5.7"), &status));
    assert_false(ndr_status_parse(STR_LIT(""), &status));
}

/* All numbers, at the end of the text and before more bytes. */
static void ndr_status_parse__reads_every_number(void **state)
{
    struct ndr_status status;
    char text[32];
    (void)state;

    for (unsigned subject = 0; subject < 1100; subject += 1 + subject / 15) {
        for (unsigned detail = 0; detail < 1100; detail++) {
            bool fits = subject < 1000 && detail < 1000;

            snprintf(text, sizeof text, "4.%u.%u", subject, detail);
            assert_true(ndr_status_parse(str_from(text), &status) == fits);
            assert_true(!fits || (status.class_ == 4 && status.subject == subject && status.detail == detail));
            snprintf(text, sizeof text, "4.%u.%u, and more words", subject, detail);
            size_t pos = 0;
            size_t at;

            assert_true(ndr_status_next(str_from(text), &pos, &at, &status) == fits);
            assert_true(!fits || (text[pos] == ',' && status.subject == subject && status.detail == detail));
        }
    }
    static const char *const none[] = {"5..1",   "5.1.",     "5.1",      "5.00.1", "5.1.00", "5.1.01",
                                       "5.x.1",  "5.1.x",    "5.1:1",    "5,1.1",  "5.1./",  "5.1.\x80",
                                       "5.1..1", "5.1.1234", "5.123.1x", "7.1.1",  "5.0123.1"};

    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(ndr_status_parse(str_from(none[i]), &status));
    }
}

static void ndr_fact__only_strict_values_fit_a_command(void **state)
{
    (void)state;
    assert_true(ndr_fact_fits(NDR_FACT_RCPT, STR_LIT("a.b+c@example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_RCPT, STR_LIT("a;rm@example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_RCPT, STR_LIT("$(id)@example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_RCPT, STR_LIT("-oProxy@example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_RCPT, STR_LIT("a b@example.org")));
    assert_true(ndr_fact_fits(NDR_FACT_MX, STR_LIT("mx1.example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_MX, STR_LIT("mx1")));
    assert_false(ndr_fact_fits(NDR_FACT_MX, STR_LIT("-mx.example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_MX, STR_LIT("mx.example.org\nid")));
    assert_true(ndr_fact_fits(NDR_FACT_IP, STR_LIT("192.0.2.1")));
    assert_true(ndr_fact_fits(NDR_FACT_IP, STR_LIT("2001:db8::1")));
    assert_false(ndr_fact_fits(NDR_FACT_IP, STR_LIT("192.0.2.256")));
    assert_false(ndr_fact_fits(NDR_FACT_IP, STR_LIT("2001:db8::1::2")));
    assert_true(ndr_fact_fits(NDR_FACT_CODE, STR_LIT("5.7.1")));
    assert_false(ndr_fact_fits(NDR_FACT_CODE, STR_LIT("5.7.1;")));
    assert_true(ndr_fact_fits(NDR_FACT_SIZE, STR_LIT("1048576")));
    assert_false(ndr_fact_fits(NDR_FACT_SIZE, STR_LIT("10 MB")));
    assert_false(ndr_fact_fits(NDR_FACT_TEXT, STR_LIT("hello")));
    assert_true(ndr_fact_fits(NDR_FACT_MESSAGE_ID, STR_LIT("abc.1@example.org")));
    assert_false(ndr_fact_fits(NDR_FACT_MESSAGE_ID, STR_LIT("<abc`id`@example.org>")));
}

static void ndr_fact__names_are_found(void **state)
{
    (void)state;
    for (int i = 0; i < NDR_FACT_COUNT; i++) {
        assert_int_equal(ndr_fact_find(ndr_fact_name((enum ndr_fact)i)), i);
        assert_true(ndr_fact_help((enum ndr_fact)i).len > 0);
    }
    assert_int_equal(ndr_fact_find(STR_LIT("nothing")), NDR_FACT_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ndr_status__is_read_where_it_stands),
        cmocka_unit_test(ndr_status__is_no_part_of_something_else),
        cmocka_unit_test(ndr_status_parse__takes_exactly_one),
        cmocka_unit_test(ndr_status_parse__reads_every_number),
        cmocka_unit_test(ndr_fact__only_strict_values_fit_a_command),
        cmocka_unit_test(ndr_fact__names_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
