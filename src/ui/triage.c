/* Many reports counted: rows of causes, owners, domains and so on, and beside them the reports
 * behind the selected row, from which one goes down to the diagnosis of one. */
#include "ui/row.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "base/width.h"
#include "ndr/trace.h"
#include "session/reading.h"
#include "session/triage.h"

enum {
    TRIAGE_LEFT_COLS = 54,
    TRIAGE_COUNT_CELLS = 7,
    TRIAGE_SHARE_CELLS = 7,
    TRIAGE_TIME_CELLS = 16,
    TRIAGE_CODE_CELLS = 8,
    TRIAGE_STACKED_ROWS = 12, /* fewer show only the pane with the focus */
    TRIAGE_TELL_MS = 300,     /* between two looks at the keys while reading */
};

/* The tables that are shown, in the order of their tabs. */
static const struct {
    enum triage_table table;
    const char *name;
    const char *none; /* for reports that are in no row of it */
} tabs[] = {
    {TRIAGE_ENTRY, _("Cause"), _("no cause found")},
    {TRIAGE_OWNER, _("Owner"), _("no owner known")},
    {TRIAGE_DOMAIN, _("Domain"), _("no recipient domain known")},
    {TRIAGE_MTA, _("Server"), _("no server named")},
    {TRIAGE_HOUR, _("Hour"), _("no time known")},
};

enum { TABS = sizeof tabs / sizeof tabs[0] };

/* What was read from one path. */
struct triage_desk {
    struct arena arena;
    struct triage triage;
    struct input input;
    const char *path;
    uint32_t *shown; /* items behind the row and filter below, newest first */
    size_t shown_count;
    bool is_filled;  /* `shown` is made */
    unsigned tab;
    uint16_t number;
    char word[PLACE_WORD_MAX_BYTES];
    struct app *app; /* these only while reading */
    int64_t told_ms;
    bool was_stopped;
};

/* --- reading --- */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Tells how far it is and takes a key; false when it is to stop. */
static bool goes_on(struct triage_desk *desk)
{
    struct app *app = desk->app;
    int64_t now = now_ms();
    struct key key;

    if (now - desk->told_ms < TRIAGE_TELL_MS) {
        return true;
    }
    desk->told_ms = now;
    app_say(app, _("reading %s: %zu mails; Esc stops"), desk->path, desk->triage.mails);
    frame_paint(app);
    key_read(&key, 0);
    if (key.kind == KEY_IS_GONE) {
        app->is_leaving = true;
    }
    desk->was_stopped = app->is_leaving || key_is(&key, "Esc") || key_is(&key, "q") ||
                        key_is(&key, "C-c");
    return !desk->was_stopped;
}

static bool each_mail(void *context, const struct match_result *result, struct str bytes)
{
    struct triage_desk *desk = context;
    struct triage_source source = {desk->input.path, desk->input.offset, bytes.len};

    triage_result(&desk->triage, result, bytes, &source);
    return goes_on(desk);
}

static void desk_free(struct triage_desk *desk)
{
    if (desk) {
        arena_fini(&desk->arena);
        mem_free(desk->shown);
        mem_free(desk);
    }
}

void app_triage_drop(struct app *app)
{
    desk_free(app->triage);
    app->triage = NULL;
}

static int hour_order(const void *a, const void *b)
{
    const struct triage_row *x = a;
    const struct triage_row *y = b;

    return str_compare(x->key, y->key);
}

static struct triage_desk *desk_read(struct app *app, const char *path)
{
    struct triage_desk *desk = mem_alloc(sizeof *desk);
    struct triage_counts *hours = &desk->triage.tables[TRIAGE_HOUR];

    arena_init(&desk->arena);
    desk->app = app;
    desk->path = str_dup_z(&desk->arena, str_from(path));
    desk->told_ms = now_ms();
    desk->triage.arena = &desk->arena;
    desk->input = (struct input){.arena = &desk->arena};
    session_read_all(app->session, &desk->input, desk->path, each_mail, desk);
    desk->triage.troubles = desk->input.troubles;
    triage_finish(&desk->triage);
    /* A day is read from its start to its end, not by size. */
    if (hours->count) {
        qsort(hours->rows, hours->count, sizeof *hours->rows, hour_order);
    }
    desk->shown = mem_alloc((desk->triage.item_count + 1) * sizeof *desk->shown);
    return desk;
}

