/* tests/services: calendars from the database: who gets which, and what a change does to one. */
#include "tests/services/feed_support.h"

static const char *url_of(struct call_result r)
{
	return text_at(good(r), "url");
}

/* Exactly these slots' events changed, each with a later revision; Last-Modified grew. */
static void assert_changed(const struct calendar *before, const struct calendar *after,
			   const char *slots)
{
	json_t *all = json_loads(call_sql("select coalesce(json_agg(slot), '[]') from published "
					  "where conference = '%s'",
					  conference),
				 0, NULL);
	json_t *one;
	size_t i;

	assert_string_not_equal(before->etag, after->etag);
	assert_true(after->modified > before->modified);
	json_array_foreach(all, i, one)
	{
		const char *slot = json_string_value(one);
		const char *was = event_of(before, slot), *is = event_of(after, slot);

		if (strstr(slots, slot) == NULL) {
			assert_string_equal(was, is);
			continue;
		}
		assert_true(sequence_of(after, slot) > sequence_of(before, slot));
		assert_true(strcmp(line_of(is, "LAST-MODIFIED"), line_of(was, "LAST-MODIFIED")) >
			    0);
		assert_string_equal(line_of(is, "DTSTAMP"), line_of(is, "LAST-MODIFIED"));
	}
	json_decref(all);
}

static void b09_an_edit_changes_its_event_and_no_other(void **state)
{
	static const char *const edits[][2] = {
	    {"update session set title = title || ' 2' where id = (select session from slot where "
	     "id "
	     "= '%s')",
	     "p.slot = '%s'"},
	    {"update slot set ends = ends + interval '5 minutes', version = version + 1 where id = "
	     "'%s'",
	     "p.slot = '%s'"},
	    {"update room set name = name || ' 2' where id = (select room from slot where id = "
	     "'%s')",
	     "p.room = (select room from slot where id = '%s')"},
	    {"update speaker set name = name || ' 2' where id = (select ts.speaker from talk t "
	     "join "
	     "talk_speaker ts on ts.talk = t.id join slot l on l.session = t.session where l.id = "
	     "'%s' limit 1)",
	     "p.slot = '%s'"},
	    {"update track set color = '#102030' where id = (select s.track from slot l join "
	     "session "
	     "s on s.id = l.session where l.id = '%s')",
	     "(select track from session where id = p.session) = (select s.track from slot l join "
	     "session s on s.id = l.session where l.id = '%s')"},
	};
	const char *slot = call_sql(
	    "select p.slot from published p join session s on s.id = p.session join talk t "
	    "on t.session = s.id join talk_speaker x on x.talk = t.id where p.conference = "
	    "'%s' and s.track is not null order by lower(p.during) limit 1",
	    conference);
	struct calendar before = public_calendar("all", NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		const char *mark = strstr(edits[i][0], "%s"), *where = strstr(edits[i][1], "%s");
		struct calendar after;

		call_sql("%.*s%s%s", (int)(mark - edits[i][0]), edits[i][0], slot, mark + 2);
		publish();
		after = public_calendar("all", NULL);
		assert_changed(&before, &after,
			       call_sql("select string_agg(p.slot::text, ' ') from published p "
					"where p.conference = '%s' and %.*s%s%s",
					conference, (int)(where - edits[i][1]), edits[i][1], slot,
					where + 2));
		before = after;
	}
}

static void b09_a_stream_is_told_outside_a_release(void **state)
{
	const char *slot = slot_of(2), *stream = call_uuid();
	const char *room = call_sql("select room from slot where id = '%s'", slot);
	const char *in_room = call_sql("select string_agg(slot::text, ' ') from published where "
				       "conference = '%s' and room = '%s'",
				       conference, room);
	struct calendar before = public_calendar("all", NULL), with, changed, without;

	(void)state;
	assert_null(strstr(before.text, "CONFERENCE"));
	good(call_method("stream.set",
			 call_text("{\"stream\":\"%s\",\"room\":\"%s\",\"kind\":\"hls\",\"url\":"
				   "\"https://cdn.example.org/a.m3u8\",\"label\":\"Floor\","
				   "\"language\":\"en\",\"key\":\"%s\"}",
				   stream, room, call_uuid()),
			 &organiser));
	with = public_calendar("all", NULL);
	assert_changed(&before, &with, in_room);
	assert_non_null(strstr(event_of(&with, slot), "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL="));
	/* Where it plays is for those who may: never in a calendar. */
	assert_null(strstr(with.text, "cdn.example.org"));
	good(call_method("stream.set",
			 call_text("{\"stream\":\"%s\",\"room\":\"%s\",\"kind\":\"hls\",\"url\":"
				   "\"https://cdn.example.org/b.m3u8\",\"label\":\"Floor\","
				   "\"language\":\"en\",\"expect_version\":1,\"key\":\"%s\"}",
				   stream, room, call_uuid()),
			 &organiser));
	changed = public_calendar("all", NULL);
	assert_changed(&with, &changed, in_room);
	good(call_method("stream.remove",
			 call_text("{\"stream\":\"%s\",\"expect_version\":2,\"key\":\"%s\"}",
				   stream, call_uuid()),
			 &organiser));
	without = public_calendar("all", NULL);
	assert_changed(&changed, &without, in_room);
	assert_null(strstr(without.text, "CONFERENCE"));
}

