/* The command line: subcommands and options as tables, and reading a line of arguments by them. */
#ifndef NDR_CMD_LINE_H
#define NDR_CMD_LINE_H

#include "base/err.h"

enum cmd_command {
    CMD_NONE, /* the screen */
#define COMMAND(id, name, arguments, help, more) CMD_##id,
#include "cmd/commands.def"
#undef COMMAND
    CMD_COUNT
};

enum cmd_option {
#define OPTION(id, name, letter, argument, commands, help) CMD_OPTION_##id,
#include "cmd/options.def"
#undef OPTION
    CMD_OPTION_COUNT
};

struct cmd_command_row {
    const char *name;
    const char *arguments;
    const char *help;
    const char *more;
};

struct cmd_option_row {
    const char *name;
    char letter;           /* 0 for none */
    const char *argument;  /* NULL for a switch */
    const char *commands;  /* names, or "*" */
    const char *help;
};

const struct cmd_command_row *cmd_command_row(enum cmd_command command); /* NULL for CMD_NONE */
const struct cmd_option_row *cmd_option_row(enum cmd_option option);
enum cmd_command cmd_command_find(struct str name); /* CMD_NONE when unknown */
bool cmd_option_is_for(enum cmd_option option, enum cmd_command command);

/* A command line that was read; views into argv. */
struct cmd_line {
    enum cmd_command command;
    const char *values[CMD_OPTION_COUNT]; /* NULL when not given, "" for a switch */
    const char **args;                    /* what is neither command nor option */
    size_t arg_count;
};

/* Reads argv[1..].  False at a misuse, with one sentence in `what` (in the arena). */
bool cmd_line_read(struct arena *arena, int argc, char **argv, struct cmd_line *line,
                   struct str *what);

const char *cmd_version(void); /* of the program */

#endif
