/* How many terminal cells text takes, and where it may be broken (UAX 11, 14, 29 by libunistring).
 * Unknown width counts 1, ambiguous width 1. */
#ifndef NDR_BASE_WIDTH_H
#define NDR_BASE_WIDTH_H

#include "base/str.h"

int width_of_code(uint32_t code); /* 0, 1 or 2 */
size_t width_of(struct str text); /* cells of filtered text */

/* Longest start of `text` that takes at most `cells`; combining marks stay with their base. */
struct str width_cut(struct str text, size_t cells);

/* Takes the next line of at most `cells` off `rest`, broken at a blank where one stands (or inside
 * a word that is longer than the line); LF always ends a line.  False when nothing is left. */
bool width_next_line(struct str *rest, size_t cells, struct str *line);

#endif
