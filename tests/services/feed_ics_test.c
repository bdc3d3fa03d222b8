/* tests/services: the calendar, byte by byte: folding, escaping, injection, stability. */
#include "services/core/clock.h"
#include "tests/services/feed_plain.h"

/* What every event needs leaves 250 of 600 bytes for its own words; long abstracts come on top.
 * How long it takes is told: it is judged by tests/bench feed, on a release build. */
static void b31_five_thousand_sessions_fit_into_3_mb(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	struct buffer b = {0};
	uint64_t began;
	int n = 0;

	(void)state;
	began = clock_us();
	ics_head(&calendar, &b);
	for (int i = 0; i < 5000; i++) {
		event.revision = i;
		ics_event(&event, &utc_view, &b);
	}
	buffer_text(&b, ICS_END);
	print_message("B31: 5,000 events, %.1f MB, %.1f ms with sanitizers\n", (double)b.size / 1e6,
		      (double)(clock_us() - began) / 1e3);
	for (const char *at = b.bytes; (at = strstr(at, "BEGIN:VEVENT\r\n")) != NULL; at++)
		n++;
	assert_int_equal(n, 5000);
	assert_true(b.size < 3 * 1000 * 1000);
	buffer_finish(&b);
}

/* Each kind of character at each distance from the fold. */
static void b01_b02_folds_anywhere(void **state)
{
	static const char *const bits[] = {",",	 ";", "\\",	   "\n",  "å",
					   "語", "🎉", "e\xcc\x81", "\\,", "a\\n"};

	(void)state;
	for (size_t length = 50; length <= 200; length++) {
		for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
			char title[1200] = "", expected[1400];
			struct ics_event event = plain_event();
			char *text;

			memset(title, 'x', length);
			for (int n = 0; n < 60; n++)
				strcat(title, bits[i]);
			event.abstract = title;
			event.speakers = NULL;
			text = render_one(&event);
			check_bytes(text);
			snprintf(expected, sizeof(expected), "%s\n\n%s", join, title);
			assert_value(strstr(text, "BEGIN:VEVENT"), "DESCRIPTION:", expected);
			free(text);
		}
	}
}

static void b03_nothing_is_injected(void **state)
{
	static const char *const evil[] = {
	    "a\r\nATTACH:x",   "a\nEND:VEVENT\nBEGIN:VEVENT",  "\x1b[31m\a",
	    "a\xff\xfe b\xc3", "\xc2\x85next\xe2\x80\xa8line", "x;y,z\\\"q^n",
	    "BEGIN:VALARM",    "\r\n ATTENDEE:mailto:a@b",     "\xe2\x80\xaetxt.exe"};
	struct ics_event event = plain_event();
	char *text;
	int expected;

	(void)state;
	event.links = "Slides\x1fhttps://example.org/s";
	event.streams = "en\x1f"
			"Main";
	event.subtitle = "Sub";
	text = render_one(&event);
	expected = check_bytes(text);
	free(text);
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		struct ics_event hostile = event;
		struct ics_calendar calendar = plain_calendar();
		struct ics_view view = utc_view;
		char list[200];

		snprintf(list, sizeof(list), "%s\x1f%s", evil[i], evil[i]);
		hostile.title = hostile.abstract = hostile.room = hostile.track = evil[i];
		hostile.subtitle = hostile.slot = hostile.speakers = evil[i];
		hostile.links = hostile.streams = list;
		calendar.title = calendar.zone = calendar.about = view.venue = evil[i];
		text = rendered(&calendar, &hostile, &view);
		/* A language of nothing but such characters is none. */
		assert_in_range(check_bytes(text), expected - 1, expected);
		assert_null(strstr(text, "\nATTACH"));
		assert_null(strstr(text, "\nATTENDEE"));
		assert_null(strstr(text, "\nBEGIN:VALARM"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		free(text);
	}
}

/* In their place stands the link to the session, which is ours. */
static void b03_bad_addresses_are_left_out(void **state)
{
	static const char *const evil[] = {
	    "javascript:alert(1)", "https://a/\r\nATTACH:x", "https://a b", "ftp://a", "https://",
	    "https://a/\"x",	   "https://a/\x01",	     "http://a/"};
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		event.url = evil[i];
		text = render_one(&event);
		check_bytes(text);
		assert_value(strstr(text, "BEGIN:VEVENT"), "URL:", join);
		free(text);
	}
	event.url = "https://example.org/smørrebrød";
	calendar.source = "https://a\r\nATTACH:x";
	text = rendered(&calendar, &event, &utc_view);
	check_bytes(text);
	assert_null(strstr(text, "SOURCE"));
	assert_value(strstr(text, "BEGIN:VEVENT"),
		     "URL:", "https://example.org/sm%C3%B8rrebr%C3%B8d");
	free(text);
}

