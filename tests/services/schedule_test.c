/* tests/services: the draft, releases, what is on now, and talks that begin and end. */
#include "tests/services/schedule_support.h"

static const char *conference;
static struct caller organiser, moderator, attendee;

static const char *slot_of(int number)
{
	return call_sql("select l.id from slot l join session s on s.id = l.session where "
			"s.conference = '%s' and "
			"s.number = %d order by l.starts limit 1",
			conference, number);
}

static const char *room_of(const char *name)
{
	return call_sql("select id from room where conference = '%s' and name = '%s'", conference,
			name);
}

static const char *talk_of(int number, int ord)
{
	return call_sql("select t.id from talk t join session s on s.id = t.session where "
			"s.conference = '%s' and "
			"s.number = %d and t.ord = %d",
			conference, number, ord);
}

static int version_of(const char *slot)
{
	return atoi(call_sql("select version from slot where id = '%s'", slot));
}

static struct call_result move(const char *slot, const char *change, int version, const char *key)
{
	return call_method("slot.move",
			   call_text("{\"slot\":\"%s\",%s,\"expect_version\":%d,\"key\":\"%s\"}",
				     slot, change, version, key),
			   &organiser);
}

static struct call_result publish(void)
{
	return call_method("release.publish", call_text("{\"key\":\"%s\"}", call_uuid()),
			   &organiser);
}

static json_t *schedule(void)
{
	return good(call_method("schedule.get", "{}", &attendee));
}

static json_t *published_slot(const char *slot)
{
	return find(at(schedule(), "slots"), "id", slot);
}

/* How many events of a type there are on a channel. */
static int events(const char *channel, const char *type)
{
	return atoi(call_sql(
	    "select count(*) from channel_event e join channel c on c.id = e.channel where "
	    "c.conference = '%s' and c.name = '%s' and e.type = '%s'",
	    conference, channel, type));
}

/* The conference's clock stands at this instant. */
static void clock_at(const char *at_)
{
	call_sql("update conference set clock_offset = '%s'::timestamptz - now() where id = '%s'",
		 at_, conference);
}

static int fresh(void **state)
{
	static int n;
	const char *slug = call_text("programme-%d", ++n);

	(void)state;
	conference = text_at(good(import_fixture("small.json", slug, "")), "conference");
	organiser = call_person(conference, "Ole Organiser", ROLE_ORGANISER);
	moderator = call_person(conference, "Mona Moderator", ROLE_MODERATOR);
	attendee = call_person(conference, "Ada Attendee", ROLE_ATTENDEE);
	clock_at("2021-05-02T06:00:00Z");
	return 0;
}

static void the_schedule_is_what_was_released(void **state)
{
	json_t *doc = schedule(), *session, *talks, *slot;

	(void)state;
	assert_int_equal(int_at(doc, "release"), 1);
	assert_string_equal(text_at(doc, "zone"), "Europe/Copenhagen");
	assert_int_equal(json_array_size(at(doc, "sessions")), 4);
	assert_int_equal(json_array_size(at(doc, "slots")), 4);
	assert_int_equal(json_array_size(at(doc, "rooms")), 2);
	assert_int_equal(int_at(find(at(doc, "rooms"), "name", "Hall"), "capacity"), 100);
	session = find(at(doc, "sessions"), "title", "Short talks");
	assert_string_equal(text_at(session, "track"),
			    text_at(json_array_get(at(doc, "tracks"), 0), "id"));
	talks = at(session, "talks");
	assert_int_equal(json_array_size(talks), 3);
	assert_string_equal(text_at(json_array_get(talks, 1), "title"), "Talk 2");
	assert_string_equal(
	    text_at(json_array_get(at(json_array_get(talks, 1), "speakers"), 0), "name"),
	    "Talker 2");
	assert_true(json_is_null(at(find(at(doc, "sessions"), "title", "Party"), "track")));
	slot = find(at(doc, "slots"), "session", text_at(session, "id"));
	assert_string_equal(text_at(slot, "start"), "2021-05-02T08:30:00.000Z");
	assert_string_equal(text_at(slot, "end"), "2021-05-02T09:30:00.000Z");
	assert_string_equal(text_at(slot, "state"), "planned");
	assert_string_equal(text_at(at(doc, "conference"), "starts"), "2021-05-02");
	assert_null(at(slot, "started"));
}

