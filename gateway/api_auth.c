/* gateway: POST /auth/…: signing in, tickets, pairing. */
#include "gateway/api.h"
#include "gateway/conference.h"
#include "gateway/dispatch.h"
#include "gateway/limit.h"
#include "gateway/worker.h"
#include "services/core/clock.h"
#include "services/core/text.h"
#include "services/core/token.h"

#include <stdio.h>
#include <string.h>

static const char no_store[] = "cache-control: no-store\r\n";

/* A sign-in belongs to the conference it was begun in, whatever address it was finished at. */
static void name_cookie(struct exchange *x, const char *token_text)
{
	struct token token;
	const char *slug;

	if (token_text == NULL || token_verify(token_text, clock_unix(), &token) != OK)
		return;
	slug = conference_slug(token.conference);
	if (slug != NULL)
		text_copy(x->slug, sizeof(x->slug), slug);
}

static void auth_ended(struct request *rq)
{
	struct exchange *x = rq->end_data;
	struct conn *c = conn_find(x->conn);
	struct buffer headers = {0};

	if (c != NULL && c->http != NULL && rq->fault != OK) {
		http_respond_fault(c, rq->http_status, rq->fault, rq->retry_after_ms);
	} else if (c != NULL && c->http != NULL) {
		struct payload *p = payload_of(rq->result, rq->result_size);

		name_cookie(x, rq->cookie);
		buffer_text(&headers, no_store);
		if (rq->cookie != NULL && rq->cookie[0] != 0)
			buffer_printf(&headers,
				      "set-cookie: __Host-plenum-%s=%s; Path=/; Secure; HttpOnly; "
				      "SameSite=Lax; "
				      "Max-Age=34560000\r\n",
				      x->slug, rq->cookie);
		else if (rq->cookie != NULL)
			buffer_printf(&headers,
				      "set-cookie: __Host-plenum-%s=; Path=/; Secure; HttpOnly; "
				      "SameSite=Lax; "
				      "Max-Age=0\r\n",
				      x->slug);
		http_respond(c, rq->http_status != 0 ? rq->http_status : 200, "application/json",
			     headers.bytes, p);
		payload_unref(p);
	}
	buffer_finish(&headers);
	exchange_free(x);
	request_destroy(rq);
}

static void auth_run(struct conn *c, struct exchange *x, const struct caller *who)
{
	struct request *rq = request_create(1 << 20);
	char method[64];

	/* /auth/device/poll is auth.device_poll. */
	snprintf(method, sizeof(method), "auth.%.40s", c->http->rest + 6);
	for (char *s = method; *s != 0; s++)
		if (*s == '/')
			*s = '_';
	if (who != NULL)
		rq->caller = *who;
	memcpy(rq->caller.conference, x->conference, UUID_SIZE);
	rq->address = arena_strdup(rq->arena, c->address);
	rq->end = auth_ended;
	rq->end_data = x;
	dispatch(rq, method, x->message, VIA_AUTH);
}

static void auth_caller_found(fault f, const struct caller *who, int64_t expires,
			      const char *public_json, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);

	(void)expires;
	(void)public_json;
	if (c == NULL || c->http == NULL) {
		exchange_free(x);
	} else if (f != OK && f->kind != FAULT_DENIED) {
		http_respond_fault(c, 0, f, 500);
		exchange_free(x);
	} else {
		/* Whoever signs in need not be anybody yet; what needs a session says so itself. */
		auth_run(c, x, f == OK ? who : NULL);
	}
}

static void auth_conference_found(fault f, const char *id, const char *slug, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);
	bool cookie;

	if (c == NULL || c->http == NULL) {
		exchange_free(x);
		return;
	}
	if (f != OK) {
		http_respond_fault(c, 0, f, 500);
		exchange_free(x);
		return;
	}
	text_copy(x->slug, sizeof(x->slug), slug);
	memcpy(x->conference, id, UUID_SIZE);
	if (http_token(c->http, x->slug, &cookie) != NULL)
		exchange_find_caller(c, x, auth_caller_found);
	else
		auth_run(c, x, NULL);
}

static bool within_limit(const struct conn *c, int64_t *ret_wait_ms)
{
	const char *rest = c->http->rest;

	if (strcmp(rest, "/auth/ticket") == 0 || strcmp(rest, "/auth/device/poll") == 0)
		return true;
	if (strcmp(rest, "/auth/door") == 0)
		return limit_take_door(c->address, ret_wait_ms);
	return limit_take_address(
	    c->address, network_holds(worker.config->venue_networks, c->address), ret_wait_ms);
}

void api_auth(struct conn *c)
{
	struct http *h = c->http;
	struct exchange *x;
	const char *slug;
	int64_t wait_ms = 0;

	/* Browsers name their origin on every POST; a script without one has no cookie to abuse
	 * either. */
	if (!http_origin_ok(h, h->cookie[0] == 0)) {
		http_respond_fault(c, 403, &fault_denied, 0);
		return;
	}
	if (!within_limit(c, &wait_ms)) {
		http_respond_fault(c, 429, &fault_rate, wait_ms);
		return;
	}
	x = exchange_create(c);
	x->message = http_is_json(h) ? json_read_strict(h->body.bytes, h->body.size) : NULL;
	if (!json_is_object(x->message)) {
		http_respond_fault(c, 400, &fault_parse, 0);
		exchange_free(x);
		return;
	}
	slug = json_string_value(json_object_get(x->message, "slug"));
	conference_of(slug != NULL ? slug : h->slug, auth_conference_found, x);
}
