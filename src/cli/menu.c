#include "cli/menu.h"

#include <stdarg.h>

#include "base/text.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { MENU_PAGE_LINES = 20 };

void menu_add(struct menu *menu, const char *format, ...)
{
    struct cli *cli = menu->cli;
    va_list args;

    va_start(args, format);
    *VEC_PUSH(cli->arena, menu->items, menu->count, menu->capacity) = str_vprintf(cli->arena, format, args);
    va_end(args);
}

static void print_items(const struct menu *menu, size_t *from)
{
    size_t end = *from + MENU_PAGE_LINES;

    /* One line more is no reason to ask. */
    end = end + 1 >= menu->count ? menu->count : end;
    for (; *from < end; ++*from) {
        cli_print(menu->cli, "%zu. %.*s\n", *from + 1, STR_ARGS(menu->items[*from]));
    }
    if (*from < menu->count) {
        cli_print(menu->cli, _("%zu of %zu; Enter shows more.\n"), *from, menu->count);
    }
}

static void print_menu_help(const struct menu *menu)
{
    cli_print(menu->cli, "%s", _("Type the number of a line, then Enter. b goes back, h goes to the first list,\n"
                                 "q quits. Enter alone shows the lines again, or the rest of a long list.\n"));
    if (menu->words) {
        cli_print(menu->cli, "%s", _("A code such as 5.7.23 or words are looked up at once.\n"));
    }
}

/* What a line says; `*choice` is set unless it has to be asked again. */
static bool read_choice(struct menu *menu, struct str line, int *choice)
{
    static const struct {
        const char *word;
        int choice;
    } ways[] = {{"b", MENU_BACK}, {"back", MENU_BACK}, {"h", MENU_HOME}, {"home", MENU_HOME},
                {"q", MENU_QUIT}, {"quit", MENU_QUIT}, {"exit", MENU_QUIT}};
    unsigned number = 0;

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (str_equal(line, str_from(ways[i].word))) {
            *choice = ways[i].choice;
            return true;
        }
    }
    if (str_to_uint(line, 1000000, &number) && number >= 1 && number <= menu->count) {
        *choice = (int)number - 1;
        return true;
    }
    if (talk_take_lines(menu->cli, line)) {
        *choice = MENU_REPORT;
        return true;
    }
    if (menu->words) {
        *menu->words = str_dup(menu->cli->arena, line);
        *choice = MENU_WORDS;
        return true;
    }
    return false;
}

int menu_ask(struct menu *menu)
{
    struct str line;
    size_t shown = 0;
    int choice;

    print_items(menu, &shown);
    while (talk_ask(menu->cli, _("Number: "), &line)) {
        if (line.len == 0) {
            shown = shown < menu->count ? shown : 0;
            print_items(menu, &shown);
        } else if (str_equal(line, STR_LIT("?")) || str_equal(line, STR_LIT("help"))) {
            print_menu_help(menu);
        } else if (read_choice(menu, line, &choice)) {
            return choice;
        } else {
            cli_print(menu->cli, _("Please type a number from 1 to %zu, or ? for help.\n"), menu->count);
        }
    }
    return MENU_QUIT;
}
