#include "cli/bulk.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
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
 * through the same list; unit n is the work of process n modulo their count.  A token goes round in
 * pipes: who holds it writes its unit, so that the order is that of the input and nobody copies. */

enum {
    BULK_JOBS_MAX = 64,
    BULK_CHUNK_BYTES = 512 << 10, /* small enough for a processor's own cache */
    BULK_LOOK_BYTES = 16 << 10, /* read behind a chunk to find where its last mail ends */
    BULK_ROOM_BYTES = 4 << 20, /* kept for the next chunk */
    BULK_LEAD_BYTES = 4, /* before a chunk, to see whether a mail begins right at its start */
    BULK_PROGRESS_MS = 500,
};

static const char TOKEN_GO = 'g';
static const char TOKEN_STOP = 's';

struct shared {
    atomic_size_t mails;
    atomic_size_t troubles;
    atomic_bool found;
    atomic_flag trouble_is_told;
    char trouble[512];
};

struct worker {
    const struct bulk *bulk;
    struct shared *shared;
    struct input input;
    int (*ring)[2];
    unsigned me;
    size_t unit; /* number of the next unit */
    struct buf bytes; /* of the chunk at hand */
    const char *path; /* that is read now */
};

unsigned bulk_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : count > BULK_JOBS_MAX ? BULK_JOBS_MAX : (unsigned)count;
}

static bool is_mine(struct worker *w)
{
    return w->unit++ % w->bulk->jobs == w->me;
}

/* Waits for the token, writes what the unit gave, and passes the token on. */
static bool end_unit(struct worker *w)
{
    char token = TOKEN_STOP;
    ssize_t got;

    do {
        got = read(w->ring[w->me][0], &token, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) {
        _exit(CLI_TROUBLE);
    }
    bool good = token == TOKEN_GO && cli_flush(w->bulk->cli);

    /* Nobody reads on: the others must not wait for their turn. */
    token = good ? TOKEN_GO : TOKEN_STOP;

    if (w->input.troubles && !atomic_flag_test_and_set(&w->shared->trouble_is_told)) {
        snprintf(w->shared->trouble, sizeof w->shared->trouble, "%.*s", (int)w->input.trouble.len,
                 w->input.trouble.len ? w->input.trouble.ptr : "");
    }
    atomic_fetch_add(&w->shared->mails, w->input.mails);
    atomic_fetch_add(&w->shared->troubles, w->input.troubles);
    w->input.mails = w->input.troubles = 0;
    if (*w->bulk->found) {
        atomic_store(&w->shared->found, true);
    }
    if (write(w->ring[(w->me + 1) % w->bulk->jobs][1], &token, 1) != 1) {
        _exit(CLI_TROUBLE);
    }
    return good;
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
    while (at < BULK_CHUNK_BYTES + lead && at < bytes->len) {
        size_t next = find_next(w, fd, bytes, base, at + 1);

        w->input.mails++;
        w->bulk->each(w->bulk->context, str_sub(buf_str(bytes), at, next - at));
        at = next;
    }
    if (bytes->room > BULK_ROOM_BYTES) {
        buf_fini(bytes); /* a mail of unusual size */
    }
}

/* Opens a file and tells its size and whether it is an mbox.  What passes (no memory, no descriptors) one
 * worker meets and another one not, and then they would count different units: it ends, and so do all. */
static int open_unit(const char *path, struct stat *info, bool *is_mbox)
{
    enum file_result result;
    int fd = file_open(path, &result);
    char start[5];
    ssize_t got = 0;
    bool passes = fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM);

    if (passes || (fd >= 0 && (fstat(fd, info) != 0 || (got = pread(fd, start, sizeof start, 0)) < 0))) {
        _exit(CLI_TROUBLE);
    }
    *is_mbox = got == sizeof start && memcmp(start, "From ", sizeof start) == 0;
    return fd;
}

