#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#endif

#include "guard/guard.h"

/* Each tries one thing and gives its errno, 0 when it was not refused.  By number, not by the
 * library's names: the program imports none of those functions.  What succeeds is undone. */

static int outcome(long result)
{
    return result < 0 ? errno : 0;
}

static int try_to_read(void)
{
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    int result = outcome(fd);

    if (fd >= 0) {
        close(fd);
    }
    return result;
}

static int try_to_write_in(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int result = outcome(fd);

    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    return result;
}

static int try_to_write(void)
{
    return try_to_write_in("/var/ndr-self-test");
}

static int try_to_write_here(void)
{
    return try_to_write_in("ndr-self-test");
}

#ifdef __linux__
static int try_to_connect(void)
{
    enum { INTERNET = 2, STREAM = 1 };
    long fd = syscall(SYS_socket, INTERNET, STREAM, 0);
    int result = outcome(fd);

    if (fd >= 0) {
        close((int)fd);
    }
    return result;
}

static int try_to_start(void)
{
    /* Without a wall this name gives ENOENT. */
    return outcome(syscall(SYS_execve, "", NULL, NULL));
}

static int try_to_fork(void)
{
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (child == 0) {
        _exit(0);
    }
    return outcome(child);
}

static int try_to_signal(void)
{
    return outcome(kill(getppid(), 0));
}

static int try_to_trace(void)
{
    return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_to_type(void)
{
    char key = ' ';

    return outcome(ioctl(STDIN_FILENO, TIOCSTI, &key));
}
#endif

static const struct {
    const char *name;
    int (*act)(void);
    unsigned kinds; /* where it must be refused */
    unsigned abi;   /* version of landlock that can do so, 0 when it needs none */
} trials[] = {
    {"read /etc/passwd", try_to_read, GUARD_WORKER | GUARD_DESK | GUARD_RESTRICTED, 0},
    {"write a file in /var", try_to_write, GUARD_WORKER | GUARD_DESK | GUARD_RESTRICTED, 0},
    {"write a file in the current folder", try_to_write_here, GUARD_WORKER | GUARD_RESTRICTED, 0},
#ifdef __linux__
    {"make a socket", try_to_connect, GUARD_WORKER | GUARD_DESK | GUARD_RESTRICTED, 0},
    {"start a program", try_to_start, GUARD_WORKER | GUARD_DESK | GUARD_RESTRICTED, 0},
    {"start a process", try_to_fork, GUARD_WORKER, 0},
    {"signal another process", try_to_signal, GUARD_WORKER, 0},
    {"signal another process", try_to_signal, GUARD_RESTRICTED, GUARD_ABI_SIGNALS},
    {"trace a process", try_to_trace, GUARD_WORKER | GUARD_DESK | GUARD_RESTRICTED, 0},
    {"type into the terminal (TIOCSTI)", try_to_type, GUARD_WORKER | GUARD_DESK | GUARD_RESTRICTED, 0},
#endif
};

enum { TRIALS = sizeof trials / sizeof trials[0] };

bool guard_trial(enum guard_kind kind, unsigned *number, const char **name, bool *is_refused)
{
    while (*number < TRIALS && (!(trials[*number].kinds & kind) || trials[*number].abi > guard_files_abi())) {
        ++*number;
    }
    if (*number >= TRIALS) {
        return false;
    }
    int result = trials[*number].act();

    *name = trials[*number].name;
    /* EIO: newer kernels can refuse TIOCSTI by themselves. */
    *is_refused = result == EPERM || result == EACCES || result == EIO;
    ++*number;
    return true;
}
