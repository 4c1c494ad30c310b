#include "unit/unit.h"

#include <unistd.h>

#include "tree/tree.h"

/* Trees from small files: what the check refuses, and the walk over several trees. */

static struct arena arena;
static struct err_list faults;
static char folder[] = "/tmp/ndr-tree-XXXXXX";

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    (void)rmdir(folder);
    arena_fini(&arena);
    return 0;
}

/* Loads a tree from its text; the file is gone afterwards. */
static struct tree *load(struct str text)
{
    char *path = file_join(&arena, folder, "t.xml");
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    err_list_init(&faults, &arena);
    struct tree *tree = tree_load(path, &faults);

    (void)unlink(path);
    return tree;
}

/* A tree called `id` that starts at "Q1". */
static struct str tree_text(const char *id, const char *nodes)
{
    return str_printf(&arena,
                      "<tree id=\"%s\" start=\"Q1\" version=\"1\" updated=\"2026-01-02\">"
                      "<title>T</title><about>A</about>\n%s</tree>\n",
                      id, nodes);
}

#define ASKED(kind, id, inside) "<" kind " id=\"" id "\"><title>T</title><ask>A?</ask>" inside "</" kind ">\n"
#define QUESTION(id, inside)    ASKED("question", id, inside)
#define OPTION(id, to)          "<option id=\"" id "\" to=\"" to "\">O</option>"
#define CANNOT(to)              "<option id=\"cannot-tell\" to=\"" to "\" cannot-tell=\"yes\">I cannot tell</option>"
#define DO_THIS(id, to)                                                                            \
    "<instruction id=\"" id "\"><title>T</title><step>S</step>" OPTION("done", to) "</instruction>\n"
#define FIX           "<fix><step>S</step></fix>"
#define VERIFY        "<verify>V</verify>"
#define RETRY         "<retry>R</retry>"
#define TO_SENDER     "<message to=\"sender\">M</message>"
#define END(id, rest) "<outcome id=\"" id "\" owner=\"sender\"><title>T</title>" rest "</outcome>\n"
#define OUTCOME(id)   END(id, "<cause>C</cause>" FIX VERIFY RETRY TO_SENDER)

static void check__accepts_a_sound_tree(void **state)
{
    (void)state;
    struct tree *tree = load(tree_text("t", QUESTION("Q1", OPTION("a", "I1") OPTION("b", "O1") OPTION("j", "tree:u")
                                                               CANNOT("C1"))
                                                DO_THIS("I1", "C1")
                                                ASKED("check", "C1", OPTION("x", "O2") CANNOT("O1"))
                                                OUTCOME("O1") OUTCOME("O2")));

    assert_int_equal(faults.count, 0);
    assert_non_null(tree);
    assert_str(tree->id, "t");
    assert_int_equal(tree->node_count, 5);
    assert_int_equal(tree->start, 0);
    assert_int_equal(tree->longest, 4);
    assert_int_equal(tree->outcome_count, 2);
    assert_int_equal(tree->nodes[0].outcomes, 2);
    assert_int_equal(tree->nodes[0].options[0].target, 1);
    assert_int_equal(tree->nodes[0].options[2].target, -1);
    assert_int_equal(tree->nodes[3].longest, 1);
    assert_int_equal(tree_option_find(&tree->nodes[0], STR_LIT("b")), 1);
    assert_int_equal(tree_option_find(&tree->nodes[0], STR_LIT("2")), 1);
    assert_int_equal(tree_option_find(&tree->nodes[0], STR_LIT("0")), -1);
    assert_int_equal(tree_option_find(&tree->nodes[0], STR_LIT("5")), -1);
    tree_free(tree);
}

