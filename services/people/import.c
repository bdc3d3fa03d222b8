/* services/people: people by the hundred or the ten thousand, and their entry codes. */
#include "services/people/people.h"
#include "services/people/parts.h"

#include "services/core/json.h"
#include "services/core/ticket.h"

#include <string.h>

enum {
	CALL_ROWS = 100,
	MEMBER_SIZE = 4096,
	ROLES_MAX = 7,
	SCRATCH_ROWS = 64,
	SCRATCH_SIZE = 16 << 20
};

struct row {
	const char *email, *name, *mode, *organisation, *category;
};

static const struct field row_fields[] = {
    {"email", FIELD_EMAIL, offsetof(struct row, email), 0, 254, 0, NULL},
    {"name", FIELD_TEXT, offsetof(struct row, name), 0, 200, 1, NULL},
    {"mode", FIELD_CHOICE, offsetof(struct row, mode), FIELD_OPTIONAL, 0, 0, "on_site|online"},
    {"organisation", FIELD_TEXT, offsetof(struct row, organisation), FIELD_OPTIONAL, 200, 1, NULL},
    {"category", FIELD_TEXT, offsetof(struct row, category), FIELD_OPTIONAL, 60, 1, NULL},
    {0}};

static const struct {
	const char *member, *why;
} refusals[] = {
    {"email", "the e-mail address is missing or is none"},
    {"name", "the name is missing or longer than 200 characters"},
    {"mode", "the mode is neither on_site nor online"},
    {"organisation", "the organisation is longer than 200 characters"},
    {"category", "the category is empty or longer than 60 characters"},
};

/* One reading of all rows: what goes to the database, and what is refused before. */
struct reading {
	const struct import_params *params;
	const char *conference;
	struct arena *scratch; /* of a few rows; import.c frees it */
	json_t *seen;	       /* e-mail → row */
	struct buffer good, refused;
	int good_count, refused_count;
};

static const char *size_wrong(const json_t *row)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)row, name,
			    value) if (json_string_length(value) >
				       MEMBER_SIZE) return "a member is too long";
	return NULL;
}

static const char *roles_wrong(const json_t *roles)
{
	if (roles == NULL || json_is_null(roles))
		return NULL;
	if (!json_is_array(roles) || json_array_size(roles) > ROLES_MAX)
		return "roles is not a list of roles";
	for (size_t i = 0; i < json_array_size(roles); i++) {
		const char *name = json_string_value(json_array_get(roles, i));

		if (name == NULL || !(role_of(name) & ROLE_ANY_PERSON))
			return "a role is none of attendee, speaker, moderator, desk, reviewer, "
			       "organiser, juror";
	}
	return NULL;
}

/* NULL, or the reason why not. */
static const char *row_wrong(struct reading *r, const json_t *json, int number, struct row *row)
{
	const char *member = "", *why;
	json_t *before;

	if (!json_is_object(json))
		return "the row is no object";
	why = size_wrong(json);
	if (why == NULL)
		why = roles_wrong(json_object_get(json, "roles"));
	if (why != NULL)
		return why;
	if (fields_decode(r->scratch, row_fields, json, row, &member) != OK) {
		for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
			if (strcmp(refusals[i].member, member) == 0)
				return refusals[i].why;
		return "the row cannot be read";
	}
	before = json_object_get(r->seen, row->email);
	if (before != NULL)
		return arena_printf(r->scratch, "row %d has the same address",
				    (int)json_integer_value(before));
	json_object_set_new(r->seen, row->email, json_integer(number));
	return NULL;
}

static void add_refused(struct reading *r, int number, const char *why)
{
	buffer_printf(&r->refused, "%s{\"row\":%d,\"why\":", r->refused_count++ > 0 ? "," : "",
		      number);
	buffer_json(&r->refused, why);
	buffer_text(&r->refused, "}");
}

static void add_text(struct buffer *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buffer_printf(b, ",\"%s\":", name);
	buffer_json(b, value);
}

/* What is stored of a code: how a scan finds it, its row in a snapshot, and itself, sealed. */
static void add_code(struct buffer *b, struct arena *arena, const char *conference,
		     const char *code)
{
	add_text(b, "lookup", code_hash(arena, "entry", code));
	add_text(b, "row_key", ticket_row(arena, conference, code));
	add_text(b, "sealed", code_seal(arena, code));
}

static void add_good(struct reading *r, int number, const struct row *row, const json_t *roles)
{
	buffer_printf(&r->good, "%s{\"row\":%d", r->good_count++ > 0 ? "," : "", number);
	add_text(&r->good, "email", row->email);
	add_text(&r->good, "name", row->name);
	add_text(&r->good, "mode", row->mode);
	add_text(&r->good, "organisation", row->organisation);
	add_text(&r->good, "category", row->category);
	if (json_is_array(roles)) {
		buffer_text(&r->good, ",\"roles\":[");
		for (size_t i = 0; i < json_array_size(roles); i++) {
			buffer_text(&r->good, i > 0 ? "," : "");
			buffer_json(&r->good, json_string_value(json_array_get(roles, i)));
		}
		buffer_text(&r->good, "]");
	}
	if (!r->params->dry_run) {
		const char *code = entry_code_make(r->scratch);

		add_code(&r->good, r->scratch, r->conference, code);
	}
	buffer_text(&r->good, "}");
}

