/* tests/services: many scans at once: one admission a person, no seat given twice. */
#include "tests/services/checkin_door.h"

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
	/* A repeat is nothing that happened: A19. */
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 26);
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
	PQclear(
	    PQexec(other, scan_by_hand(&d, theirs, d.west.station, anna.person, "admitted", NULL)));
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
	PQclear(PQexec(other, scan_by_hand(&d, id, d.west.station, NULL, "refused", "unknown")));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	r = call_method("checkin.admit", scan_params(&d, code, id, ""), &d.east);
	assert_fault(&r, "key.reused");
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_int_equal(count("select count(*) from admission where list = '%s'", d.list), 0);
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

/* Another worker gives the last seat away and has not committed: ours waits for it and is refused.
 */
static void last_seat_between_workers(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller bo = call_person(d.conference, "Bo Berg", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *theirs = call_uuid();
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	call_sql("update checkin_list set capacity = 1 where id = '%s'", d.list);
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(other, call_text("select list_seats('%s', '%s')", d.conference, d.list)));
	PQclear(
	    PQexec(other, scan_by_hand(&d, theirs, d.west.station, bo.person, "admitted", NULL)));
	PQclear(PQexec(
	    other, call_text("insert into admission (conference, list, person, scan, at) values "
			     "('%s', '%s', '%s', '%s', now())",
			     d.conference, d.list, bo.person, theirs)));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "full");
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fifty_at_once),   cmocka_unit_test(one_batch),
	    cmocka_unit_test(between_workers), cmocka_unit_test(same_scan_between_workers),
	    cmocka_unit_test(seats),	       cmocka_unit_test(last_seat_between_workers),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
