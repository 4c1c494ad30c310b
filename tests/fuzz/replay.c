/* Replays files through a fuzz target without a fuzzer: replay FILE...  Run by `make check` over the seeds. */
#include "fuzz.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct buf bytes;

        buf_init(&bytes, 1 << 20);
        FUZZ_CHECK(file_read(argv[i], &bytes) == FILE_OK);
        uint8_t *exact = malloc(bytes.len ? bytes.len : 1);

        FUZZ_CHECK(exact);
        memcpy(exact, bytes.len ? bytes.ptr : "", bytes.len);
        LLVMFuzzerTestOneInput(exact, bytes.len);
        free(exact);
        buf_fini(&bytes);
    }
    return 0;
}
