#include "session/topic.h"

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
    struct str *id;
    struct doc *doc;
};

static void on_open(void *context, int id, const struct xml_element *element)
{
    struct reading *r = context;

    if (id == E_TOPIC && r->id) {
        *r->id = str_dup(r->arena, xml_attribute_get(element, STR_LIT("id")));
    }
}

static void on_close(void *context, int id, struct str text, unsigned line)
{
    static const enum doc_kind kinds[] = {
        [E_TITLE] = DOC_TITLE,     [E_P] = DOC_PARAGRAPH,     [E_HEADING] = DOC_HEADING,
        [E_EXAMPLE] = DOC_COMMAND, [E_ITEM] = DOC_ITEM,
    };
    struct reading *r = context;

    (void)line;
    if (r->doc && id != E_TOPIC && id != E_LIST) {
        doc_add(r->doc, kinds[id], STR_NULL,
                id == E_EXAMPLE ? str_dup(r->arena, str_trim(text)) : prose_fold(r->arena, text));
    }
}

bool topic_read(const char *path, struct arena *arena, struct str *id, struct doc *doc,
                struct err_list *faults)
{
    static const struct vocabulary_handler handler = {on_open, on_close};
    struct reading r = {arena, id, doc};

    return vocabulary_read_file(path, rules, sizeof rules / sizeof rules[0], &handler, &r, faults);
}
