#include "ui/page.h"

#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"

enum {
    PAGE_INDENT = 2,
    PAGE_STEP_INDENT = 5,
    PAGE_PAIR_CELLS = 13,
    PAGE_QUOTE_CELLS = 8,
    PAGE_TEXT_MIN = 12,
};

/* How the text of a block stands on the page. */
struct page_shape {
    struct str lead;
    enum style lead_style;
    enum style style;
    int lead_col;
    int col;
};

struct str page_text(struct arena *arena, struct str text, unsigned filter)
{
    struct str visible = filter_dup(arena, text, filter | FILTER_LINES);

    if (str_find_char(visible, '\t', 0) == STR_NPOS) {
        return visible;
    }
    char *copy = str_dup_z(arena, visible);

    for (size_t i = 0; i < visible.len; i++) {
        copy[i] = copy[i] == '\t' ? ' ' : copy[i];
    }
    return str_make(copy, visible.len);
}

void page_init(struct page *page, struct arena *arena, int width, unsigned filter)
{
    *page = (struct page){
        .arena = arena, .width = width, .pair_cells = PAGE_PAIR_CELLS, .filter = filter};
}

static struct page_line *add_line(struct page *page, size_t block, const struct page_shape *shape,
                                  int col, struct str text)
{
    struct page_line *line = VEC_PUSH(page->arena, page->lines, page->count, page->capacity);

    *line = (struct page_line){.text = text, .style = shape->style, .col = col, .block = block};
    return line;
}

void page_gap(struct page *page)
{
    struct page_shape shape = {.style = STYLE_TEXT};

    add_line(page, 0, &shape, 0, STR_NULL);
}

/* Adds the text of a block, wrapped; what follows an item's hyphen is indented. */
static void add_wrapped(struct page *page, size_t block, const struct page_shape *shape,
                        struct str text)
{
    size_t first = page->count;
    struct str paragraph;

    if (text.len == 0) {
        add_line(page, block, shape, shape->col, text);
    }
    while (str_next_line(&text, &paragraph)) {
        int hang = str_starts(paragraph, STR_LIT("- ")) ? 2 : 0;
        int col = shape->col;
        struct str line;

        if (paragraph.len == 0) {
            add_line(page, block, shape, col, STR_NULL);
        }
        for (bool more = true; more;) {
            int cells = page->width - col < PAGE_TEXT_MIN ? PAGE_TEXT_MIN : page->width - col;

            more = width_next_line(&paragraph, (size_t)cells, &line);
            if (more) {
                add_line(page, block, shape, col, line);
            }
            col = shape->col + hang;
        }
    }
    page->lines[first].lead = shape->lead;
    page->lines[first].lead_style = shape->lead_style;
    page->lines[first].lead_col = shape->lead_col;
}

static struct str shell_sign(struct str shell)
{
    if (str_equal(shell, STR_LIT("sh"))) {
        return STR_LIT("$");
    }
    if (str_equal(shell, STR_LIT("powershell"))) {
        return STR_LIT("PS>");
    }
    return str_equal(shell, STR_LIT("cmd")) ? STR_LIT("C:>") : STR_NULL;
}

static struct page_shape command_shape(const struct doc_block *block)
{
    struct page_shape shape = {.lead = shell_sign(block->label),
                               .lead_style = STYLE_SHELL,
                               .style = STYLE_COMMAND,
                               .lead_col = PAGE_STEP_INDENT};

    shape.col = shape.lead_col + (int)shape.lead.len + (shape.lead.len > 0);
    return shape;
}

/* An aside: a note, or what its label says. */
static struct page_shape note_shape(struct str label)
{
    struct page_shape shape = {.lead = label.len ? label : str_from(_("Note")),
                               .lead_style = STYLE_LABEL,
                               .style = STYLE_NOTE,
                               .lead_col = PAGE_INDENT};

    shape.col = shape.lead_col + (int)width_of(shape.lead) + 2;
    return shape;
}

static struct page_shape shape_of(struct page *page, const struct doc_block *block,
                                  struct str label)
{
    struct page_shape shape = {.style = STYLE_TEXT, .lead_col = PAGE_INDENT, .col = PAGE_INDENT};

