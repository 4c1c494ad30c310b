/* A report as bytes.  What was read from any input comes back the same; and whatever bytes claim to be a
 * report of a text (0xff, two bytes with the length of the text, the text, the bytes) are refused or give
 * one that holds all it promises and can be matched. */
#include "fuzz.h"
#include "ndr/flat.h"

enum { CLAIM = 0xff };

static void check_claim(struct arena *arena, struct str input)
{
    size_t low = fuzz_choice(&input);
    size_t len = low + 256 * fuzz_choice(&input);
    struct str source = str_dup(arena, str_sub(input, 0, len));
    struct str flat = str_dup(arena, str_sub(input, len, input.len));
    const struct ndr_report *report = ndr_flat_read(arena, source, flat);

    if (report) {
        fuzz_check_report(report);
        session_match(fuzz_session(), arena, report);
    }
}

static void check_way_back(struct arena *arena, struct str input)
{
    struct buf flat[2];

    buf_init(&flat[0], NDR_FLAT_MAX_BYTES);
    buf_init(&flat[1], NDR_FLAT_MAX_BYTES);
    ndr_flat_write(&flat[0], ndr_report_parse(arena, input), input);
    const struct ndr_report *report = ndr_flat_read(arena, input, buf_str(&flat[0]));

    FUZZ_CHECK(report);
    fuzz_check_report(report);
    ndr_flat_write(&flat[1], report, input);
    FUZZ_CHECK(flat[0].dropped == 0 && str_equal(buf_str(&flat[0]), buf_str(&flat[1])));
    buf_fini(&flat[0]);
    buf_fini(&flat[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = fuzz_text(data, size);
    struct arena arena;

    arena_init(&arena);
    if (size && data[0] == CLAIM) {
        check_claim(&arena, str_sub(input, 1, size));
    } else {
        check_way_back(&arena, input);
    }
    arena_fini(&arena);
    return 0;
}
