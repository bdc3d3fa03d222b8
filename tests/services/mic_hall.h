/* tests/services: a hall with a queue at its microphones; short forms of the calls on it. */
#ifndef TESTS_MIC_HALL_H
#define TESTS_MIC_HALL_H

#include "tests/services/qa_hall.h"

enum { LIVE_MAX = 300 };

static inline struct caller online(const struct hall *h, const char *name)
{
	struct caller who = call_person(h->conference, name, ROLE_ATTENDEE);

	call_sql("update person set mode = 'online' where id = '%s'", who.person);
	snprintf(who.mode, sizeof(who.mode), "online");
	return who;
}

/* The hall's clock is within the session: the microphones are open. The moderator may act. */
static inline struct hall mic_make(void)
{
	struct hall h = hall_make();

	call_sql("insert into role_grant (conference, person, role) values ('%s', '%s', "
		 "'moderator') on conflict do nothing",
		 h.conference, h.mod.person);
	return h;
}

static inline struct call_result join(const struct hall *h, const struct caller *who)
{
	return call_method("mic.join", call_text("{\"talk\":\"%s\"}", h->talk), who);
}

static inline const char *joined(const struct hall *h, const struct caller *who)
{
	struct call_result r = join(h, who);

	assert_fine(&r);
	return member(&r, "entry");
}

static inline struct call_result step(const char *command, const char *entry, int version,
				      const struct caller *who)
{
	return call_method(call_text("mic.%s", command),
			   call_text("{\"entry\":\"%s\",\"expect_version\":%d,\"key\":\"%s\"}",
				     entry, version, call_uuid()),
			   who);
}

static inline struct call_result next_one(const struct hall *h, int version)
{
	return call_method("mic.next",
			   call_text("{\"session\":\"%s\",\"expect_version\":%d,\"key\":\"%s\"}",
				     h->session, version, call_uuid()),
			   &h->mod);
}

static inline struct call_result in_session(const char *method, const struct hall *h,
					    const struct caller *who)
{
	return call_method(method, call_text("{\"session\":\"%s\"}", h->session), who);
}

static inline struct call_result enter(const struct hall *h, const char *more,
				       const struct caller *who)
{
	return call_method(
	    "mic.enter",
	    call_text("{\"talk\":\"%s\",\"key\":\"%s\",%s}", h->talk, call_uuid(), more), who);
}

static inline const char *state_of(const char *entry)
{
	return call_sql("select state from mic_entry where id = '%s'", entry);
}

static inline void policy(const struct hall *h, const char *name)
{
	call_sql("insert into qa_settings (conference, session, mic_policy) values ('%s', '%s', "
		 "'%s') on conflict on constraint qa_settings_once do update set mic_policy = "
		 "excluded.mic_policy",
		 h->conference, h->session, name);
}

/* Their last word was this many seconds ago. */
static inline void silent(const char *entry, int seconds)
{
	call_sql("update mic_entry set seen = now() - interval '%d s' where id = '%s'", seconds,
		 entry);
}

/* The queue as it stands, "A,B,C" of the names' first letters. */
static inline const char *line(const struct hall *h)
{
	const char *got =
	    call_sql("select string_agg(left(mic_name(e), 1), ',' order by l.place) from "
		     "mic_line_up('%s', '%s') l join mic_entry e on e.id = l.entry",
		     h->conference, h->session);

	return got != NULL ? got : "";
}

static inline const char *mic_own_text(const struct call_result *r, const char *object,
				       const char *name)
{
	return json_string_value(json_object_get(json_object_get(r->json, object), name));
}

/* How often the link, or a part of it, stands in any event, stored reply or audit row. */
static inline int leaks(const struct hall *h, const char *secret)
{
	return count("select (select count(*) from channel_event e join channel c on c.id = "
		     "e.channel where c.conference = '%s' and e.data::text like '%%%s%%') + "
		     "(select count(*) from reply where conference = '%s' and body like "
		     "'%%%s%%') + (select count(*) from audit where conference = '%s' and "
		     "detail::text like '%%%s%%')",
		     h->conference, secret, h->conference, secret, h->conference, secret);
}

#endif
