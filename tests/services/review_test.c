/* tests/services: reviewing: criteria, blindness, drafts and final reviews, who sees what the
 * others thought, a reviewer who goes. */
#include "tests/services/review_table.h"

static const char *one, *other;
static struct caller ann, bob;

static const char two_criteria[] = "[{\"name\":\"Quality\",\"weight\":3,\"min\":1,\"max\":5},"
				   "{\"name\":\"Fit\",\"weight\":1,\"min\":0,\"max\":10},"
				   "{\"name\":\"First time\",\"weight\":null,\"min\":0,\"max\":1}]";

/* Two abstracts with two reviewers. */
static int fresh(void **state)
{
	table(state);
	office();
	good(setup_saved(two_criteria, "true", 1));
	one = offered(physics, "Zoe Zorn", "Aarhus University");
	other = offered(poetry, "Yan Ypsilon", "University of Oslo");
	ann = reviewer_of("Ann Able", "[]", "");
	bob = reviewer_of("Bob Baker", "[]", "");
	good(assigned(one, &ann));
	good(assigned(other, &ann));
	good(assigned(one, &bob));
	return 0;
}

static const char *scores(int quality, int fit, int first)
{
	return call_text("{\"%s\":%d,\"%s\":%d,\"%s\":%d}", criterion(1), quality, criterion(2),
			 fit, criterion(3), first);
}

static void a_reviewer_reads_without_names(void **state)
{
	json_t *got, *abstract;

	(void)state;
	assert_int_equal(json_array_size(mine(&ann)), 2);
	assert_int_equal(json_array_size(mine(&bob)), 1);
	got = good(asked("review.get", one, &ann));
	abstract = at(got, "abstract");
	assert_string_equal(text_at(abstract, "body"), "We say");
	assert_null(at(abstract, "authors"));
	assert_null(strstr(asked("review.get", one, &ann).text, "Zorn"));
	assert_true(json_is_null(at(got, "own")));
	/* Not blind: everything. */
	good(setup_saved(call_sql("select review_criteria('%s')", conference), "false", 2));
	abstract = at(good(asked("review.get", one, &ann)), "abstract");
	assert_string_equal(text_at(abstract, "body"), "We of the clinic say");
	assert_non_null(find(at(abstract, "authors"), "name", "Zoe Zorn"));
	/* What is not one's own is not there. */
	assert_fault(asked("review.get", other, &bob), "not_found");
	assert_fault(asked("review.get", call_uuid(), &bob), "not_found");
	assert_fault(call_method("review.mine", "{}", &organiser), "denied");
}

static void drafts_and_final_ones(void **state)
{
	const char *part = call_text("{\"%s\":4}", criterion(1));
	struct call_result r;

	(void)state;
	good(judged(one, &ann, part, "draft", 0));
	/* Two tabs: the second one is told what there is. */
	r = judged(one, &ann, "{}", "draft", 0);
	assert_fault(r, "conflict");
	assert_non_null(strstr(r.current, "\"version\" : 1"));
	r = judged(one, &ann, part, "final", 1);
	assert_fault(r, "review.incomplete");
	assert_non_null(strstr(r.current, criterion(2)));
	assert_fault(judged(one, &ann, scores(6, 5, 0), "draft", 1), "bad_request");
	assert_fault(judged(one, &ann, call_text("{\"%s\":1}", call_uuid()), "draft", 1),
		     "bad_request");
	assert_fault(judged(one, &ann, call_text("{\"%s\":\"4\"}", criterion(1)), "draft", 1),
		     "bad_request");
	good(judged(one, &ann, scores(5, 5, 1), "final", 1));
	assert_fault(judged(one, &ann, part, "draft", 2), "review.final");
	good(judged(one, &ann, scores(4, 5, 1), "final", 2));
	assert_string_equal(text_at(find(mine(&ann), "abstract", one), "state"), "final");
	/* What it was before is known. */
	assert_string_equal(
	    call_sql("select detail -> 'was' ->> '%s' from audit where conference = '%s' "
		     "and action = 'review.final' order by id desc limit 1",
		     criterion(1), conference),
	    "5");
	call_sql(
	    "update review_setup set until = now() - interval '1 second' where conference = '%s' "
	    "returning until",
	    conference);
	assert_fault(judged(one, &ann, scores(4, 5, 1), "final", 3), "review.closed");
	assert_fault(judged(other, &ann, "{}", "draft", 0), "review.closed");
}

