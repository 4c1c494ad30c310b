/* What the readers of containers share: their objects, written as an internet message. */
#include "ndr/mapi.h"

#include "base/utf8.h"
#include "ndr/decode.h"
#include "ndr/trace.h"

bool ndr_mapi_wants(unsigned id)
{
    static const unsigned wanted[] = {
        PR_MESSAGE_CLASS,          PR_SUBJECT,                PR_CLIENT_SUBMIT_TIME,
        PR_SENT_REPRESENTING_NAME, PR_SENT_REPRESENTING_EMAIL, PR_TRANSPORT_HEADERS,
        PR_SUPPLEMENTARY_INFO,     PR_RECIPIENT_TYPE,         PR_SENDER_NAME,
        PR_SENDER_EMAIL,           PR_REMOTE_MTA,             PR_MESSAGE_DELIVERY_TIME,
        PR_BODY,                   PR_REPORT_TEXT,            PR_HTML,
        PR_INTERNET_MESSAGE_ID,    PR_DISPLAY_NAME,           PR_EMAIL_ADDRESS,
        PR_ATTACH_DATA,            PR_ATTACH_FILENAME,        PR_ATTACH_METHOD,
        PR_ATTACH_LONG_FILENAME,   PR_ATTACH_MIME_TAG,        PR_SMTP_ADDRESS,
        PR_INTERNET_CPID,          PR_MESSAGE_CODEPAGE,       PR_SENDER_SMTP,
        PR_SENT_REPRESENTING_SMTP, PR_REPORTING_MTA,
    };

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (wanted[i] == id) {
            return true;
        }
    }
    return false;
}

int ndr_mapi_add(struct ndr_mapi *mapi, enum ndr_mapi_kind kind, int parent)
{
    int depth = parent < 0 ? 0 : mapi->objects[parent].depth + (kind == NDR_MAPI_MESSAGE);

    if (mapi->count == NDR_CONTAINER_OBJECTS_MAX || depth > NDR_CONTAINER_LEVELS_MAX ||
        (kind == NDR_MAPI_ATTACHMENT && mapi->attachments == NDR_CONTAINER_ATTACHMENTS_MAX)) {
        return -1;
    }
    if (kind == NDR_MAPI_MESSAGE && parent >= 0 && mapi->objects[parent].embedded >= 0) {
        return -1;
    }
    struct ndr_mapi_object *object =
        VEC_PUSH(mapi->arena, mapi->objects, mapi->count, mapi->capacity);
    int index = (int)mapi->count - 1;

    object->kind = kind;
    object->parent = parent;
    object->embedded = -1;
    object->depth = depth;
    mapi->attachments += kind == NDR_MAPI_ATTACHMENT;
    if (kind == NDR_MAPI_MESSAGE && parent >= 0) {
        mapi->objects[parent].embedded = index;
    }
    return index;
}

static const struct ndr_mapi_property *property(const struct ndr_mapi_object *object, unsigned id,
                                                unsigned type)
{
    for (size_t i = 0; i < object->count; i++) {
        if (object->properties[i].id == id && object->properties[i].type == type) {
            return &object->properties[i];
        }
    }
    return NULL;
}

void ndr_mapi_keep(struct ndr_mapi *mapi, int index, unsigned id, unsigned type, struct str bytes)
{
    struct ndr_mapi_object *object = &mapi->objects[index];

    if (ndr_mapi_wants(id) && bytes.len && bytes.len <= NDR_CONTAINER_PROPERTY_MAX_BYTES &&
        !property(object, id, type)) {
        struct ndr_mapi_property *p =
            VEC_PUSH(mapi->arena, object->properties, object->count, object->capacity);

        *p = (struct ndr_mapi_property){id, type, bytes};
    }
}

/* --- properties as text --- */