/* The one most important thing about what was read, if there is any. */
static void tell_limits(struct app *app, const struct triage_desk *desk)
{
    const struct triage *triage = &desk->triage;

    app->message[0] = '\0';
    if (desk->was_stopped) {
        app_say(app, _("stopped: only the first %zu mails are counted"), triage->mails);
    } else if (triage->items_beyond) {
        app_say(app, _("all are counted, but only the first %d can be opened; %zu more cannot"),
                TRIAGE_ITEMS_MAX, triage->items_beyond);
    } else if (triage->troubles) {
        app_say(app, triage->troubles == 1 ? _("%.*s") : _("%.*s (and %zu more)"),
                (int)desk->input.trouble.len, desk->input.trouble.ptr, triage->troubles - 1);
    }
}

static const char *home_path(struct app *app, struct str path)
{
    const char *name = str_dup_z(&app->scratch, str_trim(path));
    const char *home = getenv("HOME");

    return name[0] == '~' && name[1] == '/' && home ? file_join(&app->scratch, home, name + 2) : name;
}

void app_open_triage(struct app *app, struct str path)
{
    const char *name = home_path(app, path);

    if (app->options->restricted) {
        app_say(app, "%s", _("restricted mode reads no files"));
        return;
    }
    if (!name[0] && app->triage) {
        app_open(app, PLACE_TRIAGE);
        return;
    }
    /* "-" is standard input for a command; here the keys come from it. */
    if (!name[0] || strcmp(name, "-") == 0) {
        app_say(app, "%s", _("triage what? a folder of mails, a Maildir or an mbox"));
        return;
    }
    if (app_tell_walls(app, name)) {
        return;
    }
    struct triage_desk *desk = desk_read(app, name);

    if (desk->triage.reports == 0) {
        tell_limits(app, desk);
        if (!app->message[0]) {
            app_say(app, _("%s: no delivery report in %zu mails"), name, desk->triage.mails);
        }
        desk_free(desk);
        return;
    }
    places_forget(&app->places, 1u << PLACE_TRIAGE);
    app->entered = NULL;
    app_triage_drop(app);
    app->triage = desk;
    app_open(app, PLACE_TRIAGE);
    tell_limits(app, desk);
}

/* --- rows and what is behind them --- */

static const struct triage_counts *counts_of(const struct app *app, const struct place *place)
{
    return &app->triage->triage.tables[tabs[place->context].table];
}

/* Reports in no row of the table: nothing of the kind stands in them, or the table was full. */
static size_t none_count(const struct app *app, const struct place *place)
{
    const struct triage *triage = &app->triage->triage;
    const struct triage_counts *counts = counts_of(app, place);
    size_t sum = 0;

    for (size_t i = 0; i < counts->count; i++) {
        sum += counts->rows[i].count;
    }
    return triage->recipients + triage->bare - sum;
}

static size_t row_count(const struct app *app, const struct place *place)
{
    return counts_of(app, place)->count + (none_count(app, place) > 0);
}

/* A row; one with the number TRIAGE_NO_ROW stands for all in none. */
static struct triage_row row_at(const struct app *app, const struct place *place, size_t index)
{
    const struct triage_counts *counts = counts_of(app, place);

    if (index < counts->count) {
        return counts->rows[index];
    }
    return (struct triage_row){.title = str_from(tabs[place->context].none),
                               .count = none_count(app, place),
                               .number = TRIAGE_NO_ROW};
}

static struct str row_name(struct app *app, const struct place *place, const struct triage_row *row)
{
    const struct kb_entry *entry = NULL;
    struct str name = row->title.len ? row->title : row->key;

