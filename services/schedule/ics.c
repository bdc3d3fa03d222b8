/* services/schedule: calendar text. libical 3.0.16 writes properties; what it does not guard is
 * guarded here (calendar-feeds.md §B3). */
#include "services/schedule/ics.h"
#include "services/schedule/file.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

enum { DESCRIPTION_MAX = 4000, TEXT_MAX = 1000, DAY = 86400 };

/* The host part of every UID, whatever address the calendar was fetched from. */
#define UID_DOMAIN	 "slots.plenum"
#define CANCELLED_PREFIX "CANCELLED: "

/* How many octets at s are one character to keep; 0: drop *ret_skip octets. */
static size_t keep(const unsigned char *s, size_t left, bool lines, size_t *ret_skip)
{
	ucs4_t c;
	int step;

	*ret_skip = 1;
	if (*s < 0x80)
		return (*s >= 0x20 && *s != 0x7f) || (lines && (*s == '\n' || *s == '\t'));
	step = u8_mbtoucr(&c, s, left);
	if (step <= 0)
		return 0;
	*ret_skip = (size_t)step;
	return c >= 0xa0 ? (size_t)step : 0;
}

/* Appends valid, printable text, at most max bytes in all and never half a character; newlines only
 * where they may be. */
static void add_clean(struct buffer *b, const char *text, size_t max, bool lines)
{
	size_t left = (text != NULL) ? strlen(text) : 0;

	while (left > 0) {
		size_t run = 0, n, skip = 1;

		while (run < left &&
		       (n = keep((const unsigned char *)text + run, left - run, lines, &skip)) >
			   0 &&
		       b->size + run + n <= max)
			run += n;
		buffer_add(b, text, run);
		text += run;
		left -= run;
		if (left == 0 || n > 0)
			return;
		if ((*text == '\n' || *text == '\t') && b->size < max)
			buffer_text(b, " ");
		text += skip;
		left -= skip;
	}
}

/* libical writes CATEGORIES, NAME and X- values raw or half escaped: no comma, semicolon or
 * backslash gets there. */
static void add_plain(struct buffer *b, const char *text)
{
	struct buffer clean = {0};
	size_t kept = 0;

	add_clean(&clean, text, TEXT_MAX, false);
	for (size_t i = 0; i < clean.size; i++)
		if (strchr(",;\\\"", clean.bytes[i]) == NULL)
			clean.bytes[kept++] = clean.bytes[i];
	buffer_add(b, (clean.bytes != NULL) ? clean.bytes : "", kept);
	buffer_finish(&clean);
}

static struct icaltimetype utc(int64_t at)
{
	return icaltime_from_timet_with_zone((time_t)at, 0, icaltimezone_get_utc_timezone());
}

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

static void write_component(icalcomponent *component, struct buffer *b)
{
	char *text = icalcomponent_as_ical_string_r(component);

	ics_fold(text, b);
	free(text);
	icalcomponent_free(component);
}

static void add_times(icalcomponent *to, const struct ics_event *event)
{
	add(to, icalproperty_new_dtstamp(utc(event->revised)));
	add(to, icalproperty_new_created(utc(event->created)));
	add(to, icalproperty_new_lastmodified(utc(event->revised)));
	add(to, icalproperty_new_sequence((int)event->revision));
	add(to, icalproperty_new_dtstart(utc(event->starts)));
	add(to, icalproperty_new_dtend(utc(event->ends)));
}

static void add_summary(icalcomponent *to, const struct ics_event *event, struct buffer *text)
{
	text->size = 0;
	if (event->cancelled)
		buffer_text(text, CANCELLED_PREFIX);
	add_clean(text, event->title, TEXT_MAX, false);
	add(to, icalproperty_new_summary((text->size > 0) ? text->bytes : "Session"));
}

static void add_location(icalcomponent *to, const struct ics_event *event, const char *venue,
			 struct buffer *text)
{
	text->size = 0;
	add_clean(text, event->room, TEXT_MAX, false);
	if (venue != NULL && *venue != 0 && text->size > 0)
		buffer_text(text, ", ");
	add_clean(text, venue, 2 * TEXT_MAX, false);
	if (text->size > 0)
		add(to, icalproperty_new_location(text->bytes));
}

