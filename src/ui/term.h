/* The terminal: taken and given back whole, sizes, signals as events, raw bytes in both ways.  The
 * only file-scope state of the interface is here. */
#ifndef NDR_UI_TERM_H
#define NDR_UI_TERM_H

#include <signal.h>
#include <stdio.h>
#include <termios.h>

#include "base/buf.h"
#include "cmd/look.h"
#include "ui/ui.h"

enum { TERM_RESTORE_MAX_BYTES = 192 };

/* One terminal; the handlers of signals see it, so it is a global. */
struct terminal {
    bool is_up;             /* curses owns the terminal */
    bool is_utf8;           /* the locale's charset is UTF-8 */
    bool has_color;         /* colours may be used */
    bool has_started_color; /* curses has been told to use them */
    bool has_mouse;         /* clicks and the wheel are reported */
    bool has_title;         /* the window's title is ours, the old one is on its stack */
    const char *title;      /* the one that was sent last, NULL for none */
    unsigned long looks[STYLE_COUNT]; /* curses attributes by role (style.c) */
    int in;                 /* descriptor the keys come from */
    int out;                /* descriptor of the screen */
    FILE *in_stream;        /* own stream over a duplicate when keys do not come from stdin */
    const char *type;       /* terminfo name in use, set by term_find_type() */
    int pipe[2];            /* signals arrive here as one letter each */
    volatile sig_atomic_t leave; /* signal that asked to end, 0 for none */
    struct termios saved;        /* modes before the start */
    char restore[TERM_RESTORE_MAX_BYTES]; /* bytes that give the screen back after a crash */
    size_t restore_len;
};

extern struct terminal terminal;

/* Finds a terminfo entry that can place the cursor; the name of the environment first, then what
 * comes nearest.  False when there is none. */
bool term_find_type(void);

/* Takes the terminal.  False when it cannot be had (nothing is changed then). */
bool term_start(int tty_fd);
void term_stop(void); /* gives it back; does nothing when it is not up */

/* Gives the terminal back, stops the process group, takes it again when continued. */
void term_suspend(void);
void term_resume(void); /* takes it again after a stop that we did not ask for */

/* Shows bytes below what was on the terminal before the screen came, where they can be selected and scrolled,
 * until a key goes back.  Whether a link may be among them (OSC 8). */
void term_show(struct str bytes);
bool term_takes_links(void);

/* Takes over a changed window size. */
void term_resize(void);

/* What the settings say; each may be called again at any time.  "auto", "always" or "never"; NO_COLOR counts
 * for auto. */
void term_use_color(const char *when);
void term_use_mouse(bool on);
void term_use_escape_delay(unsigned milliseconds); /* ESCDELAY wins */

/* Names the window; NULL gives the old title back.  Does nothing where terminals show it as garbage or keep
 * it. */
void term_title(const char *title);

/* Writes bytes to the terminal beside curses, such as a clipboard sequence. */
void term_send(struct str bytes);

/* The description of the terminal that curses works with, to be put back after another library
 * looked one up. */
void *term_description(void);
void term_use_description(void *description);

/* Handlers of signals (signals.c). */
bool signals_start(void);
void signals_stop(void);
void signals_default_stop(bool on); /* SIGTSTP as the system has it, while suspending */
char signals_next(void); /* 'W' size, 'Z' suspend, 'C' continued, 'L' leave; 0 when there is none */

#endif
