/* What a person can do in the terminal interface: one table from which key dispatch, footer, help,
 * the `:` prompt and the manual come.  Knows keys as names, no terminal. */
#ifndef NDR_CMD_ACTION_H
#define NDR_CMD_ACTION_H

#include "cmd/keymap.h"

/* Numbers of the bits below. */
enum action_context_number {
#define CONTEXT(id, name, help) ACTION_CONTEXT_##id,
#include "cmd/contexts.def"
#undef CONTEXT
    ACTION_CONTEXT_COUNT
};

/* Where an action is valid; a set of bits. */
enum action_context {
#define CONTEXT(id, name, help) ACTION_IN_##id = 1 << ACTION_CONTEXT_##id,
#include "cmd/contexts.def"
#undef CONTEXT
    ACTION_IN_COMMAND = 1 << ACTION_CONTEXT_COUNT, /* may be typed at the `:` prompt; has no keys */
};

enum {
    /* Screens that are one scrolled text. */
    ACTION_IN_TEXTS = ACTION_IN_TREE | ACTION_IN_ENTRY | ACTION_IN_TEXT | ACTION_IN_SOURCE |
                      ACTION_IN_OUTCOME | ACTION_IN_MESSAGE,
    /* Screens with a selected row. */
    ACTION_IN_LISTS = ACTION_IN_HOME | ACTION_IN_LIST | ACTION_IN_TREES | ACTION_IN_DIAGNOSIS,
    /* Lists with a filter of their own. */
    ACTION_IN_FILTERED = ACTION_IN_TRIAGE | ACTION_IN_SAVED,
    /* Screens on which letters are keys, but for the help. */
    ACTION_IN_KEYED = ACTION_IN_TEXTS | ACTION_IN_LISTS | ACTION_IN_FILTERED | ACTION_IN_PASTE | ACTION_IN_WALK |
                      ACTION_IN_OPTIONS,
    ACTION_IN_ALL = ACTION_IN_KEYED | ACTION_IN_HELP | ACTION_IN_SEARCH | ACTION_IN_TYPING,
};

enum action_group {
    ACTION_GROUP_DO,     /* what the screen is for */
    ACTION_GROUP_TEXT,   /* finding and copying */
    ACTION_GROUP_FILE,   /* touches files: off in restricted mode */
    ACTION_GROUP_GO,     /* to another place */
    ACTION_GROUP_MOVE,   /* of the cursor; not in the footer */
    ACTION_GROUP_SYSTEM, /* help, redraw, suspend; not in the footer */
    ACTION_GROUP_COUNT
};

enum action_id {
    ACTION_NONE,
#define ACTION(id, name, group, contexts, keys, help) ACTION_##id,
#include "cmd/actions.def"
#undef ACTION
    ACTION_COUNT
};

/* One row of the table; all texts are literals. */
struct action {
    enum action_id id;
    const char *enumerator; /* "ANSWER_NUMBER": unlike the name, no two actions share it */
    const char *name; /* "open"; a hyphen is a blank in the footer */
    enum action_group group;
    unsigned contexts; /* bits of enum action_context */
    const char *keys;  /* names with blanks between, the one to show first; "1-9" is a range */
    const char *help;  /* one sentence without a full stop */
};

enum { ACTION_KEYS_MAX = 24 };

const struct action *action_get(enum action_id id); /* not for NONE */
const char *action_group_title(enum action_group group);

/* "answer-number": how `bind` lines call it. */
struct str action_bind_name(struct arena *arena, const struct action *action);

/* Action that is called so there, or NONE; `hint` is then the nearest one that has a place in `contexts`. */
enum action_id action_for_bind_name(struct arena *arena, struct str name, unsigned contexts, struct str *hint);

/* A context by its number: its name and what it shows. */
const char *action_context_name(enum action_context_number number);
const char *action_context_help(enum action_context_number number);

/* Bit of the context of that name, 0 when there is none; `hint` is then the nearest one. */
unsigned action_context_find(struct arena *arena, struct str name, struct str *hint);

/* Whether the action may be used there; those of ACTION_GROUP_FILE and suspending not when restricted. */
bool action_is_valid(const struct action *action, unsigned context, bool restricted);

/* Action of a key ("j", "Down", "C-d", "Enter", "Esc", "F1"), ACTION_NONE when it has none.  `keymap` may be
 * NULL here and below: nothing is changed. */
enum action_id action_for_key(const struct keymap *keymap, struct str key, unsigned context, bool restricted);

/* Action that is typed by this name at the `:` prompt, or NONE. */
enum action_id action_for_command(struct str name, bool restricted);

/* Actions worth a place in the footer, most useful first, without help; returns how many. */
size_t action_footer(const struct keymap *keymap, unsigned context, bool restricted, enum action_id *ids,
                     size_t max);

/* Keys of an action there, the one to show first, at most `max`; returns how many. */
size_t action_keys(const struct keymap *keymap, const struct action *action, unsigned context, struct str *keys,
                   size_t max);

/* The key to show, empty for none. */
struct str action_key(const struct keymap *keymap, const struct action *action, unsigned context);

/* Whether the key of an action says which one is meant (an answer, a digit of a code): it has no other. */
bool action_goes_by_digit(const struct action *action);

/* First pair of actions that share a key in a context; false when there is none (as it must be). */
bool action_find_clash(enum action_id *a, enum action_id *b);

#endif
