#include "base/filter.h"

#include "base/scan.h"
#include "base/utf8.h"
#include "base/width.h"

enum { FILTER_MARKS_MAX = 8 };

/* ASCII in place of a sign that people and our own texts use often; NULL where there is none. */
static const char *filter_ascii(uint32_t code)
{
    switch (code) {
    case 0x00A0:
        return " ";
    case 0x00AB:
    case 0x00BB:
    case 0x201C:
    case 0x201D:
    case 0x201E:
        return "\"";
    case 0x2018:
    case 0x2019:
    case 0x201A:
        return "'";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
        return "-";
    case 0x2022:
    case 0x00B7:
        return "*";
    case 0x2026:
        return "...";
    case 0x2192:
        return "->";
    case 0x00E4:
        return "ae";
    case 0x00F6:
        return "oe";
    case 0x00FC:
        return "ue";
    case 0x00DF:
        return "ss";
    default:
        return NULL;
    }
}

static void filter_code(struct buf *out, uint32_t code, unsigned flags)
{
    if ((flags & FILTER_ASCII) && code >= 0x80) {
        const char *plain = filter_ascii(code);

        buf_add_z(out, plain ? plain : "?");
    } else {
        utf8_add(out, code);
    }
}

void filter_text(struct buf *out, struct str text, unsigned flags)
{
    unsigned marks = 0;

    for (size_t pos = 0; pos < text.len;) {
        size_t from = pos;
        unsigned char byte = (unsigned char)text.ptr[pos];

        if (byte >= 0x20 && byte < 0x7F) {
            while (pos < text.len && text.ptr[pos] >= 0x20 && text.ptr[pos] < 0x7F) {
                pos++;
            }
            buf_add(out, text.ptr + from, pos - from);
            marks = 0;
            continue;
        }
        uint32_t code = utf8_next(text, &pos);

        if (code == UTF8_INVALID) {
            buf_addf(out, "<%02X>", byte);
        } else if (code == '\n' || code == '\t') {
            buf_add_char(out, flags & FILTER_LINES ? (char)code : ' ');
        } else if (code == '\r' && pos < text.len && text.ptr[pos] == '\n') {
            continue;
        } else if (code < 0x20 || code == 0x7F) {
            buf_add_char(out, '^');
            buf_add_char(out, (char)(code ^ 0x40));
        } else if (!utf8_is_printable(code)) {
            buf_addf(out, "<U+%04X>", (unsigned)code);
        } else {
            marks = width_of_code(code) == 0 ? marks + 1 : 0;
            if (marks <= FILTER_MARKS_MAX) {
                filter_code(out, code, flags);
            }
        }
    }
}

struct str filter_dup(struct arena *arena, struct str text, unsigned flags)
{
    bool plain = true;

    for (size_t i = 0; i < text.len && plain; i++) {
        plain = text.ptr[i] >= 0x20 && text.ptr[i] < 0x7F;
    }
    if (plain) {
        return text;
    }
    struct buf buf;

    buf_init(&buf, BUF_NO_LIMIT);
    filter_text(&buf, text, flags);
    struct str copy = str_dup(arena, buf_str(&buf));

    buf_fini(&buf);
    return copy;
}

/* One code point that is no plain ASCII. */
static void json_code(struct buf *out, uint32_t code)
{
    if (code == '\n') {
        buf_add_z(out, "\\n");
    } else if (code == '\t') {
        buf_add_z(out, "\\t");
    } else if (code == UTF8_INVALID) {
        buf_add_z(out, "\xEF\xBF\xBD");
    } else if (utf8_is_printable(code)) {
        utf8_add(out, code);
    } else if (code < 0x10000) {
        buf_addf(out, "\\u%04x", (unsigned)code);
    } else {
        code -= 0x10000;
        buf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (code >> 10)),
                 (unsigned)(0xDC00 + (code & 0x3FF)));
    }
}

/* Adds the run of bytes from `pos` on that need no escape. */
static size_t json_run(struct buf *out, struct str text, size_t pos)
{
    char *room = buf_reserve(out, text.len - pos + SCAN_SLACK);

    if (room) {
        size_t plain = scan_copy_safe(text, pos, room);

        buf_commit(out, plain);
        return pos + plain;
    }
    size_t end = scan_unsafe(text, pos);

    buf_add(out, text.ptr + pos, end - pos);
    return end;
}

void filter_json(struct buf *out, struct str text)
{
    for (size_t pos = 0; pos < text.len; pos = json_run(out, text, pos)) {
        unsigned char byte = (unsigned char)text.ptr[pos];

        if (byte == '"' || byte == '\\') {
            buf_add_char(out, '\\');
            buf_add_char(out, (char)byte);
            pos++;
        } else if (byte < 0x20 || byte >= 0x7F) {
            json_code(out, utf8_next(text, &pos));
        }
    }
}

void filter_html(struct buf *out, struct str text)
{
    struct buf visible;

    buf_init(&visible, BUF_NO_LIMIT);
    filter_text(&visible, text, FILTER_LINES);
    for (size_t i = 0; i < visible.len; i++) {
        switch (visible.ptr[i]) {
        case '&':
            buf_add_z(out, "&amp;");
            break;
        case '<':
            buf_add_z(out, "&lt;");
            break;
        case '>':
            buf_add_z(out, "&gt;");
            break;
        case '"':
            buf_add_z(out, "&quot;");
            break;
        case '\'':
            buf_add_z(out, "&#39;");
            break;
        default:
            buf_add_char(out, visible.ptr[i]);
        }
    }
    buf_fini(&visible);
}
