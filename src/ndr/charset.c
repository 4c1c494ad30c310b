#include <errno.h>
#include <iconv.h>

#include "base/scan.h"
#include "base/utf8.h"
#include "ndr/decode.h"

/* The only charset names that reach iconv: name in mail, name for iconv, and whether plain ASCII
 * bytes already mean themselves in it. */
static const struct charset {
    struct str name;
    const char *iconv_name;
    bool ascii; /* bytes below 0x80 are ASCII in every state */
} charsets[] = {
    {STR_INIT("iso-8859-1"), "WINDOWS-1252", true},   {STR_INIT("latin1"), "WINDOWS-1252", true},
    {STR_INIT("windows-1252"), "WINDOWS-1252", true}, {STR_INIT("cp1252"), "WINDOWS-1252", true},
    {STR_INIT("iso-8859-2"), "ISO-8859-2", true},     {STR_INIT("iso-8859-3"), "ISO-8859-3", true},
    {STR_INIT("iso-8859-4"), "ISO-8859-4", true},     {STR_INIT("iso-8859-5"), "ISO-8859-5", true},
    {STR_INIT("iso-8859-6"), "ISO-8859-6", true},     {STR_INIT("iso-8859-7"), "ISO-8859-7", true},
    {STR_INIT("iso-8859-8"), "ISO-8859-8", true},     {STR_INIT("iso-8859-8-i"), "ISO-8859-8", true},
    {STR_INIT("iso-8859-9"), "WINDOWS-1254", true},   {STR_INIT("iso-8859-10"), "ISO-8859-10", true},
    {STR_INIT("iso-8859-13"), "ISO-8859-13", true},   {STR_INIT("iso-8859-14"), "ISO-8859-14", true},
    {STR_INIT("iso-8859-15"), "ISO-8859-15", true},   {STR_INIT("iso-8859-16"), "ISO-8859-16", true},
    {STR_INIT("windows-1250"), "WINDOWS-1250", true}, {STR_INIT("windows-1251"), "WINDOWS-1251", true},
    {STR_INIT("windows-1253"), "WINDOWS-1253", true}, {STR_INIT("windows-1254"), "WINDOWS-1254", true},
    {STR_INIT("windows-1255"), "WINDOWS-1255", true}, {STR_INIT("windows-1256"), "WINDOWS-1256", true},
    {STR_INIT("windows-1257"), "WINDOWS-1257", true}, {STR_INIT("windows-1258"), "WINDOWS-1258", true},
    {STR_INIT("koi8-r"), "KOI8-R", true},             {STR_INIT("koi8-u"), "KOI8-U", true},
    {STR_INIT("macintosh"), "MACINTOSH", true},       {STR_INIT("gb2312"), "GB18030", true},
    {STR_INIT("gbk"), "GB18030", true},               {STR_INIT("gb18030"), "GB18030", true},
    {STR_INIT("big5"), "BIG5", true},                 {STR_INIT("euc-kr"), "EUC-KR", true},
    {STR_INIT("ks_c_5601-1987"), "CP949", true},      {STR_INIT("euc-jp"), "EUC-JP", true},
    {STR_INIT("shift_jis"), "CP932", true},           {STR_INIT("windows-31j"), "CP932", true},
    {STR_INIT("utf-16"), "UTF-16", false},            {STR_INIT("utf-16le"), "UTF-16LE", false},
    {STR_INIT("utf-16be"), "UTF-16BE", false},
    {STR_INIT("iso-2022-jp"), "ISO-2022-JP", false},  {STR_INIT("iso-2022-kr"), "ISO-2022-KR", false},
    {STR_INIT("hz-gb-2312"), "HZ", false},
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

/* Whether text of a 7-bit set never leaves ASCII: the sets of ISO 2022 do so with ESC, SO or SI only. */
static bool stays_ascii(const struct charset *charset, struct str text)
{
    return str_starts(charset->name, STR_LIT("iso-2022-")) && is_ascii(text) &&
           str_find_char(text, '\033', 0) == STR_NPOS && scan_either(text, 0, '\016', '\017') == text.len;
}

/* The charset to convert from, NULL when the bytes can stay: ASCII or UTF-8 by name or by nature,
 * or a name outside the list. */
static const struct charset *charset_needed(struct str name, struct str text)
{
    const struct charset *charset = charset_find(str_trim(name));
    bool plain = name.len == 0 || str_equal_nocase(str_trim(name), STR_LIT("us-ascii"));

    /* Japanese in the fields of a machine part names no charset, but its escapes tell it. */
    if (plain) {
        size_t escape = str_find_char(text, '\033', 0);

        text = escape == STR_NPOS ? STR_NULL : str_sub(text, escape, text.len);
        return str_find(text, STR_LIT("\033$B"), 0) != STR_NPOS || str_find(text, STR_LIT("\033$@"), 0) != STR_NPOS
                   ? charset_find(STR_LIT("iso-2022-jp"))
                   : NULL;
    }
    if (!charset || (charset->ascii && is_ascii(text)) || stays_ascii(charset, text)) {
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

/* Converts as much of `in` as forms whole characters; what is left over (an incomplete character at
 * the end) stays in `in`.  Bytes that fit nothing become U+FFFD. */
static void convert(iconv_t cd, struct buf *out, struct str *in)
{
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

bool ndr_charset_is_needed(struct str charset, struct str text)
{
    return charset_needed(charset, text) != NULL;
}

/* (iconv_t)-1 for no charset, and for one that this system cannot convert. */
static iconv_t open_converter(const struct charset *charset)
{
    iconv_t cd = charset ? iconv_open("UTF-8", charset->iconv_name) : (iconv_t)-1;

    /* A moment without memory looks like an unknown charset: ask again. */
    if (charset && cd == (iconv_t)-1) {
        cd = iconv_open("UTF-8", charset->iconv_name);
    }
    if (charset && cd == (iconv_t)-1 && errno == ENOMEM) {
        mem_fail();
    }
    return cd;
}

bool ndr_charset_add(struct buf *out, struct str name, struct str text)
{
    iconv_t cd = open_converter(charset_needed(name, text));

    if (cd == (iconv_t)-1) {
        return false;
    }
    convert(cd, out, &text);
    iconv_close(cd);
    return true;
}

void ndr_stage_charset(struct arena *arena, struct str name, struct ndr_stage *stage)
{
    const struct charset *charset = charset_needed(name, stage->text);
    iconv_t cd = open_converter(charset);
    struct buf out;

    if (cd == (iconv_t)-1) {
        return;
    }
    buf_init(&out, NDR_PART_TEXT_MAX_BYTES);
    struct str pending = str_sub(stage->text, 0, 0);

    for (size_t i = 0; i < stage->count; i++) {
        size_t end = i + 1 < stage->count ? stage->marks[i + 1].at : stage->text.len;

        stage->marks[i].at = (uint32_t)out.len;
        /* A character may be split between two lines of the encoding: go on from what is left. */
        bool is_fresh = pending.len == 0;

        pending.len += (size_t)(stage->text.ptr + end - (pending.ptr + pending.len));
        if (is_fresh && charset->ascii && is_ascii(pending)) {
            buf_add_str(&out, pending);
            pending = str_sub(pending, pending.len, 0);
        } else {
            convert(cd, &out, &pending);
        }
    }
    iconv_close(cd);
    stage->text = str_dup(arena, buf_str(&out));
    buf_fini(&out);
}
