#include "cmd/near.h"

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned near_edits(struct str a, struct str b)
{
    unsigned rows[3][NEAR_WORD_MAX_BYTES + 1];
    unsigned *older = rows[0];
    unsigned *old = rows[1];
    unsigned *now = rows[2];

    if (a.len > NEAR_WORD_MAX_BYTES || b.len > NEAR_WORD_MAX_BYTES) {
        return NEAR_EDITS_MAX + 1;
    }
    for (size_t k = 0; k <= b.len; k++) {
        old[k] = (unsigned)k;
    }
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = (unsigned)i;
        for (size_t k = 1; k <= b.len; k++) {
            char x = str_lower_char(a.ptr[i - 1]);
            char y = str_lower_char(b.ptr[k - 1]);

            now[k] = least(least(old[k], now[k - 1]) + 1, old[k - 1] + (x != y));
            if (i > 1 && k > 1 && x == str_lower_char(b.ptr[k - 2]) && y == str_lower_char(a.ptr[i - 2])) {
                now[k] = least(now[k], older[k - 2] + 1);
            }
        }
        unsigned *spare = older;

        older = old;
        old = now;
        now = spare;
    }
    return least(old[b.len], NEAR_EDITS_MAX + 1);
}

void near_offer(struct near *near, struct str name)
{
    unsigned edits = near_edits(near->word, name);
    size_t shorter = near->word.len < name.len ? near->word.len : name.len;

    if (edits < near->edits && edits < shorter) {
        near->best = name;
        near->edits = edits;
    }
}

struct str near_hint(struct arena *arena, const struct near *near, const char *otherwise)
{
    return near->best.len ? str_printf(arena, "did you mean %.*s?", (int)near->best.len, near->best.ptr)
                          : str_from(otherwise);
}
