#include "base/text.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "match/rank.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* --- explain --- */

enum { EXPLAIN_WHOLE_MAX = 4 }; /* entries that are shown whole */

struct found {
    const struct kb_entry **items;
    size_t count;
    size_t capacity;
};

static void add(struct cli *cli, struct found *found, const struct kb_entry *entry)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->items[i] == entry) {
            return;
        }
    }
    *VEC_PUSH(cli->arena, found->items, found->count, found->capacity) = entry;
}

/* Whether the text is a code and perhaps a reply code, nothing more. */
static bool is_bare_code(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!str_is_digit(text.ptr[i]) && !strchr(". #x-X", text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0;
}

/* Entries for a code; generic pages only where nothing else has it. */
static void find_by_code(struct cli *cli, struct str text, struct found *found)
{
    struct kb_hits hits = session_find_code(cli->session, cli->arena, text);

    for (int generic = 0; generic < 2; generic++) {
        for (size_t i = 0; i < hits.count && (generic == 0 || found->count == 0); i++) {
            if (match_entry_is_generic(hits.items[i]) == (generic == 1)) {
                add(cli, found, hits.items[i]);
            }
        }
    }
}

static void find_in(struct cli *cli, struct str text, enum match_confidence least, struct found *found)
{
    const struct match_result *result = session_analyze(cli->session, cli->arena, text);

    for (size_t i = 0; i < result->count; i++) {
        for (size_t k = 0; k < result->recipients[i].diagnosis_count; k++) {
            const struct match_diagnosis *d = &result->recipients[i].diagnoses[k];

            if (k == 0 ? d->confidence >= least : d->confidence > MATCH_WEAK) {
                add(cli, found, d->entry);
            }
        }
    }
}

static void find_by_words(struct cli *cli, struct str text, struct found *found)
{
    find_in(cli, text, MATCH_WEAK, found);
    if (found->count == 0) {
        /* Words alone are no report; behind a reply code they are. */
        find_in(cli, str_printf(cli->arena, "550 %.*s", STR_ARGS(text)), MATCH_LIKELY, found);
    }
}

/* Entries of the provider of entry `from`, which is the first of them. */
static void add_provider(struct doc *doc, const struct found *found, size_t from)
{
    struct str provider = found->items[from]->provider;

    struct str name = session_provider_words(provider);

    doc_add(doc, DOC_HEADING, STR_NULL, name.len ? name : str_from(_("Anybody")));
    for (size_t i = from; i < found->count; i++) {
        const struct kb_entry *entry = found->items[i];

        if (str_equal(entry->provider, provider)) {
            doc_add(doc, DOC_ITEM, entry->id,
                    str_printf(doc->arena, "%.*s: %.*s", STR_ARGS(entry->id), STR_ARGS(entry->summary)));
        }
    }
}

/* A number with many meanings: who uses it for what, a line each. */
static void print_overview(struct cli *cli, struct str text, const struct found *found)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    doc_add(&doc, DOC_TITLE, STR_NULL, str_printf(cli->arena, _("%.*s has %zu meanings"), STR_ARGS(text), found->count));
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL,
            str_from(_("The words of the server decide, not the number. Paste its line or the whole report, and the "
                       "right one is found. \"ndr explain\" with one of these names shows it whole.")));
    for (size_t i = 0; i < found->count; i++) {
        bool is_first = true;

        for (size_t k = 0; k < i; k++) {
            is_first = is_first && !str_equal(found->items[k]->provider, found->items[i]->provider);
        }
        if (is_first) {
            add_provider(&doc, found, i);
        }
    }
    cli_print_doc(cli, &doc);
}

static void print_entries(struct cli *cli, struct str text, const struct found *found)
{
    if (cli->format == CLI_JSON) {
        struct json json = {.out = &cli->out, .pretty = true};

        json_open(&json, NULL, '{');
        json_text(&json, "schema", STR_LIT("ndr-explain/1"));
        json_open(&json, "entries", '[');
        for (size_t i = 0; i < found->count; i++) {
            json_open(&json, NULL, '{');
            cli_json_entry(&json, found->items[i], true);
            json_close(&json, '}');
        }
        json_close(&json, ']');
        json_close(&json, '}');
        buf_add_char(&cli->out, '\n');
        return;
    }
    struct doc doc;

    if (found->count > EXPLAIN_WHOLE_MAX) {
        print_overview(cli, text, found);
        return;
    }
    doc_init(&doc, cli->arena);
    for (size_t i = 0; i < found->count; i++) {
        session_doc_entry(cli->session, found->items[i], NULL, &doc);
        if (cli->format == CLI_HTML && i + 1 < found->count) {
            continue; /* one page holds them all */
        }
        cli_print_doc(cli, &doc);
        doc_init(&doc, cli->arena);
        if (i + 1 < found->count) {
            cli_print(cli, "\n%s\n\n", "----");
        }
    }
}

