/* tests/services: announcements: whom they are for, how they change and end, who has read them. */
#include "tests/services/qa_hall.h"

struct house {
	struct hall hall;
	struct caller desk, organiser, online;
};

static struct house house_make(void)
{
	struct house h = {.hall = hall_make()};

	h.desk = call_person(h.hall.conference, "Dee Desk", ROLE_DESK);
	h.organiser = call_person(h.hall.conference, "Olga Organiser", ROLE_ORGANISER);
	h.online = call_person(h.hall.conference, "Lin Online", 0);
	h.online.roles = ROLE_ATTENDEE;
	call_sql("update person set mode = 'online' where id = '%s'", h.online.person);
	return h;
}

static const char *announcement(const char *id, const char *more)
{
	return call_text("{\"notice\":\"%s\",\"urgency\":\"info\",\"text\":{\"en\":\"Lunch is "
			 "served\",\"da\":\"Frokosten er klar\"},\"key\":\"%s\",%s}",
			 id, call_uuid(), more);
}

static const char *change(const char *id, int version, const char *more)
{
	return call_text("{\"notice\":\"%s\",\"expect_version\":%d,\"key\":\"%s\"%s}", id, version,
			 call_uuid(), more);
}

static json_t *shown(const struct house *h, const char *audience)
{
	json_t *now = call_snapshot("notice", NULL, h->hall.conference, audience);

	return json_object_get(json_object_get(now, "snapshot"), "notices");
}

static int events(const struct house *h, const char *channel, const char *type)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = '%s' and e.type = '%s'",
		     h->hall.conference, channel, type);
}

static void each_audience_has_its_channel(void **state)
{
	struct house h = house_make();
	const struct {
		const char *more, *channel;
		int recipients;
	} each[] = {
	    {"\"audience\":\"all\"", "notice:all", 6},
	    {"\"audience\":\"on_site\"", "notice:on-site", 5},
	    {"\"audience\":\"online\"", "notice:online", 1},
	    {"\"audience\":\"role\",\"role\":\"moderator\"", "notice:moderator", 1},
	    {"\"audience\":\"role\",\"role\":\"attendee\"", "notice:attendee", 3},
	    {call_text("\"audience\":\"room\",\"room\":\"%s\"", h.hall.room),
	     call_text("room:%s", h.hall.room), 2},
	};

	(void)state;
	call_sql("insert into star (conference, person, session) select conference, id, '%s' from "
		 "person where id in ('%s', '%s')",
		 h.hall.session, h.hall.ann.person, h.online.person);
	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		const char *id = call_uuid();
		struct call_result r =
		    call_method("notice.publish", announcement(id, each[i].more), &h.desk);

		assert_fine(&r);
		assert_int_equal(number(&r, "version"), 1);
		assert_int_equal(number(&r, "recipients"), each[i].recipients);
		assert_int_equal(events(&h, each[i].channel, "notice.published"), 1);
	}
	assert_int_equal(json_array_size(shown(&h, "all")), 1);
	assert_int_equal(json_array_size(shown(&h, "on-site")), 1);
	assert_int_equal(json_array_size(shown(&h, "moderator")), 1);
	assert_int_equal(json_array_size(shown(&h, "desk")), 0);
	assert_int_equal(count("select json_array_length(room_notices('%s', '%s'))",
			       h.hall.conference, h.hall.room),
			 1);
	assert_int_equal(events(&h, "notice:organiser", "notice.listed"), 6);
	/* Who has no part in the conference any more is not meant. */
	call_sql("update registration set state = 'cancelled' where person = '%s'",
		 h.online.person);
	assert_int_equal(count("select count(*) from notice_people('%s', 'online', null, null)",
			       h.hall.conference),
			 0);
}

static void edited_and_withdrawn(void **state)
{
	struct house h = house_make();
	const char *id = call_uuid(), *key;
	struct call_result r, again;

	(void)state;
	r = call_method("notice.publish", announcement(id, "\"audience\":\"all\""), &h.desk);
	assert_fine(&r);
	r = call_method("notice.edit",
			change(id, 1, ",\"urgency\":\"urgent\",\"text\":{\"en\":\"Later\"}"),
			&h.organiser);
	assert_fine(&r);
	assert_int_equal(number(&r, "version"), 2);
	assert_string_equal(
	    call_sql("select urgency || ' ' || text::text from notice where id = '%s'", id),
	    "urgent {\"en\": \"Later\"}");
	assert_int_equal(events(&h, "notice:all", "notice.edited"), 1);

	r = call_method("notice.edit", change(id, 1, ",\"urgency\":\"info\""), &h.desk);
	assert_fault(&r, "conflict");
	assert_non_null(strstr(r.current, "\"version\":2"));
	assert_string_equal(call_sql("select urgency from notice where id = '%s'", id), "urgent");

	key = change(id, 2, "");
	r = call_method("notice.withdraw", key, &h.desk);
	assert_fine(&r);
	again = call_method("notice.withdraw", key, &h.desk);
	assert_string_equal(r.text, again.text);
	assert_int_equal(events(&h, "notice:all", "notice.withdrawn"), 1);
	assert_int_equal(json_array_size(shown(&h, "all")), 0);
	r = call_method("notice.edit", change(id, 3, ",\"urgency\":\"info\""), &h.desk);
	assert_fault(&r, "notice.state");
	r = call_method("notice.withdraw", change(id, 3, ""), &h.desk);
	assert_fault(&r, "notice.state");
}

