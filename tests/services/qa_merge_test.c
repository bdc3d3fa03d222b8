/* tests/services: votes when questions are merged, given back and moved: the tally is the sum. */
#include "tests/services/qa_hall.h"

/* Questions whose tally is not the sum of their counted votes. */
#define OFF                                                                                        \
	"select count(*) from question q left join (select question, sum(value) filter (where "    \
	"counted) as s from vote group by 1) v on v.question = q.id left join (select t.*, "       \
	"c.name from tally t join channel c on c.id = t.channel) t on t.key = q.id::text and "     \
	"t.name = 'talk:' || q.talk where q.conference = '%s' and coalesce(v.s, 0) <> "            \
	"coalesce(t.value, 0)"

static int tally(const char *question)
{
	return count("select coalesce(sum(t.value), 0) from tally t join channel c on c.id = "
		     "t.channel join question q on t.key = q.id::text and c.name = 'talk:' || "
		     "q.talk where q.id = '%s'",
		     question);
}

static struct call_result merge_into(const struct hall *h, const char *question, const char *into)
{
	int version = count("select version from question where id = '%s'", question);

	return call_method("qa.merge",
			   call_text("{\"question\":\"%s\",\"expect_version\":%d,\"into\":\"%s\","
				     "\"key\":\"%s\"}",
				     question, version, into, call_uuid()),
			   &h->mod);
}

static struct call_result now(const struct hall *h, const char *method, const char *question)
{
	return move(method, question,
		    count("select version from question where id = '%s'", question), &h->mod);
}

static void vote(const struct caller *who, const char *question, int value, int64_t seq)
{
	struct call_result r = call_method("qa.vote", vote_params(question, value, seq), who);

	assert_fine(&r);
}

static void merge_and_unmerge(void **state)
{
	struct hall h = hall_make();
	const char *a = put(&h, "approved"), *b = put(&h, "approved"), *c = put(&h, "approved");
	struct call_result r;

	(void)state;
	vote(&h.ann, a, 1, 1);
	vote(&h.bob, a, 1, 1);
	vote(&h.bob, b, 1, 2);
	vote(&h.mod, a, 0, 1);
	r = merge_into(&h, a, b);
	assert_fine(&r);
	assert_int_equal(tally(b), 2);
	assert_int_equal(tally(a), 2);
	/* A vote on the merged one is a vote on its head, and the reply says so. */
	r = call_method("qa.vote", vote_params(a, 1, 5), &h.mod);
	assert_fine(&r);
	assert_string_equal(member(&r, "question"), b);
	assert_string_equal(member(&r, "merged"), a);
	assert_int_equal(tally(b), 3);
	/* A repeat from before the merge turns nothing. */
	vote(&h.ann, a, 0, 1);
	assert_int_equal(tally(b), 3);
	/* Its head may be merged too; what is deeper counts all the way up. */
	r = merge_into(&h, b, c);
	assert_fine(&r);
	assert_int_equal(tally(c), 3);
	r = call_method("qa.vote", vote_params(a, 0, 7), &h.bob);
	assert_string_equal(member(&r, "question"), c);
	assert_int_equal(tally(c), 2);
	r = now(&h, "qa.unmerge", a);
	assert_fine(&r);
	assert_string_equal(member(&r, "state"), "approved");
	/* Ann came from a alone; bob and the moderator have said something higher up or have not.
	 */
	assert_int_equal(tally(a), 2);
	assert_int_equal(tally(b), 2);
	assert_int_equal(tally(c), 1);
	r = now(&h, "qa.unmerge", b);
	assert_fine(&r);
	assert_int_equal(count(OFF, h.conference), 0);
	/* Not into itself, into what is gone, into what nobody asked, or in a ring. */
	r = merge_into(&h, a, a);
	assert_fault(&r, "qa.state");
	r = merge_into(&h, a, put(&h, "dismissed"));
	assert_fault(&r, "qa.state");
	r = merge_into(&h, a, call_uuid());
	assert_fault(&r, "not_found");
	r = merge_into(&h, a, b);
	assert_fine(&r);
	r = merge_into(&h, b, a);
	assert_fault(&r, "qa.state");
}

