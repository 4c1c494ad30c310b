#include "base/scan.h"
#include "ndr/labels.h"
#include "ndr/read.h"
#include "ndr/trace.h"

/* Reports written for people: addresses that lead a line, labels in several languages, replies
 * quoted in words.  What is found is weighed: an address that a list or a label names beats one
 * that only stands in a sentence. */

enum strength {
    STRENGTH_WEAK,   /* an address alone on a line, or behind "To:" */
    STRENGTH_PHRASE, /* in a sentence about the failure */
    STRENGTH_STRONG, /* in a list of failures, behind a label, before its reply */
};

enum {
    FOUND_MAX = NDR_RECIPIENTS_MAX,
    LOOSE_FREE = NDR_RECIPIENTS_MAX,
    WORDS_MAX_LINES = 200, /* of one server; keeps the work in proportion to the text */
    FOUND_FEW = 8, /* that are looked through one by one */
};

/* Words of a server. */
struct words {
    struct ndr_joint joint;
    int grade; /* NDR_REFUSAL_..., GRADE_UNKNOWN until somebody asks */
};

enum { GRADE_UNKNOWN = -1 };

static int grade_of(struct words *words)
{
    if (words->grade == GRADE_UNKNOWN) {
        words->grade = ndr_refusal_grade(words->joint.text, NDR_REFUSAL_REPLY);
    }
    return words->grade;
}

/* A recipient in the making. */
struct found {
    struct ndr_value address;
    enum strength strength;
    struct words words;
    struct ndr_value remote; /* host that refused */
    size_t from, to;         /* lines of its own part */
    enum ndr_action action;
};

struct prose {
    struct ndr_reading *reading;
    const struct ndr_lines *lines;
    size_t start; /* first line of this report */
    size_t end;   /* line at which the returned message begins */
    struct found *items;
    size_t count;
    size_t capacity;
    uint32_t *slots; /* of more than a few by the hash of their addresses: index + 1, 0 where nothing is */
    size_t slot_count; /* a power of two, more than twice the count; 0 for a few */
    bool has_fields;  /* the fields of a delivery status were read already: not once more as words */
    bool listing;     /* a line said that failed addresses come */
    struct str before; /* the line that was read before */
    size_t current;   /* index of the recipient spoken of, count when none */
    struct words loose; /* first words with a reply that belong to nobody yet */
    size_t loose_owner; /* index of the recipient they were given to as well, LOOSE_FREE for none */
    struct ndr_value remote;
};

static struct str line_text(const struct prose *p, size_t i)
{
    return p->lines->items[i].text;
}

/* --- what a line is --- */

/* A line that begins with an address. */
struct lead {
    struct str address;
    size_t rest; /* offset in the line of what stands behind it */
    bool colon;  /* "<a@b>: ..." */
    bool alone;  /* nothing but the address */
};

/* Signs around an address, by where they are passed. */
enum {
    BLANKS = 1,
    BEFORE = 2,       /* it leads the line */
    BEHIND_POINT = 4, /* it stands behind a point of a list */
    BEHIND = 8,       /* closing signs */
    ENDS = 16,        /* between it and the words of its own */
    BEHIND_NAMED = 32,
};

static const uint8_t signs[256] = {
    [' '] = BLANKS | BEFORE | BEHIND_POINT | ENDS | BEHIND_NAMED,
    ['\t'] = BLANKS | BEFORE | BEHIND_POINT | ENDS | BEHIND_NAMED,
    ['*'] = BEFORE,
    ['['] = BEFORE,
    ['<'] = BEFORE | BEHIND_POINT,
    ['"'] = BEFORE | BEHIND_POINT | BEHIND,
    ['\''] = BEFORE | BEHIND_POINT | BEHIND,
    ['>'] = BEFORE | BEHIND | BEHIND_NAMED,
    [']'] = BEHIND,
    [')'] = BEHIND_NAMED,
    [':'] = ENDS,
    [','] = ENDS,
    [';'] = ENDS,
    ['.'] = ENDS,
};

static inline size_t pass(struct str line, size_t at, unsigned which)
{
    while (at < line.len && (signs[(unsigned char)line.ptr[at]] & which)) {
        at++;
    }
    return at;
}

/* "a@b<mailto:a@b>" and "a@b (a@b)": the address once more. */
static size_t pass_repeat(struct str line, size_t at)
{
    size_t from = pass(line, at, BLANKS);

    if (str_starts_nocase(str_sub(line, from, line.len), STR_LIT("<mailto:")) ||
        str_starts_nocase(str_sub(line, from, line.len), STR_LIT("(mailto:"))) {
        while (from < line.len && line.ptr[from] != '>' && line.ptr[from] != ')') {
            from++;
        }
        return from < line.len ? from + 1 : from;
    }
    return at;
}

