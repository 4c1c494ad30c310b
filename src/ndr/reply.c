#include "base/scan.h"
#include "ndr/read.h"

/* How a reply is set off from the words before it. */
enum reply_start {
    REPLY_NONE,
    REPLY_FIRST,     /* at the start, or behind "said:", "smtp;", a bracket ... */
    REPLY_WRAPPED,   /* behind "->", "[Message=", "#": passed on by the words before it */
    REPLY_CONTINUED, /* "550-5.7.26 ... 550 5.7.26 ...": the same reply of several lines */
};

/* Words behind which a reply code stands ("mx.example.org said: 550 ..."). */
static const struct str lead_words[] = {
#define WORD(word) STR_INIT(word)
    WORD("said"),         WORD("returned"),   WORD("was"),      WORD("error"),  WORD("code"),
    WORD("reply"),        WORD("response"),   WORD("status"),   WORD("with"),   WORD("got"),
    WORD("reason"),       WORD("smtp"),       WORD("server"),   WORD("message"), WORD("returns"),
    WORD("answered"),     WORD("gave"),       WORD("is"),       WORD("fehler"), WORD("erreur"),
    WORD("responsecode"), WORD("error_code"), WORD("reported"), WORD("errore"), WORD("failed"),
    WORD("err"),
#undef WORD
};

static bool is_lead_word(struct str text, size_t end)
{
    size_t from = end;

    while (from > 0 && str_is_alnum(text.ptr[from - 1])) {
        from--;
    }
    struct str word = str_sub(text, from, end - from);

    for (size_t i = 0; word.len && i < sizeof lead_words / sizeof lead_words[0]; i++) {
        if (str_equal_nocase(word, lead_words[i])) {
            return true;
        }
    }
    return false;
}

/* Reads the enhanced code right behind a reply code ("550 5.1.1", "550-5.1.1", "550 #5.1.1",
 * "550 (5.1.1)", "550-'5.1.1 ...'"); sets class_ to 0 when none stands there. */
static bool status_behind(struct str text, size_t at, struct ndr_status *status)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '-' || text.ptr[at] == '#' ||
                             text.ptr[at] == '(' || text.ptr[at] == '[' || text.ptr[at] == ':' ||
                             text.ptr[at] == ',' || text.ptr[at] == '\'')) {
        at++;
    }
    size_t end;
    bool found = ndr_status_at(text, at, &end, status);

    *status = found ? *status : (struct ndr_status){0};
    return found;
}

static bool wraps(struct str text, size_t at)
{
    struct str before = str_trim(str_sub(text, 0, at));

    /* With which byte one of them ends. */
    if (before.len == 0 || !strchr(">;=<.\x92", before.ptr[before.len - 1])) {
        return false;
    }
    return str_ends_nocase(before, STR_LIT("->")) || str_ends_nocase(before, STR_LIT("-&gt;")) ||
           str_ends_nocase(before, STR_LIT("message=")) ||
           str_ends_nocase(before, STR_LIT("led=")) || str_ends_nocase(before, STR_LIT("<")) ||
           (before.len > 5 && str_ends_nocase(before, STR_LIT("smtp;"))) ||
           /* Sendmail: "554 <a@b>... 550 Host unknown" */
           str_ends_nocase(before, STR_LIT(">...")) || str_ends_nocase(before, STR_LIT(")...")) ||
           str_ends_nocase(before, STR_LIT("\xE2\x86\x92")) /* right arrow */;
}

/* Whether words before `at` say that a reply comes: "said:", "smtp;", a bracket, a quote. */
static bool leads(struct str text, size_t at)
{
    size_t end = at;

    while (end > 0 && str_is_blank(text.ptr[end - 1])) {
        end--;
    }
    if (end == 0 || is_lead_word(text, end)) {
        return true;
    }
    unsigned char c = (unsigned char)text.ptr[end - 1];

    return (c && strchr(":;'\"<([{=>#*|-`+", c)) || c >= 0x80;
}

