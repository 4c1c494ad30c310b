#include "unit/unit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "session/store.h"

static struct arena arena;
static char folder[64];
static struct str notice;

/* STR_LIT() is no constant expression. */
#define TEXT(s) {(s), sizeof(s) - 1}

static const struct tree_fact facts[] = {{TEXT("rcpt"), TEXT("mona@fabrikam.com"), 7}};
static const struct store_quote quotes[] = {{TEXT("decides"), TEXT("550 5.7.323 tlsa-invalid"), 12}};
static const struct tree_answer answers[] = {
    {TEXT("dane"), TEXT("DN-01"), TEXT("theirs"), true, TEXT("side"), TEXT("theirs"), 7, {NULL, 0}, 100},
    {TEXT("dane"), TEXT("DN-02"), TEXT("no"), false, {NULL, 0}, {NULL, 0}, 0, TEXT("said by phone"), 101},
};

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    strcpy(folder, "/tmp/ndr-store.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    arena_fini(&arena);
    return system(command);
}

static const char *file_of(void)
{
    return file_join(&arena, folder, "ndr.db");
}

static struct store *opened(void)
{
    struct store *store = store_open(&arena, folder, &notice);

    assert_non_null(store);
    return store;
}

static struct store_walk walk_with(size_t answer_count)
{
    return (struct store_walk){.title = STR_LIT("5.7.323  tlsa-invalid"), .recipient = STR_LIT("mona@fabrikam.com"),
                               .entry = STR_LIT("exo-5.7.323-tlsa-invalid"), .tree = STR_LIT("dane"),
                               .node = STR_LIT("DN-01"), .refused = STR_LIT("dane/DN-03\n"),
                               .facts = facts, .fact_count = 1, .answers = answers, .answer_count = answer_count,
                               .quotes = quotes, .quote_count = 1};
}

static void walk__comes_back_as_it_was(void **state)
{
    struct store *store = opened();
    struct store_walk walk = walk_with(2);
    struct store_walk got;

    (void)state;
    assert_true(store_walk_save(store, &walk, 1000));
    assert_true(walk.id > 0);
    store_close(store);
    store = opened();
    assert_int_equal(notice.len, 0);
    assert_true(store_walk_load(store, &arena, walk.id, &got));
    assert_int_equal(got.created, 1000);
    assert_str(got.title, "5.7.323  tlsa-invalid");
    assert_str(got.refused, "dane/DN-03\n");
    assert_int_equal(got.answer_count, 2);
    assert_true(got.answers[0].from_report);
    assert_int_equal(got.answers[0].line, 7);
    assert_str(got.answers[1].note, "said by phone");
    assert_int_equal(got.answers[1].time, 101);
    assert_int_equal(got.fact_count, 1);
    assert_str(got.facts[0].value, "mona@fabrikam.com");
    assert_str(got.quotes[0].text, "550 5.7.323 tlsa-invalid");
    assert_int_equal(got.quotes[0].line, 12);
    assert_int_equal(got.report.len, 0);
    store_close(store);
}

static void walk__is_saved_again_in_its_place(void **state)
{
    struct store *store = opened();
    struct store_walk walk = walk_with(2);

    (void)state;
    walk.report = STR_LIT("a\0report");
    assert_true(store_walk_save(store, &walk, 1000));
    walk.answer_count = 1;
    walk.is_done = true;
    assert_true(store_walk_save(store, &walk, 2000));
    struct store_list list = store_walks(store, &arena);

    assert_int_equal(list.count, 1);
    assert_int_equal(list.steps[0], 1);
    assert_int_equal(list.items[0].created, 1000);
    assert_int_equal(list.items[0].changed, 2000);
    assert_int_equal(store_walks_open(store, &arena).count, 0);
    struct store_walk got;

    assert_true(store_walk_load(store, &arena, walk.id, &got));
    assert_int_equal(got.report.len, 8);
    /* Deleted by another login: it is a new one. */
    assert_true(store_walk_delete(store, walk.id));
    assert_true(store_walk_save(store, &walk, 3000));
    assert_true(store_walk_load(store, &arena, walk.id, &got));
    assert_int_equal(got.answer_count, 1);
    store_close(store);
}

