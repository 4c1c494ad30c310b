#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/bulk.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/tty.h"
#include "guard/guard.h"
#include "session/input.h"

static bool is_report(const struct match_result *result)
{
    return result->report->kind != NDR_KIND_NONE;
}

static void print_text(struct cli *cli, const struct match_result *result)
{
    size_t count = result->count ? result->count : 1;

    for (size_t i = 0; i < count; i++) {
        struct doc doc;

        doc_init(&doc, cli->arena);
        session_doc_diagnosis(cli->session, result, result->count ? &result->recipients[i] : NULL, &doc);
        if (i > 0) {
            cli_print(cli, "\n");
        }
        cli_print_doc(cli, &doc);
    }
}

enum {
    ANALYZE_FLUSH_BYTES = 256 << 10,
    ANALYZE_JOBS_MAX = 64,
    ANALYZE_BULK_BYTES = 1 << 20,
};

struct job {
    struct cli *cli;
    const struct input *input; /* of which the mails come, but for those of several processes */
    bool found;   /* a report of any kind but none */
    bool found_before;
    bool several; /* more mails than the format can hold */
    bool one_file;
    bool is_cut;  /* not all results came out */
    bool keeps_order; /* one of several processes */
    struct arena arena; /* of the mail at hand */
};

/* What is known of one mail to the output; what is made for it lives in the job's arena. */
static void print_result(struct job *job, const struct match_result *result)
{
    struct cli *cli = job->cli;
    struct arena *whole = cli->arena;

    cli->arena = &job->arena;
    cli->redact = cli->line->values[CMD_OPTION_REDACT] ? redact_new(&job->arena, result->report) : NULL;
    job->found_before = job->found;
    job->found = job->found || is_report(result);
    if (cli->format == CLI_JSON || cli->format == CLI_NDJSON) {
        struct json json = {.out = &cli->out, .pretty = cli->format == CLI_JSON, .redact = cli->redact};

        cli_json_report(&json, result);
        buf_add_char(&cli->out, '\n');
    } else if (is_report(result)) {
        if (job->found_before) {
            cli_print(cli, "\n%s\n\n", "----");
        }
        print_text(cli, result);
    }
    cli->arena = whole;
    cli->redact = NULL;
}

/* One mail: its report to the output.  What it needs is given back, so that a folder of any size
 * takes no more memory than its largest mail. */
static bool analyze(void *context, struct str bytes, const struct ndr_line_index *lines)
{
    struct job *job = context;
    struct cli *cli = job->cli;

    if (cli->out.len && (cli->format == CLI_JSON || cli->format == CLI_HTML)) {
        job->several = true;
        return false;
    }
    print_result(job, session_analyze_lines(cli->session, &job->arena, bytes, lines));
    arena_reset(&job->arena);
    /* Of many mails each result goes out soon; in a worker its turn decides. */
    bool is_late = !job->keeps_order && cli->format != CLI_JSON && cli->format != CLI_HTML &&
                   cli->out.len >= ANALYZE_FLUSH_BYTES;

    return !tty_is_interrupted() && (!is_late || cli_flush(cli));
}

static bool analyze_next(void *context, struct str bytes)
{
    struct job *job = context;

    return analyze(job, bytes, job->input->lines);
}

static void begin(void *context, const char *const *paths, size_t count)
{
    const struct job *job = context;

    cli_become_worker(job->cli, paths, count);
}

static int end(struct cli *cli, const struct job *job, const struct input *input)
{
    if (job->several && job->one_file) {
        /* An mbox: its first mail is an answer, and whoever wants all is told how. */
        cli_complain(_("only the first mail of this mbox; --format ndjson gives all"));
    } else if (job->several) {
        buf_clear(&cli->out);
        cli_complain(_("several reports need --format ndjson, text or markdown"));
        return CLI_TROUBLE;
    }
    if (input->troubles == 1) {
        cli_complain("%.*s", (int)input->trouble.len, input->trouble.ptr);
    } else if (input->troubles) {
        cli_complain(_("%.*s (and %zu more could not be read)"), (int)input->trouble.len,
                     input->trouble.ptr, input->troubles - 1);
    }
    /* A limit that was reached counts, when there was nothing else. */
    if (job->found && !job->is_cut && (input->troubles == 0 || input->mails > 1)) {
        return CLI_FOUND;
    }
    if (input->troubles == 0) {
        cli_complain(_("no delivery report found; paste the whole bounce, best as an attachment"));
    }
    return input->troubles ? CLI_TROUBLE : CLI_NOTHING;
}

