/* tests/support: calls methods of the services straight from a test, on a real loop and a real
 * database. */
#include "tests/support/call.h"

#include "services/core/token.h"
#include "services/db/db_loop.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum { CALLS_MAX = 1024, JSON_MAX = 65536 };

static uv_loop_t loop;
static PGconn *conn;
static struct arena *memory;
static char key_dir[] = "/tmp/plenum-test-keys-XXXXXX";
static json_t *parsed[JSON_MAX];
static int parsed_count;
static int ready_state;
static int64_t came_ms;

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "test support: %s: %s\n", what, why);
	exit(2);
}

static void ready(bool ok)
{
	ready_state = ok ? 1 : -1;
}

bool call_start(void)
{
	const char *dsn = getenv("PLENUM_TEST_DSN");
	const char *owner = getenv("PLENUM_TEST_OWNER_DSN");
	const char *why;

	if (!dsn)
		return false;
	memory = arena_create((size_t)512 << 20);
	if (!mkdtemp(key_dir))
		die("mkdtemp", key_dir);
	why = keys_load(key_dir, true);
	if (why)
		die("keys_load", why);
	/* What a test sets up and looks at by hand; the services go by the application's role. */
	conn = PQconnectdb(owner ? owner : dsn);
	if (PQstatus(conn) != CONNECTION_OK)
		die("connect", PQerrorMessage(conn));
	uv_loop_init(&loop);
	db_start(&loop, dsn, ready);
	while (!ready_state)
		uv_run(&loop, UV_RUN_ONCE);
	if (ready_state < 0)
		die("db_start", "the database is not ready");
	return true;
}

