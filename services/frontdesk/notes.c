/* services/frontdesk: notes for whoever comes in, and that they were done. */
#include "services/frontdesk/parts.h"

fault note_save(struct request *rq)
{
	const struct note_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_NOTE_SAVE,
			PARAMS(p->note, p->list, p->category, p->person, p->text, p->text_da,
			       p_bool(p->confirm)));
}

fault note_remove(struct request *rq)
{
	const struct note_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_NOTE_REMOVE, PARAMS(p->note));
}

fault note_list(struct request *rq)
{
	return db_read(rq, LANE_CHECKIN, SQL_NOTE_LIST, NULL, 0);
}

fault checkin_confirm(struct request *rq)
{
	const struct note_params *p = rq->params;

	return db_write(rq, LANE_CHECKIN, SQL_CHECKIN_CONFIRM,
			PARAMS(desk_station(rq), desk_staff(rq), p->scan_id, p->note));
}
