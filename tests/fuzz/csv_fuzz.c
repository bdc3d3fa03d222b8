/* tests: any bytes as CSV: read or refused, and what was read reads again from what we write. */
#include "services/core/csv.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(struct arena *arena, struct csv *csv)
{
	struct buffer b = {0};
	const char *why = NULL;
	struct csv *again;

	/* The first line settles the separator. */
	for (int i = 0; i < csv_count(csv); i++)
		buffer_text(&b, i > 0 ? ",x" : "x");
	buffer_text(&b, "\n");
	for (int i = 0; i < csv_count(csv); i++) {
		buffer_text(&b, i > 0 ? "," : "");
		csv_add(&b, csv_plain(csv_cell(csv, i)));
	}
	buffer_text(&b, "\n");
	again = csv_open(arena, b.bytes, b.size, 1 << 20, &why);
	assert(again != NULL);
	assert(csv_next(again) && csv_next(again) && csv_count(again) == csv_count(csv));
	for (int i = 0; i < csv_count(csv); i++)
		assert(strcmp(csv_plain(csv_cell(again, i)), csv_plain(csv_cell(csv, i))) == 0);
	csv_close(again);
	buffer_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(64 << 20);
	const char *why = NULL;
	struct csv *csv = csv_open(arena, (const char *)data, size, 4096, &why);

	assert(csv != NULL || why != NULL);
	while (csv != NULL && csv_next(csv))
		read_again(arena, csv);
	csv_close(csv);
	arena_destroy(arena);
	return 0;
}
