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

/* Lengths are in code points: four bytes or one, a character is one; combining marks that stay are
 * one each. */
static void lengths(void **state)
{
	(void)state;
	assert_non_null(clean("😀😀😀", 0, 3));
	assert_null(clean("😀😀😀😀", 0, 3));
	assert_non_null(clean("\xf4\x8f\xbf\xbd"
			      "a",
			      0, 100));
	/* q has no composed form with an acute: two code points. */
	assert_null(clean("q\xcc\x81", 0, 1));
	assert_non_null(clean("q\xcc\x81", 0, 2));
	/* 0: no limit. */
	assert_non_null(clean("no limit at all", 0, 0));
	assert_string_equal(clean("", 0, 5), "");
	assert_string_equal(clean(" \n\t ", TEXT_LINES, 5), "");
	assert_string_equal(clean("\xe2\x80\x8b\xe2\x80\x8d", 0, 5), "");
}

/* Each of these hides, turns or breaks what stands around it, and is gone. */
static void dropped(void **state)
{
	static const char *const hidden[] = {
	    "\x01",
	    "\x08",
	    "\x1f",
	    "\x7f",
	    "\xc2\x80",
	    "\xc2\x9f",
	    "\xd8\x9c",
	    "\xe2\x80\x8b",
	    "\xe2\x80\x8e",
	    "\xe2\x80\x8f",
	    "\xe2\x80\xa8",
	    "\xe2\x80\xa9",
	    "\xe2\x80\xaa",
	    "\xe2\x80\xab",
	    "\xe2\x80\xac",
	    "\xe2\x80\xad",
	    "\xe2\x80\xae",
	    "\xe2\x81\xa0",
	    "\xe2\x81\xa4",
	    "\xe2\x81\xa6",
	    "\xe2\x81\xa7",
	    "\xe2\x81\xa8",
	    "\xe2\x81\xa9",
	    "\xef\xbb\xbf",
	    "\xee\x80\x80",
	    "\xf3\xa0\x80\x81",
	    "\xf3\xa0\x81\xbf",
	    "\xf3\xb0\x80\x80",
	};

	(void)state;
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
		const char *out = clean(arena_printf(arena, "a%sb", hidden[i]), TEXT_LINES, 100);

		if (out == NULL || strcmp(out, "ab") != 0)
			fail_msg("number %zu stays: %s", i, out != NULL ? out : "refused");
	}
}

/* Whatever went in, a second cleaning changes nothing: what is compared is what was stored. */
static void stays_clean(void **state)
{
	static const char *const texts[] = {
	    "e\xe2\x80\x8b\xcc\x81",
	    "\xe2\x80\x8d \xe2\x80\x8d a \xe2\x80\x8d",
	    " \xe2\x80\x8b a \xe2\x80\x8b ",
	    "\r\r\n\n\ra\r",
	    "a\xcc\x81\xcc\xa3\xcc\x81",
	    "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab",
	    "\xef\xac\x81 \xe2\x84\xab \xe2\x84\xa6",
	    "👩\xe2\x80\x8d\xe2\x80\x8d🔬",
	    "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (unsigned flags = 0; flags <= TEXT_LINES; flags++) {
			const char *once = clean(texts[i], flags, 100);

			assert_non_null(once);
			assert_string_equal(clean(once, flags, 100), once);
		}
	}
	/* NFC, not NFKC: a ligature is what somebody wrote. */
	assert_string_equal(clean("\xef\xac\x81", 0, 5), "\xef\xac\x81");
	assert_string_equal(clean("\xe2\x84\xab", 0, 5), "\xc3\x85");
}

static void not_utf8(void **state)
{
	static const char *const bad[] = {
	    /* overlong: / and NUL in two and three bytes, U+FFFF in four */
	    "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
	    /* surrogates, alone and as a pair */
	    "\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\xbd\xed\xb8\x80",
	    /* beyond U+10FFFF */
	    "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe",
	    /* cut off, and a continuation of nothing */
	    "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\x80", "a\xbf"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (text_is_utf8(bad[i], strlen(bad[i])) || clean(bad[i], 0, 100))
			fail_msg("number %zu passes", i);
		assert_null(clean(arena_printf(arena, "before %s after", bad[i]), 0, 100));
	}
	assert_true(text_is_utf8("", 0));
}

static void copied(void **state)
{
	char to[4];

	(void)state;
	text_copy(to, sizeof to, "abcdef");
	assert_string_equal(to, "abc");
	text_copy(to, sizeof to, "ab");
	assert_string_equal(to, "ab");
	text_copy(to, sizeof to, "");
	assert_string_equal(to, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms),	   cmocka_unit_test(hidden),   cmocka_unit_test(lines),
	    cmocka_unit_test(refused),	   cmocka_unit_test(lengths),  cmocka_unit_test(dropped),
	    cmocka_unit_test(stays_clean), cmocka_unit_test(not_utf8), cmocka_unit_test(copied),
	};
	int failed;

	arena = arena_create((size_t)1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_destroy(arena);
	return failed;
}
