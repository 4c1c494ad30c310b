#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/line.h"
#include "cli/walk.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* --- where it starts --- */

static bool start_at_entry(struct session *session, const struct kb_entry *entry)
{
    if (entry->tree.len == 0) {
        return false;
    }
    return session_walk_start(session, entry->tree, entry->node, false) ||
           session_walk_start(session, entry->tree, STR_NULL, false);
}

/* A report in a file, the name of a tree, a code, an entry: in this order. */
static bool start(struct cli *cli, struct str what)
{
    struct session *session = cli->session;
    const char *path = str_dup_z(cli->arena, what);
    bool files = !cli->line->values[CMD_OPTION_RESTRICTED];

    if ((files && file_exists(path)) || str_equal(what, STR_LIT("-"))) {
        struct buf bytes;

        buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
        bool read = cli_read(path, &bytes);

        if (read) {
            session_report_set(session, buf_str(&bytes));
        }
        buf_fini(&bytes);
        return read && session_walk_diagnosis(session);
    }
    if (session_walk_start(session, what, STR_NULL, false)) {
        return true;
    }
    const struct kb_entry *entry = kb_entry_find(&session->kb, what);
    struct kb_hits hits = session_find_code(session, cli->arena, what);

    if (entry) {
        return start_at_entry(session, entry);
    }
    return hits.count && start_at_entry(session, hits.items[0]);
}

/* --- printing --- */

static void print_node(struct cli *cli, const struct tree_walk *walk)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (!tree_walk_is_done(walk)) {
        cli_print(cli, _("Step %u of at most %u\n\n"), tree_walk_step(walk), tree_walk_most(walk));
    }
    session_doc_node(cli->session, walk->node, &walk->facts, &doc);
    cli_print_doc(cli, &doc);
    for (size_t i = 0; i < walk->node->option_count; i++) {
        const struct tree_option *option = &walk->node->options[i];

        cli_print(cli, "%s%zu  %.*s\n", i == 0 ? "\n" : "", i + 1,
                  STR_ARGS(session_fill(cli->arena, option->text, &walk->facts)));
    }
}

/* Answers that the report gave since step `from`. */
static void print_known(struct cli *cli, const struct tree_walk *walk, size_t from)
{
    for (size_t i = from; i < walk->count; i++) {
        const struct tree_answer *answer = &walk->answers[i];

        if (answer->from_report) {
            cli_print(cli, _("From the report: %.*s = %.*s (%.*s, line %u)\n"), STR_ARGS(answer->node),
                      STR_ARGS(answer->option), STR_ARGS(str_sub(answer->proof, 0, 80)), answer->line);
        }
    }
}

static void walk_json(struct cli *cli, const struct tree_walk *walk)
{
    struct json json = {.out = &cli->out, .pretty = true, .redact = cli->redact};

    json_open(&json, NULL, '{');
    json_text(&json, "schema", STR_LIT("ndr-walk/1"));
    json_text(&json, "tree", walk->start_tree);
    json_open(&json, "steps", '[');
    for (size_t i = 0; i < walk->count; i++) {
        const struct tree_answer *answer = &walk->answers[i];
        const struct tree *tree = session_tree(cli->session, answer->tree);
        int node = tree ? tree_node_find(tree, answer->node) : -1;

        json_open(&json, NULL, '{');
        json_text(&json, "tree", answer->tree);
        json_text(&json, "node", answer->node);
        json_text(&json, "question",
                  node < 0 ? STR_NULL : session_fill(cli->arena, tree->nodes[node].ask, &walk->facts));
        json_text(&json, "answer", answer->option);
        json_text(&json, "source", answer->from_report ? STR_LIT("report") : STR_LIT("person"));
        if (answer->line) {
            json_number(&json, "line", answer->line);
        } else {
            json_nothing(&json, "line");
        }
        json_close(&json, '}');
    }
    json_close(&json, ']');
    if (tree_walk_is_done(walk)) {
        json_open(&json, "outcome", '{');
        json_text(&json, "tree", walk->tree->id);
        json_text(&json, "node", walk->node->id);
        json_text(&json, "title", session_fill(cli->arena, walk->node->title, &walk->facts));
        json_text(&json, "owner", prose_owner_slug(walk->node->owners[0]));
        json_text(&json, "cause", session_fill(cli->arena, walk->node->cause, &walk->facts));
        json_close(&json, '}');
    } else {
        json_nothing(&json, "outcome");
        json_text(&json, "asked", walk->node->id);
    }
    json_close(&json, '}');
    buf_add_char(&cli->out, '\n');
}

