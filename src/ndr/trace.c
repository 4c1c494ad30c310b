#include "base/names.h"
#include "base/scan.h"
#include "ndr/trace.h"

#define IS(a, literal) str_equal_nocase((a), STR_LIT(literal))

bool ndr_trace_needs(enum ndr_field_kind kind)
{
    static const unsigned needed = 1u << NDR_FIELD_FROM | 1u << NDR_FIELD_RETURN_PATH | 1u << NDR_FIELD_SUBJECT |
                                   1u << NDR_FIELD_DATE | 1u << NDR_FIELD_MESSAGE_ID | 1u << NDR_FIELD_TO |
                                   1u << NDR_FIELD_RECEIVED | 1u << NDR_FIELD_RESULTS | 1u << NDR_FIELD_FOREFRONT |
                                   1u << NDR_FIELD_MICROSOFT;

    return needed >> kind & 1;
}

static size_t count_of(const struct ndr_fields *fields, enum ndr_field_kind kind)
{
    size_t count = 0;

    for (size_t i = fields->first[kind] ? fields->first[kind] - 1u : fields->count; i < fields->count; i++) {
        count += fields->items[i].kind == kind;
    }
    return count;
}

/* Takes the comment in brackets, which may hold others, off the start of `rest`. */
static struct str take_comment(struct str *rest)
{
    size_t end = scan_either(*rest, 1, '(', ')');

    if (end < rest->len && rest->ptr[end] == '(') {
        int depth = 2;

        for (end++; end < rest->len; end++) {
            depth += rest->ptr[end] == '(' ? 1 : rest->ptr[end] == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
    }
    struct str comment = str_sub(*rest, 1, end - 1);

    *rest = str_sub(*rest, end + 1, rest->len);
    return comment;
}

/* Behind the blanks at `at`: none, one, or those of a fold. */
static struct str behind_blanks(struct str s, size_t at)
{
    at = scan_not_blank(s, at);
    return str_make(s.ptr + at, s.len - at);
}

/* Next word of a Received field outside of comments; the comment right behind it goes to
 * `comment` ("mx.example.org (mx.example.org [192.0.2.1])").  `rest` begins with no blank. */
static inline bool next_token(struct str *rest, struct str *word, struct str *comment)
{
    struct str s = *rest;
    size_t next;

    *comment = STR_NULL;
    if (s.len == 0) {
        return false;
    }
    size_t end = scan_token(s, 0, '(', ';', &next);

    if (end == 0 && s.ptr[0] == ';') {
        end = 1;
        next = scan_not_blank(s, end);
    }
    *word = str_make(s.ptr, end);
    s = str_make(s.ptr + next, s.len - next);
    if (s.len && s.ptr[0] == '(') {
        *comment = take_comment(&s);
        s = behind_blanks(s, 0);
    }
    *rest = s;
    return true;
}

/* First IP address in brackets or bare in "mx.example.org [192.0.2.1]". */
static struct str address_in(struct str comment)
{
    size_t open = str_find_char(comment, '[', 0);
    struct str ip = comment;