/* Each has one fault, on the line given. */
static void check__names_what_is_wrong(void **state)
{
    static const struct {
        const char *nodes;
        const char *want;
        unsigned line;
    } table[] = {
        {QUESTION("Q1", OPTION("a", "Q9") CANNOT("O1")) OUTCOME("O1"),
         "node Q1 leads to a node that does not exist: Q9", 2},
        {QUESTION("Q1", OPTION("a", "Q2") CANNOT("O1")) QUESTION("Q2", OPTION("a", "Q1") CANNOT("O1")) OUTCOME("O1"),
         "goes round in a cycle", 0},
        {QUESTION("Q1", OPTION("a", "Q1") CANNOT("O1")) OUTCOME("O1"), "goes round in a cycle", 0},
        {DO_THIS("Q1", "I2") DO_THIS("I2", "I3") DO_THIS("I3", "I2"), "goes round in a cycle", 0},
        {QUESTION("Q1", CANNOT("O1")) OUTCOME("O1") OUTCOME("O2"), "node O2 cannot be reached from the start", 4},
        {QUESTION("Q1", OPTION("a", "O1")) OUTCOME("O1"), "node Q1 needs exactly one option marked cannot-tell", 2},
        {ASKED("check", "Q1", OPTION("a", "O1")) OUTCOME("O1"),
         "node Q1 needs exactly one option marked cannot-tell", 2},
        {QUESTION("Q1", CANNOT("O1") "<option id=\"b\" to=\"O1\" cannot-tell=\"yes\">O</option>") OUTCOME("O1"),
         "node Q1 needs exactly one option marked cannot-tell", 2},
        {QUESTION("Q1", OPTION("1", "O1") OPTION("2", "O1") OPTION("3", "O1") OPTION("4", "O1") OPTION("5", "O1")
                            OPTION("6", "O1") OPTION("7", "O1") OPTION("8", "O1") OPTION("9", "O1") CANNOT("O1"))
             OUTCOME("O1"),
         "node Q1 has more than nine options", 2},
        {QUESTION("Q1", OPTION("a", "O1") OPTION("a", "O1") CANNOT("O1")) OUTCOME("O1"),
         "node Q1 has two options of the same id: a", 2},
        {QUESTION("Q1", "<known fact=\"code\" is=\"5.1.1\" option=\"zz\"/>" CANNOT("O1")) OUTCOME("O1"),
         "node Q1 has a known answer that is no option: zz", 2},
        {QUESTION("Q1", CANNOT("O1")) OUTCOME("O1") OUTCOME("O1"), "node O1 stands twice", 4},
        {"<question id=\"Q1\"><title>T</title>" CANNOT("O1") "</question>\n" OUTCOME("O1"), "node Q1 asks nothing", 2},
        {"<question id=\"Q1\"><ask>A?</ask>" CANNOT("O1") "</question>\n" OUTCOME("O1"), "node Q1 has no title", 2},
        {"<instruction id=\"Q1\"><title>T</title><step>S</step></instruction>\n", "node Q1 has no option", 2},
        {QUESTION("Q1", CANNOT("O1")) END("O1", "<cause>C</cause>" VERIFY RETRY TO_SENDER),
         "node O1 needs cause, fix", 3},
        {QUESTION("Q1", CANNOT("O1")) END("O1", "<cause>C</cause>" FIX RETRY TO_SENDER), "node O1 needs cause, fix", 3},
        {QUESTION("Q1", CANNOT("O1")) END("O1", "<cause>C</cause>" FIX VERIFY TO_SENDER), "node O1 needs cause, fix", 3},
        {QUESTION("Q1", CANNOT("O1")) END("O1", "<cause>C</cause>" FIX VERIFY RETRY), "node O1 needs cause, fix", 3},
        {QUESTION("Q1", CANNOT("O1"))
             END("O1", "<cause>C</cause>" FIX VERIFY RETRY "<message to=\"ticket\">M</message>"),
         "node O1 needs cause, fix", 3},
        {QUESTION("Q1", CANNOT("O1")) END("O1", FIX VERIFY RETRY TO_SENDER), "node O1 needs cause, fix", 3},
        {QUESTION("Q1", CANNOT("O1"))
             "<outcome id=\"O1\" owner=\"janitor\"><title>T</title><cause>C</cause>" FIX VERIFY RETRY TO_SENDER
             "</outcome>\n",
         "unknown owner: janitor", 3},
        {QUESTION("Q1", CANNOT("O1"))
             "<outcome id=\"O1\"><title>T</title><cause>C</cause>" FIX VERIFY RETRY TO_SENDER "</outcome>\n",
         "owner", 3},
        {QUESTION("Q1", "<known fact=\"code\" option=\"cannot-tell\"/>" CANNOT("O1")) OUTCOME("O1"),
         "known needs one of is, has, or from and to", 2},
        {QUESTION("Q1", "<known fact=\"code\" is=\"a\" has=\"b\" option=\"cannot-tell\"/>" CANNOT("O1")) OUTCOME("O1"),
         "known needs one of is, has, or from and to", 2},
        {QUESTION("Q1", "<known fact=\"code\" from=\"1\" option=\"cannot-tell\"/>" CANNOT("O1")) OUTCOME("O1"),
         "from and to are the first and last detail", 2},
        {QUESTION("Q2", CANNOT("O1")) OUTCOME("O1"), "the start node Q1 does not exist", 0},
        {"", "a tree without nodes", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct tree *tree = load(tree_text("t", table[i].nodes));

        if (tree) {
            fail_msg("accepted, want \"%s\"", table[i].want);
        }
        bool found = false;

        for (size_t k = 0; k < faults.count; k++) {
            found = found || (str_find(faults.items[k].what, str_from(table[i].want), 0) != STR_NPOS &&
                              (table[i].line == 0 || faults.items[k].line == table[i].line));
            assert_true(str_starts(faults.items[k].file, str_from(folder)));
        }
        if (!found) {
            struct str words = faults.count ? err_format(&arena, &faults.items[0]) : STR_NULL;

            fail_msg("got \"%.*s\", want \"%s\"", (int)words.len, words.len ? words.ptr : "", table[i].want);
        }
    }
}

static void check__finds_all_faults_at_once(void **state)
{
    (void)state;
    assert_null(load(tree_text("t", QUESTION("Q1", OPTION("a", "Q9") OPTION("b", "O1")) OUTCOME("O1") OUTCOME("O2"))));
    assert_int_equal(faults.count, 3);
}

static void check__takes_nine_options(void **state)
{
    (void)state;
    struct tree *tree = load(tree_text(
        "t", QUESTION("Q1", OPTION("1", "O1") OPTION("2", "O1") OPTION("3", "O1") OPTION("4", "O1") OPTION("5", "O1")
                                OPTION("6", "O1") OPTION("7", "O1") OPTION("8", "O1") CANNOT("O1")) OUTCOME("O1")));

    assert_non_null(tree);
    tree_free(tree);
}

static void check__needs_no_recursion_for_a_long_chain(void **state)
{
    enum { CHAIN = 6000 }; /* four elements each: below the limit of a file */
    struct buf nodes;

    (void)state;
    buf_init(&nodes, BUF_NO_LIMIT);
    for (int i = 1; i <= CHAIN; i++) {
        buf_addf(&nodes,
                 "<instruction id=\"Q%d\"><title>T</title><step>S</step><option id=\"d\" to=\"Q%d\">O</option>"
                 "</instruction>\n",
                 i, i + 1);
    }
    buf_addf(&nodes, "<outcome id=\"Q%d\" owner=\"sender\"><title>T</title><cause>C</cause>" FIX VERIFY RETRY TO_SENDER
                     "</outcome>\n", CHAIN + 1);
    char *text = str_dup_z(&arena, buf_str(&nodes));
    struct tree *tree = load(tree_text("t", text));

    assert_non_null(tree);
    assert_int_equal(tree->longest, CHAIN + 1);
    assert_int_equal(tree->nodes[0].outcomes, 1);
    tree_free(tree);
    buf_fini(&nodes);
}

/* --- facts answer --- */

static void known__is_has_and_ranges(void **state)
{
    static const struct {
        const char *name, *value;
        const char *option; /* NULL: the person has to say */
    } table[] = {
        {"code", "5.1.1", "is"},       {"code", "5.1.10", "is"},      {"code", "5.1.100", NULL},
        {"code", "5.1", NULL},         {"code", "", NULL},            {"reason", "NotFound", "is"},
        {"reason", "notfound", "is"},  {"reason", "NotFound2", NULL}, {"text", "xx User UNKNOWN yy", "has"},
        {"text", "user  gone", NULL},  {"as_code", "5.7.606", NULL},  {"host", "5.1.1", NULL},
        {"code", "5.7.605", NULL},     {"code", "5.7.606", "range"},  {"code", "5.7.649", "range"},
        {"code", "5.7.650", NULL},     {"code", "4.7.620", "range"},  {"code", "620", NULL},
        {"code", "5.7.x", NULL},
    };
    struct tree *tree =
        load(tree_text("t", QUESTION("Q1", "<known fact=\"code\" is=\"5.1.1 | 5.1.10\" option=\"is\"/>"
                                           "<known fact=\"reason\" is=\"NotFound\" option=\"is\"/>"
                                           "<known fact=\"text\" has=\"user unknown\" option=\"has\"/>"
                                           "<known fact=\"code\" from=\"606\" to=\"649\" option=\"range\"/>"
                                           OPTION("is", "O1") OPTION("has", "O1") OPTION("range", "O1") CANNOT("O1"))
                                      OUTCOME("O1")));

    (void)state;
    assert_non_null(tree);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct tree_fact items[] = {{STR_LIT("other"), STR_LIT("5.1.1"), 1},
                                    {str_from(table[i].name), str_from(table[i].value), 7}};
        struct tree_facts facts = {items, 2};
        const struct tree_fact *fact = NULL;
        int option = tree_node_known(&tree->nodes[0], &facts, &fact);

        if ((option >= 0) != (table[i].option != NULL)) {
            fail_msg("%s=%s gives option %d", table[i].name, table[i].value, option);
        }
        if (option >= 0) {
            assert_str(tree->nodes[0].options[option].id, table[i].option);
            assert_ptr_equal(fact, &items[1]);
        }
    }
    tree_free(tree);
}

