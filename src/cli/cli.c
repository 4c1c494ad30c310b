#include "cli/cli.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filter.h"
#include "base/text.h"
#include "cli/line.h"
#include "cli/tty.h"
#include "guard/guard.h"
#include "session/confine.h"
#include "session/redact.h"

enum { CLI_WIDTH = 80, CLI_PIECE_BYTES = 512 };

static const char *const format_names[] = {"text", "json", "ndjson", "markdown", "html", "dot", "svg"};

void cli_complain(const char *format, ...)
{
    struct arena arena;
    struct buf line;
    va_list args;

    arena_init(&arena);
    buf_init(&line, 4096);
    va_start(args, format);
    buf_add_z(&line, "ndr: ");
    filter_text(&line, str_vprintf(&arena, format, args), 0);
    va_end(args);
    buf_add_char(&line, '\n');
    file_write_all(STDERR_FILENO, buf_str(&line));
    buf_fini(&line);
    arena_fini(&arena);
}

bool cli_takes(const struct cli *cli, const char *formats)
{
    struct str rest = str_from(formats);
    struct str word;

    while (str_next_word(&rest, &word)) {
        if (str_equal(word, str_from(format_names[cli->format]))) {
            return true;
        }
    }
    cli_complain(_("%s prints %s, not %s"), cmd_command_row(cli->line->command)->name, formats,
                 format_names[cli->format]);
    return false;
}

struct str cli_words(const struct cli *cli)
{
    struct str text = STR_NULL;

    for (size_t i = 0; i < cli->line->arg_count; i++) {
        text = str_printf(cli->arena, "%.*s%s%s", (int)text.len, text.len ? text.ptr : "",
                          text.len ? " " : "", cli->line->args[i]);
    }
    return text;
}

void cli_print_doc(struct cli *cli, struct doc *doc)
{
    if (cli->redact) {
        redact_doc(cli->redact, doc);
    }
    doc_render(doc, cli->format == CLI_MARKDOWN ? DOC_FORMAT_MARKDOWN
                    : cli->format == CLI_HTML   ? DOC_FORMAT_HTML
                                                : DOC_FORMAT_TEXT,
               CLI_WIDTH, &cli->out);
}

void cli_print(struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str text = str_vprintf(cli->arena, format, args);

    va_end(args);
    filter_text(&cli->out, cli->redact ? redact_text(cli->redact, text) : text, FILTER_LINES);
}

bool cli_refuses_file(const struct cli *cli, const char *path)
{
    if (!cli->line->values[CMD_OPTION_RESTRICTED] || strcmp(path, "-") == 0) {
        return false;
    }
    cli_complain(_("%s: restricted mode reads no files; give the report on standard input"), path);
    return true;
}

bool cli_read(const char *path, struct buf *buf)
{
    bool standard = strcmp(path, "-") == 0;
    enum file_result result = standard ? file_read_fd(STDIN_FILENO, buf) : file_read(path, buf);

    if (result == FILE_OK || result == FILE_TRUNCATED) {
        return true;
    }
    cli_complain("%s: %s", standard ? "standard input" : path, file_result_text(result));
    return false;
}

int cli_write(struct buf *out, int status)
{
    /* A reader that went away has seen all it wanted. */
    if (out->len && !file_write_all(STDOUT_FILENO, buf_str(out)) && errno != EPIPE) {
        cli_complain(_("standard output: cannot write"));
        status = CLI_TROUBLE;
    }
    buf_fini(out);
    return status;
}

/* In pieces, so that Ctrl-C ends it soon on a slow line (errno is EINTR then). */
static bool write_pieces(struct str text)
{
    bool good = true;

    while (good && text.len && !tty_is_interrupted()) {
        struct str piece = str_sub(text, 0, CLI_PIECE_BYTES);

        good = file_write_all(STDOUT_FILENO, piece);
        text = str_sub(text, piece.len, text.len);
    }
    errno = good && tty_is_interrupted() ? EINTR : errno;
    return good && !tty_is_interrupted();
}

static bool write_out(const struct cli *cli, struct str text)
{
    struct buf ascii;

    if (!cli->is_ascii) {
        return cli->talks ? write_pieces(text) : file_write_all(STDOUT_FILENO, text);
    }
    buf_init(&ascii, BUF_NO_LIMIT);
    filter_text(&ascii, text, FILTER_LINES | FILTER_ASCII);
    bool written = write_pieces(buf_str(&ascii));
    int kept = errno;

    buf_fini(&ascii);
    errno = kept;
    return written;
}

