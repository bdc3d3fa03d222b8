/* tests/core: a request's memory and text that grows. */
#include "services/core/arena.h"
#include "services/core/json.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void zeroed_and_aligned(void **state)
{
	struct arena *arena = arena_create((size_t)8 << 20);

	(void)state;
	for (size_t size = 0; size < 9000; size = size * 3 / 2 + 1) {
		unsigned char *p = arena_alloc(arena, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, size);
	}
	arena_destroy(arena);
	arena_destroy(NULL);
}

/* What one object holds is not touched by those after it, small or larger than a block. */
static void objects_stay_apart(void **state)
{
	enum { OBJECTS = 300 };
	struct arena *arena = arena_create((size_t)64 << 20);
	unsigned char *objects[OBJECTS];
	size_t sizes[OBJECTS];

	(void)state;
	for (int i = 0; i < OBJECTS; i++) {
		sizes[i] = (size_t)(i * 37 % 6000) + 1;
		objects[i] = arena_alloc(arena, sizes[i]);
		memset(objects[i], i & 0xff, sizes[i]);
	}
	for (int i = 0; i < OBJECTS; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(objects[i][k], i & 0xff);
	arena_destroy(arena);
}

static void copies(void **state)
{
	struct arena *arena = arena_create((size_t)1 << 20);
	const char *text = "Precision medicine – from patient to lab";
	char *copy = arena_strdup(arena, text);

	(void)state;
	assert_ptr_not_equal(copy, text);
	assert_string_equal(copy, text);
	assert_string_equal(arena_strndup(arena, text, 9), "Precision");
	assert_string_equal(arena_strndup(arena, "a\0b", 3), "a");
	assert_string_equal(arena_strdup(arena, ""), "");
	assert_string_equal(arena_printf(arena, "%s-%d", "slot", 7), "slot-7");
	assert_int_equal(strlen(arena_printf(arena, "%5000d", 7)), 5000);
	assert_true(arena_used(arena) >= 5000 && arena_used(arena) < 8000);
	arena_destroy(arena);
}

/* Going over the limit is a defect of ours: the process ends, and the parent starts another. */
static void over_the_limit(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct arena *arena = arena_create(4096);

		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		for (int i = 0; i < 100; i++)
			arena_alloc(arena, 100);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void long_lived(void **state)
{
	unsigned char *p = xcalloc(8, 4);
	char *text = xstrdup("text");

	(void)state;
	for (int i = 0; i < 32; i++)
		assert_int_equal(p[i], 0);
	p[31] = 7;
	p = xrealloc(p, 64);
	assert_int_equal(p[31], 7);
	assert_string_equal(text, "text");
	free(p);
	free(text);
}

static void buffers(void **state)
{
	struct buffer b = {0};
	size_t n = 0;

	(void)state;
	buffer_text(&b, "");
	assert_non_null(b.bytes);
	assert_string_equal(b.bytes, "");
	for (int i = 0; i < 5000; i++) {
		buffer_printf(&b, "%d,", i);
		n += (size_t)snprintf(NULL, 0, "%d,", i);
		assert_int_equal(b.size, n);
		assert_int_equal(b.bytes[b.size], 0);
	}
	buffer_printf(&b, "%20000s", "x");
	assert_int_equal(b.size, n + 20000);
	assert_int_equal(b.bytes[b.size - 1], 'x');
	buffer_finish(&b);
	assert_null(b.bytes);
	assert_int_equal(b.size, 0);
	/* NUL bytes are bytes. */
	buffer_add(&b, "a\0b", 3);
	assert_int_equal(b.size, 3);
	assert_memory_equal(b.bytes, "a\0b", 4);
	buffer_finish(&b);
}

/* Every character below a blank, quotes and backslashes come back from the strict reader. */
static void json_strings(void **state)
{
	struct buffer b = {0};
	char text[0x80];
	json_t *back;

	(void)state;
	for (int c = 1; c < 0x80; c++)
		text[c - 1] = (char)c;
	text[0x7f] = 0;
	buffer_text(&b, "[");
	buffer_json(&b, text);
	buffer_text(&b, ",");
	buffer_json(&b, "</script> \xe2\x80\xa8 😀");
	buffer_text(&b, "]");
	back = json_read_strict(b.bytes, b.size);
	assert_non_null(back);
	assert_string_equal(json_string_value(json_array_get(back, 0)), text);
	assert_string_equal(json_string_value(json_array_get(back, 1)), "</script> \xe2\x80\xa8 😀");
	json_decref(back);
	buffer_finish(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(zeroed_and_aligned),
	    cmocka_unit_test(objects_stay_apart),
	    cmocka_unit_test(copies),
	    cmocka_unit_test(over_the_limit),
	    cmocka_unit_test(long_lived),
	    cmocka_unit_test(buffers),
	    cmocka_unit_test(json_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
