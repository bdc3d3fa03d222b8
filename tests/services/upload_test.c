/* tests/services: what two stations without a network did to one ticket, whichever of them is heard
 * first; whose clock is wrong; numbers; what the screen showed. */
#include "tests/services/checkin_upload.h"

#define at_nine(d) clock_at((d), "2021-05-02T09:00:00+02:00")

static const char *entry_of(const struct door *d, const struct caller *who)
{
	return call_sql("select scan from admission where list = '%s' and person = '%s' and undone "
			"is null",
			d->list, who->person);
}

/* East at 08:10, West at 08:05; first says who uploads first. */
static void two_offline(struct door *d, bool east_first)
{
	struct caller anna = call_person(d->conference, "Anna Lund", ROLE_ATTENDEE);
	struct station east = station_of(d, &d->east), west = station_of(d, &d->west);
	const char *code = code_for(d, &anna), *late = call_uuid(), *early = call_uuid();
	const char *of_east = kept_as(late, d->list, code, "08:10:00", SURE GREEN);
	const char *of_west = kept_as(early, d->list, code, "08:05:00", SURE GREEN);
	struct call_result r = east_first ? upload(&east, of_east) : upload(&west, of_west);

	assert_answer(&r, 0, "admitted", NULL);
	assert_int_equal(open_conflicts(d, "double_entry"), 0);
	r = east_first ? upload(&west, of_west) : upload(&east, of_east);
	assert_answer(&r, 0, east_first ? "admitted" : "refused",
		      east_first ? NULL : "duplicate_offline");
	assert_non_null(answer(&r, 0, "conflict"));
	assert_string_equal(entry_of(d, &anna), early);
	assert_string_equal(last_of(early), "admitted");
	assert_string_equal(last_of(late), "refused duplicate_offline");
	assert_string_equal(call_sql("select at at time zone 'Europe/Copenhagen' from admission "
				     "where scan = '%s'",
				     early),
			    "2021-05-02 08:05:00");
	assert_int_equal(open_conflicts(d, "double_entry"), 1);
	assert_int_equal(count("select count(*) from conflict where undetermined"), 0);
	assert_int_equal(figure(d, "inside"), 1);
	assert_int_equal(figure(d, "admitted"), 1);
	assert_int_equal(heard(d, call_text("station:%s", d->east.station), "conflict.raised"), 1);
	assert_int_equal(heard(d, call_text("station:%s", d->west.station), "conflict.raised"), 1);
	assert_int_equal(heard(d, call_text("list:%s", d->list), "conflict.raised"), 1);
	/* East hears that its green was wrong; West was right all along. */
	assert_int_equal(heard(d, call_text("station:%s", d->east.station), "scan.judged"),
			 east_first);
	assert_int_equal(heard(d, call_text("station:%s", d->west.station), "scan.judged"), 0);
}

static void A04_two_stations_offline(void **state)
{
	struct door d = door_make(), e = door_make();

	(void)state;
	at_nine(&d);
	at_nine(&e);
	two_offline(&d, true);
	two_offline(&e, false);
	door_end(&d);
	door_end(&e);
}

static void A05_overlapping_doubt(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct station east = station_of(&d, &d.east), west = station_of(&d, &d.west);
	const char *code = code_for(&d, &anna), *first = call_uuid();
	struct call_result r;

	(void)state;
	at_nine(&d);
	upload(&east, kept(&d, code, "08:05:03", ",\"offset_ms\":0,\"uncert_ms\":2000" GREEN));
	upload(&west, kept_as(first, d.list, code, "08:05:00",
			      ",\"offset_ms\":0,\"uncert_ms\":1000" GREEN));
	assert_int_equal(open_conflicts(&d, "double_entry"), 1);
	assert_int_equal(count("select count(*) from conflict where conference = '%s' and "
			       "undetermined",
			       d.conference),
			 1);
	assert_string_equal(entry_of(&d, &anna), first);
	r = call_method("conflict.list", "{}", &d.desk);
	assert_int_equal(json_array_size(json_object_get(r.json, "conflicts")), 1);
	r = call_method(
	    "conflict.settle",
	    call_text("{\"conflict\":\"%s\",\"note\":\"Twins\",\"key\":\"%s\"}",
		      call_sql("select id from conflict where conference = '%s'", d.conference),
		      call_uuid()),
	    &d.desk);
	assert_null(r.fault);
	assert_int_equal(open_conflicts(&d, "double_entry"), 0);
	/* Settled by a person: it does not come back. */
	upload(&west, kept(&d, code, "08:30:00", SURE RED));
	assert_int_equal(open_conflicts(&d, "double_entry"), 0);
	door_end(&d);
}

