#include "cli/input.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ndr/report.h"

static void note_trouble(struct input *input, const char *name, const char *what)
{
    if (input->troubles++ == 0) {
        input->trouble = str_printf(input->arena, "%s: %s", name, what);
    }
}

/* Start of the mail behind the one at `from`: a line "From " behind an empty one (RFC 4155). */
static size_t next_mail(struct str bytes, size_t from)
{
    for (size_t at = str_find(bytes, STR_LIT("\nFrom "), from); at != STR_NPOS;
         at = str_find(bytes, STR_LIT("\nFrom "), at + 1)) {
        bool crlf = at >= 3 && bytes.ptr[at - 1] == '\r' && bytes.ptr[at - 2] == '\n';

        if (crlf || (at >= 1 && bytes.ptr[at - 1] == '\n')) {
            return at + 1;
        }
    }
    return bytes.len;
}

static bool give(struct input *input, struct str bytes)
{
    input->mails++;
    return input->each(input->context, bytes);
}

/* The mails of an mbox one by one; anything else as it is. */
static bool give_all(struct input *input, struct str bytes)
{
    size_t from = 0;

    if (!str_starts(bytes, STR_LIT("From "))) {
        return give(input, bytes);
    }
    while (from < bytes.len) {
        size_t to = next_mail(bytes, from + 1);

        if (!give(input, str_sub(bytes, from, to - from))) {
            return false;
        }
        from = to;
    }
    return true;
}

static bool read_one(struct input *input, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? _("standard input") : path;
    bool more = true;
    struct buf bytes;

    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    enum file_result result = standard ? file_read_fd(STDIN_FILENO, &bytes) : file_read(path, &bytes);

    if (result == FILE_TRUNCATED) {
        note_trouble(input, name, _("larger than 32 MiB; only the start was read"));
    } else if (result != FILE_OK) {
        note_trouble(input, name, file_result_text(result));
    }
    if (result == FILE_OK || result == FILE_TRUNCATED) {
        more = give_all(input, buf_str(&bytes));
    }
    buf_fini(&bytes);
    return more;
}

/* Every file of a folder in the order of the names; without those below it. */
static bool read_folder(struct input *input, const char *folder)
{
    struct file_list files = file_list_folder(input->arena, folder, "");

    for (size_t i = 0; i < files.count; i++) {
        const char *path = file_join(input->arena, folder, files.names[i].ptr);

        if (file_exists(path) && !read_one(input, path)) {
            return false;
        }
    }
    return true;
}

bool input_read(struct input *input, const char *path)
{
    if (strcmp(path, "-") == 0 || !file_is_folder(path)) {
        return read_one(input, path);
    }
    const char *cur = file_join(input->arena, path, "cur");
    const char *new = file_join(input->arena, path, "new");

    /* A Maildir: what lies in tmp is still being written. */
    if (file_is_folder(cur) && file_is_folder(new)) {
        return read_folder(input, cur) && read_folder(input, new);
    }
    return read_folder(input, path);
}
