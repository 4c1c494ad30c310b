/* What config files change in the keys: rows over the table of actions. */
#ifndef NDR_CMD_KEYMAP_H
#define NDR_CMD_KEYMAP_H

#include "base/err.h"

/* One `bind` or `unbind` line. */
struct key_binding {
    unsigned context; /* bits of enum action_context */
    struct str key;   /* its one name, or a range of digits */
    int action;       /* enum action_id; ACTION_NONE for `unbind` */
    int origin;       /* whose file it is, as the caller numbers them */
    struct str file; /* where the line stands */
    unsigned line;
};

/* All of them; a later row wins. */
struct keymap {
    struct key_binding *items;
    size_t count;
    size_t capacity;
};

/* The row that decides about a key there, NULL when that is the table of actions.  `keymap` may be NULL. */
const struct key_binding *keymap_row(const struct keymap *keymap, struct str key, unsigned context);

/* Reads what stands behind `bind` (CONTEXT KEY ACTION) or `unbind` (CONTEXT KEY); CONTEXT may be "all", which
 * is every screen where the action can be used or the key has one.  A line with a fault changes nothing. */
struct keymap_place {
    int origin;
    struct str file;
    unsigned line;
};
void keymap_read(struct keymap *keymap, struct arena *arena, struct str words, bool is_bind,
                 struct keymap_place place, struct err_list *faults);

#endif
