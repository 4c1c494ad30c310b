#include <stdlib.h>

#include "match/rank.h"

static uint32_t code_key(unsigned class_, unsigned subject, unsigned detail)
{
    return class_ * 1000000u + subject * 1000u + detail;
}

static int key_order(const void *a, const void *b)
{
    const struct match_code_key *x = a;
    const struct match_code_key *y = b;

    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return str_compare(x->entry->id, y->entry->id);
}

static void index_codes(struct match_index *index)
{
    size_t capacity = 0;
    size_t ranges = 0;

    for (size_t i = 0; i < index->kb->count; i++) {
        const struct kb_entry *entry = index->kb->entries[i];

        for (size_t k = 0; k < entry->code_count; k++) {
            const struct kb_code *code = &entry->codes[k];

            if (code->detail != code->last_detail) {
                *VEC_PUSH(&index->arena, index->ranges, index->range_count, ranges) = entry;
                continue;
            }
            *VEC_PUSH(&index->arena, index->codes, index->code_count, capacity) =
                (struct match_code_key){code_key(code->class_, code->subject, code->detail), entry};
        }
    }
    if (index->code_count) {
        qsort(index->codes, index->code_count, sizeof *index->codes, key_order);
    }
}

static void add_signature(struct match_index *index, const struct kb_entry *entry,
                          enum match_role role, bool dialect, struct str text,
                          struct err_list *faults)
{
    struct match_signature *signature = &index->signatures[index->signature_count];
    const char *wrong = match_signature_parse(&index->arena, text, signature);

    if (wrong) {
        err_add(faults, entry->file, entry->line, "%s: entry %.*s, \"%.*s\"", wrong,
                (int)entry->id.len, entry->id.ptr, (int)(text.len < 60 ? text.len : 60), text.ptr);
        return;
    }
    signature->entry = entry;
    signature->role = role;
    signature->dialect = dialect;
    index->signature_count++;
}

static void collect_signatures(struct match_index *index, struct err_list *faults)
{
    size_t count = 0;

    for (size_t i = 0; i < index->kb->count; i++) {
        const struct kb_entry *entry = index->kb->entries[i];

        count += entry->not_count;
        for (size_t m = 0; m < entry->match_count; m++) {
            count += entry->matches[m].text_count;
        }
    }
    index->signatures = ARENA_ARRAY(&index->arena, struct match_signature, count + 1);
    for (size_t i = 0; i < index->kb->count; i++) {
        const struct kb_entry *entry = index->kb->entries[i];

        for (size_t m = 0; m < entry->match_count; m++) {
            const struct kb_match *match = &entry->matches[m];

            for (size_t t = 0; t < match->text_count; t++) {
                add_signature(index, entry, match->weak ? MATCH_ROLE_WEAK : MATCH_ROLE_TEXT,
                              match->dialect, match->texts[t], faults);
            }
        }
        for (size_t n = 0; n < entry->not_count; n++) {
            add_signature(index, entry, MATCH_ROLE_NOT, false, entry->nots[n], faults);
        }
    }
}

/* One automaton over the anchors of all signatures. */
static bool build_automaton(struct match_index *index)
{
    struct arena scratch;

    arena_init(&scratch);
    struct str *anchors = ARENA_ARRAY(&scratch, struct str, index->signature_count + 1);

    for (size_t i = 0; i < index->signature_count; i++) {
        const struct match_signature *s = &index->signatures[i];

        anchors[i] = str_sub(s->pieces[s->anchor_piece].literal, s->anchor_at, s->anchor_len);
    }
    bool built = automaton_build(&index->automaton, &index->arena, anchors, index->signature_count);

    arena_fini(&scratch);
    return built;
}

struct match_index *match_index_new(const struct kb *kb, struct err_list *faults)
{
    struct match_index *index = mem_alloc(sizeof *index);

    arena_init(&index->arena);
    index->kb = kb;
    collect_signatures(index, faults);
    if (!build_automaton(index)) {
        err_add(faults, STR_NULL, 0, "too many signatures for one automaton");
        match_index_free(index);
        return NULL;
    }
    index_codes(index);
    return index;
}

void match_index_free(struct match_index *index)
{
    if (index) {
        match_scratch_fini(&index->scratch);
        arena_fini(&index->arena);
        mem_free(index);
    }
}

static void each_key(const struct match_index *index, uint32_t key, int how, match_code_fn found,
                     void *context)
{
    size_t low = 0;
    size_t high = index->code_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (index->codes[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < index->code_count && index->codes[low].key == key; low++) {
        found(context, index->codes[low].entry, how);
    }
}

void match_codes_each(const struct match_index *index, struct ndr_status status,
                      match_code_fn found, void *context)
{
    each_key(index, code_key(status.class_, status.subject, status.detail), 3, found, context);
    for (size_t i = 0; i < index->range_count; i++) {
        if (kb_entry_has_code(index->ranges[i], status.class_, status.subject, status.detail) == 2) {
            found(context, index->ranges[i], 2);
        }
    }
    each_key(index, code_key(0, status.subject, status.detail), 1, found, context);
}
