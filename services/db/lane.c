/* services/db: the lanes, and what becomes of one statement's outcome: reply, replay, retry or
 * fault. */
#include "services/db/lane.h"
#include "services/core/log.h"
#include "services/core/service.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 250, ATTEMPTS_MAX = 3, PARAMS_MAX = 24, PENDING_MAX = 8192 };

enum call_kind {
	CALL_QUERY, /* may write: lost means unknown */
	CALL_READ,  /* repeated once when lost */
	CALL_WRITE, /* keyed */
	CALL_LOOKUP /* the stored reply of a keyed write that gave a fault */
};

struct db_call {
	struct pipe_call base; /* first: pipe calls back with it */
	struct request *rq;
	enum call_kind kind;
	enum lane lane;
	rows_fn *done;
	int attempts;
	fault pending; /* of a keyed write, while its stored reply is looked up */
};

static struct {
	struct pipe *pipes[LANE_COUNT];
	uv_timer_t *tick;
	void (*ready)(bool ok);
	bool ready_said;
	struct db_figures figures;
} db;

static void call_done(struct pipe_call *base, enum pipe_outcome outcome, const PGresult *result);

struct pipe *lane_pipe(enum lane lane)
{
	return db.pipes[lane];
}

struct db_figures *lane_figures(void)
{
	return &db.figures;
}

const struct db_figures *db_figures(void)
{
	return &db.figures;
}

static fault ask(struct db_call *call)
{
	if (db.pipes[call->lane] == NULL || db_pending() > PENDING_MAX)
		return &fault_busy;
	call->rq->db = call;
	pipe_ask(db.pipes[call->lane], &call->base);
	return OK;
}

void lane_settle(struct request *rq, fault f)
{
	if (f != OK)
		request_finish(rq, f);
	else if (rq->result != NULL)
		request_finish(rq, OK);
	else if (rq->db == NULL)
		request_finish(rq, &fault_internal);
}

static void look_up(struct db_call *call, fault pending)
{
	struct request *rq = call->rq;
	const char **params = arena_alloc(rq->arena, 3 * sizeof(char *));

	params[0] = rq->caller.conference;
	params[1] = caller_actor(&rq->caller);
	params[2] = rq->key;
	call->kind = CALL_LOOKUP;
	call->pending = pending;
	call->base.sql = SQL_REPLY_FIND;
	call->base.params = params;
	call->base.n = 3;
	pending = ask(call);
	if (pending != OK)
		request_finish(rq, &fault_unknown_outcome);
}

static void looked_up(struct db_call *call, enum pipe_outcome outcome, const struct rows *rows)
{
	struct request *rq = call->rq;
	const char *hash;

	if (outcome != PIPE_ROWS) {
		request_finish(rq, &fault_unknown_outcome);
		return;
	}
	if (rows_count(rows) == 0) {
		lane_settle(rq, call->pending);
		return;
	}
	hash = rows_text(rows, 0, "body_hash");
	/* body_hash is \x… in the request. */
	if (hash == NULL || strcmp(hash, rq->body_hash + 2) != 0) {
		rq->fault_current = NULL;
		request_finish(rq, &fault_key_reused);
		return;
	}
	rq->fault_current = NULL;
	lane_settle(rq, call->done != NULL ? call->done(rq, rows) : lane_take_row(rq, rows, 0));
}

static void call_lost(struct db_call *call, enum pipe_outcome outcome)
{
	struct request *rq = call->rq;

	rq->retry_after_ms = 500;
	if (outcome == PIPE_UNSENT) {
		request_finish(rq,
			       call->kind == CALL_LOOKUP ? &fault_unknown_outcome : &fault_busy);
		return;
	}
	db.figures.lost++;
	if (call->kind == CALL_READ && call->attempts++ == 0) {
		if (ask(call) != OK)
			request_finish(rq, &fault_busy);
		return;
	}
	request_finish(rq, call->kind == CALL_READ ? &fault_busy : &fault_unknown_outcome);
}

static void call_failed(struct db_call *call, const PGresult *result)
{
	bool again;
	fault f = lane_error(result, call->base.sql, &again);

	if (again && ++call->attempts < ATTEMPTS_MAX) {
		f = ask(call);
		if (f == OK)
			return;
	}
	if (f->kind == FAULT_BUSY)
		call->rq->retry_after_ms = 500;
	if (call->kind == CALL_WRITE && call->rq->key != NULL)
		look_up(call, f);
	else
		request_finish(call->rq, f);
}

static void call_done(struct pipe_call *base, enum pipe_outcome outcome, const PGresult *result)
{
	struct db_call *call = (struct db_call *)base;
	struct request *rq = call->rq;
	struct rows rows = {result};
	fault f;

	rq->db = NULL;
	db.figures.statements++;
	if (call->kind == CALL_LOOKUP && (outcome == PIPE_ROWS || outcome == PIPE_ERROR)) {
		looked_up(call, outcome, &rows);
		return;
	}
	if (outcome == PIPE_UNSENT || outcome == PIPE_LOST) {
		call_lost(call, outcome);
		return;
	}
	if (outcome == PIPE_ERROR) {
		call_failed(call, result);
		return;
	}
	if (call->kind != CALL_READ)
		lane_committed();
	if (call->kind == CALL_QUERY) {
		lane_settle(rq, call->done(rq, &rows));
		return;
	}
	f = rows_count(&rows) == 0 ? &fault_not_found : OK;
	if (f == OK && call->done != NULL && rows_text(&rows, 0, "reply") != NULL)
		f = call->done(rq, &rows);
	else if (f == OK)
		f = lane_take_row(rq, &rows, 0);
	if (f != OK && call->kind == CALL_WRITE && rq->key != NULL)
		look_up(call, f);
	else
		lane_settle(rq, f);
}

