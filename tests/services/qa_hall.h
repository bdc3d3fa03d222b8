/* tests/services: a hall with a talk, people who ask and a moderator; short forms of the calls on
 * questions. */
#ifndef TESTS_QA_HALL_H
#define TESTS_QA_HALL_H

#include "services/core/service.h"
#include "tests/support/call.h"

#include <jansson.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A conference at 09:00 on 2 May 2021; one room, two talks of one session from 09:00 to 10:00. */
struct hall {
	const char *conference, *room, *session, *slot, *talk, *other_talk;
	struct caller ann, bob, mod;
};

static int halls;

static inline void clock_at(const struct hall *h, const char *at)
{
	call_sql("update conference set clock_offset = timestamptz '%s' - now() where id = '%s'",
		 at, h->conference);
}

static inline struct hall hall_make(void)
{
	struct hall h;
	const char *c = call_conference(call_text("qa-%d", halls++));

	h.conference = c;
	clock_at(&h, "2021-05-02T09:00:00+02:00");
	h.room = call_sql("insert into room (conference, guid, name) values ('%s', 'r', 'Hall') "
			  "returning id",
			  c);
	h.session = call_sql("insert into session (conference, guid, number, title) values ('%s', "
			     "gen_random_uuid(), 1, 'S') returning id",
			     c);
	h.talk =
	    call_sql("insert into talk (conference, session, ord, title) values ('%s', '%s', 1, "
		     "'One') returning id",
		     c, h.session);
	h.other_talk = call_sql("insert into talk (conference, session, ord, title) values ('%s', "
				"'%s', 2, 'Two') returning id",
				c, h.session);
	h.slot =
	    call_sql("insert into slot (conference, session, room, starts, ends) values ('%s', "
		     "'%s', '%s', '2021-05-02T09:00+02', '2021-05-02T10:00+02') returning id",
		     c, h.session, h.room);
	call_sql("insert into published (slot, conference, session, room, during, cancelled, "
		 "overlap_ok, version, content) select id, conference, session, room, "
		 "tstzrange(starts, ends), false, false, 1, '{}' from slot where id = '%s'",
		 h.slot);
	h.ann = call_person(c, "Ann Asker", ROLE_ATTENDEE);
	h.bob = call_person(c, "Bob Other", ROLE_ATTENDEE);
	h.mod = call_person(c, "Mo Derator", ROLE_MODERATOR);
	return h;
}

static inline const char *ask_params(const char *question, const char *talk, const char *text)
{
	return call_text("{\"question\":\"%s\",\"talk\":\"%s\",\"text\":\"%s\"}", question, talk,
			 text);
}

/* What was asked so far was asked a minute ago: a person may ask again. */
static inline void a_minute_later(const struct hall *h)
{
	call_sql("update question set created = created - interval '1 minute' where conference = "
		 "'%s'",
		 h->conference);
}

static inline const char *asked(const struct hall *h, const struct caller *who, const char *text)
{
	const char *id = call_uuid();

	assert_null(call_method("qa.ask", ask_params(id, h->talk, text), who).fault);
	a_minute_later(h);
	return id;
}

/* A question of Ann's in any state, led there by the steps that the database allows. A merged one
 * has a head of its own. */
static inline const char *put(const struct hall *h, const char *state)
{
	static const struct {
		const char *state, *steps;
	} ways[] = {{"pending", ""},	{"approved", "a"},  {"on_stage", "as"}, {"answered", "an"},
		    {"dismissed", "d"}, {"withdrawn", "w"}, {"merged", "am"},	{"archived", "ar"}};
	const char *id = call_uuid(), *head = call_uuid();
	size_t way = 0;

	call_sql("insert into question (id, conference, talk, person, text, asked_at) select i, "
		 "'%s', '%s', '%s', i::text, now() from unnest('{%s,%s}'::uuid[]) i",
		 h->conference, h->talk, h->ann.person, id, head);
	call_sql("update question set state = 'approved', version = 2 where id = '%s'", head);
	while (strcmp(ways[way].state, state) != 0)
		way++;
	for (const char *s = ways[way].steps; *s != 0; s++) {
		if (*s == 's')
			call_sql("update question set state = 'answered', stage_room = null, "
				 "version = version + 1 where stage_room = '%s'",
				 h->room);
		call_sql("update question set version = version + 1, %s where id = '%s'",
			 *s == 'a'   ? "state = 'approved', first_visible_at = now()"
			 : *s == 's' ? call_text("state = 'on_stage', stage_room = '%s'", h->room)
			 : *s == 'n' ? "state = 'answered'"
			 : *s == 'd' ? "state = 'dismissed'"
			 : *s == 'w' ? "state = 'withdrawn'"
			 : *s == 'm' ? call_text("state = 'merged', prev_state = 'approved', "
						 "merged_into = '%s'",
						 head)
				     : "state = 'archived', prev_state = 'approved'",
			 id);
	}
	return id;
}

static inline const char *move_params(const char *question, int version, const char *key)
{
	return call_text("{\"question\":\"%s\",\"expect_version\":%d,\"key\":\"%s\"}", question,
			 version, key);
}

static inline struct call_result move(const char *method, const char *question, int version,
				      const struct caller *who)
{
	return call_method(method, move_params(question, version, call_uuid()), who);
}

static inline const char *member(const struct call_result *r, const char *name)
{
	return r->json != NULL ? json_string_value(json_object_get(r->json, name)) : NULL;
}

static inline int64_t number(const struct call_result *r, const char *name)
{
	return r->json != NULL ? json_integer_value(json_object_get(r->json, name)) : -1;
}

static inline void assert_fault(const struct call_result *r, const char *code)
{
	if (r->fault == NULL)
		fail_msg("expected %s, got %s", code, r->text);
	assert_string_equal(r->fault, code);
}

static inline void assert_fine(const struct call_result *r)
{
	if (r->fault != NULL)
		fail_msg("expected a reply, got %s", r->fault);
}

static inline json_t *seen_by(const struct hall *h, const struct caller *who)
{
	struct call_result r = call_method("qa.list", call_text("{\"talk\":\"%s\"}", h->talk), who);

	assert_fine(&r);
	return json_object_get(r.json, "questions");
}

static inline json_t *as_moderators_see(const struct hall *h, const char *question)
{
	json_t *all = json_object_get(
	    json_object_get(call_snapshot("talk", "mod", h->conference, h->talk), "snapshot"),
	    "questions");
	json_t *q;
	size_t i;

	json_array_foreach(all, i, q) if (strcmp(json_string_value(json_object_get(q, "id")),
						 question) == 0) return q;
	fail_msg("moderators do not see %s", question);
	return NULL;
}

#define count(...) atoi(call_sql(__VA_ARGS__))

static inline const char *vote_params(const char *question, int value, int64_t seq)
{
	return call_text("{\"question\":\"%s\",\"value\":%d,\"seq\":%lld}", question, value,
			 (long long)seq);
}

static inline int run(const struct CMUnitTest *tests, size_t n)
{
	int failed;

	if (!call_start()) {
		puts("PLENUM_TEST_DSN is not set");
		return 1;
	}
	failed = _cmocka_run_group_tests("qa", tests, n, NULL, NULL);
	call_stop();
	return failed;
}

#endif
