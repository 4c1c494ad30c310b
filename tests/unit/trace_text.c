#include "unit/unit.h"

#include "session/trace_text.h"

/* Hops and authentication of the returned message in words. */

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

static struct str rendered(const struct doc *doc)
{
    struct buf out;

    buf_init(&out, BUF_NO_LIMIT);
    doc_render(doc, DOC_FORMAT_TEXT, 400, &out);
    struct str text = str_dup(&arena, buf_str(&out));

    buf_fini(&out);
    return text;
}

static struct str hops_text(const struct ndr_report *report)
{
    struct doc doc;

    doc_init(&doc, &arena);
    session_doc_hops(report, &doc);
    return rendered(&doc);
}

static struct str authentication_text(const struct ndr_report *report)
{
    struct doc doc;

    doc_init(&doc, &arena);
    session_doc_authentication(report, &doc);
    return rendered(&doc);
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_from(words), 0) != STR_NPOS;
}

static void has(struct str text, const char *words)
{
    if (!holds(text, words)) {
        fail_msg("\"%s\" is not in:\n%.*s", words, (int)text.len, text.ptr);
    }
}

static void lacks(struct str text, const char *words)
{
    if (holds(text, words)) {
        fail_msg("\"%s\" is in:\n%.*s", words, (int)text.len, text.ptr);
    }
}

static struct ndr_value value(const char *text, size_t offset)
{
    return (struct ndr_value){str_from(text), {offset, 1}};
}

/* A hop of a report that has only these, `delay` seconds behind the one before. */
static struct ndr_hop hop(const char *from, const char *by, int64_t delay)
{
    return (struct ndr_hop){
        .from = value(from, 1), .by = value(by, 1), .time = INT64_MIN, .delay_seconds = delay};
}

static struct ndr_report with_hops(struct ndr_hop *hops, size_t count)
{
    return (struct ndr_report){.hops = hops, .hop_count = count};
}

static const struct ndr_report *sample(void)
{
    struct buf buf;

    buf_init(&buf, BUF_NO_LIMIT);
    assert_int_equal(file_read(project_path(&arena, "tests/samples/trace.eml"), &buf), FILE_OK);
    struct str bytes = str_dup(&arena, buf_str(&buf));

    buf_fini(&buf);
    return ndr_report_parse(&arena, bytes);
}

static void hops__are_told_in_the_order_of_the_way(void **state)
{
    struct str text = hops_text(sample());

    (void)state;
    has(text, " 1 (not named) -> app.example.org\n   2026-11-24 09:19:50 UTC\n");
    has(text, " 2 app.example.org [198.51.100.30] -> out.example.org\n"
              "   2026-11-24 09:19:50 UTC, +0 s, with ESMTPA\n");
    has(text, "2026-11-24 09:19:48 UTC, clock differs, with ESMTPS\n");
    has(text, " 4 mx1.example.net [203.0.113.20] -> scan.example.net\n"
              "   2026-11-24 11:30:01 UTC, +2 h 10 min (the slowest), with ESMTP\n");
    has(text, "6 hops in 2 h 11 min. The longest wait is before hop 4.");
}

static void delays__are_said_in_two_units(void **state)
{
    struct ndr_hop hops[] = {hop("a", "b", INT64_MIN), hop("b", "c", 3),
                             hop("c", "d", 2 * 3600 + 10 * 60 + 5), hop("d", "e", 86400),
                             hop("e", "f", 30 * 86400)};
    struct ndr_report report = with_hops(hops, 5);
    struct str text = hops_text(&report);

    (void)state;
    has(text, ", +3 s\n");
    has(text, ", +2 h 10 min\n");
    has(text, ", +1 d\n");
    has(text, ", +30 d (the slowest)\n");
    has(text, "5 hops. The longest wait is before hop 5.");
    has(text, "time unknown\n");
}

static void a_wrong_clock__is_no_delay(void **state)
{
    struct ndr_hop hops[] = {hop("a", "b", INT64_MIN), hop("b", "c", -7200), hop("c", "d", 7200),
                             hop("d", "e", 4), hop("e", "f", 30 * 86400 + 1)};
    struct ndr_report report = with_hops(hops, 5);
    struct str text = hops_text(&report);

    (void)state;
    has(text, "b -> c\n   time unknown, clock differs\n");
    has(text, "e -> f\n   time unknown, clock differs\n");
    has(text, ", +2 h\n");
    has(text, ", +4 s (the slowest)\n");
}

static void hops_without_a_delay__have_no_slowest(void **state)
{
    struct ndr_hop hops[] = {hop("a", "b", INT64_MIN), hop("b", "c", 0)};
    struct ndr_report report = with_hops(hops, 2);

    (void)state;
    lacks(hops_text(&report), "slowest");
    lacks(hops_text(&report), "longest");
}

static void a_loop__is_told_once_for_both_directions(void **state)
{
    struct ndr_hop hops[] = {hop("a.example", "b.example", INT64_MIN)};
    struct ndr_loop loops[] = {{STR_LIT("a.example"), STR_LIT("b.example"), 4},
                               {STR_LIT("B.example"), STR_LIT("a.example"), 3},
                               {STR_LIT("c.example"), STR_LIT("c.example"), 2}};
    struct ndr_report report = with_hops(hops, 1);

    report.loops = loops;
    report.loop_count = 3;
    struct str text = hops_text(&report);

    (void)state;
    has(text, "goes round: a.example and b.example, 4 times");
    lacks(text, "B.example");
    has(text, "goes round: c.example and itself, 2 times");
}

