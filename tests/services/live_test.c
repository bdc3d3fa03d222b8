/* tests/services: a room while it runs: starts, ends, added time, what is expected then, who is
 * told, and what is refused. */
#include "tests/services/schedule_support.h"

static const char *conference, *hall, *opening, *talks, *lunch, *last;
static struct caller organiser, moderator, desk, attendee;

static const char *made_slot(const char *title, const char *start, const char *end,
			     const char *rules)
{
	const char *session = call_sql(
	    "insert into session (conference, guid, number, title) values ('%s', "
	    "gen_random_uuid(), 100 + (select count(*) from session where conference = '%s'), "
	    "'%s') returning id",
	    conference, conference, title);

	call_sql("insert into talk (conference, session, ord, title) values ('%s', '%s', 1, '%s')",
		 conference, session, title);
	return call_sql("insert into slot (conference, session, room, starts, ends, anchor, min_s) "
			"values ('%s', '%s', '%s', '2021-05-02T%s:00Z', '2021-05-02T%s:00Z', %s) "
			"returning id",
			conference, session, hall, start, end, rules);
}

static void clock_at(const char *time)
{
	call_sql("update conference set clock_offset = '2021-05-02T%sZ'::timestamptz - now() where "
		 "id = '%s'",
		 time, conference);
}

static void look(void)
{
	call_sql("select due_expect('%s', '%s')", conference, hall);
}

/* Hall: opening 07:00–07:30, talks 07:30–08:00, break 08:00–08:20 that may shrink to 5 minutes,
 * talks 08:20–09:00, lunch 09:00–10:00 that does not move, last 10:00–10:30. */
static int fresh(void **state)
{
	static int n;

	(void)state;
	conference = call_conference(call_text("live-%d", ++n));
	call_sql("update conference set starts = '2021-05-02', ends = '2021-05-02' where id = '%s'",
		 conference);
	hall = call_sql("insert into room (conference, guid, name) values ('%s', 'hall', 'Hall') "
			"returning id",
			conference);
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	moderator = call_person(conference, "Mona Moderator", ROLE_MODERATOR);
	desk = call_person(conference, "Dora Desk", ROLE_DESK);
	attendee = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	clock_at("06:00:00");
	opening = made_slot("Opening", "07:00", "07:30", "false, null");
	talks = made_slot("Talks", "07:30", "08:00", "false, null");
	made_slot("Coffee", "08:00", "08:20", "false, 300");
	made_slot("More talks", "08:20", "09:00", "false, null");
	lunch = made_slot("Lunch", "09:00", "10:00", "true, null");
	last = made_slot("Last", "10:00", "10:30", "false, null");
	good(
	    call_method("release.publish", call_text("{\"key\":\"%s\"}", call_uuid()), &organiser));
	return 0;
}

static struct call_result press_as(const struct caller *who, const char *method, const char *slot,
				   const char *more)
{
	return call_method(
	    method, call_text("{\"slot\":\"%s\",\"key\":\"%s\"%s}", slot, call_uuid(), more), who);
}

static struct call_result press(const char *method, const char *slot, const char *more)
{
	return press_as(&moderator, method, slot, more);
}

static json_t *slot_of(const char *slot)
{
	return find(at(good(call_method("schedule.get", "{}", &attendee)), "slots"), "id", slot);
}

static int events(const char *channel, const char *type)
{
	return atoi(call_sql(
	    "select count(*) from channel_event e join channel c on c.id = e.channel where "
	    "c.conference = '%s' and c.name = '%s' and e.type = '%s'",
	    conference, channel, type));
}

/* All that a press could change. */
static const char *everything(void)
{
	return call_sql(
	    "select md5(coalesce((select string_agg(p::text, ' ' order by slot) from published p "
	    "where conference = '%s'), '') || coalesce((select string_agg(x::text, ' ' order by "
	    "slot) from expected x where conference = '%s'), '') || (select sum(head) from channel "
	    "where conference = '%s'))",
	    conference, conference, conference);
}

