#include "session/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum {
    STORE_VERSION = 2,
    STORE_BUSY_MS = 2000,
    STORE_TEXT_MAX_BYTES = 64 << 10, /* of one text that is read back */
    STORE_ROWS_MAX = 1000,           /* of facts or quotes */
    STORE_OPEN_MAX = 20,
};

struct store {
    sqlite3 *db;
    char *path;
    char trouble[256];
};

/* What leads from one version of the file to the next; the first makes an empty one. */
static const char *const schema[STORE_VERSION] = {
    "CREATE TABLE walk(id INTEGER PRIMARY KEY, created INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " done INTEGER NOT NULL, aside INTEGER NOT NULL, holder INTEGER NOT NULL, title TEXT NOT NULL, recipient TEXT NOT NULL, entry TEXT NOT NULL,"
    " tree TEXT NOT NULL, node TEXT NOT NULL, refused TEXT NOT NULL, report BLOB);"
    "CREATE INDEX walk_changed ON walk(changed);"
    "CREATE TABLE answer(walk INTEGER NOT NULL, nr INTEGER NOT NULL, tree TEXT NOT NULL, node TEXT NOT NULL,"
    " option TEXT NOT NULL, reported INTEGER NOT NULL, fact TEXT NOT NULL, proof TEXT NOT NULL,"
    " line INTEGER NOT NULL, note TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY(walk, nr)) WITHOUT ROWID;"
    "CREATE TABLE fact(walk INTEGER NOT NULL, nr INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
    " line INTEGER NOT NULL, PRIMARY KEY(walk, nr)) WITHOUT ROWID;"
    "CREATE TABLE quote(walk INTEGER NOT NULL, nr INTEGER NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL,"
    " line INTEGER NOT NULL, PRIMARY KEY(walk, nr)) WITHOUT ROWID;"
    "CREATE TABLE history(line TEXT PRIMARY KEY, time INTEGER NOT NULL);"
    "PRAGMA user_version = 1;",
    "CREATE TABLE place(nr INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,"
    " selected INTEGER NOT NULL, scroll INTEGER NOT NULL);"
    "PRAGMA user_version = 2;",
};

/* --- running statements --- */

static bool failed(struct store *store)
{
    snprintf(store->trouble, sizeof store->trouble, "%s: %s", store->path, sqlite3_errmsg(store->db));
    return false;
}

static bool run(struct store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(store);
}

static sqlite3_stmt *prepare(struct store *store, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        failed(store);
        return NULL;
    }
    return statement;
}

static void bind_text(sqlite3_stmt *statement, int at, struct str text)
{
    sqlite3_bind_text(statement, at, text.len ? text.ptr : "", (int)text.len, SQLITE_STATIC);
}

/* Runs a statement that gives no rows; ready for the next values. */
static bool step(struct store *store, sqlite3_stmt *statement)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;

    if (!done) {
        failed(store);
    }
    sqlite3_reset(statement);
    return done;
}

static struct str column(struct arena *arena, sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_blob(statement, at);
    int len = sqlite3_column_bytes(statement, at);

    return bytes && len > 0 ? str_dup(arena, str_sub(str_make(bytes, (size_t)len), 0, STORE_TEXT_MAX_BYTES))
                            : STR_NULL;
}

static unsigned number(sqlite3_stmt *statement, int at)
{
    int value = sqlite3_column_int(statement, at);

    return value > 0 ? (unsigned)value : 0;
}

/* --- opening --- */

/* Makes the folder and those above it, each for the person alone. */
static bool make_folder(const char *folder)
{
    char path[4096];
    size_t len = strlen(folder);

    if (len == 0 || len >= sizeof path) {
        return false;
    }
    memcpy(path, folder, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        char end = path[i];

        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST && !file_is_folder(path)) {
            return false;
        }
        path[i] = end;
    }
    return true;
}

/* SQLite would make the file readable for others; its journals take the mode of the file. */
static bool make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    struct stat info;
    bool is_file = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);

    if (fd >= 0) {
        close(fd);
    }
    errno = fd >= 0 && !is_file ? EINVAL : errno;
    return is_file;
}

