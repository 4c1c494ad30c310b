#include "cli/json.h"

#include "base/filter.h"

static void begin(struct json *json, const char *key)
{
    if (json->comma) {
        buf_add_char(json->out, ',');
    }
    if (json->pretty && json->depth) {
        buf_add_char(json->out, '\n');
        for (int i = 0; i < json->depth; i++) {
            buf_add_z(json->out, "  ");
        }
    }
    if (key) {
        buf_add_char(json->out, '"');
        buf_add_z(json->out, key);
        buf_add(json->out, "\":", 2);
        if (json->pretty) {
            buf_add_char(json->out, ' ');
        }
    }
    json->comma = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
    begin(json, key);
    buf_add_char(json->out, bracket);
    json->comma = false;
    json->depth++;
}

void json_close(struct json *json, char bracket)
{
    bool empty = !json->comma;

    json->depth--;
    if (json->pretty && !empty) {
        buf_add_char(json->out, '\n');
        for (int i = 0; i < json->depth; i++) {
            buf_add_z(json->out, "  ");
        }
    }
    buf_add_char(json->out, bracket);
    json->comma = true;
}

void json_text(struct json *json, const char *key, struct str text)
{
    begin(json, key);
    buf_add_char(json->out, '"');
    filter_json(json->out, json->redact ? redact_text(json->redact, text) : text);
    buf_add_char(json->out, '"');
}

void json_text_or_null(struct json *json, const char *key, struct str text)
{
    if (text.len) {
        json_text(json, key, text);
    } else {
        json_nothing(json, key);
    }
}

void json_number(struct json *json, const char *key, long long number)
{
    begin(json, key);
    buf_addf(json->out, "%lld", number);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin(json, key);
    buf_add_z(json->out, value ? "true" : "false");
}

void json_nothing(struct json *json, const char *key)
{
    begin(json, key);
    buf_add_z(json->out, "null");
}
