/* Many mails on several processes, their results in the order of the input. */
#ifndef NDR_CLI_BULK_H
#define NDR_CLI_BULK_H

#include "cli/cli.h"
#include "session/input.h"

struct bulk {
    struct cli *cli;
    const struct input_files *files; /* no standard input among them */
    unsigned jobs;
    /* Called in the workers for each mail, with its lines as in struct input; adds its result to cli->out. */
    bool (*each)(void *context, struct str bytes, const struct ndr_line_index *lines);
    void *context;
    const bool *found; /* set by `each` */
};

/* What all workers did together. */
struct bulk_total {
    bool found;
    bool is_cut; /* a worker could not go on: not all results came out */
    size_t mails;
    size_t troubles;
    char trouble[512]; /* one sentence about one of them */
};

/* Runs it; false when processes cannot be made (nothing was written then).  The workers use nothing
 * but what they inherit: files by pread, results by write when their turn comes. */
bool bulk_run(const struct bulk *bulk, struct bulk_total *total);

/* How many processors there are for this program, at least 1. */
unsigned bulk_processors(void);

#endif
