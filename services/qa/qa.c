/* services/qa: tables and handlers; the rules are in sql/queries/qa and sql/functions/qa. */
#include "services/qa/qa.h"
#include "services/db/db.h"

#include <stddef.h>
#include <stdint.h>

enum {
	ASKERS = ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_MODERATOR | ROLE_ORGANISER,
	MODERATORS = ROLE_MODERATOR | ROLE_ORGANISER,
	READERS = ASKERS | ROLE_DESK | ROLE_KIOSK,
	WATCHERS = ASKERS | ROLE_KIOSK
};

static const struct fault qa_closed = {"qa.closed", FAULT_STATE,
				       "Questions are closed for this talk."};
static const struct fault qa_duplicate = {"qa.duplicate", FAULT_STATE,
					  "You have asked that already."};
static const struct fault qa_state = {"qa.state", FAULT_STATE,
				      "That cannot be done with the question as it is now."};

static request_fn qa_ask, qa_vote, qa_list, qa_approve, qa_dismiss, qa_stage, qa_answer, qa_reopen,
    qa_hold, qa_withdraw, qa_window;

struct ask_params {
	const char *question, *talk, *text;
};

static const struct field ask_fields[] = {
    {"question", FIELD_UUID, offsetof(struct ask_params, question), 0, 0, 0, NULL},
    {"talk", FIELD_UUID, offsetof(struct ask_params, talk), 0, 0, 0, NULL},
    {"text", FIELD_LINES, offsetof(struct ask_params, text), 0, 500, 1, NULL},
    {0}};

struct vote_params {
	const char *question;
	int64_t value, seq;
};

static const struct field vote_fields[] = {
    {"question", FIELD_UUID, offsetof(struct vote_params, question), 0, 0, 0, NULL},
    {"value", FIELD_INT, offsetof(struct vote_params, value), 0, 1, 0, NULL},
    {"seq", FIELD_INT, offsetof(struct vote_params, seq), 0, INT64_MAX, 1, NULL},
    {0}};

struct list_params {
	const char *talk;
};

static const struct field list_fields[] = {
    {"talk", FIELD_UUID, offsetof(struct list_params, talk), 0, 0, 0, NULL}, {0}};

struct move_params {
	const char *question, *reason;
	int64_t expect_version;
};

static const struct field move_fields[] = {
    {"question", FIELD_UUID, offsetof(struct move_params, question), 0, 0, 0, NULL},
    {"expect_version", FIELD_INT, offsetof(struct move_params, expect_version), 0, INT32_MAX, 1,
     NULL},
    {0}};

static const struct field dismiss_fields[] = {
    {"question", FIELD_UUID, offsetof(struct move_params, question), 0, 0, 0, NULL},
    {"expect_version", FIELD_INT, offsetof(struct move_params, expect_version), 0, INT32_MAX, 1,
     NULL},
    {"reason", FIELD_CHOICE, offsetof(struct move_params, reason), FIELD_OPTIONAL, 0, 0,
     "off_topic|duplicate|rude|spam|other"},
    {0}};

struct window_params {
	const char *talk, *ask, *vote;
};

static const struct field window_fields[] = {
    {"talk", FIELD_UUID, offsetof(struct window_params, talk), 0, 0, 0, NULL},
    {"ask", FIELD_CHOICE, offsetof(struct window_params, ask), FIELD_OPTIONAL, 0, 0,
     "auto|open|closed"},
    {"vote", FIELD_CHOICE, offsetof(struct window_params, vote), FIELD_OPTIONAL, 0, 0,
     "auto|open|closed"},
    {0}};

