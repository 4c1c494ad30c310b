/* Keeps walks: what the person does goes into the store at once, and comes back from there. */
#include "session/session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum { DAY_SECONDS = 86400, DAYS_MAX = 36500 };

/* "$XDG_STATE_HOME/ndr", by default "~/.local/state/ndr", or what the setting names; NULL for none. */
const char *session_state_folder(const struct session *session, struct arena *arena)
{
    struct str named = session->settings.values[SETTING_STATE_DIR];
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (named.len) {
        return named.ptr[0] == '/' ? str_dup_z(arena, named) : NULL;
    }
    if (session->restricted) {
        return NULL;
    }
    if (state && state[0] == '/') {
        return file_join(arena, state, "ndr");
    }
    return home && home[0] == '/' ? file_join(arena, home, ".local/state/ndr") : NULL;
}

void session_keep(struct session *session)
{
    session->keeps = true;
}

bool session_has_store(const struct session *session)
{
    struct arena arena;

    arena_init(&arena);
    const char *folder = session_state_folder(session, &arena);
    bool exists = session->keeps && folder && store_exists(folder);

    arena_fini(&arena);
    return exists;
}

static void prune(struct session *session)
{
    unsigned days = 0;

    if (str_to_uint(session->settings.values[SETTING_KEEP_DAYS], DAYS_MAX, &days) && days) {
        store_prune(session->store, (int64_t)time(NULL) - (int64_t)days * DAY_SECONDS);
    }
}

struct store *session_store(struct session *session)
{
    if (session->keeps && !session->store_tried) {
        const char *folder = session_state_folder(session, &session->arena);

        session->store_tried = true;
        session->store = folder ? store_open(&session->arena, folder, &session->store_notice) : NULL;
        if (session->store) {
            prune(session);
        }
    }
    return session->store;
}

/* --- saving --- */

/* What is said of the walk in a list: the cause, else the tree. */
static struct str title_of(const struct session *session, struct arena *arena)
{
    const struct kb_entry *entry =
        session->walk_entry.len ? kb_entry_find(&session->kb, session->walk_entry) : NULL;
    const struct tree *tree = session->walk.source(session->walk.context, session->walk.start_tree);

    if (!entry) {
        return tree ? tree->title : session->walk.start_tree;
    }
    struct str code = session_entry_code(arena, entry);
    struct str title = session_fill(arena, entry->title, &session->walk.facts);

    /* An entry without a code has "-" in lists. */
    return str_equal(code, STR_LIT("-"))
               ? title
               : str_printf(arena, "%.*s  %.*s", (int)code.len, code.ptr, (int)title.len, title.ptr);
}

static void take_quotes(struct session *session)
{
    const struct match_recipient *recipient = session_recipient(session);

    if (!recipient || session->walk.facts.count == 0) {
        return;
    }
    struct store_quote *quotes =
        ARENA_ARRAY(&session->walk_arena, struct store_quote, recipient->evidence_count + 1);

    for (size_t i = 0; i < recipient->evidence_count; i++) {
        const struct match_evidence *item = &recipient->evidence[i];

        quotes[i] = (struct store_quote){str_dup(&session->walk_arena, item->what),
                                         str_dup(&session->walk_arena, item->text),
                                         ndr_report_line(session->report, item->place)};
    }
    session->kept.quotes = quotes;
    session->kept.quote_count = recipient->evidence_count;
    if (str_equal(session->settings.values[SETTING_KEEP_PASTE], STR_LIT("yes"))) {
        session->kept.report = buf_str(&session->source);
    }
}

static struct str fact_of(const struct tree_walk *walk, struct str name)
{
    for (size_t i = 0; i < walk->facts.count; i++) {
        if (str_equal(walk->facts.items[i].name, name)) {
            return walk->facts.items[i].value;
        }
    }
    return STR_NULL;
}

/* A walk that cannot be saved goes on all the same; the notice says so. */
static void save(struct session *session)
{
    const struct tree_walk *walk = &session->walk;
    struct store *store = session_store(session);
    struct store_walk *kept = &session->kept;

    if (!store) {
        return;
    }
    if (kept->id == 0 && kept->quote_count == 0) {
        take_quotes(session);
    }
    kept->is_done = tree_walk_is_done(walk);
    kept->holder = (int)getpid();
    kept->title = title_of(session, &session->walk_arena);
    kept->recipient = fact_of(walk, STR_LIT("rcpt"));
    kept->entry = session->walk_entry;
    kept->tree = walk->start_tree;
    kept->node = walk->start_node;
    kept->refused = walk->refused;
    kept->facts = walk->facts.items;
    kept->fact_count = walk->facts.count;
    kept->answers = walk->answers;
    kept->answer_count = walk->count;
    if (!store_walk_save(store, kept, (int64_t)time(NULL))) {
        struct str why = store_trouble(store);

        session->store_notice =
            str_printf(&session->walk_arena, "this answer is not saved: %.*s", (int)why.len, why.ptr);
    }
}