/* Whether "550-..." at `at` is followed by the last line of the same reply, "550 ...". */
static bool goes_on(struct str text, size_t at)
{
    struct str code = str_sub(text, at, 3);
    struct str rest = str_sub(text, at + 4, 2000);

    for (size_t i = str_find(rest, code, 0); i != STR_NPOS; i = str_find(rest, code, i + 1)) {
        if (i > 0 && rest.ptr[i - 1] == ' ' && i + 3 < rest.len && rest.ptr[i + 3] == ' ') {
            return true;
        }
    }
    return false;
}

/* "550-5.1.1 ..." and "550-1 of 2 ... 550 2 of 2": few codes are followed so. */
static __attribute__((noinline)) bool is_code_before_number(struct str text, size_t at)
{
    struct ndr_status status;

    return status_behind(text, at + 3, &status) || goes_on(text, at);
}

/* A three-digit code at `at` with nothing before or behind that makes it a part of a number. */
static int code_at(struct str text, size_t at)
{
    if (at + 3 > text.len || (text.ptr[at] != '2' && text.ptr[at] != '4' && text.ptr[at] != '5') ||
        text.ptr[at + 1] < '0' || text.ptr[at + 1] > '7' || !str_is_digit(text.ptr[at + 2])) {
        return 0;
    }
    char before = at ? text.ptr[at - 1] : ' ';
    char after = at + 3 < text.len ? text.ptr[at + 3] : ' ';
    char next = at + 4 < text.len ? text.ptr[at + 4] : ' ';

    if (str_is_alnum(before) || before == '.' || before == '/' || before == '_' || before == '@' ||
        before == '\\' || before == '&' || before == '?') {
        return 0;
    }
    if (before == '-' && at >= 2 && str_is_alnum(text.ptr[at - 2])) {
        return 0;
    }
    if (str_is_alnum(after) || after == '/' || after == '_' || after == '@' || after == '%' ||
        (after == '.' && str_is_alnum(next)) || (after == ':' && str_is_digit(next)) ||
        (after == ',' && str_is_digit(next))) {
        return 0;
    }
    if (after == '-' && str_is_digit(next) && !is_code_before_number(text, at)) {
        return 0;
    }
    return (text.ptr[at] - '0') * 100 + (text.ptr[at + 1] - '0') * 10 + (text.ptr[at + 2] - '0');
}

/* How the code `value` at `at` is set off from the words before it; reads the code behind it, too. */
static enum reply_start start_of(struct str text, size_t at, int value, int last_code, struct ndr_status *status)
{
    bool with_status = status_behind(text, at + 3, status) && status->class_ == value / 100;
    bool dash = at + 3 < text.len && text.ptr[at + 3] == '-';

    if (wraps(text, at)) {
        return REPLY_WRAPPED;
    }
    if (!with_status && !leads(text, at)) {
        return REPLY_NONE;
    }
    return value == last_code && (dash || with_status || at == 0) ? REPLY_CONTINUED : REPLY_FIRST;
}

/* A reply code in a text. */
struct reply_code {
    size_t at;
    int value;
    struct ndr_status status; /* behind it */
    enum reply_start how;
};

/* Next reply code at or after `from`; what went well ("250") counts at the start. */
static bool next_reply(struct str text, size_t from, int last_code, struct reply_code *code)
{
    for (size_t i = from ? scan_refusal(text, from) : 0; i < text.len; i = scan_refusal(text, i + 1)) {
        code->value = code_at(text, i);
        code->how = code->value ? start_of(text, i, code->value, last_code, &code->status) : REPLY_NONE;
        if (code->how != REPLY_NONE) {
            code->at = i;
            return true;
        }
    }
    return false;
}

int ndr_refusal_grade(struct str text, int enough)
{
    int grade = 0;

    for (size_t i = scan_refusal(text, 0); i < text.len && grade < enough; i = scan_refusal(text, i + 1)) {
        struct ndr_status status;
        size_t end;
        int value = code_at(text, i);

        if (value && start_of(text, i, value, 0, &status) != REPLY_NONE) {
            return NDR_REFUSAL_REPLY;
        }
        if (grade == 0 && ndr_status_at(text, i, &end, &status)) {
            grade = NDR_REFUSAL_CODE;
        }
    }
    return grade;
}

