/* services/selection: tables and handlers; the rules are in sql/functions/selection. */
#include "services/selection/selection.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	NOTE_MAX = 1000,
	PLACES_MAX = 100,
	POSTERS_MAX = 10000,
	ABSTRACTS_MAX = 100000,
	HASH_SIZE = 64,
	UNREGISTER_SIZE = 40 * 400
};

static const struct fault selection_full = {"selection.full", FAULT_STATE,
					    "Every place there is taken, or meant for somebody."};
static const struct fault selection_session = {"selection.session", FAULT_STATE,
					       "That session takes no short talks."};
static const struct fault selection_state = {"selection.state", FAULT_STATE,
					     "That abstract is not submitted, or was withdrawn."};

struct decision_params {
	const char *abstract, *outcome, *session, *rank, *note, *expect_version;
	const char *places, *posters, *answer_days, *standby_days, *expect, *format, *after;
	const char *unregister;
	bool release;
};

#define AT(member) offsetof(struct decision_params, member)

enum { MAYBE_NUMBER = FIELD_OPTIONAL | FIELD_AS_TEXT };

#define EXPECT                                                                                     \
	{                                                                                          \
		"expect_version", FIELD_INT, AT(expect_version), FIELD_AS_TEXT, INT32_MAX, 0, NULL \
	}

static const struct field stage_fields[] = {
    {"abstract", FIELD_UUID, AT(abstract), 0, 0, 0, NULL},
    {"outcome", FIELD_CHOICE, AT(outcome), FIELD_OPTIONAL, 0, 0, "talk|poster|standby|declined"},
    {"session", FIELD_UUID, AT(session), FIELD_OPTIONAL, 0, 0, NULL},
    {"rank", FIELD_INT, AT(rank), MAYBE_NUMBER, ABSTRACTS_MAX, 1, NULL},
    {"note", FIELD_LINES, AT(note), FIELD_OPTIONAL, NOTE_MAX, 0, NULL},
    EXPECT,
    {0}};
static const struct field rest_fields[] = {
    {"note", FIELD_LINES, AT(note), FIELD_OPTIONAL, NOTE_MAX, 0, NULL},
    {"expect", FIELD_INT, AT(expect), FIELD_AS_TEXT, ABSTRACTS_MAX, 0, NULL},
    {0}};
static const struct field capacity_fields[] = {
    {"session", FIELD_UUID, AT(session), 0, 0, 0, NULL},
    {"places", FIELD_INT, AT(places), MAYBE_NUMBER, PLACES_MAX, 1, NULL},
    EXPECT,
    {0}};
static const struct field terms_fields[] = {
    {"posters", FIELD_INT, AT(posters), MAYBE_NUMBER, POSTERS_MAX, 0, NULL},
    {"answer_days", FIELD_INT, AT(answer_days), FIELD_AS_TEXT, 90, 1, NULL},
    {"standby_days", FIELD_INT, AT(standby_days), FIELD_AS_TEXT, 30, 1, NULL},
    EXPECT,
    {0}};
static const struct field preview_fields[] = {
    {"abstract", FIELD_UUID, AT(abstract), FIELD_OPTIONAL, 0, 0, NULL}, {0}};
static const struct field apply_fields[] = {
    {"expect", FIELD_RAW, AT(expect), 0, HASH_SIZE, 1, NULL},
    {"release", FIELD_BOOL, AT(release), FIELD_OPTIONAL, 0, 0, NULL},
    {"unregister", FIELD_JSON, AT(unregister), FIELD_OPTIONAL, UNREGISTER_SIZE, 0, NULL},
    {0}};
static const struct field log_fields[] = {
    {"after", FIELD_INT, AT(after), MAYBE_NUMBER, INT64_MAX, 0, NULL}, {0}};
static const struct field export_fields[] = {
    {"format", FIELD_CHOICE, AT(format), 0, 0, 0, "csv|ndjson"},
    {"after", FIELD_INT, AT(after), MAYBE_NUMBER, INT64_MAX, 0, NULL},
    {0}};

