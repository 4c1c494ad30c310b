/* The paste screen: text comes in, what it is recognized as is shown, Enter diagnoses it. */
#include "ui/app.h"
#include "ui/row.h"

#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "ui/page.h"

enum {
    PASTE_TYPING = 0,   /* pane: every key is text */
    PASTE_RECEIVED = 1, /* pane: keys are actions */
    PASTE_BURST = 20,   /* characters waiting at once: read them in one go */
    PASTE_SIDE_COLS = 46,
    PASTE_NUMBER_CELLS = 6,
};

static unsigned paste_context(const struct app *app, const struct place *place)
{
    (void)app;
    return place->pane == PASTE_TYPING ? ACTION_IN_TYPING : ACTION_IN_PASTE;
}

static struct str paste_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Paste"));
}

static size_t count_lines(struct str text)
{
    size_t lines = text.len && text.ptr[text.len - 1] != '\n';

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n';
    }
    return lines;
}

static struct str size_words(struct app *app, size_t bytes)
{
    if (bytes < 1000) {
        return str_printf(&app->scratch, _("%zu bytes"), bytes);
    }
    return bytes < 1000000 ? str_printf(&app->scratch, "%.1f kB", (double)bytes / 1000)
                           : str_printf(&app->scratch, "%.1f MB", (double)bytes / 1000000);
}

static struct str paste_position(struct app *app, const struct place *place)
{
    struct str size = size_words(app, app->pasted.len);

    (void)place;
    if (app->pasted.len == 0) {
        return str_from(_("waiting for text"));
    }
    return str_printf(&app->scratch, _("%.*s, %zu lines"), (int)size.len, size.ptr,
                      count_lines(buf_str(&app->pasted)));
}

/* --- waiting and typing --- */

static void paint_waiting(struct app *app, struct box box)
{
    struct str end = app_key_of(app, ACTION_TYPING_END);
    struct doc doc;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_TITLE, STR_NULL, str_from(_("Paste the whole bounce now.")));
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
            str_from(_("Shift+Insert, right click, or the paste of your terminal. Take all of it: the "
                       "deciding words often stand at the end. Nothing is sent anywhere.")));
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
            str_printf(&app->scratch,
                       _("Where the terminal does not tell a paste from typing, end the text with "
                         "%.*s or with a line that holds a single dot."),
                       (int)end.len, end.ptr));
    row_doc(app, box, &doc);
}

/* The last lines of what was typed so far; the cursor behind them. */
static void paint_typed(struct app *app, struct box box)
{
    struct page page;
    struct doc doc;
    struct str text = buf_str(&app->pasted);
    size_t keep = (size_t)box.rows * (size_t)box.cols;

    text = text.len > keep ? str_sub(text, text.len - keep, keep) : text;
    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL, text);
    page_init(&page, &app->scratch, box.cols, app->filter);
    page_add(&page, &doc);
    if (text.len && text.ptr[text.len - 1] == '\n') {
        page_gap(&page);
    }
    size_t view = (size_t)(box.rows > 0 ? box.rows : 1);
    size_t top = page.count > view ? page.count - view : 0;

    page_paint(&page, box, top, STR_NULL, NULL);
    if (page.count) {
        const struct page_line *last = &page.lines[page.count - 1];

        app->cursor_row = box.row + (int)(page.count - 1 - top);
        app->cursor_col = box.col + (last->text.len ? last->col : 2) + (int)width_of(last->text);
    }
}

/* --- what was recognized --- */

/* First code of the report, empty when there is none. */
static struct str first_code(const struct match_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (result->recipients[i].status.text.len) {
            return result->recipients[i].status.text;
        }
    }
    return STR_NULL;
}

static struct str recipient_words(struct app *app, const struct match_result *result)
{
    struct str first = result->count ? result->recipients[0].facts[NDR_FACT_RCPT].text : STR_NULL;

    if (result->count == 0) {
        return str_from(_("none"));
    }
    if (first.len == 0) {
        return str_printf(&app->scratch, "%zu", result->count);
    }
    return result->count == 1
               ? first
               : str_printf(&app->scratch, _("%.*s and %zu more"), (int)first.len, first.ptr,
                            result->count - 1);
}

static void add_pair(struct doc *doc, const char *label, struct str text)
{
    if (text.len) {
        doc_add(doc, DOC_PAIR, str_from(label), text);
    }
}

