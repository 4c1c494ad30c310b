#include "cli/line.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/paste.h"
#include "cli/tty.h"
#include "guard/guard.h"

enum { LINE_MAX_BYTES = 1 << 20, LINE_HISTORY_MAX = 500, LINE_KEY_MS = 20 };

#define CONTROL(c) ((c) & 0x1F)

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
    struct buf put_back;              /* what the next line begins with */
    struct buf ahead;                 /* the same in the line at hand */
    bool is_restricted;
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
    struct arena arena;
    struct line_choices choices = {.arena = &arena};
    const struct line_prompt *prompt = reader.prompt;

    (void)end;
    /* Without this readline would offer the names of files everywhere. */
    rl_attempted_completion_over = 1;
    if (!prompt->complete) {
        return NULL;
    }
    arena_init(&arena);
    prompt->complete(prompt->session, str_make(rl_line_buffer, (size_t)start), str_from(text), &choices);
    if (choices.has_files) {
        rl_filename_completion_desired = 1;
        arena_fini(&arena);
        return rl_completion_matches(text, rl_filename_completion_function);
    }
    reader.choices = &choices;
    char **matches = rl_completion_matches(text, next_choice);

    reader.choices = NULL;
    arena_fini(&arena);
    return matches;
}

/* --- keys --- */

/* readline's modes, but without signals from keys: a paste may hold such bytes.  It takes a terminal that we
 * have already for one that shows nothing. */
static void prepare_terminal(int meta)
{
    rl_prep_terminal(meta);
    rl_tty_set_echoing(1);
    tty_pass_keys();
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
    unsigned char c;

    if (reader.waiting.len) {
        c = (unsigned char)reader.waiting.ptr[0];
        reader.waiting = str_sub(reader.waiting, 1, reader.waiting.len);
        return c;
    }
    while (!tty_is_interrupted()) {
        ssize_t len = read(STDIN_FILENO, &c, 1);

        if (len == 1) {
            return c;
        }
        if (len == 0 || errno != EINTR) {
            return EOF;
        }
        rl_check_signals();
    }
    tty_calm();
    return CONTROL('C');
}

/* Takes out of a line what readline would do something for, or show as it is: it knows no controls but those
 * of ASCII, and to it all of those are keys. */
static void make_harmless(struct buf *line)
{
    struct str text = buf_str(line);
    size_t kept = 0;

    for (size_t pos = 0; pos < text.len;) {
        size_t from = pos;
        uint32_t code = utf8_next(text, &pos);

        if (code == UTF8_INVALID || !utf8_is_printable(code)) {
            line->ptr[kept++] = ' ';
            continue;
        }
        memmove(line->ptr + kept, line->ptr + from, pos - from);
        kept += pos - from;
    }
    line->len = kept;
}

/* A paste whose start mark has come: several lines are a report and end the line that is asked for, one line
 * is typed text. */
static int take_paste(void)
{
    buf_clear(&reader.pasted);
    paste_take_marked(&reader.pasted);
    struct str text = str_trim(buf_str(&reader.pasted));

    if (str_find_char(text, '\n', 0) != STR_NPOS) {
        rl_replace_line("", 0);
        return '\n';
    }
    buf_clear(&reader.ahead);
    buf_add_str(&reader.ahead, text);
    buf_clear(&reader.pasted);
    make_harmless(&reader.ahead);
    reader.waiting = buf_str(&reader.ahead);
    return reader.waiting.len ? read_byte() : 0;
}

/* How many bytes a character takes that begins so, 1 for what begins none. */
static size_t length_by(int first)
{
    return first < 0xC2 || first > 0xF4 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* The rest of a character whose first byte was typed; readline gets only what may be shown.  False when that is
 * nothing: a control beyond ASCII, half a character. */
static bool take_character(int first)
{
    static char bytes[4];
    size_t len = 1;
    size_t pos = 0;

    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        return first >= 0xA0;
    }
    bytes[0] = (char)first;
    while (len < length_by(first) && !tty_is_quiet(LINE_KEY_MS) && read(STDIN_FILENO, bytes + len, 1) == 1) {
        len++;
        if ((bytes[len - 1] & 0xC0) != 0x80) {
            reader.waiting = str_make(bytes + len - 1, 1); /* a key of its own */
            return false;
        }
    }
    uint32_t code = utf8_next(str_make(bytes, len), &pos);
    bool good = code != UTF8_INVALID && pos == len && utf8_is_printable(code);

    reader.waiting = good ? str_make(bytes + 1, len - 1) : STR_NULL;
    return good;
}

/* Whether the rest of the start mark follows an ESC; what else follows is read later. */
static bool is_paste_start(void)
{
    static const char paste_start[] = "\033[200~";
    static char ahead[sizeof paste_start];
    size_t len = 0;

    if (reader.waiting.len) {
        return false; /* in a paste itself */
    }
    while (len + 1 < sizeof paste_start - 1 && !tty_is_quiet(LINE_KEY_MS) && read(STDIN_FILENO, ahead + len, 1) == 1) {
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
            if (!reader.is_restricted) {
                suspend();
            }
        } else if (is_typed && c == 27 && is_paste_start()) {
            return take_paste();
        } else if (is_typed && c >= 0x80 && !take_character(c)) {
            return 0; /* a key that does nothing; readline may want to show what came before */
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

static void initialize(void)
{
    if (reader.is_ready) {
        return;
    }
    if (reader.is_restricted) {
        setenv("INPUTRC", "/dev/null", 1);
    }
    rl_readline_name = "ndr";
    rl_change_environment = 0;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " ";
    rl_getc_function = next_byte;
    rl_prep_term_function = prepare_terminal;
    buf_init(&reader.pasted, NDR_SOURCE_MAX_BYTES);
    buf_init(&reader.put_back, LINE_MAX_BYTES);
    buf_init(&reader.ahead, LINE_MAX_BYTES);
    rl_initialize();
    if (reader.is_restricted) {
        unbind_refused();
    }
    rl_variable_bind("bell-style", "none");
    if (strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0) {
        rl_variable_bind("output-meta", "off"); /* ASCII */
    }
    using_history();
    stifle_history(LINE_HISTORY_MAX);
    reader.is_ready = true;
}

static char *edit(const char *text)
{
    reader.interrupted = false;
    buf_clear(&reader.pasted);
    buf_clear(&reader.ahead);
    buf_add_str(&reader.ahead, buf_str(&reader.put_back));
    buf_clear(&reader.put_back);
    reader.waiting = buf_str(&reader.ahead);
    return readline(text);
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
    initialize();
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

void line_start(bool restricted)
{
    reader.is_restricted = restricted;
    tty_take();
}

void line_put_back(struct str text)
{
    buf_add_str(&reader.put_back, text);
}