/* Votes that cannot be: each by its name, and nothing is kept. */
static void no_votes(void **state)
{
	static const struct {
		const char *state, *fault;
	} cases[] = {{"pending", "qa.state"},
		     {"answered", "qa.state"},
		     {"dismissed", "qa.state"},
		     {"withdrawn", "qa.state"},
		     {"archived", "qa.state"}};
	struct hall h = hall_make(), foreign = hall_make();
	struct call_result r;
	const char *q;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		r = call_method("qa.vote", vote_params(put(&h, cases[i].state), 1, 1), &h.bob);
		assert_fault(&r, cases[i].fault);
	}
	q = put(&foreign, "approved");
	r = call_method("qa.vote", vote_params(q, 1, 1), &h.bob);
	assert_fault(&r, "not_found");
	r = move("qa.dismiss", q, 2, &h.mod);
	assert_fault(&r, "not_found");
	q = call_uuid();
	r = call_method("qa.prepare",
			call_text("{\"question\":\"%s\",\"talk\":\"%s\",\"text\":"
				  "\"To begin with?\",\"key\":\"%s\"}",
				  q, h.talk, call_uuid()),
			&h.mod);
	assert_fine(&r);
	r = call_method("qa.vote", vote_params(q, 1, 1), &h.bob);
	assert_fault(&r, "qa.state");
	q = put(&h, "approved");
	call_sql("insert into mute (conference, person, how) values ('%s', '%s', 'hard')",
		 h.conference, h.bob.person);
	r = call_method("qa.vote", vote_params(q, 1, 1), &h.bob);
	assert_fault(&r, "qa.muted");
	assert_int_equal(count("select count(*) from vote v join question q on q.id = v.question "
			       "where q.conference in ('%s', '%s')",
			       h.conference, foreign.conference),
			 0);
	/* Silently muted: it looks as if it counted. */
	call_sql("update mute set how = 'silent' where conference = '%s'", h.conference);
	vote(&h.bob, q, 1, 1);
	vote(&h.ann, q, 1, 1);
	assert_int_equal(tally(q), 1);
	call_sql("update mute set lifted = now() where conference = '%s'", h.conference);
	vote(&h.bob, q, 1, 1);
	assert_int_equal(tally(q), 1);
	vote(&h.bob, q, 1, 2);
	assert_int_equal(tally(q), 2);
	assert_int_equal(count(OFF, h.conference), 0);
}

static void moved_with_its_votes(void **state)
{
	struct hall h = hall_make();
	const char *q = put(&h, "approved");
	struct call_result r;

	(void)state;
	vote(&h.ann, q, 1, 1);
	vote(&h.bob, q, 1, 1);
	r = call_method("qa.move",
			call_text("{\"question\":\"%s\",\"expect_version\":2,\"talk\":\"%s\","
				  "\"key\":\"%s\"}",
				  q, h.other_talk, call_uuid()),
			&h.mod);
	assert_fine(&r);
	assert_int_equal(tally(q), 2);
	vote(&h.bob, q, 0, 2);
	assert_int_equal(tally(q), 1);
	assert_int_equal(count("select count(*) from tally where key = '%s'", q), 1);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'talk:%s' and e.type = "
			       "'question.removed' and e.data ->> 'moved_to' = '%s'",
			       h.talk, h.other_talk),
			 1);
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()), &h.mod);
	assert_fine(&r);
	assert_string_equal(call_sql("select talk from question where id = '%s'", q), h.talk);
	assert_int_equal(tally(q), 1);
	assert_int_equal(count(OFF, h.conference), 0);
}

/* A merge waits for the votes under way, and they are carried. */
static void merge_between_votes(void **state)
{
	struct hall h = hall_make();
	const char *a = put(&h, "approved"), *b = put(&h, "approved");
	PGconn *other = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	PQclear(PQexec(other, "begin"));
	PQclear(PQexec(other, call_text("select * from questions_vote('%s', '{%s}', '{%s}', '{1}', "
					"'{1}')",
					h.conference, h.bob.person, a)));
	PQsendQuery(other, "select pg_sleep(0.3); commit");
	r = merge_into(&h, a, b);
	assert_fine(&r);
	for (PGresult *p; (p = PQgetResult(other)) != NULL;)
		PQclear(p);
	PQfinish(other);
	assert_int_equal(tally(b), 1);
	assert_int_equal(count(OFF, h.conference), 0);
}

