/* services/registration: what organisers do: settings, cover, inviting; people searched, corrected
 * and merged. */
#include "services/registration/parts.h"

#include "services/core/json.h"

#include <string.h>

fault registration_settings(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_REGISTRATION_SETTINGS, NULL, 0);
}

/* {"talk":{"fee":true,"nights":2},…}: what the constraints do not see is whether it has that form.
 */
static bool covers_ok(const char *text)
{
	json_t *json = json_loads(text, 0, NULL), *rule;
	bool good = json_is_object(json);
	const char *what;

	json_object_foreach(json, what, rule)
	{
		json_t *fee = json_object_get(rule, "fee"),
		       *nights = json_object_get(rule, "nights");

		good = good && json_is_object(rule) && (fee == NULL || json_is_boolean(fee)) &&
		       (nights == NULL ||
			(json_is_integer(nights) && json_integer_value(nights) >= 0 &&
			 json_integer_value(nights) <= 14));
	}
	json_decref(json);
	return good;
}

fault registration_save(struct request *rq)
{
	const struct settings_params *p = rq->params;

	if (p->questions[0] != '[')
		rq->fault_field = "questions";
	else if (!covers_ok(p->covers))
		rq->fault_field = "covers";
	if (rq->fault_field != NULL)
		return &fault_bad_request;
	return db_write(rq, LANE_PUBLIC, SQL_REGISTRATION_SAVE,
			PARAMS(p->open, p->seats, p->seats_online, p->beds, p->invite_days,
			       p->offer_hours, p->questions, p->covers, p->expect_version));
}

fault registration_decide(struct request *rq)
{
	const struct staff_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_REGISTRATION_DECIDE,
			PARAMS(p->person, p->verdict, p->reason));
}

fault invitation_send(struct request *rq)
{
	const struct staff_params *p = rq->params;

	return db_write(
	    rq, LANE_PUBLIC, SQL_INVITATION_SEND,
	    PARAMS(p->email, p->name, p->what, p->mode, p->expires, p->session, p->language));
}

fault invitation_withdraw(struct request *rq)
{
	const struct staff_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_INVITATION_WITHDRAW, PARAMS(p->invitation));
}

fault person_list(struct request *rq)
{
	const struct person_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_PERSON_LIST,
		       PARAMS(p->text, p->state, p->mode, p->skip != NULL ? p->skip : "0"));
}

fault person_show(struct request *rq)
{
	const struct person_params *p = rq->params;

	return db_read(rq, LANE_PUBLIC, SQL_PERSON_SHOW, PARAMS(p->person));
}

fault person_save(struct request *rq)
{
	const struct person_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_PERSON_SAVE,
			PARAMS(p->person, p->name, p->email,
			       p->organisation != NULL ? p->organisation : "", p->category,
			       p->language, p->expect_version));
}

fault person_merge(struct request *rq)
{
	const struct person_params *p = rq->params;

	return db_write(rq, LANE_SLOW, SQL_PERSON_MERGE, PARAMS(p->person, p->into));
}

fault person_resend(struct request *rq)
{
	const struct person_params *p = rq->params;
	struct code_parts c = code_parts_new(rq);

	return db_write(rq, LANE_PUBLIC, SQL_PERSON_RESEND,
			PARAMS(p->person, c.lookup, c.row, c.sealed));
}

fault person_export(struct request *rq)
{
	const struct person_params *p = rq->params;
	const char *format = p->format != NULL ? p->format : "csv";

	if (strcmp(p->what, "people") == 0 && strcmp(format, "json") == 0) {
		rq->fault_field = "format";
		return &fault_bad_request;
	}
	return db_read(rq, LANE_SLOW, SQL_PERSON_EXPORT, PARAMS(p->what, format));
}
