/* A non-delivery report read from bytes: what stands in it, where it stands, and nothing that does
 * not.  Knows mail, report layouts and dialects; knows nothing of causes. */
#ifndef NDR_NDR_REPORT_H
#define NDR_NDR_REPORT_H

#include "base/arena.h"
#include "ndr/facts.h"

/* Limits of one report (documented in help/topics/limits). */
enum {
    NDR_SOURCE_MAX_BYTES = 32 << 20,   /* the rest of a larger input is not looked at */
    NDR_DEPTH_MAX = 50,                /* nested parts; deeper content is opaque text */
    NDR_PARTS_MAX = 1000,              /* parts of one report */
    NDR_FIELD_MAX_BYTES = 64 << 10,    /* one unfolded header field */
    NDR_FIELDS_MAX_BYTES = 1 << 20,    /* all fields of one part */
    NDR_FIELDS_MAX = 2000,             /* fields of one part */
    NDR_BOUNDARY_MAX_BYTES = 1 << 10,  /* a longer boundary is none */
    NDR_PART_TEXT_MAX_BYTES = 1 << 20, /* decoded text kept of one part */
    NDR_TEXT_MAX_BYTES = 4 << 20,      /* decoded text kept of all parts */
    NDR_VALUE_MAX_BYTES = 4 << 10,     /* text of one value, and then how much more there was */
    NDR_RECIPIENTS_MAX = 10000,
    NDR_STATUSES_MAX = 16,             /* codes kept of one recipient */
    NDR_REPLIES_MAX = 16,              /* replies inside each other */
    NDR_HOPS_MAX = 200,
};

/* Where the lines of a text begin; LF, CRLF and CR alone end one. */
struct ndr_line_index {
    uint32_t *starts; /* ascending; the first is 0 */
    size_t count;     /* lines; 0 for an empty text */
};

enum ndr_kind {
    NDR_KIND_NONE,
    NDR_KIND_FAILURE,
    NDR_KIND_DELAY,
    NDR_KIND_SUCCESS,
    NDR_KIND_RELAYED,
    NDR_KIND_EXPANDED,
    NDR_KIND_FEEDBACK,   /* ARF, RFC 5965 */
    NDR_KIND_AUTO_REPLY, /* RFC 3834 */
    NDR_KIND_MIXED,      /* recipients with different actions */
};

enum ndr_action {
    NDR_ACTION_NONE,
    NDR_ACTION_FAILED,
    NDR_ACTION_DELAYED,
    NDR_ACTION_DELIVERED,
    NDR_ACTION_RELAYED,
    NDR_ACTION_EXPANDED,
};

/* Where a value stands in the input. */
struct ndr_place {
    size_t offset;  /* first byte in ndr_report.source (for decoded text: of the line or word it was
                       decoded from) */
    unsigned lines; /* lines of the input it spans, 1 for most, 0 when it stands nowhere (derived) */
};

/* A value with its proof. */
struct ndr_value {
    struct str text;        /* at most NDR_VALUE_MAX_BYTES and a few words; unfolded and decoded, UTF-8 or raw bytes; empty when absent */
    struct ndr_place place; /* where it was read */
};

/* Decoded text of a part (or the source itself) in which matching searches. */
struct ndr_page {
    struct str text;        /* decoded: transfer encoding, charset and HTML removed, LF line ends kept
                               as they are; page 0 of a pasted text is the source */
    const uint32_t *starts; /* offsets in `text` where a source line begins, ascending, `marks` of them;
                               NULL when text is a run of the source */
    const uint32_t *origin; /* offset in the source for each of `starts` */
    size_t marks;
    size_t source_offset;   /* of text[0] when `starts` is NULL */
    bool is_human;          /* written for people (text part), not a field block */
    bool is_cut;            /* there was more of it than NDR_PART_TEXT_MAX_BYTES or NDR_TEXT_MAX_BYTES */
};

/* An enhanced status code, RFC 3463: class.subject.detail. */
struct ndr_status {
    unsigned char class_;   /* 2, 4 or 5; 0 when there is none */
    unsigned short subject; /* 0..999 */
    unsigned short detail;  /* 0..999 */
};

