#include <stdlib.h>

#include "match/rank.h"

/* Never 0. */
static uint32_t code_key(unsigned class_, unsigned subject, unsigned detail)
{
    return 1 + class_ * 1000000u + subject * 1000u + detail;
}

/* The slot of the code, or the free one where it belongs. */
static struct match_code *slot_of(const struct match_index *index, uint32_t key)
{
    size_t slot = (key * 2654435761u) & (index->code_slots - 1);

    while (index->codes[slot].key && index->codes[slot].key != key) {
        slot = (slot + 1) & (index->code_slots - 1);
    }
    return &index->codes[slot];
}

/* A code of an entry, for sorting. */
struct pair {
    uint32_t key;
    struct match_coded coded;
    struct str id;
};

static int pair_order(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;

    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return str_compare(x->id, y->id);
}

/* Single codes of all entries and, apart, their ranges. */
static void index_codes(struct match_index *index)
{
    struct arena scratch;
    struct pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    size_t ranges = 0;

    arena_init(&scratch);
    for (size_t i = 0; i < index->kb->count; i++) {
        const struct kb_entry *entry = index->kb->entries[i];

        for (size_t k = 0; k < entry->code_count; k++) {
            const struct kb_code *code = &entry->codes[k];

            if (code->detail != code->last_detail) {
                *VEC_PUSH(&index->arena, index->ranges, index->range_count, ranges) =
                    (struct match_range){code, (uint32_t)i};
                continue;
            }
            struct match_coded coded = {
                (uint32_t)i, code->class_ ? 3 : 1,
                (uint8_t)kb_entry_needs_words(entry, code->class_, code->subject, code->detail)};

            *VEC_PUSH(&scratch, pairs, count, capacity) =
                (struct pair){code_key(code->class_, code->subject, code->detail), coded, entry->id};
        }
    }
    if (count) {
        qsort(pairs, count, sizeof *pairs, pair_order);
    }
    index->code_entries = ARENA_ARRAY(&index->arena, struct match_coded, count);
    index->in_range = ARENA_ARRAY(&index->arena, struct match_coded, index->range_count);
    for (size_t i = 0; i < count; i++) {
        struct match_code *code = slot_of(index, pairs[i].key);

        code->first = code->key ? code->first : (uint32_t)i;
        code->key = pairs[i].key;
        code->count++;
        index->code_entries[i] = pairs[i].coded;
    }
    arena_fini(&scratch);
}

/* The codes whose page "iana-X.7.1" there is. */
static void index_registry(struct match_index *index)
{
    static const struct str lead = STR_INIT("iana-X.");

    for (size_t i = 0; i < index->kb->name_count; i++) {
        struct str rest = index->kb->names[i].id;
        struct str subject;
        struct str detail;
        unsigned numbers[2];

        if (!str_starts(rest, lead)) {
            continue;
        }
        rest = str_sub(rest, lead.len, rest.len);
        if (str_next_field(&rest, '.', &subject) && str_next_field(&rest, '.', &detail) && rest.len == 0 &&
            str_to_uint(subject, 999, &numbers[0]) && str_to_uint(detail, 999, &numbers[1])) {
            struct match_code *code = slot_of(index, code_key(0, numbers[0], numbers[1]));

            code->key = code_key(0, numbers[0], numbers[1]);
            code->is_registered = true;
        }
    }
}

/* Room for all codes, most of it free. */
static void make_slots(struct match_index *index)
{
    size_t most = index->kb->name_count;

    for (size_t i = 0; i < index->kb->count; i++) {
        most += index->kb->entries[i]->code_count;
    }
    for (index->code_slots = 1; index->code_slots < 2 * most;) {
        index->code_slots *= 2;
    }
    index->codes = ARENA_ARRAY(&index->arena, struct match_code, index->code_slots);
}

static void index_traits(struct match_index *index)
{
    index->traits = ARENA_ARRAY(&index->arena, struct match_traits, index->kb->count);
    index->place_of = ARENA_ARRAY(&index->arena, uint32_t, index->kb->count);
    for (size_t i = 0; i < index->kb->count; i++) {
        const struct kb_entry *entry = index->kb->entries[i];
        struct match_traits *traits = &index->traits[i];

        traits->entry = entry;
        traits->provider = match_provider_number(entry->provider);
        traits->is_generic = match_entry_is_generic(entry);
        traits->is_microsoft = match_provider_is_microsoft(entry->provider);
    }
}

/* Adds the signature to the index; what is wrong with it, NULL when it is sound. */
static const char *add_signature(struct match_index *index, uint32_t number, enum match_role role, bool dialect,
                                 struct str text)
{
    struct match_signature *signature = &index->signatures[index->signature_count];
    const char *wrong = match_signature_parse(&index->arena, text, signature);

    if (!wrong) {
        signature->entry = number;
        signature->role = role;
        signature->dialect = dialect;
        index->signature_count++;
    }
    return wrong;
}

static void add_of_entry(struct match_index *index, uint32_t number, enum match_role role, bool dialect,
                         struct str text, struct err_list *faults)
{
    const struct kb_entry *entry = index->kb->entries[number];
    const char *wrong = add_signature(index, number, role, dialect, text);

