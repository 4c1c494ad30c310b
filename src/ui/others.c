/* Other causes that fit the report, with the reasons of their rank. */
#include "ui/row.h"

#include "base/text.h"
#include "base/width.h"

static unsigned list_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_LIST;
}

static struct str list_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Causes"));
}

static size_t count_of(const struct app *app)
{
    const struct match_recipient *recipient = session_recipient(app->session);

    return recipient ? recipient->diagnosis_count : 0;
}

static struct str list_position(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, "%zu/%zu", place->lists[0].selected + 1, count_of(app));
}

/* Why it has its rank, then what it is. */
static void paint_reasons(struct app *app, struct box box, const struct match_diagnosis *diagnosis)
{
    struct doc doc;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_TITLE, row_code(app, diagnosis->entry),
            row_title(app, diagnosis->entry));
    doc_add(&doc, DOC_PAIR, str_from(_("Certainty")),
            session_confidence_words(diagnosis->confidence));
    for (size_t i = 0; i < diagnosis->why_count; i++) {
        doc_add(&doc, DOC_ITEM, STR_NULL, diagnosis->why[i]);
    }
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
            session_fill(&app->scratch, diagnosis->entry->summary, app_facts(app)));
    row_doc(app, box, &doc);
}

static void list_paint(struct app *app, struct place *place, struct box box)
{
    const struct match_recipient *recipient = session_recipient(app->session);
    const struct kb_entry *entries[MATCH_DIAGNOSES_MAX];
    size_t count = count_of(app);

    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        entries[i] = recipient->diagnoses[i].entry;
    }
    int list = (int)count + 1 < box.rows ? (int)count : box.rows;

    row_entries(app, place, 0, box_rows(box, 0, list), entries, count);
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    if (list + 1 < box.rows) {
        paint_rule(box.row + list, box.col, box.cols);
        paint_reasons(app, box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2),
                      &recipient->diagnoses[place->lists[0].shown]);
    }
}

static bool list_act(struct app *app, struct place *place, enum action_id action,
                     const struct key *key)
{
    (void)key;
    if (action == ACTION_OPEN && place->lists[0].selected < count_of(app)) {
        app_open_entry(app, session_recipient(app->session)
                                ->diagnoses[place->lists[0].selected]
                                .entry);
        return true;
    }
    return list_move(&place->lists[0], action, count_of(app), place->rows[0]);
}

const struct view list_view = {
    .context = list_context,
    .name = list_name,
    .position = list_position,
    .paint = list_paint,
    .act = list_act,
};
