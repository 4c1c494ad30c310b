#include <time.h>

#include "unit/unit.h"

#include "ndr/decode.h"
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

static const struct ndr_report *parse(const char *text)
{
    return ndr_report_parse(&arena, str_from(text));
}

static const struct ndr_recipient *only(const struct ndr_report *report)
{
    assert_int_equal(report->recipient_count, 1);
    return &report->recipients[0];
}

static void wrapped_replies__are_opened_outermost_first(void **state)
{
    const struct ndr_recipient *r;

    (void)state;
    r = only(parse("550 5.4.300 Message expired -> 450 4.7.323 tlsa-invalid: no match -> 421 4.4.2 gone"));
    assert_int_equal(r->reply_count, 3);
    assert_int_equal(r->replies[0].code, 550);
    assert_int_equal(r->replies[1].code, 450);
    assert_int_equal(r->replies[2].code, 421);
    assert_int_equal(r->code_count, 3);
    assert_int_equal(r->codes[1].reply, 1);
    assert_str(r->codes[1].value.text, "4.7.323");
}

static void wrapped_replies__in_brackets_and_hashes(void **state)
{
    const struct ndr_recipient *r;

    (void)state;
    r = only(parse("Remote Server returned '554 5.4.0 <relay.example.com #5.4.14 smtp; 554 5.4.14 Hop count exceeded>'"));
    assert_int_equal(r->reply_count, 2);
    assert_int_equal(r->replies[1].code, 554);
    assert_int_equal(r->replies[1].status.detail, 14);
    r = only(parse("[{LED=450 4.4.317 Cannot connect [Message=451 4.4.0 TLS negotiation failed] "
                   "[LastAttemptedServerName=mx.example.net]}"));
    assert_int_equal(r->reply_count, 2);
    assert_str(r->replies[1].by.text, "mx.example.net");
}

static void replies__of_several_lines_are_one(void **state)
{
    const struct ndr_recipient *r;

    (void)state;
    r = only(parse("mx.example.net said: 550-5.7.26 first line\n550-5.7.26 second\n550 5.7.26 last"));
    assert_int_equal(r->reply_count, 1);
    assert_int_equal(r->reply_code, 550);
    assert_str(r->replies[0].by.text, "mx.example.net");
}

static void numbers__are_no_replies(void **state)
{
    (void)state;
    assert_int_equal(parse("The meeting is in room 550 at 4.30, call 555-0100.")->kind, NDR_KIND_NONE);
    assert_int_equal(parse("We moved 451 boxes to 192.0.2.55.")->kind, NDR_KIND_NONE);
    assert_int_equal(parse("")->kind, NDR_KIND_NONE);
}

static void line_ends__change_nothing(void **state)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const char *e = ends[i];
        struct str text = str_printf(&arena,
                                     "From: MAILER-DAEMON@mx.example.com%sSubject: failure notice%s%s"
                                     "<lee@example.org>:%sRemote host said: 550 5.1.1 no such user%s",
                                     e, e, e, e, e);
        const struct ndr_report *report = ndr_report_parse(&arena, text);
        const struct ndr_recipient *r = only(report);

        assert_true(report->is_mail);
        assert_str(r->address.text, "lee@example.org");
        assert_str(r->codes[0].value.text, "5.1.1");
        assert_int_equal(ndr_report_line(report, r->codes[0].value.place), 5);
    }
}

static void decoded_text__knows_its_line(void **state)
{
    const struct ndr_report *report;

    (void)state;
    report = parse("From: postmaster@example.com\n"
                   "Subject: Undeliverable: x\n"
                   "Content-Type: text/plain; charset=iso-8859-1\n"
                   "Content-Transfer-Encoding: quoted-printable\n"
                   "\n"
                   "Delivery has failed to these recipients or groups:\n"
                   "\n"
                   "lee@example.org\n"
                   "Remote Server returned '550 5.1.10 RESOLVER.ADR.Recipi=\n"
                   "entNotFound; J=FCrgen'\n");
    const struct ndr_recipient *r = only(report);

    assert_str(r->codes[0].value.text, "5.1.10");
    assert_int_equal(ndr_report_line(report, r->codes[0].value.place), 9);
    assert_int_not_equal(str_find(r->diagnostic.text, STR_LIT("RecipientNotFound; J\xC3\xBCrgen"), 0), STR_NPOS);
}

