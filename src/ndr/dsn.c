#include "base/scan.h"
#include "ndr/read.h"
#include "ndr/trace.h"

/* The fields of a delivery status (RFC 3464), read wherever they stand: in a machine part, quoted,
 * indented, or pasted alone. */

enum field {
    FIELD_NONE,
    FIELD_REPORTING_MTA,
    FIELD_ARRIVAL_DATE,
    FIELD_FINAL_RECIPIENT,
    FIELD_ORIGINAL_RECIPIENT,
    FIELD_ACTION,
    FIELD_STATUS,
    FIELD_DIAGNOSTIC_CODE,
    FIELD_REMOTE_MTA,
    FIELD_LAST_ATTEMPT,
    FIELD_WILL_RETRY,
    FIELD_POSTFIX_SENDER,
};

static const struct {
    struct str name;
    enum field field;
} fields[] = {
    {STR_INIT("Reporting-MTA"), FIELD_REPORTING_MTA},
    {STR_INIT("Remote-MTA"), FIELD_REMOTE_MTA},
    {STR_INIT("Arrival-Date"), FIELD_ARRIVAL_DATE},
    {STR_INIT("Action"), FIELD_ACTION},
    {STR_INIT("Final-Recipient"), FIELD_FINAL_RECIPIENT},
    {STR_INIT("Original-Recipient"), FIELD_ORIGINAL_RECIPIENT},
    {STR_INIT("Status"), FIELD_STATUS},
    {STR_INIT("Diagnostic-Code"), FIELD_DIAGNOSTIC_CODE},
    {STR_INIT("Last-Attempt-Date"), FIELD_LAST_ATTEMPT},
    {STR_INIT("Will-Retry-Until"), FIELD_WILL_RETRY},
    {STR_INIT("X-Postfix-Sender"), FIELD_POSTFIX_SENDER},
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0], NAME_MIN_BYTES = 6, SLOTS = 32 };

/* The first four bytes in lower case; other bytes than letters may look alike. */
static uint32_t key_of(const char *name)
{
    uint32_t key;

    memcpy(&key, name, sizeof key);
    return key | 0x20202020;
}

/* Each of the names has its own. */
static size_t slot_of(const char *name)
{
    return ((unsigned char)(name[0] | 32) + 3u * (unsigned char)(name[2] | 32)) % SLOTS;
}

struct slot {
    uint32_t key; /* 0 for none */
    uint32_t row;
};

static const struct slot *slots(void)
{
    static struct slot all[SLOTS];
    static bool are_made;

    for (uint32_t i = are_made ? FIELD_COUNT : 0; i < FIELD_COUNT; i++) {
        all[slot_of(fields[i].name.ptr)] = (struct slot){key_of(fields[i].name.ptr), i};
    }
    are_made = true;
    return all;
}

/* The field of a line that begins like the name in a row. */
static enum field field_in_row(struct str line, size_t row, size_t *value_at)
{
    size_t at = fields[row].name.len;

    if (!str_starts_nocase(line, fields[row].name)) {
        return FIELD_NONE;
    }
    while (at < line.len && line.ptr[at] == ' ') {
        at++;
    }
    *value_at = at + 1;
    return at < line.len && line.ptr[at] == ':' ? fields[row].field : FIELD_NONE;
}

/* The field that a line begins, and where its value does. */
static inline enum field field_of(struct str line, size_t *value_at)
{
    /* How long a line is, is not to be foreseen: what a short one begins with is no name. */
    const char *name = line.len < NAME_MIN_BYTES ? "    " : line.ptr;
    const struct slot *slot = &slots()[slot_of(name)];

    return slot->key == key_of(name) ? field_in_row(line, slot->row, value_at) : FIELD_NONE;
}

bool ndr_is_status_line(struct str line)
{
    size_t value_at;

    return field_of(line, &value_at) != FIELD_NONE;
}

/* Behind the type of a typed value: "smtp; 550 ..." and "dns;mx.example.org". */
static size_t type_len(struct str value)
{
    size_t at = scan_not_name(value, 0, '-', ' ');

    return at > 0 && at < value.len && value.ptr[at] == ';' ? at + 1 : 0;
}

