/* What looks forged in a report that is a whole mail.  Each warning is one sentence that says what
 * was seen and what to do; a sign that genuine reports often show, too, is none. */
#include "base/scan.h"
#include "ndr/decode.h"
#include "ndr/labels.h"
#include "ndr/read.h"

/* Bounds of the search: forged reports are short, and the rest of a long mail is what came back. */
enum { LOOK_MAX_BYTES = 256 << 10, LINKS_MAX = 200, LINK_TEXT_MAX_BYTES = 2000, SHOWN_MAX_BYTES = 80 };

#define IS(a, literal) str_equal_nocase((a), STR_LIT(literal))
#define HAS(a, literal) (str_find_nocase((a), STR_LIT(literal), 0) != STR_NPOS)
#define COUNT(list) (sizeof (list) / sizeof (list)[0])

static bool is_report(enum ndr_kind kind)
{
    return kind != NDR_KIND_NONE && kind != NDR_KIND_FEEDBACK && kind != NDR_KIND_AUTO_REPLY;
}

/* Whether the sender calls itself a mail system.  A person who forwards a report does not, and has
 * every right to a return path. */
static bool claims_mail_system(struct str from)
{
    return HAS(from, "mailer-daemon") || HAS(from, "mailer daemon") || HAS(from, "postmaster") ||
           HAS(from, "mail delivery") || HAS(from, "mail system") || HAS(from, "Microsoft Outlook") ||
           HAS(from, "Microsoft Exchange") || HAS(from, "Microsoft 365") || HAS(from, "Office 365");
}

/* --- the part for machines --- */

/* Name of the mail system that it seems to come from, when that one writes fields for machines into
 * every report; empty for the others, of which many write none. */
static struct str always_with_fields(struct ndr_reading *reading, struct str from)
{
    struct str slug = reading->report->generator.text;

    if (IS(slug, "exchange-online") || IS(slug, "postfix")) {
        return ndr_generator_name(slug);
    }
    /* Until 2016 Gmail wrote none, but this field into every failure. */
    if (IS(slug, "gmail") && reading->report->kind != NDR_KIND_DELAY &&
        !reading->header.has_failed_list) {
        return ndr_generator_name(slug);
    }
    bool microsoft = str_starts_nocase(from, STR_LIT("Microsoft Outlook")) ||
                     str_starts_nocase(from, STR_LIT("\"Microsoft Outlook")) ||
                     (HAS(from, " 365") && (HAS(from, "Microsoft 365") || HAS(from, "Office 365")));

    return microsoft ? ndr_generator_name(STR_LIT("exchange-online")) : STR_NULL;
}

static bool has_fields(const struct ndr_report *report, const struct ndr_mail *mail)
{
    for (size_t i = 0; i < mail->count; i++) {
        if (ndr_part_is(&mail->parts[i], NDR_MEDIA_STATUS)) {
            return true;
        }
    }
    /* A gateway may have given them another type. */
    for (size_t i = 0; i < report->recipient_count; i++) {
        if (report->recipients[i].action_field.text.len || report->recipients[i].status_field.text.len) {
            return true;
        }
    }
    return false;
}

static void check_fields(struct ndr_reading *reading, const struct ndr_mail *mail, struct str from)
{
    struct str name = always_with_fields(reading, from);

    /* What is cut off may have been the part. */
    if (name.len && !mail->open_multipart && !mail->cut_parts && !has_fields(reading->report, mail)) {
        ndr_warn(reading,
                 "Reports of %.*s always have a part for machines and this one has none: it may be "
                 "forged, so open no link in it and look for the message in the log of your server.",
                 (int)name.len, name.ptr);
    }
}

/* --- the return path --- */

/* RFC 5321 4.5.5 wants "<>"; older systems write their own name into it. */
static bool is_empty_path(struct str path)
{
    struct str name = str_trim(path);

    if (name.len && name.ptr[0] == '<') {
        name = str_trim(str_sub(name, 1, name.len - (name.ptr[name.len - 1] == '>' ? 2 : 1)));
    }
    size_t at = str_find_char(name, '@', 0);

    name = str_sub(name, 0, at == STR_NPOS ? name.len : at);
    return name.len == 0 || IS(name, "mailer-daemon") || IS(name, "postmaster") ||
           IS(name, "null") || IS(name, "double-bounce");
}

