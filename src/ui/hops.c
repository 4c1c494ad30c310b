/* The way of the returned message, and what was found about its sender: two texts side by side. */
#include "ui/text.h"

#include "base/text.h"
#include "session/trace_text.h"

void app_open_trace(struct app *app, enum place_kind kind)
{
    enum place_kind now = app_place(app)->kind;

    if (now == kind) {
        return;
    }
    if (!app->session->report) {
        app_say(app, "%s", _("there is no report"));
        return;
    }
    /* From one to the other and back must not lead ever deeper. */
    if (now == PLACE_HOPS || now == PLACE_AUTHENTICATION) {
        places_replace(&app->places, kind);
    } else {
        places_open(&app->places, kind);
    }
}

static unsigned trace_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TEXT;
}

static struct str trace_name(struct app *app, const struct place *place)
{
    (void)app;
    return str_from(place->kind == PLACE_HOPS ? _("Hops") : _("Authentication"));
}

static bool trace_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    const struct ndr_report *report = app->session->report;

    (void)all;
    if (!report) {
        return false;
    }
    if (place->kind == PLACE_HOPS) {
        session_doc_hops(report, doc);
    } else {
        session_doc_authentication(report, doc);
    }
    return true;
}

/* The key of the screen one is on does nothing. */
static bool trace_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)app;
    return action != (place->kind == PLACE_HOPS ? ACTION_HOPS : ACTION_AUTHENTICATION);
}

static struct str trace_file(struct app *app, const struct place *place)
{
    (void)app;
    return place->kind == PLACE_HOPS ? STR_LIT("ndr-hops") : STR_LIT("ndr-authentication");
}

const struct view trace_view = {
    .context = trace_context,
    .name = trace_name,
    .position = text_position,
    .paint = text_paint,
    .act = text_act,
    .offers = trace_offers,
    .text = trace_text,
    .file = trace_file,
};
