/* services/db: what would hold up the loop, a disk above all, done in a thread of libuv's pool. */
#include "services/db/lane.h"

#include <stdlib.h>

struct piece {
	uv_work_t work;
	struct request *rq;
	work_fn *todo;
	void *data;
	request_fn *run;
};

static uv_loop_t *pool_loop;

static void on_work(uv_work_t *work)
{
	struct piece *piece = work->data;

	piece->todo(piece->data);
}

static void on_done(uv_work_t *work, int status)
{
	struct piece *piece = work->data;
	struct request *rq = piece->rq;
	request_fn *run = piece->run;

	free(piece);
	rq->db = NULL;
	lane_settle(rq, status == 0 ? run(rq) : &fault_busy);
}

fault db_work(struct request *rq, work_fn *todo, void *data, request_fn *run)
{
	struct piece *piece;

	if (pool_loop == NULL)
		return &fault_busy;
	piece = xcalloc(1, sizeof(*piece));
	*piece = (struct piece){.rq = rq, .todo = todo, .data = data, .run = run};
	piece->work.data = piece;
	rq->db = piece;
	if (uv_queue_work(pool_loop, &piece->work, on_work, on_done) != 0) {
		rq->db = NULL;
		free(piece);
		return &fault_busy;
	}
	return OK;
}

void work_start(uv_loop_t *loop)
{
	pool_loop = loop;
}

/* What is under way ends by itself; its request then finds the lanes closed. */
void work_stop(void)
{
	pool_loop = NULL;
}
