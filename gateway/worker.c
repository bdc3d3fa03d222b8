/* gateway: one worker process: everything wired together, and taken apart again when it is told to
 * stop. */
#include "gateway/worker.h"
#include "gateway/bundle.h"
#include "gateway/calendar.h"
#include "gateway/channel.h"
#include "gateway/conn.h"
#include "gateway/dispatch.h"
#include "gateway/heartbeat.h"
#include "gateway/http.h"
#include "gateway/mailer.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "services/core/clock.h"
#include "services/core/log.h"
#include "services/core/token.h"
#include "services/db/db.h"
#include "services/db/db_loop.h"
#include "services/db/feed.h"
#include "services/feeds/feeds.h"
#include "services/files/files.h"
#include "services/mail/mail.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum {
	JOB_MS = 1000,
	CLEAN_EVERY = 10, /* of those */
	OPEN_MS = 2000,
	COMMITS_MS = 5000,     /* a drain waits so long for writes under way */
	GOODBYE_MS = 1000,     /* and then so long for closes to leave */
	BYE_PER_SOCKET_S = 200 /* sockets a second that may come back */
};

struct worker worker;

static uv_timer_t job_timer, drain_timer, open_timer;
static uv_signal_t term_signal, int_signal, parent_signal;
static uv_check_t turn_check;
static uv_prepare_t turn_prepare;
static uint64_t turn_began_us, drain_began_ms, peak_since_ms;
static uint64_t opened_ms;
static int exit_status;
static unsigned job_count;
static bool mail_busy, due_busy, sweep_busy, relay_used;

static void on_db_ready(bool ok)
{
	worker.wrong_schema = !ok;
	worker.db_ready = ok;
	log_line(ok ? "database ready" : "not serving: wrong schema");
}

static fault cleaned(struct request *rq, const struct rows *rows)
{
	(void)rows;
	return request_reply(rq, "");
}

static void job_ended(struct request *rq)
{
	if (rq->end_data != NULL)
		*(bool *)rq->end_data = false;
	request_destroy(rq);
}

static void run_due(void);

static fault due_told(struct request *rq, const struct rows *rows)
{
	const char *more = rows_text(rows, 0, "more");

	return request_reply(rq, more != NULL && *more == 't' ? "more" : "");
}

static void due_ended(struct request *rq)
{
	bool more = rq->fault == OK && rq->result != NULL && rq->result[0] != 0;

	due_busy = false;
	request_destroy(rq);
	if (more)
		run_due();
}

/* One at a time: the other workers take what is left. */
static void run_due(void)
{
	struct request *rq;
	fault f;

	if (due_busy || worker.draining)
		return;
	due_busy = true;
	rq = request_create(1 << 16);
	rq->end = due_ended;
	f = db_query(rq, LANE_SLOW, SQL_CHANNEL_DUE, due_told, NULL, 0);
	if (f != OK)
		request_finish(rq, f);
}

static void clean(void)
{
	struct request *rq = request_create(1 << 16);
	fault f;

	rq->end = job_ended;
	f = db_query(rq, LANE_SLOW, SQL_CHANNEL_CLEAN, cleaned, NULL, 0);
	if (f != OK)
		request_finish(rq, f);
}

/* To the relay; without one, into files. */
static void send_mail(void)
{
	static struct mail_setup setup;
	struct request *rq;
	fault f;

	if (relay_used) {
		mailer_job();
		return;
	}
	if (worker.config->mail_dir == NULL || mail_busy)
		return;
	setup = (struct mail_setup){.from = worker.config->mail_from,
				    .base_url = worker.config->base_url,
				    .file = feeds_file};
	rq = request_create(8 << 20);
	rq->end = job_ended;
	rq->end_data = &mail_busy;
	mail_busy = true;
	f = mail_pickup_job(rq, worker.config->mail_dir, &setup);
	if (f != OK)
		request_finish(rq, f);
	else if (rq->result != NULL)
		request_finish(rq, OK);
}

