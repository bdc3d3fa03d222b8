/* gateway: channels this worker carries: a ring of ready-made payloads each, and cursors into it
 * instead of queues (architecture §3, §4). */
#ifndef GATEWAY_CHANNEL_H
#define GATEWAY_CHANNEL_H

#include "gateway/conn.h"
#include "gateway/payload.h"
#include "services/core/json.h"
#include "services/core/service.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { RING_EVENTS = 512, RING_BYTES = 2 << 20, CHANNEL_NAME_SIZE = 48, SUBS_A_CONN = 64 };

struct channel;

/* One socket's place in one channel. Owned by the connection. */
struct sub {
	struct conn *conn;
	struct channel *channel;
	int64_t next;	  /* the position it gets next */
	uint32_t index;	  /* in channel.subs */
	bool joining;	  /* its first answer is not out yet: nothing else may be */
	bool fast;	  /* hears ticks at the moderators' pace */
	bool missed_tick; /* was full at a tick: gets the whole tally when it drains */
};

struct tally {
	char key[UUID_SIZE];
	int64_t value;
	bool fast_changed, slow_changed;
};

/* Called once the channel is loaded; ok is false when the database could not say. */
typedef void channel_ready_fn(struct channel *ch, bool ok, void *data);

struct waiter {
	struct waiter *next; /* channel.waiters */
	channel_ready_fn *ready;
	void *data;
};

struct channel {
	struct channel *by_name, *by_id; /* hash chains */
	struct channel *next_dirty;
	char conference[UUID_SIZE];
	char name[CHANNEL_NAME_SIZE];
	char subject[UUID_SIZE];	 /* the id or audience in its name, or "" */
	const struct channel_kind *kind; /* NULL: the internal channel `worker` */
	int64_t id;			 /* in the database; 0: no row yet */
	bool loaded, loading, dirty, tick_listed;
	bool cut;	     /* while it was being read, its log lost what may be in what is read */
	int64_t moved_head;  /* the highest head the log's reader told */
	int64_t first, head; /* the ring holds first…head; empty when first > head */
	struct payload **ring; /* RING_EVENTS of them, by position */
	size_t ring_bytes;
	struct sub **subs;
	uint32_t subs_n, subs_room, sweep_at;
	struct waiter *waiters;
	uint32_t holds; /* joins and dependants that still need it */
	uint64_t idle_since_ms;
	struct payload *batch; /* the last coalesced frame and what it covers */
	int64_t batch_from, batch_to;
	struct tally *tallies;
	uint32_t tallies_n, tallies_room;
	struct channel *tally_source;	/* whose ticks its subscribers hear too */
	struct channel *tally_listener; /* the other way round */
	struct channel *next_tick;
	struct snapshot *snapshot; /* subscribe.c */
};

void channels_start(uv_loop_t *loop, const char *dsn);
void channels_stop(void);
const char *channels_epoch(void); /* "" until the log has been reached */

/* The kind a name belongs to, and the id or audience in it; NULL when there is none. */
const struct channel_kind *channel_kind_of(const char *name, char ret_subject[UUID_SIZE]);
/* Asked when somebody subscribes, and again when their roles or mode have changed. */
bool channel_may_hear(const struct caller *who, const struct channel_kind *kind,
		      const char *subject);

/* Of SCOPE_ASKED: end is called from the loop, its request's fault OK when the caller may hear it;
 * end destroys the request. The channel is copied from, not kept. */
void channel_ask(const struct caller *who, const struct channel *ch, request_end_fn *end,
		 void *data);

struct channel *channel_find(const char *conference, const char *name);
/* Found or begun; loading starts at once. */
struct channel *channel_carry(const char *conference, const char *name,
			      const struct channel_kind *kind);
/* Calls ready when loaded, perhaps at once. */
void channel_when_ready(struct channel *ch, channel_ready_fn *ready, void *data);
int channel_carried(void);

/* A subscription that hears nothing until channel_join. NULL when the connection has its fill of
 * them. */
struct sub *channel_sub(struct conn *c, struct channel *ch);
struct sub *channel_sub_of(const struct conn *c, const struct channel *ch);
void channel_join(struct sub *sub, int64_t next);
void channel_leave(struct sub *sub);
void channel_leave_all(struct conn *c);
int channel_subs(void);

/* Serves every cursor of a connection that has drained. */
void channel_catch_up(struct conn *c);

/* The events after `after` as JSON text, comma-separated; false when the ring does not reach back
 * so far. */
bool channel_replay(const struct channel *ch, int64_t after, struct buffer *out);
/* [["key",value],…] */
void channel_tally_json(const struct channel *ch, struct buffer *out);

/* Tells a subscriber to start over and forgets it. */
void channel_resync(struct sub *sub);

/* For fanout.c and tick.c. */
void fanout_start(uv_loop_t *loop);
void fanout_stop(void);
void fanout_mark(struct channel *ch);
bool fanout_serve(struct sub *sub); /* false: blocked */
void tick_start(uv_loop_t *loop);
void tick_stop(void);
void tick_mark(struct channel *ch);
void tick_missed(struct sub *sub);

#endif