static int user_version(struct store *store)
{
    sqlite3_stmt *statement = prepare(store, "PRAGMA user_version");
    int version = statement && sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;

    sqlite3_finalize(statement);
    return version;
}

static bool is_whole(struct store *store)
{
    sqlite3_stmt *statement = prepare(store, "PRAGMA quick_check(1)");
    const char *verdict = statement && sqlite3_step(statement) == SQLITE_ROW
                              ? (const char *)sqlite3_column_text(statement, 0)
                              : NULL;
    bool whole = verdict && strcmp(verdict, "ok") == 0;

    if (!whole && statement && verdict) {
        snprintf(store->trouble, sizeof store->trouble, "%s: damaged", store->path);
    }
    sqlite3_finalize(statement);
    return whole;
}

static bool make_schema(struct store *store)
{
    /* Another login may be making it right now: look again once the file is ours. */
    if (!run(store, "BEGIN IMMEDIATE")) {
        return false;
    }
    bool made = true;

    for (int version = user_version(store); made && version < STORE_VERSION; version++) {
        made = version >= 0 && run(store, schema[version]);
    }
    return run(store, made ? "COMMIT" : "ROLLBACK") && made;
}

/* Opens and checks; `damaged` tells a file that no version of ndr can read from one that is only busy,
 * newer or out of reach. */
static bool open_file(struct store *store, bool *damaged)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(store->path, &store->db, flags, NULL);

    *damaged = false;
    if (result != SQLITE_OK) {
        return failed(store);
    }
    sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
    sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, 64 << 20);
    sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
    if (!run(store, "PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
                    "PRAGMA temp_store = MEMORY; PRAGMA journal_mode = TRUNCATE")) {
        *damaged = sqlite3_errcode(store->db) == SQLITE_NOTADB || sqlite3_errcode(store->db) == SQLITE_CORRUPT;
        return false;
    }
    if (!is_whole(store)) {
        int code = sqlite3_errcode(store->db);

        *damaged = code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
        return false;
    }
    int version = user_version(store);

    if (version > STORE_VERSION) {
        snprintf(store->trouble, sizeof store->trouble, _("%s: written by a newer ndr"), store->path);
        return false;
    }
    return version == STORE_VERSION || make_schema(store);
}

/* Another name for a damaged file, so that nothing is ever deleted. */
static bool set_aside(struct store *store, struct arena *arena, struct str *notice)
{
    struct str other = str_printf(arena, "%s.damaged-%lld", store->path, (long long)time(NULL));

    sqlite3_close(store->db);
    store->db = NULL;
    if (rename(store->path, other.ptr) != 0) {
        return false;
    }
    *notice = str_printf(arena, _("the saved walks could not be read; the file was set aside as %s"), other.ptr);
    return make_file(store->path);
}

struct store *store_open(struct arena *arena, const char *folder, struct str *notice)
{
    struct store *store = ARENA_NEW(arena, struct store);
    bool damaged = false;

    *notice = STR_NULL;
    store->path = file_join(arena, folder, "ndr.db");
    if (!make_folder(folder) || !make_file(store->path)) {
        *notice = str_printf(arena, _("walks are not saved: %s: %s"), store->path, strerror(errno));
        return NULL;
    }
    bool open = open_file(store, &damaged);

