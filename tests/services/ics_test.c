/* tests/services: the calendar, byte by byte: folding, escaping, injection, stability. */
#include "services/schedule/ics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char id[] = "0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11";

static struct ics_event plain_event(void)
{
	return (struct ics_event){.slot = id,
				  .title = "Opening",
				  .abstract = "Welcome.",
				  .room = "Auditorium",
				  .track = "Biomarkers",
				  .url = "https://example.org/1",
				  .speakers = "Speaker 1, Speaker 2",
				  .revised = 1619938800,
				  .created = 1619938000,
				  .starts = 1619938800,
				  .ends = 1619942400};
}

static struct ics_calendar calendar_of(const struct ics_event *events, size_t n)
{
	return (struct ics_calendar){.slug = "favrholm",
				     .title = "Precision medicine, from patient; to lab",
				     .venue = "Favrholm Campus",
				     .zone = "Europe/Copenhagen",
				     .time = 1600000000,
				     .opens = 1619906400,
				     .closes = 1619992800,
				     .created = 1600000000,
				     .released = 1610000000,
				     .events = events,
				     .n = n};
}

static char *rendered(const struct ics_calendar *calendar)
{
	struct buffer b = {0};

	ics_render(calendar, &b);
	return b.bytes;
}

static char *render_one(const struct ics_event *event)
{
	struct ics_calendar calendar = calendar_of(event, 1);

	return rendered(&calendar);
}

/* Length of the UTF-8 sequence that starts here; 0 when none does. */
static size_t sequence(const unsigned char *s)
{
	size_t n = *s < 0x80		     ? 1
		   : *s >= 0xc2 && *s < 0xe0 ? 2
		   : *s >= 0xe0 && *s < 0xf0 ? 3
		   : *s >= 0xf0 && *s < 0xf5 ? 4
					     : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* One physical line: at most 75 octets, whole characters, nothing that is not printable, no open
 * escape at its end. */
static void check_line(const char *line, size_t n)
{
	size_t backslashes = 0;

	assert_in_range(n, 1, 75);
	for (size_t i = 0; i < n;) {
		size_t step = sequence((const unsigned char *)line + i);

		assert_true(step > 0 && i + step <= n);
		assert_true((unsigned char)line[i] >= ' ' && line[i] != 0x7f);
		i += step;
	}
	while (backslashes < n && line[n - 1 - backslashes] == '\\')
		backslashes++;
	assert_int_equal(backslashes % 2, 0);
}

/* Every physical line; returns how many logical ones there are. */
static int check_bytes(const char *text)
{
	int logical = 0;

	assert_true(strncmp(text, "BEGIN:VCALENDAR\r\n", 17) == 0);
	while (*text != 0) {
		const char *end = strstr(text, "\r\n");

		assert_non_null(end);
		check_line(text, (size_t)(end - text));
		assert_true(memchr(text, '\n', (size_t)(end - text)) == NULL);
		if (*text != ' ')
			logical++;
		assert_true(strncmp(text, "X-LIC-ERROR", 11) != 0);
		text = end + 2;
	}
	return logical;
}

static char *unfolded(const char *text)
{
	char *out = calloc(1, strlen(text) + 1), *at = out;

	for (; *text != 0; text++) {
		if (strncmp(text, "\r\n ", 3) == 0)
			text += 2;
		else
			*at++ = *text;
	}
	return out;
}

/* The value of the first line that begins with name, unescaped. */
static char *value_of(const char *text, const char *name)
{
	char *flat = unfolded(text), *line = flat, *out = calloc(1, strlen(flat) + 1), *at = out;
	size_t n = strlen(name);

	while (line != NULL && strncmp(line, name, n) != 0)
		line = (line = strstr(line, "\r\n")) != NULL ? line + 2 : NULL;
	for (line = line != NULL ? line + n : NULL; line != NULL && *line != '\r'; line++) {
		if (*line == '\\') {
			line++;
			*at++ = *line == 'n' || *line == 'N' ? '\n' : *line;
		} else {
			*at++ = *line;
		}
	}
	free(flat);
	return out;
}

static void assert_value(const char *text, const char *name, const char *expected)
{
	char *value = value_of(text, name);

	assert_string_equal(value, expected);
	free(value);
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
	    "X-WR-TIMEZONE:Europe/Copenhagen\r\n",
	    "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
	    "X-PUBLISHED-TTL:PT1H\r\n",
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
	    "CLASS:PUBLIC\r\n"};

	(void)state;
	check_bytes(text);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strstr(text, lines[i]) == NULL)
			fail_msg("no %s in\n%s", lines[i], text);
	assert_null(strstr(text, "METHOD"));
	assert_value(text, "UID:", "0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11@slots.plenum");
	assert_value(text, "SUMMARY:", "Opening");
	assert_value(text, "LOCATION:", "Auditorium, Favrholm Campus");
	assert_value(text, "DESCRIPTION:", "Speaker 1, Speaker 2\n\nWelcome.");
	free(text);
}