static void the_draft_is_seen_by_nobody(void **state)
{
	const char *slot = slot_of(2), *key = call_uuid();
	const char *change = "\"start\":\"2021-05-02T12:00:00Z\",\"end\":\"2021-05-02T13:00:00Z\"";
	struct call_result first = move(slot, change, 1, key), again = move(slot, change, 1, key);
	json_t *draft;

	(void)state;
	assert_int_equal(int_at(good(first), "version"), 2);
	assert_string_equal(again.text, first.text);
	assert_fault(move(slot, "\"end\":\"2021-05-02T14:00:00Z\"", 1, key), "key.reused");
	assert_string_equal(text_at(published_slot(slot), "start"), "2021-05-02T07:30:00.000Z");
	assert_int_equal(events("draft", "slot.moved"), 1);
	assert_int_equal(events("schedule", "slot.moved"), 0);
	draft = at(at(call_snapshot("draft", NULL, conference, NULL), "snapshot"), "slots");
	assert_string_equal(text_at(find(draft, "id", slot), "start"), "2021-05-02T12:00:00.000Z");
	assert_fault(call_method("release.preview", "{}", &attendee), "denied");
}

static void two_organisers_do_not_overwrite(void **state)
{
	const char *slot = slot_of(2);
	struct call_result late;
	json_t *current;

	(void)state;
	good(move(slot, "\"end\":\"2021-05-02T08:45:00Z\"", 1, call_uuid()));
	late = move(slot, "\"end\":\"2021-05-02T08:50:00Z\"", 1, call_uuid());
	assert_fault(late, "conflict");
	current = json_loads(late.current, 0, NULL);
	assert_int_equal(int_at(current, "version"), 2);
	assert_string_equal(text_at(current, "end"), "2021-05-02T08:45:00.000Z");
	json_decref(current);
	assert_fault(move(call_uuid(), "\"end\":\"2021-05-02T08:50:00Z\"", 1, call_uuid()),
		     "not_found");
	assert_fault(move(slot, call_text("\"room\":\"%s\"", call_uuid()), 2, call_uuid()),
		     "not_found");
	assert_fault(move(slot, "\"end\":\"2021-05-02T01:00:00Z\"", 2, call_uuid()), "bad_request");
}

static void a_release_tells_what_changed(void **state)
{
	const char *moved = slot_of(2), *gone = slot_of(4), *same = slot_of(1), *made;
	json_t *preview, *reply;

	(void)state;
	assert_fault(publish(), "release.nothing");
	good(move(moved,
		  call_text("\"start\":\"2021-05-02T12:00:00Z\",\"end\":\"2021-05-02T13:00:00Z\""),
		  1, call_uuid()));
	good(call_method(
	    "slot.cancel",
	    call_text("{\"slot\":\"%s\",\"expect_version\":1,\"key\":\"%s\"}", gone, call_uuid()),
	    &organiser));
	made = text_at(
	    good(call_method("slot.create",
			     call_text("{\"session\":\"%s\",\"room\":\"%s\",\"start\":\"2021-05-"
				       "02T15:00:00Z\",\"end\":"
				       "\"2021-05-02T16:00:00Z\",\"key\":\"%s\"}",
				       call_sql("select session from slot where id = '%s'", same),
				       room_of("Lab"), call_uuid()),
			     &organiser)),
	    "slot");
	preview = good(call_method("release.preview", "{}", &organiser));
	assert_int_equal(json_array_size(at(preview, "changes")), 3);
	assert_string_equal(text_at(find(at(preview, "changes"), "slot", moved), "change"),
			    "moved");
	reply = good(publish());
	assert_int_equal(int_at(reply, "release"), 2);
	assert_int_equal(int_at(reply, "changes"), 3);
	assert_int_equal(events("schedule", "slot.moved"), 1);
	assert_int_equal(events("schedule", "slot.added"), 1);
	assert_int_equal(events("schedule", "slot.cancelled"), 1);
	assert_int_equal(int_at(at(reply, "positions"), "schedule"),
			 atoi(call_sql("select channel_head('%s', 'schedule')", conference)));
	assert_string_equal(
	    call_sql("select e.type from channel_event e join channel c on c.id = e.channel where "
		     "c.conference = '%s' and c.name = 'schedule' order by position desc limit 1",
		     conference),
	    "release.published");
	assert_int_equal(int_at(published_slot(moved), "sequence"), 1);
	assert_int_equal(int_at(published_slot(same), "sequence"), 0);
	assert_int_equal(int_at(published_slot(made), "sequence"), 0);
	assert_string_equal(text_at(published_slot(gone), "state"), "cancelled");
	assert_fault(call_method("slot.cancel",
				 call_text("{\"slot\":\"%s\",\"expect_version\":2,\"key\":\"%s\"}",
					   gone, call_uuid()),
				 &organiser),
		     "slot.state");
	assert_fault(publish(), "release.nothing");
}

