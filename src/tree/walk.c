#include "tree/tree.h"

/* Where a jump that may not be made ends: the generic tree's hand-over. */
static const char hand_over_tree[] = "generic";
static const char hand_over_node[] = "GE-O80";

static bool goto_node(struct tree_walk *walk, const struct tree *tree, struct str id)
{
    int index = tree ? (id.len ? tree_node_find(tree, id) : tree->start) : -1;

    if (index < 0) {
        return false;
    }
    walk->tree = tree;
    walk->node = &tree->nodes[index];
    return true;
}

static bool is_on_trail(const struct tree_walk *walk, struct str slug)
{
    if (str_equal(walk->tree->id, slug)) {
        return true;
    }
    for (size_t i = 0; i < walk->count; i++) {
        if (str_equal(walk->answers[i].tree, slug)) {
            return true;
        }
    }
    return false;
}

/* Follows an option of the current node. */
static void follow(struct tree_walk *walk, const struct tree_option *option)
{
    if (option->target >= 0) {
        walk->node = &walk->tree->nodes[option->target];
        return;
    }
    struct str slug = str_sub(option->to, strlen("tree:"), option->to.len);

    walk->jumps++;
    if (walk->jumps <= TREE_JUMPS_MAX && !is_on_trail(walk, slug) &&
        goto_node(walk, walk->source(walk->context, slug), STR_NULL)) {
        return;
    }
    const struct tree *generic = walk->source(walk->context, str_from(hand_over_tree));

    /* Without the generic tree the walk stays where it is rather than end nowhere. */
    goto_node(walk, generic, str_from(hand_over_node));
}

static bool is_refused(const struct tree_walk *walk, const struct tree_node *node)
{
    struct str rest = walk->refused;
    struct str line;

    while (str_next_line(&rest, &line)) {
        struct str tree;

        if (str_next_field(&line, '/', &tree) && str_equal(tree, walk->tree->id) &&
            str_equal(line, node->id)) {
            return true;
        }
    }
    return false;
}

static void add_answer(struct tree_walk *walk, int option, const struct tree_fact *fact,
                       struct str note, int64_t now)
{
    walk->answers[walk->count++] = (struct tree_answer){
        .tree = walk->tree->id,
        .node = walk->node->id,
        .option = walk->node->options[option].id,
        .from_report = fact != NULL,
        .fact = fact ? fact->name : STR_NULL,
        .proof = fact ? fact->value : STR_NULL,
        .line = fact ? fact->line : 0,
        .note = note,
        .time = now,
    };
    follow(walk, &walk->node->options[option]);
}

/* Takes every answer that the facts give from here on. */
static void take_known(struct tree_walk *walk, int64_t now)
{
    while (walk->node->kind != TREE_OUTCOME && walk->count < TREE_ANSWERS_MAX &&
           !is_refused(walk, walk->node)) {
        const struct tree_fact *fact = NULL;
        int option = tree_node_known(walk->node, &walk->facts, &fact);

        if (option < 0) {
            return;
        }
        const struct tree_node *before = walk->node;

        add_answer(walk, option, fact, STR_NULL, now);
        if (walk->node == before) {
            walk->count--; /* its jump cannot be made: the person is asked */
            return;
        }
    }
}

/* Puts the walk where its answers lead. */
static void replay(struct tree_walk *walk)
{
    size_t count = walk->count;

    goto_node(walk, walk->source(walk->context, walk->start_tree), walk->start_node);
    walk->jumps = 0;
    walk->count = 0;
    while (walk->count < count) {
        int option = tree_option_find(walk->node, walk->answers[walk->count].option);

        BUG_ON(option < 0);
        walk->count++;
        follow(walk, &walk->node->options[option]);
    }
}

bool tree_walk_start(struct tree_walk *walk, struct arena *arena, tree_source_fn source,
                     void *context, struct tree_facts facts, struct str tree, struct str node)
{
    *walk = (struct tree_walk){.arena = arena,
                               .source = source,
                               .context = context,
                               .facts = facts,
                               .start_tree = str_dup(arena, tree),
                               .start_node = str_dup(arena, node)};
    if (!goto_node(walk, source(context, tree), node)) {
        return false;
    }
    take_known(walk, 0);
    return true;
}

bool tree_walk_resume(struct tree_walk *walk, struct arena *arena, tree_source_fn source, void *context,
                      struct tree_facts facts, struct str tree, struct str node, struct str refused,
                      const struct tree_answer *answers, size_t count, size_t *kept)
{
    *walk = (struct tree_walk){.arena = arena,
                               .source = source,
                               .context = context,
                               .facts = facts,
                               .start_tree = str_dup(arena, tree),
                               .start_node = str_dup(arena, node),
                               .refused = str_dup(arena, refused)};
    *kept = 0;
    if (!goto_node(walk, source(context, tree), node)) {
        return false;
    }
    for (; *kept < count && *kept < TREE_ANSWERS_MAX && !tree_walk_is_done(walk); (*kept)++) {
        const struct tree_answer *answer = &answers[*kept];
        int option = tree_option_find(walk->node, answer->option);

        if (option < 0 || !str_equal(answer->tree, walk->tree->id) || !str_equal(answer->node, walk->node->id)) {
            break;
        }
        walk->answers[walk->count++] = *answer;
        follow(walk, &walk->node->options[option]);
    }
    take_known(walk, 0);
    return true;
}

bool tree_walk_note(struct tree_walk *walk, size_t index, struct str note)
{
    if (index >= walk->count) {
        return false;
    }
    walk->answers[index].note = str_dup(walk->arena, note);
    return true;
}

bool tree_walk_answer(struct tree_walk *walk, int option, int64_t now)
{
    if (tree_walk_is_done(walk) || option < 0 || (size_t)option >= walk->node->option_count ||
        walk->count == TREE_ANSWERS_MAX) {
        return false;
    }
    add_answer(walk, option, NULL, STR_NULL, now);
    take_known(walk, now);
    return true;
}

static void refuse(struct tree_walk *walk, const struct tree_answer *answer)
{
    walk->refused = str_printf(walk->arena, "%.*s%.*s/%.*s\n", (int)walk->refused.len,
                               walk->refused.len ? walk->refused.ptr : "", (int)answer->tree.len,
                               answer->tree.ptr, (int)answer->node.len, answer->node.ptr);
}

bool tree_walk_object(struct tree_walk *walk, size_t index)
{
    if (index >= walk->count) {
        return false;
    }
    if (walk->answers[index].from_report) {
        refuse(walk, &walk->answers[index]);
    }
    walk->count = index;
    replay(walk);
    return true;
}

bool tree_walk_undo(struct tree_walk *walk)
{
    size_t last = walk->count;

    while (last > 0 && walk->answers[last - 1].from_report) {
        last--;
    }
    if (last == 0) {
        last = walk->count;
    }
    return last > 0 && tree_walk_object(walk, last - 1);
}

bool tree_walk_is_done(const struct tree_walk *walk)
{
    return walk->node->kind == TREE_OUTCOME;
}

unsigned tree_walk_step(const struct tree_walk *walk)
{
    return (unsigned)walk->count + 1;
}

unsigned tree_walk_most(const struct tree_walk *walk)
{
    return (unsigned)walk->count + walk->node->longest;
}
