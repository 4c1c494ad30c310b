#include "session/session.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "guard/guard.h"
#include "kb/image.h"
#include "session/reading.h"

#ifndef NDR_SYSCONFDIR
#define NDR_SYSCONFDIR "/etc"
#endif

/* "$XDG_DATA_HOME/ndr", by default "~/.local/share/ndr"; NULL without a home. */
static char *user_folder(struct arena *arena)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");

    if (data && data[0] == '/') {
        return file_join(arena, data, "ndr");
    }
    return home && home[0] == '/' ? file_join(arena, home, ".local/share/ndr") : NULL;
}

/* The folder named by option or environment, else beside the program: in a build folder
 * share/ndr, installed ../share/ndr. */
static char *shipped_folder(struct arena *arena, const struct session_options *options)
{
    static const char *const places[] = {"share/ndr", "../share/ndr"};
    const char *named = options->data ? options->data
                        : options->restricted ? NULL
                                              : getenv("NDR_DATA");
    const char *program = file_program_folder(arena);

    if (named && named[0]) {
        return str_dup_z(arena, str_from(named));
    }
    for (size_t i = 0; program && i < sizeof places / sizeof places[0]; i++) {
        char *folder = file_join(arena, program, places[i]);

        if (file_is_folder(file_join(arena, folder, "codes"))) {
            return folder;
        }
    }
    return NULL;
}

static int tree_order(const void *a, const void *b)
{
    return str_compare(((const struct session_tree *)a)->slug, ((const struct session_tree *)b)->slug);
}

/* The tree of this slug, NULL when no layer has one. */
static struct session_tree *find_tree(const struct session *session, struct str slug)
{
    for (size_t i = 0; i < session->tree_count; i++) {
        if (str_equal(session->trees[i].slug, slug)) {
            return &session->trees[i];
        }
    }
    return NULL;
}

/* Notes which trees there are; a later layer's file stands for its slug. */
static void list_trees(struct session *session)
{
    size_t capacity = 0;

    for (int layer = 0; layer < SESSION_LAYERS_MAX; layer++) {
        if (!session->folders[layer]) {
            continue;
        }
        char *folder = file_join(&session->arena, session->folders[layer], "trees");
        struct file_list files = file_list_folder(&session->arena, folder, ".xml");

        for (size_t i = 0; i < files.count; i++) {
            struct str slug = str_sub(files.names[i], 0, files.names[i].len - strlen(".xml"));
            struct session_tree *tree = find_tree(session, slug);

            if (!tree) {
                tree = VEC_PUSH(&session->arena, session->trees, session->tree_count, capacity);
                tree->slug = slug;
            }
            tree->paths[layer] = file_join(&session->arena, folder, files.names[i].ptr);
            tree->layer = (enum kb_layer)layer;
        }
    }
    if (session->tree_count) {
        qsort(session->trees, session->tree_count, sizeof *session->trees, tree_order);
    }
}

/* A file or folder of an overlay, which a child reads first (guard/guard.h). */
struct first_loading {
    struct session *session;
    const char *path;
    enum kb_layer layer;
};

static void load_codes_first(void *context)
{
    struct first_loading *first = context;

    kb_load_folder(&first->session->kb, first->path, first->layer, &first->session->faults);
}

static void load_tree_first(void *context)
{
    struct first_loading *first = context;

    tree_load(first->path, &first->session->faults);
}

/* Whether reading it ends; what came with the program is not asked. */
static bool can_be_loaded(struct session *session, void (*load)(void *context), const char *path,
                          enum kb_layer layer)
{
    struct first_loading first = {session, path, layer};
    bool ends = layer == KB_LAYER_SHIPPED || guard_try(load, &first, path);

    if (!ends) {
        err_add(&session->faults, str_from(path), 0, "reading this needs more than the limits allow: left out");
    }
    return ends;
}

/* A folder without files needs no child. */
static bool load_layer(struct session *session, const char *folder, enum kb_layer layer)
{
    bool is_empty = file_list_folder(&session->arena, folder, ".xml").count == 0;

    return (is_empty || can_be_loaded(session, load_codes_first, folder, layer)) &&
           kb_load_folder(&session->kb, folder, layer, &session->faults);
}

static bool load_codes(struct session *session, bool from_source)
{
    bool sound = true;

    for (int layer = 0; layer < SESSION_LAYERS_MAX; layer++) {
        if (!session->folders[layer]) {
            continue;
        }
        char *folder = file_join(&session->arena, session->folders[layer], "codes");
        char *image = file_join(&session->arena, session->folders[layer], "knowledge.img");
        bool loaded = (layer == KB_LAYER_SHIPPED && !from_source && kb_image_read(&session->kb, image, folder)) ||
                      load_layer(session, folder, (enum kb_layer)layer);

        sound = sound && (loaded || layer != KB_LAYER_SHIPPED);
    }
    return sound;
}

