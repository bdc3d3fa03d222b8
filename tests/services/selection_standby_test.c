/* tests/services: places that come back or are taken away, the ranked standby, and
 * fifty who want the same ten. */
#include "tests/services/selection.h"

#include <libpq-fe.h>

enum { RIVALS = 50, PLACES = 10 };

/* A full session of two, and three who wait in the order 5, 4 (of this session), 6 (of all). */
static struct committee full_house(void)
{
	struct committee c = committee_make(2);
	const char *here = call_text(",\"outcome\":\"standby\",\"session\":\"%s\"", c.session);

	offer(&c, 1, 6);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	good(stage(&c, 3, ",\"outcome\":\"poster\""));
	good(stage(&c, 5, here));
	good(stage(&c, 4, here));
	good(stage(&c, 6, ",\"outcome\":\"standby\""));
	good(decide("decision.apply", &c.anna,
		    call_text("\"expect\":\"%s\",\"release\":true", hash_of(&c))));
	return c;
}

/* As whoever declines an invitation does: in one transaction that tells the events. */
static int give_back(const struct committee *c, int number)
{
	return atoi(
	    call_sql("with e as materialized (select decision_returned('%s', '%s') as evs), "
		     "t as materialized (select channel_append('%s', evs) from e) select "
		     "cardinality(evs) + 0 * (select count(*) from t) from e",
		     c->conference, abstract_of(c, number), c->conference));
}

static void the_next_in_rank_has_the_place(void **state)
{
	struct committee c = full_house();

	(void)state;
	assert_string_equal(programme_of(&c), "On Author 1 | On Author 2");
	assert_true(give_back(&c, 1) > 0);
	assert_string_equal(outcome_of(&c, 1), "none");
	assert_string_equal(outcome_of(&c, 5), "talk");
	/* At the place of the one who is gone, in the draft and for everybody to see. */
	assert_string_equal(programme_of(&c), "On Author 5 | On Author 2");
	assert_int_equal(mails(&c, "decision.talk"), 3);
	assert_int_equal(
	    count(call_text("select count(*) from invitation where abstract = '%s' and "
			    "state = 'sent' and what = 'talk'",
			    abstract_of(&c, 5))),
	    1);
	/* A place that came back once comes back no second time. */
	assert_int_equal(give_back(&c, 1), 0);
	assert_true(give_back(&c, 5) > 0);
	assert_string_equal(outcome_of(&c, 4), "talk");
	assert_true(give_back(&c, 2) > 0);
	assert_string_equal(outcome_of(&c, 6), "talk");
	assert_string_equal(programme_of(&c), "On Author 4 | On Author 6");
	/* Nobody is left: the place stays empty, and whoever gave one back is not declined with the
	 * rest. */
	assert_true(give_back(&c, 6) > 0);
	assert_string_equal(programme_of(&c), "On Author 4");
	good(decide("decision.rest", &c.anna, "\"expect\":0"));
	assert_string_equal(
	    call_sql("select string_agg(number::text, ' ' order by number) from abstract where "
		     "conference = '%s' and returned is not null",
		     c.conference),
	    "1 2 5 6");
	assert_int_equal(mails(&c, "decision.talk"), 5);
	assert_int_equal(count(call_text("select count(*) from decision_log where conference = "
					 "'%s' and what = 'promote'",
					 c.conference)),
			 3);
}

static void a_poster_that_comes_back(void **state)
{
	struct committee c = full_house();

	(void)state;
	assert_true(give_back(&c, 3) > 0);
	assert_string_equal(outcome_of(&c, 3), "none");
	assert_string_equal(outcome_of(&c, 5), "standby");
	assert_string_equal(programme_of(&c), "On Author 1 | On Author 2");
	/* Who has nothing to give back gives nothing back. */
	assert_int_equal(give_back(&c, 5), 0);
}

static void the_committee_was_quicker(void **state)
{
	struct committee c = full_house();

	(void)state;
	/* Lower than what is in force: the place that comes back is not given away. */
	call_sql("update session set places = 1 where id = '%s'", c.session);
	assert_true(give_back(&c, 1) > 0);
	assert_string_equal(outcome_of(&c, 5), "standby");
	assert_string_equal(programme_of(&c), "On Author 2");
}

