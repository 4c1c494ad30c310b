/* What is typed at the `:` prompt: the same words as on the command line. */
#include "ui/app.h"

#include "base/text.h"
#include "session/names.h"

static void show_code(struct app *app, struct str words)
{
    const struct kb_entry *entry = kb_entry_find(&app->session->kb, words);
    struct kb_hits hits = entry ? (struct kb_hits){0}
                                : session_find_code(app->session, &app->scratch, words);

    if (!entry && hits.count == 1) {
        entry = hits.items[0];
    }
    if (entry) {
        app_open_entry(app, entry);
    } else if (words.len) {
        /* Several entries, or none: the search shows what there is. */
        app_search(app, words);
    } else {
        app_say(app, "%s", _("open what? a code such as 5.7.23, or the id of an entry"));
    }
}

static void start_tree(struct app *app, struct str slug)
{
    const struct tree *tree = slug.len ? session_tree(app->session, slug) : NULL;

    if (tree) {
        app_walk(app, tree->id, STR_NULL);
    } else if (slug.len) {
        app_say(app, _("there is no tree %.*s"), (int)slug.len, slug.ptr);
    } else {
        app_open(app, PLACE_TREES);
    }
}

/* "NAME VALUE" or "NAME = VALUE" changes, NAME alone tells, nothing opens the list. */
static void set(struct app *app, struct str words)
{
    enum setting setting;
    struct str name;

    if (!str_next_word(&words, &name)) {
        app_open(app, PLACE_OPTIONS);
        return;
    }
    struct str value = str_trim(words);

    if (str_starts(value, STR_LIT("="))) {
        value = str_trim(str_sub(value, 1, value.len));
    }
    if (!setting_find(name, &setting)) {
        struct str hint = setting_hint(&app->scratch, name);

        app_say(app, _("there is no setting %.*s (%.*s)"), (int)name.len, name.ptr, (int)hint.len, hint.ptr);
    } else if (str_trim(words).len == 0) {
        struct str now = app->session->settings.values[setting];

        app_say(app, "%s = %.*s", setting_row(setting)->name, (int)now.len, now.len ? now.ptr : "");
    } else {
        app_set(app, setting, value);
    }
}

static void read_file(struct app *app, struct str path)
{
    if (path.len) {
        intake_file(app, path);
    } else {
        intake_ask(app);
    }
}

static void write_file(struct app *app, struct str path)
{
    if (path.len) {
        export_write(app, path);
    } else {
        export_ask(app);
    }
}

static void run(struct app *app, enum action_id action, struct str rest)
{
    switch (action) {
    case ACTION_TYPE_OPEN:
    case ACTION_TYPE_EXPLAIN:
        show_code(app, rest);
        break;
    case ACTION_TYPE_WALK:
        start_tree(app, rest);
        break;
    case ACTION_TYPE_SET:
        set(app, rest);
        break;
    case ACTION_SEARCH:
        app_search(app, rest);
        break;
    case ACTION_TYPE_TRIAGE:
        app_open_triage(app, rest);
        break;
    case ACTION_HELP:
        if (rest.len) {
            app_open_topic(app, rest);
        } else {
            app_act(app, action, NULL);
        }
        break;
    case ACTION_OPEN_FILE:
        read_file(app, rest);
        break;
    case ACTION_WRITE:
        write_file(app, rest);
        break;
    default:
        app_act(app, action, NULL);
    }
}

void command_run(struct app *app, struct str line)
{
    struct str rest = str_trim(line);
    struct str whole = rest;
    struct str word;

    if (!str_next_word(&rest, &word)) {
        return;
    }
    enum action_id action = action_for_command(word, app->options->restricted);

    rest = str_trim(rest);
    if (action != ACTION_NONE) {
        run(app, action, rest);
    } else if (str_is_digit(word.ptr[0]) || kb_entry_find(&app->session->kb, word)) {
        show_code(app, whole);
    } else {
        app_say(app, _("there is no command %.*s; Tab lists them"), (int)word.len, word.ptr);
    }
}

/* --- completion --- */

static void add_choice(struct prompt_choices *choices, struct str choice)
{
    if (choices->count < PROMPT_CHOICES_MAX) {
        choices->items[choices->count++] = choice;
    }
}

static void add_commands(const struct app *app, struct prompt_choices *choices)
{
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT; id++) {
        const struct action *action = action_get((enum action_id)id);

        if (action_is_valid(action, ACTION_IN_COMMAND, app->options->restricted)) {
            add_choice(choices, str_from(action->name));
        }
    }
}

static void add_name(void *context, struct str name)
{
    add_choice(context, name);
}

/* The names, or what the one that stands there takes. */
static void add_settings(const struct app *app, struct prompt_choices *choices, struct str words)
{
    enum setting setting;
    struct str name;
    struct str choice;

    if (!str_next_word(&words, &name)) {
        for (int i = 0; i < SETTING_COUNT; i++) {
            if (session_may_set(app->session, (enum setting)i)) {
                add_choice(choices, str_from(setting_row((enum setting)i)->name));
            }
        }
    } else if (setting_find(name, &setting)) {
        for (size_t i = 0; (choice = setting_choice(setting, i)).len; i++) {
            add_choice(choices, choice);
        }
    }
}

void command_complete(struct app *app, struct prompt_choices *choices, struct str line,
                      struct str word, size_t from)
{
    struct str before = str_trim(str_sub(line, 0, from));
    struct str command = STR_NULL;

    if (!str_next_word(&before, &command)) {
        add_commands(app, choices);
        return;
    }
    switch (action_for_command(command, app->options->restricted)) {
    case ACTION_TYPE_OPEN:
    case ACTION_TYPE_EXPLAIN:
        session_names(app->session, &app->scratch, SESSION_NAMES_ENTRIES, word, add_name, choices);
        break;
    case ACTION_TYPE_WALK:
        session_names(app->session, &app->scratch, SESSION_NAMES_TREES, word, add_name, choices);
        break;
    case ACTION_TYPE_SET:
        add_settings(app, choices, before);
        break;
    case ACTION_HELP:
        session_names(app->session, &app->scratch, SESSION_NAMES_TOPICS, word, add_name, choices);
        break;
    default:
        break;
    }
}