static bool read_lead(struct str line, struct lead *lead)
{
    size_t from = pass(line, 0, BEFORE);

    if (str_starts(line, STR_LIT("\xE2\x80\xA2"))) {
        from = pass(line, 3, BEHIND_POINT);
    }
    size_t pos = from;
    size_t sign = scan_either(line, from, ' ', '@');

    if (sign == line.len || line.ptr[sign] == ' ') {
        return false; /* no address, or words lead the line */
    }
    if (!ndr_address_next(line, &pos, &lead->address) || lead->address.ptr != line.ptr + from) {
        return false;
    }
    size_t at = pass(line, pos, BEHIND);

    at = pass_repeat(line, at);
    at = pass(line, at, BLANKS);
    /* "a@b <c@d>: ...": the first is only the name of the second. */
    if (at < line.len && line.ptr[at] == '<') {
        size_t inner = at;
        struct str other;

        if (ndr_address_next(line, &inner, &other) && other.ptr == line.ptr + at + 1 &&
            inner + 1 < line.len && line.ptr[inner] == '>' && line.ptr[inner + 1] == ':') {
            lead->address = other;
            at = inner + 1;
        }
    }
    lead->colon = at < line.len && line.ptr[at] == ':';
    lead->rest = pass(line, at, ENDS);
    lead->alone = lead->rest >= line.len;
    return true;
}

static bool is_refusal(struct str text)
{
    return ndr_refusal_grade(text, NDR_REFUSAL_CODE) > 0;
}

/* "GitHub (a@b)<mailto:a@b>", "Lee Doe <a@b>": a name before the only address.  "550 No
 * such user (a@b)" is a reply. */
static bool read_named(struct str line, struct lead *lead)
{
    size_t pos = 0;
    char last = line.len ? line.ptr[line.len - 1] : ' ';

    if ((last != '>' && last != ')') || line.len > 300 || !ndr_address_next(line, &pos, &lead->address)) {
        return false;
    }
    size_t from = (size_t)(lead->address.ptr - line.ptr);

    if (from == 0 || (line.ptr[from - 1] != '<' && line.ptr[from - 1] != '(') ||
        str_find_char(str_sub(line, 0, from), ':', 0) != STR_NPOS ||
        is_refusal(str_sub(line, 0, from))) {
        return false;
    }
    *lead = (struct lead){lead->address, line.len, false, true};
    return pass_repeat(line, pass(line, pos, BEHIND_NAMED)) >= line.len;
}

static bool is_heading(struct str line)
{
    return str_starts(line, STR_LIT("---")) || str_starts(line, STR_LIT("===")) ||
           str_starts(line, STR_LIT("|---"));
}

/* "250 ..." and ">>> RCPT TO:<a@b>": lines of a session that say nothing about a refusal. */
static bool is_session_line(struct str line)
{
    return str_starts(line, STR_LIT(">>> ")) || str_starts_nocase(line, STR_LIT("... while talking")) ||
           str_starts_nocase(line, STR_LIT("While talking to"));
}

/* "550 ..." or "<<< 550 ...": a line of a session transcript that is a reply. */
static bool is_reply_line(struct str line)
{
    return ndr_reply_starts(str_starts(line, STR_LIT("<<< ")) ? str_sub(line, 4, line.len) : line);
}

static bool goes_on(struct str line)
{
    size_t at = str_starts(line, STR_LIT("<<< ")) ? 7 : 3;

    return at < line.len && line.ptr[at] == '-';
}

/* --- runs of words --- */

/* First line behind the words that begin at `from`: they end at an empty line, a label, a heading,
 * another address; a reply of several lines goes on over empty lines. */
static size_t words_end(const struct prose *p, size_t from)
{
    size_t i = from;

    while (i < p->end && i - from < WORDS_MAX_LINES) {
        struct str line = line_text(p, i);
        struct lead lead;

        if (line.len == 0) {
            struct str before = i > from ? line_text(p, i - 1) : STR_NULL;
            size_t next = i;

            while (next < p->end && line_text(p, next).len == 0) {
                next++;
            }
            if (i == from || next == p->end || next - i > 2 || !ndr_reply_starts(before) ||
                !str_equal(str_sub(before, 0, 3), str_sub(line_text(p, next), 0, 3))) {
                return i;
            }
            i = next;
            continue;
        }
        bool led = i > from && read_lead(line, &lead) && (lead.alone || lead.colon);
        bool session = i > from && (ndr_reply_starts(line) || str_starts(line, STR_LIT("<<< ")) ||
                                    is_session_line(line));

        /* Replies of a transcript are one a line, unless "550-" says that more comes. */
        if (session && is_reply_line(line_text(p, i - 1)) && !goes_on(line_text(p, i - 1))) {
            return i;
        }
        /* In a list each address at the same indent begins its own part. */
        if (i > from + 1 && p->listing && read_lead(line_text(p, from), &lead) && read_lead(line, &lead) &&
            p->lines->items[i].indent <= p->lines->items[from].indent &&
            p->lines->items[from + 1].indent > p->lines->items[from].indent) {
            return i;
        }

        /* "<a@b>:" inside words that only wrap it ("after RCPT TO:\n<a@b>:"). */
        if (led && str_ends_nocase(line_text(p, i - 1), STR_LIT("TO:"))) {
            led = false;
        }
        if (led && from > 0 && i > from + 1 && p->lines->items[i].indent > p->lines->items[from - 1].indent &&
            p->lines->items[i].indent == p->lines->items[i - 1].indent) {
            led = false;
        }
        if (i > from && (led || is_heading(line) || p->lines->items[i].label)) {
            return i;
        }
        i++;
    }
    return i;
}

