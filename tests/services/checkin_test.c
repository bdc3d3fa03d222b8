/* tests/services: the door, on a real database. */
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

static void clock_at(const struct door *d, const char *at)
{
	call_sql("update conference set clock_offset = timestamptz '%s' - now() where id = '%s'",
		 at, d->conference);
}

static struct caller kiosk(const struct door *d, const char *name, const char *kind)
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

static struct door door_make(void)
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

static void door_end(struct door *d)
{
	arena_destroy(d->arena);
}

/* A new code for a person: of the next generation. */
static const char *code_for(const struct door *d, const struct caller *who)
{
	const char *code = entry_code_make(d->arena);

	call_sql(
	    "insert into entry_code (conference, person, generation, lookup) select '%s', '%s', "
	    "coalesce(max(generation), 0) + 1, '%s' from entry_code where person = '%s'",
	    d->conference, who->person, code_hash(d->arena, "entry", code), who->person);
	return call_text("%s", code);
}

static const char *scan_params(const struct door *d, const char *code, const char *scan,
			       const char *more)
{
	return call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"%s}", d->list, code,
			 scan, more);
}

static struct call_result scan(const struct door *d, const char *code, const struct caller *who)
{
	return call_method("checkin.admit", scan_params(d, code, call_uuid(), ""), who);
}

static struct call_result leave(const struct door *d, const char *code, const struct caller *who)
{
	return call_method("checkin.admit",
			   scan_params(d, code, call_uuid(), ",\"direction\":\"exit\""), who);
}

static const char *member(const struct call_result *r, const char *name)
{
	return r->json != NULL ? json_string_value(json_object_get(r->json, name)) : NULL;
}

static void assert_verdict(const struct call_result *r, const char *verdict, const char *reason)
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

static void assert_fault(const struct call_result *r, const char *code)
{
	if (r->fault == NULL)
		fail_msg("expected %s, got %s", code, r->text);
	assert_string_equal(r->fault, code);
}

static int64_t figure(const struct door *d, const char *name)
{
	struct call_result r =
	    call_method("checkin.stats", call_text("{\"list\":\"%s\"}", d->list), &d->desk);

	assert_null(r.fault);
	return json_integer_value(json_object_get(r.json, name));
}

static void admitted_and_told(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Maria Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna);
	struct call_result r = scan(&d, code, &d.east);
	json_t *event;

	(void)state;
	assert_verdict(&r, "admitted", NULL);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(r.json, "person"), "name")),
	    "Anna L.");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(r.json, "positions"),
							    call_text("list:%s", d.list))),
			 1);
	event = json_loads(
	    call_sql("select e.data from channel_event e join channel c on c.id = e.channel "
		     "where c.name = 'list:%s' and e.type = 'scan.judged'",
		     d.list),
	    0, NULL);
	assert_string_equal(json_string_value(json_object_get(event, "scan_id")),
			    member(&r, "scan_id"));
	assert_string_equal(json_string_value(json_object_get(event, "verdict")), "admitted");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(event, "station"), "name")), "East");
	assert_non_null(json_object_get(event, "at"));
	assert_null(json_object_get(event, "positions"));
	json_decref(event);
	r = call_method("checkin.admit",
			scan_params(&d, call_text("%.5s %s", code, code + 5), call_uuid(), ""),
			&d.desk);
	assert_verdict(&r, "refused", "duplicate");
	event = json_object_get(r.json, "first");
	assert_string_equal(json_string_value(json_object_get(event, "station")), "East");
	assert_non_null(
	    strstr(json_string_value(json_object_get(event, "at")), "2021-05-02T06:00:"));
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel "
		  "where c.name = 'list:%s' and e.data::text ~ 'Maria|Lund'",
		  d.list),
	    0);
	assert_int_equal(count("select count(*) from scan where list = '%s' and scan::text ~ '%s'",
			       d.list, code),
			 0);
	door_end(&d);
}

static void fifty_at_once(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna);
	struct call calls[50];
	struct call_result r[50];
	int admitted = 0, duplicate = 0, repeat = 0;

	(void)state;
	for (int i = 0; i < 50; i++)
		calls[i] = (struct call){"checkin.admit", scan_params(&d, code, call_uuid(), ""),
					 i % 2 == 0 ? &d.east : &d.west};
	call_methods(calls, 50, r);
	for (int i = 0; i < 50; i++) {
		assert_null(r[i].fault);
		admitted += strcmp(member(&r[i], "verdict"), "admitted") == 0;
		repeat += strcmp(member(&r[i], "verdict"), "repeat") == 0;
		duplicate += strcmp(member(&r[i], "verdict"), "refused") == 0;
	}
	assert_int_equal(admitted, 1);
	assert_int_equal(repeat, 24);
	assert_int_equal(duplicate, 25);
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 50);
	assert_int_equal(count("select count(*) from admission where list = '%s'", d.list), 1);
	assert_int_equal(figure(&d, "inside"), 1);
	door_end(&d);
}

