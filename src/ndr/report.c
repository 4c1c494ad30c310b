#include "base/utf8.h"
#include "ndr/container.h"
#include "ndr/decode.h"
#include "ndr/labels.h"
#include "ndr/read.h"
#include "ndr/trace.h"

#include <stdarg.h>

#define IS(a, literal) str_equal_nocase((a), STR_LIT(literal))

void ndr_warn(struct ndr_reading *reading, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *VEC_PUSH(reading->arena, reading->report->warnings, reading->report->warning_count,
              reading->warning_capacity) = str_vprintf(reading->arena, format, args);
    va_end(args);
}

static void miss(struct ndr_reading *reading, const char *what, const char *how)
{
    *VEC_PUSH(reading->arena, reading->report->missing, reading->report->missing_count,
              reading->missing_capacity) = (struct ndr_missing){str_from(what), str_from(how)};
}

/* --- pages --- */

static struct ndr_page *new_page(struct ndr_reading *reading)
{
    return VEC_PUSH(reading->arena, reading->report->pages, reading->report->page_count,
                    reading->page_capacity);
}

static int hex_digit(char c)
{
    return str_is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Whether quoted-printable has a reason to write this byte as "=XX": it is no plain letter or
 * digit.  "LED=450" holds a hexadecimal number too and is none, nor is the beginning of a longer
 * number such as "ip=192.0.2.10". */
static bool needs_encoding(char a, char b, char next)
{
    int high = hex_digit(a);
    int low = hex_digit(b);

    if (str_is_digit(a) && str_is_digit(b) && (str_is_digit(next) || next == '.')) {
        return false;
    }
    return high >= 0 && low >= 0 && (high < 3 || high >= 8 || (high == 3 && low == 13));
}

/* How often "=3D", "=C3" and soft line ends stand in pasted text, and how often another "=". */
static bool looks_quoted_printable(struct str text)
{
    size_t marks = 0;
    size_t wrong = 0;

    for (size_t at = str_find_char(text, '=', 0); at != STR_NPOS && marks + wrong < 4096;
         at = str_find_char(text, '=', at + 1)) {
        char a = at + 1 < text.len ? text.ptr[at + 1] : '\n';
        char b = at + 2 < text.len ? text.ptr[at + 2] : '\n';
        char next = at + 3 < text.len ? text.ptr[at + 3] : '\n';

        if (a == '\n' || a == '\r' || needs_encoding(a, b, next)) {
            marks++;
        } else {
            wrong++;
        }
    }
    return marks > 0 && marks >= 2 * wrong;
}

static bool looks_like_html(struct str text)
{
    static const char *const tags[] = {"<html", "<body", "<br>", "<br/>", "<br />", "<p>", "<div", "<td",
                                       "</p>", "</div>", "<span"};
    size_t found = 0;

    text = str_sub(text, 0, 64 << 10);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        found += str_find_nocase(text, str_from(tags[i]), 0) != STR_NPOS;
    }
    return found >= 2;
}

/* Character set of pasted text: UTF-16 begins with its byte order mark, as Windows' Notepad writes it. */
static struct str pasted_charset(struct str source)
{
    if (str_starts(source, STR_LIT("\xFF\xFE")) || str_starts(source, STR_LIT("\xFE\xFF"))) {
        return STR_LIT("utf-16");
    }
    return utf8_is_valid(source) ? STR_LIT("utf-8") : STR_LIT("windows-1252");
}

static void pasted_page(struct ndr_reading *reading)
{
    struct str source = reading->report->source;
    bool printable = looks_quoted_printable(source);
    bool html = looks_like_html(source);

    struct ndr_page *page = new_page(reading);

    ndr_text_page(reading->arena, source, source,
                  printable ? NDR_ENCODING_QP : NDR_ENCODING_PLAIN, pasted_charset(source), html,
                  &reading->text_left, page);
    reading->text_cut = page->is_cut;
}

/* --- parts of a mail --- */

/* Index of the message that a part belongs to: the nearest part around it that holds one, -1 for
 * the mail itself. */
static int message_of(const struct ndr_mail *mail, int part)
{
    int at = mail->parts[part].parent;

    while (at >= 0 && !mail->parts[at].is_message) {
        at = mail->parts[at].parent;
    }
    return at;
}

/* The fields of RFC 3464, also where a gateway gave them another type. */
static bool is_status_part(const struct ndr_part *part)
{
    struct str start = str_sub(part->body, 0, 4096);

    return ndr_part_is(part, NDR_MEDIA_MESSAGE | NDR_MEDIA_STATUS) ||
           (ndr_part_is(part, NDR_MEDIA_APPLICATION | NDR_MEDIA_OCTETS) &&
            str_find_nocase(start, STR_LIT("\nFinal-Recipient:"), 0) != STR_NPOS &&
            str_find_nocase(start, STR_LIT("\nAction:"), 0) != STR_NPOS);
}

