#include "base/file.h"
#include "tree/check.h"
#include "xml/vocabulary.h"

enum element {
    T_TREE,
    T_TITLE,
    T_ABOUT,
    T_ENTRY_CODE,
    T_ENTRY_TEXT,
    T_QUESTION,
    T_CHECK,
    T_INSTRUCTION,
    T_OUTCOME,
    T_NODE_TITLE,
    T_ASK,
    T_OBSERVE,
    T_WHY,
    T_NOTE,
    T_KNOWN,
    T_OPTION,
    T_PROBE,
    T_STEP,
    T_FIX,
    T_CAUSE,
    T_VERIFY,
    T_RETRY,
    T_COMMAND,
    T_MESSAGE,
    T_SOURCE,
};

#define NODE_RULES(parent)                                                                         \
    {T_NODE_TITLE, parent, "title", "", "", true}, {T_SOURCE, parent, "source", "document",        \
                                                    "date doubt", true}
#define ASKED_RULES(parent)                                                                        \
    NODE_RULES(parent), {T_ASK, parent, "ask", "", "", true},                                      \
        {T_OBSERVE, parent, "observe", "", "", true}, {T_WHY, parent, "why", "", "", true},        \
        {T_NOTE, parent, "note", "", "", true},                                                    \
        {T_KNOWN, parent, "known", "fact option", "is has from to", false},                        \
    {                                                                                              \
        T_OPTION, parent, "option", "id to", "result cannot-tell", true                            \
    }

static const struct vocabulary_rule rules[] = {
    {T_TREE, VOCABULARY_ROOT, "tree", "id start version updated", "xml:lang", false},
    {T_TITLE, T_TREE, "title", "", "", true},
    {T_ABOUT, T_TREE, "about", "", "", true},
    {T_ENTRY_CODE, T_TREE, "entry-code", "", "", true},
    {T_ENTRY_TEXT, T_TREE, "entry-text", "", "", true},
    {T_QUESTION, T_TREE, "question", "id", "", false},
    {T_CHECK, T_TREE, "check", "id", "", false},
    {T_INSTRUCTION, T_TREE, "instruction", "id", "", false},
    {T_OUTCOME, T_TREE, "outcome", "id owner", "", false},
    ASKED_RULES(T_QUESTION),
    ASKED_RULES(T_CHECK),
    {T_PROBE, T_CHECK, "probe", "name", "inputs", false},
    NODE_RULES(T_INSTRUCTION),
    {T_STEP, T_INSTRUCTION, "step", "", "", true},
    {T_WHY, T_INSTRUCTION, "why", "", "", true},
    {T_NOTE, T_INSTRUCTION, "note", "", "", true},
    {T_OPTION, T_INSTRUCTION, "option", "id to", "result cannot-tell", true},
    NODE_RULES(T_OUTCOME),
    {T_CAUSE, T_OUTCOME, "cause", "", "", true},
    {T_FIX, T_OUTCOME, "fix", "", "", false},
    {T_STEP, T_FIX, "step", "", "", true},
    {T_VERIFY, T_OUTCOME, "verify", "", "", true},
    {T_RETRY, T_OUTCOME, "retry", "", "", true},
    {T_MESSAGE, T_OUTCOME, "message", "to", "", true},
    {T_COMMAND, T_OBSERVE, "command", "", "shell", true},
    {T_COMMAND, T_STEP, "command", "", "shell", true},
    {T_COMMAND, T_VERIFY, "command", "", "shell", true},
};

struct loader {
    struct tree *tree;
    struct err_list *faults;
    struct str start;
    struct tree_node *node;
    struct prose_step *step; /* that commands go to */
    enum prose_shell shell;
    size_t nodes, codes, texts, notes, probes, knowns, options;
};

static void fault(struct loader *l, unsigned line, const char *what, struct str value)
{
    err_add(l->faults, l->tree->file, line, "%s: %.*s", what,
            (int)(value.len < 80 ? value.len : 80), value.ptr ? value.ptr : "");
}

