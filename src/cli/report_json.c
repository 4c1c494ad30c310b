#include "cli/cli.h"
#include "cli/json.h"

/* "ndr-report/1" (contract: JSON of a report): keys always present, null where unknown. */

#define FIELD(record, member) JSON_FIELD(#member, struct record, member.text)

static void original(struct json *json, const struct ndr_original *o)
{
    static const struct json_field fields[] = {
        FIELD(ndr_original, subject),
        FIELD(ndr_original, message_id),
        FIELD(ndr_original, date),
        FIELD(ndr_original, sender),
    };

    json_open(json, "original", '{');
    json_text_or_null(json, "from", o->from.text);
    json_open(json, "to", '[');
    for (size_t i = 0; i < o->to_count; i++) {
        json_text(json, NULL, o->to[i].text);
    }
    json_close(json, ']');
    JSON_TEXTS(json, o, fields);
    json_close(json, '}');
}

static void hops(struct json *json, const struct ndr_report *report)
{
    static const struct json_field fields[] = {
        FIELD(ndr_hop, from),
        FIELD(ndr_hop, by),
        FIELD(ndr_hop, with),
        FIELD(ndr_hop, date),
    };

    json_open(json, "hops", '[');
    for (size_t i = 0; i < report->hop_count; i++) {
        const struct ndr_hop *hop = &report->hops[i];

        json_open(json, NULL, '{');
        JSON_TEXTS(json, hop, fields);
        if (hop->delay_seconds == INT64_MIN) {
            json_nothing(json, "delay_seconds");
        } else {
            json_number(json, "delay_seconds", hop->delay_seconds);
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

#define AUTHENTICATION(FIELD)                                                                      \
    FIELD(spf) FIELD(dkim) FIELD(dmarc) FIELD(arc) FIELD(compauth) FIELD(by) FIELD(spf_domain)     \
    FIELD(dkim_domain) FIELD(from_domain)

static void authentication(struct json *json, const struct ndr_authentication *a)
{
#define FIELD_OF(member) FIELD(ndr_authentication, member),
    static const struct json_field fields[] = {AUTHENTICATION(FIELD_OF)};
#undef FIELD_OF
#define OR_LENGTH(member) | a->member.text.len
    bool is_any = 0 AUTHENTICATION(OR_LENGTH);
#undef OR_LENGTH

    json_open(json, "authentication", '{');
    if (is_any) {
        JSON_TEXTS(json, a, fields);
    } else { /* as in most reports */
#define COMMA_NULL(member) ",\"" #member "\":null"
        static const char nothing[] = "" AUTHENTICATION(COMMA_NULL);
#undef COMMA_NULL

        json_plain(json, NULL, str_make(nothing + 1, sizeof nothing - 2));
    }
    json_close(json, '}');
}

static void antispam(struct json *json, const struct ndr_antispam *a)
{
    static const struct json_field fields[] = {
        FIELD(ndr_antispam, scl), FIELD(ndr_antispam, bcl),
        FIELD(ndr_antispam, sfv), FIELD(ndr_antispam, cat),
        FIELD(ndr_antispam, compauth_reason),
    };

    if (!a->present) {
        json_nothing(json, "antispam");
        return;
    }
    json_open(json, "antispam", '{');
    JSON_TEXTS(json, a, fields);
    json_close(json, '}');
}

static void loops(struct json *json, const struct ndr_report *report)
{
    json_open(json, "loops", '[');
    for (size_t i = 0; i < report->loop_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "from", report->loops[i].from);
        json_text(json, "by", report->loops[i].by);
        json_number(json, "times", report->loops[i].times);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* What a diagnosis has from its entry. */
struct chosen {
    struct str entry, title, category, owner, confidence, tree, node;
};

static void chosen(struct json *json, const struct match_diagnosis *d)
{
    static const struct json_field fields[] = {
        JSON_FIELD("entry", struct chosen, entry),
        JSON_FIELD("title", struct chosen, title),
        JSON_FIELD("category", struct chosen, category),
        JSON_FIELD("owner", struct chosen, owner),
        JSON_FIELD("confidence", struct chosen, confidence),
        JSON_FIELD("tree", struct chosen, tree),
        JSON_FIELD("node", struct chosen, node),
    };
    struct chosen chosen = {.entry = d->entry->id,
                            .title = d->entry->title,
                            .category = kb_category_slug(d->entry->category),
                            .owner = prose_owner_slug(d->entry->owners[0]),
                            .confidence = match_confidence_name(d->confidence),
                            .tree = d->tree,
                            .node = d->node};

    JSON_TEXTS(json, &chosen, fields);
}

/* JSON that is kept as long as the knowledge lives has NULs behind it up to so many bytes: nearly all of it is copied
 * alike. */
enum { KEPT_BYTES = 256 };

/* Keeps what was written on a line; empties the line. */
static struct str keep(struct buf *line)
{
    static struct arena arena;
    char *kept = ARENA_ARRAY(&arena, char, line->len + KEPT_BYTES);
    size_t len = line->len;

    memcpy(kept, line->ptr, len);
    buf_fini(line);
    return str_make(kept, len);
}

static inline void put_kept(struct json *json, struct str kept)
{
    size_t bytes = kept.len > KEPT_BYTES ? kept.len : KEPT_BYTES;
    char *to = json_lead(json, json_room(json, 1 + bytes), STR_NULL);

    memcpy(to, kept.ptr, bytes);
    buf_commit_to(json->out, to + kept.len);
}

/* The same as it stands on a line, which every report with the diagnosis says again. */
static struct str written(const struct match_diagnosis *d)
{
    struct buf line;

    if (d->written->len == 0) {
        buf_init(&line, BUF_NO_LIMIT);
        chosen(&(struct json){.out = &line}, d);
        *d->written = keep(&line);
    }
    return *d->written;
}

static struct str written_sentence(struct match_sentence *sentence)
{
    struct buf line;

    if (sentence->written.len == 0) {
        buf_init(&line, BUF_NO_LIMIT);
        json_text(&(struct json){.out = &line}, NULL, sentence->text);
        sentence->written = keep(&line);
    }
    return sentence->written;
}

static void why(struct json *json, const struct match_diagnosis *d)
{
    json_open(json, "why", '[');
    for (size_t i = 0; i < d->why_count; i++) {
        if (d->known[i] && !json->redact) {
            put_kept(json, written_sentence(d->known[i]));
        } else {
            json_text(json, NULL, d->why[i]);
        }
    }
    json_close(json, ']');
}

static void diagnoses(struct json *json, const struct match_recipient *recipient)
{
    json_open(json, "diagnoses", '[');
    for (size_t i = 0; i < recipient->diagnosis_count; i++) {
        const struct match_diagnosis *d = &recipient->diagnoses[i];

        json_open(json, NULL, '{');
        if (json->redact) {
            chosen(json, d);
        } else {
            put_kept(json, written(d));
        }
        why(json, d);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void evidence(struct json *json, const struct match_recipient *recipient)
{
    static const struct json_ready what[] = {
#define PROOF(id, name) [MATCH_PROOF_##id] = JSON_READY("{\"what\":\"" name "\",\"text\":"),
        MATCH_PROOFS(PROOF)
#undef PROOF
    };
    static const struct json_ready line = JSON_READY(",\"line\":");

    json_open(json, "evidence", '[');
    for (size_t i = 0; i < recipient->evidence_count; i++) {
        const struct match_evidence *item = &recipient->evidence[i];

        json_text_and_number(json, &what[item->proof], item->text, &line, item->line);
    }
    json_close(json, ']');
}

static void facts(struct json *json, const struct match_recipient *recipient)
{
    static const struct json_field fields[NDR_FACT_COUNT] = {
#define FACT(id, name, grammar, help) JSON_FIELD(name, struct match_recipient, facts[NDR_FACT_##id].text),
#include "ndr/facts.def"
#undef FACT
    };

    json_open(json, "facts", '{');
    json_texts_set(json, recipient, fields, NDR_FACT_COUNT);
    json_close(json, '}');
}

static void wrapper(struct json *json, const struct match_wrapper *w)
{
    if (!w->present) {
        json_nothing(json, "wrapper");
        return;
    }
    json_open(json, "wrapper", '{');
    json_text_or_null(json, "status", w->status);
    if (w->reply_code) {
        json_number(json, "reply_code", w->reply_code);
    } else {
        json_nothing(json, "reply_code");
    }
    json_text_or_null(json, "by", w->by);
    json_close(json, '}');
}

static void recipient(struct json *json, const struct match_recipient *match)
{
    static const struct json_field fields[] = {
        FIELD(ndr_recipient, diagnostic),
        FIELD(ndr_recipient, remote_mta),
        FIELD(ndr_recipient, last_attempt),
        FIELD(ndr_recipient, will_retry_until),
    };
    const struct ndr_recipient *r = match->recipient;

    json_open(json, NULL, '{');
    json_text_or_null(json, "address", r->address.text);
    json_text_or_null(json, "original_address", r->original_address.text);
    json_text_or_null(json, "action", ndr_action_name(r->action));
    json_text_or_null(json, "status", match->status.text);
    json_open(json, "statuses", '[');
    for (size_t i = 0; i < r->code_count; i++) {
        json_text(json, NULL, r->codes[i].value.text);
    }
    json_close(json, ']');
    wrapper(json, &match->wrapper);
    if (match->reply_code) {
        json_number(json, "reply_code", match->reply_code);
    } else {
        json_nothing(json, "reply_code");
    }
    JSON_TEXTS(json, r, fields);
    facts(json, match);
    evidence(json, match);
    diagnoses(json, match);
    json_close(json, '}');
}

static void missing(struct json *json, const struct ndr_report *report)
{
    json_open(json, "missing", '[');
    for (size_t i = 0; i < report->missing_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "what", report->missing[i].what);
        json_text(json, "how", report->missing[i].how);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void cli_json_report(struct json *json, const struct match_result *result)
{
    const struct ndr_report *report = result->report;

    json_may_read(json, 0, report->source);
    json_may_read(json, 1, arena_newest(result->arena));
    json_open(json, NULL, '{');
    json_plain(json, "schema", STR_LIT("\"ndr-report/1\""));
    json_text(json, "kind", ndr_kind_name(report->kind));
    json_plain(json, "format", report->is_mail ? STR_LIT("\"mail\"") : STR_LIT("\"text\""));
    json_text_or_null(json, "generator", report->generator.text);
    json_text_or_null(json, "language", report->language);
    json_text_or_null(json, "reporting_mta", report->reporting_mta_words.len ? report->reporting_mta_words
                                                                             : report->reporting_mta.text);
    json_text_or_null(json, "arrival_date", report->arrival_date.text);
    original(json, &report->original);
    json_open(json, "recipients", '[');
    for (size_t i = 0; i < result->count; i++) {
        recipient(json, &result->recipients[i]);
    }
    json_close(json, ']');
    hops(json, report);
    authentication(json, &report->authentication);
    antispam(json, &report->antispam);
    loops(json, report);
    missing(json, report);
    json_open(json, "warnings", '[');
    for (size_t i = 0; i < report->warning_count; i++) {
        json_text(json, NULL, report->warnings[i]);
    }
    for (size_t i = 0; i < result->warning_count; i++) {
        json_text(json, NULL, result->warnings[i]);
    }
    json_close(json, ']');
    json_close(json, '}');
}
