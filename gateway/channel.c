/* gateway: the channels this worker carries: found, loaded, filled from the log, let go. */
#include "gateway/channel.h"
#include "gateway/channel_log.h"
#include "gateway/metrics.h"
#include "gateway/subscribe.h"
#include "services/core/clock.h"
#include "services/db/feed.h"
#include "services/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 16384, LINGER_MS = 60000, GC_MS = 5000 };

static struct {
	struct channel *by_name[BUCKETS], *by_id[BUCKETS];
	int count;
	uv_timer_t *gc;
	bool started;
} hub;

static uint32_t hash_text(uint32_t h, const char *s)
{
	for (; *s != 0; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static struct channel **name_bucket(const char *conference, const char *name)
{
	return &hub.by_name[hash_text(hash_text(2166136261u, conference), name) % BUCKETS];
}

static struct channel **id_bucket(int64_t id)
{
	return &hub.by_id[(uint64_t)id % BUCKETS];
}

struct channel *channel_find(const char *conference, const char *name)
{
	struct channel *ch = *name_bucket(conference, name);

	while (ch != NULL &&
	       (strcmp(ch->name, name) != 0 || strcmp(ch->conference, conference) != 0))
		ch = ch->by_name;
	return ch;
}

struct channel *channel_find_id(int64_t id)
{
	struct channel *ch = *id_bucket(id);

	while (ch != NULL && ch->id != id)
		ch = ch->by_id;
	return ch;
}

void channel_learn_id(struct channel *ch, int64_t id)
{
	if (ch->id != 0 || id == 0)
		return;
	ch->id = id;
	ch->by_id = *id_bucket(id);
	*id_bucket(id) = ch;
}

int channel_carried(void)
{
	return hub.count;
}

/* A subject is an id, or one of the words the service knows; the database judges ids. */
static bool subject_fits(const struct service *service, const struct channel_kind *kind,
			 const char *subject, size_t n)
{
	if (kind->scope == SCOPE_NONE)
		return n == 0;
	if (kind->scope != SCOPE_AUDIENCE)
		return n == UUID_SIZE - 1;
	for (const struct audience *a = service->audiences; a != NULL && a->word != NULL; a++)
		if (strlen(a->word) == n && memcmp(a->word, subject, n) == 0)
			return true;
	return false;
}

const struct channel_kind *channel_kind_of(const char *name, char ret_subject[UUID_SIZE])
{
	size_t kind_n = strcspn(name, ":");
	const char *subject = name[kind_n] != 0 ? name + kind_n + 1 : "";
	size_t subject_n = strcspn(subject, ":");
	const char *suffix = subject[subject_n] != 0 ? subject + subject_n + 1 : NULL;

	if (strlen(name) >= CHANNEL_NAME_SIZE || subject_n >= UUID_SIZE)
		return NULL;
	memset(ret_subject, 0, UUID_SIZE);
	memcpy(ret_subject, subject, subject_n);
	for (int i = 0; services[i] != NULL; i++) {
		for (const struct channel_kind *k = services[i]->channels;
		     k != NULL && k->kind != NULL; k++) {
			if (strlen(k->kind) != kind_n || memcmp(k->kind, name, kind_n) != 0 ||
			    (k->suffix == NULL) != (suffix == NULL) ||
			    (suffix != NULL && strcmp(suffix, k->suffix) != 0) ||
			    !subject_fits(services[i], k, subject, subject_n))
				continue;
			return k;
		}
	}
	return NULL;
}

void channel_ring_clear(struct channel *ch)
{
	for (int64_t at = ch->first; ch->ring != NULL && at <= ch->head; at++)
		payload_unref(ch->ring[at % RING_EVENTS]);
	ch->first = ch->head + 1;
	ch->ring_bytes = 0;
	payload_unref(ch->batch);
	ch->batch = NULL;
}

static void ring_drop_oldest(struct channel *ch)
{
	struct payload **oldest = &ch->ring[ch->first % RING_EVENTS];

	ch->ring_bytes -= (*oldest)->size;
	payload_unref(*oldest);
	*oldest = NULL;
	ch->first++;
}

static const char event_head[] = "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":";

/* The frame every subscriber will get, made once. */
static struct payload *event_payload(const struct channel *ch, int64_t position, const char *type,
				     const char *data, size_t size)
{
	char head[256];
	int n = snprintf(head, sizeof(head),
			 "%s{\"channel\":\"%s\",\"position\":%lld,\"type\":\"%s\",\"data\":",
			 event_head, ch->name, (long long)position, type);
	struct payload *p = payload_create((size_t)n + size + 2);
	unsigned char *text = payload_text(p);

	memcpy(text, head, (size_t)n);
	memcpy(text + n, data, size);
	memcpy(text + n + size, "}}", 2);
	return p;
}

void channel_append(struct channel *ch, int64_t position, const char *type, const char *data,
		    size_t size)
{
	if (position <= ch->head)
		return;
	if (ch->ring == NULL)
		ch->ring = xcalloc(RING_EVENTS, sizeof(struct payload *));
	if (position != ch->head + 1) {
		/* A hole can only mean that the log was cut behind our back: who is before it must
		 * start over. */
		channel_ring_clear(ch);
		ch->first = position;
	}
	while (ch->first < position && (position - ch->first >= RING_EVENTS ||
					(ch->ring_bytes > RING_BYTES && ch->first <= ch->head)))
		ring_drop_oldest(ch);
	ch->ring[position % RING_EVENTS] = event_payload(ch, position, type, data, size);
	ch->ring_bytes += ch->ring[position % RING_EVENTS]->size;
	ch->head = position;
}

bool channel_replay(const struct channel *ch, int64_t after, struct buffer *out)
{
	if (after + 1 < ch->first || after > ch->head)
		return false;
	for (int64_t at = after + 1; at <= ch->head; at++) {
		struct payload *p = ch->ring[at % RING_EVENTS];

		if (at > after + 1)
			buffer_add(out, ",", 1);
		/* The notification's params alone. */
		buffer_add(out, (const char *)payload_text(p) + sizeof(event_head) - 1,
			   p->size - sizeof(event_head));
	}
	return true;
}

struct tally *channel_tally(struct channel *ch, const char *key)
{
	for (uint32_t i = 0; i < ch->tallies_n; i++)
		if (strcmp(ch->tallies[i].key, key) == 0)
			return &ch->tallies[i];
	return NULL;
}

void channel_set_tally(struct channel *ch, const char *key, int64_t value, bool tell)
{
	struct tally *t = channel_tally(ch, key);

	if (t == NULL) {
		if (ch->tallies_n == ch->tallies_room) {
			ch->tallies_room = ch->tallies_room == 0 ? 16 : ch->tallies_room * 2;
			ch->tallies =
			    xrealloc(ch->tallies, ch->tallies_room * sizeof(*ch->tallies));
		}
		t = &ch->tallies[ch->tallies_n++];
		memset(t, 0, sizeof(*t));
		text_copy(t->key, UUID_SIZE, key);
	} else if (t->value == value) {
		return;
	}
	t->value = value;
	if (tell) {
		t->fast_changed = t->slow_changed = true;
		tick_mark(ch);
	}
}

void channel_tally_json(const struct channel *ch, struct buffer *out)
{
	buffer_add(out, "[", 1);
	for (uint32_t i = 0; i < ch->tallies_n; i++)
		buffer_printf(out, "%s[\"%s\",%lld]", i > 0 ? "," : "", ch->tallies[i].key,
			      (long long)ch->tallies[i].value);
	buffer_add(out, "]", 1);
}

struct channel *channel_begin(const char *conference, const char *name,
			      const struct channel_kind *kind)
{
	struct channel *ch = xcalloc(1, sizeof(*ch)), **bucket = name_bucket(conference, name);

	memcpy(ch->conference, conference, UUID_SIZE);
	text_copy(ch->name, CHANNEL_NAME_SIZE, name);
	ch->kind = kind;
	ch->first = 1;
	ch->idle_since_ms = clock_ms();
	ch->by_name = *bucket;
	*bucket = ch;
	hub.count++;
	return ch;
}

struct channel *channel_carry(const char *conference, const char *name,
			      const struct channel_kind *kind)
{
	struct channel *ch = channel_find(conference, name);

	if (ch == NULL) {
		ch = channel_begin(conference, name, kind);
		channel_kind_of(name, ch->subject);
		if (kind->tally_of != NULL) {
			char source[CHANNEL_NAME_SIZE], subject[UUID_SIZE];

			snprintf(source, sizeof(source), "%s:%s", kind->tally_of, ch->subject);
			ch->tally_source =
			    channel_carry(conference, source, channel_kind_of(source, subject));
			ch->tally_source->holds++;
			ch->tally_source->tally_listener = ch;
		}
	}
	ch->idle_since_ms = clock_ms();
	channel_load(ch);
	return ch;
}

void channel_when_ready(struct channel *ch, channel_ready_fn *ready, void *data)
{
	struct waiter *w;

	if (ch->loaded) {
		ready(ch, true, data);
		return;
	}
	w = xcalloc(1, sizeof(*w));
	w->ready = ready;
	w->data = data;
	w->next = ch->waiters;
	ch->waiters = w;
	channel_load(ch);
}

static void unlink_from(struct channel **at, struct channel *ch, bool name_chain)
{
	while (*at != NULL && *at != ch)
		at = name_chain ? &(*at)->by_name : &(*at)->by_id;
	if (*at != NULL)
		*at = name_chain ? ch->by_name : ch->by_id;
}

static void let_go(struct channel *ch)
{
	unlink_from(name_bucket(ch->conference, ch->name), ch, true);
	if (ch->id != 0)
		unlink_from(id_bucket(ch->id), ch, false);
	if (ch->tally_source != NULL) {
		ch->tally_source->holds--;
		ch->tally_source->tally_listener = NULL;
	}
	channel_ring_clear(ch);
	snapshot_forget(ch);
	free(ch->ring);
	free(ch->subs);
	free(ch->tallies);
	free(ch);
	hub.count--;
}

static bool is_idle(const struct channel *ch, uint64_t now)
{
	return ch->subs_n == 0 && ch->holds == 0 && ch->waiters == NULL && !ch->dirty &&
	       !ch->tick_listed && ch->kind != NULL && now - ch->idle_since_ms > LINGER_MS;
}

static void on_gc(uv_timer_t *timer)
{
	uint64_t now = clock_ms();

	(void)timer;
	for (int i = 0; i < BUCKETS; i++) {
		struct channel *ch = hub.by_name[i];

		while (ch != NULL) {
			struct channel *next = ch->by_name;

			if (is_idle(ch, now))
				let_go(ch);
			ch = next;
		}
	}
}

void channels_each(void (*each)(struct channel *ch, void *data), void *data)
{
	for (int i = 0; i < BUCKETS; i++)
		for (struct channel *ch = hub.by_name[i]; ch != NULL; ch = ch->by_name)
			each(ch, data);
}

void channels_start(uv_loop_t *loop, const char *dsn)
{
	hub.gc = xcalloc(1, sizeof(*hub.gc));
	uv_timer_init(loop, hub.gc);
	uv_timer_start(hub.gc, on_gc, GC_MS, GC_MS);
	fanout_start(loop);
	tick_start(loop);
	channel_log_start(loop, dsn);
	hub.started = true;
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

void channels_stop(void)
{
	if (!hub.started)
		return;
	feed_stop();
	fanout_stop();
	tick_stop();
	uv_timer_stop(hub.gc);
	uv_close((uv_handle_t *)hub.gc, closed);
	/* All go: nobody's source may be asked after it went. */
	for (int i = 0; i < BUCKETS; i++)
		for (struct channel *ch = hub.by_name[i]; ch != NULL; ch = ch->by_name)
			ch->tally_source = NULL;
	for (int i = 0; i < BUCKETS; i++)
		while (hub.by_name[i] != NULL)
			let_go(hub.by_name[i]);
	hub.started = false;
}
