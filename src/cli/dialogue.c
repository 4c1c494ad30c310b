#include <errno.h>
#include <time.h>

#include "base/text.h"
#include "cli/talk.h"
#include "session/trace_text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* The whole product as numbered questions, for screen readers, braille lines and terminals that cannot
 * place the cursor.  Each screen is a function that asks until the person leaves it; it gives MENU_BACK
 * for one level up, or what the levels above have to obey: MENU_HOME, MENU_QUIT, MENU_REPORT. */

enum { SOURCE_LINES = 20 };

/* --- entries and trees --- */

static struct menu menu_of(struct cli *cli)
{
    return (struct menu){.cli = cli};
}

static int at_texts(struct cli *cli)
{
    static const struct {
        enum prose_reader reader;
        const char *words;
    } readers[] = {{PROSE_TO_SENDER, _("Text for the sender")},
                   {PROSE_TO_POSTMASTER, _("Text for the postmaster of the other side")},
                   {PROSE_TO_TICKET, _("Text for the ticket")}};
    enum prose_reader offered[PROSE_TO_COUNT];
    struct menu menu = menu_of(cli);
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
    struct menu menu = menu_of(cli);

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
            *choice = at_texts(cli);
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
static int at_walk(struct cli *cli)
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

/* "5.7.323, tlsa-invalid: ..." */
static struct str entry_words(struct cli *cli, const struct kb_entry *entry)
{
    static const struct tree_facts none = {.count = 0};
    struct str code = session_entry_code(cli->arena, entry);
    struct str title = session_fill(cli->arena, entry->title, &none);

    return str_printf(cli->arena, "%.*s, %.*s", STR_ARGS(code), STR_ARGS(title));
}

static void print_entry(struct cli *cli, const struct kb_entry *entry)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    session_doc_entry(cli->session, entry, NULL, &doc);
    cli_print(cli, "\n");
    cli_print_doc(cli, &doc);
    cli_print(cli, "\n");
}

static int walk_entry(struct cli *cli, const struct kb_entry *entry)
{
    if (talk_start_at_entry(cli->session, entry)) {
        return at_walk(cli);
    }
    cli_print(cli, _("Its tree cannot be read; ndr lint tells why.\n"));
    return MENU_BACK;
}

static int at_entry(struct cli *cli, const struct kb_entry *entry)
{
    bool is_new = true;

    for (;;) {
        struct menu menu = menu_of(cli);
        size_t walks = entry->tree.len > 0;

        if (is_new) {
            print_entry(cli, entry);
        }
        if (walks) {
            menu_add(&menu, _("Walk its decision tree, %.*s"), STR_ARGS(entry->tree));
        }
        for (size_t i = 0; i < entry->related_count; i++) {
            const struct kb_entry *other = kb_entry_find(&cli->session->kb, entry->related[i].entry);

            menu_add(&menu, _("See also %.*s"),
                     STR_ARGS(other ? entry_words(cli, other) : entry->related[i].entry));
        }
        if (menu.count == 0) {
            cli_print(cli, _("b goes back.\n"));
        }
        int choice = menu_ask(&menu);

        is_new = choice >= (int)walks;
        if (choice >= (int)walks) {
            const struct kb_entry *other =
                kb_entry_find(&cli->session->kb, entry->related[(size_t)choice - walks].entry);

            entry = other ? other : entry;
        } else if (choice < 0 || (choice = walk_entry(cli, entry)) != MENU_BACK) {
            return choice;
        }
    }
}

static int at_tree(struct cli *cli, struct str slug)
{
    const struct tree *tree = session_tree(cli->session, slug);
    struct menu menu = menu_of(cli);

    if (!tree) {
        cli_print(cli, _("This tree cannot be read; ndr lint tells why.\n"));
        return MENU_BACK;
    }
    cli_print(cli, _("\n%.*s\n%.*s\nAt most %u steps.\n\n"), STR_ARGS(tree->title), STR_ARGS(tree->about),
              tree->longest);
    menu_add(&menu, "%s", _("Walk it"));
    int choice = menu_ask(&menu);

    if (choice < 0) {
        return choice;
    }
    return session_walk_start(cli->session, tree->id, STR_NULL, false) ? at_walk(cli) : MENU_BACK;
}

static int at_trees(struct cli *cli)
{
    for (;;) {
        struct menu menu = menu_of(cli);
        struct session *session = cli->session;

        cli_print(cli, _("\nDecision trees\n"));
        for (size_t i = 0; i < session->tree_count; i++) {
            const struct tree *tree = session_tree(session, session->trees[i].slug);

            menu_add(&menu, "%.*s", STR_ARGS(tree ? tree->title : session->trees[i].slug));
        }
        int choice = menu_ask(&menu);

        if (choice < 0 || (choice = at_tree(cli, session->trees[choice].slug)) != MENU_BACK) {
            return choice;
        }
    }
}

static void add_entry(struct menu *menu, const struct kb_entry *entry)
{
    menu_add(menu, "%.*s", STR_ARGS(entry_words(menu->cli, entry)));
}

