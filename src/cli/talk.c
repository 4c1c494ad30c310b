#include "cli/talk.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/paste.h"
#include "cli/tty.h"
#include "session/redact.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { TALK_WRITE_WIDTH = 78, TALK_WRITE_MAX_BYTES = 8 << 20 };

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
