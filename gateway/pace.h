/* gateway: how often everyone hears of values: every second; every two while the worker has more to
 * do than it gets done. */
#ifndef GATEWAY_PACE_H
#define GATEWAY_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PACE_TICK_MS = 250 };

struct pace {
	int waited; /* ticks since everyone was told */
	int calm;   /* ticks in a row with little to do */
	bool stretched;
};

/* What a tick finds. */
struct pace_load {
	uint64_t round_ms; /* from the beginning to the end of the last round to everyone */
	uint64_t late_ms;  /* the tick, behind its time */
	int pending;	   /* statements that wait for the database */
};

/* One tick later. True: everyone is to be told, at this tick or the first that can. */
bool pace_tick(struct pace *p, const struct pace_load *load);
void pace_told(struct pace *p);

#endif
