/* Help topics, the files of help/topics, as documents.  "{key ACTION}" in their texts becomes the key that the
 * action is bound to; ACTION is its name in `bind` lines. */
#ifndef NDR_SESSION_TOPIC_H
#define NDR_SESSION_TOPIC_H

#include "session/doc.h"
#include "session/session.h"

/* Reads one topic into `doc` (its title first) and its id into `id`; either may be NULL, and so may `keymap`.
 * False when the file has a fault. */
bool topic_read(const char *path, struct arena *arena, const struct keymap *keymap, struct str *id, struct doc *doc,
                struct err_list *faults);

/* Calls `each` with the name and the path of every topic in the order of the names; of a name that two layers
 * have the later one counts. */
typedef void (*topic_fn)(void *context, struct str name, const char *path);
void topic_each(const struct session *session, struct arena *arena, topic_fn each, void *context);

/* The topic of that name in the arena of `doc`; false when there is none that can be read. */
bool topic_find(const struct session *session, struct str name, struct doc *doc);

/* Every topic by name and title. */
void topic_list(const struct session *session, struct doc *doc);

#endif
