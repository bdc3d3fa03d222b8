/* services/db: the calls of one connection: in a pipeline, one SYNC each, answered in order. */
#include "services/db/pipe_inside.h"
#include "services/core/clock.h"

#include <string.h>

enum {
	DEPTH_MAX = 16,	       /* beyond it a slow statement would delay too many followers */
	WAIT_MS = 2500,	       /* how long a call may wait for its turn before we say busy */
	ANSWER_SLACK_MS = 3000 /* over statement_timeout before we give the connection up */
};

static void list_push(struct pipe_list *list, struct pipe_call *call)
{
	call->next = NULL;
	if (list->first == NULL)
		list->last = &list->first;
	*list->last = call;
	list->last = &call->next;
	list->n++;
}

struct pipe_call *pipe_list_pop(struct pipe_list *list)
{
	struct pipe_call *call = list->first;

	if (call != NULL) {
		list->first = call->next;
		list->n--;
	}
	return call;
}

void pipe_answer(struct pipe_call *call, enum pipe_outcome outcome)
{
	PGresult *result = call->result;

	call->result = NULL;
	call->done(call, outcome, result);
	PQclear(result);
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
		struct pipe_call *call = pipe_list_pop(&p->waiting);
		bool ok = send_call(p, call);

		list_push(&p->sent, call);
		call->until_ms =
		    clock_ms() + (uint64_t)p->config.statement_timeout_ms + ANSWER_SLACK_MS;
		if (!ok || !PQpipelineSync(p->pg))
			p->broken = true;
	}
	if (p->state == PIPE_READY && !p->broken)
		pipe_flush(p);
	if (p->state == PIPE_READY && p->broken && !p->answering)
		pipe_drop_soon(p);
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
		pipe_list_pop(&p->sent);
		if (goes_again(p, head))
			return;
		status = PQresultStatus(head->result);
		pipe_answer(head, status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
				      ? PIPE_ROWS
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
			if (!pipe_check(p, result))
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

void pipe_work(struct pipe *p, int status, int events)
{
	int left;

	if (status < 0) {
		pipe_drop(p, uv_strerror(status));
		return;
	}
	if ((events & UV_READABLE) && !PQconsumeInput(p->pg)) {
		/* What came before the end may hold answers. */
		read_results(p);
		pipe_drop(p, "connection lost");
		return;
	}
	left = PQflush(p->pg);
	if (left < 0) {
		pipe_drop(p, "connection lost");
		return;
	}
	/* PQgetResult would block on unsent output: take results when all is out. */
	if (left == 0) {
		read_results(p);
		if (!p->broken && p->pg != NULL)
			read_notifications(p);
	}
	if (p->state == PIPE_CLOSED)
		pipe_drop(p, "closing");
	else if (p->broken)
		pipe_drop(p, "connection of no use");
	else if (p->state == PIPE_READY)
		send_waiting(p);
	else if (p->pg != NULL)
		pipe_flush(p);
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
		pipe_answer(pipe_list_pop(&p->waiting), PIPE_UNSENT);
	if (p->state == PIPE_READY && p->sent.first != NULL && p->sent.first->until_ms < now)
		pipe_drop(p, "no answer in time");
	else
		pipe_link_tick(p, now);
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