/* Whether a byte begins or ends one of the marks below. */
static bool may_be_mark(char c)
{
    return (unsigned char)c >= 0x80 || c == '\'' || c == '"' || c == '`' || c == '<' || c == '>' || c == '(' ||
           c == '-' || c == ' ' || c == 'R';
}

/* Takes a mark off the start of the words. */
static void drop_front(struct ndr_joint *joint, size_t len)
{
    joint->text = str_sub(joint->text, len, joint->text.len);
    joint->pieces[0].from += (uint32_t)len;
    for (size_t k = 1; k < joint->count; k++) {
        joint->pieces[k].at -= (uint32_t)len;
    }
}

/* Without the quotes around the server's words and the marks of transcripts before them. */
static struct ndr_joint without_quotes(struct ndr_joint joint)
{
    static const struct str marks[] = {STR_INIT("'"), STR_INIT("\""), STR_INIT("\xE2\x80\x98"),
                                       STR_INIT("\xE2\x80\x99"), STR_INIT("\xE2\x80\x9C"),
                                       STR_INIT("\xE2\x80\x9D"), STR_INIT("\xE2\x80\x9E"),
                                       STR_INIT("\xC2\xAB"), STR_INIT("\xC2\xBB"), STR_INIT("`"),
                                       STR_INIT("<<< "), STR_INIT("Received >>> "), STR_INIT("-- "),
                                       STR_INIT("(reason: ")};
    bool reason = str_starts_nocase(joint.text, STR_LIT("(reason: "));
    bool again = joint.count > 0;

    while (again && joint.text.len) {
        bool front = may_be_mark(joint.text.ptr[0]);
        bool back = may_be_mark(joint.text.ptr[joint.text.len - 1]);

        if (!front && !back) {
            break;
        }
        again = false;
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            if (front && str_starts(joint.text, marks[i]) && joint.pieces[0].at == 0) {
                drop_front(&joint, marks[i].len);
                again = true;
            }
            if (back && str_ends_nocase(joint.text, marks[i])) {
                joint.text.len -= marks[i].len;
                again = true;
            }
        }
        joint.text = str_ends_nocase(joint.text, STR_LIT(" ")) ? str_sub(joint.text, 0, joint.text.len - 1)
                                                              : joint.text;
    }
    joint.text.len -= reason && str_ends_nocase(joint.text, STR_LIT(")"));
    return joint;
}

/* Words from offset `at` of line `from` up to line `to`. */
static struct ndr_joint words_of(const struct prose *p, size_t from, size_t at, size_t to)
{
    struct arena *arena = p->reading->arena;
    struct ndr_joint first = ndr_line_part(arena, p->lines, from, at, line_text(p, from).len);

    return without_quotes(ndr_joint_add(arena, first, ndr_lines_join(arena, p->lines, from + 1, to)));
}

/* --- what is found --- */

/* Slot of an address: its own, else the empty one where it belongs. */
static uint32_t *slot_of(const struct prose *p, struct str address)
{
    size_t at = (size_t)str_hash_nocase(address) & (p->slot_count - 1);

    while (p->slots[at] && !str_equal_nocase(p->items[p->slots[at] - 1].address.text, address)) {
        at = (at + 1) & (p->slot_count - 1);
    }
    return &p->slots[at];
}

static size_t find_address(const struct prose *p, struct str address)
{
    if (p->slot_count) {
        uint32_t slot = *slot_of(p, address);

        return slot ? slot - 1 : p->count;
    }
    size_t i = 0;

    while (i < p->count && !str_equal_nocase(p->items[i].address.text, address)) {
        i++;
    }
    return i;
}

/* Notes the newest of the found addresses. */
static void note_address(struct prose *p)
{
    size_t from = p->count - 1;

    if (p->count <= FOUND_FEW) {
        return;
    }
    if (p->slot_count <= 2 * p->count) {
        p->slot_count = p->slot_count ? 4 * p->slot_count : 4 * FOUND_FEW;
        p->slots = ARENA_ARRAY(p->reading->arena, uint32_t, p->slot_count);
        from = 0;
    }
    for (size_t i = from; i < p->count; i++) {
        *slot_of(p, p->items[i].address.text) = (uint32_t)i + 1;
    }
}

