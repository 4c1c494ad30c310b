/* Decision trees and the walk through them: a walk is a list of answers, everything else (node,
 * progress, undo, resume) follows from it.  Knows no reports: facts come as names and values. */
#ifndef NDR_TREE_TREE_H
#define NDR_TREE_TREE_H

#include "xml/prose.h"

enum tree_kind { TREE_QUESTION, TREE_CHECK, TREE_INSTRUCTION, TREE_OUTCOME };
struct str tree_kind_name(enum tree_kind kind);

struct tree_option {
    struct str id;
    struct str text;
    struct str to;     /* node id or "tree:slug" */
    struct str result; /* of a probe, may be empty */
    bool cannot_tell;
    int target;        /* index of the node in the same tree, -1 for another tree */
    unsigned line;
};

/* When it holds, `option` is the answer and the fact's line the proof. */
struct tree_known {
    struct str fact;
    struct str is;          /* words, "|" between; empty when not used */
    struct str has;         /* substring, case ignored; empty when not used */
    unsigned from, to;      /* range of a code's detail; used when `is_range` */
    bool is_range;
    struct str option;
    unsigned line;
};

struct tree_probe {
    struct str name, inputs;
};

struct tree_node {
    struct str id;
    enum tree_kind kind;
    struct str title;
    struct str ask;              /* question, check */
    struct prose_steps observe;  /* question, check */
    struct str why;
    struct str *notes;
    size_t note_count;
    struct tree_probe *probes;
    size_t probe_count;
    struct tree_known *knowns;
    size_t known_count;
    struct tree_option *options;
    size_t option_count;
    struct prose_steps steps;    /* instruction: what to do; outcome: the fix */
    enum prose_owner owners[PROSE_OWNERS_MAX]; /* outcome */
    size_t owner_count;
    struct str cause;            /* outcome */
    struct prose_step verify;    /* outcome */
    struct prose_messages messages;
    struct str retry;            /* outcome */
    struct prose_sources sources;
    unsigned line;
    unsigned longest;            /* nodes on the longest way from here to an outcome, this one and
                                    the outcome counted; jumps count 1 */
    unsigned outcomes;           /* different outcomes that can be reached in this tree */
};

struct tree {
    struct arena arena;
    struct str id;
    struct str title;
    struct str about;
    struct str version, updated;
    struct str *entry_codes;
    size_t entry_code_count;
    struct str *entry_texts;
    size_t entry_text_count;
    struct tree_node *nodes;
    size_t node_count;
    int start;          /* index of the start node */
    unsigned longest;   /* nodes on the longest path */
    size_t outcome_count;
    struct str file;
    unsigned line;      /* of the root element */
};

/* Reads and checks one tree file: dangling references, cycles, unreachable nodes, missing
 * cannot-tell, outcomes without owner.  NULL when it has a fault (all of them are in `faults`).
 * tree_free() frees it. */
struct tree *tree_load(const char *path, struct err_list *faults);
void tree_free(struct tree *tree);

/* Index of a node, -1 when there is none of that id. */
int tree_node_find(const struct tree *tree, struct str id);

/* Option of a node by id or by 1-based number; -1 when there is none. */
int tree_option_find(const struct tree_node *node, struct str answer);

/* A fact that may answer a question. */
struct tree_fact {
    struct str name;
    struct str value;
    unsigned line; /* of the report, 0 when it stands nowhere */
};

struct tree_facts {
    const struct tree_fact *items;
    size_t count;
};

/* Option that a fact gives as the answer, -1 when the person has to say; `fact` is set to it. */
int tree_node_known(const struct tree_node *node, const struct tree_facts *facts,
                    const struct tree_fact **fact);

enum { TREE_ANSWERS_MAX = 256, TREE_JUMPS_MAX = 3 };

/* One answer of the walk. */
struct tree_answer {
    struct str tree;   /* slug */
    struct str node;   /* id */
    struct str option; /* id */
    bool from_report;
    struct str fact;   /* its name, when from_report */
    struct str proof;  /* the fact's value, when from_report */
    unsigned line;     /* of the report, 0 when unknown */
    struct str note;   /* the person's own words, may be empty */
    int64_t time;      /* seconds since 1970 when answered */
};

/* Gives a tree by slug (loads it when first needed), NULL when there is none. */
typedef const struct tree *(*tree_source_fn)(void *context, struct str slug);

/* A walk.  Views of the answers live in `arena`. */
struct tree_walk {
    struct arena *arena;
    tree_source_fn source;
    void *context;
    struct tree_facts facts;
    struct str start_tree;
    struct str start_node;
    struct tree_answer answers[TREE_ANSWERS_MAX];
    size_t count;
    struct str refused; /* "tree/node" keys of known answers the person objected to, one a line */
    /* Follow from the answers: */
    const struct tree *tree;
    const struct tree_node *node;
    unsigned jumps;
};

/* Begins a walk at `node` (the tree's start when empty) and takes the answers that facts give.
 * False when tree or node do not exist. */
bool tree_walk_start(struct tree_walk *walk, struct arena *arena, tree_source_fn source,
                     void *context, struct tree_facts facts, struct str tree, struct str node);

/* Takes up a walk that was kept: gives the answers again as far as today's trees have their nodes and
 * options (`kept` is how many), then those that facts give.  Texts of the answers must live as long as
 * the walk.  False when tree or node do not exist any more. */
bool tree_walk_resume(struct tree_walk *walk, struct arena *arena, tree_source_fn source, void *context,
                      struct tree_facts facts, struct str tree, struct str node, struct str refused,
                      const struct tree_answer *answers, size_t count, size_t *kept);

/* Takes an answer of the person (index of the option), then those that facts give.  False at an
 * outcome or a wrong index.  A jump beyond the limits goes to the generic tree's hand-over. */
bool tree_walk_answer(struct tree_walk *walk, int option, int64_t now);

/* Takes back the last answer of the person and what followed from it; when only answers from the
 * report are left, the last of these is taken back and asked.  False when there is none. */
bool tree_walk_undo(struct tree_walk *walk);

/* Goes back to answer number `index` (0-based) and asks it, whoever gave it. */
bool tree_walk_object(struct tree_walk *walk, size_t index);

/* Puts the person's own words beside answer number `index` (0-based), in place of those before; empty
 * takes them away.  False when there is no such answer. */
bool tree_walk_note(struct tree_walk *walk, size_t index, struct str note);

bool tree_walk_is_done(const struct tree_walk *walk); /* at an outcome */

/* Step of the current node (1-based) and the most steps the whole walk can still have. */
unsigned tree_walk_step(const struct tree_walk *walk);
unsigned tree_walk_most(const struct tree_walk *walk);

#endif