static struct str keep(struct loader *l, struct str text)
{
    return str_dup(&l->tree->arena, text);
}

static struct str attribute(struct loader *l, const struct xml_element *element, const char *name)
{
    return keep(l, xml_attribute_get(element, str_from(name)));
}

static void open_tree(struct loader *l, const struct xml_element *element)
{
    l->tree->id = attribute(l, element, "id");
    l->tree->version = attribute(l, element, "version");
    l->tree->updated = attribute(l, element, "updated");
    l->start = attribute(l, element, "start");
    l->tree->line = element->line;
}

static void open_node(struct loader *l, enum tree_kind kind, const struct xml_element *element)
{
    struct tree *tree = l->tree;

    l->node = VEC_PUSH(&tree->arena, tree->nodes, tree->node_count, l->nodes);
    l->notes = l->probes = l->knowns = l->options = 0;
    l->node->id = attribute(l, element, "id");
    l->node->kind = kind;
    l->node->line = element->line;
    if (kind == TREE_OUTCOME) {
        struct str owner = xml_attribute_get(element, STR_LIT("owner"));

        tree->outcome_count++;
        if (owner.len && !prose_owners_read(owner, l->node->owners, &l->node->owner_count)) {
            fault(l, element->line, "unknown owner", owner);
        }
    }
}

static void open_known(struct loader *l, const struct xml_element *element)
{
    struct tree_known *known =
        VEC_PUSH(&l->tree->arena, l->node->knowns, l->node->known_count, l->knowns);
    struct str from = xml_attribute_get(element, STR_LIT("from"));
    struct str to = xml_attribute_get(element, STR_LIT("to"));

    known->fact = attribute(l, element, "fact");
    known->is = attribute(l, element, "is");
    known->has = attribute(l, element, "has");
    known->option = attribute(l, element, "option");
    known->line = element->line;
    known->is_range = from.len || to.len;
    if (known->is_range &&
        (!str_to_uint(from, 999, &known->from) || !str_to_uint(to, 999, &known->to))) {
        fault(l, element->line, "from and to are the first and last detail of a code", from);
    }
    if ((known->is.len > 0) + (known->has.len > 0) + known->is_range != 1) {
        fault(l, element->line, "known needs one of is, has, or from and to", known->fact);
    }
}

static void open_option(struct loader *l, const struct xml_element *element)
{
    struct tree_option *option =
        VEC_PUSH(&l->tree->arena, l->node->options, l->node->option_count, l->options);

    option->id = attribute(l, element, "id");
    option->to = attribute(l, element, "to");
    option->result = attribute(l, element, "result");
    option->cannot_tell =
        str_equal(xml_attribute_get(element, STR_LIT("cannot-tell")), STR_LIT("yes"));
    option->target = -1;
    option->line = element->line;
}

static void open_message(struct loader *l, const struct xml_element *element)
{
    struct prose_messages *messages = &l->node->messages;
    struct prose_message *message =
        VEC_PUSH(&l->tree->arena, messages->items, messages->count, messages->capacity);
    struct str to = xml_attribute_get(element, STR_LIT("to"));

    if (!prose_reader_read(to, &message->to)) {
        fault(l, element->line, "unknown reader of a message", to);
    }
}

static void open_source(struct loader *l, const struct xml_element *element)
{
    struct prose_sources *sources = &l->node->sources;
    struct prose_source *source =
        VEC_PUSH(&l->tree->arena, sources->items, sources->count, sources->capacity);

    source->document = attribute(l, element, "document");
    source->date = attribute(l, element, "date");
    if (!prose_doubt_read(xml_attribute_get(element, STR_LIT("doubt")), &source->doubt)) {
        fault(l, element->line, "unknown doubt", xml_attribute_get(element, STR_LIT("doubt")));
    }
}

