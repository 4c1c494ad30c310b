/* Reading `bind` and `unbind` lines: names, what cannot be bound, clashes. */
#include "cmd/action.h"
#include "cmd/keyname.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { KEYMAP_SHOWN_MAX = 40, KEYMAP_TEXT_CONTEXTS = ACTION_IN_SEARCH | ACTION_IN_TYPING };

/* A line that is being read. */
struct line {
    struct keymap *keymap;
    struct arena *arena;
    struct err_list *faults;
    struct keymap_place place;
    const struct action *action; /* NULL for `unbind` */
    struct str key;
    unsigned contexts;
    bool is_all; /* of every screen that has it */
};

static struct err *fault(const struct line *line, const char *format, struct str word)
{
    struct str shown = str_sub(word, 0, KEYMAP_SHOWN_MAX);
    struct str what = str_printf(line->arena, "%s%.*s", format, STR_ARGS(shown));

    return err_add(line->faults, line->place.file, line->place.line, "%.*s", STR_ARGS(what));
}

static bool read_key(struct line *line, struct str typed)
{
    static const char *const kept[] = {"C-c", "C-z", "C-l"};

    if (!keyname_read(line->arena, typed, &line->key)) {
        fault(line, "no terminal sends a key ", typed)->hint = keyname_hint(line->arena, typed);
        return false;
    }
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (str_equal(line->key, str_from(kept[i]))) {
            fault(line, "this key always means the same: ", keyname_words(line->arena, line->key));
            return false;
        }
    }
    return true;
}

static bool read_action(struct line *line, struct str name)
{
    struct str hint;
    enum action_id id = action_for_bind_name(line->arena, name, line->contexts, &hint);

    if (id == ACTION_NONE) {
        fault(line, "unknown action ", name)->hint = hint;
        return false;
    }
    line->action = action_get(id);
    if (id == ACTION_INTERRUPT || id == ACTION_SUSPEND || id == ACTION_REDRAW) {
        fault(line, "this action keeps its key: ", name);
        return false;
    }
    if (line->is_all) {
        line->contexts = line->action->contexts & ~(unsigned)ACTION_IN_COMMAND;
    } else if (!(line->action->contexts & line->contexts)) {
        fault(line, "this screen has no action ", name);
        return false;
    }
    if (action_goes_by_digit(line->action)) {
        const char *digits = line->action->keys;
        bool is_one = line->key.len == 1 && line->key.ptr[0] >= digits[0] && line->key.ptr[0] <= digits[2];

        if (!is_one && !str_equal(line->key, str_from(digits))) {
            fault(line, "this action goes by the digit that is typed: ", name);
            return false;
        }
    }
    return true;
}

/* Where letters are text, only keys that type nothing can be actions. */
static bool is_typed(struct str key, unsigned context)
{
    static const char *const edits[] = {"Enter", "Tab", "Backspace"};

    if (keyname_is_character(key) || (context == ACTION_IN_SEARCH && str_starts(key, STR_LIT("M-")) && key.len > 2)) {
        return true;
    }
    for (size_t i = 0; context == ACTION_IN_TYPING && i < sizeof edits / sizeof edits[0]; i++) {
        if (str_equal(key, str_from(edits[i]))) {
            return true;
        }
    }
    return false;
}

/* Whether another action has the key there: by itself, or by a line of the same file. */
static bool is_taken(const struct line *line, unsigned context)
{
    const struct key_binding *row = keymap_row(line->keymap, line->key, context);
    char first, last;
    struct str one = line->key;

    /* A range is the same action's own or has been taken away as a whole. */
    if (keyname_is_range(line->key, &first, &last)) {
        one = str_sub(line->key, 0, 1);
        row = row ? row : keymap_row(line->keymap, one, context);
    }
    enum action_id holder = row ? (enum action_id)row->action
                                : action_for_key(line->keymap, one, context, false);
    bool is_own = holder == line->action->id || holder == ACTION_NONE;

    if (is_own || (row && !str_equal(row->file, line->place.file))) {
        return false;
    }
    int number = 0;

    while (!(context & 1u << number)) {
        number++;
    }
    struct str name = action_bind_name(line->arena, action_get(holder));
    const char *screen = action_context_name((enum action_context_number)number);

    err_add(line->faults, line->place.file, line->place.line, "%.*s is already %.*s on the screen %s", STR_ARGS(line->key),
            STR_ARGS(name), screen)
        ->hint = row ? str_printf(line->arena, "see line %u", row->line)
                     : str_printf(line->arena, "write \"unbind %s %.*s\" above it", screen, STR_ARGS(line->key));
    return true;
}

/* Whether `unbind` takes anything away: an action of the table, or what another line said. */
static bool takes_away(struct line *line)
{
    char first, last;
    struct str one = keyname_is_range(line->key, &first, &last) ? str_sub(line->key, 0, 1) : line->key;

    for (unsigned bit = 1; bit < ACTION_IN_COMMAND; bit <<= 1) {
        if ((line->contexts & bit) && (keymap_row(line->keymap, one, bit) ||
                                       action_for_key(line->keymap, one, bit, false) != ACTION_NONE)) {
            return true;
        }
    }
    fault(line, "there is nothing to take away from the key ", line->key);
    return false;
}

/* The screens of "all" that can have it; a screen that was named must. */
static bool fits(struct line *line)
{
    for (unsigned bit = 1; bit < ACTION_IN_COMMAND; bit <<= 1) {
        if (!(line->contexts & bit)) {
            continue;
        }
        if ((bit & KEYMAP_TEXT_CONTEXTS) && is_typed(line->key, bit)) {
            if (!line->is_all) {
                fault(line, "on this screen the key is text: ", line->key)->hint =
                    STR_LIT("take one such as C-x or F5");
                return false;
            }
            line->contexts &= ~bit;
        } else if (line->action && is_taken(line, bit)) {
            return false;
        }
    }
    return true;
}

static void add(const struct line *line)
{
    struct keymap *keymap = line->keymap;

    *VEC_PUSH(line->arena, keymap->items, keymap->count, keymap->capacity) =
        (struct key_binding){.context = line->contexts,
                             .key = line->key,
                             .action = line->action ? (int)line->action->id : ACTION_NONE,
                             .origin = line->place.origin,
                             .file = line->place.file,
                             .line = line->place.line};
}

void keymap_read(struct keymap *keymap, struct arena *arena, struct str words, bool is_bind,
                 struct keymap_place place, struct err_list *faults)
{
    struct line line = {.keymap = keymap, .arena = arena, .faults = faults, .place = place};
    struct str context, key, action = STR_NULL, more, hint;
    bool is_whole = str_next_word(&words, &context) && str_next_word(&words, &key) &&
                    (!is_bind || str_next_word(&words, &action));

    if (!is_whole || (str_next_word(&words, &more) && more.ptr[0] != '#')) {
        fault(&line, is_bind ? "a line is bind SCREEN KEY ACTION" : "a line is unbind SCREEN KEY", STR_NULL);
        return;
    }
    line.is_all = str_equal(context, STR_LIT("all"));
    line.contexts = line.is_all ? ACTION_IN_COMMAND - 1u : action_context_find(arena, context, &hint);
    if (line.contexts == 0) {
        fault(&line, "unknown screen ", context)->hint = hint;
        return;
    }
    if (read_key(&line, key) && (is_bind ? read_action(&line, action) : takes_away(&line)) && fits(&line)) {
        add(&line);
    }
}
