/* services/tickets: entry codes: a new one, none any more, one's own. The database has them sealed
 * only; they are opened here, on the way out. */
#include "services/core/json.h"
#include "services/core/ticket.h"
#include "services/core/token.h"
#include "services/tickets/parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static rows_fn issued, mine_read;

fault entry_code_issue(struct request *rq)
{
	const struct code_params *p = rq->params;
	const char *code = entry_code_make(rq->arena);

	return db_write_then(rq, LANE_PUBLIC, SQL_TICKETS_CODE_ISSUE, issued,
			     PARAMS(p->person, code_hash(rq->arena, "entry", code),
				    ticket_row(rq->arena, rq->caller.conference, code),
				    code_seal(rq->arena, code), p_bool(p->mail)));
}

/* Also of a repeat: its stored reply has the code that was issued then. */
static fault issued(struct request *rq, const struct rows *rows)
{
	const char *text = rows_text(rows, 0, "reply");
	json_t *reply = json_loads(text, 0, NULL);
	const char *sealed = json_string_value(json_object_get(reply, "sealed"));
	char code[ENTRY_CODE_SIZE + 1];
	char *bytes;
	bool opened = sealed != NULL && code_open(sealed, code);

	if (opened)
		json_object_set_new(reply, "code", json_string(code));
	json_object_del(reply, "sealed");
	bytes = json_dumps(reply, JSON_COMPACT);
	json_decref(reply);
	text = arena_strdup(rq->arena, bytes);
	free(bytes);
	return request_reply(rq, text);
}

fault entry_code_revoke(struct request *rq)
{
	const struct code_params *p = rq->params;

	return db_write(rq, LANE_PUBLIC, SQL_TICKETS_CODE_REVOKE, PARAMS(p->person));
}

fault entry_code_mine(struct request *rq)
{
	return db_query(rq, LANE_PUBLIC, SQL_TICKETS_CODE_MINE, mine_read,
			PARAMS(rq->caller.conference, rq->caller.person));
}

static fault mine_read(struct request *rq, const struct rows *rows)
{
	struct buffer b = {0};
	const char *state, *json;
	char code[ENTRY_CODE_SIZE + 1];

	if (rows_count(rows) == 0)
		return &fault_not_found;
	state = rows_text(rows, 0, "state");
	if (strcmp(state, "valid") == 0 && !code_open(rows_text(rows, 0, "sealed"), code))
		state = "unknown";
	buffer_printf(&b, "{\"state\":\"%s\",\"name\":", state);
	buffer_json(&b, rows_text(rows, 0, "name"));
	if (strcmp(state, "valid") == 0)
		buffer_printf(&b, ",\"code\":\"%s\",\"issued\":\"%s\"", code,
			      rows_text(rows, 0, "issued"));
	buffer_text(&b, "}");
	json = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	return request_reply(rq, json);
}
