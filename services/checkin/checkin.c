/* services/checkin: tables and handlers; the judgement is sql/queries/checkin/admit.sql. */
#include "services/checkin/parts.h"
#include "services/core/token.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { STAFF = ROLE_DESK | ROLE_ORGANISER, DOOR = STAFF | ROLE_KIOSK | ROLE_GATE };

static const struct fault checkin_undone = {"checkin.undone", FAULT_STATE,
					    "That admission was taken back already."};
static const struct fault checkin_late = {"checkin.late", FAULT_STATE,
					  "A station takes back its own scans for five minutes."};
static const struct fault checkin_settled = {"checkin.settled", FAULT_STATE,
					     "That conflict was settled already."};
static const struct fault checkin_list_exists = {"checkin.list_exists", FAULT_STATE,
						 "There is a list of that name already."};

static request_fn checkin_admit, checkin_undo, checkin_stats, checkin_lists, checkin_list_create,
    conflict_list, conflict_settle;

struct admit_params {
	const char *list, *code, *scan_id, *direction, *scanned_at, *boot_id, *seq, *offset_ms,
	    *uncert_ms;
};

static const struct field admit_fields[] = {
    {"list", FIELD_UUID, offsetof(struct admit_params, list), 0, 0, 0, NULL},
    {"code", FIELD_RAW, offsetof(struct admit_params, code), 0, 1024, 0, NULL},
    {"scan_id", FIELD_UUID, offsetof(struct admit_params, scan_id), 0, 0, 0, NULL},
    {"direction", FIELD_CHOICE, offsetof(struct admit_params, direction), FIELD_OPTIONAL, 0, 0,
     "entry|exit"},
    {"scanned_at", FIELD_INSTANT, offsetof(struct admit_params, scanned_at), FIELD_OPTIONAL, 0, 0,
     NULL},
    {"boot_id", FIELD_UUID, offsetof(struct admit_params, boot_id), FIELD_OPTIONAL, 0, 0, NULL},
    {"seq", FIELD_INT, offsetof(struct admit_params, seq), FIELD_OPTIONAL | FIELD_AS_TEXT, SEQ_MAX,
     1, NULL},
    {"offset_ms", FIELD_INT, offsetof(struct admit_params, offset_ms),
     FIELD_OPTIONAL | FIELD_AS_TEXT, OFFSET_MAX, -OFFSET_MAX, NULL},
    {"uncert_ms", FIELD_INT, offsetof(struct admit_params, uncert_ms),
     FIELD_OPTIONAL | FIELD_AS_TEXT, UNCERT_MAX, 0, NULL},
    {0}};

struct undo_params {
	const char *scan_id, *reason;
};

static const struct field undo_fields[] = {
    {"scan_id", FIELD_UUID, offsetof(struct undo_params, scan_id), 0, 0, 0, NULL},
    {"reason", FIELD_TEXT, offsetof(struct undo_params, reason), 0, 300, 1, NULL},
    {0}};

struct stats_params {
	const char *list;
};

static const struct field stats_fields[] = {
    {"list", FIELD_UUID, offsetof(struct stats_params, list), 0, 0, 0, NULL}, {0}};

struct list_create_params {
	const char *name, *opens, *closes;
	int64_t capacity;
};

static const struct field list_create_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct list_create_params, name), 0, 120, 1, NULL},
    {"opens", FIELD_INSTANT, offsetof(struct list_create_params, opens), FIELD_OPTIONAL, 0, 0,
     NULL},
    {"closes", FIELD_INSTANT, offsetof(struct list_create_params, closes), FIELD_OPTIONAL, 0, 0,
     NULL},
    {"capacity", FIELD_INT, offsetof(struct list_create_params, capacity), FIELD_OPTIONAL,
     INT32_MAX, 1, NULL},
    {0}};

struct settle_params {
	const char *conflict, *note;
};

static const struct field settle_fields[] = {
    {"conflict", FIELD_UUID, offsetof(struct settle_params, conflict), 0, 0, 0, NULL},
    {"note", FIELD_TEXT, offsetof(struct settle_params, note), 0, 300, 1, NULL},
    {0}};

