/* gateway: token buckets in a fixed table: the one not used for longest makes room, which can only
 * be generous. */
#include "gateway/limit.h"
#include "services/core/clock.h"
#include "services/core/text.h"

#include <string.h>

enum {
	BUCKETS = 8192,
	WAYS = 8,
	OWNER_SIZE = 48,
	RATE_VENUE = RATE_AUTH + 1,
	RATE_DOOR,
	RATE_FEED,
	RATES
};

static const struct {
	double per_second, burst;
} rates[RATES] = {
    [RATE_READ] = {20, 200},
    [RATE_WRITE] = {20, 200},
    [RATE_VOTE] = {20, 200},
    [RATE_SCAN] = {50, 500},
    [RATE_AUTH] = {0.2, 20},
    [RATE_VENUE] = {20, 1000},
    /* What a screen at the door showed cannot be guessed; a hall behind one address comes in. */
    [RATE_DOOR] = {10, 600},
    /* Clients poll every quarter of an hour at most. */
    [RATE_FEED] = {60.0 / 3600, 60},
};

static struct bucket {
	char owner[OWNER_SIZE];
	uint64_t used_ms;
	double tokens;
	uint8_t rate;
} buckets[BUCKETS];

static struct bucket *bucket_of(const char *owner, unsigned rate, uint64_t now)
{
	uint32_t h = 2166136261u + rate;
	struct bucket *set, *oldest;

	for (const char *s = owner; *s != 0; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	set = oldest = &buckets[h % (BUCKETS / WAYS) * WAYS];
	for (int i = 0; i < WAYS; i++) {
		if (set[i].rate == rate && strncmp(set[i].owner, owner, OWNER_SIZE - 1) == 0)
			return &set[i];
		if (set[i].used_ms < oldest->used_ms)
			oldest = &set[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	text_copy(oldest->owner, OWNER_SIZE, owner);
	oldest->rate = (uint8_t)rate;
	oldest->tokens = rates[rate].burst;
	oldest->used_ms = now;
	return oldest;
}

static bool take(const char *owner, unsigned rate, int64_t *ret_wait_ms)
{
	uint64_t now = clock_ms();
	struct bucket *b = bucket_of(owner, rate, now);

	b->tokens += (double)(now - b->used_ms) / 1000 * rates[rate].per_second;
	if (b->tokens > rates[rate].burst)
		b->tokens = rates[rate].burst;
	b->used_ms = now;
	if (b->tokens < 1) {
		*ret_wait_ms = (int64_t)((1 - b->tokens) / rates[rate].per_second * 1000) + 1;
		return false;
	}
	b->tokens -= 1;
	return true;
}

bool limit_take(const char *owner, enum rate_class rate, int64_t *ret_wait_ms)
{
	return take(owner, rate, ret_wait_ms);
}

bool limit_take_address(const char *address, bool venue, int64_t *ret_wait_ms)
{
	return take(address, venue ? RATE_VENUE : RATE_AUTH, ret_wait_ms);
}

bool limit_take_door(const char *address, int64_t *ret_wait_ms)
{
	return take(address, RATE_DOOR, ret_wait_ms);
}

bool limit_take_feed(const char *hash, int64_t *ret_wait_ms)
{
	return take(hash, RATE_FEED, ret_wait_ms);
}