static void the_same_save_twice(void **state)
{
	const char *body = call_text(
	    "{\"abstract\":\"%s\",\"scores\":{},\"to_authors\":\"\",\"to_committee\":\"\","
	    "\"state\":\"draft\",\"expect_version\":0,\"key\":\"%s\"}",
	    one, call_uuid());
	struct call both[2] = {{"review.save", body, &ann}, {"review.save", body, &ann}};
	struct call_result r[2];

	(void)state;
	call_methods(both, 2, r);
	assert_string_equal(good(r[0]) ? r[0].text : "", good(r[1]) ? r[1].text : "");
	assert_string_equal(call_sql("select count(*) from review where abstract = '%s'", one),
			    "1");
}

static void others_are_hidden_until_ones_own_is_final(void **state)
{
	const char *before;
	json_t *list;

	(void)state;
	before = asked("review.list", one, &bob).text;
	good(judged(one, &ann, scores(5, 10, 0), "final", 0));
	/* Nothing has changed for Bob, who has not finished. */
	assert_string_equal(asked("review.list", one, &bob).text, before);
	good(judged(one, &bob, scores(1, 0, 0), "draft", 0));
	assert_string_equal(asked("review.list", one, &bob).text, before);
	good(judged(one, &bob, scores(1, 0, 0), "final", 1));
	list = at(good(asked("review.list", one, &bob)), "reviews");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(text_at(json_array_get(list, 0), "to_committee"), "For us");
	assert_null(at(json_array_get(list, 0), "name"));
	/* The committee sees both, and whose. */
	list = at(good(asked("review.list", one, &organiser)), "reviews");
	assert_int_equal(json_array_size(list), 2);
	assert_non_null(find(list, "name", "Bob Baker"));
	assert_fault(asked("review.list", other, &bob), "not_found");
}

static void scores_are_weighted(void **state)
{
	json_t *row;

	(void)state;
	good(judged(one, &ann, scores(5, 0, 1), "final", 0));
	good(judged(one, &bob, scores(3, 10, 0), "final", 0));
	row = row_of(one, &organiser);
	/* 75 and (3 × 50 + 100) / 4 = 62.5; what has no weight counts for nothing. */
	assert_string_equal(
	    call_sql("select score || ' ' || spread || ' ' || coalesce(z::text, 'none') "
		     "from review_of('%s') where abstract = '%s'",
		     conference, one),
	    "68.8 12.5 none");
	assert_int_equal(int_at(row, "reviews"), 2);
	assert_null(at(row, "z"));
	assert_string_equal(call_sql("select review_comments('%s', '%s')", conference, one),
			    "For you\n\nFor you");
}

static void what_reviewers_usually_give(void **state)
{
	static const int given[] = {1, 3, 5};

	(void)state;
	/* Ann gives 0, 50 and 100 of a hundred; Bob always the same, which says nothing. */
	for (int i = 0; i < 3; i++) {
		const char *a = offered(physics, call_text("Author %d", i), "");

		good(assigned(a, &ann));
		good(assigned(a, &bob));
		good(judged(a, &ann, scores(given[i], i * 5, 0), "final", 0));
		good(judged(a, &bob, scores(4, 5, 0), "final", 0));
	}
	assert_string_equal(
	    call_sql("select string_agg(z::text, ' ' order by z) from review_of('%s')", conference),
	    "-0.50 0.00 0.50");
}

