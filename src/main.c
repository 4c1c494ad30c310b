#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/tty.h"
#include "guard/guard.h"
#include "session/confine.h"
#include "session/input.h"
#include "ui/app.h"

/* Picks the screen or a command; nothing else. */

/* The terminal as it was found, from wherever the end comes. */
static void restore_terminal(void)
{
    ui_restore();
    tty_give_back();
}

static void on_exhausted(void)
{
    static const char words[] = "ndr: out of memory\n";

    restore_terminal();
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0) {
        /* Nothing is left to tell it with. */
    }
    _exit(CLI_TROUBLE);
}

/* A first word that is no command and no file but a code: `ndr 5.7.23`. */
static bool is_code(struct session *session, struct arena *arena, const struct cmd_line *line)
{
    struct str word = str_from(line->args[0]);

    return session_find_code(session, arena, word).count > 0 ||
           kb_entry_find(&session->kb, word) != NULL;
}

static bool wants_report(const struct cmd_line *line)
{
    return line->command == CMD_NONE &&
           (line->arg_count > 0 || (!isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)));
}

/* Loads the report of `ndr FILE`, `ndr -` or `ndr < FILE` into the session. */
static bool load_report(struct session *session, const struct cmd_line *line)
{
    struct buf bytes;
    bool read;

    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    read = cli_read(line->arg_count ? line->args[0] : "-", &bytes);
    if (read) {
        session_report_set(session, buf_str(&bytes));
    }
    buf_fini(&bytes);
    return read;
}

/* `many`: the folder or mbox to count, NULL for the screen of one report. */
static int run_screen(struct session *session, const struct cmd_line *line, const char *many)
{
    struct ui_options options = {
        .has_report = session->report != NULL,
        .tty_fd = -1,
        .restricted = line->values[CMD_OPTION_RESTRICTED] != NULL,
    };
    int status;

    if (!isatty(STDIN_FILENO)) {
        options.tty_fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    }
    status = many ? app_run_triage(session, &options, many) : ui_run(session, &options);
    if (options.tty_fd >= 0) {
        close(options.tty_fd);
    }
    return status;
}

/* Keys may come from the controlling terminal when standard input holds the report. */
static bool has_keys(void)
{
    int fd = isatty(STDIN_FILENO) ? -2 : open("/dev/tty", O_RDWR | O_CLOEXEC);

    if (fd >= 0) {
        close(fd);
    }
    return fd != -1;
}

/* No subcommand: the screen where one can be, else plain text. */
static int run_default(struct session *session, struct cmd_line *line, struct arena *arena)
{
    bool plain = line->values[CMD_OPTION_PLAIN] != NULL;
    bool restricted = line->values[CMD_OPTION_RESTRICTED] != NULL;

    if (line->arg_count > 0 && strcmp(line->args[0], "-") != 0 &&
        (restricted || !file_exists(line->args[0])) && !file_is_folder(line->args[0])) {
        if (!is_code(session, arena, line)) {
            cli_complain(_("%s: no such file, command or code (try: ndr --help)"), line->args[0]);
            return CLI_TROUBLE;
        }
        line->command = CMD_EXPLAIN;
        return cli_run(session, line);
    }
    if (line->arg_count > 1) {
        cli_complain(_("one file at a time on the screen; ndr analyze takes several"));
        return CLI_TROUBLE;
    }
    bool screen = isatty(STDOUT_FILENO) && has_keys() && !plain && ui_possible();

    if (!screen && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
        line->command = CMD_ANALYZE;
        return cli_run(session, line);
    }
    session_confine_desk(session, line->args, restricted ? 0 : line->arg_count);
    if (!restricted && line->arg_count && strcmp(line->args[0], "-") != 0 && input_is_many(line->args[0])) {
        line->command = screen ? CMD_NONE : CMD_TRIAGE;
        return screen ? run_screen(session, line, line->args[0]) : cli_run(session, line);
    }
    if (wants_report(line) && !load_report(session, line)) {
        return CLI_TROUBLE;
    }
    if (!screen) {
        return cli_run(session, line);
    }
    return run_screen(session, line, NULL);
}

/* What the command line says about settings wins over the files. */
static void take_options(struct session *session, const struct cmd_line *line)
{
    static const struct {
        enum cmd_option option;
        enum setting setting;
    } same[] = {{CMD_OPTION_COLOR, SETTING_COLOR}, {CMD_OPTION_THEME, SETTING_THEME}};
    struct str what;

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        if (line->values[same[i].option]) {
            session_set(session, same[i].setting, str_from(line->values[same[i].option]), SETTINGS_OPTION, &what);
        }
    }
}

/* Those from number `from` on; how many there are now. */
static size_t tell_faults(const struct session *session, struct arena *arena, size_t from)
{
    for (size_t i = from; i < session->faults.count; i++) {
        struct str text = err_format(arena, &session->faults.items[i]);

        cli_complain("%.*s", (int)text.len, text.ptr);
    }
    return session->faults.count;
}

/* Help that needs no knowledge; a topic has the keys that are bound. */
static bool is_plain_help(const struct cmd_line *line)
{
    return line->values[CMD_OPTION_HELP] ||
           (line->command == CMD_HELP &&
            (line->arg_count == 0 || cmd_command_find(str_from(line->args[0])) != CMD_NONE));
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct cmd_line line;
    struct session session;
    struct str what;
    int status;

    guard_environment_drop();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error of writing like a full disk */
    mem_set_exhausted(on_exhausted);
    bug_set_handler(restore_terminal);
    arena_init(&arena);
    if (!cmd_line_read(&arena, argc, argv, &line, &what)) {
        cli_complain("%.*s", (int)what.len, what.ptr);
        return CLI_TROUBLE;
    }
    bool restricted = line.values[CMD_OPTION_RESTRICTED] || getenv("NDR_RESTRICTED");

    if (restricted) {
        line.values[CMD_OPTION_RESTRICTED] = "";
        guard_environment_restrict();
    }
    setlocale(LC_ALL, "");
    guard_start();
    if (is_plain_help(&line)) {
        const struct cmd_command_row *row = cmd_command_row(line.command);

        return cli_help(line.command != CMD_HELP ? (row ? row->name : NULL)
                        : line.arg_count         ? line.args[0]
                                                 : NULL);
    }
    struct session_options options = {.data = restricted ? NULL : line.values[CMD_OPTION_DATA],
                                      .restricted = restricted};

    options.from_source = line.command == CMD_LINT;
    options.shipped_only = line.command == CMD_LINT && line.arg_count > 0;
    bool opened = session_open(&session, &options);

    if (line.values[CMD_OPTION_VERSION]) {
        return cli_version(opened ? &session : NULL);
    }
    size_t told = 0;

    if (line.command != CMD_LINT) { /* which tells them itself */
        told = tell_faults(&session, &arena, 0);
        if (!opened) {
            return CLI_TROUBLE;
        }
    }
    take_options(&session, &line);
    status = line.command == CMD_NONE ? run_default(&session, &line, &arena) : cli_run(&session, &line);
    if (line.command != CMD_LINT) { /* a tree is read when it is first needed */
        tell_faults(&session, &arena, told);
    }
    session_close(&session);
    arena_fini(&arena);
    return status;
}
