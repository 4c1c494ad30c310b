#include "cli/triage.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/tty.h"
#include "guard/guard.h"
#include "session/input.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum {
    TEXT_ROWS_MAX = 10,
    TEXT_BAR = 10,
    TEXT_WIDTH = 80,
    PEEK_BYTES = 1024,                    /* enough to tell lines of JSON from mail */
    PIECE_BYTES = 64 << 10,
    RECORD_MAX_BYTES = NDR_SOURCE_MAX_BYTES, /* of one report as JSON */
    SINCE_MAX_BYTES = 64 << 20,
};

/* --- reports that another ndr has read: lines of JSON --- */

/* Reading of one input that holds them. */
struct merge {
    struct triage *triage;
    struct buf record;  /* the line so far, or the lines of an indented report */
    size_t line_start;  /* of its last line */
    size_t line;        /* lines done */
    bool indented;      /* it began with a brace alone and ends with one */
    size_t broken;
    size_t broken_line; /* the first of them */
};

/* A JSON text as a view that lives as long as its document; empty for anything else. */
static struct str member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) ? str_make(json_string_value(value), json_string_length(value))
                                 : STR_NULL;
}

static void count_json(struct triage *triage, const json_t *report)
{
    const json_t *recipients = json_object_get(report, "recipients");

    guard_worker_progress();
    if (!triage_mail(triage, member(report, "kind"))) {
        return;
    }
    for (size_t i = 0; i < json_array_size(recipients); i++) {
        const json_t *recipient = json_array_get(recipients, i);
        const json_t *best = json_array_get(json_object_get(recipient, "diagnoses"), 0);
        struct triage_subject s = {
            .address = member(recipient, "address"),
            .mta = member(recipient, "remote_mta"),
            .last_attempt = member(recipient, "last_attempt"),
            .arrival = member(report, "arrival_date"),
            .entry = member(best, "entry"),
            .title = member(best, "title"),
            .category = member(best, "category"),
            .owner = member(best, "owner"),
        };

        triage_recipient(triage, &s, NULL);
    }
}

/* Some shells put one before what they write to a file. */
static struct str without_bom(struct str text)
{
    return str_sub(text, str_starts(text, STR_LIT("\xEF\xBB\xBF")) ? 3 : 0, text.len);
}

static void end_record(struct merge *merge)
{
    struct str text = str_trim(without_bom(buf_str(&merge->record)));
    json_t *report = text.len && !merge->record.dropped
                         ? json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL)
                         : NULL;

    if (str_equal(member(report, "schema"), STR_LIT("ndr-report/1")) &&
        member(report, "kind").len) {
        count_json(merge->triage, report);
    } else if (text.len && merge->broken++ == 0) {
        merge->broken_line = merge->line;
    }
    json_decref(report);
    buf_clear(&merge->record);
    merge->line_start = 0;
    merge->indented = false;
}

/* A new report begins at the start of `line`: the one before was never closed. */
static void restart(struct merge *merge, struct str line)
{
    struct buf next;

    buf_init(&next, RECORD_MAX_BYTES);
    buf_add_str(&next, line);
    merge->record.len = merge->line_start;
    end_record(merge);
    buf_fini(&merge->record);
    merge->record = next;
}

static void end_line(struct merge *merge)
{
    struct str line = str_sub(buf_str(&merge->record), merge->line_start, SIZE_MAX);
    bool brace = str_equal(str_trim(line), STR_LIT("{"));

    if (merge->indented && str_starts(line, STR_LIT("{")) && !brace) {
        restart(merge, line);
    }
    merge->line++;
    if (!merge->record.dropped && (merge->indented ? !str_starts(line, STR_LIT("}")) : brace)) {
        merge->indented = true;
        buf_add_char(&merge->record, '\n');
        merge->line_start = merge->record.len;
        return;
    }
    end_record(merge);
}

static void merge_piece(struct merge *merge, struct str piece)
{
    while (piece.len) {
        size_t end = str_find_char(piece, '\n', 0);

        buf_add_str(&merge->record, str_sub(piece, 0, end == STR_NPOS ? piece.len : end));
        if (end == STR_NPOS) {
            return;
        }
        end_line(merge);
        piece = str_sub(piece, end + 1, piece.len);
    }
}

