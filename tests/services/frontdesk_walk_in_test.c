/* tests/services: people without a ticket, with a network and without. */
#include "tests/services/frontdesk.h"

static const char *walk_in_params(const struct door *d, const char *name, const char *scan_id,
				  const char *more)
{
	return call_text("{\"list\":\"%s\",\"name\":\"%s\",\"scan_id\":\"%s\"%s}", d->list, name,
			 scan_id, more);
}

static struct call_result walk_in(const struct door *d, const char *name, const char *more,
				  const struct caller *who)
{
	return call_method("checkin.walk_in", walk_in_params(d, name, call_uuid(), more), who);
}

static void registered_and_in(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d);
	const char *id = call_uuid(), *params, *person, *code;
	struct call_result r, again;

	(void)state;
	params = walk_in_params(&d, "Viggo Walk", id, ",\"email\":\"viggo@firma.dk\"");
	r = call_method("checkin.walk_in", params, &desk);
	assert_null(r.fault);
	code = member(&r, "code");
	person = text_of(json_object_get(r.json, "person"), "id");
	assert_int_equal(strlen(code), 20);
	again = call_method("checkin.walk_in", params, &desk);
	assert_string_equal(member(&again, "code"), code);
	assert_string_equal(text_of(json_object_get(again.json, "person"), "id"), person);
	assert_int_equal(count("select count(*) from person where conference = '%s' and name = "
			       "'Viggo Walk'",
			       d.conference),
			 1);
	assert_int_equal(figure(&d, "inside"), 1);
	assert_int_equal(count("select count(*) from outbox where recipient = 'viggo@firma.dk' and "
			       "body ~ '%s' and sent is null",
			       code),
			 1);
	/* The code is a ticket like any other. */
	r = scan(&d, code, &d.east);
	assert_verdict(&r, "refused", "duplicate");
	r = call_method("checkin.walk_in", walk_in_params(&d, "Vera Walk", id, ""), &desk);
	assert_fault(&r, "key.reused");
	r = walk_in(&d, "Viggo Again", ",\"email\":\"viggo@firma.dk\"", &desk);
	assert_fault(&r, "checkin.known");
	assert_non_null(strstr(r.current, person));
	r = walk_in(&d, "Nobody", "", &d.east);
	assert_fault(&r, "denied");
	/* Without an address nothing is ever mailed. */
	r = walk_in(&d, "Else Uden", "", &d.desk);
	assert_null(r.fault);
	person = text_of(json_object_get(r.json, "person"), "id");
	call_sql("insert into outbox (conference, dedupe, recipient, subject, body) select "
		 "conference, 'x' || id, email, 's', 'b' from person where id = '%s'",
		 person);
	assert_int_equal(count("select count(*) from outbox where sent is null and recipient like "
			       "'%%walk-in.invalid'"),
			 0);
	r = search(&d, "else uden", &desk);
	assert_null(json_object_get(hit(&r, 0), "mail"));
	door_end(&d);
}

static void A36_fifty_for_ten_seats(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d);
	struct call calls[50];
	struct call_result results[50];
	int in = 0;

	(void)state;
	call_sql("update checkin_list set capacity = 10 where id = '%s'", d.list);
	for (int i = 0; i < 50; i++)
		calls[i] =
		    (struct call){"checkin.walk_in",
				  walk_in_params(&d, call_text("Guest %d", i), call_uuid(), ""),
				  i % 2 != 0 ? &desk : &d.desk};
	call_methods(calls, 50, results);
	for (int i = 0; i < 50; i++) {
		if (results[i].fault == NULL) {
			in++;
			continue;
		}
		assert_string_equal(results[i].fault, "checkin.refused");
		assert_non_null(strstr(results[i].current, "full"));
	}
	assert_int_equal(in, 10);
	assert_int_equal(figure(&d, "inside"), 10);
	/* Whoever was not let in was not registered either. */
	assert_int_equal(count("select count(*) from person where conference = '%s' and name like "
			       "'Guest %%'",
			       d.conference),
			 10);
	door_end(&d);
}

static void the_list_decides_as_for_anybody(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d);
	const char *press =
	    call_sql("insert into category (conference, name) values ('%s', 'Press') "
		     "returning id",
		     d.conference);
	struct call_result r;

	(void)state;
	call_sql("insert into list_rule (conference, list, category, day) values ('%s', '%s', "
		 "'%s', '2021-05-02')",
		 d.conference, d.list, press);
	r = walk_in(&d, "Viggo Walk", "", &desk);
	assert_fault(&r, "checkin.refused");
	assert_non_null(strstr(r.current, "wrong_category"));
	r = walk_in(&d, "Viggo Walk", call_text(",\"category\":\"%s\"", press), &desk);
	assert_null(r.fault);
	call_sql("update checkin_list set opens = '2021-05-02T09:00+02' where id = '%s'", d.list);
	r = walk_in(&d, "Vera Walk", call_text(",\"category\":\"%s\"", press), &desk);
	assert_fault(&r, "checkin.refused");
	assert_non_null(strstr(r.current, "not_yet"));
	r = walk_in(&d, "Vera Walk", call_text(",\"category\":\"%s\"", call_uuid()), &desk);
	assert_fault(&r, "not_found");
	door_end(&d);
}

