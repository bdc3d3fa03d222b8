/* services/core: JSON from outside, read strictly, and JSON text put together. */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "services/core/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * One object or array of at most 8 levels, no duplicate members, no fractions or exponents,
 * integers of 64 bits, no NUL in text. NULL otherwise. The caller owns the reference.
 */
json_t *json_read_strict(const char *bytes, size_t size);

/* The same, of any depth the parser allows and with real numbers: for files an organiser imports.
 */
json_t *json_read_file(const char *bytes, size_t size, const char **ret_why, int *ret_line);

/* Text that grows, in malloc'd memory; the owner frees it with buffer_finish or takes bytes. Always
 * NUL-terminated. */
struct buffer {
	char *bytes;
	size_t size, room;
};

void buffer_add(struct buffer *b, const char *bytes, size_t size);
void buffer_text(struct buffer *b, const char *text);
void buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* As a JSON string with its quotes. text is valid UTF-8. */
void buffer_json(struct buffer *b, const char *text);
void buffer_finish(struct buffer *b);

#endif
