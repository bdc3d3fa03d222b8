/* services/db: the reader of the channel log: finds what has committed, in order, and hands it to
 * whoever carries the channel (architecture §4). */
#ifndef DB_FEED_H
#define DB_FEED_H

#include "services/core/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* All are called from the loop. Strings are valid during the call. */
struct feed_ops {
	/* Connected. changed: the database's history is another one than before; every cursor is
	 * void. */
	void (*up)(const char *epoch, bool changed);
	void (*down)(void);
	/*
	 * A channel's head is at least this. Returns the position after which its bodies are
	 * wanted, or -1. Called for channels nobody here listens to as well.
	 */
	int64_t (*moved)(int64_t id, const char *conference, const char *name, int64_t head);
	/* Bodies, per channel in order of position, possibly some that are known already. */
	void (*event)(int64_t id, int64_t position, const char *type, const char *data,
		      size_t size);
	/* A value beside a channel's log, of any channel. */
	void (*tally)(int64_t id, const char *conference, const char *name, const char *key,
		      int64_t value);
	/* Fills two array literals with the conferences and names of carried channels; returns how
	 * many. */
	int (*carried)(struct buffer *conferences, struct buffer *names);
};

/* dsn is copied; ops is static. */
void feed_start(uv_loop_t *loop, const char *dsn, const struct feed_ops *ops);
void feed_stop(void);

/* Something of ours was committed: look now, and tell the other readers, at most once in HINT_MS.
 */
void feed_committed(void);

bool feed_is_up(void);

struct feed_figures {
	uint64_t cycles, hints_sent, hints_heard, events;
	uint64_t fence_still_ms; /* how long the fence has stood still with rows above it; an alarm
				    beyond 5,000 */
};
const struct feed_figures *feed_figures(void);

#endif
