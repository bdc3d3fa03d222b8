/* tests/services: who hears of a change that concerns them, when, and how often. */
#include "tests/services/qa_hall.h"

struct house {
	struct hall hall;
	struct caller organiser;
	const char *other_room;
};

/* The hall at 07:00, two hours before the session, with one release that nobody hears of. */
static struct house house_make(void)
{
	struct house h = {.hall = hall_make()};
	struct call_result r;

	h.organiser = call_person(h.hall.conference, "Olga Organiser", ROLE_ORGANISER);
	h.other_room = call_sql("insert into room (conference, guid, name) values ('%s', 'lab', "
				"'Lab') returning id",
				h.hall.conference);
	clock_at(&h.hall, "2021-05-02T07:00:00+02:00");
	r = call_method("release.publish", call_text("{\"key\":\"%s\"}", call_uuid()),
			&h.organiser);
	assert_fine(&r);
	return h;
}

static void star(const struct hall *h, const struct caller *who)
{
	struct call_result r =
	    call_method("star.set",
			call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}", h->session,
				  call_uuid()),
			who);

	assert_fine(&r);
}

/* Changes the draft and releases it: the release's number. */
static int released(const struct house *h, const char *change)
{
	struct call_result r;

	call_sql("update slot set %s, version = version + 1 where id = '%s'", change, h->hall.slot);
	r = call_method("release.publish",
			call_text("{\"quiet\":true,\"key\":\"%s\"}", call_uuid()), &h->organiser);
	assert_fine(&r);
	return (int)number(&r, "release");
}

#define AT(time, until) "starts = '2021-05-02T" time "+02', ends = '2021-05-02T" until "+02'"

/* As if so many seconds went by: all that waits comes nearer, and what is due then is done. */
static void seconds_pass(const struct house *h, int seconds)
{
	const char *c = h->hall.conference;

	call_sql("update due set at = at - make_interval(secs => %d) where conference = '%s'",
		 seconds, c);
	call_sql("update star set at = at - make_interval(secs => %d) where conference = '%s'",
		 seconds, c);
	call_sql("update news set at = at - make_interval(secs => %d) where conference = '%s'",
		 seconds, c);
	call_sql("update news_held set first_at = first_at - make_interval(secs => %d), "
		 "changed_at = changed_at - make_interval(secs => %d) where conference = '%s'",
		 seconds, seconds, c);
	call_sql("update news_mail set first_at = first_at - make_interval(secs => %d), "
		 "changed_at = changed_at - make_interval(secs => %d), "
		 "sent_at = sent_at - make_interval(secs => %d) where conference = '%s'",
		 seconds, seconds, seconds, c);
	while (strcmp(call_sql("select due_run()"), "t") == 0)
		continue;
}

static int added(const struct house *h, const struct caller *who)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = 'person:%s' and e.type = 'news.added'",
		     h->hall.conference, who->person);
}

static int unread(const struct caller *who)
{
	return count("select count(*) from news where person = '%s' and read is null", who->person);
}

static int mails(const struct caller *who)
{
	return count("select count(*) from outbox where dedupe like 'news:%s:%%'", who->person);
}

static const char *mail_text(const struct caller *who)
{
	return call_sql("select subject || E'\\n' || body from outbox where dedupe like "
			"'news:%s:%%' order by created desc, dedupe desc limit 1",
			who->person);
}

static void held_for_a_minute_then_told(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	n = released(&h, AT("10:00", "11:00"));
	assert_int_equal(count("select news_release('%s', %d)", h.hall.conference, n), 1);
	seconds_pass(&h, 55);
	assert_int_equal(added(&h, &h.hall.ann), 0);
	seconds_pass(&h, 6);
	assert_int_equal(added(&h, &h.hall.ann), 1);
	assert_int_equal(added(&h, &h.hall.bob), 0);
	assert_string_equal(call_sql("select kind || ' ' || (before ->> 'start') || ' ' || (after "
				     "->> 'start') from news where person = '%s'",
				     h.hall.ann.person),
			    "moved 2021-05-02T07:00:00.000Z 2021-05-02T08:00:00.000Z");
	assert_int_equal(mails(&h.hall.ann), 0);
	seconds_pass(&h, 110);
	assert_int_equal(mails(&h.hall.ann), 0);
	seconds_pass(&h, 12);
	assert_int_equal(mails(&h.hall.ann), 1);
	assert_int_equal(mails(&h.hall.bob), 0);
	assert_non_null(strstr(mail_text(&h.hall.ann), "New time: S\n"));
	assert_non_null(strstr(mail_text(&h.hall.ann), "Was: Sun 2 May 09:00–10:00 CEST, Hall"));
	assert_non_null(strstr(mail_text(&h.hall.ann), "Now: Sun 2 May 10:00–11:00 CEST, Hall"));
	assert_non_null(
	    strstr(mail_text(&h.hall.ann), "Nu:  søn 2. maj kl. 10.00–11.00 CEST, Hall"));
	assert_non_null(strstr(
	    mail_text(&h.hall.ann),
	    call_text("{base}/e/%s/attend#/slot/%s",
		      call_sql("select slug from conference where id = '%s'", h.hall.conference),
		      h.hall.slot)));
}