bool cli_flush_first(struct cli *cli, size_t len)
{
    if (!cli->lost && !write_out(cli, str_sub(buf_str(&cli->out), 0, len))) {
        cli->lost = errno;
        if (cli->lost != EPIPE && cli->lost != EINTR) {
            cli_complain(_("standard output: cannot write"));
        }
    }
    buf_drop_front(&cli->out, len);
    return !cli->lost;
}

bool cli_flush(struct cli *cli)
{
    return cli_flush_first(cli, cli->out.len);
}

enum cli_format cli_format_of(const struct cmd_line *line)
{
    const char *name = line->values[CMD_OPTION_FORMAT];

    for (size_t i = 0; name && i < sizeof format_names / sizeof format_names[0]; i++) {
        if (strcmp(name, format_names[i]) == 0) {
            return (enum cli_format)i;
        }
    }
    return CLI_TEXT;
}

/* What the command line may name, and what else. */
static const char *const *files_of(const struct cli *cli, const char *const *more, size_t *count)
{
    const struct cmd_line *line = cli->line;
    size_t room = line->arg_count + *count + 1;
    const char **paths = ARENA_ARRAY(cli->arena, const char *, room);
    size_t filled = 0;

    if (!line->values[CMD_OPTION_RESTRICTED]) {
        for (size_t i = 0; i < line->arg_count; i++) {
            paths[filled++] = line->args[i];
        }
        paths[filled++] = line->values[CMD_OPTION_SINCE];
    }
    for (size_t i = 0; i < *count; i++) {
        paths[filled++] = more[i];
    }
    *count = filled;
    return paths;
}

void cli_confine(const struct cli *cli, const char *const *paths, size_t count)
{
    if (!cli->talks) {
        paths = files_of(cli, paths, &count);
        session_confine_worker(cli->session, paths, count);
    }
}

void cli_become_worker(const struct cli *cli, const char *const *paths, size_t count)
{
    cli_confine(cli, paths, count);
    if (!cli->talks) {
        guard_worker_enter();
    }
}

/* Behind its walls before it reads anything (guard/guard.h).  Two commands learn first which files they will
 * read; the self-test makes its walls itself. */
static void enter_walls(struct cli *cli)
{
    enum cmd_command command = cli->line->command;
    size_t count = 0;

    cli->talks = command == CMD_NONE || command == CMD_SHELL || (command == CMD_WALK && isatty(STDIN_FILENO));

    if (command == CMD_ANALYZE || command == CMD_TRIAGE || command == CMD_SELF_TEST) {
        return;
    }
    if (cli->talks) {
        const char *const *paths = files_of(cli, NULL, &count);

        session_confine_desk(cli->session, paths, count);
    } else {
        cli_become_worker(cli, NULL, 0);
    }
}

int cli_run(struct session *session, const struct cmd_line *line)
{
    static int (*const commands[CMD_COUNT])(struct cli *) = {
        [CMD_NONE] = cli_plain,
        [CMD_ANALYZE] = cli_analyze, [CMD_EXPLAIN] = cli_explain, [CMD_LIST] = cli_list,
        [CMD_SEARCH] = cli_search,   [CMD_WALK] = cli_walk,       [CMD_TREES] = cli_trees,
        [CMD_CONFIG] = cli_config,   [CMD_LINT] = cli_lint,       [CMD_SHELL] = cli_shell,
        [CMD_TRIAGE] = cli_triage,   [CMD_NEW] = cli_new,         [CMD_WHICH] = cli_which,
        [CMD_SELF_TEST] = cli_self_test, [CMD_HELP] = cli_topic,
    };
    struct arena arena;
    struct cli cli = {.session = session, .line = line, .arena = &arena, .format = cli_format_of(line)};

    cli.is_ascii = isatty(STDOUT_FILENO) && strcmp(nl_langinfo(CODESET), "UTF-8") != 0;

    BUG_ON(!commands[line->command]);
    arena_init(&arena);
    buf_init(&cli.out, BUF_NO_LIMIT);
    enter_walls(&cli);
    if (cli.talks) {
        line_start(session->restricted);
    }
    int status = commands[line->command](&cli);

    if (cli.is_ascii) {
        cli_flush(&cli);
    }
    status = cli_write(&cli.out, status);
    arena_fini(&arena);
    /* Whoever stopped reading has what he wanted. */
    return cli.lost && cli.lost != EPIPE ? CLI_TROUBLE : status;
}
