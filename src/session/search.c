#include "session/session.h"

#include <stdio.h>
#include <stdlib.h>

#include "match/rank.h"
#include "session/words.h"

/* Where a word stands, what counts most first, and how much it counts there. */
enum field {
    FIELD_ID,
    FIELD_TITLE,
    FIELD_SIGNATURE,
    FIELD_SAMPLE,
    FIELD_REPLY,
    FIELD_CATEGORY,
    FIELD_TREE,
    FIELD_PROVIDER,
    FIELD_NOTE,
    FIELD_QUESTION,
    FIELD_SUMMARY,
    FIELD_CAUSE,
    FIELD_FIX,
    FIELD_COMMAND,
    FIELD_COUNT
};

static const struct {
    int weight;
    const char *why;
} fields[FIELD_COUNT] = {
    [FIELD_ID] = {140, "id"},
    [FIELD_TITLE] = {120, "title"},
    [FIELD_SIGNATURE] = {90, "server's words"},
    [FIELD_SAMPLE] = {70, "server's words"},
    [FIELD_REPLY] = {70, "reply code"},
    [FIELD_CATEGORY] = {60, "category"},
    [FIELD_TREE] = {60, "tree"},
    [FIELD_PROVIDER] = {60, "provider"},
    [FIELD_NOTE] = {50, "note"},
    [FIELD_QUESTION] = {45, "question"},
    [FIELD_SUMMARY] = {40, "summary"},
    [FIELD_CAUSE] = {25, "cause"},
    [FIELD_FIX] = {8, "fix"},
    [FIELD_COMMAND] = {8, "command"},
};

enum {
    QUERY_WORDS_MAX = 16,
    SCORE_CODE = 1000,  /* the code itself, half for one that only begins so */
    SCORE_PHRASE = 150, /* the whole query as it stands, in a title */
    SCORE_WHOLE = 20,   /* more when it is the whole word, */
    SCORE_START = 10,   /* or begins one */
    DIAGNOSIS_MIN_WORDS = 3,
};

/* What is searched: documents 0 to kb.count - 1 are the entries, then come trees and their nodes. */
struct search_place {
    size_t tree;     /* index in session->trees */
    struct str node; /* id, empty for the tree itself */
};

struct search {
    struct words *words;
    struct arena arena;
    struct search_place *places;
    size_t place_count;
    size_t place_capacity;
    struct str *titles; /* of the trees, by their index in session->trees */
    bool has_trees; /* they come later than the entries: reading them takes longer than a key may */
};

/* --- the index --- */

static void add_steps(struct words *words, unsigned document, const struct prose_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        words_add(words, document, FIELD_FIX, steps->items[i].text);
    }
    for (size_t i = 0; i < steps->count; i++) {
        for (size_t k = 0; k < steps->items[i].command_count; k++) {
            words_add(words, document, FIELD_COMMAND, steps->items[i].commands[k].text);
        }
    }
}

static void add_entry(struct words *words, unsigned document, const struct kb_entry *entry)
{
    words_add(words, document, FIELD_ID, entry->id);
    for (size_t i = 0; i < entry->alias_count; i++) {
        words_add(words, document, FIELD_ID, entry->aliases[i]);
    }
    words_add(words, document, FIELD_TITLE, entry->title);
    for (size_t i = 0; i < entry->match_count; i++) {
        for (size_t k = 0; k < entry->matches[i].text_count; k++) {
            words_add(words, document, FIELD_SIGNATURE, entry->matches[i].texts[k]);
        }
    }
    for (size_t i = 0; i < entry->sample_count; i++) {
        words_add(words, document, FIELD_SAMPLE, entry->samples[i].text);
    }
    for (size_t i = 0; i < entry->reply_count; i++) {
        char digits[8];
        int len = snprintf(digits, sizeof digits, "%u", entry->replies[i]);

        words_add(words, document, FIELD_REPLY, str_make(digits, (size_t)len));
    }
    words_add(words, document, FIELD_CATEGORY, kb_category_title(entry->category));
    words_add(words, document, FIELD_TREE, entry->tree);
    words_add(words, document, FIELD_PROVIDER, entry->provider);
    for (size_t i = 0; i < entry->note_count; i++) {
        words_add(words, document, FIELD_NOTE, entry->notes[i].text);
    }
    words_add(words, document, FIELD_SUMMARY, entry->summary);
    words_add(words, document, FIELD_CAUSE, entry->cause);
    for (size_t i = 0; i < entry->remedy_count; i++) {
        add_steps(words, document, &entry->remedies[i].steps);
    }
}

