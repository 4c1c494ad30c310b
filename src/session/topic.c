#include "session/topic.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/action.h"
#include "cmd/keyname.h"
#include "xml/prose.h"
#include "xml/vocabulary.h"

enum element {
    E_TOPIC,
    E_TITLE,
    E_P,
    E_HEADING,
    E_EXAMPLE,
    E_LIST,
    E_ITEM,
};

static const struct vocabulary_rule rules[] = {
    {E_TOPIC, VOCABULARY_ROOT, "topic", "id", "xml:lang", false},
    {E_TITLE, E_TOPIC, "title", "", "", true},
    {E_P, E_TOPIC, "p", "", "", true},
    {E_HEADING, E_TOPIC, "heading", "", "", true},
    {E_EXAMPLE, E_TOPIC, "example", "", "", true},
    {E_LIST, E_TOPIC, "list", "", "", false},
    {E_ITEM, E_LIST, "item", "", "", true},
};

struct reading {
    struct arena *arena;
    const struct keymap *keymap;
    struct str path;
    struct err_list *faults;
    struct str *id;
    struct doc *doc;
};

/* --- keys --- */

/* The key of an action on the first screen where it has one; its name where it has none. */
static struct str key_words(struct reading *r, const struct action *action)
{
    for (int i = 0; i < ACTION_CONTEXT_COUNT; i++) {
        unsigned context = action->contexts & 1u << i;
        struct str key = context ? action_key(r->keymap, action, context) : STR_NULL;

        if (key.len) {
            return keyname_words(r->arena, key);
        }
    }
    return str_from(_(action->name));
}

static struct str key_of(struct reading *r, struct str name, unsigned line)
{
    struct str hint;
    enum action_id id = action_for_bind_name(r->arena, name, ACTION_IN_ALL, &hint);

    if (id != ACTION_NONE) {
        return key_words(r, action_get(id));
    }
    err_add(r->faults, r->path, line, _("unknown action %.*s"), (int)name.len, name.ptr)->hint = hint;
    return name;
}

static struct str with_keys(struct reading *r, struct str text, unsigned line)
{
    static const char opener[] = "{key ";
    struct str done = STR_NULL;

    for (;;) {
        size_t at = str_find(text, STR_LIT(opener), 0);
        size_t end = at == STR_NPOS ? at : str_find_char(text, '}', at);

        if (end == STR_NPOS) {
            return done.len ? str_printf(r->arena, "%.*s%.*s", (int)done.len, done.ptr, (int)text.len, text.ptr) : text;
        }
        struct str key = key_of(r, str_trim(str_sub(text, at + sizeof opener - 1, end - at - sizeof opener + 1)), line);

        done = str_printf(r->arena, "%.*s%.*s%.*s", (int)done.len, done.len ? done.ptr : "", (int)at, text.ptr,
                          (int)key.len, key.ptr);
        text = str_sub(text, end + 1, text.len);
    }
}

/* --- reading --- */

static void on_open(void *context, int id, const struct xml_element *element)
{
    struct reading *r = context;

    if (id == E_TOPIC && r->id) {
        *r->id = str_dup(r->arena, xml_attribute_get(element, STR_LIT("id")));
    }
}

/* Each line by itself, so that all of them are indented alike. */
static void add_example(struct reading *r, struct str text)
{
    struct str line;

    while (r->doc && str_next_line(&text, &line)) {
        doc_add(r->doc, DOC_COMMAND, STR_NULL, str_dup(r->arena, line));
    }
}

static void on_close(void *context, int id, struct str text, unsigned line)
{
    static const enum doc_kind kinds[] = {
        [E_TITLE] = DOC_TITLE,
        [E_P] = DOC_PARAGRAPH,
        [E_HEADING] = DOC_HEADING,
        [E_ITEM] = DOC_ITEM,
    };
    struct reading *r = context;

    if (id == E_TOPIC || id == E_LIST) {
        return;
    }
    if (id == E_EXAMPLE) {
        add_example(r, str_trim(text));
        return;
    }
    struct str words = with_keys(r, prose_fold(r->arena, text), line);

    if (r->doc) {
        doc_add(r->doc, kinds[id], STR_NULL, words);
    }
}

bool topic_read(const char *path, struct arena *arena, const struct keymap *keymap, struct str *id, struct doc *doc,
                struct err_list *faults)
{
    static const struct vocabulary_handler handler = {on_open, on_close};
    struct reading r = {arena, keymap, str_from(path), faults, id, doc};

    return vocabulary_read_file(path, rules, sizeof rules / sizeof rules[0], &handler, &r, faults);
}

/* --- all of them --- */

struct topic {
    struct str name;
    const char *path;
};

static int by_name(const void *a, const void *b)
{
    return str_compare(((const struct topic *)a)->name, ((const struct topic *)b)->name);
}

void topic_each(const struct session *session, struct arena *arena, topic_fn each, void *context)
{
    static const char suffix[] = ".xml";
    struct topic *topics = NULL;
    size_t count = 0;
    size_t capacity = 0;

    for (int layer = SESSION_LAYERS_MAX - 1; layer >= 0; layer--) {
        char *folder = session->folders[layer] ? file_join(arena, session->folders[layer], "help") : NULL;
        struct file_list files = folder ? file_list_folder(arena, folder, suffix) : (struct file_list){0};

        for (size_t i = 0; i < files.count; i++) {
            struct str name = str_sub(files.names[i], 0, files.names[i].len - (sizeof suffix - 1));
            size_t k = 0;

            while (k < count && !str_equal(topics[k].name, name)) {
                k++;
            }
            if (k == count) {
                const char *path = file_join(arena, folder, files.names[i].ptr);

                *VEC_PUSH(arena, topics, count, capacity) = (struct topic){name, path};
            }
        }
    }
    if (count) {
        qsort(topics, count, sizeof *topics, by_name);
    }
    for (size_t i = 0; i < count; i++) {
        each(context, topics[i].name, topics[i].path);
    }
}

/* Looking for one, or listing all. */
struct search {
    const struct session *session;
    struct str name;
    struct doc *doc;
    const char *path;
};

static void note(void *context, struct str name, const char *path)
{
    struct search *search = context;

    if (str_equal(name, search->name)) {
        search->path = path;
    }
}

bool topic_find(const struct session *session, struct str name, struct doc *doc)
{
    struct search search = {.name = name};
    struct err_list faults = {.arena = doc->arena};

    topic_each(session, doc->arena, note, &search);
    return search.path &&
           topic_read(search.path, doc->arena, &session->settings.keymap, NULL, doc, &faults);
}

static void add_title(void *context, struct str name, const char *path)
{
    struct search *search = context;
    struct arena *arena = search->doc->arena;
    struct err_list faults = {.arena = arena};
    struct doc topic;

    doc_init(&topic, arena);
    if (topic_read(path, arena, &search->session->settings.keymap, NULL, &topic, &faults) && topic.count) {
        doc_add(search->doc, DOC_PAIR, name, topic.blocks[0].text);
    }
}

void topic_list(const struct session *session, struct doc *doc)
{
    topic_each(session, doc->arena, add_title, &(struct search){.session = session, .doc = doc});
}
