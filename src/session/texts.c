#include "base/text.h"
#include "session/session.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* One text in the making: where it goes and what fills its placeholders. */
struct writer {
    struct doc *doc;
    const struct tree_facts *facts;
};

static struct str filled(const struct writer *w, struct str text)
{
    return session_fill(w->doc->arena, text, w->facts);
}

static void heading(const struct writer *w, const char *text)
{
    doc_add(w->doc, DOC_HEADING, STR_NULL, str_from(text));
}

static void paragraph(const struct writer *w, struct str text)
{
    if (text.len) {
        doc_add(w->doc, DOC_PARAGRAPH, STR_NULL, filled(w, text));
    }
}

static void pair(const struct writer *w, const char *label, struct str text)
{
    if (text.len) {
        doc_add(w->doc, DOC_PAIR, str_from(label), text);
    }
}

static void commands(const struct writer *w, const struct prose_step *step)
{
    for (size_t i = 0; i < step->command_count; i++) {
        const struct prose_command *command = &step->commands[i];

        doc_add(w->doc, DOC_COMMAND, prose_shell_name(command->shell),
                session_fill_command(w->doc->arena, command->text, w->facts));
    }
}

static void steps(const struct writer *w, const struct prose_steps *list, bool numbered)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct prose_step *step = &list->items[i];

        if (step->text.len) {
            struct doc_block *block = doc_add(
                w->doc, numbered && list->count > 1 ? DOC_STEP : DOC_PARAGRAPH, STR_NULL, filled(w, step->text));

            block->number = (unsigned)i + 1;
        }
        commands(w, step);
    }
}

struct str session_owner_words(struct arena *arena, const enum prose_owner *owners, size_t count)
{
    struct str text = STR_NULL;

    for (size_t i = 0; i < count; i++) {
        struct str words = prose_owner_words(owners[i]);

        text = i == 0 ? words
                      : str_printf(arena, _("%.*s, then %.*s"), STR_ARGS(text), STR_ARGS(words));
    }
    return text;
}

struct str session_contact_words(const struct session *session, struct arena *arena,
                                 const enum prose_owner *owners, size_t count)
{
    struct str text = STR_NULL;

    for (size_t i = 0; i < count; i++) {
        struct str contact = session->kb.contacts[owners[i]];

        if (contact.len && count > 1) {
            contact = str_printf(arena, "%.*s: %.*s", STR_ARGS(prose_owner_words(owners[i])), STR_ARGS(contact));
        }
        if (contact.len) {
            text = text.len ? str_printf(arena, "%.*s; %.*s", STR_ARGS(text), STR_ARGS(contact)) : contact;
        }
    }
    return text;
}

static void owners(const struct session *session, const struct writer *w, const enum prose_owner *list, size_t count)
{
    pair(w, _("Owner"), session_owner_words(w->doc->arena, list, count));
    pair(w, _("Here"), session_contact_words(session, w->doc->arena, list, count));
}

/* What a site or a person has noted about an entry stands where it is seen first. */
static void notes(const struct writer *w, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->note_count; i++) {
        doc_add(w->doc, DOC_NOTE,
                entry->notes[i].layer == KB_LAYER_SHIPPED ? STR_NULL : str_from(_("House note")), entry->notes[i].text);
    }
}

/* "5.7.23, 550 5.7.23": codes and replies of an entry. */
static struct str codes_text(struct arena *arena, const struct kb_entry *entry)
{
    struct str text = STR_NULL;

    for (size_t i = 0; i < entry->code_count; i++) {
        text = str_printf(arena, "%.*s%s%.*s", STR_ARGS(text), text.len ? ", " : "",
                          STR_ARGS(entry->codes[i].text));
    }
    return text;
}

static struct str replies_text(struct arena *arena, const struct kb_entry *entry)
{
    struct str text = STR_NULL;

    for (size_t i = 0; i < entry->reply_count; i++) {
        text = str_printf(arena, "%.*s%s%u", STR_ARGS(text), text.len ? ", " : "", entry->replies[i]);
    }
    return text;
}

static struct str kind_text(enum kb_kind kind)
{
    switch (kind) {
    case KB_KIND_PERMANENT:
        return STR_LIT(_("final: the message is lost, it has to be sent again after the fix"));
    case KB_KIND_TRANSIENT:
        return STR_LIT(_("temporary: the server tries again by itself"));
    case KB_KIND_EXPIRED:
        break;
    }
    return STR_LIT(_("expired: the server tried for a day or more and gave up"));
}

