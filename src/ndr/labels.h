/* Labels of report layouts for people, in the languages that were seen. */
#ifndef NDR_NDR_LABELS_H
#define NDR_NDR_LABELS_H

#include "base/str.h"

enum ndr_label_kind {
    NDR_LABEL_NONE,
    NDR_LABEL_FAILED_LIST,  /* addresses that failed come next */
    NDR_LABEL_DIAGNOSTICS,  /* the part for administrators begins */
    NDR_LABEL_GENERATED_BY, /* host that wrote the report */
    NDR_LABEL_REJECTED_BY,  /* host that refused */
    NDR_LABEL_WORDS,        /* words of the server */
    NDR_LABEL_RECIPIENT,
    NDR_LABEL_SENDER,
    NDR_LABEL_SUBJECT,
    NDR_LABEL_MESSAGE_ID,
    NDR_LABEL_HEADERS, /* fields of the returned message come next */
};

struct ndr_label {
    enum ndr_label_kind kind;
    const char *language; /* BCP 47 */
    struct str words;
};

/* Label at the start of a line, NULL when there is none; `rest` is set to what stands behind it. */
const struct ndr_label *ndr_label_find(struct str line, struct str *rest);

/* Whether a line begins the returned message. */
bool ndr_label_is_returned(struct str line);

/* Whether the text holds words that tell a failure, a delay, an automatic answer, an abuse report. */
enum {
    NDR_WORDS_FAILED = 1 << 1,
    NDR_WORDS_DELAYED = 1 << 2,
    NDR_WORDS_AUTO = 1 << 3,
    NDR_WORDS_ABUSE = 1 << 4,
};

/* All of these at once. */
unsigned ndr_words_kinds(struct str text);
bool ndr_words_failed(struct str text);
bool ndr_words_delayed(struct str text);
bool ndr_words_auto(struct str text);
bool ndr_words_abuse(struct str text);

/* Slug of the generator that `text` gives away, NULL when none; `header`: text is a header field
 * "Name: value", else words.  `found` is set to where the words stand in the text. */
const char *ndr_words_generator(struct str text, bool header, size_t *found);

#endif
