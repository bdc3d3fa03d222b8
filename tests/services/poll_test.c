/* tests/services: polls: their life, who runs them, what no poll may be. */
#include "tests/services/poll_hall.h"

static json_t *polls_at(const struct hall *h, const struct caller *who, int place)
{
	struct call_result r =
	    call_method("poll.list", call_text("{\"talk\":\"%s\"}", h->talk), who);

	assert_fine(&r);
	return json_array_get(json_object_get(r.json, "polls"), (size_t)place);
}

static const char *text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void life(void **state)
{
	struct hall h = hall_make();
	const char *key = call_uuid(), *open;
	const char *p = drafted(&h, "single", "always");
	struct call_result r, again;
	json_t *doc;

	(void)state;
	/* A draft is the moderators' alone. */
	assert_null(polls_at(&h, &h.ann, 0));
	assert_string_equal(text(polls_at(&h, &h.mod, 0), "state"), "draft");
	doc = json_object_get(call_snapshot("talk", NULL, h.conference, h.talk), "snapshot");
	assert_true(json_is_null(json_object_get(doc, "poll")));
	assert_null(call_snapshot("poll", NULL, h.conference, p));
	r = call_method("poll.vote", ballot_one(p, 1, 1), &h.ann);
	assert_fault(&r, "not_found");
	/* Who comes late gets the one that runs. */
	open = call_text("{\"poll\":\"%s\",\"expect_version\":1,\"key\":\"%s\"}", p, key);
	r = call_method("poll.open", open, &h.mod);
	assert_fine(&r);
	again = call_method("poll.open", open, &h.mod);
	assert_string_equal(r.text, again.text);
	again = poll_do("poll.open", p, 1, "", &h.mod);
	assert_true(json_is_true(json_object_get(again.json, "noop")));
	doc = json_object_get(call_snapshot("talk", NULL, h.conference, h.talk), "snapshot");
	assert_string_equal(text(json_object_get(doc, "poll"), "id"), p);
	assert_null(json_object_get(json_object_get(doc, "poll"), "counts"));
	r = call_method("poll.vote", ballot_one(p, 2, 1), &h.ann);
	assert_fine(&r);
	assert_string_equal(
	    json_string_value(json_array_get(json_object_get(r.json, "options"), 0)), option(p, 2));
	doc = json_object_get(polls_at(&h, &h.ann, 0), "mine");
	assert_string_equal(json_string_value(json_array_get(json_object_get(doc, "options"), 0)),
			    option(p, 2));
	/* What one moderator does by an old picture of it is not done. */
	r = poll_do("poll.close", p, 1, "", &h.mod);
	assert_fault(&r, "conflict");
	assert_non_null(strstr(r.current, "\"running\""));
	r = poll_do("poll.close", p, 2, "", &h.mod);
	assert_fine(&r);
	assert_int_equal(counted(p, option(p, 2)), 1);
	doc = json_object_get(call_snapshot("talk", NULL, h.conference, h.talk), "snapshot");
	assert_string_equal(text(json_object_get(doc, "poll"), "state"), "closed");
	assert_int_equal(json_array_size(json_object_get(json_object_get(doc, "poll"), "counts")),
			 4);
	r = poll_do("poll.open", p, 3, "", &h.mod);
	assert_fault(&r, "poll.state");
	r = poll_do("poll.remove", p, 3, "", &h.mod);
	assert_fault(&r, "poll.state");
	r = poll_do("poll.edit", p, 3, ",\"question\":\"Or?\"", &h.mod);
	assert_fault(&r, "poll.closed");
}