static void A06_clocks(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct station east = station_of(&d, &d.east), west = station_of(&d, &d.west);
	const char *code = code_for(&d, &anna), *early = call_uuid(), *late = call_uuid();
	struct call_result r;

	(void)state;
	at_nine(&d);
	/* Three hours ahead, and knows it; a day behind, and its monotonic clock says when. */
	upload(&east, kept_as(late, d.list, code, "11:10:00",
			      ",\"offset_ms\":-10800000,\"uncert_ms\":500" GREEN));
	upload(&west,
	       call_text("{\"scan_id\":\"%s\",\"list\":\"%s\",\"code\":\"%s\",\"scanned_at\":"
			 "\"2021-05-01T08:05:00+02:00\",\"mono\":300000,\"uncert_ms\":500" GREEN
			 "}",
			 early, d.list, code));
	assert_string_equal(entry_of(&d, &anna), early);
	assert_string_equal(last_of(late), "refused duplicate_offline");
	/* 08:05 by the monotonic clock, whatever the wall said; that the two disagree is noted. */
	assert_string_equal(call_sql("select clock_flag || date_trunc('minute', at at time zone "
				     "'Europe/Copenhagen') from scan where scan_id = '%s'",
				     early),
			    "jump2021-05-02 08:05:00");
	assert_int_equal(count("select count(*) from conflict where conference = '%s' and not "
			       "undetermined",
			       d.conference),
			 1);
	/* From the future, and from last year: set to what can be, flagged, kept. */
	anna = call_person(d.conference, "Bo Berg", ROLE_ATTENDEE);
	r = upload(&east, kept(&d, code_for(&d, &anna), "12:00:00", SURE GREEN));
	assert_answer(&r, 0, "admitted", NULL);
	assert_string_equal(answer(&r, 0, "flag"), "future");
	assert_int_equal(count("select count(*) from scan where list = '%s' and at > "
			       "plenum_now('%s')",
			       d.list, d.conference),
			 0);
	anna = call_person(d.conference, "Carl Past", ROLE_ATTENDEE);
	r = upload(&east, call_text("{\"scan_id\":\"%s\",\"list\":\"%s\",\"code\":\"%s\","
				    "\"scanned_at\":\"0001-01-01T00:00:00Z\"" SURE GREEN "}",
				    call_uuid(), d.list, code_for(&d, &anna)));
	assert_answer(&r, 0, "admitted", NULL);
	assert_string_equal(answer(&r, 0, "flag"), "past");
	assert_int_equal(figure(&d, "inside"), 3);
	door_end(&d);
}

static void A07_revoked_while_offline(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct caller bo = call_person(d.conference, "Bo Berg", ROLE_ATTENDEE);
	struct station east = station_of(&d, &d.east);
	const char *code = code_for(&d, &anna), *good = code_for(&d, &bo);
	struct call_result r;

	(void)state;
	/* Anna's at 08:00, before East saw it; Bo's when he was inside. */
	call_sql("update entry_code set revoked = now() where person = '%s'", anna.person);
	at_nine(&d);
	call_sql("update entry_code set revoked = now() where person = '%s'", bo.person);
	call_sql("update entry_code set revoked = now() - interval '1 hour' where person = '%s'",
		 anna.person);
	r = upload(&east, call_text("%s,%s", kept(&d, code, "08:20:00", SURE GREEN),
				    kept(&d, good, "08:21:00", SURE GREEN)));
	assert_answer(&r, 0, "admitted", "admitted_after_revocation");
	assert_answer(&r, 1, "admitted", NULL);
	assert_int_equal(open_conflicts(&d, "revoked_entry"), 1);
	assert_int_equal(figure(&d, "inside"), 2);
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 2);
	door_end(&d);
}

