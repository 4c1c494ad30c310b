#include "ndr/mime.h"

#include "base/block.h"
#include "base/names.h"
#include "base/scan.h"

enum ndr_field_kind ndr_field_kind(struct str text, size_t len)
{
    static const struct names_item items[] = {
        {STR_INIT("ARC-Seal"), NDR_FIELD_ARC_SEAL},
        {STR_INIT("Authentication-Results"), NDR_FIELD_RESULTS},
        {STR_INIT("Auto-Submitted"), NDR_FIELD_AUTO_SUBMITTED},
        {STR_INIT("Content-Disposition"), NDR_FIELD_DISPOSITION},
        {STR_INIT("Content-Transfer-Encoding"), NDR_FIELD_ENCODING},
        {STR_INIT("Content-Type"), NDR_FIELD_TYPE},
        {STR_INIT("DKIM-Signature"), NDR_FIELD_DKIM},
        {STR_INIT("Date"), NDR_FIELD_DATE},
        {STR_INIT("Delivered-To"), NDR_FIELD_DELIVERED_TO},
        {STR_INIT("From"), NDR_FIELD_FROM},
        {STR_INIT("List-Id"), NDR_FIELD_LIST_ID},
        {STR_INIT("List-Unsubscribe"), NDR_FIELD_LIST_UNSUBSCRIBE},
        {STR_INIT("MIME-Version"), NDR_FIELD_VERSION},
        {STR_INIT("Message-ID"), NDR_FIELD_MESSAGE_ID},
        {STR_INIT("Precedence"), NDR_FIELD_PRECEDENCE},
        {STR_INIT("Received"), NDR_FIELD_RECEIVED},
        {STR_INIT("Reply-To"), NDR_FIELD_REPLY_TO},
        {STR_INIT("Return-Path"), NDR_FIELD_RETURN_PATH},
        {STR_INIT("Subject"), NDR_FIELD_SUBJECT},
        {STR_INIT("To"), NDR_FIELD_TO},
        {STR_INIT("X-Autoreply"), NDR_FIELD_AUTOREPLY},
        {STR_INIT("X-Autorespond"), NDR_FIELD_AUTORESPOND},
        {STR_INIT("X-Failed-Recipients"), NDR_FIELD_FAILED},
        {STR_INIT("X-Forefront-Antispam-Report"), NDR_FIELD_FOREFRONT},
        {STR_INIT("X-Microsoft-Antispam"), NDR_FIELD_MICROSOFT},
        {STR_INIT("X-Original-To"), NDR_FIELD_ORIGINAL_TO},
    };
    static struct names names;

    if (!names.factor) {
        names_make(&names, items, sizeof items / sizeof items[0]);
    }
    return (enum ndr_field_kind)names_find(&names, text, len);
}

/* --- fields --- */

/* Where the field name at `from` ends: nearly always near. */
static inline size_t name_end(struct str text, size_t from)
{
    if (from + NEAR_RUN > text.len) {
        return scan_name_end(text, from);
    }
    uint64_t bits = near_bits(text.ptr + from, beyond_name, each(0), each(0));

    return bits ? from + (size_t)__builtin_ctzll(bits) : scan_name_end(text, from + NEAR_RUN);
}

/* The colon behind blanks, "Name :"; the end of the text when none stands there. */
static __attribute__((noinline)) size_t loose_colon(struct str text, size_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t')) {
        at++;
    }
    return at < text.len && text.ptr[at] == ':' ? at : text.len;
}

/* Length of the field name at `from`, 0 when the line is no field ("Name:" or, loose, "Name :"). */
static inline size_t field_name_len(struct str text, size_t from, size_t *colon)
{
    size_t at = name_end(text, from);

    *colon = at < text.len && text.ptr[at] == ':' ? at : loose_colon(text, at);
    return *colon < text.len && at - from <= NDR_FIELD_NAME_MAX_BYTES ? at - from : 0;
}

/* The fields of a text on their way. */
struct header {
    struct arena *arena;
    struct str text;
    const struct ndr_line_index *lines;
    size_t at; /* where the first begins */
    struct ndr_fields *fields;
    size_t capacity;
    size_t counted;         /* fields whose first lines are in `bytes` */
    size_t bytes;
    struct ndr_field *open; /* with which the next line may go on, NULL for none */
};

