#include "cli/line.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/file.h"
#include "base/text.h"
#include "guard/guard.h"

enum { LINE_MAX_BYTES = 1 << 20, LINE_HISTORY_MAX = 500 };

/* What readline's hooks see; they carry no context of their own. */
static struct {
    const struct line_prompt *prompt; /* that is asked now */
    struct line_choices *choices;
    size_t next;
    char *last;                       /* line given last */
    bool is_ready;
    bool has_history;                 /* that of earlier runs was read */
    bool interrupted;                 /* this line ended by Ctrl-C */
    bool was_interrupted;             /* so did the one before */
    struct str waiting;               /* bytes read ahead */
    struct buf pasted;                /* several lines that were pasted where one is asked for */
} reader;

/* --- completion --- */

void line_choice(struct line_choices *choices, struct str choice)
{
    if (choices->count < LINE_CHOICES_MAX) {
        choices->items[choices->count++] = choice;
    }
}

static char *next_choice(const char *text, int state)
{
    reader.next = state == 0 ? 0 : reader.next;
    while (reader.next < reader.choices->count) {
        struct str choice = reader.choices->items[reader.next++];

        if (str_starts_nocase(choice, str_from(text))) {
            return strndup(choice.ptr, choice.len);
        }
    }
    return NULL;
}

static char **complete(const char *text, int start, int end)
{
    struct line_choices choices = {.count = 0};
    const struct line_prompt *prompt = reader.prompt;

    (void)end;
    /* Without this readline would offer the names of files everywhere. */
    rl_attempted_completion_over = 1;
    if (!prompt->complete) {
        return NULL;
    }
    prompt->complete(prompt->session, str_make(rl_line_buffer, (size_t)start), str_from(text), &choices);
    if (choices.has_files) {
        rl_filename_completion_desired = 1;
        return rl_completion_matches(text, rl_filename_completion_function);
    }
    reader.choices = &choices;
    char **matches = rl_completion_matches(text, next_choice);

    reader.choices = NULL;
    return matches;
}

/* --- a report that is pasted --- */

enum { PASTE_QUIET_MS = 100, PASTE_DOT_MS = 50, KEY_MS = 20 };

#define CONTROL(c) ((c) & 0x1F)

static const char paste_start[] = "\033[200~";
static const char paste_end[] = "\033[201~";

struct paste {
    struct buf *text;
    size_t line_from;   /* where the current line begins */
    size_t matched;     /* bytes of a mark seen at the very end */
    bool is_marked;     /* between the marks of a paste */
    bool has_end;       /* its end mark came; what follows at once still belongs to it */
    bool has_paste;     /* a marked paste is in the text */
    bool was_return;    /* the byte before was CR */
    bool is_cancelled;
    bool is_burst;      /* a paste without marks: silence ends it */
};

/* Shows what is typed; the terminal does not while the text comes in.  Never a control. */
static void echo(const struct paste *p, char c)
{
    unsigned char byte = (unsigned char)c;
    bool is_c1 = byte >= 0x80 && byte < 0xA0 && p->text->len > 1 && p->text->ptr[p->text->len - 2] == '\xC2';

    if (p->matched == 0 && (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte != 0x7F && !is_c1))) {
        file_write_all(STDOUT_FILENO, str_make(&c, 1));
    }
}

/* Whether `mark` has come whole with this byte; it is then taken out of the text again. */
static bool take_mark(struct paste *p, const char *mark, char c)
{
    p->matched = c == mark[p->matched] ? p->matched + 1 : c == mark[0];
    if (mark[p->matched]) {
        return false;
    }
    p->matched = 0;
    p->text->len -= p->text->len >= strlen(mark) && p->text->dropped == 0 ? strlen(mark) : 0;
    return true;
}

static void erase(struct paste *p)
{
    if (p->text->len > p->line_from) {
        do {
            p->text->len--;
        } while (p->text->len > p->line_from && (p->text->ptr[p->text->len] & 0xC0) == 0x80);
        file_write_all(STDOUT_FILENO, STR_LIT("\b \b"));
    }
}

