/* tests/services: what the tests of calendars share: a small conference, calendars as they would be
 * served, single events out of them. */
#ifndef TESTS_FEED_SUPPORT_H
#define TESTS_FEED_SUPPORT_H

#include "services/core/token.h"
#include "services/feeds/feeds.h"
#include "tests/services/schedule_support.h"

static const char *conference;
static struct caller organiser, attendee, other;

struct calendar {
	const char *fault, *text, *etag; /* text "" when the same or gone */
	int64_t modified;
	struct feeds_job job;
};

static inline fault run_job(struct request *rq, void *data)
{
	rq->params = data;
	return feeds_render(rq);
}

static inline struct calendar fetch(struct feeds_job job)
{
	struct calendar c = {.job = job};
	struct call_result r = call_job(run_job, &c.job);

	c.fault = r.fault;
	c.etag = r.etag;
	c.modified = r.last_modified;
	c.text = c.job.bytes.bytes != NULL ? call_text("%s", c.job.bytes.bytes) : "";
	buffer_finish(&c.job.bytes);
	return c;
}

static inline struct calendar public_calendar(const char *scope, const char *subject)
{
	return fetch((struct feeds_job){
	    .conference = conference, .scope = scope, .subject = subject, .path = "/schedule.ics"});
}

/* By the address that feed.create told. */
static inline struct calendar own_calendar(const char *url)
{
	const char *token = strstr(url, "/c/") + 3;
	size_t n = strcspn(token, "/");
	const char *text = arena_strndup(memory, token, n);

	return fetch((struct feeds_job){.hash = sha256_bytea(memory, text, n),
					.path = arena_printf(memory, "/c/%s/schedule.ics", text)});
}

static inline const char *slot_of(int number)
{
	return call_sql("select l.id from slot l join session s on s.id = l.session where "
			"s.conference = '%s' and s.number = %d order by l.starts limit 1",
			conference, number);
}

static inline void publish(void)
{
	good(
	    call_method("release.publish", call_text("{\"key\":\"%s\"}", call_uuid()), &organiser));
}

/* more: further parameters, each with a comma before it. */
static inline struct call_result create(const char *scope, const char *more)
{
	return call_method("feed.create",
			   call_text("{\"label\":\"Phone\",\"scope\":\"%s\"%s,\"key\":\"%s\"}",
				     scope, more, call_uuid()),
			   &attendee);
}

/* The lines of one slot's event, "" when it is not there. */
static inline const char *event_of(const struct calendar *c, const char *slot)
{
	const char *at = strstr(c->text, call_text("\r\nUID:%s@", slot)), *end;

	if (at == NULL)
		return "";
	end = strstr(at, "END:VEVENT");
	return call_text("%.*s", (int)(end - at), at);
}

static inline const char *line_of(const char *event, const char *name)
{
	const char *at = strstr(event, call_text("\r\n%s:", name));

	if (at == NULL)
		return "";
	at += strlen(name) + 3;
	return call_text("%.*s", (int)strcspn(at, "\r"), at);
}

static inline int sequence_of(const struct calendar *c, const char *slot)
{
	return atoi(line_of(event_of(c, slot), "SEQUENCE"));
}

static inline int events_in(const struct calendar *c)
{
	int n = 0;

	for (const char *at = c->text; (at = strstr(at, "BEGIN:VEVENT")) != NULL; at++)
		n++;
	return n;
}

static inline void clock_at(const char *instant)
{
	call_sql("update conference set clock_offset = '%s'::timestamptz - now() where id = '%s'",
		 instant, conference);
}

static inline int fresh(void **state)
{
	static int n;
	const char *slug = call_text("calendar-%d", ++n);

	(void)state;
	feeds_start("https://plenum.example");
	conference = text_at(good(import_fixture("small.json", slug, "")), "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	attendee = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	other = call_person(conference, "Otto Other", ROLE_ATTENDEE);
	clock_at("2021-05-01T06:00:00Z");
	return 0;
}

#endif
