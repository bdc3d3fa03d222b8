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

static inline const char *asked(const struct hall *h, const struct caller *who, const char *text)
{
	const char *id = call_uuid();

	assert_null(call_method("qa.ask", ask_params(id, h->talk, text), who).fault);
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
