#include "session/redact.h"

#include <string.h>

enum {
    PEOPLE_MAX = 2000,   /* beyond, everybody is "person" */
    NEEDLES_MAX = 200,   /* words that stand for somebody without an address */
    NAME_MIN_BYTES = 3,
    LOCAL_MIN_BYTES = 2, /* a plain word counts only where it is used as a name */
    SUBJECT_MIN_BYTES = 4,
    LOCAL_MAX_BYTES = 256,
    LABEL_MAX_BYTES = 16,
    LABELED_LINES_MAX = 5000,
};

/* What an address or a message id is replaced by. */
struct person {
    struct str local;  /* in lower case */
    struct str domain; /* in lower case */
    struct str stand_in; /* "person1", "message1" */
};

/* Words that are blanked wherever they stand as a whole. */
struct needle {
    struct str words;
    struct str stand_in;
    bool is_common; /* one word that may mean something else: only where it is used as a name */
};

struct redact {
    struct arena *arena;
    struct person *people;
    size_t people_count;
    size_t people_capacity;
    size_t persons, messages; /* numbers given so far */
    struct needle *needles;   /* the longest first */
    size_t needle_count;
    size_t needle_capacity;
    bool starts[256]; /* bytes that a needle begins with, both cases */
};

/* --- people --- */

static struct str lower(struct arena *arena, struct str text)
{
    char *copy = str_dup_z(arena, text);

    for (size_t i = 0; i < text.len; i++) {
        copy[i] = str_lower_char(copy[i]);
    }
    return str_make(copy, text.len);
}

