/* services/tickets: what its files share. Inside services/tickets only. */
#ifndef TICKETS_PARTS_H
#define TICKETS_PARTS_H

#include "services/core/service.h"
#include "services/db/db.h"

enum {
	STAFF = ROLE_DESK | ROLE_ORGANISER,
	/* Who stands at a door and scans. */
	DOOR = STAFF | ROLE_KIOSK | ROLE_GATE
};

struct snapshot_params {
	const char *list, *since;
};

request_fn snapshot_get;

#endif