    if (open != STR_NPOS) {
        size_t close = str_find_char(comment, ']', open);

        ip = str_sub(comment, open + 1, (close == STR_NPOS ? comment.len : close) - open - 1);
    }
    if (str_starts_nocase(ip, STR_LIT("IPv6:"))) {
        ip = str_sub(ip, 5, ip.len);
    }
    return ndr_is_ip(ip) ? ip : STR_NULL;
}

/* Number of a word that tells what the next one is, 0 for others; what stands behind it makes it quicker. */
enum { HOP_NONE, HOP_FROM, HOP_BY, HOP_WITH };

static unsigned hop_word(struct str text, size_t len)
{
    static const struct names_item items[] = {
        {STR_INIT("from"), HOP_FROM},
        {STR_INIT("by"), HOP_BY},
        {STR_INIT("with"), HOP_WITH},
    };
    static struct names names;

    if (!names.factor) {
        names_make(&names, items, sizeof items / sizeof items[0]);
    }
    return len ? names_find(&names, text, len) : HOP_NONE;
}

/* The words are read where they stand: folds are blanks like others. */
static void read_hop(struct arena *arena, const struct ndr_field *field, struct ndr_hop *hop)
{
    struct ndr_place place = ndr_field_place(field);
    size_t semicolon = scan_last(field->value, ';'); /* the date stands behind it */
    struct str rest = behind_blanks(str_sub(field->value, 0, semicolon), 0);
    struct ndr_value *const targets[] = {NULL, &hop->from, &hop->by, &hop->with};
    const char *end = field->value.ptr + field->value.len;
    struct str word;
    struct str comment;

    while ((!hop->from.text.len || !hop->by.text.len || !hop->with.text.len) &&
           next_token(&rest, &word, &comment)) {
        struct ndr_value *target = targets[hop_word(str_make(word.ptr, (size_t)(end - word.ptr)), word.len)];

        if (!target || target->text.len || !next_token(&rest, &word, &comment)) {
            continue;
        }
        *target = (struct ndr_value){word, place};
        struct str ip = target == &hop->from ? address_in(comment) : STR_NULL;

        if (ip.len) {
            hop->ip = (struct ndr_value){ip, place};
        }
    }
    hop->time = semicolon == STR_NPOS
                    ? INT64_MIN
                    : ndr_date_folded(arena, str_sub(field->value, semicolon + 1, field->value.len));
    hop->date.place = place;
    if (hop->time != INT64_MIN) {
        hop->date.text = ndr_date_text(arena, hop->time);
    }
}

static void read_hops(struct arena *arena, const struct ndr_fields *fields, struct ndr_report *report)
{
    size_t all = count_of(fields, NDR_FIELD_RECEIVED);
    size_t count = all < NDR_HOPS_MAX ? all : NDR_HOPS_MAX;
    const struct ndr_field *field = ndr_field_first(fields, NDR_FIELD_RECEIVED);

    report->hops = ARENA_ARRAY(arena, struct ndr_hop, count ? count : 1);
    report->hop_count = count;
    /* The last server writes its field on top: the first hop is the lowest. */
    for (size_t left = count; left > 0 && field < fields->items + fields->count; field++) {
        if (field->kind == NDR_FIELD_RECEIVED) {
            read_hop(arena, field, &report->hops[--left]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct ndr_hop *hop = &report->hops[i];
        bool known = i > 0 && hop->time != INT64_MIN && report->hops[i - 1].time != INT64_MIN;

        hop->delay_seconds = known ? hop->time - report->hops[i - 1].time : INT64_MIN;
    }
}

static struct ndr_loop *find_loop(struct ndr_report *report, const struct ndr_hop *hop)
{
    for (size_t i = 0; i < report->loop_count; i++) {
        if (str_equal_nocase(report->loops[i].from, hop->from.text) &&
            str_equal_nocase(report->loops[i].by, hop->by.text)) {
            return &report->loops[i];
        }
    }
    return NULL;
}

/* Pairs of hosts that hand the message on more than once. */
static void read_loops(struct arena *arena, struct ndr_report *report)
{
    size_t kept = 0;

    report->loop_count = 0;
    if (report->hop_count < 2) {
        return;
    }
    report->loops = ARENA_ARRAY(arena, struct ndr_loop, report->hop_count + 1);
    for (size_t i = 0; i < report->hop_count; i++) {
        const struct ndr_hop *hop = &report->hops[i];
        struct ndr_loop *loop = find_loop(report, hop);

        if (hop->from.text.len == 0 || hop->by.text.len == 0) {
            continue;
        }
        if (loop) {
            loop->times++;
        } else {
            report->loops[report->loop_count++] =
                (struct ndr_loop){hop->from.text, hop->by.text, 1};
        }
    }
    for (size_t i = 0; i < report->loop_count; i++) {
        if (report->loops[i].times > 1) {
            report->loops[kept++] = report->loops[i];
        }
    }
    report->loop_count = kept;
}

/* Value of "key=word" at a word's start in `text`, case ignored: the run up to a blank, ";" or
 * bracket.  With separator ':' it reads "SCL:-1;". */
static struct str keyed(struct str text, struct str key, char separator)
{
    for (size_t at = str_find_nocase(text, key, 0); at != STR_NPOS;
         at = str_find_nocase(text, key, at + 1)) {
        size_t from = at + key.len;

        if (from >= text.len || text.ptr[from] != separator ||
            (at > 0 && (str_is_alnum(text.ptr[at - 1]) || text.ptr[at - 1] == '-'))) {
            continue;
        }
        size_t end = ++from;

        while (end < text.len && !str_is_blank(text.ptr[end]) && text.ptr[end] != ';' &&
               text.ptr[end] != '(' && text.ptr[end] != ')') {
            end++;
        }
        return str_sub(text, from, end - from);
    }
    return STR_NULL;
}

static void set_keyed(struct ndr_value *value, struct ndr_value whole, struct str key,
                      char separator)
{
    struct str text = keyed(whole.text, key, separator);

    if (text.len && value->text.len == 0) {
        *value = (struct ndr_value){text, whole.place};
    }
}

/* "mx.example.net; spf=pass smtp.mailfrom=a.example; dkim=none; dmarc=fail header.from=b.example" */
static void read_results(struct ndr_value whole, struct ndr_authentication *auth)
{
    struct str by = str_trim(str_sub(whole.text, 0, str_find_char(whole.text, ';', 0)));

    by = str_sub(by, 0, str_find_char(by, ' ', 0));
    if (str_find_char(by, '=', 0) == STR_NPOS && auth->by.text.len == 0) {
        auth->by = (struct ndr_value){by, whole.place};
    }
    set_keyed(&auth->spf, whole, STR_LIT("spf"), '=');
    set_keyed(&auth->dkim, whole, STR_LIT("dkim"), '=');
    set_keyed(&auth->dmarc, whole, STR_LIT("dmarc"), '=');
    set_keyed(&auth->arc, whole, STR_LIT("arc"), '=');
    set_keyed(&auth->compauth, whole, STR_LIT("compauth"), '=');
    set_keyed(&auth->spf_domain, whole, STR_LIT("smtp.mailfrom"), '=');
    set_keyed(&auth->dkim_domain, whole, STR_LIT("header.d"), '=');
    if (IS(auth->dkim_domain.text, "none")) {
        auth->dkim_domain = (struct ndr_value){0}; /* Exchange Online writes so without a signature */
    }
    set_keyed(&auth->from_domain, whole, STR_LIT("header.from"), '=');
    size_t at = str_find_char(auth->spf_domain.text, '@', 0);

    if (at != STR_NPOS) {
        auth->spf_domain.text = str_sub(auth->spf_domain.text, at + 1, auth->spf_domain.text.len);
    }
}

static void read_verdicts(struct arena *arena, const struct ndr_fields *fields,
                          struct ndr_report *report)
{
    struct ndr_antispam *antispam = &report->antispam;

    for (size_t i = 0; i < fields->count; i++) {
        enum ndr_field_kind kind = fields->items[i].kind;

        if (kind != NDR_FIELD_FOREFRONT && kind != NDR_FIELD_MICROSOFT && kind != NDR_FIELD_RESULTS) {
            continue;
        }
        struct ndr_value whole = ndr_field_value(arena, &fields->items[i], false);

        if (kind == NDR_FIELD_RESULTS) {
            read_results(whole, &report->authentication);
            set_keyed(&antispam->compauth_reason, whole, STR_LIT("reason"), '=');
            continue;
        }
        antispam->present = true;
        set_keyed(&antispam->scl, whole, STR_LIT("SCL"), ':');
        set_keyed(&antispam->sfv, whole, STR_LIT("SFV"), ':');
        set_keyed(&antispam->cat, whole, STR_LIT("CAT"), ':');
        set_keyed(&antispam->bcl, whole, STR_LIT("BCL"), ':');
    }
}

/* Addresses of a To field, split at commas outside of quotes. */
static void read_to(struct arena *arena, const struct ndr_field *field,
                    struct ndr_original *original)
{
    struct ndr_value whole = ndr_field_value(arena, field, true);
    size_t capacity = 0;
    bool quoted = false;
    size_t from = 0;

    for (size_t at = 0; at <= whole.text.len && original->to_count < NDR_RECIPIENTS_MAX; at++) {
        at = scan_either(whole.text, at, ',', '"');
        if (at < whole.text.len && (quoted || whole.text.ptr[at] == '"')) {
            quoted ^= whole.text.ptr[at] == '"';
            continue;
        }
        struct str address = ndr_mailbox_address(str_sub(whole.text, from, at - from));

        if (address.len) {
            *VEC_PUSH(arena, original->to, original->to_count, capacity) =
                (struct ndr_value){address, whole.place};
        }
        from = at + 1;
    }
}

static struct ndr_value mailbox_value(struct arena *arena, const struct ndr_field *field)
{
    struct ndr_value value = ndr_field_value(arena, field, true);

    value.text = ndr_mailbox_address(value.text);
    return value;
}

static void read_original(struct arena *arena, const struct ndr_fields *fields, struct ndr_original *original)
{
    original->from = mailbox_value(arena, ndr_field_first(fields, NDR_FIELD_FROM));
    original->sender = mailbox_value(arena, ndr_field_first(fields, NDR_FIELD_RETURN_PATH));
    original->subject = ndr_field_value(arena, ndr_field_first(fields, NDR_FIELD_SUBJECT), true);
    original->date = ndr_date_value(arena, ndr_field_first(fields, NDR_FIELD_DATE));
    original->message_id = ndr_field_value(arena, ndr_field_first(fields, NDR_FIELD_MESSAGE_ID), false);
    if (ndr_field_first(fields, NDR_FIELD_TO)) {
        original->to_count = 0; /* the returned message itself says it better than a quotation */
        read_to(arena, ndr_field_first(fields, NDR_FIELD_TO), original);
    }
}

void ndr_trace_read(struct arena *arena, const struct ndr_fields *fields,
                    struct ndr_report *report)
{
    read_original(arena, fields, &report->original);
    read_hops(arena, fields, report);
    read_loops(arena, report);
    if (fields->first[NDR_FIELD_RESULTS] || fields->first[NDR_FIELD_FOREFRONT] ||
        fields->first[NDR_FIELD_MICROSOFT]) {
        read_verdicts(arena, fields, report);
    }
}
