#include "match/rank.h"

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

static __attribute__((noinline)) void make_candidate_room(struct match_index *index)
{
    index->candidate_room = index->candidate_room ? index->candidate_room * 2 : 32;
    index->candidates = mem_realloc(index->candidates, index->candidate_room * sizeof *index->candidates);
}

static struct match_candidate *add_candidate(struct match_candidates *list, uint32_t entry)
{
    struct match_index *index = list->index;

    if (index->candidate_count == index->candidate_room) {
        make_candidate_room(index);
    }
    struct match_candidate *candidate = &index->candidates[index->candidate_count++];

    /* One by one: the captures, most of its bytes, are nothing without a signature. */
    candidate->entry = index->traits[entry].entry;
    candidate->unit = NULL;
    candidate->ruled_words = STR_NULL;
    candidate->number = entry;
    candidate->code = -1;
    candidate->code_how = 0;
    candidate->needs_words = KB_NEEDS_WORDS_NOWHERE;
    candidate->kinship = MATCH_KINSHIP_NEUTRAL;
    candidate->score = 0;
    candidate->ruled_out = candidate->contradicted = candidate->dialect = candidate->is_fitted = false;
    candidate->hit.signature = NULL;
    candidate->hit.capture_count = 0;
    index->place_of[entry] = (uint32_t)index->candidate_count;
    return candidate;
}

static struct match_candidate *candidate_for(struct match_candidates *list, uint32_t entry)
{
    uint32_t place = list->index->place_of[entry];

    return place ? &list->index->candidates[place - 1] : add_candidate(list, entry);
}

