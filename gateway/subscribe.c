/* gateway: joining channels. */
#include "gateway/subscribe.h"
#include "gateway/dispatch.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "services/core/clock.h"
#include "services/core/service.h"
#include "services/db/db.h"

#include <stdlib.h>
#include <string.h>

enum { SNAPSHOT_FRESH_MS = 1000, SNAPSHOT_ARENA = 32 << 20 };

/* One channel of one channel.subscribe. */
struct part {
	struct join *join;
	struct part *next; /* snapshot.waiting */
	char name[CHANNEL_NAME_SIZE];
	struct channel *channel; /* held until the join is answered */
	char since_epoch[64];
	int64_t since; /* -1: none */
	int64_t position;
	const char *fault;  /* dotted name */
	struct buffer json; /* "events":[…] or "snapshot":…, "tally":… */
};

/* One call. Lives until each part has its answer; the connection may be gone by then. */
struct join {
	uint64_t conn;
	char *id;
	int n, left;
	struct part parts[SUBS_A_CONN];
};

/* The last snapshot of a channel: shared by all who ask for the same position within a moment. */
struct snapshot {
	int64_t head;
	char *json;
	uint64_t made_ms;
	bool asked;
	struct part *waiting;
};

static void part_done(struct part *part);

void snapshot_forget(struct channel *ch)
{
	if (ch->snapshot == NULL || ch->snapshot->asked)
		return;
	free(ch->snapshot->json);
	free(ch->snapshot);
	ch->snapshot = NULL;
}

static void answer(struct join *join)
{
	struct conn *c = conn_find(join->conn);
	struct buffer b = {0};

	buffer_text(&b, "{\"channels\":[");
	for (int i = 0; i < join->n; i++) {
		struct part *part = &join->parts[i];

		buffer_printf(&b, "%s{\"name\":", i > 0 ? "," : "");
		buffer_json(&b, part->name);
		if (part->fault != NULL)
			buffer_printf(&b, ",\"fault\":\"%s\"}", part->fault);
		else
			buffer_printf(&b, ",\"epoch\":\"%s\",\"position\":%lld,%s}",
				      channels_epoch(), (long long)part->position,
				      part->json.bytes);
	}
	buffer_text(&b, "]}");
	if (c != NULL && c->state == CONN_OPEN)
		rpc_result(c, join->id, b.bytes, b.size);
	buffer_finish(&b);
	for (int i = 0; i < join->n; i++) {
		struct part *part = &join->parts[i];
		struct sub *sub =
		    c != NULL && part->channel != NULL ? channel_sub_of(c, part->channel) : NULL;

		if (sub != NULL && part->fault != NULL)
			channel_leave(sub);
		else if (sub != NULL)
			channel_join(sub, part->position + 1);
		if (part->channel != NULL)
			part->channel->holds--;
		buffer_finish(&part->json);
	}
	free(join->id);
	free(join);
}

static void part_done(struct part *part)
{
	if (--part->join->left == 0)
		answer(part->join);
}

static void part_failed(struct part *part, const char *fault_code)
{
	part->fault = fault_code;
	part_done(part);
}

static void part_take_snapshot(struct part *part, const struct snapshot *s)
{
	part->position = s->head;
	buffer_printf(&part->json, "\"snapshot\":%s", s->json);
	if (part->channel->kind->tally) {
		buffer_text(&part->json, ",\"tally\":");
		channel_tally_json(part->channel, &part->json);
	}
	part_done(part);
}

static fault snapshot_read(struct request *rq, const struct rows *rows)
{
	struct channel *ch = rq->end_data;
	const char *json = rows_text(rows, 0, "snapshot");

	if (rows_count(rows) == 0 || json == NULL)
		return &fault_not_found;
	free(ch->snapshot->json);
	ch->snapshot->json = xstrdup(json);
	ch->snapshot->head = rows_int(rows, 0, "head");
	ch->snapshot->made_ms = clock_ms();
	return request_reply(rq, "");
}

static void snapshot_ended(struct request *rq)
{
	struct channel *ch = rq->end_data;
	struct part *part = ch->snapshot->waiting;
	fault f = rq->fault;

	request_destroy(rq);
	ch->snapshot->asked = false;
	ch->snapshot->waiting = NULL;
	ch->holds--;
	/* Each part holds the channel, and so the snapshot, until it has been answered. */
	while (part != NULL) {
		struct part *next = part->next;

		if (f == OK)
			part_take_snapshot(part, ch->snapshot);
		else
			part_failed(part, f->code);
		part = next;
	}
}

