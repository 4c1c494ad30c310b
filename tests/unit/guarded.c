#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "guard/guard.h"
#include "session/session.h"

/* What may not be written by others, and what a restricted session keeps of its environment. */

extern char **environ;

static struct arena arena;
static char folder[] = "/tmp/ndr-site.XXXXXX";

static const char *at(const char *name)
{
    return file_join(&arena, folder, name);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    umask(022);
    if (!mkdtemp(folder) || chmod(folder, 0755) != 0 || mkdir(at("codes"), 0755) != 0) {
        return -1;
    }
    write_text(at("config"), "own_domains = example.net\n");
    write_text(
        at("codes/own.xml"),
        "<knowledge version=\"1\" updated=\"2026-11-24\"><entry id=\"site-own\" "
        "category=\"address\" "
        "owner=\"sender\" kind=\"permanent\" provider=\"any\"><code>5.3.78</code><title>Own</title>"
        "<match><text>the site's own gate is "
        "shut</text></match><summary>S.</summary><cause>C.</cause>"
        "<remedy owner=\"sender\"><step>Wait.</step></remedy><source document=\"house\"/>"
        "<sample origin=\"made\" status=\"5.3.78\">550 5.3.78 the site's own gate is shut</sample>"
        "</entry></knowledge>");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(at("codes/own.xml"));
    unlink(at("config"));
    rmdir(at("codes"));
    rmdir(folder);
    arena_fini(&arena);
    return 0;
}

/* Whether the site's layer and settings count, with a notice otherwise. */
static bool counts(void)
{
    struct session session;
    struct session_options options = {
        .data = project_path(&arena, "data"), .site = folder, .restricted = true};

    assert_true(session_open(&session, &options));
    bool has_entry = kb_entry_find(&session.kb, STR_LIT("site-own")) != NULL;

    assert_int_equal(has_entry, session.own_domain_count == 1);
    assert_int_equal(session.faults.count, has_entry ? 0 : 1);
    session_close(&session);
    return has_entry;
}

static void a_sites_files__count_unless_others_may_write_them(void **state)
{
    static const struct {
        const char *name;
        mode_t open, closed;
    } parts[] = {{"", 0777, 0755},
                 {"", 0775, 0755},
                 {"codes", 0757, 0755},
                 {"codes/own.xml", 0664, 0644},
                 {"codes/own.xml", 0646, 0644},
                 {"config", 0666, 0644}};

    (void)state;
    assert_true(counts());
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_int_equal(chmod(at(parts[i].name), parts[i].open), 0);
        if (counts()) {
            fail_msg("%s with mode %o counts", parts[i].name, (unsigned)parts[i].open);
        }
        assert_int_equal(chmod(at(parts[i].name), parts[i].closed), 0);
    }
    assert_true(counts());
}

static void a_sites_files__count_only_of_root_and_the_caller(void **state)
{
    (void)state;
    if (geteuid() != 0) {
        return; /* only root can give a file away */
    }
    assert_int_equal(chown(at("codes/own.xml"), 65534, 65534), 0);
    assert_false(counts());
    assert_int_equal(chown(at("codes/own.xml"), 0, 0), 0);
    assert_true(counts());
}

static void a_restricted_environment__has_only_harmless_values(void **state)
{
    static const struct {
        const char *name, *value;
        bool stays;
    } rows[] = {
        {"TERM", "xterm-256color", true},
        {"LANG", "de_DE.UTF-8@euro", true},
        {"LC_MESSAGES", "C.UTF-8", true},
        {"TZ", "Europe/Berlin", true},
        {"SSH_CONNECTION", "2001:db8::1 50000 192.0.2.7 22", true},
        {"LC_ALL", "../../tmp/evil", false},
        {"LC_CTYPE", "/tmp/evil", false},
        {"LC_TIME", "en\033[31m", false},
        {"HOME", "/tmp", false},
        {"TERMINFO", "/tmp", false},
        {"TERMINFO_DIRS", "/tmp", false},
        {"TERMCAP", "/tmp/termcap", false},
        {"NCURSES_NO_UTF8_ACS", "1", false},
        {"LESSOPEN", "|id", false},
        {"LINES", "65535", false},
        {"COLUMNS", "0", false},
        {"EDITOR", "vi", false},
        {"SSH_ORIGINAL_COMMAND", "id", false},
        {"XDG_DATA_HOME", "/tmp", false},
        {"NDR_DATA", "/tmp", false},
        {"LANGUAGE", "x", false},
    };

    char **before = environ;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        setenv(rows[i].name, rows[i].value, 1);
    }
    guard_environment_restrict();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *now = getenv(rows[i].name);

        if ((now != NULL) != rows[i].stays) {
            fail_msg("%s=%s", rows[i].name, rows[i].value);
        }
    }
    assert_string_equal(getenv("INPUTRC"), "/dev/null");
    environ = before;
}

static void a_restricted_environment__refuses_values_by_their_form(void **state)
{
    static const char *const bad[][2] = {
        {"TERM", "../../../tmp/evil"},
        {"TERM", "/tmp/evil"},
        {"TERM", ""},
        {"TERM", "xterm\033c"},
        {"TERM", "a-name-of-more-than-thirty-two-bytes"},
        {"TZ", ":/etc/passwd"},
        {"TZ", "/etc/passwd"},
        {"TZ", "../passwd"},
        {"LANG", "$(id)"},
        {"SSH_CONNECTION", "1 2 3 4; id"},
    };

    char **before = environ;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        setenv(bad[i][0], bad[i][1], 1);
        guard_environment_restrict();
        if (getenv(bad[i][0])) {
            fail_msg("%s=%s", bad[i][0], bad[i][1]);
        }
    }
    environ = before;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sites_files__count_unless_others_may_write_them),
        cmocka_unit_test(a_sites_files__count_only_of_root_and_the_caller),
        cmocka_unit_test(a_restricted_environment__has_only_harmless_values),
        cmocka_unit_test(a_restricted_environment__refuses_values_by_their_form),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