static void one_room_holds_one_slot(void **state)
{
	const char *first = slot_of(2), *second = slot_of(4);

	(void)state;
	good(move(first, "\"start\":\"2021-05-02T21:00:00Z\",\"end\":\"2021-05-02T22:00:00Z\"", 1,
		  call_uuid()));
	assert_int_equal(
	    json_array_size(at(good(call_method("release.preview", "{}", &organiser)), "overlaps")),
	    1);
	assert_fault(publish(), "slot.overlap");
	assert_int_equal(int_at(schedule(), "release"), 1);
	/* They change places: the rule looks at the end, not at the steps. */
	good(move(first, "\"start\":\"2021-05-02T21:30:00Z\",\"end\":\"2021-05-02T23:00:00Z\"", 2,
		  call_uuid()));
	good(move(second, "\"start\":\"2021-05-02T07:30:00Z\",\"end\":\"2021-05-02T08:30:00Z\"", 1,
		  call_uuid()));
	assert_int_equal(int_at(good(publish()), "changes"), 2);
	assert_int_equal(
	    atoi(call_sql("select count(*) from published where conference = '%s' and overlap_ok",
			  conference)),
	    0);
}

static void words_are_released_too(void **state)
{
	const char *slot = slot_of(1);
	json_t *doc;

	(void)state;
	call_sql("update session set title = 'Renamed' where conference = '%s' and number = 1",
		 conference);
	assert_null(find(at(schedule(), "sessions"), "title", "Renamed"));
	good(publish());
	doc = schedule();
	assert_non_null(find(at(doc, "sessions"), "title", "Renamed"));
	assert_int_equal(int_at(find(at(doc, "slots"), "id", slot), "sequence"), 1);
	assert_int_equal(int_at(find(at(doc, "slots"), "id", slot_of(2)), "sequence"), 0);
	assert_int_equal(events("schedule", "slot.changed"), 1);
}

static struct call_result run(const char *method, const char *talk, const char *when)
{
	return call_method(method,
			   call_text("{\"talk\":\"%s\",\"key\":\"%s\"%s%s%s}", talk, call_uuid(),
				     *when != 0 ? ",\"at\":\"" : "", when, *when != 0 ? "\"" : ""),
			   &moderator);
}

static void talks_carry_their_slot(void **state)
{
	const char *slot = slot_of(3), *first = talk_of(3, 1), *second = talk_of(3, 2),
		   *third = talk_of(3, 3);
	const char *hall = room_of("Hall");
	json_t *reply, *now;

	(void)state;
	clock_at("2021-05-02T08:31:00Z");
	assert_fault(call_method("talk.start",
				 call_text("{\"talk\":\"%s\",\"key\":\"%s\"}", first, call_uuid()),
				 &attendee),
		     "denied");
	assert_fault(run("talk.end", first, ""), "talk.state");
	reply = good(run("talk.start", first, "2021-05-02T08:30:30Z"));
	assert_string_equal(text_at(reply, "started"), "2021-05-02T08:30:30.000Z");
	assert_fault(run("talk.start", first, ""), "talk.state");
	assert_string_equal(text_at(published_slot(slot), "state"), "running");
	now = find(at(good(call_method("now.get", "{}", &attendee)), "rooms"), "name", "Hall");
	assert_string_equal(text_at(at(at(now, "now"), "talk"), "title"), "Talk 1");
	assert_string_equal(text_at(at(now, "now"), "state"), "running");
	/* The next one ends it. */
	good(run("talk.start", second, "2021-05-02T08:45:00Z"));
	assert_string_equal(call_sql("select iso(ended) from talk where id = '%s'", first),
			    "2021-05-02T08:45:00.000Z");
	assert_int_equal(events("schedule", "talk.ended"), 1);
	assert_int_equal(events(call_text("talk:%s", second), "talk.started"), 1);
	assert_int_equal(events(call_text("stage:%s", hall), "talk.started"), 2);
	good(run("talk.end", second, "2021-05-02T09:00:00Z"));
	assert_string_equal(text_at(published_slot(slot), "state"), "running");
	good(run("talk.start", third, "2021-05-02T09:01:00Z"));
	good(run("talk.end", third, "2021-05-02T09:20:00Z"));
	assert_string_equal(text_at(published_slot(slot), "state"), "ended");
	assert_int_equal(int_at(published_slot(slot), "sequence"), 0);
	assert_int_equal(events("now", "now.changed"), 6);
	assert_fault(run("talk.start", call_uuid(), ""), "not_found");
}

