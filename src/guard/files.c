#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guard/guard.h"
#include "guard/walls.h"

/* The interface of landlock, which is newer than the headers of many systems (kernel:
 * Documentation/userspace-api/landlock.rst).  Its numbers are the same on all processors. */
enum { LANDLOCK_CREATE = 444, LANDLOCK_ADD = 445, LANDLOCK_RESTRICT = 446 };
enum { LANDLOCK_VERSION_FLAG = 1, LANDLOCK_BENEATH = 1 };

enum landlock_right {
    RIGHT_EXECUTE = 1 << 0,
    RIGHT_WRITE_FILE = 1 << 1,
    RIGHT_READ_FILE = 1 << 2,
    RIGHT_READ_DIR = 1 << 3,
    RIGHT_REMOVE_FILE = 1 << 5,
    RIGHT_MAKE_DIR = 1 << 7,
    RIGHT_MAKE_REG = 1 << 8,
    RIGHT_REFER = 1 << 13,
    RIGHT_TRUNCATE = 1 << 14,
};

enum {
    RIGHTS_FIRST = (1 << 13) - 1, /* all rights of version 1 */
    RIGHTS_READ = RIGHT_READ_FILE | RIGHT_READ_DIR,
    RIGHTS_WRITE = RIGHTS_READ | RIGHT_WRITE_FILE | RIGHT_REMOVE_FILE | RIGHT_MAKE_DIR |
                   RIGHT_MAKE_REG | RIGHT_TRUNCATE,
    RIGHTS_OF_FILE = RIGHT_READ_FILE | RIGHT_WRITE_FILE | RIGHT_TRUNCATE,
};

struct landlock_ruleset {
    uint64_t rights;
    uint64_t network; /* from version 4 on */
    uint64_t scopes;  /* from version 6 on */
};

enum { LANDLOCK_RIGHTS_BYTES = 8, SCOPE_ABSTRACT_SOCKETS = 1 << 0, SCOPE_SIGNALS = 1 << 1 };

struct landlock_beneath {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

static unsigned abi_most = ~0u;

void guard_files_limit_abi(unsigned abi)
{
    abi_most = abi;
}

unsigned guard_files_abi(void)
{
#ifdef GUARD_HAS_WALLS
    long abi = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION_FLAG);

    return abi < 0 ? 0 : (unsigned long)abi < abi_most ? (unsigned)abi : abi_most;
#else
    return 0;
#endif
}

/* Rights that this kernel can refuse: version 2 knows of links between folders, 3 of cutting. */
static uint64_t rights_of(unsigned abi)
{
    return RIGHTS_FIRST | (abi >= 2 ? RIGHT_REFER : 0u) | (abi >= 3 ? RIGHT_TRUNCATE : 0u);
}

void guard_files_open(struct guard_files *files, bool is_alone)
{
    files->abi = guard_files_abi();
    bool has_scopes = files->abi >= GUARD_ABI_SIGNALS && is_alone;
    struct landlock_ruleset ruleset = {.rights = rights_of(files->abi),
                                       .scopes = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS};
    size_t size = has_scopes ? sizeof ruleset : LANDLOCK_RIGHTS_BYTES;

    files->ruleset = files->abi ? (int)syscall(LANDLOCK_CREATE, &ruleset, size, 0) : -1;
}

static void allow(const struct guard_files *files, const char *path, uint64_t rights)
{
    int fd = files->ruleset >= 0 && path ? open(path, O_PATH | O_CLOEXEC) : -1;
    struct stat info;

    if (fd < 0) {
        return;
    }
    if (fstat(fd, &info) == 0) {
        rights &= rights_of(files->abi) & (S_ISDIR(info.st_mode) ? ~(uint64_t)0 : RIGHTS_OF_FILE);
        struct landlock_beneath beneath = {rights, fd};

        /* What cannot be allowed stays refused. */
        syscall(LANDLOCK_ADD, files->ruleset, LANDLOCK_BENEATH, &beneath, 0);
    }
    close(fd);
}

void guard_files_read(struct guard_files *files, const char *path)
{
    allow(files, path, RIGHTS_READ);
}

void guard_files_write(struct guard_files *files, const char *path)
{
    allow(files, path, RIGHTS_WRITE);
}

bool guard_files_hide(const char *path)
{
    int fd =
        access(path, R_OK) == 0 ? open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        close(fd);
    }
    return fd < 0 && access(path, R_OK) == 0;
}

void guard_files_system(struct guard_files *files)
{
    static const char *const read[] = {
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/usr/share/locale",
        "/usr/share/i18n",
        "/usr/share/zoneinfo",
        "/etc/localtime",
        "/usr/share/terminfo",
        "/etc/terminfo",
        "/etc/inputrc",
        "/dev/urandom",
    };

    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++) {
        guard_files_read(files, read[i]);
    }
}

void guard_files_close(struct guard_files *files)
{
    if (files->ruleset >= 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        syscall(LANDLOCK_RESTRICT, files->ruleset, 0);
        close(files->ruleset);
        files->ruleset = -1;
    }
}
