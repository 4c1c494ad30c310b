#include "session/words.h"

#include "base/buf.h"

enum {
    WORD_MAX_BYTES = 64, /* of a word that is kept; longer ones are cut */
    INSIDE_MIN_BYTES = 3,
    SIMILAR_MIN_BYTES = 4,
    FIRST_SLOTS = 1 << 14,
};

/* A word and the chain of its places. */
struct word {
    const char *ptr; /* lower case */
    uint32_t letters; /* which letters and digits it has: most words are told apart by that alone */
    uint32_t first;   /* place, counted from 1; 0 for none */
    uint32_t last_document; /* that has it, plus 1 */
    uint16_t len;
};

struct place {
    uint32_t document;
    uint32_t next : 24; /* as `first` */
    uint32_t field : 8;
};

enum { PLACES_MAX = (1 << 24) - 1 };

struct words {
    struct arena arena; /* letters of the words */
    struct buf words;   /* struct word */
    struct buf places;  /* struct place */
    uint32_t *slots;    /* index of a word plus 1, by its hash */
    size_t slot_count;  /* a power of two */
    size_t documents;
};

static struct word *word_at(const struct words *words, size_t index)
{
    return (struct word *)(void *)words->words.ptr + index;
}

static struct place *place_at(const struct words *words, size_t number)
{
    return (struct place *)(void *)words->places.ptr + (number - 1);
}

size_t words_count(const struct words *words)
{
    return words->words.len / sizeof(struct word);
}

size_t words_documents(const struct words *words)
{
    return words->documents;
}

struct words *words_new(void)
{
    struct words *words = mem_alloc(sizeof *words);

    arena_init(&words->arena);
    buf_init(&words->words, BUF_NO_LIMIT);
    buf_init(&words->places, BUF_NO_LIMIT);
    words->slot_count = FIRST_SLOTS;
    words->slots = mem_alloc(words->slot_count * sizeof *words->slots);
    return words;
}

void words_free(struct words *words)
{
    if (words) {
        mem_free(words->slots);
        buf_fini(&words->places);
        buf_fini(&words->words);
        arena_fini(&words->arena);
        mem_free(words);
    }
}

/* --- splitting --- */

static bool is_letter(char c)
{
    return str_is_alnum(c) || (unsigned char)c >= 0x80;
}

bool words_next(struct str *rest, struct str *word)
{
    size_t from = 0;
    size_t to;

    while (from < rest->len && !is_letter(rest->ptr[from])) {
        from++;
    }
    for (to = from; to < rest->len; to++) {
        bool dot = rest->ptr[to] == '.' && to > from && to + 1 < rest->len &&
                   str_is_digit(rest->ptr[to - 1]) && str_is_digit(rest->ptr[to + 1]);

        if (!is_letter(rest->ptr[to]) && !dot) {
            break;
        }
    }
    *word = str_sub(*rest, from, to - from);
    *rest = str_sub(*rest, to, rest->len);
    return word->len > 0;
}

static struct str lower(struct str word, char out[WORD_MAX_BYTES])
{
    size_t len = word.len < WORD_MAX_BYTES ? word.len : WORD_MAX_BYTES;

    for (size_t i = 0; i < len; i++) {
        out[i] = str_lower_char(word.ptr[i]);
    }
    return str_make(out, len);
}

static uint32_t letters_of(struct str word)
{
    uint32_t letters = 0;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        letters |= 1u << (c >= 'a' && c <= 'z' ? c - 'a' : str_is_digit(c) ? 26 + (c - '0') / 2 : 31);
    }
    return letters;
}

/* --- adding --- */

static void place_slot(struct words *words, size_t index)
{
    const struct word *word = word_at(words, index);
    size_t slot = (size_t)str_hash(str_make(word->ptr, word->len)) & (words->slot_count - 1);

    while (words->slots[slot]) {
        slot = (slot + 1) & (words->slot_count - 1);
    }
    words->slots[slot] = (uint32_t)index + 1;
}

static void grow(struct words *words)
{
    mem_free(words->slots);
    words->slot_count *= 2;
    words->slots = mem_alloc(words->slot_count * sizeof *words->slots);
    for (size_t i = 0; i < words_count(words); i++) {
        place_slot(words, i);
    }
}

/* The record of a word in lower case, made when it is new. */
static struct word *intern(struct words *words, struct str text)
{
    size_t slot = (size_t)str_hash(text) & (words->slot_count - 1);

    for (; words->slots[slot]; slot = (slot + 1) & (words->slot_count - 1)) {
        struct word *word = word_at(words, words->slots[slot] - 1);

        if (str_equal(str_make(word->ptr, word->len), text)) {
            return word;
        }
    }
    struct word word = {.ptr = str_dup(&words->arena, text).ptr,
                        .letters = letters_of(text),
                        .len = (uint16_t)text.len};

