#include "xml/prose.h"

static const struct {
    const char *slug;
    const char *words;
} owners[PROSE_OWNER_COUNT] = {
    [PROSE_OWNER_NONE] = {"", ""},
    [PROSE_OWNER_SENDER] = {"sender", "the sender"},
    [PROSE_OWNER_RECIPIENT] = {"recipient", "the recipient"},
    [PROSE_OWNER_SENDER_ADMIN] = {"sender-admin", "the sender's mail administrators"},
    [PROSE_OWNER_RECIPIENT_ADMIN] = {"recipient-admin", "the recipient's mail administrators"},
    [PROSE_OWNER_DOMAIN_OWNER] = {"domain-owner", "whoever runs the domain's DNS"},
    [PROSE_OWNER_PROVIDER] = {"provider", "the mail provider's support"},
    [PROSE_OWNER_SECURITY] = {"security", "the security team"},
    [PROSE_OWNER_NOBODY] = {"nobody", "nobody: wait"},
};

static const char *const reader_names[PROSE_TO_COUNT] = {"sender", "postmaster", "ticket"};
static const char *const shell_names[] = {"", "sh", "powershell", "cmd", "portal"};
static const char *const doubt_names[] = {"", "known", "unverified"};

struct str prose_owner_slug(enum prose_owner owner)
{
    return str_from(owners[owner].slug);
}

struct str prose_owner_words(enum prose_owner owner)
{
    return str_from(owners[owner].words);
}

enum prose_owner prose_owner_find(struct str slug)
{
    for (int i = PROSE_OWNER_NONE + 1; i < PROSE_OWNER_COUNT; i++) {
        if (str_equal(slug, str_from(owners[i].slug))) {
            return (enum prose_owner)i;
        }
    }
    return PROSE_OWNER_NONE;
}

bool prose_owners_read(struct str list, enum prose_owner result[PROSE_OWNERS_MAX], size_t *count)
{
    struct str word;

    *count = 0;
    while (str_next_word(&list, &word)) {
        enum prose_owner owner = prose_owner_find(word);

        if (owner == PROSE_OWNER_NONE || *count == PROSE_OWNERS_MAX) {
            return false;
        }
        result[(*count)++] = owner;
    }
    return *count > 0;
}

struct str prose_reader_name(enum prose_reader reader)
{
    return str_from(reader_names[reader]);
}

struct str prose_shell_name(enum prose_shell shell)
{
    return str_from(shell_names[shell]);
}

struct str prose_doubt_name(enum prose_doubt doubt)
{
    return str_from(doubt_names[doubt]);
}

void prose_step_add_command(struct arena *arena, struct prose_step *step, enum prose_shell shell,
                            struct str raw)
{
    struct prose_command *more =
        ARENA_ARRAY(arena, struct prose_command, step->command_count + 1);

    for (size_t i = 0; i < step->command_count; i++) {
        more[i] = step->commands[i];
    }
    more[step->command_count].shell = shell;
    more[step->command_count].text = str_dup(arena, str_trim(raw));
    step->commands = more;
    step->command_count++;
}

/* Index of `name` in a list of words, -1 when it is none of them. */
static int word_index(struct str name, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (str_equal(name, str_from(words[i]))) {
            return i;
        }
    }
    return -1;
}

bool prose_shell_read(struct str name, enum prose_shell *shell)
{
    int i = word_index(name, shell_names, sizeof shell_names / sizeof shell_names[0]);

    *shell = i < 0 ? PROSE_SHELL_NONE : (enum prose_shell)i;
    return i >= 0;
}

bool prose_reader_read(struct str name, enum prose_reader *reader)
{
    int i = word_index(name, reader_names, PROSE_TO_COUNT);

    *reader = i < 0 ? PROSE_TO_SENDER : (enum prose_reader)i;
    return i >= 0;
}

bool prose_doubt_read(struct str name, enum prose_doubt *doubt)
{
    int i = word_index(name, doubt_names, sizeof doubt_names / sizeof doubt_names[0]);

    *doubt = i < 0 ? PROSE_SURE : (enum prose_doubt)i;
    return i >= 0;
}

const struct prose_message *prose_message_for(const struct prose_messages *messages,
                                              enum prose_reader reader)
{
    for (size_t i = 0; i < messages->count; i++) {
        if (messages->items[i].to == reader) {
            return &messages->items[i];
        }
    }
    return NULL;
}

struct str prose_fold(struct arena *arena, struct str raw)
{
    struct str rest = raw;
    struct str line;
    char *out = arena_alloc(arena, raw.len + 1, 1);
    size_t len = 0;
    bool paragraph = false;

    while (str_next_line(&rest, &line)) {
        line = str_trim(line);
        if (line.len == 0) {
            paragraph = len > 0;
            continue;
        }
        if (paragraph) {
            out[len++] = '\n';
            out[len++] = '\n';
        } else if (len > 0) {
            out[len++] = str_starts(line, STR_LIT("- ")) ? '\n' : ' ';
        }
        paragraph = false;
        for (size_t i = 0; i < line.len; i++) {
            if (!str_is_blank(line.ptr[i])) {
                out[len++] = line.ptr[i];
            } else if (out[len - 1] != ' ') {
                out[len++] = ' ';
            }
        }
    }
    return str_make(out, len);
}