/* Code pages of Windows by the names that mail has for them. */
static const struct {
    unsigned page;
    const char *name;
} code_pages[] = {
    {932, "shift_jis"},      {936, "gb2312"},        {949, "ks_c_5601-1987"},
    {950, "big5"},           {1200, "utf-16le"},     {1250, "windows-1250"},
    {1251, "windows-1251"},  {1252, "windows-1252"}, {1253, "windows-1253"},
    {1254, "windows-1254"},  {1255, "windows-1255"}, {1256, "windows-1256"},
    {1257, "windows-1257"},  {1258, "windows-1258"}, {10000, "macintosh"},
    {20127, "us-ascii"},     {20866, "koi8-r"},      {20932, "euc-jp"},
    {21866, "koi8-u"},       {28591, "iso-8859-1"},  {28592, "iso-8859-2"},
    {28593, "iso-8859-3"},   {28594, "iso-8859-4"},  {28595, "iso-8859-5"},
    {28596, "iso-8859-6"},   {28597, "iso-8859-7"},  {28598, "iso-8859-8"},
    {28599, "iso-8859-9"},   {28603, "iso-8859-13"}, {28605, "iso-8859-15"},
    {38598, "iso-8859-8-i"}, {50220, "iso-2022-jp"}, {50221, "iso-2022-jp"},
    {50222, "iso-2022-jp"},  {50225, "iso-2022-kr"}, {51932, "euc-jp"},
    {51949, "euc-kr"},       {52936, "hz-gb-2312"},  {54936, "gb18030"},
    {65001, "utf-8"},
};

static struct str code_page_name(unsigned page)
{
    for (size_t i = 0; i < sizeof code_pages / sizeof code_pages[0]; i++) {
        if (code_pages[i].page == page) {
            return str_from(code_pages[i].name);
        }
    }
    return STR_NULL;
}

static unsigned number(const struct ndr_mapi_object *object, unsigned id)
{
    const struct ndr_mapi_property *p = property(object, id, NDR_MAPI_INTEGER);

    return p ? ndr_le32(p->bytes, 0) : 0;
}

/* Code page of an object's ANSI strings: that of the message it belongs to. */
static unsigned code_page_of(const struct ndr_mapi *mapi, const struct ndr_mapi_object *object)
{
    if (object->kind != NDR_MAPI_MESSAGE && object->parent >= 0) {
        object = &mapi->objects[object->parent];
    }
    unsigned page = number(object, PR_MESSAGE_CODEPAGE);

    page = page ? page : number(object, PR_INTERNET_CPID);
    return page && page != CP_UTF16 ? page : CP_WINDOWS_1252;
}

static struct str until_nul(struct str s)
{
    return str_sub(s, 0, str_find_char(s, '\0', 0));
}

static void add_utf16(struct buf *out, struct str bytes)
{
    for (size_t at = 0; at + 2 <= bytes.len; at += 2) {
        uint32_t code = ndr_le16(bytes, at);
        uint32_t low = ndr_le16(bytes, at + 2);

        if (code == 0) {
            return;
        }
        if (code >= 0xD800 && code < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        } else if (code >= 0xD800 && code < 0xE000) {
            code = 0xFFFD;
        }
        utf8_add(out, code);
    }
}

/* Bytes of a code page as UTF-8; what is in no known one and no UTF-8 is read as the usual one. */
static void add_code_page(struct buf *out, struct str bytes, unsigned page)
{
    if (ndr_charset_add(out, code_page_name(page), bytes)) {
        return;
    }
    if (utf8_is_valid(bytes) || !ndr_charset_add(out, STR_LIT("windows-1252"), bytes)) {
        buf_add_str(out, bytes);
    }
}

