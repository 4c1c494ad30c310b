/* Roles of text on the screen as curses draws them; drawing code names roles, never colors. */
#ifndef NDR_UI_STYLE_H
#define NDR_UI_STYLE_H

#include "cmd/look.h"

struct settings;

/* Makes the looks of the theme and of the config files the ones in use. */
void style_use(const struct settings *settings);

/* Attributes of a role, for curses. */
unsigned long style_attributes(enum style role);

#endif
