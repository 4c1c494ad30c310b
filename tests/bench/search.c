/* Prints how long a keystroke of a search takes over all knowledge: search FOLDER. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "session/session.h"

static const char *const queries[] = {
    "5.7.323",       "550-5.7.23",      "mailbox full",    "dane tlsa",       "recipient not found",
    "spf permerror", "blocked spamhaus", "too many hops",  "polisy framwork", "Get-AcceptedDomain",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
};

enum { SAMPLES_MAX = 4096 };

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    struct session_options options = {.data = argc > 1 ? argv[1] : NULL, .shipped_only = true};
    struct session session;
    struct arena arena;
    static double times[SAMPLES_MAX];
    size_t count = 0;

    if (!session_open(&session, &options)) {
        return 1;
    }
    arena_init(&arena);
    double start = now_us();

    session_search(&session, &arena, STR_LIT("x"));
    printf("search: index of %zu entries made in %.1f ms", session.kb.count, (now_us() - start) / 1e3);
    start = now_us();
    session_search_trees(&session);
    printf(", of %zu trees in %.1f ms (while nobody types)\n", session.tree_count, (now_us() - start) / 1e3);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct str query = str_from(queries[i]);

        for (size_t len = 1; len <= query.len && count < SAMPLES_MAX; len++) {
            arena_reset(&arena);
            start = now_us();
            session_search(&session, &arena, str_sub(query, 0, len));
            times[count++] = now_us() - start;
        }
    }
    qsort(times, count, sizeof *times, order);
    printf("search: a keystroke %.0f us in the middle, %.0f us at the 99th of 100, %zu keystrokes\n", times[count / 2],
           times[count * 99 / 100], count);
    arena_fini(&arena);
    session_close(&session);
    return 0;
}