/* The first `max` bytes of a string property as UTF-8, empty when absent. */
static struct str text_start(const struct ndr_mapi *mapi, const struct ndr_mapi_object *object,
                             unsigned id, size_t max)
{
    const struct ndr_mapi_property *wide = property(object, id, NDR_MAPI_UNICODE);
    const struct ndr_mapi_property *ansi = property(object, id, NDR_MAPI_ANSI);
    struct buf out;

    buf_init(&out, 2 * (size_t)NDR_CONTAINER_PROPERTY_MAX_BYTES);
    if (wide) {
        add_utf16(&out, str_sub(wide->bytes, 0, max));
    } else if (ansi) {
        add_code_page(&out, until_nul(str_sub(ansi->bytes, 0, max)), code_page_of(mapi, object));
    }
    struct str text = out.len ? str_dup(mapi->arena, buf_str(&out)) : STR_NULL;

    buf_fini(&out);
    return text;
}

static struct str text_of(const struct ndr_mapi *mapi, const struct ndr_mapi_object *object,
                          unsigned id)
{
    return text_start(mapi, object, id, NDR_CONTAINER_PROPERTY_MAX_BYTES);
}

/* One line of at most `max` bytes: whatever could end a line or drive a terminal is a blank. */
static struct str one_line(struct arena *arena, struct str s, size_t max)
{
    size_t len = s.len < max ? s.len : max;

    while (len && len < s.len && ((unsigned char)s.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    char *line = str_dup_z(arena, str_sub(s, 0, len));

    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7F) {
            line[i] = ' ';
        }
    }
    return str_squeeze(arena, str_make(line, len));
}

static struct str line_of(const struct ndr_mapi *mapi, const struct ndr_mapi_object *object,
                          unsigned id, size_t max)
{
    /* No charset takes more than four bytes a character; a cut one at the end is not reached. */
    return one_line(mapi->arena, text_start(mapi, object, id, 4 * max), max);
}

/* --- header fields --- */

/* For what stands in quotes: nothing that ends them. */
static struct str quotable(struct arena *arena, struct str s)
{
    struct str copy = str_dup(arena, s);
    char *p = (char *)copy.ptr;

    for (size_t i = 0; i < copy.len; i++) {
        if (p[i] == '"' || p[i] == '\\') {
            p[i] = '\'';
        }
    }
    return copy;
}

static bool is_address(struct str s)
{
    size_t at = str_find_char(s, '@', 0);

    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] <= ' ' || strchr("<>,;:\"()\\", s.ptr[i])) {
            return false;
        }
    }
    return at != STR_NPOS && at > 0 && at + 1 < s.len;
}

/* The first of two properties that holds an address of the Internet; Exchange's own are none. */
static struct str address_of(const struct ndr_mapi *mapi, const struct ndr_mapi_object *object,
                             unsigned first, unsigned second)
{
    struct str address = line_of(mapi, object, first, NAME_MAX_BYTES);

    if (!is_address(address)) {
        address = line_of(mapi, object, second, NAME_MAX_BYTES);
    }
    return is_address(address) ? address : STR_NULL;
}

static struct str mailbox(struct arena *arena, struct str name, struct str address)
{
    name = quotable(arena, name);
    if (name.len == 0 || str_equal_nocase(name, address)) {
        return address;
    }
    if (address.len == 0) {
        return str_printf(arena, "\"%.*s\"", (int)name.len, name.ptr);
    }
    return str_printf(arena, "\"%.*s\" <%.*s>", (int)name.len, name.ptr, (int)address.len,
                      address.ptr);
}

static void add_field(struct buf *out, const char *name, struct str value)
{
    if (value.len) {
        buf_add_z(out, name);
        buf_add_z(out, ": ");
        buf_add_str(out, value);
        buf_add_char(out, '\n');
    }
}

