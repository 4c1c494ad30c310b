#include "session/reading.h"

#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "guard/guard.h"
#include "ndr/flat.h"

enum {
    READING_PIECE_BYTES = 256 << 10,
    READING_TROUBLE_MAX_BYTES = 8 << 10,
    READING_CHILDREN_MAX = 8, /* after so many that did not end well the rest is left out */
};

/* --- one report --- */

struct one {
    struct session *session;
    struct str bytes;
};

/* A report as bytes; it is matched, too, to see that this ends. */
static void add_flat(struct session *session, struct arena *arena, struct str bytes, struct buf *out)
{
    const struct ndr_report *report = ndr_report_parse(arena, bytes);

    session_match(session, arena, report);
    ndr_flat_write(out, report, bytes);
}

static void read_one(void *context, int out)
{
    const struct one *one = context;
    struct arena arena;
    struct buf flat;

    arena_init(&arena);
    buf_init(&flat, BUF_NO_LIMIT);
    add_flat(one->session, &arena, one->bytes, &flat);
    if (!file_write_all(out, buf_str(&flat))) {
        _exit(1);
    }
}

const struct ndr_report *session_read_apart(struct session *session, struct arena *arena, struct str bytes,
                                            const struct ndr_line_index *lines)
{
    struct one one = {session, bytes};
    struct guard_child child;
    struct buf flat;
    size_t got = 0;

    if (!guard_asks()) {
        return ndr_report_parse_lines(arena, bytes, lines);
    }
    buf_init(&flat, NDR_FLAT_MAX_BYTES);
    if (guard_child_start(&child, read_one, &one, "")) {
        do {
            char *to = buf_reserve(&flat, READING_PIECE_BYTES);

            child.is_dropped = !to;
            got = to ? guard_child_read(&child, to, READING_PIECE_BYTES) : 0;
            buf_commit(&flat, got);
        } while (got);
    }
    bool has_ended_well = guard_child_end(&child);
    const struct ndr_report *report =
        has_ended_well ? ndr_flat_read(arena, bytes, str_dup(arena, buf_str(&flat))) : NULL;

    buf_fini(&flat);
    return report;
}

/* --- many --- */

/* What a child tells before the bytes of a mail and those of its report. */
struct notice {
    uint64_t file; /* index in the list */
    uint64_t offset;
    uint64_t len;
    uint64_t flat_len; /* 0: it is about a trouble, and the bytes are its words */
};

/* What the child has to do. */
struct many {
    struct session *session;
    const struct input_files *files;
    size_t skipped; /* mails that were read before, or that no child could read */
    size_t file;
    struct input input; /* from here on the child's own */
    struct arena mail;
    struct buf flat;
    int out;
};

static void tell(const struct many *many, struct notice notice, struct str bytes)
{
    if (!file_write_all(many->out, str_make((const char *)&notice, sizeof notice)) ||
        !file_write_all(many->out, bytes) || !file_write_all(many->out, buf_str(&many->flat))) {
        _exit(1);
    }
}

static bool tell_mail(void *context, struct str bytes)
{
    struct many *many = context;

    if (many->input.mails <= many->skipped) {
        return true;
    }
    buf_clear(&many->flat);
    add_flat(many->session, &many->mail, bytes, &many->flat);
    tell(many, (struct notice){many->file, many->input.offset, bytes.len, many->flat.len}, bytes);
    buf_clear(&many->flat);
    arena_reset(&many->mail);
    return true;
}

static void read_many(void *context, int out)
{
    struct many *many = context;
    struct arena arena;

    arena_init(&arena);
    many->out = out;
    many->input = (struct input){.each = tell_mail, .context = many, .arena = &arena};
    buf_init(&many->flat, BUF_NO_LIMIT);
    for (many->file = 0; many->file < many->files->count; many->file++) {
        size_t before = many->input.troubles;

        many->input.troubles = 0;
        input_file(&many->input, many->files->paths[many->file]);
        /* What was read before has told its troubles, too. */
        if (many->input.troubles && many->input.mails >= many->skipped) {
            tell(many, (struct notice){many->file, 0, many->input.trouble.len, 0}, many->input.trouble);
        }
        many->input.troubles += before;
    }
}

/* What came from a child and was not looked at yet. */
struct arrival {
    struct guard_child child;
    struct buf bytes;
    size_t at;
};

