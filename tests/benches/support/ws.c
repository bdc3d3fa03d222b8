/* tests: what the benchmarks' clients share. */
#include "support/ws.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SOCKETS_AN_ADDRESS = 4000, /* one source address slows down past some 15,000 */
	READ_SIZE = 512 << 10,
	EVENTS = 512,
	FRAME_MAX = 1400,
	FRAME_HEAD = 8 /* what a masked frame of ours needs before its text */
};

static int epoll;
static unsigned char bytes_read[READ_SIZE];

void ws_fail(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(1);
}

int64_t ws_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void ws_start(void)
{
	struct epoll_event in = {.events = EPOLLIN, .data.ptr = NULL};
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in) != 0)
		ws_fail("epoll");
}

static bool read_lines(void (*obey)(char *line))
{
	static char words[512];
	static size_t n;
	ssize_t got = read(STDIN_FILENO, words + n, sizeof(words) - n);
	char *stop;

	if (got <= 0)
		return false;
	n += (size_t)got;
	while ((stop = memchr(words, '\n', n)) != NULL) {
		*stop = 0;
		obey(words);
		n -= (size_t)(stop + 1 - words);
		memmove(words, stop + 1, n);
	}
	return n < sizeof(words);
}

bool ws_wait(int ms, void (*turn)(struct ws *ws, uint32_t events), void (*obey)(char *line))
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll, events, EVENTS, ms);

	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr != NULL)
			turn(events[i].data.ptr, events[i].events);
		else if (!read_lines(obey))
			return false;
	}
	return true;
}

static void watch(struct ws *ws, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = ws};

	if (epoll_ctl(epoll, op, ws->fd, &e) != 0)
		ws_fail("epoll_ctl");
}