static void add_from(struct buf *out, const struct ndr_mapi *mapi,
                     const struct ndr_mapi_object *message)
{
    struct str address = address_of(mapi, message, PR_SENDER_SMTP, PR_SENDER_EMAIL);
    struct str name = line_of(mapi, message, PR_SENDER_NAME, NAME_MAX_BYTES);

    if (address.len == 0 && name.len == 0) {
        address = address_of(mapi, message, PR_SENT_REPRESENTING_SMTP, PR_SENT_REPRESENTING_EMAIL);
        name = line_of(mapi, message, PR_SENT_REPRESENTING_NAME, NAME_MAX_BYTES);
    }
    add_field(out, "From", mailbox(mapi->arena, name, address));
}

/* Recipients of a type (1 To, 2 Cc) in one folded field, [MS-OXOMSG] 2.2.3.1. */
static void add_recipients(struct buf *out, const struct ndr_mapi *mapi, int index, unsigned type)
{
    unsigned n = 0;

    for (size_t i = 0; i < mapi->count && n < ADDRESSES_MAX; i++) {
        const struct ndr_mapi_object *r = &mapi->objects[i];

        if (r->kind != NDR_MAPI_RECIPIENT || r->parent != index ||
            (number(r, PR_RECIPIENT_TYPE) & 0xF) != type) {
            continue;
        }
        struct str address = address_of(mapi, r, PR_SMTP_ADDRESS, PR_EMAIL_ADDRESS);
        struct str name = line_of(mapi, r, PR_DISPLAY_NAME, NAME_MAX_BYTES);
        struct str box = mailbox(mapi->arena, name, address);

        if (box.len) {
            buf_add_z(out, n ? ",\n " : type == 1 ? "To: " : "Cc: ");
            buf_add_str(out, box);
            n++;
        }
    }
    if (n) {
        buf_add_char(out, '\n');
    }
}

/* 100 nanoseconds since 1601 as a date of mail, RFC 5322 3.3.  Without gmtime_r(), which would open
 * the time zone's file. */
static struct str date_of(struct arena *arena, const struct ndr_mapi_object *message)
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const struct ndr_mapi_property *p = property(message, PR_CLIENT_SUBMIT_TIME, NDR_MAPI_TIME);
    unsigned month = 0;

    p = p ? p : property(message, PR_MESSAGE_DELIVERY_TIME, NDR_MAPI_TIME);
    if (!p) {
        return STR_NULL;
    }
    uint64_t ticks = (uint64_t)ndr_le32(p->bytes, 4) << 32 | ndr_le32(p->bytes, 0);
    int64_t seconds = (int64_t)(ticks / 10000000) - 11644473600;

    if (seconds <= 0 || seconds > 253402300799) {
        return STR_NULL;
    }
    struct str date = ndr_date_text(arena, seconds); /* 2025-11-25T10:40:00Z */

    if (date.len != 20 || !str_to_uint(str_sub(date, 5, 2), 12, &month) || month == 0) {
        return STR_NULL;
    }
    return str_printf(arena, "%.3s, %.2s %.3s %.4s %.8s +0000", days + seconds / 86400 % 7 * 3,
                      date.ptr + 8, months + (size_t)(month - 1) * 3, date.ptr, date.ptr + 11);
}

static struct str message_id_of(const struct ndr_mapi *mapi, const struct ndr_mapi_object *message)
{
    struct str id = line_of(mapi, message, PR_INTERNET_MESSAGE_ID, NAME_MAX_BYTES);

    if (id.len == 0 || str_find_char(id, ' ', 0) != STR_NPOS || id.ptr[0] == '<') {
        return id;
    }
    return str_printf(mapi->arena, "<%.*s>", (int)id.len, id.ptr);
}

static bool is_field_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] <= ' ' || name.ptr[i] >= 0x7F) {
            return false;
        }
    }
    return name.len > 0;
}

/* The header as it came over the Internet, without what told how that body was encoded and without
 * lines that are no fields ("Microsoft Mail Internet Headers Version 2.0").  Headers of parts that
 * Exchange leaves behind the first empty line are not the message's. */
