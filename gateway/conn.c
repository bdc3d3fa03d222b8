/* gateway: connections: their table, and everything that is written to them. */
#include "gateway/conn.h"
#include "gateway/channel.h"
#include "gateway/heartbeat.h"
#include "gateway/http.h"
#include "gateway/metrics.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/text.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 96, CLOSE_REASON_MAX = 123, GOODBYE_S = 2 };
/* lws knows it by this number, and has a name for it in its private headers only. */
static const enum lws_write_protocol WRITE_CLOSE = (enum lws_write_protocol)4;

/* Slots are used again; the upper half of an id counts how often, so that an old id finds nobody.
 */
static struct {
	struct conn **slots;
	uint32_t *free_slots;
	uint32_t size, free_n;
	uint64_t generation;
	int counts[CONN_STREAM + 1];
} table;

static void table_grow(void)
{
	uint32_t size = table.size == 0 ? 256 : table.size * 2;

	table.slots = xrealloc(table.slots, size * sizeof(*table.slots));
	table.free_slots = xrealloc(table.free_slots, size * sizeof(*table.free_slots));
	for (uint32_t i = size; i-- > table.size;) {
		table.slots[i] = NULL;
		table.free_slots[table.free_n++] = i;
	}
	table.size = size;
}

struct conn *conn_create(struct lws *wsi, const char *address)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	if (table.free_n == 0)
		table_grow();
	c->slot = table.free_slots[--table.free_n];
	c->id = ++table.generation << 24 | c->slot;
	c->wsi = wsi;
	c->wheel = -1;
	c->out_last = &c->out_first;
	text_copy(c->address, sizeof(c->address), address);
	table.slots[c->slot] = c;
	table.counts[CONN_NEW]++;
	return c;
}

void conn_destroy(struct conn *c)
{
	channel_leave_all(c);
	heartbeat_remove(c);
	http_forget(c);
	while (c->out_first != NULL) {
		struct out *next = c->out_first->next;

		payload_unref(c->out_first->payload);
		free(c->out_first);
		c->out_first = next;
	}
	table.counts[c->kind]--;
	table.slots[c->slot] = NULL;
	table.free_slots[table.free_n++] = c->slot;
	free(c->subs);
	free(c->caller);
	free(c->rx);
	free(c);
}

struct conn *conn_find(uint64_t id)
{
	uint32_t slot = (uint32_t)(id & 0xffffff);

	if (slot >= table.size || table.slots[slot] == NULL || table.slots[slot]->id != id)
		return NULL;
	return table.slots[slot];
}

int conn_count(enum conn_kind kind)
{
	return table.counts[kind];
}

void conn_each(void (*each)(struct conn *c, void *data), void *data)
{
	for (uint32_t i = 0; i < table.size; i++)
		if (table.slots[i] != NULL)
			each(table.slots[i], data);
}

void conn_set_kind(struct conn *c, enum conn_kind kind)
{
	table.counts[c->kind]--;
	c->kind = (uint8_t)kind;
	table.counts[kind]++;
}

bool conn_is_blocked(const struct conn *c)
{
	return c->out_first != NULL || lws_partial_buffered(c->wsi);
}

static void ask_writable(struct conn *c)
{
	if (!c->writable_asked && lws_callback_on_writable(c->wsi) >= 0)
		c->writable_asked = true;
}

/* The write itself: text for a socket, "data: …" for a stream. false: the connection is dead. */
static bool write_payload(struct conn *c, struct payload *p)
{
	int size = (int)p->size, n;

	if (c->kind == CONN_STREAM)
		n = lws_write(c->wsi, payload_stream(p), p->size + PAYLOAD_STREAM_EXTRA,
			      LWS_WRITE_HTTP);
	else
		n = lws_write(c->wsi, payload_text(p), p->size, LWS_WRITE_TEXT);
	c->last_sent_s = (uint32_t)(clock_ms() / 1000);
	metric_add(METRIC_FRAMES_SENT, 1);
	metric_add(METRIC_BYTES_SENT, (uint64_t)size);
	if (n < size) {
		c->state = CONN_CLOSING;
		lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		return false;
	}
	return true;
}

bool conn_send_now(struct conn *c, struct payload *p)
{
	if (c->state == CONN_CLOSING)
		return true;
	if (conn_is_blocked(c)) {
		if (c->blocked_s == 0)
			c->blocked_s = (uint32_t)(clock_ms() / 1000) + 1;
		ask_writable(c);
		return false;
	}
	write_payload(c, p);
	return true;
}

void conn_reply(struct conn *c, struct payload *p)
{
	struct out *out;

	if (conn_send_now(c, p))
		return;
	if (c->out_n >= OUT_MAX) {
		conn_close(c, 4510, "slow reader");
		return;
	}
	out = xcalloc(1, sizeof(*out));
	out->payload = payload_ref(p);
	*c->out_last = out;
	c->out_last = &out->next;
	c->out_n++;
}

static void send_waiting(struct conn *c)
{
	while (c->out_first != NULL && !lws_partial_buffered(c->wsi) && c->state != CONN_CLOSING) {
		struct out *out = c->out_first;

		c->out_first = out->next;
		if (c->out_first == NULL)
			c->out_last = &c->out_first;
		c->out_n--;
		write_payload(c, out->payload);
		payload_unref(out->payload);
		free(out);
	}
}

/*
 * Our own close frame, and GOODBYE_S for the peer to answer it. Not lws_close_reason() and -1:
 * Debian's libwebsockets is built with _DEBUG, closes twice under libuv, and the second time drops
 * the frame that the first one announced.
 */
static bool say_goodbye(struct conn *c)
{
	unsigned char frame[LWS_PRE + 2 + CLOSE_REASON_MAX];
	size_t size = strnlen(c->close_reason, CLOSE_REASON_MAX);

	frame[LWS_PRE] = (unsigned char)(c->close_code >> 8);
	frame[LWS_PRE + 1] = (unsigned char)(c->close_code & 0xff);
	memcpy(frame + LWS_PRE + 2, c->close_reason, size);
	if (lws_write(c->wsi, frame + LWS_PRE, size + 2, WRITE_CLOSE) < 0)
		return false;
	/* Said: what is left is the peer's answer. */
	c->close_code = 0;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, GOODBYE_S);
	return true;
}

bool conn_writable(struct conn *c)
{
	c->writable_asked = false;
	if (c->state == CONN_CLOSING)
		return c->kind == CONN_SOCKET && (c->close_code == 0 || say_goodbye(c));
	send_waiting(c);
	if (conn_is_blocked(c)) {
		ask_writable(c);
		return true;
	}
	c->blocked_s = 0;
	channel_catch_up(c);
	return true;
}

void conn_close(struct conn *c, uint16_t code, const char *reason)
{
	if (c->state == CONN_CLOSING)
		return;
	c->state = CONN_CLOSING;
	c->close_code = code;
	c->close_reason = reason;
	metric_add(METRIC_CLOSED_BY_US, 1);
	c->writable_asked = false;
	/* A choked socket never becomes writable: it goes without ceremony. */
	if (lws_partial_buffered(c->wsi))
		lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	else
		ask_writable(c);
}
