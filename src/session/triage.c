#include "session/triage.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/filter.h"
#include "base/text.h"
#include "ndr/trace.h"

#define STR_ARGS(s) (int)(s).len, (s).len ? (s).ptr : ""

enum { RISE_MORE = 3 }; /* fewer are chance */

static const struct triage_table_row table_rows[TRIAGE_TABLE_COUNT] = {
    [TRIAGE_ENTRY] = {"by_entry", _("By cause"), _("causes")},
    [TRIAGE_OWNER] = {"by_owner", _("By owner"), _("owners")},
    [TRIAGE_CATEGORY] = {"by_category", _("By category"), _("categories")},
    [TRIAGE_DOMAIN] = {"by_domain", _("By recipient domain"), _("recipient domains")},
    [TRIAGE_MTA] = {"by_mta", _("By server that refused"), _("servers")},
    [TRIAGE_HOUR] = {"by_hour", _("By hour"), _("hours")},
    [TRIAGE_KIND] = {"by_kind", _("By kind of report"), _("kinds")},
};

const struct triage_table_row *triage_table_row(enum triage_table table)
{
    return &table_rows[table];
}

/* --- counting --- */

/* At most `max` bytes, never a part of a character. */
static struct str cut(struct str s, size_t max)
{
    size_t len = s.len < max ? s.len : max;

