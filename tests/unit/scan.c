#include "unit/unit.h"

#include "base/scan.h"

/* The same source once more in plain C, so that both ways are held against each other. */
#define SCAN_PORTABLE
#undef NDR_BASE_SCAN_H
#define SCAN_SLACK           PORTABLE_SLACK
#define scan_either          portable_either
#define scan_line_end        portable_line_end
#define scan_blank           portable_blank
#define scan_loose_blank     portable_loose_blank
#define scan_lone_cr         portable_lone_cr
#define scan_brackets        portable_brackets
#define scan_refusal         portable_refusal
#define scan_status          portable_status
#define scan_which           portable_which
#define SCAN_FIRST           PORTABLE_FIRST
#define SCAN_SECOND          PORTABLE_SECOND
#define SCAN_MAY_REFUSE      PORTABLE_MAY_REFUSE
#define scan_not_blank       portable_not_blank
#define scan_domain_end      portable_domain_end
#define scan_local_start     portable_local_start
#define scan_name_end        portable_name_end
#define scan_not_ascii       portable_not_ascii
#define scan_shift           portable_shift
#define scan_unsafe          portable_unsafe
#define scan_blanks          portable_blanks
#define scan_is_tidy         portable_is_tidy
#define scan_is_tidy_part    portable_is_tidy_part
#define scan_digit_hyphen    portable_digit_hyphen
#define scan_words           portable_words
#define scan_words_and_signs portable_words_and_signs
#define scan_pairs           portable_pairs
#define scan_behind          portable_behind
#define scan_pair            portable_pair
#define SCAN_RUN             PORTABLE_RUN
#define SCAN_LEAD_MIN        PORTABLE_LEAD_MIN
#define scan_fold            portable_fold
#define scan_fold_run        portable_fold_run
#define scan_three           portable_three
#define scan_not_name        portable_not_name
#define scan_is_folded       portable_is_folded
#define scan_last            portable_last
#define scan_token_end       portable_token_end
#define scan_token           portable_token
#define scan_apart           portable_apart
#define scan_two_nocase      portable_two_nocase
#define scan_copy_safe       portable_copy_safe
#define scan_copy_until      portable_copy_until
#include "base/scan.c"
#undef scan_either
#undef scan_line_end
#undef scan_blank
#undef scan_loose_blank
#undef scan_lone_cr
#undef scan_brackets
#undef scan_refusal
#undef scan_status
#undef scan_which
#undef SCAN_FIRST
#undef SCAN_SECOND
#undef SCAN_MAY_REFUSE
#undef scan_not_blank
#undef scan_domain_end
#undef scan_local_start
#undef scan_name_end
#undef scan_not_ascii
#undef scan_shift
#undef scan_unsafe
#undef scan_blanks
#undef scan_is_tidy
#undef scan_is_tidy_part
#undef scan_digit_hyphen
#undef scan_words
#undef scan_words_and_signs
#undef scan_pairs
#undef scan_behind
#undef scan_pair
#undef SCAN_RUN
#undef SCAN_LEAD_MIN
#undef scan_fold
#undef scan_fold_run
#undef scan_three
#undef scan_not_name
#undef scan_is_folded
#undef scan_last
#undef scan_token_end
#undef scan_token
#undef scan_apart
#undef scan_two_nocase
#undef scan_copy_safe
#undef scan_copy_until
#undef SCAN_SLACK

enum { TEXT_MAX = 160, ROUNDS = 40000 };

static uint32_t seed = 7;

static uint32_t random_below(uint32_t end)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % end;
}

/* Text of bytes that the searches tell apart, in memory of exactly its length. */
static struct str random_text(char *room)
{
    static const char bytes[] = "  \n\r\tab04579./AZX(?=[]<@`\"\\:;-\x7F\x80\xC2\xA0\xFF\x1F~!";
    size_t len = random_below(TEXT_MAX);
    char *text = room + TEXT_MAX - len;

