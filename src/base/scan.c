#include "base/scan.h"

#include "base/block.h"
#include "base/places.h"

static inline test is_blank(block b)
{
    return any(within(b, '\t', 5), equal(b, ' '));
}

static inline test is_either(block b, block x, block y)
{
    return any(equal_blocks(b, x), equal_blocks(b, y));
}

static inline test is_any_blank(block b, block x, block y)
{
    (void)x;
    (void)y;
    return is_blank(b);
}

static inline test is_high(block b, block x, block y)
{
    (void)x;
    (void)y;
    return high(b);
}

static inline test is_unsafe(block b, block x, block y)
{
    (void)x;
    (void)y;
    return but(equal_blocks(b, b), safe(b));
}

static inline size_t not_behind(struct str s, size_t at)
{
    return at < s.len ? at : s.len;
}

/* The last block of a text, at least from `from` on; the rest of the block is zero when the text is shorter. */
static inline block load_last(struct str s, size_t from)
{
    return s.len >= BLOCK ? load(s.ptr + s.len - BLOCK) : load_end(s.ptr + from, s.len - from);
}

/* Bits of a mask of it that stand before `from`. */
static inline unsigned before_last(struct str s, size_t from)
{
    return s.len >= BLOCK ? MASK_BITS * (unsigned)(from + BLOCK - s.len) : 0;
}

static inline size_t find(struct str s, size_t from, block_test passes, block x, block y)
{
    mask m;

    for (; from + BLOCK <= s.len; from += BLOCK) {
        m = mask_of(passes(load(s.ptr + from), x, y));
        if (m) {
            return from + first_of(m);
        }
    }
    if (from >= s.len) {
        return s.len;
    }
    m = mask_of(passes(load_last(s, from), x, y)) >> before_last(s, from);
    return m ? not_behind(s, from + first_of(m)) : s.len;
}

/* The same for a test of bytes and those behind them; behind the end there are NULs. */
static inline size_t find_pair(struct str s, size_t from, test (*passes)(block b, block next))
{
    mask m;

    for (; from + BLOCK < s.len; from += BLOCK) {
        m = mask_of(passes(load(s.ptr + from), load(s.ptr + from + 1)));
        if (m) {
            return from + first_of(m);
        }
    }
    if (from >= s.len) {
        return s.len;
    }
    block last = load_last(s, from);

    m = mask_of(passes(last, without_first(last))) >> before_last(s, from);
    return m ? not_behind(s, from + first_of(m)) : s.len;
}

size_t scan_either(struct str s, size_t from, char a, char b)
{
    return find(s, from, is_either, each(a), each(b));
}

size_t scan_line_end(struct str s, size_t from)
{
    return find(s, from, is_either, each('\n'), each('\r'));
}

static inline test is_bracket(block b, block x, block y)
{
    return any(is_either(b, x, y), equal(b, '='));
}

size_t scan_brackets(struct str s, size_t from)
{
    return find(s, from, is_bracket, each('('), each('['));
}

/* The same where it nearly always stands near. */
static inline size_t find_near(struct str s, size_t from, block_test passes, block x, block y)
{
    for (; from + NEAR_RUN <= s.len; from += NEAR_RUN) {
        uint64_t bits = near_bits(s.ptr + from, passes, x, y);

        if (bits) {
            return from + (size_t)__builtin_ctzll(bits);
        }
    }
    return find(s, from, passes, x, y);
}

size_t scan_name_end(struct str s, size_t from)
{
    return find_near(s, from, beyond_name, each(0), each(0));
}

static inline test is_token_end(block b, block x, block y)
{
    return any(is_blank(b), is_either(b, x, y));
}

size_t scan_token_end(struct str s, size_t from, char a, char b)
{
    return find_near(s, from, is_token_end, each(a), each(b));
}

