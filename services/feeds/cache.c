/* services/feeds: the cache of events: a hash table and a list in order of use, bounded in bytes.
 */
#include "services/feeds/cache.h"
#include "services/core/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 16384, BYTES_MAX = 64 << 20 };

struct entry {
	struct entry *chain;	     /* cache.buckets */
	struct entry *newer, *older; /* cache.newest … cache.oldest */
	struct event_key key;
	uint32_t size;
	char bytes[];
};

static struct {
	struct entry *buckets[BUCKETS];
	struct entry *newest, *oldest;
	size_t bytes;
} cache;

static struct entry **bucket_of(const struct event_key *key)
{
	uint64_t h;

	/* Ids are random. */
	memcpy(&h, key->slot, sizeof(h));
	h ^= (uint64_t)key->revision * 0x9e3779b97f4a7c15u ^
	     (uint64_t)key->view * 0xc2b2ae3d27d4eb4fu;
	return &cache.buckets[(h ^ h >> 32) % BUCKETS];
}

static void take_out(struct entry *e)
{
	if (e->newer != NULL)
		e->newer->older = e->older;
	else
		cache.newest = e->older;
	if (e->older != NULL)
		e->older->newer = e->newer;
	else
		cache.oldest = e->newer;
}

static void put_in_front(struct entry *e)
{
	e->newer = NULL;
	e->older = cache.newest;
	if (cache.newest != NULL)
		cache.newest->newer = e;
	else
		cache.oldest = e;
	cache.newest = e;
}

static void drop(struct entry *e)
{
	struct entry **at = bucket_of(&e->key);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	take_out(e);
	assert(cache.oldest != e && cache.newest != e);
	cache.bytes -= e->size + sizeof(*e);
	free(e);
}

static struct entry *find(const struct event_key *key)
{
	struct entry *e = *bucket_of(key);

	while (e != NULL && memcmp(&e->key, key, sizeof(*key)) != 0)
		e = e->chain;
	return e;
}

const char *cache_get(const struct event_key *key, size_t *ret_size)
{
	struct entry *e = find(key);

	if (e == NULL)
		return NULL;
	if (e != cache.newest) {
		take_out(e);
		put_in_front(e);
	}
	*ret_size = e->size;
	return e->bytes;
}

void cache_put(const struct event_key *key, const char *bytes, size_t size)
{
	struct entry *e = find(key), **at;

	if (e != NULL)
		drop(e);
	while (cache.oldest != NULL && cache.bytes + size + sizeof(*e) > BYTES_MAX)
		drop(cache.oldest);
	e = xrealloc(NULL, sizeof(*e) + size);
	e->key = *key;
	e->size = (uint32_t)size;
	memcpy(e->bytes, bytes, size);
	at = bucket_of(key);
	e->chain = *at;
	*at = e;
	put_in_front(e);
	cache.bytes += size + sizeof(*e);
}

void cache_clear(void)
{
	while (cache.oldest != NULL)
		drop(cache.oldest);
}