    /* A disk that fails once shows a sound file as a damaged one: look again. */
    if (!open && damaged) {
        sqlite3_close(store->db);
        open = open_file(store, &damaged);
    }
    if (!open && damaged && set_aside(store, arena, notice)) {
        open = open_file(store, &damaged);
    }
    if (!open) {
        *notice = str_printf(arena, _("walks are not saved: %s"), store->trouble);
        sqlite3_close(store->db);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (store) {
        sqlite3_close(store->db);
    }
}

bool store_exists(const char *folder)
{
    struct arena arena;

    arena_init(&arena);
    bool exists = file_exists(file_join(&arena, folder, "ndr.db"));

    arena_fini(&arena);
    return exists;
}

struct str store_trouble(const struct store *store)
{
    return str_from(store->trouble);
}

/* --- saving a walk --- */

static bool save_head(struct store *store, struct store_walk *walk, int64_t now)
{
    sqlite3_stmt *statement = prepare(
        store, walk->id ? "UPDATE walk SET created=?1, changed=?2, done=?3, title=?4, recipient=?5, entry=?6, tree=?7,"
                          " node=?8, refused=?9, report=?10, aside=0, holder=?11 WHERE id=?12"
                        : "INSERT INTO walk(created, changed, done, title, recipient, entry, tree, node, refused, report,"
                          " aside, holder) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,0,?11)");

    if (!statement) {
        return false;
    }
    walk->created = walk->id ? walk->created : now;
    walk->changed = now;
    sqlite3_bind_int64(statement, 1, walk->created);
    sqlite3_bind_int64(statement, 2, now);
    sqlite3_bind_int(statement, 3, walk->is_done);
    bind_text(statement, 4, walk->title);
    bind_text(statement, 5, walk->recipient);
    bind_text(statement, 6, walk->entry);
    bind_text(statement, 7, walk->tree);
    bind_text(statement, 8, walk->node);
    bind_text(statement, 9, walk->refused);
    if (walk->report.len) {
        sqlite3_bind_blob(statement, 10, walk->report.ptr, (int)walk->report.len, SQLITE_STATIC);
    }
    sqlite3_bind_int(statement, 11, walk->holder);
    if (walk->id) {
        sqlite3_bind_int64(statement, 12, walk->id);
    }
    bool saved = step(store, statement);

    /* Another login may have deleted it meanwhile: then it is a new one. */
    if (saved && walk->id && sqlite3_changes(store->db) == 0) {
        sqlite3_finalize(statement);
        walk->id = 0;
        return save_head(store, walk, now);
    }
    if (saved && !walk->id) {
        walk->id = sqlite3_last_insert_rowid(store->db);
    }
    sqlite3_finalize(statement);
    return saved;
}

static bool clear(struct store *store, const char *sql, int64_t id)
{
    sqlite3_stmt *statement = prepare(store, sql);

    if (!statement) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, id);
    bool done = step(store, statement);

    sqlite3_finalize(statement);
    return done;
}

static bool save_answers(struct store *store, const struct store_walk *walk)
{
    sqlite3_stmt *statement = prepare(store, "INSERT INTO answer VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)");
    bool saved = statement && clear(store, "DELETE FROM answer WHERE walk=?1", walk->id);

    for (size_t i = 0; saved && i < walk->answer_count; i++) {
        const struct tree_answer *answer = &walk->answers[i];

        sqlite3_bind_int64(statement, 1, walk->id);
        sqlite3_bind_int(statement, 2, (int)i);
        bind_text(statement, 3, answer->tree);
        bind_text(statement, 4, answer->node);
        bind_text(statement, 5, answer->option);
        sqlite3_bind_int(statement, 6, answer->from_report);
        bind_text(statement, 7, answer->fact);
        bind_text(statement, 8, answer->proof);
        sqlite3_bind_int(statement, 9, (int)answer->line);
        bind_text(statement, 10, answer->note);
        sqlite3_bind_int64(statement, 11, answer->time);
        saved = step(store, statement);
    }
    sqlite3_finalize(statement);
    return saved;
}

/* A row of three: name, text, line. */
struct triple {
    struct str name;
    struct str text;
    unsigned line;
};

static bool save_triple(struct store *store, sqlite3_stmt *statement, int64_t walk, size_t nr, struct triple triple)
{
    sqlite3_bind_int64(statement, 1, walk);
    sqlite3_bind_int(statement, 2, (int)nr);
    bind_text(statement, 3, triple.name);
    bind_text(statement, 4, triple.text);
    sqlite3_bind_int(statement, 5, (int)triple.line);
    return step(store, statement);
}

