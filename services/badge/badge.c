/* services/badge: tables and handlers; the rules are in sql/functions/badge. */
#include "services/badge/badge.h"
#include "services/badge/parts.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	STAFF = ROLE_DESK | ROLE_ORGANISER,
	DESKS = STAFF | ROLE_DOOR_DESK,
	DOORS = DESKS | ROLE_KIOSK | ROLE_GATE, /* whoever lets people in */
	AGENTS = STAFF | ROLE_PRINT,		/* programs beside a printer; pages that print */
	NAME_MAX_LETTERS = 60,
	REASON_MAX = 300,
	CLAIM_MAX = 8
};

static const struct fault badge_first = {"badge.first", FAULT_STATE,
					 "There is no badge of this person yet: print the first."};
static const struct fault badge_state = {"badge.state", FAULT_STATE,
					 "That cannot be done with this badge as it is now."};
static const struct fault badge_none = {"badge.none", FAULT_STATE,
					"Everybody who is registered on site has a badge."};

struct badge_params {
	const char *person, *scan_id, *printer, *reason, *job, *state, *error, *batch, *template,
	    *per_box, *text, *list, *station, *automatic;
	int64_t after, max;
	const char *ready;
};

#define AT(member) offsetof(struct badge_params, member)
#define TEMPLATES  "a6|card|label"

static const struct field print_fields[] = {
    {"person", FIELD_UUID, AT(person), FIELD_OPTIONAL, 0, 0, NULL},
    {"scan_id", FIELD_UUID, AT(scan_id), FIELD_OPTIONAL, 0, 0, NULL},
    {"printer", FIELD_TEXT, AT(printer), FIELD_OPTIONAL, NAME_MAX_LETTERS, 1, NULL},
    {0}};
static const struct field reprint_fields[] = {
    {"person", FIELD_UUID, AT(person), 0, 0, 0, NULL},
    {"reason", FIELD_TEXT, AT(reason), 0, REASON_MAX, 1, NULL},
    {"printer", FIELD_TEXT, AT(printer), FIELD_OPTIONAL, NAME_MAX_LETTERS, 1, NULL},
    {0}};
static const struct field settle_fields[] = {
    {"job", FIELD_UUID, AT(job), 0, 0, 0, NULL},
    {"state", FIELD_CHOICE, AT(state), 0, 0, 0, "queued|done"},
    {"printer", FIELD_TEXT, AT(printer), FIELD_OPTIONAL, NAME_MAX_LETTERS, 1, NULL},
    {0}};
static const struct field claim_fields[] = {
    {"printer", FIELD_TEXT, AT(printer), 0, NAME_MAX_LETTERS, 1, NULL},
    {"ready", FIELD_BOOL, AT(ready), FIELD_OPTIONAL | FIELD_AS_TEXT, 0, 0, NULL},
    {"error", FIELD_TEXT, AT(error), FIELD_OPTIONAL, REASON_MAX, 1, NULL},
    {"max", FIELD_INT, AT(max), FIELD_OPTIONAL, CLAIM_MAX, 1, NULL},
    {0}};
static const struct field report_fields[] = {
    {"job", FIELD_UUID, AT(job), 0, 0, 0, NULL},
    {"state", FIELD_CHOICE, AT(state), 0, 0, 0, "queued|sent|done|failed|unknown"},
    {"error", FIELD_TEXT, AT(error), FIELD_OPTIONAL, REASON_MAX, 1, NULL},
    {0}};
static const struct field preview_fields[] = {
    {"per_box", FIELD_INT, AT(per_box), FIELD_OPTIONAL | FIELD_AS_TEXT, 1000, 10, NULL}, {0}};
static const struct field batch_fields[] = {
    {"batch", FIELD_UUID, AT(batch), 0, 0, 0, NULL},
    {"template", FIELD_CHOICE, AT(template), 0, 0, 0, TEMPLATES},
    {"per_box", FIELD_INT, AT(per_box), FIELD_AS_TEXT, 1000, 10, NULL},
    {0}};
