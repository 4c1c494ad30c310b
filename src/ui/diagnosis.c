/* The diagnosis of one recipient: cause, certainty and owner, and the evidence with its lines. */
#include "ui/row.h"
#include "ui/source.h"
#include "ui/text.h"

#include <curses.h>

#include "base/text.h"
#include "base/width.h"

enum {
    DIAGNOSIS_WHAT_CELLS = 19,
    DIAGNOSIS_LINE_CELLS = 6,
    DIAGNOSIS_LABEL_CELLS = 12,
    DIAGNOSIS_LEFT_COLS = 58, /* evidence, where the lines stand beside it */
    DIAGNOSIS_EVIDENCE_MAX_ROWS = 7,
    DIAGNOSIS_PROOF_MIN_ROWS = 3, /* the rule above it counted */
    DIAGNOSIS_LINES_MIN_ROWS = 5, /* the rule above them counted */
    DIAGNOSIS_REMEDY_MIN_ROWS = 7,
    DIAGNOSIS_ROOMY_ROWS = 16,
    DIAGNOSIS_ROOMY_COLS = 60,
    DIAGNOSIS_PAIR_ROWS = 2, /* of one label */
};

/* --- the head --- */

/* Rows of the head as they are painted. */
struct head {
    struct app *app;
    struct box box;
    int row;
};

static void head_pair(struct head *head, const char *label, struct str text)
{
    struct str rest = app_text(head->app, text);
    struct str line;
    int cells = head->box.cols - DIAGNOSIS_LABEL_CELLS;

    if (rest.len == 0 || head->row >= head->box.rows) {
        return;
    }
    paint_z(head->box.row + head->row, head->box.col, DIAGNOSIS_LABEL_CELLS, STYLE_LABEL, label);
    for (int i = 0; i < DIAGNOSIS_PAIR_ROWS && head->row < head->box.rows &&
                    width_next_line(&rest, (size_t)cells, &line); i++) {
        /* The last row takes all that is left, so that what does not fit ends with a sign. */
        if ((i + 1 == DIAGNOSIS_PAIR_ROWS || head->row + 1 == head->box.rows) && rest.len) {
            line.len = (size_t)(rest.ptr - line.ptr) + rest.len;
        }
        paint_text(head->box.row + head->row++, head->box.col + DIAGNOSIS_LABEL_CELLS, cells,
                   STYLE_TEXT, line);
    }
}

static void head_title(struct head *head, const struct match_recipient *recipient,
                       const struct match_diagnosis *best)
{
    struct app *app = head->app;
    struct str code = recipient->status.text.len ? app_text(app, recipient->status.text)
                                                 : row_code(app, best->entry);
    /* An entry without a code has "-" in lists; here its title says it all. */
    int col = str_equal(code, STR_LIT("-")) ? 0 : (int)width_of(code) + 2;
    struct str rest = row_title(app, best->entry);
    struct str line;

    paint_text(head->box.row, head->box.col, col, STYLE_CODE, code);
    while (head->row < 3 && width_next_line(&rest, (size_t)(head->box.cols - col), &line)) {
        paint_text(head->box.row + head->row++, head->box.col + col, head->box.cols - col,
                   STYLE_TITLE, line);
    }
}

static struct str report_words(struct app *app)
{
    const struct ndr_report *report = app->session->report;
    struct str kind = session_kind_words(report->kind);
    struct str by = ndr_generator_name(report->generator.text);

    return by.len ? str_printf(&app->scratch, _("%.*s, by %.*s"), (int)kind.len, kind.ptr,
                               (int)by.len, by.ptr)
                  : kind;
}

/* The first thing that makes this diagnosis doubtful, empty when there is none. */
static struct str doubt_words(const struct app *app)
{
    const struct match_result *result = app->session->result;

    if (result->warning_count) {
        return result->warnings[0];
    }
    return result->report->warning_count ? result->report->warnings[0] : STR_NULL;
}