/* An HTML part is read only where no plain part says the same. */
static bool is_spare(const struct ndr_mail *mail, int part)
{
    const struct ndr_part *p = &mail->parts[part];

    if (!ndr_part_is(p, NDR_MEDIA_TEXT | NDR_MEDIA_HTML) || p->parent < 0) {
        return false;
    }
    for (size_t i = 0; i < mail->count; i++) {
        const struct ndr_part *other = &mail->parts[i];

        if (other->parent == p->parent && ndr_part_is(other, NDR_MEDIA_TEXT | NDR_MEDIA_PLAIN) &&
            str_trim(other->body).len > 20) {
            return ndr_part_is(&mail->parts[p->parent], NDR_MEDIA_MULTIPART | NDR_MEDIA_ALTERNATIVE);
        }
    }
    return false;
}

static bool is_attachment(const struct ndr_part *part)
{
    const struct ndr_field *field = ndr_field_first(&part->fields, NDR_FIELD_DISPOSITION);

    return field && str_starts_nocase(str_trim(field->value), STR_LIT("attachment"));
}

/* --- the returned message --- */

/* Length of the name with which line `at` begins a field of those that begin at line `first`; 0 when
 * it goes on with one. */
static size_t returned_name(const struct ndr_lines *lines, size_t first, size_t at)
{
    return lines->items[at].indent <= lines->items[first].indent ? ndr_field_name_len(lines->items[at].text) : 0;
}

/* Value of the field in lines [at, *end), which begins at `from` of the first: a view when it is one line.  *end is set
 * behind the last line that it takes. */
static struct str returned_value(struct arena *arena, const struct ndr_lines *lines, size_t at, size_t *end,
                                 size_t from)
{
    const struct ndr_line *first = &lines->items[at];
    const struct ndr_line *last = &lines->items[*end - 1];
    struct str value = str_sub(first->text, from, NDR_FIELD_MAX_BYTES - from);
    size_t bytes = first->text.len;

    if (first == last) {
        return value;
    }
    char *out = arena_bytes(arena, last->from + last->text.len - first->from);
    size_t len = value.len;

    memcpy(out, value.ptr, value.len);
    for (const struct ndr_line *line = first + 1; line <= last; line++) {
        bytes += line->text.len + 2; /* a line end and a blank */
        if (bytes > NDR_FIELD_MAX_BYTES) {
            *end = (size_t)(line - lines->items);
            break;
        }
        out[len++] = '\n';
        memcpy(out + len, line->text.ptr, line->text.len);
        len += line->text.len;
    }
    return str_make(out, len);
}

/* Fields of the returned message that stand in a text page from line `from` on. */
static void read_returned(struct ndr_reading *reading, const struct ndr_lines *lines, size_t from)
{
    struct str page = reading->report->pages[lines->page].text;
    struct ndr_fields fields = {0};
    size_t capacity = 0;
    size_t count = 0;
    size_t bytes = 0;
    size_t first = from;

    while (first < lines->count && (lines->items[first].text.len == 0 || first == from) &&
           !str_starts_nocase(lines->items[first].text, STR_LIT("Received:"))) {
        first++;
    }
    size_t name = first < lines->count ? returned_name(lines, first, first) : 0;

    for (size_t at = first; name && name <= NDR_FIELD_NAME_MAX_BYTES && count < NDR_FIELDS_MAX &&
                            bytes <= NDR_FIELDS_MAX_BYTES;) {
        struct str line = lines->items[at].text;
        size_t next_name = 0;
        size_t end = at + 1;

        while (end < lines->count && lines->items[end].text.len && next_name == 0) {
            next_name = returned_name(lines, first, end);
            end += next_name == 0;
        }
        count++;
        bytes += line.len;
        enum ndr_field_kind kind = ndr_field_kind(str_make(line.ptr, page.len - lines->items[at].from), name);

        if (ndr_trace_needs(kind)) {
            size_t value_end = end;
            struct str value = returned_value(reading->arena, lines, at, &value_end, name + 1);
            size_t offset = ndr_page_place(reading->report, lines->page, lines->items[at].from, 1).offset;

            *VEC_ROOM(reading->arena, fields.items, fields.count, capacity) =
                (struct ndr_field){str_sub(line, 0, name), value, offset, kind, (unsigned)(value_end - at)};
            ndr_fields_note(&fields);
        }
        at = end;
        name = next_name;
    }
    if (count) {
        ndr_trace_read(reading->arena, &fields, reading->report);
    }
}

/* --- words of a page that tell what it is --- */

