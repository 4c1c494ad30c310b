#include "unit/unit.h"

#include "base/letters.h"

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

static void domain__as_the_dns_has_it(void **state)
{
    static const char *const table[][2] = {
        {"example.com", "example.com"},
        {"b\xc3\xbc" "cher.example", "xn--bcher-kva.example"},
        {"p\xd0\xb0" "ypal.example", "xn--pypal-4ve.example"},
        {"\xe4\xbe\x8b\xe3\x81\x88.jp", "xn--r8jz45g.jp"},
        {"m\xc3\xbcnchen-ost.de", "xn--mnchen-ost-9db.de"},
        {"fa\xc3\x9f.de", "xn--fa-hia.de"},
        {"\xce\xb5\xce\xbb\xce\xbb\xce\xb7\xce\xbd\xce\xb9\xce\xba\xce\xac.gr", "xn--hxargifdar.gr"},
        {"\xd1\x80\xd1\x84", "xn--p1ai"},
        {"a1\xc3\xbc", "xn--a1-yka"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_str(letters_domain(&arena, str_from(table[i][0])), table[i][1]);
    }
}

static void domain__is_empty_when_it_is_not_sure(void **state)
{
    static const char *const table[] = {
        "B\xc3\x9c" "CHER.example",       /* capitals */
        "u\xcc\x88" "ber.example",        /* u and a mark instead of one letter */
        "\xef\xbd\x81" "bc.example",      /* a wide a */
        "b\xfc" "cher.example",           /* no UTF-8 */
        "b\xc3\xbc cher.example",         /* a blank */
        "b\xc3\xbc" "cher..example",      /* an empty label */
        "b\xc3\xbc" "cher.exa mple",      /* a blank in the next one */
        "\xe2\x98\x83.example",           /* a sign, no letter */
        "b\xc3\xbc" "cher\xe2\x80\xae.example", /* a control of direction */
    };
    struct buf name;

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_str(letters_domain(&arena, str_from(table[i])), "");
    }
    buf_init(&name, BUF_NO_LIMIT);
    for (int i = 0; i < 64; i++) {
        buf_add_z(&name, "\xc3\xbc");
    }
    assert_str(letters_domain(&arena, buf_str(&name)), "");
    buf_clear(&name);
    for (int i = 0; i < 60; i++) {
        buf_add_z(&name, "\xc3\xbc" "ber.");
    }
    buf_add_z(&name, "example");
    assert_str(letters_domain(&arena, buf_str(&name)), "");
    buf_fini(&name);
}

static void mixed__alphabets_that_look_the_same_in_one_word(void **state)
{
    (void)state;
    assert_true(letters_are_mixed(STR_LIT("kim@p\xd0\xb0ypal.example")));
    assert_true(letters_are_mixed(STR_LIT("\xce\xbf" "ffice.example"))); /* a Greek o */
    assert_false(letters_are_mixed(STR_LIT("kim@paypal.example")));
    assert_false(letters_are_mixed(STR_LIT("kim@b\xc3\xbc" "cher.example")));
    /* Another alphabet for a whole word is no disguise of a letter; Japanese mixes by nature. */
    assert_false(letters_are_mixed(STR_LIT("kim@\xd1\x80\xd1\x84.example")));
    assert_false(letters_are_mixed(STR_LIT("abc\xe4\xbe\x8b\xe3\x81\x88\xe3\x82\xa2.jp")));
    assert_false(letters_are_mixed(STR_LIT("p\xd0.ypal"))); /* half a letter is none */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domain__as_the_dns_has_it),
        cmocka_unit_test(domain__is_empty_when_it_is_not_sure),
        cmocka_unit_test(mixed__alphabets_that_look_the_same_in_one_word),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
