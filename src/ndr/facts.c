#include "ndr/facts.h"

#include "base/block.h"

enum grammar {
    GRAMMAR_NONE, /* never put into a command */
    GRAMMAR_STATUS,
    GRAMMAR_NUMBER,
    GRAMMAR_ADDRESS,
    GRAMMAR_HOST,
    GRAMMAR_IP,
    GRAMMAR_MSGID,
    GRAMMAR_TIME,
    GRAMMAR_WORD,
};

static const struct {
    const char *name;
    enum grammar grammar;
    const char *help;
} facts[NDR_FACT_COUNT] = {
#define FACT(id, name, grammar, help) {name, GRAMMAR_##grammar, help},
#include "ndr/facts.def"
#undef FACT
};

enum { FACT_MAX_BYTES = 254, LABEL_MAX_BYTES = 63 };

struct str ndr_fact_name(enum ndr_fact fact)
{
    return fact < NDR_FACT_COUNT ? str_from(facts[fact].name) : STR_NULL;
}

struct str ndr_fact_help(enum ndr_fact fact)
{
    return fact < NDR_FACT_COUNT ? str_from(facts[fact].help) : STR_NULL;
}

enum ndr_fact ndr_fact_find(struct str name)
{
    for (int i = 0; i < NDR_FACT_COUNT; i++) {
        if (str_equal(name, str_from(facts[i].name))) {
            return (enum ndr_fact)i;
        }
    }
    return NDR_FACT_COUNT;
}

/* Letters, digits and the bytes of `more`, not empty. */
static bool is_made_of(struct str s, const char *more)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!str_is_alnum(s.ptr[i]) && !(s.ptr[i] && strchr(more, s.ptr[i]))) {
            return false;
        }
    }
    return s.len > 0;
}

bool ndr_is_host(struct str s)
{
    size_t from = 0; /* of the label at hand */
    size_t last = 0; /* of the one before */
    size_t labels = 0;

    if (s.len == 0 || s.len > FACT_MAX_BYTES) {
        return false;
    }
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && (str_is_alnum(s.ptr[i]) || s.ptr[i] == '-' || s.ptr[i] == '_')) {
            continue;
        }
        bool ends = i == s.len || s.ptr[i] == '.';

        if (!ends || i == from || i - from > LABEL_MAX_BYTES || s.ptr[from] == '-' || s.ptr[i - 1] == '-') {
            return false;
        }
        labels++;
        last = from;
        from = i + 1;
    }
    /* A host has a letter in its last label; "192.0.2.1" is none. */
    return labels >= 2 && !str_is_digit(s.ptr[last]);
}

bool ndr_is_address(struct str s)
{
    size_t at = s.len;

    while (at > 0 && s.ptr[at - 1] != '@') {
        at--;
    }
    if (at < 2 || s.len > FACT_MAX_BYTES) {
        return false;
    }
    struct str local = str_sub(s, 0, at - 1);
    struct str domain = str_sub(s, at, s.len);

    return is_made_of(local, ".!#$%&'*+/=?^_`{|}~-") && local.ptr[0] != '.' && ndr_is_host(domain);
}

/* Four numbers up to 255 of at most three digits, told by where which bytes stand, a bit each. */
static bool is_ipv4(struct str s)
{
    uint64_t dots = 0, digits = 0, twos = 0, fives = 0, above_two = 0, above_five = 0;

    if (s.len < 7 || s.len > 15) {
        return false;
    }
    for (size_t at = 0; at < s.len; at += BLOCK) {
        block b = load_some(s.ptr + at, s.len - at < BLOCK ? s.len - at : BLOCK);

        dots |= bits_of(equal(b, '.')) << at;
        digits |= bits_of(within(b, '0', 10)) << at;
        twos |= bits_of(equal(b, '2')) << at;
        fives |= bits_of(equal(b, '5')) << at;
        above_two |= bits_of(within(b, '3', 7)) << at;
        above_five |= bits_of(within(b, '6', 4)) << at;
    }
    uint64_t last = (uint64_t)1 << (s.len - 1);
    uint64_t three = digits & digits >> 1 & digits >> 2; /* where three digits begin */
    uint64_t above_55 = above_five | (fives & above_five >> 1);
    uint64_t wrong = (three & digits >> 3) | (three & (above_two | (twos & above_55 >> 1))) |
                     (dots & (dots << 1 | 1 | last));
    uint64_t third = dots & (dots - 1);

    third &= third - 1; /* the dots but for two */
    return wrong == 0 && (dots | digits) == 2 * last - 1 && third && (third & (third - 1)) == 0;
}

/* RFC 4291 2.2: groups of up to four hexadecimal digits, "::" at most once. */
static bool is_ipv6(struct str s)
{
    size_t groups = 0;
    size_t digits = 0;
    bool gap = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = str_lower_char(s.ptr[i]);

        if (c == ':') {
            if (i + 1 < s.len && s.ptr[i + 1] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                groups += digits > 0;
                digits = 0;
                i++;
            } else if (digits == 0 || i + 1 == s.len) {
                return false;
            } else {
                groups++;
                digits = 0;
            }
        } else if (c == '.' && gap + groups > 0) {
            size_t from = i - digits;

            return is_ipv4(str_sub(s, from, s.len - from)) && groups <= 6;
        } else if ((str_is_digit(c) || (c >= 'a' && c <= 'f')) && ++digits <= 4) {
            continue;
        } else {
            return false;
        }
    }
    groups += digits > 0;
    return gap ? groups <= 7 : groups == 8;
}

bool ndr_is_ip(struct str s)
{
    if (s.len == 0 || s.len > 45) {
        return false;
    }
    return is_ipv4(s) || is_ipv6(s);
}

static bool is_status(struct str s)
{
    struct str rest = s;
    struct str part;
    unsigned value;
    size_t parts = 0;

    while (str_next_field(&rest, '.', &part)) {
        if (!str_to_uint(part, 999, &value)) {
            return false;
        }
        parts++;
    }
    return parts == 3;
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!str_is_digit(s.ptr[i])) {
            return false;
        }
    }
    return s.len > 0 && s.len <= 20;
}

/* An address that a shell takes as it stands: no metacharacter in its local part. */
static bool is_plain_address(struct str s)
{
    return ndr_is_address(s) && is_made_of(s, "@._+-") && s.ptr[0] != '-';
}

static bool is_message_id(struct str s)
{
    return is_made_of(s, "@._+-:") && s.ptr[0] != '-' && str_find_char(s, '@', 0) != STR_NPOS;
}

bool ndr_fact_fits(enum ndr_fact fact, struct str value)
{
    if (fact >= NDR_FACT_COUNT || value.len == 0 || value.len > FACT_MAX_BYTES) {
        return false;
    }
    switch (facts[fact].grammar) {
    case GRAMMAR_NONE:
        return false;
    case GRAMMAR_STATUS:
        return is_status(value);
    case GRAMMAR_NUMBER:
        return is_digits(value);
    case GRAMMAR_ADDRESS:
        return is_plain_address(value);
    case GRAMMAR_HOST:
        return ndr_is_host(value);
    case GRAMMAR_IP:
        return ndr_is_ip(value);
    case GRAMMAR_MSGID:
        return is_message_id(value);
    case GRAMMAR_TIME:
        return is_made_of(value, ":+-.") && str_is_digit(value.ptr[0]);
    case GRAMMAR_WORD:
        return is_made_of(value, "-_.") && value.ptr[0] != '-';
    }
    return false;
}
