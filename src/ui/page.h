/* A document laid out to a width: styled lines that can be scrolled, searched and painted. */
#ifndef NDR_UI_PAGE_H
#define NDR_UI_PAGE_H

#include "session/doc.h"
#include "ui/paint.h"

/* One line on the screen: a short lead (number, label, prompt sign) and the text; both filtered. */
struct page_line {
    struct str lead;
    struct str text;
    enum style lead_style;
    enum style style;
    int lead_col; /* cells from the left of the page */
    int col;
    size_t block; /* index into the document's blocks */
};

/* Lives in its arena. */
struct page {
    struct arena *arena;
    struct page_line *lines;
    size_t count;
    size_t capacity;
    int width;       /* cells */
    int pair_cells;  /* of the labels of pairs; set by page_init(), may be changed before adding */
    bool is_tight;   /* no empty lines between blocks; the same */
    unsigned filter; /* flags for every text */
};

/* A place of the searched word. */
struct page_hit {
    size_t line;
    size_t at; /* byte in its text */
};

void page_init(struct page *page, struct arena *arena, int width, unsigned filter);

/* Adds the lines of a document. */
void page_add(struct page *page, const struct doc *doc);

/* Adds an empty line. */
void page_gap(struct page *page);

/* How often `word` occurs. */
size_t page_hits(const struct page *page, struct str word);

/* The hit number `index` (0-based); false when there are fewer. */
bool page_hit(const struct page *page, struct str word, size_t index, struct page_hit *hit);

/* Paints the lines from `top` on; `word` may be empty, `now` NULL when no hit is the current one. */
void page_paint(const struct page *page, struct box box, size_t top, struct str word,
                const struct page_hit *now);

/* Filtered text on lines: tabs become blanks, line ends stay. */
struct str page_text(struct arena *arena, struct str text, unsigned filter);

#endif
