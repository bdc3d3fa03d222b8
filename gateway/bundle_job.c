/* gateway: a worker's turn at the static bundles: claimed, made, written a piece at a time, told.
 */
#include "gateway/bundle.h"
#include "gateway/dispatch.h"
#include "services/core/arena.h"
#include "services/core/log.h"
#include "services/schedule/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uv.h>

enum { PIECE_MS = 10 };

/* One at a time a worker: the others take what is left. */
static struct {
	bool busy, timing;
	uv_timer_t timer;
	struct request *claimed; /* its arena holds the claim */
	struct bundle *bundle;
	char *dir;
} job;

static void told(struct request *rq)
{
	request_destroy(rq);
	job.busy = false;
}

static void finish(bool written)
{
	struct request *rq = request_create(1 << 16);
	fault f;

	rq->end = told;
	f = bundle_done(rq, job.claimed->params, written);
	request_destroy(job.claimed);
	job.claimed = NULL;
	bundle_free(job.bundle);
	job.bundle = NULL;
	free(job.dir);
	job.dir = NULL;
	if (f != OK)
		request_finish(rq, f);
}

static void on_piece(uv_timer_t *timer)
{
	const struct bundle_claim *claim = job.claimed->params;
	const char *why = "";
	enum bundle_state state = bundle_write(job.bundle, job.dir, &why);

	if (state == BUNDLE_MORE)
		return;
	uv_timer_stop(timer);
	if (state == BUNDLE_FAILED)
		log_line("bundle of %s: %s; the one before it stays", claim->slug, why);
	finish(state == BUNDLE_DONE);
}

static void collected(struct bundle *bundle, fault f, void *data)
{
	const struct bundle_claim *claim = job.claimed->params;

	(void)data;
	job.bundle = bundle;
	if (f != OK) {
		log_line("bundle of %s: %s", claim->slug, f->code);
		finish(false);
		return;
	}
	uv_timer_start(&job.timer, on_piece, PIECE_MS, PIECE_MS);
}

static void claimed(struct request *rq)
{
	const struct bundle_claim *claim = rq->params;

	if (rq->fault != OK || !job.timing) {
		request_destroy(rq);
		job.busy = false;
		return;
	}
	job.claimed = rq;
	job.dir = xcalloc(1, strlen(rq->end_data) + strlen(claim->slug) + 2);
	sprintf(job.dir, "%s/%s", (const char *)rq->end_data, claim->slug);
	bundle_collect(claim->conference, collected, NULL);
}

void bundle_job(uv_loop_t *loop, const char *bundle_dir)
{
	struct request *rq;
	fault f;

	if (bundle_dir == NULL || job.busy)
		return;
	if (!job.timing) {
		uv_timer_init(loop, &job.timer);
		job.timing = true;
	}
	job.busy = true;
	rq = request_create(1 << 16);
	rq->end = claimed;
	rq->end_data = (void *)(uintptr_t)bundle_dir;
	f = bundle_claim(rq);
	if (f != OK)
		request_finish(rq, f);
}

/* What was begun is another's when its lease is over. */
void bundle_stop(void)
{
	if (!job.timing)
		return;
	job.timing = false;
	uv_timer_stop(&job.timer);
	uv_close((uv_handle_t *)&job.timer, NULL);
	bundle_free(job.bundle);
	if (job.claimed != NULL)
		request_destroy(job.claimed);
	free(job.dir);
}
