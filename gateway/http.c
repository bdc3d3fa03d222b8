/* gateway: HTTP exchanges: reading the request, writing the response. */
#include "gateway/http.h"
#include "gateway/worker.h"
#include "services/core/arena.h"
#include "services/core/log.h"
#include "services/core/text.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BODY_MAX = 16 << 10, SMALL_BODY = 8 << 10, CHUNK = 64 << 10 };

static const char common_headers[] = "x-content-type-options: nosniff\r\nreferrer-policy: "
				     "no-referrer\r\ncross-origin-opener-policy: same-origin\r\n";

void http_forget(struct conn *c)
{
	struct http *h = c->http;

	if (h == NULL)
		return;
	buffer_finish(&h->body);
	buffer_finish(&h->head);
	payload_unref(h->payload);
	free(h->stream_channels);
	free(h);
	c->http = NULL;
}

static void copy_header(struct conn *c, enum lws_token_indexes token, char *ret, size_t size)
{
	ret[0] = 0;
	if (lws_hdr_total_length(c->wsi, token) >= (int)size ||
	    lws_hdr_copy(c->wsi, ret, (int)size, token) < 0)
		ret[0] = 0;
}

static enum http_method read_method(struct conn *c)
{
	static const struct {
		enum lws_token_indexes token;
		enum http_method method;
	} methods[] = {{WSI_TOKEN_GET_URI, HTTP_GET},
		       {WSI_TOKEN_HEAD_URI, HTTP_HEAD},
		       {WSI_TOKEN_POST_URI, HTTP_POST},
		       {WSI_TOKEN_OPTIONS_URI, HTTP_OPTIONS}};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (lws_hdr_total_length(c->wsi, methods[i].token) > 0)
			return methods[i].method;
	return HTTP_OTHER;
}

static void read_query(struct conn *c, struct http *h)
{
	size_t at = 0;

	for (int i = 0; at + 1 < sizeof(h->query); i++) {
		int n =
		    lws_hdr_copy_fragment(c->wsi, h->query + at, (int)(sizeof(h->query) - at - 1),
					  WSI_TOKEN_HTTP_URI_ARGS, i);

		if (n < 0)
			break;
		at += (size_t)n;
		h->query[at++] = '\n';
		h->query[at] = 0;
	}
}

bool http_argument(const struct http *h, const char *name, char *ret, size_t size)
{
	size_t name_n = strlen(name);

	for (const char *s = h->query; *s != 0;) {
		size_t n = strcspn(s, "\n");

		if (n > name_n && s[name_n] == '=' && memcmp(s, name, name_n) == 0) {
			if (n - name_n > size)
				return false;
			memcpy(ret, s + name_n + 1, n - name_n - 1);
			ret[n - name_n - 1] = 0;
			return true;
		}
		s += n + (s[n] == '\n');
	}
	return false;
}

/* /e/<slug>/rest → slug and /rest. */
static void read_path(struct http *h, const char *path)
{
	const char *slug = path + 3, *end;

	text_copy(h->path, PATH_SIZE, path);
	h->rest = h->path;
	if (strncmp(path, "/e/", 3) != 0)
		return;
	end = strchr(slug, '/');
	if (end == NULL)
		end = slug + strlen(slug);
	if ((size_t)(end - slug) >= sizeof(h->slug) || end == slug)
		return;
	memcpy(h->slug, slug, (size_t)(end - slug));
	h->rest = *end != 0 ? h->path + (end - path) : "/";
}

static bool read_length(struct conn *c, struct http *h)
{
	char text[24], *end;

	copy_header(c, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof(text));
	if (text[0] == 0)
		return h->method != HTTP_POST;
	h->body_expected = strtoul(text, &end, 10);
	return *end == 0 && strlen(text) <= 8 && strspn(text, "0123456789") == strlen(text);
}

static void read_forwarded(struct conn *c)
{
	char forwarded[512], *last;

	if (!network_holds(worker.config->trusted_proxies, c->address))
		return;
	copy_header(c, WSI_TOKEN_X_FORWARDED_FOR, forwarded, sizeof(forwarded));
	last = strrchr(forwarded, ',');
	last = last != NULL ? last + 1 : forwarded;
	while (*last == ' ')
		last++;
	if (*last != 0 && strlen(last) < sizeof(c->address))
		strcpy(c->address, last);
}

