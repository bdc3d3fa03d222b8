/* gateway: calendars in memory. */
#include "gateway/calendar.h"
#include "gateway/calendar_kept.h"
#include "services/core/arena.h"
#include "services/core/clock.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BUCKETS = 16384,
	KEPT_MAX = 16384,
	BODIES_MAX = 128 << 20,
	COUNTERS = 4096, /* of moves; two that share one cost a query too many */
	HEADS = 65536
};

static struct {
	struct kept_calendar *buckets[BUCKETS];
	struct kept_calendar *newest, *oldest;
	int n;
	size_t bytes;
	uint32_t moves[COUNTERS];
	uint32_t histories, all_moves;
	struct {
		int64_t id, head;
	} heads[HEADS];
} kept;

static uint32_t hash_text(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != 0; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ h >> 15;
}

static uint32_t *moves_of(const char *id)
{
	return &kept.moves[hash_text(id) % COUNTERS];
}

static void take_out(struct kept_calendar *k)
{
	if (k->newer != NULL)
		k->newer->older = k->older;
	else
		kept.newest = k->older;
	if (k->older != NULL)
		k->older->newer = k->newer;
	else
		kept.oldest = k->newer;
}

static void put_in_front(struct kept_calendar *k)
{
	k->newer = NULL;
	k->older = kept.newest;
	if (kept.newest != NULL)
		kept.newest->newer = k;
	else
		kept.oldest = k;
	kept.newest = k;
}

static void let_body_go(struct kept_calendar *k)
{
	if (k->body == NULL)
		return;
	kept.bytes -= k->body->size;
	payload_unref(k->body);
	k->body = NULL;
}

void kept_drop(struct kept_calendar *k)
{
	struct kept_calendar **at = &kept.buckets[hash_text(k->key) % BUCKETS];

	while (*at != k)
		at = &(*at)->chain;
	*at = k->chain;
	take_out(k);
	let_body_go(k);
	kept.n--;
	free(k);
}

static void make_room(void)
{
	struct kept_calendar *k = kept.oldest;

	while (k != NULL && kept.n >= KEPT_MAX) {
		struct kept_calendar *newer = k->newer;

		if (!k->asked && k->waiting == NULL)
			kept_drop(k);
		k = newer;
	}
}

struct kept_calendar *kept_find(const char *key, bool create)
{
	struct kept_calendar **bucket = &kept.buckets[hash_text(key) % BUCKETS], *k = *bucket;

	while (k != NULL && strcmp(k->key, key) != 0)
		k = k->chain;
	if (k == NULL && create) {
		make_room();
		k = xcalloc(1, sizeof(*k));
		snprintf(k->key, sizeof(k->key), "%s", key);
		k->chain = *bucket;
		*bucket = k;
		put_in_front(k);
		kept.n++;
	} else if (k != NULL && k != kept.newest) {
		take_out(k);
		put_in_front(k);
	}
	return k;
}

bool kept_fresh(const struct kept_calendar *k)
{
	return k->known && !k->void_ && (k->body != NULL || k->state == FEEDS_GONE) &&
	       clock_ms() < k->until_ms &&
	       k->conference_moves == *moves_of(k->conference) + kept.histories &&
	       (k->person[0] == 0 || k->person_moves == *moves_of(k->person));
}

static void count_moves(struct kept_calendar *k)
{
	k->conference_moves = *moves_of(k->conference) + kept.histories;
	k->person_moves = *moves_of(k->person);
}

void kept_asked(struct kept_calendar *k)
{
	k->asked = true;
	k->void_ = false;
	count_moves(k);
	k->all_moves = kept.all_moves;
}

void kept_whose(struct kept_calendar *k, const char *conference, const char *person)
{
	bool known = k->conference[0] != 0;

	memcpy(k->conference, conference, UUID_SIZE);
	memcpy(k->person, person, UUID_SIZE);
	if (!known && k->all_moves == kept.all_moves)
		count_moves(k);
}

void kept_set_body(struct kept_calendar *k, const char *etag, const char *bytes, size_t size)
{
	let_body_go(k);
	snprintf(k->etag, sizeof(k->etag), "%s", etag != NULL ? etag : "");
	if (bytes == NULL)
		return;
	for (struct kept_calendar *old = kept.oldest; old != NULL && kept.bytes + size > BODIES_MAX;
	     old = old->newer)
		if (old != k)
			let_body_go(old);
	k->body = payload_of(bytes, size);
	kept.bytes += size;
}

void kept_forget(bool all)
{
	kept.histories++;
	for (struct kept_calendar *k = kept.oldest, *newer; all && k != NULL; k = newer) {
		newer = k->newer;
		if (!k->asked && k->waiting == NULL)
			kept_drop(k);
	}
}

void calendar_forget(void)
{
	kept_forget(false);
}

void calendar_moved(int64_t id, const char *conference, const char *name, int64_t head)
{
	size_t at = (uint64_t)id % HEADS;
	bool person = strncmp(name, "person:", 7) == 0;

	if (!person && strcmp(name, "schedule") != 0 && strcmp(name, "draft") != 0 &&
	    strncmp(name, "room:", 5) != 0)
		return;
	if (kept.heads[at].id == id && kept.heads[at].head >= head)
		return;
	kept.heads[at].id = id;
	kept.heads[at].head = head;
	kept.all_moves++;
	++*moves_of(person ? name + 7 : conference);
}

/* What its owner changed must not be shown once more, whatever becomes of the database. */
static void avoid(const char *feed)
{
	for (struct kept_calendar *k = kept.newest; k != NULL; k = k->older) {
		/* What is being made may be its. */
		if (k->asked)
			k->void_ = true;
		if (strcmp(k->feed, feed) != 0)
			continue;
		let_body_go(k);
		k->known = false;
		k->void_ = true;
	}
}

void calendar_worker_event(const char *conference, const char *type, const char *data, size_t size)
{
	json_t *json;
	const char *feed;

	if (strcmp(type, "clock.changed") == 0) {
		++*moves_of(conference);
	} else if (strcmp(type, "feed.changed") == 0) {
		json = json_loadb(data, size, 0, NULL);
		feed = json_string_value(json_object_get(json, "feed"));
		if (feed != NULL)
			avoid(feed);
		json_decref(json);
	} else if (strcmp(type, "log.cut") == 0) {
		/* Whoever was erased had calendars, and may be in others'. */
		avoid("");
		kept_forget(false);
	}
}
