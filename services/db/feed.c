/* services/db: the reader of the channel log. */
#include "services/db/feed.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/log.h"
#include "services/db/lane.h"
#include "services/db/pipe.h"
#include "services/core/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	POLL_MS = 500, /* without any hint */
	HINT_MS = 5,   /* at most one NOTIFY in this time */
	FLOOR_MS = 3,  /* between the starts of two looks */
	STUCK_MS =
	    5000, /* a fence that stands still longer is held back by somebody's long transaction */
	FETCH_MAX = 500 /* as in feed/fetch.sql */
};

enum cycle { CYCLE_IDLE, CYCLE_DISCOVER, CYCLE_FETCH };

static struct feed {
	struct pipe *pipe;
	const struct feed_ops *ops;
	uv_timer_t *poll, *soon, *hint;
	struct pipe_call epoch_call, listen_call, notify_call, discover_call, tally_call,
	    fetch_call;
	bool notify_busy;
	enum cycle cycle;
	int calls_left; /* of this cycle's first step */
	bool again;	/* something happened since this look began */
	bool more;	/* a channel had more than one fetch brings */
	bool serving;	/* epoch known on this connection */
	bool epoch_asked;
	char epoch[64];
	char fence[24], next_fence[24];
	uint64_t fence_since_ms, cycle_began_ms, discovered_ms, hint_sent_ms;
	bool rows_above, by_heads;
	bool hint_wanted, hint_heard;
	struct buffer ids, afters, conferences, names;
	int wanted; /* channels in ids and afters */
	const char *params[2], *params_tally[1], *fetch_params[2];
	struct feed_figures figures;
} feed;

static void look(void);

const struct feed_figures *feed_figures(void)
{
	return &feed.figures;
}

bool feed_is_up(void)
{
	return feed.serving;
}

static void list_begin(struct buffer *b)
{
	b->size = 0;
	buffer_add(b, "{", 1);
}

static void list_int(struct buffer *b, int64_t value)
{
	buffer_printf(b, b->size == 1 ? "%lld" : ",%lld", (long long)value);
}

static void cycle_end(bool ok)
{
	feed.cycle = CYCLE_IDLE;
	if (ok && feed.again)
		look();
}

static void want(int64_t id, int64_t after)
{
	list_int(&feed.ids, id);
	list_int(&feed.afters, after);
	feed.wanted++;
}

static void fetch_done(struct pipe_call *call, enum pipe_outcome outcome, const PGresult *result)
{
	struct rows rows = {result};
	int64_t channel = -1;
	int run = 0;

	(void)call;
	for (int row = 0; outcome == PIPE_ROWS && row < rows_count(&rows); row++) {
		int64_t id = rows_int(&rows, row, "channel");

		run = id == channel ? run + 1 : 1;
		channel = id;
		feed.more = feed.more || run == FETCH_MAX;
		feed.figures.events++;
		feed.ops->event(id, rows_int(&rows, row, "position"), rows_text(&rows, row, "type"),
				rows_text(&rows, row, "data"),
				(size_t)rows_size(&rows, row, "data"));
	}
	/* A fence moves only when what was below it has arrived. */
	if (outcome == PIPE_ROWS && !feed.more)
		memcpy(feed.fence, feed.next_fence, sizeof(feed.fence));
	feed.again = feed.again || feed.more;
	cycle_end(outcome == PIPE_ROWS);
}

static void fetch(void)
{
	if (feed.wanted == 0) {
		memcpy(feed.fence, feed.next_fence, sizeof(feed.fence));
		cycle_end(true);
		return;
	}
	buffer_add(&feed.ids, "}", 1);
	buffer_add(&feed.afters, "}", 1);
	feed.cycle = CYCLE_FETCH;
	feed.fetch_params[0] = feed.ids.bytes;
	feed.fetch_params[1] = feed.afters.bytes;
	feed.fetch_call = (struct pipe_call){
	    .sql = SQL_FEED_FETCH, .params = feed.fetch_params, .n = 2, .done = fetch_done};
	pipe_ask(feed.pipe, &feed.fetch_call);
}

static void step_done(bool ok)
{
	if (!ok)
		feed.cycle = CYCLE_IDLE;
	if (--feed.calls_left > 0 || feed.cycle != CYCLE_DISCOVER)
		return;
	fetch();
}

static void take_moved(const struct rows *rows)
{
	for (int row = 0; row < rows_count(rows); row++) {
		const char *name = rows_text(rows, row, "name");
		int64_t id, after;

		if (name == NULL)
			continue;
		id = rows_int(rows, row, "id");
		after = feed.ops->moved(id, rows_text(rows, row, "conference"), name,
					rows_int(rows, row, "head"));
		if (after >= 0)
			want(id, after);
	}
}

