/* Makes the manual and the shell completions from the tables of commands, options, actions, settings and
 * looks, so that they cannot differ from the program: generate man FRAME | bash | zsh. */
#include <ctype.h>
#include <stdio.h>

#include "cmd/action.h"
#include "cmd/line.h"
#include "cmd/look.h"
#include "cmd/setting.h"

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

static void put_str(struct str s)
{
    char text[256];

    snprintf(text, sizeof text, "%.*s", (int)s.len, s.len ? s.ptr : "");
    put_roff(text);
}

static void man_settings(struct arena *arena)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = setting_row((enum setting)i);

        printf(".TP\n.BI \"");
        put_roff(row->name);
        printf(" = \" ");
        put_roff(row->value[0] ? row->value : "(nothing)");
        putchar('\n');
        put_sentence(row->help);
        fputs("Takes ", stdout);
        put_str(setting_takes(arena, (enum setting)i));
        puts(row->when == SETTING_NOW ? "." : "; counts from the next start on.");
        if (row->who == SETTING_DESK) {
            puts("In restricted mode only the site sets it.");
        }
    }
}

static void man_screens(void)
{
    for (int i = 0; i < ACTION_CONTEXT_COUNT; i++) {
        printf(".TP\n.B %s\n", action_context_name((enum action_context_number)i));
        put_sentence(action_context_help((enum action_context_number)i));
    }
}

/* The actions that a key can be bound to: what they do, where, and the keys that they have. */
static void man_actions(struct arena *arena)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        const struct action *action = action_get((enum action_id)i);
        bool is_fixed = i == ACTION_INTERRUPT || i == ACTION_SUSPEND || i == ACTION_REDRAW;

        if (is_fixed || !(action->contexts & ~(unsigned)ACTION_IN_COMMAND)) {
            continue;
        }
        fputs(".TP\n.B ", stdout);
        put_str(action_bind_name(arena, action));
        putchar('\n');
        put_sentence(action->help);
        fputs("Keys: ", stdout);
        put_roff(action->keys[0] ? action->keys : "none");
        fputs(".\nScreens:", stdout);
        for (int k = 0; k < ACTION_CONTEXT_COUNT; k++) {
            if (action->contexts & 1u << k) {
                printf(" %s", action_context_name((enum action_context_number)k));
            }
        }
        puts(".");
    }
}

static void man_roles(struct arena *arena)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        fputs(".TP\n.BI \"style ", stdout);
        put_roff(style_name((enum style)i));
        fputs(" = \" \"", stdout);
        put_str(look_words(arena, style_look((enum style)i, STYLE_DEFAULT)));
        puts("\"");
        put_sentence(style_help((enum style)i));
    }
}

/* "@TITLE@ NAME SECTION KIND" */
static void man_title(const char *words)
{
    char name[40];
    char section[8];
    int at = 0;

    if (sscanf(words, " %39s %7s %n", name, section, &at) == 2) {
        printf(".TH %s %s \"\" \"ndr %s\" \"%.*s\"\n", name, section, cmd_version(),
               (int)strcspn(words + at, "\n"), words + at);
    }
}

static bool man_part(const char *line)
{
    struct arena arena;
    bool is_part = true;

    arena_init(&arena);
    if (strcmp(line, "@SETTINGS@\n") == 0) {
        man_settings(&arena);
    } else if (strcmp(line, "@SCREENS@\n") == 0) {
        man_screens();
    } else if (strcmp(line, "@ACTIONS@\n") == 0) {
        man_actions(&arena);
    } else if (strcmp(line, "@ROLES@\n") == 0) {
        man_roles(&arena);
    } else if (strcmp(line, "@COMMANDS@\n") == 0) {
        man_commands();
    } else if (strcmp(line, "@OPTIONS@\n") == 0) {
        man_options();
    } else if (strcmp(line, "@KEYS@\n") == 0) {
        man_keys();
    } else if (strncmp(line, "@TITLE@", 7) == 0) {
        man_title(line + 7);
    } else {
        is_part = false;
    }
    arena_fini(&arena);
    return is_part;
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
        if (!man_part(line)) {
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

/* The options of one command as a branch of a case. */
static void put_bash_options(enum cmd_command command, const char *name)
{
    printf("        %s) options='", name);
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        if (cmd_option_is_for((enum cmd_option)i, command)) {
            printf("--%s ", cmd_option_row((enum cmd_option)i)->name);
        }
    }
    puts("' ;;");
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
    puts("        local options\n        case ${COMP_WORDS[1]} in");
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        put_bash_options((enum cmd_command)i, cmd_command_row((enum cmd_command)i)->name);
    }
    put_bash_options(CMD_NONE, "*");
    puts("        esac\n        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n    elif [[ $COMP_CWORD == 1 ]]; then");
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

/* One option: what it does, and what may stand behind it. */
static void put_zsh_option(const struct cmd_option_row *row)
{
    printf(" '--%s%s[", row->name, row->argument ? "=" : "");
    put_zsh(row->help);
    putchar(']');
    if (row->argument && strchr(row->argument, '|')) {
        printf(":%s:(", row->name);
        put_choices(row->argument);
        putchar(')');
    } else if (row->argument) {
        bool is_path = strcmp(row->argument, "FILE") == 0 || strcmp(row->argument, "DIR") == 0;

        printf(":%s:%s", row->name, is_path ? "_files" : "");
    }
    putchar('\'');
}

/* The options of one command as a branch of a case. */
static void put_zsh_options(enum cmd_command command, const char *name)
{
    printf("  %s) options=(", name);
    for (int i = 0; i < CMD_OPTION_COUNT; i++) {
        if (cmd_option_is_for((enum cmd_option)i, command)) {
            put_zsh_option(cmd_option_row((enum cmd_option)i));
        }
    }
    puts(") ;;");
}

static void make_zsh(void)
{
    puts("#compdef ndr\n# zsh completion for ndr; generated from the tables of the program\n"
         "local -a commands options trees\ncommands=(");
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        const struct cmd_command_row *row = cmd_command_row((enum cmd_command)i);

        printf("  '%s:", row->name);
        put_zsh(row->help);
        puts("'");
    }
    puts(")\ncase $words[2] in");
    for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
        put_zsh_options((enum cmd_command)i, cmd_command_row((enum cmd_command)i)->name);
    }
    put_zsh_options(CMD_NONE, "*");
    puts("esac\n"
         "case $words[2] in\n"
         "  walk|trees) trees=(${${(f)\"$(ndr trees 2>/dev/null)\"}%% *}) ;;\n"
         "esac\n"
         "_arguments $options '1: :{_describe command commands; _files}' '*: :{compadd -a trees; _files}'");
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
