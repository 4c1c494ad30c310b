#include "unit/unit.h"

#include "session/redact.h"

static struct arena arena;
static struct redact *redact;

static const char report[] =
    "From: MAILER-DAEMON@mx.example.com\n"
    "To: \"Doe, Jane\" <jane.doe@example.com>\n"
    "Subject: Undelivered Mail\n\n"
    "<bob@fabrikam.com>: host mx1.fabrikam.com[203.0.113.20] said: 550 5.1.1 user bob unknown\n\n"
    "> From: Jane Doe <Jane.Doe@example.com>\n"
    "> Subject: Salary of Alice\n"
    "> Message-ID: <abc.123@pc.example.com>\n";

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    redact = redact_new(&arena, ndr_report_parse(&arena, STR_LIT(report)));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void blanks(const char *text, const char *want)
{
    assert_str(redact_text(redact, str_from(text)), want);
}

static void text__same_person_same_stand_in(void **state)
{
    (void)state;
    blanks("bob@fabrikam.com", "person1@fabrikam.com");
    blanks("<BOB@Fabrikam.com> and bob@fabrikam.com.", "<person1@Fabrikam.com> and person1@fabrikam.com.");
    blanks("From: Jane Doe <jane.doe@example.com>", "From: person2 <person2@example.com>");
    blanks("user bob unknown, \"bob\", jane.doe", "user person1 unknown, \"person1\", person2");
    blanks("someone.new@example.org, x@example.org, someone.new@example.org",
           "person3@example.org, person4@example.org, person3@example.org");
}

static void text__subject_and_message_id(void **state)
{
    (void)state;
    blanks("Re: Salary of Alice", "Re: [subject]");
    blanks("Message-ID: <abc.123@pc.example.com>", "Message-ID: <message1@pc.example.com>");
}

static void text__keeps_what_is_needed(void **state)
{
    static const char *const same[] = {
        "550 5.1.1 host mx1.fabrikam.com[203.0.113.20] said", "postmaster@example.com", "MAILER-DAEMON@mx.example.com",
        "the bobbin is a bob", "dig +short MX fabrikam.com", "a @ b", "@example.com", "x@", "\"@\"", "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        blanks(same[i], same[i]);
    }
}

static void text__odd_addresses(void **state)
{
    (void)state;
    blanks("mailto=\"joe q\"@example.net", "mailto=person5@example.net");
    blanks("to='joe@[192.0.2.1]'", "to='person6@[192.0.2.1]'");
    blanks("kim.zu@$fabrikam.com", "person7@$fabrikam.com");
    blanks("J\xC3\xB6rg@example.net", "person8@example.net");
}

/* Work in proportion to the text, whatever its tokens look like. */
static void text__long_tokens(void **state)
{
    static char text[1 << 20];

    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        text[i] = i % 2 ? '=' : 'a';
    }
    blanks(text, text);
}

static void doc__all_blocks(void **state)
{
    struct doc doc;

    (void)state;
    doc_init(&doc, &arena);
    doc_add(&doc, DOC_PAIR, STR_LIT("Recipient"), STR_LIT("bob@fabrikam.com"));
    doc_add(&doc, DOC_QUOTE, STR_LIT("decides"), STR_LIT("user bob unknown"));
    redact_doc(redact, &doc);
    assert_str(doc.blocks[0].text, "person1@fabrikam.com");
    assert_str(doc.blocks[1].text, "user person1 unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__same_person_same_stand_in), cmocka_unit_test(text__subject_and_message_id),
        cmocka_unit_test(text__keeps_what_is_needed),      cmocka_unit_test(text__odd_addresses),
        cmocka_unit_test(text__long_tokens),               cmocka_unit_test(doc__all_blocks),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