/* One batch, many people, some twice; the first of each decides. */
static void one_batch(void **state)
{
	struct door d = door_make();
	struct caller people[20];
	struct call calls[61];
	struct call_result r[61];
	const char *code;

	(void)state;
	calls[0] =
	    (struct call){"checkin.admit", scan_params(&d, "nobody", call_uuid(), ""), &d.east};
	for (int i = 0; i < 20; i++) {
		people[i] = call_person(d.conference, call_text("Person %d", i), ROLE_ATTENDEE);
		code = code_for(&d, &people[i]);
		calls[1 + i] =
		    (struct call){"checkin.admit", scan_params(&d, code, call_uuid(), ""), &d.east};
		calls[21 + i] =
		    (struct call){"checkin.admit", scan_params(&d, code, call_uuid(), ""), &d.west};
		calls[41 + i] = calls[1 + i];
	}
	call_methods(calls, 61, r);
	assert_verdict(&r[0], "refused", "malformed");
	for (int i = 0; i < 20; i++) {
		assert_verdict(&r[1 + i], "admitted", NULL);
		assert_verdict(&r[21 + i], "refused", "duplicate");
		assert_verdict(&r[41 + i], "admitted", NULL);
		assert_string_equal(member(&r[41 + i], "scan_id"), member(&r[1 + i], "scan_id"));
	}
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 41);
	door_end(&d);
}

/* Another worker admits the same person and has not committed when our scan is judged. */
static void between_workers(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *theirs = call_uuid();
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(other,
		       call_text("insert into scan (scan_id, conference, list, station, person, "
				 "raw_hash, verdict, at, result) values ('%s', '%s', '%s', '%s', "
				 "'%s', '', 'admitted', plenum_now('%s'), '{}')",
				 theirs, d.conference, d.list, d.west.station, anna.person,
				 d.conference)));
	PQclear(PQexec(
	    other, call_text("insert into admission (conference, list, person, scan, at) values "
			     "('%s', '%s', '%s', '%s', now())",
			     d.conference, d.list, anna.person, theirs)));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "duplicate");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(r.json, "first"), "station")),
	    "West");
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_int_equal(count("select count(*) from admission where list = '%s'", d.list), 1);
	door_end(&d);
}

/* Another worker stores a scan of our id, of somebody else, before we do: nobody is let in by it.
 */
static void same_scan_between_workers(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *id = call_uuid();
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(other,
		       call_text("insert into scan (scan_id, conference, list, station, raw_hash, "
				 "verdict, reason, at, result) values ('%s', '%s', '%s', '%s', '', "
				 "'refused', 'unknown', now(), '{}')",
				 id, d.conference, d.list, d.west.station)));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	r = call_method("checkin.admit", scan_params(&d, code, id, ""), &d.east);
	assert_fault(&r, "key.reused");
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_int_equal(count("select count(*) from admission where list = '%s'", d.list), 0);
	door_end(&d);
}

static void told_again(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *id = call_uuid();
	const char *params =
	    scan_params(&d, code, id, ",\"scanned_at\":\"2021-05-02T08:00:00+02:00\"");
	struct call_result first = call_method("checkin.admit", params, &d.east), r;

	(void)state;
	assert_verdict(&first, "admitted", NULL);
	clock_at(&d, "2021-05-02T12:00:00+02:00");
	r = call_method("checkin.admit", params, &d.east);
	assert_verdict(&r, "admitted", NULL);
	json_object_del(first.json, "positions");
	assert_int_equal(json_object_size(json_object_get(r.json, "positions")), 0);
	json_object_del(r.json, "positions");
	assert_true(json_equal(first.json, r.json));
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 1);

	r = call_method("checkin.admit", scan_params(&d, "ANOTHER", id, ""), &d.east);
	assert_fault(&r, "key.reused");
	r = call_method("checkin.admit", params, &d.west);
	assert_fault(&r, "key.reused");
	r = call_method("checkin.admit", scan_params(&d, code, id, ",\"direction\":\"exit\""),
			&d.east);
	assert_fault(&r, "key.reused");
	door_end(&d);
}

