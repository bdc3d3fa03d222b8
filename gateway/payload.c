/* gateway: shared bytes. */
#include "gateway/payload.h"
#include "services/core/arena.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

/* LWS_PRE before "data: " for the HTTP case, where lws may want room too. */
enum { HEAD = LWS_PRE + 6 };

struct payload *payload_create(size_t size)
{
	struct payload *p = xrealloc(NULL, sizeof(*p) + HEAD + size + 3);

	p->refs = 1;
	p->size = (uint32_t)size;
	memcpy(p->bytes + HEAD + size, "\n\n", 3);
	return p;
}

struct payload *payload_of(const char *text, size_t size)
{
	struct payload *p = payload_create(size);

	memcpy(payload_text(p), text, size);
	return p;
}

struct payload *payload_ref(struct payload *p)
{
	p->refs++;
	return p;
}

void payload_unref(struct payload *p)
{
	if (p != NULL && --p->refs == 0)
		free(p);
}

unsigned char *payload_text(struct payload *p)
{
	return p->bytes + HEAD;
}

unsigned char *payload_stream(struct payload *p)
{
	/* A WebSocket header written before the text has overwritten this. */
	memcpy(p->bytes + LWS_PRE, "data: ", 6);
	return p->bytes + LWS_PRE;
}
