/* tests: how many durable writes a second one worker's connections take: votes and scans called as
 * the dispatcher calls them, without a socket. */
#include "services/core/ticket.h"
#include "services/core/service.h"
#include "services/core/token.h"
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
 *	dispatch DSN CONFERENCE KEY_DIR
 *
 * A line on standard input is a job, a line of JSON on standard output its answer:
 *
 *	codes N FILE			N entry codes, each with what is stored of it, a line each
 *	vote QUESTION SECONDS		votes, each by somebody new
 *	admit LIST STATION FILE SECONDS	scans, each of the next code of FILE
 *
 * So many of them are under way at any time; after the time no more begin, and the last answer
 * ends it. The answer says how many were acknowledged, in what time, with how much of our own
 * processor time.
 */

enum { UNDER_WAY = 4096, ARENA = 1 << 16, TEXT = 400 };

static struct {
	uv_loop_t loop;
	const struct method *method;
	const char *conference;
	bool (*params)(struct caller *who, char text[TEXT]); /* false: there are no more */
	char question[UUID_SIZE], list[UUID_SIZE], station[UUID_SIZE];
	FILE *codes;
	uint64_t acked, faults, until_ns, state;
	int under_way, ready;
	bool over;
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

static bool next_vote(struct caller *who, char text[TEXT])
{
	who->roles = ROLE_ATTENDEE;
	somebody(who->person);
	snprintf(text, TEXT, "{\"question\":\"%s\",\"value\":1,\"seq\":1}", bench.question);
	return true;
}

static bool next_scan(struct caller *who, char text[TEXT])
{
	char code[32], scan[UUID_SIZE];

	if (fscanf(bench.codes, "%31s %*[^\n]", code) != 1)
		return false;
	who->roles = ROLE_KIOSK;
	memcpy(who->station, bench.station, UUID_SIZE);
	memcpy(who->list, bench.list, UUID_SIZE);
	somebody(scan);
	snprintf(text, TEXT, "{\"list\":\"%s\",\"code\":\"%s\",\"scan_id\":\"%s\"}", bench.list,
		 code, scan);
	return true;
}

static void ended(struct request *rq);

/* As gateway/dispatch.c does it: text, JSON, fields, handler. */
static void one_more(void)
{
	struct arena *arena = arena_create(ARENA);
	struct request *rq = arena_alloc(arena, sizeof(*rq));
	char text[TEXT];
	json_t *params;
	fault f;

	*rq = (struct request){.arena = arena, .method = bench.method, .end = ended};
	snprintf(rq->caller.conference, UUID_SIZE, "%s", bench.conference);
	if (!bench.params(&rq->caller, text)) {
		bench.over = true;
		arena_destroy(arena);
		return;
	}
	params = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	rq->params = arena_alloc(arena, bench.method->params_size);
	f = fields_decode(arena, bench.method->fields, params, rq->params, &rq->fault_field);
	bench.under_way++;
	if (f == OK)
		f = bench.method->run(rq);
	json_decref(params);
	if (f != OK)
		request_finish(rq, f);
}

static void ended(struct request *rq)
{
	bool first = rq->fault != OK && bench.faults++ == 0;

	if (first)
		fprintf(stderr, "dispatch: %s\n", rq->fault->code);
	bench.acked += rq->fault == OK;
	arena_destroy(rq->arena);
	bench.under_way--;
	if (!bench.over && uv_hrtime() < bench.until_ns && bench.faults < UNDER_WAY)
		one_more();
}

static uint64_t cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	       (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void run(const char *method, bool (*params)(struct caller *, char *), double seconds)
{
	uint64_t began = uv_hrtime(), cpu = cpu_us();
	uint64_t batches = db_figures()->merged_batches, commands = db_figures()->merged_commands;
	double took;

	bench.method = method_find(method);
	bench.params = params;
	bench.over = false;
	bench.acked = bench.faults = 0;
	bench.until_ns = began + (uint64_t)(seconds * 1e9);
	for (int i = 0; i < UNDER_WAY && !bench.over; i++)
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

static void write_codes(long n, const char *file)
{
	FILE *f = fopen(file, "w");

	for (long i = 0; f != NULL && i < n; i++) {
		struct arena *arena = arena_create(ARENA);
		const char *code = entry_code_make(arena);

		fprintf(f, "%s %s %s %s\n", code, code_hash(arena, "entry", code),
			ticket_row(arena, bench.conference, code), code_seal(arena, code));
		arena_destroy(arena);
	}
	printf("{\"codes\":%ld}\n", f != NULL && fclose(f) == 0 ? n : 0);
	fflush(stdout);
}

static void job(const char *line)
{
	char file[256];
	double seconds;
	long n;

	if (sscanf(line, "codes %ld %255s", &n, file) == 2) {
		write_codes(n, file);
	} else if (sscanf(line, "vote %36s %lf", bench.question, &seconds) == 2) {
		run("qa.vote", next_vote, seconds);
	} else if (sscanf(line, "admit %36s %36s %255s %lf", bench.list, bench.station, file,
			  &seconds) == 4 &&
		   (bench.codes = fopen(file, "r")) != NULL) {
		run("checkin.admit", next_scan, seconds);
		fclose(bench.codes);
	} else {
		printf("{\"error\":\"no such job\"}\n");
		fflush(stdout);
	}
}

static void ready(bool ok)
{
	bench.ready = ok ? 1 : -1;
}

int main(int argc, char **argv)
{
	char line[512];
	struct timespec t;

	if (argc != 4 || keys_load(argv[3], false) != NULL) {
		fprintf(stderr, "usage: dispatch DSN CONFERENCE KEY_DIR\n");
		return 2;
	}
	clock_gettime(CLOCK_REALTIME, &t);
	bench.state = (uint64_t)t.tv_sec * 1000000007u + (uint64_t)t.tv_nsec;
	bench.conference = argv[2];
	uv_loop_init(&bench.loop);
	db_start(&bench.loop, argv[1], ready);
	while (bench.ready == 0)
		uv_run(&bench.loop, UV_RUN_ONCE);
	if (bench.ready < 0)
		return 1;
	while (fgets(line, sizeof(line), stdin) != NULL)
		job(line);
	db_stop();
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	return 0;
}