static void refusals(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller olga = call_person(d.conference, "Olga Online", ROLE_ATTENDEE);
	struct caller carl = call_person(d.conference, "Carl Cancelled", ROLE_ATTENDEE);
	struct caller screen = kiosk(&d, "Screen", "stage");
	const char *old = code_for(&d, &anna), *code = code_for(&d, &anna), *lost;
	struct call_result r;

	(void)state;
	r = scan(&d, entry_code_make(d.arena), &d.east);
	assert_verdict(&r, "refused", "unknown");
	r = scan(&d, "https://example.org/", &d.east);
	assert_verdict(&r, "refused", "malformed");
	r = scan(&d, "", &d.east);
	assert_verdict(&r, "refused", "malformed");
	r = scan(&d, old, &d.east);
	assert_verdict(&r, "refused", "superseded");
	call_sql("update person set mode = 'online' where id = '%s'", olga.person);
	r = scan(&d, code_for(&d, &olga), &d.east);
	assert_verdict(&r, "refused", "wrong_mode");
	call_sql("update registration set state = 'cancelled' where person = '%s'", carl.person);
	r = scan(&d, code_for(&d, &carl), &d.east);
	assert_verdict(&r, "refused", "revoked");
	call_sql(
	    "update checkin_list set opens = '2021-05-02T07:30+02', closes = '2021-05-02T18:00+02' "
	    "where id = '%s'",
	    d.list);
	clock_at(&d, "2021-05-02T07:29:58+02:00");
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "not_yet");
	clock_at(&d, "2021-05-02T18:00:00+02:00");
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "expired");
	clock_at(&d, "2021-05-02T17:59:50+02:00");
	r = call_method(
	    "checkin.admit",
	    call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"}",
		      call_sql("insert into checkin_list (conference, name) values ('%s', "
			       "'Dinner') returning id",
			       d.conference),
		      code, call_uuid()),
	    &d.east);
	assert_verdict(&r, "refused", "wrong_list");
	r = scan(&d, code, &screen);
	assert_fault(&r, "denied");
	r = scan(&d, code, &anna);
	assert_fault(&r, "denied");
	r = call_method("checkin.admit",
			call_text("{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"}",
				  call_uuid(), code, call_uuid()),
			&d.desk);
	assert_fault(&r, "not_found");
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "admitted", NULL);
	lost = code_for(&d, &anna);
	call_sql("update entry_code set revoked = now() where person = '%s'", anna.person);
	r = scan(&d, lost, &d.west);
	assert_verdict(&r, "refused", "revoked");
	assert_int_equal(figure(&d, "refused"), 9);
	call_sql("update station set revoked = now() where id = '%s'", d.east.station);
	r = scan(&d, code, &d.east);
	assert_fault(&r, "denied");
	door_end(&d);
}

static void repeats_and_ways_out(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna);
	struct call_result r;

	(void)state;
	r = leave(&d, code, &d.east);
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(figure(&d, "inside"), 0);
	assert_int_equal(figure(&d, "conflicts"), 1);
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "admitted", NULL);
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "repeat", NULL);
	r = scan(&d, code, &d.west);
	assert_verdict(&r, "refused", "duplicate");
	clock_at(&d, "2021-05-02T08:00:30+02:00");
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "duplicate");
	r = leave(&d, code, &d.west);
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(figure(&d, "inside"), 0);
	r = leave(&d, code, &d.west);
	assert_verdict(&r, "repeat", NULL);
	r = scan(&d, code, &d.west);
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(figure(&d, "inside"), 1);
	assert_int_equal(figure(&d, "admitted"), 1);
	r = scan(&d, code, &d.west);
	assert_verdict(&r, "repeat", NULL);
	assert_int_equal(figure(&d, "conflicts"), 1);
	call_sql("update registration set state = 'cancelled' where person = '%s'", anna.person);
	assert_int_equal(figure(&d, "conflicts"), 2);
	door_end(&d);
}

