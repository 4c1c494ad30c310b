#include "unit/unit.h"

#include "xml/prose.h"
#include "xml/vocabulary.h"

/* The reader of XML files: its limits, and faults that name file and line. */

static struct arena arena;
static struct err_list faults;

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

/* What the stream gave: "<a x=1>" and so on. */
struct seen {
    struct buf events;
    unsigned opened, closed;
    size_t text_bytes;
};

static void on_open(void *context, const struct xml_element *element)
{
    struct seen *seen = context;

    seen->opened++;
    if (seen->events.len < 1000) {
        buf_addf(&seen->events, "<%.*s", (int)element->name.len, element->name.ptr);
        for (size_t i = 0; i < element->attribute_count; i++) {
            const struct xml_attribute *a = &element->attributes[i];

            buf_addf(&seen->events, " %.*s=%.*s", (int)a->name.len, a->name.ptr, (int)a->value.len,
                     a->value.ptr);
        }
        buf_addf(&seen->events, ":%u>", element->line);
    }
}

static void on_text(void *context, struct str text)
{
    struct seen *seen = context;

    seen->text_bytes += text.len;
    buf_add_str(&seen->events, text);
}

static void on_close(void *context, struct str name, unsigned line)
{
    struct seen *seen = context;

    seen->closed++;
    if (seen->events.len < 1000) {
        buf_addf(&seen->events, "</%.*s:%u>", (int)name.len, name.ptr, line);
    }
}

static const struct xml_handler events = {on_open, on_text, on_close};

static bool parse(struct str bytes, struct seen *seen)
{
    err_list_init(&faults, &arena);
    *seen = (struct seen){0};
    buf_init(&seen->events, 4000);
    bool sound = xml_parse(STR_LIT("test.xml"), bytes, &events, seen, &faults);

    assert_true(sound == (faults.count == 0));
    return sound;
}

static void accepted(struct str bytes)
{
    struct seen seen;

    if (!parse(bytes, &seen)) {
        struct str words = err_format(&arena, &faults.items[0]);

        fail_msg("refused: %.*s", (int)words.len, words.ptr);
    }
    assert_int_equal(seen.opened, seen.closed);
    buf_fini(&seen.events);
}

/* One fault that begins with `want`, which names file and line. */
static void refused(struct str bytes, const char *want)
{
    struct seen seen;

    if (parse(bytes, &seen)) {
        fail_msg("accepted, want \"%s\"", want);
    }
    assert_int_equal(faults.count, 1);
    struct str words = err_format(&arena, &faults.items[0]);

    if (!str_starts(words, str_from(want))) {
        fail_msg("got \"%.*s\", want \"%s\"", (int)words.len, words.ptr, want);
    }
    buf_fini(&seen.events);
}

/* `head`, then `unit` `count` times, then `tail`. */
static struct str repeated(const char *head, const char *unit, size_t count, const char *tail)
{
    struct buf buf;

    buf_init(&buf, BUF_NO_LIMIT);
    buf_add_z(&buf, head);
    for (size_t i = 0; i < count; i++) {
        buf_add_z(&buf, unit);
    }
    buf_add_z(&buf, tail);
    struct str text = str_dup(&arena, buf_str(&buf));

    buf_fini(&buf);
    return text;
}

static void parse__gives_elements_text_and_lines(void **state)
{
    struct seen seen;

    (void)state;
    assert_true(parse(STR_LIT("<?xml version=\"1.0\"?>\n<a xml:lang=\"en\">\n"
                              "<b x='1 2'/>&lt;&#65;<![CDATA[<c>&]]></a>\n"),
                      &seen));
    assert_str(buf_str(&seen.events),
               "<a xml:lang=en:2>\n<b x=1 2:3></b:3><A<c>&</a:3>");
    buf_fini(&seen.events);
}

static void attribute_values__have_their_entities_resolved(void **state)
{
    struct seen seen;

    (void)state;
    assert_true(parse(STR_LIT("<a href='?x=1&amp;y=&lt;&#65;&quot;&gt;'/>"), &seen));
    assert_str(buf_str(&seen.events), "<a href=?x=1&y=<A\">:1></a:1>");
    buf_fini(&seen.events);
}

