/* Bytes a block at a time, for scan.c and for the few loops that must not call it for each of many short texts: a block
 * of bytes, and a mask that tells which of them pass a test. */
#ifndef NDR_BASE_BLOCK_H
#define NDR_BASE_BLOCK_H

#include "base/str.h"

#if defined(__SSE2__) && !defined(SCAN_PORTABLE)
#include <emmintrin.h>

typedef __m128i block;
typedef unsigned mask; /* a bit a byte */

static inline block load(const char *from)
{
    return _mm_loadu_si128((const __m128i *)from);
}

static inline block block_of(uint64_t low, uint64_t high)
{
    return _mm_set_epi64x((long long)high, (long long)low);
}

static inline void store(char *to, block b)
{
    _mm_storeu_si128((__m128i *)to, b);
}

/* What a test gives: all bits of each byte that passes. */
typedef __m128i test;

static inline mask mask_of(test t)
{
    return (mask)_mm_movemask_epi8(t);
}

static inline test both(test a, test b)
{
    return _mm_and_si128(a, b);
}

static inline test any(test a, test b)
{
    return _mm_or_si128(a, b);
}

static inline test but(test a, test b)
{
    return _mm_andnot_si128(b, a);
}

static inline test equal_blocks(block a, block b)
{
    return _mm_cmpeq_epi8(a, b);
}

static inline block each(char c)
{
    return _mm_set1_epi8(c);
}

static inline test equal(block b, char c)
{
    return equal_blocks(b, each(c));
}

/* Bytes from `low` on, `count` of them (as unsigned values): moved up to the greatest signed ones, which no others are
 * moved to. */
static inline test within(block b, unsigned char low, unsigned char count)
{
    block moved = _mm_add_epi8(b, _mm_set1_epi8((char)(128 - low - count)));

    return _mm_cmpgt_epi8(moved, _mm_set1_epi8((char)(127 - count)));
}

/* Any but those; fewer than 128. */
static inline test outside(block b, unsigned char low, unsigned char count)
{
    block moved = _mm_add_epi8(b, _mm_set1_epi8((char)(128 - low - count)));

    return _mm_cmpgt_epi8(_mm_set1_epi8((char)(128 - count)), moved);
}

static inline test high(block b)
{
    return b;
}

static inline block without_first(block b)
{
    return _mm_srli_si128(b, 1);
}

/* Each byte times two, which puts the bit below the highest in its place. */
static inline block twice(block b)
{
    return _mm_add_epi8(b, b);
}

/* Printable ASCII but '"' and '\\'. */
static inline test safe(block b)
{
    /* As signed bytes: below ' ' are the controls and all above 0x7F; one bit exchanges '"' and ' '. */
    test above = _mm_cmpgt_epi8(_mm_xor_si128(b, _mm_set1_epi8(2)), _mm_set1_epi8(' '));

    return but(above, any(equal(b, '\\'), equal(b, 0x7F)));
}

static inline block lower(block b)
{
    return _mm_or_si128(b, _mm_set1_epi8(32));
}

static inline block fold(block b)
{
    block blank = within(b, '\t', 5);

    b = _mm_or_si128(b, _mm_and_si128(within(b, 'A', 26), _mm_set1_epi8(32)));
    return _mm_max_epu8(b, _mm_and_si128(blank, _mm_set1_epi8(' '))); /* they are all below it */
}

/* A bit a byte. */
static inline uint64_t bits_of(test t)
{
    return mask_of(t);
}

enum { MASK_BITS = 1 }; /* of a byte */
static const mask MASK_ALL = 0xFFFF;
#else
typedef uint64_t block;
typedef uint64_t mask; /* the top bit of each byte, the first byte lowest */

#define EACH(byte) (0x0101010101010101u * (unsigned char)(byte))

static inline block load(const char *from)
{
    block b;

    memcpy(&b, from, sizeof b);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    b = __builtin_bswap64(b);
#endif
    return b;
}

static inline block block_of(uint64_t low, uint64_t high)
{
    (void)high;
    return low;
}

static inline void store(char *to, block b)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    b = __builtin_bswap64(b);
#endif
    memcpy(to, &b, sizeof b);
}

typedef mask test;

static inline mask mask_of(test t)
{
    return t;
}

static inline test both(test a, test b)
{
    return a & b;
}

static inline test any(test a, test b)
{
    return a | b;
}

static inline test but(test a, test b)
{
    return a & ~b;
}

static inline test high(block b)
{
    return b & EACH(0x80);
}

static inline block without_first(block b)
{
    return b >> 8;
}

static inline block twice(block b)
{
    return (b & EACH(0x7F)) << 1;
}

static inline test equal_blocks(block a, block b)
{
    b ^= a;
    return high(~(((b & EACH(0x7F)) + EACH(0x7F)) | b));
}

static inline block each(char c)
{
    return EACH(c);
}

static inline test equal(block b, char c)
{
    return equal_blocks(b, each(c));
}

/* Both ends below 0x80. */
static inline test within(block b, unsigned char low, unsigned char count)
{
    block seven = b & EACH(0x7F);
    block from = seven + EACH(0x80 - low);
    block beyond = seven + EACH(0x80 - low - count);

    return high(from & ~beyond & ~b);
}

static inline test outside(block b, unsigned char low, unsigned char count)
{
    return high(~within(b, low, count));
}

static inline test safe(block b)
{
    return but(within(b, ' ', 0x5F), any(equal(b, '"'), equal(b, '\\')));
}

static inline block lower(block b)
{
    return b | EACH(32);
}

