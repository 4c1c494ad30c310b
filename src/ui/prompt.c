#include "ui/app.h"

#include <curses.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/filter.h"
#include "base/width.h"
#include "guard/guard.h"
#include "ui/page.h"
#include "ui/term.h"

enum { PROMPT_FEED_MAX = 64, PROMPT_HISTORY_MAX = 500, PROMPT_GAP = 2 };

/* What readline reads from and reports to; its hooks carry no context of their own. */
static struct prompt_feed {
    struct app *app;
    unsigned char bytes[PROMPT_FEED_MAX]; /* keys not read yet */
    size_t from, count;
    bool is_ready;                        /* rl_initialize() was called */
    bool has_history;                     /* that of earlier runs was read */
    bool is_done;                         /* a line or the end of input came */
    char *line;                           /* heap, NULL for the end of input */
    struct prompt_choices *choices;       /* of the completion that runs */
    size_t next_choice;
} feed;

/* --- hooks of readline --- */

static int next_byte(FILE *stream)
{
    (void)stream;
    return feed.from < feed.count ? feed.bytes[feed.from++] : EOF;
}

static int has_byte(void)
{
    return feed.from < feed.count;
}

static void redisplay_nothing(void)
{
}

static void on_line(char *line)
{
    rl_callback_handler_remove();
    feed.line = line;
    feed.is_done = true;
}

static char *next_choice(const char *text, int state)
{
    struct str word = str_from(text);

    if (state == 0) {
        feed.next_choice = 0;
    }
    while (feed.next_choice < feed.choices->count) {
        struct str choice = feed.choices->items[feed.next_choice++];

        if (str_starts_nocase(choice, word)) {
            return strndup(choice.ptr, choice.len);
        }
    }
    return NULL;
}

static char **complete(const char *text, int start, int end)
{
    const struct prompt_job *job = feed.app->prompt.job;

    (void)end;
    /* Without this readline would offer the names of files. */
    rl_attempted_completion_over = 1;
    if (!job || !job->complete) {
        return NULL;
    }
    feed.choices = ARENA_NEW(&feed.app->scratch, struct prompt_choices);
    job->complete(feed.app, feed.choices, str_from(rl_line_buffer), str_from(text), (size_t)start);
    return rl_completion_matches(text, next_choice);
}

static void show_choices(char **matches, int count, int longest)
{
    struct prompt *prompt = &feed.app->prompt;

    (void)longest;
    prompt->choices = ARENA_ARRAY(&prompt->arena, struct str, (size_t)count);
    prompt->choice_count = (size_t)count;
    for (int i = 0; i < count; i++) {
        struct str match = filter_dup(&feed.app->scratch, str_from(matches[i + 1]), feed.app->filter);

        prompt->choices[i] = str_dup(&prompt->arena, match);
    }
}

/* Takes off the keys what reads files or records keys. */
static void unbind_refused(void)
{
    Keymap maps[] = {emacs_standard_keymap, emacs_meta_keymap, emacs_ctlx_keymap, vi_insertion_keymap,
                     vi_movement_keymap};

    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        for (const char *const *name = guard_refused_functions; *name; name++) {
            rl_unbind_command_in_map(*name, maps[i]);
        }
    }
}

/* Once, at the first prompt: reading the user's inputrc takes time that a start need not spend. */
static void initialize(const struct app *app)
{
    void *kept = term_description();

    rl_readline_name = "ndr";
    rl_terminal_name = terminal.type;
    rl_instream = stdin;
    rl_outstream = fopen("/dev/null", "w");
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_getc_function = next_byte;
    rl_input_available_hook = has_byte;
    rl_redisplay_function = redisplay_nothing;
    rl_completion_display_matches_hook = show_choices;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " ";
    rl_initialize();
    if (app->options->restricted) {
        unbind_refused();
    }
    rl_variable_bind("enable-bracketed-paste", "off");
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("show-all-if-ambiguous", "on");
    using_history();
    stifle_history(PROMPT_HISTORY_MAX);
    /* readline looks the terminal up for itself; curses must not notice. */
    term_use_description(kept);
    feed.is_ready = true;
}

static void add_line(void *context, struct str line)
{
    (void)context;
    add_history(str_dup_z(&feed.app->scratch, line));
}

