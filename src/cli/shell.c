#include <errno.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/line.h"
#include "cli/walk.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* Plain lines for dumb terminals and screen readers: no redrawing, no color, numbered choices. */

static const char *const words[] = {"paste", "walk", "message", "explain", "search", "list",
                                    "trees", "open", "help",    "quit",    NULL};

static void print_help(struct cli *cli)
{
    cli_print(cli, "%s",
              _("paste          paste a report; end it with a line that holds a single dot\n"
                "open FILE      read a report from a file\n"
                "walk [TREE]    walk the tree of the last report, or the one named\n"
                "message WHO    ready text for sender, postmaster or ticket\n"
                "explain CODE   explain a code; a code alone does the same\n"
                "search WORDS   search the knowledge\n"
                "list           all entries\n"
                "trees          all decision trees\n"
                "quit           leave\n"));
}

static void print_diagnosis(struct cli *cli)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    session_doc_diagnosis(cli->session, cli->session->result, session_recipient(cli->session), &doc);
    cli_print_doc(cli, &doc);
}

static void take_report(struct cli *cli, struct str path)
{
    struct buf bytes;
    bool read = true;

    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    if (path.len) {
        read = cli_read(str_dup_z(cli->arena, path), &bytes);
    } else {
        cli_print(cli, _("Paste the report, then a line with a single dot.\n"));
        cli_flush(cli);
        line_paste(&bytes);
    }
    if (read) {
        session_report_set(cli->session, buf_str(&bytes));
        print_diagnosis(cli);
    }
    buf_fini(&bytes);
}

static void take_walk(struct cli *cli, struct str rest)
{
    bool started = rest.len ? session_walk_start(cli->session, rest, STR_NULL, false)
                            : session_walk_diagnosis(cli->session);

    if (started) {
        walk_talk(cli);
    } else {
        cli_print(cli, rest.len ? _("There is no such tree; \"trees\" lists them.\n")
                                : _("There is no report yet; \"paste\" takes one.\n"));
    }
}

static void take_message(struct cli *cli, struct str rest)
{
    enum prose_reader reader;
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (!prose_reader_read(rest, &reader)) {
        cli_print(cli, _("For whom? sender, postmaster or ticket\n"));
    } else if (session_doc_message(cli->session, reader, &doc)) {
        cli_print_doc(cli, &doc);
    } else {
        cli_print(cli, _("There is no such text for this case.\n"));
    }
}

/* Runs a command of the program with the words behind it as its arguments. */
static void run(struct cli *cli, enum cmd_command command, struct str rest)
{
    static int (*const commands[CMD_COUNT])(struct cli *) = {
        [CMD_EXPLAIN] = cli_explain, [CMD_LIST] = cli_list, [CMD_SEARCH] = cli_search,
        [CMD_TREES] = cli_trees};
    const char *argument = str_dup_z(cli->arena, rest);
    struct cmd_line line = {.command = command, .args = &argument, .arg_count = rest.len > 0};
    const struct cmd_line *before = cli->line;

    cli->line = &line;
    commands[command](cli);
    cli->line = before;
}

static bool obey(struct cli *cli, struct str line)
{
    struct str rest = line;
    struct str word = STR_NULL;

    str_next_word(&rest, &word);
    rest = str_trim(rest);
    enum cmd_command command = cmd_command_find(word);

    if (str_equal(word, STR_LIT("quit")) || str_equal(word, STR_LIT("q")) ||
        str_equal(word, STR_LIT("exit"))) {
        return false;
    }
    if (str_equal(word, STR_LIT("paste"))) {
        take_report(cli, STR_NULL);
    } else if (str_equal(word, STR_LIT("open"))) {
        if (cli->line->values[CMD_OPTION_RESTRICTED] || rest.len == 0) {
            cli_print(cli, _("Which file? (Files are off in restricted mode.)\n"));
        } else {
            take_report(cli, rest);
        }
    } else if (command == CMD_WALK) {
        take_walk(cli, rest);
    } else if (str_equal(word, STR_LIT("message"))) {
        take_message(cli, rest);
    } else if (command == CMD_HELP || str_equal(word, STR_LIT("?"))) {
        print_help(cli);
    } else if (command == CMD_LIST || command == CMD_SEARCH || command == CMD_TREES ||
               command == CMD_EXPLAIN) {
        run(cli, command, rest);
    } else {
        run(cli, CMD_EXPLAIN, line);
    }
    return true;
}

int cli_shell(struct cli *cli)
{
    struct str line;
    bool more = true;

    line_set_words(words);
    if (isatty(STDIN_FILENO)) {
        cli_print(cli, _("ndr: paste a report with \"paste\", explain a code by typing it; \"help\" tells more.\n"));
    }
    if (cli->session->result) {
        print_diagnosis(cli);
    }
    while (more && cli_flush(cli)) {
        more = line_ask("ndr> ", &line) && (line.len == 0 || obey(cli, line));
    }
    return cli->lost && cli->lost != EPIPE ? CLI_TROUBLE : CLI_FOUND;
}
