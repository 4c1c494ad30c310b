#include "unit/unit.h"

#include "ndr/report.h"

static struct arena arena;

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

/* How many warnings of the report hold the words. */
static size_t warned(struct str mail, const char *words)
{
    const struct ndr_report *report = ndr_report_parse(&arena, mail);
    size_t count = 0;

    for (size_t i = 0; i < report->warning_count; i++) {
        count += str_find(report->warnings[i], str_from(words), 0) != STR_NPOS;
    }
    return count;
}

/* A whole report with these header fields before its own and this HTML. */
static struct str report_with(const char *fields, const char *html)
{
    return str_printf(&arena,
                      "%sFrom: Mail Delivery System <MAILER-DAEMON@mx.example.com>\n"
                      "To: ruth@example.com\nSubject: Undelivered Mail Returned to Sender\n"
                      "MIME-Version: 1.0\n"
                      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                      "--b\nContent-Type: text/html\n\n%s\n"
                      "--b\nContent-Type: message/delivery-status\n\n"
                      "Reporting-MTA: dns; mx.example.com\n\n"
                      "Final-Recipient: rfc822; mona@fabrikam.com\nAction: failed\nStatus: 5.1.1\n"
                      "Diagnostic-Code: smtp; 550 5.1.1 Please log in to your account first\n\n--b--\n",
                      fields, html);
}

static size_t lies(const char *html)
{
    return warned(report_with("", html), "A link in it shows");
}

static void links__that_show_another_host(void **state)
{
    (void)state;
    assert_int_equal(lies("<a href=\"http://example.net/x\">https://mail.example.com/x</a>"), 1);
    assert_int_equal(lies("<A\nclass=b HREF = 'https://example.net'><b>www.example.com</b></A>"), 1);
    assert_int_equal(lies("<a href=http://example.net>mail.example.com/held</a>"), 1);
    assert_int_equal(lies("<a href=\"https://mail.example.com@example.net/\">mail.example.com</a>"), 1);
    assert_int_equal(lies("<a href=\"https://192.0.2.66/owa\">Go to https://mail.example.com now</a>"), 1);
    assert_int_equal(lies("<a href=\"https://one.co.uk/\">https://two.co.uk/</a>"), 1);
    assert_int_equal(lies("<a href=\"https://fakesafelinks.protection.outlook.com/?url=example.com\">"
                          "example.com</a>"),
                     1);
}

static void links__that_are_honest(void **state)
{
    (void)state;
    assert_int_equal(lies("<a href=\"https://www.example.com/a\">example.com</a>"), 0);
    assert_int_equal(lies("<a href=\"https://help.example.com:443/\">http://EXAMPLE.com/</a>"), 0);
    assert_int_equal(lies("<a href=\"https://example.net/\">Read more</a>"), 0);
    assert_int_equal(lies("<a href=\"https://example.net/\">message.eml</a>"), 0);
    assert_int_equal(lies("<a href=\"https://example.net/\">5.7.1</a>"), 0);
    assert_int_equal(lies("<a href=\"mailto:mona@fabrikam.com\">fabrikam.com</a>"), 0);
    assert_int_equal(lies("<a name=\"x\">www.example.com</a>"), 0);
    assert_int_equal(lies("<a href=\"https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com\">"
                          "https://example.com</a>"),
                     0);
}

static void links__are_read_within_bounds(void **state)
{
    const char *lie = "<a href=\"http://example.net/x\">https://mail.example.com/x</a>";
    struct buf html;

    (void)state;
    buf_init(&html, 4 << 20);
    for (size_t i = 0; i < 200; i++) {
        buf_add_z(&html, "<a href=\"https://example.com/\">example.com</a>\n");
    }
    buf_add_z(&html, lie);
    buf_add_char(&html, '\0');
    assert_int_equal(lies(html.ptr), 0);
    buf_fini(&html);

    /* Nothing ends: neither the tags nor the links. */
    buf_init(&html, 4 << 20);
    for (size_t i = 0; i < 100000; i++) {
        buf_add_z(&html, "<a href=");
    }
    buf_add_char(&html, '\0');
    assert_int_equal(lies(html.ptr), 0);
    buf_fini(&html);
}

static size_t paths(const char *fields)
{
    return warned(report_with(fields, "<p>came back</p>"), "return path");
}