static void add_node(struct words *words, unsigned document, const struct tree_node *node)
{
    words_add(words, document, FIELD_QUESTION, node->title);
    words_add(words, document, FIELD_QUESTION, node->ask);
    for (size_t i = 0; i < node->option_count; i++) {
        words_add(words, document, FIELD_QUESTION, node->options[i].text);
    }
    for (size_t i = 0; i < node->note_count; i++) {
        words_add(words, document, FIELD_SUMMARY, node->notes[i]);
    }
    words_add(words, document, FIELD_CAUSE, node->cause);
    words_add(words, document, FIELD_CAUSE, node->why);
    add_steps(words, document, &node->observe);
    add_steps(words, document, &node->steps);
}

static unsigned new_place(const struct session *session, struct search *search, size_t tree, struct str node)
{
    *VEC_PUSH(&search->arena, search->places, search->place_count, search->place_capacity) =
        (struct search_place){tree, str_dup(&search->arena, node)};
    return (unsigned)(session->kb.count + search->place_count - 1);
}

static void add_tree(struct session *session, struct search *search, size_t index)
{
    bool was_loaded = session->trees[index].tree != NULL;
    const struct tree *tree = session_tree(session, session->trees[index].slug);
    unsigned document = new_place(session, search, index, STR_NULL);

    words_add(search->words, document, FIELD_ID, session->trees[index].slug);
    if (tree) {
        search->titles[index] = str_dup(&search->arena, tree->title);
        words_add(search->words, document, FIELD_TITLE, tree->title);
        words_add(search->words, document, FIELD_CAUSE, tree->about);
    }
    for (size_t k = 0; tree && k < tree->node_count; k++) {
        add_node(search->words, new_place(session, search, index, tree->nodes[k].id), &tree->nodes[k]);
    }
    /* Nineteen trees at once are more memory than a search is worth. */
    if (tree && !was_loaded) {
        tree_free(session->trees[index].tree);
        session->trees[index].tree = NULL;
    }
}

static const struct search *search_of(struct session *session)
{
    if (!session->search) {
        session->search = mem_alloc(sizeof *session->search);
        arena_init(&session->search->arena);
        session->search->words = words_new();
        for (size_t i = 0; i < session->kb.count; i++) {
            add_entry(session->search->words, (unsigned)i, session->kb.entries[i]);
        }
    }
    return session->search;
}

bool session_search_trees(struct session *session)
{
    search_of(session);
    if (session->search->has_trees) {
        return false;
    }
    session->search->titles = ARENA_ARRAY(&session->search->arena, struct str, session->tree_count + 1);
    for (size_t i = 0; i < session->tree_count; i++) {
        add_tree(session, session->search, i);
    }
    session->search->has_trees = true;
    return true;
}

bool session_search_is_ready(const struct session *session)
{
    return session->search && session->search->has_trees;
}

void session_search_drop(struct session *session)
{
    if (session->search) {
        words_free(session->search->words);
        arena_fini(&session->search->arena);
        mem_free(session->search);
        session->search = NULL;
    }
}

/* --- the query --- */

struct query_word {
    struct str text;
    bool is_code;            /* a code in any form, or how one begins: */
    struct str code_start;   /* "5.7.2" of "5.7.2x"; empty for a whole code without dots */
    bool has_status;
    struct ndr_status status;
};

struct query {
    struct str text;
    struct query_word words[QUERY_WORDS_MAX];
    size_t count;
};

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

    if (text.len > 2 && str_starts_nocase(text, STR_LIT("X."))) {
        /* As the registry writes it. */
        const struct kb_entry *page = kb_entry_find(
            &session->kb, str_printf(arena, "iana-X%.*s", (int)text.len - 1, text.ptr + 1));

        hits.items = ARENA_ARRAY(arena, const struct kb_entry *, 1);
        hits.items[0] = page;
        hits.count = page != NULL;
        return hits;
    }
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

