/* Facts and evidence of a diagnosed recipient: values with the lines that prove them. */
#ifndef NDR_MATCH_EVIDENCE_H
#define NDR_MATCH_EVIDENCE_H

#include "match/rank.h"

enum { MATCH_QUOTE_MAX_BYTES = 400 };

/* Fills the facts from the report's fields and from what the best candidate's words caught. */
void match_fill_facts(struct arena *arena, const struct ndr_report *report,
                      const struct match_candidate *best, struct match_recipient *out);

/* Fills the evidence: what decides first, then what agrees, then who and where. */
void match_fill_evidence(struct arena *arena, const struct ndr_report *report,
                         const struct match_candidate *best, struct match_recipient *out);

/* The number in digits. */
struct str match_number(struct arena *arena, unsigned value);

/* Place of a hit in the input. */
struct ndr_place match_hit_place(const struct ndr_report *report,
                                 const struct match_candidate *candidate);

#endif
