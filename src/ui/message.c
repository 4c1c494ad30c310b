/* Ready texts for the sender, the other side's postmaster and the ticket: one at a time. */
#include "ui/row.h"
#include "ui/text.h"

#include "base/text.h"

enum { MESSAGE_TABS_ROWS = 2 }; /* and an empty row below them */

static unsigned message_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_MESSAGE;
}

/* Of its tab. */
static const char *tab_words(enum prose_reader reader)
{
    switch (reader) {
    case PROSE_TO_SENDER:
        return _("Sender");
    case PROSE_TO_POSTMASTER:
        return _("Postmaster");
    case PROSE_TO_TICKET:
    case PROSE_TO_COUNT:
        break;
    }
    return _("Ticket");
}

static const char *reader_words(enum prose_reader reader)
{
    switch (reader) {
    case PROSE_TO_SENDER:
        return _("Text for the sender");
    case PROSE_TO_POSTMASTER:
        return _("Text for the postmaster");
    case PROSE_TO_TICKET:
    case PROSE_TO_COUNT:
        break;
    }
    return _("Text for the ticket");
}

static struct str message_name(struct app *app, const struct place *place)
{
    (void)app;
    return str_from(reader_words(place->reader));
}

static bool message_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    (void)all;
    return session_doc_message(app->session, place->reader, doc);
}

static bool has_message(struct app *app, enum prose_reader reader)
{
    struct doc doc;

    doc_init(&doc, &app->scratch);
    return session_doc_message(app->session, reader, &doc);
}

static struct str message_position(struct app *app, const struct place *place)
{
    unsigned count = 0;
    unsigned at = 0;

    if (place->word[0]) {
        return text_position(app, place);
    }
    for (int reader = 0; reader < PROSE_TO_COUNT; reader++) {
        if (has_message(app, (enum prose_reader)reader)) {
            count++;
            at = reader == (int)place->reader ? count : at;
        }
    }
    return str_printf(&app->scratch, _("%u of %u"), at, count);
}

static void next_reader(struct app *app, struct place *place, int by)
{
    int reader = (int)place->reader;

    do {
        reader = (reader + by + PROSE_TO_COUNT) % PROSE_TO_COUNT;
    } while (reader != (int)place->reader && !has_message(app, (enum prose_reader)reader));
    if (reader == (int)place->reader) {
        app_say(app, "%s", _("this is the only text"));
    }
    place->reader = (enum prose_reader)reader;
    place->scroll = 0;
}

static bool message_act(struct app *app, struct place *place, enum action_id action,
                        const struct key *key)
{
    if (action == ACTION_READER || action == ACTION_READER_BACK) {
        next_reader(app, place, action == ACTION_READER ? 1 : -1);
        return true;
    }
    return text_act(app, place, action, key);
}

static struct str message_file(struct app *app, const struct place *place)
{
    struct str name = prose_reader_name(place->reader);

    return str_printf(&app->scratch, "ndr-%.*s", (int)name.len, name.ptr);
}

/* The readers there are texts for, and the text for one of them. */
static void message_paint(struct app *app, struct place *place, struct box box)
{
    const char *names[PROSE_TO_COUNT];
    size_t count = 0;
    size_t now = 0;

    for (int reader = 0; reader < PROSE_TO_COUNT; reader++) {
        if (has_message(app, (enum prose_reader)reader)) {
            now = reader == (int)place->reader ? count : now;
            names[count++] = tab_words((enum prose_reader)reader);
        }
    }
    if (box.rows > MESSAGE_TABS_ROWS + 4) {
        row_tabs(box, names, count, now);
        box = box_rows(box, MESSAGE_TABS_ROWS, box.rows);
    }
    text_paint(app, place, box);
}

const struct view message_view = {
    .context = message_context,
    .name = message_name,
    .position = message_position,
    .paint = message_paint,
    .act = message_act,
    .text = message_text,
    .file = message_file,
};
