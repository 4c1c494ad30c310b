#include "unit/unit.h"

#include "ndr/mime.h"

/* Each limit of ndr/report.h with an input below, at and beyond it: nothing is lost up to the limit, and what is
 * beyond is left out with a warning.  Those of XML files are in xml.c, of signatures in kb.c, of trees in tree.c,
 * of containers in container.c, of the store in store.c. */

static struct arena arena;
static struct buf mail;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    buf_init(&mail, BUF_NO_LIMIT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_fini(&mail);
    arena_fini(&arena);
    return 0;
}

static void begin(const char *text)
{
    buf_clear(&mail);
    buf_add_z(&mail, text);
}

static void add(size_t count, char c)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_char(&mail, c);
    }
}

static const struct ndr_report *read_it(void)
{
    arena_reset(&arena);
    return ndr_report_parse(&arena, buf_str(&mail));
}

static bool warns(const struct ndr_report *report, const char *words)
{
    for (size_t i = 0; i < report->warning_count; i++) {
        if (str_find(report->warnings[i], str_from(words), 0) != STR_NPOS) {
            return true;
        }
    }
    return false;
}

#define HEAD "From: mailer-daemon@example.net\nTo: ann@example.com\nSubject: Undelivered\nMIME-Version: 1.0\n"
#define REFUSED "<kim@example.com>: host mx.example.com said: 550 5.1.1 User unknown\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=\"b\"\n\n"

/* A sound refusal first, then a run of `c`, so that the input has `size` bytes. */
static const struct ndr_report *paste_of(size_t size, char c)
{
    begin(REFUSED);
    while (mail.len < size) {
        buf_add_char(&mail, mail.len % 1000 == 999 ? '\n' : c);
    }
    return read_it();
}

static void input__of_32_mib(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        const struct ndr_report *report = paste_of((size_t)NDR_SOURCE_MAX_BYTES + (size_t)beyond, 'x');

        assert_int_equal(warns(report, "Only the first 32 MiB were read"), beyond > 0);
        assert_int_equal(report->source.len, NDR_SOURCE_MAX_BYTES + (beyond > 0 ? 0 : beyond));
        assert_int_equal(report->recipient_count, 1);
    }
}

static void text__of_a_part(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin(HEAD "\n");
        size_t head = mail.len;

        buf_add_z(&mail, REFUSED);
        add(NDR_PART_TEXT_MAX_BYTES + head - mail.len + (size_t)beyond, '\n');
        const struct ndr_report *report = read_it();

        assert_int_equal(warns(report, "There is more text"), beyond > 0);
        assert_int_equal(report->recipient_count, 1);
    }
}

static void text__of_all_parts(void **state)
{
    (void)state;
    for (int beyond = 0; beyond <= 1; beyond++) {
        begin(MIXED "--b\n\n" REFUSED);
        for (int i = 0; i < NDR_TEXT_MAX_BYTES / NDR_PART_TEXT_MAX_BYTES + beyond; i++) {
            buf_add_z(&mail, "\n--b\n\n");
            add(NDR_PART_TEXT_MAX_BYTES - 256, '\n');
        }
        buf_add_z(&mail, "\n--b--\n");
        const struct ndr_report *report = read_it();

        assert_int_equal(warns(report, "There is more text"), beyond);
        assert_int_equal(report->recipient_count, 1);
    }
}

static void parts__a_thousand(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin(MIXED "--b\n\n" REFUSED);
        for (int i = 2; i < NDR_PARTS_MAX + beyond; i++) {
            buf_add_z(&mail, "\n--b\n\nx\n");
        }
        buf_add_z(&mail, "\n--b--\n");
        assert_int_equal(warns(read_it(), "more parts"), beyond > 0);
        assert_int_equal(read_it()->recipient_count, 1);
    }
}