static void fence_judge(const struct rows *rows, uint64_t now)
{
	const char *fence = rows_text(rows, 0, "fence");

	feed.rows_above = rows_text(rows, 0, "name") != NULL;
	text_copy(feed.next_fence, sizeof(feed.next_fence), fence != NULL ? fence : feed.fence);
	if (strcmp(feed.next_fence, feed.fence) != 0 || !feed.rows_above)
		feed.fence_since_ms = now;
	feed.figures.fence_still_ms = now - feed.fence_since_ms;
	if (!feed.by_heads && feed.figures.fence_still_ms > STUCK_MS)
		log_line("feed: the fence stands still: somebody holds a long transaction open");
	feed.by_heads = feed.figures.fence_still_ms > STUCK_MS;
}

static void discover_done(struct pipe_call *call, enum pipe_outcome outcome, const PGresult *result)
{
	struct rows rows = {result};

	if (outcome == PIPE_ROWS && call->sql == SQL_FEED_DISCOVER)
		fence_judge(&rows, clock_ms());
	if (outcome == PIPE_ROWS)
		take_moved(&rows);
	step_done(outcome == PIPE_ROWS);
}

static void tally_done(struct pipe_call *call, enum pipe_outcome outcome, const PGresult *result)
{
	struct rows rows = {result};

	(void)call;
	for (int row = 0; outcome == PIPE_ROWS && row < rows_count(&rows); row++)
		feed.ops->tally(rows_int(&rows, row, "channel"),
				rows_text(&rows, row, "conference"), rows_text(&rows, row, "name"),
				rows_text(&rows, row, "key"), rows_int(&rows, row, "value"));
	step_done(outcome == PIPE_ROWS);
}

static void ask_tally(void)
{
	feed.params_tally[0] = feed.fence;
	feed.tally_call = (struct pipe_call){
	    .sql = SQL_FEED_TALLY, .params = feed.params_tally, .n = 1, .done = tally_done};
	feed.calls_left++;
	pipe_ask(feed.pipe, &feed.tally_call);
}

static void ask_discover(uint64_t now)
{
	feed.calls_left++;
	if (feed.by_heads && now - feed.discovered_ms < STUCK_MS) {
		list_begin(&feed.conferences);
		list_begin(&feed.names);
		feed.ops->carried(&feed.conferences, &feed.names);
		buffer_add(&feed.conferences, "}", 1);
		buffer_add(&feed.names, "}", 1);
		feed.params[0] = feed.conferences.bytes;
		feed.params[1] = feed.names.bytes;
		feed.discover_call = (struct pipe_call){
		    .sql = SQL_FEED_HEADS, .params = feed.params, .n = 2, .done = discover_done};
	} else {
		feed.discovered_ms = now;
		feed.params[0] = feed.fence;
		feed.discover_call = (struct pipe_call){
		    .sql = SQL_FEED_DISCOVER, .params = feed.params, .n = 1, .done = discover_done};
	}
	pipe_ask(feed.pipe, &feed.discover_call);
}

static void on_soon(uv_timer_t *timer)
{
	(void)timer;
	look();
}

/* One look at the log; a wish that comes during a look makes another one follow. */
static void look(void)
{
	uint64_t now = clock_ms();

	if (feed.cycle != CYCLE_IDLE || !feed.serving) {
		feed.again = true;
		return;
	}
	if (now - feed.cycle_began_ms < FLOOR_MS) {
		if (!uv_is_active((uv_handle_t *)feed.soon))
			uv_timer_start(feed.soon, on_soon, FLOOR_MS, 0);
		return;
	}
	feed.again = false;
	feed.more = false;
	feed.cycle = CYCLE_DISCOVER;
	feed.cycle_began_ms = now;
	feed.calls_left = 0;
	feed.wanted = 0;
	list_begin(&feed.ids);
	list_begin(&feed.afters);
	feed.figures.cycles++;
	/*
	 * The tally second: the next fence is discovery's snapshot, and what commits between the
	 * two must be seen by the tally of this cycle, for the next one begins above it.
	 */
	ask_discover(now);
	ask_tally();
}

static void notify_done(struct pipe_call *call, enum pipe_outcome outcome, const PGresult *result)
{
	(void)call;
	(void)outcome;
	(void)result;
	feed.notify_busy = false;
}

static void send_hint(uv_timer_t *timer)
{
	(void)timer;
	/* Somebody else's hint after our commit has made every reader look already. */
	if (!feed.hint_wanted || feed.hint_heard || !feed.serving || feed.notify_busy) {
		feed.hint_wanted = feed.hint_wanted && feed.notify_busy;
		return;
	}
	feed.hint_wanted = false;
	feed.notify_busy = true;
	feed.hint_sent_ms = clock_ms();
	feed.figures.hints_sent++;
	feed.notify_call = (struct pipe_call){.text = "notify plenum", .done = notify_done};
	pipe_ask(feed.pipe, &feed.notify_call);
}

