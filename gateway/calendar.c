/* gateway: calendars over HTTP. */
#include "gateway/calendar.h"
#include "gateway/calendar_kept.h"
#include "gateway/conference.h"
#include "gateway/dispatch.h"
#include "gateway/http.h"
#include "gateway/limit.h"
#include "services/core/clock.h"
#include "services/core/token.h"
#include "services/feeds/feeds.h"

#include <ctype.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 64 << 20, RETRY_MS = 500, VALID_MOST_S = 3600, TOLD_EVERY = 3 };

/* Which calendar an address means. */
struct address {
	const char *scope; /* NULL: a personal one */
	char subject[UUID_SIZE];
	char token[80];
};

static bool is_id(const char *s, size_t n)
{
	if (n != UUID_SIZE - 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((s[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23) ||
		    (s[i] != '-' && !isxdigit((unsigned char)s[i])))
			return false;
	return true;
}

static bool read_address(const char *path, struct address *ret)
{
	static const struct {
		const char *scope, *before, *behind;
	} kinds[] = {{"room", "/room/", "/schedule.ics"},
		     {"track", "/track/", "/schedule.ics"},
		     {"speaker", "/speaker/", "/schedule.ics"},
		     {"slot", "/slot/", ".ics"},
		     {NULL, "/c/", "/schedule.ics"}};

	memset(ret, 0, sizeof(*ret));
	ret->scope = "all";
	if (strcmp(path, "/schedule.ics") == 0)
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t before_n = strlen(kinds[i].before);
		const char *subject = path + before_n, *behind;

		if (strncmp(path, kinds[i].before, before_n) != 0)
			continue;
		behind = subject + strcspn(subject, kinds[i].scope != NULL ? "/." : "/");
		if (strcmp(behind, kinds[i].behind) != 0 || behind == subject)
			return false;
		ret->scope = kinds[i].scope;
		if (ret->scope == NULL)
			snprintf(ret->token, sizeof(ret->token), "%.*s", (int)(behind - subject),
				 subject);
		else if (is_id(subject, (size_t)(behind - subject)))
			for (int at = 0; at < UUID_SIZE - 1; at++)
				ret->subject[at] = (char)tolower((unsigned char)subject[at]);
		else
			return false;
		return true;
	}
	return false;
}

static void not_found(struct conn *c)
{
	http_respond_text(c, 404, "text/plain; charset=utf-8", "cache-control: no-store\r\n",
			  "Not found.\n");
}

#define SHOWN "content-disposition: inline; filename=\"schedule.ics\"\r\nx-robots-tag: noindex\r\n"
static const char public_headers[] =
    SHOWN "access-control-allow-origin: *\r\ncache-control: public, max-age=300\r\n";
static const char own_headers[] = SHOWN "cache-control: private, max-age=300\r\n";

static void respond(struct conn *c, const struct kept_calendar *k)
{
	if (k->state == FEEDS_GONE) {
		http_respond_text(c, 410, "text/plain; charset=utf-8", own_headers,
				  "This calendar link was switched off.\n");
		return;
	}
	http_respond_document(c, "text/calendar; charset=utf-8",
			      k->feed[0] != 0 ? own_headers : public_headers, k->body, NULL,
			      k->etag, k->last_modified);
	if (k->feed[0] != 0 && k->state == FEEDS_LIVE)
		feeds_fetched(k->feed, c->http->agent, k->release);
}

/* One calendar on its way: outlives the connections that wait for it. */
struct making {
	struct feeds_job job;
	struct kept_calendar *kept;
};

static void take(struct kept_calendar *k, const struct request *rq, struct feeds_job *job)
{
	int64_t valid_s = job->valid_s < 1 ? 1 : job->valid_s;

	if (valid_s > VALID_MOST_S)
		valid_s = VALID_MOST_S;
	k->state = job->state;
	memcpy(k->feed, job->feed, UUID_SIZE);
	kept_whose(k, job->of_conference, job->person);
	k->release = job->release;
	k->last_modified = rq->last_modified;
	k->until_ms = clock_ms() + (uint64_t)valid_s * 1000;
	k->known = true;
	if (!job->same)
		kept_set_body(k, rq->etag, job->bytes.bytes, job->bytes.size);
}

static void answer_all(struct kept_calendar *k, fault f)
{
	struct calendar_waiting *w = k->waiting;

	k->waiting = NULL;
	while (w != NULL) {
		struct calendar_waiting *next = w->next;
		struct conn *c = conn_find(w->conn);

		/* When the database is away, what we last knew is better than nothing. */
		if (c != NULL && c->http != NULL &&
		    (f == OK || (f->kind == FAULT_BUSY && k->known)))
			respond(c, k);
		else if (c != NULL && c->http != NULL && f == &fault_not_found)
			not_found(c);
		else if (c != NULL && c->http != NULL)
			http_respond_fault(c, 0, f, RETRY_MS);
		free(w);
		w = next;
	}
}

static void made(struct request *rq)
{
	struct making *making = rq->end_data;
	struct kept_calendar *k = making->kept;
	fault f = rq->fault;

	k->asked = false;
	if (f == OK)
		take(k, rq, &making->job);
	buffer_finish(&making->job.bytes);
	request_destroy(rq);
	answer_all(k, f);
	if (!k->known || f == &fault_not_found)
		kept_drop(k);
}

static void make(struct kept_calendar *k, const char *conference, const struct address *address,
		 const char *path)
{
	struct request *rq = request_create(ARENA);
	struct making *making = arena_alloc(rq->arena, sizeof(*making));
	struct feeds_job *job = &making->job;
	fault f;

	making->kept = k;
	rq->end = made;
	rq->end_data = making;
	rq->params = job;
	if (address->scope == NULL)
		job->hash = sha256_bytea(rq->arena, address->token, strlen(address->token));
	else
		job->conference = arena_strdup(rq->arena, conference);
	job->scope = address->scope;
	job->subject = address->subject[0] != 0 ? arena_strdup(rq->arena, address->subject) : NULL;
	job->path = arena_strdup(rq->arena, path);
	job->have = k->body != NULL ? arena_strdup(rq->arena, k->etag) : NULL;
	kept_asked(k);
	f = feeds_render(rq);
	if (f != OK)
		request_finish(rq, f);
}

/* A public one whose conference is being looked up. */
struct wish {
	uint64_t conn;
	char key[KEPT_KEY_SIZE];
	char path[PATH_SIZE];
};

static void wait_for(struct kept_calendar *k, uint64_t conn)
{
	struct calendar_waiting *w = xcalloc(1, sizeof(*w));

	w->conn = conn;
	w->next = k->waiting;
	k->waiting = w;
}

static void conference_found(fault f, const char *id, const char *slug, void *data)
{
	struct wish *wish = data;
	struct conn *c = conn_find(wish->conn);
	struct address address;
	struct kept_calendar *k;

	(void)slug;
	if (c != NULL && c->http != NULL && f == OK) {
		read_address(wish->path, &address);
		k = kept_find(wish->key, true);
		wait_for(k, wish->conn);
		if (!k->asked)
			make(k, id, &address, wish->path);
	} else if (c != NULL && c->http != NULL && f == &fault_not_found) {
		not_found(c);
	} else if (c != NULL && c->http != NULL) {
		http_respond_fault(c, 0, f, RETRY_MS);
	}
	free(wish);
}

static void want_public(struct conn *c, const char *slug, const char *path)
{
	struct wish *wish;
	char key[KEPT_KEY_SIZE];
	struct kept_calendar *k;

	snprintf(key, sizeof(key), "%.47s|%.60s", slug, path);
	k = kept_find(key, false);
	if (k != NULL && kept_fresh(k)) {
		respond(c, k);
		return;
	}
	wish = xcalloc(1, sizeof(*wish));
	wish->conn = c->id;
	memcpy(wish->key, key, sizeof(key));
	snprintf(wish->path, sizeof(wish->path), "%s", path);
	conference_of(slug, conference_found, wish);
}

static void copy_agent(struct conn *c)
{
	if (lws_hdr_copy(c->wsi, c->http->agent, sizeof(c->http->agent),
			 WSI_TOKEN_HTTP_USER_AGENT) < 0)
		c->http->agent[0] = 0;
}

/*
 * A token that nobody has and one that is no token at all take the same way: hashed, looked up, not
 * found. Whoever tries many is slowed down by address.
 */
static void want_own(struct conn *c, const struct address *address, const char *path)
{
	struct arena *arena = arena_create(4096);
	char key[KEPT_KEY_SIZE], owner[60];
	struct kept_calendar *k;
	int64_t wait_ms = 0;
	bool may;

	snprintf(key, sizeof(key), "%s",
		 sha256_bytea(arena, address->token, strlen(address->token)));
	arena_destroy(arena);
	k = kept_find(key, false);
	if (k != NULL) {
		may = limit_take_feed(key, &wait_ms);
	} else {
		snprintf(owner, sizeof(owner), "calendar:%s", c->address);
		may = limit_take(owner, RATE_READ, &wait_ms);
	}
	if (!may) {
		http_respond_fault(c, 429, &fault_rate, wait_ms);
		return;
	}
	copy_agent(c);
	if (k != NULL && kept_fresh(k)) {
		respond(c, k);
		return;
	}
	k = kept_find(key, true);
	wait_for(k, c->id);
	if (!k->asked)
		make(k, NULL, address, path);
}

bool calendar_respond(struct conn *c, const char *slug, const char *path)
{
	struct address address;

	if (!read_address(path, &address))
		return false;
	if (address.scope == NULL)
		want_own(c, &address, path);
	else
		want_public(c, slug, path);
	return true;
}

static void told(struct request *rq)
{
	request_destroy(rq);
}

void calendar_job(void)
{
	static unsigned count;
	struct request *rq;
	fault f = OK;

	if (++count % TOLD_EVERY != 0)
		return;
	rq = request_create(4 << 20);
	rq->end = told;
	if (!feeds_told(rq, &f))
		request_destroy(rq);
	else if (f != OK)
		request_finish(rq, f);
}

void calendar_stop(void)
{
	kept_forget(true);
	feeds_stop();
}