/* --- the walk --- */

/* The trees of one walk by slug. */
struct wood {
    struct tree *trees[8];
    size_t count;
};

static const struct tree *source(void *context, struct str slug)
{
    const struct wood *wood = context;

    for (size_t i = 0; i < wood->count; i++) {
        if (str_equal(wood->trees[i]->id, slug)) {
            return wood->trees[i];
        }
    }
    return NULL;
}

static void plant(struct wood *wood, const char *id, const char *nodes)
{
    struct tree *tree = load(tree_text(id, nodes));

    if (!tree) {
        struct str words = err_format(&arena, &faults.items[0]);

        fail_msg("%.*s", (int)words.len, words.ptr);
    }
    wood->trees[wood->count++] = tree;
}

static void fell(struct wood *wood)
{
    while (wood->count) {
        tree_free(wood->trees[--wood->count]);
    }
}

static struct tree_walk walk;
static const struct tree_facts no_facts = {NULL, 0};

static void start(struct wood *wood, struct tree_facts facts, const char *slug, const char *node)
{
    assert_true(tree_walk_start(&walk, &arena, source, wood, facts, str_from(slug), str_from(node)));
}

static void answer(const char *option)
{
    int index = tree_option_find(walk.node, str_from(option));

    if (index < 0) {
        fail_msg("node %.*s has no option %s", (int)walk.node->id.len, walk.node->id.ptr, option);
    }
    assert_true(tree_walk_answer(&walk, index, 1000));
}

