/* gateway: calls over HTTP: POST /rpc and GET /events. */
#include "gateway/api.h"
#include "gateway/channel.h"
#include "gateway/conference.h"
#include "gateway/discover.h"
#include "gateway/dispatch.h"
#include "gateway/heartbeat.h"
#include "gateway/http.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "gateway/session.h"
#include "gateway/subscribe.h"
#include "services/core/text.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

static const char no_store[] = "cache-control: no-store\r\n";

struct exchange *exchange_create(struct conn *c)
{
	struct exchange *x = xcalloc(1, sizeof(*x));

	x->conn = c->id;
	return x;
}

void exchange_free(struct exchange *x)
{
	json_decref(x->message);
	free(x->id);
	free(x);
}

bool http_is_json(const struct http *h)
{
	return strncmp(h->content_type, "application/json", 16) == 0;
}

static void respond_rpc(struct conn *c, int status, const char *text, size_t size)
{
	struct payload *p = payload_of(text, size);

	http_respond(c, status, "application/json", no_store, p);
	payload_unref(p);
}

static void respond_rpc_fault(struct conn *c, const char *id, fault f, int64_t wait_ms)
{
	struct request *rq = request_create(1 << 16);
	int status = f == &fault_auth_required || f == &fault_auth_expired ? 401
		     : f == &fault_rate					   ? 429
		     : f == &fault_size					   ? 413
									   : 200;
	const char *text;
	size_t size;

	rq->fault = f;
	rq->retry_after_ms = wait_ms;
	text = rpc_message(rq, id != NULL ? id : "null", &size);
	respond_rpc(c, status, text, size);
	rq->fault = OK;
	request_destroy(rq);
}

static void rpc_ended(struct request *rq)
{
	struct exchange *x = rq->end_data;
	struct conn *c = conn_find(x->conn);

	if (c != NULL && c->http != NULL) {
		size_t size;
		const char *text = rpc_message(rq, x->id, &size);

		respond_rpc(c, 200, text, size);
	}
	if (rq->fault != OK)
		metric_add(METRIC_FAULTS, 1);
	exchange_free(x);
	request_destroy(rq);
}

/* session.open here only tells who the credentials are: the call carries them itself. */
static void respond_session(struct conn *c, struct exchange *x, const char *public_json)
{
	struct buffer b = {0};

	buffer_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":", x->id);
	buffer_add(&b, public_json, strlen(public_json) - 1);
	buffer_printf(&b, ",\"epoch\":\"%s\"}}", channels_epoch());
	respond_rpc(c, 200, b.bytes, b.size);
	buffer_finish(&b);
	exchange_free(x);
}

static void rpc_run(struct conn *c, struct exchange *x, const struct caller *who)
{
	const char *method = json_string_value(json_object_get(x->message, "method"));
	struct request *rq;
	int64_t wait_ms = 0;
	fault f = rpc_rate(who, method, &wait_ms);

	if (f == OK && strcmp(method, "rpc.discover") == 0) {
		struct buffer b = {0};

		buffer_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}", x->id,
			      discover_json());
		respond_rpc(c, 200, b.bytes, b.size);
		buffer_finish(&b);
		exchange_free(x);
		return;
	}
	if (f != OK) {
		respond_rpc_fault(c, x->id, f, wait_ms);
		exchange_free(x);
		return;
	}
	rq = request_create(32 << 20);
	rq->caller = *who;
	rq->received_ms = c->http->began_ms;
	rq->address = NULL;
	rq->end = rpc_ended;
	rq->end_data = x;
	metric_add(METRIC_CALLS, 1);
	dispatch(rq, method, json_object_get(x->message, "params"), VIA_RPC);
}

static void rpc_caller_found(fault f, const struct caller *who, int64_t expires,
			     const char *public_json, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);

	(void)expires;
	if (c == NULL || c->http == NULL) {
		exchange_free(x);
	} else if (f != OK) {
		respond_rpc_fault(c, x->id, f, f->kind == FAULT_BUSY ? 500 : 0);
		exchange_free(x);
	} else if (strcmp(json_string_value(json_object_get(x->message, "method")),
			  "session.open") == 0) {
		respond_session(c, x, public_json);
	} else {
		rpc_run(c, x, who);
	}
}

