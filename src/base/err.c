#include "base/err.h"

#include <stdio.h>
#include <unistd.h>

static bug_handler_fn bug_handler;

void err_list_init(struct err_list *list, struct arena *arena)
{
    *list = (struct err_list){.arena = arena};
}

struct err *err_add(struct err_list *list, struct str file, unsigned line, const char *format, ...)
{
    struct err *err = VEC_PUSH(list->arena, list->items, list->count, list->capacity);
    va_list args;

    va_start(args, format);
    err->what = str_vprintf(list->arena, format, args);
    va_end(args);
    err->file = str_dup(list->arena, file);
    err->line = line;
    return err;
}

struct str err_format(struct arena *arena, const struct err *err)
{
    struct str where = STR_NULL;

    if (err->file.len && err->line) {
        where = str_printf(arena, "%.*s:%u: ", (int)err->file.len, err->file.ptr, err->line);
    } else if (err->file.len) {
        where = str_printf(arena, "%.*s: ", (int)err->file.len, err->file.ptr);
    }
    return str_printf(arena, "%.*s%.*s%s%.*s%s", (int)where.len, where.ptr ? where.ptr : "",
                      (int)err->what.len, err->what.ptr, err->hint.len ? " (" : "",
                      (int)err->hint.len, err->hint.len ? err->hint.ptr : "",
                      err->hint.len ? ")" : "");
}

void bug_set_handler(bug_handler_fn handler)
{
    bug_handler = handler;
}

void bug_report(const char *file, int line, const char *what)
{
    if (bug_handler) {
        bug_handler();
    }
    dprintf(STDERR_FILENO, "ndr: internal fault at %s:%d: %s\n", file, line, what);
    _exit(2);
}