/* Both nearly always stand near, and the same bytes tell them. */
size_t scan_token(struct str s, size_t from, char a, char b, size_t *next)
{
    uint64_t blanks = 0;
    uint64_t ends = 0;

    if (from + NEAR_RUN <= s.len) {
        blanks = near_bits(s.ptr + from, is_any_blank, each(0), each(0));
        ends = blanks | near_bits(s.ptr + from, is_either, each(a), each(b));
    }
    if (ends == 0) {
        size_t end = scan_token_end(s, from, a, b);

        *next = scan_not_blank(s, end);
        return end;
    }
    size_t end = (size_t)__builtin_ctzll(ends);
    size_t count = (size_t)__builtin_ctzll(~(blanks >> end)); /* of the blanks */

    *next = end + count < NEAR_RUN ? from + end + count : scan_not_blank(s, from + NEAR_RUN);
    return from + end;
}

static inline test is_not_name(block b, block x, block y)
{
    test name = any(any(within(lower(b), 'a', 26), within(b, '0', 10)), is_either(b, x, y));

    return but(equal_blocks(b, b), name);
}

size_t scan_not_name(struct str s, size_t from, char a, char b)
{
    return find_near(s, from, is_not_name, each(a), each(b));
}

size_t scan_last(struct str s, char c)
{
    uint64_t bits = 0;

    for (; s.len >= SCAN_RUN; s.len -= SCAN_RUN) {
#pragma GCC unroll 8
        for (size_t at = 0; at < SCAN_RUN; at += BLOCK) {
            bits |= bits_of(equal(load(s.ptr + s.len - SCAN_RUN + at), c)) << at;
        }
        if (bits) {
            return s.len - 1 - (size_t)__builtin_clzll(bits);
        }
    }
    for (size_t at = 0; at < s.len; at += BLOCK) {
        bits |= bits_of(equal(load_some(s.ptr + at, s.len - at), c)) << at;
    }
    return bits ? SCAN_RUN - 1 - (size_t)__builtin_clzll(bits) : STR_NPOS;
}

size_t scan_blank(struct str s, size_t from)
{
    return find(s, from, is_any_blank, each(0), each(0));
}

size_t scan_not_ascii(struct str s, size_t from)
{
    return find(s, from, is_high, each(0), each(0));
}

static inline test is_shift(block b, block x, block y)
{
    return any(is_high(b, x, y), any(within(b, '\016', 2), equal(b, '\033')));
}

size_t scan_shift(struct str s, size_t from)
{
    return find(s, from, is_shift, each(0), each(0));
}

size_t scan_unsafe(struct str s, size_t from)
{
    return find(s, from, is_unsafe, each(0), each(0));
}

/* A digit with which the number of a refusal begins. */
static inline test is_refusing(block b)
{
    return within(b, '4', 2);
}

unsigned scan_which(struct str s, char a, char b)
{
    test has_a, has_b, refuses;

    if (s.len < BLOCK) {
        block few = load_end(s.ptr, s.len);

        has_a = equal(few, a);
        has_b = equal(few, b);
        refuses = is_refusing(few);
    } else {
        /* The last block ends with the text: it may see once more what the one before saw. */
        block last = load(s.ptr + s.len - BLOCK);

        has_a = equal(last, a);
        has_b = equal(last, b);
        refuses = is_refusing(last);
        for (size_t at = 0; at < s.len - BLOCK; at += BLOCK) {
            block one = load(s.ptr + at);

            has_a = any(has_a, equal(one, a));
            has_b = any(has_b, equal(one, b));
            refuses = any(refuses, is_refusing(one));
        }
    }
    return (mask_of(has_a) ? SCAN_FIRST : 0U) | (mask_of(has_b) ? SCAN_SECOND : 0U) |
           (mask_of(refuses) ? SCAN_MAY_REFUSE : 0U);
}

static inline test is_status(block b, block next, block behind)
{
    test digit = any(within(b, '4', 2), equal(b, '2'));

    return both(digit, both(equal(next, '.'), within(behind, '0', 10)));
}

