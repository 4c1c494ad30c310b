#include "unit/unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cmd/keyname.h"
#include "cmd/near.h"
#include "session/settings.h"

/* Settings, keys and looks: names, values, faults, and writing them back. */

static struct arena arena;
static struct settings settings;
static struct err_list faults;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    settings_init(&settings, &arena);
    err_list_init(&faults, &arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void read_text(const char *text)
{
    settings_read(&settings, SETTINGS_USER, STR_LIT("rc"), str_from(text), &faults);
}

/* Everything that was found wrong, a line each. */
static void assert_faults(const char *want)
{
    struct str got = STR_NULL;

    for (size_t i = 0; i < faults.count; i++) {
        struct str one = err_format(&arena, &faults.items[i]);

        got = str_printf(&arena, "%.*s%.*s\n", (int)got.len, got.len ? got.ptr : "", (int)one.len, one.ptr);
    }
    assert_str(got, want);
}

static void assert_action(const char *key, unsigned context, enum action_id want)
{
    assert_int_equal(action_for_key(&settings.keymap, str_from(key), context, false), want);
}

static void assert_keys(enum action_id id, unsigned context, const char *want)
{
    struct str keys[ACTION_KEYS_MAX];
    size_t count = action_keys(&settings.keymap, action_get(id), context, keys, ACTION_KEYS_MAX);
    struct str text = STR_NULL;

    for (size_t i = 0; i < count; i++) {
        text = str_printf(&arena, "%.*s%s%.*s", (int)text.len, text.len ? text.ptr : "", i ? " " : "",
                          (int)keys[i].len, keys[i].ptr);
    }
    assert_str(text, want);
}

static void near__counts_edits_and_swaps(void **state)
{
    (void)state;
    assert_int_equal(near_edits(STR_LIT("theme"), STR_LIT("theme")), 0);
    assert_int_equal(near_edits(STR_LIT("thmee"), STR_LIT("theme")), 1);
    assert_int_equal(near_edits(STR_LIT("Thema"), STR_LIT("theme")), 1);
    assert_int_equal(near_edits(STR_LIT("tem"), STR_LIT("theme")), 2);
    assert_int_equal(near_edits(STR_LIT("redact"), STR_LIT("theme")), NEAR_EDITS_MAX + 1);
    assert_int_equal(near_edits(STR_LIT(""), STR_LIT("ab")), 2);
}

static void near__offers_nothing_far(void **state)
{
    struct near near = near_make(STR_LIT("ab"));

    (void)state;
    near_offer(&near, STR_LIT("cd"));
    assert_str(near_hint(&arena, &near, "otherwise"), "otherwise");
    near_offer(&near, STR_LIT("abc"));
    assert_str(near_hint(&arena, &near, "otherwise"), "did you mean abc?");
}

static void key_names__have_one_spelling(void **state)
{
    static const char *const same[][2] = {
        {"j", "j"},         {"#", "#"},          {"C-d", "C-d"},       {"Ctrl-D", "C-d"},  {"^d", "C-d"},
        {"C-i", "Tab"},     {"ctrl-m", "Enter"}, {"pagedown", "PgDn"}, {"Del", "Delete"},  {"f12", "F12"},
        {"M-x", "M-x"},     {"Alt-x", "M-x"},    {"alt-enter", "M-Enter"}, {"1-9", "1-9"}, {"^", "^"},
        {"\xC3\xA4", "\xC3\xA4"}, {"C-]", "C-]"},
    };
    static const char *const none[] = {"", "F13", "C-", "C-1", "nosuch", "jj", "9-1", "M-", "C-dd", "\xC3", "\033"};
    struct str name;

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        if (!keyname_read(&arena, str_from(same[i][0]), &name)) {
            fail_msg("%s is no key", same[i][0]);
        }
        assert_str(name, same[i][1]);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(keyname_read(&arena, str_from(none[i]), &name));
    }
    assert_str(keyname_hint(&arena, STR_LIT("Entr")), "did you mean Enter?");
    assert_str(keyname_words(&arena, STR_LIT("C-d")), "Ctrl-D");
}

