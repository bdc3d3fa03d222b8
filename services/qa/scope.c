/* services/qa: what holds for all questions of a talk or of a whole session. */
#include "services/qa/parts.h"

static fault no_scope(struct request *rq)
{
	rq->fault_field = "talk";
	return &fault_bad_request;
}

fault qa_close(struct request *rq)
{
	const struct window_params *p = rq->params;

	if (p->talk == NULL && p->session == NULL)
		return no_scope(rq);
	return db_write(rq, LANE_MODERATE, SQL_QA_CLOSE, PARAMS(p->talk, p->session));
}

fault qa_window(struct request *rq)
{
	const struct window_params *p = rq->params;

	if (p->talk == NULL && p->session == NULL)
		return no_scope(rq);
	return db_write(
	    rq, LANE_MODERATE, SQL_QA_WINDOW,
	    PARAMS(p->talk, p->session, p->ask, p->vote, p->show, p->mic, p->paused, p->joint));
}

fault qa_settings(struct request *rq)
{
	const struct settings_params *p = rq->params;

	return db_write(rq, LANE_MODERATE, SQL_QA_SETTINGS,
			PARAMS(p->session, p_int(rq, p->expect_version), p->identity, p->moderated,
			       p->auto_approve_s, p->report_threshold, p->joint, p->mic_policy));
}

fault qa_settings_get(struct request *rq)
{
	const struct settings_params *p = rq->params;

	return db_read(rq, LANE_MODERATE, SQL_QA_SETTINGS_GET, PARAMS(p->session));
}
