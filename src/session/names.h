/* Names that can be completed while they are typed, for both front ends. */
#ifndef NDR_SESSION_NAMES_H
#define NDR_SESSION_NAMES_H

#include "session/session.h"

enum session_names { SESSION_NAMES_ENTRIES, SESSION_NAMES_TREES, SESSION_NAMES_CATEGORIES, SESSION_NAMES_TOPICS };

typedef void (*session_name_fn)(void *context, struct str name);

/* Each name that begins with `word`: codes and ids of entries (none for an empty word, as the whole
 * knowledge would be no help), slugs of trees, slugs of categories, help topics.  What has to
 * be read for them goes into the arena. */
void session_names(const struct session *session, struct arena *arena, enum session_names kind, struct str word,
                   session_name_fn each, void *context);

#endif
