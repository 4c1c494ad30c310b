#include "ndr/flat.h"

#include "ndr/read.h"

/* Each function here stands for a part of a report and goes both ways: it adds the part to `out`, or,
 * without `out`, takes it from `in`.  So nothing can be written otherwise than it is read. */
struct flat {
    struct buf *out;     /* NULL while reading */
    struct arena *arena; /* of what is read */
    struct str in;
    size_t at;           /* of `in` */
    bool is_bad;         /* it holds what no report does: all that follows is zero */
    struct str source;   /* of the report */
    size_t lines;        /* of it; while reading */
};

enum {
    NUMBER_BITS = 7, /* of each byte, the lowest first */
    NUMBER_MORE = 1 << NUMBER_BITS,
    NOTES_MAX = 1000, /* warnings, and what is missing */
    TO_MAX = NDR_RECIPIENTS_MAX + 1,
    LANGUAGE_MAX_BYTES = 16,
    VALUE_ROOM_BYTES = NDR_VALUE_MAX_BYTES + 64, /* with what is said about the rest */
    REPLY_MIN = 200,
    REPLY_MAX = 599,
    PART_MAX = 999, /* of a code */
};

/* The values of each part: one list for the way through flat bytes and for their limit. */
#define REPORT_VALUES(r)                                                                                               \
    &(r)->generator, &(r)->generator_words, &(r)->reporting_mta, &(r)->arrival_date, &(r)->generating_server_line
#define RECIPIENT_VALUES(r)                                                                                            \
    &(r)->address, &(r)->original_address, &(r)->action_field, &(r)->status_field, &(r)->diagnostic,                   \
        &(r)->remote_mta, &(r)->last_attempt, &(r)->will_retry_until, &(r)->reply_value
#define REPLY_VALUES(r)    &(r)->text, &(r)->by
#define ORIGINAL_VALUES(o) &(o)->from, &(o)->subject, &(o)->message_id, &(o)->date, &(o)->sender, &(o)->size
#define HOP_VALUES(h)      &(h)->from, &(h)->by, &(h)->with, &(h)->ip, &(h)->date
#define AUTHENTICATION_VALUES(a)                                                                                       \
    &(a)->spf, &(a)->dkim, &(a)->dmarc, &(a)->arc, &(a)->compauth, &(a)->by, &(a)->spf_domain, &(a)->dkim_domain,      \
        &(a)->from_domain
#define ANTISPAM_VALUES(s) &(s)->scl, &(s)->bcl, &(s)->sfv, &(s)->cat, &(s)->compauth_reason

/* Seconds between any two dates that can be written in a mail. */
#define SECONDS_MAX ((uint64_t)1 << 40)

static uint64_t spoil(struct flat *f)
{
    f->is_bad = true;
    f->at = f->in.len;
    return 0;
}

static void put(struct flat *f, uint64_t value)
{
    while (value >= NUMBER_MORE) {
        buf_add_char(f->out, (char)(value % NUMBER_MORE + NUMBER_MORE));
        value /= NUMBER_MORE;
    }
    buf_add_char(f->out, (char)value);
}

static uint64_t take(struct flat *f)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64 && f->at < f->in.len; shift += NUMBER_BITS) {
        unsigned char byte = (unsigned char)f->in.ptr[f->at++];

        value |= (uint64_t)(byte % NUMBER_MORE) << shift;
        if (byte < NUMBER_MORE) {
            return value;
        }
    }
    return spoil(f);
}

/* A number from `least` to `most`. */
static uint64_t number(struct flat *f, uint64_t value, uint64_t least, uint64_t most)
{
    if (f->out) {
        put(f, value);
        return value;
    }
    value = take(f);
    return value >= least && value <= most ? value : spoil(f);
}

#define FIELD(f, field, least, most) ((field) = (__typeof__(field))number((f), (uint64_t)(field), (least), (most)))

static void flag(struct flat *f, bool *value)
{
    *value = number(f, *value, 0, 1) == 1;
}

