/* tests/services: a session of four short talks in one hour, two who stand by, and those who run
 * it. */
#ifndef TESTS_BOARD_SUPPORT_H
#define TESTS_BOARD_SUPPORT_H

#include "tests/services/schedule_support.h"

enum { TALKS = 4, STANDBY = 2 };

static struct {
	const char *conference, *hall, *session, *slot, *after, *list;
	const char *talk[TALKS], *abstract[STANDBY];
	struct caller speaker[TALKS], standby[STANDBY];
	struct caller organiser, moderator, chair, attendee;
} b;

static inline void clock_at(const char *time)
{
	call_sql("update conference set clock_offset = '2021-05-02T%sZ'::timestamptz - now() where "
		 "id = '%s'",
		 time, b.conference);
}

static inline const char *made_session(const char *title, int number)
{
	return call_sql("insert into session (conference, guid, number, title) values ('%s', "
			"gen_random_uuid(), %d, '%s') returning id",
			b.conference, number, title);
}

static inline const char *made_slot(const char *session, const char *start, const char *end)
{
	return call_sql("insert into slot (conference, session, room, starts, ends) values ('%s', "
			"'%s', '%s', '2021-05-02T%s:00Z', '2021-05-02T%s:00Z') returning id",
			b.conference, session, b.hall, start, end);
}

static inline const char *made_abstract(int n)
{
	const char *person = b.standby[n].person;
	const char *abstract =
	    call_sql("insert into abstract (conference, number, person, title, state, received, "
		     "outcome, rank, session, decided) values ('%s', %d, '%s', 'Standby %d', "
		     "'submitted', now(), 'standby', %d, '%s', now()) returning id",
		     b.conference, n + 1, person, n + 1, n + 1, b.session);

	call_sql("insert into abstract_author (conference, abstract, ord, name, email, presents) "
		 "select '%s', '%s', 1, p.name, p.email, true from person p where p.id = '%s'",
		 b.conference, abstract, person);
	return abstract;
}

static inline void made_talk(int n)
{
	static const char *const names[TALKS] = {"Ada One", "Bo Two", "Cai Three", "Dea Four"};

	b.speaker[n] = call_person(b.conference, names[n], ROLE_SPEAKER);
	b.talk[n] = call_sql("insert into talk (conference, session, ord, title) values ('%s', "
			     "'%s', %d, 'Talk %d') returning id",
			     b.conference, b.session, n + 1, n + 1);
	call_sql("with s as (insert into speaker (conference, guid, name, person) values ('%s', "
		 "'%s', '%s', '%s') returning id) insert into talk_speaker (talk, speaker, ord) "
		 "select '%s', id, 1 from s",
		 b.conference, names[n], names[n], b.speaker[n].person, b.talk[n]);
}

/* 08:00–09:00 the short talks, 09:00–09:30 what comes after them in the same hall. */
static inline int fresh(void **state)
{
	static int n;

	(void)state;
	b.conference = call_conference(call_text("board-%d", ++n));
	call_sql("update conference set starts = '2021-05-02', ends = '2021-05-02' where id = '%s'",
		 b.conference);
	clock_at("06:00:00");
	b.hall = call_sql(
	    "insert into room (conference, guid, name) values ('%s', 'hall', 'Hall') returning id",
	    b.conference);
	b.organiser = call_person(b.conference, "Ole Organiser", ROLE_ORGANISER);
	b.moderator = call_person(b.conference, "Mona Moderator", ROLE_MODERATOR);
	b.attendee = call_person(b.conference, "Ann Attendee", ROLE_ATTENDEE);
	b.session = made_session("Short talks", 1);
	for (int i = 0; i < TALKS; i++)
		made_talk(i);
	b.slot = made_slot(b.session, "08:00", "09:00");
	b.after = made_slot(made_session("After", 2), "09:00", "09:30");
	b.standby[0] = call_person(b.conference, "Eva First", ROLE_ATTENDEE);
	b.standby[1] = call_person(b.conference, "Finn Second", ROLE_ATTENDEE);
	for (int i = 0; i < STANDBY; i++)
		b.abstract[i] = made_abstract(i);
	b.list = call_sql(
	    "insert into checkin_list (conference, name) values ('%s', 'Door') returning id",
	    b.conference);
	memset(&b.chair, 0, sizeof b.chair);
	b.chair.roles = ROLE_CHAIR;
	snprintf(b.chair.conference, UUID_SIZE, "%s", b.conference);
	snprintf(b.chair.station, UUID_SIZE, "%s",
		 call_sql("insert into station (conference, name, kind, session) values ('%s', "
			  "'Chair', 'chair', '%s') returning id",
			  b.conference, b.session));
	good(call_method("release.publish", call_text("{\"key\":\"%s\"}", call_uuid()),
			 &b.organiser));
	return 0;
}

static inline struct call_result act(const char *method, const struct caller *who,
				     const char *params)
{
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", params, call_uuid()), who);
}

static inline struct call_result on_talk(const char *method, int n, const char *more)
{
	return act(method, &b.chair, call_text("\"talk\":\"%s\"%s", b.talk[n], more));
}

static inline json_t *board(void)
{
	return good(
	    call_method("talk.board", call_text("{\"session\":\"%s\"}", b.session), &b.moderator));
}

static inline json_t *talk_on(json_t *doc, const char *talk)
{
	return find(at(doc, "talks"), "id", talk);
}

static inline const char *state_of(int n)
{
	return text_at(talk_on(board(), b.talk[n]), "state");
}

/* "08:15" of what is expected, or planned. */
static inline const char *starts_at(const char *talk, const char *which)
{
	const char *s = text_at(at(talk_on(board(), talk), which), "start");

	return strlen(s) > 16 ? call_text("%.5s", s + 11) : "";
}

static inline int events(const char *channel, const char *type)
{
	return atoi(call_sql(
	    "select count(*) from channel_event e join channel c on c.id = e.channel where "
	    "c.conference = '%s' and c.name = '%s' and e.type = '%s'",
	    b.conference, channel, type));
}

static inline const char *board_channel(void)
{
	return call_text("board:%s:mod", b.session);
}

static inline void let_in(const char *person)
{
	call_sql(
	    "with s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, at) "
	    "values (gen_random_uuid(), '%s', '%s', '%s', '%s', '\\x00', plenum_now('%s')) "
	    "returning *) insert into admission (conference, list, person, scan, at) select "
	    "conference, list, person, scan_id, at from s",
	    b.conference, b.list, b.organiser.person, person, b.conference);
}

/* The work of that kind, if it is there for that subject, as the worker would do it. */
static inline int due(const char *kind, const char *subject)
{
	int n = atoi(call_sql("with d as (delete from due where conference = '%s' and kind = '%s' "
			      "and subject = '%s' returning 1) select count(*) from d",
			      b.conference, kind, subject));

	if (n > 0)
		call_sql("select due_%s('%s', '%s')", kind, b.conference, subject);
	return n;
}

#endif