static void a_late_start_is_passed_on(void **state)
{
	json_t *reply, *now;

	(void)state;
	clock_at("07:12:00");
	reply = good(press("slot.start", opening, ",\"at\":\"2021-05-02T07:10:30Z\""));
	assert_string_equal(text_at(reply, "started"), "2021-05-02T07:10:30.000Z");
	assert_string_equal(text_at(slot_of(opening), "state"), "running");
	assert_string_equal(text_at(slot_of(opening), "expected_end"), "2021-05-02T07:40:30.000Z");
	assert_string_equal(text_at(slot_of(talks), "expected_start"), "2021-05-02T07:41:00.000Z");
	assert_string_equal(text_at(slot_of(talks), "start"), "2021-05-02T07:30:00.000Z");
	/* The break gives up what it can, and the rest of the morning is on plan. */
	assert_string_equal(call_sql("select string_agg(to_char(x.starts, 'HH24:MI') || '-' || "
				     "to_char(x.ends, 'HH24:MI'), ' ' order by x.starts) from "
				     "expected x where conference = '%s'",
				     conference),
			    "07:10-07:40 07:41-08:11 08:11-08:20");
	assert_null(at(slot_of(lunch), "expected_start"));
	assert_int_equal(events("schedule", "slot.started"), 1);
	assert_int_equal(events(call_text("room:%s", hall), "slot.started"), 1);
	assert_int_equal(events(call_text("room:%s", hall), "expected.changed"), 1);
	assert_int_equal(events("schedule", "expected.changed"), 1);
	now = json_array_get(at(good(call_method("now.get", "{}", &attendee)), "rooms"), 0);
	assert_string_equal(text_at(at(now, "now"), "slot"), opening);
	assert_string_equal(text_at(at(now, "next"), "expected_start"), "2021-05-02T07:41:00.000Z");
}

static void starting_one_ends_the_one_before(void **state)
{
	const char *talk = call_sql("select t.id from talk t join slot l on l.session = t.session "
				    "where l.id = '%s'",
				    opening);

	(void)state;
	clock_at("07:05:00");
	good(call_method("talk.start",
			 call_text("{\"talk\":\"%s\",\"key\":\"%s\"}", talk, call_uuid()),
			 &moderator));
	assert_string_equal(text_at(slot_of(opening), "state"), "running");
	clock_at("07:33:00");
	good(press_as(&desk, "slot.start", talks, ""));
	assert_string_equal(text_at(slot_of(opening), "state"), "ended");
	assert_int_equal(count(call_text("select count(*) from talk where id = '%s' and ended is "
					 "not null",
					 talk)),
			 1);
	assert_int_equal(events("schedule", "slot.ended"), 1);
	assert_int_equal(events(call_text("talk:%s", talk), "talk.ended"), 1);
	/* Ended by mistake, it goes on; but not when another has begun since. */
	good(press("slot.end", talks, ""));
	good(press("slot.start", talks, ""));
	assert_string_equal(text_at(slot_of(talks), "state"), "running");
	assert_fault(press("slot.start", opening, ""), "slot.state");
}

static const char *on_stage(void)
{
	return call_sql("select coalesce(stage_shown('%s', '%s') -> 'talk' ->> 'title', '')",
			conference, hall);
}

static void the_stage_goes_by_what_is_expected(void **state)
{
	(void)state;
	clock_at("07:15:00");
	good(press("slot.start", opening, ""));
	/* Planned 07:30, expected 07:45. */
	clock_at("07:35:00");
	look();
	assert_string_equal(on_stage(), "Opening");
	clock_at("07:47:00");
	good(press("slot.end", opening, ""));
	clock_at("07:49:00");
	look();
	assert_string_equal(on_stage(), "Talks");
	/* By the plan this is the break's time. */
	clock_at("08:05:00");
	good(press("slot.start", talks, ""));
	clock_at("08:12:00");
	look();
	assert_string_equal(on_stage(), "Talks");
	/* A session held twice: where it is expected to be, also late. */
	call_sql("insert into room (conference, guid, name) values ('%s', 'lab', 'Lab') returning "
		 "id",
		 conference);
	call_sql("with s as (insert into slot (conference, session, room, starts, ends) select "
		 "l.conference, l.session, r.id, timestamptz '2021-05-02T08:15Z', timestamptz "
		 "'2021-05-02T08:45Z' from slot l join room r on r.guid = 'lab' and r.conference = "
		 "l.conference where l.id = '%s' returning *) insert into published (slot, "
		 "conference, session, room, during, cancelled, overlap_ok, version, content) "
		 "select id, conference, session, room, tstzrange(starts, ends), false, false, 1, "
		 "'{}' from s returning 1",
		 talks);
	clock_at("08:20:00");
	look();
	assert_string_equal(
	    call_sql("select talk_room('%s', t.id) from talk t join slot l on l.session = "
		     "t.session where l.id = '%s'",
		     conference, talks),
	    hall);
}

