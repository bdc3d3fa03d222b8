/* services/frontdesk: corrections at the desk: online or here, how a name is written; and what an
 * organiser decides for it. */
#include "services/frontdesk/parts.h"

#include <string.h>

fault registration_switch_mode(struct request *rq)
{
	const struct desk_params *p = rq->params;

	/* Everybody may say it of themselves, and of nobody else. */
	if (!(rq->caller.roles & DESK)) {
		if (p->scan_id != NULL || p->list != NULL ||
		    (p->person != NULL && strcmp(p->person, rq->caller.person) != 0))
			return &fault_denied;
		return db_write(rq, LANE_CHECKIN, SQL_REGISTRATION_SWITCH_MODE,
				PARAMS(rq->caller.person, NULL, p->mode, NULL, NULL));
	}
	return db_write(rq, LANE_CHECKIN, SQL_REGISTRATION_SWITCH_MODE,
			PARAMS(p->person, p->scan_id, p->mode, p->list, desk_station(rq)));
}

fault registration_seats(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_REGISTRATION_SEATS, PARAMS(p->seats));
}

fault person_rename(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_PERSON_RENAME, PARAMS(p->person, p->name, p->expect));
}

fault list_sign_in(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_LIST_SIGN_IN, PARAMS(p->list, p->on));
}