static void doctype__is_refused_wherever_it_hides(void **state)
{
    (void)state;
    refused(STR_LIT("<!DOCTYPE a>\n<a/>"), "test.xml:1: DOCTYPE is not allowed");
    refused(STR_LIT("<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<a/>"),
            "test.xml:2: DOCTYPE is not allowed");
    /* A comment for the first look, a processing instruction and a DOCTYPE for the library. */
    refused(STR_LIT("<?x > <!-- ?>\n<!DOCTYPE a [<!ENTITY e \"x\">]>\n<a>&e;</a><!-- -->"),
            "test.xml:2: DOCTYPE is not allowed");
    refused(STR_LIT("<?x ' ?>\n<!DOCTYPE a [<!ENTITY e 'x'>]>\n<a>&e;</a>"),
            "test.xml:2: DOCTYPE is not allowed");
    accepted(STR_LIT("<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]></a>"));
}

static void entities__cannot_be_made_or_fetched(void **state)
{
    (void)state;
    refused(STR_LIT("<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">"
                    "<!ENTITY c \"&b;&b;&b;&b;&b;\">]>\n<l>&c;</l>"),
            "test.xml:1: DOCTYPE is not allowed");
    refused(STR_LIT("<!DOCTYPE l [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]>\n<l/>"),
            "test.xml:1: DOCTYPE is not allowed");
    refused(STR_LIT("<a>\n&nbsp;</a>"), "test.xml:2: unknown entity");
    refused(STR_LIT("<a x=\"&e;\"/>"), "test.xml:1: unknown entity");
    refused(STR_LIT("<a>&#0;</a>"), "test.xml:1: ");
}

static void depth__has_a_limit(void **state)
{
    (void)state;
    struct str open = repeated("", "<a>", XML_DEPTH_MAX, "");
    struct str deep = repeated("", "</a>", XML_DEPTH_MAX, "");

    accepted(str_printf(&arena, "%.*s%.*s", (int)open.len, open.ptr, (int)deep.len, deep.ptr));
    refused(repeated("", "<a>\n", XML_DEPTH_MAX + 1, ""), "test.xml:65: elements are nested too deep");
    refused(repeated("", "<a>", 200000, ""), "test.xml:1: elements are nested too deep");
}

static void counts__have_limits(void **state)
{
    struct str attributes = STR_NULL;

    (void)state;
    accepted(repeated("<a>", "<b/>", XML_ELEMENTS_MAX - 1, "</a>"));
    refused(repeated("<a>", "<b/>", XML_ELEMENTS_MAX, "</a>"), "test.xml:1: too many elements");
    for (int i = 0; i < XML_ATTRIBUTES_MAX; i++) {
        attributes = str_printf(&arena, "%.*s a%d='x=y'", (int)attributes.len,
                                attributes.len ? attributes.ptr : "", i);
    }
    accepted(str_printf(&arena, "<a%.*s/>", (int)attributes.len, attributes.ptr));
    refused(str_printf(&arena, "<a%.*s b='1'/>", (int)attributes.len, attributes.ptr),
            "test.xml:1: too many attributes");
    refused(repeated("<a>\n<b x=\"", "y", XML_TAG_MAX_BYTES, "\"/></a>"),
            "test.xml:2: a tag is longer than 16 KiB");
}

static void size__ends_at_four_mebibytes(void **state)
{
    size_t around = strlen("<a></a>");

    (void)state;
    accepted(repeated("<a>", "x", XML_FILE_MAX_BYTES - around, "</a>"));
    refused(repeated("<a>", "x", XML_FILE_MAX_BYTES - around + 1, "</a>"),
            "test.xml:1: larger than 4 MiB");
}

