/* services/feeds: events. libical 3.0.16 builds them and writes their values; what it does not
 * guard is guarded before and after (docs/decisions/0019-feeds.md). */
#include "services/feeds/ics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTION_MAX = 4000, TEXT_MAX = 1000, LINKS_MAX = 20, STREAMS_MAX = 16 };

/* In both languages of the pages: a client that ignores STATUS shows this. */
#define CANCELLED_PREFIX "AFLYST/CANCELLED: "
#define ZONE		 "Europe/Copenhagen"

static void add(icalcomponent *to, icalproperty *property)
{
	icalcomponent_add_property(to, property);
}

static struct icaltimetype utc(int64_t at)
{
	return icaltime_from_timet_with_zone((time_t)at, 0, icaltimezone_get_utc_timezone());
}

static void add_revision(icalcomponent *to, const struct ics_event *event)
{
	struct icaltimetype revised = utc(event->revised);

	add(to, icalproperty_new_dtstamp(revised));
	add(to, icalproperty_new_created(utc(event->created)));
	add(to, icalproperty_new_lastmodified(revised));
	add(to, icalproperty_new_sequence((int)event->revision));
}

static void add_day(icalcomponent *to, icalproperty *property)
{
	icalproperty_add_parameter(property, icalparameter_new_value(ICAL_VALUE_DATE));
	add(to, property);
}

static void add_days(icalcomponent *to, const char *first, const char *after)
{
	add_day(to, icalproperty_new_dtstart(icaltime_from_string(first)));
	add_day(to, icalproperty_new_dtend(icaltime_from_string(after)));
}

static void add_wall(icalcomponent *to, icalproperty *property)
{
	icalproperty_add_parameter(property, icalparameter_new_tzid(ZONE));
	add(to, property);
}

/* Near a change of the clocks there is none: such an event stays in
 * UTC. */
static void add_times(icalcomponent *to, const struct ics_event *event, const struct ics_view *view)
{
	if (event->all_day && event->first_day != NULL && event->after_day != NULL) {
		add_days(to, event->first_day, event->after_day);
	} else if (view->venue_time && event->wall_starts != NULL && event->wall_ends != NULL) {
		add_wall(to, icalproperty_new_dtstart(icaltime_from_string(event->wall_starts)));
		add_wall(to, icalproperty_new_dtend(icaltime_from_string(event->wall_ends)));
	} else {
		add(to, icalproperty_new_dtstart(utc(event->starts)));
		add(to, icalproperty_new_dtend(utc(event->ends)));
	}
}

static void set_summary(const struct ics_event *event, struct buffer *text)
{
	text->size = 0;
	if (event->cancelled)
		buffer_text(text, CANCELLED_PREFIX);
	ics_clean(text, event->title, TEXT_MAX, false);
	if (text->size == 0)
		buffer_text(text, "Session");
}

static void add_place(const struct ics_event *event, const struct ics_view *view,
		      struct buffer *text)
{
	size_t before = text->size;

	ics_clean(text, event->room, before + TEXT_MAX, false);
	if (view->venue != NULL && *view->venue != 0 && text->size > before)
		buffer_text(text, ", ");
	ics_clean(text, view->venue, before + 2 * TEXT_MAX, false);
}

static bool has_streams(const struct ics_event *event)
{
	return event->streams != NULL && *event->streams != 0;
}

static void add_location(icalcomponent *to, const struct ics_event *event,
			 const struct ics_view *view, const char *join, struct buffer *text)
{
	text->size = 0;
	if (view->link_first && has_streams(event))
		buffer_text(text, join);
	else
		add_place(event, view, text);
	if (text->size > 0)
		add(to, icalproperty_new_location(text->bytes));
}

/* The next field of a list, and how long it is; moves on behind its separator. */
static const char *next_field(const char **at, char separator, size_t *ret_n)
{
	const char *field = *at, *end = strchr(field, separator);

	*ret_n = end != NULL ? (size_t)(end - field) : strlen(field);
	*at = end != NULL ? end + 1 : field + *ret_n;
	return field;
}

