#include "base/block.h"
#include "base/err.h"
#include "base/scan.h"
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

static uint64_t bit(unsigned provider)
{
    return (uint64_t)1 << provider;
}

/* A slot to begin looking at; names differ in length and in a few of their bytes. */
static size_t slot_of(struct str name)
{
    /* Letters of either case are alike with the bit set. */
    unsigned hash = (unsigned)name.len * 29 + (unsigned char)(name.ptr[0] | 32) * 7u +
                    (unsigned char)(name.ptr[name.len / 2] | 32) * 13u + (unsigned char)(name.ptr[name.len / 4] | 32);

    return hash % MATCH_NAME_SLOTS;
}

/* The slot of the name, or the free one where it belongs. */
static size_t find_name(const struct match_name *names, struct str name)
{
    size_t slot = slot_of(name);

    while (names[slot].name.len && !str_equal_nocase(names[slot].name, name)) {
        slot = (slot + 1) % MATCH_NAME_SLOTS;
    }
    return slot;
}

enum { HOST_MAX_BYTES = 63 }; /* that are looked at of a host; those of the table are shorter */

static void add_names(struct match_name *names, struct str list, unsigned provider)
{
    struct str name;

    while (str_next_word(&list, &name)) {
        BUG_ON(name.len >= HOST_MAX_BYTES);
        struct match_name *slot = &names[find_name(names, name)];

        slot->name = name;
        slot->providers |= bit(provider);
    }
}

/* Servers and report writers of Microsoft; the writers are the slugs of its entries as well. */
static const struct str microsoft_hosts =
    STR_INIT("outlook.com outlook.de office365.com office365.us office.com microsoft.com mx.microsoft hotmail.com "
             "live.com partner.outlook.cn exchangelabs.com");
static const struct str microsoft_generators = STR_INIT("exchange exchange-online");

void match_index_providers(struct match_index *index)
{
    add_names(index->hosts, microsoft_hosts, MATCH_PROVIDER_MICROSOFT);
    add_names(index->generators, microsoft_generators, MATCH_PROVIDER_MICROSOFT);
    for (unsigned i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        add_names(index->hosts, providers[i].hosts, MATCH_PROVIDER_FIRST + i);
        add_names(index->generators, providers[i].generators, MATCH_PROVIDER_FIRST + i);
    }
}

_Static_assert(MATCH_PROVIDER_FIRST + sizeof providers / sizeof providers[0] <= 64, "a bit each");

uint8_t match_provider_number(struct str provider)
{
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        if (str_equal(provider, providers[i].slug)) {
            return (uint8_t)(MATCH_PROVIDER_FIRST + i);
        }
    }
    return MATCH_PROVIDER_NONE;
}

bool match_provider_is_microsoft(struct str provider)
{
    struct str rest = microsoft_generators;
    struct str slug;

    while (str_next_word(&rest, &slug)) {
        if (str_equal(slug, provider)) {
            return true;
        }
    }
    return false;
}

size_t match_mark_count(void)
{
    return sizeof marks / sizeof marks[0];
}

struct str match_mark(size_t i, uint8_t *provider)
{
    *provider = match_provider_number(marks[i].slug);
    return marks[i].words;
}

/* Where the labels of a host of at most so many bytes begin, a bit a byte: seen a block at a time, as how long they are
 * nobody can foresee. */
static uint64_t labels_of(struct str host)
{
    uint64_t dots = 0;

    for (size_t at = 0; at < host.len; at += BLOCK) {
        dots |= bits_of(equal(load_some(host.ptr + at, host.len - at), '.')) << at;
    }
    return (dots << 1 | 1) & ((UINT64_C(1) << host.len) - 1);
}

/* Providers whose host it is: each run of its last labels is looked up. */
static uint64_t of_host(const struct match_index *index, struct str host)
{
    uint64_t found = 0;

    /* The end of a longer one, which as a whole is not in the table. */
    host = str_sub(host, host.len > HOST_MAX_BYTES ? host.len - HOST_MAX_BYTES : 0, HOST_MAX_BYTES);
    for (uint64_t labels = labels_of(host); labels; labels &= labels - 1) {
        struct str name = str_sub(host, (size_t)__builtin_ctzll(labels), host.len);

        found |= index->hosts[find_name(index->hosts, name)].providers;
    }
    return found;
}

static uint64_t of_generator(const struct match_index *index, struct str generator)
{
    return generator.len ? index->generators[find_name(index->generators, generator)].providers : 0;
}

/* A link in the reply such as https://support.google.com/mail/... names its provider too. */
static uint64_t of_links(const struct match_index *index, struct str text)
{
    uint64_t found = 0;

    for (size_t at = scan_three(text, 0, "://"); at < text.len; at = scan_three(text, at, "://")) {
        size_t from = at += 3;

        while (at < text.len && (str_is_alnum(text.ptr[at]) || text.ptr[at] == '.' || text.ptr[at] == '-')) {
            at++;
        }
        found |= of_host(index, str_sub(text, from, at - from));
    }
    return found;
}

struct match_named match_named(const struct match_index *index, const struct ndr_report *report,
                               const struct ndr_recipient *recipient)
{
    struct match_named named = {0};
    struct str host = recipient->remote_mta.text;
    uint64_t refusing = of_host(index, host); /* of the server that refused */
    uint64_t reporting = of_host(index, report->reporting_mta.text);
    uint64_t writer = of_generator(index, report->generator.text);

    named.providers = refusing | reporting | writer | of_links(index, recipient->diagnostic.text);
    for (size_t i = 0; i < recipient->reply_count; i++) {
        if (recipient->replies[i].by.text.len) {
            host = recipient->replies[i].by.text;
            refusing = of_host(index, host);
            named.providers |= refusing;
        }
    }
    if (host.len) {
        named.elsewhere = !(refusing & bit(MATCH_PROVIDER_MICROSOFT));
    } else if (report->generator.text.len) {
        named.elsewhere = !(writer & bit(MATCH_PROVIDER_MICROSOFT));
    } else {
        /* A whole mail of Microsoft's servers tells who wrote it. */
        named.elsewhere = report->is_mail && report->reporting_mta.text.len &&
                          !(reporting & bit(MATCH_PROVIDER_MICROSOFT));
    }
    return named;
}
