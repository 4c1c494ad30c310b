#include "cli/bulk.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "guard/guard.h"

/* The input is cut into units: a chunk of an mbox, or a whole file of another kind.  All processes go
 * through the same list and take the next unit that nobody took.  A number that all share says which unit
 * may be written, so that the order is that of the input and nobody copies.  Who is early holds what its
 * unit gave and reads on; who holds enough waits until a byte in its pipe wakes it.
 *
 * A process that dies over a mail has not written what it holds: another one takes its place and reads
 * those units again, without holding any.  A mail over which two died is left out, and told.  Only who dies
 * while it writes ends the run, because nobody knows how much came out. */

#define BULK_NONE SIZE_MAX /* no unit */

enum {
    BULK_JOBS_MAX = 64,
    BULK_CHUNK_BYTES = 512 << 10, /* small enough for a processor's own cache */
    BULK_LOOK_BYTES = 16 << 10, /* read behind a chunk to find where its last mail ends */
    BULK_ROOM_BYTES = 4 << 20, /* kept for the next chunk */
    BULK_HELD_MAX = 4, /* units that a process has taken and not written */
    BULK_HELD_BYTES = 4 << 20, /* it takes no more when they have come to so much */
    BULK_LEAD_BYTES = 4, /* before a chunk, to see whether a mail begins right at its start */
    BULK_PROGRESS_MS = 500,
    BULK_DEATHS_MAX = 2, /* over a mail before it is left out */
    BULK_LOST_MAX = 8,   /* mails of one unit that are left out; with more the run ends */
};

/* Where a worker is, which outlives it. */
struct place {
    atomic_size_t taken[BULK_HELD_MAX]; /* units that are not written; BULK_NONE where none is */
    atomic_size_t unit; /* at hand */
    atomic_size_t mail; /* of it, from 1; 0 before the first */
    atomic_size_t waits_for; /* the unit whose turn must come, or BULK_NONE */
    atomic_bool is_between; /* it writes or takes a unit: nobody knows what is done */
    atomic_bool is_over; /* it ends because it wants to */
};

struct shared {
    struct place places[BULK_JOBS_MAX];
    atomic_size_t next; /* the unit that nobody took */
    atomic_size_t turn; /* the unit that may be written */
    atomic_bool is_stopped; /* nobody reads on: the others must not wait for their turn */
    atomic_size_t mails;
    atomic_size_t troubles;
    atomic_bool found;
    atomic_flag trouble_is_told;
    char trouble[512];
};

/* What a worker does, kept by the parent for who takes its place. */
struct post {
    pid_t pid;
    size_t given[BULK_HELD_MAX]; /* units to begin with, in order: a first one, or what the last one left */
    unsigned given_count;
    size_t unit;  /* where the last one died */
    size_t mail;  /* over which it died */
    unsigned deaths; /* over that mail */
    size_t lost[BULK_LOST_MAX]; /* mails of the unit to leave out */
    unsigned lost_count;
};

/* A unit that is read and not written. */
struct held {
    size_t unit;
    size_t bytes; /* what it gave */
    size_t mails, troubles; /* of it */
};

struct worker {
    const struct bulk *bulk;
    struct shared *shared;
    struct place *place;     /* in `shared` */
    const struct post *post; /* of the one before, if there was one */
    struct input input;
    int (*bells)[2]; /* pipes: a byte in that of a process wakes it */
    unsigned me;
    size_t unit; /* number of the next unit on the way through the list */
    size_t mine; /* the one that is to be read next */
    unsigned given; /* how many of those that its post came with it took */
    size_t mail; /* of the unit at hand */
    struct held held[BULK_HELD_MAX]; /* in order; cli->out has what they gave */
    size_t held_count;
    size_t held_bytes;
    struct buf bytes; /* of the chunk at hand */
    const char *path; /* that is read now */
};

unsigned bulk_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : count > BULK_JOBS_MAX ? BULK_JOBS_MAX : (unsigned)count;
}