static void add_address(struct prose *p, struct str address, size_t line, enum strength strength)
{
    size_t i = find_address(p, address);

    if (i == p->count) {
        if (p->count == FOUND_MAX) {
            p->reading->recipients_cut = true;
            return;
        }
        struct found *found = VEC_ROOM(p->reading->arena, p->items, p->count, p->capacity);

        found->address = ndr_line_value(p->reading->report, p->lines, line, address);
        found->strength = strength;
        found->words = (struct words){0};
        found->remote = (struct ndr_value){0};
        found->from = line;
        found->to = 0;
        found->action = NDR_ACTION_NONE;
        note_address(p);
    } else if (strength > p->items[i].strength) {
        p->items[i].strength = strength;
        p->items[i].address = ndr_line_value(p->reading->report, p->lines, line, address);
    }
    p->current = i;
}

static void take_words(struct found *found, struct words *words, size_t to)
{
    struct str had = found->words.joint.text;
    struct str text = words->joint.text;

    if (had.len == 0 || grade_of(words) > grade_of(&found->words) ||
        (grade_of(words) == grade_of(&found->words) && text.len > had.len && str_starts(text, had))) {
        found->words = *words;
    }
    found->to = to > found->to ? to : found->to;
}

/* Gives words to the recipient they name, else to the one spoken of, else keeps them. */
static void place_words(struct prose *p, struct ndr_joint joint, size_t to)
{
    struct words words = {joint, GRADE_UNKNOWN};
    struct str address;
    size_t pos = 0;

    if (joint.text.len == 0) {
        return;
    }
    while (ndr_address_next(joint.text, &pos, &address)) {
        size_t i = find_address(p, address);

        if (i < p->count && p->items[i].strength > STRENGTH_WEAK) {
            take_words(&p->items[i], &words, to);
            p->current = i;
            return;
        }
    }
    if (p->current < p->count) {
        take_words(&p->items[p->current], &words, to);
    }
    if (p->loose.joint.text.len == 0 || grade_of(&words) > grade_of(&p->loose)) {
        p->loose = words;
        p->loose_owner = p->current < p->count ? p->current : LOOSE_FREE;
    }
}

static void set_language(struct prose *p, const struct ndr_label *label)
{
    bool tells = label->kind == NDR_LABEL_DIAGNOSTICS || label->kind == NDR_LABEL_GENERATED_BY ||
                 label->kind == NDR_LABEL_HEADERS || label->kind == NDR_LABEL_FAILED_LIST;

    /* One label in another language tells more than several in English, which servers mix in. */
    if (tells && (!p->reading->language || str_equal(str_from(p->reading->language), STR_LIT("en")))) {
        p->reading->language = label->language;
    }
}

/* First host in a text, "" when none. */
static struct str host_in(struct str text)
{
    struct str word;

    while (str_next_word(&text, &word)) {
        word = str_sub(word, 0, str_find_char(word, '(', 0));
        while (word.len && (word.ptr[word.len - 1] == '.' || word.ptr[word.len - 1] == ',')) {
            word.len--;
        }
        if (ndr_is_host(word)) {
            return word;
        }
    }
    return STR_NULL;
}

/* --- lines of each kind; each gives the next line to look at --- */

/* Value of a label: behind it, or alone on the next line. */
static size_t label_value_line(const struct prose *p, size_t i, struct str rest, struct str *value)
{
    *value = rest;
    if (rest.len == 0 && i + 1 < p->end && line_text(p, i + 1).len) {
        *value = line_text(p, i + 1);
        return i + 1;
    }
    return i;
}

static void read_host_label(struct prose *p, const struct ndr_label *label, size_t line, struct str value)
{
    struct ndr_report *report = p->reading->report;
    struct ndr_value host = ndr_line_value(report, p->lines, line, host_in(value));

    if (label->kind == NDR_LABEL_GENERATED_BY) {
        if (report->generating_server_line.text.len == 0) {
            report->generating_server_line = ndr_line_value(report, p->lines, line, line_text(p, line));
        }
        if (host.text.len && report->reporting_mta.text.len == 0) {
            report->reporting_mta = host;
        }
    } else if (host.text.len) {
        p->remote = host;
        if (p->current < p->count && p->items[p->current].remote.text.len == 0) {
            p->items[p->current].remote = host;
        }
    }
}

/* What stands before the first code of a text. */
static struct str before_refusal(struct str text)
{
    struct ndr_status status;
    size_t pos = 0;
    size_t at = text.len;

    return ndr_status_next(text, &pos, &at, &status) ? str_sub(text, 0, at) : text;
}

