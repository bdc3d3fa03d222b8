/* services/schedule: the programme: what is released, the draft behind it, and what is on now. */
#include "services/schedule/schedule.h"
#include "services/db/db.h"
#include "services/schedule/methods.h"

struct get_params {
	const char *release;
};

struct now {
	const char *room;
};

static const struct field get_fields[] = {
    {.name = "release",
     .type = FIELD_INT,
     .at = offsetof(struct get_params, release),
     .flags = FIELD_OPTIONAL | FIELD_AS_TEXT,
     .max = INT32_MAX,
     .min = 1},
    {0},
};
static const struct field now_fields[] = {
    {.name = "room", .type = FIELD_UUID, .at = offsetof(struct now, room), .flags = FIELD_OPTIONAL},
    {0},
};
static const struct field import_fields[] = {
    {.name = "doc", .type = FIELD_JSON, .at = offsetof(struct import_params, doc), .max = 64 << 20},
    {.name = "into",
     .type = FIELD_TEXT,
     .at = offsetof(struct import_params, into),
     .flags = FIELD_OPTIONAL,
     .max = 40},
    {.name = "zone",
     .type = FIELD_TEXT,
     .at = offsetof(struct import_params, zone),
     .flags = FIELD_OPTIONAL,
     .max = 60},
    {.name = "publish",
     .type = FIELD_BOOL,
     .at = offsetof(struct import_params, publish),
     .flags = FIELD_OPTIONAL},
    {.name = "partial",
     .type = FIELD_BOOL,
     .at = offsetof(struct import_params, partial),
     .flags = FIELD_OPTIONAL},
    {.name = "dry_run",
     .type = FIELD_BOOL,
     .at = offsetof(struct import_params, dry_run),
     .flags = FIELD_OPTIONAL},
    {0},
};
static const struct field export_fields[] = {
    {.name = "format",
     .type = FIELD_CHOICE,
     .at = offsetof(struct export_params, format),
     .choices = "xml|json|csv"},
    {0},
};

static fault schedule_get(struct request *rq)
{
	const struct get_params *get = rq->params;

	if (get->release != NULL)
		return db_read(rq, LANE_PUBLIC, SQL_SCHEDULE_GET_RELEASE, PARAMS(get->release));
	return db_read(rq, LANE_PUBLIC, SQL_SCHEDULE_GET, NULL, 0);
}

static fault now_get(struct request *rq)
{
	const struct now *now = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_NOW_GET, PARAMS(now->room));
}

static fault document_now(struct request *rq)
{
	rq->content_type = "application/json";
	return db_read(rq, LANE_PUBLIC, SQL_NOW_GET, PARAMS(NULL));
}

#define EDITORS ROLE_ORGANISER
static const struct method methods[] = {
    {"schedule.get", ROLE_EVERYONE, 0, get_fields, sizeof(struct get_params), schedule_get,
     RATE_READ, "The released programme, or an earlier release as people saw it."},
    {"now.get", ROLE_EVERYONE, 0, now_fields, sizeof(struct now), now_get, RATE_READ,
     "What is on in each room and what is next."},
    {"schedule.import", EDITORS, METHOD_CLI, import_fields, sizeof(struct import_params),
     schedule_import, RATE_WRITE, "A whole schedule from a file."},
    {"schedule.export", EDITORS, METHOD_CLI, export_fields, sizeof(struct export_params),
     schedule_export, RATE_READ, "The released programme as a file."},
    {0},
};

static const struct event_type events[] = {
    {"now.changed", "now",
     "The result of now.get, or {refetch: true} when it is too long for an event."},
    {0},
};

static const struct channel_kind channels[] = {
    {"schedule", NULL, ROLE_EVERYONE, SCOPE_NONE, SQL_SCHEDULE_CHANNEL, false, NULL, SQL_NONE},
    {"now", NULL, ROLE_EVERYONE, SCOPE_NONE, SQL_NOW_CHANNEL, false, NULL, SQL_NONE},
    {0},
};

/* Programmes at other addresses may read them. */
#define OPEN "access-control-allow-origin: *\r\ncache-control: public, max-age=300\r\n"
static const struct document documents[] = {
    {"schedule.xml", document_xml, 0, OPEN},
    {"schedule.json", document_json, 0, OPEN},
    {"schedule.csv", document_csv, 0,
     OPEN "content-disposition: attachment; filename=\"schedule.csv\"\r\n"},
    {"now.json", document_now, 15000,
     "access-control-allow-origin: *\r\ncache-control: public, max-age=15\r\n"},
    {0},
};

const struct fault import_refused = {"import.refused", FAULT_STATE,
				     "A row of the file cannot be imported; nothing was."};
const struct fault import_zone = {"import.zone", FAULT_CALLER, "There is no such time zone."};

static const struct db_fault constraints[] = {
    {"room_name_once", &fault_conflict},
    {"conference_slug_form", &fault_bad_request},
    {"conference_slug_once", &fault_conflict},
    {0},
};

static fault const faults[] = {&import_file, &import_refused, &import_zone, NULL};

const struct service schedule_service = {
    .name = "schedule",
    .methods = methods,
    .events = events,
    .channels = channels,
    .documents = documents,
    .constraints = constraints,
    .faults = faults,
};