/* Forgets the candidates of the recipient before. */
static void forget_candidates(struct match_index *index)
{
    for (size_t i = 0; i < index->candidate_count; i++) {
        index->place_of[index->candidates[i].number] = 0;
    }
    index->candidate_count = 0;
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

static int words_weight(const struct match_signature *signature, const struct match_unit *unit)
{
    size_t bytes = signature->literal_bytes;
    int base = signature->role == MATCH_ROLE_WEAK ? WEIGHT_WEAK_WORDS : WEIGHT_WORDS;

    return base + unit_weight(unit) +
           (bytes < WEIGHT_WORDS_BYTES_MAX ? (int)bytes : WEIGHT_WORDS_BYTES_MAX);
}

struct scan {
    struct match_candidates *list;
    const struct match_unit *unit;
    struct match_text text;
    uint64_t *marked; /* providers whose marks stand there, a bit each */
};

/* Whether the signature says more of its entry than what was found before: the same words stand in a reply,
 * in the diagnostic and often once more in the words for people. */
static bool says_more(const struct match_signature *signature, const struct match_unit *unit,
                      const struct match_candidate *candidate)
{
    if (!candidate) {
        return true;
    }
    if (signature->role == MATCH_ROLE_NOT) {
        /* Words for people may speak of other causes; they rule nothing out that the server said.  The longest are
         * quoted. */
        return candidate->ruled_words.len < signature->text.len &&
               (unit->kind != MATCH_UNIT_PROSE || !candidate->hit.signature ||
                candidate->unit->kind == MATCH_UNIT_PROSE);
    }
    return !candidate->hit.signature || (signature->dialect && !candidate->dialect) ||
           words_weight(signature, unit) > words_weight(candidate->hit.signature, candidate->unit);
}

static void add_words(struct scan *scan)
{
    const struct match_hit *hit = &scan->list->index->hit;
    const struct match_signature *signature = hit->signature;
    struct match_candidate *candidate = candidate_for(scan->list, signature->entry);

    if (signature->role == MATCH_ROLE_NOT) {
        candidate->ruled_out = true;
        candidate->ruled_words = signature->text;
        return;
    }
    candidate->dialect = candidate->dialect || signature->dialect;
    if (!candidate->hit.signature ||
        words_weight(signature, scan->unit) > words_weight(candidate->hit.signature, candidate->unit)) {
        candidate->hit = *hit;
        candidate->unit = scan->unit;
        candidate->is_fitted = false;
    }
}

/* Words that may be those of the signature. */
static void on_guarded(struct scan *scan, const struct match_signature *signature, size_t at)
{
    bool is_mark = signature->role == MATCH_ROLE_MARK;
    bool matters = is_mark ? scan->unit->is_diagnostic
                           : says_more(signature, scan->unit, match_candidate_find(scan->list, signature->entry));

    if (matters && match_signature_verify(signature, &scan->text, at, &scan->list->index->hit)) {
        if (is_mark) {
            *scan->marked |= (uint64_t)1 << signature->entry;
        } else {
            add_words(scan);
        }
    }
}

static void on_anchor(void *context, uint32_t number, size_t at)
{
    struct scan *scan = context;
    const struct match_index *index = scan->list->index;

    if (match_guard_passes(&index->guards[number], &scan->text, at)) {
        on_guarded(scan, &index->signatures[number], at);
    }
}

/* Notes the unit, which candidates point at, and looks for words in it. */
static void scan_unit(struct match_candidates *list, struct match_unit *unit, uint64_t *marked)
{
    struct match_index *index = list->index;
    struct scan scan = {.list = list, .unit = unit, .marked = marked};

    if (unit->text.len) {
        match_text_fold(&index->scratch, unit->text, &scan.text);
        finder_scan(&index->finder, str_make(scan.text.bytes, scan.text.len), on_anchor, &scan);
    }
}

/* Whether a single reply is the whole diagnostic, which then needs no second look. */
static bool is_one_reply(const struct ndr_recipient *recipient)
{
    struct str diagnostic = recipient->diagnostic.text;

    return recipient->reply_count == 1 && recipient->replies[0].text.text.ptr == diagnostic.ptr &&
           recipient->replies[0].text.text.len == diagnostic.len;
}

/* The server's words: replies from the inside out, then the whole diagnostic. */
static void scan_server(struct match_candidates *list, struct arena *arena, const struct ndr_recipient *recipient,
                        uint64_t *marked)
{
    struct match_unit *unit = ARENA_ROOM(arena, struct match_unit, recipient->reply_count + 1);
    bool one_reply = is_one_reply(recipient);

    for (size_t i = recipient->reply_count; i-- > 0; unit++) {
        *unit = (struct match_unit){.kind = MATCH_UNIT_REPLY,
                                    .text = recipient->replies[i].text.text,
                                    .is_diagnostic = one_reply,
                                    .reply = (int)i,
                                    .place = recipient->replies[i].text.place};
        scan_unit(list, unit, marked);
    }
    if (!one_reply) {
        *unit = (struct match_unit){.kind = MATCH_UNIT_DIAGNOSTIC,
                                    .text = recipient->diagnostic.text,
                                    .is_diagnostic = true,
                                    .reply = -1,
                                    .place = recipient->diagnostic.place};
        scan_unit(list, unit, marked);
    }
}

static void scan_prose(struct match_candidates *list, struct arena *arena, const struct ndr_report *report,
                       const struct ndr_recipient *recipient, uint64_t *marked)
{
    if (recipient->page < report->page_count && recipient->block_to > recipient->block_from) {
        struct match_unit *unit = ARENA_ROOM(arena, struct match_unit, 1);

        *unit = (struct match_unit){.kind = MATCH_UNIT_PROSE,
                                    .text = str_sub(report->pages[recipient->page].text, recipient->block_from,
                                                    recipient->block_to - recipient->block_from),
                                    .reply = -1,
                                    .page = recipient->page,
                                    .page_offset = recipient->block_from};
        scan_unit(list, unit, marked);
    }
}

/* The best fitting code of the recipient for an entry that words speak for: one of the same reply
 * before any other. */
static void fit_code(const struct ndr_recipient *recipient, struct match_candidate *candidate)
{
    if (candidate->is_fitted) {
        return;
    }
    candidate->is_fitted = true;
    candidate->code = -1;
    candidate->code_how = 0;
    for (size_t i = 0; i < recipient->code_count; i++) {
        const struct ndr_code *code = &recipient->codes[i];
        bool beside = candidate->hit.signature && candidate->unit->kind == MATCH_UNIT_REPLY &&
                      code->reply == candidate->unit->reply;
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
static bool may_speak(const struct code_scan *scan, const struct match_traits *traits)
{
    bool suits = !scan->general | !traits->is_microsoft;

    return traits->is_generic ? scan->decides : suits;
}

static void add_coded(const struct code_scan *scan, const struct match_coded *coded)
{
    if (may_speak(scan, &scan->list->index->traits[coded->entry])) {
        struct match_candidate *candidate = candidate_for(scan->list, coded->entry);

        if (coded->how > candidate->code_how) {
            candidate->code = scan->code;
            candidate->code_how = coded->how;
            candidate->needs_words = coded->needs_words;
        }
    }
}

/* Whether weak words count: beside the code, and for an entry without one beside its reply code, when
 * the report names the provider. */
static bool weak_words_count(const struct match_candidate *c, const struct ndr_recipient *recipient)
{
    int reply = c->unit->reply >= 0 && (size_t)c->unit->reply < recipient->reply_count
                    ? recipient->replies[c->unit->reply].code
                    : recipient->reply_code;

    return c->code_how || (c->kinship == MATCH_KINSHIP_OWN && c->entry->code_count == 0 &&
                           kb_entry_has_reply(c->entry, reply));
}

static int score_of(const struct match_candidate *c, const struct ndr_recipient *recipient, int chosen,
                    bool is_generic)
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
        score = words_weight(c->hit.signature, c->unit) + (c->code_how && !weak ? WEIGHT_CODE_AGREES : 0) +
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
    score += is_generic ? WEIGHT_GENERIC : 0;
    return score > 1 ? score : 1;
}

/* Whether nothing but a number speaks for the entry, and one that is not enough here. */
static bool lacks_words(const struct match_candidate *c, bool elsewhere)
{
    bool needs = (c->needs_words == KB_NEEDS_WORDS_ALWAYS) |
                 ((c->needs_words == KB_NEEDS_WORDS_ELSEWHERE) & elsewhere);

    return !c->hit.signature & needs;
}

/* Whether the entry says that time ran out, of a message that is still tried: many servers write 4.4.7 for
 * both. */
static bool is_too_early(const struct match_candidate *c, const struct ndr_recipient *recipient)
{
    return (recipient->action == NDR_ACTION_DELAYED) & (c->entry->kind == KB_KIND_EXPIRED) & !c->hit.signature;
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
    return a->hit.signature && b->hit.signature && a->unit->text.ptr == b->unit->text.ptr &&
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

static void put_named_first(struct match_index *index)
{
    struct match_candidate *items = index->candidates;

    for (size_t i = 0; i < index->candidate_count; i++) {
        bool may = items[i].hit.signature &&
                   (items[i].kinship == MATCH_KINSHIP_FOREIGN || items[i].kinship == MATCH_KINSHIP_DIALECT);

        for (size_t k = 0; may && k < index->candidate_count; k++) {
            if (stands_back(&items[i], &items[k])) {
                items[i].score = items[k].score - 1;
            }
        }
    }
}

static bool is_better(const struct match_candidate *a, const struct match_candidate *b)
{
    return a->score != b->score ? a->score > b->score : str_compare(a->entry->id, b->entry->id) < 0;
}

/* Puts the few that are shown in order. */
static void choose_best(struct match_candidates *list)
{
    struct match_index *index = list->index;

    for (size_t i = 0; i < index->candidate_count; i++) {
        const struct match_candidate *candidate = &index->candidates[i];
        size_t place = list->best_count;

        if (candidate->score <= 0) {
            continue;
        }
        while (place > 0 && is_better(candidate, list->best[place - 1])) {
            place--;
        }
        if (place == MATCH_DIAGNOSES_MAX) {
            continue;
        }
        list->best_count += list->best_count < MATCH_DIAGNOSES_MAX;
        for (size_t k = list->best_count - 1; k > place; k--) {
            list->best[k] = list->best[k - 1];
        }
        list->best[place] = candidate;
    }
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

static uint32_t number_of(const struct match_index *index, const struct kb_entry *entry)
{
    for (uint32_t i = 0; entry && i < index->kb->count; i++) {
        if (index->traits[i].entry == entry) {
            return i;
        }
    }
    return MATCH_NO_ENTRY;
}

/* The page about the class and subject, the reply code or reports without any code.  Reports share a few:
 * they are looked for once. */
static uint32_t page_of(struct match_index *index, struct arena *arena, const struct ndr_status *status, int reply)
{
    uint32_t key = status ? 1000000u + status->class_ * 1000u + status->subject : 1u + (uint32_t)reply;
    struct match_page *page = &index->pages[key % MATCH_PAGE_SLOTS];

    if (page->key != key) {
        const struct kb_entry *entry = match_general_page(index->kb, arena, status, reply);

        entry = entry ? entry : kb_entry_find(index->kb, STR_LIT("generic-no-code"));
        *page = (struct match_page){key, number_of(index, entry)};
    }
    return page->entry;
}

static void add_generic(struct match_candidates *list, struct arena *arena, const struct ndr_recipient *recipient,
                        int chosen)
{
    uint32_t entry = page_of(list->index, arena, chosen >= 0 ? &recipient->codes[chosen].status : NULL,
                             recipient->reply_count ? recipient->replies[recipient->reply_count - 1].code
                                                    : recipient->reply_code);

    if (entry != MATCH_NO_ENTRY) {
        struct match_candidate *candidate = candidate_for(list, entry);

        candidate->code = chosen;
        candidate->score = 1;
    }
}

/* Looked up: what the providers are differs from mail to mail. */
static enum match_kinship kinship_of(uint8_t provider, uint64_t named, bool dialect)
{
    static const uint8_t of_provider[4][2] = {{MATCH_KINSHIP_FOREIGN, MATCH_KINSHIP_DIALECT},
                                              {MATCH_KINSHIP_OWN, MATCH_KINSHIP_OWN},
                                              {MATCH_KINSHIP_NEUTRAL, MATCH_KINSHIP_NEUTRAL},
                                              {MATCH_KINSHIP_NEUTRAL, MATCH_KINSHIP_NEUTRAL}};

    return of_provider[(unsigned)(provider == MATCH_PROVIDER_NONE) << 1 | (named >> provider & 1)][dialect];
}

/* Judges a candidate by all that is known of the report; whether anything speaks for it. */
static bool judge(struct match_index *index, struct match_candidate *c, const struct ndr_recipient *recipient,
                  const struct match_named *named, int chosen)
{
    c->kinship = kinship_of(index->traits[c->number].provider, named->providers, c->dialect);
    bool misfit = (lacks_words(c, named->elsewhere) | is_too_early(c, recipient)) ||
                  is_overruled(c, recipient, chosen);

    c->score = misfit ? 0 : score_of(c, recipient, chosen, index->traits[c->number].is_generic);
    return c->score > 0;
}

/* Whether the server's own words name a cause beyond doubt.  Words for people then add nothing but what else
 * might have been. */
static bool is_decided(const struct match_candidates *list, const struct ndr_recipient *recipient,
                       const struct match_named *named, int chosen)
{
    struct match_index *index = list->index;
    bool decided = false;

    for (size_t i = 0; i < index->candidate_count && !decided; i++) {
        struct match_candidate *c = &index->candidates[i];

        if (!c->hit.signature || c->hit.signature->role == MATCH_ROLE_WEAK || c->ruled_out) {
            continue;
        }
        fit_code(recipient, c);
        decided = judge(index, c, recipient, named, chosen) && !c->contradicted &&
                  c->kinship != MATCH_KINSHIP_FOREIGN;
    }
    return decided;
}

/* Entries that have one of the recipient's codes. */
static void add_by_codes(struct match_candidates *list, const struct ndr_recipient *recipient, int chosen,
                         bool elsewhere)
{
    struct match_coded_list lists[MATCH_CODED_LISTS];

    for (size_t i = 0; i < recipient->code_count; i++) {
        struct ndr_status status = recipient->codes[i].status;
        struct code_scan scan = {.list = list, .code = (int)i, .decides = (int)i == chosen};

        scan.general = scan.decides && elsewhere && match_code_is_registered(list->index, status);
        match_codes_find(list->index, status, lists);
        for (size_t k = 0; k < MATCH_CODED_LISTS; k++) {
            for (size_t n = 0; n < lists[k].count; n++) {
                add_coded(&scan, &lists[k].items[n]);
            }
        }
    }
}

void match_rank(struct match_index *index, struct arena *arena, const struct ndr_report *report,
                const struct ndr_recipient *recipient, struct match_candidates *list)
{
    int chosen = ndr_recipient_code(recipient);
    struct match_named named = match_named(index, report, recipient);
    bool found = false;

    *list = (struct match_candidates){.index = index};
    forget_candidates(index);
    scan_server(list, arena, recipient, &named.providers);
    if (!is_decided(list, recipient, &named, chosen)) {
        scan_prose(list, arena, report, recipient, &named.providers);
    }
    for (size_t i = 0; i < index->candidate_count; i++) {
        fit_code(recipient, &index->candidates[i]);
    }
    add_by_codes(list, recipient, chosen, named.elsewhere);
    for (size_t i = 0; i < index->candidate_count; i++) {
        found = judge(index, &index->candidates[i], recipient, &named, chosen) || found;
    }
    put_named_first(index);
    if (!found) {
        add_generic(list, arena, recipient, chosen);
    }
    choose_best(list);
}