int cli_explain(struct cli *cli)
{
    struct str text = cli_words(cli);
    struct found found = {0};

    if (!cli_takes(cli, "text json markdown html")) {
        return CLI_TROUBLE;
    }
    if (text.len == 0) {
        cli_complain(_("explain needs a code such as 5.7.23, or the words of a server"));
        return CLI_TROUBLE;
    }
    const struct kb_entry *entry = kb_entry_find(&cli->session->kb, text);

    if (entry) {
        add(cli, &found, entry);
    } else if (is_bare_code(text)) {
        find_by_code(cli, text, &found);
    } else {
        find_by_words(cli, text, &found);
    }
    print_entries(cli, text, &found);
    if (found.count == 0) {
        cli_complain(_("nothing known about \"%.*s\"; try: ndr search WORDS"), STR_ARGS(text));
        return CLI_NOTHING;
    }
    return CLI_FOUND;
}

/* --- list --- */

static void print_row(struct cli *cli, const struct kb_entry *entry)
{
    struct str code = session_entry_code(cli->arena, entry);
    struct str category = kb_category_slug(entry->category);

    cli_print(cli, "%-18.*s %-18.*s %.*s\n", STR_ARGS(code), STR_ARGS(category), STR_ARGS(entry->title));
}

int cli_list(struct cli *cli)
{
    const char *category = cli->line->values[CMD_OPTION_CATEGORY];
    const char *provider = cli->line->values[CMD_OPTION_PROVIDER];
    struct json json = {.out = &cli->out, .pretty = true};
    size_t count = 0;

    if (!cli_takes(cli, "text json")) {
        return CLI_TROUBLE;
    }
    if (category && kb_category_find(str_from(category)) == KB_CATEGORY_COUNT) {
        cli_complain(_("no such category: %s"), category);
        return CLI_TROUBLE;
    }
    if (cli->format == CLI_JSON) {
        json_open(&json, NULL, '{');
        json_text(&json, "schema", STR_LIT("ndr-list/1"));
        json_open(&json, "entries", '[');
    }
    for (size_t i = 0; i < cli->session->kb.count; i++) {
        const struct kb_entry *entry = cli->session->kb.entries[i];

        if ((category && entry->category != kb_category_find(str_from(category))) ||
            (provider && !str_equal(entry->provider, str_from(provider)))) {
            continue;
        }
        count++;
        if (cli->format == CLI_JSON) {
            json_open(&json, NULL, '{');
            cli_json_entry(&json, entry, false);
            json_close(&json, '}');
        } else {
            print_row(cli, entry);
        }
    }
    if (cli->format == CLI_JSON) {
        json_close(&json, ']');
        json_close(&json, '}');
        buf_add_char(&cli->out, '\n');
    }
    return count ? CLI_FOUND : CLI_NOTHING;
}

/* --- search --- */

static void search_json(struct cli *cli, const struct session_hits *hits)
{
    struct json json = {.out = &cli->out, .pretty = true};

    json_open(&json, NULL, '{');
    json_text(&json, "schema", STR_LIT("ndr-list/1"));
    json_open(&json, "entries", '[');
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->items[i].kind == SESSION_HIT_ENTRY) {
            json_open(&json, NULL, '{');
            cli_json_entry(&json, hits->items[i].entry, false);
            json_number(&json, "score", hits->items[i].score);
            json_text(&json, "why", hits->items[i].why);
            json_close(&json, '}');
        }
    }
    json_close(&json, ']');
    json_open(&json, "trees", '[');
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->items[i].kind == SESSION_HIT_TREE) {
            json_text(&json, NULL, hits->items[i].tree);
        }
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(&cli->out, '\n');
}

int cli_search(struct cli *cli)
{
    struct str text = cli_words(cli);

    if (!cli_takes(cli, "text json")) {
        return CLI_TROUBLE;
    }
    if (text.len == 0) {
        cli_complain(_("search needs words"));
        return CLI_TROUBLE;
    }
    session_search_trees(cli->session);
    struct session_hits hits = session_search(cli->session, cli->arena, text);

    if (cli->format == CLI_JSON) {
        search_json(cli, &hits);
    }
    for (size_t i = 0; i < hits.count && cli->format == CLI_TEXT; i++) {
        if (hits.items[i].kind == SESSION_HIT_TREE) {
            cli_print(cli, "%-18s %-18.*s %.*s\n", "tree", STR_ARGS(hits.items[i].tree),
                      STR_ARGS(hits.items[i].title));
        } else {
            print_row(cli, hits.items[i].entry);
        }
    }
    if (hits.count == 0) {
        cli_complain(_("nothing found for \"%.*s\""), STR_ARGS(text));
    }
    return hits.count ? CLI_FOUND : CLI_NOTHING;
}
