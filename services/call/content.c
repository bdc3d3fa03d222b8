/* services/call: what applicants and organisers write, cleaned member by member: an abstract's
 * content, consents, deadlines. */
#include "services/call/parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct content {
	const char *title, *body, *wish, *mode;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field content_fields[] = {
    {"title", FIELD_TEXT, AT(content, title), 0, TITLE_MAX, 0, NULL},
    {"body", FIELD_LINES, AT(content, body), 0, BODY_MAX, 0, NULL},
    {"wish", FIELD_CHOICE, AT(content, wish), FIELD_OPTIONAL, 0, 0, "talk|poster|either"},
    {"mode", FIELD_CHOICE, AT(content, mode), FIELD_OPTIONAL, 0, 0, "on_site|online"},
    {0}};

struct author {
	const char *name, *affiliation, *email;
	bool presents;
};

/* As typed: an address may still be half a word. */
static const struct field author_fields[] = {
    {"name", FIELD_TEXT, AT(author, name), 0, 200, 0, NULL},
    {"affiliation", FIELD_TEXT, AT(author, affiliation), FIELD_OPTIONAL, 300, 0, NULL},
    {"email", FIELD_TEXT, AT(author, email), FIELD_OPTIONAL, 254, 0, NULL},
    {"presents", FIELD_BOOL, AT(author, presents), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

struct track {
	const char *id;
};

static const struct field track_fields[] = {{"id", FIELD_UUID, AT(track, id), 0, 0, 0, NULL}, {0}};

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* As addresses are kept, so that what is handed in twice is the same. */
static const char *lowered(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, or_empty(text));

	for (char *c = copy; *c != 0; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static fault authors_decode(struct arena *arena, const json_t *authors, json_t *to,
			    const char **ret_field)
{
	*ret_field = "authors";
	if (!json_is_array(authors))
		return &fault_bad_request;
	if (json_array_size(authors) > AUTHORS_MAX)
		return &fault_size;
	for (size_t i = 0; i < json_array_size(authors); i++) {
		struct author author = {0};
		const char *member = "";
		fault f = json_is_object(json_array_get(authors, i))
			      ? fields_decode(arena, author_fields, json_array_get(authors, i),
					      &author, &member)
			      : &fault_bad_request;

		if (f != OK) {
			*ret_field = arena_printf(arena, "authors[%zu].%s", i, member);
			return f;
		}
		json_array_append_new(to, json_pack("{s:s,s:s,s:s,s:b}", "name", author.name,
						    "affiliation", or_empty(author.affiliation),
						    "email", lowered(arena, author.email),
						    "presents", author.presents));
	}
	return OK;
}

static fault tracks_decode(struct arena *arena, const json_t *tracks, json_t *to,
			   const char **ret_field)
{
	*ret_field = "tracks";
	if (tracks == NULL)
		return OK;
	if (!json_is_array(tracks))
		return &fault_bad_request;
	if (json_array_size(tracks) > TRACKS_MAX)
		return &fault_size;
	for (size_t i = 0; i < json_array_size(tracks); i++) {
		json_t *one = json_pack("{s:O}", "id", json_array_get(tracks, i));
		struct track track = {0};
		const char *member;
		fault f = fields_decode(arena, track_fields, one, &track, &member);

		json_decref(one);
		if (f != OK)
			return f;
		json_array_append_new(to, json_string(track.id));
	}
	return OK;
}

fault content_decode(struct arena *arena, const json_t *content, json_t **ret_content,
		     const char **ret_field)
{
	struct content c = {0};
	json_t *authors, *tracks;
	fault f;

	*ret_field = "content";
	if (!json_is_object(content))
		return &fault_bad_request;
	f = fields_decode(arena, content_fields, content, &c, ret_field);
	if (f != OK)
		return f;
	authors = json_array();
	tracks = json_array();
	f = authors_decode(arena, json_object_get(content, "authors"), authors, ret_field);
	if (f == OK)
		f = tracks_decode(arena, json_object_get(content, "tracks"), tracks, ret_field);
	if (f == OK)
		*ret_content = json_pack("{s:s,s:s,s:s,s:s,s:O,s:O}", "title", c.title, "body",
					 c.body, "wish", c.wish != NULL ? c.wish : "talk", "mode",
					 c.mode != NULL ? c.mode : "on_site", "tracks", tracks,
					 "authors", authors);
	json_decref(authors);
	json_decref(tracks);
	return f;
}

/* Gives json up. */
static const char *text_in(struct arena *arena, json_t *json)
{
	char *bytes = json_dumps(json, JSON_COMPACT);
	const char *kept = arena_strdup(arena, bytes);

	free(bytes);
	json_decref(json);
	return kept;
}

fault content_clean(struct arena *arena, const json_t *content, const char **ret_json,
		    const char **ret_field)
{
	json_t *clean = NULL;
	fault f = content_decode(arena, content, &clean, ret_field);

	if (f == OK)
		*ret_json = text_in(arena, clean);
	return f;
}

struct consent {
	const char *kind, *text, *text_da, *at;
	int64_t version;
	bool given, required;
};

static const struct field given_fields[] = {
    {"kind", FIELD_RAW, AT(consent, kind), 0, 40, 1, NULL},
    {"version", FIELD_INT, AT(consent, version), 0, INT32_MAX, 1, NULL},
    {"given", FIELD_BOOL, AT(consent, given), 0, 0, 0, NULL},
    {0}};

/* Without a version: to the words that are asked now. */
static const struct field known_fields[] = {
    {"kind", FIELD_RAW, AT(consent, kind), 0, 40, 1, NULL},
    {"version", FIELD_INT, AT(consent, version), FIELD_OPTIONAL, INT32_MAX, 1, NULL},
    {"given", FIELD_BOOL, AT(consent, given), 0, 0, 0, NULL},
    {"at", FIELD_INSTANT, AT(consent, at), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct field consent_text_fields[] = {
    {"kind", FIELD_RAW, AT(consent, kind), 0, 40, 1, NULL},
    {"text", FIELD_LINES, AT(consent, text), 0, 2000, 1, NULL},
    {"text_da", FIELD_LINES, AT(consent, text_da), FIELD_OPTIONAL, 2000, 0, NULL},
    {"required", FIELD_BOOL, AT(consent, required), 0, 0, 0, NULL},
    {0}};

static json_t *consent_given(const struct consent *c)
{
	return json_pack("{s:s,s:I,s:b}", "kind", c->kind, "version", (json_int_t)c->version,
			 "given", c->given);
}

static json_t *consent_words(const struct consent *c)
{
	return json_pack("{s:s,s:s,s:s,s:b}", "kind", c->kind, "text", c->text, "text_da",
			 or_empty(c->text_da), "required", c->required);
}

/* A kind twice would be two answers to one question. */
static bool named_twice(const json_t *clean, const char *kind)
{
	size_t i;
	json_t *one;

	json_array_foreach((json_t *)clean, i,
			   one) if (strcmp(json_string_value(json_object_get(one, "kind")), kind) ==
				    0) return true;
	return false;
}

static fault list_clean(struct request *rq, const char **consents, const struct field *fields,
			json_t *(*one)(const struct consent *c))
{
	json_t *list = json_loads(*consents, 0, NULL), *clean = json_array();
	fault f = OK;

	rq->fault_field = "consents";
	if (!json_is_array(list) || json_array_size(list) > CONSENTS_MAX)
		f = &fault_bad_request;
	for (size_t i = 0; f == OK && i < json_array_size(list); i++) {
		struct consent c = {0};
		const char *member = "";

		f = json_is_object(json_array_get(list, i))
			? fields_decode(rq->arena, fields, json_array_get(list, i), &c, &member)
			: &fault_bad_request;
		if (f == OK && named_twice(clean, c.kind))
			f = &fault_bad_request;
		if (f != OK)
			rq->fault_field = arena_printf(rq->arena, "consents[%zu].%s", i, member);
		else
			json_array_append_new(clean, one(&c));
	}
	json_decref(list);
	*consents = text_in(rq->arena, clean);
	if (f == OK)
		rq->fault_field = NULL;
	return f;
}

fault consents_clean(struct request *rq, const char **consents)
{
	if (*consents == NULL)
		*consents = "[]";
	return list_clean(rq, consents, given_fields, consent_given);
}

bool consents_decode(struct arena *arena, const json_t *consents, json_t **ret_consents)
{
	json_t *clean;

	if (consents != NULL && !json_is_null(consents) && !json_is_array(consents))
		return false;
	if (json_array_size(consents) > CONSENTS_MAX)
		return false;
	clean = json_array();
	for (size_t i = 0; i < json_array_size(consents); i++) {
		const json_t *one = json_array_get(consents, i);
		struct consent c = {0};
		const char *member;

		if (!json_is_object(one) ||
		    fields_decode(arena, known_fields, one, &c, &member) != OK ||
		    named_twice(clean, c.kind)) {
			json_decref(clean);
			return false;
		}
		json_array_append_new(clean, json_pack("{s:s,s:I,s:b,s:s?}", "kind", c.kind,
						       "version", (json_int_t)c.version, "given",
						       c.given, "at", c.at));
	}
	*ret_consents = clean;
	return true;
}

fault consent_texts_clean(struct request *rq, const char **consents)
{
	return list_clean(rq, consents, consent_text_fields, consent_words);
}

struct deadline {
	const char *text, *label, *zone;
};

static const struct field deadline_fields[] = {
    {"text", FIELD_TEXT, AT(deadline, text), 0, 16, 16, NULL},
    {"label", FIELD_TEXT, AT(deadline, label), 0, 12, 1, NULL},
    {"zone", FIELD_RAW, AT(deadline, zone), 0, 64, 1, NULL},
    {0}};

fault deadline_clean(struct request *rq, const char *name, const char **deadline)
{
	json_t *json = json_loads(*deadline, 0, NULL);
	struct deadline d = {0};
	const char *member = "";
	fault f = json_is_object(json)
		      ? fields_decode(rq->arena, deadline_fields, json, &d, &member)
		      : &fault_bad_request;

	json_decref(json);
	if (f != OK) {
		rq->fault_field = arena_printf(rq->arena, "%s.%s", name, member);
		return f;
	}
	*deadline = text_in(rq->arena, json_pack("{s:s,s:s,s:s}", "text", d.text, "label", d.label,
						 "zone", d.zone));
	return OK;
}
