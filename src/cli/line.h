/* Line mode: one readline prompt, and plain text around it. */
#ifndef NDR_CLI_LINE_H
#define NDR_CLI_LINE_H

#include "base/buf.h"

/* Asks for a line with editing and history when a terminal is there, else takes the next line of
 * standard input.  Blanks around it are dropped.  False at the end of input.  `line` lives until
 * the next call. */
bool line_ask(const char *prompt, struct str *line);

/* Takes a pasted report up to a line with a single dot or the end of input (long lines survive: no
 * canonical mode while it comes in). */
void line_paste(struct buf *text);

/* Words that Tab completes: NULL-terminated, must outlive the prompts. */
void line_set_words(const char *const *words);

#endif