void call_stop(void)
{
	static const char *const names[] = {"session.key", "device.key", "script.key", "code.key",
					    "seal.key"};

	db_stop();
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	PQfinish(conn);
	for (int i = 0; i < parsed_count; i++)
		json_decref(parsed[i]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(arena_printf(memory, "%s/%s", key_dir, names[i]));
	rmdir(key_dir);
	arena_destroy(memory);
}

static json_t *keep(json_t *json)
{
	if (!json)
		return NULL;
	if (parsed_count == JSON_MAX)
		die("keep", "too many results");
	return parsed[parsed_count++] = json;
}

static void ended(struct request *rq)
{
	*(bool *)rq->end_data = true;
}

/* The key and the hash of all the rest, as the dispatcher takes them. */
static fault take_key(struct request *rq, json_t *params)
{
	const char *key = json_string_value(json_object_get(params, "key"));
	char *body;

	if (!(rq->method->flags & METHOD_KEY))
		return OK;
	if (!key) {
		rq->fault_field = "key";
		return &fault_bad_request;
	}
	rq->key = arena_strdup(rq->arena, key);
	json_object_del(params, "key");
	body = json_dumps(params, JSON_SORT_KEYS | JSON_COMPACT);
	const char *text = arena_printf(rq->arena, "%s%s", rq->method->name, body);
	free(body);
	rq->body_hash = sha256_bytea(rq->arena, text, strlen(text));
	return OK;
}

static fault begin(struct request *rq, const struct call *call)
{
	json_t *params;
	fault f;

	rq->method = method_find(call->method);
	if (!rq->method)
		return &fault_no_method;
	if (!(rq->method->roles & rq->caller.roles) &&
	    !(rq->method->flags & (METHOD_AUTH | METHOD_CLI)))
		return &fault_denied;
	params = keep(json_loads(call->params ? call->params : "{}", JSON_REJECT_DUPLICATES, NULL));
	if (!params)
		return &fault_parse;
	f = take_key(rq, params);
	if (f)
		return f;
	rq->params = arena_alloc(rq->arena, rq->method->params_size ? rq->method->params_size : 1);
	if (rq->method->fields) {
		f = fields_decode(rq->arena, rq->method->fields, params, rq->params,
				  &rq->fault_field);
		if (f)
			return f;
	}
	return rq->method->run(rq);
}

static struct request request_make(const struct caller *who, bool *done)
{
	struct request rq = {
	    .arena = arena_create((size_t)64 << 20), .address = "127.0.0.1", .end = ended};

	if (who)
		rq.caller = *who;
	rq.end_data = done;
	return rq;
}

static void begun(struct request *rq, fault f, const bool *done)
{
	/* Whoever begins a request still holds it: it must not be gone when its beginning returns.
	 */
	if (*done)
		die("a request ended", "inside its own beginning");
	if (f || rq->result)
		request_finish(rq, f);
}

static void wait_for(const bool *done)
{
	while (!*done)
		uv_run(&loop, UV_RUN_ONCE);
}

static const char *keep_text(const char *s)
{
	return s ? arena_strdup(memory, s) : NULL;
}

static struct call_result take(struct request *rq)
{
	struct call_result r = {.http_status = rq->http_status,
				.retry_after_ms = rq->retry_after_ms,
				.last_modified = rq->last_modified};

	r.cookie = keep_text(rq->cookie);
	r.etag = keep_text(rq->etag);
	r.content_type = keep_text(rq->content_type);
	if (rq->fault) {
		r.fault = rq->fault->code;
		r.field = keep_text(rq->fault_field);
		r.current = keep_text(rq->fault_current);
	} else if (rq->result) {
		r.text = arena_strndup(memory, rq->result, rq->result_size);
		r.size = rq->result_size;
		r.json = keep(json_loadb(r.text, r.size, 0, NULL));
	}
	arena_destroy(rq->arena);
	return r;
}

void call_came(int64_t unix_ms)
{
	came_ms = unix_ms;
}

void call_methods(const struct call *calls, int n, struct call_result *ret)
{
	static struct request requests[CALLS_MAX];
	static bool done[CALLS_MAX];

	if (n > CALLS_MAX)
		die("call_methods", "too many");
	for (int i = 0; i < n; i++) {
		done[i] = false;
		requests[i] = request_make(calls[i].who, &done[i]);
		requests[i].received_ms = came_ms;
		begun(&requests[i], begin(&requests[i], &calls[i]), &done[i]);
	}
	for (int i = 0; i < n; i++) {
		wait_for(&done[i]);
		ret[i] = take(&requests[i]);
	}
}

struct call_result call_method(const char *method, const char *params, const struct caller *who)
{
	struct call call = {method, params, who};
	struct call_result r;

	call_methods(&call, 1, &r);
	return r;
}

struct call_result call_document(const char *name, const struct caller *who)
{
	bool done = false;

	for (const struct service *const *s = services; *s; s++) {
		for (const struct document *d = (*s)->documents; d && d->name; d++) {
			if (strcmp(d->name, name) != 0)
				continue;
			struct request rq = request_make(who, &done);
			begun(&rq, d->run(&rq), &done);
			wait_for(&done);
			return take(&rq);
		}
	}
	die("no such document", name);
}

struct call_result call_job(fault (*run)(struct request *rq, void *data), void *data)
{
	bool done = false;
	struct request rq = request_make(NULL, &done);

	begun(&rq, run(&rq, data), &done);
	wait_for(&done);
	return take(&rq);
}

static const struct channel_kind *kind_find(const char *kind, const char *suffix)
{
	for (const struct service *const *s = services; *s; s++)
		for (const struct channel_kind *k = (*s)->channels; k && k->kind; k++)
			if (strcmp(k->kind, kind) == 0 && !k->suffix == !suffix &&
			    (!suffix || strcmp(k->suffix, suffix) == 0))
				return k;
	die("no such channel kind", kind);
}

static json_t *cell(const PGresult *rows, const char *column)
{
	int i = PQfnumber(rows, column);
	json_t *json;

	if (i < 0 || PQgetisnull(rows, 0, i))
		return json_null();
	json = json_loads(PQgetvalue(rows, 0, i), JSON_DECODE_ANY, NULL);
	if (!json)
		die("snapshot is no JSON", PQgetvalue(rows, 0, i));
	return json;
}

json_t *call_snapshot(const char *kind, const char *suffix, const char *conference, const char *id)
{
	const char *const values[] = {conference, id};
	const char *text = sql_queries[kind_find(kind, suffix)->snapshot].text;
	PGresult *rows = PQexecParams(conn, text, 2, NULL, values, NULL, NULL, 0);
	json_t *json = NULL;

	if (PQresultStatus(rows) != PGRES_TUPLES_OK)
		die("snapshot", PQerrorMessage(conn));
	if (PQntuples(rows) > 0) {
		json = keep(json_object());
		json_object_set_new(json, "head", cell(rows, "head"));
		json_object_set_new(json, "snapshot", cell(rows, "snapshot"));
		json_object_set_new(json, "tally", cell(rows, "tally"));
	}
	PQclear(rows);
	return json;
}

static const char *text_of(const char *format, va_list args)
{
	char *s;
	const char *kept;

	if (vasprintf(&s, format, args) < 0)
		die("text", "out of memory");
	kept = arena_strdup(memory, s);
	free(s);
	return kept;
}

const char *call_text(const char *format, ...)
{
	va_list args;
	const char *s;

	va_start(args, format);
	s = text_of(format, args);
	va_end(args);
	return s;
}

const char *call_sql(const char *format, ...)
{
	va_list args;
	const char *s, *value = NULL;
	PGresult *rows;

	va_start(args, format);
	s = text_of(format, args);
	va_end(args);
	rows = PQexec(conn, s);
	if (PQresultStatus(rows) != PGRES_TUPLES_OK && PQresultStatus(rows) != PGRES_COMMAND_OK)
		die(s, PQerrorMessage(conn));
	if (PQntuples(rows) > 0 && PQnfields(rows) > 0 && !PQgetisnull(rows, 0, 0))
		value = arena_strdup(memory, PQgetvalue(rows, 0, 0));
	PQclear(rows);
	return value;
}

const char *call_uuid(void)
{
	return random_uuid(memory);
}

const char *call_conference(const char *slug)
{
	return call_sql(
	    "insert into conference (slug, title, zone, starts, ends) "
	    "select '%s', 'Test', 'Europe/Copenhagen', d, d "
	    "from (select (now() at time zone 'Europe/Copenhagen')::date) x(d) returning id",
	    slug);
}

struct caller call_person(const char *conference, const char *name, unsigned roles)
{
	static const char *const names[] = {"attendee", "speaker",   "moderator", "desk",
					    "reviewer", "organiser", "juror"};
	struct caller who = {.roles = roles};
	const char *person = call_sql(
	    "with p as (insert into person (conference, email, name) values ('%s', "
	    "lower(replace('%s', ' ', '.')) || '-' || left(gen_random_uuid()::text, 8) || "
	    "'@example.org', '%s') returning id, conference), r as (insert into registration "
	    "(person, conference) select id, conference from p) select id from p",
	    conference, name, name);

	snprintf(who.conference, sizeof who.conference, "%s", conference);
	snprintf(who.person, sizeof who.person, "%s", person);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (roles & role_of(names[i]))
			call_sql("insert into role_grant (conference, person, role) values ('%s', "
				 "'%s', '%s')",
				 conference, person, names[i]);
	return who;
}