/* Lines of `ndr analyze --format ndjson`, or its indented form. */
static bool is_merged(struct str bytes)
{
    static const char *const tokens[] = {"{", "\"schema\"", ":", "\"ndr-report/"};

    bytes = without_bom(bytes);
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        bytes = str_trim(bytes);
        if (!str_starts(bytes, str_from(tokens[i]))) {
            return false;
        }
        bytes = str_sub(bytes, strlen(tokens[i]), bytes.len);
    }
    return true;
}

/* --- inputs --- */

struct job {
    struct cli *cli;
    struct triage triage;
    struct arena mail;  /* as long as one mail */
    struct input input; /* its troubles are those of everything */
    const char *path;   /* that is read now */
};

static const char *name_of(const char *path)
{
    return strcmp(path, "-") == 0 ? _("standard input") : path;
}

static void note_trouble(struct job *job, struct str what)
{
    if (job->input.troubles++ == 0) {
        job->input.trouble = what;
    }
}

static void merge_begin(struct merge *merge, struct job *job)
{
    *merge = (struct merge){.triage = &job->triage};
    buf_init(&merge->record, RECORD_MAX_BYTES);
}

static void merge_end(struct merge *merge, struct job *job)
{
    if (merge->record.len) {
        merge->indented = false; /* there is no more to wait for */
        merge->line++;
        end_record(merge);
    }
    if (merge->broken) {
        note_trouble(job, str_printf(job->cli->arena, _("%s:%zu: no report of ndr analyze"),
                                     name_of(job->path), merge->broken_line));
        job->input.troubles += merge->broken - 1;
    }
    buf_fini(&merge->record);
}

static void begin(void *context, const char *const *paths, size_t count)
{
    const struct job *job = context;

    cli_become_worker(job->cli, paths, count);
}

static bool each_mail(void *context, struct str bytes)
{
    struct job *job = context;

    triage_result(&job->triage, session_analyze(job->cli->session, &job->mail, bytes), bytes, NULL);
    arena_reset(&job->mail);
    return !tty_is_interrupted();
}