/* What the table has is what a terminal sends and a person may write. */
static void every_key_of_the_table__has_that_spelling(void **state)
{
    (void)state;
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT; id++) {
        struct str rest = str_from(action_get((enum action_id)id)->keys);
        struct str key;
        struct str name;

        while (str_next_word(&rest, &key)) {
            assert_true(keyname_read(&arena, key, &name));
            assert_true(str_equal(name, key));
        }
    }
}

static void values__fit_or_say_why(void **state)
{
    (void)state;
    read_text("\xEF\xBB\xBF# mine\n\n  theme =  mono \r\nescdelay=0\nkeep_days = 36500\nown_domains = a = b # c\n"
              "state_dir = /srv/ndr\nmouse = yes\n");
    assert_faults("");
    assert_str(settings.values[SETTING_THEME], "mono");
    assert_str(settings.values[SETTING_OWN_DOMAINS], "a = b # c");
    assert_int_equal(settings_number(&settings, SETTING_ESCDELAY), 0);
    assert_int_equal(settings.sources[SETTING_MOUSE].line, 8);
    read_text("theme = loud\nescdelay = 5001\nescdelay = -1\nescdelay =\nmouse = yess\nstate_dir = here\n"
              "thme = mono\nquite something\n= mono\ntext_width = 39\n");
    assert_faults("rc:1: theme takes default|contrast|mono, not loud\n"
                  "rc:2: escdelay takes a number from 0 to 5000, not 5001\n"
                  "rc:3: escdelay takes a number from 0 to 5000, not -1\n"
                  "rc:4: escdelay takes a number from 0 to 5000, not \n"
                  "rc:5: mouse takes no|yes, not yess (did you mean yes?)\n"
                  "rc:6: state_dir takes a path that begins with /, not here\n"
                  "rc:7: unknown setting thme (did you mean theme?)\n"
                  "rc:8: unknown line quite something (lines are NAME = VALUE, bind SCREEN KEY ACTION, unbind SCREEN "
                  "KEY, style ROLE = LOOK)\n"
                  "rc:9: unknown setting  (ndr config --list tells which there are)\n"
                  "rc:10: text_width takes a number from 40 to 300, not 39\n");
    assert_str(settings.values[SETTING_THEME], "mono");
}

static void every_default__fits(void **state)
{
    (void)state;
    for (int i = 0; i < SETTING_COUNT; i++) {
        assert_str(setting_fault(&arena, (enum setting)i, str_from(setting_row((enum setting)i)->value)), "");
    }
}

static void choices__go_round(void **state)
{
    (void)state;
    assert_str(setting_next(SETTING_THEME, STR_LIT("default")), "contrast");
    assert_str(setting_next(SETTING_THEME, STR_LIT("mono")), "default");
    assert_str(setting_next(SETTING_MOUSE, STR_LIT("no")), "yes");
    assert_str(setting_next(SETTING_ESCDELAY, STR_LIT("50")), "");
    assert_str(setting_takes(&arena, SETTING_THEME), "default, contrast or mono");
}

static void keys__are_bound_and_taken_away(void **state)
{
    (void)state;
    read_text("bind home x trees # comment\nunbind home q\nbind home Ctrl-Q quit\nunbind walk 3\n"
              "unbind home t\nbind home t paste\n");
    assert_faults("");
    assert_action("x", ACTION_IN_HOME, ACTION_TREES);
    assert_action("x", ACTION_IN_WALK, ACTION_OBJECT);
    assert_action("q", ACTION_IN_HOME, ACTION_NONE);
    assert_action("q", ACTION_IN_TREES, ACTION_BACK);
    assert_action("C-q", ACTION_IN_HOME, ACTION_QUIT);
    assert_action("t", ACTION_IN_HOME, ACTION_PASTE);
    assert_keys(ACTION_TREES, ACTION_IN_HOME, "x");
    assert_keys(ACTION_TREES, ACTION_IN_TREE, "t");
    assert_keys(ACTION_PASTE, ACTION_IN_HOME, "t p");
    assert_keys(ACTION_QUIT, ACTION_IN_HOME, "C-q");
    assert_keys(ACTION_ANSWER_NUMBER, ACTION_IN_WALK, "1 2 4 5 6 7 8 9");
    assert_keys(ACTION_GO_CODE, ACTION_IN_HOME, "0-9");
    assert_action("3", ACTION_IN_WALK, ACTION_NONE);
    assert_action("4", ACTION_IN_WALK, ACTION_ANSWER_NUMBER);
}

