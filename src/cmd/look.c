#include "cmd/look.h"

#include "cmd/near.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { LOOK_SHOWN_MAX = 40 };

static const struct {
    const char *name;
    const char *help;
    struct look looks[STYLE_THEME_COUNT];
} rows[STYLE_COUNT] = {
#define NORMAL         0
#define BOLD           LOOK_BOLD
#define UNDERLINE      LOOK_UNDERLINE
#define REVERSE        LOOK_REVERSE
#define A(color, look) {LOOK_##color, (look)}
#define STYLE(role, name, normal, contrast, mono, help) [STYLE_##role] = {name, help, {normal, contrast, mono}},
#include "cmd/style.def"
#undef STYLE
#undef A
#undef NORMAL
#undef BOLD
#undef UNDERLINE
#undef REVERSE
};

static const char *const theme_names[STYLE_THEME_COUNT] = {"default", "contrast", "mono"};

static const char *const color_names[LOOK_COLOR_COUNT] = {"default", "black",   "red",  "green", "yellow",
                                                          "blue",    "magenta", "cyan", "white"};

static const char *const attribute_names[] = {"bold", "underline", "reverse"};

enum { ATTRIBUTES = sizeof attribute_names / sizeof attribute_names[0] };

const char *style_name(enum style role)
{
    return rows[role].name;
}

const char *style_help(enum style role)
{
    return rows[role].help;
}

bool style_find(struct str name, enum style *role)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        if (str_equal(name, str_from(rows[i].name))) {
            *role = (enum style)i;
            return true;
        }
    }
    return false;
}

struct str style_hint(struct arena *arena, struct str name)
{
    struct near near = near_make(name);

    for (int i = 0; i < STYLE_COUNT; i++) {
        near_offer(&near, str_from(rows[i].name));
    }
    return near_hint(arena, &near, "ndr config --list tells which there are");
}

bool style_theme_find(struct str name, enum style_theme *theme)
{
    for (int i = 0; i < STYLE_THEME_COUNT; i++) {
        if (str_equal(name, str_from(theme_names[i]))) {
            *theme = (enum style_theme)i;
            return true;
        }
    }
    return false;
}

struct look style_look(enum style role, enum style_theme theme)
{
    return rows[role].looks[theme];
}

bool look_is_readable(struct look look)
{
    bool is_risky = look.color == LOOK_BLACK || look.color == LOOK_YELLOW || look.color == LOOK_BLUE ||
                    look.color == LOOK_WHITE;

    return !is_risky || look.attributes != 0;
}

/* Takes one word; false when nobody knows it or it is a second color. */
static bool take_word(struct str word, struct look *look)
{
    for (int i = 0; i < (int)ATTRIBUTES; i++) {
        if (str_equal(word, str_from(attribute_names[i]))) {
            look->attributes |= 1u << i;
            return true;
        }
    }
    for (int i = 0; i < LOOK_COLOR_COUNT; i++) {
        if (str_equal(word, str_from(color_names[i]))) {
            bool is_second = look->color != LOOK_NONE && look->color != (enum look_color)i;

            look->color = (enum look_color)i;
            return !is_second;
        }
    }
    return str_equal(word, STR_LIT("normal"));
}

static struct str word_hint(struct arena *arena, struct str word)
{
    struct near near = near_make(word);

    for (int i = 0; i < (int)ATTRIBUTES; i++) {
        near_offer(&near, str_from(attribute_names[i]));
    }
    for (int i = 0; i < LOOK_COLOR_COUNT; i++) {
        near_offer(&near, str_from(color_names[i]));
    }
    return near_hint(arena, &near, "bold, underline, reverse, and one of default, black, red, green, yellow, blue, "
                                   "magenta, cyan, white");
}

bool look_read(struct arena *arena, struct str text, struct look *look, struct str *what, struct str *hint)
{
    struct str rest = text;
    struct str word;
    bool is_empty = true;

    *look = (struct look){LOOK_NONE, 0};
    *hint = STR_NULL;
    while (str_next_word(&rest, &word) && word.ptr[0] != '#') {
        enum look_color before = look->color;

        is_empty = false;
        if (!take_word(word, look)) {
            struct str shown = str_sub(word, 0, LOOK_SHOWN_MAX);

            *what = before != look->color ? STR_LIT("one color is enough")
                                          : str_printf(arena, "a look has no word %.*s", STR_ARGS(shown));
            *hint = before != look->color ? STR_NULL : word_hint(arena, word);
            return false;
        }
    }
    if (is_empty) {
        *what = STR_LIT("a look is needed, such as bold cyan or normal");
        return false;
    }
    if (!look_is_readable(*look)) {
        *what = str_printf(arena, "%s alone cannot be read on every background", color_names[look->color]);
        *hint = STR_LIT("add bold, underline or reverse, or take red, green, magenta or cyan");
        return false;
    }
    return true;
}

struct str look_words(struct arena *arena, struct look look)
{
    struct str text = STR_NULL;

    for (int i = 0; i < (int)ATTRIBUTES; i++) {
        if (look.attributes & 1u << i) {
            text = str_printf(arena, "%.*s%s%s", STR_ARGS(text), text.len ? " " : "", attribute_names[i]);
        }
    }
    if (look.color != LOOK_NONE) {
        text = str_printf(arena, "%.*s%s%s", STR_ARGS(text), text.len ? " " : "", color_names[look.color]);
    }
    return text.len ? text : STR_LIT("normal");
}
