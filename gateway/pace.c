/* gateway: the pace of ticks to everyone. Stages and moderators have theirs whatever happens. */
#include "gateway/pace.h"

/* A round that takes a tenth of a second takes a tenth of every second. What is left of that at
 * half the pace must be well below it before the old one returns, or the two would alternate. */
enum { EVERY = 4, STRETCHED = 8, ROUND_MS = 100, LATE_MS = 100, PENDING = 32 };

static bool more_than(const struct pace_load *load, unsigned share)
{
	return load->round_ms * share > ROUND_MS || load->late_ms * share > LATE_MS ||
	       load->pending * (int)share > PENDING;
}

bool pace_tick(struct pace *p, const struct pace_load *load)
{
	/* At once when it is too much, back after a whole calm while. */
	p->calm = more_than(load, 2) ? 0 : p->calm + 1;
	if (more_than(load, 1))
		p->stretched = true;
	else if (p->calm >= STRETCHED)
		p->stretched = false;
	p->waited++;
	return p->waited >= (p->stretched ? STRETCHED : EVERY);
}

void pace_told(struct pace *p)
{
	p->waited = 0;
}
