/* Lines of the report at hand, numbered, wrapped, the ones that prove something marked. */
#ifndef NDR_UI_SOURCE_H
#define NDR_UI_SOURCE_H

#include "ui/app.h"

enum { SOURCE_NUMBER_COLS = 7 };

/* Paints line `number` from `row` of the box on, every place of `word` marked; returns the rows. */
int source_paint_line(struct app *app, struct box box, int row, unsigned number, bool is_proof,
                      struct str word);

/* Paints the lines around a place: some before it, its `lines` marked; 0 for `first` when the
 * evidence stands on no line.  Returns the rows. */
int source_paint_around(struct app *app, struct box box, unsigned first, unsigned lines);

/* Opens the whole report at a line. */
void source_open(struct app *app, unsigned first, unsigned lines);

#endif
