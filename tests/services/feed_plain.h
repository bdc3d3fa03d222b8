/* tests/services: what the tests of calendar text share: one plain event, one plain calendar, both
 * as bytes. */
#ifndef TESTS_FEED_PLAIN_H
#define TESTS_FEED_PLAIN_H

#include "services/feeds/ics.h"
#include "tests/services/feed_bytes.h"

static const char id[] = "0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11";

static const char join[] = "https://plenum.example/j/0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11";

static const struct ics_view utc_view = {.base = "https://plenum.example",
					 .venue = "Favrholm Campus",
					 .lat = "55.9268",
					 .lon = "12.3005"};

static inline struct ics_event plain_event(void)
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

static inline struct ics_calendar plain_calendar(void)
{
	return (struct ics_calendar){.title = "Precision medicine, from patient; to lab",
				     .about = "One day, two places",
				     .zone = "Europe/Copenhagen",
				     .source = "https://plenum.example/schedule.ics",
				     .page = "https://plenum.example/attend"};
}

static inline char *rendered(const struct ics_calendar *calendar, const struct ics_event *event,
			     const struct ics_view *view)
{
	struct buffer b = {0};

	ics_head(calendar, &b);
	ics_event(event, view, &b);
	buffer_text(&b, ICS_END);
	return b.bytes;
}

static inline char *render_one(const struct ics_event *event)
{
	struct ics_calendar calendar = plain_calendar();

	return rendered(&calendar, event, &utc_view);
}

/* Text with the session's link in it; valid until the next call. */
static inline const char *with_join(const char *format)
{
	static char text[400];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, join);
#pragma GCC diagnostic pop
	return text;
}

#endif
