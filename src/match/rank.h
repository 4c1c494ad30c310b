/* Ranking: candidates from words and codes, scored by one table of weights. */
#ifndef NDR_MATCH_RANK_H
#define NDR_MATCH_RANK_H

#include "base/finder.h"
#include "match/signature.h"

/* What ranking asks of an entry, in a few bytes: the many that share a code are judged without a look at
 * each of them. */
struct match_traits {
    const struct kb_entry *entry;
    uint8_t provider; /* in the table of providers, MATCH_PROVIDER_NONE for a neutral one */
    bool is_generic;
    bool is_microsoft;
    /* Why it is not the cause though it has the number; made at first use. */
    struct match_sentence wordless, unnamed, less_likely;
    struct str written[MATCH_CONFIDENCE_COUNT]; /* see struct match_diagnosis */
};

/* Numbers of providers that reports name; each is a bit in a set of 64. */
enum { MATCH_PROVIDER_NONE, MATCH_PROVIDER_MICROSOFT, MATCH_PROVIDER_FIRST };

/* A host suffix or generator and the providers it stands for, by hash. */
enum { MATCH_NAME_SLOTS = 512 };
struct match_name {
    struct str name;
    uint64_t providers;
};

/* An entry that has a code. */
struct match_coded {
    uint32_t entry;
    uint8_t how;         /* 3 exactly, 2 in a range, 1 as X */
    uint8_t needs_words; /* beside the code: an enum kb_needs_words */
};

/* A code, and which of the code_entries have it. */
struct match_code {
    uint32_t key;         /* 0 for none */
    uint32_t first, count;
    bool is_registered;   /* the registry of codes has a page about it */
};

/* A range of codes of an entry. */
struct match_range {
    const struct kb_code *code;
    uint32_t entry;
};

/* The general page of a code or reply code that was looked up before. */
enum { MATCH_PAGE_SLOTS = 64 };
struct match_page {
    uint32_t key;   /* 0 for none */
    uint32_t entry; /* its number, MATCH_NO_ENTRY for none */
};

#define MATCH_NO_ENTRY UINT32_MAX

/* Entries are known by their number among kb->entries. */
struct match_index {
    struct arena arena;
    const struct kb *kb;
    struct match_signature *signatures;
    struct match_guard *guards; /* of each signature */
    size_t signature_count;
    struct finder finder;      /* of signatures, by their index */
    struct match_traits *traits; /* of each entry */
    struct match_code *codes;    /* single ones, by hash */
    size_t code_slots;           /* a power of two */
    struct match_coded *code_entries; /* that have them */
    struct match_range *ranges;
    size_t range_count;
    struct match_name hosts[MATCH_NAME_SLOTS];
    struct match_name generators[MATCH_NAME_SLOTS];
    struct match_sentence contradicted, innermost, general; /* of match.c */
    /* Scratch room, kept between reports. */
    struct match_page pages[MATCH_PAGE_SLOTS];
    struct match_scratch scratch;        /* folded text of the unit at hand */
    struct match_hit hit;                /* words at hand */
    struct match_coded *in_range;        /* room for those of a code that have it in a range */
    uint32_t *place_of;                  /* entry: its place among the candidates plus 1, 0 for none */
    struct match_candidate *candidates;  /* of the recipient ranked last */
    size_t candidate_count;
    size_t candidate_room;
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
    bool is_diagnostic;     /* or the reply that is all of it */
    struct str text;
    int reply;              /* index, for a reply */
    struct ndr_place place; /* of the whole, for diagnostic and reply */
    size_t page;            /* for prose */
    size_t page_offset;     /* of text[0] in the page, for prose */
};

/* An entry that words or a code speak for. */
struct match_candidate {
    const struct kb_entry *entry;
    uint32_t number;               /* of the entry */
    const struct match_unit *unit; /* where they stand, NULL for none */
    bool ruled_out;          /* a `not` stands there */
    struct str ruled_words;  /* that `not` */
    int code;                /* index into the recipient's codes, -1 */
    int code_how;            /* as struct match_coded has it, 0 none */
    uint8_t needs_words;     /* where no words but only the code speaks for it */
    bool is_fitted;          /* the code was looked for beside the words at hand */
    bool contradicted;       /* the words stand beside a code that the entry does not have */
    bool dialect;            /* words that nobody but the provider writes stand there */
    enum match_kinship kinship;
    int score;
    struct match_hit hit;          /* best words; signature NULL for none */
};

/* The candidates of a recipient; they live in the index until the next ranking. */
struct match_candidates {
    struct match_index *index;
    const struct match_candidate *best[MATCH_DIAGNOSES_MAX]; /* those with a score, best first */
    size_t best_count;
};

/* All candidates of a recipient.  Their units live in `arena`. */
void match_rank(struct match_index *index, struct arena *arena, const struct ndr_report *report,
                const struct ndr_recipient *recipient, struct match_candidates *candidates);

/* The candidate that is this entry, NULL when it is none. */
static inline const struct match_candidate *match_candidate_find(const struct match_candidates *list, uint32_t entry)
{
    uint32_t place = list->index->place_of[entry];

    return place ? &list->index->candidates[place - 1] : NULL;
}

/* Entries that have the code: exactly, in a range and as X.  Good until the next code is asked for. */
struct match_coded_list {
    const struct match_coded *items;
    size_t count;
};
enum { MATCH_CODED_LISTS = 3 };
void match_codes_find(const struct match_index *index, struct ndr_status status,
                      struct match_coded_list lists[static MATCH_CODED_LISTS]);

/* Whether the registry of codes has a page about the code. */
bool match_code_is_registered(const struct match_index *index, struct ndr_status status);

/* Whether an entry is only the generic page of a code or class. */
bool match_entry_is_generic(const struct kb_entry *entry);

/* The page of a code's class and subject, without a code that of the reply code; NULL when there is
 * none.  `status` may be NULL, reply_code 0. */
const struct kb_entry *match_general_page(const struct kb *kb, struct arena *arena,
                                          const struct ndr_status *status, int reply_code);

/* Number of the provider of an entry. */
uint8_t match_provider_number(struct str provider);

/* Whether the provider is Exchange Online or Exchange Server. */
bool match_provider_is_microsoft(struct str provider);

/* Puts the hosts and generators of the table of providers into the index. */
void match_index_providers(struct match_index *index);

/* The marks of the table of providers: words that only its servers write, and its number. */
size_t match_mark_count(void);
struct str match_mark(size_t i, uint8_t *provider);

/* Providers that hosts, the writer of the report and links name, a bit each; and whether the server that
 * refused is known and none of Microsoft's. */
struct match_named {
    uint64_t providers;
    bool elsewhere;
};
struct match_named match_named(const struct match_index *index, const struct ndr_report *report,
                               const struct ndr_recipient *recipient);

#endif