void feed_committed(void)
{
	uint64_t since = clock_ms() - feed.hint_sent_ms;

	if (feed.pipe == NULL)
		return;
	feed.hint_wanted = true;
	feed.hint_heard = false;
	if (!uv_is_active((uv_handle_t *)feed.hint)) {
		if (since >= HINT_MS)
			send_hint(feed.hint);
		else
			uv_timer_start(feed.hint, send_hint, HINT_MS - since, 0);
	}
	look();
}

void lane_committed(void)
{
	feed_committed();
}

static void on_notified(void *data, int backend_pid)
{
	(void)data;
	feed.figures.hints_heard++;
	if (backend_pid != pipe_backend(feed.pipe)) {
		feed.hint_heard = true;
		look();
	}
}

static void epoch_done(struct pipe_call *call, enum pipe_outcome outcome, const PGresult *result)
{
	struct rows rows = {result};
	const char *epoch;
	bool changed;

	(void)call;
	feed.epoch_asked = false;
	if (outcome != PIPE_ROWS)
		return;
	epoch = rows_text(&rows, 0, "epoch");
	changed = strcmp(feed.epoch, epoch) != 0;
	if (changed) {
		text_copy(feed.epoch, sizeof(feed.epoch), epoch);
		text_copy(feed.fence, sizeof(feed.fence), rows_text(&rows, 0, "fence"));
	}
	feed.serving = true;
	feed.cycle = CYCLE_IDLE;
	feed.fence_since_ms = clock_ms();
	feed.by_heads = false;
	feed.ops->up(feed.epoch, changed);
	look();
}

static void ask_epoch(void)
{
	feed.epoch_asked = true;
	feed.epoch_call = (struct pipe_call){.sql = SQL_FEED_EPOCH, .done = epoch_done};
	pipe_ask(feed.pipe, &feed.epoch_call);
}

/* A database that had no time for the epoch is asked again: without it nobody here hears anything,
 * and the connection lives. */
static void on_poll_timer(uv_timer_t *timer)
{
	(void)timer;
	pipe_tick(feed.pipe);
	if (!feed.serving && !feed.epoch_asked && pipe_is_up(feed.pipe))
		ask_epoch();
	look();
}

static void listen_done(struct pipe_call *call, enum pipe_outcome outcome, const PGresult *result)
{
	(void)call;
	(void)result;
	/* Refused (a standby, a known fault of old minors): the poll alone finds everything, only
	 * later. */
	if (outcome == PIPE_ERROR)
		log_line("feed: LISTEN refused, polling only");
}

static void feed_up(void *data)
{
	(void)data;
	ask_epoch();
	feed.listen_call = (struct pipe_call){.text = "listen plenum", .done = listen_done};
	pipe_ask(feed.pipe, &feed.listen_call);
}

static void feed_down(void *data)
{
	(void)data;
	feed.serving = false;
	feed.ops->down();
}

static void feed_wrong_schema(void *data)
{
	(void)data;
}

static uv_timer_t *timer_new(uv_loop_t *loop)
{
	uv_timer_t *timer = xcalloc(1, sizeof(*timer));

	uv_timer_init(loop, timer);
	return timer;
}

void feed_start(uv_loop_t *loop, const char *dsn, const struct feed_ops *ops)
{
	struct pipe_config config = {.dsn = dsn,
				     .name = "feed",
				     .statement_timeout_ms = 5000,
				     .up = feed_up,
				     .down = feed_down,
				     .wrong_schema = feed_wrong_schema,
				     .notified = on_notified};

	feed.ops = ops;
	feed.poll = timer_new(loop);
	feed.soon = timer_new(loop);
	feed.hint = timer_new(loop);
	feed.pipe = pipe_open(loop, &config);
	uv_timer_start(feed.poll, on_poll_timer, POLL_MS, POLL_MS);
}

static void timer_closed(uv_handle_t *handle)
{
	free(handle);
}

void feed_stop(void)
{
	uv_timer_t *timers[] = {feed.poll, feed.soon, feed.hint};
	struct pipe *p = feed.pipe;

	if (p == NULL)
		return;
	feed.pipe = NULL;
	feed.serving = false;
	pipe_close(p);
	for (int i = 0; i < 3; i++) {
		uv_timer_stop(timers[i]);
		uv_close((uv_handle_t *)timers[i], timer_closed);
	}
	buffer_finish(&feed.ids);
	buffer_finish(&feed.afters);
	buffer_finish(&feed.conferences);
	buffer_finish(&feed.names);
}
