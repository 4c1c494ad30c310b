/* The output filter: whatever goes in, only visible text comes out. */
#include "base/filter.h"

#include "base/width.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = fuzz_text(data, size);
    struct arena arena;
    struct buf out;

    arena_init(&arena);
    buf_init(&out, BUF_NO_LIMIT);
    for (unsigned flags = 0; flags < 4; flags++) {
        buf_clear(&out);
        filter_text(&out, text, flags);
        fuzz_check_output(buf_str(&out));
        FUZZ_CHECK((flags & FILTER_LINES) || str_find_char(buf_str(&out), '\n', 0) == STR_NPOS);
        FUZZ_CHECK(str_equal(filter_dup(&arena, text, flags), buf_str(&out)));
        for (size_t i = 0; (flags & FILTER_ASCII) && i < out.len; i++) {
            FUZZ_CHECK((unsigned char)out.ptr[i] < 0x80);
        }
        width_of(buf_str(&out));
        FUZZ_CHECK(width_of(width_cut(buf_str(&out), 10)) <= 10);
    }
    buf_clear(&out);
    filter_json(&out, text);
    filter_html(&out, text);
    fuzz_check_output(buf_str(&out));
    buf_fini(&out);
    arena_fini(&arena);
    return 0;
}