static void read_phrases(struct ndr_reading *reading, const struct ndr_lines *lines)
{
    struct ndr_report *report = reading->report;
    struct str text = report->pages[lines->page].text;
    struct ndr_word word;

    if (report->generator.text.len) {
        return;
    }
    ndr_words_before(ndr_lines_words(reading, lines->page), NDR_PHRASES_MAX_BYTES, &word);
    if (word.len) {
        size_t at = word.at;

        while (at > 0 && str_is_blank(text.ptr[at - 1])) {
            at--;
        }
        /* In the middle of a line it may be quoted, or a line of a log. */
        reading->saw_layout = reading->saw_layout || at == 0 || text.ptr[at - 1] == '\n' ||
                              text.ptr[at - 1] == '\r';
        report->generator = (struct ndr_value){str_from(ndr_word_generator(&word)),
                                               ndr_page_place(report, lines->page, word.at, 1)};
        if (report->generator_words.text.len == 0) {
            struct str rest = ndr_report_from_line(report, report->generator.place.offset);
            struct str line = STR_NULL;

            str_next_line(&rest, &line);
            report->generator_words = (struct ndr_value){str_trim(line), report->generator.place};
        }
    }
}

/* --- the mail's own header --- */

/* Decoded value of the first field of a kind. */
static struct str first_value(struct arena *arena, const struct ndr_fields *fields, enum ndr_field_kind kind)
{
    const struct ndr_field *field = ndr_field_first(fields, kind);

    return field ? ndr_field_decode(arena, field->value) : STR_NULL;
}

static void use_header(struct ndr_reading *reading, const struct ndr_fields *fields)
{
    struct ndr_header *h = &reading->header;

    *h = (struct ndr_header){.fields = fields};
    h->from = first_value(reading->arena, fields, NDR_FIELD_FROM);
    h->path = first_value(reading->arena, fields, NDR_FIELD_RETURN_PATH);
    h->subject = first_value(reading->arena, fields, NDR_FIELD_SUBJECT);
    h->has_failed_list = first_value(reading->arena, fields, NDR_FIELD_FAILED).len;
}

unsigned ndr_subject_kinds(struct ndr_reading *reading)
{
    struct ndr_header *h = &reading->header;

    if (!h->has_kinds) {
        h->subject_kinds = ndr_words_kinds(h->subject);
        h->has_kinds = true;
    }
    return h->subject_kinds;
}

/* MAILER-DAEMON, postmaster and other names of mail systems in From. */
static bool is_named_daemon(struct ndr_reading *reading)
{
    struct str from = reading->header.from;

    return str_find_nocase(from, STR_LIT("mailer-daemon"), 0) != STR_NPOS ||
           str_find_nocase(from, STR_LIT("postmaster"), 0) != STR_NPOS ||
           str_find_nocase(from, STR_LIT("post_master"), 0) != STR_NPOS ||
           str_find_nocase(from, STR_LIT("mail delivery"), 0) != STR_NPOS ||
           str_find_nocase(from, STR_LIT("administrator"), 0) != STR_NPOS;
}

/* From a mail system: by its name or the null reverse-path (RFC 5321 4.5.5). */
static bool is_from_daemon(struct ndr_reading *reading)
{
    struct str path = reading->header.path;

    return str_equal(path, STR_LIT("<>")) || str_starts_nocase(path, STR_LIT("<MAILER-DAEMON")) ||
           is_named_daemon(reading);
}

/* Fields that tell nothing of who wrote the report: all write them alike, or others do on its way. */
static bool is_common_field(const struct ndr_field *field)
{
    static const unsigned common = 1u << NDR_FIELD_RECEIVED | 1u << NDR_FIELD_TO | 1u << NDR_FIELD_MESSAGE_ID |
                                   1u << NDR_FIELD_DATE | 1u << NDR_FIELD_VERSION | 1u << NDR_FIELD_TYPE |
                                   1u << NDR_FIELD_SUBJECT | 1u << NDR_FIELD_AUTO_SUBMITTED |
                                   1u << NDR_FIELD_DELIVERED_TO | 1u << NDR_FIELD_ENCODING |
                                   1u << NDR_FIELD_FAILED | 1u << NDR_FIELD_ARC_SEAL;

    return ndr_field_is(field, common);
}

static void read_generator_header(struct ndr_reading *reading)
{
    /* Of a value: only the start of a long one tells anything, a signature or a policy follows.  Its words are shown. */
    enum { START = 160, WORDS = 500 };
    const struct ndr_fields *fields = reading->header.fields;

    for (size_t i = 0; i < fields->count && reading->report->generator.text.len == 0; i++) {
        const struct ndr_field *field = &fields->items[i];

        if (field->value.len == 0 || is_common_field(field)) {
            continue;
        }
        /* As it stands in the source, "Name: value". */
        size_t name = (size_t)(field->value.ptr - field->name.ptr);
        struct str text = str_make(field->name.ptr, name + (field->value.len < WORDS ? field->value.len : WORDS));
        const char *slug = ndr_words_generator(str_sub(text, 0, name + START));

        if (slug) {
            reading->report->generator = (struct ndr_value){str_from(slug), {field->offset, 1}};
            reading->report->generator_words =
                (struct ndr_value){str_trim(str_squeeze(reading->arena, text)), {field->offset, 1}};
        }
    }
}

