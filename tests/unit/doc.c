#include "unit/unit.h"

#include "base/width.h"
#include "ndr/facts.h"
#include "session/session.h"

/* One document as text, Markdown and HTML, and values put into texts and commands. */

static struct arena arena;
static struct doc doc;

#define URL     "https://learn.example.org/exchange/mail-flow/non-delivery-reports?view=online&tab=2"
#define COMMAND "dig +short TXT _dmarc.a-very-long-name-of-a-domain-that-has-to-stay-whole.example.org"
#define WORDS   "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
/* Three kana, six cells and nine bytes a word. */
#define WIDE "\xE3\x81\x82\xE3\x81\x84\xE3\x81\x86"

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

static int fresh(void **state)
{
    (void)state;
    doc_init(&doc, &arena);
    return 0;
}

static struct doc_block *add(enum doc_kind kind, const char *label, const char *text)
{
    return doc_add(&doc, kind, str_from(label), str_from(text));
}

static struct str render(enum doc_format format, size_t width)
{
    struct buf out;

    buf_init(&out, BUF_NO_LIMIT);
    doc_render(&doc, format, width, &out);
    struct str text = str_dup(&arena, buf_str(&out));

    buf_fini(&out);
    return text;
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part), 0) != STR_NPOS;
}

static void must_have(struct str text, const char *part)
{
    if (!has(text, part)) {
        fail_msg("no \"%s\" in \"%.*s\"", part, (int)text.len, text.ptr);
    }
}

/* No line has more cells than `width`. */
static void fits(struct str text, size_t width)
{
    struct str rest = text;
    struct str line;

    while (str_next_line(&rest, &line)) {
        if (width_of(line) > width) {
            fail_msg("%zu cells, not %zu: \"%.*s\"", width_of(line), width, (int)line.len, line.ptr);
        }
    }
}

/* --- one document in three formats --- */

static void fill_document(void)
{
    add(DOC_TITLE, "5.7.23", "SPF violation");
    add(DOC_PAIR, "Owner", "the sender");
    add(DOC_HEADING, "", "Fix");
    add(DOC_STEP, "", "Look it up.")->number = 1;
    add(DOC_COMMAND, "sh", "dig +short TXT example.org");
    add(DOC_STEP, "", "Mend it.")->number = 2;
    add(DOC_ITEM, "", "an item");
    add(DOC_NOTE, "", "a trap");
    add(DOC_QUOTE, "decides", "550 5.7.23 SPF")->number = 12;
    add(DOC_LINK, "Page", "https://example.org/");
    add(DOC_PARAGRAPH, "", "The end.");
}

static void document__as_text(void **state)
{
    (void)state;
    fill_document();
    assert_str(render(DOC_FORMAT_TEXT, 60), "5.7.23  SPF violation\n"
                                            "Owner       the sender\n"
                                            "\n"
                                            "Fix\n"
                                            " 1 Look it up.\n"
                                            "     dig +short TXT example.org\n"
                                            " 2 Mend it.\n"
                                            "\n"
                                            " - an item\n"
                                            "\n"
                                            "Note: a trap\n"
                                            "\n"
                                            "    12  550 5.7.23 SPF\n"
                                            "        (decides)\n"
                                            "\n"
                                            "Page:\n"
                                            "  https://example.org/\n"
                                            "\n"
                                            "The end.\n");
}

static void document__as_markdown(void **state)
{
    (void)state;
    fill_document();
    struct str text = render(DOC_FORMAT_MARKDOWN, 60);

    must_have(text, "# 5.7.23 SPF violation\n");
    must_have(text, "- **Owner**: the sender\n");
    must_have(text, "## Fix\n");
    must_have(text, "1. Look it up.\n");
    must_have(text, "`dig +short TXT example.org`\n");
    must_have(text, "2. Mend it.\n");
    must_have(text, "- an item\n");
    must_have(text, "> a trap\n");
    must_have(text, "line 12: `550 5.7.23 SPF` (decides)\n");
    must_have(text, "Page: <https://example.org/>\n");
}

