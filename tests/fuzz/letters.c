/* A domain in any letters: in ASCII it is empty or fit for the DNS, and stays the same from then on. */
#include "base/letters.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str domain = fuzz_text(data, size);
    struct arena arena;

    arena_init(&arena);
    struct str ascii = letters_domain(&arena, domain);

    letters_are_mixed(domain);
    if (letters_beyond_ascii(domain)) {
        FUZZ_CHECK(ascii.len <= 253 && !letters_beyond_ascii(ascii));
        FUZZ_CHECK(ascii.len == 0 || str_find(ascii, STR_LIT("xn--"), 0) != STR_NPOS);
        FUZZ_CHECK(str_find_char(ascii, '\n', 0) == STR_NPOS && str_find_char(ascii, ' ', 0) == STR_NPOS);
    }
    FUZZ_CHECK(str_equal(letters_domain(&arena, ascii), ascii));
    arena_fini(&arena);
    return 0;
}
