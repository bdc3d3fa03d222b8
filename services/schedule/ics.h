/* services/schedule: the programme as a calendar that clients subscribe to. */
#ifndef SCHEDULE_ICS_H
#define SCHEDULE_ICS_H

#include "services/core/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One slot. Instants are Unix seconds. Texts may hold anything: they are cleaned here once more. */
struct ics_event {
	const char *slot; /* its id: the UID, for ever */
	const char *title, *subtitle, *abstract, *room, *track, *url,
	    *speakers; /* NULL or "" where there is none */
	int64_t revision, revised, created, starts, ends;
	bool cancelled;
};

struct ics_calendar {
	const char *slug, *title, *venue, *zone;
	int64_t time;	       /* the conference's clock */
	int64_t opens, closes; /* its first day's start, its last day's end */
	int64_t created, released;
	const struct ics_event *events;
	size_t n;
};

/* The same state gives the same bytes, in every process and time zone. */
void ics_render(const struct ics_calendar *calendar, struct buffer *b);

/* For Last-Modified: never goes back, because revisions, releases and the clock do not. */
int64_t ics_modified(const struct ics_calendar *calendar);

/* Unfolds what libical wrote and folds it anew; part of ics_render. */
void ics_fold(const char *text, struct buffer *b);

#endif
