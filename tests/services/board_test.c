/* tests/services: the board of a session of short talks: order, no-show, standby promoted in place,
 * time given and held up, and who may press. */
#include "tests/services/board_support.h"

static void the_slot_is_shared(void **state)
{
	json_t *doc = board(), *talk = talk_on(doc, b.talk[2]);

	(void)state;
	assert_int_equal(int_at(talk, "allotted_s"), 900);
	assert_string_equal(text_at(at(talk, "planned"), "start"), "2021-05-02T08:30:00.000Z");
	assert_string_equal(text_at(talk, "state"), "waiting");
	assert_string_equal(text_at(at(talk, "speaker"), "name"), "Cai Three");
	assert_int_equal(json_array_size(at(doc, "standby")), 2);
	assert_string_equal(text_at(json_array_get(at(doc, "standby"), 0), "name"), "Eva First");

	/* One with a time of its own leaves the others what is left of the hour. */
	good(on_talk("talk.allot", 0, ",\"seconds\":1800"));
	doc = board();
	assert_int_equal(int_at(talk_on(doc, b.talk[1]), "allotted_s"), 600);
	assert_string_equal(starts_at(b.talk[1], "planned"), "08:30");
	good(on_talk("talk.allot", 0, ""));
	assert_string_equal(starts_at(b.talk[1], "planned"), "08:15");
}

static void who_did_not_come_takes_no_time(void **state)
{
	(void)state;
	clock_at("08:00:00");
	good(on_talk("talk.start", 0, ""));
	assert_string_equal(starts_at(b.talk[2], "expected"), "08:30");
	good(on_talk("talk.no_show", 1, ",\"value\":true"));
	assert_string_equal(state_of(1), "no_show");
	assert_string_equal(starts_at(b.talk[2], "expected"), "08:15");
	assert_string_equal(starts_at(b.talk[3], "expected"), "08:30");
	assert_string_equal(starts_at(b.talk[2], "planned"), "08:30");
	assert_int_equal(events("schedule", "talk.no_show"), 1);
	assert_int_equal(events(call_text("talk:%s", b.talk[1]), "talk.no_show"), 1);
	/* Its questions are closed, and it cannot begin. */
	assert_string_equal(
	    call_sql("select ask from talk_window('%s', '%s')", b.conference, b.talk[1]), "f");
	assert_fault(on_talk("talk.start", 1, ""), "talk.state");

	/* Pressed twice it is one; and they came after all. */
	assert_true(json_is_true(at(good(on_talk("talk.no_show", 1, ",\"value\":true")), "noop")));
	assert_int_equal(events("schedule", "talk.no_show"), 1);
	good(on_talk("talk.no_show", 1, ",\"value\":false"));
	assert_string_equal(starts_at(b.talk[2], "expected"), "08:30");
	good(on_talk("talk.start", 1, ""));
	assert_fault(on_talk("talk.no_show", 1, ",\"value\":true"), "talk.state");
	assert_string_equal(state_of(0), "done");

	/* The last who comes ends the slot. */
	good(on_talk("talk.no_show", 2, ",\"value\":true"));
	good(on_talk("talk.no_show", 3, ",\"value\":true"));
	good(on_talk("talk.end", 1, ""));
	assert_string_equal(
	    call_sql("select ended is not null from published where slot = '%s'", b.slot), "t");
}