static void document__as_html(void **state)
{
    (void)state;
    fill_document();
    struct str text = render(DOC_FORMAT_HTML, 60);

    assert_true(str_starts(text, STR_LIT("<!DOCTYPE html>\n")));
    must_have(text, "<meta charset=\"utf-8\">");
    must_have(text, "<h1>5.7.23 SPF violation</h1>");
    must_have(text, "<b>Owner</b> the sender");
    must_have(text, "<h2>Fix</h2>");
    must_have(text, "1. Look it up.");
    must_have(text, "<pre>dig +short TXT example.org</pre>");
    must_have(text, "<li>an item</li>");
    must_have(text, "<blockquote>a trap</blockquote>");
    must_have(text, "<code>550 5.7.23 SPF</code>");
    must_have(text, "<a href=\"https://example.org/\">https://example.org/</a>");
    must_have(text, "</body></html>\n");
}

static void an_empty_document__is_empty(void **state)
{
    (void)state;
    assert_str(render(DOC_FORMAT_TEXT, 60), "");
    assert_str(render(DOC_FORMAT_MARKDOWN, 60), "");
    must_have(render(DOC_FORMAT_HTML, 60), "</html>");
}

/* --- wrapping --- */

static void text__is_wrapped_at_the_width(void **state)
{
    static const enum doc_kind kinds[] = {DOC_TITLE, DOC_PARAGRAPH, DOC_PAIR, DOC_ITEM,
                                          DOC_STEP,  DOC_NOTE,      DOC_QUOTE};
    static const size_t widths[] = {30, 40, 72};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            doc_init(&doc, &arena);
            add(kinds[i], kinds[i] == DOC_PAIR ? "Owner" : "", WORDS)->number = 7;
            struct str text = render(DOC_FORMAT_TEXT, widths[w]);

            fits(text, widths[w]);
            assert_true(has(text, "fourteen\n"));
        }
    }
    doc_init(&doc, &arena);
    add(DOC_STEP, "", WORDS)->number = 1;
    assert_str(render(DOC_FORMAT_TEXT, 40), " 1 one two three four five six seven\n"
                                            "   eight nine ten eleven twelve thirteen\n"
                                            "   fourteen\n");
}

static void headings__are_wrapped_too(void **state)
{
    (void)state;
    add(DOC_HEADING, "", WORDS);
    fits(render(DOC_FORMAT_TEXT, 40), 40);
}

static void pairs__with_a_long_label_are_wrapped_too(void **state)
{
    (void)state;
    add(DOC_PAIR, "A label of many cells", WORDS);
    fits(render(DOC_FORMAT_TEXT, 40), 40);
}

static void paragraphs__keep_their_parts(void **state)
{
    (void)state;
    add(DOC_PARAGRAPH, "", "First part.\n\nSecond part:\n- one\n- two");
    assert_str(render(DOC_FORMAT_TEXT, 40), "First part.\n\nSecond part:\n- one\n- two\n");
}

static void wide_characters__count_two_cells(void **state)
{
    (void)state;
    add(DOC_PARAGRAPH, "", WIDE " " WIDE " " WIDE " " WIDE " " WIDE);
    assert_str(render(DOC_FORMAT_TEXT, 20), WIDE " " WIDE " " WIDE "\n" WIDE " " WIDE "\n");
    doc_init(&doc, &arena);
    add(DOC_PAIR, WIDE, "x");
    /* Six cells of label, six blanks. */
    assert_str(render(DOC_FORMAT_TEXT, 40), WIDE "      x\n");
    doc_init(&doc, &arena);
    add(DOC_TITLE, WIDE, WORDS);
    fits(render(DOC_FORMAT_TEXT, 30), 30);
}

static void commands_and_links__are_never_broken(void **state)
{
    (void)state;
    add(DOC_COMMAND, "sh", COMMAND);
    add(DOC_LINK, "Microsoft", URL);
    struct str text = render(DOC_FORMAT_TEXT, 30);

    must_have(text, COMMAND "\n");
    must_have(text, "\n  " URL "\n");
}

static void long_words__in_running_text_are_never_broken(void **state)
{
    static const enum doc_kind kinds[] = {DOC_PARAGRAPH, DOC_ITEM, DOC_STEP, DOC_NOTE, DOC_PAIR, DOC_QUOTE};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        doc_init(&doc, &arena);
        add(kinds[i], kinds[i] == DOC_PAIR ? "See" : "", "Read " URL " first.");
        must_have(render(DOC_FORMAT_TEXT, 40), URL);
    }
}

