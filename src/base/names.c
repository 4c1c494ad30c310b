#include "base/names.h"

/* Gives each name a slot; false when one has another's. */
static bool fill(struct names *names, const struct names_item *items, size_t count)
{
    memset(names->slots, 0, sizeof names->slots);
    for (size_t i = 0; i < count; i++) {
        struct str name = items[i].name;
        struct names_slot *slot = &names->slots[names_slot(names->factor, name.ptr, name.len)];

        if (slot->len) {
            return false;
        }
        slot->len = name.len;
        slot->number = items[i].number;
        for (size_t at = 0; at < name.len; at++) {
            bool is_letter = str_is_alnum(name.ptr[at]) && !str_is_digit(name.ptr[at]);

            slot->name[at] = str_lower_char(name.ptr[at]);
            slot->ignored[at] = is_letter ? 32 : 0;
        }
        memset(slot->name + name.len, 0xFF, NAMES_MAX_BYTES - name.len);
        memset(slot->ignored + name.len, 0xFF, NAMES_MAX_BYTES - name.len);
    }
    return true;
}

void names_make(struct names *names, const struct names_item *items, size_t count)
{
    do {
        names->factor++;
    } while (!fill(names, items, count));
}

unsigned names_find_few(const struct names *names, struct str text, size_t len)
{
    char copy[NAMES_MAX_BYTES] = {0};

    if (len > sizeof copy) {
        return 0;
    }
    memcpy(copy, text.ptr, len);
    return names_find(names, str_make(copy, sizeof copy), len);
}
