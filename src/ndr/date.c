#include "base/scan.h"
#include "ndr/trace.h"

enum {
    ZONE_MAX_BYTES = 4, /* the longest of the names below */
    HALF_MAX_BYTES = 6,
};

/* What a date string has given so far; -1 where nothing yet. */
struct date {
    int year, month, day, hour, minute, second;
    int offset_minutes; /* east of UTC */
    bool has_zone;
    bool month_is_early; /* the month's name stood before the day */
    bool is_pm, is_am;   /* "PM" may stand before the clock, too */
};

/* Three letters as a number, their case ignored. */
#define THREE(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* Months by their second and third letters, of which no two have the same. */
enum { MONTH_SLOTS = 32 };
#define MONTH(a, b, c, number) [((b) + (c)) % MONTH_SLOTS] = {THREE(a, b, c), number}

static const struct {
    uint32_t name;
    int number;
} months[MONTH_SLOTS] = {
    MONTH('j', 'a', 'n', 1), MONTH('f', 'e', 'b', 2), MONTH('m', 'a', 'r', 3),  MONTH('a', 'p', 'r', 4),
    MONTH('m', 'a', 'y', 5), MONTH('j', 'u', 'n', 6), MONTH('j', 'u', 'l', 7),  MONTH('a', 'u', 'g', 8),
    MONTH('s', 'e', 'p', 9), MONTH('o', 'c', 't', 10), MONTH('n', 'o', 'v', 11), MONTH('d', 'e', 'c', 12),
};

/* Obsolete zone names (RFC 5322 4.3) and a few that mail servers write; minutes east of UTC. */
static const struct {
    struct str name;
    int minutes;
} zones[] = {
    {STR_INIT("utc"), 0}, {STR_INIT("gmt"), 0}, {STR_INIT("z"), 0}, {STR_INIT("ut"), 0}, {STR_INIT("est"), -300}, {STR_INIT("edt"), -240},
    {STR_INIT("cst"), -360}, {STR_INIT("cdt"), -300}, {STR_INIT("mst"), -420}, {STR_INIT("mdt"), -360}, {STR_INIT("pst"), -480}, {STR_INIT("pdt"), -420},
    {STR_INIT("cet"), 60}, {STR_INIT("cest"), 120}, {STR_INIT("bst"), 60}, {STR_INIT("jst"), 540}, {STR_INIT("msk"), 180}, {STR_INIT("eet"), 120},
    {STR_INIT("eest"), 180}, {STR_INIT("wet"), 0}, {STR_INIT("west"), 60}, {STR_INIT("mez"), 60}, {STR_INIT("mesz"), 120}, {STR_INIT("ist"), 330},
    {STR_INIT("aest"), 600}, {STR_INIT("aedt"), 660}, {STR_INIT("nzst"), 720}, {STR_INIT("nzdt"), 780}, {STR_INIT("hkt"), 480}, {STR_INIT("sgt"), 480},
    {STR_INIT("akst"), -540}, {STR_INIT("akdt"), -480}, {STR_INIT("hst"), -600},
};

/* Months that do not begin as in English, by their first letters; none begins like an English one. */
static const struct {
    struct str name;
    int month;
} foreign_months[] = {
    {STR_INIT("m\303\244r"), 3}, {STR_INIT("maj"), 5}, {STR_INIT("mai"), 5}, {STR_INIT("mag"), 5},
    {STR_INIT("okt"), 10}, {STR_INIT("dez"), 12}, {STR_INIT("dic"), 12},
    {STR_INIT("d\303\251c"), 12}, {STR_INIT("f\303\251v"), 2}, {STR_INIT("avr"), 4},
    {STR_INIT("abr"), 4}, {STR_INIT("juin"), 6}, {STR_INIT("juil"), 7}, {STR_INIT("giu"), 6},
    {STR_INIT("lug"), 7}, {STR_INIT("ao\303\273"), 8}, {STR_INIT("ago"), 8}, {STR_INIT("ene"), 1},
    {STR_INIT("gen"), 1}, {STR_INIT("set"), 9}, {STR_INIT("out"), 10}, {STR_INIT("ott"), 10},
    {STR_INIT("mrt"), 3}, {STR_INIT("mei"), 5}, {STR_INIT("fev"), 2},
};