/* Whether the first lines of the fields have as many bytes as may be read; counted when so many stand before `from`. */
static bool is_full(struct header *h, size_t from)
{
    if (from - h->at <= NDR_FIELDS_MAX_BYTES) {
        return false;
    }
    for (; h->counted < h->fields->count; h->counted++) {
        size_t offset = h->fields->items[h->counted].offset;

        h->bytes += ndr_line_end(h->lines, h->text, ndr_line_at(h->lines, offset)) - offset;
    }
    return h->bytes > NDR_FIELDS_MAX_BYTES;
}

/* The open field goes on with the lines [from, to), as long as it is not too long. */
static void go_on(struct header *h, size_t from, size_t to)
{
    for (size_t line = from; h->open && line < to; line++) {
        size_t end = ndr_line_end(h->lines, h->text, line);

        if (end - h->open->offset <= NDR_FIELD_MAX_BYTES) {
            h->open->value.len = (size_t)(h->text.ptr + end - h->open->value.ptr);
            h->open->lines++;
        } else {
            h->fields->cut = true;
            h->open = NULL;
        }
    }
}

/* Cuts a field of the lines [line, to) that is too long. */
static void cut_field(struct header *h, struct ndr_field *field, size_t line, size_t to)
{
    size_t value = (size_t)(field->value.ptr - h->text.ptr);
    size_t end = ndr_line_end(h->lines, h->text, line);
    size_t most = field->offset + NDR_FIELD_MAX_BYTES;

    end = end < most ? end : most;
    field->value.len = end > value ? end - value : 0;
    field->lines = 1;
    h->fields->cut = true;
    go_on(h, line + 1, to);
}

enum { RUN_LINES = 64 };

/* Lines that are looked at together, up to the empty one that ends the fields. */
struct run {
    size_t from, to;
    size_t count; /* of those that begin with no blank */
    bool is_last;
    struct head {
        uint32_t line, from; /* and where it begins */
    } *heads; /* they, and what stands behind the last; room for RUN_LINES + 1 */
};

/* What a line is by its first byte. */
enum { LINE_HEAD, LINE_FOLDED, LINE_EMPTY };
static const uint8_t line_kinds[256] = {
    [' '] = LINE_FOLDED,  ['\t'] = LINE_FOLDED, ['\v'] = LINE_FOLDED,
    ['\f'] = LINE_FOLDED, ['\n'] = LINE_EMPTY,  ['\r'] = LINE_EMPTY,
};

static void look_at_lines(const struct header *h, size_t from, struct run *run)
{
    const uint32_t *starts = h->lines->starts;
    size_t lines = h->lines->count;
    size_t end = lines - from < RUN_LINES ? lines : from + RUN_LINES;
    size_t count = 0;
    unsigned kind = LINE_HEAD;

    run->from = from;
    for (; from < end; from++) {
        kind = line_kinds[(unsigned char)h->text.ptr[starts[from]]];
        if (kind == LINE_EMPTY) {
            h->fields->end = from + 1 < lines ? starts[from + 1] : h->text.len;
            break;
        }
        run->heads[count] = (struct head){(uint32_t)from, starts[from]};
        count += kind == LINE_HEAD;
    }
    run->heads[count] = (struct head){(uint32_t)from, from < lines ? starts[from] : (uint32_t)h->text.len};
    run->count = count;
    run->to = from;
    run->is_last = kind == LINE_EMPTY || end == lines;
}

/* Reads the field that begins with `head` and ends before the next one; false when it is none. */
static inline bool read_field(struct header *h, const struct head *head, bool may_fill)
{
    const struct head *next = head + 1;
    struct ndr_fields *fields = h->fields;
    struct str text = h->text;
    size_t from = head->from;
    size_t colon;
    size_t name = field_name_len(text, from, &colon);

    if (name == 0) {
        fields->end = from;
        return false;
    }
    if (may_fill && (fields->count == NDR_FIELDS_MAX || is_full(h, from))) {
        fields->cut = true;
        h->open = NULL;
        return true;
    }
    struct ndr_field *field = &fields->items[fields->count++];
    size_t end = next->from - (text.ptr[next->from - 1] == '\n'); /* a colon stands before */

    end -= text.ptr[end - 1] == '\r';
    field->name = str_make(text.ptr + from, name);
    field->value = str_make(text.ptr + colon + 1, end - colon - 1);
    field->offset = from;
    field->kind = ndr_field_kind(str_make(text.ptr + from, text.len - from), name);
    field->lines = next->line - head->line;
    h->open = field;
    if (end - from > NDR_FIELD_MAX_BYTES) {
        cut_field(h, field, head->line, next->line);
    }
    return true;
}

