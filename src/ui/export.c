/* Texts that go out: to the terminal's clipboard by OSC 52, and into files. */
#include "ui/app.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/filter.h"
#include "base/text.h"
#include "session/redact.h"
#include "ui/term.h"

enum {
    EXPORT_WIDTH = 78,
    EXPORT_MAX_BYTES = 8 << 20,
    EXPORT_CLIPBOARD_MAX_BYTES = 74000, /* 100 kB of base64: the common limit of terminals */
    EXPORT_SCREEN_PIECE = 240,          /* GNU screen takes its strings in small pieces */
};

/* --- the text of a place --- */

static struct redact *redact_of(struct app *app)
{
    return settings_is(&app->session->settings, SETTING_REDACT, "yes") ? redact_new(&app->scratch, app->session->report)
                                                                       : NULL;
}

bool export_text(struct app *app, bool all, enum doc_format format, struct buf *out)
{
    struct place *place = app_place(app);
    const struct view *view = app_view(place->kind);
    struct redact *redact = redact_of(app);
    struct doc doc;

    if (view->plain && format == DOC_FORMAT_TEXT) {
        struct buf raw;

        buf_init(&raw, EXPORT_MAX_BYTES);
        if (view->plain(app, place, all, &raw)) {
            filter_text(out, redact ? redact_text(redact, buf_str(&raw)) : buf_str(&raw), FILTER_LINES);
        }
        buf_fini(&raw);
        if (out->len) {
            return true;
        }
    }
    doc_init(&doc, &app->scratch);
    if (!view->text || !view->text(app, place, all, &doc)) {
        return false;
    }
    if (redact) {
        redact_doc(redact, &doc);
    }
    doc_render(&doc, format, EXPORT_WIDTH, out);
    return out->len > 0;
}

/* --- the clipboard --- */

static void add_base64(struct buf *out, struct str data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < data.len; i += 3) {
        unsigned long three = 0;
        size_t left = data.len - i;

        for (size_t k = 0; k < 3; k++) {
            three = three << 8 | (k < left ? (unsigned char)data.ptr[i + k] : 0);
        }
        buf_add_char(out, digits[three >> 18 & 63]);
        buf_add_char(out, digits[three >> 12 & 63]);
        buf_add_char(out, left > 1 ? digits[three >> 6 & 63] : '=');
        buf_add_char(out, left > 2 ? digits[three & 63] : '=');
    }
}

/* tmux hands a wrapped sequence on to the terminal; an ESC inside is doubled. */
static void add_for_tmux(struct buf *out, struct str sequence)
{
    buf_add_z(out, "\033Ptmux;");
    for (size_t i = 0; i < sequence.len; i++) {
        if (sequence.ptr[i] == '\033') {
            buf_add_char(out, '\033');
        }
        buf_add_char(out, sequence.ptr[i]);
    }
    buf_add_z(out, "\033\\");
}

static void add_for_screen(struct buf *out, struct str sequence)
{
    for (size_t i = 0; i < sequence.len; i += EXPORT_SCREEN_PIECE) {
        buf_add_z(out, "\033P");
        buf_add_str(out, str_sub(sequence, i, EXPORT_SCREEN_PIECE));
        buf_add_z(out, "\033\\");
    }
}

static void send_to_clipboard(struct str text)
{
    struct buf sequence;
    struct buf out;
    const char *type = terminal.type;

    buf_init(&sequence, BUF_NO_LIMIT);
    buf_init(&out, BUF_NO_LIMIT);
    /* The explicit "c" is what mosh asks for. */
    buf_add_z(&sequence, "\033]52;c;");
    add_base64(&sequence, text);
    buf_add_z(&sequence, "\a");
    if (getenv("TMUX")) {
        /* Which of the two passes depends on tmux's options; the other one is dropped. */
        buf_add_str(&out, buf_str(&sequence));
        add_for_tmux(&out, buf_str(&sequence));
    } else if (getenv("STY") || (type && strncmp(type, "screen", 6) == 0)) {
        add_for_screen(&out, buf_str(&sequence));
    } else {
        buf_add_str(&out, buf_str(&sequence));
    }
    term_send(buf_str(&out));
    buf_fini(&sequence);
    buf_fini(&out);
}

/* Not every terminal has a clipboard for us. */
static struct str other_way(struct app *app)
{
    struct str key = app_key_of(app, app->options->restricted ? ACTION_PRINT : ACTION_WRITE);

    return str_printf(&app->scratch, app->options->restricted ? _("; %.*s shows it to select") : _("; %.*s writes a file"),
                      (int)key.len, key.ptr);
}

/* Sends a text, or says why not. */
static void copy_now(struct app *app, struct str text)
{
    struct str instead = other_way(app);

    if (text.len > EXPORT_CLIPBOARD_MAX_BYTES) {
        app_say(app, _("too long for a clipboard (74 kB)%.*s"), (int)instead.len, instead.ptr);
    } else {
        send_to_clipboard(text);
        app_say(app, _("sent to the terminal's clipboard (%zu bytes)%.*s"), text.len, (int)instead.len,
                instead.ptr);
    }
}

static bool has_clipboard(struct app *app)
{
    bool is_off = settings_is(&app->session->settings, SETTING_CLIPBOARD, "no");

    if (is_off) {
        app_say(app, "%s", _("the clipboard is off (clipboard = no)"));
    }
    return !is_off;
}

void export_copy(struct app *app, bool all)
{
    struct buf text;

    if (!has_clipboard(app)) {
        return;
    }
    buf_init(&text, EXPORT_MAX_BYTES);
    if (export_text(app, all, DOC_FORMAT_TEXT, &text)) {
        copy_now(app, buf_str(&text));
    } else {
        app_say(app, "%s", _("there is nothing to copy here"));
    }
    buf_fini(&text);
}

