#include "session/trace_text.h"

#include "base/text.h"
#include "session/session.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum {
    SECONDS_OF_MINUTE = 60,
    SECONDS_OF_HOUR = 60 * 60,
    SECONDS_OF_DAY = 24 * 60 * 60,
    DELAY_MAX_SECONDS = 30 * SECONDS_OF_DAY, /* no queue holds a message longer */
};

/* --- hops --- */

/* "3 s", "2 h 10 min": the two largest units; for 0 and more. */
static struct str duration_words(struct arena *arena, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {
        {SECONDS_OF_DAY, _("d")},
        {SECONDS_OF_HOUR, _("h")},
        {SECONDS_OF_MINUTE, _("min")},
        {1, _("s")},
    };
    size_t i = 0;

    while (i < 3 && seconds < units[i].seconds) {
        i++;
    }
    long long count = (long long)(seconds / units[i].seconds);
    long long rest = i < 3 ? (long long)(seconds % units[i].seconds / units[i + 1].seconds) : 0;

    return rest
               ? str_printf(arena, "%lld %s %lld %s", count, units[i].name, rest, units[i + 1].name)
               : str_printf(arena, "%lld %s", count, units[i].name);
}

static bool is_sane(int64_t delay)
{
    return delay >= 0 && delay <= DELAY_MAX_SECONDS;
}

static bool clock_differs(const struct ndr_hop *hop)
{
    return hop->delay_seconds != INT64_MIN && !is_sane(hop->delay_seconds);
}

/* Index of the hop that took longest, 0 for none.  A delay behind a clock that is late only makes
 * up for that clock, so what counts is how far a hop is behind the latest time before it. */
static size_t slowest_hop(const struct ndr_report *report)
{
    size_t slowest = 0;
    int64_t longest = 0;
    int64_t now = 0; /* since the first hop whose time is known */
    int64_t latest = 0;

    for (size_t i = 1; i < report->hop_count; i++) {
        int64_t delay = report->hops[i].delay_seconds;

        if (delay == INT64_MIN) {
            now = latest = 0;
            continue;
        }
        now += delay;
        if (!is_sane(delay)) {
            continue;
        }
        int64_t wait = now - latest < delay ? now - latest : delay;

        if (wait > longest) {
            longest = wait;
            slowest = i;
        }
        latest = now > latest ? now : latest;
    }
    return slowest;
}

static struct str host_words(struct str host)
{
    return host.len ? host : str_from(_("(not named)"));
}

/* "2026-11-24 09:12:44 UTC" from RFC 3339 in UTC; anything else as it is. */
static struct str time_words(struct arena *arena, struct str date)
{
    if (date.len == 0) {
        return str_from(_("time unknown"));
    }
    if (date.len == 20 && date.ptr[10] == 'T' && date.ptr[19] == 'Z') {
        return str_printf(arena, "%.*s %.*s UTC", 10, date.ptr, 8, date.ptr + 11);
    }
    return date;
}

static struct str delay_words(struct arena *arena, const struct ndr_hop *hop, bool is_slowest)
{
    if (hop->delay_seconds == INT64_MIN) {
        return STR_NULL;
    }
    if (clock_differs(hop)) {
        return str_from(_(", clock differs"));
    }
    struct str words = duration_words(arena, hop->delay_seconds);

    return str_printf(arena, is_slowest ? _(", +%.*s (the slowest)") : ", +%.*s", STR_ARGS(words));
}

