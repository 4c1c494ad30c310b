/* Reports are parsed in a child of the screen or shell, not in these themselves (guard/guard.h). */
#ifndef NDR_SESSION_READING_H
#define NDR_SESSION_READING_H

#include "session/input.h"
#include "session/session.h"

/* The report of these bytes, in `arena`, with their lines as ndr_report_parse_lines() takes them; NULL when no child
 * could read it within its limits. */
const struct ndr_report *session_read_apart(struct session *session, struct arena *arena, struct str bytes,
                                            const struct ndr_line_index *lines);

/* Called for each mail; false stops.  The result and `bytes` live until it returns. */
typedef bool (*session_each)(void *context, const struct match_result *result, struct str bytes);

/* Diagnoses every mail of a file or folder in turn, with place and troubles in `input` as input_read()
 * tells them.  A mail that no child could read within its limits is a trouble; the others are read. */
void session_read_all(struct session *session, struct input *input, const char *path, session_each each,
                      void *context);

#endif
