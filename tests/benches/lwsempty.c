/* tests: the least that libwebsockets can do for a request on libuv: a 304 with three headers, and
 * nothing behind it. What a handler of ours is compared with. */
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static const char etag[] = "\"0123456789abcdef0123456789abcdef\"";

static int answer(struct lws *wsi)
{
	unsigned char space[LWS_PRE + 512], *start = space + LWS_PRE, *at = start,
					    *end = space + sizeof(space) - 1;

	if (lws_add_http_header_status(wsi, HTTP_STATUS_NOT_MODIFIED, &at, end) ||
	    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_ETAG, (const unsigned char *)etag,
					 (int)strlen(etag), &at, end) ||
	    lws_add_http_header_by_name(wsi, (const unsigned char *)"cache-control:",
					(const unsigned char *)"public, max-age=300", 19, &at,
					end) ||
	    lws_finalize_write_http_header(wsi, start, &at, end))
		return -1;
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		    size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	return reason == LWS_CALLBACK_HTTP ? answer(wsi) : 0;
}

int main(int argc, char **argv)
{
	static const struct lws_protocols protocols[] = {{.name = "http", .callback = callback},
							 {0}};
	static const lws_retry_bo_t no_retry = {.secs_since_valid_ping = 0};
	struct lws_context_creation_info info = {0};
	uv_loop_t loop;
	void *loops[] = {&loop};

	if (argc < 2)
		return 2;
	uv_loop_init(&loop);
	lws_set_log_level(0, NULL);
	info.options = LWS_SERVER_OPTION_LIBUV;
	info.foreign_loops = loops;
	info.port = atoi(argv[1]);
	info.iface = "127.0.0.1";
	info.protocols = protocols;
	info.retry_and_idle_policy = &no_retry;
	info.max_http_header_data = 4096;
	info.max_http_header_pool = 1024;
	info.keepalive_timeout = 15;
	if (lws_create_context(&info) == NULL)
		return 1;
	return uv_run(&loop, UV_RUN_DEFAULT);
}
