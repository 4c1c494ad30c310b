#include "ui/style.h"

#include <curses.h>
#include <string.h>

#include "base/err.h"
#include "ui/term.h"

enum style_color { COLOR_IS_NONE, COLOR_IS_RED, COLOR_IS_GREEN, COLOR_IS_MAGENTA, COLOR_IS_CYAN };

/* One cell of the table. */
struct style_look {
    enum style_color color;
    attr_t attributes;
};

#define NORMAL         A_NORMAL
#define BOLD           A_BOLD
#define UNDERLINE      A_UNDERLINE
#define REVERSE        A_REVERSE
#define A(color, look) {COLOR_IS_##color, (look)}

static const struct style_look looks[][STYLE_THEME_COUNT] = {
#define STYLE(role, normal, contrast, mono) {normal, contrast, mono},
#include "ui/style.def"
#undef STYLE
};

static const char *const theme_names[] = {"default", "contrast", "mono"};

static short curses_color(enum style_color color)
{
    switch (color) {
    case COLOR_IS_RED:
        return COLOR_RED;
    case COLOR_IS_GREEN:
        return COLOR_GREEN;
    case COLOR_IS_MAGENTA:
        return COLOR_MAGENTA;
    case COLOR_IS_CYAN:
        return COLOR_CYAN;
    case COLOR_IS_NONE:
        break;
    }
    return -1;
}

bool style_theme_find(const char *name, enum style_theme *theme)
{
    for (int i = 0; i < STYLE_THEME_COUNT; i++) {
        if (strcmp(theme_names[i], name) == 0) {
            *theme = (enum style_theme)i;
            return true;
        }
    }
    return false;
}

const char *style_theme_name(enum style_theme theme)
{
    return theme_names[theme];
}

void style_use(enum style_theme theme)
{
    terminal.theme = (int)theme;
    if (!terminal.has_color) {
        return;
    }
    for (short color = COLOR_IS_RED; color <= COLOR_IS_CYAN; color++) {
        init_pair(color, curses_color((enum style_color)color), -1);
    }
}

unsigned long style_attributes(enum style role)
{
    BUG_ON(role >= STYLE_COUNT);
    const struct style_look *look = &looks[role][terminal.theme];
    attr_t attributes = look->attributes;

    if (terminal.has_color && look->color != COLOR_IS_NONE) {
        attributes |= (attr_t)COLOR_PAIR(look->color);
    }
    return attributes;
}