    for (size_t i = 0; i < len; i++) {
        text[i] = random_below(3) ? 'x' : bytes[random_below(sizeof bytes - 1)];
    }
    return str_make(text, len);
}

static size_t last_of(struct str s, char c)
{
    while (s.len && s.ptr[s.len - 1] != c) {
        s.len--;
    }
    return s.len - 1;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_bracket_byte(char c)
{
    return c == '(' || c == '[' || c == '=';
}

static bool is_unsafe_byte(char c)
{
    return c < 0x20 || c >= 0x7F || c == '"' || c == '\\';
}

static bool ends_name(char c)
{
    return c <= ' ' || c >= 0x7F || c == ':';
}

static bool is_not_in_name(char c)
{
    return !str_is_alnum(c) && c != '-' && c != ' ';
}

static bool ends_token(char c)
{
    return str_is_blank(c) || c == '(' || c == ';';
}

static bool is_high_byte(char c)
{
    return (unsigned char)c >= 0x80;
}

static bool is_shift_byte(char c)
{
    return is_high_byte(c) || c == '\016' || c == '\017' || c == '\033';
}

static bool is_letter(char c)
{
    return str_is_alnum(c) && !str_is_digit(c);
}

/* Where words begin among the first SCAN_RUN bytes; `before` is whether a letter stands before them. */
static uint64_t words_of(const char *bytes, bool before)
{
    uint64_t found = 0;

    for (size_t i = 0; i < SCAN_RUN; i++) {
        bool behind = i ? is_letter(bytes[i - 1]) : before;
        bool second = i + 1 >= SCAN_RUN || is_letter(bytes[i + 1]);
        bool third = i + 2 >= SCAN_RUN || bytes[i + 2] != ' ';

        if ((is_letter(bytes[i]) && !behind && second && third) || (unsigned char)bytes[i] >= SCAN_LEAD_MIN) {
            found |= UINT64_C(1) << i;
        }
    }
    return found;
}

/* The same in both ways, and the letter at the end told. */
static void check_words(const char *bytes, bool before)
{
    uint64_t behind = before;
    uint64_t portable_behind = before;

    assert_true(scan_words(bytes, &behind) == words_of(bytes, before));
    assert_true(portable_words(bytes, &portable_behind) == words_of(bytes, before));
    assert_int_equal(behind, is_letter(bytes[SCAN_RUN - 1]));
    assert_int_equal(portable_behind, behind);
}

/* With the signs; a byte stands behind. */
static void check_signs(const char *bytes, bool before)
{
    uint64_t behind = before;
    uint64_t portable_behind = before;
    uint64_t found = words_of(bytes, before);

    for (size_t i = 0; i < SCAN_RUN; i++) {
        bool number = (str_is_digit(bytes[i]) && bytes[i + 1] == '.') ||
                      (is_letter(bytes[i]) && str_is_digit(bytes[i + 1]));

        if (number || bytes[i] == '(' || bytes[i] == '<' || bytes[i] == ']') {
            found |= UINT64_C(1) << i;
        }
    }
    assert_true(scan_words_and_signs(bytes, &behind) == found);
    assert_true(portable_words_and_signs(bytes, &portable_behind) == found);
    assert_int_equal(behind, is_letter(bytes[SCAN_RUN - 1]));
    assert_int_equal(portable_behind, behind);
}

static size_t first_apart(struct str s, size_t from, char first, char second, size_t apart)
{
    while (from + apart < s.len && (s.ptr[from] != first || s.ptr[from + apart] != second)) {
        from++;
    }
    return from + apart < s.len ? from : s.len;
}

static size_t first_two(struct str s, size_t from, char first, char second)
{
    while (from + 1 < s.len && ((s.ptr[from] | 32) != (first | 32) || (s.ptr[from + 1] | 32) != (second | 32))) {
        from++;
    }
    return from + 1 < s.len ? from : s.len;
}

/* Each place behind an 'x', once in each way. */
static void check_behind(struct str s, size_t from)
{
    uint32_t out[2][TEXT_MAX];
    size_t count = scan_behind(s, from, s.len, 'x', out[0]);
    size_t found = 0;

    assert_int_equal(portable_behind(s, from, s.len, 'x', out[1]), count);
    for (size_t i = from; i < s.len; i++) {
        if (s.ptr[i] == 'x') {
            assert_true(found < count && out[0][found] == i + 1 && out[1][found] == i + 1);
            found++;
        }
    }
    assert_int_equal(found, count);
}

/* A word and the blanks behind it, told together and one by one. */
static void check_token(struct str s, size_t from)
{
    size_t next[2];
    size_t end = scan_token(s, from, '(', ';', &next[0]);

    assert_int_equal(end, scan_token_end(s, from, '(', ';'));
    assert_int_equal(next[0], scan_not_blank(s, end));
    assert_int_equal(portable_token(s, from, '(', ';', &next[1]), end);
    assert_int_equal(next[1], next[0]);
}

static size_t first_pair(struct str s, size_t from)
{
    size_t a = first_two(s, from, 'x', 'a');
    size_t b = first_two(s, from, '5', '.');

    return a < b ? a : b;
}

static void check_pairs(struct str s, size_t from)
{
    struct scan_pair pairs[2];
    struct portable_pair portable[2];

    for (size_t i = 0; i < 2; i++) {
        memset(pairs[i].first, "x5"[i], sizeof pairs[i].first);
        memset(pairs[i].second, "a."[i], sizeof pairs[i].second);
        memcpy(&portable[i], &pairs[i], sizeof portable[i]);
    }
    assert_int_equal(scan_pairs(s, from, pairs, 2), first_pair(s, from));
    assert_int_equal(portable_pairs(s, from, portable, 2), first_pair(s, from));
    assert_int_equal(scan_pairs(s, from, pairs, 0), s.len);
}


/* Two bytes in a row that are alike but for the bit that tells the case of letters. */
static size_t first_digit_hyphen(struct str s, size_t from)
{
    while (from < s.len && !(str_is_digit(s.ptr[from]) && from + 1 < s.len && s.ptr[from + 1] == '-')) {
        from++;
    }
    return from < s.len ? from : s.len;
}

static bool is_tidy(struct str s)
{
    bool tidy = true;

    for (size_t i = 0; i < s.len; i++) {
        tidy = tidy && s.ptr[i] >= ' ' && s.ptr[i] < 0x7F && (s.ptr[i] != ' ' || i + 1 == s.len || s.ptr[i + 1] != ' ');
    }
    return tidy;
}

static bool has_folds(struct str s)
{
    bool folded = false;

    for (size_t i = 0; i < s.len; i++) {
        char next = i + 1 < s.len ? s.ptr[i + 1] : '\0';

        folded = folded || (s.ptr[i] == ' ' ? next == ' ' : str_is_blank(s.ptr[i])) || (s.ptr[i] == '=' && next == '?');
    }
    return folded;
}

/* A blank behind a blank, or a byte with which no-break spaces begin. */
static size_t first_folded(struct str s, size_t from, bool after_blank)
{
    while (from < s.len && s.ptr[from] != '\xC2' && !(after_blank && str_is_blank(s.ptr[from]))) {
        after_blank = str_is_blank(s.ptr[from++]);
    }
    return from;
}

static size_t first(struct str s, size_t from, bool (*passes)(char c))
{
    while (from < s.len && !passes(s.ptr[from])) {
        from++;
    }
    return from < s.len ? from : s.len;
}

static size_t first_refusal(struct str s, size_t from)
{
    for (; from + 2 < s.len; from++) {
        if ((s.ptr[from] == '4' || s.ptr[from] == '5') && s.ptr[from + 1] >= '.' && s.ptr[from + 1] <= '7' &&
            str_is_digit(s.ptr[from + 2])) {
            return from;
        }
    }
    return s.len;
}

static size_t first_status(struct str s, size_t from)
{
    for (; from + 2 < s.len; from++) {
        if ((s.ptr[from] == '2' || s.ptr[from] == '4' || s.ptr[from] == '5') && s.ptr[from + 1] == '.' &&
            str_is_digit(s.ptr[from + 2])) {
            return from;
        }
    }
    return s.len;
}

static bool is_no_blank_byte(char c)
{
    return !str_is_blank(c);
}

static bool is_in_domain(char c)
{
    return str_is_alnum(c) || c == '.' || c == '-' || c == '_' || is_high_byte(c);
}

static bool is_behind_domain_byte(char c)
{
    return !is_in_domain(c);
}

static bool is_in_local(char c)
{
    return is_in_domain(c) || (c && strchr("!#$%&*'+/=?^`{|}~", c));
}

/* The parts of an address around `at`, the local one not before `from`. */
static void check_address(struct str s, size_t from, size_t at)
{
    size_t start = at;

    while (start > from && is_in_local(s.ptr[start - 1])) {
        start--;
    }
    assert_int_equal(scan_local_start(s, from, at), start);
    assert_int_equal(portable_local_start(s, from, at), start);
    assert_int_equal(scan_domain_end(s, at), first(s, at, is_behind_domain_byte));
    assert_int_equal(portable_domain_end(s, at), first(s, at, is_behind_domain_byte));
}

static void check_which(struct str s)
{
    unsigned which = (str_find_char(s, '@', 0) != STR_NPOS ? SCAN_FIRST : 0U) |
                     (str_find_char(s, '=', 0) != STR_NPOS ? SCAN_SECOND : 0U) |
                     (str_find_char(s, '4', 0) != STR_NPOS || str_find_char(s, '5', 0) != STR_NPOS ? SCAN_MAY_REFUSE
                                                                                                  : 0U);

    assert_int_equal(scan_which(s, '@', '='), which);
    assert_int_equal(portable_which(s, '@', '='), which);
}

static void scan__finds_what_a_loop_finds(void **state)
{
    char room[TEXT_MAX];

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct str s = random_text(room);
        size_t from = random_below((uint32_t)s.len + 1);

        assert_int_equal(scan_line_end(s, from), first(s, from, is_line_end));
        assert_int_equal(scan_blank(s, from), first(s, from, str_is_blank));
        assert_int_equal(scan_unsafe(s, from), first(s, from, is_unsafe_byte));
        assert_int_equal(scan_name_end(s, from), first(s, from, ends_name));
        assert_int_equal(scan_not_name(s, from, '-', ' '), first(s, from, is_not_in_name));
        assert_int_equal(portable_not_name(s, from, '-', ' '), first(s, from, is_not_in_name));
        assert_int_equal(scan_token_end(s, from, '(', ';'), first(s, from, ends_token));
        assert_int_equal(scan_token_end(s, from, '(', ';'), portable_token_end(s, from, '(', ';'));
        check_token(s, from);
        assert_true(scan_last(s, 'x') == portable_last(s, 'x'));
        assert_true(scan_last(s, '@') == last_of(s, '@'));
        assert_int_equal(scan_not_ascii(s, from), first(s, from, is_high_byte));
        assert_int_equal(scan_shift(s, from), first(s, from, is_shift_byte));
        assert_int_equal(scan_brackets(s, from), first(s, from, is_bracket_byte));
        assert_int_equal(scan_refusal(s, from), first_refusal(s, from));
        assert_int_equal(scan_status(s, from), first_status(s, from));
        assert_int_equal(scan_not_blank(s, from), first(s, from, is_no_blank_byte));
        check_which(str_sub(s, from, s.len));
        check_address(s, from, from + random_below((uint32_t)(s.len - from) + 1));
        assert_int_equal(scan_is_tidy(str_sub(s, from, s.len)), is_tidy(str_sub(s, from, s.len)));
        assert_int_equal(scan_digit_hyphen(s, from), first_digit_hyphen(s, from));
        check_pairs(s, from);
        check_behind(s, from);
        if (from + SCAN_RUN <= s.len) {
            check_words(s.ptr + from, random_below(2));
        }
        if (from + SCAN_RUN < s.len) {
            check_signs(s.ptr + from, random_below(2));
        }
        assert_int_equal(scan_apart(s, from, '@', 'x', 4), first_apart(s, from, '@', 'x', 4));
        assert_int_equal(scan_apart(s, from, '@', 'x', 4), portable_apart(s, from, '@', 'x', 4));
        assert_int_equal(scan_two_nocase(s, from, 'X', 'a'), first_two(s, from, 'X', 'a'));
    }
}

