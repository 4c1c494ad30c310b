/* The documents made of what `triage` has counted. */
#ifndef NDR_CLI_TRIAGE_H
#define NDR_CLI_TRIAGE_H

#include "cli/cli.h"
#include "session/triage.h"

/* "ndr-triage/1", and one page that needs nothing from elsewhere. */
void triage_json(const struct triage *triage, struct buf *out);
void triage_html(const struct triage *triage, struct buf *out);

#endif
