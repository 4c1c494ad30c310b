#include "ui/row.h"

#include <curses.h>

#include "base/text.h"
#include "base/width.h"
#include "ui/page.h"

enum {
    ROW_PREVIEW_PAIR_CELLS = 7, /* "Owner" and the like */
};

struct str row_code(struct app *app, const struct kb_entry *entry)
{
    return app_text(app, session_entry_code(&app->scratch, entry));
}

struct str row_title(struct app *app, const struct kb_entry *entry)
{
    const struct tree_facts *facts = app_report_names(app, entry) ? app_facts(app) : NULL;

    struct str title = entry->title;
    size_t arrow = str_find(title, STR_LIT(" -> {"), 0);

    /* "Remote server returned ... -> {text}": the reply behind it stands in the evidence. */
    title.len = arrow == STR_NPOS ? title.len : arrow;
    return app_text(app, session_fill(&app->scratch, title, facts));
}

void row_begin(struct place *place, int pane, size_t count, struct box box)
{
    place->rows[pane] = box.rows;
    list_fit(&place->lists[pane], count, box.rows);
}

void row_mark(struct app *app, struct box box, int row, int cells, bool is_selected, bool has_focus)
{
    if (!is_selected) {
        return;
    }
    cells = cells + 1 > box.cols ? box.cols : cells + 1;
    paint_z(box.row + row, box.col, 1, STYLE_TEXT, ">");
    paint_look(box.row + row, box.col, cells, has_focus ? STYLE_SELECTED : STYLE_PARKED);
    if (has_focus) {
        app->cursor_row = box.row + row;
        app->cursor_col = box.col;
    }
}

void row_zone(struct app *app, struct box box, int row, int rows, int pane, size_t index)
{
    if (app->zone_count < APP_ZONES_MAX) {
        app->zones[app->zone_count++] = (struct app_zone){
            .box = {box.row + row, box.col, rows, box.cols}, .pane = pane, .index = index};
    }
}

/* Cells for the codes of a list: where they are short, the titles have the room. */
static int code_cells(struct app *app, const struct kb_entry *const *entries, size_t count)
{
    int most = 0;

    for (size_t i = 0; i < count && most + 3 < ROW_CODE_CELLS; i++) {
        int cells = (int)width_of(row_code(app, entries[i]));

        most = cells > most ? cells : most;
    }
    return most + 3 < ROW_CODE_CELLS ? most + 3 : ROW_CODE_CELLS;
}

/* Code and title in one row. */
static void paint_entry(struct app *app, struct box box, int row, const struct kb_entry *entry, int title)
{
    /* No colour in lists: on a slow link every change of it costs as much as the code itself. */
    paint_text(box.row + row, box.col + 1, title - 2, STYLE_TEXT, row_code(app, entry));
    paint_text(box.row + row, box.col + title, box.cols - title - 1, STYLE_TEXT, row_title(app, entry));
}

void row_entries(struct app *app, struct place *place, int pane, struct box box,
                 const struct kb_entry *const *entries, size_t count)
{
    int title = code_cells(app, entries, count);

    row_begin(place, pane, count, box);
    for (int row = 0; row < box.rows; row++) {
        size_t index = place->lists[pane].top + (size_t)row;

        if (index >= count) {
            break;
        }
        paint_entry(app, box, row, entries[index], title);
        row_zone(app, box, row, 1, pane, index);
        row_mark(app, box, row, title - 2, index == place->lists[pane].selected, place->pane == pane);
    }
}

/* As far as it goes; a heading whose text is out of view is left out, too. */
static void paint_page(const struct page *page, struct box box)
{
    int rows = box.rows;
    bool goes_on = rows > 0 && page->count > (size_t)rows;

    while (goes_on && rows > 1 &&
           (page->lines[rows - 1].style == STYLE_HEADING || page->lines[rows - 1].text.len == 0)) {
        rows--;
    }
    page_paint(page, box_rows(box, 0, rows), 0, STR_NULL, NULL);
    if (goes_on) {
        paint_right(box.row + (rows < box.rows ? rows : rows - 1), box.col, box.cols, STYLE_TEXT,
                    str_from(paint_cut_sign()));
    }
}

void row_doc(struct app *app, struct box box, const struct doc *doc)
{
    struct page page;

    page_init(&page, &app->scratch, app_text_width(app, box), app->filter);
    page_add(&page, doc);
    paint_page(&page, box);
}

