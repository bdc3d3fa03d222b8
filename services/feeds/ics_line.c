/* services/feeds: content lines of an event. What is fixed in form (instants, numbers, words) is
 * written here; how a TEXT value is escaped and a parameter quoted is libical's answer. */
#include "services/feeds/ics_line.h"
#include "services/feeds/ics.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OCTETS_MAX = 75 };

/* libical writes a TEXT value a character at a time, each by itself: so it is asked once how it
 * writes each octet, not five thousand times how it writes an abstract. */
static const char *escaped(unsigned char octet)
{
	static char known[256][3];

	if (known[1][0] == 0) {
		for (unsigned i = 1; i < 256; i++) {
			icalvalue *value = icalvalue_new_text((const char[]){(char)i, 0});
			char *text = icalvalue_as_ical_string_r(value);

			memcpy(known[i], text, strnlen(text, 2));
			free(text);
			icalvalue_free(value);
		}
	}
	return known[octet];
}

static bool is_plain(unsigned char c)
{
	return c > '\\' || (c >= ' ' && c != ',' && c != ';' && c != '\\' && c != '"');
}

size_t line_begin(struct buffer *b, const char *name)
{
	size_t at = b->size;

	buffer_text(b, name);
	return at;
}

void line_escape(struct buffer *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t run = 0;

		while (i + run < n && is_plain((unsigned char)text[i + run]))
			run++;
		buffer_add(b, text + i, run);
		i += run;
		if (i < n)
			buffer_text(b, escaped((unsigned char)text[i++]));
	}
}

void line_end(struct buffer *b, size_t at)
{
	static struct buffer long_line;

	if (b->size - at <= OCTETS_MAX) {
		buffer_add(b, "\r\n", 2);
		return;
	}
	long_line.size = 0;
	buffer_add(&long_line, b->bytes + at, b->size - at);
	b->size = at;
	ics_fold(long_line.bytes, long_line.size, b);
}

void line_raw(struct buffer *b, const char *name, const char *value)
{
	size_t at = line_begin(b, name);

	buffer_text(b, value);
	line_end(b, at);
}

void line_text(struct buffer *b, const char *name, const struct buffer *value)
{
	size_t at = line_begin(b, name);

	line_escape(b, value->bytes, value->size);
	line_end(b, at);
}

void line_parameter(struct buffer *b, icalparameter *parameter)
{
	char *text = icalparameter_as_ical_string_r(parameter);

	buffer_add(b, ";", 1);
	buffer_text(b, text != NULL ? text : "");
	free(text);
	icalparameter_free(parameter);
}

void line_number(struct buffer *b, const char *name, int64_t value)
{
	char text[24];
	size_t at = sizeof(text) - 1;

	text[at] = 0;
	do {
		text[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	line_raw(b, name, text + at);
}

static void digits(char *to, int n, int value)
{
	while (n-- > 0) {
		to[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

void line_instant(struct buffer *b, const char *name, int64_t at)
{
	char text[] = "00000000T000000Z\r\n";
	time_t instant = (time_t)at;
	struct tm t = {0};

	gmtime_r(&instant, &t);
	digits(text, 4, t.tm_year + 1900);
	digits(text + 4, 2, t.tm_mon + 1);
	digits(text + 6, 2, t.tm_mday);
	digits(text + 9, 2, t.tm_hour);
	digits(text + 11, 2, t.tm_min);
	digits(text + 13, 2, t.tm_sec);
	buffer_text(b, name);
	buffer_add(b, text, sizeof(text) - 1);
}
