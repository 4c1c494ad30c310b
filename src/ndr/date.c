#include "ndr/trace.h"

/* What a date string has given so far; -1 where nothing yet. */
struct date {
    int year, month, day, hour, minute, second;
    int offset_minutes; /* east of UTC */
    bool has_zone;
    bool month_is_early; /* the month's name stood before the day */
    bool is_pm, is_am;   /* "PM" may stand before the clock, too */
};

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

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

static int two_digits(struct str s, size_t at)
{
    if (at + 1 >= s.len || !str_is_digit(s.ptr[at]) || !str_is_digit(s.ptr[at + 1])) {
        return -1;
    }
    return (s.ptr[at] - '0') * 10 + (s.ptr[at + 1] - '0');
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
    char first = str_lower_char(word.ptr[0]);
    char second = str_lower_char(word.ptr[1]);
    char third = str_lower_char(word.ptr[2]);

    for (int i = 0; i < 12; i++) {
        const char *name = months + 3 * i;

        if (first == name[0] && second == name[1] && third == name[2]) {
            return i + 1;
        }
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
    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        if (str_equal_nocase(word, halves[i].name)) {
            date->is_pm = halves[i].is_pm;
            date->is_am = !halves[i].is_pm;
            return;
        }
    }
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        if (!date->has_zone && str_equal_nocase(word, zones[i].name)) {
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

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Hinnant's method). */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

/* The number of `len` digits at `at`, -1 when others stand there. */
static int digits_at(struct str s, size_t at, size_t len)
{
    int value = 0;

    for (size_t i = at; i < at + len; i++) {
        if (i >= s.len || !str_is_digit(s.ptr[i])) {
            return -1;
        }
        value = value * 10 + (s.ptr[i] - '0');
    }
    return value;
}

static bool byte_is(struct str s, size_t at, char c)
{
    return at < s.len && s.ptr[at] == c;
}

static bool is_weekday(struct str s)
{
    static const char days[] = "montuewedthufrisatsun";

    for (size_t i = 0; i + 3 < sizeof days; i += 3) {
        if (str_starts_nocase(s, str_make(days + i, 3))) {
            return true;
        }
    }
    return false;
}

/* "Mon, 23 Nov 2026 10:42:08 +0100" or "23 Nov 2026 10:42:08 +0100 (CET)", as nearly all dates are
 * written; false for any other, which read_words() reads. */
static bool read_usual(struct str text, struct date *date)
{
    struct str s = str_trim(text);

    if (byte_is(s, 3, ',') && byte_is(s, 4, ' ') && is_weekday(s)) {
        s = str_sub(s, 5, s.len);
    }
    size_t day_len = byte_is(s, 1, ' ') ? 1 : 2;

    date->day = digits_at(s, 0, day_len);
    s = str_sub(s, day_len, s.len); /* " Nov 2026 10:42:08 +0100" */
    date->month = month_of(str_sub(s, 1, 3));
    date->year = digits_at(s, 5, 4);
    date->hour = digits_at(s, 10, 2);
    date->minute = digits_at(s, 13, 2);
    date->second = digits_at(s, 16, 2);
    struct str comment = str_sub(s, 24, s.len);

    return date->day >= 1 && date->day <= 31 && date->month > 0 && date->year >= 1900 && date->hour >= 0 &&
           date->hour <= 24 && date->minute >= 0 && date->minute < 60 && date->second >= 0 &&
           date->second <= 60 && byte_is(s, 0, ' ') && byte_is(s, 4, ' ') && byte_is(s, 9, ' ') &&
           byte_is(s, 12, ':') && byte_is(s, 15, ':') && byte_is(s, 18, ' ') &&
           digits_at(s, 20, 4) >= 0 && read_offset(str_sub(s, 19, 5), date) &&
           (comment.len == 0 || (str_starts(comment, STR_LIT(" (")) && comment.len <= 8 &&
                                 str_find_char(comment, ')', 0) == comment.len - 1));
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

int64_t ndr_date_parse(struct str text)
{
    static const struct date nothing = {.year = -1, .month = -1, .day = -1, .hour = -1};
    struct date date = nothing;

    if (!read_usual(text, &date)) {
        date = nothing;
        read_words(text, &date);
    }
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
    return days_from_civil(date.year, date.month, date.day) * 86400 + date.hour * 3600 +
           date.minute * 60 + date.second - (int64_t)date.offset_minutes * 60;
}

struct str ndr_date_text(struct arena *arena, int64_t seconds)
{
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int rest = (int)(seconds - days * 86400);
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int day = (int)(doy - (153 * mp + 2) / 5 + 1);
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    int year = (int)(yoe + era * 400 + (month <= 2));

    if (year < 0 || year > 9999) {
        return str_printf(arena, "%d-01-01T00:00:00Z", year);
    }
    int values[] = {year / 100, year % 100, month, day, rest / 3600, rest / 60 % 60, rest % 60};
    static const char layout[] = "yyyy-mm-ddThh:mm:ssZ";
    static const size_t places[] = {0, 2, 5, 8, 11, 14, 17};
    char *text = str_dup_z(arena, str_from(layout));

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        text[places[i]] = (char)('0' + values[i] / 10);
        text[places[i] + 1] = (char)('0' + values[i] % 10);
    }
    return str_make(text, sizeof layout - 1);
}

struct ndr_value ndr_date_value(struct arena *arena, const struct ndr_field *field)
{
    struct ndr_value value = ndr_field_value(arena, field, false);
    int64_t seconds = ndr_date_parse(value.text);

    if (seconds == INT64_MIN) {
        return (struct ndr_value){0};
    }
    value.text = ndr_date_text(arena, seconds);
    return value;
}
