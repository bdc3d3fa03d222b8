/* services/schedule: our document → frab XML that its schema accepts. What the schema has no
 * element for is left out. */
#include "services/schedule/file.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

/* Two code points are valid Unicode and no XML character. */
static const xmlChar *safe(const char *text, char **ret_made)
{
	char *at;

	if (strstr(text, "\xef\xbf\xbe") == NULL && strstr(text, "\xef\xbf\xbf") == NULL)
		return (const xmlChar *)text;
	*ret_made = xstrdup(text);
	while ((at = strstr(*ret_made, "\xef\xbf\xbe")) != NULL ||
	       (at = strstr(*ret_made, "\xef\xbf\xbf")) != NULL)
		memmove(at, at + 3, strlen(at + 3) + 1);
	return (const xmlChar *)*ret_made;
}

static void element(xmlTextWriterPtr w, const char *name, const char *text)
{
	char *made = NULL;

	xmlTextWriterWriteElement(w, (const xmlChar *)name, safe(text, &made));
	free(made);
}

static void attribute(xmlTextWriterPtr w, const char *name, const char *text)
{
	char *made = NULL;

	if (*text != 0)
		xmlTextWriterWriteAttribute(w, (const xmlChar *)name, safe(text, &made));
	free(made);
}

static void open_element(xmlTextWriterPtr w, const char *name)
{
	xmlTextWriterStartElement(w, (const xmlChar *)name);
}

static void optional(xmlTextWriterPtr w, const char *name, const json_t *from)
{
	if (*str_of(from, name) != 0)
		element(w, name, str_of(from, name));
}

static void url_element(xmlTextWriterPtr w, const char *name, const json_t *from)
{
	if (url_ok(str_of(from, name)))
		element(w, name, str_of(from, name));
}

static bool is_color(const char *text)
{
	return strlen(text) == 7 && *text == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static void write_conference(xmlTextWriterPtr w, const json_t *doc)
{
	const json_t *about = json_object_get(doc, "conference"),
		     *frab = json_object_get(about, "frab");
	const json_t *colors = json_object_get(frab, "colors");
	char acronym[128], days[24];
	json_t *track;
	int64_t seconds;
	size_t i;

	snprintf(days, sizeof(days), "%zu", json_array_size(json_object_get(doc, "days")));
	snprintf(acronym, sizeof(acronym), "%s", str_of(frab, "acronym"));
	open_element(w, "conference");
	element(w, "acronym", (*acronym != 0) ? acronym : "plenum");
	element(w, "title", str_of(about, "title"));
	element(w, "start", str_of(about, "starts"));
	element(w, "end", str_of(about, "ends"));
	element(w, "days", days);
	element(w, "timeslot_duration",
		duration_read(str_of(frab, "timeslot_duration"), &seconds)
		    ? str_of(frab, "timeslot_duration")
		    : "00:05");
	url_element(w, "base_url", frab);
	url_element(w, "logo", frab);
	url_element(w, "url", frab);
	element(w, "time_zone_name", str_of(about, "zone"));
	if (is_color(str_of(colors, "primary"))) {
		open_element(w, "color");
		attribute(w, "primary", str_of(colors, "primary"));
		if (is_color(str_of(colors, "background")))
			attribute(w, "background", str_of(colors, "background"));
		xmlTextWriterEndElement(w);
	}
	json_array_foreach(json_object_get(doc, "tracks"), i, track)
	{
		open_element(w, "track");
		attribute(w, "name", str_of(track, "name"));
		attribute(w, "color", str_of(track, "color"));
		attribute(w, "slug", str_of(track, "slug"));
		xmlTextWriterEndElement(w);
	}
	xmlTextWriterEndElement(w);
}

static void write_persons(xmlTextWriterPtr w, const json_t *event, const json_t *speakers)
{
	json_t *guid;
	size_t i;

	open_element(w, "persons");
	json_array_foreach(json_object_get(event, "speakers"), i, guid)
	{
		const json_t *person = json_object_get(speakers, json_string_value(guid));
		const json_t *id = json_object_get(json_object_get(person, "extra"), "id");
		char number[24];

		open_element(w, "person");
		attribute(w, "guid", json_string_value(guid));
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(id));
		if (json_is_integer(id))
			attribute(w, "id", number);
		xmlTextWriterWriteString(w, (const xmlChar *)str_of(person, "name"));
		xmlTextWriterEndElement(w);
	}
	xmlTextWriterEndElement(w);
}

static void write_references(xmlTextWriterPtr w, const json_t *extra, const char *name,
			     const char *each)
{
	json_t *one;
	size_t i;

	if (json_object_get(extra, name) == NULL)
		return;
	open_element(w, name);
	json_array_foreach(json_object_get(extra, name), i, one)
	{
		open_element(w, each);
		attribute(w, "href", str_of(one, "url"));
		attribute(w, "type", str_of(one, "type"));
		if (strcmp(each, "link") == 0)
			attribute(w, "service", str_of(one, "service"));
		xmlTextWriterWriteString(w, (const xmlChar *)str_of(one, "title"));
		xmlTextWriterEndElement(w);
	}
	xmlTextWriterEndElement(w);
}

