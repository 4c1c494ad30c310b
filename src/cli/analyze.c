#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/json.h"

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

/* One input: its report to the output.  Gives whether it is one. */
static bool analyze(struct cli *cli, struct str bytes)
{
    const struct match_result *result = session_analyze(cli->session, cli->arena, bytes);

    if (cli->format == CLI_JSON || cli->format == CLI_NDJSON) {
        struct json json = {.out = &cli->out, .pretty = cli->format == CLI_JSON};

        cli_json_report(&json, result);
        buf_add_char(&cli->out, '\n');
    } else if (is_report(result)) {
        print_text(cli, result);
    }
    return is_report(result);
}

int cli_analyze(struct cli *cli)
{
    const char *standard[] = {"-"};
    const char **paths = cli->line->arg_count ? cli->line->args : standard;
    size_t count = cli->line->arg_count ? cli->line->arg_count : 1;
    bool found = false;
    bool trouble = false;

    if (!cli_takes(cli, "text json ndjson markdown html")) {
        return CLI_TROUBLE;
    }
    if (cli->line->arg_count == 0 && isatty(STDIN_FILENO)) {
        cli_complain(_("analyze needs a file, or a report on standard input"));
        return CLI_TROUBLE;
    }
    if (count > 1 && (cli->format == CLI_JSON || cli->format == CLI_HTML)) {
        cli_complain(_("several reports need --format ndjson, text or markdown"));
        return CLI_TROUBLE;
    }
    for (size_t i = 0; i < count; i++) {
        struct buf bytes;

        buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
        if (cli_read(paths[i], &bytes)) {
            struct str copy = str_dup(cli->arena, buf_str(&bytes));

            found = analyze(cli, copy) || found;
        } else {
            trouble = true;
        }
        buf_fini(&bytes);
    }
    if (found) {
        return CLI_FOUND;
    }
    if (!trouble) {
        cli_complain(_("no delivery report found; paste the whole bounce, best as an attachment"));
    }
    return trouble ? CLI_TROUBLE : CLI_NOTHING;
}