static void recognized(struct app *app, struct doc *doc)
{
    const struct match_result *result = app->pasted_result;
    const struct ndr_report *report = result->report;
    const struct match_diagnosis *best =
        result->count && result->recipients[0].diagnosis_count ? &result->recipients[0].diagnoses[0]
                                                               : NULL;

    doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("Recognized")));
    add_pair(doc, _("Kind"), session_kind_words(report->kind));
    add_pair(doc, _("Form"), str_from(report->is_mail ? _("a whole mail") : _("a piece of text")));
    add_pair(doc, _("Written by"), ndr_generator_name(report->generator.text));
    add_pair(doc, _("Code"), first_code(result));
    add_pair(doc, _("Recipient"), recipient_words(app, result));
    if (report->kind == NDR_KIND_NONE) {
        doc_add(doc, DOC_NOTE, STR_NULL,
                str_from(_("Paste the whole bounce, down to the part for administrators. No code, no reply "
                           "of a server and no failed address stand in this text.")));
    }
    if (best) {
        struct tree_facts facts =
            session_facts(app->session, &app->scratch, result, &result->recipients[0]);

        add_pair(doc, _("Cause"), session_fill(&app->scratch, best->entry->title, &facts));
    }
    if (app->paste_was_cut) {
        doc_add(doc, DOC_NOTE, STR_NULL, str_from(_("The end of the paste never came: it was cut.")));
    }
    if (app->pasted.dropped) {
        doc_add(doc, DOC_NOTE, STR_NULL,
                str_from(_("Only the first 4 MB were kept; the rest was dropped.")));
    }
}

static void paint_text_lines(struct app *app, struct place *place, struct box box)
{
    const struct ndr_report *report = app->pasted_result->report;

    place->rows[0] = box.rows;
    place->lines = report->lines.count;
    if (place->scroll + (size_t)box.rows > place->lines) {
        place->scroll = place->lines > (size_t)box.rows ? place->lines - (size_t)box.rows : 0;
    }
    for (int row = 0; row < box.rows && place->scroll + (size_t)row < place->lines; row++) {
        unsigned number = (unsigned)(place->scroll + (size_t)row) + 1;
        struct str line = str_sub(ndr_report_line_text(report, number), 0, 4 * (size_t)box.cols);

        paint_right(box.row + row, box.col, PASTE_NUMBER_CELLS, STYLE_NUMBER,
                    str_printf(&app->scratch, "%u", number));
        paint_text(box.row + row, box.col + PASTE_NUMBER_CELLS + 1, box.cols - PASTE_NUMBER_CELLS - 2,
                   STYLE_TEXT, page_text(&app->scratch, line, app->filter));
    }
}

static void paint_received(struct app *app, struct place *place, struct box box)
{
    struct doc doc;
    struct page page;
    struct box side;
    bool is_wide = box.cols >= APP_WIDE_COLS;

    if (is_wide) {
        side = box_cols(box, box.cols - PASTE_SIDE_COLS, PASTE_SIDE_COLS);
        paint_divider(side.row, side.col, side.rows);
        side = box_cols(side, 2, side.cols - 3);
        box = box_cols(box, 0, box.cols - PASTE_SIDE_COLS);
    } else {
        side = box_cols(box, 1, box.cols - 2);
    }
    doc_init(&doc, &app->scratch);
    recognized(app, &doc);
    page_init(&page, &app->scratch, app_text_width(app, side), app->filter);
    page_add(&page, &doc);
    page_paint(&page, side, 0, STR_NULL, NULL);
    if (!is_wide) {
        int used = (int)page.count < box.rows - 3 ? (int)page.count : box.rows - 3;

        paint_rule(box.row + used, box.col, box.cols);
        box = box_rows(box, used + 1, box.rows);
    }
    paint_text_lines(app, place, box);
}

static void paste_paint(struct app *app, struct place *place, struct box box)
{
    if (place->pane == PASTE_RECEIVED && app->pasted_result) {
        paint_received(app, place, box);
    } else if (app->pasted.len == 0) {
        paint_waiting(app, box_cols(box, 1, box.cols - 2));
    } else {
        paint_typed(app, box_cols(box, 1, box.cols - 2));
    }
}

/* --- taking text --- */

static void forget_result(struct app *app)
{
    app->pasted_result = NULL;
    arena_reset(&app->pasted_arena);
}

