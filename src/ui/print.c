/* The text of a place without the screen: plain lines that a mouse can select, on which links stand alone. */
#include "ui/app.h"

#include "base/filter.h"
#include "base/text.h"
#include "ui/term.h"

enum { PRINT_MAX_BYTES = 8 << 20 };

/* Adds a line; one that is a link gets it (OSC 8), so that it is one also where the terminal breaks it. */
static void add_line(struct buf *out, struct str line, bool links)
{
    struct str address = str_trim(line);
    bool is_link = links && (str_starts(address, STR_LIT("https://")) || str_starts(address, STR_LIT("http://"))) &&
                   str_find_char(address, ' ', 0) == STR_NPOS;

    if (is_link) {
        buf_addf(out, "  \033]8;;%.*s\033\\%.*s\033]8;;\033\\", (int)address.len, address.ptr, (int)address.len,
                 address.ptr);
    } else {
        buf_add_str(out, line);
    }
    buf_add_char(out, '\n');
}

void print_page(struct app *app)
{
    bool links = settings_is(&app->session->settings, SETTING_LINKS, "yes") && term_takes_links();
    struct buf text;
    struct buf visible;
    struct buf out;
    struct str line;

    buf_init(&text, PRINT_MAX_BYTES);
    if (!export_text(app, true, DOC_FORMAT_TEXT, &text)) {
        app_say(app, "%s", _("there is nothing to print here"));
        buf_fini(&text);
        return;
    }
    buf_init(&visible, BUF_NO_LIMIT);
    buf_init(&out, BUF_NO_LIMIT);
    filter_text(&visible, buf_str(&text), app->filter | FILTER_LINES);
    buf_add_char(&out, '\n');
    for (struct str rest = buf_str(&visible); str_next_line(&rest, &line);) {
        add_line(&out, line, links);
    }
    buf_add_z(&out, _("\nEnter goes back to the screen. "));
    term_show(buf_str(&out));
    buf_fini(&text);
    buf_fini(&visible);
    buf_fini(&out);
}