/* A time or a difference of times. */
static void seconds(struct flat *f, int64_t *value)
{
    bool is_known = *value != INT64_MIN;
    bool is_negative = *value < 0;

    flag(f, &is_known);
    if (!is_known) {
        *value = INT64_MIN;
        return;
    }
    flag(f, &is_negative);
    *value = (int64_t)number(f, is_negative ? 0 - (uint64_t)*value : (uint64_t)*value, 0, SECONDS_MAX);
    *value = is_negative ? -*value : *value;
}

/* Where a text stands: in the source, or among the bytes of the flat report. */
enum text_at { TEXT_EMPTY, TEXT_IN_SOURCE, TEXT_HERE };

static void put_text(struct flat *f, struct str text)
{
    uintptr_t at = (uintptr_t)text.ptr - (uintptr_t)f->source.ptr;
    bool is_inside = f->source.ptr && (uintptr_t)text.ptr >= (uintptr_t)f->source.ptr && at <= f->source.len &&
                     text.len <= f->source.len - at;

    put(f, text.len == 0 ? TEXT_EMPTY : is_inside ? TEXT_IN_SOURCE : TEXT_HERE);
    if (text.len) {
        put(f, text.len);
    }
    if (text.len && is_inside) {
        put(f, at);
    } else if (text.len) {
        buf_add_str(f->out, text);
    }
}

static struct str take_text(struct flat *f, size_t most)
{
    uint64_t at = number(f, 0, TEXT_EMPTY, TEXT_HERE);
    size_t len = at == TEXT_EMPTY ? 0 : number(f, 0, 1, most);

    if (len == 0) {
        return STR_NULL;
    }
    struct str from = at == TEXT_IN_SOURCE ? f->source : f->in;
    size_t offset = at == TEXT_IN_SOURCE ? number(f, 0, 0, from.len) : f->at;

    if (offset > from.len || len > from.len - offset) {
        spoil(f);
        return STR_NULL;
    }
    if (at == TEXT_HERE) {
        f->at += len;
    }
    return str_sub(from, offset, len);
}

static void text(struct flat *f, struct str *value, size_t most)
{
    if (f->out) {
        put_text(f, *value);
    } else {
        *value = take_text(f, most);
    }
}

/* Makes room for a list while reading; each of its items takes a byte at least. */
static void *list(struct flat *f, void *items, size_t *count, size_t size, size_t most)
{
    if (f->out) {
        put(f, *count);
        return items;
    }
    *count = number(f, 0, 0, most < f->in.len - f->at ? most : f->in.len - f->at);
    return *count ? arena_alloc(f->arena, *count, size) : NULL;
}

#define LIST(f, items, count, most) ((items) = list((f), (items), &(count), sizeof *(items), (most)))

static void value(struct flat *f, struct ndr_value *v)
{
    text(f, &v->text, VALUE_ROOM_BYTES);
    FIELD(f, v->place.offset, 0, f->source.len);
    FIELD(f, v->place.lines, 0, f->lines + 1);
}

static void values(struct flat *f, struct ndr_value *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        value(f, items[i]);
    }
}

#define LIST_OF(...)                                                                                                   \
    (struct ndr_value *const[]){__VA_ARGS__}, sizeof((struct ndr_value *const[]){__VA_ARGS__}) / sizeof(struct ndr_value *)
#define VALUES(f, ...) values((f), LIST_OF(__VA_ARGS__))

static void status(struct flat *f, struct ndr_status *s, bool may_be_none)
{
    FIELD(f, s->class_, may_be_none ? 0 : 2, 5);
    if (s->class_ == 1 || s->class_ == 3) {
        spoil(f);
    }
    FIELD(f, s->subject, 0, PART_MAX);
    FIELD(f, s->detail, 0, PART_MAX);
}

static void reply_code(struct flat *f, int *code)
{
    FIELD(f, *code, 0, REPLY_MAX);
    if (*code && *code < REPLY_MIN) {
        spoil(f);
    }
}

