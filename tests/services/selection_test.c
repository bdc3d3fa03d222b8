/* tests/services: the selection: places, what is staged, and an apply that is all or nothing. */
#include "tests/services/selection.h"

static void staged_is_no_decision(void **state)
{
	struct committee c = committee_make(3);
	json_t *row, *doc;

	(void)state;
	offer(&c, 1, 4);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, ",\"outcome\":\"standby\",\"note\":\"nearly\\nthere\""));
	good(stage(&c, 3, ",\"outcome\":\"declined\""));
	doc = board(&c);
	row = row_of(doc, 1);
	assert_null(at(row, "outcome"));
	assert_string_equal(text_at(at(row, "staged"), "outcome"), "talk");
	assert_string_equal(text_at(at(row, "staged"), "by"), "Anna Chair");
	assert_string_equal(text_at(at(row_of(doc, 2), "staged"), "note"), "nearly\nthere");
	assert_int_equal(int_at(at(row_of(doc, 2), "staged"), "rank"), 1);
	assert_int_equal(int_at(at(doc, "counts"), "staged"), 3);
	assert_int_equal(int_at(at(doc, "counts"), "undecided"), 1);
	assert_int_equal(int_at(json_array_get(at(doc, "sessions"), 0), "taken"), 1);
	assert_int_equal(int_at(json_array_get(at(doc, "sessions"), 0), "held"), 0);
	assert_string_equal(outcome_of(&c, 1), "none");
	assert_int_equal(mails(&c, "decision.talk"), 0);
	/* Taken back, and nothing is meant any more. */
	good(stage(&c, 1, ""));
	doc = board(&c);
	assert_null(at(row_of(doc, 1), "staged"));
	assert_int_equal(int_at(json_array_get(at(doc, "sessions"), 0), "taken"), 0);
}

static void what_cannot_be_staged(void **state)
{
	struct committee c = committee_make(1);
	struct caller ada = call_person(c.conference, "Ada Attendee", ROLE_ATTENDEE);
	const char *plain =
	    call_sql("insert into session (conference, guid, number, title) values ('%s', "
		     "gen_random_uuid(), 77, 'Lunch') returning id",
		     c.conference);
	const char *old;
	struct call_result r;

	(void)state;
	offer(&c, 1, 3);
	assert_fault(stage(&c, 1, ",\"outcome\":\"talk\""), "selection.session");
	assert_fault(stage(&c, 1, call_text(",\"outcome\":\"talk\",\"session\":\"%s\"", plain)),
		     "selection.session");
	assert_fault(
	    stage(&c, 1, call_text(",\"outcome\":\"poster\",\"session\":\"%s\"", c.session)),
	    "selection.session");
	assert_fault(stage(&c, 1, ",\"outcome\":\"maybe\""), "bad_request");
	good(stage(&c, 1, as_talk(&c)));
	r = stage(&c, 2, as_talk(&c));
	assert_fault(r, "selection.full");
	assert_non_null(strstr(r.current, "\"places\" : 1"));
	/* Two who look at the same row: the second one sees what the first has done. */
	old = call_text("\"abstract\":\"%s\",\"expect_version\":0,\"outcome\":\"declined\"",
			abstract_of(&c, 1));
	r = decide("decision.stage", &c.ben, old);
	assert_fault(r, "conflict");
	assert_non_null(strstr(r.current, "Anna Chair"));
	assert_fault(decide("decision.stage", &ada, old), "denied");
	assert_fault(call_method("decision.board", "{}", &ada), "denied");
	call_sql("update abstract set state = 'withdrawn', withdrawn = now() where id = '%s'",
		 abstract_of(&c, 3));
	assert_fault(stage(&c, 3, ",\"outcome\":\"declined\""), "selection.state");
	assert_fault(decide("decision.stage", &c.anna,
			    call_text("\"abstract\":\"%s\",\"expect_version\":0", call_uuid())),
		     "not_found");
	/* A withdrawn one holds no place. */
	call_sql("update abstract set state = 'withdrawn', withdrawn = now() where id = '%s'",
		 abstract_of(&c, 1));
	good(stage(&c, 2, as_talk(&c)));
}