static void criteria_that_were_used_stay(void **state)
{
	const char *kept = call_sql("select review_criteria('%s')", conference);
	json_t *list = json_loads(kept, 0, NULL);
	char *less;

	(void)state;
	json_array_remove(list, 2);
	less = json_dumps(list, JSON_COMPACT);
	good(judged(one, &ann, scores(5, 0, 1), "final", 0));
	assert_fault(setup_saved(less, "true", 2), "review.criterion");
	assert_fault(setup_saved(kept, "true", 1), "conflict");
	assert_fault(setup_saved("[{\"name\":\"x\",\"min\":3,\"max\":3}]", "true", 2),
		     "review.criterion");
	good(setup_saved(kept, "true", 2));
	assert_fault(setup_saved("{}", "true", 3), "bad_request");
	call_sql(
	    "with x as (delete from review where conference = '%s' returning id) select count(*) "
	    "from x",
	    conference);
	assert_fault(setup_saved("[{\"name\":\"x\",\"min\":3,\"max\":3}]", "true", 3),
		     "bad_request");
	assert_fault(setup_saved("[{\"name\":\"\",\"min\":0,\"max\":3}]", "true", 3),
		     "bad_request");
	assert_fault(setup_saved("[{\"name\":\"x\",\"min\":0,\"max\":3,\"weight\":0}]", "true", 3),
		     "bad_request");
	good(setup_saved(less, "true", 3));
	free(less);
	json_decref(list);
}

static void a_reviewer_goes(void **state)
{
	(void)state;
	good(judged(one, &ann, scores(5, 0, 1), "final", 0));
	good(judged(other, &ann, "{}", "draft", 0));
	good(told("reviewer.remove",
		  call_text("\"person\":\"%s\",\"reviews\":\"keep\"", ann.person), &organiser));
	/* The page that is still open hears that there is nothing. */
	assert_fault(judged(one, &ann, scores(5, 0, 1), "final", 1), "not_found");
	assert_fault(judged(other, &ann, "{}", "draft", 1), "not_found");
	assert_int_equal(json_array_size(mine(&ann)), 0);
	assert_string_equal(
	    call_sql("select string_agg(state, ',') from review where person = '%s'", ann.person),
	    "final");
	assert_int_equal(int_at(row_of(one, &organiser), "reviews"), 1);
	assert_string_equal(
	    call_sql("select count(*) from role_grant where person = '%s'", ann.person), "0");
	assert_fault(assigned(other, &ann), "not_found");
	good(judged(one, &bob, scores(3, 0, 1), "final", 0));
	good(told("reviewer.remove",
		  call_text("\"person\":\"%s\",\"reviews\":\"drop\"", bob.person), &organiser));
	assert_int_equal(int_at(row_of(one, &organiser), "reviews"), 1);
	assert_fault(told("reviewer.remove",
			  call_text("\"person\":\"%s\",\"reviews\":\"drop\"", bob.person),
			  &organiser),
		     "not_found");
	/* Back again: with the topics given now, and what they once finished. */
	good(told("reviewer.save", call_text("\"person\":\"%s\",\"tracks\":[]", ann.person),
		  &organiser));
	good(assigned(one, &ann));
	assert_string_equal(text_at(find(mine(&ann), "abstract", one), "state"), "final");
}

static void what_is_taken_back_or_withdrawn(void **state)
{
	const char *pair = call_text("\"abstract\":\"%s\",\"person\":\"%s\"", one, ann.person);

	(void)state;
	good(judged(one, &ann, "{}", "draft", 0));
	good(told("review.unassign", pair, &organiser));
	assert_fault(asked("review.get", one, &ann), "not_found");
	assert_fault(told("review.unassign", pair, &organiser), "not_found");
	/* What was begun is there again. */
	good(assigned(one, &ann));
	assert_string_equal(text_at(find(mine(&ann), "abstract", one), "state"), "draft");
	good(judged(one, &ann, scores(3, 3, 0), "final", 1));
	assert_fault(told("review.unassign", pair, &organiser), "review.final");
	call_sql("update abstract set state = 'withdrawn' where id = '%s' returning id", one);
	assert_fault(judged(one, &ann, scores(3, 3, 0), "final", 2), "not_found");
	assert_null(find(mine(&ann), "abstract", one));
	assert_null(row_of(one, &organiser));
}