static const struct field printed_fields[] = {{"batch", FIELD_UUID, AT(batch), 0, 0, 0, NULL}, {0}};
static const struct field sheet_fields[] = {
    {"batch", FIELD_UUID, AT(batch), FIELD_OPTIONAL, 0, 0, NULL},
    {"job", FIELD_UUID, AT(job), FIELD_OPTIONAL, 0, 0, NULL},
    {"after", FIELD_INT, AT(after), FIELD_OPTIONAL, 1000000, 0, NULL},
    {0}};
static const struct field list_fields[] = {
    {"state", FIELD_CHOICE, AT(state), FIELD_OPTIONAL, 0, 0, "queued|sent|done|failed|unknown"},
    {"text", FIELD_TEXT, AT(text), FIELD_OPTIONAL, 200, 1, NULL},
    {"after", FIELD_INT, AT(after), FIELD_OPTIONAL, 1000000, 0, NULL},
    {0}};
static const struct field setting_fields[] = {
    {"template", FIELD_CHOICE, AT(template), FIELD_OPTIONAL, 0, 0, TEMPLATES},
    {"per_box", FIELD_INT, AT(per_box), FIELD_OPTIONAL | FIELD_AS_TEXT, 1000, 10, NULL},
    {"auto", FIELD_BOOL, AT(automatic), FIELD_OPTIONAL | FIELD_AS_TEXT, 0, 0, NULL},
    {"printer", FIELD_TEXT, AT(printer), FIELD_OPTIONAL, NAME_MAX_LETTERS, 0, NULL},
    {0}};
static const struct field route_fields[] = {
    {"station", FIELD_UUID, AT(station), 0, 0, 0, NULL},
    {"printer", FIELD_TEXT, AT(printer), FIELD_OPTIONAL, NAME_MAX_LETTERS, 0, NULL},
    {0}};
static const struct field door_list_fields[] = {
    {"list", FIELD_UUID, AT(list), 0, 0, 0, NULL},
    {"after", FIELD_INT, AT(after), FIELD_OPTIONAL, 1000000, 0, NULL},
    {0}};

static const char *or_null(const char *id)
{
	return id[0] != 0 ? id : NULL;
}

static fault badge_print(struct request *rq)
{
	const struct badge_params *p = rq->params;
	/* A kiosk prints for those it let in; a desk for whoever stands before it. */
	bool own = !(rq->caller.roles & DESKS);

	if (p->scan_id == NULL && (own || p->person == NULL)) {
		rq->fault_field = own ? "scan_id" : "person";
		return &fault_bad_request;
	}
	return db_write(
	    rq, LANE_CHECKIN, SQL_BADGE_PRINT,
	    PARAMS(p->person, p->scan_id, p->printer, or_null(rq->caller.station), p_bool(own)));
}

static fault badge_reprint(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_BADGE_REPRINT,
			PARAMS(p->person, p->reason, p->printer, or_null(rq->caller.station)));
}

static fault badge_settle(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_BADGE_SETTLE, PARAMS(p->job, p->state, p->printer));
}

static fault claimed(struct request *rq, const struct rows *rows)
{
	return badge_opened(rq, rows, "jobs", 0);
}

static fault badge_claim(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write_then(rq, LANE_CHECKIN, SQL_BADGE_CLAIM, claimed,
			     PARAMS(p->printer, p->ready != NULL ? p->ready : "true", p->error,
				    p_int(rq, p->max > 0 ? p->max : 1)));
}

static fault badge_report(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_BADGE_REPORT, PARAMS(p->job, p->state, p->error));
}

static fault badge_preview(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_BADGE_PREVIEW, PARAMS(p->per_box));
}

static fault badge_batch(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_BADGE_BATCH, PARAMS(p->batch, p->template, p->per_box));
}

static fault badge_printed(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_BADGE_PRINTED, PARAMS(p->batch));
}

static fault sheet_read(struct request *rq, const struct rows *rows)
{
	return badge_opened(rq, rows, "badges", 0);
}

static fault badge_sheet(struct request *rq)
{
	const struct badge_params *p = rq->params;

	if ((p->batch == NULL) == (p->job == NULL)) {
		rq->fault_field = "batch";
		return &fault_bad_request;
	}
	return db_query(rq, LANE_SLOW, SQL_BADGE_SHEET, sheet_read,
			PARAMS(rq->caller.conference, caller_actor(&rq->caller), p->batch, p->job,
			       p_int(rq, p->after)));
}

