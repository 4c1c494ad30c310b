#include "unit/unit.h"

#include "base/buf.h"
#include "base/filter.h"
#include "base/utf8.h"
#include "base/width.h"

static void str_next_line__takes_every_line_end(void **state)
{
    struct str rest = STR_LIT("a\nb\r\nc\rd\n\ne");
    struct str line;
    const char *const want[] = {"a", "b", "c", "d", "", "e"};

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_true(str_next_line(&rest, &line));
        assert_str(line, want[i]);
    }
    assert_false(str_next_line(&rest, &line));
}

static void str_to_uint__refuses_what_is_no_number(void **state)
{
    unsigned value = 7;

    (void)state;
    assert_true(str_to_uint(STR_LIT("999"), 999, &value));
    assert_int_equal(value, 999);
    assert_false(str_to_uint(STR_LIT("1000"), 999, &value));
    assert_false(str_to_uint(STR_LIT(""), 999, &value));
    assert_false(str_to_uint(STR_LIT("-1"), 999, &value));
    assert_false(str_to_uint(STR_LIT("1 "), 999, &value));
    assert_false(str_to_uint(STR_LIT("99999999999999999999"), 999, &value));
}

static void str_equal_nocase__ignores_the_case_of_letters_alone(void **state)
{
    char a[20];
    char b[20];

    (void)state;
    /* Every byte against the one that differs in the bit of the case, at each place of each length. */
    for (size_t len = 1; len < sizeof a; len++) {
        for (unsigned byte = 0; byte < 256 * len; byte++) {
            unsigned char c = (unsigned char)byte;
            bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

            memset(a, 'q', sizeof a);
            memset(b, 'Q', sizeof b);
            a[byte / 256] = (char)c;
            b[byte / 256] = (char)(c ^ 32);
            assert_int_equal(str_equal_nocase(str_make(a, len), str_make(b, len)), letter);
            b[byte / 256] = (char)(c ^ 1);
            assert_false(str_equal_nocase(str_make(a, len), str_make(b, len)));
        }
    }
}

static void str_find_nocase__finds_only_whole_needles(void **state)
{
    (void)state;
    assert_int_equal(str_find_nocase(STR_LIT("abcABD"), STR_LIT("abd"), 0), 3);
    assert_int_equal(str_find_nocase(STR_LIT("ab"), STR_LIT("abc"), 0), STR_NPOS);
    assert_int_equal(str_find_nocase(STR_LIT("aXa"), STR_LIT("a"), 1), 2);
}

static void str_squeeze__leaves_single_blanks(void **state)
{
    struct arena arena;
    struct str tidy = STR_LIT("one two");

    (void)state;
    arena_init(&arena);
    assert_ptr_equal(str_squeeze(&arena, tidy).ptr, tidy.ptr);
    assert_true(str_equal(str_squeeze(&arena, STR_LIT(" a \t b  c\n\td\fe \r\n f\t")), STR_LIT("a b c d e f")));
    assert_int_equal(str_squeeze(&arena, STR_LIT(" \t ")).len, 0);
    arena_fini(&arena);
}

static void buf__drops_beyond_its_ceiling(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 4);
    assert_non_null(buf_reserve(&buf, 0));
    buf_add_z(&buf, "abcdef");
    assert_str(buf_str(&buf), "abcd");
    assert_int_equal(buf.dropped, 2);
    buf_fini(&buf);
}

