/* A file of settings. */
#include "session/settings.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings = {0};
    struct err_list faults;
    struct arena arena;

    arena_init(&arena);
    err_list_init(&faults, &arena);
    settings_load(&settings, &arena, fuzz_file(fuzz_text(data, size)), true, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        err_format(&arena, &faults.items[i]);
    }
    arena_fini(&arena);
    return 0;
}
