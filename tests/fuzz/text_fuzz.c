/* tests: any bytes as what a person wrote: refused, or clean UTF-8 that stays the same when cleaned
 * again. */
#include "services/core/text.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	const char *clean = NULL, *twice = NULL;
	unsigned flags;

	if (size < 1)
		return 0;
	arena = arena_create((size_t)16 << 20);
	flags = data[0] & TEXT_LINES;
	if (text_clean(arena, (const char *)data + 1, size - 1, flags, 1000, &clean) == OK) {
		assert(text_is_utf8(clean, strlen(clean)));
		for (const char *p = clean; *p; p++)
			assert((unsigned char)*p >= 0x20 || (flags && (*p == '\n' || *p == '\t')));
		assert(text_clean(arena, clean, strlen(clean), flags, 1000, &twice) == OK);
		assert(strcmp(clean, twice) == 0);
	}
	arena_destroy(arena);
	return 0;
}
