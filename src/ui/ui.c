#include "ui/ui.h"

#include <curses.h>
#include <stdlib.h>

#include "base/filter.h"
#include "base/text.h"
#include "ui/app.h"
#include "ui/term.h"

static void travel(struct app *app, int by)
{
    if (!places_travel(&app->places, by)) {
        app_say(app, "%s", by < 0 ? _("this is the first place") : _("this is the last place"));
    }
}

static void open_help(struct app *app)
{
    unsigned context = app_context(app);

    places_open(&app->places, PLACE_HELP)->context = context;
}

static const struct prompt_job command_job = {
    .label = ":",
    .has_history = true,
    .accepted = command_run,
    .complete = command_complete,
};

/* Going somewhere; false when the action is something else. */
static bool act_go(struct app *app, enum action_id action)
{
    switch (action) {
    case ACTION_SEARCH:
    case ACTION_SEARCH_ALL:
        app_search(app, STR_NULL);
        return true;
    case ACTION_PASTE:
        app_open(app, PLACE_PASTE);
        return true;
    case ACTION_TREES:
        app_open(app, PLACE_TREES);
        return true;
    case ACTION_MESSAGES:
        app_open_message(app);
        return true;
    case ACTION_OVERVIEW:
        app_open(app, PLACE_OVERVIEW);
        return true;
    case ACTION_HOPS:
    case ACTION_AUTHENTICATION:
        app_open_trace(app, action == ACTION_HOPS ? PLACE_HOPS : PLACE_AUTHENTICATION);
        return true;
    case ACTION_SAVED:
        app_open(app, PLACE_SAVED);
        return true;
    case ACTION_OPTIONS:
        app_open(app, PLACE_OPTIONS);
        return true;
    case ACTION_TYPE_HOME:
        app_go_home(app);
        return true;
    case ACTION_HELP:
    case ACTION_HELP_F1:
        open_help(app);
        return true;
    case ACTION_HISTORY_BACK:
    case ACTION_HISTORY_NEXT:
        travel(app, action == ACTION_HISTORY_BACK ? -1 : 1);
        return true;
    case ACTION_HISTORY_LAST:
        if (!places_swap(&app->places)) {
            travel(app, -1);
        }
        return true;
    default:
        return false;
    }
}

bool app_act(struct app *app, enum action_id action, const struct key *key)
{
    if (act_go(app, action)) {
        return true;
    }
    switch (action) {
    case ACTION_BACK:
    case ACTION_LEAVE:
    case ACTION_CANCEL:
    case ACTION_CLOSE:
    case ACTION_STAY:
        app_back(app);
        return true;
    case ACTION_QUIT:
        app_quit(app);
        return true;
    case ACTION_PROMPT:
        prompt_open(app, &command_job, STR_NULL);
        return true;
    case ACTION_GO_CODE:
        app_search(app, str_from(key->name));
        return true;
    case ACTION_COPY:
    case ACTION_COPY_ALL:
        export_copy(app, action == ACTION_COPY_ALL);
        return true;
    case ACTION_COPY_FOR:
        export_copy_for(app);
        return true;
    case ACTION_COPY_LINK:
        export_copy_link(app);
        return true;
    case ACTION_PRINT:
        print_page(app);
        return true;
    case ACTION_WRITE:
        export_ask(app);
        return true;
    case ACTION_OPEN_FILE:
        intake_ask(app);
        return true;
    default:
        return false;
    }
}

/* Ctrl-C never ends anything at once: it cancels, and the second one offers to quit. */
static void interrupt(struct app *app)
{
    if (app->question[0]) {
        app->question[0] = '\0';
        app->chosen = NULL;
    } else if (app->prompt.job) {
        prompt_key(app, &(struct key){.kind = KEY_IS_KEY, .name = "Esc"});
    } else if (app->was_interrupted) {
        app_ask(app, app_quit, "%s", _("Quit? y/n"));
        return;
    } else {
        app_say(app, "%s", _("Ctrl-C again offers to quit"));
    }
    app->was_interrupted = true;
}

/* Takes one letter of those to choose from. */
static void choose(struct app *app, const struct key *key)
{
    app_chosen_fn chosen = app->chosen;

    app->chosen = NULL;
    if (key->name[0] && !key->name[1] && strchr(app->letters, key->name[0])) {
        chosen(app, key->name[0]);
    } else {
        app_say(app, "%s", _("nothing done"));
    }
}

/* Answers the question; false when the key means something else: going on with a walk is only offered,
 * and whoever begins to work has answered. */
