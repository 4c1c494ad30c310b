#include "ui/app.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "cmd/keyname.h"
#include "guard/guard.h"
#include "ui/style.h"
#include "ui/term.h"

const struct view *app_view(enum place_kind kind)
{
    static const struct view *const views[PLACE_KIND_COUNT] = {
        [PLACE_HOME] = &home_view,     [PLACE_LIST] = &list_view,
        [PLACE_ENTRY] = &entry_view,   [PLACE_SEARCH] = &search_view,
        [PLACE_PASTE] = &paste_view,   [PLACE_DIAGNOSIS] = &diagnosis_view,
        [PLACE_TEXT] = &text_view,     [PLACE_SOURCE] = &source_view,
        [PLACE_WALK] = &walk_view,     [PLACE_TREES] = &trees_view,
        [PLACE_TREE] = &tree_view,     [PLACE_MESSAGE] = &message_view,
        [PLACE_OVERVIEW] = &overview_view, [PLACE_RECIPIENTS] = &recipients_view,
        [PLACE_HOPS] = &trace_view,    [PLACE_AUTHENTICATION] = &trace_view,
        [PLACE_TRIAGE] = &triage_view, [PLACE_SAVED] = &saved_view,
        [PLACE_OPTIONS] = &options_view, [PLACE_TOPIC] = &topic_view,
        [PLACE_HELP] = &help_view,
    };

    return views[kind];
}

struct place *app_place(const struct app *app)
{
    return places_current(&app->places);
}

unsigned app_context(const struct app *app)
{
    const struct place *place = app_place(app);

    return app_view(place->kind)->context(app, place);
}

/* --- messages --- */

static void __attribute__((format(printf, 2, 0)))
set_line(char *line, const char *format, va_list args)
{
    char raw[APP_MESSAGE_MAX_BYTES];
    struct buf visible;

    vsnprintf(raw, sizeof raw, format, args);
    buf_init(&visible, APP_MESSAGE_MAX_BYTES - 1);
    filter_text(&visible, str_from(raw), terminal.is_utf8 ? 0 : FILTER_ASCII);
    memcpy(line, visible.len ? visible.ptr : "", visible.len);
    line[visible.len] = '\0';
    buf_fini(&visible);
}

void app_say(struct app *app, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_line(app->message, format, args);
    va_end(args);
}

void app_ask(struct app *app, app_confirmed_fn confirmed, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_line(app->question, format, args);
    va_end(args);
    app->confirmed = confirmed;
    app->chosen = NULL;
}

void app_choose(struct app *app, app_chosen_fn chosen, const char *letters, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_line(app->question, format, args);
    va_end(args);
    app->chosen = chosen;
    snprintf(app->letters, sizeof app->letters, "%s", letters);
}

struct str app_text(struct app *app, struct str text)
{
    return filter_dup(&app->scratch, text, app->filter);
}

struct str app_short(struct app *app, struct str text)
{
    struct str whole = app_text(app, text);
    struct str cut = width_cut(whole, APP_SHORT_CELLS);

    return cut.len == whole.len ? whole
                                : str_printf(&app->scratch, "%.*s%s", (int)cut.len, cut.ptr,
                                             terminal.is_utf8 ? "\xE2\x80\xA6" : "..");
}

int app_text_width(const struct app *app, struct box box)
{
    int most = (int)settings_number(&app->session->settings, SETTING_TEXT_WIDTH);

    return box.cols > most ? most : box.cols;
}

/* --- settings and keys --- */

const struct keymap *app_keymap(const struct app *app)
{
    return &app->session->settings.keymap;
}

void app_use_settings(struct app *app)
{
    const struct settings *settings = &app->session->settings;

    term_use_color(settings->values[SETTING_COLOR].ptr);
    term_use_mouse(settings_is(settings, SETTING_MOUSE, "yes"));
    term_use_escape_delay(settings_number(settings, SETTING_ESCDELAY));
    style_use(settings);
}

void app_set(struct app *app, enum setting setting, struct str value)
{
    const struct setting_row *row = setting_row(setting);
    struct str what;

    if (!session_set(app->session, setting, value, SETTINGS_SESSION, &what)) {
        app_say(app, "%.*s", (int)what.len, what.ptr);
        return;
    }
    app_use_settings(app);
    bool can_keep = app_place(app)->kind == PLACE_OPTIONS && !app->options->restricted;
    struct str key = app_key_of(app, ACTION_WRITE_OPTIONS);
    struct str keep = can_keep ? str_printf(&app->scratch, _("; %.*s keeps it"), (int)key.len, key.ptr) : STR_LIT("");

    app_say(app, "%s = %.*s%s%.*s", row->name, (int)value.len, value.len ? value.ptr : "",
            row->when == SETTING_NOW ? "" : _("; it counts at the next start"), (int)keep.len, keep.ptr);
}

