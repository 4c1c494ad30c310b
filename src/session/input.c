#include "session/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/block.h"
#include "base/file.h"
#include "base/scan.h"
#include "base/text.h"
#include "ndr/mime.h"

enum {
    INPUT_PIECE_BYTES = 256 << 10,
    INPUT_NAME_MAX_BYTES = 4096, /* of a file */
    INPUT_RUN_BYTES = 4 << 10, /* looked at for lines at once: as many may end in them */
    INPUT_LINES_MAX = 3 * INPUT_RUN_BYTES, /* noted, of a mail and what was seen behind it */
    INPUT_LOOK_BYTES = 8, /* behind a line end: what begins a mail, in one load */
};

void input_note_trouble(struct input *input, const char *name, const char *what)
{
    if (input->troubles++ == 0) {
        input->trouble = str_printf(input->arena, "%s: %s", name, what);
    }
}

/* Whether a mail begins at `at`: at a line "From " behind an empty one. */
static bool begins_mail(struct str bytes, size_t at)
{
    static const struct str mark = STR_INIT("\nFrom ");
    size_t end = at - 1; /* of the line before */

    if (at == 0 || !str_starts(str_sub(bytes, end, mark.len), mark)) {
        return false;
    }
    bool crlf = end >= 3 && bytes.ptr[end - 1] == '\r' && bytes.ptr[end - 2] == '\n';

    return crlf || (end >= 1 && bytes.ptr[end - 1] == '\n');
}

size_t input_next_mail(struct str bytes, size_t from)
{
    /* Its capital and a blank behind four letters are rarer than line ends. */
    size_t at = scan_apart(bytes, from + 1, 'F', ' ', 4);

    while (at < bytes.len && !begins_mail(bytes, at)) {
        at = scan_apart(bytes, at + 1, 'F', ' ', 4);
    }
    return at < bytes.len ? at : STR_NPOS;
}

void input_walk(struct input *input, struct str bytes, size_t from)
{
    struct input_walk *walk = &input->walk;

    if (!walk->starts) {
        walk->starts = ARENA_ROOM(input->arena, uint32_t, INPUT_LINES_MAX);
    }
    walk->bytes = bytes;
    walk->from = walk->end = from;
    walk->starts[0] = (uint32_t)from;
    walk->first = 0;
    walk->count = 1;
}

/* Notes where the next lines begin at which a mail may begin; false when there are none, or no room for them. */
static bool note_lines(struct input_walk *walk)
{
    size_t len = walk->bytes.len < UINT32_MAX ? walk->bytes.len : UINT32_MAX;
    size_t most = len > INPUT_LOOK_BYTES ? len - INPUT_LOOK_BYTES : 0;

    if (walk->count + INPUT_RUN_BYTES > INPUT_LINES_MAX) {
        walk->count -= walk->first;
        memmove(walk->starts, walk->starts + walk->first, walk->count * sizeof *walk->starts);
        walk->first = 0;
    }
    if (walk->end >= most || walk->count + INPUT_RUN_BYTES > INPUT_LINES_MAX) {
        return false;
    }
    size_t to = most - walk->end < INPUT_RUN_BYTES ? most : walk->end + INPUT_RUN_BYTES;

    walk->count += scan_behind(walk->bytes, walk->end, to, '\n', walk->starts + walk->count);
    walk->end = to;
    return true;
}

/* Number of the line behind the first `at` of the mail with which the next mail begins, 0 when none does. */
static size_t find_next(struct input_walk *walk)
{
    const uint64_t from = load_eight("From \0\0"); /* as all fields of that name begin but for the blank */
    size_t line = 1; /* of the mail */

    do {
        const uint32_t *starts = walk->starts + walk->first;

        for (size_t count = walk->count - walk->first; line < count; line++) {
            if ((load_eight(walk->bytes.ptr + starts[line]) ^ from) << 24 == 0 &&
                begins_mail(walk->bytes, starts[line])) {
                return line;
            }
        }
    } while (note_lines(walk));
    return 0;
}