static bool is_guarded(struct session *session, const char *path)
{
    bool guarded = file_is_guarded(path);

    if (!guarded) {
        err_add(&session->faults, str_from(path), 0,
                "others may write this: what the site adds is left out")
            ->hint = STR_LIT("it has to belong to root, and only its owner may write (chmod go-w)");
    }
    return guarded;
}

/* The folder of the site's overlay, NULL where others than root and this account could have written in it,
 * as sshd is strict about its files. */
static char *site_folder(struct session *session, const char *folder)
{
    static const char *const parts[] = {"codes", "trees", "help"};
    struct arena *arena = &session->arena;
    bool sound = is_guarded(session, folder) && is_guarded(session, file_join(arena, folder, "config"));

    for (size_t i = 0; sound && i < sizeof parts / sizeof parts[0]; i++) {
        char *part = file_join(arena, folder, parts[i]);
        struct file_list files = file_list_folder(arena, part, ".xml");

        sound = is_guarded(session, part);
        for (size_t k = 0; sound && k < files.count; k++) {
            sound = is_guarded(session, file_join(arena, part, files.names[k].ptr));
        }
    }
    return sound ? str_dup_z(arena, str_from(folder)) : NULL;
}

static void take_own_domains(struct session *session)
{
    size_t capacity = 0;
    struct str rest = session->settings.values[SETTING_OWN_DOMAINS];
    struct str domain;

    session->own_domains = NULL;
    session->own_domain_count = 0;
    while (str_next_word(&rest, &domain)) {
        *VEC_PUSH(&session->arena, session->own_domains, session->own_domain_count, capacity) = domain;
    }
}

bool session_may_set(const struct session *session, enum setting setting)
{
    return !session->restricted || setting_row(setting)->who == SETTING_SCREEN;
}

bool session_set(struct session *session, enum setting setting, struct str value, enum settings_origin origin,
                 struct str *what)
{
    if (!session_may_set(session, setting)) {
        *what = str_printf(&session->arena, "only the site sets %s here", setting_row(setting)->name);
        return false;
    }
    bool fits = settings_set(&session->settings, setting, value, origin, what);

    if (fits && setting == SETTING_OWN_DOMAINS) {
        take_own_domains(session);
    }
    return fits;
}

static void load_settings(struct session *session, const struct session_options *options)
{
    const char *site = session->folders[KB_LAYER_SITE];

    settings_load(&session->settings, &session->arena, site ? file_join(&session->arena, site, "config") : NULL,
                  options->restricted || options->shipped_only, &session->faults);
    take_own_domains(session);
}

bool session_open(struct session *session, const struct session_options *options)
{
    *session = (struct session){0};
    arena_init(&session->arena);
    arena_init(&session->paste);
    arena_init(&session->walk_arena);
    err_list_init(&session->faults, &session->arena);
    buf_init(&session->source, NDR_SOURCE_MAX_BYTES);
    kb_init(&session->kb);
    session->restricted = options->restricted;
    if (!options->shipped_only) {
        session->folders[KB_LAYER_SITE] =
            site_folder(session, options->site ? options->site : NDR_SYSCONFDIR "/ndr");
    }
    load_settings(session, options);
    session->folders[KB_LAYER_SHIPPED] = shipped_folder(&session->arena, options);
    if (!session->folders[KB_LAYER_SHIPPED]) {
        err_add(&session->faults, STR_NULL, 0, "the knowledge was not found beside the program")
            ->hint = STR_LIT("name its folder with --data DIR or NDR_DATA");
        return false;
    }
    if (!options->shipped_only) {
        session->folders[KB_LAYER_USER] = options->restricted ? NULL : user_folder(&session->arena);
    }
    bool sound = load_codes(session, options->from_source);

    /* What dangles between layers is reported, but does not keep the rest from working. */
    kb_finish(&session->kb, &session->faults);
    list_trees(session);
    if (sound && session->kb.count == 0) {
        err_add(&session->faults, str_from(session->folders[KB_LAYER_SHIPPED]), 0,
                "this folder holds no knowledge");
        sound = false;
    }
    return sound;
}

void session_close(struct session *session)
{
    for (size_t i = 0; i < session->tree_count; i++) {
        tree_free(session->trees[i].tree);
    }
    match_index_free(session->index);
    session_search_drop(session);
    session_walk_release(session);
    store_close(session->store);
    kb_fini(&session->kb);
    buf_fini(&session->source);
    arena_fini(&session->walk_arena);
    arena_fini(&session->paste);
    arena_fini(&session->arena);
}

