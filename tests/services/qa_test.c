/* tests/services: questions, votes and moderation, on a real database. */
#include "services/core/service.h"
#include "tests/support/call.h"

#include <jansson.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A conference at 09:00 on 2 May 2021; one room, two talks of one session from 09:00 to 10:00. */
struct hall {
	const char *conference, *room, *session, *slot, *talk, *other_talk;
	struct caller ann, bob, mod;
};

static int halls;

static void clock_at(const struct hall *h, const char *at)
{
	call_sql("update conference set clock_offset = timestamptz '%s' - now() where id = '%s'",
		 at, h->conference);
}

static struct hall hall_make(void)
{
	struct hall h;
	const char *c = call_conference(call_text("qa-%d", halls++));

	h.conference = c;
	clock_at(&h, "2021-05-02T09:00:00+02:00");
	h.room = call_sql("insert into room (conference, guid, name) values ('%s', 'r', 'Hall') "
			  "returning id",
			  c);
	h.session = call_sql("insert into session (conference, guid, number, title) values ('%s', "
			     "gen_random_uuid(), 1, 'S') returning id",
			     c);
	h.talk =
	    call_sql("insert into talk (conference, session, ord, title) values ('%s', '%s', 1, "
		     "'One') returning id",
		     c, h.session);
	h.other_talk = call_sql("insert into talk (conference, session, ord, title) values ('%s', "
				"'%s', 2, 'Two') returning id",
				c, h.session);
	h.slot =
	    call_sql("insert into slot (conference, session, room, starts, ends) values ('%s', "
		     "'%s', '%s', '2021-05-02T09:00+02', '2021-05-02T10:00+02') returning id",
		     c, h.session, h.room);
	call_sql("insert into published (slot, conference, session, room, during, cancelled, "
		 "overlap_ok, version, content) select id, conference, session, room, "
		 "tstzrange(starts, ends), false, false, 1, '{}' from slot where id = '%s'",
		 h.slot);
	h.ann = call_person(c, "Ann Asker", ROLE_ATTENDEE);
	h.bob = call_person(c, "Bob Other", ROLE_ATTENDEE);
	h.mod = call_person(c, "Mo Derator", ROLE_MODERATOR);
	return h;
}

static const char *ask_params(const char *question, const char *talk, const char *text)
{
	return call_text("{\"question\":\"%s\",\"talk\":\"%s\",\"text\":\"%s\"}", question, talk,
			 text);
}

static const char *asked(const struct hall *h, const struct caller *who, const char *text)
{
	const char *id = call_uuid();

	assert_null(call_method("qa.ask", ask_params(id, h->talk, text), who).fault);
	return id;
}

static const char *move_params(const char *question, int version, const char *key)
{
	return call_text("{\"question\":\"%s\",\"expect_version\":%d,\"key\":\"%s\"}", question,
			 version, key);
}

static struct call_result move(const char *method, const char *question, int version,
			       const struct caller *who)
{
	return call_method(method, move_params(question, version, call_uuid()), who);
}

static const char *member(const struct call_result *r, const char *name)
{
	return r->json != NULL ? json_string_value(json_object_get(r->json, name)) : NULL;
}

static int64_t number(const struct call_result *r, const char *name)
{
	return r->json != NULL ? json_integer_value(json_object_get(r->json, name)) : -1;
}

static void assert_fault(const struct call_result *r, const char *code)
{
	if (r->fault == NULL)
		fail_msg("expected %s, got %s", code, r->text);
	assert_string_equal(r->fault, code);
}

static void assert_fine(const struct call_result *r)
{
	if (r->fault != NULL)
		fail_msg("expected a reply, got %s", r->fault);
}