enum { VOTERS = 12, BALLOTS = 8, ROUNDS = 60, BATCH = 24 };

/* Whatever happens to them: the tally of each is the sum of its counted votes, nobody counts twice.
 */
static void tally_is_the_sum_whatever_happens(void **state)
{
	static const char *const methods[] = {"qa.unmerge", "qa.unmerge", "qa.undo",   "qa.hold",
					      "qa.approve", "qa.stage",	  "qa.answer", "qa.reopen"};
	struct call calls[BATCH];
	struct call_result results[BATCH];
	struct hall h = hall_make();
	struct caller voters[VOTERS];
	const char *q[BALLOTS];

	(void)state;
	srand(11);
	for (int i = 0; i < VOTERS; i++)
		voters[i] = call_person(h.conference, call_text("Voter %d", i), ROLE_ATTENDEE);
	for (int i = 0; i < BALLOTS; i++)
		q[i] = put(&h, "approved");
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < BATCH; i++)
			calls[i] = (struct call){
			    "qa.vote",
			    vote_params(q[rand() % BALLOTS], rand() % 3 != 0, 1 + rand() % 90),
			    &voters[rand() % VOTERS]};
		call_methods(calls, BATCH, results);
		for (int i = 0; i < 3; i++) {
			const char *a = q[rand() % BALLOTS];
			int which = rand() % 12;

			if (which < 2)
				merge_into(&h, a, q[rand() % BALLOTS]);
			else if (which == 2)
				call_method("qa.move",
					    call_text("{\"question\":\"%s\",\"expect_version\":%d,"
						      "\"talk\":\"%s\",\"key\":\"%s\"}",
						      a,
						      count("select version from question where id "
							    "= '%s'",
							    a),
						      rand() % 2 ? h.talk : h.other_talk,
						      call_uuid()),
					    &h.mod);
			else
				now(&h,
				    methods[(size_t)rand() % (sizeof methods / sizeof *methods)],
				    a);
		}
		if (count(OFF, h.conference) != 0)
			fail_msg("round %d: a tally is not the sum of its votes", round);
	}
	/* A head that is deleted gives back those that it stood for; a voter who is takes every
	 * vote. */
	for (int i = 0; i < 4; i++)
		merge_into(&h, q[i], q[4 + i % 2]);
	call_sql("delete from person where id = '%s'", voters[0].person);
	assert_int_equal(count(OFF, h.conference), 0);
	call_sql("delete from question where id = '%s'", q[4]);
	assert_int_equal(count("select count(*) from question where conference = '%s' and state = "
			       "'merged' and merged_into = '%s'",
			       h.conference, q[4]),
			 0);
	assert_int_equal(count(OFF, h.conference), 0);
	{
		struct call_result r = call_method(
		    "qa.close",
		    call_text("{\"session\":\"%s\",\"key\":\"%s\"}", h.session, call_uuid()),
		    &h.mod);

		assert_fine(&r);
		assert_int_equal(number(&r, "corrected"), 0);
		assert_int_equal(count("select count(*) from question where conference = '%s' and "
				       "state in ('pending', 'approved')",
				       h.conference),
				 0);
		/* A counter that was wrong is put right. */
		call_sql("update tally set value = value + 3 where key = '%s'", q[5]);
		r = call_method(
		    "qa.close",
		    call_text("{\"session\":\"%s\",\"key\":\"%s\"}", h.session, call_uuid()),
		    &h.mod);
		assert_int_equal(count(OFF, h.conference), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(merge_and_unmerge),
	    cmocka_unit_test(no_votes),
	    cmocka_unit_test(moved_with_its_votes),
	    cmocka_unit_test(merge_between_votes),
	    cmocka_unit_test(tally_is_the_sum_whatever_happens),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
