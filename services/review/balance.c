/* services/review: the assignment as a flow of least cost. Each place that is needed looks for the
 * cheapest way to a reviewer, moving what was given to others on the way where that is better. */
#include "services/review/balance.h"

#include <stdint.h>
#include <string.h>

/* More than all squares of loads can add up to: one abstract outside somebody's topics is worse
 * than any unequal load. */
enum { MISS = 1000 * 1000 };

static const int64_t FAR = INT64_MAX / 4;

struct list {
	int *abstracts;
	int n, room;
};

struct balance {
	struct arena *arena;
	const struct balance_input *in;
	char *taken; /* abstracts × people */
	int *load;
	struct list *has;    /* by person: what was given now */
	int round, abstract; /* the next place: the round-th of this abstract */
	int rounds;	     /* the most that any abstract needs */
	int misses;	     /* given outside topics */
	int64_t *cost;	     /* by person, while looking for a way */
	int *before,
	    *through; /* the person before, -1 at the start; the abstract that moves here */
	int *queue;
	bool *queued;
};

static int at(const struct balance *b, int abstract, int person)
{
	return abstract * b->in->people + person;
}

static bool free_to(const struct balance *b, int abstract, int person)
{
	return b->in->fits[at(b, abstract, person)] != '0' && !b->taken[at(b, abstract, person)];
}

static int miss(const struct balance *b, int abstract, int person)
{
	return b->in->fits[at(b, abstract, person)] == '1' ? MISS : 0;
}

static bool room(const struct balance *b, int person)
{
	return b->in->most[person] < 0 || b->load[person] < b->in->most[person];
}

struct balance *balance_new(struct arena *arena, const struct balance_input *in)
{
	struct balance *b = arena_alloc(arena, sizeof *b);
	size_t n = (size_t)in->abstracts, m = (size_t)in->people;

	b->arena = arena;
	b->in = in;
	b->taken = arena_alloc(arena, n * m + 1);
	b->load = arena_alloc(arena, (m + 1) * sizeof *b->load);
	b->has = arena_alloc(arena, (m + 1) * sizeof *b->has);
	b->cost = arena_alloc(arena, (m + 1) * sizeof *b->cost);
	b->before = arena_alloc(arena, (m + 1) * sizeof *b->before);
	b->through = arena_alloc(arena, (m + 1) * sizeof *b->through);
	b->queue = arena_alloc(arena, (m + 1) * sizeof *b->queue);
	b->queued = arena_alloc(arena, (m + 1) * sizeof *b->queued);
	for (size_t r = 0; r < m; r++)
		b->load[r] = in->load[r];
	for (size_t a = 0; a < n; a++)
		if (in->need[a] > b->rounds)
			b->rounds = in->need[a];
	return b;
}

static void give(struct balance *b, int abstract, int person)
{
	struct list *l = &b->has[person];

	if (l->n == l->room) {
		int room_now = l->room == 0 ? 8 : 2 * l->room;
		int *more = arena_alloc(b->arena, (size_t)room_now * sizeof *more);

		if (l->n > 0)
			memcpy(more, l->abstracts, (size_t)l->n * sizeof *more);
		l->abstracts = more;
		l->room = room_now;
	}
	b->taken[at(b, abstract, person)] = 1;
	b->misses += miss(b, abstract, person) > 0;
	l->abstracts[l->n++] = abstract;
}

static void take(struct balance *b, int abstract, int person)
{
	struct list *l = &b->has[person];

	b->taken[at(b, abstract, person)] = 0;
	b->misses -= miss(b, abstract, person) > 0;
	for (int i = 0; i < l->n; i++)
		if (l->abstracts[i] == abstract) {
			l->abstracts[i] = l->abstracts[--l->n];
			return;
		}
}

/* The usual case: somebody of the topic who has as little as anybody. Nothing can be better while
 * nothing is outside a topic. Where one looks first differs from abstract to abstract, so that not
 * the same people always judge together. */
static int plain(const struct balance *b, int abstract)
{
	int m = b->in->people, least = INT32_MAX;

	if (b->misses > 0)
		return -1;
	for (int r = 0; r < m; r++)
		if (room(b, r) && b->load[r] < least)
			least = b->load[r];
	for (int i = 0; i < m; i++) {
		int r = (int)((unsigned)(abstract * 7919 + b->round * 3571 + i) % (unsigned)m);

		if (b->load[r] == least && room(b, r) && free_to(b, abstract, r) &&
		    miss(b, abstract, r) == 0)
			return r;
	}
	return -1;
}

/* What one person was given may go to another instead. */
static int relax(struct balance *b, int from, int tail)
{
	int m = b->in->people;

	for (int i = 0; i < b->has[from].n; i++) {
		int a = b->has[from].abstracts[i];

		for (int to = 0; to < m; to++) {
			int64_t cost = b->cost[from] - miss(b, a, from);

			if (to == from || !free_to(b, a, to) ||
			    cost + miss(b, a, to) >= b->cost[to])
				continue;
			b->cost[to] = cost + miss(b, a, to);
			b->before[to] = from;
			b->through[to] = a;
			if (!b->queued[to]) {
				b->queued[to] = true;
				b->queue[tail] = to;
				tail = (tail + 1) % (m + 1);
			}
		}
	}
	return tail;
}

/* The cheapest way from an abstract to somebody who has room: who that is, -1 when there is none.
 */
static int way(struct balance *b, int abstract)
{
	int m = b->in->people, head = 0, tail = 0, best = -1;
	int64_t best_cost = FAR;

	for (int r = 0; r < m; r++) {
		bool may = free_to(b, abstract, r);

		b->cost[r] = may ? miss(b, abstract, r) : FAR;
		b->before[r] = -1;
		b->through[r] = abstract;
		b->queued[r] = may;
		if (may)
			b->queue[tail++] = r;
	}
	while (head != tail) {
		int r = b->queue[head];

		head = (head + 1) % (m + 1);
		b->queued[r] = false;
		tail = relax(b, r, tail);
	}
	for (int r = 0; r < m; r++) {
		int64_t cost = b->cost[r] + 2 * (int64_t)b->load[r] + 1;

		if (b->cost[r] < FAR && room(b, r) && cost < best_cost) {
			best = r;
			best_cost = cost;
		}
	}
	return best;
}

static void place(struct balance *b, int abstract)
{
	int r = plain(b, abstract);

	if (r >= 0) {
		b->load[r]++;
		give(b, abstract, r);
		return;
	}
	r = way(b, abstract);
	if (r < 0)
		return;
	b->load[r]++;
	for (; r >= 0; r = b->before[r]) {
		if (b->before[r] >= 0)
			take(b, b->through[r], b->before[r]);
		give(b, b->through[r], r);
	}
}

bool balance_go(struct balance *b, int places)
{
	while (b->round < b->rounds && b->in->people > 0) {
		if (b->abstract == b->in->abstracts) {
			b->abstract = 0;
			b->round++;
			continue;
		}
		if (b->in->need[b->abstract] > b->round) {
			if (places-- == 0)
				return false;
			place(b, b->abstract);
		}
		b->abstract++;
	}
	return true;
}

bool balance_has(const struct balance *b, int abstract, int person)
{
	return b->taken[at(b, abstract, person)] != 0;
}
