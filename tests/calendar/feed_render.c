/* tests: renders the same events again and again, for valgrind: no leak, no invalid read, nothing
 * shared with another thread. Usage: feed_render TIMES */
#include "services/feeds/ics.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct ics_event event = {.slot = "0b4dd3a8-1df0-4c0e-9d46-2a6f6f9f4a11",
				  .title = "Åbning, with; signs\\",
				  .abstract =
				      "Some lines\nof a text that is long enough to be folded "
				      "at least once, or twice",
				  .room = "Auditorium",
				  .track = "Biomarkers",
				  .color = "#4080b0",
				  .url = "https://example.org/ø",
				  .speakers = "Speaker 1, Speaker 2",
				  .links = "Slides\x1fhttps://example.org/s",
				  .streams = "da\x1f"
					     "Tolk\x1e"
					     "en\x1f"
					     "Floor",
				  .wall_starts = "20210502T090000",
				  .wall_ends = "20210502T100000",
				  .revised = 1619938800,
				  .created = 1619938000,
				  .starts = 1619938800,
				  .ends = 1619942400};
	const struct ics_view view = {.base = "https://plenum.example",
				      .venue = "Favrholm",
				      .lat = "55.9",
				      .lon = "12.3",
				      .alarm = 15,
				      .venue_time = true};
	const struct ics_calendar calendar = {.title = "Test",
					      .about = "Test",
					      .zone = "Europe/Copenhagen",
					      .source = "https://plenum.example/schedule.ics",
					      .venue_time = true};
	const char *wrong = ics_self_test();
	size_t bytes = 0;

	if (wrong != NULL || argc != 2) {
		fprintf(stderr, "%s\n", wrong != NULL ? wrong : "usage: feed_render TIMES");
		return 2;
	}
	for (int i = 0; i < atoi(argv[1]); i++) {
		struct buffer b = {0};

		event.revision = i;
		event.cancelled = i % 7 == 0;
		ics_head(&calendar, &b);
		ics_event(&event, &view, &b);
		bytes += b.size;
		buffer_finish(&b);
	}
	printf("%zu bytes\n", bytes);
	return 0;
}
