#include "session/confine.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "guard/guard.h"

/* The folders of each layer, each by itself: any of them may be a link to elsewhere.  Trees of an
 * overlay are read when they are walked, so each has a rule of its own for the same reason. */
static void allow_knowledge(struct guard_files *files, const struct session *session,
                            struct arena *arena)
{
    static const char *const parts[] = {"", "codes", "trees", "help", "schema", "templates"};

    for (int layer = 0; layer < SESSION_LAYERS_MAX; layer++) {
        const char *folder = session->folders[layer];

        for (size_t i = 0; folder && i < sizeof parts / sizeof parts[0]; i++) {
            guard_files_read(files, file_join(arena, folder, parts[i]));
        }
    }
    for (size_t i = 0; i < session->tree_count; i++) {
        guard_files_read(files, session->trees[i].paths[KB_LAYER_SITE]);
        guard_files_read(files, session->trees[i].paths[KB_LAYER_USER]);
    }
}

static void allow_named(struct guard_files *files, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        guard_files_read(files, paths[i]);
    }
}

void session_confine_worker(const struct session *session, const char *const *paths, size_t count)
{
    struct guard_files files;
    struct arena arena;

    arena_init(&arena);
    guard_files_open(&files, false); /* it can send no signals anyway */
    guard_files_system(&files);
    allow_knowledge(&files, session, &arena);
    allow_named(&files, paths, count);
    guard_files_close(&files);
    arena_fini(&arena);
}

/* A folder that stays open for the person; a rule for the root would be none. */
static void allow_own(struct guard_files *files, const char *folder)
{
    if (folder && folder[0] == '/' && folder[1] != '\0') {
        guard_files_write(files, folder);
    }
}

/* A folder that will be written; where it is not there yet, the one it will be made in. */
static void allow_to_come(struct guard_files *files, struct arena *arena, const char *path)
{
    char *folder = str_dup_z(arena, str_from(path));

    while (folder[0] == '/' && !file_is_folder(folder)) {
        *strrchr(folder, '/') = '\0';
    }
    allow_own(files, folder);
}

/* Folders with colons between. */
static void allow_list(struct guard_files *files, struct arena *arena, const char *folders)
{
    struct str rest = str_from(folders ? folders : "");
    struct str folder;

    while (rest.len && str_next_field(&rest, ':', &folder)) {
        guard_files_read(files, str_dup_z(arena, folder));
    }
}

static void allow_person(struct guard_files *files, struct arena *arena)
{
    char here[PATH_MAX];
    const char *temporary = getenv("TMPDIR");
    const char *config = getenv("XDG_CONFIG_HOME"); /* settings are written where they are read */
    const char *named = getenv("NDR_CONFIG");

    allow_own(files, getcwd(here, sizeof here));
    allow_own(files, getenv("HOME"));
    allow_own(files, temporary && *temporary ? temporary : "/tmp");
    allow_to_come(files, arena, config ? config : "");
    allow_to_come(files, arena, named ? named : "");
    guard_files_read(files, getenv("TERMINFO"));
    allow_list(files, arena, getenv("TERMINFO_DIRS"));
    guard_files_read(files, getenv("INPUTRC"));
    guard_files_read(files, "/var/mail");
    guard_files_read(files, "/var/spool/mail");
}

void session_confine_desk(const struct session *session, const char *const *paths, size_t count)
{
    struct guard_files files;
    struct arena arena;

    arena_init(&arena);
    const char *store = session_state_folder(session, &arena);

    /* Ctrl-Z stops the script around the program, too; a restricted session knows no Ctrl-Z. */
    guard_files_open(&files, session->restricted);
    guard_files_system(&files);
    allow_knowledge(&files, session, &arena);
    allow_named(&files, paths, count);
    guard_files_write(&files, "/dev/tty");
    guard_files_write(&files, "/dev/null");
    if (store) {
        allow_to_come(&files, &arena, store);
    }
    if (!session->restricted) {
        allow_person(&files, &arena);
    }
    guard_files_close(&files);
    arena_fini(&arena);
}
