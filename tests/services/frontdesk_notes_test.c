/* tests/services: notes for whoever comes in, confirmations, and screens that sign people in. */
#include "tests/services/frontdesk.h"

#include <time.h>

static const char *note(const struct door *d, const struct caller *boss, const char *more)
{
	struct call_result r = keyed("note.save", boss, more);

	(void)d;
	if (r.fault != NULL)
		fail_msg("note.save: %s", r.fault);
	return member(&r, "note");
}

static const char *notes_for(const struct door *d, const char *person)
{
	const char *all =
	    call_sql("select door_notes('%s', '%s', '%s')", d->conference, d->list, person);

	return all != NULL ? all : "";
}

static void who_is_shown_what(void **state)
{
	struct door d = door_make();
	struct caller boss = call_person(d.conference, "Orla Organiser", ROLE_ORGANISER),
		      anna = guest(&d, "Anna Lund"), bo = guest(&d, "Bo Berg");
	const char *press =
	    call_sql("insert into category (conference, name) values ('%s', 'Press') "
		     "returning id",
		     d.conference);
	const char *vest, *own;
	struct call_result r;

	(void)state;
	sealed_code(&d, anna.person);
	call_sql("update person set category = '%s' where id = '%s'", press, bo.person);
	assert_string_equal(notes_for(&d, anna.person), "");
	note(&d, &boss, "\"text\":\"Welcome bag\"");
	vest =
	    note(&d, &boss,
		 call_text("\"category\":\"%s\",\"text\":\"Hand over a vest\",\"text_da\":\"Giv en "
			   "vest\",\"confirm\":true",
			   press));
	own =
	    note(&d, &boss, call_text("\"person\":\"%s\",\"text\":\"Call the host\"", anna.person));
	note(&d, &boss,
	     call_text(
		 "\"list\":\"%s\",\"text\":\"Only elsewhere\"",
		 call_sql("insert into checkin_list (conference, name) values ('%s', 'Dinner') "
			  "returning id",
			  d.conference)));
	assert_non_null(strstr(notes_for(&d, anna.person), "Call the host"));
	assert_non_null(strstr(notes_for(&d, anna.person), "Welcome bag"));
	assert_null(strstr(notes_for(&d, anna.person), "vest"));
	assert_null(strstr(notes_for(&d, anna.person), "elsewhere"));
	assert_non_null(strstr(notes_for(&d, bo.person), "Giv en vest"));
	assert_non_null(strstr(notes_for(&d, bo.person), "\"confirm\":true"));
	/* Offline: her own in her row, the others in the head. */
	assert_string_equal(call_sql("select door_notes_of('%s', '%s', '%s') -> 0 ->> 'id'",
				     d.conference, d.list, anna.person),
			    own);
	assert_int_equal(
	    count("select json_array_length(door_notes_for('%s', '%s'))", d.conference, d.list), 2);
	/* A note that names somebody is told as their ticket; one that does not, to every screen.
	 */
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and e.type = 'ticket.changed'",
			       d.conference),
			 1);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and e.type = 'note.changed'",
			       d.conference),
			 3);
	r = keyed("note.remove", &boss, call_text("\"note\":\"%s\"", vest));
	assert_null(r.fault);
	assert_null(strstr(notes_for(&d, bo.person), "vest"));
	r = keyed("note.remove", &boss, call_text("\"note\":\"%s\"", vest));
	assert_true(json_is_true(json_object_get(r.json, "noop")));
	r = call_method("note.list", "{}", &d.desk);
	assert_int_equal(json_array_size(json_object_get(r.json, "notes")), 3);
	door_end(&d);
}

static void not_saved(void **state)
{
	struct door d = door_make();
	struct caller boss = call_person(d.conference, "Orla Organiser", ROLE_ORGANISER),
		      desk = desk_station(&d), anna = guest(&d, "Anna Lund");
	struct call_result r = keyed("note.save", &d.desk, "\"text\":\"x\"");

	(void)state;
	assert_fault(&r, "denied");
	r = keyed("note.save", &desk, "\"text\":\"x\"");
	assert_fault(&r, "denied");
	r = keyed("note.save", &boss, "\"text\":\" \"");
	assert_fault(&r, "bad_request");
	r = keyed("note.save", &boss, call_text("\"text\":\"%0201d\"", 7));
	assert_fault(&r, "limit.size");
	r = keyed("note.save", &boss, call_text("\"list\":\"%s\",\"text\":\"x\"", call_uuid()));
	assert_fault(&r, "not_found");
	r = keyed("note.save", &boss, call_text("\"note\":\"%s\",\"text\":\"x\"", call_uuid()));
	assert_fault(&r, "not_found");
	for (int i = 0; i < 4; i++)
		note(&d, &boss, call_text("\"person\":\"%s\",\"text\":\"n%d\"", anna.person, i));
	r = keyed("note.save", &boss, call_text("\"person\":\"%s\",\"text\":\"n5\"", anna.person));
	assert_fault(&r, "limit.size");
	door_end(&d);
}

