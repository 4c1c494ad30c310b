/* What is set, by whom, and what it means: as the lines of a config file, which read back give the same. */
#include "base/text.h"
#include "cli/cli.h"
#include "cli/json.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { CONFIG_REMARK_COL = 44 };

/* A line with its meaning beside it, and its source where that is not the program. */
static void print_line(struct cli *cli, struct str line, const char *help, const struct settings_source *source)
{
    struct str where = settings_source_words(cli->arena, source);
    bool has_source = source->origin != SETTINGS_DEFAULT;

    cli_print(cli, "%-*.*s # %s%s%.*s%s\n", CONFIG_REMARK_COL, STR_ARGS(line), help, has_source ? " (" : "",
              has_source ? (int)where.len : 0, has_source ? where.ptr : "", has_source ? ")" : "");
}

static void print_settings(struct cli *cli)
{
    const struct settings *settings = &cli->session->settings;

    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = setting_row((enum setting)i);
        struct str takes = setting_takes(cli->arena, (enum setting)i);
        struct str where = settings_source_words(cli->arena, &settings->sources[i]);

        cli_print(cli, "%s# %s\n# takes %.*s; set by: %.*s\n", i ? "\n" : "", row->help, STR_ARGS(takes),
                  STR_ARGS(where));
        cli_print(cli, "%s = %.*s\n", row->name, STR_ARGS(settings->values[i]));
    }
}

/* --- keys --- */

/* What is done with every key of every screen: taken away first, as reading it back has to. */
struct config_key {
    const char *context;
    struct str key;
    const struct action *action; /* NULL where it was taken away */
    struct settings_source source;
};

typedef void (*config_key_fn)(struct cli *cli, struct json *json, const struct config_key *key);

static struct settings_source source_of(const struct key_binding *row)
{
    return row ? (struct settings_source){(enum settings_origin)row->origin, row->file, row->line} : (struct settings_source){0};
}

static void each_unbound(struct cli *cli, struct json *json, int number, config_key_fn tell)
{
    const struct keymap *keymap = &cli->session->settings.keymap;

    for (size_t i = 0; i < keymap->count; i++) {
        const struct key_binding *row = &keymap->items[i];

        if (row->action == ACTION_NONE && (row->context & 1u << number)) {
            tell(cli, json,
                 &(struct config_key){action_context_name((enum action_context_number)number), row->key, NULL,
                                      source_of(row)});
        }
    }
}

static void each_bound(struct cli *cli, struct json *json, int number, config_key_fn tell)
{
    const struct keymap *keymap = &cli->session->settings.keymap;

    for (int id = ACTION_NONE + 1; id < ACTION_COUNT; id++) {
        const struct action *action = action_get((enum action_id)id);
        struct str keys[ACTION_KEYS_MAX];
        bool is_fixed = id == ACTION_INTERRUPT || id == ACTION_SUSPEND || id == ACTION_REDRAW;
        size_t count = is_fixed || !action_is_valid(action, 1u << number, false)
                           ? 0
                           : action_keys(keymap, action, 1u << number, keys, ACTION_KEYS_MAX);

        for (size_t i = 0; i < count; i++) {
            tell(cli, json,
                 &(struct config_key){action_context_name((enum action_context_number)number), keys[i], action,
                                      source_of(keymap_row(keymap, keys[i], 1u << number))});
        }
    }
}

static void print_key(struct cli *cli, struct json *json, const struct config_key *key)
{
    (void)json;
    if (!key->action) {
        print_line(cli, str_printf(cli->arena, "unbind %s %.*s", key->context, STR_ARGS(key->key)), "Nothing",
                   &key->source);
        return;
    }
    struct str name = action_bind_name(cli->arena, key->action);

    print_line(cli, str_printf(cli->arena, "bind %s %.*s %.*s", key->context, STR_ARGS(key->key), STR_ARGS(name)),
               key->action->help, &key->source);
}

