/* tests/services: releases: a part of the draft, what the diff says, taken back, looked up again,
 * and what refuses one. */
#include "tests/services/schedule_support.h"

static const char *conference;
static struct caller organiser, attendee;

static int fresh(void **state)
{
	static int n;

	(void)state;
	conference = text_at(good(import_fixture("small.json", call_text("release-%d", ++n), "")),
			     "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	attendee = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	call_sql("update conference set clock_offset = '2021-05-02T06:00:00Z'::timestamptz - now() "
		 "where id = '%s'",
		 conference);
	return 0;
}

/* members: JSON members without braces. */
static struct call_result edit(const char *method, const char *members)
{
	return call_method(
	    method,
	    call_text("{%s%s\"key\":\"%s\"}", members, *members != 0 ? "," : "", call_uuid()),
	    &organiser);
}

static const char *session_of(int number)
{
	return call_sql("select id from session where conference = '%s' and number = %d",
			conference, number);
}

static const char *slot_of(int number)
{
	return call_sql("select id from slot where session = '%s' order by starts limit 1",
			session_of(number));
}

static const char *room_of(const char *name)
{
	return call_sql("select id from room where conference = '%s' and name = '%s'", conference,
			name);
}

static int version_of(const char *table, const char *id)
{
	return atoi(call_sql("select version from %s where id = '%s'", table, id));
}

static void move(const char *slot, const char *members)
{
	good(edit("slot.move", call_text("\"slot\":\"%s\",%s,\"expect_version\":%d", slot, members,
					 version_of("slot", slot))));
}

static void retitle(const char *session, const char *title)
{
	good(edit("session.save",
		  call_text("\"session\":\"%s\",\"title\":\"%s\",\"expect_version\":%d", session,
			    title, version_of("session", session))));
}

static json_t *preview(const char *params)
{
	return good(call_method("release.preview", params, &organiser));
}

static json_t *publish(const char *members)
{
	return good(edit("release.publish", members));
}

static json_t *schedule(const char *params)
{
	return good(call_method("schedule.get", params, &attendee));
}

static json_t *shown(const char *slot)
{
	return find(at(schedule("{}"), "slots"), "id", slot);
}

static const char *title_of(json_t *doc, const char *session)
{
	return text_at(find(at(doc, "sessions"), "id", session), "title");
}

/* The fields of one slot's change, separated by blanks. */
static const char *fields_of(json_t *changes, const char *slot)
{
	json_t *fields = at(find(changes, "slot", slot), "fields"), *one;
	const char *all = "";
	size_t i;

	json_array_foreach(fields, i, one) all =
	    call_text("%s%s%s", all, i > 0 ? " " : "", json_string_value(one));
	return all;
}

static int releases(void)
{
	return atoi(
	    call_sql("select max(number) from release where conference = '%s'", conference));
}

static void a_part_leaves_the_rest_in_the_draft(void **state)
{
	const char *one = slot_of(2), *other = slot_of(4);
	json_t *reply;

	(void)state;
	move(one, "\"end\":\"2021-05-02T10:45\"");
	move(other, "\"start\":\"2021-05-02T23:00\"");
	assert_int_equal(json_array_size(at(preview("{}"), "changes")), 2);
	assert_int_equal(
	    json_array_size(at(preview(call_text("{\"slots\":[\"%s\"]}", one)), "changes")), 1);
	reply = publish(call_text("\"slots\":[\"%s\"]", one));
	assert_int_equal(int_at(reply, "changes"), 1);
	assert_string_equal(text_at(shown(one), "end"), "2021-05-02T08:45:00.000Z");
	assert_string_equal(text_at(shown(other), "start"), "2021-05-02T21:30:00.000Z");
	assert_int_equal(int_at(shown(other), "sequence"), 0);
	assert_int_equal(json_array_size(at(preview("{}"), "changes")), 1);
	assert_fault(edit("release.publish", call_text("\"slots\":[\"%s\"]", one)),
		     "release.nothing");
	assert_fault(edit("release.publish", "\"slots\":[]"), "release.nothing");
	assert_int_equal(int_at(publish(""), "changes"), 1);
}

