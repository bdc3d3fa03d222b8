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

struct code_params {
	const char *person;
	bool mail;
};

struct pin_params {
	const char *station, *pin;
};

/* Numbers as text, so that none said is none told. */
struct heartbeat_params {
	const char *boot_id, *sent_at, *mono, *offset_ms, *uncert_ms, *queue, *oldest_at, *snapshot,
	    *offline_since, *scans_minute, *verdicts, *p95_ms, *version, *jumped, *printer, *camera;
};

extern const struct fault station_locked, station_wrong_pin;

request_fn snapshot_get;
request_fn entry_code_issue, entry_code_revoke, entry_code_mine;
request_fn station_unlock, station_pin, station_heartbeat, station_board;

#endif
