/* What helps to write an overlay: templates, and which file a thing comes from. */
#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

int cli_new(struct cli *cli)
{
    const char *what = cli->line->arg_count == 1 ? cli->line->args[0] : "";

    if (!cli_takes(cli, "text")) {
        return CLI_TROUBLE;
    }
    if (strcmp(what, "entry") != 0 && strcmp(what, "tree") != 0) {
        cli_complain(_("new makes an entry or a tree: ndr new entry >FILE.xml"));
        return CLI_TROUBLE;
    }
    const char *folder = file_join(cli->arena, cli->session->folders[KB_LAYER_SHIPPED], "templates");
    const char *path = file_join(cli->arena, folder, str_printf(cli->arena, "%s.xml", what).ptr);

    return cli_read(path, &cli->out) ? CLI_FOUND : CLI_TROUBLE;
}

static void print_place(struct cli *cli, enum kb_layer layer, struct str file, unsigned line)
{
    struct str name = kb_layer_name(layer);

    cli_print(cli, "%-8.*s %.*s", STR_ARGS(name), STR_ARGS(file));
    if (line) {
        cli_print(cli, ":%u", line);
    }
    cli_print(cli, "\n");
}

static bool print_entry(struct cli *cli, struct str id)
{
    const struct kb_entry *entry = kb_entry_find(&cli->session->kb, id);

    for (const struct kb_entry *e = entry; e; e = e->replaced) {
        if (e != entry) {
            cli_print(cli, _("instead of "));
        }
        print_place(cli, e->layer, e->file, e->line);
    }
    for (size_t i = 0; entry && i < cli->session->kb.house_note_count; i++) {
        const struct kb_house_note *house = &cli->session->kb.house_notes[i];

        if (kb_entry_find(&cli->session->kb, house->entry) == entry) {
            cli_print(cli, _("note from "));
            print_place(cli, house->note.layer, house->file, house->line);
        }
    }
    return entry;
}

static bool print_tree(struct cli *cli, struct str slug)
{
    const struct session *session = cli->session;

    /* Loading it tells whether the file of the latest layer is sound. */
    session_tree(cli->session, slug);
    for (size_t i = 0; i < session->tree_count; i++) {
        const struct session_tree *tree = &session->trees[i];

        if (!str_equal(tree->slug, slug)) {
            continue;
        }
        for (int layer = SESSION_LAYERS_MAX - 1; layer >= 0; layer--) {
            if (tree->paths[layer]) {
                cli_print(cli, "%s", layer > (int)tree->layer   ? _("left out: ")
                                     : layer < (int)tree->layer ? _("instead of ")
                                                                : "");
                print_place(cli, (enum kb_layer)layer, str_from(tree->paths[layer]), 0);
            }
        }
        return true;
    }
    return false;
}

int cli_which(struct cli *cli)
{
    struct str id = cli_words(cli);

    if (!cli_takes(cli, "text")) {
        return CLI_TROUBLE;
    }
    if (cli->line->arg_count != 1) {
        cli_complain(_("which needs the id of an entry or a tree; ndr search finds it"));
        return CLI_TROUBLE;
    }
    bool entry = print_entry(cli, id);
    bool tree = print_tree(cli, id);

    if (!entry && !tree) {
        cli_complain(_("no entry and no tree is called \"%.*s\"; try: ndr search WORDS"), STR_ARGS(id));
        return CLI_NOTHING;
    }
    return CLI_FOUND;
}
