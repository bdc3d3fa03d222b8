/* services/tickets: stations: their PIN, their heartbeat, and the board that shows them. */
#include "services/core/json.h"
#include "services/core/ticket.h"
#include "services/tickets/parts.h"

fault station_unlock(struct request *rq)
{
	const struct pin_params *p = rq->params;
	const char *hash = pin_hash(rq->arena, rq->caller.conference, p->pin);

	/* What can be no PIN is a wrong one, and counts. */
	return db_read(rq, LANE_PUBLIC, SQL_TICKETS_UNLOCK, PARAMS(hash != NULL ? hash : "\\x"));
}

fault station_pin(struct request *rq)
{
	const struct pin_params *p = rq->params;
	const char *hash = pin_hash(rq->arena, rq->caller.conference, p->pin);

	if (hash == NULL && p->pin[0] != 0) {
		rq->fault_field = "pin";
		return &fault_bad_request;
	}
	return db_write(rq, LANE_PUBLIC, SQL_TICKETS_PIN, PARAMS(p->station, hash));
}

fault station_board(struct request *rq)
{
	return db_read(rq, LANE_PUBLIC, SQL_TICKETS_BOARD, NULL, 0);
}

static void add(struct buffer *b, const char *name, const char *value, bool quoted)
{
	if (value == NULL)
		return;
	buffer_printf(b, "%s\"%s\":", b->size > 1 ? "," : "", name);
	if (quoted)
		buffer_json(b, value);
	else
		buffer_text(b, value);
}

fault station_heartbeat(struct request *rq)
{
	const struct heartbeat_params *p = rq->params;
	struct buffer b = {0};
	const char *said;

	buffer_text(&b, "{");
	add(&b, "sent_at", p->sent_at, true);
	add(&b, "mono", p->mono, false);
	add(&b, "offset_ms", p->offset_ms, false);
	add(&b, "uncert_ms", p->uncert_ms, false);
	add(&b, "queue", p->queue, false);
	add(&b, "oldest_at", p->oldest_at, true);
	add(&b, "snapshot", p->snapshot, false);
	add(&b, "offline_since", p->offline_since, true);
	add(&b, "scans_minute", p->scans_minute, false);
	add(&b, "verdicts", p->verdicts, false);
	add(&b, "p95_ms", p->p95_ms, false);
	add(&b, "version", p->version, true);
	add(&b, "jumped", p->jumped, false);
	add(&b, "printer", p->printer, false);
	add(&b, "camera", p->camera, false);
	buffer_text(&b, "}");
	said = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	return db_read(rq, LANE_PUBLIC, SQL_TICKETS_HEARTBEAT, PARAMS(p->boot_id, said));
}
