/* What can be set: one table from which config files, the options screen, the `:` prompt and the manual
 * come.  Knows which values there may be, not which there are. */
#ifndef NDR_CMD_SETTING_H
#define NDR_CMD_SETTING_H

#include "base/arena.h"

enum setting {
#define SETTING(id, name, value, kind, values, who, when, help) SETTING_##id,
#include "cmd/settings.def"
#undef SETTING
    SETTING_COUNT
};

enum setting_kind { SETTING_CHOICE, SETTING_SWITCH, SETTING_NUMBER, SETTING_TEXT, SETTING_FOLDER };
enum setting_who { SETTING_SCREEN, SETTING_DESK };
enum setting_when { SETTING_NOW, SETTING_START_ONLY };

/* One row of the table; all texts are literals. */
struct setting_row {
    const char *name;
    const char *value; /* the default */
    enum setting_kind kind;
    const char *values; /* "a|b" or "1-9", "" for what has no list */
    enum setting_who who;
    enum setting_when when;
    const char *help; /* a phrase without a full stop */
};

const struct setting_row *setting_row(enum setting setting);

/* Setting of that name; false when there is none. */
bool setting_find(struct str name, enum setting *setting);

/* The nearest name as a hint, else where they are listed. */
struct str setting_hint(struct arena *arena, struct str name);

/* Empty when the value fits, else the reason as one sentence. */
struct str setting_fault(struct arena *arena, enum setting setting, struct str value);

/* A hint for a value that does not fit: the nearest one there is, may be empty. */
struct str setting_value_hint(struct arena *arena, enum setting setting, struct str value);

/* What it takes, for people: "default, contrast or mono", "a number from 0 to 5000". */
struct str setting_takes(struct arena *arena, enum setting setting);

/* Choice number `index` of a choice or switch, empty behind the last and for other kinds. */
struct str setting_choice(enum setting setting, size_t index);

/* The choice behind `value`, the first one behind the last; empty for kinds that are typed. */
struct str setting_next(enum setting setting, struct str value);

#endif
