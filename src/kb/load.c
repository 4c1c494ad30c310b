#include "base/file.h"
#include "kb/kb.h"
#include "xml/vocabulary.h"

enum element {
    E_KNOWLEDGE,
    E_ENTRY,
    E_CODE,
    E_REPLY,
    E_TITLE,
    E_MATCH,
    E_TEXT,
    E_NOT,
    E_SUMMARY,
    E_CAUSE,
    E_REMEDY,
    E_STEP,
    E_COMMAND,
    E_MESSAGE,
    E_RELATED,
    E_LINK,
    E_NOTE,
    E_HOUSE_NOTE,
    E_CONTACT,
    E_SOURCE,
    E_SAMPLE,
};

/* Besides origin, status, remote-mta and generator a sample's attributes name the facts it gives. */
#define SAMPLE_ATTRIBUTES                                                                          \
    "status remote-mta generator code reply as_code reason rcpt rcpt_written domain mx ip host "  \
    "sender sdom from fdom helo selector message_id time retry_until size action"

static const struct vocabulary_rule rules[] = {
    {E_KNOWLEDGE, VOCABULARY_ROOT, "knowledge", "version updated", "xml:lang provider", false},
    {E_ENTRY, E_KNOWLEDGE, "entry", "id category owner kind", "tree node provider alias", false},
    {E_CODE, E_ENTRY, "code", "", "words", true},
    {E_REPLY, E_ENTRY, "reply", "", "", true},
    {E_TITLE, E_ENTRY, "title", "", "", true},
    {E_MATCH, E_ENTRY, "match", "", "weak dialect", false},
    {E_TEXT, E_MATCH, "text", "", "", true},
    {E_NOT, E_MATCH, "not", "", "", true},
    {E_SUMMARY, E_ENTRY, "summary", "", "", true},
    {E_CAUSE, E_ENTRY, "cause", "", "", true},
    {E_REMEDY, E_ENTRY, "remedy", "owner", "", false},
    {E_STEP, E_REMEDY, "step", "", "", true},
    {E_COMMAND, E_STEP, "command", "", "shell", true},
    {E_MESSAGE, E_ENTRY, "message", "to", "", true},
    {E_RELATED, E_ENTRY, "related", "entry", "", false},
    {E_LINK, E_ENTRY, "link", "href", "", true},
    {E_NOTE, E_ENTRY, "note", "", "", true},
    {E_HOUSE_NOTE, E_KNOWLEDGE, "note", "entry", "", true},
    {E_CONTACT, E_KNOWLEDGE, "contact", "owner", "", true},
    {E_SOURCE, E_ENTRY, "source", "document", "date doubt", true},
    {E_SAMPLE, E_ENTRY, "sample", "origin", SAMPLE_ATTRIBUTES, true},
};

struct loader {
    struct kb *kb;
    struct str file;
    enum kb_layer layer;
    struct err_list *faults;
    struct str provider;
    struct kb_entry *entry;
    enum kb_needs_words code_needs_words; /* of the <code> that is open */
    enum prose_owner contact; /* of the <contact> that is open */
    size_t codes, replies, matches, nots, texts, remedies, related, links, notes, samples, aliases;
    enum prose_shell shell;
};

static void fault(struct loader *l, unsigned line, const char *what, struct str value)
{
    err_add(l->faults, l->file, line, "%s: %.*s", what, (int)(value.len < 80 ? value.len : 80),
            value.ptr ? value.ptr : "");
}

static struct str keep(struct loader *l, struct str text)
{
    return str_dup(&l->kb->arena, text);
}

static void open_knowledge(struct loader *l, const struct xml_element *element)
{
    struct str updated = keep(l, xml_attribute_get(element, STR_LIT("updated")));

    if (!str_equal(xml_attribute_get(element, STR_LIT("version")), STR_LIT("1"))) {
        fault(l, element->line, "unknown version of the vocabulary (1 is known)",
              xml_attribute_get(element, STR_LIT("version")));
    }
    l->provider = keep(l, xml_attribute_get(element, STR_LIT("provider")));
    if (l->layer == KB_LAYER_SHIPPED && str_compare(updated, l->kb->updated) > 0) {
        l->kb->updated = updated;
    }
}

