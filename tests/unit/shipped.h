/* A session on the shipped knowledge, opened once for all tests of a program. */
#ifndef NDR_TESTS_UNIT_SHIPPED_H
#define NDR_TESTS_UNIT_SHIPPED_H

#include "session/session.h"
#include "unit/unit.h"

static struct session session;
static struct arena arena; /* until the last test has run */

static inline int setup(void **state)
{
    struct session_options options = {.shipped_only = true};

    (void)state;
    arena_init(&arena);
    options.data = project_path(&arena, "data");
    return session_open(&session, &options) ? 0 : -1;
}

static inline int teardown(void **state)
{
    (void)state;
    session_close(&session);
    arena_fini(&arena);
    return 0;
}

/* The bytes of a file. */
static inline struct str slurp(const char *path)
{
    struct buf bytes;

    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    assert_int_equal(file_read(path, &bytes), FILE_OK);
    struct str copy = str_dup(&arena, buf_str(&bytes));

    buf_fini(&bytes);
    return copy;
}

#endif
