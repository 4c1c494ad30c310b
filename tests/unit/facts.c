#include "unit/unit.h"

#include "ndr/facts.h"

enum { ROUNDS = 300000 };

static uint32_t seed = 5;

static uint32_t random_below(uint32_t end)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % end;
}

/* Four numbers, one behind the other. */
static bool is_quad(struct str text)
{
    struct str rest = text;
    struct str part;
    unsigned value;
    int parts = 0;

    while (parts < 4 && str_next_field(&rest, '.', &part)) {
        if (part.len > 3 || !str_to_uint(part, 255, &value)) {
            return false;
        }
        parts++;
    }
    return parts == 4 && rest.ptr == NULL;
}

static void ip__is_told_from_what_looks_alike(void **state)
{
    static const char *const table[] = {"192.0.2.1",     "255.255.255.255", "0.0.0.0",   "10.200.249.99",
                                        "001.010.100.0", "2001:db8::1",     "::",        "::ffff:192.0.2.1",
                                        "1:2:3:4:5:6:7:8"};
    static const char *const none[] = {"",           "1.2.3",       "1.2.3.4.5", "256.0.0.1",   "1.2.3.260",
                                       "1.2.300.4",  "1.2.3.999",   "1..2.3",    ".1.2.3.4",    "1.2.3.4.",
                                       "1.2.3.1234", "1.2.3.x",     "1.2.3.4 ",  "192.0.2.1:1", "1:2:3:4:5:6:7",
                                       "1::2::3",    "12345::",     "::1.2.3",   "0001.2.3.4",  "1111111111",
                                       ".......",    "1.2.3.4\n1", "1.2.3.-4"};
    (void)state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_true(ndr_is_ip(str_from(table[i])));
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(ndr_is_ip(str_from(none[i])));
    }
}

static void ip__any_bytes(void **state)
{
    static const char bytes[] = "0122345567899....../:";
    char text[18];
    (void)state;

    for (int round = 0; round < ROUNDS; round++) {
        size_t len = random_below(sizeof text);
        bool colons = false;

        for (size_t i = 0; i < len; i++) {
            /* Numbers of likely lengths. */
            text[i] = i % 4 == random_below(4) && random_below(2) ? '.' : bytes[random_below(sizeof bytes - 1)];
            colons = colons || text[i] == ':';
        }
        assert_true(colons || ndr_is_ip(str_make(text, len)) == is_quad(str_make(text, len)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ip__is_told_from_what_looks_alike),
        cmocka_unit_test(ip__any_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
