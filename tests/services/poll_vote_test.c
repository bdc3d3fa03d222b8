/* tests/services: votes in polls: one a person, counted right, and nobody learns of them who may
 * not. */
#include "tests/services/poll_hall.h"

static void sets_never_toggles(void **state)
{
	struct hall h = hall_make();
	const char *p = opened(&h, "single", "always"), *both;
	struct call_result r, many[5];

	(void)state;
	both = call_text("[\"%s\",\"%s\"]", option(p, 1), option(p, 2));
	r = call_method("poll.vote", ballot(p, both, 1), &h.bob);
	assert_fault(&r, "poll.single");
	r = call_method("poll.vote", ballot(p, call_text("[\"%s\"]", call_uuid()), 1), &h.bob);
	assert_fault(&r, "poll.option");
	r = call_method("poll.vote", ballot(p, "[\"nonsense\"]", 1), &h.bob);
	assert_fault(&r, "bad_request");
	r = call_method("poll.vote", ballot(p, "[7]", 1), &h.bob);
	assert_fault(&r, "bad_request");
	r = call_method("poll.vote", ballot(p, "{}", 1), &h.bob);
	assert_fault(&r, "bad_request");
	r = call_method("poll.vote", ballot_one(p, 1, 0), &h.bob);
	assert_fault(&r, "bad_request");
	assert_int_equal(count("select count(*) from poll_vote where poll = '%s'", p), 0);
	r = call_method("poll.vote", ballot_one(p, 1, 5), &h.bob);
	assert_fine(&r);
	/* The same again, and one that was sent before it. */
	r = call_method("poll.vote", ballot_one(p, 1, 5), &h.bob);
	assert_fine(&r);
	r = call_method("poll.vote", ballot_one(p, 3, 4), &h.bob);
	assert_fine(&r);
	assert_int_equal(number(&r, "seq"), 5);
	assert_string_equal(
	    json_string_value(json_array_get(json_object_get(r.json, "options"), 0)), option(p, 1));
	assert_int_equal(counted(p, option(p, 1)), 1);
	assert_int_equal(counted(p, option(p, 3)), 0);
	{
		const struct call calls[] = {{"poll.vote", ballot_one(p, 1, 1), &h.ann},
					     {"poll.vote", ballot_one(p, 2, 9), &h.bob},
					     {"poll.vote", ballot_one(p, 1, 8), &h.bob},
					     {"poll.vote", ballot(p, "[]", 7), &h.bob},
					     {"poll.vote", ballot_one(p, 1, 1), &h.mod}};

		call_methods(calls, 5, many);
	}
	for (int i = 0; i < 5; i++)
		assert_fine(&many[i]);
	for (int i = 1; i < 4; i++)
		assert_int_equal(number(&many[i], "seq"), 9);
	assert_int_equal(counted(p, option(p, 1)), 2);
	assert_int_equal(counted(p, option(p, 2)), 1);
	assert_int_equal(counted(p, "voters"), 3);
	/* Taken back. */
	r = call_method("poll.vote", ballot(p, "[]", 10), &h.bob);
	assert_fine(&r);
	assert_int_equal(counted(p, "voters"), 2);
	assert_int_equal(poll_off(p), 0);
	/* No event a vote: what talk and stage heard is that it was opened. */
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name in ('talk:%s', 'stage:%s', 'poll:%s')",
			       h.talk, h.room, p),
			 2);
}

