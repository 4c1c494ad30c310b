/* A decision tree as a picture. */
#ifndef NDR_CLI_PICTURE_H
#define NDR_CLI_PICTURE_H

#include "base/buf.h"
#include "tree/tree.h"

/* SVG 1.1 of a sound tree (tree_load() gives no other): questions white, checks blue, instructions
 * yellow, outcomes green, other trees violet; the way of who cannot tell is dashed. */
void picture_svg(const struct tree *tree, struct buf *out);

#endif
