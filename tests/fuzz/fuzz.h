/* What the fuzz targets share.  A target is one file with LLVMFuzzerTestOneInput() that holds a parser
 * against any bytes: it must end, stay within memory, and give what its header promises (FUZZ_CHECK).
 * `make fuzz` runs them with libFuzzer; `make check` replays the kept seeds through replay.c. */
#ifndef NDR_TESTS_FUZZ_H
#define NDR_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "session/session.h"

/* One input; always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Larger inputs only take time: the limits have tests of their own. */
enum { FUZZ_MAX_BYTES = 64 << 10 };

#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* The input in memory of its own, so that a byte read before or behind it is noticed. */
static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
    return str_make((const char *)data, size);
}

/* Takes the first byte away, for targets with several ways in. */
static inline unsigned fuzz_choice(struct str *input)
{
    unsigned first = input->len ? (unsigned char)input->ptr[0] : 0;

    *input = str_sub(*input, 1, input->len);
    return first;
}

/* A file with these bytes, for parsers that take a path; always the same path. */
const char *fuzz_file(struct str bytes);

/* A folder below the project, as in "data/codes"; lives in the arena. */
char *fuzz_project_path(struct arena *arena, const char *name);

/* A session with the shipped knowledge, the same at each call. */
struct session *fuzz_session(void);

/* Every value of a report stands inside of it, and its lists keep their limits. */
void fuzz_check_report(const struct ndr_report *report);

/* Text that leaves the program: valid UTF-8 without controls but LF and tab, without bidi controls. */
void fuzz_check_output(struct str text);

#endif
