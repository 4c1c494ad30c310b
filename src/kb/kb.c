#include "kb/kb.h"

#include <stdlib.h>

void kb_init(struct kb *kb)
{
    *kb = (struct kb){0};
    arena_init(&kb->arena);
}

void kb_fini(struct kb *kb)
{
    arena_fini(&kb->arena);
    *kb = (struct kb){0};
}

/* Order of a code in lists: subject, detail, class ("4.7.5" stands beside "5.7.5"); pages about a code
 * in general ("X.7.5") stand behind all others. */
static unsigned code_key(const struct kb_entry *entry)
{
    if (entry->code_count == 0) {
        return ~0u;
    }
    const struct kb_code *code = &entry->codes[0];

    return (code->class_ ? 0 : 1u << 31) + code->subject * 1000000u + code->detail * 1000u +
           code->class_;
}

/* Exchange Online, which most people here ask about, then Exchange, the others by name, and last what
 * the codes mean in general. */
static int provider_rank(struct str provider)
{
    return str_equal(provider, STR_LIT("exchange-online")) ? 0
           : str_equal(provider, STR_LIT("exchange"))      ? 1
           : str_equal(provider, STR_LIT("any"))           ? 3
                                                           : 2;
}

static int entry_order(const void *a, const void *b)
{
    const struct kb_entry *x = *(const struct kb_entry *const *)a;
    const struct kb_entry *y = *(const struct kb_entry *const *)b;

    if (x->category != y->category) {
        return x->category < y->category ? -1 : 1;
    }
    if (provider_rank(x->provider) != provider_rank(y->provider)) {
        return provider_rank(x->provider) - provider_rank(y->provider);
    }
    if (!str_equal(x->provider, y->provider)) {
        return str_compare(x->provider, y->provider);
    }
    if (code_key(x) != code_key(y)) {
        return code_key(x) < code_key(y) ? -1 : 1;
    }
    return str_compare(x->id, y->id);
}

static int id_order(const void *a, const void *b)
{
    const struct kb_entry *x = *(const struct kb_entry *const *)a;
    const struct kb_entry *y = *(const struct kb_entry *const *)b;
    int order = str_compare(x->id, y->id);

    return order ? order : (int)x->layer - (int)y->layer;
}

static const struct kb_entry *in_place_of(struct arena *arena, const struct kb_entry *entry,
                                          const struct kb_entry *replaced)
{
    struct kb_entry *copy = ARENA_NEW(arena, struct kb_entry);

    *copy = *entry;
    copy->replaced = replaced;
    return copy;
}

/* An entry of a later layer replaces the one with its id; two in one layer are a fault. */
static bool drop_replaced(struct kb *kb, struct err_list *faults)
{
    size_t kept = 0;
    bool sound = true;

    if (kb->count) {
        qsort(kb->entries, kb->count, sizeof *kb->entries, id_order);
    }
    for (size_t i = 0; i < kb->count; i++) {
        const struct kb_entry *entry = kb->entries[i];
        const struct kb_entry *next = i + 1 < kb->count ? kb->entries[i + 1] : NULL;

        if (next && str_equal(entry->id, next->id)) {
            if (entry->layer == next->layer) {
                err_add(faults, next->file, next->line, "the id %.*s stands twice (also %.*s:%u)",
                        (int)next->id.len, next->id.ptr, (int)entry->file.len, entry->file.ptr,
                        entry->line);
                sound = false;
            }
            kb->entries[i + 1] = in_place_of(&kb->arena, next, entry);
            continue;
        }
        kb->entries[kept++] = entry;
    }
    kb->count = kept;
    return sound;
}

static bool answers_to(const struct kb_entry *entry, struct str id)
{
    for (size_t i = 0; i < entry->alias_count; i++) {
        if (str_equal(entry->aliases[i], id)) {
            return true;
        }
    }
    return str_equal(entry->id, id);
}

/* The entry again, with one note more. */
static const struct kb_entry *with_note(struct arena *arena, const struct kb_entry *entry, struct kb_note note)
{
    struct kb_entry *copy = ARENA_NEW(arena, struct kb_entry);

    *copy = *entry;
    copy->notes = ARENA_ARRAY(arena, struct kb_note, entry->note_count + 1);
    for (size_t i = 0; i < entry->note_count; i++) {
        copy->notes[i] = entry->notes[i];
    }
    copy->notes[copy->note_count++] = note;
    return copy;
}

static bool give_house_notes(struct kb *kb, struct err_list *faults)
{
    bool sound = true;

    for (; kb->house_notes_given < kb->house_note_count; kb->house_notes_given++) {
        const struct kb_house_note *house = &kb->house_notes[kb->house_notes_given];
        size_t at = 0;

        while (at < kb->count && !answers_to(kb->entries[at], house->entry)) {
            at++;
        }
        if (at < kb->count) {
            kb->entries[at] = with_note(&kb->arena, kb->entries[at], house->note);
            continue;
        }
        err_add(faults, house->file, house->line, "the note is for entry %.*s, which does not exist",
                (int)house->entry.len, house->entry.ptr)
            ->hint = STR_LIT("ndr search finds the id; ndr explain shows it last");
        sound = false;
    }
    return sound;
}