static fault badge_list(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_BADGE_LIST,
		       PARAMS(p->state, p->text, p_int(rq, p->after)));
}

static fault badge_setting(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_BADGE_SETTING,
			PARAMS(p->template, p->per_box, p->automatic, p->printer));
}

static fault badge_route(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_BADGE_ROUTE, PARAMS(p->station, p->printer));
}

static fault door_list_read(struct request *rq, const struct rows *rows)
{
	return badge_opened(rq, rows, "people", 4);
}

static fault badge_door_list(struct request *rq)
{
	const struct badge_params *p = rq->params;

	return db_query(
	    rq, LANE_SLOW, SQL_BADGE_DOOR_LIST, door_list_read,
	    PARAMS(rq->caller.conference, caller_actor(&rq->caller), p->list, p_int(rq, p->after)));
}

#define SIZE sizeof(struct badge_params)

static const struct method methods[] = {
    {"badge.print", DOORS, METHOD_OWN_ID, print_fields, SIZE, badge_print, RATE_SCAN,
     "Prints somebody's first badge, once."},
    {"badge.reprint", DESKS, METHOD_KEY, reprint_fields, SIZE, badge_reprint, RATE_WRITE,
     "Prints another badge, with a reason."},
    {"badge.settle", STAFF, METHOD_KEY, settle_fields, SIZE, badge_settle, RATE_WRITE,
     "Prints again what failed, or says that it is there."},
    {"badge.list", STAFF, 0, list_fields, SIZE, badge_list, RATE_READ,
     "Badges printed and waiting, printers, batches."},
    {"badge.preview", STAFF, 0, preview_fields, SIZE, badge_preview, RATE_READ,
     "Who has no badge yet, and in which box it would be."},
    {"badge.batch", STAFF, METHOD_KEY, batch_fields, SIZE, badge_batch, RATE_WRITE,
     "First badges for everybody on site who has none, in boxes."},
    {"badge.printed", STAFF, METHOD_KEY, printed_fields, SIZE, badge_printed, RATE_WRITE,
     "A batch is on paper."},
    {"badge.sheet", STAFF, 0, sheet_fields, SIZE, badge_sheet, RATE_READ,
     "What stands on the badges of a batch, a hundred at a time, or on one."},
    {"badge.setting", ROLE_ORGANISER, METHOD_KEY, setting_fields, SIZE, badge_setting, RATE_WRITE,
     "What badges are by default, and whether a door prints by itself."},
    {"badge.route", STAFF, METHOD_KEY, route_fields, SIZE, badge_route, RATE_WRITE,
     "Which printer prints for a station."},
    {"badge.claim", AGENTS, METHOD_OWN_ID, claim_fields, SIZE, badge_claim, RATE_SCAN,
     "Work for a printer, and that it is there."},
    {"badge.report", AGENTS, METHOD_OWN_ID, report_fields, SIZE, badge_report, RATE_SCAN,
     "What became of a badge at the printer."},
    {"badge.door_list", STAFF, 0, door_list_fields, SIZE, badge_door_list, RATE_READ,
     "The door list for paper, 500 people at a time."},
    {0}};

static const struct event_type events[] = {
    {"badge.changed", "badge", "A badge waits, prints, is done or failed."},
    {"badge.batched", "badge", "Badges were made for boxes, or are in them."},
    {"badge.printer", "badge", "A printer came, is ready or is not."},
    {0}};

static const struct channel_kind channels[] = {
    {"badge", NULL, AGENTS, SCOPE_NONE, SQL_BADGE_SNAPSHOT, false, NULL, SQL_NONE}, {0}};

static const struct db_fault constraints[] = {{"print_job_once", &fault_busy},
					      {"print_job_box_once", &fault_busy},
					      {"badge_batch_key", &fault_conflict},
					      {"badge_batch_n_once", &fault_busy},
					      {NULL, NULL}};

static fault const faults[] = {&badge_first, &badge_state, &badge_none, NULL};

const struct service badge_service = {
    .name = "badge",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
