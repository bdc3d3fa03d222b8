/* tests/services: votes and their sums. */
#include "services/db/db_loop.h"
#include "tests/services/qa_hall.h"

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

enum { CROWD = 700, POISONED = 333 };

/* What one vote of many breaks is that vote alone, and not each of the others is sent by itself. */
static void one_breaks(void **state)
{
	static struct call calls[CROWD];
	static struct call_result results[CROWD];
	static struct caller crowd[CROWD];
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "One of many?");
	uint64_t batches;

	(void)state;
	move("qa.approve", q, 1, &h.mod);
	for (int i = 0; i < CROWD; i++) {
		crowd[i] = h.bob;
		snprintf(crowd[i].person, UUID_SIZE, "%s", call_uuid());
		calls[i] = (struct call){"qa.vote", vote_params(q, 1, 1), &crowd[i]};
	}
	call_sql("create function break_one() returns trigger language plpgsql as $$ begin "
		 "raise 'broken'; end $$");
	call_sql("create trigger break_one before insert on vote for each row when (new.person = "
		 "'%s') execute function break_one()",
		 crowd[POISONED].person);
	batches = db_figures()->merged_batches;
	call_methods(calls, CROWD, results);
	batches = db_figures()->merged_batches - batches;
	call_sql("drop function break_one() cascade");
	for (int i = 0; i < CROWD; i++) {
		if (i == POISONED)
			assert_fault(&results[i], "internal");
		else
			assert_vote(&results[i], 1, 1);
	}
	assert_int_equal(count("select value from tally where key = '%s'", q), CROWD - 1);
	assert_int_equal(count("select count(*) from vote where question = '%s'", q), CROWD - 1);
	/* The first by itself, the rest, eleven pieces, one piece by ones. */
	assert_in_range(batches, 13, 13 + 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(votes),
	    cmocka_unit_test(tally_is_the_sum),
	    cmocka_unit_test(one_breaks),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