static size_t read_label(struct prose *p, size_t i, const struct ndr_label *label, struct str rest)
{
    struct ndr_report *report = p->reading->report;
    size_t at = rest.len ? (size_t)(rest.ptr - line_text(p, i).ptr) : line_text(p, i).len;
    struct str value;
    struct str listed;
    struct str address;
    size_t pos = 0;

    set_language(p, label);
    p->reading->saw_layout = p->reading->saw_layout || label->kind == NDR_LABEL_FAILED_LIST ||
                             label->kind == NDR_LABEL_DIAGNOSTICS || label->kind == NDR_LABEL_GENERATED_BY;
    switch (label->kind) {
    case NDR_LABEL_FAILED_LIST:
        p->listing = true;
        listed = rest;
        if (is_refusal(rest)) {
            listed = before_refusal(rest);
        }
        while (ndr_address_next(listed, &pos, &address)) {
            add_address(p, address, i, STRENGTH_STRONG);
        }
        /* The whole report on one line, as some programs copy it. */
        if (is_refusal(rest)) {
            place_words(p, words_of(p, i, at, i + 1), i + 1);
        }
        return i + 1;
    case NDR_LABEL_DIAGNOSTICS:
        p->listing = true;
        report->generator_words = ndr_line_value(report, p->lines, i, line_text(p, i));
        if (report->generator.text.len == 0) {
            report->generator = report->generator_words;
            report->generator.text = STR_LIT("exchange");
        }
        return i + 1;
    case NDR_LABEL_GENERATED_BY:
    case NDR_LABEL_REJECTED_BY:
        i = label_value_line(p, i, rest, &value);
        read_host_label(p, label, i, value);
        return i + 1;
    case NDR_LABEL_RECIPIENT:
        i = label_value_line(p, i, rest, &value);
        if (ndr_address_next(value, &pos, &address)) {
            add_address(p, address, i, STRENGTH_STRONG);
            pos += value.len && pos < value.len && value.ptr[pos] == '>';
            if (is_refusal(str_sub(value, pos, value.len))) {
                place_words(p, words_of(p, i, (size_t)(value.ptr - line_text(p, i).ptr) + pos, i + 1), i + 1);
            }
        }
        return i + 1;
    case NDR_LABEL_SENDER:
        i = label_value_line(p, i, rest, &value);
        if (report->original.sender.text.len == 0 && ndr_address_next(value, &pos, &address)) {
            report->original.sender = ndr_line_value(report, p->lines, i, address);
        }
        return i + 1;
    case NDR_LABEL_SUBJECT:
        report->original.subject = ndr_line_value(report, p->lines, i, rest);
        return i + 1;
    case NDR_LABEL_MESSAGE_ID:
        report->original.message_id = ndr_line_value(report, p->lines, i, rest);
        return i + 1;
    case NDR_LABEL_WORDS: {
        size_t from = i;

        while (rest.len == 0 && from + 1 < p->end && from < i + 3 && line_text(p, from + 1).len == 0) {
            from++;
        }
        from += rest.len == 0 && from + 1 < p->end;
        size_t to = words_end(p, from);

        to = to > from ? to : from + 1;
        place_words(p, words_of(p, from, rest.len ? at : 0, to), to);
        return to;
    }
    case NDR_LABEL_HEADERS:
    case NDR_LABEL_NONE:
        break;
    }
    return i + 1;
}

/* "mx1.example.org": in the part for administrators the host that refused stands on a line of its own. */
static bool read_host_line(struct prose *p, size_t i)
{
    struct str line = line_text(p, i);

    if (!p->listing || !ndr_is_host(line)) {
        return false;
    }
    p->remote = ndr_line_value(p->reading->report, p->lines, i, line);
    if (p->current < p->count && p->items[p->current].remote.text.len == 0) {
        p->items[p->current].remote = p->remote;
    }
    return true;
}

/* An address that leads the line. */
static size_t read_address(struct prose *p, size_t i, const struct lead *lead)
{
    struct str line = line_text(p, i);
    struct str rest = str_sub(line, lead->rest, line.len);
    size_t to = lead->alone ? i + 1 : words_end(p, i);
    bool intro = str_ends_nocase(p->before, STR_LIT(":")) || is_heading(p->before);
    bool listed = p->listing || intro || lead->colon;
    bool told = !listed && !lead->alone && (is_refusal(rest) || (ndr_words_kinds(rest) & NDR_WORDS_FAILED) ||
                                            (rest.len && rest.ptr[0] == '['));

    if (lead->alone && i + 1 < p->end && line_text(p, i + 1).len) {
        struct lead next;
        bool other = read_lead(line_text(p, i + 1), &next) && next.alone;

        to = other || p->lines->items[i + 1].label || is_heading(line_text(p, i + 1))
                 ? i + 1
                 : words_end(p, i + 1);
        told = !listed && to > i + 1 && is_refusal(ndr_lines_join(p->reading->arena, p->lines, i + 1, to).text);
    }
    if (!lead->alone && !listed && !told) {
        return i; /* a sentence that happens to begin with an address */
    }
    add_address(p, lead->address, i, listed || told ? STRENGTH_STRONG : STRENGTH_WEAK);
    /* "a@b on 11/24/2026 10:15 AM": the words begin on the next line. */
    bool dated = !lead->alone && to > i + 1 && !is_refusal(rest) && ndr_date_parse(rest) != INT64_MIN;
    size_t from = lead->alone || dated ? i + 1 : i;

    if (lead->alone && to > from && read_host_line(p, from)) {
        from++;
    }

    /* "a@b; Action: Delayed" has no words of a server. */
    if (to > from && !(to == i + 1 && ndr_is_status_line(rest))) {
        struct words words = {words_of(p, from, lead->alone || dated ? 0 : lead->rest, to), GRADE_UNKNOWN};

        take_words(&p->items[p->current], &words, to);
    }
    return to > i ? to : i + 1;
}