    if (wrong) {
        err_add(faults, entry->file, entry->line, "%s: entry %.*s, \"%.*s\"", wrong,
                (int)entry->id.len, entry->id.ptr, (int)(text.len < 60 ? text.len : 60), text.ptr);
    }
}

static void collect_of_entry(struct match_index *index, uint32_t number, struct err_list *faults)
{
    const struct kb_entry *entry = index->kb->entries[number];

    for (size_t m = 0; m < entry->match_count; m++) {
        const struct kb_match *match = &entry->matches[m];

        for (size_t t = 0; t < match->text_count; t++) {
            add_of_entry(index, number, match->weak ? MATCH_ROLE_WEAK : MATCH_ROLE_TEXT, match->dialect,
                         match->texts[t], faults);
        }
    }
    for (size_t n = 0; n < entry->not_count; n++) {
        add_of_entry(index, number, MATCH_ROLE_NOT, false, entry->nots[n], faults);
    }
}

static void collect_signatures(struct match_index *index, struct err_list *faults)
{
    size_t count = match_mark_count();

    for (size_t i = 0; i < index->kb->count; i++) {
        const struct kb_entry *entry = index->kb->entries[i];

        count += entry->not_count;
        for (size_t m = 0; m < entry->match_count; m++) {
            count += entry->matches[m].text_count;
        }
    }
    index->signatures = ARENA_ARRAY(&index->arena, struct match_signature, count + 1);
    for (size_t i = 0; i < index->kb->count; i++) {
        collect_of_entry(index, (uint32_t)i, faults);
    }
    for (size_t i = 0; i < match_mark_count(); i++) {
        uint8_t provider;
        struct str words = match_mark(i, &provider);

        add_signature(index, provider, MATCH_ROLE_MARK, false, words);
    }
}

static void add_literals(struct match_index *index, struct arena *scratch, uint16_t number)
{
    const struct match_signature *signature = &index->signatures[number];

    for (size_t p = 0; p < signature->piece_count; p++) {
        finder_add(&index->finder, scratch, signature->pieces[p].literal, false, number);
    }
}

/* Finds all signatures by one place of each. */
static bool build_finder(struct match_index *index)
{
    struct arena scratch;
    bool built = index->signature_count <= UINT16_MAX;

    arena_init(&scratch);
    for (size_t i = 0; built && i < index->signature_count; i++) {
        add_literals(index, &scratch, (uint16_t)i);
    }
    if (built) {
        finder_build(&index->finder, &index->arena);
    }
    index->guards = ARENA_ARRAY(&index->arena, struct match_guard, index->signature_count);
    for (size_t i = 0; built && i < index->signature_count; i++) {
        struct match_signature *signature = &index->signatures[i];

        signature->anchor_piece = index->finder.places[i].part;
        signature->anchor_at = index->finder.places[i].at;
        index->guards[i] = match_guard_of(signature);
    }
    arena_fini(&scratch);
    return built;
}

struct match_index *match_index_new(const struct kb *kb, struct err_list *faults)
{
    struct match_index *index = mem_alloc(sizeof *index);

    arena_init(&index->arena);
    index->kb = kb;
    collect_signatures(index, faults);
    if (!build_finder(index)) {
        err_add(faults, STR_NULL, 0, "there are more signatures than can be looked for at once");
        match_index_free(index);
        return NULL;
    }
    index_traits(index);
    make_slots(index);
    index_codes(index);
    index_registry(index);
    match_index_providers(index);
    return index;
}

void match_index_free(struct match_index *index)
{
    if (index) {
        match_scratch_fini(&index->scratch);
        mem_free(index->candidates);
        arena_fini(&index->arena);
        mem_free(index);
    }
}

static struct match_coded_list with_key(const struct match_index *index, uint32_t key)
{
    const struct match_code *code = slot_of(index, key);

    return (struct match_coded_list){index->code_entries + code->first, code->count};
}

static struct match_coded_list in_range(const struct match_index *index, struct ndr_status status)
{
    struct match_coded_list found = {.items = index->in_range};

    for (size_t i = 0; i < index->range_count; i++) {
        const struct kb_code *code = index->ranges[i].code;
        const struct kb_entry *entry = index->kb->entries[index->ranges[i].entry];

        if (code->subject == status.subject && code->detail <= status.detail &&
            code->last_detail >= status.detail &&
            kb_entry_has_code(entry, status.class_, status.subject, status.detail) == 2) {
            index->in_range[found.count++] = (struct match_coded){
                index->ranges[i].entry, 2,
                (uint8_t)kb_entry_needs_words(entry, status.class_, status.subject, status.detail)};
        }
    }
    return found;
}

void match_codes_find(const struct match_index *index, struct ndr_status status,
                      struct match_coded_list lists[static MATCH_CODED_LISTS])
{
    lists[0] = with_key(index, code_key(status.class_, status.subject, status.detail));
    lists[1] = in_range(index, status);
    lists[2] = with_key(index, code_key(0, status.subject, status.detail));
}

bool match_code_is_registered(const struct match_index *index, struct ndr_status status)
{
    return slot_of(index, code_key(0, status.subject, status.detail))->is_registered;
}
