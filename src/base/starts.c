#include "base/starts.h"

#include "base/err.h"
#include "base/places.h"

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
    return (loose ? scan_blank(literal, at) : literal.len) - at;
}

/* What begins in the last bytes of a run only those behind it tell. */
_Static_assert(STARTS_RUN + 3 == SCAN_RUN, "as many bytes as are told of");

struct starts_places starts_places(struct str literal, size_t from)
{
    char room[SCAN_RUN + 1];
    uint64_t run = (UINT64_C(1) << STARTS_RUN) - 1;
    uint64_t before = from > 0 && is_letter(literal.ptr[from - 1]);
    uint64_t again = before;
    struct str bytes = str_sub(literal, from, sizeof room);

    memset(room, ' ', sizeof room);
    memcpy(room, bytes.ptr, bytes.len);
    uint64_t words = scan_words(room, &before);

    return (struct starts_places){words & run, scan_words_and_signs(room, &again) & ~words & run};
}

static uint64_t key_mask(size_t len)
{
    return len < STARTS_BYTES ? (UINT64_C(1) << 8 * len) - 1 : UINT64_MAX;
}

size_t starts_key(struct str literal, size_t at, bool loose, uint64_t *bytes)
{
    size_t len = length_at(literal, at, loose);

    len = len < STARTS_BYTES ? len : STARTS_BYTES;
    *bytes = fold_at(literal, at) & key_mask(len);
    return len;
}

void starts_add(struct starts *starts, struct arena *arena, struct str literal, size_t at, bool loose,
                uint16_t number)
{
    size_t len = length_at(literal, at, loose);
    BUG_ON(len < STARTS_KEY_BYTES);
    struct str key = str_make(literal.ptr + at, len);
    struct starts_item item = {.literal = number};

    for (size_t i = 0; i < 2; i++) {
        item.masks[i] = key_mask(len > i * STARTS_BYTES ? len - i * STARTS_BYTES : 0);
        item.bytes[i] = fold_at(key, i * STARTS_BYTES) & item.masks[i];
    }
    starts->has_signs = starts->has_signs || starts_places(literal, at).signs & 1;
    starts->has_threes = starts->has_threes || len == STARTS_KEY_BYTES;
    *VEC_ROOM(arena, starts->items, starts->count, starts->capacity) = item;
}

static inline size_t long_slot(uint64_t hash)
{
    return starts_long(hash, STARTS_SLOT_BITS);
}

static inline size_t short_slot(uint64_t hash, bool has_threes)
{
    return ((size_t)1 << STARTS_SLOT_BITS) + starts_short(hash, has_threes, STARTS_SLOT_BITS);
}

/* Notes that there is a literal with such a place. */
static void note(struct starts *starts, struct starts_item *item)
{
    uint64_t hash = starts_hash(item->bytes[0]);

    if (item->masks[0] == key_mask(STARTS_BYTES)) {
        item->slot = (uint16_t)long_slot(hash);
        starts->longs[starts_long(hash, STARTS_LONG_BITS)] = 1;
    } else {
        item->slot = (uint16_t)short_slot(hash, starts->has_threes);
        starts->shorts[starts_short(hash, starts->has_threes, STARTS_SHORT_BITS)] = 1;
    }
    starts->slots[item->slot]++;
}

void starts_build(struct starts *starts, struct arena *arena)
{
    struct starts_item *items = ARENA_ROOM(arena, struct starts_item, starts->count);

    for (size_t i = 0; i < starts->count; i++) {
        note(starts, &starts->items[i]);
    }
    for (size_t i = 1; i < sizeof starts->slots / sizeof starts->slots[0]; i++) {
        starts->slots[i] = (uint16_t)(starts->slots[i] + starts->slots[i - 1]); /* where its items end */
    }
    for (size_t i = 0; i < starts->count; i++) {
        items[--starts->slots[starts->items[i].slot]] = starts->items[i];
    }
    starts->items = items;
}

/* A place of a text, what stands there, and who asks for it. */
struct place {
    const struct starts *starts;
    uint64_t bytes[2];
    size_t at;
    starts_found_fn found;
    void *context;
};

static inline void look_in(const struct place *place, size_t slot)
{
    const struct starts *starts = place->starts;

    for (size_t i = starts->slots[slot]; i < starts->slots[slot + 1]; i++) {
        const struct starts_item *item = &starts->items[i];

        if ((place->bytes[0] & item->masks[0]) == item->bytes[0] &&
            (place->bytes[1] & item->masks[1]) == item->bytes[1]) {
            place->found(place->context, item->literal, place->at);
        }
    }
}

enum { LOOK_BYTES = 2 * STARTS_BYTES }; /* of a place */

/* Looks at the place `at` of a text, of which the bytes are given, zeros behind its end. */
static inline void look(const struct starts *starts, const char *bytes, size_t at, starts_found_fn found, void *context)
{
    struct place place = {starts, {starts_fold(bytes), starts_fold(bytes + STARTS_BYTES)}, at, found, context};
    uint64_t hash = starts_hash(place.bytes[0]);

    look_in(&place, long_slot(hash));
    look_in(&place, short_slot(hash, starts->has_threes));
}

void starts_look(const struct starts *starts, struct str text, size_t at, starts_found_fn found, void *context)
{
    char few[LOOK_BYTES] = {0};
    struct str rest = str_sub(text, at, LOOK_BYTES);

    if (rest.len < LOOK_BYTES) {
        memcpy(few, rest.len ? rest.ptr : "", rest.len);
    }
    look(starts, rest.len < LOOK_BYTES ? few : rest.ptr, at, found, context);
}

/* Which of the places something may begin at: told for all of them without a branch, which nobody could foresee. */
static inline uint64_t hits_among(const struct starts *starts, const char *bytes, uint64_t places, bool has_threes)
{
    uint64_t hits = 0;

    for (; places; places &= places - 1) {
        unsigned i = (unsigned)__builtin_ctzll(places);

        hits |= starts_have(starts, starts_fold(bytes + i), has_threes) << i;
    }
    return hits;
}

enum { RUN_BYTES = SCAN_RUN + LOOK_BYTES }; /* of a run, and what is looked at behind it */

void starts_scan(const struct starts *starts, struct str text, starts_found_fn found, void *context)
{
    char room[SCAN_RUN + RUN_BYTES] = {0}; /* the last bytes, with zeros behind them */
    size_t in_place = text.len < RUN_BYTES ? 0 : (text.len - RUN_BYTES) / SCAN_RUN * SCAN_RUN + SCAN_RUN;
    uint64_t behind = 0; /* whether a letter ends the bytes before */

    memcpy(room, text.len ? text.ptr + in_place : "", text.len - in_place);
    for (size_t from = 0; from < text.len; from += SCAN_RUN) {
        const char *bytes = from < in_place ? text.ptr + from : room + (from - in_place);
        uint64_t places = starts->has_signs ? places_in(bytes, &behind, true) : places_in(bytes, &behind, false);
        uint64_t hits = starts->has_threes ? hits_among(starts, bytes, places, true)
                                           : hits_among(starts, bytes, places, false);

        for (; hits; hits &= hits - 1) {
            unsigned i = (unsigned)__builtin_ctzll(hits);

            look(starts, bytes + i, from + i, found, context);
        }
    }
}