static void confirmed_once(void **state)
{
	struct door d = door_make();
	struct caller boss = call_person(d.conference, "Orla Organiser", ROLE_ORGANISER),
		      anna = guest(&d, "Anna Lund");
	const char *id = note(&d, &boss, "\"text\":\"Hand over a headset\",\"confirm\":true");
	struct call_result in = scan(&d, sealed_code(&d, anna.person), &d.east), r;
	const char *params =
	    call_text("{\"scan_id\":\"%s\",\"note\":\"%s\"}", member(&in, "scan_id"), id);

	(void)state;
	r = call_method("checkin.confirm", params, &d.west);
	assert_fault(&r, "denied");
	r = call_method("checkin.confirm", params, &d.east);
	assert_null(r.fault);
	clock_at(&d, "2021-05-02T09:00:00+02:00");
	assert_string_equal(call_method("checkin.confirm", params, &d.desk).text, r.text);
	assert_int_equal(
	    count("select count(*) from door_confirm where note = '%s' and station = '%s'", id,
		  d.east.station),
	    1);
	r = call_method("checkin.confirm",
			call_text("{\"scan_id\":\"%s\",\"note\":\"%s\"}", call_uuid(), id),
			&d.east);
	assert_fault(&r, "not_found");
	/* What an upload brings: known ones are kept, others passed over, again changes nothing. */
	assert_int_equal(
	    count("select door_confirmed('%s', '%s', array['%s', '%s']::uuid[], '%s', null, now())",
		  d.conference, member(&in, "scan_id"), id, call_uuid(), d.east.station),
	    0);
	r = call_method("note.list", "{}", &boss);
	assert_int_equal(json_integer_value(json_object_get(
			     json_array_get(json_object_get(r.json, "notes"), 0), "confirmed")),
			 1);
	door_end(&d);
}

static struct call_result offer(const char *scan_id, const struct caller *who)
{
	return call_method("checkin.sign_in", call_text("{\"scan_id\":\"%s\"}", scan_id), who);
}

static struct call_result arrive(const char *token)
{
	return call_method("auth.door", call_text("{\"token\":\"%s\"}", token), NULL);
}

static void signed_in_once(void **state)
{
	struct door d = door_make();
	struct caller anna = guest(&d, "Anna Lund");
	struct call_result in = scan(&d, sealed_code(&d, anna.person), &d.east), r, first;
	const char *token;
	struct token opened;

	(void)state;
	first = offer(member(&in, "scan_id"), &d.east);
	assert_null(first.fault);
	assert_int_equal(strlen(member(&first, "token")), 32);
	assert_int_equal(count("select count(*) from door_sign_in s where s::text ~ '%s'",
			       member(&first, "token")),
			 0);
	/* Asked again before anybody came: the newer one counts. */
	r = offer(member(&in, "scan_id"), &d.east);
	token = member(&r, "token");
	r = arrive(member(&first, "token"));
	assert_fault(&r, "auth.code");
	r = arrive(token);
	assert_null(r.fault);
	assert_non_null(r.cookie);
	assert_null(token_verify(r.cookie, time(NULL), &opened));
	assert_string_equal(opened.subject, anna.person);
	assert_non_null(strstr(r.text, "Anna Lund"));
	r = arrive(token);
	assert_fault(&r, "auth.code");
	r = offer(member(&in, "scan_id"), &d.east);
	assert_fault(&r, "denied");
	door_end(&d);
}

static void no_sign_in(void **state)
{
	struct door d = door_make();
	struct caller anna = guest(&d, "Anna Lund"), bo = guest(&d, "Bo Berg"),
		      gate = kiosk(&d, "Gate", "kiosk");
	const char *code = sealed_code(&d, anna.person);
	struct call_result in = scan(&d, code, &d.east), r;
	const char *id = member(&in, "scan_id");

	(void)state;
	r = offer(id, &d.west);
	assert_fault(&r, "denied");
	r = offer(id, &d.desk);
	assert_fault(&r, "denied");
	r = offer(call_uuid(), &d.east);
	assert_fault(&r, "denied");
	/* A red one opens nothing. */
	in = scan(&d, code, &d.west);
	r = offer(member(&in, "scan_id"), &d.west);
	assert_fault(&r, "denied");
	/* Twenty seconds; then thirty for the phone. */
	clock_at(&d, "2021-05-02T08:00:09+02:00");
	r = offer(id, &d.east);
	assert_null(r.fault);
	call_sql("update door_sign_in set expires = now() - interval '1 s' where scan = '%s'", id);
	r = arrive(member(&r, "token"));
	assert_fault(&r, "auth.code");
	clock_at(&d, "2021-05-02T08:00:40+02:00");
	r = offer(id, &d.east);
	assert_fault(&r, "denied");
	r = arrive("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	assert_fault(&r, "auth.code");
	/* Neither a gate, nor a list that does not want it, nor anybody of staff. */
	call_sql("update station set profile = 'gate' where id = '%s'", gate.station);
	in = scan(&d, sealed_code(&d, bo.person), &gate);
	r = offer(member(&in, "scan_id"), &gate);
	assert_fault(&r, "denied");
	in = scan(&d, sealed_code(&d, d.desk.person), &d.east);
	assert_verdict(&in, "admitted", NULL);
	r = offer(member(&in, "scan_id"), &d.east);
	assert_fault(&r, "denied");
	in = scan(&d, sealed_code(&d, guest(&d, "Cecilie Dam").person), &d.east);
	r = keyed("list.sign_in", &d.desk, call_text("\"list\":\"%s\",\"on\":false", d.list));
	assert_fault(&r, "denied");
	d.desk.roles = ROLE_ORGANISER;
	r = keyed("list.sign_in", &d.desk, call_text("\"list\":\"%s\",\"on\":false", d.list));
	assert_null(r.fault);
	r = offer(member(&in, "scan_id"), &d.east);
	assert_fault(&r, "denied");
	door_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_shown_what), cmocka_unit_test(not_saved),
	    cmocka_unit_test(confirmed_once),	 cmocka_unit_test(signed_in_once),
	    cmocka_unit_test(no_sign_in),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
