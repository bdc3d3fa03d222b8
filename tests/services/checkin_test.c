/* tests/services: what a scan is told, ways out, undo, lists. */
#include "tests/services/checkin_door.h"

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
	clock_at(&d, "2021-05-02T07:29:40+02:00");
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
	assert_verdict(&r, "admitted", "exit_without_entry");
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
	    cmocka_unit_test(told_again),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(repeats_and_ways_out),
	    cmocka_unit_test(undo),
	    cmocka_unit_test(lists),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