static void now_and_next(void **state)
{
	json_t *doc, *hall, *lab;

	(void)state;
	clock_at("2021-05-02T07:10:00Z");
	doc = good(call_method("now.get", "{}", &attendee));
	hall = find(at(doc, "rooms"), "name", "Hall");
	lab = find(at(doc, "rooms"), "name", "Lab");
	assert_string_equal(text_at(at(hall, "now"), "title"), "Opening");
	assert_string_equal(text_at(at(hall, "next"), "title"), "Short talks");
	assert_true(json_is_null(at(lab, "now")));
	assert_string_equal(text_at(at(lab, "next"), "title"), "Keynote");
	doc =
	    good(call_method("now.get", call_text("{\"room\":\"%s\"}", room_of("Lab")), &attendee));
	assert_int_equal(json_array_size(at(doc, "rooms")), 1);
	clock_at("2021-05-02T10:00:00Z");
	doc = good(call_document("now.json", &attendee));
	assert_true(json_is_null(at(find(at(doc, "rooms"), "name", "Hall"), "next")));
	assert_string_equal(text_at(at(find(at(doc, "rooms"), "name", "Lab"), "next"), "title"),
			    "Party");
}

static void an_edit_is_a_new_revision(void **state)
{
	const char *slot = slot_of(2);

	(void)state;
	good(move(slot, "\"end\":\"2021-05-02T08:20:00Z\"", version_of(slot), call_uuid()));
	good(publish());
	assert_int_equal(
	    count(call_text("select count(*) from published where conference = '%s' and "
			    "revision = 1 and revised > created and slot = '%s'",
			    conference, slot)),
	    1);
	assert_int_equal(
	    count(call_text("select sum(revision) from published where conference = '%s'",
			    conference)),
	    1);
}

static void snapshots(void **state)
{
	json_t *snapshot = call_snapshot("schedule", NULL, conference, NULL);

	(void)state;
	assert_int_equal(int_at(snapshot, "head"), 1);
	assert_non_null(
	    strstr(text_at(at(snapshot, "snapshot"), "snapshot_url"), "/schedule/1.json"));
	assert_int_equal(
	    json_array_size(
		at(at(call_snapshot("now", NULL, conference, NULL), "snapshot"), "rooms")),
	    2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_schedule_is_what_was_released, fresh),
	    cmocka_unit_test_setup(the_draft_is_seen_by_nobody, fresh),
	    cmocka_unit_test_setup(two_organisers_do_not_overwrite, fresh),
	    cmocka_unit_test_setup(a_release_tells_what_changed, fresh),
	    cmocka_unit_test_setup(one_room_holds_one_slot, fresh),
	    cmocka_unit_test_setup(words_are_released_too, fresh),
	    cmocka_unit_test_setup(talks_carry_their_slot, fresh),
	    cmocka_unit_test_setup(now_and_next, fresh),
	    cmocka_unit_test_setup(an_edit_is_a_new_revision, fresh),
	    cmocka_unit_test_setup(snapshots, fresh),
	};

	return cmocka_run_group_tests_name("schedule", tests, setup, teardown);
}
