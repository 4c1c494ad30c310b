#include "unit/unit.h"

#include "ndr/report.h"
#include "ndr/trace.h"

/* Dates as mail systems and their report layouts write them. */

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

struct example {
    const char *text, *want;
};

static void check(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t time = ndr_date_parse(str_from(examples[i].text));
        struct str got = time == INT64_MIN ? STR_LIT("-") : ndr_date_text(&arena, time);

        if (!str_equal(got, str_from(examples[i].want))) {
            fail_msg("%s: got %.*s, want %s", examples[i].text, (int)got.len, got.ptr, examples[i].want);
        }
    }
}

static void dates__of_mail(void **state)
{
    static const struct example examples[] = {
        {"Tue, 24 Nov 2026 10:15:02 +0100", "2026-11-24T09:15:02Z"},
        {"Tue, 24 Nov 2026 10:15:02 -0830 (comment (in it))", "2026-11-24T18:45:02Z"},
        {"24 Nov 2026 10:15 +0000", "2026-11-24T10:15:00Z"},
        {"Tue,24 Nov 2026 10:15:02 +0100", "2026-11-24T09:15:02Z"},
        {"Tue,24 Nov 2026 10:15:02 +0100 (Central European Time)", "2026-11-24T09:15:02Z"},
        {"Tue, 24 Nov 2026 10:15:02 +0100 (CET) 11:16:03", "2026-11-24T10:16:03Z"},
        {"3 Nov 2026 10:15:02 +1600", "2026-11-03T10:15:02Z"},
        {"Tue,  3 Nov 2026 10:15:02 +0100 (CET) (envelope-from <a@example.com>)", "2026-11-03T09:15:02Z"},
        {"Tue, 3 Nov 2026 10:15:02 +0100 (CET) 11:16:03 (a)", "2026-11-03T10:16:03Z"},
        {"Mar, 3 Nov 2026 10:15:02 +0100", "2026-11-03T09:15:02Z"},
        {"Tue,24 Nov 2026 10:15:02 GMT", "2026-11-24T10:15:02Z"},
        {"Tue, 24 Nov 26 10:15:02 EST", "2026-11-24T15:15:02Z"},
        {"Wed, 24 Nov 99 10:15:02 PDT", "1999-11-24T17:15:02Z"},
        {"Fri, 24 Nov 100 10:15:02 UT", "2000-11-24T10:15:02Z"},
        {"24-Nov-2026 10:15:02 CET", "2026-11-24T09:15:02Z"},
        {"Tue Nov 24 10:15:02 2026", "2026-11-24T10:15:02Z"},
        {"Tue Nov  3 10:15:02 CEST 2026", "2026-11-03T08:15:02Z"},
        {"Tue, 24 Nov 2026 10:15:02 GMT+0100", "2026-11-24T09:15:02Z"},
        {"31 Dec 2026 23:59:60 +0000", "2027-01-01T00:00:00Z"},
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

static void dates__in_numbers(void **state)
{
    static const struct example examples[] = {
        {"2026-11-24T10:15:02Z", "2026-11-24T10:15:02Z"},
        {"2026-11-24T10:15:02.123+01:00", "2026-11-24T09:15:02Z"},
        {"2026-11-24 10:15:02 +0100", "2026-11-24T09:15:02Z"},
        {"2026-11-24 10:15:02Z", "2026-11-24T10:15:02Z"},
        {"2026-11-24 10:15:02+01", "2026-11-24T09:15:02Z"},
        {"11/24/2026 10:15:02 PM", "2026-11-24T22:15:02Z"},
        {"11/24/2026 12:15:02 AM (UTC-08:00)", "2026-11-24T00:15:02Z"},
        {"24/11/2026 10:15:02", "2026-11-24T10:15:02Z"},
        {"2026/11/24 10:15", "2026-11-24T10:15:00Z"},
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

static void dates__of_other_countries(void **state)
{
    static const struct example examples[] = {
        {"24.11.2026 10:15:02", "2026-11-24T10:15:02Z"},
        {"Dienstag, 24. November 2026 10:15", "2026-11-24T10:15:00Z"},
        {"24. 11. 2026 10:15:02", "2026-11-24T10:15:02Z"},
        {"24.11.2026 10.15.02", "2026-11-24T10:15:02Z"},
        {"24-11-2026 10:15:02", "2026-11-24T10:15:02Z"},
        {"mar. 24 novembre 2026 10:15", "2026-11-24T10:15:00Z"},
        {"jeudi 24 d\303\251cembre 2026 10:15", "2026-12-24T10:15:00Z"},
        {"3. M\303\244rz 2026 10:15:02 MEZ", "2026-03-03T09:15:02Z"},
        {"2026/11/24 \344\270\213\345\215\210 03:15:02", "2026-11-24T15:15:02Z"},
        {"2026-11-24 \354\230\244\354\240\204 3:15:02", "2026-11-24T03:15:02Z"},
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

static void what_is_no_date__is_none(void **state)
{
    static const struct example examples[] = {
        {"", "-"},
        {"yesterday", "-"},
        {"10:15:02", "-"},
        {"24 Nov 2026", "-"},
        {"99 Nov 2026 10:15:02", "-"},
        {"24 Nov 2026 77:15:02", "-"},
        {"2026-13-24T10:15:02Z", "-"},
        {"mx1.example.com 550 5.1.1", "-"},
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates__of_mail),
        cmocka_unit_test(dates__in_numbers),
        cmocka_unit_test(dates__of_other_countries),
        cmocka_unit_test(what_is_no_date__is_none),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
