#include "guard/walls.h"

#ifdef GUARD_HAS_WALLS
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* Filters as arrays of instructions.  A refused call fails with EPERM: a library that asks for more than
 * it needs goes on without, and nothing that is refused is of use to whoever asks. */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define ARCH AUDIT_ARCH_PPC64LE
#endif

#define FAIL(number) (SECCOMP_RET_ERRNO | ((number) & SECCOMP_RET_DATA))
#define REFUSE       BPF_STMT(BPF_RET | BPF_K, FAIL(EPERM))
#define ALLOW        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(field)  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))

/* The lower half of an argument: all that the kernel looks at where it is used here. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW 4
#else
#define LOW 0
#endif
#define LOAD_ARG(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, args[n]) + LOW)

/* Skip `no` instructions unless the loaded value is, or has a bit of, `value`. */
#define IS(value, no)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, no)
#define HAS(value, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (uint32_t)(value), 0, no)

#define REFUSE_NUMBER(number) IS(number, 1), REFUSE
#define ALLOW_NUMBER(number)  IS(number, 1), ALLOW
#define REFUSE_CALL(name)     REFUSE_NUMBER(__NR_##name)
#define ALLOW_CALL(name)      ALLOW_NUMBER(__NR_##name)

/* Newer than some headers; these numbers are the same on all processors. */
enum { CALL_IO_URING_SETUP = 425, CALL_IO_URING_ENTER, CALL_IO_URING_REGISTER, CALL_OPEN_TREE, CALL_MOVE_MOUNT };
enum { CALL_CLONE3 = 435, CALL_PIDFD_GETFD = 438 };

/* Calls of another word size have other numbers: none is allowed. */
#define X32_BIT 0x40000000u
#define START                                                                                       \
    LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0), REFUSE, LOAD(nr),                  \
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1), REFUSE

static bool install(const struct sock_filter *code, size_t count)
{
    struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)code};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
#endif

#if defined(GUARD_HAS_WALLS) && defined(ARCH)

