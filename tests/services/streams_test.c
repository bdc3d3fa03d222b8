/* tests/services: streams, holds, hosts, captions, who is watching. */
#include "tests/services/qa_hall.h"

static const char *set_params(const struct hall *h, const char *id, const char *more)
{
	return call_text("{\"stream\":\"%s\",\"room\":\"%s\",\"key\":\"%s\",%s}", id, h->room,
			 call_uuid(), more);
}

static struct call_result set(const struct hall *h, const char *id, const char *more)
{
	return call_method("stream.set", set_params(h, id, more), &h->mod);
}

static const char *hls(const char *url, const char *more)
{
	return call_text("\"kind\":\"hls\",\"url\":\"%s\"%s", url, more);
}

static json_t *room_of(const struct hall *h, const struct caller *who)
{
	return call_method("stream.get", call_text("{\"room\":\"%s\"}", h->room), who).json;
}

static const char *text_of(const json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

static const char *live(const struct hall *h, const char *more)
{
	return call_text("{\"room\":\"%s\",\"key\":\"%s\"%s}", h->room, call_uuid(), more);
}

static int64_t tally(const struct hall *h, const char *suffix, const char *key)
{
	return atoi(call_sql("select coalesce(sum(t.value), 0) from channel c join tally t on "
			     "t.channel = c.id where c.name = 'room:%s%s' and t.key = '%s'",
			     h->room, suffix, key));
}

static void entries(void **state)
{
	struct hall h = hall_make();
	const char *id = call_uuid(), *params;
	struct call_result r, again;
	json_t *room;

	(void)state;
	params = set_params(&h, id, hls("https://cdn.example.org/a.m3u8", ",\"label\":\"Hall\""));
	r = call_method("stream.set", params, &h.mod);
	assert_fine(&r);
	assert_int_equal(number(&r, "version"), 1);
	again = call_method("stream.set", params, &h.mod);
	assert_string_equal(again.text, r.text);
	/* Without a version it must be new; with one it must be that one. */
	r = set(&h, id, hls("https://cdn.example.org/b.m3u8", ""));
	assert_fault(&r, "conflict");
	r = set(&h, id, hls("https://cdn.example.org/b.m3u8", ",\"expect_version\":2"));
	assert_fault(&r, "conflict");
	r = set(&h, id, hls("https://cdn.example.org/b.m3u8", ",\"expect_version\":1"));
	assert_fine(&r);
	assert_int_equal(number(&r, "version"), 2);
	room = room_of(&h, &h.ann);
	assert_string_equal(text_of(room, "current"), id);
	assert_string_equal(text_of(json_array_get(json_object_get(room, "streams"), 0), "url"),
			    "https://cdn.example.org/b.m3u8");
	/* The slot that is on can be watched: its calendar entry is a newer one. */
	assert_int_equal(count("select revision from published where slot = '%s'", h.slot), 2);
	r = call_method(
	    "stream.remove",
	    call_text("{\"stream\":\"%s\",\"expect_version\":1,\"key\":\"%s\"}", id, call_uuid()),
	    &h.mod);
	assert_fault(&r, "conflict");
	r = call_method(
	    "stream.remove",
	    call_text("{\"stream\":\"%s\",\"expect_version\":2,\"key\":\"%s\"}", id, call_uuid()),
	    &h.mod);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from stream where room = '%s'", h.room), 0);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'room:%s' and type = 'stream.changed'",
			       h.room),
			 3);
}

static int64_t told(const struct hall *h, const char *type)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = 'schedule' and e.type = '%s'",
		     h->conference, type);
}

static int64_t revision(const struct hall *h)
{
	return count("select revision from published where slot = '%s'", h->slot);
}

