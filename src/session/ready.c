/* Ready texts: for the user, for the other side's postmaster, and the block for the ticket. */
#include "session/writer.h"

#include "base/text.h"

enum { TICKET_EVIDENCE_MAX = 4 };

/* What the texts are made of. */
struct matter {
    const struct match_recipient *recipient; /* NULL without a report */
    const struct match_diagnosis *best;      /* NULL for none */
    const struct tree_node *outcome;         /* NULL before the walk is at its end */
};

static struct matter matter_of(const struct session *session)
{
    return (struct matter){
        .recipient = session_recipient(session),
        .best = session_best(session),
        .outcome = session->walking && tree_walk_is_done(&session->walk) ? session->walk.node : NULL,
    };
}

static const struct prose_message *written_for(const struct matter *matter, enum prose_reader reader)
{
    const struct prose_message *message =
        matter->outcome ? prose_message_for(&matter->outcome->messages, reader) : NULL;

    return message || !matter->best ? message : prose_message_for(&matter->best->entry->messages, reader);
}

/* --- the ticket: what, evidence with lines, who, done, next --- */

static void ticket_what(const struct writer *w, const struct matter *matter)
{
    const struct prose_message *written = written_for(matter, PROSE_TO_TICKET);

    if (written) {
        writer_paragraph(w, written->text);
    } else if (matter->outcome) {
        writer_paragraph(w, matter->outcome->title);
        writer_paragraph(w, matter->outcome->cause);
    } else {
        writer_paragraph(w, matter->best->entry->title);
        writer_paragraph(w, matter->best->entry->cause);
    }
}

static void ticket_people(const struct writer *w, const struct match_recipient *recipient)
{
    const struct ndr_value *facts = recipient->facts;

    writer_people(w, recipient);
    writer_pair(w, _("Sender"), facts[NDR_FACT_SENDER].text);
    writer_pair(w, _("Message-ID"), facts[NDR_FACT_MESSAGE_ID].text);
}

static void ticket_evidence(const struct writer *w, const struct ndr_report *report,
                            const struct match_recipient *recipient)
{
    struct match_recipient few = *recipient;

    few.evidence_count = few.evidence_count < TICKET_EVIDENCE_MAX ? few.evidence_count : TICKET_EVIDENCE_MAX;
    writer_evidence(w, report, &few);
}

static void ticket_done(const struct session *session, const struct writer *w)
{
    const struct tree_walk *walk = &session->walk;

    for (size_t i = 0; session->walking && i < walk->count; i++) {
        if (i == 0) {
            writer_heading(w, _("Done"));
        }
        writer_answer(walk, w, &walk->answers[i], (unsigned)i + 1);
    }
}

/* The steps of the outcome, without one those of the entry's main owner. */
static void ticket_next(const struct writer *w, const struct matter *matter)
{
    const struct kb_entry *entry = matter->best ? matter->best->entry : NULL;

    writer_heading(w, _("Next"));
    if (matter->outcome) {
        writer_steps(w, &matter->outcome->steps, true);
        writer_paragraph(w, matter->outcome->retry);
    } else if (entry->remedy_count) {
        writer_steps(w, &entry->remedies[0].steps, true);
    }
}

static void ticket(struct session *session, const struct writer *w, const struct matter *matter)
{
    ticket_what(w, matter);
    if (matter->outcome) {
        writer_owners(session, w, matter->outcome->owners, matter->outcome->owner_count);
    } else {
        writer_owners(session, w, matter->best->entry->owners, matter->best->entry->owner_count);
    }
    if (matter->recipient) {
        ticket_people(w, matter->recipient);
        ticket_evidence(w, session->report, matter->recipient);
    }
    ticket_done(session, w);
    ticket_next(w, matter);
}

bool session_doc_message(struct session *session, enum prose_reader reader, struct doc *doc)
{
    struct matter matter = matter_of(session);
    struct tree_facts facts = matter.outcome ? session->walk.facts
                                             : session_facts(session, doc->arena, session->result, matter.recipient);
    struct writer w = {doc, &facts};
    const struct prose_message *message = written_for(&matter, reader);

    if (reader == PROSE_TO_TICKET && (matter.outcome || matter.best)) {
        ticket(session, &w, &matter);
        return true;
    }
    if (message) {
        struct str given_up = reader == PROSE_TO_SENDER && !matter.outcome
                                  ? writer_given_up(&w, matter.best->entry, matter.recipient)
                                  : STR_NULL;

        writer_paragraph(&w, given_up.len ? given_up : message->text);
    }
    return message;
}