static void b09_the_place_is_in_every_event(void **state)
{
	struct calendar before = public_calendar("all", NULL), after;

	(void)state;
	call_sql(
	    "update conference set venue = 'Elsewhere', info = info || '{\"geo\":{\"lat\":55.9,"
	    "\"lon\":12.3}}' where id = '%s'",
	    conference);
	after = public_calendar("all", NULL);
	assert_changed(
	    &before, &after,
	    call_sql("select string_agg(slot::text, ' ') from published where conference "
		     "= '%s'",
		     conference));
	assert_non_null(strstr(after.text, "GEO:55.9"));
}

static void b10_what_leaves_makes_last_modified_grow(void **state)
{
	struct calendar first = public_calendar("all", NULL), removed, cancelled, left;
	const char *slot = slot_of(2);

	(void)state;
	call_sql("delete from published where slot = '%s'", slot_of(1));
	removed = public_calendar("all", NULL);
	assert_true(removed.modified > first.modified);
	assert_string_not_equal(removed.etag, first.etag);
	assert_int_equal(events_in(&removed), events_in(&first) - 1);
	call_sql("update slot set cancelled = true, version = version + 1 where id = '%s'", slot);
	call_sql("delete from slot where id = '%s'", slot_of(1));
	publish();
	cancelled = public_calendar("all", NULL);
	assert_non_null(strstr(event_of(&cancelled, slot), "STATUS:CANCELLED"));
	clock_at("2021-05-09T11:00:00Z");
	left = public_calendar("all", NULL);
	assert_string_equal(event_of(&left, slot), "");
	assert_true(left.modified > cancelled.modified);
}

static void b21_cancelled_stays_a_week_or_leaves_at_once(void **state)
{
	const char *slot = slot_of(2), *keep = url_of(create("all", ",\"alarm\":10")),
		   *drop = url_of(create("all", ",\"alarm\":10,\"cancelled\":\"drop\""));
	struct calendar before = own_calendar(keep), after;
	const char *event;

	(void)state;
	assert_non_null(strstr(event_of(&before, slot), "BEGIN:VALARM"));
	call_sql("update slot set cancelled = true, version = version + 1 where id = '%s'", slot);
	publish();
	after = own_calendar(keep);
	event = event_of(&after, slot);
	assert_int_equal(sequence_of(&after, slot), sequence_of(&before, slot) + 1);
	assert_non_null(strstr(event, "\r\nSTATUS:CANCELLED"));
	assert_non_null(strstr(event, "\r\nTRANSP:TRANSPARENT"));
	assert_non_null(strstr(event, "\r\nSUMMARY:AFLYST/CANCELLED: "));
	assert_null(strstr(event, "VALARM"));
	after = own_calendar(drop);
	assert_string_equal(event_of(&after, slot), "");
	clock_at("2021-05-09T07:00:00Z");
	after = own_calendar(keep);
	assert_string_not_equal(event_of(&after, slot), "");
	clock_at("2021-05-09T11:00:00Z");
	after = own_calendar(keep);
	assert_string_equal(event_of(&after, slot), "");
	assert_int_equal(events_in(&after), 3);
}

static void b24_two_slots_of_one_session_are_two_events(void **state)
{
	const char *slot = slot_of(2);
	const char *second = call_sql(
	    "insert into slot (conference, session, room, starts, ends) select conference, "
	    "session, room, starts + interval '1 day', ends + interval '1 day' from slot "
	    "where id = '%s' returning id",
	    slot);
	struct calendar c;

	(void)state;
	publish();
	c = public_calendar("all", NULL);
	assert_string_not_equal(event_of(&c, slot), "");
	assert_string_not_equal(event_of(&c, second), "");
	assert_string_equal(line_of(event_of(&c, slot), "SUMMARY"),
			    line_of(event_of(&c, second), "SUMMARY"));
}

static void b30_nothing_to_show_is_one_event(void **state)
{
	struct calendar c;

	(void)state;
	conference = call_conference(call_text("empty-%s", call_uuid() + 28));
	c = public_calendar("all", NULL);
	assert_int_equal(events_in(&c), 1);
	assert_non_null(strstr(c.text, "SUMMARY:The programme has not been published yet\r\n"));
	assert_int_equal(public_calendar("all", NULL).modified, c.modified);
}

