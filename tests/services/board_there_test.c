/* tests/services: the door tells the chair: who is in the building or online, the alarm, the green
 * room of those who speak from elsewhere. */
#include "tests/services/board_support.h"

static bool member_of(int n, const char *member)
{
	return json_is_true(at(talk_on(board(), b.talk[n]), member));
}

static void the_door_tells(void **state)
{
	(void)state;
	clock_at("07:30:00");
	assert_false(member_of(0, "in_building"));
	let_in(b.speaker[0].person);
	/* The door itself does not wait for it. */
	assert_int_equal(events(board_channel(), "board.presence"), 0);
	assert_int_equal(due("board_door", b.speaker[0].person), 1);
	assert_int_equal(events(board_channel(), "board.presence"), 1);
	assert_true(member_of(0, "in_building"));
	call_sql("update admission set left_at = plenum_now('%s') where person = '%s'",
		 b.conference, b.speaker[0].person);
	assert_int_equal(due("board_door", b.speaker[0].person), 1);
	assert_false(member_of(0, "in_building"));
	assert_int_equal(events(board_channel(), "board.presence"), 2);

	/* Who stands by counts, too; who speaks nowhere is no work for anybody. */
	let_in(b.standby[1].person);
	assert_int_equal(due("board_door", b.standby[1].person), 1);
	assert_true(
	    json_is_true(at(find(at(board(), "standby"), "name", "Finn Second"), "in_building")));
	let_in(b.attendee.person);
	assert_int_equal(due("board_door", b.attendee.person), 0);
	/* Nobody hears it who only speaks there. */
	assert_int_equal(events(call_text("board:%s", b.session), "board.presence"), 0);

	/* Let in yesterday by a list whose day does not end is not here today. */
	call_sql(
	    "update admission set left_at = null, at = at - interval '1 day' where person = '%s'",
	    b.speaker[0].person);
	assert_false(member_of(0, "in_building"));
}

static void a_page_is_open(void **state)
{
	const struct caller *ada = &b.speaker[0];

	(void)state;
	assert_true(json_is_true(at(good(call_method("talk.here", "{}", ada)), "speaks")));
	assert_true(member_of(0, "online"));
	assert_int_equal(events(board_channel(), "board.presence"), 1);
	good(call_method("talk.here", "{}", ada));
	assert_int_equal(events(board_channel(), "board.presence"), 1);

	/* Silence, noticed by the work that waits for it. */
	assert_int_equal(due("board_here", ada->person), 1);
	assert_int_equal(events(board_channel(), "board.presence"), 1);
	call_sql("update speaker_here set seen = now() - interval '71 seconds'");
	assert_int_equal(due("board_here", ada->person), 1);
	assert_false(member_of(0, "online"));
	assert_int_equal(events(board_channel(), "board.presence"), 2);
	assert_int_equal(due("board_here", ada->person), 0);

	good(call_method("talk.here", "{}", ada));
	assert_true(member_of(0, "online"));
	good(call_method("talk.here", "{\"leave\":true}", ada));
	assert_false(member_of(0, "online"));
	assert_int_equal(events(board_channel(), "board.presence"), 4);
	assert_true(json_is_false(at(good(call_method("talk.here", "{}", &b.attendee)), "speaks")));
	assert_string_equal(
	    call_sql("select count(*) from speaker_here where person = '%s'", b.attendee.person),
	    "0");
}

static void the_alarm(void **state)
{
	json_t *doc;
	const char *told;

	(void)state;
	assert_string_equal(
	    call_sql("select to_char((d.at + c.clock_offset) at time zone 'UTC', "
		     "'HH24:MI') from due d join conference c on c.id = d.conference "
		     "where d.kind = 'board_alarm' and d.subject = '%s'",
		     b.session),
	    "07:15");
	/* Too early: it comes back. */
	clock_at("07:00:00");
	assert_int_equal(due("board_alarm", b.session), 1);
	assert_int_equal(events(board_channel(), "board.alarm"), 0);
	assert_int_equal(json_array_size(at(board(), "alarms")), 0);

	clock_at("07:15:00");
	let_in(b.speaker[0].person);
	good(call_method("talk.here", "{}", &b.speaker[1]));
	assert_int_equal(due("board_alarm", b.session), 1);
	assert_int_equal(events(board_channel(), "board.alarm"), 1);
	/* Whoever runs it hears it on any page, once; nobody else does. */
	assert_int_equal(events(call_text("person:%s", b.moderator.person), "board.alarm"), 1);
	assert_int_equal(due("board_alarm", b.session), 0);
	assert_string_equal(
	    call_sql("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and e.type = 'board.alarm' and c.name like "
		     "'person:%%' and c.name <> 'person:%s'",
		     b.conference, b.moderator.person),
	    "0");
	told =
	    call_sql("select e.data from channel_event e join channel c on c.id = e.channel where "
		     "c.conference = '%s' and e.type = 'board.alarm'",
		     b.conference);
	doc = json_loads(told, 0, NULL);
	assert_int_equal(json_array_size(at(doc, "missing")), 2);
	assert_string_equal(text_at(json_array_get(at(doc, "missing"), 0), "name"), "Cai Three");
	assert_string_equal(text_at(at(doc, "standby"), "abstract"), b.abstract[0]);
	assert_string_equal(text_at(doc, "title"), "Short talks");
	json_decref(doc);

	/* One tap; and who has come is missing no more. */
	good(act("talk.promote", &b.chair,
		 call_text("\"talk\":\"%s\",\"abstract\":\"%s\"", b.talk[2], b.abstract[0])));
	let_in(b.speaker[3].person);
	doc = at(board(), "alarms");
	assert_int_equal(json_array_size(doc), 1);
	assert_string_equal(text_at(json_array_get(doc, 0), "name"), "Eva First");
}

