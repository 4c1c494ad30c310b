/* Files as the user names them: regular files with a ceiling, and nothing that could block. */
#ifndef NDR_BASE_FILE_H
#define NDR_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

enum file_result {
    FILE_OK,
    FILE_TRUNCATED,  /* more than the limit: the start was read */
    FILE_MISSING,    /* no such file */
    FILE_NOT_FILE,   /* folder, device, FIFO or socket */
    FILE_UNREADABLE, /* no permission, or a read error */
};

/* Reads a regular file into `buf` (up to its limit).  Opened non-blocking and without a
 * controlling terminal, then checked by fstat, so a FIFO or device cannot hang it. */
enum file_result file_read(const char *path, struct buf *buf);

/* Opens a regular file so; the descriptor, or -1 with `result` set. */
int file_open(const char *path, enum file_result *result);

/* Reads a descriptor to its end (a pipe, a terminal in line mode), up to the buffer's limit;
 * beyond it stops reading and returns FILE_TRUNCATED. */
enum file_result file_read_fd(int fd, struct buf *buf);

/* Reads up to `len` bytes to `room`; gives how many: fewer at the end of the file and when it cannot be read. */
size_t file_read_some(int fd, char *room, size_t len);

/* One plain sentence for `result`, such as "no such file". */
const char *file_result_text(enum file_result result);

bool file_exists(const char *path);    /* a regular file (links followed) */
bool file_is_folder(const char *path);

/* Whether nobody but root and this account may change it: the owner is one of them, and neither group nor
 * others may write.  True for a path that does not exist. */
bool file_is_guarded(const char *path);

/* Names of the regular entries of a folder that end in `suffix`, sorted bytewise; without the dot
 * files.  Empty when the folder cannot be read. */
struct file_list {
    struct str *names; /* NUL-terminated behind their length, in the arena */
    size_t count;
};
struct file_list file_list_folder(struct arena *arena, const char *folder, const char *suffix);

/* "folder/name", NUL-terminated, in the arena. */
char *file_join(struct arena *arena, const char *folder, const char *name);

/* Folder of the running program without a trailing slash, NULL when unknown. */
const char *file_program_folder(struct arena *arena);

/* Makes a file anew in one step: whoever reads it sees the old or the new text, also after a crash.  Readable
 * for its owner alone; folders on the way are made, a link is followed.  False when it cannot be written; the
 * old one is then as it was. */
bool file_replace(struct arena *arena, const char *path, struct str data);

/* Writes all bytes; false at an error (EPIPE included). */
bool file_write_all(int fd, struct str data);

/* Makes a file for its owner alone and writes it, in place of one that is there only when `overwrites`.  A
 * link or a device in its place is never followed.  False with errno set. */
bool file_save(const char *path, bool overwrites, struct str data);

#endif
