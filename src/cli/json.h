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

/* Writes comma and key where room was made for key.len + 4 bytes, and gives the place behind. */
static inline char *json_lead(struct json *json, char *to, struct str key)
{
    *to = ',';
    to += json->comma;
    json->comma = true;
    if (key.ptr) {
        *to = '"';
        memcpy(to + 1, key.ptr, key.len);
        memcpy(to + 1 + key.len, "\":", 2);
        to += key.len + 3;
    }
    return to;
}

/* Room for a key and `len` bytes more on the line; NULL where that way is closed. */
static inline char *json_room(struct json *json, struct str key, size_t len)
{
    return json->pretty ? NULL : buf_reserve(json->out, key.len + 4 + len);
}

static inline void json_key(struct json *json, struct str key)
{
    char *to = json_room(json, key, 0);

    if (to) {
        buf_commit_to(json->out, json_lead(json, to, key));
    } else {
        json_key_pretty(json, key);
    }
}

/* A text where room was made for it and JSON_TEXT_SLACK bytes more, which is committed with it. */
enum { JSON_QUOTES_MAX = 16, JSON_TEXT_SLACK = 24 + JSON_QUOTES_MAX };
void json_put_text_at(struct json *json, char *to, struct str text);
void json_put_text(struct json *json, struct str text);

/* A number where room was made for it, which is committed with it. */
enum { JSON_NUMBER_BYTES = 24 };
void json_put_number_at(struct json *json, char *to, long long number);
void json_put_number(struct json *json, long long number);

/* A text of a record: its key, and where in the record it is. */
enum { JSON_KEY_BYTES = 24 };
struct json_field {
    char key[JSON_KEY_BYTES]; /* with quotes and colon, then NULs */
    uint16_t len;
    uint16_t at; /* of a struct str */
};
#define JSON_FIELD(name, record, member)                                                           \
    {                                                                                              \
        "\"" name "\":", sizeof(name) + 2, offsetof(record, member)                                \
    }

/* The texts of a record in a row; null for an empty one, or nothing with `but_empty`. */
void json_texts(struct json *json, const void *record, const struct json_field *fields, size_t count, bool but_empty);
#define JSON_TEXTS(json, record, fields)                                                           \
    json_texts((json), (record), (fields), sizeof(fields) / sizeof *(fields), false)

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
#define IN_PLACE static inline __attribute__((always_inline))

/* A value of few bytes that needs no care. */
IN_PLACE void json_plain(struct json *json, const char *key, struct str value)
{
    char *to = json_room(json, str_from(key), value.len);

    if (to) {
        to = json_lead(json, to, str_from(key));
        memcpy(to, value.ptr, value.len);
        buf_commit_to(json->out, to + value.len);
    } else {
        json_key_pretty(json, str_from(key));
        buf_add_str(json->out, value);
    }
}

IN_PLACE void json_open(struct json *json, const char *key, char bracket) /* '{' or '[' */
{
    json_plain(json, key, str_make(&bracket, 1));
    json->comma = false;
    json->depth++;
}

IN_PLACE void json_named_text(struct json *json, struct str key, struct str text)
{
    char *to = json->redact ? NULL : json_room(json, key, text.len + JSON_TEXT_SLACK);

    if (to) {
        json_put_text_at(json, json_lead(json, to, key), text);
    } else {
        json_key(json, key);
        json_put_text(json, text);
    }
}

IN_PLACE void json_text(struct json *json, const char *key, struct str text) /* also when empty */
{
    json_named_text(json, str_from(key), text);
}

IN_PLACE void json_nothing(struct json *json, const char *key)
{
    json_plain(json, key, STR_LIT("null"));
}

IN_PLACE void json_text_or_null(struct json *json, const char *key, struct str text)
{
    if (text.len) {
        json_text(json, key, text);
    } else {
        json_nothing(json, key);
    }
}

IN_PLACE void json_number(struct json *json, const char *key, long long number)
{
    char *to = json_room(json, str_from(key), JSON_NUMBER_BYTES);

    if (to) {
        json_put_number_at(json, json_lead(json, to, str_from(key)), number);
    } else {
        json_key_pretty(json, str_from(key));
        json_put_number(json, number);
    }
}

IN_PLACE void json_bool(struct json *json, const char *key, bool value)
{
    json_plain(json, key, value ? STR_LIT("true") : STR_LIT("false"));
}

#endif
