/* gateway: one connection: a WebSocket, an HTTP exchange or an event stream. Others hold its id,
 * never a pointer across an async gap. */
#ifndef GATEWAY_CONN_H
#define GATEWAY_CONN_H

#include "gateway/payload.h"
#include "services/core/request.h"

#include <stdbool.h>
#include <stdint.h>

struct lws;
struct http;
struct sub;

enum conn_kind {
	CONN_NEW,    /* accepted, nothing understood yet */
	CONN_HTTP,   /* one exchange after another */
	CONN_SOCKET, /* WebSocket */
	CONN_STREAM  /* server-sent events */
};

enum conn_state {
	CONN_OPENING, /* no session yet: only session.open is heard */
	CONN_OPEN,    /* has a caller */
	CONN_CLOSING  /* close code set; nothing more goes out */
};

/* A reply that could not leave at once. */
struct out {
	struct out *next; /* conn.out_first */
	struct payload *payload;
};

struct conn {
	uint64_t id;
	struct lws *wsi;
	uint32_t slot;
	uint8_t kind, state;
	bool writable_asked, session_busy;
	uint8_t calls;	    /* under way */
	uint16_t fragments; /* of the message being read */
	uint16_t close_code;
	uint16_t subs_n;
	int16_t wheel;	       /* heartbeat slot, -1: none */
	struct caller *caller; /* NULL until open */
	char *rx;	       /* a message in pieces */
	uint32_t rx_size;
	int64_t rx_began_ms; /* real: when the message being read began to come */
	uint32_t last_sent_s, last_heard_s, pinged_s,
	    blocked_s;	 /* monotonic seconds; 0: not waiting */
	uint32_t ping_s; /* the interval */
	int64_t expires; /* Unix seconds */
	struct out *out_first, **out_last;
	uint32_t out_n;
	struct sub **subs;
	struct http *http;
	const char *close_reason; /* static */
	char address[46];
};

struct conn *conn_create(struct lws *wsi, const char *address);
void conn_destroy(struct conn *c);
struct conn *conn_find(uint64_t id); /* NULL when gone */
int conn_count(enum conn_kind kind);
void conn_each(void (*each)(struct conn *c, void *data), void *data);
void conn_set_kind(struct conn *c, enum conn_kind kind);

/*
 * Sends now if nothing is buffered in the socket, else returns false and asks for a writable
 * callback, in which the channel cursors are served again. Direct writes instead of lws's
 * documented way cost a third per frame: realtime.md §1.2; this is the one function that does it.
 */
bool conn_send_now(struct conn *c, struct payload *p);

/* A reply: now, or as soon as the socket drains, in order. Closes the connection (4510) when too
 * many wait. Takes no reference. */
void conn_reply(struct conn *c, struct payload *p);

/* From lws's writable callback. false: close now (the close reason has been set). */
bool conn_writable(struct conn *c);

/* Ends a WebSocket politely with a code, a stream or exchange simply. Asynchronous: c stays valid.
 */
void conn_close(struct conn *c, uint16_t code, const char *reason);

bool conn_is_blocked(const struct conn *c);

#endif