static void the_diff_knows_every_field(void **state)
{
	const char *slot = slot_of(2), *session = session_of(2), *room = room_of("Hall"), *track;
	json_t *changes;

	(void)state;
	move(slot, "\"end\":\"2021-05-02T10:45\"");
	assert_string_equal(fields_of(at(preview("{}"), "changes"), slot), "end duration");
	publish("");
	move(slot, "\"start\":\"2021-05-02T09:35\",\"end\":\"2021-05-02T10:50\"");
	assert_string_equal(fields_of(at(preview("{}"), "changes"), slot), "start end");
	publish("");
	move(slot, "\"anchor\":true");
	assert_string_equal(fields_of(at(preview("{}"), "changes"), slot), "anchor");
	publish("");
	assert_int_equal(int_at(shown(slot), "sequence"), 3);
	good(edit(
	    "session.save",
	    call_text("\"session\":\"%s\",\"title\":\"Key\",\"subtitle\":\"s\",\"abstract\":\"a\","
		      "\"description\":\"d\",\"language\":\"da\",\"kind\":\"panel\",\"track\":\"\","
		      "\"talks\":[{\"title\":\"Key\"},{\"title\":\"Reply\"}],\"expect_version\":1",
		      session)));
	changes = at(preview("{}"), "changes");
	assert_string_equal(
	    fields_of(changes, slot),
	    "title speakers talks subtitle abstract description track language kind");
	assert_string_equal(text_at(at(find(changes, "slot", slot), "after"), "abstract"), "a");
	assert_string_equal(text_at(at(find(changes, "slot", slot), "before"), "title"), "Keynote");
	publish("");
	good(edit("room.save",
		  call_text("\"room\":\"%s\",\"name\":\"Great hall\",\"expect_version\":1", room)));
	assert_string_equal(fields_of(at(preview("{}"), "changes"), slot_of(1)), "room");
	publish("");
	track = call_sql("select track from session where id = '%s'", session_of(1));
	good(edit("track.save",
		  call_text("\"track\":\"%s\",\"name\":\"Biomarkers\",\"color\":\"#123456\","
			    "\"expect_version\":1",
			    track)));
	assert_string_equal(fields_of(at(preview("{}"), "changes"), slot_of(1)), "track");
	publish("");
	assert_string_equal(text_at(find(at(schedule("{}"), "tracks"), "id", track), "color"),
			    "#123456");
	assert_int_equal(json_array_size(at(preview("{}"), "changes")), 0);
}

static void the_diff_is_kept_as_it_was_shown(void **state)
{
	json_t *before, *kept;
	int number;

	(void)state;
	move(slot_of(2), "\"end\":\"2021-05-02T10:45\"");
	retitle(session_of(4), "Dance");
	before = at(preview("{}"), "changes");
	number = int_at(publish("\"note\":\"Two things\""), "release");
	kept = good(call_method("release.get", call_text("{\"release\":%d}", number), &attendee));
	assert_true(json_equal(before, at(kept, "diff")));
	assert_string_equal(text_at(kept, "note"), "Two things");
	kept = at(good(call_method("release.list", "{}", &attendee)), "releases");
	assert_int_equal(int_at(json_array_get(kept, 0), "release"), number);
	assert_int_equal(int_at(json_array_get(kept, 0), "changes"), 2);
	assert_fault(call_method("release.get", "{\"release\":99}", &attendee), "not_found");
}

/* Moves, cancels, retitles and adds; returns what was added. */
static const char *change_all(void)
{
	move(slot_of(2), "\"start\":\"2021-05-02T14:00\",\"end\":\"2021-05-02T15:00\"");
	good(edit("slot.cancel", call_text("\"slot\":\"%s\",\"expect_version\":1", slot_of(4))));
	retitle(session_of(3), "Very short talks");
	return text_at(
	    good(edit("slot.create",
		      call_text("\"session\":\"%s\",\"room\":\"%s\",\"start\":\"2021-05-02T16:00\","
				"\"end\":\"2021-05-02T17:00\"",
				session_of(1), room_of("Lab")))),
	    "slot");
}

