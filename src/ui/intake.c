/* Text that comes in from outside: a paste read straight from the terminal, a burst of characters
 * from a terminal that does not mark pastes, a file. */
#include "ui/app.h"

#include <curses.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ui/term.h"

enum {
    INTAKE_BLOCK_BYTES = 64 << 10,
    INTAKE_QUIET_MS = 100,  /* after the end mark or without marks: what comes still belongs to the paste */
    INTAKE_LOST_MS = 2000,  /* no end mark: the paste was cut */
    INTAKE_BURST_MIN = 8,   /* characters waiting at once that nobody types */
    INTAKE_DOUBLED_MIN = 4, /* lines that tell it */
    INTAKE_BURST_KINDS = 4, /* different ones; a held key repeats a single one */
    INTAKE_UNGET_MAX = 64,
    INTAKE_REPORT_LINES = 3,
};

#define END_MARK "\033[201~"

/* Reading a paste, block by block. */
struct intake {
    struct buf bytes;  /* what came, the end mark too */
    size_t matched;    /* bytes of the end mark seen at the very end */
    bool has_end;      /* an end mark came */
    bool is_cut;       /* it never did */
    bool needs_end;    /* a marked paste; otherwise silence ends it */
};

static void look_for_end(struct intake *intake, const char *block, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (block[i] == END_MARK[intake->matched]) {
            intake->matched++;
        } else {
            intake->matched = block[i] == END_MARK[0];
        }
        if (intake->matched == sizeof END_MARK - 1) {
            intake->has_end = true;
            intake->matched = 0;
        }
    }
}

/* How long the next bytes may take.  Behind an end mark only what waits already is read: the rest of the time is
 * spent when the text can be seen (intake_goes_on). */
static int patience(const struct intake *intake)
{
    return !intake->needs_end ? INTAKE_QUIET_MS : intake->has_end ? 0 : INTAKE_LOST_MS;
}

/* Reads until the end of the paste; nothing is painted meanwhile.  What is beyond the limit is read
 * and dropped, or it would come in as keys. */
static void read_all(struct intake *intake)
{
    char *block = mem_alloc(INTAKE_BLOCK_BYTES);

    while (!terminal.leave) {
        struct pollfd fd = {.fd = terminal.in, .events = POLLIN};
        int ready = poll(&fd, 1, patience(intake));

        if (ready < 0) {
            continue;
        }
        ssize_t len = ready > 0 ? read(terminal.in, block, INTAKE_BLOCK_BYTES) : 0;

        if (len <= 0) {
            intake->is_cut = intake->needs_end && !intake->has_end;
            break;
        }
        look_for_end(intake, block, (size_t)len);
        buf_add(&intake->bytes, block, (size_t)len);
    }
    mem_free(block);
}

/* Adds the text with LF line ends, a line at a time. */
static void add_lines(struct buf *out, struct str text)
{
    while (text.len) {
        size_t end = str_find_char(text, '\r', 0);

        if (end == STR_NPOS) {
            buf_add_str(out, text);
            return;
        }
        buf_add_str(out, str_sub(text, 0, end));
        text = str_sub(text, end + 1, text.len);
        if (text.len == 0 || text.ptr[0] != '\n') {
            buf_add_char(out, '\n');
        }
    }
}

/* Adds the text with LF line ends and without its last end mark. */
static void add_text(struct buf *out, struct str text)
{
    size_t mark = STR_NPOS;

    for (size_t at = str_find(text, STR_LIT(END_MARK), 0); at != STR_NPOS;
         at = str_find(text, STR_LIT(END_MARK), at + 1)) {
        mark = at;
    }
    if (mark != STR_NPOS) {
        add_lines(out, str_sub(text, 0, mark));
        text = str_sub(text, mark + sizeof END_MARK - 1, text.len);
    }
    add_lines(out, text);
}

static size_t count_lines(struct str text)
{
    size_t lines = 0;

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n';
    }
    return lines;
}

/* A text with CRLF comes through some terminals and through tmux with two ends for each line.  Where every line has
 * them, one goes: a header would end behind its first line. */
static void join_doubled_ends(struct buf *text)
{
    size_t ends = 0;
    size_t kept = 0;

    for (size_t i = 0; i < text->len; i++) {
        if (text->ptr[i] != '\n') {
            continue;
        }
        if (i + 1 == text->len || text->ptr[++i] != '\n') {
            return;
        }
        ends++;
    }
    if (ends < INTAKE_DOUBLED_MIN) {
        return;
    }
    for (size_t i = 0; i < text->len; i++) {
        text->ptr[kept++] = text->ptr[i];
        i += text->ptr[i] == '\n';
    }
    text->len = kept;
}

/* Gives text to the prompt when one is up and it looks like a line, else to the paste screen. */
static void deliver(struct app *app, const struct intake *intake)
{
    struct buf text;

    buf_init(&text, APP_PASTE_MAX_BYTES);
    add_text(&text, buf_str(&intake->bytes));
    join_doubled_ends(&text);
    /* Nobody types several lines at a prompt: a search, a name and a command have one. */
    bool is_report = count_lines(buf_str(&text)) >= INTAKE_REPORT_LINES;

    if (app->prompt.job && is_report && app_context(app) != ACTION_IN_SEARCH) {
        prompt_close(app);
    }
    if (app->prompt.job && !is_report) {
        prompt_insert(app, buf_str(&text));
    } else {
        buf_add_str(&app->pasted, buf_str(&text));
        app->pasted.dropped += intake->bytes.dropped;
        app->paste_was_cut = intake->is_cut;
        paste_received(app);
    }
    buf_fini(&text);
}

