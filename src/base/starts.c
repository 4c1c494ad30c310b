#include "base/starts.h"

#include "base/err.h"
#include "base/scan.h"

static bool is_letter(char c)
{
    return str_is_alnum(c) && !str_is_digit(c);
}

/* Fewer bytes than eight. */
static __attribute__((noinline)) uint64_t fold_some(struct str text, size_t at)
{
    char bytes[STARTS_BYTES] = {0};

    if (at < text.len) {
        memcpy(bytes, text.ptr + at, text.len - at);
    }
    return starts_fold(bytes);
}

static inline uint64_t fold_at(struct str text, size_t at)
{
    return at + STARTS_BYTES <= text.len ? starts_fold(text.ptr + at) : fold_some(text, at);
}

/* Bytes of the literal from `at` on that stand in the text as they are. */
static size_t length_at(struct str literal, size_t at, bool loose)
{
    size_t len = 0;

    while (at + len < literal.len && !(loose && str_is_blank(literal.ptr[at + len]))) {
        len++;
    }
    return len;
}

/* As scan_words_and_signs() sees it. */
enum starts_place starts_place(struct str s, size_t at)
{
    char c = s.ptr[at];
    char next = at + 1 < s.len ? s.ptr[at + 1] : ' ';

    if ((unsigned char)c >= SCAN_LEAD_MIN) {
        return STARTS_WORD;
    }
    if (is_letter(c) && is_letter(next) && at + 2 < s.len && s.ptr[at + 2] != ' ' &&
        (at == 0 || !is_letter(s.ptr[at - 1]))) {
        return STARTS_WORD;
    }
    bool is_sign = c == '(' || c == '<' || c == ']' || (str_is_digit(c) && next == '.') ||
                   (is_letter(c) && str_is_digit(next));

    return is_sign ? STARTS_SIGN : STARTS_NOTHING;
}

size_t starts_key(struct str literal, size_t at, bool loose)
{
    size_t len = length_at(literal, at, loose);

    return len < STARTS_BYTES ? len : STARTS_BYTES;
}

static uint64_t mask_of(size_t len)
{
    return len < STARTS_BYTES ? (UINT64_C(1) << 8 * len) - 1 : UINT64_MAX;
}

/* The head of the chain on which items with these bytes are, by the length of their keys. */
static inline uint32_t bucket_of(enum starts_chain chain, uint64_t bytes)
{
    uint32_t hash = chain == STARTS_LONG   ? starts_hash_long(bytes)
                    : chain == STARTS_FOUR ? starts_hash(bytes)
                                           : starts_hash(bytes << 8);

    return hash >> (32 - STARTS_BUCKET_BITS);
}