/* Where words begin of which `sign` is the last byte, at one of its places from `at` on; STR_NPOS for nowhere. */
static size_t find_before(struct str line, struct str words, char sign, size_t at)
{
    while (at != STR_NPOS && !str_ends_nocase(str_sub(line, 0, at + 1), words)) {
        at = str_find_char(line, sign, at + 1);
    }
    return at == STR_NPOS ? at : at + 1 - words.len;
}

/* A line with a '=': "to=<a@b>, relay=mx.example.org[192.0.2.1]:25, dsn=5.4.1, status=bounced (host ... said: 550 ...)" */
static bool read_log(struct prose *p, size_t i, size_t *next)
{
    struct str line = line_text(p, i);
    size_t sign = str_find_char(line, '=', 0);
    size_t at = find_before(line, STR_LIT("to="), '=', sign);
    size_t status = find_before(line, STR_LIT("status="), '=', sign);
    struct str address;

    while (at != STR_NPOS && !str_starts(str_sub(line, at + 3, 1), STR_LIT("<"))) {
        at = find_before(line, STR_LIT("to="), '=', str_find_char(line, '=', at + 3));
    }

    if ((at == STR_NPOS && status == STR_NPOS) || (status == STR_NPOS && !is_refusal(line))) {
        return false;
    }
    size_t to = words_end(p, i);
    size_t pos = at == STR_NPOS ? 0 : at + 3;

    if (at != STR_NPOS && ndr_address_next(line, &pos, &address)) {
        add_address(p, address, i, STRENGTH_STRONG);
    }
    size_t open = str_find_char(line, '(', status == STR_NPOS ? at : status);
    struct ndr_joint words = words_of(p, i, open == STR_NPOS ? 0 : open + 1, to);

    place_words(p, words, to);
    if (p->current < p->count && status != STR_NPOS) {
        struct str how = str_sub(line, status + 7, line.len);

        p->items[p->current].action = str_starts_nocase(how, STR_LIT("deferred")) ? NDR_ACTION_DELAYED
                                      : str_starts_nocase(how, STR_LIT("sent"))   ? NDR_ACTION_RELAYED
                                                                                  : NDR_ACTION_FAILED;
    }
    *next = to;
    return true;
}

/* Addresses in a sentence, which holds a '@': "There was an error delivering your mail to <a@b>." */
static void read_sentence(struct prose *p, size_t i)
{
    static const struct str others[] = {STR_INIT("postmaster"),    STR_INIT("contact"), STR_INIT("send mail to"),
                                        STR_INIT("support"),       STR_INIT("abuse@"),  STR_INIT("mailer-daemon"),
                                        STR_INIT("from <"),        STR_INIT("from:")};
    struct str line = line_text(p, i);
    struct str address;
    size_t pos = 0;

    if (str_starts_nocase(line, STR_LIT("To:")) || str_starts_nocase(line, STR_LIT("To  "))) {
        if (ndr_address_next(line, &pos, &address) && p->count == 0) {
            add_address(p, address, i, STRENGTH_WEAK);
        }
        return;
    }
    size_t colon = str_find_char(line, ':', 0);
    size_t command = find_before(line, STR_LIT("RCPT TO:"), ':', colon);

    if (command != STR_NPOS) {
        pos = command;
        if (ndr_address_next(line, &pos, &address)) {
            add_address(p, address, i, STRENGTH_PHRASE);
        }
        return;
    }

    /* "Invalid final delivery userid: a@b" */
    pos = colon == STR_NPOS ? line.len : colon;
    if (colon != STR_NPOS && p->count == 0 && str_find_char(str_sub(line, 0, colon), ' ', 0) != STR_NPOS &&
        ndr_address_next(line, &pos, &address) && pos >= line.len) {
        add_address(p, address, i, STRENGTH_WEAK);
    }
    pos = 0;
    if (!(ndr_line_words(p->lines, i) & (NDR_WORDS_FAILED | NDR_WORDS_DELAYED)) &&
        !(i > 0 && ndr_line_words(p->lines, i - 1) & NDR_WORDS_FAILED)) {
        return;
    }
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        if (str_find_nocase(line, others[k], 0) != STR_NPOS) {
            return;
        }
    }
    if (ndr_address_next(line, &pos, &address)) {
        add_address(p, address, i, STRENGTH_PHRASE);
    }
}

/* "mx.example.org gave this error:", "mx [192.0.2.1] did not like our final DATA:" */
static bool introduces_words(struct str line)
{
    return line.ptr[line.len - 1] == ':' &&
           (str_ends_nocase(line, STR_LIT("gave this error:")) ||
            str_ends_nocase(line, STR_LIT("did not like our final DATA:")) ||
            str_ends_nocase(line, STR_LIT(" said:")) || str_ends_nocase(line, STR_LIT("error was:")));
}

