/* gateway: subscriptions: one socket's place in one channel. */
#include "gateway/channel.h"
#include "gateway/metrics.h"
#include "services/core/arena.h"
#include "services/core/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int subs;

static bool in_audience(const struct caller *who, const char *word)
{
	for (int i = 0; services[i] != NULL; i++)
		for (const struct audience *a = services[i]->audiences;
		     a != NULL && a->word != NULL; a++)
			if (strcmp(a->word, word) == 0)
				return (who->roles & a->roles) != 0 ||
				       (a->mode != NULL && strcmp(who->mode, a->mode) == 0);
	return false;
}

bool channel_may_hear(const struct caller *who, const struct channel_kind *kind,
		      const char *subject)
{
	if (!(who->roles & kind->roles))
		return false;
	switch (kind->scope) {
	case SCOPE_NONE:
	case SCOPE_ID:
	case SCOPE_ASKED:
		return true;
	case SCOPE_PERSON:
		return strcmp(who->person, subject) == 0;
	case SCOPE_STATION:
		return who->station[0] == 0 || strcmp(who->station, subject) == 0;
	case SCOPE_LIST:
		return who->station[0] == 0 || strcmp(who->list, subject) == 0;
	case SCOPE_AUDIENCE:
		return in_audience(who, subject);
	}
	return false;
}

int channel_subs(void)
{
	return subs;
}

struct sub *channel_sub_of(const struct conn *c, const struct channel *ch)
{
	for (int i = 0; i < c->subs_n; i++)
		if (c->subs[i]->channel == ch)
			return c->subs[i];
	return NULL;
}

struct sub *channel_sub(struct conn *c, struct channel *ch)
{
	struct sub *sub = channel_sub_of(c, ch);

	if (sub != NULL) {
		sub->joining = true;
		sub->missed_tick = false;
		return sub;
	}
	if (c->subs_n >= SUBS_A_CONN)
		return NULL;
	sub = xcalloc(1, sizeof(*sub));
	sub->conn = c;
	sub->channel = ch;
	sub->joining = true;
	sub->fast =
	    (c->caller->roles & (ROLE_MODERATOR | ROLE_ORGANISER | ROLE_STATION | ROLE_CHAIR)) != 0;
	c->subs = xrealloc(c->subs, (size_t)(c->subs_n + 1) * sizeof(*c->subs));
	c->subs[c->subs_n++] = sub;
	if (ch->subs_n == ch->subs_room) {
		ch->subs_room = ch->subs_room == 0 ? 4 : ch->subs_room * 2;
		ch->subs = xrealloc(ch->subs, ch->subs_room * sizeof(*ch->subs));
	}
	sub->index = ch->subs_n;
	ch->subs[ch->subs_n++] = sub;
	subs++;
	return sub;
}

void channel_join(struct sub *sub, int64_t next)
{
	sub->next = next;
	sub->joining = false;
	if (sub->missed_tick)
		tick_missed(sub);
	if (next <= sub->channel->head)
		fanout_mark(sub->channel);
}

void channel_leave(struct sub *sub)
{
	struct channel *ch = sub->channel;
	struct conn *c = sub->conn;

	ch->subs[sub->index] = ch->subs[--ch->subs_n];
	ch->subs[sub->index]->index = sub->index;
	/* The one that moved down may not have been served yet. */
	if (ch->dirty && sub->index < ch->sweep_at)
		ch->sweep_at = sub->index;
	ch->idle_since_ms = clock_ms();
	for (int i = 0; i < c->subs_n; i++) {
		if (c->subs[i] == sub) {
			c->subs[i] = c->subs[--c->subs_n];
			break;
		}
	}
	subs--;
	free(sub);
}

void channel_leave_all(struct conn *c)
{
	while (c->subs_n > 0)
		channel_leave(c->subs[c->subs_n - 1]);
}

void channel_resync(struct sub *sub)
{
	struct buffer b = {0};
	struct payload *p;
	struct conn *c = sub->conn;

	buffer_printf(
	    &b, "{\"jsonrpc\":\"2.0\",\"method\":\"resync\",\"params\":{\"channels\":[\"%s\"]}}",
	    sub->channel->name);
	p = payload_of(b.bytes, b.size);
	buffer_finish(&b);
	metric_add(METRIC_RESYNCS, 1);
	channel_leave(sub);
	conn_reply(c, p);
	payload_unref(p);
}

void channel_catch_up(struct conn *c)
{
	for (int i = c->subs_n - 1; i >= 0 && i < c->subs_n; i--) {
		struct sub *sub = c->subs[i];

		if (!fanout_serve(sub))
			return;
		if (i < c->subs_n && c->subs[i] == sub && sub->missed_tick)
			tick_missed(sub);
	}
}
