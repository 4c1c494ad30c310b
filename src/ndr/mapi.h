/* Objects and properties of Microsoft's containers, between their two readers and the writer. */
#ifndef NDR_NDR_MAPI_H
#define NDR_NDR_MAPI_H

#include "ndr/container.h"

/* --- properties that somebody asks for, [MS-OXPROPS] --- */

enum {
    PR_MESSAGE_CLASS = 0x001A,
    PR_SUBJECT = 0x0037,
    PR_CLIENT_SUBMIT_TIME = 0x0039,
    PR_SENT_REPRESENTING_NAME = 0x0042,
    PR_SENT_REPRESENTING_EMAIL = 0x0065,
    PR_TRANSPORT_HEADERS = 0x007D,
    PR_RECIPIENT_TYPE = 0x0C15,
    PR_SUPPLEMENTARY_INFO = 0x0C1B,
    PR_SENDER_NAME = 0x0C1A,
    PR_SENDER_EMAIL = 0x0C1F,
    PR_REMOTE_MTA = 0x0C21,
    PR_MESSAGE_DELIVERY_TIME = 0x0E06,
    PR_BODY = 0x1000,
    PR_REPORT_TEXT = 0x1001,
    PR_HTML = 0x1013,
    PR_INTERNET_MESSAGE_ID = 0x1035,
    PR_DISPLAY_NAME = 0x3001,
    PR_EMAIL_ADDRESS = 0x3003,
    PR_ATTACH_DATA = 0x3701,
    PR_ATTACH_FILENAME = 0x3704,
    PR_ATTACH_METHOD = 0x3705,
    PR_ATTACH_LONG_FILENAME = 0x3707,
    PR_ATTACH_MIME_TAG = 0x370E,
    PR_SMTP_ADDRESS = 0x39FE,
    PR_INTERNET_CPID = 0x3FDE,
    PR_MESSAGE_CODEPAGE = 0x3FFD,
    PR_SENDER_SMTP = 0x5D01,
    PR_SENT_REPRESENTING_SMTP = 0x5D02,
    PR_REPORTING_MTA = 0x6820,
};

enum {
    ATTACH_BY_VALUE = 1,
    ATTACH_EMBEDDED = 5,
    CP_UTF16 = 1200,
    CP_WINDOWS_1252 = 1252,
    NAME_MAX_BYTES = 256,
    VALUE_MAX_BYTES = 16 << 10,
    ADDRESSES_MAX = 100,    /* in one To or Cc */
    BOUNDARY_TRIES = 64,
};

/* --- between the two readers: the objects of a container, [MS-OXCDATA] 2.11 --- */

enum ndr_mapi_kind { NDR_MAPI_MESSAGE, NDR_MAPI_RECIPIENT, NDR_MAPI_ATTACHMENT };

/* Property types, [MS-OXCDATA] 2.11.1. */
enum {
    NDR_MAPI_INTEGER = 0x0003,
    NDR_MAPI_OBJECT = 0x000D,
    NDR_MAPI_ANSI = 0x001E,
    NDR_MAPI_UNICODE = 0x001F,
    NDR_MAPI_TIME = 0x0040,
    NDR_MAPI_BINARY = 0x0102,
};

struct ndr_mapi_property {
    unsigned id;
    unsigned type;
    struct str bytes; /* as they stand: UTF-16LE, a code page, little-endian numbers */
};

struct ndr_mapi_object {
    enum ndr_mapi_kind kind;
    int parent;             /* index of what holds it, -1 for the container's message */
    int embedded;           /* message that this attachment is, -1 for none */
    int depth;              /* of messages, 0 for the container's */
    size_t entry;           /* directory entry (.msg) */
    struct str stream;      /* own TNEF stream (winmail.dat) */
    struct ndr_mapi_property *properties;
    size_t count, capacity;
    struct str text;        /* written message, empty when nothing useful is in it */
};

/* Objects in the order they were found: what holds another one stands before it. */
struct ndr_mapi {
    struct arena *arena;
    struct ndr_mapi_object *objects;
    size_t count, capacity;
    size_t attachments;
};

/* Index of a new object, -1 beyond the limits. */
int ndr_mapi_add(struct ndr_mapi *mapi, enum ndr_mapi_kind kind, int parent);

/* Keeps a property if anybody asks for it; `bytes` must live as long as the arena. */
bool ndr_mapi_wants(unsigned id);
void ndr_mapi_keep(struct ndr_mapi *mapi, int object, unsigned id, unsigned type, struct str bytes);

/* The first object as an internet message. */
struct str ndr_mapi_write(struct ndr_mapi *mapi);

/* Little-endian numbers; 0 where the bytes end before. */
static inline unsigned ndr_le16(struct str bytes, size_t at)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;

    return bytes.len < 2 || at > bytes.len - 2 ? 0 : p[at] | (unsigned)p[at + 1] << 8;
}

static inline uint32_t ndr_le32(struct str bytes, size_t at)
{
    if (bytes.len < 4 || at > bytes.len - 4) {
        return 0;
    }
    return (uint32_t)ndr_le16(bytes, at) | (uint32_t)ndr_le16(bytes, at + 2) << 16;
}

#endif
