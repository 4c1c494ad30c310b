/* The reader of winmail.dat. */
#include "ndr/mapi.h"

/* --- the TNEF stream, [MS-OXTNEF] 2.1 --- */

/* Identifiers of attributes without their type, [MS-OXTNEF] 2.1.3.2. */
enum {
    ATT_FROM = 0x8000,
    ATT_SUBJECT = 0x8004,
    ATT_DATE_SENT = 0x8005,
    ATT_MESSAGE_CLASS = 0x8008,
    ATT_BODY = 0x800C,
    ATT_ATTACH_DATA = 0x800F,
    ATT_ATTACH_TITLE = 0x8010,
    ATT_ATTACH_RENDERING = 0x9002,
    ATT_PROPERTIES = 0x9003,
    ATT_RECIPIENTS = 0x9004,
    ATT_ATTACHMENT = 0x9005,
    ATT_CODEPAGE = 0x9007,
};

enum { TNEF_LEVEL_ATTACHMENT = 2 };

/* Where reading stands; once a count runs beyond the bytes nothing more is given. */
struct cursor {
    struct str bytes;
    size_t at;
    bool bad;
};

bool ndr_is_tnef(struct str bytes)
{
    return str_starts(bytes, STR_LIT("\x78\x9F\x3E\x22"));
}

static struct str take(struct cursor *c, size_t len)
{
    if (c->bad || len > c->bytes.len - c->at) {
        c->bad = true;
        return STR_NULL;
    }
    c->at += len;
    return str_sub(c->bytes, c->at - len, len);
}

static unsigned take16(struct cursor *c)
{
    return ndr_le16(take(c, 2), 0);
}

static uint32_t take32(struct cursor *c)
{
    return ndr_le32(take(c, 4), 0);
}

/* A value with its padding to four bytes, which may be missing at the very end. */
static struct str take_padded(struct cursor *c, size_t len)
{
    struct str value = take(c, len);
    size_t pad = (4 - len % 4) % 4;

    if (!c->bad) {
        take(c, pad < c->bytes.len - c->at ? pad : c->bytes.len - c->at);
    }
    return value;
}

/* Bytes of one value with its padding; 0 for a type whose values have a length, [MS-OXTNEF]
 * 2.1.3.4. */
static size_t fixed_size(unsigned type, bool *known)
{
    *known = true;
    switch (type & 0x0FFF) {
    case 0x0001: /* null */
    case 0x0002:
    case NDR_MAPI_INTEGER:
    case 0x0004: /* float */
    case 0x000A: /* error */
    case 0x000B: /* boolean */
        return 4;
    case 0x0005: /* double */
    case 0x0006: /* currency */
    case 0x0007: /* application time */
    case 0x0014: /* 64 bits */
    case NDR_MAPI_TIME:
        return 8;
    case 0x0048: /* GUID */
        return 16;
    case NDR_MAPI_OBJECT:
    case NDR_MAPI_ANSI:
    case NDR_MAPI_UNICODE:
    case NDR_MAPI_BINARY:
        return 0;
    default:
        *known = false;
        return 0;
    }
}

/* Named properties carry their name, which nobody asks for, [MS-OXTNEF] 2.1.3.4. */
static void skip_name(struct cursor *c)
{
    take(c, 16);
    if (take32(c) == 0) {
        take(c, 4);
    } else {
        take_padded(c, take32(c));
    }
}

/* One property; those of several values are passed over. */
static void read_property(struct ndr_mapi *mapi, int object, struct cursor *c)
{
    unsigned type = take16(c);
    unsigned id = take16(c);
    bool known = false;
    size_t size = fixed_size(type, &known);
    bool many = type & 0x1000;

    if (id >= 0x8000) {
        skip_name(c);
    }
    uint32_t count = many || size == 0 ? take32(c) : 1;

    c->bad = c->bad || !known;
    for (uint32_t i = 0; i < count && !c->bad; i++) {
        struct str value = size ? take(c, size) : take_padded(c, take32(c));

        if (c->bad || many || i > 0) {
            continue;
        }
        ndr_mapi_keep(mapi, object, id, type, value);
        /* An embedded message: the interface's GUID, then a stream of its own. */
        struct str inner = str_sub(value, 16, value.len);

        if (type == NDR_MAPI_OBJECT && id == PR_ATTACH_DATA && ndr_is_tnef(inner) &&
            mapi->objects[object].kind == NDR_MAPI_ATTACHMENT) {
            int added = ndr_mapi_add(mapi, NDR_MAPI_MESSAGE, object);

            if (added >= 0) {
                mapi->objects[added].stream = inner;
            }
        }
    }
}

static void read_properties(struct ndr_mapi *mapi, int object, struct cursor *c)
{
    uint32_t count = take32(c);

    for (uint32_t i = 0; i < count && !c->bad; i++) {
        read_property(mapi, object, c);
    }
}

static void read_recipients(struct ndr_mapi *mapi, int message, struct str bytes)
{
    struct cursor c = {.bytes = bytes};
    uint32_t rows = take32(&c);

    for (uint32_t i = 0; i < rows && !c.bad; i++) {
        int added = ndr_mapi_add(mapi, NDR_MAPI_RECIPIENT, message);

        if (added < 0) {
            return;
        }
        read_properties(mapi, added, &c);
    }
}

