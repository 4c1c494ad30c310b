/* The saved walks: what was asked and answered, to go on with, to look up again, to delete. */
#include "ui/row.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "base/width.h"

enum {
    SAVED_TIME_CELLS = 17,
    SAVED_STATE_CELLS = 9,
    SAVED_LIST_COLS = 70, /* where the walk stands beside the list */
    SAVED_WHO_COLS = 60,  /* below this no recipient */
    SAVED_PREVIEW_ROWS = 10,
};

/* What the list shows, read anew when something changed. */
struct saved_desk {
    struct arena arena;
    struct store_list list;
    size_t *shown; /* rows that pass the filter */
    size_t shown_count;
    char word[PLACE_WORD_MAX_BYTES];
    bool is_read;
    int64_t preview_id; /* whose text `preview` is, 0 for none */
    struct doc preview;
    struct arena preview_arena;
};

static struct saved_desk *desk_of(struct app *app)
{
    if (!app->saved) {
        app->saved = mem_alloc(sizeof *app->saved);
        arena_init(&app->saved->arena);
        arena_init(&app->saved->preview_arena);
    }
    return app->saved;
}

void app_saved_drop(struct app *app)
{
    if (app->saved) {
        arena_fini(&app->saved->arena);
        arena_fini(&app->saved->preview_arena);
        mem_free(app->saved);
        app->saved = NULL;
    }
}

static bool has_word(const struct store_walk *walk, struct str word)
{
    return str_find_nocase(walk->title, word, 0) != STR_NPOS || str_find_nocase(walk->recipient, word, 0) != STR_NPOS ||
           str_find_nocase(walk->tree, word, 0) != STR_NPOS;
}

/* All words of the filter. */
static bool passes(const struct store_walk *walk, const char *filter)
{
    struct str rest = str_from(filter);
    struct str word;

    while (str_next_word(&rest, &word)) {
        if (!has_word(walk, word)) {
            return false;
        }
    }
    return true;
}

static void read_list(struct app *app, const struct place *place)
{
    struct saved_desk *desk = desk_of(app);
    struct store *store = session_store(app->session);

    if (desk->is_read && strcmp(desk->word, place->word) == 0) {
        return;
    }
    if (!desk->is_read) {
        arena_reset(&desk->arena);
        desk->list = store ? store_walks(store, &desk->arena) : (struct store_list){0};
        desk->shown = ARENA_ARRAY(&desk->arena, size_t, desk->list.count + 1);
        desk->preview_id = 0;
    }
    desk->is_read = true;
    snprintf(desk->word, sizeof desk->word, "%s", place->word);
    desk->shown_count = 0;
    for (size_t i = 0; i < desk->list.count; i++) {
        if (passes(&desk->list.items[i], desk->word)) {
            desk->shown[desk->shown_count++] = i;
        }
    }
}

/* The walk of the selected row, NULL when there is none. */
static const struct store_walk *selected(struct app *app, struct place *place)
{
    struct saved_desk *desk = desk_of(app);

    read_list(app, place);
    return place->lists[0].selected < desk->shown_count
               ? &desk->list.items[desk->shown[place->lists[0].selected]]
               : NULL;
}

/* --- painting --- */

static struct str time_words(struct app *app, int64_t seconds)
{
    time_t at = (time_t)seconds;
    struct tm tm;
    char text[SAVED_TIME_CELLS];

    if (!localtime_r(&at, &tm) || strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm) == 0) {
        return STR_LIT("-");
    }
    return str_dup(&app->scratch, str_from(text));
}

/* Cells for the recipients of the rows in view and a gap: at most half of what they share with the titles. */
static int who_cells(struct app *app, const struct place *place, struct box box)
{
    const struct saved_desk *desk = desk_of(app);
    int half = (box.cols - SAVED_STATE_CELLS - SAVED_TIME_CELLS - 2) / 2;
    int most = 0;

    for (size_t i = place->lists[0].top; i < desk->shown_count && i < place->lists[0].top + (size_t)box.rows; i++) {
        int cells = (int)width_of(app_text(app, desk->list.items[desk->shown[i]].recipient)) + 2;

        most = cells > most ? cells : most;
    }
    return box.cols < SAVED_WHO_COLS ? 0 : most < half ? most : half;
}

static void paint_walk(struct app *app, struct box box, int row, const struct store_walk *walk, unsigned steps, int who)
{
    int right = box.cols - SAVED_STATE_CELLS - 1;
    int title = SAVED_TIME_CELLS + 1;

    paint_text(box.row + row, box.col + 1, SAVED_TIME_CELLS - 1, STYLE_TEXT, time_words(app, walk->changed));
    paint_text(box.row + row, box.col + title, right - title - who - 1, STYLE_TEXT, app_text(app, walk->title));
    paint_text(box.row + row, box.col + right - who, who - 1, STYLE_LABEL, app_text(app, walk->recipient));
    paint_right(box.row + row, box.col + right, SAVED_STATE_CELLS, walk->is_done ? STYLE_LABEL : STYLE_TITLE,
                walk->is_done ? str_from(_("done")) : str_printf(&app->scratch, _("step %u"), steps + 1));
}

static void paint_rows(struct app *app, struct place *place, struct box box)
{
    const struct saved_desk *desk = desk_of(app);

    row_begin(place, 0, desk->shown_count, box);
    int who = who_cells(app, place, box);

    for (int row = 0; row < box.rows && place->lists[0].top + (size_t)row < desk->shown_count; row++) {
        size_t index = place->lists[0].top + (size_t)row;
        size_t item = desk->shown[index];

        paint_walk(app, box, row, &desk->list.items[item], desk->list.steps[item], who);
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, SAVED_TIME_CELLS - 1, index == place->lists[0].selected, true);
    }
}

