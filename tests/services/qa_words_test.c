/* tests/services: questions that nobody asked in writing, answers in writing, second thoughts. */
#include "tests/services/qa_hall.h"

#define MADE "{\"question\":\"%s\",\"talk\":\"%s\",\"text\":\"%s\",\"key\":\"%s\"}"
#define ANSWER                                                                                     \
	"{\"question\":\"%s\",\"expect_version\":%d,\"text\":\"%s\",\"public\":%s,\"key\":\"%s\"}"
#define WORDS "{\"question\":\"%s\",\"expect_version\":%d,\"text\":\"%s\",\"key\":\"%s\"}"

static void prepared_and_spoken(void **state)
{
	struct hall h = hall_make();
	const char *a = call_uuid(), *b = call_uuid(), *key = call_uuid();
	struct call_result r;

	(void)state;
	r = call_method("qa.prepare", call_text(MADE, a, h.talk, "To begin with?", key), &h.mod);
	assert_fine(&r);
	r = call_method("qa.prepare", call_text(MADE, a, h.talk, "To begin with?", key), &h.mod);
	assert_fine(&r);
	r = call_method("qa.prepare", call_text(MADE, a, h.talk, "Another", call_uuid()), &h.mod);
	assert_fault(&r, "key.reused");
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 0);
	r = move("qa.stage", a, 1, &h.mod);
	assert_fine(&r);
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 1);
	r = call_method("qa.note_spoken", call_text(MADE, b, h.talk, "Aloud", call_uuid()), &h.mod);
	assert_fine(&r);
	assert_string_equal(member(&r, "state"), "on_stage");
	assert_string_equal(call_sql("select state from question where id = '%s'", a), "answered");
	/* Noted by mistake: the one before is back. */
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", b, call_uuid()), &h.mod);
	assert_fine(&r);
	assert_string_equal(call_sql("select state from question where id = '%s'", a), "on_stage");
	assert_string_equal(call_sql("select state from question where id = '%s'", b), "withdrawn");
}

static void written_answers(void **state)
{
	struct hall h = hall_make();
	/* Who speaks is who has a talk, whatever the role says. */
	struct caller speaker = call_person(h.conference, "Spea Ker", ROLE_ATTENDEE);
	const char *q = put(&h, "approved"), *other = put(&h, "approved");
	struct call_result r;

	(void)state;
	r = call_method("qa.answer", call_text(ANSWER, q, 2, "So.", "true", call_uuid()), &speaker);
	assert_fault(&r, "denied");
	call_sql("with s as (insert into speaker (conference, guid, name, person) values ('%s', "
		 "'s', 'Spea Ker', '%s') returning id) insert into talk_speaker select '%s', id, 1 "
		 "from s",
		 h.conference, speaker.person, h.talk);
	r = call_method("qa.answer", call_text(ANSWER, q, 2, "So.", "true", call_uuid()), &speaker);
	assert_fine(&r);
	r.json = json_object_get(json_array_get(seen_by(&h, &h.bob), 0), "answer");
	if (r.json == NULL)
		r.json = json_object_get(json_array_get(seen_by(&h, &h.bob), 1), "answer");
	assert_string_equal(member(&r, "text"), "So.");
	assert_string_equal(member(&r, "by"), "Spea Ker");
	r = move("qa.answer", other, 2, &speaker);
	assert_fault(&r, "denied");
	r = call_method("qa.answer", call_text(ANSWER, other, 2, "For you.", "false", call_uuid()),
			&h.mod);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'talk:%s' and e.data::text ~ 'For you'",
			       h.talk),
			 0);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'person:%s' and e.data::text ~ 'For you'",
			       h.ann.person),
			 1);
	/* Taken back, words and all. */
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", other, call_uuid()),
			&h.mod);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from answer where question = '%s'", other), 0);
	/* Somebody else is writing. */
	call_sql("insert into claim values ('%s', '%s', '%s', now() + interval '30 seconds')",
		 other, h.conference, speaker.person);
	r = call_method("qa.answer", call_text(ANSWER, other, 4, "Both?", "true", call_uuid()),
			&h.mod);
	assert_fault(&r, "qa.claimed");
}