/* Takes a unit: one of those that its post came with, or the next one. */
static void take_unit(struct worker *w)
{
    size_t slot = 0;

    if (w->given < w->post->given_count) {
        w->mine = w->post->given[w->given++];
        return; /* its place has it */
    }
    while (atomic_load(&w->place->taken[slot]) != BULK_NONE) {
        slot++; /* one is free: a worker that holds all of them waits */
    }
    atomic_store(&w->place->is_between, true);
    w->mine = atomic_fetch_add(&w->shared->next, 1);
    atomic_store(&w->place->taken[slot], w->mine);
    atomic_store(&w->place->is_between, false);
}

/* The next unit of the list: whether it is the one that this worker took. */
static bool is_mine(struct worker *w)
{
    size_t unit = w->unit++;

    if (unit != w->mine) {
        return false;
    }
    w->mail = 0;
    atomic_store(&w->place->mail, 0);
    atomic_store(&w->place->unit, unit);
    return true;
}

static bool is_lost(const struct worker *w)
{
    bool lost = false;

    for (unsigned i = 0; w->mine == w->post->unit && i < w->post->lost_count; i++) {
        lost |= w->post->lost[i] == w->mail;
    }
    return lost;
}

static bool read_mail(void *context, struct str bytes)
{
    struct worker *w = context;

    atomic_store_explicit(&w->place->mail, ++w->mail, memory_order_relaxed);
    if (is_lost(w)) {
        char what[128];

        snprintf(what, sizeof what, _("a mail of %zu bytes was left out: it could not be read to its end"), bytes.len);
        input_note_trouble(&w->input, w->path, what);
        return true;
    }
    return w->bulk->each(w->bulk->context, bytes, w->input.lines);
}

static _Noreturn void leave(struct worker *w, int status)
{
    atomic_store(&w->place->is_over, true);
    _exit(status);
}

static bool wake(int (*bells)[2], unsigned who)
{
    return write(bells[who][1], "", 1) == 1;
}

/* A byte may be missing, taken by one that died, or be there for nothing: the number counts. */
static void wait_for_turn(struct worker *w, size_t unit)
{
    char byte;

    atomic_store(&w->place->waits_for, unit);
    while (atomic_load(&w->shared->turn) != unit && !atomic_load(&w->shared->is_stopped)) {
        ssize_t got = read(w->bells[w->me][0], &byte, 1);

        if (got == 0 || (got < 0 && errno != EINTR)) {
            leave(w, CLI_TROUBLE);
        }
    }
    atomic_store(&w->place->waits_for, BULK_NONE);
}

/* Wakes who waits for this unit's turn; everybody when all is to end. */
static void wake_waiting(struct worker *w, size_t unit)
{
    bool all = atomic_load(&w->shared->is_stopped);

    for (unsigned i = 0; i < w->bulk->jobs; i++) {
        size_t waits_for = atomic_load(&w->shared->places[i].waits_for);

        if ((waits_for == unit || (all && waits_for != BULK_NONE)) && !wake(w->bells, i)) {
            leave(w, CLI_TROUBLE);
        }
    }
}

static void count_unit(struct worker *w, const struct held *held)
{
    if (held->troubles && !atomic_flag_test_and_set(&w->shared->trouble_is_told)) {
        snprintf(w->shared->trouble, sizeof w->shared->trouble, "%.*s", (int)w->input.trouble.len,
                 w->input.trouble.len ? w->input.trouble.ptr : "");
    }
    atomic_fetch_add(&w->shared->mails, held->mails);
    atomic_fetch_add(&w->shared->troubles, held->troubles);
    if (*w->bulk->found) {
        atomic_store(&w->shared->found, true);
    }
}

/* Writes what a unit gave whose turn it is, the first that is held, and lets the next one write. */
static bool write_unit(struct worker *w, const struct held *held)
{
    atomic_store(&w->place->is_between, true);
    bool good = !atomic_load(&w->shared->is_stopped) && cli_flush_first(w->bulk->cli, held->bytes);

    count_unit(w, held);
    if (!good) {
        atomic_store(&w->shared->is_stopped, true);
    }
    for (size_t i = 0; i < BULK_HELD_MAX; i++) {
        if (atomic_load(&w->place->taken[i]) == held->unit) {
            atomic_store(&w->place->taken[i], BULK_NONE);
        }
    }
    atomic_store(&w->shared->turn, held->unit + 1);
    atomic_store(&w->place->is_between, false);
    wake_waiting(w, held->unit + 1);
    return good;
}