/* Paints what is most important; returns the rows used. */
static int paint_head(struct app *app, struct box box, const struct match_recipient *recipient,
                      const struct match_diagnosis *best)
{
    struct head head = {app, box, 0};
    const struct tree *tree = best->tree.len ? session_tree(app->session, best->tree) : NULL;

    head_title(&head, recipient, best);
    if (box.rows >= DIAGNOSIS_ROOMY_ROWS) {
        head_pair(&head, _("In short"), session_fill(&app->scratch, best->entry->summary, app_facts(app)));
    }
    head_pair(&head, _("Certainty"), session_certainty_words(best->confidence, app->session->report));
    head_pair(&head, _("Owner"), session_owner_words(&app->scratch, best->entry->owners, best->entry->owner_count));
    head_pair(&head, _("Here"),
              session_contact_words(app->session, &app->scratch, best->entry->owners, best->entry->owner_count));
    for (size_t i = 0; i < best->entry->note_count; i++) {
        if (best->entry->notes[i].layer != KB_LAYER_SHIPPED) {
            head_pair(&head, _("House note"), best->entry->notes[i].text);
        }
    }
    head_pair(&head, _("Recipient"), recipient->facts[NDR_FACT_RCPT].text);
    if (box.rows >= 8) {
        struct str walk = app_key_of(app, ACTION_WALK_CAUSE);

        head_pair(&head, _("Report"), report_words(app));
        head_pair(&head, _("Next"),
                  tree ? str_printf(&app->scratch, _("%.*s, step by step: %.*s"), (int)walk.len, walk.ptr,
                                    (int)tree->title.len, tree->title.ptr)
                       : STR_NULL);
        head_pair(&head, _("Beware"), doubt_words(app));
    }
    return head.row;
}

/* --- evidence and its lines --- */

static void paint_evidence(struct app *app, struct place *place, struct box box,
                           const struct match_recipient *recipient)
{
    int text = 1 + DIAGNOSIS_WHAT_CELLS + DIAGNOSIS_LINE_CELLS;

    row_begin(place, 0, recipient->evidence_count, box);
    for (int row = 0; row < box.rows; row++) {
        size_t index = place->lists[0].top + (size_t)row;

        if (index >= recipient->evidence_count) {
            break;
        }
        const struct match_evidence *item = &recipient->evidence[index];
        unsigned line = ndr_report_line(app->session->report, item->place);
        int at = box.row + row;

        paint_text(at, box.col + 1, DIAGNOSIS_WHAT_CELLS - 1, STYLE_LABEL, app_text(app, item->what));
        paint_right(at, box.col + 1 + DIAGNOSIS_WHAT_CELLS, DIAGNOSIS_LINE_CELLS - 2, STYLE_NUMBER,
                    line ? str_printf(&app->scratch, "%u", line) : STR_LIT("-"));
        paint_text(at, box.col + text, box.cols - text - 1, STYLE_QUOTE, app_text(app, item->text));
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, DIAGNOSIS_WHAT_CELLS - 1, index == place->lists[0].selected, true);
    }
}

static int paint_lines(struct app *app, struct place *place, struct box box,
                        const struct match_recipient *recipient)
{
    size_t index = place->lists[0].shown;
    unsigned first = 0;
    unsigned lines = 0;

    if (index < recipient->evidence_count) {
        first = ndr_report_line(app->session->report, recipient->evidence[index].place);
        lines = recipient->evidence[index].place.lines;
    }
    return source_paint_around(app, box, first, lines);
}

/* What there may be room for below the evidence: why, and what the first of the owners does about it. */
static void paint_remedy(struct app *app, struct box box, const struct match_diagnosis *best)
{
    const struct kb_entry *entry = best->entry;
    const struct tree_facts *facts = app_facts(app);
    struct doc doc;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_HEADING, STR_NULL, str_from(_("Cause")));
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL, session_fill(&app->scratch, entry->cause, facts));
    if (entry->remedy_count) {
        struct str owner = prose_owner_words(entry->remedies[0].owner);
        const struct prose_steps *steps = &entry->remedies[0].steps;

        doc_add(&doc, DOC_HEADING, STR_NULL, str_printf(&app->scratch, _("Fix: %.*s"), (int)owner.len, owner.ptr));
        for (size_t i = 0; i < steps->count; i++) {
            doc_add(&doc, DOC_STEP, STR_NULL, session_fill(&app->scratch, steps->items[i].text, facts))->number =
                (unsigned)i + 1;
        }
    }
    row_doc(app, box, &doc);
}