static void everybody_is_written_to(void **state)
{
	(void)state;
	assert_int_equal(int_at(good(told("review.tell", "", &organiser)), "people"), 2);
	assert_string_equal(
	    call_sql("select count(*) from outbox where conference = '%s'", conference), "2");
	call_sql(
	    "update review_setup set until = null where conference = '%s' returning conference",
	    conference);
	assert_fault(told("review.tell", "", &organiser), "review.no_until");
}

/* Whatever comes first, nothing of somebody who is removed is left behind that was not finished,
 * and nobody who knows an author has anything. */
static void two_things_at_once(void **state)
{
	const char *gone = call_text("{\"person\":\"%s\",\"reviews\":\"keep\",\"key\":\"%s\"}",
				     ann.person, call_uuid());
	const char *draft = call_text("{\"abstract\":\"%s\",\"scores\":{},\"to_authors\":\"\","
				      "\"to_committee\":\"\",\"state\":\"draft\","
				      "\"expect_version\":0,\"key\":\"%s\"}",
				      one, call_uuid());
	const char *pair = call_text("\"abstract\":\"%s\",\"person\":\"%s\"", other, bob.person);
	struct call both[4] = {
	    {"reviewer.remove", gone, &organiser},
	    {"review.save", draft, &ann},
	    {"review.assign", call_text("{%s,\"key\":\"%s\"}", pair, call_uuid()), &organiser},
	    {"interest.declare", call_text("{%s,\"has\":true,\"key\":\"%s\"}", pair, call_uuid()),
	     &organiser}};
	struct call_result r[4];

	(void)state;
	call_methods(both, 4, r);
	good(r[0]);
	good(r[3]);
	assert_string_equal(call_sql("select count(*) from review where person = '%s'", ann.person),
			    "0");
	assert_string_equal(
	    call_sql("select count(*) from review_assignment where person = '%s' or "
		     "(person = '%s' and abstract = '%s')",
		     ann.person, bob.person, other),
	    "0");
}

static void two_rows_are_one_reviewer(void **state)
{
	struct caller cleo = call_person(conference, "Cleo Copy", ROLE_ATTENDEE);

	(void)state;
	good(judged(one, &ann, scores(5, 0, 1), "final", 0));
	good(judged(other, &ann, "{}", "draft", 0));
	good(told("person.merge",
		  call_text("\"person\":\"%s\",\"into\":\"%s\"", ann.person, cleo.person),
		  &organiser));
	cleo.roles |= ROLE_REVIEWER;
	assert_string_equal(text_at(find(mine(&cleo), "abstract", one), "state"), "final");
	assert_string_equal(text_at(find(mine(&cleo), "abstract", other), "state"), "draft");
	assert_int_equal(int_at(row_of(one, &organiser), "reviews"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_reviewer_reads_without_names, fresh),
	    cmocka_unit_test_setup(drafts_and_final_ones, fresh),
	    cmocka_unit_test_setup(the_same_save_twice, fresh),
	    cmocka_unit_test_setup(others_are_hidden_until_ones_own_is_final, fresh),
	    cmocka_unit_test_setup(scores_are_weighted, fresh),
	    cmocka_unit_test_setup(what_reviewers_usually_give, fresh),
	    cmocka_unit_test_setup(criteria_that_were_used_stay, fresh),
	    cmocka_unit_test_setup(a_reviewer_goes, fresh),
	    cmocka_unit_test_setup(what_is_taken_back_or_withdrawn, fresh),
	    cmocka_unit_test_setup(everybody_is_written_to, fresh),
	    cmocka_unit_test_setup(two_things_at_once, fresh),
	    cmocka_unit_test_setup(two_rows_are_one_reviewer, fresh),
	};

	return cmocka_run_group_tests_name("review", tests, setup, teardown);
}