/* Room for as many fields as a run has. */
static void make_room(struct header *h, size_t count)
{
    struct ndr_fields *fields = h->fields;

    if (fields->count + count > h->capacity) {
        h->capacity = fields->count + (count > fields->count ? count : fields->count);
        struct ndr_field *items = ARENA_ROOM(h->arena, struct ndr_field, h->capacity);

        if (fields->count) {
            memcpy(items, fields->items, fields->count * sizeof *items);
            h->open = h->open ? items + (h->open - fields->items) : NULL;
        }
        fields->items = items;
    }
}

/* Reads the fields from offset `at` on, where line `line` begins (or the text, behind a byte order mark); gives a line
 * that is not behind their end. */
static size_t read_fields(struct arena *arena, struct str text, const struct ndr_line_index *lines, size_t line,
                          size_t at, struct ndr_fields *fields)
{
    struct header h = {.arena = arena, .text = text, .lines = lines, .at = at, .fields = fields};
    struct run run = {.heads = ARENA_ROOM(arena, struct head, RUN_LINES + 1)};

    fields->items = NULL;
    fields->count = 0;
    fields->end = text.len;
    fields->cut = false;
    if (at < text.len && str_is_blank(text.ptr[at]) && text.ptr[at] != '\n' && text.ptr[at] != '\r') {
        fields->end = at;
        return line;
    }
    run.to = at < text.len ? line : lines->count;
    while (!run.is_last && run.to < lines->count) {
        look_at_lines(&h, run.to, &run);
        make_room(&h, run.count);
        go_on(&h, run.from, run.heads[0].line);
        bool may_fill =
            fields->count + run.count > NDR_FIELDS_MAX || run.heads[run.count].from - at > NDR_FIELDS_MAX_BYTES;

        if (run.heads->from < at) {
            run.heads->from = (uint32_t)at; /* behind a byte order mark */
        }
        for (const struct head *head = run.heads; head < run.heads + run.count; head++) {
            if (!read_field(&h, head, may_fill)) {
                return head->line;
            }
        }
    }
    return run.to;
}

/* The same, and notes the first of each kind. */
static size_t parse_fields(struct arena *arena, struct str text, const struct ndr_line_index *lines, size_t line,
                           size_t at, struct ndr_fields *fields)
{
    size_t last = read_fields(arena, text, lines, line, at, fields);

    memset(fields->first, 0, sizeof fields->first);
    for (size_t i = fields->count; i > 0; i--) {
        fields->first[fields->items[i - 1].kind] = (uint16_t)i;
    }
    return last;
}

enum { FIRST_LOOK_BYTES = 16 << 10 };

void ndr_fields_parse(struct arena *arena, struct str text, struct ndr_fields *fields)
{
    struct ndr_line_index lines;
    size_t look = FIRST_LOOK_BYTES;

    /* What stands behind the fields may be long: look further only while they go on. */
    do {
        struct str start = str_sub(text, 0, look);

        ndr_line_index_make(arena, start, &lines);
        parse_fields(arena, start, &lines, 0, 0, fields);
        look *= 2;
    } while (look / 2 < text.len && fields->end >= lines.starts[lines.count - 1]);
}

const struct ndr_field *ndr_field_find(const struct ndr_fields *fields, struct str name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (str_equal_nocase(fields->items[i].name, name)) {
            return &fields->items[i];
        }
    }
    return NULL;
}

