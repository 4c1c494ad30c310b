/* Settings, keys and looks as the site's and the person's config files have them: lines `name = value`,
 * `bind SCREEN KEY ACTION`, `unbind SCREEN KEY`, `style ROLE = LOOK`. */
#ifndef NDR_SESSION_SETTINGS_H
#define NDR_SESSION_SETTINGS_H

#include "base/buf.h"
#include "cmd/action.h"
#include "cmd/look.h"
#include "cmd/setting.h"

enum settings_origin {
    SETTINGS_DEFAULT, /* of the program */
    SETTINGS_SITE,    /* its file */
    SETTINGS_USER,    /* the person's file */
    SETTINGS_OPTION,  /* of the command line */
    SETTINGS_SESSION, /* changed while the program runs; not written yet */
};

/* Where something comes from. */
struct settings_source {
    enum settings_origin origin;
    struct str file; /* empty but for those of files */
    unsigned line; /* 0 when unknown */
};

struct settings {
    struct arena *arena;              /* of all texts here */
    struct str values[SETTING_COUNT]; /* the default where nothing else was said; NUL behind the text */
    struct settings_source sources[SETTING_COUNT];
    struct keymap keymap;
    struct look looks[STYLE_COUNT]; /* of roles that a file has */
    struct settings_source look_sources[STYLE_COUNT];
};

/* Reads `site` (NULL for none), then the person's file unless `restricted`; a later line wins, and the
 * person's file over the site's.  A file that is not there is no fault; a line that cannot be understood is
 * one, and the rest counts. */
void settings_load(struct settings *settings, struct arena *arena, const char *site, bool restricted,
                   struct err_list *faults);

/* Reads the lines of one file; `file` is how faults call it, `origin` whose it is. */
void settings_read(struct settings *settings, enum settings_origin origin, struct str file, struct str text,
                   struct err_list *faults);

/* All as the program has it by itself. */
void settings_init(struct settings *settings, struct arena *arena);

/* Changes one value.  False with the reason in `what` when it does not fit. */
bool settings_set(struct settings *settings, enum setting setting, struct str value, enum settings_origin origin,
                  struct str *what);

static inline bool settings_is(const struct settings *settings, enum setting setting, const char *value)
{
    return str_equal(settings->values[setting], str_from(value));
}

/* Value of a number. */
unsigned settings_number(const struct settings *settings, enum setting setting);

/* The look of a role: what a file says, else that of the theme that is set. */
struct look settings_look(const struct settings *settings, enum style role);

/* The same as it is shown: without its color in the theme mono. */
struct look settings_look_shown(const struct settings *settings, enum style role);

/* "default", "/etc/ndr/config:3", "command line": for people. */
struct str settings_source_words(struct arena *arena, const struct settings_source *source);

/* The person's config file: what NDR_CONFIG names, else below XDG_CONFIG_HOME or HOME; NULL for none. */
const char *settings_user_file(struct arena *arena);

/* The text of a config file with the changed settings in it: the last line of each name gets its new value,
 * new names come at the end; everything else stays as it is. */
void settings_edit(const struct settings *settings, struct str text, struct buf *out);

/* Writes them into the person's file in one step.  False with the reason in `what`. */
bool settings_write(struct settings *settings, struct str *what);

#endif
