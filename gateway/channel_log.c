/* gateway: channels and the log: loading one, and taking in what the log's reader finds. */
#include "gateway/channel_log.h"
#include "gateway/calendar.h"
#include "gateway/dispatch.h"
#include "gateway/document.h"
#include "gateway/metrics.h"
#include "gateway/session.h"
#include "gateway/subscribe.h"
#include "services/core/log.h"
#include "services/core/text.h"
#include "services/db/db.h"
#include "services/db/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKER_BACK = 50 };

static char history[64]; /* the epoch; "" until the log has been reached */

const char *channels_epoch(void)
{
	return history;
}

static void say_ready(struct channel *ch, bool ok)
{
	struct waiter *w = ch->waiters;

	ch->waiters = NULL;
	while (w != NULL) {
		struct waiter *next = w->next;

		w->ready(ch, ok, w->data);
		free(w);
		w = next;
	}
}

static struct channel *of_request(const struct request *rq)
{
	return rq->end_data;
}

static fault opened(struct request *rq, const struct rows *rows)
{
	struct channel *ch = of_request(rq);

	channel_ring_clear(ch);
	if (rows_count(rows) > 0) {
		int64_t head = rows_int(rows, 0, "head");

		channel_learn_id(ch, rows_int(rows, 0, "id"));
		ch->head = rows_text(rows, 0, "position") != NULL
			       ? rows_int(rows, 0, "position") - 1
			       : head;
		ch->first = ch->head + 1;
		for (int row = 0;
		     row < rows_count(rows) && rows_text(rows, row, "position") != NULL; row++)
			channel_append(ch, rows_int(rows, row, "position"),
				       rows_text(rows, row, "type"), rows_text(rows, row, "data"),
				       (size_t)rows_size(rows, row, "data"));
	}
	return request_reply(rq, "");
}

static fault tally_read(struct request *rq, const struct rows *rows)
{
	struct channel *ch = of_request(rq);

	/* What the log's reader has told meanwhile is not older. */
	for (int row = 0; row < rows_count(rows); row++)
		if (channel_tally(ch, rows_text(rows, row, "key")) == NULL)
			channel_set_tally(ch, rows_text(rows, row, "key"),
					  rows_int(rows, row, "value"), false);
	return request_reply(rq, "");
}

static void tally_loaded(struct request *rq)
{
	struct channel *ch = of_request(rq);
	bool ok = rq->fault == OK;

	request_destroy(rq);
	ch->loading = false;
	ch->holds--;
	if (ok && (ch->cut || ch->moved_head > ch->head)) {
		/* It moved while we read it, perhaps after our snapshot: read again. */
		ch->cut = false;
		channel_load(ch);
		return;
	}
	ch->loaded = ok;
	say_ready(ch, ok);
}

static void load_query(struct channel *ch, enum sql_id sql, rows_fn *done, request_end_fn *end)
{
	struct request *rq = request_create(1 << 16);
	const char *params[] = {ch->conference, ch->name, "500"};
	fault f;

	rq->end = end;
	rq->end_data = ch;
	f = db_query(rq, LANE_PUBLIC, sql, done, params, sql == SQL_CHANNEL_OPEN ? 3 : 2);
	if (f != OK)
		request_finish(rq, f);
}

static void channel_loaded(struct request *rq)
{
	struct channel *ch = of_request(rq);

	if (rq->fault == OK && ch->kind != NULL && ch->kind->tally) {
		request_destroy(rq);
		load_query(ch, SQL_CHANNEL_TALLY, tally_read, tally_loaded);
		return;
	}
	tally_loaded(rq);
}

void channel_load(struct channel *ch)
{
	if (ch->loading || ch->loaded)
		return;
	ch->loading = true;
	ch->holds++;
	load_query(ch, SQL_CHANNEL_OPEN, opened, channel_loaded);
}

/* What follows is told by the reader of the log. */

