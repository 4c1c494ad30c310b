#include "session/names.h"

#include "session/topic.h"

static void entries(const struct session *session, struct str word, session_name_fn each, void *context)
{
    const struct kb *kb = &session->kb;

    for (size_t i = 0; i < kb->count; i++) {
        for (size_t k = 0; k < kb->entries[i]->code_count; k++) {
            if (str_starts(kb->entries[i]->codes[k].text, word)) {
                each(context, kb->entries[i]->codes[k].text);
            }
        }
    }
    for (size_t i = 0; i < kb->name_count; i++) {
        if (str_starts_nocase(kb->names[i].id, word)) {
            each(context, kb->names[i].id);
        }
    }
}

/* The names that begin with a word. */
struct filter {
    struct str word;
    session_name_fn each;
    void *context;
};

static void topic(void *context, struct str name, const char *path)
{
    const struct filter *filter = context;

    (void)path;
    if (str_starts_nocase(name, filter->word)) {
        filter->each(filter->context, name);
    }
}

void session_names(const struct session *session, struct arena *arena, enum session_names kind, struct str word,
                   session_name_fn each, void *context)
{
    switch (kind) {
    case SESSION_NAMES_ENTRIES:
        if (word.len) {
            entries(session, word, each, context);
        }
        break;
    case SESSION_NAMES_TREES:
        for (size_t i = 0; i < session->tree_count; i++) {
            if (str_starts_nocase(session->trees[i].slug, word)) {
                each(context, session->trees[i].slug);
            }
        }
        break;
    case SESSION_NAMES_CATEGORIES:
        for (int category = 0; category < KB_CATEGORY_COUNT; category++) {
            struct str slug = kb_category_slug((enum kb_category)category);

            if (str_starts_nocase(slug, word)) {
                each(context, slug);
            }
        }
        break;
    case SESSION_NAMES_TOPICS:
        topic_each(session, arena, topic, &(struct filter){word, each, context});
    }
}
