/* gateway: JSON-RPC over a socket. */
#include "gateway/rpc.h"
#include "gateway/channel.h"
#include "gateway/discover.h"
#include "gateway/dispatch.h"
#include "gateway/limit.h"
#include "gateway/metrics.h"
#include "gateway/session.h"
#include "gateway/subscribe.h"
#include "services/core/json.h"

#include <stdlib.h>
#include <string.h>

static void send_buffer(struct conn *c, struct buffer *b)
{
	struct payload *p = payload_of(b->bytes, b->size);

	buffer_finish(b);
	conn_reply(c, p);
	payload_unref(p);
}

void rpc_result(struct conn *c, const char *id, const char *json, size_t size)
{
	struct buffer b = {0};

	buffer_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":", id);
	buffer_add(&b, json, size);
	buffer_add(&b, "}", 1);
	send_buffer(c, &b);
}

static void fault_message(struct conn *c, const char *id, fault f, int64_t wait_ms)
{
	struct buffer b = {0};

	metric_add(METRIC_FAULTS, 1);
	buffer_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":", id,
		      fault_rpc_code(f->kind));
	buffer_json(&b, f->text);
	buffer_printf(&b, ",\"data\":{\"fault\":\"%s\"", f->code);
	if (wait_ms > 0)
		buffer_printf(&b, ",\"retry_after_ms\":%lld", (long long)wait_ms);
	buffer_text(&b, "}}}");
	send_buffer(c, &b);
}

void rpc_fault(struct conn *c, const char *id, fault f)
{
	fault_message(c, id, f, 0);
}

void rpc_notify(struct conn *c, const char *method, const char *params)
{
	struct buffer b = {0};

	buffer_printf(&b, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}", method, params);
	send_buffer(c, &b);
}

void rpc_session_changed(struct conn *c)
{
	static const char *const names[] = {"attendee", "speaker",  "moderator", "desk",
					    "kiosk",	"reviewer", "organiser", "juror",
					    "chair",	"applicant"};
	struct buffer b = {0};
	int n = 0;

	buffer_text(&b, "{\"roles\":[");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (c->caller->roles & role_of(names[i]))
			buffer_printf(&b, "%s\"%s\"", n++ > 0 ? "," : "", names[i]);
	buffer_text(&b, "]");
	if (c->caller->mode[0] != 0)
		buffer_printf(&b, ",\"mode\":\"%s\"", c->caller->mode);
	buffer_text(&b, "}");
	rpc_notify(c, "session.changed", b.bytes);
	buffer_finish(&b);
}

fault rpc_rate(const struct caller *who, const char *method, int64_t *ret_wait_ms)
{
	const struct method *m = method_find(method);

	if (m == NULL || who->login[0] == 0)
		return OK;
	return limit_take(who->login, m->rate, ret_wait_ms) ? OK : &fault_rate;
}

struct call {
	uint64_t conn;
	char *id;
};

static void call_ended(struct request *rq)
{
	struct call *call = rq->end_data;
	struct conn *c = conn_find(call->conn);

	if (c != NULL) {
		size_t size;
		const char *text = rpc_message(rq, call->id, &size);
		struct payload *p = payload_of(text, size);

		c->calls--;
		if (rq->fault != OK)
			metric_add(METRIC_FAULTS, 1);
		conn_reply(c, p);
		payload_unref(p);
	}
	free(call->id);
	free(call);
	request_destroy(rq);
}

static void call_service(struct conn *c, const char *id, const char *method, const json_t *params)
{
	struct request *rq;
	struct call *call;
	int64_t wait_ms = 0;
	fault f = rpc_rate(c->caller, method, &wait_ms);

	if (f == OK && c->calls >= CALLS_MAX) {
		f = &fault_busy;
		wait_ms = 100;
	}
	if (f != OK) {
		fault_message(c, id, f, wait_ms);
		return;
	}
	rq = request_create(8 << 20);
	call = xcalloc(1, sizeof(*call));
	call->conn = c->id;
	call->id = xstrdup(id);
	rq->caller = *c->caller;
	rq->received_ms = c->rx_began_ms;
	rq->end = call_ended;
	rq->end_data = call;
	c->calls++;
	metric_add(METRIC_CALLS, 1);
	dispatch(rq, method, params, VIA_RPC);
}

