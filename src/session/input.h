/* What is read when there are many mails: a file, standard input, an mbox, a Maildir or a folder of
 * mails; each mail of them in turn, and one of them again. */
#ifndef NDR_SESSION_INPUT_H
#define NDR_SESSION_INPUT_H

#include "base/file.h"
#include "ndr/report.h"

/* On the way through the mails of an mbox: where lines begin in the bytes at hand. */
struct input_walk {
    struct str bytes;
    size_t from;      /* where the mail begins that is passed next */
    size_t end;       /* of the bytes whose lines are noted */
    uint32_t *starts;
    size_t first;     /* of them, the start of that mail */
    size_t count;
    struct ndr_line_index lines; /* of the mail that was passed */
};

struct input {
    /* Called for each mail; false stops.  `bytes` live until it returns. */
    bool (*each)(void *context, struct str bytes);
    void *context;
    struct arena *arena; /* for the text below */
    /* Called once, when it is known which files will be read and before anything looks into a mail:
     * `paths` are those that standard input named. */
    void (*begin)(void *context, const char *const *paths, size_t count);
    bool has_begun;
    struct str start;    /* of standard input, where that was read already */
    bool takes_lists;    /* standard input may hold names of files, one a line, instead of mail */
    const char *path;    /* file of the mail that is given now, "-" for standard input */
    uint64_t offset;     /* where this mail begins in it */
    const struct ndr_line_index *lines; /* of this mail, as ndr_report_parse_lines() takes them */
    struct input_walk walk;
    size_t mails;        /* that were read */
    size_t troubles;     /* inputs that could not be read, or only in part */
    struct str trouble;  /* one sentence about the first of them */
};

/* Reads what `path` names, "-" for standard input: mail, several mails behind each other (an mbox, or
 * messages whose multiparts end), or a list of files.  False when `each` stopped it.  An mbox of any size
 * takes no more memory than its largest mail. */
bool input_read(struct input *input, const char *path);

/* Looks into standard input when it is not the first that will be read: the files that it names have to be
 * known before anything looks into a mail. */
void input_foresee(struct input *input);

/* Calls `begin` unless that was done: for callers that look into an input themselves. */
void input_begin(struct input *input, const char *const *paths, size_t count);

/* The same for one file that is no folder. */
bool input_file(struct input *input, const char *path);

/* Counts a trouble; the first one is kept as "name: what". */
void input_note_trouble(struct input *input, const char *name, const char *what);

/* Start of the next mail of an mbox behind `from`: a line "From " behind an empty one (RFC 4155);
 * STR_NPOS when none begins. */
size_t input_next_mail(struct str bytes, size_t from);

/* The same from one mail to the next: the first one begins at `from`, and each call passes one.  `lines` of the input
 * are then those of the mail that was passed; NULL where it is very long, and when none begins behind it. */
void input_walk(struct input *input, struct str bytes, size_t from);
size_t input_next(struct input *input);

/* Whether `path` is a folder or an mbox with more than one mail: nothing for a single diagnosis.  Reads
 * up to the second mail. */
bool input_is_many(const char *path);

/* Reads the `len` bytes at `offset` of a file again; fewer when it has become shorter. */
enum file_result input_again(const char *path, uint64_t offset, size_t len, struct buf *out);

/* Files that a path stands for, in the order in which they are read. */
struct input_files {
    const char **paths;
    size_t count;
    size_t capacity;
};
void input_list(struct arena *arena, const char *path, struct input_files *files);

#endif