static void check_path(struct ndr_reading *reading)
{
    struct str path = str_trim(reading->header.path);

    if (!is_empty_path(path)) {
        path = str_sub(path, 0, SHOWN_MAX_BYTES);
        ndr_warn(reading,
                 "Its return path is %.*s, but a genuine report has an empty one (<>): it may be "
                 "forged, so open no link in it until you know who sent it.",
                 (int)path.len, path.ptr);
    }
}

/* --- who vouches for the sender --- */

/* Behind the comment that begins at `at` and may hold others. */
static size_t comment_end(struct str text, size_t at)
{
    for (size_t depth = 1; depth > 0 && at < text.len;) {
        at = scan_either(text, at + 1, '(', ')');
        depth = at < text.len && text.ptr[at] == '(' ? depth + 1 : depth - 1;
    }
    return at + 1;
}

/* Comments tell the results of others: "arc=pass (i=1 spf=fail dmarc=fail)". */
static struct str without_comments(struct arena *arena, struct str text)
{
    if (str_find_char(text, '(', 0) == STR_NPOS) {
        return text;
    }
    char *out = arena_bytes(arena, text.len);
    size_t used = 0;

    for (size_t at = 0; at < text.len;) {
        struct str outside = str_sub(text, at, str_find_char(text, '(', at) - at);

        memcpy(out + used, outside.ptr, outside.len);
        used += outside.len;
        at = comment_end(text, at + outside.len);
    }
    return str_make(out, used);
}

/* Word behind "name=" where that begins a result: behind ";" or at the start. */
static struct str result_of(struct str results, struct str name)
{
    for (size_t at = 0; (at = str_find_nocase(results, name, at)) != STR_NPOS; at += name.len) {
        size_t before = at;
        size_t from = at + name.len;
        size_t to = from;

        while (before > 0 && str_is_blank(results.ptr[before - 1])) {
            before--;
        }
        while (to < results.len && str_is_alnum(results.ptr[to])) {
            to++;
        }
        if ((before == 0 || results.ptr[before - 1] == ';') && to > from) {
            return str_sub(results, from, to - from);
        }
    }
    return STR_NULL;
}

/* Server that judged; Microsoft's leave it out and begin with a result. */
static struct str judge_of(struct str results)
{
    size_t end = str_find_char(results, ';', 0);
    struct str judge = str_trim(str_sub(results, 0, end == STR_NPOS ? 0 : end));

    return str_find_char(judge, '=', 0) == STR_NPOS ? judge : STR_NULL;
}

enum { RESULTS_MAX = 50 };

/* What the server next to the reader found.  Only that counts: everything below may have come with the
 * mail. */
struct results {
    struct str *items; /* of its fields, without comments */
    size_t count;
};

static void read_results(struct ndr_reading *reading, struct results *results)
{
    const struct ndr_fields *fields = reading->header.fields;
    size_t capacity = 0;

    *results = (struct results){0};
    if (!ndr_field_first(fields, NDR_FIELD_RESULTS)) {
        return;
    }
    for (size_t i = 0; i < fields->count && results->count < RESULTS_MAX; i++) {
        if (fields->items[i].kind != NDR_FIELD_RESULTS) {
            continue;
        }
        struct str text = ndr_field_unfold(reading->arena, str_sub(fields->items[i].value, 0, 4096));

        text = str_trim(without_comments(reading->arena, text));
        if (results->count && !str_equal_nocase(judge_of(text), judge_of(results->items[0]))) {
            break;
        }
        *VEC_ROOM(reading->arena, results->items, results->count, capacity) = text;
    }
}

/* Result of the uppermost field that has one. */
static struct str judged(const struct results *results, struct str name)
{
    struct str result = STR_NULL;

    for (size_t i = 0; i < results->count && result.len == 0; i++) {
        result = result_of(results->items[i], name);
    }
    return result;
}

static void check_sender(struct ndr_reading *reading, struct str from)
{
    struct results results;

    read_results(reading, &results);
    if (results.count == 0) {
        return;
    }
    struct str dmarc = judged(&results, STR_LIT("dmarc="));
    struct str spf = judged(&results, STR_LIT("spf="));
    bool dmarc_failed = IS(dmarc, "fail");
    bool spf_failed = IS(spf, "fail") || IS(spf, "hardfail");

    /* SPF breaks where mail is forwarded: what else vouches for the sender is enough. */
    if (!dmarc_failed && (IS(dmarc, "pass") || IS(judged(&results, STR_LIT("dkim=")), "pass"))) {
        return;
    }
    if ((dmarc_failed || spf_failed) && !IS(judged(&results, STR_LIT("arc=")), "pass")) {
        struct str address = str_sub(ndr_address_in(from), 0, SHOWN_MAX_BYTES);

        ndr_warn(reading,
                 "The check of its sender failed (%s=fail): it may be forged and not come from "
                 "%.*s, so open no link in it and look for the message in the log of your server.",
                 dmarc_failed ? "dmarc" : "spf", address.len ? (int)address.len : 8,
                 address.len ? address.ptr : "the host");
    }
}

