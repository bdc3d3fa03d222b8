/* tests/services: what moderators do with questions, and who is told. */
#include "tests/services/qa_hall.h"

enum { STATES = 8 };

static const char *const states[STATES] = {"pending",	"approved",  "on_stage", "answered",
					   "dismissed", "withdrawn", "merged",	 "archived"};

/* By command, then by state before: the state after, = for the same without a change, . for a
 * change that leaves the state, NULL for never. */
static const struct {
	const char *command, *more;
	const char *after[STATES];
} steps[] = {
    {"qa.approve", "", {"approved", "=", NULL, NULL, "approved", NULL, NULL, NULL}},
    {"qa.dismiss", "", {"dismissed", "dismissed", NULL, NULL, "=", NULL, NULL, NULL}},
    {"qa.stage", "", {NULL, "on_stage", "=", NULL, NULL, NULL, NULL, NULL}},
    {"qa.answer", "", {NULL, "answered", "answered", "=", NULL, NULL, NULL, NULL}},
    {"qa.answer",
     ",\"text\":\"So it is.\"",
     {NULL, "answered", "answered", ".", NULL, NULL, NULL, "answered"}},
    {"qa.reopen", "", {NULL, "=", "approved", "approved", "approved", NULL, NULL, NULL}},
    {"qa.hold", "", {"=", "pending", NULL, NULL, "pending", NULL, NULL, NULL}},
    {"qa.skip", "", {NULL, ".", "approved", NULL, NULL, NULL, NULL, NULL}},
    {"qa.edit", ",\"text\":\"Better words\"", {".", ".", ".", ".", NULL, NULL, NULL, NULL}},
    {"qa.accept", "", {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL}},
    {"qa.move", ",\"talk\":\"%s\"", {".", ".", NULL, ".", ".", NULL, NULL, NULL}},
    {"qa.merge", ",\"into\":\"%s\"", {"merged", "merged", NULL, NULL, NULL, NULL, NULL, NULL}},
    {"qa.unmerge", "", {"=", "=", NULL, NULL, NULL, NULL, "approved", NULL}},
    {"qa.restore", "", {"=", "=", NULL, NULL, NULL, NULL, NULL, "approved"}},
    {"qa.withdraw", "", {"withdrawn", "withdrawn", NULL, NULL, NULL, "=", NULL, NULL}},
    {"qa.revise", ",\"text\":\"My own words\"", {".", ".", NULL, NULL, NULL, NULL, NULL, NULL}},
};

static bool by_asker(const char *command)
{
	return strcmp(command, "qa.withdraw") == 0 || strcmp(command, "qa.revise") == 0;
}

/* What a command of the table wants beyond question, version and key. */
static const char *more_of(const struct hall *h, size_t c, const char *into)
{
	const char *more = steps[c].more;

	if (strstr(more, "into") != NULL)
		return call_text(",\"into\":\"%s\"", into != NULL ? into : put(h, "approved"));
	if (strstr(more, "talk") != NULL)
		return call_text(",\"talk\":\"%s\"", h->other_talk);
	if (strstr(more, "\"text\"") != NULL) {
		/* The same words twice by one person are refused: each time others. */
		return call_text(",\"text\":\"Other words %s\"", call_uuid());
	}
	return more;
}

static struct call_result step(const struct hall *h, size_t c, const char *question, int version,
			       const char *into)
{
	return call_method(steps[c].command,
			   call_text("{\"question\":\"%s\",\"expect_version\":%d,\"key\":\"%s\"%s}",
				     question, version, call_uuid(), more_of(h, c, into)),
			   by_asker(steps[c].command) ? &h->ann : &h->mod);
}

static void every_step(void **state)
{
	struct hall h = hall_make();

	(void)state;
	for (size_t c = 0; c < sizeof steps / sizeof *steps; c++) {
		for (int s = 0; s < STATES; s++) {
			const char *q = put(&h, states[s]), *after = steps[c].after[s];
			int version = count("select version from question where id = '%s'", q);
			int acts =
			    count("select count(*) from mod_action where question = '%s'", q);
			struct call_result r = step(&h, c, q, version, NULL);

			if (after == NULL) {
				if (r.fault == NULL || strcmp(r.fault, "qa.state") != 0)
					fail_msg("%s from %s: %s", steps[c].command, states[s],
						 r.fault != NULL ? r.fault : r.text);
				assert_int_equal(
				    count("select version from question where id = '%s'", q),
				    version);
				continue;
			}
			if (r.fault != NULL)
				fail_msg("%s from %s: %s", steps[c].command, states[s], r.fault);
			if (strcmp(after, "=") == 0) {
				assert_true(json_is_true(json_object_get(r.json, "noop")));
				assert_string_equal(member(&r, "state"), states[s]);
				assert_int_equal(number(&r, "version"), version);
				assert_int_equal(
				    json_object_size(json_object_get(r.json, "positions")), 0);
				continue;
			}
			assert_null(json_object_get(r.json, "noop"));
			assert_string_equal(member(&r, "state"),
					    strcmp(after, ".") == 0 ? states[s] : after);
			assert_int_equal(number(&r, "version"), version + 1);
			assert_int_equal(
			    count("select count(*) from mod_action where question = '%s'", q),
			    acts + 1);
		}
	}
}