struct str session_confidence_words(enum match_confidence confidence)
{
    switch (confidence) {
    case MATCH_EXACT:
        return STR_LIT(_("certain: words and code agree"));
    case MATCH_STRONG:
        return STR_LIT(_("nearly certain: the words say it"));
    case MATCH_LIKELY:
        return STR_LIT(_("likely: only the code says it"));
    case MATCH_WEAK:
        break;
    }
    return STR_LIT(_("a guess: ask for the whole report"));
}

/* --- entry --- */

static void remedies(const struct writer *w, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->remedy_count; i++) {
        const struct kb_remedy *remedy = &entry->remedies[i];

        doc_add(w->doc, DOC_HEADING, STR_NULL,
                str_printf(w->doc->arena, _("Fix: %.*s"), STR_ARGS(prose_owner_words(remedy->owner))));
        steps(w, &remedy->steps, true);
    }
}

static const char *reader_heading(enum prose_reader reader)
{
    switch (reader) {
    case PROSE_TO_SENDER:
        return _("Text for the user");
    case PROSE_TO_POSTMASTER:
        return _("Text for the other side's postmaster");
    case PROSE_TO_TICKET:
    case PROSE_TO_COUNT:
        break;
    }
    return _("Text for the ticket");
}

static void messages(const struct writer *w, const struct prose_messages *list)
{
    for (size_t i = 0; i < list->count; i++) {
        heading(w, reader_heading(list->items[i].to));
        paragraph(w, list->items[i].text);
    }
}

static void related(struct session *session, const struct writer *w, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->related_count; i++) {
        const struct kb_entry *other = kb_entry_find(&session->kb, entry->related[i].entry);

        if (i == 0) {
            heading(w, _("Look-alikes"));
        }
        if (other) {
            struct str codes = codes_text(w->doc->arena, other);

            doc_add(w->doc, DOC_ITEM, other->id,
                    str_printf(w->doc->arena, "%.*s  %.*s", STR_ARGS(codes), STR_ARGS(other->title)));
        }
    }
}

static void sources(const struct writer *w, const struct prose_sources *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct prose_source *source = &list->items[i];
        const char *doubt = source->doubt == PROSE_KNOWN        ? _(" (not confirmed on a page)")
                            : source->doubt == PROSE_UNVERIFIED ? _(" (unverified)")
                                                                : "";

        if (i == 0) {
            heading(w, _("Source"));
        }
        doc_add(w->doc, DOC_ITEM, STR_NULL,
                str_printf(w->doc->arena, "%.*s%s%.*s%s", STR_ARGS(source->document),
                           source->date.len ? ", " : "", STR_ARGS(source->date), doubt));
    }
}

struct str session_entry_code(struct arena *arena, const struct kb_entry *entry)
{
    if (str_starts(entry->id, STR_LIT("class-"))) {
        return str_printf(arena, "%.*s.x", STR_ARGS(str_sub(entry->id, strlen("class-"), entry->id.len)));
    }
    if (entry->code_count == 0) {
        return entry->reply_count ? str_printf(arena, "%u", entry->replies[0]) : STR_LIT("-");
    }
    const struct kb_code *code = &entry->codes[0];

    if (code->last_detail != code->detail && code->class_) {
        return str_printf(arena, "%u.%u.%u-%u", code->class_, code->subject, code->detail,
                          code->last_detail);
    }
    return code->text;
}

