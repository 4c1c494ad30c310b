#include "base/text.h"
#include "cli/cli.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* Every setting as a line that a config file could hold, with where it comes from. */
int cli_config(struct cli *cli)
{
    const struct settings *settings = &cli->session->settings;

    for (int i = 0; i < SETTING_COUNT; i++) {
        cli_print(cli, "%s# %s\n", i ? "\n" : "", settings_help((enum setting)i));
        if (settings->files[i].len) {
            cli_print(cli, _("# set by %.*s\n"), STR_ARGS(settings->files[i]));
        }
        cli_print(cli, "%s = %.*s\n", settings_name((enum setting)i), STR_ARGS(settings->values[i]));
    }
    return CLI_FOUND;
}
