/* The helpdesk person's desk: the loaded knowledge and trees, the report at hand with its
 * diagnosis, the walk, and the texts made of them.  Both front ends stand on this. */
#ifndef NDR_SESSION_SESSION_H
#define NDR_SESSION_SESSION_H

#include "match/match.h"
#include "session/doc.h"
#include "session/settings.h"
#include "session/store.h"
#include "tree/tree.h"

/* How a session is opened. */
struct session_options {
    const char *data;      /* --data DIR or NULL; else $NDR_DATA, else beside the program */
    bool restricted;       /* site overlay only, no environment */
    bool from_source;      /* read the XML also where an image of it is there (lint) */
    const char *site;      /* folder of the site's overlay (tests); NULL for the one it was built for */
    bool shipped_only;     /* no overlays (tests, lint of the base) */
};

enum { SESSION_LAYERS_MAX = 3 };

struct search;

struct session_tree {
    struct str slug;
    char *paths[SESSION_LAYERS_MAX]; /* by kb_layer, NULL where the layer has none */
    enum kb_layer layer; /* the latest that has it; of `tree` once that is loaded */
    struct tree *tree;   /* NULL until first needed */
    bool failed;         /* all tried and faulty: reported once */
};

/* One desk.  Everything is reachable read-only through its functions; the walk is changed only
 * through session_walk_*. */
struct session {
    struct arena arena;      /* as long as the session */
    struct arena paste;      /* as long as the report at hand */
    struct arena walk_arena; /* as long as the walk */
    struct kb kb;
    struct match_index *index; /* built when the first report or search needs it */
    struct search *search;     /* words of everything, built when the first search needs it */
    struct err_list faults;    /* of overlays left out; shown as notices */
    char *folders[SESSION_LAYERS_MAX]; /* data folders by kb_layer, NULL when absent */
    struct session_tree *trees;        /* sorted by slug */
    size_t tree_count;
    struct settings settings;
    struct str *own_domains;           /* of the setting of that name */
    size_t own_domain_count;
    struct buf source;               /* the report's bytes */
    const struct ndr_report *report; /* NULL when there is none */
    const struct match_result *result;
    size_t recipient;                /* index of the recipient looked at */
    struct tree_walk walk;
    bool walking;
    struct str walk_entry;           /* entry the walk came from, empty for none */
    bool keeps;                      /* walks are saved at every answer */
    struct store *store;             /* opened when it is first needed */
    bool store_tried;
    struct str store_notice;         /* why walks are not saved, or what was set aside; empty when all is well */
    struct store_walk kept;          /* the walk at hand as it is saved; id 0 before */
    bool restricted;
    bool is_refused;                 /* the last report ended the child that was to read it */
};

/* Loads the shipped knowledge and the overlays.  False when the shipped knowledge cannot be loaded
 * (the faults say why).  A faulty overlay is left out with its faults as notices. */
bool session_open(struct session *session, const struct session_options *options);
void session_close(struct session *session);

/* Changes a setting until the end of the session; what depends on it follows.  False with the reason in
 * `what`: the value does not fit, or only the site may decide here. */
bool session_set(struct session *session, enum setting setting, struct str value, enum settings_origin origin,
                 struct str *what);

/* Whether the person may change it: in restricted mode only what concerns nothing but the screen. */
bool session_may_set(const struct session *session, enum setting setting);

/* --- the report at hand --- */

/* Takes a copy of the bytes, reads and diagnoses them.  The walk is dropped. */
void session_report_set(struct session *session, struct str bytes);
void session_report_clear(struct session *session);

/* Makes what the first analysis would make, so that processes forked later share it. */
void session_warm(struct session *session);

/* Reads and diagnoses in a caller's arena without touching the session's report (bulk work).  Outside of a
 * worker a child reads the bytes (session/reading.h); when it does not end well, `is_refused` is set and the
 * result is that of no report. */
const struct match_result *session_analyze(struct session *session, struct arena *arena,
                                           struct str bytes);
