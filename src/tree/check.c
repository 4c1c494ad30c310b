#include "tree/check.h"

#include <stdlib.h>

static void node_fault(struct err_list *faults, const struct tree *tree,
                       const struct tree_node *node, const char *what, struct str value)
{
    err_add(faults, tree->file, node->line, "node %.*s %s%s%.*s", (int)node->id.len, node->id.ptr,
            what, value.len ? ": " : "", (int)value.len, value.len ? value.ptr : "");
}

struct named_node {
    struct str id;
    int index;
};

static int name_order(const void *a, const void *b)
{
    const struct named_node *x = a;
    const struct named_node *y = b;
    int order = str_compare(x->id, y->id);

    return order ? order : x->index - y->index;
}

static int id_order(const void *a, const void *b)
{
    return str_compare(((const struct named_node *)a)->id, ((const struct named_node *)b)->id);
}

static int find_named(const struct named_node *names, size_t count, struct str id)
{
    struct named_node key = {id, 0};
    const struct named_node *found = bsearch(&key, names, count, sizeof key, id_order);

    return found ? found->index : -1;
}

static void check_options(struct tree *tree, struct tree_node *node, const struct named_node *names,
                          struct err_list *faults)
{
    unsigned cannot_tell = 0;

    for (size_t i = 0; i < node->option_count; i++) {
        struct tree_option *option = &node->options[i];

        cannot_tell += option->cannot_tell;
        if (!str_starts(option->to, STR_LIT("tree:"))) {
            option->target = find_named(names, tree->node_count, option->to);
            if (option->target < 0) {
                err_add(faults, tree->file, option->line, "node %.*s leads to a node that does not exist: %.*s",
                        (int)node->id.len, node->id.ptr, (int)option->to.len,
                        option->to.len ? option->to.ptr : "");
            }
        }
        for (size_t k = 0; k < i; k++) {
            if (str_equal(node->options[k].id, option->id)) {
                node_fault(faults, tree, node, "has two options of the same id", option->id);
            }
        }
    }
    if (node->option_count > 9) {
        node_fault(faults, tree, node, "has more than nine options", STR_NULL);
    }
    if ((node->kind == TREE_QUESTION || node->kind == TREE_CHECK) && cannot_tell != 1) {
        node_fault(faults, tree, node,
                   "needs exactly one option marked cannot-tell=\"yes\"", STR_NULL);
    }
}

static void check_content(struct tree *tree, struct tree_node *node, struct err_list *faults)
{
    if (node->title.len == 0) {
        node_fault(faults, tree, node, "has no title", STR_NULL);
    }
    if (node->kind == TREE_OUTCOME) {
        if (node->cause.len == 0 || node->steps.count == 0 || node->verify.text.len == 0 ||
            node->retry.len == 0 || !prose_message_for(&node->messages, PROSE_TO_SENDER)) {
            node_fault(faults, tree, node,
                       "needs cause, fix, verify, retry and a message to the sender", STR_NULL);
        }
        if (node->option_count) {
            node_fault(faults, tree, node, "is an outcome and cannot have options", STR_NULL);
        }
        return;
    }
    if (node->option_count == 0) {
        node_fault(faults, tree, node, "has no option", STR_NULL);
    }
    if (node->kind != TREE_INSTRUCTION && node->ask.len == 0) {
        node_fault(faults, tree, node, "asks nothing", STR_NULL);
    }
    for (size_t i = 0; i < node->known_count; i++) {
        if (tree_option_find(node, node->knowns[i].option) < 0) {
            node_fault(faults, tree, node, "has a known answer that is no option",
                       node->knowns[i].option);
        }
    }
}

/* Nodes in an order in which each stands behind all that lead to it; -1 marks a cycle.  Gives how
 * many were reached. */
