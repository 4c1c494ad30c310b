#include "session/lint.h"

#include "base/text.h"
#include "cli/cli.h"
#include "cli/json.h"

static void print_json(struct cli *cli, const struct err_list *faults)
{
    struct json json = {.out = &cli->out, .pretty = true};

    json_open(&json, NULL, '{');
    json_text(&json, "schema", STR_LIT("ndr-lint/1"));
    json_open(&json, "problems", '[');
    for (size_t i = 0; i < faults->count; i++) {
        const struct err *err = &faults->items[i];

        json_open(&json, NULL, '{');
        json_text_or_null(&json, "file", err->file);
        json_number(&json, "line", err->line);
        json_text(&json, "problem", err->what);
        json_text_or_null(&json, "hint", err->hint);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(&cli->out, '\n');
}

int cli_lint(struct cli *cli)
{
    struct err_list faults;
    struct str trouble = STR_NULL;

    if (!cli_takes(cli, "text json")) {
        return CLI_TROUBLE;
    }
    for (size_t i = 0; i < cli->line->arg_count; i++) {
        if (cli_refuses_file(cli, cli->line->args[i])) {
            return CLI_TROUBLE;
        }
    }
    err_list_init(&faults, cli->arena);
    if (cli->line->arg_count == 0) {
        session_lint(cli->session, &faults);
    } else if (!session_lint_files(cli->session, cli->line->args, cli->line->arg_count, &faults, &trouble)) {
        cli_complain("%.*s", (int)trouble.len, trouble.ptr);
        return CLI_TROUBLE;
    }
    if (cli->format == CLI_JSON) {
        print_json(cli, &faults);
    } else {
        for (size_t i = 0; i < faults.count; i++) {
            struct str line = err_format(cli->arena, &faults.items[i]);

            cli_print(cli, "%.*s\n", (int)line.len, line.ptr);
        }
    }
    return faults.count ? CLI_NOTHING : CLI_FOUND;
}
