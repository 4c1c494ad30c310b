#include "kb/image.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* The file: magic, bytes of texts, texts, then numbers in base 128 (the last seven bits first).  A text is
 * its place and length among the texts.  Each function below writes a value or reads it back, whichever
 * `image` is made for, so that both ways cannot differ. */

enum {
    IMAGE_MAX_BYTES = 64 << 20,
    IMAGE_SLOTS = 1 << 15, /* for texts that stand more than once */
    IMAGE_SLOT_TRIES = 8,
};

static const char magic[] = "ndr knowledge 1\n";

struct image {
    struct arena *arena; /* NULL while writing */
    struct buf numbers;  /* while writing */
    struct buf texts;
    uint32_t *slots;     /* places of texts by their hash, plus 1 */
    struct str rest;     /* of the numbers, while reading */
    struct str pool;     /* texts, while reading */
    bool is_bad;
};

static void put_number(struct buf *out, uint64_t value)
{
    while (value >= 0x80) {
        buf_add_char(out, (char)(value & 0x7F));
        value >>= 7;
    }
    buf_add_char(out, (char)(value | 0x80));
}

static uint64_t take_number(struct image *image)
{
    uint64_t value = 0;

    for (size_t i = 0; i < image->rest.len && i < 9; i++) {
        unsigned char byte = (unsigned char)image->rest.ptr[i];

        value |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte & 0x80) {
            image->rest = str_sub(image->rest, i + 1, image->rest.len);
            return value;
        }
    }
    image->is_bad = true;
    image->rest = STR_NULL;
    return 0;
}

static uint64_t number(struct image *image, uint64_t value)
{
    if (!image->arena) {
        put_number(&image->numbers, value);
        return value;
    }
    return take_number(image);
}

/* A value below `end`; anything else spoils the image. */
static unsigned choice(struct image *image, unsigned value, unsigned end)
{
    uint64_t got = number(image, value);

    if (got >= end) {
        image->is_bad = true;
        return 0;
    }
    return (unsigned)got;
}

/* Place of a text among the texts; the same text has one place. */
static size_t place_of(struct image *image, struct str text)
{
    size_t hash = (size_t)str_hash(text);

    for (size_t i = 0; i < IMAGE_SLOT_TRIES; i++) {
        uint32_t *slot = &image->slots[(hash + i) & (IMAGE_SLOTS - 1)];
        struct str there = str_sub(buf_str(&image->texts), *slot ? *slot - 1 : 0, text.len);

        if (*slot && str_equal(there, text)) {
            return *slot - 1;
        }
        if (!*slot) {
            *slot = (uint32_t)image->texts.len + 1;
            break;
        }
    }
    buf_add_str(&image->texts, text);
    return image->texts.len - text.len;
}

static void text(struct image *image, struct str *text)
{
    size_t len = (size_t)number(image, text->len);

    if (!image->arena) {
        if (len) {
            put_number(&image->numbers, place_of(image, *text));
        }
        return;
    }
    *text = STR_NULL;
    if (len) {
        size_t at = (size_t)take_number(image);

        image->is_bad = image->is_bad || at > image->pool.len || len > image->pool.len - at;
        *text = image->is_bad ? STR_NULL : str_make(image->pool.ptr + at, len);
    }
}

/* How many items follow: each takes at least one byte. */
static size_t count(struct image *image, size_t value)
{
    size_t got = (size_t)number(image, value);

    if (image->arena && got > image->rest.len) {
        image->is_bad = true;
        return 0;
    }
    return got;
}

/* An array and its length; while reading it is made. */
#define LIST(image, items, length)                                                                                     \
    ((length) = count((image), (length)),                                                                              \
     (void)((image)->arena && ((items) = arena_alloc((image)->arena, (length) + 1, sizeof *(items)))))

static void texts(struct image *image, struct str **items, size_t *length)
{
    LIST(image, *items, *length);
    for (size_t i = 0; i < *length; i++) {
        text(image, &(*items)[i]);
    }
}

static void steps(struct image *image, struct prose_steps *list)
{
    LIST(image, list->items, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct prose_step *step = &list->items[i];

        text(image, &step->text);
        LIST(image, step->commands, step->command_count);
        for (size_t k = 0; k < step->command_count; k++) {
            step->commands[k].shell =
                (enum prose_shell)choice(image, step->commands[k].shell, PROSE_SHELL_PORTAL + 1);
            text(image, &step->commands[k].text);
        }
    }
}

