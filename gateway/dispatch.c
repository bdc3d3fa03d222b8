/* gateway: the dispatcher. */
#include "gateway/dispatch.h"
#include "services/core/clock.h"
#include "services/core/json.h"
#include "services/core/log.h"
#include "services/core/token.h"

#include <stdlib.h>
#include <string.h>

static uint64_t numbers;
static int under_way;

struct request *request_create(size_t arena_limit)
{
	struct arena *arena = arena_create(arena_limit);
	struct request *rq = arena_alloc(arena, sizeof(*rq));

	rq->arena = arena;
	rq->number = ++numbers;
	rq->started_ms = clock_ms();
	under_way++;
	return rq;
}

void request_destroy(struct request *rq)
{
	const char *name = rq->method != NULL ? rq->method->name : "-";

	/* One line a request that was refused for a reason of ours, or took long; a hall full of
	 * votes must not become a log. */
	if (rq->fault != OK && (rq->fault->kind == FAULT_BUG || rq->fault->kind == FAULT_UNKNOWN))
		log_line("req=%llu m=%s fault=%s ms=%llu", (unsigned long long)rq->number, name,
			 rq->fault->code, (unsigned long long)(clock_ms() - rq->started_ms));
	else if (clock_ms() - rq->started_ms > 1000)
		log_line("req=%llu m=%s slow ms=%llu", (unsigned long long)rq->number, name,
			 (unsigned long long)(clock_ms() - rq->started_ms));
	under_way--;
	arena_destroy(rq->arena);
}

int dispatch_under_way(void)
{
	return under_way;
}

static fault allowed(const struct request *rq, enum dispatch_via via)
{
	const struct method *m = rq->method;

	if (via == VIA_CLI)
		return OK;
	if (m->flags & METHOD_CLI)
		return &fault_no_method;
	if (m->flags & METHOD_AUTH)
		return via == VIA_AUTH ? OK : &fault_no_method;
	if (via == VIA_AUTH || ((m->flags & METHOD_FILE) != 0) != (via == VIA_FILE))
		return &fault_no_method;
	if (rq->caller.roles & m->roles)
		return OK;
	return rq->caller.roles == ROLE_GUEST || rq->caller.roles == 0 ? &fault_auth_required
								       : &fault_denied;
}

/* SHA-256 of method and params without key, keys sorted, compact (architecture §4). */
static bool take_key(struct request *rq, const json_t *params)
{
	const struct field key_field[] = {{"key", FIELD_UUID, 0, 0, 0, 0, NULL}, {0}};
	const char *field;
	json_t *copy;
	char *text;
	const char *both;

	if (fields_decode(rq->arena, key_field, params, &rq->key, &field) != OK)
		return false;
	copy = json_copy((json_t *)params);
	json_object_del(copy, "key");
	text = json_dumps(copy, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(copy);
	both = arena_printf(rq->arena, "%s%s", rq->method->name, text != NULL ? text : "");
	free(text);
	rq->body_hash = sha256_bytea(rq->arena, both, strlen(both));
	return true;
}

static fault prepare(struct request *rq, const char *name, const json_t *params,
		     enum dispatch_via via)
{
	fault f;

	rq->method = method_find(name);
	if (rq->method == NULL)
		return &fault_no_method;
	f = allowed(rq, via);
	if (f != OK)
		return f;
	if (params != NULL && !json_is_object(params) &&
	    !(json_is_array(params) && json_array_size(params) == 0)) {
		rq->fault_field = "params";
		return &fault_bad_request;
	}
	if (rq->method->params_size > 0)
		rq->params = arena_alloc(rq->arena, rq->method->params_size);
	f = fields_decode(rq->arena, rq->method->fields, params, rq->params, &rq->fault_field);
	if (f != OK)
		return f;
	if ((rq->method->flags & METHOD_KEY) && !take_key(rq, params)) {
		rq->fault_field = "key";
		return &fault_bad_request;
	}
	return OK;
}

void dispatch(struct request *rq, const char *name, const json_t *params, enum dispatch_via via)
{
	fault f = prepare(rq, name, params, via);

	if (f == OK)
		f = rq->method->run(rq);
	if (f != OK)
		request_finish(rq, f);
	else if (rq->result != NULL)
		request_finish(rq, OK);
	else if (rq->db == NULL)
		request_finish(rq, &fault_internal);
}

const char *rpc_message(struct request *rq, const char *id, size_t *ret_size)
{
	struct buffer b = {0};
	const char *text;

	buffer_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":%s,", id);
	if (rq->fault == OK) {
		buffer_text(&b, "\"result\":");
		buffer_add(&b, rq->result, rq->result_size);
	} else {
		buffer_printf(
		    &b, "\"error\":{\"code\":%d,\"message\":", fault_rpc_code(rq->fault->kind));
		buffer_json(&b, rq->fault->text);
		buffer_printf(&b, ",\"data\":{\"fault\":\"%s\"", rq->fault->code);
		if (rq->fault_field != NULL) {
			buffer_text(&b, ",\"field\":");
			buffer_json(&b, rq->fault_field);
		}
		if (rq->retry_after_ms > 0)
			buffer_printf(&b, ",\"retry_after_ms\":%lld",
				      (long long)rq->retry_after_ms);
		if (rq->fault_current != NULL)
			buffer_printf(&b, ",\"current\":%s", rq->fault_current);
		buffer_text(&b, "}}");
	}
	buffer_text(&b, "}");
	*ret_size = b.size;
	text = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	return text;
}
