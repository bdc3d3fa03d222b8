/* gateway: one HTTP exchange on a connection: its request as read, its response as it goes out.
 * Routing is in route.c. */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "gateway/conn.h"
#include "gateway/payload.h"
#include "services/core/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PATCH, HTTP_OPTIONS, HTTP_OTHER };

enum { PATH_SIZE = 512, IMPORT_MAX = 16 << 20 };

struct http {
	enum http_method method;
	char path[PATH_SIZE];
	char slug[48];	  /* of /e/<slug>/…, else "" */
	const char *rest; /* the path behind /e/<slug>, beginning with / */
	char origin[256], authorization[2200], cookie[4096], content_type[128];
	char if_none_match[1024], if_modified_since[64];
	char agent[128]; /* of calendars' clients only */
	bool accepts_gzip;
	char query[2048]; /* decoded arguments, name=value, separated by '\n' */
	size_t body_expected;
	int64_t began_ms; /* real: when its head came */
	struct buffer body;

	bool reading; /* the request is being routed: what is small goes out behind it, at once */
	bool routed, answered, head_sent, close_after;
	struct buffer head;	 /* status line and headers, perhaps with a small body behind */
	struct payload *payload; /* the rest of the body */
	size_t payload_at, payload_end;
	char *stream_channels; /* this exchange becomes an event stream */

	struct tus *tus;       /* of requests to /files only: gateway/files.h */
	struct upload *upload; /* the piece this exchange brings */
	struct file_out *file; /* the body, if it is a file */
};

/* From lws's callbacks. Each returns false to have the connection closed. */
bool http_begin(struct conn *c, const char *path);
bool http_body(struct conn *c, const void *bytes, size_t size);
bool http_body_done(struct conn *c);
bool http_writable(struct conn *c);
/* The request is routed and the callback that brought it ends. */
bool http_read(struct conn *c);

void http_forget(struct conn *c);

/* The value of a query argument, copied; false when there is none or it does not fit. */
bool http_argument(const struct http *h, const char *name, char *ret, size_t size);

/*
 * Answers the exchange. headers: further lines, each with \r\n, or NULL. payload may be NULL; no
 * reference is taken from the caller. Asynchronous.
 */
void http_respond(struct conn *c, int status, const char *content_type, const char *headers,
		  struct payload *payload);
/* The body is size bytes of a file; out is the exchange's from now on. */
struct file_out;
void http_respond_file(struct conn *c, int status, const char *content_type, const char *headers,
		       struct file_out *out, int64_t size);
void http_respond_text(struct conn *c, int status, const char *content_type, const char *headers,
		       const char *text);
/* {"fault","message"} with the status the fault's kind has. */
void http_respond_fault(struct conn *c, int status, fault f, int64_t retry_after_ms);
int http_status_of(fault f);

/* A cacheable body: 304 when the client has it; HEAD and gzip seen to. gz may be NULL. etag with
 * quotes, or NULL. */
void http_respond_document(struct conn *c, const char *content_type, const char *headers,
			   struct payload *body, struct payload *gz, const char *etag,
			   int64_t last_modified);

/* Is the Origin ours? absent: what to say when there is none. */
bool http_origin_ok(const struct http *h, bool absent);
/* The bearer token, or the cookie's of that slug; NULL when there is neither. ret_cookie tells
 * which. Lives in h. */
const char *http_token(struct http *h, const char *slug, bool *ret_cookie);
/* What may be a token, whichever way it came; whose it is must be asked yet. */
bool http_any_token(const struct http *h, char *ret, size_t size);

/* route.c */
void route(struct conn *c);

/* api.c: what POST /rpc, /auth/…, /import/… and GET /events, /snapshot/… do. */
void api_rpc(struct conn *c);
void api_auth(struct conn *c);
void api_import(struct conn *c);
void api_events(struct conn *c);
void api_snapshot(struct conn *c);
void api_stream_begin(struct conn *c);

/* static.c: build/web in memory. */
bool static_load(const char *dir);
bool static_respond(struct conn *c, const char *path); /* false: no such file */

#endif
