#include "guard/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "guard/walls.h"

enum {
    GUARD_SPACE_BYTES = 512 << 20,
    GUARD_TICK_SECONDS = 5,    /* of processor time; a mail may take between one and two of them */
    GUARD_WAIT_MS = 30 * 1000, /* for a child, by the clock */
    GUARD_FILES_MAX = 256,
    GUARD_STACK_BYTES = 32 << 10, /* for the handler when the other one is full */
    GUARD_TROUBLE = 2,            /* exit status */
};

/* The walls of this process: there is one process. */
static struct {
    bool is_started;
    bool is_filtered; /* by guard_start() */
    bool is_worker;
    volatile unsigned done; /* mails */
    unsigned seen;          /* of them at the last tick */
} guard;

static void set_limit(int what, rlim_t value)
{
    struct rlimit limit;

    if (getrlimit(what, &limit) == 0 &&
        (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value)) {
        limit.rlim_cur = limit.rlim_max = value;
        setrlimit(what, &limit);
    }
}

#ifdef GUARD_HAS_WALLS
static _Noreturn void end_with(const char *words)
{
    ssize_t written = write(STDERR_FILENO, words, strlen(words));

    (void)written;
    _exit(GUARD_TROUBLE);
}

static _Noreturn void on_limit(void)
{
    end_with("ndr: input needs more than the limits allow\n");
}

static void on_tick(int number)
{
    (void)number;
    if (guard.done == guard.seen) {
        on_limit();
    }
    guard.seen = guard.done;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void on_crash(int number)
{
    (void)number;
    end_with("ndr: internal fault while a report was read; nothing was changed\n");
}

/* A crash is told in one line, on a stack of its own. */
static void catch_crashes(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
    static char room[GUARD_STACK_BYTES];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room};

    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        handle(numbers[i], on_crash, SA_ONSTACK);
    }
}
#endif

void guard_start(void)
{
    guard.is_started = true;
#ifdef GUARD_HAS_WALLS
    set_limit(RLIMIT_CORE, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    guard.is_filtered = guard_filter_desk();
#endif
}

void guard_worker_enter(void)
{
    if (guard.is_worker) {
        return;
    }
    guard.is_worker = true;
#ifdef GUARD_HAS_WALLS
    struct itimerval tick = {.it_interval = {.tv_sec = GUARD_TICK_SECONDS},
                             .it_value = {.tv_sec = GUARD_TICK_SECONDS}};

    catch_crashes();
    mem_set_exhausted(on_limit);
    set_limit(RLIMIT_AS, GUARD_SPACE_BYTES);
    set_limit(RLIMIT_NOFILE, GUARD_FILES_MAX);
    handle(SIGPROF, on_tick, SA_RESTART);
    setitimer(ITIMER_PROF, &tick, NULL);
    guard_filter_worker();
#endif
}

void guard_worker_progress(void)
{
    guard.done++;
}

/* --- the child that goes first --- */

/* Nothing of the desk may be touched from the child: its terminal, its store, its handlers. */
static _Noreturn void go_first(void (*job)(void *context), void *context, int done)
{
    for (int fd = 0; fd < GUARD_FILES_MAX; fd++) {
        if (fd != done) {
            close(fd);
        }
    }
    set_limit(RLIMIT_FSIZE, 0);
    bug_set_handler(NULL);
    guard_worker_enter();
    job(context);
    _exit(0);
}

/* Whether the child has ended within its time: then nobody holds the other end of `pipe`. */
static bool has_ended(int pipe)
{
    struct pollfd end = {.fd = pipe, .events = POLLIN};
    int ready;

    do {
        ready = poll(&end, 1, GUARD_WAIT_MS);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

bool guard_try(void (*job)(void *context), void *context)
{
    int ends[2];
    int status = 0;

    if (guard.is_worker || !guard.is_started) {
        return true;
    }
    if (pipe(ends) != 0) {
        return false;
    }
    pid_t child = fork();

    if (child == 0) {
        go_first(job, context, ends[1]);
    }
    close(ends[1]);
    if (child > 0 && !has_ended(ends[0])) {
        kill(child, SIGKILL);
    }
    close(ends[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const char *guard_missing(void)
{
#if !defined(GUARD_HAS_WALLS)
    return "built without walls (for the sanitizers, or not for Linux)";
#else
    if (!guard.is_filtered) {
        return "no filter of system calls (seccomp)";
    }
    switch (guard_files_abi()) {
    case 0:
        return "no rules for files (landlock): whatever the account may read can be read";
    case 1:
    case 2:
        return "an old landlock: files may be cut outside of their folders where the account may "
               "write";
    default:
        return NULL;
    }
#endif
}