/* X-Failed-Recipients: a@b, c@d (Exim, Gmail). */
static void read_failed_recipients(struct ndr_reading *reading)
{
    const struct ndr_field *field =
        reading->header.has_failed_list
            ? ndr_field_first(reading->header.fields, NDR_FIELD_FAILED)
            : NULL;
    struct ndr_value value = ndr_field_value(reading->arena, field, false);
    struct str address;
    size_t pos = 0;

    while (ndr_address_next(value.text, &pos, &address)) {
        if (!ndr_recipient_find(reading->report, address)) {
            struct ndr_recipient *recipient = ndr_recipient_new(reading);

            if (recipient) {
                recipient->address = (struct ndr_value){address, value.place};
            }
        }
    }
}

/* --- one message of the mail: the report, or a report inside of it --- */

static bool has_refusal(const struct ndr_report *report)
{
    for (size_t i = 0; i < report->recipient_count; i++) {
        const struct ndr_recipient *r = &report->recipients[i];

        if (r->code_count || r->reply_count || r->action != NDR_ACTION_NONE) {
            return true;
        }
    }
    return false;
}

/* Pages of the message `message` (-1 the mail itself), first the machine's, then those for people. */
static void read_message(struct ndr_reading *reading, const struct ndr_mail *mail, int message)
{
    struct ndr_report *report = reading->report;
    size_t first = report->page_count;
    size_t text_page = 0;
    bool notified = false; /* in JSON, which has no words for people */

    for (size_t i = 0; i < mail->count; i++) {
        const struct ndr_part *part = &mail->parts[i];
        bool text = ndr_part_is(part, NDR_MEDIA_TEXT) && !ndr_part_is(part, NDR_MEDIA_HEADERS) &&
                    !part->is_message && !is_spare(mail, (int)i) && !is_attachment(part);

        if (message_of(mail, (int)i) != message || !(text || is_status_part(part))) {
            continue;
        }
        if (reading->text_left == 0) {
            reading->text_cut = true;
            continue;
        }
        struct ndr_page *page = new_page(reading);

        ndr_part_page(reading->arena, report->source, part, &reading->text_left, page);
        reading->text_cut = reading->text_cut || page->is_cut;
    }
    for (size_t i = first; i < report->page_count; i++) {
        read_phrases(reading, ndr_lines_of(reading, i));
    }
    for (int human = 0; human < 2; human++) {
        for (size_t i = first; i < report->page_count; i++) {
            if (report->pages[i].is_human == (human == 1) && (human == 0 || !has_refusal(report))) {
                const struct ndr_lines *lines = ndr_lines_of(reading, i);

                notified = notified || ndr_notification_read(reading, lines);
                if (!notified) {
                    ndr_fields_read(reading, lines);
                }
            }
        }
    }
    if (message < 0) {
        read_failed_recipients(reading);
    }
    for (size_t i = first; i < report->page_count && !notified; i++) {
        if (!report->pages[i].is_human) {
            continue;
        }
        const struct ndr_lines *lines = ndr_lines_of(reading, i);

        if (report->recipient_count == 0 || text_page == 0) {
            ndr_prose_read(reading, lines);
            text_page = i + 1;
        }
        if (lines->returned < lines->count && report->hop_count == 0) {
            read_returned(reading, lines, lines->returned);
        }
    }
}

/* Fields of the message that came back: the first message part inside of `message`. */
static void read_original_part(struct ndr_reading *reading, const struct ndr_mail *mail, int message)
{
    for (size_t i = 0; i + 1 < mail->count; i++) {
        if (mail->parts[i].is_message && message_of(mail, (int)i) == message &&
            mail->parts[i + 1].parent == (int)i && mail->parts[i + 1].fields.count) {
            struct ndr_value sender = reading->report->original.sender;

            ndr_trace_read(reading->arena, &mail->parts[i + 1].fields, reading->report);
            if (sender.text.len) {
                reading->report->original.sender = sender;
            }
            return;
        }
    }
}