#define count(...) atoi(call_sql(__VA_ARGS__))

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
	struct call calls[14];
	struct call_result r[14];
	int fine = 0;

	(void)state;
	asked(&h, &h.ann, "the first");
	for (int i = 0; i < 14; i++)
		calls[i] = (struct call){
		    "qa.ask", ask_params(call_uuid(), h.talk, call_text("question %d", i)), &h.ann};
	call_methods(calls, 14, r);
	for (int i = 0; i < 14; i++) {
		fine += r[i].fault == NULL;
		if (r[i].fault != NULL)
			assert_string_equal(r[i].fault, "limit.rate");
	}
	assert_int_equal(fine, 9);
	/* The limit is a talk's; and what is told again is not asked again. */
	r[0] = call_method("qa.ask", ask_params(call_uuid(), h.other_talk, "elsewhere"), &h.ann);
	assert_fine(&r[0]);
	call_methods(calls, 1, r);
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
		     {"2021-05-02T10:14:58.000+02:00", true},
		     {"2021-05-02T10:15:00.000+02:00", false},
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
	assert_string_equal(json_string_value(json_object_get(snapshot, "ask_window")), "open");
	assert_string_equal(json_string_value(json_object_get(snapshot, "vote_window")), "auto");
}

static const char *const states[] = {"pending",	 "approved",  "on_stage",
				     "answered", "dismissed", "withdrawn"};

/* By command, then by state before: the state after, = for the same, NULL for never. */
static const struct {
	const char *command;
	const char *after[6];
} steps[] = {
    {"qa.approve", {"approved", "=", NULL, NULL, "approved", NULL}},
    {"qa.dismiss", {"dismissed", "dismissed", NULL, NULL, "=", NULL}},
    {"qa.stage", {NULL, "on_stage", "=", NULL, NULL, NULL}},
    {"qa.answer", {NULL, "answered", "answered", "=", NULL, NULL}},
    {"qa.reopen", {NULL, "=", "approved", "approved", "approved", NULL}},
    {"qa.withdraw", {"withdrawn", "withdrawn", NULL, NULL, NULL, "="}},
};

static void put(const struct hall *h, const char *question, const char *state)
{
	const char *room = strcmp(state, "on_stage") == 0 ? call_text("'%s'", h->room) : "null";

	call_sql(
	    "update question set state = '%s', stage_room = %s, reason = null, version = version + "
	    "1 where id = '%s'",
	    state, room, question);
}

static void every_step(void **state)
{
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "What next?");

	(void)state;
	for (size_t c = 0; c < sizeof steps / sizeof *steps; c++) {
		const struct caller *who =
		    strcmp(steps[c].command, "qa.withdraw") == 0 ? &h.ann : &h.mod;

		for (int s = 0; s < 6; s++) {
			const char *after = steps[c].after[s];
			struct call_result r;
			int version, acts;

			put(&h, q, states[s]);
			version = count("select version from question where id = '%s'", q);
			acts = count("select count(*) from mod_action where question = '%s'", q);
			r = move(steps[c].command, q, version, who);
			if (after == NULL) {
				assert_fault(&r, "qa.state");
				assert_int_equal(
				    count("select version from question where id = '%s'", q),
				    version);
				continue;
			}
			assert_fine(&r);
			if (strcmp(after, "=") == 0) {
				assert_true(json_is_true(json_object_get(r.json, "noop")));
				assert_string_equal(member(&r, "state"), states[s]);
				assert_int_equal(number(&r, "version"), version);
				assert_int_equal(
				    json_object_size(json_object_get(r.json, "positions")), 0);
				continue;
			}
			assert_null(json_object_get(r.json, "noop"));
			assert_string_equal(member(&r, "state"), after);
			assert_int_equal(number(&r, "version"), version + 1);
			assert_int_equal(
			    count("select count(*) from mod_action where question = '%s'", q),
			    acts + 1);
		}
	}
}

