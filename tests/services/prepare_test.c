/* tests/services: statements are prepared where they are first used: one that cannot be is an
 * answer, and prepared again by the next. */
#include "tests/services/qa_hall.h"

enum { STARS = 5 };

static void begin(struct call *calls, const struct hall *h)
{
	for (int i = 0; i < STARS; i++)
		calls[i] = (struct call){
		    .method = "star.set",
		    .params = call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}",
					h->session, call_uuid()),
		    .who = i % 2 == 0 ? &h->ann : &h->bob,
		};
}

static void a_locked_table(void **state)
{
	struct hall h = hall_make();
	struct call calls[STARS];
	struct call_result r[STARS];

	(void)state;
	begin(calls, &h);
	call_sql("begin");
	call_sql("lock table star in access exclusive mode");
	/* In one pipeline: the first prepares in vain, the others find nothing prepared. */
	call_methods(calls, STARS, r);
	for (int i = 0; i < STARS; i++)
		assert_string_equal(r[i].fault, "busy");
	call_sql("rollback");
	assert_int_equal(count("select count(*) from star where session = '%s'", h.session), 0);

	call_methods(calls, STARS, r);
	for (int i = 0; i < STARS; i++)
		assert_fine(&r[i]);
	assert_int_equal(count("select count(*) from star where session = '%s'", h.session), 2);
	assert_int_equal(count("select count(*) from pg_stat_activity where application_name = "
			       "'public'"),
			 1);
}

static void one_that_fails_stays_prepared(void **state)
{
	struct hall h = hall_make();
	struct call_result r;

	(void)state;
	r = call_method("star.set",
			call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}", call_uuid(),
				  call_uuid()),
			&h.ann);
	assert_fault(&r, "not_found");
	r = call_method(
	    "star.set",
	    call_text("{\"session\":\"%s\",\"value\":true,\"key\":\"%s\"}", h.session, call_uuid()),
	    &h.ann);
	assert_fine(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_locked_table),
	    cmocka_unit_test(one_that_fails_stays_prepared),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