/* --- pages --- */

static void put_lines(struct flat *f, const struct ndr_page *page)
{
    uint32_t before = 0;

    put(f, page->marks);
    for (size_t i = 0; i < page->marks; i++) {
        put(f, page->starts[i] - before);
        put(f, page->origin[i]);
        before = page->starts[i];
    }
}

static void take_lines(struct flat *f, struct ndr_page *page)
{
    size_t count = number(f, 0, 0, (f->in.len - f->at) / 2);
    uint32_t *starts = ARENA_ARRAY(f->arena, uint32_t, count + 1);
    uint32_t *origin = ARENA_ARRAY(f->arena, uint32_t, count + 1);
    uint32_t before = 0;

    for (size_t i = 0; i < count; i++) {
        before += (uint32_t)number(f, 0, 0, page->text.len - before);
        starts[i] = before;
        origin[i] = (uint32_t)number(f, 0, 0, f->source.len);
    }
    page->starts = starts;
    page->origin = origin;
    page->marks = count;
}

/* A page is decoded text with the places of its lines, or a run of the source. */
static void page(struct flat *f, struct ndr_page *page)
{
    bool is_run = !page->starts;

    flag(f, &is_run);
    FIELD(f, page->source_offset, 0, f->source.len);
    if (is_run) {
        FIELD(f, page->text.len, 0, f->source.len - page->source_offset);
        page->text = f->out ? page->text : str_sub(f->source, page->source_offset, page->text.len);
    } else {
        text(f, &page->text, NDR_TEXT_MAX_BYTES);
        if (f->out) {
            put_lines(f, page);
        } else {
            take_lines(f, page);
        }
    }
    flag(f, &page->is_human);
    flag(f, &page->is_cut);
}

/* --- recipients --- */

static void code(struct flat *f, struct ndr_code *c, size_t reply_count)
{
    size_t reply = (size_t)c->reply + 1; /* 0 for none */

    status(f, &c->status, false);
    value(f, &c->value);
    FIELD(f, c->source, 0, NDR_CODE_DIAGNOSTIC);
    c->reply = (int)number(f, reply, 0, reply_count) - 1;
}

static void reply(struct flat *f, struct ndr_reply *r)
{
    reply_code(f, &r->code);
    status(f, &r->status, true);
    VALUES(f, REPLY_VALUES(r));
}

/* Its own part of a page. */
static void block(struct flat *f, const struct ndr_report *report, struct ndr_recipient *r)
{
    FIELD(f, r->page, 0, report->page_count ? report->page_count - 1 : 0);
    size_t len = report->page_count ? report->pages[r->page].text.len : 0;

    FIELD(f, r->block_from, 0, len);
    FIELD(f, r->block_to, r->block_from, len);
}

static void recipient(struct flat *f, const struct ndr_report *report, struct ndr_recipient *r)
{
    VALUES(f, RECIPIENT_VALUES(r));
    FIELD(f, r->action, 0, NDR_ACTION_EXPANDED);
    reply_code(f, &r->reply_code);
    block(f, report, r);
    FIELD(f, r->reply_count, 0, NDR_REPLIES_MAX);
    for (size_t i = 0; i < r->reply_count; i++) {
        reply(f, &r->replies[i]);
    }
    FIELD(f, r->code_count, 0, NDR_STATUSES_MAX);
    for (size_t i = 0; i < r->code_count; i++) {
        code(f, &r->codes[i], r->reply_count);
    }
}

/* --- the returned message and its way --- */

static void original(struct flat *f, struct ndr_original *o)
{
    VALUES(f, ORIGINAL_VALUES(o));
    LIST(f, o->to, o->to_count, TO_MAX);
    for (size_t i = 0; i < o->to_count; i++) {
        value(f, &o->to[i]);
    }
}

