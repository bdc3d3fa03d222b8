/* gateway: which address does what. What is not here does not exist. */
#include "gateway/calendar.h"
#include "gateway/channel.h"
#include "gateway/document.h"
#include "gateway/files.h"
#include "gateway/http.h"
#include "gateway/metrics.h"
#include "gateway/worker.h"
#include "services/db/db_loop.h"
#include "services/db/feed.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *path, *file;
} pages[] = {
    {"/", "/index.html"},      {"/attend", "/attend.html"},	{"/moderate", "/moderate.html"},
    {"/kiosk", "/kiosk.html"}, {"/organise", "/organise.html"}, {"/chair", "/chair.html"},
    {"/me", "/me.html"},       {"/register", "/register.html"}, {"/review", "/review.html"},
    {"/apply", "/apply.html"}, {"/posters", "/posters.html"},	{"/book", "/book.html"},
};

static void not_found(struct conn *c)
{
	http_respond_text(c, 404, "text/plain; charset=utf-8", "cache-control: no-store\r\n",
			  "Not found.\n");
}

static void health(struct conn *c)
{
	http_respond_text(c, 200, "text/plain", "cache-control: no-store\r\n", "alive\n");
}

static void ready(struct conn *c)
{
	bool ok = worker.db_ready && !worker.draining && !worker.wrong_schema && db_is_up() &&
		  feed_is_up();
	const char *why = worker.wrong_schema ? "the database is of another schema version\n"
			  : worker.draining   ? "draining\n"
			  : ok		      ? "ready\n"
					      : "the database cannot be reached\n";

	http_respond_text(c, ok ? 200 : 503, "text/plain", "cache-control: no-store\r\n", why);
}

static void metrics(struct conn *c)
{
	struct buffer b = {0};

	metrics_render(&b);
	http_respond_text(c, 200, "text/plain; version=0.0.4", "cache-control: no-store\r\n",
			  b.bytes);
	buffer_finish(&b);
}

/* /j/<slot>: where a calendar's link leads. Who may go on is asked there; the link itself is no
 * credential. */
static void join(struct conn *c, const char *slot)
{
	char headers[160];

	for (const char *s = slot; *s != 0; s++) {
		if (!isxdigit((unsigned char)*s) && *s != '-') {
			not_found(c);
			return;
		}
	}
	if (strlen(slot) != 36) {
		not_found(c);
		return;
	}
	if (c->http->slug[0] != 0)
		snprintf(headers, sizeof(headers), "location: /e/%s/attend#/slot/%s\r\n",
			 c->http->slug, slot);
	else
		snprintf(headers, sizeof(headers), "location: /attend#/slot/%s\r\n", slot);
	http_respond_text(c, 303, "text/plain", headers, "See the programme.\n");
}

/* /release/<n>: the programme as it was released then. */
static void release(struct conn *c, const char *number)
{
	char headers[160];
	size_t digits = strspn(number, "0123456789");

	if (digits == 0 || digits > 9 || number[digits] != 0) {
		not_found(c);
		return;
	}
	if (c->http->slug[0] != 0)
		snprintf(headers, sizeof(headers), "location: /e/%s/attend#/release/%s\r\n",
			 c->http->slug, number);
	else
		snprintf(headers, sizeof(headers), "location: /attend#/release/%s\r\n", number);
	http_respond_text(c, 303, "text/plain", headers, "See the programme.\n");
}

static bool page(struct conn *c, const char *path)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(pages[i].path, path) == 0)
			return static_respond(c, pages[i].file);
	if (strncmp(path, "/run/", 5) == 0 || strcmp(path, "/run") == 0)
		return static_respond(c, "/run.html");
	if (strncmp(path, "/stage/", 7) == 0 || strcmp(path, "/stage") == 0)
		return static_respond(c, "/stage.html");
	return false;
}

static void get(struct conn *c)
{
	struct http *h = c->http;
	const char *path = h->rest;

	if (strcmp(path, "/healthz") == 0)
		health(c);
	else if (strcmp(path, "/readyz") == 0)
		ready(c);
	else if (strcmp(path, "/metrics") == 0)
		metrics(c);
	else if (strcmp(path, "/events") == 0)
		api_events(c);
	else if (strncmp(path, "/snapshot/", 10) == 0)
		api_snapshot(c);
	else if (h->tus != NULL)
		api_files(c);
	else if (strncmp(path, "/j/", 3) == 0)
		join(c, path + 3);
	else if (strncmp(path, "/release/", 9) == 0)
		release(c, path + 9);
	else if (strncmp(path, "/schedule/", 10) == 0)
		document_respond_schedule(c, h->slug, path + 10);
	else if (!page(c, path) && !calendar_respond(c, h->slug, path) &&
		 !document_respond(c, h->slug, path + 1) && !static_respond(c, path))
		not_found(c);
}

static void post(struct conn *c)
{
	const char *path = c->http->rest;

	if (strcmp(path, "/rpc") == 0)
		api_rpc(c);
	else if (strncmp(path, "/auth/", 6) == 0)
		api_auth(c);
	else if (strncmp(path, "/import/", 8) == 0)
		api_import(c);
	else if (c->http->tus != NULL)
		api_files(c);
	else
		http_respond_text(c, 405, "text/plain", "allow: GET, HEAD, OPTIONS\r\n",
				  "Read only.\n");
}

void route(struct conn *c)
{
	switch (c->http->method) {
	case HTTP_GET:
	case HTTP_HEAD:
		get(c);
		break;
	case HTTP_POST:
		post(c);
		break;
	case HTTP_PATCH:
		if (c->http->tus != NULL)
			api_files(c);
		else
			http_respond_text(c, 405, "text/plain", "allow: GET, HEAD, OPTIONS\r\n",
					  "Read only.\n");
		break;
	case HTTP_OPTIONS:
		if (c->http->tus != NULL)
			files_options(c);
		else
			http_respond(c, 204, NULL, "allow: GET, HEAD, OPTIONS\r\n", NULL);
		break;
	case HTTP_OTHER:
		http_respond_text(c, 405, "text/plain",
				  "allow: GET, HEAD, OPTIONS\r\nconnection: close\r\n",
				  "Read only.\n");
		break;
	}
}