size_t input_next(struct input *input)
{
    struct input_walk *walk = &input->walk;
    size_t count = find_next(walk);

    if (count == 0) {
        size_t next = input_next_mail(walk->bytes, walk->end > walk->from ? walk->end - 1 : walk->from + 1);

        input->lines = NULL;
        input_walk(input, walk->bytes, next == STR_NPOS ? walk->bytes.len : next);
        return next;
    }
    walk->lines = (struct ndr_line_index){walk->starts + walk->first, count};
    walk->first += count;
    for (size_t i = 0; i < count; i++) {
        walk->lines.starts[i] -= (uint32_t)walk->from;
    }
    walk->from = walk->starts[walk->first];
    input->lines = &walk->lines;
    return walk->from;
}

void input_begin(struct input *input, const char *const *paths, size_t count)
{
    if (input->begin && !input->has_begun) {
        input->begin(input->context, paths, count);
    }
    input->has_begun = true;
}

/* `lines` of the input are told already. */
static bool give_known(struct input *input, struct str bytes, uint64_t offset)
{
    input->mails++;
    input->offset = offset;
    return input->each(input->context, bytes);
}

static bool give(struct input *input, struct str bytes, uint64_t offset)
{
    input->lines = NULL;
    return give_known(input, bytes, offset);
}

/* Gives the mails of `bytes` that are whole (the last one too at the end); *used is what they took.
 * The bytes stand at `base` in their file. */
static bool give_mails(struct input *input, struct str bytes, uint64_t base, bool is_end, size_t *used)
{
    size_t from = 0;

    input_walk(input, bytes, from);
    while (from < bytes.len) {
        size_t to = input_next(input);

        if (to == STR_NPOS && !is_end) {
            break;
        }
        to = to == STR_NPOS ? bytes.len : to;
        if (!give_known(input, str_sub(bytes, from, to - from), base + from)) {
            return false;
        }
        from = to;
    }
    *used = from;
    return true;
}

/* --- standard input without "From " lines --- */

/* Whether the first line names a file: then all of them do ("find ... | ndr analyze -"). */
static bool is_list(struct arena *arena, struct str bytes, char separator)
{
    struct str name;

    bool any = str_next_field(&bytes, separator, &name);

    name = any ? str_trim(name) : STR_NULL;
    return name.len && name.len < INPUT_NAME_MAX_BYTES && file_exists(str_dup_z(arena, name));
}

/* The files that bytes name; false when they name none. */
static bool names_in(const struct input *input, struct str bytes, struct input_files *files)
{
    struct str name;
    char separator = is_list(input->arena, bytes, '\0') ? '\0' : '\n';

    if (!input->takes_lists || !is_list(input->arena, bytes, separator)) {
        return false;
    }
    while (str_next_field(&bytes, separator, &name)) {
        const char *path = str_dup_z(input->arena, str_trim(name));

        if (path[0] && strcmp(path, "-") != 0) {
            *VEC_PUSH(input->arena, files->paths, files->count, files->capacity) = path;
        }
    }
    return true;
}

/* Reads standard input until there are `len` bytes or it ends. */
static void pull_standard(struct buf *bytes, size_t len)
{
    while (bytes->len < len) {
        size_t room = len - bytes->len < INPUT_PIECE_BYTES ? len - bytes->len : INPUT_PIECE_BYTES;
        ssize_t got = read(STDIN_FILENO, buf_reserve(bytes, room), room);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return;
        }
        buf_commit(bytes, (size_t)got);
    }
}

