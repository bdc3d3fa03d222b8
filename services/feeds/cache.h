/* services/feeds: events as bytes, made once for all calendars that show them the same way. */
#ifndef FEEDS_CACHE_H
#define FEEDS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What decides over the bytes of an event, all of it. */
struct event_key {
	unsigned char slot[16];
	uint32_t revision;
	uint32_t view; /* feeds_view_number() */
};

/* The bytes, valid until the next cache_put; NULL when they are not here. */
const char *cache_get(const struct event_key *key, size_t *ret_size);
/* Copies. What was not used for longest makes room. */
void cache_put(const struct event_key *key, const char *bytes, size_t size);
void cache_clear(void);

#endif
