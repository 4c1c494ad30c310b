#include "ui/key.h"

#include <curses.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <wchar.h>

#include "ui/term.h"

enum {
    KEY_PASTE_START = KEY_MAX + 1,
    KEY_PASTE_END = KEY_MAX + 2,
    KEY_SGR_MOUSE = KEY_MAX + 3,
    KEY_SEQUENCE_MS = 50, /* longest wait for the rest of an unknown sequence */
    KEY_SEQUENCE_MAX = 4096,
    KEY_MOUSE_MAX = 24, /* letters of a mouse sequence */
    KEY_MOUSE_CELL_MAX = 10000,
    KEY_ESCAPE = 27,
};

struct key_row {
    int code;
    const char *name;
};

static const struct key_row names[] = {
    {KEY_UP, "Up"},         {KEY_DOWN, "Down"},   {KEY_LEFT, "Left"},    {KEY_RIGHT, "Right"},
    {KEY_HOME, "Home"},     {KEY_END, "End"},     {KEY_PPAGE, "PgUp"},   {KEY_NPAGE, "PgDn"},
    {KEY_ENTER, "Enter"},   {KEY_BTAB, "S-Tab"},  {KEY_DC, "Delete"},    {KEY_BACKSPACE, "Backspace"},
    {KEY_F(1), "F1"},       {KEY_F(2), "F2"},     {KEY_F(3), "F3"},      {KEY_F(4), "F4"},
    {KEY_F(5), "F5"},       {KEY_F(6), "F6"},     {KEY_F(7), "F7"},      {KEY_F(8), "F8"},
    {KEY_F(9), "F9"},       {KEY_F(10), "F10"},   {KEY_F(11), "F11"},    {KEY_F(12), "F12"},
};

/* PuTTY, screen, the console and rxvt spell these unlike the terminfo entry that they name. */
static const struct key_row spellings[] = {
    {KEY_HOME, "\033[1~"},  {KEY_HOME, "\033[7~"},  {KEY_HOME, "\033[H"},   {KEY_HOME, "\033OH"},
    {KEY_END, "\033[4~"},   {KEY_END, "\033[8~"},   {KEY_END, "\033[F"},    {KEY_END, "\033OF"},
    {KEY_F(1), "\033[11~"}, {KEY_F(2), "\033[12~"}, {KEY_F(3), "\033[13~"}, {KEY_F(4), "\033[14~"},
    {KEY_F(5), "\033[15~"}, {KEY_F(1), "\033[[A"},  {KEY_F(2), "\033[[B"},  {KEY_F(3), "\033[[C"},
    {KEY_F(4), "\033[[D"},  {KEY_F(5), "\033[[E"},  {KEY_F(1), "\033OP"},   {KEY_F(2), "\033OQ"},
    {KEY_F(3), "\033OR"},   {KEY_F(4), "\033OS"},   {KEY_UP, "\033[A"},     {KEY_UP, "\033OA"},
    {KEY_DOWN, "\033[B"},   {KEY_DOWN, "\033OB"},   {KEY_RIGHT, "\033[C"},  {KEY_RIGHT, "\033OC"},
    {KEY_LEFT, "\033[D"},   {KEY_LEFT, "\033OD"},   {KEY_BTAB, "\033[Z"},   {KEY_DC, "\033[3~"},
    {KEY_PPAGE, "\033[5~"}, {KEY_NPAGE, "\033[6~"}, {KEY_F(6), "\033[17~"}, {KEY_F(7), "\033[18~"},
    {KEY_F(8), "\033[19~"}, {KEY_F(9), "\033[20~"}, {KEY_F(10), "\033[21~"}, {KEY_F(11), "\033[23~"},
    {KEY_F(12), "\033[24~"}, {KEY_SGR_MOUSE, "\033[<"},
    {KEY_PASTE_START, "\033[200~"},                 {KEY_PASTE_END, "\033[201~"},
};

void key_define(void)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        define_key(spellings[i].name, spellings[i].code);
    }
}

static void set_name(struct key *key, const char *name)
{
    key->kind = KEY_IS_KEY;
    snprintf(key->name, sizeof key->name, "%s", name);
}

/* The numbers of a mouse sequence and the letter that ends it; 0 for the letter when it is cut. */
static char read_mouse(int numbers[3])
{
    wint_t c = 0;
    int at = 0;

    wtimeout(stdscr, KEY_SEQUENCE_MS);
    for (int i = 0; i < KEY_MOUSE_MAX && wget_wch(stdscr, &c) == OK; i++) {
        if (c == 'M' || c == 'm') {
            return (char)c;
        }
        if (c == ';' && at < 2) {
            at++;
        } else if (c >= '0' && c <= '9' && numbers[at] < KEY_MOUSE_CELL_MAX) {
            numbers[at] = numbers[at] * 10 + (int)(c - '0');
        }
    }
    return 0;
}

/* Presses of the left button and the wheel, with or without Shift and so on; the rest means nothing. */
static bool take_mouse(struct key *key)
{
    enum { HELD_KEYS = 4 | 8 | 16, WHEEL = 64 };
    int numbers[3] = {0};
    char end = read_mouse(numbers);
    int button = numbers[0] & ~HELD_KEYS;

    key->mouse = button == WHEEL ? KEY_WHEEL_UP : button == WHEEL + 1 ? KEY_WHEEL_DOWN : KEY_CLICK;
    key->col = numbers[1] - 1;
    key->row = numbers[2] - 1;
    if (end != 'M' || (key->mouse == KEY_CLICK && button != 0)) {
        return false;
    }
    key->kind = KEY_IS_MOUSE;
    return true;
}

