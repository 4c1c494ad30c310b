/* The whole way of a report: reading, matching against the shipped knowledge, JSON and the text. */
#include <jansson.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "fuzz.h"

static void check_json(const struct match_result *result)
{
    struct json json = {0};
    struct buf out;

    buf_init(&out, BUF_NO_LIMIT);
    json.out = &out;
    cli_json_report(&json, result);
    json_t *read = json_loadb(out.ptr, out.len, JSON_ALLOW_NUL, NULL);

    FUZZ_CHECK(read);
    FUZZ_CHECK(json_array_size(json_object_get(read, "recipients")) == result->count);
    fuzz_check_output(buf_str(&out));
    json_decref(read);
    buf_fini(&out);
}

static void check_text(struct arena *arena, const struct match_result *result)
{
    const struct match_recipient *first = result->count ? &result->recipients[0] : NULL;
    struct buf out;
    struct doc doc;

    buf_init(&out, BUF_NO_LIMIT);
    doc_init(&doc, arena);
    session_doc_diagnosis(fuzz_session(), result, first, &doc);
    for (int format = DOC_FORMAT_TEXT; format <= DOC_FORMAT_HTML; format++) {
        doc_render(&doc, (enum doc_format)format, 80, &out);
    }
    fuzz_check_output(buf_str(&out));
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;

    arena_init(&arena);
    const struct match_result *result = session_analyze(fuzz_session(), &arena, fuzz_text(data, size));

    fuzz_check_report(result->report);
    FUZZ_CHECK(result->count == result->report->recipient_count);
    check_json(result);
    check_text(&arena, result);
    arena_fini(&arena);
    return 0;
}