static void at(const char *tree, const char *node)
{
    assert_str(walk.tree->id, tree);
    assert_str(walk.node->id, node);
}

#define THREE_QUESTIONS                                                                            \
    QUESTION("Q1", "<known fact=\"code\" is=\"5.1.1\" option=\"a\"/>" OPTION("a", "Q2") CANNOT("O1"))  \
    QUESTION("Q2", "<known fact=\"side\" is=\"ours\" option=\"b\"/>" OPTION("b", "Q3") CANNOT("O1"))   \
    QUESTION("Q3", "<known fact=\"text\" has=\"gone\" option=\"c\"/>" OPTION("c", "O2") CANNOT("O1"))  \
    OUTCOME("O1") OUTCOME("O2")

static void walk__is_answered_by_the_person(void **state)
{
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "t", THREE_QUESTIONS);
    start(&wood, no_facts, "t", "");
    at("t", "Q1");
    assert_int_equal(tree_walk_step(&walk), 1);
    assert_int_equal(tree_walk_most(&walk), 4);
    assert_false(tree_walk_undo(&walk));
    assert_false(tree_walk_object(&walk, 0));
    assert_false(tree_walk_answer(&walk, 2, 0));
    assert_false(tree_walk_answer(&walk, -1, 0));
    answer("a");
    at("t", "Q2");
    assert_int_equal(tree_walk_step(&walk), 2);
    assert_int_equal(tree_walk_most(&walk), 4);
    assert_false(walk.answers[0].from_report);
    assert_int_equal(walk.answers[0].time, 1000);
    answer("cannot-tell");
    at("t", "O1");
    assert_true(tree_walk_is_done(&walk));
    assert_int_equal(tree_walk_step(&walk), 3);
    assert_int_equal(tree_walk_most(&walk), 3);
    assert_false(tree_walk_answer(&walk, 0, 0));
    assert_int_equal(walk.count, 2);
    fell(&wood);
}

