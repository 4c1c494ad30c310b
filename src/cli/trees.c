#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/picture.h"
#include "session/lint.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

static void tree_json(struct json *json, const struct tree *tree)
{
    json_open(json, NULL, '{');
    json_text(json, "id", tree->id);
    json_text(json, "title", tree->title);
    json_number(json, "nodes", (long long)tree->node_count);
    json_number(json, "outcomes", (long long)tree->outcome_count);
    json_number(json, "longest", tree->longest);
    json_close(json, '}');
}

enum { DOT_CELLS = 60 };

/* Text inside of a Graphviz string, cut to a line's length. */
static void dot_text(struct cli *cli, struct str text)
{
    text = width_cut(filter_dup(cli->arena, text, 0), DOT_CELLS);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\') {
            buf_add_char(&cli->out, '\\');
        }
        buf_add_char(&cli->out, text.ptr[i]);
    }
}

static void print_dot(struct cli *cli, const struct tree *tree)
{
    cli_print(cli, "digraph \"%.*s\" {\n  node [shape=box, fontname=\"sans\"];\n", STR_ARGS(tree->id));
    for (size_t i = 0; i < tree->node_count; i++) {
        const struct tree_node *node = &tree->nodes[i];

        cli_print(cli, "  \"%.*s\" [label=\"%.*s\\n", STR_ARGS(node->id), STR_ARGS(node->id));
        dot_text(cli, node->title);
        cli_print(cli, "\"%s];\n", node->kind == TREE_OUTCOME ? ", style=rounded" : "");
        for (size_t k = 0; k < node->option_count; k++) {
            cli_print(cli, "  \"%.*s\" -> \"%.*s\" [label=\"", STR_ARGS(node->id),
                      STR_ARGS(node->options[k].to));
            dot_text(cli, node->options[k].id);
            cli_print(cli, "\"];\n");
        }
    }
    cli_print(cli, "}\n");
}

/* Every question with its options, every outcome with its owner. */
static void print_tree(struct cli *cli, const struct tree *tree)
{
    cli_print(cli, "%.*s  %.*s\n\n%.*s\n", STR_ARGS(tree->id), STR_ARGS(tree->title), STR_ARGS(tree->about));
    for (size_t i = 0; i < tree->node_count; i++) {
        const struct tree_node *node = &tree->nodes[i];
        struct str kind = tree_kind_name(node->kind);

        cli_print(cli, "\n%.*s  (%.*s)  %.*s\n", STR_ARGS(node->id), STR_ARGS(kind), STR_ARGS(node->title));
        for (size_t k = 0; k < node->option_count; k++) {
            cli_print(cli, "  %zu %.*s -> %.*s\n", k + 1, STR_ARGS(node->options[k].text),
                      STR_ARGS(node->options[k].to));
        }
        if (node->owner_count) {
            cli_print(cli, "  %.*s\n", STR_ARGS(prose_owner_words(node->owners[0])));
        }
    }
}

static int one_tree(struct cli *cli, struct str slug)
{
    const struct tree *tree = session_tree(cli->session, slug);

    if (!tree) {
        cli_complain(_("no such tree: %.*s (ndr trees lists them)"), STR_ARGS(slug));
        return CLI_NOTHING;
    }
    if (cli->format == CLI_DOT) {
        print_dot(cli, tree);
    } else if (cli->format == CLI_SVG) {
        picture_svg(tree, &cli->out);
    } else if (cli->format == CLI_JSON) {
        struct json json = {.out = &cli->out, .pretty = true};

        json_open(&json, NULL, '{');
        json_text(&json, "schema", STR_LIT("ndr-trees/1"));
        json_open(&json, "trees", '[');
        tree_json(&json, tree);
        json_close(&json, ']');
        json_close(&json, '}');
        buf_add_char(&cli->out, '\n');
    } else {
        print_tree(cli, tree);
    }
    return CLI_FOUND;
}

/* Ways from a node to an outcome or another tree.  No cycles are in a tree and its longest way is short, so
 * this goes no deeper than that. */
static unsigned long ways_from(const struct tree *tree, int node, unsigned long *ways)
{
    const struct tree_node *n = &tree->nodes[node];

    if (ways[node]) {
        return ways[node];
    }
    for (size_t k = 0; k < n->option_count; k++) {
        ways[node] += n->options[k].target < 0 ? 1 : ways_from(tree, n->options[k].target, ways);
    }
    ways[node] = ways[node] ? ways[node] : 1;
    return ways[node];
}