static bool has_reply(struct str text)
{
    return ndr_refusal_grade(text, NDR_REFUSAL_REPLY) == NDR_REFUSAL_REPLY;
}

bool ndr_reply_starts(struct str text)
{
    size_t at = text.len > 4 && text.ptr[0] == '#';

    return at < text.len && (text.ptr[at] == '4' || text.ptr[at] == '5') && code_at(text, at) > 0;
}

void ndr_recipient_add_code(struct ndr_recipient *recipient, struct ndr_status status,
                            struct ndr_value value, enum ndr_code_source source, int reply)
{
    for (size_t i = 0; i < recipient->code_count; i++) {
        struct ndr_code *code = &recipient->codes[i];

        if (ndr_status_equal(code->status, status)) {
            /* The same number again: the words of the server are the better proof. */
            if (source > code->source) {
                code->source = source;
                code->reply = reply;
                code->value = value;
            } else if (source == code->source && reply > code->reply) {
                code->reply = code->reply < 0 ? reply : code->reply;
            }
            return;
        }
    }
    if (recipient->code_count < NDR_STATUSES_MAX) {
        recipient->codes[recipient->code_count++] =
            (struct ndr_code){status, value, source, reply};
    }
}

/* Host that a reply is from: the word before "said:", "returned", "refused", after "host". */
static struct str host_before(struct str text, size_t from, size_t at)
{
    struct str before = str_sub(text, from, at - from);
    struct str best = STR_NULL;
    struct str word;
    bool cued = false;
    bool may_name = str_find_char(before, '.', 0) != STR_NPOS; /* mostly there is but "smtp;" */

    while (may_name && str_next_word(&before, &word)) {
        size_t bracket_at = str_find_char(word, '[', 0);
        bool bracket = bracket_at != STR_NPOS;

        word = str_sub(word, 0, bracket_at);
        while (word.len && !str_is_alnum(word.ptr[word.len - 1])) {
            word.len--;
        }
        while (word.len && !str_is_alnum(word.ptr[0])) {
            word = str_sub(word, 1, word.len);
        }
        if ((cued || bracket || best.len == 0) && str_find_char(word, '.', 0) != STR_NPOS && ndr_is_host(word)) {
            best = word;
        }
        cued = str_equal_nocase(word, STR_LIT("host")) || str_equal_nocase(word, STR_LIT("server")) ||
               str_equal_nocase(word, STR_LIT("at"));
    }
    return best;
}

/* "[LastAttemptedServerName=mx.example.org]" and "{FQDN=mx.example.org}" of a queue name the host of a
 * wrapped reply. */
static struct str attempted_host(struct str text)
{
    static const char *const marks[] = {"LastAttemptedServerName=", "FQDN="};

    bool may_name = str_find_char(text, '=', 0) != STR_NPOS;

    for (size_t i = 0; may_name && i < sizeof marks / sizeof marks[0]; i++) {
        size_t at = str_find_nocase(text, str_from(marks[i]), 0);

        if (at != STR_NPOS) {
            struct str host = str_sub(text, at + strlen(marks[i]), text.len);

            host = str_sub(host, 0, str_find_char(host, i ? '}' : ']', 0));
            if (ndr_is_host(host)) {
                return host;
            }
        }
    }
    return STR_NULL;
}

static struct ndr_reply *add_reply(struct ndr_recipient *recipient, const struct reply_code *code)
{
    if (recipient->reply_count == NDR_REPLIES_MAX) {
        return NULL;
    }
    struct ndr_reply *reply = &recipient->replies[recipient->reply_count++];

    *reply = (struct ndr_reply){.code = code->value, .status = code->status};
    return reply;
}

