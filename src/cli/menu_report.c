#include "cli/menu.h"

#include "base/text.h"
#include "session/trace_text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { SOURCE_LINES = 20 };

static void print_trace(struct cli *cli, bool hops)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (hops) {
        session_doc_hops(cli->session->report, &doc);
    } else {
        session_doc_authentication(cli->session->report, &doc);
    }
    cli_print(cli, "\n");
    cli_print_doc(cli, &doc);
}

static int at_others(struct cli *cli)
{
    const struct match_recipient *recipient = session_recipient(cli->session);
    size_t count = recipient ? recipient->diagnosis_count : 0;

    for (;;) {
        struct menu menu = {.cli = cli};

        cli_print(cli, _("\nCauses that fit, best first\n"));
        for (size_t i = 0; i < count; i++) {
            const struct match_diagnosis *cause = &recipient->diagnoses[i];

            menu_add(&menu, "%.*s (%.*s)", STR_ARGS(menu_entry_words(cli, cause->entry)),
                     STR_ARGS(session_confidence_words(cause->confidence)));
        }
        int choice = menu_ask(&menu);

        if (choice < 0) {
            return choice;
        }
        for (size_t i = 0; i < recipient->diagnoses[choice].why_count; i++) {
            cli_print(cli, _("Why: %.*s\n"), STR_ARGS(recipient->diagnoses[choice].why[i]));
        }
        choice = menu_entry(cli, recipient->diagnoses[choice].entry);
        if (choice != MENU_BACK) {
            return choice;
        }
    }
}

/* Lines of the report, some at a time, each behind its number. */
static int at_lines(struct cli *cli)
{
    struct str rest = buf_str(&cli->session->source);
    struct str line;
    size_t number = 0;

    while (str_next_line(&rest, &line)) {
        cli_print(cli, "%zu: %.*s\n", ++number, STR_ARGS(line));
        if (number % SOURCE_LINES == 0 && rest.len) {
            if (!talk_ask(cli, _("Enter for more, b back: "), &line)) {
                return MENU_QUIT;
            }
            if (line.len) {
                break;
            }
        }
    }
    return MENU_BACK;
}

static void write_diagnosis(struct cli *cli)
{
    struct session *session = cli->session;
    struct doc doc;

    doc_init(&doc, cli->arena);
    session_doc_diagnosis(session, session->result, session_recipient(session), &doc);
    talk_write(cli, STR_NULL, &doc);
}

enum report_step {
    REPORT_WALK,
    REPORT_WHOLE,
    REPORT_TEXTS,
    REPORT_OTHERS,
    REPORT_HOPS,
    REPORT_AUTHENTICATION,
    REPORT_LINES,
    REPORT_RECIPIENT,
    REPORT_WRITE,
    REPORT_STEPS
};

/* Whether the step makes sense for the report at hand. */
static bool is_offered(const struct session *session, enum report_step step)
{
    const struct match_recipient *recipient = session_recipient(session);
    const struct match_diagnosis *best = session_best(session);

    switch (step) {
    case REPORT_WALK:
        return best && best->tree.len > 0;
    case REPORT_WHOLE:
    case REPORT_TEXTS:
        return best != NULL;
    case REPORT_OTHERS:
        return recipient && recipient->diagnosis_count > 1;
    case REPORT_RECIPIENT:
        return session->result->count > 1;
    case REPORT_WRITE:
        return !session->restricted;
    default:
        return true;
    }
}

static void add_steps(struct menu *menu, const struct session *session, enum report_step *steps)
{
    static const char *const words[REPORT_STEPS] = {
        [REPORT_WALK] = _("Walk the decision tree to the exact fix"),
        [REPORT_WHOLE] = _("The whole diagnosis: cause, fix, texts"),
        [REPORT_TEXTS] = _("Ready texts: sender, postmaster, ticket"),
        [REPORT_OTHERS] = _("Other causes that fit"),
        [REPORT_HOPS] = _("Hops: the servers that the message went through"),
        [REPORT_AUTHENTICATION] = _("Authentication: SPF, DKIM, DMARC"),
        [REPORT_LINES] = _("Lines of the report"),
        [REPORT_RECIPIENT] = _("The next recipient"),
        [REPORT_WRITE] = _("Write the diagnosis to a file"),
    };

    for (int step = 0; step < REPORT_STEPS; step++) {
        if (is_offered(session, (enum report_step)step)) {
            steps[menu->count] = (enum report_step)step;
            menu_add(menu, "%s", words[step]);
        }
    }
}

/* The walk of the best cause: the one at hand where that has begun. */
static int walk_diagnosis(struct cli *cli)
{
    struct session *session = cli->session;
    bool has_begun = session->walking && !tree_walk_is_done(&session->walk) &&
                     str_equal(session->walk_entry, session_best(session)->entry->id);

    return has_begun || session_walk_diagnosis(session) ? menu_walk(cli) : MENU_BACK;
}

static int take_step(struct cli *cli, enum report_step step)
{
    struct session *session = cli->session;

    switch (step) {
    case REPORT_WALK:
        return walk_diagnosis(cli);
    case REPORT_WHOLE:
        cli_print(cli, "\n");
        talk_diagnosis(cli, true);
        break;
    case REPORT_TEXTS:
        return menu_texts(cli);
    case REPORT_OTHERS:
        return at_others(cli);
    case REPORT_HOPS:
    case REPORT_AUTHENTICATION:
        print_trace(cli, step == REPORT_HOPS);
        break;
    case REPORT_LINES:
        return at_lines(cli);
    case REPORT_RECIPIENT:
        session->recipient = (session->recipient + 1) % session->result->count;
        break;
    case REPORT_WRITE:
        write_diagnosis(cli);
        break;
    case REPORT_STEPS:
        break;
    }
    return MENU_BACK;
}

int menu_diagnosis(struct cli *cli)
{
    struct session *session = cli->session;
    size_t shown = (size_t)-1;

    for (;;) {
        struct menu menu = {.cli = cli};
        enum report_step steps[REPORT_STEPS];

        cli_print(cli, "\n");
        if (shown != session->recipient) {
            if (session->result->count > 1) {
                cli_print(cli, _("Recipient %zu of %zu\n\n"), session->recipient + 1, session->result->count);
            }
            talk_diagnosis(cli, false);
            cli_print(cli, "\n");
            shown = session->recipient;
        }
        add_steps(&menu, session, steps);
        int choice = menu_ask(&menu);

        if (choice < 0 || (choice = take_step(cli, steps[choice])) != MENU_BACK) {
            return choice;
        }
    }
}
