#include "cli/json.h"

#include "base/block.h"
#include "base/err.h"
#include "base/filter.h"
#include "base/scan.h"

_Static_assert(JSON_TEXT_SLACK >= SCAN_SLACK + JSON_QUOTES_MAX + 2, "quotes and what copy_safe() may write");
_Static_assert((int)JSON_WIDE == (int)WIDE_MAX, "what copy_safe_wide() reads and writes");

/* Most texts of records are shorter than this; others are not rarely lines of the mail. */
enum { WIDTH_OF_FIELDS = 48, WIDTH_OF_OTHERS = WIDE_MAX };

char *json_grow(struct json *json, size_t len)
{
    char *to = buf_grow(json->out, len);

    BUG_ON(!to);
    return to;
}

void json_may_read(struct json *json, int which, struct str bytes)
{
    json->readable[which].first = (uintptr_t)bytes.ptr;
    json->readable[which].count = bytes.len < JSON_WIDE ? 0 : bytes.len - JSON_WIDE + 1;
}

/* --- texts --- */

/* Bytes of a text up to the first that is to be escaped; gives how many. */
static inline __attribute__((always_inline)) size_t copy_plain(const struct json *json, struct str text, char *to,
                                                               size_t width)
{
    uintptr_t at = (uintptr_t)text.ptr;
    bool is_readable = (at - json->readable[0].first < json->readable[0].count) |
                       (at - json->readable[1].first < json->readable[1].count);

    if (is_readable & (text.len < width)) {
        return copy_safe_wide(text.ptr, text.len, to, width);
    }
    return copy_safe(text.ptr, text.len, to);
}

/* The rest of a text from byte `at` on, which is to be escaped. */
static __attribute__((noinline)) void put_rest(struct json *json, char *to, struct str text, size_t at)
{
    /* Quotes are in many sentences. */
    for (int quotes = 0; at < text.len && text.ptr[at] == '"' && quotes < JSON_QUOTES_MAX; quotes++) {
        *to++ = '\\';
        *to++ = '"';
        at++;
        size_t plain = copy_safe(text.ptr + at, text.len - at, to);

        to += plain;
        at += plain;
    }
    buf_commit_to(json->out, to);
    if (at < text.len) {
        filter_json(json->out, str_sub(text, at, text.len));
    }
    buf_add_char(json->out, '"');
}

void json_put_text(struct json *json, char *to, struct str text)
{
    *to++ = '"';
    size_t plain = copy_plain(json, text, to, WIDTH_OF_OTHERS);

    if (plain < text.len) {
        put_rest(json, to + plain, text, plain);
        return;
    }
    to[plain] = '"';
    buf_commit_to(json->out, to + plain + 1);
}

/* --- records --- */

enum { FIELD_BYTES = 1 + JSON_KEY_BYTES + JSON_TEXT_SLACK };

static inline struct str text_of(const void *record, const struct json_field *field)
{
    return *(const struct str *)((const char *)record + field->at);
}

static inline char *put_key(char *to, const struct json_field *field, bool comma)
{
    *to = ',';
    to += comma;
    memcpy(to, field->key, JSON_KEY_BYTES);
    return to + field->len;
}

/* Texts of a record, `len` bytes in all: those that `picks` names, or all in a row. */
static inline __attribute__((always_inline)) void put_texts(struct json *json, const void *record,
                                                            const struct json_field *fields, const uint8_t *picks,
                                                            size_t count, size_t len)
{
    size_t room = count * FIELD_BYTES + len;
    char *to = json_room(json, room);
    bool comma = json->comma;

    json->comma = comma || count;
    for (size_t i = 0; i < count; i++, comma = true) {
        const struct json_field *field = &fields[picks ? picks[i] : i];
        struct str text = text_of(record, field);

        to = put_key(to, field, comma);
        if (!picks && text.len == 0) {
            memcpy(to, "null", 4);
            to += 4;
            continue;
        }
        *to++ = '"';
        size_t plain = copy_plain(json, text, to, WIDTH_OF_FIELDS);

        to += plain;
        if (plain < text.len) {
            put_rest(json, to, text, plain);
            to = json_room(json, room);
            continue;
        }
        *to++ = '"';
    }
    buf_commit_to(json->out, to);
}

/* The same one by one. */
static void put_redacted(struct json *json, const void *record, const struct json_field *fields, size_t count,
                         bool with_empty)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = text_of(record, &fields[i]);

        text = text.len ? redact_text(json->redact, text) : text;
        char *to = json_room(json, FIELD_BYTES + text.len);

        if (text.len) {
            json_put_text(json, put_key(to, &fields[i], json->comma), text);
            json->comma = true;
        } else if (with_empty) {
            to = put_key(to, &fields[i], json->comma);
            memcpy(to, "null", 4);
            buf_commit_to(json->out, to + 4);
            json->comma = true;
        }
    }
}

