/* Keys as the rest of the interface sees them: a name, the text it types, or an event. */
#ifndef NDR_UI_KEY_H
#define NDR_UI_KEY_H

#include "base/str.h"

enum key_kind {
    KEY_IS_NONE,     /* the time is over */
    KEY_IS_KEY,      /* name and perhaps text are set */
    KEY_IS_MOUSE,    /* what, row and col are set */
    KEY_IS_PASTE,    /* a paste begins: read it with intake_paste() */
    KEY_IS_RESIZE,   /* the window has another size */
    KEY_IS_SUSPEND,  /* asked for by a signal */
    KEY_IS_CONTINUE, /* after a stop */
    KEY_IS_GONE,     /* signal to leave, or the terminal is gone */
};

enum key_pointer { KEY_CLICK, KEY_WHEEL_UP, KEY_WHEEL_DOWN };

enum { KEY_NAME_MAX_BYTES = 16 };

struct key {
    enum key_kind kind;
    char name[KEY_NAME_MAX_BYTES]; /* "j", "Down", "C-d", "Enter", "Esc", "F1", "M-b" */
    char text[8];                  /* the character typed in the locale's charset */
    size_t text_len;               /* 0 when the key types nothing */
    enum key_pointer mouse;
    int row, col;                  /* of the mouse, from 0 */
};

/* Tells curses every known spelling of the keys that terminals disagree on. */
void key_define(void);

/* Waits for the next key or event; `timeout_ms` below 0 waits without end. */
void key_read(struct key *key, int timeout_ms);

static inline bool key_is(const struct key *key, const char *name)
{
    return key->kind == KEY_IS_KEY && strcmp(key->name, name) == 0;
}

#endif