static void add_hop(const struct ndr_report *report, size_t i, bool is_slowest, struct doc *doc)
{
    const struct ndr_hop *hop = &report->hops[i];
    struct str from = host_words(hop->from.text);
    struct str by = host_words(hop->by.text);
    struct str ip =
        hop->ip.text.len ? str_printf(doc->arena, " [%.*s]", STR_ARGS(hop->ip.text)) : STR_NULL;
    struct str when = time_words(doc->arena, hop->date.text);
    struct str delay = delay_words(doc->arena, hop, is_slowest);
    struct str with = hop->with.text.len
                          ? str_printf(doc->arena, _(", with %.*s"), STR_ARGS(hop->with.text))
                          : STR_NULL;

    doc_add(doc, DOC_STEP, STR_NULL,
            str_printf(doc->arena, "%.*s%.*s -> %.*s\n%.*s%.*s%.*s", STR_ARGS(from), STR_ARGS(ip),
                       STR_ARGS(by), STR_ARGS(when), STR_ARGS(delay), STR_ARGS(with)))
        ->number = (unsigned)i + 1;
}

/* The loop told before in the other direction, NULL when there is none: A to B and B to A are one.
 */
static const struct ndr_loop *told_before(const struct ndr_report *report, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (str_equal_nocase(report->loops[j].from, report->loops[i].by) &&
            str_equal_nocase(report->loops[j].by, report->loops[i].from)) {
            return &report->loops[j];
        }
    }
    return NULL;
}

static void add_loops(const struct ndr_report *report, struct doc *doc)
{
    for (size_t i = 0; i < report->loop_count; i++) {
        const struct ndr_loop *loop = &report->loops[i];
        struct str by = str_equal_nocase(loop->from, loop->by) ? str_from(_("itself")) : loop->by;

        if (!told_before(report, i)) {
            doc_add(doc, DOC_NOTE, str_from(_("Loop")),
                    str_printf(doc->arena, _("goes round: %.*s and %.*s, %u times"),
                               STR_ARGS(loop->from), STR_ARGS(by), loop->times));
        }
    }
}

/* How many, how long, and where the time went. */
static void add_way(const struct ndr_report *report, size_t slowest, struct doc *doc)
{
    int64_t first = report->hops[0].time;
    int64_t last = report->hops[report->hop_count - 1].time;
    bool known =
        report->hop_count > 1 && first != INT64_MIN && last != INT64_MIN && is_sane(last - first);
    struct str all = known ? duration_words(doc->arena, last - first) : STR_NULL;
    struct str words =
        report->hop_count == 1 ? str_from(_("1 hop."))
        : known ? str_printf(doc->arena, _("%zu hops in %.*s."), report->hop_count, STR_ARGS(all))
                : str_printf(doc->arena, _("%zu hops."), report->hop_count);

    if (slowest) {
        words = str_printf(doc->arena, _("%.*s The longest wait is before hop %zu."),
                           STR_ARGS(words), slowest + 1);
    }
    doc_add(doc, DOC_PARAGRAPH, STR_NULL, words);
}

void session_doc_hops(const struct ndr_report *report, struct doc *doc)
{
    size_t slowest = slowest_hop(report);

    doc_add(doc, DOC_TITLE, STR_NULL, str_from(_("Hops of the returned message")));
    if (report->hop_count == 0) {
        doc_add(doc, DOC_PARAGRAPH, STR_NULL,
                str_from(_("No hops stand in this report: it does not bring back the header of the "
                           "message.")));
        doc_add(
            doc, DOC_PARAGRAPH, STR_NULL,
            str_from(_("Ask for the report as an attachment (.eml or .msg), not as a screenshot "
                       "or a part of it. On Exchange Online the message trace shows the way of "
                       "the message too.")));
        return;
    }
    add_way(report, slowest, doc);
    add_loops(report, doc);
    for (size_t i = 0; i < report->hop_count; i++) {
        add_hop(report, i, slowest && i == slowest, doc);
    }
}

/* --- values in words --- */

/* What some values mean; `values` have blanks between them. */
struct meaning {
    const char *values;
    const char *words;
};

static const char *meaning_of(const struct meaning *table, struct str value)
{
    for (; table->values; table++) {
        struct str rest = str_from(table->values);
        struct str word;

        while (str_next_word(&rest, &word)) {
            if (str_equal_nocase(word, value)) {
                return table->words;
            }
        }
    }
    return NULL;
}

