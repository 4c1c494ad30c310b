#include "cli/bulk.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "unit/unit.h"

/* Workers that die: what they had not written is written by another one, and only a mail over which
 * two of them died is missing. */

enum { MAILS = 4000, FILLER_BYTES = 400, TEXT_MAX = 1 << 20 };

static struct {
    char folder[64], in[96], out[96];
    struct cli cli;
    struct arena arena;
    bool found;
    struct common { /* of all processes */
        atomic_uint deaths;
        atomic_uint reads;
        atomic_bool gave_up; /* the others did not come so far */
    } *common;
    unsigned awaited; /* reads that a slow mail waits for */
    char text[TEXT_MAX];
} run;

/* A worker of its own dies here: without the walls' line on standard error, which is guard.c's test. */
static void die(void)
{
    atomic_fetch_add(&run.common->deaths, 1);
    _exit(CLI_TROUBLE);
}

/* Until the others have read so many mails, or one of them died; 10 seconds at most. */
static void wait_for_others(void)
{
    struct timespec pause = {0, 1000000};
    unsigned ms = 0;

    while (atomic_load(&run.common->deaths) == 0 && atomic_load(&run.common->reads) < run.awaited && ms++ < 10000) {
        nanosleep(&pause, NULL);
    }
    atomic_store(&run.common->gave_up, ms > 10000);
}

/* The mail's number comes out; "crash" is deadly, "once" only for the first that reads it; "slow" is
 * behind the others. */
static bool each(void *context, struct str bytes, const struct ndr_line_index *lines)
{
    (void)lines;
    (void)context;
    if (str_find(bytes, STR_LIT("\ncrash\n"), 0) != STR_NPOS ||
        (str_find(bytes, STR_LIT("\nonce\n"), 0) != STR_NPOS && atomic_load(&run.common->deaths) == 0)) {
        die();
    }
    if (str_find(bytes, STR_LIT("\nslow\n"), 0) != STR_NPOS) {
        wait_for_others();
    }
    atomic_fetch_add(&run.common->reads, 1);
    size_t at = str_find(bytes, STR_LIT("Number: "), 0);

    run.found = true;
    buf_add_str(&run.cli.out, str_sub(bytes, at + 8, 5));
    return true;
}

/* An mbox of four units; mail `from` and the `count` - 1 behind it hold the word, the first one `first`. */
static void make_mbox_with(const char *first, const char *word, unsigned from, unsigned count)
{
    FILE *file = fopen(run.in, "w");

    assert_non_null(file);
    for (unsigned i = 0; i < MAILS; i++) {
        fprintf(file, "From MAILER-DAEMON Thu Nov 26 09:12:00 2026\nNumber: %04u\n\n%*s\n%s\n\n", i, FILLER_BYTES, "x",
                i >= from && i < from + count ? word : i == 0 ? first : "fine");
    }
    fclose(file);
}

static void make_mbox(const char *word, unsigned from, unsigned count)
{
    make_mbox_with("fine", word, from, count);
}

/* Runs it with standard output in a file, which `run.text` has afterwards. */
static struct bulk_total run_with(unsigned jobs)
{
    const char *paths[] = {run.in};
    struct input_files files = {.paths = paths, .count = 1};
    struct bulk bulk = {.cli = &run.cli, .files = &files, .jobs = jobs, .each = each, .found = &run.found};
    struct bulk_total total;
    int before = dup(STDOUT_FILENO);
    int out = open(run.out, O_RDWR | O_CREAT | O_TRUNC, 0600);

    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    atomic_store(&run.common->deaths, 0);
    atomic_store(&run.common->reads, 0);
    atomic_store(&run.common->gave_up, false);
    run.found = false;
    run.cli.lost = 0;
    assert_true(bulk_run(&bulk, &total));
    dup2(before, STDOUT_FILENO);
    close(before);

    ssize_t got = pread(out, run.text, sizeof run.text - 1, 0);

    close(out);
    run.text[got < 0 ? 0 : got] = 0;
    return total;
}

/* All numbers in order, without `count` from `from` on. */
static void assert_all_but(unsigned from, unsigned count)
{
    const char *at = run.text;

    for (unsigned i = 0; i < MAILS; i++) {
        char line[16];

        if (i >= from && i < from + count) {
            continue;
        }
        snprintf(line, sizeof line, "%04u\n", i);
        if (strncmp(at, line, 5) != 0) {
            fail_msg("got \"%.5s\", want \"%s\"", at, line);
        }
        at += 5;
    }
    assert_int_equal(*at, 0);
}

