/* services/db: one connection and its pipeline: statements in order, one SYNC each, results in
 * order (realtime.md §5). Inside services/db only. */
#ifndef DB_PIPE_H
#define DB_PIPE_H

#include "sql.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum pipe_outcome {
	PIPE_ROWS,   /* committed; result holds the rows */
	PIPE_ERROR,  /* rolled back; result holds the error */
	PIPE_UNSENT, /* never sent: it waited too long, or we are closing */
	PIPE_LOST /* sent, and then the connection went away before its SYNC came back: it may have
		     been done */
};

struct pipe_call;
/* result is valid during the call only; NULL for UNSENT and LOST. The call's memory is the caller's
 * again. */
typedef void pipe_done_fn(struct pipe_call *call, enum pipe_outcome outcome,
			  const PGresult *result);

/* Owned by whoever made it; must live until done. params too. */
struct pipe_call {
	enum sql_id sql;
	const char *text; /* a statement that is not from a file (LISTEN, NOTIFY), or NULL */
	const char *const *params;
	int n;
	pipe_done_fn *done;
	struct pipe_call *next; /* of its pipe: waiting or sent */
	PGresult *result;	/* pipe.c only */
	uint64_t until_ms;	/* pipe.c only */
	bool prepares;		/* pipe.c only: its PREPARE goes before it */
	bool prepared;		/* pipe.c only: and was done */
};

struct pipe_config {
	const char *dsn;
	const char *name;	  /* application_name */
	int statement_timeout_ms; /* 0: none */
	void (*up)(void *data);	  /* connected to our schema, again after each reconnect */
	void (*down)(void *data);
	void (*wrong_schema)(void *data);
	void (*notified)(void *data, int backend_pid); /* may be NULL */
	void *data;
};

struct pipe;

struct pipe *pipe_open(uv_loop_t *loop, const struct pipe_config *config);
/* Answers every call, closes, frees itself when the loop has let go of its handles. */
void pipe_close(struct pipe *p);
/* Never calls back before it returns. */
void pipe_ask(struct pipe *p, struct pipe_call *call);
/* Four times a second: ends what waited too long, resets a connection that does not answer. */
void pipe_tick(struct pipe *p);
bool pipe_is_up(const struct pipe *p);
int pipe_pending(const struct pipe *p);
int pipe_backend(const struct pipe *p);

#endif