static bool save_facts(struct store *store, const struct store_walk *walk)
{
    sqlite3_stmt *statement = prepare(store, "INSERT INTO fact VALUES(?1,?2,?3,?4,?5)");
    bool saved = statement && clear(store, "DELETE FROM fact WHERE walk=?1", walk->id);

    for (size_t i = 0; saved && i < walk->fact_count; i++) {
        const struct tree_fact *fact = &walk->facts[i];

        saved = save_triple(store, statement, walk->id, i, (struct triple){fact->name, fact->value, fact->line});
    }
    sqlite3_finalize(statement);
    return saved;
}

static bool save_quotes(struct store *store, const struct store_walk *walk)
{
    sqlite3_stmt *statement = prepare(store, "INSERT INTO quote VALUES(?1,?2,?3,?4,?5)");
    bool saved = statement && clear(store, "DELETE FROM quote WHERE walk=?1", walk->id);

    for (size_t i = 0; saved && i < walk->quote_count; i++) {
        const struct store_quote *quote = &walk->quotes[i];

        saved = save_triple(store, statement, walk->id, i, (struct triple){quote->what, quote->text, quote->line});
    }
    sqlite3_finalize(statement);
    return saved;
}

bool store_walk_save(struct store *store, struct store_walk *walk, int64_t now)
{
    int64_t id = walk->id;

    if (!run(store, "BEGIN IMMEDIATE")) {
        return false;
    }
    if (save_head(store, walk, now) && save_answers(store, walk) && save_facts(store, walk) &&
        save_quotes(store, walk) && run(store, "COMMIT")) {
        return true;
    }
    char trouble[sizeof store->trouble];

    memcpy(trouble, store->trouble, sizeof trouble);
    run(store, "ROLLBACK");
    memcpy(store->trouble, trouble, sizeof trouble);
    walk->id = id;
    return false;
}

/* --- reading back --- */

#define HEAD "id, created, changed, done, title, recipient, entry, tree, node, refused, aside, holder"

static void read_head(struct arena *arena, sqlite3_stmt *statement, struct store_walk *walk)
{
    *walk = (struct store_walk){
        .id = sqlite3_column_int64(statement, 0),
        .created = sqlite3_column_int64(statement, 1),
        .changed = sqlite3_column_int64(statement, 2),
        .is_done = sqlite3_column_int(statement, 3) != 0,
        .title = column(arena, statement, 4),
        .recipient = column(arena, statement, 5),
        .entry = column(arena, statement, 6),
        .tree = column(arena, statement, 7),
        .node = column(arena, statement, 8),
        .refused = column(arena, statement, 9),
        .is_aside = sqlite3_column_int(statement, 10) != 0,
        .holder = sqlite3_column_int(statement, 11),
    };
}

static struct store_list read_list(struct store *store, struct arena *arena, const char *sql, size_t most)
{
    sqlite3_stmt *statement = prepare(store, sql);
    struct store_list list = {ARENA_ARRAY(arena, struct store_walk, most), ARENA_ARRAY(arena, unsigned, most), 0};

    while (statement && list.count < most && sqlite3_step(statement) == SQLITE_ROW) {
        list.steps[list.count] = number(statement, 12);
        read_head(arena, statement, &list.items[list.count++]);
    }
    sqlite3_finalize(statement);
    return list;
}

#define STEPS ", (SELECT count(*) FROM answer WHERE answer.walk = id)"

struct store_list store_walks(struct store *store, struct arena *arena)
{
    return read_list(store, arena, "SELECT " HEAD STEPS " FROM walk ORDER BY changed DESC, id DESC LIMIT 2000",
                     STORE_WALKS_MAX);
}

struct store_list store_walks_open(struct store *store, struct arena *arena)
{
    return read_list(store, arena,
                     "SELECT " HEAD STEPS " FROM walk WHERE done=0 AND aside=0 ORDER BY changed DESC, id DESC LIMIT 20",
                     STORE_OPEN_MAX);
}

