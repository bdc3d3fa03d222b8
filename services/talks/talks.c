/* services/talks: the talks of a session on the day: which one is on, and the board from which they
 * are run. What follows from a press is SQL: sql/functions/talks. */
#include "services/talks/talks.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	CHAIRS = MODERATORS | ROLE_CHAIR,
	BOARD = CHAIRS | ROLE_SIGNED_IN, /* who speaks there is asked in SQL */
	TALKS_MAX = 40 * 100		 /* bytes of a list of talks: a hundred of them */
};

struct talk_params {
	const char *talk, *session, *abstract, *at, *talks, *was, *expect_added, *own_time;
	const char *camera, *microphone, *delay_ms;
	int64_t seconds;
	bool value, leave;
};

#define AT(member) offsetof(struct talk_params, member)

static const struct field run_fields[] = {{"talk", FIELD_UUID, AT(talk), 0, 0, 0, NULL},
					  {"at", FIELD_INSTANT, AT(at), FIELD_OPTIONAL, 0, 0, NULL},
					  {0}};
static const struct field board_fields[] = {{"session", FIELD_UUID, AT(session), 0, 0, 0, NULL},
					    {0}};
static const struct field value_fields[] = {{"talk", FIELD_UUID, AT(talk), 0, 0, 0, NULL},
					    {"value", FIELD_BOOL, AT(value), 0, 0, 0, NULL},
					    {0}};
static const struct field promote_fields[] = {
    {"session", FIELD_UUID, AT(session), FIELD_OPTIONAL, 0, 0, NULL},
    {"talk", FIELD_UUID, AT(talk), FIELD_OPTIONAL, 0, 0, NULL},
    {"abstract", FIELD_UUID, AT(abstract), 0, 0, 0, NULL},
    {0}};
static const struct field order_fields[] = {
    {"session", FIELD_UUID, AT(session), 0, 0, 0, NULL},
    {"talks", FIELD_JSON, AT(talks), 0, TALKS_MAX, 0, NULL},
    {"was", FIELD_JSON, AT(was), FIELD_OPTIONAL, TALKS_MAX, 0, NULL},
    {0}};
static const struct field add_time_fields[] = {
    {"talk", FIELD_UUID, AT(talk), 0, 0, 0, NULL},
    {"seconds", FIELD_INT, AT(seconds), 0, 7200, -3600, NULL},
    {"expect_added", FIELD_INT, AT(expect_added), FIELD_OPTIONAL | FIELD_AS_TEXT, 86400, -86400,
     NULL},
    {0}};
static const struct field allot_fields[] = {
    {"talk", FIELD_UUID, AT(talk), 0, 0, 0, NULL},
    {"seconds", FIELD_INT, AT(own_time), FIELD_OPTIONAL | FIELD_AS_TEXT, 86400, 30, NULL},
    {0}};
static const struct field here_fields[] = {
    {"leave", FIELD_BOOL, AT(leave), FIELD_OPTIONAL, 0, 0, NULL}, {0}};
static const struct field check_fields[] = {
    {"camera", FIELD_CHOICE, AT(camera), FIELD_OPTIONAL, 0, 0, "good|none|refused"},
    {"microphone", FIELD_CHOICE, AT(microphone), FIELD_OPTIONAL, 0, 0, "good|silent|none|refused"},
    {"delay_ms", FIELD_INT, AT(delay_ms), FIELD_OPTIONAL | FIELD_AS_TEXT, 60000, 0, NULL},
    {0}};

static fault talk_start(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_START, PARAMS(p->talk, p->at));
}

static fault talk_end(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_END, PARAMS(p->talk, p->at));
}

static fault talk_board(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_read(rq, LANE_MODERATE, SQL_TALK_BOARD, PARAMS(p->session));
}

static fault talk_mine(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_TALK_MINE, NULL, 0);
}

static fault talk_ready(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_READY, PARAMS(p->talk, p_bool(p->value)));
}

static fault talk_no_show(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_NO_SHOW, PARAMS(p->talk, p_bool(p->value)));
}

static fault talk_promote(struct request *rq)
{
	const struct talk_params *p = rq->params;

	if (p->session == NULL && p->talk == NULL) {
		rq->fault_field = "talk";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_MODERATE, SQL_TALK_PROMOTE,
			PARAMS(p->session, p->talk, p->abstract));
}

static fault talk_order(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_ORDER, PARAMS(p->session, p->talks, p->was));
}

static fault talk_add_time(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_ADD_TIME,
			PARAMS(p->talk, p_int(rq, p->seconds), p->expect_added));
}

static fault talk_allot(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_ALLOT, PARAMS(p->talk, p->own_time));
}

static fault talk_pause(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_PAUSE, PARAMS(p->talk, p_bool(true), p->at));
}

static fault talk_resume(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_TALK_PAUSE, PARAMS(p->talk, p_bool(false), p->at));
}