static void begin_paragraph(struct buffer *text)
{
	if (text->size > 0 && text->size + 2 < DESCRIPTION_MAX)
		buffer_text(text, "\n\n");
}

/* Recording, slides and other links, a line each. */
static void add_links(const struct ics_event *event, struct buffer *text)
{
	const char *at = event->links != NULL ? event->links : "";
	char line[512];

	for (int i = 0; i < LINKS_MAX && *at != 0; i++) {
		size_t n;
		const char *one = next_field(&at, '\x1e', &n), *mark = memchr(one, '\x1f', n);

		if (mark == NULL || n >= sizeof(line) || text->size + n + 8 > DESCRIPTION_MAX)
			continue;
		snprintf(line, sizeof(line), "%.*s: %.*s", (int)(mark - one), one,
			 (int)(one + n - mark - 1), mark + 1);
		if (i == 0)
			begin_paragraph(text);
		else
			buffer_text(text, "\n");
		ics_clean(text, line, DESCRIPTION_MAX, false);
	}
}

/* The link stands first: some clients show no more than a line (nextcloud/calendar#5381). */
static void set_description(const struct ics_event *event, const struct ics_view *view,
			    const char *join, struct buffer *text)
{
	const char *parts[] = {event->speakers, event->subtitle, event->abstract};

	text->size = 0;
	buffer_text(text, join);
	if (view->link_first && has_streams(event) && event->room != NULL && *event->room != 0) {
		buffer_text(text, "\n");
		add_place(event, view, text);
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i] == NULL || *parts[i] == 0)
			continue;
		begin_paragraph(text);
		ics_clean(text, parts[i], DESCRIPTION_MAX, true);
	}
	add_links(event, text);
}

/* A label or language as a parameter: libical writes some characters of those wrong. */
static bool set_parameter(struct buffer *text, const char *from, size_t n)
{
	char copy[200];

	snprintf(copy, sizeof(copy), "%.*s", (int)n, from);
	text->size = 0;
	ics_plain(text, copy);
	return text->size > 0;
}

/* One for each language: a client chooses by it. The link asks who you are, so it may be copied. */
static void add_conferences(icalcomponent *to, const struct ics_event *event, const char *join,
			    struct buffer *text)
{
	const char *at = event->streams != NULL ? event->streams : "";

	for (int i = 0; i < STREAMS_MAX && *at != 0; i++) {
		icalproperty *property = icalproperty_new_conference(join);
		size_t n, language_n;
		const char *one = next_field(&at, '\x1e', &n), *mark = memchr(one, '\x1f', n);

		icalproperty_add_parameter(property, icalparameter_new_value(ICAL_VALUE_URI));
		icalproperty_add_parameter(property, icalparameter_new_feature(ICAL_FEATURE_VIDEO));
		language_n = mark != NULL ? (size_t)(mark - one) : n;
		if (mark == NULL || !set_parameter(text, mark + 1, n - language_n - 1)) {
			text->size = 0;
			buffer_text(text, "Stream");
		}
		icalproperty_add_parameter(property, icalparameter_new_label(text->bytes));
		if (set_parameter(text, one, language_n))
			icalproperty_add_parameter(property,
						   icalparameter_new_language(text->bytes));
		add(to, property);
	}
}

static void add_url(icalcomponent *to, const struct ics_event *event, const char *join,
		    struct buffer *text)
{
	text->size = 0;
	if (!has_streams(event) && event->url != NULL && strncmp(event->url, "https://", 8) == 0 &&
	    ics_uri(text, event->url))
		add(to, icalproperty_new_url(text->bytes));
	else
		add(to, icalproperty_new_url(join));
}