/* Writes those of the held units whose turn it is, and waits for the others when `all` have to go. */
static bool write_held(struct worker *w, bool all)
{
    size_t done = 0;
    bool good = true;

    while (good && done < w->held_count) {
        const struct held *held = &w->held[done];

        if (all) {
            wait_for_turn(w, held->unit);
        } else if (atomic_load(&w->shared->turn) != held->unit) {
            break;
        }
        good = write_unit(w, held);
        w->held_bytes -= held->bytes;
        done++;
    }
    w->held_count -= done;
    memmove(w->held, w->held + done, w->held_count * sizeof w->held[0]);
    return good;
}

/* Holds what the unit gave, writes what can be written, and takes another one. */
static bool end_unit(struct worker *w)
{
    size_t bytes = w->bulk->cli->out.len - w->held_bytes;

    w->held[w->held_count++] = (struct held){w->mine, bytes, w->input.mails, w->input.troubles};
    w->held_bytes += bytes;
    w->input.mails = w->input.troubles = 0;
    bool holds_enough =
        w->post->deaths || w->held_count == BULK_HELD_MAX || w->held_bytes > BULK_HELD_BYTES;

    if (!write_held(w, holds_enough)) {
        return false;
    }
    take_unit(w);
    return true;
}

/* Adds `len` bytes at `at` of the file; false at its end and when it cannot be read. */
static bool pull(struct worker *w, int fd, struct buf *bytes, off_t at, size_t len)
{
    char *room = buf_reserve(bytes, len);
    ssize_t got = room ? pread(fd, room, len, at) : 0;

    if (got < 0) {
        input_note_trouble(&w->input, w->path, file_result_text(FILE_UNREADABLE));
    }
    buf_commit(bytes, got > 0 ? (size_t)got : 0);
    return got > 0;
}

/* Start of the next mail behind `from`, reading on where it has to; the end of the file without one. */
static size_t find_next(struct worker *w, int fd, struct buf *bytes, off_t base, size_t from)
{
    size_t look = from;

    for (;;) {
        size_t at = input_next_mail(buf_str(bytes), look);

        if (at != STR_NPOS) {
            return at;
        }
        /* A separator may lie across the end of what is there. */
        look = bytes->len > from + 8 ? bytes->len - 8 : from;
        if (!pull(w, fd, bytes, base + (off_t)bytes->len, BULK_LOOK_BYTES)) {
            return bytes->len;
        }
    }
}

/* The mails that begin in chunk `n` of an mbox. */
static void read_chunk(struct worker *w, int fd, size_t n)
{
    size_t lead = n ? BULK_LEAD_BYTES : 0;
    off_t base = (off_t)n * BULK_CHUNK_BYTES - (off_t)lead;
    size_t at = 0;
    struct buf *bytes = &w->bytes;

    buf_clear(bytes);
    while (bytes->len < BULK_CHUNK_BYTES + lead &&
           pull(w, fd, bytes, base + (off_t)bytes->len, BULK_CHUNK_BYTES + lead - bytes->len)) {
    }
    while (at < lead && at < bytes->len) {
        at = find_next(w, fd, bytes, base, at);
    }
    input_walk(&w->input, buf_str(bytes), at);
    while (at < BULK_CHUNK_BYTES + lead && at < bytes->len) {
        size_t next = input_next(&w->input);

        if (next == STR_NPOS) {
            next = find_next(w, fd, bytes, base, at + 1);
        }
        w->input.mails++;
        read_mail(w, str_sub(buf_str(bytes), at, next - at));
        at = next;
    }
    if (bytes->room > BULK_ROOM_BYTES) {
        buf_fini(bytes); /* a mail of unusual size */
    }
}

/* Opens a file and tells its size and whether it is an mbox.  What passes (no memory, no descriptors) one
 * worker meets and another one not, and then they would count different units: it ends, and so do all. */
static int open_unit(struct worker *w, const char *path, struct stat *info, bool *is_mbox)
{
    enum file_result result;
    int fd = file_open(path, &result);
    char start[5];
    ssize_t got = 0;
    bool passes = fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM);

    if (passes || (fd >= 0 && (fstat(fd, info) != 0 || (got = pread(fd, start, sizeof start, 0)) < 0))) {
        leave(w, CLI_TROUBLE);
    }
    *is_mbox = got == sizeof start && memcmp(start, "From ", sizeof start) == 0;
    return fd;
}

