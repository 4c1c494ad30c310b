#include "cli/paste.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/tty.h"

enum { PASTE_QUIET_MS = 100, PASTE_DOT_MS = 50, PASTE_BLOCK_BYTES = 64 << 10 };

#define CONTROL(c) ((c) & 0x1F)

static const char start_mark[] = "\033[200~";
static const char end_mark[] = "\033[201~";

struct paste {
    struct buf *text;
    size_t line_from;  /* where the current line begins */
    size_t shown;      /* so much of the text was shown or need not be */
    size_t matched;    /* bytes of a mark seen at the very end */
    bool is_marked;    /* between the marks of a paste */
    bool has_end;      /* its end mark came; what follows at once still belongs to it */
    bool has_paste;    /* a marked paste is in the text */
    bool was_return;   /* the byte before was CR */
    bool is_cancelled;
    bool is_burst;     /* a paste without marks: silence ends it */
};

/* --- showing what is typed --- */

/* Bytes at the end that begin a character whose rest has not come. */
static size_t begun(struct str text)
{
    for (size_t back = 1; back <= 3 && back <= text.len; back++) {
        unsigned char byte = (unsigned char)text.ptr[text.len - back];

        if (byte >= 0xC0) {
            size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;

            return back < whole ? back : 0;
        }
        if (byte < 0x80) {
            break;
        }
    }
    return 0;
}

/* Text without its controls, which a key may send and nobody wants to see. */
static void add_visible(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte != 0x7F)) {
            buf_add_char(out, (char)byte);
        }
    }
}

static unsigned filter_flags(void)
{
    return FILTER_LINES | (strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? 0 : FILTER_ASCII);
}

/* The terminal does not show what is typed while the text comes in, so we do, through the filter. */
static void show(struct paste *p)
{
    struct str text = str_sub(buf_str(p->text), p->shown, p->text->len);
    struct buf visible;
    struct buf out;

    text.len -= p->matched < text.len ? p->matched : text.len;
    text.len -= begun(text);
    p->shown += text.len;
    buf_init(&visible, BUF_NO_LIMIT);
    buf_init(&out, BUF_NO_LIMIT);
    add_visible(&visible, text);
    filter_text(&out, buf_str(&visible), filter_flags());
    file_write_all(STDOUT_FILENO, buf_str(&out));
    buf_fini(&visible);
    buf_fini(&out);
}

static void erase(struct paste *p)
{
    struct str text = buf_str(p->text);
    size_t from = text.len;

    if (from <= p->line_from) {
        return;
    }
    show(p);
    do {
        from--;
    } while (from > p->line_from && (text.ptr[from] & 0xC0) == 0x80);
    int cells = (int)width_of(str_sub(text, from, text.len));

    p->text->len = from;
    p->shown = from;
    for (int i = 0; i < (cells > 0 ? cells : 1); i++) {
        file_write_all(STDOUT_FILENO, STR_LIT("\b \b"));
    }
}

static void tell_size(struct paste *p)
{
    struct str text = buf_str(p->text);
    size_t lines = 0;
    char line[120];

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n' || i + 1 == text.len;
    }
    int len = snprintf(line, sizeof line, _("%zu lines pasted. Enter ends it; or paste more.\n"), lines);

    file_write_all(STDOUT_FILENO, str_make(line, (size_t)len));
    if (text.len && text.ptr[text.len - 1] != '\n') {
        buf_add_char(p->text, '\n');
    }
    p->line_from = p->shown = p->text->len;
    p->is_marked = false;
    p->has_paste = true;
}

/* --- taking bytes --- */

/* Whether `mark` has come whole with this byte; it is then taken out of the text again. */
static bool take_mark(struct paste *p, const char *mark, char c)
{
    p->matched = c == mark[p->matched] ? p->matched + 1 : c == mark[0];
    if (mark[p->matched]) {
        return false;
    }
    p->matched = 0;
    p->text->len -= p->text->len >= strlen(mark) && p->text->dropped == 0 ? strlen(mark) : 0;
    return true;
}