/* Reading of one page's fields. */
struct state {
    struct ndr_reading *reading;
    const struct ndr_lines *lines;
    struct ndr_recipient *current; /* NULL before the first */
    unsigned seen;                 /* bits of the fields that the current recipient has */
    bool gap;                      /* an empty line stood since its last field */
    bool started;                  /* a field that only reports have was seen */
};

/* Domino folds its words ("X-Notes; ...") in the middle of one and then writes a single blank that
 * belongs to no word: takes those out.  `lines` are the continuation lines, one for each further piece. */
static void close_folds(struct arena *arena, struct ndr_joint *joint, const struct ndr_line *lines)
{
    char *text = arena_bytes(arena, joint->text.len);
    size_t len = 0;

    for (size_t i = 0; i < joint->count; i++) {
        size_t from = joint->pieces[i].at;
        size_t end = i + 1 < joint->count ? joint->pieces[i + 1].at : joint->text.len;

        len -= i > 0 && lines[i - 1].indent == 1;
        memcpy(text + len, joint->text.ptr + from, end - from);
        joint->pieces[i].at = (uint32_t)len;
        len += end - from;
    }
    joint->text = str_make(text, len);
}

/* Whether the value of the field in `line` does not go on with the line `more`. */
static bool ends_value(const struct ndr_line *line, const struct ndr_line *more, bool loose)
{
    size_t colon;

    if (more->indent > line->indent) {
        return field_of(more->text, &colon) && ndr_field_name_len(more->text);
    }
    /* Pasted text loses its indent: words of the server go on until the next field. */
    return !loose || ndr_field_name_len(more->text) || str_starts(more->text, STR_LIT("--"));
}

/* Value of the field in line `at` with its continuation lines; *next is set behind them. */
static struct ndr_joint field_value(const struct state *s, size_t at, size_t value_at, bool loose,
                                    size_t *next)
{
    const struct ndr_lines *lines = s->lines;
    const struct ndr_line *line = &lines->items[at];
    size_t end = at + 1;

    while (end < lines->count && lines->items[end].text.len && !ends_value(line, &lines->items[end], loose)) {
        end++;
    }
    *next = end;
    /* The value may begin on the next line: "Remote-MTA:", " dns; mx.example.org". */
    if (end > at + 1 && str_trim(str_sub(line->text, value_at, line->text.len)).len == 0) {
        line = &lines->items[++at];
        value_at = 0;
    }
    size_t type = type_len(str_sub(line->text, value_at, line->text.len));
    struct ndr_joint joint =
        ndr_line_part(s->reading->arena, lines, at, value_at + type, line->text.len);

    if (end == at + 1 && joint.text.len) {
        return joint;
    }
    bool notes = str_starts_nocase(str_trim(str_sub(line->text, value_at, type)), STR_LIT("X-Notes"));
    struct ndr_joint whole = ndr_joint_add(s->reading->arena, joint,
                                           ndr_lines_join(s->reading->arena, lines, at + 1, end));

    if (notes && joint.text.len) {
        close_folds(s->reading->arena, &whole, &lines->items[at + 1]);
    }
    return whole;
}

static enum ndr_action action_of(struct str word)
{
    static const enum ndr_action actions[] = {NDR_ACTION_FAILED, NDR_ACTION_DELAYED,
                                              NDR_ACTION_DELIVERED, NDR_ACTION_RELAYED,
                                              NDR_ACTION_EXPANDED};

    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (str_starts_nocase(word, ndr_action_name(actions[i]))) {
            return actions[i];
        }
    }
    /* "failure" and "delay" stand in reports of old gateways. */
    return str_starts_nocase(word, STR_LIT("fail"))    ? NDR_ACTION_FAILED
           : str_starts_nocase(word, STR_LIT("expire")) ? NDR_ACTION_FAILED
           : str_starts_nocase(word, STR_LIT("deliver")) ? NDR_ACTION_DELIVERED
           : str_starts_nocase(word, STR_LIT("delay")) ? NDR_ACTION_DELAYED
                                                       : NDR_ACTION_NONE;
}

/* The recipient that a field belongs to; a field that the current one has already, or a name
 * behind an empty line, begins the next. */