/* "5.7.2x", "5.7.", "5.": how a code begins; empty when the word is none. */
static struct str code_start(struct str word)
{
    struct str start = word;

    while (start.len > 2 && (start.ptr[start.len - 1] == 'x' || start.ptr[start.len - 1] == 'X')) {
        start.len--;
    }
    if (start.len < 2 || !strchr("245", start.ptr[0]) || start.ptr[1] != '.') {
        return STR_NULL;
    }
    for (size_t i = 2; i < start.len; i++) {
        if (!str_is_digit(start.ptr[i]) && start.ptr[i] != '.') {
            return STR_NULL;
        }
    }
    return start;
}

static void add_query_word(struct query *query, struct query_word word)
{
    if (query->count < QUERY_WORDS_MAX) {
        query->words[query->count++] = word;
    }
}

/* A code stays whole, everything else is split as the index is. */
static void read_query(struct str text, struct query *query)
{
    struct str word;
    struct str part;

    *query = (struct query){.text = str_trim(text)};
    while (str_next_word(&text, &word)) {
        struct query_word code = {.text = word, .code_start = code_start(word)};

        code.has_status = read_code(word, &code.status);
        code.is_code = code.has_status || code.code_start.len > 0;
        if (code.is_code) {
            add_query_word(query, code);
            continue;
        }
        while (words_next(&word, &part)) {
            add_query_word(query, (struct query_word){.text = part});
        }
    }
}

/* --- scores --- */

/* What one word of the query counts in each document, 0 where it does not occur. */
struct scored {
    int *scores;
    unsigned char *fields; /* FIELD_COUNT for the code itself */
};

static int code_score(const struct kb_entry *entry, const struct query_word *word)
{
    int how = word->has_status ? kb_entry_has_code(entry, word->status.class_, word->status.subject,
                                                   word->status.detail)
                               : 0;

    for (size_t i = 0; how == 0 && word->code_start.len && i < entry->code_count; i++) {
        how = str_starts(entry->codes[i].text, word->code_start);
    }
    return how >= 2 ? SCORE_CODE : how == 1 ? SCORE_CODE / 2 : 0;
}

static int word_score(struct words_hit hit)
{
    switch ((enum words_how)hit.how) {
    case WORDS_WHOLE:
        return fields[hit.field].weight + SCORE_WHOLE;
    case WORDS_START:
        return fields[hit.field].weight + SCORE_START;
    case WORDS_INSIDE:
        return fields[hit.field].weight;
    case WORDS_SIMILAR:
        return fields[hit.field].weight / 2;
    case WORDS_NOWHERE:
        break;
    }
    return 0;
}

static void score_word(const struct session *session, const struct search *search, const struct query_word *word,
                       struct words_hit *hits, struct scored *scored)
{
    size_t count = words_documents(search->words);

    words_find(search->words, word->text, hits);
    for (size_t i = 0; i < count; i++) {
        int code = word->is_code && i < session->kb.count ? code_score(session->kb.entries[i], word) : 0;

        scored->scores[i] = code ? code : word_score(hits[i]);
        scored->fields[i] = code ? FIELD_COUNT : hits[i].field;
    }
}

/* Every word of the query in every document; a document that lacks one has 0.  `why` has the field
 * that counted most. */
static void score_all(const struct session *session, const struct search *search, struct arena *arena,
                      const struct query *query, int *total, unsigned char *why)
{
    size_t count = words_documents(search->words);
    struct words_hit *hits = ARENA_ARRAY(arena, struct words_hit, count);
    struct scored word = {ARENA_ARRAY(arena, int, count), ARENA_ARRAY(arena, unsigned char, count)};
    int *strongest = ARENA_ARRAY(arena, int, count);

    for (size_t k = 0; k < query->count; k++) {
        score_word(session, search, &query->words[k], hits, &word);
        for (size_t i = 0; i < count; i++) {
            if (word.scores[i] == 0 || (k > 0 && total[i] == 0)) {
                total[i] = 0;
                continue;
            }
            total[i] += word.scores[i];
            if (word.scores[i] > strongest[i]) {
                strongest[i] = word.scores[i];
                why[i] = word.fields[i];
            }
        }
    }
}

