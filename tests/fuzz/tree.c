/* A decision tree: loaded, checked, and walked with answers drawn from its own bytes. */
#include "fuzz.h"
#include "tree/tree.h"

enum { STEPS_MAX = 40 };

static const struct tree *source(void *context, struct str slug)
{
    const struct tree *tree = context;

    return str_equal(slug, tree->id) ? tree : NULL;
}

static void walk(struct arena *arena, struct tree *tree, struct str bytes)
{
    static const struct tree_fact fact = {{"side", 4}, {"theirs", 6}, 3};
    struct tree_walk *w = ARENA_NEW(arena, struct tree_walk);
    struct tree_facts facts = {&fact, 1};

    if (!tree_walk_start(w, arena, source, tree, facts, tree->id, STR_NULL)) {
        return;
    }
    for (size_t i = 0; i < STEPS_MAX && !tree_walk_is_done(w); i++) {
        int option = bytes.len ? (unsigned char)bytes.ptr[i * 7 % bytes.len] % 5 : 0;

        tree_walk_answer(w, option, 0);
        FUZZ_CHECK(w->count <= TREE_ANSWERS_MAX && tree_walk_most(w) + 1 >= tree_walk_step(w));
        if (option == 4) {
            tree_walk_undo(w);
            tree_walk_object(w, i / 2);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = fuzz_text(data, size);
    struct err_list faults;
    struct arena arena;

    arena_init(&arena);
    err_list_init(&faults, &arena);
    struct tree *tree = tree_load(fuzz_file(bytes), &faults);

    FUZZ_CHECK(tree || faults.count);
    if (tree) {
        walk(&arena, tree, bytes);
        tree_free(tree);
    }
    arena_fini(&arena);
    return 0;
}
