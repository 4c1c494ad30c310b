#include "session/settings.h"

#include <stdlib.h>

#include "base/file.h"

enum { SETTINGS_FILE_MAX_BYTES = 256 << 10 };

static const struct {
    const char *name;
    const char *value;
    const char *choices; /* with | between, NULL for any */
    const char *help;
} rows[SETTING_COUNT] = {
#define SETTING(id, name, value, choices, help) [SETTING_##id] = {name, value, choices, help},
#include "cmd/settings.def"
#undef SETTING
};

const char *settings_name(enum setting setting)
{
    return rows[setting].name;
}

const char *settings_help(enum setting setting)
{
    return rows[setting].help;
}

static bool is_choice(const char *choices, struct str value)
{
    struct str rest = str_from(choices);
    struct str choice;

    while (str_next_field(&rest, '|', &choice)) {
        if (str_equal(choice, value)) {
            return true;
        }
    }
    return false;
}

/* "name = value"; empty lines and those that begin with # say nothing. */
static void take_line(struct settings *settings, struct arena *arena, struct str file, unsigned number,
                      struct str line, struct err_list *faults)
{
    size_t equals = str_find_char(line, '=', 0);
    struct str name = str_trim(str_sub(line, 0, equals));
    struct str value = equals == STR_NPOS ? STR_NULL : str_trim(str_sub(line, equals + 1, line.len));

    line = str_trim(line);
    if (line.len == 0 || line.ptr[0] == '#') {
        return;
    }
    for (int i = 0; equals != STR_NPOS && i < SETTING_COUNT; i++) {
        if (!str_equal(name, str_from(rows[i].name))) {
            continue;
        }
        if (rows[i].choices && !is_choice(rows[i].choices, value)) {
            err_add(faults, file, number, "%s takes %s, not %.*s", rows[i].name, rows[i].choices,
                    (int)(value.len < 40 ? value.len : 40), value.len ? value.ptr : "");
            return;
        }
        settings->values[i] = str_dup(arena, value);
        settings->files[i] = file;
        return;
    }
    err_add(faults, file, number, "unknown setting %.*s", (int)(name.len < 40 ? name.len : 40),
            name.len ? name.ptr : "")
        ->hint = STR_LIT("ndr config --list tells which there are");
}

static void read_file(struct settings *settings, struct arena *arena, const char *path, bool is_named,
                      struct err_list *faults)
{
    struct str file = str_dup(arena, str_from(path));
    struct buf bytes;
    struct str rest;
    struct str line;

    buf_init(&bytes, SETTINGS_FILE_MAX_BYTES);
    enum file_result result = file_read(path, &bytes);

    rest = buf_str(&bytes);
    if (result != FILE_OK && (is_named || result != FILE_MISSING)) {
        err_add(faults, file, 0, "%s", file_result_text(result));
    }
    for (unsigned number = 1; result == FILE_OK && str_next_line(&rest, &line); number++) {
        take_line(settings, arena, file, number, line, faults);
    }
    buf_fini(&bytes);
}

void settings_load(struct settings *settings, struct arena *arena, const char *site, bool restricted,
                   struct err_list *faults)
{
    const char *named = getenv("NDR_CONFIG");
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    for (int i = 0; i < SETTING_COUNT; i++) {
        settings->values[i] = str_from(rows[i].value);
        settings->files[i] = STR_NULL;
    }
    if (site) {
        read_file(settings, arena, site, false, faults);
    }
    if (restricted) {
        return;
    }
    if (named && named[0]) {
        read_file(settings, arena, named, true, faults);
    } else if (config && config[0] == '/') {
        read_file(settings, arena, file_join(arena, config, "ndr/config"), false, faults);
    } else if (home && home[0] == '/') {
        read_file(settings, arena, file_join(arena, home, ".config/ndr/config"), false, faults);
    }
}
