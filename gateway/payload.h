/* gateway: bytes on their way out, written once and shared by all who get them. */
#ifndef GATEWAY_PAYLOAD_H
#define GATEWAY_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reference-counted. Before the text there is room for a WebSocket header and for an event stream's
 * "data: ", and "\n\n" stands behind it, so that the same bytes leave over both without a copy.
 */
struct payload {
	uint32_t refs;
	uint32_t size; /* of the text */
	unsigned char bytes[];
};

struct payload *
payload_create(size_t size); /* one reference, the caller's; the text is to be filled in */
struct payload *payload_of(const char *text, size_t size);
struct payload *payload_ref(struct payload *p);
void payload_unref(struct payload *p); /* accepts NULL */

unsigned char *payload_text(struct payload *p);
/* "data: …\n\n"; size + 8 bytes. Valid until the next WebSocket write of the same payload. */
unsigned char *payload_stream(struct payload *p);
enum { PAYLOAD_STREAM_EXTRA = 8 };

#endif
