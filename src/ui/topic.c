/* A topic of the help, with the keys that are bound. */
#include "ui/text.h"

#include "base/text.h"
#include "session/topic.h"

static unsigned topic_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TEXT;
}

static struct str topic_name(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, _("Help: %.*s"), (int)place->tree.len, place->tree.ptr);
}

static bool topic_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    (void)all;
    return topic_find(app->session, place->tree, doc);
}

/* Hops and authentication are those of a report. */
static bool topic_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)app;
    (void)place;
    return action != ACTION_HOPS && action != ACTION_AUTHENTICATION;
}

static struct str topic_file(struct app *app, const struct place *place)
{
    return str_printf(&app->scratch, "ndr-help-%.*s", (int)place->tree.len, place->tree.ptr);
}

void app_open_topic(struct app *app, struct str name)
{
    struct doc doc;

    doc_init(&doc, &app->scratch);
    if (topic_find(app->session, name, &doc)) {
        places_open(&app->places, PLACE_TOPIC)->tree = str_dup(&app->session->arena, name);
    } else {
        app_say(app, _("there is no topic %.*s; Tab lists them"), (int)name.len, name.ptr);
    }
}

const struct view topic_view = {
    .context = topic_context,
    .name = topic_name,
    .position = text_position,
    .paint = text_paint,
    .act = text_act,
    .offers = topic_offers,
    .text = topic_text,
    .file = topic_file,
};