static bool read_units(struct worker *w, const char *path)
{
    struct stat info;
    bool is_mbox;
    int fd = open_unit(w, path, &info, &is_mbox);
    bool good = true;

    w->path = path;
    if (!is_mbox) {
        if (is_mine(w)) {
            input_file(&w->input, path);
            good = end_unit(w);
        }
    } else {
        size_t chunks = ((size_t)info.st_size + BULK_CHUNK_BYTES - 1) / BULK_CHUNK_BYTES;

        for (size_t n = 0; good && n < chunks; n++) {
            if (is_mine(w)) {
                read_chunk(w, fd, n);
                good = end_unit(w);
            }
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static _Noreturn void work(struct worker *w)
{
    bool good = true;

    take_unit(w);
    for (size_t i = 0; good && i < w->bulk->files->count; i++) {
        good = read_units(w, w->bulk->files->paths[i]);
    }
    if (good && write_held(w, true)) {
        leave(w, CLI_FOUND);
    }
    int lost = w->bulk->cli->lost;

    leave(w, lost && lost != EPIPE && lost != EINTR ? CLI_TROUBLE : CLI_FOUND);
}

/* All that the parent knows. */
struct crew {
    const struct bulk *bulk;
    struct shared *shared;
    int (*bells)[2];
    struct post posts[BULK_JOBS_MAX];
};

static bool start_worker(struct crew *crew, unsigned me)
{
    struct post *post = &crew->posts[me];

    post->pid = fork();
    if (post->pid == 0) {
        struct worker w = {.bulk = crew->bulk,
                           .shared = crew->shared,
                           .place = &crew->shared->places[me],
                           .post = post,
                           .input = {.each = read_mail, .context = &w, .arena = crew->bulk->cli->arena},
                           .bells = crew->bells,
                           .me = me};

        buf_init(&w.bytes, BUF_NO_LIMIT);
        guard_worker_enter();
        work(&w);
    }
    return post->pid > 0;
}

/* Sends those that still work a signal; the turn of one that died would never come. */
static void end_workers(const struct crew *crew, int number)
{
    for (unsigned i = 0; i < crew->bulk->jobs; i++) {
        if (crew->posts[i].pid > 0) {
            kill(crew->posts[i].pid, number);
        }
    }
}

/* Somebody wanted the end, or standard output is lost. */
static bool was_told_to_end(int status)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ};
    bool told = false;

    for (size_t i = 0; WIFSIGNALED(status) && i < sizeof numbers / sizeof numbers[0]; i++) {
        told |= WTERMSIG(status) == numbers[i];
    }
    return told;
}

/* All of them look whose turn it is.  One that cannot be woken might sleep for good: then all end. */
static void wake_all(const struct crew *crew)
{
    bool good = true;

    for (unsigned i = 0; i < crew->bulk->jobs; i++) {
        good = wake(crew->bells, i) && good;
    }
    if (!good) {
        end_workers(crew, SIGTERM);
    }
}

static int unit_order(const void *a, const void *b)
{
    size_t one = *(const size_t *)a;
    size_t other = *(const size_t *)b;

    return (one > other) - (one < other);
}

/* What a worker that died had taken and not written. */
static void list_unwritten(struct post *post, struct place *place)
{
    post->given_count = 0;
    for (size_t i = 0; i < BULK_HELD_MAX; i++) {
        size_t unit = atomic_load(&place->taken[i]);

        if (unit != BULK_NONE) {
            post->given[post->given_count++] = unit;
        }
    }
    qsort(post->given, post->given_count, sizeof post->given[0], unit_order);
}

/* Another one for a worker that died over a mail; false when that would not help. */
static bool replace(struct crew *crew, unsigned me, int status)
{
    struct place *place = &crew->shared->places[me];
    struct post *post = &crew->posts[me];
    size_t unit = atomic_load(&place->unit);
    size_t mail = atomic_load(&place->mail);

    if (atomic_load(&place->is_over) || atomic_load(&place->is_between) || was_told_to_end(status)) {
        return false;
    }
    if (unit != post->unit) {
        post->lost_count = 0;
    }
    post->deaths = unit == post->unit && mail == post->mail ? post->deaths + 1 : 1;
    post->unit = unit;
    post->mail = mail;
    list_unwritten(post, place);
    if (post->deaths > BULK_DEATHS_MAX) {
        return false; /* it dies without that mail, too */
    }
    if (post->deaths == BULK_DEATHS_MAX) {
        if (post->lost_count == BULK_LOST_MAX) {
            return false;
        }
        post->lost[post->lost_count++] = mail;
    }
    if (!start_worker(crew, me)) {
        return false;
    }
    /* The dead one may have had the byte that was to wake it, or owed one. */
    wake_all(crew);
    return true;
}

/* Waits for the workers; on a terminal it tells how far they are. */
static bool wait_for(struct crew *crew)
{
    bool tell = isatty(STDERR_FILENO);
    bool good = true;
    unsigned jobs = crew->bulk->jobs;

    for (unsigned left = jobs; left > 0;) {
        int status;
        pid_t done = waitpid(-1, &status, tell ? WNOHANG : 0);
        unsigned me = 0;

        while (done > 0 && me < jobs && crew->posts[me].pid != done) {
            me++;
        }
        if (done > 0 && me < jobs) {
            bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == CLI_FOUND;

            if (!ended_well && good && replace(crew, me, status)) {
                continue;
            }
            crew->posts[me].pid = 0;
            if (!ended_well && good) {
                end_workers(crew, SIGTERM);
            }
            good = good && ended_well;
            left--;
        } else if (done == 0) {
            struct timespec pause = {0, BULK_PROGRESS_MS * 1000000L};

            fprintf(stderr, _("\r%zu mails"), atomic_load(&crew->shared->mails));
            nanosleep(&pause, NULL);
        } else if (done < 0 && errno != EINTR) {
            break;
        }
    }
    if (tell) {
        fputs("\r\033[K", stderr);
    }
    return good;
}

static void give_first(struct crew *crew, unsigned me)
{
    struct place *place = &crew->shared->places[me];

    crew->posts[me].given[crew->posts[me].given_count++] = me;
    atomic_store(&place->waits_for, BULK_NONE);
    for (size_t slot = 0; slot < BULK_HELD_MAX; slot++) {
        atomic_store(&place->taken[slot], slot ? BULK_NONE : me);
    }
}

/* Nobody writes yet: when one of them cannot be started, nothing came out. */
static bool start_workers(struct crew *crew)
{
    atomic_store(&crew->shared->turn, BULK_NONE);
    atomic_store(&crew->shared->next, crew->bulk->jobs);
    for (unsigned i = 0; i < crew->bulk->jobs; i++) {
        give_first(crew, i);
        if (!start_worker(crew, i)) {
            crew->posts[i].pid = 0;
            end_workers(crew, SIGKILL);
            while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {
            }
            return false;
        }
    }
    atomic_store(&crew->shared->turn, 0);
    wake_all(crew);
    return true;
}

static void close_bells(int (*bells)[2], unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        close(bells[i][0]);
        close(bells[i][1]);
    }
}

bool bulk_run(const struct bulk *bulk, struct bulk_total *total)
{
    int bells[BULK_JOBS_MAX][2];
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED || bulk->jobs == 0 || bulk->jobs > BULK_JOBS_MAX) {
        return false;
    }
    struct crew crew = {.bulk = bulk, .shared = shared, .bells = bells};
    unsigned pipes = 0;

    while (pipes < bulk->jobs && pipe(bells[pipes]) == 0) {
        pipes++;
    }
    if (pipes < bulk->jobs || !start_workers(&crew)) {
        close_bells(bells, pipes);
        munmap(shared, sizeof *shared);
        return false;
    }
    bool good = wait_for(&crew);

    *total = (struct bulk_total){.found = atomic_load(&shared->found),
                                 .is_cut = !good,
                                 .mails = atomic_load(&shared->mails),
                                 .troubles = atomic_load(&shared->troubles) + !good};
    /* What a worker wrote may have no end. */
    snprintf(total->trouble, sizeof total->trouble, "%.*s", (int)sizeof shared->trouble - 1,
             shared->trouble[0] ? shared->trouble : _("a worker ended early"));
    close_bells(bells, bulk->jobs);
    munmap(shared, sizeof *shared);
    return true;
}