static void long_texts_end_on_a_character(void **state)
{
	struct ics_event event = plain_event();
	char *text, *value, *abstract = calloc(1, 20001);

	(void)state;
	for (int i = 0; i < 5000; i++)
		memcpy(abstract + 4 * i, "🎉", 4);
	event.abstract = abstract;
	text = render_one(&event);
	check_bytes(text);
	value = value_of(strstr(text, "BEGIN:VEVENT"), "DESCRIPTION:");
	assert_in_range(strlen(value), 3900, 4096);
	free(value);
	free(text);
	free(abstract);
}

static void b08_the_same_state_gives_the_same_bytes(void **state)
{
	struct ics_event event = plain_event();
	char *first, *second, *moved;

	(void)state;
	setenv("TZ", "America/New_York", 1);
	setenv("LC_ALL", "da_DK.UTF-8", 1);
	first = render_one(&event);
	setenv("TZ", "Pacific/Auckland", 1);
	setenv("LC_ALL", "C", 1);
	second = render_one(&event);
	unsetenv("TZ");
	unsetenv("LC_ALL");
	assert_string_equal(first, second);
	event.room = "Forum";
	event.revision++;
	event.revised++;
	moved = render_one(&event);
	assert_non_null(strstr(moved, "SEQUENCE:1\r\n"));
	assert_non_null(strstr(moved, "LAST-MODIFIED:20210502T070001Z\r\n"));
	assert_string_not_equal(first, moved);
	free(first);
	free(second);
	free(moved);
}

/* Whatever libical finds wrong it would say inside the calendar. */
static void b36_no_error_of_the_library_gets_out(void **state)
{
	struct ics_event event = plain_event();
	char *text;

	(void)state;
	event.title = event.abstract = event.track = "";
	event.revision = INT32_MAX;
	event.starts = event.ends = event.revised = 0;
	text = render_one(&event);
	check_bytes(text);
	assert_null(strstr(text, "X-LIC"));
	assert_value(text, "SUMMARY:", "Session");
	free(text);
}

/* The value of one logical line, as libical would write what it reads in it. */
static void assert_as_libical_writes(const char *line)
{
	icalproperty *property = icalproperty_new_from_string(line);
	char *value, *all;

	assert_non_null(property);
	value = icalvalue_as_ical_string_r(icalproperty_get_value(property));
	all = icalproperty_as_ical_string_r(property);
	assert_non_null(value);
	assert_true(strlen(line) >= strlen(value));
	assert_string_equal(line + strlen(line) - strlen(value), value);
	assert_null(strstr(all, "X-LIC"));
	free(value);
	free(all);
	icalproperty_free(property);
}

/* An event's lines are written here: libical, reading each, would write the same value. */
static void b36_libical_writes_every_line_alike(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	struct ics_view view = utc_view;
	char *text, *at, *fold;
	int lines = 0;

	(void)state;
	event.title = "Åbning, with; \\ signs \"in quotes\": 日本語";
	event.abstract = "One,\ntwo;\tthree\\four\r\nand a line that is long enough to be folded "
			 "more than once, and once more, until nothing is left of it";
	event.streams = "da\x1f"
			"Tolk: sal, 2\x1e"
			"en\x1f"
			"Floor";
	view.alarm = 15;
	view.venue_time = calendar.venue_time = true;
	text = rendered(&calendar, &event, &view);
	while ((fold = strstr(text, "\r\n ")) != NULL)
		memmove(fold, fold + 3, strlen(fold + 3) + 1);
	at = strstr(text, "BEGIN:VEVENT");
	for (char *end; (end = strstr(at, "\r\n")) != NULL; at = end + 2) {
		*end = 0;
		if (strncmp(at, "BEGIN:", 6) != 0 && strncmp(at, "END:", 4) != 0) {
			assert_as_libical_writes(at);
			lines++;
		}
	}
	assert_int_equal(lines, 22);
	free(text);
}

static void b34_this_machine_passes_the_self_test(void **state)
{
	const char *wrong = ics_self_test();

	(void)state;
	if (wrong != NULL)
		fail_msg("%s", wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(b31_five_thousand_sessions_fit_into_3_mb),
	    cmocka_unit_test(b01_b02_folds_anywhere),
	    cmocka_unit_test(b03_nothing_is_injected),
	    cmocka_unit_test(b03_bad_addresses_are_left_out),
	    cmocka_unit_test(long_texts_end_on_a_character),
	    cmocka_unit_test(b08_the_same_state_gives_the_same_bytes),
	    cmocka_unit_test(b36_no_error_of_the_library_gets_out),
	    cmocka_unit_test(b36_libical_writes_every_line_alike),
	    cmocka_unit_test(b34_this_machine_passes_the_self_test),
	};

	return cmocka_run_group_tests_name("feed_ics", tests, NULL, NULL);
}
