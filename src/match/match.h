/* Report x knowledge -> ranked causes, each with the words that prove it.  Literal signatures with
 * typed placeholders, all found in one pass; no regular expressions. */
#ifndef NDR_MATCH_MATCH_H
#define NDR_MATCH_MATCH_H

#include "kb/kb.h"
#include "ndr/report.h"

/* Limits of a signature (contract: XML of the knowledge). */
enum {
    MATCH_SIGNATURE_MAX_BYTES = 512,
    MATCH_PLACEHOLDERS_MAX = 8,
    MATCH_LITERAL_MIN_BYTES = 4,
    MATCH_ANY_MAX_BYTES = 200,
    MATCH_DIAGNOSES_MAX = 8, /* of one recipient */
    MATCH_EVIDENCE_MAX = 16,
    MATCH_WHY_MAX = 8,
};

/* All signatures of the knowledge, compiled; lives in its own arena. */
struct match_index;

/* Compiles the signatures; faults (too long, too short, too many placeholders, unknown
 * placeholder) go to `faults` with the entry's file and line.  Freed by match_index_free(). */
struct match_index *match_index_new(const struct kb *kb, struct err_list *faults);
void match_index_free(struct match_index *index);

enum match_confidence { MATCH_WEAK, MATCH_LIKELY, MATCH_STRONG, MATCH_EXACT };
enum { MATCH_CONFIDENCE_COUNT = MATCH_EXACT + 1 };
struct str match_confidence_name(enum match_confidence confidence); /* "exact" ... */

/* A sentence that is the same in every report: it is made once and stays as long as the knowledge. */
struct match_sentence {
    struct str text;
    struct str written; /* empty until who writes it out in another form keeps that here */
};

struct match_diagnosis {
    const struct kb_entry *entry;
    enum match_confidence confidence;
    int code;          /* index into the recipient's codes it rests on, -1 for none */
    int reply;         /* index into its replies, -1 for none */
    int score;         /* by the weights of rank.c, above 0; only for comparing diagnoses of one recipient */
    struct str tree;   /* slug, empty for none */
    struct str node;   /* where the walk starts, empty for the tree's start */
    struct str *written; /* what all diagnoses of the entry with this confidence say alike: empty until who writes them
                            out keeps it there, as long as the knowledge lives */
    struct str why[MATCH_WHY_MAX]; /* sentences, the look-alikes' too */
    struct match_sentence *known[MATCH_WHY_MAX]; /* the same where they are of that kind, else NULL */
    size_t why_count;
};

/* What a line of proof is. */
#define MATCH_PROOFS(PROOF)                                                                        \
    PROOF(DECIDES, "decides")                                                                      \
    PROOF(AGREES, "agrees")                                                                        \
    PROOF(ERROR, "reported error")                                                                 \
    PROOF(STATUS, "status field")                                                                  \
    PROOF(CODE, "status code")                                                                     \
    PROOF(RECIPIENT, "recipient")                                                                  \
    PROOF(REMOTE, "remote server")                                                                 \
    PROOF(ACTION, "what was done")                                                                 \
    PROOF(GENERATING, "generating server")                                                         \
    PROOF(REPORTING, "reporting server")                                                           \
    PROOF(LAYOUT, "layout")                                                                        \
    PROOF(LOOP, "hop that repeats")
enum match_proof {
#define PROOF(id, name) MATCH_PROOF_##id,
    MATCH_PROOFS(PROOF)
#undef PROOF
};

/* One line of proof. */
struct match_evidence {
    enum match_proof proof;
    struct str what; /* its name: "decides", "status code", "remote server", "generating server", ... */
    struct str text; /* quoted from the report, at most 400 bytes */
    struct ndr_place place;
    unsigned line; /* where that is, 0 for nowhere */
};

struct match_wrapper {
    bool present;
    struct str status; /* of the wrapping reply, may be empty */
    int reply_code;    /* 0 for none */
    struct str by;     /* may be empty */
};

struct match_recipient {
    const struct ndr_recipient *recipient;
    struct ndr_value status; /* code that the best diagnosis rests on; literal; empty for none */
    int reply_code;          /* that goes with it, 0 for none */
    struct match_wrapper wrapper;
    struct ndr_value facts[NDR_FACT_COUNT];
    struct match_evidence *evidence; /* at most MATCH_EVIDENCE_MAX */
    size_t evidence_count;
    struct match_diagnosis *diagnoses; /* best first, at most MATCH_DIAGNOSES_MAX */
    size_t diagnosis_count;
};

struct match_result {
    const struct ndr_report *report;
    const struct arena *arena; /* in which all this is */
    struct match_recipient *recipients; /* as many as the report has */
    size_t count;
    struct str *warnings; /* beyond the report's: codes that contradict each other */
    size_t warning_count;
};

/* Diagnoses a report.  Result in `arena`; const for everybody above.  Only the scratch room of the
 * index changes, so one index serves one process at a time. */
const struct match_result *match_report(struct match_index *index, struct arena *arena,
                                        const struct ndr_report *report);

#endif