static void scan__is_the_same_in_plain_c(void **state)
{
    char room[TEXT_MAX];

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct str s = random_text(room);
        size_t from = random_below((uint32_t)s.len + 1);
        char one[TEXT_MAX + SCAN_SLACK];
        char two[TEXT_MAX + SCAN_SLACK];

        assert_int_equal(scan_either(s, from, '@', 'Z'), portable_either(s, from, '@', 'Z'));
        assert_int_equal(scan_line_end(s, from), portable_line_end(s, from));
        assert_int_equal(scan_blank(s, from), portable_blank(s, from));
        assert_int_equal(scan_loose_blank(s, from), portable_loose_blank(s, from));
        assert_int_equal(scan_is_folded(str_sub(s, from, s.len)), has_folds(str_sub(s, from, s.len)));
        assert_int_equal(scan_is_folded(s), portable_is_folded(s));
        assert_int_equal(scan_lone_cr(s, from), portable_lone_cr(s, from));
        assert_int_equal(scan_brackets(s, from), portable_brackets(s, from));
        assert_int_equal(scan_refusal(s, from), portable_refusal(s, from));
        assert_int_equal(scan_status(s, from), portable_status(s, from));
        assert_int_equal(scan_not_blank(s, from), portable_not_blank(s, from));
        assert_int_equal(scan_name_end(s, from), portable_name_end(s, from));
        assert_int_equal(scan_token_end(s, from, '(', ';'), portable_token_end(s, from, '(', ';'));
        check_token(s, from);
        assert_true(scan_last(s, 'x') == portable_last(s, 'x'));
        assert_true(scan_last(s, '@') == last_of(s, '@'));
        assert_int_equal(scan_not_ascii(s, from), portable_not_ascii(s, from));
        assert_int_equal(scan_shift(s, from), portable_shift(s, from));
        assert_int_equal(scan_unsafe(s, from), portable_unsafe(s, from));
        assert_int_equal(scan_blanks(s, from, false), portable_blanks(s, from, false));
        assert_int_equal(scan_blanks(s, from, true), portable_blanks(s, from, true));
        assert_int_equal(scan_is_tidy(s), portable_is_tidy(s));
        struct str part = str_trim(str_sub(s, from, random_below(TEXT_MAX)));
        size_t part_from = part.len ? (size_t)(part.ptr - s.ptr) : 0;

        assert_int_equal(scan_is_tidy_part(s, part_from, part.len), scan_is_tidy(part));
        assert_int_equal(portable_is_tidy_part(s, part_from, part.len), scan_is_tidy(part));
        assert_int_equal(scan_digit_hyphen(s, from), portable_digit_hyphen(s, from));
        assert_int_equal(scan_three(s, from, "xx\n"), portable_three(s, from, "xx\n"));
        assert_int_equal(scan_apart(s, from, '@', 'x', 4), first_apart(s, from, '@', 'x', 4));
        assert_int_equal(scan_apart(s, from, '@', 'x', 4), portable_apart(s, from, '@', 'x', 4));
        assert_int_equal(scan_two_nocase(s, from, '@', 'x'), portable_two_nocase(s, from, '@', 'x'));
        size_t plain = scan_copy_safe(s, from, one);

        assert_int_equal(plain, scan_unsafe(s, from) - from);
        assert_int_equal(plain, portable_copy_safe(s, from, two));
        assert_memory_equal(one, two, plain);
        assert_memory_equal(one, s.ptr + from, plain);
        plain = scan_copy_until(s, from, '=', one);
        assert_int_equal(plain, scan_either(s, from, '=', '=') - from);
        assert_int_equal(plain, portable_copy_until(s, from, '=', two));
        assert_memory_equal(one, two, plain);
        assert_memory_equal(one, s.ptr + from, plain);
        bool after_blank = random_below(2);
        bool has_hyphen = false;
        bool portable_hyphen = false;
        size_t run = scan_fold_run(s, from, after_blank, one, &has_hyphen);

        assert_int_equal(run, first_folded(s, from, after_blank) - from);
        assert_int_equal(run, portable_fold_run(s, from, after_blank, two, &portable_hyphen));
        if (scan_digit_hyphen(s, from) < from + run) {
            assert_true(has_hyphen && portable_hyphen);
        } else if (scan_digit_hyphen(s, from) == s.len) {
            assert_true(!has_hyphen && !portable_hyphen);
        }
        assert_memory_equal(one, two, run);
        for (size_t k = 0; k < run; k++) {
            assert_int_equal(one[k], str_is_blank(s.ptr[from + k]) ? ' ' : str_lower_char(s.ptr[from + k]));
        }
        scan_fold(s, one);
        portable_fold(s, two);
        assert_memory_equal(one, two, s.len);
        for (size_t k = 0; k < s.len; k++) {
            assert_int_equal(one[k], str_is_blank(s.ptr[k]) ? ' ' : str_lower_char(s.ptr[k]));
        }
    }
}