    while (len > 0 && len < s.len && ((unsigned char)s.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    return str_sub(s, 0, len);
}

/* The row of `key`, or the empty slot where it belongs. */
static size_t slot_of(const struct triage_counts *counts, struct str key)
{
    size_t slot = (size_t)str_hash(key) & (TRIAGE_SLOTS - 1);

    while (counts->slots[slot] && !str_equal(counts->rows[counts->slots[slot] - 1].key, key)) {
        slot = (slot + 1) & (TRIAGE_SLOTS - 1);
    }
    return slot;
}

uint16_t triage_count(struct arena *arena, struct triage_counts *counts, struct str key,
                      struct str title, size_t more)
{
    key = cut(str_trim(key), TRIAGE_KEY_MAX_BYTES);
    if (key.len == 0) {
        return TRIAGE_NO_ROW;
    }
    if (!counts->slots) {
        counts->slots = ARENA_ARRAY(arena, uint16_t, TRIAGE_SLOTS);
    }
    size_t slot = slot_of(counts, key);

    if (!counts->slots[slot]) {
        if (counts->count == TRIAGE_ROWS_MAX) {
            counts->beyond += more;
            return TRIAGE_NO_ROW;
        }
        struct triage_row *row = VEC_PUSH(arena, counts->rows, counts->count, counts->capacity);

        row->key = str_dup(arena, key);
        row->title = str_dup(arena, cut(title, TRIAGE_TITLE_MAX_BYTES));
        row->number = (uint16_t)(counts->count - 1);
        counts->slots[slot] = (uint16_t)counts->count;
    }
    struct triage_row *row = &counts->rows[counts->slots[slot] - 1];

    row->count += more;
    return row->number;
}

/* Names of hosts have no case and may end in a dot. */
static uint16_t add_host(struct triage *triage, enum triage_table table, struct str host)
{
    char lower[TRIAGE_KEY_MAX_BYTES];

    host = cut(str_trim(host), sizeof lower);
    for (size_t i = 0; i < host.len; i++) {
        lower[i] = str_lower_char(host.ptr[i]);
    }
    if (host.len && lower[host.len - 1] == '.') {
        host.len--;
    }
    return triage_count(triage->arena, &triage->tables[table], str_make(lower, host.len), STR_NULL,
                        1);
}

static int64_t time_of(const struct triage_subject *s)
{
    struct str date = s->last_attempt.len ? s->last_attempt : s->arrival;

    return date.len ? ndr_date_parse(date) : INT64_MIN;
}

static uint16_t add_hour(struct triage *triage, int64_t time)
{
    char key[3];
    char title[16];

    if (time == INT64_MIN) {
        return TRIAGE_NO_ROW;
    }
    unsigned hour = (unsigned)((time % 86400 + 86400) % 86400 / 3600);

    snprintf(key, sizeof key, "%02u", hour % 24);
    snprintf(title, sizeof title, "%02u:00 UTC", hour % 24);
    return triage_count(triage->arena, &triage->tables[TRIAGE_HOUR], str_from(key),
                        str_from(title), 1);
}

static uint16_t add_domain(struct triage *triage, struct str address)
{
    size_t at = address.len;

    while (at > 0 && address.ptr[at - 1] != '@') {
        at--;
    }
    return at > 0 ? add_host(triage, TRIAGE_DOMAIN, str_sub(address, at, address.len))
                  : TRIAGE_NO_ROW;
}

void triage_recipient(struct triage *triage, const struct triage_subject *subject,
                      uint16_t rows[TRIAGE_TABLE_COUNT])
{
    const struct triage_subject *s = subject;
    enum kb_category category = kb_category_find(s->category);
    enum prose_owner owner = prose_owner_find(s->owner);
    struct triage_counts *tables = triage->tables;
    uint16_t numbers[TRIAGE_TABLE_COUNT] = {[TRIAGE_KIND] = TRIAGE_NO_ROW};

    triage->recipients++;
    triage->undiagnosed += s->entry.len == 0;
    numbers[TRIAGE_ENTRY] = triage_count(triage->arena, &tables[TRIAGE_ENTRY], s->entry, s->title, 1);
    numbers[TRIAGE_CATEGORY] =
        triage_count(triage->arena, &tables[TRIAGE_CATEGORY], s->category,
                     category < KB_CATEGORY_COUNT ? kb_category_title(category) : STR_NULL, 1);
    numbers[TRIAGE_OWNER] =
        triage_count(triage->arena, &tables[TRIAGE_OWNER], s->owner,
                     owner == PROSE_OWNER_NONE ? STR_NULL : prose_owner_words(owner), 1);
    numbers[TRIAGE_DOMAIN] = add_domain(triage, s->address);
    numbers[TRIAGE_MTA] = add_host(triage, TRIAGE_MTA, s->mta);
    numbers[TRIAGE_HOUR] = add_hour(triage, time_of(s));
    if (rows) {
        memcpy(rows, numbers, sizeof numbers);
    }
}

bool triage_mail(struct triage *triage, struct str kind)
{
    triage->mails++;
    if (str_equal(kind, ndr_kind_name(NDR_KIND_NONE))) {
        triage->others++;
        return false;
    }
    triage->reports++;
    triage_count(triage->arena, &triage->tables[TRIAGE_KIND], kind, STR_NULL, 1);
    return true;
}

static struct triage_subject subject_of(const struct match_result *result,
                                        const struct match_recipient *match)
{
    struct triage_subject s = {
        .address = match->recipient->address.text,
        .mta = match->recipient->remote_mta.text,
        .last_attempt = match->recipient->last_attempt.text,
        .arrival = result->report->arrival_date.text,
    };

    if (match->diagnosis_count) {
        const struct kb_entry *entry = match->diagnoses[0].entry;

        s.entry = entry->id;
        s.title = entry->title;
        s.category = kb_category_slug(entry->category);
        s.owner = prose_owner_slug(entry->owners[0]);
    }
    return s;
}

static struct str kept(struct triage *triage, struct str text)
{
    return str_dup(triage->arena, cut(str_trim(text), TRIAGE_ITEM_MAX_BYTES));
}

/* Keeps what `item` has beyond its numbers; `match` is NULL for a report without recipients. */
static void keep(struct triage *triage, const struct triage_item *item,
                 const struct match_result *result, const struct match_recipient *match)
{
    if (triage->item_count == TRIAGE_ITEMS_MAX) {
        triage->items_beyond++;
        return;
    }
    struct triage_item *to =
        VEC_PUSH(triage->arena, triage->items, triage->item_count, triage->item_capacity);

    *to = *item;
    to->order = (uint32_t)(triage->item_count - 1);
    to->subject = kept(triage, result->report->original.subject.text);
    if (match) {
        to->address = kept(triage, match->recipient->address.text);
        to->code = kept(triage, match->status.text);
        if (to->code.len == 0 && match->reply_code) {
            to->code = str_printf(triage->arena, "%d", match->reply_code);
        }
    }
}

void triage_result(struct triage *triage, const struct match_result *result, struct str bytes,
                   const struct triage_source *source)
{
    struct triage_item item = {.time = INT64_MIN};

    if (!triage_mail(triage, ndr_kind_name(result->report->kind))) {
        return;
    }
    if (source) {
        item.source = *source;
        item.hash = str_hash(bytes);
    }
    for (size_t i = 0; i < result->count; i++) {
        struct triage_subject s = subject_of(result, &result->recipients[i]);

        triage_recipient(triage, &s, item.rows);
        if (source) {
            item.recipient = (uint32_t)i;
            item.time = time_of(&s);
            keep(triage, &item, result, &result->recipients[i]);
        }
    }
    if (result->count == 0) {
        triage->bare++;
        memset(item.rows, 0xFF, sizeof item.rows);
        if (source) {
            keep(triage, &item, result, NULL);
        }
    }
}

/* --- against an earlier run --- */

static const struct {
    enum triage_table table;
    const char *what;
} compared[TRIAGE_COMPARED] = {{TRIAGE_ENTRY, "entry"}, {TRIAGE_DOMAIN, "domain"}};

enum triage_table triage_compared(size_t index)
{
    return compared[index].table;
}

void triage_find_rises(struct triage *triage, const struct triage_counts earlier[TRIAGE_COMPARED])
{
    for (size_t i = 0; i < TRIAGE_COMPARED; i++) {
        const struct triage_counts *now = &triage->tables[compared[i].table];

        for (size_t k = 0; k < now->count; k++) {
            const struct triage_row *row = &now->rows[k];
            size_t slot = earlier[i].slots ? earlier[i].slots[slot_of(&earlier[i], row->key)] : 0;
            size_t before = slot ? earlier[i].rows[slot - 1].count : 0;

            if (before == 0 || (row->count >= before + RISE_MORE && 2 * row->count >= 3 * before)) {
                *VEC_PUSH(triage->arena, triage->rises, triage->rise_count, triage->rise_capacity) =
                    (struct triage_rise){compared[i].what, row->key, row->title, before,
                                         row->count};
            }
        }
    }
}

/* --- what was counted --- */

static int row_order(const void *a, const void *b)
{
    const struct triage_row *x = a;
    const struct triage_row *y = b;

    return x->count != y->count ? (x->count < y->count ? 1 : -1) : str_compare(x->key, y->key);
}

/* Newest first; what has no time comes last, in the order of the input. */
static int item_order(const void *a, const void *b)
{
    const struct triage_item *x = a;
    const struct triage_item *y = b;

    if (x->time != y->time) {
        return x->time < y->time ? 1 : -1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

void triage_finish(struct triage *triage)
{
    const struct tree_facts none = {0};

    for (int i = 0; i < TRIAGE_TABLE_COUNT; i++) {
        struct triage_counts *counts = &triage->tables[i];

        if (counts->count) {
            qsort(counts->rows, counts->count, sizeof *counts->rows, row_order);
        }
    }
    for (size_t i = 0; i < triage->tables[TRIAGE_ENTRY].count; i++) {
        struct triage_row *row = &triage->tables[TRIAGE_ENTRY].rows[i];

        row->title = session_fill(triage->arena, row->title, &none);
    }
    if (triage->item_count) {
        qsort(triage->items, triage->item_count, sizeof *triage->items, item_order);
    }
}

struct str triage_name(struct arena *arena, enum triage_table table, const struct triage_row *row)
{
    struct str key = filter_dup(arena, row->key, 0);
    struct str title = filter_dup(arena, row->title, 0);

    if (table == TRIAGE_HOUR) {
        return title;
    }
    return title.len ? str_printf(arena, "%.*s  %.*s", STR_ARGS(key), STR_ARGS(title)) : key;
}

size_t triage_share(const struct triage *triage, enum triage_table table, size_t count)
{
    size_t whole = table == TRIAGE_KIND ? triage->reports : triage->recipients;

    return whole ? (count * 1000 + whole / 2) / whole : 0;
}


bool triage_item_has(const struct triage_item *item, struct str words)
{
    struct str word;

    while (str_next_word(&words, &word)) {
        if (str_find_nocase(item->address, word, 0) == STR_NPOS &&
            str_find_nocase(item->code, word, 0) == STR_NPOS &&
            str_find_nocase(item->subject, word, 0) == STR_NPOS) {
            return false;
        }
    }
    return true;
}
