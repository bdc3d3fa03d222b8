/* services/qa: what those who ask and vote call; the rules are in sql/functions/qa. */
#include "services/qa/parts.h"

fault qa_ask(struct request *rq)
{
	const struct ask_params *p = rq->params;

	if (p->talk == NULL && p->session == NULL) {
		rq->fault_field = "talk";
		return &fault_bad_request;
	}
	return db_merge(rq, LANE_PUBLIC, SQL_QA_ASK,
			PARAMS(p->question, p->talk, p->session, p->text, p->whole, p->named,
			       p->quote, p->behind_ms));
}

fault qa_vote(struct request *rq)
{
	const struct vote_params *p = rq->params;

	return db_merge_many(rq, LANE_PUBLIC, SQL_QA_VOTE,
			     PARAMS(p->question, p_int(rq, p->value), p_int(rq, p->seq)));
}

fault qa_list(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_QA_LIST, PARAMS(p->talk));
}

fault qa_mine(struct request *rq)
{
	const struct talk_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_QA_MINE, PARAMS(p->talk));
}

fault qa_withdraw(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_QA_WITHDRAW, PARAMS(p->question, p->expect_version));
}

fault qa_revise(struct request *rq)
{
	const struct move_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_QA_REVISE,
			PARAMS(p->question, p->expect_version, p->text));
}