static void standby_takes_the_place(void **state)
{
	struct call_result r;
	json_t *doc, *made;
	const char *talk;

	(void)state;
	clock_at("07:30:00");
	good(on_talk("talk.allot", 1, ",\"seconds\":600"));
	talk = text_at(
	    good(act("talk.promote", &b.chair,
		     call_text("\"talk\":\"%s\",\"abstract\":\"%s\"", b.talk[1], b.abstract[0]))),
	    "talk");
	doc = board();
	made = talk_on(doc, talk);
	assert_int_equal(int_at(made, "ord"), 2);
	assert_string_equal(text_at(made, "title"), "Standby 1");
	assert_string_equal(text_at(at(made, "speaker"), "name"), "Eva First");
	assert_string_equal(text_at(made, "stands_for"), b.talk[1]);
	assert_int_equal(int_at(made, "allotted_s"), 600);
	assert_string_equal(starts_at(talk, "planned"), "08:16");
	assert_string_equal(state_of(1), "no_show");
	assert_int_equal(json_array_size(at(doc, "standby")), 1);

	/* Questions of its own, and people see it where it is. */
	assert_string_equal(call_sql("select session from talk where id = '%s'", talk), b.session);
	good(call_method(
	    "qa.ask",
	    call_text("{\"question\":\"%s\",\"talk\":\"%s\",\"text\":\"Why?\"}", call_uuid(), talk),
	    &b.attendee));
	doc = find(at(good(call_method("schedule.get", "{}", &b.attendee)), "sessions"), "id",
		   b.session);
	assert_string_equal(text_at(json_array_get(at(doc, "talks"), 1), "id"), talk);
	assert_true(json_is_true(at(json_array_get(at(doc, "talks"), 2), "no_show")));
	assert_int_equal(json_array_size(at(doc, "talks")), 5);
	assert_int_equal(events("schedule", "session.talks"), 1);
	assert_int_equal(events(call_text("person:%s", b.standby[0].person), "talk.yours"), 1);

	/* The same two again are done; the place is taken, and so is the abstract. */
	r = act("talk.promote", &b.moderator,
		call_text("\"talk\":\"%s\",\"abstract\":\"%s\"", b.talk[1], b.abstract[0]));
	assert_true(json_is_true(at(good(r), "noop")));
	assert_fault(
	    act("talk.promote", &b.chair,
		call_text("\"talk\":\"%s\",\"abstract\":\"%s\"", b.talk[1], b.abstract[1])),
	    "talk.state");
	assert_fault(
	    act("talk.promote", &b.chair,
		call_text("\"talk\":\"%s\",\"abstract\":\"%s\"", b.talk[2], b.abstract[0])),
	    "talk.standby");
	assert_fault(on_talk("talk.no_show", 1, ",\"value\":false"), "talk.state");

	/* Without a talk: the first place that is free. */
	assert_fault(
	    act("talk.promote", &b.chair,
		call_text("\"session\":\"%s\",\"abstract\":\"%s\"", b.session, b.abstract[1])),
	    "talk.state");
	good(on_talk("talk.no_show", 3, ",\"value\":true"));
	r = act("talk.promote", &b.chair,
		call_text("\"session\":\"%s\",\"abstract\":\"%s\"", b.session, b.abstract[1]));
	assert_string_equal(text_at(good(r), "stands_for"), b.talk[3]);
	/* The next release takes nothing of it back. */
	assert_fault(act("release.publish", &b.organiser, "\"note\":\"\""), "release.nothing");
}

static void those_that_wait_in_another_order(void **state)
{
	const char *list = call_text("[\"%s\",\"%s\",\"%s\"]", b.talk[3], b.talk[1], b.talk[2]);
	const char *was = call_text("[\"%s\",\"%s\",\"%s\"]", b.talk[1], b.talk[2], b.talk[3]);
	const char *scope = call_text("\"session\":\"%s\"", b.session);
	struct call_result r;

	(void)state;
	clock_at("08:00:00");
	good(on_talk("talk.start", 0, ""));
	r = act("talk.order", &b.chair, call_text("%s,\"talks\":%s,\"was\":%s", scope, list, was));
	good(r);
	assert_string_equal(starts_at(b.talk[3], "expected"), "08:15");
	assert_string_equal(starts_at(b.talk[2], "planned"), "08:45");
	assert_int_equal(events("schedule", "session.talks"), 1);

	/* The other chair had seen another order; one that has begun cannot be moved; nor what is
	 * no list. */
	assert_fault(act("talk.order", &b.moderator,
			 call_text("%s,\"talks\":%s,\"was\":%s", scope, was, was)),
		     "conflict");
	assert_fault(act("talk.order", &b.chair,
			 call_text("%s,\"talks\":[\"%s\",\"%s\"]", scope, b.talk[0], b.talk[1])),
		     "conflict");
	assert_fault(act("talk.order", &b.chair, call_text("%s,\"talks\":[1]", scope)),
		     "bad_request");
	assert_fault(act("talk.order", &b.chair, call_text("%s,\"talks\":{}", scope)),
		     "bad_request");
	assert_string_equal(starts_at(b.talk[3], "expected"), "08:15");
}

static void a_question_holds_up_the_clock(void **state)
{
	json_t *talk;

	(void)state;
	clock_at("08:00:00");
	good(on_talk("talk.start", 0, ",\"at\":\"2021-05-02T08:00:00Z\""));
	clock_at("08:06:00");
	good(on_talk("talk.pause", 0, ",\"at\":\"2021-05-02T08:05:00Z\""));
	assert_true(json_is_true(
	    at(good(on_talk("talk.pause", 0, ",\"at\":\"2021-05-02T08:05:30Z\"")), "noop")));
	assert_string_equal(state_of(0), "paused");
	talk = json_object_get(
	    json_object_get(
		json_array_get(at(good(call_method("now.get", "{}", &b.attendee)), "rooms"), 0),
		"now"),
	    "talk");
	assert_true(json_is_true(at(talk, "paused")));
	good(on_talk("talk.resume", 0, ",\"at\":\"2021-05-02T08:05:40Z\""));
	good(on_talk("talk.pause", 0, ",\"at\":\"2021-05-02T08:05:50Z\""));
	clock_at("08:07:00");
	good(on_talk("talk.resume", 0, ",\"at\":\"2021-05-02T08:06:10Z\""));
	talk = talk_on(board(), b.talk[0]);
	assert_int_equal(int_at(talk, "paused_s"), 60);
	assert_string_equal(text_at(at(talk, "expected"), "end"), "2021-05-02T08:16:00.000Z");
	assert_string_equal(starts_at(b.talk[1], "expected"), "08:16");
	assert_int_equal(events(call_text("talk:%s", b.talk[0]), "talk.paused"), 2);
	/* Ended while held up: counted to the end. */
	good(on_talk("talk.pause", 0, ",\"at\":\"2021-05-02T08:06:30Z\""));
	good(on_talk("talk.end", 0, ",\"at\":\"2021-05-02T08:06:50Z\""));
	assert_int_equal(int_at(talk_on(board(), b.talk[0]), "paused_s"), 80);
	assert_fault(on_talk("talk.pause", 0, ""), "talk.state");
	assert_fault(on_talk("talk.pause", 1, ""), "talk.state");
}