static void print_keys(struct cli *cli)
{
    for (int i = 0; i < ACTION_CONTEXT_COUNT; i++) {
        cli_print(cli, "\n# %s: %s\n", action_context_name((enum action_context_number)i),
                  action_context_help((enum action_context_number)i));
        each_unbound(cli, NULL, i, print_key);
        each_bound(cli, NULL, i, print_key);
    }
}

static void print_looks(struct cli *cli)
{
    const struct settings *settings = &cli->session->settings;

    cli_print(cli, "\n");
    for (int i = 0; i < STYLE_COUNT; i++) {
        struct str words = look_words(cli->arena, settings_look(settings, (enum style)i));

        print_line(cli, str_printf(cli->arena, "style %s = %.*s", style_name((enum style)i), STR_ARGS(words)),
                   style_help((enum style)i), &settings->look_sources[i]);
    }
}

/* --- JSON --- */

static void json_source(struct json *json, const struct settings_source *source)
{
    static const char *const origins[] = {"default", "site", "user", "option", "session"};

    json_text(json, "origin", str_from(origins[source->origin]));
    json_text_or_null(json, "file", source->file);
    if (source->line) {
        json_number(json, "line", source->line);
    } else {
        json_nothing(json, "line");
    }
}

static void json_setting(struct json *json, const struct settings *settings, enum setting setting)
{
    static const char *const kinds[] = {"choice", "switch", "number", "text", "folder"};
    const struct setting_row *row = setting_row(setting);
    struct str choice;

    json_open(json, NULL, '{');
    json_text(json, "name", str_from(row->name));
    json_text(json, "value", settings->values[setting]);
    json_text(json, "default", str_from(row->value));
    json_text(json, "kind", str_from(kinds[row->kind]));
    json_open(json, "choices", '[');
    for (size_t i = 0; (choice = setting_choice(setting, i)).len; i++) {
        json_text(json, NULL, choice);
    }
    json_close(json, ']');
    json_text(json, "meaning", str_from(row->help));
    json_source(json, &settings->sources[setting]);
    json_close(json, '}');
}

static void json_binding(struct cli *cli, struct json *json, const struct config_key *key)
{
    json_open(json, NULL, '{');
    json_text(json, "screen", str_from(key->context));
    json_text(json, "key", key->key);
    json_text_or_null(json, "action", key->action ? action_bind_name(cli->arena, key->action) : STR_NULL);
    json_text_or_null(json, "meaning", key->action ? str_from(key->action->help) : STR_NULL);
    json_source(json, &key->source);
    json_close(json, '}');
}

static void json_look(struct cli *cli, struct json *json, enum style role)
{
    const struct settings *settings = &cli->session->settings;

    json_open(json, NULL, '{');
    json_text(json, "role", str_from(style_name(role)));
    json_text(json, "look", look_words(cli->arena, settings_look(settings, role)));
    json_text(json, "meaning", str_from(style_help(role)));
    json_source(json, &settings->look_sources[role]);
    json_close(json, '}');
}

static void print_json(struct cli *cli)
{
    struct json json = {.out = &cli->out, .pretty = true};

    json_open(&json, NULL, '{');
    json_text(&json, "schema", STR_LIT("ndr-config/1"));
    json_open(&json, "settings", '[');
    for (int i = 0; i < SETTING_COUNT; i++) {
        json_setting(&json, &cli->session->settings, (enum setting)i);
    }
    json_close(&json, ']');
    json_open(&json, "bindings", '[');
    for (int i = 0; i < ACTION_CONTEXT_COUNT; i++) {
        each_unbound(cli, &json, i, json_binding);
        each_bound(cli, &json, i, json_binding);
    }
    json_close(&json, ']');
    json_open(&json, "styles", '[');
    for (int i = 0; i < STYLE_COUNT; i++) {
        json_look(cli, &json, (enum style)i);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(&cli->out, '\n');
}

int cli_config(struct cli *cli)
{
    if (!cli_takes(cli, "text json")) {
        return CLI_TROUBLE;
    }
    if (cli->format == CLI_JSON) {
        print_json(cli);
        return CLI_FOUND;
    }
    print_settings(cli);
    print_keys(cli);
    print_looks(cli);
    return CLI_FOUND;
}