void session_doc_entry(struct session *session, const struct kb_entry *entry,
                       const struct tree_facts *facts, struct doc *doc)
{
    struct writer w = {doc, facts};

    doc_add(doc, DOC_TITLE, session_entry_code(doc->arena, entry), filled(&w, entry->title));
    paragraph(&w, entry->summary);
    owners(session, &w, entry->owners, entry->owner_count);
    if (entry->code_count > 1) {
        pair(&w, _("Codes"), codes_text(doc->arena, entry));
    }
    pair(&w, _("Reply"), replies_text(doc->arena, entry));
    pair(&w, _("Kind"), kind_text(entry->kind));
    pair(&w, _("Category"), kb_category_title(entry->category));
    pair(&w, _("Tree"), entry->tree);
    notes(&w, entry);
    heading(&w, _("Cause"));
    paragraph(&w, entry->cause);
    remedies(&w, entry);
    messages(&w, &entry->messages);
    related(session, &w, entry);
    for (size_t i = 0; i < entry->link_count; i++) {
        if (i == 0) {
            heading(&w, _("More"));
        }
        doc_add(doc, DOC_LINK, entry->links[i].text, entry->links[i].href);
    }
    sources(&w, &entry->sources);
    pair(&w, _("Entry"), entry->id);
    if (entry->layer != KB_LAYER_SHIPPED) {
        pair(&w, _("From"), str_printf(doc->arena, "%.*s, %.*s:%u", STR_ARGS(kb_layer_name(entry->layer)),
                                       STR_ARGS(entry->file), entry->line));
    }
}

/* --- diagnosis --- */

static void evidence(const struct writer *w, const struct ndr_report *report,
                     const struct match_recipient *recipient)
{
    for (size_t i = 0; i < recipient->evidence_count; i++) {
        const struct match_evidence *item = &recipient->evidence[i];
        struct doc_block *block;

        if (i == 0) {
            heading(w, _("Evidence"));
        }
        block = doc_add(w->doc, DOC_QUOTE, item->what, item->text);
        block->number = ndr_report_line(report, item->place);
    }
}

static void reasons(const struct writer *w, const struct match_diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->why_count; i++) {
        if (i == 0) {
            heading(w, _("Why"));
        }
        doc_add(w->doc, DOC_ITEM, STR_NULL, diagnosis->why[i]);
    }
}

static void others(const struct writer *w, const struct match_recipient *recipient)
{
    for (size_t i = 1; i < recipient->diagnosis_count; i++) {
        const struct match_diagnosis *other = &recipient->diagnoses[i];

        if (i == 1) {
            heading(w, _("Also possible"));
        }
        doc_add(w->doc, DOC_ITEM, other->entry->id,
                str_printf(w->doc->arena, "%.*s  %.*s (%.*s)", STR_ARGS(session_entry_code(w->doc->arena, other->entry)),
                           STR_ARGS(other->entry->title),
                           STR_ARGS(session_confidence_words(other->confidence))));
    }
}

static void people(const struct writer *w, const struct match_recipient *recipient)
{
    const struct ndr_value *facts = recipient->facts;

    pair(w, _("Recipient"), facts[NDR_FACT_RCPT].text);
    pair(w, _("Code"), recipient->status.text);
    pair(w, _("Refused by"), facts[NDR_FACT_HOST].text);
    pair(w, _("Time"), facts[NDR_FACT_TIME].text);
}

struct str session_kind_words(enum ndr_kind kind)
{
    switch (kind) {
    case NDR_KIND_FAILURE:
        return str_from(_("failure: not delivered"));
    case NDR_KIND_DELAY:
        return str_from(_("delay notice: the server still tries"));
    case NDR_KIND_SUCCESS:
        return str_from(_("delivered"));
    case NDR_KIND_RELAYED:
        return str_from(_("relayed: handed on to a system that sends no receipts"));
    case NDR_KIND_EXPANDED:
        return str_from(_("handed on to the members of a list"));
    case NDR_KIND_FEEDBACK:
        return str_from(_("abuse report"));
    case NDR_KIND_AUTO_REPLY:
        return str_from(_("automatic reply"));
    case NDR_KIND_MIXED:
        return str_from(_("recipients with different fates"));
    case NDR_KIND_NONE:
        break;
    }
    return str_from(_("no delivery report so far"));
}

/* What a text that is no failure report is. */
static const char *kind_sentence(enum ndr_kind kind)
{
    switch (kind) {
    case NDR_KIND_NONE:
        return _("This is no delivery report: no code, no reply of a server and no failed address stand in it.");
    case NDR_KIND_AUTO_REPLY:
        return _("This is an automatic reply of a person's mailbox: the message has arrived.");
    case NDR_KIND_FEEDBACK:
        return _("This is an abuse report: somebody marked the message as spam. It was delivered.");
    case NDR_KIND_SUCCESS:
        return _("The message has arrived here: this part of the report is a receipt.");
    case NDR_KIND_RELAYED:
        return _("The message was handed on to a system that sends no receipts. Nothing failed.");
    case NDR_KIND_EXPANDED:
        return _("The message was handed on to the members of a list. Nothing failed.");
    default:
        return _("No cause fits this report.");
    }
}

