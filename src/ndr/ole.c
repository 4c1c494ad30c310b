#include "ndr/mapi.h"

enum {
    OLE_HEADER_BYTES = 512,
    OLE_SECTORS_MAX = 200000, /* of the file, and as many small ones of the mini stream */
    OLE_ENTRIES_MAX = 4096,
    OLE_ENTRY_BYTES = 128,
    OLE_HEADER_FATS = 109, /* places of FAT sectors that the header itself names */
    OLE_MINI_SHIFT = 6,
    OLE_MINI_CUTOFF = 4096,
};

#define OLE_FREE 0xFFFFFFFFu /* as every number that is no sector: ends a chain */

enum { OLE_STORAGE = 1, OLE_STREAM = 2 };

/* Sectors of one size that are chained by a table: the file itself, or the mini stream in it. */
struct ole_space {
    struct str bytes; /* begins with sector 0; the last sector may be cut */
    uint32_t *next;   /* sector behind each sector */
    size_t count;
    unsigned shift;   /* a sector has 1 << shift bytes */
};

struct ole {
    struct arena *arena;
    struct str file;
    struct ole_space fat;
    struct ole_space mini;
    struct str directory; /* entries of OLE_ENTRY_BYTES */
    size_t entries;
    bool *seen;           /* entries that already belong to a storage */
    uint32_t *stack;      /* room for `entries` */
    uint32_t *children;   /* room for `entries` */
    size_t left;          /* bytes that streams may still give; streams may share sectors */
    struct ndr_mapi mapi;
};

