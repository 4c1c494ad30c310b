/* Pieces of text that knowledge and trees share: steps with commands, ready messages, sources.
 * Text is folded: white space runs are one blank, an empty line starts a paragraph ("\n\n"), a line
 * that begins with "- " stands on its own ("\n- ").  Placeholders are still inside. */
#ifndef NDR_XML_PROSE_H
#define NDR_XML_PROSE_H

#include "xml/xml.h"

enum prose_shell { PROSE_SHELL_NONE, PROSE_SHELL_SH, PROSE_SHELL_POWERSHELL, PROSE_SHELL_CMD, PROSE_SHELL_PORTAL };

struct prose_command {
    enum prose_shell shell;
    struct str text;
};

/* One step, observation or verification: a sentence and the commands that go with it. */
struct prose_step {
    struct str text;
    struct prose_command *commands;
    size_t command_count;
};

struct prose_steps {
    struct prose_step *items;
    size_t count;
    size_t capacity;
};

enum prose_reader { PROSE_TO_SENDER, PROSE_TO_POSTMASTER, PROSE_TO_TICKET, PROSE_TO_COUNT };

struct prose_message {
    enum prose_reader to;
    struct str text;
};

struct prose_messages {
    struct prose_message *items;
    size_t count;
    size_t capacity;
};

enum prose_doubt { PROSE_SURE, PROSE_KNOWN, PROSE_UNVERIFIED };

struct prose_source {
    struct str document;
    struct str date;
    struct str text;
    enum prose_doubt doubt;
};

struct prose_sources {
    struct prose_source *items;
    size_t count;
    size_t capacity;
};

/* Who can act; one table for knowledge and trees (contract: owner). */
enum prose_owner {
    PROSE_OWNER_NONE,
    PROSE_OWNER_SENDER,
    PROSE_OWNER_RECIPIENT,
    PROSE_OWNER_SENDER_ADMIN,
    PROSE_OWNER_RECIPIENT_ADMIN,
    PROSE_OWNER_DOMAIN_OWNER,
    PROSE_OWNER_PROVIDER,
    PROSE_OWNER_SECURITY,
    PROSE_OWNER_NOBODY,
    PROSE_OWNER_COUNT
};

enum { PROSE_OWNERS_MAX = 8 };

struct str prose_owner_slug(enum prose_owner owner);  /* "recipient-admin" */
struct str prose_owner_words(enum prose_owner owner); /* "the recipient's mail administrators" */
enum prose_owner prose_owner_find(struct str slug);   /* NONE when unknown */

/* Splits a list of owners; false when one is unknown. */
bool prose_owners_read(struct str list, enum prose_owner owners[PROSE_OWNERS_MAX], size_t *count);

struct str prose_reader_name(enum prose_reader reader); /* "sender", ... */
struct str prose_shell_name(enum prose_shell shell);    /* "sh", ...; empty for none */
struct str prose_doubt_name(enum prose_doubt doubt);    /* "known", "unverified", "" */

/* Adds a command to a step; its text is trimmed, inner line ends stay. */
void prose_step_add_command(struct arena *arena, struct prose_step *step, enum prose_shell shell,
                            struct str raw);

/* Words of attributes; false when unknown, empty gives the first value. */
bool prose_shell_read(struct str name, enum prose_shell *shell);
bool prose_reader_read(struct str name, enum prose_reader *reader);
bool prose_doubt_read(struct str name, enum prose_doubt *doubt);

/* The message for one reader, NULL when there is none. */
const struct prose_message *prose_message_for(const struct prose_messages *messages,
                                              enum prose_reader reader);

/* Folds raw XML text as told above. */
struct str prose_fold(struct arena *arena, struct str raw);

#endif
