#include "base/scan.h"
#include "ndr/decode.h"
#include "ndr/mime.h"

struct str ndr_field_unfold(struct arena *arena, struct str value)
{
    return str_squeeze(arena, value);
}

size_t ndr_field_name_len(struct str line)
{
    size_t len = scan_not_name(line, 0, '-', '-');

    return len > 1 && len < line.len && line.ptr[len] == ':' ? len : 0;
}

/* "=?utf-8?Q?Unzustellbar?=" at the start of `text`; gives its pieces and length.  `no_end` says
 * that no word can end any more, so that nobody searches for an end again. */
static bool encoded_word(struct str text, struct str *charset, char *encoding, struct str *data,
                         size_t *len, bool *no_end)
{
    if (*no_end || !str_starts(text, STR_LIT("=?"))) {
        return false;
    }
    size_t first = str_find_char(text, '?', 2);

    if (first == STR_NPOS || first + 2 >= text.len || first > 60 || text.ptr[first + 2] != '?') {
        return false;
    }
    *encoding = str_lower_char(text.ptr[first + 1]);
    if (*encoding != 'q' && *encoding != 'b') {
        return false;
    }
    size_t end = str_find(text, STR_LIT("?="), first + 3);

    if (end == STR_NPOS) {
        *no_end = true;
        return false;
    }
    *charset = str_sub(text, 2, first - 2);
    *charset = str_sub(*charset, 0, str_find_char(*charset, '*', 0));
    *data = str_sub(text, first + 3, end - first - 3);
    *len = end + 2;
    return true;
}

/* Encoded words of an unfolded value to UTF-8; rare, and no burden on those without. */
static __attribute__((noinline)) struct str decode_words(struct arena *arena, struct str text)
{
    size_t first = str_find_char(text, '=', 0);

    if (first == STR_NPOS || str_find(text, STR_LIT("=?"), first) == STR_NPOS) {
        return text;
    }
    struct buf out;
    struct buf word;
    bool no_end = false;
    bool after_word = false;

    buf_init(&out, NDR_FIELD_MAX_BYTES);
    buf_init(&word, NDR_FIELD_MAX_BYTES);
    for (size_t at = 0; at < text.len;) {
        struct str rest = str_sub(text, at, text.len);
        struct str charset;
        struct str data;
        char encoding;
        size_t len;

        if (encoded_word(rest, &charset, &encoding, &data, &len, &no_end)) {
            /* The blank between two encoded words is not shown (RFC 2047 6.2). */
            if (after_word && out.len && out.ptr[out.len - 1] == ' ') {
                out.len--;
            }
            buf_clear(&word);
            encoding == 'b' ? ndr_base64_add(&word, data) : ndr_q_add(&word, data);
            if (!ndr_charset_add(&out, charset, buf_str(&word))) {
                buf_add_str(&out, buf_str(&word));
            }
            at += len;
            after_word = true;
            continue;
        }
        after_word = after_word && text.ptr[at] == ' ';
        buf_add_char(&out, text.ptr[at++]);
    }
    struct str decoded = str_dup(arena, buf_str(&out));

    buf_fini(&word);
    buf_fini(&out);
    return decoded;
}

struct str ndr_field_decode(struct arena *arena, struct str value)
{
    value = str_trim(value);
    /* Most are one line of plain words. */
    return !scan_is_folded(value) ? value : decode_words(arena, ndr_field_unfold(arena, value));
}

/* Whether `text` is all of a value but for the blank behind the colon: then it has one line. */
static bool is_all_of(struct str value, struct str text)
{
    return text.ptr + text.len == value.ptr + value.len && text.len + 1 >= value.len;
}

struct ndr_value ndr_field_value(struct arena *arena, const struct ndr_field *field, bool decode)
{
    if (!field) {
        return (struct ndr_value){0};
    }
    struct str text = decode ? ndr_field_decode(arena, field->value) : ndr_field_unfold(arena, field->value);
    bool is_line = is_all_of(field->value, text);

    return (struct ndr_value){text, {field->offset, is_line ? 1 : field->lines}};
}

struct str ndr_mailbox_address(struct str value)
{
    size_t open = str_find_char(value, '<', 0);
    bool is_open = open != STR_NPOS;

    value = str_trim(str_sub(value, is_open ? open + 1 : 0, value.len));
    value.len = scan_token_end(value, 0, ',', is_open ? '>' : ',');
    size_t at = str_find_char(value, '@', 0);

    return at == STR_NPOS || at == 0 || at + 1 == value.len ? STR_NULL : value;
}

/* Value of the parameter that begins at `at`: a token or a quoted string. */
static struct str parameter_value(struct arena *arena, struct str value, size_t at)
{
    if (at < value.len && value.ptr[at] == '"') {
        size_t close = str_find_char(value, '"', at + 1);
        struct str inside = str_sub(value, at + 1, (close == STR_NPOS ? value.len : close) - at - 1);

        if (str_find_char(inside, '\\', 0) == STR_NPOS) {
            return inside;
        }
        char *out = arena_bytes(arena, value.len - at);
        size_t len = 0;

        for (at++; at < value.len && value.ptr[at] != '"'; at++) {
            at += value.ptr[at] == '\\' && at + 1 < value.len;
            out[len++] = value.ptr[at];
        }
        return str_make(out, len);
    }
    size_t end = at;

    while (end < value.len && value.ptr[end] != ';' && !str_is_blank(value.ptr[end])) {
        end++;
    }
    return str_sub(value, at, end - at);
}