/* --- a ready text at once --- */

/* For whom: the letter, and the words of the question. */
static const struct {
    enum prose_reader reader;
    char letter;
    const char *words;
} readers[] = {
    {PROSE_TO_SENDER, 'u', _("u user")},
    {PROSE_TO_POSTMASTER, 'p', _("p postmaster")},
    {PROSE_TO_TICKET, 't', _("t ticket")},
};

enum { READERS = sizeof readers / sizeof readers[0] };

static void copy_for(struct app *app, char letter)
{
    struct redact *redact = redact_of(app);
    struct buf text;
    struct doc doc;

    doc_init(&doc, &app->scratch);
    buf_init(&text, EXPORT_MAX_BYTES);
    for (size_t i = 0; i < READERS; i++) {
        if (readers[i].letter == letter && session_doc_message(app->session, readers[i].reader, &doc)) {
            if (redact) {
                redact_doc(redact, &doc);
            }
            doc_render(&doc, DOC_FORMAT_TEXT, EXPORT_WIDTH, &text);
            copy_now(app, buf_str(&text));
        }
    }
    buf_fini(&text);
}

void export_copy_for(struct app *app)
{
    char letters[READERS + 1] = "";
    struct str words = STR_NULL;
    size_t count = 0;

    if (!has_clipboard(app)) {
        return;
    }
    for (size_t i = 0; i < READERS; i++) {
        struct doc doc;

        doc_init(&doc, &app->scratch);
        if (session_doc_message(app->session, readers[i].reader, &doc)) {
            letters[count++] = readers[i].letter;
            words = str_printf(&app->scratch, "%.*s  %s", (int)words.len, words.len ? words.ptr : "", readers[i].words);
        }
    }
    if (count) {
        app_choose(app, copy_for, letters, _("Copy:%.*s"), (int)words.len, words.ptr);
    } else {
        app_say(app, "%s", _("no ready text here"));
    }
}

/* --- links --- */

/* Links of the current place; the one of that number into `link`. */
static size_t find_link(struct app *app, size_t nth, struct str *link)
{
    const struct view *view = app_view(app_place(app)->kind);
    size_t count = 0;
    struct doc doc;

    doc_init(&doc, &app->scratch);
    if (view->text && view->text(app, app_place(app), true, &doc)) {
        for (size_t i = 0; i < doc.count; i++) {
            if (doc.blocks[i].kind == DOC_LINK && count++ == nth) {
                *link = filter_dup(&app->scratch, doc.blocks[i].text, 0);
            }
        }
    }
    return count;
}

void export_copy_link(struct app *app)
{
    struct str link = STR_NULL;
    size_t nth = app->link_place == app_place(app) ? app->link_next : 0;
    size_t count = find_link(app, nth, &link);

    if (count == 0) {
        app_say(app, "%s", _("there is no link here"));
        return;
    }
    if (!has_clipboard(app)) {
        return;
    }
    send_to_clipboard(link);
    app_say(app, _("link %zu of %zu sent to the terminal's clipboard: %.*s"), nth + 1, count, (int)link.len, link.ptr);
    app->link_place = app_place(app);
    app->link_next = (nth + 1) % count;
}

/* --- files --- */

static enum doc_format format_of(struct str path)
{
    if (str_ends_nocase(path, STR_LIT(".md"))) {
        return DOC_FORMAT_MARKDOWN;
    }
    bool is_html = str_ends_nocase(path, STR_LIT(".html")) || str_ends_nocase(path, STR_LIT(".htm"));

    return is_html ? DOC_FORMAT_HTML : DOC_FORMAT_TEXT;
}

/* Writes the whole text of the current place. */
static void write_now(struct app *app, bool overwrites)
{
    struct buf text;

    buf_init(&text, EXPORT_MAX_BYTES);
    if (!export_text(app, true, format_of(str_from(app->path)), &text)) {
        app_say(app, "%s", _("there is nothing to write here"));
    } else if (file_save(app->path, overwrites, buf_str(&text))) {
        app_say(app, _("written: %s (%zu bytes)"), app->path, text.len);
    } else {
        app_say(app, errno == EACCES ? _("%s: %s (home, this and the temporary folder are open)") : "%s: %s",
                app->path, strerror(errno));
    }
    buf_fini(&text);
}

static void overwrite(struct app *app)
{
    write_now(app, true);
}

void export_write(struct app *app, struct str path)
{
    char *name = str_dup_z(&app->scratch, str_trim(path));
    const char *home = getenv("HOME");

    if (app->options->restricted || !*name) {
        return;
    }
    if (name[0] == '~' && name[1] == '/' && home) {
        name = file_join(&app->scratch, home, name + 2);
    }
    if (strlen(name) >= sizeof app->path) {
        app_say(app, "%s", _("this name is too long"));
        return;
    }
    memcpy(app->path, name, strlen(name) + 1);
    if (file_exists(app->path)) {
        app_ask(app, overwrite, _("%s exists. Overwrite it? y/n"), app->path);
    } else {
        write_now(app, false);
    }
}

static void path_accepted(struct app *app, struct str text)
{
    export_write(app, text);
}

static const struct prompt_job write_job = {.label = "Write to: ", .accepted = path_accepted};

void export_ask(struct app *app)
{
    const struct place *place = app_place(app);
    const struct view *view = app_view(place->kind);

    if (!view->file) {
        app_say(app, "%s", _("there is nothing to write here"));
        return;
    }
    struct str name = view->file(app, place);

    prompt_open(app, &write_job, str_printf(&app->scratch, "%.*s.txt", (int)name.len, name.ptr));
}