static bool answer_question(struct app *app, const struct key *key)
{
    bool is_offer = app->is_offer;

    app->question[0] = '\0';
    app->is_offer = false;
    if (app->chosen) {
        choose(app, key);
    } else if (key_is(key, "y") || key_is(key, "Y")) {
        app->confirmed(app);
    } else if (is_offer && (key_is(key, "n") || key_is(key, "N"))) {
        if (app->offered) {
            session_walk_put_aside(app->session, app->offered);
            app_say(app, "%s", _("it stays under Saved walks"));
        }
    } else if (is_offer) {
        return key_is(key, "Esc");
    } else {
        app_say(app, "%s", _("nothing done"));
    }
    return true;
}

static void resume_offered(struct app *app)
{
    app_resume(app, app->offered);
}

/* A walk that was cut off is offered once, when the first screen stands; nothing waits for it. */
static void offer_walk(struct app *app)
{
    struct store_walk walk;

    if (app->has_offered) {
        return;
    }
    app->has_offered = true;
    if (app->options->has_report || app->question[0] || !session_has_store(app->session)) {
        return;
    }
    if (!settings_is(&app->session->settings, SETTING_RESUME, "never") &&
        session_walk_waiting(app->session, &app->scratch, &walk)) {
        app->offered = walk.id;
        app->is_offer = true;
        struct str title = app_short(app, walk.title);

        app_ask(app, resume_offered, _("Go on with the walk \"%.*s\"? y/n"), (int)title.len, title.ptr);
        frame_paint(app);
    } else if (comeback_offer(app)) {
        app->is_offer = true;
        frame_paint(app);
    } else if (app->session->store_notice.len) {
        app_say(app, "%.*s", (int)app->session->store_notice.len, app->session->store_notice.ptr);
        frame_paint(app);
    }
}

/* Keys that mean the same wherever one is. */
static bool take_system_key(struct app *app, const struct key *key)
{
    if (key_is(key, "C-c")) {
        interrupt(app);
        return true;
    }
    app->was_interrupted = false;
    if (key_is(key, "C-z") && !app->options->restricted) {
        term_suspend();
        return true;
    }
    if (key_is(key, "C-l")) {
        clearok(curscr, TRUE);
        return true;
    }
    return false;
}

static void take_key(struct app *app, const struct key *key)
{
    struct place *place = app_place(app);
    const struct view *view = app_view(place->kind);

    if (app->question[0] && answer_question(app, key)) {
        return;
    }
    if (view->type && view->type(app, place, key)) {
        return;
    }
    if (app->prompt.job) {
        prompt_key(app, key);
        return;
    }
    if (key->text_len && intake_burst(app, key)) {
        return;
    }
    enum action_id action =
        action_for_key(app_keymap(app), str_from(key->name), app_context(app), app->options->restricted);

    if (action == ACTION_NONE) {
        struct str help = app_key_of(app, app_context(app) & ACTION_IN_KEYED ? ACTION_HELP : ACTION_HELP_F1);

        app_say(app, _("%s does nothing here; %.*s shows the keys"), key->name, (int)help.len, help.ptr);
    } else if (!(view->act && view->act(app, place, action, key))) {
        app_act(app, action, key);
    }
}

/* The row of a list that the click is on becomes the selected one. */
static void click(struct app *app, const struct key *key)
{
    struct place *place = app_place(app);

    for (size_t i = 0; i < app->zone_count; i++) {
        const struct app_zone *zone = &app->zones[i];
        bool is_in = key->row >= zone->box.row && key->row < zone->box.row + zone->box.rows &&
                     key->col >= zone->box.col && key->col < zone->box.col + zone->box.cols;

        if (!is_in) {
            continue;
        }
        place->pane = zone->pane;
        if (zone->pane == 0 && place->lists[0].selected != zone->index) {
            place->lists[1] = (struct list){0}; /* it lists what is in the row */
        }
        place->lists[zone->pane].selected = zone->index;
        return;
    }
}

/* Clicks and the wheel move only; nothing is opened, answered or asked by them. */
static void take_mouse(struct app *app, const struct key *key)
{
    struct place *place = app_place(app);
    const struct view *view = app_view(place->kind);
    bool is_search = app_context(app) == ACTION_IN_SEARCH;

    if (app->question[0] || (app->prompt.job && !is_search)) {
        return;
    }
    if (key->mouse == KEY_CLICK) {
        click(app, key);
        return;
    }
    for (int i = 0; i < APP_WHEEL_ROWS; i++) {
        enum action_id action = key->mouse == KEY_WHEEL_UP ? ACTION_UP : ACTION_DOWN;

        if (is_search) {
            list_move(&place->lists[0], action, place->lines, place->rows[0]);
        } else if (view->act) {
            view->act(app, place, action, key);
        }
    }
}

