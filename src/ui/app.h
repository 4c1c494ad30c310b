/* The interface at work: session, places, prompt and messages, and what the screens offer to it. */
#ifndef NDR_UI_APP_H
#define NDR_UI_APP_H

#include "ui/key.h"
#include "ui/paint.h"
#include "ui/place.h"
#include "ui/prompt.h"
#include "ui/ui.h"

enum {
    APP_MESSAGE_MAX_BYTES = 240,
    APP_ROWS_MIN = 8,
    APP_COLS_MIN = 40,
    APP_WIDE_COLS = 100,  /* two panes of text from here on */
    APP_SHORT_CELLS = 44,
    APP_ZONES_MAX = 256,
    APP_WHEEL_ROWS = 3,
    APP_LETTERS_MAX = 12,
    APP_REST_MS = 80,     /* after which a preview follows the cursor */
    APP_PASTE_MAX_BYTES = 4 << 20,
};

struct app;

/* What a confirmed question does. */
typedef void (*app_confirmed_fn)(struct app *app);

/* What the letter chosen from a question does. */
typedef void (*app_chosen_fn)(struct app *app, char letter);

/* Cells that a click means: a row of a list. */
struct app_zone {
    struct box box;
    int pane;
    size_t index;
};

/* The whole interface; lives on the stack of ui_run(). */
struct app {
    struct session *session;
    const struct ui_options *options;
    struct arena scratch;       /* one key and the frame after it */
    struct places places;
    struct prompt prompt;
    struct buf pasted;          /* text that waits on the paste screen */
    struct saved_desk *saved;   /* saved walks as listed (saved.c), NULL before */
    int64_t offered;            /* saved walk that the question is about */
    bool is_offer;              /* any other key than y and n means itself */
    struct store_place comeback[STORE_PLACES_MAX]; /* way to where the line was cut */
    size_t comeback_count;
    int filtered_list;          /* pane that the filter being typed is for */
    bool has_offered;           /* going on was offered at the start */
    struct triage_desk *triage; /* many reports counted (triage.c), NULL before */
    size_t *tree_order;         /* trees by their titles (row.c), NULL before they were listed */
    bool paste_was_cut;         /* its end mark never came */
    struct arena pasted_arena;  /* as long as `pasted` is not changed */
    const struct match_result *pasted_result; /* what it was recognised as, NULL before */
    char message[APP_MESSAGE_MAX_BYTES];      /* replaces the footer until the next key */
    char question[APP_MESSAGE_MAX_BYTES];     /* waits for y or n, empty for none */
    app_confirmed_fn confirmed;
    app_chosen_fn chosen;       /* the question waits for one of `letters` instead, NULL for y or n */
    char letters[APP_LETTERS_MAX];
    char path[APP_MESSAGE_MAX_BYTES];         /* file that a question is about */
    struct str next_tree, next_node; /* walk that a question is about */
    bool next_is_diagnosis;          /* it starts from the best diagnosis */
    const struct place *link_place;  /* whose links are being copied */
    size_t link_next;                /* which is the next one */
    struct place *entered;           /* place whose enter function was called last */
    bool marks_pastes;          /* the terminal has shown that it marks the ends of a paste */
    bool has_pasted;            /* a paste has just ended; what follows at once is text of it */
    bool is_restless;           /* a preview waits for the cursor to rest */
    bool was_interrupted;       /* the key before was Ctrl-C */
    bool is_leaving;
    unsigned filter;            /* flags for every text shown */
    struct app_zone zones[APP_ZONES_MAX]; /* of the last frame */
    size_t zone_count;
    int cursor_row, cursor_col; /* where the frame leaves the hardware cursor */
};

/* What a screen offers; one per kind of place.  All may be NULL but `context`, `name`, `paint`. */
struct view {
    unsigned (*context)(const struct app *app, const struct place *place);
    struct str (*name)(struct app *app, const struct place *place); /* its part of the path */
    struct str (*position)(struct app *app, const struct place *place);
    void (*paint)(struct app *app, struct place *place, struct box box);
    /* Handles an action; false leaves it to the interface. */
    bool (*act)(struct app *app, struct place *place, enum action_id action, const struct key *key);
    /* Gets every key before the table is asked; false lets it go on. */
    bool (*type)(struct app *app, struct place *place, const struct key *key);
    void (*enter)(struct app *app, struct place *place); /* it became the current place */
    void (*rest)(struct app *app, struct place *place);  /* no key came for a while: time for work that can wait */
    /* Whether a valid action makes sense now, for footer and help. */
    bool (*offers)(struct app *app, const struct place *place, enum action_id action);
    /* The text to copy or write: the useful part, or all of it.  False when there is none. */
    bool (*text)(struct app *app, struct place *place, bool all, struct doc *doc);
    /* The same where it is to be taken exactly as it stands: commands, the report. */
    bool (*plain)(struct app *app, struct place *place, bool all, struct buf *out);
    struct str (*file)(struct app *app, const struct place *place); /* name to offer for it */
};

extern const struct view home_view, list_view, entry_view, search_view, paste_view, diagnosis_view,
    text_view, source_view, walk_view, trees_view, tree_view, message_view, trace_view, triage_view,
    saved_view, overview_view, recipients_view, options_view, topic_view, help_view;