bool ndr_is_ole(struct str bytes)
{
    return str_starts(bytes, STR_LIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
}

/* --- sectors, [MS-CFB] 2.1 to 2.5 --- */

static uint32_t link_at(struct str bytes, size_t at)
{
    return bytes.len < 4 || at > bytes.len - 4 ? OLE_FREE : ndr_le32(bytes, at);
}

static void space_init(struct arena *arena, struct ole_space *space, struct str bytes,
                       unsigned shift)
{
    size_t count = bytes.len >> shift;

    count += count << shift < bytes.len;
    count = count < OLE_SECTORS_MAX ? count : OLE_SECTORS_MAX;
    *space = (struct ole_space){bytes, ARENA_ARRAY(arena, uint32_t, count + 1), count, shift};
    for (size_t i = 0; i < count; i++) {
        space->next[i] = OLE_FREE;
    }
}

/* Sectors of a chain, at most `most`.  A sector is remembered at every power of two, so a chain
 * that comes round is left soon (Brent). */
static size_t chain_length(const struct ole_space *space, uint32_t start, size_t most)
{
    uint32_t at = start;
    uint32_t mark = OLE_FREE;
    size_t turn = 1;
    size_t n = 0;

    while (at < space->count && n < most && at != mark) {
        if (n == turn) {
            mark = at;
            turn *= 2;
        }
        n++;
        at = space->next[at];
    }
    return n;
}

/* Bytes of a chain, at most `limit`; fewer when it loops, runs out or leaves the file. */
static struct str chain_read(struct arena *arena, const struct ole_space *space, uint32_t start,
                             size_t limit)
{
    size_t size = (size_t)1 << space->shift;
    size_t n = chain_length(space, start, limit / size + (limit % size != 0));
    char *out = n ? arena_alloc(arena, n, size) : NULL;
    size_t len = 0;
    uint32_t at = start;

    for (size_t i = 0; i < n; i++) {
        struct str sector = str_sub(space->bytes, (size_t)at << space->shift, size);

        memcpy(out + len, sector.ptr, sector.len);
        len += sector.len;
        if (sector.len < size) {
            break;
        }
        at = space->next[at];
    }
    return str_make(out, len < limit ? len : limit);
}

/* FAT sector number `index` stands in sector `sector`, [MS-CFB] 2.3. */
static void fat_sector_read(struct ole *ole, size_t index, uint32_t sector)
{
    size_t per = (size_t)1 << (ole->fat.shift - 2);

    if (sector >= ole->fat.count) {
        return;
    }
    for (size_t i = 0; i < per && index * per + i < ole->fat.count; i++) {
        ole->fat.next[index * per + i] =
            link_at(ole->fat.bytes, ((size_t)sector << ole->fat.shift) + 4 * i);
    }
}

/* The header names the first FAT sectors, the DIFAT chain the others, [MS-CFB] 2.2 and 2.5.  Each
 * step of the loop moves `i` on, so a chain that comes round ends as well. */
static void fat_read(struct ole *ole)
{
    size_t per = (size_t)1 << (ole->fat.shift - 2);
    size_t need = (ole->fat.count + per - 1) / per;
    uint32_t difat = link_at(ole->file, 68);
    size_t i = 0;

    for (; i < need && i < OLE_HEADER_FATS; i++) {
        fat_sector_read(ole, i, link_at(ole->file, 76 + 4 * i));
    }
    while (i < need && difat < ole->fat.count) {
        size_t from = (size_t)difat << ole->fat.shift;

        for (size_t k = 0; k + 1 < per && i < need; k++, i++) {
            fat_sector_read(ole, i, link_at(ole->fat.bytes, from + 4 * k));
        }
        difat = link_at(ole->fat.bytes, from + 4 * (per - 1));
    }
}

/* --- directory, [MS-CFB] 2.6 --- */

static struct str entry_bytes(const struct ole *ole, size_t entry)
{
    return str_sub(ole->directory, entry * OLE_ENTRY_BYTES, OLE_ENTRY_BYTES);
}

/* Size of a stream, SIZE_MAX when it is no size.  Writers of version 3 files may leave the upper
 * half undefined, [MS-CFB] 2.6.1. */
static size_t entry_size(const struct ole *ole, struct str entry)
{
    if (ole->fat.shift > 9 && ndr_le32(entry, 124)) {
        return SIZE_MAX;
    }
    return ndr_le32(entry, 120);
}

/* Name of an entry in ASCII, what is not ASCII as "?". */
static struct str entry_name(struct str entry, char room[32])
{
    size_t bytes = ndr_le16(entry, 64);
    size_t len = bytes >= 2 && bytes <= 64 ? bytes / 2 - 1 : 0;

    for (size_t i = 0; i < len; i++) {
        unsigned code = ndr_le16(entry, 2 * i);

        room[i] = code >= ' ' && code < 0x7F ? (char)code : '?';
    }
    return str_make(room, len);
}

/* The mini stream holds the streams below 4 KiB, [MS-CFB] 2.4 and 2.6.3. */
static void mini_read(struct ole *ole)
{
    struct str root = entry_bytes(ole, 0);
    size_t size = entry_size(ole, root);
    size_t limit = size < ole->file.len ? size : ole->file.len;
    struct str bytes = chain_read(ole->arena, &ole->fat, link_at(root, 116), limit);

    space_init(ole->arena, &ole->mini, bytes, OLE_MINI_SHIFT);
    struct str table =
        chain_read(ole->arena, &ole->fat, link_at(ole->file, 60), 4 * ole->mini.count);

    for (size_t i = 0; i < ole->mini.count; i++) {
        ole->mini.next[i] = link_at(table, 4 * i);
    }
}

static struct str stream_read(struct ole *ole, struct str entry)
{
    size_t size = entry_size(ole, entry);
    const struct ole_space *space = size < OLE_MINI_CUTOFF ? &ole->mini : &ole->fat;

    if (size > NDR_CONTAINER_PROPERTY_MAX_BYTES) {
        return STR_NULL;
    }
    struct str bytes =
        chain_read(ole->arena, space, link_at(entry, 116), size < ole->left ? size : ole->left);

    ole->left -= bytes.len;
    return bytes;
}

static bool is_fresh(const struct ole *ole, uint32_t entry)
{
    return entry < ole->entries && !ole->seen[entry];
}

/* Entries of a storage in the order of their names: its tree is walked with a stack of its own, and
 * an entry is met once in the whole file, [MS-CFB] 2.6.4. */
static size_t list_children(struct ole *ole, size_t storage)
{
    uint32_t at = link_at(entry_bytes(ole, storage), 76);
    size_t depth = 0;
    size_t n = 0;

    while (depth || is_fresh(ole, at)) {
        while (is_fresh(ole, at)) {
            ole->seen[at] = true;
            ole->stack[depth++] = at;
            at = link_at(entry_bytes(ole, at), 68);
        }
        at = ole->stack[--depth];
        ole->children[n++] = at;
        at = link_at(entry_bytes(ole, at), 72);
    }
    return n;
}

/* --- storages and streams of a message, [MS-OXMSG] 2.2 to 2.4 --- */

static int hex_value(char c)
{
    c = str_lower_char(c);
    return str_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "__substg1.0_" and eight hexadecimal digits: property and type, [MS-OXMSG] 2.1.2. */
static bool read_tag(struct str name, unsigned *id, unsigned *type)
{
    struct str prefix = STR_LIT("__substg1.0_");
    uint32_t tag = 0;

    if (name.len != prefix.len + 8 || !str_starts_nocase(name, prefix)) {
        return false;
    }
    for (size_t i = prefix.len; i < name.len; i++) {
        int digit = hex_value(name.ptr[i]);

        if (digit < 0) {
            return false;
        }
        tag = tag << 4 | (uint32_t)digit;
    }
    *id = tag >> 16;
    *type = tag & 0xFFFF;
    return true;
}

/* Properties of a fixed size stand in a table of their own, [MS-OXMSG] 2.4. */
static void read_fixed(struct ole *ole, int object, struct str table)
{
    const struct ndr_mapi_object *o = &ole->mapi.objects[object];
    size_t at = 8;

    if (o->kind == NDR_MAPI_MESSAGE) {
        at = o->parent < 0 ? 32 : 24;
    }
    for (; at + 16 <= table.len; at += 16) {
        unsigned type = ndr_le16(table, at);

        if (type == NDR_MAPI_INTEGER || type == NDR_MAPI_TIME) {
            ndr_mapi_keep(&ole->mapi, object, ndr_le16(table, at + 2), type,
                          str_sub(table, at + 8, 8));
        }
    }
}

static void read_stream(struct ole *ole, int object, struct str name, struct str entry)
{
    unsigned id = 0;
    unsigned type = 0;

    if (str_equal_nocase(name, STR_LIT("__properties_version1.0"))) {
        read_fixed(ole, object, stream_read(ole, entry));
    } else if (read_tag(name, &id, &type) && ndr_mapi_wants(id)) {
        ndr_mapi_keep(&ole->mapi, object, id, type, stream_read(ole, entry));
    }
}

static void read_storage(struct ole *ole, int object, struct str name, uint32_t entry)
{
    bool is_message = ole->mapi.objects[object].kind == NDR_MAPI_MESSAGE;
    bool is_attachment = ole->mapi.objects[object].kind == NDR_MAPI_ATTACHMENT;
    int added = -1;

    if (is_message && str_starts_nocase(name, STR_LIT("__recip_version1.0_"))) {
        added = ndr_mapi_add(&ole->mapi, NDR_MAPI_RECIPIENT, object);
    } else if (is_message && str_starts_nocase(name, STR_LIT("__attach_version1.0_"))) {
        added = ndr_mapi_add(&ole->mapi, NDR_MAPI_ATTACHMENT, object);
    } else if (is_attachment && str_equal_nocase(name, STR_LIT("__substg1.0_3701000D"))) {
        added = ndr_mapi_add(&ole->mapi, NDR_MAPI_MESSAGE, object);
    }
    if (added >= 0) {
        ole->mapi.objects[added].entry = entry;
    }
}

static void read_object(struct ole *ole, int object)
{
    size_t n = list_children(ole, ole->mapi.objects[object].entry);

    for (size_t i = 0; i < n; i++) {
        struct str entry = entry_bytes(ole, ole->children[i]);
        char room[32];
        struct str name = entry_name(entry, room);
        unsigned char type = (unsigned char)entry.ptr[66];

        if (type == OLE_STREAM) {
            read_stream(ole, object, name, entry);
        } else if (type == OLE_STORAGE) {
            read_storage(ole, object, name, ole->children[i]);
        }
    }
}

struct str ndr_ole_message(struct arena *arena, struct str bytes)
{
    struct ole ole = {.arena = arena, .mapi = {.arena = arena}};
    unsigned shift = ndr_le16(bytes, 30);

    ole.file = str_sub(bytes, 0, NDR_CONTAINER_MAX_BYTES);
    if (!ndr_is_ole(bytes) || bytes.len < OLE_HEADER_BYTES || (shift != 9 && shift != 12)) {
        return STR_NULL;
    }
    ole.left = ole.file.len;
    space_init(arena, &ole.fat, str_sub(ole.file, (size_t)1 << shift, ole.file.len), shift);
    fat_read(&ole);
    ole.directory = chain_read(arena, &ole.fat, link_at(ole.file, 48),
                               (size_t)OLE_ENTRIES_MAX * OLE_ENTRY_BYTES);
    ole.entries = ole.directory.len / OLE_ENTRY_BYTES;
    if (ole.entries == 0) {
        return STR_NULL;
    }
    mini_read(&ole);
    ole.seen = ARENA_ARRAY(arena, bool, ole.entries);
    ole.stack = ARENA_ARRAY(arena, uint32_t, ole.entries);
    ole.children = ARENA_ARRAY(arena, uint32_t, ole.entries);
    ole.seen[0] = true;
    ndr_mapi_add(&ole.mapi, NDR_MAPI_MESSAGE, -1);
    for (size_t i = 0; i < ole.mapi.count; i++) {
        read_object(&ole, (int)i);
    }
    return ndr_mapi_write(&ole.mapi);
}