void input_foresee(struct input *input)
{
    struct input_files files = {0};
    struct buf bytes;

    buf_init(&bytes, NDR_SOURCE_MAX_BYTES);
    pull_standard(&bytes, INPUT_NAME_MAX_BYTES);
    if (names_in(input, buf_str(&bytes), &files)) {
        files = (struct input_files){0};
        pull_standard(&bytes, NDR_SOURCE_MAX_BYTES);
        names_in(input, buf_str(&bytes), &files);
    }
    input->start = str_dup(input->arena, buf_str(&bytes));
    buf_fini(&bytes);
    input_begin(input, files.paths, files.count);
}

static bool read_list(struct input *input, const struct input_files *files)
{
    bool more = true;

    input_begin(input, files->paths, files->count);
    for (size_t i = 0; more && i < files->count; i++) {
        more = input_read(input, files->paths[i]);
    }
    return more;
}

/* Start of a mail that follows the mail at the start of `bytes` without a separator, as after "cat
 * *.eml": only behind the last line of a multipart is it sure that the mail has ended. */
static size_t next_joined(struct arena *arena, struct str bytes)
{
    struct ndr_fields fields;

    ndr_fields_parse(arena, bytes, &fields);
    const struct ndr_field *type = ndr_field_find(&fields, STR_LIT("Content-Type"));
    struct str boundary =
        type ? ndr_field_parameter(arena, ndr_field_unfold(arena, type->value), STR_LIT("boundary")) : STR_NULL;

    if (boundary.len == 0) {
        return STR_NPOS;
    }
    struct str end = str_printf(arena, "\n--%.*s--", (int)boundary.len, boundary.ptr);
    size_t at = str_find(bytes, end, 0);

    if (at == STR_NPOS) {
        return STR_NPOS;
    }
    for (at += end.len; at < bytes.len && str_is_blank(bytes.ptr[at]); at++) {
    }
    return at < bytes.len && ndr_mime_looks_like_mail(str_sub(bytes, at, bytes.len)) ? at : STR_NPOS;
}

/* What came from standard input and is no mbox. */
static bool give_standard(struct input *input, struct str bytes)
{
    struct input_files files = {0};
    struct arena arena;
    bool more = true;

    if (names_in(input, bytes, &files)) {
        return read_list(input, &files);
    }
    input_begin(input, NULL, 0);
    arena_init(&arena);
    for (size_t from = 0; more && from < bytes.len;) {
        struct str rest = str_sub(bytes, from, bytes.len);
        size_t next = ndr_mime_looks_like_mail(rest) ? next_joined(&arena, rest) : STR_NPOS;

        next = next == STR_NPOS ? rest.len : next;
        more = give(input, str_sub(rest, 0, next), from);
        from += next;
    }
    arena_fini(&arena);
    return bytes.len ? more : give(input, bytes, 0);
}

/* An mbox of any size, a piece at a time; anything else as one mail. */
static bool stream(struct input *input, int fd, const char *name)
{
    struct buf bytes;
    uint64_t base = 0; /* of `bytes` in the file */
    bool more = true;
    bool is_end = false;
    bool is_mbox = false;
    bool is_cut = false;

    buf_init(&bytes, NDR_SOURCE_MAX_BYTES + INPUT_PIECE_BYTES);
    if (fd == STDIN_FILENO) {
        buf_add_str(&bytes, input->start);
        input->start = STR_NULL;
    }
    while (more && !is_end) {
        ssize_t got = read(fd, buf_reserve(&bytes, INPUT_PIECE_BYTES), INPUT_PIECE_BYTES);
        size_t used = 0;

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            input_note_trouble(input, name, file_result_text(FILE_UNREADABLE));
        }
        is_end = got <= 0;
        buf_commit(&bytes, got > 0 ? (size_t)got : 0);
        is_mbox = is_mbox || str_starts(buf_str(&bytes), STR_LIT("From "));
        if (is_mbox && bytes.len) {
            input_begin(input, NULL, 0);
            more = give_mails(input, buf_str(&bytes), base, is_end, &used);
            buf_drop_front(&bytes, used);
            base += used;
        }
        if (bytes.len > NDR_SOURCE_MAX_BYTES) {
            /* A mail beyond the limit: its start is read, the rest passed over. */
            if (!is_cut) {
                input_begin(input, NULL, 0);
                input_note_trouble(input, name, _("larger than 32 MiB; only the start was read"));
                more = give(input, str_sub(buf_str(&bytes), 0, NDR_SOURCE_MAX_BYTES), base);
            }
            is_cut = true;
            if (!is_mbox) {
                break;
            }
            base += bytes.len - 8;
            buf_drop_front(&bytes, bytes.len - 8);
        }
    }
    if (more && !is_mbox && !is_cut && (bytes.len || is_end)) {
        more = fd == STDIN_FILENO ? give_standard(input, buf_str(&bytes)) : give(input, buf_str(&bytes), base);
    }
    buf_fini(&bytes);
    return more;
}

