/* gateway: documents, cached. */
#include "gateway/document.h"
#include "gateway/conference.h"
#include "gateway/dispatch.h"
#include "gateway/http.h"
#include "gateway/metrics.h"
#include "services/core/clock.h"
#include "services/core/service.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { KEPT_MAX = 64, ARENA = 128 << 20, STALE_RETRY_MS = 200 };

static const char no_extra[] = "cache-control: public, max-age=5\r\n";

/* One document of one conference. Freed only when nobody waits and others need the place. */
struct kept {
	struct kept *next; /* documents */
	char conference[UUID_SIZE];
	const struct document *document; /* NULL: the result of schedule.get */
	struct payload *body, *gz;
	char *etag, *content_type;
	int64_t last_modified, position, schedule_head;
	uint64_t made_ms, used_ms;
	bool stale, asked, moved_since_asked;
	struct waiting *waiting;
};

struct waiting {
	struct waiting *next; /* kept.waiting */
	uint64_t conn;
	int64_t position; /* the one in the address, -1: any */
};

static struct kept *documents;

void document_forget(const char *conference)
{
	for (struct kept *k = documents; k != NULL; k = k->next)
		if (conference == NULL || strcmp(k->conference, conference) == 0)
			k->stale = k->moved_since_asked = true;
}

void document_moved(const char *conference, int64_t head)
{
	for (struct kept *k = documents; k != NULL; k = k->next) {
		if (head > k->schedule_head && strcmp(k->conference, conference) == 0) {
			k->schedule_head = head;
			k->stale = k->moved_since_asked = true;
		}
	}
}

static bool fresh(const struct kept *k)
{
	int max_age = k->document != NULL ? k->document->max_age_ms : 0;

	return k->body != NULL && !k->stale &&
	       (max_age == 0 || clock_ms() - k->made_ms < (uint64_t)max_age);
}

/* Room for one more by letting the one used longest ago go. */
static void make_room(void)
{
	struct kept **oldest = NULL;
	int n = 0;

	for (struct kept **at = &documents; *at != NULL; at = &(*at)->next, n++)
		if (!(*at)->asked && (oldest == NULL || (*at)->used_ms < (*oldest)->used_ms))
			oldest = at;
	if (n >= KEPT_MAX && oldest != NULL) {
		struct kept *gone = *oldest;

		*oldest = gone->next;
		payload_unref(gone->body);
		payload_unref(gone->gz);
		free(gone->etag);
		free(gone->content_type);
		free(gone);
	}
}

static struct kept *kept_of(const char *conference, const struct document *document)
{
	struct kept *k;

	for (k = documents; k != NULL; k = k->next)
		if (k->document == document && strcmp(k->conference, conference) == 0)
			return k;
	make_room();
	k = xcalloc(1, sizeof(*k));
	memcpy(k->conference, conference, UUID_SIZE);
	k->document = document;
	k->stale = true;
	k->next = documents;
	documents = k;
	return k;
}

static void respond(struct conn *c, const struct kept *k, int64_t position)
{
	const char *headers = k->document != NULL && k->document->extra_headers != NULL
				  ? k->document->extra_headers
				  : no_extra;

	if (k->document == NULL)
		/* Another position than the address names: true now, but nothing to keep under that
		 * name. */
		headers = position == k->position
			      ? "cache-control: public, max-age=31536000, immutable\r\n"
			      : "cache-control: no-store\r\n";
	http_respond_document(c, k->content_type, headers, k->body, k->gz, k->etag,
			      k->last_modified);
}

static struct payload *zipped(const char *bytes, size_t size)
{
	z_stream z = {0};
	struct payload *p;

