#include "match/evidence.h"

struct str match_confidence_name(enum match_confidence confidence)
{
    static const char *const names[] = {"weak", "likely", "strong", "exact"};

    return str_from(names[confidence]);
}

/* How many entries that are no generic pages have this code. */
struct sharers {
    const struct match_candidates *list;
    int code; /* index into the recipient's codes, -1 for none */
    uint32_t items[MATCH_WHY_MAX];
    size_t count;
    size_t alone; /* those to which the number may lead without words */
};

static void add_sharer(struct sharers *sharers, uint32_t entry)
{
    const struct match_candidate *c = match_candidate_find(sharers->list, entry);
    const struct match_traits *traits = &sharers->list->index->traits[entry];
    bool silent = c && c->score == 0 && !c->ruled_out;

    if (traits->is_generic || (silent && !c->hit.signature && !traits->is_microsoft)) {
        return;
    }
    for (size_t i = 0; i < sharers->count && i < MATCH_WHY_MAX; i++) {
        if (sharers->items[i] == entry) {
            return;
        }
    }
    if (sharers->count < MATCH_WHY_MAX) {
        sharers->items[sharers->count] = entry;
    }
    sharers->count++;
    sharers->alone += !silent;
}

static void find_sharers(struct sharers *sharers, const struct match_candidates *list,
                         const struct ndr_recipient *recipient, int code)
{
    *sharers = (struct sharers){.list = list, .code = code};
    if (code < 0) {
        return;
    }
    struct match_coded_list lists[MATCH_CODED_LISTS];

    match_codes_find(list->index, recipient->codes[code].status, lists);
    for (size_t k = 0; k < MATCH_CODED_LISTS; k++) {
        for (size_t n = 0; n < lists[k].count; n++) {
            add_sharer(sharers, lists[k].items[n].entry);
        }
    }
}

static enum match_confidence confidence_of(const struct match_candidate *c,
                                           const struct sharers *sharers)
{
    if (sharers->list->index->traits[c->number].is_generic || c->kinship == MATCH_KINSHIP_FOREIGN) {
        return MATCH_WEAK;
    }
    if (c->hit.signature && c->hit.signature->role == MATCH_ROLE_TEXT) {
        return c->code_how ? MATCH_EXACT : c->contradicted ? MATCH_LIKELY : MATCH_STRONG;
    }
    if (c->hit.signature) {
        return MATCH_STRONG;
    }
    return sharers->alone == 1 ? MATCH_LIKELY : MATCH_WEAK;
}

static void because(struct match_diagnosis *diagnosis, struct str sentence)
{
    if (diagnosis->why_count < MATCH_WHY_MAX) {
        diagnosis->known[diagnosis->why_count] = NULL;
        diagnosis->why[diagnosis->why_count++] = sentence;
    }
}

/* The same with a sentence that is made now if it is used for the first time. */
#define BECAUSE_KNOWN(diagnosis, sentence, make)                                                   \
    ((sentence)->text = (sentence)->text.len ? (sentence)->text : (make),                          \
     because_known((diagnosis), (sentence)))

static void because_known(struct match_diagnosis *diagnosis, struct match_sentence *sentence)
{
    if (diagnosis->why_count < MATCH_WHY_MAX) {
        diagnosis->known[diagnosis->why_count] = sentence;
        diagnosis->why[diagnosis->why_count++] = sentence->text;
    }
}

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

/* The parts one behind the other; in place, so that those that never change are copied by a few moves. */
static inline __attribute__((always_inline)) struct str join(struct arena *arena, const struct str *parts, size_t count)
{
    size_t len = 0;

#pragma GCC unroll 8
    for (size_t i = 0; i < count; i++) {
        len += parts[i].len;
    }
    char *text = arena_bytes(arena, len);
    char *to = text;

#pragma GCC unroll 8
    for (size_t i = 0; i < count; i++) {
        memcpy(to, parts[i].len ? parts[i].ptr : "", parts[i].len);
        to += parts[i].len;
    }
    return str_make(text, len);
}