    switch (block->kind) {
    case DOC_TITLE:
        return (struct page_shape){label, STYLE_CODE, STYLE_TITLE, 0,
                                   label.len ? (int)width_of(label) + 2 : 0};
    case DOC_HEADING:
        return (struct page_shape){.style = STYLE_HEADING};
    case DOC_COMMAND:
        return command_shape(block);
    case DOC_PAIR:
        shape.lead = label;
        shape.lead_style = STYLE_LABEL;
        shape.col += (int)width_of(label) < page->pair_cells ? page->pair_cells
                                                             : (int)width_of(label) + 1;
        break;
    case DOC_ITEM:
        shape.lead = STR_LIT("-");
        shape.col += 2;
        break;
    case DOC_STEP:
        shape.lead = str_printf(page->arena, "%2u", block->number);
        shape.lead_style = STYLE_CODE;
        shape.col = PAGE_STEP_INDENT;
        break;
    case DOC_QUOTE:
        shape.lead = block->number ? str_printf(page->arena, "%6u", block->number)
                                   : STR_LIT("     -");
        shape.lead_style = STYLE_NUMBER;
        shape.style = STYLE_QUOTE;
        shape.col += PAGE_QUOTE_CELLS;
        break;
    case DOC_LINK:
        shape.style = STYLE_LINK;
        shape.col += 2;
        break;
    case DOC_NOTE:
        return note_shape(label);
    case DOC_PARAGRAPH:
        break;
    }
    return shape;
}

/* Whether an empty line stands between two blocks. */
static bool needs_gap(const struct doc_block *before, const struct doc_block *block)
{
    if (before->kind == DOC_HEADING || (block->kind == DOC_COMMAND && before->kind == DOC_STEP)) {
        return false;
    }
    if (before->kind == DOC_TITLE) {
        return block->kind != DOC_TITLE;
    }
    if (block->kind == DOC_HEADING || block->kind == DOC_PARAGRAPH || block->kind == DOC_NOTE) {
        return true;
    }
    return before->kind != block->kind && !(before->kind == DOC_COMMAND && block->kind == DOC_STEP);
}

static void add_block(struct page *page, size_t index, const struct doc_block *block)
{
    struct str label = page_text(page->arena, block->label, page->filter);
    struct str text = page_text(page->arena, block->text, page->filter);
    struct page_shape shape = shape_of(page, block, label);
    struct page_shape aside = {.style = STYLE_LABEL};

    if (block->kind == DOC_LINK && label.len) {
        add_line(page, index, &(struct page_shape){.style = STYLE_TEXT}, PAGE_INDENT, label);
    }
    add_wrapped(page, index, &shape, text);
    if (block->kind == DOC_QUOTE && label.len) {
        add_line(page, index, &aside, shape.col, str_printf(page->arena, "(%.*s)", (int)label.len,
                                                            label.ptr));
    }
}

void page_add(struct page *page, const struct doc *doc)
{
    for (size_t i = 0; i < doc->count; i++) {
        if (i > 0 && !page->is_tight && needs_gap(&doc->blocks[i - 1], &doc->blocks[i])) {
            page_gap(page);
        }
        add_block(page, i, &doc->blocks[i]);
    }
}

size_t page_hits(const struct page *page, struct str word)
{
    size_t count = 0;

    for (size_t i = 0; word.len && i < page->count; i++) {
        struct str text = page->lines[i].text;
        size_t at = str_find_nocase(text, word, 0);

        while (at != STR_NPOS) {
            count++;
            at = str_find_nocase(text, word, at + word.len);
        }
    }
    return count;
}

bool page_hit(const struct page *page, struct str word, size_t index, struct page_hit *hit)
{
    for (size_t i = 0; word.len && i < page->count; i++) {
        struct str text = page->lines[i].text;
        size_t at = str_find_nocase(text, word, 0);

        while (at != STR_NPOS) {
            if (index-- == 0) {
                *hit = (struct page_hit){i, at};
                return true;
            }
            at = str_find_nocase(text, word, at + word.len);
        }
    }
    return false;
}

void page_paint(const struct page *page, struct box box, size_t top, struct str word,
                const struct page_hit *now)
{
    for (int row = 0; row < box.rows && top + (size_t)row < page->count; row++) {
        size_t index = top + (size_t)row;
        const struct page_line *line = &page->lines[index];

        paint_text(box.row + row, box.col + line->lead_col, box.cols - line->lead_col,
                   line->lead_style, line->lead);
        paint_found(box.row + row, box.col + line->col, box.cols - line->col, line->style,
                    line->text, word, now && now->line == index ? now->at : STR_NPOS);
    }
}
