#include "cli/menu.h"

#include "base/text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* --- entries and trees --- */

/* "5.7.323, tlsa-invalid: ..." */
struct str menu_entry_words(struct cli *cli, const struct kb_entry *entry)
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
        return menu_walk(cli);
    }
    cli_print(cli, _("Its tree cannot be read; ndr lint tells why.\n"));
    return MENU_BACK;
}

int menu_entry(struct cli *cli, const struct kb_entry *entry)
{
    bool is_new = true;

    for (;;) {
        struct menu menu = {.cli = cli};
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
                     STR_ARGS(other ? menu_entry_words(cli, other) : entry->related[i].entry));
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
    struct menu menu = {.cli = cli};

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
    return session_walk_start(cli->session, tree->id, STR_NULL, false) ? menu_walk(cli) : MENU_BACK;
}

int menu_trees(struct cli *cli)
{
    for (;;) {
        struct menu menu = {.cli = cli};
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
    menu_add(menu, "%.*s", STR_ARGS(menu_entry_words(menu->cli, entry)));
}

static int at_category(struct cli *cli, enum kb_category category)
{
    const struct kb *kb = &cli->session->kb;
    size_t from = 0;

    while (from < kb->count && kb->entries[from]->category < category) {
        from++;
    }
    for (;;) {
        struct menu menu = {.cli = cli};

        cli_print(cli, "\n%.*s\n", STR_ARGS(kb_category_title(category)));
        for (size_t i = 0; i < kb->category_count[category]; i++) {
            add_entry(&menu, kb->entries[from + i]);
        }
        int choice = menu_ask(&menu);

        if (choice < 0 || (choice = menu_entry(cli, kb->entries[from + (size_t)choice])) != MENU_BACK) {
            return choice;
        }
    }
}

int menu_categories(struct cli *cli)
{
    for (;;) {
        struct menu menu = {.cli = cli};

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

int menu_hits(struct cli *cli, struct str query)
{
    struct session_hits hits = session_search(cli->session, cli->arena, query);

    for (;;) {
        struct menu menu = {.cli = cli};

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

        choice = hit->kind == SESSION_HIT_ENTRY ? menu_entry(cli, hit->entry) : at_tree(cli, hit->tree);
        if (choice != MENU_BACK) {
            return choice;
        }
    }
}

int menu_search(struct cli *cli)
{
    for (;;) {
        struct str line;

        if (!talk_ask(cli, _("Search for (Enter goes back): "), &line)) {
            return MENU_QUIT;
        }
        if (line.len == 0) {
            return MENU_BACK;
        }
        int choice = menu_hits(cli, str_dup(cli->arena, line));

        if (choice != MENU_BACK) {
            return choice;
        }
    }
}