static void speakers_hear_of_their_own(void **state)
{
	struct house h = house_make();
	const char *speaker =
	    call_sql("insert into speaker (conference, guid, name, person) values "
		     "('%s', 'g', 'Bob Other', '%s') returning id",
		     h.hall.conference, h.hall.bob.person);
	const char *unknown = call_sql("insert into speaker (conference, guid, name) values "
				       "('%s', 'u', 'Una Known') returning id",
				       h.hall.conference);
	int n;

	(void)state;
	call_sql("insert into talk_speaker (talk, speaker, ord) values ('%s', '%s', 1), ('%s', "
		 "'%s', 2)",
		 h.hall.talk, speaker, h.hall.talk, unknown);
	star(&h.hall, &h.hall.bob);
	n = released(&h, call_text("room = '%s'", h.other_room));
	/* Starred and spoken in is still one person. */
	assert_int_equal(count("select news_release('%s', %d)", h.hall.conference, n), 1);
	seconds_pass(&h, 61);
	seconds_pass(&h, 200);
	assert_int_equal(unread(&h.hall.bob), 1);
	/* It is his own: one mail about it alone, and his calendar follows. */
	assert_int_equal(mails(&h.hall.bob), 0);
	assert_int_equal(count("select count(*) from outbox where person = '%s' and kind = "
			       "'talk.changed' and itip = 'request' and cardinality(slots) = 1",
			       h.hall.bob.person),
			 1);
}

static void twelve_edits_are_one_mail(void **state)
{
	struct house h = house_make();

	(void)state;
	star(&h.hall, &h.hall.ann);
	for (int i = 1; i <= 12; i++) {
		int n = released(&h, call_text("starts = timestamptz '2021-05-02T09:00+02' + "
					       "interval '%d minutes', ends = timestamptz "
					       "'2021-05-02T10:00+02' + interval '%d minutes'",
					       i * 20, i * 20));

		count("select news_release('%s', %d)", h.hall.conference, n);
		seconds_pass(&h, 50);
		assert_int_equal(mails(&h.hall.ann), 0);
	}
	for (int i = 0; i < 30; i++)
		seconds_pass(&h, 60);
	assert_int_equal(mails(&h.hall.ann), 1);
	assert_int_equal(unread(&h.hall.ann), 1);
	assert_non_null(strstr(mail_text(&h.hall.ann), "Was: Sun 2 May 09:00"));
	assert_non_null(strstr(mail_text(&h.hall.ann), "Now: Sun 2 May 13:00"));
}

static void slow_edits_wait_no_longer_than_eleven_minutes(void **state)
{
	struct house h = house_make();
	int passed = 0;

	(void)state;
	star(&h.hall, &h.hall.ann);
	for (int i = 1; i <= 12 && mails(&h.hall.ann) == 0; i++, passed += 100) {
		released(&h, call_text("starts = timestamptz '2021-05-02T09:00+02' + interval '%d "
				       "minutes', ends = timestamptz '2021-05-02T10:00+02' + "
				       "interval '%d minutes'",
				       i * 20, i * 20));
		count("select news_release('%s', (select max(number) from release where conference "
		      "= '%s'))",
		      h.hall.conference, h.hall.conference);
		seconds_pass(&h, 65);
		seconds_pass(&h, 35);
		assert_int_equal(unread(&h.hall.ann), 1);
	}
	assert_int_equal(passed, 700);
	assert_int_equal(mails(&h.hall.ann), 1);
	/* What came since waits ten minutes from that mail. */
	released(&h, AT("18:00", "19:00"));
	count("select news_release('%s', (select max(number) from release where conference = "
	      "'%s'))",
	      h.hall.conference, h.hall.conference);
	seconds_pass(&h, 61);
	seconds_pass(&h, 420);
	assert_int_equal(mails(&h.hall.ann), 1);
	seconds_pass(&h, 130);
	assert_int_equal(mails(&h.hall.ann), 2);
}

