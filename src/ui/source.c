/* The report as it was given, line by line. */
#include "ui/source.h"

#include <stdio.h>

#include "base/text.h"
#include "base/width.h"
#include "ui/page.h"

enum { SOURCE_LINE_MAX_BYTES = 8192, SOURCE_BEFORE_LINES = 2 };

static unsigned line_count(const struct app *app)
{
    return app->session->report ? (unsigned)app->session->report->lines.count : 0;
}

static struct str shown_line(struct app *app, unsigned number)
{
    struct str line = ndr_report_line_text(app->session->report, number);

    return page_text(&app->scratch, str_sub(line, 0, SOURCE_LINE_MAX_BYTES), app->filter);
}

int source_paint_line(struct app *app, struct box box, int row, unsigned number, bool is_proof,
                      struct str word)
{
    struct str rest = shown_line(app, number);
    struct str line = STR_NULL;
    int text = SOURCE_NUMBER_COLS + 1;
    size_t cells = box.cols > text ? (size_t)(box.cols - text) : 1;
    int used = 0;

    paint_right(box.row + row, box.col, SOURCE_NUMBER_COLS - 1, STYLE_NUMBER,
                str_printf(&app->scratch, "%s%u", is_proof ? ">" : "", number));
    while (row + used < box.rows && width_next_line(&rest, cells, &line)) {
        paint_found(box.row + row + used, box.col + text, box.cols - text,
                    is_proof ? STYLE_PROOF : STYLE_TEXT, line, word, STR_NPOS);
        used++;
    }
    return used ? used : 1;
}

static bool is_inside(unsigned number, unsigned first, unsigned lines)
{
    return first > 0 && number >= first && number < first + (lines ? lines : 1);
}

int source_paint_around(struct app *app, struct box box, unsigned first, unsigned lines)
{
    unsigned number = first > SOURCE_BEFORE_LINES ? first - SOURCE_BEFORE_LINES : 1;
    int row = 0;

    for (; row < box.rows && number <= line_count(app); number++) {
        row += source_paint_line(app, box, row, number, is_inside(number, first, lines), STR_NULL);
    }
    return row;
}

void source_open(struct app *app, unsigned first, unsigned lines)
{
    struct place *place = places_open(&app->places, PLACE_SOURCE);

    place->scroll = first > 4 ? first - 4 : 0;
    place->nth = first;
    place->hit = lines;
}

/* --- the view --- */

static unsigned source_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_SOURCE;
}

static struct str source_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Report"));
}

static struct str source_position(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, _("line %zu of %u"), place->scroll + 1, line_count(app));
}

static void source_paint(struct app *app, struct place *place, struct box box)
{
    unsigned total = line_count(app);
    int row = 0;

    place->rows[0] = 0;
    place->lines = total;
    if (place->scroll >= total) {
        place->scroll = total ? total - 1 : 0;
    }
    app->cursor_row = box.row;
    for (unsigned number = (unsigned)place->scroll + 1; row < box.rows && number <= total; number++) {
        if (number == place->nth) {
            app->cursor_row = box.row + row;
        }
        row += source_paint_line(app, box, row, number,
                                 is_inside(number, (unsigned)place->nth, (unsigned)place->hit),
                                 str_from(place->word));
        /* Lines are wrapped: a page is as many as were in view. */
        place->rows[0]++;
    }
}

/* Goes to the next line with the word, in a circle. */
static void find(struct app *app, struct place *place, bool forward, bool from_here)
{
    unsigned total = line_count(app);
    struct str word = str_from(place->word);
    size_t at = place->scroll;

    for (unsigned step = from_here ? 0 : 1; total && word.len && step <= total; step++) {
        size_t line = forward ? (at + step) % total : (at + 2 * (size_t)total - step) % total;

        if (str_find_nocase(shown_line(app, (unsigned)line + 1), word, 0) != STR_NPOS) {
            if (forward ? line < at : line > at) {
                app_say(app, "%s", _("search wrapped"));
            }
            place->scroll = line;
            return;
        }
    }
    app_say(app, _("not found: %s"), place->word);
}

static void find_accepted(struct app *app, struct str text)
{
    struct place *place = app_place(app);

    snprintf(place->word, sizeof place->word, "%.*s", (int)text.len, text.len ? text.ptr : "");
    if (text.len) {
        find(app, place, true, true);
    }
}

static const struct prompt_job find_job = {.label = "/", .accepted = find_accepted};

static bool source_act(struct app *app, struct place *place, enum action_id action,
                       const struct key *key)
{
    switch (action) {
    case ACTION_FIND:
        prompt_open(app, &find_job, STR_NULL);
        return true;
    case ACTION_FIND_NEXT:
    case ACTION_FIND_BACK:
        find(app, place, action == ACTION_FIND_NEXT, false);
        return true;
    case ACTION_BACK:
        if (key_is(key, "Esc") && place->word[0]) {
            place->word[0] = '\0';
            return true;
        }
        return false;
    default:
        return list_scroll(&place->scroll, action, place->lines, place->rows[0]);
    }
}

static bool source_plain(struct app *app, struct place *place, bool all, struct buf *out)
{
    (void)place;
    (void)all;
    buf_add_str(out, app->session->report ? app->session->report->source : STR_NULL);
    return out->len > 0;
}

static struct str source_file(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return STR_LIT("ndr-report");
}

const struct view source_view = {
    .context = source_context,
    .name = source_name,
    .position = source_position,
    .paint = source_paint,
    .act = source_act,
    .plain = source_plain,
    .file = source_file,
};
