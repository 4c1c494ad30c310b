#include "cmd/keyname.h"

#include "base/utf8.h"
#include "cmd/near.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { KEYNAME_TYPED_MAX = 12 };

static const char *const named[] = {
    "Up",  "Down",      "Left", "Right", "Home", "End", "PgUp", "PgDn", "Enter", "Tab", "S-Tab", "Delete",
    "Esc", "Backspace", "Space", "F1",   "F2",   "F3",  "F4",   "F5",   "F6",    "F7",  "F8",    "F9",
    "F10", "F11",       "F12",
};

/* Other words for them, and control characters that a terminal sends for a key. */
static const struct {
    const char *typed, *name;
} aliases[] = {
    {"PageUp", "PgUp"},   {"PageDown", "PgDn"}, {"Del", "Delete"},  {"Escape", "Esc"},
    {"Return", "Enter"},  {"BS", "Backspace"},  {"BackTab", "S-Tab"}, {"Shift-Tab", "S-Tab"},
    {"C-i", "Tab"},       {"C-m", "Enter"},     {"C-j", "Enter"},   {"C-h", "Backspace"},
    {"C-[", "Esc"},
};

enum { NAMED = sizeof named / sizeof named[0], ALIASES = sizeof aliases / sizeof aliases[0] };

bool keyname_is_range(struct str name, char *first, char *last)
{
    bool is_range = name.len == 3 && name.ptr[1] == '-' && str_is_digit(name.ptr[0]) && str_is_digit(name.ptr[2]);

    if (is_range) {
        *first = name.ptr[0];
        *last = name.ptr[2];
    }
    return is_range && *first < *last;
}

/* One visible character. */
static bool is_character(struct str s)
{
    size_t pos = 0;
    uint32_t code = s.len ? utf8_next(s, &pos) : 0;

    return s.len && pos == s.len && code != UTF8_INVALID && code > 0x20 && code != 0x7F && utf8_is_printable(code);
}

bool keyname_is_character(struct str name)
{
    char first, last;

    return is_character(name) || keyname_is_range(name, &first, &last) || str_equal(name, STR_LIT("Space"));
}

/* What stands behind "C-", "Ctrl-", "^" (`prefix` and its long form); empty when that is not there. */
static struct str behind(struct str typed, const char *prefix, const char *long_prefix)
{
    if (str_starts_nocase(typed, str_from(long_prefix))) {
        return str_sub(typed, strlen(long_prefix), typed.len);
    }
    return str_starts(typed, str_from(prefix)) ? str_sub(typed, strlen(prefix), typed.len) : STR_NULL;
}

static bool find_named(struct str typed, struct str *name)
{
    for (size_t i = 0; i < NAMED; i++) {
        if (str_equal_nocase(typed, str_from(named[i]))) {
            *name = str_from(named[i]);
            return true;
        }
    }
    for (size_t i = 0; i < ALIASES; i++) {
        if (str_equal_nocase(typed, str_from(aliases[i].typed))) {
            *name = str_from(aliases[i].name);
            return true;
        }
    }
    return false;
}

/* A control character: a letter or one of [ \ ] ^ _. */
static bool read_control(struct arena *arena, struct str letter, struct str *name)
{
    char c = letter.len == 1 ? str_lower_char(letter.ptr[0]) : 0;

    if (!(c >= 'a' && c <= 'z') && !(c >= '[' && c <= '_')) {
        return false;
    }
    *name = str_printf(arena, "C-%c", c);
    find_named(*name, name);
    return true;
}

bool keyname_read(struct arena *arena, struct str typed, struct str *name)
{
    char first, last;
    struct str control = behind(typed, "C-", "Ctrl-");
    struct str alt = behind(typed, "M-", "Alt-");

    if (is_character(typed) || keyname_is_range(typed, &first, &last)) {
        *name = str_dup(arena, typed);
        return true;
    }
    if (find_named(typed, name)) {
        return true;
    }
    if (typed.len == 2 && typed.ptr[0] == '^') {
        control = str_sub(typed, 1, 1);
    }
    if (control.len) {
        return read_control(arena, control, name);
    }
    if (alt.len && alt.len <= KEYNAME_TYPED_MAX && (is_character(alt) || find_named(alt, &alt))) {
        *name = str_printf(arena, "M-%.*s", STR_ARGS(alt));
        return true;
    }
    return false;
}

struct str keyname_hint(struct arena *arena, struct str typed)
{
    struct near near = near_make(typed);

    for (size_t i = 0; i < NAMED; i++) {
        near_offer(&near, str_from(named[i]));
    }
    return near_hint(arena, &near, "keys are written x, C-x, M-x, Enter, PgDn, F5");
}

struct str keyname_words(struct arena *arena, struct str name)
{
    if (name.len == 3 && str_starts(name, STR_LIT("C-"))) {
        char letter = name.ptr[2];

        return str_printf(arena, "Ctrl-%c", letter >= 'a' && letter <= 'z' ? letter - 32 : letter);
    }
    if (name.len > 2 && str_starts(name, STR_LIT("M-"))) {
        return str_printf(arena, "Alt-%.*s", (int)name.len - 2, name.ptr + 2);
    }
    return name;
}