const struct view *app_view(enum place_kind kind);
struct place *app_place(const struct app *app);
unsigned app_context(const struct app *app);

/* Messages and questions on the last line. */
void app_say(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
void app_ask(struct app *app, app_confirmed_fn confirmed, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with some letters to choose from: each is one key, any other key does nothing. */
void app_choose(struct app *app, app_chosen_fn chosen, const char *letters, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Says that a file cannot be opened from here, and what to do; false when it could. */
bool app_tell_walls(struct app *app, const char *path);

/* A text as it may be shown on one line. */
struct str app_text(struct app *app, struct str text);

/* Whether the report at hand is about this entry, or about a tree. */
bool app_report_names(const struct app *app, const struct kb_entry *entry);
bool app_report_leads_to(const struct app *app, struct str tree);

/* Facts of the recipient looked at, NULL without a report; in the scratch arena. */
const struct tree_facts *app_facts(struct app *app);

/* Where the cells of a text begin and how wide its lines may be in `box`. */
struct str app_short(struct app *app, struct str text); /* filtered, short enough for a question */
int app_text_width(const struct app *app, struct box box);

/* --- settings and keys --- */

const struct keymap *app_keymap(const struct app *app);

/* Makes what the settings say true of the terminal. */
void app_use_settings(struct app *app);

/* Changes a setting for the session and says so, or why not. */
void app_set(struct app *app, enum setting setting, struct str value);

/* Whether an action that is valid on a place makes sense there now. */
bool app_offers(struct app *app, const struct place *place, enum action_id action);

/* The key of an action on the current place for people ("Ctrl-D"), its name where it has none. */
struct str app_key_of(struct app *app, enum action_id action);

/* --- going to places --- */

void app_open(struct app *app, enum place_kind kind);
void app_open_entry(struct app *app, const struct kb_entry *entry);
void app_open_tree(struct app *app, struct str slug);
void app_open_message(struct app *app);
void app_open_topic(struct app *app, struct str name); /* of the help */
void app_open_trace(struct app *app, enum place_kind kind); /* hops or authentication */
void app_search(struct app *app, struct str query);
void app_walk(struct app *app, struct str tree, struct str node);
void app_walk_diagnosis(struct app *app); /* the tree of the best diagnosis */
bool app_walk_is_open(const struct app *app); /* answers would be lost */
void app_go_home(struct app *app);
void app_back(struct app *app);
void app_quit(struct app *app); /* asks when something would be lost */

/* Takes up a saved walk and shows its question. */
void app_resume(struct app *app, int64_t id);
void app_saved_drop(struct app *app);

/* The filter of a list (place->word): asked for at the prompt, applied while it is typed, taken away by
 * Esc.  `list` is the pane whose rows it chooses. */
void app_filter_ask(struct app *app, int list);
void app_filter_set(struct app *app, int list, struct str text);

/* Reads and counts the mails of a folder, a Maildir or an mbox, and shows them; without a path what was
 * counted before.  Says why when there is nothing to show. */
void app_open_triage(struct app *app, struct str path);
void app_triage_drop(struct app *app);

/* ui_run() that starts there. */
int app_run_triage(struct session *session, const struct ui_options *options, const char *path);

/* Places that showed the report or walk before are gone. */
void app_forget_report(struct app *app);

/* Makes bytes the report at hand and shows its diagnosis; places of the old one are forgotten. */
void app_take_report(struct app *app, struct str bytes);

/* --- jobs of the interface (app.c) --- */

/* Does an action that means the same on every screen; false when it is none of these. */
bool app_act(struct app *app, enum action_id action, const struct key *key);

/* Takes a key or an event. */
void app_key(struct app *app, const struct key *key);

/* Paints the frame (frame.c). */
void frame_paint(struct app *app);

/* Runs what was typed at the `:` prompt (command.c). */
void command_run(struct app *app, struct str line);
void command_complete(struct app *app, struct prompt_choices *choices, struct str line,
                      struct str word, size_t from);

/* Copying and writing the text of the current place (export.c). */
void export_copy(struct app *app, bool all);
void export_copy_for(struct app *app); /* asks for whom: a ready text, without going to it */
void export_copy_link(struct app *app); /* the next link of the text, round */

/* Fills `out` with the text of the current place, the useful part or all of it; false when there is none. */
bool export_text(struct app *app, bool all, enum doc_format format, struct buf *out);

/* Shows that text without the screen (print.c). */
void print_page(struct app *app);
void export_ask(struct app *app);
void export_write(struct app *app, struct str path);

/* Where somebody was when the line dropped: kept, and offered at the next start (comeback.c).  True when
 * there is something to ask. */
void comeback_save(struct app *app);
bool comeback_offer(struct app *app);

/* Reading a report from a file (intake.c). */
void intake_ask(struct app *app);
void intake_file(struct app *app, struct str path);
void intake_paste(struct app *app); /* a bracketed paste has begun */
bool intake_goes_on(struct app *app); /* call it behind the frame; true when more of the paste came */
bool intake_burst(struct app *app, const struct key *first); /* unmarked paste; false when none */
bool intake_waits(int characters); /* that many are waiting to be read */
/* Reads what waits behind a character into the pasted text, until it is quiet. */
void intake_rest(struct app *app, const struct key *first);

/* The paste screen takes over text (paste.c). */
void paste_received(struct app *app);

#endif
