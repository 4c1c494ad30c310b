#include "base/scan.h"
#include "ndr/read.h"

/* Addresses in words: "<a@b>", "a@b,", "Name (a@b)", "rfc822; a@b". */

bool ndr_address_next(struct str text, size_t *pos, struct str *address)
{
    for (size_t at = str_find_char(text, '@', *pos); at != STR_NPOS;
         at = str_find_char(text, '@', at + 1)) {
        size_t from = scan_local_start(text, *pos, at);
        size_t end = scan_domain_end(text, at + 1);

        while (end > at + 1 && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-')) {
            end--;
        }
        /* Quotes and "=" before a local part belong to the words around it ("to='a@b'"). */
        while (from < at && !str_is_alnum(text.ptr[from]) && strchr("'`=*/&?{|", text.ptr[from])) {
            from++;
        }
        if (from < at && text.ptr[at - 1] == '"') {
            from = at;
        }
        if (from == at || end == at + 1) {
            *pos = at + 1;
            continue;
        }
        *address = str_sub(text, from, end - from);
        *pos = end;
        return true;
    }
    *pos = text.len;
    return false;
}

struct str ndr_address_in(struct str text)
{
    size_t first = scan_either(text, 0, ';', '@');
    struct str address = STR_NULL;
    size_t pos = 0;

    if (first < text.len && text.ptr[first] == ';') {
        text = str_sub(text, first + 1, text.len);
    }
    text = str_trim(text);
    if (text.len > 2 && text.ptr[0] == '<') {
        text = str_sub(text, 1, text.len);
        text = str_sub(text, 0, str_find_char(text, '>', 0));
    }
    size_t at = str_find_char(text, '@', 0);

    if (at > 0 && at != STR_NPOS && str_find_char(text, ' ', 0) == STR_NPOS && text.ptr[text.len - 1] != '@') {
        return text.ptr[text.len - 1] == '>' ? str_sub(text, 0, text.len - 1) : text;
    }
    /* Local parts of every kind stand in the fields of reports ("\"a b\"@c", "a b@c" cut). */
    if (text.len && text.ptr[0] == '"' && at != STR_NPOS) {
        return str_sub(text, 0, str_find_char(text, ' ', at));
    }
    return ndr_address_next(text, &pos, &address) ? address : STR_NULL;
}

struct ndr_recipient *ndr_recipient_new(struct ndr_reading *reading)
{
    struct ndr_report *report = reading->report;

    if (report->recipient_count == NDR_RECIPIENTS_MAX) {
        reading->recipients_cut = true;
        return NULL;
    }
    struct ndr_recipient *recipient =
        VEC_ROOM(reading->arena, report->recipients, report->recipient_count, reading->recipient_capacity);

    /* Its lists are long, nearly empty, and last: what they hold is written when it is counted. */
    memset(recipient, 0, offsetof(struct ndr_recipient, codes));
    return recipient;
}

struct ndr_recipient *ndr_recipient_find(struct ndr_report *report, struct str address)
{
    for (size_t i = 0; i < report->recipient_count; i++) {
        if (str_equal_nocase(report->recipients[i].address.text, address)) {
            return &report->recipients[i];
        }
    }
    return NULL;
}
