#include "unit/unit.h"

#include "ndr/container.h"
#include "ndr/mime.h"

static struct arena arena;

static const char *const files[] = {"ansi.msg",      "unicode.msg", "report.msg",
                                    "forwarded.msg", "text.dat",    "forwarded.dat"};

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct str load(const char *name)
{
    struct buf buf;
    char *path = project_path(&arena, file_join(&arena, "tests/samples", name));

    buf_init(&buf, 1 << 20);
    assert_int_equal(file_read(path, &buf), FILE_OK);
    struct str bytes = str_dup(&arena, buf_str(&buf));

    buf_fini(&buf);
    return bytes;
}

static struct str message_of(struct arena *to, struct str bytes)
{
    return ndr_is_ole(bytes) ? ndr_ole_message(to, bytes) : ndr_tnef_message(to, bytes);
}

/* The message of a sample; boundaries are drawn from a hash and shown as "=_*". */
static struct str read_sample(const char *name)
{
    struct str text = message_of(&arena, load(name));
    struct str mark = STR_LIT("=_part_");
    struct buf out;
    size_t from = 0;

    buf_init(&out, BUF_NO_LIMIT);
    for (size_t at; (at = str_find(text, mark, from)) != STR_NPOS; from = at + mark.len + 16) {
        buf_add_str(&out, str_sub(text, from, at - from));
        buf_add_z(&out, "=_*");
    }
    buf_add_str(&out, str_sub(text, from, text.len));
    text = str_dup(&arena, buf_str(&out));
    buf_fini(&out);
    return text;
}

#define PLAIN_HEADER                                                                               \
    "From: \"Pat 'P' Example\" <pat@example.org>\n"                                                \
    "To: \"Lee Bcc: x@example.net\" <lee@example.com>\n"                                           \
    "Cc: \"Desk\"\n"                                                                               \
    "Subject: Z\xC3\xBCge nach K\xC3\xB6ln\n"                                                      \
    "Date: Tue, 25 Nov 2025 10:40:00 +0000\n"                                                      \
    "Message-ID: <one@example.org>\n"                                                              \
    "MIME-Version: 1.0\n"

#define TEXT_HEAD "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"

static void mail__of_both_kinds_of_strings(void **state)
{
    (void)state;
    assert_str(read_sample("ansi.msg"),
               PLAIN_HEADER TEXT_HEAD "\nGr\xC3\xBC\xC3\x9F" "e\r\n");
    assert_str(read_sample("unicode.msg"),
               PLAIN_HEADER TEXT_HEAD "\nGr\xC3\xBC\xC3\x9F" "e \xE2\x82\xAC \xF0\x9F\x98\x80\r\n");
}

static void report__becomes_fields_of_rfc_3464(void **state)
{
    (void)state;
    assert_str(read_sample("report.msg"),
               "From: \"Mail System\" <postmaster@example.org>\n"
               "Subject: Undeliverable: lunch\n"
               "Date: Tue, 25 Nov 2025 10:40:00 +0000\n"
               "MIME-Version: 1.0\n"
               "Content-Type: multipart/report; report-type=delivery-status;\n"
               " boundary=\"=_*\"\n"
               "\n--=_*\n" TEXT_HEAD "\nKim was not reached."
               "\n--=_*\nContent-Type: message/delivery-status\n\n"
               "Reporting-MTA: dns; mail.example.org\n\n"
               "Final-Recipient: rfc822; kim@example.net\n"
               "Action: failed\n"
               "Status: 5.1.1\n"
               "Remote-MTA: dns; mx.example.net\n"
               "Diagnostic-Code: smtp; <mx.example.net #5.1.1 smtp;550 5.1.1 Status: 2.0.0 "
               "<kim@example.net>: no such user>\n\n"
               "Final-Recipient: rfc822; sam@example.net\n"
               "Action: failed\n"
               "\n--=_*--\n");
}

static void report__is_understood(void **state)
{
    struct str text = message_of(&arena, load("report.msg"));
    const struct ndr_report *report = ndr_report_parse(&arena, text);

    (void)state;
    assert_int_equal(report->kind, NDR_KIND_FAILURE);
    assert_int_equal(report->recipient_count, 2);
    assert_str(report->recipients[0].address.text, "kim@example.net");
    assert_str(report->recipients[0].status_field.text, "5.1.1");
    assert_int_equal(report->recipients[0].reply_code, 550);
    assert_str(report->recipients[1].address.text, "sam@example.net");
    assert_str(report->reporting_mta.text, "mail.example.org");
}