bool http_begin(struct conn *c, const char *path)
{
	struct http *h;
	char text[64];

	http_forget(c);
	if (strlen(path) >= PATH_SIZE ||
	    lws_hdr_total_length(c->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
		return false;
	if (c->kind == CONN_NEW)
		conn_set_kind(c, CONN_HTTP);
	h = c->http = xcalloc(1, sizeof(*h));
	h->method = read_method(c);
	read_path(h, path);
	copy_header(c, WSI_TOKEN_ORIGIN, h->origin, sizeof(h->origin));
	copy_header(c, WSI_TOKEN_HTTP_AUTHORIZATION, h->authorization, sizeof(h->authorization));
	copy_header(c, WSI_TOKEN_HTTP_COOKIE, h->cookie, sizeof(h->cookie));
	copy_header(c, WSI_TOKEN_HTTP_CONTENT_TYPE, h->content_type, sizeof(h->content_type));
	copy_header(c, WSI_TOKEN_HTTP_IF_NONE_MATCH, h->if_none_match, sizeof(h->if_none_match));
	copy_header(c, WSI_TOKEN_HTTP_IF_MODIFIED_SINCE, h->if_modified_since,
		    sizeof(h->if_modified_since));
	copy_header(c, WSI_TOKEN_HTTP_ACCEPT_ENCODING, text, sizeof(text));
	h->accepts_gzip = strstr(text, "gzip") != NULL;
	read_query(c, h);
	read_forwarded(c);
	if (!read_length(c, h)) {
		http_respond_text(c, h->method == HTTP_POST ? 411 : 400, "text/plain",
				  "connection: close\r\n", "A length is needed.\n");
		return true;
	}
	if (h->method == HTTP_POST && h->body_expected > 0) {
		size_t most = strncmp(h->rest, "/import/", 8) == 0 ? IMPORT_MAX : BODY_MAX;

		if (h->body_expected > most)
			http_respond_fault(c, 413, &fault_size, 0);
		return true;
	}
	route(c);
	return true;
}

bool http_body(struct conn *c, const void *bytes, size_t size)
{
	struct http *h = c->http;

	if (h == NULL || h->answered)
		return h != NULL;
	if (h->body.size + size > h->body_expected)
		return false;
	buffer_add(&h->body, bytes, size);
	return true;
}

bool http_body_done(struct conn *c)
{
	if (c->http == NULL)
		return false;
	if (!c->http->answered)
		route(c);
	return true;
}

static const char *status_text(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 202:
		return "Accepted";
	case 204:
		return "No Content";
	case 303:
		return "See Other";
	case 304:
		return "Not Modified";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 411:
		return "Length Required";
	case 413:
		return "Content Too Large";
	case 415:
		return "Unsupported Media Type";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return status < 400 ? "OK" : "Error";
	}
}

void http_respond(struct conn *c, int status, const char *content_type, const char *headers,
		  struct payload *payload)
{
	struct http *h = c->http;
	size_t size = payload != NULL ? payload->size : 0;

	if (h == NULL || h->answered)
		return;
	h->answered = true;
	buffer_printf(&h->head, "HTTP/1.1 %d %s\r\n", status, status_text(status));
	if (status != 304 && status != 204)
		buffer_printf(&h->head, "content-type: %s\r\ncontent-length: %zu\r\n", content_type,
			      size);
	buffer_printf(&h->head, "%s%s\r\n", common_headers, headers != NULL ? headers : "");
	if (payload != NULL && h->method != HTTP_HEAD && status != 304) {
		if (size <= SMALL_BODY) {
			buffer_add(&h->head, (const char *)payload_text(payload), size);
		} else {
			h->payload = payload_ref(payload);
			h->payload_end = size;
		}
	}
	lws_callback_on_writable(c->wsi);
}

void http_respond_text(struct conn *c, int status, const char *content_type, const char *headers,
		       const char *text)
{
	struct payload *p = payload_of(text, strlen(text));

	http_respond(c, status, content_type, headers, p);
	payload_unref(p);
}

int http_status_of(fault f)
{
	if (f == &fault_auth_required || f == &fault_auth_expired)
		return 401;
	if (f == &fault_rate)
		return 429;
	switch (f->kind) {
	case FAULT_DENIED:
		return 403;
	case FAULT_BUSY:
	case FAULT_UNKNOWN:
		return 503;
	case FAULT_BUG:
		return 500;
	case FAULT_METHOD:
		return 404;
	default:
		return f == &fault_not_found ? 404 : f == &fault_size ? 413 : 400;
	}
}

void http_respond_fault(struct conn *c, int status, fault f, int64_t retry_after_ms)
{
	struct buffer b = {0};
	char headers[96] = "cache-control: no-store\r\n";

	buffer_printf(&b, "{\"fault\":\"%s\",\"message\":", f->code);
	buffer_json(&b, f->text);
	if (retry_after_ms > 0) {
		buffer_printf(&b, ",\"retry_after_ms\":%lld", (long long)retry_after_ms);
		snprintf(headers, sizeof(headers),
			 "cache-control: no-store\r\nretry-after: %lld\r\n",
			 (long long)(retry_after_ms + 999) / 1000);
	}
	buffer_text(&b, "}\n");
	http_respond_text(c, status != 0 ? status : http_status_of(f), "application/json", headers,
			  b.bytes);
	buffer_finish(&b);
}

/* RFC 9110 §13.1.2: a list, weak comparison, or *. */
static bool etag_matches(const char *list, const char *etag)
{
	size_t n = strlen(etag);

	for (const char *s = list; *s != 0;) {
		s += strspn(s, " \t,");
		if (*s == '*')
			return true;
		if (s[0] == 'W' && s[1] == '/')
			s += 2;
		if (strncmp(s, etag, n) == 0)
			return true;
		s += strcspn(s, ",");
	}
	return false;
}

static bool not_modified(const struct http *h, const char *etag, int64_t last_modified)
{
	struct tm t = {0};

	if (h->if_none_match[0] != 0)
		return etag != NULL && etag_matches(h->if_none_match, etag);
	if (h->if_modified_since[0] == 0 || last_modified == 0 ||
	    strptime(h->if_modified_since, "%a, %d %b %Y %H:%M:%S GMT", &t) == NULL)
		return false;
	return last_modified <= (int64_t)timegm(&t);
}

void http_respond_document(struct conn *c, const char *content_type, const char *headers,
			   struct payload *body, struct payload *gz, const char *etag,
			   int64_t last_modified)
{
	struct http *h = c->http;
	struct buffer b = {0};
	bool zipped = gz != NULL && h->accepts_gzip;

	if (headers != NULL)
		buffer_text(&b, headers);
	if (etag != NULL)
		buffer_printf(&b, "etag: %s\r\n", etag);
	if (last_modified != 0) {
		char text[40];
		time_t at = (time_t)last_modified;
		struct tm t;

		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&at, &t));
		buffer_printf(&b, "last-modified: %s\r\n", text);
	}
	if (gz != NULL)
		buffer_printf(&b, "vary: accept-encoding\r\n%s",
			      zipped ? "content-encoding: gzip\r\n" : "");
	if (not_modified(h, etag, last_modified))
		http_respond(c, 304, content_type, b.bytes, NULL);
	else
		http_respond(c, 200, content_type, b.bytes, zipped ? gz : body);
	buffer_finish(&b);
}