static struct ndr_recipient *recipient_for(struct state *s, enum field field)
{
    unsigned bit = 1u << field;
    bool names = field == FIELD_FINAL_RECIPIENT || field == FIELD_ORIGINAL_RECIPIENT;

    if (!s->current || s->seen & bit || (names && s->gap && s->seen)) {
        s->current = ndr_recipient_new(s->reading);
        s->seen = 0;
        if (s->current) {
            s->current->page = s->lines->page;
        }
    }
    s->seen |= bit;
    return s->current;
}

/* "mx.example.org", "mx.example.org [192.0.2.1]", "mx.example.org. (192.0.2.1)": the host. */
static struct str host_of(struct str value)
{
    struct str word = STR_NULL;

    str_next_word(&value, &word);
    return str_sub(word, 0, word.len - (word.len > 1 && word.ptr[word.len - 1] == '.'));
}

static struct ndr_value date_of(const struct state *s, const struct ndr_joint *joint)
{
    int64_t time = ndr_date_parse(joint->text);

    if (time == INT64_MIN) {
        return (struct ndr_value){0};
    }
    return (struct ndr_value){ndr_date_text(s->reading->arena, time),
                              ndr_joint_place(s->reading->report, joint, 0, joint->text.len)};
}

static void set_status(const struct state *s, struct ndr_recipient *recipient,
                       const struct ndr_joint *joint)
{
    struct ndr_status status;
    size_t pos = 0;
    size_t at;

    if (ndr_status_next(joint->text, &pos, &at, &status)) {
        struct ndr_value value = {str_sub(joint->text, at, pos - at),
                                  ndr_joint_place(s->reading->report, joint, at, pos - at)};

        recipient->status_field = value;
        ndr_recipient_add_code(recipient, status, value, NDR_CODE_FIELD, -1);
    }
}

static void set_recipient_field(struct state *s, enum field field, const struct ndr_joint *joint)
{
    const struct ndr_report *report = s->reading->report;
    struct ndr_recipient *recipient = recipient_for(s, field);

    if (!recipient) {
        return;
    }
    switch (field) {
    case FIELD_FINAL_RECIPIENT:
        recipient->address = ndr_joint_value(report, joint);
        recipient->address.text = ndr_address_in(joint->text);
        break;
    case FIELD_ORIGINAL_RECIPIENT:
        recipient->original_address = ndr_joint_value(report, joint);
        recipient->original_address.text = ndr_address_in(joint->text);
        break;
    case FIELD_ACTION:
        recipient->action = action_of(joint->text);
        recipient->action_field = ndr_joint_value(report, joint);
        break;
    case FIELD_STATUS:
        set_status(s, recipient, joint);
        break;
    case FIELD_DIAGNOSTIC_CODE:
        ndr_reply_read(s->reading, recipient, *joint);
        break;
    case FIELD_REMOTE_MTA:
        recipient->remote_mta = ndr_joint_value(report, joint);
        recipient->remote_mta.text = host_of(joint->text);
        break;
    case FIELD_LAST_ATTEMPT:
        recipient->last_attempt = date_of(s, joint);
        break;
    case FIELD_WILL_RETRY:
        recipient->will_retry_until = date_of(s, joint);
        break;
    default:
        break;
    }
}

static void set_report_field(struct state *s, enum field field, const struct ndr_joint *joint)
{
    struct ndr_report *report = s->reading->report;

    if (field == FIELD_REPORTING_MTA && report->reporting_mta.text.len == 0) {
        report->reporting_mta = ndr_joint_value(report, joint);
        report->reporting_mta.text = host_of(joint->text);
        report->reporting_mta_words = str_trim(joint->text);
    } else if (field == FIELD_ARRIVAL_DATE && report->arrival_date.text.len == 0) {
        report->arrival_date = date_of(s, joint);
    } else if (field == FIELD_POSTFIX_SENDER && report->original.sender.text.len == 0) {
        report->original.sender = ndr_joint_value(report, joint);
        report->original.sender.text = ndr_address_in(joint->text);
    }
}

/* Fields such as Status and Action stand in other mail too ("Status: RO"): they count only behind
 * one that only reports have, or with a value that only reports have. */