/* Behind a byte order mark, empty lines and mbox "From " lines. */
static size_t skip_leader(struct str source)
{
    size_t at = str_starts(source, STR_LIT("\xEF\xBB\xBF")) ? 3 : 0;

    for (;;) {
        while (at < source.len && (source.ptr[at] == '\n' || source.ptr[at] == '\r')) {
            at++;
        }
        struct str rest = str_sub(source, at, source.len);
        struct str line;

        if (!str_starts(rest, STR_LIT("From ")) && !str_starts(rest, STR_LIT(">From "))) {
            return at;
        }
        str_next_line(&rest, &line);
        at = source.len - rest.len;
    }
}

enum { LOOK_MAX_BYTES = 16 << 10, LOOK_MAX_FIELDS = 12 };

/* Whether fields are those of a message: at least two, one of them a usual one. */
static bool are_usual(const struct ndr_fields *fields)
{
    static const unsigned usual = 1u << NDR_FIELD_RECEIVED | 1u << NDR_FIELD_RETURN_PATH | 1u << NDR_FIELD_FROM |
                                  1u << NDR_FIELD_TO | 1u << NDR_FIELD_SUBJECT | 1u << NDR_FIELD_DATE |
                                  1u << NDR_FIELD_MESSAGE_ID | 1u << NDR_FIELD_VERSION | 1u << NDR_FIELD_TYPE |
                                  1u << NDR_FIELD_DELIVERED_TO | 1u << NDR_FIELD_REPLY_TO | 1u << NDR_FIELD_DKIM |
                                  1u << NDR_FIELD_ORIGINAL_TO | 1u << NDR_FIELD_AUTO_SUBMITTED |
                                  1u << NDR_FIELD_ARC_SEAL;
    unsigned known = 0;
    unsigned count = 0;
    unsigned aligned = 0; /* "To      : a@b": a table of PowerShell, which looks like a header */

    for (; count < fields->count && count < LOOK_MAX_FIELDS; count++) {
        const struct ndr_field *field = &fields->items[count];

        if (field->offset - fields->items[0].offset >= LOOK_MAX_BYTES) {
            break;
        }
        aligned += field->value.ptr - field->name.ptr > (ptrdiff_t)field->name.len + 1;
        known += ndr_field_is(field, usual);
    }
    return count >= 2 && aligned < 2 && known >= 1 && (known >= 2 || count > 2);
}

bool ndr_mime_looks_like_mail(struct str source)
{
    struct arena arena;
    struct ndr_fields fields;

    arena_init(&arena);
    ndr_fields_parse(&arena, str_sub(source, skip_leader(source), LOOK_MAX_BYTES), &fields);
    bool usual = are_usual(&fields);

    arena_fini(&arena);
    return usual;
}

/* One multipart that is open while the source is read. */
struct frame {
    struct str boundary;
    int part;
};

struct reader {
    struct arena *arena;
    struct str source;
    const struct ndr_line_index *lines;
    struct ndr_mail *mail;
    size_t capacity;
    struct frame *frames;
    size_t frame_count;
    size_t frame_capacity;
    int current; /* innermost open part */
    size_t line; /* up to which the source is read */
};

/* Line in which an offset stands that is not before the one up to which the source is read. */
static size_t line_at(struct reader *r, size_t offset)
{
    while (r->line + 1 < r->lines->count && r->lines->starts[r->line + 1] <= offset) {
        r->line++;
    }
    return r->line;
}

static enum ndr_encoding encoding_of(const struct ndr_fields *fields)
{
    const struct ndr_field *field = ndr_field_first(fields, NDR_FIELD_ENCODING);
    struct str value = field ? str_trim(field->value) : STR_NULL;

    if (str_starts_nocase(value, STR_LIT("base64"))) {
        return NDR_ENCODING_BASE64;
    }
    if (str_starts_nocase(value, STR_LIT("quoted-printable"))) {
        return NDR_ENCODING_QP;
    }
    return NDR_ENCODING_PLAIN;
}

