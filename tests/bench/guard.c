/* What the walls cost at the start: median of many processes, in microseconds of the clock. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guard/guard.h"
#include "session/confine.h"

enum { RUNS = 201 };

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void start(const struct session *session)
{
    (void)session;
    guard_start();
}

static void desk(const struct session *session)
{
    session_confine_desk(session, NULL, 0);
}

static void worker(const struct session *session)
{
    session_confine_worker(session, NULL, 0);
    guard_worker_enter();
}

static void nothing(void *context)
{
    (void)context;
}

static void child(const struct session *session)
{
    (void)session;
    guard_try(nothing, NULL, "");
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const char *name, void (*act)(const struct session *),
                    const struct session *session, bool started)
{
    static double took[RUNS];

    for (int i = 0; i < RUNS; i++) {
        int ends[2];
        double us = 0;

        if (pipe(ends) != 0 || fork() == 0) {
            if (started) {
                guard_start();
            }
            double from = now_us();

            act(session);
            us = now_us() - from;
            _exit(write(ends[1], &us, sizeof us) != sizeof us);
        }
        took[i] = read(ends[0], &us, sizeof us) == sizeof us ? us : 0;
        close(ends[0]);
        close(ends[1]);
        wait(NULL);
    }
    qsort(took, RUNS, sizeof *took, order);
    printf("%-44s%.0f us (fastest %.0f)\n", name, took[RUNS / 2], took[0]);
}

int main(int argc, char **argv)
{
    struct session session;
    struct session_options options = {.data = argc > 1 ? argv[1] : NULL};

    if (!session_open(&session, &options)) {
        fputs("guard: no knowledge there\n", stderr);
        return 2;
    }
    session_warm(&session);
    measure("walls: filter of every process", start, &session, false);
    measure("walls: files of the screen", desk, &session, true);
    measure("walls: files and filter of a worker", worker, &session, true);
    measure("walls: child that reads a report", child, &session, true);
    session_close(&session);
    return 0;
}
