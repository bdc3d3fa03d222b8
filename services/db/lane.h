/* services/db: what lane.c and merge.c share. Inside services/db only. */
#ifndef DB_LANE_H
#define DB_LANE_H

#include "services/db/db.h"
#include "services/db/db_loop.h"
#include "services/db/pipe.h"

struct rows {
	const PGresult *result;
};

struct pipe *lane_pipe(enum lane lane);
struct db_figures *lane_figures(void);

/* Tells the feed that something was committed. */
void lane_committed(void);

/* What an error means; logs what is our own fault. */
fault lane_error(const PGresult *result, enum sql_id sql, bool *ret_again);

/* Copies reply, or fault and current, of one row into the request. Returns the fault, OK when there
 * is a reply. */
fault lane_take_row(struct request *rq, const struct rows *rows, int row);

/* Ends the request unless its callback has asked for more. */
void lane_settle(struct request *rq, fault f);

void merge_stop(void);
void later_start(uv_loop_t *loop);
void later_stop(void);
void work_start(uv_loop_t *loop);
void work_stop(void);

#endif