static fault talk_here(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_TALK_HERE, PARAMS(p_bool(p->leave), NULL, NULL, NULL));
}

static fault talk_check(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_TALK_HERE,
			PARAMS(p_bool(false), p->camera, p->microphone, p->delay_ms));
}

#define TALK sizeof(struct talk_params)

static const struct method methods[] = {
    {"talk.start", CHAIRS, METHOD_KEY, run_fields, TALK, talk_start, RATE_WRITE,
     "A talk begins; the one before it in the session ends, and the slot begins with its first."},
    {"talk.end", CHAIRS, METHOD_KEY, run_fields, TALK, talk_end, RATE_WRITE,
     "A talk ends, and the slot with its last."},
    {"talk.board", BOARD, 0, board_fields, TALK, talk_board, RATE_READ,
     "A session's talks with their times, who is there and who stands by."},
    {"talk.mine", ROLE_SIGNED_IN, 0, NULL, 0, talk_mine, RATE_READ,
     "One's own talks, with the link to the room for those who speak from elsewhere."},
    {"talk.ready", BOARD, METHOD_KEY, value_fields, TALK, talk_ready, RATE_WRITE,
     "Says that who speaks next is ready; may be said by themselves."},
    {"talk.no_show", CHAIRS, METHOD_KEY, value_fields, TALK, talk_no_show, RATE_WRITE,
     "Passes over somebody who did not come, or takes that back."},
    {"talk.promote", CHAIRS, METHOD_KEY, promote_fields, TALK, talk_promote, RATE_WRITE,
     "Somebody who stands by takes the place and the time of one who does not come."},
    {"talk.order", CHAIRS, METHOD_KEY, order_fields, TALK, talk_order, RATE_WRITE,
     "The talks that wait, in another order."},
    {"talk.add_time", CHAIRS, METHOD_KEY, add_time_fields, TALK, talk_add_time, RATE_WRITE,
     "More time for a talk, or less."},
    {"talk.allot", CHAIRS, METHOD_KEY, allot_fields, TALK, talk_allot, RATE_WRITE,
     "Gives a talk a time of its own instead of its share of the slot."},
    {"talk.pause", CHAIRS, METHOD_KEY, run_fields, TALK, talk_pause, RATE_WRITE,
     "An interposed question holds up who speaks: their time stands still."},
    {"talk.resume", CHAIRS, METHOD_KEY, run_fields, TALK, talk_resume, RATE_WRITE,
     "The question is over, and their time goes on."},
    {"talk.here", ROLE_SIGNED_IN, METHOD_OWN_ID, here_fields, TALK, talk_here, RATE_VOTE,
     "Says that one who speaks, or stands by, has a page open."},
    {"talk.check", ROLE_SIGNED_IN, METHOD_OWN_ID, check_fields, TALK, talk_check, RATE_WRITE,
     "What somebody found who tried camera, microphone and connection."},
    {0}};

static const struct event_type events[] = {
    {"talk.started", "schedule talk stage chair", "A talk began: {talk, session, slot, at}."},
    {"talk.ended", "schedule talk stage chair", "A talk ended: {talk, session, slot, at}."},
    {"talk.no_show", "schedule talk", "A talk is not held, or is after all."},
    {"talk.paused", "talk", "An interposed question holds up who speaks."},
    {"talk.resumed", "talk", "They go on."},
    {"talk.yours", "person", "One who stood by has got a talk."},
    {"session.talks", "schedule", "A session's talks in another order, or with another one."},
    {"board.changed", "board board:mod", "The board as it is now."},
    {"board.presence", "board:mod", "Somebody who speaks came, left, or tried their devices."},
    {"board.switched", "board:mod", "Somebody speaks from elsewhere now, or does not."},
    {"board.alarm", "board:mod person",
     "Who is to speak and is neither in the building nor online."},
    {0}};

static const struct channel_kind channels[] = {
    {"board", NULL, BOARD, SCOPE_ASKED, SQL_TALK_SNAPSHOT, false, NULL, SQL_TALK_MAY},
    {"board", "mod", CHAIRS, SCOPE_ASKED, SQL_TALK_MOD_SNAPSHOT, false, NULL, SQL_DESK_MAY},
    {0}};

static const struct fault talk_state = {
    "talk.state", FAULT_STATE,
    "This talk has already begun or ended, or is not in the released programme."};
static const struct fault talk_length = {"talk.length", FAULT_STATE,
					 "That much of its time has passed already."};
static const struct fault talk_standby = {"talk.standby", FAULT_STATE,
					  "This abstract does not stand by for that session."};

static const struct db_fault constraints[] = {{"talk_times", &talk_state},
					      {"talk_no_show", &talk_state},
					      {"talk_halted", &talk_state},
					      {"talk_stands_for_once", &talk_state},
					      {"talk_of_one_abstract", &talk_standby},
					      {0}};

static fault const faults[] = {&talk_state, &talk_length, &talk_standby, NULL};

const struct service talks_service = {
    .name = "talks",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};
