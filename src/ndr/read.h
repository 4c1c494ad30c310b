/* Inside of the report reader: what its parts share while one report is made. */
#ifndef NDR_NDR_READ_H
#define NDR_NDR_READ_H

#include "ndr/labels.h"
#include "ndr/mime.h"

/* What stands behind the start of a page tells nothing about the report any more. */
enum { NDR_PHRASES_MAX_BYTES = 64 << 10 };

/* One line of a page without quote marks and without the blanks around it. */
struct ndr_line {
    struct str text;
    uint32_t from;   /* offset of text[0] in the page */
    uint16_t indent; /* blanks before it, quote marks not counted */
    bool is_returned; /* a returned message begins with it */
    const struct ndr_label *label; /* with which it begins, NULL for none */
    uint32_t rest;    /* offset in text of what stands behind the label */
};

/* The lines of a page, read once. */
struct ndr_lines {
    size_t page;
    struct ndr_line *items;
    size_t count;
    size_t returned; /* index of the first line with which a returned message begins, count when none */
    struct ndr_words words; /* above the returned message, once ndr_lines_words() was asked for them */
    bool has_words;
};

/* Several lines joined by one blank each, which remember where they come from. */
struct ndr_joint {
    struct str text;
    size_t page;
    struct ndr_piece {
        uint32_t at;   /* offset in text */
        uint32_t from; /* offset in the page */
    } *pieces;
    size_t count;
};

/* What the header of a report tells, read once; all of it empty without one. */
struct ndr_header {
    const struct ndr_fields *fields; /* NULL for pasted text */
    struct str from, path, subject;  /* decoded */
    unsigned subject_kinds;          /* once ndr_subject_kinds() was asked for them */
    bool has_kinds;
    bool has_failed_list;            /* X-Failed-Recipients */
};

/* A report in the making. */
struct ndr_reading {
    struct arena *arena;
    struct ndr_report *report;
    size_t page_capacity;
    struct ndr_lines *lines; /* of each page that was asked for; `items` is NULL for the others */
    size_t lines_count;
    size_t lines_capacity;
    size_t recipient_capacity;
    size_t warning_capacity;
    size_t missing_capacity;
    size_t text_left; /* bytes that may still be decoded */
    bool recipients_cut;  /* there were more than NDR_RECIPIENTS_MAX */
    bool text_cut;        /* there was more than may be decoded */
    bool saw_layout;      /* a label, a field or a sentence that only reports have */
    unsigned words_seen;  /* kinds of the words in the first pages: ndr_words_seen() */
    size_t words_pages;   /* how many of them */
    const char *language;        /* found by a label or phrase, NULL when none */
    struct ndr_header header; /* of the report itself */
};

/* --- lines (lines.c) --- */

/* Lines of a page; they live as long as the reading and are read at the first call. */
const struct ndr_lines *ndr_lines_of(struct ndr_reading *reading, size_t page);

/* Words of a page above the returned message; they are looked for at the first call. */
const struct ndr_words *ndr_lines_words(struct ndr_reading *reading, size_t page);

/* Kinds of the words in a line, as NDR_WORDS_... */
unsigned ndr_line_words(const struct ndr_lines *lines, size_t line);

/* Kinds of the words in all pages that were read, as NDR_WORDS_...; most reports never need them. */
unsigned ndr_words_seen(struct ndr_reading *reading);

/* Kinds of the words in the subject, as NDR_WORDS_... */
unsigned ndr_subject_kinds(struct ndr_reading *reading);

/* Position of a key of JSON in a text, STR_NPOS when it stands nowhere or the text holds no object. */
static inline size_t ndr_json_find(struct str text, struct str key)
{
    return str_find_char(text, '{', 0) == STR_NPOS ? STR_NPOS : str_find(text, key, 0);
}

/* What stands behind the label of a line. */
struct str ndr_line_rest(const struct ndr_line *line);

/* Joins lines [from, to); empty ones are left out. */
struct ndr_joint ndr_lines_join(struct arena *arena, const struct ndr_lines *lines, size_t from,
                                size_t to);
/* The same for a part of one line. */
struct ndr_joint ndr_line_part(struct arena *arena, const struct ndr_lines *lines, size_t line,
                               size_t from, size_t len);
/* `more` is added behind `joint`. */
struct ndr_joint ndr_joint_add(struct arena *arena, struct ndr_joint joint, struct ndr_joint more);

struct ndr_place ndr_joint_place(const struct ndr_report *report, const struct ndr_joint *joint,
                                 size_t at, size_t len);
struct ndr_value ndr_joint_value(const struct ndr_report *report, const struct ndr_joint *joint);
struct ndr_value ndr_line_value(const struct ndr_report *report, const struct ndr_lines *lines,
                                size_t line, struct str text);

/* --- replies and codes (reply.c) --- */

/* Takes the words of a refusal: sets diagnostic, replies, reply code, codes and the host that
 * refused.  Words that come when the recipient has some are only read for codes. */
void ndr_reply_read(struct ndr_reading *reading, struct ndr_recipient *recipient,
                    struct ndr_joint words);
void ndr_recipient_add_code(struct ndr_recipient *recipient, struct ndr_status status,
                            struct ndr_value value, enum ndr_code_source source, int reply);
/* How much a text says of a refusal. */
enum {
    NDR_REFUSAL_CODE = 1,  /* a code: "5.1.1" */
    NDR_REFUSAL_REPLY = 2, /* a reply with its number: "550 ...", "said: 550", "550-5.7.1" */
};
/* One of them, 0 for neither; what is behind the first that is `enough` is not looked at. */
int ndr_refusal_grade(struct str text, int enough);
/* Whether a reply with its number stands at the very start of the text. */
bool ndr_reply_starts(struct str text);

/* --- recipients --- */

struct ndr_recipient *ndr_recipient_new(struct ndr_reading *reading);
/* Recipient with that address (case ignored), NULL when there is none. */
struct ndr_recipient *ndr_recipient_find(struct ndr_report *report, struct str address);
/* Address in `text` ("rfc822; a@b", "<a@b>", "Name <a@b>", "a@b,"): a view, empty when none. */
struct str ndr_address_in(struct str text);
/* Next address of any form at or after *pos; moves behind it. */
bool ndr_address_next(struct str text, size_t *pos, struct str *address);

/* Warns of names with letters beyond ASCII, which may pass for others (alike.c). */
void ndr_alike_check(struct ndr_reading *reading);

/* Cuts every value at NDR_VALUE_MAX_BYTES and says there how much more there was. */
void ndr_values_limit(struct arena *arena, struct ndr_report *report);

void ndr_warn(struct ndr_reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* --- the readers, each takes what it knows from the lines --- */

/* Whether a line begins a field of a delivery status ("Status: 5.1.1"). */
bool ndr_is_status_line(struct str line);

/* Fields of a delivery status; true when recipients were found. */
bool ndr_fields_read(struct ndr_reading *reading, const struct ndr_lines *lines);
/* The same fields in the JSON of a notification of Amazon SES. */
bool ndr_notification_read(struct ndr_reading *reading, const struct ndr_lines *lines);
/* Words for people: new recipients, or words for those that are known. */
bool ndr_prose_read(struct ndr_reading *reading, const struct ndr_lines *lines);

/* Line at or behind `from` at which a returned message begins, count when none. */
size_t ndr_lines_returned(const struct ndr_lines *lines, size_t from);

/* Warns of what looks forged in a report that is a whole mail (forged.c). */
void ndr_forged_check(struct ndr_reading *reading, const struct ndr_mail *mail, bool was_packed);

#endif
