/* tests/services: stars: one's own sessions of the programme. */
#include "tests/services/qa_hall.h"

static const char *star(const char *session, const char *value)
{
	return call_text("{\"session\":\"%s\",\"value\":%s,\"key\":\"%s\"}", session, value,
			 call_uuid());
}

static int stars(const struct hall *h, const struct caller *who)
{
	json_t *now = call_snapshot("person", NULL, h->conference, who->person);

	return (int)json_array_size(json_object_get(json_object_get(now, "snapshot"), "stars"));
}

static int told(const struct hall *h)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and e.type = 'star.changed'",
		     h->conference);
}

static void set_and_taken_off(void **state)
{
	struct hall h = hall_make();
	struct call_result r = call_method("star.set", star(h.session, "true"), &h.ann);

	(void)state;
	assert_fine(&r);
	assert_string_equal(member(&r, "session"), h.session);
	assert_int_equal(stars(&h, &h.ann), 1);
	assert_int_equal(stars(&h, &h.bob), 0);
	assert_int_equal(told(&h), 1);

	/* Setting what is set tells nobody. */
	r = call_method("star.set", star(h.session, "true"), &h.ann);
	assert_fine(&r);
	assert_int_equal(told(&h), 1);

	r = call_method("star.set", star(h.session, "false"), &h.ann);
	assert_fine(&r);
	assert_int_equal(stars(&h, &h.ann), 0);
	assert_int_equal(told(&h), 2);
}

static void a_repeat_is_the_same_answer(void **state)
{
	struct hall h = hall_make();
	const char *params = star(h.session, "true");
	struct call_result first = call_method("star.set", params, &h.ann), again;

	(void)state;
	assert_fine(&first);
	assert_null(call_method("star.set", star(h.session, "false"), &h.ann).fault);
	again = call_method("star.set", params, &h.ann);
	assert_fine(&again);
	assert_string_equal(again.text, first.text);
	assert_int_equal(stars(&h, &h.ann), 0);
}

static void refused(void **state)
{
	struct hall h = hall_make(), other = hall_make();
	struct caller guest = {.roles = ROLE_GUEST};
	const char *draft = call_sql("insert into session (conference, guid, number, title) values "
				     "('%s', gen_random_uuid(), 2, 'Secret') returning id",
				     h.conference);
	struct call_result r = call_method("star.set", star(call_uuid(), "true"), &h.ann);

	(void)state;
	assert_fault(&r, "not_found");
	/* What is not released, and what is another conference's, is not there. */
	r = call_method("star.set", star(draft, "true"), &h.ann);
	assert_fault(&r, "not_found");
	r = call_method("star.set", star(other.session, "true"), &h.ann);
	assert_fault(&r, "not_found");
	r = call_method("star.set", star("x", "true"), &h.ann);
	assert_fault(&r, "bad_request");
	r = call_method("star.set", star(h.session, "1"), &h.ann);
	assert_fault(&r, "bad_request");
	memcpy(guest.conference, h.conference, UUID_SIZE);
	r = call_method("star.set", star(h.session, "true"), &guest);
	assert_fault(&r, "denied");
	assert_int_equal(count("select count(*) from star where conference = '%s'", h.conference),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(set_and_taken_off),
	    cmocka_unit_test(a_repeat_is_the_same_answer),
	    cmocka_unit_test(refused),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
