/* tests: how many durable votes a second one worker's connections take: qa.vote called as the
 * dispatcher calls it, without a socket. */
#include "services/core/service.h"
#include "services/db/db_loop.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <uv.h>

/*
 *	qavotes DSN CONFERENCE
 *
 * A line on standard input, `QUESTION SECONDS`, is a run: each vote by somebody new, so many of
 * them under way at any time; after the time no more begin, and the last answer ends it. One line
 *of JSON says how many were acknowledged, in what time, with how much of our own processor time.
 */

enum { UNDER_WAY = 4096, ARENA = 1 << 16 };

static struct {
	uv_loop_t loop;
	const struct method *vote;
	const char *conference;
	char question[UUID_SIZE];
	uint64_t acked, faults, until_ns, state;
	int under_way, ready;
} bench;

static uint64_t next_random(void)
{
	bench.state ^= bench.state << 13;
	bench.state ^= bench.state >> 7;
	bench.state ^= bench.state << 17;
	return bench.state;
}

static void somebody(char person[UUID_SIZE])
{
	uint64_t a = next_random(), b = next_random();

	snprintf(person, UUID_SIZE, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(a & 0xffffffff),
		 (unsigned)(a >> 32 & 0xffff), (unsigned)(a >> 48 & 0xfff), (unsigned)(b & 0xfff),
		 (unsigned long long)(b >> 16 & 0xffffffffffff));
}

static void ended(struct request *rq);

/* As gateway/dispatch.c does it: text, JSON, fields, handler. */
static void one_more(void)
{
	struct arena *arena = arena_create(ARENA);
	struct request *rq = arena_alloc(arena, sizeof(*rq));
	char text[160];
	json_t *params;
	fault f;

	*rq = (struct request){.arena = arena, .method = bench.vote, .end = ended};
	rq->caller.roles = ROLE_ATTENDEE;
	snprintf(rq->caller.conference, UUID_SIZE, "%s", bench.conference);
	somebody(rq->caller.person);
	snprintf(text, sizeof(text), "{\"question\":\"%s\",\"value\":1,\"seq\":1}", bench.question);
	params = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	rq->params = arena_alloc(arena, bench.vote->params_size);
	f = fields_decode(arena, bench.vote->fields, params, rq->params, &rq->fault_field);
	bench.under_way++;
	if (f == OK)
		f = bench.vote->run(rq);
	json_decref(params);
	if (f != OK)
		request_finish(rq, f);
}

static void ended(struct request *rq)
{
	bool first = rq->fault != OK && bench.faults++ == 0;

	if (first)
		fprintf(stderr, "qavotes: %s\n", rq->fault->code);
	bench.acked += rq->fault == OK;
	arena_destroy(rq->arena);
	bench.under_way--;
	if (uv_hrtime() < bench.until_ns && bench.faults < UNDER_WAY)
		one_more();
}

static uint64_t cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	       (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void run(double seconds)
{
	uint64_t began = uv_hrtime(), cpu = cpu_us();
	uint64_t batches = db_figures()->merged_batches, commands = db_figures()->merged_commands;
	double took;

	bench.acked = bench.faults = 0;
	bench.until_ns = began + (uint64_t)(seconds * 1e9);
	for (int i = 0; i < UNDER_WAY; i++)
		one_more();
	while (bench.under_way > 0)
		uv_run(&bench.loop, UV_RUN_ONCE);
	took = (double)(uv_hrtime() - began) / 1e9;
	batches = db_figures()->merged_batches - batches;
	commands = db_figures()->merged_commands - commands;
	printf("{\"acked\":%llu,\"faults\":%llu,\"seconds\":%.3f,\"cpu_us\":%llu,\"batches\":%llu,"
	       "\"a_batch\":%.1f}\n",
	       (unsigned long long)bench.acked, (unsigned long long)bench.faults, took,
	       (unsigned long long)(cpu_us() - cpu), (unsigned long long)batches,
	       batches > 0 ? (double)commands / (double)batches : 0.0);
	fflush(stdout);
}

static void ready(bool ok)
{
	bench.ready = ok ? 1 : -1;
}

int main(int argc, char **argv)
{
	char line[128];
	double seconds;
	struct timespec t;

	if (argc != 3) {
		fprintf(stderr, "usage: qavotes DSN CONFERENCE\n");
		return 2;
	}
	clock_gettime(CLOCK_REALTIME, &t);
	bench.state = (uint64_t)t.tv_sec * 1000000007u + (uint64_t)t.tv_nsec;
	bench.conference = argv[2];
	bench.vote = method_find("qa.vote");
	uv_loop_init(&bench.loop);
	db_start(&bench.loop, argv[1], ready);
	while (bench.ready == 0)
		uv_run(&bench.loop, UV_RUN_ONCE);
	if (bench.ready < 0 || bench.vote == NULL)
		return 1;
	while (fgets(line, sizeof(line), stdin) != NULL)
		if (sscanf(line, "%36s %lf", bench.question, &seconds) == 2)
			run(seconds);
	db_stop();
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	return 0;
}
