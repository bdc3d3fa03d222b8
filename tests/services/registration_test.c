/* tests/services: from an invitation to a registration: accepting, declining, running out, places.
 */
#include "tests/services/registration_hall.h"

static void an_accepted_invitation_is_a_registration(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann Author");
	struct call_result r, again;
	const char *invitation, *params;

	(void)state;
	call_sql("insert into cover_rule values ('%s', 'keynote', true, 2)", h.conference);
	invitation = invite(&h, &ann, "keynote", "on_site", NULL);
	assert_int_equal(mails(&ann, "invitation.sent"), 1);
	params =
	    call_text("{\"invitation\":\"%s\",\"mode\":\"on_site\",\"answers\":{\"badge_name\":"
		      "\"Annie\",\"diet\":\"no nuts\",\"consent\":\"health-1\",\"nights\":["
		      "\"2021-05-01\",\"2021-05-02\"]},\"key\":\"%s\"}",
		      invitation, call_uuid());
	r = call_method("invitation.accept", params, &ann);
	worked(&r);
	again = call_method("invitation.accept", params, &ann);
	worked(&again);
	assert_string_equal(r.text, again.text);
	assert_string_equal(
	    call_sql("select r.state || ' ' || r.fee || ' ' || r.nights || ' ' || a.diet || ' ' || "
		     "cardinality(a.nights) || ' ' || a.consent from registration r join "
		     "registration_answer a using (person) where person = '%s'",
		     ann.person),
	    "confirmed true 2 no nuts 2 health-1");
	assert_string_equal(call_sql("select array_to_string(people_roles('%s', '%s'), ' ')",
				     h.conference, ann.person),
			    "attendee speaker");
	assert_int_equal(count("select count(*) from entry_code where person = '%s'", ann.person),
			 1);
	assert_int_equal(mails(&ann, "registration.confirmed"), 1);
	call_sql(
	    "insert into print_job (conference, person, template, copy_no, at, changed) values "
	    "('%s', '%s', 'card', 1, now(), now())",
	    h.conference, ann.person);
	assert_string_equal(
	    call_sql("select badge_paper(j) ->> 'name' from print_job j where person = '%s'",
		     ann.person),
	    "Annie");
	/* The code is in the mail as a mark, and on no page. */
	assert_int_equal(count("select count(*) from outbox where person = '%s' and kind = "
			       "'registration.confirmed' and body like '%%{code:%%'",
			       ann.person),
			 1);
	r = call_method("registration.mine", "{}", &ann);
	worked(&r);
	assert_null(strstr(r.text, "{code:"));
	assert_non_null(strstr(r.text, "\"kind\" : \"invitation.sent\""));
	assert_non_null(strstr(r.text, "no nuts"));
	r = accept(&ann, invitation, "");
	refused(&r, "invitation.state");
}

static void what_runs_out_is_refused_before_any_job(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann"), eve = somebody(&h, "Eve");
	const char *invitation = invite(&h, &ann, "open", "on_site", "2021-03-25T12:00:00Z");
	struct call_result r;

	(void)state;
	r = accept(&eve, invitation, "");
	refused(&r, "not_found");
	clock_to(&h, "2021-03-25T12:00:00Z");
	r = accept(&ann, invitation, "");
	refused(&r, "invitation.expired");
	assert_int_equal(count("select count(*) from registration where person = '%s'", ann.person),
			 0);
	r = call_method("registration.mine", "{}", &ann);
	assert_non_null(strstr(r.text, "\"lapsed\""));
	due_now(&h);
	due_now(&h);
	assert_int_equal(mails(&ann, "invitation.lapsed"), 1);
	r = accept(&ann, invitation, "");
	refused(&r, "invitation.expired");
}

static void it_is_called_to_mind_once(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann");

	(void)state;
	invite(&h, &ann, "open", "on_site", "2021-03-30T12:00:00Z");
	due_now(&h);
	assert_int_equal(mails(&ann, "invitation.reminder"), 0);
	clock_to(&h, "2021-03-28T12:30:00Z");
	assert_int_equal(count("select count(*) from due where conference = '%s' and kind = "
			       "'invitation' and at <= now()",
			       h.conference),
			 1);
	due_now(&h);
	due_now(&h);
	assert_int_equal(mails(&ann, "invitation.reminder"), 1);
	assert_int_equal(mails(&ann, "invitation.lapsed"), 0);
}

static void one_that_is_sent_again_replaces_the_other(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann");
	const char *first = invite(&h, &ann, "keynote", "on_site", NULL),
		   *second = invite(&h, &ann, "keynote", "online", NULL),
		   *other = invite(&h, &ann, "panel", "online", NULL);
	struct call_result r = accept(&ann, first, "");

	(void)state;
	refused(&r, "invitation.state");
	r = accept(&ann, second, "");
	worked(&r);
	r = accept(&ann, other, "");
	worked(&r);
	assert_int_equal(count("select count(*) from entry_code where person = '%s'", ann.person),
			 1);
}