size_t scan_status(struct str s, size_t from)
{
    mask m;

    for (; from + BLOCK + 2 <= s.len; from += BLOCK) {
        m = mask_of(is_status(load(s.ptr + from), load(s.ptr + from + 1), load(s.ptr + from + 2)));
        if (m) {
            return from + first_of(m);
        }
    }
    for (; from + 3 <= s.len; from += BLOCK) {
        size_t left = s.len - from;

        m = mask_of(is_status(load_some(s.ptr + from, left), load_some(s.ptr + from + 1, left - 1),
                              load_some(s.ptr + from + 2, left - 2)));
        if (m) {
            return from + first_of(m);
        }
    }
    return s.len;
}

static inline test is_no_blank(block b, block x, block y)
{
    (void)x;
    (void)y;
    return but(equal_blocks(b, b), is_blank(b));
}

size_t scan_not_blank(struct str s, size_t from)
{
    return find(s, from, is_no_blank, each(0), each(0));
}

/* Bytes of the parts of an address, which may hold what is not ASCII. */
static inline test in_domain(block b)
{
    test word = any(within(lower(b), 'a', 26), within(b, '0', 10));

    return any(any(word, high(b)), any(within(b, '-', 2), equal(b, '_'))); /* '-' and '.' */
}

static inline test in_local(block b)
{
    test sign = any(any(within(b, '(', 2), within(b, ':', 3)),
                    any(within(b, '[', 3), any(equal(b, '"'), equal(b, ','))));

    return any(but(within(b, '!', '~' - '!' + 1), any(sign, any(equal(b, '>'), equal(b, '@')))), high(b));
}

static inline test is_behind_domain(block b, block x, block y)
{
    (void)x;
    (void)y;
    return but(equal_blocks(b, b), in_domain(b));
}

size_t scan_domain_end(struct str s, size_t from)
{
    return find(s, from, is_behind_domain, each(0), each(0));
}

size_t scan_local_start(struct str s, size_t from, size_t end)
{
    while (end > from) {
        size_t at = end < BLOCK ? 0 : end - BLOCK;
        block b = load_some(s.ptr + at, s.len - at);
        mask m = mask_of(but(equal_blocks(b, b), in_local(b))) &
                 (mask)-1 >> (8 * sizeof m - MASK_BITS * (end - at)); /* what stands before `end` */

        if (m) {
            at += (size_t)(63 - __builtin_clzll(m)) / MASK_BITS + 1;
            return at > from ? at : from;
        }
        end = at;
    }
    return from;
}

static inline test is_loose(block b, block next)
{
    return any(within(b, '\t', 5), both(equal(b, ' '), equal(next, ' ')));
}

size_t scan_loose_blank(struct str s, size_t from)
{
    return find_pair(s, from, is_loose);
}

/* Whether the test passes anywhere: looks at all of it, because nobody can foretell where it would.  Several blocks at a
 * time, whether there are as many or not; one that would end behind the text is moved to where its last byte has
 * another one behind it. */
static inline bool any_pair(struct str s, test (*passes)(block b, block next))
{
    if (s.len < BLOCK) {
        block few = load_end(s.ptr, s.len);

        /* Behind it there are NULs. */
        return (mask_of(passes(few, without_first(few))) & (((mask)1 << MASK_BITS * s.len) - 1)) != 0;
    }
    block last = load(s.ptr + s.len - BLOCK);
    test found = passes(last, without_first(last));

    for (size_t from = 0; from < s.len - BLOCK; from += NEAR_RUN) {
#pragma GCC unroll 4
        for (size_t at = from; at < from + NEAR_RUN; at += BLOCK) {
            const char *bytes = s.ptr + (at < s.len - BLOCK ? at : s.len - BLOCK - 1);

            found = any(found, passes(load(bytes), load(bytes + 1)));
        }
    }
    return mask_of(found) != 0;
}

