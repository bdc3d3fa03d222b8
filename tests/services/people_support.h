/* tests/services: what the tests of people share: a conference with its staff, and short ways to
 * look into replies. */
#ifndef TESTS_PEOPLE_SUPPORT_H
#define TESTS_PEOPLE_SUPPORT_H

#include "tests/support/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *conference;
static struct caller organiser, desk;
/* The command line: in no conference, nobody in particular. */
static const struct caller shell = {.roles = ROLE_ORGANISER};

static inline const char *text_at(const json_t *json, const char *member)
{
	return json_string_value(json_object_get(json, member));
}

static inline int64_t int_at(const json_t *json, const char *member)
{
	return json_integer_value(json_object_get(json, member));
}

static inline json_t *at(const json_t *json, const char *member)
{
	return json_object_get(json, member);
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
		fail_msg("fault %s, field %s", r.fault, r.field != NULL ? r.field : "-");
	assert_non_null(r.json);
	return r.json;
}

static inline int worker_events(const char *type, const char *data)
{
	return (int)strtol(
	    call_sql("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = 'worker' and e.type = '%s' "
		     "and e.data::text like '%%%s%%'",
		     conference, type, data),
	    NULL, 10);
}

static inline int setup(void **state)
{
	(void)state;
	if (!call_start())
		return 1;
	json_t *made = good(call_method(
	    "conference.create",
	    "{\"key\":\"018f0000-0000-7000-8000-0000000000c0\","
	    "\"slug\":\"people-test\",\"title\":\"Prøve & test\",\"zone\":\"Europe/Copenhagen\","
	    "\"starts\":\"2021-05-02\",\"ends\":\"2021-05-02\",\"is_default\":true,"
	    "\"info\":{\"a\":1}}",
	    &shell));

	conference = text_at(made, "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	desk = call_person(conference, "Dorte Desk", ROLE_DESK);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	call_stop();
	return 0;
}

#endif
