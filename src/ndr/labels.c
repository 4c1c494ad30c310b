#include "ndr/labels.h"

#include "base/automaton.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/starts.h"
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

/* The longest label that leads a line. */
struct labelling {
    struct str text;
    const struct ndr_label *best;
    struct str rest; /* behind it */
};

static void on_label(void *context, uint32_t row, size_t at)
{
    struct labelling *found = context;
    const struct ndr_label *label = &labels[row];
    struct str text = str_sub(found->text, at, found->text.len);
    struct str value;

    if ((found->best && label->words.len <= found->best->words.len) ||
        !str_starts_nocase(text, label->words)) {
        return;
    }
    struct str after = str_sub(text, label->words.len, text.len);

    if (after.len && str_is_alnum(after.ptr[0]) && needs_colon(label->kind)) {
        return;
    }
    bool colon = behind_colon(after, &value);
    bool quoted = value.len && (value.ptr[0] == '\'' || value.ptr[0] == '"' ||
                                (unsigned char)value.ptr[0] >= 0xC0 || value.ptr[0] == '<');

    if (needs_colon(label->kind) && !colon && !quoted) {
        return;
    }
    found->best = label;
    found->rest = value;
}

const struct ndr_label *ndr_label_find(struct str line, struct str *rest)
{
    static struct starts starts;
    static struct arena arena;
    struct labelling found = {.text = without_bullet(line)};

    for (size_t i = starts.count ? 0 : COUNT(labels); i-- > 0;) {
        starts_add_first(&starts, &arena, labels[i].words, (uint16_t)i);
    }
    if (starts_may(&starts, found.text)) {
        starts_look(&starts, found.text, 0, on_label, &found);
    }
    *rest = found.rest;
    return found.best;
}

/* In the order of the bits of ndr_words_kinds(). */
enum phrase_kind { RETURNED, FAILED, DELAYED, AUTO, ABUSE, REQUEST, GENERATOR };

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

struct returning {
    struct str line;
    bool is_returned;
};

static void on_returned(void *context, uint32_t row, size_t at)
{
    struct returning *found = context;

    found->is_returned = found->is_returned || str_starts_nocase(str_sub(found->line, at, found->line.len),
                                                                 phrases[row].words);
}

bool ndr_label_is_returned(struct str line)
{
    static struct starts starts;
    static struct arena arena;

    for (size_t i = starts.count ? 0 : COUNT(phrases); i-- > 0;) {
        if (phrases[i].kind == RETURNED) {
            starts_add_first(&starts, &arena, phrases[i].words, (uint16_t)i);
        }
    }
    while (line.len && line.ptr[0] == '>' && !str_starts(line, STR_LIT(">>> "))) {
        line = str_sub(line, 1, line.len);
    }
    struct returning found = {line, false};

    if (starts_may(&starts, line)) {
        starts_look(&starts, line, 0, on_returned, &found);
    }
    return found.is_returned;
}

/* --- phrases at any place --- */

enum { REQUEST_MAX_BYTES = 200 };

/* The phrases of a place: those with a word of ASCII letters by where it begins, the others, which stand
 * only in text that is not ASCII, in an automaton. */
struct finder {
    struct starts starts;
    struct automaton automaton;
    struct sought {
        enum phrase_kind kind;
        size_t row;
        struct str words;
        size_t before; /* bytes of them before the place that is found */
    } *sought;
    size_t count, capacity;
    struct str *anchors; /* of the automaton's words */
    uint16_t *numbers;   /* and their indices in `sought` */
    size_t anchor_count, anchor_capacity, number_capacity;
};

static void seek(struct finder *finder, struct arena *arena, enum phrase_kind kind, size_t row, struct str words)
{
    struct sought *s = VEC_PUSH(arena, finder->sought, finder->count, finder->capacity);
    uint16_t number = (uint16_t)(finder->count - 1);
    size_t at;
    size_t len;

    *s = (struct sought){kind, row, words, 0};
    if (starts_add(&finder->starts, arena, words, kind == REQUEST, number, &s->before)) {
        return;
    }
    BUG_ON(scan_not_ascii(words, 0) == words.len);
    automaton_rarest(words, &at, &len);
    s->before = at + len;
    size_t numbers = finder->anchor_count;
    struct str anchor = str_sub(words, at, len);
    char *low = str_dup_z(arena, anchor);

    for (size_t k = 0; k < len; k++) {
        low[k] = str_lower_char(low[k]);
    }
    *VEC_PUSH(arena, finder->anchors, finder->anchor_count, finder->anchor_capacity) = str_make(low, len);
    *VEC_PUSH(arena, finder->numbers, numbers, finder->number_capacity) = number;
}

/* Made at the first use, one for the header of a report and one for its words. */
static const struct finder *finder_of(enum place place)
{
    static struct finder finders[2];
    static struct arena arena;
    struct finder *finder = &finders[place];

    if (finder->count) {
        return finder;
    }
    for (size_t i = 0; i < COUNT(generators); i++) {
        if (generators[i].place == place) {
            seek(finder, &arena, GENERATOR, i, generators[i].words);
        }
    }
    for (size_t i = 0; place == WORDS && i < COUNT(phrases); i++) {
        if (phrases[i].kind != RETURNED) {
            seek(finder, &arena, phrases[i].kind, i, phrases[i].words);
        }
    }
    bool built = automaton_build(&finder->automaton, &arena, finder->anchors, finder->anchor_count);

    BUG_ON(!built);
    return finder;
}