static const struct method methods[] = {
    {"checkin.admit", DOOR, METHOD_OWN_ID, admit_fields, sizeof(struct admit_params), checkin_admit,
     RATE_SCAN, "Judges a scan at the door."},
    {"checkin.upload", DOOR, METHOD_OWN_ID, upload_fields, sizeof(struct upload_params),
     checkin_upload, RATE_SCAN, "What a station kept, and what its screen said."},
    {"checkin.undo", DOOR, METHOD_KEY, undo_fields, sizeof(struct undo_params), checkin_undo,
     RATE_WRITE, "Takes an admission back."},
    {"checkin.stats", DOOR, 0, stats_fields, sizeof(struct stats_params), checkin_stats, RATE_READ,
     "The figures of a list."},
    {"checkin.lists", DOOR, 0, NULL, 0, checkin_lists, RATE_READ, "The lists of the conference."},
    {"checkin.list_create", ROLE_ORGANISER, METHOD_CLI, list_create_fields,
     sizeof(struct list_create_params), checkin_list_create, RATE_WRITE, "A new list."},
    {"conflict.list", STAFF, 0, NULL, 0, conflict_list, RATE_READ,
     "What a person has to look at at the door."},
    {"conflict.settle", STAFF, METHOD_KEY, settle_fields, sizeof(struct settle_params),
     conflict_settle, RATE_WRITE, "Somebody has looked at it."},
    {0}};

static const struct event_type events[] = {
    {"scan.judged", "list station", "A scan, with its verdict; to its station: another one."},
    {"scan.undone", "list", "An admission was taken back."},
    {"scan.left", "list", "Somebody is no longer behind this list: went elsewhere."},
    {"list.emptied", "list", "The list's day ended: whoever was inside has left."},
    {"conflict.raised", "list station", "Something a person has to look at."},
    {"conflict.settled", "list station", "It has been looked at, or has cleared itself up."},
    {0}};

static const struct channel_kind channels[] = {
    {"list", NULL, DOOR, SCOPE_LIST, SQL_CHECKIN_LIST_SNAPSHOT, false, NULL, SQL_NONE}, {0}};

static const struct db_fault constraints[] = {{"checkin_list_name_once", &checkin_list_exists},
					      {"checkin_list_times", &fault_bad_request},
					      {"checkin_list_capacity", &fault_bad_request},
					      {"admission_scan_once", &fault_busy},
					      {"scan_seq_once", &fault_key_reused},
					      {"scan_station", &fault_denied},
					      {"scan_staff", &fault_denied},
					      {NULL, NULL}};

static fault const faults[] = {&checkin_undone, &checkin_late, &checkin_settled,
			       &checkin_list_exists, NULL};

const struct service checkin_service = {
    .name = "checkin",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};

static fault checkin_admit(struct request *rq)
{
	const struct admit_params *p = rq->params;
	const struct caller *who = &rq->caller;
	const char *code = entry_code_read(rq->arena, p->code);
	const char *hash = code != NULL ? code_hash(rq->arena, "entry", code)
					: sha256_bytea(rq->arena, p->code, strlen(p->code));

	return db_merge(rq, LANE_CHECKIN, SQL_CHECKIN_ADMIT,
			PARAMS(p->list, hash, p_bool(code == NULL), p->scan_id,
			       p->direction != NULL ? p->direction : "entry", p->scanned_at,
			       who->person[0] == 0 ? who->station : NULL,
			       who->person[0] != 0 ? who->person : NULL, p->boot_id, p->seq,
			       p->offset_ms, p->uncert_ms));
}

static fault checkin_undo(struct request *rq)
{
	const struct undo_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_CHECKIN_UNDO,
			PARAMS(p->scan_id, p->reason, p_bool(rq->caller.person[0] != 0)));
}

static fault checkin_stats(struct request *rq)
{
	const struct stats_params *p = rq->params;

	return db_read(rq, LANE_CHECKIN, SQL_CHECKIN_STATS, PARAMS(p->list));
}

static fault checkin_lists(struct request *rq)
{
	return db_read(rq, LANE_CHECKIN, SQL_CHECKIN_LISTS, NULL, 0);
}

static fault checkin_list_create(struct request *rq)
{
	const struct list_create_params *p = rq->params;

	return db_write(
	    rq, LANE_CHECKIN, SQL_CHECKIN_LIST_CREATE,
	    PARAMS(p->name, p->opens, p->closes, p->capacity > 0 ? p_int(rq, p->capacity) : NULL));
}

static fault conflict_list(struct request *rq)
{
	return db_read(rq, LANE_CHECKIN, SQL_CONFLICT_LIST, NULL, 0);
}

static fault conflict_settle(struct request *rq)
{
	const struct settle_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_CONFLICT_SETTLE, PARAMS(p->conflict, p->note));
}