/* Processes that the person wants, -1 for nonsense. */
static int jobs_of(const struct cli *cli)
{
    const char *text = cli->line->values[CMD_OPTION_JOBS];
    unsigned jobs = 0;

    if (!text) {
        return (int)bulk_processors();
    }
    return str_to_uint(str_from(text), ANALYZE_JOBS_MAX, &jobs) && jobs ? (int)jobs : -1;
}

/* Starting processes costs more than a few mails. */
static bool is_worth_it(const struct input_files *files)
{
    off_t bytes = 0;

    for (size_t i = 0; i < files->count && bytes < ANALYZE_BULK_BYTES; i++) {
        struct stat info;

        bytes += stat(files->paths[i], &info) == 0 ? info.st_size : 0;
    }
    return bytes >= ANALYZE_BULK_BYTES;
}

/* Several processes, where lines come out and there is enough to do; false when one does it all. */
static bool analyze_in_workers(struct cli *cli, struct job *job, struct input *input, const char **paths,
                               size_t count, unsigned jobs)
{
    struct input_files files = {0};
    struct bulk bulk = {.cli = cli, .files = &files, .jobs = jobs, .each = analyze, .context = job,
                        .found = &job->found};
    struct bulk_total total;

    if (cli->format != CLI_NDJSON || jobs < 2) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(paths[i], "-") == 0) {
            return false; /* a pipe cannot be cut into pieces */
        }
        input_list(cli->arena, paths[i], &files);
    }
    if (!is_worth_it(&files)) {
        return false;
    }
    session_warm(cli->session);
    cli_confine(cli, NULL, 0);
    job->keeps_order = true;
    if (!bulk_run(&bulk, &total)) {
        job->keeps_order = false;
        return false;
    }
    job->found = total.found;
    job->is_cut = total.is_cut;
    input->mails = total.mails;
    input->troubles = total.troubles;
    input->trouble = str_dup(cli->arena, str_from(total.trouble));
    return true;
}

/* Standard input behind other files. */
static void foresee(struct input *input, const char **paths, size_t count)
{
    for (size_t i = 1; i < count && !input->has_begun; i++) {
        if (strcmp(paths[i], "-") == 0) {
            input_foresee(input);
        }
    }
}

int cli_analyze(struct cli *cli)
{
    const char *standard[] = {"-"};
    const char **paths = cli->line->arg_count ? cli->line->args : standard;
    size_t count = cli->line->arg_count ? cli->line->arg_count : 1;
    struct job job = {.cli = cli, .one_file = count == 1 && !file_is_folder(paths[0])};
    struct input input = {.each = analyze_next, .begin = begin, .context = &job, .arena = cli->arena,
                          .takes_lists = !cli->line->values[CMD_OPTION_RESTRICTED]};

    job.input = &input;
    if (!cli_takes(cli, "text json ndjson markdown html")) {
        return CLI_TROUBLE;
    }
    if (cli->line->arg_count == 0 && isatty(STDIN_FILENO)) {
        cli_complain(_("analyze needs a file, or a report on standard input"));
        return CLI_TROUBLE;
    }
    for (size_t i = 0; i < count; i++) {
        if (cli_refuses_file(cli, paths[i])) {
            return CLI_TROUBLE;
        }
    }
    int jobs = jobs_of(cli);

    if (jobs < 0) {
        cli_complain(_("--jobs needs a number from 1 to %d"), ANALYZE_JOBS_MAX);
        return CLI_TROUBLE;
    }
    if (!analyze_in_workers(cli, &job, &input, paths, count, (unsigned)jobs)) {
        foresee(&input, paths, count);
        for (size_t i = 0; i < count && input_read(&input, paths[i]); i++) {
        }
    }
    arena_fini(&job.arena);
    return tty_is_interrupted() ? CLI_NOTHING : end(cli, &job, &input);
}