/* Four lengths, the sender's name, "SMTP:" and the address, [MS-OXTNEF] 2.1.3.3.3. */
static void read_from(struct ndr_mapi *mapi, int message, struct str bytes)
{
    struct cursor c = {.bytes = bytes};

    take(&c, 4);
    unsigned name_len = take16(&c);
    unsigned address_len = take16(&c);
    struct str name = take(&c, name_len);
    struct str address = take(&c, address_len);

    if (str_starts_nocase(address, STR_LIT("SMTP:"))) {
        address = str_sub(address, 5, address.len);
    }
    ndr_mapi_keep(mapi, message, PR_SENDER_NAME, NDR_MAPI_ANSI, name);
    ndr_mapi_keep(mapi, message, PR_SENDER_EMAIL, NDR_MAPI_ANSI, address);
}

/* Year, month, day, hour, minute and second of 16 bits each, kept as the 100 nanoseconds since 1601
 * that properties have, [MS-OXTNEF] 2.1.3.3.2. */
static void read_date(struct ndr_mapi *mapi, int message, struct str bytes)
{
    static const unsigned before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    unsigned year = ndr_le16(bytes, 0);
    unsigned month = ndr_le16(bytes, 2);

    if (bytes.len < 12 || year < 1970 || year > 9999 || month < 1 || month > 12 ||
        ndr_le16(bytes, 4) > 31 || ndr_le16(bytes, 6) > 23 || ndr_le16(bytes, 8) > 59 ||
        ndr_le16(bytes, 10) > 60) {
        return;
    }
    unsigned whole = year - 1601;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    uint64_t days = whole * 365 + whole / 4 - whole / 100 + whole / 400 + before[month - 1] +
                    (leap && month > 2) + ndr_le16(bytes, 4) - 1;
    uint64_t seconds =
        days * 86400 + ndr_le16(bytes, 6) * 3600u + ndr_le16(bytes, 8) * 60u + ndr_le16(bytes, 10);
    char *room = arena_alloc(mapi->arena, 8, 1);

    for (unsigned i = 0; i < 8; i++) {
        room[i] = (char)(unsigned char)(seconds * 10000000u >> 8 * i & 0xFF);
    }
    ndr_mapi_keep(mapi, message, PR_CLIENT_SUBMIT_TIME, NDR_MAPI_TIME, str_make(room, 8));
}

static void read_message_attribute(struct ndr_mapi *mapi, int message, unsigned id, struct str data)
{
    struct cursor c = {.bytes = data};

    switch (id) {
    case ATT_FROM:
        read_from(mapi, message, data);
        break;
    case ATT_SUBJECT:
        ndr_mapi_keep(mapi, message, PR_SUBJECT, NDR_MAPI_ANSI, data);
        break;
    case ATT_DATE_SENT:
        read_date(mapi, message, data);
        break;
    case ATT_MESSAGE_CLASS:
        ndr_mapi_keep(mapi, message, PR_MESSAGE_CLASS, NDR_MAPI_ANSI, data);
        break;
    case ATT_BODY:
        ndr_mapi_keep(mapi, message, PR_BODY, NDR_MAPI_ANSI, data);
        break;
    case ATT_CODEPAGE:
        ndr_mapi_keep(mapi, message, PR_MESSAGE_CODEPAGE, NDR_MAPI_INTEGER, str_sub(data, 0, 4));
        break;
    case ATT_PROPERTIES:
        read_properties(mapi, message, &c);
        break;
    case ATT_RECIPIENTS:
        read_recipients(mapi, message, data);
        break;
    default:
        break;
    }
}

static void read_attachment_attribute(struct ndr_mapi *mapi, int attachment, unsigned id,
                                      struct str data)
{
    struct cursor c = {.bytes = data};

    if (id == ATT_ATTACH_DATA) {
        ndr_mapi_keep(mapi, attachment, PR_ATTACH_DATA, NDR_MAPI_BINARY, data);
    } else if (id == ATT_ATTACH_TITLE) {
        ndr_mapi_keep(mapi, attachment, PR_ATTACH_FILENAME, NDR_MAPI_ANSI, data);
    } else if (id == ATT_ATTACHMENT) {
        read_properties(mapi, attachment, &c);
    }
}

/* Signature, key, then attributes: level, identifier, type, length, data and a checksum that is not
 * looked at, for a damaged report still says something. */
static void read_stream(struct ndr_mapi *mapi, int message)
{
    struct cursor c = {.bytes = mapi->objects[message].stream};
    int attachment = -1;

    take(&c, 6);
    while (!c.bad && c.at < c.bytes.len) {
        struct str level = take(&c, 1);
        unsigned id = take16(&c);

        take16(&c);
        struct str data = take(&c, take32(&c));

        if (c.bad) {
            return;
        }
        take(&c, 2);
        if (level.ptr[0] != TNEF_LEVEL_ATTACHMENT) {
            read_message_attribute(mapi, message, id, data);
            continue;
        }
        if (id == ATT_ATTACH_RENDERING) {
            attachment = ndr_mapi_add(mapi, NDR_MAPI_ATTACHMENT, message);
        } else if (attachment >= 0) {
            read_attachment_attribute(mapi, attachment, id, data);
        }
    }
}

struct str ndr_tnef_message(struct arena *arena, struct str bytes)
{
    struct ndr_mapi mapi = {.arena = arena};

    if (!ndr_is_tnef(bytes)) {
        return STR_NULL;
    }
    ndr_mapi_add(&mapi, NDR_MAPI_MESSAGE, -1);
    mapi.objects[0].stream = str_sub(bytes, 0, NDR_CONTAINER_MAX_BYTES);
    for (size_t i = 0; i < mapi.count; i++) {
        if (mapi.objects[i].kind == NDR_MAPI_MESSAGE) {
            read_stream(&mapi, (int)i);
        }
    }
    return ndr_mapi_write(&mapi);
}
