/* gateway: POST /import/schedule and /import/people: files an organiser's script sends. */
#include "gateway/dispatch.h"
#include "gateway/http.h"
#include "gateway/session.h"
#include "services/people/people.h"
#include "services/schedule/schedule.h"

#include <stdlib.h>
#include <string.h>

struct import {
	uint64_t conn;
};

static void ended(struct request *rq)
{
	struct import *import = rq->end_data;
	struct conn *c = conn_find(import->conn);

	if (c != NULL && c->http != NULL && rq->fault != OK) {
		http_respond_fault(c, 0, rq->fault, rq->retry_after_ms);
	} else if (c != NULL && c->http != NULL) {
		struct payload *p = payload_of(rq->result, rq->result_size);

		http_respond(c, 200, "application/json", "cache-control: no-store\r\n", p);
		payload_unref(p);
	}
	free(import);
	request_destroy(rq);
}

static bool flag(const struct http *h, const char *name)
{
	char value[8];

	return http_argument(h, name, value, sizeof(value)) && strcmp(value, "1") == 0;
}

static void refuse_file(struct conn *c, fault f, const char *why)
{
	struct buffer b = {0};

	buffer_printf(&b, "{\"fault\":\"%s\",\"message\":", f->code);
	buffer_json(&b, why != NULL ? why : "The file cannot be read.");
	buffer_text(&b, "}\n");
	http_respond_text(c, 400, "application/json", "cache-control: no-store\r\n", b.bytes);
	buffer_finish(&b);
}

/* NULL: *ret_fault and *ret_why say what is wrong with the file. */
static json_t *read_params(struct conn *c, struct request *rq, const char **ret_method,
			   fault *ret_fault, const char **ret_why)
{
	const struct http *h = c->http;
	char zone[64] = "";
	json_t *value = NULL, *params;

	http_argument(h, "zone", zone, sizeof(zone));
	if (strcmp(h->rest, "/import/schedule") == 0) {
		*ret_method = "schedule.import";
		*ret_fault = schedule_parse(rq->arena, h->body.bytes, h->body.size,
					    zone[0] != 0 ? zone : NULL, &value, ret_why);
		if (*ret_fault != OK)
			return NULL;
		params = json_pack("{s:o,s:b,s:b,s:b}", "doc", value, "publish", flag(h, "publish"),
				   "partial", flag(h, "partial"), "dry_run", flag(h, "dry_run"));
		if (zone[0] != 0)
			json_object_set_new(params, "zone", json_string(zone));
		return params;
	}
	*ret_method = "people.import_bulk";
	*ret_fault = people_csv_to_rows(rq->arena, h->body.bytes, h->body.size, &value, ret_why);
	if (*ret_fault != OK)
		return NULL;
	return json_pack("{s:o,s:b,s:b}", "rows", value, "partial", flag(h, "partial"), "dry_run",
			 flag(h, "dry_run"));
}

static void caller_found(fault f, const struct caller *who, int64_t expires,
			 const char *public_json, void *data)
{
	struct import *import = data;
	struct conn *c = conn_find(import->conn);
	const char *method, *why = NULL;
	struct request *rq;
	json_t *params;

	(void)expires;
	(void)public_json;
	if (f == OK && !(who->roles & ROLE_ORGANISER))
		f = &fault_denied;
	if (c == NULL || c->http == NULL || f != OK) {
		if (c != NULL && c->http != NULL)
			http_respond_fault(c, 0, f, 0);
		free(import);
		return;
	}
	rq = request_create(512 << 20);
	params = read_params(c, rq, &method, &f, &why);
	if (params == NULL) {
		refuse_file(c, f, why);
		free(import);
		request_destroy(rq);
		return;
	}
	rq->caller = *who;
	rq->end = ended;
	rq->end_data = import;
	dispatch(rq, method, params, VIA_CLI);
	json_decref(params);
}

void api_import(struct conn *c)
{
	struct import *import;

	if (strcmp(c->http->rest, "/import/schedule") != 0 &&
	    strcmp(c->http->rest, "/import/people") != 0) {
		http_respond_fault(c, 404, &fault_not_found, 0);
		return;
	}
	/* Scripts only: a cookie is not enough to replace a programme. */
	if (strncmp(c->http->authorization, "Bearer ", 7) != 0) {
		http_respond_fault(c, 401, &fault_auth_required, 0);
		return;
	}
	import = xcalloc(1, sizeof(*import));
	import->conn = c->id;
	session_by_token(c->http->authorization + 7, caller_found, import);
}
