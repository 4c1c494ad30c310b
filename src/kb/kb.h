/* The knowledge: entries with their codes, signatures, remedies and texts, read from XML layers.
 * Knows no reports and no screens. */
#ifndef NDR_KB_KB_H
#define NDR_KB_KB_H

#include "xml/prose.h"

enum kb_category {
    KB_CATEGORY_ADDRESS,
    KB_CATEGORY_PERMISSION,
    KB_CATEGORY_MAILBOX,
    KB_CATEGORY_REPUTATION,
    KB_CATEGORY_AUTH,
    KB_CATEGORY_TRANSPORT_SECURITY,
    KB_CATEGORY_CONNECTOR,
    KB_CATEGORY_ROUTING,
    KB_CATEGORY_TIMEOUT,
    KB_CATEGORY_BLOCKED,
    KB_CATEGORY_CONTENT,
    KB_CATEGORY_JOURNALING,
    KB_CATEGORY_SYSTEM,
    KB_CATEGORY_COUNT
};

struct str kb_category_slug(enum kb_category category);  /* "transport-security" */
struct str kb_category_title(enum kb_category category); /* "TLS: DANE and MTA-STS" */
enum kb_category kb_category_find(struct str slug);      /* KB_CATEGORY_COUNT when unknown */

enum kb_kind { KB_KIND_PERMANENT, KB_KIND_TRANSIENT, KB_KIND_EXPIRED, KB_KIND_SUCCESS };
struct str kb_kind_name(enum kb_kind kind);

enum kb_layer { KB_LAYER_SHIPPED, KB_LAYER_SITE, KB_LAYER_USER };
struct str kb_layer_name(enum kb_layer layer);

/* Where a number alone does not lead to the entry. */
enum kb_needs_words {
    KB_NEEDS_WORDS_NOWHERE,
    KB_NEEDS_WORDS_ELSEWHERE, /* other systems use the number for other things */
    KB_NEEDS_WORDS_ALWAYS,    /* the same system does, for something more usual */
};

/* A code or range of codes of an entry; class 0 stands for X (any of 2, 4, 5). */
struct kb_code {
    struct str text; /* as written: "4.7.500..4.7.699" */
    unsigned short class_, subject, detail; /* first code */
    unsigned short last_detail;             /* equal to detail when no range */
    enum kb_needs_words needs_words;
};

/* One <match> element: any text fits, any `not` rules the entry out. */
struct kb_match {
    bool weak;    /* counts only together with the code */
    bool dialect; /* nobody but the provider writes so */
    struct str *texts;
    size_t text_count;
};

struct kb_remedy {
    enum prose_owner owner;
    struct prose_steps steps;
};

struct kb_related {
    struct str entry; /* its id */
    unsigned line;
};

struct kb_link {
    struct str href;
    struct str text;
};

/* What a sample must give besides its entry. */
struct kb_capture {
    struct str fact; /* name */
    struct str value;
};

struct kb_sample {
    struct str text;
    struct str origin;     /* real, documented, made */
    struct str status;     /* may be empty */
    struct str remote_mta; /* may be empty */
    struct str generator;  /* may be empty */
    struct kb_capture *captures;
    size_t capture_count;
    unsigned line;
};

/* A house note: "what fixed it last time".  An overlay gives them to entries of other layers, too. */
struct kb_note {
    struct str text;
    enum kb_layer layer; /* that says it */
};

/* One cause.  Lives in the knowledge's arena; views as long as that. */
struct kb_entry {
    struct str id;
    struct str *aliases;
    size_t alias_count;
    enum kb_category category;
    enum prose_owner owners[PROSE_OWNERS_MAX]; /* main one first */
    size_t owner_count;
    enum kb_kind kind;
    struct str tree; /* slug, empty when none */
    struct str node; /* where the walk starts, empty for the tree's start */
    struct str provider;
    struct kb_code *codes;
    size_t code_count;
    unsigned short *replies;
    size_t reply_count;
    struct str title;
    struct kb_match *matches;
    size_t match_count;
    struct str *nots;
    size_t not_count;
    struct str summary;
    struct str cause;
    struct kb_remedy *remedies;
    size_t remedy_count;
    struct prose_messages messages;
    struct kb_related *related;
    size_t related_count;
    struct kb_link *links;
    size_t link_count;
    struct kb_note *notes;
    size_t note_count;
    struct prose_sources sources;
    struct kb_sample *samples;
    size_t sample_count;
    enum kb_layer layer;
    const struct kb_entry *replaced; /* of an earlier layer, whose place this one takes; else NULL */
    struct str file; /* path as shown in messages */
    unsigned line;
};

/* An id or alias that answers for an entry. */
struct kb_name {
    struct str id;
    const struct kb_entry *entry;
};

/* <note entry="ID"> beside the entries: stands with that entry, whichever layer it is of. */
struct kb_house_note {
    struct str entry; /* id or alias */
    struct kb_note note;
    struct str file;
    unsigned line;
};

/* All entries of all layers, sorted by category, then provider (Exchange first, general pages last), then
 * first code, then id.  Const once loaded. */
struct kb {
    struct arena arena;
    const struct kb_entry **entries;
    size_t count;
    size_t capacity;
    const struct kb_name *names; /* every id and alias, sorted */
    size_t name_count;
    size_t category_count[KB_CATEGORY_COUNT];
    struct kb_house_note *house_notes;
    size_t house_note_count;
    size_t house_note_capacity;
    size_t house_notes_given;                /* that kb_finish() has put into their entries */
    struct str contacts[PROSE_OWNER_COUNT];  /* <contact>: whom that is here, empty when not said */
    struct str updated; /* newest date of the shipped files */
};

void kb_init(struct kb *kb);
void kb_fini(struct kb *kb);

/* Reads every *.xml of a folder as one layer.  A layer with a fault is left out whole and false is
 * returned, with the faults in `faults`.  A missing folder is an empty layer. */
bool kb_load_folder(struct kb *kb, const char *folder, enum kb_layer layer, struct err_list *faults);

/* Reads one file as part of a layer; used by lint too.  False when it has a fault. */
bool kb_load_file(struct kb *kb, const char *path, enum kb_layer layer, struct err_list *faults);

/* Sorts and indexes after the last layer, gives house notes to their entries, checks references; false
 * when something dangles.  May be called again after more was loaded. */
bool kb_finish(struct kb *kb, struct err_list *faults);

const struct kb_entry *kb_entry_find(const struct kb *kb, struct str id); /* alias counts; or NULL */

/* Entries that have this code, best first: exact code before range, before X, and those that always
 * need words last; NULL-free array in `arena`.  class_ 0 in the query is "any class". */
struct kb_hits {
    const struct kb_entry **items;
    size_t count;
};
struct kb_hits kb_find_code(const struct kb *kb, struct arena *arena, unsigned class_,
                            unsigned subject, unsigned detail);

/* Whether the entry has this code; 0 no, 1 as X, 2 in a range, 3 exactly. */
int kb_entry_has_code(const struct kb_entry *entry, unsigned class_, unsigned subject,
                      unsigned detail);

/* Where this code alone does not mean the entry. */
enum kb_needs_words kb_entry_needs_words(const struct kb_entry *entry, unsigned class_,
                                         unsigned subject, unsigned detail);

/* Whether the entry comes with this basic reply code. */
bool kb_entry_has_reply(const struct kb_entry *entry, int reply);

#endif
