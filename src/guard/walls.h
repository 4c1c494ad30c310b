/* What the parts of this folder share. */
#ifndef NDR_GUARD_WALLS_H
#define NDR_GUARD_WALLS_H

#include <stdbool.h>

/* Walls are for Linux, and not for builds with sanitizers, which would be walled in themselves. */
#if defined(__SANITIZE_ADDRESS__)
#define GUARD_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARD_SANITIZED
#endif
#endif
#if defined(__linux__) && !defined(GUARD_SANITIZED)
#define GUARD_HAS_WALLS
#endif

/* Filters of system calls (filter.c); false where the kernel or the processor has none. */
bool guard_filter_desk(void); /* refuses some: exec, sockets, tracing ... */
bool guard_filter_worker(
    void); /* refuses all but those that reading, computing and printing need */

#endif
