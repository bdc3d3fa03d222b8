/* services/frontdesk: people without a ticket. */
#include "services/frontdesk/parts.h"

#include <string.h>

static rows_fn walked_in;

/* The parts of a new code that the database keeps. */
struct made {
	const char *code, *lookup, *row, *sealed;
};

static struct made code_made(struct request *rq)
{
	const char *code = entry_code_make(rq->arena);

	return (struct made){code, code_hash(rq->arena, "entry", code),
			     ticket_row(rq->arena, rq->caller.conference, code),
			     code_seal(rq->arena, code)};
}

fault checkin_walk_in(struct request *rq)
{
	const struct desk_params *p = rq->params;
	struct made m = code_made(rq);
	const char *asked =
	    arena_printf(rq->arena, "%s\n%s\n%s\n%s", p->list, p->name,
			 p->email != NULL ? p->email : "", p->category != NULL ? p->category : "");

	return db_query(rq, LANE_CHECKIN, SQL_CHECKIN_WALK_IN, walked_in,
			PARAMS(rq->caller.conference, desk_station(rq), desk_staff(rq), p->list,
			       p->name, p->email, p->category, p->scan_id,
			       sha256_bytea(rq->arena, asked, strlen(asked)), m.lookup, m.row,
			       m.sealed, m.code));
}

/* The reply, and with it the code that is stored: on a repeat the one of the first time. */
static fault walked_in(struct request *rq, const struct rows *rows)
{
	fault f = desk_fault(rq, rows);
	char code[ENTRY_CODE_SIZE + 1];

	if (f != OK)
		return f;
	if (!code_open(rows_text(rows, 0, "sealed"), code))
		return &fault_internal;
	return request_reply(rq, arena_printf(rq->arena, "{\"code\":\"%s\",%s", code,
					      rows_text(rows, 0, "reply") + 1));
}

fault checkin_walk_in_merge(struct request *rq)
{
	const struct desk_params *p = rq->params;
	struct made m = code_made(rq);

	return db_write(rq, LANE_CHECKIN, SQL_CHECKIN_WALK_IN_MERGE,
			PARAMS(p->conflict, p->person, p->name, p->email, p->category, m.lookup,
			       m.row, m.sealed, m.code));
}
