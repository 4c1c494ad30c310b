#include "unit/shipped.h"

#include "cmd/action.h"
#include "cmd/line.h"
#include "session/session.h"

/* The desk on the shipped knowledge: choice of causes, texts, search, walks, tables. */

static const struct match_diagnosis *diagnose(const char *text)
{
    session_report_set(&session, str_from(text));
    return session_best(&session);
}

static void leads_to(const char *text, const char *entry, enum match_confidence confidence)
{
    const struct match_diagnosis *best = diagnose(text);

    if (!best) {
        fail_msg("no diagnosis for %s", text);
    }
    assert_str(best->entry->id, entry);
    assert_int_equal(best->confidence, confidence);
}

static void words__beat_the_number(void **state)
{
    (void)state;
    leads_to("550 5.4.1 Relay Access Denied", "exo-5.4.1-relay-access-denied", MATCH_EXACT);
    leads_to("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
             "exo-5.4.1-recipient-rejected-dbeb", MATCH_EXACT);
    leads_to("550 5.2.2 Submission quota exceeded", "exo-5.2.2-submission-quota", MATCH_EXACT);
    leads_to("554 TenantAttribution; Relay Access Denied ATTR36", "exo-5.7.64-tenant-attribution", MATCH_STRONG);
}

static void the_innermost_known_reply__decides(void **state)
{
    const struct match_recipient *recipient;

    (void)state;
    leads_to("550 5.4.300 Message expired -> 450 4.7.323 tlsa-invalid: The domain failed DANE validation",
             "exo-4.7.323-tlsa-invalid", MATCH_EXACT);
    recipient = session_recipient(&session);
    assert_str(recipient->status.text, "4.7.323");
    assert_int_equal(recipient->reply_code, 450);
    assert_true(recipient->wrapper.present);
    assert_str(recipient->wrapper.status, "5.4.300");
}

static void an_outer_reply__wins_when_it_says_more(void **state)
{
    (void)state;
    leads_to("550 5.7.23 The message was rejected because of Sender Policy Framework violation -> 550 5.7.1 no",
             "exo-5.7.23-spf-violation", MATCH_EXACT);
}

static void a_look_alike__is_named(void **state)
{
    const struct match_diagnosis *best = diagnose("550 5.4.1 Relay Access Denied");
    bool named = false;

    (void)state;
    for (size_t i = 0; i < best->why_count; i++) {
        named = named || str_find(best->why[i], STR_LIT("exo-5.4.1-recipient-rejected-dbeb"), 0) != STR_NPOS;
    }
    assert_true(named);
}

static void an_unknown_code__gives_the_general_page(void **state)
{
    (void)state;
    leads_to("550 5.6.99 something new", "class-5.6", MATCH_WEAK);
    leads_to("552 something new", "smtp-552", MATCH_WEAK);
    assert_str(session_recipient(&session)->status.text, "");
    assert_int_equal(session_recipient(&session)->reply_code, 552);
}

static void a_registered_code__gives_its_page_where_no_entry_fits(void **state)
{
    (void)state;
    leads_to("550 5.6.7 something new", "iana-X.6.7", MATCH_WEAK);
    leads_to("450 4.2.4 something new", "iana-X.2.4", MATCH_WEAK);
    leads_to("Diagnostic-Code: smtp; 550 5.7.12 something new\nRemote-MTA: dns; mx.example.net",
             "iana-X.7.12", MATCH_WEAK);
    leads_to("Diagnostic-Code: smtp; 550 5.7.12 Sender was not authenticated by organization\n"
             "Remote-MTA: dns; mx.example.net",
             "exo-5.7.12-org-authenticated-only", MATCH_EXACT);
}

static void a_registered_code__is_microsofts_where_microsoft_speaks(void **state)
{
    (void)state;
    leads_to("Diagnostic-Code: smtp; 550 5.7.23 something new\nRemote-MTA: dns; mx.example.net",
             "iana-X.7.23", MATCH_WEAK);
    leads_to("Diagnostic-Code: smtp; 550 5.7.23 something new\n"
             "Remote-MTA: dns; fabrikam-com.mail.protection.outlook.com",
             "exo-5.7.23-spf-violation", MATCH_LIKELY);
    leads_to("550 5.7.23 something new", "exo-5.7.23-spf-violation", MATCH_LIKELY);
}

