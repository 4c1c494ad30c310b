/* A report as one run of bytes: no pointers, only numbers and lengths, so that it can come out of
 * the process that read it and be checked by the one that did not. */
#ifndef NDR_NDR_FLAT_H
#define NDR_NDR_FLAT_H

#include "base/buf.h"
#include "ndr/report.h"

/* No flat report is longer. */
enum { NDR_FLAT_MAX_BYTES = 64 << 20 };

/* Adds the report of these bytes to `out`. */
void ndr_flat_write(struct buf *out, const struct ndr_report *report, struct str input);

/* The report of these bytes; NULL unless all that report.h promises of a report holds for it: every
 * place in the input, every text in its limits, every number one of those there are.  `flat` may hold
 * anything.  It, `input` and the arena must outlive the result. */
const struct ndr_report *ndr_flat_read(struct arena *arena, struct str input, struct str flat);

#endif
