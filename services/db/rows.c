/* services/db: rows as the services see them, and what an answer or an error of the database means.
 */
#include "services/core/log.h"
#include "services/core/service.h"
#include "services/db/lane.h"

#include <stdlib.h>
#include <string.h>

int rows_count(const struct rows *rows)
{
	return PQntuples(rows->result);
}

const char *rows_text(const struct rows *rows, int row, const char *column)
{
	int at = PQfnumber(rows->result, column);

	if (at < 0 || row >= PQntuples(rows->result) || PQgetisnull(rows->result, row, at))
		return NULL;
	return PQgetvalue(rows->result, row, at);
}

int rows_column(const struct rows *rows, const char *column)
{
	return PQfnumber(rows->result, column);
}

const char *rows_at(const struct rows *rows, int row, int column)
{
	return column < 0 || PQgetisnull(rows->result, row, column)
		   ? NULL
		   : PQgetvalue(rows->result, row, column);
}

int rows_size(const struct rows *rows, int row, const char *column)
{
	int at = PQfnumber(rows->result, column);

	return at < 0 || row >= PQntuples(rows->result) ? 0 : PQgetlength(rows->result, row, at);
}

int64_t rows_int(const struct rows *rows, int row, const char *column)
{
	const char *text = rows_text(rows, row, column);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

static fault error_by_class(const char *state)
{
	static const char *const busy[] = {"57014", "55P03", "53", "57P", "25006", "08"};
	static const char *const caller[] = {"22007", "22008", "22009", "22P02",
					     "22021", "22P05", "2202"};

	for (size_t i = 0; i < sizeof(busy) / sizeof(busy[0]); i++)
		if (strncmp(state, busy[i], strlen(busy[i])) == 0)
			return &fault_busy;
	for (size_t i = 0; i < sizeof(caller) / sizeof(caller[0]); i++)
		if (strncmp(state, caller[i], strlen(caller[i])) == 0)
			return &fault_bad_request;
	return NULL;
}

fault lane_error(const PGresult *result, enum sql_id sql, bool *ret_again)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	fault known;

	state = state != NULL ? state : "?";
	lane_figures()->errors++;
	*ret_again = strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
	if (*ret_again)
		return &fault_busy;
	/* A repeat whose guard still passes, or that came while the first was under way: the stored
	 * reply answers it. */
	if (constraint != NULL && strcmp(constraint, "reply_once") == 0)
		return &fault_busy;
	known = constraint != NULL ? fault_by_constraint(constraint) : NULL;
	if (known == NULL)
		known = error_by_class(state);
	if (known != NULL)
		return known;
	/* Never PostgreSQL's DETAIL, nor a message that may quote a value: they hold what people
	 * wrote. */
	log_line("db: %s failed: sqlstate %s constraint %s", sql_queries[sql].name, state,
		 constraint != NULL ? constraint : "-");
	return &fault_internal;
}

fault lane_take_row(struct request *rq, const struct rows *rows, int row)
{
	const char *reply = rows_text(rows, row, "reply");
	const char *name = rows_text(rows, row, "fault");
	const char *current = rows_text(rows, row, "current");
	fault found;

	if (reply != NULL) {
		size_t n = (size_t)rows_size(rows, row, "reply");

		return request_reply_bytes(rq, arena_strndup(rq->arena, reply, n), n);
	}
	if (name == NULL)
		return &fault_not_found;
	found = fault_by_code(name);
	if (found == NULL) {
		log_line("db: a statement names an unknown fault: %s", name);
		return &fault_internal;
	}
	if (current != NULL)
		rq->fault_current = arena_strdup(rq->arena, current);
	/* A limit that waiting does not lift has no retry_after_ms. */
	rq->retry_after_ms = rows_int(rows, row, "retry_after_ms");
	if (rq->retry_after_ms == 0 && found == &fault_busy)
		rq->retry_after_ms = 500;
	return found;
}
