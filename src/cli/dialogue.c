#include <errno.h>

#include "base/text.h"
#include "cli/menu.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* The whole product as numbered questions, for screen readers, braille lines and terminals that cannot
 * place the cursor: its first screen, which the others (menu.h) come back to. */

enum home_step {
    HOME_PASTE,
    HOME_FILE,
    HOME_BROWSE,
    HOME_SEARCH,
    HOME_TREES,
    HOME_SAVED,
    HOME_COMMANDS,
    HOME_HELP,
    HOME_QUIT,
    HOME_REPORT, /* last, so that the numbers of the others stay */
    HOME_WALK,
    HOME_STEPS
};

static void add_home(struct menu *menu, const struct session *session, enum home_step *steps)
{
    static const char *const words[HOME_STEPS] = {
        [HOME_PASTE] = _("Paste a report"),
        [HOME_FILE] = _("Read a report from a file"),
        [HOME_REPORT] = _("The report at hand"),
        [HOME_WALK] = _("Go on with the walk"),
        [HOME_BROWSE] = _("Browse by category"),
        [HOME_SEARCH] = _("Search"),
        [HOME_TREES] = _("Decision trees"),
        [HOME_SAVED] = _("Saved walks"),
        [HOME_COMMANDS] = _("Type commands"),
        [HOME_HELP] = _("Help"),
        [HOME_QUIT] = _("Quit"),
    };

    for (int step = 0; step < HOME_STEPS; step++) {
        bool fits = step == HOME_FILE     ? !session->restricted
                    : step == HOME_REPORT ? session->report != NULL
                    : step == HOME_WALK   ? session->walking
                                          : true;

        if (fits) {
            steps[menu->count] = (enum home_step)step;
            menu_add(menu, "%s", words[step]);
        }
    }
}

static void print_help(struct cli *cli)
{
    cli_print(cli, "%s",
              _("\nThis is ndr without a screen: it asks, you type a number and Enter.\n"
                "b goes back, h goes to this list, q quits, ? helps where you are.\n"
                "Paste a bounce and it tells the cause, the words that prove it, who has to act and\n"
                "what to do next. A walk asks one thing at a time; each answer is saved at once.\n"
                "Instead of a number you may type a code such as 5.7.23, or words to search for.\n"
                "At the prompt for commands, help topics lists what else is explained.\n"));
}

static int take_file(struct cli *cli)
{
    struct str line;

    if (!talk_ask(cli, _("Name of the file (Enter goes back): "), &line)) {
        return MENU_QUIT;
    }
    return line.len && talk_take_file(cli, str_dup(cli->arena, line)) ? MENU_REPORT : MENU_BACK;
}

static int take_commands(struct cli *cli)
{
    cli_print(cli, _("\nhelp lists the commands, quit comes back here.\n"));
    talk_commands(cli);
    return MENU_BACK;
}

static int take_home_step(struct cli *cli, enum home_step step)
{
    switch (step) {
    case HOME_PASTE:
        return talk_take_paste(cli) ? MENU_REPORT : MENU_BACK;
    case HOME_FILE:
        return take_file(cli);
    case HOME_REPORT:
        return MENU_REPORT;
    case HOME_WALK:
        return menu_walk(cli);
    case HOME_BROWSE:
        return menu_categories(cli);
    case HOME_SEARCH:
        return menu_search(cli);
    case HOME_TREES:
        return menu_trees(cli);
    case HOME_SAVED:
        return menu_saved(cli);
    case HOME_COMMANDS:
        return take_commands(cli);
    case HOME_HELP:
        print_help(cli);
        return MENU_BACK;
    case HOME_QUIT:
    case HOME_STEPS:
        break;
    }
    return MENU_QUIT;
}

/* A code is opened, words are searched. */
static int look_up(struct cli *cli, struct str words)
{
    const struct kb_entry *entry = kb_entry_find(&cli->session->kb, words);
    struct kb_hits hits = entry ? (struct kb_hits){0} : session_find_code(cli->session, cli->arena, words);

    if (!entry && hits.count == 1) {
        entry = hits.items[0];
    }
    return entry ? menu_entry(cli, entry) : menu_hits(cli, words);
}

static int at_home(struct cli *cli)
{
    enum home_step steps[HOME_STEPS];
    struct str words = STR_NULL;
    struct menu menu = {.cli = cli, .words = &words};

    cli_print(cli, _("\nHome\n"));
    add_home(&menu, cli->session, steps);
    int choice = menu_ask(&menu);

    if (choice == MENU_BACK) {
        cli_print(cli, _("This is the first list; q quits.\n"));
    }
    return choice == MENU_WORDS ? look_up(cli, words) : choice < 0 ? choice : take_home_step(cli, steps[choice]);
}

void talk_dialogue(struct cli *cli)
{
    struct arena *whole = cli->arena;
    struct arena arena;
    int choice = cli->session->result ? MENU_REPORT : MENU_HOME;

    arena_init(&arena);
    cli->arena = &arena; /* from one visit of the first screen to the next */
    cli->is_in_dialogue = true;
    session_keep(cli->session);
    while (choice != MENU_QUIT && !cli->lost) {
        arena_reset(&arena);
        choice = choice == MENU_REPORT ? menu_diagnosis(cli) : at_home(cli);
    }
    cli->is_in_dialogue = false;
    cli->arena = whole;
    arena_fini(&arena);
}

int cli_plain(struct cli *cli)
{
    session_keep(cli->session);
    cli_print(cli, _("ndr in line mode. Type a number and Enter; ? helps, q quits.\n"));
    if (cli->session->result || menu_offer_walk(cli) != MENU_QUIT) {
        if (!cli->session->result && settings_is(&cli->session->settings, SETTING_START, "paste")) {
            talk_take_paste(cli);
        }
        talk_dialogue(cli);
    }
    return CLI_FOUND;
}
