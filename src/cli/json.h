/* A small streaming JSON writer: commas and escapes are its business. */
#ifndef NDR_CLI_JSON_H
#define NDR_CLI_JSON_H

#include "session/redact.h"

struct json {
    struct buf *out;
    bool comma;  /* a value stands before this one */
    int depth;
    struct redact *redact; /* for every text, NULL for none */
    bool pretty; /* line ends and indents; off for one line a document */
};

/* What every value begins with: comma, indent, key.  Keys may be NULL inside of lists. */
void json_key_pretty(struct json *json, struct str key);

static inline void json_key(struct json *json, struct str key)
{
    char *to = json->pretty ? NULL : buf_reserve(json->out, key.len + 4);

    if (!to) {
        json_key_pretty(json, key);
        return;
    }
    char *start = to;

    *to = ',';
    to += json->comma;
    if (key.ptr) {
        *to = '"';
        memcpy(to + 1, key.ptr, key.len);
        memcpy(to + 1 + key.len, "\":", 2);
        to += key.len + 3;
    }
    buf_commit(json->out, (size_t)(to - start));
    json->comma = true;
}

void json_put_text(struct json *json, struct str text);
void json_put_number(struct json *json, long long number);
void json_close_pretty(struct json *json, bool empty);

static inline void json_close(struct json *json, char bracket) /* '}' or ']' */
{
    json->depth--;
    if (json->pretty) {
        json_close_pretty(json, !json->comma);
    }
    buf_add_char(json->out, bracket);
    json->comma = true;
}

/* In place, so that the length of a key is known when the program is made. */
static inline void json_open(struct json *json, const char *key, char bracket) /* '{' or '[' */
{
    json_key(json, str_from(key));
    buf_add_char(json->out, bracket);
    json->comma = false;
    json->depth++;
}

static inline void json_text(struct json *json, const char *key, struct str text) /* also when empty */
{
    json_key(json, str_from(key));
    json_put_text(json, text);
}

static inline void json_nothing(struct json *json, const char *key)
{
    json_key(json, str_from(key));
    buf_add(json->out, "null", 4);
}

static inline void json_text_or_null(struct json *json, const char *key, struct str text)
{
    json_key(json, str_from(key));
    if (text.len) {
        json_put_text(json, text);
    } else {
        buf_add(json->out, "null", 4);
    }
}

static inline void json_number(struct json *json, const char *key, long long number)
{
    json_key(json, str_from(key));
    json_put_number(json, number);
}

static inline void json_bool(struct json *json, const char *key, bool value)
{
    json_key(json, str_from(key));
    buf_add_z(json->out, value ? "true" : "false");
}

#endif