/* Bits of a type or a subtype, the first `len` bytes of `text`. */
static unsigned media_bits(struct str text, size_t len)
{
    static const struct names_item items[] = {
        {STR_INIT("text"), NDR_MEDIA_TEXT},
        {STR_INIT("multipart"), NDR_MEDIA_MULTIPART},
        {STR_INIT("message"), NDR_MEDIA_MESSAGE},
        {STR_INIT("application"), NDR_MEDIA_APPLICATION},
        {STR_INIT("plain"), NDR_MEDIA_PLAIN},
        {STR_INIT("html"), NDR_MEDIA_HTML},
        {STR_INIT("rfc822-headers"), NDR_MEDIA_HEADERS},
        {STR_INIT("alternative"), NDR_MEDIA_ALTERNATIVE},
        {STR_INIT("rfc822"), NDR_MEDIA_RFC822},
        {STR_INIT("global"), NDR_MEDIA_RFC822},
        {STR_INIT("delivery-status"), NDR_MEDIA_STATUS},
        {STR_INIT("global-delivery-status"), NDR_MEDIA_STATUS},
        {STR_INIT("feedback-report"), NDR_MEDIA_FEEDBACK},
        {STR_INIT("octet-stream"), NDR_MEDIA_OCTETS},
    };
    static struct names names;

    if (!names.factor) {
        names_make(&names, items, sizeof items / sizeof items[0]);
    }
    return len ? names_find(&names, text, len) : 0;
}

/* What stands behind them makes it quicker. */
static void set_type(struct ndr_part *part, struct str type, size_t type_len, struct str subtype, size_t subtype_len)
{
    part->type = str_make(type.ptr, type_len);
    part->subtype = str_make(subtype.ptr, subtype_len);
    part->media = media_bits(type, type_len) & NDR_MEDIA_TYPES;
    part->media |= media_bits(subtype, subtype_len) & ~(unsigned)NDR_MEDIA_TYPES;
}

static void set_text_type(struct ndr_part *part)
{
    part->type = STR_LIT("text");
    part->subtype = STR_LIT("plain");
    part->media = NDR_MEDIA_TEXT | NDR_MEDIA_PLAIN;
}

/* Reads "Content-Type: multipart/report; boundary=x" into the part, however it is written. */
static void read_any_type(struct arena *arena, struct str value, struct ndr_part *part)
{
    value = ndr_field_unfold(arena, value);
    struct str type = str_sub(value, 0, str_find_char(value, ';', 0));
    size_t slash = str_find_char(type, '/', 0);

    set_text_type(part);
    if (slash != STR_NPOS) {
        struct str subtype = str_trim(str_sub(type, slash + 1, type.len));

        type = str_trim(str_sub(type, 0, slash));
        set_type(part, type, type.len, subtype, subtype.len);
    }
    struct ndr_parameter wanted[] = {
        {STR_LIT("charset"), STR_NULL}, {STR_LIT("report-type"), STR_NULL}, {STR_LIT("boundary"), STR_NULL}};

    ndr_field_parameters(arena, value, wanted, sizeof wanted / sizeof wanted[0]);
    part->charset = wanted[0].value;
    part->report_type = wanted[1].value;
    part->boundary = wanted[2].value;
}

enum { PARAMETER_NONE, PARAMETER_CHARSET, PARAMETER_REPORT_TYPE, PARAMETER_BOUNDARY };

static unsigned parameter_number(struct str text, size_t len)
{
    static const struct names_item items[] = {
        {STR_INIT("charset"), PARAMETER_CHARSET},
        {STR_INIT("report-type"), PARAMETER_REPORT_TYPE},
        {STR_INIT("boundary"), PARAMETER_BOUNDARY},
    };
    static struct names names;

    if (!names.factor) {
        names_make(&names, items, sizeof items / sizeof items[0]);
    }
    return names_find(&names, text, len);
}

/* Takes the value of a parameter, at *at of `text`, a token or a quoted string in which nothing is to be undone;
 * false for any other. */
static bool take_plain(struct str text, size_t *at, struct str *value)
{
    bool is_quoted = *at < text.len && text.ptr[*at] == '"';
    size_t from = *at + is_quoted;
    size_t end = scan_token_end(text, from, '"', is_quoted ? '\\' : ';');

    *value = str_sub(text, from, end - from);
    *at = end + is_quoted;
    return end > from && (end < text.len && text.ptr[end] == '"') == is_quoted;
}

/* The same as nearly all are written, word by word with folds only between the parameters; false for any other.  What
 * stands behind the field makes it quicker. */
