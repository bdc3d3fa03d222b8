/* gateway: what the rooms of one worker process share: loop, configuration, state. Set up in
 * worker.c, read elsewhere. */
#ifndef GATEWAY_WORKER_H
#define GATEWAY_WORKER_H

#include "gateway/config.h"

#include <stdbool.h>
#include <uv.h>

struct worker {
	const struct config *config;
	uv_loop_t *loop;
	int number;
	bool db_ready; /* the lanes have been up once, and the schema is ours */
	bool wrong_schema;
	bool draining;
};

extern struct worker worker;

/* The whole life of a worker process; returns its exit status. */
int worker_run(const struct config *config, int number);

/* A SO_REUSEPORT listener of our own: Debian's lws cannot share a port. -1 after a log line. */
int listener_open(const char *listen);

/* server.c: lws on our loop. */
bool server_start(uv_loop_t *loop);
/* From now on connections are accepted from it; it is the server's to close. */
void server_listen(uv_loop_t *loop, int listen_fd);
void server_stop_accepting(void);
void server_stop(void);

#endif
