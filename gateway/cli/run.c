/* gateway/cli: the services in this process: connect, call, wait, print. */
#include "gateway/cli/cli.h"
#include "gateway/dispatch.h"
#include "services/core/clock.h"
#include "services/core/json.h"
#include "services/core/text.h"
#include "services/core/token.h"
#include "services/db/db_loop.h"
#include "services/feeds/feeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { CONNECT_MS = 20000, ARENA = 1 << 30 };

static uv_loop_t loop;
static bool connected, wrong_schema;

static void on_ready(bool ok)
{
	connected = ok;
	wrong_schema = !ok;
}

static void on_tick(uv_timer_t *timer)
{
	(void)timer;
}

/* Runs the loop until *done or the time is up. */
static void wait_for(const bool *done, const bool *other, uint64_t ms)
{
	uv_timer_t tick;
	uint64_t end = clock_ms() + ms;

	uv_timer_init(&loop, &tick);
	uv_timer_start(&tick, on_tick, 50, 50);
	while (!*done && !(other != NULL && *other) && (ms == 0 || clock_ms() < end))
		uv_run(&loop, UV_RUN_ONCE);
	uv_timer_stop(&tick);
	uv_close((uv_handle_t *)&tick, NULL);
	uv_run(&loop, UV_RUN_NOWAIT);
}

static bool start(struct cli *cli)
{
	const char *wrong;

	if (cli->running)
		return true;
	if (cli->config.dsn == NULL) {
		fputs("plenum: no dsn: set PLENUM_DSN, or --config FILE\n", stderr);
		return false;
	}
	if (cli->config.key_dir != NULL) {
		wrong = keys_load(cli->config.key_dir, true);
		if (wrong != NULL) {
			fprintf(stderr, "plenum: %s\n", wrong);
			return false;
		}
	}
	feeds_start(cli->config.base_url);
	uv_loop_init(&loop);
	db_start(&loop, cli->config.dsn, on_ready);
	wait_for(&connected, &wrong_schema, CONNECT_MS);
	if (!connected)
		fputs(
		    wrong_schema
			? "plenum: the database is of another schema version; run plenum migrate\n"
			: "plenum: the database cannot be reached\n",
		    stderr);
	cli->running = connected;
	return connected;
}

struct wait {
	bool done;
	struct cli_result *result;
};