static ssize_t read_some(int fd, char *to, size_t len)
{
    ssize_t got;

    do {
        got = read(fd, to, len);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* `start` was read from `fd` before; the rest is taken in pieces, whatever its size. */
static void merge_stream(struct job *job, int fd, struct str start)
{
    struct merge merge;
    char *piece = mem_alloc(PIECE_BYTES);
    ssize_t got;

    merge_begin(&merge, job);
    merge_piece(&merge, start);
    while ((got = read_some(fd, piece, PIECE_BYTES)) > 0) {
        merge_piece(&merge, str_make(piece, (size_t)got));
    }
    merge_end(&merge, job);
    if (got < 0) {
        note_trouble(job, str_printf(job->cli->arena, "%s: %s", name_of(job->path),
                                     file_result_text(FILE_UNREADABLE)));
    }
    mem_free(piece);
}

/* Fills `start` as far as there is something. */
static struct str peek(int fd, char start[PEEK_BYTES])
{
    size_t len = 0;
    ssize_t got = 1;

    while (got > 0 && len < PEEK_BYTES) {
        got = read_some(fd, start + len, PEEK_BYTES - len);
        len += got > 0 ? (size_t)got : 0;
    }
    return str_make(start, len);
}

static void read_standard(struct job *job)
{
    char bytes[PEEK_BYTES];
    struct str start = peek(STDIN_FILENO, bytes);

    if (is_merged(start)) {
        input_begin(&job->input, NULL, 0);
        merge_stream(job, STDIN_FILENO, start);
        return;
    }
    job->input.start = start;
    input_read(&job->input, job->path);
    job->input.start = STR_NULL;
}

static void read_file(struct job *job, const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    char bytes[PEEK_BYTES];
    struct stat info;
    bool merged = false;

    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        struct str start = peek(fd, bytes);

        merged = is_merged(start);
        if (merged) {
            merge_stream(job, fd, start);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    if (!merged) {
        input_file(&job->input, path);
    }
}

/* A folder may hold what other machines have written, too. */
static void read_path(struct job *job, const char *path)
{
    struct input_files files = {0};

    input_list(job->cli->arena, path, &files);
    for (size_t i = 0; i < files.count; i++) {
        job->path = files.paths[i];
        if (strcmp(path, "-") == 0) {
            read_standard(job);
        } else {
            input_begin(&job->input, NULL, 0);
            read_file(job, job->path);
        }
    }
}

/* --- against an earlier run --- */

/* Counts of an earlier run from its JSON; complains and gives false when that is none. */
static bool read_since(struct cli *cli, const char *path, struct triage_counts earlier[TRIAGE_COMPARED])
{
    struct buf bytes;
    json_t *run = NULL;

    buf_init(&bytes, SINCE_MAX_BYTES);
    enum file_result result = file_read(path, &bytes);

    if (result == FILE_OK && bytes.len) {
        run = json_loadb(bytes.ptr, bytes.len, JSON_ALLOW_NUL, NULL);
    }
    bool good = str_equal(member(run, "schema"), STR_LIT("ndr-triage/1"));

    for (size_t i = 0; good && i < TRIAGE_COMPARED; i++) {
        const json_t *rows = json_object_get(run, triage_table_row(triage_compared(i))->key);

        for (size_t k = 0; k < json_array_size(rows); k++) {
            const json_t *row = json_array_get(rows, k);
            json_int_t count = json_integer_value(json_object_get(row, "count"));

            if (count > 0 && count < INT32_MAX) {
                triage_count(cli->arena, &earlier[i], member(row, "key"), STR_NULL, (size_t)count);
            }
        }
    }
    if (!good) {
        cli_complain("%s: %s", path,
                     result == FILE_OK ? _("no output of ndr triage --format json")
                                       : file_result_text(result));
    }
    json_decref(run);
    buf_fini(&bytes);
    return good;
}

/* --- output --- */

/* At most `cells` of a name; dots tell that there is more of it. */
static struct str shorten(struct arena *arena, struct str name, size_t cells)
{
    if (width_of(name) <= cells) {
        return name;
    }
    name = str_trim(width_cut(name, cells - 3));
    return str_printf(arena, "%.*s...", STR_ARGS(name));
}

static int digits_of(size_t number)
{
    int digits = 1;

    while (number >= 10) {
        number /= 10;
        digits++;
    }
    return digits;
}

static void print_counts(struct cli *cli, const struct triage *triage, enum triage_table table)
{
    const struct triage_counts *counts = &triage->tables[table];
    size_t largest = counts->count ? counts->rows[0].count : 0;
    int digits = digits_of(largest);

    if (counts->count == 0) {
        return;
    }
    cli_print(cli, "\n%s\n", triage_table_row(table)->heading);
    for (size_t i = 0; i < counts->count && i < TEXT_ROWS_MAX; i++) {
        static const char bar[TEXT_BAR + 1] = "##########";
        const struct triage_row *row = &counts->rows[i];
        size_t share = triage_share(triage, table, row->count);
        int length = (int)((row->count * TEXT_BAR + largest - 1) / largest);
        size_t room = (size_t)(TEXT_WIDTH - 2 - digits - 2 - 6 - 2 - TEXT_BAR - 2);
        struct str name = shorten(cli->arena, triage_name(cli->arena, table, row), room);

        cli_print(cli, "  %*zu  %3zu.%zu%%  %-*.*s  %.*s\n", digits, row->count, share / 10,
                  share % 10, TEXT_BAR, length, bar, STR_ARGS(name));
    }
    if (counts->count > TEXT_ROWS_MAX) {
        cli_print(cli, _("  and %zu more\n"), counts->count - TEXT_ROWS_MAX);
    }
}

static void print_rises(struct cli *cli, const struct triage *triage, const char *heading,
                        bool is_new)
{
    size_t shown = 0;
    size_t found = 0;

    for (size_t i = 0; i < triage->rise_count; i++) {
        const struct triage_rise *rise = &triage->rises[i];
        struct triage_row row = {.key = rise->key, .title = rise->title, .count = rise->count};

        if ((rise->before == 0) != is_new) {
            continue;
        }
        if (found++ == 0) {
            cli_print(cli, "\n%s %s\n", heading, triage->since);
        }
        if (shown < TEXT_ROWS_MAX) {
            struct str name = triage_name(cli->arena, TRIAGE_ENTRY, &row);

            name = shorten(cli->arena, name, TEXT_WIDTH - 26);
            cli_print(cli, "  %6zu -> %-6zu %-6s  %.*s\n", rise->before, rise->count, rise->what,
                      STR_ARGS(name));
            shown++;
        }
    }
    if (found > shown) {
        cli_print(cli, _("  and %zu more\n"), found - shown);
    }
}

static void print_text(struct cli *cli, const struct triage *triage)
{
    const struct {
        const char *label;
        size_t count;
    } totals[] = {
        {_("Mails read"), triage->mails},           {_("Reports"), triage->reports},
        {_("Recipients"), triage->recipients},      {_("Without a cause"), triage->undiagnosed},
        {_("Not reports"), triage->others},         {_("Trouble"), triage->troubles},
    };

    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        cli_print(cli, "%-16s %*zu\n", totals[i].label, digits_of(triage->mails), totals[i].count);
    }
    for (int i = 0; i < TRIAGE_TABLE_COUNT; i++) {
        print_counts(cli, triage, (enum triage_table)i);
    }
    if (triage->since && triage->rise_count == 0) {
        cli_print(cli, _("\nNothing is new or rising since %s\n"), triage->since);
    }
    print_rises(cli, triage, _("New since"), true);
    print_rises(cli, triage, _("Rising since"), false);
}

/* Notices and the status; they go by the rules of many reports (contract: Exit status). */
static int end(struct job *job)
{
    const struct input *input = &job->input;

    if (input->troubles == 1) {
        cli_complain("%.*s", STR_ARGS(input->trouble));
    } else if (input->troubles) {
        cli_complain(_("%.*s (and %zu more could not be read)"), STR_ARGS(input->trouble),
                     input->troubles - 1);
    }
    for (int i = 0; i < TRIAGE_TABLE_COUNT && job->triage.reports; i++) {
        if (job->triage.tables[i].beyond) {
            cli_complain(_("more than %d different %s: %zu of others are not in that table"),
                         TRIAGE_ROWS_MAX, triage_table_row((enum triage_table)i)->beyond, job->triage.tables[i].beyond);
        }
    }
    if (job->triage.reports == 0 && input->troubles == 0) {
        cli_complain(_("no delivery report found"));
    }
    return job->triage.reports ? CLI_FOUND : input->troubles ? CLI_TROUBLE : CLI_NOTHING;
}

/* Complains and gives false when the command line cannot be followed. */
static bool may_run(const struct cli *cli)
{
    const char *since = cli->line->values[CMD_OPTION_SINCE];

    if (!cli_takes(cli, "text json html")) {
        return false;
    }
    if (cli->line->arg_count == 0 && isatty(STDIN_FILENO)) {
        cli_complain(_("triage needs files or folders, or mails on standard input"));
        return false;
    }
    for (size_t i = 0; i < cli->line->arg_count; i++) {
        if (cli_refuses_file(cli, cli->line->args[i])) {
            return false;
        }
    }
    return !since || !cli_refuses_file(cli, since);
}

static void write_out(struct job *job)
{
    struct triage *triage = &job->triage;

    if (job->cli->format == CLI_JSON) {
        triage_json(triage, &job->cli->out);
    } else if (triage->reports && job->cli->format == CLI_HTML) {
        triage_html(triage, &job->cli->out);
    } else if (triage->reports) {
        print_text(job->cli, triage);
    }
}

int cli_triage(struct cli *cli)
{
    static const char *standard[] = {"-"};
    const char **paths = cli->line->arg_count ? cli->line->args : standard;
    size_t count = cli->line->arg_count ? cli->line->arg_count : 1;
    struct job job = {.cli = cli, .triage = {.arena = cli->arena}};
    struct triage_counts earlier[TRIAGE_COMPARED] = {{0}};

    json_set_alloc_funcs(mem_alloc, mem_free);
    job.triage.since = cli->line->values[CMD_OPTION_SINCE];
    if (!may_run(cli) || (job.triage.since && !read_since(cli, job.triage.since, earlier))) {
        return CLI_TROUBLE;
    }
    job.input = (struct input){.each = each_mail, .context = &job, .begin = begin, .arena = cli->arena,
                               .takes_lists = !cli->line->values[CMD_OPTION_RESTRICTED]};
    arena_init(&job.mail);
    for (size_t i = 0; i < count; i++) {
        read_path(&job, paths[i]);
    }
    arena_fini(&job.mail);
    job.triage.troubles = job.input.troubles;
    triage_finish(&job.triage);
    if (job.triage.since) {
        triage_find_rises(&job.triage, earlier);
    }
    write_out(&job);
    return tty_is_interrupted() ? CLI_NOTHING : end(&job);
}
