#include "session/writer.h"

#include "base/text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

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

struct str session_certainty_words(enum match_confidence confidence, const struct ndr_report *report)
{
    return confidence == MATCH_WEAK && report->missing_count == 0 ? STR_LIT(_("a guess: no entry knows these words"))
                                                                  : session_confidence_words(confidence);
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

/* --- entry --- */

struct str session_provider_words(struct str provider)
{
    return str_equal(provider, STR_LIT("any")) ? STR_NULL : ndr_generator_name(provider);
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
        return STR_LIT(_("permanent: the message has to be sent again after the fix"));
    case KB_KIND_TRANSIENT:
        return STR_LIT(_("temporary: the server tries again by itself"));
    case KB_KIND_SUCCESS:
        return STR_LIT(_("success: nothing has to be done"));
    case KB_KIND_EXPIRED:
        break;
    }
    return STR_LIT(_("expired: the server tried for a day or more and gave up"));
}

/* What a site or a person has noted about an entry stands where it is seen first. */
static void notes(const struct writer *w, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->note_count; i++) {
        doc_add(w->doc, DOC_NOTE,
                entry->notes[i].layer == KB_LAYER_SHIPPED ? STR_NULL : str_from(_("House note")), entry->notes[i].text);
    }
}

static void remedies(const struct writer *w, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->remedy_count; i++) {
        const struct kb_remedy *remedy = &entry->remedies[i];

        doc_add(w->doc, DOC_HEADING, STR_NULL,
                str_printf(w->doc->arena, _("Fix: %.*s"), STR_ARGS(prose_owner_words(remedy->owner))));
        writer_steps(w, &remedy->steps, true);
    }
}

static void related(struct session *session, const struct writer *w, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->related_count; i++) {
        const struct kb_entry *other = kb_entry_find(&session->kb, entry->related[i].entry);

        if (i == 0) {
            writer_heading(w, _("Look-alikes"));
        }
        if (other) {
            struct str codes = codes_text(w->doc->arena, other);

            doc_add(w->doc, DOC_ITEM, other->id,
                    str_printf(w->doc->arena, "%.*s  %.*s", STR_ARGS(codes), STR_ARGS(other->title)));
        }
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

    doc_add(doc, DOC_TITLE, session_entry_code(doc->arena, entry), writer_filled(&w, entry->title));
    writer_paragraph(&w, entry->summary);
    writer_owners(session, &w, entry->owners, entry->owner_count);
    writer_pair(&w, _("Mail system"), session_provider_words(entry->provider));
    if (entry->code_count > 1) {
        writer_pair(&w, _("Codes"), codes_text(doc->arena, entry));
    }
    writer_pair(&w, _("Reply"), replies_text(doc->arena, entry));
    writer_pair(&w, _("Kind"), kind_text(entry->kind));
    writer_pair(&w, _("Category"), kb_category_title(entry->category));
    writer_pair(&w, _("Tree"), entry->tree);
    notes(&w, entry);
    writer_heading(&w, _("Cause"));
    writer_paragraph(&w, entry->cause);
    remedies(&w, entry);
    writer_messages(&w, &entry->messages);
    related(session, &w, entry);
    for (size_t i = 0; i < entry->link_count; i++) {
        if (i == 0) {
            writer_heading(&w, _("More"));
        }
        doc_add(doc, DOC_LINK, entry->links[i].text, entry->links[i].href);
    }
    writer_sources(&w, &entry->sources);
    writer_pair(&w, _("Entry"), entry->id);
    if (entry->layer != KB_LAYER_SHIPPED) {
        writer_pair(&w, _("From"), str_printf(doc->arena, "%.*s, %.*s:%u", STR_ARGS(kb_layer_name(entry->layer)),
                                       STR_ARGS(entry->file), entry->line));
    }
}

/* --- diagnosis --- */

static void reasons(const struct writer *w, const struct match_diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->why_count; i++) {
        if (i == 0) {
            writer_heading(w, _("Why"));
        }
        doc_add(w->doc, DOC_ITEM, STR_NULL, diagnosis->why[i]);
    }
}

