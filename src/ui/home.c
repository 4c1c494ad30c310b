/* The first screen: categories at the left, their entries beside them, a preview of the entry. */
#include "ui/row.h"

#include "base/text.h"
#include "base/width.h"

enum {
    HOME_LEFT_COLS = 33,
    HOME_MIDDLE_COLS = 46,
    HOME_ONE_PANE_COLS = 64,   /* below this only the pane with the focus */
    HOME_THREE_PANE_COLS = 110,
    HOME_PREVIEW_ROWS = 10,
};

enum home_row_kind { HOME_CATEGORY, HOME_TREES, HOME_SAVED, HOME_OPTIONS, HOME_REPORT, HOME_WALK, HOME_TRIAGE };

enum { HOME_FIXED_ROWS = KB_CATEGORY_COUNT + 3 };

/* A row of the left pane. */
struct home_row {
    enum home_row_kind kind;
    enum kb_category category;
};

static size_t row_count(const struct app *app)
{
    return HOME_FIXED_ROWS + (app->session->report != NULL) + app->session->walking + (app->triage != NULL);
}

static struct home_row row_at(const struct app *app, size_t index)
{
    if (index < KB_CATEGORY_COUNT) {
        return (struct home_row){HOME_CATEGORY, (enum kb_category)index};
    }
    if (index < HOME_FIXED_ROWS) {
        static const enum home_row_kind kinds[] = {HOME_TREES, HOME_SAVED, HOME_OPTIONS};

        return (struct home_row){kinds[index - KB_CATEGORY_COUNT], KB_CATEGORY_COUNT};
    }
    bool is_report = index == HOME_FIXED_ROWS && app->session->report;
    bool is_triage = app->triage && index + 1 == row_count(app);

    return (struct home_row){is_report   ? HOME_REPORT
                             : is_triage ? HOME_TRIAGE
                                         : HOME_WALK,
                             KB_CATEGORY_COUNT};
}

/* Entries of a category; they stand together in the knowledge. */
static const struct kb_entry *const *entries_of(const struct app *app, enum kb_category category,
                                                size_t *count)
{
    size_t from = 0;
    const struct kb *kb = &app->session->kb;

    while (from < kb->count && kb->entries[from]->category < category) {
        from++;
    }
    *count = kb->category_count[category];
    return kb->entries + from;
}

/* Rows of the middle pane for what the left pane shows. */
static size_t middle_count(const struct app *app, struct home_row row)
{
    switch (row.kind) {
    case HOME_CATEGORY:
        return app->session->kb.category_count[row.category];
    case HOME_TREES:
        return app->session->tree_count;
    case HOME_SAVED:
    case HOME_OPTIONS:
    case HOME_REPORT:
    case HOME_WALK:
    case HOME_TRIAGE:
        break;
    }
    return 0;
}

static struct str row_words(const struct app *app, struct home_row row)
{
    switch (row.kind) {
    case HOME_CATEGORY:
        return kb_category_title(row.category);
    case HOME_TREES:
        return str_from(_("Guided trees"));
    case HOME_SAVED:
        return str_from(_("Saved walks"));
    case HOME_OPTIONS:
        return str_from(_("Options"));
    case HOME_REPORT:
        return str_from(_("The report at hand"));
    case HOME_TRIAGE:
        return str_from(_("The reports counted"));
    case HOME_WALK:
        break;
    }
    return str_from(tree_walk_is_done(&app->session->walk) ? _("The finished walk")
                                                           : _("Go on with the walk"));
}

