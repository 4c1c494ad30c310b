#include "ndr/trace.h"
#include "session/session.h"

/* The fact of that name, NULL when the report does not give it. */
static const struct tree_fact *find_fact(const struct tree_facts *facts, struct str name)
{
    for (size_t i = 0; facts && i < facts->count; i++) {
        if (str_equal(facts->items[i].name, name) && facts->items[i].value.len) {
            return &facts->items[i];
        }
    }
    return NULL;
}

static void add_upper(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        buf_add_char(out, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

/* "<id@host>" without its angle brackets, which mean something to a shell. */
static struct str without_brackets(struct str value)
{
    bool has = value.len > 2 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>';

    return has ? str_sub(value, 1, value.len - 2) : value;
}

static struct str fill(struct arena *arena, struct str text, const struct tree_facts *facts,
                       bool command)
{
    struct buf out;

    if (str_find_char(text, '{', 0) == STR_NPOS) {
        return text;
    }
    buf_init(&out, BUF_NO_LIMIT);
    for (size_t at = 0; at < text.len;) {
        size_t end = text.ptr[at] == '{' ? str_find_char(text, '}', at) : STR_NPOS;
        struct str name = end == STR_NPOS ? STR_NULL : str_sub(text, at + 1, end - at - 1);
        enum ndr_fact id = name.len ? ndr_fact_find(name) : NDR_FACT_COUNT;

        if (id == NDR_FACT_COUNT) {
            buf_add_char(&out, text.ptr[at++]);
            continue;
        }
        const struct tree_fact *fact = find_fact(facts, name);
        struct str value = fact ? fact->value : STR_NULL;

        if (command) {
            value = without_brackets(value);
        }
        if (fact && (!command || ndr_fact_fits(id, value))) {
            buf_add_str(&out, value);
        } else {
            add_upper(&out, name);
        }
        at = end + 1;
    }
    struct str filled = str_dup(arena, buf_str(&out));

    buf_fini(&out);
    return filled;
}

struct str session_fill(struct arena *arena, struct str text, const struct tree_facts *facts)
{
    return fill(arena, text, facts, false);
}

struct str session_fill_command(struct arena *arena, struct str text,
                                const struct tree_facts *facts)
{
    return fill(arena, text, facts, true);
}

/* "2026-11-24 10:15 UTC" of a date as RFC 3339, so that both sides of a mail mean the same minute. */
static struct str utc(struct arena *arena, struct str date)
{
    int64_t seconds = ndr_date_parse(date);
    struct str text = seconds == INT64_MIN ? STR_NULL : ndr_date_text(arena, seconds);

    if (text.len < strlen("2026-11-24T10:15")) {
        return date;
    }
    return str_printf(arena, "%.10s %.5s UTC", text.ptr, text.ptr + strlen("2026-11-24T"));
}

static bool is_own(const struct session *session, struct str domain)
{
    for (size_t i = 0; i < session->own_domain_count; i++) {
        if (str_equal_nocase(domain, session->own_domains[i])) {
            return true;
        }
    }
    return false;
}

struct tree_facts session_facts(const struct session *session, struct arena *arena,
                                const struct match_result *result,
                                const struct match_recipient *recipient)
{
    struct tree_facts facts = {0};
    struct tree_fact *items;

    if (!recipient) {
        return facts;
    }
    items = ARENA_ARRAY(arena, struct tree_fact, NDR_FACT_COUNT);
    for (int i = 0; i < NDR_FACT_COUNT; i++) {
        struct ndr_value value = recipient->facts[i];

        if (i == NDR_FACT_SIDE && session->own_domain_count &&
            recipient->facts[NDR_FACT_DOMAIN].text.len) {
            value = recipient->facts[NDR_FACT_DOMAIN];
            value.text = is_own(session, value.text) ? STR_LIT("ours") : STR_LIT("theirs");
        }
        if (i == NDR_FACT_TIME || i == NDR_FACT_RETRY_UNTIL) {
            value.text = value.text.len ? utc(arena, value.text) : STR_NULL;
        }
        if (value.text.len) {
            items[facts.count++] =
                (struct tree_fact){ndr_fact_name((enum ndr_fact)i), value.text,
                                   ndr_report_line(result->report, value.place)};
        }
    }
    facts.items = items;
    return facts;
}
