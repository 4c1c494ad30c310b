/* A library to preload that lets one call of a kind fail: NDR_FAULT="malloc 17" makes the 17th allocation of
 * a process give nothing, and the first byte of the file named by NDR_FAULT_TOLD is set when that has happened,
 * so that whoever tries all of them knows when to stop.  It is mapped at the start: later there may be walls.
 * Kinds: malloc (with calloc, realloc), open, read, write, short (half of a write), sync, close (which closes and
 * fails), rename, fork, pipe. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The allocator under glibc's names: dlsym() itself allocates. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static char kind[16];
static long left; /* calls of the kind until the one that fails; 0 for none */
static volatile char *told;

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("NDR_FAULT");

    const char *path = getenv("NDR_FAULT_TOLD");

    if (fault && sscanf(fault, "%15s %ld", kind, &left) != 2) {
        left = 0;
    }
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;

    if (file >= 0) {
        void *mapped = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

        told = mapped == MAP_FAILED ? NULL : mapped;
        syscall(SYS_close, file);
    }
}

static int fails(const char *which, int error)
{
    if (left <= 0 || strcmp(kind, which) != 0 || --left > 0) {
        return 0;
    }
    if (told) {
        *told = 1;
    }
    errno = error;
    return 1;
}

#define REAL(type, name, arguments)                                                                                    \
    static type(*real) arguments;                                                                                      \
    if (!real) {                                                                                                       \
        *(void **)&real = dlsym(RTLD_NEXT, name);                                                                      \
    }

void *malloc(size_t size)
{
    return fails("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails("malloc", ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails("malloc", ENOMEM) ? NULL : __libc_realloc(old, size);
}

static int open_with(int folder, const char *path, int flags, int mode)
{
    return fails("open", EMFILE) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE_OF(flags)                                                                                                 \
    int mode = 0;                                                                                                      \
    va_list args;                                                                                                      \
    va_start(args, flags);                                                                                             \
    if ((flags) & O_CREAT) {                                                                                           \
        mode = va_arg(args, int);                                                                                      \
    }                                                                                                                  \
    va_end(args)

int open(const char *path, int flags, ...)
{
    MODE_OF(flags);
    return open_with(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags);
    return open_with(AT_FDCWD, path, flags, mode);
}

int __open_2(const char *path, int flags)
{
    return open_with(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return open_with(AT_FDCWD, path, flags, 0);
}

ssize_t read(int fd, void *to, size_t len)
{
    return fails("read", EIO) ? -1 : syscall(SYS_read, fd, to, len);
}

ssize_t pread64(int fd, void *to, size_t len, off64_t at)
{
    return fails("read", EIO) ? -1 : syscall(SYS_pread64, fd, to, len, at);
}

ssize_t pread(int fd, void *to, size_t len, off_t at)
{
    return fails("read", EIO) ? -1 : syscall(SYS_pread64, fd, to, len, at);
}

static size_t some(size_t len)
{
    return len > 1 && fails("short", 0) ? len / 2 : len;
}

ssize_t write(int fd, const void *from, size_t len)
{
    return fails("write", ENOSPC) ? -1 : syscall(SYS_write, fd, from, some(len));
}

ssize_t pwrite64(int fd, const void *from, size_t len, off64_t at)
{
    return fails("write", ENOSPC) ? -1 : syscall(SYS_pwrite64, fd, from, some(len), at);
}

ssize_t pwrite(int fd, const void *from, size_t len, off_t at)
{
    return fails("write", ENOSPC) ? -1 : syscall(SYS_pwrite64, fd, from, some(len), at);
}

int fsync(int fd)
{
    return fails("sync", EIO) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return fails("sync", EIO) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t len)
{
    return fails("sync", EIO) ? -1 : (int)syscall(SYS_ftruncate, fd, len);
}

int ftruncate64(int fd, off64_t len)
{
    return fails("sync", EIO) ? -1 : (int)syscall(SYS_ftruncate, fd, len);
}

int close(int fd)
{
    int result = (int)syscall(SYS_close, fd);

    return fails("close", EIO) ? -1 : result;
}

int rename(const char *from, const char *to)
{
    return fails("rename", ENOSPC) ? -1 : (int)syscall(SYS_rename, from, to);
}

pid_t fork(void)
{
    REAL(pid_t, "fork", (void))
    return fails("fork", EAGAIN) ? -1 : real();
}

int pipe(int ends[2])
{
    return fails("pipe", EMFILE) ? -1 : (int)syscall(SYS_pipe2, ends, 0);
}

int pipe2(int ends[2], int flags)
{
    return fails("pipe", EMFILE) ? -1 : (int)syscall(SYS_pipe2, ends, flags);
}
