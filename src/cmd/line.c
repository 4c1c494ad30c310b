#include "cmd/line.h"

#ifndef NDR_VERSION
#define NDR_VERSION "0"
#endif

static const struct cmd_command_row commands[CMD_COUNT] = {
#define COMMAND(id, name, arguments, help, more) [CMD_##id] = {name, arguments, help, more},
#include "cmd/commands.def"
#undef COMMAND
};

static const struct cmd_option_row options[CMD_OPTION_COUNT] = {
#define OPTION(id, name, letter, argument, for_commands, help) {name, letter, argument, for_commands, help},
#include "cmd/options.def"
#undef OPTION
};

const char *cmd_version(void)
{
    return NDR_VERSION;
}

const struct cmd_command_row *cmd_command_row(enum cmd_command command)
{
    return command > CMD_NONE && command < CMD_COUNT ? &commands[command] : NULL;
}

const struct cmd_option_row *cmd_option_row(enum cmd_option option)
{
    return &options[option];
}

enum cmd_command cmd_command_find(struct str name)
{
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        if (str_equal(name, str_from(commands[i].name))) {
            return (enum cmd_command)i;
        }
    }
    return CMD_NONE;
}

bool cmd_option_is_for(enum cmd_option option, enum cmd_command command)
{
    struct str rest = str_from(options[option].commands);
    struct str word;

    while (str_next_word(&rest, &word)) {
        if (str_equal(word, STR_LIT("*")) ||
            (command != CMD_NONE && str_equal(word, str_from(commands[command].name)))) {
            return true;
        }
    }
    return false;
}

static int find_option(struct str name)
{
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        bool letter = name.len == 1 && options[i].letter && name.ptr[0] == options[i].letter;

        if (letter || (name.len > 1 && str_equal(name, str_from(options[i].name)))) {
            return i;
        }
    }
    return -1;
}

/* "a|b|c" names the values; other arguments take any text. */
static bool value_fits(const char *argument, const char *value)
{
    struct str rest = str_from(argument);
    struct str word;

    if (str_find_char(rest, '|', 0) == STR_NPOS) {
        return true;
    }
    while (str_next_field(&rest, '|', &word)) {
        if (str_equal(word, str_from(value))) {
            return true;
        }
    }
    return false;
}

struct reader {
    struct arena *arena;
    int argc;
    char **argv;
    int at;
    struct cmd_line *line;
    struct str *what;
};

static bool misuse(struct reader *r, const char *problem, struct str name)
{
    *r->what = str_printf(r->arena, "%s: %.*s (try: ndr --help)", problem, (int)name.len, name.ptr);
    return false;
}

/* "--name", "--name=value", "--name value", "-n value". */
static bool read_option(struct reader *r)
{
    struct str word = str_from(r->argv[r->at++]);
    struct str name = str_sub(word, str_starts(word, STR_LIT("--")) ? 2 : 1, word.len);
    size_t equals = str_find_char(name, '=', 0);
    const char *value = equals == STR_NPOS ? NULL : name.ptr + equals + 1;
    int option;

    name = str_sub(name, 0, equals);
    option = name.len ? find_option(name) : -1;
    if (option < 0) {
        return misuse(r, "unknown option", word);
    }
    if (!options[option].argument) {
        if (value) {
            return misuse(r, "this option takes no value", word);
        }
        r->line->values[option] = "";
        return true;
    }
    if (!value && r->at < r->argc) {
        value = r->argv[r->at++];
    }
    if (!value) {
        return misuse(r, "this option needs a value", word);
    }
    if (!value_fits(options[option].argument, value)) {
        return misuse(r, "this option does not take that value", str_from(value));
    }
    r->line->values[option] = value;
    return true;
}

static bool check_options(struct reader *r)
{
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        if (r->line->values[i] && !cmd_option_is_for((enum cmd_option)i, r->line->command)) {
            return misuse(r, "this option does not belong to the command",
                          str_printf(r->arena, "--%s", options[i].name));
        }
    }
    return true;
}

bool cmd_line_read(struct arena *arena, int argc, char **argv, struct cmd_line *line, struct str *what)
{
    struct reader r = {arena, argc, argv, 1, line, what};
    bool only_words = false;

    *line = (struct cmd_line){.command = CMD_NONE};
    line->args = ARENA_ARRAY(arena, const char *, argc > 0 ? (size_t)argc : 1);
    while (r.at < argc) {
        struct str word = str_from(argv[r.at]);

        if (!only_words && str_equal(word, STR_LIT("--"))) {
            only_words = true;
            r.at++;
        } else if (!only_words && word.len > 1 && word.ptr[0] == '-') {
            if (!read_option(&r)) {
                return false;
            }
        } else if (line->command == CMD_NONE && line->arg_count == 0 && !only_words &&
                   cmd_command_find(word) != CMD_NONE) {
            line->command = cmd_command_find(word);
            r.at++;
        } else {
            line->args[line->arg_count++] = argv[r.at++];
        }
    }
    return check_options(&r);
}
