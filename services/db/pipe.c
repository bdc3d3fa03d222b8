/* services/db: one pipelined connection. */
#include "services/db/pipe.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 16,		/* beyond it a slow statement would delay too many followers */
	WAIT_MS = 2500,		/* how long a call may wait for its turn before we say busy */
	ANSWER_SLACK_MS = 3000, /* over statement_timeout before we give the connection up */
	CONNECT_MS =
	    3000, /* without a sign of life; how long it takes in all is the machine's affair */
	RETRY_MIN_MS = 50,
	RETRY_MAX_MS = 1000
};

enum pipe_state {
	PIPE_DOWN,	 /* no connection; the retry timer runs */
	PIPE_CONNECTING, /* libpq's handshake; poll follows PQconnectPoll */
	PIPE_CHECKING,	 /* the schema's hash has been asked for, one SYNC */
	PIPE_READY,	 /* calls flow */
	PIPE_CLOSED	 /* pipe_close was called */
};

struct list {
	struct pipe_call *first, **last;
	int n;
};

struct pipe {
	struct pipe_config config;
	char *dsn;
	uv_loop_t *loop;
	uv_timer_t *retry;
	uv_poll_t *poll; /* NULL without a socket */
	int watched;	 /* the events poll waits for: starting it again costs a system call */
	PGconn *pg;
	enum pipe_state state;
	struct list waiting, sent;
	uint64_t state_since_ms;
	int retry_ms;
	bool broken;		  /* found while calling back: drop when safe */
	bool answering;		  /* inside the result loop */
	bool prepared[SQL_COUNT]; /* on this connection, or on its way there */
};

static void drop(struct pipe *p, const char *why);
static void watch(struct pipe *p, int events);

static void list_push(struct list *list, struct pipe_call *call)
{
	call->next = NULL;
	if (list->first == NULL)
		list->last = &list->first;
	*list->last = call;
	list->last = &call->next;
	list->n++;
}

static struct pipe_call *list_pop(struct list *list)
{
	struct pipe_call *call = list->first;

	if (call != NULL) {
		list->first = call->next;
		list->n--;
	}
	return call;
}

static void set_state(struct pipe *p, enum pipe_state state)
{
	p->state = state;
	p->state_since_ms = clock_ms();
}

