/* gateway: libwebsockets as a guest on our loop; its callbacks, and our own listener (architecture
 * §2). */
#include "gateway/conn.h"
#include "gateway/heartbeat.h"
#include "gateway/http.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "gateway/worker.h"
#include "services/core/arena.h"
#include "services/core/clock.h"
#include "services/core/log.h"
#include "services/core/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ACCEPT_A_TURN = 64,
	HANDSHAKES_MAX = 500,
	BACKLOG = 4096,
	SEND_BUFFER = 96 << 10,
	NOT_SENT_LOW = 16 << 10,
	USER_TIMEOUT_MS = 30000,
	RX_BUFFER = 512,
	TX_PACKET = 65536, /* 0 would cut every write into pieces of RX_BUFFER */
	FRAGMENTS_MAX = 16
};

static struct {
	struct lws_context *context;
	struct lws_vhost *vhost;
	uv_poll_t *poll;
	uv_timer_t *resume;
	int listen_fd;
} server;

static int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			 size_t len);
static int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			   size_t len);

/* Protocol 0 gets what names no protocol: it never becomes a socket. */
static const struct lws_protocols protocols[] = {
    {"http", http_callback, 0, RX_BUFFER, 0, NULL, TX_PACKET},
    {"plenum.v1", socket_callback, 0, RX_BUFFER, 1, NULL, TX_PACKET},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

static struct conn *conn_of(struct lws *wsi)
{
	return wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
}

static bool header_is(struct lws *wsi, enum lws_token_indexes token, const char *want)
{
	char text[128];

	return lws_hdr_copy(wsi, text, sizeof(text), token) >= 0 && strcasecmp(text, want) == 0;
}

/* lws checks almost none of this by itself: security-reliability.md §3. */
static bool handshake_ok(struct lws *wsi)
{
	char origin[256], path[64];
	int n = lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);

	if (n <= 0 || (strcmp(path, "/ws") != 0 && !(strncmp(path, "/e/", 3) == 0 && n > 3 &&
						     strcmp(path + n - 3, "/ws") == 0)))
		return false;
	if (!header_is(wsi, WSI_TOKEN_HTTP, "HTTP/1.1") ||
	    !header_is(wsi, WSI_TOKEN_VERSION, "13") ||
	    !header_is(wsi, WSI_TOKEN_PROTOCOL, "plenum.v1"))
		return false;
	if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) <= 0)
		return true;
	return lws_hdr_copy(wsi, origin, sizeof(origin), WSI_TOKEN_ORIGIN) > 0 &&
	       strcmp(origin, worker.config->base_url) == 0;
}

static void gone(struct lws *wsi)
{
	struct conn *c = conn_of(wsi);

	if (c != NULL) {
		lws_set_opaque_user_data(wsi, NULL);
		conn_destroy(c);
	}
}

static int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			 size_t len)
{
	struct conn *c = conn_of(wsi);

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		/* Never `in` here (CVE-2025-11677): the header itself. */
		return header_is(wsi, WSI_TOKEN_UPGRADE, "websocket") ? 0 : -1;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
	case LWS_CALLBACK_ESTABLISHED:
		return -1;
	case LWS_CALLBACK_HTTP:
		return c != NULL && http_begin(c, in) ? 0 : -1;
	case LWS_CALLBACK_HTTP_BODY:
		return c != NULL && http_body(c, in, len) ? 0 : -1;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return c != NULL && http_body_done(c) ? 0 : -1;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		if (c == NULL)
			return -1;
		if (c->kind == CONN_STREAM || c->state == CONN_CLOSING)
			return conn_writable(c) ? 0 : -1;
		return http_writable(c) ? 0 : -1;
	case LWS_CALLBACK_WSI_DESTROY:
		gone(wsi);
		return 0;
	default:
		return 0;
	}
}

static void take_message(struct conn *c, const char *bytes, size_t size)
{
	heartbeat_heard(c);
	/* Here and not by lws, whose own close codes get lost (conn.c). */
	if (text_is_utf8(bytes, size))
		rpc_message_in(c, bytes, size);
	else
		conn_close(c, 1007, "not UTF-8");
}

static void receive(struct conn *c, struct lws *wsi, const char *in, size_t len)
{
	bool last = lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0;

	if (c->state == CONN_CLOSING)
		return;
	if (lws_frame_is_binary(wsi)) {
		conn_close(c, 4400, "text only");
		return;
	}
	if (lws_is_first_fragment(wsi))
		c->fragments = 0;
	if (!lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0 &&
	    ++c->fragments >= FRAGMENTS_MAX) {
		conn_close(c, 1008, "too many fragments");
		return;
	}
	if (c->rx_size == 0)
		c->rx_began_ms = clock_unix_ms();
	if (c->rx_size + len > MESSAGE_MAX) {
		rpc_fault(c, "null", &fault_size);
		conn_close(c, 1009, "message too big");
		return;
	}
	if (last && c->rx_size == 0) {
		take_message(c, in, len);
		return;
	}
	c->rx = xrealloc(c->rx, c->rx_size + len + 1);
	memcpy(c->rx + c->rx_size, in, len);
	c->rx_size += (uint32_t)len;
	if (last) {
		char *bytes = c->rx;
		size_t size = c->rx_size;

		c->rx = NULL;
		c->rx_size = 0;
		take_message(c, bytes, size);
		free(bytes);
	}
}

