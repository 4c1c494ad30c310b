#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/talk.h"
#include "session/names.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* A prompt for commands: those of the command line with their options, and those of the screen's `:`
 * prompt that mean something without a screen. */

/* What Tab completes behind a command. */
enum shell_names { SHELL_NOTHING, SHELL_ENTRIES, SHELL_TREES, SHELL_FILES, SHELL_READERS, SHELL_TOPICS };

struct shell_command {
    const char *name;
    const char *arguments;
    const char *help;
    void (*run)(struct cli *cli, struct str rest);
    enum shell_names names;
    bool needs_files; /* off in restricted mode */
};

enum { SHELL_ARGS_MAX = 64 };

/* --- commands of the program --- */

/* Reads the words as the command line does and runs what they ask for. */
static void run_program(struct cli *cli, struct str words)
{
    static int (*const commands[CMD_COUNT])(struct cli *) = {
        [CMD_ANALYZE] = cli_analyze, [CMD_EXPLAIN] = cli_explain, [CMD_LIST] = cli_list,
        [CMD_SEARCH] = cli_search,   [CMD_TREES] = cli_trees,     [CMD_TRIAGE] = cli_triage,
        [CMD_CONFIG] = cli_config,   [CMD_WHICH] = cli_which};
    char name[] = "ndr";
    char *argv[SHELL_ARGS_MAX] = {name};
    int argc = 1;
    struct cmd_line line;
    struct str word;
    struct str what;

    while (argc < SHELL_ARGS_MAX - 1 && str_next_word(&words, &word)) {
        argv[argc++] = str_dup_z(cli->arena, word);
    }
    if (str_trim(words).len) {
        argv[argc++] = str_dup_z(cli->arena, words); /* a long sentence */
    }
    if (!cmd_line_read(cli->arena, argc, argv, &line, &what)) {
        cli_complain("%.*s", STR_ARGS(what));
        return;
    }
    line.values[CMD_OPTION_RESTRICTED] = cli->session->restricted ? "" : NULL;
    struct cli inner = {.session = cli->session, .line = &line, .arena = cli->arena, .format = cli_format_of(&line),
                        .out = cli->out, .talks = true, .is_ascii = cli->is_ascii, .lost = cli->lost};

    commands[line.command](&inner);
    cli->out = inner.out;
    cli->lost = inner.lost;
}

static void run_explain(struct cli *cli, struct str rest)
{
    run_program(cli, str_printf(cli->arena, "explain -- %.*s", STR_ARGS(rest)));
}