static void test_a_deadly_mail_is_left_out(void **state)
{
    (void)state;
    make_mbox("crash", 2345, 1);
    for (unsigned jobs = 2; jobs < 5; jobs++) {
        struct bulk_total total = run_with(jobs);

        assert_all_but(2345, 1);
        assert_false(total.is_cut);
        assert_true(total.found);
        assert_int_equal(total.mails, MAILS);
        assert_int_equal(total.troubles, 1);
        assert_non_null(strstr(total.trouble, "was left out"));
        assert_int_equal(atomic_load(&run.common->deaths), 2);
    }
}

static void test_a_single_death_loses_nothing(void **state)
{
    (void)state;
    for (unsigned at = 0; at < MAILS; at += MAILS - 1) {
        make_mbox("once", at, 1);
        struct bulk_total total = run_with(2);

        assert_all_but(0, 0);
        assert_int_equal(total.troubles, 0);
        assert_int_equal(atomic_load(&run.common->deaths), 1);
    }
}

static void test_some_deadly_mails_of_a_unit(void **state)
{
    (void)state;
    make_mbox("crash", 100, 8);
    struct bulk_total total = run_with(2);

    assert_all_but(100, 8);
    assert_int_equal(total.troubles, 8);
    make_mbox("crash", 100, 9);
    total = run_with(2);
    assert_true(total.is_cut);
    assert_int_equal(run.text[0], 0);
}

/* The first unit is slow: the other worker gets through all the rest of them meanwhile. */
static void test_who_is_early_reads_on(void **state)
{
    (void)state;
    make_mbox_with("slow", "fine", 0, 0);
    run.awaited = MAILS / 2;
    struct bulk_total total = run_with(2);

    assert_all_but(0, 0);
    assert_int_equal(total.mails, MAILS);
    assert_false(atomic_load(&run.common->gave_up));
}

/* The other one dies over a mail of the last unit, and holds two by then. */
static void test_what_was_held_is_read_again(void **state)
{
    (void)state;
    run.awaited = MAILS;
    make_mbox_with("slow", "once", MAILS - 10, 1);
    struct bulk_total total = run_with(2);

    assert_all_but(0, 0);
    assert_int_equal(total.mails, MAILS);
    assert_int_equal(total.troubles, 0);
    assert_false(atomic_load(&run.common->gave_up));
    make_mbox_with("slow", "crash", MAILS - 10, 1);
    total = run_with(2);
    assert_all_but(MAILS - 10, 1);
    assert_int_equal(total.mails, MAILS);
    assert_int_equal(total.troubles, 1);
    assert_false(atomic_load(&run.common->gave_up));
}

static int prepare(void **state)
{
    (void)state;
    snprintf(run.folder, sizeof run.folder, "/tmp/ndr-bulk.XXXXXX");
    if (!mkdtemp(run.folder)) {
        return 1;
    }
    snprintf(run.in, sizeof run.in, "%s/in", run.folder);
    snprintf(run.out, sizeof run.out, "%s/out", run.folder);
    arena_init(&run.arena);
    buf_init(&run.cli.out, BUF_NO_LIMIT);
    run.cli.arena = &run.arena;
    int shared = open(run.in, O_RDWR | O_CREAT, 0600);

    if (shared < 0 || unlink(run.in) != 0 || ftruncate(shared, sizeof *run.common) != 0) {
        return 1;
    }
    run.common = mmap(NULL, sizeof *run.common, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
    close(shared);
    return run.common == MAP_FAILED;
}

static int clean(void **state)
{
    (void)state;
    unlink(run.in);
    unlink(run.out);
    rmdir(run.folder);
    buf_fini(&run.cli.out);
    arena_fini(&run.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_deadly_mail_is_left_out),
        cmocka_unit_test(test_a_single_death_loses_nothing),
        cmocka_unit_test(test_some_deadly_mails_of_a_unit),
        cmocka_unit_test(test_who_is_early_reads_on),
        cmocka_unit_test(test_what_was_held_is_read_again),
    };

    return cmocka_run_group_tests_name("bulk", tests, prepare, clean);
}