static void open_entry(struct loader *l, const struct xml_element *element)
{
    struct arena *arena = &l->kb->arena;
    struct kb_entry *entry = ARENA_NEW(arena, struct kb_entry);
    struct str category = xml_attribute_get(element, STR_LIT("category"));
    struct str owner = xml_attribute_get(element, STR_LIT("owner"));
    struct str kind = xml_attribute_get(element, STR_LIT("kind"));
    struct str provider = xml_attribute_get(element, STR_LIT("provider"));
    struct str aliases = xml_attribute_get(element, STR_LIT("alias"));
    struct str alias;

    l->entry = entry;
    l->codes = l->replies = l->matches = l->nots = l->remedies = l->related = 0;
    l->links = l->notes = l->samples = l->aliases = 0;
    entry->id = keep(l, xml_attribute_get(element, STR_LIT("id")));
    entry->tree = keep(l, xml_attribute_get(element, STR_LIT("tree")));
    entry->node = keep(l, xml_attribute_get(element, STR_LIT("node")));
    entry->provider = provider.len ? keep(l, provider) : l->provider;
    entry->category = kb_category_find(category);
    entry->layer = l->layer;
    entry->file = l->file;
    entry->line = element->line;
    if (entry->category == KB_CATEGORY_COUNT) {
        fault(l, element->line, "unknown category", category);
        entry->category = KB_CATEGORY_SYSTEM;
    }
    if (!prose_owners_read(owner, entry->owners, &entry->owner_count)) {
        fault(l, element->line, "unknown owner", owner);
    }
    entry->kind = str_equal(kind, STR_LIT("transient")) ? KB_KIND_TRANSIENT
                  : str_equal(kind, STR_LIT("expired")) ? KB_KIND_EXPIRED
                  : str_equal(kind, STR_LIT("success")) ? KB_KIND_SUCCESS
                                                        : KB_KIND_PERMANENT;
    if (!str_equal(kind, kb_kind_name(entry->kind))) {
        fault(l, element->line, "unknown kind", kind);
    }
    while (str_next_word(&aliases, &alias)) {
        *VEC_PUSH(arena, entry->aliases, entry->alias_count, l->aliases) = keep(l, alias);
    }
}

static void open_sample(struct loader *l, const struct xml_element *element)
{
    struct arena *arena = &l->kb->arena;
    struct kb_entry *entry = l->entry;
    struct kb_sample *sample = VEC_PUSH(arena, entry->samples, entry->sample_count, l->samples);
    size_t capacity = 0;

    sample->line = element->line;
    for (size_t i = 0; i < element->attribute_count; i++) {
        const struct xml_attribute *a = &element->attributes[i];
        struct str value = keep(l, a->value);

        if (str_equal(a->name, STR_LIT("origin"))) {
            sample->origin = value;
        } else if (str_equal(a->name, STR_LIT("status"))) {
            sample->status = value;
        } else if (str_equal(a->name, STR_LIT("remote-mta"))) {
            sample->remote_mta = value;
        } else if (str_equal(a->name, STR_LIT("generator"))) {
            sample->generator = value;
        } else {
            *VEC_PUSH(arena, sample->captures, sample->capture_count, capacity) =
                (struct kb_capture){keep(l, a->name), value};
        }
    }
    if (!str_equal(sample->origin, STR_LIT("real")) &&
        !str_equal(sample->origin, STR_LIT("documented")) &&
        !str_equal(sample->origin, STR_LIT("made"))) {
        fault(l, element->line, "unknown origin of a sample", sample->origin);
    }
}

static void open_message(struct loader *l, const struct xml_element *element)
{
    struct prose_messages *messages = &l->entry->messages;
    struct prose_message *message =
        VEC_PUSH(&l->kb->arena, messages->items, messages->count, messages->capacity);
    struct str to = xml_attribute_get(element, STR_LIT("to"));

    if (!prose_reader_read(to, &message->to)) {
        fault(l, element->line, "unknown reader of a message", to);
    }
}

static void open_source(struct loader *l, const struct xml_element *element)
{
    struct prose_sources *sources = &l->entry->sources;
    struct prose_source *source =
        VEC_PUSH(&l->kb->arena, sources->items, sources->count, sources->capacity);
    struct str doubt = xml_attribute_get(element, STR_LIT("doubt"));

    source->document = keep(l, xml_attribute_get(element, STR_LIT("document")));
    source->date = keep(l, xml_attribute_get(element, STR_LIT("date")));
    if (!prose_doubt_read(doubt, &source->doubt)) {
        fault(l, element->line, "unknown doubt", doubt);
    }
}

static void open_match(struct loader *l, const struct xml_element *element)
{
    struct kb_match *match =
        VEC_PUSH(&l->kb->arena, l->entry->matches, l->entry->match_count, l->matches);

    match->weak = str_equal(xml_attribute_get(element, STR_LIT("weak")), STR_LIT("yes"));
    match->dialect = str_equal(xml_attribute_get(element, STR_LIT("dialect")), STR_LIT("yes"));
    l->texts = 0;
}