static void places_and_terms(void **state)
{
	struct committee c = committee_make(2);
	const char *call = call_text("\"session\":\"%s\"", c.session);

	(void)state;
	offer(&c, 1, 3);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	assert_fault(decide("decision.capacity", &c.anna,
			    call_text("%s,\"places\":1,\"expect_version\":1", call)),
		     "selection.full");
	assert_fault(
	    decide("decision.capacity", &c.anna, call_text("%s,\"expect_version\":1", call)),
	    "selection.full");
	good(decide("decision.capacity", &c.anna,
		    call_text("%s,\"places\":3,\"expect_version\":1", call)));
	assert_fault(decide("decision.capacity", &c.ben,
			    call_text("%s,\"places\":4,\"expect_version\":1", call)),
		     "conflict");
	good(stage(&c, 3, as_talk(&c)));
	good(decide("decision.terms", &c.anna,
		    "\"posters\":1,\"answer_days\":7,\"standby_days\":2,\"expect_version\":2"));
	good(stage(&c, 1, ",\"outcome\":\"poster\""));
	assert_fault(stage(&c, 2, ",\"outcome\":\"poster\""), "selection.full");
	assert_fault(decide("decision.terms", &c.anna,
			    "\"posters\":0,\"answer_days\":7,\"standby_days\":2,"
			    "\"expect_version\":3"),
		     "selection.full");
	good(decide("decision.terms", &c.anna,
		    "\"answer_days\":7,\"standby_days\":2,\"expect_version\":3"));
	good(stage(&c, 2, ",\"outcome\":\"poster\""));
}

static int rank_of(const struct committee *c, int number)
{
	return int_at(at(row_of(board(c), number), "staged"), "rank");
}

static void ranks_make_room(void **state)
{
	struct committee c = committee_make(1);

	(void)state;
	offer(&c, 1, 4);
	for (int i = 1; i <= 3; i++)
		good(stage(&c, i, ",\"outcome\":\"standby\""));
	assert_int_equal(rank_of(&c, 3), 3);
	/* To the top: the two before it go down by one. */
	good(stage(&c, 3, ",\"outcome\":\"standby\",\"rank\":1"));
	assert_int_equal(rank_of(&c, 3), 1);
	assert_int_equal(rank_of(&c, 1), 2);
	assert_int_equal(rank_of(&c, 2), 3);
	/* The place it left is filled, nothing behind it moves. */
	good(stage(&c, 2, ",\"outcome\":\"standby\",\"rank\":2"));
	assert_int_equal(rank_of(&c, 2), 2);
	assert_int_equal(rank_of(&c, 1), 3);
	/* Each session has a list of its own. */
	good(stage(&c, 4, call_text(",\"outcome\":\"standby\",\"session\":\"%s\"", c.session)));
	assert_int_equal(rank_of(&c, 4), 1);
	assert_int_equal(rank_of(&c, 3), 1);
}