static void several_answers(void **state)
{
	struct hall h = hall_make();
	const char *p = opened(&h, "multiple", "always");
	struct call_result r;

	(void)state;
	/* The same answer twice is that answer. */
	r = call_method(
	    "poll.vote",
	    ballot(p, call_text("[\"%s\",\"%s\",\"%s\"]", option(p, 1), option(p, 3), option(p, 1)),
		   1),
	    &h.ann);
	assert_fine(&r);
	r = call_method("poll.vote", ballot_one(p, 3, 1), &h.bob);
	assert_fine(&r);
	assert_int_equal(counted(p, option(p, 1)), 1);
	assert_int_equal(counted(p, option(p, 3)), 2);
	assert_int_equal(counted(p, "voters"), 2);
	r = call_method("poll.vote",
			ballot(p, call_text("[\"%s\",\"%s\"]", option(p, 2), option(p, 3)), 2),
			&h.ann);
	assert_fine(&r);
	assert_int_equal(counted(p, option(p, 1)), 0);
	assert_int_equal(counted(p, option(p, 2)), 1);
	assert_int_equal(counted(p, option(p, 3)), 2);
	assert_int_equal(poll_off(p), 0);
}

static void muted_and_gone(void **state)
{
	struct hall h = hall_make();
	struct caller cat = call_person(h.conference, "Cat Third", ROLE_ATTENDEE);
	const char *p = opened(&h, "single", "always");
	struct call_result r;

	(void)state;
	call_sql("insert into mute (conference, person, how) values ('%s', '%s', 'silent')",
		 h.conference, h.bob.person);
	r = call_method("poll.vote", ballot_one(p, 1, 1), &h.bob);
	assert_fine(&r);
	assert_int_equal(counted(p, "voters"), 0);
	/* Counts again from the next vote after the mute is lifted. */
	call_sql("update mute set lifted = now() where person = '%s'", h.bob.person);
	r = call_method("poll.vote", ballot_one(p, 2, 2), &h.bob);
	assert_fine(&r);
	assert_int_equal(counted(p, option(p, 2)), 1);
	r = call_method("poll.vote", ballot_one(p, 2, 1), &cat);
	assert_fine(&r);
	/* Erased, with the vote. */
	call_sql("delete from person where id = '%s'", cat.person);
	assert_int_equal(counted(p, option(p, 2)), 1);
	assert_int_equal(poll_off(p), 0);
	call_sql("delete from poll where id = '%s'", p);
	assert_int_equal(count("select count(*) from poll_vote where poll = '%s'", p), 0);
	assert_int_equal(count("select count(*) from channel where name = 'poll:%s'", p), 0);
}

enum { VOTERS = 60 };

/* Votes and the end of the poll at once, on two connections: each vote was acknowledged and is in
 * the final counts, or was refused and is not. */
static void votes_and_the_end(void **state)
{
	struct hall h = hall_make();
	struct caller voters[VOTERS];
	struct call calls[VOTERS + 1];
	struct call_result r[VOTERS + 1];

	(void)state;
	for (int i = 0; i < VOTERS; i++)
		voters[i] = call_person(h.conference, call_text("Voter %d", i), ROLE_ATTENDEE);
	for (int round = 0; round < 6; round++) {
		const char *p = opened(&h, "single", "after_close");
		int last = VOTERS * (round + 1) / 6, acked = 0, n = 0;

		for (int i = 0; i < VOTERS; i++) {
			if (i == last - 1)
				calls[n++] = (struct call){
				    "poll.close",
				    call_text(
					"{\"poll\":\"%s\",\"expect_version\":2,\"key\":\"%s\"}", p,
					call_uuid()),
				    &h.mod};
			calls[n++] =
			    (struct call){"poll.vote", ballot_one(p, 1 + i % 3, 1), &voters[i]};
		}
		call_methods(calls, n, r);
		for (int i = 0; i < n; i++) {
			if (strcmp(calls[i].method, "poll.close") == 0)
				assert_fine(&r[i]);
			else if (r[i].fault == NULL)
				acked++;
			else
				assert_fault(&r[i], "poll.closed");
		}
		assert_int_equal(counted(p, "voters"), acked);
		assert_int_equal(poll_off(p), 0);
		assert_int_equal(
		    count(
			"select count(*) from channel_event e join channel c on c.id = e.channel, "
			"json_array_elements(e.data -> 'counts') k where c.name = 'talk:%s' and "
			"e.type = 'poll.closed' and e.data ->> 'id' = '%s' and k ->> 0 = 'voters' "
			"and (k ->> 1)::int = %d",
			h.talk, p, acked),
		    1);
	}
}