static struct str why_words(unsigned char field)
{
    return str_from(field == FIELD_COUNT ? "code" : fields[field].why);
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

/* The hit of an entry, a new one without a score when there is none. */
static struct session_hit *hit_of(struct hits *hits, const struct kb_entry *entry)
{
    for (size_t i = 0; i < hits->list.count; i++) {
        if (hits->list.items[i].entry == entry) {
            return &hits->list.items[i];
        }
    }
    add_hit(hits, (struct session_hit){.kind = SESSION_HIT_ENTRY,
                                       .entry = entry,
                                       .title = entry->title,
                                       .why = STR_LIT("server's words")});
    return &hits->list.items[hits->list.count - 1];
}

static void search_entries(struct session *session, const struct query *query, const int *scores,
                           const unsigned char *why, struct hits *hits)
{
    for (size_t i = 0; i < session->kb.count; i++) {
        const struct kb_entry *entry = session->kb.entries[i];
        bool named = str_equal_nocase(entry->id, query->text);
        int score = scores[i];

        if (score == 0 && !named) {
            continue;
        }
        score = match_entry_is_generic(entry) ? 1 + score / 4 : score;
        if (query->count > 1 && str_find_nocase(entry->title, query->text, 0) != STR_NPOS) {
            score += SCORE_PHRASE;
        }
        add_hit(hits, (struct session_hit){.kind = SESSION_HIT_ENTRY,
                                           .entry = entry,
                                           .title = entry->title,
                                           .score = score + (named ? SCORE_CODE : 0),
                                           .why = named ? STR_LIT("id") : why_words(why[i])});
    }
}

/* A tree stands once, for itself or for the best of its nodes. */
static void search_trees(const struct session *session, const struct search *search, const int *scores,
                         const unsigned char *why, struct hits *hits)
{
    struct session_hit best = {0};

    for (size_t i = 0; i < search->place_count; i++) {
        const struct search_place *place = &search->places[i];
        const struct session_tree *tree = &session->trees[place->tree];
        size_t document = session->kb.count + i;
        /* A tree by its name stands above the entries that mention it. */
        int score = scores[document] && !place->node.len ? scores[document] + fields[FIELD_TITLE].weight : scores[document];

        if (score > best.score) {
            best = (struct session_hit){.kind = SESSION_HIT_TREE,
                                        .tree = tree->slug,
                                        .node = place->node,
                                        .title = search->titles[place->tree].len ? search->titles[place->tree] : tree->slug,
                                        .score = score,
                                        .why = !place->node.len ? STR_LIT("tree") : why_words(why[document])};
        }
        if (i + 1 == search->place_count || search->places[i + 1].tree != place->tree) {
            if (best.score > 0) {
                add_hit(hits, best);
            }
            best = (struct session_hit){0};
        }
    }
}

/* Pasted words of a server: what the diagnosis is sure of stands above all that only shares words; a
 * guess counts where nothing else was found. */
static void search_diagnosis(struct session *session, struct str text, struct hits *hits)
{
    const struct match_result *result = session_analyze(session, hits->arena, text);
    bool found = hits->list.count > 0;

    for (size_t i = 0; i < result->count; i++) {
        for (size_t k = 0; k < result->recipients[i].diagnosis_count; k++) {
            const struct match_diagnosis *diagnosis = &result->recipients[i].diagnoses[k];

            if (diagnosis->confidence >= MATCH_STRONG || !found) {
                hit_of(hits, diagnosis->entry)->score += SCORE_CODE * ((int)diagnosis->confidence + 1) - (int)k;
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
    const struct search *search = search_of(session);
    size_t count = words_documents(search->words);
    int *scores = ARENA_ARRAY(arena, int, count);
    unsigned char *why = ARENA_ARRAY(arena, unsigned char, count);

    score_all(session, search, arena, &query, scores, why);
    search_entries(session, &query, scores, why, &hits);
    search_trees(session, search, scores, why, &hits);
    if (query.count >= DIAGNOSIS_MIN_WORDS) {
        search_diagnosis(session, text, &hits);
    }
    if (hits.list.count) {
        qsort(hits.list.items, hits.list.count, sizeof *hits.list.items, hit_order);
    }
    return hits.list;
}
