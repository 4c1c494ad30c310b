#include "session/settings.h"

#include <stdlib.h>

#include "base/file.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { SETTINGS_FILE_MAX_BYTES = 256 << 10, SETTINGS_SHOWN_MAX = 40, SETTINGS_NUMBER_MAX = 1000000 };

/* A line of a file. */
struct line {
    struct settings *settings;
    enum settings_origin origin;
    struct str file;
    unsigned number;
    struct err_list *faults;
};

static struct settings_source source_of(const struct line *line)
{
    return (struct settings_source){line->origin, line->file, line->number};
}

static struct err *fault(const struct line *line, struct str what)
{
    return err_add(line->faults, line->file, line->number, "%.*s", STR_ARGS(what));
}

/* "unknown setting NAME" with a name that may be long. */
static struct err *unknown(const struct line *line, const char *kind, struct str name)
{
    struct str shown = str_sub(name, 0, SETTINGS_SHOWN_MAX);

    return err_add(line->faults, line->file, line->number, "unknown %s %.*s", kind, STR_ARGS(shown));
}

static void take_setting(const struct line *line, struct str name, struct str value)
{
    struct settings *settings = line->settings;
    enum setting setting;

    if (!setting_find(name, &setting)) {
        unknown(line, "setting", name)->hint = setting_hint(settings->arena, name);
        return;
    }
    struct str what = setting_fault(settings->arena, setting, value);

    if (what.len) {
        fault(line, what)->hint = setting_value_hint(settings->arena, setting, value);
        return;
    }
    settings->values[setting] = str_dup(settings->arena, value);
    settings->sources[setting] = source_of(line);
}

static void take_style(const struct line *line, struct str name, struct str value)
{
    struct settings *settings = line->settings;
    enum style role;
    struct look look;
    struct str what;
    struct str hint;

    if (!style_find(name, &role)) {
        unknown(line, "role", name)->hint = style_hint(settings->arena, name);
    } else if (!look_read(settings->arena, value, &look, &what, &hint)) {
        fault(line, what)->hint = hint;
    } else {
        settings->looks[role] = look;
        settings->look_sources[role] = source_of(line);
    }
}

/* The name in front of the "=" and what stands behind it; false when there is none. */
static bool split(struct str text, struct str *name, struct str *value)
{
    size_t equals = str_find_char(text, '=', 0);

    *name = str_trim(str_sub(text, 0, equals));
    *value = equals == STR_NPOS ? STR_NULL : str_trim(str_sub(text, equals + 1, text.len));
    return equals != STR_NPOS;
}

/* Whether the line is one of keys; "bind = x" would be a setting. */
static bool is_key_line(struct str word, struct str rest)
{
    rest = str_trim(rest);
    return (str_equal(word, STR_LIT("bind")) || str_equal(word, STR_LIT("unbind"))) &&
           !str_starts(rest, STR_LIT("= "));
}

static void take_line(const struct line *line, struct str text)
{
    struct settings *settings = line->settings;
    struct str rest = text;
    struct str word;
    struct str name;
    struct str value;

    if (!str_next_word(&rest, &word) || word.ptr[0] == '#') {
        return;
    }
    bool has_value = split(text, &name, &value);

    if (is_key_line(word, rest)) {
        keymap_read(&settings->keymap, settings->arena, rest, str_equal(word, STR_LIT("bind")),
                    (struct keymap_place){(int)line->origin, line->file, line->number}, line->faults);
    } else if (!has_value) {
        unknown(line, "line", str_trim(text))->hint =
            STR_LIT("lines are NAME = VALUE, bind SCREEN KEY ACTION, unbind SCREEN KEY, style ROLE = LOOK");
    } else if (str_equal(word, STR_LIT("style")) && !str_equal(name, word)) {
        take_style(line, str_trim(str_sub(name, word.len, name.len)), value);
    } else {
        take_setting(line, name, value);
    }
}

void settings_read(struct settings *settings, enum settings_origin origin, struct str file, struct str text,
                   struct err_list *faults)
{
    struct line line = {.settings = settings,
                        .origin = origin,
                        .file = str_dup(settings->arena, file),
                        .number = 1,
                        .faults = faults};
    struct str words;

    /* What a text editor of Windows puts in front. */
    if (str_starts(text, STR_LIT("\xEF\xBB\xBF"))) {
        text = str_sub(text, 3, text.len);
    }
    for (; str_next_line(&text, &words); line.number++) {
        take_line(&line, words);
    }
}

static void read_file(struct settings *settings, enum settings_origin origin, const char *path, bool is_named,
                      struct err_list *faults)
{
    struct buf bytes;

    buf_init(&bytes, SETTINGS_FILE_MAX_BYTES);
    enum file_result result = file_read(path, &bytes);

    if (result != FILE_OK && (is_named || result != FILE_MISSING)) {
        err_add(faults, str_from(path), 0, "%s", file_result_text(result));
    }
    if (result == FILE_OK) {
        settings_read(settings, origin, str_from(path), buf_str(&bytes), faults);
    }
    buf_fini(&bytes);
}

void settings_init(struct settings *settings, struct arena *arena)
{
    *settings = (struct settings){.arena = arena};
    for (int i = 0; i < SETTING_COUNT; i++) {
        settings->values[i] = str_from(setting_row((enum setting)i)->value);
    }
}

static bool is_named(void)
{
    const char *named = getenv("NDR_CONFIG");

    return named && named[0];
}