static void base64__is_decoded(void **state)
{
    (void)state;
    /* "<lee@example.org>: 550 5.2.2 full" */
    const struct ndr_recipient *r =
        only(parse("From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\n"
                   "Content-Transfer-Encoding: base64\n\nPGxlZUBleGFtcGxlLm9yZz46IDU1MCA1LjIuMiBmdWxsCg==\n"));

    assert_str(r->address.text, "lee@example.org");
    assert_str(r->codes[0].value.text, "5.2.2");
}

static void charsets__become_utf8(void **state)
{
    static const struct {
        const char *charset, *bytes, *utf8;
    } table[] = {
        {"koi8-r", "a \xD1 b", "a \xD1\x8F b"},
        {"windows-1253", "\xE1\xD2\xE2", "\xCE\xB1\xEF\xBF\xBD\xCE\xB2"}, /* D2 is no letter */
        {"windows-1258", "e\xEC\n", "\xC3\xA9\n"}, /* several bytes may be one letter */
        /* The second line begins where the escape of the first left it, the third is ASCII again. */
        {"iso-2022-jp", "x\n\033$B$\"\n$$\033(B\ny$\"\n", "x\n\xE3\x81\x82\n\xE3\x81\x84\ny$\"\n"},
        {"shift_jis", "x\n\x82\xA0\n", "x\n\xE3\x81\x82\n"},
        /* No text begins in the state, or the order of bytes, that another left. */
        {"iso-2022-jp", "\033$B$\"", "\xE3\x81\x82"},
        {"iso-2022-jp", "a$\"\033$B$\"", "a$\"\xE3\x81\x82"},
        {"utf-16", "\xFE\xFF\x30\x42", "\xE3\x81\x82"},
        {"utf-16", "\xFF\xFE\x42\x30", "\xE3\x81\x82"},
        {"utf-16", "\xFE\xFF\x30\x42", "\xE3\x81\x82"},
        {"utf-8", "\xC3\xA4", "\xC3\xA4"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct ndr_stage stage;
        struct str bytes = str_from(table[i].bytes);

        ndr_stage_lines(&arena, bytes, 0, &stage);
        ndr_stage_charset(&arena, str_from(table[i].charset), &stage);
        assert_str(stage.text, table[i].utf8);
        /* Every line still begins behind the end of the one before. */
        for (size_t mark = 1; mark < stage.count; mark++) {
            assert_int_equal(stage.text.ptr[stage.marks[mark].at - 1], '\n');
        }
    }
}

static void quoted_and_html_pastes__are_read(void **state)
{
    const struct ndr_recipient *r;

    (void)state;
    r = only(parse("see below\n> > Final-Recipient: rfc822; lee@example.org\n> > Action: failed\n"
                   "> > Status: 5.7.1\n> > Diagnostic-Code: smtp; 550 5.7.1 not\n> >  allowed\n"));
    assert_str(r->address.text, "lee@example.org");
    assert_str(r->diagnostic.text, "550 5.7.1 not allowed");
    r = only(parse("<html><body><p>Delivery has failed to these recipients or groups:</p><p>lee@example.org<br>"
                   "Remote Server returned '550 5.7.708 &lt;Service&gt; unavailable'</p></body></html>"));
    assert_str(r->address.text, "lee@example.org");
    assert_str(r->codes[0].value.text, "5.7.708");
}

static void status_field__loses_to_a_better_word(void **state)
{
    const struct ndr_recipient *r;

    (void)state;
    r = only(parse("Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.0.0\n"
                   "Diagnostic-Code: smtp; 550 5.2.2 full\n"));
    assert_str(r->codes[ndr_recipient_code(r)].value.text, "5.2.2");
    r = only(parse("Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.2.2\n"
                   "Diagnostic-Code: smtp; 550 5.0.0 full\n"));
    assert_str(r->codes[ndr_recipient_code(r)].value.text, "5.2.2");
}

static void recipients__each_has_its_own_words(void **state)
{
    const struct ndr_report *report;

    (void)state;
    report = parse("From: MAILER-DAEMON@example.com\nSubject: Mail delivery failed\n\n"
                   "The following address(es) failed:\n\n"
                   "  lee@example.org\n    host mx.example.org [192.0.2.1]: 550 5.1.1 unknown\n"
                   "  kim@example.net\n    host mx.example.net [192.0.2.2]: 452 4.2.2 full\n\n"
                   "------ This is a copy of the message, including all the headers. ------\n\n"
                   "From: other@example.com\nTo: third@example.org\n");
    assert_int_equal(report->recipient_count, 2);
    assert_str(report->recipients[0].address.text, "lee@example.org");
    assert_int_equal(report->recipients[0].reply_code, 550);
    assert_str(report->recipients[1].address.text, "kim@example.net");
    assert_int_equal(report->recipients[1].reply_code, 452);
    assert_str(report->original.from.text, "other@example.com");
}

static void the_returned_message__is_not_read_for_causes(void **state)
{
    const struct ndr_report *report;

    (void)state;
    report = parse("From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
                   "<lee@example.org>:\nRemote host said: 550 5.1.1 unknown\n\n"
                   "--- Below this line is a copy of the message.\n\n"
                   "From: kim@example.com\nSubject: hello\n\n<other@example.net>: 554 5.7.1 spam\n");
    const struct ndr_recipient *r = only(report);

    assert_str(r->address.text, "lee@example.org");
    assert_int_equal(r->code_count, 1);
}

static void kinds__are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(parse("From: lee@example.org\nSubject: Automatic reply: hello\nAuto-Submitted: auto-replied\n\n"
                           "I am away.\n")->kind,
                     NDR_KIND_AUTO_REPLY);
    assert_int_equal(parse("From: a@example.org\nSubject: x\nContent-Type: multipart/report; "
                           "report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nhi\n--b--\n")
                         ->kind,
                     NDR_KIND_FEEDBACK);
    assert_int_equal(parse("Final-Recipient: rfc822; a@example.org\nAction: delayed\nStatus: 4.4.7\n")->kind,
                     NDR_KIND_DELAY);
    assert_int_equal(parse("Final-Recipient: rfc822; a@example.org\nAction: delivered\nStatus: 2.0.0\n")->kind,
                     NDR_KIND_SUCCESS);
    assert_int_equal(parse("Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.0.0\n\n"
                           "Final-Recipient: rfc822; b@example.org\nAction: delayed\nStatus: 4.0.0\n")
                         ->kind,
                     NDR_KIND_MIXED);
    assert_int_equal(parse("From: lee@example.org\nTo: kim@example.org\nSubject: lunch\n\nAt noon?\n")->kind,
                     NDR_KIND_NONE);
}

