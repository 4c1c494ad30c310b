/* Texts of a walk: a question, an outcome, and how one got there. */
#include "session/writer.h"

#include "base/text.h"

static void outcome(const struct session *session, const struct writer *w, const struct tree_node *node)
{
    doc_add(w->doc, DOC_TITLE, STR_NULL, writer_filled(w, node->title));
    writer_owners(session, w, node->owners, node->owner_count);
    writer_heading(w, _("Cause"));
    writer_paragraph(w, node->cause);
    writer_heading(w, _("Fix"));
    writer_steps(w, &node->steps, true);
    writer_heading(w, _("Verify"));
    writer_paragraph(w, node->verify.text);
    writer_commands(w, &node->verify);
    writer_heading(w, _("Send again"));
    writer_paragraph(w, node->retry);
    writer_messages(w, &node->messages);
}

void session_doc_node(const struct session *session, const struct tree_node *node, const struct tree_facts *facts, struct doc *doc)
{
    struct writer w = {doc, facts};

    if (node->kind == TREE_OUTCOME) {
        outcome(session, &w, node);
    } else {
        doc_add(doc, DOC_TITLE, STR_NULL, writer_filled(&w, node->title));
        writer_paragraph(&w, node->ask);
        writer_steps(&w, &node->observe, false);
        writer_steps(&w, &node->steps, true);
        for (size_t i = 0; i < node->note_count; i++) {
            doc_add(doc, DOC_NOTE, STR_NULL, writer_filled(&w, node->notes[i]));
        }
        if (node->why.len) {
            doc_add(doc, DOC_NOTE, str_from(_("Why")), writer_filled(&w, node->why));
        }
    }
    writer_sources(&w, &node->sources);
}

void session_doc_walk(const struct session *session, const struct tree_walk *walk, struct doc *doc)
{
    struct writer w = {doc, &walk->facts};

    if (tree_walk_is_done(walk)) {
        outcome(session, &w, walk->node);
    } else {
        doc_add(doc, DOC_TITLE, STR_NULL, writer_filled(&w, walk->tree->title));
    }
    for (size_t i = 0; i < walk->count; i++) {
        if (i == 0) {
            writer_heading(&w, _("How we got here"));
        }
        writer_answer(walk, &w, &walk->answers[i], (unsigned)i + 1);
    }
}

bool session_doc_saved(struct session *session, int64_t id, struct doc *doc)
{
    struct store *store = session_store(session);
    struct store_walk saved;
    struct tree_walk *walk = ARENA_NEW(doc->arena, struct tree_walk);
    size_t kept;

    if (!store || !store_walk_load(store, doc->arena, id, &saved)) {
        return false;
    }
    bool walks = session_walk_again(session, doc->arena, &saved, walk, &kept);
    struct writer w = {doc, &walk->facts};

    writer_paragraph(&w, saved.title);
    writer_pair(&w, _("Recipient"), saved.recipient);
    if (walks) {
        session_doc_walk(session, walk, doc);
    }
    for (size_t i = 0; i < saved.quote_count; i++) {
        if (i == 0) {
            writer_heading(&w, _("Evidence"));
        }
        doc_add(doc, DOC_QUOTE, saved.quotes[i].what, saved.quotes[i].text)->number = saved.quotes[i].line;
    }
    if (!walks || kept < saved.answer_count) {
        doc_add(doc, DOC_NOTE, STR_NULL, str_from(_("The tree has changed since; some answers do not fit it any more.")));
    }
    return true;
}
