/* gateway: POST /files (an upload is announced), HEAD (how far it is) and GET /files/<id> (the
 * file, for whoever may have it). */
#include "gateway/api.h"
#include "gateway/dispatch.h"
#include "gateway/files.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "services/files/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ARENA = 1 << 20, ID_AT = sizeof("/files/") - 1 };

static const char extensions[] = "tus-version: 1.0.0\r\ntus-extension: creation,expiration\r\n"
				 "tus-max-size: 104857600\r\n";

static void add_expires(struct buffer *b, const json_t *file)
{
	const json_t *expires = json_object_get(file, "expires");
	time_t at = (time_t)json_integer_value(expires);
	char text[40];
	struct tm t;

	if (!json_is_integer(expires))
		return;
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&at, &t));
	buffer_printf(b, "upload-expires: %s\r\n", text);
}

void files_respond(struct conn *c, struct request *rq, int status, const char *headers)
{
	struct buffer b = {0};
	json_t *file;

	if (rq->fault != OK) {
		http_respond_fault(c, tus_status(rq->fault), rq->fault, rq->retry_after_ms);
		return;
	}
	file = json_loads(rq->result, 0, NULL);
	buffer_printf(&b,
		      "cache-control: no-store\r\nupload-offset: %lld\r\nupload-length: %lld\r\n%s",
		      (long long)json_integer_value(json_object_get(file, "received")),
		      (long long)json_integer_value(json_object_get(file, "size")), headers);
	add_expires(&b, file);
	http_respond(c, status, "text/plain", b.bytes, NULL);
	buffer_finish(&b);
	json_decref(file);
}

/* An attachment's name, for clients of both kinds (RFC 6266): the second has every character. */
static void add_disposition(struct buffer *b, const char *name)
{
	buffer_text(b, "content-disposition: attachment; filename=\"");
	for (const char *s = name; *s != 0; s++)
		if ((*s & 0x80) == 0)
			buffer_printf(b, "%c",
				      *s < ' ' || *s == 127 || strchr("\"\\/%", *s) != NULL ? '_'
											    : *s);
	buffer_text(b, "\"; filename*=UTF-8''");
	for (const unsigned char *s = (const unsigned char *)name; *s != 0; s++)
		if ((*s >= '0' && *s <= '9') ||
		    ((*s | 32) >= 'a' && (*s | 32) <= 'z' && *s < 128) || *s == '.' || *s == '-' ||
		    *s == '_')
			buffer_printf(b, "%c", *s);
		else
			buffer_printf(b, "%%%02X", *s);
	buffer_text(b, "\r\n");
}

static void give(struct conn *c, const json_t *file)
{
	struct http *h = c->http;
	int64_t size = json_integer_value(json_object_get(file, "size")), from = 0, to = size;
	char etag[80];
	struct buffer b = {0};
	bool part = false, ok = true;
	int fd = files_open(json_string_value(json_object_get(file, "file")));

	if (fd < 0) {
		http_respond_fault(c, tus_status(&file_disk), &file_disk, 0);
		return;
	}
	snprintf(etag, sizeof(etag), "\"%.64s\"",
		 json_string_value(json_object_get(file, "sha256")));
	if (h->tus->if_range[0] == 0 || strcmp(h->tus->if_range, etag) == 0)
		part = tus_range(h->tus->range, size, &from, &to, &ok);
	/* Nothing in it may run, in whatever a browser opens it after all. */
	buffer_printf(&b,
		      "cache-control: private, no-store\r\netag: %s\r\naccept-ranges: bytes\r\n"
		      "content-security-policy: default-src 'none'; sandbox\r\n"
		      "cross-origin-resource-policy: same-origin\r\n",
		      etag);
	add_disposition(&b, json_string_value(json_object_get(file, "name")));
	if (part && !ok)
		buffer_printf(&b, "content-range: bytes */%lld\r\n", (long long)size);
	else if (part)
		buffer_printf(&b, "content-range: bytes %lld-%lld/%lld\r\n", (long long)from,
			      (long long)to - 1, (long long)size);
	http_respond_file(c,
			  !part ? 200
			  : ok	? 206
				: 416,
			  json_string_value(json_object_get(file, "type")), b.bytes,
			  file_out_create(c->id, fd, from, ok ? to : from), ok ? to - from : 0);
	buffer_finish(&b);
}

