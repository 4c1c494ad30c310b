#include "base/utf8.h"
#include "ndr/decode.h"

/* Named entities that occur in reports; the rest stays as it is written. */
static const struct {
    const char *name;
    uint32_t code;
} entities[] = {
    {"amp", '&'},       {"lt", '<'},        {"gt", '>'},        {"quot", '"'},      {"apos", '\''},
    {"nbsp", 0x00A0},   {"copy", 0x00A9},   {"reg", 0x00AE},    {"laquo", 0x00AB},  {"raquo", 0x00BB},
    {"auml", 0x00E4},   {"ouml", 0x00F6},   {"uuml", 0x00FC},   {"Auml", 0x00C4},   {"Ouml", 0x00D6},
    {"Uuml", 0x00DC},   {"szlig", 0x00DF},  {"eacute", 0x00E9}, {"egrave", 0x00E8}, {"agrave", 0x00E0},
    {"ecirc", 0x00EA},  {"acirc", 0x00E2},  {"ccedil", 0x00E7}, {"ocirc", 0x00F4},  {"ntilde", 0x00F1},
    {"oacute", 0x00F3}, {"aacute", 0x00E1}, {"iacute", 0x00ED}, {"uacute", 0x00FA}, {"atilde", 0x00E3},
    {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"ldquo", 0x201C},
    {"rdquo", 0x201D},  {"bull", 0x2022},   {"hellip", 0x2026}, {"rarr", 0x2192},   {"middot", 0x00B7},
};

/* Elements that end a line before and behind them. */
static const char *const blocks[] = {
    "p",  "div", "br", "tr",    "li",         "ul", "ol", "table", "h1",      "h2",   "h3",
    "h4", "h5",  "h6", "title", "blockquote", "hr", "dd", "dt",    "section", "body", "pre",
};

/* Elements whose content is no text. */
static const char *const hidden[] = {"script", "style", "svg"};

struct html {
    struct str in;
    size_t pos;
    struct buf out;
    bool blank;       /* a blank is due before the next character */
    struct str until; /* inside a hidden element: its name */
};

static bool is_one_of(struct str name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(name, str_from(list[i]))) {
            return true;
        }
    }
    return false;
}

static void html_newline(struct html *h)
{
    h->blank = false;
    if (h->out.len && h->out.ptr[h->out.len - 1] != '\n') {
        buf_add_char(&h->out, '\n');
    }
}

static void html_put(struct html *h, uint32_t code)
{
    if (h->blank && h->out.len && h->out.ptr[h->out.len - 1] != '\n') {
        buf_add_char(&h->out, ' ');
    }
    h->blank = false;
    utf8_add(&h->out, code);
}

/* "&amp;" or "&#8222;" or "&#x201e;" at pos; false when it is none. */
static bool html_entity(struct html *h)
{
    struct str rest = str_sub(h->in, h->pos + 1, 10);
    size_t end = str_find_char(rest, ';', 0);
    uint32_t code = 0;

    if (end == STR_NPOS || end == 0) {
        return false;
    }
    rest.len = end;
    if (rest.ptr[0] == '#') {
        bool hex = rest.len > 1 && str_lower_char(rest.ptr[1]) == 'x';

        for (size_t i = hex ? 2 : 1; i < rest.len; i++) {
            char c = str_lower_char(rest.ptr[i]);

            if (!str_is_digit(c) && !(hex && c >= 'a' && c <= 'f')) {
                return false;
            }
            code = code * (hex ? 16 : 10) + (uint32_t)(str_is_digit(c) ? c - '0' : c - 'a' + 10);
        }
    } else {
        for (size_t i = 0; i < sizeof entities / sizeof entities[0] && !code; i++) {
            code = str_equal(rest, str_from(entities[i].name)) ? entities[i].code : 0;
        }
    }
    if (code == 0 || code > 0x10FFFF) {
        return false;
    }
    if (code == 0x00A0 || code == ' ' || code == '\n') {
        h->blank = true;
    } else {
        html_put(h, code);
    }
    h->pos += end + 2;
    return true;
}

/* End of the tag or comment that starts at pos; STR_NPOS when it never ends. */
static size_t html_tag_end(const struct html *h)
{
    if (str_starts(str_sub(h->in, h->pos, 4), STR_LIT("<!--"))) {
        size_t end = str_find(h->in, STR_LIT("-->"), h->pos + 4);

        return end == STR_NPOS ? STR_NPOS : end + 3;
    }
    size_t end = str_find_char(h->in, '>', h->pos);

    return end == STR_NPOS ? STR_NPOS : end + 1;
}

/* A tag starts at pos: "<" and a letter, "/" or "!".  False when it is text. */
static bool html_tag(struct html *h, bool *no_more_tags)
{
    char next = h->pos + 1 < h->in.len ? h->in.ptr[h->pos + 1] : ' ';
    size_t name = h->pos + 1 + (next == '/');
    size_t name_end = name;

    if (!str_is_alnum(next) && next != '/' && next != '!' && next != '?') {
        return false;
    }
    while (name_end < h->in.len && str_is_alnum(h->in.ptr[name_end])) {
        name_end++;
    }
    struct str tag = str_sub(h->in, name, name_end - name);

    /* "<user@example.com>" is an address that somebody did not escape. */
    if (next != '/' && name_end < h->in.len &&
        (h->in.ptr[name_end] == '@' || h->in.ptr[name_end] == '.' || h->in.ptr[name_end] == '_')) {
        return false;
    }
    size_t end = html_tag_end(h);

    if (end == STR_NPOS) {
        *no_more_tags = true;
        return false;
    }
    h->pos = end;
    if (h->until.len) {
        if (next == '/' && str_equal_nocase(tag, h->until)) {
            h->until = STR_NULL;
        }
        return true;
    }
    if (is_one_of(tag, blocks, sizeof blocks / sizeof blocks[0])) {
        html_newline(h);
    } else if (str_equal_nocase(tag, STR_LIT("td")) || str_equal_nocase(tag, STR_LIT("th"))) {
        h->blank = true;
    } else if (next != '/' && is_one_of(tag, hidden, sizeof hidden / sizeof hidden[0])) {
        h->until = tag;
    }
    return true;
}

void ndr_stage_html(struct arena *arena, struct ndr_stage *stage)
{
    struct html h = {.in = stage->text};
    bool no_more_tags = false;
    size_t mark = 0;

    buf_init(&h.out, NDR_PART_TEXT_MAX_BYTES);
    while (h.pos < h.in.len) {
        while (mark < stage->count && stage->marks[mark].at <= h.pos) {
            stage->marks[mark++].at = (uint32_t)h.out.len;
        }
        unsigned char c = (unsigned char)h.in.ptr[h.pos];

        if (c == '<' && !no_more_tags && html_tag(&h, &no_more_tags)) {
            continue;
        }
        if (h.until.len) {
            h.pos++;
        } else if (str_is_blank((char)c)) {
            h.blank = true;
            h.pos++;
        } else if (c == '&' && html_entity(&h)) {
            continue;
        } else {
            if (h.blank && h.out.len && h.out.ptr[h.out.len - 1] != '\n') {
                buf_add_char(&h.out, ' ');
            }
            h.blank = false;
            buf_add_char(&h.out, (char)c);
            h.pos++;
        }
    }
    while (mark < stage->count) {
        stage->marks[mark++].at = (uint32_t)h.out.len;
    }
    stage->text = str_dup(arena, buf_str(&h.out));
    buf_fini(&h.out);
}
