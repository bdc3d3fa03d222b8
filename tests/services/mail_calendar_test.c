/* tests/services: what a confirmation puts into a calendar: the conference, and one's own talks. */
#include "tests/services/registration_hall.h"

#include "tests/services/mail_file.h"

static const char *file_of(const struct caller *who)
{
	return mail_calendar(
	    mail_text(call_sql("select id from outbox where person = '%s' and kind = "
			       "'registration.confirmed'",
			       who->person)));
}

static int times(const char *text, const char *part)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

static void of_an_attendee(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann Attendee");
	struct call_result r;
	const char *file;
	const char *const parts[] = {
	    call_text("UID:%s@slots.plenum\r\n", h.conference),
	    "DTSTART;VALUE=DATE:20210502\r\n",
	    "DTEND;VALUE=DATE:20210503\r\n",
	    "SUMMARY:Long day\\, short talks\r\n",
	    "LOCATION:Favrholm Campus\r\n",
	    "TRANSP:TRANSPARENT\r\n",
	    call_text("URL:https://p.example/e/house-%d/attend\r\n", houses - 1),
	};

	(void)state;
	call_sql("update conference set title = 'Long day, short talks', venue = 'Favrholm Campus' "
		 "where id = '%s'",
		 h.conference);
	r = accept(&ann, invite(&h, &ann, "open", "on_site", NULL), "");
	worked(&r);
	file = file_of(&ann);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(file, parts[i]) == NULL)
			fail_msg("%s is not in %s", parts[i], file);
	assert_int_equal(times(file, "BEGIN:VEVENT"), 1);
	assert_null(strstr(file, "METHOD:"));
}

static void of_a_speaker(void **state)
{
	struct house h = house_make();
	struct caller sue = somebody(&h, "Sue Speaker");
	struct call_result r;
	const char *file;

	(void)state;
	call_sql(
	    "with r as (insert into room (conference, guid, name) values ('%s', 'r', 'Aula') "
	    "returning id), s as (insert into session (conference, guid, number, title) values "
	    "('%s', gen_random_uuid(), 1, 'Whales') returning id), t as (insert into talk "
	    "(conference, session, ord, title) select '%s', id, 1, 'Whales' from s returning id), "
	    "who as (insert into speaker (conference, guid, name, person) values ('%s', "
	    "gen_random_uuid(), 'Sue', '%s') returning id), ts as (insert into talk_speaker (talk, "
	    "speaker, ord) select t.id, who.id, 1 from t, who returning talk) insert into slot "
	    "(conference, session, room, starts, ends) select '%s', s.id, r.id, "
	    "'2021-05-02T09:00Z', '2021-05-02T10:00Z' from r, s, ts",
	    h.conference, h.conference, h.conference, h.conference, sue.person, h.conference);
	r = keyed_call("release.publish", &h.boss, "\"note\":\"first\"");
	worked(&r);
	r = accept(&sue, invite(&h, &sue, "keynote", "on_site", NULL), "");
	worked(&r);
	file = file_of(&sue);
	assert_int_equal(times(file, "BEGIN:VEVENT"), 2);
	assert_non_null(strstr(file, "SUMMARY:Whales\r\n"));
	assert_non_null(strstr(file, call_text("UID:%s@slots.plenum\r\n", h.conference)));
	assert_non_null(strstr(file, "DTSTART:20210502T090000Z\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_an_attendee),
	    cmocka_unit_test(of_a_speaker),
	};

	return cmocka_run_group_tests_name("mail_calendar", tests, mail_group_start,
					   mail_group_end);
}
