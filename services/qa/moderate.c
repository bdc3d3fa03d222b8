/* services/qa: what moderators do with one question: each is one call of question_move() or its
 * like. */
#include "services/qa/parts.h"

/* A command that has nothing to say but which question, as it was at which version. */
static fault plain(struct request *rq, enum sql_id sql)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, sql, PARAMS(p->question, p->expect_version));
}

static fault with_one(struct request *rq, enum sql_id sql, const char *argument)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, sql, PARAMS(p->question, p->expect_version, argument));
}

fault qa_approve(struct request *rq)
{
	return plain(rq, SQL_QA_APPROVE);
}

fault qa_dismiss(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_DISMISS,
			PARAMS(p->question, p->expect_version, p->reason, p->silent));
}

fault qa_hold(struct request *rq)
{
	return plain(rq, SQL_QA_HOLD);
}

fault qa_edit(struct request *rq)
{
	return with_one(rq, SQL_QA_EDIT, ((const struct move_params *)rq->params)->text);
}

fault qa_accept(struct request *rq)
{
	return with_one(rq, SQL_QA_ACCEPT, ((const struct move_params *)rq->params)->decline);
}

fault qa_stage(struct request *rq)
{
	return plain(rq, SQL_QA_STAGE);
}

fault qa_answer(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_ANSWER,
			PARAMS(p->question, p->expect_version, p->text, p->open));
}

fault qa_reopen(struct request *rq)
{
	return plain(rq, SQL_QA_REOPEN);
}

fault qa_skip(struct request *rq)
{
	return plain(rq, SQL_QA_SKIP);
}

fault qa_move(struct request *rq)
{
	return with_one(rq, SQL_QA_MOVE, ((const struct move_params *)rq->params)->talk);
}

fault qa_merge(struct request *rq)
{
	return with_one(rq, SQL_QA_MERGE, ((const struct move_params *)rq->params)->into);
}

fault qa_unmerge(struct request *rq)
{
	return plain(rq, SQL_QA_UNMERGE);
}

fault qa_restore(struct request *rq)
{
	return plain(rq, SQL_QA_RESTORE);
}

fault qa_undo(struct request *rq)
{
	return plain(rq, SQL_QA_UNDO);
}

fault qa_prepare(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_PREPARE, PARAMS(p->question, p->talk, p->text));
}

fault qa_note_spoken(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_NOTE_SPOKEN,
			PARAMS(p->question, p->talk, p->text));
}
