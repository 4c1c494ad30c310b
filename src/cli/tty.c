#include "cli/tty.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static struct {
    struct termios found; /* as it was before, and is again afterwards */
    struct termios held;  /* between questions */
    bool is_taken;
    bool can_mark;        /* it is no terminal that would print the sequence */
    pid_t owner;          /* what is forked leaves it alone */
    volatile sig_atomic_t is_interrupted;
} tty;

/* Signals that ask for an end, and those that tell of a crash. */
static const int ending[] = {SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

enum { ENDING = sizeof ending / sizeof ending[0] };

void tty_mark_pastes(bool on)
{
    /* Nothing more than a write: a handler calls it. */
    if (tty.can_mark && write(STDOUT_FILENO, on ? PASTE_ON : PASTE_OFF, sizeof PASTE_ON - 1) < 0) {
        return;
    }
}

void tty_give_back(void)
{
    if (tty.is_taken && tty.owner == getpid()) {
        tty_mark_pastes(false);
        tcsetattr(STDIN_FILENO, TCSANOW, &tty.found);
    }
}

static void give_back_at_end(void)
{
    if (tty.owner == getpid()) {
        tcsetattr(STDIN_FILENO, TCSANOW, &tty.found);
    }
}

static void set(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    struct sigaction before;

    sigemptyset(&action.sa_mask);
    sigaction(number, NULL, &before);
    if (before.sa_handler != SIG_IGN) {
        sigaction(number, &action, NULL);
    }
}

static void on_ending(int number)
{
    tty_give_back();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_interrupt(int number)
{
    (void)number;
    tty.is_interrupted = 1;
}

/* The shell gets the terminal as it was, and we have it again behind the stop. */
static void on_stop(int number)
{
    int kept = errno;

    tty_give_back();
    signal(number, SIG_DFL);
    raise(number);
    set(number, on_stop, SA_NODEFER);
    tty_hold_keys();
    errno = kept;
}

void tty_take(void)
{
    const char *type = getenv("TERM");

    if (tty.is_taken || tcgetattr(STDIN_FILENO, &tty.found) != 0) {
        return;
    }
    tty.held = tty.found;
    tty.held.c_lflag &= (tcflag_t) ~(ICANON | ECHO | IEXTEN);
    tty.held.c_iflag &= (tcflag_t)~ICRNL;
    tty.held.c_cc[VMIN] = 1;
    tty.held.c_cc[VTIME] = 0;
    /* Of the keys only Ctrl-C acts while something is printed; the others wait. */
    tty.held.c_cc[VQUIT] = tty.held.c_cc[VSUSP] = _POSIX_VDISABLE;
    tty.can_mark = type && *type && strcmp(type, "dumb") != 0 && isatty(STDOUT_FILENO);
    tty.owner = getpid();
    tty.is_taken = true;
    for (size_t i = 0; i < ENDING; i++) {
        set(ending[i], on_ending, 0);
    }
    set(SIGINT, on_interrupt, 0);
    set(SIGTSTP, on_stop, SA_NODEFER);
    atexit(give_back_at_end);
    tty_hold_keys();
}

bool tty_is_taken(void)
{
    return tty.is_taken;
}

void tty_pass_keys(void)
{
    struct termios modes;

    if (tty.is_taken && tcgetattr(STDIN_FILENO, &modes) == 0) {
        modes.c_lflag &= (tcflag_t)~ISIG;
        modes.c_iflag &= (tcflag_t)~IXON;
        tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    }
}

void tty_hold_keys(void)
{
    if (tty.is_taken) {
        tcsetattr(STDIN_FILENO, TCSANOW, &tty.held);
    }
}

bool tty_is_quiet(int milliseconds)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&fd, 1, milliseconds) == 0;
}

bool tty_is_interrupted(void)
{
    return tty.is_interrupted;
}

void tty_calm(void)
{
    tty.is_interrupted = 0;
}
