/* services/schedule: our document → frab JSON that its schema accepts; what it has no member for
 * goes under "plenum", which it allows. */
#include "services/schedule/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char capitals[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Date → room → events. */
json_t *frab_by_day(const json_t *doc)
{
	json_t *days = json_object(), *event;
	size_t i;

	json_array_foreach(json_object_get(doc, "events"), i, event)
	{
		json_t *rooms = json_object_get(days, str_of(event, "day")), *list;

		if (rooms == NULL)
			json_object_set_new(days, str_of(event, "day"), rooms = json_object());
		list = json_object_get(rooms, str_of(event, "room"));
		if (list == NULL)
			json_object_set_new(rooms, str_of(event, "room"), list = json_array());
		json_array_append(list, event);
	}
	return days;
}

json_t *frab_by_guid(const json_t *doc)
{
	json_t *speakers = json_object(), *one;
	size_t i;

	json_array_foreach(json_object_get(doc, "speakers"), i, one)
	    json_object_set(speakers, str_of(one, "guid"), one);
	return speakers;
}

static bool one_of(const char *text, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(text, *names) == 0)
			return true;
	return false;
}

static void copy(json_t *into, const char *name, const json_t *from)
{
	json_t *member = json_object_get(from, name);

	if (member != NULL && !json_is_null(member))
		json_object_set(into, name, member);
}

static json_t *references(const json_t *list)
{
	static const char *const types[] = {"slides", "paper",	 "web",		"blog", "article",
					    "media",  "related", "activitypub", NULL};
	json_t *made = json_array(), *from;
	size_t i;

	json_array_foreach((json_t *)list, i, from)
	{
		json_t *one = json_object();

		copy(one, "url", from);
		copy(one, "title", from);
		if (one_of(str_of(from, "type"), types))
			copy(one, "type", from);
		json_array_append_new(made, one);
	}
	return made;
}

static json_t *persons(const json_t *event, const json_t *speakers)
{
	static const char *const names[] = {"id", "biography", "avatar", "answers", "url", NULL};
	json_t *made = json_array(), *guid;
	size_t i;

	json_array_foreach(json_object_get(event, "speakers"), i, guid)
	{
		const json_t *person = json_object_get(speakers, json_string_value(guid));
		const json_t *extra = json_object_get(person, "extra");
		const char *code = str_of(extra, "code");
		json_t *one = json_object();

		json_object_set(one, "guid", guid);
		copy(one, "name", person);
		for (int n = 0; names[n] != NULL; n++)
			copy(one, names[n], extra);
		if (*code != 0 && strspn(code, capitals) == strlen(code))
			copy(one, "code", extra);
		json_array_append_new(made, one);
	}
	return made;
}

static json_t *text_or_null(const json_t *from, const char *name)
{
	return (*str_of(from, name) != 0) ? json_string(str_of(from, name)) : json_null();
}

static void event_texts(json_t *one, const json_t *event)
{
	json_object_set_new(one, "url", json_string(str_of(event, "url")));
	copy(one, "title", event);
	copy(one, "subtitle", event);
	json_object_set_new(one, "track", text_or_null(event, "track"));
	json_object_set_new(one, "type", json_string(str_of(event, "kind")));
	copy(one, "language", event);
	copy(one, "abstract", event);
	copy(one, "description", event);
}

