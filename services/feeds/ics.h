/* services/feeds: calendar text: events one by one, and what stands around them. */
#ifndef FEEDS_ICS_H
#define FEEDS_ICS_H

#include "services/core/json.h"

#include <libical/ical.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One slot. Instants are Unix seconds. Texts may hold anything: they are cleaned here once more;
 * NULL or "" where there is none.
 */
struct ics_event {
	const char *slot; /* its id: the UID, for ever; of the whole conference its own */
	const char *title, *subtitle, *abstract, *room, *track, *color, *url, *speakers;
	const char *links;   /* "title US url", RS between them */
	const char *streams; /* "language US label", RS between them */
	const char *wall_starts,
	    *wall_ends; /* local time as 20210502T090000; NULL near a change of clocks */
	const char *first_day, *after_day; /* of an all-day event */
	int64_t revision, revised, created, starts, ends;
	bool cancelled, all_day;
	bool whole; /* the conference itself: its days, and nobody is busy for all of them */
};

/* What a calendar's owner chose, and what all events of a conference share. */
struct ics_view {
	const char *base; /* https://host or https://host/e/<slug> */
	const char *venue, *lat, *lon;
	int alarm; /* minutes, 0: none */
	bool venue_time, link_first;
};

struct ics_calendar {
	const char *title, *about, *zone;
	const char *source; /* its own address, NULL: not told */
	const char *page;   /* the programme for people */
	bool near;	    /* the event is on, or tomorrow: poll more often */
	bool venue_time;
};

/* An all-day event that says something about the calendar itself. */
struct ics_note {
	const char *uid, *summary, *description, *first_day, *after_day;
	int64_t at;
};

#define ICS_END "END:VCALENDAR\r\n"
/* The host part of every UID, whatever address the calendar was fetched from. */
#define ICS_UID_DOMAIN "slots.plenum"

/* The same state gives the same bytes, in every process and time zone. All append. */
void ics_event(const struct ics_event *event, const struct ics_view *view, struct buffer *b);
void ics_note(const struct ics_note *note, struct buffer *b);
/* Everything before the first event. */
void ics_head(const struct ics_calendar *calendar, struct buffer *b);

/* NULL, or a sentence on what is wrong with the machine or the library: then nothing may be served.
 * Called once, before there is any other thread or loop. */
const char *ics_self_test(void);

/* Inside services/feeds only. */

/* Valid, printable text, at most max bytes in b and never half a character. */
void ics_clean(struct buffer *b, const char *text, size_t max, bool lines);
/* The same without what libical writes raw where it should be escaped. */
void ics_plain(struct buffer *b, const char *text);
/* An address as URI values must be: ASCII, nothing that could end a line; false: not one of ours.
 */
bool ics_uri(struct buffer *b, const char *url);
/* Writes a component that libical built, without its END line, and frees it. */
void ics_write_open(icalcomponent *component, struct buffer *b);
/* One content line, folded. */
void ics_fold(const char *line, size_t n, struct buffer *b);
/* The CSS3 name nearest to #rrggbb, or NULL. */
const char *ics_color(const char *rgb);

#endif