/* Behind the quoted string that begins at `at`. */
static size_t quoted_end(struct str value, size_t at)
{
    for (at = scan_either(value, at + 1, '"', '\\'); at < value.len && value.ptr[at] == '\\';
         at = scan_either(value, at + 2, '"', '\\')) {
    }
    return at + 1;
}

/* Start of the next parameter name behind `at` (quoted strings passed over), STR_NPOS at the end. */
static size_t next_parameter(struct str value, size_t at)
{
    for (at = scan_either(value, at, ';', '"'); at < value.len && value.ptr[at] == '"';
         at = scan_either(value, quoted_end(value, at), ';', '"')) {
    }
    if (at >= value.len) {
        return STR_NPOS;
    }
    at++;
    while (at < value.len && str_is_blank(value.ptr[at])) {
        at++;
    }
    return at;
}

/* Takes the next parameter off `value` at `*at`: its name and where its value begins.  False at the end. */
static bool take_parameter(struct str value, size_t *at, struct str *name, size_t *from)
{
    size_t start = next_parameter(value, *at);
    size_t equals = start == STR_NPOS ? STR_NPOS : str_find_char(value, '=', start);

    if (equals == STR_NPOS) {
        return false;
    }
    *name = str_trim(str_sub(value, start, equals - start));
    *from = equals + 1;
    while (*from < value.len && str_is_blank(value.ptr[*from])) {
        (*from)++;
    }
    *at = start;
    return true;
}

/* RFC 2231: name*0="first half"; name*1="second half". */
static struct str joined_parameter(struct arena *arena, struct str value, struct str wanted)
{
    struct buf joined;
    struct str name;
    size_t at = 0;
    size_t from;

    buf_init(&joined, NDR_FIELD_MAX_BYTES);
    while (take_parameter(value, &at, &name, &from)) {
        if (str_starts_nocase(name, wanted) && name.len > wanted.len && name.ptr[wanted.len] == '*') {
            buf_add_str(&joined, parameter_value(arena, value, from));
        }
    }
    struct str text = joined.len ? str_dup(arena, buf_str(&joined)) : STR_NULL;

    buf_fini(&joined);
    return text;
}

void ndr_field_parameters(struct arena *arena, struct str value, struct ndr_parameter *wanted, size_t count)
{
    bool is_split = str_find_char(value, '*', 0) != STR_NPOS;
    struct str name;
    size_t at = 0;
    size_t from;

    while (take_parameter(value, &at, &name, &from)) {
        for (size_t i = 0; i < count; i++) {
            if (!wanted[i].value.ptr && str_equal_nocase(name, wanted[i].name)) {
                wanted[i].value = parameter_value(arena, value, from);
            }
        }
    }
    for (size_t i = 0; is_split && i < count; i++) {
        if (!wanted[i].value.ptr) {
            wanted[i].value = joined_parameter(arena, value, wanted[i].name);
        }
    }
}

struct str ndr_field_parameter(struct arena *arena, struct str value, struct str name)
{
    struct ndr_parameter wanted = {name, STR_NULL};

    ndr_field_parameters(arena, value, &wanted, 1);
    return wanted.value;
}

void ndr_text_page(struct arena *arena, struct str source, struct str bytes,
                   enum ndr_encoding encoding, struct str charset, bool is_html, size_t *left,
                   struct ndr_page *page)
{
    size_t origin = bytes.len ? (size_t)(bytes.ptr - source.ptr) : 0;
    struct ndr_stage stage = {.text = str_sub(bytes, 0, NDR_PART_TEXT_MAX_BYTES)};

    *page = (struct ndr_page){.is_human = true, .source_offset = origin};
    stage.text = str_sub(stage.text, 0, *left);
    page->is_cut = stage.text.len < bytes.len;
    if (encoding == NDR_ENCODING_PLAIN && !is_html && !ndr_charset_is_needed(charset, stage.text)) {
        page->text = stage.text;
        *left -= page->text.len;
        return;
    }
    ndr_stage_lines(arena, stage.text, origin, &stage);
    if (encoding == NDR_ENCODING_BASE64 && ndr_is_base64(stage.text)) {
        ndr_stage_base64(arena, &stage);
    } else if (encoding == NDR_ENCODING_QP) {
        ndr_stage_qp(arena, &stage);
    }
    ndr_stage_charset(arena, charset, &stage);
    if (is_html) {
        ndr_stage_html(arena, &stage);
    }
    uint32_t *starts = ARENA_ROOM(arena, uint32_t, stage.count + 1);
    uint32_t *origins = ARENA_ROOM(arena, uint32_t, stage.count + 1);

    for (size_t i = 0; i < stage.count; i++) {
        starts[i] = stage.marks[i].at;
        origins[i] = stage.marks[i].origin;
    }
    page->text = stage.text;
    page->is_cut = page->is_cut || stage.text.len >= NDR_PART_TEXT_MAX_BYTES;
    page->starts = starts;
    page->origin = origins;
    page->marks = stage.count;
    *left -= page->text.len < *left ? page->text.len : *left;
}

void ndr_part_page(struct arena *arena, struct str source, const struct ndr_part *part,
                   size_t *left, struct ndr_page *page)
{
    bool is_html = ndr_part_is(part, NDR_MEDIA_TEXT | NDR_MEDIA_HTML);

    ndr_text_page(arena, source, part->body, part->encoding, part->charset, is_html, left, page);
    page->is_human = ndr_part_is(part, NDR_MEDIA_TEXT);
}