/* Whether a message inside of the mail is a report itself. */
static bool is_report_part(struct ndr_reading *reading, const struct ndr_mail *mail, size_t holder)
{
    const struct ndr_part *root = &mail->parts[holder + 1];
    const struct ndr_field *from = ndr_field_first(&root->fields, NDR_FIELD_FROM);
    const struct ndr_field *subject = ndr_field_first(&root->fields, NDR_FIELD_SUBJECT);

    if (IS(root->report_type, "delivery-status")) {
        return true;
    }
    bool daemon = from && (str_find_nocase(from->value, STR_LIT("mailer-daemon"), 0) != STR_NPOS ||
                           str_find_nocase(from->value, STR_LIT("postmaster"), 0) != STR_NPOS ||
                           str_find_nocase(from->value, STR_LIT("mail delivery"), 0) != STR_NPOS ||
                           str_find_nocase(from->value, STR_LIT("Microsoft Outlook"), 0) != STR_NPOS);
    struct str words = subject ? ndr_field_decode(reading->arena, subject->value) : STR_NULL;

    return daemon || ndr_words_kinds(words) & (NDR_WORDS_FAILED | NDR_WORDS_DELAYED);
}

/* Reads the first message inside of the mail that is a report and says what was refused; its index,
 * -1 when there is none. */
static int read_inner_report(struct ndr_reading *reading, const struct ndr_mail *mail)
{
    struct ndr_report *report = reading->report;
    const struct ndr_header outer = reading->header;

    for (size_t i = 0; i + 1 < mail->count; i++) {
        if (mail->parts[i].is_message && mail->parts[i + 1].parent == (int)i &&
            is_report_part(reading, mail, i)) {
            report->recipient_count = 0;
            report->generator = (struct ndr_value){0};
            report->generator_words = (struct ndr_value){0};
            use_header(reading, &mail->parts[i + 1].fields);
            read_generator_header(reading);
            read_message(reading, mail, (int)i);
            if (has_refusal(report)) {
                return (int)i;
            }
        }
    }
    if (reading->header.fields != outer.fields) {
        report->recipient_count = 0;
        reading->header = outer;
    }
    return -1;
}

/* Whether a mail system wrote the mail itself; else a person forwards what one wrote. */
static bool is_own_report(struct ndr_reading *reading, const struct ndr_mail *mail)
{
    return IS(mail->parts[0].report_type, "delivery-status") || reading->header.has_failed_list ||
           is_from_daemon(reading);
}

static void read_mail(struct ndr_reading *reading, struct ndr_mail *mail)
{
    struct ndr_report *report = reading->report;
    int message = -1;

    use_header(reading, &mail->parts[0].fields);
    bool is_own = is_own_report(reading, mail);

    /* What a person writes above an attached report is no part of it. */
    if (!is_own) {
        message = read_inner_report(reading, mail);
    }
    if (message < 0) {
        read_generator_header(reading);
        read_message(reading, mail, -1);
        if (is_own && !has_refusal(report)) {
            message = read_inner_report(reading, mail);
        }
    }
    read_original_part(reading, mail, message);
    if (mail->cut_parts || mail->cut_fields) {
        ndr_warn(reading, "The mail has more parts or longer headers than I read; the rest was left out.");
    }
    if (mail->open_multipart) {
        ndr_warn(reading, "The mail looks cut off: its last part has no end.");
    }
}

/* What was left out; parts and fields of a mail are told where they are read. */
static void warn_of_limits(struct ndr_reading *reading)
{
    if (reading->text_cut) {
        ndr_warn(reading, "There is more text than the %d MiB of a part, or %d MiB of a report, that I read; the rest was left out.",
                 NDR_PART_TEXT_MAX_BYTES >> 20, NDR_TEXT_MAX_BYTES >> 20);
    }
    if (reading->recipients_cut) {
        ndr_warn(reading, "There are more than %d recipients; the rest was left out.", NDR_RECIPIENTS_MAX);
    }
}

/* --- what kind of mail it is --- */

/* Start of the first page where it may be JSON, as notifications of Amazon SES are; empty without an object. */
static struct str json_of(const struct ndr_report *report)
{
    struct str start = report->page_count ? str_sub(report->pages[0].text, 0, 4096) : STR_NULL;

    return str_find_char(start, '{', 0) == STR_NPOS ? STR_NULL : start;
}

static bool is_feedback(struct ndr_reading *reading, const struct ndr_mail *mail, struct str json)
{
    for (size_t i = 0; mail && i < mail->count; i++) {
        if (IS(mail->parts[i].report_type, "feedback-report") ||
            ndr_part_is(&mail->parts[i], NDR_MEDIA_MESSAGE | NDR_MEDIA_FEEDBACK)) {
            return true;
        }
    }
    if (str_find(json, STR_LIT("notificationType"), 0) != STR_NPOS &&
        str_find(reading->report->pages[0].text, STR_LIT("complainedRecipients"), 0) != STR_NPOS) {
        return true;
    }
    return !has_refusal(reading->report) && ndr_subject_kinds(reading) & NDR_WORDS_ABUSE;
}

/* The same of the report's own header, which pasted text has none. */
static struct str header(struct ndr_reading *reading, enum ndr_field_kind kind)
{
    const struct ndr_fields *fields = reading->header.fields;

