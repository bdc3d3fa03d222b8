/* services/feeds: what stands before a calendar's events, its one time zone, and whether this
 * machine can make calendars at all. */
#include "services/feeds/ics.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONE "Europe/Copenhagen"

/*
 * Frozen: libical's own begins in 1890 with an offset in seconds, which Outlook refuses, under a
 * name with a slash before it, which node-ical does not find. True from 1996 on; tests/calendar
 * compares it with the zone's data, hour by hour.
 */
static const char vtimezone[] = "BEGIN:VTIMEZONE\r\n"
				"TZID:" ZONE "\r\n"
				"BEGIN:DAYLIGHT\r\n"
				"TZNAME:CEST\r\n"
				"TZOFFSETFROM:+0100\r\n"
				"TZOFFSETTO:+0200\r\n"
				"DTSTART:19810329T020000\r\n"
				"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
				"END:DAYLIGHT\r\n"
				"BEGIN:STANDARD\r\n"
				"TZNAME:CET\r\n"
				"TZOFFSETFROM:+0200\r\n"
				"TZOFFSETTO:+0100\r\n"
				"DTSTART:19961027T030000\r\n"
				"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
				"END:STANDARD\r\n"
				"END:VTIMEZONE\r\n";

static void add(icalcomponent *to, icalproperty *property)
{
	icalcomponent_add_property(to, property);
}

static void add_x(icalcomponent *to, const char *name, const char *value)
{
	icalproperty *property = icalproperty_new_x(value);

	icalproperty_set_x_name(property, name);
	add(to, property);
}

static void add_uri(icalcomponent *to, const char *uri, icalproperty *make(const char *))
{
	struct buffer text = {0};

	if (ics_uri(&text, uri))
		add(to, make(text.bytes));
	buffer_finish(&text);
}

static void add_names(icalcomponent *to, const struct ics_calendar *calendar)
{
	struct buffer text = {0};

	ics_plain(&text, calendar->title);
	if (text.size == 0)
		buffer_text(&text, "Programme");
	add(to, icalproperty_new_name(text.bytes));
	add_x(to, "X-WR-CALNAME", text.bytes);
	text.size = 0;
	ics_plain(&text, calendar->about);
	if (text.size > 0) {
		add(to, icalproperty_new_description(text.bytes));
		add_x(to, "X-WR-CALDESC", text.bytes);
	}
	text.size = 0;
	ics_plain(&text, calendar->zone);
	if (text.size > 0)
		add_x(to, "X-WR-TIMEZONE", text.bytes);
	buffer_finish(&text);
}

void ics_head(const struct ics_calendar *calendar, struct buffer *b)
{
	icalcomponent *to = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	icalproperty *refresh = icalproperty_new_refreshinterval(
	    icaldurationtype_from_int(calendar->near ? 900 : 3600));

	add(to, icalproperty_new_version("2.0"));
	add(to, icalproperty_new_prodid("-//Plenum//Plenum 1//EN"));
	add(to, icalproperty_new_calscale("GREGORIAN"));
	add_names(to, calendar);
	add(to, icalproperty_new_color("steelblue"));
	icalproperty_add_parameter(refresh, icalparameter_new_value(ICAL_VALUE_DURATION));
	add(to, refresh);
	add_x(to, "X-PUBLISHED-TTL", calendar->near ? "PT15M" : "PT1H");
	add_uri(to, calendar->source, icalproperty_new_source);
	add_uri(to, calendar->page, icalproperty_new_url);
	ics_write_open(to, b);
	if (calendar->venue_time)
		buffer_text(b, vtimezone);
}

/* Does this machine know the zone the frozen one was made from? Past years only: what parliaments
 * decide later must not stop a server. */
static bool zone_known(void)
{
	static const struct {
		time_t at;
		long east;
	} known[] = {{1609459200, 3600}, {1625097600, 7200}, {867715200, 7200}, {883612800, 3600}};
	const char *before = getenv("TZ");
	char *kept = before != NULL ? strdup(before) : NULL;
	bool ok = true;

	setenv("TZ", ":" ZONE, 1);
	tzset();
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct tm t;

		if (localtime_r(&known[i].at, &t) == NULL || t.tm_gmtoff != known[i].east)
			ok = false;
	}
	if (kept != NULL)
		setenv("TZ", kept, 1);
	else
		unsetenv("TZ");
	tzset();
	free(kept);
	return ok;
}

const char *ics_self_test(void)
{
	static const char expected[] = "BEGIN:VEVENT\r\n"
				       "UID:a@" ICS_UID_DOMAIN "\r\n"
				       "DTSTAMP:20210502T070000Z\r\n"
				       "CREATED:20210502T070000Z\r\n"
				       "LAST-MODIFIED:20210502T070000Z\r\n"
				       "SEQUENCE:0\r\n"
				       "DTSTART;VALUE=DATE:20210502\r\n"
				       "DTEND;VALUE=DATE:20210503\r\n"
				       "SUMMARY:x\\, y\\; z\r\n"
				       "DESCRIPTION:one\\ntwo\r\n"
				       "STATUS:CONFIRMED\r\n"
				       "TRANSP:TRANSPARENT\r\n"
				       "CLASS:PUBLIC\r\n"
				       "END:VEVENT\r\n";
	const struct ics_note note = {"a",	  "x, y; z",  "one\ntwo",
				      "20210502", "20210503", 1619938800};
	struct buffer b = {0};
	bool same;

	icalerror_set_errors_are_fatal(0);
	if (!zone_known())
		return "calendar self-test: this machine has no time zone data for " ZONE
		       " (is the package tzdata installed?)";
	ics_note(&note, &b);
	same = strcmp(b.bytes, expected) == 0;
	buffer_finish(&b);
	return same ? NULL : "calendar self-test: libical writes something else than it did";
}