static void walk__starts_at_a_node_that_exists(void **state)
{
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "t", THREE_QUESTIONS);
    start(&wood, no_facts, "t", "Q3");
    at("t", "Q3");
    assert_int_equal(tree_walk_most(&walk), 2);
    assert_false(tree_walk_start(&walk, &arena, source, &wood, no_facts, STR_LIT("t"), STR_LIT("Q9")));
    assert_false(tree_walk_start(&walk, &arena, source, &wood, no_facts, STR_LIT("u"), STR_NULL));
    fell(&wood);
}

static void walk__facts_answer_with_their_proof(void **state)
{
    static const struct tree_fact items[] = {{{"code", 4}, {"5.1.1", 5}, 3}, {{"text", 4}, {"user Gone", 9}, 4}};
    struct tree_facts facts = {items, 2};
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "t", THREE_QUESTIONS);
    start(&wood, facts, "t", "");
    at("t", "Q2");
    assert_int_equal(walk.count, 1);
    assert_true(walk.answers[0].from_report);
    assert_str(walk.answers[0].tree, "t");
    assert_str(walk.answers[0].node, "Q1");
    assert_str(walk.answers[0].option, "a");
    assert_str(walk.answers[0].fact, "code");
    assert_str(walk.answers[0].proof, "5.1.1");
    assert_int_equal(walk.answers[0].line, 3);
    assert_int_equal(tree_walk_step(&walk), 2);
    answer("b");
    at("t", "O2");
    assert_int_equal(walk.count, 3);
    assert_true(walk.answers[2].from_report);
    assert_int_equal(walk.answers[2].line, 4);
    fell(&wood);
}

static void undo__takes_back_the_persons_answer_and_what_followed(void **state)
{
    static const struct tree_fact items[] = {{{"code", 4}, {"5.1.1", 5}, 3}, {{"text", 4}, {"gone", 4}, 4}};
    struct tree_facts facts = {items, 2};
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "t", THREE_QUESTIONS);
    start(&wood, facts, "t", "");
    answer("b");
    assert_int_equal(walk.count, 3);
    assert_true(tree_walk_undo(&walk));
    at("t", "Q2");
    assert_int_equal(walk.count, 1);
    /* What followed from the report follows again. */
    answer("b");
    at("t", "O2");
    assert_int_equal(walk.count, 3);
    assert_true(tree_walk_undo(&walk));
    /* Only answers from the report are left: the last of them is asked. */
    assert_true(tree_walk_undo(&walk));
    at("t", "Q1");
    assert_int_equal(walk.count, 0);
    assert_false(tree_walk_undo(&walk));
    answer("a");
    at("t", "Q2");
    assert_false(walk.answers[0].from_report);
    fell(&wood);
}

