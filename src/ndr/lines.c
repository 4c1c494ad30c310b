#include "base/scan.h"
#include "ndr/read.h"

/* --- places in the input --- */

/* Index of the last of `count` ascending values that is at most `value`; 0 when none is. */
static size_t last_not_above(const uint32_t *values, size_t count, size_t value)
{
    const uint32_t *base = values;

    /* Without a branch on what is compared, which nobody can foretell. */
    for (; count > 1; count -= count / 2) {
        base = base[count / 2] <= value ? base + count / 2 : base;
    }
    return (size_t)(base - values);
}

enum { RUN_BYTES = 1024 }; /* as many lines may end in them */

/* Room for RUN_BYTES starts behind those that are there. */
static void make_room(struct arena *arena, struct ndr_line_index *index, size_t *capacity)
{
    if (index->count + RUN_BYTES > *capacity) {
        uint32_t *starts = ARENA_ROOM(arena, uint32_t, *capacity * 2);

        memcpy(starts, index->starts, index->count * sizeof *starts);
        index->starts = starts;
        *capacity *= 2;
    }
}

/* Lines that LF ends, whether a CR stands before it or not. */
static void index_by_lf(struct arena *arena, struct str text, struct ndr_line_index *index)
{
    size_t capacity = text.len / 32 + 1 + RUN_BYTES;

    index->starts = ARENA_ROOM(arena, uint32_t, capacity);
    index->starts[index->count++] = 0;
    for (size_t from = 0; from < text.len; from += RUN_BYTES) {
        size_t to = text.len - from < RUN_BYTES ? text.len : from + RUN_BYTES;

        make_room(arena, index, &capacity);
        index->count += scan_behind(text, from, to, '\n', index->starts + index->count);
    }
    index->count -= index->starts[index->count - 1] == text.len;
}

/* Lines that may also end in CR alone. */
static void index_by_both(struct arena *arena, struct str text, struct ndr_line_index *index)
{
    size_t capacity = 0;

    for (size_t from = 0; from < text.len;) {
        *VEC_ROOM(arena, index->starts, index->count, capacity) = (uint32_t)from;
        from = scan_line_end(text, from);
        from += str_starts(str_sub(text, from, 2), STR_LIT("\r\n")) ? 2 : 1;
    }
}

void ndr_line_index_take(struct arena *arena, struct str text, const struct ndr_line_index *lines,
                         struct ndr_line_index *index)
{
    bool has_cr = str_find_char(text, '\r', 0) != STR_NPOS;

    *index = (struct ndr_line_index){0};
    if (has_cr && scan_lone_cr(text, 0) < text.len) {
        index_by_both(arena, text, index);
    } else if (lines) {
        *index = *lines;
    } else if (text.len) {
        index_by_lf(arena, text, index);
    }
}

void ndr_line_index_make(struct arena *arena, struct str text, struct ndr_line_index *index)
{
    ndr_line_index_take(arena, text, NULL, index);
}

size_t ndr_line_at(const struct ndr_line_index *index, size_t offset)
{
    return last_not_above(index->starts, index->count, offset);
}

unsigned ndr_report_line(const struct ndr_report *report, struct ndr_place place)
{
    return place.lines && report->lines.count ? (unsigned)ndr_line_at(&report->lines, place.offset) + 1 : 0;
}

struct str ndr_report_line_text(const struct ndr_report *report, unsigned n)
{
    if (n == 0 || n > report->lines.count) {
        return STR_NULL;
    }
    size_t from = report->lines.starts[n - 1];

    return str_sub(report->source, from, ndr_line_end(&report->lines, report->source, n - 1) - from);
}

struct str ndr_report_from_line(const struct ndr_report *report, size_t offset)
{
    const struct ndr_line_index *lines = &report->lines;
    size_t from = lines->count ? lines->starts[ndr_line_at(lines, offset)] : 0;

    return str_sub(report->source, offset < report->source.len ? from : report->source.len, report->source.len);
}

/* Offset in the source of an offset in a page's text. */
static size_t source_offset(const struct ndr_page *page, size_t offset)
{
    if (!page->starts) {
        return page->source_offset + offset;
    }
    if (page->marks == 0) {
        return page->source_offset;
    }
    return page->origin[last_not_above(page->starts, page->marks, offset)];
}

struct ndr_place ndr_page_place(const struct ndr_report *report, size_t page, size_t offset, size_t len)
{
    if (page >= report->page_count) {
        return (struct ndr_place){0};
    }
    const struct ndr_page *p = &report->pages[page];
    size_t from = source_offset(p, offset);
    size_t last = len > 1 ? source_offset(p, offset + len - 1) : from;

