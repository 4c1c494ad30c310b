/* Stand-ins for what tells who people are, so that a report can be shown to others: local parts of
 * addresses, names, subjects and message ids.  The same person is the same stand-in everywhere in one
 * report.  Domains, hosts, IP addresses, codes and times stay: without them nothing can be repaired. */
#ifndef NDR_SESSION_REDACT_H
#define NDR_SESSION_REDACT_H

#include "ndr/report.h"
#include "session/doc.h"

struct redact; /* opaque; lives in its arena */

/* Learns the people, subjects and message ids of a report; NULL for none, then only addresses are known. */
struct redact *redact_new(struct arena *arena, const struct ndr_report *report);

/* The text with stand-ins ("person1@example.com", "person1", "[subject]", "message1@example.com"), in the
 * arena of redact_new(); the text itself when there is nothing to blank. */
struct str redact_text(struct redact *redact, struct str text);

/* The same for all blocks of a document. */
void redact_doc(struct redact *redact, struct doc *doc);

#endif