static bool write_head(struct conn *c, struct http *h)
{
	unsigned char *space = xrealloc(NULL, LWS_PRE + h->head.size);
	bool last = h->payload == NULL;
	int n;

	memcpy(space + LWS_PRE, h->head.bytes, h->head.size);
	n = lws_write(c->wsi, space + LWS_PRE, h->head.size,
		      last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP);
	free(space);
	h->head_sent = true;
	return n >= (int)h->head.size;
}

static bool finish_exchange(struct conn *c)
{
	bool close_after =
	    c->http->head.bytes != NULL && strstr(c->http->head.bytes, "connection: close") != NULL;

	http_forget(c);
	return lws_http_transaction_completed(c->wsi) == 0 && !close_after;
}

bool http_writable(struct conn *c)
{
	struct http *h = c->http;
	size_t size;
	int n;

	if (h == NULL)
		return true;
	if (h->stream_channels != NULL) {
		api_stream_begin(c);
		return true;
	}
	if (!h->answered)
		return true;
	if (!h->head_sent) {
		if (!write_head(c, h))
			return false;
		if (h->payload == NULL)
			return finish_exchange(c);
		lws_callback_on_writable(c->wsi);
		return true;
	}
	size = h->payload_end - h->payload_at < CHUNK ? h->payload_end - h->payload_at : CHUNK;
	n = lws_write(c->wsi, payload_text(h->payload) + h->payload_at, size,
		      h->payload_at + size == h->payload_end ? LWS_WRITE_HTTP_FINAL
							     : LWS_WRITE_HTTP);
	if (n < (int)size)
		return false;
	h->payload_at += size;
	if (h->payload_at == h->payload_end)
		return finish_exchange(c);
	lws_callback_on_writable(c->wsi);
	return true;
}

bool http_origin_ok(const struct http *h, bool absent)
{
	return h->origin[0] == 0 ? absent : strcmp(h->origin, worker.config->base_url) == 0;
}

const char *http_token(struct http *h, const char *slug, bool *ret_cookie)
{
	char name[80];
	char *at;
	size_t n;

	*ret_cookie = false;
	if (strncmp(h->authorization, "Bearer ", 7) == 0)
		return h->authorization + 7;
	*ret_cookie = true;
	n = (size_t)snprintf(name, sizeof(name), "__Host-plenum-%s=", slug);
	for (at = h->cookie; at != NULL && *at != 0;) {
		at += strspn(at, " ;");
		if (strncmp(at, name, n) == 0) {
			at[strcspn(at, "; ")] = 0;
			return at + n;
		}
		at = strchr(at, ';');
	}
	return NULL;
}
