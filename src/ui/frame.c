/* The frame around every screen: title line, footer made from the table of actions, last line. */
#include "ui/app.h"

#include <curses.h>
#include <stdio.h>

#include "base/filter.h"
#include "base/text.h"
#include "base/width.h"
#include "cmd/keyname.h"
#include "ui/term.h"

enum { FRAME_TOP_ROWS = 2, FRAME_MARGIN = 1, FRAME_ACTIONS_MAX = 40, FRAME_PATH_MAX = 8 };

static struct str path_of(struct app *app, const struct place *place)
{
    struct str names[FRAME_PATH_MAX];
    size_t count = 0;
    struct str path = STR_NULL;

    for (; place && count < FRAME_PATH_MAX; place = place->parent) {
        names[count] = app_text(app, app_view(place->kind)->name(app, place));
        /* A tree and the walk through it have one name. */
        count += count == 0 || !str_equal(names[count], names[count - 1]);
    }
    while (count > 0) {
        struct str name = names[--count];

        path = path.len ? str_printf(&app->scratch, "%.*s > %.*s", (int)path.len, path.ptr,
                                     (int)name.len, name.ptr)
                        : name;
    }
    return path;
}

/* The end of a path matters most: leaves out names at its start until it fits. */
static struct str path_cut(struct app *app, struct str path, size_t cells)
{
    struct str sign = str_printf(&app->scratch, "%s > ", paint_cut_sign());
    struct str rest = path;

    while (width_of(rest) + (rest.len < path.len ? width_of(sign) : 0) > cells) {
        size_t next = str_find(rest, STR_LIT(" > "), 0);

        if (next == STR_NPOS) {
            break;
        }
        rest = str_sub(rest, next + 3, rest.len);
    }
    return rest.len < path.len ? str_printf(&app->scratch, "%.*s%.*s", (int)sign.len, sign.ptr, (int)rest.len, rest.ptr)
                               : rest;
}

static void paint_title(struct app *app, const struct place *place)
{
    const struct view *view = app_view(place->kind);
    struct str position = view->position ? view->position(app, place) : STR_NULL;
    int right = (int)width_of(position);
    int col = FRAME_MARGIN;
    int room = COLS - 2 * FRAME_MARGIN;

    col += paint_z(0, col, room, STYLE_BRAND, "ndr") + 3;
    right = right > room / 2 ? room / 2 : right;
    int cells = COLS - FRAME_MARGIN - right - 2 - col;

    paint_text(0, col, cells, STYLE_PATH,
               path_cut(app, path_of(app, place), cells > 0 ? (size_t)cells : 0));
    paint_right(0, COLS - FRAME_MARGIN - right, right, STYLE_POSITION, position);
    paint_rule(1, 0, COLS);
}

/* Paints one action of the footer and tells its cells; with `col` below 0 only measures. */
static int paint_action(struct app *app, int row, int col, enum action_id id)
{
    const struct action *action = action_get(id);
    struct str key = keyname_words(&app->scratch, action_key(app_keymap(app), action, app_context(app)));
    struct str name = str_from(_(action->name));
    int cells = (int)(width_of(key) + 1 + width_of(name));

    if (col >= 0) {
        col += paint_text(row, col, cells, STYLE_KEY, key) + 1;
        paint_text(row, col, cells, STYLE_TEXT, name);
    }
    return cells;
}

/* The way out of a screen has its place in the footer, like help. */
static bool is_way_out(enum action_id id)
{
    return id == ACTION_BACK || id == ACTION_LEAVE || id == ACTION_DROP || id == ACTION_CANCEL ||
           id == ACTION_CLOSE || id == ACTION_QUIT;
}

static enum action_id help_action(const struct app *app, unsigned context)
{
    enum action_id id = context & ACTION_IN_KEYED ? ACTION_HELP : ACTION_HELP_F1;
    bool has_key = !(context & ACTION_IN_HELP) && action_key(app_keymap(app), action_get(id), context).len;

    return has_key ? id : ACTION_NONE;
}

/* The keys of the screen, most useful first, as many as fit; the way out and help are last and
 * always there. */
static void paint_footer(struct app *app, int row)
{
    enum action_id ids[FRAME_ACTIONS_MAX];
    struct place *place = app_place(app);
    unsigned context = app_context(app);
    size_t count = action_footer(app_keymap(app), context, app->options->restricted, ids, FRAME_ACTIONS_MAX);
    enum action_id last[2] = {ACTION_NONE, help_action(app, context)};
    /* The last column of the last row would scroll some terminals. */
    int end = COLS - 1;
    int col = FRAME_MARGIN;

    for (size_t i = 0; i < count && !last[0]; i++) {
        last[0] = is_way_out(ids[i]) ? ids[i] : ACTION_NONE;
    }
    for (int i = 0; i < 2; i++) {
        end -= last[i] ? paint_action(app, row, -1, last[i]) + 2 : 0;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_shown = ids[i] != last[0] && app_offers(app, place, ids[i]);
        int cells = is_shown ? paint_action(app, row, -1, ids[i]) + 2 : 0;

        if (cells > 0 && col + cells <= end + 2) {
            paint_action(app, row, col, ids[i]);
            col += cells;
        }
    }
    for (int i = 0; i < 2; i++) {
        col += last[i] ? paint_action(app, row, col, last[i]) + 2 : 0;
    }
}

static void paint_last_line(struct app *app, int row)
{
    int room = COLS - 1 - FRAME_MARGIN;

    if (app->question[0]) {
        int used = paint_z(row, FRAME_MARGIN, room, STYLE_MESSAGE, app->question);

        app->cursor_row = row;
        app->cursor_col = FRAME_MARGIN + used + (used < room ? 1 : 0);
    } else if (app->prompt.job) {
        prompt_paint(app, row, COLS - 1);
    } else if (app->message[0]) {
        paint_z(row, FRAME_MARGIN, room, STYLE_MESSAGE, app->message);
    } else {
        paint_footer(app, row);
    }
}

static void paint_screen(struct app *app)
{
    struct place *place = app_place(app);
    struct box body = {FRAME_TOP_ROWS, 0, LINES - FRAME_TOP_ROWS - 1, COLS};

    /* Where letters are the query, the keys stand above it. */
    if (app->prompt.job && app_context(app) == ACTION_IN_SEARCH) {
        body.rows--;
        paint_footer(app, LINES - 2);
    }
    app->cursor_row = body.row;
    app->cursor_col = 0;
    /* The body first: the title tells its position. */
    app_view(place->kind)->paint(app, place, body);
    paint_title(app, place);
    paint_last_line(app, LINES - 1);
}

/* What the window is called: the kind of screen, never what stands on it. */
static const char *title_of(const struct app *app)
{
    unsigned context = app_context(app);
    int number = 0;

    while (number < ACTION_CONTEXT_COUNT - 1 && !(context & 1u << number)) {
        number++;
    }
    return action_context_name((enum action_context_number)number);
}

void frame_paint(struct app *app)
{
    erase();
    app->zone_count = 0;
    if (LINES < APP_ROWS_MIN || COLS < APP_COLS_MIN) {
        paint_z(0, 0, COLS - 1, STYLE_TEXT, _("terminal too small (40x8 needed)"));
        app->cursor_row = app->cursor_col = 0;
    } else {
        paint_screen(app);
    }
    term_title(settings_is(&app->session->settings, SETTING_TITLE, "yes") ? title_of(app) : NULL);
    move(app->cursor_row, app->cursor_col < COLS ? app->cursor_col : COLS - 1);
    refresh();
}