/* What a calendar says of a slot moves it at once; what it does not say moves nothing. */
static void calendars_follow(void **state)
{
	struct hall h = hall_make();
	const char *id = call_uuid();
	struct call_result r;

	(void)state;
	r = set(&h, id, hls("https://a.example/1", ",\"label\":\"Hall\",\"language\":\"en\""));
	assert_fine(&r);
	assert_int_equal(revision(&h), 1);
	assert_int_equal(told(&h, "slot.changed"), 1);
	/* The same words lead elsewhere. */
	r = set(&h, id,
		hls("https://a.example/2",
		    ",\"label\":\"Hall\",\"language\":\"en\",\"expect_version\":1"));
	assert_fine(&r);
	assert_int_equal(revision(&h), 2);
	/* What only the player says, an entry for another day, what staff decide. */
	r = set(&h, id,
		hls("https://a.example/2", ",\"label\":\"Hall\",\"language\":\"en\","
					   "\"latency_ms\":4000,\"expect_version\":2"));
	assert_fine(&r);
	r = set(
	    &h, call_uuid(),
	    hls("https://a.example/3", ",\"language\":\"da\",\"starts\":\"2021-05-03T07:00:00Z\""));
	assert_fine(&r);
	r = call_method("stream.switch", live(&h, call_text(",\"stream\":\"%s\"", id)), &h.mod);
	assert_fine(&r);
	r = call_method("stream.hold", live(&h, ",\"hold\":true"), &h.mod);
	assert_fine(&r);
	assert_int_equal(revision(&h), 2);
	assert_int_equal(told(&h, "slot.changed"), 2);
	r = call_method(
	    "stream.remove",
	    call_text("{\"stream\":\"%s\",\"expect_version\":3,\"key\":\"%s\"}", id, call_uuid()),
	    &h.mod);
	assert_fine(&r);
	assert_int_equal(revision(&h), 3);
	assert_int_equal(told(&h, "slot.changed"), 3);
	assert_int_equal(
	    count("select (e.data ->> 'sequence')::int from channel_event e join channel c on "
		  "c.id = e.channel where c.conference = '%s' and c.name = 'schedule' order by "
		  "e.position desc limit 1",
		  h.conference),
	    3);
	/* Too many to name: one word that there is something to fetch. */
	call_sql("with s as (insert into slot (conference, session, room, starts, ends) select "
		 "'%s', '%s', '%s', timestamptz '2021-05-04 00:00Z' + n * interval '10 minutes', "
		 "timestamptz '2021-05-04 00:10Z' + n * interval '10 minutes' from "
		 "generate_series(1, 60) n returning *) insert into published (slot, conference, "
		 "session, room, during, cancelled, overlap_ok, version, content) select id, "
		 "conference, session, room, tstzrange(starts, ends), false, false, 1, '{}' from s "
		 "returning 1",
		 h.conference, h.session, h.room);
	r = set(&h, id, hls("https://a.example/1", ""));
	assert_fine(&r);
	assert_int_equal(told(&h, "slot.changed"), 3);
	assert_int_equal(told(&h, "conference.edited"), 1);
	assert_int_equal(count("select count(*) from published where conference = '%s' and "
			       "revision > 0",
			       h.conference),
			 61);
}

static void refusals(void **state)
{
	static const struct {
		const char *more, *fault;
	} bad[] = {
	    {"\"kind\":\"hls\",\"url\":\"javascript:alert(1)\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"http://cdn.example.org/a.m3u8\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example\\r\\nx: y\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example/\\n\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example/'x\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://user@a.example/\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example; script-src *\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"//a.example/x\"", "stream.url"},
	    {"\"kind\":\"link\",\"url\":\"data:text/html,x\"", "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example/\",\"audio_url\":\"file:///etc\"",
	     "stream.url"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example/\",\"captions_url\":\"x\"",
	     "stream.url"},
	    {"\"kind\":\"embed\",\"url\":\"https://www.youtube.com/embed/x\"", "stream.host"},
	    {"\"kind\":\"embed\",\"url\":\"https://video.example.org.evil.example/\"",
	     "stream.host"},
	    {"\"kind\":\"link\",\"url\":\"https://a.example/\",\"audio_url\":\"https://a.example/"
	     "\"",
	     "bad_request"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example/\",\"language\":\"<b>\"", "bad_request"},
	    {"\"kind\":\"hls\",\"url\":\"https://a.example/\",\"starts\":\"2021-05-02T10:00:00Z\","
	     "\"ends\":\"2021-05-02T09:00:00Z\"",
	     "bad_request"},
	    {"\"kind\":\"tape\",\"url\":\"https://a.example/\"", "bad_request"},
	};
	struct hall h = hall_make();
	struct call_result r;

	(void)state;
	call_sql("insert into stream_host values ('%s', 'embed', 'video.example.org')",
		 h.conference);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r = set(&h, call_uuid(), bad[i].more);
		if (r.fault == NULL || strcmp(r.fault, bad[i].fault) != 0)
			fail_msg("%s: %s", bad[i].more, r.fault);
	}
	r = call_method("stream.set", set_params(&h, call_uuid(), hls("https://a.example/", "")),
			&h.ann);
	assert_fault(&r, "denied");
	assert_int_equal(count("select count(*) from stream where room = '%s'", h.room), 0);
	assert_int_equal(count("select revision from published where slot = '%s'", h.slot), 0);
	r = set(&h, call_uuid(), "\"kind\":\"embed\",\"url\":\"https://VIDEO.example.org/1\"");
	assert_fine(&r);
	for (int i = 0; i < 7; i++) {
		r = set(&h, call_uuid(), hls("https://a.example/", ""));
		assert_fine(&r);
	}
	r = set(&h, call_uuid(), hls("https://a.example/", ""));
	assert_fault(&r, "limit.size");
}

