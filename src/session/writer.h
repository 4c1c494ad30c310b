/* What the texts of session/ are written with: blocks of a document, their placeholders filled. */
#ifndef NDR_SESSION_WRITER_H
#define NDR_SESSION_WRITER_H

#include "session/session.h"

/* One text in the making: where it goes and what fills its placeholders. */
struct writer {
    struct doc *doc;
    const struct tree_facts *facts; /* NULL for none */
};

struct str writer_filled(const struct writer *w, struct str text);
void writer_heading(const struct writer *w, const char *text);
void writer_paragraph(const struct writer *w, struct str text);             /* none when empty */
void writer_pair(const struct writer *w, const char *label, struct str text); /* none when empty */
void writer_commands(const struct writer *w, const struct prose_step *step);
void writer_steps(const struct writer *w, const struct prose_steps *list, bool numbered);
void writer_sources(const struct writer *w, const struct prose_sources *list);
void writer_messages(const struct writer *w, const struct prose_messages *list);

/* The text for the sender of an entry about a fault that passes speaks of tries to come.  Where the report says that
 * they are over, what happened and that it has to be sent again; else empty. */
struct str writer_given_up(const struct writer *w, const struct kb_entry *entry, const struct match_recipient *recipient);

/* The ready texts of an entry, as they are true for this recipient. */
void writer_entry_messages(const struct writer *w, const struct kb_entry *entry, const struct match_recipient *recipient);

/* The owners in words, and whom the house names for them. */
void writer_owners(const struct session *session, const struct writer *w, const enum prose_owner *list, size_t count);

void writer_people(const struct writer *w, const struct match_recipient *recipient);
void writer_evidence(const struct writer *w, const struct ndr_report *report, const struct match_recipient *recipient);

/* "Is the domain signed?  yes (report, line 12)" */
void writer_answer(const struct tree_walk *walk, const struct writer *w, const struct tree_answer *answer, unsigned number);

#endif