static void withdrawn_gives_back(void **state)
{
	struct committee c = full_house();

	(void)state;
	good(stage(&c, 4, ",\"outcome\":\"declined\""));
	call_sql("update abstract set state = 'withdrawn', withdrawn = now() where id = '%s'",
		 abstract_of(&c, 4));
	call_sql("update abstract set state = 'withdrawn', withdrawn = now() where id = '%s'",
		 abstract_of(&c, 2));
	assert_string_equal(outcome_of(&c, 5), "talk");
	assert_string_equal(programme_of(&c), "On Author 1 | On Author 5");
	assert_int_equal(int_at(at(board(&c), "counts"), "staged"), 0);
	assert_int_equal(
	    count(call_text("select count(*) from invitation where abstract = '%s' and "
			    "state = 'sent'",
			    abstract_of(&c, 2))),
	    0);
	/* Told where the page listens. */
	assert_true(count(call_text("select count(*) from channel_event e join channel c on c.id = "
				    "e.channel where c.conference = '%s' and e.type = "
				    "'decision.made' and c.name = 'person:' || (select person from "
				    "abstract where id = '%s')",
				    c.conference, abstract_of(&c, 5))) >= 2);
}

static void promoted_at_the_microphone(void **state)
{
	struct committee c = full_house();
	const char *promote = call_text("select decision_promote('%s', '%s', '%s')", c.conference,
					abstract_of(&c, 5), c.session);
	const char *talk = call_sql("%s", promote);

	(void)state;
	assert_string_equal(outcome_of(&c, 5), "talk");
	assert_string_equal(programme_of(&c), "On Author 1 | On Author 2 | On Author 5");
	assert_string_equal(talk, call_sql("%s", promote));
	/* They are there: nobody writes to them. */
	assert_int_equal(mails(&c, "decision.talk"), 2);
	assert_null(call_sql("select decision_promote('%s', '%s', '%s')", c.conference,
			     abstract_of(&c, 3), c.session));
}

static void asked_about_stays(void **state)
{
	struct committee c = full_house();
	const char *talk =
	    call_sql("select id from talk where abstract = '%s'", abstract_of(&c, 1));

	(void)state;
	call_sql(
	    "insert into poll (id, conference, talk, nth, question, kind, results, option_ids, "
	    "option_texts, by_actor) values (gen_random_uuid(), '%s', '%s', 1, 'Which?', "
	    "'single', 'always', array[gen_random_uuid(), gen_random_uuid()], '{a,b}', '%s')",
	    c.conference, talk, c.anna.person);
	give_back(&c, 1);
	/* What people voted on is still there, behind the others and nobody's. */
	assert_string_equal(programme_of(&c), "On Author 5 | On Author 2 | On Author 1");
	assert_int_equal(
	    count(call_text("select count(*) from talk_speaker where talk = '%s'", talk)), 0);
}

static void a_session_that_was_only_itself(void **state)
{
	struct committee c = committee_make(2);
	const char *talk = call_sql("insert into talk (conference, session, ord, title) values "
				    "('%s', '%s', 1, 'Short talks: Genomics') returning id",
				    c.conference, c.session);

	(void)state;
	offer(&c, 1, 2);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	apply(&c);
	assert_string_equal(
	    call_sql("select id from talk where abstract = '%s'", abstract_of(&c, 1)), talk);
	assert_string_equal(
	    call_sql("select string_agg(t.title || ' by ' || s.name || case when s.person = "
		     "a.person then '' else '!' end, ', ' order by t.ord) from talk t join "
		     "talk_speaker ts on ts.talk = t.id join speaker s on s.id = ts.speaker join "
		     "abstract a on a.id = t.abstract where t.session = '%s'",
		     c.session),
	    "On Author 1 by Author 1, On Author 2 by Author 2");
}

/* Says yes, as the page does, to what the presenter of that abstract was offered. */
static void says_yes(const struct committee *c, int number)
{
	assert_string_equal(
	    call_sql("select coalesce(fault, 'good') from invitation i, invitation_accept("
		     "i.conference, i.person, gen_random_uuid(), '', i.id, 'on_site', null, "
		     "sha256(i.id::text::bytea), substr(sha256(i.id::text::bytea), 1, 16), "
		     "'\\x00') where "
		     "i.abstract = '%s'",
		     abstract_of(c, number)),
	    "good");
}

static const char *registration_of(const struct committee *c, int number)
{
	return call_sql("select coalesce((select r.state from registration r join abstract a on "
			"a.person = r.person where a.id = '%s'), 'none')",
			abstract_of(c, number));
}

static struct call_result apply_without(const struct committee *c, const char *hash, int number)
{
	return decide(
	    "decision.apply", &c->anna,
	    call_text("\"expect\":\"%s\",\"unregister\":[\"%s\"]", hash, abstract_of(c, number)));
}

/* Abstracts 1 and 2 are talks, 3 is a poster; 1 and 3 said yes. All of them are to be declined. */
static struct committee taken_back(void)
{
	struct committee c = committee_make(2);

