/* An overlay file of entries: loaded as lint does, finished, its signatures compiled and searched. */
#include "fuzz.h"
#include "match/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mail[] = "550 5.1.1 <kim@example.com>: Recipient address rejected: User unknown";
    struct err_list faults;
    struct arena arena;
    struct kb kb;

    arena_init(&arena);
    err_list_init(&faults, &arena);
    kb_init(&kb);
    if (kb_load_file(&kb, fuzz_file(fuzz_text(data, size)), KB_LAYER_USER, &faults)) {
        kb_finish(&kb, &faults);
        struct match_index *index = match_index_new(&kb, &faults);

        if (index) {
            match_report(index, &arena, ndr_report_parse(&arena, STR_LIT(mail)));
        }
        match_index_free(index);
        kb_find_code(&kb, &arena, 5, 1, 1);
    } else {
        FUZZ_CHECK(faults.count > 0);
    }
    for (size_t i = 0; i < faults.count; i++) {
        err_format(&arena, &faults.items[i]);
    }
    kb_fini(&kb);
    arena_fini(&arena);
    return 0;
}
