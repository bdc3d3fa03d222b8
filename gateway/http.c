/* gateway: HTTP exchanges: reading the request. Writing the response is in http_respond.c. */
#include "gateway/http.h"
#include "gateway/files.h"
#include "gateway/worker.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/text.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 16 << 10 };

void http_forget(struct conn *c)
{
	struct http *h = c->http;

	if (h == NULL)
		return;
	upload_cut(h);
	file_out_forget(h->file);
	free(h->tus);
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
		       {WSI_TOKEN_PATCH_URI, HTTP_PATCH},
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
		return h->method != HTTP_POST && h->method != HTTP_PATCH;
	h->body_expected = strtoul(text, &end, 10);
	return *end == 0 && strlen(text) <= 18 && strspn(text, "0123456789") == strlen(text);
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
	h->began_ms = clock_unix_ms();
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
	h->tus = tus_read(c, h->rest);
	if (!read_length(c, h)) {
		http_respond_text(c, h->method == HTTP_POST ? 411 : 400, "text/plain",
				  "connection: close\r\n", "A length is needed.\n");
		return true;
	}
	if (h->method == HTTP_PATCH && h->tus != NULL) {
		if (!upload_begin(c) || h->body_expected > 0)
			return true;
	} else if (h->method == HTTP_PATCH && h->body_expected > 0) {
		http_respond_text(c, 405, "text/plain", "connection: close\r\n", "Read only.\n");
		return true;
	}
	if (h->method == HTTP_POST && h->body_expected > 0) {
		size_t most = strncmp(h->rest, "/import/", 8) == 0 ? IMPORT_MAX : BODY_MAX;

		if (h->body_expected > most)
			http_respond_fault(c, 413, &fault_size, 0);
		return true;
	}
	h->reading = h->routed = true;
	route(c);
	return http_read(c);
}

bool http_body(struct conn *c, const void *bytes, size_t size)
{
	struct http *h = c->http;

	if (h == NULL || h->answered)
		return h != NULL;
	if (h->body.size + size > h->body_expected)
		return false;
	if (size > 0)
		buffer_add(&h->body, bytes, size);
	return true;
}

bool http_body_done(struct conn *c)
{
	if (c->http == NULL)
		return false;
	/* lws says it of an empty body, too, which was not waited for. */
	if (!c->http->answered && !c->http->routed)
		route(c);
	return true;
}

bool http_origin_ok(const struct http *h, bool absent)
{
	return h->origin[0] == 0 ? absent : strcmp(h->origin, worker.config->base_url) == 0;
}

bool http_any_token(const struct http *h, char *ret, size_t size)
{
	const char *at = h->authorization + 7, *cookie;
	size_t n;

	if (strncmp(h->authorization, "Bearer ", 7) != 0) {
		/* Of several cookies any: this only keeps strangers out. */
		cookie = strstr(h->cookie, "__Host-plenum-");
		at = cookie != NULL ? strchr(cookie, '=') : NULL;
		if (at == NULL)
			return false;
		at++;
	}
	n = strcspn(at, "; ");
	if (n >= size)
		return false;
	memcpy(ret, at, n);
	ret[n] = 0;
	return true;
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
