/* gateway: channels whose listeners the database decides on, one by one. */
#include "gateway/channel.h"
#include "gateway/dispatch.h"
#include "services/core/arena.h"
#include "services/db/db.h"

static fault asked(struct request *rq, const struct rows *rows)
{
	return rows_count(rows) > 0 ? request_reply(rq, "") : &fault_denied;
}

void channel_ask(const struct caller *who, const struct channel *ch, request_end_fn *end,
		 void *data)
{
	struct request *rq = request_create(1 << 16);
	const char *actor = caller_actor(who);
	fault f;

	rq->end = end;
	rq->end_data = data;
	f = db_query(rq, LANE_PUBLIC, ch->kind->may, asked,
		     PARAMS(arena_strdup(rq->arena, ch->conference),
			    arena_strdup(rq->arena, ch->subject),
			    actor != NULL ? arena_strdup(rq->arena, actor) : NULL));
	if (f != OK)
		request_finish(rq, f);
}