static bool read_plain_type(struct str text, size_t len, struct ndr_part *part)
{
    struct str *const wanted[] = {NULL, &part->charset, &part->report_type, &part->boundary};
    size_t from = scan_not_blank(text, 0);
    size_t slash = scan_token_end(text, from, '/', ';');

    if (slash >= len || text.ptr[slash] != '/') {
        return false;
    }
    struct str subtype = str_sub(text, slash + 1, text.len);
    size_t next;
    size_t subtype_len = scan_token(subtype, 0, '/', ';', &next);

    if (slash + 1 + subtype_len > len) {
        return false;
    }
    set_type(part, str_sub(text, from, text.len), slash - from, subtype, subtype_len);
    for (size_t at = slash + 1 + next; at < len; at = scan_not_blank(text, at)) {
        size_t name = scan_not_blank(text, at + 1);
        size_t end = scan_not_name(text, name, '-', '-');
        struct str value;

        if (text.ptr[at] != ';') {
            return false;
        }
        if (name >= len) {
            break;
        }
        at = end + 1;
        if (end >= len || text.ptr[end] != '=' || !take_plain(text, &at, &value) || at > len) {
            return false;
        }
        struct str *found = wanted[end > name ? parameter_number(str_sub(text, name, text.len), end - name) : 0];

        if (found && !found->ptr) {
            *found = value;
        }
    }
    return true;
}

static void read_type(struct reader *r, struct ndr_part *part)
{
    const struct ndr_field *field = ndr_field_first(&part->fields, NDR_FIELD_TYPE);

    set_text_type(part);
    part->charset = part->boundary = part->report_type = STR_NULL;
    part->encoding = encoding_of(&part->fields);
    if (!field) {
        return;
    }
    struct str text = str_make(field->value.ptr, (size_t)(r->source.ptr + r->source.len - field->value.ptr));

    if (!read_plain_type(text, field->value.len, part)) {
        read_any_type(r->arena, field->value, part);
    }
    if (!ndr_part_is(part, NDR_MEDIA_MULTIPART) || part->boundary.len > NDR_BOUNDARY_MAX_BYTES) {
        part->boundary = STR_NULL;
    }
}

static bool holds_message(const struct ndr_part *part)
{
    return part->encoding == NDR_ENCODING_PLAIN && (ndr_part_is(part, NDR_MEDIA_MESSAGE | NDR_MEDIA_RFC822) ||
                                                    ndr_part_is(part, NDR_MEDIA_TEXT | NDR_MEDIA_HEADERS));
}

/* Opens the part whose fields begin at `at`, and the messages inside it that begin at once; gives
 * where its body begins. */
static size_t open_part(struct reader *r, size_t at, int parent, int depth)
{
    for (;;) {
        struct ndr_mail *mail = r->mail;

        if (mail->count == NDR_PARTS_MAX || depth > NDR_DEPTH_MAX) {
            mail->cut_parts = true;
            return at;
        }
        struct ndr_part *part = VEC_ROOM(r->arena, mail->parts, mail->count, r->capacity);
        int index = (int)mail->count - 1;

        r->line = parse_fields(r->arena, r->source, r->lines, line_at(r, at), at, &part->fields);
        mail->cut_fields = mail->cut_fields || part->fields.cut;
        read_type(r, part);
        part->parent = parent;
        part->depth = depth;
        part->body = STR_NULL;
        part->body_offset = part->fields.end;
        part->is_message = holds_message(part);
        r->current = index;
        at = part->fields.end;
        if (part->boundary.len && r->frame_count < NDR_DEPTH_MAX) {
            *VEC_ROOM(r->arena, r->frames, r->frame_count, r->frame_capacity) = (struct frame){part->boundary, index};
            return at;
        }
        mail->cut_parts = mail->cut_parts || part->boundary.len;
        if (!part->is_message) {
            return at;
        }
        while (at < r->source.len && (r->source.ptr[at] == '\n' || r->source.ptr[at] == '\r')) {
            at++;
        }
        parent = index;
        depth++;
    }
}

