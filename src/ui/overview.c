/* Where the walk stands: the steps so far, the question, the outcomes that are still possible. */
#include "ui/text.h"

#include "base/text.h"

static unsigned overview_context(const struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return ACTION_IN_TEXT;
}

static struct str overview_name(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return str_from(_("Overview"));
}

static bool overview_text(struct app *app, struct place *place, bool all, struct doc *doc)
{
    (void)place;
    (void)all;
    if (!app->session->walking) {
        return false;
    }
    session_doc_overview(&app->session->walk, doc);
    return true;
}

static bool overview_offers(struct app *app, const struct place *place, enum action_id action)
{
    (void)app;
    (void)place;
    return action != ACTION_HOPS && action != ACTION_AUTHENTICATION;
}

static struct str overview_file(struct app *app, const struct place *place)
{
    (void)app;
    (void)place;
    return STR_LIT("ndr-overview");
}

const struct view overview_view = {
    .context = overview_context,
    .name = overview_name,
    .position = text_position,
    .paint = text_paint,
    .act = text_act,
    .offers = overview_offers,
    .text = overview_text,
    .file = overview_file,
};
