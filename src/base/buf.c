#include "base/buf.h"

#include <stdio.h>

void buf_init(struct buf *buf, size_t limit)
{
    *buf = (struct buf){.limit = limit};
}

void buf_fini(struct buf *buf)
{
    mem_free(buf->ptr);
    buf_init(buf, buf->limit);
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->dropped = 0;
}

char *buf_grow(struct buf *buf, size_t len)
{
    if (len > buf->limit || buf->len > buf->limit - len) {
        return NULL;
    }
    if (buf->room - buf->len < len || buf->room == 0) { /* a place even for no bytes */
        size_t room = buf->room ? buf->room : 256;

        while (room - buf->len < len) {
            room *= 2;
        }
        buf->ptr = mem_realloc(buf->ptr, room);
        buf->room = room;
    }
    return buf->ptr + buf->len;
}

void buf_add(struct buf *buf, const char *ptr, size_t len)
{
    size_t left = buf->limit - buf->len;

    if (len > left) {
        buf->dropped += len - left;
        len = left;
    }
    if (len) {
        memcpy(buf_reserve(buf, len), ptr, len);
        buf->len += len;
    }
}

void buf_add_str(struct buf *buf, struct str s)
{
    buf_add(buf, s.ptr, s.len);
}

void buf_add_z(struct buf *buf, const char *s)
{
    buf_add(buf, s, strlen(s));
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    int need = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (need < 0) {
        return;
    }
    if ((size_t)need < sizeof text) {
        buf_add(buf, text, (size_t)need);
        return;
    }
    char *place = mem_alloc((size_t)need + 1);

    va_start(args, format);
    vsnprintf(place, (size_t)need + 1, format, args);
    va_end(args);
    buf_add(buf, place, (size_t)need);
    mem_free(place);
}

void buf_drop_front(struct buf *buf, size_t len)
{
    len = len < buf->len ? len : buf->len;
    if (len) {
        memmove(buf->ptr, buf->ptr + len, buf->len - len);
        buf->len -= len;
    }
}
