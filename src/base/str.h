/* Text as views: a pointer and a length, never NUL-terminated, never owned. */
#ifndef NDR_BASE_STR_H
#define NDR_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A borrowed run of bytes.  It lives as long as what it points into (a paste, an arena, a literal);
 * whoever keeps it longer copies it with str_dup() into an arena of the right lifetime. */
struct str {
    const char *ptr; /* first byte; may be NULL when len is 0 */
    size_t len;      /* bytes, not characters */
};

#define STR_NULL   ((struct str){NULL, 0})
#define STR_LIT(s) ((struct str){(s), sizeof(s) - 1})
#define STR_INIT(s) {(s), sizeof(s) - 1} /* in tables */

static inline struct str str_from(const char *s)
{
    return (struct str){s, s ? strlen(s) : 0};
}

static inline struct str str_make(const char *ptr, size_t len)
{
    return (struct str){ptr, len};
}

static inline bool str_is_empty(struct str s)
{
    return s.len == 0;
}

/* Part of `s` from `from` (at most s.len) with at most `len` bytes. */
static inline struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from > s.len) {
        from = s.len;
    }
    if (len > s.len - from) {
        len = s.len - from;
    }
    return (struct str){s.ptr ? s.ptr + from : NULL, len};
}

static inline char str_lower_char(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline char str_upper_char(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static inline bool str_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r'); /* '\n', '\v' and '\f' lie between */
}

static inline bool str_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool str_is_alnum(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26 || str_is_digit(c);
}

#define STR_NPOS ((size_t)-1)

/* Most texts that are compared differ in length or in the first byte: that is told in place. */
bool str_same_nocase(const char *a, const char *b, size_t len); /* ASCII letters only */

static inline bool str_equal(struct str a, struct str b)
{
    return a.len == b.len &&
           (a.len == 0 || (a.ptr[0] == b.ptr[0] && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len &&
           (prefix.len == 0 ||
            (s.ptr[0] == prefix.ptr[0] && memcmp(s.ptr, prefix.ptr, prefix.len) == 0));
}

/* Whether a text that is long enough may begin with a prefix, which mostly tells that it does not: by the first eight
 * bytes of a literal, else by one.  Other bytes than letters may look alike. */
static inline bool str_may_start_nocase(const char *s, struct str prefix)
{
    uint64_t a;
    uint64_t b;

    if (!__builtin_constant_p(prefix.len) || prefix.len < sizeof a) {
        return ((s[0] ^ prefix.ptr[0]) & ~32) == 0;
    }
    memcpy(&a, s, sizeof a);
    memcpy(&b, prefix.ptr, sizeof b);
    return ((a ^ b) & ~0x2020202020202020u) == 0;
}

static inline bool str_starts_nocase(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || (str_may_start_nocase(s.ptr, prefix) &&
                                                       str_same_nocase(s.ptr, prefix.ptr, prefix.len)));
}

static inline bool str_equal_nocase(struct str a, struct str b)
{
    return a.len == b.len && str_starts_nocase(a, b);
}

static inline bool str_ends_nocase(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           str_starts_nocase(str_make(s.ptr + (s.len - suffix.len), suffix.len), suffix);
}

int str_compare(struct str a, struct str b); /* bytewise, as memcmp, shorter first */

/* Position of the first occurrence at or after `from`, STR_NPOS when there is none. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_nocase(struct str s, struct str needle, size_t from);

static inline size_t str_find_char(struct str s, char c, size_t from)
{
    const char *hit = from < s.len ? (const char *)memchr(s.ptr + from, c, s.len - from) : NULL;

    return hit ? (size_t)(hit - s.ptr) : STR_NPOS;
}

struct str str_trim_blanks(struct str s);

/* Without the blanks (space, tab, CR, LF, FF, VT) at both ends; most texts have none there, or one before them. */
static inline struct str str_trim(struct str s)
{
    size_t one = s.len && s.ptr[0] == ' ';

    s = (struct str){s.ptr ? s.ptr + one : NULL, s.len - one};
    bool is_trim = s.len == 0 || ((unsigned char)s.ptr[0] > ' ' && (unsigned char)s.ptr[s.len - 1] > ' ');

    return is_trim ? s : str_trim_blanks(s);
}

/* Takes the next line off `rest` (without its LF, CRLF or CR end).  False when nothing is left. */
bool str_next_line(struct str *rest, struct str *line);

/* Takes the next field up to `sep` off `rest`.  False when nothing is left. */
bool str_next_field(struct str *rest, char sep, struct str *field);

/* Takes the next run of non-blanks off `rest`.  False when nothing is left. */
bool str_next_word(struct str *rest, struct str *word);

/* Decimal number of digits only, at most `max`.  False otherwise. */
bool str_to_uint(struct str s, unsigned max, unsigned *value);

uint64_t str_hash(struct str s);        /* FNV-1a, for maps */
uint64_t str_hash_nocase(struct str s); /* the same over lower-case ASCII */

#endif
