#include "cmd/action.h"

#include "cmd/keyname.h"
#include "cmd/near.h"

static const struct action actions[] = {
#define ACTION(id, name, group, contexts, keys, help)                                              \
    {ACTION_##id, #id, name, ACTION_GROUP_##group, contexts, keys, help},
#include "cmd/actions.def"
#undef ACTION
};

enum { ACTIONS = sizeof actions / sizeof actions[0] };

const struct action *action_get(enum action_id id)
{
    BUG_ON(id <= ACTION_NONE || id >= ACTION_COUNT);
    return &actions[id - 1];
}

const char *action_group_title(enum action_group group)
{
    switch (group) {
    case ACTION_GROUP_DO:
        return "This screen";
    case ACTION_GROUP_TEXT:
        return "Text";
    case ACTION_GROUP_FILE:
        return "Files";
    case ACTION_GROUP_GO:
        return "Places";
    case ACTION_GROUP_MOVE:
        return "Movement";
    case ACTION_GROUP_SYSTEM:
    case ACTION_GROUP_COUNT:
        break;
    }
    return "Program";
}

/* --- names --- */

static const struct {
    const char *name;
    const char *help;
} contexts[ACTION_CONTEXT_COUNT] = {
#define CONTEXT(id, name, help) {name, help},
#include "cmd/contexts.def"
#undef CONTEXT
};

const char *action_context_name(enum action_context_number number)
{
    return contexts[number].name;
}

const char *action_context_help(enum action_context_number number)
{
    return contexts[number].help;
}

unsigned action_context_find(struct arena *arena, struct str name, struct str *hint)
{
    struct near near = near_make(name);

    for (int i = 0; i < ACTION_CONTEXT_COUNT; i++) {
        if (str_equal(name, str_from(contexts[i].name))) {
            return 1u << i;
        }
        near_offer(&near, str_from(contexts[i].name));
    }
    *hint = near_hint(arena, &near, "ndr config --list tells which screens there are");
    return 0;
}

struct str action_bind_name(struct arena *arena, const struct action *action)
{
    char *name = str_dup_z(arena, str_from(action->enumerator));

    for (char *c = name; *c; c++) {
        *c = *c == '_' ? '-' : str_lower_char(*c);
    }
    return str_from(name);
}

enum action_id action_for_bind_name(struct arena *arena, struct str name, unsigned contexts_of, struct str *hint)
{
    struct near near = near_make(name);

    for (size_t i = 0; i < ACTIONS; i++) {
        struct str own = action_bind_name(arena, &actions[i]);

        if (str_equal(own, name) && (actions[i].contexts & ~(unsigned)ACTION_IN_COMMAND)) {
            return actions[i].id;
        }
        if (actions[i].contexts & contexts_of) {
            near_offer(&near, own);
        }
    }
    *hint = near_hint(arena, &near, "ndr config --list tells which there are");
    return ACTION_NONE;
}

/* --- keys --- */

bool action_is_valid(const struct action *action, unsigned context, bool restricted)
{
    /* Suspending would need a shell to come back from. */
    bool reaches_out = action->group == ACTION_GROUP_FILE || action->id == ACTION_SUSPEND;

    return (action->contexts & context) != 0 && !(restricted && reaches_out);
}

/* "1-9" holds each key between its ends; every other name only itself. */
static bool name_holds(struct str name, struct str key)
{
    char first, last;

    if (keyname_is_range(name, &first, &last)) {
        return str_equal(name, key) || (key.len == 1 && key.ptr[0] >= first && key.ptr[0] <= last);
    }
    return str_equal(name, key);
}

const struct key_binding *keymap_row(const struct keymap *keymap, struct str key, unsigned context)
{
    for (size_t i = keymap ? keymap->count : 0; i-- > 0;) {
        if ((keymap->items[i].context & context) && name_holds(keymap->items[i].key, key)) {
            return &keymap->items[i];
        }
    }
    return NULL;
}

static bool has_key(const struct action *action, struct str key)
{
    struct str rest = str_from(action->keys);
    struct str name;

    while (str_next_word(&rest, &name)) {
        if (name_holds(name, key)) {
            return true;
        }
    }
    return false;
}

enum action_id action_for_key(const struct keymap *keymap, struct str key, unsigned context, bool restricted)
{
    const struct key_binding *row = keymap_row(keymap, key, context);

    if (row) {
        bool is_valid = row->action != ACTION_NONE &&
                        action_is_valid(action_get((enum action_id)row->action), context, restricted);

        return is_valid ? (enum action_id)row->action : ACTION_NONE;
    }
    for (size_t i = 0; i < ACTIONS; i++) {
        if (action_is_valid(&actions[i], context, restricted) && has_key(&actions[i], key)) {
            return actions[i].id;
        }
    }
    return ACTION_NONE;
}

enum action_id action_for_command(struct str name, bool restricted)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        if (action_is_valid(&actions[i], ACTION_IN_COMMAND, restricted) &&
            str_equal(str_from(actions[i].name), name)) {
            return actions[i].id;
        }
    }
    return ACTION_NONE;
}