static void walks__newest_first_aside_and_pruned(void **state)
{
    struct store *store = opened();
    struct store_walk a = walk_with(1);
    struct store_walk b = walk_with(2);

    (void)state;
    assert_true(store_walk_save(store, &a, 1000));
    assert_true(store_walk_save(store, &b, 2000));
    assert_int_equal(store_walks(store, &arena).items[0].id, b.id);
    assert_true(store_walk_mark(store, b.id, true, 0));
    struct store_list open = store_walks_open(store, &arena);

    assert_int_equal(open.count, 1);
    assert_int_equal(open.items[0].id, a.id);
    assert_int_equal(store_prune(store, 1500), 1);
    assert_int_equal(store_walks(store, &arena).count, 1);
    assert_false(store_walk_load(store, &arena, a.id, &(struct store_walk){0}));
    store_close(store);
}

static void file__is_for_the_person_alone(void **state)
{
    struct stat info;

    (void)state;
    char deep[128];

    snprintf(deep, sizeof deep, "%s/a/b", folder);
    store_close(store_open(&arena, deep, &notice));
    assert_int_equal(stat(deep, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(stat(file_join(&arena, deep, "ndr.db"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(store_exists(deep));
    assert_false(store_exists("/nowhere"));
}

static void file__a_link_is_refused(void **state)
{
    (void)state;
    assert_int_equal(symlink("/tmp/ndr-elsewhere", file_of()), 0);
    assert_null(store_open(&arena, folder, &notice));
    assert_true(str_find(notice, STR_LIT("walks are not saved"), 0) != STR_NPOS);
    assert_int_not_equal(access("/tmp/ndr-elsewhere", F_OK), 0);
}

static void file__damaged_is_set_aside(void **state)
{
    (void)state;
    FILE *file = fopen(file_of(), "w");

    for (int i = 0; i < 5000; i++) {
        fputs("this is no database ", file);
    }
    fclose(file);
    struct store *store = opened();

    assert_true(str_find(notice, STR_LIT("set aside as"), 0) != STR_NPOS);
    struct store_walk walk = walk_with(1);

    assert_true(store_walk_save(store, &walk, 1));
    store_close(store);
    struct file_list files = file_list_folder(&arena, folder, "");
    size_t aside = 0;

    for (size_t i = 0; i < files.count; i++) {
        aside += str_starts(files.names[i], STR_LIT("ndr.db.damaged-"));
    }
    assert_int_equal(aside, 1);
}

/* Flipped bytes anywhere: it is read, refused or set aside, never a crash. */
static void file__mutants(void **state)
{
    struct store *store = opened();
    struct store_walk walk = walk_with(2);
    struct buf whole;

    (void)state;
    assert_true(store_walk_save(store, &walk, 1));
    store_close(store);
    buf_init(&whole, 1 << 20);
    assert_int_equal(file_read(file_of(), &whole), FILE_OK);
    srand(5);
    for (int round = 0; round < 200; round++) {
        FILE *file = fopen(file_of(), "w");
        size_t at = (size_t)rand() % whole.len;
        char kept = whole.ptr[at];
        struct store_walk got;

        whole.ptr[at] = (char)rand();
        fwrite(whole.ptr, 1, round % 10 ? whole.len : at, file);
        whole.ptr[at] = kept;
        fclose(file);
        store = store_open(&arena, folder, &notice);
        if (store) {
            store_walks(store, &arena);
            store_walk_load(store, &arena, 1, &got);
            store_walk_save(store, &walk, 2);
        }
        store_close(store);
    }
    buf_fini(&whole);
}

/* Several logins write at once: each walk is there, whole. */
static void file__many_writers(void **state)
{
    enum { WRITERS = 8, WALKS = 5 };

    (void)state;
    for (int i = 0; i < WRITERS; i++) {
        if (fork() == 0) {
            struct store *store = store_open(&arena, folder, &notice);
            int bad = !store;

            for (int k = 0; store && k < WALKS; k++) {
                struct store_walk walk = walk_with(2);
                int tries = 0;

                /* On a slow disk the others may take longer than a save waits for them. */
                while (!store_walk_save(store, &walk, k) && ++tries < 20) {
                }
                bad |= tries == 20;
            }
            store_close(store);
            _exit(bad);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;

        wait(&status);
        assert_int_equal(status, 0);
    }
    struct store *store = opened();
    struct store_list list = store_walks(store, &arena);

    assert_int_equal(list.count, WRITERS * WALKS);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.steps[i], 2);
    }
    store_close(store);
}

static size_t lines_seen;
static char last_line[64];

static void see(void *context, struct str line)
{
    (void)context;
    lines_seen++;
    snprintf(last_line, sizeof last_line, "%.*s", (int)line.len, line.ptr);
}

static void history__without_repeats(void **state)
{
    struct store *store = opened();
    char line[32];

    (void)state;
    assert_true(store_history_add(store, STR_LIT("walk spf"), 1));
    assert_true(store_history_add(store, STR_LIT("open 5.7.1"), 2));
    assert_true(store_history_add(store, STR_LIT("walk spf"), 3));
    lines_seen = 0;
    store_history_each(store, see, NULL);
    assert_int_equal(lines_seen, 2);
    assert_string_equal(last_line, "walk spf");
    for (int i = 0; i < 520; i++) {
        snprintf(line, sizeof line, "open %d", i);
        assert_true(store_history_add(store, str_from(line), 10 + i));
    }
    lines_seen = 0;
    store_history_each(store, see, NULL);
    assert_int_equal(lines_seen, STORE_HISTORY_MAX);
    assert_string_equal(last_line, "open 519");
    store_close(store);
}

static void places__kept_once(void **state)
{
    struct store *store = opened();
    const struct store_place way[] = {{TEXT("search"), TEXT("dane"), 3, 0}, {TEXT("entry"), TEXT("x"), 0, 12}};
    struct store_place found[STORE_PLACES_MAX];

    (void)state;
    assert_int_equal(store_places_take(store, &arena, found), 0);
    assert_true(store_places_save(store, way, 1));
    assert_true(store_places_save(store, way, 2));
    assert_int_equal(store_places_take(store, &arena, found), 2);
    assert_true(str_equal(found[0].subject, STR_LIT("dane")));
    assert_int_equal(found[0].selected, 3);
    assert_int_equal(found[1].scroll, 12);
    assert_int_equal(store_places_take(store, &arena, found), 0);
    store_close(store);
}

/* The file as the version before wrote it keeps all it holds. */
static void open__takes_over_version_1(void **state)
{
    struct store *store = opened();
    struct store_walk walk = walk_with(2);
    struct store_place found[STORE_PLACES_MAX];
    sqlite3 *db;

    (void)state;
    assert_true(store_walk_save(store, &walk, 10));
    store_close(store);
    assert_int_equal(sqlite3_open(file_of(), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DROP TABLE place; PRAGMA user_version = 1", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    store = opened();
    assert_int_equal(notice.len, 0);
    assert_int_equal(store_walks(store, &arena).count, 1);
    assert_int_equal(store_places_take(store, &arena, found), 0);
    assert_true(store_places_save(store, &(struct store_place){TEXT("trees"), TEXT(""), 0, 0}, 1));
    store_close(store);
}

#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(walk__comes_back_as_it_was),     STORE_TEST(walk__is_saved_again_in_its_place),
        STORE_TEST(walks__newest_first_aside_and_pruned), STORE_TEST(file__is_for_the_person_alone),
        STORE_TEST(file__a_link_is_refused),        STORE_TEST(file__damaged_is_set_aside),
        STORE_TEST(file__mutants),                  STORE_TEST(file__many_writers),
        STORE_TEST(history__without_repeats),
        STORE_TEST(places__kept_once),
        STORE_TEST(open__takes_over_version_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
