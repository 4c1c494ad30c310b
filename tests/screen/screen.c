/* Runs the program on a terminal of its own (forkpty) that libvterm draws, as a script says, and
 * speaks TAP.  Usage: screen SCRIPT.  A line of a script is one of
 *
 *   size COLS ROWS       of the terminal; before `start`, or later to resize it
 *   env NAME=VALUE       for the program
 *   stdin FILE           of the next program
 *   start ARG...         the program with these arguments; $SRC is the project, $TMP a fresh folder
 *   key NAME...          keys one after the other: a j Enter Esc Tab S-Tab Up PgDn C-x M-x F1 ...
 *   type TEXT            the rest of the line as one burst
 *   paste FILE           as a bracketed paste, lines ending in CR as terminals send them
 *   click TEXT           the left button where this text stands first
 *   wheel up|down TEXT   the wheel there, one notch
 *   wait TEXT            until it stands on the screen
 *   gone TEXT            until it stands there no more
 *   times                dates with a time are the same letters in all screens that follow
 *   screen NAME          the whole screen is tests/screen/expected/NAME.txt
 *   keep                 remembers the whole screen and where the cursor is
 *   same                 it is that screen again
 *   row TEXT             this text stands on the row of the cursor
 *   look TEXT WORDS      it stands there first as bold, underline, reverse, a number of a color, or normal
 *   task KEYS LEAST TEXT keys are counted from here on; LEAST is what the author thinks possible
 *   answered             the task is done: with KEYS keys, a paste being one, no more and no fewer
 *   clipboard TEXT       the last text sent to the terminal's clipboard has this; empty for none since the start
 *   title TEXT           what the window is called; empty for its own title
 *   line PATH TEXT       adds a line to a file
 *   file PATH TEXT       a file that the program wrote has this text
 *   signal NAME          to the program
 *   stop, continue       Ctrl-Z, then the foreground and SIGCONT, as a shell's fg does
 *   hangup               the connection is lost
 *   end STATUS|SIGNAL    the program ends so, and leaves the terminal as it found it
 *
 * With NDR_SCREEN_LOG=FILE in the environment all that happens is added there, for model.py; with
 * NDR_SCREEN_CALM=1 too, a key waits until all that came before it is there (for cast.py).
 * With SCREEN_UPDATE=1 in the environment `screen` writes the file instead of comparing.  */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

enum {
    LIMIT_MS = 8000, /* for a wait before it counts as failed */
    ALONE_MS = 150,  /* behind Esc, which is one key only when nothing follows at once, and behind a paste */
    QUIET_MS = 60,   /* without output: the screen is taken as painted */
    LINE_MAX_BYTES = 4096,
    ROWS_MAX = 200,
    COLS_MAX = 300,
};

static struct terminal {
    int cols, rows;
    int master;
    pid_t leader; /* holds the session, as a shell does; without one nothing could be stopped */
    pid_t child;  /* the program, the leader's job in the foreground */
    int events;   /* wait statuses of the child come here */
    int orders;   /* a byte makes the leader continue the child */
    VTerm *vt;
    VTermScreen *screen;
    struct termios found; /* settings before the program ran */
    bool alternate, cursor_hidden, pasting; /* modes that are on */
    int mouse;
    size_t matched;       /* of the sequence that switches bracketed paste */
    size_t title_matched[3]; /* of those that keep, name and give back the title */
    int titles;           /* kept and not given back */
    bool naming;          /* the name comes */
    char title[200];
    VTermPos cursor;
    size_t clip_matched;  /* of the sequence that fills the clipboard */
    size_t clip_len;
    unsigned clip_bits, clip_count; /* of base64 digits that are no byte yet */
    char clip[16384];
} terminal = {.cols = 80, .rows = 24, .master = -1};

static const char *script_name;
static unsigned script_line;
static unsigned tests, failures;
static char input[LINE_MAX_BYTES]; /* standard input of the next program, "" for the terminal */
static char folder[] = "/tmp/ndr-screen.XXXXXX";

/* --- results --- */

