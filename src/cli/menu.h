/* The numbered dialogue of line mode: lines to choose from, and its screens.  A screen asks until the person
 * leaves it; it gives MENU_BACK for one level up, or what the levels above have to obey: MENU_HOME, MENU_QUIT,
 * MENU_REPORT. */
#ifndef NDR_CLI_MENU_H
#define NDR_CLI_MENU_H

#include "cli/talk.h"

enum {
    MENU_BACK = -1,
    MENU_HOME = -2,
    MENU_QUIT = -3,
    MENU_WORDS = -4, /* something else was typed */
    MENU_REPORT = -5, /* a report was pasted and taken */
};

/* Lines to choose from by number. */
struct menu {
    struct cli *cli;
    struct str *items;
    size_t count;
    size_t capacity;
    struct str *words; /* gets what is typed instead of a number; NULL when that is a mistake */
};

void menu_add(struct menu *menu, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the lines (a long list in pieces) and asks; the 0-based number, or one of the above. */
int menu_ask(struct menu *menu);

/* --- the walk (menu_walk.c) --- */

/* Walks what has just been started, then offers what can be done with it. */
int menu_walk(struct cli *cli);

/* The ready texts of the case at hand. */
int menu_texts(struct cli *cli);

/* --- the knowledge (menu_knowledge.c) --- */

int menu_categories(struct cli *cli);
int menu_trees(struct cli *cli);
int menu_search(struct cli *cli);                     /* asks for words */
int menu_hits(struct cli *cli, struct str query);
int menu_entry(struct cli *cli, const struct kb_entry *entry);

/* "5.7.323, tlsa-invalid: ..." */
struct str menu_entry_words(struct cli *cli, const struct kb_entry *entry);

/* --- the report at hand (menu_report.c) --- */

int menu_diagnosis(struct cli *cli);

/* --- saved walks (menu_saved.c) --- */

int menu_saved(struct cli *cli);

/* One question at the start, when a walk was cut off. */
int menu_offer_walk(struct cli *cli);

#endif