static inline block fold(block b)
{
    mask blank = within(b, '\t', 5) >> 7;

    b |= within(b, 'A', 26) >> 2;
    return (b & ~(blank * 0xFF)) | blank * ' ';
}

/* A bit a byte. */
static inline uint64_t bits_of(test t)
{
    return ((mask_of(t) >> 7) * 0x0102040810204080u) >> 56;
}

enum { MASK_BITS = 8 };
static const mask MASK_ALL = EACH(0x80);
#endif

enum { BLOCK = sizeof(block), NEAR_RUN = 32 };

/* A test of bytes, which may need two others, each all over a block. */
typedef test (*block_test)(block b, block x, block y);

/* What ends the name of a field: a colon, and all but printable ASCII without the blank. */
static inline test beyond_name(block b, block x, block y)
{
    (void)x;
    (void)y;
    return any(outside(b, '!', '~' - '!' + 1), equal(b, ':'));
}

/* Which of NEAR_RUN bytes pass, a bit each: for what nearly always stands near, and nobody can foretell in which block. */
static inline __attribute__((always_inline)) uint64_t near_bits(const char *from, block_test passes, block x, block y)
{
    uint64_t bits = 0;

#pragma GCC unroll 4
    for (size_t at = 0; at < NEAR_RUN; at += BLOCK) {
        bits |= bits_of(passes(load(from + at), x, y)) << at;
    }
    return bits;
}

/* The bytes that do not pass a test. */
static inline mask not_of(test t)
{
    return mask_of(t) ^ MASK_ALL;
}

static inline size_t first_of(mask m)
{
    return (size_t)__builtin_ctzll(m) / MASK_BITS;
}

/* Four or eight bytes as a number, the first byte lowest. */
static inline uint64_t load_four(const char *from)
{
    uint32_t n;

    memcpy(&n, from, sizeof n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    n = __builtin_bswap32(n);
#endif
    return n;
}

static inline uint64_t load_eight(const char *from)
{
    uint64_t n;

    memcpy(&n, from, sizeof n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    n = __builtin_bswap64(n);
#endif
    return n;
}

/* Fewer than eight bytes: two loads that overlap. */
static inline uint64_t load_few(const char *from, size_t len)
{
    if (len >= 4) {
        return load_four(from) | load_four(from + len - 4) << (8 * (len - 4));
    }
    if (len == 0) {
        return 0;
    }
    return (uint64_t)(unsigned char)from[0] | (uint64_t)(unsigned char)from[len / 2] << (8 * (len / 2)) |
           (uint64_t)(unsigned char)from[len - 1] << (8 * (len - 1));
}

/* The last bytes of a text, which are no whole block; the rest of the block is zero. */
static inline block load_end(const char *from, size_t len)
{
    if (BLOCK > 8 && len >= 8) {
        uint64_t rest = len > 8 ? load_eight(from + len - 8) >> (8 * (16 - len)) : 0;

        return block_of(load_eight(from), rest);
    }
    return block_of(load_few(from, len), 0);
}

/* The same for `len` bytes, which may be a whole block or none. */
static inline block load_some(const char *from, size_t len)
{
    return len < BLOCK ? load_end(from, len) : load(from);
}

/* Copies the block at `at` of a text of at least one; one that would end behind the text is moved to its end, where it
 * copies once more what was copied. */
static inline test copy_block(const char *from, size_t len, size_t at, char *out)
{
    size_t moved = at < len - BLOCK ? at : len - BLOCK;
    block b = load(from + moved);

    store(out + moved, b);
    return safe(b);
}

/* Where the first byte of such a block is that is not safe; `len` when all are. */
static inline size_t unsafe_at(const char *from, size_t len, size_t at)
{
    for (; at < len; at += BLOCK) {
        size_t moved = at < len - BLOCK ? at : len - BLOCK;
        mask m = not_of(safe(load(from + moved)));

        if (m) {
            return moved + first_of(m);
        }
    }
    return len;
}

/* Two blocks at a time, whether there are as many or not: half of the texts are not longer, and nobody can foretell how
 * long they are. */
static inline __attribute__((always_inline)) size_t copy_blocks(const char *from, size_t len, char *out)
{
    for (size_t at = 0; at < len; at += 2 * BLOCK) {
        test first = copy_block(from, len, at, out);
        test second = copy_block(from, len, at + BLOCK, out);

        if (not_of(both(first, second))) {
            return unsafe_at(from, len, at);
        }
    }
    return len;
}

/* Copies bytes up to the first that is unsafe; gives how many.  `out` has room for all of them and a block more. */
static inline __attribute__((always_inline)) size_t copy_safe(const char *from, size_t len, char *out)
{
    if (len >= BLOCK) {
        return copy_blocks(from, len, out);
    }
    block b = load_end(from, len);

    store(out, b);
    return len ? first_of(not_of(safe(b))) : 0; /* the zeros behind the text at the latest */
}

/* The same for fewer than `width` bytes (a constant, at most WIDE_MAX) where so many can be read: all are copied, so that
 * nothing hangs on how long the text is. */
enum { WIDE_MAX = 64 };

static inline __attribute__((always_inline)) size_t copy_safe_wide(const char *from, size_t len, char *out, size_t width)
{
    uint64_t all = 0;

#pragma GCC unroll 8
    for (size_t at = 0; at < width; at += BLOCK) {
        block b = load(from + at);

        store(out + at, b);
        all |= bits_of(safe(b)) << at;
    }
    return (size_t)__builtin_ctzll(~all | (uint64_t)1 << len);
}

#endif
