#include "cli/talk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/paste.h"
#include "cli/tty.h"
#include "session/redact.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { MENU_PAGE_LINES = 20, TALK_WRITE_WIDTH = 78, TALK_WRITE_MAX_BYTES = 8 << 20 };

bool talk_flush(struct cli *cli)
{
    if (cli_flush(cli) || cli->lost != EINTR) {
        return !cli->lost;
    }
    cli->lost = 0;
    tty_calm();
    cli_print(cli, _("\nStopped.\n"));
    return cli_flush(cli);
}

bool talk_ask(struct cli *cli, const char *question, struct str *line)
{
    return talk_flush(cli) && line_ask(question, line);
}

/* --- numbered choices --- */

void menu_add(struct menu *menu, const char *format, ...)
{
    struct cli *cli = menu->cli;
    va_list args;

    va_start(args, format);
    *VEC_PUSH(cli->arena, menu->items, menu->count, menu->capacity) = str_vprintf(cli->arena, format, args);
    va_end(args);
}

static void print_items(const struct menu *menu, size_t *from)
{
    size_t end = *from + MENU_PAGE_LINES;

    /* One line more is no reason to ask. */
    end = end + 1 >= menu->count ? menu->count : end;
    for (; *from < end; ++*from) {
        cli_print(menu->cli, "%zu. %.*s\n", *from + 1, STR_ARGS(menu->items[*from]));
    }
    if (*from < menu->count) {
        cli_print(menu->cli, _("%zu of %zu; Enter shows more.\n"), *from, menu->count);
    }
}

static void print_menu_help(const struct menu *menu)
{
    cli_print(menu->cli, "%s", _("Type the number of a line, then Enter. b goes back, h goes to the first list,\n"
                                 "q quits. Enter alone shows the lines again, or the rest of a long list.\n"));
    if (menu->words) {
        cli_print(menu->cli, "%s", _("A code such as 5.7.23 or words are looked up at once.\n"));
    }
}

/* What a line says; `*choice` is set unless it has to be asked again. */
static bool read_choice(struct menu *menu, struct str line, int *choice)
{
    static const struct {
        const char *word;
        int choice;
    } ways[] = {{"b", MENU_BACK}, {"back", MENU_BACK}, {"h", MENU_HOME}, {"home", MENU_HOME},
                {"q", MENU_QUIT}, {"quit", MENU_QUIT}, {"exit", MENU_QUIT}};
    unsigned number = 0;

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (str_equal(line, str_from(ways[i].word))) {
            *choice = ways[i].choice;
            return true;
        }
    }
    if (str_to_uint(line, 1000000, &number) && number >= 1 && number <= menu->count) {
        *choice = (int)number - 1;
        return true;
    }
    if (talk_take_lines(menu->cli, line)) {
        *choice = MENU_REPORT;
        return true;
    }
    if (menu->words) {
        *menu->words = str_dup(menu->cli->arena, line);
        *choice = MENU_WORDS;
        return true;
    }
    return false;
}

int menu_ask(struct menu *menu)
{
    struct str line;
    size_t shown = 0;
    int choice;

    print_items(menu, &shown);
    while (talk_ask(menu->cli, _("Number: "), &line)) {
        if (line.len == 0) {
            shown = shown < menu->count ? shown : 0;
            print_items(menu, &shown);
        } else if (str_equal(line, STR_LIT("?")) || str_equal(line, STR_LIT("help"))) {
            print_menu_help(menu);
        } else if (read_choice(menu, line, &choice)) {
            return choice;
        } else {
            cli_print(menu->cli, _("Please type a number from 1 to %zu, or ? for help.\n"), menu->count);
        }
    }
    return MENU_QUIT;
}

/* --- the report --- */

bool talk_take_file(struct cli *cli, struct str path)
{
    struct buf bytes;
    char *name = str_dup_z(cli->arena, path);
    const char *home = getenv("HOME");

    if (name[0] == '~' && name[1] == '/' && home) {
        name = file_join(cli->arena, home, name + 2);
    }
    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    bool read = cli_read(name, &bytes);

    if (read) {
        session_report_set(cli->session, buf_str(&bytes));
    }
    buf_fini(&bytes);
    return read;
}