static struct match_index *index_of(struct session *session)
{
    if (!session->index) {
        session->index = match_index_new(&session->kb, &session->faults);
        BUG_ON(!session->index);
    }
    return session->index;
}

void session_warm(struct session *session)
{
    index_of(session);
}

const struct match_result *session_analyze_lines(struct session *session, struct arena *arena, struct str bytes,
                                                 const struct ndr_line_index *lines)
{
    index_of(session); /* a child needs it, too */
    const struct ndr_report *report = session_read_apart(session, arena, bytes, lines);

    session->is_refused = !report;
    return session_match(session, arena, report ? report : ndr_report_parse(arena, STR_NULL));
}

const struct match_result *session_analyze(struct session *session, struct arena *arena, struct str bytes)
{
    return session_analyze_lines(session, arena, bytes, NULL);
}

const char *session_refusal(const struct session *session)
{
    return session->is_refused ? _("this text needs more than the limits allow; it was not read") : NULL;
}

const struct match_result *session_match(struct session *session, struct arena *arena,
                                         const struct ndr_report *report)
{
    guard_worker_progress();
    return match_report(index_of(session), arena, report);
}

void session_index_drop(struct session *session)
{
    match_index_free(session->index);
    session->index = NULL;
    session_search_drop(session);
}

void session_report_clear(struct session *session)
{
    session->report = NULL;
    session->result = NULL;
    session->recipient = 0;
    session->walking = false;
    session->walk_entry = STR_NULL;
    session_walk_release(session);
    session->kept = (struct store_walk){0};
    buf_clear(&session->source);
    arena_reset(&session->walk_arena);
    arena_reset(&session->paste);
}

/* The recipient to look at first: one that failed, else one that waits. */
static size_t first_trouble(const struct match_result *result)
{
    static const enum ndr_action order[] = {NDR_ACTION_FAILED, NDR_ACTION_DELAYED};

    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        for (size_t i = 0; i < result->count; i++) {
            if (result->recipients[i].recipient->action == order[k]) {
                return i;
            }
        }
    }
    return 0;
}

void session_report_set(struct session *session, struct str bytes)
{
    session_report_clear(session);
    buf_add_str(&session->source, bytes);
    session->result = session_analyze(session, &session->paste, buf_str(&session->source));
    session->report = session->result->report;
    session->recipient = first_trouble(session->result);
}

const struct match_recipient *session_recipient(const struct session *session)
{
    if (!session->result || session->recipient >= session->result->count) {
        return NULL;
    }
    return &session->result->recipients[session->recipient];
}

const struct match_diagnosis *session_best(const struct session *session)
{
    const struct match_recipient *recipient = session_recipient(session);

    return recipient && recipient->diagnosis_count ? &recipient->diagnoses[0] : NULL;
}

const struct tree *session_tree(struct session *session, struct str slug)
{
    struct session_tree *found = find_tree(session, slug);

    if (!found || found->failed) {
        return NULL;
    }
    /* The tree of a layer that has a fault gives way to the one it would have replaced. */
    for (int layer = (int)found->layer; layer >= 0 && !found->tree; layer--) {
        const char *path = found->paths[layer];

        if (path && can_be_loaded(session, load_tree_first, path, (enum kb_layer)layer)) {
            found->tree = tree_load(path, &session->faults);
            found->layer = (enum kb_layer)layer;
        }
    }
    found->failed = found->tree == NULL;
    return found->tree;
}

static const struct tree *tree_source(void *context, struct str slug)
{
    return session_tree(context, slug);
}

bool session_walk_start(struct session *session, struct str tree, struct str node, bool with_report)
{
    struct tree_facts none = {0};

    session_walk_release(session);
    arena_reset(&session->walk_arena);
    session->kept = (struct store_walk){0};
    session->walk_entry = STR_NULL;
    session->walking =
        tree_walk_start(&session->walk, &session->walk_arena, tree_source, session,
                        with_report ? session_facts(session, &session->walk_arena, session->result,
                                                    session_recipient(session))
                                    : none,
                        tree, node);
    return session->walking;
}

bool session_walk_diagnosis(struct session *session)
{
    const struct match_diagnosis *best = session_best(session);

    if (!best || best->tree.len == 0) {
        return false;
    }
    /* A node that the tree no longer has must not keep the person from walking. */
    if (!session_walk_start(session, best->tree, best->node, true) &&
        !session_walk_start(session, best->tree, STR_NULL, true)) {
        return false;
    }
    session->walk_entry = best->entry->id;
    return true;
}
