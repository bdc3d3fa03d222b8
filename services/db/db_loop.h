/* services/db: starting and stopping the database side of a process. One set of lanes a process, on
 * one libuv loop. */
#ifndef DB_LOOP_H
#define DB_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/*
 * Connects the lanes; ready is called with true when all of them can work for the first time, with
 * false when the database is of another schema version (and then never again). Requests before that
 * wait. Both strings are copied.
 */
void db_start(uv_loop_t *loop, const char *dsn, void (*ready)(bool ok));

/* Closes all connections; requests under way are answered first with what is known. The loop must
 * run on until it is empty. */
void db_stop(void);

/* Is every lane connected? For /readyz. */
bool db_is_up(void);

/* Calls that wait or are under way. For the drain and for metrics. */
int db_pending(void);

/* For metrics: statements answered, and the longest a statement waited for its turn since the last
 * look, in ms. */
struct db_figures {
	uint64_t statements, errors, lost, reconnects, merged_commands, merged_batches;
};
const struct db_figures *db_figures(void);

#endif