static void scan_is_tidy_part__sees_no_byte_around_the_part(void **state)
{
    char text[150];
    (void)state;

    for (size_t bad = 0; bad < sizeof text; bad++) {
        memset(text, 'x', sizeof text);
        text[bad] = '\n';
        for (size_t from = 0; from < sizeof text; from++) {
            for (size_t len = 0; len <= sizeof text - from; len++) {
                bool is_tidy = bad < from || bad >= from + len;

                assert_true(scan_is_tidy_part(str_make(text, sizeof text), from, len) == is_tidy);
                assert_true(portable_is_tidy_part(str_make(text, sizeof text), from, len) == is_tidy);
            }
        }
    }
}

static void str_same_nocase__tells_letters_from_signs(void **state)
{
    (void)state;
    assert_true(str_equal_nocase(STR_LIT("Final-Recipient: RFC822"), STR_LIT("FINAL-recipient: rfc822")));
    /* '@' and '`', '[' and '{' differ by the same bit as letters do. */
    assert_false(str_equal_nocase(STR_LIT("aaaaaaaa@aaaaaaa"), STR_LIT("aaaaaaaa`aaaaaaa")));
    assert_false(str_equal_nocase(STR_LIT("aaaaaaaaaaa[aaaaaaa"), STR_LIT("aaaaaaaaaaa{aaaaaaa")));
    assert_false(str_equal_nocase(STR_LIT("abcdefgh1"), STR_LIT("abcdefgh2")));
}

static void str_same_nocase__compares_every_byte(void **state)
{
    char a[70];
    char b[70];
    (void)state;

    for (size_t len = 0; len <= sizeof a; len++) {
        memset(a, 'k', len);
        memset(b, 'K', len);
        assert_true(str_same_nocase(a, b, len));
        for (size_t at = 0; at < len; at++) {
            for (unsigned c = 0; c < 256; c++) {
                unsigned other = c ^ (c % 3 ? 32 : c % 5 ? 0 : 33);

                a[at] = (char)c;
                b[at] = (char)other;
                assert_true(str_same_nocase(a, b, len) == (str_lower_char((char)c) == str_lower_char((char)other)));
            }
            a[at] = b[at] = 'k';
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan__finds_what_a_loop_finds),
        cmocka_unit_test(scan__is_the_same_in_plain_c),
        cmocka_unit_test(scan_is_tidy_part__sees_no_byte_around_the_part),
        cmocka_unit_test(str_same_nocase__tells_letters_from_signs),
        cmocka_unit_test(str_same_nocase__compares_every_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
