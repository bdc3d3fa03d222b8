/* services/feeds: what people wrote, made safe for a calendar: libical 3.0.16 lets control
 * characters and broken UTF-8 through and writes some values raw (calendar-feeds.md §B3). */
#include "services/core/text.h"
#include "services/feeds/ics.h"

#include <string.h>
#include <unistr.h>

enum { PLAIN_MAX = 1000 };

/* Line separators would end a line somewhere, overrides make a title read as another one. */
static bool is_unwanted(ucs4_t c)
{
	return c < 0xa0 || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* How many octets at s are one character to keep; 0: drop *ret_skip octets. */
static size_t keep(const unsigned char *s, size_t left, bool lines, size_t *ret_skip)
{
	ucs4_t c;
	int step;

	*ret_skip = 1;
	if (*s < 0x80)
		return (*s >= 0x20 && *s != 0x7f) || (lines && (*s == '\n' || *s == '\t'));
	step = u8_mbtoucr(&c, s, left);
	if (step <= 0)
		return 0;
	*ret_skip = (size_t)step;
	return is_unwanted(c) ? 0 : (size_t)step;
}

static bool is_usual(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

void ics_clean(struct buffer *b, const char *text, size_t max, bool lines)
{
	size_t left = (text != NULL) ? strlen(text) : 0;

	while (left > 0) {
		size_t run = 0, n = 0, skip = 1;

		while (run < left && b->size + run < max && is_usual((unsigned char)text[run]))
			run++;
		while (run < left &&
		       (n = keep((const unsigned char *)text + run, left - run, lines, &skip)) >
			   0 &&
		       b->size + run + n <= max)
			run += n;
		buffer_add(b, text, run);
		text += run;
		left -= run;
		if (left == 0 || n > 0)
			return;
		if ((*text == '\n' || *text == '\t') && b->size < max)
			buffer_text(b, " ");
		text += skip;
		left -= skip;
	}
}

void ics_plain(struct buffer *b, const char *text)
{
	size_t kept = b->size;

	ics_clean(b, text, b->size + PLAIN_MAX, false);
	for (size_t i = kept; i < b->size; i++) {
		char c = b->bytes[i];

		if (c != ',' && c != ';' && c != '\\' && c != '"' && c != '^')
			b->bytes[kept++] = c;
	}
	b->size = kept;
	if (b->bytes != NULL)
		b->bytes[kept] = 0;
}

bool ics_uri(struct buffer *b, const char *url)
{
	if (url == NULL || !url_ok(url))
		return false;
	for (const unsigned char *s = (const unsigned char *)url; *s != 0; s++) {
		if (*s < 0x80)
			buffer_add(b, (const char *)s, 1);
		else
			buffer_printf(b, "%%%02X", *s);
	}
	return true;
}
