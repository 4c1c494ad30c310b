/* Rows of lists: entries, trees, and the mark of the selected one. */
#ifndef NDR_UI_ROW_H
#define NDR_UI_ROW_H

#include "ui/app.h"

enum { ROW_CODE_CELLS = 12 }; /* of the widest code, the mark before it and a gap behind it counted */

/* The code to show for an entry: its first one, "4.7.500-699" for a range, else a reply code or
 * its id. */
struct str row_code(struct app *app, const struct kb_entry *entry);

/* Its title for one line, placeholders as names. */
struct str row_title(struct app *app, const struct kb_entry *entry);

/* First line of a list for this box; makes the list fit and notes the rows. */
void row_begin(struct place *place, int pane, size_t count, struct box box);

/* Marks the row painted at `row` when it is the selected one: a sign in the first column, `cells`
 * cells behind it in reverse while the pane has the focus; the cursor goes there. */
void row_mark(struct app *app, struct box box, int row, int cells, bool is_selected, bool has_focus);

/* A click on `rows` rows of the box from `row` on selects row `index` of the pane's list. */
void row_zone(struct app *app, struct box box, int row, int rows, int pane, size_t index);

/* Paints entries [top ...] as a list in a pane. */
void row_entries(struct app *app, struct place *place, int pane, struct box box,
                 const struct kb_entry *const *entries, size_t count);

/* A short description of an entry for a preview. */
void row_preview(struct app *app, struct box box, const struct kb_entry *entry);

/* The same for a tree; loads it. */
void row_tree_preview(struct app *app, struct box box, struct str slug);

/* The tree in row `index` of a list of all: they stand by their titles.  Loads them. */
struct str row_tree(struct app *app, size_t index);

/* Title of a tree, its slug when it cannot be read; loads it. */
struct str row_tree_title(struct app *app, struct str slug);

/* Paints a document from its start as far as it goes; a sign in the last row tells that it goes on. */
void row_doc(struct app *app, struct box box, const struct doc *doc);

/* One row with the names of what there is to choose from by Tab; number `now` is the one that is shown. */
void row_tabs(struct box box, const char *const *names, size_t count, size_t now);

/* Paints one line with a heading. */
void row_heading(struct app *app, struct box box, int row, const char *text);

#endif
