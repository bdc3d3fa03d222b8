/* tests/gateway: how often everyone hears of values: every fourth tick; every eighth while a round
 * is long, the loop late or the database behind; back when that is well over. */

/* Part of a program and of no library: the unit is compiled in. */
#include "gateway/pace.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Ticks until everyone is told. */
static int ticks(struct pace *p, struct pace_load load)
{
	int n = 1;

	while (!pace_tick(p, &load) && n < 100)
		n++;
	pace_told(p);
	return n;
}

static const struct pace_load calm = {.round_ms = 30, .late_ms = 2, .pending = 3};

static void every_second(void **state)
{
	(void)state;
	struct pace p = {0};

	for (int i = 0; i < 5; i++)
		assert_int_equal(ticks(&p, calm), 4);
	assert_false(p.stretched);
}

static void stretched_by(struct pace_load heavy, struct pace_load less)
{
	struct pace p = {0};

	assert_int_equal(ticks(&p, calm), 4);
	assert_int_equal(ticks(&p, heavy), 8);
	assert_int_equal(ticks(&p, heavy), 8);
	/* Less, but not well below: no going back and forth. */
	for (int i = 0; i < 5; i++)
		assert_int_equal(ticks(&p, less), 8);
	assert_true(p.stretched);
	/* One round more at the long pace, which shows that it is calm. */
	assert_int_equal(ticks(&p, calm), 8);
	assert_int_equal(ticks(&p, calm), 4);
}

static void two_under_load(void **state)
{
	(void)state;
	stretched_by((struct pace_load){.round_ms = 150}, (struct pace_load){.round_ms = 80});
	stretched_by((struct pace_load){.late_ms = 150}, (struct pace_load){.late_ms = 80});
	stretched_by((struct pace_load){.pending = 40}, (struct pace_load){.pending = 20});
}

/* Load that comes when somebody has nearly waited long enough still counts. */
static void at_once(void **state)
{
	(void)state;
	struct pace p = {0};
	struct pace_load late = {.late_ms = 500};

	for (int i = 0; i < 3; i++)
		assert_false(pace_tick(&p, &calm));
	assert_false(pace_tick(&p, &late));
	assert_true(p.stretched);
	assert_int_equal(ticks(&p, calm), 4);
}

/* A tick that could not be used, because the last round is still going out, is the next that can.
 */
static void stays_due(void **state)
{
	(void)state;
	struct pace p = {0};

	assert_int_equal(ticks(&p, calm), 4);
	for (int i = 0; i < 3; i++)
		assert_false(pace_tick(&p, &calm));
	for (int i = 0; i < 3; i++)
		assert_true(pace_tick(&p, &calm));
	pace_told(&p);
	assert_int_equal(ticks(&p, calm), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_second),
					   cmocka_unit_test(two_under_load),
					   cmocka_unit_test(at_once), cmocka_unit_test(stays_due)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
