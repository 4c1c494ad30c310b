#include "base/str.h"

#include "base/block.h"
#include "base/scan.h"

/* Bytes that are the same but for the case of letters. */
static inline test same_bytes(block a, block b)
{
    return any(equal_blocks(a, b), both(equal_blocks(lower(a), lower(b)), within(lower(a), 'a', 26)));
}

/* All bytes of less than a block, some of them twice. */
static inline block load_both_ends(const char *from, size_t len)
{
    if (BLOCK > 8 && len >= 8) {
        return block_of(load_eight(from), load_eight(from + len - 8));
    }
    return block_of(load_few(from, len), 0);
}

bool str_same_nocase(const char *a, const char *b, size_t len)
{
    if (len < BLOCK) {
        return mask_of(same_bytes(load_both_ends(a, len), load_both_ends(b, len))) == MASK_ALL;
    }
    /* The last block may overlap the one before. */
    size_t last = len - BLOCK;
    test same = same_bytes(load(a + last), load(b + last));

    for (size_t at = 0; at < last; at += BLOCK) {
        same = both(same, same_bytes(load(a + at), load(b + at)));
    }
    return mask_of(same) == MASK_ALL;
}

int str_compare(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

    if (order != 0) {
        return order;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

/* Position of a needle by one of its bytes, which stands at `mark` of it and is rare. */
static size_t find_by(struct str s, struct str needle, size_t from, size_t mark)
{
    size_t behind = needle.len - 1 - mark;

    for (size_t at = str_find_char(s, needle.ptr[mark], from + mark); at != STR_NPOS;
         at = str_find_char(s, needle.ptr[mark], at + 1)) {
        if (behind >= s.len - at) {
            return STR_NPOS;
        }
        if (s.ptr[at + behind] == needle.ptr[needle.len - 1] &&
            memcmp(s.ptr + at - mark, needle.ptr, needle.len) == 0) {
            return at - mark;
        }
    }
    return STR_NPOS;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    size_t capital = 0;

    if (needle.len == 0) {
        return from <= s.len ? from : STR_NPOS;
    }
    while (capital < needle.len && (needle.ptr[capital] < 'A' || needle.ptr[capital] > 'Z')) {
        capital++;
    }
    if (capital < needle.len || needle.len < 3) {
        return find_by(s, needle, from, capital < needle.len ? capital : 0);
    }
    while (s.len >= needle.len && from <= s.len - needle.len) {
        size_t at = scan_three(s, from, needle.ptr);

        if (at > s.len - needle.len) {
            return STR_NPOS;
        }
        if (memcmp(s.ptr + at, needle.ptr, needle.len) == 0) {
            return at;
        }
        from = at + 1;
    }
    return STR_NPOS;
}

size_t str_find_nocase(struct str s, struct str needle, size_t from)
{
    if (needle.len == 0) {
        return from <= s.len ? from : STR_NPOS;
    }
    char second = needle.len > 1 ? needle.ptr[1] : needle.ptr[0];

    while (s.len >= needle.len && from <= s.len - needle.len) {
        from = needle.len > 1 ? scan_two_nocase(s, from, needle.ptr[0], second)
                              : scan_either(s, from, str_lower_char(second), str_upper_char(second));
        if (from + needle.len <= s.len && str_same_nocase(s.ptr + from, needle.ptr, needle.len)) {
            return from;
        }
        from++;
    }
    return STR_NPOS;
}

struct str str_trim_blanks(struct str s)
{
    while (s.len && str_is_blank(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && str_is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

bool str_next_line(struct str *rest, struct str *line)
{
    if (rest->len == 0) {
        return false;
    }
    size_t end = scan_line_end(*rest, 0);

    *line = str_sub(*rest, 0, end);
    if (end < rest->len) {
        end += rest->ptr[end] == '\r' && end + 1 < rest->len && rest->ptr[end + 1] == '\n' ? 2 : 1;
    }
    *rest = str_sub(*rest, end, rest->len);
    return true;
}

bool str_next_field(struct str *rest, char sep, struct str *field)
{
    if (rest->ptr == NULL) {
        return false;
    }
    size_t end = str_find_char(*rest, sep, 0);

    if (end == STR_NPOS) {
        *field = *rest;
        *rest = STR_NULL;
        return field->len > 0;
    }
    *field = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, end + 1, rest->len);
    return true;
}

bool str_next_word(struct str *rest, struct str *word)
{
    size_t from = 0;

    while (from < rest->len && str_is_blank(rest->ptr[from])) {
        from++;
    }
    size_t end = scan_blank(*rest, from);

    *word = str_sub(*rest, from, end - from);
    *rest = str_sub(*rest, end, rest->len);
    return word->len > 0;
}

bool str_to_uint(struct str s, unsigned max, unsigned *value)
{
    unsigned long n = 0;

    if (s.len == 0 || s.len > 9) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!str_is_digit(s.ptr[i])) {
            return false;
        }
        n = n * 10 + (unsigned long)(s.ptr[i] - '0');
    }
    if (n > max) {
        return false;
    }
    *value = (unsigned)n;
    return true;
}

static const uint64_t FNV_BASIS = 14695981039346656037u;
static const uint64_t FNV_PRIME = 1099511628211u;

uint64_t str_hash(struct str s)
{
    uint64_t h = FNV_BASIS;

    for (size_t i = 0; i < s.len; i++) {
        h = (h ^ (unsigned char)s.ptr[i]) * FNV_PRIME;
    }
    return h;
}

uint64_t str_hash_nocase(struct str s)
{
    uint64_t h = FNV_BASIS;

    for (size_t i = 0; i < s.len; i++) {
        h = (h ^ (unsigned char)str_lower_char(s.ptr[i])) * FNV_PRIME;
    }
    return h;
}