static void clear(struct app *app)
{
    forget_result(app);
    buf_clear(&app->pasted);
    app->pasted.dropped = 0;
    app->paste_was_cut = false;
}

/* The text is complete: looks at it. */
static void complete(struct app *app, struct place *place)
{
    forget_result(app);
    if (app->pasted.len == 0) {
        app_say(app, "%s", _("there is no text yet"));
        return;
    }
    app->pasted_result =
        session_analyze(app->session, &app->pasted_arena, buf_str(&app->pasted));
    if (session_refusal(app->session)) {
        app_say(app, "%s", session_refusal(app->session));
    }
    place->pane = PASTE_RECEIVED;
    place->scroll = 0;
}

void paste_received(struct app *app)
{
    if (app->prompt.job) {
        prompt_close(app);
    }
    app_open(app, PLACE_PASTE);
    /* Entering must not look at the text a second time. */
    app->entered = app_place(app);
    complete(app, app_place(app));
}

static void paste_enter(struct app *app, struct place *place)
{
    if (app->pasted.len == 0) {
        place->pane = PASTE_TYPING;
    } else {
        complete(app, place);
    }
}

/* Whether the last line is a single dot; takes it off. */
static bool take_dot(struct app *app)
{
    struct buf *text = &app->pasted;
    bool is_dot = text->len > 0 && text->ptr[text->len - 1] == '.' &&
                  (text->len == 1 || text->ptr[text->len - 2] == '\n');

    if (is_dot) {
        text->len--;
    }
    return is_dot;
}

static void take_back(struct buf *text)
{
    if (text->len == 0 || text->ptr[text->len - 1] == '\n') {
        return;
    }
    do {
        text->len--;
    } while (text->len > 0 && ((unsigned char)text->ptr[text->len] & 0xC0) == 0x80);
}

/* While typing every key that types something is text. */
static bool paste_type(struct app *app, struct place *place, const struct key *key)
{
    if (place->pane != PASTE_TYPING || app->prompt.job) {
        return false;
    }
    bool is_text = key->text_len && strncmp(key->name, "M-", 2) != 0;

    if ((is_text || key_is(key, "Enter")) && intake_waits(PASTE_BURST)) {
        intake_rest(app, key);
        complete(app, place);
    } else if (is_text) {
        buf_add(&app->pasted, key->text, key->text_len);
    } else if (key_is(key, "Enter")) {
        if (take_dot(app)) {
            complete(app, place);
        } else {
            buf_add_char(&app->pasted, '\n');
        }
    } else if (key_is(key, "Tab")) {
        buf_add_char(&app->pasted, '\t');
    } else if (key_is(key, "Backspace")) {
        take_back(&app->pasted);
    } else {
        return false;
    }
    return true;
}

/* --- acting --- */

static void diagnose(struct app *app)
{
    struct buf bytes = app->pasted;

    forget_result(app);
    buf_init(&app->pasted, APP_PASTE_MAX_BYTES);
    app->paste_was_cut = false;
    app_take_report(app, buf_str(&bytes));
    buf_fini(&bytes);
}

static void drop(struct app *app)
{
    clear(app);
    app_back(app);
}

static bool paste_act(struct app *app, struct place *place, enum action_id action,
                      const struct key *key)
{
    (void)key;
    switch (action) {
    case ACTION_DIAGNOSE:
        if (app_walk_is_open(app)) {
            app_ask(app, diagnose, _("Drop the walk at step %u for this report? y/n"),
                    tree_walk_step(&app->session->walk));
        } else {
            diagnose(app);
        }
        return true;
    case ACTION_TYPING_END:
        complete(app, place);
        return true;
    case ACTION_ADD_TEXT:
        forget_result(app);
        place->pane = PASTE_TYPING;
        return true;
    case ACTION_CLEAR:
        clear(app);
        place->pane = PASTE_TYPING;
        return true;
    case ACTION_DROP:
    case ACTION_CANCEL:
        drop(app);
        return true;
    default:
        return list_scroll(&place->scroll, action, place->lines, place->rows[0]);
    }
}

const struct view paste_view = {
    .context = paste_context,
    .name = paste_name,
    .position = paste_position,
    .paint = paste_paint,
    .act = paste_act,
    .type = paste_type,
    .enter = paste_enter,
};
