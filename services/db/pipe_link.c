/* services/db: one connection's own life: connecting, the schema's check, its loss, another one. */
#include "services/db/pipe_inside.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONNECT_MS =
	    3000, /* without a sign of life; how long it takes in all is the machine's affair */
	RETRY_MIN_MS = 50,
	RETRY_MAX_MS = 1000
};

static void on_poll(uv_poll_t *poll, int status, int events);

static void set_state(struct pipe *p, enum pipe_state state)
{
	p->state = state;
	p->state_since_ms = clock_ms();
}

static void freed(uv_handle_t *handle)
{
	free(handle);
}

static void unwatch(struct pipe *p)
{
	if (p->poll == NULL)
		return;
	uv_poll_stop(p->poll);
	uv_close((uv_handle_t *)p->poll, freed);
	p->poll = NULL;
}

static void watch(struct pipe *p, int events)
{
	if (p->poll == NULL) {
		p->poll = xcalloc(1, sizeof(*p->poll));
		p->poll->data = p;
		uv_poll_init(p->loop, p->poll, PQsocket(p->pg));
		p->watched = 0;
	}
	if (p->watched != events)
		uv_poll_start(p->poll, events, on_poll);
	p->watched = events;
}

void pipe_flush(struct pipe *p)
{
	int left = PQflush(p->pg);

	if (left < 0)
		p->broken = true;
	else
		watch(p, left > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

static void check_schema(struct pipe *p)
{
	if (PQsetnonblocking(p->pg, 1) != 0 || !PQenterPipelineMode(p->pg) ||
	    !PQsendQueryParams(p->pg, "select hash from schema_version", 0, NULL, NULL, NULL, NULL,
			       0) ||
	    !PQpipelineSync(p->pg)) {
		pipe_drop(p, "cannot ask for the schema");
		return;
	}
	memset(p->prepared, 0, sizeof(p->prepared));
	set_state(p, PIPE_CHECKING);
	pipe_flush(p);
}

bool pipe_check(struct pipe *p, const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	p->state_since_ms = clock_ms();
	if (status == PGRES_TUPLES_OK) {
		if (PQntuples(result) == 1 &&
		    strcmp(PQgetvalue(result, 0, 0), sql_schema_hash) == 0)
			return true;
		log_line("db %s: the database is of another schema version; run plenum migrate",
			 p->config.name);
		p->config.wrong_schema(p->config.data);
		return false;
	}
	if (status == PGRES_FATAL_ERROR) {
		const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);

		log_line("db %s: cannot read the schema's version: %s %s", p->config.name,
			 code != NULL ? code : "?",
			 PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
		if (code != NULL && strcmp(code, "42P01") == 0)
			p->config.wrong_schema(p->config.data);
		return false;
	}
	if (status == PGRES_PIPELINE_SYNC) {
		set_state(p, PIPE_READY);
		p->retry_ms = RETRY_MIN_MS;
		p->config.up(p->config.data);
	}
	return true;
}

static void on_connecting(struct pipe *p)
{
	PostgresPollingStatusType next = PQconnectPoll(p->pg);

	p->state_since_ms = clock_ms();
	/* PQsocket may have changed: a new handle for each step. */
	unwatch(p);
	if (next == PGRES_POLLING_READING)
		watch(p, UV_READABLE);
	else if (next == PGRES_POLLING_WRITING)
		watch(p, UV_WRITABLE);
	else if (next == PGRES_POLLING_OK)
		check_schema(p);
	else
		pipe_drop(p, "cannot connect");
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct pipe *p = poll->data;

	if (p->state == PIPE_CONNECTING)
		on_connecting(p);
	else
		pipe_work(p, status, events);
}

static void connect_now(uv_timer_t *timer)
{
	struct pipe *p = timer->data;
	char options[320];
	const char *keys[] = {"dbname",		  "application_name",
			      "options",	  "connect_timeout",
			      "keepalives_idle",  "keepalives_interval",
			      "keepalives_count", "tcp_user_timeout",
			      "client_encoding",  NULL};
	const char *values[] = {p->dsn, p->config.name, options, "3", "5", "2",
				"3",	"8000",		"UTF8",	 NULL};

	/* A custom plan for each small batch would cost more than the batch itself. */
	snprintf(options, sizeof(options),
		 "-c statement_timeout=%d -c lock_timeout=2000 -c "
		 "idle_in_transaction_session_timeout=10000 "
		 "-c TimeZone=UTC -c synchronous_commit=on -c plan_cache_mode=force_generic_plan "
		 "-c jit=off",
		 p->config.statement_timeout_ms);
	p->broken = false;
	p->pg = PQconnectStartParams(keys, values, 1);
	set_state(p, PIPE_CONNECTING);
	if (p->pg == NULL || PQstatus(p->pg) == CONNECTION_BAD) {
		pipe_drop(p, "cannot start to connect");
		return;
	}
	watch(p, UV_WRITABLE);
}

void pipe_drop(struct pipe *p, const char *why)
{
	struct pipe_list sent = p->sent;
	bool was_ready = p->state == PIPE_READY;

	if (p->answering) {
		p->broken = true;
		return;
	}
	if (p->state != PIPE_CLOSED && (was_ready || p->retry_ms <= RETRY_MIN_MS))
		log_line("db %s: %s, %d in doubt", p->config.name, why, sent.n);
	unwatch(p);
	PQfinish(p->pg);
	p->pg = NULL;
	p->sent = (struct pipe_list){0};
	if (p->state != PIPE_CLOSED) {
		set_state(p, PIPE_DOWN);
		uv_timer_start(
		    p->retry, connect_now,
		    (uint64_t)p->retry_ms / 2 + (uint64_t)(rand() % (p->retry_ms / 2 + 1)), 0);
		p->retry_ms = p->retry_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : p->retry_ms * 2;
	}
	if (was_ready)
		p->config.down(p->config.data);
	for (struct pipe_call *call = sent.first; call != NULL;) {
		struct pipe_call *next = call->next;

		PQclear(call->result);
		call->result = NULL;
		pipe_answer(call, PIPE_LOST);
		call = next;
	}
}

static void on_broken(uv_timer_t *timer)
{
	pipe_drop(timer->data, "cannot send");
}

/* The timer is free: it runs only while there is no connection. */
void pipe_drop_soon(struct pipe *p)
{
	uv_timer_start(p->retry, on_broken, 0, 0);
}

void pipe_link_tick(struct pipe *p, uint64_t now_ms)
{
	if ((p->state == PIPE_CONNECTING || p->state == PIPE_CHECKING) &&
	    now_ms - p->state_since_ms > CONNECT_MS)
		pipe_drop(p, "connecting took too long");
}

struct pipe *pipe_open(uv_loop_t *loop, const struct pipe_config *config)
{
	struct pipe *p = xcalloc(1, sizeof(*p));

	p->config = *config;
	p->dsn = xstrdup(config->dsn);
	p->loop = loop;
	p->retry_ms = RETRY_MIN_MS;
	p->retry = xcalloc(1, sizeof(*p->retry));
	p->retry->data = p;
	uv_timer_init(loop, p->retry);
	uv_timer_start(p->retry, connect_now, 0, 0);
	return p;
}

static void retry_closed(uv_handle_t *handle)
{
	struct pipe *p = handle->data;

	free(p->dsn);
	free(p);
	free(handle);
}

void pipe_close(struct pipe *p)
{
	struct pipe_call *call;

	set_state(p, PIPE_CLOSED);
	while ((call = pipe_list_pop(&p->waiting)) != NULL)
		pipe_answer(call, PIPE_UNSENT);
	pipe_drop(p, "closing");
	uv_timer_stop(p->retry);
	uv_close((uv_handle_t *)p->retry, retry_closed);
}
