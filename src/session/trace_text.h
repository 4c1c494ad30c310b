/* The way of the returned message and what was found about its sender, as documents: hops,
 * authentication results, Microsoft's verdicts in words. */
#ifndef NDR_SESSION_TRACE_TEXT_H
#define NDR_SESSION_TRACE_TEXT_H

#include "ndr/report.h"
#include "session/doc.h"

/* One block a hop, first hop first; says so when there are none.  Views point into the report, so it
 * must outlive `doc`. */
void session_doc_hops(const struct ndr_report *report, struct doc *doc);

/* SPF, DKIM, DMARC, ARC and compauth with what they mean, whether their domains agree with the From
 * address, and Microsoft's antispam fields.  A value no table has is shown and called unknown. */
void session_doc_authentication(const struct ndr_report *report, struct doc *doc);

#endif