static void A10_old_generation(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct station east = station_of(&d, &d.east);
	const char *old = code_for(&d, &anna), *code = code_for(&d, &anna);
	struct call_result r = scan(&d, old, &d.west);

	(void)state;
	assert_verdict(&r, "refused", "superseded");
	at_nine(&d);
	call_sql("update entry_code set created = now() - interval '1 hour' where person = '%s'",
		 anna.person);
	r = upload(&east, kept(&d, old, "08:20:00", SURE GREEN));
	assert_answer(&r, 0, "admitted", "admitted_after_revocation");
	r = scan(&d, code, &d.west);
	assert_verdict(&r, "refused", "duplicate");
	door_end(&d);
}

static void A14_burnt_ticket(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct station east = station_of(&d, &d.east);
	const char *code = code_for(&d, &anna), *id = call_uuid();
	struct call_result r = call_method("checkin.admit", scan_params(&d, code, id, ""), &d.east);

	(void)state;
	/* Accepted; the answer never came, and the screen said no. */
	assert_verdict(&r, "admitted", NULL);
	at_nine(&d);
	r = upload(&east, kept_as(id, d.list, code, "08:00:00", SURE RED));
	assert_answer(&r, 0, "refused", "not_shown");
	assert_null(entry_of(&d, &anna));
	assert_int_equal(heard(&d, call_text("list:%s", d.list), "scan.undone"), 1);
	assert_int_equal(heard(&d, call_text("station:%s", d.east.station), "conflict.raised"), 1);
	assert_int_equal(heard(&d, call_text("station:%s", d.east.station), "conflict.settled"), 1);
	assert_int_equal(open_conflicts(&d, "burnt"), 0);
	/* Nothing is burnt: at another station they come in. Once more uploaded, nothing changes.
	 */
	r = scan(&d, code, &d.west);
	assert_verdict(&r, "admitted", NULL);
	r = upload(&east, kept_as(id, d.list, code, "08:00:00", SURE RED));
	assert_answer(&r, 0, "refused", "not_shown");
	assert_int_equal(figure(&d, "inside"), 1);
	assert_int_equal(
	    count("select count(*) from conflict where conference = '%s'", d.conference), 1);
	door_end(&d);
}

static void A15_gap_in_numbers(void **state)
{
	struct door d = door_make();
	struct station east = station_of(&d, &d.east);
	const char *scans[6];
	struct call_result r;

	(void)state;
	at_nine(&d);
	for (int i = 1; i <= 5; i++) {
		struct caller p =
		    call_person(d.conference, call_text("Person %d", i), ROLE_ATTENDEE);

		scans[i] = kept(&d, code_for(&d, &p), call_text("08:0%d:00", i),
				call_text(SURE GREEN ",\"seq\":%d", i));
	}
	r = upload(&east, call_text("%s,%s,%s", scans[1], scans[2], scans[5]));
	assert_answer(&r, 2, "admitted", NULL);
	assert_int_equal(open_conflicts(&d, "missing_scans"), 1);
	assert_string_equal(
	    call_sql("select detail from conflict where conference = '%s'", d.conference),
	    "{\"count\": 2, \"numbers\": [[3, 4]]}");
	upload(&east, scans[3]);
	assert_int_equal(open_conflicts(&d, "missing_scans"), 1);
	upload(&east, scans[4]);
	assert_int_equal(open_conflicts(&d, "missing_scans"), 0);
	assert_int_equal(heard(&d, call_text("station:%s", d.east.station), "conflict.settled"), 1);
	/* A number is one scan's. */
	r = upload(&east, kept(&d, "ANOTHER", "08:30:00", SURE RED ",\"seq\":4"));
	assert_string_equal(answer(&r, 0, "fault"), "key.reused");
	door_end(&d);
}