static void set_bit(uint64_t *filter, uint32_t hash)
{
    uint32_t bit = hash >> (32 - STARTS_FILTER_BITS);

    filter[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static void set_bits(struct starts *starts, enum starts_chain chain, uint64_t bytes)
{
    if (chain == STARTS_LONG) {
        set_bit(starts->all, starts_hash(bytes));
        set_bit(starts->long_ones, starts_hash_long(bytes));
        return;
    }
    /* A key of three bytes stands before any fourth. */
    for (uint64_t fourth = 0; fourth < (chain == STARTS_THREE ? 256 : 1); fourth++) {
        uint32_t hash = starts_hash(chain == STARTS_THREE ? bytes | (fourth | 0x20) << 24 : bytes);

        set_bit(starts->all, hash);
        set_bit(starts->short_ones, hash);
    }
}

void starts_add(struct starts *starts, struct arena *arena, struct str literal, size_t at, bool loose,
                uint16_t number)
{
    size_t len = length_at(literal, at, loose);
    struct str key = str_sub(literal, at, len);
    struct starts_item item = {.literal = number};

    BUG_ON(len < STARTS_KEY_BYTES);
    starts->has_signs = starts->has_signs || starts_place(literal, at) == STARTS_SIGN;
    for (size_t i = 0; i < 2; i++) {
        item.masks[i] = mask_of(len > i * STARTS_BYTES ? len - i * STARTS_BYTES : 0);
        item.bytes[i] = fold_at(key, i * STARTS_BYTES) & item.masks[i];
    }
    if (starts->count == 0) {
        *VEC_PUSH(arena, starts->items, starts->count, starts->capacity) = (struct starts_item){0}; /* none */
    }
    enum starts_chain chain = starts_chain_of(len);
    uint16_t *first = &starts->first[chain][bucket_of(chain, item.bytes[0])];

    set_bits(starts, chain, item.bytes[0]);
    item.next = *first;
    *VEC_PUSH(arena, starts->items, starts->count, starts->capacity) = item;
    *first = (uint16_t)(starts->count - 1);
}

/* A place of a text, and who asks for what stands there. */
struct place {
    const struct starts *starts;
    uint64_t bytes, more;
    size_t at;
    starts_found_fn found;
    void *context;
};

static inline void follow(const struct place *place, enum starts_chain chain)
{
    const struct starts_item *items = place->starts->items;

    for (uint16_t i = place->starts->first[chain][bucket_of(chain, place->bytes)]; i; i = items[i].next) {
        const struct starts_item *item = &items[i];

        if ((place->bytes & item->masks[0]) == item->bytes[0] && (place->more & item->masks[1]) == item->bytes[1]) {
            place->found(place->context, item->literal, place->at);
        }
    }
}

static inline struct place place_of(const struct starts *starts, struct str text, size_t at, starts_found_fn found,
                                    void *context)
{
    return (struct place){starts, fold_at(text, at), fold_at(text, at + STARTS_BYTES), at, found, context};
}

void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context)
{
    struct place place = place_of(starts, text, at, found, context);

    follow(&place, STARTS_LONG);
    follow(&place, STARTS_FOUR);
    follow(&place, STARTS_THREE);
}

/* The same for long keys, and for short ones. */
static __attribute__((noinline)) void look_long(const struct starts *starts, struct str text, size_t at,
                                                starts_found_fn found, void *context)
{
    struct place place = place_of(starts, text, at, found, context);

    follow(&place, STARTS_LONG);
}

static __attribute__((noinline)) void look_short(const struct starts *starts, struct str text, size_t at,
                                                 starts_found_fn found, void *context)
{
    struct place place = place_of(starts, text, at, found, context);

    follow(&place, STARTS_FOUR);
    follow(&place, STARTS_THREE);
}

/* Looks at the words that begin and the signs among SCAN_RUN bytes, which stand at `from` of the text and have
 * STARTS_BYTES more behind them. */
static inline void look_at_run(const struct starts *starts, const char *bytes, struct str text, size_t from,
                               uint64_t *behind, starts_found_fn found, void *context)
{
    uint64_t places = starts->has_signs ? scan_words_and_signs(bytes, behind) : scan_words(bytes, behind);

    for (; places; places &= places - 1) {
        size_t i = (size_t)__builtin_ctzll(places);
        uint64_t eight = starts_fold(bytes + i);

        if (!starts_have(starts, eight)) {
            continue;
        }
        if (starts_has(starts->long_ones, starts_hash_long(eight))) {
            look_long(starts, text, from + i, found, context);
        }
        if (starts_has(starts->short_ones, starts_hash(eight))) {
            look_short(starts, text, from + i, found, context);
        }
    }
}

void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context)
{
    char last[SCAN_RUN + STARTS_BYTES];
    uint64_t behind = 0; /* whether a letter ends the bytes before */
    size_t from = 0;

    for (; text.len - from >= sizeof last; from += SCAN_RUN) {
        look_at_run(starts, text.ptr + from, text, from, &behind, found, context);
    }
    for (; from < text.len; from += SCAN_RUN) {
        size_t left = text.len - from;

        memset(last, 0, sizeof last);
        memcpy(last, text.ptr + from, left);
        look_at_run(starts, last, text, from, &behind, found, context);
    }
}