static int name_order(const void *a, const void *b)
{
    return str_compare(((const struct kb_name *)a)->id, ((const struct kb_name *)b)->id);
}

static void index_names(struct kb *kb)
{
    size_t count = kb->count;

    for (size_t i = 0; i < kb->count; i++) {
        count += kb->entries[i]->alias_count;
    }
    struct kb_name *names = ARENA_ARRAY(&kb->arena, struct kb_name, count + 1);

    kb->name_count = 0;
    for (size_t i = 0; i < kb->count; i++) {
        const struct kb_entry *entry = kb->entries[i];

        names[kb->name_count++] = (struct kb_name){entry->id, entry};
        for (size_t k = 0; k < entry->alias_count; k++) {
            names[kb->name_count++] = (struct kb_name){entry->aliases[k], entry};
        }
    }
    qsort(names, kb->name_count, sizeof *names, name_order);
    kb->names = names;
}

static bool check_related(const struct kb *kb, struct err_list *faults)
{
    bool sound = true;

    for (size_t i = 0; i < kb->count; i++) {
        const struct kb_entry *entry = kb->entries[i];

        for (size_t k = 0; k < entry->related_count; k++) {
            const struct kb_related *related = &entry->related[k];

            if (!kb_entry_find(kb, related->entry)) {
                err_add(faults, entry->file, related->line, "related entry %.*s does not exist",
                        (int)related->entry.len, related->entry.ptr);
                sound = false;
            }
        }
    }
    return sound;
}

bool kb_finish(struct kb *kb, struct err_list *faults)
{
    bool sound = drop_replaced(kb, faults);

    sound = give_house_notes(kb, faults) && sound;

    index_names(kb);
    if (kb->count) {
        qsort(kb->entries, kb->count, sizeof *kb->entries, entry_order);
    }
    for (int c = 0; c < KB_CATEGORY_COUNT; c++) {
        kb->category_count[c] = 0;
    }
    for (size_t i = 0; i < kb->count; i++) {
        kb->category_count[kb->entries[i]->category]++;
    }
    return check_related(kb, faults) && sound;
}

const struct kb_entry *kb_entry_find(const struct kb *kb, struct str id)
{
    struct kb_name key = {.id = id};
    const struct kb_name *found =
        kb->name_count ? bsearch(&key, kb->names, kb->name_count, sizeof key, name_order) : NULL;

    return found ? found->entry : NULL;
}

bool kb_entry_has_reply(const struct kb_entry *entry, int reply)
{
    for (size_t i = 0; i < entry->reply_count; i++) {
        if (entry->replies[i] == reply) {
            return true;
        }
    }
    return false;
}

enum kb_needs_words kb_entry_needs_words(const struct kb_entry *entry, unsigned class_,
                                         unsigned subject, unsigned detail)
{
    enum kb_needs_words most = KB_NEEDS_WORDS_NOWHERE;

    for (size_t i = 0; i < entry->code_count; i++) {
        const struct kb_code *code = &entry->codes[i];

        if (code->needs_words > most && (code->class_ == class_ || code->class_ == 0) &&
            code->subject == subject && detail >= code->detail && detail <= code->last_detail) {
            most = code->needs_words;
        }
    }
    return most;
}

int kb_entry_has_code(const struct kb_entry *entry, unsigned class_, unsigned subject,
                      unsigned detail)
{
    int best = 0;

    for (size_t i = 0; i < entry->code_count; i++) {
        const struct kb_code *code = &entry->codes[i];
        bool any = code->class_ == 0 || class_ == 0;

        if ((!any && code->class_ != class_) || code->subject != subject || detail < code->detail ||
            detail > code->last_detail) {
            continue;
        }
        int how = code->detail != code->last_detail ? 2 : code->class_ == 0 ? 1 : 3;

        best = how > best ? how : best;
    }
    return best;
}

/* 6 to 1, best first; 0 when the entry does not have the code.  Entries to which the number alone
 * never leads come last. */
static int code_rank(const struct kb_entry *entry, unsigned class_, unsigned subject,
                     unsigned detail)
{
    int how = kb_entry_has_code(entry, class_, subject, detail);
    bool usual =
        kb_entry_needs_words(entry, class_, subject, detail) != KB_NEEDS_WORDS_ALWAYS;

    return how && usual ? how + 3 : how;
}

struct kb_hits kb_find_code(const struct kb *kb, struct arena *arena, unsigned class_,
                            unsigned subject, unsigned detail)
{
    struct kb_hits hits = {0};
    size_t capacity = 0;

    for (int rank = 6; rank > 0; rank--) {
        for (size_t i = 0; i < kb->count; i++) {
            if (code_rank(kb->entries[i], class_, subject, detail) == rank) {
                *VEC_PUSH(arena, hits.items, hits.count, capacity) = kb->entries[i];
            }
        }
    }
    return hits;
}
