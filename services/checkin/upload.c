/* services/checkin: what a station kept while it had no network: each scan is read by itself, so
 * that one that reads badly never holds up those behind it. */
#include "services/checkin/parts.h"
#include "services/core/json.h"
#include "services/core/token.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { SCANS_MAX = 50, CONFIRMED_MAX = 20, TICKET_SIZE = 32 };

const struct field upload_fields[] = {
    {"sent_at", FIELD_INSTANT, offsetof(struct upload_params, sent_at), 0, 0, 0, NULL},
    {"sent_mono", FIELD_INT, offsetof(struct upload_params, sent_mono),
     FIELD_OPTIONAL | FIELD_AS_TEXT, MONO_MAX, 0, NULL},
    {"boot_id", FIELD_UUID, offsetof(struct upload_params, boot_id), 0, 0, 0, NULL},
    {"list", FIELD_UUID, offsetof(struct upload_params, list), FIELD_OPTIONAL, 0, 0, NULL},
    {"scans", FIELD_JSON, offsetof(struct upload_params, scans), 0, 65536, 0, NULL},
    {0}};

struct scan_params {
	const char *scan_id, *list, *code, *ticket, *direction, *scanned_at, *mono, *boot_id, *seq,
	    *offset_ms, *uncert_ms, *shown, *basis, *walk_in, *confirmed;
};

#define AT(name) offsetof(struct scan_params, name)
#define NUMBER	 (FIELD_OPTIONAL | FIELD_AS_TEXT)

static const struct field scan_fields[] = {
    {"scan_id", FIELD_UUID, AT(scan_id), 0, 0, 0, NULL},
    {"list", FIELD_UUID, AT(list), FIELD_OPTIONAL, 0, 0, NULL},
    {"code", FIELD_RAW, AT(code), FIELD_OPTIONAL, 1024, 0, NULL},
    {"ticket", FIELD_RAW, AT(ticket), FIELD_OPTIONAL, TICKET_SIZE, TICKET_SIZE, NULL},
    {"direction", FIELD_CHOICE, AT(direction), FIELD_OPTIONAL, 0, 0, "entry|exit"},
    {"scanned_at", FIELD_INSTANT, AT(scanned_at), 0, 0, 0, NULL},
    {"mono", FIELD_INT, AT(mono), NUMBER, MONO_MAX, 0, NULL},
    {"boot_id", FIELD_UUID, AT(boot_id), FIELD_OPTIONAL, 0, 0, NULL},
    {"seq", FIELD_INT, AT(seq), NUMBER, SEQ_MAX, 1, NULL},
    {"offset_ms", FIELD_INT, AT(offset_ms), NUMBER, OFFSET_MAX, -OFFSET_MAX, NULL},
    {"uncert_ms", FIELD_INT, AT(uncert_ms), NUMBER, UNCERT_MAX, 0, NULL},
    {"shown", FIELD_JSON, AT(shown), FIELD_OPTIONAL, 200, 0, NULL},
    {"basis", FIELD_INT, AT(basis), NUMBER, INT64_MAX, 0, NULL},
    {"walk_in", FIELD_JSON, AT(walk_in), FIELD_OPTIONAL, 1200, 0, NULL},
    {"confirmed", FIELD_JSON, AT(confirmed), FIELD_OPTIONAL, 2000, 0, NULL},
    {0}};

struct shown_params {
	const char *verdict, *reason;
};

static const struct field shown_fields[] = {
    {"verdict", FIELD_CHOICE, offsetof(struct shown_params, verdict), 0, 0, 0,
     "admitted|repeat|refused|ask"},
    {"reason", FIELD_TEXT, offsetof(struct shown_params, reason), FIELD_OPTIONAL, 40, 0, NULL},
    {0}};

struct walk_in_params {
	const char *name, *number;
};

static const struct field walk_in_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct walk_in_params, name), FIELD_OPTIONAL, 200, 0, NULL},
    {"number", FIELD_INT, offsetof(struct walk_in_params, number), NUMBER, INT32_MAX, 0, NULL},
    {0}};

static bool is_ticket(const char *text)
{
	return strlen(text) == TICKET_SIZE && strspn(text, "0123456789abcdef") == TICKET_SIZE;
}

static void set_text(json_t *row, const char *name, const char *value)
{
	if (value != NULL)
		json_object_set_new(row, name, json_string(value));
}

/* Texts as they come; PostgreSQL makes numbers of those that are. */
static bool add_shown(struct arena *arena, json_t *row, const json_t *shown)
{
	struct shown_params p = {0};
	const char *field;

	if (shown == NULL || json_is_null(shown))
		return true;
	if (!json_is_object(shown) || fields_decode(arena, shown_fields, shown, &p, &field) != OK)
		return false;
	set_text(row, "shown_verdict", p.verdict);
	set_text(row, "shown_reason", p.reason);
	return true;
}

