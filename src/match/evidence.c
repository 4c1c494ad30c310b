#include "match/evidence.h"

#include "base/scan.h"
#include "base/utf8.h"

enum { QUOTE_LINES = 12, QUOTE_LINE_BYTES = 4096, QUOTE_PROBE_BYTES = 24 };

struct ndr_place match_hit_place(const struct ndr_report *report,
                                 const struct match_candidate *candidate)
{
    const struct match_unit *unit = candidate->unit;

    if (unit->kind == MATCH_UNIT_PROSE) {
        return ndr_page_place(report, unit->page, unit->page_offset + candidate->hit.from,
                              candidate->hit.to - candidate->hit.from);
    }
    return unit->place;
}

/* At most 400 bytes, cut between characters. */
static struct str quote_cut(struct str text)
{
    if (text.len <= MATCH_QUOTE_MAX_BYTES) {
        return text;
    }
    size_t end = MATCH_QUOTE_MAX_BYTES;

    while (end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) {
        end--;
    }
    return str_sub(text, 0, end);
}

static struct str up_to_nul(struct str line)
{
    return str_make(line.ptr, line.len ? strnlen(line.ptr, line.len) : 0);
}

/* Line `n` of the input, from 0, without blanks around it. */
static struct str take_line(const struct ndr_report *report, size_t n)
{
    size_t from = report->lines.starts[n];
    size_t end = ndr_line_end(&report->lines, report->source, n);

    return str_sub(str_trim(str_sub(report->source, from, end - from)), 0, QUOTE_LINE_BYTES);
}

/* What all the quotes of a recipient need, and the line that was looked at last: many values stand in it. */
struct quoting {
    struct arena *arena;
    const struct ndr_report *report;
    struct match_recipient *out;
    size_t line_from, line_to; /* in the input */
    unsigned number;           /* of the line, from 1 */
    struct str line;
    bool is_tidy;              /* ASCII and no more than one blank between words */
    uint64_t lines, offsets, lengths; /* of the quotes, a bit of 64 each: most new ones have none in common with them */
};

/* Looks at the line with this byte of the input. */
static void look_at(struct quoting *q, size_t offset)
{
    const struct ndr_line_index *lines = &q->report->lines;

    /* Offsets before the line wrap around. */
    if (offset - q->line_from < q->line_to - q->line_from || lines->count == 0) {
        return;
    }
    size_t n = ndr_line_at(lines, offset);

    q->number = (unsigned)n + 1;
    q->line_from = lines->starts[n];
    q->line_to = n + 1 < lines->count ? lines->starts[n + 1] : q->report->source.len;
    q->line = offset < q->line_to ? take_line(q->report, n) : STR_NULL;
    q->is_tidy = q->line.len == 0 ||
                 scan_is_tidy_part(q->report->source, (size_t)(q->line.ptr - q->report->source.ptr), q->line.len);
    q->line = q->is_tidy ? q->line : up_to_nul(q->line);
}

/* Several lines of the input from the one that is looked at on, joined; few values have them. */
static __attribute__((noinline)) struct str lines_at(struct quoting *q, struct ndr_place place)
{
    const struct ndr_line_index *lines = &q->report->lines;
    size_t n = q->number - 1;
    size_t most = place.lines < QUOTE_LINES ? place.lines : QUOTE_LINES;
    size_t end = place.offset < q->line_to ? n + most : 0;
    size_t len = 0;

    if (end <= n) {
        return STR_NULL;
    }
    end = end < lines->count ? end : lines->count;
    size_t bytes = ndr_line_end(lines, q->report->source, end - 1) - lines->starts[n] + end - n;
    size_t enough = QUOTE_LINES * (QUOTE_LINE_BYTES + 1);
    char *joined = arena_bytes(q->arena, bytes < enough ? bytes : enough);

    for (; n < end; n++) {
        struct str line = up_to_nul(take_line(q->report, n));

        if (line.len) {
            memcpy(joined + len, line.ptr, line.len);
        }
        len += line.len;
        joined[len++] = ' ';
    }
    return str_trim(str_make(joined, len));
}

/* Whether the value begins in the lines. */
static bool begins_in(struct arena *arena, struct str lines, struct str value)
{
    uintptr_t at = (uintptr_t)value.ptr;
    uintptr_t from = (uintptr_t)lines.ptr;
    size_t len = value.len < QUOTE_PROBE_BYTES ? value.len : QUOTE_PROBE_BYTES;

    if (at >= from && at + len <= from + lines.len) {
        return true; /* it was read there */
    }
    struct str probe = str_sub(str_squeeze(arena, value), 0, QUOTE_PROBE_BYTES);

    return probe.len == 0 || str_find_nocase(lines, probe, 0) != STR_NPOS;
}

/* The lines of the input as they stand, joined; the value itself where they are encoded. */
static struct str quote(struct quoting *q, const struct ndr_value *value)
{
    bool is_one = value->place.lines == 1;

    look_at(q, value->place.offset);
    struct str lines = is_one ? q->line : lines_at(q, value->place);
    bool readable = is_one ? q->is_tidy : scan_is_tidy(lines);

