#include "match/rank.h"

#include <stdlib.h>

/* The weights.  Words beat a code, a code that agrees adds to them, an inner reply beats the ones
 * around it, the words of the server beat those for people. */
enum weight {
    WEIGHT_WORDS = 1000,        /* a signature stands in the report */
    WEIGHT_WORDS_BYTES_MAX = 99, /* and one a literal byte, so that more words beat fewer */
    WEIGHT_WEAK_WORDS = 500,    /* a weak signature, with the code */
    WEIGHT_CODE = 300,          /* the code alone */
    WEIGHT_CODE_HOW = 40,       /* times 3 exactly, 2 in a range, 1 as X */
    WEIGHT_CODE_AGREES = 200,   /* words and code */
    WEIGHT_CODE_CHOSEN = 60,    /* the code that decides where no words do */
    WEIGHT_REPLY_DEPTH = 500,   /* each reply further in */
    WEIGHT_DIAGNOSTIC = 120,    /* words of the server, not for people */
    WEIGHT_CONTRADICTED = -150, /* words beside another code */
    WEIGHT_FOREIGN = -400,      /* another provider's entry */
    WEIGHT_OWN = 30,            /* an entry of the provider that the report names */
    WEIGHT_GENERIC = -280,      /* only a page about the number: above another provider's number */
};

bool match_entry_is_generic(const struct kb_entry *entry)
{
    return str_starts(entry->id, STR_LIT("iana-")) || str_starts(entry->id, STR_LIT("class-")) ||
           str_starts(entry->id, STR_LIT("smtp-")) || str_starts(entry->id, STR_LIT("generic-"));
}

static struct match_candidate *candidate_for(struct match_candidates *list,
                                             const struct kb_entry *entry)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].entry == entry) {
            return &list->items[i];
        }
    }
    struct match_candidate *candidate =
        VEC_PUSH(list->arena, list->items, list->count, list->capacity);

    candidate->entry = entry;
    candidate->code = -1;
    return candidate;
}

/* How much words in this unit count against words elsewhere. */
static int unit_weight(const struct match_unit *unit)
{
    switch (unit->kind) {
    case MATCH_UNIT_REPLY:
        return WEIGHT_DIAGNOSTIC + WEIGHT_REPLY_DEPTH * unit->reply;
    case MATCH_UNIT_DIAGNOSTIC:
        return WEIGHT_DIAGNOSTIC - 1;
    case MATCH_UNIT_PROSE:
        break;
    }
    return 0;
}

static int words_weight(const struct match_hit *hit, const struct match_unit *unit)
{
    size_t bytes = hit->signature->literal_bytes;
    int base = hit->signature->role == MATCH_ROLE_WEAK ? WEIGHT_WEAK_WORDS : WEIGHT_WORDS;

    return base + unit_weight(unit) +
           (bytes < WEIGHT_WORDS_BYTES_MAX ? (int)bytes : WEIGHT_WORDS_BYTES_MAX);
}

struct scan {
    struct match_index *index;
    struct match_candidates *list;
    const struct match_unit *unit;
    struct match_text text;
};

static void on_anchor(void *context, uint32_t number, size_t end)
{
    struct scan *scan = context;
    const struct match_signature *signature = &scan->index->signatures[number];
    struct match_hit hit;

    if (end < signature->anchor_len ||
        !match_signature_verify(signature, &scan->text, end - signature->anchor_len, &hit)) {
        return;
    }
    struct match_candidate *candidate = candidate_for(scan->list, signature->entry);

    if (signature->role == MATCH_ROLE_NOT) {
        /* Words for people may speak of other causes; they rule nothing out that the server said. */
        bool counts = scan->unit->kind != MATCH_UNIT_PROSE || !candidate->hit.signature ||
                      candidate->unit.kind == MATCH_UNIT_PROSE;

        if (counts && !candidate->ruled_out) {
            candidate->ruled_out = true;
            candidate->ruled_words = signature->text;
        }
        return;
    }
    candidate->dialect = candidate->dialect || signature->dialect;
    if (!candidate->hit.signature ||
        words_weight(&hit, scan->unit) > words_weight(&candidate->hit, &candidate->unit)) {
        candidate->hit = hit;
        candidate->unit = *scan->unit;
    }
}