static void a_page_about_another_code__stays_away(void **state)
{
    (void)state;
    leads_to("550 5.0.0 passed on -> 550 5.7.98 something new", "class-5.7", MATCH_WEAK);
}

static void ranges__hold_their_codes(void **state)
{
    (void)state;
    leads_to("550 5.7.620 Access denied, banned sending IP [192.0.2.9]", "exo-5.7.606-649-banned-ip", MATCH_EXACT);
    assert_str(session_recipient(&session)->facts[NDR_FACT_IP].text, "192.0.2.9");
}

/* Words of a report and how far they lead from a node by themselves. */
static void the_words__lead_to_the_finer_case(void **state)
{
    static const struct {
        const char *tree, *from, *words, *to;
    } cases[] = {
        {"content-format", "CF-01", "554 5.6.0 Invalid message content", "CF-70"},
        {"content-format", "CF-50", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large", "CF-O52"},
        {"content-format", "CF-50", "550 5.2.3 RESOLVER.RST.SendSizeLimit.Sender; too large", "CF-O50"},
        {"generic", "GE-03", "550 5.7.367 Remote server returned not permitted to relay", "GE-O51"},
        {"generic", "GE-03", "451 4.7.0 Temporary server error. Please try again later. PRX4", "GE-O33"},
        {"generic", "GE-03", "552 the account of this user is over quota", "MU-02"},
        {"ip-blocked", "IB-01", "550 5.7.350 Remote server returned message detected as spam", "IB-22"},
        {"ip-blocked", "IB-13", "451 4.7.650 it was rate limited due to IP reputation", "IB-O26"},
        {"ip-blocked", "IB-13", "550 5.7.1 MailFrom domain is listed in Spamhaus", "IB-O28"},
        {"recipient-address", "RA-01", "550 5.1.7 Unknown sender address", "RA-O58"},
        {"recipient-address", "RA-01", "550 5.1.0 Sender denied, SPF Permanent Error", "SP-01"},
        {"recipient-address", "RA-50", "550 5.1.4 RESOLVER.ADR.Ambiguous; ambiguous address", "RA-O57"},
        {"recipient-address", "RA-51", "550 5.2.0 RESOLVER.ADR.BadPrimary; missing", "RA-O56"},
        {"relay-connector", "RC-01", "554 5.4.4 ROUTING.NoNextHop; unable to route", "RC-O63"},
        {"relay-connector", "RC-01", "503 5.5.2 Send hello first", "RC-O65"},
        {"relay-connector", "RC-01", "501 5.5.4 Invalid domain name", "RC-O64"},
        {"relay-connector", "RC-01", "454 4.7.0 Cannot achieve Exchange Server authentication", "RC-O66"},
        {"relay-connector", "RC-13", "550 5.7.30 Basic authentication is not supported", "RC-O17"},
        {"relay-connector", "RC-13", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "RC-O18"},
        {"restricted-recipient", "RR-01", "550 5.2.4 Mailing list expansion problem", "RR-20"},
        {"restricted-recipient", "RR-21", "550 5.2.4 Mailing list expansion problem", "RR-O24"},
        {"restricted-recipient", "RR-21", "550 5.6.0 APPROVAL.InvalidExpiry; Cannot read it", "RR-O25"},
        {"throttled-recipient", "TR-01", "550 5.5.3 RESOLVER.ADR.RecipLimit; too many", "TR-O43"},
        {"timeout-unreachable", "TU-50", "450 4.4.317 Cannot connect [Message=UntrustedRoot]", "TU-O53"},
        {"timeout-unreachable", "TU-50", "530 5.7.3 Must issue a STARTTLS command first", "TU-O54"},
        {"mailbox-unavailable", "MU-01", "550 5.2.2 Submission quota exceeded", "SB-03"},
        {"mailbox-unavailable", "MU-01", "450 4.2.1 this user gets mail too quickly", "TR-01"},
        {"mailbox-unavailable", "MU-01", "554 5.2.2 mailbox full; Microsoft Unified Storage is full", "MU-O50"},
        {"mailbox-unavailable", "MU-10", "554 4.3.2 mailbox busy; MapiExceptionMaxObjsExceeded", "MU-O14"},
        {"mailbox-unavailable", "MU-10", "554 5.2.0 MapiExceptionNotFound", "MU-23"},
        {"mailbox-unavailable", "MU-30", "550 5.2.1 Mailbox cannot be accessed", "MU-O34"},
        {"mailbox-unavailable", "MU-30", "452 4.3.1 no room on the disk", "MU-O35"},
        {"mailbox-unavailable", "MU-30", "551 the user has moved", "MU-32"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        session_report_set(&session, str_from(cases[i].words));
        assert_true(session_walk_start(&session, str_from(cases[i].tree), str_from(cases[i].from), true));
        struct str got = session.walk.node->id;

        if (!str_equal(got, str_from(cases[i].to))) {
            fail_msg("from %s, \"%s\" leads to %.*s, want %s", cases[i].from, cases[i].words,
                     (int)got.len, got.ptr, cases[i].to);
        }
    }
}

static void fill__puts_only_strict_values_into_commands(void **state)
{
    struct tree_fact items[] = {{STR_LIT("rcpt"), STR_LIT("a;id@example.org"), 1},
                                {STR_LIT("domain"), STR_LIT("example.org"), 1}};
    struct tree_facts facts = {items, 2};

    (void)state;
    assert_str(session_fill_command(&arena, STR_LIT("dig {domain} {rcpt} {mx}"), &facts), "dig example.org RCPT MX");
    assert_str(session_fill(&arena, STR_LIT("to {rcpt}, {nothing} {"), &facts), "to a;id@example.org, {nothing} {");
}

static void search__finds_codes_in_any_form(void **state)
{
    static const char *const forms[] = {"5.7.23", "550 5.7.23", "#5.7.23", "5723"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct session_hits hits = session_search(&session, &arena, str_from(forms[i]));
        struct kb_hits codes = session_find_code(&session, &arena, str_from(forms[i]));

        assert_true(codes.count > 0);
        assert_str(codes.items[0]->id, "exo-5.7.23-spf-violation");
        if (i == 0) {
            assert_true(hits.count > 0);
            assert_str(hits.items[0].entry->id, "exo-5.7.23-spf-violation");
        }
    }
    assert_int_equal(session_search(&session, &arena, STR_LIT("   ")).count, 0);
    assert_int_equal(session_search(&session, &arena, STR_LIT("zzqqxx")).count, 0);
}

static void walk__answers_from_the_report_and_undoes(void **state)
{
    (void)state;
    diagnose("550 5.7.323 tlsa-invalid: The domain failed DANE validation");
    assert_true(session_walk_diagnosis(&session));
    struct tree_walk *walk = &session.walk;
    size_t before = walk->count;
    struct str node = walk->node->id;

    assert_false(tree_walk_is_done(walk));
    assert_true(tree_walk_answer(walk, 0, 0));
    assert_true(walk->count > before);
    assert_true(tree_walk_undo(walk));
    assert_true(str_equal(walk->node->id, node));
    bool from_report = false;

    tree_walk_answer(walk, 0, 0);
    for (size_t i = 0; i < walk->count; i++) {
        from_report = from_report || (walk->answers[i].from_report && walk->answers[i].line == 1);
    }
    assert_true(from_report);
}

/* Every way through every tree ends in an outcome: always the first, always the last option. */
static void walk__ends_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < session.tree_count; i++) {
        for (int last = 0; last < 2; last++) {
            assert_true(session_walk_start(&session, session.trees[i].slug, STR_NULL, false));
            for (int step = 0; step < 100 && !tree_walk_is_done(&session.walk); step++) {
                int option = last ? (int)session.walk.node->option_count - 1 : 0;

                assert_true(tree_walk_answer(&session.walk, option, 0));
            }
            assert_true(tree_walk_is_done(&session.walk));
            assert_true(session.walk.node->owner_count > 0);
        }
    }
}

