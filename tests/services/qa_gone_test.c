/* tests/services: questions whose rows go: with somebody who is erased, with a head that others
 * were merged into. */
#include "tests/services/qa_hall.h"

static int told(const char *channel, const char *type, const char *question)
{
	return count(
	    "select count(*) from channel_event e join channel c on c.id = e.channel where "
	    "c.name = '%s' and e.type = '%s' and e.data ->> 'id' = '%s'",
	    channel, type, question);
}

/* Whoever stood behind it is seen again, and pages drop what is gone. */
static void head_of_others(void **state)
{
	struct hall h = hall_make();
	const char *head = asked(&h, &h.ann, "The head?"), *one = asked(&h, &h.bob, "The same?");
	const char *talk = call_text("talk:%s", h.talk), *mod = call_text("talk:%s:mod", h.talk);
	struct call_result r;

	(void)state;
	move("qa.approve", head, 1, &h.mod);
	move("qa.approve", one, 1, &h.mod);
	call_method("qa.vote", vote_params(one, 1, 1), &h.ann);
	r = call_method(
	    "qa.merge",
	    call_text("{\"question\":\"%s\",\"into\":\"%s\",\"expect_version\":2,\"key\":\"%s\"}",
		      one, head, call_uuid()),
	    &h.mod);
	assert_fine(&r);
	move("qa.stage", head, 2, &h.mod);
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 1);
	call_sql("delete from question where id = '%s'", head);
	assert_int_equal(told(talk, "question.removed", head), 1);
	assert_int_equal(told(mod, "question.removed", head), 1);
	assert_int_equal(told(talk, "question.added", one), 2);
	assert_string_equal(call_sql("select state || version from question where id = '%s'", one),
			    "approved4");
	assert_int_equal(json_integer_value(json_object_get(as_moderators_see(&h, one), "votes")),
			 1);
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 1);
	assert_string_equal(
	    call_sql("select (e.data -> 'question') is null or e.data ->> 'question' is null from "
		     "channel_event e join channel c on c.id = e.channel where c.name = 'stage:%s' "
		     "order by e.position desc limit 1",
		     h.room),
	    "t");
	assert_int_equal(count("select count(*) from tally where key = '%s'", head), 0);
	/* With its talk: nobody is told, nothing stays. */
	call_sql("delete from talk where id = '%s'", h.talk);
	assert_int_equal(
	    count("select count(*) from mod_action where conference = '%s'", h.conference), 0);
	call_sql("delete from conference where id = '%s'", h.conference);
}

/* Erased: their name goes with their questions, and of an anonymous one nothing leads back to them.
 */
static void erased(void **state)
{
	static const char *const modes[] = {"masked", "anonymous"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct hall h = hall_make();
		const char *q, *person = h.ann.person, *waits;

		call_sql("insert into qa_settings (conference, session, identity) values ('%s', "
			 "'%s', '%s')",
			 h.conference, h.session, modes[i]);
		q = asked(&h, &h.ann, "Whose is it?");
		move("qa.approve", q, 1, &h.mod);
		waits = asked(&h, &h.ann, "And this one?");
		call_method("qa.revise",
			    call_text("{\"question\":\"%s\",\"expect_version\":1,\"text\":\"Or "
				      "this?\",\"key\":\"%s\"}",
				      waits, call_uuid()),
			    &h.ann);
		call_method("qa.answer",
			    call_text("{\"question\":\"%s\",\"expect_version\":2,\"text\":\"Mine."
				      "\",\"public\":true,\"key\":\"%s\"}",
				      q, call_uuid()),
			    &h.mod);
		clock_at(&h, "2021-05-02T10:01:00+02:00");
		call_sql("select due_answer('%s', '%s')", h.conference, q);
		assert_int_equal(count("select count(*) from outbox where dedupe = 'answer:%s'", q),
				 i == 0);
		call_sql("delete from person where id = '%s'", person);
		assert_int_equal(count("select count(*) from question where talk = '%s'", h.talk),
				 i == 0 ? 0 : 2);
		assert_int_equal(told(call_text("talk:%s", h.talk), "question.removed", q), i == 0);
		assert_int_equal(told(call_text("talk:%s:mod", h.talk), "question.removed", waits),
				 i == 0);
		assert_int_equal(count("select value from tally t join channel c on c.id = "
				       "t.channel where c.name = "
				       "'talk:%s' and t.key = 'waiting'",
				       h.talk),
				 i);
		assert_int_equal(count("select (select count(*) from channel where name = "
				       "'person:%s') + (select count(*) "
				       "from reply where person = '%s') + (select count(*) from "
				       "outbox where dedupe = "
				       "'answer:%s') + (select count(*) from question where "
				       "question::text ~ '%s') + (select "
				       "count(*) from mod_action m where m::text ~ '%s')",
				       person, person, q, person, person),
				 0);
		if (i == 1) {
			/* Nor may anybody be found by trying everybody. */
			assert_int_equal(count("select count(*) from question q where q.talk = "
					       "'%s' and question_asker(q) "
					       "is not null",
					       h.talk),
					 0);
			assert_int_equal(
			    count("select count(*) from channel_event e join channel c on c.id = "
				  "e.channel where "
				  "c.conference = '%s' and e.data::text ~ '%s|Ann Asker'",
				  h.conference, person),
			    0);
			assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(head_of_others),
	    cmocka_unit_test(erased),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