static void encoding__is_utf8_only(void **state)
{
    (void)state;
    accepted(STR_LIT("\xEF\xBB\xBF<a>\xC3\xA4</a>"));
    accepted(STR_LIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>\xC3\xA4</a>"));
    refused(STR_LIT("<a>\n\xE4</a>"), "test.xml:2: a character that is not UTF-8");
    refused(STR_LIT("<a>\n\xC0\x80</a>"), "test.xml:2: ");
    refused(STR_LIT("<a>\n\xED\xA0\x80</a>"), "test.xml:2: ");
    refused(STR_LIT("<a>\nx\0y</a>"), "test.xml:2: ");
    refused(STR_LIT("<a>\n\001</a>"), "test.xml:2: ");
    refused(STR_LIT("<?xml version=\"1.0\" encoding=\"no-such\"?><a/>"), "test.xml:1: ");
    refused(STR_LIT("\xFF\xFE<\0a\0/\0>\0"), "test.xml:1: the file is not UTF-8");
    refused(STR_LIT("\xFE\xFF\0<\0a\0/\0>"), "test.xml:1: the file is not UTF-8");
    refused(STR_LIT("<\0a\0/\0>\0"), "test.xml:1: the file is not UTF-8");
}

static void another_encoding__is_refused_even_when_declared(void **state)
{
    (void)state;
    refused(STR_LIT("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE4</a>"), "test.xml:1: ");
    refused(STR_LIT("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a>+ADw-</a>"), "test.xml:1: ");
}

static void broken_xml__names_its_line(void **state)
{
    static const struct {
        const char *xml;
        const char *want;
    } table[] = {
        {"words", "test.xml:1: "},
        {"<a>\n<b>\n</b>\n", "test.xml:3: the file ends inside an element"},
        {"<a>\n<b", "test.xml:2: "},
        {"<a>\n<b></a>", "test.xml:2: end tag does not fit the open element"},
        {"<a>\n<b x='1' x='2'/></a>", "test.xml:2: the same attribute stands twice"},
        {"<a>\n<b x=1/></a>", "test.xml:2: not well-formed XML"},
        {"<a/>\n<b/>", "test.xml:2: "},
        {"<a>\n<![CDATA[x</a>", "test.xml:2: "},
        {"<a>\n<!-- x</a>", "test.xml:2: "},
        {"<a>\n& </a>", "test.xml:2: not well-formed XML"},
        {"<a></a>\n</a>", "test.xml:2: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        refused(str_from(table[i].xml), table[i].want);
    }
}

static void an_empty_file__holds_no_xml(void **state)
{
    (void)state;
    refused(STR_LIT(""), "test.xml:1: the file holds no XML");
    refused(STR_LIT("\xEF\xBB\xBF"), "test.xml:1: the file holds no XML");
    refused(STR_LIT(" \n"), "test.xml:");
}

static void faults__never_quote_the_file(void **state)
{
    struct seen seen;

    (void)state;
    assert_false(parse(STR_LIT("root:secret:0:0\n"), &seen));
    assert_int_equal(str_find(err_format(&arena, &faults.items[0]), STR_LIT("secret"), 0), STR_NPOS);
    buf_fini(&seen.events);
}

/* --- a vocabulary --- */

enum { V_BOOK, V_PAGE, V_LINE };

static const struct vocabulary_rule rules[] = {
    {V_BOOK, VOCABULARY_ROOT, "book", "id", "xml:lang", false},
    {V_PAGE, V_BOOK, "page", "number title", "", false},
    {V_LINE, V_PAGE, "line", "", "", true},
    {V_LINE, V_LINE, "line", "", "", true},
};

static void v_open(void *context, int id, const struct xml_element *element)
{
    struct buf *out = context;

    (void)element;
    buf_addf(out, "%d(", id);
}

static void v_close(void *context, int id, struct str text, unsigned line)
{
    struct buf *out = context;

    (void)id;
    buf_add_str(out, text);
    buf_addf(out, ")%u", line);
}

static bool read_book(const char *xml, struct buf *out)
{
    static const struct vocabulary_handler handler = {v_open, v_close};

    err_list_init(&faults, &arena);
    return vocabulary_read(STR_LIT("book.xml"), str_from(xml), rules, sizeof rules / sizeof rules[0],
                           &handler, out, &faults);
}

static void vocabulary__gives_each_element_its_own_text(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, BUF_NO_LIMIT);
    assert_true(read_book("<book id='b' xml:lang='en'>\n<page number='1' title='t'>"
                          "<line>a<line>b</line>c</line></page>\n</book>",
                          &out));
    assert_str(buf_str(&out), "0(1(2(2(b)2ac)2)2)3");
    buf_fini(&out);
}

static void vocabulary__names_every_fault_with_its_line(void **state)
{
    static const struct {
        const char *xml;
        const char *want[3];
    } table[] = {
        {"<pamphlet/>", {"book.xml:1: unknown element <pamphlet> as the root"}},
        {"<book id='b'>\n<leaf/>\n</book>", {"book.xml:2: unknown element <leaf> in <book>"}},
        {"<book id='b'>\n<line>x</line></book>", {"book.xml:2: unknown element <line> in <book>"}},
        /* What stands inside an unknown element is not reported again. */
        {"<book id='b'>\n<leaf x='1'>words<page/></leaf></book>",
         {"book.xml:2: unknown element <leaf> in <book>"}},
        {"<book id='b'\n colour='red'>\n</book>", {"book.xml:"}},
        {"<book id='b'>\n<page number='1' title='t' size='3'/></book>",
         {"book.xml:2: unknown attribute size in <page>"}},
        {"<book>\n</book>", {"book.xml:1: <book> needs the attribute id"}},
        {"<book id=''/>", {"book.xml:1: <book> needs the attribute id"}},
        {"<book id='b'>\n<page/></book>",
         {"book.xml:2: <page> needs the attribute number", "book.xml:2: <page> needs the attribute title"}},
        {"<book id='b'>words<page number='1' title='t'/>more</book>", {"book.xml:1: text directly in <book>"}},
        {"<book id='b'>\n<page number='1' title='t'>\nwords</page></book>",
         {"book.xml:2: text directly in <page>"}},
        {"<book id='b'>\n<leaf/>\n<page title='t'/>\n<page number='2' title='t'>x</page></book>",
         {"book.xml:2: unknown element <leaf>", "book.xml:3: <page> needs the attribute number",
          "book.xml:4: text directly in <page>"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buf out;
        size_t count = 0;

        buf_init(&out, BUF_NO_LIMIT);
        assert_false(read_book(table[i].xml, &out));
        while (count < 3 && table[i].want[count]) {
            assert_true(count < faults.count);
            struct str words = err_format(&arena, &faults.items[count]);

            if (!str_starts(words, str_from(table[i].want[count]))) {
                fail_msg("got \"%.*s\", want \"%s\"", (int)words.len, words.ptr, table[i].want[count]);
            }
            count++;
        }
        assert_int_equal(faults.count, count);
        buf_fini(&out);
    }
}

static void vocabulary_read_file__says_why_a_file_cannot_be_read(void **state)
{
    static const struct vocabulary_handler handler = {v_open, v_close};
    static const char *const paths[] = {"/no/such/book.xml", "/", "/dev/null"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        err_list_init(&faults, &arena);
        assert_false(vocabulary_read_file(paths[i], rules, sizeof rules / sizeof rules[0], &handler,
                                          NULL, &faults));
        assert_int_equal(faults.count, 1);
        assert_str(faults.items[0].file, paths[i]);
        assert_true(faults.items[0].what.len > 0);
    }
}

static void prose_fold__keeps_paragraphs_and_items(void **state)
{
    (void)state;
    assert_str(prose_fold(&arena, STR_LIT("\n   one\n  two\tthree  \n\n\n  four\n - five\n  six\n")),
               "one two three\n\nfour\n- five six");
    assert_str(prose_fold(&arena, STR_LIT("  \n\n ")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse__gives_elements_text_and_lines),
        cmocka_unit_test(attribute_values__have_their_entities_resolved),
        cmocka_unit_test(doctype__is_refused_wherever_it_hides),
        cmocka_unit_test(entities__cannot_be_made_or_fetched),
        cmocka_unit_test(depth__has_a_limit),
        cmocka_unit_test(counts__have_limits),
        cmocka_unit_test(size__ends_at_four_mebibytes),
        cmocka_unit_test(encoding__is_utf8_only),
        cmocka_unit_test(another_encoding__is_refused_even_when_declared),
        cmocka_unit_test(broken_xml__names_its_line),
        cmocka_unit_test(an_empty_file__holds_no_xml),
        cmocka_unit_test(faults__never_quote_the_file),
        cmocka_unit_test(vocabulary__gives_each_element_its_own_text),
        cmocka_unit_test(vocabulary__names_every_fault_with_its_line),
        cmocka_unit_test(vocabulary_read_file__says_why_a_file_cannot_be_read),
        cmocka_unit_test(prose_fold__keeps_paragraphs_and_items),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