/* Text of a walk that is not the one at hand. */
static const struct doc *preview_of(struct app *app, const struct store_walk *walk)
{
    struct saved_desk *desk = desk_of(app);

    if (desk->preview_id != walk->id) {
        arena_reset(&desk->preview_arena);
        doc_init(&desk->preview, &desk->preview_arena);
        session_doc_saved(app->session, walk->id, &desk->preview);
        desk->preview_id = walk->id;
    }
    return &desk->preview;
}

static void paint_preview(struct app *app, struct place *place, struct box box)
{
    const struct saved_desk *desk = desk_of(app);

    if (place->lists[0].shown < desk->shown_count) {
        row_doc(app, box, preview_of(app, &desk->list.items[desk->shown[place->lists[0].shown]]));
    }
}

static void paint_nothing(struct app *app, const struct place *place, struct box box)
{
    struct doc doc;
    struct str notice = app->session->store_notice;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
            place->word[0] ? str_from(_("No saved walk has these words."))
            : session_store(app->session)
                ? str_from(_("No walk is saved yet. Each answer in a tree is saved at once; the walk then stands here."))
            : notice.len ? notice
                         : str_from(_("Walks are not saved here: the site names no folder for them (state_dir).")));
    row_doc(app, box_cols(box, 1, box.cols), &doc);
    app->cursor_row = box.row;
    app->cursor_col = box.col;
}

static void saved_paint(struct app *app, struct place *place, struct box box)
{
    read_list(app, place);
    list_fit(&place->lists[0], desk_of(app)->shown_count, place->rows[0]);
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    if (desk_of(app)->shown_count == 0) {
        paint_nothing(app, place, box);
    } else if (box.cols >= APP_WIDE_COLS) {
        paint_divider(box.row, box.col + SAVED_LIST_COLS, box.rows);
        paint_preview(app, place, box_cols(box, SAVED_LIST_COLS + 2, box.cols - SAVED_LIST_COLS - 3));
        paint_rows(app, place, box_cols(box, 0, SAVED_LIST_COLS));
    } else if (box.rows > SAVED_PREVIEW_ROWS + 4) {
        int list = box.rows - SAVED_PREVIEW_ROWS - 1;

        paint_rule(box.row + list, box.col, box.cols);
        paint_preview(app, place, box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2));
        paint_rows(app, place, box_rows(box, 0, list));
    } else {
        paint_rows(app, place, box);
    }
}

static unsigned saved_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_SAVED;
}

static struct str saved_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Saved walks"));
}

static struct str saved_position(struct app *app, const struct place *place)
{
    const struct saved_desk *desk = desk_of(app);

    return str_printf(&app->scratch, _("%zu/%zu"), desk->shown_count ? place->lists[0].selected + 1 : 0,
                      desk->shown_count);
}

static void saved_enter(struct app *app, struct place *place)
{
    (void)place;
    desk_of(app)->is_read = false;
}

/* --- acting --- */

static void delete_selected(struct app *app)
{
    struct place *place = app_place(app);
    const struct store_walk *walk = selected(app, place);
    struct store *store = session_store(app->session);

    if (!walk || !store) {
        return;
    }
    bool is_at_hand = walk->id == app->session->kept.id;

    if (!store_walk_delete(store, walk->id)) {
        struct str why = store_trouble(store);

        app_say(app, _("not deleted: %.*s"), (int)why.len, why.ptr);
        return;
    }
    if (is_at_hand) {
        app->session->kept.id = 0; /* its next answer makes a new one */
    }
    desk_of(app)->is_read = false;
    app_say(app, "%s", _("deleted"));
}

static bool saved_act(struct app *app, struct place *place, enum action_id action, const struct key *key)
{
    const struct store_walk *walk = selected(app, place);

    switch (action) {
    case ACTION_GO_ON:
        if (walk) {
            app_resume(app, walk->id);
        }
        return true;
    case ACTION_DELETE:
        if (walk) {
            struct str title = app_short(app, walk->title);

            app_ask(app, delete_selected, _("Delete the walk \"%.*s\"? y/n"), (int)title.len, title.ptr);
        }
        return true;
    case ACTION_FILTER_SAVED:
        app_filter_ask(app, 0);
        return true;
    case ACTION_BACK:
        if (key && key_is(key, "Esc") && place->word[0]) {
            app_filter_set(app, 0, STR_NULL); /* the filter is the innermost thing */
            return true;
        }
        return false;
    default:
        return list_move(&place->lists[0], action, desk_of(app)->shown_count, place->rows[0]);
    }
}

static bool saved_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)place;
    if (action == ACTION_GO_ON || action == ACTION_DELETE || action == ACTION_COPY || action == ACTION_FILTER_SAVED) {
        return desk_of(app)->list.count > 0;
    }
    return true;
}

static bool saved_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    const struct store_walk *walk = selected(app, place);

    (void)all;
    return walk && session_doc_saved(app->session, walk->id, doc);
}

static struct str saved_file(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return STR_LIT("ndr-walk");
}

const struct view saved_view = {
    .context = saved_context,
    .name = saved_name,
    .position = saved_position,
    .paint = saved_paint,
    .act = saved_act,
    .offers = saved_offers,
    .enter = saved_enter,
    .text = saved_text,
    .file = saved_file,
};
