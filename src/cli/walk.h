/* The walk as a talk in line mode, shared by `walk` and `shell`. */
#ifndef NDR_CLI_WALK_H
#define NDR_CLI_WALK_H

#include "cli/cli.h"

/* Asks until an outcome is reached (true) or the person leaves. */
bool walk_talk(struct cli *cli);

#endif
