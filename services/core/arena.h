/* services/core: one request's memory. Everything in it is freed at once with it; single objects
 * never are. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* limit: the most it may ever hold, in bytes; going over it ends the process, so callers bound
 * their input first. */
struct arena *arena_create(size_t limit);
void arena_destroy(struct arena *arena); /* accepts NULL */

/* Zeroed, aligned for any object. Never NULL: out of memory ends the worker and the parent restarts
 * it. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies, NUL-terminated. */
char *arena_strndup(struct arena *arena, const char *s, size_t n);
char *arena_strdup(struct arena *arena, const char *s);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

size_t arena_used(const struct arena *arena);

/* malloc and friends that end the process instead of returning NULL: for long-lived objects. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
