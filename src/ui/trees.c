/* The guided trees: the list of them, and what one is about. */
#include "ui/row.h"
#include "ui/text.h"

#include "base/text.h"
#include "base/width.h"

enum { TREES_LIST_COLS = 50, TREES_PREVIEW_ROWS = 9 };

static unsigned trees_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TREES;
}

static struct str trees_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Trees"));
}

static struct str trees_position(struct app *app, const struct place *place)
{
    size_t count = app->session->tree_count;

    return str_printf(&app->scratch, "%zu/%zu", count ? place->lists[0].selected + 1 : 0, count);
}

static void paint_list(struct app *app, struct place *place, struct box box)
{
    row_begin(place, 0, app->session->tree_count, box);
    for (int row = 0; row < box.rows; row++) {
        size_t index = place->lists[0].top + (size_t)row;

        if (index >= app->session->tree_count) {
            break;
        }
        struct str title = row_tree_title(app, row_tree(app, index));

        paint_text(box.row + row, box.col + 1, box.cols - 2, STYLE_TEXT, title);
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, (int)width_of(title), index == place->lists[0].selected, true);
    }
}

static void trees_paint(struct app *app, struct place *place, struct box box)
{
    struct box preview;

    if (box.cols >= APP_WIDE_COLS) {
        paint_divider(box.row, box.col + TREES_LIST_COLS, box.rows);
        preview = box_cols(box, TREES_LIST_COLS + 2, box.cols - TREES_LIST_COLS - 3);
        box = box_cols(box, 0, TREES_LIST_COLS);
    } else {
        int list = (int)app->session->tree_count;
        int room = box.rows - TREES_PREVIEW_ROWS - 1;

        list = list > room ? (room > 3 ? room : box.rows) : list;
        preview = box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2);
        if (preview.rows > 0) {
            paint_rule(box.row + list, box.col, box.cols);
        }
        box = box_rows(box, 0, list);
    }
    paint_list(app, place, box);
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    if (app->session->tree_count) {
        row_tree_preview(app, preview, row_tree(app, place->lists[0].shown));
    }
}

static bool trees_act(struct app *app, struct place *place, enum action_id action,
                      const struct key *key)
{
    (void)key;
    if (action == ACTION_OPEN && app->session->tree_count) {
        app_open_tree(app, row_tree(app, place->lists[0].selected));
        return true;
    }
    return list_move(&place->lists[0], action, app->session->tree_count, place->rows[0]);
}

const struct view trees_view = {
    .context = trees_context,
    .name = trees_name,
    .position = trees_position,
    .paint = trees_paint,
    .act = trees_act,
};

/* --- one tree --- */

static unsigned tree_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TREE;
}

static struct str tree_name(struct app *app, const struct place *place)
{
    return row_tree_title(app, place->tree);
}

static struct str joined(struct arena *arena, const struct str *items, size_t count)
{
    struct str text = STR_NULL;

    for (size_t i = 0; i < count; i++) {
        text = str_printf(arena, "%.*s%s%.*s", (int)text.len, text.len ? text.ptr : "",
                          text.len ? ", " : "", (int)items[i].len, items[i].ptr);
    }
    return text;
}

static bool tree_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    const struct tree *tree = session_tree(app->session, place->tree);

    (void)all;
    if (!tree) {
        return false;
    }
    doc_add(doc, DOC_TITLE, STR_NULL, tree->title);
    doc_add(doc, DOC_PARAGRAPH, STR_NULL, tree->about);
    doc_add(doc, DOC_PAIR, str_from(_("Length")),
            str_printf(doc->arena, _("at most %u steps"), tree->longest));
    doc_add(doc, DOC_PAIR, str_from(_("Outcomes")), str_printf(doc->arena, "%zu", tree->outcome_count));
    if (tree->entry_code_count) {
        doc_add(doc, DOC_PAIR, str_from(_("Codes")),
                joined(doc->arena, tree->entry_codes, tree->entry_code_count));
    }
    for (size_t i = 0; i < tree->entry_text_count; i++) {
        if (i == 0) {
            doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("Words of servers that lead here")));
        }
        doc_add(doc, DOC_ITEM, STR_NULL, session_fill(doc->arena, tree->entry_texts[i], NULL));
    }
    struct str walk = app_key_of(app, ACTION_WALK);

    doc_add(doc, DOC_HEADING, STR_NULL,
            str_printf(doc->arena, _("%.*s starts with the first question"), (int)walk.len, walk.ptr));
    doc_add(doc, DOC_PARAGRAPH, STR_NULL, tree->nodes[tree->start].title);
    return true;
}

static bool tree_act(struct app *app, struct place *place, enum action_id action,
                     const struct key *key)
{
    if (action == ACTION_WALK) {
        app_walk(app, place->tree, STR_NULL);
        return true;
    }
    return text_act(app, place, action, key);
}

static struct str tree_file(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, "ndr-tree-%.*s", (int)place->tree.len, place->tree.ptr);
}

const struct view tree_view = {
    .context = tree_context,
    .name = tree_name,
    .position = text_position,
    .paint = text_paint,
    .act = tree_act,
    .text = tree_text,
    .file = tree_file,
};