static bool add_walk_in(struct arena *arena, json_t *row, const json_t *walk_in)
{
	struct walk_in_params p = {0};
	const char *field;
	json_t *said;

	if (walk_in == NULL || json_is_null(walk_in))
		return true;
	if (!json_is_object(walk_in) ||
	    fields_decode(arena, walk_in_fields, walk_in, &p, &field) != OK)
		return false;
	said = json_object();
	set_text(said, "name", p.name);
	set_text(said, "number", p.number);
	json_object_set_new(row, "walk_in", said);
	return true;
}

static bool add_confirmed(json_t *row, const json_t *confirmed)
{
	size_t i;
	json_t *one;

	if (confirmed == NULL || json_is_null(confirmed))
		return true;
	if (!json_is_array(confirmed) || json_array_size(confirmed) > CONFIRMED_MAX)
		return false;
	json_array_foreach(confirmed, i,
			   one) if (!json_is_string(one) ||
				    json_string_length(one) != UUID_SIZE - 1 ||
				    strspn(json_string_value(one), "0123456789abcdef-") !=
					UUID_SIZE - 1) return false;
	json_object_set(row, "confirmed", (json_t *)confirmed);
	return true;
}

static void add_code(struct arena *arena, json_t *row, const struct scan_params *p)
{
	const char *code = p->code != NULL ? entry_code_read(arena, p->code) : NULL;

	if (code != NULL)
		set_text(row, "hash", code_hash(arena, "entry", code));
	else if (p->code != NULL)
		set_text(row, "hash", sha256_bytea(arena, p->code, strlen(p->code)));
	set_text(row, "ticket", p->ticket);
	json_object_set_new(row, "malformed",
			    json_boolean(p->code != NULL && code == NULL && p->ticket == NULL));
}

/* One scan as the statement takes it, or NULL: it is none. */
static json_t *scan_row(struct request *rq, const json_t *scan)
{
	const struct upload_params *up = rq->params;
	struct scan_params p = {0};
	const char *field;
	json_t *row;

	if (!json_is_object(scan) || fields_decode(rq->arena, scan_fields, scan, &p, &field) != OK)
		return NULL;
	if (p.list == NULL)
		p.list = up->list;
	if (p.list == NULL || (p.ticket != NULL && !is_ticket(p.ticket)) ||
	    (p.code == NULL && p.ticket == NULL && p.walk_in == NULL))
		return NULL;
	row = json_object();
	set_text(row, "scan_id", p.scan_id);
	set_text(row, "list", p.list);
	set_text(row, "direction", p.direction != NULL ? p.direction : "entry");
	set_text(row, "scanned_at", p.scanned_at);
	set_text(row, "mono", p.mono);
	set_text(row, "boot_id", p.boot_id != NULL ? p.boot_id : up->boot_id);
	set_text(row, "seq", p.seq);
	set_text(row, "offset_ms", p.offset_ms);
	set_text(row, "uncert_ms", p.uncert_ms);
	set_text(row, "basis", p.basis);
	add_code(rq->arena, row, &p);
	if (!add_shown(rq->arena, row, json_object_get(scan, "shown")) ||
	    !add_walk_in(rq->arena, row, json_object_get(scan, "walk_in")) ||
	    !add_confirmed(row, json_object_get(scan, "confirmed"))) {
		json_decref(row);
		return NULL;
	}
	return row;
}

/* What reads badly keeps its place in the answer, and its id where it has one. */
static json_t *bad_row(const json_t *scan)
{
	const char *id = json_string_value(json_object_get(scan, "scan_id"));

	return json_pack("{s:b, s:s*}", "bad", 1, "said",
			 id != NULL && strlen(id) < UUID_SIZE ? id : NULL);
}

fault checkin_upload(struct request *rq)
{
	const struct upload_params *p = rq->params;
	const struct caller *who = &rq->caller;
	json_t *scans = json_read_strict(p->scans, strlen(p->scans)), *rows, *scan;
	const char *text;
	char *dumped;
	size_t i;

	if (!json_is_array(scans) || json_array_size(scans) > SCANS_MAX) {
		json_decref(scans);
		rq->fault_field = "scans";
		return &fault_bad_request;
	}
	rows = json_array();
	json_array_foreach(scans, i, scan)
	{
		json_t *row = scan_row(rq, scan);

		if (row == NULL)
			row = bad_row(scan);
		json_object_set_new(row, "ord", json_integer((json_int_t)i));
		json_array_append_new(rows, row);
	}
	dumped = json_dumps(rows, JSON_COMPACT);
	text = arena_strdup(rq->arena, dumped);
	free(dumped);
	json_decref(rows);
	json_decref(scans);
	/* Not the lane of those who stand at the door now. */
	return db_write(rq, LANE_SLOW, SQL_CHECKIN_UPLOAD,
			PARAMS(who->person[0] == 0 ? who->station : NULL,
			       who->person[0] != 0 ? who->person : NULL, p->sent_at, p->sent_mono,
			       p->boot_id, text));
}