/* Reads the body as one call. false after answering. */
static bool read_call(struct conn *c, struct exchange *x)
{
	struct http *h = c->http;
	const json_t *id;

	x->message = http_is_json(h) ? json_read_strict(h->body.bytes, h->body.size) : NULL;
	if (x->message == NULL) {
		respond_rpc_fault(c, NULL, &fault_parse, 0);
		return false;
	}
	id = json_object_get(x->message, "id");
	if (json_is_integer(id) || (json_is_string(id) && json_string_length(id) <= 64))
		x->id = json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT);
	if (!json_is_object(x->message) || x->id == NULL ||
	    json_string_value(json_object_get(x->message, "method")) == NULL ||
	    json_string_value(json_object_get(x->message, "jsonrpc")) == NULL ||
	    strcmp(json_string_value(json_object_get(x->message, "jsonrpc")), "2.0") != 0) {
		respond_rpc_fault(c, x->id, &fault_not_call, 0);
		return false;
	}
	return true;
}

void exchange_find_caller(struct conn *c, struct exchange *x, session_found_fn *found)
{
	struct http *h = c->http;
	char guest[48];
	bool cookie;
	const char *token = http_token(h, x->slug, &cookie);

	if (token != NULL && cookie &&
	    !http_origin_ok(h, h->method == HTTP_GET || h->method == HTTP_HEAD)) {
		http_respond_fault(c, 403, &fault_denied, 0);
		exchange_free(x);
	} else if (token != NULL) {
		session_by_token(token, found, x);
	} else if (http_argument(h, "guest", guest, sizeof(guest))) {
		session_by_guest(guest, found, x);
	} else {
		found(&fault_auth_required, NULL, 0, NULL, x);
	}
}

static void conference_found(fault f, const char *id, const char *slug, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);

	(void)id;
	if (c == NULL || c->http == NULL) {
		exchange_free(x);
		return;
	}
	if (f == OK)
		text_copy(x->slug, sizeof(x->slug), slug);
	exchange_find_caller(c, x, x->found);
}

void exchange_begin(struct conn *c, struct exchange *x, session_found_fn *found)
{
	x->found = found;
	conference_of(c->http->slug, conference_found, x);
}

void api_rpc(struct conn *c)
{
	struct exchange *x = exchange_create(c);

	if (!read_call(c, x)) {
		exchange_free(x);
		return;
	}
	exchange_begin(c, x, rpc_caller_found);
}

/* Server-sent events. */

static bool is_array(const char *text)
{
	json_t *value = json_read_strict(text, strlen(text));
	bool is = json_is_array(value);

	json_decref(value);
	return is;
}

static void events_caller_found(fault f, const struct caller *who, int64_t expires,
				const char *public_json, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);

	(void)public_json;
	if (c != NULL && c->http != NULL) {
		char channels[2048];

		if (f == OK && (!http_argument(c->http, "channels", channels, sizeof(channels)) ||
				!is_array(channels)))
			f = &fault_bad_request;
		if (f != OK) {
			http_respond_fault(c, 0, f, 0);
		} else {
			c->caller = xcalloc(1, sizeof(*c->caller));
			*c->caller = *who;
			c->expires = expires;
			c->http->stream_channels = xstrdup(channels);
			lws_callback_on_writable(c->wsi);
		}
	}
	exchange_free(x);
}

void api_events(struct conn *c)
{
	if (c->http->method != HTTP_GET) {
		http_respond_text(c, 405, "text/plain", "allow: GET\r\n", "GET only.\n");
		return;
	}
	exchange_begin(c, exchange_create(c), events_caller_found);
}

void api_stream_begin(struct conn *c)
{
	static const char head[] =
	    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\n"
	    "x-accel-buffering: no\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n";
	unsigned char space[LWS_PRE + sizeof(head)];
	json_t *channels =
	    json_read_strict(c->http->stream_channels, strlen(c->http->stream_channels));

	memcpy(space + LWS_PRE, head, sizeof(head) - 1);
	if (lws_write(c->wsi, space + LWS_PRE, sizeof(head) - 1, LWS_WRITE_HTTP) <
	    (int)sizeof(head) - 1) {
		json_decref(channels);
		conn_close(c, 0, "");
		return;
	}
	lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
	http_forget(c);
	conn_set_kind(c, CONN_STREAM);
	c->state = CONN_OPEN;
	c->ping_s = c->caller->roles & ROLE_STATION ? 10 : 25;
	heartbeat_add(c);
	subscribe(c, "0", channels);
	json_decref(channels);
}
