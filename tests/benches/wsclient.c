/* tests: thousands of WebSocket clients in one process: they connect, subscribe, count what they
 * are sent and how old it is. */
#include "support/ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 *	wsclient --port P --sockets N [--path /ws] [--protocol NAME] [--guest SLUG --channel NAME]
 *
 * With --channel each socket opens a session as guest and subscribes; without, whatever text
 *arrives is an event. Commands on standard input, a line each: `stats` prints one line of JSON,
 *`reset` sets the counters to zero, `base US` makes ages count from that instant (one a frame), end
 *of file ends. An event's age comes from "at": microseconds since 1970 in its text.
 */

enum {
	IN_FLIGHT = 200, /* handshakes under way */
	AGES_MAX = 4 << 20
};

enum stage { STAGE_CONNECT, STAGE_UPGRADE, STAGE_OPEN, STAGE_SUBSCRIBE, STAGE_READY, STAGE_GONE };

struct client {
	struct ws ws; /* first */
	enum stage stage;
};

static struct {
	const char *path, *protocol, *guest, *channel;
	int port, sockets;
	struct client *clients;
	int begun, ready, gone, under_way;
	uint64_t frames, events, bytes, pings;
	int64_t base;
	uint32_t *ages;
	size_t ages_n;
} all;

static void begin_more(void)
{
	while (all.begun < all.sockets && all.under_way < IN_FLIGHT) {
		struct client *c = &all.clients[all.begun];

		c->ws.number = all.begun++;
		ws_connect(&c->ws, all.port);
		all.under_way++;
	}
}

static void end(struct client *c)
{
	if (c->stage == STAGE_READY)
		all.ready--;
	else
		all.under_way--;
	c->stage = STAGE_GONE;
	ws_close(&c->ws);
	all.gone++;
}

static void is_ready(struct client *c)
{
	c->stage = STAGE_READY;
	all.under_way--;
	all.ready++;
}

static bool put_open(struct ws *ws)
{
	struct client *c = (struct client *)ws;
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
	return ws_put(&c->ws, text);
}

static bool put_subscribe(struct client *c)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"channel.subscribe\",\"params\":{"
		 "\"channels\":[{\"name\":\"%s\"}]}}",
		 all.channel);
	c->stage = STAGE_SUBSCRIBE;
	return ws_put(&c->ws, text);
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

static bool take_text(struct ws *ws, const char *text, size_t size)
{
	struct client *c = (struct client *)ws;
	int64_t now;

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
		now = ws_now_us();
		all.frames++;
		all.bytes += size;
		count_events(text, size, now);
		if (all.base != 0 && all.ages_n < AGES_MAX)
			all.ages[all.ages_n++] = now > all.base ? (uint32_t)(now - all.base) : 0;
		return true;
	}
}

static void count_ping(void)
{
	all.pings++;
}

static void turn(struct ws *ws, uint32_t events)
{
	static const struct ws_hears hears = {put_open, take_text, count_ping};
	struct client *c = (struct client *)ws;
	bool ok;

	if (c->stage == STAGE_GONE)
		return;
	if (c->stage == STAGE_CONNECT) {
		c->stage = STAGE_UPGRADE;
		ok = ws_upgrade(ws, events, all.port, all.path, all.protocol);
	} else {
		ok = ws_readable(ws, &hears);
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

static void obey(char *line)
{
	if (strncmp(line, "base ", 5) == 0) {
		all.base = strtoll(line + 5, NULL, 10);
	} else if (strcmp(line, "reset") == 0) {
		all.frames = all.events = all.bytes = all.pings = 0;
		all.ages_n = 0;
	}
	say_stats(strcmp(line, "ages") == 0);
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
	arguments(argc, argv);
	all.clients = calloc((size_t)all.sockets, sizeof(*all.clients));
	all.ages = malloc(AGES_MAX * sizeof(*all.ages));
	if (all.clients == NULL || all.ages == NULL)
		ws_fail("malloc");
	ws_start();
	begin_more();
	while (ws_wait(-1, turn, obey))
		;
	return 0;
}