static size_t topological(const struct tree *tree, int *order, bool *reached, int *cycle)
{
    size_t count = tree->node_count;
    int *stack = mem_alloc((count + 1) * sizeof *stack);
    size_t *next = mem_alloc((count + 1) * sizeof *next);
    unsigned char *state = mem_alloc(count + 1); /* 0 new, 1 open, 2 done */
    size_t depth = 0;
    size_t done = 0;

    stack[depth++] = tree->start;
    state[tree->start] = 1;
    *cycle = -1;
    while (depth) {
        int at = stack[depth - 1];
        const struct tree_node *node = &tree->nodes[at];

        if (next[at] == node->option_count) {
            state[at] = 2;
            reached[at] = true;
            order[done++] = at;
            depth--;
            continue;
        }
        int target = node->options[next[at]++].target;

        if (target >= 0 && state[target] == 0) {
            state[target] = 1;
            stack[depth++] = target;
        } else if (target >= 0 && state[target] == 1) {
            *cycle = at;
        }
    }
    mem_free(stack);
    mem_free(next);
    mem_free(state);
    return done;
}

/* Longest way from each node; `order` has every node behind those it leads to. */
static void measure(struct tree *tree, const int *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tree_node *node = &tree->nodes[order[i]];
        unsigned longest = 0;

        for (size_t k = 0; k < node->option_count; k++) {
            int target = node->options[k].target;
            unsigned way = target >= 0 ? tree->nodes[target].longest : 1;

            longest = way > longest ? way : longest;
        }
        node->longest = longest + 1;
    }
    tree->longest = tree->nodes[tree->start].longest;
}

/* How many outcomes each node can still reach: one bit an outcome. */
static void count_outcomes(struct tree *tree, const int *order, size_t count)
{
    size_t words = tree->outcome_count / 64 + 1;
    uint64_t *bits = mem_alloc((tree->node_count + 1) * words * sizeof *bits);
    size_t outcome = 0;

    for (size_t i = 0; i < count; i++) {
        struct tree_node *node = &tree->nodes[order[i]];
        uint64_t *mine = bits + (size_t)order[i] * words;

        if (node->kind == TREE_OUTCOME) {
            mine[outcome / 64] |= (uint64_t)1 << outcome % 64;
            outcome++;
        }
        for (size_t k = 0; k < node->option_count; k++) {
            int target = node->options[k].target;

            for (size_t w = 0; target >= 0 && w < words; w++) {
                mine[w] |= bits[(size_t)target * words + w];
            }
        }
        for (size_t w = 0; w < words; w++) {
            for (uint64_t rest = mine[w]; rest; rest &= rest - 1) {
                node->outcomes++;
            }
        }
    }
    mem_free(bits);
}

static void check_ways(struct tree *tree, struct err_list *faults)
{
    int *order = mem_alloc((tree->node_count + 1) * sizeof *order);
    bool *reached = mem_alloc((tree->node_count + 1) * sizeof *reached);
    int cycle; /* a node whose option leads back, -1 when there is none */
    size_t count = topological(tree, order, reached, &cycle);

    for (size_t i = 0; i < tree->node_count; i++) {
        if (!reached[i]) {
            node_fault(faults, tree, &tree->nodes[i], "cannot be reached from the start", STR_NULL);
        }
    }
    if (cycle >= 0) {
        node_fault(faults, tree, &tree->nodes[cycle], "leads back: the tree goes round in a cycle", STR_NULL);
    } else {
        measure(tree, order, count);
        count_outcomes(tree, order, count);
    }
    mem_free(order);
    mem_free(reached);
}

bool tree_check(struct tree *tree, struct str start, struct err_list *faults)
{
    size_t before = faults->count;
    size_t count = tree->node_count;

    if (count == 0) {
        err_add(faults, tree->file, tree->line ? tree->line : 1, "a tree without nodes");
        return false;
    }
    struct named_node *names = mem_alloc((count + 1) * sizeof *names);

    for (size_t i = 0; i < count; i++) {
        names[i] = (struct named_node){tree->nodes[i].id, (int)i};
    }
    qsort(names, count, sizeof *names, name_order);
    for (size_t i = 1; i < count; i++) {
        if (str_equal(names[i].id, names[i - 1].id)) {
            node_fault(faults, tree, &tree->nodes[names[i].index], "stands twice", STR_NULL);
        }
    }
    for (size_t i = 0; i < count; i++) {
        check_options(tree, &tree->nodes[i], names, faults);
        check_content(tree, &tree->nodes[i], faults);
    }
    tree->start = find_named(names, count, start);
    mem_free(names);
    if (tree->start < 0) {
        err_add(faults, tree->file, tree->line, "the start node %.*s does not exist", (int)start.len,
                start.ptr);
    } else {
        check_ways(tree, faults);
    }
    return faults->count == before;
}
