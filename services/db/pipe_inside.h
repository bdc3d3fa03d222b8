/* services/db: one connection from the inside: what its two files share. pipe_link.c connects,
 * checks the schema and lets go; pipe.c carries the calls. */
#ifndef DB_PIPE_INSIDE_H
#define DB_PIPE_INSIDE_H

#include "services/db/pipe.h"

enum pipe_state {
	PIPE_DOWN,	 /* no connection; the retry timer runs */
	PIPE_CONNECTING, /* libpq's handshake; poll follows PQconnectPoll */
	PIPE_CHECKING,	 /* the schema's hash has been asked for, one SYNC */
	PIPE_READY,	 /* calls flow */
	PIPE_CLOSED	 /* pipe_close was called */
};

struct pipe_list {
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
	struct pipe_list waiting, sent;
	uint64_t state_since_ms;
	int retry_ms;
	bool broken;		  /* found while calling back: drop when safe */
	bool answering;		  /* inside the result loop */
	bool prepared[SQL_COUNT]; /* on this connection, or on its way there */
};

/* pipe_link.c */

/* Ends the connection and begins the next one after a while; inside the result loop it is only
 * marked as broken. What was sent is answered PIPE_LOST, what waits goes on waiting. */
void pipe_drop(struct pipe *p, const char *why);
/* The same in the loop's next turn: whoever sends is in the middle of beginning a request, which
 * must not end there. */
void pipe_drop_soon(struct pipe *p);
/* Sends what libpq holds; what does not go out yet goes when the socket takes more. */
void pipe_flush(struct pipe *p);
/* A result that came while PIPE_CHECKING. false: the connection is of no use. */
bool pipe_check(struct pipe *p, const PGresult *result);
/* Without a sign of life for too long while it connects or checks: dropped. */
void pipe_link_tick(struct pipe *p, uint64_t now_ms);

/* pipe.c */

/* The socket is readable, writable or broken (status < 0), and libpq has connected. */
void pipe_work(struct pipe *p, int status, int events);
struct pipe_call *pipe_list_pop(struct pipe_list *list);
/* Calls back; its result is freed. */
void pipe_answer(struct pipe_call *call, enum pipe_outcome outcome);

#endif
