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

/* Nodes of the tree that can be reached from one, itself counted.  No cycles are in a tree, but ways meet. */
static void reach(const struct tree *tree, const struct tree_node *from, bool *reached)
{
    size_t first = (size_t)(from - tree->nodes);

    reached[first] = true;
    /* Each turn marks what is one step further; there are never more turns than nodes. */
    for (size_t turn = 0; turn < tree->node_count; turn++) {
        for (size_t i = 0; i < tree->node_count; i++) {
            for (size_t k = 0; reached[i] && k < tree->nodes[i].option_count; k++) {
                if (tree->nodes[i].options[k].target >= 0) {
                    reached[tree->nodes[i].options[k].target] = true;
                }
            }
        }
    }
}

static void still_possible(const struct writer *w, const struct tree_walk *walk)
{
    const struct tree *tree = walk->tree;
    bool *reached = ARENA_ARRAY(w->doc->arena, bool, tree->node_count);
    size_t count = 0;

    reach(tree, walk->node, reached);
    for (size_t i = 0; i < tree->node_count; i++) {
        count += reached[i] && tree->nodes[i].kind == TREE_OUTCOME;
    }
    doc_add(w->doc, DOC_HEADING, STR_NULL,
            str_printf(w->doc->arena, _("Still possible: %zu of %zu outcomes"), count, tree->outcome_count));
    for (size_t i = 0; i < tree->node_count; i++) {
        if (reached[i] && tree->nodes[i].kind == TREE_OUTCOME) {
            doc_add(w->doc, DOC_ITEM, tree->nodes[i].id, writer_filled(w, tree->nodes[i].title));
        }
    }
}

void session_doc_overview(const struct tree_walk *walk, struct doc *doc)
{
    struct writer w = {doc, &walk->facts};

    doc_add(doc, DOC_TITLE, STR_NULL, walk->tree->title);
    doc_add(doc, DOC_PARAGRAPH, STR_NULL,
            str_printf(doc->arena, _("Step %u of at most %u"), tree_walk_step(walk), tree_walk_most(walk)));
    for (size_t i = 0; i < walk->count; i++) {
        if (i == 0) {
            writer_heading(&w, _("So far"));
        }
        writer_answer(walk, &w, &walk->answers[i], (unsigned)i + 1);
    }
    writer_heading(&w, _("Now"));
    writer_paragraph(&w, walk->node->title);
    still_possible(&w, walk);
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