static void want_snapshot(struct part *part)
{
	struct channel *ch = part->channel;
	struct request *rq;
	fault f;

	if (ch->snapshot == NULL)
		ch->snapshot = xcalloc(1, sizeof(*ch->snapshot));
	if (ch->snapshot->json != NULL && !ch->snapshot->asked && ch->snapshot->head >= ch->head &&
	    clock_ms() - ch->snapshot->made_ms < SNAPSHOT_FRESH_MS) {
		part_take_snapshot(part, ch->snapshot);
		return;
	}
	part->next = ch->snapshot->waiting;
	ch->snapshot->waiting = part;
	if (ch->snapshot->asked)
		return;
	ch->snapshot->asked = true;
	ch->holds++;
	rq = request_create(SNAPSHOT_ARENA);
	rq->end = snapshot_ended;
	rq->end_data = ch;
	f = db_query(rq, LANE_PUBLIC, ch->kind->snapshot, snapshot_read,
		     PARAMS(ch->conference, ch->subject[0] != 0 ? ch->subject : NULL));
	if (f != OK)
		request_finish(rq, f);
}

static void part_ready(struct channel *ch, bool ok, void *data)
{
	struct part *part = data;
	struct buffer events = {0};

	/* Before the log has been reached no cursor can be judged, nor a good one given. */
	if (!ok || channels_epoch()[0] == 0) {
		part_failed(part, "busy");
		return;
	}
	if (part->since >= 0 && strcmp(part->since_epoch, channels_epoch()) == 0 &&
	    channel_replay(ch, part->since, &events)) {
		part->position = ch->head;
		buffer_printf(&part->json, "\"events\":[%s]", events.size > 0 ? events.bytes : "");
		if (ch->kind->tally) {
			buffer_text(&part->json, ",\"tally\":");
			channel_tally_json(ch, &part->json);
		}
		buffer_finish(&events);
		part_done(part);
		return;
	}
	buffer_finish(&events);
	want_snapshot(part);
}

/* Refused, or the database could not say: nobody hears on a guess. */
static void may_ended(struct request *rq)
{
	struct part *part = rq->end_data;
	fault f = rq->fault;

	request_destroy(rq);
	if (f == OK)
		channel_when_ready(part->channel, part_ready, part);
	else
		part_failed(part, f->code);
}

static bool read_since(struct part *part, const json_t *since)
{
	const char *epoch = json_string_value(json_object_get(since, "epoch"));
	const json_t *position = json_object_get(since, "position");

	part->since = -1;
	if (since == NULL || json_is_null(since))
		return true;
	if (epoch == NULL || strlen(epoch) >= sizeof(part->since_epoch) ||
	    !json_is_integer(position) || json_integer_value(position) < 0)
		return false;
	memcpy(part->since_epoch, epoch, strlen(epoch) + 1);
	part->since = json_integer_value(position);
	return true;
}

/* Begins one part, or says why not: that stands in its own place of the answer, the others go on.
 */
static const char *begin_part(struct conn *c, struct part *part, const json_t *wanted)
{
	const char *name = json_string_value(json_object_get(wanted, "name"));
	const struct channel_kind *kind;
	char subject[UUID_SIZE];

	if (name != NULL && strlen(name) < CHANNEL_NAME_SIZE)
		memcpy(part->name, name, strlen(name) + 1);
	kind = part->name[0] != 0 ? channel_kind_of(part->name, subject) : NULL;
	if (kind == NULL)
		return "not_found";
	if (!channel_may_hear(c->caller, kind, subject))
		return "denied";
	if (!read_since(part, json_object_get(wanted, "since")))
		return "bad_request";
	part->channel = channel_carry(c->caller->conference, part->name, kind);
	part->channel->holds++;
	if (channel_sub(c, part->channel) == NULL)
		return "limit.size";
	if (kind->scope == SCOPE_ASKED)
		channel_ask(c->caller, part->channel, may_ended, part);
	else
		channel_when_ready(part->channel, part_ready, part);
	return NULL;
}

void subscribe(struct conn *c, const char *id, const json_t *channels)
{
	struct join *join;
	int n = json_is_array(channels) ? (int)json_array_size(channels) : 0;

	if (n < 1 || n > SUBS_A_CONN) {
		rpc_fault(c, id, &fault_bad_request);
		return;
	}
	join = xcalloc(1, sizeof(*join));
	join->conn = c->id;
	join->id = xstrdup(id);
	join->n = n;
	/* One more than there are parts, so that the answer does not go out while parts are still
	 * being begun. */
	join->left = 1;
	for (int i = 0; i < n; i++) {
		struct part *part = &join->parts[i];

		const char *refused;

		part->join = join;
		join->left++;
		refused = begin_part(c, part, json_array_get(channels, (size_t)i));
		if (refused != NULL) {
			part->fault = refused;
			join->left--;
		}
	}
	if (--join->left == 0)
		answer(join);
}