static void keys__of_a_later_file_win(void **state)
{
    (void)state;
    settings_read(&settings, SETTINGS_SITE, STR_LIT("site"), STR_LIT("bind home x trees\n"), &faults);
    read_text("bind home x paste\nbind home x paste\n");
    assert_faults("");
    assert_action("x", ACTION_IN_HOME, ACTION_PASTE);
    assert_keys(ACTION_TREES, ACTION_IN_HOME, "t");
}

static void all__is_every_screen_that_has_it(void **state)
{
    (void)state;
    read_text("unbind all ?\nbind all C-g help\nbind all F9 redraw\n");
    assert_faults("rc:3: this action keeps its key: redraw\n");
    assert_action("C-g", ACTION_IN_HOME, ACTION_HELP);
    assert_action("C-g", ACTION_IN_WALK, ACTION_HELP);
    assert_action("C-g", ACTION_IN_SEARCH, ACTION_NONE);
    assert_action("?", ACTION_IN_WALK, ACTION_NONE);
    assert_keys(ACTION_HELP, ACTION_IN_TREES, "C-g F1");
}

static void keys__that_cannot_be_are_told(void **state)
{
    (void)state;
    read_text("bind home t quit\nbind home x quit\nbind home x paste\nbind hom x quit\nbind home x qiut\n"
              "bind home Entr quit\nbind home C-c quit\nunbind walk Ctrl-Z\nbind walk x quit\nbind search x open-hit\n"
              "bind typing Enter typing-end\nbind walk a answer-number\nbind home x\nunbind home\nbind home x quit now\n"
              "bind home x type-saved\nbind search M-o open-hit\nunbind home z\nunbind all F9\n");
    assert_faults("rc:1: t is already trees on the screen home (write \"unbind home t\" above it)\n"
                  "rc:3: x is already quit on the screen home (see line 2)\n"
                  "rc:4: unknown screen hom (did you mean home?)\n"
                  "rc:5: unknown action qiut (did you mean quit?)\n"
                  "rc:6: no terminal sends a key Entr (did you mean Enter?)\n"
                  "rc:7: this key always means the same: Ctrl-C\n"
                  "rc:8: this key always means the same: Ctrl-Z\n"
                  "rc:9: this screen has no action quit\n"
                  "rc:10: on this screen the key is text: x (take one such as C-x or F5)\n"
                  "rc:11: on this screen the key is text: Enter (take one such as C-x or F5)\n"
                  "rc:12: this action goes by the digit that is typed: answer-number\n"
                  "rc:13: a line is bind SCREEN KEY ACTION\n"
                  "rc:14: a line is unbind SCREEN KEY\n"
                  "rc:15: a line is bind SCREEN KEY ACTION\n"
                  "rc:16: unknown action type-saved (ndr config --list tells which there are)\n"
                  "rc:17: on this screen the key is text: M-o (take one such as C-x or F5)\n"
                  "rc:18: there is nothing to take away from the key z\n"
                  "rc:19: there is nothing to take away from the key F9\n");
    assert_action("t", ACTION_IN_HOME, ACTION_TREES);
}

static void put(const char *path, const char *text)
{
    assert_true(file_replace(&arena, path, str_from(text)));
}

/* The site's file counts in restricted mode, the person's then does not. */
static void the_persons_file__wins_unless_restricted(void **state)
{
    char folder[] = "/tmp/ndr-unit.XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    char *site = file_join(&arena, folder, "site");
    char *user = file_join(&arena, folder, "user");

    put(site, "theme = mono\nclipboard = no\nbind home x trees\n");
    put(user, "theme = contrast\nbind home x paste\nnonsense\n");
    setenv("NDR_CONFIG", user, 1);
    settings_load(&settings, &arena, site, false, &faults);
    assert_str(settings.values[SETTING_THEME], "contrast");
    assert_int_equal(settings.sources[SETTING_THEME].origin, SETTINGS_USER);
    assert_int_equal(settings.sources[SETTING_CLIPBOARD].origin, SETTINGS_SITE);
    assert_action("x", ACTION_IN_HOME, ACTION_PASTE);
    assert_int_equal(faults.count, 1);
    settings_load(&settings, &arena, site, true, &faults);
    assert_str(settings.values[SETTING_THEME], "mono");
    assert_action("x", ACTION_IN_HOME, ACTION_TREES);
    assert_int_equal(faults.count, 1);
    unsetenv("NDR_CONFIG");
    unlink(site);
    unlink(user);
    rmdir(folder);
}

