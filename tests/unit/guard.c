#include "unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "guard/guard.h"
#include "guard/walls.h"

/* The child that is asked, and the end of a worker.  NDR_DEEP in the environment adds what takes
 * 10 s. */

#ifdef GUARD_HAS_WALLS

enum { PAGE_BYTES = 4096 };

static void end_well(void *context)
{
    (void)context;
}

static void crash(void *context)
{
    (void)context;
    raise(SIGSEGV);
}

static void overflow_stack(void *context)
{
    volatile char room[4096];

    room[0] = 1;
    if (!context) {
        overflow_stack(context);
    }
    room[1] = room[0];
}

static void eat_memory(void *context)
{
    (void)context;
    for (int i = 0; i < 64; i++) {
        mem_alloc(32 << 20);
    }
}

static void break_promise(void *context)
{
    BUG_ON(context == NULL);
}

static void abort_now(void *context)
{
    (void)context;
    abort();
}

static void end_badly(void *context)
{
    (void)context;
    _exit(1);
}

static void spin(void *context)
{
    volatile unsigned turns = 0;

    while (!context) {
        turns++;
    }
}

/* One that was taken over would not mind the ticks. */
static void spin_unheeding(void *context)
{
    signal(SIGPROF, SIG_IGN);
    spin(context);
}

/* Ends well only when every descriptor of the parent is gone. */
static void look_for_descriptors(void *context)
{
    char byte = 0;

    for (int fd = 0; fd < 64; fd++) {
        if (read(fd, &byte, 0) == 0) {
            _exit(3);
        }
    }
    (void)context;
}

/* Ends well only when nothing of this is possible. */
static void try_to_reach_out(void *context)
{
    bool reached =
        open("/tmp/ndr-guard", O_WRONLY | O_CREAT, 0600) >= 0 || fork() >= 0 ||
        kill(getppid(), 0) == 0 ||
        mprotect(aligned_alloc(PAGE_BYTES, PAGE_BYTES), PAGE_BYTES, PROT_READ | PROT_EXEC) == 0;

    (void)context;
    _exit(reached);
}

static void a_child__that_ends_well_is_all_that_counts(void **state)
{
    (void)state;
    assert_true(guard_try(end_well, NULL, NULL));
    assert_false(guard_try(end_badly, NULL, NULL));
    assert_false(guard_try(crash, NULL, NULL));
    assert_false(guard_try(overflow_stack, NULL, NULL));
    assert_false(guard_try(break_promise, NULL, NULL));
    assert_true(guard_try(end_well, NULL, NULL));
}

static void a_child__has_half_a_gigabyte(void **state)
{
    (void)state;
    assert_false(guard_try(eat_memory, NULL, NULL));
}

static void a_child__has_ten_seconds(void **state)
{
    (void)state;
    if (getenv("NDR_DEEP")) {
        assert_false(guard_try(spin, NULL, NULL));
        assert_false(guard_try(spin_unheeding, NULL, ""));
    }
}

static void a_child__has_no_descriptors_and_no_reach(void **state)
{
    (void)state;
    assert_true(guard_try(look_for_descriptors, NULL, NULL));
    assert_true(guard_try(try_to_reach_out, NULL, NULL));
}

/* Exit status of a process that becomes a worker and does `job`; 128 and more for a signal. */
static int status_of(void (*job)(void *), char *said, size_t room)
{
    int ends[2];
    int status = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();

    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        guard_worker_enter();
        job(NULL);
        _exit(0);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], said, room - 1);

    said[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void a_worker__ends_with_status_2_and_one_line(void **state)
{
    static void (*const jobs[])(void *) = {crash,         overflow_stack, eat_memory,
                                           break_promise, abort_now,      spin};
    size_t count = sizeof jobs / sizeof jobs[0] - !getenv("NDR_DEEP");

    (void)state;
    for (size_t i = 0; i < count; i++) {
        char said[512];
        int status = status_of(jobs[i], said, sizeof said);
        const char *end = strchr(said, '\n');

        if (status != 2 || strncmp(said, "ndr: ", 5) != 0 || !end || end[1]) {
            fail_msg("job %zu: status %d, said \"%s\"", i, status, said);
        }
    }
}

/* Whether a worker can still write to a file that was open; its standard output and error are `out`. */
static bool writes_to_file(int out)
{
    FILE *file = tmpfile();
    int status = 0;

    assert_non_null(file);
    pid_t child = fork();

    if (child == 0) {
        dup2(out < 0 ? fileno(file) : out, STDOUT_FILENO);
        dup2(out < 0 ? fileno(file) : out, STDERR_FILENO);
        signal(SIGXFSZ, SIG_IGN);
        guard_worker_enter();
        _exit(write(fileno(file), "x", 1) == 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    fclose(file);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_worker__writes_to_a_file_only_where_that_is_its_output(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_false(writes_to_file(ends[1]));
    assert_true(writes_to_file(-1));
    close(ends[0]);
    close(ends[1]);
}

/* What a child says comes whole; one that says nothing ends, too. */
static void say_much(void *context, int out)
{
    static char much[1 << 20];

    memset(much, *(const char *)context, sizeof much);
    if (!file_write_all(out, str_make(much, sizeof much))) {
        _exit(1);
    }
}

/* Ends well when it can read the file. */
static void read_file(void *context)
{
    _exit(open(context, O_RDONLY) < 0);
}

static void a_child__reads_only_what_it_is_to_read(void **state)
{
    char file[] = "/tmp/ndr-guard-read.XXXXXX";
    int fd = mkstemp(file);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_true(guard_try(read_file, file, NULL));
    assert_true(guard_try(read_file, file, file));
    if (guard_files_abi()) {
        assert_false(guard_try(read_file, file, ""));
        assert_false(guard_try(read_file, file, "/usr/share"));
    }
    unlink(file);
}

static void a_child__is_heard(void **state)
{
    struct guard_child child;
    char letter = 'x';
    char said[4096];
    size_t sum = 0;

    (void)state;
    assert_true(guard_child_start(&child, say_much, &letter, ""));
    for (size_t got; (got = guard_child_read(&child, said, sizeof said)) > 0; sum += got) {
        assert_int_equal(said[got - 1], letter);
    }
    assert_true(guard_child_end(&child));
    assert_int_equal(sum, 1 << 20);
}

static void a_child__that_is_dropped_ends(void **state)
{
    struct guard_child child;
    char letter = 'x';

    (void)state;
    assert_true(guard_child_start(&child, say_much, &letter, ""));
    child.is_dropped = true;
    assert_false(guard_child_end(&child));
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker__writes_to_a_file_only_where_that_is_its_output),
        cmocka_unit_test(a_child__reads_only_what_it_is_to_read),
        cmocka_unit_test(a_child__is_heard),
        cmocka_unit_test(a_child__that_is_dropped_ends),
        cmocka_unit_test(a_child__that_ends_well_is_all_that_counts),
        cmocka_unit_test(a_child__has_half_a_gigabyte),
        cmocka_unit_test(a_child__has_ten_seconds),
        cmocka_unit_test(a_child__has_no_descriptors_and_no_reach),
        cmocka_unit_test(a_worker__ends_with_status_2_and_one_line),
    };

    guard_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    puts("1..0 # SKIP built without walls");
    return 0;
}

#endif