/* Ends the open parts from the innermost one up to (not including) `until`, at offset `end`. */
static void close_parts(struct reader *r, int until, size_t end)
{
    struct str source = r->source;

    /* The line end before a boundary belongs to the boundary (RFC 2046 5.1.1). */
    if (end > 0 && end < source.len) {
        end -= source.ptr[end - 1] == '\n' && end > 1 && source.ptr[end - 2] == '\r' ? 2 : 1;
    }
    for (int i = r->current; i != until && i >= 0; i = r->mail->parts[i].parent) {
        struct ndr_part *part = &r->mail->parts[i];
        size_t from = part->body_offset;

        part->body = str_sub(source, from, end > from ? end - from : 0);
    }
    r->current = until;
}

/* Level of the frame whose boundary stands at `at` (behind "--"), -1 when none does. */
static int match_boundary(const struct reader *r, size_t at)
{
    struct str rest = str_sub(r->source, at, NDR_BOUNDARY_MAX_BYTES + 8);

    for (size_t i = r->frame_count; i-- > 0;) {
        struct str boundary = r->frames[i].boundary;

        if (str_starts(rest, boundary)) {
            struct str after = str_sub(rest, boundary.len, rest.len);

            if (after.len == 0 || str_is_blank(after.ptr[0]) || str_starts(after, STR_LIT("--"))) {
                return (int)i;
            }
        }
    }
    return -1;
}

/* Moves on to the next line at or after `from` that begins with "--"; false when there is none. */
static bool next_delimiter(struct reader *r, size_t from)
{
    const uint32_t *starts = r->lines->starts;
    size_t count = r->lines->count;
    size_t last = count && r->source.len - starts[count - 1] < 2 ? count - 1 : count; /* one byte is none */
    size_t i = line_at(r, from);

    i += i < count && starts[i] < from;
    while (i < last && memcmp(r->source.ptr + starts[i], "--", 2) != 0) {
        i++;
    }
    r->line = i < last ? i : count;
    return i < last;
}

/* A multipart in which no boundary stands (damaged on the way, or no boundary was named) is read as
 * the text that it is. */
static void read_childless(struct ndr_mail *mail)
{
    for (size_t i = 0; i < mail->count; i++) {
        struct ndr_part *part = &mail->parts[i];
        bool has_child = i + 1 < mail->count && mail->parts[i + 1].parent == (int)i;

        if (ndr_part_is(part, NDR_MEDIA_MULTIPART) && !has_child) {
            set_text_type(part);
            part->boundary = STR_NULL;
        }
    }
}

/* Reads the parts behind the header of the mail, which ends at `at`. */
static void read_parts(struct reader *r, size_t at)
{
    struct str source = r->source;

    while (r->frame_count && at < source.len && next_delimiter(r, at)) {
        size_t line = r->lines->starts[r->line];
        int level = match_boundary(r, line + 2);

        at = line + 2;
        if (level < 0) {
            continue;
        }
        struct frame frame = r->frames[level];
        struct str rest = str_sub(source, line + 2 + frame.boundary.len, source.len);
        bool last = str_starts(rest, STR_LIT("--"));

        close_parts(r, frame.part, line);
        r->frame_count = (size_t)level + !last;
        at = r->line + 1 < r->lines->count ? r->lines->starts[r->line + 1] : source.len;
        if (!last) {
            at = open_part(r, at, frame.part, r->mail->parts[frame.part].depth + 1);
        }
    }
    r->mail->open_multipart = r->frame_count > 0;
    close_parts(r, -1, source.len);
    read_childless(r->mail);
}

enum { PARTS_USUAL = 8 }; /* most mails have no more */

bool ndr_mime_split(struct arena *arena, struct str source, const struct ndr_line_index *lines, struct ndr_mail *mail)
{
    struct reader r = {.arena = arena, .source = source, .lines = lines, .mail = mail, .current = -1};

    *mail = (struct ndr_mail){.parts = ARENA_ROOM(arena, struct ndr_part, PARTS_USUAL)};
    r.capacity = PARTS_USUAL;
    size_t at = open_part(&r, skip_leader(source), -1, 0);

    if (!are_usual(&mail->parts[0].fields)) {
        *mail = (struct ndr_mail){0};
        return false;
    }
    read_parts(&r, at);
    return true;
}

bool ndr_mime_parse(struct arena *arena, struct str source, struct ndr_mail *mail)
{
    struct ndr_line_index lines;

    ndr_line_index_make(arena, source, &lines);
    return ndr_mime_split(arena, source, &lines, mail);
}
