/* A growing run of bytes with a ceiling given at birth. */
#ifndef NDR_BASE_BUF_H
#define NDR_BASE_BUF_H

#include "base/arena.h"

/* Owned heap text; buf_fini() frees it.  Bytes beyond `limit` are dropped and counted. */
struct buf {
    char *ptr;
    size_t len;
    size_t room;    /* bytes allocated */
    size_t limit;   /* most bytes it may hold */
    size_t dropped; /* bytes that did not fit */
};

#define BUF_NO_LIMIT ((size_t)-1 / 4)

void buf_init(struct buf *buf, size_t limit);
void buf_fini(struct buf *buf);
void buf_clear(struct buf *buf); /* keeps the memory */
void buf_add(struct buf *buf, const char *ptr, size_t len);
void buf_add_str(struct buf *buf, struct str s);
void buf_add_z(struct buf *buf, const char *s);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for `len` more bytes to be written at the returned place; buf_commit() adds them.  NULL when
 * the ceiling is reached. */
char *buf_grow(struct buf *buf, size_t len);

static inline char *buf_reserve(struct buf *buf, size_t len)
{
    bool fits = buf->len + len < buf->room && buf->len + len <= buf->limit;

    return fits ? buf->ptr + buf->len : buf_grow(buf, len);
}

/* Bytes that can be added without a move. */
static inline size_t buf_spare(const struct buf *buf)
{
    return (buf->room < buf->limit ? buf->room : buf->limit) - buf->len;
}

static inline void buf_commit(struct buf *buf, size_t len)
{
    buf->len += len;
}

/* The same for bytes that were written up to `end`. */
static inline void buf_commit_to(struct buf *buf, const char *end)
{
    buf->len = (size_t)(end - buf->ptr);
}

static inline void buf_add_char(struct buf *buf, char c)
{
    if (buf->len < buf->room && buf->len < buf->limit) {
        buf->ptr[buf->len++] = c;
    } else {
        buf_add(buf, &c, 1);
    }
}

/* Takes the first `len` bytes away. */
void buf_drop_front(struct buf *buf, size_t len);

static inline struct str buf_str(const struct buf *buf)
{
    return str_make(buf->ptr, buf->len);
}

#endif