void ws_connect(struct ws *ws, int port)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	int on = 1;

	ws->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (ws->fd < 0)
		ws_fail("socket");
	from.sin_addr.s_addr = htonl(0x7f000002u + (uint32_t)(ws->number / SOCKETS_AN_ADDRESS));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)port);
	/* The port is chosen at connect, when the whole pair is known. */
	setsockopt(ws->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	setsockopt(ws->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(ws->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		ws_fail("bind");
	if (connect(ws->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS)
		ws_fail("connect");
	watch(ws, EPOLL_CTL_ADD, EPOLLOUT);
}

static bool put(struct ws *ws, const void *bytes, size_t size)
{
	return send(ws->fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

bool ws_upgrade(struct ws *ws, uint32_t events, int port, const char *path, const char *protocol)
{
	char text[1024];
	int n = snprintf(text, sizeof(text),
			 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
			 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
			 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
			 path, port, protocol != NULL ? "Sec-WebSocket-Protocol: " : "",
			 protocol != NULL ? protocol : "", protocol != NULL ? "\r\n" : "");

	if ((events & (EPOLLERR | EPOLLHUP)) != 0 || !put(ws, text, (size_t)n))
		return false;
	ws->upgrading = true;
	watch(ws, EPOLL_CTL_MOD, EPOLLIN);
	return true;
}

/* A frame as clients must send it: masked, here with zero, so that the text stays as it is. */
static bool put_frame(struct ws *ws, unsigned opcode, const char *text, size_t size)
{
	unsigned char frame[FRAME_MAX] = {0x80 | (unsigned char)opcode};
	size_t head = 6;

	if (size > FRAME_MAX - FRAME_HEAD)
		return false;
	if (size < 126) {
		frame[1] = 0x80 | (unsigned char)size;
	} else {
		frame[1] = 0x80 | 126;
		frame[2] = (unsigned char)(size >> 8);
		frame[3] = (unsigned char)size;
		head = FRAME_HEAD;
	}
	memcpy(frame + head, text, size);
	return put(ws, frame, head + size);
}

bool ws_put(struct ws *ws, const char *text)
{
	return put_frame(ws, 1, text, strlen(text));
}

static bool take_text(struct ws *ws, const struct ws_hears *hears, const char *text, size_t size)
{
	static const char ping[] = "\"method\":\"ping\"";

	if (size < 512 && memmem(text, size, ping, sizeof(ping) - 1) != NULL) {
		if (hears->pinged != NULL)
			hears->pinged();
		return ws_put(ws, "{\"jsonrpc\":\"2.0\",\"method\":\"pong\"}");
	}
	return hears->text(ws, text, size);
}

/* Takes one frame from the front of bytes; returns how much it was, 0: not whole yet, -1: end. */
static ssize_t take_frame(struct ws *ws, const struct ws_hears *hears, const unsigned char *bytes,
			  size_t n)
{
	size_t head = 2, size;
	const char *text;
	bool ok = true;

	if (n < 2)
		return 0;
	size = bytes[1] & 0x7f;
	if (size == 126) {
		head = 4;
		size = n < head ? 0 : (size_t)bytes[2] << 8 | bytes[3];
	} else if (size == 127) {
		head = 10;
		size = n < head ? 0
				: (size_t)bytes[6] << 24 | (size_t)bytes[7] << 16 |
				      (size_t)bytes[8] << 8 | bytes[9];
	}
	if (n < head || n < head + size)
		return 0;
	text = (const char *)bytes + head;
	/* None of the servers here sends a message in pieces. */
	switch (bytes[0] & 0x0f) {
	case 1:
	case 2:
		ok = take_text(ws, hears, text, size);
		break;
	case 9:
		ok = put_frame(ws, 10, text, size);
		break;
	case 8:
		fprintf(stderr, "%s: closed with %d %.*s\n", program_invocation_short_name,
			size < 2 ? 1005 : bytes[head] << 8 | bytes[head + 1],
			size < 2 ? 0 : (int)size - 2, text + 2);
		ok = false;
		break;
	default:
		break;
	}
	return ok ? (ssize_t)(head + size) : -1;
}

static bool keep(struct ws *ws, const unsigned char *bytes, size_t n)
{
	unsigned char *kept = n > 0 ? malloc(n) : NULL;

	if (n > 0 && kept == NULL)
		ws_fail("malloc");
	if (n > 0)
		memcpy(kept, bytes, n);
	free(ws->kept);
	ws->kept = kept;
	ws->kept_n = n;
	return true;
}

bool ws_readable(struct ws *ws, const struct ws_hears *hears)
{
	size_t at = 0, n;
	ssize_t got;

	if (ws->kept_n >= READ_SIZE)
		return false;
	if (ws->kept_n > 0)
		memcpy(bytes_read, ws->kept, ws->kept_n);
	got = recv(ws->fd, bytes_read + ws->kept_n, READ_SIZE - ws->kept_n, 0);
	if (got <= 0)
		return got < 0 && errno == EAGAIN;
	n = ws->kept_n + (size_t)got;
	if (ws->upgrading) {
		unsigned char *rest = memmem(bytes_read, n, "\r\n\r\n", 4);

		if (rest == NULL)
			return keep(ws, bytes_read, n);
		ws->upgrading = false;
		if (memcmp(bytes_read, "HTTP/1.1 101", 12) != 0) {
			fprintf(stderr, "%s: no upgrade: %.*s\n", program_invocation_short_name,
				n < 60 ? (int)n : 60, bytes_read);
			return false;
		}
		if (!hears->upgraded(ws))
			return false;
		at = (size_t)(rest - bytes_read) + 4;
	}
	for (;;) {
		ssize_t used = take_frame(ws, hears, bytes_read + at, n - at);

		if (used < 0)
			return false;
		if (used == 0)
			return keep(ws, bytes_read + at, n - at);
		at += (size_t)used;
	}
}

void ws_close(struct ws *ws)
{
	close(ws->fd);
	free(ws->kept);
	ws->kept = NULL;
	ws->kept_n = 0;
	ws->upgrading = false;
}