/* What a person would miss in a node; empty when nothing. */
static struct str missing_in(struct arena *arena, const struct tree_node *node)
{
    bool asks = node->kind == TREE_QUESTION || node->kind == TREE_CHECK;
    bool ends = node->kind == TREE_OUTCOME;

    return str_printf(arena, "%s%s%s%s%s%s%s", asks && !node->observe.count ? _(" how to see it,") : "",
                      asks && !node->why.len ? _(" why it is asked,") : "", ends && !node->cause.len ? _(" cause,") : "",
                      ends && !node->steps.count ? _(" fix,") : "",
                      ends && !node->verify.text.len && !node->verify.command_count ? _(" how to verify,") : "",
                      ends && !node->retry.len ? _(" when to send again,") : "",
                      ends && !prose_message_for(&node->messages, PROSE_TO_SENDER) ? _(" text for the sender,") : "");
}

/* One line a tree, and one for each node that lacks a text.  Nodes that cannot be reached are faults. */
static void print_coverage(struct cli *cli, const struct tree *tree)
{
    unsigned long *ways = ARENA_ARRAY(cli->arena, unsigned long, tree->node_count);
    size_t lacking = 0;

    for (size_t i = 0; i < tree->node_count; i++) {
        lacking += missing_in(cli->arena, &tree->nodes[i]).len > 0;
    }
    cli_print(cli, _("%-28.*s %3zu nodes  %6lu ways  longest %2u  outcomes %2zu  lacking a text %zu\n"), STR_ARGS(tree->id),
              tree->node_count, ways_from(tree, tree->start, ways), tree->longest, tree->outcome_count, lacking);
    for (size_t i = 0; i < tree->node_count; i++) {
        struct str missing = missing_in(cli->arena, &tree->nodes[i]);

        if (missing.len) {
            cli_print(cli, _("  %.*s has no%.*s\n"), STR_ARGS(tree->nodes[i].id), STR_ARGS(str_sub(missing, 0, missing.len - 1)));
        }
    }
}

static int check_trees(struct cli *cli)
{
    struct err_list faults;

    err_list_init(&faults, cli->arena);
    session_lint_trees(cli->session, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        struct str line = err_format(cli->arena, &faults.items[i]);

        cli_print(cli, "%.*s\n", STR_ARGS(line));
    }
    for (size_t i = 0; i < cli->session->tree_count; i++) {
        const struct tree *tree = session_tree(cli->session, cli->session->trees[i].slug);

        if (tree) {
            print_coverage(cli, tree);
        }
    }
    return faults.count ? CLI_NOTHING : CLI_FOUND;
}

int cli_trees(struct cli *cli)
{
    struct json json = {.out = &cli->out, .pretty = true};
    size_t count = 0;

    if (cli->line->values[CMD_OPTION_CHECK]) {
        return check_trees(cli);
    }
    if (!cli_takes(cli, cli->line->arg_count ? "text json dot svg" : "text json")) {
        return CLI_TROUBLE;
    }
    if (cli->line->arg_count) {
        return one_tree(cli, str_from(cli->line->args[0]));
    }
    if (cli->format == CLI_JSON) {
        json_open(&json, NULL, '{');
        json_text(&json, "schema", STR_LIT("ndr-trees/1"));
        json_open(&json, "trees", '[');
    }
    for (size_t i = 0; i < cli->session->tree_count; i++) {
        const struct tree *tree = session_tree(cli->session, cli->session->trees[i].slug);

        if (!tree) {
            cli_complain(_("tree %.*s has a fault; ndr lint tells where"),
                         STR_ARGS(cli->session->trees[i].slug));
            continue;
        }
        count++;
        if (cli->format == CLI_JSON) {
            tree_json(&json, tree);
        } else {
            cli_print(cli, "%-28.*s %3zu nodes, at most %2u steps  %.*s\n", STR_ARGS(tree->id),
                      tree->node_count, tree->longest, STR_ARGS(tree->title));
        }
    }
    if (cli->format == CLI_JSON) {
        json_close(&json, ']');
        json_close(&json, '}');
        buf_add_char(&cli->out, '\n');
    }
    return count ? CLI_FOUND : CLI_NOTHING;
}
