#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/talk.h"
#include "session/redact.h"
#include "session/writer.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* --- where it starts --- */

bool talk_start_at_entry(struct session *session, const struct kb_entry *entry)
{
    if (entry->tree.len == 0) {
        return false;
    }
    bool started = session_walk_start(session, entry->tree, entry->node, false) ||
                   session_walk_start(session, entry->tree, STR_NULL, false);

    session->walk_entry = started ? entry->id : STR_NULL;
    return started;
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
        return talk_start_at_entry(session, entry);
    }
    return hits.count && talk_start_at_entry(session, hits.items[0]);
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
    struct doc doc;
    struct writer w = {&doc, &walk->facts};

    doc_init(&doc, cli->arena);
    for (size_t i = from; i < walk->count; i++) {
        if (walk->answers[i].from_report) {
            if (doc.count == 0) {
                writer_heading(&w, _("From the report"));
            }
            writer_answer(walk, &w, &walk->answers[i], (unsigned)i + 1);
        }
    }
    if (doc.count) {
        cli_print_doc(cli, &doc);
        cli_print(cli, "\n");
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

/* --- the talk --- */

/* The question without its "why", which is told when somebody asks. */
static void print_question(struct cli *cli, const struct tree_walk *walk, bool why)
{
    struct doc doc;
    size_t kept = 0;

    doc_init(&doc, cli->arena);
    session_doc_node(cli->session, walk->node, &walk->facts, &doc);
    for (size_t i = 0; i < doc.count; i++) {
        bool is_why = doc.blocks[i].kind == DOC_NOTE && str_equal(doc.blocks[i].label, STR_LIT(_("Why")));

        if (is_why == why) {
            doc.blocks[kept++] = doc.blocks[i];
        }
    }
    doc.count = kept;
    cli_print_doc(cli, &doc);
    if (why && kept == 0) {
        cli_print(cli, _("This question says no more about its reason.\n"));
    }
}

static void print_step(struct cli *cli, const struct tree_walk *walk)
{
    if (tree_walk_is_done(walk)) {
        print_question(cli, walk, false);
        return;
    }
    cli_print(cli, _("Step %u of at most %u\n\n"), tree_walk_step(walk), tree_walk_most(walk));
    print_question(cli, walk, false);
    cli_print(cli, "\n");
    for (size_t i = 0; i < walk->node->option_count; i++) {
        cli_print(cli, "%zu. %.*s\n", i + 1,
                  STR_ARGS(session_fill(cli->arena, walk->node->options[i].text, &walk->facts)));
    }
}

static void print_steps(struct cli *cli, const struct tree_walk *walk)
{
    struct doc doc;
    struct writer w = {&doc, &walk->facts};

    doc_init(&doc, cli->arena);
    for (size_t i = 0; i < walk->count; i++) {
        writer_answer(walk, &w, &walk->answers[i], (unsigned)i + 1);
    }
    cli_print_doc(cli, &doc);
    if (walk->count == 0) {
        cli_print(cli, _("Nothing has been answered yet.\n"));
    }
}

static void print_walk_help(struct cli *cli)
{
    cli_print(cli, "%s",
              _("Type the number of an answer, then Enter. Enter alone asks again.\n"
                "u        take back the last answer\n"
                "n WORDS  write a note beside the last answer\n"
                "s        the steps so far, and which of them the report answered\n"
                "x NUMBER ask that step again, also when the report answered it\n"
                "w        why this is asked\n"
                "q        leave the walk\n"));
}

static void take_note(struct cli *cli, struct tree_walk *walk, struct str words)
{
    if (walk->count == 0) {
        cli_print(cli, _("There is no answer yet to write a note beside.\n"));
        return;
    }
    if (words.len == 0 && !talk_ask(cli, _("Note: "), &words)) {
        return;
    }
    session_walk_note(cli->session, walk->count - 1, str_dup(cli->arena, words));
    cli_print(cli, words.len ? _("Noted.\n") : _("The note is gone.\n"));
}

static bool object(struct cli *cli, struct tree_walk *walk, struct str words)
{
    unsigned number = 0;

    if (!str_to_uint(words, TREE_ANSWERS_MAX, &number) || number < 1 ||
        !session_walk_object(cli->session, number - 1)) {
        cli_print(cli, walk->count ? _("Which step? x and its number; s lists them.\n")
                                   : _("Nothing has been answered yet.\n"));
        return false;
    }
    return true;
}

/* A pasted report is no answer, and none of its lines is. */
static void tell_mistake(struct cli *cli, const struct tree_walk *walk, struct str line)
{
    struct buf text;

    buf_init(&text, NDR_SOURCE_MAX_BYTES);
    if (talk_read_lines(line, &text)) {
        cli_print(cli, _("Several lines are no answer. q leaves the walk; paste the report then.\n"));
    } else {
        cli_print(cli, _("Please type a number from 1 to %zu, or ? for help.\n"), walk->node->option_count);
    }
    buf_fini(&text);
}

enum said { SAID_ASK, SAID_NEXT, SAID_LEAVE };

/* What was typed at a question: ask only for the next line, print where the walk is now, or leave. */
static enum said obey(struct cli *cli, struct tree_walk *walk, struct str line)
{
    int option = line.len ? tree_option_find(walk->node, line) : -1;
    struct str rest = line;
    struct str word = STR_NULL;

    if (line.len == 0) {
        return SAID_NEXT;
    }
    if (option >= 0) {
        return session_walk_answer(cli->session, option) ? SAID_NEXT : SAID_ASK;
    }
    str_next_word(&rest, &word);
    rest = str_trim(rest);
    switch (word.len == 1 ? word.ptr[0] : 0) {
    case 'q':
    case 'b':
        return SAID_LEAVE;
    case 'u':
        if (session_walk_undo(cli->session)) {
            return SAID_NEXT;
        }
        cli_print(cli, _("Nothing has been answered yet.\n"));
        return SAID_ASK;
    case 'n':
        take_note(cli, walk, rest);
        return SAID_ASK;
    case 's':
        print_steps(cli, walk);
        return SAID_ASK;
    case 'x':
        return object(cli, walk, rest) ? SAID_NEXT : SAID_ASK;
    case 'w':
        print_question(cli, walk, true);
        return SAID_ASK;
    case '?':
        print_walk_help(cli);
        return SAID_ASK;
    default:
        tell_mistake(cli, walk, line);
        return SAID_ASK;
    }
}

/* A notice about saving is told once, when it is new. */
static void print_notice(struct cli *cli, struct str *told)
{
    struct str notice = cli->session->store_notice;

    if (notice.len && !str_equal(notice, *told)) {
        cli_print(cli, "%.*s\n", STR_ARGS(notice));
        *told = str_dup(cli->arena, notice);
    }
}

enum talk_end talk_walk(struct cli *cli)
{
    struct tree_walk *walk = &cli->session->walk;
    struct str told = STR_NULL;
    size_t shown = 0;
    struct str line;
    enum said said = SAID_NEXT;

    for (;;) {
        if (said == SAID_NEXT) {
            print_notice(cli, &told);
            print_known(cli, walk, shown < walk->count ? shown : walk->count);
            shown = walk->count;
            print_step(cli, walk);
        }
        if (tree_walk_is_done(walk)) {
            print_notice(cli, &told);
            return TALK_OUTCOME;
        }
        if (!talk_ask(cli, _("Answer: "), &line)) {
            return TALK_OVER;
        }
        said = obey(cli, walk, line);
        if (said == SAID_LEAVE) {
            return TALK_LEFT;
        }
        cli_print(cli, "%s", said == SAID_NEXT ? "\n" : "");
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
        session_keep(cli->session);
        talk_walk(cli);
        return CLI_FOUND;
    }
    if (answers && !answer_all(walk, str_from(answers))) {
        return CLI_TROUBLE;
    }
    print_walk(cli, walk);
    return CLI_FOUND;
}