/* Mail systems are nobody; they tell who writes a report. */
static bool is_nobody(struct str local)
{
    static const char *const names[] = {"postmaster", "mailer-daemon", "mail delivery system", "mail delivery subsystem",
                                        "microsoft outlook"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal_nocase(local, str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

/* The stand-in of a local part at a domain; a new one for somebody new. */
static struct str stand_in(struct redact *redact, struct str local, struct str domain, bool is_message)
{
    for (size_t i = 0; i < redact->people_count; i++) {
        const struct person *person = &redact->people[i];

        if (str_equal_nocase(person->local, local) && str_equal_nocase(person->domain, domain)) {
            return person->stand_in;
        }
    }
    if (redact->people_count >= PEOPLE_MAX) {
        return STR_LIT("person");
    }
    struct person *person =
        VEC_PUSH(redact->arena, redact->people, redact->people_count, redact->people_capacity);

    person->local = lower(redact->arena, local);
    person->domain = lower(redact->arena, domain);
    person->stand_in = is_message ? str_printf(redact->arena, "message%zu", ++redact->messages)
                                  : str_printf(redact->arena, "person%zu", ++redact->persons);
    return person->stand_in;
}

/* --- needles --- */

static bool is_word_char(char c)
{
    return str_is_alnum(c) || (unsigned char)c >= 0x80;
}

static bool is_plain_word(struct str words)
{
    for (size_t i = 0; i < words.len; i++) {
        if (!is_word_char(words.ptr[i]) || str_is_digit(words.ptr[i])) {
            return false;
        }
    }
    return true;
}

static void add_needle(struct redact *redact, struct str words, struct str stand, size_t least)
{
    words = str_trim(words);
    if (words.len < least || redact->needle_count >= NEEDLES_MAX || is_nobody(words)) {
        return;
    }
    for (size_t i = 0; i < redact->needle_count; i++) {
        if (str_equal_nocase(redact->needles[i].words, words)) {
            return;
        }
    }
    size_t at = redact->needle_count;

    (void)VEC_PUSH(redact->arena, redact->needles, redact->needle_count, redact->needle_capacity);
    while (at > 0 && redact->needles[at - 1].words.len < words.len) {
        redact->needles[at] = redact->needles[at - 1];
        at--;
    }
    redact->needles[at] = (struct needle){words, stand, is_plain_word(words)};
    unsigned char first = (unsigned char)str_lower_char(words.ptr[0]);

    redact->starts[first] = true;
    redact->starts[first >= 'a' && first <= 'z' ? first - 32 : first] = true;
}

static bool stands_alone(struct str text, size_t at, size_t len)
{
    bool before = at == 0 || !is_word_char(text.ptr[at - 1]) || !is_word_char(text.ptr[at]);
    bool after = at + len >= text.len || !is_word_char(text.ptr[at + len]) || !is_word_char(text.ptr[at + len - 1]);

    return before && after;
}

/* Whether a word stands where a name does: in quotes or brackets, or behind "user" and its like. */
static bool names_somebody(struct str text, size_t at, size_t len)
{
    static const char *const before[] = {"user ", "mailbox ", "account ", "recipient ", "cn=", "login ", "user: "};
    bool opened = at > 0 && strchr("<\"'(=/", text.ptr[at - 1]);
    bool closed = at + len < text.len && strchr(">\"')/", text.ptr[at + len]);

    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        struct str word = str_from(before[i]);

        if (at >= word.len && str_equal_nocase(str_sub(text, at - word.len, word.len), word)) {
            return true;
        }
    }
    return opened && closed;
}

static const struct needle *needle_at(const struct redact *redact, struct str text, size_t at)
{
    if (!redact->starts[(unsigned char)text.ptr[at]]) {
        return NULL;
    }
    for (size_t i = 0; i < redact->needle_count; i++) {
        struct str words = redact->needles[i].words;

        if (str_equal_nocase(str_sub(text, at, words.len), words) && stands_alone(text, at, words.len) &&
            (!redact->needles[i].is_common || names_somebody(text, at, words.len))) {
            return &redact->needles[i];
        }
    }
    return NULL;
}

/* --- addresses --- */

static bool in_local(char c)
{
    return is_word_char(c) || (c && strchr("!#$%&'*+/=?^_`{|}~.-", c));
}

static bool in_domain(char c)
{
    return is_word_char(c) || c == '.' || c == '-' || c == '_';
}

/* An address that begins at `at`: its local part and domain.  False when there is none. */
static bool address_at(struct str text, size_t at, struct str *local, struct str *domain)
{
    size_t end = at;

    if (text.ptr[at] == '"') {
        size_t quote = str_find_char(str_sub(text, 0, at + LOCAL_MAX_BYTES), '"', at + 1);

        end = quote == STR_NPOS ? at : quote + 1;
    } else {
        while (end < text.len && end - at < LOCAL_MAX_BYTES && in_local(text.ptr[end])) {
            end++;
        }
    }
    /* A damaged domain ("kim@$fabrikam.com") still has a person before it. */
    if (end == at || end + 1 >= text.len || text.ptr[end] != '@' || str_is_blank(text.ptr[end + 1])) {
        return false;
    }
    *local = str_sub(text, at, end - at);
    if (str_find(*local, STR_LIT("='"), 0) != STR_NPOS) {
        return false; /* "to='jane@example.com'": it begins behind the quote */
    }
    at = ++end;
    if (text.ptr[end] == '[') {
        size_t close = str_find_char(text, ']', end);

        end = close == STR_NPOS ? end + 1 : close + 1;
    }
    while (end < text.len && in_domain(text.ptr[end])) {
        end++;
    }
    while (end > at && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-')) {
        end--;
    }
    *domain = str_sub(text, at, end - at);
    return true;
}

/* Signs that may stand before an address without belonging to it: "mailto=jane@example.com". */
#define AROUND "='`/&?{|*"

/* --- learning --- */

/* `"Jane Doe" <jane@example.com>, joe@example.com`: each name stands for its address. */
static void learn_people(struct redact *redact, struct str list)
{
    struct str name;
    size_t from = 0;

    for (size_t at = 0; at < list.len; at++) {
        struct str local;
        struct str domain;

        if (list.ptr[at] == ',' || list.ptr[at] == ';') {
            from = at + 1;
        }
        if (list.ptr[at] != '<' || at + 1 >= list.len || !address_at(list, at + 1, &local, &domain) || is_nobody(local)) {
            continue;
        }
        name = str_trim(str_sub(list, from, at - from));
        while (name.len && strchr("\"' ", name.ptr[0])) {
            name = str_sub(name, 1, name.len);
        }
        while (name.len && strchr("\"' ", name.ptr[name.len - 1])) {
            name.len--;
        }
        struct str stand = stand_in(redact, local, domain, false);

        add_needle(redact, name, stand, NAME_MIN_BYTES);
        add_needle(redact, local, stand, LOCAL_MIN_BYTES);
    }
}

static void learn_address(struct redact *redact, struct str text, bool is_message)
{
    struct str local;
    struct str domain;

    for (size_t at = 0; at < text.len && at < LOCAL_MAX_BYTES; at++) {
        if (in_local(text.ptr[at]) && !strchr(AROUND, text.ptr[at]) && address_at(text, at, &local, &domain)) {
            if (is_message || !is_nobody(local)) {
                struct str stand = stand_in(redact, local, domain, is_message);

                add_needle(redact, is_message ? STR_NULL : local, stand, LOCAL_MIN_BYTES);
            }
            return;
        }
    }
}

static void learn_line(struct redact *redact, struct str line)
{
    static const char *const people[] = {"from", "to", "cc", "bcc", "sender", "reply-to", "resent-from", "resent-to"};
    size_t colon;

    while (line.len && (line.ptr[0] == '>' || str_is_blank(line.ptr[0]))) {
        line = str_sub(line, 1, line.len);
    }
    colon = str_find_char(str_sub(line, 0, LABEL_MAX_BYTES), ':', 0);
    if (colon == STR_NPOS) {
        return;
    }
    struct str label = str_sub(line, 0, colon);
    struct str value = str_trim(str_sub(line, colon + 1, line.len));

    if (str_equal_nocase(label, STR_LIT("subject"))) {
        add_needle(redact, value, STR_LIT("[subject]"), SUBJECT_MIN_BYTES);
    } else if (str_equal_nocase(label, STR_LIT("message-id"))) {
        learn_address(redact, value, true);
    }
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        if (str_equal_nocase(label, str_from(people[i]))) {
            learn_people(redact, value);
        }
    }
}

static void learn_lines(struct redact *redact, struct str text)
{
    struct str line;

    for (size_t i = 0; i < LABELED_LINES_MAX && str_next_line(&text, &line); i++) {
        learn_line(redact, line);
    }
}

struct redact *redact_new(struct arena *arena, const struct ndr_report *report)
{
    struct redact *redact = ARENA_NEW(arena, struct redact);

    redact->arena = arena;
    if (!report) {
        return redact;
    }
    /* The recipients first: they are person1 and so on. */
    learn_address(redact, report->original.message_id.text, true);
    for (size_t i = 0; i < report->recipient_count; i++) {
        learn_address(redact, report->recipients[i].address.text, false);
        learn_address(redact, report->recipients[i].original_address.text, false);
    }
    learn_address(redact, report->original.sender.text, false);
    learn_people(redact, report->original.from.text);
    learn_address(redact, report->original.from.text, false);
    add_needle(redact, report->original.subject.text, STR_LIT("[subject]"), SUBJECT_MIN_BYTES);
    learn_lines(redact, report->source);
    for (size_t i = 0; i < report->page_count; i++) {
        learn_lines(redact, report->pages[i].text);
    }
    return redact;
}

/* --- blanking --- */

/* The stand-in of what stands at `at`; returns its length, 0 for nothing. */
static size_t blank_at(struct redact *redact, struct str text, size_t at, struct str *stand)
{
    char before = at > 0 ? text.ptr[at - 1] : ' ';
    bool begins = !in_local(before) || strchr(AROUND, before);
    const struct needle *needle;
    struct str local;
    struct str domain;

    if (begins && (text.ptr[at] == '"' || (in_local(text.ptr[at]) && !strchr(AROUND, text.ptr[at]))) &&
        address_at(text, at, &local, &domain) && !is_nobody(local)) {
        *stand = stand_in(redact, local, domain, false);
        return local.len;
    }
    needle = needle_at(redact, text, at);
    if (needle) {
        *stand = needle->stand_in;
        return needle->words.len;
    }
    return 0;
}

struct str redact_text(struct redact *redact, struct str text)
{
    struct buf out;
    size_t kept = 0;
    size_t at = 0;

    buf_init(&out, BUF_NO_LIMIT);
    while (at < text.len) {
        struct str stand;
        size_t len = blank_at(redact, text, at, &stand);

        if (len) {
            buf_add_str(&out, str_sub(text, kept, at - kept));
            buf_add_str(&out, stand);
            kept = at + len;
        }
        at += len ? len : 1;
    }
    if (kept) {
        buf_add_str(&out, str_sub(text, kept, text.len));
        text = str_dup(redact->arena, buf_str(&out));
    }
    buf_fini(&out);
    return text;
}

void redact_doc(struct redact *redact, struct doc *doc)
{
    for (size_t i = 0; i < doc->count; i++) {
        doc->blocks[i].label = redact_text(redact, doc->blocks[i].label);
        doc->blocks[i].text = redact_text(redact, doc->blocks[i].text);
    }
}