    return fields ? first_value(reading->arena, fields, kind) : STR_NULL;
}

static bool is_auto_reply(struct ndr_reading *reading)
{
    struct str subject = reading->header.subject;
    unsigned kinds = ndr_subject_kinds(reading);
    bool says = str_starts_nocase(header(reading, NDR_FIELD_AUTO_SUBMITTED), STR_LIT("auto-")) ||
                header(reading, NDR_FIELD_AUTOREPLY).len || header(reading, NDR_FIELD_AUTORESPOND).len ||
                str_starts_nocase(header(reading, NDR_FIELD_PRECEDENCE), STR_LIT("auto_reply"));

    if (reading->header.has_failed_list || kinds & (NDR_WORDS_FAILED | NDR_WORDS_DELAYED)) {
        return false;
    }
    /* Newsletters have "vacation" in their subjects, too. */
    bool is_list = header(reading, NDR_FIELD_LIST_UNSUBSCRIBE).len || header(reading, NDR_FIELD_LIST_ID).len;
    bool by_words = kinds & NDR_WORDS_AUTO && !is_list && !str_starts_nocase(subject, STR_LIT("Re:"));
    /* Responders send with the null reverse-path, too (RFC 3834 3.3): then nothing may be refused. */
    bool refuses = has_refusal(reading->report) ||
                   ndr_words_seen(reading) & (NDR_WORDS_FAILED | NDR_WORDS_DELAYED);

    return by_words || (says && (!is_from_daemon(reading) || (!is_named_daemon(reading) && !refuses)));
}

static enum ndr_kind kind_of_action(enum ndr_action action)
{
    switch (action) {
    case NDR_ACTION_DELAYED:
        return NDR_KIND_DELAY;
    case NDR_ACTION_DELIVERED:
        return NDR_KIND_SUCCESS;
    case NDR_ACTION_RELAYED:
        return NDR_KIND_RELAYED;
    case NDR_ACTION_EXPANDED:
        return NDR_KIND_EXPANDED;
    case NDR_ACTION_FAILED:
    case NDR_ACTION_NONE:
        break;
    }
    return NDR_KIND_FAILURE;
}

static bool all_transient(const struct ndr_recipient *recipient)
{
    int code = ndr_recipient_code(recipient);

    if (code >= 0) {
        return recipient->codes[code].status.class_ == 4;
    }
    return recipient->reply_code >= 400 && recipient->reply_code < 500;
}

/* Whether the words or the subject have such a kind. */
static bool says(struct ndr_reading *reading, unsigned kinds)
{
    return (ndr_subject_kinds(reading) & kinds) || (ndr_words_seen(reading) & kinds);
}

/* Actions that no field tells follow from the words, and in a fragment from the class of the code. */
static void derive_actions(struct ndr_reading *reading)
{
    struct ndr_report *report = reading->report;

    for (size_t i = 0; i < report->recipient_count; i++) {
        struct ndr_recipient *r = &report->recipients[i];

        if (r->action == NDR_ACTION_NONE) {
            bool waits = says(reading, NDR_WORDS_DELAYED) ||
                         (!says(reading, NDR_WORDS_FAILED) && all_transient(r));

            r->action = waits ? NDR_ACTION_DELAYED : NDR_ACTION_FAILED;
        }
    }
}

static enum ndr_kind kind_of_recipients(const struct ndr_report *report)
{
    enum ndr_kind kind = kind_of_action(report->recipients[0].action);

    for (size_t i = 1; i < report->recipient_count; i++) {
        if (kind_of_action(report->recipients[i].action) != kind) {
            return NDR_KIND_MIXED;
        }
    }
    return kind;
}

static bool has_fields(const struct ndr_report *report)
{
    for (size_t i = 0; i < report->recipient_count; i++) {
        if (report->recipients[i].action_field.text.len) {
            return true;
        }
    }
    return false;
}

/* From a mail system beyond doubt: people and newsletters call themselves "administrator" too, but
 * their mail has a return path. */
static bool is_surely_from_daemon(struct ndr_reading *reading)
{
    struct str from = reading->header.from;
    struct str address = ndr_address_in(from);
    struct str path = str_trim(reading->header.path);

    from = address.len ? address : from;
    bool returns = path.len && !str_equal(path, STR_LIT("<>")) &&
                   str_find_nocase(path, STR_LIT("mailer-daemon"), 0) == STR_NPOS;

    return str_equal(path, STR_LIT("<>")) ||
           (!returns && (str_find_nocase(from, STR_LIT("mailer-daemon"), 0) != STR_NPOS ||
                         str_find_nocase(from, STR_LIT("postmaster"), 0) != STR_NPOS));
}

/* Whether what was found makes it a report at all.  A code in a sentence is none: people write about
 * bounces, and 5.7.1 is also the number of a version or a room. */