static void a_chair_of_its_own_hears_the_alarm(void **state)
{
	struct caller lead = call_person(b.conference, "Lea Chair", ROLE_MODERATOR),
		      other = call_person(b.conference, "Uma Elsewhere", ROLE_MODERATOR);

	(void)state;
	call_sql("insert into moderator_scope (conference, person, session) values ('%s', '%s', "
		 "'%s')",
		 b.conference, lead.person, b.session);
	call_sql("insert into moderator_scope (conference, person, session) select conference, "
		 "'%s', session from slot where id = '%s'",
		 other.person, b.after);
	clock_at("07:15:00");
	assert_int_equal(due("board_alarm", b.session), 1);
	assert_int_equal(events(call_text("person:%s", lead.person), "board.alarm"), 1);
	assert_int_equal(events(call_text("person:%s", other.person), "board.alarm"), 0);
	assert_int_equal(events(call_text("person:%s", b.moderator.person), "board.alarm"), 0);
}

static void a_slot_that_moves_takes_the_alarm_along(void **state)
{
	(void)state;
	call_sql(
	    "update published set during = tstzrange('2021-05-02T07:30Z', '2021-05-02T08:00Z') "
	    "where slot = '%s'",
	    b.slot);
	assert_string_equal(
	    call_sql("select to_char((d.at + c.clock_offset) at time zone 'UTC', "
		     "'HH24:MI') from due d join conference c on c.id = d.conference "
		     "where d.kind = 'board_alarm' and d.subject = '%s'",
		     b.session),
	    "06:45");
	call_sql("update published set cancelled = true where slot = '%s'", b.slot);
	clock_at("06:45:00");
	assert_int_equal(due("board_alarm", b.session), 1);
	assert_int_equal(events(board_channel(), "board.alarm"), 0);
}

static void from_elsewhere(void **state)
{
	const struct caller *cai = &b.speaker[2];
	json_t *talk;

	(void)state;
	good(act("bridge.set", &b.organiser,
		 call_text("\"room\":\"%s\",\"url\":\"https://meet.example.org/hall\"", b.hall)));
	clock_at("07:50:00");
	talk = json_array_get(at(good(call_method("talk.mine", "{}", cai)), "talks"), 0);
	assert_true(json_is_null(at(talk, "bridge")));

	/* Ill at seven in the morning. */
	call_sql("update person set mode = 'online' where id = '%s'", cai->person);
	call_sql("select channel_append('%s', talk_switched('%s', '%s', 'online'))", b.conference,
		 b.conference, cai->person);
	assert_string_equal(text_at(talk_on(board(), b.talk[2]), "mode"), "online");
	assert_int_equal(events(board_channel(), "board.switched"), 1);
	talk = json_array_get(at(good(call_method("talk.mine", "{}", cai)), "talks"), 0);
	assert_string_equal(text_at(talk, "bridge"), "https://meet.example.org/hall");
	assert_true(json_is_true(at(talk, "green_room")));
	assert_int_equal(
	    json_array_size(at(good(call_method("talk.mine", "{}", &b.attendee)), "talks")), 0);

	/* What the check found stands on the board. */
	good(call_method("talk.check",
			 "{\"camera\":\"good\",\"microphone\":\"silent\",\"delay_ms\":80}", cai));
	talk = at(talk_on(board(), b.talk[2]), "check");
	assert_string_equal(text_at(talk, "microphone"), "silent");
	assert_int_equal(int_at(talk, "delay_ms"), 80);
	good(call_method("talk.here", "{}", cai));
	assert_string_equal(text_at(at(talk_on(board(), b.talk[2]), "check"), "camera"), "good");
	assert_fault(call_method("talk.check", "{\"camera\":\"broken\"}", cai), "bad_request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_door_tells, fresh),
	    cmocka_unit_test_setup(a_page_is_open, fresh),
	    cmocka_unit_test_setup(the_alarm, fresh),
	    cmocka_unit_test_setup(a_chair_of_its_own_hears_the_alarm, fresh),
	    cmocka_unit_test_setup(a_slot_that_moves_takes_the_alarm_along, fresh),
	    cmocka_unit_test_setup(from_elsewhere, fresh),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
