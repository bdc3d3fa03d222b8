/* tests/services: the calendar, byte by byte: folding, escaping, injection, stability. */
#include "services/feeds/ics.h"
#include "tests/services/feed_bytes.h"

static const char id[] = "0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11";

static const char join[] = "https://plenum.example/j/0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11";

static const struct ics_view utc_view = {.base = "https://plenum.example",
					 .venue = "Favrholm Campus",
					 .lat = "55.9268",
					 .lon = "12.3005"};

static struct ics_event plain_event(void)
{
	return (struct ics_event){.slot = id,
				  .title = "Opening",
				  .abstract = "Welcome.",
				  .room = "Auditorium",
				  .track = "Biomarkers",
				  .color = "#4080b0",
				  .url = "https://example.org/1",
				  .speakers = "Speaker 1, Speaker 2",
				  .wall_starts = "20210502T090000",
				  .wall_ends = "20210502T100000",
				  .first_day = "20210502",
				  .after_day = "20210503",
				  .revised = 1619938800,
				  .created = 1619938000,
				  .starts = 1619938800,
				  .ends = 1619942400};
}

static struct ics_calendar plain_calendar(void)
{
	return (struct ics_calendar){.title = "Precision medicine, from patient; to lab",
				     .about = "One day, two places",
				     .zone = "Europe/Copenhagen",
				     .source = "https://plenum.example/schedule.ics",
				     .page = "https://plenum.example/attend"};
}

static char *rendered(const struct ics_calendar *calendar, const struct ics_event *event,
		      const struct ics_view *view)
{
	struct buffer b = {0};

	ics_head(calendar, &b);
	ics_event(event, view, &b);
	buffer_text(&b, ICS_END);
	return b.bytes;
}

static char *render_one(const struct ics_event *event)
{
	struct ics_calendar calendar = plain_calendar();

	return rendered(&calendar, event, &utc_view);
}

/* Text with the session's link in it; valid until the next call. */
static const char *with_join(const char *format)
{
	static char text[400];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, join);
#pragma GCC diagnostic pop
	return text;
}

static void says_what_it_must(void **state)
{
	struct ics_event event = plain_event();
	char *text = render_one(&event);
	static const char *const lines[] = {
	    "VERSION:2.0\r\n",
	    "CALSCALE:GREGORIAN\r\n",
	    "PRODID:",
	    "NAME:Precision medicine from patient to lab\r\n",
	    "X-WR-CALNAME:Precision medicine from patient to lab\r\n",
	    "DESCRIPTION:One day two places\r\n",
	    "X-WR-CALDESC:One day two places\r\n",
	    "X-WR-TIMEZONE:Europe/Copenhagen\r\n",
	    "SOURCE:https://plenum.example/schedule.ics\r\n",
	    "URL:https://plenum.example/attend\r\n",
	    "DTSTAMP:20210502T070000Z\r\n",
	    "LAST-MODIFIED:20210502T070000Z\r\n",
	    "CREATED:20210502T064640Z\r\n",
	    "SEQUENCE:0\r\n",
	    "DTSTART:20210502T070000Z\r\n",
	    "DTEND:20210502T080000Z\r\n",
	    "URL:https://example.org/1\r\n",
	    "CATEGORIES:Biomarkers\r\n",
	    "STATUS:CONFIRMED\r\n",
	    "TRANSP:OPAQUE\r\n",
	    "CLASS:PUBLIC\r\n",
	    "GEO:55.9268"};

	(void)state;
	check_bytes(text);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strstr(text, lines[i]) == NULL)
			fail_msg("no %s in\n%s", lines[i], text);
	assert_value(text, "UID:", "0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11@slots.plenum");
	assert_value(text, "SUMMARY:", "Opening");
	assert_value(text, "LOCATION:", "Auditorium, Favrholm Campus");
	assert_value(strstr(text, "BEGIN:VEVENT"),
		     "DESCRIPTION:", with_join("%s\n\nSpeaker 1, Speaker 2\n\nWelcome."));
	free(text);
}

static void b29_no_method(void **state)
{
	struct ics_event event = plain_event();
	char *text = render_one(&event);

	(void)state;
	assert_null(strstr(text, "METHOD"));
	free(text);
}

static void b21_cancelled_is_said_three_ways_without_an_alarm(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	struct ics_view view = utc_view;
	char *text;

	(void)state;
	event.cancelled = true;
	view.alarm = 10;
	text = rendered(&calendar, &event, &view);
	assert_value(text, "SUMMARY:", "AFLYST/CANCELLED: Opening");
	assert_non_null(strstr(text, "STATUS:CANCELLED\r\n"));
	assert_non_null(strstr(text, "TRANSP:TRANSPARENT\r\n"));
	assert_null(strstr(text, "VALARM"));
	free(text);
}