#define PROGRAM(name)                                                                       \
    static void run_##name(struct cli *cli, struct str rest)                                \
    {                                                                                       \
        run_program(cli, str_printf(cli->arena, #name " %.*s", STR_ARGS(rest)));            \
    }
PROGRAM(list)
PROGRAM(search)
PROGRAM(trees)
PROGRAM(analyze)
PROGRAM(triage)
PROGRAM(config)
PROGRAM(which)
#undef PROGRAM

/* --- commands of the talk --- */

static void run_paste(struct cli *cli, struct str rest)
{
    (void)rest;
    if (talk_take_paste(cli)) {
        talk_diagnosis(cli, true);
    }
}

static void run_file(struct cli *cli, struct str rest)
{
    if (rest.len == 0) {
        cli_print(cli, _("Which file? Type its name behind the word.\n"));
    } else if (talk_take_file(cli, rest)) {
        talk_diagnosis(cli, true);
    }
}

/* A file with a report, or what explain takes. */
static void run_open(struct cli *cli, struct str rest)
{
    bool is_name = str_find_char(rest, '/', 0) != STR_NPOS || file_exists(str_dup_z(cli->arena, rest));

    if (rest.len == 0) {
        cli_print(cli, _("Open what? A code such as 5.7.23, the id of an entry, or a file.\n"));
    } else if (!is_name) {
        run_explain(cli, rest);
    } else if (cli->session->restricted) {
        cli_print(cli, _("Files are off in restricted mode.\n"));
    } else {
        run_file(cli, rest);
    }
}

static void run_walk(struct cli *cli, struct str rest)
{
    const struct kb_entry *entry = rest.len ? kb_entry_find(&cli->session->kb, rest) : NULL;
    struct kb_hits hits = rest.len ? session_find_code(cli->session, cli->arena, rest) : (struct kb_hits){0};
    bool started = rest.len == 0 ? session_walk_diagnosis(cli->session)
                   : entry       ? talk_start_at_entry(cli->session, entry)
                                 : session_walk_start(cli->session, rest, STR_NULL, false) ||
                                 (hits.count && talk_start_at_entry(cli->session, hits.items[0]));

    if (started) {
        talk_walk(cli);
    } else {
        cli_print(cli, rest.len ? _("There is no such tree; \"trees\" lists them.\n")
                                : _("There is no report yet; \"paste\" takes one.\n"));
    }
}

static void run_message(struct cli *cli, struct str rest)
{
    enum prose_reader reader;

    if (!prose_reader_read(rest, &reader)) {
        cli_print(cli, _("For whom? sender, postmaster or ticket\n"));
    } else if (!talk_message(cli, reader)) {
        cli_print(cli, _("There is no such text for this case.\n"));
    }
}

static void run_write(struct cli *cli, struct str rest)
{
    struct session *session = cli->session;
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (session->walking) {
        session_doc_walk(session, &session->walk, &doc);
    } else if (session->result) {
        session_doc_diagnosis(session, session->result, session_recipient(session), &doc);
    } else {
        cli_print(cli, _("There is nothing to write yet.\n"));
        return;
    }
    talk_write(cli, rest, &doc);
}

static void run_dialogue(struct cli *cli, struct str rest)
{
    (void)rest;
    talk_dialogue(cli);
}

static void run_help(struct cli *cli, struct str rest);

static const struct shell_command commands[] = {
    {"paste", "", _("paste a report; end it with a line that holds a single dot"), run_paste, SHELL_NOTHING, false},
    {"open", "WHAT", _("a code, an entry, or a file with a report"), run_open, SHELL_ENTRIES, false},
    {"file", "FILE", _("read a report from a file"), run_file, SHELL_FILES, true},
    {"walk", "[TREE]", _("walk the tree of the last report, or the one named"), run_walk, SHELL_TREES, false},
    {"message", "WHO", _("ready text for sender, postmaster or ticket"), run_message, SHELL_READERS, false},
    {"write", "FILE", _("write the walk or the diagnosis to a file (.md, .html or text)"), run_write, SHELL_FILES, true},
    {"explain", "CODE", _("explain a code; a code alone does the same"), run_explain, SHELL_ENTRIES, false},
    {"search", "WORDS", _("search the knowledge"), run_search, SHELL_NOTHING, false},
    {"list", "", _("all entries; --category and --provider choose"), run_list, SHELL_NOTHING, false},
    {"trees", "[TREE]", _("all decision trees, or one of them"), run_trees, SHELL_TREES, false},
    {"analyze", "PATH", _("diagnose one mail or a folder of them"), run_analyze, SHELL_FILES, true},
    {"triage", "PATH", _("count the reports of a folder, a Maildir or an mbox"), run_triage, SHELL_FILES, true},
    {"which", "ID", _("the file that an entry or tree comes from"), run_which, SHELL_ENTRIES, false},
    {"config", "", _("every setting"), run_config, SHELL_NOTHING, false},
    {"menu", "", _("the same as numbered questions; saved walks are there, too"), run_dialogue, SHELL_NOTHING, false},
    {"help", "[TOPIC]", _("this list, or a topic; \"help topics\" lists those"), run_help, SHELL_TOPICS, false},
    {"quit", "", _("leave"), NULL, SHELL_NOTHING, false},
};

enum { SHELL_COMMANDS = sizeof commands / sizeof commands[0] };

static bool is_offered(const struct session *session, const struct shell_command *command)
{
    return !(command->needs_files && session->restricted);
}

static void run_help(struct cli *cli, struct str rest)
{
    if (rest.len) {
        if (!talk_topic(cli, rest)) {
            cli_print(cli, _("There is no such topic; \"help topics\" lists them.\n"));
        }
        return;
    }
    for (size_t i = 0; i < SHELL_COMMANDS; i++) {
        if (is_offered(cli->session, &commands[i])) {
            cli_print(cli, "%s%s%s: %s\n", commands[i].name, commands[i].arguments[0] ? " " : "",
                      commands[i].arguments, commands[i].help);
        }
    }
}

/* --- completion --- */

static void add_name(void *context, struct str name)
{
    line_choice(context, name);
}

static const struct shell_command *find(struct str name)
{
    static const struct {
        const char *name, *stands_for;
    } others[] = {{"q", "quit"}, {"exit", "quit"}, {"?", "help"}, {"messages", "message"}, {"home", "menu"},
                  {"saved", "menu"}};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        name = str_equal(name, str_from(others[i].name)) ? str_from(others[i].stands_for) : name;
    }
    for (size_t i = 0; i < SHELL_COMMANDS; i++) {
        if (str_equal(name, str_from(commands[i].name))) {
            return &commands[i];
        }
    }
    return NULL;
}

static void complete(struct session *session, struct str line, struct str word, struct line_choices *choices)
{
    struct str first = STR_NULL;
    struct str last = STR_NULL;
    struct str rest = line;

    if (!str_next_word(&rest, &first)) {
        for (size_t i = 0; i < SHELL_COMMANDS; i++) {
            if (is_offered(session, &commands[i])) {
                line_choice(choices, str_from(commands[i].name));
            }
        }
        return;
    }
    while (str_next_word(&rest, &last)) {
    }
    const struct shell_command *command = find(first);
    enum shell_names names = command && is_offered(session, command) ? command->names : SHELL_NOTHING;

    if (str_equal(last, STR_LIT("--category")) || str_equal(last, STR_LIT("-c"))) {
        session_names(session, choices->arena, SESSION_NAMES_CATEGORIES, word, add_name, choices);
    } else if (names == SHELL_TREES) {
        session_names(session, choices->arena, SESSION_NAMES_TREES, word, add_name, choices);
    } else if (names == SHELL_ENTRIES) {
        session_names(session, choices->arena, SESSION_NAMES_ENTRIES, word, add_name, choices);
        choices->has_files = choices->count == 0 && command->run == run_open && !session->restricted;
    } else if (names == SHELL_FILES) {
        choices->has_files = true;
    } else if (names == SHELL_TOPICS) {
        line_choice(choices, STR_LIT("topics"));
        session_names(session, choices->arena, SESSION_NAMES_TOPICS, word, add_name, choices);
    } else if (names == SHELL_READERS) {
        for (int reader = 0; reader < PROSE_TO_COUNT; reader++) {
            line_choice(choices, prose_reader_name((enum prose_reader)reader));
        }
    }
}

/* --- the loop --- */

/* One line; false when the person wants to leave. */
static bool obey(struct cli *cli, struct str line)
{
    struct str rest = line;
    struct str word = STR_NULL;

    str_next_word(&rest, &word);
    const struct shell_command *command = find(word);

    if (!command) {
        run_explain(cli, line);
    } else if (!command->run || (command->run == run_dialogue && cli->is_in_dialogue)) {
        return false;
    } else if (!is_offered(cli->session, command)) {
        cli_print(cli, _("Files are off in restricted mode.\n"));
    } else {
        command->run(cli, str_trim(rest));
    }
    return true;
}

/* Whether every whole line is a command, typed while something else was printed.  A report may begin with such a
 * word; and what came unseen touches no file. */
static bool are_commands(struct str lines)
{
    struct str line;
    struct str word;

    while (str_find_char(lines, '\n', 0) != STR_NPOS && str_next_line(&lines, &line)) {
        const struct shell_command *command = str_next_word(&line, &word) ? find(word) : NULL;

        if (!command || command->needs_files || command->run == run_open) {
            return false;
        }
    }
    return true;
}

/* Commands one after the other; what was typed of the next one stays at the prompt. */
static bool obey_each(struct cli *cli, struct str lines)
{
    struct str line;
    bool more = true;

    while (more && str_find_char(lines, '\n', 0) != STR_NPOS && str_next_line(&lines, &line)) {
        more = obey(cli, str_trim(line)) && talk_flush(cli);
    }
    line_put_back(lines);
    return more;
}

/* What was read at the prompt: a command, or several lines, which are a report.  False when the person wants to
 * leave. */
static bool take(struct cli *cli, struct str line)
{
    bool pastes = str_equal(line, STR_LIT("paste")); /* which reads the rest itself */
    bool is_marked = str_find_char(line, '\n', 0) != STR_NPOS;
    bool more = true;
    struct buf text;

    buf_init(&text, NDR_SOURCE_MAX_BYTES);
    if (pastes || !talk_read_lines(line, &text)) {
        more = obey(cli, line);
    } else if (!is_marked && are_commands(buf_str(&text))) {
        more = obey_each(cli, str_dup(cli->arena, buf_str(&text)));
    } else {
        session_report_set(cli->session, buf_str(&text));
        talk_diagnosis(cli, true);
    }
    buf_fini(&text);
    return more;
}

void talk_commands(struct cli *cli)
{
    struct line_prompt prompt = {.text = "ndr> ", .session = cli->session, .complete = complete};
    struct arena *whole = cli->arena;
    struct arena arena;
    struct str line;
    bool more = true;

    arena_init(&arena);
    cli->arena = &arena; /* one command */
    while (more && talk_flush(cli)) {
        more = line_read(&prompt, &line) && (line.len == 0 || take(cli, str_dup(&arena, line)));
        arena_reset(&arena);
    }
    cli->arena = whole;
    arena_fini(&arena);
}

int cli_shell(struct cli *cli)
{
    if (isatty(STDIN_FILENO)) {
        session_keep(cli->session);
        cli_print(cli, _("ndr: paste a report with \"paste\", explain a code by typing it; \"help\" tells more.\n"));
    }
    if (cli->session->result) {
        talk_diagnosis(cli, true);
    }
    talk_commands(cli);
    return CLI_FOUND;
}