static void return_path__is_empty_or_a_mail_system(void **state)
{
    (void)state;
    assert_int_equal(paths("Return-Path: <bulk@example.net>\n"), 1);
    assert_int_equal(paths("Return-Path: bulk@example.net\n"), 1);
    assert_int_equal(paths(""), 0);
    assert_int_equal(paths("Return-Path: <>\n"), 0);
    assert_int_equal(paths("Return-Path: <\n"), 0);
    assert_int_equal(paths("Return-Path:\n"), 0);
    assert_int_equal(paths("Return-Path: <MAILER-DAEMON@mx.example.com>\n"), 0);
    assert_int_equal(paths("Return-Path: <postmaster>\n"), 0);
}

static size_t failed(const char *results)
{
    const char *fields = str_printf(&arena, "Authentication-Results: %s\n", results).ptr;

    return warned(report_with(fields, "<p>came back</p>"), "check of its sender failed");
}

static void sender__is_judged_by_the_uppermost_server(void **state)
{
    (void)state;
    assert_int_equal(failed("mx.example.com; dmarc=fail header.from=mx.example.com"), 1);
    assert_int_equal(failed("mx.example.com; spf=fail smtp.helo=x; dkim=none"), 1);
    assert_int_equal(failed("spf=fail (sender IP is 192.0.2.1);\n dkim=none;dmarc=none"), 1);
    assert_int_equal(failed("mx.example.com; dkim=none\nAuthentication-Results: mx.example.com; dmarc=fail"), 1);
    assert_int_equal(failed("mx.example.com; dkim=none\nAuthentication-Results: mx.example.net; dmarc=fail"), 0);
    assert_int_equal(failed("mx.example.com; spf=fail; dmarc=pass"), 0);
    assert_int_equal(failed("mx.example.com; spf=fail; dkim=pass header.d=mx.example.com"), 0);
    assert_int_equal(failed("mx.example.com; dmarc=fail; arc=pass (i=1)"), 0);
    assert_int_equal(failed("mx.example.com; arc=none (i=1; spf=fail; dmarc=fail)"), 0);
    assert_int_equal(failed("mx.example.com; spf=softfail"), 0);
    assert_int_equal(failed("(((("), 0);
}

static size_t asks(const char *html)
{
    return warned(report_with("", html), "no genuine report does");
}

static void requests__for_a_password(void **state)
{
    (void)state;
    assert_int_equal(asks("<p>Please <b>verify</b> your\n account</p>"), 1);
    assert_int_equal(asks("<p>Please VERIFY  your\n account today</p>"), 1);
    assert_int_equal(asks("<p>Click here to release it</p><p>keep same password</p>"), 1);
    assert_int_equal(asks("<p>They designin to release it</p>"), 0);
    /* The server that refused said so itself. */
    assert_int_equal(asks("<p>It said: Please log in to your account first</p>"), 0);
}

static size_t machine_parts(const char *text)
{
    return warned(str_from(text), "part for machines");
}

static void fields__are_missed_where_they_always_are(void **state)
{
    (void)state;
    assert_int_equal(machine_parts("From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n\n"
                                   "This is the mail system at host mx.example.com.\n\n"
                                   "<mona@fabrikam.com>: host mx1.fabrikam.com[203.0.113.20] said: 550 5.1.1 No\n"),
                     1);
    assert_int_equal(machine_parts("From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n\n"
                                   "Hi. This is the qmail-send program at mx.example.com.\n\n"
                                   "<mona@fabrikam.com>:\n203.0.113.20 does not like recipient.\n"
                                   "Remote host said: 550 5.1.1 No\n"),
                     0);
    /* Pasted text has no parts. */
    assert_int_equal(machine_parts("This is the mail system at host mx.example.com.\n\n"
                                   "<mona@fabrikam.com>: host mx1.fabrikam.com[203.0.113.20] said: 550 5.1.1 No\n"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links__that_show_another_host),
        cmocka_unit_test(links__that_are_honest),
        cmocka_unit_test(links__are_read_within_bounds),
        cmocka_unit_test(return_path__is_empty_or_a_mail_system),
        cmocka_unit_test(sender__is_judged_by_the_uppermost_server),
        cmocka_unit_test(requests__for_a_password),
        cmocka_unit_test(fields__are_missed_where_they_always_are),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
