/* tests/services: what a stage screen is told beside the question: what is next, the poll, the
 * time, words from behind the stage. */
#include "tests/services/poll_hall.h"

static json_t *shown(const struct hall *h, const char *name)
{
	json_t *doc = call_snapshot("stage", NULL, h->conference, h->room);

	return json_object_get(json_object_get(doc, "snapshot"), name);
}

static const char *text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

#define STAGE_EVENTS(type)                                                                         \
	count("select count(*) from channel_event e join channel c on c.id = e.channel where "     \
	      "c.name = 'stage:%s' and e.type = '%s'",                                             \
	      h.room, type)

static void look(void)
{
	call_sql("select due_stage(null, '')");
}

static void next_by_votes(void **state)
{
	struct hall h = hall_make();
	const char *a = asked(&h, &h.ann, "First?"), *b = asked(&h, &h.ann, "Second?");

	(void)state;
	call_sql("insert into station (conference, name, kind, room) values ('%s', 'Screen', "
		 "'stage', '%s')",
		 h.conference, h.room);
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 1);
	assert_true(json_is_null(shown(&h, "next")));
	move("qa.approve", a, 1, &h.mod);
	move("qa.approve", b, 1, &h.mod);
	assert_string_equal(text(shown(&h, "next"), "text"), "First?");
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 2);
	/* Nothing new, nothing told. */
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 2);
	/* A vote that changes nothing on the screen tells nothing; one that does, does. */
	assert_null(call_method("qa.vote", vote_params(a, 1, 1), &h.bob).fault);
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 2);
	assert_null(call_method("qa.vote", vote_params(a, 0, 2), &h.bob).fault);
	assert_null(call_method("qa.vote", vote_params(b, 1, 1), &h.bob).fault);
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 3);
	assert_string_equal(text(shown(&h, "next"), "id"), b);
	/* Nobody in the hall reads what attendees may not see just now. */
	call_sql("update talk set show_window = 'closed' where id = '%s'", h.talk);
	assert_true(json_is_null(shown(&h, "next")));
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 4);
	call_sql("update talk set show_window = 'auto' where id = '%s'", h.talk);
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 5);
	/* On stage it is no longer next, and that is in the event itself. */
	move("qa.stage", b, 2, &h.mod);
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel where "
		  "c.name = 'stage:%s' and e.type = 'question.staged' and e.data -> 'next' ->> "
		  "'id' = '%s' and e.data::jsonb ?& '{question,talk,poll,timer,messages}'",
		  h.room, a),
	    1);
	look();
	assert_int_equal(STAGE_EVENTS("stage.changed"), 5);
}

static void polls_on_stage(void **state)
{
	struct hall h = hall_make();
	const char *p = opened(&h, "single", "always"), *q, *hidden;
	struct call_result r;

	(void)state;
	assert_string_equal(text(shown(&h, "poll"), "id"), p);
	assert_string_equal(text(shown(&h, "poll"), "state"), "running");
	r = poll_do("poll.stage", p, 2, ",\"value\":false", &h.mod);
	assert_fine(&r);
	assert_true(json_is_null(shown(&h, "poll")));
	r = poll_do("poll.stage", p, 3, ",\"value\":false", &h.mod);
	assert_true(json_is_true(json_object_get(r.json, "noop")));
	r = poll_do("poll.stage", p, 3, ",\"value\":true", &h.mod);
	assert_fine(&r);
	/* Its results stay until a question goes on stage. */
	r = poll_do("poll.close", p, 4, "", &h.mod);
	assert_fine(&r);
	assert_int_equal(json_array_size(json_object_get(shown(&h, "poll"), "counts")), 4);
	q = asked(&h, &h.ann, "On stage?");
	move("qa.approve", q, 1, &h.mod);
	move("qa.stage", q, 2, &h.mod);
	call_sql("update question set staged = (select closed + interval '1 second' from poll "
		 "where id = '%s') where id = '%s'",
		 p, q);
	assert_true(json_is_null(shown(&h, "poll")));
	/* What nobody is to know is not on the wall when it has ended. */
	hidden = opened(&h, "single", "never");
	assert_string_equal(text(shown(&h, "poll"), "id"), hidden);
	r = poll_do("poll.close", hidden, 2, "", &h.mod);
	assert_true(json_is_null(shown(&h, "poll")));
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel where "
		  "c.name = 'stage:%s' and e.type = 'poll.closed' and e.data ->> 'poll' is null",
		  h.room),
	    1);
}

static void time_and_messages(void **state)
{
	struct hall h = hall_make();
	const char *m;

	(void)state;
	clock_at(&h, "2021-05-02T09:05:00+02:00");
	assert_string_equal(text(shown(&h, "timer"), "ends"), "2021-05-02T08:00:00.000Z");
	assert_true(json_is_null(json_object_get(shown(&h, "timer"), "started")));
	call_sql("update published set started = lower(during) where slot = '%s'", h.slot);
	assert_string_equal(text(shown(&h, "timer"), "started"), "2021-05-02T07:00:00.000Z");
	assert_int_equal(json_array_size(shown(&h, "messages")), 0);
	m = call_sql("insert into backstage (id, conference, session, audience, text, by_actor, "
		     "by_name) values (gen_random_uuid(), '%s', '%s', 'speaker', 'Two minutes', "
		     "'%s', 'Mo') returning id",
		     h.conference, h.session, h.mod.person);
	call_sql("insert into backstage (id, conference, session, audience, text, by_actor, "
		 "by_name) values (gen_random_uuid(), '%s', '%s', 'desk', 'Not for the hall', "
		 "'%s', 'Mo')",
		 h.conference, h.session, h.mod.person);
	assert_int_equal(json_array_size(shown(&h, "messages")), 1);
	assert_string_equal(text(json_array_get(shown(&h, "messages"), 0), "text"), "Two minutes");
	call_sql("update backstage set acked = now(), acked_name = 'Mo' where id = '%s'", m);
	assert_int_equal(json_array_size(shown(&h, "messages")), 0);
	/* Nothing is on any more. */
	clock_at(&h, "2021-05-03T09:05:00+02:00");
	call_sql("update published set ended = upper(during) where slot = '%s'", h.slot);
	assert_true(json_is_null(shown(&h, "timer")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(next_by_votes),
	    cmocka_unit_test(polls_on_stage),
	    cmocka_unit_test(time_and_messages),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
