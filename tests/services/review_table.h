/* tests/services: a conference with topics, abstracts and reviewers: made by SQL and short calls.
 */
#ifndef TESTS_REVIEW_TABLE_H
#define TESTS_REVIEW_TABLE_H

#include "tests/services/schedule_support.h"

static const char *conference, *physics, *poetry;
static struct caller organiser;

static inline struct call_result told(const char *method, const char *members,
				      const struct caller *who)
{
	return call_method(
	    method, call_text("{%s%s\"key\":\"%s\"}", members, *members ? "," : "", call_uuid()),
	    who);
}

static inline const char *topic(const char *name)
{
	return call_sql(
	    "insert into track (conference, name, slug) values ('%s', '%s', lower('%s')) "
	    "returning id",
	    conference, name, name);
}

static inline int table(void **state)
{
	static int n;

	(void)state;
	conference = call_conference(call_text("review-%d", ++n));
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	physics = topic("Physics");
	poetry = topic("Poetry");
	return 0;
}

/* A submitted abstract of one author, who has no account. */
static inline const char *offered(const char *track, const char *author, const char *affiliation)
{
	static int numbers;
	int number = ++numbers;
	const char *id = call_sql(
	    "insert into abstract (conference, number, person, title, body, redacted, state, "
	    "received) "
	    "select '%s', %d, p.id, 'Title %d', 'We of the clinic say', 'We say', "
	    "'submitted', now() from person p where p.conference = '%s' and p.email = "
	    "'office@example.org' returning id",
	    conference, number, number, conference);

	(void)call_sql("insert into abstract_author (conference, abstract, ord, name, affiliation, "
		       "email, presents) values ('%s', '%s', 1, '%s', '%s', "
		       "lower(replace('%s', ' ', '.')) || '@authors.example', true) returning id",
		       conference, id, author, affiliation, author);
	if (track != NULL)
		call_sql(
		    "insert into abstract_track (abstract, track) values ('%s', '%s') returning "
		    "abstract",
		    id, track);
	return id;
}

/* The office, in whose name abstracts stand that came by mail. */
static inline void office(void)
{
	call_sql("insert into person (conference, email, name) values ('%s', 'office@example.org', "
		 "'The Office') returning id",
		 conference);
}

/* tracks: JSON. more: members behind them, with a comma before. */
static inline struct caller reviewer_of(const char *name, const char *tracks, const char *more)
{
	struct caller who = call_person(conference, name, ROLE_REVIEWER);

	good(told("reviewer.save",
		  call_text("\"person\":\"%s\",\"tracks\":%s%s", who.person, tracks, more),
		  &organiser));
	return who;
}

static inline struct call_result setup_saved(const char *criteria, const char *blind, int version)
{
	return told("review.setup",
		    call_text("\"criteria\":%s,\"blind\":%s,\"per_abstract\":2,\"until\":"
			      "\"2999-01-01T12:00\",\"expect_version\":%d",
			      criteria, blind, version),
		    &organiser);
}

/* The n-th criterion's id, from 1. */
static inline const char *criterion(int n)
{
	return call_sql("select id from review_criterion where conference = '%s' and ord = %d",
			conference, n);
}

static inline struct call_result assigned(const char *abstract, const struct caller *who)
{
	return told("review.assign",
		    call_text("\"abstract\":\"%s\",\"person\":\"%s\"", abstract, who->person),
		    &organiser);
}

static inline struct call_result asked(const char *method, const char *abstract,
				       const struct caller *who)
{
	return call_method(method, call_text("{\"abstract\":\"%s\"}", abstract), who);
}

static inline struct call_result judged(const char *abstract, const struct caller *who,
					const char *scores, const char *state, int version)
{
	return told("review.save",
		    call_text("\"abstract\":\"%s\",\"scores\":%s,\"to_authors\":\"For you\","
			      "\"to_committee\":\"For us\",\"state\":\"%s\",\"expect_version\":%d",
			      abstract, scores, state, version),
		    who);
}

static inline struct call_result declared(const char *abstract, const char *person, const char *has,
					  const struct caller *who)
{
	const char *about = person != NULL ? call_text(",\"person\":\"%s\"", person) : "";

	return told("interest.declare",
		    call_text("\"abstract\":\"%s\",\"has\":%s%s", abstract, has, about), who);
}

static inline json_t *mine(const struct caller *who)
{
	return at(good(call_method("review.mine", "{}", who)), "assignments");
}

/* The row of an abstract as an organiser sees it; NULL when there is none. */
static inline json_t *row_of(const char *abstract, const struct caller *who)
{
	return find(at(good(call_method("review.progress", "{}", who)), "abstracts"), "abstract",
		    abstract);
}

#endif