#define JOIN(arena, ...)                                                                           \
    join((arena), (const struct str[]){__VA_ARGS__},                                               \
         sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

/* "Not 5.4.1 Relay Access Denied: ...": why the look-alikes of the same number were not chosen. */
static void explain_other(struct arena *arena, struct match_index *index, struct match_traits *other,
                          const struct match_candidate *c, struct match_diagnosis *diagnosis)
{
    struct str id = other->entry->id;
    struct str title = str_sub(other->entry->title, 0, 120);

    if (c && c->ruled_out) {
        because(diagnosis, JOIN(arena, STR_LIT("Not \""), title, STR_LIT("\" ("), id, STR_LIT("): the words \""),
                                c->ruled_words, STR_LIT("\" rule it out.")));
    } else if (c && c->kinship == MATCH_KINSHIP_FOREIGN) {
        BECAUSE_KNOWN(diagnosis, &other->unnamed,
                      JOIN(&index->arena, STR_LIT("Not \""), title, STR_LIT("\" ("), id,
                           STR_LIT("): nothing in the report names "), other->entry->provider, STR_LIT(".")));
    } else if (c && c->hit.signature) {
        BECAUSE_KNOWN(diagnosis, &other->less_likely,
                      JOIN(&index->arena, STR_LIT("Less likely \""), title, STR_LIT("\" ("), id,
                           STR_LIT("): fewer of its words stand there, or further from the refusal.")));
    } else {
        BECAUSE_KNOWN(diagnosis, &other->wordless,
                      JOIN(&index->arena, STR_LIT("Not \""), title, STR_LIT("\" ("), id,
                           STR_LIT("): it has the same number, but none of its words stand in the report.")));
    }
}

static void explain_others(struct arena *arena, const struct sharers *sharers,
                           const struct match_candidate *chosen, struct match_diagnosis *diagnosis)
{
    struct match_index *index = sharers->list->index;

    for (size_t i = 0; i < sharers->count && i < MATCH_WHY_MAX && diagnosis->why_count < MATCH_WHY_MAX; i++) {
        struct match_traits *other = &index->traits[sharers->items[i]];

        if (other->entry != chosen->entry) {
            explain_other(arena, index, other, match_candidate_find(sharers->list, sharers->items[i]), diagnosis);
        }
    }
}

/* The words that decide, and the line where they stand. */
static struct str explain_words(struct arena *arena, const struct ndr_report *report,
                                const struct match_candidate *c)
{
    struct str words = str_squeeze(arena, str_sub(c->unit->text, c->hit.from, c->hit.to - c->hit.from));
    struct str line = match_number(arena, ndr_report_line(report, match_hit_place(report, c)));

    words = str_sub(words, 0, 160);
    words.len = words.len ? strnlen(words.ptr, words.len) : 0;
    return JOIN(arena, STR_LIT("The words \""), words, STR_LIT("\" stand in line "), line, STR_LIT("."));
}

static void explain(struct arena *arena, const struct ndr_report *report,
                    const struct ndr_recipient *recipient, const struct sharers *sharers,
                    const struct match_candidate *c, struct match_diagnosis *diagnosis)
{
    struct match_index *index = sharers->list->index;
    struct str code = c->code >= 0 ? recipient->codes[c->code].value.text : STR_NULL;

    if (c->hit.signature) {
        because(diagnosis, explain_words(arena, report, c));
    }
    if (c->code_how) {
        because(diagnosis, JOIN(arena, STR_LIT("The code "), code,
                                c->hit.signature ? STR_LIT(" agrees.") : STR_LIT(" stands in the report.")));
    } else if (c->contradicted) {
        BECAUSE_KNOWN(diagnosis, &index->contradicted,
                      STR_LIT("The report's code is another one than this cause usually has; the words count more."));
    }
    if (c->hit.signature && c->unit->kind == MATCH_UNIT_REPLY && c->unit->reply > 0) {
        BECAUSE_KNOWN(diagnosis, &index->innermost,
                      STR_LIT("It is the innermost reply that says what happened; the replies around it only pass "
                              "it on."));
    }
    if (c->kinship == MATCH_KINSHIP_FOREIGN) {
        because(diagnosis, JOIN(arena, STR_LIT("Nothing in the report names "), c->entry->provider,
                                STR_LIT(", whose words these are.")));
    }
    if (match_entry_is_generic(c->entry)) {
        BECAUSE_KNOWN(diagnosis, &index->general,
                      STR_LIT("No entry knows these words; this is what the code means in general."));
    } else if (!c->hit.signature && sharers->alone > 1) {
        because(diagnosis, str_printf(arena, "%zu causes share this code and the report has none of "
                                             "their words: ask for the whole report.",
                                      sharers->alone));
    }
    explain_others(arena, sharers, c, diagnosis);
}

static void add_diagnosis(struct match_index *index, struct arena *arena, const struct ndr_report *report,
                          const struct sharers *sharers, const struct match_candidate *c,
                          struct match_recipient *out)
{
    struct match_diagnosis *diagnosis = &out->diagnoses[out->diagnosis_count++];

    diagnosis->entry = c->entry;
    diagnosis->score = c->score;
    diagnosis->code = c->code;
    diagnosis->reply = c->hit.signature && c->unit->kind == MATCH_UNIT_REPLY ? c->unit->reply
                       : c->code >= 0 ? out->recipient->codes[c->code].reply
                                      : -1;
    diagnosis->confidence = confidence_of(c, sharers);
    diagnosis->tree = c->entry->tree;
    diagnosis->node = c->entry->node;
    diagnosis->why_count = 0;
    diagnosis->written = &index->traits[c->number].written[diagnosis->confidence];
    explain(arena, report, out->recipient, sharers, c, diagnosis);
}

/* The literal code and reply code that go with the best diagnosis. */
static void choose_codes(struct match_recipient *out)
{
    const struct ndr_recipient *recipient = out->recipient;
    const struct match_diagnosis *best = out->diagnosis_count ? &out->diagnoses[0] : NULL;
    int code = best ? best->code : -1;
    int reply = best ? best->reply : -1;

    for (size_t i = 0; code < 0 && reply >= 0 && i < recipient->code_count; i++) {
        code = recipient->codes[i].reply == reply ? (int)i : -1;
    }
    code = code < 0 ? ndr_recipient_code(recipient) : code;
    if (code >= 0) {
        out->status = recipient->codes[code].value;
    }
    /* Without a code to go by, the innermost reply is the one of the server that refused. */
    out->reply_code = recipient->reply_count ? recipient->replies[recipient->reply_count - 1].code
                                             : recipient->reply_code;
    if (reply >= 0 && (size_t)reply < recipient->reply_count && recipient->replies[reply].code) {
        out->reply_code = recipient->replies[reply].code;
    }
    if (best && reply > 0 && (size_t)reply < recipient->reply_count) {
        const struct ndr_reply *outer = &recipient->replies[0];

        out->wrapper.present = true;
        out->wrapper.reply_code = outer->code;
        out->wrapper.by = outer->by.text;
        for (size_t i = 0; i < recipient->code_count; i++) {
            if (recipient->codes[i].reply == 0) {
                out->wrapper.status = recipient->codes[i].value.text;
                break;
            }
        }
    }
}

static bool is_refusal(const struct ndr_recipient *recipient)
{
    return recipient->action != NDR_ACTION_DELIVERED && recipient->action != NDR_ACTION_RELAYED &&
           recipient->action != NDR_ACTION_EXPANDED;
}

static void diagnose(struct match_index *index, struct arena *arena,
                     const struct ndr_report *report, struct match_recipient *out)
{
    struct match_candidates list;
    struct sharers sharers = {.code = -1};

    match_rank(index, arena, report, out->recipient, &list);
    size_t count = is_refusal(out->recipient) ? list.best_count : 0;
    const struct match_candidate *best = count ? list.best[0] : NULL;

    out->diagnoses = ARENA_ROOM(arena, struct match_diagnosis, count);
    for (size_t i = 0; i < count; i++) {
        /* Most rest on the same code. */
        if (!sharers.list || sharers.code != list.best[i]->code) {
            find_sharers(&sharers, &list, out->recipient, list.best[i]->code);
        }
        add_diagnosis(index, arena, report, &sharers, list.best[i], out);
    }
    choose_codes(out);
    match_fill_facts(arena, report, best, out);
    match_fill_evidence(arena, report, best, out);
}

/* Status field and words that name different codes: both are shown, the more specific one counts. */
static void warn_contradiction(struct arena *arena, struct match_result *result,
                               const struct match_recipient *recipient)
{
    const struct ndr_code *field = NULL;
    const struct ndr_code *words = NULL;

    for (size_t i = 0; i < recipient->recipient->code_count; i++) {
        const struct ndr_code *code = &recipient->recipient->codes[i];

        if (code->source == NDR_CODE_FIELD && !field) {
            field = code;
        } else if (code->source == NDR_CODE_DIAGNOSTIC && !words) {
            words = code;
        }
    }
    if (field && words && !ndr_status_equal(field->status, words->status) &&
        result->warning_count == 0) {
        result->warnings[result->warning_count++] = str_printf(
            arena, "The status field says %.*s, the words of the server %.*s.",
            STR_ARGS(field->value.text), STR_ARGS(words->value.text));
    }
}

const struct match_result *match_report(struct match_index *index, struct arena *arena,
                                        const struct ndr_report *report)
{
    struct match_result *result = ARENA_NEW(arena, struct match_result);

    result->report = report;
    result->arena = arena;
    result->count = report->recipient_count;
    result->recipients = ARENA_ARRAY(arena, struct match_recipient, result->count);
    result->warnings = ARENA_ARRAY(arena, struct str, 1);
    for (size_t i = 0; i < result->count; i++) {
        result->recipients[i].recipient = &report->recipients[i];
        diagnose(index, arena, report, &result->recipients[i]);
        warn_contradiction(arena, result, &result->recipients[i]);
    }
    return result;
}
