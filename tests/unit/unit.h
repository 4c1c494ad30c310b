/* What every unit test needs: cmocka and comparing views. */
#ifndef NDR_TESTS_UNIT_H
#define NDR_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"

/* Compares a view with a literal and shows both when they differ. */
static inline void assert_str(struct str got, const char *want)
{
    struct str expected = str_from(want);

    if (!str_equal(got, expected)) {
        fail_msg("got \"%.*s\", want \"%s\"", (int)got.len, got.len ? got.ptr : "", want);
    }
}

/* Path below the project's folder, NUL-terminated, in the arena. */
static inline char *project_path(struct arena *arena, const char *name)
{
    const char *root = getenv("NDR_SRCDIR");

    return file_join(arena, root ? root : "..", name);
}

#endif
