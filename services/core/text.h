/* services/core: what people write, made safe to keep: valid UTF-8, NFC, no control or
 * direction-changing characters. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "services/core/arena.h"
#include "services/core/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_LINES = 1 }; /* keep newlines and tabs; CRLF becomes LF */

/*
 * The clean text in the arena, NUL-terminated, trimmed of white space at both ends. bad_request
 * when it is not UTF-8 or holds NUL; size when it is longer than max_code_points after cleaning.
 * Runs of zero-width characters are dropped except the joiners that emoji and some scripts need.
 */
fault text_clean(struct arena *arena, const char *in, size_t n, unsigned flags,
		 int64_t max_code_points, const char **ret);

bool text_is_utf8(const char *s, size_t n);

/* http or https, printable ASCII or UTF-8 without blanks and quotes, at most 2,000 bytes. */
bool url_ok(const char *url);

/* As much of from as fits, always NUL-terminated. */
void text_copy(char *to, size_t size, const char *from);

/* An address that a mail's envelope and header may have: nothing in it ends either. */
bool text_address_ok(const char *address);

/* The 36 characters of a UUID, digits of either case, and nothing else. */
bool text_uuid_ok(const char *s);

#endif