static void add_topic(icalcomponent *to, const struct ics_event *event, struct buffer *text)
{
	const char *color = ics_color(event->color);

	text->size = 0;
	ics_plain(text, event->track);
	if (text->size > 0)
		add(to, icalproperty_new_categories(text->bytes));
	if (color != NULL)
		add(to, icalproperty_new_color(color));
}

static void add_geo(icalcomponent *to, const struct ics_view *view)
{
	char *end;
	struct icalgeotype geo;

	if (view->lat == NULL || view->lon == NULL)
		return;
	geo.lat = strtod(view->lat, &end);
	if (end == view->lat || *end != 0)
		return;
	geo.lon = strtod(view->lon, &end);
	if (end == view->lon || *end != 0 || geo.lat < -90 || geo.lat > 90 || geo.lon < -180 ||
	    geo.lon > 180)
		return;
	add(to, icalproperty_new_geo(geo));
}

static void add_alarm(icalcomponent *to, const struct ics_view *view, const char *summary)
{
	icalcomponent *alarm = icalcomponent_new(ICAL_VALARM_COMPONENT);
	struct icaltriggertype trigger = {.duration = icaldurationtype_from_int(-60 * view->alarm)};

	add(alarm, icalproperty_new_action(ICAL_ACTION_DISPLAY));
	add(alarm, icalproperty_new_trigger(trigger));
	add(alarm, icalproperty_new_description(summary));
	icalcomponent_add_component(to, alarm);
}

static void add_status(icalcomponent *to, bool cancelled)
{
	add(to, icalproperty_new_status(cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
	add(to, icalproperty_new_transp(cancelled ? ICAL_TRANSP_TRANSPARENT : ICAL_TRANSP_OPAQUE));
	add(to, icalproperty_new_class(ICAL_CLASS_PUBLIC));
}

void ics_event(const struct ics_event *event, const struct ics_view *view, struct buffer *b)
{
	icalcomponent *to = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	struct buffer text = {0}, join = {0};

	ics_plain(&text, event->slot);
	buffer_printf(&join, "%s/j/%s", view->base, text.bytes);
	buffer_text(&text, "@" ICS_UID_DOMAIN);
	add(to, icalproperty_new_uid(text.bytes));
	add_revision(to, event);
	add_times(to, event, view);
	set_summary(event, &text);
	add(to, icalproperty_new_summary(text.bytes));
	if (view->alarm > 0 && !event->cancelled && !event->all_day)
		add_alarm(to, view, text.bytes);
	add_location(to, event, view, join.bytes, &text);
	set_description(event, view, join.bytes, &text);
	add(to, icalproperty_new_description(text.bytes));
	add_url(to, event, join.bytes, &text);
	add_conferences(to, event, join.bytes, &text);
	add_topic(to, event, &text);
	add_status(to, event->cancelled);
	add_geo(to, view);
	buffer_finish(&text);
	buffer_finish(&join);
	ics_write(to, false, b);
}

void ics_note(const struct ics_note *note, struct buffer *b)
{
	icalcomponent *to = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	struct ics_event revision = {.revised = note->at, .created = note->at};
	struct buffer text = {0};

	ics_plain(&text, note->uid);
	buffer_text(&text, "@" ICS_UID_DOMAIN);
	add(to, icalproperty_new_uid(text.bytes));
	add_revision(to, &revision);
	add_days(to, note->first_day, note->after_day);
	text.size = 0;
	ics_clean(&text, note->summary, TEXT_MAX, false);
	add(to, icalproperty_new_summary(text.bytes));
	text.size = 0;
	ics_clean(&text, note->description, DESCRIPTION_MAX, true);
	add(to, icalproperty_new_description(text.bytes));
	add(to, icalproperty_new_status(ICAL_STATUS_CONFIRMED));
	add(to, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	add(to, icalproperty_new_class(ICAL_CLASS_PUBLIC));
	buffer_finish(&text);
	ics_write(to, false, b);
}
