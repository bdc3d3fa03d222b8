/* services/frontdesk: finding somebody by name, letting them in by it, and the code on the screen
 * that signs them in. */
#include "services/frontdesk/parts.h"

#include <stdlib.h>
#include <string.h>

enum { SIGN_IN_TOKEN = 32 /* 160 bits of base32 */ };

static rows_fn found, named, sign_in_made;

fault checkin_search(struct request *rq)
{
	const struct desk_params *p = rq->params;

	return db_query(
	    rq, LANE_CHECKIN, SQL_CHECKIN_SEARCH, found,
	    PARAMS(rq->caller.conference, desk_station(rq), desk_staff(rq), p->list, p->text));
}

/* The database has each code sealed; its last four characters are what stands on somebody's paper.
 */
static fault found(struct request *rq, const struct rows *rows)
{
	fault f = desk_fault(rq, rows);
	int n = rows_count(rows);
	const char *hits = "";
	bool more = false;

	if (f != OK)
		return f;
	for (int i = 0; i < n; i++) {
		const char *hit = rows_text(rows, i, "hit"), *sealed = rows_text(rows, i, "sealed");
		char code[ENTRY_CODE_SIZE + 1];
		const char *last = "";

		if (sealed != NULL && code_open(sealed, code))
			last =
			    arena_printf(rq->arena, ",\"code\":\"%s\"", code + ENTRY_CODE_SIZE - 4);
		hits = arena_printf(rq->arena, "%s%s%.*s%s}", hits, i > 0 ? "," : "",
				    (int)strlen(hit) - 1, hit, last);
		more = strcmp(rows_text(rows, i, "more"), "t") == 0;
	}
	return request_reply(rq, arena_printf(rq->arena, "{\"hits\":[%s],\"more\":%s}", hits,
					      more ? "true" : "false"));
}

fault checkin_admit_person(struct request *rq)
{
	const struct desk_params *p = rq->params;
	const char *code = entry_code_make(rq->arena);

	return db_query(
	    rq, LANE_CHECKIN, SQL_CHECKIN_BY_NAME, named,
	    PARAMS(rq->caller.conference, desk_station(rq), desk_staff(rq), p->list, p->person,
		   p->scan_id, p->second, code_hash(rq->arena, "entry", code),
		   ticket_row(rq->arena, rq->caller.conference, code), code_seal(rq->arena, code)));
}

/* From here on it is a scan of their code: checkin.admit itself judges it. */
static fault named(struct request *rq, const struct rows *rows)
{
	const struct desk_params *p = rq->params;
	const struct method *admit = method_find("checkin.admit");
	char code[ENTRY_CODE_SIZE + 1];
	const char *field = NULL;
	json_t *scan;
	void *params;
	fault f = desk_fault(rq, rows);

	if (f != OK)
		return f;
	if (!code_open(rows_text(rows, 0, "sealed"), code))
		return &fault_internal;
	params = arena_alloc(rq->arena, admit->params_size);
	memset(params, 0, admit->params_size);
	scan = json_pack("{s:s, s:s, s:s}", "list", p->list, "code", code, "scan_id", p->scan_id);
	f = fields_decode(rq->arena, admit->fields, scan, params, &field);
	json_decref(scan);
	if (f != OK)
		return &fault_internal;
	rq->method = admit;
	rq->params = params;
	return admit->run(rq);
}

fault checkin_sign_in(struct request *rq)
{
	const struct desk_params *p = rq->params;
	const char *token = random_base32(rq->arena, SIGN_IN_TOKEN);

	if (rq->caller.station[0] == 0)
		return &fault_denied;
	rq->params = (void *)token;
	return db_query(rq, LANE_CHECKIN, SQL_CHECKIN_SIGN_IN, sign_in_made,
			PARAMS(rq->caller.conference, rq->caller.station, p->scan_id,
			       sha256_bytea(rq->arena, token, SIGN_IN_TOKEN)));
}

static fault sign_in_made(struct request *rq, const struct rows *rows)
{
	fault f = desk_fault(rq, rows);

	if (f != OK)
		return f;
	return request_reply(rq,
			     arena_printf(rq->arena, "{\"token\":\"%s\",\"expires\":\"%s\"}",
					  (const char *)rq->params, rows_text(rows, 0, "expires")));
}
