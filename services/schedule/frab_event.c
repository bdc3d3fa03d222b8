/* services/schedule: one event of a frab tree: its names, texts, times and place. */
#include "services/schedule/file.h"

#include <stdlib.h>
#include <string.h>

enum {
	TITLE_MAX_CHARS = 500,
	SUBTITLE_MAX_CHARS = 2000,
	TEXT_MAX_CHARS = 65536,
	LENGTH_MAX_DAYS = 60,
	NUMBER_MAX = 1000000000
};

static const char *event_names(struct frab *f, const json_t *from, json_t *event)
{
	const json_t *id = json_object_get(from, "id");
	const char *text = str_of(from, "guid"), *guid = NULL;
	int64_t number =
	    json_is_integer(id) ? json_integer_value(id) : strtoll(str_of(from, "id"), NULL, 10);
	const char *key;

	if (number < 0 || number > NUMBER_MAX)
		return "id is not a positive number";
	if (*text != 0 && (guid = guid_read(f->arena, text)) == NULL)
		return arena_printf(f->arena, "guid %.60s is not a UUID", text);
	if (guid == NULL && number == 0 && *str_of(from, "code") == 0)
		return "neither guid nor id: a later file could not be matched";
	if (guid == NULL) {
		guid = (number != 0)
			   ? name_guid(f->arena, "%s/event/%lld", f->acronym, (long long)number)
			   : name_guid(f->arena, "%s/event/%s", f->acronym, str_of(from, "code"));
		f->guids++;
	}
	if (json_object_get(f->guid_seen, guid) != NULL)
		return arena_printf(f->arena, "guid %s is that of another event, %s", guid,
				    json_string_value(json_object_get(f->guid_seen, guid)));
	key = arena_printf(f->arena, "%lld", (long long)number);
	if (number != 0 && json_object_get(f->number_seen, key) != NULL) {
		frab_report(f, "repaired", "id %s is that of another event: it gets a new one",
			    key);
		number = 0;
	}
	json_object_set_new(event, "guid", json_string(guid));
	if (number != 0) {
		json_object_set_new(event, "number", json_integer(number));
		json_object_set_new(f->number_seen, key, json_true());
	}
	return NULL;
}

static const char *event_slug(struct frab *f, const json_t *from, const json_t *event)
{
	const char *given = str_of(from, "slug"), *guid = str_of(event, "guid");
	json_int_t number = json_integer_value(json_object_get(event, "number"));
	char *slug = arena_strdup(f->arena, given);
	const char *tail;

	/* Occurrences of one session share its slug. */
	if (json_object_get(event, "of") != NULL && slug_ok(given))
		return slug;

	for (char *s = slug; *s != 0; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + 'a' - 'A');
	if (!slug_ok(slug) || json_object_get(f->slug_seen, slug) != NULL) {
		tail = slug_make(f->arena, str_of(event, "title"));
		slug = (number != 0) ? arena_printf(f->arena, "%s-%lld-%s", f->acronym,
						    (long long)number, tail)
				     : arena_printf(f->arena, "%s-%.8s-%s", f->acronym, guid, tail);
		if (!slug_ok(slug) || json_object_get(f->slug_seen, slug) != NULL)
			slug = arena_printf(f->arena, "%s-%s", f->acronym, guid);
	}
	if (*given != 0 && strcmp(slug, given) != 0)
		f->slugs++;
	json_object_set_new(f->slug_seen, slug, json_true());
	return slug;
}

static const char *event_texts(struct frab *f, const json_t *from, json_t *event)
{
	static const struct {
		const char *name, *as;
		int64_t max;
		bool lines;
	} texts[] = {{"title", "title", TITLE_MAX_CHARS, false},
		     {"subtitle", "subtitle", SUBTITLE_MAX_CHARS, false},
		     {"abstract", "abstract", TEXT_MAX_CHARS, true},
		     {"description", "description", TEXT_MAX_CHARS, true},
		     {"language", "language", FRAB_NAME_MAX, false},
		     {"type", "kind", FRAB_NAME_MAX, false}};
	const char *why = NULL, *text;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text = frab_text(f, from, texts[i].name, texts[i].max, texts[i].lines, &why);
		if (text == NULL)
			return why;
		json_object_set_new(event, texts[i].as, json_string(text));
	}
	if (*str_of(event, "title") == 0)
		return "title is missing";
	text = frab_track(f, from, "track", &why);
	if (text == NULL)
		return why;
	json_object_set_new(event, "track", json_string(text));
	text = frab_url(f, from, "url");
	json_object_set_new(event, "url", json_string((text != NULL) ? text : ""));
	json_object_set_new(event, "slug", json_string(event_slug(f, from, event)));
	return NULL;
}

