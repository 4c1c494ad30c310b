#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "session/doc.h"

enum { RENDER_PAIR_CELLS = 12, RENDER_STEP_CELLS = 3 };

/* Whether an empty line stands between two blocks. */
static bool needs_gap(const struct doc_block *before, const struct doc_block *block)
{
    if (!before || block->kind == DOC_COMMAND) {
        return false;
    }
    if (before->kind == DOC_HEADING) {
        return false;
    }
    if (block->kind == DOC_HEADING || block->kind == DOC_PARAGRAPH || block->kind == DOC_NOTE) {
        return true;
    }
    return before->kind != block->kind && before->kind != DOC_COMMAND && before->kind != DOC_TITLE;
}

static void add_blanks(struct buf *out, size_t count)
{
    while (count--) {
        buf_add_char(out, ' ');
    }
}

/* A line that ends inside of an address, a URL or a host runs on to the end of it: a part of one is of
 * no use to anybody. */
static struct str to_word_end(struct str line, struct str *rest)
{
    size_t more = 0;

    if (line.len == 0 || line.ptr + line.len != rest->ptr) {
        return line; /* broken at a blank */
    }
    while (more < rest->len && rest->ptr[more] > ' ' && rest->ptr[more] < 0x7F) {
        more++;
    }
    line.len += more;
    *rest = str_sub(*rest, more, rest->len);
    while (more && rest->len && rest->ptr[0] == ' ') {
        *rest = str_sub(*rest, 1, rest->len);
    }
    return line;
}

/* Lines of `text` wrapped at `width`, the first behind what is already there, the others behind
 * `indent` blanks.  Leaves the last line open. */
static void add_wrapped(struct buf *out, struct str text, size_t indent, size_t width)
{
    struct str line;
    bool first = true;

    while (width_next_line(&text, width > indent + 10 ? width - indent : 10, &line)) {
        if (!first) {
            buf_add_char(out, '\n');
            add_blanks(out, line.len ? indent : 0);
        }
        buf_add_str(out, to_word_end(line, &text));
        first = false;
    }
}

static void text_block(struct buf *out, const struct doc_block *block, struct str label,
                       struct str text, size_t width)
{
    switch (block->kind) {
    case DOC_TITLE:
        if (label.len) {
            buf_add_str(out, label);
            buf_add_z(out, "  ");
        }
        add_wrapped(out, text, label.len ? width_of(label) + 2 : 0, width);
        break;
    case DOC_HEADING:
    case DOC_PARAGRAPH:
        add_wrapped(out, text, 0, width);
        break;
    case DOC_NOTE:
        label = label.len ? label : str_from(_("Note"));
        buf_add_str(out, label);
        buf_add_z(out, ": ");
        add_wrapped(out, text, width_of(label) + 2, width);
        break;
    case DOC_PAIR:
        buf_add_str(out, label);
        if (width_of(label) < RENDER_PAIR_CELLS) {
            add_blanks(out, RENDER_PAIR_CELLS - width_of(label));
        } else {
            buf_add_char(out, '\n');
            add_blanks(out, RENDER_PAIR_CELLS);
        }
        add_wrapped(out, text, RENDER_PAIR_CELLS, width);
        break;
    case DOC_ITEM:
        buf_add_z(out, " - ");
        add_wrapped(out, text, RENDER_STEP_CELLS, width);
        break;
    case DOC_STEP:
        buf_addf(out, "%2u ", block->number);
        add_wrapped(out, text, RENDER_STEP_CELLS, width);
        break;
    case DOC_COMMAND:
        buf_add_z(out, "     ");
        buf_add_str(out, text);
        break;
    case DOC_QUOTE:
        if (block->number) {
            buf_addf(out, "%6u  ", block->number);
        } else {
            buf_add_z(out, "     -  ");
        }
        add_wrapped(out, text, 8, width);
        if (label.len) {
            buf_add_z(out, "\n        (");
            buf_add_str(out, label);
            buf_add_char(out, ')');
        }
        break;
    case DOC_LINK:
        if (label.len) {
            buf_add_str(out, label);
            buf_add_z(out, ":\n");
        }
        buf_add_z(out, "  ");
        buf_add_str(out, text);
        break;
    }
    buf_add_char(out, '\n');
}

/* Markdown needs a backslash before signs that would mark something up. */
static void add_markdown(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\`*_[]<>#|", text.ptr[i])) {
            buf_add_char(out, '\\');
        }
        buf_add_char(out, text.ptr[i]);
    }
}

/* A code span: the fence is one backtick longer than any run inside. */
static void add_code(struct buf *out, struct str text)
{
    size_t run = 0;
    size_t longest = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++) {
        buf_add_char(out, '`');
    }
    buf_add_z(out, longest ? " " : "");
    buf_add_str(out, text);
    buf_add_z(out, longest ? " " : "");
    for (size_t i = 0; i <= longest; i++) {
        buf_add_char(out, '`');
    }
}

