/* services/call: abstracts from elsewhere: rows checked one by one, each with a word on what became
 * of it. */
#include "services/call/parts.h"

#include <stdlib.h>
#include <string.h>

enum { CALL_ROWS = 100, SCRATCH_ROWS = 32, SCRATCH_SIZE = 16 << 20 };

struct row {
	const char *source, *email, *name, *state, *submitted;
	int64_t number;
};

#define AT(member) offsetof(struct row, member)

static const struct field row_fields[] = {
    {"source", FIELD_TEXT, AT(source), FIELD_OPTIONAL, 200, 1, NULL},
    {"number", FIELD_INT, AT(number), FIELD_OPTIONAL, 1000000, 1, NULL},
    {"email", FIELD_EMAIL, AT(email), 0, 254, 0, NULL},
    {"name", FIELD_TEXT, AT(name), 0, 200, 1, NULL},
    {"state", FIELD_CHOICE, AT(state), FIELD_OPTIONAL, 0, 0, "draft|submitted|withdrawn"},
    {"submitted", FIELD_INSTANT, AT(submitted), FIELD_OPTIONAL, 0, 0, NULL},
    {0}};

static const struct {
	const char *member, *why;
} refusals[] = {
    {"source", "the number it had elsewhere is longer than 200 characters"},
    {"number", "the number is none between 1 and 1,000,000"},
    {"email", "the submitter's e-mail address is missing or is none"},
    {"name", "the submitter's name is missing or longer than 200 characters"},
    {"state", "the state is none of draft, submitted, withdrawn"},
    {"submitted", "the time it was submitted is no instant with Z or an offset"},
    {"title", "the title is missing or longer than 300 characters"},
    {"body", "the abstract is missing or longer than 6,000 characters"},
    {"wish", "the wish is none of talk, poster, either"},
    {"mode", "the mode is neither on_site nor online"},
    {"topics", "topics is not a list of names"},
    {"consents",
     "consents is not a list of kinds, each once, given or not, with an instant or none"},
};

struct reading {
	struct arena *scratch; /* of a few rows */
	json_t *good, *refused;
};

static const char *refusal(struct reading *r, const char *member)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(refusals[i].member, member) == 0)
			return refusals[i].why;
	return arena_printf(r->scratch, "%s cannot be read", member);
}

/* Names of topics as they are; the statement finds them. */
static bool topics_ok(const json_t *topics)
{
	size_t i;
	json_t *one;

	if (topics == NULL || json_is_null(topics))
		return true;
	if (!json_is_array(topics) || json_array_size(topics) > TRACKS_MAX)
		return false;
	json_array_foreach((json_t *)topics, i,
			   one) if (!json_is_string(one) ||
				    json_string_length(one) > 300) return false;
	return true;
}

static bool presenter_given(const json_t *authors)
{
	size_t i;
	json_t *one;

	json_array_foreach((json_t *)authors, i,
			   one) if (json_is_true(json_object_get(one, "presents"))) return true;
	return false;
}

/* Who presents is often not said elsewhere: then the first author does. */
static void presenter_chosen(json_t *authors)
{
	if (json_array_size(authors) > 0 && !presenter_given(authors))
		json_object_set_new(json_array_get(authors, 0), "presents", json_true());
}

/* NULL, or the reason why not; a good one is added with its number. */
static const char *row_wrong(struct reading *r, const json_t *json, size_t number)
{
	struct row row = {0};
	json_t *content = NULL, *consents = NULL, *clean;
	const char *member = "";

	if (!json_is_object(json))
		return "the row is no object";
	if (fields_decode(r->scratch, row_fields, json, &row, &member) != OK)
		return refusal(r, member);
	if (!topics_ok(json_object_get(json, "topics")))
		return refusal(r, "topics");
	if (!consents_decode(r->scratch, json_object_get(json, "consents"), &consents))
		return refusal(r, "consents");
	if (content_decode(r->scratch, json, &content, &member) != OK) {
		json_decref(consents);
		return refusal(r, member);
	}
	presenter_chosen(json_object_get(content, "authors"));
	clean = json_pack(
	    "{s:i,s:s?,s:I,s:s,s:s,s:s,s:s?,s:O?,s:o,s:o}", "row", (int)number, "source",
	    row.source, "number", (json_int_t)row.number, "email", row.email, "name", row.name,
	    "state", row.state != NULL ? row.state : "submitted", "submitted", row.submitted,
	    "topics", json_object_get(json, "topics"), "consents", consents, "content", content);
	json_array_append_new(r->good, clean);
	return NULL;
}

static void read_rows(struct reading *r, const json_t *rows)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const char *why;

		if (i % SCRATCH_ROWS == 0) {
			arena_destroy(r->scratch);
			r->scratch = arena_create(SCRATCH_SIZE);
		}
		why = row_wrong(r, json_array_get(rows, i), i + 1);
		if (why != NULL)
			json_array_append_new(
			    r->refused, json_pack("{s:i,s:s}", "row", (int)i + 1, "why", why));
	}
	arena_destroy(r->scratch);
	r->scratch = NULL;
}

static const char *kept_text(struct request *rq, json_t *json)
{
	char *bytes = json_dumps(json, JSON_COMPACT);
	const char *kept = arena_strdup(rq->arena, bytes);

	free(bytes);
	json_decref(json);
	return kept;
}

fault abstract_import(struct request *rq)
{
	const struct abstract_import_params *p = rq->params;
	struct reading r = {.good = json_array(), .refused = json_array()};
	json_t *rows = json_loads(p->rows, 0, NULL);
	fault f = json_is_array(rows) && json_array_size(rows) > 0 ? OK : &fault_bad_request;

	if (f == OK && !(rq->method->flags & METHOD_CLI) && json_array_size(rows) > CALL_ROWS)
		f = &fault_size;
	if (f == OK)
		read_rows(&r, rows);
	json_decref(rows);
	if (f != OK) {
		rq->fault_field = "rows";
		json_decref(r.good);
		json_decref(r.refused);
		return f;
	}
	return db_write(rq, LANE_SLOW, SQL_ABSTRACT_IMPORT,
			PARAMS(kept_text(rq, r.good), kept_text(rq, r.refused), p_bool(p->dry_run),
			       p_bool(p->partial)));
}