static void a_minute_when_it_begins_soon(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	clock_at(&h.hall, "2021-05-02T08:05:00+02:00");
	n = released(&h, "cancelled = true");
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 61);
	assert_int_equal(mails(&h.hall.ann), 1);
	assert_non_null(strstr(mail_text(&h.hall.ann), "Cancelled: S\n"));
	assert_string_equal(
	    call_sql("select kind from news where person = '%s'", h.hall.ann.person), "cancelled");
}

static void taken_back_before_it_leaves_is_none(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	n = released(&h, AT("10:00", "11:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 30);
	n = released(&h, AT("09:00", "10:00"));
	assert_int_equal(count("select news_release('%s', %d)", h.hall.conference, n), 0);
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 60);
	assert_int_equal(added(&h, &h.hall.ann), 0);
	assert_int_equal(mails(&h.hall.ann), 0);

	/* In the page already, not in the mail: the page is cleared, the mail never leaves. */
	n = released(&h, AT("10:00", "11:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 61);
	assert_int_equal(unread(&h.hall.ann), 1);
	n = released(&h, AT("09:00", "10:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 61);
	assert_int_equal(unread(&h.hall.ann), 0);
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 60);
	assert_int_equal(mails(&h.hall.ann), 0);
}

static void what_a_quiet_release_changed_since_is_what_is_told(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	n = released(&h, AT("10:00", "11:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	released(&h, AT("11:00", "12:00"));
	seconds_pass(&h, 61);
	assert_string_equal(
	    call_sql("select after ->> 'start' from news where person = '%s'", h.hall.ann.person),
	    "2021-05-02T09:00:00.000Z");
	released(&h, AT("09:00", "10:00"));
	for (int i = 0; i < 10; i++)
		seconds_pass(&h, 61);
	assert_int_equal(mails(&h.hall.ann), 0);
}

static void stop_spares_them(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	star(&h.hall, &h.hall.bob);
	n = released(&h, AT("10:00", "11:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 40);
	assert_int_equal(count("select news_release_stop('%s', %d)", h.hall.conference, n), 2);
	assert_null(call_sql("select news_release_stop('%s', %d)", h.hall.conference, n));
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 60);
	assert_int_equal(added(&h, &h.hall.ann), 0);
	assert_int_equal(mails(&h.hall.ann), 0);

	/* The next change is told from what they know. */
	n = released(&h, AT("11:00", "12:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 61);
	assert_null(call_sql("select news_release_stop('%s', %d)", h.hall.conference, n));
	assert_string_equal(
	    call_sql("select before ->> 'start' from news where person = '%s'", h.hall.ann.person),
	    "2021-05-02T07:00:00.000Z");
}

static void small_moves_are_no_mail_until_they_add_up(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	n = released(&h, AT("09:10", "10:10"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 61);
	assert_int_equal(unread(&h.hall.ann), 1);
	assert_int_equal(mails(&h.hall.ann), 0);
	n = released(&h, AT("09:20", "10:20"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 61);
	assert_int_equal(mails(&h.hall.ann), 1);
	assert_non_null(strstr(mail_text(&h.hall.ann), "Was: Sun 2 May 09:00"));
}

static void expected_times_are_told_in_the_page_alone(void **state)
{
	struct house h = house_make();
	const char *id;
	struct call_result r;

	(void)state;
	star(&h.hall, &h.hall.ann);
	call_sql("select news_expected('%s', '%s', '2021-05-02T09:00+02', '2021-05-02T09:20+02')",
		 h.hall.conference, h.hall.slot);
	seconds_pass(&h, 1);
	assert_int_equal(added(&h, &h.hall.ann), 1);
	call_sql("select news_expected('%s', '%s', '2021-05-02T09:20+02', '2021-05-02T09:30+02')",
		 h.hall.conference, h.hall.slot);
	seconds_pass(&h, 1);
	assert_int_equal(unread(&h.hall.ann), 1);
	assert_string_equal(call_sql("select kind || (before ->> 'start') || (after ->> 'start') "
				     "from news where person = '%s'",
				     h.hall.ann.person),
			    "expected2021-05-02T07:00:00.000Z2021-05-02T07:30:00.000Z");
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 60);
	assert_int_equal(mails(&h.hall.ann), 0);

	id = call_sql("select id from news where person = '%s'", h.hall.ann.person);
	r = call_method("news.read", call_text("{\"news\":\"%s\"}", id), &h.hall.bob);
	assert_fault(&r, "not_found");
	assert_int_equal(unread(&h.hall.ann), 1);
	for (int i = 0; i < 2; i++) {
		r = call_method("news.read", call_text("{\"news\":\"%s\"}", id), &h.hall.ann);
		assert_fine(&r);
	}
	assert_int_equal(unread(&h.hall.ann), 0);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'person:%s' and e.type = 'news.read'",
			       h.hall.ann.person),
			 1);
}

static void a_new_plan_clears_what_was_expected_of_the_old(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	call_sql("select news_expected('%s', '%s', '2021-05-02T09:00+02', '2021-05-02T09:20+02')",
		 h.hall.conference, h.hall.slot);
	seconds_pass(&h, 1);
	assert_string_equal(call_sql("select string_agg(kind, ' ') from news where person = '%s' "
				     "and read is null",
				     h.hall.ann.person),
			    "expected");
	n = released(&h, AT("09:20", "10:20"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	seconds_pass(&h, 61);
	assert_string_equal(call_sql("select string_agg(kind, ' ') from news where person = '%s' "
				     "and read is null",
				     h.hall.ann.person),
			    "moved");
}

static void who_is_not_concerned_any_more(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	star(&h.hall, &h.hall.ann);
	star(&h.hall, &h.hall.bob);
	call_sql("update registration set state = 'cancelled' where person = '%s'",
		 h.hall.bob.person);
	call_sql("delete from role_grant where person = '%s'", h.hall.bob.person);
	n = released(&h, AT("10:00", "11:00"));
	assert_int_equal(count("select news_release('%s', %d)", h.hall.conference, n), 1);
	seconds_pass(&h, 61);
	assert_int_equal(added(&h, &h.hall.bob), 0);
	call_sql("delete from star where person = '%s'", h.hall.ann.person);
	for (int i = 0; i < 20; i++)
		seconds_pass(&h, 60);
	assert_int_equal(mails(&h.hall.ann), 0);
}

static void titles_cannot_forge_a_mail(void **state)
{
	struct house h = house_make();
	int n;

	(void)state;
	call_sql(
	    "update session set title = E'Lunch\\r\\nBcc: all@example.org\\u202e\\u0007\\u2028 "
	    "end' where id = '%s'",
	    h.hall.session);
	released(&h, AT("09:00", "10:00"));
	star(&h.hall, &h.hall.ann);
	n = released(&h, AT("10:00", "11:00"));
	count("select news_release('%s', %d)", h.hall.conference, n);
	for (int i = 0; i < 6; i++)
		seconds_pass(&h, 61);
	assert_int_equal(mails(&h.hall.ann), 1);
	assert_non_null(
	    strstr(mail_text(&h.hall.ann), "New time: Lunch Bcc: all@example.org end\n"));
	assert_int_equal(
	    count("select count(*) from outbox where dedupe like 'news:%s:%%' and "
		  "(subject || body) ~ '[\\u0001-\\u0009\\u000b-\\u001f\\u202e\\u2028]'",
		  h.hall.ann.person),
	    0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(held_for_a_minute_then_told),
	    cmocka_unit_test(speakers_hear_of_their_own),
	    cmocka_unit_test(twelve_edits_are_one_mail),
	    cmocka_unit_test(slow_edits_wait_no_longer_than_eleven_minutes),
	    cmocka_unit_test(a_minute_when_it_begins_soon),
	    cmocka_unit_test(taken_back_before_it_leaves_is_none),
	    cmocka_unit_test(what_a_quiet_release_changed_since_is_what_is_told),
	    cmocka_unit_test(stop_spares_them),
	    cmocka_unit_test(small_moves_are_no_mail_until_they_add_up),
	    cmocka_unit_test(expected_times_are_told_in_the_page_alone),
	    cmocka_unit_test(a_new_plan_clears_what_was_expected_of_the_old),
	    cmocka_unit_test(who_is_not_concerned_any_more),
	    cmocka_unit_test(titles_cannot_forge_a_mail),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