static void codes(struct image *image, struct kb_entry *entry)
{
    LIST(image, entry->codes, entry->code_count);
    for (size_t i = 0; i < entry->code_count; i++) {
        struct kb_code *code = &entry->codes[i];

        text(image, &code->text);
        code->class_ = (unsigned short)choice(image, code->class_, 6);
        code->subject = (unsigned short)choice(image, code->subject, 1000);
        code->detail = (unsigned short)choice(image, code->detail, 1000);
        code->last_detail = (unsigned short)choice(image, code->last_detail, 1000);
        code->needs_words = (enum kb_needs_words)choice(image, code->needs_words, KB_NEEDS_WORDS_ALWAYS + 1);
    }
    LIST(image, entry->replies, entry->reply_count);
    for (size_t i = 0; i < entry->reply_count; i++) {
        entry->replies[i] = (unsigned short)choice(image, entry->replies[i], 600);
    }
}

static void matches(struct image *image, struct kb_entry *entry)
{
    LIST(image, entry->matches, entry->match_count);
    for (size_t i = 0; i < entry->match_count; i++) {
        entry->matches[i].weak = choice(image, entry->matches[i].weak, 2);
        entry->matches[i].dialect = choice(image, entry->matches[i].dialect, 2);
        texts(image, &entry->matches[i].texts, &entry->matches[i].text_count);
    }
    texts(image, &entry->nots, &entry->not_count);
}

static void remedies(struct image *image, struct kb_entry *entry)
{
    LIST(image, entry->remedies, entry->remedy_count);
    for (size_t i = 0; i < entry->remedy_count; i++) {
        entry->remedies[i].owner = (enum prose_owner)choice(image, entry->remedies[i].owner, PROSE_OWNER_COUNT);
        steps(image, &entry->remedies[i].steps);
    }
}

static void readers(struct image *image, struct kb_entry *entry)
{
    struct prose_messages *messages = &entry->messages;

    LIST(image, messages->items, messages->count);
    for (size_t i = 0; i < messages->count; i++) {
        messages->items[i].to = (enum prose_reader)choice(image, messages->items[i].to, PROSE_TO_COUNT);
        text(image, &messages->items[i].text);
    }
}

static void references(struct image *image, struct kb_entry *entry)
{
    LIST(image, entry->related, entry->related_count);
    for (size_t i = 0; i < entry->related_count; i++) {
        text(image, &entry->related[i].entry);
        entry->related[i].line = (unsigned)number(image, entry->related[i].line);
    }
    LIST(image, entry->links, entry->link_count);
    for (size_t i = 0; i < entry->link_count; i++) {
        text(image, &entry->links[i].href);
        text(image, &entry->links[i].text);
    }
    LIST(image, entry->notes, entry->note_count);
    for (size_t i = 0; i < entry->note_count; i++) {
        text(image, &entry->notes[i].text);
        entry->notes[i].layer = KB_LAYER_SHIPPED;
    }
    LIST(image, entry->sources.items, entry->sources.count);
    for (size_t i = 0; i < entry->sources.count; i++) {
        struct prose_source *source = &entry->sources.items[i];

        text(image, &source->document);
        text(image, &source->date);
        text(image, &source->text);
        source->doubt = (enum prose_doubt)choice(image, source->doubt, PROSE_UNVERIFIED + 1);
    }
}

static void samples(struct image *image, struct kb_entry *entry)
{
    LIST(image, entry->samples, entry->sample_count);
    for (size_t i = 0; i < entry->sample_count; i++) {
        struct kb_sample *sample = &entry->samples[i];

        text(image, &sample->text);
        text(image, &sample->origin);
        text(image, &sample->status);
        text(image, &sample->remote_mta);
        text(image, &sample->generator);
        LIST(image, sample->captures, sample->capture_count);
        for (size_t k = 0; k < sample->capture_count; k++) {
            text(image, &sample->captures[k].fact);
            text(image, &sample->captures[k].value);
        }
        sample->line = (unsigned)number(image, sample->line);
    }
}

static void entry(struct image *image, struct kb_entry *entry)
{
    text(image, &entry->id);
    texts(image, &entry->aliases, &entry->alias_count);
    entry->category = (enum kb_category)choice(image, entry->category, KB_CATEGORY_COUNT);
    entry->owner_count = choice(image, (unsigned)entry->owner_count, PROSE_OWNERS_MAX + 1);
    for (size_t i = 0; i < entry->owner_count; i++) {
        entry->owners[i] = (enum prose_owner)choice(image, entry->owners[i], PROSE_OWNER_COUNT);
    }
    entry->kind = (enum kb_kind)choice(image, entry->kind, KB_KIND_SUCCESS + 1);
    text(image, &entry->tree);
    text(image, &entry->node);
    text(image, &entry->provider);
    codes(image, entry);
    text(image, &entry->title);
    matches(image, entry);
    text(image, &entry->summary);
    text(image, &entry->cause);
    remedies(image, entry);
    readers(image, entry);
    references(image, entry);
    samples(image, entry);
    text(image, &entry->file);
    entry->line = (unsigned)number(image, entry->line);
    entry->layer = KB_LAYER_SHIPPED;
}

