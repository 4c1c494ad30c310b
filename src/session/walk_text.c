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
        writer_answer(session, &w, &walk->answers[i], (unsigned)i + 1);
    }
}
