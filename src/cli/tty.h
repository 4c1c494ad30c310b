/* The terminal of line mode: its modes from the first word of a talk to the end, whatever that is, and
 * Ctrl-C.  Knows nothing of what is asked or printed. */
#ifndef NDR_CLI_TTY_H
#define NDR_CLI_TTY_H

#include <stdbool.h>

/* Takes the terminal on standard input, when there is one, until the process ends.  From here on the kernel
 * gathers no lines, as it would keep 4095 bytes of one and drop the rest; what is typed or pasted while
 * something is printed waits, unseen, for the next question. */
void tty_take(void);
bool tty_is_taken(void);

/* The terminal as it was found, for an end that runs no handler of exit().  Safe in a signal's handler; does
 * nothing where it was not taken, nor in what was forked. */
void tty_give_back(void);

/* While something is asked: keys that mean signals or stop the output come in as bytes, as a paste may hold
 * them.  And the modes of tty_take() again. */
void tty_pass_keys(void);
void tty_hold_keys(void);

/* Whether the terminal marks the ends of a paste once it is asked to, which tty_mark_pastes() does. */
void tty_mark_pastes(bool on);

/* Whether nothing comes in for so long. */
bool tty_is_quiet(int milliseconds);

/* Whether Ctrl-C was typed while nothing was asked, or SIGINT came; until tty_calm(). */
bool tty_is_interrupted(void);
void tty_calm(void);

#endif
