/* services/feeds: events between the database and the cache. */
#include "services/feeds/events.h"
#include "services/feeds/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VIEWS_MAX = 256 };

uint32_t events_view(const struct ics_view *view)
{
	static char *known[VIEWS_MAX];
	static uint32_t n;
	struct buffer b = {0};

	buffer_printf(&b, "%s\x1f%s\x1f%s\x1f%s\x1f%d%d%d", view->base, view->venue,
		      view->lat != NULL ? view->lat : "", view->lon != NULL ? view->lon : "",
		      view->alarm, view->venue_time, view->link_first);
	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(known[i], b.bytes) == 0) {
			buffer_finish(&b);
			return i;
		}
	}
	if (n == VIEWS_MAX) {
		cache_clear();
		while (n > 0)
			free(known[--n]);
	}
	known[n] = b.bytes;
	return n++;
}

static unsigned nibble(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

void event_id(const char *text, unsigned char ret[16])
{
	for (int i = 0; i < 16; i++) {
		text += *text == '-';
		ret[i] = (unsigned char)(nibble(text[0]) << 4 | nibble(text[1]));
		text += 2;
	}
}

void event_id_text(struct buffer *b, const unsigned char id[16])
{
	static const char digits[] = "0123456789abcdef";
	char text[36];

	for (int i = 0, at = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		text[at++] = digits[id[i] >> 4];
		text[at++] = digits[id[i] & 15];
	}
	buffer_add(b, text, sizeof(text));
}

struct columns {
	int slot, revision, revised, created, starts, ends, wall_starts, wall_ends, all_day,
	    first_day, after_day, cancelled, title, subtitle, abstract, room, track, color, url,
	    speakers, links, streams, whole;
};

static struct columns columns_of(const struct rows *rows)
{
#define COLUMN(name) .name = rows_column(rows, #name)
	return (struct columns){
	    COLUMN(slot),    COLUMN(revision),	COLUMN(revised),     COLUMN(created),
	    COLUMN(starts),  COLUMN(ends),	COLUMN(wall_starts), COLUMN(wall_ends),
	    COLUMN(all_day), COLUMN(first_day), COLUMN(after_day),   COLUMN(cancelled),
	    COLUMN(title),   COLUMN(subtitle),	COLUMN(abstract),    COLUMN(room),
	    COLUMN(track),   COLUMN(color),	COLUMN(url),	     COLUMN(speakers),
	    COLUMN(links),   COLUMN(streams),	COLUMN(whole),
	};
#undef COLUMN
}

static int64_t number_at(const struct rows *rows, int row, int column)
{
	const char *text = rows_at(rows, row, column);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

static bool true_at(const struct rows *rows, int row, int column)
{
	const char *text = rows_at(rows, row, column);

	return text != NULL && *text == 't';
}

static struct ics_event event_at(const struct rows *rows, int row, const struct columns *c)
{
	return (struct ics_event){
	    .slot = rows_at(rows, row, c->slot),
	    .title = rows_at(rows, row, c->title),
	    .subtitle = rows_at(rows, row, c->subtitle),
	    .abstract = rows_at(rows, row, c->abstract),
	    .room = rows_at(rows, row, c->room),
	    .track = rows_at(rows, row, c->track),
	    .color = rows_at(rows, row, c->color),
	    .url = rows_at(rows, row, c->url),
	    .speakers = rows_at(rows, row, c->speakers),
	    .links = rows_at(rows, row, c->links),
	    .streams = rows_at(rows, row, c->streams),
	    .wall_starts = rows_at(rows, row, c->wall_starts),
	    .wall_ends = rows_at(rows, row, c->wall_ends),
	    .first_day = rows_at(rows, row, c->first_day),
	    .after_day = rows_at(rows, row, c->after_day),
	    .revision = number_at(rows, row, c->revision),
	    .revised = number_at(rows, row, c->revised),
	    .created = number_at(rows, row, c->created),
	    .starts = number_at(rows, row, c->starts),
	    .ends = number_at(rows, row, c->ends),
	    .cancelled = true_at(rows, row, c->cancelled),
	    .all_day = true_at(rows, row, c->all_day),
	    .whole = true_at(rows, row, c->whole),
	};
}

/* The texts of an event, one after the other. */
static const char **text_of(struct ics_event *e, int i)
{
	const char **const all[] = {&e->slot,	   &e->title,	  &e->subtitle, &e->abstract,
				    &e->room,	   &e->track,	  &e->color,	&e->url,
				    &e->speakers,  &e->links,	  &e->streams,	&e->wall_starts,
				    &e->wall_ends, &e->first_day, &e->after_day};

	return i < (int)(sizeof(all) / sizeof(all[0])) ? all[i] : NULL;
}

struct ics_event *events_read(struct arena *arena, const struct rows *rows, int *ret_n)
{
	int n = rows_count(rows);
	struct ics_event *events = arena_alloc(arena, (size_t)(n + 1) * sizeof(*events));
	struct columns columns = columns_of(rows);

	for (int row = 0; row < n; row++) {
		const char **text;

		events[row] = event_at(rows, row, &columns);
		for (int i = 0; (text = text_of(&events[row], i)) != NULL; i++)
			if (*text != NULL)
				*text = arena_strdup(arena, *text);
	}
	*ret_n = n;
	return events;
}

/* As those who subscribe to the public calendar see them. */
void feeds_file(struct arena *arena, const struct rows *rows, int first, int n, struct buffer *b)
{
	int all;
	const struct ics_event *events = events_read(arena, rows, &all);
	struct ics_view view = {
	    .base = arena_printf(arena, "%s%s", feeds_base(), rows_text(rows, first, "under")),
	    .venue = rows_text(rows, first, "venue"),
	    .lat = rows_text(rows, first, "lat"),
	    .lon = rows_text(rows, first, "lon"),
	};
	struct ics_calendar calendar = {
	    .title = rows_text(rows, first, "conference"),
	    .about = view.venue,
	    .zone = rows_text(rows, first, "zone"),
	    .page = arena_printf(arena, "%s/attend", view.base),
	};

	ics_head(&calendar, b);
	for (int i = first; i < first + n && i < all; i++)
		ics_event(&events[i], &view, b);
	buffer_text(b, ICS_END);
}