static char *copy(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

static void ended(struct request *rq)
{
	struct wait *wait = rq->end_data;
	struct cli_result *r = wait->result;

	r->fault = rq->fault;
	r->fault_field = copy(rq->fault_field);
	r->fault_current = copy(rq->fault_current);
	if (rq->fault == OK) {
		r->text = xcalloc(1, rq->result_size + 1);
		memcpy(r->text, rq->result, rq->result_size);
		r->size = rq->result_size;
		r->json = json_loadb(r->text, r->size, 0, NULL);
	}
	wait->done = true;
	request_destroy(rq);
}

static int call_in(struct cli *cli, const char *conference, const char *method,
		   const json_t *params, struct cli_result *ret)
{
	struct wait wait = {.result = ret};
	struct request *rq = request_create(ARENA);
	const struct method *m = method_find(method);
	json_t *with_key = params != NULL ? json_copy((json_t *)params) : json_object();

	if (m != NULL && (m->flags & METHOD_KEY) && json_object_get(with_key, "key") == NULL)
		json_object_set_new(with_key, "key", json_string(random_uuid(rq->arena)));
	snprintf(rq->caller.conference, UUID_SIZE, "%s", conference);
	rq->caller.roles = ROLE_ORGANISER;
	if (cli->as != NULL)
		text_copy(rq->caller.person, UUID_SIZE, cli->as);
	rq->end = ended;
	rq->end_data = &wait;
	dispatch(rq, method, with_key, VIA_CLI);
	wait_for(&wait.done, NULL, 0);
	json_decref(with_key);
	return ret->fault == OK ? 0 : EXIT_REFUSED;
}

int cli_call_global(struct cli *cli, const char *method, const json_t *params,
		    struct cli_result *ret)
{
	*ret = (struct cli_result){0};
	if (!start(cli)) {
		ret->fault = &fault_busy;
		return EXIT_REFUSED;
	}
	return call_in(cli, "", method, params, ret);
}

static bool find_conference(struct cli *cli, struct cli_result *ret)
{
	json_t *params = json_pack("{s:s}", "slug", cli->into != NULL ? cli->into : "");
	const char *id;
	bool ok;

	ok = call_in(cli, "", "session.by_guest", params, ret) == 0;
	json_decref(params);
	if (!ok)
		return false;
	id = json_string_value(json_object_get(json_object_get(ret->json, "caller"), "conference"));
	snprintf(cli->conference, sizeof(cli->conference), "%s", id != NULL ? id : "");
	cli_result_finish(ret);
	return id != NULL;
}

int cli_call(struct cli *cli, const char *method, const json_t *params, struct cli_result *ret)
{
	*ret = (struct cli_result){0};
	if (!start(cli)) {
		ret->fault = &fault_busy;
		return EXIT_REFUSED;
	}
	if (cli->conference[0] == 0 && !find_conference(cli, ret))
		return EXIT_REFUSED;
	return call_in(cli, cli->conference, method, params, ret);
}

bool cli_conference(struct cli *cli, struct cli_result *ret)
{
	*ret = (struct cli_result){0};
	if (!start(cli)) {
		ret->fault = &fault_busy;
		return false;
	}
	return cli->conference[0] != 0 || find_conference(cli, ret);
}

void cli_wait(const bool *done)
{
	wait_for(done, NULL, 0);
}

void cli_result_finish(struct cli_result *r)
{
	free(r->text);
	free(r->fault_field);
	free(r->fault_current);
	json_decref(r->json);
	*r = (struct cli_result){0};
}

int cli_refused(const struct cli *cli, const struct cli_result *r)
{
	fault f = r->fault != OK ? r->fault : &fault_internal;
	struct buffer b = {0};

	if (!cli->json) {
		fprintf(stderr, "plenum: %s: %s%s%s\n", f->code, f->text,
			r->fault_field != NULL ? " In: " : "",
			r->fault_field != NULL ? r->fault_field : "");
		return EXIT_REFUSED;
	}
	buffer_printf(&b, "{\"fault\":\"%s\",\"message\":", f->code);
	buffer_json(&b, f->text);
	if (r->fault_field != NULL) {
		buffer_text(&b, ",\"field\":");
		buffer_json(&b, r->fault_field);
	}
	if (r->fault_current != NULL)
		buffer_printf(&b, ",\"current\":%s", r->fault_current);
	printf("%s}\n", b.bytes);
	buffer_finish(&b);
	return EXIT_REFUSED;
}

int cli_print(const struct cli_result *r)
{
	fwrite(r->text, 1, r->size, stdout);
	if (r->json != NULL)
		fputc('\n', stdout);
	return 0;
}

char *cli_read_file(const char *path, size_t max, size_t *ret_size)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *bytes = NULL;
	size_t size = 0, room = 0, n = 1;

	if (in == NULL) {
		fprintf(stderr, "plenum: cannot read %s\n", path);
		return NULL;
	}
	while (n > 0 && size <= max) {
		if (room - size < 65536) {
			room = room * 2 + 131072;
			bytes = xrealloc(bytes, room);
		}
		n = fread(bytes + size, 1, room - size - 1, in);
		size += n;
	}
	if (in != stdin)
		fclose(in);
	if (size > max) {
		fprintf(stderr, "plenum: %s is larger than %zu bytes\n", path, max);
		free(bytes);
		return NULL;
	}
	bytes[size] = 0;
	*ret_size = size;
	return bytes;
}

static void take_out(int *argc, char **argv, int at, int n)
{
	for (int i = at; i + n <= *argc; i++)
		argv[i] = argv[i + n];
	*argc -= n;
}

const char *cli_option(int *argc, char **argv, const char *name)
{
	for (int i = 0; i + 1 < *argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0) {
			const char *value = argv[i + 1];

			take_out(argc, argv, i, 2);
			return value;
		}
	}
	return NULL;
}

bool cli_flag(int *argc, char **argv, const char *name)
{
	for (int i = 0; i < *argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0) {
			take_out(argc, argv, i, 1);
			return true;
		}
	}
	return false;
}