#ifndef TIOCLINUX
#define TIOCLINUX 0x541C
#endif
#define OPEN_REFUSED (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))
#define NAMESPACES                                                                                  \
    (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

/* clang-format off */
bool guard_filter_desk(void)
{
    static const struct sock_filter code[] = {
        START,
        REFUSE_CALL(execve),
        REFUSE_CALL(execveat),
        REFUSE_CALL(socket),
        REFUSE_CALL(socketpair),
        REFUSE_CALL(ptrace),
        REFUSE_CALL(process_vm_readv),
        REFUSE_CALL(process_vm_writev),
        REFUSE_CALL(bpf),
        REFUSE_CALL(perf_event_open),
        REFUSE_CALL(userfaultfd),
        REFUSE_CALL(keyctl),
        REFUSE_CALL(add_key),
        REFUSE_CALL(request_key),
        REFUSE_CALL(mount),
        REFUSE_CALL(umount2),
        REFUSE_CALL(pivot_root),
        REFUSE_CALL(chroot),
        REFUSE_CALL(setns),
        REFUSE_CALL(unshare),
        REFUSE_CALL(memfd_create),
        REFUSE_CALL(open_by_handle_at),
        REFUSE_CALL(kexec_load),
        REFUSE_CALL(init_module),
        REFUSE_CALL(finit_module),
        REFUSE_CALL(personality),
        /* Rings of calls go past the filter. */
        REFUSE_NUMBER(CALL_IO_URING_SETUP),
        REFUSE_NUMBER(CALL_IO_URING_ENTER),
        REFUSE_NUMBER(CALL_IO_URING_REGISTER),
        REFUSE_NUMBER(CALL_OPEN_TREE),
        REFUSE_NUMBER(CALL_MOVE_MOUNT),
        REFUSE_NUMBER(CALL_PIDFD_GETFD),
        /* The flags of clone3 lie behind a pointer; without it the C library uses clone. */
        IS(CALL_CLONE3, 1), BPF_STMT(BPF_RET | BPF_K, FAIL(ENOSYS)),
        /* A fork is fine, it inherits the walls; a namespace or a thread is not. */
        IS(__NR_clone, 4), LOAD_ARG(0), HAS(NAMESPACES | CLONE_VM, 1), REFUSE, ALLOW,
        IS(__NR_ioctl, 5), LOAD_ARG(1), IS(TIOCSTI, 1), REFUSE, IS(TIOCLINUX, 1), REFUSE,
        ALLOW,
    };

    return install(code, sizeof code / sizeof code[0]);
}

bool guard_filter_worker(void)
{
    const struct sock_filter code[] = {
        START,
        ALLOW_CALL(read),
        ALLOW_CALL(write),
        ALLOW_CALL(pread64),
        ALLOW_CALL(lseek),
        ALLOW_CALL(close),
        ALLOW_CALL(fstat),
        ALLOW_CALL(newfstatat),
        ALLOW_CALL(statx),
        ALLOW_CALL(getdents64),
        ALLOW_CALL(readv),
        ALLOW_CALL(writev),
        ALLOW_CALL(fadvise64),
#ifdef __NR_stat
        ALLOW_CALL(stat),
        ALLOW_CALL(lstat),
#endif
#ifdef __NR_poll
        ALLOW_CALL(poll),
#endif
        ALLOW_CALL(ppoll),
        ALLOW_CALL(munmap),
        ALLOW_CALL(mremap),
        ALLOW_CALL(madvise),
        ALLOW_CALL(brk),
        ALLOW_CALL(futex),
        ALLOW_CALL(rt_sigaction),
        ALLOW_CALL(rt_sigprocmask),
        ALLOW_CALL(rt_sigreturn),
        ALLOW_CALL(sigaltstack),
        ALLOW_CALL(restart_syscall),
        ALLOW_CALL(clock_gettime),
        ALLOW_CALL(gettimeofday),
#ifdef __NR_time
        ALLOW_CALL(time),
#endif
        ALLOW_CALL(nanosleep),
        ALLOW_CALL(clock_nanosleep),
        ALLOW_CALL(sched_yield),
        ALLOW_CALL(sched_getaffinity),
        ALLOW_CALL(getrandom),
        ALLOW_CALL(getpid),
        ALLOW_CALL(gettid),
        ALLOW_CALL(getrusage),
        ALLOW_CALL(sysinfo),
        ALLOW_CALL(uname),
        ALLOW_CALL(exit),
        ALLOW_CALL(exit_group),
        /* Opening for reading, as far as landlock lets it. */
        IS(__NR_openat, 4), LOAD_ARG(2), HAS(OPEN_REFUSED, 1), REFUSE, ALLOW,
        /* Pages of a file may hold code (a converter), others may not. */
        IS(__NR_mmap, 8), LOAD_ARG(2), HAS(PROT_EXEC, 5), HAS(PROT_WRITE, 1), REFUSE,
        LOAD_ARG(3), HAS(MAP_ANONYMOUS, 1), REFUSE, ALLOW,
        IS(__NR_mprotect, 4), LOAD_ARG(2), HAS(PROT_EXEC, 1), REFUSE, ALLOW,
        /* Looking at a terminal and at flags of descriptors. */
        IS(__NR_ioctl, 6), LOAD_ARG(1), IS(TCGETS, 1), ALLOW, IS(TIOCGWINSZ, 1), ALLOW, REFUSE,
        IS(__NR_fcntl, 4), LOAD_ARG(1), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, F_SETFL, 0, 1), REFUSE, ALLOW,
        /* A signal to itself: abort(). */
        IS(__NR_tgkill, 3), LOAD_ARG(0), IS(getpid(), 1), ALLOW,
        REFUSE,
    };

    return install(code, sizeof code / sizeof code[0]);
}

/* clang-format on */

#else

bool guard_filter_desk(void)
{
    return false;
}

bool guard_filter_worker(void)
{
    return false;
}
#endif