static size_t add_transport_headers(struct buf *out, struct str headers)
{
    struct str line;
    size_t kept = 0;
    bool keep = false;
    bool begun = false;

    while (str_next_line(&headers, &line)) {
        if (line.len == 0 && begun) {
            break;
        }
        if (str_trim(line).len == 0) {
            continue;
        }
        begun = true;
        if (!str_is_blank(line.ptr[0])) {
            size_t colon = str_find_char(line, ':', 0);
            struct str name = str_sub(line, 0, colon == STR_NPOS ? 0 : colon);

            keep = is_field_name(name) && !str_starts_nocase(name, STR_LIT("Content-")) &&
                   !str_equal_nocase(name, STR_LIT("MIME-Version"));
            kept += keep;
        }
        if (keep) {
            buf_add_str(out, line);
            buf_add_char(out, '\n');
        }
    }
    return kept;
}

/* --- parts of a message --- */

struct part {
    struct str head; /* fields that describe it, each with its line end */
    struct str body;
};

struct writer {
    struct ndr_mapi *mapi;
    int index; /* of the message */
    struct part *parts;
    size_t count, capacity;
    bool is_report;
};

static void add_part(struct writer *w, struct str head, struct str body)
{
    struct part *part = VEC_PUSH(w->mapi->arena, w->parts, w->count, w->capacity);

    *part = (struct part){head, body};
}

static struct str type_head(struct arena *arena, struct str type, struct str charset)
{
    return str_printf(arena, "Content-Type: %.*s%s%.*s\nContent-Transfer-Encoding: 8bit\n",
                      (int)type.len, type.ptr, charset.len ? "; charset=" : "", (int)charset.len,
                      charset.len ? charset.ptr : "");
}

static void add_text(struct writer *w, struct str text)
{
    add_part(w, type_head(w->mapi->arena, STR_LIT("text/plain"), STR_LIT("utf-8")), text);
}

/* PR_BODY, else PR_HTML; compressed RTF is left out, [MS-OXBBODY] 2.1.1. */
static void add_body(struct writer *w, const struct ndr_mapi_object *message)
{
    const struct ndr_mapi_property *html = property(message, PR_HTML, NDR_MAPI_BINARY);
    unsigned page = number(message, PR_INTERNET_CPID);
    struct str text = text_of(w->mapi, message, PR_BODY);
    struct str charset = STR_LIT("utf-8");

    if (str_trim(text).len) {
        add_text(w, text);
        return;
    }
    text = text_of(w->mapi, message, PR_HTML);
    if (text.len == 0 && html) {
        text = html->bytes;
        charset = code_page_name(page);
    }
    if (str_trim(text).len) {
        add_part(w, type_head(w->mapi->arena, STR_LIT("text/html"), charset), text);
    }
}

/* What a class of reports says that happened, [MS-OXCMAIL] 2.1.3; empty for any other class. */
static struct str action_of(struct str class_)
{
    static const struct {
        const char *suffix;
        const char *action;
    } actions[] = {
        {".DELAYED.DR", "delayed"},   {".DELAYED", "delayed"},   {".RELAYED.DR", "relayed"},
        {".EXPANDED.DR", "expanded"}, {".DR", "delivered"},      {".NDR", "failed"},
    };

    /* The name that old servers write into attMessageClass, [MS-OXTNEF] 2.1.3.3.11. */
    if (str_equal_nocase(class_, STR_LIT("IPM.Microsoft Mail.Non-Delivery"))) {
        return STR_LIT("failed");
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (str_starts_nocase(class_, STR_LIT("REPORT.")) &&
            str_ends_nocase(class_, str_from(actions[i].suffix))) {
            return str_from(actions[i].action);
        }
    }
    return STR_NULL;
}

