/* tests: thousands of WebSocket clients in one process: they connect, subscribe, count what they
 * are sent and how old it is. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 *	wsclient --port P --sockets N [--path /ws] [--protocol NAME] [--guest SLUG --channel NAME]
 *
 * With --channel each socket opens a session as guest and subscribes; without, whatever text
 *arrives is an event. Commands on standard input, a line each: `stats` prints one line of JSON,
 *`reset` sets the counters to zero, `base US` makes ages count from that instant (one a frame), end
 *of file ends. An event's age comes from "at": microseconds since 1970 in its text.
 */

enum {
	IN_FLIGHT = 200,	   /* handshakes under way */
	SOCKETS_AN_ADDRESS = 4000, /* one source address slows down past some 15,000 */
	READ_SIZE = 256 << 10,
	AGES_MAX = 4 << 20,
	FRAME_HEAD = 8 /* what a masked frame of ours needs before its text */
};

enum stage { STAGE_CONNECT, STAGE_UPGRADE, STAGE_OPEN, STAGE_SUBSCRIBE, STAGE_READY, STAGE_GONE };

struct client {
	int fd;
	enum stage stage;
	unsigned char *kept; /* the beginning of a frame whose end has not come */
	size_t kept_n;
};

static struct {
	const char *path, *protocol, *guest, *channel;
	int port, sockets, epoll;
	struct client *clients;
	int begun, ready, gone, under_way;
	uint64_t frames, events, bytes, pings;
	int64_t base;
	uint32_t *ages;
	size_t ages_n;
	unsigned char read[READ_SIZE];
} all;

static void fail(const char *what)
{
	fprintf(stderr, "wsclient: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void watch(struct client *c, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = c};

	if (epoll_ctl(all.epoll, op, c->fd, &e) != 0)
		fail("epoll_ctl");
}

static void begin(struct client *c, int number)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		fail("socket");
	from.sin_addr.s_addr = htonl(0x7f000002u + (uint32_t)(number / SOCKETS_AN_ADDRESS));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)all.port);
	/* The port is chosen at connect, when the whole pair is known. */
	setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		fail("bind");
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS)
		fail("connect");
	watch(c, EPOLL_CTL_ADD, EPOLLOUT);
	all.under_way++;
}

static void begin_more(void)
{
	while (all.begun < all.sockets && all.under_way < IN_FLIGHT) {
		begin(&all.clients[all.begun], all.begun);
		all.begun++;
	}
}

static void end(struct client *c)
{
	if (c->stage == STAGE_READY)
		all.ready--;
	else
		all.under_way--;
	c->stage = STAGE_GONE;
	close(c->fd);
	free(c->kept);
	c->kept = NULL;
	all.gone++;
}

static bool put(struct client *c, const void *bytes, size_t size)
{
	return send(c->fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* A frame as clients must send it: masked, here with zero, so that the text stays as it is. */
static bool put_frame(struct client *c, unsigned opcode, const char *text, size_t size)
{
	unsigned char frame[FRAME_HEAD + 1024] = {0x80 | (unsigned char)opcode};
	size_t head = 6;

	if (size > 1000)
		return false;
	if (size < 126) {
		frame[1] = 0x80 | (unsigned char)size;
	} else {
		frame[1] = 0x80 | 126;
		frame[2] = (unsigned char)(size >> 8);
		frame[3] = (unsigned char)size;
		head = 8;
	}
	memcpy(frame + head, text, size);
	return put(c, frame, head + size);
}

static bool put_text(struct client *c, const char *text)
{
	return put_frame(c, 1, text, strlen(text));
}

static bool put_upgrade(struct client *c)
{
	char text[1024];
	int n =
	    snprintf(text, sizeof(text),
		     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
		     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
		     all.path, all.port, all.protocol != NULL ? "Sec-WebSocket-Protocol: " : "",
		     all.protocol != NULL ? all.protocol : "", all.protocol != NULL ? "\r\n" : "");

	c->stage = STAGE_UPGRADE;
	return put(c, text, (size_t)n);
}

static void is_ready(struct client *c)
{
	c->stage = STAGE_READY;
	all.under_way--;
	all.ready++;
}

static bool put_open(struct client *c)
{
	char text[256];

	if (all.channel == NULL) {
		is_ready(c);
		return true;
	}
	snprintf(text, sizeof(text),
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.open\",\"params\":{\"guest\":"
		 "\"%s\"}}",
		 all.guest);
	c->stage = STAGE_OPEN;
	return put_text(c, text);
}

static bool put_subscribe(struct client *c)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"channel.subscribe\",\"params\":{"
		 "\"channels\":[{\"name\":\"%s\"}]}}",
		 all.channel);
	c->stage = STAGE_SUBSCRIBE;
	return put_text(c, text);
}