static void controls__never_get_out(void **state)
{
    static const enum doc_format formats[] = {DOC_FORMAT_TEXT, DOC_FORMAT_MARKDOWN, DOC_FORMAT_HTML};

    (void)state;
    for (int kind = DOC_TITLE; kind <= DOC_NOTE; kind++) {
        add((enum doc_kind)kind, "label\033]0;x\a\xC2\x9B\nnext", "text\033[31m\xE2\x80\xAE\xFF\b");
    }
    for (size_t i = 0; i < 3; i++) {
        struct str text = render(formats[i], 60);

        for (size_t k = 0; k < text.len; k++) {
            unsigned char c = (unsigned char)text.ptr[k];

            assert_true(c >= 0x20 || c == '\n');
            assert_int_not_equal(c, 0x7F);
        }
        assert_false(has(text, "\xC2\x9B"));
        assert_false(has(text, "\xE2\x80\xAE"));
        assert_false(has(text, "\xFF"));
    }
}

/* --- escaping --- */

static void markdown__escapes_what_marks_up(void **state)
{
    static const enum doc_kind kinds[] = {DOC_TITLE, DOC_HEADING, DOC_PARAGRAPH, DOC_PAIR,
                                          DOC_ITEM,  DOC_STEP,    DOC_NOTE};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        doc_init(&doc, &arena);
        add(kinds[i], "l*_`<|", "a*b_c`d<e|f\\g[h]");
        struct str text = render(DOC_FORMAT_MARKDOWN, 200);

        must_have(text, "a\\*b\\_c\\`d\\<e\\|f\\\\g\\[h\\]");
        if (kinds[i] == DOC_TITLE || kinds[i] == DOC_PAIR) {
            must_have(text, "l\\*\\_\\`\\<\\|");
        }
    }
}

static void markdown__fences_code_with_enough_backticks(void **state)
{
    static const struct {
        const char *text;
        const char *want;
    } table[] = {
        {"a*b_c<d|e", "   `a*b_c<d|e`\n"},
        {"echo `date`", "   `` echo `date` ``\n"},
        {"a``b", "   ``` a``b ```\n"},
        {"`", "   `` ` ``\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        doc_init(&doc, &arena);
        add(DOC_COMMAND, "sh", table[i].text);
        assert_str(render(DOC_FORMAT_MARKDOWN, 200), table[i].want);
    }
}

static void html__escapes_everywhere(void **state)
{
    (void)state;
    for (int kind = DOC_TITLE; kind <= DOC_NOTE; kind++) {
        doc_init(&doc, &arena);
        add((enum doc_kind)kind, "<i>&\"'", "</p><script>x(\"&amp;'\")</script>");
        struct str text = render(DOC_FORMAT_HTML, 60);

        must_have(text, "&lt;/p&gt;&lt;script&gt;x(&quot;&amp;amp;&#39;&quot;)&lt;/script&gt;");
        assert_false(has(text, "<script"));
        assert_false(has(text, "<i>"));
        if (kind == DOC_TITLE || kind == DOC_PAIR || kind == DOC_QUOTE || kind == DOC_LINK) {
            must_have(text, "&lt;i&gt;&amp;&quot;&#39;");
        }
    }
    doc_init(&doc, &arena);
    add(DOC_LINK, "x", "https://example.org/\" onclick=\"x()");
    assert_false(has(render(DOC_FORMAT_HTML, 60), "\" onclick"));
}

/* --- placeholders --- */

static struct str fill_one(const char *name, const char *value, bool command)
{
    struct tree_fact items[] = {{str_from(name), str_from(value), 1}};
    struct tree_facts facts = {items, 1};
    struct str text = str_printf(&arena, "{%s}", name);

    return command ? session_fill_command(&arena, text, &facts) : session_fill(&arena, text, &facts);
}

static void placeholders__are_filled_or_shown_as_capitals(void **state)
{
    static const struct tree_fact items[] = {{{"domain", 6}, {"example.org", 11}, 1},
                                             {{"rcpt", 4}, {"", 0}, 0},
                                             {{"reason", 6}, {"{domain}", 8}, 1}};
    static const struct {
        const char *text;
        const char *want;
    } table[] = {
        {"no placeholder", "no placeholder"},
        {"{domain}", "example.org"},
        {"MX of {domain}, {domain}.", "MX of example.org, example.org."},
        {"{rcpt} {message_id} {as_code}", "RCPT MESSAGE_ID AS_CODE"},
        {"{nothing} {} { domain } {Domain}", "{nothing} {} { domain } {Domain}"},
        {"{domain", "{domain"},
        {"{{domain}}", "{example.org}"},
        {"}{", "}{"},
        {"", ""},
        /* A value is never filled again. */
        {"{reason}", "{domain}"},
    };
    struct tree_facts facts = {items, 3};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_str(session_fill(&arena, str_from(table[i].text), &facts), table[i].want);
    }
    assert_str(session_fill(&arena, STR_LIT("to {rcpt}"), NULL), "to RCPT");
    assert_str(session_fill_command(&arena, STR_LIT("dig {domain} {mx}"), &facts), "dig example.org MX");
    assert_str(session_fill_command(&arena, STR_LIT("dig {domain}"), NULL), "dig DOMAIN");
}

