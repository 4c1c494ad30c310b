/* One entry: its text, and beside it on a wide screen what leads on from here. */
#include "ui/row.h"
#include "ui/text.h"

#include "base/text.h"
#include "base/width.h"

enum { ENTRY_SIDE_COLS = 38 };

static const struct kb_entry *related_of(const struct app *app, const struct kb_entry *entry,
                                         size_t index)
{
    return index < entry->related_count ? kb_entry_find(&app->session->kb, entry->related[index].entry)
                                        : NULL;
}

static const struct tree_facts *facts_for(struct app *app, const struct kb_entry *entry)
{
    return app_report_names(app, entry) ? app_facts(app) : NULL;
}

/* --- the side --- */

/* Lines of the side pane as they are added. */
struct side {
    struct app *app;
    struct doc doc;
};

static void side_tree(struct side *side, const struct kb_entry *entry)
{
    const struct tree *tree =
        entry->tree.len ? session_tree(side->app->session, entry->tree) : NULL;

    if (tree) {
        struct str walk = app_key_of(side->app, ACTION_WALK);

        doc_add(&side->doc, DOC_HEADING, STR_NULL,
                str_printf(&side->app->scratch, _("Tree (%.*s)"), (int)walk.len, walk.ptr));
        doc_add(&side->doc, DOC_PARAGRAPH, STR_NULL, tree->title);
    }
}

static void side_related(struct side *side, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->related_count; i++) {
        const struct kb_entry *other = related_of(side->app, entry, i);

        if (i == 0) {
            struct str next = app_key_of(side->app, ACTION_RELATED_NEXT);
            struct str back = app_key_of(side->app, ACTION_RELATED_BACK);

            doc_add(&side->doc, DOC_HEADING, STR_NULL,
                    str_printf(&side->app->scratch, _("Look-alikes (%.*s, %.*s)"), (int)next.len, next.ptr,
                               (int)back.len, back.ptr));
        }
        if (other) {
            struct str code = row_code(side->app, other);
            struct str title = row_title(side->app, other);

            doc_add(&side->doc, DOC_ITEM, STR_NULL,
                    str_printf(&side->app->scratch, "%.*s  %.*s", (int)code.len, code.ptr,
                               (int)title.len, title.ptr));
        }
    }
}

static void side_report(struct side *side, const struct kb_entry *entry)
{
    const struct match_recipient *recipient = session_recipient(side->app->session);

    if (!recipient || !app_report_names(side->app, entry)) {
        return;
    }
    doc_add(&side->doc, DOC_HEADING, STR_NULL, str_from(_("In your report")));
    for (size_t i = 0; i < recipient->evidence_count && i < 4; i++) {
        unsigned line =
            ndr_report_line(side->app->session->report, recipient->evidence[i].place);

        doc_add(&side->doc, DOC_ITEM, STR_NULL,
                line ? str_printf(&side->app->scratch, _("line %u: %.*s"), line,
                                  (int)recipient->evidence[i].what.len,
                                  recipient->evidence[i].what.ptr)
                     : recipient->evidence[i].what);
    }
}

static void paint_side(struct app *app, struct box box, const struct kb_entry *entry)
{
    struct side side = {.app = app};

    doc_init(&side.doc, &app->scratch);
    side_tree(&side, entry);
    side_related(&side, entry);
    side_report(&side, entry);
    row_doc(app, box, &side.doc);
}

/* --- the view --- */

static unsigned entry_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_ENTRY;
}

static struct str entry_name(struct app *app, const struct place *place)
{
    return row_code(app, place->entry);
}

static void entry_paint(struct app *app, struct place *place, struct box box)
{
    if (box.cols >= APP_WIDE_COLS) {
        int left = box.cols - ENTRY_SIDE_COLS;

        paint_divider(box.row, box.col + left, box.rows);
        paint_side(app, box_cols(box, left + 2, ENTRY_SIDE_COLS - 3), place->entry);
        box = box_cols(box, 0, left);
    }
    text_paint(app, place, box);
}

/* Goes through the look-alikes of the entry one came from, in a circle with that entry itself. */
static void go_related(struct app *app, struct place *place, int by)
{
    const struct kb_entry *origin = place->origin;
    size_t circle = origin->related_count + 1;
    size_t nth = (place->nth + circle + (size_t)by) % circle;
    const struct kb_entry *entry = nth == 0 ? origin : related_of(app, origin, nth - 1);

    if (circle == 1 || !entry) {
        app_say(app, "%s", _("no look-alike is known"));
        return;
    }
    struct place *next = places_replace(&app->places, PLACE_ENTRY);

    next->entry = entry;
    next->origin = origin;
    next->nth = nth;
    app_say(app, _("look-alike %zu of %zu"), nth, circle - 1);
    if (nth == 0) {
        app_say(app, "%s", _("back at the entry itself"));
    }
}

static bool entry_act(struct app *app, struct place *place, enum action_id action,
                      const struct key *key)
{
    switch (action) {
    case ACTION_WALK:
        if (place->entry->tree.len == 0) {
            app_say(app, "%s", _("no tree leads on from this entry"));
        } else {
            app_walk(app, place->entry->tree, place->entry->node);
        }
        return true;
    case ACTION_RELATED_NEXT:
    case ACTION_RELATED_BACK:
        if (!place->word[0]) {
            go_related(app, place, action == ACTION_RELATED_NEXT ? 1 : -1);
            return true;
        }
        break;
    default:
        break;
    }
    return text_act(app, place, action, key);
}

static void add_steps(struct doc *doc, const struct prose_steps *steps,
                      const struct tree_facts *facts)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct prose_step *step = &steps->items[i];

        doc_add(doc, DOC_STEP, STR_NULL, session_fill(doc->arena, step->text, facts))->number =
            (unsigned)i + 1;
        for (size_t k = 0; k < step->command_count; k++) {
            doc_add(doc, DOC_COMMAND, prose_shell_name(step->commands[k].shell),
                    session_fill_command(doc->arena, step->commands[k].text, facts));
        }
    }
}

/* The fix alone, as it is sent to somebody who has to act. */
static void fix_text(struct app *app, const struct kb_entry *entry, struct doc *doc)
{
    const struct tree_facts *facts = facts_for(app, entry);

    doc_add(doc, DOC_TITLE, row_code(app, entry), row_title(app, entry));
    for (size_t i = 0; i < entry->remedy_count; i++) {
        doc_add(doc, DOC_HEADING, STR_NULL, prose_owner_words(entry->remedies[i].owner));
        add_steps(doc, &entry->remedies[i].steps, facts);
    }
}

static bool entry_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    if (all) {
        session_doc_entry(app->session, place->entry, facts_for(app, place->entry), doc);
    } else {
        fix_text(app, place->entry, doc);
    }
    return true;
}

static struct str entry_file(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, "ndr-%.*s", (int)place->entry->id.len, place->entry->id.ptr);
}

static bool entry_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)app;
    switch (action) {
    case ACTION_WALK:
        return place->entry->tree.len > 0;
    case ACTION_RELATED_NEXT:
    case ACTION_RELATED_BACK:
        return place->origin->related_count > 0 || place->word[0];
    default:
        return true;
    }
}

const struct view entry_view = {
    .context = entry_context,
    .name = entry_name,
    .position = text_position,
    .paint = entry_paint,
    .act = entry_act,
    .text = entry_text,
    .file = entry_file,
    .offers = entry_offers,
};
