#include "base/scan.h"
#include "match/evidence.h"

/* Sets a fact that has no value yet; without a branch, as nobody can foretell which facts a report gives. */
static inline void set(struct match_recipient *out, enum ndr_fact fact, const struct ndr_value *value)
{
    struct ndr_value *had = &out->facts[fact];

    *had = *(had->text.len ? had : value);
}

/* The text, and where it was read. */
static inline void set_read(struct match_recipient *out, enum ndr_fact fact, struct str text, struct ndr_place place)
{
    set(out, fact, &(struct ndr_value){text, place});
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
    size_t at = scan_last(address, '@');

    return at < address.len ? str_sub(address, at + 1, address.len) : STR_NULL;
}

/* Word of the text behind `from` and blanks, up to the first byte that is neither letter, digit nor hyphen. */
static struct str word_behind(struct str text, size_t from, bool digits_only)
{
    while (from < text.len && (text.ptr[from] == ' ' || text.ptr[from] == '(')) {
        from++;
    }
    size_t end = from;

    while (end < text.len && (digits_only ? str_is_digit(text.ptr[end])
                                          : str_is_alnum(text.ptr[end]) || text.ptr[end] == '-')) {
        end++;
    }
    return str_sub(text, from, end - from);
}

/* The words behind "AS" and "Reason:" ("(AS16012609)", "Reason: UntrustedRoot"); both hold "as". */
static void fill_words_behind(struct ndr_value reply, struct match_recipient *out)
{
    static const struct str reason = STR_INIT("Reason:");
    struct str text = reply.text;

    for (size_t at = scan_two_nocase(text, 0, 'a', 's'); at < text.len;
         at = scan_two_nocase(text, at + 1, 'a', 's')) {
        if (at == 0 || !str_is_alnum(text.ptr[at - 1])) {
            set_read(out, NDR_FACT_AS_CODE, word_behind(text, at + 2, true), reply.place);
        } else if (at >= 2 && str_starts_nocase(str_sub(text, at - 2, text.len), reason) &&
                   (at == 2 || !str_is_alnum(text.ptr[at - 3]))) {
            set_read(out, NDR_FACT_REASON, word_behind(text, at - 2 + reason.len, false), reply.place);
        }
    }
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
            set_read(out, capture->fact, text, place);
        }
    }
}

static void fill_people(const struct ndr_report *report, const struct ndr_recipient *recipient,
                        struct match_recipient *out)
{
    const struct ndr_original *original = &report->original;

    set(out, NDR_FACT_RCPT, &recipient->address);
    set(out, NDR_FACT_RCPT_WRITTEN, &recipient->original_address);
    if (original->to_count == 1 && recipient->address.text.len &&
        !str_equal_nocase(original->to[0].text, recipient->address.text)) {
        set(out, NDR_FACT_RCPT_WRITTEN, &original->to[0]);
    }
    set_read(out, NDR_FACT_DOMAIN, domain_of(recipient->address.text), recipient->address.place);
    set(out, NDR_FACT_SENDER, &original->sender);
    set(out, NDR_FACT_SENDER, &original->from);
    set_read(out, NDR_FACT_SDOM, domain_of(out->facts[NDR_FACT_SENDER].text), out->facts[NDR_FACT_SENDER].place);
    set(out, NDR_FACT_FROM, &original->from);
    set_read(out, NDR_FACT_FDOM, domain_of(original->from.text), original->from.place);
    set(out, NDR_FACT_MESSAGE_ID, &original->message_id);
    set(out, NDR_FACT_SIZE, &original->size);
}

static void fill_places(const struct ndr_report *report, const struct ndr_recipient *recipient,
                        struct match_recipient *out)
{
    struct str words = recipient->diagnostic.text;

    set(out, NDR_FACT_MX, &recipient->remote_mta);
    for (size_t i = recipient->reply_count; i-- > 0;) {
        set(out, NDR_FACT_HOST, &recipient->replies[i].by);
    }
    set(out, NDR_FACT_HOST, &recipient->remote_mta);
    set_read(out, NDR_FACT_IP, bracketed_ip(words), recipient->diagnostic.place);
    fill_words_behind(recipient->diagnostic, out);
    set(out, NDR_FACT_TIME, &recipient->last_attempt);
    set(out, NDR_FACT_TIME, &report->arrival_date);
    set(out, NDR_FACT_TIME, &report->original.date);
    set(out, NDR_FACT_RETRY_UNTIL, &recipient->will_retry_until);
    if (report->hop_count) {
        set(out, NDR_FACT_HELO, &report->hops[report->hop_count - 1].from);
    }
    set(out, NDR_FACT_SPF, &report->authentication.spf);
    set(out, NDR_FACT_DKIM, &report->authentication.dkim);
    set(out, NDR_FACT_DMARC, &report->authentication.dmarc);
    set(out, NDR_FACT_GENERATOR, &report->generator);
}

void match_fill_facts(struct arena *arena, const struct ndr_report *report,
                      const struct match_candidate *best, struct match_recipient *out)
{
    const struct ndr_recipient *recipient = out->recipient;

    set(out, NDR_FACT_CODE, &out->status);
    if (out->reply_code) {
        set_read(out, NDR_FACT_REPLY, match_number(arena, (unsigned)out->reply_code), recipient->reply_value.place);
    }
    set(out, NDR_FACT_TEXT, &recipient->diagnostic);
    fill_captures(report, best, out);
    fill_people(report, recipient, out);
    fill_places(report, recipient, out);
    set_read(out, NDR_FACT_ACTION, ndr_action_name(recipient->action), recipient->action_field.place);
}
