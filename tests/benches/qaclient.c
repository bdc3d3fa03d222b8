/* tests: thousands of attendees in one process, each with a login of its own, who vote once on one
 * question, some cut off while doing it. */
#include <arpa/inet.h>
#include <errno.h>
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
 *	qaclient --port P --tokens FILE --channel NAME --question ID
 *
 * A socket for each line of FILE, a token. Commands on standard input, a line each; each is
 * answered by one line of JSON: `stats`; `vote MS PERCENT` spreads one vote a socket over MS
 * milliseconds and cuts PERCENT of the sockets off a moment after (or before) they sent theirs:
 *they come back with token and cursor and send it again, with the same seq, while it is
 *unacknowledged; `acks FILE` writes socket, first sent, acknowledged (µs since 1970), cut. End of
 *file ends.
 */

enum {
	IN_FLIGHT = 200,
	SOCKETS_AN_ADDRESS = 4000,
	READ_SIZE = 512 << 10,
	SCAN_MS = 2,
	CUT_MAX_MS = 150,  /* after the vote was sent */
	BACK_MIN_MS = 200, /* a page's back-off, with jitter */
	BACK_MAX_MS = 1500
};

enum stage { AWAY, CONNECT, UPGRADE, OPEN, SUBSCRIBE, READY };

struct client {
	int fd, number;
	enum stage stage;
	char *token;
	unsigned char *kept;
	size_t kept_n;
	char epoch[64];
	long long position, tally;
	int64_t vote_at, cut_at, back_at, sent, acked; /* 0: not, or not any more */
	bool cut;
};

static struct {
	const char *channel, *question;
	int port, n, epoll, begun, under_way, ready;
	struct client *clients;
	uint64_t acked, cuts, repeats, refused, faults, ticks, frames, bytes, lost;
	unsigned char read[READ_SIZE];
} all;

static void fail(const char *what)
{
	fprintf(stderr, "qaclient: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t within_ms(int64_t least, int64_t most)
{
	return (least + random() % (most - least + 1)) * 1000;
}

static void watch(struct client *c, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = c};

	if (epoll_ctl(all.epoll, op, c->fd, &e) != 0)
		fail("epoll_ctl");
}

static void begin(struct client *c)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		fail("socket");
	from.sin_addr.s_addr = htonl(0x7f000002u + (uint32_t)(c->number / SOCKETS_AN_ADDRESS));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)all.port);
	setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		fail("bind");
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS)
		fail("connect");
	c->stage = CONNECT;
	watch(c, EPOLL_CTL_ADD, EPOLLOUT);
	all.under_way++;
}

/* Gone, whoever wanted it; comes back after a while. A cut is a reset: what was on its way is lost.
 */
static void end(struct client *c, bool cut)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	if (cut)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	else
		all.lost++;
	if (c->stage == READY)
		all.ready--;
	else
		all.under_way--;
	close(c->fd);
	free(c->kept);
	c->kept = NULL;
	c->kept_n = 0;
	c->stage = AWAY;
	c->back_at = now_us() + within_ms(BACK_MIN_MS, BACK_MAX_MS);
}

