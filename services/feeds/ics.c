/* services/feeds: events, line by line. Texts are cleaned before libical's rules write them, and
 * folded after (docs/decisions/0019-feeds.md). */
#include "services/feeds/ics.h"
#include "services/feeds/ics_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTION_MAX = 4000, TEXT_MAX = 1000, LINKS_MAX = 20, STREAMS_MAX = 16 };

/* In both languages of the pages: a client that ignores STATUS shows this. */
#define CANCELLED_PREFIX "AFLYST/CANCELLED: "
#define ZONE		 "Europe/Copenhagen"

static void add_revision(struct buffer *b, int64_t revised, int64_t created, int64_t revision)
{
	line_instant(b, "DTSTAMP:", revised);
	line_instant(b, "CREATED:", created);
	line_instant(b, "LAST-MODIFIED:", revised);
	line_number(b, "SEQUENCE:", revision);
}

static void add_days(struct buffer *b, const char *first, const char *after)
{
	line_raw(b, "DTSTART;VALUE=DATE:", first);
	line_raw(b, "DTEND;VALUE=DATE:", after);
}

/* Near a change of the clocks there is none: such an event stays in
 * UTC. */
static void add_times(struct buffer *b, const struct ics_event *event, const struct ics_view *view)
{
	if (event->all_day && event->first_day != NULL && event->after_day != NULL) {
		add_days(b, event->first_day, event->after_day);
	} else if (view->venue_time && event->wall_starts != NULL && event->wall_ends != NULL) {
		line_raw(b, "DTSTART;TZID=" ZONE ":", event->wall_starts);
		line_raw(b, "DTEND;TZID=" ZONE ":", event->wall_ends);
	} else {
		line_instant(b, "DTSTART:", event->starts);
		line_instant(b, "DTEND:", event->ends);
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

static void add_location(struct buffer *b, const struct ics_event *event,
			 const struct ics_view *view, const char *join, struct buffer *text)
{
	text->size = 0;
	if (view->link_first && has_streams(event))
		buffer_text(text, join);
	else
		add_place(event, view, text);
	if (text->size > 0)
		line_text(b, "LOCATION:", text);
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
static void add_conferences(struct buffer *b, const struct ics_event *event, const char *join,
			    struct buffer *text)
{
	const char *at = event->streams != NULL ? event->streams : "";

	for (int i = 0; i < STREAMS_MAX && *at != 0; i++) {
		size_t n, language_n, line = line_begin(b, "CONFERENCE;VALUE=URI;FEATURE=VIDEO");
		const char *one = next_field(&at, '\x1e', &n), *mark = memchr(one, '\x1f', n);

		language_n = mark != NULL ? (size_t)(mark - one) : n;
		if (mark == NULL || !set_parameter(text, mark + 1, n - language_n - 1)) {
			text->size = 0;
			buffer_text(text, "Stream");
		}
		line_parameter(b, icalparameter_new_label(text->bytes));
		if (set_parameter(text, one, language_n))
			line_parameter(b, icalparameter_new_language(text->bytes));
		buffer_text(b, ":");
		buffer_text(b, join);
		line_end(b, line);
	}
}

static void add_url(struct buffer *b, const struct ics_event *event, const char *join,
		    struct buffer *text)
{
	text->size = 0;
	if (!has_streams(event) && event->url != NULL && strncmp(event->url, "https://", 8) == 0 &&
	    ics_uri(text, event->url))
		line_raw(b, "URL:", text->bytes);
	else
		line_raw(b, "URL:", join);
}

static void add_topic(struct buffer *b, const struct ics_event *event, struct buffer *text)
{
	const char *color = ics_color(event->color);

	text->size = 0;
	ics_plain(text, event->track);
	if (text->size > 0)
		line_text(b, "CATEGORIES:", text);
	if (color != NULL)
		line_raw(b, "COLOR:", color);
}

static bool read_degrees(const char *text, double most, double *ret)
{
	char *end;

	*ret = strtod(text, &end);
	return end != text && *end == 0 && *ret >= -most && *ret <= most;
}

static void add_geo(struct buffer *b, const struct ics_view *view)
{
	struct icalgeotype geo;
	icalvalue *value;
	char *text;

	if (view->lat == NULL || view->lon == NULL || !read_degrees(view->lat, 90, &geo.lat) ||
	    !read_degrees(view->lon, 180, &geo.lon))
		return;
	value = icalvalue_new_geo(geo);
	text = icalvalue_as_ical_string_r(value);
	line_raw(b, "GEO:", text);
	free(text);
	icalvalue_free(value);
}

static void add_alarm(struct buffer *b, const struct ics_view *view, const struct buffer *summary)
{
	char *before =
	    icaldurationtype_as_ical_string_r(icaldurationtype_from_int(-60 * view->alarm));

	buffer_text(b, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
	line_raw(b, "TRIGGER:", before);
	line_text(b, "DESCRIPTION:", summary);
	buffer_text(b, "END:VALARM\r\n");
	free(before);
}

static void add_status(struct buffer *b, bool cancelled, bool free_time)
{
	buffer_text(b, cancelled ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n");
	buffer_text(b, free_time ? "TRANSP:TRANSPARENT\r\n" : "TRANSP:OPAQUE\r\n");
	buffer_text(b, "CLASS:PUBLIC\r\n");
}

/* Texts on their way; kept between events, of which there are thousands. */
static struct {
	struct buffer summary, text, join;
} scratch;

static void begin_event(struct buffer *b, const char *uid)
{
	size_t line;

	buffer_text(b, "BEGIN:VEVENT\r\n");
	line = line_begin(b, "UID:");
	buffer_text(b, uid);
	buffer_text(b, "@" ICS_UID_DOMAIN);
	line_end(b, line);
}

void ics_event(const struct ics_event *event, const struct ics_view *view, struct buffer *b)
{
	struct buffer *text = &scratch.text, *join = &scratch.join, *summary = &scratch.summary;

	text->size = join->size = 0;
	buffer_text(text, "");
	ics_plain(text, event->slot);
	buffer_text(join, view->base);
	buffer_text(join, event->whole ? "/attend" : "/j/");
	buffer_text(join, event->whole ? "" : text->bytes);
	begin_event(b, text->bytes);
	add_revision(b, event->revised, event->created, event->revision);
	add_times(b, event, view);
	set_summary(event, summary);
	line_text(b, "SUMMARY:", summary);
	add_location(b, event, view, join->bytes, text);
	set_description(event, view, join->bytes, text);
	line_text(b, "DESCRIPTION:", text);
	add_url(b, event, join->bytes, text);
	add_conferences(b, event, join->bytes, text);
	add_topic(b, event, text);
	add_status(b, event->cancelled, event->cancelled || event->whole);
	add_geo(b, view);
	if (view->alarm > 0 && !event->cancelled && !event->all_day)
		add_alarm(b, view, summary);
	buffer_text(b, "END:VEVENT\r\n");
}

void ics_note(const struct ics_note *note, struct buffer *b)
{
	struct buffer *text = &scratch.text;

	text->size = 0;
	buffer_text(text, "");
	ics_plain(text, note->uid);
	begin_event(b, text->bytes);
	add_revision(b, note->at, note->at, 0);
	add_days(b, note->first_day, note->after_day);
	text->size = 0;
	ics_clean(text, note->summary, TEXT_MAX, false);
	line_text(b, "SUMMARY:", text);
	text->size = 0;
	ics_clean(text, note->description, DESCRIPTION_MAX, true);
	line_text(b, "DESCRIPTION:", text);
	add_status(b, false, true);
	buffer_text(b, "END:VEVENT\r\n");
}