static fault start(struct request *rq, enum call_kind kind, enum lane lane, enum sql_id sql,
		   rows_fn *done, const char **params, int n)
{
	struct db_call *call = arena_alloc(rq->arena, sizeof(*call));

	call->base.sql = sql;
	call->base.params = params;
	call->base.n = n;
	call->base.done = call_done;
	call->rq = rq;
	call->kind = kind;
	call->lane = lane;
	call->done = done;
	return ask(call);
}

/* The caller's parameters behind extra ones of our own, which the caller of this fills in. */
static const char **params_after(struct request *rq, int extra, const char *const *params, int n)
{
	const char **all = arena_alloc(rq->arena, (size_t)(extra + n + 1) * sizeof(char *));

	assert(n <= PARAMS_MAX);
	for (int i = 0; i < n; i++)
		all[extra + i] = params[i];
	return all;
}

fault db_query(struct request *rq, enum lane lane, enum sql_id sql, rows_fn *done,
	       const char *const *params, int n)
{
	return start(rq, CALL_QUERY, lane, sql, done, params_after(rq, 0, params, n), n);
}

static const char *conference_or_null(const struct request *rq)
{
	return rq->caller.conference[0] != 0 ? rq->caller.conference : NULL;
}

fault db_read(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params, int n)
{
	const char **all = params_after(rq, 2, params, n);

	all[0] = conference_or_null(rq);
	all[1] = caller_actor(&rq->caller);
	return start(rq, CALL_READ, lane, sql, NULL, all, n + 2);
}

fault db_write_then(struct request *rq, enum lane lane, enum sql_id sql, rows_fn *done,
		    const char *const *params, int n)
{
	const char **all = params_after(rq, 4, params, n);

	all[0] = conference_or_null(rq);
	all[1] = caller_actor(&rq->caller);
	all[2] = rq->key;
	all[3] = rq->body_hash;
	return start(rq, CALL_WRITE, lane, sql, done, all, n + 4);
}

fault db_write(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
	       int n)
{
	return db_write_then(rq, lane, sql, NULL, params, n);
}

bool db_is_up(void)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (db.pipes[i] == NULL || !pipe_is_up(db.pipes[i]))
			return false;
	return true;
}

int db_pending(void)
{
	int n = 0;

	for (int i = 0; i < LANE_COUNT; i++)
		n += db.pipes[i] != NULL ? pipe_pending(db.pipes[i]) : 0;
	return n;
}

static void lane_up(void *data)
{
	(void)data;
	if (!db.ready_said && db_is_up()) {
		db.ready_said = true;
		db.ready(true);
	}
}

static void lane_down(void *data)
{
	(void)data;
	db.figures.reconnects++;
}

static void lane_wrong_schema(void *data)
{
	(void)data;
	if (!db.ready_said) {
		db.ready_said = true;
		db.ready(false);
	}
}

static void on_tick(uv_timer_t *timer)
{
	(void)timer;
	for (int i = 0; i < LANE_COUNT; i++)
		if (db.pipes[i] != NULL)
			pipe_tick(db.pipes[i]);
}

void db_start(uv_loop_t *loop, const char *dsn, void (*ready)(bool ok))
{
	static const char *const names[LANE_COUNT] = {"public", "moderate", "checkin", "slow"};
	static const int timeouts[LANE_COUNT] = {5000, 5000, 5000, 60000};

	db.ready = ready;
	db.ready_said = false;
	for (int i = 0; i < LANE_COUNT; i++) {
		struct pipe_config config = {.dsn = dsn,
					     .name = names[i],
					     .statement_timeout_ms = timeouts[i],
					     .up = lane_up,
					     .down = lane_down,
					     .wrong_schema = lane_wrong_schema};

		db.pipes[i] = pipe_open(loop, &config);
	}
	later_start(loop);
	work_start(loop);
	db.tick = xcalloc(1, sizeof(*db.tick));
	uv_timer_init(loop, db.tick);
	uv_timer_start(db.tick, on_tick, TICK_MS, TICK_MS);
}

static void tick_closed(uv_handle_t *handle)
{
	free(handle);
}

void db_stop(void)
{
	for (int i = 0; i < LANE_COUNT; i++) {
		struct pipe *p = db.pipes[i];

		db.pipes[i] = NULL;
		if (p != NULL)
			pipe_close(p);
	}
	merge_stop();
	later_stop();
	work_stop();
	if (db.tick != NULL) {
		uv_timer_stop(db.tick);
		uv_close((uv_handle_t *)db.tick, tick_closed);
		db.tick = NULL;
	}
}