/* "type; value" where the value has no type of its own. */
static void add_typed(struct buf *out, const char *name, const char *type, struct str value)
{
    size_t semicolon = str_find_char(value, ';', 0);
    bool typed = semicolon != STR_NPOS && semicolon > 0 && semicolon <= 16;

    for (size_t i = 0; typed && i < semicolon; i++) {
        typed = str_is_alnum(value.ptr[i]) || value.ptr[i] == '-';
    }
    if (value.len) {
        buf_addf(out, "%s: %s%s", name, typed ? "" : type, typed ? "" : "; ");
        buf_add_str(out, value);
        buf_add_char(out, '\n');
    }
}

/* The fields of one recipient, RFC 3464 2.3.  MAPI's own numbers for reason, diagnosis and status
 * have no fields there and are left out: what is written here was written by a server. */
static void add_recipient(struct buf *out, const struct ndr_mapi *mapi,
                          const struct ndr_mapi_object *r, struct str action)
{
    struct str address = address_of(mapi, r, PR_SMTP_ADDRESS, PR_EMAIL_ADDRESS);
    struct str info = line_of(mapi, r, PR_SUPPLEMENTARY_INFO, VALUE_MAX_BYTES);
    struct str remote = line_of(mapi, r, PR_REMOTE_MTA, NAME_MAX_BYTES);
    struct ndr_status status;
    size_t pos = 0;
    size_t at;

    if (address.len == 0) {
        address = line_of(mapi, r, PR_DISPLAY_NAME, NAME_MAX_BYTES);
        address = is_address(address) ? address : STR_NULL;
    }
    if (address.len == 0 && info.len == 0 && remote.len == 0) {
        return;
    }
    buf_add_char(out, '\n');
    add_typed(out, "Final-Recipient", "rfc822", address);
    add_field(out, "Action", action);
    if (ndr_status_next(info, &pos, &at, &status)) {
        add_field(out, "Status", str_sub(info, at, pos - at));
    }
    add_typed(out, "Remote-MTA", "dns", remote);
    add_typed(out, "Diagnostic-Code", "smtp", info);
}

/* PR_REPORT_TEXT as text and the recipients table as a delivery status; Outlook has no body of a
 * report, [MS-OXOMSG] 2.2.2. */
static void add_report(struct writer *w, const struct ndr_mapi_object *message, struct str action)
{
    const struct ndr_mapi *mapi = w->mapi;
    struct str last = text_of(mapi, message, PR_REPORT_TEXT);
    struct str reporting = line_of(mapi, message, PR_REPORTING_MTA, NAME_MAX_BYTES);
    struct buf status;

    buf_init(&status, NDR_CONTAINER_PROPERTY_MAX_BYTES);
    if (str_trim(last).len && !(w->count && str_equal(w->parts[0].body, last))) {
        add_text(w, last);
    }
    for (size_t i = 0; i < mapi->count; i++) {
        const struct ndr_mapi_object *r = &mapi->objects[i];

        if (r->kind != NDR_MAPI_RECIPIENT || r->parent != w->index) {
            continue;
        }
        struct str text = text_of(mapi, r, PR_REPORT_TEXT);

        if (str_trim(text).len && !str_equal(text, last)) {
            add_text(w, text);
            last = text;
        }
        if (reporting.len == 0) {
            reporting = line_of(mapi, r, PR_REPORTING_MTA, NAME_MAX_BYTES);
        }
        add_recipient(&status, mapi, r, action);
    }
    if (status.len) {
        struct buf whole;

        buf_init(&whole, BUF_NO_LIMIT);
        add_typed(&whole, "Reporting-MTA", "dns", reporting);
        buf_add_str(&whole, str_sub(buf_str(&status), whole.len == 0, status.len));
        add_part(w, STR_LIT("Content-Type: message/delivery-status\n"),
                 str_dup(mapi->arena, buf_str(&whole)));
        buf_fini(&whole);
    }
    buf_fini(&status);
}