static void object__asks_what_the_report_answered(void **state)
{
    static const struct tree_fact items[] = {
        {{"code", 4}, {"5.1.1", 5}, 3}, {{"side", 4}, {"ours", 4}, 0}, {{"text", 4}, {"gone", 4}, 4}};
    struct tree_facts facts = {items, 3};
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "t", THREE_QUESTIONS);
    start(&wood, facts, "t", "");
    at("t", "O2");
    assert_int_equal(walk.count, 3);
    assert_false(tree_walk_object(&walk, 3));
    assert_true(tree_walk_object(&walk, 1));
    at("t", "Q2");
    assert_int_equal(walk.count, 1);
    assert_true(walk.answers[0].from_report);
    answer("b");
    at("t", "O2");
    assert_false(walk.answers[1].from_report);
    assert_true(walk.answers[2].from_report);
    /* Going back before it does not forget the objection. */
    assert_true(tree_walk_object(&walk, 0));
    at("t", "Q1");
    answer("a");
    at("t", "Q2");
    /* An answer of the person is asked again, too. */
    answer("cannot-tell");
    at("t", "O1");
    assert_true(tree_walk_object(&walk, 1));
    at("t", "Q2");
    fell(&wood);
}

#define JUMPING(to) QUESTION("Q1", OPTION("go", "tree:" to) CANNOT("O1")) OUTCOME("O1")
#define GENERIC                                                                                    \
    QUESTION("Q1", CANNOT("GE-O80")) OUTCOME("GE-O80")

static void jump__keeps_facts_and_trail(void **state)
{
    static const struct tree_fact items[] = {{{"code", 4}, {"5.1.1", 5}, 3}};
    struct tree_facts facts = {items, 1};
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "first", JUMPING("t"));
    plant(&wood, "t", THREE_QUESTIONS);
    plant(&wood, "generic", GENERIC);
    start(&wood, facts, "first", "");
    assert_int_equal(tree_walk_most(&walk), 2);
    answer("go");
    at("t", "Q2");
    assert_int_equal(walk.jumps, 1);
    assert_int_equal(walk.count, 2);
    assert_str(walk.answers[0].tree, "first");
    assert_str(walk.answers[1].tree, "t");
    assert_true(walk.answers[1].from_report);
    assert_int_equal(tree_walk_step(&walk), 3);
    assert_int_equal(tree_walk_most(&walk), 5);
    assert_true(tree_walk_undo(&walk));
    at("first", "Q1");
    assert_int_equal(walk.jumps, 0);
    answer("go");
    at("t", "Q2");
    answer("b");
    assert_true(tree_walk_undo(&walk));
    at("t", "Q2");
    assert_int_equal(walk.jumps, 1);
    fell(&wood);
}

static void jump__three_at_most(void **state)
{
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "a", JUMPING("b"));
    plant(&wood, "b", JUMPING("c"));
    plant(&wood, "c", JUMPING("d"));
    plant(&wood, "d", JUMPING("e"));
    plant(&wood, "e", JUMPING("a"));
    plant(&wood, "generic", GENERIC);
    start(&wood, no_facts, "a", "");
    answer("go");
    at("b", "Q1");
    answer("go");
    at("c", "Q1");
    answer("go");
    at("d", "Q1");
    assert_int_equal(walk.jumps, TREE_JUMPS_MAX);
    answer("go");
    at("generic", "GE-O80");
    assert_true(tree_walk_is_done(&walk));
    assert_true(tree_walk_undo(&walk));
    at("d", "Q1");
    assert_int_equal(walk.jumps, TREE_JUMPS_MAX);
    assert_true(tree_walk_object(&walk, 1));
    at("b", "Q1");
    assert_int_equal(walk.jumps, 1);
    answer("go");
    at("c", "Q1");
    fell(&wood);
}