/* The wall clock's, as text without an offset: whether it exists, and only once, is for SQL. */
static bool wall_times(struct frab *f, const char *date, const char *end, json_t *event)
{
	const char *const names[] = {"start", "end"}, *const texts[] = {date, end};
	int64_t at;
	int offset;

	if (!f->wall_ok || (!wall_read(f->arena, date, &at) && !wall_read(f->arena, end, &at)))
		return false;
	for (int i = 0; i < 2; i++) {
		bool exact = instant_read(texts[i], &at, &offset);

		if (!exact && !wall_read(f->arena, texts[i], &at))
			return false;
		json_object_set_new(event, names[i],
				    json_stringn(instant_utc(f->arena, at), exact ? 20 : 19));
	}
	return true;
}

static const char *event_times(struct frab *f, const json_t *from, json_t *event)
{
	const char *date = str_of(from, "date"), *end = str_of(from, "end"),
		   *duration = str_of(from, "duration");
	int64_t starts, ends, seconds = 0;
	int offset, end_offset;

	if (*date == 0)
		return "date is missing";
	if (wall_times(f, date, end, event))
		return NULL;
	if (!instant_read(date, &starts, &offset))
		return arena_printf(f->arena, "date %.40s is not an instant with its offset", date);
	if (*end != 0) {
		if (!instant_read(end, &ends, &end_offset))
			return arena_printf(f->arena, "end %.40s is not an instant with its offset",
					    end);
	} else {
		if (*duration == 0)
			return "duration is missing";
		if (!duration_read(duration, &seconds))
			return arena_printf(f->arena, "duration %.40s is not hours:minutes",
					    duration);
		ends = starts + seconds;
	}
	if (ends <= starts)
		return "the end is not after the start";
	if (ends - starts > (int64_t)LENGTH_MAX_DAYS * 86400)
		return "it is longer than 60 days";
	if (f->zone_utc && offset != 0 && f->offsets++ == 0)
		f->offset_row = f->row;
	json_object_set_new(event, "start", json_string(instant_utc(f->arena, starts)));
	json_object_set_new(event, "end", json_string(instant_utc(f->arena, ends)));
	json_object_set_new(event, "day", json_string(day_of(f->arena, starts, offset)));
	return NULL;
}

void frab_occurrence(struct frab *f, const json_t *from, json_t *event)
{
	const char *own = guid_read(f->arena, str_of(from, "guid"));
	const json_t *beside = (own != NULL) ? json_object_get(f->talks, own) : NULL;
	const char *of = guid_read(f->arena, str_of(beside, "session"));
	const char *slot = guid_read(f->arena, str_of(beside, "slot"));

	if (own == NULL || of == NULL || slot == NULL ||
	    json_object_get(f->slot_seen, slot) != NULL)
		return;
	json_object_set_new(f->slot_seen, slot, json_true());
	json_object_set_new(event, "slot", json_string(slot));
	if (strcmp(of, own) != 0)
		json_object_set_new(event, "of", json_string(of));
}

/* What a file of ours says beside the event of its time: an anchor, or a break that may shrink. */
static void event_time_rules(struct frab *f, json_t *event)
{
	json_t *beside = json_object_get(f->talks, str_of(event, "guid")),
	       *min_s = json_object_get(beside, "min_s");
	bool anchor = json_is_true(json_object_get(beside, "anchor"));

	if (anchor)
		json_object_set_new(event, "anchor", json_true());
	if (!json_is_integer(min_s))
		return;
	if (anchor || json_integer_value(min_s) < 0 ||
	    json_integer_value(min_s) > (int64_t)LENGTH_MAX_DAYS * 86400)
		frab_report(f, "repaired", "min_s does not fit it and is left out");
	else
		json_object_set(event, "min_s", min_s);
}

const char *frab_event(struct frab *f, const json_t *from, const char *room, json_t *event)
{
	const char *why, *named;

	frab_occurrence(f, from, event);
	why = event_names(f, from, event);
	if (why == NULL)
		why = event_texts(f, from, event);
	if (why == NULL)
		why = event_times(f, from, event);
	if (why == NULL)
		why = frab_people(f, from, event);
	if (why != NULL)
		return why;
	named = frab_text(f, from, "room", FRAB_NAME_MAX, false, &why);
	if (named != NULL && *named != 0 && strcmp(named, room) != 0)
		frab_report(f, "noted", "it names room %s but stands under %s, which counts", named,
			    room);
	event_time_rules(f, event);
	json_object_set_new(event, "room", json_string(room));
	json_object_set_new(event, "extra", frab_extra(f, from));
	json_object_set_new(event, "ord", json_integer((json_int_t)json_array_size(f->events) + 1));
	json_object_set_new(f->guid_seen, str_of(event, "guid"),
			    json_string(str_of(event, "title")));
	json_array_append(f->events, event);
	return NULL;
}