/* "554 <a@b>... Host unknown": the reply names whom it refuses. */
static void read_reply_address(struct prose *p, size_t i)
{
    struct str line = line_text(p, i);
    struct str address;
    size_t pos = 0;

    if (ndr_address_next(line, &pos, &address)) {
        size_t from = (size_t)(address.ptr - line.ptr);
        bool marked = from > 0 && line.ptr[from - 1] == '<' && pos < line.len && line.ptr[pos] == '>' &&
                      pos + 1 < line.len && (line.ptr[pos + 1] == '.' || line.ptr[pos + 1] == ':');

        if (marked && from < 24) {
            add_address(p, address, i, STRENGTH_PHRASE);
        }
    }
}

static size_t read_line(struct prose *p, size_t i)
{
    struct str line = line_text(p, i);
    struct lead lead;
    size_t next = i + 1;
    const struct ndr_label *label = p->lines->items[i].label;

    if (p->has_fields && ndr_is_status_line(line)) {
        while (next < p->end && line_text(p, next).len &&
               p->lines->items[next].indent > p->lines->items[i].indent) {
            next++;
        }
        return next;
    }
    if (label) {
        return read_label(p, i, label, ndr_line_rest(&p->lines->items[i]));
    }
    if (is_heading(line)) {
        p->listing = p->listing || str_find_nocase(line, STR_LIT("address"), 0) != STR_NPOS ||
                     str_find_nocase(line, STR_LIT("recipient"), 0) != STR_NPOS ||
                     str_find_nocase(line, STR_LIT("failure reason"), 0) != STR_NPOS;
        return next;
    }
    unsigned has = scan_which(line, '@', '=');
    bool has_address = has & SCAN_FIRST;

    if ((has & SCAN_SECOND) && read_log(p, i, &next)) {
        return next;
    }
    if (has_address && (read_lead(line, &lead) || read_named(line, &lead))) {
        next = read_address(p, i, &lead);
        if (next > i) {
            return next;
        }
        next = i + 1;
    }
    if (has == 0 && !p->listing && !introduces_words(line)) {
        return next; /* words that tell nothing */
    }
    if (is_session_line(line)) {
        if (has_address) {
            read_sentence(p, i);
        }
        return next;
    }
    if (p->listing && read_host_line(p, i)) {
        return next;
    }
    if (introduces_words(line) && i + 1 < p->end) {
        struct str host = host_in(line);
        size_t from = line_text(p, i + 1).len ? i + 1 : i + 2;
        size_t to = from < p->end ? words_end(p, from) : from;

        if (host.len) {
            p->remote = ndr_line_value(p->reading->report, p->lines, i, host);
        }
        if (to > from) {
            place_words(p, words_of(p, i, 0, to), to);
            return to;
        }
        return next;
    }
    if (has_address) {
        read_sentence(p, i);
    }
    if ((has & SCAN_MAY_REFUSE) && is_refusal(line)) {
        if (ndr_reply_starts(line)) {
            read_reply_address(p, i);
        }
        next = words_end(p, i);
        place_words(p, words_of(p, i, 0, next), next);
    }
    return next > i ? next : i + 1;
}

/* --- from what is found to recipients --- */

/* Address in angle brackets in the server's words ("550 <a@b>... User unknown"). */
static struct str address_in_words(struct str words)
{
    size_t pos = 0;
    struct str address;

    while (ndr_address_next(words, &pos, &address)) {
        size_t from = (size_t)(address.ptr - words.ptr);

        if (from > 0 && words.ptr[from - 1] == '<') {
            return address;
        }
    }
    return STR_NULL;
}

/* Whether its own words say no less than the loose ones, or those stand with another recipient. */
static bool has_best_words(struct prose *p, struct found *found)
{
    bool others = p->loose_owner != LOOSE_FREE && found != &p->items[p->loose_owner];
    struct str own = found->words.joint.text;
    struct str loose = p->loose.joint.text;
    bool same = own.ptr == loose.ptr && own.len == loose.len;

    return own.len && (loose.len == 0 || same || others || grade_of(&found->words) >= grade_of(&p->loose));
}

static void fill_recipient(struct prose *p, struct ndr_recipient *recipient, struct found *found,
                           const struct ndr_joint *words)
{
    struct ndr_joint use = found && has_best_words(p, found) ? found->words.joint : *words;

    if (recipient->address.text.len == 0 && found) {
        recipient->address = found->address;
    }
    ndr_reply_read(p->reading, recipient, use);
    if (recipient->remote_mta.text.len == 0) {
        recipient->remote_mta = found && found->remote.text.len ? found->remote : p->remote;
    }
    for (size_t i = 0; i < recipient->reply_count && recipient->remote_mta.text.len == 0; i++) {
        recipient->remote_mta = recipient->replies[i].by;
    }
    if (recipient->action == NDR_ACTION_NONE && found) {
        recipient->action = found->action;
    }
}