void json_texts(struct json *json, const void *record, const struct json_field *fields, size_t count)
{
    size_t len = 0;

    if (json->redact) {
        put_redacted(json, record, fields, count, true);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        len += text_of(record, &fields[i]).len;
    }
    put_texts(json, record, fields, NULL, count, len);
}

void json_texts_set(struct json *json, const void *record, const struct json_field *fields, size_t count)
{
    uint8_t picks[JSON_FIELDS_MAX];
    size_t set = 0;
    size_t len = 0;

    BUG_ON(count > JSON_FIELDS_MAX);
    if (json->redact) {
        put_redacted(json, record, fields, count, false);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t bytes = text_of(record, &fields[i]).len;

        picks[set] = (uint8_t)i;
        set += bytes != 0;
        len += bytes;
    }
    put_texts(json, record, fields, picks, set, len);
}

/* --- numbers --- */

/* Less than 10,000, without a branch on how many digits there are. */
static inline char *put_four(char *to, unsigned number)
{
    uint32_t pairs = number / 100 | number % 100 << 16;
    uint32_t tens = (pairs * 103 >> 10) & 0x000F000F; /* of both */
    uint32_t digits = (pairs << 8) + tens - tens * 10 * 256 + 0x30303030; /* the first lowest */
    unsigned zeros = (number < 1000) + (number < 100) + (number < 10); /* before it */

    digits >>= 8 * zeros;
    for (int i = 0; i < 4; i++) {
        to[i] = (char)(digits >> 8 * i & 0xFF);
    }
    return to + 4 - zeros;
}

static __attribute__((noinline)) char *put_digits(char *to, unsigned long long number)
{
    if (number < 10000) {
        return put_four(to, (unsigned)number);
    }
    to = put_digits(to, number / 10);
    *to = (char)('0' + number % 10);
    return to + 1;
}

char *json_put_number(char *to, long long number)
{
    if (number >= 0 && number < 10000) {
        return put_four(to, (unsigned)number);
    }
    *to = '-';
    to += number < 0;
    return put_digits(to, number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number);
}

void json_text_and_number(struct json *json, const struct json_ready *before_text, struct str text,
                          const struct json_ready *before_number, long long number)
{
    text = json->redact && text.len ? redact_text(json->redact, text) : text;
    char *to = json_room(json, 1 + JSON_READY_BYTES + text.len + JSON_TEXT_SLACK);

    to = json_put_ready(json_lead(json, to, STR_NULL), before_text);
    if (text.len) {
        json_put_text(json, to, text);
    } else {
        memcpy(to, "null", 4);
        buf_commit_to(json->out, to + 4);
    }
    to = json_put_ready(json_room(json, JSON_READY_BYTES + JSON_NUMBER_BYTES + 1), before_number);
    to = json_put_number(to, number);
    *to = '}';
    buf_commit_to(json->out, to + 1);
}

/* --- lines and indents --- */

static void new_line(struct buf *out, int depth)
{
    buf_add_char(out, '\n');
    for (int i = 0; i < depth; i++) {
        buf_add(out, "  ", 2);
    }
}

/* Where the string ends that begins at `at`. */
static size_t string_end(struct str text, size_t at)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++) {
        at += text.ptr[at] == '\\';
    }
    return at + 1;
}

static bool opens(char c)
{
    return c == '{' || c == '[';
}

static bool closes(char c)
{
    return c == '}' || c == ']';
}

/* Adds the byte at `at` of a document, which is in no string, and what goes with it. */
static void lay_out_byte(struct buf *out, struct str text, size_t at, int *depth)
{
    char c = text.ptr[at];

    *depth += opens(c) - closes(c);
    if (closes(c) && !opens(text.ptr[at - 1])) {
        new_line(out, *depth);
    }
    buf_add_char(out, c);
    if (c == ',' || (opens(c) && !closes(text.ptr[at + 1]))) {
        new_line(out, *depth);
    } else if (c == ':') {
        buf_add_char(out, ' ');
    }
}

void json_lay_out(struct json *json)
{
    struct buf *out = json->out;
    struct buf line;
    int depth = 0;

    buf_init(&line, BUF_NO_LIMIT);
    buf_add(&line, out->ptr + json->from, out->len - json->from);
    out->len = json->from;
    for (size_t at = 0; at < line.len;) {
        size_t end = at + 1;

        if (line.ptr[at] == '"') {
            end = string_end(buf_str(&line), at);
            buf_add(out, line.ptr + at, end - at);
        } else {
            lay_out_byte(out, buf_str(&line), at, &depth);
        }
        at = end;
    }
    buf_fini(&line);
}