/* The same for a preview: labels stand close to what they are about, and where rows are few none is empty. */
static void preview_doc(struct app *app, struct box box, const struct doc *doc)
{
    struct page page;
    bool is_tight = false;

    do {
        page_init(&page, &app->scratch, app_text_width(app, box), app->filter);
        page.pair_cells = ROW_PREVIEW_PAIR_CELLS;
        page.is_tight = is_tight;
        page_add(&page, doc);
        is_tight = !is_tight;
    } while (is_tight && page.count > (size_t)box.rows);
    paint_page(&page, box);
}

void row_tabs(struct box box, const char *const *names, size_t count, size_t now)
{
    int col = 1;

    for (size_t i = 0; i < count; i++) {
        /* The brackets tell it without any look, too. */
        col += paint_z(box.row, box.col + col, box.cols - col, STYLE_TEXT, i == now ? "[" : " ");
        col += paint_z(box.row, box.col + col, box.cols - col, i == now ? STYLE_TITLE : STYLE_TEXT, names[i]);
        col += paint_z(box.row, box.col + col, box.cols - col, STYLE_TEXT, i == now ? "]" : " ") + 1;
    }
}

void row_heading(struct app *app, struct box box, int row, const char *text)
{
    (void)app;
    if (row < box.rows) {
        paint_z(box.row + row, box.col, box.cols, STYLE_HEADING, text);
    }
}

static struct str kind_of(const struct kb_entry *entry)
{
    switch (entry->kind) {
    case KB_KIND_PERMANENT:
        return str_from(_("permanent: send it again after the fix"));
    case KB_KIND_TRANSIENT:
        return str_from(_("temporary: the server tries again"));
    case KB_KIND_SUCCESS:
        return str_from(_("success: nothing has to be done"));
    case KB_KIND_EXPIRED:
        break;
    }
    return str_from(_("expired: the server gave up"));
}

void row_preview(struct app *app, struct box box, const struct kb_entry *entry)
{
    const struct tree_facts *facts = app_report_names(app, entry) ? app_facts(app) : NULL;
    struct doc doc;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_TITLE, row_code(app, entry), row_title(app, entry));
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
            session_fill(&app->scratch, entry->summary, facts));
    /* Where room is short, the one who has to act first; the entry names them all. */
    size_t owners = COLS >= APP_WIDE_COLS || entry->owner_count == 0 ? entry->owner_count : 1;

    doc_add(&doc, DOC_PAIR, str_from(_("Owner")), session_owner_words(&app->scratch, entry->owners, owners));
    /* The code's first digit tells the kind, and each letter counts on a slow link. */
    if (COLS >= APP_WIDE_COLS) {
        struct str provider = session_provider_words(entry->provider);

        if (provider.len) {
            doc_add(&doc, DOC_PAIR, str_from(_("By")), provider);
        }
        doc_add(&doc, DOC_PAIR, str_from(_("Kind")), kind_of(entry));
        if (entry->tree.len) {
            doc_add(&doc, DOC_PAIR, str_from(_("Tree")), row_tree_title(app, entry->tree));
        }
    }
    preview_doc(app, box, &doc);
}

struct str row_tree(struct app *app, size_t index)
{
    size_t count = app->session->tree_count;

    if (!app->tree_order) {
        app->tree_order = mem_alloc((count + 1) * sizeof *app->tree_order);
        for (size_t i = 0; i < count; i++) {
            struct str title = row_tree_title(app, app->session->trees[i].slug);
            size_t at = i;

            while (at > 0 && str_compare(title, row_tree_title(app, app->session->trees[app->tree_order[at - 1]].slug)) < 0) {
                app->tree_order[at] = app->tree_order[at - 1];
                at--;
            }
            app->tree_order[at] = i;
        }
    }
    return app->session->trees[app->tree_order[index]].slug;
}

struct str row_tree_title(struct app *app, struct str slug)
{
    const struct tree *tree = session_tree(app->session, slug);

    return app_text(app, tree ? tree->title : slug);
}

void row_tree_preview(struct app *app, struct box box, struct str slug)
{
    const struct tree *tree = session_tree(app->session, slug);
    struct doc doc;

    doc_init(&doc, &app->scratch);
    if (!tree) {
        doc_add(&doc, DOC_TITLE, STR_NULL, slug);
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
                str_from(_("This tree cannot be read; `ndr lint` tells why.")));
    } else {
        doc_add(&doc, DOC_TITLE, STR_NULL, tree->title);
        doc_add(&doc, DOC_PARAGRAPH, STR_NULL, tree->about);
        doc_add(&doc, DOC_PAIR, str_from(_("Steps")),
                str_printf(&app->scratch, _("at most %u, to one of %zu outcomes"),
                           tree->longest, tree->outcome_count));
    }
    preview_doc(app, box, &doc);
}