static void ends_by_the_conference_clock(void **state)
{
	struct house h = house_make();
	const char *id = call_uuid();
	struct call_result r;

	(void)state;
	r = call_method(
	    "notice.publish",
	    announcement(id, "\"audience\":\"all\",\"until\":\"2021-05-02T08:59:59+02:00\""),
	    &h.desk);
	assert_fault(&r, "notice.until");
	assert_int_equal(count("select count(*) from notice where id = '%s'", id), 0);
	r = call_method(
	    "notice.publish",
	    announcement(id, "\"audience\":\"all\",\"until\":\"2021-05-02T10:00:00+02:00\""),
	    &h.desk);
	assert_fine(&r);
	assert_int_equal(json_array_size(shown(&h, "all")), 1);
	clock_at(&h.hall, "2021-05-02T10:00:01+02:00");
	assert_int_equal(json_array_size(shown(&h, "all")), 0);
	r = call_method("notice.edit", change(id, 1, ",\"until\":\"2021-05-02T10:00:00+02:00\""),
			&h.desk);
	assert_fault(&r, "notice.until");
	r = call_method("notice.edit", change(id, 1, ",\"until\":\"2021-05-02T11:00:00+02:00\""),
			&h.desk);
	assert_fine(&r);
	assert_int_equal(json_array_size(shown(&h, "all")), 1);
}

static void readers_are_counted_once(void **state)
{
	struct house h = house_make();
	const char *id = call_uuid(), *params = call_text("{\"notice\":\"%s\"}", id);
	struct caller kiosk = {.roles = ROLE_KIOSK};
	struct call calls[6];
	struct call_result r[6];
	json_t *row;

	(void)state;
	memcpy(kiosk.conference, h.hall.conference, UUID_SIZE);
	memcpy(kiosk.station, call_uuid(), UUID_SIZE);
	r[0] = call_method("notice.publish", announcement(id, "\"audience\":\"all\""), &h.desk);
	assert_fine(&r[0]);
	for (int i = 0; i < 6; i++)
		calls[i] = (struct call){"notice.read", params,
					 i < 3	 ? &h.hall.ann
					 : i < 5 ? &h.online
						 : &kiosk};
	call_methods(calls, 6, r);
	for (int i = 0; i < 6; i++)
		assert_fine(&r[i]);
	r[0] = call_method("notice.read", params, &h.hall.bob);
	assert_fine(&r[0]);
	r[0] = call_method("notice.read", params, &h.hall.bob);
	assert_fine(&r[0]);
	assert_int_equal(
	    count("select value from tally t join channel c on c.id = t.channel where "
		  "c.conference = '%s' and c.name = 'notice:organiser' and t.key = '%s'",
		  h.hall.conference, id),
	    3);
	r[0] = call_method("notice.list", "{}", &h.desk);
	assert_fine(&r[0]);
	row = json_array_get(json_object_get(r[0].json, "notices"), 0);
	assert_int_equal(json_integer_value(json_object_get(row, "read")), 3);
	assert_int_equal(json_integer_value(json_object_get(row, "stations")), 1);
	assert_int_equal(json_integer_value(json_object_get(row, "recipients")), 6);
	r[0] = call_method("notice.read", call_text("{\"notice\":\"%s\"}", call_uuid()), &h.online);
	assert_fault(&r[0], "not_found");
}

