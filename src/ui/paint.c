#include "ui/paint.h"

#include <curses.h>
#include <wchar.h>

#include "base/utf8.h"
#include "base/width.h"
#include "ui/term.h"

enum { PAINT_RUN_MAX = 128 };

struct box box_rows(struct box box, int row, int rows)
{
    row = row > box.rows ? box.rows : row;
    rows = rows > box.rows - row ? box.rows - row : rows;
    return (struct box){box.row + row, box.col, rows < 0 ? 0 : rows, box.cols};
}

struct box box_cols(struct box box, int col, int cols)
{
    col = col > box.cols ? box.cols : col;
    cols = cols > box.cols - col ? box.cols - col : cols;
    return (struct box){box.row, box.col + col, box.rows, cols < 0 ? 0 : cols};
}

/* The code point as it may reach curses: what the C library would measure otherwise than we do, and
 * anything that is no visible character, becomes a question mark. */
static wchar_t safe_code(uint32_t code)
{
    if (code == UTF8_INVALID || !utf8_is_printable(code) || (code >= 0x80 && !terminal.is_utf8)) {
        return L'?';
    }
    return wcwidth((wchar_t)code) == width_of_code(code) ? (wchar_t)code : L'?';
}

/* Writes at the cursor; the text fits. */
static void put(struct str text)
{
    wchar_t run[PAINT_RUN_MAX];
    int len = 0;

    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);

        run[len++] = safe_code(code);
        /* A mark that lost its base must not start a run of its own. */
        if (len >= PAINT_RUN_MAX - 16 && (pos >= text.len || (unsigned char)text.ptr[pos] < 0x80)) {
            addnwstr(run, len);
            len = 0;
        } else if (len == PAINT_RUN_MAX) {
            addnwstr(run, len);
            len = 0;
        }
    }
    if (len) {
        addnwstr(run, len);
    }
}

int paint_text(int row, int col, int cells, enum style style, struct str text)
{
    if (row < 0 || row >= LINES || col < 0 || cells <= 0) {
        return 0;
    }
    struct str fits = width_cut(text, (size_t)cells);

    attrset((attr_t)style_attributes(style));
    move(row, col);
    if (fits.len < text.len) {
        fits = width_cut(text, (size_t)cells - 1);
        put(fits);
        addnwstr(terminal.is_utf8 ? L"…" : L">", 1);
        attrset(A_NORMAL);
        return (int)width_of(fits) + 1;
    }
    put(fits);
    attrset(A_NORMAL);
    return (int)width_of(fits);
}

const char *paint_cut_sign(void)
{
    return terminal.is_utf8 ? "\xE2\x80\xA6" : "..";
}

int paint_z(int row, int col, int cells, enum style style, const char *text)
{
    return paint_text(row, col, cells, style, str_from(text));
}

int paint_right(int row, int col, int cells, enum style style, struct str text)
{
    int width = (int)width_of(text);
    int left = width < cells ? cells - width : 0;

    return paint_text(row, col + left, cells - left, style, text);
}

void paint_look(int row, int col, int cells, enum style style)
{
    unsigned long look = style_attributes(style);

    if (row >= 0 && row < LINES && cells > 0) {
        mvchgat(row, col, cells, (attr_t)look & ~(attr_t)A_COLOR, (short)PAIR_NUMBER((int)look), NULL);
    }
}

void paint_blank(int row, int col, int cells)
{
    attrset(A_NORMAL);
    for (int i = 0; i < cells; i++) {
        mvaddch(row, col + i, ' ');
    }
}

void paint_rule(int row, int col, int cells)
{
    attrset((attr_t)style_attributes(STYLE_RULE));
    move(row, col);
    for (int i = 0; i < cells; i++) {
        addnwstr(terminal.is_utf8 ? L"─" : L"-", 1);
    }
    attrset(A_NORMAL);
}

void paint_divider(int row, int col, int rows)
{
    attrset((attr_t)style_attributes(STYLE_RULE));
    for (int i = 0; i < rows; i++) {
        mvaddnwstr(row + i, col, terminal.is_utf8 ? L"│" : L"|", 1);
    }
    attrset(A_NORMAL);
}

int paint_found(int row, int col, int cells, enum style style, struct str text, struct str word,
                size_t now)
{
    int used = paint_text(row, col, cells, style, text);
    size_t at = word.len ? str_find_nocase(text, word, 0) : STR_NPOS;

    while (at != STR_NPOS) {
        int from = (int)width_of(str_sub(text, 0, at));
        int len = (int)width_of(str_sub(text, at, word.len));

        if (from < used) {
            paint_look(row, col + from, from + len > used ? used - from : len,
                       at == now ? STYLE_HIT_NOW : STYLE_HIT);
        }
        at = str_find_nocase(text, word, at + word.len);
    }
    return used;
}