static void nobody_presses_anything(void **state)
{
	(void)state;
	clock_at("07:02:00");
	look();
	assert_null(at(slot_of(opening), "assumed"));
	clock_at("07:03:01");
	look();
	assert_true(json_is_true(at(slot_of(opening), "assumed")));
	assert_null(at(slot_of(opening), "expected_start"));
	assert_null(at(slot_of(talks), "assumed"));
	assert_int_equal(events("schedule", "expected.changed"), 1);
	/* An end without a start: it began when it was expected to. */
	clock_at("07:25:00");
	good(press("slot.end", opening, ""));
	assert_string_equal(text_at(slot_of(opening), "started"), "2021-05-02T07:00:00.000Z");
	assert_null(at(slot_of(opening), "assumed"));
}

static void an_unended_slot_pushes_for_a_while(void **state)
{
	json_t *now;

	(void)state;
	clock_at("07:00:30");
	good(press("slot.start", opening, ",\"at\":\"2021-05-02T07:00:00Z\""));
	clock_at("07:34:10");
	look();
	assert_string_equal(text_at(slot_of(opening), "expected_end"), "2021-05-02T07:35:00.000Z");
	assert_string_equal(text_at(slot_of(talks), "expected_start"), "2021-05-02T07:35:00.000Z");
	assert_null(at(slot_of(talks), "assumed"));
	/* Looked at again when another minute is over. */
	assert_string_equal(
	    call_sql("select to_char(d.at + k.clock_offset, 'HH24:MI:SS') from due d join "
		     "conference k on k.id = d.conference where d.kind = 'expect' and "
		     "d.subject = '%s'",
		     hall),
	    "07:35:00");
	clock_at("07:46:00");
	look();
	assert_true(json_is_true(at(slot_of(opening), "unconfirmed")));
	assert_true(json_is_true(at(slot_of(talks), "assumed")));
	assert_null(at(slot_of(talks), "expected_start"));
	now = json_array_get(at(good(call_method("now.get", "{}", &attendee)), "rooms"), 0);
	assert_string_equal(text_at(at(now, "now"), "slot"), talks);
	/* Nothing closed: its window follows the latest end that was shown. */
	assert_int_equal(
	    count(call_text("select count(*) from published p, session_open('%s', p.session) o "
			    "where p.conference = '%s' and not o.open",
			    conference, conference)),
	    0);
}

static void an_anchor_does_not_move(void **state)
{
	json_t *room;

	(void)state;
	clock_at("07:01:00");
	good(press("slot.start", opening, ""));
	assert_int_equal(
	    int_at(good(press("slot.add_time", opening, ",\"seconds\":3600")), "added"), 3600);
	assert_null(at(slot_of(lunch), "expected_start"));
	assert_null(at(slot_of(last), "expected_start"));
	room = at(call_snapshot("room", NULL, conference, hall), "snapshot");
	assert_string_equal(text_at(at(room, "alarm"), "slot"), lunch);
	/* 07:01–08:31, 30 min, 5 min, 40 min: 09:46 when lunch is at nine; the seconds are the
	 * test's. */
	assert_in_range(int_at(at(room, "alarm"), "deficit_s"), 46 * 60, 48 * 60);
	assert_int_equal(json_array_size(at(room, "slots")), 6);
	assert_int_equal(events(call_text("room:%s", hall), "schedule.alarm"), 1);
	assert_int_equal(int_at(slot_of(opening), "added"), 3600);
	good(press("slot.add_time", opening, ",\"seconds\":-3600"));
	room = at(call_snapshot("room", NULL, conference, hall), "snapshot");
	assert_true(json_is_null(at(room, "alarm")));
	assert_int_equal(events(call_text("room:%s", hall), "schedule.alarm"), 2);
}