static void hop(struct flat *f, struct ndr_hop *h)
{
    VALUES(f, HOP_VALUES(h));
    seconds(f, &h->time);
    seconds(f, &h->delay_seconds);
}

static void way(struct flat *f, struct ndr_report *report)
{
    LIST(f, report->hops, report->hop_count, NDR_HOPS_MAX);
    for (size_t i = 0; i < report->hop_count; i++) {
        hop(f, &report->hops[i]);
    }
    LIST(f, report->loops, report->loop_count, NDR_HOPS_MAX);
    for (size_t i = 0; i < report->loop_count; i++) {
        text(f, &report->loops[i].from, VALUE_ROOM_BYTES);
        text(f, &report->loops[i].by, VALUE_ROOM_BYTES);
        FIELD(f, report->loops[i].times, 0, NDR_HOPS_MAX);
    }
}

static void judgments(struct flat *f, struct ndr_authentication *a, struct ndr_antispam *s)
{
    VALUES(f, AUTHENTICATION_VALUES(a));
    flag(f, &s->present);
    VALUES(f, ANTISPAM_VALUES(s));
}

static void notes(struct flat *f, struct ndr_report *report)
{
    LIST(f, report->missing, report->missing_count, NOTES_MAX);
    for (size_t i = 0; i < report->missing_count; i++) {
        text(f, &report->missing[i].what, NDR_FIELD_MAX_BYTES);
        text(f, &report->missing[i].how, NDR_FIELD_MAX_BYTES);
    }
    LIST(f, report->warnings, report->warning_count, NOTES_MAX);
    for (size_t i = 0; i < report->warning_count; i++) {
        text(f, &report->warnings[i], NDR_FIELD_MAX_BYTES);
    }
}

/* --- the limit of a value --- */

static void limit_text(struct arena *arena, struct str *value)
{
    size_t len = NDR_VALUE_MAX_BYTES;

    if (value->len <= len) {
        return;
    }
    /* Not in the middle of a letter. */
    for (int i = 0; i < 3 && ((unsigned char)value->ptr[len] & 0xC0) == 0x80; i++) {
        len--;
    }
    struct str rest = str_printf(arena, "... (%zu more bytes)", value->len - len);
    char *text = arena_bytes(arena, len + rest.len);

    memcpy(text, value->ptr, len);
    memcpy(text + len, rest.ptr, rest.len);
    *value = str_make(text, len + rest.len);
}

static void limit(struct arena *arena, struct ndr_value *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        limit_text(arena, &items[i]->text);
    }
}

#define LIMIT(arena, ...) limit((arena), LIST_OF(__VA_ARGS__))

static void limit_all(struct arena *arena, struct ndr_report *report)
{
    LIMIT(arena, REPORT_VALUES(report));
    limit_text(arena, &report->reporting_mta_words);
    for (size_t i = 0; i < report->recipient_count; i++) {
        struct ndr_recipient *r = &report->recipients[i];

        LIMIT(arena, RECIPIENT_VALUES(r));
        for (size_t k = 0; k < r->reply_count; k++) {
            LIMIT(arena, REPLY_VALUES(&r->replies[k]));
        }
    }
    LIMIT(arena, ORIGINAL_VALUES(&report->original));
    for (size_t i = 0; i < report->original.to_count; i++) {
        limit_text(arena, &report->original.to[i].text);
    }
    for (size_t i = 0; i < report->hop_count; i++) {
        LIMIT(arena, HOP_VALUES(&report->hops[i]));
    }
    for (size_t i = 0; i < report->loop_count; i++) {
        limit_text(arena, &report->loops[i].from);
        limit_text(arena, &report->loops[i].by);
    }
    LIMIT(arena, AUTHENTICATION_VALUES(&report->authentication));
    LIMIT(arena, ANTISPAM_VALUES(&report->antispam));
}

/* All bits of the lengths: no text is longer. */
static inline __attribute__((always_inline)) size_t bits_of(struct ndr_value *const *items, size_t count)
{
    size_t bits = 0;

#pragma GCC unroll 16
    for (size_t i = 0; i < count; i++) {
        bits |= items[i]->text.len;
    }
    return bits;
}

