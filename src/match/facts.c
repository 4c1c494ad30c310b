#include "base/scan.h"
#include "match/evidence.h"

static void set(struct match_recipient *out, enum ndr_fact fact, struct ndr_value value)
{
    if (value.text.len && out->facts[fact].text.len == 0) {
        out->facts[fact] = value;
    }
}

static struct ndr_value derived(struct ndr_value value, struct str text)
{
    return (struct ndr_value){text, value.place};
}

struct str match_number(struct arena *arena, unsigned value)
{
    char room[12];
    char *at = room + sizeof room;

    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return str_dup(arena, str_make(at, (size_t)(room + sizeof room - at)));
}

/* Part behind the last "@". */
static struct str domain_of(struct str address)
{
    for (size_t i = address.len; i-- > 0;) {
        if (address.ptr[i] == '@') {
            return str_sub(address, i + 1, address.len);
        }
    }
    return STR_NULL;
}

/* Word behind `key` in the reply ("Reason: UntrustedRoot", "(AS16012609)"), up to the first byte
 * that is neither letter, digit nor hyphen. */
static struct str word_behind(struct str text, struct str key, bool digits_only)
{
    for (size_t at = str_find_nocase(text, key, 0); at != STR_NPOS;
         at = str_find_nocase(text, key, at + 1)) {
        size_t from = at + key.len;

        while (from < text.len && (text.ptr[from] == ' ' || text.ptr[from] == '(')) {
            from++;
        }
        size_t end = from;

        while (end < text.len && (digits_only ? str_is_digit(text.ptr[end])
                                              : str_is_alnum(text.ptr[end]) || text.ptr[end] == '-')) {
            end++;
        }
        bool starts_word = at == 0 || !str_is_alnum(text.ptr[at - 1]);

        if (end > from && starts_word) {
            return str_sub(text, from, end - from);
        }
    }
    return STR_NULL;
}

/* First IP address in square brackets or round ones that the reply names. */
static struct str bracketed_ip(struct str text)
{
    for (size_t at = scan_brackets(text, 0); at < text.len; at = scan_brackets(text, at + 1)) {
        size_t end = at + 1;

        while (end < text.len && (str_is_alnum(text.ptr[end]) || text.ptr[end] == '.' ||
                                  text.ptr[end] == ':')) {
            end++;
        }
        struct str ip = str_sub(text, at + 1, end - at - 1);

        if (ndr_is_ip(ip)) {
            return ip;
        }
    }
    return STR_NULL;
}

static void fill_captures(const struct ndr_report *report, const struct match_candidate *best,
                          struct match_recipient *out)
{
    if (!best || !best->hit.signature) {
        return;
    }
    struct ndr_place place = match_hit_place(report, best);

    for (size_t i = 0; i < best->hit.capture_count; i++) {
        const struct match_capture *capture = &best->hit.captures[i];
        struct str text = str_sub(best->unit->text, capture->from, capture->len);

        if (ndr_fact_fits(capture->fact, text)) {
            set(out, capture->fact, (struct ndr_value){text, place});
        }
    }
}

static void fill_people(const struct ndr_report *report, const struct ndr_recipient *recipient,
                        struct match_recipient *out)
{
    const struct ndr_original *original = &report->original;

    set(out, NDR_FACT_RCPT, recipient->address);
    set(out, NDR_FACT_RCPT_WRITTEN, recipient->original_address);
    if (original->to_count == 1 && recipient->address.text.len &&
        !str_equal_nocase(original->to[0].text, recipient->address.text)) {
        set(out, NDR_FACT_RCPT_WRITTEN, original->to[0]);
    }
    set(out, NDR_FACT_DOMAIN, derived(recipient->address, domain_of(recipient->address.text)));
    set(out, NDR_FACT_SENDER, original->sender);
    set(out, NDR_FACT_SENDER, original->from);
    set(out, NDR_FACT_SDOM,
        derived(out->facts[NDR_FACT_SENDER], domain_of(out->facts[NDR_FACT_SENDER].text)));
    set(out, NDR_FACT_FROM, original->from);
    set(out, NDR_FACT_FDOM, derived(original->from, domain_of(original->from.text)));
    set(out, NDR_FACT_MESSAGE_ID, original->message_id);
    set(out, NDR_FACT_SIZE, original->size);
}

static void fill_places(const struct ndr_report *report, const struct ndr_recipient *recipient,
                        struct match_recipient *out)
{
    struct str words = recipient->diagnostic.text;

    set(out, NDR_FACT_MX, recipient->remote_mta);
    for (size_t i = recipient->reply_count; i-- > 0;) {
        set(out, NDR_FACT_HOST, recipient->replies[i].by);
    }
    set(out, NDR_FACT_HOST, recipient->remote_mta);
    set(out, NDR_FACT_IP, derived(recipient->diagnostic, bracketed_ip(words)));
    set(out, NDR_FACT_AS_CODE,
        derived(recipient->diagnostic, word_behind(words, STR_LIT("AS"), true)));
    set(out, NDR_FACT_REASON,
        derived(recipient->diagnostic, word_behind(words, STR_LIT("Reason:"), false)));
    set(out, NDR_FACT_TIME, recipient->last_attempt);
    set(out, NDR_FACT_TIME, report->arrival_date);
    set(out, NDR_FACT_TIME, report->original.date);
    set(out, NDR_FACT_RETRY_UNTIL, recipient->will_retry_until);
    if (report->hop_count) {
        set(out, NDR_FACT_HELO, report->hops[report->hop_count - 1].from);
    }
    set(out, NDR_FACT_SPF, report->authentication.spf);
    set(out, NDR_FACT_DKIM, report->authentication.dkim);
    set(out, NDR_FACT_DMARC, report->authentication.dmarc);
    set(out, NDR_FACT_GENERATOR, report->generator);
}

void match_fill_facts(struct arena *arena, const struct ndr_report *report,
                      const struct match_candidate *best, struct match_recipient *out)
{
    const struct ndr_recipient *recipient = out->recipient;

    set(out, NDR_FACT_CODE, out->status);
    if (out->reply_code) {
        set(out, NDR_FACT_REPLY, derived(recipient->reply_value, match_number(arena, (unsigned)out->reply_code)));
    }
    set(out, NDR_FACT_TEXT, recipient->diagnostic);
    fill_captures(report, best, out);
    fill_people(report, recipient, out);
    fill_places(report, recipient, out);
    set(out, NDR_FACT_ACTION,
        (struct ndr_value){ndr_action_name(recipient->action), recipient->action_field.place});
}