/* Everything that somebody without a vote can get hold of while it runs. */
static int leaks(const struct hall *h, const char *p, const struct caller *who)
{
	struct call_result list =
	    call_method("poll.list", call_text("{\"talk\":\"%s\"}", h->talk), who);
	struct call_result questions =
	    call_method("qa.list", call_text("{\"talk\":\"%s\"}", h->talk), who);
	char *talk = json_dumps(call_snapshot("talk", NULL, h->conference, h->talk), 0);
	char *stage = json_dumps(call_snapshot("stage", NULL, h->conference, h->room), 0);
	int found = (strstr(list.text, "counts") != NULL) +
		    (strstr(questions.text, "counts") != NULL) + (strstr(talk, "counts") != NULL) +
		    (strstr(stage, "counts") != NULL) + (strstr(talk, "voters") != NULL) +
		    may_hear(p, who->person);

	/* It is in there: what is looked at is the right thing. */
	assert_non_null(strstr(list.text, p));
	assert_non_null(strstr(talk, p));
	free(talk);
	free(stage);
	return found + count("select count(*) from channel_event e join channel c on c.id = "
			     "e.channel where c.name in ('talk:%s', 'stage:%s', 'person:%s', "
			     "'poll:%s') and e.data::text ~ 'counts|voters'",
			     h->talk, h->room, who->person, p);
}

static void results_stay_where_they_belong(void **state)
{
	static const char *const modes[] = {"always", "after_vote", "after_close", "never"};
	struct hall h;
	const char *station;

	(void)state;
	for (int mode = 0; mode < 4; mode++) {
		const char *p;
		struct call_result r;
		bool always = mode == 0, after_vote = mode == 1, never = mode == 3;

		h = hall_make();
		station = call_sql("insert into station (conference, name, kind, room) values "
				   "('%s', 'Screen', 'stage', '%s') returning id",
				   h.conference, h.room);
		p = opened(&h, "single", modes[mode]);
		r = call_method("poll.vote", ballot_one(p, 1, 1), &h.bob);
		assert_fine(&r);
		call_sql("select due_stage(null, '')");
		assert_int_equal(leaks(&h, p, &h.ann), always ? 2 : 0);
		assert_int_equal(may_hear(p, h.bob.person), always || after_vote);
		assert_int_equal(may_hear(p, station), always);
		assert_int_equal(may_hear(p, h.mod.person), 1);
		/* Who has taken the vote back has no vote. */
		r = call_method("poll.vote", ballot(p, "[]", 2), &h.bob);
		assert_int_equal(may_hear(p, h.bob.person), always);
		r = call_method("poll.vote", ballot_one(p, 1, 3), &h.bob);
		r = poll_do("poll.close", p, 2, "", &h.mod);
		assert_fine(&r);
		call_sql("select due_stage(null, '')");
		if (never)
			assert_int_equal(leaks(&h, p, &h.ann), 0);
		assert_int_equal(may_hear(p, h.ann.person), !never);
		assert_int_equal(may_hear(p, station), !never);
		assert_int_equal(may_hear(p, h.mod.person), 1);
		assert_int_equal(
		    count("select count(*) from channel_event e join channel c on c.id = e.channel "
			  "where c.name = 'talk:%s' and e.type = 'poll.closed' and e.data::jsonb ? "
			  "'counts'",
			  h.talk),
		    !never);
		assert_int_equal(
		    count("select count(*) from channel_event e join channel c on c.id = e.channel "
			  "where c.name = 'talk:%s:mod' and e.type = 'poll.closed' and "
			  "e.data::jsonb ? 'counts'",
			  h.talk),
		    1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sets_never_toggles),
	    cmocka_unit_test(several_answers),
	    cmocka_unit_test(muted_and_gone),
	    cmocka_unit_test(votes_and_the_end),
	    cmocka_unit_test(results_stay_where_they_belong),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