static void arena__gives_room_of_any_size(void **state)
{
    static const size_t sizes[] = {0, 1, 16, 1000, 16384, 16385, 65536, 15, 300000, 48000, 0, 65520};
    enum { COUNT = sizeof sizes / sizeof sizes[0] };
    struct arena arena;
    unsigned char *given[COUNT];
    (void)state;

    arena_init(&arena);
    for (int again = 0; again < 3; again++, arena_reset(&arena)) {
        for (size_t i = 0; i < COUNT; i++) {
            given[i] = arena_room(&arena, sizes[i], 1);
            assert_non_null(given[i]);
            assert_int_equal((uintptr_t)given[i] % alignof(max_align_t), 0);
            memset(given[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < COUNT; i++) {
            assert_true(sizes[i] == 0 || (given[i][0] == i + 1 && given[i][sizes[i] - 1] == i + 1));
        }
        struct str text = str_dup(&arena, STR_LIT("text"));
        struct str newest = arena_newest(&arena);

        assert_true(text.ptr >= newest.ptr && text.ptr + text.len <= newest.ptr + newest.len);
    }
    arena_fini(&arena);
    assert_int_equal(arena_newest(&arena).len, 0);
}

static void arena__gives_zeroed_memory_after_reset(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    memset(arena_alloc(&arena, 1000, 1), 0xFF, 1000);
    arena_reset(&arena);
    const unsigned char *again = arena_alloc(&arena, 1000, 1);

    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(again[i], 0);
    }
    arena_fini(&arena);
}

static void filter__lets_no_control_through(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_str(filter_dup(&arena, STR_LIT("a\033[31mb"), 0), "a^[[31mb");
    assert_str(filter_dup(&arena, STR_LIT("a\nb\tc"), FILTER_LINES), "a\nb\tc");
    assert_str(filter_dup(&arena, STR_LIT("a\nb"), 0), "a b");
    assert_str(filter_dup(&arena, STR_LIT("\xE2\x80\xAE" "x"), 0), "<U+202E>x");
    assert_str(filter_dup(&arena, STR_LIT("\xC2\x9B" "x"), 0), "<U+009B>x");
    assert_str(filter_dup(&arena, STR_LIT("\xFF"), 0), "<FF>");
    arena_fini(&arena);
}

static void filter__keeps_eight_marks_of_a_letter(void **state)
{
    static const char *const shown[][2] = {{"\xEF\xBB\xBF", "<U+FEFF>"}, {"\xE2\x80\xA8", "<U+2028>"},
                                           {"\xF3\xA0\x81\xA1", "<U+E0061>"}, {"\x7F", "^?"},
                                           {"\xC0\xAF", "<C0><AF>"}, {"\xE2\x81\xA6", "<U+2066>"}};
    struct arena arena;
    struct buf flood;

    (void)state;
    arena_init(&arena);
    buf_init(&flood, BUF_NO_LIMIT);
    for (int letter = 0; letter < 2; letter++) {
        buf_add_char(&flood, 'e');
        for (int i = 0; i < 100; i++) {
            buf_add_z(&flood, "\xCC\x81");
        }
    }
    assert_int_equal(filter_dup(&arena, buf_str(&flood), 0).len, 2 * (1 + 8 * 2));
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        assert_str(filter_dup(&arena, str_from(shown[i][0]), 0), shown[i][1]);
    }
    buf_fini(&flood);
    arena_fini(&arena);
}

static void filter_json__is_always_utf8(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, BUF_NO_LIMIT);
    filter_json(&out, STR_LIT("a\"b\\c\001\xFF\xC3\xA4"));
    assert_true(utf8_is_valid(buf_str(&out)));
    assert_int_not_equal(str_find(buf_str(&out), STR_LIT("a\\\"b\\\\c\\u0001"), 0), STR_NPOS);
    buf_fini(&out);
}

static void utf8__refuses_what_rfc_3629_refuses(void **state)
{
    (void)state;
    assert_true(utf8_is_valid(STR_LIT("\xF0\x9F\x90\x88")));
    assert_false(utf8_is_valid(STR_LIT("\xC0\x80")));         /* overlong */
    assert_false(utf8_is_valid(STR_LIT("\xED\xA0\x80")));     /* surrogate */
    assert_false(utf8_is_valid(STR_LIT("\xF4\x90\x80\x80"))); /* above U+10FFFF */
    assert_false(utf8_is_valid(STR_LIT("\xE2\x82")));         /* cut */
}

static void width__counts_cells_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(width_of(STR_LIT("abc")), 3);
    assert_int_equal(width_of(STR_LIT("\xE6\x97\xA5\xE6\x9C\xAC")), 4); /* wide */
    assert_int_equal(width_of(STR_LIT("e\xCC\x81")), 1);                 /* combining */
    assert_str(width_cut(STR_LIT("\xE6\x97\xA5\xE6\x9C\xAC"), 3), "\xE6\x97\xA5");
}

static void width_next_line__breaks_at_blanks(void **state)
{
    struct str rest = STR_LIT("one two three\nfour averyverylongword");
    struct str line;

    (void)state;
    assert_true(width_next_line(&rest, 8, &line));
    assert_str(str_trim(line), "one two");
    assert_true(width_next_line(&rest, 8, &line));
    assert_str(str_trim(line), "three");
    assert_true(width_next_line(&rest, 8, &line));
    assert_str(str_trim(line), "four");
    assert_true(width_next_line(&rest, 8, &line));
    assert_str(line, "averyver");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_next_line__takes_every_line_end),
        cmocka_unit_test(str_to_uint__refuses_what_is_no_number),
        cmocka_unit_test(str_equal_nocase__ignores_the_case_of_letters_alone),
        cmocka_unit_test(str_find_nocase__finds_only_whole_needles),
        cmocka_unit_test(str_squeeze__leaves_single_blanks),
        cmocka_unit_test(buf__drops_beyond_its_ceiling),
        cmocka_unit_test(arena__gives_room_of_any_size),
        cmocka_unit_test(arena__gives_zeroed_memory_after_reset),
        cmocka_unit_test(filter__lets_no_control_through),
        cmocka_unit_test(filter__keeps_eight_marks_of_a_letter),
        cmocka_unit_test(filter_json__is_always_utf8),
        cmocka_unit_test(utf8__refuses_what_rfc_3629_refuses),
        cmocka_unit_test(width__counts_cells_not_bytes),
        cmocka_unit_test(width_next_line__breaks_at_blanks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