static void paint_left(struct app *app, struct place *place, struct box box)
{
    size_t count = row_count(app);
    /* The gap between the categories and the rest is dropped when there is no room. */
    int gap = box.rows > (int)count ? 1 : 0;
    struct box list = box;

    list.rows -= gap;
    row_begin(place, 0, count, list);
    for (int i = 0; i < list.rows; i++) {
        size_t index = place->lists[0].top + (size_t)i;
        int row = i + (index >= KB_CATEGORY_COUNT ? gap : 0);

        if (index >= count) {
            break;
        }
        struct home_row what = row_at(app, index);
        size_t rows = middle_count(app, what);

        paint_text(box.row + row, box.col + 1, box.cols - 5, STYLE_TEXT,
                   app_text(app, row_words(app, what)));
        if (rows) {
            paint_right(box.row + row, box.col + box.cols - 4, 3, STYLE_NUMBER,
                        str_printf(&app->scratch, "%zu", rows));
        }
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, box.cols - 1, index == place->lists[0].selected, place->pane == 0);
    }
    /* What no list shows, for those who see the program for the first time. */
    if (box.rows > (int)count + gap + 2) {
        paint_z(box.row + (int)count + gap + 1, box.col + 1, box.cols - 2, STYLE_TEXT, _("Paste a bounce at any time."));
    }
}

static void paint_trees(struct app *app, struct place *place, struct box box)
{
    row_begin(place, 1, app->session->tree_count, box);
    for (int row = 0; row < box.rows; row++) {
        size_t index = place->lists[1].top + (size_t)row;

        if (index >= app->session->tree_count) {
            break;
        }
        struct str title = row_tree_title(app, row_tree(app, index));

        paint_text(box.row + row, box.col + 1, box.cols - 2, STYLE_TEXT, title);
        row_zone(app, box, row, 1, 1, index);
        row_mark(app, box, row, (int)width_of(title), index == place->lists[1].selected,
                 place->pane == 1);
    }
}

static void paint_sentence(struct app *app, struct box box, struct home_row row)
{
    const struct match_diagnosis *best = session_best(app->session);
    struct str open = app_key_of(app, ACTION_OPEN);
    struct doc doc;

    doc_init(&doc, &app->scratch);
    if (row.kind == HOME_REPORT) {
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
                best ? best->entry->title : str_from(_("No cause was found in it.")));
    } else if (row.kind == HOME_SAVED) {
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
                str_printf(&app->scratch, _("Every answer of a walk is saved at once. %.*s lists the walks, to go on or to look them up."),
                           (int)open.len, open.ptr));
    } else if (row.kind == HOME_OPTIONS) {
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
                str_from(_("What the program does by itself, to look at and to change: colors, mouse, clipboard, what is kept.")));
    } else if (row.kind == HOME_TRIAGE) {
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
                str_printf(&app->scratch, _("%.*s goes back to them."), (int)open.len, open.ptr));
    } else {
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL, app->session->walk.tree->title);
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
                str_printf(&app->scratch, _("Step %u of at most %u"),
                           tree_walk_step(&app->session->walk), tree_walk_most(&app->session->walk)));
    }
    box = box_cols(box, 1, box.cols - 1);
    row_doc(app, box, &doc);
}

static void paint_middle(struct app *app, struct place *place, struct box box, struct home_row row)
{
    if (row.kind == HOME_CATEGORY) {
        size_t count;
        const struct kb_entry *const *entries = entries_of(app, row.category, &count);

        row_entries(app, place, 1, box, entries, count);
    } else if (row.kind == HOME_TREES) {
        paint_trees(app, place, box);
    } else {
        paint_sentence(app, box, row);
    }
}

static void paint_preview(struct app *app, struct place *place, struct box box, struct home_row row)
{
    size_t index = place->lists[1].shown;

    if (index >= middle_count(app, row)) {
        return;
    }
    if (row.kind == HOME_CATEGORY) {
        size_t count;

        row_preview(app, box, entries_of(app, row.category, &count)[index]);
    } else {
        row_tree_preview(app, box, row_tree(app, index));
    }
}

/* Middle pane and preview above each other, the list as high as it needs to be. */
static void paint_stacked(struct app *app, struct place *place, struct box box, struct home_row row)
{
    int list = (int)middle_count(app, row);
    int room = box.rows > HOME_PREVIEW_ROWS + 5 ? box.rows - HOME_PREVIEW_ROWS - 1 : box.rows;

    list = list > room || list == 0 ? room : list;
    paint_middle(app, place, box_rows(box, 0, list), row);
    if (list + 1 < box.rows && box.rows > HOME_PREVIEW_ROWS + 5) {
        /* An empty row sets the preview off: a rule would cost three bytes a cell in the first frame. */
        paint_preview(app, place, box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2), row);
    }
}