/* Type of an attached file that can say something about a report, empty for all others. */
static struct str attachment_type(const struct ndr_mapi *mapi, const struct ndr_mapi_object *a,
                                  struct str name)
{
    static const char *const suffixes[][2] = {
        {".eml", "message/rfc822"}, {".txt", "text/plain"}, {".log", "text/plain"},
        {".htm", "text/html"},      {".html", "text/html"},
    };
    struct str tag = line_of(mapi, a, PR_ATTACH_MIME_TAG, NAME_MAX_BYTES);
    size_t slash = str_find_char(tag, '/', 0);
    bool plain = slash != STR_NPOS && slash > 0 && slash + 1 < tag.len;

    for (size_t i = 0; i < tag.len; i++) {
        plain = plain && (str_is_alnum(tag.ptr[i]) || i == slash || strchr(".+-_", tag.ptr[i]));
    }
    if (plain && (str_equal_nocase(tag, STR_LIT("message/rfc822")) ||
                  str_equal_nocase(tag, STR_LIT("message/global")) ||
                  str_equal_nocase(tag, STR_LIT("message/delivery-status")) ||
                  str_equal_nocase(tag, STR_LIT("message/global-delivery-status")) ||
                  str_starts_nocase(tag, STR_LIT("text/")))) {
        return tag;
    }
    if (plain && !str_equal_nocase(tag, STR_LIT("application/octet-stream"))) {
        return STR_NULL;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (str_ends_nocase(name, str_from(suffixes[i][0]))) {
            return str_from(suffixes[i][1]);
        }
    }
    return STR_NULL;
}

static void add_attachment(struct writer *w, const struct ndr_mapi_object *a)
{
    struct arena *arena = w->mapi->arena;
    const struct ndr_mapi_property *data = property(a, PR_ATTACH_DATA, NDR_MAPI_BINARY);
    unsigned method = number(a, PR_ATTACH_METHOD);
    struct str name = line_of(w->mapi, a, PR_ATTACH_LONG_FILENAME, NAME_MAX_BYTES);
    struct str body = data ? data->bytes : STR_NULL;

    name = name.len ? name : line_of(w->mapi, a, PR_ATTACH_FILENAME, NAME_MAX_BYTES);
    struct str type = attachment_type(w->mapi, a, name);
    struct str charset = STR_NULL;

    if (a->embedded >= 0 && (method == ATTACH_EMBEDDED || method == 0)) {
        type = STR_LIT("message/rfc822");
        body = w->mapi->objects[a->embedded].text;
        name = STR_NULL; /* a subject, if anything */
    } else if (method > ATTACH_BY_VALUE) {
        return;
    } else if (str_starts_nocase(type, STR_LIT("text/")) && utf8_is_valid(body)) {
        charset = STR_LIT("utf-8");
    }
    if (type.len == 0 || body.len == 0) {
        return;
    }
    struct str head = type_head(arena, type, charset);

    if (name.len) {
        name = quotable(arena, name);
        head = str_printf(arena, "%.*sContent-Disposition: attachment; filename=\"%.*s\"\n",
                          (int)head.len, head.ptr, (int)name.len, name.ptr);
    }
    add_part(w, head, body);
}

/* A boundary that stands in none of the parts: drawn from what they hold, tried, drawn again.
 * Empty when somebody took the pains to write them all. */
static struct str find_boundary(const struct writer *w)
{
    uint64_t hash = w->count;

    for (size_t i = 0; i < w->count; i++) {
        hash = hash * 31 + str_hash(w->parts[i].body);
    }
    for (int turn = 0; turn < BOUNDARY_TRIES; turn++, hash = hash * 31 + 1) {
        struct str boundary =
            str_printf(w->mapi->arena, "=_part_%016llx", (unsigned long long)hash);
        bool used = false;

        for (size_t i = 0; i < w->count && !used; i++) {
            used = str_find(w->parts[i].body, boundary, 0) != STR_NPOS ||
                   str_find(w->parts[i].head, boundary, 0) != STR_NPOS;
        }
        if (!used) {
            return boundary;
        }
    }
    return STR_NULL;
}