static void taken_back_and_released_again(void **state)
{
	const char *made = change_all(), *moved = slot_of(2), *gone = slot_of(4);
	json_t *planned = at(preview("{}"), "changes"), *doc;
	int sequence;

	(void)state;
	publish("");
	assert_non_null(shown(made));
	sequence = int_at(shown(moved), "sequence");
	good(edit("release.revert", "\"note\":\"Too early\""));
	doc = schedule("{}");
	assert_null(find(at(doc, "slots"), "id", made));
	assert_string_equal(text_at(find(at(doc, "slots"), "id", moved), "start"),
			    "2021-05-02T07:30:00.000Z");
	assert_int_equal(int_at(find(at(doc, "slots"), "id", moved), "sequence"), sequence + 1);
	assert_string_equal(text_at(find(at(doc, "slots"), "id", gone), "state"), "planned");
	assert_string_equal(title_of(doc, session_of(3)), "Short talks");
	assert_int_equal(
	    atoi(call_sql("select count(*) from channel_event e join channel c on c.id = "
			  "e.channel where c.conference = '%s' and c.name = 'schedule' and "
			  "e.type = 'slot.removed' and e.data ->> 'id' = '%s'",
			  conference, made)),
	    1);
	/* The draft is as it was, so the same changes wait again. */
	assert_true(json_equal(at(preview("{}"), "changes"), planned));
	publish("");
	assert_int_equal(int_at(shown(moved), "sequence"), sequence + 2);
	/* Counted on over the time when it was away. */
	assert_int_equal(int_at(shown(made), "sequence"), 2);
	assert_string_equal(text_at(shown(gone), "state"), "cancelled");
	/* Taking back what took back is the same as releasing. */
	good(edit("release.revert", ""));
	assert_null(shown(made));
	good(edit("release.revert", ""));
	assert_non_null(shown(made));
	assert_int_equal(releases(), 6);
}

static void what_changed_again_is_not_taken_back(void **state)
{
	const char *slot = slot_of(2);

	(void)state;
	move(slot, "\"end\":\"2021-05-02T10:45\"");
	publish("");
	move(slot, "\"end\":\"2021-05-02T10:50\"");
	publish("");
	assert_fault(edit("release.revert", "\"release\":2"), "release.superseded");
	assert_fault(edit("release.revert", "\"release\":9"), "not_found");
	assert_fault(edit("release.revert", "\"release\":0"), "bad_request");
	assert_int_equal(releases(), 3);
	retitle(session_of(4), "Dance");
	publish("");
	/* Others have been released since, but not this one. */
	good(edit("release.revert", "\"release\":3"));
	assert_string_equal(text_at(shown(slot), "end"), "2021-05-02T08:45:00.000Z");
	assert_string_equal(title_of(schedule("{}"), session_of(4)), "Dance");
}

static void the_way_back_may_be_taken(void **state)
{
	const char *first = slot_of(2);

	(void)state;
	move(first, "\"start\":\"2021-05-02T14:00\",\"end\":\"2021-05-02T15:00\"");
	publish("");
	move(slot_of(4), "\"start\":\"2021-05-02T09:30\",\"end\":\"2021-05-02T10:30\"");
	publish("");
	assert_fault(edit("release.revert", "\"release\":2"), "slot.overlap");
	assert_string_equal(text_at(shown(first), "start"), "2021-05-02T12:00:00.000Z");
	assert_int_equal(releases(), 3);
}

/* What came there in the same release goes before it comes back. */
static void back_to_where_something_new_is(void **state)
{
	const char *first = slot_of(2), *made,
		   *room = call_sql("select room from slot where id = '%s'", first);

	(void)state;
	move(first, "\"start\":\"2021-05-02T14:00\",\"end\":\"2021-05-02T15:00\"");
	made = text_at(
	    good(edit("slot.create", call_text("\"session\":\"%s\",\"room\":\"%s\",\"start\":"
					       "\"2021-05-02T09:30\",\"end\":\"2021-05-02T10:00\"",
					       session_of(1), room))),
	    "slot");
	publish("");
	assert_non_null(shown(made));
	good(edit("release.revert", ""));
	assert_null(shown(made));
	assert_string_equal(text_at(shown(first), "start"), "2021-05-02T07:30:00.000Z");
	/* And once more the other way round. */
	good(edit("release.revert", ""));
	assert_non_null(shown(made));
	assert_string_equal(text_at(shown(first), "start"), "2021-05-02T12:00:00.000Z");
}

