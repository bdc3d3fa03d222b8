/* services/db: statements out, rows back. The only room that knows libpq. Everything runs on one
 * libuv loop. */
#ifndef DB_H
#define DB_H

#include "services/core/request.h"
#include "sql.h"

#include <stdbool.h>
#include <stdint.h>

/* Each lane is one connection with a pipeline of its own, so that what is slow or plenty does not
 * hold up what is urgent. */
enum lane { LANE_PUBLIC, LANE_MODERATE, LANE_CHECKIN, LANE_SLOW, LANE_COUNT };

/* Rows of one statement; valid during the callback only. */
struct rows;
int rows_count(const struct rows *rows);
const char *rows_text(const struct rows *rows, int row,
		      const char *column); /* NULL for null or no such column */
int rows_size(const struct rows *rows, int row, const char *column);
int64_t rows_int(const struct rows *rows, int row, const char *column);
/* For thousands of rows: a column's number, -1 when there is none, and what stands there. */
int rows_column(const struct rows *rows, const char *column);
const char *rows_at(const struct rows *rows, int row, int column);

/*
 * A callback runs from the loop, after COMMIT (the pipeline's SYNC), never inside the call that
 * asked. It returns a fault, or OK when it replied or asked again.
 */
typedef fault rows_fn(struct request *rq, const struct rows *rows);

/* Text parameters; NULL is null. They must live in the request's arena or be static. At most 24. */
#define PARAMS(...)                                                                                \
	((const char *const[]){__VA_ARGS__}),                                                      \
	    (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/*
 * A read whose callback looks at the rows. Parameters go as given.
 * Faults: busy (queue full, no connection, connection lost, deadline), what a constraint means,
 * internal.
 */
fault db_query(struct request *rq, enum lane lane, enum sql_id sql, rows_fn *done,
	       const char *const *params, int n);

/*
 * The usual call. The statement gets $1 conference, $2 actor (null for a guest), then params as
 * $3…, and returns at most one row with columns reply text, and optionally fault text and current
 * json. reply goes out as it is; a fault is looked up by name; no row is not_found.
 */
fault db_read(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
	      int n);

/*
 * A keyed write: $1 conference, $2 actor, $3 key, $4 body hash, then params as $5…. Same columns;
 * reply comes from write_done(). Before any fault or empty result is answered the stored reply is
 * looked up (architecture §4). A connection lost after sending is unknown_outcome. 40001 and 40P01
 * are sent again, three times at most.
 */
fault db_write(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
	       int n);

/*
 * As db_write, but done (may be NULL) sees the row whose reply is not null, or whose reply came
 * from the store, before it goes out: for handlers that must add what the database may not know (a
 * token, a code). It must call request_reply or return a fault.
 */
fault db_write_then(struct request *rq, enum lane lane, enum sql_id sql, rows_fn *done,
		    const char *const *params, int n);

/*
 * A merged write: commands of one kind and conference that arrive while one batch is under way
 * become the next one, 256 at most. The statement gets $1 conference, $2 actors uuid[] (null
 * elements for none), then one text[] for each param as $3…, and returns one row a command: ord
 * bigint (1-based place in the arrays), reply, fault, current as above. fault 'again' sends that
 * one command once more by itself. An unexpected error retries the batch one by one, of many first
 * in smaller ones. No key, no stored reply.
 */
fault db_merge(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
	       int n);

/* As db_merge, 2,048 at most: for a statement that works on them as a set, so that what a commit
 * costs is shared by all that came while the last one was on its way. */
fault db_merge_many(struct request *rq, enum lane lane, enum sql_id sql, const char *const *params,
		    int n);

/*
 * Goes on with run in the next turn of the loop: how work of many milliseconds lets others in
 * between. Rows do not live so long. run returns as a callback does.
 */
fault db_later(struct request *rq, request_fn *run);

/*
 * The same with todo done in a thread in between, for what may wait for a disk. todo must not touch
 * the request or its arena: what it needs and says is in data, which lives until run.
 */
typedef void work_fn(void *data);
fault db_work(struct request *rq, work_fn *todo, void *data, request_fn *run);

#endif