/* Whether a line that was typed says that the text is complete. */
static bool line_ends_it(const struct paste *p)
{
    struct str line = str_trim(str_sub(buf_str(p->text), p->line_from, p->text->len));

    return str_equal(line, STR_LIT(".")) || (p->has_paste && line.len == 0 && p->line_from == p->text->len - 1);
}

/* Takes a byte; false when the text is complete.  An end counts only where nothing follows at once: a
 * report may hold a line with a dot. */
static bool take_byte(struct paste *p, char c, bool is_last)
{
    if (p->is_marked) {
        buf_add_char(p->text, c);
        p->has_end = take_mark(p, paste_end, c) || p->has_end;
        return true;
    }
    if (c == CONTROL('C')) {
        p->is_cancelled = true;
        return false;
    }
    if (c == CONTROL('D') && is_last) {
        return false;
    }
    if (c == 8 || c == 127) {
        erase(p);
        return true;
    }
    buf_add_char(p->text, c);
    if (take_mark(p, paste_start, c)) {
        p->is_marked = true;
        p->has_end = false;
        return true;
    }
    echo(p, c);
    if (c == '\n') {
        if (is_last && line_ends_it(p)) {
            p->text->len = p->line_from;
            return false;
        }
        p->line_from = p->text->len;
    }
    return true;
}

static bool is_quiet(int ms)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&fd, 1, ms) == 0;
}

static void tell_size(struct paste *p)
{
    struct str text = buf_str(p->text);
    size_t lines = 0;
    char line[120];

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n' || i + 1 == text.len;
    }
    int len = snprintf(line, sizeof line, _("%zu lines pasted. Enter ends it; or paste more.\n"), lines);

    file_write_all(STDOUT_FILENO, str_make(line, (size_t)len));
    if (text.len && text.ptr[text.len - 1] != '\n') {
        buf_add_char(p->text, '\n');
    }
    p->line_from = p->text->len;
    p->is_marked = false;
    p->has_paste = true;
}

/* A block as it came; false when the text is complete. */
static bool take_block(struct paste *p, char *block, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool is_second = block[i] == '\n' && p->was_return; /* of CR LF */

        p->was_return = block[i] == '\r';
        if (is_second) {
            continue;
        }
        char c = block[i] == '\r' ? '\n' : block[i];
        bool may_end = !p->is_marked && i + 1 == len && (c == '\n' || c == CONTROL('D'));

        if (!take_byte(p, c, may_end && is_quiet(PASTE_DOT_MS))) {
            return false;
        }
    }
    return true;
}