static void cancelled_is_said_three_ways(void **state)
{
	struct ics_event event = plain_event();
	char *text;

	(void)state;
	event.cancelled = true;
	text = render_one(&event);
	assert_value(text, "SUMMARY:", "CANCELLED: Opening");
	assert_non_null(strstr(text, "STATUS:CANCELLED\r\n"));
	assert_non_null(strstr(text, "TRANSP:TRANSPARENT\r\n"));
	free(text);
}

/* Each kind of character at each distance from the fold. */
static void folds_anywhere(void **state)
{
	static const char *const bits[] = {",",	 ";", "\\",	   "\n",  "å",
					   "語", "🎉", "e\xcc\x81", "\\,", "a\\n"};

	(void)state;
	for (size_t length = 50; length <= 200; length++) {
		for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
			char title[1200] = "";
			struct ics_event event = plain_event();
			char *text;

			memset(title, 'x', length);
			for (int n = 0; n < 60; n++)
				strcat(title, bits[i]);
			event.abstract = title;
			event.speakers = NULL;
			text = render_one(&event);
			check_bytes(text);
			assert_value(text, "DESCRIPTION:", title);
			free(text);
		}
	}
}

static void nothing_is_injected(void **state)
{
	static const char *const evil[] = {
	    "a\r\nATTACH:x",   "a\nEND:VEVENT\nBEGIN:VEVENT",  "\x1b[31m\a",
	    "a\xff\xfe b\xc3", "\xc2\x85next\xe2\x80\xa8line", "x;y,z\\\"q",
	    "BEGIN:VALARM",    "\r\n ATTENDEE:mailto:a@b"};
	struct ics_event event = plain_event();
	char *text = render_one(&event);
	int expected = check_bytes(text);

	(void)state;
	free(text);
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		struct ics_event hostile = plain_event();
		struct ics_calendar calendar = calendar_of(&hostile, 1);

		hostile.title = hostile.abstract = hostile.room = hostile.track = hostile.speakers =
		    evil[i];
		hostile.subtitle = hostile.slot = evil[i];
		calendar.title = calendar.venue = calendar.zone = evil[i];
		text = rendered(&calendar);
		assert_int_equal(check_bytes(text), expected);
		assert_null(strstr(text, "\nATTACH"));
		assert_null(strstr(text, "\nBEGIN:VALARM"));
		free(text);
	}
}

static void bad_addresses_are_left_out(void **state)
{
	static const char *const evil[] = {
	    "javascript:alert(1)", "https://a/\r\nATTACH:x", "https://a b", "ftp://a", "https://",
	    "https://a/\"x",	   "http://a/\x01"};
	struct ics_event event = plain_event();

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		char *text;

		event.url = evil[i];
		text = render_one(&event);
		check_bytes(text);
		assert_null(strstr(text, "\r\nURL"));
		free(text);
	}
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
	value = value_of(text, "DESCRIPTION:");
	assert_in_range(strlen(value), 3900, 4096);
	free(value);
	free(text);
	free(abstract);
}

static void empty_is_still_a_calendar(void **state)
{
	struct ics_calendar calendar = calendar_of(NULL, 0);
	char *text = rendered(&calendar);

	(void)state;
	check_bytes(text);
	assert_value(text, "SUMMARY:", "The programme has not been published yet");
	assert_non_null(strstr(text, "UID:favrholm@slots.plenum\r\n"));
	free(text);
}

static void the_same_state_gives_the_same_bytes(void **state)
{
	struct ics_event event = plain_event();
	char *first, *second, *moved;

	(void)state;
	setenv("TZ", "America/New_York", 1);
	first = render_one(&event);
	setenv("TZ", "Pacific/Auckland", 1);
	second = render_one(&event);
	unsetenv("TZ");
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

static void polls_faster_on_the_day(void **state)
{
	struct ics_event event = plain_event();
	struct ics_calendar calendar = calendar_of(&event, 1);
	int64_t far = ics_modified(&calendar), near;
	char *text;

	(void)state;
	calendar.time = calendar.opens - 86400;
	text = rendered(&calendar);
	assert_non_null(strstr(text, "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"));
	assert_non_null(strstr(text, "X-PUBLISHED-TTL:PT15M\r\n"));
	free(text);
	near = ics_modified(&calendar);
	assert_true(near >= far);
	calendar.time = calendar.closes;
	assert_true(ics_modified(&calendar) > near);
	text = rendered(&calendar);
	assert_non_null(strstr(text, "X-PUBLISHED-TTL:PT1H\r\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_what_it_must),
	    cmocka_unit_test(cancelled_is_said_three_ways),
	    cmocka_unit_test(folds_anywhere),
	    cmocka_unit_test(nothing_is_injected),
	    cmocka_unit_test(bad_addresses_are_left_out),
	    cmocka_unit_test(long_texts_end_on_a_character),
	    cmocka_unit_test(empty_is_still_a_calendar),
	    cmocka_unit_test(the_same_state_gives_the_same_bytes),
	    cmocka_unit_test(polls_faster_on_the_day),
	};

	return cmocka_run_group_tests_name("ics", tests, NULL, NULL);
}
