#include "ndr/labels.h"

#include "base/err.h"
#include "ndr/report.h"

static const struct ndr_label labels[] = {
#define LABEL(kind, language, words) {NDR_LABEL_##kind, language, {words, sizeof words - 1}},
#include "ndr/labels.def"
#undef LABEL
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- many phrases at once: buckets by their first letters --- */

enum { BUCKETS = 4096, KEY_BYTES = 3, NONE = -1 };

/* Rows of a table by the start of their words; made at the first use. */
struct buckets {
    bool is_ready;
    bool starts[256]; /* bytes with which any row starts, in both cases */
    short first[BUCKETS];
    short next[2048]; /* row behind a row in its bucket, in the order of the table */
};

static size_t bucket_of(const char *start)
{
    size_t key = 0;

    for (int i = 0; i < KEY_BYTES; i++) {
        key = key * 37 + (unsigned char)str_lower_char(start[i]);
    }
    return key % BUCKETS;
}

/* `words(i)` of `count` rows; rows are put in from the last, so that each bucket keeps their order. */
static void fill_buckets(struct buckets *buckets, size_t count, struct str (*words)(size_t row))
{
    BUG_ON(count > sizeof buckets->next / sizeof buckets->next[0]);
    for (size_t i = 0; i < BUCKETS; i++) {
        buckets->first[i] = NONE;
    }
    for (size_t i = count; i-- > 0;) {
        BUG_ON(words(i).len < KEY_BYTES);
        size_t at = bucket_of(words(i).ptr);
        char low = str_lower_char(words(i).ptr[0]);

        buckets->starts[(unsigned char)low] = true;
        buckets->starts[(unsigned char)(low >= 'a' && low <= 'z' ? low - 32 : low)] = true;

        buckets->next[i] = buckets->first[at];
        buckets->first[at] = (short)i;
    }
    buckets->is_ready = true;
}

/* Labels that mean something only with a colon or a reply behind them. */
static bool needs_colon(enum ndr_label_kind kind)
{
    return kind != NDR_LABEL_FAILED_LIST && kind != NDR_LABEL_DIAGNOSTICS &&
           kind != NDR_LABEL_HEADERS;
}

/* Passes over list bullets and emphasis: "* ", "**", "- ". */
static struct str without_bullet(struct str line)
{
    while (line.len && (line.ptr[0] == '*' || line.ptr[0] == '_' || line.ptr[0] == '#' ||
                        str_is_blank(line.ptr[0]))) {
        line = str_sub(line, 1, line.len);
    }
    return line;
}

/* What stands behind the colon of a label; false when there is no colon. */
static bool behind_colon(struct str rest, struct str *value)
{
    bool colon = false;

    for (;;) {
        rest = str_trim(rest);
        if (str_starts(rest, STR_LIT("\xC2\xA0"))) {
            rest = str_sub(rest, 2, rest.len);
        } else if (!colon && str_starts(rest, STR_LIT("\xEF\xBC\x9A"))) {
            colon = true; /* the wide colon of Chinese and Japanese */
            rest = str_sub(rest, 3, rest.len);
        } else if (rest.len && (rest.ptr[0] == '*' || (rest.ptr[0] == ':' && !colon))) {
            colon = colon || rest.ptr[0] == ':';
            rest = str_sub(rest, 1, rest.len);
        } else {
            break;
        }
    }
    *value = rest;
    return colon;
}

static struct str label_words(size_t row)
{
    return labels[row].words;
}

const struct ndr_label *ndr_label_find(struct str line, struct str *rest)
{
    static struct buckets buckets;
    struct str text = without_bullet(line);
    const struct ndr_label *best = NULL;
    size_t best_len = 0;

    if (!buckets.is_ready) {
        fill_buckets(&buckets, COUNT(labels), label_words);
    }
    if (text.len < KEY_BYTES) {
        return NULL;
    }
    for (short i = buckets.first[bucket_of(text.ptr)]; i != NONE; i = buckets.next[i]) {
        struct str words = labels[i].words;
        struct str value;

        if (words.len <= best_len || !str_starts_nocase(text, words)) {
            continue;
        }
        struct str after = str_sub(text, words.len, text.len);

        if (after.len && str_is_alnum(after.ptr[0]) && needs_colon(labels[i].kind)) {
            continue;
        }
        bool colon = behind_colon(after, &value);
        bool quoted = value.len && (value.ptr[0] == '\'' || value.ptr[0] == '"' ||
                                    (unsigned char)value.ptr[0] >= 0xC0 || value.ptr[0] == '<');

        if (needs_colon(labels[i].kind) && !colon && !quoted) {
            continue;
        }
        best = &labels[i];
        best_len = words.len;
        *rest = value;
    }
    return best;
}

/* In the order of the bits of ndr_words_kinds(). */
enum phrase_kind { RETURNED, FAILED, DELAYED, AUTO, ABUSE };

static const struct {
    enum phrase_kind kind;
    struct str words;
} phrases[] = {
#define PHRASE(kind, words) {kind, {words, sizeof words - 1}},
#include "ndr/phrases.def"
#undef PHRASE
};

enum place { HEADER, WORDS };

static const struct {
    const char *slug;
    enum place place;
    struct str words;
} generators[] = {
#define GENERATOR(slug, place, words) {slug, place, {words, sizeof words - 1}},
#include "ndr/generators.def"
#undef GENERATOR
};

static const struct {
    const char *slug;
    const char *name;
} generator_names[] = {
#define GENERATOR_NAME(slug, name) {slug, name},
#include "ndr/generators.def"
#undef GENERATOR_NAME
};

struct str ndr_generator_name(struct str slug)
{
    for (size_t i = 0; i < COUNT(generator_names); i++) {
        if (str_equal(slug, str_from(generator_names[i].slug))) {
            return str_from(generator_names[i].name);
        }
    }
    return slug;
}

static struct str phrase_words(size_t row)
{
    return phrases[row].words;
}

static const struct buckets *phrase_buckets(void)
{
    static struct buckets buckets;

    if (!buckets.is_ready) {
        fill_buckets(&buckets, COUNT(phrases), phrase_words);
    }
    return &buckets;
}

static struct str generator_words(size_t row)
{
    return generators[row].words;
}

static const struct buckets *generator_buckets(void)
{
    static struct buckets buckets;

    if (!buckets.is_ready) {
        fill_buckets(&buckets, COUNT(generators), generator_words);
    }
    return &buckets;
}

bool ndr_label_is_returned(struct str line)
{
    const struct buckets *buckets = phrase_buckets();

    while (line.len && line.ptr[0] == '>' && !str_starts(line, STR_LIT(">>> "))) {
        line = str_sub(line, 1, line.len);
    }
    if (line.len < KEY_BYTES) {
        return false;
    }
    for (short i = buckets->first[bucket_of(line.ptr)]; i != NONE; i = buckets->next[i]) {
        if (phrases[i].kind == RETURNED && str_starts_nocase(line, phrases[i].words)) {
            return true;
        }
    }
    return false;
}

unsigned ndr_words_kinds(struct str text)
{
    const struct buckets *buckets = phrase_buckets();
    unsigned found = 0;

    for (size_t at = 0; at + KEY_BYTES <= text.len; at++) {
        if (!buckets->starts[(unsigned char)text.ptr[at]]) {
            continue;
        }
        for (short i = buckets->first[bucket_of(text.ptr + at)]; i != NONE; i = buckets->next[i]) {
            unsigned kind = 1U << phrases[i].kind;

            if (!(found & kind) && str_starts_nocase(str_sub(text, at, text.len), phrases[i].words)) {
                found |= kind;
            }
        }
    }
    return found;
}

bool ndr_words_failed(struct str text)
{
    return ndr_words_kinds(text) & NDR_WORDS_FAILED;
}

bool ndr_words_delayed(struct str text)
{
    return ndr_words_kinds(text) & NDR_WORDS_DELAYED;
}

bool ndr_words_auto(struct str text)
{
    return ndr_words_kinds(text) & NDR_WORDS_AUTO;
}

bool ndr_words_abuse(struct str text)
{
    return ndr_words_kinds(text) & NDR_WORDS_ABUSE;
}

const char *ndr_words_generator(struct str text, bool header, size_t *found)
{
    const struct buckets *buckets = generator_buckets();
    short best = NONE;

    /* The first row of the table that fits wins, wherever it stands. */
    for (size_t at = 0; at + KEY_BYTES <= text.len; at++) {
        if (!buckets->starts[(unsigned char)text.ptr[at]]) {
            continue;
        }
        for (short i = buckets->first[bucket_of(text.ptr + at)]; i != NONE; i = buckets->next[i]) {
            if ((best == NONE || i < best) && (generators[i].place == HEADER) == header &&
                str_starts_nocase(str_sub(text, at, text.len), generators[i].words)) {
                best = i;
                *found = at;
            }
        }
    }
    return best == NONE ? NULL : generators[best].slug;
}
