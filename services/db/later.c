/* services/db: work that takes several turns of the loop. One piece a turn for the whole process,
 * so that two of them together hold it no longer than one. */
#include "services/db/lane.h"

#include <stdlib.h>

struct later {
	struct later *next; /* queue */
	struct request *rq;
	request_fn *run;
};

static struct {
	uv_idle_t *idle;
	struct later *first, **last;
} queue;

static void on_idle(uv_idle_t *idle)
{
	struct later *one = queue.first;
	struct request *rq = one->rq;

	queue.first = one->next;
	if (queue.first == NULL) {
		queue.last = &queue.first;
		uv_idle_stop(idle);
	}
	rq->db = NULL;
	lane_settle(rq, one->run(rq));
}

fault db_later(struct request *rq, request_fn *run)
{
	struct later *one;

	if (queue.idle == NULL)
		return &fault_busy;
	one = arena_alloc(rq->arena, sizeof(*one));
	one->rq = rq;
	one->run = run;
	rq->db = one;
	if (queue.first == NULL)
		queue.last = &queue.first;
	*queue.last = one;
	queue.last = &one->next;
	uv_idle_start(queue.idle, on_idle);
	return OK;
}

void later_start(uv_loop_t *loop)
{
	queue.idle = xcalloc(1, sizeof(*queue.idle));
	uv_idle_init(loop, queue.idle);
}

static void idle_closed(uv_handle_t *handle)
{
	free(handle);
}

void later_stop(void)
{
	uv_idle_t *idle = queue.idle;

	if (idle == NULL)
		return;
	queue.idle = NULL;
	while (queue.first != NULL) {
		struct request *rq = queue.first->rq;

		queue.first = queue.first->next;
		rq->db = NULL;
		request_finish(rq, &fault_busy);
	}
	uv_idle_stop(idle);
	uv_close((uv_handle_t *)idle, idle_closed);
}
