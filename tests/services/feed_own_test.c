/* tests/services: calendars of one's own: their addresses, and what becomes of one. */
#include "tests/services/feed_support.h"

static const char *url_of(struct call_result r)
{
	return text_at(good(r), "url");
}

static const char *count_of(const char *table)
{
	return call_sql("select count(*) from %s where conference = '%s'", table, conference);
}

static void b17_a_revoked_address_says_so_and_nothing_else(void **state)
{
	json_t *made = good(create("all", "")), *still = good(create("all", ""));
	const char *url = text_at(made, "url");
	struct calendar before = own_calendar(url), after;

	(void)state;
	assert_int_equal(events_in(&before), 4);
	good(call_method(
	    "feed.revoke",
	    call_text("{\"feed\":\"%s\",\"key\":\"%s\"}", text_at(made, "feed"), call_uuid()),
	    &attendee));
	after = own_calendar(url);
	assert_int_equal(after.job.state, FEEDS_TOMBSTONE);
	assert_int_equal(events_in(&after), 1);
	assert_non_null(strstr(after.text, "SUMMARY:This calendar link was switched off\r\n"));
	assert_non_null(strstr(after.text, "DTSTART;VALUE=DATE:"));
	assert_null(strstr(after.text, "Phone"));
	assert_null(strstr(after.text, strstr(url, "/c/") + 3));
	assert_null(strstr(after.text, slot_of(2)));
	assert_true(after.modified > before.modified);
	after = own_calendar(text_at(still, "url"));
	assert_int_equal(events_in(&after), 4);
	call_sql("update feed set revoked = now() - interval '31 days' where id = '%s'",
		 text_at(made, "feed"));
	after = own_calendar(url);
	assert_int_equal(after.job.state, FEEDS_GONE);
	assert_string_equal(after.text, "");
	assert_fault(call_method("feed.edit",
				 call_text("{\"feed\":\"%s\",\"alarm\":5,\"key\":\"%s\"}",
					   text_at(made, "feed"), call_uuid()),
				 &attendee),
		     "feed.revoked");
}

static struct call_result rotate(const char *feed, int hours)
{
	return call_method("feed.rotate",
			   call_text("{\"feed\":\"%s\",\"keep_hours\":%d,\"key\":\"%s\"}", feed,
				     hours, call_uuid()),
			   &attendee);
}

static void b18_a_rotated_address_ends_when_it_was_said_to(void **state)
{
	json_t *made = good(create("all", ""));
	const char *feed = text_at(made, "feed"), *first = text_at(made, "url"), *second, *third;
	struct calendar c;

	(void)state;
	second = text_at(good(rotate(feed, 24)), "url");
	assert_string_not_equal(first, second);
	c = own_calendar(first);
	assert_int_equal(c.job.state, FEEDS_LIVE);
	assert_true(c.job.valid_s <= 86401);
	c = own_calendar(second);
	assert_int_equal(events_in(&c), 4);
	call_sql(
	    "update feed_token set until = until - interval '24 hours' where until is not null");
	assert_int_equal(own_calendar(first).job.state, FEEDS_TOMBSTONE);
	third = text_at(good(rotate(feed, 0)), "url");
	assert_int_equal(own_calendar(second).job.state, FEEDS_TOMBSTONE);
	assert_int_equal(own_calendar(third).job.state, FEEDS_LIVE);
	assert_fault(rotate(feed, 12), "bad_request");
}

static void b22_a_star_taken_back_takes_its_event_away(void **state)
{
	const char *slot = slot_of(2), *url = url_of(create("stars", ""));
	const char *session = call_sql("select session from slot where id = '%s'", slot);
	struct calendar c = own_calendar(url);

	(void)state;
	assert_int_equal(events_in(&c), 1);
	assert_non_null(strstr(c.text, "SUMMARY:No session starred yet"));
	for (int value = 1; value >= 0; value--) {
		int64_t before = c.modified;

		good(call_method("star.set",
				 call_text("{\"session\":\"%s\",\"value\":%s,\"key\":\"%s\"}",
					   session, value ? "true" : "false", call_uuid()),
				 &attendee));
		c = own_calendar(url);
		assert_true(c.modified > before);
		assert_int_equal(strstr(c.text, slot) != NULL, value);
		assert_int_equal(events_in(&c), 1);
	}
}

static void b23_one_uid_wherever_a_slot_is_shown(void **state)
{
	const char *slot = slot_of(2), *uid = call_text("UID:%s@slots.plenum\r\n", slot);
	const char *room = call_sql("select room from slot where id = '%s'", slot);
	struct calendar shown[] = {public_calendar("all", NULL), public_calendar("slot", slot),
				   public_calendar("room", room),
				   own_calendar(url_of(create("all", "")))};

	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		assert_non_null(strstr(shown[i].text, uid));
	assert_int_equal(events_in(&shown[1]), 1);
}