static void open_remedy(struct loader *l, const struct xml_element *element)
{
    struct kb_remedy *remedy =
        VEC_PUSH(&l->kb->arena, l->entry->remedies, l->entry->remedy_count, l->remedies);
    struct str owner = xml_attribute_get(element, STR_LIT("owner"));

    remedy->owner = prose_owner_find(owner);
    if (remedy->owner == PROSE_OWNER_NONE) {
        fault(l, element->line, "unknown owner", owner);
    }
}

static void open_house_note(struct loader *l, const struct xml_element *element)
{
    struct kb *kb = l->kb;

    *VEC_PUSH(&kb->arena, kb->house_notes, kb->house_note_count, kb->house_note_capacity) =
        (struct kb_house_note){.entry = keep(l, xml_attribute_get(element, STR_LIT("entry"))),
                               .note.layer = l->layer,
                               .file = l->file,
                               .line = element->line};
}

static void open_contact(struct loader *l, const struct xml_element *element)
{
    struct str owner = xml_attribute_get(element, STR_LIT("owner"));

    l->contact = prose_owner_find(owner);
    if (l->contact == PROSE_OWNER_NONE) {
        fault(l, element->line, "unknown owner", owner);
    }
}

static struct prose_steps *open_steps(struct loader *l)
{
    return &l->entry->remedies[l->entry->remedy_count - 1].steps;
}

static void on_open(void *context, int id, const struct xml_element *element)
{
    struct loader *l = context;
    struct arena *arena = &l->kb->arena;
    struct str value;

    switch ((enum element)id) {
    case E_KNOWLEDGE:
        open_knowledge(l, element);
        break;
    case E_ENTRY:
        open_entry(l, element);
        break;
    case E_MATCH:
        open_match(l, element);
        break;
    case E_REMEDY:
        open_remedy(l, element);
        break;
    case E_STEP: {
        struct prose_steps *steps = open_steps(l);

        (void)VEC_PUSH(arena, steps->items, steps->count, steps->capacity);
        break;
    }
    case E_COMMAND:
        value = xml_attribute_get(element, STR_LIT("shell"));
        if (!prose_shell_read(value, &l->shell)) {
            fault(l, element->line, "unknown shell", value);
        }
        break;
    case E_MESSAGE:
        open_message(l, element);
        break;
    case E_CODE:
        value = xml_attribute_get(element, STR_LIT("words"));
        l->code_needs_words = str_equal(value, STR_LIT("yes"))      ? KB_NEEDS_WORDS_ELSEWHERE
                              : str_equal(value, STR_LIT("always")) ? KB_NEEDS_WORDS_ALWAYS
                                                                     : KB_NEEDS_WORDS_NOWHERE;
        break;
    case E_RELATED:
        *VEC_PUSH(arena, l->entry->related, l->entry->related_count, l->related) = (struct kb_related){
            keep(l, xml_attribute_get(element, STR_LIT("entry"))), element->line};
        break;
    case E_LINK:
        VEC_PUSH(arena, l->entry->links, l->entry->link_count, l->links)->href =
            keep(l, xml_attribute_get(element, STR_LIT("href")));
        break;
    case E_HOUSE_NOTE:
        open_house_note(l, element);
        break;
    case E_CONTACT:
        open_contact(l, element);
        break;
    case E_SOURCE:
        open_source(l, element);
        break;
    case E_SAMPLE:
        open_sample(l, element);
        break;
    default:
        break;
    }
}

/* "5.7.23", "4.7.500..4.7.699", "X.7.26". */
/* "5.7.23" and "X.7.26"; class 0 stands for any. */
static bool read_one_code(struct str text, struct kb_code *code)
{
    struct str rest = text;
    struct str field;
    unsigned value[3];
    int n = 0;

    while (n < 3 && str_next_field(&rest, '.', &field)) {
        if (n == 0 && str_equal_nocase(field, STR_LIT("X"))) {
            value[n++] = 0;
        } else if (str_to_uint(field, 999, &value[n])) {
            n++;
        } else {
            return false;
        }
    }
    if (n != 3 || rest.len || (value[0] != 0 && value[0] != 2 && value[0] != 4 && value[0] != 5)) {
        return false;
    }
    *code = (struct kb_code){text, (unsigned short)value[0], (unsigned short)value[1],
                             (unsigned short)value[2], (unsigned short)value[2], false};
    return true;
}

/* A code, or a range of them: "4.7.500..4.7.699". */
static bool read_code(struct str text, struct kb_code *code)
{
    size_t dots = str_find(text, STR_LIT(".."), 0);
    struct kb_code end;

    if (!read_one_code(str_sub(text, 0, dots), code)) {
        return false;
    }
    code->text = text;
    if (dots != STR_NPOS) {
        if (!read_one_code(str_sub(text, dots + 2, text.len), &end) || end.class_ != code->class_ ||
            end.subject != code->subject || end.detail < code->detail) {
            return false;
        }
        code->last_detail = end.detail;
    }
    return true;
}