static void write_extra(xmlTextWriterPtr w, const json_t *extra)
{
	const json_t *recording = json_object_get(extra, "recording");

	url_element(w, "logo", extra);
	if (recording != NULL) {
		open_element(w, "recording");
		element(w, "license", str_of(recording, "license"));
		element(w, "optout",
			json_is_true(json_object_get(recording, "optout")) ? "true" : "false");
		url_element(w, "url", recording);
		url_element(w, "link", recording);
		xmlTextWriterEndElement(w);
	}
	write_references(w, extra, "links", "link");
	write_references(w, extra, "attachments", "attachment");
	url_element(w, "video_download_url", extra);
	url_element(w, "feedback_url", extra);
	url_element(w, "origin_url", extra);
}

static void write_event(xmlTextWriterPtr w, const json_t *event, const json_t *speakers)
{
	const json_t *extra = json_object_get(event, "extra");
	json_int_t seconds = json_integer_value(json_object_get(event, "seconds"));
	const char *code = str_of(extra, "code"), *start = str_of(event, "start");
	char text[32];

	open_element(w, "event");
	attribute(w, "guid", str_of(event, "guid"));
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(event, "number")));
	attribute(w, "id", text);
	if (strlen(code) == 6 && strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 6)
		attribute(w, "code", code);
	element(w, "date", start);
	snprintf(text, sizeof(text), "%.5s", start + 11);
	element(w, "start", text);
	/* Above 99 hours the schema has no form; the truth is better than a valid lie. */
	snprintf(text, sizeof(text), "%02lld:%02lld", (long long)(seconds / 3600),
		 (long long)(seconds / 60 % 60));
	if (seconds % 60 != 0)
		snprintf(text + strlen(text), 8, ":%02lld", (long long)(seconds % 60));
	element(w, "duration", text);
	element(w, "room", str_of(event, "room"));
	optional(w, "slug", event);
	url_element(w, "url", event);
	element(w, "title", str_of(event, "title"));
	element(w, "subtitle", str_of(event, "subtitle"));
	element(w, "language", str_of(event, "language"));
	element(w, "track", str_of(event, "track"));
	element(w, "type", str_of(event, "kind"));
	element(w, "abstract", str_of(event, "abstract"));
	element(w, "description", str_of(event, "description"));
	write_persons(w, event, speakers);
	write_extra(w, extra);
	xmlTextWriterEndElement(w);
}

/* All rooms on the first day, so that a reader learns of them and their order; later only those
 * with something in them. */
static void write_day(xmlTextWriterPtr w, const json_t *doc, size_t index, const json_t *day,
		      const json_t *rooms_of_day, const json_t *speakers)
{
	json_t *room, *event;
	char number[24];
	size_t i, j;

	snprintf(number, sizeof(number), "%zu", index + 1);
	open_element(w, "day");
	attribute(w, "index", number);
	attribute(w, "date", str_of(day, "date"));
	attribute(w, "start", str_of(day, "start"));
	attribute(w, "end", str_of(day, "end"));
	json_array_foreach(json_object_get(doc, "rooms"), i, room)
	{
		const json_t *events = json_object_get(rooms_of_day, str_of(room, "name"));

		if (index > 0 && events == NULL)
			continue;
		open_element(w, "room");
		attribute(w, "name", str_of(room, "name"));
		attribute(w, "guid", str_of(room, "guid"));
		json_array_foreach(events, j, event) write_event(w, event, speakers);
		xmlTextWriterEndElement(w);
	}
	xmlTextWriterEndElement(w);
}

void frab_xml_write(const json_t *doc, struct buffer *b)
{
	xmlBufferPtr out = xmlBufferCreate();
	xmlTextWriterPtr w = xmlNewTextWriterMemory(out, 0);
	json_t *days = frab_by_day(doc), *speakers = frab_by_guid(doc), *day;
	char version[24];
	size_t i;

	snprintf(version, sizeof(version), "v%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(doc, "release")));
	xmlTextWriterSetIndent(w, 1);
	xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
	open_element(w, "schedule");
	open_element(w, "generator");
	attribute(w, "name", "plenum");
	xmlTextWriterEndElement(w);
	element(w, "version", version);
	write_conference(w, doc);
	json_array_foreach(json_object_get(doc, "days"), i, day)
	    write_day(w, doc, i, day, json_object_get(days, str_of(day, "date")), speakers);
	xmlTextWriterEndDocument(w);
	xmlFreeTextWriter(w);
	buffer_add(b, (const char *)xmlBufferContent(out), (size_t)xmlBufferLength(out));
	xmlBufferFree(out);
	json_decref(days);
	json_decref(speakers);
}
