#include "session/lint.h"

#include "base/file.h"
#include "session/topic.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* --- samples --- */

/* The line as it would stand in a report of the host and generator that the sample names. */
static struct str sample_text(struct arena *arena, const struct kb_sample *sample)
{
    if (sample->remote_mta.len == 0) {
        return sample->text;
    }
    return str_printf(arena, "Action: failed\nRemote-MTA: dns; %.*s\nDiagnostic-Code: smtp; %.*s\n",
                      STR_ARGS(sample->remote_mta), STR_ARGS(sample->text));
}

static void check_captures(struct err_list *faults, const struct kb_entry *entry,
                           const struct kb_sample *sample, const struct match_recipient *found)
{
    for (size_t i = 0; i < sample->capture_count; i++) {
        const struct kb_capture *capture = &sample->captures[i];
        enum ndr_fact fact = ndr_fact_find(capture->fact);
        struct str value = fact < NDR_FACT_COUNT ? found->facts[fact].text : STR_NULL;

        if (!str_equal_nocase(value, capture->value)) {
            err_add(faults, entry->file, sample->line, "the sample gives %.*s=\"%.*s\", not \"%.*s\"",
                    STR_ARGS(capture->fact), STR_ARGS(value), STR_ARGS(capture->value));
        }
    }
}

static bool rivals(const struct kb_entry *a, const struct kb_entry *b)
{
    return str_equal(a->provider, b->provider);
}

static void check_sample(struct session *session, struct err_list *faults,
                         const struct kb_entry *entry, const struct kb_sample *sample)
{
    struct arena arena;

    arena_init(&arena);
    struct ndr_report report = *ndr_report_parse(&arena, sample_text(&arena, sample));

    if (sample->generator.len) {
        report.generator.text = sample->generator;
    }
    const struct match_result *result = session_match(session, &arena, &report);
    const struct match_recipient *found = result->count ? &result->recipients[0] : NULL;
    const struct match_diagnosis *best =
        found && found->diagnosis_count ? &found->diagnoses[0] : NULL;

    if (!best) {
        err_add(faults, entry->file, sample->line, "the sample of %.*s leads nowhere", STR_ARGS(entry->id))
            ->hint = STR_LIT("it holds no reply and no code");
    } else if (best->entry != entry) {
        err_add(faults, entry->file, sample->line, "the sample of %.*s leads to %.*s", STR_ARGS(entry->id),
                STR_ARGS(best->entry->id));
    } else {
        if (sample->status.len && !str_equal(found->status.text, sample->status)) {
            err_add(faults, entry->file, sample->line, "the sample gives the code \"%.*s\", not \"%.*s\"",
                    STR_ARGS(found->status.text), STR_ARGS(sample->status));
        }
        if (found->diagnosis_count > 1 && found->diagnoses[1].score == best->score &&
            rivals(entry, found->diagnoses[1].entry)) {
            err_add(faults, entry->file, sample->line, "the sample fits %.*s and %.*s equally well",
                    STR_ARGS(entry->id), STR_ARGS(found->diagnoses[1].entry->id));
        }
        check_captures(faults, entry, sample, found);
    }
    arena_fini(&arena);
}

static void check_samples(struct session *session, struct err_list *faults)
{
    for (size_t i = 0; i < session->kb.count; i++) {
        const struct kb_entry *entry = session->kb.entries[i];

        if (entry->sample_count == 0) {
            err_add(faults, entry->file, entry->line, "entry %.*s has no sample", STR_ARGS(entry->id));
        }
        for (size_t k = 0; k < entry->sample_count; k++) {
            check_sample(session, faults, entry, &entry->samples[k]);
        }
    }
}

/* --- references between entries and trees --- */

static bool has_tree(const struct session *session, struct str slug)
{
    for (size_t i = 0; i < session->tree_count; i++) {
        if (str_equal(session->trees[i].slug, slug)) {
            return true;
        }
    }
    return false;
}

static void check_entries(struct session *session, struct err_list *faults)
{
    for (size_t i = 0; i < session->kb.count; i++) {
        const struct kb_entry *entry = session->kb.entries[i];
        const struct tree *tree;

        if (entry->tree.len == 0) {
            continue;
        }
        tree = session_tree(session, entry->tree);
        if (!tree && !has_tree(session, entry->tree)) {
            err_add(faults, entry->file, entry->line, "tree %.*s does not exist", STR_ARGS(entry->tree));
        } else if (tree && entry->node.len && tree_node_find(tree, entry->node) < 0) {
            err_add(faults, entry->file, entry->line, "tree %.*s has no node %.*s", STR_ARGS(entry->tree),
                    STR_ARGS(entry->node));
        }
    }
}

static void check_jumps(struct session *session, const struct tree *tree, struct err_list *faults)
{
    for (size_t i = 0; i < tree->node_count; i++) {
        for (size_t k = 0; k < tree->nodes[i].option_count; k++) {
            struct str to = tree->nodes[i].options[k].to;

            if (str_starts(to, STR_LIT("tree:")) && !has_tree(session, str_sub(to, 5, to.len))) {
                err_add(faults, tree->file, tree->nodes[i].options[k].line, "%.*s goes to %.*s, which does not exist",
                        STR_ARGS(tree->nodes[i].id), STR_ARGS(to));
            }
        }
    }
}

