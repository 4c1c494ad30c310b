/* Memory by lifetime: an arena hands out blocks that are all freed together, and it owns the one
 * handler for running out of memory. */
#ifndef NDR_BASE_ARENA_H
#define NDR_BASE_ARENA_H

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena_block;

/* One arena per lifetime: the knowledge (program), a report with its diagnosis (one paste), a
 * screen (one key).  Nothing in it is freed singly. */
struct arena {
    struct arena_block *head;  /* the block in use and those that are full, NULL when there is none */
    struct arena_block *large; /* each for one that asked for much */
    char *at;                 /* its free bytes */
    size_t left;
};

void arena_init(struct arena *arena);
void arena_fini(struct arena *arena);  /* frees every block; the arena may be used again */
void arena_reset(struct arena *arena); /* forgets the contents, keeps one block for the next use */

/* Memory for any type where fewer bytes are left; never NULL. */
void *arena_more(struct arena *arena, size_t bytes);

/* The end for want of memory, also of memory that a library could not get; see mem_set_exhausted(). */
_Noreturn void mem_fail(void);

static inline void *arena_take(struct arena *arena, size_t bytes)
{
    char *memory = arena->at;

    if (bytes > SIZE_MAX / 4) {
        mem_fail();
    }
    bytes = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (bytes >= arena->left) {
        return arena_more(arena, bytes);
    }
    arena->at += bytes;
    arena->left -= bytes;
    return memory;
}

/* Memory for `count` objects of `size` bytes, aligned for any type, where all of it is written anyway.  Never NULL. */
static inline void *arena_room(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;

    return arena_take(arena, __builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes);
}

/* The same zeroed. */
static inline void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    void *memory = arena_room(arena, count, size);

    return memset(memory, 0, count * size);
}

char *arena_bytes(struct arena *arena, size_t len); /* for text: not zeroed but for a NUL at [len] */
#define ARENA_NEW(arena, type)      ((type *)arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, n) ((type *)arena_alloc((arena), (n), sizeof(type)))
#define ARENA_ROOM(arena, type, n)  ((type *)arena_room((arena), (n), sizeof(type)))

/* The whole of the newest block, in which nearly all is that a small arena holds. */
struct str arena_newest(const struct arena *arena);

/* Copies; str_dup's copy has a NUL behind it that is not counted. */
struct str str_dup(struct arena *arena, struct str s);
char *str_dup_z(struct arena *arena, struct str s);
struct str str_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* White space runs become one blank, both ends trimmed; a view into `s` when nothing changes. */
struct str str_squeeze(struct arena *arena, struct str s);

/* A growing array in an arena: makes room for one more, doubles; old storage stays until reset.
 * VEC_PUSH gives the new element zeroed, VEC_ROOM for one that is written anyway. */
enum { VEC_FIRST_BYTES = 512 };
#define VEC_FIRST(size) ((size) < VEC_FIRST_BYTES ? VEC_FIRST_BYTES / (size) : 1) /* elements */
void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size, size_t first);
#define VEC_ROOM(arena, items, count, capacity)                                                    \
    ((void)((count) < (capacity) ||                                                                \
            ((items) = vec_grow((arena), (items), (count), &(capacity), sizeof *(items),           \
                                VEC_FIRST(sizeof *(items))))),                                     \
     &(items)[(count)++])
#define VEC_PUSH(arena, items, count, capacity)                                                    \
    ((void)VEC_ROOM(arena, items, count, capacity),                                                \
     (void)memset(&(items)[(count) - 1], 0, sizeof *(items)), &(items)[(count) - 1])

/* Heap memory for what outlives arenas or must be resized in place; never NULL. */
void *mem_alloc(size_t size);               /* zeroed */
void *mem_realloc(void *old, size_t size);  /* new bytes are not zeroed */
void mem_free(void *memory);

/* Called once when memory runs out; must not return.  Set by main: saves the case, restores the
 * terminal, prints one line, exits with status 2. */
typedef void (*mem_exhausted_fn)(void);
void mem_set_exhausted(mem_exhausted_fn handler);

#endif
