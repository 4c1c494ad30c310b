#include "cli/menu.h"

#include "base/text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

int menu_texts(struct cli *cli)
{
    static const struct {
        enum prose_reader reader;
        const char *words;
    } readers[] = {{PROSE_TO_SENDER, _("Text for the sender")},
                   {PROSE_TO_POSTMASTER, _("Text for the postmaster of the other side")},
                   {PROSE_TO_TICKET, _("Text for the ticket")}};
    enum prose_reader offered[PROSE_TO_COUNT];
    struct menu menu = {.cli = cli};
    struct doc doc;

    for (size_t i = 0; i < PROSE_TO_COUNT; i++) {
        doc_init(&doc, cli->arena);
        if (session_doc_message(cli->session, readers[i].reader, &doc)) {
            offered[menu.count] = readers[i].reader;
            menu_add(&menu, "%s", readers[i].words);
        }
    }
    if (menu.count == 0) {
        cli_print(cli, _("There is no ready text for this case.\n"));
        return MENU_BACK;
    }
    for (;;) {
        int choice = menu_ask(&menu);

        if (choice < 0) {
            return choice;
        }
        cli_print(cli, "\n");
        talk_message(cli, offered[choice]);
        cli_print(cli, "\n");
    }
}

static void write_walk(struct cli *cli)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    session_doc_walk(cli->session, &cli->session->walk, &doc);
    talk_write(cli, STR_NULL, &doc);
}

enum { OUTCOME_TEXTS, OUTCOME_STEPS, OUTCOME_UNDO, OUTCOME_WRITE };

/* At the end of a walk; true when it goes on. */
static bool at_outcome(struct cli *cli, int *choice)
{
    struct menu menu = {.cli = cli};

    menu_add(&menu, "%s", _("Ready texts: sender, postmaster, ticket"));
    menu_add(&menu, "%s", _("The whole walk as one text"));
    menu_add(&menu, "%s", _("Take back the last answer"));
    if (!cli->session->restricted) {
        menu_add(&menu, "%s", _("Write the walk to a file"));
    }
    for (;;) {
        struct doc doc;

        cli_print(cli, "\n");
        *choice = menu_ask(&menu);
        switch (*choice) {
        case OUTCOME_TEXTS:
            *choice = menu_texts(cli);
            if (*choice != MENU_BACK) {
                return false;
            }
            break;
        case OUTCOME_STEPS:
            doc_init(&doc, cli->arena);
            session_doc_walk(cli->session, &cli->session->walk, &doc);
            cli_print_doc(cli, &doc);
            break;
        case OUTCOME_UNDO:
            return session_walk_undo(cli->session);
        case OUTCOME_WRITE:
            write_walk(cli);
            break;
        default:
            return false;
        }
    }
}

/* Walks what has just been started, then offers what can be done with it. */
int menu_walk(struct cli *cli)
{
    for (;;) {
        int choice = MENU_BACK;

        cli_print(cli, "\n");
        switch (talk_walk(cli)) {
        case TALK_OVER:
            return MENU_QUIT;
        case TALK_LEFT:
            if (cli->session->kept.id) {
                cli_print(cli, _("The walk is saved; you find it under the saved walks.\n"));
            }
            return MENU_BACK;
        case TALK_OUTCOME:
            if (!at_outcome(cli, &choice)) {
                return choice;
            }
        }
    }
}
