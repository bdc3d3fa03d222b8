/* tests: any bytes as a message: read strictly or refused, and what was read reads again from its
 * own text. */
#include "services/core/json.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int depth_of(const json_t *value)
{
	int deepest = 0;

	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			int depth = depth_of(json_array_get(value, i));

			deepest = depth > deepest ? depth : deepest;
		}
		return deepest + 1;
	}
	if (json_is_object(value)) {
		const char *name;
		json_t *member;

		json_object_foreach((json_t *)value, name, member)
		{
			int depth = depth_of(member);

			deepest = depth > deepest ? depth : deepest;
		}
		return deepest + 1;
	}
	assert(!json_is_real(value));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *value = json_read_strict((const char *)data, size);
	json_t *again;
	char *text;

	if (!value)
		return 0;
	assert(depth_of(value) <= 8);
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	assert(text);
	again = json_read_strict(text, strlen(text));
	assert(again && json_equal(value, again));
	json_decref(again);
	json_decref(value);
	free(text);
	return 0;
}