    if (tabs[place->context].table == TRIAGE_ENTRY && row->number != TRIAGE_NO_ROW) {
        entry = kb_entry_find(&app->session->kb, row->key);
    }
    if (entry) {
        struct str code = row_code(app, entry);

        /* Most codes are as short as "5.7.323": the titles stand below each other. */
        name = str_printf(&app->scratch, "%-*.*s %.*s", TRIAGE_CODE_CELLS, (int)code.len, code.ptr, (int)name.len,
                          name.len ? name.ptr : "");
    }
    return app_text(app, name);
}

/* Tenths of a percent in all that is shown, so that the rows of a tab make up 100. */
static size_t share_of(const struct app *app, size_t count)
{
    const struct triage *triage = &app->triage->triage;
    size_t whole = triage->recipients + triage->bare;

    return whole ? (count * 1000 + whole / 2) / whole : 0;
}

/* Makes `shown` what is behind the row that the pane shows; it is made anew only when asked for
 * something else, as a key may not take long with 100000 of them. */
static void fill(struct app *app, const struct place *place)
{
    struct triage_desk *desk = app->triage;
    uint16_t number = row_at(app, place, place->lists[0].shown).number;

    if (desk->is_filled && desk->tab == place->context && desk->number == number &&
        strcmp(desk->word, place->word) == 0) {
        return;
    }
    desk->is_filled = true;
    desk->tab = place->context;
    desk->number = number;
    memcpy(desk->word, place->word, sizeof desk->word);
    desk->shown_count = 0;
    for (size_t i = 0; i < desk->triage.item_count; i++) {
        const struct triage_item *item = &desk->triage.items[i];

        if (item->rows[tabs[desk->tab].table] == number &&
            triage_item_has(item, str_from(desk->word))) {
            desk->shown[desk->shown_count++] = (uint32_t)i;
        }
    }
}

/* --- painting --- */

static void paint_tabs(const struct place *place, struct box box)
{
    const char *names[TABS];

    for (unsigned i = 0; i < TABS; i++) {
        names[i] = tabs[i].name;
    }
    row_tabs(box, names, TABS, place->context);
}

static void paint_row(struct app *app, const struct place *place, struct box box, int row,
                      const struct triage_row *what)
{
    int name = TRIAGE_COUNT_CELLS + TRIAGE_SHARE_CELLS + 2;
    size_t share = share_of(app, what->count);

    paint_right(box.row + row, box.col + 1, TRIAGE_COUNT_CELLS - 1, STYLE_NUMBER,
                str_printf(&app->scratch, "%zu", what->count));
    paint_right(box.row + row, box.col + TRIAGE_COUNT_CELLS, TRIAGE_SHARE_CELLS, STYLE_NUMBER,
                str_printf(&app->scratch, "%zu.%zu%%", share / 10, share % 10));
    paint_text(box.row + row, box.col + name, box.cols - name - 1, STYLE_TEXT,
               row_name(app, place, what));
}

static void paint_rows(struct app *app, struct place *place, struct box box)
{
    size_t count = row_count(app, place);

    row_begin(place, 0, count, box);
    for (int row = 0; row < box.rows && place->lists[0].top + (size_t)row < count; row++) {
        size_t index = place->lists[0].top + (size_t)row;
        struct triage_row what = row_at(app, place, index);

        paint_row(app, place, box, row, &what);
        row_zone(app, box, row, 1, 0, index);
        row_mark(app, box, row, TRIAGE_COUNT_CELLS - 1, index == place->lists[0].selected,
                 place->pane == 0);
    }
}

/* "2026-11-03 08:14", as UTC. */
static struct str time_words(struct app *app, int64_t time)
{
    struct str text = time == INT64_MIN ? STR_NULL : ndr_date_text(&app->scratch, time);

    return text.len < 16 ? STR_LIT("-")
                         : str_printf(&app->scratch, "%.10s %.5s", text.ptr, text.ptr + 11);
}