static void paint_proof(struct app *app, struct place *place, struct box box,
                        const struct match_recipient *recipient)
{
    int count = (int)recipient->evidence_count;

    if (box.cols >= APP_WIDE_COLS) {
        paint_divider(box.row, box.col + DIAGNOSIS_LEFT_COLS, box.rows);
        paint_lines(app, place, box_cols(box, DIAGNOSIS_LEFT_COLS + 1, box.cols), recipient);
        box = box_cols(box, 0, DIAGNOSIS_LEFT_COLS);
        if (count + DIAGNOSIS_REMEDY_MIN_ROWS < box.rows) {
            paint_remedy(app, box_cols(box_rows(box, count + 1, box.rows), 1, box.cols - 2), &recipient->diagnoses[0]);
            box = box_rows(box, 0, count);
        }
        paint_evidence(app, place, box, recipient);
        return;
    }
    count = count > DIAGNOSIS_EVIDENCE_MAX_ROWS ? DIAGNOSIS_EVIDENCE_MAX_ROWS : count;
    /* Some lines of the report always stand below. */
    count = count > box.rows - DIAGNOSIS_LINES_MIN_ROWS ? box.rows - DIAGNOSIS_LINES_MIN_ROWS : count;
    if (count < 1) {
        count = box.rows;
    }
    if (count + 1 < box.rows) {
        struct box below = box_rows(box, count + 1, box.rows);
        int used = paint_lines(app, place, below, recipient);

        paint_rule(box.row + count, box.col, box.cols);
        /* A line or two of a log leave room for what they mean. */
        if (used + DIAGNOSIS_REMEDY_MIN_ROWS <= below.rows) {
            paint_rule(below.row + used, below.col, below.cols);
            below = box_rows(below, used + 1, below.rows);
            paint_remedy(app, box_cols(below, 1, below.cols - 2), &recipient->diagnoses[0]);
        }
    }
    paint_evidence(app, place, box_rows(box, 0, count), recipient);
}

/* --- the view --- */

static unsigned diagnosis_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_DIAGNOSIS;
}

static struct str diagnosis_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Diagnosis"));
}

static struct str diagnosis_position(struct app *app, const struct place *place)
{
    size_t count = app->session->result ? app->session->result->count : 0;

    if (!session_best(app->session)) {
        return text_position(app, place);
    }
    if (count == 1) {
        return str_from(_("1 recipient"));
    }
    struct str all = app_key_of(app, ACTION_RECIPIENTS);
    bool has_room = COLS >= DIAGNOSIS_ROOMY_COLS;

    return str_printf(&app->scratch, _("recipient %zu of %zu%s%.*s%s"), app->session->recipient + 1, count,
                      has_room ? ", " : "", has_room ? (int)all.len : 0, all.ptr, has_room ? _(": all") : "");
}

static void diagnosis_paint(struct app *app, struct place *place, struct box box)
{
    const struct match_recipient *recipient = session_recipient(app->session);
    const struct match_diagnosis *best = session_best(app->session);

    if (!best) {
        /* No cause: the sentence that says what this is, and all that was found, as a text. */
        text_paint(app, place, box);
        return;
    }
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    int head = paint_head(app, box_cols(box, 1, box.cols - 2), recipient, best);

    /* In a low window the evidence takes the last rows of the head. */
    head = head + DIAGNOSIS_PROOF_MIN_ROWS > box.rows ? box.rows - DIAGNOSIS_PROOF_MIN_ROWS : head;
    for (int row = head; row < box.rows; row++) {
        paint_blank(box.row + row, box.col, box.cols);
    }
    paint_rule(box.row + head, box.col, box.cols);
    paint_proof(app, place, box_rows(box, head + 1, box.rows), recipient);
}

static void other_recipient(struct app *app, struct place *place, int by)
{
    size_t count = app->session->result ? app->session->result->count : 0;

    if (count < 2) {
        app_say(app, "%s", _("there is only this recipient"));
        return;
    }
    app->session->recipient = (app->session->recipient + count + (size_t)by) % count;
    place->lists[0] = (struct list){0};
    place->scroll = 0;
}

static void show_source(struct app *app, const struct place *place)
{
    const struct match_recipient *recipient = session_recipient(app->session);
    size_t index = place->lists[0].selected;
    unsigned first = 0;
    unsigned lines = 0;

    if (recipient && index < recipient->evidence_count) {
        first = ndr_report_line(app->session->report, recipient->evidence[index].place);
        lines = recipient->evidence[index].place.lines;
    }
    source_open(app, first, lines);
}

static void show_others(struct app *app)
{
    const struct match_recipient *recipient = session_recipient(app->session);

    if (!recipient || recipient->diagnosis_count < 2) {
        app_say(app, "%s", _("no other cause fits"));
        return;
    }
    app_open(app, PLACE_LIST);
    app_place(app)->lists[0].selected = app_place(app)->lists[0].shown = 1;
}

static bool diagnosis_move(struct app *app, struct place *place, enum action_id action)
{
    const struct match_recipient *recipient = session_recipient(app->session);

    if (!session_best(app->session)) {
        return list_scroll(&place->scroll, action, place->lines, place->rows[0]);
    }
    return list_move(&place->lists[0], action, recipient->evidence_count, place->rows[0]);
}

