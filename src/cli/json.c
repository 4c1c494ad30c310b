#include "cli/json.h"

#include "base/filter.h"

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

void json_close(struct json *json, char bracket)
{
    bool empty = !json->comma;

    json->depth--;
    if (json->pretty && !empty) {
        indent(json);
    }
    buf_add_char(json->out, bracket);
    json->comma = true;
}

void json_put_text(struct json *json, struct str text)
{
    buf_add_char(json->out, '"');
    filter_json(json->out, json->redact ? redact_text(json->redact, text) : text);
    buf_add_char(json->out, '"');
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