bool app_offers(struct app *app, const struct place *place, enum action_id action)
{
    const struct view *view = app_view(place->kind);
    bool is_copy = action == ACTION_COPY || action == ACTION_COPY_ALL || action == ACTION_COPY_FOR;

    if (is_copy && settings_is(&app->session->settings, SETTING_CLIPBOARD, "no")) {
        return false;
    }
    return !view->offers || view->offers(app, place, action);
}

struct str app_key_of(struct app *app, enum action_id action)
{
    struct str key = action_key(app_keymap(app), action_get(action), app_context(app));

    return key.len ? keyname_words(&app->scratch, key)
                   : str_printf(&app->scratch, ":%s", action_get(action)->name);
}

/* --- the report at hand --- */

bool app_report_names(const struct app *app, const struct kb_entry *entry)
{
    const struct match_recipient *recipient = session_recipient(app->session);

    for (size_t i = 0; recipient && i < recipient->diagnosis_count; i++) {
        if (recipient->diagnoses[i].entry == entry) {
            return true;
        }
    }
    return false;
}

bool app_report_leads_to(const struct app *app, struct str tree)
{
    const struct match_recipient *recipient = session_recipient(app->session);

    for (size_t i = 0; recipient && i < recipient->diagnosis_count; i++) {
        if (tree.len && str_equal(recipient->diagnoses[i].tree, tree)) {
            return true;
        }
    }
    return false;
}

const struct tree_facts *app_facts(struct app *app)
{
    const struct match_recipient *recipient = session_recipient(app->session);

    if (!recipient) {
        return NULL;
    }
    struct tree_facts *facts = ARENA_NEW(&app->scratch, struct tree_facts);

    *facts = session_facts(app->session, &app->scratch, app->session->result, recipient);
    return facts;
}

void app_forget_report(struct app *app)
{
    places_forget(&app->places, 1u << PLACE_LIST | 1u << PLACE_RECIPIENTS | 1u << PLACE_DIAGNOSIS | 1u << PLACE_TEXT |
                                    1u << PLACE_SOURCE | 1u << PLACE_WALK | 1u << PLACE_MESSAGE |
                                    1u << PLACE_PASTE | 1u << PLACE_HOPS | 1u << PLACE_OVERVIEW |
                                    1u << PLACE_AUTHENTICATION);
    app->entered = NULL;
}

bool app_tell_walls(struct app *app, const char *path)
{
    bool hidden = guard_files_hide(path);

    if (hidden) {
        app_say(app, _("%s is not below your home or this folder: leave, then ndr %s"), path, path);
    }
    return hidden;
}

void app_take_report(struct app *app, struct str bytes)
{
    session_report_set(app->session, bytes);
    app_forget_report(app);
    app_open(app, PLACE_DIAGNOSIS);
    if (session_refusal(app->session)) {
        app_say(app, "%s", session_refusal(app->session));
    }
}

/* --- filters of lists --- */

void app_filter_set(struct app *app, int list, struct str text)
{
    struct place *place = app_place(app);

    snprintf(place->word, sizeof place->word, "%.*s", (int)text.len, text.len ? text.ptr : "");
    place->lists[list] = (struct list){0};
}

static void filter_changed(struct app *app, struct str text)
{
    app_filter_set(app, app->filtered_list, text);
}

static void filter_cancelled(struct app *app)
{
    filter_changed(app, STR_NULL);
}

static const struct prompt_job filter_job = {
    .label = "/",
    .changed = filter_changed,
    .cancelled = filter_cancelled,
};

void app_filter_ask(struct app *app, int list)
{
    app->filtered_list = list;
    prompt_open(app, &filter_job, str_from(app_place(app)->word));
}

/* --- going to places --- */

void app_open(struct app *app, enum place_kind kind)
{
    if (app_place(app)->kind != kind) {
        places_open(&app->places, kind);
    }
}

