/* Sets of names that are looked up with one comparison. */
#include "unit/unit.h"

#include "base/names.h"

static const struct names_item items[] = {
    {STR_INIT("to"), 1},       {STR_INIT("From"), 2},
    {STR_INIT("X-Mailer"), 3}, {STR_INIT("a-name-of-thirty-two-bytes-12345"), 4},
    {STR_INIT("rfc822"), 5},
};

static unsigned find(const char *text, size_t len, bool has_more)
{
    static struct names names;
    char room[100] = {0};

    if (!names.factor) {
        names_make(&names, items, sizeof items / sizeof items[0]);
    }
    snprintf(room, sizeof room, "%s: and what stands behind the name", text);
    return names_find(&names, str_make(room, has_more ? strlen(room) : len), len);
}

static void check(const char *text, unsigned number)
{
    assert_int_equal(find(text, strlen(text), true), number);
    assert_int_equal(find(text, strlen(text), false), number);
}

static void names_find__tells_each_name_in_any_case(void **state)
{
    (void)state;
    check("TO", 1);
    check("from", 2);
    check("x-mailer", 3);
    check("A-NAME-OF-thirty-two-bytes-12345", 4);
    check("RFC822", 5);
}

static void names_find__tells_no_other(void **state)
{
    (void)state;
    check("t", 0);
    check("too", 0);
    check("fro", 0);
    check("X-Mailed", 0);
    check("X\rMailer", 0); /* differs by the bit of the case where no letter is */
    check("rfc\x18\x12\x12", 0);
    check("a-name-of-thirty-two-bytes-12346", 0);
    check("a-name-of-thirty-two-bytes-123456", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_find__tells_each_name_in_any_case),
        cmocka_unit_test(names_find__tells_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
