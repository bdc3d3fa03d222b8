/* services/schedule: a frab tree → our document: conference, rooms, tracks, and each event's place
 * and time. */
#include "services/schedule/file.h"
#include "services/core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONFERENCE_TITLE_MAX = 300, VENUE_MAX = 500, NUMBER_MAX = 1000000000 };

void frab_report(struct frab *f, const char *action, const char *format, ...)
{
	json_t *entry = json_object();
	va_list args;

	va_start(args, format);
	if (f->where != NULL && f->line > 0)
		json_object_set_new(entry, "line", json_integer(f->line));
	else if (f->where != NULL)
		json_object_set_new(entry, "path", json_string(f->where));
	if (f->row != NULL)
		json_object_set_new(entry, "row", json_string(f->row));
	json_object_set_new(entry, "why", json_vsprintf(format, args));
	json_object_set_new(entry, "action", json_string(action));
	json_array_append_new(f->report, entry);
	va_end(args);
}

const char *frab_text(struct frab *f, const json_t *from, const char *name, int64_t max, bool lines,
		      const char **ret_why)
{
	const json_t *member = json_object_get(from, name);
	const char *clean;
	fault bad;

	if (member == NULL || json_is_null(member))
		return "";
	if (json_is_integer(member))
		return arena_printf(f->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(member));
	if (!json_is_string(member)) {
		*ret_why = arena_printf(f->arena, "%s is not text", name);
		return NULL;
	}
	bad = text_clean(f->arena, json_string_value(member), json_string_length(member),
			 lines ? TEXT_LINES : 0, max, &clean);
	if (bad != OK) {
		*ret_why = arena_printf(f->arena,
					(bad == &fault_size) ? "%s is longer than %lld characters"
							     : "%s is not valid text",
					name, (long long)max);
		return NULL;
	}
	return clean;
}

const char *frab_url(struct frab *f, const json_t *from, const char *name)
{
	const char *why = NULL, *url = frab_text(f, from, name, 2000, false, &why);
	const char *base = f->base_url;

	if (url == NULL || *url == 0)
		return NULL;
	if (*url == '/' && url[1] != '/' && base != NULL) {
		const char *host = strstr(base, "://") + 3;

		url = arena_printf(f->arena, "%.*s%s",
				   (int)(host - base) + (int)strcspn(host, "/?#"), base, url);
	}
	if (url_ok(url))
		return url;
	frab_report(f, "repaired", "%s is not a web address: dropped", name);
	return NULL;
}

/* ---- the conference ---- */

static const char *date_read(struct frab *f, const char *text)
{
	int64_t at;
	int offset;

	if (strlen(text) >= 10 &&
	    instant_read(arena_printf(f->arena, "%.10sT00:00:00Z", text), &at, &offset))
		return arena_strndup(f->arena, text, 10);
	return NULL;
}

static const char *read_zone(struct frab *f, const json_t *about, const char *zone, json_t *into)
{
	const char *named = str_of(about, "time_zone_name");
	bool known = true;

	if (*named == 0)
		named = str_of(about, "timezone");
	if (*named == 0 && zone != NULL && *zone != 0)
		named = zone;
	if (*named == 0) {
		named = "UTC";
		known = false;
		frab_report(f, "noted",
			    "no time zone is named: UTC is used for days, instants follow their "
			    "own offsets");
	} else if (zone != NULL && *zone != 0 && strcmp(named, zone) != 0) {
		frab_report(f, "noted", "the file's own time zone, %s, is used instead of %s",
			    named, zone);
	}
	json_object_set_new(into, "zone", json_string(named));
	json_object_set_new(into, "zone_known", json_boolean(known));
	f->zone_utc = known && strcmp(named, "UTC") == 0;
	return named;
}

/* Our own additions: what frab has no member for. */
static void read_plenum(struct frab *f, const json_t *schedule, const json_t *about, json_t *into)
{
	static const char *const names[] = {"subtitle", "venue", NULL};
	const json_t *plenum = json_object_get(schedule, "plenum");

	if (plenum == NULL)
		plenum = json_object_get(json_object_get(about, "meta"), "plenum");
	if (!json_is_object(plenum))
		return;
	for (int i = 0; names[i] != NULL; i++) {
		const char *why, *text = frab_text(f, plenum, names[i], VENUE_MAX, false, &why);

		if (text != NULL && json_object_get(plenum, names[i]) != NULL)
			json_object_set_new(into, names[i], json_string(text));
	}
	if (json_is_object(json_object_get(plenum, "info")))
		json_object_set(into, "info", json_object_get(plenum, "info"));
	if (json_is_true(json_object_get(plenum, "is_default")))
		json_object_set_new(into, "is_default", json_true());
	f->talks = json_object_get(plenum, "events");
}

