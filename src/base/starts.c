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

void starts_add(struct starts *starts, struct arena *arena, struct str literal, size_t at, bool loose,
                uint16_t number)
{
    size_t len = length_at(literal, at, loose);
    BUG_ON(len < STARTS_KEY_BYTES);
    struct str key = str_make(literal.ptr + at, len);
    struct starts_item item = {.literal = number};

    starts->has_signs = starts->has_signs || starts_place(literal, at) == STARTS_SIGN;
    for (size_t i = 0; i < 2; i++) {
        item.masks[i] = mask_of(len > i * STARTS_BYTES ? len - i * STARTS_BYTES : 0);
        item.bytes[i] = fold_at(key, i * STARTS_BYTES) & item.masks[i];
    }
    if (starts->count == 0) {
        *VEC_PUSH(arena, starts->items, starts->count, starts->capacity) = (struct starts_item){0}; /* none */
    }
    enum starts_chain chain = starts_chain_of(len);

    starts->has_threes = starts->has_threes || chain == STARTS_THREE;
    uint16_t *first = &starts->slots[chain][starts_slot(chain, starts_hash(item.bytes[0]))];

    item.next = *first;
    *VEC_PUSH(arena, starts->items, starts->count, starts->capacity) = item;
    *first = (uint16_t)(starts->count - 1);
}

/* A place of a text, and who asks for what stands there. */
struct place {
    const struct starts *starts;
    uint64_t bytes, more, hash;
    size_t at;
    starts_found_fn found;
    void *context;
};

static inline void follow(const struct place *place, enum starts_chain chain)
{
    const struct starts_item *items = place->starts->items;

    for (uint16_t i = place->starts->slots[chain][starts_slot(chain, place->hash)]; i; i = items[i].next) {
        const struct starts_item *item = &items[i];

        if ((place->bytes & item->masks[0]) == item->bytes[0] && (place->more & item->masks[1]) == item->bytes[1]) {
            place->found(place->context, item->literal, place->at);
        }
    }
}

static inline void look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context)
{
    struct place place = {.starts = starts, .at = at, .found = found, .context = context};

    place.bytes = fold_at(text, at);
    place.more = fold_at(text, at + STARTS_BYTES);
    place.hash = starts_hash(place.bytes);
    follow(&place, STARTS_LONG);
    follow(&place, STARTS_FOUR);
    follow(&place, STARTS_THREE);
}

void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context)
{
    look(starts, text, at, found, context);
}

/* Which of the places something may begin at: told for all of them without a branch, which nobody could foresee. */
static inline uint64_t hits_among(const struct starts *starts, const char *bytes, uint64_t places, bool has_threes)
{
    uint64_t hits = 0;

    for (; places; places &= places - 1) {
        size_t i = (size_t)__builtin_ctzll(places);

        hits |= (uint64_t)starts_have(starts, starts_fold(bytes + i), has_threes) << i;
    }
    return hits;
}

enum { RUN_BYTES = SCAN_RUN + STARTS_BYTES }; /* of a run, and what is looked at behind it */

void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context)
{
    char room[SCAN_RUN + RUN_BYTES] = {0}; /* the last bytes, with zeros behind them */
    size_t in_place = text.len < RUN_BYTES ? 0 : (text.len - RUN_BYTES) / SCAN_RUN * SCAN_RUN + SCAN_RUN;
    uint64_t behind = 0; /* whether a letter ends the bytes before */

    memcpy(room, text.len ? text.ptr + in_place : "", text.len - in_place);
    for (size_t from = 0; from < text.len; from += SCAN_RUN) {
        const char *bytes = from < in_place ? text.ptr + from : room + (from - in_place);
        uint64_t places = starts->has_signs ? scan_words_and_signs(bytes, &behind) : scan_words(bytes, &behind);
        uint64_t hits = starts->has_threes ? hits_among(starts, bytes, places, true)
                                           : hits_among(starts, bytes, places, false);

        for (; hits; hits &= hits - 1) {
            look(starts, text, from + (size_t)__builtin_ctzll(hits), found, context);
        }
    }
}
