/* Work grows in proportion to the input: twice as much of anything costs at most 2.5 times as much. */
#include "unit/unit.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <time.h>

#include "session/session.h"

enum { RUNS = 7, TRIES = 8 };

static const double RATIO_MAX = 2.5;

static struct session session;
static struct arena paths;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds that one report costs, the least of several runs. */
static double cost_of(struct str report)
{
    double least = 1e9;

    for (int i = 0; i < RUNS; i++) {
        struct arena arena;
        double start = now();

        arena_init(&arena);
        session_analyze(&session, &arena, report);
        arena_fini(&arena);
        double took = now() - start;

        least = took < least ? took : least;
    }
    return least;
}

static const char head[] = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: lee@example.com\n"
                           "Subject: Undelivered Mail Returned to Sender\n"
                           "Date: Tue, 24 Nov 2026 09:12:52 +0000\n";

static void repeat(struct buf *out, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++) {
        buf_add_z(out, text);
    }
}

static void make_bytes(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "\n<kim@example.net>: 550 5.1.1 User unknown\n\n");
    repeat(out, n, "A line of words that people write, with an address <pat@example.com> and 5.7.1 in it.\n");
}

static void make_parts(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "Content-Type: multipart/mixed; boundary=x\n\n");
    repeat(out, n, "--x\nContent-Type: text/plain\n\nThe message was not delivered to <kim@example.net>.\n");
    buf_add_z(out, "--x--\n");
}

static void make_headers(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    repeat(out, n, "X-Field: a value of some words\n\tand a fold\n");
    buf_add_z(out, "\n<kim@example.net>: 550 5.1.1 User unknown\n");
}

static void make_recipients(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
                   "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n");
    for (size_t i = 0; i < n; i++) {
        buf_addf(out,
                 "\nFinal-Recipient: rfc822; user%zu@example.net\nAction: failed\nStatus: 5.1.1\n"
                 "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n",
                 i);
    }
    buf_add_z(out, "--x--\n");
}

static void make_listed(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "\nThe following addresses had permanent fatal errors:\n\n");
    for (size_t i = 0; i < n; i++) {
        buf_addf(out, "<user%zu@example.net>: 550 5.1.1 User unknown\n\n", i);
    }
}

static void make_quoted(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "\n");
    repeat(out, n, "> ");
    buf_add_z(out, "<kim@example.net>: 550 5.1.1 User unknown\n");
}

static void make_line(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "\n");
    repeat(out, n, "550-5.1.1 <kim@example.net>: User unknown; ");
}

static void make_nested(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    repeat(out, n, "Content-Type: message/rfc822\n\nSubject: Undelivered mail\n");
    buf_add_z(out, "\n550 5.1.1 User unknown\n");
}

static void make_received(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
                   "--x\nContent-Type: message/rfc822\n\n");
    for (size_t i = 0; i < n; i++) {
        buf_addf(out,
                 "Received: from a%zu.example.com (a.example.com [192.0.2.1]) by b%zu.example.com with "
                 "ESMTPS id 1; Tue, 24 Nov 2026 09:12:52 +0000\n",
                 i, i);
    }
    buf_add_z(out, "\nbody\n--x--\n");
}

static void make_tags(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "Content-Type: text/html\n\n");
    repeat(out, n, "<p><a href=\"http://example.com/x\">words &amp; more</a><!-- c --><br>\n");
}

static void make_blanks(struct buf *out, size_t n)
{
    buf_add_z(out, head);
    buf_add_z(out, "\n550 5.1.1 User");
    repeat(out, n, "          ");
    buf_add_z(out, "unknown <kim@example.net>\n");
}

static void check(void (*make)(struct buf *out, size_t n), size_t n)
{
    struct buf once;
    struct buf twice;
    double ratio = RATIO_MAX + 1;

    buf_init(&once, BUF_NO_LIMIT);
    buf_init(&twice, BUF_NO_LIMIT);
    make(&once, n);
    make(&twice, 2 * n);
    /* Another program may take the processor's caches for a while: once below is enough. */
    for (int i = 0; i < TRIES && ratio > RATIO_MAX; i++) {
        double cost = cost_of(buf_str(&once));

        ratio = cost_of(buf_str(&twice)) / cost;
    }
    if (ratio > RATIO_MAX) {
        fail_msg("twice the input costs %.2f times as much", ratio);
    }
    buf_fini(&once);
    buf_fini(&twice);
}

#define DOUBLING(dimension, n)                                                                         \
    static void work__of_twice_the_##dimension(void **state)                                           \
    {                                                                                                  \
        (void)state;                                                                                   \
        check(make_##dimension, n);                                                                    \
    }
DOUBLING(bytes, 4000)
DOUBLING(parts, 400)
DOUBLING(headers, 800)
DOUBLING(recipients, 500)
DOUBLING(listed, 500)
DOUBLING(quoted, 100000)
DOUBLING(line, 4000)
DOUBLING(nested, 4000)
DOUBLING(received, 3000)
DOUBLING(tags, 4000)
DOUBLING(blanks, 20000)
#undef DOUBLING

static int open_session(void **state)
{
#ifdef __GLIBC__
    /* Memory stays with the process, so that the kernel's work on it is no part of what is measured. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
    struct session_options options = {.data = project_path(&paths, "data"), .shipped_only = true};

    (void)state;
    return session_open(&session, &options) ? 0 : -1;
}

static int close_session(void **state)
{
    (void)state;
    session_close(&session);
    arena_fini(&paths);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work__of_twice_the_bytes),      cmocka_unit_test(work__of_twice_the_parts),
        cmocka_unit_test(work__of_twice_the_headers),    cmocka_unit_test(work__of_twice_the_recipients),
        cmocka_unit_test(work__of_twice_the_listed),     cmocka_unit_test(work__of_twice_the_quoted),
        cmocka_unit_test(work__of_twice_the_line),       cmocka_unit_test(work__of_twice_the_nested),
        cmocka_unit_test(work__of_twice_the_received),   cmocka_unit_test(work__of_twice_the_tags),
        cmocka_unit_test(work__of_twice_the_blanks),
    };

    return cmocka_run_group_tests(tests, open_session, close_session);
}
