#include <errno.h>
#include <iconv.h>

#include "base/scan.h"
#include "base/utf8.h"
#include "ndr/decode.h"

enum form {
    STATES, /* escapes change what a byte means */
    RUNS,   /* bytes below 0x80 are ASCII in every state; several bytes may be one letter */
    SINGLE, /* the same, and each byte is a letter of its own */
};

/* The only charset names that reach iconv: name in mail, name for iconv, and how it works. */
static const struct charset {
    struct str name;
    const char *iconv_name;
    enum form form;
} charsets[] = {
    {STR_INIT("iso-8859-1"), "WINDOWS-1252", SINGLE},
    {STR_INIT("latin1"), "WINDOWS-1252", SINGLE},
    {STR_INIT("windows-1252"), "WINDOWS-1252", SINGLE},
    {STR_INIT("cp1252"), "WINDOWS-1252", SINGLE},
    {STR_INIT("iso-8859-2"), "ISO-8859-2", SINGLE},
    {STR_INIT("iso-8859-3"), "ISO-8859-3", SINGLE},
    {STR_INIT("iso-8859-4"), "ISO-8859-4", SINGLE},
    {STR_INIT("iso-8859-5"), "ISO-8859-5", SINGLE},
    {STR_INIT("iso-8859-6"), "ISO-8859-6", SINGLE},
    {STR_INIT("iso-8859-7"), "ISO-8859-7", SINGLE},
    {STR_INIT("iso-8859-8"), "ISO-8859-8", SINGLE},
    {STR_INIT("iso-8859-8-i"), "ISO-8859-8", SINGLE},
    {STR_INIT("iso-8859-9"), "WINDOWS-1254", SINGLE},
    {STR_INIT("iso-8859-10"), "ISO-8859-10", SINGLE},
    {STR_INIT("iso-8859-13"), "ISO-8859-13", SINGLE},
    {STR_INIT("iso-8859-14"), "ISO-8859-14", SINGLE},
    {STR_INIT("iso-8859-15"), "ISO-8859-15", SINGLE},
    {STR_INIT("iso-8859-16"), "ISO-8859-16", SINGLE},
    {STR_INIT("windows-1250"), "WINDOWS-1250", SINGLE},
    {STR_INIT("windows-1251"), "WINDOWS-1251", SINGLE},
    {STR_INIT("windows-1253"), "WINDOWS-1253", SINGLE},
    {STR_INIT("windows-1254"), "WINDOWS-1254", SINGLE},
    {STR_INIT("windows-1255"), "WINDOWS-1255", RUNS},
    {STR_INIT("windows-1256"), "WINDOWS-1256", SINGLE},
    {STR_INIT("windows-1257"), "WINDOWS-1257", SINGLE},
    {STR_INIT("windows-1258"), "WINDOWS-1258", RUNS},
    {STR_INIT("koi8-r"), "KOI8-R", SINGLE},
    {STR_INIT("koi8-u"), "KOI8-U", SINGLE},
    {STR_INIT("macintosh"), "MACINTOSH", SINGLE},
    {STR_INIT("gb2312"), "GB18030", RUNS},
    {STR_INIT("gbk"), "GB18030", RUNS},
    {STR_INIT("gb18030"), "GB18030", RUNS},
    {STR_INIT("big5"), "BIG5", RUNS},
    {STR_INIT("euc-kr"), "EUC-KR", RUNS},
    {STR_INIT("ks_c_5601-1987"), "CP949", RUNS},
    {STR_INIT("euc-jp"), "EUC-JP", RUNS},
    {STR_INIT("shift_jis"), "CP932", RUNS},
    {STR_INIT("windows-31j"), "CP932", RUNS},
    {STR_INIT("utf-16"), "UTF-16", STATES},
    {STR_INIT("utf-16le"), "UTF-16LE", STATES},
    {STR_INIT("utf-16be"), "UTF-16BE", STATES},
    {STR_INIT("iso-2022-jp"), "ISO-2022-JP", STATES},
    {STR_INIT("iso-2022-kr"), "ISO-2022-KR", STATES},
    {STR_INIT("hz-gb-2312"), "HZ", STATES},
};

/* Sets of 7 bits and those of 8 that mail systems mix up with them. */
static const struct {
    const char *seven, *eight;
} mixed_up[] = {{"iso-2022-jp", "euc-jp"}, {"iso-2022-kr", "euc-kr"}, {"hz-gb-2312", "gb2312"}};

static const struct charset *charset_find(struct str name)
{
    for (size_t i = 0; i < sizeof charsets / sizeof charsets[0]; i++) {
        if (str_equal_nocase(name, charsets[i].name)) {
            return &charsets[i];
        }
    }
    return NULL;
}

static bool is_ascii(struct str text)
{
    return scan_not_ascii(text, 0) == text.len;
}

/* End of the bytes from `from` on that are ASCII in a set: those of ISO 2022 leave it with ESC, SO or SI only. */
static size_t ascii_end(const struct charset *charset, struct str text, size_t from)
{
    return charset->form == STATES ? scan_shift(text, from) : scan_not_ascii(text, from);
}

