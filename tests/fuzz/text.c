/* A pasted text: whatever it is, it is read as words and never as a mail. */
#include "fuzz.h"
#include "ndr/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = fuzz_text(data, size);
    struct arena arena;

    if (ndr_mime_looks_like_mail(source)) {
        return 0;
    }
    arena_init(&arena);
    fuzz_check_report(ndr_report_parse(&arena, source));
    arena_fini(&arena);
    return 0;
}