static void ended(struct request *rq)
{
	struct exchange *x = rq->end_data;
	struct conn *c = conn_find(x->conn);

	if (c != NULL && c->http != NULL && c->http->tus != NULL) {
		struct http *h = c->http;
		char location[160];

		snprintf(location, sizeof(location), "location: %s%s/files/%s\r\n",
			 h->slug[0] != 0 ? "/e/" : "", h->slug, x->id != NULL ? x->id : "");
		if (h->method == HTTP_POST) {
			files_respond(c, rq, 201, location);
		} else if (h->tus->asked || rq->fault != OK) {
			files_respond(c, rq, 200, "");
		} else {
			json_t *file = json_loads(rq->result, 0, NULL);

			give(c, file);
			json_decref(file);
		}
	}
	if (rq->fault != OK)
		metric_add(METRIC_FAULTS, 1);
	exchange_free(x);
	request_destroy(rq);
}

static void put(json_t *params, const struct tus *tus, const char *header, const char *name)
{
	char value[900];

	if (tus_metadata(tus, header, value, sizeof(value)))
		json_object_set_new(params, name, json_string(value));
}

/* What Upload-Metadata must have, the method's fields say. */
static json_t *read_params(const struct http *h, const char **ret_method)
{
	json_t *params;

	if (h->method != HTTP_POST) {
		*ret_method = h->tus->asked ? "file.head" : "file.get";
		return json_pack("{s:s}", "file", h->rest + ID_AT);
	}
	*ret_method = "file.create";
	params = json_object();
	put(params, h->tus, "id", "file");
	put(params, h->tus, "kind", "kind");
	put(params, h->tus, "subject", "subject");
	put(params, h->tus, "filename", "name");
	if (h->tus->length >= 0)
		json_object_set_new(params, "size", json_integer(h->tus->length));
	return params;
}

static void caller_found(fault f, const struct caller *who, int64_t expires,
			 const char *public_json, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);
	const char *method, *id;
	struct request *rq;
	int64_t wait_ms = 0;
	json_t *params;

	(void)expires;
	(void)public_json;
	if (c == NULL || c->http == NULL) {
		exchange_free(x);
		return;
	}
	params = read_params(c->http, &method);
	if (f == OK)
		f = rpc_rate(who, method, &wait_ms);
	if (f != OK) {
		http_respond_fault(c, 0, f, wait_ms);
		exchange_free(x);
		json_decref(params);
		return;
	}
	id = json_string_value(json_object_get(params, "file"));
	x->id = id != NULL && strlen(id) == 36 ? strdup(id) : NULL;
	rq = request_create(ARENA);
	rq->caller = *who;
	rq->end = ended;
	rq->end_data = x;
	metric_add(METRIC_CALLS, 1);
	dispatch(rq, method, params, VIA_FILE);
	json_decref(params);
}

static void wrong_version(struct conn *c)
{
	http_respond_text(c, 412, "text/plain", extensions, "tus 1.0.0 is spoken here.\n");
}

void files_options(struct conn *c)
{
	char headers[300];

	snprintf(headers, sizeof(headers), "allow: GET, HEAD, OPTIONS, PATCH, POST\r\n%s",
		 extensions);
	http_respond(c, 204, NULL, headers, NULL);
}

void api_files(struct conn *c)
{
	struct http *h = c->http;
	bool one = h->rest[6] == '/' && strlen(h->rest) == ID_AT + 36;

	if (h->tus->asked ? !h->tus->version_ok : h->method == HTTP_POST && h->rest[6] == 0)
		wrong_version(c);
	else if (h->method == HTTP_PATCH)
		upload_run(c);
	else if (h->method == HTTP_POST ? h->rest[6] != 0 : !one)
		http_respond_fault(c, 404, &fault_not_found, 0);
	else
		exchange_begin(c, exchange_create(c), caller_found);
}