static void clock_and_switch(void **state)
{
	struct hall h = hall_make();
	const char *all = call_uuid(), *morning = call_uuid(), *late = call_uuid();
	struct call_result r;
	json_t *room;

	(void)state;
	r = set(&h, all, hls("https://a.example/all", ""));
	assert_fine(&r);
	r = set(&h, morning,
		hls("https://a.example/m", ",\"starts\":\"2021-05-02T06:00:00Z\","
					   "\"ends\":\"2021-05-02T08:00:00Z\""));
	assert_fine(&r);
	r = set(&h, late, hls("https://a.example/l", ",\"starts\":\"2021-05-02T12:00:00Z\""));
	assert_fine(&r);
	assert_string_equal(text_of(room_of(&h, &h.ann), "current"), morning);
	clock_at(&h, "2021-05-02T08:00:00Z");
	assert_string_equal(text_of(room_of(&h, &h.ann), "current"), all);
	clock_at(&h, "2021-05-02T12:00:00Z");
	assert_string_equal(text_of(room_of(&h, &h.ann), "current"), late);
	r = call_method("stream.switch", live(&h, call_text(",\"stream\":\"%s\"", all)), &h.mod);
	assert_fine(&r);
	room = room_of(&h, &h.ann);
	assert_string_equal(text_of(room, "current"), all);
	assert_true(json_is_true(json_object_get(room, "switched")));
	r = call_method("stream.switch", live(&h, ",\"stream\":null"), &h.mod);
	assert_fine(&r);
	assert_string_equal(text_of(room_of(&h, &h.ann), "current"), late);
	r = call_method("stream.switch", live(&h, call_text(",\"stream\":\"%s\"", call_uuid())),
			&h.mod);
	assert_fault(&r, "not_found");
	r = call_method("stream.switch", live(&h, ",\"stream\":null"), &h.bob);
	assert_fault(&r, "denied");
}

static void hold(void **state)
{
	static const char *const bad[] = {
	    "{\"da\":\"x\"}", "{\"en\":\"\"}",		"{\"en\":5}",	     "[]",
	    "\"x\"",	      "{\"en\":\"a\\u202eb\"}", "{\"en\":\"a\\nb\"}"};
	struct hall h = hall_make();
	struct call_result r;
	json_t *held;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r = call_method("stream.hold",
				live(&h, call_text(",\"hold\":true,\"text\":%s", bad[i])), &h.mod);
		assert_fault(&r, "bad_request");
	}
	assert_true(json_is_null(json_object_get(room_of(&h, &h.ann), "hold")));
	r = call_method("stream.hold",
			live(&h, ",\"hold\":true,\"text\":{\"en\":\"Back soon\",\"da\":\"Straks\"},"
				 "\"back_at\":\"2021-05-02T09:03:00+02:00\""),
			&h.mod);
	assert_fine(&r);
	held = json_object_get(room_of(&h, &h.ann), "hold");
	assert_string_equal(text_of(json_object_get(held, "text"), "da"), "Straks");
	assert_string_equal(text_of(held, "back_at"), "2021-05-02T07:03:00.000Z");
	r = call_method("stream.hold", live(&h, ",\"hold\":false"), &h.mod);
	assert_fine(&r);
	assert_true(json_is_null(json_object_get(room_of(&h, &h.ann), "hold")));
	r = call_method(
	    "stream.hold",
	    call_text("{\"room\":\"%s\",\"hold\":true,\"key\":\"%s\"}", call_uuid(), call_uuid()),
	    &h.mod);
	assert_fault(&r, "not_found");
}