/* A station without a network let somebody in and wrote down a name and a number. */
static const char *let_in_offline(const struct door *d, const struct caller *who, const char *name,
				  const char *scan_id, int seq)
{
	struct call_result r = call_method(
	    "checkin.upload",
	    call_text("{\"sent_at\":\"2021-05-02T08:00:00+02:00\",\"sent_mono\":100000,\"boot_id\":"
		      "\"%s\",\"scans\":[{\"scan_id\":\"%s\",\"list\":\"%s\",\"direction\":"
		      "\"entry\",\"scanned_at\":\"2021-05-02T07:59:00+02:00\",\"mono\":40000,"
		      "\"boot_id\":\"%s\",\"seq\":%d,\"offset_ms\":0,\"uncert_ms\":100,\"shown\":{"
		      "\"verdict\":\"ask\"},\"walk_in\":{\"name\":\"%s\",\"number\":3}}]}",
		      who->station, scan_id, d->list, who->station, seq, name),
	    who);

	if (r.fault != NULL)
		fail_msg("upload: %s (%s)", r.fault, r.field != NULL ? r.field : "");
	return call_sql("select id from conflict where scan_a = '%s' and kind = 'walk_in'",
			scan_id);
}

static void written_down_and_merged(void **state)
{
	struct door d = door_make();
	struct caller desk = desk_station(&d), anna = guest(&d, "Anna Lund");
	const char *one = call_uuid(), *two = call_uuid(), *first, *second, *note;
	struct caller boss = call_person(d.conference, "Orla Organiser", ROLE_ORGANISER);
	struct call_result r;

	(void)state;
	sealed_code(&d, anna.person);
	first = let_in_offline(&d, &desk, "Viggo Walk", one, 1);
	second = let_in_offline(&d, &desk, "Anna L", two, 2);
	assert_non_null(first);
	r = keyed("checkin.walk_in_merge", &desk, call_text("\"conflict\":\"%s\"", first));
	assert_fault(&r, "denied");
	r = keyed("checkin.walk_in_merge", &d.desk, call_text("\"conflict\":\"%s\"", first));
	assert_null(r.fault);
	assert_true(json_is_true(json_object_get(r.json, "new")));
	assert_int_equal(count("select count(*) from person where conference = '%s' and name = "
			       "'Viggo Walk'",
			       d.conference),
			 1);
	r = keyed("checkin.walk_in_merge", &d.desk,
		  call_text("\"conflict\":\"%s\",\"person\":\"%s\"", second, anna.person));
	assert_null(r.fault);
	assert_int_equal(figure(&d, "inside"), 2);
	assert_int_equal(figure(&d, "conflicts"), 0);
	assert_int_equal(count("select count(*) from admission where person = '%s' and scan = '%s' "
			       "and undone is null",
			       anna.person, two),
			 1);
	r = keyed("checkin.walk_in_merge", &d.desk, call_text("\"conflict\":\"%s\"", first));
	assert_fault(&r, "checkin.settled");
	r = keyed("checkin.walk_in_merge", &d.desk, call_text("\"conflict\":\"%s\"", call_uuid()));
	assert_fault(&r, "not_found");
	/* What was done for them without a network is kept as well. */
	r = keyed("note.save", &boss, "\"text\":\"Hand over a headset\",\"confirm\":true");
	note = member(&r, "note");
	r = call_method(
	    "checkin.upload",
	    call_text("{\"sent_at\":\"2021-05-02T08:00:00+02:00\",\"sent_mono\":100000,\"boot_id\":"
		      "\"%s\",\"scans\":[{\"scan_id\":\"%s\",\"list\":\"%s\",\"code\":\"%s\","
		      "\"direction\":\"entry\",\"scanned_at\":\"2021-05-02T07:59:30+02:00\","
		      "\"mono\":70000,\"boot_id\":\"%s\",\"seq\":3,\"shown\":{\"verdict\":"
		      "\"admitted\"},\"confirmed\":[\"%s\"]}]}",
		      desk.station, call_uuid(), d.list,
		      sealed_code(&d, guest(&d, "Bo Berg").person), desk.station, note),
	    &desk);
	assert_null(r.fault);
	assert_int_equal(count("select count(*) from door_confirm where note = '%s' and station = "
			       "'%s'",
			       note, desk.station),
			 1);
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(registered_and_in),
	    cmocka_unit_test(A36_fifty_for_ten_seats),
	    cmocka_unit_test(the_list_decides_as_for_anybody),
	    cmocka_unit_test(written_down_and_merged),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
