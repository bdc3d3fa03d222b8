/* services/core: text hygiene; libunistring does the Unicode part. */
#include "services/core/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { URL_MAX_BYTES = 2000 };

bool text_is_utf8(const char *s, size_t n)
{
	return u8_check((const uint8_t *)s, n) == NULL;
}

static bool is_dropped(ucs4_t c, unsigned flags)
{
	if ((flags & TEXT_LINES) && (c == '\n' || c == '\t'))
		return false;
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return true;
	/* Direction marks, embeddings, overrides and isolates: a question must not reorder its
	 * neighbours. */
	if (c == 0x200e || c == 0x200f || c == 0x061c || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069))
		return true;
	/* Zero-width space, word joiner, invisible operators, BOM, line and paragraph separators.
	 */
	if (c == 0x200b || c == 0x2028 || c == 0x2029 || (c >= 0x2060 && c <= 0x2064) ||
	    c == 0xfeff)
		return true;
	/* Tag characters and unassigned special planes carry nothing a reader sees. */
	if (c >= 0xe0000 && c <= 0xe007f)
		return true;
	return uc_is_general_category(c, UC_CATEGORY_Cs) ||
	       uc_is_general_category(c, UC_CATEGORY_Co);
}

static bool is_joiner(ucs4_t c)
{
	return c == 0x200c || c == 0x200d;
}

static bool is_blank(ucs4_t c)
{
	return uc_is_property_white_space(c) || is_joiner(c);
}

/* Copies kept code points; returns the new size in bytes. */
static size_t keep_good(const uint8_t *in, size_t n, unsigned flags, uint8_t *out)
{
	size_t at = 0, size = 0;
	ucs4_t before = 0;

	while (at < n) {
		ucs4_t c;
		int step = u8_mbtouc(&c, in + at, n - at);

		at += (size_t)step;
		if (c == '\r') {
			if (at < n && in[at] == '\n')
				continue;
			c = '\n';
		}
		if ((c == '\n' || c == '\t') && !(flags & TEXT_LINES))
			c = ' ';
		if (is_dropped(c, flags) || (is_joiner(c) && (is_joiner(before) || before == 0)))
			continue;
		size += (size_t)u8_uctomb(out + size, c, 6);
		before = c;
	}
	return size;
}

/* The part of s between what is only space at its ends. */
static size_t trim(const uint8_t **s, size_t n)
{
	const uint8_t *last;
	ucs4_t c;

	while (n > 0 && (last = u8_prev(&c, *s + n, *s)) != NULL && is_blank(c))
		n = (size_t)(last - *s);
	while (n > 0) {
		int step = u8_mbtouc(&c, *s, n);

		if (!is_blank(c))
			break;
		*s += step;
		n -= (size_t)step;
	}
	return n;
}

fault text_clean(struct arena *arena, const char *in, size_t n, unsigned flags,
		 int64_t max_code_points, const char **ret)
{
	size_t size;
	uint8_t *normal, *kept;
	const uint8_t *text;

	if (!text_is_utf8(in, n) || memchr(in, 0, n) != NULL)
		return &fault_bad_request;
	/* Normalised last: what stood between two characters may have kept them from becoming one.
	 */
	kept = arena_alloc(arena, n + 8);
	size = keep_good((const uint8_t *)in, n, flags, kept);
	normal = u8_normalize(UNINORM_NFC, kept, size, NULL, &size);
	if (normal == NULL)
		return &fault_bad_request;
	text = normal;
	size = trim(&text, size);
	*ret = arena_strndup(arena, (const char *)text, size);
	size = u8_mbsnlen(text, size);
	free(normal);
	return max_code_points > 0 && size > (size_t)max_code_points ? &fault_size : OK;
}

void text_copy(char *to, size_t size, const char *from)
{
	size_t n = strlen(from);

	n = n < size ? n : size - 1;
	memcpy(to, from, n);
	to[n] = 0;
}

bool url_ok(const char *url)
{
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return false;
	for (const char *s = url; *s != 0; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f || strchr("\"<>\\^`{|}", *s) != NULL)
			return false;
	return strlen(url) <= URL_MAX_BYTES && strchr("/:", url[(url[4] == 's') ? 8 : 7]) == NULL;
}

bool text_address_ok(const char *s)
{
	const char *at = strchr(s, '@');

	for (const char *c = s; *c != 0; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>,\"\\()", *c) != NULL)
			return false;
	return at != NULL && at != s && at[1] != 0;
}

bool text_uuid_ok(const char *s)
{
	for (int i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s[i] != '-')
				return false;
		} else if (!isxdigit((unsigned char)s[i])) {
			return false;
		}
	}
	return s[36] == 0;
}