static void home_paint(struct app *app, struct place *place, struct box box)
{
    place->lists[0].selected =
        place->lists[0].selected < row_count(app) ? place->lists[0].selected : 0;
    app->is_restless = place->lists[0].shown != place->lists[0].selected ||
                       place->lists[1].shown != place->lists[1].selected;
    struct home_row row = row_at(app, place->lists[0].shown);

    if (box.cols < HOME_ONE_PANE_COLS) {
        if (place->pane == 0) {
            paint_left(app, place, box);
        } else {
            paint_stacked(app, place, box, row);
        }
        return;
    }
    paint_left(app, place, box_cols(box, 0, HOME_LEFT_COLS));
    paint_divider(box.row, box.col + HOME_LEFT_COLS, box.rows);
    box = box_cols(box, HOME_LEFT_COLS + 1, box.cols);
    if (box.cols + HOME_LEFT_COLS + 1 < HOME_THREE_PANE_COLS) {
        paint_stacked(app, place, box, row);
        return;
    }
    paint_middle(app, place, box_cols(box, 0, HOME_MIDDLE_COLS), row);
    paint_divider(box.row, box.col + HOME_MIDDLE_COLS, box.rows);
    paint_preview(app, place,
                  box_cols(box, HOME_MIDDLE_COLS + 2, box.cols - HOME_MIDDLE_COLS - 3), row);
}

static unsigned home_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_HOME;
}

static struct str home_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Home"));
}

static struct str home_position(struct app *app, const struct place *place)
{
    (void)place;
    size_t entries = app->session->kb.count;
    size_t trees = app->session->tree_count;

    return str_printf(&app->scratch, "%zu %s  %zu %s", entries, entries == 1 ? _("entry") : _("entries"),
                      trees, trees == 1 ? _("tree") : _("trees"));
}

/* The middle pane follows at once when somebody goes into it. */
static void go_middle(const struct app *app, struct place *place)
{
    place->lists[0].shown = place->lists[0].selected;
    if (middle_count(app, row_at(app, place->lists[0].selected)) > 0) {
        place->pane = 1;
    }
}

static void open_row(struct app *app, struct place *place)
{
    struct home_row row = row_at(app, place->lists[0].selected);
    size_t index = place->lists[1].selected;

    if (row.kind == HOME_REPORT) {
        app_open(app, PLACE_DIAGNOSIS);
    } else if (row.kind == HOME_WALK) {
        app_open(app, PLACE_WALK);
    } else if (row.kind == HOME_TRIAGE) {
        app_open(app, PLACE_TRIAGE);
    } else if (row.kind == HOME_SAVED) {
        app_open(app, PLACE_SAVED);
    } else if (row.kind == HOME_OPTIONS) {
        app_open(app, PLACE_OPTIONS);
    } else if (place->pane == 0) {
        go_middle(app, place);
    } else if (row.kind == HOME_TREES) {
        app_open_tree(app, row_tree(app, index));
    } else {
        size_t count;

        app_open_entry(app, entries_of(app, row.category, &count)[index]);
    }
}

static bool move_row(struct app *app, struct place *place, enum action_id action)
{
    struct home_row row = row_at(app, place->lists[0].selected);
    size_t count = place->pane == 0 ? row_count(app) : middle_count(app, row);

    if (!list_move(&place->lists[place->pane], action, count, place->rows[place->pane])) {
        return false;
    }
    if (place->pane == 0) {
        place->lists[1] = (struct list){0};
    }
    return true;
}

static bool home_act(struct app *app, struct place *place, enum action_id action,
                     const struct key *key)
{
    (void)key;
    switch (action) {
    case ACTION_OPEN:
        open_row(app, place);
        return true;
    case ACTION_PANE:
        if (place->pane == 1) {
            place->pane = 0;
        } else {
            go_middle(app, place);
        }
        return true;
    case ACTION_OUT:
        place->pane = 0;
        return true;
    default:
        return move_row(app, place, action);
    }
}

const struct view home_view = {
    .context = home_context,
    .name = home_name,
    .position = home_position,
    .paint = home_paint,
    .act = home_act,
};