	if (deflateInit2(&z, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	p = payload_create(deflateBound(&z, size));
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (unsigned)size;
	z.next_out = payload_text(p);
	z.avail_out = p->size;
	deflate(&z, Z_FINISH);
	p->size = (uint32_t)z.total_out;
	deflateEnd(&z);
	return p;
}

static char *own(const char *text, const char *otherwise)
{
	return xstrdup(text != NULL ? text : otherwise);
}

static void keep(struct kept *k, const struct request *rq)
{
	const char *at;
	char etag[40];

	payload_unref(k->body);
	payload_unref(k->gz);
	free(k->etag);
	free(k->content_type);
	k->body = payload_of(rq->result, rq->result_size);
	k->content_type = own(rq->content_type, "application/json");
	/* Outlook has been seen to refuse compressed calendars: they go as they are. */
	k->gz = strstr(k->content_type, "calendar") == NULL && rq->result_size > 1024
		    ? zipped(rq->result, rq->result_size)
		    : NULL;
	k->last_modified = rq->last_modified;
	k->made_ms = clock_ms();
	k->stale = k->moved_since_asked;
	at = k->document == NULL ? strstr(rq->result, "\"position\"") : NULL;
	k->position = at != NULL ? strtoll(at + 10 + strspn(at + 10, " :"), NULL, 10) : -1;
	snprintf(etag, sizeof(etag), "\"%08lx-%zx\"",
		 crc32(0, (const unsigned char *)rq->result, (unsigned)rq->result_size),
		 rq->result_size);
	k->etag = own(rq->etag, etag);
}

static void rendered(struct request *rq)
{
	struct kept *k = rq->end_data;
	struct waiting *w = k->waiting;
	fault f = rq->fault;

	metric_add(METRIC_DOCUMENT_RENDERS, 1);
	k->asked = false;
	k->waiting = NULL;
	if (f == OK)
		keep(k, rq);
	while (w != NULL) {
		struct waiting *next = w->next;
		struct conn *c = conn_find(w->conn);

		/* When the database is away, what we last knew is better than nothing. */
		if (c != NULL && (f == OK || k->body != NULL))
			respond(c, k, w->position);
		else if (c != NULL)
			http_respond_fault(c, 0, f, STALE_RETRY_MS);
		free(w);
		w = next;
	}
	request_destroy(rq);
}

static void render(struct kept *k)
{
	struct request *rq = request_create(ARENA);
	fault f;

	k->asked = true;
	k->moved_since_asked = false;
	rq->end = rendered;
	rq->end_data = k;
	memcpy(rq->caller.conference, k->conference, UUID_SIZE);
	rq->caller.roles = ROLE_GUEST;
	if (k->document == NULL) {
		dispatch(rq, "schedule.get", NULL, VIA_RPC);
		return;
	}
	f = k->document->run(rq);
	if (f != OK)
		request_finish(rq, f);
	else if (rq->result != NULL)
		request_finish(rq, OK);
}

static void want(struct conn *c, struct kept *k, int64_t position)
{
	struct waiting *w;

	k->used_ms = clock_ms();
	if (fresh(k)) {
		respond(c, k, position);
		return;
	}
	w = xcalloc(1, sizeof(*w));
	w->conn = c->id;
	w->position = position;
	w->next = k->waiting;
	k->waiting = w;
	if (!k->asked)
		render(k);
}

struct wish {
	uint64_t conn;
	const struct document *document;
	int64_t position;
};

static void conference_found(fault f, const char *id, const char *slug, void *data)
{
	struct wish *wish = data;
	struct conn *c = conn_find(wish->conn);

	(void)slug;
	if (c != NULL && f != OK)
		http_respond_fault(c, 0, f, STALE_RETRY_MS);
	else if (c != NULL)
		want(c, kept_of(id, wish->document), wish->position);
	free(wish);
}

static void wish_for(struct conn *c, const char *slug, const struct document *document,
		     int64_t position)
{
	struct wish *wish = xcalloc(1, sizeof(*wish));

	wish->conn = c->id;
	wish->document = document;
	wish->position = position;
	conference_of(slug, conference_found, wish);
}

bool document_respond(struct conn *c, const char *slug, const char *name)
{
	for (int i = 0; services[i] != NULL; i++) {
		for (const struct document *d = services[i]->documents;
		     d != NULL && d->name != NULL; d++) {
			if (strcmp(d->name, name) == 0) {
				wish_for(c, slug, d, -1);
				return true;
			}
		}
	}
	return false;
}

void document_respond_schedule(struct conn *c, const char *slug, const char *position)
{
	wish_for(c, slug, NULL, strtoll(position, NULL, 10));
}
