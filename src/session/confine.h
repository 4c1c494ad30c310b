/* Which files the program may still open, once it knows where its own are (guard/guard.h has the
 * walls). */
#ifndef NDR_SESSION_CONFINE_H
#define NDR_SESSION_CONFINE_H

#include "session/session.h"

/* From now on only files of the knowledge, of the system's libraries and those named by `paths` can
 * be opened, and only for reading. */
void session_confine_worker(const struct session *session, const char *const *paths, size_t count);

/* The same for what lives on a terminal: also the terminal's description and the store, which is
 * written; unless restricted the person's home, current and temporary folders, for reading and for
 * export. */
void session_confine_desk(const struct session *session, const char *const *paths, size_t count);

#endif
