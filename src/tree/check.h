/* What makes a tree sound: every reference leads somewhere, nothing goes round, nothing is
 * unreachable, nobody is left without a way on. */
#ifndef NDR_TREE_CHECK_H
#define NDR_TREE_CHECK_H

#include "tree/tree.h"

/* Resolves the options' targets and the start node, computes the longest way and the outcomes of
 * each node.  False with all faults when the tree is not sound.  No recursion. */
bool tree_check(struct tree *tree, struct str start, struct err_list *faults);

#endif