/* Results: RFC 8601 2.7 (SPF, DKIM), RFC 7489 11.2 (DMARC), RFC 8617 (ARC); bestguesspass, softpass
 * and compauth: Microsoft, "Message authentication". */
static const struct meaning spf_meanings[] = {
    {"pass", _("The sending server may send for {domain}.")},
    {"fail", _("The sending server is not listed in the SPF record of {domain}.")},
    {"softfail",
     _("The sending server is not listed in the SPF record of {domain}, which asks to be "
       "suspicious then, not to refuse.")},
    {"neutral", _("The SPF record of {domain} speaks neither for nor against the sending server.")},
    {"none", _("No SPF record was found for {domain}.")},
    {"temperror",
     _("The SPF record of {domain} could not be read at that moment: DNS gave no answer. "
       "A later try may pass.")},
    {"permerror",
     _("The SPF record of {domain} has a fault: a wrong word, two records, or more than "
       "10 look-ups.")},
    {"policy", _("SPF was checked, but a rule of the checking server decided against the result.")},
    {NULL, NULL},
};

static const struct meaning dkim_meanings[] = {
    {"pass", _("The signature of {domain} fits: what it covers was not changed on the way.")},
    {"fail",
     _("The signature of {domain} does not fit: the message was changed on the way, or the key "
       "in DNS is another one.")},
    {"none", _("The message carries no signature.")},
    {"policy", _("The message is signed, but a rule of the checking server does not accept the "
                 "signature.")},
    {"neutral", _("The message is signed, but the signature could not be understood.")},
    {"temperror",
     _("The key of {domain} could not be read at that moment: DNS gave no answer. A later "
       "try may pass.")},
    {"permerror",
     _("The signature of {domain} cannot be checked: its key or a part of it is missing "
       "or has a fault.")},
    {NULL, NULL},
};

static const struct meaning dmarc_meanings[] = {
    {"pass", _("SPF or DKIM passed for a domain that agrees with {domain}.")},
    {"fail", _("Neither SPF nor DKIM passed for a domain that agrees with {domain}.")},
    {"none", _("No DMARC record was found for {domain}.")},
    {"bestguesspass", _("There is no DMARC record for {domain}; with one the message would have "
                        "passed.")},
    {"temperror", _("The DMARC record of {domain} could not be read at that moment: DNS gave no "
                    "answer. A later try may pass.")},
    {"permerror", _("The DMARC record of {domain} has a fault.")},
    {NULL, NULL},
};

static const struct meaning arc_meanings[] = {
    {"pass", _("The seals of the servers that handed the message on are whole.")},
    {"fail",
     _("A seal of the servers that handed the message on is broken: what they found does not "
       "count.")},
    {"none", _("No server on the way sealed what it found.")},
    {NULL, NULL},
};

static const struct meaning compauth_meanings[] = {
    {"pass", _("All in all, Microsoft takes the From address for true.")},
    {"softpass", _("All in all, Microsoft takes the From address for true, but is not sure.")},
    {"fail", _("All in all, Microsoft takes the From address for forged.")},
    {"none", _("Microsoft did not make its own check of the From address, or passed over it.")},
    {NULL, NULL},
};

/* Microsoft, "Anti-spam message headers", "Spam confidence level", "Bulk complaint level". */
static const struct meaning scl_meanings[] = {
    {"-1", _("was not checked for spam: a rule or a list lets it through")},
    {"0 1", _("not spam")},
    {"5 6", _("spam")},
    {"8 9", _("spam, with high confidence")},
    {NULL, NULL},
};

static const struct meaning bcl_meanings[] = {
    {"0", _("not from a bulk sender")},
    {"1 2 3", _("from a bulk sender about whom few people complain")},
    {"4 5 6 7", _("from a bulk sender about whom some people complain")},
    {"8 9", _("from a bulk sender about whom many people complain")},
    {NULL, NULL},
};