static void links(void **state)
{
	struct hall h = hall_make();
	const struct caller guest = {.roles = ROLE_GUEST};
	struct caller visitor = guest;
	const char *params = call_text("{\"slot\":\"%s\"}", h.slot);
	struct call_result r;
	char *snapshot;

	(void)state;
	memcpy(visitor.conference, h.ann.conference, UUID_SIZE);
	r = set(&h, call_uuid(), "\"kind\":\"link\",\"url\":\"https://meet.example/secret\"");
	assert_fine(&r);
	r = call_method("stream.join", params, &h.ann);
	assert_string_equal(member(&r, "url"), "https://meet.example/secret");
	assert_string_equal(member(&r, "kind"), "link");
	r = call_method("stream.join", params, &visitor);
	assert_fault(&r, "denied");
	r = call_method("stream.get", call_text("{\"room\":\"%s\"}", h.room), &visitor);
	assert_fault(&r, "denied");
	r = call_method("stream.join", call_text("{\"slot\":\"%s\"}", call_uuid()), &h.ann);
	assert_fault(&r, "not_found");
	/* Neither in an event, nor in a snapshot, nor in anything public. */
	assert_int_equal(
	    count("select count(*) from channel_event where data::text like '%%secret%%'"), 0);
	snapshot = json_dumps(call_snapshot("room", NULL, h.conference, h.room), JSON_ENCODE_ANY);
	assert_non_null(strstr(snapshot, "\"link\""));
	assert_null(strstr(snapshot, "secret"));
	free(snapshot);
	r = call_method("schedule.get", "{}", &visitor);
	assert_null(strstr(r.text, "secret"));
}

static void hosts(void **state)
{
	static const char *const bad[] = {"\"a;b.example\"",
					  "\"*\"",
					  "\"a.example b\"",
					  "\"'unsafe-inline'\"",
					  "\"https://a.example\"",
					  "5",
					  "\"\"",
					  "\"a.example/x\""};
	struct hall h = hall_make();
	struct caller org = call_person(h.conference, "Or Ganiser", ROLE_ORGANISER);
	struct call_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r = call_method("stream.hosts",
				call_text("{\"key\":\"%s\",\"embed\":[%s]}", call_uuid(), bad[i]),
				&org);
		assert_non_null(r.fault);
	}
	r = call_method("stream.hosts",
			call_text("{\"key\":\"%s\",\"embed\":[\"v.example\"],"
				  "\"media\":[\"cdn.example:8443\"]}",
				  call_uuid()),
			&org);
	assert_fine(&r);
	r = set(&h, call_uuid(), "\"kind\":\"embed\",\"url\":\"https://v.example/1\"");
	assert_fine(&r);
	r = set(&h, call_uuid(), hls("https://own.example/x", ""));
	assert_fine(&r);
	r = call_method("stream.hosts", call_text("{\"key\":\"%s\",\"embed\":[]}", call_uuid()),
			&org);
	assert_fault(&r, "stream.host");
	assert_string_equal(
	    call_sql("select stream_policy('%s')::jsonb", h.conference),
	    "{\"media\": [\"cdn.example:8443\", \"own.example\"], \"frames\": [\"v.example\"]}");
	r = call_method("stream.hosts", call_text("{\"key\":\"%s\"}", call_uuid()), &h.mod);
	assert_fault(&r, "denied");
}

static void captions(void **state)
{
	struct hall h = hall_make();
	struct call_result r;
	json_t *all;

	(void)state;
	for (int i = 0; i < 22; i++) {
		r = call_method("caption.add", live(&h, call_text(",\"text\":\"Line %d\"", i)),
				&h.mod);
		assert_fine(&r);
	}
	all = json_object_get(
	    json_object_get(call_snapshot("captions", NULL, h.conference, h.room), "snapshot"),
	    "captions");
	assert_int_equal(json_array_size(all), 20);
	assert_string_equal(text_of(json_array_get(all, 0), "text"), "Line 2");
	r = call_method("caption.add", live(&h, ",\"text\":\"\""), &h.mod);
	assert_fault(&r, "bad_request");
	r = call_method("caption.add", live(&h, ",\"text\":\"x\""), &h.ann);
	assert_fault(&r, "denied");
}

static void report(const struct hall *h, const struct caller *who, const char *state)
{
	struct call_result r = call_method(
	    "player.report", call_text("{\"room\":\"%s\",\"state\":\"%s\"}", h->room, state), who);

	assert_fine(&r);
	assert_string_equal(member(&r, "state"), state);
}

