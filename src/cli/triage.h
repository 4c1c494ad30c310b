/* What `triage` has counted, and the documents made of it. */
#ifndef NDR_CLI_TRIAGE_H
#define NDR_CLI_TRIAGE_H

#include "cli/cli.h"

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
};

struct triage_row {
    struct str key;
    struct str title; /* may be empty */
    size_t count;
};

struct triage_counts {
    struct triage_row *rows; /* best first once counting is over */
    size_t count;
    size_t capacity;
    uint16_t *slots;         /* index of a row plus 1; NULL until the first row */
    size_t beyond;           /* values that did not fit any more */
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
    size_t others;      /* mails that are no reports */
    size_t troubles;    /* inputs and lines that could not be read */
    const char *since;  /* name of the earlier run, NULL for none */
    struct triage_rise *rises;
    size_t rise_count;
    size_t rise_capacity;
};

struct triage_table_row {
    const char *key;     /* in JSON */
    const char *heading;
    const char *beyond;  /* what there was too much of */
};

const struct triage_table_row *triage_table_row(enum triage_table table);

/* Key and title as one filtered line; hours and domains have one of them only. */
struct str triage_name(struct arena *arena, enum triage_table table, const struct triage_row *row);

/* Share of `count` in what its table counts, in tenths of a percent. */
size_t triage_share(const struct triage *triage, enum triage_table table, size_t count);

/* Documents: "ndr-triage/1" and one page that needs nothing from elsewhere. */
void triage_json(const struct triage *triage, struct buf *out);
void triage_html(const struct triage *triage, struct buf *out);

#endif