size_t action_footer(const struct keymap *keymap, unsigned context, bool restricted, enum action_id *ids,
                     size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < ACTIONS && count < max; i++) {
        const struct action *action = &actions[i];
        bool shown =
            action->group != ACTION_GROUP_MOVE && action->group != ACTION_GROUP_SYSTEM;

        if (shown && action_is_valid(action, context, restricted) && action_key(keymap, action, context).len) {
            ids[count++] = action->id;
        }
    }
    return count;
}

/* Keys that an action got by `bind` and that nothing took away since. */
static size_t bound_keys(const struct keymap *keymap, const struct action *action, unsigned context,
                         struct str *keys, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; keymap && i < keymap->count && count < max; i++) {
        const struct key_binding *row = &keymap->items[i];

        if (row->action == (int)action->id && (row->context & context) &&
            keymap_row(keymap, row->key, context) == row) {
            keys[count++] = row->key;
        }
    }
    return count;
}

/* Whether a row is about a part of a range. */
static bool breaks_range(const struct keymap *keymap, struct str range, unsigned context)
{
    for (size_t i = 0; keymap && i < keymap->count; i++) {
        if ((keymap->items[i].context & context) && name_holds(range, keymap->items[i].key)) {
            return true;
        }
    }
    return false;
}

/* The digits of a range that are left, one by one. */
static size_t digits_left(const struct keymap *keymap, struct str range, unsigned context, struct str *keys,
                          size_t max)
{
    static const char digits[] = "0123456789";
    size_t count = 0;

    for (char c = range.ptr[0]; c <= range.ptr[2] && count < max; c++) {
        struct str digit = str_make(digits + (c - '0'), 1);

        if (!keymap_row(keymap, digit, context)) {
            keys[count++] = digit;
        }
    }
    return count;
}

size_t action_keys(const struct keymap *keymap, const struct action *action, unsigned context, struct str *keys,
                   size_t max)
{
    size_t count = bound_keys(keymap, action, context, keys, max);
    struct str rest = str_from(action->keys);
    struct str name;
    char first, last;

    while (count < max && str_next_word(&rest, &name)) {
        if (keyname_is_range(name, &first, &last) && breaks_range(keymap, name, context)) {
            count += digits_left(keymap, name, context, keys + count, max - count);
        } else if (!keymap_row(keymap, name, context)) {
            keys[count++] = name;
        }
    }
    return count;
}

struct str action_key(const struct keymap *keymap, const struct action *action, unsigned context)
{
    struct str key = STR_NULL;

    action_keys(keymap, action, context, &key, 1);
    return key;
}

bool action_goes_by_digit(const struct action *action)
{
    char first, last;

    return keyname_is_range(str_from(action->keys), &first, &last);
}

static bool share_key(const struct action *a, const struct action *b)
{
    struct str rest = str_from(a->keys);
    struct str name;

    while (str_next_word(&rest, &name)) {
        if (has_key(b, name)) {
            return true;
        }
    }
    return false;
}

bool action_find_clash(enum action_id *a, enum action_id *b)
{
    unsigned keyed = ~(unsigned)ACTION_IN_COMMAND;

    for (size_t i = 0; i < ACTIONS; i++) {
        for (size_t k = i + 1; k < ACTIONS; k++) {
            if ((actions[i].contexts & actions[k].contexts & keyed) &&
                share_key(&actions[i], &actions[k])) {
                *a = actions[i].id;
                *b = actions[k].id;
                return true;
            }
        }
    }
    return false;
}