const char *settings_user_file(struct arena *arena)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    if (is_named()) {
        return str_dup_z(arena, str_from(getenv("NDR_CONFIG")));
    }
    if (config && config[0] == '/') {
        return file_join(arena, config, "ndr/config");
    }
    return home && home[0] == '/' ? file_join(arena, home, ".config/ndr/config") : NULL;
}

void settings_load(struct settings *settings, struct arena *arena, const char *site, bool restricted,
                   struct err_list *faults)
{
    settings_init(settings, arena);
    if (site) {
        read_file(settings, SETTINGS_SITE, site, false, faults);
    }
    const char *user = restricted ? NULL : settings_user_file(arena);

    if (user) {
        read_file(settings, SETTINGS_USER, user, is_named(), faults);
    }
}

bool settings_set(struct settings *settings, enum setting setting, struct str value, enum settings_origin origin,
                  struct str *what)
{
    *what = setting_fault(settings->arena, setting, value);
    if (what->len == 0) {
        settings->values[setting] = str_dup(settings->arena, value);
        settings->sources[setting] = (struct settings_source){.origin = origin};
    }
    return what->len == 0;
}

unsigned settings_number(const struct settings *settings, enum setting setting)
{
    unsigned number = 0;

    str_to_uint(settings->values[setting], SETTINGS_NUMBER_MAX, &number);
    return number;
}

struct look settings_look(const struct settings *settings, enum style role)
{
    enum style_theme theme = STYLE_DEFAULT;

    style_theme_find(settings->values[SETTING_THEME], &theme);
    return settings->look_sources[role].origin == SETTINGS_DEFAULT ? style_look(role, theme)
                                                                   : settings->looks[role];
}

struct look settings_look_shown(const struct settings *settings, enum style role)
{
    struct look look = settings_look(settings, role);

    if (settings_is(settings, SETTING_THEME, "mono")) {
        look.color = LOOK_NONE;
    }
    return look;
}

struct str settings_source_words(struct arena *arena, const struct settings_source *source)
{
    switch (source->origin) {
    case SETTINGS_SITE:
    case SETTINGS_USER:
        return source->line ? str_printf(arena, "%.*s:%u", STR_ARGS(source->file), source->line) : source->file;
    case SETTINGS_OPTION:
        return STR_LIT("command line");
    case SETTINGS_SESSION:
        return STR_LIT("changed now");
    case SETTINGS_DEFAULT:
        break;
    }
    return STR_LIT("default");
}

/* --- writing --- */

/* Place of the value in the last line that sets it; false when no line does. */
static bool find_value(struct str text, const char *name, size_t *from, size_t *len)
{
    const char *start = text.ptr;
    struct str line;
    bool found = false;

    while (str_next_line(&text, &line)) {
        struct str own;
        struct str value;

        if (split(line, &own, &value) && str_equal(own, str_from(name))) {
            /* An empty value stands right behind the sign. */
            *from = value.len ? (size_t)(value.ptr - start)
                              : (size_t)(line.ptr - start) + str_find_char(line, '=', 0) + 1;
            *len = value.len;
            found = true;
        }
    }
    return found;
}

void settings_edit(const struct settings *settings, struct str text, struct buf *out)
{
    buf_add_str(out, text);
    for (int i = 0; i < SETTING_COUNT; i++) {
        struct str now = buf_str(out);
        struct str value = settings->values[i];
        const char *name = setting_row((enum setting)i)->name;
        size_t from, len;

        if (settings->sources[i].origin != SETTINGS_SESSION) {
            continue;
        }
        if (!find_value(now, name, &from, &len)) {
            buf_addf(out, "%s%s = %.*s\n", now.len && now.ptr[now.len - 1] != '\n' ? "\n" : "", name,
                     STR_ARGS(value));
            continue;
        }
        struct str rest = str_dup(settings->arena, str_sub(now, from + len, now.len));
        bool has_blank = from > 0 && now.ptr[from - 1] != '=';

        out->len = from;
        buf_addf(out, "%s%.*s", has_blank ? "" : " ", STR_ARGS(value));
        buf_add_str(out, rest);
    }
}

/* They are what the file says from now on. */
static void note_written(struct settings *settings, const char *path)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (settings->sources[i].origin == SETTINGS_SESSION) {
            settings->sources[i] =
                (struct settings_source){SETTINGS_USER, str_dup(settings->arena, str_from(path)), 0};
        }
    }
}

bool settings_write(struct settings *settings, struct str *what)
{
    const char *path = settings_user_file(settings->arena);
    struct buf old;
    struct buf text;

    if (!path) {
        *what = STR_LIT("there is no home folder to write to");
        return false;
    }
    buf_init(&old, SETTINGS_FILE_MAX_BYTES);
    buf_init(&text, BUF_NO_LIMIT);
    enum file_result result = file_read(path, &old);
    bool written = result == FILE_OK || result == FILE_MISSING;

    if (!written) {
        *what = str_printf(settings->arena, "%s: %s", path, file_result_text(result));
    } else {
        settings_edit(settings, buf_str(&old), &text);
        written = file_replace(settings->arena, path, buf_str(&text));
        *what = written ? str_from(path) : str_printf(settings->arena, "%s: cannot be written", path);
    }
    if (written) {
        note_written(settings, path);
    }
    buf_fini(&old);
    buf_fini(&text);
    return written;
}