/* Whether text of a 7-bit set never leaves ASCII. */
static bool stays_ascii(const struct charset *charset, struct str text)
{
    return str_starts(charset->name, STR_LIT("iso-2022-")) && ascii_end(charset, text, 0) == text.len;
}

/* The charset to convert from, NULL when the bytes can stay: ASCII or UTF-8 by name or by nature,
 * or a name outside the list. */
static const struct charset *charset_needed(struct str name, struct str text)
{
    name = str_trim(name);
    /* Japanese in the fields of a machine part names no charset, but its escapes tell it. */
    if (name.len == 0 || str_equal_nocase(name, STR_LIT("us-ascii"))) {
        size_t escape = str_find_char(text, '\033', 0);

        return escape != STR_NPOS && (str_find(text, STR_LIT("\033$B"), escape) != STR_NPOS ||
                                      str_find(text, STR_LIT("\033$@"), escape) != STR_NPOS)
                   ? charset_find(STR_LIT("iso-2022-jp"))
                   : NULL;
    }
    const struct charset *charset = str_equal_nocase(name, STR_LIT("utf-8")) ? NULL : charset_find(name);

    if (!charset || (charset->form != STATES && is_ascii(text)) || stays_ascii(charset, text)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof mixed_up / sizeof mixed_up[0]; i++) {
        if (str_equal(charset->name, str_from(mixed_up[i].seven)) && !is_ascii(text) &&
            str_find_char(text, '\033', 0) == STR_NPOS) {
            return utf8_is_valid(text) ? NULL : charset_find(str_from(mixed_up[i].eight));
        }
    }
    return charset;
}

/* The letters of a set in UTF-8, at most three bytes each. */
struct letters {
    struct letter {
        char utf8[3];
        uint8_t len; /* 0 before the table is made */
    } all[256];
};

/* Of each set that was needed. */
static struct letters tables[sizeof charsets / sizeof charsets[0]];

/* One text on its way to UTF-8. */
struct converter {
    const struct charset *charset;
    const struct letters *letters; /* of a single-byte set, NULL for others */
    iconv_t cd;                    /* of the others */
    bool shifted;                  /* iconv may hold a state in which ASCII bytes are something else */
};

static void fill_letters(iconv_t cd, struct letters *letters)
{
    for (unsigned i = 0; i < 128; i++) {
        letters->all[i] = (struct letter){{(char)i}, 1};
    }
    for (unsigned i = 128; i < 256; i++) {
        struct letter *letter = &letters->all[i];
        char byte = (char)i;
        char *from = &byte;
        char *to = letter->utf8;
        size_t left = 1;
        size_t space = sizeof letter->utf8;

        if (iconv(cd, &from, &left, &to, &space) == (size_t)-1 || space == sizeof letter->utf8) {
            memcpy(letter->utf8, "\xEF\xBF\xBD", 3);
            space = 0;
            iconv(cd, NULL, NULL, NULL, NULL);
        }
        letter->len = (uint8_t)(sizeof letter->utf8 - space);
    }
}

/* The conversion of a set, (iconv_t)-1 when this system has none; opened at the first use, as the tables are made. */
static iconv_t open_iconv(const struct charset *charset)
{
    static struct {
        iconv_t cd;
        bool is_open;
    } all[sizeof charsets / sizeof charsets[0]];
    size_t i = (size_t)(charset - charsets);

    if (all[i].is_open && !str_equal(charset->name, STR_LIT("utf-16"))) {
        iconv(all[i].cd, NULL, NULL, NULL, NULL); /* forgets the state of the text before */
        return all[i].cd;
    }
    if (all[i].is_open) {
        iconv_close(all[i].cd); /* it would not forget the order of its bytes */
        all[i].is_open = false;
    }
    all[i].cd = iconv_open("UTF-8", charset->iconv_name);
    /* A moment without memory looks like an unknown charset: ask again. */
    if (all[i].cd == (iconv_t)-1) {
        all[i].cd = iconv_open("UTF-8", charset->iconv_name);
    }
    if (all[i].cd == (iconv_t)-1 && errno == ENOMEM) {
        mem_fail();
    }
    all[i].is_open = all[i].cd != (iconv_t)-1;
    return all[i].cd;
}

/* False when `text` needs no conversion, and for a set that this system cannot convert. */
static bool converter_init(struct converter *converter, struct str name, struct str text)
{
    const struct charset *charset = charset_needed(name, text);
    struct letters *letters = charset && charset->form == SINGLE ? &tables[charset - charsets] : NULL;

    if (!charset) {
        return false;
    }
    *converter = (struct converter){.charset = charset, .letters = letters, .cd = (iconv_t)-1};
    if (letters && letters->all[0].len) {
        return true;
    }
    converter->cd = open_iconv(charset);
    if (converter->cd == (iconv_t)-1) {
        return false;
    }
    converter->shifted = charset->form == STATES && !str_equal(charset->name, STR_LIT("iso-2022-jp"));
    if (letters) {
        fill_letters(converter->cd, letters);
    }
    return true;
}