static void others(const struct writer *w, const struct match_recipient *recipient)
{
    for (size_t i = 1; i < recipient->diagnosis_count; i++) {
        const struct match_diagnosis *other = &recipient->diagnoses[i];

        if (i == 1) {
            writer_heading(w, _("Also possible"));
        }
        doc_add(w->doc, DOC_ITEM, other->entry->id,
                str_printf(w->doc->arena, "%.*s  %.*s (%.*s)", STR_ARGS(session_entry_code(w->doc->arena, other->entry)),
                           STR_ARGS(other->entry->title),
                           STR_ARGS(session_confidence_words(other->confidence))));
    }
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
            writer_heading(w, _("Missing in the report"));
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

static void diagnosis_head(const struct session *session, const struct writer *w, const struct ndr_report *report,
                           const struct match_recipient *recipient, const struct match_diagnosis *best)
{
    struct str code = recipient->status.text.len ? recipient->status.text : session_entry_code(w->doc->arena, best->entry);

    doc_add(w->doc, DOC_TITLE, code, writer_filled(w, best->entry->title));
    writer_paragraph(w, best->entry->summary);
    writer_pair(w, _("Certainty"), session_certainty_words(best->confidence, report));
    writer_owners(session, w, best->entry->owners, best->entry->owner_count);
    notes(w, best->entry);
}

/* What there is to say where no cause fits. */
static void no_cause(const struct writer *w, const struct match_result *result, const struct match_recipient *recipient)
{
    const struct ndr_report *report = result->report;

    doc_add(w->doc, DOC_TITLE, STR_NULL, str_from(kind_sentence(kind_for(report, recipient))));
    if (report->kind == NDR_KIND_NONE) {
        writer_paragraph(w, STR_LIT(_("Ask the user to forward the report as an attachment, or to copy all of it "
                                "down to the part for administrators, and paste that.")));
    }
    if (recipient) {
        writer_people(w, recipient);
        writer_evidence(w, report, recipient);
    }
    warnings(w, result);
    lacks(w, report);
}

static const struct match_diagnosis *best_of(const struct match_recipient *recipient)
{
    return recipient && recipient->diagnosis_count ? &recipient->diagnoses[0] : NULL;
}

void session_doc_summary(struct session *session, const struct match_result *result,
                         const struct match_recipient *recipient, struct doc *doc)
{
    struct tree_facts facts = session_facts(session, doc->arena, result, recipient);
    struct writer w = {doc, &facts};

    if (!best_of(recipient)) {
        no_cause(&w, result, recipient);
        return;
    }
    diagnosis_head(session, &w, result->report, recipient, best_of(recipient));
    writer_people(&w, recipient);
    writer_evidence(&w, result->report, recipient);
    warnings(&w, result);
}

void session_doc_diagnosis(struct session *session, const struct match_result *result,
                           const struct match_recipient *recipient, struct doc *doc)
{
    struct tree_facts facts = session_facts(session, doc->arena, result, recipient);
    struct writer w = {doc, &facts};
    const struct match_diagnosis *best = best_of(recipient);

    if (!best) {
        no_cause(&w, result, recipient);
        return;
    }
    diagnosis_head(session, &w, result->report, recipient, best);
    writer_people(&w, recipient);
    writer_evidence(&w, result->report, recipient);
    reasons(&w, best);
    writer_heading(&w, _("Cause"));
    writer_paragraph(&w, best->entry->cause);
    remedies(&w, best->entry);
    writer_entry_messages(&w, best->entry, recipient);
    if (best->tree.len) {
        writer_heading(&w, _("Next"));
        writer_paragraph(&w, str_printf(doc->arena, _("Walk the decision tree \"%.*s\" to the exact fix."),
                                 STR_ARGS(best->tree)));
    }
    others(&w, recipient);
    warnings(&w, result);
    lacks(&w, result->report);
}
