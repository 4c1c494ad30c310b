/* A place that is one long text: scrolling and finding, the same on every such screen. */
#ifndef NDR_UI_TEXT_H
#define NDR_UI_TEXT_H

#include "ui/app.h"
#include "ui/page.h"

/* Lays out the whole text of a place at the width of its last frame. */
void text_layout(struct app *app, struct place *place, struct page *page);

/* Paints the text of a place in a box, which decides the width. */
void text_paint(struct app *app, struct place *place, struct box box);

/* Paints a text that was laid out already. */
void text_paint_page(struct app *app, struct place *place, const struct page *page, struct box box);

/* Scrolls, finds, and takes back a search; false when the action is something else. */
bool text_act(struct app *app, struct place *place, enum action_id action, const struct key *key);

/* "3/11" while a word is searched, else which lines are in view; empty when all are. */
struct str text_position(struct app *app, const struct place *place);

#endif