static bool counts(const struct state *s, enum field field, struct str value)
{
    struct ndr_status status;
    size_t pos = 0;
    size_t at;

    if (s->started) {
        return true;
    }
    if (field == FIELD_STATUS) {
        return ndr_status_next(value, &pos, &at, &status) && at <= 2;
    }
    return field != FIELD_ACTION || action_of(str_trim(value)) != NDR_ACTION_NONE;
}

bool ndr_fields_read(struct ndr_reading *reading, const struct ndr_lines *lines)
{
    struct state s = {.reading = reading, .lines = lines};
    size_t before = reading->report->recipient_count;

    for (size_t i = 0; i < lines->count;) {
        struct str line = lines->items[i].text;
        size_t value_at = 0;
        enum field field = field_of(line, &value_at);

        if (field == FIELD_NONE || !counts(&s, field, str_sub(line, value_at, line.len))) {
            s.gap = s.gap || line.len == 0;
            i++;
            continue;
        }
        struct ndr_joint value = field_value(&s, i, value_at, field == FIELD_DIAGNOSTIC_CODE, &i);

        s.started = true;
        if (field == FIELD_REPORTING_MTA || field == FIELD_ARRIVAL_DATE ||
            field == FIELD_POSTFIX_SENDER) {
            set_report_field(&s, field, &value);
        } else {
            set_recipient_field(&s, field, &value);
        }
        s.gap = false;
    }
    return reading->report->recipient_count > before;
}

/* --- Amazon SES: the same fields in JSON --- */

/* Value of a key in JSON that may stand in a string of other JSON ("\\"status\\":\\"5.1.1\\""); a view. */
static struct str json_value(struct str json, struct str key)
{
    size_t at = str_find(json, key, 0);

    if (at == STR_NPOS) {
        return STR_NULL;
    }
    for (at += key.len; at < json.len && json.ptr[at] && strchr("\\\": \t\r\n[", json.ptr[at]); at++) {
    }
    size_t end = at;

    while (end < json.len && json.ptr[end] != '"' && json.ptr[end] != '\\') {
        end++;
    }
    return str_sub(json, at, end - at);
}

static void set_json(struct state *s, struct str page, enum field field, struct str object, struct str key)
{
    struct str text = json_value(object, key);
    size_t type = field == FIELD_DIAGNOSTIC_CODE || field == FIELD_REPORTING_MTA ? type_len(text) : 0;

    text = str_trim(str_sub(text, type, text.len));
    if (text.len == 0) {
        return;
    }
    struct ndr_piece *piece = ARENA_NEW(s->reading->arena, struct ndr_piece);
    struct ndr_joint joint = {.text = text, .page = s->lines->page, .pieces = piece, .count = 1};

    piece->from = (uint32_t)(text.ptr - page.ptr);
    field == FIELD_REPORTING_MTA ? set_report_field(s, field, &joint) : set_recipient_field(s, field, &joint);
}

bool ndr_notification_read(struct ndr_reading *reading, const struct ndr_lines *lines)
{
    struct str page = reading->report->pages[lines->page].text;
    struct state s = {.reading = reading, .lines = lines};
    size_t at = ndr_json_find(page, STR_LIT("bouncedRecipients"));
    size_t end = at == STR_NPOS ? STR_NPOS : str_find_char(page, ']', at);

    if (end == STR_NPOS) {
        return false;
    }
    for (size_t close = str_find_char(page, '}', at); close < end; close = str_find_char(page, '}', at)) {
        struct str object = str_sub(page, at, close - at);

        set_json(&s, page, FIELD_FINAL_RECIPIENT, object, STR_LIT("emailAddress"));
        set_json(&s, page, FIELD_ACTION, object, STR_LIT("action"));
        set_json(&s, page, FIELD_STATUS, object, STR_LIT("status"));
        set_json(&s, page, FIELD_DIAGNOSTIC_CODE, object, STR_LIT("diagnosticCode"));
        at = close + 1;
    }
    set_json(&s, page, FIELD_REPORTING_MTA, str_sub(page, end, page.len), STR_LIT("reportingMTA"));
    return s.current != NULL;
}
