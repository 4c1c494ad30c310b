/* The keys of a screen, from the table of actions; a list that can be filtered. */
#include "ui/row.h"
#include "ui/text.h"

#include <stdio.h>

#include "base/text.h"
#include "base/width.h"
#include "cmd/keyname.h"
#include "session/topic.h"

enum { HELP_KEY_CELLS = 22 };

static unsigned help_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_HELP;
}

static struct str help_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Keys"));
}

/* The keys of an action with commas, empty for none. */
static struct str keys_of(struct app *app, const struct place *place, const struct action *action)
{
    struct str keys[ACTION_KEYS_MAX];
    size_t count = action_keys(app_keymap(app), action, place->context, keys, ACTION_KEYS_MAX);
    struct str text = STR_NULL;

    for (size_t i = 0; i < count; i++) {
        struct str name = keyname_words(&app->scratch, keys[i]);

        text = str_printf(&app->scratch, "%.*s%s%.*s", (int)text.len, text.len ? text.ptr : "",
                          text.len ? ", " : "", (int)name.len, name.ptr);
    }
    return text;
}

static bool passes(struct app *app, const struct place *place, const struct action *action)
{
    struct str word = str_from(place->word);
    struct str keys = keys_of(app, place, action);

    if (!action_is_valid(action, place->context, app->options->restricted) || keys.len == 0 ||
        !app_offers(app, place->parent, action->id)) {
        return false;
    }
    return word.len == 0 || str_find_nocase(str_from(action->help), word, 0) != STR_NPOS ||
           str_find_nocase(str_from(action->name), word, 0) != STR_NPOS ||
           str_find_nocase(keys, word, 0) != STR_NPOS;
}

/* The actions of one group, with its title when there are any. */
static void add_group(struct app *app, const struct place *place, enum action_group group,
                      struct doc *doc)
{
    bool is_first = true;

    for (int id = ACTION_NONE + 1; id < ACTION_COUNT; id++) {
        const struct action *action = action_get((enum action_id)id);

        if (action->group != group || !passes(app, place, action)) {
            continue;
        }
        if (is_first) {
            doc_add(doc, DOC_HEADING, STR_NULL, str_from(_(action_group_title(group))));
            is_first = false;
        }
        doc_add(doc, DOC_PAIR, keys_of(app, place, action), str_from(_(action->help)));
    }
}

static void add_remarks(struct app *app, struct doc *doc)
{
    const struct settings *settings = &app->session->settings;
    struct doc topics;

    doc_init(&topics, &app->scratch);
    topic_list(app->session, &topics);
    for (size_t i = 0; i < topics.count; i++) {
        if (i == 0) {
            doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("Explained with :help and the word")));
        }
        doc_add(doc, DOC_PAIR, topics.blocks[i].label, topics.blocks[i].text);
    }
    doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("Copying")));
    doc_add(doc, DOC_PARAGRAPH, STR_NULL,
            settings_is(settings, SETTING_CLIPBOARD, "yes")
                ? str_from(_("The copy key sends text to the terminal's clipboard (OSC 52); the terminal decides "
                             "whether to take it. In tmux, set-clipboard on or allow-passthrough on "
                             "lets it pass; mosh cuts long text. The write key makes a file instead."))
                : str_from(_("The clipboard is off here (clipboard = no). The write key makes a file instead.")));
    if (settings_is(settings, SETTING_MOUSE, "yes")) {
        doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("Mouse")));
        doc_add(doc, DOC_PARAGRAPH, STR_NULL,
                str_from(_("A click selects a row; opening it or answering is still done with the key. The wheel "
                           "scrolls. Shift+drag selects text.")));
    }
}

static bool help_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    (void)all;
    for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
        add_group(app, place, (enum action_group)group, doc);
    }
    if (doc->count == 0) {
        doc_add(doc, DOC_PARAGRAPH, STR_NULL, str_from(_("No key has this word.")));
    } else if (!place->word[0]) {
        add_remarks(app, doc);
    }
    return true;
}

static struct str help_position(struct app *app, const struct place *place)
{
    return place->word[0] ? str_printf(&app->scratch, _("only: %s"), place->word)
                          : text_position(app, place);
}

/* The word filters; the text marks it too. */
static void help_paint(struct app *app, struct place *place, struct box box)
{
    struct page page;
    struct doc doc;

    box = box_cols(box, 1, box.cols - 2);
    doc_init(&doc, &app->scratch);
    help_text(app, place, true, &doc);
    page_init(&page, &app->scratch, app_text_width(app, box), app->filter);
    page.pair_cells = HELP_KEY_CELLS;
    page_add(&page, &doc);
    place->rows[0] = box.rows;
    place->lines = page.count;
    if (place->scroll + (size_t)box.rows > page.count) {
        place->scroll = page.count > (size_t)box.rows ? page.count - (size_t)box.rows : 0;
    }
    page_paint(&page, box, place->scroll, str_from(place->word), NULL);
}

static void filter_changed(struct app *app, struct str text)
{
    struct place *place = app_place(app);

    snprintf(place->word, sizeof place->word, "%.*s", (int)text.len, text.len ? text.ptr : "");
    place->scroll = 0;
}

static void filter_cancelled(struct app *app)
{
    app_place(app)->word[0] = '\0';
}

static const struct prompt_job filter_job = {
    .label = "/",
    .changed = filter_changed,
    .cancelled = filter_cancelled,
};

static bool help_act(struct app *app, struct place *place, enum action_id action,
                     const struct key *key)
{
    if (action == ACTION_FILTER_KEYS) {
        place->word[0] = '\0';
        prompt_open(app, &filter_job, STR_NULL);
        return true;
    }
    if (action == ACTION_CLOSE && key_is(key, "Esc") && place->word[0]) {
        place->word[0] = '\0';
        return true;
    }
    return list_scroll(&place->scroll, action, place->lines, place->rows[0]);
}

const struct view help_view = {
    .context = help_context,
    .name = help_name,
    .position = help_position,
    .paint = help_paint,
    .act = help_act,
    .text = help_text,
};