/* What was typed in earlier runs; opening the store can wait until somebody wants a command. */
static void load_history(struct app *app)
{
    if (!feed.has_history) {
        session_history_each(app->session, add_line, NULL);
        using_history();
        feed.has_history = true;
    }
}

/* --- the prompt --- */

void prompt_start(struct app *app)
{
    feed.app = app;
    buf_init(&app->prompt.before, PLACE_WORD_MAX_BYTES);
    arena_init(&app->prompt.arena);
}

void prompt_stop(struct app *app)
{
    prompt_close(app);
    buf_fini(&app->prompt.before);
    arena_fini(&app->prompt.arena);
}

struct str prompt_text(const struct app *app)
{
    return app->prompt.job ? str_make(rl_line_buffer, (size_t)rl_end) : STR_NULL;
}

static void drop_choices(struct prompt *prompt)
{
    prompt->choices = NULL;
    prompt->choice_count = 0;
    arena_reset(&prompt->arena);
}

void prompt_open(struct app *app, const struct prompt_job *job, struct str text)
{
    prompt_close(app);
    if (!feed.is_ready) {
        initialize(app);
    }
    if (job->has_history) {
        load_history(app);
    }
    feed.is_done = false;
    feed.from = feed.count = 0;
    rl_set_screen_size(LINES, COLS);
    rl_callback_handler_install(job->label, on_line);
    app->prompt.job = job;
    if (text.len) {
        rl_insert_text(str_dup_z(&app->scratch, text));
    }
    buf_clear(&app->prompt.before);
    buf_add_str(&app->prompt.before, text);
}

void prompt_close(struct app *app)
{
    if (!app->prompt.job) {
        return;
    }
    app->prompt.job = NULL;
    rl_callback_handler_remove();
    rl_free_line_state();
    rl_callback_sigcleanup();
    drop_choices(&app->prompt);
}

static void remember(const char *line)
{
    for (int i = history_length - 1; i >= 0; i--) {
        HIST_ENTRY *entry = history_get(history_base + i);

        if (entry && strcmp(entry->line, line) == 0) {
            free_history_entry(remove_history(i));
        }
    }
    add_history(line);
}

static void cancel(struct app *app)
{
    const struct prompt_job *job = app->prompt.job;

    prompt_close(app);
    if (job->cancelled) {
        job->cancelled(app);
    }
}

static void finish(struct app *app)
{
    const struct prompt_job *job = app->prompt.job;
    char *line = feed.line;

    feed.line = NULL;
    feed.is_done = false;
    if (!line) {
        cancel(app);
        return;
    }
    struct str text = str_dup(&app->scratch, str_from(line));

    app->prompt.job = NULL;
    drop_choices(&app->prompt);
    if (job->has_history && *line) {
        remember(line);
        session_history_add(app->session, text);
    }
    free(line);
    if (job->accepted) {
        job->accepted(app, text);
    }
}

static void tell_change(struct app *app)
{
    const struct prompt_job *job = app->prompt.job;
    struct str text = prompt_text(app);

    if (job && !str_equal(text, buf_str(&app->prompt.before))) {
        buf_clear(&app->prompt.before);
        buf_add_str(&app->prompt.before, text);
        if (job->changed) {
            job->changed(app, str_dup(&app->scratch, text));
        }
    }
}

static void queue(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && feed.count < PROMPT_FEED_MAX; i++) {
        feed.bytes[feed.count++] = (unsigned char)bytes[i];
    }
}

static void queue_z(const char *bytes)
{
    queue(bytes, strlen(bytes));
}

/* The bytes that readline's own key map has for a key. */
static void queue_key(const struct key *key)
{
    static const struct {
        const char *name, *bytes;
    } map[] = {
        {"Enter", "\r"},     {"Tab", "\t"},         {"Backspace", "\177"}, {"Up", "\033[A"},
        {"Down", "\033[B"},  {"Right", "\033[C"},   {"Left", "\033[D"},    {"Home", "\033[H"},
        {"End", "\033[F"},   {"Delete", "\033[3~"}, {"Esc", "\033"},       {"M-Backspace", "\033\177"},
    };

    for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
        if (strcmp(map[i].name, key->name) == 0) {
            queue_z(map[i].bytes);
            return;
        }
    }
    if (strncmp(key->name, "M-", 2) == 0) {
        queue_z("\033");
    }
    if (key->text_len) {
        queue(key->text, key->text_len);
    } else if (strncmp(key->name, "C-", 2) == 0 && key->name[2]) {
        char control = (char)(key->name[2] & 0x1F);

        queue(&control, 1);
    }
}

