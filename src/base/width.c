#include "base/width.h"

#include <uniwidth.h>

#include "base/utf8.h"

int width_of_code(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F) {
        return 1;
    }
    int cells = uc_width((ucs4_t)code, "UTF-8");

    return cells < 0 ? 1 : cells;
}

size_t width_of(struct str text)
{
    size_t cells = 0;

    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);

        cells += code == UTF8_INVALID ? 1 : (size_t)width_of_code(code);
    }
    return cells;
}

struct str width_cut(struct str text, size_t cells)
{
    size_t used = 0;
    size_t end = 0;

    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);

        used += code == UTF8_INVALID ? 1 : (size_t)width_of_code(code);
        if (used > cells) {
            break;
        }
        end = pos;
    }
    return str_sub(text, 0, end);
}

bool width_next_line(struct str *rest, size_t cells, struct str *line)
{
    if (rest->len == 0) {
        return false;
    }
    size_t newline = str_find_char(*rest, '\n', 0);
    struct str whole = newline == STR_NPOS ? *rest : str_sub(*rest, 0, newline);
    struct str head = width_cut(whole, cells ? cells : 1);

    if (head.len == whole.len) {
        *line = whole;
        *rest = str_sub(*rest, newline == STR_NPOS ? rest->len : newline + 1, rest->len);
        return true;
    }
    if (head.len == 0) {
        /* Not even one character fits: take one, so that the caller moves on. */
        size_t pos = 0;

        utf8_next(whole, &pos);
        head = str_sub(whole, 0, pos);
    }
    size_t cut = head.len;

    if (whole.ptr[cut] != ' ') {
        while (cut > 0 && head.ptr[cut - 1] != ' ') {
            cut--;
        }
    }
    size_t text = cut;

    while (text > 0 && whole.ptr[text - 1] == ' ') {
        text--;
    }
    if (text == 0) {
        cut = text = head.len;
    }
    *line = str_sub(whole, 0, text);
    while (cut < whole.len && whole.ptr[cut] == ' ') {
        cut++;
    }
    *rest = str_sub(*rest, cut, rest->len);
    return true;
}
