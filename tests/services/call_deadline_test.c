/* tests/services: deadlines: every dispute of the field that we know of, and what must not become
 * one. product.md §0 and §2.10 name them. */
#include "tests/services/call_support.h"

/* What the announcement means, as the server says. */
static const char *closes_at(struct call_result r)
{
	return text_at(at(good(r), "closes"), "at");
}

static json_t *refused_label(struct call_result r)
{
	assert_fault(r, "call.label");
	return json_loads(r.current, 0, NULL);
}

/* §0: 15 April is summer time in Copenhagen: "CET" there is an hour somebody will fight about. */
static void cet_in_april_is_refused(void **state)
{
	json_t *current =
	    refused_label(save_call("2021-04-15 23:59", "CET", "Europe/Copenhagen", 0, 0));

	(void)state;
	assert_string_equal(text_at(current, "is"), "CEST");
	assert_string_equal(text_at(current, "field"), "closes");
	assert_string_equal(text_at(current, "at"), "2021-04-15T21:59:00.000Z");
	json_decref(current);
	/* The zone called CET has summer time as well. */
	current = refused_label(save_call("2021-04-15 23:59", "CET", "CET", 0, 0));
	assert_string_equal(text_at(current, "is"), "CEST");
	json_decref(current);
	assert_string_equal(
	    closes_at(save_call("2021-04-15 23:59", "CEST", "Europe/Copenhagen", 0, 0)),
	    "2021-04-15T21:59:00.000Z");
	/* Who means UTC+1 all year says so, and gets the other hour. */
	assert_string_equal(closes_at(save_call("2021-04-15 23:59", "UTC+1", "Etc/GMT-1", 0, 1)),
			    "2021-04-15T22:59:00.000Z");
	/* The real one: in March it is CET. */
	assert_string_equal(
	    closes_at(save_call("2021-03-02 14:00", "CET", "Europe/Copenhagen", 0, 2)),
	    "2021-03-02T13:00:00.000Z");
	json_decref(
	    refused_label(save_call("2021-03-02 14:00", "CEST", "Europe/Copenhagen", 0, 3)));
}

/* §0: 28 March 2021, when the clocks go forward, and 31 October, when they go back. */
static void the_change_of_the_clocks(void **state)
{
	(void)state;
	assert_fault(save_call("2021-03-28 02:30", "CET", "Europe/Copenhagen", 0, 0),
		     "time.missing");
	/* Half past two comes twice in October: the label says which of them. */
	assert_string_equal(
	    closes_at(save_call("2021-10-31 02:30", "CEST", "Europe/Copenhagen", 0, 0)),
	    "2021-10-31T00:30:00.000Z");
	assert_string_equal(
	    closes_at(save_call("2021-10-31 02:30", "CET", "Europe/Copenhagen", 0, 1)),
	    "2021-10-31T01:30:00.000Z");
}

/* habitat-challenge #180: the page said 13:00 CST, the server refused at 08:24. CST is UTC-6, not
 * China's. foundational_fsod #18: EST or CST. */
static void labels_of_other_zones(void **state)
{
	(void)state;
	assert_string_equal(
	    closes_at(save_call("2021-03-02 13:00", "CST", "America/Chicago", 0, 0)),
	    "2021-03-02T19:00:00.000Z");
	assert_string_equal(closes_at(save_call("2021-03-02 13:00", "CST", "Asia/Shanghai", 0, 1)),
			    "2021-03-02T05:00:00.000Z");
	json_decref(refused_label(save_call("2021-03-02 13:00", "CST", "America/New_York", 0, 2)));
	assert_string_equal(
	    closes_at(save_call("2021-03-02 13:00", "EST", "America/New_York", 0, 2)),
	    "2021-03-02T18:00:00.000Z");
	assert_string_equal(closes_at(save_call("2021-03-02 23:59", "AoE", "Etc/GMT+12", 0, 3)),
			    "2021-03-03T11:59:00.000Z");
	json_decref(refused_label(save_call("2021-03-02 23:59", "AoE", "Europe/Copenhagen", 0, 4)));
	assert_fault(save_call("2021-03-02 23:59", "CET", "Nowhere/Land", 0, 4), "bad_request");
	assert_fault(save_call("2021-03-02 25:59", "CET", "Europe/Copenhagen", 0, 4),
		     "bad_request");
	assert_fault(save_call("2 March, 14:00", "CET", "Europe/Copenhagen", 0, 4), "bad_request");
}