static bool is_report(struct ndr_reading *reading, const struct ndr_mail *mail, struct str json)
{
    const struct ndr_report *report = reading->report;
    unsigned words = NDR_WORDS_FAILED | NDR_WORDS_DELAYED;
    bool layout = reading->saw_layout || str_find(json, STR_LIT("bouncedRecipients"), 0) != STR_NPOS;

    for (size_t i = 0; i < report->recipient_count; i++) {
        layout = layout || (report->recipients[i].action_field.text.len && report->recipients[i].address.text.len);
    }
    if (!report->is_mail) {
        return has_refusal(report) || (report->recipient_count > 0 && says(reading, words));
    }
    if (has_refusal(report) && layout) {
        return true;
    }
    bool own = is_own_report(reading, mail);

    if (has_refusal(report)) {
        return own && (is_surely_from_daemon(reading) || says(reading, words));
    }
    return says(reading, words) && (is_surely_from_daemon(reading) || reading->header.has_failed_list ||
                     (layout && report->recipient_count > 0) || (own && report->recipient_count > 0));
}

static void find_kind(struct ndr_reading *reading, const struct ndr_mail *mail)
{
    struct ndr_report *report = reading->report;
    struct str json = json_of(report);

    if (is_feedback(reading, mail, json)) {
        report->kind = NDR_KIND_FEEDBACK;
    } else if (report->is_mail && !has_fields(report) && is_auto_reply(reading)) {
        report->kind = NDR_KIND_AUTO_REPLY;
        report->recipient_count = 0;
    } else if (is_report(reading, mail, json)) {
        if (report->recipient_count == 0) {
            ndr_recipient_new(reading);
        }
        derive_actions(reading);
        report->kind = kind_of_recipients(report);
    } else {
        report->kind = NDR_KIND_NONE;
        report->recipient_count = 0;
        if (says(reading, NDR_WORDS_FAILED)) {
            ndr_warn(reading, "It speaks of undelivered mail but has no code, no reply and no recipient: "
                              "a real report has them. It may be a fake; open no link in it.");
        }
    }
}

/* --- the end --- */

/* Where the returned message went is known even when the report does not say who was refused. */
static void fill_from_original(struct ndr_reading *reading)
{
    struct ndr_report *report = reading->report;

    for (size_t i = 0; i < report->recipient_count; i++) {
        struct ndr_recipient *r = &report->recipients[i];

        if (str_equal_nocase(r->original_address.text, r->address.text)) {
            r->original_address = (struct ndr_value){0};
        }
        if (r->address.text.len == 0 && r->original_address.text.len) {
            r->address = r->original_address;
            r->original_address = (struct ndr_value){0};
        }
    }
    if (report->recipient_count == 1 && report->recipients[0].address.text.len == 0 &&
        report->original.to_count == 1) {
        report->recipients[0].address = report->original.to[0];
        ndr_warn(reading, "The report does not name who was refused; the address is the one the message "
                          "was written to.");
    }
}

/* Exchange that runs in Microsoft's cloud calls itself by their host names. */
static void find_cloud(struct ndr_report *report)
{
    static const char *const suffixes[] = {".outlook.com", ".outlook.de", ".office365.us", ".outlook.cn"};

    if (report->generator.text.len && !str_equal(report->generator.text, STR_LIT("exchange"))) {
        return;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (str_ends_nocase(report->reporting_mta.text, str_from(suffixes[i]))) {
            report->generator.text = STR_LIT("exchange-online");
            if (report->generator_words.text.len == 0) {
                report->generator_words = report->generating_server_line.text.len
                                              ? report->generating_server_line
                                              : report->reporting_mta;
            }
        }
    }
}

