#include "cli/picture.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/filter.h"

/* A tree drawn from left to right: a column a step, a box a node, an arrow an answer. */

enum {
    BOX_WIDTH = 230,
    BOX_MIN_HEIGHT = 42,
    ANSWER_HEIGHT = 11, /* so that the names of a node's answers do not meet */
    COLUMN_GAP = 130, /* room for the names of the answers */
    ROW_GAP = 16,
    MARGIN = 20,
    TITLE_CELLS = 34,
    SWEEPS = 8, /* over all columns, to bring what belongs together side by side */
};

struct box {
    const struct tree_node *node; /* NULL for another tree */
    struct str to;                /* "tree:slug" then */
    int column;
    int row;
    double wish; /* mean row of what leads here */
};

struct picture {
    struct arena arena;
    const struct tree *tree;
    struct box *boxes; /* the nodes in their order, then the other trees */
    size_t count;
    size_t capacity;
    int columns;
    int rows;
    int box_height; /* the same for all */
};

/* Box that an option leads to. */
static size_t target_of(const struct picture *p, const struct tree_option *option)
{
    size_t i = p->tree->node_count;

    if (option->target >= 0) {
        return (size_t)option->target;
    }
    while (i < p->count && !str_equal(p->boxes[i].to, option->to)) {
        i++;
    }
    return i;
}

static void make_boxes(struct picture *p)
{
    for (size_t i = 0; i < p->tree->node_count; i++) {
        *VEC_PUSH(&p->arena, p->boxes, p->count, p->capacity) = (struct box){.node = &p->tree->nodes[i]};
    }
    for (size_t i = 0; i < p->tree->node_count; i++) {
        for (size_t k = 0; k < p->tree->nodes[i].option_count; k++) {
            const struct tree_option *option = &p->tree->nodes[i].options[k];

            if (target_of(p, option) == p->count) {
                *VEC_PUSH(&p->arena, p->boxes, p->count, p->capacity) = (struct box){.to = option->to};
            }
        }
    }
}

static void set_height(struct picture *p)
{
    size_t most = 0;

    for (size_t i = 0; i < p->tree->node_count; i++) {
        size_t count = p->tree->nodes[i].option_count;

        most = count > most ? count : most;
    }
    p->box_height = (int)(most + 1) * ANSWER_HEIGHT;
    p->box_height = p->box_height > BOX_MIN_HEIGHT ? p->box_height : BOX_MIN_HEIGHT;
}

/* Each box stands in the column behind the last of those that lead to it. */
static void set_columns(struct picture *p)
{
    bool moved = true;

    while (moved) {
        moved = false;
        for (size_t i = 0; i < p->tree->node_count; i++) {
            for (size_t k = 0; k < p->tree->nodes[i].option_count; k++) {
                struct box *to = &p->boxes[target_of(p, &p->tree->nodes[i].options[k])];

                if (to->column <= p->boxes[i].column) {
                    to->column = p->boxes[i].column + 1;
                    moved = true;
                }
            }
        }
    }
    for (size_t i = 0; i < p->count; i++) {
        p->columns = p->boxes[i].column >= p->columns ? p->boxes[i].column + 1 : p->columns;
    }
}

static int wish_order(const void *a, const void *b)
{
    const struct box *x = *(const struct box *const *)a;
    const struct box *y = *(const struct box *const *)b;

    return x->wish < y->wish ? -1 : x->wish > y->wish ? 1 : x->row - y->row;
}

/* Rows of one column in the order of the wishes. */
static void order_column(struct picture *p, int column)
{
    struct box **boxes = ARENA_ARRAY(&p->arena, struct box *, p->count);
    size_t count = 0;

    for (size_t i = 0; i < p->count; i++) {
        if (p->boxes[i].column == column) {
            boxes[count++] = &p->boxes[i];
        }
    }
    qsort(boxes, count, sizeof *boxes, wish_order);
    for (size_t i = 0; i < count; i++) {
        boxes[i]->row = (int)i;
    }
    p->rows = (int)count > p->rows ? (int)count : p->rows;
}

