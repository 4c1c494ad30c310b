#include "match/signature.h"

static void make_room(struct match_scratch *scratch, size_t len)
{
    if (scratch->room < len + 1) {
        scratch->room = (len + 1) * 2;
        scratch->bytes = mem_realloc(scratch->bytes, scratch->room);
        scratch->origin = mem_realloc(scratch->origin, scratch->room * sizeof *scratch->origin);
    }
}

void match_scratch_fini(struct match_scratch *scratch)
{
    mem_free(scratch->bytes);
    mem_free(scratch->origin);
    *scratch = (struct match_scratch){0};
}

/* Length of a reply's code prefix at `at`: "550-5.7.26 " or "550 5.7.26 "; 0 when none stands there.
 * Servers repeat it on every line of a long reply. */
static size_t code_prefix(struct str raw, size_t at, bool *continued)
{
    size_t i = at + 4;
    unsigned dots = 0;

    if (raw.len < at + 10 || !str_is_digit(raw.ptr[at]) || !str_is_digit(raw.ptr[at + 1]) ||
        !str_is_digit(raw.ptr[at + 2]) || (raw.ptr[at + 3] != '-' && raw.ptr[at + 3] != ' ')) {
        return 0;
    }
    *continued = raw.ptr[at + 3] == '-';
    while (i < raw.len && i < at + 16 && (str_is_digit(raw.ptr[i]) || raw.ptr[i] == '.')) {
        dots += raw.ptr[i++] == '.';
    }
    return dots == 2 && i < raw.len && str_is_blank(raw.ptr[i]) ? i - at : 0;
}

void match_text_fold(struct match_scratch *scratch, struct str raw, struct match_text *text)
{
    struct str prefix = STR_NULL; /* "5.7.26" of the reply that goes on over lines */
    size_t len = 0;

    make_room(scratch, raw.len);
    char *bytes = scratch->bytes;
    uint32_t *origin = scratch->origin;

    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        bool nbsp = (unsigned char)c == 0xC2 && i + 1 < raw.len &&
                    (unsigned char)raw.ptr[i + 1] == 0xA0;

        if (str_is_blank(c) || nbsp) {
            i += nbsp;
            if (len > 0 && bytes[len - 1] != ' ') {
                bytes[len] = ' ';
                origin[len++] = (uint32_t)i;
            }
            continue;
        }
        if (str_is_digit(c) && (len == 0 || !str_is_alnum(bytes[len - 1]))) {
            bool continued = false;
            size_t skip = code_prefix(raw, i, &continued);
            struct str code = str_sub(raw, i + 4, skip ? skip - 4 : 0);

            if (skip && prefix.len && str_equal(code, prefix)) {
                i += skip - 1;
                continue;
            }
            if (skip) {
                prefix = continued ? code : STR_NULL;
            }
        }
        bytes[len] = str_lower_char(c);
        origin[len++] = (uint32_t)i;
    }
    origin[len] = (uint32_t)raw.len;
    *text = (struct match_text){raw, bytes, origin, len};
}