static void edits_until_the_first_vote(void **state)
{
	struct hall h = hall_make();
	const char *p = opened(&h, "single", "after_close"), *red, *green;
	struct call_result r;

	(void)state;
	red = option(p, 1);
	green = option(p, 2);
	r = poll_do("poll.edit", p, 2, ",\"options\":[\"Red\",\"Olive\"]", &h.mod);
	assert_fine(&r);
	/* Words that stay keep their id; a vote for words that are gone is nobody's. */
	assert_string_equal(option(p, 1), red);
	assert_string_not_equal(option(p, 2), green);
	r = call_method("poll.vote", ballot(p, call_text("[\"%s\"]", green), 1), &h.ann);
	assert_fault(&r, "poll.option");
	assert_int_equal(counted(p, green), -1);
	assert_int_equal(counted(p, option(p, 2)), 0);
	/* Some may hear its counts by now, others were told that nobody does. */
	r = poll_do("poll.edit", p, 3, ",\"results\":\"always\"", &h.mod);
	assert_fault(&r, "poll.locked");
	r = call_method("poll.vote", ballot_one(p, 1, 1), &h.ann);
	assert_fine(&r);
	r = poll_do("poll.edit", p, 3, ",\"options\":[\"Red\",\"Green\"]", &h.mod);
	assert_fault(&r, "poll.locked");
	r = poll_do("poll.edit", p, 3, ",\"question\":\"And now?\"", &h.mod);
	assert_fault(&r, "poll.locked");
	r = poll_do("poll.edit", p, 3, ",\"kind\":\"multiple\"", &h.mod);
	assert_fault(&r, "poll.locked");
	/* The database itself does not let it through. */
	assert_string_equal(call_sql("select state || version from poll where id = '%s'", p),
			    "running3");
}

static void no_such_poll(void **state)
{
	static const struct {
		const char *options, *fault;
	} bad[] = {{"[\"One\"]", "bad_request"},
		   {"[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]",
		    "bad_request"},
		   {"[\"Same\",\"Same\"]", "bad_request"},
		   {"[\"Same\",\"\\u202eSame\"]", "bad_request"},
		   {"[\"A\",\"  \"]", "bad_request"},
		   {"[\"A\",7]", "bad_request"},
		   {"[\"A\",[\"B\"]]", "bad_request"},
		   {"{\"a\":\"A\",\"b\":\"B\"}", "bad_request"},
		   {"\"A\"", "bad_request"}};
	struct hall h = hall_make();
	char longest[202];
	const char *p;
	struct call_result r;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		r = call_method("poll.create",
				poll_words(&h, call_uuid(), bad[i].options, "single", "always"),
				&h.mod);
		assert_fault(&r, bad[i].fault);
	}
	memset(longest, 'a', 201);
	longest[201] = 0;
	r = call_method(
	    "poll.create",
	    poll_words(&h, call_uuid(), call_text("[\"A\",\"%s\"]", longest), "single", "always"),
	    &h.mod);
	assert_fault(&r, "limit.size");
	longest[200] = 0;
	p = call_uuid();
	/* Two hundred letters, markup, quotes and a backslash are words; directions are not. */
	r = call_method("poll.create",
			poll_words(&h, p,
				   call_text("[\"%s\",\"<b>\\\"x\\\" {\\\\}</b>, NULL\","
					     "\"\\u202ea\\u2066b\"]",
					     longest),
				   "single", "always"),
			&h.mod);
	assert_fine(&r);
	assert_string_equal(call_sql("select option_texts[2] from poll where id = '%s'", p),
			    "<b>\"x\" {\\}</b>, NULL");
	assert_string_equal(call_sql("select option_texts[3] from poll where id = '%s'", p), "ab");
	/* Its id is taken; its talk is not there; neither talk nor session; not this kind. */
	r = call_method("poll.create", poll_words(&h, p, "[\"A\",\"B\"]", "single", "always"),
			&h.mod);
	assert_fault(&r, "conflict");
	r = call_method("poll.create",
			poll_words(&h, call_uuid(), "[\"A\",\"B\"]", "ranked", "always"), &h.mod);
	assert_fault(&r, "bad_request");
	h.talk = call_uuid();
	r = call_method("poll.create",
			poll_words(&h, call_uuid(), "[\"A\",\"B\"]", "single", "always"), &h.mod);
	assert_fault(&r, "not_found");
}

