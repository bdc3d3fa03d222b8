/* services/core: strict JSON in, JSON text out. */
#include "services/core/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8 };

/* Depth is bounded before jansson recurses; brackets inside strings do not count. */
static bool depth_ok(const char *s, size_t n)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > DEPTH_MAX)
				return false;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return true;
}

static bool has_real(const json_t *value)
{
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_real(value))
		return true;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, name,
				    member) if (has_real(member)) return true;
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, member) if (has_real(member)) return true;
	}
	return false;
}

json_t *json_read_strict(const char *bytes, size_t size)
{
	json_t *value;

	if (!depth_ok(bytes, size))
		return NULL;
	value = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
	if (value != NULL && has_real(value)) {
		json_decref(value);
		return NULL;
	}
	return value;
}

json_t *json_read_file(const char *bytes, size_t size, const char **ret_why, int *ret_line)
{
	static char why[JSON_ERROR_TEXT_LENGTH];
	json_error_t error;
	json_t *value = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);

	if (value == NULL) {
		snprintf(why, sizeof(why), "%s", error.text);
		*ret_why = why;
		*ret_line = error.line;
	}
	return value;
}

static void grow(struct buffer *b, size_t more)
{
	if (b->room - b->size > more)
		return;
	b->room = (b->room * 2 > b->size + more + 1) ? b->room * 2 : b->size + more + 64;
	b->bytes = xrealloc(b->bytes, b->room);
}

void buffer_add(struct buffer *b, const char *bytes, size_t size)
{
	grow(b, size);
	memcpy(b->bytes + b->size, bytes, size);
	b->size += size;
	b->bytes[b->size] = 0;
}

void buffer_text(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	grow(b, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(b->bytes + b->size, (size_t)n + 1, format, args);
	va_end(args);
	b->size += (size_t)n;
}

void buffer_json(struct buffer *b, const char *text)
{
	buffer_add(b, "\"", 1);
	for (const unsigned char *s = (const unsigned char *)text; *s != 0; s++) {
		if (*s == '"' || *s == '\\')
			buffer_printf(b, "\\%c", *s);
		else if (*s < 0x20)
			buffer_printf(b, "\\u%04x", *s);
		else
			buffer_add(b, (const char *)s, 1);
	}
	buffer_add(b, "\"", 1);
}

void buffer_finish(struct buffer *b)
{
	free(b->bytes);
	*b = (struct buffer){0};
}