/* VIPriors #40: 23:59 GMT was announced, and it closed at 22:59. */
static void the_announced_minute_is_in_time(void **state)
{
	(void)state;
	good(save_call("2021-01-20 23:59", "GMT", "Europe/London", 0, 0));
	clock_to("2021-01-21 00:30Z");
	assert_fault(submit_at(&writer, "2021-01-20 23:59:01.500Z"), "call.closed");
	clock_to("2021-01-20 23:58:30Z");
	good(submit(&writer, call_uuid(), content("22:59 is early"), 0));
	/* To the end of what was announced, and no further. */
	clock_to("2021-01-20 23:59:40Z");
	good(submit_at(&writer, "2021-01-20 23:58:59.99Z"));
	assert_fault(submit_at(&writer, "2021-01-20 23:59:00.1Z"), "call.closed");
}

/* habitat-challenge #44 and recsyschallenge 2016 #36: uploaded at 23:50, recorded 00:01, lost. What
 * counts is when the upload began. */
static void what_began_in_time_is_in_time(void **state)
{
	json_t *r;

	(void)state;
	good(save_call("2021-01-20 23:59", "CET", "Europe/Copenhagen", 0, 0));
	clock_to("2021-01-20 23:59:50+01");
	r = good(submit_at(&writer, "2021-01-20 23:58:55+01"));
	/* To the second: a millisecond may fall to the other side. */
	assert_memory_equal(text_at(r, "received"), "2021-01-20T22:58:5", 18);
	assert_fault(submit_at(&writer, "2021-01-20 23:59:10+01"), "call.closed");
	/* Held open for an hour it has not begun in time: an upload takes two minutes at most. */
	clock_to("2021-01-21 01:00+01");
	assert_fault(submit_at(&writer, "2021-01-20 23:58:55+01"), "call.closed");
	/* Nobody's clock makes anything earlier or later than it came. */
	clock_to("2021-01-20 23:50+01");
	r = good(submit_at(&writer, "2021-03-01 00:00+01"));
	assert_memory_equal(text_at(r, "received"), "2021-01-20T22:50", 16);
}

/* MapAI #15: an hour more for some, unsaid. The grace is for everybody, and nobody is told. */
static void grace_is_not_told(void **state)
{
	struct call_result r;

	(void)state;
	good(save_call("2021-01-20 14:00", "CET", "Europe/Copenhagen", 300, 0));
	clock_to("2021-01-20 14:04+01");
	r = call_method("call.get", "{}", &writer);
	assert_string_equal(text_at(good(r), "state"), "closed");
	assert_null(strstr(r.text, "grace"));
	assert_fault(call_method("call.settings", "{}", &writer), "denied");
	good(submit_at(&writer, "2021-01-20 14:04+01"));
	clock_to("2021-01-20 14:05:30+01");
	good(submit_at(&writer, "2021-01-20 14:04:59.9+01"));
	assert_fault(submit_at(&writer, "2021-01-20 14:05:00.1+01"), "call.closed");
	assert_fault(save(&writer, call_uuid(), content("A draft"), 0), "call.closed");
}

static void nothing_before_it_opens(void **state)
{
	(void)state;
	assert_fault(save(&writer, call_uuid(), content("No call"), 0), "call.not_open");
	assert_fault(call_method("call.get", "{}", &writer), "not_found");
	good(save_call("2021-03-02 14:00", "CET", "Europe/Copenhagen", 0, 0));
	clock_to("2020-12-16 08:59:40+01");
	assert_string_equal(text_at(good(call_method("call.get", "{}", &writer)), "state"),
			    "before");
	assert_fault(submit(&writer, call_uuid(), content("Early"), 0), "call.not_open");
	clock_to("2020-12-16 09:00+01");
	good(submit(&writer, call_uuid(), content("The first"), 0));
}

