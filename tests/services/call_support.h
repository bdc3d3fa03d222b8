/* tests/services: what the tests of the call share: a conference with a call of its own, somebody
 * who hands in, short ways to write what is handed in. */
#ifndef TESTS_CALL_SUPPORT_H
#define TESTS_CALL_SUPPORT_H

#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *conference, *topic;
static struct caller organiser, writer;

static inline json_t *at(const json_t *json, const char *member)
{
	return json_object_get(json, member);
}

static inline const char *text_at(const json_t *json, const char *member)
{
	return json_string_value(at(json, member));
}

static inline int64_t int_at(const json_t *json, const char *member)
{
	return json_integer_value(at(json, member));
}

static inline void assert_fault(struct call_result r, const char *code)
{
	if (r.fault == NULL)
		fail_msg("expected %s, got %s", code, r.text);
	assert_string_equal(r.fault, code);
}

static inline json_t *good(struct call_result r)
{
	if (r.fault != NULL)
		fail_msg("fault %s, field %s, current %s", r.fault, r.field != NULL ? r.field : "-",
			 r.current != NULL ? r.current : "-");
	assert_non_null(r.json);
	return r.json;
}

static inline int64_t number(const char *sql)
{
	return strtoll(call_sql("%s", sql), NULL, 10);
}

/* Whoever may come along: signed in, not registered. */
static inline struct caller applicant(const char *name)
{
	struct caller who = call_person(conference, name, ROLE_APPLICANT);

	call_sql("delete from registration where person = '%s'", who.person);
	return who;
}

/* The conference's clock shows that instant from now on. */
static inline void clock_to(const char *instant)
{
	call_sql("update conference set clock_offset = timestamptz '%s' - now() where id = '%s'",
		 instant, conference);
}

/* Unix ms of real time at which the conference's clock shows that instant. */
static inline int64_t real_ms(const char *instant)
{
	return strtoll(
	    call_sql("select (extract(epoch from timestamptz '%s' - clock_offset) * 1000)::bigint "
		     "from conference where id = '%s'",
		     instant, conference),
	    NULL, 10);
}

static const char *const consents =
    "[{\"kind\":\"data\",\"text\":\"My data may be kept.\",\"required\":true},"
    "{\"kind\":\"book\",\"text\":\"Printed in the book.\",\"required\":false}]";

static inline struct call_result save_call(const char *closes, const char *label, const char *zone,
					   int grace_s, int version)
{
	return call_method(
	    "call.save",
	    call_text(
		"{\"key\":\"%s\",\"opens\":{\"text\":\"2020-12-16 09:00\",\"label\":\"CET\","
		"\"zone\":\"Europe/Copenhagen\"},\"closes\":{\"text\":\"%s\",\"label\":\"%s\","
		"\"zone\":\"%s\"},\"grace_s\":%d,\"limit\":500,\"consents\":%s,"
		"\"expect_version\":%d}",
		call_uuid(), closes, label, zone, grace_s, consents, version),
	    &organiser);
}

/* A content with everything in it. */
static inline const char *content(const char *title)
{
	return call_text("{\"title\":\"%s\",\"body\":\"We did and found.\",\"mode\":\"on_site\","
			 "\"tracks\":[\"%s\"],\"authors\":[{\"name\":\"Ada Aagaard\","
			 "\"affiliation\":\"DTU\",\"email\":\"ada@example.org\",\"presents\":true},"
			 "{\"name\":\"Bo Berg\",\"affiliation\":\"KU\"}]}",
			 title, topic);
}

static inline struct call_result save(const struct caller *who, const char *abstract,
				      const char *what, int version)
{
	return call_method("abstract.save",
			   call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"content\":%s,"
				     "\"expect_version\":%d}",
				     call_uuid(), abstract, what, version),
			   who);
}

#define AGREED "[{\"kind\":\"data\",\"version\":1,\"given\":true}]"

/* what: the content with it, or NULL for the draft. */
static inline struct call_result submit(const struct caller *who, const char *abstract,
					const char *what, int version)
{
	return call_method("abstract.submit",
			   call_text("{\"key\":\"%s\",\"abstract\":\"%s\",%s%s%s\"consents\":"
				     "%s,\"expect_version\":%d}",
				     call_uuid(), abstract, what != NULL ? "\"content\":" : "",
				     what != NULL ? what : "", what != NULL ? "," : "", AGREED,
				     version),
			   who);
}

/* Handed in at once, its upload begun at that instant of the conference's clock. */
static inline struct call_result submit_at(const struct caller *who, const char *began)
{
	struct call_result r;

	call_came(real_ms(began));
	r = submit(who, call_uuid(), content("In time or not"), 0);
	call_came(0);
	return r;
}

/* Before each test: a conference without a call, and its people. */
static inline int make(void **state)
{
	static int n;

	(void)state;
	conference = call_conference(call_text("call-%d", ++n));
	topic = call_sql("insert into track (conference, name, slug) values ('%s', 'Genomics', "
			 "'genomics') returning id",
			 conference);
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	writer = applicant("Vera Writer");
	clock_to("2021-01-10 10:00+01");
	return 0;
}

static inline int setup(void **state)
{
	(void)state;
	return call_start() ? 0 : 1;
}

static inline int teardown(void **state)
{
	(void)state;
	call_stop();
	return 0;
}

#endif
