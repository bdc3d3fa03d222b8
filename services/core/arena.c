/* services/core: arenas. Under the sanitizers each object is a malloc of its own, or the arena
 * would hide overruns from them. */
#include "services/core/arena.h"
#include "services/core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 4096 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(16) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
	size_t used, limit;
};

static void out_of_memory(size_t size)
{
	log_line("out of memory: %zu bytes", size);
	abort();
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		out_of_memory(n * size);
	return p;
}

void *xrealloc(void *p, size_t size)
{
	void *q = realloc(p, size);

	if (q == NULL)
		out_of_memory(size);
	return q;
}

char *xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(xcalloc(1, n), s, n);
}

struct arena *arena_create(size_t limit)
{
	struct arena *arena = xcalloc(1, sizeof(*arena));

	arena->limit = limit;
	return arena;
}

void arena_destroy(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->blocks != NULL) {
		struct block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	free(arena);
}

static struct block *add_block(struct arena *arena, size_t size)
{
	struct block *block = xcalloc(1, sizeof(*block) + size);

	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block;
	void *p;

	size = (size + 15) & ~(size_t)15;
	arena->used += size;
	if (arena->used > arena->limit)
		out_of_memory(arena->used);
#ifdef PLENUM_SANITIZE
	block = add_block(arena, size);
#else
	block = arena->blocks;
	if (block == NULL || block->size - block->used < size)
		block = add_block(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
#endif
	p = block->bytes + block->used;
	block->used += size;
	return p;
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_alloc(arena, n + 1);

	memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	int n;
	char *text;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = arena_alloc(arena, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}
