/* The bounded MIME reader: splits a message into parts and fields without recursion and decodes
 * one part to a page.  Knows RFC 5322, 2045-2047; knows no reports. */
#ifndef NDR_NDR_MIME_H
#define NDR_NDR_MIME_H

#include "ndr/report.h"

enum { NDR_FIELD_NAME_MAX_BYTES = 80 }; /* a line with a longer name is no field */

/* The names that the readers ask for; told once, when a field is read. */
enum ndr_field_kind {
    NDR_FIELD_OTHER,
    NDR_FIELD_ARC_SEAL,
    NDR_FIELD_AUTO_SUBMITTED,
    NDR_FIELD_AUTOREPLY,   /* X-Autoreply */
    NDR_FIELD_AUTORESPOND, /* X-Autorespond */
    NDR_FIELD_DATE,
    NDR_FIELD_DELIVERED_TO,
    NDR_FIELD_DISPOSITION, /* Content-Disposition */
    NDR_FIELD_DKIM,        /* DKIM-Signature */
    NDR_FIELD_ENCODING,    /* Content-Transfer-Encoding */
    NDR_FIELD_FAILED,      /* X-Failed-Recipients */
    NDR_FIELD_FOREFRONT,   /* X-Forefront-Antispam-Report */
    NDR_FIELD_FROM,
    NDR_FIELD_LIST_ID,
    NDR_FIELD_LIST_UNSUBSCRIBE,
    NDR_FIELD_MESSAGE_ID,
    NDR_FIELD_MICROSOFT,   /* X-Microsoft-Antispam */
    NDR_FIELD_ORIGINAL_TO, /* X-Original-To */
    NDR_FIELD_PRECEDENCE,
    NDR_FIELD_RECEIVED,
    NDR_FIELD_REPLY_TO,
    NDR_FIELD_RESULTS,     /* Authentication-Results */
    NDR_FIELD_RETURN_PATH,
    NDR_FIELD_SUBJECT,
    NDR_FIELD_TO,
    NDR_FIELD_TYPE,        /* Content-Type */
    NDR_FIELD_VERSION,     /* MIME-Version */
    NDR_FIELD_KINDS,
};

/* One header field as it stands: name and raw (folded) value are views into the source. */
struct ndr_field {
    struct str name;   /* without the colon */
    struct str value;  /* raw, may hold folds; at most NDR_FIELD_MAX_BYTES */
    size_t offset;     /* of the name's first byte in the source */
    enum ndr_field_kind kind;
    unsigned lines;    /* that it takes in the text */
};

/* The fields of one part, in order. */
struct ndr_fields {
    struct ndr_field *items;
    size_t count;
    uint16_t first[NDR_FIELD_KINDS]; /* index + 1 of the first of each kind, 0 for none */
    size_t end; /* offset in the source behind the empty line that ends them */
    bool cut;   /* a field, or all of them together, went beyond the limits */
};

enum ndr_encoding { NDR_ENCODING_PLAIN, NDR_ENCODING_BASE64, NDR_ENCODING_QP, NDR_ENCODING_UUENCODE };

/* What the readers ask for of a Content-Type, a bit each: its type and its subtype. */
enum {
    NDR_MEDIA_TEXT = 1 << 0,
    NDR_MEDIA_MULTIPART = 1 << 1,
    NDR_MEDIA_MESSAGE = 1 << 2,
    NDR_MEDIA_APPLICATION = 1 << 3,
    NDR_MEDIA_TYPES = (1 << 4) - 1,
    NDR_MEDIA_PLAIN = 1 << 4,
    NDR_MEDIA_HTML = 1 << 5,
    NDR_MEDIA_HEADERS = 1 << 6,     /* rfc822-headers */
    NDR_MEDIA_ALTERNATIVE = 1 << 7,
    NDR_MEDIA_RFC822 = 1 << 8,      /* rfc822 and global */
    NDR_MEDIA_STATUS = 1 << 9,      /* delivery-status and global-delivery-status */
    NDR_MEDIA_FEEDBACK = 1 << 10,   /* feedback-report */
    NDR_MEDIA_OCTETS = 1 << 11,     /* octet-stream */
};

/* One part of a message; parts are listed in order of appearance, the message itself first. */
struct ndr_part {
    struct ndr_fields fields; /* empty for a preamble-less plain body */
    struct str type;          /* "text", lower or upper case as it stands; "text" by default */
    struct str subtype;       /* "plain" by default */
    unsigned media;           /* what is asked of both, NDR_MEDIA_... */
    struct str charset;       /* empty when not named */
    struct str boundary;      /* of a multipart, else empty */
    struct str report_type;   /* report-type parameter */
    enum ndr_encoding encoding;
    struct str body;          /* raw bytes: a view into the source */
    size_t body_offset;       /* of body in the source */
    int parent;               /* index of the part that holds it, -1 for the message */
    int depth;                /* 0 for the message */
    bool is_message;          /* message/rfc822, message/global or text/rfc822-headers: the next
                                 part in the list is what it holds (for headers: fields only) */
};