bool session_walk_answer(struct session *session, int option)
{
    bool done = tree_walk_answer(&session->walk, option, (int64_t)time(NULL));

    if (done) {
        save(session);
    }
    return done;
}

bool session_walk_undo(struct session *session)
{
    bool done = tree_walk_undo(&session->walk);

    if (done) {
        save(session);
    }
    return done;
}

bool session_walk_object(struct session *session, size_t index)
{
    bool done = tree_walk_object(&session->walk, index);

    if (done) {
        save(session);
    }
    return done;
}

bool session_walk_note(struct session *session, size_t index, struct str note)
{
    bool done = tree_walk_note(&session->walk, index, note);

    if (done) {
        save(session);
    }
    return done;
}

void session_walk_release(struct session *session)
{
    if (session->store && session->kept.id && session->kept.holder) {
        store_walk_mark(session->store, session->kept.id, session->kept.is_aside, 0);
        session->kept.holder = 0;
    }
}

/* --- taking up --- */

static const struct tree *tree_source(void *context, struct str slug)
{
    return session_tree(context, slug);
}

bool session_walk_again(struct session *session, struct arena *arena, const struct store_walk *saved,
                        struct tree_walk *walk, size_t *kept)
{
    return tree_walk_resume(walk, arena, tree_source, session, (struct tree_facts){saved->facts, saved->fact_count},
                            saved->tree, saved->node, saved->refused, saved->answers, saved->answer_count, kept);
}

bool session_walk_resume(struct session *session, int64_t id, size_t *lost)
{
    struct store *store = session_store(session);
    struct arena arena;
    struct store_walk saved;
    size_t kept = 0;

    *lost = 0;
    arena_init(&arena);
    if (!store || !store_walk_load(store, &arena, id, &saved)) {
        arena_fini(&arena);
        return false;
    }
    session_report_clear(session);
    if (saved.report.len) {
        session_report_set(session, saved.report);
    }
    /* Everything else lives as long as the walk. */
    store_walk_load(store, &session->walk_arena, id, &saved);
    arena_fini(&arena);
    saved.report = saved.report.len ? buf_str(&session->source) : STR_NULL;
    session->walking = session_walk_again(session, &session->walk_arena, &saved, &session->walk, &kept);
    session->kept = saved;
    session->walk_entry = saved.entry;
    *lost = saved.answer_count - kept;
    if (session->walking) {
        session->kept.holder = (int)getpid();
        store_walk_mark(store, id, false, session->kept.holder);
    }
    return session->walking;
}

/* Whether the process that has it at hand still runs; a number that was used again only means that the
 * walk is not offered, it is in the list all the same. */
static bool is_held(const struct store_walk *walk)
{
    return walk->holder > 0 && walk->holder != (int)getpid() && (kill(walk->holder, 0) == 0 || errno == EPERM);
}

bool session_walk_waiting(struct session *session, struct arena *arena, struct store_walk *walk)
{
    struct store *store = session_store(session);
    struct store_list list = {0};

    if (store) {
        list = store_walks_open(store, arena);
    }
    for (size_t i = 0; i < list.count; i++) {
        if (!is_held(&list.items[i])) {
            *walk = list.items[i];
            return true;
        }
    }
    return false;
}

void session_walk_put_aside(struct session *session, int64_t id)
{
    struct store *store = session_store(session);

    if (store) {
        store_walk_mark(store, id, true, 0);
    }
}

/* --- history of commands --- */

enum { HISTORY_LINE_MAX_BYTES = 200 };

/* Commands only: nothing that looks like pasted text, and no addresses.  Also for what comes back: the
 * file may have been changed by another program. */
static bool is_for_history(struct str line)
{
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];

        if (c < 0x20 || c == 0x7F || c == '@') {
            return false;
        }
    }
    return line.len > 0 && line.len <= HISTORY_LINE_MAX_BYTES;
}

void session_history_add(struct session *session, struct str line)
{
    struct store *store = session->restricted || !is_for_history(line) ? NULL : session_store(session);

    if (store) {
        store_history_add(store, line, (int64_t)time(NULL));
    }
}

struct history {
    store_line_fn each;
    void *context;
};

static void give_line(void *context, struct str line)
{
    const struct history *history = context;

    if (is_for_history(line)) {
        history->each(history->context, line);
    }
}

void session_history_each(struct session *session, store_line_fn each, void *context)
{
    struct history history = {each, context};

    if (!session->restricted && session_has_store(session) && session_store(session)) {
        store_history_each(session->store, give_line, &history);
    }
}
