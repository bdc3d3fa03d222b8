/* services/schedule: the people and talks of a frab event, and the members we keep only to give
 * them back. */
#include "services/schedule/file.h"

#include <stdlib.h>
#include <string.h>

enum { PERSON_MAX_CHARS = 300, TALK_MAX_CHARS = 500, LINK_MAX_CHARS = 500 };

/* The guid of a person, who is added when new; NULL: *ret_why, or nameless when that stays NULL. */
static const char *person_add(struct frab *f, const json_t *from, const char **ret_why)
{
	static const char *const kept[] = {"id",      "code", "biography", "avatar",
					   "answers", "url",  NULL};
	json_t *named = json_is_string(from) ? json_pack("{s:O}", "name", from) : NULL;
	const char *name =
	    frab_text(f, (named != NULL) ? named : from, "name", PERSON_MAX_CHARS, false, ret_why);
	const char *guid, *id, *none = NULL;
	json_t *one, *extra;

	if (name != NULL && *name == 0)
		name = frab_text(f, from, "public_name", PERSON_MAX_CHARS, false, ret_why);
	json_decref(named);
	if (name == NULL || *name == 0)
		return NULL;
	guid = guid_read(f->arena, str_of(from, "guid"));
	if (guid == NULL) {
		id = frab_text(f, from, "id", LINK_MAX_CHARS, false, &none);
		if (id != NULL && *id != 0)
			guid = name_guid(f->arena, "%s/person/id/%s", f->acronym, id);
		else if (*str_of(from, "code") != 0)
			guid = name_guid(f->arena, "%s/person/code/%s", f->acronym,
					 str_of(from, "code"));
		else
			guid = name_guid(f->arena, "%s/person/name/%s", f->acronym, name);
		if (json_object_get(f->speaker_name, guid) == NULL)
			f->people++;
	}
	if (json_object_get(f->speaker_name, guid) != NULL)
		return guid;
	one = json_object();
	extra = json_object();
	json_object_set_new(one, "guid", json_string(guid));
	json_object_set_new(one, "name", json_string(name));
	for (int i = 0; kept[i] != NULL; i++) {
		json_t *member = json_object_get(from, kept[i]);

		if (member == NULL || json_is_null(member) ||
		    (json_is_array(member) && json_array_size(member) == 0))
			continue;
		if (json_is_string(member) && *json_string_value(member) == 0)
			continue;
		json_object_set(extra, kept[i], member);
	}
	/* XML has it as text. */
	id = json_string_value(json_object_get(extra, "id"));
	if (id != NULL && strlen(id) < 16 && strspn(id, "0123456789") == strlen(id))
		json_object_set_new(extra, "id", json_integer(strtoll(id, NULL, 10)));
	json_object_set_new(one, "extra", extra);
	json_array_append_new(f->speakers, one);
	json_object_set_new(f->speaker_name, guid, json_string(name));
	return guid;
}

static bool has_text(const json_t *list, const char *text)
{
	json_t *one;
	size_t i;

	json_array_foreach((json_t *)list, i,
			   one) if (strcmp(json_string_value(one), text) == 0) return true;
	return false;
}

static const char *persons_read(struct frab *f, const json_t *from, json_t *guids)
{
	json_t *person;
	size_t i;

	json_array_foreach((json_t *)from, i, person)
	{
		const char *why = NULL, *guid;

		/* Our own files name people of the same file by guid. */
		if (json_is_string(person) &&
		    json_object_get(f->speaker_name, json_string_value(person)) != NULL)
			guid = json_string_value(person);
		else
			guid = person_add(f, person, &why);
		if (guid == NULL && why != NULL)
			return why;
		if (guid == NULL)
			frab_report(f, "repaired", "person %zu has no name: left out", i + 1);
		else if (!has_text(guids, guid))
			json_array_append_new(guids, json_string(guid));
	}
	return NULL;
}

static const char *talks_read(struct frab *f, const json_t *list, json_t *event)
{
	json_t *talks = json_array(), *from, *speakers;
	const char *why = NULL, *title;
	size_t i;

	json_array_foreach((json_t *)list, i, from)
	{
		title = frab_text(f, from, "title", TALK_MAX_CHARS, false, &why);
		if (title == NULL)
			break;
		if (*title == 0) {
			why = arena_printf(f->arena, "talk %zu has no title", i + 1);
			break;
		}
		speakers = json_array();
		why = persons_read(f, json_object_get(from, "persons"), speakers);
		json_array_append_new(
		    talks, json_pack("{s:s, s:o}", "title", title, "speakers", speakers));
		if (why != NULL)
			break;
	}
	if (why == NULL && json_array_size(talks) > 0)
		json_object_set(event, "talks", talks);
	json_decref(talks);
	return why;
}

const char *frab_people(struct frab *f, const json_t *from, json_t *event)
{
	json_t *guids = json_array(), *talks = json_object_get(from, "talks"), *talk, *guid;
	const char *why = persons_read(f, json_object_get(from, "persons"), guids);
	size_t i, j;

	json_object_set_new(event, "speakers", guids);
	if (talks == NULL)
		talks = json_object_get(json_object_get(f->talks, str_of(event, "guid")), "talks");
	if (why == NULL && talks != NULL)
		why = talks_read(f, talks, event);
	if (why != NULL)
		return why;
	json_array_foreach(json_object_get(event, "talks"), i, talk)
	    json_array_foreach(json_object_get(talk, "speakers"), j,
			       guid) if (!has_text(guids, json_string_value(guid)))
		json_array_append(guids, guid);
	return NULL;
}