static void stale_and_replayed(void **state)
{
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "Stale?");
	const char *key = call_uuid();
	const char *stale;
	struct call_result first, r;
	json_t *current;

	(void)state;
	first = call_method("qa.approve", move_params(q, 1, key), &h.mod);
	assert_fine(&first);
	stale = call_text(
	    "{\"question\":\"%s\",\"expect_version\":1,\"reason\":\"rude\",\"key\":\"%s\"}", q,
	    call_uuid());
	r = call_method("qa.dismiss", stale, &h.mod);
	assert_fault(&r, "conflict");
	current = json_loads(r.current, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(current, "version")), 2);
	assert_string_equal(json_string_value(json_object_get(current, "state")), "approved");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(current, "author"), "name")),
	    "Ann Asker");
	json_decref(current);

	r = move("qa.dismiss", q, 2, &h.mod);
	assert_fine(&r);
	r = call_method("qa.approve", move_params(q, 1, key), &h.mod);
	assert_fine(&r);
	assert_int_equal(r.size, first.size);
	assert_memory_equal(r.text, first.text, first.size);
	r = call_method("qa.approve", move_params(q, 3, key), &h.mod);
	assert_fault(&r, "key.reused");
	assert_string_equal(call_sql("select state from question where id = '%s'", q), "dismissed");

	/* Success without a change is kept as well. */
	key = call_uuid();
	first = call_method("qa.dismiss", move_params(q, 1, key), &h.mod);
	assert_true(json_is_true(json_object_get(first.json, "noop")));
	move("qa.reopen", q, 3, &h.mod);
	r = call_method("qa.dismiss", move_params(q, 1, key), &h.mod);
	assert_string_equal(r.text, first.text);

	r = move("qa.approve", call_uuid(), 1, &h.mod);
	assert_fault(&r, "not_found");
	r = move("qa.approve", q, 1, &h.ann);
	assert_fault(&r, "denied");
	r = move("qa.withdraw", q, 4, &h.bob);
	assert_fault(&r, "denied");
	r = call_method("qa.approve", call_text("{\"question\":\"%s\",\"expect_version\":4}", q),
			&h.mod);
	assert_fault(&r, "bad_request");
}

static void one_on_stage(void **state)
{
	struct hall h = hall_make();
	const char *a = asked(&h, &h.ann, "First on stage"), *b = call_uuid();
	struct call_result r;
	json_t *snapshot;

	(void)state;
	r = call_method("qa.ask", ask_params(b, h.other_talk, "Second on stage"), &h.bob);
	assert_fine(&r);
	move("qa.approve", a, 1, &h.mod);
	move("qa.approve", b, 1, &h.mod);
	r = move("qa.stage", a, 2, &h.mod);
	assert_fine(&r);
	r = move("qa.stage", b, 2, &h.mod);
	assert_fine(&r);
	assert_non_null(
	    json_object_get(json_object_get(r.json, "positions"), call_text("talk:%s", h.talk)));
	assert_string_equal(call_sql("select state from question where id = '%s'", a), "answered");
	assert_int_equal(count("select count(*) from mod_action where question = '%s'", a), 3);
	snapshot = call_snapshot("stage", NULL, h.conference, h.room);
	assert_int_equal(json_integer_value(json_object_get(snapshot, "head")), 2);
	snapshot = json_object_get(snapshot, "snapshot");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(snapshot, "question"), "id")), b);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(snapshot, "talk"), "id")),
	    h.other_talk);
	r = move("qa.answer", b, 3, &h.mod);
	assert_fine(&r);
	assert_string_equal(
	    call_sql("select e.data -> 'question' from channel_event e join channel c on "
		     "c.id = e.channel where c.name = 'stage:%s' and position = 3",
		     h.room),
	    "null");
	snapshot = json_object_get(call_snapshot("stage", NULL, h.conference, h.room), "snapshot");
	assert_true(json_is_null(json_object_get(snapshot, "question")));
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(snapshot, "talk"), "id")), h.talk);
	assert_null(call_snapshot("stage", NULL, h.conference, call_uuid()));
}