/* Length of the words of a request at the start of `text`, 0 when they do not stand there: a blank
 * stands for any run of blanks. */
static size_t request_length(struct str text, struct str words)
{
    size_t at = 0;

    for (size_t i = 0; i < words.len; i++) {
        if (words.ptr[i] == ' ') {
            size_t from = at;

            while (at < text.len && str_is_blank(text.ptr[at])) {
                at++;
            }
            if (at == from) {
                return 0;
            }
        } else if (at >= text.len || str_lower_char(text.ptr[at++]) != words.ptr[i]) {
            return 0;
        }
    }
    return at;
}

/* Where a request begins whose first `count` bytes of words end at `end`; STR_NPOS when they do not. */
static size_t request_start(struct str text, size_t end, struct str words, size_t count)
{
    size_t at = end;

    while (count-- > 0) {
        if (at == 0 || end - at > REQUEST_MAX_BYTES) {
            return STR_NPOS;
        }
        at--;
        if (words.ptr[count] != ' ' ? str_lower_char(text.ptr[at]) != words.ptr[count]
                                    : !str_is_blank(text.ptr[at])) {
            return STR_NPOS;
        }
        while (words.ptr[count] == ' ' && at > 0 && end - at <= REQUEST_MAX_BYTES &&
               str_is_blank(text.ptr[at - 1])) {
            at--;
        }
    }
    return at == 0 || !str_is_alnum(text.ptr[at - 1]) ? at : STR_NPOS;
}

/* Whether the words stand there whose place that is found is `place`; sets `word` to where. */
static bool stands(const struct sought *s, struct str text, size_t place, struct ndr_word *word)
{
    size_t at = place - s->before;
    size_t len = s->words.len;

    if (s->kind == REQUEST) {
        at = request_start(text, place, s->words, s->before);
        len = at == STR_NPOS ? 0 : request_length(str_sub(text, at, REQUEST_MAX_BYTES), s->words);
    } else if (place < s->before || at + len > text.len ||
               (text.ptr[at + len - 1] | 32) != (s->words.ptr[len - 1] | 32) || /* mostly tells it */
               !str_starts_nocase(str_make(text.ptr + at, len), s->words)) {
        return false;
    }
    *word = (struct ndr_word){(uint32_t)at, (uint16_t)len, (uint16_t)s->row, (uint8_t)(1U << s->kind)};
    return len > 0;
}

struct search {
    const struct finder *finder;
    struct str text;
    struct arena *arena;
    struct ndr_words *words;
    unsigned kinds;     /* found so far */
    struct ndr_word generator; /* first row of the table so far */
};

static void keep_first(struct ndr_word *first, const struct ndr_word *word)
{
    if (word->kind & NDR_WORDS_GENERATOR &&
        (!first->len || word->row < first->row || (word->row == first->row && word->at < first->at))) {
        *first = *word;
    }
}

static void on_word(void *context, uint32_t number, size_t place)
{
    struct search *search = context;
    struct ndr_word word;

    if (!stands(&search->finder->sought[number], search->text, place, &word)) {
        return;
    }
    search->kinds |= word.kind;
    keep_first(&search->generator, &word);
    if (search->words) {
        *VEC_PUSH(search->arena, search->words->items, search->words->count, search->words->capacity) = word;
    }
}

static void on_anchor(void *context, uint32_t anchor, size_t end)
{
    const struct search *search = context;

    on_word(context, search->finder->numbers[anchor], end);
}

static void run(struct search *search)
{
    starts_scan(&search->finder->starts, search->text, on_word, search);
    if (search->finder->anchor_count && scan_not_ascii(search->text, 0) < search->text.len) {
        automaton_scan(&search->finder->automaton, search->text, on_anchor, search);
    }
}

void ndr_words_find(struct arena *arena, struct str text, struct ndr_words *words)
{
    struct search search = {finder_of(WORDS), text, arena, words, 0, {0}};

    *words = (struct ndr_words){.end = text.len};
    run(&search);
}

unsigned ndr_words_before(const struct ndr_words *words, size_t end, struct ndr_word *generator)
{
    unsigned kinds = 0;

    *generator = (struct ndr_word){0};
    for (size_t i = 0; i < words->count; i++) {
        const struct ndr_word *word = &words->items[i];

        if (word->at + word->len <= end) {
            kinds |= word->kind;
            keep_first(generator, word);
        }
    }
    return kinds;
}

const struct ndr_word *ndr_words_request(const struct ndr_words *words, size_t end)
{
    const struct ndr_word *first = NULL;

    for (size_t i = 0; i < words->count; i++) {
        const struct ndr_word *word = &words->items[i];

        if ((word->kind & NDR_WORDS_REQUEST) && word->at + word->len <= end &&
            (!first || word->at < first->at || (word->at == first->at && word->row < first->row))) {
            first = word;
        }
    }
    return first;
}

unsigned ndr_words_kinds(struct str text)
{
    struct search search = {.finder = finder_of(WORDS), .text = text};

    run(&search);
    return search.kinds;
}

const char *ndr_word_generator(const struct ndr_word *word)
{
    return word->len ? generators[word->row].slug : NULL;
}

const char *ndr_words_generator(struct str field)
{
    struct search search = {.finder = finder_of(HEADER), .text = field};

    run(&search);
    return ndr_word_generator(&search.generator);
}
