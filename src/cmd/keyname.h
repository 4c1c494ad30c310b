/* Names of keys: one spelling each, as `bind` lines and the table of actions have them. */
#ifndef NDR_CMD_KEYNAME_H
#define NDR_CMD_KEYNAME_H

#include "base/arena.h"

/* Reads a key as people write it ("C-d", "Ctrl-D", "^D", "PageDown", "del", "x", "1-9" for nine digits)
 * and gives its one name ("C-d", "PgDn", "Delete"), a view into the arena or a literal.  False for what no
 * terminal sends. */
bool keyname_read(struct arena *arena, struct str typed, struct str *name);

/* The nearest name as a hint, else how keys are written. */
struct str keyname_hint(struct arena *arena, struct str typed);

/* The same name for people: "Ctrl-D", "Alt-x". */
struct str keyname_words(struct arena *arena, struct str name);

/* "1-9" as its two ends; false for other names. */
bool keyname_is_range(struct str name, char *first, char *last);

/* Whether the key types a character ("x", "Space"), so that it is text where one types. */
bool keyname_is_character(struct str name);

#endif