static bool is_history_key(const struct key *key)
{
    return key_is(key, "Up") || key_is(key, "Down") || key_is(key, "C-p") || key_is(key, "C-n") ||
           key_is(key, "C-r") || key_is(key, "C-s");
}

/* Esc and Ctrl-G leave the innermost thing: a search in the history first, then the prompt. */
static bool is_cancel(const struct key *key)
{
    bool is_escape = key_is(key, "Esc") && rl_editing_mode != 0;

    return (is_escape || key_is(key, "C-g")) && !RL_ISSTATE(RL_STATE_ISEARCH);
}

void prompt_key(struct app *app, const struct key *key)
{
    bool is_backspace = key_is(key, "Backspace");

    drop_choices(&app->prompt);
    if (is_cancel(key) || (is_backspace && rl_end == 0)) {
        cancel(app);
        return;
    }
    if (!app->prompt.job->has_history && is_history_key(key)) {
        return;
    }
    feed.from = feed.count = 0;
    if (key_is(key, "Esc") && RL_ISSTATE(RL_STATE_ISEARCH)) {
        queue_z("\a");
    } else {
        queue_key(key);
    }
    while (feed.from < feed.count && !feed.is_done) {
        rl_callback_read_char();
    }
    if (feed.is_done) {
        finish(app);
    } else {
        tell_change(app);
    }
}

void prompt_insert(struct app *app, struct str text)
{
    char *line = str_dup_z(&app->scratch, str_trim(text));

    for (char *c = line; *c; c++) {
        *c = (unsigned char)*c < 0x20 || *c == 0x7F ? ' ' : *c;
    }
    rl_insert_text(line);
    tell_change(app);
}

/* --- painting --- */

/* Candidates in columns above the line, as many as there is room for. */
static void paint_choices(struct app *app, int row, int cells)
{
    const struct prompt *prompt = &app->prompt;
    size_t widest = 1;

    for (size_t i = 0; i < prompt->choice_count; i++) {
        size_t width = width_of(prompt->choices[i]);

        widest = width > widest ? width : widest;
    }
    size_t columns = (size_t)cells / (widest + PROMPT_GAP);

    columns = columns ? columns : 1;
    size_t rows = (prompt->choice_count + columns - 1) / columns;
    size_t room = row > 4 ? (size_t)row - 3 : 1;

    rows = rows > room ? room : rows;
    int top = row - (int)rows;

    paint_rule(top - 1, 0, COLS);
    for (size_t i = 0; i < rows; i++) {
        paint_blank(top + (int)i, 0, COLS);
        for (size_t k = 0; k < columns && i * columns + k < prompt->choice_count; k++) {
            paint_text(top + (int)i, 1 + (int)(k * (widest + PROMPT_GAP)), (int)widest, STYLE_TEXT,
                       prompt->choices[i * columns + k]);
        }
    }
}

void prompt_paint(struct app *app, int row, int cells)
{
    struct str label = str_from(rl_display_prompt ? rl_display_prompt : "");
    struct str head = page_text(&app->scratch, str_make(rl_line_buffer, (size_t)rl_point), app->filter);
    struct str tail = page_text(&app->scratch, str_from(rl_line_buffer + rl_point), app->filter);

    if (app->prompt.choice_count) {
        paint_choices(app, row, cells);
    }
    int col = 1 + paint_text(row, 1, cells - 1, STYLE_PROMPT, label);

    /* What does not fit goes out at the left, a character at a time, until the cursor is in view. */
    while (head.len && (int)width_of(head) >= cells - col) {
        struct str rest = head;
        struct str first = width_cut(rest, 1);

        head = str_sub(head, first.len ? first.len : width_cut(rest, 2).len, head.len);
    }
    col += paint_text(row, col, cells - col, STYLE_TEXT, head);
    app->cursor_row = row;
    app->cursor_col = col;
    paint_text(row, col, cells - col, STYLE_TEXT, tail);
}