/* What every event needs leaves 250 of 600 bytes for its own words; long abstracts come on top.
 * Times are tests/bench feed's. */
static void b31_five_thousand_sessions_fit_into_3_mb(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	struct buffer b = {0};
	int n = 0;

	(void)state;
	ics_head(&calendar, &b);
	for (int i = 0; i < 5000; i++) {
		event.revision = i;
		ics_event(&event, &utc_view, &b);
	}
	buffer_text(&b, ICS_END);
	for (const char *at = b.bytes; (at = strstr(at, "BEGIN:VEVENT\r\n")) != NULL; at++)
		n++;
	assert_int_equal(n, 5000);
	assert_true(b.size < 3 * 1000 * 1000);
	buffer_finish(&b);
}

static void b39_one_alarm_where_it_was_asked_for(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	struct ics_view view = utc_view;
	char *text = rendered(&calendar, &event, &view);

	(void)state;
	assert_null(strstr(text, "VALARM"));
	free(text);
	view.alarm = 90;
	text = rendered(&calendar, &event, &view);
	check_bytes(text);
	assert_int_equal(lines_of(text, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H30M\r\n"
					"DESCRIPTION:Opening\r\nEND:VALARM\r\n"),
			 1);
	free(text);
	event.all_day = true;
	text = rendered(&calendar, &event, &view);
	assert_null(strstr(text, "VALARM"));
	assert_non_null(strstr(text, "DTSTART;VALUE=DATE:20210502\r\n"));
	assert_non_null(strstr(text, "DTEND;VALUE=DATE:20210503\r\n"));
	free(text);
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

static void b30_a_note_is_a_valid_event(void **state)
{
	const struct ics_note note = {.uid = "empty-x",
				      .summary = "Nothing yet",
				      .description = "Nothing yet, come back",
				      .first_day = "20210502",
				      .after_day = "20210503",
				      .at = 1619938800};
	struct ics_calendar calendar = plain_calendar();
	struct buffer b = {0};

	(void)state;
	ics_head(&calendar, &b);
	ics_note(&note, &b);
	buffer_text(&b, ICS_END);
	check_bytes(b.bytes);
	assert_int_equal(lines_of(b.bytes, "BEGIN:VEVENT\r\n"), 1);
	assert_value(b.bytes, "SUMMARY:", "Nothing yet");
	assert_non_null(strstr(b.bytes, "UID:empty-x@slots.plenum\r\n"));
	assert_non_null(strstr(b.bytes, "DTEND;VALUE=DATE:20210503\r\n"));
	buffer_finish(&b);
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

static void b27_polls_faster_on_the_day(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	char *text = rendered(&calendar, &event, &utc_view);

	(void)state;
	assert_int_equal(lines_of(text, "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"), 1);
	assert_int_equal(lines_of(text, "\r\nX-PUBLISHED-TTL:PT1H\r\n"), 1);
	free(text);
	calendar.near = true;
	text = rendered(&calendar, &event, &utc_view);
	assert_int_equal(lines_of(text, "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"), 1);
	assert_int_equal(lines_of(text, "\r\nX-PUBLISHED-TTL:PT15M\r\n"), 1);
	free(text);
}

static void b28_colours_have_css_names(void **state)
{
	static const struct {
		const char *rgb, *name;
	} pairs[] = {{"#ff0000", "red"},       {"#fe0101", "red"},   {"#4682b4", "steelblue"},
		     {"#000000", "black"},     {"#008081", "teal"},  {"#FFFFFF", "white"},
		     {"#6a5acd", "slateblue"}, {"#ffa400", "orange"}};
	struct ics_event event = plain_event();
	char *text = render_one(&event);

	(void)state;
	assert_non_null(strstr(strstr(text, "BEGIN:VEVENT"), "\r\nCOLOR:steelblue\r\n"));
	free(text);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(ics_color(pairs[i].rgb), pairs[i].name);
	assert_null(ics_color("red"));
	assert_null(ics_color("#12345g"));
	assert_null(ics_color(NULL));
}

static void b06_one_zone_for_the_one_tzid(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = plain_calendar();
	struct ics_view view = utc_view;
	char *text;

	(void)state;
	calendar.venue_time = view.venue_time = true;
	text = rendered(&calendar, &event, &view);
	check_bytes(text);
	assert_int_equal(lines_of(text, "BEGIN:VTIMEZONE"), 1);
	assert_int_equal(lines_of(text, "\r\nTZID:Europe/Copenhagen\r\n"), 1);
	assert_int_equal(lines_of(text, ";TZID=Europe/Copenhagen:20210502T"), 2);
	assert_int_equal(lines_of(text, "TZID"), 3);
	assert_null(strstr(text, "RDATE"));
	assert_null(strstr(text, "TZUNTIL"));
	/* ±HHMM, never with seconds. */
	for (const char *at = text; (at = strstr(at, "\nTZOFFSET")) != NULL; at++)
		assert_int_equal(strcspn(strchr(at, ':'), "\r"), 6);
	free(text);
	/* A wall time that exists twice is written as the instant it is. */
	event.wall_ends = NULL;
	text = rendered(&calendar, &event, &view);
	assert_non_null(strstr(text, "\r\nDTSTART:20210502T070000Z\r\nDTEND:20210502T080000Z\r\n"));
	free(text);
}

static void b25_a_conference_for_each_language(void **state)
{
	struct ics_event event = plain_event();
	struct ics_view view = utc_view;
	struct ics_calendar calendar = plain_calendar();
	char *text, *flat;

	(void)state;
	event.streams = "da\x1f"
			"Dansk tolkning: sal 1\x1e"
			"en\x1f"
			"Original \"floor\"";
	text = render_one(&event);
	check_bytes(text);
	flat = unfolded(text);
	assert_non_null(strstr(flat, "\r\nCONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=\"Dansk "
				     "tolkning: sal 1\";LANGUAGE=da:https://plenum.example/j/"));
	assert_non_null(strstr(flat, "\r\nCONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Original "
				     "floor;LANGUAGE=en:https://plenum.example/j/"));
	assert_int_equal(lines_of(flat, "\r\nCONFERENCE"), 2);
	assert_value(strstr(text, "BEGIN:VEVENT"), "URL:", join);
	assert_non_null(strstr(flat, with_join("\r\nDESCRIPTION:%s\\n")));
	free(flat);
	free(text);
	view.link_first = true;
	text = rendered(&calendar, &event, &view);
	assert_value(text, "LOCATION:", join);
	assert_value(strstr(text, "BEGIN:VEVENT"), "DESCRIPTION:",
		     with_join("%s\nAuditorium, Favrholm Campus\n\nSpeaker 1, Speaker "
			       "2\n\nWelcome."));
	free(text);
}

static void recordings_and_slides_are_listed(void **state)
{
	struct ics_event event = plain_event();
	char *text;

	(void)state;
	event.links = "Recording\x1fhttps://example.org/v\x1e"
		      "Slides\x1fhttps://example.org/s.pdf";
	text = render_one(&event);
	assert_value(strstr(text, "BEGIN:VEVENT"), "DESCRIPTION:",
		     with_join("%s\n\nSpeaker 1, Speaker 2\n\nWelcome.\n\nRecording: "
			       "https://example.org/v\nSlides: https://example.org/s.pdf"));
	free(text);
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
	    cmocka_unit_test(says_what_it_must),
	    cmocka_unit_test(b01_b02_folds_anywhere),
	    cmocka_unit_test(b03_nothing_is_injected),
	    cmocka_unit_test(b03_bad_addresses_are_left_out),
	    cmocka_unit_test(b06_one_zone_for_the_one_tzid),
	    cmocka_unit_test(b08_the_same_state_gives_the_same_bytes),
	    cmocka_unit_test(b21_cancelled_is_said_three_ways_without_an_alarm),
	    cmocka_unit_test(b25_a_conference_for_each_language),
	    cmocka_unit_test(b27_polls_faster_on_the_day),
	    cmocka_unit_test(b28_colours_have_css_names),
	    cmocka_unit_test(b29_no_method),
	    cmocka_unit_test(b30_a_note_is_a_valid_event),
	    cmocka_unit_test(b31_five_thousand_sessions_fit_into_3_mb),
	    cmocka_unit_test(b34_this_machine_passes_the_self_test),
	    cmocka_unit_test(b36_no_error_of_the_library_gets_out),
	    cmocka_unit_test(b36_libical_writes_every_line_alike),
	    cmocka_unit_test(b39_one_alarm_where_it_was_asked_for),
	    cmocka_unit_test(recordings_and_slides_are_listed),
	    cmocka_unit_test(long_texts_end_on_a_character),
	};

	return cmocka_run_group_tests_name("feed_ics", tests, NULL, NULL);
}
