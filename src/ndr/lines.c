#include "base/scan.h"
#include "ndr/read.h"

/* --- places in the input --- */

/* Index of the last of `count` ascending values that is at most `value`; 0 when none is. */
static size_t last_not_above(const uint32_t *values, size_t count, size_t value)
{
    size_t low = 0;
    size_t high = count;

    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;

        if (values[middle] <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool ends_line(struct str s, size_t at)
{
    return s.ptr[at] == '\n' || (s.ptr[at] == '\r' && (at + 1 >= s.len || s.ptr[at + 1] != '\n'));
}

/* Line ends in bytes [from, to) of the source; of CRLF the LF counts. */
static size_t ends_between(const struct ndr_report *report, size_t from, size_t to)
{
    struct str s = report->source;
    size_t count = 0;

    to = to < s.len ? to : s.len;
    if (from >= to) {
        return 0;
    }
    if (!report->has_lone_cr) {
        return scan_count(str_sub(s, from, to - from), '\n');
    }
    for (size_t i = from; i < to; i++) {
        count += ends_line(s, i);
    }
    return count;
}

void ndr_lines_count(struct arena *arena, struct ndr_report *report)
{
    size_t len = report->source.len;
    size_t blocks = len / NDR_LINE_MARK_BYTES + 1;
    size_t ends = 0;

    report->has_lone_cr = str_find_char(report->source, '\r', 0) != STR_NPOS &&
                          scan_lone_cr(report->source, 0) < len;
    report->line_marks = ARENA_ROOM(arena, uint32_t, blocks);
    for (size_t i = 0; i < blocks; i++) {
        report->line_marks[i] = (uint32_t)ends;
        ends += ends_between(report, i * NDR_LINE_MARK_BYTES, (i + 1) * NDR_LINE_MARK_BYTES);
    }
    report->line_count = len ? ends + !ends_line(report->source, len - 1) : 0;
}

unsigned ndr_report_line(const struct ndr_report *report, struct ndr_place place)
{
    if (place.lines == 0 || report->line_count == 0) {
        return 0;
    }
    size_t offset = place.offset < report->source.len ? place.offset : report->source.len;
    size_t mark = offset / NDR_LINE_MARK_BYTES;
    size_t line = report->line_marks[mark] + ends_between(report, mark * NDR_LINE_MARK_BYTES, offset) + 1;

    return (unsigned)(line < report->line_count ? line : report->line_count);
}

struct str ndr_report_line_text(const struct ndr_report *report, unsigned n)
{
    if (n == 0 || n > report->line_count) {
        return STR_NULL;
    }
    size_t blocks = report->source.len / NDR_LINE_MARK_BYTES + 1;
    /* The end of the line before stands in the last block that has fewer ends before it. */
    size_t block = n > 2 ? last_not_above(report->line_marks, blocks, n - 2) : 0;
    struct str rest = str_sub(report->source, block * NDR_LINE_MARK_BYTES, report->source.len);
    struct str line = STR_NULL;

    for (size_t ends = report->line_marks[block]; ends < n && str_next_line(&rest, &line); ends++) {
    }
    return line;
}

struct str ndr_report_from_line(const struct ndr_report *report, size_t offset)
{
    struct str source = report->source;
    size_t from = offset < source.len ? offset : source.len;

    while (from > 0 && source.ptr[from - 1] != '\n' && (!report->has_lone_cr || !ends_line(source, from - 1))) {
        from--;
    }
    return str_sub(source, from, source.len);
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

    return (struct ndr_place){from, (unsigned)ends_between(report, from, last) + 1};
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

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r' || c == '\n';
}

/* No-break space in UTF-8, which mail programs like to put in. */
static size_t blank_at(struct str line, size_t at)
{
    if (is_space(line.ptr[at])) {
        return 1;
    }
    return str_starts(str_sub(line, at, 2), STR_LIT("\xC2\xA0")) ? 2 : 0;
}

static struct ndr_line make_line(struct str page, struct str line)
{
    size_t at = quote_marks(line);
    size_t indent = at;

    while (at < line.len && blank_at(line, at)) {
        at += blank_at(line, at);
    }
    indent = at - indent;
    struct str text = str_trim(str_sub(line, at, line.len));

    if (text.len == 0) {
        text = str_sub(line, line.len, 0);
    }
    return (struct ndr_line){.text = text,
                             .from = (uint32_t)(text.ptr - page.ptr),
                             .indent = (uint16_t)(indent < 1000 ? indent : 1000)};
}

struct str ndr_line_rest(const struct ndr_line *line)
{
    return str_sub(line->text, line->rest, line->text.len);
}

static void read_lead(struct ndr_line *line)
{
    struct ndr_lead lead;

    if (line->text.len) {
        ndr_lead_read(line->text, &lead);
        line->label = lead.label;
        line->rest = lead.label && lead.rest.len ? (uint32_t)(lead.rest.ptr - line->text.ptr)
                                                 : (uint32_t)line->text.len;
        line->is_returned = lead.is_returned;
    }
}

/* Line of `text` that begins at `*from`, which is moved behind its end. */
static struct str take_line(struct str text, bool has_cr, size_t *from)
{
    size_t end = has_cr ? scan_line_end(text, *from) : str_find_char(text, '\n', *from);
    struct str line = str_sub(text, *from, end - *from);

    end = end < text.len ? end : text.len;
    *from = end + 1 + (end + 1 < text.len && text.ptr[end] == '\r' && text.ptr[end + 1] == '\n');
    return line;
}

static void read_lines(struct arena *arena, struct str text, struct ndr_lines *lines)
{
    bool has_cr = str_find_char(text, '\r', 0) != STR_NPOS;
    size_t capacity = 1 + scan_count(text, '\n') + (has_cr ? scan_count(text, '\r') : 0);

    lines->items = ARENA_ROOM(arena, struct ndr_line, capacity + 1);
    lines->returned = capacity;
    for (size_t from = 0; from < text.len;) {
        struct ndr_line *l = &lines->items[lines->count++];

        *l = make_line(text, take_line(text, has_cr, &from));
        read_lead(l);
        if (l->is_returned && lines->returned == capacity) {
            lines->returned = lines->count - 1;
        }
    }
    lines->returned = lines->returned < lines->count ? lines->returned : lines->count;
}

const struct ndr_lines *ndr_lines_of(struct ndr_reading *reading, size_t page)
{
    while (reading->lines_count <= page) {
        struct ndr_lines *lines =
            VEC_PUSH(reading->arena, reading->lines, reading->lines_count, reading->lines_capacity);

        lines->page = reading->lines_count - 1;
    }
    if (!reading->lines[page].items) {
        read_lines(reading->arena, reading->report->pages[page].text, &reading->lines[page]);
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

/* Words end at a NUL: what stands behind one is no text. */
static struct str until_nul(struct str text)
{
    return str_sub(text, 0, str_find_char(text, '\0', 0));
}

struct ndr_joint ndr_joint_add(struct arena *arena, struct ndr_joint joint, struct ndr_joint more)
{
    if (joint.text.len == 0) {
        return more;
    }
    if (more.text.len == 0) {
        return joint;
    }
    struct ndr_joint both = {.page = joint.page, .count = joint.count + more.count};

    joint.text = until_nul(joint.text);
    more.text = until_nul(more.text);
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
        text, ndr_page_place(report, lines->page, lines->items[line].from, lines->items[line].text.len)};
}

size_t ndr_lines_returned(const struct ndr_lines *lines, size_t from)
{
    size_t i = from > lines->returned ? from : lines->returned;

    while (i < lines->count && !lines->items[i].is_returned) {
        i++;
    }
    return i < lines->count ? i : lines->count;
}