/* Signals that end the program: the terminal is given back first. */
static const int ending[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

enum { ENDING = sizeof ending / sizeof ending[0] };

static volatile sig_atomic_t ended_by;

static void on_ending(int number)
{
    ended_by = number;
}

static void catch_ending(struct sigaction *before)
{
    struct sigaction action = {.sa_handler = on_ending};

    sigemptyset(&action.sa_mask);
    ended_by = 0;
    for (size_t i = 0; i < ENDING; i++) {
        sigaction(ending[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) {
            sigaction(ending[i], &action, NULL);
        }
    }
}

static void release_ending(const struct sigaction *before)
{
    for (size_t i = 0; i < ENDING; i++) {
        sigaction(ending[i], &before[i], NULL);
    }
    if (ended_by) {
        raise(ended_by);
    }
}

/* Reads until the text is complete. */
static void read_paste(struct paste *p)
{
    static char block[64 << 10];

    for (;;) {
        if (p->is_marked && p->has_end && is_quiet(PASTE_QUIET_MS)) {
            if (p->is_burst) {
                return;
            }
            tell_size(p);
        }
        ssize_t len = read(STDIN_FILENO, block, sizeof block);

        if (len < 0 && errno == EINTR && !ended_by) {
            continue;
        }
        if (len <= 0 || !take_block(p, block, (size_t)len)) {
            return;
        }
    }
}

static void paste_from_terminal(struct paste *p)
{
    struct termios before;
    bool is_set = tcgetattr(STDIN_FILENO, &before) == 0;
    struct termios raw = before;
    const char *type = getenv("TERM");
    bool can_mark = type && *type && strcmp(type, "dumb") != 0;
    struct sigaction handlers[ENDING];

    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag &= (tcflag_t) ~(ICRNL | IXON);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    catch_ending(handlers);
    if (is_set) {
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    file_write_all(STDOUT_FILENO, can_mark ? STR_LIT("\033[?2004h") : STR_NULL);
    read_paste(p);
    file_write_all(STDOUT_FILENO, can_mark ? STR_LIT("\033[?2004l") : STR_NULL);
    if (is_set) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    release_ending(handlers);
}

/* A paste whose start mark was read, in a terminal that is raw already. */
static void paste_marked(struct buf *text)
{
    struct paste paste = {.text = text, .is_marked = true, .is_burst = true};

    read_paste(&paste);
}

static void paste_from_pipe(struct paste *p)
{
    int c;

    while ((c = getc(stdin)) != EOF) {
        buf_add_char(p->text, (char)c);
        if (c == '\n' && line_ends_it(p)) {
            p->text->len = p->line_from;
            return;
        }
        p->line_from = c == '\n' ? p->text->len : p->line_from;
    }
}

/* --- keys --- */

/* readline's modes, but without signals from keys: a paste may hold such bytes. */
static void prepare_terminal(int meta)
{
    struct termios modes;

    rl_prep_terminal(meta);
    if (tcgetattr(STDIN_FILENO, &modes) == 0) {
        modes.c_lflag &= (tcflag_t)~ISIG;
        modes.c_iflag &= (tcflag_t)~IXON; /* nor may one stop the output */
        tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    }
}

/* As the shell's job control wants it. */
static void suspend(void)
{
    rl_deprep_terminal();
    kill(0, SIGTSTP);
    prepare_terminal(1);
    rl_forced_update_display();
}

static int read_byte(void)
{
    for (;;) {
        unsigned char c;
        ssize_t len = reader.waiting.len ? 1 : read(STDIN_FILENO, &c, 1);

        if (reader.waiting.len) {
            c = (unsigned char)reader.waiting.ptr[0];
            reader.waiting = str_sub(reader.waiting, 1, reader.waiting.len);
        }
        if (len == 1) {
            return c;
        }
        if (len == 0 || errno != EINTR) {
            return EOF;
        }
        rl_check_signals();
    }
}

/* A paste whose start mark has come: several lines are a report and end the line that is asked for, one line
 * is typed text. */
static int take_paste(void)
{
    buf_clear(&reader.pasted);
    paste_marked(&reader.pasted);
    struct str text = buf_str(&reader.pasted);

    if (str_find_char(str_trim(text), '\n', 0) != STR_NPOS) {
        rl_replace_line("", 0);
        return '\n';
    }
    reader.waiting = str_trim(text);
    buf_clear(&reader.pasted);
    return reader.waiting.len ? read_byte() : 0;
}

/* Whether the rest of the start mark follows an ESC; what else follows is read later. */
static bool is_paste_start(void)
{
    static char ahead[sizeof paste_start];
    size_t len = 0;

    if (reader.waiting.len) {
        return false; /* in a paste itself */
    }
    while (len + 1 < sizeof paste_start - 1 && !is_quiet(KEY_MS) && read(STDIN_FILENO, ahead + len, 1) == 1) {
        len++;
        if (ahead[len - 1] != paste_start[len]) {
            break;
        }
    }
    bool is_start = len + 1 == sizeof paste_start - 1 && ahead[len - 1] == '~';

    reader.waiting = is_start ? STR_NULL : str_make(ahead, len);
    return is_start;
}

static int next_byte(FILE *stream)
{
    (void)stream;
    for (;;) {
        bool is_typed = reader.waiting.len == 0;
        int c = read_byte();

        if (is_typed && c == CONTROL('C')) {
            reader.interrupted = true;
            rl_replace_line("", 0);
            return '\n';
        }
        if (is_typed && c == CONTROL('Z')) {
            suspend();
        } else if (is_typed && c == 27 && is_paste_start()) {
            return take_paste();
        } else if (c != CONTROL('\\')) {
            return c;
        }
    }
}

/* --- asking --- */

static void remember(void *context, struct str line)
{
    char *text = strndup(line.ptr, line.len);

    (void)context;
    if (text) {
        add_history(text);
    }
    free(text);
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

static void hold_ending(int how)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < ENDING; i++) {
        sigaddset(&set, ending[i]);
    }
    sigprocmask(how, &set, NULL);
}

/* readline has its handlers now, which give the terminal back. */
static int let_end(void)
{
    hold_ending(SIG_UNBLOCK);
    return 0;
}

static void initialize(const struct line_prompt *prompt)
{
    if (reader.is_ready) {
        return;
    }
    if (getenv("NDR_RESTRICTED") || (prompt->session && prompt->session->restricted)) {
        setenv("INPUTRC", "/dev/null", 1);
    }
    rl_readline_name = "ndr";
    rl_change_environment = 0;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " ";
    rl_getc_function = next_byte;
    rl_prep_term_function = prepare_terminal;
    rl_startup_hook = let_end;
    buf_init(&reader.pasted, NDR_SOURCE_MAX_BYTES);
    rl_initialize();
    if (prompt->session && prompt->session->restricted) {
        unbind_refused();
    }
    rl_variable_bind("bell-style", "none");
    using_history();
    stifle_history(LINE_HISTORY_MAX);
    reader.is_ready = true;
}

static char *edit(const char *text)
{
    reader.interrupted = false;
    reader.waiting = STR_NULL;
    buf_clear(&reader.pasted);
    hold_ending(SIG_BLOCK);
    char *line = readline(text);

    hold_ending(SIG_UNBLOCK);
    return line;
}

static char *edit_command(const struct line_prompt *prompt)
{
    if (!reader.has_history) {
        session_history_each(prompt->session, remember, NULL);
        reader.has_history = true;
    }
    char *line = edit(prompt->text);

    if (line && *line && !reader.interrupted) {
        add_history(line);
    }
    return line;
}

/* Answers are nothing to come back to, and commands are no answers. */
static char *edit_answer(const struct line_prompt *prompt)
{
    HISTORY_STATE none = {.offset = 0};
    HISTORY_STATE *kept = history_get_history_state();

    history_set_history_state(&none);
    char *line = edit(prompt->text);

    history_set_history_state(kept);
    free(kept);
    return line;
}

static char *read_edited(const struct line_prompt *prompt)
{
    initialize(prompt);
    reader.prompt = prompt;
    return prompt->session ? edit_command(prompt) : edit_answer(prompt);
}

/* Next line of a pipe, without readline, which would echo it. */
static char *read_plain(void)
{
    char *line = NULL;
    size_t room = 0;

    errno = 0;
    if (getline(&line, &room, stdin) < 0) {
        if (errno == ENOMEM) {
            mem_fail(); /* no end of the input */
        }
        free(line);
        return NULL;
    }
    return line;
}

bool line_read(const struct line_prompt *prompt, struct str *line)
{
    bool terminal = isatty(STDIN_FILENO);

    free(reader.last);
    reader.last = terminal ? read_edited(prompt) : read_plain();
    if (!reader.last || (reader.interrupted && reader.was_interrupted)) {
        return false;
    }
    reader.was_interrupted = reader.interrupted;
    if (reader.pasted.len) {
        *line = buf_str(&reader.pasted);
        return true;
    }
    *line = str_trim(str_sub(str_from(reader.last), 0, LINE_MAX_BYTES));
    if (terminal && reader.interrupted) {
        file_write_all(STDOUT_FILENO, STR_LIT(_("^C\nCtrl-C again leaves.\n")));
        *line = STR_NULL;
    }
    if (terminal && line->len && prompt->session) {
        session_history_add(prompt->session, *line);
    }
    return true;
}

bool line_ask(const char *question, struct str *line)
{
    return line_read(&(struct line_prompt){.text = question}, line);
}

bool line_paste(struct buf *text)
{
    struct paste paste = {.text = text, .line_from = text->len};

    if (isatty(STDIN_FILENO)) {
        paste_from_terminal(&paste);
    } else {
        paste_from_pipe(&paste);
    }
    return !paste.is_cancelled;
}

bool line_rest(struct buf *text)
{
    struct paste paste = {.text = text, .is_marked = true, .has_end = true, .is_burst = true};

    if (!isatty(STDIN_FILENO) || is_quiet(0)) {
        return false;
    }
    paste_from_terminal(&paste);
    return true;
}
