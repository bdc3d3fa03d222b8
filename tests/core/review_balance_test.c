/* tests/core: the assignment of reviewers, worked out, against every way there is. */
#include "services/review/balance.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The most places, or, with a number of places for each abstract, the best value: few outside
 * topics, then few squares. Tables are small enough to try everything. */
static long best_of(const struct balance_input *in, const int *exact, int a, long value,
		    const int *load)
{
	long best = LONG_MIN;

	if (a == in->abstracts) {
		for (int r = 0; exact != NULL && r < in->people; r++)
			value -= (long)load[r] * load[r];
		return value;
	}
	for (unsigned set = 0; set < 1U << in->people; set++) {
		int now[4], n = 0, missed = 0;
		bool may = true;

		memcpy(now, load, sizeof now);
		for (int r = 0; r < in->people && may; r++)
			if (set & 1U << r) {
				char fit = in->fits[a * in->people + r];

				n++;
				now[r]++;
				missed += fit == '1';
				may = fit != '0' && (in->most[r] < 0 || now[r] <= in->most[r]);
			}
		if (may && (exact != NULL ? n == exact[a] : n <= in->need[a])) {
			long more = exact != NULL ? -1000000L * missed : n;
			long found = best_of(in, exact, a + 1, value + more, now);

			best = found > best ? found : best;
		}
	}
	return best;
}

static void any_table(struct balance_input *in, int *need, int *load, int *most, char *fits)
{
	in->abstracts = 1 + rand() % 4;
	in->people = 1 + rand() % 4;
	for (int a = 0; a < in->abstracts; a++)
		need[a] = 1 + rand() % 3;
	for (int r = 0; r < in->people; r++) {
		load[r] = rand() % 3;
		most[r] = rand() % 3 == 0 ? load[r] + rand() % 2 : -1;
	}
	for (int k = 0; k < in->abstracts * in->people; k++)
		fits[k] = "0112222"[rand() % 7];
}

static void the_flow_is_the_best_there_is(void **state)
{
	struct arena *arena = arena_create((size_t)64 << 20);

	(void)state;
	srand(1);
	for (int i = 0; i < 300; i++) {
		int need[4], load[4] = {0}, most[4] = {0}, now[4], filled[4] = {0}, all = 0;
		char fits[17] = {0};
		struct balance_input in = {0, 0, need, load, most, fits};
		struct balance *b;
		long value = 0;

		any_table(&in, need, load, most, fits);
		b = balance_new(arena, &in);
		while (!balance_go(b, 2))
			;
		memcpy(now, load, sizeof now);
		for (int k = 0; k < in.abstracts * in.people; k++)
			if (balance_has(b, k / in.people, k % in.people)) {
				assert_int_not_equal(fits[k], '0');
				value -= fits[k] == '1' ? 1000000L : 0;
				now[k % in.people]++;
				filled[k / in.people]++;
				all++;
			}
		for (int a = 0; a < in.abstracts; a++)
			assert_true(filled[a] <= need[a]);
		for (int r = 0; r < in.people; r++) {
			value -= (long)now[r] * now[r];
			assert_true(most[r] < 0 || now[r] <= most[r]);
		}
		assert_int_equal(all, best_of(&in, NULL, 0, 0, load));
		assert_int_equal(value, best_of(&in, filled, 0, 0, load));
	}
	arena_destroy(arena);
}

/* Three hundred abstracts, twenty reviewers of all topics: nobody has more than one more than
 * anybody else. */
static void loads_differ_by_one_at_most(void **state)
{
	enum { N = 300, M = 21 };
	struct arena *arena = arena_create((size_t)64 << 20);
	int need[N], load[M] = {0}, most[M], now[M] = {0};
	char fits[N * M];
	struct balance_input in = {N, M, need, load, most, fits};
	struct balance *b;

	(void)state;
	srand(2);
	for (int a = 0; a < N; a++)
		need[a] = 3;
	for (int r = 0; r < M; r++)
		most[r] = -1;
	for (int k = 0; k < N * M; k++)
		fits[k] = rand() % 10 == 0 ? '0' : '2';
	b = balance_new(arena, &in);
	while (!balance_go(b, 100))
		;
	for (int k = 0; k < N * M; k++)
		now[k % M] += balance_has(b, k / M, k % M);
	for (int r = 0; r < M; r++)
		assert_in_range(now[r], N * 3 / M, (N * 3 + M - 1) / M);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_flow_is_the_best_there_is),
	    cmocka_unit_test(loads_differ_by_one_at_most),
	};

	return cmocka_run_group_tests_name("review_balance", tests, NULL, NULL);
}