static void sweep_files(void)
{
	struct request *rq;
	fault f;

	if (worker.config->files_dir == NULL || sweep_busy)
		return;
	rq = request_create(1 << 20);
	rq->end = job_ended;
	rq->end_data = &sweep_busy;
	sweep_busy = true;
	f = files_sweep(rq);
	if (f != OK)
		request_finish(rq, f);
}

static void publish_figures(void)
{
	const struct db_figures *figures = db_figures();

	metric_set(METRIC_SOCKETS, (uint64_t)conn_count(CONN_SOCKET));
	metric_set(METRIC_STREAMS, (uint64_t)conn_count(CONN_STREAM));
	metric_set(METRIC_HTTP, (uint64_t)conn_count(CONN_HTTP));
	metric_set(METRIC_HANDSHAKES, (uint64_t)conn_count(CONN_NEW));
	metric_set(METRIC_SUBSCRIPTIONS, (uint64_t)channel_subs());
	metric_set(METRIC_CHANNELS, (uint64_t)channel_carried());
	metric_set(METRIC_FENCE_STILL_MS, feed_figures()->fence_still_ms);
	metric_set(METRIC_DB_STATEMENTS, figures->statements);
	metric_set(METRIC_DB_ERRORS, figures->errors);
	metric_set(METRIC_DB_LOST, figures->lost);
	metric_set(METRIC_DB_RECONNECTS, figures->reconnects);
	metric_set(METRIC_DB_PENDING, (uint64_t)db_pending());
	metric_set(METRIC_DB_UP, db_is_up());
	metric_set(METRIC_MERGED_COMMANDS, figures->merged_commands);
	metric_set(METRIC_MERGED_BATCHES, figures->merged_batches);
	metric_set(METRIC_CALENDARS, feeds_figures()->renders);
	metric_set(METRIC_CALENDAR_EVENTS, feeds_figures()->events);
	metric_set(METRIC_CALENDAR_US, feeds_figures()->busy_us);
	metric_max(METRIC_CALENDAR_MAX_US, feeds_figures()->longest_us);
	if (clock_ms() - peak_since_ms > 10000) {
		peak_since_ms = clock_ms();
		metric_set(METRIC_LOOP_MAX_US, 0);
	}
}

static void on_job(uv_timer_t *timer)
{
	(void)timer;
	publish_figures();
	if (!worker.db_ready || worker.draining || !db_is_up())
		return;
	send_mail();
	run_due();
	sweep_files();
	bundle_job(worker.loop, worker.config->bundle_dir);
	calendar_job();
	if (job_count++ % CLEAN_EVERY == 0)
		clean();
}

static void on_turn_begin(uv_check_t *check)
{
	(void)check;
	turn_began_us = clock_us();
}

static void on_turn_end(uv_prepare_t *prepare)
{
	(void)prepare;
	if (turn_began_us != 0)
		metric_max(METRIC_LOOP_MAX_US, clock_us() - turn_began_us);
}

static void say_bye(struct conn *c, void *data)
{
	if (c->kind == CONN_SOCKET || c->kind == CONN_STREAM)
		rpc_notify(c, "bye", data);
}

static void close_one(struct conn *c, void *data)
{
	(void)data;
	conn_close(c, 4550, "draining");
}

static void on_drain(uv_timer_t *timer)
{
	uint64_t waited = clock_ms() - drain_began_ms;

	if ((dispatch_under_way() + mailer_under_way() == 0 && waited > 100) ||
	    waited > COMMITS_MS) {
		if (conn_count(CONN_SOCKET) + conn_count(CONN_STREAM) == 0 ||
		    waited > COMMITS_MS + GOODBYE_MS) {
			uv_timer_stop(timer);
			uv_stop(worker.loop);
			return;
		}
		conn_each(close_one, NULL);
	}
}

/* Readiness off, no new sockets, tell everyone, finish what has been begun, close (architecture
 * §2). */
static void drain(void)
{
	char after[64];
	int sockets = conn_count(CONN_SOCKET) + conn_count(CONN_STREAM);

	if (worker.draining)
		return;
	worker.draining = true;
	uv_timer_stop(&open_timer);
	drain_began_ms = clock_ms();
	log_line("draining %d sockets", sockets);
	server_stop_accepting();
	snprintf(after, sizeof(after), "{\"after\":[0,%d]}",
		 1000 + sockets * 1000 / BYE_PER_SOCKET_S);
	conn_each(say_bye, after);
	uv_timer_start(&drain_timer, on_drain, 50, 50);
}

