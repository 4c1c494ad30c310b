/* Labels of report layouts for people, in the languages that were seen. */
#ifndef NDR_NDR_LABELS_H
#define NDR_NDR_LABELS_H

#include "base/starts.h"

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

/* What a line begins with. */
struct ndr_lead {
    const struct ndr_label *label; /* NULL for none */
    struct str rest;               /* behind the label and its colon */
    bool is_returned;              /* the returned message begins with it */
};
void ndr_lead_read(struct str line, struct ndr_lead *lead);

/* Where the words begin of all that a line may begin with, for ndr_lead_may(). */
const struct starts *ndr_lead_starts(void);

/* Whether a line may begin with any of it, by its first bytes (STARTS_BYTES, whatever stands behind the line): tells
 * nearly always that it does not. */
static inline bool ndr_lead_may(const struct starts *starts, const char *bytes)
{
    /* Behind bullets, emphasis and quote marks. */
    static const uint32_t marks[8] = {['*' / 32] = 1u << '*' % 32 | 1u << '#' % 32 | 1u << '>' % 32,
                                      ['_' / 32] = 1u << '_' % 32};
    unsigned char c = (unsigned char)bytes[0];

    return starts_may(starts, str_make(bytes, STARTS_BYTES)) | (marks[c / 32] >> c % 32 & 1);
}

/* What words tell: a failure, a delay, an automatic answer, an abuse report; a request that no genuine
 * report makes; who wrote the report. */
enum {
    NDR_WORDS_FAILED = 1 << 1,
    NDR_WORDS_DELAYED = 1 << 2,
    NDR_WORDS_AUTO = 1 << 3,
    NDR_WORDS_ABUSE = 1 << 4,
    NDR_WORDS_REQUEST = 1 << 5,
    NDR_WORDS_GENERATOR = 1 << 6,
};

/* Words of a table that stand in a text. */
struct ndr_word {
    uint32_t at;  /* offset in the text */
    uint16_t len; /* 0 for none */
    uint16_t row; /* of its table */
    uint8_t kind; /* one of the bits above */
};

/* All of them in a text, roughly in its order. */
struct ndr_words {
    struct ndr_word *items;
    size_t count;
    size_t capacity;
    size_t end; /* what stands at or behind it was not looked at */
};

void ndr_words_find(struct arena *arena, struct str text, struct ndr_words *words);

/* Kinds of the words that end at or before `end`; `generator` is set to the one whose row comes first
 * in the table, without a length when there is none. */
unsigned ndr_words_before(const struct ndr_words *words, size_t end, struct ndr_word *generator);

/* First request that ends at or before `end`, NULL when there is none. */
const struct ndr_word *ndr_words_request(const struct ndr_words *words, size_t end);

/* Kinds of all words in a short text. */
unsigned ndr_words_kinds(struct str text);

/* Slug of the generator that a word or a header field "Name: value" gives away, NULL when none. */
const char *ndr_word_generator(const struct ndr_word *word);
const char *ndr_words_generator(struct str field);

#endif
