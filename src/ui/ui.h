/* The terminal interface as main sees it. */
#ifndef NDR_UI_UI_H
#define NDR_UI_UI_H

#include <stdbool.h>

struct session;

struct ui_options {
    bool has_report;     /* the session holds one: start at its diagnosis */
    int tty_fd;          /* terminal to take keys from, -1 for standard input; stays the caller's */
    bool restricted;     /* no files */
};

/* Whether this terminal can show the interface: a known type (or one that stands in for it) that
 * can place the cursor. */
bool ui_possible(void);

/* Runs until the person leaves or the terminal is gone; returns the exit status.  A signal that
 * ended it is raised again once the terminal is restored. */
int ui_run(struct session *session, const struct ui_options *options);

/* Restores the terminal when the interface is up; for handlers that end the program. */
void ui_restore(void);

#endif
