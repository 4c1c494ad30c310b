/* What `analyze` reads: a file, standard input, an mbox, a Maildir or a folder of mails; each mail of
 * them in turn. */
#ifndef NDR_CLI_INPUT_H
#define NDR_CLI_INPUT_H

#include "base/arena.h"

struct input {
    /* Called for each mail; false stops.  `bytes` live until it returns. */
    bool (*each)(void *context, struct str bytes);
    void *context;
    struct arena *arena; /* for the text below */
    size_t mails;        /* that were read */
    size_t troubles;     /* inputs that could not be read, or only in part */
    struct str trouble;  /* one sentence about the first of them */
};

/* Reads what `path` names, "-" for standard input.  False when `each` stopped it. */
bool input_read(struct input *input, const char *path);

#endif
