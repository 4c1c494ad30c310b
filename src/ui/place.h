/* Places: screens with what they show and where the cursor stands.  Each knows the place it was
 * opened from; the history holds those that were visited last. */
#ifndef NDR_UI_PLACE_H
#define NDR_UI_PLACE_H

#include "session/session.h"
#include "ui/list.h"

enum place_kind {
    PLACE_HOME,
    PLACE_LIST,      /* other diagnoses of the recipient */
    PLACE_RECIPIENTS, /* of the report */
    PLACE_ENTRY,
    PLACE_SEARCH,
    PLACE_PASTE,
    PLACE_DIAGNOSIS,
    PLACE_TEXT,      /* whole diagnosis */
    PLACE_SOURCE,    /* lines of the report */
    PLACE_WALK,
    PLACE_TREES,
    PLACE_TREE,
    PLACE_MESSAGE,
    PLACE_OVERVIEW,      /* where the walk stands */
    PLACE_HOPS,
    PLACE_AUTHENTICATION,
    PLACE_TRIAGE,        /* many reports counted */
    PLACE_SAVED,         /* saved walks */
    PLACE_OPTIONS,       /* settings */
    PLACE_TOPIC,         /* of the help */
    PLACE_HELP,
    PLACE_KIND_COUNT
};

enum { PLACE_WORD_MAX_BYTES = 512, PLACE_HISTORY_MAX = 50, PLACE_DEPTH_MAX = 32 };

/* One place.  Views in it last as long as the session; texts of a report are not kept here. */
struct place {
    enum place_kind kind;
    struct place *parent;          /* where Esc leads, NULL for home */
    const struct kb_entry *entry;  /* PLACE_ENTRY; PLACE_SEARCH: in the preview */
    const struct kb_entry *origin; /* entry whose related ones are gone through */
    size_t nth;                    /* 0 for the origin itself, else the number of the related one */
    struct str tree;               /* PLACE_TREE: slug; PLACE_SEARCH: in the preview; PLACE_TOPIC: its name */
    enum prose_reader reader;      /* PLACE_MESSAGE */
    unsigned context;              /* PLACE_HELP: of the screen below; PLACE_SEARCH: the filter;
                                      PLACE_TRIAGE: the table */
    struct list lists[2];          /* by pane */
    int pane;
    int rows[2];                   /* rows of the panes at the last frame */
    size_t scroll;                 /* first line of the text */
    size_t lines;                  /* of the text at the last frame */
    int width;                     /* cells of its lines then */
    size_t find_from;              /* where the text stood when a search began */
    char word[PLACE_WORD_MAX_BYTES]; /* what is searched here, empty for nothing;
                                        PLACE_TRIAGE, PLACE_SAVED: the filter */
    size_t hit;                    /* which place of the word is the current one */
    bool is_typing;                /* PLACE_SEARCH: the query changes; the preview waits for a rest */
    bool is_marked;                /* for the sweep */
    bool is_used;
};

/* All places; the pool is freed at the end. */
struct places {
    struct place **pool;
    size_t count;
    size_t capacity;
    struct place *history[PLACE_HISTORY_MAX];
    size_t history_count;
    size_t at;             /* index of the current place in the history */
    struct place *before;  /* the place before the current one, NULL for none */
};

void places_init(struct places *places);
void places_fini(struct places *places);

struct place *places_current(const struct places *places);

/* A new place of a kind on top of the current one; becomes the current one. */
struct place *places_open(struct places *places, enum place_kind kind);

/* Like places_open, but takes the current one's seat, so that Esc leads to its parent. */
struct place *places_replace(struct places *places, enum place_kind kind);

/* To where the current place was opened from.  False at home. */
bool places_pop(struct places *places);

/* Through the history by `by` places (-1, 1).  False at its end. */
bool places_travel(struct places *places, int by);

/* To the place that was the current one before; again for to and fro.  False when there is none. */
bool places_swap(struct places *places);

/* Forgets every place of these kinds (bits 1 << kind), as their report is gone. */
void places_forget(struct places *places, unsigned kinds);

/* Opens a fresh home without a parent. */
void places_home(struct places *places);

#endif