static const char *read_conference(struct frab *f, const json_t *schedule, const char *zone)
{
	static const char *const kept[] = {"timeslot_duration", "url",	       "logo", "colors",
					   "keywords",		"description", NULL};
	const json_t *about = json_object_get(schedule, "conference");
	json_t *into = json_object(), *frab = json_object();
	const char *why = NULL, *title, *starts, *ends;

	json_object_set_new(f->doc, "conference", into);
	json_object_set_new(into, "frab", frab);
	title = frab_text(f, about, "title", CONFERENCE_TITLE_MAX, false, &why);
	if (title == NULL || *title == 0)
		return (why != NULL) ? why : "the conference has no title";
	f->acronym = acronym_make(
	    f->arena, (*str_of(about, "acronym") != 0) ? str_of(about, "acronym") : title);
	json_object_set_new(into, "title", json_string(title));
	json_object_set_new(frab, "acronym", json_string(f->acronym));
	if (url_ok(str_of(schedule, "base_url")))
		f->base_url = str_of(schedule, "base_url");
	if (f->base_url != NULL)
		json_object_set_new(frab, "base_url", json_string(f->base_url));
	for (int i = 0; kept[i] != NULL; i++) {
		json_t *member = json_object_get(about, kept[i]);

		if (member != NULL && !json_is_null(member) &&
		    !(json_is_string(member) && *json_string_value(member) == 0))
			json_object_set(frab, kept[i], member);
	}
	starts = date_read(f, str_of(about, "start"));
	ends = date_read(f, str_of(about, "end"));
	if (starts != NULL && ends != NULL && strcmp(starts, ends) <= 0) {
		json_object_set_new(into, "starts", json_string(starts));
		json_object_set_new(into, "ends", json_string(ends));
	}
	read_zone(f, about, zone, into);
	read_plenum(f, schedule, about, into);
	return NULL;
}

/* ---- rooms and tracks ---- */

const char *frab_room(struct frab *f, const json_t *from, const char **ret_why)
{
	static const char *const kept[] = {"slug", "type",     "stream_id", "description",
					   "url",  "features", "assembly",  NULL};
	const char *name = frab_text(f, from, "name", FRAB_NAME_MAX, false, ret_why), *guid;
	json_t *one, *extra, *capacity = json_object_get(from, "capacity");

	if (name == NULL || *name == 0) {
		if (name != NULL)
			*ret_why = "the room has no name";
		return NULL;
	}
	if (json_object_get(f->room_name, name) != NULL)
		return name;
	guid = guid_read(f->arena, str_of(from, "guid"));
	if (guid != NULL && json_object_get(f->room_guid, guid) != NULL) {
		frab_report(f, "repaired",
			    "room %s has the guid of room %s: it gets one of its own", name,
			    json_string_value(json_object_get(f->room_guid, guid)));
		guid = NULL;
	}
	if (guid == NULL)
		guid = name_guid(f->arena, "%s/room/%s", f->acronym, name);
	one = json_object();
	extra = json_object();
	json_object_set_new(one, "guid", json_string(guid));
	json_object_set_new(one, "name", json_string(name));
	if (json_is_integer(capacity) && json_integer_value(capacity) > 0 &&
	    json_integer_value(capacity) < NUMBER_MAX)
		json_object_set(one, "capacity", capacity);
	for (int i = 0; kept[i] != NULL; i++) {
		json_t *member = json_object_get(from, kept[i]);

		if (member != NULL && !json_is_null(member))
			json_object_set(extra, kept[i], member);
	}
	json_object_set_new(one, "extra", extra);
	json_array_append_new(f->rooms, one);
	json_object_set_new(f->room_guid, guid, json_string(name));
	json_object_set_new(f->room_name, name, json_string(guid));
	return name;
}

static bool color_ok(const char *color)
{
	return strlen(color) == 7 && *color == '#' &&
	       strspn(color + 1, "0123456789abcdefABCDEF") == 6;
}

/* The clean name; "" for none. */
const char *frab_track(struct frab *f, const json_t *from, const char *member, const char **ret_why)
{
	const char *name = frab_text(f, from, member, FRAB_NAME_MAX, false, ret_why), *slug;
	json_t *one;

	if (name == NULL || *name == 0 || json_object_get(f->track_name, name) != NULL)
		return name;
	slug = slug_make(f->arena, (*str_of(from, "slug") != 0 && strcmp(member, "name") == 0)
				       ? str_of(from, "slug")
				       : name);
	if (*slug < 'a' || *slug > 'z' || slug[1] == 0)
		slug = arena_printf(f->arena, "t-%s", (*slug != 0) ? slug : "rack");
	one = json_object();
	json_object_set_new(one, "name", json_string(name));
	json_object_set_new(one, "slug", json_string(slug));
	if (strcmp(member, "name") == 0 && color_ok(str_of(from, "color")))
		json_object_set_new(one, "color", json_string(str_of(from, "color")));
	json_array_append_new(f->tracks, one);
	json_object_set_new(f->track_name, name, json_true());
	return name;
}