static void on_signal(uv_signal_t *signal, int number)
{
	(void)signal;
	(void)number;
	drain();
}

static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	/* lws sizes its tables by this: a huge one costs memory, a small one sockets. */
	limit.rlim_cur = limit.rlim_max > 200000 ? 200000 : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		log_line("up to %llu sockets", (unsigned long long)limit.rlim_cur);
}

static void watch_signals(uv_loop_t *loop)
{
	uv_signal_init(loop, &term_signal);
	uv_signal_init(loop, &int_signal);
	uv_signal_init(loop, &parent_signal);
	uv_signal_start(&term_signal, on_signal, SIGTERM);
	uv_signal_start(&int_signal, on_signal, SIGINT);
	/* The parent is gone: nobody would restart us, so nobody should rely on us. */
	uv_signal_start(&parent_signal, on_signal, SIGHUP);
	prctl(PR_SET_PDEATHSIG, SIGHUP);
}

/*
 * A client that comes before the log and every lane have been reached could not be told what it
 * missed, or would be told to come again: meanwhile the other workers take it. With the database
 * away for long we open all the same, to say so.
 */
static void on_open(uv_timer_t *timer)
{
	int fd;

	if (!(feed_is_up() && db_is_up()) && clock_ms() - opened_ms < OPEN_MS)
		return;
	uv_timer_stop(timer);
	fd = listener_open(worker.config->listen);
	if (fd >= 0)
		server_listen(worker.loop, fd);
	else
		uv_stop(worker.loop);
	exit_status = fd >= 0 ? 0 : 1;
}

static void start_timers(uv_loop_t *loop)
{
	uv_timer_init(loop, &job_timer);
	uv_timer_init(loop, &drain_timer);
	uv_timer_init(loop, &open_timer);
	uv_timer_start(&open_timer, on_open, 5, 5);
	opened_ms = clock_ms();
	uv_timer_start(&job_timer, on_job, JOB_MS, JOB_MS);
	uv_check_init(loop, &turn_check);
	uv_check_start(&turn_check, on_turn_begin);
	uv_prepare_init(loop, &turn_prepare);
	uv_prepare_start(&turn_prepare, on_turn_end);
}

static void close_own(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void stop_everything(uv_loop_t *loop)
{
	db_stop();
	calendar_stop();
	channels_stop();
	bundle_stop();
	mailer_stop();
	heartbeat_stop();
	server_stop();
	close_own((uv_handle_t *)&job_timer);
	close_own((uv_handle_t *)&drain_timer);
	close_own((uv_handle_t *)&open_timer);
	close_own((uv_handle_t *)&term_signal);
	close_own((uv_handle_t *)&int_signal);
	close_own((uv_handle_t *)&parent_signal);
	close_own((uv_handle_t *)&turn_check);
	close_own((uv_handle_t *)&turn_prepare);
	for (int i = 0; i < 100 && uv_run(loop, UV_RUN_NOWAIT) != 0; i++)
		continue;
}

int worker_run(const struct config *config, int number)
{
	static uv_loop_t loop;
	const char *wrong;

	log_name("plenumd");
	srand((unsigned)clock_us());
	worker.config = config;
	worker.loop = &loop;
	worker.number = number;
	wrong = keys_load(config->key_dir, false);
	if (wrong != NULL) {
		log_line("%s", wrong);
		return 1;
	}
	raise_file_limit();
	uv_loop_init(&loop);
	metrics_worker(number);
	watch_signals(&loop);
	start_timers(&loop);
	if (!static_load(config->web_dir) || !server_start(&loop))
		return 1;
	heartbeat_start(&loop);
	relay_used = mailer_start(&loop, config);
	db_start(&loop, config->dsn, on_db_ready);
	channels_start(&loop, config->dsn);
	uv_run(&loop, UV_RUN_DEFAULT);
	stop_everything(&loop);
	log_line("worker %d ends", number);
	return exit_status;
}