/* Whether a part has all of these bits. */
static inline bool ndr_part_is(const struct ndr_part *part, unsigned media)
{
    return (part->media & media) == media;
}

/* A message split into parts; views into the source and the arena. */
struct ndr_mail {
    struct ndr_part *parts;
    size_t count;
    bool cut_parts;  /* more parts or levels than the limits */
    bool cut_fields; /* a field or the fields of a part beyond the limits */
    bool open_multipart; /* a multipart whose closing boundary is missing: cut off */
};

/* Whether the bytes begin like a message (an optional mbox "From " line, then at least two fields
 * of which one is a usual one).  A leading byte order mark and empty lines are passed over. */
bool ndr_mime_looks_like_mail(struct str source);

/* Splits a message.  False, and nothing is in `mail`, when the bytes do not begin like one. */
bool ndr_mime_parse(struct arena *arena, struct str source, struct ndr_mail *mail);

/* The same where the lines of the source are known already. */
bool ndr_mime_split(struct arena *arena, struct str source, const struct ndr_line_index *lines, struct ndr_mail *mail);

/* Reads the fields at the start of a text, up to an empty line or a line that is no field.  Lines end with LF, CRLF
 * or CR. */
void ndr_fields_parse(struct arena *arena, struct str text, struct ndr_fields *fields);

/* Kind of the fields with the name (case ignored) that is the first `len` bytes of `text`, at least one.  What stands
 * behind it only makes it quicker. */
enum ndr_field_kind ndr_field_kind(struct str text, size_t len);

/* Whether the kind is one of those that have their bit in `kinds`: 1u << NDR_FIELD_... */
static inline bool ndr_field_is(const struct ndr_field *field, unsigned kinds)
{
    return kinds >> field->kind & 1;
}

/* Notes the newest of the fields. */
static inline void ndr_fields_note(struct ndr_fields *fields)
{
    uint16_t *first = &fields->first[fields->items[fields->count - 1].kind];

    *first = *first ? *first : (uint16_t)fields->count;
}

/* First field of that kind, NULL when absent. */
static inline const struct ndr_field *ndr_field_first(const struct ndr_fields *fields, enum ndr_field_kind kind)
{
    return fields->first[kind] ? &fields->items[fields->first[kind] - 1] : NULL;
}

/* First field of any name (case ignored), NULL when absent. */
const struct ndr_field *ndr_field_find(const struct ndr_fields *fields, struct str name);

/* Length of the name when a line of a text begins like a field: at least two letters, digits or
 * hyphens and a colon.  0 for any other. */
size_t ndr_field_name_len(struct str line);

/* Unfolded value, white space runs as one blank, no RFC 2047 decoding. */
struct str ndr_field_unfold(struct arena *arena, struct str value);

/* The same with encoded words decoded to UTF-8 (RFC 2047). */
struct str ndr_field_decode(struct arena *arena, struct str value);

/* Field as a value with its place; decoded when `decode`. */
struct ndr_value ndr_field_value(struct arena *arena, const struct ndr_field *field, bool decode);

/* Place of a field: its lines. */
static inline struct ndr_place ndr_field_place(const struct ndr_field *field)
{
    return (struct ndr_place){field->offset, field->lines};
}

/* The addr-spec of a mailbox ("Name <a@b>" or "a@b"), a view into `value`; empty when none stands
 * there. */
struct str ndr_mailbox_address(struct str value);

/* Parameter of a structured value such as a Content-Type: raw text without quotes, empty when
 * absent; RFC 2231 continuations are joined. */
struct str ndr_field_parameter(struct arena *arena, struct str value, struct str name);

/* Several of them in one pass. */
struct ndr_parameter {
    struct str name;
    struct str value; /* empty when absent */
};
void ndr_field_parameters(struct arena *arena, struct str value, struct ndr_parameter *wanted, size_t count);

/* Decodes a part's body to a page: transfer encoding, charset to UTF-8, HTML to text (entities,
 * block elements as line ends, tags gone, link targets dropped).  `left` is what the report may
 * still decode and is lowered. */
void ndr_part_page(struct arena *arena, struct str source, const struct ndr_part *part,
                   size_t *left, struct ndr_page *page);

/* The same for bytes outside any part: a pasted text whose whole body is quoted-printable or HTML. */
void ndr_text_page(struct arena *arena, struct str source, struct str bytes,
                   enum ndr_encoding encoding, struct str charset, bool is_html, size_t *left,
                   struct ndr_page *page);

#endif