static void report(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void report(bool good, const char *format, ...)
{
    va_list args;

    tests++;
    failures += !good;
    printf("%sok %u - %s:%u: ", good ? "" : "not ", tests, script_name, script_line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static void fatal(const char *what, const char *which)
{
    printf("not ok %u - %s:%u: %s: %s\n1..%u\n", tests + 1, script_name, script_line, what, which, tests + 1);
    exit(1);
}

/* --- the log --- */

/* What came and when it was looked at, for a second model of the terminal (model.py): a line "N COLS ROWS" for a new
 * terminal, "R COLS ROWS" for a new size, "K BYTES" with the name of a key, "O BYTES" and "S BYTES" with the output, or the screen as text, behind it. */
static FILE *screen_log;

static void settle(void);

static void log_keys(const char *name)
{
    if (screen_log && getenv("NDR_SCREEN_CALM")) {
        settle();
    }
    if (screen_log) {
        fprintf(screen_log, "K %zu\n%s", strlen(name), name);
    }
}

static void log_size(char kind)
{
    if (screen_log) {
        fprintf(screen_log, "%c %d %d\n", kind, terminal.cols, terminal.rows);
    }
}

static void log_bytes(char kind, const char *bytes, size_t len)
{
    if (screen_log) {
        fprintf(screen_log, "%c %zu\n", kind, len);
        fwrite(bytes, 1, len, screen_log);
    }
}

/* --- the terminal --- */

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    (void)user;
    switch (prop) {
    case VTERM_PROP_ALTSCREEN:
        terminal.alternate = value->boolean;
        break;
    case VTERM_PROP_CURSORVISIBLE:
        terminal.cursor_hidden = !value->boolean;
        break;
    case VTERM_PROP_MOUSE:
        terminal.mouse = value->number;
        break;
    default:
        break;
    }
    return 1;
}

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
    (void)old;
    (void)visible;
    (void)user;
    terminal.cursor = pos;
    return 1;
}

static void make_screen(void)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property, .movecursor = on_cursor};

    terminal.vt = vterm_new(terminal.rows, terminal.cols);
    vterm_set_utf8(terminal.vt, 1);
    terminal.screen = vterm_obtain_screen(terminal.vt);
    vterm_screen_set_callbacks(terminal.screen, &callbacks, NULL);
    vterm_screen_enable_altscreen(terminal.screen, 1);
    vterm_screen_reset(terminal.screen, 1);
}

/* libvterm keeps the mode of bracketed paste for itself, so the sequence is looked for. */
static void watch_paste_mode(const char *bytes, size_t len)
{
    static const char sequence[] = "\033[?2004";

    for (size_t i = 0; i < len; i++) {
        if (terminal.matched == sizeof sequence - 1) {
            terminal.pasting = bytes[i] == 'h';
            terminal.matched = 0;
        } else if (bytes[i] == sequence[terminal.matched]) {
            terminal.matched++;
        } else {
            terminal.matched = bytes[i] == '\033';
        }
    }
}

/* The same for the window's title and the stack of titles. */
static void watch_title(const char *bytes, size_t len)
{
    static const char *const sequences[] = {"\033[22;2t", "\033]2;", "\033[23;2t"};

    for (size_t i = 0; i < len; i++) {
        if (terminal.naming) {
            size_t used = strlen(terminal.title);

            terminal.naming = bytes[i] != '\a';
            if (terminal.naming && used + 1 < sizeof terminal.title) {
                terminal.title[used] = bytes[i];
                terminal.title[used + 1] = 0;
            }
            continue;
        }
        for (int k = 0; k < 3; k++) {
            size_t *at = &terminal.title_matched[k];

            *at = bytes[i] == sequences[k][*at] ? *at + 1 : bytes[i] == '\033';
            if (sequences[k][*at]) {
                continue;
            }
            *at = 0;
            terminal.titles += k == 0 ? 1 : k == 2 ? -1 : 0;
            terminal.naming = k == 1;
            terminal.title[0] = 0;
        }
    }
}

/* And for the clipboard, whose text comes as base64. */
static void watch_clipboard(const char *bytes, size_t len)
{
    static const char sequence[] = "\033]52;c;";
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i++) {
        if (terminal.clip_matched < sizeof sequence - 1) {
            terminal.clip_matched = bytes[i] == sequence[terminal.clip_matched] ? terminal.clip_matched + 1
                                                                                : bytes[i] == '\033';
            if (terminal.clip_matched == sizeof sequence - 1) {
                terminal.clip_len = terminal.clip_bits = terminal.clip_count = 0;
                terminal.clip[0] = 0;
            }
            continue;
        }
        const char *digit = bytes[i] ? strchr(digits, bytes[i]) : NULL;

        if (!digit) {
            terminal.clip_matched = bytes[i] == '=' ? terminal.clip_matched : 0; /* BEL ends it */
            continue;
        }
        terminal.clip_bits = (terminal.clip_bits << 6 | (unsigned)(digit - digits)) & 0xFFFF;
        terminal.clip_count += 6;
        if (terminal.clip_count >= 8 && terminal.clip_len + 1 < sizeof terminal.clip) {
            terminal.clip_count -= 8;
            terminal.clip[terminal.clip_len++] = (char)(terminal.clip_bits >> terminal.clip_count & 0xFF);
            terminal.clip[terminal.clip_len] = 0;
        }
    }
}