static void messages__are_there_for_every_reader(void **state)
{
    struct doc doc;

    (void)state;
    diagnose("550 5.7.23 The message was rejected because of Sender Policy Framework violation");
    for (int reader = 0; reader < PROSE_TO_COUNT; reader++) {
        doc_init(&doc, &arena);
        if (reader != PROSE_TO_POSTMASTER) {
            assert_true(session_doc_message(&session, (enum prose_reader)reader, &doc));
            assert_true(doc.count > 0);
        }
    }
    session_report_clear(&session);
    doc_init(&doc, &arena);
    assert_false(session_doc_message(&session, PROSE_TO_TICKET, &doc));
}

static void a_setting__counts_at_once_and_has_its_owner(void **state)
{
    struct str what;

    (void)state;
    assert_true(session_set(&session, SETTING_OWN_DOMAINS, STR_LIT("example.com example.net"), SETTINGS_SESSION, &what));
    assert_int_equal(session.own_domain_count, 2);
    assert_true(session_set(&session, SETTING_OWN_DOMAINS, STR_LIT(""), SETTINGS_SESSION, &what));
    assert_int_equal(session.own_domain_count, 0);
    session.restricted = true;
    assert_false(session_set(&session, SETTING_CLIPBOARD, STR_LIT("no"), SETTINGS_SESSION, &what));
    assert_str(what, "only the site sets clipboard here");
    assert_true(session_set(&session, SETTING_THEME, STR_LIT("mono"), SETTINGS_SESSION, &what));
    session.restricted = false;
}