	offer(&c, 1, 4);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	good(stage(&c, 3, ",\"outcome\":\"poster\""));
	apply(&c);
	says_yes(&c, 1);
	says_yes(&c, 3);
	for (int i = 1; i <= 3; i++)
		good(stage(&c, i, ",\"outcome\":\"declined\""));
	return c;
}

static void who_registered_stays(void **state)
{
	struct committee c = taken_back();
	json_t *preview = good(call_method("decision.preview", "{}", &c.anna));

	(void)state;
	assert_int_equal(json_array_size(at(preview, "registered")), 2);
	assert_string_equal(text_at(json_array_get(at(preview, "registered"), 0), "name"),
			    "Author 1");
	assert_int_equal(int_at(apply(&c), "unregistered"), 0);
	assert_string_equal(registration_of(&c, 1), "confirmed");
	assert_string_equal(registration_of(&c, 3), "confirmed");
	assert_int_equal(mails(&c, "registration.cancelled"), 0);
	assert_int_equal(mails(&c, "place.offered"), 0);
}

static void who_registered_is_released(void **state)
{
	struct committee c = taken_back();
	const char *stale = hash_of(&c), *hash;
	json_t *list;

	(void)state;
	/* Somebody who says yes meanwhile makes it something else than what was looked at. */
	says_yes(&c, 2);
	assert_fault(apply_without(&c, stale, 1), "conflict");
	call_sql("insert into waiting (conference, person, mode, entered) select conference, "
		 "person, 'on_site', now() from abstract where id = '%s'",
		 abstract_of(&c, 4));
	call_sql(
	    "insert into invitation (conference, person, what, mode, fee, nights, state, issued, "
	    "expires, answered) select conference, person, 'keynote', 'on_site', false, 0, "
	    "'accepted', "
	    "now(), now() + '1 day', now() from abstract where id = '%s'",
	    abstract_of(&c, 3));
	hash = hash_of(&c);
	list = at(good(call_method("decision.preview", "{}", &c.anna)), "registered");
	assert_int_equal(json_array_size(list), 3);
	assert_null(at(json_array_get(list, 0), "stays"));
	assert_string_equal(text_at(json_array_get(list, 2), "stays"), "other");
	assert_fault(apply_without(&c, hash, 3), "conflict");
	assert_fault(apply_without(&c, hash, 4), "conflict");
	assert_fault(decide("decision.apply", &c.anna,
			    call_text("\"expect\":\"%s\",\"unregister\":{}", hash)),
		     "bad_request");
	assert_string_equal(registration_of(&c, 1), "confirmed");
	assert_int_equal(int_at(good(apply_without(&c, hash, 1)), "unregistered"), 1);
	assert_string_equal(registration_of(&c, 1), "cancelled");
	assert_string_equal(registration_of(&c, 2), "confirmed");
	assert_string_equal(registration_of(&c, 3), "confirmed");
	assert_string_equal(outcome_of(&c, 1), "declined");
	/* Told once, and the place is offered to who waits. */
	assert_int_equal(mails(&c, "registration.cancelled"), 1);
	assert_int_equal(mails(&c, "place.offered"), 1);
}

/* Holds what an apply comes to between looking who is registered and cancelling; once it waits, the
 * person is let in, and it goes on. */
static const char *let_in_when_it_waits(const struct committee *c, int number)
{
	const char *list = call_sql("insert into checkin_list (id, conference, name) values "
				    "(gen_random_uuid(), '%s', 'Main') returning id",
				    c->conference);
	const char *scan = call_uuid();

	return call_text(
	    "do $$ begin for i in 1 .. 6000 loop exit when exists (select from pg_locks l where "
	    "not l.granted and pg_backend_pid() = any (pg_blocking_pids(l.pid))); perform "
	    "pg_sleep(0.01); end loop; insert into scan (scan_id, conference, list, staff, "
	    "person, raw_hash, at) select '%s', conference, '%s', '%s', person, '', now() from "
	    "abstract where id = '%s'; insert into admission (conference, list, person, scan, at) "
	    "select conference, list, person, scan_id, at from scan where scan_id = '%s'; end $$; "
	    "commit",
	    scan, list, c->anna.person, abstract_of(c, number), scan);
}