    if (last == from) {
        return (struct ndr_place){from, 1};
    }
    size_t line = ndr_line_at(&report->lines, from);
    bool is_same = line + 1 >= report->lines.count || last < report->lines.starts[line + 1];

    return (struct ndr_place){from, is_same ? 1 : (unsigned)(ndr_line_at(&report->lines, last) - line) + 1};
}

/* The same within one line of the page: where nothing was decoded, that is one of the source. */
static struct ndr_place line_place(const struct ndr_report *report, size_t page, size_t offset, size_t len)
{
    const struct ndr_page *p = &report->pages[page];

    return p->starts ? ndr_page_place(report, page, offset, len)
                     : (struct ndr_place){p->source_offset + offset, 1};
}

/* --- lines of a page --- */

/* Bytes of quote marks at the start of a line ("> ", "> > ", ">>"); those of an SMTP transcript
 * (">>> RCPT TO:<...>") are none. */
static size_t quote_marks(struct str line)
{
    size_t at = 0;

    for (;;) {
        struct str rest = str_sub(line, at, line.len);

        if (!str_starts(rest, STR_LIT(">")) || str_starts(rest, STR_LIT(">>> "))) {
            return at;
        }
        at++;
        if (at < line.len && line.ptr[at] == ' ') {
            at++;
        }
    }
}

/* First byte at or behind `at` that is no blank, nor a no-break space in UTF-8, which mail programs like to put in. */
static size_t pass_blanks(struct str line, size_t at)
{
    for (at = scan_not_blank(line, at); str_starts(str_sub(line, at, 2), STR_LIT("\xC2\xA0"));
         at = scan_not_blank(line, at + 2)) {
    }
    return at;
}

/* Bytes [from, end) of the page without quote marks and without blanks at both ends, no-break spaces at the front
 * too.  The line end may still have its CR. */
static __attribute__((noinline)) void trim_line(struct str page, size_t from, size_t end, struct ndr_line *line)
{
    end -= page.ptr[end - 1] == '\r';
    struct str text = str_make(page.ptr, end);
    size_t quotes = from < end && text.ptr[from] == '>' ? quote_marks(str_sub(text, from, end)) : 0;
    size_t at = pass_blanks(text, from + quotes);
    size_t indent = at - from - quotes;
    size_t last = end;

    while (last > at && str_is_blank(text.ptr[last - 1])) {
        last--;
    }
    at = last > at ? at : end;
    line->text = str_make(text.ptr + at, last - at);
    line->from = (uint32_t)at;
    line->indent = (uint16_t)(indent < 1000 ? indent : 1000);
}

/* Bytes at the ends of a line that has something to trim: blanks and controls at both, at its start also a quote mark
 * and what a no-break space begins with. */
enum { LOOSE_ANYWHERE = 1, LOOSE_FIRST = 2 };
static const uint8_t loose[256] = {
    [0x00] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    [' '] = LOOSE_ANYWHERE, ['>'] = LOOSE_FIRST, [0xC2] = LOOSE_FIRST,
};

/* A line of the page, `len` bytes from `from` on with the LF or CRLF that ends it: at least one. */
static inline void make_line(struct str page, size_t from, size_t len, struct ndr_line *line)
{
    const unsigned char *bytes = (const unsigned char *)page.ptr + from;

    /* Of a line without more than its end the first byte is looked at, which is that end. */
    len -= bytes[len - 1] == '\n';
    line->text = str_make(page.ptr + from, len);
    line->from = (uint32_t)from;
    line->indent = 0;
    size_t trims = loose[bytes[0]] | (loose[bytes[len - (len > 0)]] & LOOSE_ANYWHERE);

    if (trims * len > 0) { /* most lines have nothing to trim */
        trim_line(page, from, from + len, line);
    }
    line->label = NULL;
    line->rest = (uint32_t)line->text.len;
    line->is_returned = false;
}

struct str ndr_line_rest(const struct ndr_line *line)
{
    return str_sub(line->text, line->rest, line->text.len);
}

static void read_lead(struct ndr_line *line)
{
    struct ndr_lead lead;

    ndr_lead_read(line->text, &lead);
    line->label = lead.label;
    if (lead.label && lead.rest.len) {
        line->rest = (uint32_t)(lead.rest.ptr - line->text.ptr);
    }
    line->is_returned = lead.is_returned;
}

/* Lines of a page: a part of those of the source, unless it was decoded. */
static struct ndr_line_index index_of(struct ndr_reading *reading, const struct ndr_page *page)
{
    struct ndr_line_index index = reading->report->lines;

    if (page->starts || page->text.len == 0) {
        ndr_line_index_make(reading->arena, page->text, &index);
        return index;
    }
    size_t first = ndr_line_at(&index, page->source_offset);
    size_t last = ndr_line_at(&index, page->source_offset + page->text.len - 1);

