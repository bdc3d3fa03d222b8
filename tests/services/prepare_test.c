/* tests/services: a connection and its statements: prepared where they are first used; one that
 * cannot be is an answer; a connection that is gone is found while calls are sent. */
#include "tests/services/qa_hall.h"

#include <libpq-fe.h>

enum { STARS = 5 };

static void begin(struct call *calls, const struct hall *h)
{
	for (int i = 0; i < STARS; i++)
		calls[i] = (struct call){
		    .method = "star.set",
		    .params = call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}",
					h->session, call_uuid()),
		    .who = i % 2 == 0 ? &h->ann : &h->bob,
		};
}

static void a_locked_table(void **state)
{
	struct hall h = hall_make();
	struct call calls[STARS];
	struct call_result r[STARS];

	(void)state;
	begin(calls, &h);
	call_sql("begin");
	call_sql("lock table star in access exclusive mode");
	/* In one pipeline: the first prepares in vain, the others find nothing prepared. */
	call_methods(calls, STARS, r);
	for (int i = 0; i < STARS; i++)
		assert_string_equal(r[i].fault, "busy");
	call_sql("rollback");
	assert_int_equal(count("select count(*) from star where session = '%s'", h.session), 0);

	call_methods(calls, STARS, r);
	for (int i = 0; i < STARS; i++)
		assert_fine(&r[i]);
	assert_int_equal(count("select count(*) from star where session = '%s'", h.session), 2);
	assert_int_equal(count("select count(*) from pg_stat_activity where application_name = "
			       "'public'"),
			 1);
}

static void one_that_fails_stays_prepared(void **state)
{
	struct hall h = hall_make();
	struct call_result r;

	(void)state;
	r = call_method("star.set",
			call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}", call_uuid(),
				  call_uuid()),
			&h.ann);
	assert_fault(&r, "not_found");
	r = call_method(
	    "star.set",
	    call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}", h.session, call_uuid()),
	    &h.ann);
	assert_fine(&r);
}

/* Ends the lane's connection, as the role that it has: another one may not. */
static void ended(void)
{
	PGconn *db = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	PGresult *r = PQexec(db, "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
				 "where application_name = 'public'");

	assert_int_equal(PQntuples(r), 1);
	assert_string_equal(PQgetvalue(r, 0, 0), "t");
	PQclear(r);
	PQfinish(db);
}

/* As a client does: the same again, with the same key, for as long as no connection is up. */
static void again_until_fine(struct call *calls, struct call_result *r)
{
	bool busy = true;

	for (int tries = 0; busy && tries < 20; tries++) {
		busy = false;
		call_methods(calls, STARS, r);
		for (int i = 0; i < STARS; i++)
			busy = busy || (r[i].fault != NULL && strcmp(r[i].fault, "busy") == 0);
	}
	for (int i = 0; i < STARS; i++)
		assert_fine(&r[i]);
}

/* The first to be sent meets a closed socket, the others one that refuses: none of them may end
 * while it is being begun (tests/support/call.c looks), and the next ones find another connection.
 */
static void a_connection_that_is_gone(void **state)
{
	struct hall h = hall_make();
	struct call calls[STARS];
	struct call_result r[STARS];

	(void)state;
	begin(calls, &h);
	call_methods(calls, STARS, r);
	for (int times = 0; times < 5; times++) {
		ended();
		begin(calls, &h);
		call_methods(calls, STARS, r);
		for (int i = 0; i < STARS; i++)
			if (r[i].fault != NULL && strcmp(r[i].fault, "busy") != 0)
				assert_string_equal(r[i].fault, "unknown_outcome");
		again_until_fine(calls, r);
	}
	assert_int_equal(count("select count(*) from star where session = '%s'", h.session), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_locked_table),
	    cmocka_unit_test(one_that_fails_stays_prepared),
	    cmocka_unit_test(a_connection_that_is_gone),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