static void let_in_between_look_and_cancelling(void **state)
{
	struct committee c = taken_back();
	const char *hash = hash_of(&c), *let_in = let_in_when_it_waits(&c, 1);
	PGconn *door = PQconnectdb(getenv("PLENUM_TEST_DSN"));
	struct call_result r;

	(void)state;
	PQclear(PQexec(door, "begin"));
	PQclear(PQexec(door, call_text("select from abstract where id = '%s' for update",
				       abstract_of(&c, 2))));
	assert_true(PQsendQuery(door, let_in));
	r = apply_without(&c, hash, 1);
	for (PGresult *p; (p = PQgetResult(door)) != NULL; PQclear(p))
		if (PQresultStatus(p) != PGRES_COMMAND_OK)
			fail_msg("%s", PQresultErrorMessage(p));
	PQfinish(door);
	assert_fault(r, "conflict");
	assert_non_null(strstr(r.current, "Author 1"));
	assert_non_null(strstr(r.current, "inside"));
	/* Nothing has changed, and nobody was told. */
	assert_string_equal(registration_of(&c, 1), "confirmed");
	assert_string_equal(outcome_of(&c, 1), "talk");
	assert_string_equal(outcome_of(&c, 2), "talk");
	assert_int_equal(mails(&c, "registration.cancelled"), 0);
	assert_int_equal(mails(&c, "decision.declined"), 0);
	assert_string_not_equal(hash_of(&c), hash);
	assert_fault(apply_without(&c, hash_of(&c), 1), "conflict");
	assert_int_equal(int_at(apply(&c), "applied"), 3);
	assert_string_equal(registration_of(&c, 1), "confirmed");
}

/* One statement a connection, all of them at once. Returns how many had a reply. */
static int at_once(const char *const statements[RIVALS])
{
	static PGconn *conn[RIVALS];
	PGresult *result;
	int replied = 0;

	for (int i = 0; i < RIVALS; i++) {
		conn[i] = PQconnectdb(getenv("PLENUM_TEST_DSN"));
		assert_int_equal(PQstatus(conn[i]), CONNECTION_OK);
	}
	for (int i = 0; i < RIVALS; i++)
		assert_true(PQsendQuery(conn[i], statements[i]));
	for (int i = 0; i < RIVALS; i++) {
		while ((result = PQgetResult(conn[i])) != NULL) {
			if (PQresultStatus(result) != PGRES_TUPLES_OK)
				fail_msg("%s", PQresultErrorMessage(result));
			replied += PQntuples(result) == 1 && !PQgetisnull(result, 0, 0);
			PQclear(result);
		}
		PQfinish(conn[i]);
	}
	return replied;
}

static void fifty_for_ten_places(void **state)
{
	struct committee c = committee_make(PLACES);
	const char *statements[RIVALS];
	const char *hash;

	(void)state;
	offer(&c, 1, RIVALS);
	for (int i = 0; i < RIVALS; i++)
		statements[i] = call_text(
		    "select reply from decision_stage('%s', '%s', '%s', '\\x', '%s', 'talk', '%s', "
		    "null, null, 0)",
		    c.conference, c.anna.person, call_uuid(), abstract_of(&c, i + 1), c.session);
	assert_int_equal(at_once(statements), PLACES);
	assert_int_equal(int_at(json_array_get(at(board(&c), "sessions"), 0), "taken"), PLACES);
	/* Fifty applies of the same: one of them does it. */
	hash = hash_of(&c);
	for (int i = 0; i < RIVALS; i++)
		statements[i] = call_text("select reply from decision_apply('%s', '%s', '%s', "
					  "'\\x', '%s', false)",
					  c.conference, c.anna.person, call_uuid(), hash);
	assert_int_equal(at_once(statements), RIVALS);
	assert_int_equal(mails(&c, "decision.talk"), PLACES);
	assert_int_equal(
	    count(call_text("select count(*) from talk where session = '%s'", c.session)), PLACES);
	assert_int_equal(
	    count(call_text("select count(*) from abstract where conference = '%s' and "
			    "outcome = 'talk'",
			    c.conference)),
	    PLACES);
	assert_int_equal(
	    count(call_text("select round from selection where conference = '%s'", c.conference)),
	    1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_next_in_rank_has_the_place),
	    cmocka_unit_test(a_poster_that_comes_back),
	    cmocka_unit_test(the_committee_was_quicker),
	    cmocka_unit_test(withdrawn_gives_back),
	    cmocka_unit_test(promoted_at_the_microphone),
	    cmocka_unit_test(asked_about_stays),
	    cmocka_unit_test(a_session_that_was_only_itself),
	    cmocka_unit_test(who_registered_stays),
	    cmocka_unit_test(who_registered_is_released),
	    cmocka_unit_test(let_in_between_look_and_cancelling),
	    cmocka_unit_test(fifty_for_ten_places),
	};
	int failed;

	if (!call_start())
		return 77;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	call_stop();
	return failed;
}