bool input_file(struct input *input, const char *path)
{
    enum file_result result;
    bool more = true;

    input_begin(input, NULL, 0);
    int fd = file_open(path, &result);

    if (fd < 0) {
        input_note_trouble(input, path, file_result_text(result));
        return true;
    }
    input->path = path;
    more = stream(input, fd, path);
    close(fd);
    return more;
}

static bool is_first(void *context, struct str bytes)
{
    size_t *count = context;

    (void)bytes;
    return ++*count < 2;
}

bool input_is_many(const char *path)
{
    struct arena arena;
    size_t count = 0;
    struct input input = {.each = is_first, .context = &count, .arena = &arena};

    if (file_is_folder(path)) {
        return true;
    }
    arena_init(&arena);
    input_file(&input, path);
    arena_fini(&arena);
    return count > 1;
}

enum file_result input_again(const char *path, uint64_t offset, size_t len, struct buf *out)
{
    enum file_result result;
    int fd = file_open(path, &result);
    size_t done = 0;

    while (fd >= 0 && done < len) {
        size_t piece = len - done < INPUT_PIECE_BYTES ? len - done : INPUT_PIECE_BYTES;
        ssize_t got = pread(fd, buf_reserve(out, piece), piece, (off_t)(offset + done));

        if (got < 0 && errno == EINTR) {
            continue;
        }
        buf_commit(out, got > 0 ? (size_t)got : 0);
        if (got <= 0) {
            result = got < 0 ? FILE_UNREADABLE : result;
            break;
        }
        done += (size_t)got;
    }
    if (fd >= 0) {
        close(fd);
    }
    return result;
}

/* Every file of a folder in the order of the names; without those below it. */
static void add_folder(struct arena *arena, struct input_files *files, const char *folder)
{
    struct file_list list = file_list_folder(arena, folder, "");

    for (size_t i = 0; i < list.count; i++) {
        const char *path = file_join(arena, folder, list.names[i].ptr);

        if (file_exists(path)) {
            *VEC_PUSH(arena, files->paths, files->count, files->capacity) = path;
        }
    }
}

void input_list(struct arena *arena, const char *path, struct input_files *files)
{
    const char *cur = file_join(arena, path, "cur");
    const char *new = file_join(arena, path, "new");

    if (strcmp(path, "-") == 0 || !file_is_folder(path)) {
        *VEC_PUSH(arena, files->paths, files->count, files->capacity) = path;
    } else if (file_is_folder(cur) && file_is_folder(new)) {
        /* A Maildir: what lies in tmp is still being written. */
        add_folder(arena, files, cur);
        add_folder(arena, files, new);
    } else {
        add_folder(arena, files, path);
    }
}

bool input_read(struct input *input, const char *path)
{
    struct input_files files = {0};

    if (strcmp(path, "-") == 0) {
        input->path = path;
        return stream(input, STDIN_FILENO, _("standard input"));
    }
    input_list(input->arena, path, &files);
    for (size_t i = 0; i < files.count; i++) {
        if (!input_file(input, files.paths[i])) {
            return false;
        }
    }
    return true;
}
