/* tests/services: asking, its limits, its windows. */
#include "tests/services/qa_hall.h"

static void ask_and_ask_again(void **state)
{
	struct hall h = hall_make();
	const char *id = call_uuid();
	struct call_result r;

	(void)state;
	r = call_method("qa.ask", ask_params(id, h.talk, "Why \\\"quote\\\" {a,b} \\\\ NULL?"),
			&h.ann);
	assert_fine(&r);
	assert_string_equal(member(&r, "question"), id);
	assert_string_equal(member(&r, "state"), "pending");
	assert_int_equal(number(&r, "version"), 1);
	assert_non_null(json_object_get(json_object_get(r.json, "positions"),
					call_text("talk:%s:mod", h.talk)));
	assert_string_equal(call_sql("select text from question where id = '%s'", id),
			    "Why \"quote\" {a,b} \\ NULL?");

	r = call_method("qa.ask", ask_params(id, h.talk, "Why \\\"quote\\\" {a,b} \\\\ NULL?"),
			&h.ann);
	assert_fine(&r);
	assert_string_equal(member(&r, "state"), "pending");
	assert_int_equal(count("select count(*) from question where id = '%s'", id), 1);

	r = call_method("qa.ask", ask_params(id, h.talk, "Something else"), &h.ann);
	assert_fault(&r, "key.reused");
	r = call_method("qa.ask",
			ask_params(id, h.other_talk, "Why \\\"quote\\\" {a,b} \\\\ NULL?"), &h.ann);
	assert_fault(&r, "key.reused");
	r = call_method("qa.ask", ask_params(id, h.talk, "Why \\\"quote\\\" {a,b} \\\\ NULL?"),
			&h.bob);
	assert_fault(&r, "key.reused");
	r = call_method("qa.ask",
			ask_params(call_uuid(), h.talk, "Why \\\"quote\\\" {a,b} \\\\ NULL?"),
			&h.ann);
	assert_fault(&r, "qa.duplicate");
	r = call_method("qa.ask", ask_params(call_uuid(), call_uuid(), "Where?"), &h.ann);
	assert_fault(&r, "not_found");
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "Who?"),
			&(struct caller){.roles = ROLE_GUEST});
	assert_fault(&r, "denied");
}

static void ask_at_once(void **state)
{
	struct hall h = hall_make();
	const char *a = call_uuid();
	const struct call calls[] = {
	    {"qa.ask", ask_params(call_uuid(), h.talk, "opens the batch"), &h.bob},
	    {"qa.ask", ask_params(a, h.talk, "same"), &h.ann},
	    {"qa.ask", ask_params(a, h.talk, "same"), &h.ann},
	    {"qa.ask", ask_params(a, h.talk, "same"), &h.bob},
	    {"qa.ask", ask_params(call_uuid(), h.talk, "same"), &h.ann},
	    {"qa.ask", ask_params(call_uuid(), h.talk, "same"), &h.bob},
	};
	struct call_result r[6];

	(void)state;
	call_methods(calls, 6, r);
	assert_fine(&r[0]);
	assert_fine(&r[1]);
	assert_fine(&r[2]);
	assert_fault(&r[3], "key.reused");
	assert_fault(&r[4], "qa.duplicate");
	assert_fine(&r[5]);
	assert_int_equal(count("select count(*) from question where talk = '%s'", h.talk), 3);
}

static void ask_sizes(void **state)
{
	struct hall h = hall_make();
	char plain[502], wide[2001];
	struct call_result r;

	(void)state;
	memset(plain, 'x', 501);
	plain[501] = 0;
	for (int i = 0; i < 500; i++)
		memcpy(wide + (size_t)i * 4, "\xf0\x9f\x92\x8a", 4);
	wide[2000] = 0;
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, ""), &h.ann);
	assert_fault(&r, "bad_request");
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "  \\n "), &h.ann);
	assert_fault(&r, "bad_request");
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, plain), &h.ann);
	assert_fault(&r, "limit.size");
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, plain + 1), &h.ann);
	assert_fine(&r);
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, wide), &h.ann);
	assert_fine(&r);
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, wide), &h.ann);
	assert_fault(&r, "qa.duplicate");
}

static void ask_the_eleventh(void **state)
{
	struct hall h = hall_make();
	struct call_result r;

	(void)state;
	for (int i = 0; i < 10; i++)
		asked(&h, &h.ann, call_text("question %d", i));
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "one more"), &h.ann);
	assert_fault(&r, "limit.rate");
	assert_int_equal(count("select count(*) from question where talk = '%s'", h.talk), 10);
	/* The limit is a talk's. */
	r = call_method("qa.ask", ask_params(call_uuid(), h.other_talk, "elsewhere"), &h.ann);
	assert_fine(&r);
}

/* Three at once, then one every 15 s: whatever the talk, and whoever else asks meanwhile. */
static void ask_too_fast(void **state)
{
	struct hall h = hall_make();
	const char *first = call_uuid();
	struct call calls[100];
	struct call_result r[100];
	int fine = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		calls[i] = (struct call){"qa.ask",
					 ask_params(i == 0 ? first : call_uuid(),
						    i % 2 ? h.talk : h.other_talk,
						    call_text("question %d", i)),
					 i == 50 ? &h.bob : &h.ann};
	call_methods(calls, 100, r);
	for (int i = 0; i < 100; i++) {
		fine += r[i].fault == NULL;
		if (i == 50) {
			assert_fine(&r[i]);
			continue;
		}
		if (r[i].fault != NULL) {
			assert_string_equal(r[i].fault, "limit.rate");
			assert_in_range(r[i].retry_after_ms, 1, 45000);
		}
	}
	assert_int_equal(fine, 4);
	assert_int_equal(
	    count("select count(*) from question where conference = '%s'", h.conference), 4);
	/* What is told again is not asked again. */
	call_methods(calls, 1, r);
	assert_fine(&r[0]);
	a_minute_later(&h);
	r[0] = call_method("qa.ask", ask_params(call_uuid(), h.talk, "after a rest"), &h.ann);
	assert_fine(&r[0]);
}

