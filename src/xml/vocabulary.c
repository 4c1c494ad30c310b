#include "xml/vocabulary.h"

#include "base/file.h"

struct open_element {
    const struct vocabulary_rule *rule; /* NULL inside an unknown element */
    size_t text_from;                   /* where its text begins in the buffer */
    bool stray;                         /* text where none may stand was already reported */
};

struct vocabulary {
    struct str file;
    const struct vocabulary_rule *rules;
    size_t rule_count;
    const struct vocabulary_handler *handler;
    void *context;
    struct err_list *faults;
    struct open_element stack[XML_DEPTH_MAX + 1];
    size_t depth;
    struct buf text;
    unsigned line;
};

static bool list_has(const char *list, struct str name)
{
    struct str rest = str_from(list);
    struct str word;

    while (str_next_word(&rest, &word)) {
        if (str_equal(word, name)) {
            return true;
        }
    }
    return false;
}

static const struct vocabulary_rule *find_rule(const struct vocabulary *v, struct str name)
{
    int parent = v->depth ? v->stack[v->depth - 1].rule->id : VOCABULARY_ROOT;

    for (size_t i = 0; i < v->rule_count; i++) {
        if (v->rules[i].parent == parent && str_equal(name, str_from(v->rules[i].name))) {
            return &v->rules[i];
        }
    }
    return NULL;
}

static void check_attributes(struct vocabulary *v, const struct vocabulary_rule *rule,
                             const struct xml_element *element)
{
    struct str rest = str_from(rule->required);
    struct str name;

    for (size_t i = 0; i < element->attribute_count; i++) {
        name = element->attributes[i].name;
        if (!list_has(rule->required, name) && !list_has(rule->optional, name)) {
            err_add(v->faults, v->file, element->line, "unknown attribute %.*s in <%s>",
                    (int)name.len, name.ptr, rule->name);
        }
    }
    while (str_next_word(&rest, &name)) {
        if (xml_attribute_get(element, name).len == 0) {
            err_add(v->faults, v->file, element->line, "<%s> needs the attribute %.*s", rule->name,
                    (int)name.len, name.ptr);
        }
    }
}

static void on_open(void *context, const struct xml_element *element)
{
    struct vocabulary *v = context;
    struct open_element *open = &v->stack[v->depth];

    *open = (struct open_element){.text_from = v->text.len};
    v->line = element->line;
    if (v->depth == 0 || v->stack[v->depth - 1].rule) {
        open->rule = find_rule(v, element->name);
        if (!open->rule) {
            struct err *err = err_add(v->faults, v->file, element->line, "unknown element <%.*s>%s%s%s",
                                      (int)element->name.len, element->name.ptr,
                                      v->depth ? " in <" : "",
                                      v->depth ? v->stack[v->depth - 1].rule->name : "",
                                      v->depth ? ">" : " as the root");
            err->hint = STR_LIT("see data/schema for what may stand here");
        }
    }
    v->depth++;
    if (open->rule) {
        check_attributes(v, open->rule, element);
        v->handler->open(v->context, open->rule->id, element);
    }
}

static void on_text(void *context, struct str text)
{
    struct vocabulary *v = context;
    struct open_element *open = v->depth ? &v->stack[v->depth - 1] : NULL;

    if (!open || !open->rule) {
        return;
    }
    if (open->rule->has_text) {
        buf_add_str(&v->text, text);
    } else if (!open->stray && str_trim(text).len) {
        err_add(v->faults, v->file, v->line, "text directly in <%s>", open->rule->name);
        open->stray = true;
    }
}

static void on_close(void *context, struct str name, unsigned line)
{
    struct vocabulary *v = context;
    struct open_element *open = &v->stack[--v->depth];

    (void)name;
    if (open->rule) {
        struct str text = str_sub(buf_str(&v->text), open->text_from, v->text.len);

        v->handler->close(v->context, open->rule->id, text, line);
    }
    v->text.len = open->text_from;
}

bool vocabulary_read(struct str file, struct str bytes, const struct vocabulary_rule *rules,
                     size_t rule_count, const struct vocabulary_handler *handler, void *context,
                     struct err_list *faults)
{
    static const struct xml_handler events = {on_open, on_text, on_close};
    struct vocabulary v = {.file = file, .rules = rules, .rule_count = rule_count,
                           .handler = handler, .context = context, .faults = faults};
    size_t before = faults->count;

    buf_init(&v.text, XML_FILE_MAX_BYTES);
    bool sound = xml_parse(file, bytes, &events, &v, faults);

    buf_fini(&v.text);
    return sound && faults->count == before;
}

bool vocabulary_read_file(const char *path, const struct vocabulary_rule *rules, size_t rule_count,
                          const struct vocabulary_handler *handler, void *context,
                          struct err_list *faults)
{
    struct buf bytes;
    bool sound = false;

    buf_init(&bytes, XML_FILE_MAX_BYTES);
    enum file_result result = file_read(path, &bytes);

    if (result == FILE_OK) {
        sound = vocabulary_read(str_from(path), buf_str(&bytes), rules, rule_count, handler, context,
                                faults);
    } else {
        err_add(faults, str_from(path), 0, "%s", file_result_text(result));
    }
    buf_fini(&bytes);
    return sound;
}
