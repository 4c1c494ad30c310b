/* The settings: what each is, where it comes from, and changing it. */
#include "ui/row.h"

#include "base/text.h"
#include "base/width.h"

enum {
    OPTIONS_NAME_CELLS = 14,
    OPTIONS_VALUE_CELLS = 24,
    OPTIONS_LIST_COLS = 62,    /* what a setting means stands beside the list */
    OPTIONS_PREVIEW_ROWS = 5,
};

static struct settings *settings_of(const struct app *app)
{
    return &app->session->settings;
}

static unsigned options_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_OPTIONS;
}

static struct str options_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Options"));
}

static struct str options_position(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, "%zu/%d", place->lists[0].selected + 1, (int)SETTING_COUNT);
}

/* --- painting --- */

/* Short, for the list; where exactly stands beside it. */
static const char *origin_words(enum settings_origin origin)
{
    switch (origin) {
    case SETTINGS_SITE:
        return _("set by the site");
    case SETTINGS_USER:
        return _("in your file");
    case SETTINGS_OPTION:
        return _("command line");
    case SETTINGS_SESSION:
        return _("changed now");
    case SETTINGS_DEFAULT:
        break;
    }
    return "";
}

static void paint_setting(struct app *app, struct box box, int row, enum setting setting)
{
    const struct settings *settings = settings_of(app);
    int value = 1 + OPTIONS_NAME_CELLS;
    int source = value + OPTIONS_VALUE_CELLS;

    paint_z(box.row + row, box.col + 1, OPTIONS_NAME_CELLS - 1, STYLE_TEXT, setting_row(setting)->name);
    if (settings->values[setting].len) {
        paint_text(box.row + row, box.col + value, OPTIONS_VALUE_CELLS - 1, STYLE_TITLE,
                   app_text(app, settings->values[setting]));
    } else {
        paint_z(box.row + row, box.col + value, OPTIONS_VALUE_CELLS - 1, STYLE_NOTE, _("(none)"));
    }
    paint_z(box.row + row, box.col + source, box.cols - source - 1, STYLE_NOTE,
            origin_words(settings->sources[setting].origin));
}

static void paint_list(struct app *app, struct place *place, struct box box)
{
    row_begin(place, 0, SETTING_COUNT, box);
    for (int row = 0; row < box.rows && place->lists[0].top + (size_t)row < SETTING_COUNT; row++) {
        size_t index = place->lists[0].top + (size_t)row;

        paint_setting(app, box, row, (enum setting)index);
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, OPTIONS_NAME_CELLS - 1, index == place->lists[0].selected, true);
    }
}

/* The phrase of the table as a sentence. */
static struct str sentence(struct app *app, const char *phrase)
{
    char first = phrase[0] >= 'a' && phrase[0] <= 'z' ? (char)(phrase[0] - 32) : phrase[0];

    return str_printf(&app->scratch, "%c%s.", first, phrase + 1);
}

static void paint_meaning(struct app *app, struct box box, enum setting setting)
{
    const struct setting_row *row = setting_row(setting);
    const struct settings_source *source = &settings_of(app)->sources[setting];
    struct str takes = setting_takes(&app->scratch, setting);
    struct doc doc;

    doc_init(&doc, &app->scratch);
    doc_add(&doc, DOC_PARAGRAPH, STR_NULL, sentence(app, _(row->help)));
    doc_add(&doc, DOC_PAIR, str_from(_("Takes")),
            str_printf(&app->scratch, "%.*s%s", (int)takes.len, takes.ptr,
                       !session_may_set(app->session, setting) ? _("; only the site sets it here")
                       : row->when == SETTING_START_ONLY       ? _("; it counts at the next start, once written")
                                                               : ""));
    doc_add(&doc, DOC_PAIR, str_from(_("Set by")), settings_source_words(&app->scratch, source));
    row_doc(app, box, &doc);
}

static void options_paint(struct app *app, struct place *place, struct box box)
{
    struct box meaning = {0};

    if (box.cols >= APP_WIDE_COLS) {
        paint_divider(box.row, box.col + OPTIONS_LIST_COLS, box.rows);
        meaning = box_cols(box, OPTIONS_LIST_COLS + 2, box.cols - OPTIONS_LIST_COLS - 3);
        box = box_cols(box, 0, OPTIONS_LIST_COLS);
    } else if (box.rows > OPTIONS_PREVIEW_ROWS + 4) {
        int room = box.rows - OPTIONS_PREVIEW_ROWS - 1;
        int list = SETTING_COUNT < room ? SETTING_COUNT : room;

        paint_rule(box.row + list, box.col, box.cols);
        meaning = box_cols(box_rows(box, list + 1, box.rows), 1, box.cols - 2);
        box = box_rows(box, 0, list);
    }
    paint_list(app, place, box);
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    if (meaning.rows > 0) {
        paint_meaning(app, meaning, (enum setting)place->lists[0].shown);
    }
}

/* --- acting --- */

static void value_accepted(struct app *app, struct str text)
{
    app_set(app, (enum setting)app_place(app)->lists[0].selected, str_trim(text));
}

static const struct prompt_job value_job = {.label = "New value: ", .accepted = value_accepted};

static void change(struct app *app, enum setting setting)
{
    struct str now = settings_of(app)->values[setting];
    struct str next = setting_next(setting, now);

    if (!session_may_set(app->session, setting)) {
        app_say(app, "%s", _("only the site sets it here"));
    } else if (next.len) {
        app_set(app, setting, next);
    } else {
        prompt_open(app, &value_job, now);
    }
}

static bool is_changed(const struct app *app)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (settings_of(app)->sources[i].origin == SETTINGS_SESSION) {
            return true;
        }
    }
    return false;
}

static void write_changes(struct app *app)
{
    struct str what;

    if (app->options->restricted) {
        return;
    }
    if (!is_changed(app)) {
        app_say(app, "%s", _("nothing was changed"));
        return;
    }
    bool written = settings_write(settings_of(app), &what);

    app_say(app, written ? _("written: %.*s") : "%.*s", (int)what.len, what.ptr);
}

static bool options_act(struct app *app, struct place *place, enum action_id action, const struct key *key)
{
    enum setting setting = (enum setting)place->lists[0].selected;

    (void)key;
    switch (action) {
    case ACTION_CHANGE:
        change(app, setting);
        return true;
    case ACTION_RESET:
        app_set(app, setting, str_from(setting_row(setting)->value));
        return true;
    case ACTION_WRITE_OPTIONS:
        write_changes(app);
        return true;
    default:
        return list_move(&place->lists[0], action, SETTING_COUNT, place->rows[0]);
    }
}

static bool options_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)place;
    return action != ACTION_WRITE_OPTIONS || is_changed(app);
}

const struct view options_view = {
    .context = options_context,
    .name = options_name,
    .position = options_position,
    .paint = options_paint,
    .act = options_act,
    .offers = options_offers,
};