static int at_category(struct cli *cli, enum kb_category category)
{
    const struct kb *kb = &cli->session->kb;
    size_t from = 0;

    while (from < kb->count && kb->entries[from]->category < category) {
        from++;
    }
    for (;;) {
        struct menu menu = menu_of(cli);

        cli_print(cli, "\n%.*s\n", STR_ARGS(kb_category_title(category)));
        for (size_t i = 0; i < kb->category_count[category]; i++) {
            add_entry(&menu, kb->entries[from + i]);
        }
        int choice = menu_ask(&menu);

        if (choice < 0 || (choice = at_entry(cli, kb->entries[from + (size_t)choice])) != MENU_BACK) {
            return choice;
        }
    }
}

static int at_categories(struct cli *cli)
{
    for (;;) {
        struct menu menu = menu_of(cli);

        cli_print(cli, _("\nCategories\n"));
        for (int i = 0; i < KB_CATEGORY_COUNT; i++) {
            menu_add(&menu, _("%.*s, %zu entries"), STR_ARGS(kb_category_title((enum kb_category)i)),
                     cli->session->kb.category_count[i]);
        }
        int choice = menu_ask(&menu);

        if (choice < 0 || (choice = at_category(cli, (enum kb_category)choice)) != MENU_BACK) {
            return choice;
        }
    }
}

/* --- search --- */

static int at_hits(struct cli *cli, struct str query)
{
    struct session_hits hits = session_search(cli->session, cli->arena, query);

    for (;;) {
        struct menu menu = menu_of(cli);

        if (hits.count == 0) {
            cli_print(cli, _("Nothing has all these words. Fewer or shorter words find more.\n"));
            return MENU_BACK;
        }
        cli_print(cli, _("\n%zu found, best first\n"), hits.count);
        for (size_t i = 0; i < hits.count; i++) {
            if (hits.items[i].kind == SESSION_HIT_ENTRY) {
                add_entry(&menu, hits.items[i].entry);
            } else {
                menu_add(&menu, _("Tree: %.*s"), STR_ARGS(hits.items[i].title));
            }
        }
        int choice = menu_ask(&menu);

        if (choice < 0) {
            return choice;
        }
        const struct session_hit *hit = &hits.items[choice];

        choice = hit->kind == SESSION_HIT_ENTRY ? at_entry(cli, hit->entry) : at_tree(cli, hit->tree);
        if (choice != MENU_BACK) {
            return choice;
        }
    }
}

static int at_search(struct cli *cli)
{
    for (;;) {
        struct str line;

        if (!talk_ask(cli, _("Search for (Enter goes back): "), &line)) {
            return MENU_QUIT;
        }
        if (line.len == 0) {
            return MENU_BACK;
        }
        int choice = at_hits(cli, str_dup(cli->arena, line));

        if (choice != MENU_BACK) {
            return choice;
        }
    }
}

/* --- the diagnosis --- */

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
        struct menu menu = menu_of(cli);

        cli_print(cli, _("\nCauses that fit, best first\n"));
        for (size_t i = 0; i < count; i++) {
            const struct match_diagnosis *cause = &recipient->diagnoses[i];

            menu_add(&menu, "%.*s (%.*s)", STR_ARGS(entry_words(cli, cause->entry)),
                     STR_ARGS(session_confidence_words(cause->confidence)));
        }
        int choice = menu_ask(&menu);

        if (choice < 0) {
            return choice;
        }
        for (size_t i = 0; i < recipient->diagnoses[choice].why_count; i++) {
            cli_print(cli, _("Why: %.*s\n"), STR_ARGS(recipient->diagnoses[choice].why[i]));
        }
        choice = at_entry(cli, recipient->diagnoses[choice].entry);
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

    return has_begun || session_walk_diagnosis(session) ? at_walk(cli) : MENU_BACK;
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
        return at_texts(cli);
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

static int at_diagnosis(struct cli *cli)
{
    struct session *session = cli->session;
    size_t shown = (size_t)-1;

    for (;;) {
        struct menu menu = menu_of(cli);
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

/* --- saved walks --- */

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
    return at_walk(cli);
}

enum { SAVED_GO_ON, SAVED_DELETE, SAVED_WRITE };

static int at_saved_walk(struct cli *cli, int64_t id)
{
    struct session *session = cli->session;
    struct menu menu = menu_of(cli);
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

static int at_saved(struct cli *cli)
{
    struct session *session = cli->session;

    for (;;) {
        struct menu menu = menu_of(cli);
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
static int offer_walk(struct cli *cli)
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

/* --- the first screen --- */

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
                "Instead of a number you may type a code such as 5.7.23, or words to search for.\n"));
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
        return at_walk(cli);
    case HOME_BROWSE:
        return at_categories(cli);
    case HOME_SEARCH:
        return at_search(cli);
    case HOME_TREES:
        return at_trees(cli);
    case HOME_SAVED:
        return at_saved(cli);
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
    return entry ? at_entry(cli, entry) : at_hits(cli, words);
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
        choice = choice == MENU_REPORT ? at_diagnosis(cli) : at_home(cli);
    }
    cli->is_in_dialogue = false;
    cli->arena = whole;
    arena_fini(&arena);
}

int cli_plain(struct cli *cli)
{
    session_keep(cli->session);
    cli_print(cli, _("ndr in line mode. Type a number and Enter; ? helps, q quits.\n"));
    if (cli->session->result || offer_walk(cli) != MENU_QUIT) {
        if (!cli->session->result && settings_is(&cli->session->settings, SETTING_START, "paste")) {
            talk_take_paste(cli);
        }
        talk_dialogue(cli);
    }
    return CLI_FOUND;
}