/* When what comes after them in the hall is expected. */
static const char *after_starts(void)
{
	return call_sql("select to_char(coalesce(x.starts, lower(p.during)) at time zone 'UTC', "
			"'HH24:MI') from published p left join expected x on x.slot = p.slot where "
			"p.slot = '%s'",
			b.after);
}

static void time_given_reaches_the_programme(void **state)
{
	(void)state;
	clock_at("08:00:00");
	good(on_talk("talk.start", 0, ",\"at\":\"2021-05-02T08:00:00Z\""));
	assert_string_equal(after_starts(), "09:00");
	good(on_talk("talk.add_time", 0, ",\"seconds\":300,\"expect_added\":0"));
	assert_fault(on_talk("talk.add_time", 0, ",\"seconds\":300,\"expect_added\":0"),
		     "conflict");
	assert_string_equal(starts_at(b.talk[3], "expected"), "08:50");
	assert_string_equal(after_starts(), "09:05");
	/* A no-show gives it back. */
	good(on_talk("talk.no_show", 2, ",\"value\":true"));
	assert_string_equal(after_starts(), "09:00");
	good(on_talk("talk.no_show", 2, ",\"value\":false"));

	/* What goes on beyond its time moves the rest with each minute. */
	clock_at("08:23:30");
	call_sql("select due_expect('%s', '%s')", b.conference, b.hall);
	assert_string_equal(starts_at(b.talk[1], "expected"), "08:23");
	assert_string_equal(after_starts(), "09:08");
	assert_fault(on_talk("talk.add_time", 0, ",\"seconds\":-600"), "talk.length");
	assert_fault(on_talk("talk.add_time", 0, ",\"seconds\":7201"), "bad_request");
	/* Of what nobody ended somebody forgot to say so. */
	clock_at("08:59:00");
	call_sql("select due_expect('%s', '%s')", b.conference, b.hall);
	assert_string_equal(after_starts(), "09:00");
}

static void who_may(void **state)
{
	struct caller other = call_person(b.conference, "Olga Other", ROLE_MODERATOR);
	const char *scope = call_text("{\"session\":\"%s\"}", b.session);
	json_t *doc;

	(void)state;
	call_sql(
	    "with r as (insert into room (conference, guid, name) values ('%s', 'other', 'Other') "
	    "returning id) insert into moderator_scope (conference, person, room) select '%s', "
	    "'%s', id from r",
	    b.conference, b.conference, other.person);
	assert_fault(act("talk.start", &other, call_text("\"talk\":\"%s\"", b.talk[0])), "denied");
	assert_fault(act("talk.no_show", &b.speaker[0],
			 call_text("\"talk\":\"%s\",\"value\":true", b.talk[0])),
		     "denied");
	assert_fault(call_method("talk.board", scope, &b.attendee), "denied");
	assert_fault(call_method("talk.board", scope, &other), "denied");

	/* Who speaks sees the talks and their times, not who is there nor who stands by. */
	doc = good(call_method("talk.board", scope, &b.speaker[1]));
	assert_null(at(doc, "standby"));
	assert_null(at(talk_on(doc, b.talk[0]), "in_building"));
	assert_string_equal(text_at(at(talk_on(doc, b.talk[1]), "planned"), "start"),
			    "2021-05-02T08:15:00.000Z");
	good(act("talk.ready", &b.speaker[1],
		 call_text("\"talk\":\"%s\",\"value\":true", b.talk[1])));
	assert_string_equal(state_of(1), "ready");
	assert_fault(act("talk.ready", &b.speaker[1],
			 call_text("\"talk\":\"%s\",\"value\":true", b.talk[2])),
		     "denied");
	assert_string_equal(call_sql("select count(*) from talk_promote('%s', '%s', null, null, "
				     "null, '%s', '%s') where fault = 'denied'",
				     b.conference, b.attendee.person, b.talk[0], b.abstract[0]),
			    "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_slot_is_shared, fresh),
	    cmocka_unit_test_setup(who_did_not_come_takes_no_time, fresh),
	    cmocka_unit_test_setup(standby_takes_the_place, fresh),
	    cmocka_unit_test_setup(those_that_wait_in_another_order, fresh),
	    cmocka_unit_test_setup(a_question_holds_up_the_clock, fresh),
	    cmocka_unit_test_setup(time_given_reaches_the_programme, fresh),
	    cmocka_unit_test_setup(who_may, fresh),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