static void check_trees(struct session *session, struct err_list *faults)
{
    for (size_t i = 0; i < session->tree_count; i++) {
        const struct tree *tree = session_tree(session, session->trees[i].slug);

        if (tree) {
            check_jumps(session, tree, faults);
        }
    }
}

static void check_topics(struct session *session, struct err_list *faults)
{
    for (int layer = 0; layer < SESSION_LAYERS_MAX; layer++) {
        if (!session->folders[layer]) {
            continue;
        }
        char *folder = file_join(&session->arena, session->folders[layer], "help");
        struct file_list files = file_list_folder(&session->arena, folder, ".xml");

        for (size_t i = 0; i < files.count; i++) {
            topic_read(file_join(&session->arena, folder, files.names[i].ptr), &session->arena, NULL, NULL,
                       NULL, faults);
        }
    }
}

static void take_faults(const struct session *session, size_t from, struct err_list *faults)
{
    for (size_t i = from; i < session->faults.count; i++) {
        const struct err *err = &session->faults.items[i];

        err_add(faults, err->file, err->line, "%.*s", STR_ARGS(err->what))->hint = err->hint;
    }
}

void session_lint_trees(struct session *session, struct err_list *faults)
{
    size_t before = session->faults.count;

    check_trees(session, faults);
    take_faults(session, before, faults);
}

void session_lint(struct session *session, struct err_list *faults)
{
    check_trees(session, faults);
    check_entries(session, faults);
    check_samples(session, faults);
    check_topics(session, faults);
    take_faults(session, 0, faults);
}

/* --- files as a layer --- */

enum file_kind { FILE_KIND_UNKNOWN, FILE_KIND_CODES, FILE_KIND_TREE, FILE_KIND_TOPIC };

/* By the root element; the loaders say what is wrong inside. */
static enum file_kind kind_of(struct str bytes)
{
    static const struct {
        const char *root;
        enum file_kind kind;
    } roots[] = {{"<knowledge", FILE_KIND_CODES}, {"<tree", FILE_KIND_TREE}, {"<topic", FILE_KIND_TOPIC}};
    size_t best = STR_NPOS;
    enum file_kind kind = FILE_KIND_UNKNOWN;

    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        size_t at = str_find(bytes, str_from(roots[i].root), 0);

        if (at < best) {
            best = at;
            kind = roots[i].kind;
        }
    }
    return kind;
}

static bool read_kind(const char *path, enum file_kind *kind, struct arena *arena, struct str *trouble)
{
    struct buf bytes;

    buf_init(&bytes, XML_FILE_MAX_BYTES);
    enum file_result result = file_read(path, &bytes);

    *kind = kind_of(buf_str(&bytes));
    buf_fini(&bytes);
    if (result == FILE_OK || result == FILE_TRUNCATED) {
        return true;
    }
    *trouble = str_printf(arena, "%s: %s", path, file_result_text(result));
    return false;
}

/* The tree of a file takes the place of the one of its slug, as it would in a layer. */
static void add_tree(struct session *session, const char *path, struct err_list *faults)
{
    struct tree *tree = tree_load(path, faults);
    struct session_tree *trees;
    size_t at = 0;

    if (!tree) {
        return;
    }
    while (at < session->tree_count && !str_equal(session->trees[at].slug, tree->id)) {
        at++;
    }
    if (at == session->tree_count) {
        trees = ARENA_ARRAY(&session->arena, struct session_tree, at + 1);
        if (at) {
            memcpy(trees, session->trees, at * sizeof *trees);
        }
        session->trees = trees;
        session->tree_count++;
    }
    tree_free(session->trees[at].tree);
    session->trees[at] = (struct session_tree){
        .slug = tree->id,
        .paths[KB_LAYER_USER] = str_dup_z(&session->arena, tree->file),
        .layer = KB_LAYER_USER,
        .tree = tree};
}

static void check_added_trees(struct session *session, struct err_list *faults)
{
    for (size_t i = 0; i < session->tree_count; i++) {
        if (session->trees[i].layer == KB_LAYER_USER && session->trees[i].tree) {
            check_jumps(session, session->trees[i].tree, faults);
        }
    }
}

bool session_lint_files(struct session *session, const char *const *paths, size_t count,
                        struct err_list *faults, struct str *trouble)
{
    size_t before = session->faults.count;
    bool codes = false;
    enum file_kind kind;

    for (size_t i = 0; i < count; i++) {
        if (!read_kind(paths[i], &kind, &session->arena, trouble)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        read_kind(paths[i], &kind, &session->arena, trouble);
        if (kind == FILE_KIND_TREE) {
            add_tree(session, paths[i], faults);
        } else if (kind == FILE_KIND_TOPIC) {
            topic_read(paths[i], &session->arena, NULL, NULL, NULL, faults);
        } else {
            /* A file that is none of the three gets the loader's message about its root. */
            codes = kb_load_file(&session->kb, paths[i], KB_LAYER_USER, faults) || codes;
        }
    }
    check_added_trees(session, faults);
    if (codes && faults->count == 0) {
        kb_finish(&session->kb, faults);
        session_index_drop(session);
        check_entries(session, faults);
        check_samples(session, faults);
    }
    take_faults(session, before, faults);
    return true;
}