static const struct meaning sfv_meanings[] = {
    {"NSPM", _("the filter found no spam")},
    {"SPM", _("the filter found spam")},
    {"SKI",
     _("was not checked: mail inside of one organization, or let through for a reason like that")},
    {"SKN", _("was marked as no spam before the filter, such as by a mail flow rule")},
    {"SKS", _("was marked as spam before the filter, such as by a mail flow rule")},
    {"SKQ", _("was released from quarantine")},
    {"SKA", _("was not checked: the sender is on the allow list of a spam policy")},
    {"SKB", _("was marked as spam: the sender is on the block list of a spam policy")},
    {"SFE", _("was not checked: the sender is on the recipient's list of safe senders")},
    {"BLK", _("was blocked: the sender is on the recipient's list of blocked senders")},
    {NULL, NULL},
};

static const struct meaning cat_meanings[] = {
    {"NONE", _("no policy took hold of it")},
    {"AMP", _("malware")},
    {"BIMP", _("pretends to be a known brand")},
    {"BULK", _("bulk mail")},
    {"DIMP", _("pretends to be a protected domain")},
    {"FTBP", _("an attachment of a blocked file type")},
    {"GIMP", _("pretends to be somebody the recipient often writes with")},
    {"HPHSH HPHISH", _("phishing, with high confidence")},
    {"HSPM", _("spam, with high confidence")},
    {"INTOS", _("phishing inside of the organization")},
    {"MALW", _("malware")},
    {"OSPM", _("outbound spam")},
    {"PHSH", _("phishing")},
    {"SAP", _("an unsafe attachment")},
    {"SPM", _("spam")},
    {"SPOOF", _("a forged sender")},
    {"UIMP", _("pretends to be a protected person")},
    {NULL, NULL},
};

/* Microsoft, "Message authentication"; "1xx" stands for a first digit. */
static const struct meaning reason_meanings[] = {
    {"000", _("failed DMARC, and the record of the domain asks to quarantine or refuse")},
    {"001", _("failed, as the domain has no records or only ones that ask for little")},
    {"002", _("failed, as an administrator has forbidden this server to send for this domain")},
    {"010", _("failed DMARC, and the From domain is one of the recipient's own")},
    {"1xx", _("passed")},
    {"2xx", _("passed, but not for sure")},
    {"3xx", _("was not checked")},
    {"4xx 9xx", _("the check was passed over")},
    {"6xx", _("failed, and the From domain is one of the recipient's own")},
    {"7xx", _("passed by other signs than the records of the domain")},
    {NULL, NULL},
};

static const char *reason_meaning(struct str reason)
{
    const char *words = meaning_of(reason_meanings, reason);
    char family[] = "0xx";
    unsigned number;

    if (words || reason.len != 3 || !str_to_uint(reason, 999, &number)) {
        return words;
    }
    family[0] = reason.ptr[0];
    return meaning_of(reason_meanings, str_from(family));
}

/* --- authentication --- */

/* Two values of one field belong to each other; those of two fields may be of two judges. */
static bool is_same_field(const struct ndr_value *a, const struct ndr_value *b)
{
    return a->text.len && b->text.len && a->place.offset == b->place.offset;
}

/* One method: its result, the domain it is about, and what to call that where it is not named. */
struct method {
    const char *name;
    const struct ndr_value *result;
    const struct ndr_value *domain; /* NULL for a method that has none */
    const char *whose;
    const struct meaning *meanings;
};

static void add_method(const struct ndr_report *report, const struct method *method,
                       struct doc *doc)
{
    const struct ndr_value *by = &report->authentication.by;
    struct str result = method->result->text;
    const char *words = meaning_of(method->meanings, result);
    bool named = method->domain && is_same_field(method->result, method->domain);
    struct tree_fact fact = {STR_LIT("domain"),
                             named ? method->domain->text : str_from(method->whose), 0};
    struct tree_facts facts = {&fact, 1};