/* --- links --- */

/* Host of "https://user@host:443/path" or "//host"; with `bare` also of "www.host/path" and "host".
 * Empty when there is none. */
static struct str host_of(struct str url, bool bare)
{
    size_t scheme = str_find(url, STR_LIT("//"), 0);
    size_t end = 0;

    if (str_starts_nocase(url, STR_LIT("http://")) || str_starts_nocase(url, STR_LIT("https://")) ||
        scheme == 0) {
        url = str_sub(url, scheme + 2, url.len);
    } else if (!bare) {
        return STR_NULL;
    }
    while (end < url.len && !str_is_blank(url.ptr[end]) && !strchr("/?#\\\"'<>", url.ptr[end])) {
        end++;
    }
    url.len = end;
    for (size_t at; (at = str_find_char(url, '@', 0)) != STR_NPOS && !bare;) {
        url = str_sub(url, at + 1, url.len);
    }
    size_t colon = str_find_char(url, ':', 0);

    url = str_sub(url, 0, colon == STR_NPOS ? url.len : colon);
    while (url.len && url.ptr[url.len - 1] == '.') {
        url.len--;
    }
    for (size_t i = 0; i < url.len; i++) {
        if (!str_is_alnum(url.ptr[i]) && url.ptr[i] != '.' && url.ptr[i] != '-') {
            return STR_NULL;
        }
    }
    return str_find_char(url, '.', 0) == STR_NPOS ? STR_NULL : url;
}

/* "message.eml" looks like a host and is the name of a file. */
static bool is_file_name(struct str host)
{
    static const char *const ends[] = {".doc", ".docx", ".eml", ".msg", ".htm", ".html", ".pdf", ".txt",
                                       ".zip", ".xls",  ".xlsx", ".jpg", ".png", ".gif", ".exe", ".php"};

    for (size_t i = 0; i < COUNT(ends); i++) {
        if (str_ends_nocase(host, str_from(ends[i]))) {
            return true;
        }
    }
    return false;
}

/* Host that the words of a link show, empty when they show none: then they are words. */
static struct str shown_host(struct str words)
{
    size_t at = str_find_nocase(words, STR_LIT("http"), 0);
    struct str host = at == STR_NPOS ? STR_NULL : host_of(str_sub(words, at, words.len), false);

    if (host.len) {
        return host;
    }
    for (size_t i = 0; i < words.len; i++) {
        if (str_is_blank(words.ptr[i])) {
            return STR_NULL;
        }
    }
    host = host_of(words, true);
    size_t dot = host.len;

    while (dot > 0 && host.ptr[dot - 1] != '.') {
        dot--;
    }
    /* The last label of a name has letters: 192.0.2.7 and 5.7.1 are numbers. */
    bool name = host.len > dot + 1 && !str_is_digit(host.ptr[dot]);

    return name && !is_file_name(host) ? host : STR_NULL;
}

/* The part of a host that somebody registers: two labels, or three below "co.uk" and its like. */
static struct str site_of(struct str host)
{
    size_t wanted = 2;
    size_t labels = 0;
    size_t end = host.len;

    for (size_t i = host.len; i > 0; i--) {
        if (host.ptr[i - 1] != '.') {
            continue;
        }
        labels++;
        if (labels == 2 && host.len - end == 3 && end - i <= 3) {
            wanted = 3;
        }
        if (labels == wanted) {
            return str_sub(host, i, host.len);
        }
        end = i - 1;
    }
    return host;
}