/* Whether words say more than their numbers ("550 5.1.1" does not); the last ones tell it soonest. */
static bool has_letters(struct str text)
{
    for (size_t i = text.len; i-- > 0;) {
        if (str_is_alnum(text.ptr[i]) ? !str_is_digit(text.ptr[i]) : (unsigned char)text.ptr[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

static void find_missing(struct ndr_reading *reading)
{
    struct ndr_report *report = reading->report;
    bool address = false;
    bool words = false;
    bool code = false;

    if (report->kind == NDR_KIND_NONE || report->kind == NDR_KIND_FEEDBACK ||
        report->kind == NDR_KIND_AUTO_REPLY) {
        return;
    }
    for (size_t i = 0; i < report->recipient_count; i++) {
        const struct ndr_recipient *r = &report->recipients[i];

        address = address || r->address.text.len;
        words = words || has_letters(r->diagnostic.text);
        code = code || r->code_count || r->reply_code;
    }
    if (!address) {
        miss(reading, "the address that was refused", "Ask the user to forward the report as an attachment.");
    }
    if (!code) {
        miss(reading, "the code of the error",
             "Look for numbers such as 550 5.1.1 in the part for administrators, and copy their whole line.");
    }
    if (!words) {
        miss(reading, "the words of the server that refused",
             "Scroll down to the part for administrators and copy all of it.");
    }
    if (report->hop_count == 0) {
        miss(reading, "the headers of the returned message",
             "Ask for the report as an attachment (.eml or .msg), not as a screenshot or a part of it.");
    }
}

/* --- Microsoft's containers --- */

/* The mail inside of an Outlook file or a winmail.dat; empty when it is none or nothing is in it. */
static struct str unpacked(struct arena *arena, struct str bytes)
{
    return ndr_is_ole(bytes)    ? ndr_ole_message(arena, bytes)
           : ndr_is_tnef(bytes) ? ndr_tnef_message(arena, bytes)
                                : STR_NULL;
}

/* The mail inside of such a part of a mail. */
static struct str unpacked_part(struct arena *arena, const struct ndr_mail *mail)
{
    for (size_t i = 0; i < mail->count; i++) {
        const struct ndr_part *part = &mail->parts[i];
        struct buf bytes;

        if (!ndr_part_is(part, NDR_MEDIA_APPLICATION) || part->encoding != NDR_ENCODING_BASE64) {
            continue;
        }
        buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
        ndr_base64_add(&bytes, part->body);
        struct str text = ndr_is_ole(buf_str(&bytes)) || ndr_is_tnef(buf_str(&bytes))
                              ? unpacked(arena, str_dup(arena, buf_str(&bytes)))
                              : STR_NULL;

        buf_fini(&bytes);
        if (text.len) {
            return text;
        }
    }
    return STR_NULL;
}

static const struct ndr_report *parse(struct arena *arena, struct str source, const struct ndr_line_index *known,
                                      bool was_packed);

/* The report in a container that a mail brings along, NULL when none is in it. */
static const struct ndr_report *packed_report(struct arena *arena, const struct ndr_mail *mail)
{
    struct str text = unpacked_part(arena, mail);
    const struct ndr_report *report = text.len ? parse(arena, text, NULL, true) : NULL;

    return report && report->kind != NDR_KIND_NONE ? report : NULL;
}

/* `known` are the lines that LF ends, NULL where they are not known. */
static const struct ndr_report *parse(struct arena *arena, struct str source, const struct ndr_line_index *known,
                                      bool was_packed)
{
    struct ndr_report *report = ARENA_NEW(arena, struct ndr_report);
    struct ndr_reading reading = {.arena = arena, .report = report, .text_left = NDR_TEXT_MAX_BYTES};
    struct ndr_mail mail = {0};

    report->source = str_sub(source, 0, NDR_SOURCE_MAX_BYTES);
    ndr_line_index_take(arena, report->source, report->source.len == source.len ? known : NULL, &report->lines);
    if (source.len > NDR_SOURCE_MAX_BYTES) {
        ndr_warn(&reading, "Only the first %d MiB were read.", NDR_SOURCE_MAX_BYTES >> 20);
    }
    report->is_mail = ndr_mime_split(arena, report->source, &report->lines, &mail);
    if (report->is_mail) {
        read_mail(&reading, &mail);
    } else {
        pasted_page(&reading);
        const struct ndr_lines *lines = ndr_lines_of(&reading, 0);

        read_phrases(&reading, lines);
        if (!ndr_notification_read(&reading, lines)) {
            ndr_fields_read(&reading, lines);
            ndr_prose_read(&reading, lines);
        }
        if (lines->returned < lines->count) {
            read_returned(&reading, lines, lines->returned);
        }
    }
    find_kind(&reading, report->is_mail ? &mail : NULL);
    if (report->kind == NDR_KIND_NONE && report->is_mail && !was_packed) {
        const struct ndr_report *inner = packed_report(arena, &mail);

        if (inner) {
            return inner;
        }
    }
    if (was_packed) {
        ndr_warn(&reading, "It was unpacked from a file of Outlook; the lines are those of what was unpacked.");
    }
    warn_of_limits(&reading);
    fill_from_original(&reading);
    find_cloud(report);
    find_missing(&reading);
    ndr_forged_check(&reading, &mail, was_packed);
    ndr_alike_check(&reading);
    report->language = reading.language ? str_from(reading.language) : STR_NULL;
    ndr_values_limit(arena, report);
    return report;
}

const struct ndr_report *ndr_report_parse_lines(struct arena *arena, struct str source,
                                                const struct ndr_line_index *lines)
{
    struct str text = unpacked(arena, source);

    return text.len ? parse(arena, text, NULL, true) : parse(arena, source, lines, false);
}

const struct ndr_report *ndr_report_parse(struct arena *arena, struct str source)
{
    return ndr_report_parse_lines(arena, source, NULL);
}
