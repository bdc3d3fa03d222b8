/* services/db: merged writes: commands of one kind that arrive while one batch is under way become
 * the next (architecture §4). */
#include "services/core/json.h"
#include "services/core/log.h"
#include "services/db/lane.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 256, MANY = 2048, PENDING_MAX = 20000, ATTEMPTS_MAX = 3, PARAMS_MAX = 16 };

/* One command; in its request's arena. */
struct command {
	struct command *next; /* merge.pending or batch.commands */
	struct request *rq;
	const char *const *params;
	int attempts;
	int with; /* how many, itself counted, its batch may have at most */
};

/* One kind of command in one conference: at most one batch under way. Kept for the life of the
 * process. */
struct merge {
	struct merge *next; /* merges */
	enum sql_id sql;
	enum lane lane;
	int n;	  /* parameters of a command */
	int most; /* commands in a batch */
	char conference[UUID_SIZE];
	struct command *pending, **pending_last;
	int pending_n;
	struct batch *under_way;
};

struct batch {
	struct pipe_call base; /* first */
	struct merge *merge;
	int n;
	struct buffer arrays[PARAMS_MAX + 1];
	const char *values[PARAMS_MAX + 2];
	struct command *commands[]; /* room for merge->most */
};

static struct merge *merges;

static void batch_done(struct pipe_call *base, enum pipe_outcome outcome, const PGresult *result);

static struct merge *merge_of(enum sql_id sql, enum lane lane, const char *conference, int n,
			      int most)
{
	struct merge *m;

	for (m = merges; m != NULL; m = m->next)
		if (m->sql == sql && strcmp(m->conference, conference) == 0)
			return m;
	m = xcalloc(1, sizeof(*m));
	m->sql = sql;
	m->lane = lane;
	m->n = n;
	m->most = most;
	memcpy(m->conference, conference, UUID_SIZE);
	m->pending_last = &m->pending;
	m->next = merges;
	merges = m;
	return m;
}

static void push(struct merge *m, struct command *command)
{
	command->next = NULL;
	*m->pending_last = command;
	m->pending_last = &command->next;
	m->pending_n++;
}

static struct command *pop(struct merge *m)
{
	struct command *command = m->pending;

	m->pending = command->next;
	if (m->pending == NULL)
		m->pending_last = &m->pending;
	m->pending_n--;
	return command;
}

/* One element of an array literal. */
static void add_element(struct buffer *b, const char *value)
{
	buffer_add(b, b->size == 1 ? "" : ",", b->size == 1 ? 0 : 1);
	if (value == NULL) {
		buffer_add(b, "NULL", 4);
		return;
	}
	buffer_add(b, "\"", 1);
	for (const char *s = value; *s != 0;) {
		size_t plain = strcspn(s, "\"\\");

		buffer_add(b, s, plain);
		s += plain;
		if (*s != 0) {
			buffer_add(b, "\\", 1);
			buffer_add(b, s++, 1);
		}
	}
	buffer_add(b, "\"", 1);
}

static void batch_fill(struct batch *b)
{
	struct merge *m = b->merge;

	for (int column = 0; column <= m->n; column++) {
		struct buffer *array = &b->arrays[column];

		buffer_add(array, "{", 1);
		for (int i = 0; i < b->n; i++) {
			struct command *command = b->commands[i];

			add_element(array, column == 0 ? caller_actor(&command->rq->caller)
						       : command->params[column - 1]);
		}
		buffer_add(array, "}", 1);
		b->values[column + 1] = array->bytes;
	}
	b->values[0] = m->conference;
	b->base.params = b->values;
	b->base.n = m->n + 2;
}

static void batch_free(struct batch *b)
{
	for (int i = 0; i <= PARAMS_MAX; i++)
		buffer_finish(&b->arrays[i]);
	free(b);
}

static void start_next(struct merge *m)
{
	struct batch *b;

	if (m->under_way != NULL || m->pending == NULL || lane_pipe(m->lane) == NULL)
		return;
	b = xcalloc(1, sizeof(*b) + (size_t)m->most * sizeof(struct command *));
	b->merge = m;
	b->base.sql = m->sql;
	b->base.done = batch_done;
	b->commands[b->n++] = pop(m);
	while (m->pending != NULL && b->n < b->commands[0]->with && b->n < m->pending->with)
		b->commands[b->n++] = pop(m);
	batch_fill(b);
	m->under_way = b;
	lane_figures()->merged_batches++;
	lane_figures()->merged_commands += (uint64_t)b->n;
	pipe_ask(lane_pipe(m->lane), &b->base);
}