static size_t read_answers(struct store *store, struct arena *arena, int64_t id, struct tree_answer *answers)
{
    sqlite3_stmt *statement = prepare(store, "SELECT tree, node, option, reported, fact, proof, line, note, time"
                                             " FROM answer WHERE walk=?1 ORDER BY nr");
    size_t count = 0;

    if (statement) {
        sqlite3_bind_int64(statement, 1, id);
    }
    while (statement && count < TREE_ANSWERS_MAX && sqlite3_step(statement) == SQLITE_ROW) {
        answers[count++] = (struct tree_answer){
            .tree = column(arena, statement, 0),
            .node = column(arena, statement, 1),
            .option = column(arena, statement, 2),
            .from_report = sqlite3_column_int(statement, 3) != 0,
            .fact = column(arena, statement, 4),
            .proof = column(arena, statement, 5),
            .line = number(statement, 6),
            .note = column(arena, statement, 7),
            .time = sqlite3_column_int64(statement, 8),
        };
    }
    sqlite3_finalize(statement);
    return count;
}

static size_t read_triples(struct store *store, struct arena *arena, const char *sql, int64_t id, struct triple *triples)
{
    sqlite3_stmt *statement = prepare(store, sql);
    size_t count = 0;

    if (statement) {
        sqlite3_bind_int64(statement, 1, id);
    }
    while (statement && count < STORE_ROWS_MAX && sqlite3_step(statement) == SQLITE_ROW) {
        triples[count++] = (struct triple){column(arena, statement, 0), column(arena, statement, 1), number(statement, 2)};
    }
    sqlite3_finalize(statement);
    return count;
}

static void read_parts(struct store *store, struct arena *arena, struct store_walk *walk)
{
    struct triple *triples = ARENA_ARRAY(arena, struct triple, STORE_ROWS_MAX);
    struct tree_answer *answers = ARENA_ARRAY(arena, struct tree_answer, TREE_ANSWERS_MAX);

    walk->answer_count = read_answers(store, arena, walk->id, answers);
    walk->answers = answers;
    walk->fact_count =
        read_triples(store, arena, "SELECT name, value, line FROM fact WHERE walk=?1 ORDER BY nr", walk->id, triples);
    struct tree_fact *facts = ARENA_ARRAY(arena, struct tree_fact, walk->fact_count + 1);

    for (size_t i = 0; i < walk->fact_count; i++) {
        facts[i] = (struct tree_fact){triples[i].name, triples[i].text, triples[i].line};
    }
    walk->facts = facts;
    walk->quote_count =
        read_triples(store, arena, "SELECT what, text, line FROM quote WHERE walk=?1 ORDER BY nr", walk->id, triples);
    struct store_quote *quotes = ARENA_ARRAY(arena, struct store_quote, walk->quote_count + 1);

    for (size_t i = 0; i < walk->quote_count; i++) {
        quotes[i] = (struct store_quote){triples[i].name, triples[i].text, triples[i].line};
    }
    walk->quotes = quotes;
}

static bool load_one(struct store *store, struct arena *arena, sqlite3_stmt *statement, struct store_walk *walk)
{
    bool found = statement && sqlite3_step(statement) == SQLITE_ROW;

    if (found) {
        const void *report = sqlite3_column_blob(statement, 12);
        int len = sqlite3_column_bytes(statement, 12);

        read_head(arena, statement, walk);
        walk->report = report && len > 0 ? str_dup(arena, str_make(report, (size_t)len)) : STR_NULL;
    }
    sqlite3_finalize(statement);
    if (found) {
        read_parts(store, arena, walk);
    }
    return found;
}

bool store_walk_load(struct store *store, struct arena *arena, int64_t id, struct store_walk *walk)
{
    sqlite3_stmt *statement = prepare(store, "SELECT " HEAD ", report FROM walk WHERE id=?1");

    if (statement) {
        sqlite3_bind_int64(statement, 1, id);
    }
    return load_one(store, arena, statement, walk);
}

bool store_walk_mark(struct store *store, int64_t id, bool is_aside, int holder)
{
    sqlite3_stmt *statement = prepare(store, "UPDATE walk SET aside=?2, holder=?3 WHERE id=?1");

    if (!statement) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int(statement, 2, is_aside);
    sqlite3_bind_int(statement, 3, holder);
    bool done = step(store, statement);

    sqlite3_finalize(statement);
    return done;
}

