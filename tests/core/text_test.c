/* tests/core: what people write, cleaned: Unicode forms, characters that hide or turn, lengths. */
#include "services/core/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena *arena;

static const char *clean(const char *in, unsigned flags, int64_t max)
{
	const char *out = NULL;

	return text_clean(arena, in, strlen(in), flags, max, &out) == OK ? out : NULL;
}

static void forms(void **state)
{
	(void)state;
	assert_string_equal(clean("", 0, 100), "");
	assert_string_equal(clean("  plain  ", 0, 100), "plain");
	assert_string_equal(clean("\xc2\xa0 wide \xe2\x80\x83", 0, 100), "wide");
	/* e + combining acute and a + combining ring become one character each. */
	assert_string_equal(clean("cafe\xcc\x81 a\xcc\x8a", 0, 100), "caf\xc3\xa9 \xc3\xa5");
	assert_string_equal(clean("日本語 😀 العربية", 0, 100), "日本語 😀 العربية");
	assert_string_equal(clean("👩‍🔬", 0, 100), "👩‍🔬");
}

static void hidden(void **state)
{
	(void)state;
	/* Right-to-left override, isolates, bell, escape, C1. */
	assert_string_equal(clean("a\xe2\x80\xae"
				  "b",
				  0, 100),
			    "ab");
	assert_string_equal(clean("a\xe2\x81\xa6"
				  "b\xe2\x81\xa9",
				  0, 100),
			    "ab");
	assert_string_equal(clean("a\x07"
				  "b\x1b"
				  "c\xc2\x85",
				  0, 100),
			    "abc");
	assert_string_equal(clean("a\xe2\x80\x8b\xe2\x80\x8b\xe2\x80\x8b"
				  "b",
				  0, 100),
			    "ab");
	/* What stood between two characters does not keep them apart. */
	assert_string_equal(clean("e\xe2\x80\x8b\xcc\x81", 0, 100), "\xc3\xa9");
	assert_string_equal(clean("\xe2\x80\x8d \xc2\xa0\xe2\x80\x8d", 0, 100), "");
	/* Markup is text: it is not ours to change. */
	assert_string_equal(clean("<script>alert(1)</script> =1+1", 0, 100),
			    "<script>alert(1)</script> =1+1");
}

static void lines(void **state)
{
	(void)state;
	assert_string_equal(clean("one\r\ntwo\tthree\n", TEXT_LINES, 100), "one\ntwo\tthree");
	assert_null(strchr(clean("one\r\ntwo", 0, 100), '\n'));
}

static void refused(void **state)
{
	static const char *const bad[] = {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80",
					  "\xf5\x80\x80\x80"};
	const char *out;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_null(clean(bad[i], 0, 100));
		assert_false(text_is_utf8(bad[i], strlen(bad[i])));
	}
	assert_true(text_clean(arena, "a\0b", 3, 0, 100, &out) != OK);
	assert_non_null(clean("øøøøø", 0, 5));
	assert_null(clean("øøøøøø", 0, 5));
	/* Length counts after cleaning. */
	assert_non_null(clean("e\xcc\x81"
			      "e\xcc\x81   ",
			      0, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms),
	    cmocka_unit_test(hidden),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(refused),
	};
	int failed;

	arena = arena_create((size_t)1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_destroy(arena);
	return failed;
}
