/* services/feeds: one calendar, from its address to its bytes: found, compared with what is known
 * of it, its missing events made, put together. No piece holds the loop for long. */
#include "services/core/clock.h"
#include "services/feeds/events.h"
#include "services/feeds/parts.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whatever changes the bytes of the same state raises this: it is part of every ETag. */
#define RENDERER "1"

enum {
	SLICE_US = 2000,
	SLICE_BYTES = 512 << 10,
	/* Rows asked for at once: few questions, and an answer that is copied within a slice. */
	CHUNK = 512,
	ATTEMPTS_MAX = 5
};

struct render {
	struct feeds_job *job;
	struct ics_calendar calendar;
	struct ics_view view;
	struct event_key *events;
	struct ics_event *found; /* of the last answer */
	int n, checked, put, attempts, n_found, made;
	const char *scope, *name, *etag, *state;
	const char *first_day, *after_day, *dead_day, *dead_next_day;
	int64_t created, dead;
	uint64_t began_us;
};

static rows_fn found, stamped, content;
static request_fn put_together, make_events;
static struct feeds_figures figures;

struct feeds_figures *feeds_figures(void)
{
	return &figures;
}

static void begin(struct render *r)
{
	r->began_us = clock_us();
}

static fault end(struct render *r, fault f)
{
	uint64_t took = clock_us() - r->began_us;

	figures.busy_us += took;
	if (took > figures.longest_us)
		figures.longest_us = took;
	return f;
}

/* "slot:revision,…" */
static void read_slots(struct request *rq, struct render *r, const char *text)
{
	uint32_t view = events_view(&r->view);
	int n = *text != 0;

	for (const char *s = text; *s != 0; s++)
		n += *s == ',';
	r->events = arena_alloc(rq->arena, (size_t)(n + 1) * sizeof(*r->events));
	for (const char *s = text; *s != 0;) {
		struct event_key *key = &r->events[r->n++];
		char *after;

		event_id(s, key->slot);
		key->revision = (uint32_t)strtoul(s + 37, &after, 10);
		key->view = view;
		s = after + (*after == ',');
	}
}

static const char *copy(struct request *rq, const struct rows *rows, const char *column)
{
	const char *text = rows_text(rows, 0, column);

	return text != NULL ? arena_strdup(rq->arena, text) : NULL;
}

static bool is_true(const struct rows *rows, const char *column)
{
	const char *text = rows_text(rows, 0, column);

	return text != NULL && *text == 't';
}

static const char *title_of(struct request *rq, const struct rows *rows, const char *scope)
{
	const char *title = rows_text(rows, 0, "title"), *name = rows_text(rows, 0, "subject_name");

	if (strcmp(scope, "stars") == 0)
		name = "my programme";
	else if (strcmp(scope, "speaking") == 0)
		name = "where I speak";
	return name != NULL ? arena_printf(rq->arena, "%s: %s", title, name)
			    : arena_strdup(rq->arena, title);
}

static void read_calendar(struct request *rq, struct render *r, const struct rows *rows)
{
	const char *under = rows_text(rows, 0, "under"), *about = copy(rq, rows, "subtitle");
	const char *path = r->job->path;

	r->view = (struct ics_view){
	    .base = arena_printf(rq->arena, "%s%s", feeds_base(), under),
	    .venue = copy(rq, rows, "venue"),
	    .lat = copy(rq, rows, "lat"),
	    .lon = copy(rq, rows, "lon"),
	    .alarm = (int)rows_int(rows, 0, "alarm"),
	    .venue_time = is_true(rows, "venue_time"),
	    .link_first = is_true(rows, "link_first"),
	};
	r->calendar = (struct ics_calendar){
	    .title = title_of(rq, rows, r->scope),
	    .about = about != NULL && *about != 0 ? about : r->view.venue,
	    .zone = copy(rq, rows, "zone"),
	    .source = arena_printf(rq->arena, "%s%s%s", feeds_base(),
				   r->job->hash == NULL ? under : "", path),
	    .page = arena_printf(rq->arena, "%s/attend", r->view.base),
	    .near = is_true(rows, "near"),
	    .venue_time = r->view.venue_time,
	};
}

static void read_job(struct request *rq, struct render *r, const struct rows *rows)
{
	struct feeds_job *job = r->job;
	const char *state = rows_text(rows, 0, "state");

	job->state = strcmp(state, "live") == 0	       ? FEEDS_LIVE
		     : strcmp(state, "tombstone") == 0 ? FEEDS_TOMBSTONE
						       : FEEDS_GONE;
	snprintf(job->feed, UUID_SIZE, "%s", rows_text(rows, 0, "feed"));
	snprintf(job->of_conference, UUID_SIZE, "%s", rows_text(rows, 0, "conference"));
	snprintf(job->person, UUID_SIZE, "%s", rows_text(rows, 0, "person"));
	job->release = rows_int(rows, 0, "release");
	job->valid_s = rows_int(rows, 0, "valid");
	r->scope = copy(rq, rows, "scope");
	r->first_day = copy(rq, rows, "first_day");
	r->after_day = copy(rq, rows, "after_day");
	r->dead_day = copy(rq, rows, "dead_day");
	r->dead_next_day = copy(rq, rows, "dead_next_day");
	r->created = rows_int(rows, 0, "created");
	r->dead = rows_int(rows, 0, "dead");
	r->name = job->state == FEEDS_LIVE ? copy(rq, rows, "name")
					   : arena_printf(rq->arena, "token:%.32s", job->hash + 2);
}