/* Filters that put their own host before every link; the true one stands in what follows. */
static bool is_rewriter(struct str host)
{
    static const char *const hosts[] = {
        "safelinks.protection.outlook.com", "urldefense.com",       "urldefense.proofpoint.com",
        "protect.mimecast.com",             "protect2.fireeye.com", "linkprotect.cudasvc.com",
        "urlsand.com",                      "safelinks.protection.office365.us",
        "secure-web.cisco.com",             "shared.outlook.inky.com",
    };

    for (size_t i = 0; i < COUNT(hosts); i++) {
        size_t len = strlen(hosts[i]);

        if (str_ends_nocase(host, str_from(hosts[i])) &&
            (host.len == len || host.ptr[host.len - len - 1] == '.')) {
            return true;
        }
    }
    /* Mimecast numbers its hosts: "protect-eu.mimecast.com", "url.uk.m.mimecastprotect.com". */
    return (str_starts_nocase(host, STR_LIT("protect-")) && str_ends_nocase(host, STR_LIT(".mimecast.com"))) ||
           str_ends_nocase(host, STR_LIT(".mimecastprotect.com"));
}

/* HTML to the words it shows. */
static struct str words_of(struct arena *arena, struct str html)
{
    struct ndr_stage stage = {.text = html};

    if (str_find_char(html, '<', 0) != STR_NPOS || str_find_char(html, '&', 0) != STR_NPOS) {
        ndr_stage_html(arena, &stage);
    }
    return str_trim(stage.text);
}

/* Value of href in the inside of a tag, as it stands. */
static struct str href_of(struct str tag)
{
    size_t at = str_find_nocase(tag, STR_LIT("href"), 0);

    if (at == STR_NPOS) {
        return STR_NULL;
    }
    tag = str_trim(str_sub(tag, at + 4, tag.len));
    if (tag.len < 2 || tag.ptr[0] != '=') {
        return STR_NULL;
    }
    tag = str_trim(str_sub(tag, 1, tag.len));
    if (tag.len && (tag.ptr[0] == '"' || tag.ptr[0] == '\'')) {
        size_t end = str_find_char(tag, tag.ptr[0], 1);

        return str_trim(str_sub(tag, 1, end == STR_NPOS ? tag.len : end - 1));
    }
    struct str word = STR_NULL;

    str_next_word(&tag, &word);
    return word;
}

/* Warns of the link when it shows one host and leads to another. */
static bool check_link(struct ndr_reading *reading, struct str tag, struct str inside)
{
    struct str shown = shown_host(words_of(reading->arena, inside));

    if (shown.len == 0) {
        return false;
    }
    struct str target = words_of(reading->arena, href_of(tag));
    struct str host = host_of(target, false);

    if (host.len == 0 || str_equal_nocase(site_of(host), site_of(shown)) ||
        (is_rewriter(host) && str_find_nocase(target, site_of(shown), 0) != STR_NPOS)) {
        return false;
    }
    shown = str_sub(shown, 0, SHOWN_MAX_BYTES);
    host = str_sub(host, 0, SHOWN_MAX_BYTES);
    ndr_warn(reading,
             "A link in it shows %.*s but leads to %.*s: it may be forged, so open no link in it and "
             "type the address of a site yourself.",
             (int)shown.len, shown.ptr, (int)host.len, host.ptr);
    return true;
}

/* The first link that lies; one is enough. */
static void check_links(struct ndr_reading *reading, struct str html)
{
    size_t links = 0;
    size_t at = 0;

    while (links < LINKS_MAX && (at = scan_two_nocase(html, at, '<', 'a')) < html.len) {
        bool link = html.ptr[at] == '<' && at + 2 < html.len && str_lower_char(html.ptr[at + 1]) == 'a' &&
                    str_is_blank(html.ptr[at + 2]);

        if (!link) {
            at++;
            continue;
        }
        size_t end = str_find_char(html, '>', at);

        if (end == STR_NPOS) {
            return;
        }
        struct str tag = str_sub(html, at + 2, end - at - 2);
        struct str inside = str_sub(html, end + 1, LINK_TEXT_MAX_BYTES);
        size_t close = str_find_nocase(inside, STR_LIT("</a"), 0);

        links++;
        if (check_link(reading, tag, str_sub(inside, 0, close == STR_NPOS ? inside.len : close))) {
            return;
        }
        at = end;
    }
}

/* --- what it asks for --- */

/* A server that refuses a stolen account may well ask for it in its reply. */
static bool is_in_reply(const struct ndr_report *report, struct str words)
{
    for (size_t i = 0; i < report->recipient_count && i < 20; i++) {
        if (str_find_nocase(report->recipients[i].diagnostic.text, words, 0) != STR_NPOS) {
            return true;
        }
    }
    return false;
}