static inline test is_folded(block b, block next)
{
    return any(is_loose(b, next), both(equal(b, '='), equal(next, '?')));
}

bool scan_is_folded(struct str s)
{
    return any_pair(s, is_folded);
}

static inline test is_blanks(block b, block next)
{
    return any(equal(b, '\xC2'), both(is_blank(b), any(is_blank(next), equal(next, '\xC2'))));
}

static inline test is_blanks_or_digit(block b, block next)
{
    return any(is_blanks(b, next), within(b, '0', 10));
}

static inline test is_digit_hyphen(block b, block next)
{
    return both(within(b, '0', 10), equal(next, '-'));
}

size_t scan_digit_hyphen(struct str s, size_t from)
{
    return find_pair(s, from, is_digit_hyphen);
}

static inline test is_untidy(block b, block next)
{
    return any(outside(b, ' ', '~' - ' ' + 1), both(equal(b, ' '), equal(next, ' ')));
}

bool scan_is_tidy(struct str s)
{
    return !any_pair(s, is_untidy);
}

static inline uint64_t untidy_run(const char *from)
{
    uint64_t found = 0;

#pragma GCC unroll 8
    for (size_t at = 0; at < SCAN_RUN; at += BLOCK) {
        found |= bits_of(is_untidy(load(from + at), load(from + at + 1))) << at;
    }
    return found;
}

bool scan_is_tidy_part(struct str s, size_t from, size_t len)
{
    if (len >= SCAN_RUN || s.len - from <= SCAN_RUN) {
        return scan_is_tidy(str_sub(s, from, len));
    }
    return (untidy_run(s.ptr + from) & (((uint64_t)1 << len) - 1)) == 0;
}

size_t scan_blanks(struct str s, size_t from, bool digits)
{
    return digits ? find_pair(s, from, is_blanks_or_digit) : find_pair(s, from, is_blanks);
}

uint64_t scan_words(const char *bytes, uint64_t *behind)
{
    return places_in(bytes, behind, false);
}

uint64_t scan_words_and_signs(const char *bytes, uint64_t *behind)
{
    return places_in(bytes, behind, true);
}

void scan_fold(struct str s, char *out)
{
    size_t at = 0;

    for (; at + BLOCK <= s.len; at += BLOCK) {
        store(out + at, fold(load(s.ptr + at)));
    }
    if (at < s.len) {
        store(out + at, fold(load_end(s.ptr + at, s.len - at)));
    }
}

/* Folds a block, and tells where in it a blank behind a blank stands, or byte 0xC2.  `blank` is the bit of a blank
 * before the block, and is set for those that follow. */
static inline mask fold_block(block b, mask *blank, char *out)
{
    mask blanks = mask_of(is_blank(b));
    mask found = (blanks & (blanks << MASK_BITS | *blank)) | mask_of(equal(b, '\xC2'));

    store(out, fold(b));
    *blank = blanks >> (MASK_BITS * (BLOCK - 1));
    return found;
}

size_t scan_fold_run(struct str s, size_t from, bool after_blank, char *out, bool *has_hyphen)
{
    mask blank = after_blank ? (mask)1 << (MASK_BITS - 1) : 0;
    test hyphen = each(0);
    size_t at = from;
    mask m = 0;

    for (; at + BLOCK < s.len && !m; at += BLOCK) {
        block b = load(s.ptr + at);

        hyphen = any(hyphen, is_digit_hyphen(b, load(s.ptr + at + 1)));
        m = fold_block(b, &blank, out + (at - from));
    }
    if (at < s.len && !m) {
        block b = load_some(s.ptr + at, s.len - at);

        hyphen = any(hyphen, is_digit_hyphen(b, without_first(b)));
        m = fold_block(b, &blank, out + (at - from));
        at += BLOCK;
    }
    *has_hyphen = *has_hyphen || mask_of(hyphen);
    return m ? at - BLOCK - from + first_of(m) : s.len - from;
}