static void undone_by_whom_and_when(void **state)
{
	struct hall h = hall_make();
	struct caller other = call_person(h.conference, "Ma Derator", ROLE_MODERATOR);
	const char *q = asked(&h, &h.ann, "Undo?");
	const char *undo = call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid());
	struct call_result r, again;

	(void)state;
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()), &h.mod);
	assert_fault(&r, "conflict");
	move("qa.approve", q, 1, &h.mod);
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()), &other);
	assert_fault(&r, "conflict");
	{
		json_t *current = json_loads(r.current, 0, NULL);

		assert_string_equal(json_string_value(json_object_get(
					json_object_get(current, "changed_by"), "name")),
				    "Mo Derator");
		json_decref(current);
	}
	r = call_method("qa.undo", undo, &h.mod);
	assert_fine(&r);
	assert_string_equal(member(&r, "undone"), "approve");
	assert_string_equal(member(&r, "state"), "pending");
	again = call_method("qa.undo", undo, &h.mod);
	assert_string_equal(again.text, r.text);
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()), &h.mod);
	assert_fault(&r, "qa.undo");
	assert_int_equal(
	    count("select count(*) from mod_action where question = '%s' and undoes is "
		  "not null",
		  q),
	    1);
}

static void revised_by_its_asker(void **state)
{
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "Wrods?");
	struct call_result r;

	(void)state;
	r = call_method("qa.revise", call_text(WORDS, q, 1, "Not mine", call_uuid()), &h.bob);
	assert_fault(&r, "denied");
	r = call_method("qa.revise", call_text(WORDS, q, 1, "Words?", call_uuid()), &h.ann);
	assert_fine(&r);
	move("qa.approve", q, 2, &h.mod);
	r = call_method("qa.revise", call_text(WORDS, q, 3, "Better words?", call_uuid()), &h.ann);
	assert_fine(&r);
	r.json = json_array_get(seen_by(&h, &h.bob), 0);
	assert_string_equal(member(&r, "text"), "Words?");
	r = move("qa.accept", q, 4, &h.mod);
	assert_fine(&r);
	r.json = json_array_get(seen_by(&h, &h.bob), 0);
	assert_string_equal(member(&r, "text"), "Better words?");
	assert_true(json_is_true(json_object_get(r.json, "edited")));
	r = call_method("qa.edit", call_text(WORDS, q, 5, "=HYPERLINK(1) <b>", call_uuid()),
			&h.mod);
	assert_fine(&r);
	assert_string_equal(
	    json_string_value(json_object_get(as_moderators_see(&h, q), "original")), "Words?");
	/* Told again after all that, it is still the same question. */
	r = call_method("qa.ask", ask_params(q, h.talk, "Wrods?"), &h.ann);
	assert_fine(&r);
}

/* What its asker wants to say instead is declined: the words that people see stay. */
static void declined(void **state)
{
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "As it was?"), *params;
	struct call_result r, again;

	(void)state;
	params =
	    call_text("{\"question\":\"%s\",\"expect_version\":3,\"decline\":true,\"key\":\"%s\"}",
		      q, call_uuid());
	move("qa.approve", q, 1, &h.mod);
	/* There is nothing to decline yet. */
	r = call_method(
	    "qa.accept",
	    call_text("{\"question\":\"%s\",\"expect_version\":2,\"decline\":true,\"key\":\"%s\"}",
		      q, call_uuid()),
	    &h.mod);
	assert_fault(&r, "qa.state");
	r = call_method("qa.revise", call_text(WORDS, q, 2, "Quite another?", call_uuid()), &h.ann);
	assert_fine(&r);
	r = call_method("qa.accept", params, &h.bob);
	assert_fault(&r, "denied");
	r = call_method("qa.accept", params, &h.mod);
	assert_fine(&r);
	again = call_method("qa.accept", params, &h.mod);
	assert_string_equal(again.text, r.text);
	r.json = json_array_get(seen_by(&h, &h.bob), 0);
	assert_string_equal(member(&r, "text"), "As it was?");
	assert_null(json_object_get(r.json, "edited"));
	assert_null(json_object_get(as_moderators_see(&h, q), "revision"));
	/* Its asker hears that nothing waits any more, and attendees never read the other words. */
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel where "
		  "c.name = 'person:%s' and e.data ->> 'version' = '4' and e.data ->> 'revision' "
		  "is null",
		  h.ann.person),
	    1);
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel where "
		  "c.name = 'talk:%s' and e.data::text ~ 'Quite another'",
		  h.talk),
	    0);
	/* Declined, it may be taken back: then it waits again. */
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()), &h.mod);
	assert_fine(&r);
	assert_string_equal(
	    json_string_value(json_object_get(as_moderators_see(&h, q), "revision")),
	    "Quite another?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(prepared_and_spoken),
	    cmocka_unit_test(written_answers),
	    cmocka_unit_test(undone_by_whom_and_when),
	    cmocka_unit_test(revised_by_its_asker),
	    cmocka_unit_test(declined),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