static void the_preview_is_what_is_sent(void **state)
{
	struct committee c = committee_make(2);
	json_t *preview, *kind, *one;
	const char *said = "", *to = "";
	size_t i, j;

	(void)state;
	offer(&c, 1, 5);
	call_sql("update person set language = 'da' where conference = '%s' and name = 'Author 1'",
		 c.conference);
	/* Presented by somebody whom nobody here knows yet. */
	call_sql("update abstract_author set email = 'new@example.org', name = 'New Presenter' "
		 "where abstract = '%s'",
		 abstract_of(&c, 2));
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	good(stage(&c, 3, ",\"outcome\":\"standby\""));
	call_sql("insert into review (conference, abstract, person, state, to_authors, "
		 "to_committee, finished) values ('%s', '%s', '%s', 'final', 'Sharpen the title.', "
		 "'Between us.', now())",
		 c.conference, abstract_of(&c, 1), c.ben.person);
	good(decide("decision.rest", &c.anna, "\"expect\":2,\"note\":\"the rest\""));
	preview = good(call_method("decision.preview", "{}", &c.anna));
	assert_int_equal(int_at(preview, "count"), 5);
	assert_int_equal(json_array_size(at(preview, "over")), 0);
	assert_int_equal(json_array_size(at(preview, "kinds")), 3);
	/* Looking has changed nothing. */
	assert_int_equal(
	    count(call_text("select count(*) from outbox where conference = '%s'", c.conference)),
	    0);
	assert_int_equal(
	    count(call_text("select count(*) from talk where conference = '%s'", c.conference)), 0);
	json_array_foreach(at(preview, "kinds"), i, kind)
	{
		json_array_foreach(at(kind, "recipients"), j, one) to =
		    call_text("%s%s %s\n", to, text_at(kind, "kind"), text_at(one, "email"));
		said = call_text("%s%s\n", said,
				 text_at(json_array_get(at(kind, "samples"), 0), "text"));
	}
	assert_non_null(strstr(said, "Hej Author 1"));
	assert_non_null(strstr(said, "skriver:\n\nSharpen the title."));
	assert_null(strstr(said, "Between us"));
	assert_non_null(strstr(to, "decision.talk new@example.org"));
	apply(&c);
	assert_string_equal(
	    call_sql("select string_agg(kind || ' ' || recipient, E'\\n' order by kind, recipient) "
		     "from outbox where conference = '%s'",
		     c.conference),
	    call_sql("select string_agg(l, E'\\n' order by l) from "
		     "regexp_split_to_table(rtrim('%s', E'\\n'), E'\\n') l",
		     to));
	assert_int_equal(
	    count(call_text(
		"select count(*) from outbox where conference = '%s' and "
		"mail_shown(body) = '%s'",
		c.conference,
		text_at(json_array_get(at(json_array_get(at(preview, "kinds"), 0), "samples"), 0),
			"text"))),
	    1);
}

static void applied_at_once_and_only_once(void **state)
{
	struct committee c = committee_make(2);
	const char *stale, *key = call_uuid(), *call;
	struct call_result first, again;
	json_t *reply;

	(void)state;
	offer(&c, 1, 6);
	good(stage(&c, 1, as_talk(&c)));
	stale = hash_of(&c);
	good(stage(&c, 2, as_talk(&c)));
	good(stage(&c, 3, ",\"outcome\":\"poster\""));
	good(stage(&c, 4, ",\"outcome\":\"standby\""));
	good(stage(&c, 5, ",\"outcome\":\"declined\""));
	assert_fault(decide("decision.apply", &c.anna, call_text("\"expect\":\"%s\"", stale)),
		     "conflict");
	call = call_text("{\"expect\":\"%s\",\"release\":true,\"key\":\"%s\"}", hash_of(&c), key);
	first = call_method("decision.apply", call, &c.anna);
	reply = good(first);
	assert_int_equal(int_at(reply, "applied"), 5);
	assert_int_equal(int_at(reply, "mails"), 5);
	assert_int_equal(int_at(reply, "invitations"), 3);
	assert_int_equal(int_at(reply, "release"), 2);
	assert_string_equal(outcome_of(&c, 1), "talk");
	assert_string_equal(outcome_of(&c, 4), "standby");
	assert_string_equal(outcome_of(&c, 6), "none");
	assert_string_equal(programme_of(&c), "On Author 1 | On Author 2");
	assert_int_equal(mails(&c, "decision.talk"), 2);
	assert_int_equal(count(call_text("select count(*) from invitation where conference = '%s' "
					 "and state = 'sent' and what in ('talk', 'poster') and "
					 "expires > now() + '13 days'",
					 c.conference)),
			 3);
	/* The same call has the same answer; another finds nothing to do, and nobody is told twice.
	 */
	again = call_method("decision.apply", call, &c.anna);
	assert_string_equal(again.text, first.text);
	reply = good(decide("decision.apply", &c.anna, call_text("\"expect\":\"%s\"", stale)));
	assert_true(json_is_true(at(reply, "noop")));
	assert_int_equal(
	    count(call_text("select count(*) from outbox where conference = '%s'", c.conference)),
	    5);
	/* What holds anyway is not staged. */
	good(stage(&c, 1, as_talk(&c)));
	assert_int_equal(int_at(at(board(&c), "counts"), "staged"), 0);
}