static json_t *event_json(const json_t *event, const json_t *speakers)
{
	const json_t *extra = json_object_get(event, "extra"),
		     *recording = json_object_get(extra, "recording");
	json_int_t seconds = json_integer_value(json_object_get(event, "seconds"));
	const char *start = str_of(event, "start"), *code = str_of(extra, "code");
	json_t *one = json_object();

	copy(one, "guid", event);
	json_object_set(one, "id", json_object_get(event, "number"));
	if (*code != 0 && strspn(code, capitals) == strlen(code))
		copy(one, "code", extra);
	copy(one, "logo", extra);
	json_object_set_new(one, "date", json_string(start));
	json_object_set_new(one, "start", json_stringn(start + 11, 5));
	json_object_set_new(one, "end", json_string(str_of(event, "end")));
	json_object_set_new(one, "duration",
			    json_sprintf("%02lld:%02lld", (long long)(seconds / 3600),
					 (long long)(seconds / 60 % 60)));
	copy(one, "room", event);
	copy(one, "slug", event);
	event_texts(one, event);
	json_object_set_new(one, "recording_license", json_string(str_of(recording, "license")));
	json_object_set_new(one, "do_not_record",
			    json_boolean(json_is_true(json_object_get(recording, "optout"))));
	copy(one, "do_not_stream", extra);
	json_object_set_new(one, "persons", persons(event, speakers));
	json_object_set_new(one, "links", references(json_object_get(extra, "links")));
	json_object_set_new(one, "attachments", references(json_object_get(extra, "attachments")));
	copy(one, "feedback_url", extra);
	copy(one, "origin_url", extra);
	return one;
}

/* Our talks name people by guid. */
static json_t *talks(const json_t *event)
{
	json_t *made = json_array(), *talk, *speaker;
	size_t i, j;

	json_array_foreach(json_object_get(event, "talks"), i, talk)
	{
		json_t *guids = json_array();

		json_array_foreach(json_object_get(talk, "speakers"), j, speaker)
		    json_array_append(guids, json_object_get(speaker, "guid"));
		json_array_append_new(made,
				      json_pack("{s:O, s:o}", "title",
						json_object_get(talk, "title"), "persons", guids));
	}
	return made;
}

static json_t *plenum(const json_t *doc)
{
	const json_t *about = json_object_get(doc, "conference");
	json_t *made = json_object(), *events = json_object(), *event;
	size_t i;

	if (*str_of(about, "subtitle") != 0)
		copy(made, "subtitle", about);
	if (*str_of(about, "venue") != 0)
		copy(made, "venue", about);
	if (json_object_size(json_object_get(about, "info")) > 0)
		copy(made, "info", about);
	json_array_foreach(json_object_get(doc, "events"), i, event)
	{
		const json_t *extra = json_object_get(event, "extra"),
			     *recording = json_object_get(extra, "recording");
		json_t *one = json_object(), *spoken = json_object();

		if (json_object_get(event, "talks") != NULL)
			json_object_set_new(one, "talks", talks(event));
		copy(one, "anchor", event);
		copy(one, "min_s", event);
		copy(one, "other", extra);
		copy(one, "video_download_url", extra);
		/* A file knows one place an event: what a session's further slots are, it cannot
		 * say. */
		if (json_object_get(event, "of") != NULL) {
			json_object_set(one, "session", json_object_get(event, "of"));
			copy(one, "slot", event);
		}
		copy(spoken, "url", recording);
		copy(spoken, "link", recording);
		if (json_object_size(spoken) > 0)
			json_object_set(one, "recording", spoken);
		if (json_object_size(one) > 0)
			json_object_set(events, str_of(event, "guid"), one);
		json_decref(spoken);
		json_decref(one);
	}
	if (json_object_size(events) > 0)
		json_object_set(made, "events", events);
	json_decref(events);
	return made;
}

static json_t *rooms(const json_t *doc)
{
	static const char *const types[] = {"lecturehall", "stage", "workshop", "outside", "online",
					    "project",	   "bbb",   "hangar",	"other",   NULL};
	static const char *const names[] = {"slug",	"stream_id", "description", "url",
					    "features", "assembly",  NULL};
	json_t *made = json_array(), *room;
	size_t i;

	json_array_foreach(json_object_get(doc, "rooms"), i, room)
	{
		const json_t *extra = json_object_get(room, "extra");
		json_t *one = json_object();

		copy(one, "name", room);
		copy(one, "guid", room);
		copy(one, "capacity", room);
		for (int n = 0; names[n] != NULL; n++)
			copy(one, names[n], extra);
		if (one_of(str_of(extra, "type"), types))
			copy(one, "type", extra);
		json_array_append_new(made, one);
	}
	return made;
}