/* Words for the halves of the day. */
static const struct {
    struct str name;
    bool is_pm;
} halves[] = {
    {STR_INIT("AM"), false},       {STR_INIT("PM"), true},        {STR_INIT("a.m."), false},     {STR_INIT("p.m."), true},
    {STR_INIT("\344\270\212\345\215\210"), false}, {STR_INIT("\344\270\213\345\215\210"), true}, /* Chinese */
    {STR_INIT("\345\215\210\345\211\215"), false}, {STR_INIT("\345\215\210\345\276\214"), true}, /* Japanese */
    {STR_INIT("\354\230\244\354\240\204"), false}, {STR_INIT("\354\230\244\355\233\204"), true}, /* Korean */
};

/* The number of two digits, -1 when others stand there. */
static int number_of_two(const char *at)
{
    return str_is_digit(at[0]) && str_is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

static int two_digits(struct str s, size_t at)
{
    return at + 2 <= s.len ? number_of_two(s.ptr + at) : -1;
}

static bool read_offset(struct str word, struct date *date);

/* "10:42:08", "9:05", "10:42:08.123", "10:42:08Z", "10:42:08+01:00". */
static bool read_clock(struct str word, struct date *date)
{
    size_t end = 0;

    while (end < word.len && (str_is_digit(word.ptr[end]) || word.ptr[end] == ':' || word.ptr[end] == '.')) {
        end++;
    }
    struct str zone = str_sub(word, end, word.len);

    word.len = end;
    struct str rest = word;
    struct str field;
    unsigned value[3] = {0};
    int n = 0;

    while (n < 3 && str_next_field(&rest, ':', &field)) {
        struct str digits = str_sub(field, 0, str_find_char(field, n == 2 ? '.' : '\0', 0));

        if (!str_to_uint(digits, 60, &value[n])) {
            return false;
        }
        n++;
    }
    if (n < 2 || value[0] > 24 || value[1] > 59) {
        return false;
    }
    date->hour = (int)value[0];
    date->minute = (int)value[1];
    date->second = (int)value[2];
    if (!read_offset(zone, date) && zone.len) {
        date->has_zone = true;
    }
    return true;
}

/* "+0100", "-08:00", "+01", "GMT+0100", "UTC-08:00". */
static bool read_offset(struct str word, struct date *date)
{
    if (word.len > 3 && (str_starts_nocase(word, STR_LIT("GMT")) || str_starts_nocase(word, STR_LIT("UTC")))) {
        word = str_sub(word, 3, word.len);
    }
    if (word.len < 3 || (word.ptr[0] != '+' && word.ptr[0] != '-')) {
        return false;
    }
    int hours = two_digits(word, 1);
    int minutes = word.len == 3 ? 0 : two_digits(word, word.ptr[3] == ':' ? 4 : 3);

    if (hours < 0 || minutes < 0 || hours > 15) {
        return false;
    }
    date->offset_minutes = (hours * 60 + minutes) * (word.ptr[0] == '-' ? -1 : 1);
    date->has_zone = true;
    return true;
}

/* "2026-11-23", "11/23/2026" (month first, as Exchange writes it), "23.11.2026". */
static bool read_numeric_day(struct str word, struct date *date)
{
    static const char separators[] = "-/.";

    for (int k = 0; k < 3; k++) {
        struct str rest = word;
        struct str field;
        unsigned value[3];
        int n = 0;

        while (n < 3 && str_next_field(&rest, separators[k], &field) &&
               str_to_uint(field, 9999, &value[n])) {
            n++;
        }
        if (n != 3 || rest.len) {
            continue;
        }
        int first = (int)value[0];
        int second = (int)value[1];
        int third = (int)value[2];

        if (separators[k] == '.' && date->day > 0) {
            /* "24.11.2026 10.15.02", as in Finland */
            date->hour = first, date->minute = second, date->second = third;
            return first < 25 && second < 60 && third < 61;
        }
        if (first > 31) {
            date->year = first, date->month = second, date->day = third;
        } else if (separators[k] == '/' && first <= 12) {
            date->month = first, date->day = second, date->year = third;
        } else {
            date->day = first, date->month = second, date->year = third;
        }
        return true;
    }
    return false;
}

static int month_of(struct str word)
{
    if (word.len < 3) {
        return -1;
    }
    unsigned second = (unsigned char)word.ptr[1] | 32;
    unsigned third = (unsigned char)word.ptr[2] | 32;
    size_t slot = (second + third) % MONTH_SLOTS;

    if (months[slot].name == THREE((unsigned char)word.ptr[0] | 32, second, third)) {
        return months[slot].number;
    }
    for (size_t i = 0; i < sizeof foreign_months / sizeof foreign_months[0]; i++) {
        if (str_starts_nocase(word, foreign_months[i].name)) {
            return foreign_months[i].month;
        }
    }
    return -1;
}

static void read_number(struct str word, struct date *date)
{
    bool dot = word.len > 1 && word.ptr[word.len - 1] == '.';
    unsigned value;

    if (!str_to_uint(str_sub(word, 0, word.len - dot), 9999, &value)) {
        return;
    }
    /* "24. 11. 2026" */
    if (dot && date->day > 0 && date->month < 0 && value <= 12) {
        date->month = (int)value;
    } else if (value > 31 && date->year < 0) {
        date->year = (int)value;
    } else if (date->day < 0 && value >= 1) {
        date->day = (int)value;
    } else if (date->year < 0) {
        date->year = (int)value;
    }
}

static void read_word(struct str word, struct date *date)
{
    bool is_digit = str_is_digit(word.ptr[0]);

    if (is_digit && word.len > 15 && str_find_nocase(word, STR_LIT("T"), 0) == 10) {
        /* 2026-11-23T10:42:08.123+01:00 */
        read_numeric_day(str_sub(word, 0, 10), date);
        read_clock(str_sub(word, 11, word.len), date);
        return;
    }
    if (is_digit && str_find_char(word, ':', 0) != STR_NPOS) {
        read_clock(word, date);
        return;
    }
    if (read_offset(word, date) || (is_digit && read_numeric_day(word, date))) {
        return;
    }
    for (size_t i = 0; word.len <= HALF_MAX_BYTES && i < sizeof halves / sizeof halves[0]; i++) {
        if (str_equal_nocase(word, halves[i].name)) {
            date->is_pm = halves[i].is_pm;
            date->is_am = !halves[i].is_pm;
            return;
        }
    }
    bool may_be_zone = !date->has_zone && word.len <= ZONE_MAX_BYTES;

    for (size_t i = 0; may_be_zone && i < sizeof zones / sizeof zones[0]; i++) {
        if (str_equal_nocase(word, zones[i].name)) {
            date->offset_minutes = zones[i].minutes;
            date->has_zone = true;
            return;
        }
    }
    size_t dash = str_find_char(word, '-', 0);

    /* "23-Nov-2026" and "23-Nov-26" */
    if (dash != STR_NPOS && dash <= 2) {
        struct str rest = word;
        struct str part;

        while (str_next_field(&rest, '-', &part)) {
            read_word(part, date);
        }
        return;
    }
    if (str_is_digit(word.ptr[0])) {
        read_number(word, date);
    } else {
        /* "mar. 24 novembre": what stands before the day may be a Tuesday. */
        int month = month_of(word);

        date->month = month > 0 && (date->month < 0 || date->month_is_early) ? month : date->month;
        date->month_is_early = date->month > 0 && date->day < 0;
    }
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar from year 1 on (Hinnant's method). */
static int64_t days_from_civil(unsigned y, unsigned m, unsigned d)
{
    y -= m <= 2;
    unsigned era = y / 400;
    unsigned yoe = y % 400;
    unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return (int64_t)era * 146097 + doe - 719468;
}

/* Whether nothing but comments stands there: " (CET) (envelope-from a@b)". */
static bool are_comments(struct str s)
{
    int depth = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (depth == 0 && s.ptr[i] != '(' && !str_is_blank(s.ptr[i])) {
            return false;
        }
        depth += s.ptr[i] == '(' ? 1 : s.ptr[i] == ')' ? -1 : 0;
    }
    return s.len == 0 || str_is_blank(s.ptr[0]);
}

/* Most have none, or a single one. */
static bool has_comments_only(struct str s)
{
    return s.len == 0 || (str_starts(s, STR_LIT(" (")) && scan_either(s, 2, '(', ')') + 1 == s.len &&
                          s.ptr[s.len - 1] == ')') || are_comments(s);
}

static bool is_letter(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26;
}

/* What stands behind the day of a usual date, and how far each byte may be from that. */
#define SAME  "\0"
#define DIGIT "\x09"
#define ANY   "\x7F" /* of ASCII */
static const char usual[] = " ___ 0000 00:00:00 _0000";
static const char usual_most[] = SAME ANY ANY ANY SAME DIGIT DIGIT DIGIT DIGIT SAME DIGIT DIGIT SAME DIGIT DIGIT SAME
    DIGIT DIGIT SAME ANY DIGIT DIGIT DIGIT DIGIT;
enum { USUAL_BYTES = sizeof usual - 1 };

#define EACH(byte) (0x0101010101010101u * (byte))

static bool looks_usual(const char *text)
{
    uint64_t beyond = 0; /* the top bit of each byte that is too far */

    for (size_t at = 0; at < USUAL_BYTES; at += sizeof beyond) {
        uint64_t bytes[3];

        memcpy(&bytes[0], text + at, sizeof bytes[0]);
        memcpy(&bytes[1], usual + at, sizeof bytes[1]);
        memcpy(&bytes[2], usual_most + at, sizeof bytes[2]);
        bytes[0] ^= bytes[1];
        beyond |= ((bytes[0] & EACH(0x7F)) + (EACH(0x7F) - bytes[2])) | bytes[0];
    }
    return (beyond & EACH(0x80)) == 0;
}

/* The number of two digits. */
static int number_at(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* "Mon, 23 Nov 2026 10:42:08 +0100", "Mon,23 ..." or "23 Nov 2026 10:42:08 +0100 (CET)", as nearly all dates are
 * written; false for any other, which read_words() reads. */
static bool read_usual(struct str text, struct date *date)
{
    struct str s = str_trim(text);

    if (s.len <= USUAL_BYTES) {
        return false;
    }
    /* Every other date has one: told without a branch. */
    bool has_name = (s.ptr[3] == ',') & is_letter(s.ptr[0]) & is_letter(s.ptr[1]) & is_letter(s.ptr[2]);

    s = str_trim(str_make(s.ptr + 4 * has_name, s.len - 4 * has_name));
    size_t day_len = s.len > 1 && s.ptr[1] == ' ' ? 1 : 2;

    if (s.len < day_len + USUAL_BYTES || !looks_usual(s.ptr + day_len)) {
        return false;
    }
    const char *at = s.ptr + day_len; /* " Nov 2026 10:42:08 +0100" */
    bool is_number = str_is_digit(s.ptr[0]) && (day_len == 1 || str_is_digit(s.ptr[1]));
    int zone_hours = number_at(at + 20);
    int zone = zone_hours * 60 + number_at(at + 22);
    int century = number_at(at + 5);

    date->day = day_len == 1 ? s.ptr[0] - '0' : number_at(s.ptr);
    date->month = month_of(str_make(at + 1, 3));
    date->year = century * 100 + number_at(at + 7);
    date->hour = number_at(at + 10);
    date->minute = number_at(at + 13);
    date->second = number_at(at + 16);
    date->offset_minutes = at[19] == '-' ? -zone : zone;
    bool is_wrong = !is_number | (at[19] != '+' && at[19] != '-') | (date->day < 1) | (date->day > 31) |
                    (date->month < 1) | (century < 19) | (date->hour > 24) | (date->minute > 59) |
                    (date->second > 60) | (zone_hours > 15);

    return !is_wrong && has_comments_only(str_sub(s, day_len + USUAL_BYTES, s.len));
}

static void read_words(struct str text, struct date *date)
{
    struct str rest = str_sub(text, 0, 200);
    struct str word;
    int depth = 0;

    while (str_next_word(&rest, &word)) {
        /* Comments such as "(CET)" tell nothing that the offset does not. */
        bool comment = depth > 0 || word.ptr[0] == '(';

        for (size_t i = 0; i < word.len; i++) {
            depth += word.ptr[i] == '(' ? 1 : word.ptr[i] == ')' && depth ? -1 : 0;
        }
        while (word.len && (word.ptr[word.len - 1] == ',' || word.ptr[word.len - 1] == ';')) {
            word.len--;
        }
        size_t comma = str_find_char(word, ',', 0);

        /* "Thu,29 Apr 2010" */
        if (comma != STR_NPOS && !str_is_digit(word.ptr[0])) {
            word = str_sub(word, comma + 1, word.len);
        }
        if (!comment && word.len) {
            read_word(word, date);
        }
    }
}

/* Whether a number stands there with which a word may begin: no date is without one. */
static bool has_number(struct str text)
{
    char before = ' ';

    for (size_t i = 0; i < text.len; i++) {
        if (str_is_digit(text.ptr[i]) && (before == ',' || before == '-' || str_is_blank(before))) {
            return true;
        }
        before = text.ptr[i];
    }
    return false;
}

static int64_t seconds_of(struct date date)
{
    return days_from_civil((unsigned)date.year, (unsigned)date.month, (unsigned)date.day) * 86400 + date.hour * 3600 +
           date.minute * 60 + date.second - (int64_t)date.offset_minutes * 60;
}

int64_t ndr_date_parse(struct str text)
{
    static const struct date nothing = {.year = -1, .month = -1, .day = -1, .hour = -1};
    struct date date = nothing;

    if (read_usual(text, &date)) {
        return seconds_of(date);
    }
    if (!has_number(text)) {
        return INT64_MIN;
    }
    date = nothing;
    read_words(text, &date);
    if (date.year >= 0 && date.year < 50) {
        date.year += 2000;
    } else if (date.year >= 50 && date.year < 1000) {
        date.year += 1900; /* RFC 5322 4.3: three digits count from 1900, too */
    }
    if (date.is_pm || date.is_am) {
        date.hour = date.hour < 0 ? date.hour : date.hour % 12 + (date.is_pm ? 12 : 0);
    }
    if (date.year < 1900 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > 31 || date.hour < 0) {
        return INT64_MIN;
    }
    return seconds_of(date);
}

int64_t ndr_date_folded(struct arena *arena, struct str text)
{
    struct date date = {0};

    return read_usual(text, &date) ? seconds_of(date) : ndr_date_parse(str_squeeze(arena, text));
}

/* Both digits of a number below 100. */
static inline void put_two(char *at, unsigned value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";

    memcpy(at, pairs + 2 * value, 2);
}

struct str ndr_date_text(struct arena *arena, int64_t seconds)
{
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    unsigned rest = (unsigned)(seconds - days * 86400);
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    unsigned day = doy - (153 * mp + 2) / 5 + 1;
    unsigned month = mp < 10 ? mp + 3 : mp - 9;
    int year = (int)(yoe + era * 400 + (month <= 2));

    if (year < 0 || year > 9999) {
        return str_printf(arena, "%d-01-01T00:00:00Z", year);
    }
    static const char layout[] = "yyyy-mm-ddThh:mm:ssZ";
    char *text = arena_bytes(arena, sizeof layout - 1);

    memcpy(text, layout, sizeof layout);
    put_two(text, (unsigned)year / 100);
    put_two(text + 2, (unsigned)year % 100);
    put_two(text + 5, month);
    put_two(text + 8, day);
    put_two(text + 11, rest / 3600);
    put_two(text + 14, rest / 60 % 60);
    put_two(text + 17, rest % 60);
    return str_make(text, sizeof layout - 1);
}

struct ndr_value ndr_date_value(struct arena *arena, const struct ndr_field *field)
{
    int64_t seconds = field ? ndr_date_folded(arena, field->value) : INT64_MIN;

    if (seconds == INT64_MIN) {
        return (struct ndr_value){0};
    }
    return (struct ndr_value){ndr_date_text(arena, seconds), ndr_field_place(field)};
}
