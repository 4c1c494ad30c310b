#include "unit/shipped.h"

#include <signal.h>
#include <unistd.h>

#include "guard/guard.h"
#include "ndr/flat.h"
#include "session/reading.h"

/* A report as bytes: it comes back the same, and bytes that are no report give none.  Then the children that
 * such bytes come from. */

static struct str flat_of(const struct ndr_report *report, struct str input)
{
    struct buf out;

    buf_init(&out, NDR_FLAT_MAX_BYTES);
    ndr_flat_write(&out, report, input);
    struct str flat = str_dup(&arena, buf_str(&out));

    buf_fini(&out);
    return flat;
}

static void check_way_back(const char *path)
{
    struct str input = slurp(path);
    struct str flat = flat_of(ndr_report_parse(&arena, input), input);
    const struct ndr_report *back = ndr_flat_read(&arena, input, flat);

    if (!back || !str_equal(flat_of(back, input), flat)) {
        fail_msg("%s comes back otherwise", path);
    }
}

static void every_report__comes_back_the_same(void **state)
{
    static const char *const folders[] = {"tests/reports", "tests/samples", "tests/nobounce"};
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *folder = project_path(&arena, folders[i]);
        struct file_list files = file_list_folder(&arena, folder, "");

        for (size_t k = 0; k < files.count; k++, count++) {
            check_way_back(file_join(&arena, folder, files.names[k].ptr));
        }
    }
    assert_true(count > 300);
}

/* What is read must hold what report.h promises, or nothing is. */
static void check_sound(const struct ndr_report *report)
{
    assert_true(report->recipient_count <= NDR_RECIPIENTS_MAX);
    for (size_t i = 0; i < report->recipient_count; i++) {
        const struct ndr_recipient *r = &report->recipients[i];

        assert_true(r->page < report->page_count || r->page == 0);
        assert_true(r->code_count <= NDR_STATUSES_MAX && r->reply_count <= NDR_REPLIES_MAX);
        assert_true(r->block_from <= r->block_to);
        assert_true(r->action <= NDR_ACTION_EXPANDED);
        for (size_t k = 0; k < r->code_count; k++) {
            assert_true(r->codes[k].reply >= -1 && r->codes[k].reply < (int)r->reply_count);
            assert_true(r->codes[k].status.detail <= 999);
        }
    }
    session_match(&session, &arena, report);
}

static void a_false_byte__gives_no_report_or_a_sound_one(void **state)
{
    struct str input = slurp(project_path(&arena, "tests/reports/body-quoted-printable.eml"));
    struct str flat = flat_of(ndr_report_parse(&arena, input), input);
    static const unsigned char wrong[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    size_t refused = 0;

    (void)state;
    for (size_t i = 0; i < flat.len * sizeof wrong; i++) {
        struct str changed = str_dup(&arena, flat);

        ((char *)changed.ptr)[i / sizeof wrong] = (char)wrong[i % sizeof wrong];
        const struct ndr_report *report = ndr_flat_read(&arena, input, changed);

        refused += !report;
        if (report) {
            check_sound(report);
        }
    }
    assert_true(refused > 100);
}

static void a_part_of_it__is_none(void **state)
{
    struct str input = slurp(project_path(&arena, "tests/reports/two-recipients.eml"));
    struct str flat = flat_of(ndr_report_parse(&arena, input), input);

    (void)state;
    for (size_t len = 0; len < flat.len; len++) {
        assert_null(ndr_flat_read(&arena, input, str_sub(flat, 0, len)));
    }
    assert_null(ndr_flat_read(&arena, input, str_printf(&arena, "%.*s!", (int)flat.len, flat.ptr)));
}

static void another_input__is_refused_where_it_is_too_short(void **state)
{
    struct str input = slurp(project_path(&arena, "tests/reports/two-recipients.eml"));
    struct str flat = flat_of(ndr_report_parse(&arena, input), input);

    (void)state;
    assert_non_null(ndr_flat_read(&arena, input, flat));
    assert_null(ndr_flat_read(&arena, str_sub(input, 0, 100), flat));
}

#ifdef __linux__

static struct str many; /* path of an mbox with MAILS mails */
enum { MAILS = 3000 };

static bool count_mail(void *context, const struct match_result *result, struct str bytes)
{
    size_t *count = context;

    assert_int_equal(result->count, 1);
    assert_true(str_starts(bytes, STR_LIT("From x")));
    return ++*count < MAILS;
}

/* Ends the child that is reading, as a fault in it would. */
static bool count_and_kill(void *context, const struct match_result *result, struct str bytes)
{
    size_t *count = context;
    char path[64];
    char pid[32] = "";

    if (*count == 10) {
        snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        FILE *children = fopen(path, "r");

        assert_non_null(children);
        assert_non_null(fgets(pid, sizeof pid, children));
        fclose(children);
        assert_int_equal(kill((pid_t)atoi(pid), SIGKILL), 0);
    }
    count_mail(context, result, bytes);
    return true;
}

static struct input read_many(session_each each, size_t *count)
{
    struct input input = {.arena = &arena};

    session_read_all(&session, &input, many.ptr, each, count);
    return input;
}

static void many_mails__come_from_one_child(void **state)
{
    size_t count = 0;
    struct input input = read_many(count_mail, &count);

    (void)state;
    assert_int_equal(count, MAILS);
    assert_int_equal(input.mails, MAILS);
    assert_int_equal(input.troubles, 0);
    assert_true(input.offset > 0);
}

static void a_child_that_dies__costs_one_mail(void **state)
{
    size_t count = 0;
    struct input input = read_many(count_and_kill, &count);

    (void)state;
    assert_int_equal(count, MAILS - 1);
    assert_int_equal(input.troubles, 1);
}

static void one_report__comes_from_a_child(void **state)
{
    struct str input = slurp(project_path(&arena, "tests/reports/two-recipients.eml"));
    const struct ndr_report *report = session_read_apart(&session, &arena, input, NULL);

    (void)state;
    assert_true(str_equal(flat_of(report, input), flat_of(ndr_report_parse(&arena, input), input)));
}

static int setup_children(void **state)
{
    char path[] = "/tmp/ndr-many.XXXXXX";
    int fd = mkstemp(path);

    if (fd < 0 || setup(state) != 0) {
        return -1;
    }
    struct str mail = slurp(project_path(&arena, "tests/reports/postfix-failure.eml"));

    many = str_dup(&arena, str_from(path));
    for (int i = 0; i < MAILS; i++) {
        file_write_all(fd, STR_LIT("From x Tue Nov 24 09:12:52 2026\n"));
        file_write_all(fd, mail);
        file_write_all(fd, STR_LIT("\n\n"));
    }
    guard_start();
    return close(fd);
}

static int teardown_children(void **state)
{
    unlink(many.ptr);
    return teardown(state);
}

/* From guard_start() on there is no way back: last. */
static int run_with_children(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_report__comes_from_a_child),
        cmocka_unit_test(many_mails__come_from_one_child),
        cmocka_unit_test(a_child_that_dies__costs_one_mail),
    };

    return cmocka_run_group_tests(tests, setup_children, teardown_children);
}

#else

static int run_with_children(void)
{
    return 0;
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report__comes_back_the_same),
        cmocka_unit_test(a_false_byte__gives_no_report_or_a_sound_one),
        cmocka_unit_test(a_part_of_it__is_none),
        cmocka_unit_test(another_input__is_refused_where_it_is_too_short),
    };

    int failed = cmocka_run_group_tests(tests, setup, teardown);

    return run_with_children() + failed;
}