void app_open_entry(struct app *app, const struct kb_entry *entry)
{
    struct place *place = places_open(&app->places, PLACE_ENTRY);

    place->entry = place->origin = entry;
}

void app_open_tree(struct app *app, struct str slug)
{
    if (!session_tree(app->session, slug)) {
        app_say(app, _("the tree %.*s cannot be read; `ndr lint` tells why"), (int)slug.len, slug.ptr);
        return;
    }
    places_open(&app->places, PLACE_TREE)->tree = slug;
}

void app_open_message(struct app *app)
{
    struct doc doc;

    for (int reader = 0; reader < PROSE_TO_COUNT; reader++) {
        doc_init(&doc, &app->scratch);
        if (session_doc_message(app->session, (enum prose_reader)reader, &doc)) {
            places_open(&app->places, PLACE_MESSAGE)->reader = (enum prose_reader)reader;
            return;
        }
    }
    app_say(app, "%s", _("no ready text here"));
}

void app_search(struct app *app, struct str query)
{
    struct place *place = app_place(app);

    if (place->kind != PLACE_SEARCH) {
        place = places_open(&app->places, PLACE_SEARCH);
    }
    snprintf(place->word, sizeof place->word, "%.*s", (int)query.len, query.len ? query.ptr : "");
}

bool app_walk_is_open(const struct app *app)
{
    const struct session *session = app->session;

    if (!session->walking || tree_walk_is_done(&session->walk)) {
        return false;
    }
    for (size_t i = 0; i < session->walk.count; i++) {
        if (!session->walk.answers[i].from_report) {
            return true;
        }
    }
    return false;
}

static void start_walk(struct app *app)
{
    bool started =
        app->next_is_diagnosis
            ? session_walk_diagnosis(app->session)
            : session_walk_start(app->session, app->next_tree, app->next_node,
                                 app_report_leads_to(app, app->next_tree)) ||
                  session_walk_start(app->session, app->next_tree, STR_NULL,
                                     app_report_leads_to(app, app->next_tree));

    places_forget(&app->places, 1u << PLACE_WALK);
    app->entered = NULL;
    if (started) {
        app_open(app, PLACE_WALK);
    } else {
        app_say(app, "%s", _("there is no tree to walk here"));
    }
}

/* Whether somebody's answers would be gone without a trace. */
static bool walk_would_be_lost(const struct app *app)
{
    return app_walk_is_open(app) && app->session->kept.id == 0;
}

static void walk_next(struct app *app)
{
    if (walk_would_be_lost(app)) {
        app_ask(app, start_walk, _("Drop the walk at step %u and start this one? y/n"),
                tree_walk_step(&app->session->walk));
    } else {
        start_walk(app);
    }
}

void app_resume(struct app *app, int64_t id)
{
    size_t lost;
    bool resumed = session_walk_resume(app->session, id, &lost);

    app_forget_report(app);
    if (!resumed) {
        app_say(app, "%s", _("this walk cannot be taken up: its tree is not there any more"));
        return;
    }
    app_open(app, PLACE_WALK);
    if (lost) {
        app_say(app, _("the tree has changed since: %zu answers are asked again"), lost);
    }
}

void app_walk(struct app *app, struct str tree, struct str node)
{
    app->next_tree = tree;
    app->next_node = node;
    app->next_is_diagnosis = false;
    walk_next(app);
}

void app_walk_diagnosis(struct app *app)
{
    const struct match_diagnosis *best = session_best(app->session);

    if (!best || best->tree.len == 0) {
        app_say(app, "%s", _("there is no tree to walk here"));
        return;
    }
    app->next_is_diagnosis = true;
    walk_next(app);
}

void app_go_home(struct app *app)
{
    if (app_place(app)->kind != PLACE_HOME) {
        places_home(&app->places);
    }
}

void app_back(struct app *app)
{
    if (!places_pop(&app->places)) {
        struct str key = app_key_of(app, ACTION_QUIT);

        app_say(app, _("%.*s quits"), (int)key.len, key.ptr);
    }
}

static void leave(struct app *app)
{
    app->is_leaving = true;
}

void app_quit(struct app *app)
{
    if (walk_would_be_lost(app)) {
        app_ask(app, leave, _("Quit and lose the walk at step %u? y/n"),
                tree_walk_step(&app->session->walk));
    } else if (app->pasted.len > 0) {
        app_ask(app, leave, "%s", _("Quit and lose the pasted text? y/n"));
    } else {
        leave(app);
    }
}