/* The parts behind the header fields: one as the body itself, several with boundaries. */
static void write_parts(struct writer *w, struct buf *out)
{
    bool single = !w->is_report && w->count == 1 &&
                  str_starts(w->parts[0].head, STR_LIT("Content-Type: text/"));
    struct str boundary = single || w->count == 0 ? STR_NULL : find_boundary(w);

    if (w->count == 0) {
        buf_add_z(out, "Content-Type: text/plain; charset=utf-8\n\n");
        return;
    }
    if (boundary.len == 0) {
        buf_add_str(out, w->parts[0].head);
        buf_add_char(out, '\n');
        buf_add_str(out, w->parts[0].body);
        return;
    }
    buf_addf(out, "Content-Type: multipart/%s;\n boundary=\"%.*s\"\n",
             w->is_report ? "report; report-type=delivery-status" : "mixed", (int)boundary.len,
             boundary.ptr);
    for (size_t i = 0; i < w->count; i++) {
        buf_addf(out, "\n--%.*s\n", (int)boundary.len, boundary.ptr);
        buf_add_str(out, w->parts[i].head);
        buf_add_char(out, '\n');
        buf_add_str(out, w->parts[i].body);
    }
    buf_addf(out, "\n--%.*s--\n", (int)boundary.len, boundary.ptr);
}

/* Header fields of a message; false when there is nothing worth a message in it. */
static bool write_header(const struct writer *w, struct buf *out)
{
    const struct ndr_mapi *mapi = w->mapi;
    const struct ndr_mapi_object *message = &mapi->objects[w->index];
    struct str subject = line_of(mapi, message, PR_SUBJECT, VALUE_MAX_BYTES);

    if (add_transport_headers(out, text_of(mapi, message, PR_TRANSPORT_HEADERS))) {
        return true;
    }
    add_from(out, mapi, message);
    /* The recipients table of a report has those who were refused, not those it is for. */
    if (!w->is_report) {
        add_recipients(out, mapi, w->index, 1);
        add_recipients(out, mapi, w->index, 2);
    }
    add_field(out, "Subject", subject);
    add_field(out, "Date", date_of(mapi->arena, message));
    add_field(out, "Message-ID", message_id_of(mapi, message));
    return subject.len > 0;
}

/* Writes one message; those attached to it have been written. */
static void write_message(struct ndr_mapi *mapi, int index)
{
    struct ndr_mapi_object *message = &mapi->objects[index];
    struct writer w = {.mapi = mapi, .index = index};
    struct str action = action_of(line_of(mapi, message, PR_MESSAGE_CLASS, NAME_MAX_BYTES));
    struct buf out;

    w.is_report = action.len > 0;
    buf_init(&out, NDR_SOURCE_MAX_BYTES);
    add_body(&w, message);
    if (w.is_report) {
        add_report(&w, message, action);
    }
    for (size_t i = (size_t)index + 1; i < mapi->count; i++) {
        if (mapi->objects[i].kind == NDR_MAPI_ATTACHMENT && mapi->objects[i].parent == index) {
            add_attachment(&w, &mapi->objects[i]);
        }
    }
    bool useful = write_header(&w, &out);

    if (useful || w.count) {
        buf_add_z(&out, "MIME-Version: 1.0\n");
        write_parts(&w, &out);
        message->text = str_dup(mapi->arena, buf_str(&out));
    }
    buf_fini(&out);
}

/* What holds another object stands before it, so from the last to the first every message finds its
 * attached ones written. */
struct str ndr_mapi_write(struct ndr_mapi *mapi)
{
    for (size_t i = mapi->count; i-- > 0;) {
        if (mapi->objects[i].kind == NDR_MAPI_MESSAGE) {
            write_message(mapi, (int)i);
        }
    }
    return mapi->count ? mapi->objects[0].text : STR_NULL;
}