static const struct method methods[] = {
    {"qa.ask", ASKERS, METHOD_OWN_ID, ask_fields, sizeof(struct ask_params), qa_ask, RATE_WRITE,
     "Asks a question of a talk; it waits for a moderator."},
    {"qa.vote", ASKERS, METHOD_OWN_ID, vote_fields, sizeof(struct vote_params), qa_vote, RATE_VOTE,
     "Sets one's vote on a question."},
    {"qa.list", READERS, 0, list_fields, sizeof(struct list_params), qa_list, RATE_READ,
     "The visible questions of a talk."},
    {"qa.approve", MODERATORS, METHOD_KEY, move_fields, sizeof(struct move_params), qa_approve,
     RATE_WRITE, "Makes a question visible."},
    {"qa.dismiss", MODERATORS, METHOD_KEY, dismiss_fields, sizeof(struct move_params), qa_dismiss,
     RATE_WRITE, "Refuses a question or takes it from view."},
    {"qa.stage", MODERATORS, METHOD_KEY, move_fields, sizeof(struct move_params), qa_stage,
     RATE_WRITE, "Puts a question on stage; the one before becomes answered."},
    {"qa.answer", MODERATORS, METHOD_KEY, move_fields, sizeof(struct move_params), qa_answer,
     RATE_WRITE, "Marks a question as answered."},
    {"qa.reopen", MODERATORS, METHOD_KEY, move_fields, sizeof(struct move_params), qa_reopen,
     RATE_WRITE, "Puts a question back among the visible ones."},
    {"qa.hold", MODERATORS, METHOD_KEY, move_fields, sizeof(struct move_params), qa_hold,
     RATE_WRITE, "Takes a question back into the queue."},
    {"qa.withdraw", ASKERS, METHOD_KEY, move_fields, sizeof(struct move_params), qa_withdraw,
     RATE_WRITE, "Takes one's own question back."},
    {"qa.window", MODERATORS, METHOD_KEY, window_fields, sizeof(struct window_params), qa_window,
     RATE_WRITE, "Opens or closes asking and voting, or leaves it to the programme."},
    {0}};

static const struct event_type events[] = {
    {"question.added", "talk talk:mod", "A question can be seen now; for moderators: was asked."},
    {"question.updated", "talk talk:mod person", "A question has changed."},
    {"question.removed", "talk", "A question can no longer be seen."},
    {"question.staged", "stage", "Another question, or none, is on this stage."},
    {"window.changed", "talk talk:mod", "Asking or voting was opened or closed."},
    {0}};

static const struct channel_kind channels[] = {
    {"talk", NULL, READERS, SCOPE_ID, SQL_QA_TALK_SNAPSHOT, true, NULL, SQL_NONE},
    {"talk", "mod", MODERATORS, SCOPE_ID, SQL_QA_MOD_SNAPSHOT, false, "talk", SQL_NONE},
    {"stage", NULL, WATCHERS, SCOPE_ID, SQL_QA_STAGE_SNAPSHOT, false, NULL, SQL_NONE},
    {0}};

static const struct db_fault constraints[] = {
    {"question_text_size", &fault_size}, {"question_duplicate", &qa_duplicate},
    {"question_nth", &fault_rate},	 {"question_nth_once", &fault_busy},
    {"question_key", &fault_busy},	 {"question_stage_once", &fault_conflict},
    {"question_person", &fault_denied},	 {NULL, NULL}};

static fault const faults[] = {&qa_closed, &qa_duplicate, &qa_state, NULL};

const struct service qa_service = {
    .name = "qa",
    .methods = methods,
    .events = events,
    .channels = channels,
    .constraints = constraints,
    .faults = faults,
};

static fault qa_ask(struct request *rq)
{
	const struct ask_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_QA_ASK, PARAMS(p->question, p->talk, p->text));
}

static fault qa_vote(struct request *rq)
{
	const struct vote_params *p = rq->params;

	return db_merge(rq, LANE_PUBLIC, SQL_QA_VOTE,
			PARAMS(p->question, p_int(rq, p->value), p_int(rq, p->seq)));
}

static fault qa_list(struct request *rq)
{
	const struct list_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_QA_LIST, PARAMS(p->talk));
}

static fault qa_move(struct request *rq, enum lane lane, enum sql_id sql)
{
	const struct move_params *p = rq->params;

	return db_write(rq, lane, sql, PARAMS(p->question, p_int(rq, p->expect_version)));
}

static fault qa_approve(struct request *rq)
{
	return qa_move(rq, LANE_MODERATE, SQL_QA_APPROVE);
}

static fault qa_dismiss(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_DISMISS,
			PARAMS(p->question, p_int(rq, p->expect_version), p->reason));
}

static fault qa_stage(struct request *rq)
{
	return qa_move(rq, LANE_MODERATE, SQL_QA_STAGE);
}

static fault qa_answer(struct request *rq)
{
	return qa_move(rq, LANE_MODERATE, SQL_QA_ANSWER);
}

static fault qa_reopen(struct request *rq)
{
	return qa_move(rq, LANE_MODERATE, SQL_QA_REOPEN);
}

static fault qa_hold(struct request *rq)
{
	return qa_move(rq, LANE_MODERATE, SQL_QA_HOLD);
}

static fault qa_withdraw(struct request *rq)
{
	return qa_move(rq, LANE_PUBLIC, SQL_QA_WITHDRAW);
}

static fault qa_window(struct request *rq)
{
	const struct window_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_WINDOW, PARAMS(p->talk, p->ask, p->vote));
}