/* Links and attachments. */
static json_t *references(struct frab *f, const json_t *list, const char *what)
{
	json_t *made = json_array(), *from;
	size_t i;

	json_array_foreach((json_t *)list, i, from)
	{
		const char *url = frab_url(f, from, "url"), *none = NULL;
		static const char *const names[] = {"title", "type", "service", NULL};
		json_t *one;

		if (url == NULL) {
			frab_report(f, "repaired", "%s %zu has no web address: left out", what,
				    i + 1);
			continue;
		}
		one = json_pack("{s:s}", "url", url);
		for (int n = 0; names[n] != NULL; n++) {
			const char *text =
			    frab_text(f, from, names[n], LINK_MAX_CHARS, false, &none);

			if (text != NULL && *text != 0)
				json_object_set_new(one, names[n], json_string(text));
		}
		json_array_append_new(made, one);
	}
	return made;
}

static json_t *recording(struct frab *f, const json_t *from)
{
	const json_t *given = json_object_get(from, "recording");
	const char *none = NULL, *url;
	const char *license = frab_text(f, (given != NULL) ? given : from,
					(given != NULL) ? "license" : "recording_license",
					LINK_MAX_CHARS, false, &none);
	bool optout = json_is_true(json_object_get(given, "optout")) ||
		      json_is_true(json_object_get(from, "do_not_record"));
	json_t *made = json_object();

	if (license != NULL && *license != 0)
		json_object_set_new(made, "license", json_string(license));
	if (optout)
		json_object_set_new(made, "optout", json_true());
	if (given != NULL && (url = frab_url(f, given, "url")) != NULL)
		json_object_set_new(made, "url", json_string(url));
	if (given != NULL && (url = frab_url(f, given, "link")) != NULL)
		json_object_set_new(made, "link", json_string(url));
	return made;
}

static void keep(json_t *into, const char *name, json_t *value)
{
	if (json_object_size(value) + json_array_size(value) > 0)
		json_object_set(into, name, value);
	json_decref(value);
}

static bool is_known(const char *name)
{
	static const char *const names[] = {"@line",
					    "guid",
					    "id",
					    "date",
					    "start",
					    "end",
					    "duration",
					    "room",
					    "slug",
					    "url",
					    "title",
					    "subtitle",
					    "track",
					    "type",
					    "language",
					    "abstract",
					    "description",
					    "persons",
					    "talks",
					    "logo",
					    "code",
					    "links",
					    "attachments",
					    "recording",
					    "recording_license",
					    "do_not_record",
					    "do_not_stream",
					    "feedback_url",
					    "origin_url",
					    "video_download_url",
					    NULL};

	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_yes(const json_t *value)
{
	const char *text = json_string_value(value);

	return json_is_true(value) ||
	       (text != NULL && (strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0));
}

/* Whatever else the file said; also what our own export put beside the event because frab's schema
 * has no place for it. */
static json_t *unknown(struct frab *f, const json_t *from, const json_t *beside)
{
	json_t *made = json_object(), *value;
	const char *name;

	json_object_foreach((json_t *)from, name,
			    value) if (!is_known(name) && !json_is_null(value))
	    json_object_set(made, name, value);
	if (json_object_size(made) > 0)
		frab_report(f, "noted", "%s is kept but means nothing to us",
			    json_object_iter_key(json_object_iter(made)));
	json_object_update(made, json_object_get(beside, "other"));
	return made;
}

json_t *frab_extra(struct frab *f, const json_t *from)
{
	static const char *const urls[] = {"logo", "feedback_url", "origin_url",
					   "video_download_url", NULL};
	const json_t *beside = json_object_get(f->talks, str_of(from, "guid"));
	json_t *made = json_object(), *spoken;
	const char *text, *none = NULL;

	for (int i = 0; urls[i] != NULL; i++)
		if ((text = frab_url(f, from, urls[i])) != NULL)
			json_object_set_new(made, urls[i], json_string(text));
	text = frab_text(f, from, "code", LINK_MAX_CHARS, false, &none);
	if (text != NULL && *text != 0)
		json_object_set_new(made, "code", json_string(text));
	if (is_yes(json_object_get(from, "do_not_stream")))
		json_object_set_new(made, "do_not_stream", json_true());
	keep(made, "links", references(f, json_object_get(from, "links"), "link"));
	keep(made, "attachments",
	     references(f, json_object_get(from, "attachments"), "attachment"));
	spoken = recording(f, from);
	json_object_update(spoken, json_object_get(beside, "recording"));
	keep(made, "recording", spoken);
	keep(made, "other", unknown(f, from, beside));
	if ((text = json_string_value(json_object_get(beside, "video_download_url"))) != NULL &&
	    url_ok(text))
		json_object_set_new(made, "video_download_url", json_string(text));
	return made;
}