static void attached_msg__is_a_part(void **state)
{
    struct str text = read_sample("forwarded.msg");
    size_t at = str_find(text, STR_LIT("\n--=_*\nContent-Type: message/rfc822"), 0);

    (void)state;
    assert_true(at != STR_NPOS && at > 5000);
    assert_str(str_sub(text, at, text.len),
               "\n--=_*\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n"
               "Received: from mail.example.org by mx.example.com;\n"
               "\tTue, 25 Nov 2025 10:40:00 +0000\n"
               "From: MAILER-DAEMON@example.org\n"
               "Subject: Returned mail\n"
               "MIME-Version: 1.0\n"
               "Content-Type: multipart/mixed;\n boundary=\"=_*\"\n"
               "\n--=_*\n" TEXT_HEAD "\n550 5.1.1 <kim@example.net>: no such user\r\n"
               "\n--=_*\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: 8bit\n"
               "Content-Disposition: attachment; filename=\"details' X: y.txt\"\n\n"
               "Reporting-MTA: dns; mail.example.org\r\n\r\n"
               "Final-Recipient: rfc822; kim@example.net\r\n"
               "Action: failed\r\nStatus: 5.1.1\r\n"
               "\n--=_*--\n"
               "\n--=_*--\n");
}

static void tnef__gives_its_text(void **state)
{
    (void)state;
    assert_str(read_sample("text.dat"), "From: \"Pat\" <pat@example.org>\n"
                                        "To: \"Lee\" <lee@example.com>\n"
                                        "Subject: Z\xC3\xBCge\n"
                                        "Date: Tue, 25 Nov 2025 10:40:00 +0000\n"
                                        "MIME-Version: 1.0\n" TEXT_HEAD
                                        "\nF\xC3\xA4hrt heute nicht.\r\n");
}

static void tnef__gives_its_attachments(void **state)
{
    (void)state;
    assert_str(read_sample("forwarded.dat"),
               "Subject: Fwd\n"
               "MIME-Version: 1.0\n"
               "Content-Type: multipart/mixed;\n boundary=\"=_*\"\n"
               "\n--=_*\n" TEXT_HEAD "\nwhat is this?"
               "\n--=_*\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n"
               "From: MAILER-DAEMON@example.org\n"
               "Subject: Returned mail\n"
               "MIME-Version: 1.0\n"
               "Content-Type: text/html; charset=windows-1252\nContent-Transfer-Encoding: 8bit\n\n"
               "<p>550 5.1.1 Pr\xFC" "fung: no such user</p>"
               "\n--=_*\n" TEXT_HEAD "Content-Disposition: attachment; filename=\"log.txt\"\n\n"
               "to=<kim@example.net>, status=bounced\n"
               "\n--=_*--\n");
}

/* The MIME reader finds every part that was written, and every multipart closed. */
static void parts__are_found_again(void **state)
{
    static const size_t parts[] = {1, 1, 3, 6, 1, 5};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct str text = message_of(&arena, load(files[i]));
        struct ndr_mail mail;

        assert_true(ndr_mime_looks_like_mail(text));
        assert_true(ndr_mime_parse(&arena, text, &mail));
        assert_int_equal(mail.count, parts[i]);
        assert_false(mail.open_multipart);
    }
}

static void other_bytes__are_no_container(void **state)
{
    (void)state;
    assert_false(ndr_is_ole(STR_NULL));
    assert_false(ndr_is_tnef(STR_NULL));
    assert_false(ndr_is_ole(STR_LIT("From: a@example.org")));
    assert_true(str_is_empty(ndr_ole_message(&arena, STR_NULL)));
    assert_true(str_is_empty(ndr_ole_message(&arena, STR_LIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))));
    assert_true(str_is_empty(ndr_tnef_message(&arena, STR_LIT("\x78\x9F\x3E\x22"))));
    assert_true(str_is_empty(ndr_tnef_message(&arena, STR_LIT("hello"))));
}

/* Reads a copy whose end is the end of its memory, so that a sanitizer sees a step beyond. */
static void read_copy(struct str bytes)
{
    char *copy = malloc(bytes.len ? bytes.len : 1);
    struct arena own;

    assert_non_null(copy);
    if (bytes.len) {
        memcpy(copy, bytes.ptr, bytes.len);
    }
    arena_init(&own);
    struct str text = message_of(&own, str_make(copy, bytes.len));

    assert_true(text.len <= NDR_SOURCE_MAX_BYTES);
    arena_fini(&own);
    free(copy);
}

static void cut_files__are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct str bytes = load(files[i]);

        for (size_t len = 0; len <= bytes.len; len += len < 4096 ? 1 : 61) {
            read_copy(str_sub(bytes, 0, len));
        }
    }
}

static void damaged_files__are_read(void **state)
{
    uint32_t seed = 20251125;

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct str bytes = load(files[i]);
        struct str broken = str_dup(&arena, bytes);
        char *p = (char *)broken.ptr;

        for (int turn = 0; turn < 2000; turn++) {
            seed = seed * 1664525 + 1013904223;
            size_t at = (seed >> 8) % bytes.len;

            seed = seed * 1664525 + 1013904223;
            p[at] = (char)(unsigned char)(seed >> 24);
            read_copy(broken);
            /* Damage piles up, then begins anew. */
            if (turn % 8 == 7) {
                memcpy(p, bytes.ptr, bytes.len);
            }
        }
    }
}