#define BITS(...) bits_of(LIST_OF(__VA_ARGS__))

static size_t bits_of_all(struct ndr_report *report)
{
    size_t bits = BITS(REPORT_VALUES(report)) | report->reporting_mta_words.len |
                  BITS(ORIGINAL_VALUES(&report->original)) | BITS(AUTHENTICATION_VALUES(&report->authentication)) |
                  BITS(ANTISPAM_VALUES(&report->antispam));

    for (size_t i = 0; i < report->recipient_count; i++) {
        struct ndr_recipient *r = &report->recipients[i];

        bits |= BITS(RECIPIENT_VALUES(r));
        for (size_t k = 0; k < r->reply_count; k++) {
            bits |= BITS(REPLY_VALUES(&r->replies[k]));
        }
    }
    for (size_t i = 0; i < report->original.to_count; i++) {
        bits |= report->original.to[i].text.len;
    }
    for (size_t i = 0; i < report->hop_count; i++) {
        bits |= BITS(HOP_VALUES(&report->hops[i]));
    }
    for (size_t i = 0; i < report->loop_count; i++) {
        bits |= report->loops[i].from.len | report->loops[i].by.len;
    }
    return bits;
}

void ndr_values_limit(struct arena *arena, struct ndr_report *report)
{
    /* Nearly always none is too long: a source as short as this has none (a letter in UTF-8 may be four bytes). */
    if (report->source.len > NDR_VALUE_MAX_BYTES / 4 && bits_of_all(report) > NDR_VALUE_MAX_BYTES) {
        limit_all(arena, report);
    }
}

/* --- the whole --- */

/* What was unpacked from a container comes along, else the source is the input. */
static void source(struct flat *f, struct ndr_report *report, struct str input)
{
    struct str whole = str_sub(input, 0, NDR_SOURCE_MAX_BYTES);
    bool is_input = report->source.ptr == whole.ptr && report->source.len == whole.len;

    flag(f, &is_input);
    if (!is_input) {
        text(f, &report->source, NDR_SOURCE_MAX_BYTES);
    } else {
        report->source = whole;
    }
    f->source = report->source;
    if (!f->out) {
        ndr_line_index_make(f->arena, report->source, &report->lines);
        f->lines = report->lines.count;
    }
}

static void whole(struct flat *f, struct ndr_report *report, struct str input)
{
    source(f, report, input);
    FIELD(f, report->kind, 0, NDR_KIND_MIXED);
    flag(f, &report->is_mail);
    text(f, &report->language, LANGUAGE_MAX_BYTES);
    text(f, &report->reporting_mta_words, VALUE_ROOM_BYTES);
    VALUES(f, REPORT_VALUES(report));
    LIST(f, report->pages, report->page_count, NDR_PARTS_MAX + 1);
    for (size_t i = 0; i < report->page_count; i++) {
        page(f, &report->pages[i]);
    }
    LIST(f, report->recipients, report->recipient_count, NDR_RECIPIENTS_MAX);
    for (size_t i = 0; i < report->recipient_count; i++) {
        recipient(f, report, &report->recipients[i]);
    }
    original(f, &report->original);
    way(f, report);
    judgments(f, &report->authentication, &report->antispam);
    notes(f, report);
}

void ndr_flat_write(struct buf *out, const struct ndr_report *report, struct str input)
{
    struct flat f = {.out = out};

    /* Nothing of it is changed on this way. */
    whole(&f, (struct ndr_report *)report, input);
}

const struct ndr_report *ndr_flat_read(struct arena *arena, struct str input, struct str flat)
{
    struct flat f = {.arena = arena, .in = flat};
    struct ndr_report *report = ARENA_NEW(arena, struct ndr_report);

    whole(&f, report, input);
    return f.is_bad || f.at != flat.len ? NULL : report;
}
