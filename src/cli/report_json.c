#include "cli/cli.h"
#include "cli/json.h"

/* "ndr-report/1" (contract: JSON of a report): keys always present, null where unknown. */

static void texts(struct json *json, const char *key, const struct str *items, size_t count)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < count; i++) {
        json_text(json, NULL, items[i]);
    }
    json_close(json, ']');
}

static void original(struct json *json, const struct ndr_original *o)
{
    json_open(json, "original", '{');
    json_text_or_null(json, "from", o->from.text);
    json_open(json, "to", '[');
    for (size_t i = 0; i < o->to_count; i++) {
        json_text(json, NULL, o->to[i].text);
    }
    json_close(json, ']');
    json_text_or_null(json, "subject", o->subject.text);
    json_text_or_null(json, "message_id", o->message_id.text);
    json_text_or_null(json, "date", o->date.text);
    json_text_or_null(json, "sender", o->sender.text);
    json_close(json, '}');
}

static void hops(struct json *json, const struct ndr_report *report)
{
    json_open(json, "hops", '[');
    for (size_t i = 0; i < report->hop_count; i++) {
        const struct ndr_hop *hop = &report->hops[i];

        json_open(json, NULL, '{');
        json_text_or_null(json, "from", hop->from.text);
        json_text_or_null(json, "by", hop->by.text);
        json_text_or_null(json, "with", hop->with.text);
        json_text_or_null(json, "date", hop->date.text);
        if (hop->delay_seconds == INT64_MIN) {
            json_nothing(json, "delay_seconds");
        } else {
            json_number(json, "delay_seconds", hop->delay_seconds);
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void authentication(struct json *json, const struct ndr_authentication *a)
{
    json_open(json, "authentication", '{');
    json_text_or_null(json, "spf", a->spf.text);
    json_text_or_null(json, "dkim", a->dkim.text);
    json_text_or_null(json, "dmarc", a->dmarc.text);
    json_text_or_null(json, "arc", a->arc.text);
    json_text_or_null(json, "compauth", a->compauth.text);
    json_text_or_null(json, "by", a->by.text);
    json_text_or_null(json, "spf_domain", a->spf_domain.text);
    json_text_or_null(json, "dkim_domain", a->dkim_domain.text);
    json_text_or_null(json, "from_domain", a->from_domain.text);
    json_close(json, '}');
}

static void antispam(struct json *json, const struct ndr_antispam *a)
{
    if (!a->present) {
        json_nothing(json, "antispam");
        return;
    }
    json_open(json, "antispam", '{');
    json_text_or_null(json, "scl", a->scl.text);
    json_text_or_null(json, "bcl", a->bcl.text);
    json_text_or_null(json, "sfv", a->sfv.text);
    json_text_or_null(json, "cat", a->cat.text);
    json_text_or_null(json, "compauth_reason", a->compauth_reason.text);
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

static void diagnoses(struct json *json, const struct match_recipient *recipient)
{
    json_open(json, "diagnoses", '[');
    for (size_t i = 0; i < recipient->diagnosis_count; i++) {
        const struct match_diagnosis *d = &recipient->diagnoses[i];

        json_open(json, NULL, '{');
        json_text(json, "entry", d->entry->id);
        json_text(json, "title", d->entry->title);
        json_text(json, "category", kb_category_slug(d->entry->category));
        json_text(json, "owner", prose_owner_slug(d->entry->owners[0]));
        json_text(json, "confidence", match_confidence_name(d->confidence));
        json_text_or_null(json, "tree", d->tree);
        json_text_or_null(json, "node", d->node);
        texts(json, "why", d->why, d->why_count);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void evidence(struct json *json, const struct ndr_report *report,
                     const struct match_recipient *recipient)
{
    json_open(json, "evidence", '[');
    for (size_t i = 0; i < recipient->evidence_count; i++) {
        const struct match_evidence *item = &recipient->evidence[i];

        json_open(json, NULL, '{');
        json_text(json, "what", item->what);
        json_text(json, "text", item->text);
        json_number(json, "line", ndr_report_line(report, item->place));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void facts(struct json *json, const struct match_recipient *recipient)
{
    json_open(json, "facts", '{');
    for (int i = 0; i < NDR_FACT_COUNT; i++) {
        if (recipient->facts[i].text.len) {
            json_named_text(json, ndr_fact_name((enum ndr_fact)i), recipient->facts[i].text);
        }
    }
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

static void recipient(struct json *json, const struct ndr_report *report,
                      const struct match_recipient *match)
{
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
    json_text_or_null(json, "diagnostic", r->diagnostic.text);
    json_text_or_null(json, "remote_mta", r->remote_mta.text);
    json_text_or_null(json, "last_attempt", r->last_attempt.text);
    json_text_or_null(json, "will_retry_until", r->will_retry_until.text);
    facts(json, match);
    evidence(json, report, match);
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

    json_open(json, NULL, '{');
    json_text(json, "schema", STR_LIT("ndr-report/1"));
    json_text(json, "kind", ndr_kind_name(report->kind));
    json_text(json, "format", report->is_mail ? STR_LIT("mail") : STR_LIT("text"));
    json_text_or_null(json, "generator", report->generator.text);
    json_text_or_null(json, "language", report->language);
    json_text_or_null(json, "reporting_mta", report->reporting_mta_words.len ? report->reporting_mta_words
                                                                             : report->reporting_mta.text);
    json_text_or_null(json, "arrival_date", report->arrival_date.text);
    original(json, &report->original);
    json_open(json, "recipients", '[');
    for (size_t i = 0; i < result->count; i++) {
        recipient(json, report, &result->recipients[i]);
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