/* Takes what the program wrote within `ms`; false when nothing came or the line is dead. */
static bool take_output(int ms)
{
    struct pollfd poll_for = {.fd = terminal.master, .events = POLLIN};
    char bytes[16384];

    if (terminal.master < 0 || poll(&poll_for, 1, ms) <= 0) {
        return false;
    }
    ssize_t got = read(terminal.master, bytes, sizeof bytes);

    if (got <= 0) {
        return false;
    }
    watch_paste_mode(bytes, (size_t)got);
    watch_title(bytes, (size_t)got);
    watch_clipboard(bytes, (size_t)got);
    log_bytes('O', bytes, (size_t)got);
    vterm_input_write(terminal.vt, bytes, (size_t)got);
    vterm_screen_flush_damage(terminal.screen);
    return true;
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether a process or a child of it has work to do, not counting what it waits for; false where nobody tells. */
static bool is_busy(pid_t pid)
{
    char path[64], text[1024];
    bool busy = false;

    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "r");

    if (file) {
        const char *name_end = fgets(text, sizeof text, file) ? strrchr(text, ')') : NULL;

        busy = name_end && name_end[1] && (name_end[2] == 'R' || name_end[2] == 'D');
        fclose(file);
    }
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)pid, (long)pid);
    file = busy ? NULL : fopen(path, "r");
    if (file) {
        long child;

        while (!busy && fscanf(file, "%ld", &child) == 1) {
            busy = is_busy((pid_t)child);
        }
        fclose(file);
    }
    return busy;
}

/* Until nothing comes for a while, on a machine with other work too: a program that has something to do is not done. */
static void settle(void)
{
    long until = now_ms() + LIMIT_MS;

    while ((take_output(QUIET_MS) || (terminal.child > 0 && is_busy(terminal.child))) && now_ms() < until) {
    }
}

static void put(const char *bytes, size_t len)
{
    while (len) {
        ssize_t done = write(terminal.master, bytes, len);

        if (done < 0 && errno != EINTR && errno != EAGAIN) {
            return;
        }
        if (done > 0) {
            bytes += done;
            len -= (size_t)done;
        }
        take_output(0);
    }
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The screen as text: rows without the blanks at their ends, the selected ones (reverse) marked. */
/* "2026-11-26 04:30" as "0000-00-00 00:00", so that a screen with the time of the run can be compared. */
static void mask_times(char *text)
{
    static const char form[] = "0000-00-00 00:00";

    for (char *at = text; *at; at++) {
        size_t i = 0;

        while (form[i] && (form[i] == '0' ? at[i] >= '0' && at[i] <= '9' : at[i] == form[i])) {
            i++;
        }
        if (!form[i]) {
            memcpy(at, form, i);
        }
    }
}

static bool masks_times;

static char *screen_text(void)
{
    static char text[ROWS_MAX * COLS_MAX * 4];
    size_t used = 0;

    for (int row = 0; row < terminal.rows; row++) {
        size_t start = used;
        size_t last = used;

        for (int col = 0; col < terminal.cols; col++) {
            VTermPos at = {.row = row, .col = col};
            VTermScreenCell cell;

            vterm_screen_get_cell(terminal.screen, at, &cell);
            if (cell.chars[0] == (uint32_t)-1) {
                continue; /* the second half of a wide character */
            }
            if (cell.chars[0] == 0) {
                text[used++] = ' ';
            }
            for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
                used += put_utf8(text + used, cell.chars[i]);
            }
            if ((cell.chars[0] && cell.chars[0] != ' ') || col == 0) {
                last = used;
            }
        }
        used = last > start && text[last - 1] != ' ' ? last : last > start ? last - 1 : start;
        text[used++] = '\n';
    }
    text[used] = 0;
    if (masks_times) {
        mask_times(text);
    }
    return text;
}

static void show_screen(void)
{
    char *line = screen_text();

    for (char *next = strchr(line, '\n'); next; line = next + 1, next = strchr(line, '\n')) {
        printf("# %.*s\n", (int)(next - line), line);
    }
}

