#include "ui/place.h"

#include "base/err.h"

void places_init(struct places *places)
{
    *places = (struct places){0};
    places_home(places);
}

void places_fini(struct places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        mem_free(places->pool[i]);
    }
    mem_free(places->pool);
}

struct place *places_current(const struct places *places)
{
    return places->history[places->at];
}

/* Marks what the history and the parents of its places still need. */
static void mark(struct places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        places->pool[i]->is_marked = false;
    }
    for (size_t i = 0; i <= places->history_count; i++) {
        struct place *place = i < places->history_count ? places->history[i] : places->before;

        for (; place && !place->is_marked; place = place->parent) {
            place->is_marked = true;
        }
    }
}

static struct place *unused(struct places *places)
{
    mark(places);
    for (size_t i = 0; i < places->count; i++) {
        if (!places->pool[i]->is_marked) {
            return places->pool[i];
        }
    }
    if (places->count == places->capacity) {
        places->capacity = places->capacity ? places->capacity * 2 : 16;
        places->pool = mem_realloc(places->pool, places->capacity * sizeof *places->pool);
    }
    places->pool[places->count] = mem_alloc(sizeof *places->pool[0]);
    return places->pool[places->count++];
}

static struct place *fresh(struct places *places, enum place_kind kind, struct place *parent)
{
    struct place *place = unused(places);

    *place = (struct place){.kind = kind, .parent = parent};
    return place;
}

/* Makes `place` the current one; what lay ahead in the history is gone. */
static void visit(struct places *places, struct place *place)
{
    if (places->history_count > 0) {
        places->before = places_current(places);
        places->history_count = places->at + 1;
    }
    if (places->history_count == PLACE_HISTORY_MAX) {
        memmove(places->history, places->history + 1,
                (PLACE_HISTORY_MAX - 1) * sizeof places->history[0]);
        places->history_count--;
    }
    places->history[places->history_count++] = place;
    places->at = places->history_count - 1;
}

static size_t depth_of(const struct place *place)
{
    size_t depth = 0;

    while (place) {
        depth++;
        place = place->parent;
    }
    return depth;
}

struct place *places_open(struct places *places, enum place_kind kind)
{
    struct place *current = places_current(places);

    /* Somebody who only ever goes in keeps a short way out. */
    if (depth_of(current) >= PLACE_DEPTH_MAX) {
        return places_replace(places, kind);
    }
    struct place *place = fresh(places, kind, current);

    visit(places, place);
    return place;
}

struct place *places_replace(struct places *places, enum place_kind kind)
{
    struct place *place = fresh(places, kind, places_current(places)->parent);

    visit(places, place);
    return place;
}

bool places_pop(struct places *places)
{
    struct place *parent = places_current(places)->parent;

    if (!parent) {
        return false;
    }
    /* Going out is going back when that is where one came from, so that forward leads in again. */
    if (places->at > 0 && places->history[places->at - 1] == parent) {
        places->before = places_current(places);
        places->at--;
    } else {
        visit(places, parent);
    }
    return true;
}

bool places_travel(struct places *places, int by)
{
    if (by < 0 ? places->at == 0 : places->at + 1 >= places->history_count) {
        return false;
    }
    places->before = places_current(places);
    places->at += (size_t)by;
    return true;
}

bool places_swap(struct places *places)
{
    if (!places->before) {
        return false;
    }
    visit(places, places->before);
    return true;
}

void places_home(struct places *places)
{
    visit(places, fresh(places, PLACE_HOME, NULL));
}

static bool is_doomed(const struct place *place, unsigned kinds)
{
    while (place && !(kinds & (1u << place->kind))) {
        place = place->parent;
    }
    return place != NULL;
}

void places_forget(struct places *places, unsigned kinds)
{
    size_t kept = 0;
    size_t at = 0;

    for (size_t i = 0; i < places->history_count; i++) {
        if (!is_doomed(places->history[i], kinds)) {
            at = i <= places->at ? kept : at;
            places->history[kept++] = places->history[i];
        }
    }
    places->history_count = kept;
    places->at = at;
    places->before = NULL;
    if (kept == 0) {
        places_home(places);
    }
}