static bool put(struct client *c, const void *bytes, size_t size)
{
	return send(c->fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* Masked with zero: the text stays as it is. */
static bool put_frame(struct client *c, unsigned opcode, const char *text, size_t size)
{
	unsigned char frame[1400] = {0x80 | (unsigned char)opcode};
	size_t head = 6;

	if (size > sizeof(frame) - 8)
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

#define put_text(c, ...)                                                                           \
	(snprintf(line, sizeof(line), __VA_ARGS__), put_frame(c, 1, line, strlen(line)))
static char line[1300];

static bool put_upgrade(struct client *c)
{
	int n = snprintf(line, sizeof(line),
			 "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
			 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
			 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
			 "Sec-WebSocket-Protocol: plenum.v1\r\n\r\n",
			 all.port);

	c->stage = UPGRADE;
	return put(c, line, (size_t)n);
}

static bool put_open(struct client *c)
{
	c->stage = OPEN;
	return put_text(c,
			"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.open\",\"params\":{"
			"\"token\":\"%s\"}}",
			c->token);
}

static bool put_subscribe(struct client *c)
{
	char since[160] = "";

	c->stage = SUBSCRIBE;
	if (c->epoch[0] != 0)
		snprintf(since, sizeof(since), ",\"since\":{\"epoch\":\"%s\",\"position\":%lld}",
			 c->epoch, c->position);
	return put_text(c,
			"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"channel.subscribe\",\"params\":"
			"{\"channels\":[{\"name\":\"%s\"%s}]}}",
			all.channel, since);
}

static bool put_vote(struct client *c)
{
	if (c->sent == 0)
		c->sent = now_us();
	else
		all.repeats++;
	c->vote_at = 0;
	return put_text(c,
			"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"qa.vote\",\"params\":{"
			"\"question\":\"%s\",\"value\":1,\"seq\":1}}",
			all.question);
}

static const char *find(const char *text, size_t size, const char *what)
{
	return memmem(text, size, what, strlen(what));
}

/* The number behind what, or -1. */
static long long number_after(const char *text, size_t size, const char *what)
{
	const char *s = find(text, size, what);

	return s == NULL ? -1 : strtoll(s + strlen(what), NULL, 10);
}

static bool subscribed(struct client *c, const char *text, size_t size)
{
	const char *epoch = find(text, size, "\"epoch\":\"");
	long long tally;
	char key[64];

	if (epoch == NULL)
		return false;
	epoch += 9;
	snprintf(c->epoch, sizeof(c->epoch), "%.*s", (int)strcspn(epoch, "\""), epoch);
	c->position = number_after(text, size, "\"position\":");
	snprintf(key, sizeof(key), "[\"%s\",", all.question);
	tally = number_after(text, size, key);
	if (tally >= 0)
		c->tally = tally;
	c->stage = READY;
	all.under_way--;
	all.ready++;
	/* What was on its way when it was cut off. */
	return c->sent == 0 || c->acked != 0 || put_vote(c);
}

static bool answered(struct client *c, const char *text, size_t size)
{
	if (find(text, size, "\"error\"") == NULL) {
		if (c->acked == 0)
			all.acked++;
		c->acked = c->acked != 0 ? c->acked : now_us();
		return true;
	}
	if (find(text, size, "\"busy\"") != NULL || find(text, size, "\"limit.rate\"") != NULL ||
	    find(text, size, "\"unknown_outcome\"") != NULL) {
		all.refused++;
		c->vote_at = now_us() + within_ms(100, 500);
		return true;
	}
	fprintf(stderr, "qaclient: vote refused: %.*s\n", (int)size, text);
	all.faults++;
	return true;
}

static void heard(struct client *c, const char *text, size_t size)
{
	const char *tick = find(text, size, "\"method\":\"tick\"");
	long long value;
	char key[64];

	all.frames++;
	all.bytes += size;
	if (tick != NULL) {
		all.ticks++;
		snprintf(key, sizeof(key), "[\"%s\",", all.question);
		value = number_after(tick, size - (size_t)(tick - text), key);
		if (value >= 0)
			c->tally = value;
	}
	/* Events of the one channel, in order: the last one's position is the cursor. */
	for (const char *s = text, *stop = text + size;
	     (s = find(s, (size_t)(stop - s), "\"method\":\"event\"")) != NULL; s += 16) {
		value = number_after(s, (size_t)(stop - s), "\"position\":");
		if (value != c->position + 1 && c->position >= 0)
			all.faults++;
		c->position = value;
	}
}

static bool take_text(struct client *c, const char *text, size_t size)
{
	if (c->stage == OPEN && find(text, size, "\"id\":1,") != NULL) {
		if (find(text, size, "\"error\"") == NULL)
			return put_subscribe(c);
		if (find(text, size, "\"busy\"") == NULL)
			fprintf(stderr, "qaclient: not opened: %.*s\n", (int)size, text);
		return false;
	}
	if (c->stage == SUBSCRIBE && find(text, size, "\"id\":2,") != NULL)
		return subscribed(c, text, size);
	if (find(text, size, "\"id\":3,") != NULL)
		return answered(c, text, size);
	if (size < 512 && find(text, size, "\"method\":\"ping\"") != NULL)
		return put_text(c, "{\"jsonrpc\":\"2.0\",\"method\":\"pong\"}");
	heard(c, text, size);
	return true;
}

/* One frame from the front; how much it was, 0: not whole yet, -1: end. */
static ssize_t take_frame(struct client *c, const unsigned char *bytes, size_t n)
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
		return take_text(c, (const char *)bytes + head, size) ? (ssize_t)(head + size) : -1;
	case 9:
		return put_frame(c, 10, (const char *)bytes + head, size) ? (ssize_t)(head + size)
									  : -1;
	case 8:
		fprintf(stderr, "qaclient: closed with %d\n",
			size < 2 ? 1005 : bytes[head] << 8 | bytes[head + 1]);
		return -1;
	default:
		return (ssize_t)(head + size);
	}
}

static bool keep(struct client *c, const unsigned char *bytes, size_t n)
{
	unsigned char *kept = n > 0 ? malloc(n) : NULL;

	if (n > 0 && kept == NULL)
		fail("malloc");
	if (n > 0)
		memcpy(kept, bytes, n);
	free(c->kept);
	c->kept = kept;
	c->kept_n = n;
	return true;
}

static bool readable(struct client *c)
{
	size_t at = 0, n;
	ssize_t got;

	if (c->kept_n >= READ_SIZE)
		return false;
	if (c->kept_n > 0)
		memcpy(all.read, c->kept, c->kept_n);
	got = recv(c->fd, all.read + c->kept_n, READ_SIZE - c->kept_n, 0);
	if (got <= 0)
		return got < 0 && errno == EAGAIN;
	n = c->kept_n + (size_t)got;
	if (c->stage == UPGRADE) {
		unsigned char *rest = memmem(all.read, n, "\r\n\r\n", 4);

		if (rest == NULL)
			return keep(c, all.read, n);
		if (memcmp(all.read, "HTTP/1.1 101", 12) != 0 || !put_open(c))
			return false;
		at = (size_t)(rest - all.read) + 4;
	}
	for (;;) {
		ssize_t used = take_frame(c, all.read + at, n - at);

		if (used < 0)
			return false;
		if (used == 0)
			return keep(c, all.read + at, n - at);
		at += (size_t)used;
	}
}

static void turn(struct client *c, uint32_t events)
{
	bool ok;

	if (c->stage == AWAY)
		return;
	if (c->stage == CONNECT) {
		ok = !(events & (EPOLLERR | EPOLLHUP)) && put_upgrade(c);
		if (ok)
			watch(c, EPOLL_CTL_MOD, EPOLLIN);
	} else {
		ok = readable(c);
	}
	if (!ok)
		end(c, false);
}

/* What is due by now; a vote due while away is sent when back. */
static void scan(int64_t now)
{
	for (int i = 0; i < all.begun; i++) {
		struct client *c = &all.clients[i];

		if (c->stage == READY && c->vote_at != 0 && now >= c->vote_at && !put_vote(c))
			end(c, false);
		if (c->stage == READY && c->cut_at != 0 && now >= c->cut_at) {
			c->cut_at = 0;
			c->cut = true;
			all.cuts++;
			end(c, true);
		}
		if (c->stage == AWAY && now >= c->back_at && all.under_way < IN_FLIGHT)
			begin(c);
	}
	while (all.begun < all.n && all.under_way < IN_FLIGHT)
		begin(&all.clients[all.begun++]);
}

static void schedule_votes(int ms, int percent)
{
	int64_t now = now_us();

	for (int i = 0; i < all.n; i++) {
		struct client *c = &all.clients[i];

		c->vote_at = now + within_ms(0, ms);
		if (random() % 100 < percent)
			c->cut_at = c->vote_at + within_ms(0, CUT_MAX_MS) - 20000;
	}
}

static void write_acks(const char *file)
{
	FILE *f = fopen(file, "w");

	if (f == NULL)
		fail(file);
	for (int i = 0; i < all.n; i++)
		fprintf(f, "%d %lld %lld %d %lld\n", i, (long long)all.clients[i].sent,
			(long long)all.clients[i].acked, all.clients[i].cut, all.clients[i].tally);
	fclose(f);
}

static void say_stats(void)
{
	printf("{\"ready\":%d,\"acked\":%llu,\"cuts\":%llu,\"repeats\":%llu,\"refused\":%llu,"
	       "\"faults\":%llu,\"ticks\":%llu,\"frames\":%llu,\"bytes\":%llu,\"closed\":%llu}\n",
	       all.ready, (unsigned long long)all.acked, (unsigned long long)all.cuts,
	       (unsigned long long)all.repeats, (unsigned long long)all.refused,
	       (unsigned long long)all.faults, (unsigned long long)all.ticks,
	       (unsigned long long)all.frames, (unsigned long long)all.bytes,
	       (unsigned long long)all.lost);
	fflush(stdout);
}

/* false: standard input has ended. */
static bool obey(void)
{
	static char words[512];
	static size_t n;
	ssize_t got = read(STDIN_FILENO, words + n, sizeof(words) - 1 - n);
	char *stop;
	int ms, percent;

	if (got <= 0)
		return false;
	n += (size_t)got;
	while ((stop = memchr(words, '\n', n)) != NULL) {
		*stop = 0;
		if (sscanf(words, "vote %d %d", &ms, &percent) == 2)
			schedule_votes(ms, percent);
		else if (strncmp(words, "acks ", 5) == 0)
			write_acks(words + 5);
		else if (strcmp(words, "reset") == 0)
			all.ticks = all.frames = all.bytes = all.lost = 0;
		say_stats();
		n -= (size_t)(stop + 1 - words);
		memmove(words, stop + 1, n);
	}
	return n < sizeof(words) - 1;
}

static void read_tokens(const char *file)
{
	FILE *f = fopen(file, "r");
	char *token = NULL;
	size_t room = 0;
	ssize_t n;

	if (f == NULL)
		fail(file);
	while ((n = getline(&token, &room, f)) > 1) {
		token[n - 1] = 0;
		all.clients = realloc(all.clients, (size_t)(all.n + 1) * sizeof(*all.clients));
		if (all.clients == NULL)
			fail("realloc");
		all.clients[all.n] = (struct client){
		    .number = all.n, .token = strdup(token), .position = -1, .tally = -1};
		all.n++;
	}
	free(token);
	fclose(f);
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	struct epoll_event events[512], in = {.events = EPOLLIN, .data.ptr = NULL};
	const char *tokens = NULL;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--port") == 0)
			all.port = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--tokens") == 0)
			tokens = argv[i + 1];
		else if (strcmp(argv[i], "--channel") == 0)
			all.channel = argv[i + 1];
		else if (strcmp(argv[i], "--question") == 0)
			all.question = argv[i + 1];
	}
	if (all.port == 0 || tokens == NULL || all.channel == NULL || all.question == NULL) {
		fprintf(stderr,
			"usage: qaclient --port P --tokens FILE --channel NAME --question ID\n");
		return 2;
	}
	read_tokens(tokens);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	all.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (all.epoll < 0 || epoll_ctl(all.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in) != 0)
		fail("epoll");
	for (int64_t scanned = 0;;) {
		int n = epoll_wait(all.epoll, events, 512, SCAN_MS);

		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr != NULL)
				turn(events[i].data.ptr, events[i].events);
			else if (!obey())
				return 0;
		}
		if (now_us() - scanned >= SCAN_MS * 1000) {
			scanned = now_us();
			scan(scanned);
		}
	}
}