static void bind_names__are_unique(void **state)
{
    (void)state;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        for (int b = a + 1; b < ACTION_COUNT; b++) {
            assert_false(str_equal(action_bind_name(&arena, action_get((enum action_id)a)),
                                   action_bind_name(&arena, action_get((enum action_id)b))));
        }
    }
    assert_str(action_bind_name(&arena, action_get(ACTION_ANSWER_NUMBER)), "answer-number");
}

static void looks__are_read_and_written(void **state)
{
    struct look look;
    struct str what;
    struct str hint;

    (void)state;
    assert_true(look_read(&arena, STR_LIT("cyan underline bold # mine"), &look, &what, &hint));
    assert_str(look_words(&arena, look), "bold underline cyan");
    assert_true(look_read(&arena, STR_LIT("normal"), &look, &what, &hint));
    assert_str(look_words(&arena, look), "normal");
    assert_true(look_read(&arena, STR_LIT("bold yellow"), &look, &what, &hint));
    assert_false(look_read(&arena, STR_LIT("yellow"), &look, &what, &hint));
    assert_str(what, "yellow alone cannot be read on every background");
    assert_false(look_read(&arena, STR_LIT("blue default"), &look, &what, &hint));
    assert_false(look_read(&arena, STR_LIT("red green"), &look, &what, &hint));
    assert_str(what, "one color is enough");
    assert_false(look_read(&arena, STR_LIT("bodl"), &look, &what, &hint));
    assert_str(hint, "did you mean bold?");
    assert_false(look_read(&arena, STR_LIT(""), &look, &what, &hint));
}

/* On a dark and on a light background, and without red standing against green. */
static void every_look_of_the_table__can_be_read(void **state)
{
    (void)state;
    for (int role = 0; role < STYLE_COUNT; role++) {
        for (int theme = 0; theme < STYLE_THEME_COUNT; theme++) {
            struct look look = style_look((enum style)role, (enum style_theme)theme);

            assert_true(look_is_readable(look));
            assert_true(theme == STYLE_DEFAULT || look.color == LOOK_NONE);
            assert_false(look.color == LOOK_BLUE || look.color == LOOK_YELLOW);
        }
    }
}

static void a_look_of_a_file__holds_in_every_theme(void **state)
{
    (void)state;
    read_text("style code = underline green\nstyle coed = red\nstyle = red\n");
    assert_faults("rc:2: unknown role coed (did you mean code?)\n"
                  "rc:3: unknown setting style (ndr config --list tells which there are)\n");
    assert_str(look_words(&arena, settings_look(&settings, STYLE_CODE)), "underline green");
    read_text("theme = contrast\n");
    assert_str(look_words(&arena, settings_look(&settings, STYLE_CODE)), "underline green");
    assert_str(look_words(&arena, settings_look(&settings, STYLE_HEADING)), "bold underline");
    read_text("theme = mono\n");
    assert_str(look_words(&arena, settings_look(&settings, STYLE_CODE)), "underline green");
    assert_str(look_words(&arena, settings_look_shown(&settings, STYLE_CODE)), "underline");
}

static void edited(const char *before, const char *after)
{
    struct buf out;

    buf_init(&out, BUF_NO_LIMIT);
    settings_edit(&settings, str_from(before), &out);
    assert_str(buf_str(&out), after);
    buf_fini(&out);
}

