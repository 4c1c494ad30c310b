/* Many reports counted: how often each cause, owner, domain and so on; and, where one goes down to
 * the single report, which mail each count came from. */
#ifndef NDR_SESSION_TRIAGE_H
#define NDR_SESSION_TRIAGE_H

#include "session/session.h"

enum triage_table {
    TRIAGE_ENTRY,
    TRIAGE_OWNER,
    TRIAGE_CATEGORY,
    TRIAGE_DOMAIN,
    TRIAGE_MTA,
    TRIAGE_HOUR,
    TRIAGE_KIND, /* counts reports, the others recipients: an auto-reply has no recipient */
    TRIAGE_TABLE_COUNT
};

enum {
    TRIAGE_ROWS_MAX = 10000,     /* distinct values of one table */
    TRIAGE_SLOTS = 1 << 15,      /* of its hash, a power of two well above that */
    TRIAGE_KEY_MAX_BYTES = 255,  /* a longer value is cut */
    TRIAGE_TITLE_MAX_BYTES = 512,
    TRIAGE_ITEMS_MAX = 100000,   /* reports that are kept to go down to */
    TRIAGE_ITEM_MAX_BYTES = 160, /* of each text of one */
    TRIAGE_NO_ROW = UINT16_MAX,
};

struct triage_row {
    struct str key;
    struct str title; /* may be empty */
    size_t count;
    uint16_t number;  /* stays when the rows are sorted */
};

struct triage_counts {
    struct triage_row *rows; /* best first once counting is over */
    size_t count;
    size_t capacity;
    uint16_t *slots;         /* index of a row plus 1; NULL until the first row */
    size_t beyond;           /* values that did not fit any more */
};

/* Where a mail was read, to read it again. */
struct triage_source {
    const char *path; /* lives as long as the items */
    uint64_t offset;
    size_t len;
};

/* One recipient of a report, or a report without any. */
struct triage_item {
    struct triage_source source;
    uint64_t hash;      /* of the mail: tells when its file has changed */
    int64_t time;       /* of the attempt, else of the arrival; INT64_MIN when unknown */
    struct str address; /* these may be empty */
    struct str code;
    struct str subject; /* of the returned message */
    uint32_t recipient; /* index in the report */
    uint32_t order;     /* in which they were read */
    uint16_t rows[TRIAGE_TABLE_COUNT]; /* numbers of the rows it is counted in, or TRIAGE_NO_ROW */
};

/* An entry or domain that is new or rising against an earlier run. */
struct triage_rise {
    const char *what; /* "entry", "domain" */
    struct str key;
    struct str title;
    size_t before;    /* 0: new */
    size_t count;
};

struct triage {
    struct arena *arena;
    struct triage_counts tables[TRIAGE_TABLE_COUNT];
    size_t mails;       /* read here, and those of merged lines */
    size_t reports;
    size_t recipients;
    size_t undiagnosed; /* recipients without a cause */
    size_t bare;        /* reports without a recipient */
    size_t others;      /* mails that are no reports */
    size_t troubles;    /* inputs and lines that could not be read */
    struct triage_item *items; /* only where sources were given; newest first at the end */
    size_t item_count;
    size_t item_capacity;
    size_t items_beyond; /* that did not fit any more */
    const char *since;  /* name of the earlier run, NULL for none */
    struct triage_rise *rises;
    size_t rise_count;
    size_t rise_capacity;
};

/* What is counted of a recipient, read here or by another machine. */
struct triage_subject {
    struct str address, mta, last_attempt, arrival;
    struct str entry, title, category, owner; /* of the first diagnosis, empty without one */
};

/* Tables that are compared with an earlier run. */
enum { TRIAGE_COMPARED = 2 };

struct triage_table_row {
    const char *key;     /* in JSON */
    const char *heading;
    const char *beyond;  /* what there was too much of */
};

/* --- counting --- */

/* Counts a mail of a kind; false for one that is no report. */
bool triage_mail(struct triage *triage, struct str kind);

/* Counts a recipient; `rows` (or NULL) gets the numbers of its rows. */
void triage_recipient(struct triage *triage, const struct triage_subject *subject,
                      uint16_t rows[TRIAGE_TABLE_COUNT]);

/* Counts a mail that was diagnosed; keeps its items when `source` is not NULL.  `bytes` are those of
 * the mail, for their hash. */
void triage_result(struct triage *triage, const struct match_result *result, struct str bytes,
                   const struct triage_source *source);

/* Counts `more` of a value; its row's number, TRIAGE_NO_ROW for an empty value or a full table. */
uint16_t triage_count(struct arena *arena, struct triage_counts *counts, struct str key,
                      struct str title, size_t more);

/* Sorts: rows best first, items newest first; nothing can be counted any more.  A title with places
 * for what a single report says is shown with their names. */
void triage_finish(struct triage *triage);

/* The table that is compared as number `index`, below TRIAGE_COMPARED. */
enum triage_table triage_compared(size_t index);

/* Fills the rises of a finished count against an earlier one that was only counted. */
void triage_find_rises(struct triage *triage, const struct triage_counts earlier[TRIAGE_COMPARED]);

/* --- what was counted --- */

const struct triage_table_row *triage_table_row(enum triage_table table);

/* Key and title as one filtered line; hours and domains have one of them only. */
struct str triage_name(struct arena *arena, enum triage_table table, const struct triage_row *row);

/* Share of `count` in what its table counts, in tenths of a percent. */
size_t triage_share(const struct triage *triage, enum triage_table table, size_t count);

/* Whether the address, code or subject of an item have all of these words, case ignored. */
bool triage_item_has(const struct triage_item *item, struct str words);

#endif
