/* services/call: what is handed in, from the draft on. */
#include "services/call/parts.h"

/* When the upload began, for the deadline; NULL: it came from no socket. */
static const char *began(struct request *rq)
{
	return rq->received_ms > 0 ? p_int(rq, rq->received_ms) : NULL;
}

static fault take_content(struct request *rq, const char **content)
{
	json_t *json;
	fault f;

	if (*content == NULL)
		return OK;
	json = json_loads(*content, JSON_DECODE_ANY, NULL);
	f = content_clean(rq->arena, json, content, &rq->fault_field);
	json_decref(json);
	if (f == OK)
		rq->fault_field = NULL;
	return f;
}

fault abstract_save(struct request *rq)
{
	struct abstract_params *p = rq->params;
	fault f = take_content(rq, &p->content);

	if (f != OK)
		return f;
	return db_write(rq, LANE_PUBLIC, SQL_ABSTRACT_SAVE,
			PARAMS(p->abstract, p->content, p_int(rq, p->expect_version), began(rq)));
}

fault abstract_submit(struct request *rq)
{
	struct abstract_params *p = rq->params;
	fault f = take_content(rq, &p->content);

	if (f == OK)
		f = consents_clean(rq, &p->consents);
	if (f != OK)
		return f;
	return db_write(
	    rq, LANE_PUBLIC, SQL_ABSTRACT_SUBMIT,
	    PARAMS(p->abstract, p->content, p_int(rq, p->expect_version), p->consents, began(rq)));
}

fault abstract_withdraw(struct request *rq)
{
	const struct abstract_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_ABSTRACT_WITHDRAW,
			PARAMS(p->abstract, p_int(rq, p->expect_version)));
}

fault abstract_redact(struct request *rq)
{
	const struct abstract_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_ABSTRACT_REDACT,
			PARAMS(p->abstract, p->redacted, p_int(rq, p->expect_version)));
}

fault abstract_mine(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_ABSTRACT_MINE, NULL, 0);
}

fault abstract_get(struct request *rq)
{
	const struct abstract_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_ABSTRACT_GET, PARAMS(p->abstract));
}

fault abstract_list(struct request *rq)
{
	const struct abstract_list_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_ABSTRACT_LIST,
		       PARAMS(p->state, p->track, p->text, p->after, "false"));
}

fault abstract_export(struct request *rq)
{
	const struct abstract_list_params *p = rq->params;

	return db_read(rq, LANE_SLOW, SQL_ABSTRACT_LIST,
		       PARAMS(p->state, p->track, p->text, p->after, "true"));
}