/* What one recipient's fate makes of the report. */
static enum ndr_kind kind_for(const struct ndr_report *report, const struct match_recipient *recipient)
{
    switch (recipient ? recipient->recipient->action : NDR_ACTION_NONE) {
    case NDR_ACTION_DELIVERED:
        return NDR_KIND_SUCCESS;
    case NDR_ACTION_RELAYED:
        return NDR_KIND_RELAYED;
    case NDR_ACTION_EXPANDED:
        return NDR_KIND_EXPANDED;
    default:
        return report->kind;
    }
}

static void lacks(const struct writer *w, const struct ndr_report *report)
{
    for (size_t i = 0; i < report->missing_count; i++) {
        if (i == 0) {
            heading(w, _("Missing in the report"));
        }
        doc_add(w->doc, DOC_ITEM, STR_NULL,
                str_printf(w->doc->arena, "%.*s. %.*s", STR_ARGS(report->missing[i].what),
                           STR_ARGS(report->missing[i].how)));
    }
}

static void warnings(const struct writer *w, const struct match_result *result)
{
    for (size_t i = 0; i < result->report->warning_count; i++) {
        doc_add(w->doc, DOC_NOTE, STR_NULL, result->report->warnings[i]);
    }
    for (size_t i = 0; i < result->warning_count; i++) {
        doc_add(w->doc, DOC_NOTE, STR_NULL, result->warnings[i]);
    }
}

static void diagnosis_head(const struct session *session, const struct writer *w, const struct match_recipient *recipient,
                           const struct match_diagnosis *best)
{
    struct str code = recipient->status.text.len ? recipient->status.text : session_entry_code(w->doc->arena, best->entry);

    doc_add(w->doc, DOC_TITLE, code, filled(w, best->entry->title));
    paragraph(w, best->entry->summary);
    pair(w, _("Certainty"), session_confidence_words(best->confidence));
    owners(session, w, best->entry->owners, best->entry->owner_count);
    notes(w, best->entry);
}

void session_doc_diagnosis(struct session *session, const struct match_result *result,
                           const struct match_recipient *recipient, struct doc *doc)
{
    struct tree_facts facts = session_facts(session, doc->arena, result, recipient);
    struct writer w = {doc, &facts};
    const struct match_diagnosis *best =
        recipient && recipient->diagnosis_count ? &recipient->diagnoses[0] : NULL;

    if (!best) {
        doc_add(doc, DOC_TITLE, STR_NULL, str_from(kind_sentence(kind_for(result->report, recipient))));
        if (result->report->kind == NDR_KIND_NONE) {
            paragraph(&w, STR_LIT(_("Ask the user to forward the report as an attachment, or to copy all of it "
                                    "down to the part for administrators, and paste that.")));
        }
        if (recipient) {
            people(&w, recipient);
            evidence(&w, result->report, recipient);
        }
        warnings(&w, result);
        lacks(&w, result->report);
        return;
    }
    diagnosis_head(session, &w, recipient, best);
    people(&w, recipient);
    evidence(&w, result->report, recipient);
    reasons(&w, best);
    heading(&w, _("Cause"));
    paragraph(&w, best->entry->cause);
    remedies(&w, best->entry);
    messages(&w, &best->entry->messages);
    if (best->tree.len) {
        heading(&w, _("Next"));
        paragraph(&w, str_printf(doc->arena, _("Walk the decision tree \"%.*s\" to the exact fix."),
                                 STR_ARGS(best->tree)));
    }
    others(&w, recipient);
    warnings(&w, result);
    lacks(&w, result->report);
}

/* --- walk --- */

static void outcome(const struct session *session, const struct writer *w, const struct tree_node *node)
{
    doc_add(w->doc, DOC_TITLE, STR_NULL, filled(w, node->title));
    owners(session, w, node->owners, node->owner_count);
    heading(w, _("Cause"));
    paragraph(w, node->cause);
    heading(w, _("Fix"));
    steps(w, &node->steps, true);
    heading(w, _("Verify"));
    paragraph(w, node->verify.text);
    commands(w, &node->verify);
    heading(w, _("Send again"));
    paragraph(w, node->retry);
    messages(w, &node->messages);
}

