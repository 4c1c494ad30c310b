/* Search as one types: codes in any form, words, the words of a server. */
#include "ui/row.h"

#include <curses.h>
#include <stdio.h>

#include "base/text.h"
#include "base/width.h"

enum { SEARCH_LIST_COLS = 68, SEARCH_PREVIEW_ROWS = 11, SEARCH_TITLE_CELLS = 56 };

enum search_filter { SEARCH_ALL, SEARCH_CAUSES, SEARCH_TREES, SEARCH_FILTERS };

/* Hits that pass the filter. */
static struct session_hits hits_of(struct app *app, const struct place *place)
{
    struct session_hits hits =
        session_search(app->session, &app->scratch, str_from(place->word));
    size_t kept = 0;

    for (size_t i = 0; i < hits.count; i++) {
        bool is_tree = hits.items[i].kind == SESSION_HIT_TREE;

        if (place->context == SEARCH_ALL || (place->context == SEARCH_TREES) == is_tree) {
            hits.items[kept++] = hits.items[i];
        }
    }
    hits.count = kept;
    return hits;
}

static unsigned search_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_SEARCH;
}

static struct str search_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Search"));
}

static struct str search_position(struct app *app, const struct place *place)
{
    const char *filter = place->context == SEARCH_CAUSES  ? _(", causes only")
                         : place->context == SEARCH_TREES ? _(", trees only")
                                                          : "";
    size_t of = place->context == SEARCH_TREES    ? app->session->tree_count
                : place->context == SEARCH_CAUSES ? app->session->kb.count
                                                  : app->session->kb.count + app->session->tree_count;

    return str_printf(&app->scratch, _("%zu of %zu%s"), place->lines, of, filter);
}

/* What can be typed, while nothing is. */
static void paint_hint(struct app *app, struct box box)
{
    struct doc doc;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL, str_from(_("Type what you have:")));
    doc_add(&doc, DOC_PAIR, str_from(_("a code")), str_from(_("5.7.23   5723   550 5.7.23   5.7.2")));
    doc_add(&doc, DOC_PAIR, str_from(_("words")), str_from(_("dane   mailbox full   spf")));
    doc_add(&doc, DOC_PAIR, str_from(_("a sentence")),
            str_from(_("what the server said, as it stands in the report")));
    row_doc(app, box_cols(box, 0, box.cols), &doc);
}

/* Where the words stand, unless the row itself shows it. */
static struct str why_words(struct app *app, const struct session_hit *hit)
{
    static const char *const seen[] = {"id", "code", "title", "tree"};

    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        if (str_equal(hit->why, str_from(seen[i]))) {
            return STR_NULL;
        }
    }
    return str_printf(&app->scratch, "(%.*s)", (int)hit->why.len, hit->why.len ? hit->why.ptr : "");
}

static void paint_hit(struct app *app, struct box box, int row, const struct session_hit *hit)
{
    int title = 1 + ROW_CODE_CELLS;
    bool is_tree = hit->kind == SESSION_HIT_TREE;
    struct str code = is_tree ? str_from(_("tree")) : row_code(app, hit->entry);
    struct str name = is_tree ? app_text(app, hit->title) : row_title(app, hit->entry);
    /* On a narrow screen each letter would bring this column, and the ends of long titles, again. */
    struct str why = COLS >= APP_WIDE_COLS ? why_words(app, hit) : STR_NULL;
    int narrow = title + SEARCH_TITLE_CELLS < box.cols ? title + SEARCH_TITLE_CELLS : box.cols;
    int end = COLS < APP_WIDE_COLS ? narrow : box.cols - (why.len ? (int)width_of(why) + 1 : 0);

    paint_text(box.row + row, box.col + 1, ROW_CODE_CELLS - 1, STYLE_TEXT, code);
    paint_text(box.row + row, box.col + title, end - title - 1, STYLE_TEXT, name);
    paint_text(box.row + row, box.col + end, box.cols - end, STYLE_LABEL, why);
}

static void paint_hits(struct app *app, struct place *place, struct box box,
                       const struct session_hits *hits)
{
    row_begin(place, 0, hits->count, box);
    for (int row = 0; row < box.rows; row++) {
        size_t index = place->lists[0].top + (size_t)row;

        if (index >= hits->count) {
            break;
        }
        paint_hit(app, box, row, &hits->items[index]);
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, ROW_CODE_CELLS - 1, index == place->lists[0].selected, true);
    }
}