static int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			   size_t len)
{
	struct conn *c = conn_of(wsi);

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return handshake_ok(wsi) && c != NULL && !worker.draining ? 0 : -1;
	case LWS_CALLBACK_ESTABLISHED:
		if (c == NULL)
			return -1;
		http_forget(c);
		conn_set_kind(c, CONN_SOCKET);
		heartbeat_watch_opening(c);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (c == NULL)
			return -1;
		receive(c, wsi, in, len);
		return 0;
	case LWS_CALLBACK_RECEIVE_PONG:
		if (c != NULL)
			heartbeat_heard(c);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return c != NULL && conn_writable(c) ? 0 : -1;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		/* An answer to our own close needs none. */
		return c != NULL && c->state == CONN_CLOSING ? -1 : 0;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		gone(wsi);
		return 0;
	default:
		return 0;
	}
}

static void set_option(int fd, int level, int name, int value)
{
	/* An option the kernel does not know costs comfort, not correctness. */
	if (setsockopt(fd, level, name, &value, sizeof(value)) != 0)
		return;
}

static void address_text(const struct sockaddr_storage *address, char ret[46])
{
	const void *bytes =
	    address->ss_family == AF_INET6
		? (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr
		: (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;

	if (inet_ntop(address->ss_family, bytes, ret, 46) == NULL)
		strcpy(ret, "?");
	if (strncmp(ret, "::ffff:", 7) == 0)
		memmove(ret, ret + 7, strlen(ret + 7) + 1);
}

static void adopt(int fd, const struct sockaddr_storage *address)
{
	struct lws *wsi;
	char text[46];

	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
	set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, NOT_SENT_LOW);
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	address_text(address, text);
	/* lws closes the descriptor itself when it cannot take it. */
	wsi = lws_adopt_socket_vhost(server.vhost, fd);
	if (wsi == NULL)
		return;
	lws_set_opaque_user_data(wsi, conn_create(wsi, text));
	metric_add(METRIC_ACCEPTED, 1);
}

static void on_acceptable(uv_poll_t *poll, int status, int events);

static void on_resume(uv_timer_t *timer)
{
	(void)timer;
	if (server.poll != NULL)
		uv_poll_start(server.poll, UV_READABLE, on_acceptable);
}

static void on_acceptable(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	for (int i = 0; i < ACCEPT_A_TURN; i++) {
		struct sockaddr_storage address = {0};
		socklen_t size = sizeof(address);
		int fd;

		/* lws keeps handshake timers in one list: the kernel's backlog holds the rest. */
		if (conn_count(CONN_NEW) >= HANDSHAKES_MAX) {
			uv_poll_stop(poll);
			uv_timer_start(server.resume, on_resume, 10, 0);
			return;
		}
		fd = accept4(server.listen_fd, (struct sockaddr *)&address, &size,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE) {
				uv_poll_stop(poll);
				uv_timer_start(server.resume, on_resume, 500, 0);
			}
			return;
		}
		adopt(fd, &address);
	}
}

int listener_open(const char *listen_text)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
				 .ai_socktype = SOCK_STREAM},
			*found = NULL;
	char host[256];
	const char *colon = strrchr(listen_text, ':');
	int fd = -1, on = 1;

	snprintf(host, sizeof(host), "%.*s", (int)(colon - listen_text), listen_text);
	if (getaddrinfo(host[0] != 0 ? host : NULL, colon + 1, &hints, &found) != 0) {
		log_line("cannot understand listen %s", listen_text);
		return -1;
	}
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
	    bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		log_line("cannot listen on %s: %s", listen_text, strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static void log_lws(int level, const char *line)
{
	log_line("lws: %d %.*s", level, (int)strcspn(line, "\n"), line);
}

bool server_start(uv_loop_t *loop)
{
	/* Both 0: lws's own validity timers would be linear in sockets; the heartbeat wheel does
	 * it. */
	static const lws_retry_bo_t no_retry = {.secs_since_valid_ping = 0,
						.secs_since_valid_hangup = 0};
	void *loops[] = {loop};
	struct lws_context_creation_info info = {0};

	lws_set_log_level(LLL_ERR, log_lws);
	info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info.foreign_loops = loops;
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.protocols = protocols;
	info.retry_and_idle_policy = &no_retry;
	info.max_http_header_data = 4096;
	info.max_http_header_pool = 1024;
	info.timeout_secs = 10;
	info.timeout_secs_ah_idle = 5;
	info.keepalive_timeout = 15;
	info.pt_serv_buf_size = 8192;
	info.alpn = "http/1.1";
	info.server_string = "plenum";
	info.gid = -1;
	info.uid = -1;
	server.context = lws_create_context(&info);
	if (server.context == NULL)
		return false;
	server.vhost = lws_create_vhost(server.context, &info);
	if (server.vhost == NULL)
		return false;
	return true;
}

void server_listen(uv_loop_t *loop, int listen_fd)
{
	server.listen_fd = listen_fd;
	server.poll = xcalloc(1, sizeof(*server.poll));
	server.resume = xcalloc(1, sizeof(*server.resume));
	uv_timer_init(loop, server.resume);
	uv_poll_init(loop, server.poll, listen_fd);
	uv_poll_start(server.poll, UV_READABLE, on_acceptable);
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

void server_stop_accepting(void)
{
	if (server.poll == NULL)
		return;
	/* Closing resets what the kernel still queues here: take that first. */
	on_acceptable(server.poll, 0, UV_READABLE);
	uv_poll_stop(server.poll);
	uv_close((uv_handle_t *)server.poll, closed);
	uv_timer_stop(server.resume);
	uv_close((uv_handle_t *)server.resume, closed);
	server.poll = NULL;
	close(server.listen_fd);
}

void server_stop(void)
{
	server_stop_accepting();
	lws_context_destroy(server.context);
}