static void parts__fifty_deep(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin(HEAD);
        for (int i = 0; i < NDR_DEPTH_MAX + beyond; i++) {
            buf_addf(&mail, "Content-Type: multipart/mixed; boundary=\"b%d\"\n\n--b%d\n", i, i);
        }
        buf_add_z(&mail, "Content-Type: text/plain\n\n" REFUSED);
        for (int i = NDR_DEPTH_MAX + beyond; i-- > 0;) {
            buf_addf(&mail, "\n--b%d--\n", i);
        }
        const struct ndr_report *report = read_it();

        assert_int_equal(warns(report, "more parts"), beyond > 0);
        /* What is deeper is no part any more, but still text. */
        assert_int_equal(report->recipient_count, 1);
    }
}

static void fields__one_of_64_kib(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin(HEAD "X-Long:");
        add(NDR_FIELD_MAX_BYTES - strlen("X-Long:") + (size_t)beyond, 'x');
        buf_add_z(&mail, "\nX-Next: y\n\n" REFUSED);
        const struct ndr_report *report = read_it();

        assert_int_equal(warns(report, "longer headers"), beyond > 0);
        assert_int_equal(report->recipient_count, 1);
    }
}

static void fields__two_thousand(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin(HEAD);
        for (int i = 4; i < NDR_FIELDS_MAX + beyond; i++) {
            buf_add_z(&mail, "X-A: b\n");
        }
        buf_add_z(&mail, "\n" REFUSED);
        const struct ndr_report *report = read_it();

        assert_int_equal(warns(report, "longer headers"), beyond > 0);
        assert_int_equal(report->recipient_count, 1);
    }
}

static void fields__a_mib_of_them(void **state)
{
    (void)state;
    for (int beyond = 0; beyond <= 1; beyond++) {
        begin(HEAD);
        for (int i = 0; i < NDR_FIELDS_MAX_BYTES / NDR_FIELD_MAX_BYTES - 1 + 2 * beyond; i++) {
            buf_add_z(&mail, "X-A: ");
            add(NDR_FIELD_MAX_BYTES - 100, 'x');
            buf_add_char(&mail, '\n');
        }
        buf_add_z(&mail, "X-End: y\n\n" REFUSED);
        assert_int_equal(warns(read_it(), "longer headers"), beyond);
    }
}

static void boundary__of_a_kib(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        struct ndr_mail split;

        begin(HEAD "Content-Type: multipart/mixed; boundary=\"");
        add(NDR_BOUNDARY_MAX_BYTES + (size_t)beyond, 'b');
        buf_add_z(&mail, "\"\n\n--");
        add(NDR_BOUNDARY_MAX_BYTES + (size_t)beyond, 'b');
        buf_add_z(&mail, "\n\n" REFUSED);
        arena_reset(&arena);
        ndr_mime_parse(&arena, buf_str(&mail), &split);
        assert_int_equal(split.count, beyond > 0 ? 1 : 2);
        /* Where it is none, the text is read as it stands. */
        assert_int_equal(read_it()->recipient_count, 1);
    }
}

/* The subject of the returned message, in letters of two bytes behind `before` others. */
static struct str subject_of(size_t len, size_t before)
{
    begin(MIXED "--b\n\n" REFUSED "\n--b\nContent-Type: message/rfc822\n\nFrom: ann@example.com\nSubject: ");
    add(before, 'x');
    for (size_t i = before; i < len; i += 2) {
        buf_add_z(&mail, "\xc3\xa4");
    }
    buf_add_z(&mail, "\n\nHello\n--b--\n");
    return read_it()->original.subject.text;
}

static void value__of_four_kib(void **state)
{
    (void)state;
    for (int beyond = -2; beyond <= 0; beyond += 2) {
        struct str subject = subject_of((size_t)(NDR_VALUE_MAX_BYTES + beyond), 0);

        assert_int_equal(subject.len, NDR_VALUE_MAX_BYTES + beyond);
        assert_int_equal(str_find(subject, STR_LIT("more bytes"), 0), STR_NPOS);
    }
    struct str cut = subject_of(NDR_VALUE_MAX_BYTES + 2, 0);

    assert_int_equal(cut.len, NDR_VALUE_MAX_BYTES + strlen("... (2 more bytes)"));
    assert_str(str_sub(cut, NDR_VALUE_MAX_BYTES - 2, 99), "\xc3\xa4... (2 more bytes)");
    /* No letter is cut in two. */
    cut = subject_of(NDR_VALUE_MAX_BYTES + 11, 1);
    assert_str(str_sub(cut, NDR_VALUE_MAX_BYTES - 3, 99), "\xc3\xa4... (12 more bytes)");
}