static void jump__never_back_onto_the_trail(void **state)
{
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "a", JUMPING("b"));
    plant(&wood, "b", JUMPING("a"));
    plant(&wood, "self", JUMPING("self"));
    plant(&wood, "generic", GENERIC);
    start(&wood, no_facts, "a", "");
    answer("go");
    answer("go");
    at("generic", "GE-O80");
    start(&wood, no_facts, "self", "");
    answer("go");
    at("generic", "GE-O80");
    fell(&wood);
}

static void jump__to_nowhere_ends_in_the_hand_over(void **state)
{
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "a", JUMPING("missing"));
    plant(&wood, "generic", GENERIC);
    start(&wood, no_facts, "a", "");
    answer("go");
    at("generic", "GE-O80");
    fell(&wood);
}

static void jump__by_a_fact_has_an_end(void **state)
{
    static const struct tree_fact items[] = {{{"code", 4}, {"5.1.1", 5}, 3}};
    struct tree_facts facts = {items, 1};
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "a", QUESTION("Q1", "<known fact=\"code\" is=\"5.1.1\" option=\"go\"/>" OPTION("go", "tree:b")
                                         CANNOT("O1")) OUTCOME("O1"));
    plant(&wood, "b", QUESTION("Q1", "<known fact=\"code\" is=\"5.1.1\" option=\"go\"/>" OPTION("go", "tree:a")
                                         CANNOT("O1")) OUTCOME("O1"));
    plant(&wood, "generic", GENERIC);
    start(&wood, facts, "a", "");
    at("generic", "GE-O80");
    assert_int_equal(walk.count, 2);
    assert_true(tree_walk_undo(&walk));
    at("b", "Q1");
    answer("cannot-tell");
    at("b", "O1");
    fell(&wood);
}

/* A way on that leads nowhere must not be taken again and again by the facts. */
static void jump__without_the_generic_tree_asks_the_person(void **state)
{
    static const struct tree_fact items[] = {{{"code", 4}, {"5.1.1", 5}, 3}};
    struct tree_facts facts = {items, 1};
    struct wood wood = {.count = 0};

    (void)state;
    plant(&wood, "a", QUESTION("Q1", "<known fact=\"code\" is=\"5.1.1\" option=\"go\"/>" OPTION("go", "tree:missing")
                                         CANNOT("O1")) OUTCOME("O1"));
    start(&wood, facts, "a", "");
    at("a", "Q1");
    assert_true(walk.count < 2);
    answer("cannot-tell");
    at("a", "O1");
    fell(&wood);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check__accepts_a_sound_tree),
        cmocka_unit_test(check__names_what_is_wrong),
        cmocka_unit_test(check__finds_all_faults_at_once),
        cmocka_unit_test(check__takes_nine_options),
        cmocka_unit_test(check__needs_no_recursion_for_a_long_chain),
        cmocka_unit_test(known__is_has_and_ranges),
        cmocka_unit_test(walk__is_answered_by_the_person),
        cmocka_unit_test(walk__starts_at_a_node_that_exists),
        cmocka_unit_test(walk__facts_answer_with_their_proof),
        cmocka_unit_test(undo__takes_back_the_persons_answer_and_what_followed),
        cmocka_unit_test(object__asks_what_the_report_answered),
        cmocka_unit_test(jump__keeps_facts_and_trail),
        cmocka_unit_test(jump__three_at_most),
        cmocka_unit_test(jump__never_back_onto_the_trail),
        cmocka_unit_test(jump__to_nowhere_ends_in_the_hand_over),
        cmocka_unit_test(jump__by_a_fact_has_an_end),
        cmocka_unit_test(jump__without_the_generic_tree_asks_the_person),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