static bool diagnosis_act(struct app *app, struct place *place, enum action_id action,
                          const struct key *key)
{
    const struct match_diagnosis *best = session_best(app->session);

    (void)key;
    switch (action) {
    case ACTION_WALK_CAUSE:
        app_walk_diagnosis(app);
        return true;
    case ACTION_FULL_TEXT:
        app_open(app, PLACE_TEXT);
        return true;
    case ACTION_OTHERS:
        show_others(app);
        return true;
    case ACTION_SHOW_ENTRY:
        if (best) {
            app_open_entry(app, best->entry);
        }
        return true;
    case ACTION_SHOW_SOURCE:
        show_source(app, place);
        return true;
    case ACTION_RECIPIENTS:
        if (app->session->result && app->session->result->count > 1) {
            app_open(app, PLACE_RECIPIENTS);
        } else {
            app_say(app, "%s", _("there is only this recipient"));
        }
        return true;
    case ACTION_RECIPIENT_NEXT:
    case ACTION_RECIPIENT_BACK:
        other_recipient(app, place, action == ACTION_RECIPIENT_NEXT ? 1 : -1);
        return true;
    default:
        return diagnosis_move(app, place, action);
    }
}

static bool has_verdicts(const struct ndr_report *report)
{
    const struct ndr_authentication *a = &report->authentication;

    return report->antispam.present || a->spf.text.len || a->dkim.text.len || a->dmarc.text.len ||
           a->arc.text.len || a->compauth.text.len;
}

static bool diagnosis_offers(struct app *app, const struct place *place, enum action_id action)
{
    const struct match_recipient *recipient = session_recipient(app->session);
    const struct match_diagnosis *best = session_best(app->session);

    (void)place;
    switch (action) {
    case ACTION_WALK_CAUSE:
        return best && best->tree.len;
    case ACTION_MESSAGES:
    case ACTION_COPY_FOR:
    case ACTION_SHOW_ENTRY:
        return best != NULL;
    case ACTION_OTHERS:
        return recipient && recipient->diagnosis_count > 1;
    case ACTION_HOPS:
        return app->session->report && app->session->report->hop_count > 0;
    case ACTION_AUTHENTICATION:
        return app->session->report && has_verdicts(app->session->report);
    case ACTION_RECIPIENTS:
    case ACTION_RECIPIENT_NEXT:
    case ACTION_RECIPIENT_BACK:
        return app->session->result && app->session->result->count > 1;
    default:
        return true;
    }
}

/* What a colleague wants to know in a few lines. */
static void summary_text(struct app *app, struct doc *doc, const struct match_recipient *recipient,
                         const struct match_diagnosis *best)
{
    const struct tree_facts *facts = app_facts(app);

    doc_add(doc, DOC_TITLE, recipient->status.text.len ? recipient->status.text : row_code(app, best->entry),
            session_fill(doc->arena, best->entry->title, facts));
    doc_add(doc, DOC_PARAGRAPH, STR_NULL, session_fill(doc->arena, best->entry->summary, facts));
    doc_add(doc, DOC_PAIR, str_from(_("Certainty")), session_certainty_words(best->confidence, app->session->report));
    doc_add(doc, DOC_PAIR, str_from(_("Owner")), session_owner_words(&app->scratch, best->entry->owners, best->entry->owner_count));
    if (recipient->facts[NDR_FACT_RCPT].text.len) {
        doc_add(doc, DOC_PAIR, str_from(_("Recipient")), recipient->facts[NDR_FACT_RCPT].text);
    }
    for (size_t i = 0; i < recipient->evidence_count && i < 2; i++) {
        const struct match_evidence *item = &recipient->evidence[i];

        doc_add(doc, DOC_QUOTE, item->what, item->text)->number =
            ndr_report_line(app->session->report, item->place);
    }
}

static bool diagnosis_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    const struct match_recipient *recipient = session_recipient(app->session);
    const struct match_diagnosis *best = session_best(app->session);

    (void)place;
    if (!app->session->result) {
        return false;
    }
    if (all || !best) {
        session_doc_diagnosis(app->session, app->session->result, recipient, doc);
    } else {
        summary_text(app, doc, recipient, best);
    }
    return true;
}

static struct str diagnosis_file(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return STR_LIT("ndr-diagnosis");
}

const struct view diagnosis_view = {
    .context = diagnosis_context,
    .name = diagnosis_name,
    .position = diagnosis_position,
    .paint = diagnosis_paint,
    .act = diagnosis_act,
    .offers = diagnosis_offers,
    .text = diagnosis_text,
    .file = diagnosis_file,
};

/* --- the whole diagnosis as one text --- */

static unsigned text_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TEXT;
}

static struct str text_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Full text"));
}

static bool full_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    (void)all;
    return diagnosis_text(app, place, true, doc);
}

const struct view text_view = {
    .context = text_context,
    .name = text_name,
    .position = text_position,
    .paint = text_paint,
    .act = text_act,
    .text = full_text,
    .file = diagnosis_file,
};