static void value__of_each_kind(void **state)
{
    (void)state;
    begin("Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; kim@example.com\nAction: failed\nStatus: "
          "5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 ");
    add(3 * NDR_VALUE_MAX_BYTES, 'x');
    buf_add_z(&mail, " end\n");
    const struct ndr_report *report = read_it();
    const struct ndr_recipient *r = &report->recipients[0];

    assert_int_equal(report->recipient_count, 1);
    assert_int_not_equal(str_find(r->diagnostic.text, STR_LIT("more bytes)"), NDR_VALUE_MAX_BYTES), STR_NPOS);
    assert_int_equal(r->code_count, 1);
    assert_int_equal(r->reply_count, 1);
    assert_true(r->replies[0].text.text.len < NDR_VALUE_MAX_BYTES + 40);
}

static void recipients__ten_thousand(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin("Reporting-MTA: dns; mx.example.net\n");
        for (int i = 0; i < NDR_RECIPIENTS_MAX + beyond; i++) {
            buf_addf(&mail, "\nFinal-Recipient: rfc822; u%d@example.com\nAction: failed\nStatus: 5.1.1\n", i);
        }
        const struct ndr_report *report = read_it();

        assert_int_equal(report->recipient_count, NDR_RECIPIENTS_MAX + (beyond > 0 ? 0 : beyond));
        assert_int_equal(warns(report, "more than 10000 recipients"), beyond > 0);
    }
}

static void codes_and_replies__of_one_recipient(void **state)
{
    (void)state;
    begin("<kim@example.com>: ");
    for (int i = 0; i < NDR_REPLIES_MAX + 4; i++) {
        buf_addf(&mail, "host mx%d.example.com said: 550 5.1.%d no (", i, i);
    }
    const struct ndr_report *report = read_it();

    assert_int_equal(report->recipient_count, 1);
    assert_true(report->recipients[0].code_count <= NDR_STATUSES_MAX);
    assert_true(report->recipients[0].reply_count <= NDR_REPLIES_MAX);
}

static void hops__two_hundred(void **state)
{
    (void)state;
    for (int beyond = -1; beyond <= 1; beyond++) {
        begin(MIXED "--b\n\n" REFUSED "\n--b\nContent-Type: message/rfc822\n\n");
        for (int i = 0; i < NDR_HOPS_MAX + beyond; i++) {
            buf_addf(&mail, "Received: from a%d.example.com by b%d.example.com; Mon, 2 Mar 2026 10:00:00 +0000\n", i, i);
        }
        buf_add_z(&mail, "From: ann@example.com\nSubject: x\n\nHello\n--b--\n");
        assert_int_equal(read_it()->hop_count, NDR_HOPS_MAX + (beyond > 0 ? 0 : beyond));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(input__of_32_mib, setup, teardown),
        cmocka_unit_test_setup_teardown(text__of_a_part, setup, teardown),
        cmocka_unit_test_setup_teardown(text__of_all_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(parts__a_thousand, setup, teardown),
        cmocka_unit_test_setup_teardown(parts__fifty_deep, setup, teardown),
        cmocka_unit_test_setup_teardown(fields__one_of_64_kib, setup, teardown),
        cmocka_unit_test_setup_teardown(fields__two_thousand, setup, teardown),
        cmocka_unit_test_setup_teardown(fields__a_mib_of_them, setup, teardown),
        cmocka_unit_test_setup_teardown(boundary__of_a_kib, setup, teardown),
        cmocka_unit_test_setup_teardown(value__of_four_kib, setup, teardown),
        cmocka_unit_test_setup_teardown(value__of_each_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(recipients__ten_thousand, setup, teardown),
        cmocka_unit_test_setup_teardown(codes_and_replies__of_one_recipient, setup, teardown),
        cmocka_unit_test_setup_teardown(hops__two_hundred, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