static void no_hops__says_how_to_get_them(void **state)
{
    struct ndr_report report = {0};

    (void)state;
    has(hops_text(&report), "No hops stand in this report");
    has(hops_text(&report), "as an attachment");
}

static void authentication__says_what_it_means_and_whose_it_is(void **state)
{
    struct str text = authentication_text(sample());

    (void)state;
    has(text,
        "SPF         softfail, for news.example.org, says mx1.example.net\n"
        "            The sending server is not listed in the SPF record of news.example.org,");
    has(text, "DKIM        pass, for mailing.example, says mx1.example.net\n");
    has(text, "DMARC       fail, for example.org, says mx1.example.net\n"
              "            Neither SPF nor DKIM passed for a domain that agrees with example.org.");
    has(text, "ARC         not in the report\n");
    has(text, "compauth    fail, for example.org, says mx1.example.net\n");
}

static void verdicts__are_in_words(void **state)
{
    struct str text = authentication_text(sample());

    (void)state;
    has(text, "SCL 5: spam\n");
    has(text, "BCL 6: from a bulk sender about whom some people complain\n");
    has(text, "SFV SPM: the filter found spam\n");
    has(text, "CAT SPOOF: a forged sender\n");
    has(text, "compauth 001: failed, as the domain has no records");
}

static struct ndr_report with_domains(const char *from, const char *spf, const char *result)
{
    struct ndr_report report = {0};

    report.authentication.spf = value(result, 1);
    report.authentication.spf_domain = value(spf, 1);
    report.authentication.from_domain = value(from, 1);
    return report;
}

static void alignment__knows_its_limits(void **state)
{
    static const struct {
        const char *from, *spf, *words;
    } cases[] = {
        {"example.org", "Example.ORG",
         "Example.ORG: the same as in the From address, so they agree\n"},
        {"example.org", "news.example.org", ": one lies below the other, so they agree unless"},
        {"www.example.org", "example.org", ": one lies below the other, so they agree unless"},
        {"a.example.org", "b.example.org", ": both end in example.org, so they agree if"},
        {"example.org", "badexample.org", ": another domain than in the From address"},
        {"example.org", "example.net", ": another domain than in the From address"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ndr_report report = with_domains(cases[i].from, cases[i].spf, "pass");

        has(authentication_text(&report), cases[i].words);
        lacks(authentication_text(&report), "cannot use");
    }
    struct ndr_report failed = with_domains("example.org", "example.org", "fail");

    has(authentication_text(&failed), "; but SPF did not pass, so DMARC cannot use it");
    has(authentication_text(&failed), "cannot be told: the report names no domain for it");
}

/* A domain or a judge that another field names is not that of this result. */
static void values_of_two_fields__are_not_mixed(void **state)
{
    struct ndr_report report = with_domains("example.org", "example.org", "fail");

    report.authentication.spf_domain = value("other.example", 99);
    report.authentication.by = value("mx.example.net", 99);
    struct str text = authentication_text(&report);

    (void)state;
    has(text,
        "SPF         fail, the judge is not named\n"
        "            The sending server is not listed in the SPF record of the sender's domain.");
    lacks(text, "says mx.example.net");
}

static void unknown_values__are_shown_as_they_are(void **state)
{
    struct ndr_report report = with_domains("example.org", "example.org", "perhaps");

    report.authentication.compauth = value("pass", 1);
    report.antispam = (struct ndr_antispam){.present = true,
                                            .scl = value("3", 5),
                                            .bcl = value("10", 5),
                                            .sfv = value("XYZ", 5),
                                            .cat = value("NEWCAT", 5),
                                            .compauth_reason = value("812", 1)};
    struct str text = authentication_text(&report);

    (void)state;
    has(text, "perhaps, for example.org");
    has(text, "An unknown result.");
    has(text, "SCL 3: an unknown value\n");
    has(text, "BCL 10: an unknown value\n");
    has(text, "SFV XYZ: an unknown value\n");
    has(text, "CAT NEWCAT: an unknown value\n");
    has(text, "compauth 812: an unknown value\n");
    report.antispam.compauth_reason = value("704", 1);
    has(authentication_text(&report), "compauth 704: passed by other signs");
    /* A reason that stands in a field without compauth is not Microsoft's. */
    report.antispam.compauth_reason = value("704", 7);
    lacks(authentication_text(&report), "compauth 704");
}

static void no_results__says_how_to_get_them(void **state)
{
    struct ndr_report report = {0};
    struct str text = authentication_text(&report);

    (void)state;
    has(text, "No authentication results stand in this report.");
    lacks(text, "SPF ");
    lacks(text, "Microsoft");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops__are_told_in_the_order_of_the_way),
        cmocka_unit_test(delays__are_said_in_two_units),
        cmocka_unit_test(a_wrong_clock__is_no_delay),
        cmocka_unit_test(hops_without_a_delay__have_no_slowest),
        cmocka_unit_test(a_loop__is_told_once_for_both_directions),
        cmocka_unit_test(no_hops__says_how_to_get_them),
        cmocka_unit_test(authentication__says_what_it_means_and_whose_it_is),
        cmocka_unit_test(verdicts__are_in_words),
        cmocka_unit_test(alignment__knows_its_limits),
        cmocka_unit_test(values_of_two_fields__are_not_mixed),
        cmocka_unit_test(unknown_values__are_shown_as_they_are),
        cmocka_unit_test(no_results__says_how_to_get_them),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
