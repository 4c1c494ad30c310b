#include "base/scan.h"
#include "match/signature.h"

static void make_room(struct match_scratch *scratch, size_t len)
{
    len += SCAN_SLACK;
    if (scratch->room < len) {
        scratch->room = len * 2;
        scratch->bytes = mem_realloc(scratch->bytes, scratch->room);
    }
}

void match_scratch_fini(struct match_scratch *scratch)
{
    mem_free(scratch->bytes);
    mem_free(scratch->runs);
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

/* Whether a line of a reply says that more come: "550-5.7.26 ". */
static bool may_continue(struct str raw)
{
    bool continued = false;

    for (size_t at = scan_digit_hyphen(raw, 2); at < raw.len; at = scan_digit_hyphen(raw, at + 1)) {
        if (code_prefix(raw, at - 2, &continued)) {
            return true;
        }
    }
    return false;
}

static __attribute__((noinline)) void make_run_room(struct match_scratch *scratch)
{
    scratch->run_room = scratch->run_room ? scratch->run_room * 2 : 64;
    scratch->runs = mem_realloc(scratch->runs, scratch->run_room * sizeof *scratch->runs);
}

/* Bytes that are folded from now on come from raw bytes from `raw` on. */
static inline void begin_run(struct match_scratch *scratch, struct match_text *text, size_t raw)
{
    if (text->run_count == scratch->run_room) {
        make_run_room(scratch);
    }
    scratch->runs[text->run_count++] = (struct match_run){(uint32_t)text->len, (uint32_t)raw};
}

uint32_t match_text_origin(const struct match_text *text, size_t at)
{
    size_t low = 0;
    size_t high = text->run_count;

    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;

        if (text->runs[middle].folded <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return text->runs[low].raw + (uint32_t)(at - text->runs[low].folded);
}

/* Bytes of a blank at `at`, no-break spaces too; 0 when there is none. */
static inline size_t blank_len(struct str raw, size_t at)
{
    if (at >= raw.len) {
        return 0;
    }
    if (str_is_blank(raw.ptr[at])) {
        return 1;
    }
    return raw.ptr[at] == '\xC2' && at + 1 < raw.len && raw.ptr[at + 1] == '\xA0' ? 2 : 0;
}

/* Folds the blanks at `at`, the first of `first` bytes, to one (none at the start) and gives where they end. */
static size_t fold_blanks(struct match_scratch *scratch, struct match_text *text, size_t at, size_t first)
{
    size_t end = at + first;

    for (size_t len = blank_len(text->raw, end); len; len = blank_len(text->raw, end)) {
        end += len;
    }
    if (text->len > 0 && text->bytes[text->len - 1] != ' ') {
        begin_run(scratch, text, at + first - 1);
        text->bytes[text->len++] = ' ';
    }
    begin_run(scratch, text, end);
    return end;
}

/* Copies [from, to) in lower case, blanks as ' '. */
static void fold_plain(struct match_text *text, size_t from, size_t to)
{
    scan_fold(str_sub(text->raw, from, to - from), text->bytes + text->len);
    text->len += to - from;
}

/* Passes over the code of a reply at `at` when the line before began with the same; `prefix` keeps the
 * code of a reply that goes on. */
static size_t fold_code(struct match_scratch *scratch, struct match_text *text, size_t at, struct str *prefix)
{
    bool continued = false;
    size_t skip = code_prefix(text->raw, at, &continued);
    struct str code = str_sub(text->raw, at + 4, skip ? skip - 4 : 0);

    if (skip && prefix->len && str_equal(code, *prefix)) {
        begin_run(scratch, text, at + skip);
        return at + skip;
    }
    if (skip) {
        *prefix = continued ? code : STR_NULL;
    }
    return at;
}

/* Copies a byte that was looked at closely, or the digits of which it is the first. */
static size_t fold_next(struct match_text *text, size_t at)
{
    struct str raw = text->raw;
    size_t to = at + 1;

    while (to < raw.len && str_is_digit(raw.ptr[at]) && str_is_digit(raw.ptr[to])) {
        to++;
    }
    fold_plain(text, at, to);
    return to;
}

/* Folds a reply that repeats its code on each line. */
static void fold_reply(struct match_scratch *scratch, struct match_text *text)
{
    struct str raw = text->raw;
    struct str prefix = STR_NULL; /* "5.7.26" of the reply that goes on over lines */

    for (size_t i = 0, behind = 0; i < raw.len; i = behind) {
        bool after_blank = text->len == 0 || text->bytes[text->len - 1] == ' ';
        size_t to = after_blank && blank_len(raw, i) ? i : scan_blanks(raw, i, true);

        fold_plain(text, i, to);
        size_t blank = blank_len(raw, to);

        behind = blank ? fold_blanks(scratch, text, to, blank) : to;
        if (behind == to && to < raw.len && str_is_digit(raw.ptr[to]) &&
            (text->len == 0 || !str_is_alnum(text->bytes[text->len - 1]))) {
            behind = fold_code(scratch, text, to, &prefix);
        }
        if (behind == to && to < raw.len) {
            behind = fold_next(text, to);
        }
    }
}

/* Folds any other text: only several blanks, and no-break spaces, need a closer look.  Whether a digit before a hyphen
 * stands there, without which no line of a reply says that more come. */
static bool fold_words(struct match_scratch *scratch, struct match_text *text)
{
    struct str raw = text->raw;
    bool has_hyphen = false;

    for (size_t i = 0; i < raw.len;) {
        bool after_blank = text->len == 0 || text->bytes[text->len - 1] == ' ';
        size_t len = scan_fold_run(raw, i, after_blank, text->bytes + text->len, &has_hyphen);
        size_t blank = blank_len(raw, i + len);

        i += len;
        text->len += len;
        if (blank) {
            i = fold_blanks(scratch, text, i, blank);
        } else if (i < raw.len) {
            i = fold_next(text, i);
        }
    }
    return has_hyphen;
}

static void begin(struct match_scratch *scratch, struct match_text *text)
{
    text->len = 0;
    text->run_count = 0;
    begin_run(scratch, text, 0);
}

void match_text_fold(struct match_scratch *scratch, struct str raw, struct match_text *text)
{
    make_room(scratch, raw.len);
    *text = (struct match_text){.raw = raw, .bytes = scratch->bytes};
    begin(scratch, text);
    if (fold_words(scratch, text) && may_continue(raw)) {
        begin(scratch, text);
        fold_reply(scratch, text);
    }
    text->runs = scratch->runs;
}
