#include "ui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "base/file.h"
#include "ui/key.h"

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

enum { TERM_ESCAPE_MS = 50 };

struct terminal terminal = {.in = STDIN_FILENO, .out = STDOUT_FILENO};

/* Types that an unknown name of the family can be taken for. */
static const char *stand_in(const char *name)
{
    static const char *const families[] = {"xterm", "kitty", "alacritty", "ghostty", "putty", "tmux"};

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strstr(name, families[i])) {
            return "xterm-256color";
        }
    }
    return "ansi";
}

static bool knows_type(const char *name)
{
    int error = 0;

    if (setupterm(name, STDOUT_FILENO, &error) != OK) {
        return false;
    }
    char *place = tigetstr("cup");
    bool can_place = place && place != (char *)-1;

    del_curterm(cur_term);
    return can_place;
}

bool term_find_type(void)
{
    const char *named = getenv("TERM");
    const char *name = named && *named ? named : "dumb";
    int error = 0;

    if (setupterm(name, STDOUT_FILENO, &error) == OK) {
        del_curterm(cur_term);
        terminal.type = name;
        return knows_type(name);
    }
    terminal.type = stand_in(name);
    return knows_type(terminal.type);
}

/* Adds a capability to the bytes for a crash, without its padding. */
static void add_restore(const char *capability)
{
    const char *text = tigetstr(capability);

    if (!text || text == (const char *)-1) {
        return;
    }
    while (*text && terminal.restore_len < sizeof terminal.restore) {
        if (text[0] == '$' && text[1] == '<' && strchr(text, '>')) {
            text = strchr(text, '>') + 1;
        } else {
            terminal.restore[terminal.restore_len++] = *text++;
        }
    }
}

static void prepare_restore(void)
{
    terminal.restore_len = sizeof PASTE_OFF - 1;
    memcpy(terminal.restore, PASTE_OFF, sizeof PASTE_OFF - 1);
    add_restore("sgr0");
    add_restore("cnorm");
    add_restore("rmkx");
    add_restore("rmcup");
}

static void choose_color(enum ui_color color)
{
    const char *refused = getenv("NO_COLOR");
    bool wanted = color == UI_COLOR_ALWAYS ||
                  (color == UI_COLOR_AUTO && !(refused && *refused));

    /* start_color() alone would already send the terminal a colour. */
    terminal.has_color = wanted && has_colors() && start_color() == OK;
    if (terminal.has_color) {
        use_default_colors();
    }
}

static bool open_input(int tty_fd)
{
    terminal.in = STDIN_FILENO;
    terminal.in_stream = NULL;
    if (tty_fd >= 0) {
        int copy = dup(tty_fd);

        terminal.in_stream = copy >= 0 ? fdopen(copy, "r") : NULL;
        if (!terminal.in_stream) {
            return false;
        }
        terminal.in = copy;
    }
    return isatty(terminal.in) && tcgetattr(terminal.out, &terminal.saved) == 0;
}

static void close_input(void)
{
    if (terminal.in_stream) {
        fclose(terminal.in_stream);
        terminal.in_stream = NULL;
    }
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    meta(stdscr, TRUE);
    typeahead(-1);
    intrflush(stdscr, FALSE);
    if (!getenv("ESCDELAY")) {
        set_escdelay(TERM_ESCAPE_MS);
    }
}

bool term_start(int tty_fd, enum ui_color color)
{
    setlocale(LC_ALL, "");
    terminal.is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    terminal.leave = 0;
    if (!terminal.type && !term_find_type()) {
        return false;
    }
    if (!open_input(tty_fd) || !signals_start()) {
        close_input();
        return false;
    }
    if (!newterm(terminal.type, stdout, terminal.in_stream ? terminal.in_stream : stdin)) {
        signals_stop();
        close_input();
        return false;
    }
    terminal.is_up = true;
    set_modes();
    choose_color(color);
    prepare_restore();
    key_define();
    term_send(STR_LIT(PASTE_ON));
    return true;
}

void term_stop(void)
{
    if (!terminal.is_up) {
        return;
    }
    term_send(STR_LIT(PASTE_OFF));
    endwin();
    terminal.is_up = false;
    signals_stop();
    close_input();
}

void ui_restore(void)
{
    term_stop();
}

void term_resume(void)
{
    term_resize();
    clearok(curscr, TRUE);
    refresh();
    term_send(STR_LIT(PASTE_ON));
}

void term_suspend(void)
{
    term_send(STR_LIT(PASTE_OFF));
    endwin();
    signals_default_stop(true);
    /* The whole group, as the terminal would do: a script around us stops too. */
    kill(0, SIGTSTP);
    signals_default_stop(false);
    reset_prog_mode();
    term_resume();
}

void term_resize(void)
{
    struct winsize size;

    if (ioctl(terminal.out, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
        (size.ws_row != LINES || size.ws_col != COLS)) {
        resizeterm(size.ws_row, size.ws_col);
    }
}

void term_send(struct str bytes)
{
    fflush(stdout);
    file_write_all(terminal.out, bytes);
}

void *term_description(void)
{
    return cur_term;
}

void term_use_description(void *description)
{
    set_curterm(description);
}

bool ui_possible(void)
{
    return isatty(STDOUT_FILENO) && term_find_type();
}