/* --- the files it was made of --- */

static void write_files(struct image *image, const char *folder)
{
    struct arena arena;

    arena_init(&arena);
    struct file_list files = file_list_folder(&arena, folder, ".xml");

    number(image, files.count);
    for (size_t i = 0; i < files.count; i++) {
        struct stat info = {0};

        text(image, &files.names[i]);
        stat(file_join(&arena, folder, files.names[i].ptr), &info);
        number(image, (uint64_t)info.st_size);
    }
    arena_fini(&arena);
}

static bool is_older(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec <= b->tv_nsec;
}

/* Whether the folder holds exactly the files that were read, none of them touched since. */
static bool are_fresh(struct image *image, const char *folder, const struct stat *made)
{
    struct file_list files = file_list_folder(image->arena, folder, ".xml");
    bool fresh = take_number(image) == files.count;

    for (size_t i = 0; fresh && i < files.count; i++) {
        struct stat info;
        struct str name = STR_NULL;

        text(image, &name);
        fresh = str_equal(name, files.names[i]) && stat(file_join(image->arena, folder, files.names[i].ptr), &info) == 0 &&
                take_number(image) == (uint64_t)info.st_size && is_older(&info.st_mtim, &made->st_mtim);
    }
    return fresh && !image->is_bad;
}

/* --- whole --- */

void kb_image_write(const struct kb *kb, const char *folder, struct buf *out)
{
    struct image image = {0};
    struct str updated = kb->updated;

    buf_init(&image.numbers, IMAGE_MAX_BYTES);
    buf_init(&image.texts, IMAGE_MAX_BYTES);
    image.slots = mem_alloc(IMAGE_SLOTS * sizeof *image.slots);
    write_files(&image, folder);
    text(&image, &updated);
    number(&image, kb->count);
    for (size_t i = 0; i < kb->count; i++) {
        struct kb_entry copy = *kb->entries[i];

        /* The name alone: where the folder lies is known when it is read. */
        copy.file = str_sub(copy.file, strlen(folder) + 1, copy.file.len);
        entry(&image, &copy);
    }
    buf_add_z(out, magic);
    put_number(out, image.texts.len);
    buf_add_str(out, buf_str(&image.texts));
    buf_add_str(out, buf_str(&image.numbers));
    mem_free(image.slots);
    buf_fini(&image.texts);
    buf_fini(&image.numbers);
}

/* Reads the file whole into the arena; false when it is not there or none of ours. */
static bool open_image(struct image *image, const char *path, struct stat *made)
{
    enum file_result result;
    int fd = file_open(path, &result);

    if (fd < 0) {
        return false;
    }
    if (fstat(fd, made) == 0 && made->st_size < IMAGE_MAX_BYTES) {
        char *bytes = arena_bytes(image->arena, (size_t)made->st_size);

        image->rest = str_make(bytes, file_read_some(fd, bytes, (size_t)made->st_size));
    }
    close(fd);
    if (!str_starts(image->rest, STR_LIT(magic))) {
        return false;
    }
    image->rest = str_sub(image->rest, strlen(magic), image->rest.len);
    size_t len = (size_t)take_number(image);

    if (len > image->rest.len) {
        return false;
    }
    image->pool = str_sub(image->rest, 0, len);
    image->rest = str_sub(image->rest, len, image->rest.len);
    return !image->is_bad;
}

bool kb_image_read(struct kb *kb, const char *path, const char *folder)
{
    struct image image = {.arena = &kb->arena};
    size_t before = kb->count;
    struct str last_name = STR_NULL;
    struct str last_file = STR_NULL;
    struct str updated = STR_NULL;
    struct stat made;

    if (!open_image(&image, path, &made) || !are_fresh(&image, folder, &made)) {
        return false;
    }
    text(&image, &updated);
    size_t entries = count(&image, 0);

    for (size_t i = 0; i < entries && !image.is_bad; i++) {
        struct kb_entry *one = ARENA_NEW(&kb->arena, struct kb_entry);

        entry(&image, one);
        if (!str_equal(one->file, last_name)) {
            last_name = one->file;
            last_file = str_from(file_join(&kb->arena, folder, str_dup_z(&kb->arena, one->file)));
        }
        one->file = last_file;
        *VEC_PUSH(&kb->arena, kb->entries, kb->count, kb->capacity) = one;
    }
    if (image.is_bad || image.rest.len) {
        kb->count = before;
        return false;
    }
    kb->updated = str_compare(updated, kb->updated) > 0 ? updated : kb->updated;
    return true;
}