static void scan_unit(struct match_index *index, struct match_candidates *list,
                      const struct match_unit *unit)
{
    struct scan scan = {.index = index, .list = list, .unit = unit};

    if (unit->text.len) {
        match_text_fold(&index->scratch, unit->text, &scan.text);
        automaton_scan(&index->automaton, str_make(scan.text.bytes, scan.text.len), on_anchor, &scan);
    }
}

/* Replies from the inside out, then the whole diagnostic, then the words for people. */
static void scan_recipient(struct match_index *index, const struct ndr_report *report,
                           const struct ndr_recipient *recipient, struct match_candidates *list)
{
    struct match_unit unit = {.kind = MATCH_UNIT_REPLY};

    for (size_t i = recipient->reply_count; i-- > 0;) {
        unit.reply = (int)i;
        unit.text = recipient->replies[i].text.text;
        unit.place = recipient->replies[i].text.place;
        scan_unit(index, list, &unit);
    }
    unit = (struct match_unit){.kind = MATCH_UNIT_DIAGNOSTIC,
                               .text = recipient->diagnostic.text,
                               .reply = -1,
                               .place = recipient->diagnostic.place};
    /* A single reply that is the whole diagnostic was read as that. */
    if (recipient->reply_count != 1 || recipient->replies[0].text.text.ptr != unit.text.ptr ||
        recipient->replies[0].text.text.len != unit.text.len) {
        scan_unit(index, list, &unit);
    }
    if (recipient->page < report->page_count) {
        struct str page = report->pages[recipient->page].text;

        unit = (struct match_unit){.kind = MATCH_UNIT_PROSE,
                                   .reply = -1,
                                   .page = recipient->page,
                                   .page_offset = recipient->block_from};
        unit.text = str_sub(page, recipient->block_from,
                            recipient->block_to > recipient->block_from
                                ? recipient->block_to - recipient->block_from
                                : 0);
        scan_unit(index, list, &unit);
    }
}

/* The best fitting code of the recipient for an entry that words speak for: one of the same reply
 * before any other. */
static void fit_code(const struct ndr_recipient *recipient, struct match_candidate *candidate)
{
    for (size_t i = 0; i < recipient->code_count; i++) {
        const struct ndr_code *code = &recipient->codes[i];
        bool beside = candidate->hit.signature && candidate->unit.kind == MATCH_UNIT_REPLY &&
                      code->reply == candidate->unit.reply;
        int how = kb_entry_has_code(candidate->entry, code->status.class_, code->status.subject,
                                    code->status.detail);
        bool better = how * 2 + beside > candidate->code_how * 2 ||
                      (how && how == candidate->code_how && beside);

        if (how && better) {
            candidate->code = (int)i;
            candidate->code_how = how;
        }
    }
    candidate->contradicted =
        candidate->entry->code_count > 0 && recipient->code_count > 0 && candidate->code_how == 0;
}

struct code_scan {
    struct match_candidates *list;
    int code;
    bool decides; /* it is the code that decides where no words do */
    bool general; /* and means what the registry of codes says: others than Microsoft say it */
};

/* Whether the number alone may speak for the entry. */
static bool may_speak(const struct code_scan *scan, const struct kb_entry *entry)
{
    if (match_entry_is_generic(entry)) {
        return scan->decides;
    }
    return !scan->general || !match_provider_is_microsoft(entry->provider);
}

static void on_code(void *context, const struct kb_entry *entry, int how)
{
    struct code_scan *scan = context;

    if (!may_speak(scan, entry)) {
        return;
    }
    struct match_candidate *candidate = candidate_for(scan->list, entry);

    if (how > candidate->code_how) {
        candidate->code = scan->code;
        candidate->code_how = how;
    }
}

/* Whether the registry of codes has a page about the code. */
static bool is_registered(const struct match_index *index, struct arena *arena,
                          struct ndr_status status)
{
    struct str id = str_printf(arena, "iana-X.%u.%u", status.subject, status.detail);

    return kb_entry_find(index->kb, id) != NULL;
}

/* Whether weak words count: beside the code, and for an entry without one beside its reply code, when
 * the report names the provider. */
