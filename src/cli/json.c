#include "cli/json.h"

#include "base/filter.h"
#include "base/scan.h"

_Static_assert(JSON_TEXT_SLACK >= SCAN_SLACK + JSON_QUOTES_MAX + 2, "quotes and what scan_copy_safe() may write");

static void indent(struct json *json)
{
    buf_add_char(json->out, '\n');
    for (int i = 0; i < json->depth; i++) {
        buf_add(json->out, "  ", 2);
    }
}

void json_key_pretty(struct json *json, struct str key)
{
    if (json->comma) {
        buf_add_char(json->out, ',');
    }
    if (json->pretty && json->depth) {
        indent(json);
    }
    if (key.ptr) {
        buf_add_char(json->out, '"');
        buf_add_str(json->out, key);
        buf_add(json->out, "\":", 2);
        if (json->pretty) {
            buf_add_char(json->out, ' ');
        }
    }
    json->comma = true;
}

void json_close_pretty(struct json *json, bool empty)
{
    if (!empty) {
        indent(json);
    }
}

/* The rest of a text from byte `at` on, which is to be escaped. */
static __attribute__((noinline)) void put_rest(struct json *json, char *to, struct str text, size_t at)
{
    /* Quotes are in many sentences. */
    for (int quotes = 0; at < text.len && text.ptr[at] == '"' && quotes < JSON_QUOTES_MAX; quotes++) {
        *to++ = '\\';
        *to++ = '"';
        size_t plain = scan_copy_safe(text, ++at, to);

        to += plain;
        at += plain;
    }
    buf_commit_to(json->out, to);
    if (at < text.len) {
        filter_json(json->out, str_sub(text, at, text.len));
    }
    buf_add_char(json->out, '"');
}

void json_put_text_at(struct json *json, char *to, struct str text)
{
    *to++ = '"';
    size_t plain = scan_copy_safe(text, 0, to);

    if (plain < text.len) {
        put_rest(json, to + plain, text, plain);
        return;
    }
    to[plain] = '"';
    buf_commit_to(json->out, to + plain + 1);
}

void json_put_text(struct json *json, struct str text)
{
    text = json->redact ? redact_text(json->redact, text) : text;
    char *to = buf_reserve(json->out, text.len + JSON_TEXT_SLACK);

    if (to) {
        json_put_text_at(json, to, text);
    } else {
        buf_add_char(json->out, '"');
        filter_json(json->out, text);
        buf_add_char(json->out, '"');
    }
}

enum { TEXT_FIELD_BYTES = 1 + JSON_KEY_BYTES + JSON_TEXT_SLACK };

static struct str text_of(const void *record, const struct json_field *field)
{
    return *(const struct str *)((const char *)record + field->at);
}

static void put_texts_pretty(struct json *json, const void *record, const struct json_field *fields, size_t count,
                             bool but_empty)
{
    for (size_t i = 0; i < count; i++) {
        struct str key = str_make(fields[i].key + 1, fields[i].len - 3u);
        struct str text = text_of(record, &fields[i]);

        if (text.len) {
            json_named_text(json, key, text);
        } else if (!but_empty) {
            json_key(json, key);
            buf_add_str(json->out, STR_LIT("null"));
        }
    }
}

/* Writes texts where room was made for keys and quotes of all and for the first text, up to one for which there is
 * none, or with one that needs more care; gives how many. */
static size_t put_texts_at(struct json *json, char *to, const void *record, const struct json_field *fields,
                           size_t count, bool but_empty)
{
    size_t spare = buf_spare(json->out) - count * TEXT_FIELD_BYTES;
    bool comma = json->comma;
    size_t i = 0;

    for (; i < count; i++) {
        struct str text = text_of(record, &fields[i]);

        if (text.len == 0 && but_empty) {
            continue;
        }
        if (text.len > spare) {
            break;
        }
        *to = ',';
        to += comma;
        comma = true;
        memcpy(to, fields[i].key, JSON_KEY_BYTES);
        to += fields[i].len;
        if (text.len == 0) {
            memcpy(to, "null", 4);
            to += 4;
            continue;
        }
        *to++ = '"';
        size_t plain = scan_copy_safe(text, 0, to);

        to += plain;
        if (plain < text.len) {
            json->comma = true;
            put_rest(json, to, text, plain);
            return i + 1;
        }
        *to++ = '"';
        spare -= text.len;
    }
    json->comma = comma;
    buf_commit_to(json->out, to);
    return i;
}

void json_texts(struct json *json, const void *record, const struct json_field *fields, size_t count, bool but_empty)
{
    for (size_t done = 0; count; fields += done, count -= done) {
        size_t need = count * TEXT_FIELD_BYTES + text_of(record, fields).len;
        char *to = json->pretty || json->redact ? NULL : buf_reserve(json->out, need);

        if (!to) {
            put_texts_pretty(json, record, fields, count, but_empty);
            return;
        }
        done = put_texts_at(json, to, record, fields, count, but_empty);
    }
}

static char *put_digits(char *to, unsigned long long number)
{
    char *last = to;

    for (unsigned long long rest = number; rest >= 10; rest /= 10) {
        last++;
    }
    for (char *at = last; at >= to; at--) {
        *at = (char)('0' + number % 10);
        number /= 10;
    }
    return last + 1;
}

static char *put_number(char *to, long long number)
{
    *to = '-';
    to += number < 0;
    return put_digits(to, number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number);
}

void json_put_number_at(struct json *json, char *to, long long number)
{
    buf_commit_to(json->out, put_number(to, number));
}

void json_put_number(struct json *json, long long number)
{
    char room[JSON_NUMBER_BYTES];

    buf_add(json->out, room, (size_t)(put_number(room, number) - room));
}
