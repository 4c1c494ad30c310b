#include "cmd/setting.h"

#include "cmd/near.h"

enum { SETTING_SHOWN_MAX = 40, SETTING_NUMBER_MAX = 1000000 };

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

static const struct setting_row rows[SETTING_COUNT] = {
#define NOW   SETTING_NOW
#define START SETTING_START_ONLY
#define SETTING(id, name, value, kind, values, who, when, help)                                    \
    [SETTING_##id] = {name, value, SETTING_##kind, values, SETTING_##who, when, help},
#include "cmd/settings.def"
#undef SETTING
#undef NOW
#undef START
};

const struct setting_row *setting_row(enum setting setting)
{
    return &rows[setting];
}

bool setting_find(struct str name, enum setting *setting)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (str_equal(name, str_from(rows[i].name))) {
            *setting = (enum setting)i;
            return true;
        }
    }
    return false;
}

struct str setting_hint(struct arena *arena, struct str name)
{
    struct near near = near_make(name);

    for (int i = 0; i < SETTING_COUNT; i++) {
        near_offer(&near, str_from(rows[i].name));
    }
    return near_hint(arena, &near, "ndr config --list tells which there are");
}

/* "a|b" of a choice or switch, NULL for other kinds. */
static const char *choices_of(enum setting setting)
{
    switch (rows[setting].kind) {
    case SETTING_CHOICE:
        return rows[setting].values;
    case SETTING_SWITCH:
        return "no|yes";
    case SETTING_NUMBER:
    case SETTING_TEXT:
    case SETTING_FOLDER:
        break;
    }
    return NULL;
}

struct str setting_choice(enum setting setting, size_t index)
{
    struct str rest = str_from(choices_of(setting));
    struct str choice;

    while (str_next_field(&rest, '|', &choice)) {
        if (index-- == 0) {
            return choice;
        }
    }
    return STR_NULL;
}

struct str setting_next(enum setting setting, struct str value)
{
    struct str choice;

    for (size_t i = 0; (choice = setting_choice(setting, i)).len; i++) {
        if (str_equal(choice, value)) {
            struct str next = setting_choice(setting, i + 1);

            return next.len ? next : setting_choice(setting, 0);
        }
    }
    return setting_choice(setting, 0);
}

/* The ends of a number's range. */
static void range_of(enum setting setting, unsigned *low, unsigned *high)
{
    struct str rest = str_from(rows[setting].values);
    struct str part;

    *low = *high = 0;
    str_next_field(&rest, '-', &part);
    str_to_uint(part, SETTING_NUMBER_MAX, low);
    str_to_uint(rest, SETTING_NUMBER_MAX, high);
}

static bool is_choice(enum setting setting, struct str value)
{
    struct str choice;

    for (size_t i = 0; (choice = setting_choice(setting, i)).len; i++) {
        if (str_equal(choice, value)) {
            return true;
        }
    }
    return false;
}

struct str setting_fault(struct arena *arena, enum setting setting, struct str value)
{
    const struct setting_row *row = &rows[setting];
    struct str shown = str_sub(value, 0, SETTING_SHOWN_MAX);
    unsigned low, high, number;

    switch (row->kind) {
    case SETTING_CHOICE:
    case SETTING_SWITCH:
        return is_choice(setting, value) ? STR_NULL
                                         : str_printf(arena, "%s takes %s, not %.*s", row->name,
                                                      choices_of(setting), STR_ARGS(shown));
    case SETTING_NUMBER:
        range_of(setting, &low, &high);
        return str_to_uint(value, high, &number) && number >= low
                   ? STR_NULL
                   : str_printf(arena, "%s takes a number from %u to %u, not %.*s", row->name, low, high,
                                STR_ARGS(shown));
    case SETTING_FOLDER:
        return value.len == 0 || value.ptr[0] == '/'
                   ? STR_NULL
                   : str_printf(arena, "%s takes a path that begins with /, not %.*s", row->name, STR_ARGS(shown));
    case SETTING_TEXT:
        break;
    }
    return STR_NULL;
}

struct str setting_value_hint(struct arena *arena, enum setting setting, struct str value)
{
    struct near near = near_make(value);
    struct str choice;

    for (size_t i = 0; (choice = setting_choice(setting, i)).len; i++) {
        near_offer(&near, choice);
    }
    return near_hint(arena, &near, "");
}

/* "a, b or c". */
static struct str listed(struct arena *arena, enum setting setting)
{
    struct str text = setting_choice(setting, 0);
    struct str choice;

    for (size_t i = 1; (choice = setting_choice(setting, i)).len; i++) {
        text = str_printf(arena, "%.*s%s%.*s", STR_ARGS(text), setting_choice(setting, i + 1).len ? ", " : " or ",
                          STR_ARGS(choice));
    }
    return text;
}

struct str setting_takes(struct arena *arena, enum setting setting)
{
    unsigned low, high;

    switch (rows[setting].kind) {
    case SETTING_CHOICE:
    case SETTING_SWITCH:
        return listed(arena, setting);
    case SETTING_NUMBER:
        range_of(setting, &low, &high);
        return str_printf(arena, "a number from %u to %u", low, high);
    case SETTING_FOLDER:
        return STR_LIT("a path that begins with /, or nothing");
    case SETTING_TEXT:
        break;
    }
    return STR_LIT("any text");
}