/* Of one size, whatever the letter's: nobody could foresee it. */
static void add_letters(struct buf *out, const struct letters *letters, struct str in)
{
    char *start = buf_reserve(out, (in.len + 1) * sizeof letters->all[0].utf8);
    char *to = start;

    for (size_t i = 0; i < in.len; i++) {
        const struct letter *letter = &letters->all[(unsigned char)in.ptr[i]];

        if (start) {
            memcpy(to, letter, sizeof *letter);
            to += letter->len;
        } else {
            buf_add(out, letter->utf8, letter->len);
        }
    }
    buf_commit(out, (size_t)(to - start));
}

/* Whether Japanese text with escapes is in another state than ASCII ("ESC ( B") behind `text`. */
static bool leaves_ascii(struct str text, bool before)
{
    size_t at = text.len;

    while (at > 0 && text.ptr[at - 1] != '\033') {
        at--;
    }
    return at > 0 ? !str_starts(str_sub(text, at, 2), STR_LIT("(B")) : before;
}

/* Converts as much of `in` as forms whole characters; what is left over (an incomplete character at
 * the end) stays in `in`.  Bytes that fit nothing become U+FFFD. */
static void convert_with_iconv(struct converter *converter, struct buf *out, struct str *in)
{
    iconv_t cd = converter->cd;

    while (in->len) {
        char room[1024];
        char *from = (char *)in->ptr;
        char *to = room;
        size_t left = in->len;
        size_t space = sizeof room;
        size_t result = iconv(cd, &from, &left, &to, &space);
        int why = errno;

        buf_add(out, room, sizeof room - space);
        *in = str_make(from, left);
        if (result != (size_t)-1 || (why == E2BIG && space < sizeof room)) {
            continue;
        }
        if (why == EINVAL && left < 8) {
            return;
        }
        utf8_add(out, 0xFFFD);
        *in = str_sub(*in, 1, left);
        iconv(cd, NULL, NULL, NULL, NULL);
    }
}

/* The same for any set. */
static void convert(struct converter *converter, struct buf *out, struct str *in)
{
    const struct charset *charset = converter->charset;

    if (converter->letters) {
        add_letters(out, converter->letters, *in);
        *in = str_sub(*in, in->len, 0);
        return;
    }
    if (str_equal(charset->name, STR_LIT("iso-2022-jp"))) {
        converter->shifted = leaves_ascii(*in, converter->shifted);
    }
    convert_with_iconv(converter, out, in);
}

bool ndr_charset_is_needed(struct str charset, struct str text)
{
    return charset_needed(charset, text) != NULL;
}

bool ndr_charset_add(struct buf *out, struct str name, struct str text)
{
    struct converter converter;

    if (!converter_init(&converter, name, text)) {
        return false;
    }
    convert(&converter, out, &text);
    return true;
}

/* Where source line `i` of a stage ends. */
static size_t end_of(const struct ndr_stage *stage, size_t i)
{
    return i + 1 < stage->count ? stage->marks[i + 1].at : stage->text.len;
}

/* Takes the lines from `i` on that end at or before `plain` as they are; gives the line behind them. */
static size_t keep_lines(struct buf *out, struct ndr_stage *stage, size_t i, size_t plain)
{
    size_t from = stage->marks[i].at;
    size_t start = out->len;
    size_t end = from;

    for (; i < stage->count && end_of(stage, i) <= plain; i++) {
        size_t at = start + (stage->marks[i].at - from);

        end = end_of(stage, i);
        stage->marks[i].at = (uint32_t)(at < out->limit ? at : out->limit);
    }
    buf_add(out, stage->text.ptr + from, end - from);
    return i;
}

void ndr_stage_charset(struct arena *arena, struct str name, struct ndr_stage *stage)
{
    struct converter converter;
    struct buf out;

    if (!converter_init(&converter, name, stage->text)) {
        return;
    }
    buf_init(&out, NDR_PART_TEXT_MAX_BYTES);
    buf_reserve(&out, stage->text.len);
    struct str pending = str_sub(stage->text, 0, 0);

    for (size_t i = 0; i < stage->count;) {
        /* A character may be split between two lines of the encoding: then go on from what is left. */
        if (pending.len == 0 && !converter.shifted) {
            i = keep_lines(&out, stage, i, ascii_end(converter.charset, stage->text, stage->marks[i].at));
            pending.ptr = stage->text.ptr + (i < stage->count ? stage->marks[i].at : stage->text.len);
        }
        if (i < stage->count) {
            pending.len = (size_t)(stage->text.ptr + end_of(stage, i) - pending.ptr);
            stage->marks[i++].at = (uint32_t)out.len;
            convert(&converter, &out, &pending);
        }
    }
    stage->text = str_dup(arena, buf_str(&out));
    buf_fini(&out);
}