static void add_description(icalcomponent *to, const struct ics_event *event, struct buffer *text)
{
	const char *parts[] = {event->speakers, event->subtitle, event->abstract};

	text->size = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i] == NULL || *parts[i] == 0)
			continue;
		if (text->size > 0 && text->size + 2 < DESCRIPTION_MAX)
			buffer_text(text, "\n\n");
		add_clean(text, parts[i], DESCRIPTION_MAX, true);
	}
	if (text->size > 0)
		add(to, icalproperty_new_description(text->bytes));
}

static void render_event(const struct ics_event *event, const char *venue, struct buffer *b)
{
	icalcomponent *to = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	struct buffer text = {0};

	add_plain(&text, event->slot);
	buffer_text(&text, "@" UID_DOMAIN);
	add(to, icalproperty_new_uid(text.bytes));
	add_times(to, event);
	add_summary(to, event, &text);
	add_location(to, event, venue, &text);
	add_description(to, event, &text);
	/* A URI is written raw: only what cannot end a line gets here. */
	if (event->url != NULL && url_ok(event->url))
		add(to, icalproperty_new_url(event->url));
	text.size = 0;
	add_plain(&text, event->track);
	if (text.size > 0)
		add(to, icalproperty_new_categories(text.bytes));
	add(to, icalproperty_new_status(event->cancelled ? ICAL_STATUS_CANCELLED
							 : ICAL_STATUS_CONFIRMED));
	add(to, icalproperty_new_transp(event->cancelled ? ICAL_TRANSP_TRANSPARENT
							 : ICAL_TRANSP_OPAQUE));
	add(to, icalproperty_new_class(ICAL_CLASS_PUBLIC));
	buffer_finish(&text);
	write_component(to, b);
}

/* A calendar without components is not valid, and an empty one makes people think it is broken. */
static void render_empty(const struct ics_calendar *calendar, struct buffer *b)
{
	const char *slot = (calendar->slug != NULL) ? calendar->slug : "programme";
	struct ics_event event = {.slot = slot,
				  .title = "The programme has not been published yet",
				  .revised = calendar->created,
				  .created = calendar->created,
				  .starts = calendar->opens,
				  .ends = calendar->closes};

	render_event(&event, calendar->venue, b);
}

static bool is_near(const struct ics_calendar *calendar)
{
	return calendar->time >= calendar->opens - DAY && calendar->time < calendar->closes;
}

static void render_head(const struct ics_calendar *calendar, struct buffer *b)
{
	icalcomponent *to = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	struct icaldurationtype often = icaldurationtype_from_int(is_near(calendar) ? 900 : 3600);
	icalproperty *refresh = icalproperty_new_refreshinterval(often);
	struct buffer text = {0};

	add(to, icalproperty_new_version("2.0"));
	add(to, icalproperty_new_prodid("-//Plenum//Plenum 1//EN"));
	add(to, icalproperty_new_calscale("GREGORIAN"));
	add_plain(&text, calendar->title);
	add(to, icalproperty_new_name((text.size > 0) ? text.bytes : "Programme"));
	add_x(to, "X-WR-CALNAME", (text.size > 0) ? text.bytes : "Programme");
	text.size = 0;
	add_plain(&text, calendar->zone);
	if (text.size > 0)
		add_x(to, "X-WR-TIMEZONE", text.bytes);
	icalproperty_set_parameter_from_string(refresh, "VALUE", "DURATION");
	add(to, refresh);
	add_x(to, "X-PUBLISHED-TTL", is_near(calendar) ? "PT15M" : "PT1H");
	buffer_finish(&text);
	write_component(to, b);
}

void ics_render(const struct ics_calendar *calendar, struct buffer *b)
{
	static const char end[] = "END:VCALENDAR\r\n";

	icalerror_set_errors_are_fatal(0);
	render_head(calendar, b);
	b->size -= sizeof(end) - 1;
	for (size_t i = 0; i < calendar->n; i++)
		render_event(&calendar->events[i], calendar->venue, b);
	if (calendar->n == 0)
		render_empty(calendar, b);
	buffer_text(b, end);
}

int64_t ics_modified(const struct ics_calendar *calendar)
{
	int64_t at = calendar->released;

	for (size_t i = 0; i < calendar->n; i++)
		if (calendar->events[i].revised > at)
			at = calendar->events[i].revised;
	/* The refresh interval is part of the bytes and changes at these instants. */
	if (calendar->time >= calendar->opens - DAY && calendar->opens - DAY > at)
		at = calendar->opens - DAY;
	if (calendar->time >= calendar->closes && calendar->closes > at)
		at = calendar->closes;
	return at;
}
