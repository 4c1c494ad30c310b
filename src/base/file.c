#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_PIECE_BYTES = 64 * 1024, FILE_LINK_BYTES = 4096 };

enum file_result file_read_fd(int fd, struct buf *buf)
{
    for (;;) {
        size_t left = buf->limit - buf->len;
        char beyond;

        if (left == 0) {
            ssize_t more = read(fd, &beyond, 1);

            if (more < 0 && errno == EINTR) {
                continue;
            }
            return more > 0 ? FILE_TRUNCATED : FILE_OK;
        }
        size_t want = left < FILE_PIECE_BYTES ? left : FILE_PIECE_BYTES;
        ssize_t got = read(fd, buf_reserve(buf, want), want);

        if (got > 0) {
            buf_commit(buf, (size_t)got);
        } else if (got == 0) {
            return FILE_OK;
        } else if (errno != EINTR) {
            return FILE_UNREADABLE;
        }
    }
}

size_t file_read_some(int fd, char *room, size_t len)
{
    size_t have = 0;

    while (have < len) {
        ssize_t got = read(fd, room + have, len - have);

        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        have += got > 0 ? (size_t)got : 0;
    }
    return have;
}

int file_open(const char *path, enum file_result *result)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat info;

    if (fd < 0) {
        *result = errno == ENOENT || errno == ENOTDIR ? FILE_MISSING : FILE_UNREADABLE;
        return -1;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        *result = FILE_NOT_FILE;
        close(fd);
        return -1;
    }
    *result = FILE_OK;
    return fd;
}

enum file_result file_read(const char *path, struct buf *buf)
{
    enum file_result result;
    int fd = file_open(path, &result);

    if (fd >= 0) {
        result = file_read_fd(fd, buf);
        close(fd);
    }
    return result;
}

const char *file_result_text(enum file_result result)
{
    switch (result) {
    case FILE_OK:
        return "read";
    case FILE_TRUNCATED:
        return "larger than the limit";
    case FILE_MISSING:
        return "no such file";
    case FILE_NOT_FILE:
        return "not a regular file";
    case FILE_UNREADABLE:
        return "cannot be read";
    }
    return "unknown";
}

bool file_exists(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool file_is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool file_is_guarded(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        return errno == ENOENT || errno == ENOTDIR;
    }
    return (info.st_uid == 0 || info.st_uid == geteuid()) && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int file_name_order(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

struct file_list file_list_folder(struct arena *arena, const char *folder, const char *suffix)
{
    struct file_list list = {0};
    size_t capacity = 0;
    DIR *dir = opendir(folder);

    if (!dir && errno == ENOMEM) {
        mem_fail();
    }
    if (!dir) {
        return list;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        struct str name = str_from(entry->d_name);

        if (name.ptr[0] != '.' && str_ends_nocase(name, str_from(suffix))) {
            *VEC_PUSH(arena, list.names, list.count, capacity) = str_dup(arena, name);
        }
    }
    closedir(dir);
    if (list.count) {
        qsort(list.names, list.count, sizeof *list.names, file_name_order);
    }
    return list;
}

char *file_join(struct arena *arena, const char *folder, const char *name)
{
    struct str path = str_printf(arena, "%s/%s", folder, name);

    return (char *)path.ptr;
}

const char *file_program_folder(struct arena *arena)
{
    char path[FILE_LINK_BYTES];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);

    if (len <= 0 || (size_t)len >= sizeof path) {
        return NULL;
    }
    while (len > 1 && path[len - 1] != '/') {
        len--;
    }
    return str_dup_z(arena, str_make(path, len > 1 ? (size_t)len - 1 : 1));
}

bool file_write_all(int fd, struct str data)
{
    while (data.len) {
        ssize_t done = write(fd, data.ptr, data.len);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return false;
        }
        data = str_sub(data, (size_t)done, data.len);
    }
    return true;
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        /* Whether it is there shows when the file is made. */
        if (!file_is_folder(path)) {
            mkdir(path, 0700);
        }
        *slash = '/';
    }
}

/* A new name is safe only when its folder is on the disk. */
static void sync_folder(char *path)
{
    char *slash = strrchr(path, '/');

    if (!slash) {
        return;
    }
    slash[slash == path] = '\0';
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

bool file_replace(struct arena *arena, const char *path, struct str data)
{
    char *real = realpath(path, NULL);
    char *target = str_dup_z(arena, str_from(real ? real : path));
    char *draft = (char *)str_printf(arena, "%s.XXXXXX", target).ptr;

    free(real);
    make_folders(draft);
    int fd = mkstemp(draft); /* for its owner alone */

    if (fd < 0) {
        return false;
    }
    bool written = file_write_all(fd, data) && fsync(fd) == 0;

    written = close(fd) == 0 && written && rename(draft, target) == 0;
    if (!written) {
        unlink(draft);
        return false;
    }
    sync_folder(target);
    return true;
}

bool file_save(const char *path, bool overwrites, struct str data)
{
    int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = open(path, flags | (overwrites ? O_TRUNC : O_EXCL), 0600);

    if (fd < 0) {
        return false;
    }
    bool written = file_write_all(fd, data);
    int kept = errno;

    if (close(fd) != 0) {
        return false;
    }
    errno = kept;
    return written;
}