    return (struct ndr_line_index){index.starts + first, last - first + 1};
}

/* Lines of a page whose starts in its source are those of `index`, `base` behind those in the page. */
static void cut_lines(struct str page, const struct ndr_line_index *index, size_t base, struct ndr_line *lines)
{
    const uint32_t *starts = index->starts;
    size_t last = index->count - 1;
    size_t from = 0;

    for (size_t i = 0; i < last; i++) {
        size_t end = starts[i + 1] - base;

        make_line(page, from, end - from, &lines[i]);
        from = end;
    }
    make_line(page, from, page.len - from, &lines[last]);
}

/* Notes the lines that may begin with a label or the like, and all that begin at the very end of the page, whose bytes
 * do not tell it; gives how many. */
static size_t note_leads(struct str page, const struct ndr_line *lines, size_t count, uint32_t *may)
{
    const struct starts *starts = ndr_lead_starts();
    size_t told = count; /* of the lines */
    size_t found = 0;

    while (told > 0 && page.len - lines[told - 1].from < STARTS_BYTES) {
        told--;
    }
    for (size_t i = 0; i < told; i++) {
        may[found] = (uint32_t)i;
        found += (lines[i].text.len > 0) & ndr_lead_may(starts, lines[i].text.ptr);
    }
    for (size_t i = told; i < count; i++) {
        may[found] = (uint32_t)i;
        found += lines[i].text.len > 0;
    }
    return found;
}

/* Reads what the lines begin with that may lead with something. */
static void read_leads(struct ndr_lines *lines, const uint32_t *may, size_t count)
{
    lines->returned = lines->count;
    for (size_t i = count; i-- > 0;) {
        read_lead(&lines->items[may[i]]);
        lines->returned = lines->items[may[i]].is_returned ? may[i] : lines->returned;
    }
}

static void read_lines(struct ndr_reading *reading, const struct ndr_page *page, struct ndr_lines *lines)
{
    struct ndr_line_index index = index_of(reading, page);
    uint32_t *may = ARENA_ROOM(reading->arena, uint32_t, index.count);

    lines->items = ARENA_ROOM(reading->arena, struct ndr_line, index.count + 1);
    lines->count = index.count;
    if (index.count) {
        cut_lines(page->text, &index, page->starts ? 0 : page->source_offset, lines->items);
    }
    read_leads(lines, may, note_leads(page->text, lines->items, index.count, may));
}

const struct ndr_lines *ndr_lines_of(struct ndr_reading *reading, size_t page)
{
    while (reading->lines_count <= page) {
        struct ndr_lines *lines =
            VEC_PUSH(reading->arena, reading->lines, reading->lines_count, reading->lines_capacity);

        lines->page = reading->lines_count - 1;
    }
    if (!reading->lines[page].items) {
        read_lines(reading, &reading->report->pages[page], &reading->lines[page]);
    }
    return &reading->lines[page];
}

const struct ndr_words *ndr_lines_words(struct ndr_reading *reading, size_t page)
{
    ndr_lines_of(reading, page);
    struct ndr_lines *lines = &reading->lines[page];

    if (!lines->has_words) {
        struct str text = reading->report->pages[page].text;
        size_t end = lines->returned < lines->count ? lines->items[lines->returned].from : text.len;

        ndr_words_find(reading->arena, str_sub(text, 0, end), &lines->words);
        lines->has_words = true;
    }
    return &lines->words;
}

unsigned ndr_line_words(const struct ndr_lines *lines, size_t i)
{
    enum { FEW = 64 }; /* to be looked through for each line */
    const struct ndr_line *line = &lines->items[i];
    size_t end = line->from + line->text.len;
    unsigned kinds = 0;

    if (!lines->has_words || lines->words.end < end || lines->words.count > FEW) {
        return ndr_words_kinds(line->text);
    }
    for (size_t k = 0; k < lines->words.count; k++) {
        const struct ndr_word *word = &lines->words.items[k];

        kinds |= word->at >= line->from && word->at + word->len <= end ? word->kind : 0U;
    }
    return kinds;
}

unsigned ndr_words_seen(struct ndr_reading *reading)
{
    struct ndr_word ignored;

    for (; reading->words_pages < reading->report->page_count; reading->words_pages++) {
        reading->words_seen |=
            ndr_words_before(ndr_lines_words(reading, reading->words_pages), NDR_PHRASES_MAX_BYTES, &ignored);
    }
    return reading->words_seen;
}

/* --- joined lines --- */