static void print_walk(struct cli *cli, const struct tree_walk *walk)
{
    struct doc doc;

    if (cli->format == CLI_JSON) {
        walk_json(cli, walk);
        return;
    }
    doc_init(&doc, cli->arena);
    session_doc_walk(cli->session, walk, &doc);
    if (cli->format == CLI_HTML && !tree_walk_is_done(walk)) {
        /* One page holds both. */
        session_doc_node(cli->session, walk->node, &walk->facts, &doc);
    }
    cli_print_doc(cli, &doc);
    if (!tree_walk_is_done(walk) && cli->format != CLI_HTML) {
        cli_print(cli, "\n");
        print_node(cli, walk);
    }
}

/* --- answers --- */

static bool answer_all(struct tree_walk *walk, struct str answers)
{
    struct str word;

    while (str_next_field(&answers, ',', &word)) {
        int option = tree_option_find(walk->node, str_trim(word));

        if (tree_walk_is_done(walk)) {
            cli_complain(_("the walk is at its end before the answer %.*s"), STR_ARGS(word));
            return false;
        }
        if (option < 0) {
            cli_complain(_("question %.*s has no answer %.*s"), STR_ARGS(walk->node->id), STR_ARGS(word));
            return false;
        }
        tree_walk_answer(walk, option, (int64_t)time(NULL));
    }
    return true;
}

bool walk_talk(struct cli *cli)
{
    struct tree_walk *walk = &cli->session->walk;
    size_t shown = 0;
    struct str line;

    for (;;) {
        print_known(cli, walk, shown);
        shown = walk->count;
        print_node(cli, walk);
        if (tree_walk_is_done(walk)) {
            cli_flush(cli);
            return true;
        }
        cli_print(cli, "\n");
        cli_flush(cli);
        for (;;) {
            if (cli->lost || !line_ask(_("number, u undo, q leave> "), &line) || str_equal(line, STR_LIT("q"))) {
                return false;
            }
            int option = line.len ? tree_option_find(walk->node, line) : -1;

            if (str_equal(line, STR_LIT("u")) && tree_walk_undo(walk)) {
                shown = walk->count;
                break;
            }
            if (option >= 0) {
                tree_walk_answer(walk, option, (int64_t)time(NULL));
                break;
            }
            cli_print(cli, _("Please type a number from 1 to %zu.\n"), walk->node->option_count);
            cli_flush(cli);
        }
        cli_print(cli, "\n");
    }
}

int cli_walk(struct cli *cli)
{
    struct str what = cli_words(cli);
    const char *answers = cli->line->values[CMD_OPTION_ANSWERS];

    if (!cli_takes(cli, "text json markdown html")) {
        return CLI_TROUBLE;
    }
    if (what.len == 0) {
        cli_complain(_("walk needs a tree, a code or a file (ndr trees lists the trees)"));
        return CLI_TROUBLE;
    }
    if (!start(cli, what)) {
        cli_complain(_("no tree for %.*s (ndr trees lists them)"), STR_ARGS(what));
        return CLI_NOTHING;
    }
    struct tree_walk *walk = &cli->session->walk;

    if (cli->line->values[CMD_OPTION_REDACT]) {
        cli->redact = redact_new(cli->arena, cli->session->report);
    }
    if (!answers && cli->format == CLI_TEXT && isatty(STDIN_FILENO)) {
        walk_talk(cli);
        return CLI_FOUND;
    }
    if (answers && !answer_all(walk, str_from(answers))) {
        return CLI_TROUBLE;
    }
    print_walk(cli, walk);
    return CLI_FOUND;
}
