/* services/talks: talk.start and talk.end. What follows from them is SQL: sql/functions/talks. */
#include "services/talks/talks.h"
#include "services/db/db.h"

struct run {
	const char *talk, *at;
};

static const struct field run_fields[] = {
    {.name = "talk", .type = FIELD_UUID, .at = offsetof(struct run, talk)},
    {.name = "at", .type = FIELD_INSTANT, .at = offsetof(struct run, at), .flags = FIELD_OPTIONAL},
    {0},
};

static fault talk_start(struct request *rq)
{
	const struct run *run = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_START, PARAMS(run->talk, run->at));
}

static fault talk_end(struct request *rq)
{
	const struct run *run = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_END, PARAMS(run->talk, run->at));
}

static const struct method methods[] = {
    {"talk.start", ROLE_MODERATOR | ROLE_ORGANISER, METHOD_KEY, run_fields, sizeof(struct run),
     talk_start, RATE_WRITE,
     "A talk begins; the one before it in the session ends, and the slot begins with its first."},
    {"talk.end", ROLE_MODERATOR | ROLE_ORGANISER, METHOD_KEY, run_fields, sizeof(struct run),
     talk_end, RATE_WRITE, "A talk ends, and the slot with its last."},
    {0},
};

static const struct event_type events[] = {
    {"talk.started", "schedule talk stage chair", "A talk began: {talk, session, slot, at}."},
    {"talk.ended", "schedule talk stage chair", "A talk ended: {talk, session, slot, at}."},
    {0},
};

static const struct fault talk_state = {
    "talk.state", FAULT_STATE,
    "This talk has already begun or ended, or is not in the released programme."};

static const struct db_fault constraints[] = {{"talk_times", &talk_state}, {0}};

static fault const faults[] = {&talk_state, NULL};

const struct service talks_service = {
    .name = "talks",
    .methods = methods,
    .events = events,
    .constraints = constraints,
    .faults = faults,
};
