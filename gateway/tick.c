/* gateway: ticks: absolute values, conflated: every 250 ms for moderators and stages, every second
 * (pace.c) for everyone else. */
#include "gateway/channel.h"
#include "gateway/metrics.h"
#include "gateway/pace.h"
#include "services/core/clock.h"
#include "services/db/db_loop.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE = 400 };

/* One payload on its way to one channel's subscribers. */
struct round {
	struct round *next;	 /* queue */
	struct channel *channel; /* held */
	struct payload *payload;
	bool fast;
	uint32_t at;
};

struct queue {
	struct round *first, **last;
};

static struct {
	uv_timer_t *timer;
	uv_idle_t *idle;
	struct channel *listed;	 /* channels with something changed */
	struct queue fast, slow; /* a long round to everyone holds up no stage */
	struct pace pace;
	struct pace_load load;
	uint64_t ticked_ms, slow_since_ms;
} tick;

void tick_mark(struct channel *ch)
{
	if (ch->tick_listed)
		return;
	ch->tick_listed = true;
	ch->next_tick = tick.listed;
	tick.listed = ch;
}

static struct payload *tick_payload(const struct channel *ch, bool all, bool fast)
{
	struct buffer b = {0};
	struct payload *p;
	int n = 0;

	buffer_printf(
	    &b,
	    "{\"jsonrpc\":\"2.0\",\"method\":\"tick\",\"params\":{\"channel\":\"%s\",\"tally\":[",
	    ch->name);
	for (uint32_t i = 0; i < ch->tallies_n; i++) {
		const struct tally *t = &ch->tallies[i];

		if (all || (fast ? t->fast_changed : t->slow_changed))
			buffer_printf(&b, "%s[\"%s\",%lld]", n++ > 0 ? "," : "", t->key,
				      (long long)t->value);
	}
	buffer_text(&b, "]}}");
	p = n > 0 ? payload_of(b.bytes, b.size) : NULL;
	buffer_finish(&b);
	return p;
}

static void begin_round(struct channel *ch, struct payload *p, bool fast)
{
	struct queue *queue = fast ? &tick.fast : &tick.slow;
	struct round *round;

	if (ch->subs_n == 0 || p == NULL)
		return;
	round = xcalloc(1, sizeof(*round));
	round->channel = ch;
	round->payload = payload_ref(p);
	round->fast = fast;
	ch->holds++;
	*queue->last = round;
	queue->last = &round->next;
}

static void send_tick(struct sub *sub, struct payload *p)
{
	if (!conn_send_now(sub->conn, p))
		sub->missed_tick = true;
}

void tick_missed(struct sub *sub)
{
	struct channel *ch =
	    sub->channel->tally_source != NULL ? sub->channel->tally_source : sub->channel;
	struct payload *p = tick_payload(ch, true, true);

	if (p != NULL && conn_send_now(sub->conn, p))
		sub->missed_tick = false;
	payload_unref(p);
}

/* Does this round's payload go to this subscriber? Those of a listening channel (the moderators')
 * all go at the fast pace. */
static bool meant_for(const struct round *round, const struct sub *sub)
{
	return !sub->joining && (sub->channel->tally_source != NULL || sub->fast == round->fast);
}

static void end_round(struct queue *queue)
{
	struct round *round = queue->first;

	queue->first = round->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	round->channel->holds--;
	payload_unref(round->payload);
	free(round);
}

static void on_idle(uv_idle_t *idle)
{
	int left = SLICE;

	while ((tick.fast.first != NULL || tick.slow.first != NULL) && left > 0) {
		struct queue *queue = tick.fast.first != NULL ? &tick.fast : &tick.slow;
		struct round *round = queue->first;
		struct channel *ch = round->channel;

		for (; round->at < ch->subs_n && left > 0; round->at++) {
			/* Its answer may have been made before this value. */
			if (ch->subs[round->at]->joining)
				ch->subs[round->at]->missed_tick = true;
			if (meant_for(round, ch->subs[round->at])) {
				send_tick(ch->subs[round->at], round->payload);
				left--;
			}
		}
		if (round->at < ch->subs_n)
			return;
		end_round(queue);
		if (queue == &tick.slow && queue->first == NULL)
			tick.load.round_ms = clock_ms() - tick.slow_since_ms;
	}
	if (tick.fast.first == NULL && tick.slow.first == NULL)
		uv_idle_stop(idle);
}

static void one_channel(struct channel *ch, bool slow_too)
{
	struct payload *fast = tick_payload(ch, false, true);
	struct payload *slow = slow_too ? tick_payload(ch, false, false) : NULL;

	begin_round(ch, fast, true);
	if (ch->tally_listener != NULL)
		begin_round(ch->tally_listener, fast, true);
	begin_round(ch, slow, false);
	for (uint32_t i = 0; i < ch->tallies_n; i++) {
		ch->tallies[i].fast_changed = false;
		if (slow_too)
			ch->tallies[i].slow_changed = false;
	}
	metric_add(METRIC_TICKS, (uint64_t)(fast != NULL) + (slow != NULL));
	payload_unref(fast);
	payload_unref(slow);
}

/* Is everyone to be told at this tick? */
static bool slow_is_due(uint64_t now)
{
	uint64_t since = now - tick.ticked_ms;
	bool due;

	tick.ticked_ms = now;
	tick.load.late_ms = since > PACE_TICK_MS ? since - PACE_TICK_MS : 0;
	tick.load.pending = db_pending();
	due = pace_tick(&tick.pace, &tick.load);
	metric_set(METRIC_TICKS_STRETCHED, tick.pace.stretched);
	return due && tick.slow.first == NULL;
}

static void on_timer(uv_timer_t *timer)
{
	struct channel *ch = tick.listed;
	uint64_t now = clock_ms();
	bool slow = slow_is_due(now);

	(void)timer;
	/* While the last round is still going out, values only gather. */
	if (tick.fast.first != NULL)
		return;
	tick.listed = NULL;
	if (slow) {
		pace_told(&tick.pace);
		tick.slow_since_ms = now;
	}
	while (ch != NULL) {
		struct channel *next = ch->next_tick;

		ch->tick_listed = false;
		one_channel(ch, slow);
		if (!slow)
			tick_mark(ch);
		ch = next;
	}
	if (tick.fast.first != NULL || tick.slow.first != NULL)
		uv_idle_start(tick.idle, on_idle);
	else if (slow)
		tick.load.round_ms = 0;
}

void tick_start(uv_loop_t *loop)
{
	tick.fast.last = &tick.fast.first;
	tick.slow.last = &tick.slow.first;
	tick.ticked_ms = clock_ms();
	tick.timer = xcalloc(1, sizeof(*tick.timer));
	uv_timer_init(loop, tick.timer);
	uv_timer_start(tick.timer, on_timer, PACE_TICK_MS, PACE_TICK_MS);
	tick.idle = xcalloc(1, sizeof(*tick.idle));
	uv_idle_init(loop, tick.idle);
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

void tick_stop(void)
{
	while (tick.fast.first != NULL)
		end_round(&tick.fast);
	while (tick.slow.first != NULL)
		end_round(&tick.slow);
	tick.listed = NULL;
	uv_timer_stop(tick.timer);
	uv_close((uv_handle_t *)tick.timer, closed);
	uv_idle_stop(tick.idle);
	uv_close((uv_handle_t *)tick.idle, closed);
}