static void counts(void **state)
{
	struct hall h = hall_make();
	const char *p = call_text("{\"room\":\"%s\",\"state\":\"playing\"}", h.room);
	const char *s = call_text("{\"room\":\"%s\",\"state\":\"stalled\"}", h.room);
	const struct call calls[] = {{"player.report", p, &h.ann},
				     {"player.report", s, &h.bob},
				     {"player.report", p, &h.bob},
				     {"player.report", s, &h.mod},
				     {"player.report", p, &h.ann}};
	struct call_result r, many[5];

	(void)state;
	call_methods(calls, 5, many);
	for (int i = 0; i < 5; i++)
		assert_fine(&many[i]);
	assert_int_equal(tally(&h, "", "joined"), 3);
	assert_int_equal(tally(&h, "", "playing"), 0);
	assert_int_equal(tally(&h, ":mod", "playing"), 2);
	assert_int_equal(tally(&h, ":mod", "stalled"), 1);
	report(&h, &h.bob, "left");
	report(&h, &h.bob, "left");
	report(&h, &h.mod, "playing");
	assert_int_equal(tally(&h, ":mod", "joined"), 2);
	assert_int_equal(tally(&h, ":mod", "playing"), 2);
	assert_int_equal(tally(&h, ":mod", "stalled"), 0);
	r = call_method("player.report",
			call_text("{\"room\":\"%s\",\"state\":\"playing\"}", call_uuid()), &h.ann);
	assert_fault(&r, "not_found");
	/* Silence is leaving; the one who goes on stays, and so does the work that watches. */
	call_sql("update player set seen = now() - interval '76 seconds' where person = '%s'",
		 h.ann.person);
	call_sql("select due_presence('%s', '%s')", h.conference, h.room);
	assert_int_equal(tally(&h, "", "joined"), 1);
	assert_int_equal(tally(&h, ":mod", "playing"), 1);
	assert_int_equal(
	    count("select count(*) from due where kind = 'presence' and subject = '%s'", h.room),
	    1);
	/* Nobody agreed: nothing is kept. */
	assert_int_equal(
	    count("select count(*) from presence where conference = '%s'", h.conference), 0);
}

static void attendance(void **state)
{
	struct hall h = hall_make();
	struct caller org = call_person(h.conference, "Or Ganiser", ROLE_ORGANISER);
	const char *yes = call_text("{\"value\":true,\"notice\":1,\"key\":\"%s\"}", call_uuid());
	struct call_result r;

	(void)state;
	call_sql("update person set name = '=cmd|evil' where id = '%s'", h.ann.person);
	r = call_method("presence.consent",
			call_text("{\"value\":true,\"notice\":99,\"key\":\"%s\"}", call_uuid()),
			&h.ann);
	assert_fault(&r, "conflict");
	r = call_method("presence.consent", yes, &h.ann);
	assert_fine(&r);
	report(&h, &h.ann, "playing");
	report(&h, &h.bob, "playing");
	clock_at(&h, "2021-05-02T09:00:30+02:00");
	report(&h, &h.ann, "playing");
	clock_at(&h, "2021-05-02T09:01:00+02:00");
	report(&h, &h.ann, "stalled");
	clock_at(&h, "2021-05-02T09:01:20+02:00");
	report(&h, &h.ann, "playing");
	clock_at(&h, "2021-05-02T09:01:50+02:00");
	report(&h, &h.ann, "left");
	r = call_method("presence.get", "{}", &h.ann);
	assert_int_equal(json_array_size(json_object_get(r.json, "intervals")), 3);
	/* To ten seconds: the clock goes on between its being set and a report. */
	assert_string_equal(
	    call_sql("select string_agg(kind || ' ' || (round(extract(epoch from until - since) / "
		     "10) * 10)::int, ',' order by kind, since) from presence where person = '%s' "
		     "and talk = '%s'",
		     h.ann.person, h.talk),
	    "joined 110,playing 60,playing 30");
	assert_int_equal(count("select count(*) from presence where person = '%s'", h.bob.person),
			 0);
	r = call_method("presence.export", "{}", &org);
	assert_non_null(strstr(member(&r, "csv"), "\"'=cmd|evil\""));
	assert_null(strstr(member(&r, "csv"), "Bob"));
	r = call_method("presence.consent",
			call_text("{\"value\":false,\"key\":\"%s\"}", call_uuid()), &h.ann);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from presence where person = '%s'", h.ann.person),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entries),	cmocka_unit_test(calendars_follow),
	    cmocka_unit_test(refusals), cmocka_unit_test(clock_and_switch),
	    cmocka_unit_test(hold),	cmocka_unit_test(links),
	    cmocka_unit_test(hosts),	cmocka_unit_test(captions),
	    cmocka_unit_test(counts),	cmocka_unit_test(attendance),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
