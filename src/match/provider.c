#include "match/rank.h"

static const struct {
    struct str slug;
    struct str hosts;
    struct str generators;
} providers[] = {
#define PROVIDER(slug, hosts, generators) {STR_INIT(slug), STR_INIT(hosts), STR_INIT(generators)},
#define MARK(slug, words)
#include "match/providers.def"
#undef PROVIDER
#undef MARK
};

static const struct {
    struct str slug;
    struct str words;
} marks[] = {
#define PROVIDER(slug, hosts, generators)
#define MARK(slug, words) {STR_INIT(slug), STR_INIT(words)},
#include "match/providers.def"
#undef PROVIDER
#undef MARK
};

static bool host_is_of(struct str host, struct str suffixes)
{
    struct str rest = suffixes;
    struct str suffix;

    while (host.len && str_next_word(&rest, &suffix)) {
        if (str_ends_nocase(host, suffix) &&
            (host.len == suffix.len || host.ptr[host.len - suffix.len - 1] == '.')) {
            return true;
        }
    }
    return false;
}

static bool list_has(struct str list, struct str word)
{
    struct str rest = list;
    struct str item;

    while (str_next_word(&rest, &item)) {
        if (str_equal(item, word)) {
            return true;
        }
    }
    return false;
}

/* A link in the reply such as https://support.google.com/mail/... names its provider too. */
static bool text_links_to(struct str text, struct str suffixes)
{
    size_t at = str_find(text, STR_LIT("://"), 0);

    for (; at != STR_NPOS; at = str_find(text, STR_LIT("://"), at + 3)) {
        size_t end = at + 3;

        while (end < text.len && (str_is_alnum(text.ptr[end]) || text.ptr[end] == '.' ||
                                  text.ptr[end] == '-')) {
            end++;
        }
        if (host_is_of(str_sub(text, at + 3, end - at - 3), suffixes)) {
            return true;
        }
    }
    return false;
}

static bool text_has_mark(struct str text, struct str provider)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (str_equal(provider, marks[i].slug) &&
            str_find_nocase(text, marks[i].words, 0) != STR_NPOS) {
            return true;
        }
    }
    return false;
}

/* Servers and report writers of Microsoft. */
static const struct str microsoft_hosts =
    STR_INIT("outlook.com outlook.de office365.com office365.us office.com microsoft.com mx.microsoft hotmail.com "
             "live.com partner.outlook.cn exchangelabs.com");
/* These are the slugs of its entries as well. */
static const struct str microsoft_generators = STR_INIT("exchange exchange-online");

bool match_is_elsewhere(const struct ndr_report *report, const struct ndr_recipient *recipient)
{
    struct str host = recipient->remote_mta.text;

    for (size_t i = 0; i < recipient->reply_count; i++) {
        host = recipient->replies[i].by.text.len ? recipient->replies[i].by.text : host;
    }
    if (host.len) {
        return !host_is_of(host, microsoft_hosts);
    }
    if (report->generator.text.len) {
        return !list_has(microsoft_generators, report->generator.text);
    }
    /* A whole mail of Microsoft's servers tells who wrote it. */
    return report->is_mail && report->reporting_mta.text.len &&
           !host_is_of(report->reporting_mta.text, microsoft_hosts);
}

bool match_provider_is_microsoft(struct str provider)
{
    return list_has(microsoft_generators, provider);
}

enum match_kinship match_provider_kinship(struct str provider, const struct ndr_report *report,
                                          const struct ndr_recipient *recipient)
{
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        if (!str_equal(provider, providers[i].slug)) {
            continue;
        }
        for (size_t r = 0; r < recipient->reply_count; r++) {
            if (host_is_of(recipient->replies[r].by.text, providers[i].hosts)) {
                return MATCH_KINSHIP_OWN;
            }
        }
        return host_is_of(recipient->remote_mta.text, providers[i].hosts) ||
                       host_is_of(report->reporting_mta.text, providers[i].hosts) ||
                       list_has(providers[i].generators, report->generator.text) ||
                       text_links_to(recipient->diagnostic.text, providers[i].hosts) ||
                       text_has_mark(recipient->diagnostic.text, provider)
                   ? MATCH_KINSHIP_OWN
                   : MATCH_KINSHIP_FOREIGN;
    }
    return MATCH_KINSHIP_NEUTRAL;
}
