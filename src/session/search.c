#include "session/session.h"

#include <stdlib.h>

#include "match/rank.h"

/* How much a word counts by where it stands. */
enum weight {
    WEIGHT_ID = 400,
    WEIGHT_TITLE = 120,
    WEIGHT_SIGNATURE = 90,
    WEIGHT_CATEGORY = 60,
    WEIGHT_SUMMARY = 40,
    WEIGHT_CAUSE = 25,
    WEIGHT_REMEDY = 8,
    WEIGHT_WORD_START = 10, /* times, when it begins a word */
    WEIGHT_CODE = 1000,     /* the code itself */
};

enum { QUERY_WORDS_MAX = 16 };

struct query {
    struct str words[QUERY_WORDS_MAX];
    size_t count;
};

static void read_query(struct str text, struct query *query)
{
    struct str word;

    query->count = 0;
    while (query->count < QUERY_WORDS_MAX && str_next_word(&text, &word)) {
        query->words[query->count++] = word;
    }
}

/* --- codes in any form --- */

/* "5723" and "5.7.2x": digits of a code without its dots are read as class, subject, detail. */
static bool read_digits(struct str word, struct ndr_status *status)
{
    unsigned number;

    if (word.len < 3 || word.len > 5 || !str_to_uint(word, 99999, &number) ||
        (word.ptr[0] != '2' && word.ptr[0] != '4' && word.ptr[0] != '5') || word.ptr[2] == '0') {
        return false;
    }
    if (word.len == 3) {
        return false; /* a reply code */
    }
    status->class_ = (unsigned char)(word.ptr[0] - '0');
    status->subject = (unsigned short)(word.ptr[1] - '0');
    str_to_uint(str_sub(word, 2, word.len), 999, &number);
    status->detail = (unsigned short)number;
    return true;
}

/* First code in the text: literal, then without dots. */
static bool read_code(struct str text, struct ndr_status *status)
{
    size_t pos = 0;
    size_t at;
    struct str rest = text;
    struct str word;

    if (ndr_status_next(text, &pos, &at, status)) {
        return true;
    }
    while (str_next_word(&rest, &word)) {
        word = str_sub(word, word.ptr[0] == '#', word.len);
        if (read_digits(word, status)) {
            return true;
        }
    }
    return false;
}

struct kb_hits session_find_code(struct session *session, struct arena *arena, struct str text)
{
    struct kb_hits hits = {0};
    struct ndr_status status;
    unsigned reply = 0;
    bool has_status = read_code(text, &status);

    if (has_status) {
        hits = kb_find_code(&session->kb, arena, status.class_, status.subject, status.detail);
    } else if (text.len != 3 || !str_to_uint(text, 599, &reply)) {
        return hits;
    }
    if (hits.count == 0) {
        const struct kb_entry *page =
            match_general_page(&session->kb, arena, has_status ? &status : NULL, (int)reply);

        hits.items = ARENA_ARRAY(arena, const struct kb_entry *, 1);
        hits.items[0] = page;
        hits.count = page != NULL;
    }
    return hits;
}

/* Whether a code as written begins like the typed one: "5.7.3" for "5.7.321"; ranges by their first
 * code. */
static bool code_begins(const struct kb_entry *entry, struct str word)
{
    if (word.len < 2 || !str_is_digit(word.ptr[0]) || (word.ptr[1] != '.' && word.len > 1)) {
        return false;
    }
    for (size_t i = 0; i < entry->code_count; i++) {
        if (str_starts(entry->codes[i].text, word)) {
            return true;
        }
    }
    return false;
}

static bool has_code(const struct kb_entry *entry, struct str word, bool *exactly)
{
    struct ndr_status status;
    int how = read_code(word, &status)
                  ? kb_entry_has_code(entry, status.class_, status.subject, status.detail)
                  : 0;

    *exactly = how >= 2;
    return how > 0 || code_begins(entry, word);
}

/* --- words --- */

/* Score of a word in a text, 0 when it does not occur. */
static int score_in(struct str text, struct str word, int weight)
{
    size_t at = str_find_nocase(text, word, 0);

    if (at == STR_NPOS) {
        return 0;
    }
    bool starts = at == 0 || !str_is_alnum(text.ptr[at - 1]);

    return weight + (starts ? WEIGHT_WORD_START : 0);
}

struct best {
    int score;
    const char *why;
};

static void better(struct best *best, struct str text, struct str word, int weight, const char *why)
{
    int score = score_in(text, word, weight);

    if (score > best->score) {
        *best = (struct best){score, why};
    }
}

static void score_signatures(struct best *best, const struct kb_entry *entry, struct str word)
{
    for (size_t i = 0; i < entry->match_count; i++) {
        for (size_t k = 0; k < entry->matches[i].text_count; k++) {
            better(best, entry->matches[i].texts[k], word, WEIGHT_SIGNATURE, "server's words");
        }
    }
    for (size_t i = 0; i < entry->sample_count; i++) {
        better(best, entry->samples[i].text, word, WEIGHT_SIGNATURE - 20, "server's words");
    }
}

/* Best place of one word in an entry. */
static struct best score_word(const struct kb_entry *entry, struct str word)
{
    struct best best = {0, ""};
    bool exactly;
    unsigned reply;