static void paint_item(struct app *app, struct box box, int row, const struct triage_item *item)
{
    int at = box.row + row;
    int address = 1 + TRIAGE_TIME_CELLS + 1;
    int rest = box.cols - address - TRIAGE_CODE_CELLS - 2;
    int code = address + (rest > 0 ? rest / 2 : 0) + 1;
    int subject = code + TRIAGE_CODE_CELLS;

    paint_text(at, box.col + 1, TRIAGE_TIME_CELLS, STYLE_NUMBER, time_words(app, item->time));
    paint_text(at, box.col + address, code - address - 1, STYLE_TEXT,
               item->address.len ? app_text(app, item->address) : STR_LIT("-"));
    paint_text(at, box.col + code, TRIAGE_CODE_CELLS - 1, STYLE_TEXT,
               item->code.len ? app_text(app, item->code) : STR_LIT("-"));
    paint_text(at, box.col + subject, box.cols - subject - 1, STYLE_TEXT,
               item->subject.len ? app_text(app, item->subject) : STR_LIT("-"));
}

static struct str items_words(struct app *app, const struct place *place)
{
    size_t count = app->triage->shown_count;
    const char *what = count == 1 ? _("report") : _("reports");

    if (place->word[0]) {
        return app_text(app, str_printf(&app->scratch, _("%zu %s with: %s"), count, what, place->word));
    }
    return str_printf(&app->scratch, _("%zu %s, newest first (UTC)"), count, what);
}

static void paint_items(struct app *app, struct place *place, struct box box)
{
    struct box list = box_rows(box, 1, box.rows);
    size_t count = app->triage->shown_count;

    paint_text(box.row, box.col + 1, box.cols - 2, STYLE_HEADING, items_words(app, place));
    row_begin(place, 1, count, list);
    for (int row = 0; row < list.rows && place->lists[1].top + (size_t)row < count; row++) {
        size_t index = place->lists[1].top + (size_t)row;

        paint_item(app, list, row, &app->triage->triage.items[app->triage->shown[index]]);
        row_zone(app, list, row, 1, 1, index);
        row_mark(app, list, row, TRIAGE_TIME_CELLS, index == place->lists[1].selected,
                 place->pane == 1);
    }
    if (count == 0 && place->pane == 1) {
        app->cursor_row = list.row;
        app->cursor_col = list.col;
    }
}

/* Rows above, reports below; in a low window only what has the focus. */
static void paint_stacked(struct app *app, struct place *place, struct box box)
{
    int count = (int)row_count(app, place);
    int room = (box.rows - 2) / 2;

    if (box.rows < TRIAGE_STACKED_ROWS) {
        if (place->pane == 0) {
            paint_rows(app, place, box);
        } else {
            paint_items(app, place, box);
        }
        return;
    }
    room = count < room ? count : room;
    paint_rows(app, place, box_rows(box, 0, room));
    paint_rule(box.row + room, box.col, box.cols);
    paint_items(app, place, box_rows(box, room + 1, box.rows));
}

static void triage_paint(struct app *app, struct place *place, struct box box)
{
    list_fit(&place->lists[0], row_count(app, place), place->rows[0]);
    app->is_restless = place->lists[0].shown != place->lists[0].selected;
    fill(app, place);
    paint_tabs(place, box);
    box = box_rows(box, 1, box.rows);
    if (box.cols < APP_WIDE_COLS) {
        paint_stacked(app, place, box);
        return;
    }
    paint_rows(app, place, box_cols(box, 0, TRIAGE_LEFT_COLS));
    paint_divider(box.row, box.col + TRIAGE_LEFT_COLS, box.rows);
    paint_items(app, place, box_cols(box, TRIAGE_LEFT_COLS + 1, box.cols));
}

static unsigned triage_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TRIAGE;
}

static struct str triage_view_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Triage"));
}

static struct str triage_position(struct app *app, const struct place *place)
{
    const struct triage *triage = &app->triage->triage;

    (void)place;
    return str_printf(&app->scratch, _("%zu mails  %zu reports  %zu recipients"), triage->mails,
                      triage->reports, triage->recipients);
}

/* --- one report --- */