/* Whether a line that was typed says that the text is complete. */
static bool line_ends_it(const struct paste *p)
{
    struct str line = str_trim(str_sub(buf_str(p->text), p->line_from, p->text->len));

    return str_equal(line, STR_LIT(".")) || (p->has_paste && line.len == 0 && p->line_from == p->text->len - 1);
}

/* Takes a byte; false when the text is complete.  An end counts only where nothing follows at once: a
 * report may hold a line with a dot. */
static bool take_byte(struct paste *p, char c, bool is_last)
{
    if (p->is_marked) {
        buf_add_char(p->text, c);
        p->has_end = take_mark(p, end_mark, c) || p->has_end;
        return true;
    }
    if (c == CONTROL('C')) {
        p->is_cancelled = true;
        return false;
    }
    if (c == CONTROL('D') && is_last) {
        return false;
    }
    if (c == 8 || c == 127) {
        erase(p);
        return true;
    }
    buf_add_char(p->text, c);
    if (take_mark(p, start_mark, c)) {
        show(p);
        p->is_marked = true;
        p->has_end = false;
        return true;
    }
    if (c == '\n') {
        if (is_last && line_ends_it(p)) {
            show(p);
            p->text->len = p->line_from;
            return false;
        }
        p->line_from = p->text->len;
    }
    return true;
}

/* A block as it came; false when the text is complete. */
static bool take_block(struct paste *p, char *block, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool is_second = block[i] == '\n' && p->was_return; /* of CR LF */

        p->was_return = block[i] == '\r';
        if (is_second) {
            continue;
        }
        char c = block[i] == '\r' ? '\n' : block[i];
        bool may_end = !p->is_marked && i + 1 == len && (c == '\n' || c == CONTROL('D'));

        if (!take_byte(p, c, may_end && tty_is_quiet(PASTE_DOT_MS))) {
            return false;
        }
    }
    if (!p->is_marked) {
        show(p);
    }
    return true;
}

/* Reads until the text is complete. */
static void read_all(struct paste *p)
{
    static char block[PASTE_BLOCK_BYTES];

    for (;;) {
        if (p->is_marked && p->has_end && tty_is_quiet(PASTE_QUIET_MS)) {
            if (p->is_burst) {
                return;
            }
            tell_size(p);
        }
        ssize_t len = read(STDIN_FILENO, block, sizeof block);

        if (len < 0 && errno == EINTR && !tty_is_interrupted()) {
            continue;
        }
        p->is_cancelled = p->is_cancelled || tty_is_interrupted();
        if (len <= 0 || !take_block(p, block, (size_t)len)) {
            return;
        }
    }
}

static void take_from_terminal(struct paste *p)
{
    tty_pass_keys();
    tty_mark_pastes(true);
    read_all(p);
    tty_mark_pastes(false);
    tty_hold_keys();
    tty_calm();
}

static void take_from_pipe(struct paste *p)
{
    int c;

    while ((c = getc(stdin)) != EOF) {
        buf_add_char(p->text, (char)c);
        if (c == '\n' && line_ends_it(p)) {
            p->text->len = p->line_from;
            return;
        }
        p->line_from = c == '\n' ? p->text->len : p->line_from;
    }
}

bool paste_take(struct buf *text)
{
    struct paste paste = {.text = text, .line_from = text->len, .shown = text->len};

    if (tty_is_taken()) {
        take_from_terminal(&paste);
    } else {
        take_from_pipe(&paste);
    }
    return !paste.is_cancelled;
}

bool paste_take_rest(struct buf *text)
{
    struct paste paste = {.text = text, .is_marked = true, .has_end = true, .is_burst = true};

    if (!tty_is_taken() || tty_is_quiet(0)) {
        return false;
    }
    take_from_terminal(&paste);
    return true;
}

void paste_take_marked(struct buf *text)
{
    struct paste paste = {.text = text, .is_marked = true, .is_burst = true};

    read_all(&paste);
}