/* Another moderator's question goes on the same stage at the same moment: neither is lost. */
static void stage_between_workers(void **state)
{
	struct hall h = hall_make();
	const char *a = asked(&h, &h.ann, "Theirs"), *b = asked(&h, &h.bob, "Ours");
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	move("qa.approve", a, 1, &h.mod);
	move("qa.approve", b, 1, &h.mod);
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(
	    other, call_text("select question_move('%s', '%s', gen_random_uuid(), '\\x00', '%s', "
			     "2, 'stage', '{approved}', 'on_stage')",
			     h.conference, h.mod.person, a)));
	PQsendQuery(other, "select pg_sleep(0.2); commit");
	r = move("qa.stage", b, 2, &h.mod);
	assert_fine(&r);
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_string_equal(call_sql("select state from question where id = '%s'", a), "answered");
	assert_string_equal(call_sql("select state from question where id = '%s'", b), "on_stage");
	assert_int_equal(count("select version from question where id = '%s'", a), 4);
}

static void walk(const struct hall *h, const char *const *questions, int n, int steps_n)
{
	for (int i = 0; i < steps_n; i++) {
		const char *q = questions[rand() % n];
		size_t c = (size_t)rand() % (sizeof steps / sizeof *steps);
		const struct caller *who =
		    strcmp(steps[c].command, "qa.withdraw") == 0 ? &h->ann : &h->mod;
		int version = count("select version from question where id = '%s'", q);

		/* Withdrawn is the end: seldom, or nothing is left to move. */
		if (who == &h->ann && rand() % 8 != 0)
			continue;
		move(steps[c].command, q, version - (rand() % 10 == 0), who);
	}
}

/* Whoever folds the events of the attendees' channel sees what the snapshot shows, and never more.
 */
static void nothing_leaks(void **state)
{
	struct hall h = hall_make();
	const char *questions[12];
	json_t *shown = json_object(), *list, *item;
	const char *events;
	size_t i;

	(void)state;
	srand(20210502);
	for (int n = 0; n < 12; n++)
		questions[n] =
		    asked(&h, n < 8 ? &h.ann : &h.bob, call_text("secret number %02d", n));
	walk(&h, questions, 12, 400);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name in "
			       "('talk:%s', 'stage:%s') and (e.data::text ~ '\"(author|reason)\"' "
			       "or e.data ->> 'state' in "
			       "('pending', 'dismissed', 'withdrawn'))",
			       h.talk, h.room),
			 0);
	assert_int_equal(count("select count(*) from question q join channel c on c.conference = "
			       "q.conference and c.name "
			       "!~ ':mod$' and c.name <> 'person:' || q.person join channel_event "
			       "e on e.channel = c.id "
			       "where q.talk = '%s' and q.first_visible_at is null and "
			       "position(q.text in e.data::text) > 0",
			       h.talk),
			 0);

	events =
	    call_sql("select json_agg(json_build_object('type', e.type, 'data', e.data) order by "
		     "e.position) from channel_event e join channel c on c.id = e.channel where "
		     "c.name = 'talk:%s'",
		     h.talk);
	list = json_loads(events, 0, NULL);
	assert_true(json_array_size(list) > 30);
	json_array_foreach(list, i, item)
	{
		const char *type = json_string_value(json_object_get(item, "type"));
		json_t *data = json_object_get(item, "data");
		const char *id = json_string_value(json_object_get(data, "id"));

		if (strcmp(type, "question.removed") == 0) {
			assert_int_equal(json_object_size(data), 1);
			assert_int_equal(json_object_del(shown, id), 0);
		} else {
			assert_int_equal(json_object_get(shown, id) != NULL,
					 strcmp(type, "question.updated") == 0);
			json_object_set(shown, id, data);
		}
	}
	item = json_object_get(call_snapshot("talk", NULL, h.conference, h.talk), "snapshot");
	item = json_object_get(item, "questions");
	assert_int_equal(json_array_size(item), json_object_size(shown));
	for (i = 0; i < json_array_size(item); i++) {
		json_t *q = json_array_get(item, i);

		assert_true(json_equal(
		    q, json_object_get(shown, json_string_value(json_object_get(q, "id")))));
	}
	json_decref(list);
	json_decref(shown);
}

static const char *vote_params(const char *question, int value, int64_t seq)
{
	return call_text("{\"question\":\"%s\",\"value\":%d,\"seq\":%lld}", question, value,
			 (long long)seq);
}

