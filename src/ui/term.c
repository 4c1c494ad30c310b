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
#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define TITLE_PUSH "\033[22;2t"
#define TITLE_POP  "\033[23;2t"

/* Whoever claims a larger window is a program gone wrong; curses counts cells in a short. */
enum { TERM_CELLS_MIN = 10, TERM_CELLS_MAX = 1000 };

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

/* What is switched off on every way out. */
static void add_modes_off(struct buf *out)
{
    buf_add_z(out, PASTE_OFF);
    if (terminal.has_mouse) {
        buf_add_z(out, MOUSE_OFF);
    }
    if (terminal.has_title) {
        buf_add_z(out, TITLE_POP);
    }
}

/* Anew whenever a mode changes, as a handler of a signal can only write. */
static void prepare_restore(void)
{
    struct buf modes;

    buf_init(&modes, TERM_RESTORE_MAX_BYTES);
    add_modes_off(&modes);
    memcpy(terminal.restore, modes.ptr, modes.len);
    terminal.restore_len = modes.len;
    buf_fini(&modes);
    add_restore("sgr0");
    add_restore("cnorm");
    add_restore("rmkx");
    add_restore("rmcup");
}

static void send_modes(bool on)
{
    struct buf modes;

    buf_init(&modes, TERM_RESTORE_MAX_BYTES);
    if (!on) {
        add_modes_off(&modes);
        terminal.has_title = false;
    } else {
        buf_add_z(&modes, PASTE_ON);
        buf_add_z(&modes, terminal.has_mouse ? MOUSE_ON : "");
    }
    terminal.title = NULL; /* the next frame names the window */
    term_send(buf_str(&modes));
    buf_fini(&modes);
}

void term_use_color(const char *when)
{
    const char *refused = getenv("NO_COLOR");
    bool wanted = strcmp(when, "always") == 0 ||
                  (strcmp(when, "auto") == 0 && !(refused && *refused));

    /* start_color() alone would already send the terminal a color. */
    if (wanted && has_colors() && !terminal.has_started_color) {
        terminal.has_started_color = start_color() == OK;
        if (terminal.has_started_color) {
            use_default_colors();
        }
    }
    terminal.has_color = wanted && terminal.has_started_color;
}

void term_use_mouse(bool on)
{
    if (on != terminal.has_mouse) {
        terminal.has_mouse = on;
        prepare_restore();
        term_send(on ? STR_LIT(MOUSE_ON) : STR_LIT(MOUSE_OFF));
    }
}

void term_use_escape_delay(unsigned milliseconds)
{
    if (!getenv("ESCDELAY")) {
        set_escdelay((int)milliseconds);
    }
}

/* Whether sequences for titles and links do no harm: GNU screen shows a title in its own list and keeps it, the
 * console and dumb terminals print them. */
static bool takes_osc(void)
{
    static const char *const cannot[] = {"screen", "dumb", "linux", "ansi", "vt"};

    for (size_t i = 0; i < sizeof cannot / sizeof cannot[0]; i++) {
        if (strncmp(terminal.type, cannot[i], strlen(cannot[i])) == 0) {
            return false;
        }
    }
    return !getenv("STY");
}

void term_title(const char *title)
{
    struct buf bytes;

    bool is_same = title ? title == terminal.title : !terminal.has_title;

    if (is_same || !takes_osc()) {
        return;
    }
    buf_init(&bytes, TERM_RESTORE_MAX_BYTES);
    if (!title) {
        buf_add_z(&bytes, TITLE_POP);
    } else {
        buf_addf(&bytes, "%s\033]2;ndr - %s\007", terminal.has_title ? "" : TITLE_PUSH, title);
    }
    terminal.has_title = title != NULL;
    terminal.title = title;
    prepare_restore();
    term_send(buf_str(&bytes));
    buf_fini(&bytes);
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
}

static bool read_size(int *rows, int *cols)
{
    struct winsize size;

    if (ioctl(terminal.out, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
        return false;
    }
    *rows = size.ws_row < TERM_CELLS_MAX ? size.ws_row : TERM_CELLS_MAX;
    *cols = size.ws_col < TERM_CELLS_MAX ? size.ws_col : TERM_CELLS_MAX;
    return true;
}

/* curses asks for the size by itself when it starts, unless it is told; LINES and COLUMNS count only where
 * they make sense. */
static void limit_size(void)
{
    static const char *const names[] = {"LINES", "COLUMNS"};
    struct winsize size;

    for (int i = 0; i < 2; i++) {
        unsigned cells = 0;

        if (getenv(names[i]) && (!str_to_uint(str_from(getenv(names[i])), TERM_CELLS_MAX, &cells) || cells < TERM_CELLS_MIN)) {
            unsetenv(names[i]);
        }
    }
    if (ioctl(terminal.out, TIOCGWINSZ, &size) == 0 &&
        (size.ws_row > TERM_CELLS_MAX || size.ws_col > TERM_CELLS_MAX)) {
        setenv("LINES", "24", 1);
        setenv("COLUMNS", "80", 1);
    }
}

bool term_start(int tty_fd)
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
    limit_size();
    if (!newterm(terminal.type, stdout, terminal.in_stream ? terminal.in_stream : stdin)) {
        signals_stop();
        close_input();
        return false;
    }
    terminal.is_up = true;
    set_modes();
    prepare_restore();
    key_define();
    send_modes(true);
    return true;
}

void term_stop(void)
{
    if (!terminal.is_up) {
        return;
    }
    send_modes(false);
    endwin();
    terminal.is_up = terminal.has_mouse = terminal.has_title = false;
    terminal.title = NULL;
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
    send_modes(true);
}

void term_suspend(void)
{
    send_modes(false);
    endwin();
    signals_default_stop(true);
    /* The whole group, as the terminal would do: a script around us stops too. */
    kill(0, SIGTSTP);
    signals_default_stop(false);
    reset_prog_mode();
    term_resume();
}

bool term_takes_links(void)
{
    return takes_osc();
}

/* Keys that go back to the screen: Enter, q, Space, Esc, Ctrl-C.  Others may belong to somebody who scrolls. */
static bool goes_back(const char *bytes, ssize_t len)
{
    return len >= 1 && (bytes[0] == '\r' || bytes[0] == '\n' || (len == 1 && strchr("q \033\003", bytes[0])));
}

static void wait_for_key(void)
{
    char bytes[4096];

    while (!terminal.leave) {
        struct pollfd fds[2] = {{.fd = terminal.in, .events = POLLIN}, {.fd = terminal.pipe[0], .events = POLLIN}};

        if (poll(fds, 2, -1) > 0 && fds[0].revents) {
            ssize_t len = read(terminal.in, bytes, sizeof bytes);

            if (len <= 0) {
                terminal.leave = terminal.leave ? terminal.leave : SIGHUP;
            } else if (goes_back(bytes, len)) {
                return;
            }
        }
        while (signals_next()) {
            /* What counts is in terminal.leave; the size is asked for afterwards. */
        }
    }
}

void term_show(struct str bytes)
{
    struct termios modes;

    send_modes(false);
    endwin();
    if (tcgetattr(terminal.in, &modes) == 0) {
        modes.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ISIG);
        modes.c_iflag &= (tcflag_t)~ICRNL;
        tcsetattr(terminal.in, TCSANOW, &modes);
    }
    term_send(bytes);
    wait_for_key();
    reset_prog_mode();
    term_resume();
}

void term_resize(void)
{
    int rows;
    int cols;

    if (read_size(&rows, &cols) && (rows != LINES || cols != COLS)) {
        resizeterm(rows, cols);
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