static void decided_otherwise(void **state)
{
	struct committee c = committee_make(2);
	const char *other = short_session(&c, "Short talks: Data", 1);

	(void)state;
	offer(&c, 1, 3);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	good(stage(&c, 3, ",\"outcome\":\"poster\""));
	apply(&c);
	good(stage(&c, 1, call_text(",\"outcome\":\"talk\",\"session\":\"%s\"", other)));
	good(stage(&c, 2, ",\"outcome\":\"declined\""));
	good(stage(&c, 3, as_talk(&c)));
	apply(&c);
	assert_string_equal(
	    call_sql("select session from talk where abstract = '%s'", abstract_of(&c, 1)), other);
	assert_int_equal(count(call_text("select count(*) from talk where session = '%s' and "
					 "abstract = '%s'",
					 c.session, abstract_of(&c, 3))),
			 1);
	assert_int_equal(
	    count(call_text("select count(*) from talk where conference = '%s'", c.conference)), 2);
	/* Moved is told as moved; who is declined after all has no offer left. */
	assert_int_equal(mails(&c, "talk.changed"), 1);
	assert_int_equal(mails(&c, "decision.talk"), 3);
	assert_string_equal(
	    call_sql("select string_agg(a.number || ' ' || i.what, ', ' order by a.number) from "
		     "invitation i join abstract a on a.id = i.abstract where i.conference = '%s' "
		     "and i.state = 'sent'",
		     c.conference),
	    "1 talk, 3 talk");
}

static void capacity_lost_meanwhile(void **state)
{
	struct committee c = committee_make(2);

	(void)state;
	offer(&c, 1, 2);
	good(stage(&c, 1, as_talk(&c)));
	good(stage(&c, 2, as_talk(&c)));
	call_sql("update session set places = 1 where id = '%s'", c.session);
	assert_int_equal(
	    json_array_size(at(good(call_method("decision.preview", "{}", &c.anna)), "over")), 1);
	assert_fault(decide("decision.apply", &c.anna, call_text("\"expect\":\"%s\"", hash_of(&c))),
		     "selection.full");
	assert_string_equal(outcome_of(&c, 1), "none");
	assert_int_equal(mails(&c, "decision.talk"), 0);
}

static void the_log_is_kept(void **state)
{
	struct committee c = committee_make(2);
	json_t *doc;
	const char *csv;

	(void)state;
	offer(&c, 1, 2);
	good(stage(&c, 1, call_text("%s,\"note\":\"=cmd|'/c calc'\"", as_talk(&c))));
	good(stage(&c, 2, ",\"outcome\":\"standby\""));
	apply(&c);
	doc = good(call_method("decision.log", "{}", &c.anna));
	assert_int_equal(json_array_size(at(doc, "lines")), 4);
	assert_string_equal(text_at(json_array_get(at(doc, "lines"), 0), "what"), "apply");
	assert_string_equal(text_at(json_array_get(at(doc, "lines"), 3), "by"), "Anna Chair");
	csv =
	    text_at(good(call_method("decision.export", "{\"format\":\"csv\"}", &c.anna)), "text");
	assert_non_null(strstr(csv, "\"id\",\"at\",\"by\""));
	assert_non_null(strstr(csv, "\"'=cmd"));
	csv = text_at(good(call_method("decision.export", "{\"format\":\"ndjson\"}", &c.anna)),
		      "text");
	assert_int_equal(json_array_size(at(
			     good(call_method("decision.log", "{\"after\":1}", &c.anna)), "lines")),
			 0);
	assert_non_null(strstr(csv, "\"what\" : \"apply\""));
	/* The application adds to it and does nothing else. */
	assert_string_equal(
	    call_sql("select has_table_privilege('plenum_app', 'decision_log', 'update') or "
		     "has_table_privilege('plenum_app', 'decision_log', 'delete')"),
	    "f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(staged_is_no_decision),
	    cmocka_unit_test(what_cannot_be_staged),
	    cmocka_unit_test(places_and_terms),
	    cmocka_unit_test(ranks_make_room),
	    cmocka_unit_test(the_preview_is_what_is_sent),
	    cmocka_unit_test(applied_at_once_and_only_once),
	    cmocka_unit_test(decided_otherwise),
	    cmocka_unit_test(capacity_lost_meanwhile),
	    cmocka_unit_test(the_log_is_kept),
	};
	int failed;

	if (!call_start())
		return 77;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	call_stop();
	return failed;
}
