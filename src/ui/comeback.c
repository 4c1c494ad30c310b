/* A dropped line keeps the way to the screen that somebody was on; the next start offers to go back there.
 * Screens of a report are left out, as the report is gone; a walk is offered by itself. */
#include "ui/app.h"

#include "base/text.h"

/* Kinds that can be opened again from a name. */
static const struct {
    enum place_kind kind;
    const char *name;
} kinds[] = {
    {PLACE_ENTRY, "entry"}, {PLACE_SEARCH, "search"}, {PLACE_TREES, "trees"},
    {PLACE_TREE, "tree"},   {PLACE_SAVED, "saved"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const char *name_of(enum place_kind kind)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].kind == kind) {
            return kinds[i].name;
        }
    }
    return NULL;
}

static struct str subject_of(const struct place *place)
{
    switch (place->kind) {
    case PLACE_ENTRY:
        return place->entry->id;
    case PLACE_SEARCH:
    case PLACE_SAVED:
        return str_from(place->word);
    case PLACE_TREE:
        return place->tree;
    default:
        return STR_NULL;
    }
}

/* An account that several people use keeps nobody's place. */
static bool is_wanted(const struct app *app)
{
    return !settings_is(&app->session->settings, SETTING_RESUME, "never");
}

void comeback_save(struct app *app)
{
    struct store_place places[STORE_PLACES_MAX];
    size_t at = STORE_PLACES_MAX;

    if (!is_wanted(app)) {
        return;
    }
    /* From the inside out; what comes in between and cannot be opened again is skipped. */
    for (const struct place *place = app_place(app); place && at > 0; place = place->parent) {
        const char *name = name_of(place->kind);

        if (name) {
            places[--at] = (struct store_place){str_from(name), subject_of(place), (unsigned)place->lists[0].selected,
                                                (unsigned)place->scroll};
        }
    }
    struct store *store = at < STORE_PLACES_MAX ? session_store(app->session) : NULL;

    if (store) {
        store_places_save(store, places + at, STORE_PLACES_MAX - at);
    }
}

/* Opens one of them; what is not in today's knowledge is left out. */
static void open_place(struct app *app, const struct store_place *saved)
{
    const struct place *before = app_place(app);
    const struct kb_entry *entry = NULL;

    if (str_equal(saved->kind, STR_LIT("entry"))) {
        entry = kb_entry_find(&app->session->kb, saved->subject);
        if (entry) {
            app_open_entry(app, entry);
        }
    } else if (str_equal(saved->kind, STR_LIT("search"))) {
        app_search(app, saved->subject);
    } else if (str_equal(saved->kind, STR_LIT("trees"))) {
        app_open(app, PLACE_TREES);
    } else if (str_equal(saved->kind, STR_LIT("saved"))) {
        app_open(app, PLACE_SAVED);
    } else if (str_equal(saved->kind, STR_LIT("tree"))) {
        const struct tree *tree = session_tree(app->session, saved->subject);

        if (tree) {
            app_open_tree(app, tree->id);
        }
    }
    if (app_place(app) != before) {
        app_place(app)->lists[0].selected = app_place(app)->lists[0].shown = saved->selected;
        app_place(app)->scroll = saved->scroll;
    }
}

static void go_back_there(struct app *app)
{
    for (size_t i = 0; i < app->comeback_count; i++) {
        open_place(app, &app->comeback[i]);
    }
}

static struct str words_of(struct app *app, const struct store_place *saved)
{
    const struct kb_entry *entry =
        str_equal(saved->kind, STR_LIT("entry")) ? kb_entry_find(&app->session->kb, saved->subject) : NULL;
    const struct tree *tree =
        str_equal(saved->kind, STR_LIT("tree")) ? session_tree(app->session, saved->subject) : NULL;
    struct str subject = app_short(app, saved->subject);

    if (entry) {
        struct str code = session_entry_code(&app->scratch, entry);

        return app_short(app, str_printf(&app->scratch, "%.*s %.*s", (int)code.len, code.ptr, (int)entry->title.len,
                                         entry->title.ptr));
    }
    return tree                                        ? app_short(app, tree->title)
           : str_equal(saved->kind, STR_LIT("search")) ? str_printf(&app->scratch, _("search for \"%.*s\""),
                                                                    (int)subject.len, subject.len ? subject.ptr : "")
           : str_equal(saved->kind, STR_LIT("saved"))  ? str_from(_("saved walks"))
                                                       : str_from(_("guided trees"));
}

bool comeback_offer(struct app *app)
{
    struct store *store = is_wanted(app) ? session_store(app->session) : NULL;

    app->comeback_count = store ? store_places_take(store, &app->session->arena, app->comeback) : 0;
    if (app->comeback_count == 0) {
        return false;
    }
    struct str words = words_of(app, &app->comeback[app->comeback_count - 1]);

    app->offered = 0;
    app_ask(app, go_back_there, _("The line was cut. Back to: %.*s? y/n"), (int)words.len, words.ptr);
    return true;
}