/* --- commands of a script --- */

static void set_size(int cols, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows};

    if (cols < 1 || rows < 1 || cols > COLS_MAX || rows > ROWS_MAX) {
        fatal("size", "out of range");
    }
    terminal.cols = cols;
    terminal.rows = rows;
    if (terminal.vt) {
        vterm_set_size(terminal.vt, rows, cols);
        log_size('R');
        ioctl(terminal.master, TIOCSWINSZ, &size);
        settle();
        log_bytes('S', screen_text(), strlen(screen_text()));
    }
}

/* $SRC and $TMP replaced; into a buffer that lives until the next call but seven. */
static char *expand(const char *word)
{
    static char buffers[8][LINE_MAX_BYTES];
    static unsigned turn;
    char *out = buffers[turn++ % 8];
    size_t used = 0;

    while (*word && used + 300 < LINE_MAX_BYTES) {
        const char *value = strncmp(word, "$SRC", 4) == 0   ? getenv("NDR_SRCDIR")
                            : strncmp(word, "$TMP", 4) == 0 ? folder
                                                            : NULL;
        if (value) {
            used += (size_t)snprintf(out + used, 256, "%s", value);
            word += 4;
        } else {
            out[used++] = *word++;
        }
    }
    out[used] = 0;
    return out;
}

/* The session leader: starts the job, passes its wait statuses on, and continues it when told. */
static _Noreturn void lead(int slave, int events, int orders, char **argv)
{
    int status = 0;
    char order;

    login_tty(slave);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    pid_t job = fork();

    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        close(events);
        close(orders);
        if (input[0]) {
            int file = open(input, O_RDONLY);

            if (file < 0 || dup2(file, STDIN_FILENO) < 0) {
                _exit(126);
            }
        }
        execv(argv[0], argv);
        _exit(127);
    }
    setpgid(job, job);
    if (write(events, &job, sizeof job) < 0) {
        _exit(1);
    }
    while (waitpid(job, &status, WUNTRACED) == job && write(events, &status, sizeof status) > 0 &&
           WIFSTOPPED(status)) {
        tcsetpgrp(STDIN_FILENO, getpid());
        if (read(orders, &order, 1) != 1) {
            break;
        }
        tcsetpgrp(STDIN_FILENO, job);
        kill(-job, SIGCONT);
    }
    /* The harness looks at the terminal as it was left, then ends the session. */
    if (read(orders, &order, 1) < 0) {
        _exit(1);
    }
    _exit(0);
}

static void start(char *args)
{
    struct winsize size = {.ws_col = (unsigned short)terminal.cols, .ws_row = (unsigned short)terminal.rows};
    char *argv[16] = {getenv("NDR_PROGRAM")};
    int count = 1;
    int slave;
    int events[2];
    int orders[2];

    for (char *word = strtok(args, " "); word && count < 15; word = strtok(NULL, " ")) {
        argv[count++] = expand(word);
    }
    make_screen();
    log_size('N');
    if (openpty(&terminal.master, &slave, NULL, NULL, &size) < 0) {
        /* A chroot without /dev/pts: nothing can be tested here. */
        printf("1..0 # SKIP no pseudo-terminal: %s\n", strerror(errno));
        exit(tests != 0);
    }
    if (pipe(events) || pipe(orders)) {
        fatal("no pipe", strerror(errno));
    }
    tcgetattr(slave, &terminal.found);
    terminal.leader = fork();
    if (terminal.leader == 0) {
        close(terminal.master);
        close(events[0]);
        close(orders[1]);
        lead(slave, events[1], orders[0], argv);
    }
    close(slave);
    close(events[1]);
    close(orders[0]);
    terminal.events = events[0];
    terminal.orders = orders[1];
    if (read(terminal.events, &terminal.child, sizeof terminal.child) != sizeof terminal.child) {
        fatal("start", argv[0]);
    }
    input[0] = 0;
    take_output(LIMIT_MS);
    settle();
}

/* Next wait status of the program; false when none comes in time. */
static bool next_event(int *status)
{
    struct pollfd poll_for = {.fd = terminal.events, .events = POLLIN};
    long until = now_ms() + LIMIT_MS;

    while (now_ms() < until) {
        if (poll(&poll_for, 1, 10) > 0) {
            return read(terminal.events, status, sizeof *status) == sizeof *status;
        }
        take_output(10);
    }
    return false;
}

