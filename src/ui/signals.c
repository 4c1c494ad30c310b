#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Signals that ask for an end; raised again after the terminal is restored. */
static const int leaving[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};

/* Signals that tell of a crash. */
static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

enum {
    LEAVING = sizeof leaving / sizeof leaving[0],
    FATAL = sizeof fatal / sizeof fatal[0],
};

static void post(char letter)
{
    int kept = errno;
    ssize_t written = write(terminal.pipe[1], &letter, 1);

    /* A full pipe holds events enough already. */
    (void)written;
    errno = kept;
}

static void on_event(int number)
{
    switch (number) {
    case SIGWINCH:
        post('W');
        break;
    case SIGTSTP:
        post('Z');
        break;
    case SIGCONT:
        post('C');
        break;
    default:
        terminal.leave = number;
        post('L');
    }
}

/* Only functions that are safe in a handler: the prepared bytes, the saved modes, then the default
 * action of the signal. */
static void on_fatal(int number)
{
    if (terminal.is_up) {
        ssize_t written = write(terminal.out, terminal.restore, terminal.restore_len);

        (void)written;
        tcsetattr(terminal.out, TCSANOW, &terminal.saved);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void set(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool signals_start(void)
{
    if (pipe(terminal.pipe) != 0) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(terminal.pipe[i], F_SETFL, O_NONBLOCK);
        fcntl(terminal.pipe[i], F_SETFD, FD_CLOEXEC);
    }
    /* Before newterm(): curses leaves alone what is handled already. */
    for (size_t i = 0; i < LEAVING; i++) {
        set(leaving[i], on_event, SA_RESTART);
    }
    for (size_t i = 0; i < FATAL; i++) {
        set(fatal[i], on_fatal, (int)SA_RESETHAND);
    }
    set(SIGWINCH, on_event, SA_RESTART);
    set(SIGTSTP, on_event, SA_RESTART);
    set(SIGCONT, on_event, SA_RESTART);
    return true;
}

void signals_stop(void)
{
    for (size_t i = 0; i < LEAVING; i++) {
        set(leaving[i], SIG_DFL, 0);
    }
    for (size_t i = 0; i < FATAL; i++) {
        set(fatal[i], SIG_DFL, 0);
    }
    set(SIGWINCH, SIG_DFL, 0);
    set(SIGTSTP, SIG_DFL, 0);
    set(SIGCONT, SIG_DFL, 0);
    close(terminal.pipe[0]);
    close(terminal.pipe[1]);
}

void signals_default_stop(bool on)
{
    set(SIGTSTP, on ? SIG_DFL : on_event, on ? 0 : SA_RESTART);
}

char signals_next(void)
{
    char letter = 0;

    return read(terminal.pipe[0], &letter, 1) == 1 ? letter : 0;
}