static void who_runs_it(void **state)
{
	struct hall h = hall_make(), other = hall_make();
	struct caller scoped = call_person(h.conference, "Sco Ped", ROLE_MODERATOR);
	struct caller speaker = call_person(h.conference, "Spea Ker", ROLE_SPEAKER);
	const char *p = drafted(&h, "single", "always");
	struct call_result r;

	(void)state;
	r = poll_do("poll.open", p, 1, "", &h.ann);
	assert_fault(&r, "denied");
	r = poll_do("poll.open", p, 1, "", &speaker);
	assert_fault(&r, "denied");
	r = poll_do("poll.open", p, 1, "", &other.mod);
	assert_fault(&r, "not_found");
	/* Looks after another session. */
	call_sql("with s as (insert into session (conference, guid, number, title) values ('%s', "
		 "gen_random_uuid(), 9, 'X') returning id, conference) insert into "
		 "moderator_scope (conference, person, session) select conference, '%s', id from s",
		 h.conference, scoped.person);
	r = poll_do("poll.open", p, 1, "", &scoped);
	assert_fault(&r, "denied");
	r = call_method("poll.list", call_text("{\"talk\":\"%s\"}", h.talk), &scoped);
	assert_int_equal(json_array_size(json_object_get(r.json, "polls")), 0);
	/* No moderator any more since a moment: the open socket does not know yet. */
	call_sql("delete from role_grant where person = '%s'", h.mod.person);
	r = poll_do("poll.open", p, 1, "", &h.mod);
	assert_fault(&r, "denied");
	call_sql("insert into role_grant (conference, person, role) values ('%s', '%s', "
		 "'moderator')",
		 h.conference, h.mod.person);
	r = poll_do("poll.open", p, 1, "", &h.mod);
	assert_fine(&r);
	/* Who runs it and who speaks votes as any person. */
	r = call_method("poll.vote", ballot_one(p, 1, 1), &h.mod);
	assert_fine(&r);
	r = call_method("poll.vote", ballot_one(p, 1, 1), &speaker);
	assert_fine(&r);
	r = call_method("poll.vote", ballot_one(p, 1, 1), &other.ann);
	assert_fault(&r, "not_found");
	assert_int_equal(counted(p, "voters"), 2);
}

static void one_runs_at_a_time(void **state)
{
	struct hall h = hall_make();
	const char *a = drafted(&h, "single", "always"), *b = drafted(&h, "single", "always");
	struct caller org = call_person(h.conference, "Orga Niser", ROLE_ORGANISER);
	struct call_result r[2], s;

	(void)state;
	{
		const struct call calls[] = {
		    {"poll.open",
		     call_text("{\"poll\":\"%s\",\"expect_version\":1,\"key\":\"%s\"}", a,
			       call_uuid()),
		     &h.mod},
		    {"poll.open",
		     call_text("{\"poll\":\"%s\",\"expect_version\":1,\"key\":\"%s\"}", b,
			       call_uuid()),
		     &org}};

		call_methods(calls, 2, r);
	}
	assert_int_equal((r[0].fault == NULL) + (r[1].fault == NULL), 1);
	assert_fault(r[0].fault != NULL ? &r[0] : &r[1], "poll.running");
	/* The talk of a session that is meant is the one that runs. */
	call_sql("update talk set started = now() where id = '%s'", h.other_talk);
	s = call_method("poll.create",
			call_text("{\"poll\":\"%s\",\"session\":\"%s\",\"question\":\"?\","
				  "\"options\":[\"A\",\"B\"],\"key\":\"%s\"}",
				  call_uuid(), h.session, call_uuid()),
			&h.mod);
	assert_string_equal(member(&s, "talk"), h.other_talk);
	s = call_method("poll.list", call_text("{\"session\":\"%s\"}", h.session), &h.mod);
	assert_int_equal(json_array_size(json_object_get(s.json, "polls")), 3);
	s = poll_do("poll.remove", r[0].fault != NULL ? a : b, 1, "", &h.mod);
	assert_fine(&s);
	s = call_method("poll.list", call_text("{\"session\":\"%s\"}", h.session), &h.mod);
	assert_int_equal(json_array_size(json_object_get(s.json, "polls")), 2);
}

