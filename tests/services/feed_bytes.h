/* tests/services: a calendar's bytes, looked at as a strict client would: lines, folds, escapes. */
#ifndef TESTS_FEED_BYTES_H
#define TESTS_FEED_BYTES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Length of the UTF-8 sequence that starts here; 0 when none does. */
static inline size_t sequence(const unsigned char *s)
{
	size_t n = *s < 0x80		     ? 1
		   : *s >= 0xc2 && *s < 0xe0 ? 2
		   : *s >= 0xe0 && *s < 0xf0 ? 3
		   : *s >= 0xf0 && *s < 0xf5 ? 4
					     : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* One physical line: at most 75 octets, whole characters, nothing that is not printable, no open
 * escape at its end. */
static inline void check_line(const char *line, size_t n)
{
	size_t backslashes = 0;

	assert_in_range(n, 1, 75);
	for (size_t i = 0; i < n;) {
		size_t step = sequence((const unsigned char *)line + i);

		assert_true(step > 0 && i + step <= n);
		assert_true((unsigned char)line[i] >= ' ' && line[i] != 0x7f);
		i += step;
	}
	while (backslashes < n && line[n - 1 - backslashes] == '\\')
		backslashes++;
	assert_int_equal(backslashes % 2, 0);
}

/* Every physical line; returns how many logical ones there are. */
static inline int check_bytes(const char *text)
{
	int logical = 0;

	assert_true(strncmp(text, "BEGIN:VCALENDAR\r\n", 17) == 0);
	while (*text != 0) {
		const char *end = strstr(text, "\r\n");

		assert_non_null(end);
		check_line(text, (size_t)(end - text));
		assert_true(memchr(text, '\n', (size_t)(end - text)) == NULL);
		if (*text != ' ')
			logical++;
		assert_true(strncmp(text, "X-LIC-ERROR", 11) != 0);
		text = end + 2;
	}
	return logical;
}

static inline char *unfolded(const char *text)
{
	char *out = calloc(1, strlen(text) + 1), *at = out;

	for (; *text != 0; text++) {
		if (strncmp(text, "\r\n ", 3) == 0)
			text += 2;
		else
			*at++ = *text;
	}
	return out;
}

/* The value of the first line that begins with name, unescaped. */
static inline char *value_of(const char *text, const char *name)
{
	char *flat = unfolded(text), *line = flat, *out = calloc(1, strlen(flat) + 1), *at = out;
	size_t n = strlen(name);

	while (line != NULL && strncmp(line, name, n) != 0)
		line = (line = strstr(line, "\r\n")) != NULL ? line + 2 : NULL;
	for (line = line != NULL ? line + n : NULL; line != NULL && *line != '\r'; line++) {
		if (*line == '\\') {
			line++;
			*at++ = *line == 'n' || *line == 'N' ? '\n' : *line;
		} else {
			*at++ = *line;
		}
	}
	free(flat);
	return out;
}

static inline void assert_value(const char *text, const char *name, const char *expected)
{
	char *value = value_of(text, name);

	assert_string_equal(value, expected);
	free(value);
}

static inline int lines_of(const char *text, const char *line)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, line)) != NULL; at++)
		n++;
	return n;
}

#endif