static void on_time_takes_the_drift_away(void **state)
{
	json_t *reply;

	(void)state;
	clock_at("07:12:00");
	good(press("slot.start", opening, ""));
	clock_at("07:31:00");
	reply = good(call_method("slot.on_time",
				 call_text("{\"room\":\"%s\",\"key\":\"%s\"}", hall, call_uuid()),
				 &moderator));
	assert_int_equal(int_at(reply, "slots"), 2);
	assert_string_equal(text_at(slot_of(opening), "state"), "ended");
	assert_string_equal(text_at(slot_of(talks), "started"), "2021-05-02T07:30:00.000Z");
	assert_int_equal(count(call_text("select count(*) from expected x where conference = '%s' "
					 "and x.starts <> lower(x.planned)",
					 conference)),
			 1); /* the opening, which did begin late */
	reply = good(call_method("slot.on_time",
				 call_text("{\"room\":\"%s\",\"key\":\"%s\"}", hall, call_uuid()),
				 &moderator));
	assert_int_equal(int_at(reply, "slots"), 0);
	assert_fault(
	    call_method("slot.on_time",
			call_text("{\"room\":\"%s\",\"key\":\"%s\"}", call_uuid(), call_uuid()),
			&moderator),
	    "not_found");
}

static void what_makes_no_sense_changes_nothing(void **state)
{
	const char *before;

	(void)state;
	clock_at("07:20:00");
	good(press("slot.start", opening, ",\"at\":\"2021-05-02T07:00:00Z\""));
	call_sql("update published set cancelled = true where slot = '%s'", talks);
	before = everything();
	assert_fault(press("slot.start", talks, ""), "slot.state");
	assert_fault(press("slot.end", talks, ""), "slot.state");
	assert_fault(press("slot.add_time", talks, ",\"seconds\":60"), "slot.state");
	assert_fault(press("slot.start", last, ",\"at\":\"2021-05-02T09:00:00Z\""), "bad_request");
	assert_fault(press("slot.start", last, ",\"at\":\"2021-04-02T09:00:00Z\""), "bad_request");
	assert_fault(press("slot.start", last, ",\"at\":\"yesterday\""), "bad_request");
	assert_fault(press("slot.end", last, ""), "slot.state");
	assert_fault(press("slot.add_time", opening, ",\"seconds\":-3601"), "bad_request");
	assert_fault(press("slot.add_time", opening, ",\"seconds\":7201"), "bad_request");
	/* Twenty minutes have passed of thirty: eleven cannot be taken. */
	assert_fault(press("slot.add_time", opening, ",\"seconds\":-660"), "slot.length");
	assert_fault(press("slot.add_time", last, ",\"seconds\":-1800"), "slot.length");
	assert_fault(press("slot.start", call_uuid(), ""), "not_found");
	assert_fault(press_as(&attendee, "slot.start", last, ""), "denied");
	assert_fault(press_as(&attendee, "slot.add_time", opening, ",\"seconds\":60"), "denied");
	assert_string_equal(everything(), before);
}

static void two_press_at_once(void **state)
{
	const char *key = call_uuid();
	const struct caller other = call_person(conference, "Moe Moderator", ROLE_MODERATOR);
	struct call calls[2];
	struct call_result first, again, both[2];

	(void)state;
	clock_at("07:01:00");
	for (int i = 0; i < 2; i++)
		calls[i] = (struct call){
		    .method = "slot.start",
		    .params = call_text("{\"slot\":\"%s\",\"key\":\"%s\"}", opening, call_uuid()),
		    .who = i == 0 ? &moderator : &other};
	call_methods(calls, 2, both);
	assert_true((both[0].fault == NULL) != (both[1].fault == NULL));
	assert_fault(both[0].fault != NULL ? both[0] : both[1], "slot.state");
	assert_int_equal(events("schedule", "slot.started"), 1);
	/* The same press again is the same answer. */
	clock_at("07:20:00");
	first = call_method("slot.end", call_text("{\"slot\":\"%s\",\"key\":\"%s\"}", opening, key),
			    &moderator);
	again = call_method("slot.end", call_text("{\"slot\":\"%s\",\"key\":\"%s\"}", opening, key),
			    &moderator);
	good(first);
	assert_string_equal(first.text, again.text);
	assert_fault(press("slot.end", opening, ""), "slot.state");
	assert_int_equal(events("schedule", "slot.ended"), 1);
}

