#include "ndr/labels.h"

#include "ndr/report.h"

static const struct ndr_label labels[] = {
#define LABEL(kind, language, words) {NDR_LABEL_##kind, language, {words, sizeof words - 1}},
#include "ndr/labels.def"
#undef LABEL
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

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

const struct ndr_label *ndr_label_find(struct str line, struct str *rest)
{
    struct str text = without_bullet(line);
    const struct ndr_label *best = NULL;
    size_t best_len = 0;

    for (size_t i = 0; i < COUNT(labels); i++) {
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

enum phrase_kind { RETURNED, FAILED, DELAYED, AUTO, ABUSE };

static const struct {
    enum phrase_kind kind;
    const char *words;
} phrases[] = {
#define PHRASE(kind, words) {kind, words},
#include "ndr/phrases.def"
#undef PHRASE
};

enum place { HEADER, WORDS };

static const struct {
    const char *slug;
    enum place place;
    const char *words;
} generators[] = {
#define GENERATOR(slug, place, words) {slug, place, words},
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

bool ndr_label_is_returned(struct str line)
{
    while (line.len && line.ptr[0] == '>' && !str_starts(line, STR_LIT(">>> "))) {
        line = str_sub(line, 1, line.len);
    }
    for (size_t i = 0; i < COUNT(phrases); i++) {
        if (phrases[i].kind == RETURNED && str_starts_nocase(line, str_from(phrases[i].words))) {
            return true;
        }
    }
    return false;
}

static bool has(struct str text, enum phrase_kind kind)
{
    for (size_t i = 0; i < COUNT(phrases); i++) {
        if (phrases[i].kind == kind &&
            str_find_nocase(text, str_from(phrases[i].words), 0) != STR_NPOS) {
            return true;
        }
    }
    return false;
}

bool ndr_words_failed(struct str text)
{
    return has(text, FAILED);
}

bool ndr_words_delayed(struct str text)
{
    return has(text, DELAYED);
}

bool ndr_words_auto(struct str text)
{
    return has(text, AUTO);
}

bool ndr_words_abuse(struct str text)
{
    return has(text, ABUSE);
}

const char *ndr_words_generator(struct str text, bool header, size_t *found)
{
    for (size_t i = 0; i < COUNT(generators); i++) {
        if ((generators[i].place == HEADER) == header) {
            *found = str_find_nocase(text, str_from(generators[i].words), 0);
            if (*found != STR_NPOS) {
                return generators[i].slug;
            }
        }
    }
    return NULL;
}
