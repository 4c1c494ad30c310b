#include "tree/tree.h"

struct str tree_kind_name(enum tree_kind kind)
{
    static const char *const names[] = {"question", "check", "instruction", "outcome"};

    return str_from(names[kind]);
}

int tree_node_find(const struct tree *tree, struct str id)
{
    for (size_t i = 0; i < tree->node_count; i++) {
        if (str_equal(tree->nodes[i].id, id)) {
            return (int)i;
        }
    }
    return -1;
}

int tree_option_find(const struct tree_node *node, struct str answer)
{
    unsigned number;

    for (size_t i = 0; i < node->option_count; i++) {
        if (str_equal_nocase(node->options[i].id, answer)) {
            return (int)i;
        }
    }
    if (str_to_uint(answer, (unsigned)node->option_count, &number) && number > 0) {
        return (int)number - 1;
    }
    return -1;
}

/* Last number of "5.7.323"; false when the value is no code. */
static bool detail_of(struct str code, unsigned *detail)
{
    size_t dot = str_find_char(code, '.', 0);

    dot = dot == STR_NPOS ? dot : str_find_char(code, '.', dot + 1);
    return dot != STR_NPOS && str_to_uint(str_sub(code, dot + 1, code.len), 999, detail);
}

static bool known_holds(const struct tree_known *known, struct str value)
{
    struct str rest = known->is;
    struct str word;
    unsigned detail;

    if (known->is_range) {
        return detail_of(value, &detail) && detail >= known->from && detail <= known->to;
    }
    if (known->has.len) {
        return str_find_nocase(value, known->has, 0) != STR_NPOS;
    }
    while (str_next_field(&rest, '|', &word)) {
        if (str_equal_nocase(str_trim(word), value)) {
            return true;
        }
    }
    return false;
}

int tree_node_known(const struct tree_node *node, const struct tree_facts *facts,
                    const struct tree_fact **fact)
{
    for (size_t i = 0; i < node->known_count; i++) {
        const struct tree_known *known = &node->knowns[i];

        for (size_t k = 0; k < facts->count; k++) {
            if (str_equal(facts->items[k].name, known->fact) && facts->items[k].value.len &&
                known_holds(known, facts->items[k].value)) {
                *fact = &facts->items[k];
                return tree_option_find(node, known->option);
            }
        }
    }
    return -1;
}
