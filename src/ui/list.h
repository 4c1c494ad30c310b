/* Cursor and scroll position of a list or a text, moved by the actions of movement. */
#ifndef NDR_UI_LIST_H
#define NDR_UI_LIST_H

#include "cmd/action.h"

/* Where one stands in a list. */
struct list {
    size_t selected;
    size_t top;   /* first row in view */
    size_t shown; /* row that the preview shows; follows `selected` after a rest */
};

/* Moves the cursor of a list of `count` rows, `rows` of them in view.  False when `action` is no
 * movement. */
bool list_move(struct list *list, enum action_id action, size_t count, int rows);

/* Makes cursor and top fit a list that may have changed. */
void list_fit(struct list *list, size_t count, int rows);

/* Moves the first line of a text of `count` lines.  False when `action` is no movement. */
bool list_scroll(size_t *top, enum action_id action, size_t count, int rows);

#endif