void intake_paste(struct app *app)
{
    struct intake intake = {.needs_end = true};

    app->marks_pastes = true;
    app->message[0] = '\0';
    buf_init(&intake.bytes, APP_PASTE_MAX_BYTES);
    read_all(&intake);
    deliver(app, &intake);
    buf_fini(&intake.bytes);
    app->has_pasted = true;
}

/* An end mark inside of a hostile text must not let the rest of it in as keys: what follows so closely on the
 * mark that nobody can have typed it is text, too. */
bool intake_goes_on(struct app *app)
{
    struct pollfd fd = {.fd = terminal.in, .events = POLLIN};
    struct intake intake = {.needs_end = false};

    if (!app->has_pasted) {
        return false;
    }
    app->has_pasted = false;
    if (poll(&fd, 1, INTAKE_QUIET_MS) <= 0) {
        return false;
    }
    buf_init(&intake.bytes, APP_PASTE_MAX_BYTES);
    read_all(&intake);
    if (intake.bytes.len) {
        deliver(app, &intake);
    }
    buf_fini(&intake.bytes);
    return true;
}

static int waiting_bytes(void)
{
    int waiting = 0;

    return ioctl(terminal.in, FIONREAD, &waiting) == 0 ? waiting : 0;
}

/* Whether bytes look like text and not like keys: nothing but characters and line ends, and not the
 * same few over and over. */
static bool looks_like_text(struct str bytes)
{
    bool seen[256] = {false};
    int kinds = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];

        if (c < 0x20 && c != '\r' && c != '\n' && c != '\t') {
            return bytes.len > INTAKE_UNGET_MAX;
        }
        kinds += !seen[c];
        seen[c] = true;
    }
    return kinds >= INTAKE_BURST_KINDS || bytes.len > INTAKE_UNGET_MAX;
}

bool intake_waits(int characters)
{
    return waiting_bytes() >= characters;
}

void intake_rest(struct app *app, const struct key *first)
{
    struct intake intake = {.needs_end = false};

    buf_init(&intake.bytes, APP_PASTE_MAX_BYTES);
    buf_add(&intake.bytes, first->text, first->text_len);
    if (key_is(first, "Enter")) {
        buf_add_char(&intake.bytes, '\n');
    }
    read_all(&intake);
    add_text(&app->pasted, buf_str(&intake.bytes));
    app->pasted.dropped += intake.bytes.dropped;
    buf_fini(&intake.bytes);
}

/* Whether the key opens a prompt, where letters do no harm; a letter may as well begin a text. */
static bool opens_prompt(const struct app *app, const struct key *key)
{
    if (str_is_alnum(key->text[0])) {
        return false;
    }
    switch (action_for_key(app_keymap(app), str_from(key->name), app_context(app), app->options->restricted)) {
    case ACTION_PROMPT:
    case ACTION_SEARCH:
    case ACTION_SEARCH_ALL:
    case ACTION_FIND:
    case ACTION_FILTER_KEYS:
    case ACTION_FILTER_SAVED:
    case ACTION_FILTER_REPORTS:
        return true;
    default:
        return false;
    }
}

bool intake_burst(struct app *app, const struct key *first)
{
    char bytes[INTAKE_UNGET_MAX + 1];

    if (app->marks_pastes || opens_prompt(app, first) ||
        !intake_waits(INTAKE_BURST_MIN - 1)) {
        return false;
    }
    ssize_t len = read(terminal.in, bytes, sizeof bytes);

    if (len <= 0) {
        return false;
    }
    if (!looks_like_text(str_make(bytes, (size_t)len))) {
        while (len > 0) {
            ungetch((unsigned char)bytes[--len]);
        }
        return false;
    }
    struct intake intake = {.needs_end = false};

    buf_init(&intake.bytes, APP_PASTE_MAX_BYTES);
    buf_add(&intake.bytes, first->text, first->text_len);
    buf_add(&intake.bytes, bytes, (size_t)len);
    read_all(&intake);
    deliver(app, &intake);
    buf_fini(&intake.bytes);
    return true;
}

/* --- files --- */

static void file_accepted(struct app *app, struct str text)
{
    if (text.len) {
        intake_file(app, text);
    }
}

static const struct prompt_job file_job = {.label = "Read the report from: ",
                                           .accepted = file_accepted};

void intake_ask(struct app *app)
{
    prompt_open(app, &file_job, STR_NULL);
}

void intake_file(struct app *app, struct str path)
{
    struct buf bytes;
    char *name = str_dup_z(&app->scratch, str_trim(path));
    const char *home = getenv("HOME");

    if (name[0] == '~' && name[1] == '/' && home) {
        name = file_join(&app->scratch, home, name + 2);
    }
    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    enum file_result result = file_read(name, &bytes);

    if (result != FILE_OK && result != FILE_TRUNCATED) {
        if (result != FILE_UNREADABLE || !app_tell_walls(app, name)) {
            app_say(app, "%s: %s", name, file_result_text(result));
        }
    } else {
        app_take_report(app, buf_str(&bytes));
        if (result == FILE_TRUNCATED) {
            app_say(app, "%s", _("the file is larger than 32 MB; only its start was read"));
        }
    }
    buf_fini(&bytes);
}