static void resync_all(struct channel *ch, void *data)
{
	(void)data;
	if (ch->loading)
		return;
	while (ch->subs_n > 0)
		channel_resync(ch->subs[ch->subs_n - 1]);
	channel_ring_clear(ch);
	ch->tallies_n = 0;
	ch->moved_head = 0;
	ch->loaded = false;
	ch->head = 0;
	ch->first = 1;
	snapshot_forget(ch);
}

/* Somebody was erased: nothing that is in memory is served once more. Stations' channel of tickets
 * holds no names, and they need it whole. */
static void cut_one(struct channel *ch, void *data)
{
	if (strcmp(ch->conference, data) != 0 || ch->kind == NULL || strcmp(ch->name, "door") == 0)
		return;
	ch->cut = ch->loading;
	resync_all(ch, NULL);
}

static void log_is_cut(struct channel *worker)
{
	channels_each(cut_one, worker->conference);
	document_forget(worker->conference);
}

static void feed_is_there(const char *epoch, bool changed)
{
	bool first = history[0] == 0;

	text_copy(history, sizeof(history), epoch);
	if (!changed || first)
		return;
	log_line("the database's history changed: everyone starts over");
	channels_each(resync_all, NULL);
	document_forget(NULL);
	calendar_forget();
}

static void feed_is_gone(void)
{
	log_line("feed: connection lost; serving from memory");
}

static int64_t feed_moved(int64_t id, const char *conference, const char *name, int64_t head)
{
	struct channel *ch = channel_find(conference, name);

	if (strcmp(name, "schedule") == 0)
		document_moved(conference, head);
	calendar_moved(id, conference, name, head);
	if (ch == NULL && strcmp(name, "worker") == 0) {
		ch = channel_begin(conference, name, NULL);
		ch->loaded = true;
		ch->head = head > WORKER_BACK ? head - WORKER_BACK : 0;
		ch->first = ch->head + 1;
	}
	if (ch == NULL)
		return -1;
	channel_learn_id(ch, id);
	if (head > ch->moved_head)
		ch->moved_head = head;
	return ch->loaded && head > ch->head ? ch->head : -1;
}

static void feed_event(int64_t id, int64_t position, const char *type, const char *data,
		       size_t size)
{
	struct channel *ch = channel_find_id(id);

	if (ch == NULL || !ch->loaded || position <= ch->head)
		return;
	metric_add(METRIC_EVENTS, 1);
	channel_append(ch, position, type, data, size);
	if (ch->kind == NULL) {
		session_worker_event(ch->conference, type, data, size);
		calendar_worker_event(ch->conference, type, data, size);
		if (strcmp(type, "log.cut") == 0)
			log_is_cut(ch);
	} else {
		fanout_mark(ch);
	}
}

static void feed_tally(int64_t id, const char *conference, const char *name, const char *key,
		       int64_t value)
{
	struct channel *ch = channel_find_id(id);

	if (ch == NULL && (ch = channel_find(conference, name)) != NULL)
		channel_learn_id(ch, id);
	if (ch != NULL && ch->kind != NULL)
		channel_set_tally(ch, key, value, ch->loaded);
}

struct carried {
	struct buffer *conferences, *names;
	int n;
};

static void add_carried(struct channel *ch, void *data)
{
	struct carried *list = data;

	buffer_printf(list->conferences, list->n > 0 ? ",%s" : "%s", ch->conference);
	buffer_printf(list->names, list->n++ > 0 ? ",\"%s\"" : "\"%s\"", ch->name);
}

static int feed_carried(struct buffer *conferences, struct buffer *names)
{
	struct carried list = {conferences, names, 0};

	channels_each(add_carried, &list);
	return list.n;
}

static const struct feed_ops feed_operations = {
    .up = feed_is_there,
    .down = feed_is_gone,
    .moved = feed_moved,
    .event = feed_event,
    .tally = feed_tally,
    .carried = feed_carried,
};

void channel_log_start(uv_loop_t *loop, const char *dsn)
{
	feed_start(loop, dsn, &feed_operations);
}