static void close_code(struct loader *l, struct str text, unsigned line)
{
    struct kb_code *code =
        VEC_PUSH(&l->kb->arena, l->entry->codes, l->entry->code_count, l->codes);

    if (!read_code(text, code)) {
        fault(l, line, "not a code or a range of codes", text);
        l->entry->code_count--;
        return;
    }
    code->needs_words = l->code_needs_words;
}

static void close_reply(struct loader *l, struct str text, unsigned line)
{
    unsigned value;

    if (!str_to_uint(text, 599, &value) || value < 200) {
        fault(l, line, "not a reply code", text);
        return;
    }
    *VEC_PUSH(&l->kb->arena, l->entry->replies, l->entry->reply_count, l->replies) =
        (unsigned short)value;
}

static void close_entry(struct loader *l)
{
    const struct kb_entry *entry = l->entry;
    struct kb *kb = l->kb;

    if (entry->title.len == 0 || entry->summary.len == 0 || entry->cause.len == 0) {
        fault(l, entry->line, "entry without title, summary or cause", entry->id);
    }
    if (entry->sample_count == 0) {
        fault(l, entry->line, "entry without a sample", entry->id);
    }
    *VEC_PUSH(&kb->arena, kb->entries, kb->count, kb->capacity) = entry;
}

static void on_close(void *context, int id, struct str raw, unsigned line)
{
    struct loader *l = context;
    struct arena *arena = &l->kb->arena;
    struct kb_entry *entry = l->entry;
    struct str text = prose_fold(arena, raw);

    switch ((enum element)id) {
    case E_ENTRY:
        close_entry(l);
        break;
    case E_CODE:
        close_code(l, text, line);
        break;
    case E_REPLY:
        close_reply(l, text, line);
        break;
    case E_TITLE:
        entry->title = text;
        break;
    case E_TEXT: {
        struct kb_match *match = &entry->matches[entry->match_count - 1];

        *VEC_PUSH(arena, match->texts, match->text_count, l->texts) = text;
        break;
    }
    case E_NOT:
        *VEC_PUSH(arena, entry->nots, entry->not_count, l->nots) = text;
        break;
    case E_SUMMARY:
        entry->summary = text;
        break;
    case E_CAUSE:
        entry->cause = text;
        break;
    case E_STEP:
        open_steps(l)->items[open_steps(l)->count - 1].text = text;
        break;
    case E_COMMAND:
        prose_step_add_command(arena, &open_steps(l)->items[open_steps(l)->count - 1], l->shell,
                               raw);
        break;
    case E_MESSAGE:
        entry->messages.items[entry->messages.count - 1].text = text;
        break;
    case E_LINK:
        entry->links[entry->link_count - 1].text = text;
        break;
    case E_NOTE:
        *VEC_PUSH(arena, entry->notes, entry->note_count, l->notes) = (struct kb_note){text, l->layer};
        break;
    case E_HOUSE_NOTE:
        l->kb->house_notes[l->kb->house_note_count - 1].note.text = text;
        break;
    case E_CONTACT:
        l->kb->contacts[l->contact] = text;
        break;
    case E_SOURCE:
        entry->sources.items[entry->sources.count - 1].text = text;
        break;
    case E_SAMPLE:
        entry->samples[entry->sample_count - 1].text = text;
        break;
    default:
        break;
    }
}

bool kb_load_file(struct kb *kb, const char *path, enum kb_layer layer, struct err_list *faults)
{
    static const struct vocabulary_handler handler = {on_open, on_close};
    struct loader l = {.kb = kb,
                       .file = str_dup(&kb->arena, str_from(path)),
                       .layer = layer,
                       .faults = faults};

    return vocabulary_read_file(l.file.ptr, rules, sizeof rules / sizeof rules[0], &handler, &l,
                                faults);
}

bool kb_load_folder(struct kb *kb, const char *folder, enum kb_layer layer, struct err_list *faults)
{
    size_t before = kb->count;
    size_t notes_before = kb->house_note_count;
    struct str contacts[PROSE_OWNER_COUNT];
    bool sound = true;
    struct file_list files = file_list_folder(&kb->arena, folder, ".xml");

    memcpy(contacts, kb->contacts, sizeof contacts);
    for (size_t i = 0; i < files.count; i++) {
        const char *path = file_join(&kb->arena, folder, files.names[i].ptr);

        sound = kb_load_file(kb, path, layer, faults) && sound;
    }
    if (!sound) {
        kb->count = before;
        kb->house_note_count = notes_before;
        memcpy(kb->contacts, contacts, sizeof contacts);
    }
    return sound;
}