static bool read_units(struct worker *w, const char *path)
{
    struct stat info;
    bool is_mbox;
    int fd = open_unit(path, &info, &is_mbox);
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
    for (size_t i = 0; i < w->bulk->files->count; i++) {
        if (!read_units(w, w->bulk->files->paths[i])) {
            int lost = w->bulk->cli->lost;

            _exit(lost && lost != EPIPE && lost != EINTR ? CLI_TROUBLE : CLI_FOUND);
        }
    }
    _exit(CLI_FOUND);
}

/* Waits for the workers; on a terminal it tells how far they are. */
static bool wait_for(const struct shared *shared, const pid_t *workers, unsigned jobs)
{
    bool tell = isatty(STDERR_FILENO);
    bool good = true;

    for (unsigned left = jobs; left > 0;) {
        int status;
        pid_t done = waitpid(-1, &status, tell ? WNOHANG : 0);

        if (done > 0) {
            bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == CLI_FOUND;

            /* The turn of one that died would never end. */
            for (unsigned i = 0; !ended_well && good && i < jobs; i++) {
                kill(workers[i], SIGTERM);
            }
            good = good && ended_well;
            left--;
        } else if (done == 0) {
            struct timespec pause = {0, BULK_PROGRESS_MS * 1000000L};

            fprintf(stderr, _("\r%zu mails"), atomic_load(&shared->mails));
            nanosleep(&pause, NULL);
        } else if (errno != EINTR) {
            break;
        }
    }
    if (tell) {
        fputs("\r\033[K", stderr);
    }
    return good;
}

/* None of them has the token yet: nothing was written. */
static void end_workers(const pid_t *workers, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        kill(workers[i], SIGKILL);
        while (waitpid(workers[i], NULL, 0) < 0 && errno == EINTR) {
        }
    }
}

static bool start_workers(const struct bulk *bulk, struct shared *shared, int (*ring)[2], pid_t *workers)
{
    for (unsigned i = 0; i < bulk->jobs; i++) {
        workers[i] = fork();
        if (workers[i] == 0) {
            struct worker w = {.bulk = bulk,
                               .shared = shared,
                               .input = {.each = bulk->each, .context = bulk->context, .arena = bulk->cli->arena},
                               .ring = ring,
                               .me = i};

            buf_init(&w.bytes, BUF_NO_LIMIT);
            guard_worker_enter();
            work(&w);
        }
        if (workers[i] < 0) {
            end_workers(workers, i);
            return false;
        }
    }
    return true;
}

static void close_ring(int (*ring)[2], unsigned pipes)
{
    for (unsigned i = 0; i < pipes; i++) {
        close(ring[i][0]);
        close(ring[i][1]);
    }
}

bool bulk_run(const struct bulk *bulk, struct bulk_total *total)
{
    int ring[BULK_JOBS_MAX][2];
    pid_t workers[BULK_JOBS_MAX];
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED || bulk->jobs == 0 || bulk->jobs > BULK_JOBS_MAX) {
        return false;
    }
    unsigned pipes = 0;

    while (pipes < bulk->jobs && pipe(ring[pipes]) == 0) {
        pipes++;
    }
    bool started = pipes == bulk->jobs && start_workers(bulk, shared, ring, workers);

    if (started && write(ring[0][1], &TOKEN_GO, 1) != 1) {
        end_workers(workers, bulk->jobs);
        started = false;
    }
    if (!started) {
        close_ring(ring, pipes);
        munmap(shared, sizeof *shared);
        return false;
    }
    bool good = wait_for(shared, workers, bulk->jobs);

    *total = (struct bulk_total){.found = atomic_load(&shared->found),
                                 .is_cut = !good,
                                 .mails = atomic_load(&shared->mails),
                                 .troubles = atomic_load(&shared->troubles) + !good};
    /* What a worker wrote may have no end. */
    snprintf(total->trouble, sizeof total->trouble, "%.*s", (int)sizeof shared->trouble - 1,
             shared->trouble[0] ? shared->trouble : _("a worker ended early"));
    close_ring(ring, bulk->jobs);
    munmap(shared, sizeof *shared);
    return true;
}