static void assert_vote(const struct call_result *r, int value, int64_t seq)
{
	assert_fine(r);
	assert_int_equal(number(r, "value"), value);
	assert_int_equal(number(r, "seq"), seq);
}

static void votes(void **state)
{
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "Vote?");
	struct call_result r, many[6];

	(void)state;
	r = call_method("qa.vote", vote_params(q, 1, 1), &h.bob);
	assert_fault(&r, "qa.state");
	r = call_method("qa.vote", vote_params(call_uuid(), 1, 1), &h.bob);
	assert_fault(&r, "not_found");
	move("qa.approve", q, 1, &h.mod);
	r = call_method("qa.vote", vote_params(q, 1, 5), &h.bob);
	assert_vote(&r, 1, 5);
	r = call_method("qa.vote", vote_params(q, 0, 4), &h.bob);
	assert_vote(&r, 1, 5);
	r = call_method("qa.vote", vote_params(q, 0, 5), &h.bob);
	assert_vote(&r, 1, 5);
	r = call_method("qa.vote", vote_params(q, 2, 6), &h.bob);
	assert_fault(&r, "bad_request");
	r = call_method("qa.vote", vote_params(q, 1, 0), &h.bob);
	assert_fault(&r, "bad_request");
	{
		const struct call calls[] = {{"qa.vote", vote_params(q, 1, 1), &h.ann},
					     {"qa.vote", vote_params(q, 1, 7), &h.bob},
					     {"qa.vote", vote_params(q, 0, 9), &h.bob},
					     {"qa.vote", vote_params(q, 1, 8), &h.bob},
					     {"qa.vote", vote_params(q, 1, 9), &h.bob},
					     {"qa.vote", vote_params(q, 1, 1), &h.mod}};

		call_methods(calls, 6, many);
	}
	assert_vote(&many[0], 1, 1);
	for (int i = 1; i < 5; i++)
		assert_vote(&many[i], 0, 9);
	assert_vote(&many[5], 1, 1);
	assert_int_equal(count("select value from tally where key = '%s'", q), 2);
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel "
		  "where c.name = 'talk:%s'",
		  h.talk),
	    1);
	r = call_method("qa.list", call_text("{\"talk\":\"%s\"}", h.talk), &h.ann);
	r.json = json_array_get(json_object_get(r.json, "questions"), 0);
	assert_int_equal(number(&r, "votes"), 2);
	assert_int_equal(number(&r, "my_vote"), 1);
	assert_true(json_is_true(json_object_get(r.json, "mine")));
	move("qa.answer", q, 2, &h.mod);
	r = call_method("qa.vote", vote_params(q, 1, 99), &h.bob);
	assert_fault(&r, "qa.state");
	move("qa.reopen", q, 3, &h.mod);
	r = move("qa.withdraw", q, 4, &h.ann);
	assert_fine(&r);
	r = call_method("qa.vote", vote_params(q, 1, 99), &h.bob);
	assert_fault(&r, "qa.state");
}

/* Questions whose tally is not the sum of their votes. */
#define OFF                                                                                        \
	"select count(*) from question q left join (select question, sum(value) as s from vote "   \
	"group "                                                                                   \
	"by 1) v on v.question = q.id left join tally t on t.key = q.id::text where q.talk = "     \
	"'%s' and "                                                                                \
	"coalesce(v.s, 0) <> coalesce(t.value, 0)"

enum { VOTERS = 40, BALLOTS = 5, ROUNDS = 12, BATCH = 200 };

