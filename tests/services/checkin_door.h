/* tests/services: a door with two kiosks and a desk; short forms of the calls. */
#ifndef TESTS_CHECKIN_DOOR_H
#define TESTS_CHECKIN_DOOR_H

#include "services/core/service.h"
#include "services/core/token.h"
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

#define count(...) atoi(call_sql(__VA_ARGS__))

/* A conference at 08:00 on 2 May 2021 with one list, two kiosks of it and a person at the desk. */
struct door {
	const char *conference, *list;
	struct caller desk, east, west;
	struct arena *arena;
};

static int doors;

static inline void clock_at(const struct door *d, const char *at)
{
	call_sql("update conference set clock_offset = timestamptz '%s' - now() where id = '%s'",
		 at, d->conference);
}

static inline struct caller kiosk(const struct door *d, const char *name, const char *kind)
{
	struct caller who = {.roles = ROLE_KIOSK};
	const char *id =
	    call_sql("insert into station (conference, name, kind, list) values ('%s', '%s', "
		     "'%s', '%s') returning id",
		     d->conference, name, kind, d->list);

	snprintf(who.conference, sizeof who.conference, "%s", d->conference);
	snprintf(who.station, sizeof who.station, "%s", id);
	snprintf(who.list, sizeof who.list, "%s", d->list);
	return who;
}

static inline struct door door_make(void)
{
	struct door d;

	d.arena = arena_create(1 << 20);
	d.conference = call_conference(call_text("door-%d", doors++));
	clock_at(&d, "2021-05-02T08:00:00+02:00");
	d.list = call_sql("insert into checkin_list (conference, name) values ('%s', 'Main door') "
			  "returning id",
			  d.conference);
	d.desk = call_person(d.conference, "Mette Desk", ROLE_DESK);
	d.east = kiosk(&d, "East", "kiosk");
	d.west = kiosk(&d, "West", "kiosk");
	return d;
}

static inline void door_end(struct door *d)
{
	arena_destroy(d->arena);
}

/* A new code for a person: of the next generation. */
static inline const char *code_for(const struct door *d, const struct caller *who)
{
	const char *code = entry_code_make(d->arena);

	call_sql(
	    "insert into entry_code (conference, person, generation, lookup) select '%s', '%s', "
	    "coalesce(max(generation), 0) + 1, '%s' from entry_code where person = '%s'",
	    d->conference, who->person, code_hash(d->arena, "entry", code), who->person);
	return call_text("%s", code);
}

static inline const char *scan_params(const struct door *d, const char *code, const char *scan,
				      const char *more)
{
	return call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"%s}", d->list, code,
			 scan, more);
}

static inline struct call_result scan(const struct door *d, const char *code,
				      const struct caller *who)
{
	return call_method("checkin.admit", scan_params(d, code, call_uuid(), ""), who);
}

static inline struct call_result leave(const struct door *d, const char *code,
				       const struct caller *who)
{
	return call_method("checkin.admit",
			   scan_params(d, code, call_uuid(), ",\"direction\":\"exit\""), who);
}

static inline const char *member(const struct call_result *r, const char *name)
{
	return r->json != NULL ? json_string_value(json_object_get(r->json, name)) : NULL;
}

static inline void assert_verdict(const struct call_result *r, const char *verdict,
				  const char *reason)
{
	if (r->fault != NULL)
		fail_msg("expected %s, got %s", verdict, r->fault);
	assert_string_equal(member(r, "verdict"), verdict);
	if (reason != NULL)
		assert_string_equal(member(r, "reason"), reason);
	else
		assert_null(json_object_get(r->json, "reason"));
	/* Nobody's name on a red screen. */
	assert_int_equal(json_object_get(r->json, "person") == NULL,
			 strcmp(verdict, "refused") == 0);
}

static inline void assert_fault(const struct call_result *r, const char *code)
{
	if (r->fault == NULL)
		fail_msg("expected %s, got %s", code, r->text);
	assert_string_equal(r->fault, code);
}

/* What another worker's statement leaves behind, as SQL. */
static inline const char *scan_by_hand(const struct door *d, const char *id, const char *station,
				       const char *person, const char *verdict, const char *reason)
{
	return call_text(
	    "with s as (insert into scan (scan_id, conference, list, station, person, raw_hash, "
	    "at) "
	    "values ('%s', '%s', '%s', '%s', nullif('%s', '')::uuid, '', plenum_now('%s')) "
	    "returning *) insert into judgement (scan, conference, list, verdict, reason, at, "
	    "result) select scan_id, conference, list, '%s', nullif('%s', ''), at, '{}' from s",
	    id, d->conference, d->list, station, person != NULL ? person : "", d->conference,
	    verdict, reason != NULL ? reason : "");
}

static inline int64_t figure(const struct door *d, const char *name)
{
	struct call_result r =
	    call_method("checkin.stats", call_text("{\"list\":\"%s\"}", d->list), &d->desk);

	assert_null(r.fault);
	return json_integer_value(json_object_get(r.json, name));
}

static inline int run(const struct CMUnitTest *tests, size_t n)
{
	int failed;

	if (!call_start()) {
		puts("PLENUM_TEST_DSN is not set");
		return 1;
	}
	failed = _cmocka_run_group_tests("checkin", tests, n, NULL, NULL);
	call_stop();
	return failed;
}

#endif
