/* How things look: roles of text on the screen, and for each its color and attributes by theme, as the
 * table has them or a config file says.  Knows no terminal. */
#ifndef NDR_CMD_LOOK_H
#define NDR_CMD_LOOK_H

#include "base/arena.h"

enum style {
#define STYLE(role, name, normal, contrast, mono, help) STYLE_##role,
#include "cmd/style.def"
#undef STYLE
    STYLE_COUNT
};

enum style_theme { STYLE_DEFAULT, STYLE_CONTRAST, STYLE_MONO, STYLE_THEME_COUNT };

/* The eight colors of every terminal, in their order, and its own one. */
enum look_color {
    LOOK_NONE,
    LOOK_BLACK,
    LOOK_RED,
    LOOK_GREEN,
    LOOK_YELLOW,
    LOOK_BLUE,
    LOOK_MAGENTA,
    LOOK_CYAN,
    LOOK_WHITE,
    LOOK_COLOR_COUNT
};

enum look_attribute { LOOK_BOLD = 1, LOOK_UNDERLINE = 2, LOOK_REVERSE = 4 };

struct look {
    enum look_color color;
    unsigned attributes; /* bits of enum look_attribute */
};

const char *style_name(enum style role);
const char *style_help(enum style role); /* a phrase without a full stop */
bool style_find(struct str name, enum style *role);
struct str style_hint(struct arena *arena, struct str name); /* the nearest name, else where they are listed */

/* Theme of a name ("default", "contrast", "mono"); false when there is none. */
bool style_theme_find(struct str name, enum style_theme *theme);

/* As the table has it. */
struct look style_look(enum style role, enum style_theme theme);

/* Reads "bold underline cyan", in any order; "normal" and "default" say that there is nothing of the kind.
 * False with a sentence in `what`, and perhaps a hint: an unknown word, two colors, or a color that cannot
 * be read on some background and stands alone. */
bool look_read(struct arena *arena, struct str text, struct look *look, struct str *what, struct str *hint);

/* The same backwards; "normal" for nothing. */
struct str look_words(struct arena *arena, struct look look);

/* Whether it can be read on a dark and on a light background. */
bool look_is_readable(struct look look);

#endif
