/* Line mode: one readline prompt, and plain text around it.  Without a terminal the lines of standard
 * input are taken as they come. */
#ifndef NDR_CLI_LINE_H
#define NDR_CLI_LINE_H

#include "session/session.h"

enum { LINE_CHOICES_MAX = 400 };

/* A talk begins: takes the terminal, if standard input is one.  `restricted`: no suspending, no file of keys,
 * none of the keys that read files. */
void line_start(bool restricted);

/* Words that Tab offers; `has_files` adds the names of files. */
struct line_choices {
    struct arena *arena; /* for words that have to be made */
    struct str items[LINE_CHOICES_MAX];
    size_t count;
    bool has_files;
};

void line_choice(struct line_choices *choices, struct str choice);

/* A prompt for commands, or a question, which has neither history nor completion. */
struct line_prompt {
    const char *text;
    struct session *session; /* keeps the history; NULL for a question */
    /* Gives what may stand at `word`, of which `line` holds what comes before; NULL for nothing. */
    void (*complete)(struct session *session, struct str line, struct str word, struct line_choices *choices);
};

/* Asks for a line with editing when a terminal is there.  Blanks around it are dropped; Ctrl-C gives an
 * empty line, twice in a row it is the end.  Several lines that were pasted come as they are, without being
 * shown.  False at the end of input.  `line` lives until the next call. */
bool line_read(const struct line_prompt *prompt, struct str *line);
bool line_ask(const char *question, struct str *line);

/* What the next line begins with, as if it were typed. */
void line_put_back(struct str text);

#endif