static void press(const char *name)
{
    static const struct {
        const char *name, *bytes;
    } keys[] = {
        {"Enter", "\r"},     {"Esc", "\033"},     {"Tab", "\t"},        {"S-Tab", "\033[Z"},
        {"Up", "\033OA"},    {"Down", "\033OB"},  {"Right", "\033OC"},  {"Left", "\033OD"},
        {"Home", "\033OH"},  {"End", "\033OF"},   {"PgUp", "\033[5~"},  {"PgDn", "\033[6~"},
        {"F1", "\033OP"},    {"F6", "\033[17~"}, {"Space", " "},      {"Backspace", "\177"}, {"Delete", "\033[3~"},
        {"PuTTY-Home", "\033[1~"}, {"PuTTY-F1", "\033[11~"},
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            put(keys[i].bytes, strlen(keys[i].bytes));
            settle();
            return;
        }
    }
    if (name[0] == 'C' && name[1] == '-' && name[2] && !name[3]) {
        char control = (char)(name[2] & 0x1F);

        put(&control, 1);
    } else if (name[0] == 'M' && name[1] == '-' && name[2]) {
        put("\033", 1);
        press(name + 2);
    } else {
        put(name, strlen(name));
    }
    settle();
}

static void paste(const char *path)
{
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    size_t got;

    if (!file) {
        fatal("paste", path);
    }
    if (terminal.pasting) {
        put("\033[200~", 6);
    }
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0) {
        for (size_t i = 0; i < got; i++) {
            bytes[i] = bytes[i] == '\n' ? '\r' : bytes[i];
        }
        put(bytes, got);
    }
    if (terminal.pasting) {
        put("\033[201~", 6);
    }
    fclose(file);
    for (long until = now_ms() + ALONE_MS; now_ms() < until;) {
        take_output(10);
    }
    settle();
}

static void wait_for(const char *text, bool wanted)
{
    long until = now_ms() + LIMIT_MS;
    bool there = strstr(screen_text(), text) != NULL;

    while (there != wanted && now_ms() < until) {
        take_output(20);
        there = strstr(screen_text(), text) != NULL;
    }
    report(there == wanted, "%s \"%s\"", wanted ? "the screen shows" : "the screen no longer shows", text);
    if (there != wanted) {
        show_screen();
    }
}

/* Whether the text stands at that cell. */
static bool stands_at(const char *text, int row, int col)
{
    for (; *text; col++) {
        VTermScreenCell cell = {.chars = {0}};
        char bytes[4 * VTERM_MAX_CHARS_PER_CELL];
        size_t used = 0;

        if (col >= terminal.cols) {
            return false;
        }
        vterm_screen_get_cell(terminal.screen, (VTermPos){.row = row, .col = col}, &cell);
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != (uint32_t)-1; i++) {
            used += put_utf8(bytes + used, cell.chars[i]);
        }
        if (!used && cell.chars[0] == 0) {
            bytes[used++] = ' ';
        }
        if (strncmp(text, bytes, used) != 0) {
            return false;
        }
        text += used;
    }
    return true;
}

static bool find_cell(const char *text, int first, int last, VTermPos *at)
{
    for (at->row = first; at->row <= last; at->row++) {
        for (at->col = 0; at->col < terminal.cols; at->col++) {
            if (stands_at(text, at->row, at->col)) {
                return true;
            }
        }
    }
    return false;
}

/* Until the text stands on these rows; a busy machine takes its time.  `last` below 0: the cursor's row. */
static bool await_cell(const char *text, int last, VTermPos *at)
{
    long until = now_ms() + LIMIT_MS;
    bool found = false;

    settle();
    while (!found && now_ms() < until) {
        found = last < 0 ? find_cell(text, terminal.cursor.row, terminal.cursor.row, at) : find_cell(text, 0, last, at);
        if (!found) {
            take_output(20);
        }
    }
    return found;
}

/* A mouse sequence where the text stands; `button` 64 and 65 are the wheel. */
static void point(const char *text, int button)
{
    VTermPos at;
    char bytes[64];
    int len;

    if (!await_cell(text, terminal.rows - 1, &at)) {
        report(false, "\"%s\" stands on the screen", text);
        show_screen();
        return;
    }
    report(terminal.mouse != 0, "the program listens to the mouse");
    len = snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dM", button, at.col + 1, at.row + 1);
    put(bytes, (size_t)len);
    if (button == 0) {
        len = snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dm", button, at.col + 1, at.row + 1);
        put(bytes, (size_t)len);
    }
    settle();
}