static void seats(void **state)
{
	struct door d = door_make();
	const char *codes[10];
	struct call calls[10];
	struct call_result r[10];
	int in = 0, last = -1, refused = -1;

	(void)state;
	call_sql("update checkin_list set capacity = 3 where id = '%s'", d.list);
	for (int i = 0; i < 10; i++) {
		struct caller p =
		    call_person(d.conference, call_text("Guest %d", i), ROLE_ATTENDEE);

		codes[i] = code_for(&d, &p);
		calls[i] = (struct call){"checkin.admit",
					 scan_params(&d, codes[i], call_uuid(), ""), &d.east};
	}
	call_methods(calls, 10, r);
	for (int i = 0; i < 10; i++) {
		if (strcmp(member(&r[i], "verdict"), "admitted") == 0) {
			in++;
			last = i;
		} else {
			assert_string_equal(member(&r[i], "reason"), "full");
			refused = i;
		}
	}
	assert_int_equal(in, 3);
	r[0] = leave(&d, codes[last], &d.west);
	assert_verdict(&r[0], "admitted", NULL);
	r[0] = scan(&d, codes[refused], &d.west);
	assert_verdict(&r[0], "admitted", NULL);
	r[0] = scan(&d, codes[last], &d.east);
	assert_verdict(&r[0], "refused", "full");
	assert_int_equal(figure(&d, "inside"), 3);
	door_end(&d);
}

static void undo(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *params;
	struct call_result in = scan(&d, code, &d.east), r, again;

	(void)state;
	params = call_text("{\"scan_id\":\"%s\",\"reason\":\"Wrong badge\",\"key\":\"%s\"}",
			   member(&in, "scan_id"), call_uuid());
	r = call_method("checkin.undo", params, &d.east);
	assert_fault(&r, "denied");
	r = call_method("checkin.undo", params, &d.desk);
	assert_null(r.fault);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(r.json, "positions"),
							    call_text("list:%s", d.list))),
			 2);
	again = call_method("checkin.undo", params, &d.desk);
	assert_string_equal(again.text, r.text);
	r = call_method("checkin.undo",
			call_text("{\"scan_id\":\"%s\",\"reason\":\"Again\",\"key\":\"%s\"}",
				  member(&in, "scan_id"), call_uuid()),
			&d.desk);
	assert_fault(&r, "checkin.undone");
	r = call_method("checkin.undo",
			call_text("{\"scan_id\":\"%s\",\"reason\":\"No such\",\"key\":\"%s\"}",
				  call_uuid(), call_uuid()),
			&d.desk);
	assert_fault(&r, "not_found");
	assert_int_equal(figure(&d, "admitted"), 0);
	assert_int_equal(count("select count(*) from audit where conference = '%s' and action = "
			       "'checkin.undo' and actor = '%s'",
			       d.conference, d.desk.person),
			 1);
	/* Undone: the next scan is no repeat and no duplicate. */
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "admitted", NULL);
	assert_int_equal(count("select count(*) from admission where list = '%s'", d.list), 2);
	door_end(&d);
}

static void lists(void **state)
{
	struct door d = door_make();
	struct caller shell = {.roles = ROLE_ORGANISER};
	struct call_result r;
	json_t *snapshot;

	(void)state;
	snprintf(shell.conference, sizeof shell.conference, "%s", d.conference);
	r = call_method(
	    "checkin.list_create",
	    "{\"name\":\"Dinner\",\"opens\":\"2021-05-02T18:00:00+02:00\",\"capacity\":80}",
	    &shell);
	assert_null(r.fault);
	assert_non_null(member(&r, "list"));
	r = call_method("checkin.list_create", "{\"name\":\"Dinner\"}", &shell);
	assert_fault(&r, "checkin.list_exists");
	r = call_method("checkin.list_create",
			"{\"name\":\"Odd\",\"opens\":\"2021-05-02T18:00:00Z\",\"closes\":"
			"\"2021-05-02T17:00:00Z\"}",
			&shell);
	assert_fault(&r, "bad_request");
	r = call_method("checkin.lists", "{}", &d.desk);
	assert_int_equal(json_array_size(json_object_get(r.json, "lists")), 2);
	r = call_method("checkin.lists", "{}", &d.east);
	assert_int_equal(json_array_size(json_object_get(r.json, "lists")), 1);
	snapshot = json_object_get(call_snapshot("list", NULL, d.conference, d.list), "snapshot");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(snapshot, "list"), "name")),
	    "Main door");
	assert_int_equal(json_integer_value(json_object_get(snapshot, "admitted")), 0);
	assert_null(call_snapshot("list", NULL, d.conference, call_uuid()));
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(admitted_and_told),
	    cmocka_unit_test(fifty_at_once),
	    cmocka_unit_test(one_batch),
	    cmocka_unit_test(between_workers),
	    cmocka_unit_test(same_scan_between_workers),
	    cmocka_unit_test(told_again),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(repeats_and_ways_out),
	    cmocka_unit_test(seats),
	    cmocka_unit_test(undo),
	    cmocka_unit_test(lists),
	};
	int failed;

	if (!call_start()) {
		puts("PLENUM_TEST_DSN is not set");
		return 1;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	call_stop();
	return failed;
}
