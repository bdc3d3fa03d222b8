/* services/mail: a message from outside (RFC 5322, RFC 2045), looked into. Inside services/mail
 * only. */
#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include "services/core/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the message, or of what was decoded from it: not NUL-terminated, and any byte may be in
 * them. */
struct span {
	const char *s;
	size_t n;
};

/* Takes the next line off rest, without its end. false: there is none. */
bool mime_line(struct span *rest, struct span *ret_line);

/* What stands before the first empty line and what after it. */
void mime_split(struct span all, struct span *ret_head, struct span *ret_body);

/* A header's text: unfolded, control characters as blanks, at most 4,000 bytes; NULL: it is not
 * there. */
const char *mime_header(struct arena *arena, struct span head, const char *name);

/* Is a Content-Type (or a field like it) of this type? Its parameter, NULL: it has none. */
bool mime_is(const char *value, const char *type);
const char *mime_param(struct arena *arena, const char *value, const char *name);

/* Takes the next part of a multipart body off rest. false: there is none. */
bool mime_part(struct span *rest, const char *boundary, struct span *ret_part);

/* The body as its Content-Transfer-Encoding says; what is not of the encoding is passed over. */
struct span mime_decoded(struct arena *arena, struct span head, struct span body);

#endif
