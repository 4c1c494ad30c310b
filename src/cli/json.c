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
    filter_json(json->out, str_sub(text, at, text.len));
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

void json_put_number(struct json *json, long long number)
{
    char room[24];
    char *at = room + sizeof room;
    unsigned long long rest = number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) {
        *--at = '-';
    }
    buf_add(json->out, at, (size_t)(room + sizeof room - at));
}