/* Where a code was read, weakest first. */
enum ndr_code_source {
    NDR_CODE_PROSE,      /* in the words for people */
    NDR_CODE_FIELD,      /* Status field of the machine part, RFC 3464 2.3.4 */
    NDR_CODE_DIAGNOSTIC, /* in the words of the server that refused */
};

struct ndr_code {
    struct ndr_status status;
    struct ndr_value value; /* its literal text, such as "5.7.23" */
    enum ndr_code_source source;
    int reply; /* index into the recipient's replies it stands in, -1 for none */
};

/* One reply; replies wrapped in each other are listed outermost first. */
struct ndr_reply {
    int code;                 /* 200..599, 0 when the words have none */
    struct ndr_status status; /* first enhanced code right behind it, class_ 0 when none */
    struct ndr_value text;    /* its words, from the code on to the next reply's start */
    struct ndr_value by;      /* host that gave it where the text says so */
};

struct ndr_recipient {
    struct ndr_value address;          /* final recipient; empty when unknown, never invented */
    struct ndr_value original_address; /* empty when equal or unknown */
    enum ndr_action action;
    struct ndr_value action_field;     /* the field it was read from, empty when derived */
    struct ndr_value status_field;     /* Status field of the machine part, empty when absent */
    struct ndr_value diagnostic;       /* the remote server's words, whole, unfolded */
    struct ndr_value remote_mta;       /* host, without the type */
    struct ndr_value last_attempt;     /* RFC 3339, UTC or with offset */
    struct ndr_value will_retry_until; /* RFC 3339 */
    size_t code_count;
    size_t reply_count;
    int reply_code;                    /* the reply code that stands with the refusal, 0 for none */
    struct ndr_value reply_value;      /* where it stands */
    size_t page;                       /* page in which its words stand */
    size_t block_from, block_to;       /* its own part of that page (offsets), for matching prose */
    struct ndr_code codes[NDR_STATUSES_MAX]; /* every literal code, outermost first, no repeats */
    struct ndr_reply replies[NDR_REPLIES_MAX]; /* from the outermost on */
};

struct ndr_original {
    struct ndr_value from, subject, message_id, date; /* date as RFC 3339 */
    struct ndr_value sender;                          /* envelope sender (Return-Path) */
    struct ndr_value *to;
    size_t to_count;
    struct ndr_value size; /* bytes, where a field says so */
};

struct ndr_hop {
    struct ndr_value from, by, with, ip;
    struct ndr_value date;  /* RFC 3339 */
    int64_t time;           /* seconds since 1970, INT64_MIN when unknown */
    int64_t delay_seconds;  /* since the hop before; may be negative; INT64_MIN when unknown */
};

struct ndr_loop {
    struct str from, by;
    unsigned times;
};

/* Authentication-Results of the returned message, RFC 8601; each the result word. */
struct ndr_authentication {
    struct ndr_value spf, dkim, dmarc, arc, compauth;
    struct ndr_value by; /* host that judged */
    struct ndr_value spf_domain, dkim_domain, from_domain;
};

/* Microsoft's X-Forefront-Antispam-Report and X-Microsoft-Antispam. */
struct ndr_antispam {
    bool present;
    struct ndr_value scl, bcl, sfv, cat, compauth_reason;
};

struct ndr_missing {
    struct str what;
    struct str how;
};

/* Everything that one input says.  Made by ndr_report_parse(); lives in its arena, views point into
 * the arena or the source, so both must outlive it.  Const for everybody above. */
