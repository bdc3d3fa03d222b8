/* services/schedule: what can be said only when all events have been read: which clash, which are
 * the same session again. */
#include "services/schedule/file.h"

#include <stdlib.h>
#include <string.h>

static int by_place(const void *a, const void *b)
{
	const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
	int order = strcmp(str_of(x, "room"), str_of(y, "room"));

	if (order == 0)
		order = strcmp(str_of(x, "start"), str_of(y, "start"));
	if (order == 0)
		order = (int)(json_integer_value(json_object_get(x, "number")) -
			      json_integer_value(json_object_get(y, "number")));
	if (order == 0)
		order = strcmp(str_of(x, "guid"), str_of(y, "guid"));
	return order;
}

/* The later one of a clashing pair may stay where its source has it; both are named. */
static void mark_overlaps(struct frab *f)
{
	size_t n = json_array_size(f->events), first = 0;
	json_t **sorted = arena_alloc(f->arena, (n + 1) * sizeof(json_t *));

	for (size_t i = 0; i < n; i++)
		sorted[i] = json_array_get(f->events, i);
	qsort(sorted, n, sizeof(json_t *), by_place);
	for (size_t i = 1; i < n; i++) {
		json_t *held = sorted[first], *one = sorted[i];

		/* An instant and a wall clock's time cannot be compared before SQL has seen them.
		 */
		if (strlen(str_of(held, "start")) == strlen(str_of(one, "start")) &&
		    strcmp(str_of(held, "room"), str_of(one, "room")) == 0 &&
		    strcmp(str_of(one, "start"), str_of(held, "end")) < 0) {
			json_object_set_new(one, "overlap_ok", json_true());
			f->row = str_of(one, "title");
			frab_report(f, "noted", "in room %s at the same time as %s: both are kept",
				    str_of(one, "room"), str_of(held, "title"));
			f->row = NULL;
		} else {
			first = i;
		}
	}
}

static void report_sums(struct frab *f)
{
	f->where = NULL;
	if (f->guids > 0)
		frab_report(f, "repaired",
			    "%d events without guid got one made of the acronym and their id",
			    f->guids);
	if (f->people > 0)
		frab_report(f, "repaired",
			    "%d persons without guid got one made of the acronym and their id, "
			    "code or name",
			    f->people);
	if (f->slugs > 0)
		frab_report(f, "repaired",
			    "%d slugs were made anew: lower case, unique, acronym first", f->slugs);
	if (f->offsets > 0)
		frab_report(f, "noted",
			    "the zone is UTC, but %d instants (first: %s) have another offset: "
			    "they are kept exactly",
			    f->offsets, f->offset_row);
}

/* An occurrence needs its session; one that names none is a session by itself. */
static void settle_occurrences(struct frab *f)
{
	json_t *sessions = json_object(), *event;
	size_t i;

	json_array_foreach(f->events, i, event) if (json_object_get(event, "of") == NULL)
	    json_object_set_new(sessions, str_of(event, "guid"), json_true());
	json_array_foreach(f->events, i, event)
	{
		const char *of = str_of(event, "of");

		if (*of == 0 || json_object_get(sessions, of) != NULL)
			continue;
		f->row = str_of(event, "title");
		frab_report(f, "noted",
			    "its session %s is not in the file: taken for one of its own", of);
		f->row = NULL;
		json_object_del(event, "of");
	}
	json_decref(sessions);
}

void frab_settle(struct frab *f)
{
	f->where = NULL;
	settle_occurrences(f);
	mark_overlaps(f);
	report_sums(f);
}
