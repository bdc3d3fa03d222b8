/* tests/services: who may take back what, and how long; what others make of it afterwards. */
#include "tests/services/checkin_upload.h"

static struct call_result undo(const struct caller *who, const char *scan)
{
	return call_method(
	    "checkin.undo",
	    call_text("{\"scan_id\":\"%s\",\"reason\":\"Wrong badge\",\"key\":\"%s\"}", scan,
		      call_uuid()),
	    who);
}

static void A24_by_role_and_window(void **state)
{
	struct door d = door_make();
	struct caller desk = kiosk(&d, "Desk 1", "kiosk"), gate = kiosk(&d, "Gate", "kiosk");
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *code = code_for(&d, &anna), *id;
	struct call_result r;

	(void)state;
	call_sql("update station set profile = 'desk' where id = '%s'", desk.station);
	call_sql("update station set profile = 'gate' where id = '%s'", gate.station);
	r = scan(&d, code, &desk);
	id = member(&r, "scan_id");
	/* Not a station without staff, not another desk, not a visitor. */
	r = undo(&d.east, id);
	assert_fault(&r, "denied");
	gate.roles = ROLE_GATE;
	r = undo(&gate, id);
	assert_fault(&r, "denied");
	call_sql("update station set profile = 'desk' where id = '%s'", d.west.station);
	r = undo(&d.west, id);
	assert_fault(&r, "denied");
	r = undo(&anna, id);
	assert_fault(&r, "denied");
	/* Its own, for five minutes. */
	clock_at(&d, "2021-05-02T08:04:30+02:00");
	r = undo(&desk, id);
	assert_null(r.fault);
	assert_string_equal(last_of(id), "reversed");
	r = undo(&desk, id);
	assert_fault(&r, "checkin.undone");
	assert_int_equal(figure(&d, "inside"), 0);
	r = scan(&d, code, &desk);
	assert_verdict(&r, "admitted", NULL);
	id = member(&r, "scan_id");
	clock_at(&d, "2021-05-02T08:09:50+02:00");
	r = undo(&desk, id);
	assert_fault(&r, "checkin.late");
	/* Staff: at any time. The fact stays, and both opinions of it. */
	clock_at(&d, "2021-05-02T17:00:00+02:00");
	r = undo(&d.desk, id);
	assert_null(r.fault);
	assert_int_equal(count("select count(*) from judgement where scan = '%s'", id), 2);
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 2);
	assert_int_equal(heard(&d, call_text("list:%s", d.list), "scan.undone"), 2);
	door_end(&d);
}

/* East's entry is taken back at the desk while West, without a network, has let them in too. */
static void A25_while_another_is_offline(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct station west = station_of(&d, &d.west);
	const char *code = code_for(&d, &anna), *theirs = call_uuid(), *id;
	struct call_result r = scan(&d, code, &d.east);

	(void)state;
	id = member(&r, "scan_id");
	r = undo(&d.desk, id);
	assert_null(r.fault);
	clock_at(&d, "2021-05-02T09:00:00+02:00");
	r = upload(&west, kept_as(theirs, d.list, code, "08:10:00", SURE GREEN));
	assert_answer(&r, 0, "admitted", NULL);
	assert_int_equal(open_conflicts(&d, "double_entry"), 0);
	assert_int_equal(figure(&d, "inside"), 1);
	/* The other way round: heard of first, taken back then. */
	anna = call_person(d.conference, "Bo Berg", ROLE_ATTENDEE);
	code = code_for(&d, &anna);
	r = scan(&d, code, &d.east);
	id = member(&r, "scan_id");
	theirs = call_uuid();
	r = upload(&west, kept_as(theirs, d.list, code, "08:20:00", SURE GREEN));
	assert_answer(&r, 0, "admitted", NULL);
	assert_string_equal(last_of(id), "refused duplicate_offline");
	assert_int_equal(open_conflicts(&d, "double_entry"), 1);
	r = undo(&d.desk, theirs);
	assert_null(r.fault);
	assert_string_equal(last_of(id), "admitted");
	assert_int_equal(open_conflicts(&d, "double_entry"), 0);
	assert_int_equal(heard(&d, call_text("station:%s", d.east.station), "scan.judged"), 2);
	assert_int_equal(figure(&d, "inside"), 2);
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(A24_by_role_and_window),
	    cmocka_unit_test(A25_while_another_is_offline),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
