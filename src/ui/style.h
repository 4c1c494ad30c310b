/* Roles of text on the screen; drawing code names roles, never colours. */
#ifndef NDR_UI_STYLE_H
#define NDR_UI_STYLE_H

#include <stdbool.h>

enum style {
#define STYLE(role, normal, contrast, mono) STYLE_##role,
#include "ui/style.def"
#undef STYLE
    STYLE_COUNT
};

enum style_theme { STYLE_DEFAULT, STYLE_CONTRAST, STYLE_MONO, STYLE_THEME_COUNT };

/* Theme of a name ("default", "contrast", "mono"); false when there is none. */
bool style_theme_find(const char *name, enum style_theme *theme);
const char *style_theme_name(enum style_theme theme);

/* Makes a theme the one in use. */
void style_use(enum style_theme theme);

/* Attributes of a role, for curses. */
unsigned long style_attributes(enum style role);

#endif