static bool weak_words_count(const struct match_candidate *c, const struct ndr_recipient *recipient)
{
    int reply = c->unit.reply >= 0 && (size_t)c->unit.reply < recipient->reply_count
                    ? recipient->replies[c->unit.reply].code
                    : recipient->reply_code;

    return c->code_how || (c->kinship == MATCH_KINSHIP_OWN && c->entry->code_count == 0 &&
                           kb_entry_has_reply(c->entry, reply));
}

static int score_of(const struct match_candidate *c, const struct ndr_recipient *recipient,
                    int chosen)
{
    int score = 0;
    bool weak = c->hit.signature && c->hit.signature->role == MATCH_ROLE_WEAK;

    if (c->ruled_out || (weak && !weak_words_count(c, recipient))) {
        return 0;
    }
    /* A number and everyday words are used by all; for a provider that nothing names only its own
     * words speak. */
    if (c->kinship == MATCH_KINSHIP_FOREIGN && (weak || !c->hit.signature)) {
        return 0;
    }
    if (c->hit.signature) {
        score = words_weight(&c->hit, &c->unit) + (c->code_how && !weak ? WEIGHT_CODE_AGREES : 0) +
                (c->contradicted ? WEIGHT_CONTRADICTED : 0);
    } else if (c->code >= 0) {
        const struct ndr_code *code = &recipient->codes[c->code];

        score = WEIGHT_CODE + (code->source == NDR_CODE_DIAGNOSTIC ? 20 : 0);
    }
    if (score == 0) {
        return 0;
    }
    score += c->code_how * WEIGHT_CODE_HOW;
    score += c->code >= 0 && c->code == chosen ? WEIGHT_CODE_CHOSEN : 0;
    score += c->kinship == MATCH_KINSHIP_FOREIGN ? WEIGHT_FOREIGN : 0;
    score += c->kinship == MATCH_KINSHIP_OWN && c->hit.signature ? WEIGHT_OWN : 0;
    score += match_entry_is_generic(c->entry) ? WEIGHT_GENERIC : 0;
    return score > 1 ? score : 1;
}

/* Whether nothing but a number speaks for the entry, and one that is not enough here. */
static bool lacks_words(const struct match_candidate *c, const struct ndr_recipient *recipient,
                        bool elsewhere)
{
    if (c->hit.signature || c->code < 0) {
        return false;
    }
    struct ndr_status status = recipient->codes[c->code].status;

    enum kb_needs_words where =
        kb_entry_needs_words(c->entry, status.class_, status.subject, status.detail);

    return where == KB_NEEDS_WORDS_ALWAYS || (where == KB_NEEDS_WORDS_ELSEWHERE && elsewhere);
}

/* Whether the entry says that time ran out, of a message that is still tried: many servers write 4.4.7 for
 * both. */
static bool is_too_early(const struct match_candidate *c, const struct ndr_recipient *recipient)
{
    return recipient->action == NDR_ACTION_DELAYED && c->entry->kind == KB_KIND_EXPIRED && !c->hit.signature;
}

/* Whether the entry has only the number of the reporter's summary, and the server that refused gave another
 * one.  That time ran out is no contradiction: why it did is what the server says. */
static bool is_overruled(const struct match_candidate *c, const struct ndr_recipient *recipient, int chosen)
{
    return !c->hit.signature && c->code >= 0 && chosen >= 0 && c->code != chosen &&
           c->entry->kind != KB_KIND_EXPIRED && recipient->codes[chosen].source == NDR_CODE_DIAGNOSTIC &&
           recipient->codes[c->code].source < NDR_CODE_DIAGNOSTIC;
}

/* Whether the words of two candidates are the same ones of the report. */
static bool are_same_words(const struct match_candidate *a, const struct match_candidate *b)
{
    return a->hit.signature && b->hit.signature && a->unit.text.ptr == b->unit.text.ptr &&
           a->hit.from < b->hit.to && b->hit.from < a->hit.to;
}

/* Of two entries of the same words, whether the first has to stand back: one of a provider that
 * nothing names behind any other, one that only its dialect names behind that of the named host. */
static bool stands_back(const struct match_candidate *c, const struct match_candidate *other)
{
    bool behind = c->kinship == MATCH_KINSHIP_FOREIGN ? other->kinship != MATCH_KINSHIP_FOREIGN
                                                      : c->kinship == MATCH_KINSHIP_DIALECT &&
                                                            other->kinship == MATCH_KINSHIP_OWN;

    return behind && other->score > 1 && c->score >= other->score && are_same_words(c, other);
}