bool talk_take_paste(struct cli *cli)
{
    struct buf bytes;

    cli_print(cli, _("Paste the report, then a line with a single dot.\n"));
    talk_flush(cli);
    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    bool taken = paste_take(&bytes) && bytes.len > 0;

    if (taken) {
        session_report_set(cli->session, buf_str(&bytes));
    } else {
        cli_print(cli, _("Nothing was pasted.\n"));
    }
    buf_fini(&bytes);
    return taken;
}

bool talk_read_lines(struct str line, struct buf *text)
{
    bool has_ends = str_find_char(line, '\n', 0) != STR_NPOS || str_find_char(line, '\r', 0) != STR_NPOS;

    buf_add_str(text, line);
    buf_add_char(text, '\n');
    return paste_take_rest(text) || has_ends;
}

bool talk_take_lines(struct cli *cli, struct str line)
{
    struct buf text;

    buf_init(&text, NDR_SOURCE_MAX_BYTES);
    bool taken = talk_read_lines(line, &text);

    if (taken) {
        session_report_set(cli->session, buf_str(&text));
    }
    buf_fini(&text);
    return taken;
}

void talk_diagnosis(struct cli *cli, bool whole)
{
    if (session_refusal(cli->session)) {
        cli_print(cli, "%s\n", session_refusal(cli->session));
        return;
    }
    struct session *session = cli->session;
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (whole) {
        session_doc_diagnosis(session, session->result, session_recipient(session), &doc);
    } else {
        session_doc_summary(session, session->result, session_recipient(session), &doc);
    }
    cli_print_doc(cli, &doc);
}

bool talk_message(struct cli *cli, enum prose_reader reader)
{
    struct doc doc;

    doc_init(&doc, cli->arena);
    if (!session_doc_message(cli->session, reader, &doc)) {
        return false;
    }
    cli_print_doc(cli, &doc);
    return true;
}

/* --- writing --- */

static enum doc_format format_of(struct str path)
{
    bool is_html = str_ends_nocase(path, STR_LIT(".html")) || str_ends_nocase(path, STR_LIT(".htm"));

    return str_ends_nocase(path, STR_LIT(".md")) ? DOC_FORMAT_MARKDOWN : is_html ? DOC_FORMAT_HTML : DOC_FORMAT_TEXT;
}

static bool wants_overwrite(struct cli *cli, const char *name)
{
    struct str line;

    cli_print(cli, _("%s exists.\n"), name);
    return talk_ask(cli, _("Overwrite it? y or n: "), &line) && str_equal(line, STR_LIT("y"));
}

void talk_write(struct cli *cli, struct str path, struct doc *doc)
{
    struct session *session = cli->session;
    const char *home = getenv("HOME");
    struct buf text;

    if (path.len == 0 && (!talk_ask(cli, _("Write to which file? "), &path) || path.len == 0)) {
        return;
    }
    char *name = str_dup_z(cli->arena, path);

    if (name[0] == '~' && name[1] == '/' && home) {
        name = file_join(cli->arena, home, name + 2);
    }
    bool exists = file_exists(name);

    if (exists && !wants_overwrite(cli, name)) {
        cli_print(cli, _("Nothing was written.\n"));
        return;
    }
    if (str_equal(session->settings.values[SETTING_REDACT], STR_LIT("yes"))) {
        redact_doc(redact_new(cli->arena, session->report), doc);
    }
    buf_init(&text, TALK_WRITE_MAX_BYTES);
    doc_render(doc, format_of(str_from(name)), TALK_WRITE_WIDTH, &text);
    if (file_save(name, exists, buf_str(&text))) {
        cli_print(cli, _("Written: %s (%zu bytes).\n"), name, text.len);
    } else {
        cli_print(cli, "%s: %s\n", name, strerror(errno));
    }
    buf_fini(&text);
}