/* Words without a reply code that still wrap ones: "<host #5.4.14 smtp; 554 5.4.14 ...>". */
static void end_reply(const struct ndr_reading *reading, struct ndr_recipient *recipient,
                      const struct ndr_joint *words, size_t from, size_t to)
{
    if (recipient->reply_count) {
        struct ndr_reply *reply = &recipient->replies[recipient->reply_count - 1];
        size_t len = to - from;

        reply->text.text = str_trim(str_sub(words->text, from, len));
        reply->text.place = len == words->text.len ? recipient->diagnostic.place
                                                   : ndr_joint_place(reading->report, words, from, len ? len : 1);
    }
}

static void read_replies(struct ndr_reading *reading, struct ndr_recipient *recipient,
                         const struct ndr_joint *words)
{
    struct str text = words->text;
    size_t from = 0;
    int last = 0;
    struct reply_code code;

    for (size_t pos = 0; next_reply(text, pos, last, &code); pos = code.at + 3) {
        size_t at = code.at;
        bool later = recipient->reply_count > 0 && code.how == REPLY_FIRST;

        if (code.value < 400 && has_reply(str_sub(text, at + 3, text.len))) {
            continue; /* a greeting, or what went well before */
        }
        if (code.how == REPLY_CONTINUED || later) {
            continue; /* another line of the same reply, or one that came before or after it */
        }
        end_reply(reading, recipient, words, from, at);
        struct ndr_reply *reply = add_reply(recipient, &code);

        if (!reply) {
            return;
        }
        struct str host = host_before(text, from, at);

        if (host.len) {
            reply->by = (struct ndr_value){host, ndr_joint_place(reading->report, words, from,
                                                                  at > from ? at - from : 1)};
        }
        if (recipient->reply_count == 1) {
            recipient->reply_code = code.value;
            recipient->reply_value =
                (struct ndr_value){str_sub(text, at, 3), ndr_joint_place(reading->report, words, at, 3)};
        }
        from = at;
        last = code.value;
    }
    end_reply(reading, recipient, words, from, text.len);
}

/* Index of the reply in whose words offset `at` stands, -1 before the first. */
static int reply_of(const struct ndr_recipient *recipient, struct str text, size_t at)
{
    for (size_t i = recipient->reply_count; i-- > 0;) {
        struct str words = recipient->replies[i].text.text;

        if (words.len && words.ptr <= text.ptr + at) {
            return (int)i;
        }
    }
    return -1;
}

/* Whether the diagnostic says anything: a code, or more than a number. */
static bool has_words(const struct ndr_recipient *recipient)
{
    for (size_t i = 0; i < recipient->code_count; i++) {
        if (recipient->codes[i].source == NDR_CODE_DIAGNOSTIC) {
            return true;
        }
    }
    return false;
}

void ndr_reply_read(struct ndr_reading *reading, struct ndr_recipient *recipient,
                    struct ndr_joint words)
{
    size_t pos = 0;
    size_t at;
    struct ndr_status status;

    if (words.text.len == 0) {
        return;
    }
    /* "X-Unix; 77" says less than the words of a server that stand elsewhere. */
    bool first = recipient->diagnostic.text.len == 0 ||
                 (recipient->reply_count == 0 && !has_words(recipient) && has_reply(words.text));

    if (first) {
        recipient->diagnostic = ndr_joint_value(reading->report, &words);
        read_replies(reading, recipient, &words);
        struct str host = attempted_host(words.text);

        if (host.len && recipient->reply_count) {
            recipient->replies[recipient->reply_count - 1].by =
                (struct ndr_value){host, recipient->diagnostic.place};
        }
    }
    while (ndr_status_next(words.text, &pos, &at, &status)) {
        struct ndr_value value = {str_sub(words.text, at, pos - at),
                                  ndr_joint_place(reading->report, &words, at, pos - at)};

        ndr_recipient_add_code(recipient, status, value,
                               first ? NDR_CODE_DIAGNOSTIC : NDR_CODE_PROSE,
                               first ? reply_of(recipient, words.text, at) : -1);
    }
}