static void one_mail_a_person(void **state)
{
	struct house h = house_make();
	const char *id = call_uuid();
	const char *params = announcement(id, "\"audience\":\"on_site\",\"mail\":true");
	struct call_result r = call_method("notice.publish", params, &h.desk);

	(void)state;
	assert_fine(&r);
	r = call_method("notice.publish", params, &h.desk);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from outbox where dedupe like 'notice:%s:%%'", id),
			 5);
	assert_int_equal(count("select count(*) from outbox where dedupe like 'notice:%s:%%' and "
			       "subject = 'Lunch is served' and body like '%%Frokosten er klar%%'",
			       id),
			 5);
	/* What has left cannot be changed; the rest follows. */
	call_sql("update outbox set sent = now() where dedupe = 'notice:%s:%s'", id,
		 h.hall.ann.person);
	r = call_method("notice.edit", change(id, 1, ",\"text\":{\"en\":\"Lunch is late\"}"),
			&h.desk);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from outbox where dedupe like 'notice:%s:%%' and "
			       "subject = 'Lunch is late'",
			       id),
			 4);
	r = call_method("notice.withdraw", change(id, 2, ""), &h.desk);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from outbox where dedupe like 'notice:%s:%%'", id),
			 1);
}

static void what_people_write_is_cleaned(void **state)
{
	struct house h = house_make();
	const char *id = call_uuid();
	struct call_result r = call_method(
	    "notice.publish",
	    call_text("{\"notice\":\"%s\",\"audience\":\"all\",\"urgency\":\"info\",\"mail\":true,"
		      "\"text\":{\"en\":\"Now\\r\\nBcc: all@example.org\\u202e\\u0007\\n\\n\"},"
		      "\"key\":\"%s\"}",
		      id, call_uuid()),
	    &h.desk);

	(void)state;
	assert_fine(&r);
	assert_string_equal(call_sql("select text ->> 'en' from notice where id = '%s'", id),
			    "Now\nBcc: all@example.org");
	assert_int_equal(count("select count(*) from outbox where dedupe like 'notice:%s:%%' and "
			       "subject <> 'Now'",
			       id),
			 0);
}

static void refused(void **state)
{
	struct house h = house_make();
	struct hall other = hall_make();
	char *long_text = malloc(5002);
	const char *missing = call_text("\"audience\":\"room\",\"room\":\"%s\"", call_uuid());
	const char *elsewhere = call_text("\"audience\":\"room\",\"room\":\"%s\"", other.room);
	const struct {
		const char *more, *fault, *field;
	} each[] = {
	    {"\"audience\":\"everybody\"", "bad_request", "audience"},
	    {"\"audience\":\"room\"", "bad_request", "room"},
	    {"\"audience\":\"role\"", "bad_request", "role"},
	    {"\"audience\":\"role\",\"role\":\"king\"", "bad_request", "role"},
	    {"\"audience\":\"all\",\"role\":\"desk\"", "bad_request", "role"},
	    {missing, "not_found", NULL},
	    {elsewhere, "not_found", NULL},
	    {"\"audience\":\"all\",\"until\":\"tomorrow\"", "bad_request", "until"},
	};
	const char *texts[] = {"\"\"",
			       "[]",
			       "{}",
			       "{\"en\":\"\"}",
			       "{\"en\":\" \\n \"}",
			       "{\"en\":7}",
			       "{\"en\":\"Yes\",\"da\":\"\"}"};
	struct call_result r;

	(void)state;
	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		r = call_method("notice.publish", announcement(call_uuid(), each[i].more), &h.desk);
		assert_fault(&r, each[i].fault);
		if (each[i].field != NULL)
			assert_string_equal(r.field, each[i].field);
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		r = call_method("notice.publish",
				call_text("{\"notice\":\"%s\",\"audience\":\"all\",\"urgency\":"
					  "\"info\",\"text\":%s,\"key\":\"%s\"}",
					  call_uuid(), texts[i], call_uuid()),
				&h.desk);
		assert_fault(&r, "bad_request");
		assert_memory_equal(r.field, "text", 4);
	}
	memset(long_text, 'x', 5001);
	long_text[5001] = 0;
	r = call_method("notice.publish",
			call_text("{\"notice\":\"%s\",\"audience\":\"all\",\"urgency\":\"info\","
				  "\"text\":{\"en\":\"%s\"},\"key\":\"%s\"}",
				  call_uuid(), long_text, call_uuid()),
			&h.desk);
	assert_fault(&r, "limit.size");
	free(long_text);
	r = call_method("notice.publish", announcement(call_uuid(), "\"audience\":\"all\""),
			&h.hall.mod);
	assert_fault(&r, "denied");
	assert_int_equal(
	    count("select count(*) from notice where conference = '%s'", h.hall.conference), 0);
	r = call_method("notice.withdraw", change(call_uuid(), 1, ""), &h.desk);
	assert_fault(&r, "not_found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_audience_has_its_channel),
	    cmocka_unit_test(edited_and_withdrawn),
	    cmocka_unit_test(ends_by_the_conference_clock),
	    cmocka_unit_test(readers_are_counted_once),
	    cmocka_unit_test(one_mail_a_person),
	    cmocka_unit_test(what_people_write_is_cleaned),
	    cmocka_unit_test(refused),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