static void nobody_speaks_in_two_places(void **state)
{
	const char *speaker =
	    call_sql("select ts.speaker from talk_speaker ts join talk t on t.id = ts.talk "
		     "where t.session = '%s'",
		     session_of(2));
	const char *session = call_uuid(), *slot;
	struct call_result r;
	json_t *clash;

	(void)state;
	good(edit("session.save",
		  call_text("\"session\":\"%s\",\"title\":\"Also\",\"talks\":[{\"title\":"
			    "\"Also\",\"speakers\":[\"%s\"]}]",
			    session, speaker)));
	slot = text_at(
	    good(edit("slot.create",
		      call_text("\"session\":\"%s\",\"room\":\"%s\",\"start\":\"2021-05-02T09:45\","
				"\"end\":\"2021-05-02T10:15\"",
				session, room_of("Hall")))),
	    "slot");
	clash = json_array_get(at(preview("{}"), "clashes"), 0);
	assert_string_equal(text_at(at(clash, "speaker"), "id"), speaker);
	assert_string_equal(text_at(clash, "first"), slot_of(2));
	assert_string_equal(text_at(clash, "second"), slot);
	r = edit("release.publish", "");
	assert_fault(r, "slot.speaker_busy");
	assert_non_null(strstr(r.current, slot));
	assert_int_equal(releases(), 1);
	/* A part without it is free to go; with it, not. */
	retitle(session_of(4), "Dance");
	publish(call_text("\"slots\":[\"%s\"]", slot_of(4)));
	assert_fault(edit("release.publish", call_text("\"slots\":[\"%s\"]", slot)),
		     "slot.speaker_busy");
	/* The same session in two rooms is one place. */
	good(edit("slot.create",
		  call_text("\"session\":\"%s\",\"room\":\"%s\",\"start\":\"2021-05-02T09:45\","
			    "\"end\":\"2021-05-02T10:15\",\"overlap_ok\":true",
			    session, room_of("Lab"))));
	move(slot, "\"overlap_ok\":true");
	publish("");
	assert_non_null(shown(slot));
}

static void a_file_may_have_them_in_two_places(void **state)
{
	json_t *doc = parsed_fixture("small.json"), *events = at(doc, "events"), *reply;
	char *report;
	json_t *keynote = find(events, "title", "Keynote"),
	       *opening = find(events, "title", "Opening");

	(void)state;
	json_object_set(opening, "speakers", at(keynote, "speakers"));
	json_object_set(opening, "start", at(keynote, "start"));
	json_object_set(opening, "end", at(keynote, "end"));
	reply = good(import_doc(json_deep_copy(doc), "clashes", ""));
	assert_int_equal(int_at(reply, "release"), 1);
	report = json_dumps(at(reply, "report"), 0);
	assert_non_null(strstr(report, "speaks in"));
	free(report);
	reply = good(import_doc(doc, "clashes", "publish"));
	assert_int_equal(int_at(at(reply, "counts"), "slots_moved"), 0);
	assert_true(json_is_null(at(reply, "release")));
}

static void earlier_releases_are_as_people_saw_them(void **state)
{
	const char *room = room_of("Hall"), *session = session_of(2);
	json_t *first = schedule("{}"), *doc;

	(void)state;
	retitle(session, "Another keynote");
	good(edit("room.save",
		  call_text("\"room\":\"%s\",\"name\":\"Great hall\",\"expect_version\":1", room)));
	good(edit("room.save", call_text("\"room\":\"%s\",\"name\":\"Attic\"", call_uuid())));
	/* Neither a new name nor a new room is known before its release. */
	doc = schedule("{}");
	assert_true(json_equal(at(doc, "rooms"), at(first, "rooms")));
	assert_string_equal(title_of(doc, session), "Keynote");
	assert_null(strstr(call_method("now.get", "{}", &attendee).text, "Great hall"));
	assert_string_equal(
	    text_at(at(at(call_snapshot("room", NULL, conference, room), "snapshot"), "room"),
		    "name"),
	    "Hall");
	assert_null(strstr(call_document("schedule.json", &attendee).text, "Great hall"));
	publish("");
	doc = schedule("{}");
	assert_string_equal(text_at(find(at(doc, "rooms"), "id", room), "name"), "Great hall");
	assert_int_equal(json_array_size(at(doc, "rooms")), 2);
	assert_non_null(strstr(call_document("schedule.json", &attendee).text, "Great hall"));
	doc = schedule("{\"release\":1}");
	assert_int_equal(int_at(doc, "release"), 1);
	assert_true(json_equal(at(doc, "sessions"), at(first, "sessions")));
	assert_true(json_equal(at(doc, "tracks"), at(first, "tracks")));
	assert_true(json_equal(at(doc, "rooms"), at(first, "rooms")));
	assert_int_equal(json_array_size(at(doc, "slots")), 4);
	assert_fault(call_method("schedule.get", "{\"release\":7}", &attendee), "not_found");
	assert_fault(call_method("schedule.get", "{\"release\":\"1\"}", &attendee), "bad_request");
}