static void zones_come_from_the_server(void **state)
{
	json_t *offsets = at(good(call_method("schedule.get", "{}", &attendee)), "offsets");

	(void)state;
	assert_int_equal(json_array_size(offsets), 1);
	assert_int_equal(int_at(json_array_get(offsets, 0), "seconds"), 7200);
	assert_string_equal(text_at(json_array_get(offsets, 0), "name"), "CEST");
	offsets = at(good(call_method("zone.get",
				      "{\"zone\":\"Europe/Copenhagen\",\"from\":\"2021-01-01T00:00:"
				      "00Z\",\"to\":\"2021-12-31T00:00:00Z\"}",
				      &attendee)),
		     "offsets");
	assert_int_equal(json_array_size(offsets), 3);
	assert_string_equal(text_at(json_array_get(offsets, 1), "from"),
			    "2021-03-28T01:00:00.000Z");
	assert_string_equal(text_at(json_array_get(offsets, 2), "from"),
			    "2021-10-31T01:00:00.000Z");
	assert_string_equal(text_at(json_array_get(offsets, 2), "name"), "CET");
	assert_int_equal(
	    json_array_size(
		at(good(call_method("zone.get", "{\"zone\":\"UTC\"}", &attendee)), "offsets")),
	    1);
	assert_fault(call_method("zone.get", "{\"zone\":\"Europe/Hillerod\"}", &attendee),
		     "not_found");
	assert_fault(call_method("zone.get", "{\"zone\":\"ABC-3\"}", &attendee), "not_found");
	assert_fault(call_method("zone.get",
				 "{\"zone\":\"UTC\",\"from\":\"2021-05-02T00:00:00Z\","
				 "\"to\":\"2021-05-01T00:00:00Z\"}",
				 &attendee),
		     "not_found");
}

static void anchors_and_breaks_travel_in_files(void **state)
{
	struct call_result file = call_document("schedule.json", &attendee);
	json_t *doc = parsed(file.text, file.size, NULL);
	const char *slug = call_text("%s-again", call_sql("select slug from conference where id = "
							  "'%s'",
							  conference));
	const char *again = text_at(good(import_doc(doc, slug, "")), "conference");

	(void)state;
	assert_int_equal(count(call_text("select count(*) from published where conference = '%s' "
					 "and anchor and min_s is null",
					 again)),
			 1);
	assert_int_equal(
	    count(call_text(
		"select count(*) from published where conference = '%s' and min_s = 300", again)),
	    1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_late_start_is_passed_on, fresh),
	    cmocka_unit_test_setup(starting_one_ends_the_one_before, fresh),
	    cmocka_unit_test_setup(the_stage_goes_by_what_is_expected, fresh),
	    cmocka_unit_test_setup(nobody_presses_anything, fresh),
	    cmocka_unit_test_setup(an_unended_slot_pushes_for_a_while, fresh),
	    cmocka_unit_test_setup(an_anchor_does_not_move, fresh),
	    cmocka_unit_test_setup(on_time_takes_the_drift_away, fresh),
	    cmocka_unit_test_setup(what_makes_no_sense_changes_nothing, fresh),
	    cmocka_unit_test_setup(two_press_at_once, fresh),
	    cmocka_unit_test_setup(zones_come_from_the_server, fresh),
	    cmocka_unit_test_setup(anchors_and_breaks_travel_in_files, fresh),
	};

	return cmocka_run_group_tests_name("live", tests, setup, teardown);
}
