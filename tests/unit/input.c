/* The way from mail to mail through an mbox, and the lines that are seen on it. */
#include "unit/unit.h"

#include "base/buf.h"
#include "session/input.h"

static struct arena arena;

static uint32_t next_random(void)
{
    static uint32_t state = 1;

    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

/* Lines of every kind, among them some that only look as if a mail began. */
static void add_line(struct buf *text, unsigned kind)
{
    static const char *const lines[] = {"\n",      "\r\n",       "\n\nFrom a@example.com\n",  "\r\n\r\nFrom b@example.com\r\n",
                                        "From \n", "x\nFrom y\n", "\n\nFrom: c@example.com\n", "words of a mail\n",
                                        "\r",      "\n\nFrom",    "\n \nFrom d\n",             "\n\nFrom "};

    buf_add_str(text, str_from(lines[kind % (sizeof lines / sizeof lines[0])]));
}

/* Each mail ends where a search from its start finds the next one, and has the lines that a search in it finds. */
static void check_walk(struct str text)
{
    struct input input = {.arena = &arena};
    size_t from = 0;

    input_walk(&input, text, 0);
    while (from < text.len) {
        size_t next = input_next(&input);

        assert_int_equal(next, input_next_mail(text, from + 1));
        if (input.lines) {
            struct str mail = str_sub(text, from, next - from);
            struct ndr_line_index plain, taken;

            ndr_line_index_make(&arena, mail, &plain);
            ndr_line_index_take(&arena, mail, input.lines, &taken);
            assert_int_equal(taken.count, plain.count);
            assert_memory_equal(taken.starts, plain.starts, plain.count * sizeof *plain.starts);
        }
        from = next;
    }
    arena_reset(&arena);
}

static void mails_are_passed_as_they_are_found(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        struct buf text;

        buf_init(&text, BUF_NO_LIMIT);
        buf_add_str(&text, STR_LIT("From MAILER-DAEMON\n"));
        for (unsigned lines = next_random() % 200; lines > 0; lines--) {
            add_line(&text, i % 3 ? 7 * (next_random() % 8 > 0) : next_random());
            add_line(&text, next_random() % 40 ? 7 : next_random());
        }
        /* No byte is read behind the text. */
        char *copy = malloc(text.len);

        assert_non_null(copy);
        memcpy(copy, text.ptr, text.len);
        check_walk(str_make(copy, text.len));
        free(copy);
        buf_fini(&text);
    }
}

static void a_mail_of_very_many_lines__is_passed_too(void **state)
{
    struct input input = {.arena = &arena};
    struct buf text;

    (void)state;
    buf_init(&text, BUF_NO_LIMIT);
    for (int mail = 0; mail < 3; mail++) {
        buf_add_str(&text, STR_LIT("From MAILER-DAEMON\n"));
        for (int line = 0; line < (mail == 1 ? 100000 : 3); line++) {
            buf_add_str(&text, STR_LIT("x\n"));
        }
        buf_add_char(&text, '\n');
    }
    check_walk(buf_str(&text));
    input_walk(&input, buf_str(&text), 0);
    input_next(&input);
    assert_int_equal(input.lines->count, 5);
    input_next(&input);
    assert_null(input.lines);
    assert_true(input_next(&input) == STR_NPOS);
    assert_null(input.lines);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mails_are_passed_as_they_are_found),
        cmocka_unit_test(a_mail_of_very_many_lines__is_passed_too),
    };

    arena_init(&arena);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_fini(&arena);
    return failed;
}