static void on_open(void *context, int id, const struct xml_element *element)
{
    struct loader *l = context;
    struct arena *arena = &l->tree->arena;
    struct prose_steps *steps;

    switch ((enum element)id) {
    case T_TREE:
        open_tree(l, element);
        break;
    case T_QUESTION:
        open_node(l, TREE_QUESTION, element);
        break;
    case T_CHECK:
        open_node(l, TREE_CHECK, element);
        break;
    case T_INSTRUCTION:
        open_node(l, TREE_INSTRUCTION, element);
        break;
    case T_OUTCOME:
        open_node(l, TREE_OUTCOME, element);
        break;
    case T_OBSERVE:
    case T_STEP:
        steps = id == T_OBSERVE ? &l->node->observe : &l->node->steps;
        l->step = VEC_PUSH(arena, steps->items, steps->count, steps->capacity);
        break;
    case T_VERIFY:
        l->step = &l->node->verify;
        break;
    case T_COMMAND:
        if (!prose_shell_read(xml_attribute_get(element, STR_LIT("shell")), &l->shell)) {
            fault(l, element->line, "unknown shell", xml_attribute_get(element, STR_LIT("shell")));
        }
        break;
    case T_KNOWN:
        open_known(l, element);
        break;
    case T_OPTION:
        open_option(l, element);
        break;
    case T_PROBE: {
        struct tree_probe *probe =
            VEC_PUSH(arena, l->node->probes, l->node->probe_count, l->probes);

        probe->name = attribute(l, element, "name");
        probe->inputs = attribute(l, element, "inputs");
        break;
    }
    case T_MESSAGE:
        open_message(l, element);
        break;
    case T_SOURCE:
        open_source(l, element);
        break;
    default:
        break;
    }
}

static void on_close(void *context, int id, struct str raw, unsigned line)
{
    struct loader *l = context;
    struct tree *tree = l->tree;
    struct arena *arena = &tree->arena;
    struct tree_node *node = l->node;
    struct str text = prose_fold(arena, raw);

    (void)line;
    switch ((enum element)id) {
    case T_TITLE:
        tree->title = text;
        break;
    case T_ABOUT:
        tree->about = text;
        break;
    case T_ENTRY_CODE:
        *VEC_PUSH(arena, tree->entry_codes, tree->entry_code_count, l->codes) = text;
        break;
    case T_ENTRY_TEXT:
        *VEC_PUSH(arena, tree->entry_texts, tree->entry_text_count, l->texts) = text;
        break;
    case T_NODE_TITLE:
        node->title = text;
        break;
    case T_ASK:
        node->ask = text;
        break;
    case T_WHY:
        node->why = text;
        break;
    case T_CAUSE:
        node->cause = text;
        break;
    case T_RETRY:
        node->retry = text;
        break;
    case T_NOTE:
        *VEC_PUSH(arena, node->notes, node->note_count, l->notes) = text;
        break;
    case T_OBSERVE:
    case T_STEP:
    case T_VERIFY:
        l->step->text = text;
        break;
    case T_COMMAND:
        prose_step_add_command(arena, l->step, l->shell, raw);
        break;
    case T_OPTION:
        node->options[node->option_count - 1].text = text;
        break;
    case T_MESSAGE:
        node->messages.items[node->messages.count - 1].text = text;
        break;
    case T_SOURCE:
        node->sources.items[node->sources.count - 1].text = text;
        break;
    default:
        break;
    }
}

struct tree *tree_load(const char *path, struct err_list *faults)
{
    static const struct vocabulary_handler handler = {on_open, on_close};
    struct tree *tree = mem_alloc(sizeof *tree);
    struct loader l = {.tree = tree, .faults = faults};

    arena_init(&tree->arena);
    tree->file = str_dup(&tree->arena, str_from(path));
    bool sound = vocabulary_read_file(path, rules, sizeof rules / sizeof rules[0], &handler, &l,
                                      faults);

    if (!sound || !tree_check(tree, l.start, faults)) {
        tree_free(tree);
        return NULL;
    }
    return tree;
}

void tree_free(struct tree *tree)
{
    if (tree) {
        arena_fini(&tree->arena);
        mem_free(tree);
    }
}
