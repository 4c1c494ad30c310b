/* What a person can do in the terminal interface: one table from which key dispatch, footer, help,
 * the `:` prompt and the manual come.  Knows keys as names, no terminal. */
#ifndef NDR_CMD_ACTION_H
#define NDR_CMD_ACTION_H

#include "base/str.h"

/* Where an action is valid; a set of bits. */
enum action_context {
    ACTION_IN_HOME = 1 << 0,      /* categories and entries */
    ACTION_IN_LIST = 1 << 1,      /* other diagnoses */
    ACTION_IN_TREES = 1 << 2,     /* list of trees */
    ACTION_IN_TREE = 1 << 3,      /* what one tree is about */
    ACTION_IN_ENTRY = 1 << 4,     /* one entry */
    ACTION_IN_SEARCH = 1 << 5,    /* letters are the query */
    ACTION_IN_PASTE = 1 << 6,     /* text has arrived */
    ACTION_IN_TYPING = 1 << 7,    /* waiting for text: letters are the report */
    ACTION_IN_DIAGNOSIS = 1 << 8, /* evidence */
    ACTION_IN_TEXT = 1 << 9,      /* a long text: the whole diagnosis, the transcript */
    ACTION_IN_SOURCE = 1 << 10,   /* lines of the report */
    ACTION_IN_WALK = 1 << 11,     /* a question */
    ACTION_IN_OUTCOME = 1 << 12,  /* the end of a walk */
    ACTION_IN_MESSAGE = 1 << 13,  /* a ready text for one reader */
    ACTION_IN_HELP = 1 << 14,     /* the keys of a screen */
    ACTION_IN_COMMAND = 1 << 15,  /* may be typed at the `:` prompt */
    ACTION_IN_TRIAGE = 1 << 16,   /* many reports counted */
    ACTION_IN_SAVED = 1 << 17,    /* saved walks */
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
    ACTION_IN_KEYED = ACTION_IN_TEXTS | ACTION_IN_LISTS | ACTION_IN_FILTERED | ACTION_IN_PASTE | ACTION_IN_WALK,
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
    const char *name; /* "open"; a hyphen is a blank in the footer */
    enum action_group group;
    unsigned contexts; /* bits of enum action_context */
    const char *keys;  /* names with blanks between, the one to show first; "1-9" is a range */
    const char *help;  /* one sentence without a full stop */
};

const struct action *action_get(enum action_id id); /* not for NONE */
const char *action_group_title(enum action_group group);

/* Whether the action may be used there; those of ACTION_GROUP_FILE not when restricted. */
bool action_is_valid(const struct action *action, unsigned context, bool restricted);

/* Action of a key ("j", "Down", "C-d", "Enter", "Esc", "F1"), ACTION_NONE when it has none. */
enum action_id action_for_key(const char *key, unsigned context, bool restricted);

/* Action that is typed by this name at the `:` prompt, or NONE. */
enum action_id action_for_command(struct str name, bool restricted);

/* Actions worth a place in the footer, most useful first, without help; returns how many. */
size_t action_footer(unsigned context, bool restricted, enum action_id *ids, size_t max);

/* The key to show: a view of the first name in its keys, empty for none. */
struct str action_key(const struct action *action);

/* First pair of actions that share a key in a context; false when there is none (as it must be). */
bool action_find_clash(enum action_id *a, enum action_id *b);

#endif
