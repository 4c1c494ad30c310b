#include "unit/unit.h"

#include <unistd.h>

#include "match/signature.h"

/* The knowledge from small files in a folder of its own: codes, names, layers, faults. */

static struct arena arena;
static struct err_list faults;
static struct kb kb;
static char folder[] = "/tmp/ndr-kb-XXXXXX";
static const char *const file_names[] = {"a.xml", "b.xml", "not-xml.txt"};

static void remove_files(void)
{
    for (size_t i = 0; i < sizeof file_names / sizeof file_names[0]; i++) {
        (void)unlink(file_join(&arena, folder, file_names[i]));
    }
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    remove_files();
    (void)rmdir(folder);
    arena_fini(&arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    remove_files();
    err_list_init(&faults, &arena);
    kb_init(&kb);
    return 0;
}

static int done(void **state)
{
    (void)state;
    kb_fini(&kb);
    return 0;
}

static void write_file(const char *name, struct str text)
{
    FILE *file = fopen(file_join(&arena, folder, name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static struct str knowledge(struct str entries)
{
    return str_printf(&arena, "<knowledge version=\"1\" updated=\"2026-01-02\">\n%.*s</knowledge>\n",
                      (int)entries.len, entries.ptr);
}

#define TEXTS "<title>T</title><summary>S</summary><cause>C</cause>"
#define SAMPLE "<sample origin=\"made\">550 5.1.1 no</sample>"
#define HEAD(id) "<entry id=\"" id "\" category=\"address\" owner=\"sender\" kind=\"permanent\">"

/* A sound entry with `more` inside. */
static struct str entry(const char *id, const char *more)
{
    return str_printf(&arena,
                      "<entry id=\"%s\" category=\"address\" owner=\"sender\" kind=\"permanent\">" TEXTS
                      "%s" SAMPLE "</entry>\n",
                      id, more);
}

static struct str joined(struct str a, struct str b)
{
    return str_printf(&arena, "%.*s%.*s", (int)a.len, a.ptr, (int)b.len, b.ptr);
}

/* Loads one file of these entries as a layer; replaces what the folder held. */
static bool load(struct str entries, enum kb_layer layer)
{
    remove_files();
    write_file("a.xml", knowledge(entries));
    return kb_load_folder(&kb, folder, layer, &faults);
}

static void has_fault(size_t index, unsigned line, const char *words)
{
    if (index >= faults.count) {
        fail_msg("%zu faults, want \"%s\"", faults.count, words);
    }
    const struct err *err = &faults.items[index];

    if (str_find(err->what, str_from(words), 0) == STR_NPOS) {
        fail_msg("got \"%.*s\", want \"%s\"", (int)err->what.len, err->what.ptr, words);
    }
    assert_int_equal(err->line, line);
    assert_true(str_starts(err->file, str_from(folder)));
}

static void codes__are_read_with_ranges_and_x(void **state)
{
    static const struct {
        const char *text;
        unsigned short class_, subject, detail, last;
    } table[] = {
        {"5.7.23", 5, 7, 23, 23},       {"4.7.500..4.7.699", 4, 7, 500, 699}, {"X.7.26", 0, 7, 26, 26},
        {"x.1.10", 0, 1, 10, 10},       {"5.0.0", 5, 0, 0, 0},                {"2.1.5", 2, 1, 5, 5},
        {" 5.7.999\n ", 5, 7, 999, 999}, {"5.7.1..5.7.1", 5, 7, 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char *more = str_dup_z(&arena, str_printf(&arena, "<code>%s</code>", table[i].text));

        kb_fini(&kb);
        kb_init(&kb);
        assert_true(load(entry("e", more), KB_LAYER_SHIPPED));
        assert_true(kb_finish(&kb, &faults));
        assert_int_equal(kb.count, 1);
        assert_int_equal(kb.entries[0]->code_count, 1);
        const struct kb_code *code = &kb.entries[0]->codes[0];

        assert_int_equal(code->class_, table[i].class_);
        assert_int_equal(code->subject, table[i].subject);
        assert_int_equal(code->detail, table[i].detail);
        assert_int_equal(code->last_detail, table[i].last);
    }
}

static void codes__say_where_they_need_words(void **state)
{
    (void)state;
    assert_true(load(joined(entry("a-rare", "<code words=\"always\">5.1.9</code><code>5.1.8</code>"),
                            joined(entry("b-shared", "<code words=\"yes\">5.1.9</code>"),
                                   entry("c-own", "<code>5.1.9</code>"))),
                     KB_LAYER_SHIPPED));
    assert_true(kb_finish(&kb, &faults));
    struct kb_hits hits = kb_find_code(&kb, &arena, 5, 1, 9);

    assert_int_equal(hits.count, 3);
    assert_str(hits.items[0]->id, "b-shared");
    assert_str(hits.items[1]->id, "c-own");
    assert_str(hits.items[2]->id, "a-rare"); /* the number never leads to it: last */
    assert_int_equal(kb_entry_needs_words(hits.items[0], 5, 1, 9), KB_NEEDS_WORDS_ELSEWHERE);
    assert_int_equal(kb_entry_needs_words(hits.items[1], 5, 1, 9), KB_NEEDS_WORDS_NOWHERE);
    assert_int_equal(kb_entry_needs_words(hits.items[2], 5, 1, 9), KB_NEEDS_WORDS_ALWAYS);
    assert_int_equal(kb_entry_needs_words(hits.items[2], 5, 1, 8), KB_NEEDS_WORDS_NOWHERE);
}

static void codes__that_are_none_are_faults(void **state)
{
    static const char *const codes[] = {
        "",         "5",        "5.7",          "5.7.1.2",        "3.7.1",          "5.7.1000", "5.a.1",
        "5..1",     "5.7.-1",   "XX.7.1",       "5.X.1",          "5.7.",           ".7.1",     "550",
        "5.7.1..",  "..5.7.1",  "5.7.9..5.7.1", "5.7.1..4.7.9",   "5.7.1..5.6.9",   "5.7.1..9", "5.7.1...5.7.9",
        "5.7.1 2",      };

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct str more = str_printf(&arena, "\n<code>%s</code>", codes[i]);

        err_list_init(&faults, &arena);
        if (load(entry("e", str_dup_z(&arena, more)), KB_LAYER_SHIPPED)) {
            fail_msg("accepted the code \"%s\"", codes[i]);
        }
        assert_int_equal(faults.count, 1);
        has_fault(0, 3, "not a code or a range of codes");
        assert_int_equal(kb.count, 0);
    }
}

static void ranges__have_two_ends(void **state)
{
    (void)state;
    assert_false(load(entry("e", "<code>5.7.1..5.7.2..5.7.3</code>"), KB_LAYER_SHIPPED));
    has_fault(0, 2, "not a code or a range of codes");
}

static void replies__are_between_200_and_599(void **state)
{
    static const char *const wrong[] = {"199", "600", "55", "5.5", "abc", ""};

    (void)state;
    assert_true(load(entry("e", "<reply>550</reply><reply>421</reply>"), KB_LAYER_SHIPPED));
    assert_int_equal(kb.entries[0]->reply_count, 2);
    assert_int_equal(kb.entries[0]->replies[1], 421);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        err_list_init(&faults, &arena);
        struct str more = str_printf(&arena, "<reply>%s</reply>", wrong[i]);

        assert_false(load(entry("f", str_dup_z(&arena, more)), KB_LAYER_SHIPPED));
        has_fault(0, 2, "not a reply code");
    }
}

static void find_code__exact_before_range_before_x(void **state)
{
    struct kb_hits hits;

    (void)state;
    /* The ids are in the order that the sorting would give without the rule. */
    assert_true(load(joined(joined(entry("a-x", "<code>X.7.606</code>"),
                                   entry("b-range", "<code>5.7.600..5.7.649</code>")),
                            joined(entry("c-exact", "<code>5.7.1</code><code>5.7.606</code>"),
                                   entry("d-other", "<code>4.7.606</code><code>5.6.606</code>"))),
                     KB_LAYER_SHIPPED));
    assert_true(kb_finish(&kb, &faults));
    hits = kb_find_code(&kb, &arena, 5, 7, 606);
    assert_int_equal(hits.count, 3);
    assert_str(hits.items[0]->id, "c-exact");
    assert_str(hits.items[1]->id, "b-range");
    assert_str(hits.items[2]->id, "a-x");
    assert_int_equal(kb_entry_has_code(hits.items[0], 5, 7, 606), 3);
    assert_int_equal(kb_entry_has_code(hits.items[1], 5, 7, 606), 2);
    assert_int_equal(kb_entry_has_code(hits.items[2], 5, 7, 606), 1);
    assert_int_equal(kb_entry_has_code(hits.items[1], 5, 7, 599), 0);
    assert_int_equal(kb_entry_has_code(hits.items[1], 5, 7, 600), 2);
    assert_int_equal(kb_entry_has_code(hits.items[1], 5, 7, 649), 2);
    assert_int_equal(kb_entry_has_code(hits.items[1], 5, 7, 650), 0);
    assert_int_equal(kb_entry_has_code(hits.items[1], 4, 7, 606), 0);
    assert_int_equal(kb_find_code(&kb, &arena, 4, 7, 606).count, 2);
    assert_int_equal(kb_find_code(&kb, &arena, 5, 9, 9).count, 0);
    /* Any class: all four. */
    assert_int_equal(kb_find_code(&kb, &arena, 0, 7, 606).count, 4);
}

static void aliases__answer_for_their_entry(void **state)
{
    (void)state;
    assert_true(load(joined(entry("other", ""),
                            STR_LIT("<entry id=\"new\" alias=\"old older\" category=\"address\" owner=\"sender\" "
                                    "kind=\"permanent\">" TEXTS SAMPLE "<related entry=\"older\"/></entry>")),
                     KB_LAYER_SHIPPED));
    assert_true(kb_finish(&kb, &faults));
    assert_int_equal(kb.count, 2);
    assert_non_null(kb_entry_find(&kb, STR_LIT("old")));
    assert_str(kb_entry_find(&kb, STR_LIT("old"))->id, "new");
    assert_ptr_equal(kb_entry_find(&kb, STR_LIT("older")), kb_entry_find(&kb, STR_LIT("new")));
    assert_null(kb_entry_find(&kb, STR_LIT("ol")));
    assert_null(kb_entry_find(&kb, STR_LIT("")));
    assert_null(kb_entry_find(&kb, STR_LIT("OLD")));
}

static void a_later_layer__replaces_by_id(void **state)
{
    (void)state;
    assert_true(load(joined(entry("a", "<code>5.1.1</code>"), entry("b", "")), KB_LAYER_SHIPPED));
    assert_true(load(entry("a", "<code>5.1.2</code>"), KB_LAYER_SITE));
    assert_true(load(joined(entry("a", "<code>5.1.3</code>"), entry("c", "")), KB_LAYER_USER));
    assert_true(kb_finish(&kb, &faults));
    assert_int_equal(kb.count, 3);
    assert_int_equal(kb_entry_find(&kb, STR_LIT("a"))->layer, KB_LAYER_USER);
    assert_int_equal(kb_find_code(&kb, &arena, 5, 1, 1).count, 0);
    assert_int_equal(kb_find_code(&kb, &arena, 5, 1, 2).count, 0);
    assert_int_equal(kb_find_code(&kb, &arena, 5, 1, 3).count, 1);
    assert_int_equal(kb_entry_find(&kb, STR_LIT("b"))->layer, KB_LAYER_SHIPPED);
    assert_int_equal(kb.category_count[KB_CATEGORY_ADDRESS], 3);
}

static void house_notes__stand_with_their_entry(void **state)
{
    (void)state;
    assert_true(load(STR_LIT("<entry id=\"new\" alias=\"old\" category=\"address\" owner=\"sender\" kind=\"permanent\">" TEXTS
                             SAMPLE "<note>Shipped.</note></entry>"), KB_LAYER_SHIPPED));
    assert_true(load(joined(STR_LIT("<contact owner=\"domain-owner\">the network desk</contact>"),
                            STR_LIT("<note entry=\"old\">Was the firewall.</note>")), KB_LAYER_SITE));
    assert_true(load(STR_LIT("<note entry=\"new\">Ask Kim.</note>"), KB_LAYER_USER));
    assert_true(kb_finish(&kb, &faults));
    const struct kb_entry *found = kb_entry_find(&kb, STR_LIT("new"));

    assert_int_equal(found->note_count, 3);
    assert_str(found->notes[1].text, "Was the firewall.");
    assert_str(kb_layer_name(found->notes[1].layer), "site");
    assert_str(found->notes[2].text, "Ask Kim.");
    assert_str(kb_layer_name(found->notes[2].layer), "user");
    assert_str(kb.contacts[PROSE_OWNER_DOMAIN_OWNER], "the network desk");

    /* They are given once, however often the knowledge is finished. */
    assert_true(kb_finish(&kb, &faults));
    assert_int_equal(kb_entry_find(&kb, STR_LIT("new"))->note_count, 3);
}

static void house_notes__of_no_entry_are_a_fault(void **state)
{
    (void)state;
    assert_true(load(entry("a", ""), KB_LAYER_SHIPPED));
    assert_true(load(STR_LIT("<note entry=\"b\">Nobody's.</note>"), KB_LAYER_USER));
    assert_false(kb_finish(&kb, &faults));
    has_fault(0, 2, "the note is for entry b, which does not exist");
}

static void contacts__are_for_owners_that_there_are(void **state)
{
    (void)state;
    assert_false(load(STR_LIT("<contact owner=\"neighbor\">next door</contact>"), KB_LAYER_USER));
    has_fault(0, 2, "unknown owner");
}

static void two_of_an_id_in_one_layer__are_a_fault(void **state)
{
    (void)state;
    write_file("a.xml", knowledge(entry("a", "")));
    write_file("b.xml", knowledge(entry("a", "")));
    assert_true(kb_load_folder(&kb, folder, KB_LAYER_SHIPPED, &faults));
    assert_false(kb_finish(&kb, &faults));
    assert_int_equal(faults.count, 1);
    has_fault(0, 2, "the id a stands twice");
    assert_int_equal(kb.count, 1);
}

static void a_faulty_layer__is_left_out_whole(void **state)
{
    (void)state;
    assert_true(load(entry("a", ""), KB_LAYER_SHIPPED));
    remove_files();
    write_file("a.xml", knowledge(joined(entry("a", "<code>5.1.9</code>"), entry("sound", ""))));
    write_file("b.xml", knowledge(entry("wrong", "<colour/>")));
    assert_false(kb_load_folder(&kb, folder, KB_LAYER_SITE, &faults));
    assert_int_equal(faults.count, 1);
    has_fault(0, 2, "unknown element <colour> in <entry>");
    assert_true(kb_finish(&kb, &faults));
    assert_int_equal(kb.count, 1);
    assert_int_equal(kb_entry_find(&kb, STR_LIT("a"))->layer, KB_LAYER_SHIPPED);
}

static void a_missing_folder__is_an_empty_layer(void **state)
{
    (void)state;
    assert_true(kb_load_folder(&kb, "/no/such/folder", KB_LAYER_SITE, &faults));
    assert_true(load(entry("a", ""), KB_LAYER_USER));
    write_file("not-xml.txt", STR_LIT("<broken"));
    assert_true(kb_load_folder(&kb, "/no/such/folder", KB_LAYER_USER, &faults));
    assert_true(kb_finish(&kb, &faults));
    assert_int_equal(kb.count, 1);
    assert_int_equal(faults.count, 0);
}

static void entries__have_what_they_need(void **state)
{
    static const struct {
        const char *xml;
        const char *want;
    } table[] = {
        {HEAD("e") "<summary>S</summary><cause>C</cause>" SAMPLE "</entry>", "title, summary or cause"},
        {HEAD("e") "<title>T</title><cause>C</cause>" SAMPLE "</entry>", "title, summary or cause"},
        {HEAD("e") "<title>T</title><summary>S</summary>" SAMPLE "</entry>", "title, summary or cause"},
        {HEAD("e") "<title> \n</title><summary>S</summary><cause>C</cause>" SAMPLE "</entry>",
         "title, summary or cause"},
        {HEAD("e") TEXTS "</entry>", "without a sample"},
        {"<entry id='e' category='weather' owner='sender' kind='permanent'>" TEXTS SAMPLE "</entry>",
         "unknown category: weather"},
        {"<entry id='e' category='address' owner='janitor' kind='permanent'>" TEXTS SAMPLE "</entry>",
         "unknown owner: janitor"},
        {"<entry id='e' category='address' owner='sender janitor' kind='permanent'>" TEXTS SAMPLE "</entry>",
         "unknown owner"},
        {"<entry id='e' category='address' owner=' ' kind='permanent'>" TEXTS SAMPLE "</entry>", "owner"},
        {"<entry id='e' category='address' owner='sender' kind='forever'>" TEXTS SAMPLE "</entry>",
         "unknown kind: forever"},
        {"<entry id='e' category='address' owner='sender'>" TEXTS SAMPLE "</entry>", "needs the attribute kind"},
        {"<entry category='address' owner='sender' kind='permanent'>" TEXTS SAMPLE "</entry>",
         "needs the attribute id"},
        {HEAD("e") TEXTS SAMPLE "<remedy owner='janitor'><step>s</step></remedy></entry>", "unknown owner: janitor"},
        {HEAD("e") TEXTS SAMPLE "<message to='queen'>m</message></entry>", "unknown reader of a message: queen"},
        {HEAD("e") TEXTS SAMPLE "<source document='d' doubt='maybe'/></entry>", "unknown doubt: maybe"},
        {HEAD("e") TEXTS "<sample origin='dreamt'>x</sample></entry>", "unknown origin of a sample: dreamt"},
        {HEAD("e") TEXTS SAMPLE
         "<remedy owner='sender'><step>s<command shell='fish'>ls</command></step></remedy></entry>",
         "unknown shell: fish"},
        {HEAD("e") TEXTS SAMPLE "words</entry>", "text directly in <entry>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        err_list_init(&faults, &arena);
        if (load(str_from(table[i].xml), KB_LAYER_SHIPPED)) {
            fail_msg("accepted, want \"%s\"", table[i].want);
        }
        has_fault(0, 2, table[i].want);
    }
}

static void a_version__that_is_not_known_is_a_fault(void **state)
{
    (void)state;
    write_file("a.xml", STR_LIT("<knowledge version=\"2\" updated=\"2026-01-02\"/>"));
    assert_false(kb_load_folder(&kb, folder, KB_LAYER_SHIPPED, &faults));
    has_fault(0, 1, "unknown version");
}

static void related__must_exist(void **state)
{
    (void)state;
    assert_true(load(entry("a", "<related entry=\"nowhere\"/>"), KB_LAYER_SHIPPED));
    assert_false(kb_finish(&kb, &faults));
    has_fault(0, 2, "related entry nowhere does not exist");
}

static void entries__are_read_whole(void **state)
{
    (void)state;
    write_file("a.xml",
               STR_LIT("<knowledge version=\"1\" updated=\"2026-01-02\" provider=\"exo\">\n"
                       "<entry id=\"e\" category=\"auth\" owner=\"sender-admin domain-owner\" kind=\"expired\" "
                       "tree=\"spf\" node=\"S1\">\n<code>5.7.1</code><title>T  one</title>\n"
                       "<match dialect=\"yes\"><text>first words</text><text>second words</text></match>\n"
                       "<match weak=\"yes\"><text>weak words</text><not>not these</not></match>\n"
                       "<summary>S</summary><cause>C\n\n   more</cause>\n"
                       "<remedy owner=\"sender-admin\"><step>do "
                       "<command shell=\"sh\"> dig x\n</command></step></remedy>\n"
                       "<message to=\"sender\">Hello {rcpt}</message><link href=\"https://example.org/\">L</link>\n"
                       "<note>N</note><source document=\"D\" doubt=\"known\">text</source>\n"
                       "<sample origin=\"real\" status=\"5.7.1\" rcpt=\"lee@example.org\">550 5.7.1 x</sample>\n"
                       "</entry></knowledge>"));
    assert_true(kb_load_folder(&kb, folder, KB_LAYER_SHIPPED, &faults));
    assert_true(kb_finish(&kb, &faults));
    const struct kb_entry *e = kb_entry_find(&kb, STR_LIT("e"));

    assert_non_null(e);
    assert_str(kb.updated, "2026-01-02");
    assert_str(e->provider, "exo");
    assert_int_equal(e->line, 2);
    assert_int_equal(e->category, KB_CATEGORY_AUTH);
    assert_int_equal(e->kind, KB_KIND_EXPIRED);
    assert_int_equal(e->owner_count, 2);
    assert_int_equal(e->owners[1], PROSE_OWNER_DOMAIN_OWNER);
    assert_str(e->tree, "spf");
    assert_str(e->node, "S1");
    assert_str(e->title, "T one");
    assert_str(e->cause, "C\n\nmore");
    assert_int_equal(e->match_count, 2);
    assert_int_equal(e->matches[0].text_count, 2);
    assert_str(e->matches[0].texts[1], "second words");
    assert_true(e->matches[0].dialect);
    assert_false(e->matches[0].weak);
    assert_true(e->matches[1].weak);
    assert_false(e->matches[1].dialect);
    assert_str(e->nots[0], "not these");
    assert_str(e->remedies[0].steps.items[0].text, "do");
    assert_str(e->remedies[0].steps.items[0].commands[0].text, "dig x");
    assert_int_equal(e->remedies[0].steps.items[0].commands[0].shell, PROSE_SHELL_SH);
    assert_non_null(prose_message_for(&e->messages, PROSE_TO_SENDER));
    assert_null(prose_message_for(&e->messages, PROSE_TO_TICKET));
    assert_int_equal(e->sources.items[0].doubt, PROSE_KNOWN);
    assert_int_equal(e->sample_count, 1);
    assert_int_equal(e->samples[0].capture_count, 1);
    assert_str(e->samples[0].captures[0].fact, "rcpt");
}

static void categories__are_found_by_their_slug(void **state)
{
    (void)state;
    for (int i = 0; i < KB_CATEGORY_COUNT; i++) {
        assert_int_equal(kb_category_find(kb_category_slug((enum kb_category)i)), i);
        assert_true(kb_category_title((enum kb_category)i).len > 0);
    }
    assert_int_equal(kb_category_find(STR_LIT("Address")), KB_CATEGORY_COUNT);
    assert_int_equal(kb_category_find(STR_LIT("")), KB_CATEGORY_COUNT);
}

/* --- signatures --- */

static struct str bytes_of(char c, size_t count)
{
    char *bytes = arena_alloc(&arena, count + 1, 1);

    memset(bytes, c, count);
    return str_make(bytes, count);
}

static void signatures__have_limits(void **state)
{
    static const struct {
        const char *text;
        const char *wrong; /* NULL: sound */
    } table[] = {
        {"abcd", NULL},
        {"abc", "4 bytes"},
        {"", "4 bytes"},
        {"    ", "4 bytes"},
        {"{ip}", "4 bytes"},
        {"a{ip}bc", "4 bytes"},
        {"ab{ip}cd", "3 bytes of literal text in a row"},
        {"abc{ip}d", NULL},
        {"{ip}word{ip}", NULL},
        {"{ip}{domain} words", "words between"},
        {"words {ip}{domain}", "words between"},
        {"1st{ip}2{ip}3{ip}4{ip}5{ip}6{ip}7{ip}8{ip}9", NULL},
        {"{ip}1st{ip}2{ip}3{ip}4{ip}5{ip}6{ip}7{ip}", NULL},
        {"{ip}1{ip}2{ip}3{ip}4{ip}5{ip}6{ip}7{ip}8{ip}", "8 placeholders"},
        {"1{ip}2{ip}3{ip}4{ip}5{ip}6{ip}7{ip}8{ip}9{ip}", "8 placeholders"},
        {"{nothing} is text", NULL},
        {"{LED={Msg", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct match_signature signature;
        const char *wrong = match_signature_parse(&arena, str_from(table[i].text), &signature);

        if (!wrong != !table[i].wrong || (wrong && !strstr(wrong, table[i].wrong))) {
            fail_msg("\"%s\": got \"%s\"", table[i].text, wrong ? wrong : "sound");
        }
    }
    struct match_signature signature;

    assert_null(match_signature_parse(&arena, bytes_of('a', 512), &signature));
    assert_string_equal(match_signature_parse(&arena, bytes_of('a', 513), &signature),
                        "a signature has at most 512 bytes");
}

static void signatures__that_are_wrong_name_their_entry(void **state)
{
    (void)state;
    assert_true(load(entry("e", "<match><text>abc</text><text>sound words</text><not>no</not></match>"),
                     KB_LAYER_SHIPPED));
    assert_true(kb_finish(&kb, &faults));
    struct match_index *index = match_index_new(&kb, &faults);

    assert_non_null(index);
    assert_int_equal(faults.count, 2);
    has_fault(0, 2, "entry e, \"abc\"");
    has_fault(1, 2, "entry e, \"no\"");
    match_index_free(index);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(codes__are_read_with_ranges_and_x),
        TEST(codes__say_where_they_need_words),
        TEST(codes__that_are_none_are_faults),
        TEST(ranges__have_two_ends),
        TEST(replies__are_between_200_and_599),
        TEST(find_code__exact_before_range_before_x),
        TEST(aliases__answer_for_their_entry),
        TEST(a_later_layer__replaces_by_id),
        TEST(two_of_an_id_in_one_layer__are_a_fault),
        TEST(a_faulty_layer__is_left_out_whole),
        TEST(house_notes__stand_with_their_entry),
        TEST(house_notes__of_no_entry_are_a_fault),
        TEST(contacts__are_for_owners_that_there_are),
        TEST(a_missing_folder__is_an_empty_layer),
        TEST(entries__have_what_they_need),
        TEST(a_version__that_is_not_known_is_a_fault),
        TEST(related__must_exist),
        TEST(entries__are_read_whole),
        TEST(categories__are_found_by_their_slug),
        TEST(signatures__have_limits),
        TEST(signatures__that_are_wrong_name_their_entry),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