static void hops__give_loops(void **state)
{
    struct str text = STR_LIT("550 5.4.14 Hop count exceeded\n\nOriginal message headers:\n\n");

    (void)state;
    for (int i = 0; i < 3; i++) {
        text = str_printf(&arena, "%.*sReceived: from a.example.org (192.0.2.1) by b.example.org; Mon, 2 Mar 2026 10:0%d:00 +0000\n",
                          (int)text.len, text.ptr, 5 - i);
    }
    const struct ndr_report *report = ndr_report_parse(&arena, text);

    assert_int_equal(report->hop_count, 3);
    assert_int_equal(report->hops[1].delay_seconds, 60);
    assert_int_equal(report->loop_count, 1);
    assert_int_equal(report->loops[0].times, 3);
}

/* Clocks that go wrong are told as they are, in whatever form they stand. */
static void hops__keep_odd_delays(void **state)
{
    const struct ndr_report *report = parse(
        "From: MAILER-DAEMON@mx.example.com\nSubject: Undeliverable\nContent-Type: multipart/report; "
        "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.com\nArrival-Date: 24.11.2026 10:15:02\n\n"
        "Final-Recipient: rfc822; a@example.net\nAction: failed\n"
        "Status: 5.1.1\nWill-Retry-Until: Wed Nov 25 10:15:02 2026\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        "Received: from d by e; 2099-01-01T00:00:00Z\n"
        "Received: from c by d; Tue, 24 Nov 26 04:14:30 EST\n"
        "Received: from b by c; nonsense\n"
        "Received: from a by b; Tue Nov 24 10:14:00 CET 2026\n"
        "Received: from x by a; 24 Nov 2026 09:15:00 GMT\n\n--b--\n");

    (void)state;
    assert_str(report->arrival_date.text, "2026-11-24T10:15:02Z");
    assert_str(report->recipients[0].will_retry_until.text, "2026-11-25T10:15:02Z");
    assert_int_equal(report->hop_count, 5);
    assert_true(report->hops[0].delay_seconds == INT64_MIN);
    assert_true(report->hops[1].delay_seconds == -60);
    assert_true(report->hops[2].delay_seconds == INT64_MIN);
    assert_int_equal(report->hops[2].date.text.len, 0);
    assert_true(report->hops[3].delay_seconds == INT64_MIN);
    assert_str(report->hops[3].date.text, "2026-11-24T09:14:30Z");
    assert_true(report->hops[4].delay_seconds > 70LL * 365 * 86400);
}