/* Raw SQL of the application's own role cannot take a step that is none, nor one without a version.
 */
static void no_other_step(void **state)
{
	struct hall h = hall_make();
	static const char *const legal[STATES] = {
	    "approved dismissed withdrawn merged archived",
	    "pending on_stage answered dismissed withdrawn merged archived",
	    "answered approved",
	    "approved on_stage archived",
	    "approved pending",
	    "",
	    "approved",
	    "approved answered"};
	PGconn *raw = PQconnectdb(getenv("PLENUM_TEST_DSN"));

	(void)state;
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++) {
			const char *q = put(&h, states[from]);
			const char *head = put(&h, "approved");
			PGresult *r = PQexec(
			    raw,
			    call_text(
				"update question set state = '%s', version = version + 1, "
				"stage_room = %s, prev_state = %s, merged_into = %s where id = "
				"'%s' and state <> '%s'",
				states[to], to == 2 ? call_text("'%s'", h.room) : "null",
				to >= 6 ? "'approved'" : "null",
				to == 6 ? call_text("'%s'", head) : "null", q, states[to]));
			bool may = from == to || strstr(legal[from], states[to]) != NULL;

			if ((PQresultStatus(r) == PGRES_COMMAND_OK) != may)
				fail_msg("%s to %s: %s", states[from], states[to],
					 PQresultErrorMessage(r));
			if (!may)
				assert_string_equal(PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME),
						    "question_step");
			PQclear(r);
			call_sql("update question set state = 'answered', stage_room = null, "
				 "version = version + 1 where stage_room = '%s'",
				 h.room);
		}
	for (int to = 2; to < STATES; to++) {
		PGresult *r = PQexec(
		    raw, call_text("insert into question (id, conference, talk, person, text, "
				   "asked_at, state) values (gen_random_uuid(), '%s', '%s', "
				   "'%s', 'new', now(), '%s')",
				   h.conference, h.talk, h.ann.person, states[to]));

		assert_int_equal(PQresultStatus(r), PGRES_FATAL_ERROR);
		PQclear(r);
	}
	{
		const char *q = put(&h, "pending");
		PGresult *r = PQexec(
		    raw, call_text("update question set state = 'approved' where id = '%s'", q));

		assert_string_equal(PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME),
				    "question_step");
		PQclear(r);
		r = PQexec(
		    raw, call_text("update mod_action set actor = null where question = '%s'", q));
		assert_string_equal(PQresultErrorField(r, PG_DIAG_SQLSTATE), "42501");
		PQclear(r);
	}
	PQfinish(raw);
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
			     "2, 'stage')",
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
		int version = count("select version from question where id = '%s'", q);

		/* Withdrawn is the end: seldom, or nothing is left to move. A move goes to another
		 * channel. */
		if (strcmp(steps[c].command, "qa.move") == 0 ||
		    (strcmp(steps[c].command, "qa.withdraw") == 0 && rand() % 8 != 0))
			continue;
		step(h, c, q, version - (rand() % 10 == 0), questions[rand() % n]);
		if (rand() % 4 == 0)
			call_method(
			    "qa.undo",
			    call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()),
			    &h->mod);
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
	assert_string_equal(
	    call_sql("select coalesce(string_agg(e.type || e.data::text, ' '), '') from "
		     "channel_event e join channel c on c.id = e.channel where c.name in "
		     "('talk:%s', 'stage:%s') and (e.data::text ~ "
		     "'\"(author|reason|hits|origin|claim|reports|changed_by)\"' "
		     "or e.data ->> 'state' in ('pending', 'dismissed', 'withdrawn'))",
		     h.talk, h.room),
	    "");
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
			/* Where it went, at most. */
			assert_int_equal(json_object_size(data),
					 json_object_get(data, "into") != NULL ? 2 : 1);
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
	    cmocka_unit_test(every_step),
	    cmocka_unit_test(no_other_step),
	    cmocka_unit_test(stale_and_replayed),
	    cmocka_unit_test(one_on_stage),
	    cmocka_unit_test(stage_between_workers),
	    cmocka_unit_test(nothing_leaks),
	    cmocka_unit_test(snapshots),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