static void unsubscribe(struct conn *c, const char *id, const json_t *params)
{
	const json_t *name;
	size_t i;

	if (!json_is_array(json_object_get(params, "channels"))) {
		rpc_fault(c, id, &fault_bad_request);
		return;
	}
	json_array_foreach(json_object_get(params, "channels"), i, name)
	{
		const char *text = json_string_value(name);
		struct channel *ch =
		    text != NULL ? channel_find(c->caller->conference, text) : NULL;
		struct sub *sub = ch != NULL ? channel_sub_of(c, ch) : NULL;

		if (sub != NULL)
			channel_leave(sub);
	}
	rpc_result(c, id, "{}", 2);
}

static void closed_session(struct request *rq)
{
	struct call *call = rq->end_data;
	struct conn *c = conn_find(call->conn);

	if (c != NULL) {
		rpc_result(c, call->id, "{}", 2);
		conn_close(c, 4451, "session.close");
	}
	free(call->id);
	free(call);
	request_destroy(rq);
}

static void close_session(struct conn *c, const char *id)
{
	struct request *rq = request_create(1 << 16);
	struct call *call = xcalloc(1, sizeof(*call));

	call->conn = c->id;
	call->id = xstrdup(id);
	rq->caller = *c->caller;
	rq->end = closed_session;
	rq->end_data = call;
	dispatch(rq, "auth.logout", NULL, VIA_AUTH);
}

/* The gateway's own methods; false: a service's. */
static bool own_method(struct conn *c, const char *id, const char *method, const json_t *params)
{
	if (strcmp(method, "channel.subscribe") == 0)
		subscribe(c, id, json_object_get(params, "channels"));
	else if (strcmp(method, "channel.unsubscribe") == 0)
		unsubscribe(c, id, params);
	else if (strcmp(method, "rpc.discover") == 0)
		rpc_result(c, id, discover_json(), strlen(discover_json()));
	else if (strcmp(method, "session.open") == 0)
		rpc_fault(c, id, &fault_bad_request);
	else if (strcmp(method, "session.close") == 0)
		close_session(c, id);
	else
		return false;
	return true;
}

static void one_call(struct conn *c, const json_t *message)
{
	const char *version = json_string_value(json_object_get(message, "jsonrpc"));
	const char *method = json_string_value(json_object_get(message, "method"));
	const json_t *id_json = json_object_get(message, "id"),
		     *params = json_object_get(message, "params");
	char *id = NULL;

	if (json_is_integer(id_json) ||
	    (json_is_string(id_json) && json_string_length(id_json) <= 64))
		id = json_dumps(id_json, JSON_ENCODE_ANY | JSON_COMPACT);
	if (!json_is_object(message) || version == NULL || strcmp(version, "2.0") != 0 ||
	    method == NULL || (id_json != NULL && id == NULL)) {
		rpc_fault(c, id != NULL ? id : "null", &fault_not_call);
	} else if (id == NULL) {
		/* A notification: pong and anything else say only that somebody is there. */
	} else if (c->state == CONN_OPENING) {
		if (strcmp(method, "session.open") == 0) {
			session_open(c, id, params);
		} else {
			rpc_fault(c, id, &fault_auth_required);
			conn_close(c, 4401, "session.open first");
		}
	} else if (!own_method(c, id, method, params)) {
		call_service(c, id, method, params);
	}
	free(id);
}

void rpc_message_in(struct conn *c, const char *bytes, size_t size)
{
	json_t *message;

	metric_add(METRIC_MESSAGES_HEARD, 1);
	if (c->state == CONN_CLOSING)
		return;
	if (c->state == CONN_OPENING && size > OPEN_MESSAGE_MAX) {
		rpc_fault(c, "null", &fault_size);
		conn_close(c, 4401, "first message too big");
		return;
	}
	message = json_read_strict(bytes, size);
	if (message == NULL) {
		rpc_fault(c, "null", &fault_parse);
		if (c->state == CONN_OPENING)
			conn_close(c, 4400, "bad message");
		return;
	}
	if (json_is_array(message))
		rpc_fault(c, "null", &fault_not_call);
	else
		one_call(c, message);
	json_decref(message);
}