static void speakers_rooms_and_topics_have_their_own(void **state)
{
	const char *speaker = call_sql(
	    "select x.speaker from talk_speaker x join talk t on t.id = x.talk join session "
	    "s on s.id = t.session where s.conference = '%s' and s.number = 2 limit 1",
	    conference);
	const char *track =
	    call_sql("select track from session where conference = '%s' and track is "
		     "not null limit 1",
		     conference);
	struct calendar c = public_calendar("speaker", speaker);
	const char *own = url_of(create("speaking", ""));

	(void)state;
	assert_non_null(strstr(c.text, slot_of(2)));
	c = public_calendar("track", track);
	assert_int_equal(events_in(&c),
			 atoi(call_sql("select count(*) from published p join session "
				       "s on s.id = p.session where s.track = '%s'",
				       track)));
	c = own_calendar(own);
	assert_null(strstr(c.text, slot_of(2)));
	call_sql("update speaker set person = '%s' where id = '%s'", attendee.person, speaker);
	c = own_calendar(own);
	assert_non_null(strstr(c.text, slot_of(2)));
	assert_string_equal(public_calendar("speaker", call_uuid()).fault, "not_found");
	assert_string_equal(public_calendar("room", call_uuid()).fault, "not_found");
	assert_string_equal(public_calendar("slot", call_uuid()).fault, "not_found");
}

static void frozen_after_the_event_and_richer(void **state)
{
	const char *slot = slot_of(2);
	struct calendar during = public_calendar("all", NULL), after;

	(void)state;
	clock_at("2021-09-01T00:00:00Z");
	after = public_calendar("all", NULL);
	assert_int_equal(events_in(&after), events_in(&during));
	assert_string_equal(event_of(&after, slot), event_of(&during, slot));
	call_sql("update session set extra = extra || '{\"recording\":{\"url\":"
		 "\"https://media.example.org/2\"},\"attachments\":[{\"url\":"
		 "\"https://media.example.org/2.pdf\",\"title\":\"Slides\"}]}' where id = (select "
		 "session from slot where id = '%s')",
		 slot);
	publish();
	after = public_calendar("slot", slot);
	assert_non_null(strstr(after.text, "Recording: "));
	assert_non_null(strstr(after.text, "Slides: "));
}

/* Any edit, released or not: an event's bytes differ exactly when its revision does. */
static void bytes_differ_when_the_revision_does(void **state)
{
	struct calendar before = public_calendar("all", NULL);

	(void)state;
	srand(7);
	for (int i = 0; i < 40; i++) {
		const char *slot = slot_of(1 + rand() % 4);
		struct calendar after;
		json_t *all, *one;
		size_t at_;

		if (rand() % 4 == 0)
			call_sql("select published_touch('%s', array['%s'::uuid])", conference,
				 slot);
		else if (rand() % 3 == 0)
			call_sql(
			    "update room set name = 'Room ' || %d where id = (select room from "
			    "slot where id = '%s')",
			    i, slot);
		else
			call_sql("update session set abstract = 'Text ' || %d where id = (select "
				 "session from slot where id = '%s')",
				 rand() % 3, slot);
		if (rand() % 2 == 0)
			call_method("release.publish", call_text("{\"key\":\"%s\"}", call_uuid()),
				    &organiser);
		after = public_calendar("all", NULL);
		assert_string_equal(after.text, public_calendar("all", NULL).text);
		all = json_loads(call_sql("select json_agg(slot) from published where conference = "
					  "'%s'",
					  conference),
				 0, NULL);
		json_array_foreach(all, at_, one)
		{
			const char *id = json_string_value(one);

			assert_int_equal(strcmp(event_of(&before, id), event_of(&after, id)) != 0,
					 sequence_of(&before, id) != sequence_of(&after, id));
		}
		json_decref(all);
		assert_int_equal(strcmp(before.etag, after.etag) != 0,
				 strcmp(before.text, after.text) != 0);
		before = after;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(b09_an_edit_changes_its_event_and_no_other, fresh),
	    cmocka_unit_test_setup(b09_a_stream_is_told_outside_a_release, fresh),
	    cmocka_unit_test_setup(b09_the_place_is_in_every_event, fresh),
	    cmocka_unit_test_setup(b10_what_leaves_makes_last_modified_grow, fresh),
	    cmocka_unit_test_setup(b21_cancelled_stays_a_week_or_leaves_at_once, fresh),
	    cmocka_unit_test_setup(b24_two_slots_of_one_session_are_two_events, fresh),
	    cmocka_unit_test_setup(b30_nothing_to_show_is_one_event, fresh),
	    cmocka_unit_test_setup(speakers_rooms_and_topics_have_their_own, fresh),
	    cmocka_unit_test_setup(frozen_after_the_event_and_richer, fresh),
	    cmocka_unit_test_setup(bytes_differ_when_the_revision_does, fresh),
	};

	return cmocka_run_group_tests_name("feed", tests, setup, teardown);
}