struct ndr_joint ndr_lines_join(struct arena *arena, const struct ndr_lines *lines, size_t from,
                                size_t to)
{
    struct ndr_joint joint = {.page = lines->page};
    size_t bytes = 0;

    if (from >= to) {
        return joint;
    }
    for (size_t i = from; i < to; i++) {
        bytes += lines->items[i].text.len + 1;
    }
    char *out = arena_bytes(arena, bytes);
    size_t len = 0;

    joint.pieces = ARENA_ROOM(arena, struct ndr_piece, to - from);
    for (size_t i = from; i < to; i++) {
        const struct ndr_line *line = &lines->items[i];

        if (line->text.len == 0) {
            continue;
        }
        if (len) {
            out[len++] = ' ';
        }
        joint.pieces[joint.count++] = (struct ndr_piece){(uint32_t)len, line->from};
        memcpy(out + len, line->text.ptr, line->text.len);
        len += line->text.len;
    }
    joint.text = str_make(out, len);
    return joint;
}

struct ndr_joint ndr_line_part(struct arena *arena, const struct ndr_lines *lines, size_t line,
                               size_t from, size_t len)
{
    struct ndr_joint joint = {.page = lines->page, .count = 1};
    struct str whole = str_sub(lines->items[line].text, from, len);
    struct str text = str_trim(whole);

    joint.text = text;
    joint.pieces = ARENA_ROOM(arena, struct ndr_piece, 1);
    *joint.pieces = (struct ndr_piece){.from = lines->items[line].from + (uint32_t)from +
                                               (text.len ? (uint32_t)(text.ptr - whole.ptr) : 0)};
    return joint;
}

/* Words end at a NUL: what stands behind one is no text, and its pieces are none. */
static void end_at_nul(struct ndr_joint *joint)
{
    joint->text = str_sub(joint->text, 0, str_find_char(joint->text, '\0', 0));
    while (joint->count > 1 && joint->pieces[joint->count - 1].at > joint->text.len) {
        joint->count--;
    }
}

struct ndr_joint ndr_joint_add(struct arena *arena, struct ndr_joint joint, struct ndr_joint more)
{
    if (joint.text.len == 0) {
        return more;
    }
    if (more.text.len == 0) {
        return joint;
    }
    end_at_nul(&joint);
    end_at_nul(&more);
    struct ndr_joint both = {.page = joint.page, .count = joint.count + more.count};
    char *out = arena_bytes(arena, joint.text.len + 1 + more.text.len);

    memcpy(out, joint.text.ptr, joint.text.len);
    out[joint.text.len] = ' ';
    memcpy(out + joint.text.len + 1, more.text.ptr, more.text.len);
    both.text = str_make(out, joint.text.len + 1 + more.text.len);
    both.pieces = ARENA_ROOM(arena, struct ndr_piece, both.count);
    memcpy(both.pieces, joint.pieces, joint.count * sizeof *joint.pieces);
    for (size_t i = 0; i < more.count; i++) {
        both.pieces[joint.count + i] = more.pieces[i];
        both.pieces[joint.count + i].at += (uint32_t)joint.text.len + 1;
    }
    return both;
}

/* Offset in the page of an offset in the joined text. */
static size_t page_offset(const struct ndr_joint *joint, size_t at)
{
    size_t low = 0;
    size_t high = joint->count;

    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;

        if (joint->pieces[middle].at <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return joint->pieces[low].from + (at - joint->pieces[low].at);
}

struct ndr_place ndr_joint_place(const struct ndr_report *report, const struct ndr_joint *joint,
                                 size_t at, size_t len)
{
    if (joint->count == 0) {
        return (struct ndr_place){0};
    }
    if (joint->count == 1) {
        return line_place(report, joint->page, joint->pieces[0].from + (at - joint->pieces[0].at), len);
    }
    size_t from = page_offset(joint, at);
    size_t end = page_offset(joint, len ? at + len - 1 : at) + 1;

    return ndr_page_place(report, joint->page, from, end > from ? end - from : 1);
}

struct ndr_value ndr_joint_value(const struct ndr_report *report, const struct ndr_joint *joint)
{
    return (struct ndr_value){joint->text, ndr_joint_place(report, joint, 0, joint->text.len)};
}

struct ndr_value ndr_line_value(const struct ndr_report *report, const struct ndr_lines *lines,
                                size_t line, struct str text)
{
    return (struct ndr_value){
        text, line_place(report, lines->page, lines->items[line].from, lines->items[line].text.len)};
}

size_t ndr_lines_returned(const struct ndr_lines *lines, size_t from)
{
    size_t i = from > lines->returned ? from : lines->returned;

    while (i < lines->count && !lines->items[i].is_returned) {
        i++;
    }
    return i < lines->count ? i : lines->count;
}