static void read_places(struct frab *f, const json_t *about)
{
	const char *why = NULL;
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(about, "rooms"), i, one)
	{
		if (frab_room(f, one, &why) == NULL)
			frab_report(f, "noted", "room %zu is left out: %s", i + 1, why);
	}
	json_array_foreach(json_object_get(about, "tracks"), i, one)
	{
		if (frab_track(f, one, "name", &why) == NULL)
			frab_report(f, "noted", "track %zu is left out: %s", i + 1, why);
	}
}

/* ---- events ---- */

/* What a person would look for in the file. */
static const char *row_name(struct frab *f, const json_t *from)
{
	const json_t *id = json_object_get(from, "id");
	const char *number = json_is_integer(id) ? arena_printf(f->arena, "%" JSON_INTEGER_FORMAT,
								json_integer_value(id))
						 : str_of(from, "id");
	const char *why, *title = frab_text(f, from, "title", 0, false, &why);

	return arena_printf(f->arena, "%s %.120s", (*number != 0) ? number : "event",
			    (title != NULL) ? title : "");
}

static void read_room(struct frab *f, const char *path, const char *name, const json_t *list)
{
	json_t *element = json_pack("{s:s}", "name", name), *from, *event;
	const char *why = NULL, *bad, *room, *guid;
	size_t i;

	f->line = 0;
	f->where = path;
	room = frab_room(f, element, &why);
	json_array_foreach(list, i, from)
	{
		f->line = json_integer_value(json_object_get(from, "@line"));
		f->where = arena_printf(f->arena, "%s[%zu]", path, i);
		f->row = row_name(f, from);
		event = json_object();
		bad = (room == NULL)		? why
		      : (!json_is_object(from)) ? "it is not an event"
						: frab_event(f, from, room, event);
		if (bad != NULL) {
			frab_report(f, "refused", "%s", bad);
			guid = guid_read(f->arena, str_of(from, "guid"));
			if (guid != NULL)
				json_array_append_new(f->kept, json_string(guid));
		}
		json_decref(event);
		f->row = NULL;
	}
	f->where = NULL;
	json_decref(element);
}

static void read_days(struct frab *f, const json_t *about)
{
	json_t *day, *list;
	const char *name;
	size_t i;

	json_array_foreach(json_object_get(about, "days"), i, day)
	{
		json_object_foreach(json_object_get(day, "rooms"), name, list) read_room(
		    f, arena_printf(f->arena, "days[%zu].rooms[\"%s\"]", i, name), name, list);
	}
}

/* ---- the whole ---- */

/* Days the file does not give are those of its events. */
static const char *fill_days(struct frab *f)
{
	json_t *about = json_object_get(f->doc, "conference"), *event;
	const char *first = NULL, *last = NULL;
	size_t i;

	if (json_object_get(about, "starts") == NULL) {
		json_array_foreach(f->events, i, event)
		{
			const char *day = str_of(event, "day");

			first = (first == NULL || strcmp(day, first) < 0) ? day : first;
			last = (last == NULL || strcmp(day, last) > 0) ? day : last;
		}
		if (first == NULL)
			return "the conference has neither dates nor events";
		json_object_set_new(about, "starts", json_string(first));
		json_object_set_new(about, "ends", json_string(last));
	}
	json_array_foreach(f->events, i, event) json_object_del(event, "day");
	return NULL;
}

static json_t *member_array(struct frab *f, const char *name)
{
	json_t *list = json_array();

	json_object_set_new(f->doc, name, list);
	return list;
}

void frab_begin(struct frab *f, struct arena *arena)
{
	json_t **const sets[] = {&f->room_guid, &f->room_name,	 &f->track_name, &f->speaker_name,
				 &f->guid_seen, &f->number_seen, &f->slug_seen,	 &f->slot_seen};

	*f = (struct frab){.arena = arena, .doc = json_object(), .seen = json_object()};
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		*sets[i] = json_object();
		json_object_set_new(f->seen, arena_printf(arena, "%zu", i), *sets[i]);
	}
	f->report = member_array(f, "report");
	f->rooms = member_array(f, "rooms");
	f->tracks = member_array(f, "tracks");
	f->speakers = member_array(f, "speakers");
	f->events = member_array(f, "events");
	f->kept = member_array(f, "kept");
}

void frab_end(struct frab *f)
{
	json_decref(f->seen);
}

json_t *frab_document(struct arena *arena, const json_t *tree, const char *zone,
		      const char **ret_why)
{
	const json_t *schedule = json_object_get(tree, "schedule");
	const json_t *about = json_object_get(schedule, "conference");
	const char *why = "there is no schedule.conference";
	struct frab f;

	frab_begin(&f, arena);
	if (json_is_object(about))
		why = read_conference(&f, schedule, zone);
	if (why == NULL) {
		read_places(&f, about);
		read_days(&f, about);
		frab_settle(&f);
		why = fill_days(&f);
	}
	frab_end(&f);
	if (why == NULL)
		return f.doc;
	json_decref(f.doc);
	*ret_why = why;
	return NULL;
}
