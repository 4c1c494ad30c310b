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

/* Keys may be NULL inside of lists. */
void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *json, char bracket);                 /* '}' or ']' */
void json_text(struct json *json, const char *key, struct str text);    /* also when empty */
void json_text_or_null(struct json *json, const char *key, struct str text);
void json_number(struct json *json, const char *key, long long number);
void json_bool(struct json *json, const char *key, bool value);
void json_nothing(struct json *json, const char *key);

#endif