/* openreview-scripts #1127: the deadline was extended, the gate was not reopened. openreview-py
 * #788: and the other way round. */
static void a_deadline_that_moves_moves_the_gate(void **state)
{
	json_t *r, *revisions;

	(void)state;
	good(save_call("2021-01-20 14:00", "CET", "Europe/Copenhagen", 0, 0));
	clock_to("2021-01-21 09:00+01");
	assert_fault(submit(&writer, call_uuid(), content("Too late"), 0), "call.closed");
	r = good(save_call("2021-02-01 14:00", "CET", "Europe/Copenhagen", 0, 1));
	assert_string_equal(text_at(r, "state"), "open");
	good(submit(&writer, call_uuid(), content("In time again"), 0));
	good(save_call("2021-01-20 23:00", "CET", "Europe/Copenhagen", 0, 2));
	assert_fault(submit(&writer, call_uuid(), content("Too late again"), 0), "call.closed");
	/* Two organisers at once: one of them is told. */
	assert_fault(save_call("2021-02-01 14:00", "CET", "Europe/Copenhagen", 0, 2), "conflict");
	/* Every version is kept. */
	revisions = at(good(call_method("call.settings", "{}", &organiser)), "revisions");
	assert_int_equal(json_array_size(revisions), 3);
	assert_string_equal(text_at(at(json_array_get(revisions, 2), "closes"), "text"),
			    "2021-01-20 14:00");
}

static struct call_result late(const struct caller *who, const char *email, const char *until)
{
	return call_method("call.late",
			   call_text("{\"key\":\"%s\",\"email\":\"%s\",\"until\":\"%s\",\"reason\":"
				     "\"Ill that week\"}",
				     call_uuid(), email, until),
			   who);
}

static void late_for_one_by_name(void **state)
{
	struct caller other = applicant("Otto Other");
	const char *email = call_sql("select email from person where id = '%s'", writer.person);
	json_t *r;

	(void)state;
	good(save_call("2021-01-20 14:00", "CET", "Europe/Copenhagen", 0, 0));
	clock_to("2021-01-21 09:00+01");
	assert_fault(late(&writer, email, "2021-01-22T12:00"), "denied");
	r = good(late(&organiser, email, "2021-01-22T12:00"));
	assert_string_equal(text_at(r, "until"), "2021-01-22T11:00:00.000Z");
	good(submit(&writer, call_uuid(), content("Late, and allowed"), 0));
	assert_fault(submit(&other, call_uuid(), content("Late"), 0), "call.closed");
	r = good(call_method("call.get", "{}", &writer));
	assert_true(json_is_true(at(at(r, "late"), "open")));
	assert_null(at(good(call_method("call.get", "{}", &other)), "late"));
	assert_int_equal(number(call_text("select count(*) from outbox where dedupe like "
					  "'call.late:%s:%%'",
					  writer.person)),
			 1);
	clock_to("2021-01-22 12:00:05+01");
	assert_fault(submit_at(&writer, "2021-01-22 12:00:01+01"), "call.closed");
	/* Somebody whom nobody knows yet may be named, too: they can sign in and hand in. */
	r = good(late(&organiser, "new@example.org", "2021-01-23T12:00"));
	assert_false(json_is_true(at(r, "known")));
	assert_string_equal(call_sql("select people_may_join('%s', 'new@example.org')", conference),
			    "t");
	assert_string_equal(
	    call_sql("select people_may_join('%s', 'else@example.org')", conference), "f");
}

/* A hundred at the last second, while an organiser shuts the gate: each is in or told that it is
 * not. */