    if (result.len == 0) {
        doc_add(doc, DOC_PAIR, str_from(method->name), str_from(_("not in the report")));
        return;
    }
    struct str text = result;

    if (named) {
        text = str_printf(doc->arena, _("%.*s, for %.*s"), STR_ARGS(text), STR_ARGS(fact.value));
    }
    text = is_same_field(method->result, by)
               ? str_printf(doc->arena, _("%.*s, says %.*s"), STR_ARGS(text), STR_ARGS(by->text))
               : str_printf(doc->arena, _("%.*s, the judge is not named"), STR_ARGS(text));
    struct str meaning =
        session_fill(doc->arena, str_from(words ? words : _("An unknown result.")), &facts);

    doc_add(doc, DOC_PAIR, str_from(method->name),
            str_printf(doc->arena, "%.*s\n%.*s", STR_ARGS(text), STR_ARGS(meaning)));
}

static void add_methods(const struct ndr_report *report, struct doc *doc)
{
    const struct ndr_authentication *a = &report->authentication;
    const struct method methods[] = {
        {_("SPF"), &a->spf, &a->spf_domain, _("the sender's domain"), spf_meanings},
        {_("DKIM"), &a->dkim, &a->dkim_domain, _("the signing domain"), dkim_meanings},
        {_("DMARC"), &a->dmarc, &a->from_domain, _("the From domain"), dmarc_meanings},
        {_("ARC"), &a->arc, NULL, "", arc_meanings},
        {_("compauth"), &a->compauth, &a->from_domain, "", compauth_meanings},
    };

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        add_method(report, &methods[i], doc);
    }
}

/* --- alignment, RFC 7489 3.1 --- */

/* The labels at the end that both have, from the first one that they share. */
static struct str common_end(struct str a, struct str b)
{
    size_t kept = 0;

    for (size_t n = 1; n <= a.len && n <= b.len; n++) {
        if (str_lower_char(a.ptr[a.len - n]) != str_lower_char(b.ptr[b.len - n])) {
            break;
        }
        bool begins_a = n == a.len || a.ptr[a.len - n - 1] == '.';
        bool begins_b = n == b.len || b.ptr[b.len - n - 1] == '.';

        kept = begins_a && begins_b ? n : kept;
    }
    return str_sub(a, a.len - kept, kept);
}

/* Where a domain belongs to one owner cannot be told without the list of public suffixes, so two
 * names below a third one stay open. */
static struct str alignment_words(struct arena *arena, struct str from, struct str domain)
{
    struct str end = common_end(from, domain);

    if (str_equal_nocase(from, domain)) {
        return str_from(_("the same as in the From address, so they agree"));
    }
    if (str_find_char(end, '.', 0) == STR_NPOS) {
        return str_from(_("another domain than in the From address, so they do not agree"));
    }
    if (end.len == from.len || end.len == domain.len) {
        return str_from(
            _("one lies below the other, so they agree unless the DMARC record asks for "
              "the strict rule"));
    }
    return str_printf(arena,
                      _("both end in %.*s, so they agree if that is a domain of one owner and "
                        "the DMARC record does not ask for the strict rule"),
                      STR_ARGS(end));
}

static void add_alignment(const char *name, struct str from, const struct ndr_value *domain,
                          const struct ndr_value *result, struct doc *doc)
{
    if (domain->text.len == 0) {
        doc_add(doc, DOC_PAIR, str_from(name),
                str_from(_("cannot be told: the report names no domain for it")));
        return;
    }
    struct str words = alignment_words(doc->arena, from, domain->text);
    bool passed = str_equal_nocase(result->text, STR_LIT("pass"));
    struct str but =
        passed || result->text.len == 0
            ? STR_NULL
            : str_printf(doc->arena, _("; but %s did not pass, so DMARC cannot use it"), name);

    doc_add(doc, DOC_PAIR, str_from(name),
            str_printf(doc->arena, "%.*s: %.*s%.*s", STR_ARGS(domain->text), STR_ARGS(words),
                       STR_ARGS(but)));
}

