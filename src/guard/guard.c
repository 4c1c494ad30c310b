#include "guard/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "guard/walls.h"

enum {
    GUARD_SPACE_BYTES = 512 << 20,
    GUARD_TICK_SECONDS = 5,    /* of processor time; a mail may take between one and two of them */
    GUARD_CHILD_SECONDS = 12,  /* of processor time for one that no longer minds the ticks */
    GUARD_WAIT_MS = 30 * 1000, /* for a child, by the clock */
    GUARD_FILES_MAX = 256,
    GUARD_CHILD_FILES_MAX = 16, /* a folder, a mail and what a converter is made of */
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

#ifdef GUARD_HAS_WALLS
static bool is_file(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
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
    if (!is_file(STDOUT_FILENO) && !is_file(STDERR_FILENO)) {
        set_limit(RLIMIT_FSIZE, 0);
    }
    handle(SIGPROF, on_tick, SA_RESTART);
    setitimer(ITIMER_PROF, &tick, NULL);
    guard_filter_worker();
#endif
}

void guard_worker_progress(void)
{
    guard.done++;
}

/* --- children --- */

static void read_only(const char *path)
{
    struct guard_files files;

    guard_files_open(&files, true);
    guard_files_system(&files);
    guard_files_read(&files, path[0] ? path : NULL);
    guard_files_close(&files);
}

/* Nothing of the desk may be touched from the child: its terminal, its store, its handlers.  It ends
 * with the desk, and when nobody listens any more. */
static _Noreturn void be_child(guard_job job, void *context, const char *reads, int out)
{
    if (reads) { /* one report or file: there is nothing to start its time anew for */
        read_only(reads);
        set_limit(RLIMIT_CPU, GUARD_CHILD_SECONDS);
    }
    for (int fd = 0; fd < GUARD_FILES_MAX; fd++) {
        if (fd != out) {
            close(fd);
        }
    }
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    signal(SIGPIPE, SIG_DFL);
    set_limit(RLIMIT_FSIZE, 0);
    set_limit(RLIMIT_NOFILE, GUARD_CHILD_FILES_MAX);
    bug_set_handler(NULL);
    guard_worker_enter();
    job(context, out);
    _exit(0);
}

bool guard_asks(void)
{
    return guard.is_started && !guard.is_worker;
}

bool guard_child_start(struct guard_child *child, guard_job job, void *context, const char *reads)
{
    int ends[2];

    *child = (struct guard_child){.pid = -1, .pipe = -1};
    if (pipe(ends) != 0) {
        return false;
    }
    child->pid = fork();
    if (child->pid == 0) {
        be_child(job, context, reads, ends[1]);
    }
    close(ends[1]);
    child->pipe = ends[0];
    return child->pid > 0;
}

size_t guard_child_read(struct guard_child *child, char *to, size_t len)
{
    struct pollfd end = {.fd = child->pipe, .events = POLLIN};
    ssize_t got = -1;
    int ready;

    do {
        ready = poll(&end, 1, GUARD_WAIT_MS);
        got = ready > 0 ? read(child->pipe, to, len) : -1;
    } while ((ready < 0 || (ready > 0 && got < 0)) && errno == EINTR);
    if (got < 0) {
        child->is_late = true;
    }
    return got > 0 ? (size_t)got : 0;
}

bool guard_child_end(struct guard_child *child)
{
    int status = 0;
    bool is_over = child->is_late || child->is_dropped;

    if (child->pid > 0 && is_over) {
        kill(child->pid, SIGKILL);
    }
    if (child->pipe >= 0) {
        close(child->pipe);
    }
    while (child->pid > 0 && waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return child->pid > 0 && !is_over && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct silent_job {
    void (*job)(void *context);
    void *context;
};

static void run_silently(void *context, int out)
{
    const struct silent_job *silent = context;

    (void)out;
    silent->job(silent->context);
}

bool guard_try(void (*job)(void *context), void *context, const char *reads)
{
    struct silent_job silent = {job, context};
    struct guard_child child;
    char nothing;

    if (!guard_asks()) {
        return true;
    }
    if (guard_child_start(&child, run_silently, &silent, reads)) {
        child.is_dropped = guard_child_read(&child, &nothing, 1) > 0;
    }
    return guard_child_end(&child);
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
    case 3:
    case 4:
    case 5:
        return "an old landlock: a restricted session may send signals to other processes of the account";
    default:
        return NULL;
    }
#endif
}