/* Fifty connections at the same moment. */
static void fifty_accepts_for_ten_places(void **state)
{
	enum { N = 50 };
	struct house h = house_make();
	PGconn *db[N];
	int good = 0, full = 0;

	(void)state;
	seats(&h, "11", "null"); /* the organiser has one */
	for (int i = 0; i < N; i++) {
		struct caller who = somebody(&h, call_text("Guest %d", i));
		const char *invitation = invite(&h, &who, "open", "on_site", NULL);

		db[i] = PQconnectdb(getenv("PLENUM_TEST_DSN"));
		assert_int_equal(PQstatus(db[i]), CONNECTION_OK);
		PQsendQuery(db[i],
			    call_text("select coalesce(fault, 'good') from invitation_accept('%s', "
				      "'%s', gen_random_uuid(), '\\x00', '%s', 'on_site', null, "
				      "sha256('%d%s'), substr(sha256('r%d%s'), 1, 16), '\\x00')",
				      h.conference, who.person, invitation, i, h.conference, i,
				      h.conference));
	}
	for (int i = 0; i < N; i++) {
		PGresult *r = PQgetResult(db[i]);

		if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1)
			fail_msg("%s", PQresultErrorMessage(r));
		good += strcmp(PQgetvalue(r, 0, 0), "good") == 0;
		full += strcmp(PQgetvalue(r, 0, 0), "registration.full") == 0;
		PQclear(r);
		PQfinish(db[i]);
	}
	assert_int_equal(good, 10);
	assert_int_equal(full, 40);
	assert_int_equal(count("select registration_left('%s', 'on_site')", h.conference), 0);
	assert_int_equal(count("select count(*) from invitation where conference = '%s' and state "
			       "= 'accepted'",
			       h.conference),
			 10);
	assert_int_equal(
	    count("select count(*) from entry_code where conference = '%s'", h.conference), 10);
}

static void what_was_refused_left_nothing(void **state)
{
	struct house h = house_make();
	struct caller ann = somebody(&h, "Ann"), bob = somebody(&h, "Bob");
	const char *invitation = invite(&h, &ann, "open", "on_site", NULL);
	struct call_result r;

	(void)state;
	r = accept(&ann, invitation, ",\"answers\":{\"diet\":\"vegan\"}");
	refused(&r, "registration.consent");
	r = accept(&ann, invitation, ",\"answers\":{\"nights\":[\"2021-05-01\"]}");
	refused(&r, "registration.nights");
	r = accept(&ann, invitation, ",\"answers\":{\"nights\":[\"soon\"]}");
	refused(&r, "bad_request");
	r = accept(&ann, invitation, ",\"answers\":[]");
	refused(&r, "bad_request");
	assert_int_equal(count("select count(*) from registration where person = '%s'", ann.person),
			 0);
	assert_int_equal(count("select count(*) from entry_code where person = '%s'", ann.person),
			 0);
	/* Of a bed for each night one is there. */
	call_sql("insert into cover_rule values ('%s', 'keynote', true, 2)", h.conference);
	call_sql("insert into registration_setting (conference, beds) values ('%s', 1)",
		 h.conference);
	r = accept(&ann, invite(&h, &ann, "keynote", "on_site", NULL),
		   ",\"answers\":{\"nights\":[\"2021-05-01\"]}");
	worked(&r);
	invitation = invite(&h, &bob, "keynote", "on_site", NULL);
	r = accept(&bob, invitation, ",\"answers\":{\"nights\":[\"2021-05-01\",\"2021-05-02\"]}");
	refused(&r, "registration.beds");
	r = accept(&bob, invitation, ",\"answers\":{\"nights\":[\"2021-05-02\"]}");
	worked(&r);
}

static void a_chair_is_named_for_the_session(void **state)
{
	struct house h = house_make();
	const char *session =
	    call_sql("insert into session (conference, guid, number, title) values ('%s', "
		     "gen_random_uuid(), 1, 'Session') returning id",
		     h.conference);
	struct call_result r = keyed_call(
	    "invitation.send", &h.boss,
	    call_text("\"email\":\"cara@example.org\",\"name\":\"Cara Chair\",\"what\":\"chair\","
		      "\"mode\":\"online\",\"session\":\"%s\",\"language\":\"da\"",
		      session));
	struct caller cara = {.roles = ROLE_APPLICANT};

	(void)state;
	worked(&r);
	snprintf(cara.conference, sizeof cara.conference, "%s", h.conference);
	snprintf(cara.person, sizeof cara.person, "%s", member(&r, "person"));
	assert_int_equal(count("select count(*) from outbox where recipient = 'cara@example.org' "
			       "and subject like 'Du er inviteret%%'"),
			 1);
	r = accept(&cara, member(&r, "invitation"), "");
	worked(&r);
	assert_string_equal(call_sql("select array_to_string(people_roles('%s', '%s'), ' ')",
				     h.conference, cara.person),
			    "attendee moderator");
	assert_int_equal(count("select count(*) from moderator_scope where person = '%s' and "
			       "session = '%s'",
			       cara.person, session),
			 1);
	r = keyed_call("invitation.send", &cara,
		       "\"email\":\"x@example.org\",\"name\":\"X\",\"what\":\"open\",\"mode\":"
		       "\"online\"");
	refused(&r, "denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_accepted_invitation_is_a_registration),
	    cmocka_unit_test(what_runs_out_is_refused_before_any_job),
	    cmocka_unit_test(it_is_called_to_mind_once),
	    cmocka_unit_test(one_that_is_sent_again_replaces_the_other),
	    cmocka_unit_test(fifty_accepts_for_ten_places),
	    cmocka_unit_test(what_was_refused_left_nothing),
	    cmocka_unit_test(a_chair_is_named_for_the_session),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