static fault decision_board(struct request *rq)
{
	return db_read(rq, LANE_MODERATE, SQL_DECISION_BOARD, NULL, 0);
}

static fault decision_stage(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_write(
	    rq, LANE_MODERATE, SQL_DECISION_STAGE,
	    PARAMS(p->abstract, p->outcome, p->session, p->rank, p->note, p->expect_version));
}

static fault decision_rest(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_DECISION_REST, PARAMS(p->note, p->expect));
}

static fault decision_capacity(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DECISION_CAPACITY,
			PARAMS(p->session, p->places, p->expect_version));
}

static fault decision_terms(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_DECISION_TERMS,
			PARAMS(p->posters, p->answer_days, p->standby_days, p->expect_version));
}

static fault decision_preview(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_DECISION_PREVIEW, PARAMS(p->abstract));
}

static fault decision_apply(struct request *rq)
{
	const struct decision_params *p = rq->params;

	if (p->unregister != NULL && p->unregister[0] != '[') {
		rq->fault_field = "unregister";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_SLOW, SQL_DECISION_APPLY,
			PARAMS(p->expect, p_bool(p->release), p->unregister));
}

static fault decision_log(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_read(rq, LANE_MODERATE, SQL_DECISION_LOG, PARAMS(p->after));
}

static fault decision_export(struct request *rq)
{
	const struct decision_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_DECISION_EXPORT, PARAMS(p->format, p->after));
}

#define SIZE sizeof(struct decision_params)

static const struct method methods[] = {
    {"decision.board", ROLE_ORGANISER, 0, NULL, 0, decision_board, RATE_READ,
     "Every submitted abstract with what reviewers think and the committee means; places left."},
    {"decision.capacity", ROLE_ORGANISER, METHOD_KEY, capacity_fields, SIZE, decision_capacity,
     RATE_WRITE, "How many short talks a session takes."},
    {"decision.terms", ROLE_ORGANISER, METHOD_KEY, terms_fields, SIZE, decision_terms, RATE_WRITE,
     "How many posters there are, and how long an offer is open."},
    {"decision.stage", ROLE_ORGANISER, METHOD_KEY, stage_fields, SIZE, decision_stage, RATE_WRITE,
     "What the committee means to do with an abstract; nobody is told."},
    {"decision.rest", ROLE_ORGANISER, METHOD_KEY, rest_fields, SIZE, decision_rest, RATE_WRITE,
     "Means to decline everything about which nothing was decided."},
    {"decision.preview", ROLE_ORGANISER, 0, preview_fields, SIZE, decision_preview, RATE_READ,
     "Exactly whom an apply would write to, and what."},
    {"decision.apply", ROLE_ORGANISER, METHOD_KEY, apply_fields, SIZE, decision_apply, RATE_WRITE,
     "Makes everything staged hold: outcomes, talks, offers and mails, or none of it."},
    {"decision.log", ROLE_ORGANISER, 0, log_fields, SIZE, decision_log, RATE_READ,
     "Every step of the selection, the newest first."},
    {"decision.export", ROLE_ORGANISER, 0, export_fields, SIZE, decision_export, RATE_READ,
     "The log as a file, a page of it."},
    {0}};

static const struct event_type events[] = {
    {"decision.staged", "selection", "What the committee means to do with an abstract."},
    {"selection.changed", "selection", "More than one row of the board: read it again."},
    {"decision.made", "person", "A decision about one's own abstract holds."},
    {0}};

static const struct channel_kind channels[] = {
    {"selection", NULL, ROLE_ORGANISER, SCOPE_NONE, SQL_DECISION_CHANNEL, false, NULL, SQL_NONE},
    {0}};

static fault const faults[] = {&selection_full, &selection_session, &selection_state, NULL};

const struct service selection_service = {
    .name = "selection",
    .methods = methods,
    .events = events,
    .channels = channels,
    .faults = faults,
};
