/* gateway: the heartbeat wheel: a slot a second; each socket sits in the slot of its next look. */
#include "gateway/heartbeat.h"
#include "gateway/channel.h"
#include "gateway/rpc.h"
#include "services/core/clock.h"

#include <stdlib.h>

enum { SLOTS = 64, OPEN_S = 5, PONG_S = 10, BLOCKED_S = 30 };

static struct {
	uv_timer_t *timer;
	uint64_t *slots[SLOTS]; /* connection ids: one that is gone is skipped */
	uint32_t n[SLOTS], room[SLOTS];
	uint32_t at; /* the second last looked at */
} wheel;

static uint32_t now_s(void)
{
	return (uint32_t)(clock_ms() / 1000);
}

static void put(struct conn *c, uint32_t in_s)
{
	uint32_t slot = (now_s() + (in_s < 1 ? 1 : in_s > SLOTS - 2 ? SLOTS - 2 : in_s)) % SLOTS;

	if (wheel.n[slot] == wheel.room[slot]) {
		wheel.room[slot] = wheel.room[slot] == 0 ? 64 : wheel.room[slot] * 2;
		wheel.slots[slot] =
		    xrealloc(wheel.slots[slot], wheel.room[slot] * sizeof(uint64_t));
	}
	wheel.slots[slot][wheel.n[slot]++] = c->id;
	c->wheel = (int16_t)slot;
}

void heartbeat_watch_opening(struct conn *c)
{
	c->last_heard_s = now_s();
	put(c, OPEN_S + 1);
}

/* ± 20 %, so that a hall that connects together does not answer together. */
static uint32_t interval(const struct conn *c)
{
	return c->ping_s * (80 + (uint32_t)(rand() % 41)) / 100;
}

void heartbeat_add(struct conn *c)
{
	c->last_sent_s = c->last_heard_s = now_s();
	put(c, interval(c));
}

void heartbeat_remove(struct conn *c)
{
	c->wheel = -1;
}

void heartbeat_heard(struct conn *c)
{
	c->last_heard_s = now_s();
}

static void ping(struct conn *c)
{
	struct buffer b = {0};
	int n = 0;

	buffer_text(&b, "{\"heads\":{");
	for (int i = 0; i < c->subs_n; i++)
		if (!c->subs[i]->joining)
			buffer_printf(&b, "%s\"%s\":%lld", n++ > 0 ? "," : "",
				      c->subs[i]->channel->name,
				      (long long)c->subs[i]->channel->head);
	buffer_text(&b, "}}");
	rpc_notify(c, "ping", b.bytes);
	buffer_finish(&b);
}

static void look_open(struct conn *c, uint32_t now)
{
	if (c->expires > 0 && c->expires <= clock_unix()) {
		conn_close(c, 4450, "session expired");
	} else if (c->blocked_s != 0 && now - c->blocked_s > BLOCKED_S) {
		conn_close(c, 4510, "slow reader");
	} else if (c->pinged_s != 0 && c->last_heard_s < c->pinged_s) {
		conn_close(c, 4511, "no pong");
	} else if (c->pinged_s == 0 && c->blocked_s == 0 &&
		   (now - c->last_sent_s >= c->ping_s / 2 || now - c->last_heard_s >= c->ping_s)) {
		ping(c);
		/* A stream has no way to answer; the write itself finds out whether it is there. */
		c->pinged_s = c->kind == CONN_SOCKET ? now : 0;
		put(c, c->kind == CONN_SOCKET ? PONG_S : interval(c));
	} else {
		uint32_t rest = interval(c);

		put(c, c->pinged_s != 0 && rest > PONG_S ? rest - PONG_S : rest);
		c->pinged_s = 0;
	}
}

static void look(struct conn *c, uint32_t now)
{
	if (c->state == CONN_CLOSING)
		return;
	if (c->state == CONN_OPENING) {
		if (c->session_busy)
			put(c, 1);
		else
			conn_close(c, 4408, "no session.open");
		return;
	}
	look_open(c, now);
}

static void on_second(uv_timer_t *timer)
{
	uint32_t now = now_s();

	(void)timer;
	while (wheel.at != now) {
		uint32_t slot = ++wheel.at % SLOTS, n = wheel.n[slot];
		uint64_t *ids = wheel.slots[slot];

		wheel.slots[slot] = NULL;
		wheel.n[slot] = wheel.room[slot] = 0;
		for (uint32_t i = 0; i < n; i++) {
			struct conn *c = conn_find(ids[i]);

			if (c != NULL && c->wheel == (int16_t)slot)
				look(c, now);
		}
		free(ids);
	}
}

void heartbeat_start(uv_loop_t *loop)
{
	wheel.at = now_s();
	wheel.timer = xcalloc(1, sizeof(*wheel.timer));
	uv_timer_init(loop, wheel.timer);
	uv_timer_start(wheel.timer, on_second, 500, 500);
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

void heartbeat_stop(void)
{
	for (int i = 0; i < SLOTS; i++)
		free(wheel.slots[i]);
	uv_timer_stop(wheel.timer);
	uv_close((uv_handle_t *)wheel.timer, closed);
}