static void what_follows_is_held_and_can_be_stopped(void **state)
{
	json_t *reply;
	int number;

	(void)state;
	good(call_method("star.set",
			 call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}",
				   session_of(2), call_uuid()),
			 &attendee));
	move(slot_of(2), "\"start\":\"2021-05-02T14:00\",\"end\":\"2021-05-02T15:00\"");
	assert_int_equal(int_at(preview("{}"), "people"), 1);
	reply = publish("");
	number = int_at(reply, "release");
	assert_int_equal(int_at(at(reply, "hold"), "people"), 1);
	assert_non_null(strstr(text_at(at(reply, "hold"), "until"), "T"));
	reply = at(good(call_method("release.held", "{}", &organiser)), "hold");
	assert_int_equal(int_at(reply, "release"), number);
	assert_int_equal(int_at(reply, "people"), 1);
	assert_true(int_at(reply, "left_ms") > 0 && int_at(reply, "left_ms") <= 60000);
	assert_fault(call_method("release.held", "{}", &attendee), "denied");
	reply = good(edit("release.stop", call_text("\"release\":%d", number)));
	assert_int_equal(int_at(reply, "people"), 1);
	assert_true(json_is_null(at(good(call_method("release.held", "{}", &organiser)), "hold")));
	assert_fault(edit("release.stop", call_text("\"release\":%d", number)), "release.sent");
	assert_fault(edit("release.stop", "\"release\":99"), "not_found");
	move(slot_of(2), "\"start\":\"2021-05-02T15:00\",\"end\":\"2021-05-02T16:00\"");
	reply = publish("\"quiet\":true");
	assert_true(json_is_null(at(reply, "hold")));
}

static void what_cannot_be_released(void **state)
{
	static const char *const bad[] = {"\"slots\":{}",      "\"slots\":\"all\"", "\"slots\":[1]",
					  "\"slots\":[\"x\"]", "\"quiet\":1",	    "\"note\":7"};

	(void)state;
	retitle(session_of(4), "Dance");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fault(edit("release.publish", bad[i]), "bad_request");
	assert_fault(edit("release.publish", call_text("\"slots\":[\"%s\"]", call_uuid())),
		     "not_found");
	assert_fault(edit("release.publish", "\"slots\":[null]"), "not_found");
	assert_fault(call_method("release.publish", "{}", &organiser), "bad_request");
	assert_fault(
	    call_method("release.revert", call_text("{\"key\":\"%s\"}", call_uuid()), &attendee),
	    "denied");
	assert_int_equal(releases(), 1);
}

static void the_feed_is_xml_whatever_the_titles_are(void **state)
{
	struct call_result r;

	(void)state;
	retitle(session_of(4), "]]><script>alert('&amp;')</script>\\uffff");
	publish("\"note\":\"<b>&\"");
	r = call_document("releases.atom", &attendee);
	assert_null(r.fault);
	assert_string_equal(r.content_type, "application/atom+xml; charset=utf-8");
	assert_non_null(strstr(r.text, "]]&gt;&lt;script&gt;"));
	assert_null(strstr(r.text, "<script>"));
	assert_null(strstr(r.text, "\xef\xbf\xbf"));
	assert_non_null(strstr(r.text, "&lt;b&gt;&amp;"));
	assert_string_equal(r.etag, call_document("releases.atom", &attendee).etag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_part_leaves_the_rest_in_the_draft, fresh),
	    cmocka_unit_test_setup(the_diff_knows_every_field, fresh),
	    cmocka_unit_test_setup(the_diff_is_kept_as_it_was_shown, fresh),
	    cmocka_unit_test_setup(taken_back_and_released_again, fresh),
	    cmocka_unit_test_setup(what_changed_again_is_not_taken_back, fresh),
	    cmocka_unit_test_setup(the_way_back_may_be_taken, fresh),
	    cmocka_unit_test_setup(back_to_where_something_new_is, fresh),
	    cmocka_unit_test_setup(nobody_speaks_in_two_places, fresh),
	    cmocka_unit_test_setup(a_file_may_have_them_in_two_places, fresh),
	    cmocka_unit_test_setup(earlier_releases_are_as_people_saw_them, fresh),
	    cmocka_unit_test_setup(what_follows_is_held_and_can_be_stopped, fresh),
	    cmocka_unit_test_setup(what_cannot_be_released, fresh),
	    cmocka_unit_test_setup(the_feed_is_xml_whatever_the_titles_are, fresh),
	};

	return cmocka_run_group_tests_name("release", tests, setup, teardown);
}
