/* gateway: HTTP exchanges: writing the response. */
#include "gateway/http.h"
#include "gateway/files.h"
#include "services/core/arena.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SMALL_BODY = 8 << 10, CHUNK = 64 << 10 };

static const char common_headers[] = "x-content-type-options: nosniff\r\nreferrer-policy: "
				     "no-referrer\r\ncross-origin-opener-policy: same-origin\r\n";

static const char *status_text(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 201:
		return "Created";
	case 202:
		return "Accepted";
	case 204:
		return "No Content";
	case 206:
		return "Partial Content";
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
	case 410:
		return "Gone";
	case 411:
		return "Length Required";
	case 412:
		return "Precondition Failed";
	case 413:
		return "Content Too Large";
	case 415:
		return "Unsupported Media Type";
	case 416:
		return "Range Not Satisfiable";
	case 423:
		return "Locked";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	case 507:
		return "Insufficient Storage";
	default:
		return status < 400 ? "OK" : "Error";
	}
}

static void write_lines(struct http *h, int status, const char *content_type, const char *headers,
			size_t size)
{
	h->answered = true;
	buffer_printf(&h->head, "HTTP/1.1 %d %s\r\n", status, status_text(status));
	if (status != 304 && status != 204)
		buffer_printf(&h->head, "content-type: %s\r\ncontent-length: %zu\r\n", content_type,
			      size);
	if (h->tus != NULL)
		buffer_text(&h->head, "tus-resumable: 1.0.0\r\n");
	if (h->close_after)
		buffer_text(&h->head, "connection: close\r\n");
	buffer_printf(&h->head, "%s%s\r\n", common_headers, headers != NULL ? headers : "");
}

void http_respond_file(struct conn *c, int status, const char *content_type, const char *headers,
		       struct file_out *out, int64_t size)
{
	struct http *h = c->http;

	if (h == NULL || h->answered) {
		file_out_forget(out);
		return;
	}
	write_lines(h, status, content_type, headers, (size_t)size);
	if (size > 0 && h->method != HTTP_HEAD)
		h->file = out;
	else
		file_out_forget(out);
	if (!h->reading)
		lws_callback_on_writable(c->wsi);
}

void http_respond(struct conn *c, int status, const char *content_type, const char *headers,
		  struct payload *payload)
{
	struct http *h = c->http;
	size_t size = payload != NULL ? payload->size : 0;

	if (h == NULL || h->answered)
		return;
	write_lines(h, status, content_type, headers, size);
	if (payload != NULL && h->method != HTTP_HEAD && status != 304) {
		if (size <= SMALL_BODY) {
			buffer_add(&h->head, (const char *)payload_text(payload), size);
		} else {
			h->payload = payload_ref(payload);
			h->payload_end = size;
		}
	}
	if (!h->reading)
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
	bool last = h->payload == NULL && h->file == NULL;
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

static bool file_writable(struct conn *c)
{
	switch (file_out_write(c->http->file, c)) {
	case FILE_OUT_WAIT:
		return true;
	case FILE_OUT_DONE:
		return finish_exchange(c);
	case FILE_OUT_BROKEN:
		break;
	}
	return false;
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
		if (h->payload == NULL && h->file == NULL)
			return finish_exchange(c);
		lws_callback_on_writable(c->wsi);
		return true;
	}
	if (h->file != NULL)
		return file_writable(c);
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

/* What is small goes out at once: waiting until the socket is writable, which it is, costs a turn
 * of the loop and a sixth of a calendar's 304. */
bool http_read(struct conn *c)
{
	struct http *h = c->http;

	if (h == NULL)
		return true;
	h->reading = false;
	if (h->answered && h->payload == NULL && h->file == NULL && h->stream_channels == NULL)
		return http_writable(c);
	if (h->answered)
		lws_callback_on_writable(c->wsi);
	return true;
}
