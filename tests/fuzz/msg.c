/* Outlook .msg files: the message is written as mail, which must be read again. */
#include "fuzz.h"
#include "ndr/container.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = fuzz_text(data, size);
    struct arena arena;

    if (!ndr_is_ole(bytes)) {
        return 0;
    }
    arena_init(&arena);
    struct str mail = ndr_ole_message(&arena, bytes);

    FUZZ_CHECK(mail.len <= NDR_CONTAINER_MAX_BYTES);
    fuzz_check_report(ndr_report_parse(&arena, mail));
    arena_fini(&arena);
    return 0;
}