static void check_row(const char *text)
{
    VTermPos at;
    bool good = await_cell(text, -1, &at);

    report(good, "\"%s\" stands on the row of the cursor", text);
    if (!good) {
        show_screen();
    }
}

/* "bold underline 1" as the cell has it. */
static void look_of(VTermPos at, char look[80])
{
    VTermScreenCell cell;

    vterm_screen_get_cell(terminal.screen, at, &cell);
    snprintf(look, 80, "%s%s%s", cell.attrs.bold ? "bold " : "", cell.attrs.underline ? "underline " : "",
             cell.attrs.reverse ? "reverse " : "");
    if (VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)) {
        snprintf(look + strlen(look), 80 - strlen(look), "%d ", cell.fg.indexed.idx);
    }
    snprintf(look + strlen(look), 80 - strlen(look), "%s", look[0] ? "" : "normal ");
    look[strlen(look) - 1] = 0;
}

/* TEXT WORDS, with two blanks between. */
static void check_look(char *rest)
{
    char *words = strstr(rest, "  ");
    long until = now_ms() + LIMIT_MS;
    VTermPos at;
    char look[80] = "";

    if (!words) {
        fatal("look", "needs a text, two blanks and words");
    }
    *words = 0;
    words += 2;
    if (!await_cell(rest, terminal.rows - 1, &at)) {
        report(false, "\"%s\" stands on the screen", rest);
        show_screen();
        return;
    }
    for (look_of(at, look); strcmp(look, words) != 0 && now_ms() < until; look_of(at, look)) {
        take_output(20);
    }
    report(strcmp(look, words) == 0, "\"%s\" is %s (got %s)", rest, words, look);
}

static void check_title(const char *text)
{
    long until = now_ms() + LIMIT_MS;

    settle();
    while (strcmp(terminal.title, text) != 0 && now_ms() < until) {
        take_output(20);
    }
    report(strcmp(terminal.title, text) == 0, "the window is called \"%s\" (got \"%s\")", text, terminal.title);
}

/* --- tasks --- */

static struct {
    unsigned keys;        /* pressed since its start */
    unsigned allowed, least;
    char name[200];
} task;

static void begin_task(const char *rest)
{
    int used = 0;

    task.keys = 0;
    if (sscanf(rest, "%u %u %n", &task.allowed, &task.least, &used) != 2 || !used) {
        fatal("task", "needs two numbers and a text");
    }
    snprintf(task.name, sizeof task.name, "%s", rest + used);
}

static void end_task(void)
{
    report(task.keys == task.allowed, "%s: %u keys (%u stated, %u would be the least)", task.name, task.keys,
           task.allowed, task.least);
}

static void check_clipboard(const char *text)
{
    long until = now_ms() + LIMIT_MS;

    while (text[0] && !strstr(terminal.clip, text) && now_ms() < until) {
        take_output(20);
    }
    bool good = text[0] ? strstr(terminal.clip, text) != NULL : !terminal.clip[0];

    report(good, "the clipboard has \"%s\"", text);
    if (!good) {
        printf("# %s\n", terminal.clip);
    }
}

static void add_line(char *rest)
{
    char *text = strchr(rest, ' ');

    if (!text) {
        fatal("line", "needs a path and a text");
    }
    *text++ = 0;
    FILE *file = fopen(expand(rest), "ab");

    if (!file || fprintf(file, "%s\n", text) < 0 || fclose(file)) {
        fatal("cannot write", rest);
    }
}

static void compare(const char *name)
{
    char path[LINE_MAX_BYTES];
    static char expected[ROWS_MAX * COLS_MAX * 4];
    const char *text = screen_text();

    settle();
    text = screen_text();
    log_bytes('S', text, strlen(text));
    snprintf(path, sizeof path, "%s/tests/screen/expected/%s.txt", getenv("NDR_SRCDIR"), name);
    if (getenv("SCREEN_UPDATE")) {
        FILE *out = fopen(path, "wb");

        if (!out || fputs(text, out) < 0 || fclose(out)) {
            fatal("cannot write", path);
        }
    }
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(expected, 1, sizeof expected - 1, file) : 0;

    expected[got] = 0;
    if (file) {
        fclose(file);
    }
    report(strcmp(text, expected) == 0, "the whole screen is as in %s.txt", name);
    if (strcmp(text, expected) != 0) {
        show_screen();
    }
}

static struct {
    char text[ROWS_MAX * COLS_MAX * 4];
    VTermPos cursor;
} kept;