static void A19_repeat_is_no_scan(void **state)
{
	struct door d = door_make();
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	struct station east = station_of(&d, &d.east);
	const char *code = code_for(&d, &anna);
	struct call_result r;

	(void)state;
	at_nine(&d);
	r = upload(&east, call_text("%s,%s,%s", kept(&d, code, "08:05:00", SURE GREEN ",\"seq\":1"),
				    kept(&d, code, "08:05:09", SURE GREEN ",\"seq\":2"),
				    kept(&d, code, "08:05:11", SURE GREEN ",\"seq\":3")));
	assert_answer(&r, 0, "admitted", NULL);
	assert_answer(&r, 1, "repeat", NULL);
	assert_answer(&r, 2, "refused", "duplicate_offline");
	assert_int_equal(count("select count(*) from scan where list = '%s'", d.list), 2);
	assert_int_equal(open_conflicts(&d, "missing_scans"), 0);
	r = scan(&d, code, &d.west);
	assert_verdict(&r, "refused", "duplicate");
	door_end(&d);
}

/* A code nobody knows, a walk-in, and what is no scan at all: each in its place. */
static void strangers_and_nonsense(void **state)
{
	struct door d = door_make();
	struct station east = station_of(&d, &d.east);
	struct caller anna = call_person(d.conference, "Anna Lund", ROLE_ATTENDEE);
	const char *ticket = "00112233445566778899aabbccddeeff";
	struct call_result r;

	(void)state;
	at_nine(&d);
	code_for(&d, &anna);
	call_sql("update entry_code set row_key = '\\x%s' where person = '%s'", ticket,
		 anna.person);
	r = upload(
	    &east,
	    call_text(
		"%s,%s,7,{\"scan_id\":\"%s\"},{\"scan_id\":\"%s\",\"list\":\"%s\",\"ticket\":\"%"
		"s\","
		"\"scanned_at\":\"2021-05-02T08:20:00+02:00\"" SURE GREEN
		"},{\"scan_id\":\"%s\",\"list\":\"%s\",\"walk_in\":{\"name\":\"Kim\",\"number\":7},"
		"\"scanned_at\":\"2021-05-02T08:21:00+02:00\"" SURE
		",\"shown\":{\"verdict\":\"ask\"}},%s",
		kept(&d, entry_code_make(d.arena), "08:05:00", SURE RED),
		kept(&d, "x", "08:06:00", SURE GREEN), call_uuid(), call_uuid(), d.list, ticket,
		call_uuid(), d.list,
		kept_as(call_uuid(), call_uuid(), "x", "08:06:00", SURE GREEN)));
	assert_answer(&r, 0, "refused", "unknown");
	assert_answer(&r, 1, "admitted", "malformed");
	assert_string_equal(answer(&r, 2, "fault"), "bad_request");
	assert_string_equal(answer(&r, 3, "fault"), "bad_request");
	assert_answer(&r, 4, "admitted", NULL);
	assert_string_equal(answer(&r, 4, "ticket"), ticket);
	assert_answer(&r, 5, "admitted", "unknown");
	assert_string_equal(answer(&r, 6, "fault"), "not_found");
	assert_int_equal(open_conflicts(&d, "walk_in"), 2);
	assert_int_equal(count("select count(*) from conflict where conference = '%s' and detail "
			       "->> 'name' = 'Kim'",
			       d.conference),
			 1);
	r = upload(&east, "{}");
	assert_string_equal(answer(&r, 0, "fault"), "bad_request");
	r = call_method("checkin.upload",
			"{\"sent_at\":\"2021-05-02T09:00:00Z\",\"boot_id\":\""
			"00000000-0000-4000-8000-0000000000bb\",\"scans\":{}}",
			&d.east);
	assert_fault(&r, "bad_request");
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(A04_two_stations_offline),
	    cmocka_unit_test(A05_overlapping_doubt),
	    cmocka_unit_test(A06_clocks),
	    cmocka_unit_test(A07_revoked_while_offline),
	    cmocka_unit_test(A10_old_generation),
	    cmocka_unit_test(A14_burnt_ticket),
	    cmocka_unit_test(A15_gap_in_numbers),
	    cmocka_unit_test(A19_repeat_is_no_scan),
	    cmocka_unit_test(strangers_and_nonsense),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
