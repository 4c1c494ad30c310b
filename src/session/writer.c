#include "session/writer.h"

#include "base/text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

struct str writer_filled(const struct writer *w, struct str text)
{
    return session_fill(w->doc->arena, text, w->facts);
}

void writer_heading(const struct writer *w, const char *text)
{
    doc_add(w->doc, DOC_HEADING, STR_NULL, str_from(text));
}

void writer_paragraph(const struct writer *w, struct str text)
{
    if (text.len) {
        doc_add(w->doc, DOC_PARAGRAPH, STR_NULL, writer_filled(w, text));
    }
}

void writer_pair(const struct writer *w, const char *label, struct str text)
{
    if (text.len) {
        doc_add(w->doc, DOC_PAIR, str_from(label), text);
    }
}

void writer_commands(const struct writer *w, const struct prose_step *step)
{
    for (size_t i = 0; i < step->command_count; i++) {
        const struct prose_command *command = &step->commands[i];

        doc_add(w->doc, DOC_COMMAND, prose_shell_name(command->shell),
                session_fill_command(w->doc->arena, command->text, w->facts));
    }
}

void writer_steps(const struct writer *w, const struct prose_steps *list, bool numbered)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct prose_step *step = &list->items[i];

        if (step->text.len) {
            struct doc_block *block = doc_add(
                w->doc, numbered && list->count > 1 ? DOC_STEP : DOC_PARAGRAPH, STR_NULL, writer_filled(w, step->text));

            block->number = (unsigned)i + 1;
        }
        writer_commands(w, step);
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

void writer_owners(const struct session *session, const struct writer *w, const enum prose_owner *list, size_t count)
{
    writer_pair(w, _("Owner"), session_owner_words(w->doc->arena, list, count));
    writer_pair(w, _("Here"), session_contact_words(session, w->doc->arena, list, count));
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

void writer_messages(const struct writer *w, const struct prose_messages *list)
{
    for (size_t i = 0; i < list->count; i++) {
        writer_heading(w, reader_heading(list->items[i].to));
        writer_paragraph(w, list->items[i].text);
    }
}

/* Whether the code that the diagnosis rests on is one of a fault that passes. */
static bool passes(const struct match_recipient *recipient)
{
    return recipient->status.text.len ? recipient->status.text.ptr[0] == '4' : recipient->reply_code / 100 == 4;
}

struct str writer_given_up(const struct writer *w, const struct kb_entry *entry, const struct match_recipient *recipient)
{
    if (entry->kind != KB_KIND_TRANSIENT || !recipient || recipient->recipient->action != NDR_ACTION_FAILED ||
        !passes(recipient)) {
        return STR_NULL;
    }
    return str_printf(w->doc->arena, _("%.*s The server has given up: your message has not arrived. Please send it again "
                                       "when we tell you that it works."),
                      STR_ARGS(entry->summary));
}

void writer_entry_messages(const struct writer *w, const struct kb_entry *entry, const struct match_recipient *recipient)
{
    struct str given_up = writer_given_up(w, entry, recipient);

    for (size_t i = 0; i < entry->messages.count; i++) {
        const struct prose_message *message = &entry->messages.items[i];

        writer_heading(w, reader_heading(message->to));
        writer_paragraph(w, message->to == PROSE_TO_SENDER && given_up.len ? given_up : message->text);
    }
}

void writer_sources(const struct writer *w, const struct prose_sources *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct prose_source *source = &list->items[i];
        const char *doubt = source->doubt == PROSE_KNOWN        ? _(" (not confirmed on a page)")
                            : source->doubt == PROSE_UNVERIFIED ? _(" (unverified)")
                                                                : "";

        if (i == 0) {
            writer_heading(w, _("Source"));
        }
        doc_add(w->doc, DOC_ITEM, STR_NULL,
                str_printf(w->doc->arena, "%.*s%s%.*s%s", STR_ARGS(source->document),
                           source->date.len ? ", " : "", STR_ARGS(source->date), doubt));
    }
}

/* Nothing that was delivered or passed on was refused. */
static bool is_refused(enum ndr_action action)
{
    return action == NDR_ACTION_NONE || action == NDR_ACTION_FAILED || action == NDR_ACTION_DELAYED;
}

void writer_people(const struct writer *w, const struct match_recipient *recipient)
{
    const struct ndr_value *facts = recipient->facts;

    writer_pair(w, _("Recipient"), facts[NDR_FACT_RCPT].text);
    writer_pair(w, _("Code"), recipient->status.text);
    writer_pair(w, is_refused(recipient->recipient->action) ? _("Refused by") : _("Taken by"), facts[NDR_FACT_HOST].text);
    writer_pair(w, _("Time"), facts[NDR_FACT_TIME].text.len ? writer_filled(w, STR_LIT("{time}")) : STR_NULL);
}

void writer_evidence(const struct writer *w, const struct ndr_report *report,
                     const struct match_recipient *recipient)
{
    for (size_t i = 0; i < recipient->evidence_count; i++) {
        const struct match_evidence *item = &recipient->evidence[i];
        struct doc_block *block;

        if (i == 0) {
            writer_heading(w, _("Evidence"));
        }
        block = doc_add(w->doc, DOC_QUOTE, item->what, item->text);
        block->number = ndr_report_line(report, item->place);
    }
}

void writer_answer(const struct tree_walk *walk, const struct writer *w,
                     const struct tree_answer *answer, unsigned number)
{
    struct arena *arena = w->doc->arena;
    const struct tree *tree = walk->source(walk->context, answer->tree);
    int node_at = tree ? tree_node_find(tree, answer->node) : -1;

    if (node_at < 0) {
        return;
    }
    const struct tree_node *node = &tree->nodes[node_at];
    int option = tree_option_find(node, answer->option);
    struct str said = option < 0 ? answer->option : writer_filled(w, node->options[option].text);
    struct str from = !answer->from_report ? STR_NULL
                      : answer->line       ? str_printf(arena, _(" (report, line %u)"), answer->line)
                                           : STR_LIT(_(" (report)"));
    struct doc_block *block =
        doc_add(w->doc, DOC_STEP, STR_NULL,
                str_printf(arena, "%.*s  %.*s%.*s", STR_ARGS(writer_filled(w, node->title)), STR_ARGS(said),
                           STR_ARGS(from)));

    block->number = number;
    if (answer->note.len) {
        doc_add(w->doc, DOC_NOTE, str_from(_("Note")), answer->note);
    }
}
