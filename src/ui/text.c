#include "ui/text.h"

#include <stdio.h>

#include "base/text.h"

enum { TEXT_MARGIN = 1 };

void text_layout(struct app *app, struct place *place, struct page *page)
{
    struct doc doc;

    doc_init(&doc, &app->scratch);
    app_view(place->kind)->text(app, place, true, &doc);
    page_init(page, &app->scratch, place->width, app->filter);
    page_add(page, &doc);
}

void text_paint_page(struct app *app, struct place *place, const struct page *page, struct box box)
{
    size_t view = (size_t)(box.rows > 0 ? box.rows : 1);
    struct str word = str_from(place->word);
    struct page_hit hit;

    place->rows[0] = box.rows;
    place->lines = page->count;
    if (place->scroll + view > page->count) {
        place->scroll = page->count > view ? page->count - view : 0;
    }
    bool found = page_hit(page, word, place->hit, &hit);

    page_paint(page, box, place->scroll, word, found ? &hit : NULL);
    app->cursor_row = box.row;
    app->cursor_col = box.col;
    if (found && hit.line >= place->scroll && hit.line < place->scroll + view) {
        app->cursor_row = box.row + (int)(hit.line - place->scroll);
    }
}

void text_paint(struct app *app, struct place *place, struct box box)
{
    struct page page;

    box = box_cols(box, TEXT_MARGIN, box.cols - 2 * TEXT_MARGIN);
    place->width = app_text_width(app, box);
    text_layout(app, place, &page);
    text_paint_page(app, place, &page, box);
}

/* --- finding --- */

/* Scrolls so that the current hit is in view, with some lines before it. */
static void show_hit(struct place *place, const struct page *page)
{
    struct page_hit hit;
    size_t rows = (size_t)(place->rows[0] > 0 ? place->rows[0] : 1);

    if (!page_hit(page, str_from(place->word), place->hit, &hit)) {
        return;
    }
    if (hit.line < place->scroll || hit.line >= place->scroll + rows) {
        place->scroll = hit.line > rows / 3 ? hit.line - rows / 3 : 0;
    }
}

/* Takes the first hit at or behind a line, else the first of all. */
static void find_from(struct place *place, const struct page *page, size_t line)
{
    struct page_hit hit;
    size_t index = 0;

    while (page_hit(page, str_from(place->word), index, &hit) && hit.line < line) {
        index++;
    }
    place->hit = page_hit(page, str_from(place->word), index, &hit) ? index : 0;
    show_hit(place, page);
}

static void find_changed(struct app *app, struct str text)
{
    struct place *place = app_place(app);
    struct page page;

    snprintf(place->word, sizeof place->word, "%.*s", (int)text.len, text.len ? text.ptr : "");
    place->scroll = place->find_from;
    text_layout(app, place, &page);
    find_from(place, &page, place->find_from);
}

static void find_cancelled(struct app *app)
{
    struct place *place = app_place(app);

    place->word[0] = '\0';
    place->scroll = place->find_from;
}

static void find_accepted(struct app *app, struct str text)
{
    struct place *place = app_place(app);
    struct page page;

    text_layout(app, place, &page);
    if (text.len && page_hits(&page, str_from(place->word)) == 0) {
        app_say(app, _("not found: %s"), place->word);
        find_cancelled(app);
    }
}

static const struct prompt_job find_job = {
    .label = "/",
    .changed = find_changed,
    .accepted = find_accepted,
    .cancelled = find_cancelled,
};

static void find_next(struct app *app, struct place *place, bool forward)
{
    struct page page;

    if (!place->word[0]) {
        struct str find = app_key_of(app, ACTION_FIND);

        app_say(app, _("nothing is searched here; %.*s finds"), (int)find.len, find.ptr);
        return;
    }
    text_layout(app, place, &page);
    size_t count = page_hits(&page, str_from(place->word));

    if (count == 0) {
        return;
    }
    bool wraps = forward ? place->hit + 1 >= count : place->hit == 0;

    place->hit = forward ? (wraps ? 0 : place->hit + 1) : (wraps ? count - 1 : place->hit - 1);
    if (wraps) {
        app_say(app, "%s", _("search wrapped"));
    }
    show_hit(place, &page);
}

bool text_act(struct app *app, struct place *place, enum action_id action, const struct key *key)
{
    switch (action) {
    case ACTION_FIND:
        place->find_from = place->scroll;
        place->word[0] = '\0';
        prompt_open(app, &find_job, STR_NULL);
        return true;
    case ACTION_FIND_NEXT:
    case ACTION_RELATED_NEXT:
        find_next(app, place, true);
        return true;
    case ACTION_FIND_BACK:
    case ACTION_RELATED_BACK:
        find_next(app, place, false);
        return true;
    case ACTION_BACK:
    case ACTION_LEAVE:
        /* Esc leaves the search first; q leaves the place. */
        if (key && key_is(key, "Esc") && place->word[0]) {
            place->word[0] = '\0';
            return true;
        }
        return false;
    default:
        return list_scroll(&place->scroll, action, place->lines, place->rows[0]);
    }
}

struct str text_position(struct app *app, const struct place *place)
{
    struct page page;
    size_t rows = (size_t)(place->rows[0] > 0 ? place->rows[0] : 1);

    if (place->word[0]) {
        text_layout(app, app_place(app), &page);
        size_t count = page_hits(&page, str_from(place->word));

        return str_printf(&app->scratch, "%zu/%zu", count ? place->hit + 1 : 0, count);
    }
    if (place->lines <= rows) {
        return STR_NULL;
    }
    size_t last = place->scroll + rows < place->lines ? place->scroll + rows : place->lines;

    return str_printf(&app->scratch, _("lines %zu-%zu of %zu"), place->scroll + 1, last,
                      place->lines);
}
