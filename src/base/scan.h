/* Searching long runs of bytes a block at a time: 16 with SSE2, else 8 in plain C.  Both give the same. */
#ifndef NDR_BASE_SCAN_H
#define NDR_BASE_SCAN_H

#include "base/str.h"

/* Position of the first such byte at or behind `from`, s.len when there is none. */
size_t scan_either(struct str s, size_t from, char a, char b);
size_t scan_token_end(struct str s, size_t from, char a, char b); /* one of them, or a blank */
size_t scan_token(struct str s, size_t from, char a, char b, size_t *next); /* the same, and the first no blank behind */
size_t scan_not_name(struct str s, size_t from, char a, char b); /* neither one of them nor a letter or digit */
size_t scan_line_end(struct str s, size_t from); /* LF or CR */
size_t scan_blank(struct str s, size_t from);
size_t scan_loose_blank(struct str s, size_t from); /* a blank but ' ', or that before another */
size_t scan_lone_cr(struct str s, size_t from);  /* CR without LF behind it */
size_t scan_brackets(struct str s, size_t from); /* '(', '[' or '=' */
size_t scan_name_end(struct str s, size_t from); /* ':', a blank, a control character, not ASCII */
size_t scan_not_ascii(struct str s, size_t from); /* 0x80 and above */
size_t scan_shift(struct str s, size_t from);     /* 0x80 and above, SO, SI, ESC: behind ASCII in ISO 2022 */
size_t scan_not_blank(struct str s, size_t from); /* anything but a blank */
size_t scan_unsafe(struct str s, size_t from);   /* no printable ASCII, or '"' or '\' */

/* Position of the last such byte (not NUL), STR_NPOS when there is none. */
size_t scan_last(struct str s, char c);

/* Of the address around a '@': where the domain ends that begins at `from`, and where the local part begins, at least at
 * `from`, that ends at `end`. */
size_t scan_domain_end(struct str s, size_t from);
size_t scan_local_start(struct str s, size_t from, size_t end);

/* Which of two bytes stand in a text, and whether a '4' or '5' does: without one scan_refusal() finds nothing. */
enum { SCAN_FIRST = 1, SCAN_SECOND = 2, SCAN_MAY_REFUSE = 4 };
unsigned scan_which(struct str s, char a, char b);

/* Position of the first '2', '4' or '5' with which an enhanced status code may begin, "5.1": before '.' and a digit. */
size_t scan_status(struct str s, size_t from);

/* Position of the first digit before '-'. */
size_t scan_digit_hyphen(struct str s, size_t from);

/* Whether a blank stands there but ' ', or that before another, or '=' before '?'. */
bool scan_is_folded(struct str s);

/* Whether all bytes are printable ASCII and no blank stands before a blank. */
bool scan_is_tidy(struct str s);

/* The same of a part that has no blank at its end; how long it is costs nothing where enough stands behind it. */
bool scan_is_tidy_part(struct str s, size_t from, size_t len);

/* Position of the first of several blanks, or of a byte 0xC2 (no-break spaces begin so) or a blank before
 * one; with `digits` also of a digit. */
size_t scan_blanks(struct str s, size_t from, bool digits);

/* Where words begin among 64 bytes, the first lowest: at runs of ASCII letters, but for those of one letter and those
 * of two before ' ' (what stands behind the 64 bytes counts as letters), and at each lead byte of UTF-8.  `behind` is 1
 * when a letter stands before the bytes, and is set for those that follow. */
enum { SCAN_RUN = 64, SCAN_LEAD_MIN = 0xC0 };
uint64_t scan_words(const char *bytes, uint64_t *behind);

/* The same, and where signs stand: '(', '<', ']', a digit before '.' and a letter before a digit.  One more byte stands
 * behind the 64. */
uint64_t scan_words_and_signs(const char *bytes, uint64_t *behind);

/* Lower case of ASCII letters, ' ' for each blank; `out` has room for SCAN_SLACK bytes more. */
void scan_fold(struct str s, char *out);

/* The same from `from` on up to the first blank behind a blank (`after_blank`: one stands before `from`), or
 * byte 0xC2; gives how many bytes.  Sets `has_hyphen` when a digit before '-' stands among them, or a few behind. */
size_t scan_fold_run(struct str s, size_t from, bool after_blank, char *out, bool *has_hyphen);

/* Position of three bytes in a row, s.len when they stand nowhere. */
size_t scan_three(struct str s, size_t from, const char bytes[3]);

/* Position of `first` where `second` stands `apart` bytes behind it, s.len when that is nowhere. */
size_t scan_apart(struct str s, size_t from, char first, char second, size_t apart);

/* Position of the first '4' or '5' with which the number of a refusal may begin, "550" or "5.7.1": before a digit up
 * to 7, '.' or '/', and a digit; who asked looks again. */
size_t scan_refusal(struct str s, size_t from);

/* Position at which two bytes in a row may stand but for the case of letters; who asked looks again. */
size_t scan_two_nocase(struct str s, size_t from, char first, char second);

/* Position of the first place at which one of the pairs of bytes, in lower case, may stand; as before. */
struct scan_pair {
    char first[16], second[16]; /* the byte over and over */
};
size_t scan_pairs(struct str s, size_t from, const struct scan_pair *pairs, size_t count);

/* Writes where the bytes behind each `c` of [from, to) begin; gives how many.  `out` has room for to - from. */
size_t scan_behind(struct str s, size_t from, size_t to, char c, uint32_t *out);

/* Copies bytes from `s` up to the first that scan_unsafe() finds; gives how many.  `out` has room for
 * all of them and SCAN_SLACK more. */
enum { SCAN_SLACK = 16 };
size_t scan_copy_safe(struct str s, size_t from, char *out);

/* The same up to the first `c`. */
size_t scan_copy_until(struct str s, size_t from, char c, char *out);

#endif