/* Whether so many bytes are there; views into what came before end here. */
static bool has(struct arrival *arrival, size_t count)
{
    if (arrival->bytes.len - arrival->at < count) {
        buf_drop_front(&arrival->bytes, arrival->at);
        arrival->at = 0;
    }
    while (arrival->bytes.len - arrival->at < count) {
        char *to = buf_reserve(&arrival->bytes, READING_PIECE_BYTES);
        size_t got = to ? guard_child_read(&arrival->child, to, READING_PIECE_BYTES) : 0;

        if (got == 0) {
            return false;
        }
        buf_commit(&arrival->bytes, got);
    }
    return true;
}

static struct str take(struct arrival *arrival, size_t len)
{
    struct str taken = str_sub(buf_str(&arrival->bytes), arrival->at, len);

    arrival->at += len;
    return taken;
}

/* The next notice that the child may give; any other ends it. */
static bool next(struct arrival *arrival, const struct input_files *files, struct notice *notice)
{
    if (!has(arrival, sizeof *notice)) {
        arrival->child.is_dropped = arrival->bytes.len > arrival->at;
        return false;
    }
    memcpy(notice, take(arrival, sizeof *notice).ptr, sizeof *notice);
    uint64_t most = notice->flat_len ? NDR_SOURCE_MAX_BYTES : READING_TROUBLE_MAX_BYTES;

    arrival->child.is_dropped = notice->file >= files->count || notice->len > most ||
                                notice->flat_len > NDR_FLAT_MAX_BYTES ||
                                !has(arrival, notice->len + notice->flat_len);
    return !arrival->child.is_dropped;
}

/* The mails of all files behind `many->skipped`, by one child.  False when that did not end well. */
static bool ask_many(struct many *many, struct input *input, session_each each, void *context, bool *more)
{
    struct arrival arrival = {.at = 0};
    struct notice notice;
    struct arena mail;

    arena_init(&mail);
    buf_init(&arrival.bytes, NDR_SOURCE_MAX_BYTES + NDR_FLAT_MAX_BYTES);
    bool started = guard_child_start(&arrival.child, read_many, many, NULL);

    while (started && *more && next(&arrival, many->files, &notice)) {
        struct str bytes = take(&arrival, notice.len);
        const struct ndr_report *report =
            notice.flat_len ? ndr_flat_read(&mail, bytes, take(&arrival, notice.flat_len)) : NULL;

        arrival.child.is_dropped = notice.flat_len && !report;
        if (arrival.child.is_dropped) {
            break;
        }
        input->path = many->files->paths[notice.file];
        input->offset = notice.offset;
        if (report) {
            input->mails++;
            many->skipped++;
            *more = each(context, session_match(many->session, &mail, report), bytes);
        } else if (input->troubles++ == 0) {
            input->trouble = str_dup(input->arena, bytes);
        }
        arena_reset(&mail);
    }
    arrival.child.is_dropped = arrival.child.is_dropped || !*more;
    bool has_ended_well = guard_child_end(&arrival.child);

    buf_fini(&arrival.bytes);
    arena_fini(&mail);
    return started && (has_ended_well || !*more);
}

/* --- without a child --- */

struct direct {
    struct session *session;
    struct arena mail;
    session_each each;
    void *context;
};

static bool read_here(void *context, struct str bytes)
{
    struct direct *direct = context;
    bool more = direct->each(direct->context, session_analyze(direct->session, &direct->mail, bytes), bytes);

    arena_reset(&direct->mail);
    return more;
}

static void read_all_here(struct session *session, struct input *input, const char *path, session_each each,
                          void *context)
{
    struct direct *direct = ARENA_NEW(input->arena, struct direct);

    *direct = (struct direct){.session = session, .each = each, .context = context};
    input->each = read_here;
    input->context = direct;
    input_read(input, path);
    arena_fini(&direct->mail);
}

void session_read_all(struct session *session, struct input *input, const char *path, session_each each,
                      void *context)
{
    struct input_files files = {0};
    struct many many = {.session = session, .files = &files};
    bool more = true;

    if (!guard_asks()) {
        read_all_here(session, input, path, each, context);
        return;
    }
    session_warm(session);
    input_list(input->arena, path, &files);
    for (int i = 0; i < READING_CHILDREN_MAX && more && !ask_many(&many, input, each, context, &more); i++) {
        many.skipped++;
        input_note_trouble(input, path, _("a mail needs more than the limits allow; it was not read"));
    }
}
