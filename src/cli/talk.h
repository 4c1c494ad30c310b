/* A talk in line mode: what the command prompt and the numbered dialogue share.  One question a line,
 * the prompt last; nothing is drawn or painted over. */
#ifndef NDR_CLI_TALK_H
#define NDR_CLI_TALK_H

#include "cli/cli.h"
#include "cli/line.h"

/* Writes what was printed so far.  Where Ctrl-C stopped it, or the work before it, the rest is dropped and the
 * talk goes on.  False at the end of output. */
bool talk_flush(struct cli *cli);

/* Asks after what was printed so far has gone out.  False at the end of input or output. */
bool talk_ask(struct cli *cli, const char *question, struct str *line);

/* --- the report --- */

/* Reads one from a file, or as it is pasted; false when none came. */
bool talk_take_file(struct cli *cli, struct str path);
bool talk_take_paste(struct cli *cli);

/* Whether several lines came in one go where something else was asked for, `line` being the first or all of them:
 * nobody types that.  They are in `text`. */
bool talk_read_lines(struct str line, struct buf *text);

/* Takes such lines for a report; false when there is only one. */
bool talk_take_lines(struct cli *cli, struct str line);

/* All of the diagnosis, or what matters most. */
void talk_diagnosis(struct cli *cli, bool whole);

/* The ready text for one reader; false when there is none. */
bool talk_message(struct cli *cli, enum prose_reader reader);

/* A help topic, or all of them for "topics" (help.c); false when there is none. */
bool talk_topic(struct cli *cli, struct str name);

/* Writes a document to a file whose name is asked for when `path` is empty, and says how that went.
 * .md and .html choose the format; a file that is there is kept unless the person says otherwise. */
void talk_write(struct cli *cli, struct str path, struct doc *doc);

/* --- the walk --- */

enum talk_end {
    TALK_OUTCOME, /* it is at its end, which was printed */
    TALK_LEFT,    /* the person left it */
    TALK_OVER,    /* end of input */
};

/* Asks what the walk at hand asks until one of these. */
enum talk_end talk_walk(struct cli *cli);

/* Starts at the entry's tree; false when it has none. */
bool talk_start_at_entry(struct session *session, const struct kb_entry *entry);

/* The numbered dialogue from its first screen on; at the report when there is one. */
void talk_dialogue(struct cli *cli);

/* The prompt for commands until the person leaves it. */
void talk_commands(struct cli *cli);

#endif