/* The hit at rest; while letters come the one before stays, which spares a slow link most of it. */
static void paint_preview(struct app *app, struct place *place, struct box box,
                          const struct session_hit *hit)
{
    bool is_tree = hit->kind == SESSION_HIT_TREE;

    if (!place->is_typing) {
        place->entry = is_tree ? NULL : hit->entry;
        place->tree = is_tree ? hit->tree : STR_NULL;
    }
    if (place->tree.len) {
        row_tree_preview(app, box, place->tree);
    } else if (place->entry) {
        row_preview(app, box, place->entry);
    }
}

static void search_paint(struct app *app, struct place *place, struct box box)
{
    struct session_hits hits = hits_of(app, place);
    struct box preview;

    place->lines = hits.count;
    if (!place->word[0]) {
        paint_hint(app, box);
        app->is_restless = !session_search_is_ready(app->session);
        return;
    }
    if (hits.count == 0) {
        paint_z(box.row, box.col + 1, box.cols - 2, STYLE_TEXT,
                _("Nothing has all these words. Fewer or shorter words find more."));
        return;
    }
    if (box.cols >= APP_WIDE_COLS) {
        paint_divider(box.row, box.col + SEARCH_LIST_COLS, box.rows);
        preview = box_cols(box, SEARCH_LIST_COLS + 2, box.cols - SEARCH_LIST_COLS - 3);
        box = box_cols(box, 0, SEARCH_LIST_COLS);
    } else {
        int list = box.rows > SEARCH_PREVIEW_ROWS + 4 ? box.rows - SEARCH_PREVIEW_ROWS - 1 : box.rows;

        preview = box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2);
        /* The rule costs as much as half of the list: it comes with what stands below it. */
        if (preview.rows > 0 && (!place->is_typing || place->entry || place->tree.len)) {
            paint_rule(box.row + list, box.col, box.cols);
        }
        box = box_rows(box, 0, list);
    }
    paint_hits(app, place, box, &hits);
    app->is_restless = place->is_typing || place->lists[0].shown != place->lists[0].selected;
    if (preview.rows > 0) {
        paint_preview(app, place, preview, &hits.items[place->lists[0].shown]);
    }
}

static void query_changed(struct app *app, struct str text)
{
    struct place *place = app_place(app);

    snprintf(place->word, sizeof place->word, "%.*s", (int)text.len, text.len ? text.ptr : "");
    place->lists[0] = (struct list){0};
    place->is_typing = true;
}

static const struct prompt_job search_job = {.label = "/", .changed = query_changed};

static void search_enter(struct app *app, struct place *place)
{
    prompt_open(app, &search_job, str_from(place->word));
}

/* What the first letter would wait for is done before it comes, if there is time. */
static void search_rest(struct app *app, struct place *place)
{
    (void)place;
    session_search_trees(app->session);
}

static void open_hit(struct app *app, struct place *place)
{
    struct session_hits hits = hits_of(app, place);

    if (place->lists[0].selected >= hits.count) {
        return;
    }
    const struct session_hit *hit = &hits.items[place->lists[0].selected];

    if (hit->kind == SESSION_HIT_TREE) {
        app_open_tree(app, hit->tree);
    } else {
        app_open_entry(app, hit->entry);
    }
}

/* Keys that type nothing are actions here; the rest edits the query. */
static bool search_type(struct app *app, struct place *place, const struct key *key)
{
    if (!app->prompt.job || key->text_len) {
        return false;
    }
    enum action_id action =
        action_for_key(app_keymap(app), str_from(key->name), ACTION_IN_SEARCH, app->options->restricted);

    switch (action) {
    case ACTION_NONE:
        return false;
    case ACTION_OPEN_HIT:
        open_hit(app, place);
        return true;
    case ACTION_FILTER:
        place->context = (place->context + 1) % SEARCH_FILTERS;
        place->lists[0] = (struct list){0};
        return true;
    default:
        return list_move(&place->lists[0], action, place->lines, place->rows[0]) ||
               app_act(app, action, key);
    }
}

const struct view search_view = {
    .context = search_context,
    .name = search_name,
    .position = search_position,
    .paint = search_paint,
    .type = search_type,
    .enter = search_enter,
    .rest = search_rest,
};
