/* services/frontdesk: what its files share. Inside services/frontdesk only. */
#ifndef FRONTDESK_PARTS_H
#define FRONTDESK_PARTS_H

#include "services/core/service.h"
#include "services/core/ticket.h"
#include "services/core/token.h"
#include "services/db/db.h"

enum {
	STAFF = ROLE_DESK | ROLE_ORGANISER,
	DESK = STAFF | ROLE_DOOR_DESK,
	DOOR = STAFF | ROLE_KIOSK | ROLE_GATE
};

struct desk_params {
	const char *list, *text, *person, *scan_id, *second, *name, *email, *category, *mode,
	    *expect, *conflict, *seats, *on;
};

struct note_params {
	const char *note, *list, *category, *person, *text, *text_da, *scan_id;
	bool confirm;
};

/* The caller is a station, or somebody of staff: the other one is NULL. */
const char *desk_station(const struct request *rq);
const char *desk_staff(const struct request *rq);

/* The first row's fault, with what it is about; OK when it has none. */
fault desk_fault(struct request *rq, const struct rows *rows);

request_fn checkin_walk_in, checkin_walk_in_merge;
request_fn checkin_search, checkin_admit_person, checkin_sign_in;
request_fn registration_switch_mode, registration_seats, person_rename, list_sign_in;
request_fn note_save, note_remove, note_list, checkin_confirm;

#endif