static void writing__keeps_all_else(void **state)
{
    struct str what;

    (void)state;
    edited("# nothing changed\n", "# nothing changed\n");
    assert_true(settings_set(&settings, SETTING_THEME, STR_LIT("mono"), SETTINGS_SESSION, &what));
    assert_true(settings_set(&settings, SETTING_KEEP_DAYS, STR_LIT("7"), SETTINGS_SESSION, &what));
    assert_true(settings_set(&settings, SETTING_COLOR, STR_LIT("never"), SETTINGS_OPTION, &what));
    assert_false(settings_set(&settings, SETTING_KEEP_DAYS, STR_LIT("x"), SETTINGS_SESSION, &what));
    edited("", "theme = mono\nkeep_days = 7\n");
    edited("# theme = a comment\n  theme=default\n\nbind home x trees\nnonsense\ntheme   =  loud  \r\nkeep_days =\nlast",
           "# theme = a comment\n  theme=default\n\nbind home x trees\nnonsense\ntheme   =  mono  \r\nkeep_days = 7\nlast");
    edited("mouse = yes", "mouse = yes\ntheme = mono\nkeep_days = 7\n");
    edited("theme=loud", "theme= mono\nkeep_days = 7\n");
}

static void what_is_written__is_no_change_any_more(void **state)
{
    char folder[] = "/tmp/ndr-unit.XXXXXX";
    struct str what;

    (void)state;
    assert_non_null(mkdtemp(folder));
    char *file = file_join(&arena, folder, "config");

    put(file, "# mine\ntheme = default\n");
    assert_true(settings_set(&settings, SETTING_THEME, STR_LIT("mono"), SETTINGS_SESSION, &what));
    setenv("NDR_CONFIG", folder, 1);
    assert_false(settings_write(&settings, &what));
    assert_true(str_find(what, STR_LIT("not a regular file"), 0) != STR_NPOS);
    assert_int_equal(settings.sources[SETTING_THEME].origin, SETTINGS_SESSION);
    setenv("NDR_CONFIG", file, 1);
    assert_true(settings_write(&settings, &what));
    assert_str(what, file);
    assert_int_equal(settings.sources[SETTING_THEME].origin, SETTINGS_USER);
    settings_load(&settings, &arena, NULL, false, &faults);
    assert_str(settings.values[SETTING_THEME], "mono");
    assert_int_equal(settings.sources[SETTING_THEME].line, 2);
    unsetenv("NDR_CONFIG");
    unlink(file);
    rmdir(folder);
}

static void a_file__is_replaced_in_one_step(void **state)
{
    char folder[] = "/tmp/ndr-unit.XXXXXX";
    struct stat info;
    struct buf text;

    (void)state;
    assert_non_null(mkdtemp(folder));
    char *path = file_join(&arena, folder, "a/b/config");
    char *link = file_join(&arena, folder, "link");

    assert_true(file_replace(&arena, path, STR_LIT("one\n")));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(symlink(path, link), 0);
    assert_true(file_replace(&arena, link, STR_LIT("two\n")));
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    buf_init(&text, BUF_NO_LIMIT);
    assert_int_equal(file_read(path, &text), FILE_OK);
    assert_str(buf_str(&text), "two\n");
    buf_fini(&text);
    assert_int_equal(file_list_folder(&arena, file_join(&arena, folder, "a/b"), "").count, 1);
    assert_false(file_replace(&arena, file_join(&arena, path, "below"), STR_LIT("three\n")));
    unlink(link);
    unlink(path);
    rmdir(file_join(&arena, folder, "a/b"));
    rmdir(file_join(&arena, folder, "a"));
    rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(near__counts_edits_and_swaps),
        TEST(near__offers_nothing_far),
        TEST(key_names__have_one_spelling),
        TEST(every_key_of_the_table__has_that_spelling),
        TEST(values__fit_or_say_why),
        TEST(every_default__fits),
        TEST(choices__go_round),
        TEST(keys__are_bound_and_taken_away),
        TEST(keys__of_a_later_file_win),
        TEST(all__is_every_screen_that_has_it),
        TEST(keys__that_cannot_be_are_told),
        TEST(the_persons_file__wins_unless_restricted),
        TEST(bind_names__are_unique),
        TEST(looks__are_read_and_written),
        TEST(every_look_of_the_table__can_be_read),
        TEST(a_look_of_a_file__holds_in_every_theme),
        TEST(writing__keeps_all_else),
        TEST(what_is_written__is_no_change_any_more),
        TEST(a_file__is_replaced_in_one_step),
    };

    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
