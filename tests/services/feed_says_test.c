/* tests/services: the calendar, property by property: what an event and its frame say. */
#include "tests/services/feed_plain.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_what_it_must),
	    cmocka_unit_test(b29_no_method),
	    cmocka_unit_test(b21_cancelled_is_said_three_ways_without_an_alarm),
	    cmocka_unit_test(b39_one_alarm_where_it_was_asked_for),
	    cmocka_unit_test(b30_a_note_is_a_valid_event),
	    cmocka_unit_test(b27_polls_faster_on_the_day),
	    cmocka_unit_test(b28_colours_have_css_names),
	    cmocka_unit_test(b06_one_zone_for_the_one_tzid),
	    cmocka_unit_test(b25_a_conference_for_each_language),
	    cmocka_unit_test(recordings_and_slides_are_listed),
	};

	return cmocka_run_group_tests_name("feed_says", tests, NULL, NULL);
}
