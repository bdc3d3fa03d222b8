/* services/schedule: content lines of at most 75 octets, cut neither inside a character nor between
 * a backslash and its letter. */
#include "services/schedule/ics.h"

#include <string.h>

enum { LINE_MAX_OCTETS = 75 };

/* Google drops an event whose fold stands between backslash and n (collective/icalendar#1501);
 * libical makes such folds. */
static bool may_cut(const char *line, size_t at)
{
	size_t backslashes = 0;

	if (((unsigned char)line[at] & 0xc0) == 0x80)
		return false;
	while (backslashes < at && line[at - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

static void add_folded(const char *line, size_t n, struct buffer *b)
{
	size_t room = LINE_MAX_OCTETS;

	while (n > room) {
		size_t cut = room;

		while (cut > 1 && !may_cut(line, cut))
			cut--;
		buffer_add(b, line, cut);
		buffer_add(b, "\r\n ", 3);
		line += cut;
		n -= cut;
		room = LINE_MAX_OCTETS - 1;
	}
	buffer_add(b, line, n);
	buffer_add(b, "\r\n", 2);
}

void ics_fold(const char *text, struct buffer *b)
{
	struct buffer line = {0};

	while (*text != 0) {
		size_t n = strcspn(text, "\r\n");

		buffer_add(&line, text, n);
		text +=
		    n + (text[n] == '\r') + (text[n] != 0 && text[n + (text[n] == '\r')] == '\n');
		if (*text == ' ' || *text == '\t') {
			text++;
			continue;
		}
		/* libical reports its own trouble inside the calendar. */
		if (line.size > 0 && strncmp(line.bytes, "X-LIC-ERROR", 11) != 0)
			add_folded(line.bytes, line.size, b);
		line.size = 0;
	}
	buffer_finish(&line);
}