static inline test is_lone_cr(block b, block next)
{
    return but(equal(b, '\r'), equal(next, '\n'));
}

size_t scan_lone_cr(struct str s, size_t from)
{
    return find_pair(s, from, is_lone_cr);
}

size_t scan_three(struct str s, size_t from, const char bytes[3])
{
    mask m;

    for (; from + BLOCK + 2 <= s.len; from += BLOCK) {
        m = mask_of(both(both(equal(load(s.ptr + from), bytes[0]), equal(load(s.ptr + from + 1), bytes[1])),
                         equal(load(s.ptr + from + 2), bytes[2])));
        if (m) {
            return from + first_of(m);
        }
    }
    for (; from + 3 <= s.len; from += BLOCK) {
        size_t left = s.len - from;

        m = mask_of(both(both(equal(load_some(s.ptr + from, left), bytes[0]),
                              equal(load_some(s.ptr + from + 1, left - 1), bytes[1])),
                         equal(load_some(s.ptr + from + 2, left - 2), bytes[2])));
        if (m) {
            return from + first_of(m) + 3 <= s.len ? from + first_of(m) : s.len;
        }
    }
    return s.len;
}

/* Where both bytes stand in SCAN_RUN bytes, a bit each; that they do is rare, and told first. */
static inline uint64_t apart_in_run(const char *from, char first, char second, size_t apart)
{
    test found = both(equal(load(from), first), equal(load(from + apart), second));
    uint64_t bits = 0;

#pragma GCC unroll 8
    for (size_t at = BLOCK; at < SCAN_RUN; at += BLOCK) {
        found = any(found, both(equal(load(from + at), first), equal(load(from + at + apart), second)));
    }
    for (size_t at = 0; mask_of(found) && at < SCAN_RUN; at += BLOCK) {
        bits |= bits_of(both(equal(load(from + at), first), equal(load(from + at + apart), second))) << at;
    }
    return bits;
}

size_t scan_apart(struct str s, size_t from, char first, char second, size_t apart)
{
    for (; from + SCAN_RUN + apart <= s.len; from += SCAN_RUN) {
        uint64_t bits = apart_in_run(s.ptr + from, first, second, apart);

        if (bits) {
            return from + (size_t)__builtin_ctzll(bits);
        }
    }
    for (; from + apart < s.len; from += BLOCK) {
        size_t left = s.len - from;
        mask m = mask_of(both(equal(load_some(s.ptr + from, left), first),
                              equal(load_some(s.ptr + from + apart, left - apart), second)));

        if (m) {
            return not_behind(s, from + first_of(m));
        }
    }
    return s.len;
}

/* Refusals that begin in a block; most blocks have no byte with which one does. */
static inline mask refusals(const char *from)
{
    mask m = mask_of(is_refusing(load(from)));

    return m ? m & mask_of(both(within(load(from + 1), '.', '7' - '.' + 1), within(load(from + 2), '0', 10))) : 0;
}

size_t scan_refusal(struct str s, size_t from)
{
    char few[BLOCK + 2] = {0};
    mask m;

    for (; from + BLOCK + 2 <= s.len; from += BLOCK) {
        m = refusals(s.ptr + from);
        if (m) {
            return from + first_of(m);
        }
    }
    if (from + 2 >= s.len) {
        return s.len;
    }
    if (s.len >= sizeof few) {
        /* The last block of the text, without what stands in it before `from`. */
        m = refusals(s.ptr + s.len - sizeof few) >> (MASK_BITS * (from + sizeof few - s.len));
    } else {
        memcpy(few, s.ptr + from, s.len - from);
        m = refusals(few);
    }
    return m ? from + first_of(m) : s.len;
}

