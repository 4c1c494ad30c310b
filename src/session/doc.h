/* Texts for people as blocks: one description of an entry, a diagnosis, a question or an outcome,
 * from which the screen, plain text, Markdown and HTML are made alike. */
#ifndef NDR_SESSION_DOC_H
#define NDR_SESSION_DOC_H

#include "base/buf.h"

enum doc_kind {
    DOC_TITLE,     /* label: short code or id, text: title */
    DOC_HEADING,   /* text */
    DOC_PARAGRAPH, /* text; may hold "\n\n" and "\n- " */
    DOC_PAIR,      /* label and text on one line: "Owner  the sender" */
    DOC_ITEM,      /* bullet */
    DOC_STEP,      /* numbered by `number` */
    DOC_COMMAND,   /* one command line to copy; label: shell name */
    DOC_QUOTE,     /* words of the report; label: what they prove; number: line, 0 for none */
    DOC_LINK,      /* label: title, text: address, always on a line of its own */
    DOC_NOTE,      /* aside: a trap, a doubt, or what its label says ("Why") */
};

struct doc_block {
    enum doc_kind kind;
    struct str label;
    struct str text;
    unsigned number;
};

/* Blocks in order; lives in its arena. */
struct doc {
    struct arena *arena;
    struct doc_block *blocks;
    size_t count;
    size_t capacity;
};

void doc_init(struct doc *doc, struct arena *arena);
struct doc_block *doc_add(struct doc *doc, enum doc_kind kind, struct str label, struct str text);

enum doc_format { DOC_FORMAT_TEXT, DOC_FORMAT_MARKDOWN, DOC_FORMAT_HTML };

/* Writes the document, filtered; text is wrapped at `width` cells (commands and links never). */
void doc_render(const struct doc *doc, enum doc_format format, size_t width, struct buf *out);

#endif
