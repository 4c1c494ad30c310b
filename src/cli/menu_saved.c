#include "cli/menu.h"

#include <time.h>

#include "base/text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

static struct str time_words(struct arena *arena, int64_t seconds)
{
    time_t at = (time_t)seconds;
    struct tm tm;
    char text[24];

    return localtime_r(&at, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm)
               ? str_dup(arena, str_from(text))
               : STR_LIT("-");
}

static int resume(struct cli *cli, int64_t id)
{
    size_t lost;

    if (!session_walk_resume(cli->session, id, &lost)) {
        cli_print(cli, _("This walk cannot be taken up: its tree is not there any more.\n"));
        return MENU_BACK;
    }
    if (lost) {
        cli_print(cli, _("The tree has changed since: %zu answers are asked again.\n"), lost);
    }
    return menu_walk(cli);
}

enum { SAVED_GO_ON, SAVED_DELETE, SAVED_WRITE };

static int at_saved_walk(struct cli *cli, int64_t id)
{
    struct session *session = cli->session;
    struct menu menu = {.cli = cli};
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (!session_doc_saved(session, id, &doc)) {
        cli_print(cli, _("This walk is not there any more.\n"));
        return MENU_BACK;
    }
    cli_print(cli, "\n");
    cli_print_doc(cli, &doc);
    cli_print(cli, "\n");
    menu_add(&menu, "%s", _("Go on with it"));
    menu_add(&menu, "%s", _("Delete it"));
    if (!session->restricted) {
        menu_add(&menu, "%s", _("Write it to a file"));
    }
    int choice = menu_ask(&menu);

    switch (choice) {
    case SAVED_GO_ON:
        return resume(cli, id);
    case SAVED_DELETE:
        if (store_walk_delete(session_store(session), id)) {
            session->kept.id = session->kept.id == id ? 0 : session->kept.id;
            cli_print(cli, _("Deleted.\n"));
        } else {
            cli_print(cli, _("Not deleted: %.*s\n"), STR_ARGS(store_trouble(session_store(session))));
        }
        return MENU_BACK;
    case SAVED_WRITE:
        talk_write(cli, STR_NULL, &doc);
        return MENU_BACK;
    default:
        return choice;
    }
}

int menu_saved(struct cli *cli)
{
    struct session *session = cli->session;

    for (;;) {
        struct menu menu = {.cli = cli};
        struct store *store = session_store(session);
        struct store_list list = store ? store_walks(store, cli->arena) : (struct store_list){0};

        if (!store) {
            cli_print(cli, "%.*s\n", STR_ARGS(session->store_notice.len
                                                  ? session->store_notice
                                                  : STR_LIT(_("Walks are not saved here: there is no folder for them."))));
            return MENU_BACK;
        }
        if (list.count == 0) {
            cli_print(cli, _("No walk is saved yet. Each answer in a tree is saved at once.\n"));
            return MENU_BACK;
        }
        cli_print(cli, _("\nSaved walks, the last one first\n"));
        for (size_t i = 0; i < list.count; i++) {
            const struct store_walk *walk = &list.items[i];
            struct str state = walk->is_done ? STR_LIT(_("done"))
                                             : str_printf(cli->arena, _("step %u"), list.steps[i] + 1);

            menu_add(&menu, "%.*s, %.*s%s%.*s, %.*s", STR_ARGS(walk->title), STR_ARGS(walk->recipient),
                     walk->recipient.len ? ", " : "", STR_ARGS(state), STR_ARGS(time_words(cli->arena, walk->changed)));
        }
        int choice = menu_ask(&menu);

        if (choice < 0 || (choice = at_saved_walk(cli, list.items[choice].id)) != MENU_BACK) {
            return choice;
        }
    }
}

/* One question at the start, when a walk was cut off. */
int menu_offer_walk(struct cli *cli)
{
    struct store_walk walk;
    struct str line;

    if (settings_is(&cli->session->settings, SETTING_RESUME, "never") || !session_has_store(cli->session) ||
        !session_walk_waiting(cli->session, cli->arena, &walk)) {
        return MENU_BACK;
    }
    cli_print(cli, _("A walk waits: %.*s\n"), STR_ARGS(walk.title));
    if (!talk_ask(cli, _("Go on with it? y yes, n no, Enter later: "), &line)) {
        return MENU_QUIT;
    }
    if (str_equal(line, STR_LIT("y")) || str_equal(line, STR_LIT("yes"))) {
        return resume(cli, walk.id);
    }
    if (str_equal(line, STR_LIT("n")) || str_equal(line, STR_LIT("no"))) {
        session_walk_put_aside(cli->session, walk.id);
        cli_print(cli, _("It stays under the saved walks.\n"));
    }
    return MENU_BACK;
}
