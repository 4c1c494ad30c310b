/* Walls around the program: what it may no longer do once it reads what strangers wrote.
 *
 * Two processes matter, and each is walled as a whole:
 *
 * - A worker: every command that prints and ends (analyze, explain, triage, lint ...), each process
 * of a bulk run, and the child of guard_try().  It enters guard_worker_enter() before the first
 * byte of a report is parsed, and parses, matches and renders behind it.  So nothing has to come
 * back to a parent but bytes that went through the output filter and an exit status: there is no
 * value to serialize and to validate, which would be more code in the trusted part than the walls
 * are.  Whoever takes over a worker can read the knowledge, the system's libraries and the files
 * that the person named, write to the descriptors that were open (standard output and error), and
 * use up 512 MiB and 10 s.  It cannot open anything for writing, start or trace a process, make a
 * socket or push keys into the terminal.  Where standard output or error is a file the size of files is
 * not limited, else no file takes a byte; no other can be opened for writing.  Of descriptors it may
 * have 256: they are of no use to it but to read the same files, and a run of many processes holds a
 * ring of pipes.
 *
 * - The desk: the screen, the shell, a walk on a terminal, which live long, hold a terminal and
 * write the store.  It stands behind guard_start() and guard_files_close(): no exec, no sockets, no
 * tracing, files only where the rules say.  It parses no report.  A child does (guard_child_start),
 * which is a worker with one descriptor, the pipe that its answer comes through: the report as bytes
 * without pointers (ndr/flat.h), which the desk checks number by number before it believes any.  A
 * report that crashes, hangs, eats memory or takes the parser over ends, or owns, that child: all that
 * it can give is one more report, which says what strangers say anyway.  What the desk does itself with
 * hostile text is comparing it with the knowledge and showing it through the filter.
 *
 * Overlays are read by such a child first, which can open nothing else, and after it in the process
 * that needs them: their writers are trusted more than a report's, and the rules about files cannot
 * stand before it is known where they are.
 *
 * Files are landlock's part (Linux 5.13), everything else is a filter of system calls written as an
 * array (building it with a library costs more than installing it).  Converters of charsets are
 * loaded by the C library when a text needs them: behind the walls it can still read /usr/lib, so
 * no converter has to be foreseen, which fails for names inside encoded parts, and opening all of
 * them costs more than a whole run.  What the kernel lacks is left out; guard_missing() tells it.
 * Builds with sanitizers have no walls: the sanitizers trace the process and read /proc. */
#ifndef NDR_GUARD_GUARD_H
#define NDR_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* --- the environment (environment.c) --- */

/* Drops what makes libraries load or read other files: first thing in main, in every mode. */
void guard_environment_drop(void);

/* Restricted mode: a new environment of TERM, LANG, LC_*, TZ and SSH_CONNECTION as far as their
 * values are harmless, and INPUTRC on the null device.  Ctrl-Z is ignored from here on. */
void guard_environment_restrict(void);

/* Names of readline's functions that a restricted session goes without, NULL at the end: they read
 * files or homes, or record keys. */
extern const char *const guard_refused_functions[];

/* --- the process (guard.c) --- */

/* No core dumps, no tracing by others, no new privileges; no exec, sockets, tracing, keys pushed
 * into the terminal.  For the whole life of the program and of what it forks. */
void guard_start(void);

/* Makes this process a worker; there is no way back.  Called once more it does nothing.  A crash or
 * a limit that is reached ends it with status 2 and one line on standard error. */
void guard_worker_enter(void);

/* A worker is done with one mail: its time starts again. */
void guard_worker_progress(void);

/* Whether reports are to be read by a child: not within a worker, nor where guard_start() was not
 * called. */
bool guard_asks(void);

/* A child that is a worker; its only descriptor is a pipe to here. */
struct guard_child {
    int pid;         /* -1 when there is none */
    int pipe;        /* -1 when there is none */
    bool is_late;    /* it was silent for too long */
    bool is_dropped; /* set by who reads: what it says is of no use, it is ended */
};
typedef void (*guard_job)(void *context, int out);

/* Starts `job` in a child, which ends with it; `out` is its end of the pipe.  It can read the file or
 * folder `reads` and the system's libraries; nothing but these for "", what this process can for NULL.
 * False when there is no child; guard_child_end() has to be called either way. */
bool guard_child_start(struct guard_child *child, guard_job job, void *context, const char *reads);

/* Reads what the child wrote; 0 at its end or when it was silent for too long. */
size_t guard_child_read(struct guard_child *child, char *to, size_t len);

/* Waits for its end; true when it ended by itself with status 0. */
bool guard_child_end(struct guard_child *child);

/* Runs `job` in such a child, only to see whether it ends well.  Where there is none to be asked,
 * nothing runs and it is true. */
bool guard_try(void (*job)(void *context), void *context, const char *reads);

/* --- files (files.c) --- */

/* Rules about files while they are collected. */
struct guard_files {
    int ruleset; /* descriptor, -1 without landlock */
    unsigned abi;
};

/* Until guard_files_close() nothing is refused; after it only what was named can be opened, with
 * all that lies below it.  Links in the path are followed now.  A missing path, or NULL, is passed
 * over.  `is_alone`: nor can signals be sent but to processes that it starts from then on, which
 * landlock knows from version GUARD_ABI_SIGNALS on. */
enum { GUARD_ABI_SIGNALS = 6 };
void guard_files_open(struct guard_files *files, bool is_alone);
void guard_files_read(struct guard_files *files, const char *path);
void guard_files_write(struct guard_files *files, const char *path); /* and make, remove, rename */
void guard_files_close(struct guard_files *files);

/* Whether the walls alone keep a file or folder from being read: the account may. */
bool guard_files_hide(const char *path);

/* What the C library and curses read of the system: converters, locales, time zones, terminals. */
void guard_files_system(struct guard_files *files);

/* The landlock of an older kernel, to see what is left: 0 for none. */
void guard_files_limit_abi(unsigned abi);

/* --- what there is --- */

/* Version of landlock that is used, 0 for none. */
unsigned guard_files_abi(void);

/* One sentence about what is missing here, NULL when nothing is. */
const char *guard_missing(void);

/* Behind which walls a trial is made: of a worker, of the desk, of the desk in restricted mode. */
enum guard_kind { GUARD_WORKER = 1, GUARD_DESK = 2, GUARD_RESTRICTED = 4 };

/* Tries the next thing that must be refused there, from *number 0 on, which it moves on; false when
 * there is none any more.  What is not refused is undone. */
bool guard_trial(enum guard_kind kind, unsigned *number, const char **name, bool *is_refused);

#endif