/* Other bytes than letters may look alike. */
size_t scan_two_nocase(struct str s, size_t from, char first, char second)
{
    mask m;

    block one = each((char)(first | 32));
    block two = each((char)(second | 32));

    for (; from + BLOCK < s.len; from += BLOCK) {
        m = mask_of(both(equal_blocks(lower(load(s.ptr + from)), one),
                         equal_blocks(lower(load(s.ptr + from + 1)), two)));
        if (m) {
            return from + first_of(m);
        }
    }
    if (from + 1 >= s.len) {
        return s.len;
    }
    block last = lower(load_last(s, from));

    m = mask_of(both(equal_blocks(last, one), equal_blocks(without_first(last), two))) >> before_last(s, from);
    return m ? not_behind(s, from + first_of(m)) : s.len;
}

/* Writes where the byte behind the lowest bit is, if there is one, without a branch, and takes it off; gives how many. */
static inline size_t put_lowest(uint64_t *bits, size_t from, uint32_t *out)
{
    uint64_t lowest = *bits;

    *out = (uint32_t)(from + 1) + (uint32_t)__builtin_ctzll(lowest | 1ull << 63);
    *bits = lowest & (lowest - 1);
    return lowest != 0;
}

size_t scan_behind(struct str s, size_t from, size_t to, char c, uint32_t *out)
{
    size_t count = 0;

    for (; from + 64 <= to; from += 64) {
        uint64_t bits = 0;

#pragma GCC unroll 8
        for (size_t at = 0; at < 64; at += BLOCK) {
            bits |= bits_of(equal(load(s.ptr + from + at), c)) << at;
        }
        /* Lines end there seldom more than three times, and how often is not to be foreseen. */
        count += put_lowest(&bits, from, out + count);
        count += put_lowest(&bits, from, out + count);
        count += put_lowest(&bits, from, out + count);
        while (bits) {
            count += put_lowest(&bits, from, out + count);
        }
    }
    for (; from < to; from += BLOCK) {
        mask m = mask_of(equal(load_some(s.ptr + from, to - from), c));

        for (; m; m &= m - 1) {
            out[count] = (uint32_t)(from + first_of(m) + 1);
            count += out[count] <= to;
        }
    }
    return count;
}

static inline test same(block a, const char *bytes)
{
    return equal_blocks(a, load(bytes));
}

static inline test is_pair(block a, block b, const struct scan_pair *pairs, size_t count)
{
    test found = both(same(a, pairs[0].first), same(b, pairs[0].second));

    for (size_t i = 1; i < count; i++) {
        found = any(found, both(same(a, pairs[i].first), same(b, pairs[i].second)));
    }
    return found;
}

size_t scan_pairs(struct str s, size_t from, const struct scan_pair *pairs, size_t count)
{
    for (; count && from + 1 < s.len; from += BLOCK) {
        size_t left = s.len - from;
        block a = lower(load_some(s.ptr + from, left));
        block b = lower(load_some(s.ptr + from + 1, left - 1));
        mask m = mask_of(is_pair(a, b, pairs, count));

        if (m) {
            return not_behind(s, from + first_of(m));
        }
    }
    return s.len;
}

size_t scan_copy_safe(struct str s, size_t from, char *out)
{
    return copy_safe(s.ptr + from, s.len - from, out);
}

size_t scan_copy_until(struct str s, size_t from, char c, char *out)
{
    const char *bytes = s.ptr + from;
    size_t len = s.len - from;

    if (len < BLOCK) {
        block b = load_end(bytes, len);
        mask m = mask_of(equal(b, c));

        store(out, b);
        return m && first_of(m) < len ? first_of(m) : len;
    }
    for (size_t at = 0; at < len; at += BLOCK) {
        size_t moved = at < len - BLOCK ? at : len - BLOCK; /* the last block ends with the text */
        block b = load(bytes + moved);
        mask m = mask_of(equal(b, c));

        store(out + moved, b);
        if (m) {
            return moved + first_of(m);
        }
    }
    return len;
}