static void put_named_first(struct match_candidates *list)
{
    for (size_t i = 0; i < list->count; i++) {
        for (size_t k = 0; k < list->count; k++) {
            if (stands_back(&list->items[i], &list->items[k])) {
                list->items[i].score = list->items[k].score - 1;
            }
        }
    }
}

static int candidate_order(const void *a, const void *b)
{
    const struct match_candidate *x = a;
    const struct match_candidate *y = b;

    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    return str_compare(x->entry->id, y->entry->id);
}

const struct kb_entry *match_general_page(const struct kb *kb, struct arena *arena,
                                          const struct ndr_status *status, int reply_code)
{
    const struct kb_entry *entry = NULL;

    if (status) {
        entry = kb_entry_find(kb, str_printf(arena, "class-%u.%u", status->class_, status->subject));
    } else if (reply_code) {
        entry = kb_entry_find(kb, str_printf(arena, "smtp-%d", reply_code));
    }
    return entry;
}

/* The page about the class and subject, the reply code or reports without any code. */
static void add_generic(struct match_index *index, const struct ndr_recipient *recipient,
                        struct match_candidates *list)
{
    int chosen = ndr_recipient_code(recipient);
    const struct kb_entry *entry =
        match_general_page(index->kb, list->arena,
                           chosen >= 0 ? &recipient->codes[chosen].status : NULL,
                           recipient->reply_count ? recipient->replies[recipient->reply_count - 1].code
                                                  : recipient->reply_code);

    if (!entry) {
        entry = kb_entry_find(index->kb, STR_LIT("generic-no-code"));
    }
    if (entry) {
        struct match_candidate *candidate = candidate_for(list, entry);

        candidate->code = chosen;
        candidate->score = 1;
    }
}

/* Providers that were asked for already: many entries share a few. */
struct kinships {
    struct {
        struct str provider;
        enum match_kinship kinship;
    } items[8];
    size_t count;
};

static enum match_kinship kinship_of(struct kinships *known, struct str provider,
                                     const struct ndr_report *report, const struct ndr_recipient *recipient)
{
    for (size_t i = 0; i < known->count; i++) {
        if (str_equal(known->items[i].provider, provider)) {
            return known->items[i].kinship;
        }
    }
    enum match_kinship kinship = match_provider_kinship(provider, report, recipient);

    if (known->count < sizeof known->items / sizeof known->items[0]) {
        known->items[known->count].provider = provider;
        known->items[known->count++].kinship = kinship;
    }
    return kinship;
}

void match_rank(struct match_index *index, struct arena *arena, const struct ndr_report *report,
                const struct ndr_recipient *recipient, struct match_candidates *list)
{
    int chosen = ndr_recipient_code(recipient);
    bool elsewhere = match_is_elsewhere(report, recipient);
    bool found = false;
    struct kinships kinships = {.count = 0};

    *list = (struct match_candidates){.arena = arena};
    scan_recipient(index, report, recipient, list);
    for (size_t i = 0; i < list->count; i++) {
        fit_code(recipient, &list->items[i]);
    }
    for (size_t i = 0; i < recipient->code_count; i++) {
        struct ndr_status status = recipient->codes[i].status;
        struct code_scan scan = {.list = list, .code = (int)i, .decides = (int)i == chosen};

        scan.general = scan.decides && elsewhere && is_registered(index, arena, status);
        match_codes_each(index, status, on_code, &scan);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct match_candidate *c = &list->items[i];

        c->kinship = kinship_of(&kinships, c->entry->provider, report, recipient);
        c->kinship = c->dialect && c->kinship == MATCH_KINSHIP_FOREIGN ? MATCH_KINSHIP_DIALECT
                                                                      : c->kinship;
        bool misfit = lacks_words(c, recipient, elsewhere) || is_too_early(c, recipient) ||
                      is_overruled(c, recipient, chosen);

        c->score = misfit ? 0 : score_of(c, recipient, chosen);
        found = found || c->score > 0;
    }
    put_named_first(list);
    if (!found) {
        add_generic(index, recipient, list);
    }
    if (list->count) {
        qsort(list->items, list->count, sizeof *list->items, candidate_order);
    }
}
