#include "cli/json.h"

#include "base/filter.h"
#include "base/scan.h"

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

/* Most texts have nothing to escape: they are copied with their quotes at once. */
void json_put_text(struct json *json, struct str text)
{
    struct buf *out = json->out;

    text = json->redact ? redact_text(json->redact, text) : text;
    char *to = buf_reserve(out, text.len + SCAN_SLACK + 2);

    if (!to) {
        buf_add_char(out, '"');
        filter_json(out, text);
        buf_add_char(out, '"');
        return;
    }
    *to = '"';
    size_t plain = scan_copy_safe(text, 0, to + 1);

    if (plain == text.len) {
        to[plain + 1] = '"';
        buf_commit(out, plain + 2);
        return;
    }
    buf_commit(out, plain + 1);
    filter_json(out, str_sub(text, plain, text.len));
    buf_add_char(out, '"');
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
