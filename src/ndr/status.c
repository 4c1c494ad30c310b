#include "base/block.h"
#include "base/scan.h"
#include "ndr/report.h"

static bool is_class(char c)
{
    return c == '2' || c == '4' || c == '5';
}

/* Eight bytes of a text from `at` on, NULs behind its end. */
static uint64_t load_rest(struct str s, size_t at)
{
    return s.len - at >= 8 ? load_eight(s.ptr + at) : load_few(s.ptr + at, s.len - at);
}

/* How many digits the bytes begin with. */
static size_t count_digits(uint64_t bytes)
{
    uint64_t each = 0x0101010101010101u;
    uint64_t values = bytes ^ each * '0';
    uint64_t others = (((values & each * 0x7F) + each * (0x80 - 10)) | values) & each * 0x80;

    return others ? (size_t)__builtin_ctzll(others) / 8 : 8;
}

/* The number of one to three digits that the bytes begin with, without a branch on how many there are. */
static unsigned short number_of(uint64_t bytes, size_t digits)
{
    uint64_t last = ((bytes ^ 0x303030) & 0xFFFFFF) << (8 * (3 - digits));

    return (unsigned short)((last & 0xFF) * 100 + (last >> 8 & 0xFF) * 10 + (last >> 16 & 0xFF));
}

/* No leading zero but "0" itself. */
static bool is_number(uint64_t bytes, size_t digits)
{
    return digits >= 1 && digits <= 3 && (digits == 1 || (char)(bytes & 0xFF) != '0');
}

/* Reads "5.7.23" at *pos and moves behind it. */
static bool read_status(struct str s, size_t *pos, struct ndr_status *status)
{
    size_t at = *pos;

    if (at + 4 >= s.len || !is_class(s.ptr[at]) || s.ptr[at + 1] != '.') {
        return false;
    }
    /* "123.123" and a byte behind it. */
    uint64_t subject = load_rest(s, at + 2);
    size_t subject_digits = count_digits(subject);

    if (!is_number(subject, subject_digits) || (subject >> (8 * subject_digits) & 0xFF) != '.') {
        return false;
    }
    uint64_t detail = subject >> (8 * (subject_digits + 1));
    size_t detail_digits = count_digits(detail);

    if (!is_number(detail, detail_digits)) {
        return false;
    }
    status->class_ = (unsigned char)(s.ptr[at] - '0');
    status->subject = number_of(subject, subject_digits);
    status->detail = number_of(detail, detail_digits);
    *pos = at + 2 + subject_digits + 1 + detail_digits;
    return true;
}

bool ndr_status_parse(struct str s, struct ndr_status *status)
{
    size_t pos = 0;

    return read_status(s, &pos, status) && pos == s.len;
}

/* What stands right before a code must not make it a part of something longer. */
static bool may_precede(struct str text, size_t at)
{
    if (at == 0) {
        return true;
    }
    char c = text.ptr[at - 1];

    if (c == '-' || c == '_') {
        /* "550-5.7.26" is a reply of several lines; "v-5.1.1" and "a-1-5.1.1" are not. */
        return at >= 4 && c == '-' && str_is_digit(text.ptr[at - 2]) &&
               str_is_digit(text.ptr[at - 3]) && str_is_digit(text.ptr[at - 4]) &&
               (at == 4 || !str_is_alnum(text.ptr[at - 5]));
    }
    return !str_is_alnum(c) && c != '.' && c != '/' && c != '@' && c != '\\' && c != '+';
}

/* "5.7.1." and "5.7.1," end a sentence, "5.7.1.2" and "5.7.1-rc" are something else. */
static bool may_follow(struct str text, size_t end)
{
    if (end >= text.len) {
        return true;
    }
    char c = text.ptr[end];
    char next = end + 1 < text.len ? text.ptr[end + 1] : ' ';

    if (c == '.' || c == '-' || c == '@' || c == '/') {
        return !str_is_alnum(next);
    }
    return !str_is_alnum(c) && c != '_' && c != '%';
}

/* "version 5.1.1", "Postfix 2.11.0", "section 5.1.1": programs and parts of documents. */
static bool is_version(struct str text, size_t at)
{
    static const struct str words[] = {
#define WORD(word) STR_INIT(word)
        WORD("version"),   WORD("ver"),    WORD("v"),      WORD("release"),  WORD("exim"),    WORD("postfix"),
        WORD("openssl"),   WORD("php"),    WORD("python"), WORD("ruby"),     WORD("section"), WORD("sections"),
        WORD("chapter"),   WORD("clause"), WORD("kernel"), WORD("firmware"), WORD("build"),   WORD("table"),
        WORD("paragraph"), WORD("figure"), WORD("rfc"),
#undef WORD
    };
    size_t end = at;

    while (end > 0 && (text.ptr[end - 1] == ' ' || text.ptr[end - 1] == '(')) {
        end--;
    }
    if (end == 0 || !str_is_alnum(text.ptr[end - 1]) || str_is_digit(text.ptr[end - 1])) {
        return false; /* mostly a reply code stands there */
    }
    size_t from = end;

    while (from > 0 && str_is_alnum(text.ptr[from - 1])) {
        from--;
    }
    struct str word = str_sub(text, from, end - from);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

bool ndr_status_at(struct str text, size_t at, size_t *end, struct ndr_status *status)
{
    *end = at;
    return may_precede(text, at) && read_status(text, end, status) && may_follow(text, *end) &&
           !is_version(text, at);
}

bool ndr_status_next(struct str text, size_t *pos, size_t *at, struct ndr_status *status)
{
    for (*at = scan_status(text, *pos); *at < text.len; *at = scan_status(text, *at + 1)) {
        size_t end;

        if (ndr_status_at(text, *at, &end, status)) {
            *pos = end;
            return true;
        }
    }
    *pos = text.len;
    return false;
}

bool ndr_status_equal(struct ndr_status a, struct ndr_status b)
{
    return a.class_ == b.class_ && a.subject == b.subject && a.detail == b.detail;
}

struct str ndr_status_text(struct arena *arena, struct ndr_status status)
{
    return str_printf(arena, "%u.%u.%u", status.class_, status.subject, status.detail);
}

int ndr_recipient_code(const struct ndr_recipient *recipient)
{
    int best = -1;
    int best_rank = -1;

    for (size_t i = 0; i < recipient->code_count; i++) {
        const struct ndr_code *code = &recipient->codes[i];
        int rank = (code->status.detail != 0 ? 8 : code->status.subject != 0 ? 4 : 0) +
                   (int)code->source;

        if (rank > best_rank) {
            best = (int)i;
            best_rank = rank;
        }
    }
    return best;
}

struct str ndr_kind_name(enum ndr_kind kind)
{
    static const struct str names[] = {STR_INIT("none"),     STR_INIT("failure"),    STR_INIT("delay"),
                                       STR_INIT("success"),  STR_INIT("relayed"),    STR_INIT("expanded"),
                                       STR_INIT("feedback"), STR_INIT("auto-reply"), STR_INIT("mixed")};

    return names[kind];
}

struct str ndr_action_name(enum ndr_action action)
{
    static const struct str names[] = {STR_INIT(""),          STR_INIT("failed"),  STR_INIT("delayed"),
                                       STR_INIT("delivered"), STR_INIT("relayed"), STR_INIT("expanded")};

    return names[action];
}
