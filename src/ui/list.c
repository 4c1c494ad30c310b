#include "ui/list.h"

/* Rows that a movement goes, negative for up; 0 when `action` is no movement. */
static long distance(enum action_id action, size_t count, int rows)
{
    long page = rows > 1 ? rows - 1 : 1;
    long half = rows > 3 ? rows / 2 : 1;

    switch (action) {
    case ACTION_DOWN:
    case ACTION_HIT_DOWN:
        return 1;
    case ACTION_UP:
    case ACTION_HIT_UP:
        return -1;
    case ACTION_PAGE_DOWN:
    case ACTION_HITS_DOWN:
        return page;
    case ACTION_PAGE_UP:
    case ACTION_HITS_UP:
        return -page;
    case ACTION_HALF_DOWN:
        return half;
    case ACTION_HALF_UP:
        return -half;
    case ACTION_BOTTOM:
        return (long)count + 1;
    case ACTION_TOP:
        return -(long)count - 1;
    default:
        return 0;
    }
}

static size_t shifted(size_t at, long by, size_t last)
{
    if (by < 0) {
        return (size_t)-by > at ? 0 : at - (size_t)-by;
    }
    return at + (size_t)by > last ? last : at + (size_t)by;
}

bool list_move(struct list *list, enum action_id action, size_t count, int rows)
{
    long by = distance(action, count, rows);

    if (by == 0) {
        return false;
    }
    list->selected = shifted(list->selected, by, count ? count - 1 : 0);
    list_fit(list, count, rows);
    return true;
}

void list_fit(struct list *list, size_t count, int rows)
{
    size_t view = rows > 0 ? (size_t)rows : 1;

    if (list->selected >= count) {
        list->selected = count ? count - 1 : 0;
    }
    if (list->shown >= count) {
        list->shown = list->selected;
    }
    if (list->selected < list->top) {
        list->top = list->selected;
    }
    if (list->selected >= list->top + view) {
        list->top = list->selected - view + 1;
    }
    if (list->top + view > count) {
        list->top = count > view ? count - view : 0;
    }
}

bool list_scroll(size_t *top, enum action_id action, size_t count, int rows)
{
    long by = distance(action, count, rows);
    size_t view = rows > 0 ? (size_t)rows : 1;
    size_t last = count > view ? count - view : 0;

    if (by == 0) {
        return false;
    }
    *top = shifted(*top > last ? last : *top, by, last);
    return true;
}