static void markdown_block(struct buf *out, const struct doc_block *block, struct str label,
                           struct str text)
{
    switch (block->kind) {
    case DOC_TITLE:
        buf_add_z(out, "# ");
        add_markdown(out, label);
        buf_add_z(out, label.len ? " " : "");
        add_markdown(out, text);
        break;
    case DOC_HEADING:
        buf_add_z(out, "## ");
        add_markdown(out, text);
        break;
    case DOC_PARAGRAPH:
        add_markdown(out, text);
        break;
    case DOC_NOTE:
        buf_add_z(out, "> ");
        add_markdown(out, label);
        buf_add_z(out, label.len ? ": " : "");
        add_markdown(out, text);
        break;
    case DOC_PAIR:
        buf_add_z(out, "- **");
        add_markdown(out, label);
        buf_add_z(out, "**: ");
        add_markdown(out, text);
        break;
    case DOC_ITEM:
        buf_add_z(out, "- ");
        add_markdown(out, text);
        break;
    case DOC_STEP:
        buf_addf(out, "%u. ", block->number);
        add_markdown(out, text);
        break;
    case DOC_COMMAND:
        buf_add_z(out, "   ");
        add_code(out, text);
        break;
    case DOC_QUOTE:
        buf_add_z(out, "- ");
        if (block->number) {
            buf_addf(out, "line %u: ", block->number);
        }
        add_code(out, text);
        if (label.len) {
            buf_add_z(out, " (");
            add_markdown(out, label);
            buf_add_char(out, ')');
        }
        break;
    case DOC_LINK:
        buf_add_z(out, "- ");
        add_markdown(out, label);
        buf_add_z(out, label.len ? ": <" : "<");
        buf_add_str(out, text);
        buf_add_char(out, '>');
        break;
    }
    buf_add_char(out, '\n');
}

static void html_tagged(struct buf *out, const char *tag, struct str text)
{
    buf_addf(out, "<%s>", tag);
    filter_html(out, text);
    buf_addf(out, "</%s>\n", tag);
}

static void html_block(struct buf *out, const struct doc_block *block)
{
    switch (block->kind) {
    case DOC_TITLE:
        buf_add_z(out, "<h1>");
        filter_html(out, block->label);
        buf_add_z(out, block->label.len ? " " : "");
        filter_html(out, block->text);
        buf_add_z(out, "</h1>\n");
        break;
    case DOC_HEADING:
        html_tagged(out, "h2", block->text);
        break;
    case DOC_PARAGRAPH:
        buf_add_z(out, "<p style=\"white-space:pre-line\">");
        filter_html(out, block->text);
        buf_add_z(out, "</p>\n");
        break;
    case DOC_NOTE:
        buf_add_z(out, "<blockquote>");
        filter_html(out, block->label);
        buf_add_z(out, block->label.len ? ": " : "");
        filter_html(out, block->text);
        buf_add_z(out, "</blockquote>\n");
        break;
    case DOC_ITEM:
        html_tagged(out, "li", block->text);
        break;
    case DOC_PAIR:
        buf_add_z(out, "<p><b>");
        filter_html(out, block->label);
        buf_add_z(out, "</b> ");
        filter_html(out, block->text);
        buf_add_z(out, "</p>\n");
        break;
    case DOC_STEP:
        buf_addf(out, "<p>%u. ", block->number);
        filter_html(out, block->text);
        buf_add_z(out, "</p>\n");
        break;
    case DOC_COMMAND:
        html_tagged(out, "pre", block->text);
        break;
    case DOC_QUOTE:
        buf_add_z(out, "<p>");
        if (block->number) {
            buf_addf(out, "line %u: ", block->number);
        }
        html_tagged(out, "code", block->text);
        filter_html(out, block->label);
        buf_add_z(out, "</p>\n");
        break;
    case DOC_LINK:
        buf_add_z(out, "<p>");
        filter_html(out, block->label);
        buf_add_z(out, " <a href=\"");
        filter_html(out, block->text);
        buf_add_z(out, "\">");
        filter_html(out, block->text);
        buf_add_z(out, "</a></p>\n");
        break;
    }
}

void doc_render(const struct doc *doc, enum doc_format format, size_t width, struct buf *out)
{
    if (format == DOC_FORMAT_HTML) {
        buf_add_z(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<title>ndr</title></head><body>\n");
    }
    for (size_t i = 0; i < doc->count; i++) {
        const struct doc_block *block = &doc->blocks[i];
        struct str label = filter_dup(doc->arena, block->label, 0);
        struct str text = filter_dup(doc->arena, block->text, FILTER_LINES);

        if (format == DOC_FORMAT_HTML) {
            html_block(out, block);
            continue;
        }
        if (needs_gap(i ? &doc->blocks[i - 1] : NULL, block)) {
            buf_add_char(out, '\n');
        }
        if (format == DOC_FORMAT_TEXT) {
            text_block(out, block, label, text, width);
        } else {
            markdown_block(out, block, label, text);
        }
    }
    if (format == DOC_FORMAT_HTML) {
        buf_add_z(out, "</body></html>\n");
    }
}