static void none_lost_while_the_gate_moves(void **state)
{
	enum { MANY = 40 };
	struct caller people[MANY];
	struct call calls[MANY + 1];
	struct call_result results[MANY + 1];
	int taken = 0;

	(void)state;
	good(save_call("2021-02-01 14:00", "CET", "Europe/Copenhagen", 0, 0));
	for (int i = 0; i < MANY; i++) {
		people[i] = applicant(call_text("Person %d", i));
		calls[i < MANY / 2 ? i : i + 1] = (struct call){
		    "abstract.submit",
		    call_text("{\"key\":\"%s\",\"abstract\":\"%s\",\"content\":%s,\"consents\":%s,"
			      "\"expect_version\":0}",
			      call_uuid(), call_uuid(), content("At the last second"), AGREED),
		    &people[i]};
	}
	calls[MANY / 2] = (struct call){
	    "call.save",
	    call_text(
		"{\"key\":\"%s\",\"opens\":{\"text\":\"2020-12-16 09:00\",\"label\":\"CET\","
		"\"zone\":\"Europe/Copenhagen\"},\"closes\":{\"text\":\"2021-01-05 14:00\","
		"\"label\":\"CET\",\"zone\":\"Europe/Copenhagen\"},\"limit\":500,\"consents\":"
		"%s,\"expect_version\":1}",
		call_uuid(), consents),
	    &organiser};
	call_methods(calls, MANY + 1, results);
	good(results[MANY / 2]);
	for (int i = 0; i <= MANY; i++) {
		if (i == MANY / 2)
			continue;
		if (results[i].fault == NULL)
			taken++;
		else
			assert_string_equal(results[i].fault, "call.closed");
	}
	assert_int_equal(number(call_text("select count(*) from abstract where conference = '%s' "
					  "and state = 'submitted'",
					  conference)),
			 taken);
	assert_int_equal(number(call_text("select coalesce(max(number), 0) from abstract where "
					  "conference = '%s'",
					  conference)),
			 taken);
}

static int due_rows(const char *subject)
{
	return (int)number(call_text("select count(*) from due where conference = '%s' and kind = "
				     "'call' and subject = '%s'",
				     conference, subject));
}

static int reminded(void)
{
	return (int)number(call_text("select count(*) from outbox where conference = '%s' and "
				     "dedupe like 'call.reminder:%%'",
				     conference));
}

static void drafters_are_reminded(void **state)
{
	const char *a = call_uuid();

	(void)state;
	good(save_call("2021-02-01 14:00", "CET", "Europe/Copenhagen", 0, 0));
	assert_int_equal(due_rows("remind:72") + due_rows("remind:24"), 2);
	good(save(&writer, a, content("Not handed in"), 0));
	good(submit(&organiser, call_uuid(), content("Handed in"), 0));
	/* Too early it says nothing; with the clock its moment moves. */
	call_sql("select due_call('%s', 'remind:72')", conference);
	assert_int_equal(reminded(), 0);
	clock_to("2021-01-29 15:00+01");
	assert_string_equal(call_sql("select at <= now() from due where conference = '%s' and kind "
				     "= 'call' and subject = 'remind:72'",
				     conference),
			    "t");
	call_sql("select due_call('%s', 'remind:72')", conference);
	call_sql("select due_call('%s', 'remind:72')", conference);
	assert_int_equal(reminded(), 1);
	clock_to("2021-01-31 15:00+01");
	call_sql("select due_call('%s', 'remind:72'), due_call('%s', 'remind:24')", conference,
		 conference);
	assert_int_equal(reminded(), 2);
	good(submit(&writer, a, NULL, 1));
	clock_to("2021-02-01 15:00+01");
	call_sql("select due_call('%s', 'remind:24')", conference);
	assert_int_equal(reminded(), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(cet_in_april_is_refused, make),
	    cmocka_unit_test_setup(the_change_of_the_clocks, make),
	    cmocka_unit_test_setup(labels_of_other_zones, make),
	    cmocka_unit_test_setup(the_announced_minute_is_in_time, make),
	    cmocka_unit_test_setup(what_began_in_time_is_in_time, make),
	    cmocka_unit_test_setup(grace_is_not_told, make),
	    cmocka_unit_test_setup(nothing_before_it_opens, make),
	    cmocka_unit_test_setup(a_deadline_that_moves_moves_the_gate, make),
	    cmocka_unit_test_setup(late_for_one_by_name, make),
	    cmocka_unit_test_setup(none_lost_while_the_gate_moves, make),
	    cmocka_unit_test_setup(drafters_are_reminded, make),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