void session_doc_node(const struct session *session, const struct tree_node *node, const struct tree_facts *facts, struct doc *doc)
{
    struct writer w = {doc, facts};

    if (node->kind == TREE_OUTCOME) {
        outcome(session, &w, node);
    } else {
        doc_add(doc, DOC_TITLE, STR_NULL, filled(&w, node->title));
        paragraph(&w, node->ask);
        steps(&w, &node->observe, false);
        steps(&w, &node->steps, true);
        for (size_t i = 0; i < node->note_count; i++) {
            doc_add(doc, DOC_NOTE, STR_NULL, filled(&w, node->notes[i]));
        }
        if (node->why.len) {
            doc_add(doc, DOC_NOTE, str_from(_("Why")), filled(&w, node->why));
        }
    }
    sources(&w, &node->sources);
}

/* "Is the domain signed?  yes (report, line 12)" */
static void answered(const struct session *session, const struct writer *w,
                     const struct tree_answer *answer, unsigned number)
{
    struct arena *arena = w->doc->arena;
    const struct tree *tree = session->walk.source(session->walk.context, answer->tree);
    int node_at = tree ? tree_node_find(tree, answer->node) : -1;

    if (node_at < 0) {
        return;
    }
    const struct tree_node *node = &tree->nodes[node_at];
    int option = tree_option_find(node, answer->option);
    struct str said = option < 0 ? answer->option : filled(w, node->options[option].text);
    struct str from = !answer->from_report ? STR_NULL
                      : answer->line       ? str_printf(arena, _(" (report, line %u)"), answer->line)
                                           : STR_LIT(_(" (report)"));
    struct doc_block *block =
        doc_add(w->doc, DOC_STEP, STR_NULL,
                str_printf(arena, "%.*s  %.*s%.*s", STR_ARGS(filled(w, node->title)), STR_ARGS(said),
                           STR_ARGS(from)));

    block->number = number;
}

void session_doc_walk(const struct session *session, const struct tree_walk *walk, struct doc *doc)
{
    struct writer w = {doc, &walk->facts};

    if (tree_walk_is_done(walk)) {
        outcome(session, &w, walk->node);
    } else {
        doc_add(doc, DOC_TITLE, STR_NULL, filled(&w, walk->tree->title));
    }
    for (size_t i = 0; i < walk->count; i++) {
        if (i == 0) {
            heading(&w, _("How we got here"));
        }
        answered(session, &w, &walk->answers[i], (unsigned)i + 1);
    }
}

/* --- ready texts --- */

/* The ticket text where nobody wrote one: what, evidence, who, next. */
static void make_ticket(struct session *session, const struct writer *w)
{
    const struct match_recipient *recipient = session_recipient(session);
    const struct match_diagnosis *best = session_best(session);
    const struct tree_node *node =
        session->walking && tree_walk_is_done(&session->walk) ? session->walk.node : NULL;

    paragraph(w, node ? node->title : best ? best->entry->title : STR_NULL);
    if (recipient) {
        people(w, recipient);
    }
    if (node) {
        owners(session, w, node->owners, node->owner_count);
    } else if (best) {
        owners(session, w, best->entry->owners, best->entry->owner_count);
    }
    if (recipient && recipient->evidence_count) {
        pair(w, _("Evidence"), recipient->evidence[0].text);
    }
    paragraph(w, node ? node->cause : best ? best->entry->cause : STR_NULL);
    if (node) {
        steps(w, &node->steps, true);
        paragraph(w, node->retry);
    }
}

bool session_doc_message(struct session *session, enum prose_reader reader, struct doc *doc)
{
    const struct match_diagnosis *best = session_best(session);
    bool done = session->walking && tree_walk_is_done(&session->walk);
    struct tree_facts facts = done ? session->walk.facts
                                   : session_facts(session, doc->arena, session->result,
                                                   session_recipient(session));
    struct writer w = {doc, &facts};
    const struct prose_message *message =
        done ? prose_message_for(&session->walk.node->messages, reader) : NULL;

    if (!message && best && (!done || reader != PROSE_TO_TICKET)) {
        message = prose_message_for(&best->entry->messages, reader);
    }
    if (message) {
        paragraph(&w, message->text);
        return true;
    }
    if (reader == PROSE_TO_TICKET && (done || best)) {
        make_ticket(session, &w);
        return true;
    }
    return false;
}