/* Offsets in the page of the lines [from, to). */
static void set_block(const struct prose *p, struct ndr_recipient *recipient, size_t from, size_t to)
{
    recipient->page = p->lines->page;
    recipient->block_from = from < p->lines->count ? p->lines->items[from].from : 0;
    recipient->block_to = to < p->lines->count ? p->lines->items[to].from
                                               : p->reading->report->pages[p->lines->page].text.len;
}

/* The best strength that was found; weaker ones are other people's addresses. */
static enum strength best_strength(const struct prose *p)
{
    enum strength best = STRENGTH_WEAK;

    for (size_t i = 0; i < p->count; i++) {
        best = p->items[i].strength > best ? p->items[i].strength : best;
    }
    return best;
}

static size_t count_of(const struct prose *p, enum strength strength)
{
    size_t count = 0;

    for (size_t i = 0; i < p->count; i++) {
        count += p->items[i].strength == strength;
    }
    return count;
}

static size_t first_of(const struct prose *p, enum strength strength)
{
    size_t i = 0;

    while (i < p->count && p->items[i].strength != strength) {
        i++;
    }
    return i;
}

/* Words for a recipient that the machine part or X-Failed-Recipients names already. */
static void fill_known(struct prose *p, struct ndr_recipient *recipient, size_t known)
{
    size_t i = find_address(p, recipient->address.text);
    bool only = known == 1;

    if (only && recipient->address.text.len == 0 && count_of(p, best_strength(p)) == 1) {
        i = first_of(p, best_strength(p));
    }
    struct found *found = i < p->count ? &p->items[i] : NULL;
    struct ndr_joint none = {0};

    fill_recipient(p, recipient, found, only || !found ? &p->loose.joint : &none);
    if (only || !found || found->to <= found->from) {
        set_block(p, recipient, p->start, p->end);
    } else {
        set_block(p, recipient, found->from, found->to);
    }
}

static void make_recipients(struct prose *p)
{
    size_t before = p->reading->report->recipient_count;
    enum strength best = best_strength(p);
    size_t kept = count_of(p, best);

    for (size_t i = 0; i < p->count; i++) {
        struct found *found = &p->items[i];
        struct ndr_recipient *recipient;

        if (found->strength != best || (best == STRENGTH_WEAK && kept > 1 && i > 0)) {
            continue;
        }
        if (before && ndr_recipient_find(p->reading->report, found->address.text)) {
            continue; /* the same report once more, as in an answer that quotes it */
        }
        recipient = ndr_recipient_new(p->reading);
        if (!recipient) {
            return;
        }
        fill_recipient(p, recipient, found, &p->loose.joint);
        if (kept == 1 || found->to <= found->from) {
            set_block(p, recipient, p->start, p->end);
        } else {
            set_block(p, recipient, found->from, found->to);
        }
    }
    if (p->count == 0 && p->loose.joint.text.len && before == 0) {
        struct ndr_recipient *recipient = ndr_recipient_new(p->reading);
        struct str address = address_in_words(p->loose.joint.text);

        if (recipient) {
            recipient->address =
                (struct ndr_value){address, ndr_joint_value(p->reading->report, &p->loose.joint).place};
            fill_recipient(p, recipient, NULL, &p->loose.joint);
            set_block(p, recipient, p->start, p->end);
        }
    }
}

/* Reads lines [from, to) into `p`. */
static void read_lines(struct prose *p, size_t from, size_t to)
{
    p->start = from;
    p->end = to;
    for (size_t i = from; i < to;) {
        struct str line = line_text(p, i);

        if (line.len == 0) {
            i++;
            continue;
        }
        if (p->count == 0) {
            p->current = 0;
        }
        i = read_line(p, i);
        p->before = line;
    }
    if (p->count == 0) {
        p->current = 0;
    }
}

/* Line at which another report begins behind a returned message, the count of lines when none does. */
static size_t next_report(const struct ndr_lines *lines, size_t from)
{
    for (size_t i = from; i < lines->count; i++) {
        const struct ndr_label *label = lines->items[i].label;

        if (label && label->kind == NDR_LABEL_FAILED_LIST) {
            return i;
        }
    }
    return lines->count;
}

bool ndr_prose_read(struct ndr_reading *reading, const struct ndr_lines *lines)
{
    struct prose p = {.reading = reading, .lines = lines};
    size_t known = reading->report->recipient_count;

    for (size_t i = 0; i < known; i++) {
        p.has_fields = p.has_fields || reading->report->recipients[i].action_field.text.len;
    }
    size_t end = ndr_lines_returned(lines, 0);

    read_lines(&p, 0, end);
    for (size_t i = 0; i < known; i++) {
        fill_known(&p, &reading->report->recipients[i], known);
    }
    if (known == 0) {
        make_recipients(&p);
    }
    /* Several reports pasted below each other. */
    for (size_t from = next_report(lines, end); known == 0 && from < lines->count;
         from = next_report(lines, end)) {
        struct prose more = {.reading = reading, .lines = lines};

        end = ndr_lines_returned(lines, from);
        read_lines(&more, from, end);
        make_recipients(&more);
    }
    return reading->report->recipient_count > known;
}
