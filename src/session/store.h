/* What is kept between two runs, in one SQLite file of the state folder: walks with their answers, the
 * history of the prompt, where somebody was.  Every answer is a transaction of its own, so that a
 * dropped link, a kill or a power cut loses nothing; several logins of one account may write at once.
 * What comes out is not trusted more than a report: lengths are limited, ids are looked up again. */
#ifndef NDR_SESSION_STORE_H
#define NDR_SESSION_STORE_H

#include "tree/tree.h"

struct store; /* opaque */

/* A quote of the report that proved the cause. */
struct store_quote {
    struct str what;
    struct str text;
    unsigned line;
};

/* A walk as it is kept. */
struct store_walk {
    int64_t id;               /* 0 for one that was never saved */
    int64_t created, changed; /* seconds since 1970 */
    bool is_done;             /* an outcome was reached */
    bool is_aside;            /* somebody did not want to go on with it */
    int holder;               /* process that has it at hand, 0 for none */
    struct str title;         /* "5.7.323  tlsa-invalid: ..." */
    struct str recipient;     /* empty when unknown */
    struct str entry;         /* id of the entry it came from, empty for none */
    struct str tree, node;    /* where it starts */
    struct str refused;       /* as in struct tree_walk */
    struct str report;        /* the paste, only where the setting keep_paste says yes */
    const struct tree_fact *facts;
    size_t fact_count;
    const struct tree_answer *answers;
    size_t answer_count;
    const struct store_quote *quotes;
    size_t quote_count;
};

enum { STORE_WALKS_MAX = 2000, STORE_HISTORY_MAX = 500 };

/* Opens the file "ndr.db" of the folder, both made when missing (0600 in 0700).  A damaged file is set
 * aside under another name.  NULL when it cannot be used; `notice` says why, or that a file was set
 * aside; empty when all is well. */
struct store *store_open(struct arena *arena, const char *folder, struct str *notice);
void store_close(struct store *store); /* NULL is fine */

/* Whether there is such a file: opening can wait until somebody needs it. */
bool store_exists(const char *folder);

/* Saves the walk whole in one transaction; sets its id and `created` when it is new.  False when it
 * could not be written: the old state is still there (store_trouble() tells why). */
bool store_walk_save(struct store *store, struct store_walk *walk, int64_t now);

/* Heads of the walks (without facts, answers, quotes and report), the last changed one first. */
struct store_list {
    struct store_walk *items;
    unsigned *steps; /* answers of each */
    size_t count;
};
struct store_list store_walks(struct store *store, struct arena *arena);

/* Heads of the walks that are not at their end and not put aside, at most 20, the last changed first. */
struct store_list store_walks_open(struct store *store, struct arena *arena);

/* Sets `is_aside` and `holder` of a walk, nothing else. */
bool store_walk_mark(struct store *store, int64_t id, bool is_aside, int holder);

bool store_walk_load(struct store *store, struct arena *arena, int64_t id, struct store_walk *walk);
bool store_walk_delete(struct store *store, int64_t id);

/* Deletes walks that were last changed before `time`; how many. */
size_t store_prune(struct store *store, int64_t time);

/* Lines of the prompt, oldest first, without repeats; at most STORE_HISTORY_MAX are kept. */
bool store_history_add(struct store *store, struct str line, int64_t now);
typedef void (*store_line_fn)(void *context, struct str line);
void store_history_each(struct store *store, store_line_fn each, void *context);

/* A screen that somebody was cut off at: what kind it is, the id, slug or words it shows, the selected row
 * and the first line in view. */
struct store_place {
    struct str kind;
    struct str subject;
    unsigned selected, scroll;
};

enum { STORE_PLACES_MAX = 32 };

/* Keeps the way to where somebody is, in place of the one before; takes it out again, `places` having room
 * for STORE_PLACES_MAX. */
bool store_places_save(struct store *store, const struct store_place *places, size_t count);
size_t store_places_take(struct store *store, struct arena *arena, struct store_place *places);

/* One sentence about the last thing that could not be done. */
struct str store_trouble(const struct store *store);

#endif
