/* The recipients of a report, those with the same cause together, to go to the diagnosis of one. */
#include "ui/row.h"

#include "base/text.h"
#include "base/width.h"

enum {
    RECIPIENTS_CODE_CELLS = 10,
    RECIPIENTS_ADDRESS_CELLS = 36,
    RECIPIENTS_PREVIEW_ROWS = 11,
};

static const struct match_recipient *recipient_at(const struct app *app, size_t index)
{
    return &app->session->result->recipients[index];
}

static const struct kb_entry *cause_of(const struct match_recipient *recipient)
{
    return recipient->diagnosis_count ? recipient->diagnoses[0].entry : NULL;
}

static size_t count_of(const struct app *app)
{
    return app->session->result ? app->session->result->count : 0;
}

/* Numbers of the recipients by rows: in the order of the report, but behind each those with its cause. */
static const size_t *rows_of(struct app *app)
{
    size_t count = count_of(app);
    size_t *rows = ARENA_ARRAY(&app->scratch, size_t, count + 1);
    bool *is_placed = ARENA_ARRAY(&app->scratch, bool, count + 1);
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = i; !is_placed[i] && k < count; k++) {
            if (k == i || (!is_placed[k] && cause_of(recipient_at(app, k)) == cause_of(recipient_at(app, i)))) {
                is_placed[k] = k != i;
                rows[used++] = k;
            }
        }
        is_placed[i] = true;
    }
    return rows;
}

static unsigned recipients_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_LIST;
}

static struct str recipients_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Recipients"));
}

static struct str recipients_position(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, "%zu/%zu", place->lists[0].selected + 1, count_of(app));
}

static struct str code_words(struct app *app, const struct match_recipient *recipient)
{
    return recipient->status.text.len ? app_text(app, recipient->status.text) : STR_LIT("-");
}

static struct str address_words(struct app *app, const struct match_recipient *recipient)
{
    struct str address = recipient->facts[NDR_FACT_RCPT].text;

    return address.len ? app_text(app, address) : str_from(_("(not named)"));
}

static void paint_recipient(struct app *app, struct box box, int row, const struct match_recipient *recipient)
{
    int title = 1 + RECIPIENTS_CODE_CELLS + RECIPIENTS_ADDRESS_CELLS;
    int address = box.cols < title + 20 ? box.cols - RECIPIENTS_CODE_CELLS - 2 : RECIPIENTS_ADDRESS_CELLS - 1;
    const struct kb_entry *cause = cause_of(recipient);

    paint_text(box.row + row, box.col + 1, RECIPIENTS_CODE_CELLS - 1, STYLE_TEXT, code_words(app, recipient));
    paint_text(box.row + row, box.col + 1 + RECIPIENTS_CODE_CELLS, address, STYLE_TEXT, address_words(app, recipient));
    paint_text(box.row + row, box.col + title, box.cols - title - 1, STYLE_LABEL,
               cause ? app_text(app, session_fill(&app->scratch, cause->title, NULL)) : str_from(_("no cause found")));
}

static void paint_cause(struct app *app, struct box box, const struct match_recipient *recipient)
{
    const struct match_diagnosis *best = recipient->diagnosis_count ? &recipient->diagnoses[0] : NULL;
    size_t same = 0;
    struct doc doc;

    for (size_t i = 0; i < count_of(app); i++) {
        same += cause_of(recipient_at(app, i)) == cause_of(recipient);
    }
    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_TITLE, code_words(app, recipient),
            best ? session_fill(&app->scratch, best->entry->title, NULL) : str_from(_("no cause found")));
    doc_add(&doc, DOC_PAIR, str_from(_("Recipient")), address_words(app, recipient));
    if (best) {
        doc_add(&doc, DOC_PAIR, str_from(_("Certainty")), session_certainty_words(best->confidence, app->session->report));
        doc_add(&doc, DOC_PAIR, str_from(_("Owner")),
                session_owner_words(&app->scratch, best->entry->owners, best->entry->owner_count));
    }
    doc_add(&doc, DOC_PAIR, str_from(_("Same cause")),
            str_printf(&app->scratch, _("%zu of %zu recipients"), same, count_of(app)));
    row_doc(app, box, &doc);
}

static void recipients_paint(struct app *app, struct place *place, struct box box)
{
    const size_t *rows = rows_of(app);
    size_t count = count_of(app);
    int room = box.rows > RECIPIENTS_PREVIEW_ROWS + 4 ? box.rows - RECIPIENTS_PREVIEW_ROWS - 1 : box.rows;
    int list = (int)count < room ? (int)count : room;

    row_begin(place, 0, count, box_rows(box, 0, list));
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    for (int row = 0; row < list && place->lists[0].top + (size_t)row < count; row++) {
        size_t index = place->lists[0].top + (size_t)row;

        paint_recipient(app, box, row, recipient_at(app, rows[index]));
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, RECIPIENTS_CODE_CELLS - 1, index == place->lists[0].selected, true);
    }
    if (count && list + 1 < box.rows) {
        paint_rule(box.row + list, box.col, box.cols);
        paint_cause(app, box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2),
                    recipient_at(app, rows[place->lists[0].shown]));
    }
}

/* The row of the recipient that is looked at. */
static void recipients_enter(struct app *app, struct place *place)
{
    const size_t *rows = rows_of(app);
    size_t row = 0;

    while (row + 1 < count_of(app) && rows[row] != app->session->recipient) {
        row++;
    }
    place->lists[0].selected = place->lists[0].shown = row;
}

static bool recipients_act(struct app *app, struct place *place, enum action_id action, const struct key *key)
{
    (void)key;
    if (action == ACTION_OPEN && place->lists[0].selected < count_of(app)) {
        app->session->recipient = rows_of(app)[place->lists[0].selected];
        app_back(app);
        app_place(app)->lists[0] = (struct list){0}; /* its evidence */
        return true;
    }
    return list_move(&place->lists[0], action, count_of(app), place->rows[0]);
}

const struct view recipients_view = {
    .context = recipients_context,
    .name = recipients_name,
    .position = recipients_position,
    .paint = recipients_paint,
    .act = recipients_act,
    .enter = recipients_enter,
};
