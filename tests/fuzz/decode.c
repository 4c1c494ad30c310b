/* Each decoder alone: the first byte chooses it and the charset. */
#include "fuzz.h"
#include "ndr/decode.h"

static const char *const charsets[] = {"utf-8",    "iso-8859-1", "windows-1252", "iso-2022-jp", "shift_jis", "gb18030",
                                       "big5",     "euc-kr",     "koi8-r",       "utf-16",      "utf-16le",  "utf-7",
                                       "us-ascii", "iso-2022-kr", "unknown",     ""};

static void check_stage(const struct ndr_stage *stage, struct str source)
{
    for (size_t i = 0; i < stage->count; i++) {
        FUZZ_CHECK(stage->marks[i].origin <= source.len && stage->marks[i].at <= stage->text.len);
        FUZZ_CHECK(i == 0 || stage->marks[i - 1].at <= stage->marks[i].at);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str source = fuzz_text(data, size);
    unsigned choice = fuzz_choice(&source);
    struct str charset = str_from(charsets[choice >> 4]);
    struct ndr_stage stage;
    struct arena arena;
    struct buf out;

    arena_init(&arena);
    buf_init(&out, BUF_NO_LIMIT);
    ndr_stage_lines(&arena, source, 0, &stage);
    if (choice & 1) {
        ndr_stage_base64(&arena, &stage);
    }
    if (choice & 2) {
        ndr_stage_qp(&arena, &stage);
    }
    check_stage(&stage, source);
    ndr_stage_charset(&arena, charset, &stage);
    check_stage(&stage, source);
    if (choice & 4) {
        ndr_stage_html(&arena, &stage);
    }
    check_stage(&stage, source);
    if (choice & 8) {
        ndr_is_base64(source);
        ndr_base64_add(&out, source);
        ndr_q_add(&out, source);
        ndr_charset_add(&out, charset, source);
        ndr_field_decode(&arena, source);
    }
    buf_fini(&out);
    arena_fini(&arena);
    return 0;
}