static json_t *days(const json_t *doc)
{
	json_t *by_day = frab_by_day(doc), *speakers = frab_by_guid(doc), *made = json_array(),
	       *day, *room, *event;
	size_t i, j, k;

	json_array_foreach(json_object_get(doc, "days"), i, day)
	{
		json_t *held = json_object_get(by_day, str_of(day, "date")), *out = json_object();

		json_array_foreach(json_object_get(doc, "rooms"), j, room)
		{
			json_t *from = json_object_get(held, str_of(room, "name")),
			       *list = json_array();

			json_array_foreach(from, k, event)
			    json_array_append_new(list, event_json(event, speakers));
			if (json_array_size(list) > 0)
				json_object_set(out, str_of(room, "name"), list);
			json_decref(list);
		}
		json_array_append_new(made,
				      json_pack("{s:i, s:O, s:O, s:O, s:o}", "index", (int)i + 1,
						"date", json_object_get(day, "date"), "day_start",
						json_object_get(day, "start"), "day_end",
						json_object_get(day, "end"), "rooms", out));
	}
	json_decref(by_day);
	json_decref(speakers);
	return made;
}

static json_t *tracks(const json_t *doc)
{
	json_t *made = json_array(), *track;
	size_t i;

	json_array_foreach(json_object_get(doc, "tracks"), i, track)
	{
		json_t *one = json_object();

		copy(one, "name", track);
		copy(one, "slug", track);
		copy(one, "color", track);
		json_array_append_new(made, one);
	}
	return made;
}

void frab_json_write(const json_t *doc, struct buffer *b)
{
	static const char *const kept[] = {"logo",	  "colors", "keywords",
					   "description", "url",    NULL};
	const json_t *about = json_object_get(doc, "conference"),
		     *frab = json_object_get(about, "frab");
	json_t *out = json_object(), *schedule = json_object(), *whole, *beside = plenum(doc);
	int64_t seconds;
	char *text;

	json_object_set_new(
	    out, "acronym",
	    json_string((*str_of(frab, "acronym") != 0) ? str_of(frab, "acronym") : "plenum"));
	copy(out, "title", about);
	json_object_set(out, "start", json_object_get(about, "starts"));
	json_object_set(out, "end", json_object_get(about, "ends"));
	json_object_set_new(
	    out, "daysCount",
	    json_integer((json_int_t)json_array_size(json_object_get(doc, "days"))));
	json_object_set_new(out, "timeslot_duration",
			    json_string(duration_read(str_of(frab, "timeslot_duration"), &seconds)
					    ? str_of(frab, "timeslot_duration")
					    : "00:05"));
	json_object_set(out, "time_zone_name", json_object_get(about, "zone"));
	for (int i = 0; kept[i] != NULL; i++)
		copy(out, kept[i], frab);
	json_object_set_new(out, "tracks", tracks(doc));
	json_object_set_new(out, "rooms", rooms(doc));
	json_object_set_new(out, "days", days(doc));
	json_object_set_new(schedule, "version",
			    json_sprintf("v%" JSON_INTEGER_FORMAT,
					 json_integer_value(json_object_get(doc, "release"))));
	copy(schedule, "base_url", frab);
	if (json_object_size(beside) > 0)
		json_object_set(schedule, "plenum", beside);
	json_decref(beside);
	json_object_set_new(schedule, "conference", out);
	whole = json_pack("{s:s, s:{s:s}, s:o}", "$schema", "https://c3voc.de/schedule/schema.json",
			  "generator", "name", "plenum", "schedule", schedule);
	text = json_dumps(whole, JSON_COMPACT);
	buffer_text(b, text);
	free(text);
	json_decref(whole);
}