static void actions__share_no_key(void **state)
{
    enum action_id a;
    enum action_id b;

    (void)state;
    assert_false(action_find_clash(&a, &b));
}

static void command_line__is_read_by_the_table(void **state)
{
    char name[] = "ndr", analyze[] = "analyze", format[] = "--format=json", dash[] = "-";
    char list[] = "list", answers[] = "--answers", x[] = "x", nonsense[] = "--nonsense";
    char *argv[] = {name, analyze, format, dash, NULL};
    char *wrong[] = {name, list, answers, x, NULL};
    char *unknown[] = {name, nonsense, NULL};
    struct cmd_line line;
    struct str what;

    (void)state;
    assert_true(cmd_line_read(&arena, 4, argv, &line, &what));
    assert_int_equal(line.command, CMD_ANALYZE);
    assert_string_equal(line.values[CMD_OPTION_FORMAT], "json");
    assert_int_equal(line.arg_count, 1);
    assert_false(cmd_line_read(&arena, 4, wrong, &line, &what));
    assert_false(cmd_line_read(&arena, 2, unknown, &line, &what));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words__beat_the_number),
        cmocka_unit_test(the_innermost_known_reply__decides),
        cmocka_unit_test(an_outer_reply__wins_when_it_says_more),
        cmocka_unit_test(a_look_alike__is_named),
        cmocka_unit_test(an_unknown_code__gives_the_general_page),
        cmocka_unit_test(a_registered_code__gives_its_page_where_no_entry_fits),
        cmocka_unit_test(a_registered_code__is_microsofts_where_microsoft_speaks),
        cmocka_unit_test(a_page_about_another_code__stays_away),
        cmocka_unit_test(the_words__lead_to_the_finer_case),
        cmocka_unit_test(ranges__hold_their_codes),
        cmocka_unit_test(fill__puts_only_strict_values_into_commands),
        cmocka_unit_test(search__finds_codes_in_any_form),
        cmocka_unit_test(walk__answers_from_the_report_and_undoes),
        cmocka_unit_test(walk__ends_everywhere),
        cmocka_unit_test(messages__are_there_for_every_reader),
        cmocka_unit_test(a_setting__counts_at_once_and_has_its_owner),
        cmocka_unit_test(actions__share_no_key),
        cmocka_unit_test(command_line__is_read_by_the_table),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