static void read_rows(struct reading *r, const json_t *rows)
{
	buffer_text(&r->good, "[");
	buffer_text(&r->refused, "[");
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *json = json_array_get(rows, i);
		struct row row = {0};
		const char *why;

		if (i % SCRATCH_ROWS == 0) {
			arena_destroy(r->scratch);
			r->scratch = arena_create(SCRATCH_SIZE);
		}
		why = row_wrong(r, json, (int)i + 1, &row);
		if (why != NULL)
			add_refused(r, (int)i + 1, why);
		else
			add_good(r, (int)i + 1, &row, json_object_get(json, "roles"));
	}
	buffer_text(&r->good, "]");
	buffer_text(&r->refused, "]");
}

/* people.import and people.import_bulk: one path, however many rows. */
fault people_import(struct request *rq)
{
	const struct import_params *p = rq->params;
	bool bulk = rq->method->flags & METHOD_CLI;
	json_t *rows = json_loads(p->rows, 0, NULL);
	struct reading r = {.params = p, .conference = rq->caller.conference};
	const char *good, *refused;

	rq->fault_field = "rows";
	if (!json_is_array(rows) || json_array_size(rows) == 0 ||
	    (!bulk && json_array_size(rows) > CALL_ROWS)) {
		fault f = json_is_array(rows) && json_array_size(rows) > 0 ? &fault_size
									   : &fault_bad_request;

		json_decref(rows);
		return f;
	}
	rq->fault_field = NULL;
	r.seen = json_object();
	read_rows(&r, rows);
	good = arena_strndup(rq->arena, r.good.bytes, r.good.size);
	refused = arena_strndup(rq->arena, r.refused.bytes, r.refused.size);
	buffer_finish(&r.good);
	buffer_finish(&r.refused);
	arena_destroy(r.scratch);
	json_decref(r.seen);
	json_decref(rows);
	return db_write(
	    rq, LANE_SLOW, SQL_PEOPLE_IMPORT,
	    PARAMS(good, refused, p_bool(p->dry_run), p_bool(p->partial), p_bool(p->mail)));
}

fault people_export(struct request *rq)
{
	const struct export_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_PEOPLE_EXPORT, PARAMS(p->format));
}

struct codes {
	const char **codes;
	int64_t n;
};

static rows_fn codes_made;

fault people_codes(struct request *rq)
{
	const struct codes_params *p = rq->params;
	struct codes *state = arena_alloc(rq->arena, sizeof(*state));
	struct buffer made = {0};
	const char *json;

	state->n = p->limit;
	if (p->emails != NULL) {
		json_t *emails = json_loads(p->emails, JSON_DECODE_ANY, NULL);
		int64_t given = (int64_t)json_array_size(emails); /* 0 when it is no array */

		json_decref(emails);
		state->n = p->limit > 0 && p->limit < given ? p->limit : given;
	}
	if (state->n == 0) {
		rq->fault_field = p->emails != NULL ? "emails" : "limit";
		return &fault_bad_request;
	}
	state->codes = arena_alloc(rq->arena, (size_t)state->n * sizeof(*state->codes));
	for (int64_t i = 0; i < state->n; i++) {
		state->codes[i] = entry_code_make(rq->arena);
		buffer_printf(&made, "%s{\"n\":%lld", i > 0 ? "," : "[", (long long)i + 1);
		add_code(&made, rq->arena, rq->caller.conference, state->codes[i]);
		buffer_text(&made, "}");
	}
	buffer_text(&made, "]");
	json = arena_strndup(rq->arena, made.bytes, made.size);
	buffer_finish(&made);
	rq->params = state;
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_CODES, codes_made,
			PARAMS(rq->caller.conference, p->emails, p_int(rq, state->n), json));
}

static fault codes_made(struct request *rq, const struct rows *rows)
{
	const struct codes *state = rq->params;
	struct buffer b = {0};
	const char *json;

	buffer_text(&b, "{\"codes\":[");
	for (int i = 0; i < rows_count(rows); i++) {
		buffer_printf(&b, "%s{\"person\":\"%s\"", i > 0 ? "," : "",
			      rows_text(rows, i, "person"));
		add_text(&b, "email", rows_text(rows, i, "email"));
		add_text(&b, "name", rows_text(rows, i, "name"));
		add_text(&b, "code", state->codes[rows_int(rows, i, "n") - 1]);
		buffer_text(&b, "}");
	}
	buffer_text(&b, "]}");
	json = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	return request_reply(rq, json);
}
