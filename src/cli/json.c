#include "cli/json.h"

#include "base/filter.h"

static void indent(struct json *json)
{
    buf_add_char(json->out, '\n');
    for (int i = 0; i < json->depth; i++) {
        buf_add(json->out, "  ", 2);
    }
}

void json_key(struct json *json, struct str key)
{
    if (json->comma) {
        buf_add_char(json->out, ',');
    }
    if (json->pretty && json->depth) {
        indent(json);
    }
    char *room = key.ptr ? buf_reserve(json->out, key.len + 3) : NULL;

    if (room) {
        room[0] = '"';
        memcpy(room + 1, key.ptr, key.len);
        room[key.len + 1] = '"';
        room[key.len + 2] = ':';
        buf_commit(json->out, key.len + 3);
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
    filter_json(json->out, text);
    buf_add_char(json->out, '"');
}

void json_put_number(struct json *json, long long number)
{
    buf_addf(json->out, "%lld", number);
}