static void forty_a_talk(void **state)
{
	struct hall h = hall_make();
	struct call_result r;

	(void)state;
	call_sql(
	    "insert into poll (id, conference, talk, nth, question, kind, results, option_ids, "
	    "option_texts, by_actor) select gen_random_uuid(), '%s', '%s', n, '?', 'single', "
	    "'always', array[gen_random_uuid(), gen_random_uuid()], '{A,B}', '%s' from "
	    "generate_series(1, 40) n",
	    h.conference, h.talk, h.mod.person);
	r = call_method("poll.create",
			poll_words(&h, call_uuid(), "[\"A\",\"B\"]", "single", "always"), &h.mod);
	assert_fault(&r, "limit.size");
}

static struct call_result poll_export(const struct hall *h, const char *more)
{
	struct call_result r =
	    call_method("qa.export", call_text("{\"talk\":\"%s\",%s}", h->talk, more), &h->mod);

	assert_fine(&r);
	return r;
}

/* The file has each poll, nothing that a spreadsheet would run, and no count that is not
 * everybody's. */
static void exported(void **state)
{
	struct hall h = hall_make();
	const char *p = call_uuid(), *never, *after;
	struct call_result r;

	(void)state;
	call_sql("insert into role_grant (conference, person, role) values ('%s', '%s', "
		 "'moderator') on conflict do nothing",
		 h.conference, h.mod.person);
	r = call_method("poll.create",
			poll_words(&h, p, "[\"=1+1\",\"Say \\\"no\\\"\"]", "single", "always"),
			&h.mod);
	assert_fine(&r);
	poll_do("poll.open", p, 1, "", &h.mod);
	call_method("poll.vote", ballot_one(p, 1, 1), &h.bob);
	poll_do("poll.close", p, 2, "", &h.mod);
	never = opened(&h, "single", "never");
	call_method("poll.vote", ballot_one(never, 1, 1), &h.bob);
	poll_do("poll.close", never, 2, "", &h.mod);
	after = opened(&h, "single", "after_close");
	call_method("poll.vote", ballot_one(after, 3, 1), &h.bob);
	r = poll_export(&h, "\"format\":\"csv\",\"part\":\"polls\"");
	assert_non_null(strstr(member(&r, "text"), ",\"1\",\"'=1+1\",\"1\"\r\n"));
	assert_non_null(strstr(member(&r, "text"), ",\"1\",\"Say \"\"no\"\"\",\"0\"\r\n"));
	assert_non_null(strstr(member(&r, "text"), "\"never\",\"closed\","));
	assert_null(strstr(member(&r, "text"), "\"Red\",\"1\""));
	assert_null(strstr(member(&r, "text"), "\"Blue\",\"1\""));
	assert_true(json_is_null(json_object_get(r.json, "next")));
	poll_do("poll.close", after, 2, "", &h.mod);
	r = poll_export(&h, "\"format\":\"csv\",\"part\":\"polls\"");
	assert_non_null(strstr(member(&r, "text"), "\"Blue\",\"1\""));
	/* Line by line, after the others. */
	r = poll_export(&h, "\"format\":\"ndjson\",\"part\":\"polls\"");
	assert_non_null(strstr(member(&r, "text"), "\"type\" : \"poll\""));
	r = poll_export(&h, call_text("\"format\":\"ndjson\",\"after\":\"polls/%s 02\"", h.talk));
	assert_null(strstr(member(&r, "text"), p));
	assert_non_null(strstr(member(&r, "text"), after));
	r = call_method("qa.export", "{\"format\":\"csv\",\"part\":\"polls\"}", &h.bob);
	assert_fault(&r, "denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exported),
	    cmocka_unit_test(life),
	    cmocka_unit_test(edits_until_the_first_vote),
	    cmocka_unit_test(no_such_poll),
	    cmocka_unit_test(who_runs_it),
	    cmocka_unit_test(forty_a_talk),
	    cmocka_unit_test(one_runs_at_a_time),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