/* Instead of events: that the link is off, or that there is nothing yet. A calendar without
 * components is not valid, and an empty one makes people think it is broken. */
static void add_note(struct render *r, struct buffer *b)
{
	struct ics_note note = {
	    .first_day = r->first_day, .after_day = r->after_day, .at = r->created};
	char uid[80];

	snprintf(uid, sizeof(uid), "%s-%s", r->job->state == FEEDS_LIVE ? "empty" : "off",
		 r->job->feed[0] != 0 ? r->job->feed : r->job->of_conference);
	note.uid = uid;
	if (r->job->state != FEEDS_LIVE) {
		note.summary = "This calendar link was switched off";
		note.description = "It shows nothing any more. Remove this calendar, or subscribe "
				   "to a new link.";
		note.first_day = r->dead_day;
		note.after_day = r->dead_next_day;
		note.at = r->dead;
	} else if (r->job->release == 0) {
		note.summary = note.description = "The programme has not been published yet";
	} else if (strcmp(r->scope, "stars") == 0) {
		note.summary = "No session starred yet";
		note.description = "Star a session in the programme and it appears here.";
	} else {
		note.summary = note.description = "Nothing is planned here yet";
	}
	ics_note(&note, b);
}

/* What stands around the events, as text: without its own address, which may be an old one. */
static void add_frame(const struct render *r, bool source, struct buffer *b)
{
	struct ics_calendar calendar = r->calendar;

	if (!source || r->job->state != FEEDS_LIVE)
		calendar.source = NULL;
	if (r->job->state != FEEDS_LIVE)
		calendar.venue_time = false;
	ics_head(&calendar, b);
}

/* All that decides over the bytes, and nothing else. */
static void set_state(struct request *rq, struct render *r, const char *slots)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char text[33];
	struct buffer b = {0};
	EVP_MD_CTX *sha = EVP_MD_CTX_new();

	buffer_printf(&b, RENDERER "\x1f%s\x1f%s\x1f%s\x1f%s\x1f%d%d%d\x1f", r->view.base,
		      r->view.venue, r->view.lat != NULL ? r->view.lat : "",
		      r->view.lon != NULL ? r->view.lon : "", r->view.alarm, r->view.venue_time,
		      r->view.link_first);
	add_frame(r, false, &b);
	if (r->n == 0)
		add_note(r, &b);
	if (sha == NULL || EVP_DigestInit_ex(sha, EVP_sha256(), NULL) != 1 ||
	    EVP_DigestUpdate(sha, b.bytes, b.size) != 1 ||
	    EVP_DigestUpdate(sha, slots, strlen(slots)) != 1 ||
	    EVP_DigestFinal_ex(sha, hash, NULL) != 1)
		abort();
	EVP_MD_CTX_free(sha);
	buffer_finish(&b);
	for (int i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	r->state = arena_strdup(rq->arena, text);
	r->etag = arena_printf(rq->arena, "\"%s\"", text);
}

static fault ask_content(struct request *rq, struct render *r)
{
	struct buffer b = {0};
	const char *slots;
	size_t size;
	int n = 0;

	buffer_text(&b, "{");
	while (r->checked < r->n && cache_get(&r->events[r->checked], &size) != NULL)
		r->checked++;
	for (int i = r->checked; i < r->n && n < CHUNK; i++) {
		if (cache_get(&r->events[i], &size) != NULL)
			continue;
		if (n++ > 0)
			buffer_text(&b, ",");
		event_id_text(&b, r->events[i].slot);
	}
	buffer_text(&b, "}");
	slots = arena_strdup(rq->arena, b.bytes);
	buffer_finish(&b);
	if (n == 0)
		return db_later(rq, put_together);
	return db_query(rq, LANE_PUBLIC, SQL_FEED_CONTENT, content,
			PARAMS(r->job->of_conference, slots));
}

static fault finish(struct request *rq, struct render *r)
{
	struct buffer *b = &r->job->bytes;
	const char *bytes;
	size_t size;

	buffer_text(b, ICS_END);
	figures.renders++;
	if (!r->job->reply)
		return request_reply(rq, "");
	size = b->size;
	bytes = arena_strndup(rq->arena, b->bytes, size);
	buffer_finish(b);
	return request_reply_bytes(rq, bytes, size);
}

