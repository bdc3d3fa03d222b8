/* tests/services: what the tests of the selection share: a conference two months ahead with a call
 * behind it, short ways to stage and to look. */
#ifndef TESTS_SELECTION_H
#define TESTS_SELECTION_H

#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct committee {
	const char *conference;
	struct caller anna, ben;
	/* A session of short talks in the programme that people see, with its slot. */
	const char *session, *slot;
};

static inline int count(const char *query)
{
	return atoi(call_sql("%s", query));
}

static inline json_t *good(struct call_result r)
{
	if (r.fault != NULL)
		fail_msg("fault %s, field %s, current %s", r.fault, r.field, r.current);
	assert_non_null(r.json);
	return r.json;
}

static inline void assert_fault(struct call_result r, const char *code)
{
	if (r.fault == NULL)
		fail_msg("expected %s, got %s", code, r.text);
	assert_string_equal(r.fault, code);
}

static inline json_t *at(const json_t *json, const char *member)
{
	return json_object_get(json, member);
}

static inline int int_at(const json_t *json, const char *member)
{
	return (int)json_integer_value(at(json, member));
}

static inline const char *text_at(const json_t *json, const char *member)
{
	const char *s = json_string_value(at(json, member));

	return s != NULL ? s : "";
}

/* members: JSON members without braces. */
static inline struct call_result decide(const char *method, const struct caller *who,
					const char *members)
{
	return call_method(
	    method, call_text("{%s%s\"key\":\"%s\"}", members, *members ? "," : "", call_uuid()),
	    who);
}

static inline const char *short_session(const struct committee *c, const char *title, int places)
{
	return call_sql(
	    "insert into session (conference, guid, number, title, places) values ('%s', "
	    "gen_random_uuid(), (select coalesce(max(number), 0) + 1 from session where conference "
	    "= '%s'), '%s', %d) returning id",
	    c->conference, c->conference, title, places);
}

static inline struct committee committee_make(int places)
{
	static int n;
	struct committee c = {.conference = call_conference(call_text("selection-%d", ++n))};

	call_sql("update conference set starts = starts + 60, ends = ends + 60 where id = '%s'",
		 c.conference);
	c.anna = call_person(c.conference, "Anna Chair", ROLE_ORGANISER);
	c.ben = call_person(c.conference, "Ben Chair", ROLE_ORGANISER);
	c.session = short_session(&c, "Short talks: Genomics", places);
	c.slot = call_sql("with r as (insert into room (conference, guid, name) values ('%s', 'a', "
			  "'Auditorium') returning id) insert into slot (conference, session, "
			  "room, starts, ends) select '%s', '%s', r.id, now() + '60 days', now() + "
			  "'60 days 1 hour' from r returning id",
			  c.conference, c.conference, c.session);
	good(decide("release.publish", &c.anna, ""));
	return c;
}

/* Submitted abstracts with the numbers from…to, each by a person of its own who presents. */
static inline void offer(const struct committee *c, int from, int to)
{
	call_sql("with p as (insert into person (conference, email, name) select '%s', 'author' || "
		 "n || '@example.org', 'Author ' || n from generate_series(%d, %d) n returning id, "
		 "conference, email, name), a as (insert into abstract (conference, person, "
		 "number, title, body, state, received) select conference, id, substr(name, "
		 "8)::int, 'On ' || name, 'Body', 'submitted', now() from p returning id, "
		 "conference, person) insert into abstract_author (conference, abstract, ord, "
		 "name, email, presents) select a.conference, a.id, 1, p.name, p.email, true from "
		 "a join p on p.id = a.person",
		 c->conference, from, to);
}

static inline const char *abstract_of(const struct committee *c, int number)
{
	return call_sql("select id from abstract where conference = '%s' and number = %d",
			c->conference, number);
}

/* more: members besides the abstract, from the version it has: ,"outcome":… */
static inline const char *staging(const struct committee *c, int number, const char *more)
{
	return call_text(
	    "\"abstract\":\"%s\",\"expect_version\":%s%s", abstract_of(c, number),
	    call_sql("select coalesce((select version from decision where abstract = '%s'), 0)",
		     abstract_of(c, number)),
	    more);
}

static inline const char *as_talk(const struct committee *c)
{
	return call_text(",\"outcome\":\"talk\",\"session\":\"%s\"", c->session);
}

static inline struct call_result stage(const struct committee *c, int number, const char *more)
{
	return decide("decision.stage", &c->anna, staging(c, number, more));
}

static inline const char *hash_of(const struct committee *c)
{
	return text_at(good(call_method("decision.preview", "{}", &c->anna)), "hash");
}

static inline json_t *apply(const struct committee *c)
{
	return good(decide("decision.apply", &c->anna, call_text("\"expect\":\"%s\"", hash_of(c))));
}

static inline json_t *board(const struct committee *c)
{
	return good(call_method("decision.board", "{}", &c->anna));
}

static inline json_t *row_of(json_t *doc, int number)
{
	json_t *one;
	size_t i;

	json_array_foreach(at(doc, "abstracts"), i,
			   one) if (int_at(one, "number") == number) return one;
	return NULL;
}

static inline const char *outcome_of(const struct committee *c, int number)
{
	return call_sql("select coalesce(outcome, 'none') from abstract where id = '%s'",
			abstract_of(c, number));
}

static inline int mails(const struct committee *c, const char *kind)
{
	return count(
	    call_text("select count(*) from outbox where conference = '%s' and kind = '%s'",
		      c->conference, kind));
}

/* What people see of the session: its talks' titles, one behind the other. */
static inline const char *programme_of(const struct committee *c)
{
	return call_sql("select coalesce(string_agg(t ->> 'title', ' | '), '') from published p, "
			"jsonb_array_elements(p.content -> 'talks') t where p.slot = '%s'",
			c->slot);
}

#endif
