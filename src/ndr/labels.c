#include "ndr/labels.h"

#include "base/err.h"
#include "base/finder.h"
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
    struct str slug, name;
} generator_names[] = {
#define GENERATOR_NAME(slug, name) {STR_INIT(slug), STR_INIT(name)},
#include "ndr/generators.def"
#undef GENERATOR_NAME
};

struct str ndr_generator_name(struct str slug)
{
    for (size_t i = 0; i < COUNT(generator_names); i++) {
        if (str_equal(slug, generator_names[i].slug)) {
            return generator_names[i].name;
        }
    }
    return slug;
}

/* --- what a line begins with --- */

struct leading {
    struct str text;
    struct ndr_lead *lead;
    bool labels, returned; /* what is looked for */
};

static void on_label(const struct ndr_label *label, struct str text, struct ndr_lead *lead)
{
    struct str value;

    if ((lead->label && label->words.len <= lead->label->words.len) || !str_starts_nocase(text, label->words)) {
        return;
    }
    struct str after = str_sub(text, label->words.len, text.len);

    if (after.len && str_is_alnum(after.ptr[0]) && needs_colon(label->kind)) {
        return;
    }
    bool colon = behind_colon(after, &value);
    bool quoted = value.len && (value.ptr[0] == '\'' || value.ptr[0] == '"' ||
                                (unsigned char)value.ptr[0] >= 0xC0 || value.ptr[0] == '<');

    if (!needs_colon(label->kind) || colon || quoted) {
        lead->label = label;
        lead->rest = value;
    }
}

/* Rows of labels, and behind them those of phrases. */
static void on_lead(void *context, uint32_t row, size_t at)
{
    struct leading *leading = context;

    (void)at;
    if (row < COUNT(labels)) {
        if (leading->labels) {
            on_label(&labels[row], leading->text, leading->lead);
        }
    } else if (leading->returned && str_starts_nocase(leading->text, phrases[row - COUNT(labels)].words)) {
        leading->lead->is_returned = true;
    }
}

const struct starts *ndr_lead_starts(void)
{
    static struct starts starts;
    static struct arena arena;

    if (starts.count) {
        return &starts;
    }
    for (size_t i = COUNT(labels); i-- > 0;) {
        starts_add(&starts, &arena, labels[i].words, 0, false, (uint16_t)i);
    }
    for (size_t i = 0; i < COUNT(phrases); i++) {
        if (phrases[i].kind == RETURNED) {
            starts_add(&starts, &arena, phrases[i].words, 0, false, (uint16_t)(COUNT(labels) + i));
        }
    }
    starts_build(&starts, &arena);
    return &starts;
}

void ndr_lead_read(struct str line, struct ndr_lead *lead)
{
    struct leading label = {without_bullet(line), lead, true, false};
    struct leading returned = {line, lead, false, true};

    *lead = (struct ndr_lead){0};
    while (returned.text.len && returned.text.ptr[0] == '>' && !str_starts(returned.text, STR_LIT(">>> "))) {
        returned.text = str_sub(returned.text, 1, returned.text.len);
    }
    if (label.text.ptr == returned.text.ptr) {
        label.returned = true;
    } else {
        starts_look(ndr_lead_starts(), returned.text, 0, on_lead, &returned);
    }
    starts_look(ndr_lead_starts(), label.text, 0, on_lead, &label);
    lead->is_returned = lead->is_returned || (lead->label && lead->label->kind == NDR_LABEL_HEADERS);
}

/* --- phrases at any place --- */

enum { REQUEST_MAX_BYTES = 200 };

/* The phrases of a place. */
struct phrase_finder {
    struct finder finder;
    struct sought {
        enum phrase_kind kind;
        size_t row;
        struct str words;
    } *sought; /* by their numbers in the finder */
    size_t count, capacity;
};

static void seek(struct phrase_finder *finder, struct arena *arena, enum phrase_kind kind, size_t row, struct str words)
{
    finder_add(&finder->finder, arena, words, kind == REQUEST, (uint16_t)finder->count);
    *VEC_PUSH(arena, finder->sought, finder->count, finder->capacity) = (struct sought){kind, row, words};
}

/* Made at the first use, one for the header of a report and one for its words. */
static const struct phrase_finder *finder_of(enum place place)
{
    static struct phrase_finder finders[2];
    static struct arena arena;
    struct phrase_finder *finder = &finders[place];

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
    finder_build(&finder->finder, &arena);
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

/* Whether the words stand there of which byte `before` is at `place`; sets `word` to where. */
static bool stands(const struct sought *s, struct str text, size_t place, size_t before, struct ndr_word *word)
{
    size_t at = place - before;
    size_t len = s->words.len;

    if (s->kind == REQUEST) {
        at = request_start(text, place, s->words, before);
        len = at == STR_NPOS ? 0 : request_length(str_sub(text, at, REQUEST_MAX_BYTES), s->words);
    } else if (place < before || at + len > text.len ||
               (text.ptr[at + len - 1] | 32) != (s->words.ptr[len - 1] | 32) || /* mostly tells it */
               !str_starts_nocase(str_make(text.ptr + at, len), s->words)) {
        return false;
    }
    *word = (struct ndr_word){(uint32_t)at, (uint16_t)len, (uint16_t)s->row, (uint8_t)(1U << s->kind)};
    return len > 0;
}

struct search {
    const struct phrase_finder *finder;
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
    const struct phrase_finder *finder = search->finder;
    struct ndr_word word;

    if (!stands(&finder->sought[number], search->text, place, finder->finder.places[number].at, &word)) {
        return;
    }
    search->kinds |= word.kind;
    keep_first(&search->generator, &word);
    if (search->words) {
        *VEC_PUSH(search->arena, search->words->items, search->words->count, search->words->capacity) = word;
    }
}

static void run(struct search *search)
{
    finder_scan(&search->finder->finder, search->text, on_word, search);
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