static void answer(struct pipe_call *call, enum pipe_outcome outcome)
{
	PGresult *result = call->result;

	call->result = NULL;
	call->done(call, outcome, result);
	PQclear(result);
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

static void flush(struct pipe *p)
{
	int left = PQflush(p->pg);

	if (left < 0)
		p->broken = true;
	else
		watch(p, left > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

/* A statement is prepared where it is first used: of some 350, one connection needs a few dozen,
 * and all of them would cost the server more than the rest of its start (docs/decisions/0041). */
static bool send_call(struct pipe *p, struct pipe_call *call)
{
	const char *name;

	call->prepares = call->prepared = false;
	if (call->text != NULL)
		return PQsendQueryParams(p->pg, call->text, 0, NULL, NULL, NULL, NULL, 0);
	name = sql_queries[call->sql].name;
	if (!p->prepared[call->sql]) {
		if (!PQsendPrepare(p->pg, name, sql_queries[call->sql].text, 0, NULL))
			return false;
		p->prepared[call->sql] = call->prepares = true;
	}
	return PQsendQueryPrepared(p->pg, name, call->n, call->params, NULL, NULL, 0);
}

static void send_waiting(struct pipe *p)
{
	while (p->state == PIPE_READY && !p->broken && p->sent.n < DEPTH_MAX &&
	       p->waiting.first != NULL) {
		struct pipe_call *call = list_pop(&p->waiting);
		bool ok = send_call(p, call);

		list_push(&p->sent, call);
		call->until_ms =
		    clock_ms() + (uint64_t)p->config.statement_timeout_ms + ANSWER_SLACK_MS;
		if (!ok || !PQpipelineSync(p->pg))
			p->broken = true;
	}
	if (p->state == PIPE_READY && !p->broken)
		flush(p);
	if (p->broken && !p->answering)
		drop(p, "cannot send");
}

static void check_schema(struct pipe *p)
{
	if (PQsetnonblocking(p->pg, 1) != 0 || !PQenterPipelineMode(p->pg) ||
	    !PQsendQueryParams(p->pg, "select hash from schema_version", 0, NULL, NULL, NULL, NULL,
			       0) ||
	    !PQpipelineSync(p->pg)) {
		drop(p, "cannot ask for the schema");
		return;
	}
	memset(p->prepared, 0, sizeof(p->prepared));
	set_state(p, PIPE_CHECKING);
	flush(p);
}

/* false: the connection is of no use. */
static bool check_result(struct pipe *p, const PGresult *result)
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

/* Of a statement that could not be prepared (its table was locked) the next one tries again; those
 * that had gone out behind it were never run, and go out again. */
static bool goes_again(struct pipe *p, struct pipe_call *call)
{
	const char *code;

	if (call->text != NULL || PQresultStatus(call->result) != PGRES_FATAL_ERROR)
		return false;
	code = PQresultErrorField(call->result, PG_DIAG_SQLSTATE);
	if (call->prepares && !call->prepared)
		p->prepared[call->sql] = false;
	if (call->prepares || code == NULL || strcmp(code, "26000") != 0)
		return false;
	PQclear(call->result);
	call->result = NULL;
	call->until_ms = clock_ms() + WAIT_MS;
	list_push(&p->waiting, call);
	return true;
}

/* The head's fate is decided only at its SYNC: a deferred constraint's error comes after the rows.
 */
static void call_result(struct pipe *p, PGresult *result)
{
	struct pipe_call *head = p->sent.first;
	ExecStatusType status = PQresultStatus(result);

	if (head == NULL) {
		p->broken = true;
		PQclear(result);
		return;
	}
	if (status == PGRES_PIPELINE_SYNC) {
		PQclear(result);
		list_pop(&p->sent);
		if (goes_again(p, head))
			return;
		status = PQresultStatus(head->result);
		answer(head, status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? PIPE_ROWS
										     : PIPE_ERROR);
		return;
	}
	if (head->result != NULL && PQresultStatus(head->result) == PGRES_FATAL_ERROR) {
		PQclear(result);
		return;
	}
	if (head->result == NULL && status == PGRES_COMMAND_OK)
		head->prepared = true;
	PQclear(head->result);
	head->result = result;
}

static void read_results(struct pipe *p)
{
	int ends = 0;

	p->answering = true;
	while (!p->broken && p->pg != NULL && !PQisBusy(p->pg)) {
		PGresult *result = PQgetResult(p->pg);

		if (result == NULL) {
			/* One NULL ends a statement; two in a row mean that nothing more has come.
			 */
			if (++ends == 2)
				break;
			continue;
		}
		ends = 0;
		if (p->state == PIPE_CHECKING) {
			if (!check_result(p, result))
				p->broken = true;
			PQclear(result);
		} else {
			call_result(p, result);
		}
	}
	p->answering = false;
}

static void read_notifications(struct pipe *p)
{
	PGnotify *note;

	while ((note = PQnotifies(p->pg)) != NULL) {
		if (p->config.notified != NULL)
			p->config.notified(p->config.data, note->be_pid);
		PQfreemem(note);
	}
}

static void on_work(struct pipe *p, int status, int events)
{
	int left;

	if (status < 0) {
		drop(p, uv_strerror(status));
		return;
	}
	if ((events & UV_READABLE) && !PQconsumeInput(p->pg)) {
		/* What came before the end may hold answers. */
		read_results(p);
		drop(p, "connection lost");
		return;
	}
	left = PQflush(p->pg);
	if (left < 0) {
		drop(p, "connection lost");
		return;
	}
	/* PQgetResult would block on unsent output: take results when all is out. */
	if (left == 0) {
		read_results(p);
		if (!p->broken && p->pg != NULL)
			read_notifications(p);
	}
	if (p->state == PIPE_CLOSED)
		drop(p, "closing");
	else if (p->broken)
		drop(p, "connection of no use");
	else if (p->state == PIPE_READY)
		send_waiting(p);
	else if (p->pg != NULL)
		flush(p);
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
		drop(p, "cannot connect");
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct pipe *p = poll->data;

	if (p->state == PIPE_CONNECTING)
		on_connecting(p);
	else
		on_work(p, status, events);
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
		drop(p, "cannot start to connect");
		return;
	}
	watch(p, UV_WRITABLE);
}

/* Everything sent and unanswered is in doubt; what waits goes on waiting. */
static void drop(struct pipe *p, const char *why)
{
	struct list sent = p->sent;
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
	p->sent = (struct list){0};
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
		answer(call, PIPE_LOST);
		call = next;
	}
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
	while ((call = list_pop(&p->waiting)) != NULL)
		answer(call, PIPE_UNSENT);
	drop(p, "closing");
	uv_timer_stop(p->retry);
	uv_close((uv_handle_t *)p->retry, retry_closed);
}

void pipe_ask(struct pipe *p, struct pipe_call *call)
{
	call->result = NULL;
	call->until_ms = clock_ms() + WAIT_MS;
	list_push(&p->waiting, call);
	if (p->state == PIPE_READY && !p->answering)
		send_waiting(p);
}

void pipe_tick(struct pipe *p)
{
	uint64_t now = clock_ms();

	while (p->waiting.first != NULL && p->waiting.first->until_ms < now)
		answer(list_pop(&p->waiting), PIPE_UNSENT);
	if (p->state == PIPE_READY && p->sent.first != NULL && p->sent.first->until_ms < now)
		drop(p, "no answer in time");
	else if ((p->state == PIPE_CONNECTING || p->state == PIPE_CHECKING) &&
		 now - p->state_since_ms > CONNECT_MS)
		drop(p, "connecting took too long");
}

bool pipe_is_up(const struct pipe *p)
{
	return p->state == PIPE_READY;
}

int pipe_pending(const struct pipe *p)
{
	return p->waiting.n + p->sent.n;
}

int pipe_backend(const struct pipe *p)
{
	return p->pg != NULL ? PQbackendPID(p->pg) : 0;
}