static void count_events(const char *text, size_t size, int64_t now)
{
	static const char at_name[] = "\"at\":", event_name[] = "\"method\":\"event\"";
	const char *end = text + size, *s = text;

	if (all.channel == NULL)
		all.events++;
	else
		while ((s = memmem(s, (size_t)(end - s), event_name, sizeof(event_name) - 1)) !=
		       NULL) {
			all.events++;
			s += sizeof(event_name) - 1;
		}
	for (s = text; (s = memmem(s, (size_t)(end - s), at_name, sizeof(at_name) - 1)) != NULL;) {
		int64_t at = 0;

		for (s += sizeof(at_name) - 1; s < end && (*s == ' ' || (*s >= '0' && *s <= '9'));
		     s++)
			at = *s == ' ' ? at : at * 10 + (*s - '0');
		if (at != 0 && all.base == 0 && all.ages_n < AGES_MAX)
			all.ages[all.ages_n++] = now > at ? (uint32_t)(now - at) : 0;
	}
}

/* A whole message from the server. */
static bool take_text(struct client *c, const char *text, size_t size, int64_t now)
{
	static const char ping[] = "\"method\":\"ping\"";

	switch (c->stage) {
	case STAGE_OPEN:
	case STAGE_SUBSCRIBE:
		if (memmem(text, size, "\"error\"", 7) != NULL ||
		    memmem(text, size, "\"fault\"", 7) != NULL) {
			fprintf(stderr, "wsclient: refused: %.*s\n", (int)size, text);
			return false;
		}
		if (c->stage == STAGE_OPEN)
			return put_subscribe(c);
		is_ready(c);
		return true;
	default:
		if (all.channel != NULL && size < 512 &&
		    memmem(text, size, ping, sizeof(ping) - 1) != NULL) {
			all.pings++;
			return put_text(c, "{\"jsonrpc\":\"2.0\",\"method\":\"pong\"}");
		}
		all.frames++;
		all.bytes += size;
		count_events(text, size, now);
		if (all.base != 0 && all.ages_n < AGES_MAX)
			all.ages[all.ages_n++] = now > all.base ? (uint32_t)(now - all.base) : 0;
		return true;
	}
}

/* Takes one frame from the front of bytes; returns how much it was, 0: not whole yet, -1: end. */
static ssize_t take_frame(struct client *c, const unsigned char *bytes, size_t n, int64_t now)
{
	size_t head = 2, size;

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
	switch (bytes[0] & 0x0f) {
	case 1:
	case 2:
		/* None of the servers here sends a message in pieces. */
		if (!take_text(c, (const char *)bytes + head, size, now))
			return -1;
		break;
	case 9:
		if (!put_frame(c, 10, (const char *)bytes + head, size))
			return -1;
		break;
	case 8:
		fprintf(stderr, "wsclient: closed with %d %.*s\n",
			size < 2 ? 1005 : bytes[head] << 8 | bytes[head + 1],
			size < 2 ? 0 : (int)size - 2, (const char *)bytes + head + 2);
		return -1;
	default:
		break;
	}
	return (ssize_t)(head + size);
}

/* Works through all.read; what is left over is kept for the next time. */
static bool take(struct client *c, size_t n)
{
	size_t at = 0;
	int64_t now = now_us();

	if (c->stage == STAGE_UPGRADE) {
		unsigned char *rest = memmem(all.read, n, "\r\n\r\n", 4);

		if (rest == NULL)
			goto keep;
		if (memcmp(all.read, "HTTP/1.1 101", 12) != 0) {
			fprintf(stderr, "wsclient: no upgrade: %.*s\n", n < 60 ? (int)n : 60,
				all.read);
			return false;
		}
		at = (size_t)(rest - all.read) + 4;
		if (!put_open(c))
			return false;
	}
	for (;;) {
		ssize_t used = take_frame(c, all.read + at, n - at, now);

		if (used < 0)
			return false;
		if (used == 0)
			break;
		at += (size_t)used;
	}
keep:
	free(c->kept);
	c->kept = NULL;
	c->kept_n = n - at;
	if (c->kept_n > 0) {
		c->kept = malloc(c->kept_n);
		if (c->kept == NULL)
			fail("malloc");
		memcpy(c->kept, all.read + at, c->kept_n);
	}
	return true;
}

