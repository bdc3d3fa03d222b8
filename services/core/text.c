/* services/core: text hygiene; libunistring does the Unicode part. */
#include "services/core/text.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

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
	/* Direction marks, embeddings, overrides and isolates: a question must not reorder its neighbours. */
	if (c == 0x200e || c == 0x200f || c == 0x061c || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return true;
	/* Zero-width space, word joiner, invisible operators, BOM, line and paragraph separators. */
	if (c == 0x200b || c == 0x2028 || c == 0x2029 || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff)
		return true;
	/* Tag characters and unassigned special planes carry nothing a reader sees. */
	if (c >= 0xe0000 && c <= 0xe007f)
		return true;
	return uc_is_general_category(c, UC_CATEGORY_Cs) || uc_is_general_category(c, UC_CATEGORY_Co);
}

static bool is_joiner(ucs4_t c)
{
	return c == 0x200c || c == 0x200d;
}

/* Copies kept code points; returns the new size in bytes and counts code points. */
static size_t keep_good(const uint8_t *in, size_t n, unsigned flags, uint8_t *out, int64_t *ret_count)
{
	size_t at = 0, size = 0;
	int64_t count = 0;
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
		count++;
		before = c;
	}
	*ret_count = count;
	return size;
}

static size_t trim(uint8_t *s, size_t n, int64_t *count)
{
	size_t start = 0;

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\n' || s[n - 1] == '\t')) {
		n--;
		(*count)--;
	}
	while (start < n && (s[start] == ' ' || s[start] == '\n' || s[start] == '\t')) {
		start++;
		(*count)--;
	}
	memmove(s, s + start, n - start);
	return n - start;
}

fault text_clean(struct arena *arena, const char *in, size_t n, unsigned flags, int64_t max_code_points,
                 const char **ret)
{
	size_t size;
	int64_t count;
	uint8_t *normal, *out;

	if (!text_is_utf8(in, n) || memchr(in, 0, n) != NULL)
		return &fault_bad_request;
	normal = u8_normalize(UNINORM_NFC, (const uint8_t *)in, n, NULL, &size);
	if (normal == NULL)
		return &fault_bad_request;
	out = arena_alloc(arena, size + 8);
	size = keep_good(normal, size, flags, out, &count);
	free(normal);
	size = trim(out, size, &count);
	out[size] = 0;
	if (max_code_points > 0 && count > max_code_points)
		return &fault_size;
	*ret = (const char *)out;
	return OK;
}

void text_copy(char *to, size_t size, const char *from)
{
	size_t n = strlen(from);

	n = n < size ? n : size - 1;
	memcpy(to, from, n);
	to[n] = 0;
}