/* The mail is read again; another one in its place would be a lie beside the row. */
static void open_item(struct app *app)
{
    const struct place *place = app_place(app);
    struct buf bytes;

    fill(app, place);
    if (place->lists[1].selected >= app->triage->shown_count) {
        return;
    }
    const struct triage_item *item =
        &app->triage->triage.items[app->triage->shown[place->lists[1].selected]];
    const struct triage_source *source = &item->source;

    buf_init(&bytes, BUF_NO_LIMIT);
    enum file_result result = input_again(source->path, source->offset, source->len, &bytes);

    if (result != FILE_OK) {
        app_say(app, "%s: %s", source->path, file_result_text(result));
    } else if (str_hash(buf_str(&bytes)) != item->hash) {
        app_say(app, _("%s has changed; :triage %s reads it anew"), source->path, app->triage->path);
    } else {
        app_take_report(app, buf_str(&bytes));
        app->session->recipient = item->recipient;
    }
    buf_fini(&bytes);
}

static void open_row(struct app *app, struct place *place)
{
    if (place->pane == 0) {
        place->lists[0].shown = place->lists[0].selected;
        place->pane = 1;
    } else if (app_walk_is_open(app)) {
        app_ask(app, open_item, _("Drop the walk at step %u and open this report? y/n"),
                tree_walk_step(&app->session->walk));
    } else {
        open_item(app);
    }
}

static void change_tab(struct place *place, unsigned by)
{
    place->context = (place->context + by) % TABS;
    place->lists[0] = place->lists[1] = (struct list){0};
    place->pane = 0;
}

/* Esc takes the filter back first; q and the others go out at once. */
static bool go_out(struct place *place, const struct key *key)
{
    if (key && key_is(key, "Esc") && place->word[0]) {
        place->word[0] = '\0';
        place->lists[1] = (struct list){0};
    } else if (place->pane == 1) {
        place->pane = 0;
    } else {
        return false;
    }
    return true;
}

static bool triage_act(struct app *app, struct place *place, enum action_id action,
                       const struct key *key)
{
    size_t counts[2] = {row_count(app, place), app->triage->shown_count};

    switch (action) {
    case ACTION_OPEN:
        open_row(app, place);
        return true;
    case ACTION_TABLE:
    case ACTION_TABLE_BACK:
        change_tab(place, action == ACTION_TABLE ? 1 : TABS - 1);
        return true;
    case ACTION_FILTER_REPORTS:
        app_filter_ask(app, 1);
        return true;
    case ACTION_BACK:
        return go_out(place, key);
    default:
        if (!list_move(&place->lists[place->pane], action, counts[place->pane],
                       place->rows[place->pane])) {
            return false;
        }
        if (place->pane == 0) {
            place->lists[1] = (struct list){0};
        }
        return true;
    }
}

/* --- the counts as a text --- */

static bool triage_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    const struct triage *triage = &app->triage->triage;

    (void)all;
    doc_add(doc, DOC_TITLE, STR_NULL, str_from(app->triage->path));
    doc_add(doc, DOC_PARAGRAPH, STR_NULL, triage_position(app, place));
    for (unsigned i = 0; i < TABS; i++) {
        struct place of = {.context = i};
        size_t count = row_count(app, &of);

        doc_add(doc, DOC_HEADING, STR_NULL, str_from(triage_table_row(tabs[i].table)->heading));
        for (size_t k = 0; k < count; k++) {
            struct triage_row row = row_at(app, &of, k);
            size_t share = share_of(app, row.count);

            doc_add(doc, DOC_PAIR,
                    str_printf(doc->arena, "%zu (%zu.%zu%%)", row.count, share / 10, share % 10),
                    row_name(app, &of, &row));
        }
    }
    if (app->triage->was_stopped || triage->troubles) {
        doc_add(doc, DOC_NOTE, STR_NULL,
                app->triage->was_stopped
                    ? str_from(_("Reading was stopped before the end."))
                    : str_printf(doc->arena, _("%zu inputs could not be read whole."),
                                 triage->troubles));
    }
    return true;
}

static struct str triage_file(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return STR_LIT("ndr-triage");
}

const struct view triage_view = {
    .context = triage_context,
    .name = triage_view_name,
    .position = triage_position,
    .paint = triage_paint,
    .act = triage_act,
    .text = triage_text,
    .file = triage_file,
};