/* Domain of the From address: as the judge read it, else from the returned message itself. */
static struct str from_domain(const struct ndr_report *report)
{
    struct str address = report->original.from.text;
    size_t at = str_find_char(address, '@', 0);

    if (report->authentication.from_domain.text.len) {
        return report->authentication.from_domain.text;
    }
    return at == STR_NPOS ? STR_NULL : str_sub(address, at + 1, address.len);
}

static void add_alignments(const struct ndr_report *report, struct doc *doc)
{
    const struct ndr_authentication *a = &report->authentication;
    struct str from = from_domain(report);

    if (!a->spf.text.len && !a->dkim.text.len && !a->dmarc.text.len) {
        return;
    }
    doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("Does it agree with the From address?")));
    if (from.len == 0) {
        doc_add(
            doc, DOC_PARAGRAPH, STR_NULL,
            str_from(_("It cannot be told: the domain of the From address is not in the report.")));
        return;
    }
    doc_add(doc, DOC_PAIR, str_from(_("From")), from);
    add_alignment(_("SPF"), from, &a->spf_domain, &a->spf, doc);
    add_alignment(_("DKIM"), from, &a->dkim_domain, &a->dkim, doc);
}

/* --- Microsoft's fields --- */

static void add_verdict(const char *label, const char *field, struct str value, const char *words,
                        struct doc *doc)
{
    if (value.len) {
        doc_add(doc, DOC_PAIR, str_from(label),
                str_printf(doc->arena, "%s %.*s: %s", field, STR_ARGS(value),
                           words ? words : _("an unknown value")));
    }
}

static void add_verdicts(const struct ndr_report *report, struct doc *doc)
{
    const struct ndr_antispam *spam = &report->antispam;
    /* Other servers write a reason too, in words of their own. */
    bool has_reason = is_same_field(&spam->compauth_reason, &report->authentication.compauth);

    if (!has_reason && !spam->scl.text.len && !spam->bcl.text.len && !spam->sfv.text.len &&
        !spam->cat.text.len) {
        return;
    }
    doc_add(doc, DOC_HEADING, STR_NULL, str_from(_("What Microsoft's filter says")));
    add_verdict(_("Spam level"), "SCL", spam->scl.text, meaning_of(scl_meanings, spam->scl.text),
                doc);
    add_verdict(_("Bulk level"), "BCL", spam->bcl.text, meaning_of(bcl_meanings, spam->bcl.text),
                doc);
    add_verdict(_("Filter"), "SFV", spam->sfv.text, meaning_of(sfv_meanings, spam->sfv.text), doc);
    add_verdict(_("Category"), "CAT", spam->cat.text, meaning_of(cat_meanings, spam->cat.text),
                doc);
    if (has_reason) {
        add_verdict(_("Reason"), "compauth", spam->compauth_reason.text,
                    reason_meaning(spam->compauth_reason.text), doc);
    }
}

void session_doc_authentication(const struct ndr_report *report, struct doc *doc)
{
    const struct ndr_authentication *a = &report->authentication;
    bool has_results = a->spf.text.len || a->dkim.text.len || a->dmarc.text.len ||
                       a->arc.text.len || a->compauth.text.len;

    doc_add(doc, DOC_TITLE, STR_NULL, str_from(_("Authentication of the returned message")));
    if (has_results) {
        add_methods(report, doc);
        add_alignments(report, doc);
    } else {
        doc_add(doc, DOC_PARAGRAPH, STR_NULL,
                str_from(_("No authentication results stand in this report.")));
        doc_add(
            doc, DOC_PARAGRAPH, STR_NULL,
            str_from(_("Ask for the report as an attachment (.eml or .msg) with the header of the "
                       "message: the server that took it writes them into "
                       "Authentication-Results.")));
    }
    add_verdicts(report, doc);
}