static void finish(struct command *command, fault f)
{
	command->rq->db = NULL;
	request_finish(command->rq, f);
}

static void once_more(struct merge *m, struct command *command, int with)
{
	if (++command->attempts >= ATTEMPTS_MAX) {
		command->rq->retry_after_ms = 500;
		finish(command, &fault_busy);
		return;
	}
	command->with = with;
	push(m, command);
}

static void take_rows(struct batch *b, const PGresult *result)
{
	struct rows rows = {result};
	bool answered[MANY] = {false};

	for (int row = 0; row < rows_count(&rows); row++) {
		int64_t ord = rows_int(&rows, row, "ord");
		struct command *command;
		const char *name = rows_text(&rows, row, "fault");

		if (ord < 1 || ord > b->n || answered[ord - 1])
			continue;
		answered[ord - 1] = true;
		command = b->commands[ord - 1];
		if (name != NULL && strcmp(name, "again") == 0)
			once_more(b->merge, command, 1);
		else
			finish(command, lane_take_row(command->rq, &rows, row));
	}
	for (int i = 0; i < b->n; i++)
		if (!answered[i])
			finish(b->commands[i], &fault_not_found);
}

static void take_error(struct batch *b, const PGresult *result)
{
	bool again;
	fault f = lane_error(result, b->merge->sql, &again);

	if (b->n > 1 || again) {
		/* Not all of many by themselves: only those that still fail with a few. */
		for (int i = 0; i < b->n; i++)
			once_more(b->merge, b->commands[i], b->n > FEW ? FEW / 4 : 1);
		return;
	}
	if (f->kind == FAULT_BUSY)
		b->commands[0]->rq->retry_after_ms = 500;
	finish(b->commands[0], f);
}

static void batch_done(struct pipe_call *base, enum pipe_outcome outcome, const PGresult *result)
{
	struct batch *b = (struct batch *)base;
	struct merge *m = b->merge;

	m->under_way = NULL;
	lane_figures()->statements++;
	if (outcome == PIPE_ROWS) {
		lane_committed();
		/* The next batch goes first: the database works while we answer this one. */
		start_next(m);
		take_rows(b, result);
	} else if (outcome == PIPE_ERROR) {
		take_error(b, result);
	} else {
		lane_figures()->lost += outcome == PIPE_LOST;
		for (int i = 0; i < b->n; i++) {
			b->commands[i]->rq->retry_after_ms = 500;
			finish(b->commands[i],
			       outcome == PIPE_LOST ? &fault_unknown_outcome : &fault_busy);
		}
	}
	batch_free(b);
	start_next(m);
}

static fault merge_command(struct request *rq, enum lane lane, enum sql_id sql,
			   const char *const *params, int n, int most)
{
	struct merge *m = merge_of(sql, lane, rq->caller.conference, n, most);
	struct command *command;
	const char **copy;

	assert(n <= PARAMS_MAX && n == m->n);
	if (m->pending_n >= PENDING_MAX || lane_pipe(lane) == NULL) {
		rq->retry_after_ms = 500;
		return &fault_busy;
	}
	copy = arena_alloc(rq->arena, (size_t)(n + 1) * sizeof(char *));
	for (int i = 0; i < n; i++)
		copy[i] = params[i];
	command = arena_alloc(rq->arena, sizeof(*command));
	command->rq = rq;
	command->params = copy;
	command->with = most;
	rq->db = command;
	push(m, command);
	start_next(m);
	return OK;
}

fault db_merge(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
	       int n)
{
	return merge_command(rq, lane, sql, params, n, FEW);
}

fault db_merge_many(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
		    int n)
{
	return merge_command(rq, lane, sql, params, n, MANY);
}

void merge_stop(void)
{
	while (merges != NULL) {
		struct merge *next = merges->next;

		while (merges->pending != NULL)
			finish(pop(merges), &fault_busy);
		free(merges);
		merges = next;
	}
}
