#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/scan.h"

enum { ARENA_BLOCK_BYTES = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    max_align_t data[];
};

static mem_exhausted_fn exhausted;

void mem_set_exhausted(mem_exhausted_fn handler)
{
    exhausted = handler;
}

_Noreturn void mem_fail(void)
{
    static const char message[] = "ndr: out of memory\n";

    if (exhausted) {
        exhausted();
    }
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) {
        _exit(2);
    }
    _exit(2);
}

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory) {
        mem_fail();
    }
    return memory;
}

void *mem_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);

    if (!memory) {
        mem_fail();
    }
    return memory;
}

void mem_free(void *memory)
{
    free(memory);
}

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void free_blocks(struct arena_block **first)
{
    while (*first) {
        struct arena_block *next = (*first)->next;

        free(*first);
        *first = next;
    }
}

static void use_head(struct arena *arena)
{
    arena->at = (char *)arena->head->data;
    arena->left = ARENA_BLOCK_BYTES;
}

void arena_fini(struct arena *arena)
{
    free_blocks(&arena->head);
    free_blocks(&arena->large);
    arena_init(arena);
}

void arena_reset(struct arena *arena)
{
    free_blocks(&arena->large);
    if (arena->head) {
        free_blocks(&arena->head->next);
        use_head(arena);
    }
}

static struct arena_block *add_block(struct arena_block **first, size_t bytes)
{
    struct arena_block *block = malloc(sizeof *block + bytes);

    if (!block) {
        mem_fail();
    }
    block->next = *first;
    *first = block;
    return block;
}

void *arena_more(struct arena *arena, size_t bytes)
{
    if (bytes > ARENA_BLOCK_BYTES / 4) {
        return add_block(&arena->large, bytes)->data; /* the rest of the one in use stays in use */
    }
    add_block(&arena->head, ARENA_BLOCK_BYTES);
    use_head(arena);
    arena->at += bytes;
    arena->left -= bytes;
    return arena->head->data;
}

char *arena_bytes(struct arena *arena, size_t len)
{
    char *text = arena_take(arena, len + 1);

    text[len] = '\0';
    return text;
}

struct str arena_newest(const struct arena *arena)
{
    return arena->head ? str_make((const char *)arena->head->data, ARENA_BLOCK_BYTES) : STR_NULL;
}

struct str str_dup(struct arena *arena, struct str s)
{
    char *copy = arena_bytes(arena, s.len);

    if (s.len) {
        memcpy(copy, s.ptr, s.len);
    }
    return str_make(copy, s.len);
}

char *str_dup_z(struct arena *arena, struct str s)
{
    char *copy = arena_bytes(arena, s.len);

    if (s.len) {
        memcpy(copy, s.ptr, s.len);
    }
    return copy;
}

/* A number of a format, its digits from the end of `room`. */
static struct str digits(char room[static 24], long long value, bool is_signed)
{
    bool negative = is_signed && value < 0;
    unsigned long long rest = negative ? 0 - (unsigned long long)value : (unsigned long long)value;
    char *at = room + 24;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (negative) {
        *--at = '-';
    }
    return str_make(at, (size_t)(room + 24 - at));
}

/* Value of one of the conversions that nearly all texts use; false for any other. */
static bool convert(const char **format, va_list *args, char room[static 24], struct str *value)
{
    const char *f = *format;

    if (f[0] == 's' || (f[0] == '.' && f[1] == '*' && f[2] == 's')) {
        int most = f[0] == '.' ? va_arg(*args, int) : -1;
        const char *text = va_arg(*args, const char *);

        text = most == 0 ? "" : text; /* an empty string may have no bytes at all */
        *value = str_make(text, most < 0 ? strlen(text) : strnlen(text, (size_t)most));
        *format += f[0] == '.' ? 3 : 1;
    } else if (f[0] == 'd') {
        *value = digits(room, va_arg(*args, int), true);
        *format += 1;
    } else if (f[0] == 'u') {
        *value = digits(room, va_arg(*args, unsigned), false);
        *format += 1;
    } else if (f[0] == 'z' && f[1] == 'u') {
        *value = digits(room, (long long)va_arg(*args, size_t), false);
        *format += 2;
    } else {
        return false;
    }
    return true;
}

/* The format written to `out`, or only measured when that is NULL; false when it has another
 * conversion than these. */
static bool print_simple(char *out, size_t *len, const char *format, va_list *args)
{
    *len = 0;
    while (*format) {
        const char *percent = strchr(format, '%');

        percent = percent ? percent : format + strlen(format);
        struct str piece = str_make(format, (size_t)(percent - format));
        char room[24];

        if (percent == format) {
            format++;
            if (*format == '%') {
                piece = str_make(format++, 1);
            } else if (!convert(&format, args, room, &piece)) {
                return false;
            }
        } else {
            format = percent;
        }
        if (out && piece.len) {
            memcpy(out + *len, piece.ptr, piece.len);
        }
        *len += piece.len;
    }
    return true;
}

struct str str_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_list third;
    size_t len;

    va_copy(again, args);
    va_copy(third, args);
    bool simple = print_simple(NULL, &len, format, &again);

    va_end(again);
    if (!simple) {
        int need = vsnprintf(NULL, 0, format, args);

        len = need > 0 ? (size_t)need : 0;
    }
    char *text = arena_bytes(arena, len);

    if (simple) {
        print_simple(text, &len, format, &third);
    } else {
        vsnprintf(text, len + 1, format, third);
    }
    va_end(third);
    return str_make(text, len);
}

struct str str_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str text = str_vprintf(arena, format, args);
    va_end(args);
    return text;
}

/* The same from the first blank that cannot stay on. */
static __attribute__((noinline)) struct str squeeze_from(struct arena *arena, struct str s, size_t loose)
{
    char *out = arena_bytes(arena, s.len);
    size_t len = 0;

    for (size_t from = 0; from < s.len; loose = scan_loose_blank(s, from)) {
        size_t end = loose < s.len && s.ptr[loose - 1] == ' ' ? loose - 1 : loose;

        memcpy(out + len, s.ptr + from, end - from);
        len += end - from;
        from = end;
        while (from < s.len && str_is_blank(s.ptr[from])) {
            from++;
        }
        if (from < s.len) {
            out[len++] = ' ';
        }
    }
    return str_make(out, len);
}

struct str str_squeeze(struct arena *arena, struct str s)
{
    s = str_trim(s);
    size_t loose = scan_loose_blank(s, 0);

    return loose == s.len ? s : squeeze_from(arena, s, loose);
}

void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size, size_t first)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity ? *capacity * 2 : first;
    void *more = arena_room(arena, *capacity, size);

    if (count) {
        memcpy(more, items, count * size);
    }
    return more;
}
