/* Signatures, one a line, then an empty line and the text that they are looked for in. */
#include "fuzz.h"
#include "match/match.h"

enum { SIGNATURES_MAX = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = fuzz_text(data, size);
    size_t end = str_find(source, STR_LIT("\n\n"), 0);
    struct str head = str_sub(source, 0, end == STR_NPOS ? source.len : end + 1);
    struct str texts[SIGNATURES_MAX];
    struct kb_match match = {.texts = texts};
    struct kb_entry entry = {.id = STR_LIT("fuzz"), .matches = &match, .match_count = 1, .nots = texts};
    struct err_list faults;
    struct arena arena;
    struct kb kb;

    while (match.text_count < SIGNATURES_MAX && str_next_line(&head, &texts[match.text_count])) {
        match.text_count++;
    }
    entry.not_count = match.text_count > 4 ? 1 : 0;
    arena_init(&arena);
    err_list_init(&faults, &arena);
    kb_init(&kb);
    *VEC_PUSH(&kb.arena, kb.entries, kb.count, kb.capacity) = &entry;
    struct match_index *index = match_index_new(&kb, &faults);

    if (index) {
        struct str text = end == STR_NPOS ? STR_NULL : str_sub(source, end + 2, source.len);
        const struct match_result *result = match_report(index, &arena, ndr_report_parse(&arena, text));

        for (size_t i = 0; i < result->count; i++) {
            FUZZ_CHECK(result->recipients[i].diagnosis_count <= MATCH_DIAGNOSES_MAX);
            FUZZ_CHECK(result->recipients[i].evidence_count <= MATCH_EVIDENCE_MAX);
        }
    }
    match_index_free(index);
    kb_fini(&kb);
    arena_fini(&arena);
    return 0;
}