static bool readable(struct client *c)
{
	ssize_t n;

	if (c->kept_n >= READ_SIZE)
		return false;
	if (c->kept_n > 0)
		memcpy(all.read, c->kept, c->kept_n);
	n = recv(c->fd, all.read + c->kept_n, READ_SIZE - c->kept_n, 0);
	if (n < 0 && errno == EAGAIN)
		return true;
	return n > 0 && take(c, c->kept_n + (size_t)n);
}

static void turn(struct client *c, uint32_t events)
{
	bool ok = true;

	if (c->stage == STAGE_GONE)
		return;
	if (c->stage == STAGE_CONNECT) {
		ok = !(events & (EPOLLERR | EPOLLHUP)) && put_upgrade(c);
		if (ok)
			watch(c, EPOLL_CTL_MOD, EPOLLIN);
	} else {
		ok = readable(c);
	}
	if (!ok)
		end(c);
	begin_more();
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t age_at(int per_mille)
{
	return all.ages_n == 0 ? 0 : all.ages[(all.ages_n - 1) * (size_t)per_mille / 1000];
}

static void say_stats(bool ages)
{
	if (ages)
		qsort(all.ages, all.ages_n, sizeof(*all.ages), by_value);
	printf("{\"ready\":%d,\"gone\":%d,\"frames\":%llu,\"events\":%llu,\"bytes\":%llu,\"pings\":"
	       "%llu",
	       all.ready, all.gone, (unsigned long long)all.frames, (unsigned long long)all.events,
	       (unsigned long long)all.bytes, (unsigned long long)all.pings);
	if (ages)
		printf(",\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u", age_at(500), age_at(990),
		       age_at(1000));
	printf("}\n");
	fflush(stdout);
}

/* false: standard input has ended. */
static bool obey(void)
{
	static char line[256];
	static size_t n;
	ssize_t got = read(STDIN_FILENO, line + n, sizeof(line) - n);
	char *stop;

	if (got <= 0)
		return false;
	n += (size_t)got;
	while ((stop = memchr(line, '\n', n)) != NULL) {
		*stop = 0;
		if (strcmp(line, "stats") == 0) {
			say_stats(false);
		} else if (strcmp(line, "ages") == 0) {
			say_stats(true);
		} else if (strncmp(line, "base ", 5) == 0) {
			all.base = strtoll(line + 5, NULL, 10);
			say_stats(false);
		} else if (strcmp(line, "reset") == 0) {
			all.frames = all.events = all.bytes = all.pings = 0;
			all.ages_n = 0;
			say_stats(false);
		}
		n -= (size_t)(stop + 1 - line);
		memmove(line, stop + 1, n);
	}
	return n < sizeof(line);
}

static void arguments(int argc, char **argv)
{
	all.path = "/";
	all.guest = "";
	for (int i = 1; i + 1 < argc; i += 2) {
		const char *name = argv[i], *value = argv[i + 1];

		if (strcmp(name, "--port") == 0)
			all.port = atoi(value);
		else if (strcmp(name, "--sockets") == 0)
			all.sockets = atoi(value);
		else if (strcmp(name, "--path") == 0)
			all.path = value;
		else if (strcmp(name, "--protocol") == 0)
			all.protocol = value;
		else if (strcmp(name, "--guest") == 0)
			all.guest = value;
		else if (strcmp(name, "--channel") == 0)
			all.channel = value;
	}
	if (all.port == 0 || all.sockets < 1) {
		fprintf(stderr, "usage: wsclient --port P --sockets N …\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	struct epoll_event events[512], in = {.events = EPOLLIN, .data.ptr = NULL};

	arguments(argc, argv);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	all.clients = calloc((size_t)all.sockets, sizeof(*all.clients));
	all.ages = malloc(AGES_MAX * sizeof(*all.ages));
	all.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (all.clients == NULL || all.ages == NULL || all.epoll < 0 ||
	    epoll_ctl(all.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in) != 0)
		fail("start");
	begin_more();
	for (;;) {
		int n = epoll_wait(all.epoll, events, 512, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == NULL) {
				if (!obey())
					return 0;
			} else {
				turn(events[i].data.ptr, events[i].events);
			}
		}
	}
}