static void nested_parts__have_an_end(void **state)
{
    struct str text = STR_NULL;

    (void)state;
    for (int i = 0; i < 200; i++) {
        text = str_printf(&arena, "%.*sContent-Type: message/rfc822\n\n", (int)text.len, text.len ? text.ptr : "");
    }
    text = str_printf(&arena, "From: a@example.org\nSubject: x\n%.*s", (int)text.len, text.ptr);
    const struct ndr_report *report = ndr_report_parse(&arena, text);

    assert_int_equal(report->kind, NDR_KIND_NONE);
    assert_true(report->warning_count > 0);
}

/* CPU time of reading `lines` times the line, the best of three. */
static double cost(const char *line, size_t lines)
{
    double best = 1e9;
    struct buf text;

    buf_init(&text, BUF_NO_LIMIT);
    for (size_t i = 0; i < lines; i++) {
        buf_add_z(&text, line);
    }
    for (int run = 0; run < 3; run++) {
        struct arena own;
        clock_t start = clock();

        arena_init(&own);
        ndr_report_parse(&own, buf_str(&text));
        arena_fini(&own);
        double took = (double)(clock() - start);

        best = took < best ? took : best;
    }
    buf_fini(&text);
    return best + 1;
}

/* Eight times the text takes about eight times as long, not sixty-four times. */
static void work__grows_with_the_text(void **state)
{
    static const char *const lines[] = {
        "filler line of pasted text\n",
        "pat@example.org says hello\n",
        "550 5.1.1 <pat@example.org>: no such user\n",
        "> > - quoted 550-5.7.1 text\n",
        "to=<pat@example.org>, relay=none\n",
        "Delivery has failed to these recipients or groups:\n",
        "Original message headers:\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        double small = cost(lines[i], 2000);
        double large = cost(lines[i], 16000);

        if (large > 32 * small) {
            fail_msg("\"%.30s\": 8 times the lines cost %.0f times", lines[i], large / small);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapped_replies__are_opened_outermost_first),
        cmocka_unit_test(wrapped_replies__in_brackets_and_hashes),
        cmocka_unit_test(replies__of_several_lines_are_one),
        cmocka_unit_test(numbers__are_no_replies),
        cmocka_unit_test(line_ends__change_nothing),
        cmocka_unit_test(decoded_text__knows_its_line),
        cmocka_unit_test(base64__is_decoded),
        cmocka_unit_test(charsets__become_utf8),
        cmocka_unit_test(quoted_and_html_pastes__are_read),
        cmocka_unit_test(status_field__loses_to_a_better_word),
        cmocka_unit_test(recipients__each_has_its_own_words),
        cmocka_unit_test(the_returned_message__is_not_read_for_causes),
        cmocka_unit_test(kinds__are_told_apart),
        cmocka_unit_test(hops__give_loops),
        cmocka_unit_test(hops__keep_odd_delays),
        cmocka_unit_test(nested_parts__have_an_end),
        cmocka_unit_test(work__grows_with_the_text),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
