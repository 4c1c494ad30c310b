#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/utf8.h"

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

const char *fuzz_file(struct str bytes)
{
    const char *folder = file_is_folder("/dev/shm") ? "/dev/shm" : "/tmp";

    if (!path[0]) {
        snprintf(path, sizeof path, "%s/ndr-fuzz.%ld", folder, (long)getpid());
        atexit(remove_file);
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    FUZZ_CHECK(fd >= 0 && file_write_all(fd, bytes));
    close(fd);
    return path;
}

char *fuzz_project_path(struct arena *arena, const char *name)
{
    const char *root = getenv("NDR_SRCDIR");

    return file_join(arena, root ? root : ".", name);
}

struct session *fuzz_session(void)
{
    static struct session session;
    struct session_options options = {.from_source = true, .shipped_only = true};
    struct arena arena;

    if (session.kb.count == 0) {
        arena_init(&arena);
        options.data = fuzz_project_path(&arena, "data");
        FUZZ_CHECK(session_open(&session, &options));
        arena_fini(&arena);
    }
    return &session;
}

static void check_value(const struct ndr_report *report, const struct ndr_value *value)
{
    FUZZ_CHECK(value->place.offset <= report->source.len && value->place.lines <= report->lines.count + 1);
    FUZZ_CHECK(ndr_report_line(report, value->place) <= report->lines.count);
}

static void check_recipient(const struct ndr_report *report, const struct ndr_recipient *recipient)
{
    const struct ndr_value *values[] = {
        &recipient->address,    &recipient->original_address, &recipient->action_field, &recipient->status_field,
        &recipient->diagnostic, &recipient->remote_mta,       &recipient->last_attempt, &recipient->will_retry_until,
        &recipient->reply_value,
    };

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        check_value(report, values[i]);
    }
    FUZZ_CHECK(recipient->code_count <= NDR_STATUSES_MAX && recipient->reply_count <= NDR_REPLIES_MAX);
    for (size_t i = 0; i < recipient->code_count; i++) {
        const struct ndr_code *code = &recipient->codes[i];

        check_value(report, &code->value);
        FUZZ_CHECK(code->reply >= -1 && code->reply < (int)recipient->reply_count);
        FUZZ_CHECK(code->status.class_ == 2 || code->status.class_ == 4 || code->status.class_ == 5);
    }
    for (size_t i = 0; i < recipient->reply_count; i++) {
        check_value(report, &recipient->replies[i].text);
        check_value(report, &recipient->replies[i].by);
    }
    size_t len = report->page_count ? report->pages[recipient->page].text.len : 0;

    FUZZ_CHECK(recipient->page < report->page_count || recipient->page == 0);
    FUZZ_CHECK(recipient->block_from <= recipient->block_to && recipient->block_to <= len);
}

static void check_page(const struct ndr_report *report, size_t number)
{
    const struct ndr_page *page = &report->pages[number];

    for (size_t i = 1; page->starts && i < page->marks; i++) {
        FUZZ_CHECK(page->starts[i - 1] <= page->starts[i] && page->starts[i] <= page->text.len);
        FUZZ_CHECK(page->origin[i] <= report->source.len);
    }
    FUZZ_CHECK(page->starts || page->source_offset + page->text.len <= report->source.len);
    for (size_t at = 0; at <= page->text.len; at += page->text.len / 8 + 1) {
        struct ndr_place place = ndr_page_place(report, number, at, page->text.len - at);

        FUZZ_CHECK(ndr_report_line(report, place) <= report->lines.count);
    }
}

void fuzz_check_report(const struct ndr_report *report)
{
    FUZZ_CHECK(report->recipient_count <= NDR_RECIPIENTS_MAX && report->hop_count <= NDR_HOPS_MAX);
    for (size_t i = 0; i < report->recipient_count; i++) {
        check_recipient(report, &report->recipients[i]);
        FUZZ_CHECK(ndr_recipient_code(&report->recipients[i]) < (int)report->recipients[i].code_count);
    }
    for (size_t i = 0; i < report->page_count; i++) {
        check_page(report, i);
    }
    for (size_t i = 0; i < report->hop_count; i++) {
        check_value(report, &report->hops[i].from);
        check_value(report, &report->hops[i].date);
    }
    for (size_t i = 0; i <= report->lines.count; i += report->lines.count / 64 + 1) {
        FUZZ_CHECK(ndr_report_line_text(report, (unsigned)i).len <= report->source.len);
    }
    check_value(report, &report->original.subject);
    check_value(report, &report->original.from);
    check_value(report, &report->arrival_date);
}

void fuzz_check_output(struct str text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t code = utf8_next(text, &at);

        FUZZ_CHECK(code == '\n' || code == '\t' || (code != UTF8_INVALID && utf8_is_printable(code)));
    }
}