/* Another worker's question of the same person is in flight: the place it takes is not given twice.
 */
static void ask_between_workers(void **state)
{
	struct hall h = hall_make();
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(other,
		       call_text("insert into question (id, conference, talk, person, text, nth, "
				 "asked_at) values (gen_random_uuid(), '%s', '%s', '%s', "
				 "'theirs', 1, now())",
				 h.conference, h.talk, h.ann.person)));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "ours"), &h.ann);
	assert_fine(&r);
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_int_equal(
	    count("select count(distinct nth) from question where talk = '%s'", h.talk), 2);
}

static void windows(void **state)
{
	static const struct {
		const char *at;
		bool open;
	} edges[] = {{"2021-04-30T23:59:59.000+02:00", false},
		     {"2021-05-01T00:00:01.000+02:00", true},
		     {"2021-05-02T10:14:40.000+02:00", true},
		     {"2021-05-02T10:15:03.000+02:00", false},
		     {"2021-06-01T10:15:00.000+02:00", false}};
	struct hall h = hall_make();
	const char *q = asked(&h, &h.bob, "Vote for me");
	struct call_result r;

	(void)state;
	move("qa.approve", q, 1, &h.mod);
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		const char *vote =
		    call_text("{\"question\":\"%s\",\"value\":1,\"seq\":%zu}", q, i + 1);

		clock_at(&h, edges[i].at);
		r = call_method("qa.ask", ask_params(call_uuid(), h.talk, call_text("edge %zu", i)),
				&h.ann);
		if (edges[i].open)
			assert_fine(&r);
		else
			assert_fault(&r, "qa.closed");
		r = call_method("qa.vote", vote, &h.ann);
		if (edges[i].open)
			assert_fine(&r);
		else
			assert_fault(&r, "qa.closed");
		r = call_method("qa.list", call_text("{\"talk\":\"%s\"}", h.talk), &h.ann);
		assert_int_equal(
		    json_is_true(json_object_get(json_object_get(r.json, "window"), "ask")),
		    edges[i].open);
	}
	clock_at(&h, "2021-05-02T09:00:00+02:00");
	call_sql("update published set cancelled = true where slot = '%s'", h.slot);
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "cancelled"), &h.ann);
	assert_fault(&r, "qa.closed");
	call_sql("delete from published where slot = '%s'", h.slot);
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "no slot"), &h.ann);
	assert_fault(&r, "qa.closed");
	r = move("qa.stage", q, 2, &h.mod);
	assert_fault(&r, "qa.state");
}

static void window_set(void **state)
{
	struct hall h = hall_make();
	const char *key = call_uuid();
	const char *params =
	    call_text("{\"talk\":\"%s\",\"ask\":\"closed\",\"key\":\"%s\"}", h.talk, key);
	struct call_result r = call_method("qa.window", params, &h.mod), again;
	json_t *snapshot;

	(void)state;
	assert_fine(&r);
	assert_true(json_is_false(json_object_get(json_object_get(r.json, "window"), "ask")));
	assert_true(json_is_true(json_object_get(json_object_get(r.json, "window"), "vote")));
	again = call_method("qa.window", params, &h.mod);
	assert_fine(&again);
	assert_string_equal(again.text, r.text);
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel "
		  "where type = 'window.changed' and c.conference = '%s'",
		  h.conference),
	    2);
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "closed"), &h.ann);
	assert_fault(&r, "qa.closed");
	clock_at(&h, "2021-08-01T00:00:00+02:00");
	r = call_method(
	    "qa.window",
	    call_text("{\"talk\":\"%s\",\"ask\":\"open\",\"vote\":\"auto\",\"key\":\"%s\"}", h.talk,
		      call_uuid()),
	    &h.mod);
	assert_fine(&r);
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "open"), &h.ann);
	assert_fine(&r);
	r = call_method(
	    "qa.window",
	    call_text("{\"talk\":\"%s\",\"ask\":\"open\",\"key\":\"%s\"}", h.talk, call_uuid()),
	    &h.ann);
	assert_fault(&r, "denied");
	snapshot = json_object_get(call_snapshot("talk", "mod", h.conference, h.talk), "snapshot");
	snapshot = json_object_get(snapshot, "settings");
	assert_string_equal(json_string_value(json_object_get(snapshot, "ask_window")), "open");
	assert_string_equal(json_string_value(json_object_get(snapshot, "vote_window")), "auto");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ask_and_ask_again), cmocka_unit_test(ask_at_once),
	    cmocka_unit_test(ask_sizes),	 cmocka_unit_test(ask_the_eleventh),
	    cmocka_unit_test(ask_too_fast),	 cmocka_unit_test(ask_between_workers),
	    cmocka_unit_test(windows),		 cmocka_unit_test(window_set),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
