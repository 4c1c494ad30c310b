/* The commands without a screen: what they print and their exit status (contract: Commands). */
#ifndef NDR_CLI_CLI_H
#define NDR_CLI_CLI_H

#include "cmd/line.h"
#include "session/session.h"

enum cli_status { CLI_FOUND = 0, CLI_NOTHING = 1, CLI_TROUBLE = 2 };

enum cli_format { CLI_TEXT, CLI_JSON, CLI_NDJSON, CLI_MARKDOWN, CLI_HTML, CLI_DOT, CLI_SVG };

/* A command at work. */
struct redact;

struct cli {
    struct session *session; /* NULL for help and version */
    const struct cmd_line *line;
    struct arena *arena; /* as long as the command */
    enum cli_format format;
    struct buf out;      /* standard output, written once at the end, or by cli_flush() */
    struct redact *redact; /* stand-ins for people in all that is printed, NULL for none */
    bool is_in_dialogue; /* the numbered one (talk.h), which a prompt inside of it goes back to */
    bool is_ascii;       /* a terminal whose charset is not UTF-8 gets ASCII */
    bool talks;          /* with a person, or within such a talk */
    int lost;            /* errno of the first write that failed, EINTR when Ctrl-C stopped it; 0 for none */
};

/* Runs the subcommand of `line` with an opened session; returns the exit status. */
int cli_run(struct session *session, const struct cmd_line *line);

/* Help about a command, in general for NULL, and the version; no session needed.  `session` may be NULL (then the version has no data). */
int cli_help(const char *command);
int cli_version(const struct session *session);
int cli_topic(struct cli *cli); /* a help topic, or the list of them */

/* "ndr: sentence" as one filtered line on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- the commands, each in its own file --- */
int cli_analyze(struct cli *cli);
int cli_explain(struct cli *cli);
int cli_list(struct cli *cli);
int cli_search(struct cli *cli);
int cli_walk(struct cli *cli);
int cli_trees(struct cli *cli);
int cli_new(struct cli *cli);
int cli_which(struct cli *cli);
int cli_lint(struct cli *cli);
int cli_config(struct cli *cli);
int cli_triage(struct cli *cli);
int cli_shell(struct cli *cli);
int cli_self_test(struct cli *cli);
int cli_plain(struct cli *cli); /* the screen in line mode */

/* Format that the options ask for. */
enum cli_format cli_format_of(const struct cmd_line *line);

/* Whether the command takes this format; complains when not. */
bool cli_takes(const struct cli *cli, const char *formats);

/* Words of the command line joined by blanks. */
struct str cli_words(const struct cli *cli);

/* Document as text, Markdown or HTML to the output. */
void cli_print_doc(struct cli *cli, struct doc *doc); /* with stand-ins where --redact asks for them */
void cli_print(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether restricted mode keeps this path ("-" is fine); complains when it does. */
bool cli_refuses_file(const struct cli *cli, const char *path);

/* From here on no files but those of the knowledge, of the command line and of `paths` can be opened, and
 * those only for reading (session/confine.h).  A second call can only take away. */
void cli_confine(const struct cli *cli, const char *const *paths, size_t count);

/* The same, and a worker from here on (guard/guard.h).  Both do nothing within a talk, which stands behind
 * the walls of the desk already. */
void cli_become_worker(const struct cli *cli, const char *const *paths, size_t count);

/* Reads a file or "-" into `buf`; complains and gives false when it cannot. */
bool cli_read(const char *path, struct buf *buf);

/* Writes what was printed so far; false when nobody takes it any more (cli->lost tells why). */
bool cli_flush(struct cli *cli);

/* The same for its first `len` bytes; the rest stays. */
bool cli_flush_first(struct cli *cli, size_t len);

/* Writes the output and frees it; gives `status`, or that of trouble when it cannot.  A reader that
 * went away (EPIPE) is no trouble. */
int cli_write(struct buf *out, int status);

/* JSON of a report (ndr-report/1) and of entries. */
struct json;
void cli_json_report(struct json *json, const struct match_result *result);
void cli_json_entry(struct json *json, const struct kb_entry *entry, bool whole);
void cli_json_entry_more(struct json *json, const struct kb_entry *entry);

#endif
