/* One line of text typed at the bottom of the screen, edited by readline.  readline never touches
 * the terminal: it is fed with bytes and asked for its line. */
#ifndef NDR_UI_PROMPT_H
#define NDR_UI_PROMPT_H

#include "base/buf.h"
#include "ui/key.h"

struct app;

enum { PROMPT_CHOICES_MAX = 400, PROMPT_LABEL_MAX = 48 };

/* Candidates of a completion; texts as long as the scratch arena. */
struct prompt_choices {
    struct str items[PROMPT_CHOICES_MAX];
    size_t count;
};

/* What a prompt is for; functions may be NULL. */
struct prompt_job {
    const char *label; /* "/", ":", "Write to: " */
    bool has_history;  /* keeps what is accepted, Up and Ctrl-R bring it back */
    void (*changed)(struct app *app, struct str text);
    void (*accepted)(struct app *app, struct str text);
    void (*cancelled)(struct app *app);
    void (*complete)(struct app *app, struct prompt_choices *choices, struct str line,
                     struct str word, size_t from);
};

/* The prompt; only one at a time. */
struct prompt {
    const struct prompt_job *job; /* NULL when none is up */
    struct buf before;            /* text at the last change that was told */
    struct str *choices;          /* shown above the line, NULL for none */
    size_t choice_count;
    struct arena arena;           /* of the choices */
};

void prompt_start(struct app *app); /* once */
void prompt_stop(struct app *app);

/* Opens the prompt with a text in it. */
void prompt_open(struct app *app, const struct prompt_job *job, struct str text);

/* Closes it without telling anybody. */
void prompt_close(struct app *app);

/* Takes a key: edits, accepts or cancels. */
void prompt_key(struct app *app, const struct key *key);

/* Puts text in at the cursor; controls become blanks. */
void prompt_insert(struct app *app, struct str text);

struct str prompt_text(const struct app *app);

/* Paints line and choices into the last row of the screen; sets the cursor. */
void prompt_paint(struct app *app, int row, int cells);

#endif