    if (!readable) {
        lines = str_squeeze(q->arena, lines);
        /* In another charset than UTF-8 the lines are nothing that can be shown. */
        readable = utf8_is_valid(lines) && str_find_char(lines, '\033', 0) == STR_NPOS;
    }
    /* A line of hundreds of words (JSON, HTML) hides the few that count. */
    readable = readable && (lines.len <= MATCH_QUOTE_MAX_BYTES || value->text.len > MATCH_QUOTE_MAX_BYTES / 2);
    if (lines.len && readable && begins_in(q->arena, lines, value->text)) {
        return quote_cut(lines);
    }
    return quote_cut(str_squeeze(q->arena, value->text));
}

/* Whether the words, or more that begin with them, stand there already. */
static bool is_shown(const struct quoting *q, const struct match_evidence *item)
{
    for (size_t i = 0; i < q->out->evidence_count; i++) {
        const struct match_evidence *shown = &q->out->evidence[i];

        bool is_like = (shown->text.len == item->text.len) | (shown->place.offset == item->place.offset) |
                       (shown->line == item->line);

        if (is_like && str_starts(shown->text, item->text)) {
            return true;
        }
    }
    return false;
}

static inline uint64_t bit_of(size_t n)
{
    return (uint64_t)1 << (n & 63);
}

/* Whether one of the quotes may be like this one; notes it with them. */
static bool may_be_shown(struct quoting *q, const struct match_evidence *item)
{
    uint64_t line = bit_of(item->line);
    uint64_t offset = bit_of(item->place.offset);
    uint64_t length = bit_of(item->text.len);
    bool may_be = (q->lines & line) | (q->offsets & offset) | (q->lengths & length);

    q->lines |= line;
    q->offsets |= offset;
    q->lengths |= length;
    return may_be;
}

static const struct str names[] = {
#define PROOF(id, name) [MATCH_PROOF_##id] = STR_INIT(name),
    MATCH_PROOFS(PROOF)
#undef PROOF
};

static void add_quote(struct quoting *q, enum match_proof proof, const struct ndr_value *value)
{
    struct match_evidence *item = &q->out->evidence[q->out->evidence_count];

    *item = (struct match_evidence){proof, names[proof], quote(q, value), value->place, 0};
    item->line = value->place.lines ? q->number : 0;
    q->out->evidence_count += !(may_be_shown(q, item) && is_shown(q, item));
}

static inline void add(struct quoting *q, enum match_proof proof, const struct ndr_value *value)
{
    if (value->text.len && q->out->evidence_count < MATCH_EVIDENCE_MAX) {
        add_quote(q, proof, value);
    }
}

/* The same unless it is a value that was added before. */
static inline void add_other(struct quoting *q, enum match_proof proof, const struct ndr_value *value,
                             const struct ndr_value *added)
{
    bool is_other = (value->text.ptr != added->text.ptr) | (value->text.len != added->text.len) |
                    (value->place.offset != added->place.offset) | (value->place.lines != added->place.lines);

    if (is_other) {
        add(q, proof, value);
    }
}

/* The hops that repeat, where a loop is the matter. */
static void add_loops(struct quoting *q)
{
    const struct ndr_report *report = q->report;

    for (size_t i = 0; i < report->loop_count && i < 3; i++) {
        for (size_t k = 0; k < report->hop_count; k++) {
            const struct ndr_hop *hop = &report->hops[k];

            if (str_equal_nocase(hop->from.text, report->loops[i].from) &&
                str_equal_nocase(hop->by.text, report->loops[i].by)) {
                add(q, MATCH_PROOF_LOOP, &hop->from);
                break;
            }
        }
    }
}

void match_fill_evidence(struct arena *arena, const struct ndr_report *report,
                         const struct match_candidate *best, struct match_recipient *out)
{
    const struct ndr_recipient *recipient = out->recipient;
    struct quoting q = {.arena = arena, .report = report, .out = out};

    out->evidence = ARENA_ROOM(arena, struct match_evidence, MATCH_EVIDENCE_MAX);
    if (best && best->hit.signature) {
        struct ndr_value words = {str_sub(best->unit->text, best->hit.from,
                                          best->hit.to - best->hit.from),
                                  match_hit_place(report, best)};

        add(&q, MATCH_PROOF_DECIDES, &words);
    }
    add(&q, best && best->hit.signature ? MATCH_PROOF_AGREES : MATCH_PROOF_DECIDES, &out->status);
    add(&q, MATCH_PROOF_ERROR, &recipient->diagnostic);
    add_other(&q, MATCH_PROOF_STATUS, &recipient->status_field, &out->status);
    for (size_t i = 0; i < recipient->code_count && i < 6; i++) {
        add_other(&q, MATCH_PROOF_CODE, &recipient->codes[i].value, &out->status);
    }
    add(&q, MATCH_PROOF_RECIPIENT, &recipient->address);
    add(&q, MATCH_PROOF_REMOTE, &recipient->remote_mta);
    add(&q, MATCH_PROOF_ACTION, &recipient->action_field);
    add(&q, MATCH_PROOF_GENERATING, &report->generating_server_line);
    add(&q, MATCH_PROOF_REPORTING, &report->reporting_mta);
    add(&q, MATCH_PROOF_LAYOUT, &report->generator_words);
    if (best && best->entry->category == KB_CATEGORY_ROUTING) {
        add_loops(&q);
    }
}