/* The state is what the caller has, or there is something to make. */
static fault go_on(struct request *rq, struct render *r)
{
	struct feeds_job *job = r->job;

	rq->etag = r->etag;
	rq->content_type = "text/calendar; charset=utf-8";
	if (job->have != NULL && strcmp(job->have, r->etag) == 0) {
		job->same = true;
		return request_reply(rq, "");
	}
	add_frame(r, true, &job->bytes);
	if (r->n > 0)
		return ask_content(rq, r);
	add_note(r, &job->bytes);
	return finish(rq, r);
}

static fault found(struct request *rq, const struct rows *rows)
{
	struct render *r = ((struct feeds_job *)rq->params)->render;
	const char *slots, *known;

	begin(r);
	if (rows_count(rows) == 0)
		return end(r, &fault_not_found);
	read_job(rq, r, rows);
	if (r->job->state == FEEDS_GONE)
		return end(r, request_reply(rq, ""));
	read_calendar(rq, r, rows);
	slots = rows_text(rows, 0, "slots");
	slots = slots != NULL ? slots : "";
	read_slots(rq, r, slots);
	set_state(rq, r, slots);
	known = rows_text(rows, 0, "stamp_state");
	if (known != NULL && strcmp(known, r->state) == 0) {
		rq->last_modified = rows_int(rows, 0, "stamp_modified");
		return end(r, go_on(rq, r));
	}
	return end(r, db_query(rq, LANE_PUBLIC, SQL_FEED_STAMP, stamped,
			       PARAMS(r->job->of_conference, r->name, r->state,
				      r->job->state == FEEDS_LIVE
					  ? NULL
					  : arena_printf(rq->arena, "feed:%s", r->job->feed))));
}

static fault stamped(struct request *rq, const struct rows *rows)
{
	struct render *r = ((struct feeds_job *)rq->params)->render;

	begin(r);
	rq->last_modified = rows_int(rows, 0, "modified");
	return end(r, go_on(rq, r));
}

/* Back to the beginning: the programme moved under us. */
static fault start_over(struct request *rq, struct render *r)
{
	struct feeds_job *job = r->job;

	buffer_finish(&job->bytes);
	if (++r->attempts > ATTEMPTS_MAX) {
		rq->retry_after_ms = 1000;
		return &fault_busy;
	}
	r->n = r->checked = r->put = 0;
	return db_query(rq, LANE_PUBLIC, SQL_FEED_FIND, found,
			PARAMS(job->hash, job->conference, job->scope, job->subject));
}

/* Rows live during this call only: they are copied, and what the slice has no time for is made in
 * the next one instead of being asked for again. */
static fault content(struct request *rq, const struct rows *rows)
{
	struct render *r = ((struct feeds_job *)rq->params)->render;

	begin(r);
	r->found = events_read(rq->arena, rows, &r->n_found);
	r->made = 0;
	return end(r, db_later(rq, make_events));
}

static fault make_events(struct request *rq)
{
	struct render *r = ((struct feeds_job *)rq->params)->render;
	struct event_key key = {.view = r->events[0].view};
	struct buffer b = {0};
	size_t size;

	begin(r);
	for (; r->made < r->n_found && clock_us() - r->began_us < SLICE_US; r->made++) {
		const struct ics_event *event = &r->found[r->made];

		b.size = 0;
		ics_event(event, &r->view, &b);
		event_id(event->slot, key.slot);
		key.revision = (uint32_t)event->revision;
		cache_put(&key, b.bytes, b.size);
		figures.events++;
	}
	buffer_finish(&b);
	if (r->made < r->n_found)
		return end(r, db_later(rq, make_events));
	/* All were made, and the first that was wanted is still not there: it has another revision
	 * by now, or is gone. */
	if (cache_get(&r->events[r->checked], &size) == NULL)
		return end(r, start_over(rq, r));
	return end(r, ask_content(rq, r));
}

static fault put_together(struct request *rq)
{
	struct feeds_job *job = rq->params;
	struct render *r = job->render;
	size_t until = job->bytes.size + SLICE_BYTES;

	begin(r);
	while (r->put < r->n && job->bytes.size < until) {
		size_t size;
		const char *bytes = cache_get(&r->events[r->put], &size);

		if (bytes == NULL)
			return end(r, start_over(rq, r));
		buffer_add(&job->bytes, bytes, size);
		r->put++;
	}
	if (r->put < r->n)
		return end(r, db_later(rq, put_together));
	return end(r, finish(rq, r));
}

fault feeds_render(struct request *rq)
{
	struct feeds_job *job = rq->params;

	job->render = arena_alloc(rq->arena, sizeof(*job->render));
	job->render->job = job;
	return db_query(rq, LANE_PUBLIC, SQL_FEED_FIND, found,
			PARAMS(job->hash, job->conference, job->scope, job->subject));
}