    buf_add(&words->words, (const char *)&word, sizeof word);
    words->slots[slot] = (uint32_t)words_count(words);
    if (words_count(words) * 2 > words->slot_count) {
        grow(words);
    }
    return word_at(words, words_count(words) - 1);
}

void words_add(struct words *words, unsigned document, unsigned field, struct str text)
{
    char letters[WORD_MAX_BYTES];
    struct str next;

    words->documents = document + 1u > words->documents ? document + 1u : words->documents;
    while (words_next(&text, &next)) {
        struct word *word = intern(words, lower(next, letters));

        if (word->last_document == document + 1u || words->places.len / sizeof(struct place) >= PLACES_MAX) {
            continue;
        }
        struct place place = {.document = document, .next = word->first & PLACES_MAX, .field = field & 0xFF};

        buf_add(&words->places, (const char *)&place, sizeof place);
        word->first = (uint32_t)(words->places.len / sizeof place);
        word->last_document = document + 1u;
    }
}

/* --- finding --- */

static enum words_how how_found(const struct word *word, struct str sought)
{
    struct str text = str_make(word->ptr, word->len);

    if (str_starts(text, sought)) {
        return text.len == sought.len ? WORDS_WHOLE : WORDS_START;
    }
    return sought.len >= INSIDE_MIN_BYTES && str_find(text, sought, 1) != STR_NPOS ? WORDS_INSIDE
                                                                                   : WORDS_NOWHERE;
}

/* Whether one edit makes `a` of `b`: a letter more, less or other, or two neighbors changed about
 * (Damerau's distance of at most 1). */
static bool is_similar(struct str a, struct str b)
{
    size_t same = 0;
    size_t end = 0;

    if (a.len > b.len) {
        struct str longer = a;

        a = b;
        b = longer;
    }
    if (b.len - a.len > 1) {
        return false;
    }
    while (same < a.len && a.ptr[same] == b.ptr[same]) {
        same++;
    }
    while (end < a.len - same && a.ptr[a.len - 1 - end] == b.ptr[b.len - 1 - end]) {
        end++;
    }
    size_t left = a.len - same - end; /* letters of `a` between what is the same */

    if (b.len > a.len) {
        return left == 0;
    }
    return left <= 1 || (left == 2 && a.ptr[same] == b.ptr[same + 1] && a.ptr[same + 1] == b.ptr[same]);
}

static void take_places(const struct words *words, const struct word *word, enum words_how how,
                        struct words_hit *hits)
{
    for (uint32_t at = word->first; at; at = place_at(words, at)->next) {
        const struct place *place = place_at(words, at);
        struct words_hit *hit = &hits[place->document];

        if (hit->how == WORDS_NOWHERE || place->field < hit->field ||
            (place->field == hit->field && how < (enum words_how)hit->how)) {
            *hit = (struct words_hit){(unsigned char)place->field, (unsigned char)how};
        }
    }
}

static unsigned bits(uint32_t value)
{
    unsigned count = 0;

    for (; value; value &= value - 1) {
        count++;
    }
    return count;
}

static bool find_similar(const struct words *words, struct str sought, struct words_hit *hits)
{
    uint32_t letters = letters_of(sought);
    bool found = false;

    for (size_t i = 0; i < words_count(words); i++) {
        const struct word *word = word_at(words, i);

        if (word->len + 1u >= sought.len && word->len <= sought.len + 1 && bits(word->letters ^ letters) <= 2 &&
            is_similar(str_make(word->ptr, word->len), sought)) {
            take_places(words, word, WORDS_SIMILAR, hits);
            found = true;
        }
    }
    return found;
}

enum words_how words_find(const struct words *words, struct str word, struct words_hit *hits)
{
    char lowered[WORD_MAX_BYTES];
    struct str sought = lower(word, lowered);
    uint32_t letters = letters_of(sought);
    enum words_how best = WORDS_NOWHERE;

    for (size_t i = 0; i < words->documents; i++) {
        hits[i] = (struct words_hit){0, WORDS_NOWHERE};
    }
    for (size_t i = 0; sought.len && i < words_count(words); i++) {
        const struct word *candidate = word_at(words, i);
        enum words_how how = candidate->len < sought.len || (letters & ~candidate->letters)
                                 ? WORDS_NOWHERE
                                 : how_found(candidate, sought);

        if (how != WORDS_NOWHERE) {
            take_places(words, candidate, how, hits);
            best = how < best ? how : best;
        }
    }
    if (best == WORDS_NOWHERE && sought.len >= SIMILAR_MIN_BYTES && find_similar(words, sought, hits)) {
        best = WORDS_SIMILAR;
    }
    return best;
}