/* A key that curses knows by code; false for one that means nothing here. */
static bool take_code(struct key *key, wint_t code)
{
    if (code == KEY_RESIZE) {
        key->kind = KEY_IS_RESIZE;
        return true;
    }
    if (code == KEY_PASTE_START) {
        key->kind = KEY_IS_PASTE;
        return true;
    }
    if (code == KEY_SGR_MOUSE) {
        return take_mouse(key);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((wint_t)names[i].code == code) {
            set_name(key, names[i].name);
            return true;
        }
    }
    return false;
}

static bool take_control(struct key *key, wint_t c)
{
    char name[] = "C-x";

    switch (c) {
    case 0:
        return false;
    case '\r':
    case '\n':
        set_name(key, "Enter");
        return true;
    case '\t':
        set_name(key, "Tab");
        return true;
    case 8:
    case 127:
        set_name(key, "Backspace");
        return true;
    default:
        name[2] = (char)(c | 0x40);
        if (name[2] >= 'A' && name[2] <= 'Z') {
            name[2] = (char)(name[2] + 32);
        }
        set_name(key, name);
        return true;
    }
}

static bool take_character(struct key *key, wint_t c)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t len;

    if (c < 32 || c == 127) {
        return take_control(key, c);
    }
    len = wcrtomb(bytes, (wchar_t)c, &state);
    if (len == (size_t)-1 || len > sizeof key->text) {
        return false;
    }
    memcpy(key->text, bytes, len);
    key->text_len = len;
    key->kind = KEY_IS_KEY;
    snprintf(key->name, sizeof key->name, "%.*s", (int)len, bytes);
    if (c == ' ') {
        set_name(key, "Space");
    }
    return true;
}

/* Swallows the rest of a sequence that nobody knows, so that its letters do not act as keys. */
static void swallow(wint_t opener)
{
    wint_t c;

    wtimeout(stdscr, KEY_SEQUENCE_MS);
    for (int i = 0; i < KEY_SEQUENCE_MAX && wget_wch(stdscr, &c) == OK; i++) {
        bool is_string = opener == ']' || opener == 'P';

        if (opener == 'O' || (opener == '[' && c >= 0x40 && c <= 0x7E) ||
            (is_string && (c == 7 || c == '\\'))) {
            break;
        }
    }
}

/* What came behind an ESC: nothing (the key Esc), a character (Alt and that key), or a sequence. */
static bool take_escape(struct key *key)
{
    wint_t c;

    wtimeout(stdscr, 0);
    int result = wget_wch(stdscr, &c);

    if (result == ERR) {
        set_name(key, "Esc");
        return true;
    }
    if (result == KEY_CODE_YES && c != KEY_BACKSPACE) {
        return take_code(key, c);
    }
    if (result == KEY_CODE_YES) {
        c = 127; /* as Alt with it is sent */
    }
    if (c == KEY_ESCAPE) {
        unget_wch((wchar_t)c);
        set_name(key, "Esc");
        return true;
    }
    if (c == '[' || c == 'O' || c == ']' || c == 'P') {
        swallow(c);
        return false;
    }
    if (!take_character(key, c)) {
        return false;
    }
    char name[KEY_NAME_MAX_BYTES];

    snprintf(name, sizeof name, "M-%.12s", key->name);
    set_name(key, name);
    return true;
}

/* One key from curses if there is one. */
static bool take_key(struct key *key)
{
    wint_t c;

    for (;;) {
        wtimeout(stdscr, 0);
        int result = wget_wch(stdscr, &c);

        if (result == ERR) {
            return false;
        }
        bool taken = result == KEY_CODE_YES ? take_code(key, c)
                     : c == KEY_ESCAPE      ? take_escape(key)
                                            : take_character(key, c);
        if (taken) {
            return true;
        }
    }
}

/* One event of the signals if there is one. */
static bool take_signal(struct key *key)
{
    char letter;

    while ((letter = signals_next()) != 0) {
        if (letter == 'W') {
            /* curses then gives KEY_RESIZE itself. */
            term_resize();
        } else if (letter == 'Z' || letter == 'C') {
            key->kind = letter == 'Z' ? KEY_IS_SUSPEND : KEY_IS_CONTINUE;
            return true;
        }
    }
    return false;
}

/* Waits for the terminal or a signal.  False when the terminal is gone. */
static bool wait_input(int timeout_ms, bool *is_over)
{
    struct pollfd fds[2] = {{.fd = terminal.in, .events = POLLIN},
                            {.fd = terminal.pipe[0], .events = POLLIN}};
    int ready = poll(fds, 2, timeout_ms);
    int waiting = 0;

    *is_over = ready == 0;
    if (ready < 0) {
        return errno == EINTR || errno == EAGAIN;
    }
    if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
        return false;
    }
    /* Readable with nothing to read is the end of the input. */
    return !(fds[0].revents & POLLIN) ||
           (ioctl(terminal.in, FIONREAD, &waiting) == 0 && waiting > 0);
}

void key_read(struct key *key, int timeout_ms)
{
    bool is_over = false;

    *key = (struct key){.kind = KEY_IS_NONE};
    for (;;) {
        if (terminal.leave) {
            key->kind = KEY_IS_GONE;
            return;
        }
        if (take_signal(key) || take_key(key) || is_over) {
            return;
        }
        if (!wait_input(timeout_ms, &is_over)) {
            /* The line is dead: the same as a hang-up, whichever is noticed first. */
            terminal.leave = terminal.leave ? terminal.leave : SIGHUP;
            key->kind = KEY_IS_GONE;
            return;
        }
    }
}
