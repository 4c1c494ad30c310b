/* Settings: `name = value` lines of the site's and the person's config file. */
#ifndef NDR_SESSION_SETTINGS_H
#define NDR_SESSION_SETTINGS_H

#include "base/err.h"

enum setting {
#define SETTING(id, name, value, choices, help) SETTING_##id,
#include "cmd/settings.def"
#undef SETTING
    SETTING_COUNT
};

struct settings {
    struct str values[SETTING_COUNT]; /* the default where no file has it */
    struct str files[SETTING_COUNT];  /* that gave the value, empty for the default */
};

/* Reads `site` (NULL for none), then what NDR_CONFIG or XDG_CONFIG_HOME names unless `restricted`; a
 * later file wins.  A file that is not there is no fault; a line that cannot be understood is one,
 * and the rest counts.  Values live in the arena. */
void settings_load(struct settings *settings, struct arena *arena, const char *site, bool restricted,
                   struct err_list *faults);

const char *settings_name(enum setting setting);
const char *settings_help(enum setting setting);

#endif
