/* Putting filtered text and rules on the screen, cut by cells.  Nothing here knows what it shows. */
#ifndef NDR_UI_PAINT_H
#define NDR_UI_PAINT_H

#include "base/str.h"
#include "ui/style.h"

/* A part of the screen, in cells. */
struct box {
    int row, col;   /* upper left corner */
    int rows, cols; /* size, may be 0 */
};

/* The lines of `box` from `row` (0-based) on, at most `rows`. */
struct box box_rows(struct box box, int row, int rows);
struct box box_cols(struct box box, int col, int cols);

/* Paints one line of filtered text in at most `cells` cells; a longer text ends with a sign that
 * something is missing.  Returns the cells used. */
int paint_text(int row, int col, int cells, enum style style, struct str text);
int paint_z(int row, int col, int cells, enum style style, const char *text);

/* The same, flush right in the `cells` cells; returns the cells used. */
int paint_right(int row, int col, int cells, enum style style, struct str text);

/* The sign of a cut text, for the few that are not cut by paint_text(). */
const char *paint_cut_sign(void);

/* Gives cells that are painted already another look, such as a selected row. */
void paint_look(int row, int col, int cells, enum style style);

void paint_blank(int row, int col, int cells);
void paint_rule(int row, int col, int cells);    /* a line to the right */
void paint_divider(int row, int col, int rows);  /* a line downwards */

/* Paints `text` as paint_text() does, with every place of `word` (ASCII case ignored) in the look
 * of a hit; the one that begins at byte `now` in the look of the current hit. */
int paint_found(int row, int col, int cells, enum style style, struct str text, struct str word,
                size_t now);

#endif
