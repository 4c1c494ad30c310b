/* What went wrong, for a person: one sentence, where, and what to do next.  Broken promises inside
 * the program end it through BUG_ON. */
#ifndef NDR_BASE_ERR_H
#define NDR_BASE_ERR_H

#include "base/arena.h"

/* One fault from outside: a data file, an option, an input. */
struct err {
    struct str file; /* path as the user knows it, empty when there is none */
    unsigned line;   /* 1-based, 0 when unknown */
    unsigned column; /* 1-based byte, 0 when unknown */
    struct str what; /* one sentence without a full stop */
    struct str hint; /* how to mend it, may be empty */
};

/* All faults found, in order; lives in its arena. */
struct err_list {
    struct arena *arena;
    struct err *items;
    size_t count;
    size_t capacity;
};

void err_list_init(struct err_list *list, struct arena *arena);

/* Adds a fault; copies `file`.  Returns it so that a hint can be set. */
struct err *err_add(struct err_list *list, struct str file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "FILE:LINE: problem (hint)" or "problem" as one line. */
struct str err_format(struct arena *arena, const struct err *err);

/* A promise inside the program that does not hold: restores the terminal through the handler set
 * with bug_set_handler, prints one line and exits with status 2. */
typedef void (*bug_handler_fn)(void);
void bug_set_handler(bug_handler_fn handler);
_Noreturn void bug_report(const char *file, int line, const char *what);
#define BUG_ON(condition)                                                                          \
    do {                                                                                           \
        if (condition) {                                                                           \
            bug_report(__FILE__, __LINE__, #condition);                                            \
        }                                                                                          \
    } while (0)

#endif