/* Links of the compound file that lead back: every chain and every tree has an end. */
static void loops__have_an_end(void **state)
{
    struct str bytes = load("forwarded.msg");
    struct str broken = str_dup(&arena, bytes);
    char *p = (char *)broken.ptr;
    size_t fat = bytes.len - 512;

    (void)state;
    for (size_t value = 0; value < 40; value++) {
        for (size_t i = 0; i < 128; i++) {
            memcpy(p + fat + 4 * i, &(uint32_t){(uint32_t)value}, 4);
        }
        read_copy(broken);
    }
    memcpy(p, bytes.ptr, bytes.len);
    for (uint32_t value = 0; value < 8; value++) {
        for (size_t at = 512; at + 128 <= fat; at += 128) {
            memcpy(p + at + 68, &value, 4);
            memcpy(p + at + 72, &value, 4);
            memcpy(p + at + 76, &value, 4);
        }
        read_copy(broken);
    }
}

static void add_attribute(struct buf *out, int level, uint32_t tag, struct str data)
{
    uint32_t len = (uint32_t)data.len;

    buf_add_char(out, (char)level);
    for (int i = 0; i < 4; i++) {
        buf_add_char(out, (char)(unsigned char)(tag >> 8 * i & 0xFF));
    }
    for (int i = 0; i < 4; i++) {
        buf_add_char(out, (char)(unsigned char)(len >> 8 * i & 0xFF));
    }
    buf_add_str(out, data);
    buf_add(out, "\0", 2);
}

static size_t count_of(struct str text, struct str needle)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find(text, needle, at)) != STR_NPOS; at += needle.len) {
        n++;
    }
    return n;
}

static void attachments__have_an_end(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, BUF_NO_LIMIT);
    buf_add(&out, "\x78\x9F\x3E\x22\0", 6);
    for (int i = 0; i < 100; i++) {
        add_attribute(&out, 2, 0x00069002, STR_LIT("rendering....."));
        add_attribute(&out, 2, 0x00018010, STR_LIT("a.txt"));
        add_attribute(&out, 2, 0x0006800F, STR_LIT("550 no such user"));
    }
    struct str text = ndr_tnef_message(&arena, buf_str(&out));

    assert_int_equal(count_of(text, STR_LIT("550 no such user")), NDR_CONTAINER_ATTACHMENTS_MAX);
    buf_fini(&out);
}

/* Streams in streams: beyond four levels nothing is opened. */
static void levels__have_an_end(void **state)
{
    struct str inner = STR_NULL;

    (void)state;
    for (int i = 0; i < 8; i++) {
        struct buf props;
        struct buf out;
        uint32_t len = (uint32_t)inner.len + 16;

        buf_init(&props, BUF_NO_LIMIT);
        buf_init(&out, BUF_NO_LIMIT);
        buf_add(&props, "\1\0\0\0\x0D\0\x01\x37\1\0\0", 12);
        for (int k = 0; k < 4; k++) {
            buf_add_char(&props, (char)(unsigned char)(len >> 8 * k & 0xFF));
        }
        buf_add_z(&props, "0123456789abcdef");
        buf_add_str(&props, inner);
        buf_add(&out, "\x78\x9F\x3E\x22\0", 6);
        add_attribute(&out, 1, 0x00018004, STR_LIT("level"));
        if (inner.len) {
            add_attribute(&out, 2, 0x00069002, STR_LIT("rendering....."));
            add_attribute(&out, 2, 0x00069005, buf_str(&props));
        }
        inner = str_dup(&arena, buf_str(&out));
        buf_fini(&props);
        buf_fini(&out);
    }
    struct str text = ndr_tnef_message(&arena, inner);

    assert_int_equal(count_of(text, STR_LIT("Subject: level\n")), NDR_CONTAINER_LEVELS_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail__of_both_kinds_of_strings),
        cmocka_unit_test(report__becomes_fields_of_rfc_3464),
        cmocka_unit_test(report__is_understood),
        cmocka_unit_test(attached_msg__is_a_part),
        cmocka_unit_test(tnef__gives_its_text),
        cmocka_unit_test(tnef__gives_its_attachments),
        cmocka_unit_test(parts__are_found_again),
        cmocka_unit_test(other_bytes__are_no_container),
        cmocka_unit_test(cut_files__are_read),
        cmocka_unit_test(damaged_files__are_read),
        cmocka_unit_test(loops__have_an_end),
        cmocka_unit_test(attachments__have_an_end),
        cmocka_unit_test(levels__have_an_end),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
