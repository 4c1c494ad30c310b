#include "base/utf8.h"

#include "base/scan.h"

uint32_t utf8_next(struct str s, size_t *pos)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *pos;
    size_t left = s.len - *pos;
    uint32_t code = p[0];
    size_t need = 0;
    uint32_t least = 0;

    *pos += 1;
    if (code < 0x80) {
        return code;
    }
    if (code >= 0xC2 && code <= 0xDF) {
        need = 1, least = 0x80, code &= 0x1F;
    } else if (code >= 0xE0 && code <= 0xEF) {
        need = 2, least = 0x800, code &= 0x0F;
    } else if (code >= 0xF0 && code <= 0xF4) {
        need = 3, least = 0x10000, code &= 0x07;
    } else {
        return UTF8_INVALID;
    }
    if (left <= need) {
        return UTF8_INVALID;
    }
    for (size_t i = 1; i <= need; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return UTF8_INVALID;
        }
        code = code << 6 | (p[i] & 0x3F);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return UTF8_INVALID;
    }
    *pos += need;
    return code;
}

size_t utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            return 0;
        }
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    if (code > 0x10FFFF) {
        return 0;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

void utf8_add(struct buf *buf, uint32_t code)
{
    char bytes[4];

    buf_add(buf, bytes, utf8_put(code, bytes));
}

bool utf8_is_valid(struct str s)
{
    for (size_t pos = scan_not_ascii(s, 0); pos < s.len; pos = scan_not_ascii(s, pos)) {
        if (utf8_next(s, &pos) == UTF8_INVALID) {
            return false;
        }
    }
    return true;
}

/* Ranges that can change how a terminal or a reader sees the text around them, ascending. */
static const struct {
    uint32_t first;
    uint32_t last;
} utf8_unsafe[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x061C, 0x061C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
    {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0x2FFFE, 0x2FFFF}, {0x3FFFE, 0x10FFFF},
};

bool utf8_is_printable(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F) {
        return true;
    }
    for (size_t i = 0; i < sizeof utf8_unsafe / sizeof utf8_unsafe[0]; i++) {
        if (code <= utf8_unsafe[i].last) {
            return code < utf8_unsafe[i].first;
        }
    }
    return false;
}
