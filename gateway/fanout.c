/* gateway: the sweep: each new event to each subscriber, in slices that let acknowledgements and
 * check-ins through (architecture §3). */
#include "gateway/channel.h"
#include "gateway/metrics.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE = 400, BATCH_BYTES = 48 << 10 };

static struct {
	struct channel *dirty_first, **dirty_last;
	uv_idle_t *idle;
} fanout;

/* One frame for all events from…head that fit; nearly always the same for every subscriber, so it
 * is kept. */
static struct payload *batch_from(struct channel *ch, int64_t from, int64_t *ret_to)
{
	struct buffer b = {0};
	int64_t at;

	if (from == ch->head) {
		*ret_to = from;
		return ch->ring[from % RING_EVENTS];
	}
	if (ch->batch != NULL && ch->batch_from == from && ch->batch_to == ch->head) {
		*ret_to = ch->batch_to;
		return ch->batch;
	}
	buffer_add(&b, "[", 1);
	for (at = from; at <= ch->head; at++) {
		struct payload *p = ch->ring[at % RING_EVENTS];

		if (at > from && b.size + p->size > BATCH_BYTES)
			break;
		if (at > from)
			buffer_add(&b, ",", 1);
		buffer_add(&b, (const char *)payload_text(p), p->size);
	}
	buffer_add(&b, "]", 1);
	payload_unref(ch->batch);
	ch->batch = payload_of(b.bytes, b.size);
	ch->batch_from = from;
	ch->batch_to = *ret_to = at - 1;
	buffer_finish(&b);
	return ch->batch;
}

bool fanout_serve(struct sub *sub)
{
	struct channel *ch = sub->channel;

	if (sub->joining)
		return true;
	while (sub->next <= ch->head) {
		struct payload *p;
		int64_t to;

		if (sub->next < ch->first) {
			if (conn_is_blocked(sub->conn))
				return conn_send_now(sub->conn, ch->ring[ch->head % RING_EVENTS]);
			channel_resync(sub);
			return true;
		}
		p = batch_from(ch, sub->next, &to);
		if (!conn_send_now(sub->conn, p)) {
			metric_add(METRIC_SWEEPS_BLOCKED, 1);
			return false;
		}
		sub->next = to + 1;
	}
	return true;
}

static void on_idle(uv_idle_t *idle)
{
	int left = SLICE;

	while (left > 0 && fanout.dirty_first != NULL) {
		struct channel *ch = fanout.dirty_first;

		while (left > 0 && ch->sweep_at < ch->subs_n) {
			struct sub *sub = ch->subs[ch->sweep_at];
			uint32_t before = ch->subs_n;

			if (!sub->joining && sub->next <= ch->head)
				left--;
			fanout_serve(sub);
			/* A resync takes the subscriber out and puts another in its place. */
			if (ch->subs_n == before)
				ch->sweep_at++;
		}
		if (ch->sweep_at < ch->subs_n)
			break;
		fanout.dirty_first = ch->next_dirty;
		if (fanout.dirty_first == NULL)
			fanout.dirty_last = &fanout.dirty_first;
		ch->dirty = false;
		ch->next_dirty = NULL;
	}
	if (fanout.dirty_first == NULL)
		uv_idle_stop(idle);
}

void fanout_mark(struct channel *ch)
{
	/* A new event while a sweep is under way: who was served already gets it in the next round.
	 */
	ch->sweep_at = 0;
	if (ch->dirty)
		return;
	ch->dirty = true;
	ch->next_dirty = NULL;
	*fanout.dirty_last = ch;
	fanout.dirty_last = &ch->next_dirty;
	uv_idle_start(fanout.idle, on_idle);
}

void fanout_start(uv_loop_t *loop)
{
	fanout.dirty_last = &fanout.dirty_first;
	fanout.idle = xcalloc(1, sizeof(*fanout.idle));
	uv_idle_init(loop, fanout.idle);
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

void fanout_stop(void)
{
	uv_idle_stop(fanout.idle);
	uv_close((uv_handle_t *)fanout.idle, closed);
	fanout.dirty_first = NULL;
}
