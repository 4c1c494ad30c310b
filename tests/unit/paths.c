#include "unit/unit.h"

#include "tree/tree.h"

/* Every way through every shipped tree. */

enum { NODES_MAX = 12 }; /* on the longest way a person may be sent, the end counted */

static struct arena arena;
static struct tree *trees[64];
static size_t tree_count;

static int setup(void **state)
{
    struct err_list faults;

    (void)state;
    arena_init(&arena);
    err_list_init(&faults, &arena);
    const char *folder = project_path(&arena, "data/trees");
    struct file_list files = file_list_folder(&arena, folder, ".xml");

    for (size_t i = 0; i < files.count && tree_count < 64; i++) {
        struct tree *tree = tree_load(file_join(&arena, folder, files.names[i].ptr), &faults);

        if (tree) {
            trees[tree_count++] = tree;
        }
    }
    return tree_count == files.count && tree_count > 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    while (tree_count > 0) {
        tree_free(trees[--tree_count]);
    }
    arena_fini(&arena);
    return 0;
}

static const struct tree *source(void *context, struct str slug)
{
    (void)context;
    for (size_t i = 0; i < tree_count; i++) {
        if (str_equal(trees[i]->id, slug)) {
            return trees[i];
        }
    }
    return NULL;
}

/* What was seen of a tree on all ways through it. */
struct seen {
    const struct tree *tree;
    bool *nodes;
    size_t ways;
};

/* Takes every answer from here on, and each of them back. */
static void walk_on(struct tree_walk *walk, struct seen *seen)
{
    const struct tree_node *node = walk->node;
    size_t count = walk->count;

    if (walk->tree != seen->tree) {
        seen->ways++; /* another tree has the rest */
        return;
    }
    seen->nodes[node - seen->tree->nodes] = true;
    assert_true(count < NODES_MAX);
    if (node->kind == TREE_OUTCOME) {
        assert_true(tree_walk_is_done(walk));
        seen->ways++;
        return;
    }
    for (size_t i = 0; i < node->option_count; i++) {
        if (!tree_walk_answer(walk, (int)i, 0)) {
            fail_msg("%.*s takes no answer %zu", (int)node->id.len, node->id.ptr, i + 1);
        }
        assert_int_equal(walk->count, count + 1);
        walk_on(walk, seen);
        assert_true(tree_walk_undo(walk));
        assert_ptr_equal(walk->node, node);
        assert_int_equal(walk->count, count);
    }
}

static void every_way__ends_and_can_be_taken_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < tree_count; i++) {
        const struct tree *tree = trees[i];
        struct seen seen = {tree, ARENA_ARRAY(&arena, bool, tree->node_count), 0};
        struct tree_walk walk;

        assert_true(tree_walk_start(&walk, &arena, source, NULL, (struct tree_facts){0}, tree->id,
                                    STR_NULL));
        walk_on(&walk, &seen);
        assert_true(seen.ways > 1);
        for (size_t n = 0; n < tree->node_count; n++) {
            if (!seen.nodes[n]) {
                fail_msg("no way leads to %.*s", (int)tree->nodes[n].id.len, tree->nodes[n].id.ptr);
            }
        }
        print_message("# %.*s: %zu ways\n", (int)tree->id.len, tree->id.ptr, seen.ways);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way__ends_and_can_be_taken_back),
    };

    return cmocka_run_group_tests_name("paths", tests, setup, teardown);
}