struct ndr_report {
    struct str source;    /* the input as given, cut at NDR_SOURCE_MAX_BYTES */
    enum ndr_kind kind;
    bool is_mail;         /* parsed as a message, else pasted text */
    struct ndr_value generator; /* slug such as "exchange-online" */
    struct ndr_value generator_words; /* the line that tells it, empty when a header does */
    struct str language;  /* BCP 47, empty when unknown */
    struct ndr_value reporting_mta; /* host without type */
    struct str reporting_mta_words;   /* its whole field without the type: "mx.example.org (tcp-daemon)" */
    struct ndr_value arrival_date;  /* RFC 3339 */
    struct ndr_value generating_server_line; /* "Generating server: ..." as it stands, else empty */
    struct ndr_original original;
    struct ndr_recipient *recipients;
    size_t recipient_count;
    struct ndr_hop *hops; /* first hop first */
    size_t hop_count;
    struct ndr_loop *loops;
    size_t loop_count;
    struct ndr_authentication authentication;
    struct ndr_antispam antispam;
    struct ndr_missing *missing;
    size_t missing_count;
    struct str *warnings;
    size_t warning_count;
    struct ndr_page *pages;
    size_t page_count;
    struct ndr_line_index lines; /* of the source */
};

/* Reads one report.  Never fails: what was found comes back, with warnings.  No recursion, linear
 * time.  `source` and `arena` must outlive the result. */
const struct ndr_report *ndr_report_parse(struct arena *arena, struct str source);

/* The same where it is known, from a search that passed it, what stands behind each LF of the source; `lines` must
 * outlive the result, too, and is NULL where it is not known. */
const struct ndr_report *ndr_report_parse_lines(struct arena *arena, struct str source,
                                                const struct ndr_line_index *lines);

/* Finds the lines of a text. */
void ndr_line_index_make(struct arena *arena, struct str text, struct ndr_line_index *index);

/* The same where it may be known, as above. */
void ndr_line_index_take(struct arena *arena, struct str text, const struct ndr_line_index *lines,
                         struct ndr_line_index *index);

/* Line in which an offset stands, the last one for what is behind it; there must be one. */
size_t ndr_line_at(const struct ndr_line_index *index, size_t offset);

/* Where line `line` of the text ends, its line end not counted. */
static inline size_t ndr_line_end(const struct ndr_line_index *index, struct str text, size_t line)
{
    size_t from = index->starts[line];
    size_t end = line + 1 < index->count ? index->starts[line + 1] : text.len;

    end -= end > from && text.ptr[end - 1] == '\n';
    return end - (end > from && text.ptr[end - 1] == '\r');
}

/* 1-based line of a place in the input, 0 when it stands nowhere. */
unsigned ndr_report_line(const struct ndr_report *report, struct ndr_place place);

/* Bytes of the source from the start of the line on in which an offset stands. */
struct str ndr_report_from_line(const struct ndr_report *report, size_t offset);

/* Place of a run of page text. */
struct ndr_place ndr_page_place(const struct ndr_report *report, size_t page, size_t offset, size_t len);

/* Line `n` (1-based) of the source without its end; empty beyond. */
struct str ndr_report_line_text(const struct ndr_report *report, unsigned n);

/* Index of the code that decides where no entry does (contract, "Which code, which entry", rule 3):
 * a detail other than 0 beats 0 (then a subject other than 0), then the words of the server that refused beat the Status field;
 * -1 when no code stands in the report. */
int ndr_recipient_code(const struct ndr_recipient *recipient);

struct str ndr_kind_name(enum ndr_kind kind);       /* as in JSON */
struct str ndr_generator_name(struct str slug);      /* "Exchange Online"; an unknown slug as it is */
struct str ndr_action_name(enum ndr_action action); /* as in JSON, empty for none */

/* Codes.  ndr_status_parse takes exactly one code ("5.7.23"), no leading zeros but 0 itself. */
bool ndr_status_parse(struct str s, struct ndr_status *status);
/* Next code in `text` at or after *pos that is not part of an IP address, a version or a longer
 * number; sets *pos behind it and *at to its start.  False when there is none. */
bool ndr_status_next(struct str text, size_t *pos, size_t *at, struct ndr_status *status);
/* Whether one begins at `at`; it ends at `*end`.  What is set is of no use when none does. */
bool ndr_status_at(struct str text, size_t at, size_t *end, struct ndr_status *status);
bool ndr_status_equal(struct ndr_status a, struct ndr_status b);
struct str ndr_status_text(struct arena *arena, struct ndr_status status);

#endif
