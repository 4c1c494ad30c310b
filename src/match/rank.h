/* Ranking: candidates from words and codes, scored by one table of weights. */
#ifndef NDR_MATCH_RANK_H
#define NDR_MATCH_RANK_H

#include "base/automaton.h"
#include "match/signature.h"

/* A code of an entry for look-up: single codes sorted by key, ranges apart. */
struct match_code_key {
    uint32_t key; /* class * 1000000 + subject * 1000 + detail; class 0 for X */
    const struct kb_entry *entry;
};

struct match_index {
    struct arena arena;
    const struct kb *kb;
    struct match_signature *signatures;
    size_t signature_count;
    struct automaton automaton;
    struct match_code_key *codes;
    size_t code_count;
    const struct kb_entry **ranges; /* entries with a range of codes */
    size_t range_count;
    struct match_scratch scratch;   /* folded text of the unit at hand */
};

enum match_unit_kind { MATCH_UNIT_PROSE, MATCH_UNIT_DIAGNOSTIC, MATCH_UNIT_REPLY };

/* How the provider of an entry stands to the report. */
enum match_kinship {
    MATCH_KINSHIP_NEUTRAL, /* not one whose words are its own */
    MATCH_KINSHIP_OWN,     /* a host, the writer of the report, a link or a mark names it */
    MATCH_KINSHIP_DIALECT, /* only the words themselves, which nobody else writes */
    MATCH_KINSHIP_FOREIGN, /* nothing names it */
};

/* One run of text in which signatures are looked for. */
struct match_unit {
    enum match_unit_kind kind;
    struct str text;
    int reply;              /* index, for a reply */
    struct ndr_place place; /* of the whole, for diagnostic and reply */
    size_t page;            /* for prose */
    size_t page_offset;     /* of text[0] in the page, for prose */
};

/* An entry that words or a code speak for. */
struct match_candidate {
    const struct kb_entry *entry;
    struct match_hit hit;    /* best words; signature NULL for none */
    struct match_unit unit;  /* where they stand */
    bool ruled_out;          /* a `not` stands there */
    struct str ruled_words;  /* that `not` */
    int code;                /* index into the recipient's codes, -1 */
    int code_how;            /* 3 exactly, 2 in a range, 1 as X, 0 none */
    bool contradicted;       /* the words stand beside a code that the entry does not have */
    bool dialect;            /* words that nobody but the provider writes stand there */
    enum match_kinship kinship;
    int score;
};

struct match_candidates {
    struct arena *arena;
    struct match_candidate *items;
    size_t count;
    size_t capacity;
};

/* All candidates of a recipient, best first, ruled-out ones last. */
void match_rank(struct match_index *index, struct arena *arena, const struct ndr_report *report,
                const struct ndr_recipient *recipient, struct match_candidates *candidates);

/* Entries that have the code, exact ones first; calls `found` for each with how it has it. */
typedef void (*match_code_fn)(void *context, const struct kb_entry *entry, int how);
void match_codes_each(const struct match_index *index, struct ndr_status status,
                      match_code_fn found, void *context);

/* Whether an entry is only the generic page of a code or class. */
bool match_entry_is_generic(const struct kb_entry *entry);

/* The page of a code's class and subject, without a code that of the reply code; NULL when there is
 * none.  `status` may be NULL, reply_code 0. */
const struct kb_entry *match_general_page(const struct kb *kb, struct arena *arena,
                                          const struct ndr_status *status, int reply_code);

/* Whether the server that refused is known and none of Microsoft's. */
bool match_is_elsewhere(const struct ndr_report *report, const struct ndr_recipient *recipient);

/* Whether the provider is Exchange Online or Exchange Server. */
bool match_provider_is_microsoft(struct str provider);

enum match_kinship match_provider_kinship(struct str provider, const struct ndr_report *report,
                                          const struct ndr_recipient *recipient);

#endif
