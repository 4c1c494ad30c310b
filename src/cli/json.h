/* A small streaming JSON writer: commas and escapes are its business. */
#ifndef NDR_CLI_JSON_H
#define NDR_CLI_JSON_H

#include <stdalign.h>

#include "session/redact.h"

enum { JSON_READABLE = 2, JSON_WIDE = 64 };

struct json {
    struct buf *out; /* without a ceiling */
    bool comma;      /* a value stands before this one */
    int depth;
    struct redact *redact; /* for every text, NULL for none */
    bool pretty; /* line ends and indents; off for one line a document */
    size_t from; /* where the document begins in `out` */
    /* Where texts begin of which JSON_WIDE bytes can be read however short they are: nothing hangs on their length. */
    struct json_readable {
        uintptr_t first;
        size_t count;
    } readable[JSON_READABLE];
};

/* Texts in these bytes, which stay as long as the document is written, may be read to the end of all of them. */
void json_may_read(struct json *json, int which, struct str bytes);

/* Room for `len` bytes more; what was written there is committed by buf_commit_to(). */
char *json_grow(struct json *json, size_t len);

static inline char *json_room(struct json *json, size_t len)
{
    struct buf *out = json->out;

    return out->len + len <= out->room ? out->ptr + out->len : json_grow(json, len);
}

/* Writes comma and key where room was made for key.len + JSON_LEAD_BYTES, and gives the place behind.  Keys have no
 * bytes inside of lists. */
enum { JSON_LEAD_BYTES = 4 };
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

/* A text where room was made for it and JSON_TEXT_SLACK bytes more, which is committed with it. */
enum { JSON_QUOTES_MAX = 16, JSON_TEXT_SLACK = JSON_WIDE + JSON_QUOTES_MAX + 2 };
void json_put_text(struct json *json, char *to, struct str text);

/* A number where room was made for it; gives the place behind. */
enum { JSON_NUMBER_BYTES = 24 };
char *json_put_number(char *to, long long number);

/* A text of a record: its key, and where in the record it is. */
enum { JSON_KEY_BYTES = 24 };
struct json_field {
    alignas(8) char key[JSON_KEY_BYTES]; /* with quotes and colon, then NULs */
    uint16_t len;
    uint16_t at; /* of a struct str */
};
#define JSON_FIELD(name, record, member)                                                           \
    {                                                                                              \
        "\"" name "\":", sizeof(name) + 2, offsetof(record, member)                                \
    }

/* The texts of a record in a row; null for an empty one. */
void json_texts(struct json *json, const void *record, const struct json_field *fields, size_t count);
#define JSON_TEXTS(json, record, fields) json_texts((json), (record), (fields), sizeof(fields) / sizeof *(fields))

/* The same without the empty ones. */
enum { JSON_FIELDS_MAX = 64 };
void json_texts_set(struct json *json, const void *record, const struct json_field *fields, size_t count);

/* Puts line ends and indents into the document. */
void json_lay_out(struct json *json);

static inline void json_close(struct json *json, char bracket) /* '}' or ']' */
{
    char *to = json_room(json, 1);

    *to = bracket;
    buf_commit(json->out, 1);
    json->comma = true;
    if (--json->depth == 0 && json->pretty) {
        json_lay_out(json);
    }
}

/* Keys and values that are JSON already, with NULs behind so that they can be copied whatever their length is. */
enum { JSON_READY_BYTES = 48 };
struct json_ready {
    char bytes[JSON_READY_BYTES];
    size_t len;
};
#define JSON_READY(text) {text, sizeof(text) - 1}

static inline char *json_put_ready(char *to, const struct json_ready *ready)
{
    memcpy(to, ready->bytes, JSON_READY_BYTES);
    return to + ready->len;
}

/* An object of a text (null for an empty one) and a number: what stands before them, and '}'. */
void json_text_and_number(struct json *json, const struct json_ready *before_text, struct str text,
                          const struct json_ready *before_number, long long number);

/* In place, so that the length of a key is known when the program is made. */
#define IN_PLACE static inline __attribute__((always_inline))

/* A value of few bytes that needs no care. */
IN_PLACE void json_plain(struct json *json, const char *key, struct str value)
{
    char *to = json_lead(json, json_room(json, str_from(key).len + JSON_LEAD_BYTES + value.len), str_from(key));

    memcpy(to, value.ptr, value.len);
    buf_commit_to(json->out, to + value.len);
}

IN_PLACE void json_open(struct json *json, const char *key, char bracket) /* '{' or '[' */
{
    if (json->depth++ == 0) {
        json->from = json->out->len;
    }
    json_plain(json, key, str_make(&bracket, 1));
    json->comma = false;
}

IN_PLACE void json_text(struct json *json, const char *key, struct str text) /* also when empty */
{
    text = json->redact ? redact_text(json->redact, text) : text;
    char *to = json_room(json, str_from(key).len + JSON_LEAD_BYTES + text.len + JSON_TEXT_SLACK);

    json_put_text(json, json_lead(json, to, str_from(key)), text);
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
    char *to = json_room(json, str_from(key).len + JSON_LEAD_BYTES + JSON_NUMBER_BYTES);

    buf_commit_to(json->out, json_put_number(json_lead(json, to, str_from(key)), number));
}

IN_PLACE void json_bool(struct json *json, const char *key, bool value)
{
    json_plain(json, key, value ? STR_LIT("true") : STR_LIT("false"));
}

#endif
