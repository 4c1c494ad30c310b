#include "ui/style.h"

#include <curses.h>

#include "session/settings.h"
#include "ui/term.h"

static attr_t attributes_of(struct look look)
{
    attr_t attributes = A_NORMAL;

    attributes |= look.attributes & LOOK_BOLD ? A_BOLD : 0;
    attributes |= look.attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0;
    attributes |= look.attributes & LOOK_REVERSE ? A_REVERSE : 0;
    if (terminal.has_color && look.color != LOOK_NONE) {
        attributes |= (attr_t)COLOR_PAIR(look.color);
    }
    return attributes;
}

void style_use(const struct settings *settings)
{
    /* The table has the colors in curses' order, behind the one that is none. */
    for (short color = LOOK_BLACK; terminal.has_color && color < LOOK_COLOR_COUNT; color++) {
        init_pair(color, (short)(color - LOOK_BLACK + COLOR_BLACK), -1);
    }
    for (int role = 0; role < STYLE_COUNT; role++) {
        terminal.looks[role] = attributes_of(settings_look_shown(settings, (enum style)role));
    }
}

unsigned long style_attributes(enum style role)
{
    BUG_ON(role >= STYLE_COUNT);
    return terminal.looks[role];
}
