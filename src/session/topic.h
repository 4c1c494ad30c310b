/* Help topics, the files of help/topics, as documents. */
#ifndef NDR_SESSION_TOPIC_H
#define NDR_SESSION_TOPIC_H

#include "base/err.h"
#include "session/doc.h"

/* Reads one topic into `doc` (its title first) and its id into `id`; either may be NULL.  False when
 * the file has a fault. */
bool topic_read(const char *path, struct arena *arena, struct str *id, struct doc *doc,
                struct err_list *faults);

#endif
