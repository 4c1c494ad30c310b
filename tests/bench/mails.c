/* Prints how long one mail takes inside of the process, parse, match and JSON: mails DATA FOLDER.  Each file
 * was read before its time is taken, so that neither disk nor first use count. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "session/input.h"

enum { TIMES_MAX = 20000, RUNS = 5 };

struct bench {
    struct session session;
    struct arena arena;
    struct buf out;
    double times[TIMES_MAX];
    size_t count;
};

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The least of several runs: the mail is warm from the second on. */
static bool measure(void *context, struct str bytes)
{
    struct bench *bench = context;
    double least = 1e12;

    for (int i = 0; i < RUNS; i++) {
        struct json json = {.out = &bench->out};
        double start = now_us();

        cli_json_report(&json, session_analyze(&bench->session, &bench->arena, bytes));
        double took = now_us() - start;

        least = took < least ? took : least;
        buf_clear(&bench->out);
        arena_reset(&bench->arena);
    }
    if (bench->count < TIMES_MAX) {
        bench->times[bench->count++] = least;
    }
    return true;
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct arena names;
    struct session_options options = {.data = argc > 1 ? argv[1] : NULL, .shipped_only = true};
    struct input input = {.each = measure, .context = &bench, .arena = &names};

    if (argc < 3 || !session_open(&bench.session, &options)) {
        return 1;
    }
    arena_init(&names);
    arena_init(&bench.arena);
    buf_init(&bench.out, BUF_NO_LIMIT);
    session_warm(&bench.session);
    input_read(&input, argv[2]);
    if (bench.count) {
        qsort(bench.times, bench.count, sizeof *bench.times, order);
        printf("a warm mail in the process: %.1f us in the middle, %.1f us at the 90th of 100, %zu mails\n",
               bench.times[bench.count / 2], bench.times[bench.count * 9 / 10], bench.count);
    }
    buf_fini(&bench.out);
    arena_fini(&bench.arena);
    arena_fini(&names);
    session_close(&bench.session);
    return 0;
}
