/* tests: thousands of attendees in one process, each with a login of its own, who vote once on one
 * question, some cut off while doing it. */
#include "support/ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
	SCAN_MS = 2,
	CUT_MAX_MS = 150,  /* after the vote was sent */
	BACK_MIN_MS = 200, /* a page's back-off, with jitter */
	BACK_MAX_MS = 1500
};

enum stage { AWAY, CONNECT, UPGRADE, OPEN, SUBSCRIBE, READY };

struct client {
	struct ws ws; /* first */
	enum stage stage;
	char *token;
	char epoch[64];
	long long position, tally;
	int64_t vote_at, cut_at, back_at, sent, acked; /* 0: not, or not any more */
	bool cut;
};

static struct {
	const char *channel, *question;
	int port, n, begun, under_way, ready;
	struct client *clients;
	uint64_t acked, cuts, repeats, refused, faults, ticks, frames, bytes, lost;
} all;

static int64_t within_ms(int64_t least, int64_t most)
{
	return (least + random() % (most - least + 1)) * 1000;
}

static void begin(struct client *c)
{
	ws_connect(&c->ws, all.port);
	c->stage = CONNECT;
	all.under_way++;
}

/* Gone, whoever wanted it; comes back after a while. A cut is a reset: what was on its way is lost.
 */
static void end(struct client *c, bool cut)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	if (cut)
		setsockopt(c->ws.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	else
		all.lost++;
	if (c->stage == READY)
		all.ready--;
	else
		all.under_way--;
	ws_close(&c->ws);
	c->stage = AWAY;
	c->back_at = ws_now_us() + within_ms(BACK_MIN_MS, BACK_MAX_MS);
}

#define put_text(c, ...) (snprintf(line, sizeof(line), __VA_ARGS__), ws_put(&(c)->ws, line))
static char line[1300];

static bool put_open(struct ws *ws)
{
	struct client *c = (struct client *)ws;

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
		c->sent = ws_now_us();
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
		c->acked = c->acked != 0 ? c->acked : ws_now_us();
		return true;
	}
	if (find(text, size, "\"busy\"") != NULL || find(text, size, "\"limit.rate\"") != NULL ||
	    find(text, size, "\"unknown_outcome\"") != NULL) {
		all.refused++;
		c->vote_at = ws_now_us() + within_ms(100, 500);
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

static bool take_text(struct ws *ws, const char *text, size_t size)
{
	struct client *c = (struct client *)ws;

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
	heard(c, text, size);
	return true;
}

static void turn(struct ws *ws, uint32_t events)
{
	static const struct ws_hears hears = {put_open, take_text, NULL};
	struct client *c = (struct client *)ws;
	bool ok;

	if (c->stage == AWAY)
		return;
	if (c->stage == CONNECT) {
		c->stage = UPGRADE;
		ok = ws_upgrade(ws, events, all.port, "/ws", "plenum.v1");
	} else {
		ok = ws_readable(ws, &hears);
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
	int64_t now = ws_now_us();

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
		ws_fail(file);
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

static void obey(char *words)
{
	int ms, percent;

	if (sscanf(words, "vote %d %d", &ms, &percent) == 2)
		schedule_votes(ms, percent);
	else if (strncmp(words, "acks ", 5) == 0)
		write_acks(words + 5);
	else if (strcmp(words, "reset") == 0)
		all.ticks = all.frames = all.bytes = all.lost = 0;
	say_stats();
}

static void read_tokens(const char *file)
{
	FILE *f = fopen(file, "r");
	char *token = NULL;
	size_t room = 0;
	ssize_t n;

	if (f == NULL)
		ws_fail(file);
	while ((n = getline(&token, &room, f)) > 1) {
		token[n - 1] = 0;
		all.clients = realloc(all.clients, (size_t)(all.n + 1) * sizeof(*all.clients));
		if (all.clients == NULL)
			ws_fail("realloc");
		all.clients[all.n] = (struct client){
		    .ws.number = all.n, .token = strdup(token), .position = -1, .tally = -1};
		all.n++;
	}
	free(token);
	fclose(f);
}

int main(int argc, char **argv)
{
	const char *tokens = NULL;
	int64_t scanned = 0;

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
	ws_start();
	while (ws_wait(SCAN_MS, turn, obey)) {
		if (ws_now_us() - scanned < SCAN_MS * 1000)
			continue;
		scanned = ws_now_us();
		scan(scanned);
	}
	return 0;
}
