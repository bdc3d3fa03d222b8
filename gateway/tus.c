/* gateway: what tus 1.0.0 says in headers. */
#include "gateway/files.h"
#include "services/core/arena.h"
#include "services/files/files.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

static void copy_custom(struct conn *c, const char *name, char *ret, size_t size)
{
	int n = (int)strlen(name), length = lws_hdr_custom_length(c->wsi, name, n);

	ret[0] = 0;
	if (length < 0 || length >= (int)size ||
	    lws_hdr_custom_copy(c->wsi, ret, (int)size, name, n) < 0)
		ret[0] = 0;
}

static void copy_known(struct conn *c, enum lws_token_indexes token, char *ret, size_t size)
{
	ret[0] = 0;
	if (lws_hdr_total_length(c->wsi, token) >= (int)size ||
	    lws_hdr_copy(c->wsi, ret, (int)size, token) < 0)
		ret[0] = 0;
}

static int64_t number(const char *text)
{
	size_t n = strlen(text);

	return n == 0 || n > 18 || strspn(text, "0123456789") != n ? -1 : strtoll(text, NULL, 10);
}

struct tus *tus_read(struct conn *c, const char *rest)
{
	struct tus *tus;
	char text[64];

	if (strncmp(rest, "/files", 6) != 0 || (rest[6] != 0 && rest[6] != '/'))
		return NULL;
	tus = xcalloc(1, sizeof(*tus));
	copy_custom(c, "tus-resumable:", text, sizeof(text));
	tus->asked = text[0] != 0;
	tus->version_ok = strcmp(text, "1.0.0") == 0;
	copy_custom(c, "upload-length:", text, sizeof(text));
	tus->length = number(text);
	copy_custom(c, "upload-offset:", text, sizeof(text));
	tus->offset = number(text);
	copy_custom(c, "upload-metadata:", tus->metadata, sizeof(tus->metadata));
	copy_known(c, WSI_TOKEN_HTTP_RANGE, tus->range, sizeof(tus->range));
	copy_known(c, WSI_TOKEN_HTTP_IF_RANGE, tus->if_range, sizeof(tus->if_range));
	return tus;
}

static int digit(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != 0 ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

static bool base64_read(const char *s, size_t n, char *ret, size_t size)
{
	size_t out = 0;
	unsigned bits = 0, value = 0;

	while (n > 0 && s[n - 1] == '=')
		n--;
	for (size_t i = 0; i < n; i++) {
		int d = digit(s[i]);

		if (d < 0)
			return false;
		value = value << 6 | (unsigned)d;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (out + 1 >= size || (value >> bits & 0xff) == 0)
			return false;
		ret[out++] = (char)(value >> bits & 0xff);
	}
	ret[out] = 0;
	return true;
}

bool tus_metadata(const struct tus *tus, const char *name, char *ret, size_t size)
{
	size_t name_n = strlen(name);

	for (const char *s = tus->metadata; *s != 0;) {
		size_t n;

		s += strspn(s, " ,");
		n = strcspn(s, ",");
		if (n > name_n && strncmp(s, name, name_n) == 0 && s[name_n] == ' ') {
			const char *value = s + name_n + 1;
			size_t value_n = strcspn(value, " ,");

			return base64_read(value, value_n, ret, size);
		}
		s += n;
	}
	return false;
}

/* RFC 9110 §14.1.2; of several parts none: all of it is a right answer, too. */
bool tus_range(const char *range, int64_t size, int64_t *ret_from, int64_t *ret_to, bool *ret_ok)
{
	const char *s = range + 6, *dash;
	int64_t from, to;
	char text[24] = "";

	*ret_ok = true;
	*ret_from = 0;
	*ret_to = size;
	if (strncmp(range, "bytes=", 6) != 0 || strchr(s, ',') != NULL ||
	    (dash = strchr(s, '-')) == NULL || dash - s >= (int)sizeof(text))
		return false;
	memcpy(text, s, (size_t)(dash - s));
	from = number(text);
	to = number(dash + 1);
	if ((dash != s && from < 0) || (dash[1] != 0 && to < 0) || (from < 0 && to < 0))
		return false;
	if (from < 0) {
		*ret_ok = to > 0;
		*ret_from = to < size ? size - to : 0;
		return true;
	}
	if (to >= 0 && to < from)
		return false;
	*ret_ok = from < size;
	*ret_from = from;
	*ret_to = to < 0 || to >= size ? size : to + 1;
	return true;
}

int tus_status(fault f)
{
	if (f == &fault_conflict)
		return 409;
	if (f == &file_too_big || f == &file_overflow || f == &fault_size)
		return 413;
	if (f == &file_type)
		return 415;
	if (f == &file_locked)
		return 423;
	if (f == &file_no_space)
		return 507;
	if (f == &file_gone)
		return 410;
	return http_status_of(f);
}