/* Tells a place that it became the current one. */
static void note_entering(struct app *app)
{
    struct place *place = app_place(app);

    if (place == app->entered) {
        return;
    }
    app->entered = place;
    if (app->prompt.job) {
        prompt_close(app);
    }
    if (app_view(place->kind)->enter) {
        app_view(place->kind)->enter(app, place);
    }
}

void app_key(struct app *app, const struct key *key)
{
    switch (key->kind) {
    case KEY_IS_NONE:
        for (int i = 0; i < 2; i++) {
            app_place(app)->lists[i].shown = app_place(app)->lists[i].selected;
        }
        app_place(app)->is_typing = false;
        if (app_view(app_place(app)->kind)->rest) {
            app_view(app_place(app)->kind)->rest(app, app_place(app));
        }
        break;
    case KEY_IS_GONE:
        app->is_leaving = true;
        break;
    case KEY_IS_SUSPEND:
        if (!app->options->restricted) {
            term_suspend();
        }
        break;
    case KEY_IS_CONTINUE:
        term_resume();
        break;
    case KEY_IS_PASTE:
        intake_paste(app);
        break;
    case KEY_IS_RESIZE:
        break;
    case KEY_IS_MOUSE:
        take_mouse(app, key);
        break;
    case KEY_IS_KEY:
        app->message[0] = '\0';
        if (!take_system_key(app, key)) {
            take_key(app, key);
        }
    }
    note_entering(app);
}

static void tell_faults(struct app *app)
{
    const struct err_list *faults = &app->session->faults;

    if (faults->count) {
        struct str fault = err_format(&app->scratch, &faults->items[0]);

        /* All of them stand on the terminal that the screen is put over. */
        if (faults->count > 1) {
            app_say(app, _("1 of %zu: %.*s"), faults->count, (int)fault.len, fault.ptr);
        } else {
            app_say(app, "%.*s", (int)fault.len, fault.ptr);
        }
    }
}

static void start(struct app *app, struct session *session, const struct ui_options *options)
{
    enum action_id a, b;

    BUG_ON(action_find_clash(&a, &b));
    app->session = session;
    app->options = options;
    app->filter = terminal.is_utf8 ? 0 : FILTER_ASCII;
    arena_init(&app->scratch);
    arena_init(&app->pasted_arena);
    buf_init(&app->pasted, APP_PASTE_MAX_BYTES);
    places_init(&app->places);
    prompt_start(app);
    app_use_settings(app);
    if (options->has_report && session->report) {
        app_open(app, PLACE_DIAGNOSIS);
    } else if (settings_is(&session->settings, SETTING_START, "paste")) {
        app_open(app, PLACE_PASTE);
    }
    if (options->has_report && session_refusal(session)) {
        app_say(app, "%s", session_refusal(session));
    } else {
        tell_faults(app);
    }
}

static void stop(struct app *app)
{
    prompt_stop(app);
    app_saved_drop(app);
    app_triage_drop(app);
    mem_free(app->tree_order);
    places_fini(&app->places);
    buf_fini(&app->pasted);
    arena_fini(&app->pasted_arena);
    arena_fini(&app->scratch);
}

int ui_run(struct session *session, const struct ui_options *options)
{
    return app_run_triage(session, options, NULL);
}

int app_run_triage(struct session *session, const struct ui_options *options, const char *path)
{
    struct app app = {0};

    if (!term_start(options->tty_fd)) {
        return 2;
    }
    session_keep(session);
    start(&app, session, options);
    if (path) {
        app_open_triage(&app, str_from(path));
    }
    note_entering(&app);
    while (!app.is_leaving) {
        struct key key;

        app.is_restless = false;
        frame_paint(&app);
        if (intake_goes_on(&app)) {
            continue;
        }
        offer_walk(&app);
        key_read(&key, app.is_restless ? APP_REST_MS : -1);
        arena_reset(&app.scratch);
        app_key(&app, &key);
    }
    int number = terminal.leave;

    if (number == SIGHUP || number == SIGTERM) {
        comeback_save(&app);
    }
    stop(&app);
    term_stop();
    if (number) {
        signal(number, SIG_DFL);
        raise(number);
    }
    return 0;
}
