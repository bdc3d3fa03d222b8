/* tests/services: a conference that takes people in; short forms of the calls. */
#ifndef TESTS_REGISTRATION_HALL_H
#define TESTS_REGISTRATION_HALL_H

#include "tests/services/checkin_door.h"

struct house {
	const char *conference;
	struct caller boss;
};

static int houses;

static inline void clock_to(const struct house *h, const char *at)
{
	call_sql("update conference set clock_offset = timestamptz '%s' - now() where id = '%s'",
		 at, h->conference);
}

static inline struct house house_make(void)
{
	struct house h;

	h.conference = call_conference(call_text("house-%d", houses++));
	call_sql("update conference set starts = '2021-05-02', ends = '2021-05-02' where id = '%s'",
		 h.conference);
	clock_to(&h, "2021-03-20T12:00:00Z");
	h.boss = call_person(h.conference, "Bo Boss", ROLE_ORGANISER);
	return h;
}

/* Somebody with an address and nothing else. */
static inline struct caller somebody(const struct house *h, const char *name)
{
	struct caller who = call_person(h->conference, name, 0);

	call_sql("delete from registration where person = '%s'", who.person);
	who.roles = ROLE_APPLICANT;
	return who;
}

static inline struct call_result keyed_call(const char *method, const struct caller *who,
					    const char *params)
{
	return call_method(
	    method, call_text("{%s%s\"key\":\"%s\"}", params, *params ? "," : "", call_uuid()),
	    who);
}

static inline const char *invite(const struct house *h, const struct caller *who, const char *what,
				 const char *mode, const char *expires)
{
	return call_sql("select invitation_issue('%s', '%s', '%s', null, '%s', %s)", h->conference,
			who->person, what, mode,
			expires != NULL ? call_text("'%s'", expires) : "null");
}

static inline struct call_result accept(const struct caller *who, const char *invitation,
					const char *more)
{
	return keyed_call("invitation.accept", who,
			  call_text("\"invitation\":\"%s\"%s", invitation, more));
}

static inline void seats(const struct house *h, const char *on_site, const char *online)
{
	call_sql("update conference set seats = %s, seats_online = %s where id = '%s'", on_site,
		 online, h->conference);
}

static inline void open_to_all(const struct house *h)
{
	call_sql("insert into registration_setting (conference, open) values ('%s', 'open') on "
		 "conflict on constraint registration_setting_once do update set open = 'open'",
		 h->conference);
}

/* What a worker does when something is due. */
static inline void due_now(const struct house *h)
{
	call_sql("select due_invitation('%s', '')", h->conference);
}

static inline int mails(const struct caller *who, const char *kind)
{
	return count("select count(*) from outbox where person = '%s' and kind = '%s'", who->person,
		     kind);
}

static inline void worked(const struct call_result *r)
{
	if (r->fault != NULL)
		fail_msg("%s %s %s", r->fault, r->field != NULL ? r->field : "",
			 r->current != NULL ? r->current : "");
}

static inline void refused(const struct call_result *r, const char *fault_name)
{
	if (r->fault == NULL)
		fail_msg("expected %s, got %s", fault_name, r->text);
	assert_string_equal(r->fault, fault_name);
}

#endif
