/* What the walls refuse, tried behind each of them (guard/guard.h). */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "guard/guard.h"
#include "session/confine.h"

enum { ABI_MAX = 1000 };

static const struct {
    enum guard_kind kind;
    const char *name;
} places[] = {
    {GUARD_WORKER, "worker"},
    {GUARD_DESK, "screen"},
    {GUARD_RESTRICTED, "screen, restricted"},
};

static void enter(struct cli *cli, enum guard_kind kind)
{
    cli->session->restricted = cli->session->restricted || kind == GUARD_RESTRICTED;
    if (kind == GUARD_WORKER) {
        cli_confine(cli, NULL, 0);
        guard_worker_enter();
    } else {
        session_confine_desk(cli->session, NULL, 0);
    }
}

/* In a process of its own, because there is no way back. */
static _Noreturn void try_all(struct cli *cli, enum guard_kind kind, const char *place)
{
    unsigned number = 0;
    const char *name;
    bool is_refused;
    bool good = true;

    enter(cli, kind);
    while (guard_trial(kind, &number, &name, &is_refused)) {
        cli_print(cli, "%-18s  %-34s  %s\n", place, name,
                  is_refused ? _("refused") : _("NOT REFUSED"));
        good = good && is_refused;
    }
    _exit(cli_write(&cli->out, good ? CLI_FOUND : CLI_NOTHING));
}

int cli_self_test(struct cli *cli)
{
    unsigned abi = ABI_MAX;
    int worst = CLI_FOUND;

    if (cli->line->arg_count > 1 ||
        (cli->line->arg_count && !str_to_uint(str_from(cli->line->args[0]), ABI_MAX, &abi))) {
        cli_complain(_("self-test takes the number of a landlock version"));
        return CLI_TROUBLE;
    }
    guard_files_limit_abi(abi);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        pid_t child = fork();
        int status = 0;

        if (child == 0) {
            try_all(cli, places[i].kind, places[i].name);
        }
        while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        bool ended = child > 0 && WIFEXITED(status);

        worst = !ended ? CLI_TROUBLE : WEXITSTATUS(status) > worst ? WEXITSTATUS(status) : worst;
    }
    const char *missing = guard_missing();

    cli_print(cli, _("landlock %u; missing here: %s\n"), guard_files_abi(),
              missing ? missing : _("nothing"));
    return worst;
}
