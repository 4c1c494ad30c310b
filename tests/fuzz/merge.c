/* Lines of JSON that `ndr triage` counts: another ndr's reports, or what pretends to be one. */
#include "../../src/cli/triage.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = fuzz_text(data, size);
    struct arena arena;
    struct buf out;
    struct cli cli = {.arena = &arena};
    struct job job = {.cli = &cli, .triage = {.arena = &arena}, .path = "-"};
    struct merge merge;

    arena_init(&arena);
    buf_init(&out, BUF_NO_LIMIT);
    is_merged(bytes);
    merge_begin(&merge, &job);
    for (size_t at = 0; at < bytes.len; at += 512) {
        merge_piece(&merge, str_sub(bytes, at, 512));
    }
    merge_end(&merge, &job);
    triage_finish(&job.triage);
    FUZZ_CHECK(job.triage.reports <= job.triage.mails);
    triage_json(&job.triage, &out);
    fuzz_check_output(buf_str(&out));
    buf_clear(&out);
    triage_html(&job.triage, &out);
    fuzz_check_output(buf_str(&out));
    buf_fini(&out);
    arena_fini(&arena);
    return 0;
}
