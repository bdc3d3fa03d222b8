/* gateway: GET /snapshot/<list>: the tickets, for a station of that list or for staff. */
#include "gateway/api.h"
#include "gateway/conn.h"
#include "gateway/dispatch.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "services/core/text.h"

#include <string.h>

enum { ARENA = 256 << 20, PREFIX = sizeof("/snapshot/") - 1 };

static void ended(struct request *rq)
{
	struct exchange *x = rq->end_data;
	struct conn *c = conn_find(x->conn);

	if (c != NULL && c->http != NULL && rq->fault != OK) {
		http_respond_fault(c, 0, rq->fault, rq->retry_after_ms);
	} else if (c != NULL && c->http != NULL) {
		struct payload *p = payload_of(rq->result, rq->result_size);

		http_respond(c, 200, rq->content_type, "cache-control: no-store\r\n", p);
		payload_unref(p);
	}
	if (rq->fault != OK)
		metric_add(METRIC_FAULTS, 1);
	exchange_free(x);
	request_destroy(rq);
}

static void caller_found(fault f, const struct caller *who, int64_t expires,
			 const char *public_json, void *data)
{
	static const char method[] = "snapshot.get";
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);
	struct request *rq;
	int64_t wait_ms = 0;
	char since[64];
	json_t *params;

	(void)expires;
	(void)public_json;
	if (c == NULL || c->http == NULL) {
		exchange_free(x);
		return;
	}
	if (f == OK)
		f = rpc_rate(who, method, &wait_ms);
	if (f != OK) {
		http_respond_fault(c, 0, f, wait_ms);
		exchange_free(x);
		return;
	}
	params = json_pack("{s:s}", "list", c->http->rest + PREFIX);
	if (http_argument(c->http, "since", since, sizeof(since)))
		json_object_set_new(params, "since", json_string(since));
	rq = request_create(ARENA);
	rq->caller = *who;
	rq->end = ended;
	rq->end_data = x;
	metric_add(METRIC_CALLS, 1);
	dispatch(rq, method, params, VIA_FILE);
	json_decref(params);
}

void api_snapshot(struct conn *c)
{
	exchange_begin(c, exchange_create(c), caller_found);
}