static void tally_is_the_sum(void **state)
{
	static struct call calls[BATCH];
	static struct call_result results[BATCH];
	struct hall h = hall_make();
	struct caller voters[VOTERS];
	const char *questions[BALLOTS];

	(void)state;
	srand(7);
	for (int i = 0; i < VOTERS; i++)
		voters[i] = call_person(h.conference, call_text("Voter %d", i), ROLE_ATTENDEE);
	for (int i = 0; i < BALLOTS; i++) {
		questions[i] = asked(&h, &h.ann, call_text("Ballot %d", i));
		move("qa.approve", questions[i], 1, &h.mod);
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < BATCH; i++)
			calls[i] = (struct call){
			    "qa.vote",
			    vote_params(questions[rand() % BALLOTS], rand() % 2, 1 + rand() % 60),
			    &voters[rand() % VOTERS]};
		call_methods(calls, BATCH, results);
		for (int i = 0; i < BATCH; i++)
			assert_fine(&results[i]);
		assert_int_equal(count(OFF, h.talk), 0);
	}
	assert_true(
	    count("select sum(value) from vote v join question q on q.id = v.question where "
		  "q.talk = '%s'",
		  h.talk) > 0);
	call_sql("delete from person where id = '%s'", voters[0].person);
	assert_int_equal(count("select count(*) from vote where person = '%s'", voters[0].person),
			 0);
	assert_int_equal(count(OFF, h.talk), 0);
}

static void snapshots(void **state)
{
	struct hall h = hall_make();
	const char *a = asked(&h, &h.ann, "Seen"), *b = asked(&h, &h.bob, "Not seen");
	json_t *all, *mine;
	struct call_result r;

	(void)state;
	move("qa.approve", a, 1, &h.mod);
	r = call_method("qa.dismiss",
			call_text("{\"question\":\"%s\",\"expect_version\":1,\"reason\":\"spam\","
				  "\"key\":\"%s\"}",
				  b, call_uuid()),
			&h.mod);
	assert_fine(&r);
	call_method("qa.vote", vote_params(a, 1, 1), &h.bob);
	all = call_snapshot("talk", NULL, h.conference, h.talk);
	assert_int_equal(json_integer_value(json_object_get(all, "head")), 1);
	assert_int_equal(
	    json_integer_value(json_array_get(json_array_get(json_object_get(all, "tally"), 0), 1)),
	    1);
	all = json_object_get(all, "snapshot");
	assert_int_equal(json_array_size(json_object_get(all, "questions")), 1);
	assert_null(
	    json_object_get(json_array_get(json_object_get(all, "questions"), 0), "author"));
	all = call_snapshot("talk", "mod", h.conference, h.talk);
	assert_int_equal(json_integer_value(json_object_get(all, "head")), 4);
	all = json_object_get(json_object_get(all, "snapshot"), "questions");
	assert_int_equal(json_array_size(all), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(all, 1), "reason")),
			    "spam");
	assert_null(call_snapshot("talk", NULL, h.conference, call_uuid()));
	/* The asker is told, on the asker's own channel. */
	mine = json_loads(
	    call_sql("select e.data from channel_event e join channel c on c.id = e.channel "
		     "where c.name = 'person:%s' order by position desc limit 1",
		     h.bob.person),
	    0, NULL);
	assert_string_equal(json_string_value(json_object_get(mine, "state")), "dismissed");
	assert_true(json_is_true(json_object_get(mine, "mine")));
	json_decref(mine);
	r = call_method("qa.list", call_text("{\"talk\":\"%s\"}", call_uuid()), &h.ann);
	assert_fault(&r, "not_found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ask_and_ask_again),
	    cmocka_unit_test(ask_at_once),
	    cmocka_unit_test(ask_sizes),
	    cmocka_unit_test(ask_the_eleventh),
	    cmocka_unit_test(ask_between_workers),
	    cmocka_unit_test(windows),
	    cmocka_unit_test(window_set),
	    cmocka_unit_test(every_step),
	    cmocka_unit_test(stale_and_replayed),
	    cmocka_unit_test(one_on_stage),
	    cmocka_unit_test(stage_between_workers),
	    cmocka_unit_test(nothing_leaks),
	    cmocka_unit_test(votes),
	    cmocka_unit_test(tally_is_the_sum),
	    cmocka_unit_test(snapshots),
	};
	int failed;

	if (!call_start()) {
		puts("PLENUM_TEST_DSN is not set");
		return 1;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	call_stop();
	return failed;
}
