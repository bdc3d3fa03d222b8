/* tests/services: the draft edited by two organisers at once: what is saved, what is refused, and
 * what keeps a thing from going. */
#include "tests/services/schedule_support.h"

static const char *conference;
static struct caller organiser, attendee;

static int fresh(void **state)
{
	static int n;

	(void)state;
	conference = text_at(good(import_fixture("small.json", call_text("edit-%d", ++n), "")),
			     "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	attendee = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	return 0;
}

/* members: JSON members without braces. */
static struct call_result edit(const char *method, const char *members)
{
	return call_method(method, call_text("{%s,\"key\":\"%s\"}", members, call_uuid()),
			   &organiser);
}

static json_t *draft(void)
{
	return good(call_method("draft.get", "{}", &organiser));
}

static json_t *drafted(const char *list, const char *id)
{
	return find(at(draft(), list), "id", id);
}

static json_t *current_of(struct call_result r)
{
	json_t *current = r.current != NULL ? json_loads(r.current, 0, NULL) : NULL;

	assert_non_null(current);
	return current;
}

static const char *last_event(void)
{
	return call_sql(
	    "select e.type from channel_event e join channel c on c.id = e.channel where "
	    "c.conference = '%s' and c.name = 'draft' order by position desc limit 1",
	    conference);
}

static const char *session_of(int number)
{
	return call_sql("select id from session where conference = '%s' and number = %d",
			conference, number);
}

static const char *slot_of(int number)
{
	return call_sql("select l.id from slot l where l.session = '%s' order by l.starts limit 1",
			session_of(number));
}

static const char *room_of(const char *name)
{
	return call_sql("select id from room where conference = '%s' and name = '%s'", conference,
			name);
}

static void the_draft_is_all_of_it(void **state)
{
	json_t *doc = draft(), *session, *snapshot;

	(void)state;
	assert_string_equal(text_at(at(doc, "conference"), "zone"), "Europe/Copenhagen");
	assert_int_equal(int_at(at(doc, "conference"), "version"), 1);
	assert_int_equal(json_array_size(at(doc, "rooms")), 2);
	assert_int_equal(json_array_size(at(doc, "sessions")), 4);
	assert_int_equal(json_array_size(at(doc, "slots")), 4);
	session = find(at(doc, "sessions"), "title", "Short talks");
	assert_int_equal(json_array_size(at(session, "talks")), 3);
	assert_non_null(find(at(doc, "speakers"), "id",
			     json_string_value(json_array_get(
				 at(json_array_get(at(session, "talks"), 1), "speakers"), 0))));
	assert_true(json_is_false(at(json_array_get(at(doc, "slots"), 0), "anchor")));
	snapshot = at(call_snapshot("draft", NULL, conference, NULL), "snapshot");
	assert_true(json_equal(at(snapshot, "sessions"), at(doc, "sessions")));
	assert_fault(call_method("draft.get", "{}", &attendee), "denied");
}

static void a_session_is_saved_with_its_talks(void **state)
{
	const char *id = call_uuid(), *speaker = call_uuid(), *first, *second;
	json_t *session, *talks;

	(void)state;
	good(edit(
	    "speaker.save",
	    call_text("\"speaker\":\"%s\",\"name\":\"Grace\",\"biography\":\"Ship\"", speaker)));
	assert_string_equal(text_at(drafted("speakers", speaker), "biography"), "Ship");
	good(edit(
	    "session.save",
	    call_text("\"session\":\"%s\",\"title\":\"Panel\",\"abstract\":\"a\\nb\",\"talks\":"
		      "[{\"title\":\" One \",\"speakers\":[\"%s\"]},{\"title\":\"Two\"}]",
		      id, speaker)));
	assert_string_equal(last_event(), "session.saved");
	session = drafted("sessions", id);
	talks = at(session, "talks");
	assert_string_equal(text_at(session, "abstract"), "a\nb");
	assert_int_equal(int_at(session, "version"), 1);
	assert_string_equal(text_at(json_array_get(talks, 0), "title"), "One");
	first = text_at(json_array_get(talks, 0), "id");
	second = text_at(json_array_get(talks, 1), "id");
	/* They change places, and one is new between them: ids stay. */
	good(
	    edit("session.save",
		 call_text("\"session\":\"%s\",\"title\":\"Panel\",\"expect_version\":1,\"talks\":"
			   "[{\"id\":\"%s\",\"title\":\"Two\",\"speakers\":[]},{\"title\":\"New\"},"
			   "{\"id\":\"%s\",\"title\":\"One\",\"speakers\":[\"%s\"]}]",
			   id, second, first, speaker)));
	talks = at(drafted("sessions", id), "talks");
	assert_int_equal(json_array_size(talks), 3);
	assert_string_equal(text_at(json_array_get(talks, 0), "id"), second);
	assert_string_equal(text_at(json_array_get(talks, 2), "id"), first);
	assert_string_equal(text_at(drafted("sessions", id), "abstract"), "a\nb");
	good(edit(
	    "session.save",
	    call_text(
		"\"session\":\"%s\",\"title\":\"Panel\",\"abstract\":\"\",\"expect_version\":2",
		id)));
	assert_string_equal(text_at(drafted("sessions", id), "abstract"), "");
	assert_int_equal(json_array_size(at(drafted("sessions", id), "talks")), 3);
}

static void a_session_of_one_talk_is_that_talk(void **state)
{
	const char *id = call_uuid();
	json_t *talks;

	(void)state;
	good(edit("session.save", call_text("\"session\":\"%s\",\"title\":\"Keynote\"", id)));
	talks = at(drafted("sessions", id), "talks");
	assert_int_equal(json_array_size(talks), 1);
	assert_string_equal(text_at(json_array_get(talks, 0), "title"), "Keynote");
	good(edit("session.save",
		  call_text("\"session\":\"%s\",\"title\":\"Opening keynote\",\"expect_version\":1",
			    id)));
	talks = at(drafted("sessions", id), "talks");
	assert_string_equal(text_at(json_array_get(talks, 0), "title"), "Opening keynote");
	good(edit("session.save",
		  call_text("\"session\":\"%s\",\"title\":\"Lunch\",\"talks\":[]", call_uuid())));
	good(edit("session.remove", call_text("\"session\":\"%s\",\"expect_version\":2", id)));
	assert_null(drafted("sessions", id));
	assert_string_equal(last_event(), "session.removed");
}

static void the_second_organiser_is_told(void **state)
{
	const char *session = session_of(1), *room = room_of("Hall"), *members;
	struct call_result late;
	json_t *current;

	(void)state;
	members = call_text("\"session\":\"%s\",\"title\":\"Mine\",\"expect_version\":1", session);
	good(edit("session.save", members));
	late = edit("session.save", members);
	assert_fault(late, "conflict");
	current = current_of(late);
	assert_string_equal(text_at(current, "title"), "Mine");
	assert_int_equal(int_at(current, "version"), 2);
	/* And whose it is. */
	assert_string_equal(text_at(at(current, "changed_by"), "id"), organiser.person);
	json_decref(current);
	/* What must be new is not. */
	assert_fault(
	    edit("session.save", call_text("\"session\":\"%s\",\"title\":\"New\"", session)),
	    "conflict");
	good(edit("room.save",
		  call_text("\"room\":\"%s\",\"name\":\"Hall\",\"capacity\":0,\"expect_version\":1",
			    room)));
	assert_true(json_is_null(at(drafted("rooms", room), "capacity")));
	late = edit("room.save",
		    call_text("\"room\":\"%s\",\"name\":\"Big\",\"expect_version\":1", room));
	assert_fault(late, "conflict");
	current = current_of(late);
	assert_int_equal(int_at(current, "version"), 2);
	json_decref(current);
	assert_fault(
	    edit("track.save",
		 call_text("\"track\":\"%s\",\"name\":\"T\",\"expect_version\":1", call_uuid())),
	    "not_found");
}

static void a_repeat_is_the_same_edit(void **state)
{
	const char *params = call_text("{\"session\":\"%s\",\"title\":\"Once\",\"key\":\"%s\"}",
				       call_uuid(), call_uuid());
	struct call_result first = call_method("session.save", params, &organiser),
			   again = call_method("session.save", params, &organiser);

	(void)state;
	good(first);
	good(again);
	assert_string_equal(first.text, again.text);
}

static void questions_and_releases_keep_a_session(void **state)
{
	const char *session = session_of(3), *talk, *made = call_uuid(), *own;
	struct call_result r;

	(void)state;
	talk = call_sql("select id from talk where session = '%s' and ord = 2", session);
	call_sql("insert into question (id, conference, talk, person, text, nth, asked_at) values "
		 "('%s', '%s', '%s', '%s', 'Why?', 1, now())",
		 call_uuid(), conference, talk, attendee.person);
	r = edit("session.save",
		 call_text("\"session\":\"%s\",\"title\":\"X\",\"expect_version\":1,\"talks\":[]",
			   session));
	assert_fault(r, "session.used");
	assert_non_null(strstr(r.current, talk));
	assert_string_equal(text_at(drafted("sessions", session), "title"), "Short talks");
	assert_int_equal(int_at(drafted("sessions", session), "version"), 1);
	assert_fault(
	    edit("session.remove", call_text("\"session\":\"%s\",\"expect_version\":1", session)),
	    "session.used");
	good(edit("session.save", call_text("\"session\":\"%s\",\"title\":\"Unseen\"", made)));
	own = call_sql("select id from talk where session = '%s'", made);
	call_sql("insert into question (id, conference, talk, person, text, nth, asked_at) values "
		 "('%s', '%s', '%s', '%s', 'Why?', 1, now())",
		 call_uuid(), conference, own, attendee.person);
	assert_fault(
	    edit("session.remove", call_text("\"session\":\"%s\",\"expect_version\":1", made)),
	    "session.used");
}

static void rooms_and_tracks(void **state)
{
	const char *room = call_uuid(), *track = call_uuid(), *session = session_of(1);

	(void)state;
	good(edit("room.save",
		  call_text("\"room\":\"%s\",\"name\":\"Attic\",\"online_capacity\":40", room)));
	assert_int_equal(int_at(drafted("rooms", room), "online_capacity"), 40);
	assert_fault(
	    edit("room.save", call_text("\"room\":\"%s\",\"name\":\"Attic\"", call_uuid())),
	    "name.taken");
	assert_fault(
	    edit("room.remove", call_text("\"room\":\"%s\",\"expect_version\":1", room_of("Hall"))),
	    "room.used");
	assert_fault(edit("room.remove", call_text("\"room\":\"%s\",\"expect_version\":7", room)),
		     "conflict");
	good(edit("room.remove", call_text("\"room\":\"%s\",\"expect_version\":1", room)));
	assert_null(drafted("rooms", room));
	good(edit("track.save",
		  call_text("\"track\":\"%s\",\"name\":\"Homes\",\"color\":\"#112233\"", track)));
	assert_fault(
	    edit("track.save",
		 call_text("\"track\":\"%s\",\"name\":\"Ho\",\"color\":\"blue\"", call_uuid())),
	    "bad_request");
	good(edit("session.save",
		  call_text("\"session\":\"%s\",\"title\":\"Opening\",\"track\":\"%s\","
			    "\"expect_version\":1",
			    session, track)));
	assert_string_equal(text_at(drafted("sessions", session), "track"), track);
	good(edit("session.save",
		  call_text("\"session\":\"%s\",\"title\":\"Opening\",\"track\":\"\","
			    "\"expect_version\":2",
			    session)));
	assert_true(json_is_null(at(drafted("sessions", session), "track")));
	good(edit("track.remove", call_text("\"track\":\"%s\",\"expect_version\":1", track)));
	assert_null(drafted("tracks", track));
	assert_fault(
	    edit("track.remove", call_text("\"track\":\"%s\",\"expect_version\":1", track)),
	    "not_found");
}

static void anchors_and_elastic_breaks(void **state)
{
	const char *slot = slot_of(1);
	json_t *row;

	(void)state;
	good(edit("slot.move",
		  call_text("\"slot\":\"%s\",\"anchor\":true,\"expect_version\":1", slot)));
	assert_string_equal(last_event(), "slot.changed");
	assert_true(json_is_true(at(drafted("slots", slot), "anchor")));
	good(edit("slot.move",
		  call_text("\"slot\":\"%s\",\"min_s\":600,\"expect_version\":2", slot)));
	row = drafted("slots", slot);
	assert_true(json_is_false(at(row, "anchor")));
	assert_int_equal(int_at(row, "min_s"), 600);
	good(
	    edit("slot.move", call_text("\"slot\":\"%s\",\"min_s\":0,\"expect_version\":3", slot)));
	assert_true(json_is_null(at(drafted("slots", slot), "min_s")));
	assert_fault(edit("slot.move", call_text("\"slot\":\"%s\",\"anchor\":true,\"min_s\":60,"
						 "\"expect_version\":4",
						 slot)),
		     "bad_request");
	assert_fault(
	    edit("slot.move", call_text("\"slot\":\"%s\",\"anchor\":1,\"expect_version\":4", slot)),
	    "bad_request");
}

static void slots_change_places_and_come_back(void **state)
{
	const char *a = slot_of(1), *b = slot_of(2);
	const char *places =
	    call_sql("select string_agg(starts::text || room, ',' order by starts) from slot "
		     "where id in ('%s', '%s')",
		     a, b);
	json_t *first = drafted("slots", a), *second = drafted("slots", b);

	(void)state;
	good(edit("slot.swap", call_text("\"first\":\"%s\",\"second\":\"%s\",\"expect_first\":1,"
					 "\"expect_second\":1",
					 a, b)));
	assert_string_equal(text_at(drafted("slots", a), "start"), text_at(second, "start"));
	assert_string_equal(text_at(drafted("slots", b), "start"), text_at(first, "start"));
	assert_string_equal(
	    call_sql("select string_agg(starts::text || room, ',' order by starts) from slot "
		     "where id in ('%s', '%s')",
		     a, b),
	    places);
	assert_fault(
	    edit("slot.swap", call_text("\"first\":\"%s\",\"second\":\"%s\",\"expect_first\":1,"
					"\"expect_second\":2",
					a, b)),
	    "conflict");
	assert_fault(
	    edit("slot.swap", call_text("\"first\":\"%s\",\"second\":\"%s\",\"expect_first\":2,"
					"\"expect_second\":2",
					a, a)),
	    "bad_request");
	assert_fault(edit("slot.restore", call_text("\"slot\":\"%s\",\"expect_version\":2", a)),
		     "slot.state");
	good(edit("slot.cancel", call_text("\"slot\":\"%s\",\"expect_version\":2", a)));
	assert_fault(
	    edit("slot.move", call_text("\"slot\":\"%s\",\"anchor\":true,\"expect_version\":3", a)),
	    "slot.state");
	good(edit("slot.restore", call_text("\"slot\":\"%s\",\"expect_version\":3", a)));
	assert_string_equal(text_at(drafted("slots", a), "state"), "planned");
}

static void what_cannot_be_saved(void **state)
{
	static const char *const talks[] = {"{}",
					    "[1]",
					    "[{}]",
					    "[{\"title\":\"\"}]",
					    "[{\"title\":\"T\",\"speakers\":\"x\"}]",
					    "[{\"title\":\"T\",\"speakers\":[\"x\"]}]",
					    "[{\"title\":\"T\",\"speakers\":[null]}]",
					    "[{\"title\":\"T\",\"id\":\"x\"}]"};
	const char *before = call_sql("select count(*) from session");

	(void)state;
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++)
		assert_fault(edit("session.save",
				  call_text("\"session\":\"%s\",\"title\":\"T\",\"talks\":%s",
					    call_uuid(), talks[i])),
			     "bad_request");
	assert_fault(edit("session.save",
			  call_text("\"session\":\"%s\",\"title\":\"T\",\"talks\":[{\"title\":"
				    "\"T\",\"speakers\":[\"%s\"]}]",
				    call_uuid(), call_uuid())),
		     "not_found");
	assert_fault(edit("session.save",
			  call_text("\"session\":\"%s\",\"title\":\"T\",\"talks\":[{\"title\":"
				    "\"T\",\"id\":\"%s\"}]",
				    call_uuid(), call_uuid())),
		     "not_found");
	assert_fault(
	    edit("session.save", call_text("\"session\":\"%s\",\"title\":\"T\",\"track\":\"%s\"",
					   call_uuid(), call_uuid())),
	    "not_found");
	assert_fault(
	    edit("session.save",
		 call_text("\"session\":\"%s\",\"title\":\"T\",\"track\":\"red\"", call_uuid())),
	    "bad_request");
	assert_fault(
	    edit("session.save", call_text("\"session\":\"%s\",\"title\":\"\"", call_uuid())),
	    "bad_request");
	assert_string_equal(call_sql("select count(*) from session"), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_draft_is_all_of_it, fresh),
	    cmocka_unit_test_setup(a_session_is_saved_with_its_talks, fresh),
	    cmocka_unit_test_setup(a_session_of_one_talk_is_that_talk, fresh),
	    cmocka_unit_test_setup(the_second_organiser_is_told, fresh),
	    cmocka_unit_test_setup(a_repeat_is_the_same_edit, fresh),
	    cmocka_unit_test_setup(questions_and_releases_keep_a_session, fresh),
	    cmocka_unit_test_setup(rooms_and_tracks, fresh),
	    cmocka_unit_test_setup(anchors_and_elastic_breaks, fresh),
	    cmocka_unit_test_setup(slots_change_places_and_come_back, fresh),
	    cmocka_unit_test_setup(what_cannot_be_saved, fresh),
	};

	return cmocka_run_group_tests_name("draft_edit", tests, setup, teardown);
}