/* The same with the lines as ndr_report_parse_lines() takes them. */
const struct match_result *session_analyze_lines(struct session *session, struct arena *arena, struct str bytes,
                                                 const struct ndr_line_index *lines);

/* Why the last report was refused, NULL when it was not. */
const char *session_refusal(const struct session *session);

/* Diagnoses a report that was read already (samples with a generator of their own). */
const struct match_result *session_match(struct session *session, struct arena *arena,
                                         const struct ndr_report *report);

/* The knowledge has changed: signatures are compiled anew when they are next needed. */
void session_index_drop(struct session *session);

/* Result of the recipient looked at, NULL without a report or recipient. */
const struct match_recipient *session_recipient(const struct session *session);

/* Its best diagnosis, NULL when there is none. */
const struct match_diagnosis *session_best(const struct session *session);

/* --- facts and placeholders --- */

/* Facts of a recipient for a walk, with their lines; empty list for NULL. */
struct tree_facts session_facts(const struct session *session, struct arena *arena,
                                const struct match_result *result,
                                const struct match_recipient *recipient);

/* Text with {placeholders} filled from facts; unfilled ones are shown as their NAME. */
struct str session_fill(struct arena *arena, struct str text, const struct tree_facts *facts);

/* The same for a command: only values that fit the fact's strict grammar are put in. */
struct str session_fill_command(struct arena *arena, struct str text,
                                const struct tree_facts *facts);

/* --- trees and the walk --- */

const struct tree *session_tree(struct session *session, struct str slug); /* loads; or NULL */

/* Starts at tree/node; facts of the report at hand answer what they can when `with_report`. */
bool session_walk_start(struct session *session, struct str tree, struct str node, bool with_report);

/* Starts where the best diagnosis points to.  False when it has no tree. */
bool session_walk_diagnosis(struct session *session);

/* --- what is kept --- */

/* From now on each answer of a walk is saved at once (the screen and the line mode want that, a script
 * does not).  Opens nothing yet. */
void session_keep(struct session *session);

/* The store, opened now when it is not yet; NULL when there is none (session->store_notice tells why,
 * once).  Without session_keep() there is none. */
struct store *session_store(struct session *session);

/* Folder of the store, in the arena: what a setting or the environment names; NULL for none. */
const char *session_state_folder(const struct session *session, struct arena *arena);

/* Whether there may be something to go on with, without opening anything. */
bool session_has_store(const struct session *session);

/* What the person does in the walk; each is saved.  As tree_walk_answer() and so on. */
bool session_walk_answer(struct session *session, int option);
bool session_walk_undo(struct session *session);
bool session_walk_object(struct session *session, size_t index);
bool session_walk_note(struct session *session, size_t index, struct str note);

/* Walks a saved walk again from its answers, beside the one at hand; `kept` of them fit today's trees.
 * `saved` must live as long as the walk.  False when its tree is gone. */
bool session_walk_again(struct session *session, struct arena *arena, const struct store_walk *saved,
                        struct tree_walk *walk, size_t *kept);

/* Takes up a saved walk, with its report where that was kept.  `lost` is how many of its answers today's
 * trees do not know any more.  False when it cannot be walked. */
bool session_walk_resume(struct session *session, int64_t id, size_t *lost);

/* The walk that somebody would want to go on with at the start: the last one that is open, was not put
 * aside and is not in use by another login.  False when there is none. */
bool session_walk_waiting(struct session *session, struct arena *arena, struct store_walk *walk);

/* Does not offer it again; it stays in the list. */
void session_walk_put_aside(struct session *session, int64_t id);

/* Commands that were typed at a prompt, kept for the next runs: none with an address in it, nothing in
 * restricted mode.  Each line, oldest first. */
void session_history_add(struct session *session, struct str line);
void session_history_each(struct session *session, store_line_fn each, void *context);

/* The session ends: nobody holds the walk any more. */
void session_walk_release(struct session *session);

/* --- search --- */

enum session_hit_kind { SESSION_HIT_ENTRY, SESSION_HIT_TREE };