    if (has_code(entry, word, &exactly)) {
        best = (struct best){exactly ? WEIGHT_CODE : WEIGHT_CODE / 2, "code"};
    }
    for (size_t i = 0; i < entry->reply_count && str_to_uint(word, 599, &reply); i++) {
        if (entry->replies[i] == reply && best.score < WEIGHT_TITLE) {
            best = (struct best){WEIGHT_TITLE, "reply code"};
        }
    }
    better(&best, entry->id, word, str_equal_nocase(entry->id, word) ? WEIGHT_CODE : WEIGHT_TITLE + 20, "id");
    better(&best, entry->title, word, WEIGHT_TITLE, "title");
    score_signatures(&best, entry, word);
    better(&best, kb_category_title(entry->category), word, WEIGHT_CATEGORY, "category");
    better(&best, entry->tree, word, WEIGHT_CATEGORY, "tree");
    better(&best, entry->provider, word, WEIGHT_CATEGORY, "provider");
    better(&best, entry->summary, word, WEIGHT_SUMMARY, "summary");
    better(&best, entry->cause, word, WEIGHT_CAUSE, "cause");
    for (size_t i = 0; best.score < WEIGHT_REMEDY && i < entry->remedy_count; i++) {
        for (size_t k = 0; k < entry->remedies[i].steps.count; k++) {
            better(&best, entry->remedies[i].steps.items[k].text, word, WEIGHT_REMEDY, "fix");
        }
    }
    return best;
}

static int score_entry(const struct kb_entry *entry, const struct query *query, const char **why)
{
    int score = 0;
    int strongest = -1;

    for (size_t i = 0; i < query->count; i++) {
        struct best best = score_word(entry, query->words[i]);

        if (best.score == 0) {
            return 0;
        }
        score += best.score;
        if (best.score > strongest) {
            strongest = best.score;
            *why = best.why;
        }
    }
    return match_entry_is_generic(entry) ? 1 + score / 4 : score;
}

/* --- hits --- */

static int hit_order(const void *a, const void *b)
{
    const struct session_hit *x = a;
    const struct session_hit *y = b;

    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind == SESSION_HIT_ENTRY ? -1 : 1;
    }
    return x->kind == SESSION_HIT_TREE ? str_compare(x->tree, y->tree)
                                       : str_compare(x->entry->id, y->entry->id);
}

struct hits {
    struct arena *arena;
    struct session_hits list;
    size_t capacity;
};

static void add_hit(struct hits *hits, struct session_hit hit)
{
    *VEC_PUSH(hits->arena, hits->list.items, hits->list.count, hits->capacity) = hit;
}

static bool has_hit(const struct hits *hits, const struct kb_entry *entry)
{
    for (size_t i = 0; i < hits->list.count; i++) {
        if (hits->list.items[i].entry == entry) {
            return true;
        }
    }
    return false;
}

static void search_entries(struct session *session, const struct query *query, struct hits *hits)
{
    for (size_t i = 0; i < session->kb.count; i++) {
        const struct kb_entry *entry = session->kb.entries[i];
        const char *why = "";
        int score = score_entry(entry, query, &why);

        if (score > 0) {
            add_hit(hits, (struct session_hit){.kind = SESSION_HIT_ENTRY,
                                               .entry = entry,
                                               .title = entry->title,
                                               .score = score,
                                               .why = str_from(why)});
        }
    }
}

/* Trees by slug, and by title and text where they are loaded already: typing must not wait for
 * files. */
static void search_trees(struct session *session, const struct query *query, struct hits *hits)
{
    for (size_t i = 0; i < session->tree_count; i++) {
        const struct session_tree *tree = &session->trees[i];
        int score = 0;

        for (size_t k = 0; k < query->count; k++) {
            int word = score_in(tree->slug, query->words[k], WEIGHT_TITLE);

            if (tree->tree && word == 0) {
                word = score_in(tree->tree->title, query->words[k], WEIGHT_TITLE);
            }
            if (tree->tree && word == 0) {
                word = score_in(tree->tree->about, query->words[k], WEIGHT_CAUSE);
            }
            if (word == 0) {
                score = 0;
                break;
            }
            score += word;
        }
        if (score > 0) {
            add_hit(hits, (struct session_hit){.kind = SESSION_HIT_TREE,
                                               .tree = tree->slug,
                                               .title = tree->tree ? tree->tree->title : tree->slug,
                                               .score = score + WEIGHT_TITLE,
                                               .why = STR_LIT("tree")});
        }
    }
}

/* Pasted words of a server: what the diagnosis makes of them. */
static void search_diagnosis(struct session *session, struct str text, struct hits *hits)
{
    const struct match_result *result = session_analyze(session, hits->arena, text);

    for (size_t i = 0; i < result->count; i++) {
        for (size_t k = 0; k < result->recipients[i].diagnosis_count; k++) {
            const struct match_diagnosis *diagnosis = &result->recipients[i].diagnoses[k];

            if (!has_hit(hits, diagnosis->entry)) {
                add_hit(hits, (struct session_hit){
                                  .kind = SESSION_HIT_ENTRY,
                                  .entry = diagnosis->entry,
                                  .title = diagnosis->entry->title,
                                  .score = 100 * ((int)diagnosis->confidence + 1) - (int)k,
                                  .why = STR_LIT("server's words")});
            }
        }
    }
}

struct session_hits session_search(struct session *session, struct arena *arena, struct str text)
{
    struct hits hits = {.arena = arena};
    struct query query;

    read_query(text, &query);
    if (query.count == 0) {
        return hits.list;
    }
    search_entries(session, &query, &hits);
    search_trees(session, &query, &hits);
    if (hits.list.count == 0 && query.count >= 3) {
        search_diagnosis(session, text, &hits);
    }
    if (hits.list.count) {
        qsort(hits.list.items, hits.list.count, sizeof *hits.list.items, hit_order);
    }
    return hits.list;
}