/* Warns of the first request that ends before `end`. */
static bool check_request(struct ndr_reading *reading, struct str text, const struct ndr_words *found,
                          size_t end)
{
    const struct ndr_word *request = ndr_words_request(found, end);
    struct str words = request ? str_sub(text, request->at, request->len) : STR_NULL;

    if (!request || is_in_reply(reading->report, words)) {
        return false;
    }
    words = str_squeeze(reading->arena, words);
    ndr_warn(reading,
             "It asks for something that no genuine report does (\"%.*s\"): enter no password on a "
             "page it leads to, and report it as phishing.",
             (int)words.len, words.ptr);
    return true;
}

/* The same in HTML: its text is only made when the words stand there at all. */
static bool check_html_request(struct ndr_reading *reading, struct str html)
{
    struct ndr_words found;

    ndr_words_find(reading->arena, html, &found);
    if (!ndr_words_request(&found, html.len)) {
        return false;
    }
    struct str text = words_of(reading->arena, html);

    ndr_words_find(reading->arena, text, &found);
    return check_request(reading, text, &found, text.len);
}

/* --- the words for people --- */

/* Part that holds the message a part belongs to, -1 for the mail itself. */
static int holder_of(const struct ndr_mail *mail, int part)
{
    int at = mail->parts[part].parent;

    while (at >= 0 && !mail->parts[at].is_message) {
        at = mail->parts[at].parent;
    }
    return at;
}

static struct str decoded(struct arena *arena, const struct ndr_part *part, size_t left)
{
    struct str body = str_sub(part->body, 0, left);
    bool base64 = part->encoding == NDR_ENCODING_BASE64 && ndr_is_base64(body);
    struct ndr_stage stage = {.text = body};

    if (base64 || part->encoding == NDR_ENCODING_QP) {
        ndr_stage_lines(arena, body, part->body_offset, &stage);
    }
    if (part->encoding == NDR_ENCODING_QP) {
        ndr_stage_qp(arena, &stage);
    } else if (base64) {
        ndr_stage_base64(arena, &stage);
    }
    return stage.text;
}

/* HTML parts of the report, not of the message that came back. */
static bool check_html(struct ndr_reading *reading, const struct ndr_mail *mail)
{
    size_t left = LOOK_MAX_BYTES;
    size_t warnings = reading->report->warning_count;
    int holder = -1;
    bool asked = false;

    for (size_t i = 0; i < mail->count; i++) {
        holder = &mail->parts[i].fields == reading->header.fields ? mail->parts[i].parent : holder;
    }
    for (size_t i = 0; i < mail->count && left > 0; i++) {
        const struct ndr_part *part = &mail->parts[i];

        if (!ndr_part_is(part, NDR_MEDIA_TEXT | NDR_MEDIA_HTML) || part->is_message ||
            holder_of(mail, (int)i) != holder) {
            continue;
        }
        struct str html = decoded(reading->arena, part, left);

        left -= part->body.len < left ? part->body.len : left;
        if (reading->report->warning_count == warnings) {
            check_links(reading, html);
        }
        if (!asked) {
            asked = check_html_request(reading, html);
        }
    }
    return asked;
}

/* Text above the returned message. */
static void check_text(struct ndr_reading *reading)
{
    const struct ndr_report *report = reading->report;
    size_t left = LOOK_MAX_BYTES;

    for (size_t i = 0; i < report->page_count && left > 0; i++) {
        struct str text = str_sub(report->pages[i].text, 0, left);

        left -= text.len;
        if (report->pages[i].is_human &&
            check_request(reading, text, ndr_lines_words(reading, i), text.len)) {
            return;
        }
    }
}

void ndr_forged_check(struct ndr_reading *reading, const struct ndr_mail *mail, bool was_packed)
{
    const struct ndr_report *report = reading->report;

    if (!report->is_mail || !reading->header.fields) {
        return;
    }
    struct str from = str_trim(reading->header.from);
    bool claims = claims_mail_system(from);

    /* A mail that only pretends to be a report is the usual forgery. */
    if (!is_report(report->kind) &&
        (report->kind != NDR_KIND_NONE || !claims ||
         !((ndr_words_seen(reading) & NDR_WORDS_FAILED) || ndr_subject_kinds(reading) & NDR_WORDS_FAILED))) {
        return;
    }
    if (claims) {
        /* Outlook does not keep the part for machines. */
        if (!was_packed) {
            check_fields(reading, mail, from);
        }
        check_path(reading);
        check_sender(reading, from);
    }
    if (!check_html(reading, mail)) {
        check_text(reading);
    }
}