struct session_hit {
    enum session_hit_kind kind;
    const struct kb_entry *entry; /* for an entry */
    struct str tree;              /* slug, for a tree */
    struct str node;              /* id of the question that was found, empty for the tree itself */
    struct str title;
    int score;
    struct str why; /* what matched: "code", "title", "server's words", "cause", ... */
};

struct session_hits {
    struct session_hit *items; /* best first */
    size_t count;
};

/* Entries and trees for a code in any form (5.7.23, 5723, 550-5.7.23, #5.7.23, 5.7.2x), words, or
 * pasted server text.  Every word has to occur, as a whole, as the start or inside of one, else with one
 * edit; case ignored; an empty query gives nothing.  The first search makes the index of the entries;
 * trees are found once session_search_trees() was called. */
struct session_hits session_search(struct session *session, struct arena *arena, struct str query);

/* Adds the trees and their questions to the index; reads all of them, which takes some milliseconds.
 * False when they are there already. */
bool session_search_trees(struct session *session);
bool session_search_is_ready(const struct session *session); /* everything is in the index */
void session_search_drop(struct session *session); /* the knowledge has changed */

/* Codes in a text such as "550 5.7.23", "5723", "5.7.23"; entries that have it, best first, else the
 * general page of its class and subject, or of the reply code ("550"). */
struct kb_hits session_find_code(struct session *session, struct arena *arena, struct str text);

/* --- texts --- */

/* How an entry is called in a list: its code, "4.7.500-699", "5.1.x" for a class, a reply code, else
 * "-". */
struct str session_entry_code(struct arena *arena, const struct kb_entry *entry);

/* Entry page. `facts` may be NULL. */
void session_doc_entry(struct session *session, const struct kb_entry *entry,
                       const struct tree_facts *facts, struct doc *doc);

/* Whole diagnosis of one recipient: cause, certainty, owner, evidence, fix, next step. */
void session_doc_diagnosis(struct session *session, const struct match_result *result,
                           const struct match_recipient *recipient, struct doc *doc);

/* What matters most of it: cause, certainty, owner, evidence, what is doubtful. */
void session_doc_summary(struct session *session, const struct match_result *result,
                         const struct match_recipient *recipient, struct doc *doc);

/* Question, check, instruction or outcome without its options. */
void session_doc_node(const struct session *session, const struct tree_node *node,
                      const struct tree_facts *facts, struct doc *doc);

/* The walk so far with its outcome, as it goes into a ticket. */
void session_doc_walk(const struct session *session, const struct tree_walk *walk,
                      struct doc *doc);

/* Where a walk stands in its tree: the steps so far, the question, and what can still come of it. */
void session_doc_overview(const struct tree_walk *walk, struct doc *doc);

/* A saved walk: cause, evidence, what was asked, and the outcome where there is one.  False when it is
 * gone. */
bool session_doc_saved(struct session *session, int64_t id, struct doc *doc);

/* Ready text for one reader: from the outcome when the walk is at one, else from the diagnosis.  That for
 * the ticket is a block with what, who, evidence and its lines, what was asked so far, and what comes
 * next; times are UTC.  False when there is none for that reader. */
bool session_doc_message(struct session *session, enum prose_reader reader, struct doc *doc);

/* "certain: words and code agree" and so on. */
/* "the sender, then the recipient's mail administrators"; empty for no owner. */
struct str session_owner_words(struct arena *arena, const enum prose_owner *owners, size_t count);

/* Whom the overlays name for these owners: "the network desk; ..."; empty when nobody. */
struct str session_contact_words(const struct session *session, struct arena *arena,
                                 const enum prose_owner *owners, size_t count);

/* Whose words an entry has: "Gmail"; empty for anybody's. */
struct str session_provider_words(struct str provider);

struct str session_kind_words(enum ndr_kind kind); /* "delay notice: the server still tries" */
struct str session_confidence_words(enum match_confidence confidence);

/* The same for a report at hand: nobody is sent for what is there already. */
struct str session_certainty_words(enum match_confidence confidence, const struct ndr_report *report);

#endif