bool store_walk_delete(struct store *store, int64_t id)
{
    bool done = run(store, "BEGIN IMMEDIATE") && clear(store, "DELETE FROM walk WHERE id=?1", id) &&
                clear(store, "DELETE FROM answer WHERE walk=?1", id) &&
                clear(store, "DELETE FROM fact WHERE walk=?1", id) &&
                clear(store, "DELETE FROM quote WHERE walk=?1", id);

    return run(store, done ? "COMMIT" : "ROLLBACK") && done;
}

size_t store_prune(struct store *store, int64_t time)
{
    int before = sqlite3_total_changes(store->db);
    size_t walks = 0;

    if (run(store, "BEGIN IMMEDIATE") && clear(store, "DELETE FROM walk WHERE changed < ?1", time)) {
        walks = (size_t)(sqlite3_total_changes(store->db) - before);
        run(store, "DELETE FROM answer WHERE walk NOT IN (SELECT id FROM walk);"
                   "DELETE FROM fact WHERE walk NOT IN (SELECT id FROM walk);"
                   "DELETE FROM quote WHERE walk NOT IN (SELECT id FROM walk)");
        run(store, "COMMIT");
    }
    return walks;
}

/* --- history of the prompt --- */

bool store_history_add(struct store *store, struct str line, int64_t now)
{
    sqlite3_stmt *statement = prepare(store, "INSERT INTO history VALUES(?1, ?2) ON CONFLICT(line) DO UPDATE SET time = ?2");

    if (!statement) {
        return false;
    }
    bind_text(statement, 1, line);
    sqlite3_bind_int64(statement, 2, now);
    bool done = step(store, statement);

    sqlite3_finalize(statement);
    return done && run(store, "DELETE FROM history WHERE rowid NOT IN"
                              " (SELECT rowid FROM history ORDER BY time DESC, rowid DESC LIMIT 500)");
}

void store_history_each(struct store *store, store_line_fn each, void *context)
{
    sqlite3_stmt *statement = prepare(store, "SELECT line FROM history ORDER BY time, rowid LIMIT 500");
    struct arena arena;

    arena_init(&arena);
    while (statement && sqlite3_step(statement) == SQLITE_ROW) {
        each(context, column(&arena, statement, 0));
    }
    sqlite3_finalize(statement);
    arena_fini(&arena);
}

/* --- where somebody was --- */

static bool save_place(struct store *store, sqlite3_stmt *statement, const struct store_place *place)
{
    bind_text(statement, 1, place->kind);
    bind_text(statement, 2, place->subject);
    sqlite3_bind_int(statement, 3, (int)place->selected);
    sqlite3_bind_int(statement, 4, (int)place->scroll);
    return step(store, statement);
}

bool store_places_save(struct store *store, const struct store_place *places, size_t count)
{
    if (!run(store, "BEGIN IMMEDIATE")) {
        return false;
    }
    bool saved = run(store, "DELETE FROM place");
    sqlite3_stmt *statement =
        saved ? prepare(store, "INSERT INTO place(kind, subject, selected, scroll) VALUES(?1,?2,?3,?4)") : NULL;

    saved = statement != NULL;
    for (size_t i = 0; saved && i < count; i++) {
        saved = save_place(store, statement, &places[i]);
    }
    sqlite3_finalize(statement);
    return run(store, saved ? "COMMIT" : "ROLLBACK") && saved;
}

size_t store_places_take(struct store *store, struct arena *arena, struct store_place *places)
{
    sqlite3_stmt *statement = prepare(store, "SELECT kind, subject, selected, scroll FROM place ORDER BY nr");
    size_t count = 0;

    while (statement && count < STORE_PLACES_MAX && sqlite3_step(statement) == SQLITE_ROW) {
        places[count++] = (struct store_place){column(arena, statement, 0), column(arena, statement, 1),
                                               number(statement, 2), number(statement, 3)};
    }
    sqlite3_finalize(statement);
    if (count) {
        run(store, "DELETE FROM place");
    }
    return count;
}