static void an_address_is_told_but_never_kept(void **state)
{
	const char *key = call_uuid();
	const char *params =
	    call_text("{\"label\":\"Google\",\"scope\":\"all\",\"key\":\"%s\"}", key);
	struct call_result first = call_method("feed.create", params, &attendee),
			   again = call_method("feed.create", params, &attendee);
	const char *url = url_of(first), *token = strstr(url, "/c/") + 3;

	(void)state;
	assert_string_equal(first.text, again.text);
	assert_int_equal(strcspn(token, "/"), 32);
	assert_string_equal(
	    call_sql("select count(*) from reply where body like '%%%.32s%%'", token), "0");
	assert_string_equal(call_sql("select count(*) from feed_token where hash = "
				     "sha256('%.32s'::bytea)",
				     token),
			    "1");
	assert_non_null(strstr(text_at(first.json, "webcal"), "webcal://plenum.example/c/"));
	assert_non_null(
	    strstr(text_at(first.json, "google"), "cid=webcal%3A%2F%2Fplenum.example%2Fc%2F"));
}

static void bad_input_changes_nothing(void **state)
{
	static const struct {
		const char *scope, *more, *fault;
	} bad[] = {
	    {"room", "", "bad_request"},
	    {"room", ",\"of\":\"0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11\"", "not_found"},
	    {"all", ",\"of\":\"0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11\"", "bad_request"},
	    {"all", ",\"alarm\":-1", "bad_request"},
	    {"all", ",\"alarm\":99999", "bad_request"},
	    {"all", ",\"cancelled\":\"maybe\"", "bad_request"},
	    {"everything", "", "bad_request"},
	};
	const char *feeds = count_of("feed"), *feed;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fault(create(bad[i].scope, bad[i].more), bad[i].fault);
	call_sql("update conference set zone = 'Europe/London' where id = '%s'", conference);
	assert_fault(create("all", ",\"time\":\"venue\""), "feed.zone");
	assert_string_equal(count_of("feed"), feeds);
	feed = text_at(good(create("all", "")), "feed");
	assert_fault(call_method("feed.edit",
				 call_text("{\"feed\":\"%s\",\"time\":\"venue\",\"key\":\"%s\"}",
					   feed, call_uuid()),
				 &attendee),
		     "feed.zone");
	assert_fault(call_method("feed.edit",
				 call_text("{\"feed\":\"%s\",\"alarm\":1.5,\"key\":\"%s\"}", feed,
					   call_uuid()),
				 &attendee),
		     "bad_request");
	assert_fault(call_method("feed.revoke",
				 call_text("{\"feed\":\"%s\",\"key\":\"%s\"}", feed, call_uuid()),
				 &other),
		     "not_found");
	for (int i = 1; i < 50; i++)
		good(create("all", ""));
	assert_fault(create("all", ""), "feed.limit");
}

static void an_edit_is_another_calendar(void **state)
{
	json_t *made = good(create("all", ""));
	struct calendar before = own_calendar(text_at(made, "url")), after;
	json_t *list;

	(void)state;
	good(call_method(
	    "feed.edit",
	    call_text("{\"feed\":\"%s\",\"alarm\":15,\"time\":\"venue\",\"key\":\"%s\"}",
		      text_at(made, "feed"), call_uuid()),
	    &attendee));
	after = own_calendar(text_at(made, "url"));
	assert_true(after.modified > before.modified);
	assert_non_null(strstr(after.text, "TRIGGER:-PT15M"));
	assert_non_null(strstr(after.text, "DTSTART;TZID=Europe/Copenhagen:"));
	list = at(good(call_method("feed.list", "{}", &attendee)), "feeds");
	assert_int_equal(json_array_size(list), 1);
	assert_int_equal(int_at(json_array_get(list, 0), "alarm"), 15);
	assert_int_equal(json_array_size(at(good(call_method("feed.list", "{}", &other)), "feeds")),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(b17_a_revoked_address_says_so_and_nothing_else, fresh),
	    cmocka_unit_test_setup(b18_a_rotated_address_ends_when_it_was_said_to, fresh),
	    cmocka_unit_test_setup(b22_a_star_taken_back_takes_its_event_away, fresh),
	    cmocka_unit_test_setup(b23_one_uid_wherever_a_slot_is_shown, fresh),
	    cmocka_unit_test_setup(an_address_is_told_but_never_kept, fresh),
	    cmocka_unit_test_setup(bad_input_changes_nothing, fresh),
	    cmocka_unit_test_setup(an_edit_is_another_calendar, fresh),
	};

	return cmocka_run_group_tests_name("feed_own", tests, setup, teardown);
}