static void commands__take_sound_values(void **state)
{
    static const char *const table[][2] = {
        {"rcpt", "lee.o_k+x-y@mail.example.org"},
        {"domain", "example.org"},
        {"domain", "_dmarc.xn--bcher-kva.example"},
        {"ip", "192.0.2.1"},
        {"ip", "2001:db8::1"},
        {"code", "5.7.23"},
        {"reply", "550"},
        {"reason", "NotFound_2"},
        {"message_id", "abc.1@mail.example.org"},
        {"selector", "s1.mail"},
        {"time", "2026-01-02T03:04:05+00:00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_str(fill_one(table[i][0], table[i][1], true), table[i][1]);
    }
}

static void commands__never_take_what_breaks_the_grammar(void **state)
{
    static const char *const table[][2] = {
        {"rcpt", "$(rm)@example.org"},
        {"rcpt", "a@$(rm).example.org"},
        {"rcpt", "a;rm@example.org"},
        {"rcpt", "a@example.org; rm"},
        {"rcpt", "a@example.org\nrm"},
        {"rcpt", "a@example.org\n"},
        {"rcpt", "a@example.org\r"},
        {"rcpt", "a'b@example.org"},
        {"rcpt", "\"a b\"@example.org"},
        {"rcpt", "a`id`@example.org"},
        {"rcpt", "a|b@example.org"},
        {"rcpt", "a&b@example.org"},
        {"rcpt", "a>b@example.org"},
        {"rcpt", "a*@example.org"},
        {"rcpt", "~a@example.org"},
        {"rcpt", "{a,b}@example.org"},
        {"rcpt", "-rf@example.org"},
        {"rcpt", "a@-example.org"},
        {"rcpt", "example.org"},
        {"rcpt", "j\xC3\xBCrgen@example.org"},
        {"domain", "$(rm).example.org"},
        {"domain", "example.org; rm"},
        {"domain", "example.org rm"},
        {"domain", "example.org\nrm"},
        {"domain", "\"example.org\""},
        {"domain", "'example.org'"},
        {"domain", "-f.example.org"},
        {"domain", "--version"},
        {"domain", "@192.0.2.1"},
        {"domain", "+trace.example.org "},
        {"domain", "example"},
        {"domain", "..\\example.org"},
        {"domain", "../example.org"},
        {"domain", "example..org"},
        {"domain", "example.org."},
        {"mx", "%PATH%.example.org"},
        {"mx", "^mx.example.org"},
        {"host", "$env:x.example.org"},
        {"helo", "!!.example.org"},
        {"ip", "192.0.2.1;rm"},
        {"ip", "192.0.2.256"},
        {"ip", "192.0.2"},
        {"ip", "-192.0.2.1"},
        {"ip", "2001:db8::1%eth0"},
        {"ip", "x.x.x.x"},
        {"code", "5.7.1;rm"},
        {"code", "5.7"},
        {"code", "-5.7.1"},
        {"reply", "550 rm"},
        {"reply", "-550"},
        {"reason", "-rf"},
        {"reason", "a b"},
        {"reason", "$(rm)"},
        {"reason", "$HOME"},
        {"selector", "a/b.c"},
        {"message_id", "a;b@example.org"},
        {"message_id", "-a@example.org"},
        {"message_id", "a$b@example.org"},
        {"message_id", "a@b>x"},
        {"message_id", "<a@b"},
        {"time", "2026-01-02 03:04"},
        {"time", "-2026"},
        {"size", "1e3"},
        {"size", "$(rm)"},
        {"text", "anything"},
        {"sender", "$(rm)"},
        {"from", "; rm"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct str name = str_from(table[i][0]);
        struct str got = fill_one(table[i][0], table[i][1], true);
        bool capitals = got.len == name.len && str_equal_nocase(got, name);

        for (size_t k = 0; k < got.len; k++) {
            capitals = capitals && !(got.ptr[k] >= 'a' && got.ptr[k] <= 'z');
        }
        if (!capitals) {
            fail_msg("the command took %s=\"%s\": \"%.*s\"", table[i][0], table[i][1], (int)got.len, got.ptr);
        }
        /* Texts show the value as it stands. */
        assert_str(fill_one(table[i][0], table[i][1], false), table[i][1]);
    }
}

static void commands__take_no_very_long_value(void **state)
{
    struct buf value;

    (void)state;
    buf_init(&value, BUF_NO_LIMIT);
    for (int i = 0; i < 300; i++) {
        buf_add_char(&value, 'a');
    }
    assert_str(fill_one("reason", str_dup_z(&arena, buf_str(&value)), true), "REASON");
    buf_fini(&value);
}

/* facts.h: letters, digits and . _ @ + - : only, whatever the fact. */
static void commands__hold_plain_bytes_only(void **state)
{
    static const char *const bases[] = {"a@example.org", "example.org", "192.0.2.1", "2001:db8::1", "5.7.1",
                                        "550",           "word",        "2026-01-02T03:04:05Z", "<a@example.org>"};

    (void)state;
    for (int fact = 0; fact < NDR_FACT_COUNT; fact++) {
        for (size_t b = 0; b < sizeof bases / sizeof bases[0]; b++) {
            struct str base = str_from(bases[b]);

            for (unsigned c = 1; c < 256; c++) {
                for (size_t place = 0; place <= base.len; place++) {
                    char value[64];
                    size_t len = 0;

                    for (size_t i = 0; i <= base.len; i++) {
                        if (i == place) {
                            value[len++] = (char)c;
                        }
                        if (i < base.len) {
                            value[len++] = base.ptr[i];
                        }
                    }
                    struct str text = str_make(value, len);

                    if (!ndr_fact_fits((enum ndr_fact)fact, text)) {
                        continue;
                    }
                    for (size_t i = 0; i < len; i++) {
                        if (!str_is_alnum(value[i]) && !strchr("._@+-:", value[i])) {
                            fail_msg("%.*s takes \"%.*s\"", (int)ndr_fact_name((enum ndr_fact)fact).len,
                                     ndr_fact_name((enum ndr_fact)fact).ptr, (int)len, value);
                        }
                    }
                    assert_int_not_equal(value[0], '-');
                }
            }
        }
    }
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(document__as_text),
        TEST(document__as_markdown),
        TEST(document__as_html),
        TEST(an_empty_document__is_empty),
        TEST(text__is_wrapped_at_the_width),
        TEST(headings__are_wrapped_too),
        TEST(pairs__with_a_long_label_are_wrapped_too),
        TEST(paragraphs__keep_their_parts),
        TEST(wide_characters__count_two_cells),
        TEST(commands_and_links__are_never_broken),
        TEST(long_words__in_running_text_are_never_broken),
        TEST(controls__never_get_out),
        TEST(markdown__escapes_what_marks_up),
        TEST(markdown__fences_code_with_enough_backticks),
        TEST(html__escapes_everywhere),
        TEST(placeholders__are_filled_or_shown_as_capitals),
        TEST(commands__take_sound_values),
        TEST(commands__never_take_what_breaks_the_grammar),
        TEST(commands__take_no_very_long_value),
        TEST(commands__hold_plain_bytes_only),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
