/* What the header of the returned message tells: its hops, loops, authentication and antispam
 * verdicts, and the dates of mail. */
#ifndef NDR_NDR_TRACE_H
#define NDR_NDR_TRACE_H

#include "ndr/mime.h"

/* Seconds since 1970 of a date in any usual form (RFC 5322 with obsolete zones and comments,
 * RFC 3339, ctime, "11/23/2026 10:42:08 PM"); INT64_MIN when it is none. */
int64_t ndr_date_parse(struct str text);

/* The same of a text in which folds may stand. */
int64_t ndr_date_folded(struct arena *arena, struct str text);

/* RFC 3339 in UTC ("2026-11-23T10:42:08Z"). */
struct str ndr_date_text(struct arena *arena, int64_t seconds);

/* Date field as a value: RFC 3339 text, place of the field; empty when it cannot be read. */
struct ndr_value ndr_date_value(struct arena *arena, const struct ndr_field *field);

/* Whether ndr_trace_read() reads fields of that kind. */
bool ndr_trace_needs(enum ndr_field_kind kind);

/* Fills hops, loops, authentication, antispam and original of the report from the fields of the
 * returned message. */
void ndr_trace_read(struct arena *arena, const struct ndr_fields *fields,
                    struct ndr_report *report);

#endif
