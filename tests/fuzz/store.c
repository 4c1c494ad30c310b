/* A file of saved walks: damaged or hostile, it is read, set aside, or refused, and written again. */
#include "session/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"

static char folder[64];

static void empty_folder(void)
{
    char path[512];
    DIR *dir = opendir(folder);

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (dir) {
        closedir(dir);
    }
}

static void remove_folder(void)
{
    empty_folder();
    rmdir(folder);
}

static void write_file(struct arena *arena, struct str bytes)
{
    int fd = open(file_join(arena, folder, "ndr.db"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    FUZZ_CHECK(fd >= 0 && file_write_all(fd, bytes));
    close(fd);
}

static void on_line(void *context, struct str line)
{
    *(size_t *)context += line.len;
}

static void use(struct arena *arena, struct store *store)
{
    struct store_list walks = store_walks(store, arena);
    struct store_walk fresh = {.title = STR_LIT("made"), .tree = STR_LIT("dane"), .node = STR_LIT("DN-01")};
    size_t bytes = 0;

    FUZZ_CHECK(walks.count <= STORE_WALKS_MAX);
    for (size_t i = 0; i < walks.count && i < 8; i++) {
        struct store_walk walk;

        if (store_walk_load(store, arena, walks.items[i].id, &walk)) {
            FUZZ_CHECK(walk.answer_count <= TREE_ANSWERS_MAX);
            store_walk_save(store, &walk, 5);
        }
    }
    store_walks_open(store, arena);
    store_history_each(store, on_line, &bytes);
    store_history_add(store, STR_LIT("why"), 1);
    store_walk_save(store, &fresh, 7);
    store_prune(store, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str notice;
    struct arena arena;

    if (!folder[0]) {
        strcpy(folder, file_is_folder("/dev/shm") ? "/dev/shm/ndr-fuzz.XXXXXX" : "/tmp/ndr-fuzz.XXXXXX");
        FUZZ_CHECK(mkdtemp(folder));
        atexit(remove_folder);
    }
    arena_init(&arena);
    write_file(&arena, fuzz_text(data, size));
    struct store *store = store_open(&arena, folder, &notice);

    FUZZ_CHECK(store || notice.len);
    if (store) {
        use(&arena, store);
        store_close(store);
    }
    empty_folder();
    arena_fini(&arena);
    return 0;
}
