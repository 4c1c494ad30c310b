/* Makes the manual and the shell completions from the tables of commands, options and actions, so
 * that they cannot differ from the program: generate man FRAME | bash | zsh. */
#include <ctype.h>
#include <stdio.h>

#include "cmd/action.h"
#include "cmd/line.h"

/* Text for roff: a hyphen that is a minus, no line that begins with a dot. */
static void put_roff(const char *s)
{
    if (*s == '.' || *s == '\'') {
        fputs("\\&", stdout);
    }
    for (; *s; s++) {
        if (*s == '-') {
            fputs("\\-", stdout);
        } else if (*s == '\\') {
            fputs("\\e", stdout);
        } else {
            putchar(*s);
        }
    }
}

/* A help sentence with its first letter large and a full stop. */
static void put_sentence(const char *s)
{
    putchar(toupper((unsigned char)*s));
    put_roff(s + 1);
    puts(".");
}

static void man_commands(void)
{
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        const struct cmd_command_row *row = cmd_command_row((enum cmd_command)i);

        printf(".TP\n.BI \"ndr %s \" \"", row->name);
        put_roff(row->arguments);
        puts("\"");
        put_sentence(row->help);
        if (row->more[0]) {
            put_roff(row->more);
            putchar('\n');
        }
    }
}

static void man_options(void)
{
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        const struct cmd_option_row *row = cmd_option_row((enum cmd_option)i);

        fputs(".TP\n.B ", stdout);
        if (row->letter) {
            printf("\\-%c, ", row->letter);
        }
        fputs("\\-\\-", stdout);
        put_roff(row->name);
        if (row->argument) {
            putchar(' ');
            put_roff(row->argument);
        }
        putchar('\n');
        put_sentence(row->help);
    }
}

static void man_keys(void)
{
    for (int group = 0; group < ACTION_GROUP_COUNT; group++) {
        printf(".SS ");
        put_sentence(action_group_title((enum action_group)group));
        for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
            const struct action *action = action_get((enum action_id)i);

            if (action->group != (enum action_group)group || action->keys[0] == '\0') {
                continue;
            }
            fputs(".TP\n.B ", stdout);
            put_roff(action->keys);
            putchar('\n');
            put_sentence(action->help);
        }
    }
}

static int make_man(const char *frame)
{
    FILE *in = fopen(frame, "r");
    char line[4096];

    if (!in) {
        fprintf(stderr, "generate: cannot read %s\n", frame);
        return 1;
    }
    while (fgets(line, sizeof line, in)) {
        if (strcmp(line, "@COMMANDS@\n") == 0) {
            man_commands();
        } else if (strcmp(line, "@OPTIONS@\n") == 0) {
            man_options();
        } else if (strcmp(line, "@KEYS@\n") == 0) {
            man_keys();
        } else if (strncmp(line, "@TITLE@", 7) == 0) {
            printf(".TH NDR 1 \"\" \"ndr %s\" \"User Commands\"\n", cmd_version());
        } else {
            fputs(line, stdout);
        }
    }
    fclose(in);
    return 0;
}

/* "a|b|c" as words with blanks between, nothing when the argument is no list of choices. */
static void put_choices(const char *argument)
{
    if (strchr(argument, '|')) {
        for (; *argument; argument++) {
            putchar(*argument == '|' ? ' ' : *argument);
        }
    }
}

static void make_bash(void)
{
    puts("# bash completion for ndr; generated from the tables of the program\n"
         "_ndr() {\n"
         "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
         "    case $prev in");
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        const struct cmd_option_row *row = cmd_option_row((enum cmd_option)i);

        if (row->argument && strchr(row->argument, '|')) {
            printf("    --%s) COMPREPLY=($(compgen -W '", row->name);
            put_choices(row->argument);
            puts("' -- \"$cur\")); return ;;");
        }
    }
    puts("    walk|trees) COMPREPLY=($(compgen -f -W \"$(ndr trees 2>/dev/null | cut -d' ' -f1)\" -- \"$cur\")); return ;;\n"
         "    esac\n"
         "    if [[ $cur == -* ]]; then");
    fputs("        COMPREPLY=($(compgen -W '", stdout);
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        printf("--%s ", cmd_option_row((enum cmd_option)i)->name);
    }
    puts("' -- \"$cur\"))\n    elif [[ $COMP_CWORD == 1 ]]; then");
    fputs("        COMPREPLY=($(compgen -f -W '", stdout);
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        printf("%s ", cmd_command_row((enum cmd_command)i)->name);
    }
    puts("' -- \"$cur\"))\n    else\n        COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\n"
         "complete -o filenames -F _ndr ndr");
}

/* Text inside single quotes of a zsh specification. */
static void put_zsh(const char *s)
{
    for (; *s; s++) {
        if (*s == '\'') {
            fputs("'\\''", stdout);
        } else if (*s == '[' || *s == ']' || *s == ':') {
            printf("\\%c", *s);
        } else {
            putchar(*s);
        }
    }
}

static void make_zsh(void)
{
    puts("#compdef ndr\n# zsh completion for ndr; generated from the tables of the program\n"
         "local -a commands\ncommands=(");
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        const struct cmd_command_row *row = cmd_command_row((enum cmd_command)i);

        printf("  '%s:", row->name);
        put_zsh(row->help);
        puts("'");
    }
    puts(")\n_arguments \\");
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        const struct cmd_option_row *row = cmd_option_row((enum cmd_option)i);

        printf("  '--%s%s[", row->name, row->argument ? "=" : "");
        put_zsh(row->help);
        putchar(']');
        if (row->argument) {
            printf(":%s:", row->name);
            if (strchr(row->argument, '|')) {
                putchar('(');
                put_choices(row->argument);
                putchar(')');
            }
        }
        puts("' \\");
    }
    puts("  '1: :{_describe command commands; _files}' \\\n  '*:file:_files'");
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "man") == 0) {
        return make_man(argv[2]);
    }
    if (argc == 2 && strcmp(argv[1], "bash") == 0) {
        make_bash();
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "zsh") == 0) {
        make_zsh();
        return 0;
    }
    fputs("usage: generate man FRAME | bash | zsh\n", stderr);
    return 2;
}
