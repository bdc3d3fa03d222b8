/* tests: a valid token with any of its bytes changed, and any bytes at all, are not accepted; any
 * text as an entry code reads the same twice. */
#include "services/core/clock.h"
#include "services/core/token.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char id[] = "018f3c5a-0000-7000-8000-000000000001";

static void keys_ready(void)
{
	static const char *const names[] = {"session", "device", "script", "code", "seal"};
	static bool done;
	char dir[] = "/tmp/plenum-fuzz-XXXXXX", path[64];

	if (done)
		return;
	done = true;
	if (!mkdtemp(dir) || keys_load(dir, true))
		abort();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s.key", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

/* The input says, two bytes at a time, which character becomes which. */
static void changed_token(struct arena *arena, const uint8_t *data, size_t size)
{
	struct token token = {.kind = TOKEN_SCRIPT, .expires = clock_unix() + 3600}, ret;
	const char *good;
	char *bad;

	strcpy(token.conference, id);
	strcpy(token.login, id);
	strcpy(token.subject, id);
	good = token_sign(arena, &token, clock_unix());
	bad = arena_strdup(arena, good);
	for (size_t i = 0; i + 1 < size; i += 2)
		bad[data[i] % strlen(good)] = (char)(data[i + 1] ? data[i + 1] : '.');
	assert(strcmp(good, bad) == 0 || token_verify(bad, clock_unix(), &ret) != OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create((size_t)16 << 20);
	char *text = arena_strndup(arena, (const char *)data, size);
	const char *code;
	struct token ret;

	keys_ready();
	assert(token_verify(text, clock_unix(), &ret) != OK);
	changed_token(arena, data, size);
	code = entry_code_read(arena, text);
	if (code) {
		assert(strlen(code) == 20);
		assert(strcmp(code, entry_code_read(arena, code)) == 0);
	}
	arena_destroy(arena);
	return 0;
}
