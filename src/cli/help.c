#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filter.h"
#include "base/text.h"
#include "cli/talk.h"
#include "guard/guard.h"
#include "session/topic.h"

static void print_options(struct buf *out, enum cmd_command command)
{
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        const struct cmd_option_row *row = cmd_option_row((enum cmd_option)i);
        char left[80];

        if (command != CMD_NONE && !cmd_option_is_for((enum cmd_option)i, command)) {
            continue;
        }
        snprintf(left, sizeof left, "%c%c %s--%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
                 row->letter ? "" : " ", row->name, row->argument ? " " : "",
                 row->argument ? row->argument : "");
        if (strlen(left) > 26) {
            buf_addf(out, "  %s\n  %-26s %s\n", left, "", row->help);
        } else {
            buf_addf(out, "  %-26s %s\n", left, row->help);
        }
    }
}

static void print_general(struct buf *out)
{
    buf_add_z(out, _("Usage: ndr [OPTION]... [FILE|-]\n"
                     "   or: ndr COMMAND [OPTION]... [ARGUMENT]...\n"
                     "   or: ndr CODE\n\n"
                     "Finds out why a mail was not delivered. Without a command it opens the screen, at\n"
                     "home or on the diagnosis of FILE. A bare code such as 5.7.23 explains itself.\n\n"
                     "Commands:\n"));
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        const struct cmd_command_row *row = cmd_command_row((enum cmd_command)i);
        char left[60];

        snprintf(left, sizeof left, "%s %s", row->name, row->arguments);
        buf_addf(out, "  %-26s %s\n", left, row->help);
    }
    buf_add_z(out, _("\nOptions:\n"));
    print_options(out, CMD_NONE);
    buf_add_z(out, _("\nndr help topics lists what else is explained: copying over SSH, limits, shared accounts.\n"));
    buf_add_z(out, _("\nExit status: 0 found, 1 nothing found, 2 misuse or unreadable input.\n"
                     "On the screen ? shows the keys. The manual: man ndr\n"));
}

int cli_help(const char *name)
{
    enum cmd_command command = name ? cmd_command_find(str_from(name)) : CMD_NONE;
    const struct cmd_command_row *row = cmd_command_row(command);
    struct buf out;

    if (name && !row) {
        cli_complain(_("%s: no such command (try: ndr --help)"), name);
        return CLI_TROUBLE;
    }

    buf_init(&out, BUF_NO_LIMIT);
    if (!row) {
        print_general(&out);
    } else {
        buf_addf(&out, _("Usage: ndr %s [OPTION]... %s\n\n"), row->name, row->arguments);
        buf_addf(&out, "%c%s.\n", row->help[0] - 32, row->help + 1);
        if (row->more[0]) {
            buf_addf(&out, "%s\n", row->more);
        }
        buf_add_z(&out, _("\nOptions:\n"));
        print_options(&out, command);
    }
    return cli_write(&out, CLI_FOUND);
}

bool talk_topic(struct cli *cli, struct str name)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (str_equal(name, STR_LIT("topics"))) {
        topic_list(cli->session, &doc);
        for (size_t i = 0; i < doc.count; i++) {
            cli_print(cli, "%-16.*s %.*s\n", (int)doc.blocks[i].label.len, doc.blocks[i].label.ptr,
                      (int)doc.blocks[i].text.len, doc.blocks[i].text.ptr);
        }
        return true;
    }
    if (!topic_find(cli->session, name, &doc)) {
        return false;
    }
    cli_print_doc(cli, &doc);
    return true;
}

int cli_topic(struct cli *cli)
{
    struct str name = cli_words(cli);

    if (!talk_topic(cli, name)) {
        cli_complain(_("%.*s: no such command or topic (try: ndr help topics)"), (int)name.len, name.ptr);
        return CLI_TROUBLE;
    }
    return CLI_FOUND;
}

int cli_version(const struct session *session)
{
    struct buf out;

    buf_init(&out, BUF_NO_LIMIT);
    buf_addf(&out, "ndr %s\n", cmd_version());
    if (session) {
        buf_add_z(&out, _("knowledge of "));
        filter_text(&out, session->kb.updated, 0);
        buf_addf(&out, _(": %zu entries, %zu trees\n"), session->kb.count, session->tree_count);
    }
    if (guard_missing()) {
        buf_addf(&out, _("walls: %s\n"), guard_missing());
    }
    buf_add_z(&out, _("License GPL-3.0-or-later: you may change and share it; there is no warranty.\n"));
    return cli_write(&out, CLI_FOUND);
}