static void set_rows(struct picture *p)
{
    double *sum = ARENA_ARRAY(&p->arena, double, p->count);
    int *ways = ARENA_ARRAY(&p->arena, int, p->count);

    for (int column = 0; column < p->columns; column++) {
        order_column(p, column);
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (size_t i = 0; i < p->count; i++) {
            sum[i] = 0;
            ways[i] = 0;
        }
        for (size_t i = 0; i < p->tree->node_count; i++) {
            for (size_t k = 0; k < p->tree->nodes[i].option_count; k++) {
                size_t to = target_of(p, &p->tree->nodes[i].options[k]);

                sum[to] += p->boxes[i].row;
                ways[to]++;
                if (sweep % 2) { /* every other time also from what comes behind */
                    sum[i] += p->boxes[to].row;
                    ways[i]++;
                }
            }
        }
        for (size_t i = 0; i < p->count; i++) {
            p->boxes[i].wish = ways[i] ? sum[i] / ways[i] : p->boxes[i].row;
        }
        for (int column = 0; column < p->columns; column++) {
            order_column(p, column);
        }
    }
}

static int left_of(const struct box *box)
{
    return MARGIN + box->column * (BOX_WIDTH + COLUMN_GAP);
}

static int top_of(const struct picture *p, const struct box *box)
{
    return MARGIN + box->row * (p->box_height + ROW_GAP);
}

static void add_text(struct buf *out, int x, int y, const char *look, struct str text, size_t cells)
{
    struct str cut = text;

    /* Cut between characters; the fonts of a browser are not counted in cells. */
    if (cut.len > cells) {
        cut.len = cells;
        while (cut.len && ((unsigned char)text.ptr[cut.len] & 0xC0) == 0x80) {
            cut.len--;
        }
    }
    buf_addf(out, "<text x=\"%d\" y=\"%d\"%s>", x, y, look);
    filter_html(out, cut);
    buf_add_z(out, cut.len < text.len ? "…</text>\n" : "</text>\n");
}

static const char *color_of(const struct box *box)
{
    if (!box->node) {
        return "#f3e8ff";
    }
    switch (box->node->kind) {
    case TREE_QUESTION:
        return "#ffffff";
    case TREE_CHECK:
        return "#e0f2fe";
    case TREE_INSTRUCTION:
        return "#fef9c3";
    case TREE_OUTCOME:
        break;
    }
    return "#dcfce7";
}

static void draw_arrows(const struct picture *p, struct buf *out)
{
    for (size_t i = 0; i < p->tree->node_count; i++) {
        const struct tree_node *node = &p->tree->nodes[i];

        for (size_t k = 0; k < node->option_count; k++) {
            const struct box *to = &p->boxes[target_of(p, &node->options[k])];
            int x = left_of(&p->boxes[i]) + BOX_WIDTH;
            int y = top_of(p, &p->boxes[i]) + (int)(k + 1) * p->box_height / (int)(node->option_count + 1);
            int end_x = left_of(to);
            int end_y = top_of(p, to) + p->box_height / 2;

            buf_addf(out, "<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"#888\"%s/>\n", x, y,
                     x + COLUMN_GAP / 2, y, end_x - COLUMN_GAP / 2, end_y, end_x, end_y,
                     node->options[k].cannot_tell ? " stroke-dasharray=\"4 3\"" : "");
            add_text(out, x + 3, y - 2, " font-size=\"9\" fill=\"#555\"", node->options[k].id, 22);
        }
    }
}

static void draw_boxes(const struct picture *p, struct buf *out)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct box *box = &p->boxes[i];
        bool ends = !box->node || box->node->kind == TREE_OUTCOME;
        int x = left_of(box);
        int y = top_of(p, box);

        buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\" stroke=\"#444\"/>\n",
                 x, y, BOX_WIDTH, p->box_height, ends ? 14 : 3, color_of(box));
        add_text(out, x + 10, y + 17, " font-weight=\"bold\"", box->node ? box->node->id : box->to, TITLE_CELLS);
        if (box->node) {
            add_text(out, x + 10, y + 33, "", box->node->title, TITLE_CELLS);
        }
    }
}

void picture_svg(const struct tree *tree, struct buf *out)
{
    struct picture p = {.tree = tree};

    arena_init(&p.arena);
    make_boxes(&p);
    set_height(&p);
    set_columns(&p);
    set_rows(&p);
    buf_addf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
             "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fafafa\"/>\n"
             "<title>",
             2 * MARGIN + p.columns * (BOX_WIDTH + COLUMN_GAP) - COLUMN_GAP,
             2 * MARGIN + p.rows * (p.box_height + ROW_GAP) - ROW_GAP);
    filter_html(out, tree->title);
    buf_add_z(out, "</title>\n");
    draw_arrows(&p, out);
    draw_boxes(&p, out);
    buf_add_z(out, "</svg>\n");
    arena_fini(&p.arena);
}