static void keep(void)
{
    settle();
    snprintf(kept.text, sizeof kept.text, "%s", screen_text());
    kept.cursor = terminal.cursor;
}

static bool is_kept(void)
{
    return strcmp(screen_text(), kept.text) == 0 && terminal.cursor.row == kept.cursor.row &&
           terminal.cursor.col == kept.cursor.col;
}

static void check_kept(void)
{
    long until = now_ms() + LIMIT_MS;

    settle();
    while (!is_kept() && now_ms() < until) {
        take_output(20);
    }
    report(is_kept(), "the screen and its cursor are as they were");
    if (!is_kept()) {
        show_screen();
    }
}

static void check_file(char *rest)
{
    char *text = strchr(rest, ' ');
    static char bytes[1 << 16];

    if (!text) {
        fatal("file", "needs a path and a text");
    }
    *text++ = 0;
    FILE *file = fopen(expand(rest), "rb");
    size_t got = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;

    bytes[got] = 0;
    if (file) {
        fclose(file);
    }
    report(strstr(bytes, text) != NULL, "%s holds \"%s\"", rest, text);
}

static int signal_number(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {
        {"TERM", SIGTERM}, {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"USR1", SIGUSR1},
        {"KILL", SIGKILL}, {"SEGV", SIGSEGV}, {"CONT", SIGCONT}, {"TSTP", SIGTSTP},
    };

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        if (strcmp(signals[i].name, name) == 0) {
            return signals[i].number;
        }
    }
    return 0;
}

static void is_left_whole(const char *when)
{
    struct termios now;
    bool same = terminal.master < 0 || tcgetattr(terminal.master, &now) < 0 ||
                (now.c_lflag == terminal.found.c_lflag && now.c_iflag == terminal.found.c_iflag &&
                 now.c_oflag == terminal.found.c_oflag);

    report(!terminal.alternate && !terminal.cursor_hidden && !terminal.pasting && !terminal.mouse && !terminal.titles &&
               same,
           "%s the terminal is as it was found (screen %d, cursor %d, paste %d, mouse %d, title %d, settings %d)", when,
           !terminal.alternate, !terminal.cursor_hidden, !terminal.pasting, !terminal.mouse, !terminal.titles, same);
}

static void stop(void)
{
    int status = 0;

    put("\032", 1);
    bool came = next_event(&status);

    settle();
    report(came && WIFSTOPPED(status), "Ctrl-Z stops the program");
    is_left_whole("while it is stopped");
}

static void go_on(void)
{
    if (write(terminal.orders, "c", 1) < 0) {
        fatal("continue", strerror(errno));
    }
    take_output(LIMIT_MS);
    settle();
}

