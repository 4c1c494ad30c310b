#include "cmd/action.h"

#include "base/err.h"

static const struct action actions[] = {
#define ACTION(id, name, group, contexts, keys, help)                                              \
    {ACTION_##id, name, ACTION_GROUP_##group, contexts, keys, help},
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

bool action_is_valid(const struct action *action, unsigned context, bool restricted)
{
    return (action->contexts & context) != 0 &&
           !(restricted && action->group == ACTION_GROUP_FILE);
}

/* "1-9" holds each key between its ends; every other name only itself. */
static bool name_holds(struct str name, struct str key)
{
    if (name.len == 3 && name.ptr[1] == '-' && str_is_digit(name.ptr[0])) {
        return key.len == 1 && key.ptr[0] >= name.ptr[0] && key.ptr[0] <= name.ptr[2];
    }
    return str_equal(name, key);
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

enum action_id action_for_key(const char *key, unsigned context, bool restricted)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        if (action_is_valid(&actions[i], context, restricted) &&
            has_key(&actions[i], str_from(key))) {
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

size_t action_footer(unsigned context, bool restricted, enum action_id *ids, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < ACTIONS && count < max; i++) {
        const struct action *action = &actions[i];
        bool shown =
            action->group != ACTION_GROUP_MOVE && action->group != ACTION_GROUP_SYSTEM;

        if (shown && action->keys[0] && action_is_valid(action, context, restricted)) {
            ids[count++] = action->id;
        }
    }
    return count;
}

struct str action_key(const struct action *action)
{
    struct str rest = str_from(action->keys);
    struct str name = STR_NULL;

    str_next_word(&rest, &name);
    return name;
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
