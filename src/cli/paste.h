/* Reports that are pasted in line mode. */
#ifndef NDR_CLI_PASTE_H
#define NDR_CLI_PASTE_H

#include "base/buf.h"

/* Takes a report up to a line with a single dot, Ctrl-D or the end of input; behind a paste whose ends the
 * terminal marks an empty line will do.  Shows what is typed.  False when Ctrl-C dropped it. */
bool paste_take(struct buf *text);

/* What comes in one go with a line that was just read, as a paste does where the terminal does not mark its
 * ends.  False when nothing does. */
bool paste_take_rest(struct buf *text);

/* A paste whose start mark was read, up to its end. */
void paste_take_marked(struct buf *text);

#endif