static void end(const char *how)
{
    int status = 0;
    int wanted = signal_number(how);

    if (!next_event(&status)) {
        report(false, "the program ends");
        kill(terminal.child, SIGKILL);
        show_screen();
    } else {
        bool good = wanted ? WIFSIGNALED(status) && WTERMSIG(status) == wanted
                           : WIFEXITED(status) && WEXITSTATUS(status) == atoi(how);

        report(good, "it ends by %s (got %s %d)", how, WIFSIGNALED(status) ? "signal" : "status",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    if (terminal.master >= 0) {
        settle();
        if (wanted != SIGKILL) {
            is_left_whole("afterwards");
        } else {
            terminal.alternate = terminal.cursor_hidden = terminal.pasting = false; /* nobody could */
            terminal.mouse = terminal.titles = 0;
        }
        close(terminal.master);
    }
    close(terminal.orders);
    close(terminal.events);
    kill(terminal.leader, SIGKILL);
    waitpid(terminal.leader, NULL, 0);
    vterm_free(terminal.vt);
    terminal = (struct terminal){.cols = terminal.cols, .rows = terminal.rows, .master = -1};
}

/* A script that goes on behind the end of the program would look at an empty terminal. */
static void expect_alive(void)
{
    struct pollfd poll_for = {.fd = terminal.events, .events = POLLIN};

    if (terminal.child > 0 && poll(&poll_for, 1, 0) > 0) {
        fatal("the program has ended before this line", "");
    }
    if (terminal.child == 0) {
        fatal("no program runs at this line", "");
    }
}

static void run_line(char *line)
{
    char *rest = line + strcspn(line, " ");
    int cols = 0;
    int rows = 0;

    if (*rest) {
        *rest++ = 0;
    }
    if (strcmp(line, "size") == 0 && sscanf(rest, "%d %d", &cols, &rows) == 2) {
        set_size(cols, rows);
    } else if (strcmp(line, "env") == 0) {
        char *value = strchr(rest, '=');

        if (!value) {
            fatal("env", rest);
        }
        *value++ = 0;
        setenv(rest, expand(value), 1);
    } else if (strcmp(line, "stdin") == 0) {
        snprintf(input, sizeof input, "%s", expand(rest));
    } else if (strcmp(line, "start") == 0) {
        start(rest);
    } else if (strcmp(line, "key") == 0) {
        expect_alive();
        for (char *word = strtok(rest, " "); word; word = strtok(NULL, " ")) {
            task.keys++;
            log_keys(word);
            press(word);
            if (strcmp(word, "Esc") == 0) {
                /* On a busy machine the next key could still come as Alt with that key. */
                poll(NULL, 0, ALONE_MS);
                settle();
            }
        }
    } else if (strcmp(line, "type") == 0) {
        expect_alive();
        task.keys += (unsigned)strlen(expand(rest));
        log_keys(rest);
        put(expand(rest), strlen(expand(rest)));
        settle();
    } else if (strcmp(line, "paste") == 0) {
        task.keys++;
        log_keys("paste");
        paste(expand(rest));
    } else if (strcmp(line, "wait") == 0 || strcmp(line, "gone") == 0) {
        wait_for(rest, line[0] == 'w');
    } else if (strcmp(line, "screen") == 0) {
        expect_alive();
        compare(rest);
    } else if (strcmp(line, "click") == 0) {
        point(rest, 0);
    } else if (strcmp(line, "wheel") == 0 && strchr(rest, ' ')) {
        point(strchr(rest, ' ') + 1, strncmp(rest, "up", 2) == 0 ? 64 : 65);
    } else if (strcmp(line, "keep") == 0) {
        keep();
    } else if (strcmp(line, "same") == 0) {
        check_kept();
    } else if (strcmp(line, "row") == 0) {
        check_row(rest);
    } else if (strcmp(line, "look") == 0) {
        check_look(rest);
    } else if (strcmp(line, "task") == 0) {
        begin_task(rest);
    } else if (strcmp(line, "answered") == 0) {
        end_task();
    } else if (strcmp(line, "clipboard") == 0) {
        check_clipboard(rest);
    } else if (strcmp(line, "title") == 0) {
        check_title(rest);
    } else if (strcmp(line, "line") == 0) {
        add_line(rest);
    } else if (strcmp(line, "file") == 0) {
        check_file(rest);
    } else if (strcmp(line, "signal") == 0 && signal_number(rest)) {
        kill(terminal.child, signal_number(rest));
        settle();
    } else if (strcmp(line, "stop") == 0) {
        stop();
    } else if (strcmp(line, "continue") == 0) {
        go_on();
    } else if (strcmp(line, "hangup") == 0) {
        close(terminal.master);
        terminal.master = -1;
    } else if (strcmp(line, "times") == 0) {
        masks_times = true;
    } else if (strcmp(line, "end") == 0) {
        end(rest);
    } else {
        fatal("no such command", line);
    }
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

/* The fresh folder and what a script let the program write into it. */
static void remove_folder(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
    char line[LINE_MAX_BYTES];
    FILE *script = argc == 2 ? fopen(argv[1], "r") : NULL;

    if (!script || !getenv("NDR_PROGRAM") || !getenv("NDR_SRCDIR") || !mkdtemp(folder)) {
        fprintf(stderr, "usage: screen SCRIPT, with NDR_PROGRAM and NDR_SRCDIR set\n");
        return 2;
    }
    if (getenv("NDR_SCREEN_LOG")) {
        screen_log = fopen(getenv("NDR_SCREEN_LOG"), "ab");
    }
    /* What one script saves is not there for the next. */
    setenv("XDG_STATE_HOME", expand("$TMP/state"), 1);
    signal(SIGPIPE, SIG_IGN);
    script_name = strrchr(argv[1], '/') ? strrchr(argv[1], '/') + 1 : argv[1];
    while (fgets(line, sizeof line, script)) {
        script_line++;
        line[strcspn(line, "\n")] = 0;
        if (line[0] && line[0] != '#') {
            run_line(line);
        }
    }
    fclose(script);
    remove_folder();
    if (terminal.child > 0) {
        kill(terminal.child, SIGKILL);
        report(false, "the script ends the program");
    }
    printf("1..%u\n", tests);
    return failures != 0;
}
