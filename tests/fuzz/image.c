/* An image of the knowledge beside a folder without XML: refused, or entries that can be used. */
#include "kb/image.h"
#include "fuzz.h"
#include "match/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err_list faults;
    struct arena arena;
    struct kb kb;

    arena_init(&arena);
    err_list_init(&faults, &arena);
    kb_init(&kb);
    if (kb_image_read(&kb, fuzz_file(fuzz_text(data, size)), "/dev/null")) {
        kb_finish(&kb, &faults);
        struct match_index *index = match_index_new(&kb, &faults);

        for (size_t i = 0; i < kb.count; i++) {
            kb_entry_find(&kb, kb.entries[i]->id);
            kb_entry_has_code(kb.entries[i], 5, 1, 1);
            FUZZ_CHECK(kb.entries[i]->owner_count <= PROSE_OWNERS_MAX);
        }
        match_index_free(index);
    } else {
        FUZZ_CHECK(kb.count == 0);
    }
    kb_fini(&kb);
    arena_fini(&arena);
    return 0;
}
