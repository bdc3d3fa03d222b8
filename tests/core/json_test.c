/* tests/core: JSON from outside: what the strict reader takes and what it does not. */
#include "services/core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool reads(const char *text, size_t size)
{
	json_t *value = json_read_strict(text, size);
	bool ok = value != NULL;

	json_decref(value);
	return ok;
}

static void taken(void **state)
{
	static const char *const good[] = {
	    "{}",
	    "[]",
	    " {\"a\":1,\"b\":[true,false,null]} \n",
	    "{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
	    "[\"\\u00f8 \\ud83d\\ude00\"]",
	    "[[[[[[[[]]]]]]]]",
	    "{\"a\":\"[[[[[[[[[[[[\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!reads(good[i], strlen(good[i])))
			fail_msg("refused: %s", good[i]);
}

static void refused(void **state)
{
	static const char *const bad[] = {
	    "",
	    " ",
	    "null",
	    "7",
	    "\"x\"",
	    "{",
	    "{\"a\":1}x",
	    "{\"a\":1}{}",
	    "\xef\xbb\xbf{}",
	    "[[[[[[[[[]]]]]]]]]",
	    "{\"a\":1,\"a\":2}",
	    "{\"a\":1,\"\\u0061\":2}",
	    "{\"x\":{\"a\":1,\"a\":2}}",
	    "[1.5]",
	    "[1.0]",
	    "[1e3]",
	    "[1e400]",
	    "[10000000000000000000]",
	    "[-9223372036854775809]",
	    "[\"\\u0000\"]",
	    "{\"\\u0000\":1}",
	    "[\"\\ud800\"]",
	    "[\"\\udc00\\ud800\"]",
	    "[\"\xc3\x28\"]",
	    "[\"\xc0\xaf\"]",
	    "[\"\xed\xa0\x80\"]",
	    "[\"\xf4\x90\x80\x80\"]",
	    "['a']",
	    "{a:1}",
	    "[1,]",
	    "[NaN]",
	    "[Infinity]",
	    "[+1]",
	    "[01]",
	    "/* */ 1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (reads(bad[i], strlen(bad[i])))
			fail_msg("taken: %s", bad[i]);
	assert_false(reads("[]\0", 3));
	assert_false(reads("[\"a\0b\"]", 7));
}

/* Depth is counted over all kinds of bracket, and not over those inside text. */
static void depth(void **state)
{
	static const char *const good[] = {
	    "{\"a\":[{\"a\":[{\"a\":[{\"a\":[]}]}]}]}",
	    "[[[[[[[[]]]]]]],[[[[[[[]]]]]]]]",
	    "[\"\\\"[[[[[[[[[[\",\"\\\\\",[[[[[[[]]]]]]]]",
	};
	static const char *const bad[] = {
	    "{\"a\":[{\"a\":[{\"a\":[{\"a\":[{}]}]}]}]}",
	    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}",
	    "[\"\\\\\",[[[[[[[[]]]]]]]]]",
	    "]]]]]]]]][[[[[[[[[",
	};
	char *deep = xcalloc(1, 100001);

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!reads(good[i], strlen(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (reads(bad[i], strlen(bad[i])))
			fail_msg("taken: %s", bad[i]);
	memset(deep, '[', 100000);
	assert_false(reads(deep, 100000));
	free(deep);
}

/* What an organiser imports: deeper, with fractions; a mistake comes with its line. */
static void files(void **state)
{
	static const char good[] = "[[[[[[[[[[1.5]]]]]]]]]]";
	static const char bad[] = "{\n\"a\": 1,\n\"a\": 2}";
	const char *why = NULL;
	json_t *value;
	int line = 0;

	(void)state;
	value = json_read_file(good, strlen(good), &why, &line);
	assert_non_null(value);
	json_decref(value);
	assert_null(json_read_file(bad, strlen(bad), &why, &line));
	assert_int_equal(line, 3);
	assert_non_null(why);
	assert_null(json_read_file("", 0, &why, &line));
}

static void written(void **state)
{
	struct buffer b = {0};
	json_t *back;

	(void)state;
	buffer_text(&b, "{\"text\":");
	buffer_json(&b, "quote \" back \\ line \n bell \x07 slash / ø 😀");
	buffer_printf(&b, ",\"n\":%d}", 7);
	back = json_read_strict(b.bytes, b.size);
	assert_non_null(back);
	assert_string_equal(json_string_value(json_object_get(back, "text")),
			    "quote \" back \\ line \n bell \x07 slash / ø 😀");
	assert_int_equal(json_integer_value(json_object_get(back, "n")), 7);
	assert_int_equal(strlen(b.bytes), b.size);
	json_decref(back);
	buffer_finish(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(taken), cmocka_unit_test(refused), cmocka_unit_test(depth),
	    cmocka_unit_test(files), cmocka_unit_test(written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
