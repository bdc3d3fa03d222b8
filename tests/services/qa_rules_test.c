/* tests/services: what holds for a session: who sees whose, what waits, windows, the rights of
 * those who moderate. */
#include "tests/services/qa_hall.h"

static struct call_result set(const struct hall *h, const struct caller *who, const char *method,
			      const char *members)
{
	return call_method(
	    method,
	    call_text("{\"session\":\"%s\",\"key\":\"%s\",%s}", h->session, call_uuid(), members),
	    who);
}

static struct call_result ask_with(const struct hall *h, const struct caller *who, const char *text,
				   const char *members)
{
	struct call_result r = call_method(
	    "qa.ask",
	    call_text("{\"question\":\"%s\",\"text\":\"%s\",%s}", call_uuid(), text, members), who);

	a_minute_later(h);
	return r;
}

static const char *on_talk(const struct hall *h)
{
	return call_text("\"talk\":\"%s\"", h->talk);
}

static void identities(void **state)
{
	static const struct {
		const char *mode;
		bool shown, shown_by_choice, moderators;
	} modes[] = {{"masked", false, false, true},
		     {"named", true, true, true},
		     {"choice", false, true, true},
		     {"anonymous", false, false, false}};

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct hall h = hall_make();
		struct call_result r =
		    set(&h, &h.mod, "qa.settings",
			call_text("\"expect_version\":0,\"identity\":\"%s\"", modes[i].mode));
		const char *q, *named;
		json_t *list;

		assert_fine(&r);
		q = asked(&h, &h.ann, "Whose is this?");
		r = ask_with(&h, &h.ann, "And this?", call_text("%s,\"named\":true", on_talk(&h)));
		named = member(&r, "question");
		move("qa.approve", q, 1, &h.mod);
		move("qa.approve", named, 1, &h.mod);
		list = seen_by(&h, &h.bob);
		for (int k = 0; k < 2; k++) {
			json_t *one = json_array_get(list, (size_t)k);
			bool by_choice =
			    strcmp(json_string_value(json_object_get(one, "id")), named) == 0;

			assert_int_equal(json_object_get(one, "author") != NULL,
					 by_choice ? modes[i].shown_by_choice : modes[i].shown);
		}
		assert_int_equal(!json_is_null(json_object_get(as_moderators_see(&h, q), "author")),
				 modes[i].moderators);
		/* Its asker hears of it in any case, finds it again, and may take it back. */
		assert_true(count("select count(*) from channel_event e join channel c on c.id = "
				  "e.channel where c.name = 'person:%s' and e.data ->> 'state' = "
				  "'approved'",
				  h.ann.person) >= 2);
		r = call_method("qa.mine", "{}", &h.ann);
		assert_int_equal(json_array_size(json_object_get(r.json, "questions")), 2);
		r = call_method("qa.mine", "{}", &h.bob);
		assert_int_equal(json_array_size(json_object_get(r.json, "questions")), 0);
		r = move("qa.withdraw", q, 2, &h.bob);
		assert_fault(&r, "denied");
		r = move("qa.withdraw", q, 2, &h.ann);
		assert_fine(&r);
		r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "And this?"), &h.ann);
		assert_fault(&r, "qa.duplicate");
		if (!modes[i].moderators)
			assert_int_equal(
			    count("select (select count(*) from question where person = '%s') + "
				  "(select count(*) from mod_action where actor = '%s')",
				  h.ann.person, h.ann.person),
			    0);
		r = set(&h, &h.mod, "qa.settings",
			call_text("\"expect_version\":1,\"identity\":\"%s\"",
				  i == 0 ? "named" : "masked"));
		assert_fault(&r, "qa.identity");
		call_sql("select due_qa_salt('%s', '%s')", h.conference, h.session);
		assert_int_equal(
		    count("select count(*) from qa_salt where session = '%s'", h.session),
		    !modes[i].moderators);
		clock_at(&h, "2021-05-17T09:00:00+02:00");
		call_sql("select due_qa_salt('%s', '%s')", h.conference, h.session);
		assert_int_equal(
		    count("select count(*) from qa_salt where session = '%s'", h.session), 0);
	}
}

static void the_first_question_fixes_who_sees_whose(void **state)
{
	struct hall h = hall_make();
	struct caller org = call_person(h.conference, "Or Ganiser", ROLE_ORGANISER);
	struct call_result r;

	(void)state;
	asked(&h, &h.ann, "Under which rules?");
	r = call_method(
	    "qa.settings",
	    call_text("{\"expect_version\":0,\"identity\":\"named\",\"key\":\"%s\"}", call_uuid()),
	    &h.mod);
	assert_fault(&r, "denied");
	r = call_method(
	    "qa.settings",
	    call_text("{\"expect_version\":0,\"identity\":\"named\",\"key\":\"%s\"}", call_uuid()),
	    &org);
	assert_fine(&r);
	assert_string_equal(
	    call_sql("select identity from qa_settings_of('%s', '%s')", h.conference, h.session),
	    "masked");
	assert_string_equal(
	    call_sql("select identity from qa_settings_of('%s', gen_random_uuid())", h.conference),
	    "named");
}

static void not_moderated(void **state)
{
	struct hall h = hall_make();
	struct call_result r =
	    set(&h, &h.mod, "qa.settings", "\"expect_version\":0,\"moderated\":false");

	(void)state;
	assert_fine(&r);
	call_sql("insert into word_list values ('%s', 'en', 'cheap pills')", h.conference);
	r = ask_with(&h, &h.ann, "Seen at once?", on_talk(&h));
	assert_string_equal(member(&r, "state"), "approved");
	assert_non_null(
	    json_object_get(json_object_get(r.json, "positions"), call_text("talk:%s", h.talk)));
	r = ask_with(&h, &h.ann, "Want some CH\u00c9AP   pi\u200dlls?", on_talk(&h));
	assert_string_equal(member(&r, "state"), "pending");
	assert_string_equal(
	    json_string_value(json_array_get(
		json_object_get(as_moderators_see(&h, member(&r, "question")), "hits"), 0)),
	    "cheap pills");
	r = ask_with(&h, &h.ann, "Are uncheap pillshops fine?", on_talk(&h));
	assert_string_equal(member(&r, "state"), "approved");
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 2);
}

static void let_through_by_time(void **state)
{
	struct hall h = hall_make();
	const char *clean, *held;
	struct call_result r =
	    set(&h, &h.mod, "qa.settings", "\"expect_version\":0,\"auto_approve_s\":30");

	(void)state;
	assert_fine(&r);
	clean = asked(&h, &h.ann, "Nobody looks at this");
	held = asked(&h, &h.bob, "Somebody put this back");
	move("qa.approve", held, 1, &h.mod);
	move("qa.hold", held, 2, &h.mod);
	assert_int_equal(
	    count("select count(*) from due where kind = 'qa_auto' and subject = '%s'", h.session),
	    1);
	call_sql("select due_qa_auto('%s', '%s')", h.conference, h.session);
	assert_string_equal(call_sql("select state from question where id = '%s'", clean),
			    "approved");
	assert_string_equal(call_sql("select state from question where id = '%s'", held),
			    "pending");
	assert_int_equal(count("select count(*) from mod_action where question = '%s' and actor is "
			       "null",
			       clean),
			 1);
}

static void muted(void **state)
{
	struct hall h = hall_make();
	struct call_result r;
	const char *q;

	(void)state;
	call_sql("insert into mute (conference, person, how) values ('%s', '%s', 'hard')",
		 h.conference, h.ann.person);
	r = ask_with(&h, &h.ann, "May I?", on_talk(&h));
	assert_fault(&r, "qa.muted");
	call_sql("update mute set how = 'silent' where conference = '%s'", h.conference);
	set(&h, &h.mod, "qa.settings", "\"expect_version\":0,\"moderated\":false");
	r = ask_with(&h, &h.ann, "Heard by nobody?", on_talk(&h));
	assert_fine(&r);
	q = member(&r, "question");
	assert_string_equal(member(&r, "state"), "pending");
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 0);
	assert_true(json_is_true(json_object_get(as_moderators_see(&h, q), "muted")));
	r = call_method("qa.dismiss",
			call_text("{\"question\":\"%s\",\"expect_version\":1,\"reason\":\"spam\","
				  "\"silent\":true,\"key\":\"%s\"}",
				  q, call_uuid()),
			&h.mod);
	assert_fine(&r);
	r = call_method("qa.mine", "{}", &h.ann);
	r.json = json_array_get(json_object_get(r.json, "questions"), 0);
	assert_string_equal(member(&r, "state"), "pending");
	assert_true(json_is_null(json_object_get(r.json, "reason")));
	assert_non_null(json_object_get(r.json, "ahead"));
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'person:%s'",
			       h.ann.person),
			 1);
	assert_int_equal(count("select value from tally t join channel c on c.id = t.channel where "
			       "c.name = 'talk:%s' and key = 'dismissed:spam'",
			       h.talk),
			 1);
}

static void scopes(void **state)
{
	struct hall h = hall_make();
	const char *elsewhere =
	    call_sql("insert into session (conference, guid, number, title) values ('%s', "
		     "gen_random_uuid(), 2, 'Elsewhere') returning id",
		     h.conference);
	const char *q = asked(&h, &h.ann, "Whose desk?");
	struct call_result r;

	(void)state;
	call_sql("insert into moderator_scope (conference, person, session) values ('%s', '%s', "
		 "'%s')",
		 h.conference, h.mod.person, elsewhere);
	r = move("qa.approve", q, 1, &h.mod);
	assert_fault(&r, "denied");
	r = set(&h, &h.mod, "qa.window", "\"paused\":true");
	assert_fault(&r, "denied");
	call_sql("insert into moderator_scope (conference, person, room) values ('%s', '%s', '%s')",
		 h.conference, h.mod.person, h.room);
	r = move("qa.approve", q, 1, &h.mod);
	assert_fine(&r);
	/* The role was taken away a second ago; the token says otherwise. */
	call_sql("delete from role_grant where person = '%s'", h.mod.person);
	r = move("qa.dismiss", q, 2, &h.mod);
	assert_fault(&r, "denied");
	r = call_method("qa.undo",
			call_text("{\"question\":\"%s\",\"key\":\"%s\"}", q, call_uuid()), &h.mod);
	assert_fault(&r, "denied");
	r = set(&h, &h.mod, "qa.close", "\"x\":1");
	assert_fault(&r, "denied");
	assert_string_equal(call_sql("select state from question where id = '%s'", q), "approved");
}

static void windows_of_a_session(void **state)
{
	struct hall h = hall_make();
	const char *q = asked(&h, &h.ann, "Shown?");
	struct call_result r;

	(void)state;
	move("qa.approve", q, 1, &h.mod);
	r = set(&h, &h.mod, "qa.window", "\"paused\":true");
	assert_fine(&r);
	assert_int_equal(json_array_size(json_object_get(r.json, "talks")), 2);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.conference = '%s' and type = 'window.changed'",
			       h.conference),
			 4);
	r = ask_with(&h, &h.bob, "Now?", on_talk(&h));
	assert_fault(&r, "qa.paused");
	/* Who is behind has not seen it yet. */
	r = ask_with(&h, &h.bob, "Late?", call_text("%s,\"behind_ms\":20000", on_talk(&h)));
	assert_fine(&r);
	set(&h, &h.mod, "qa.window", "\"paused\":false,\"show\":\"closed\"");
	assert_int_equal(json_array_size(seen_by(&h, &h.bob)), 0);
	assert_int_equal(
	    json_array_size(json_object_get(
		json_object_get(call_snapshot("talk", NULL, h.conference, h.talk), "snapshot"),
		"questions")),
	    0);
	r = call_method("qa.vote", vote_params(q, 1, 1), &h.bob);
	assert_fault(&r, "qa.closed");
	move("qa.stage", q, 2, &h.mod);
	assert_int_equal(count("select count(*) from channel_event e join channel c on c.id = "
			       "e.channel where c.name = 'talk:%s' and type ~ '^question'",
			       h.talk),
			 1);
	/* A talk of a block that was ended closes, unless all are discussed together. */
	set(&h, &h.mod, "qa.window", "\"show\":\"auto\"");
	call_sql("update talk set started = '2021-05-02T09:00+02', ended = '2021-05-02T09:10+02' "
		 "where id = '%s'",
		 h.talk);
	clock_at(&h, "2021-05-02T09:26:00+02:00");
	r = ask_with(&h, &h.bob, "Over?", on_talk(&h));
	assert_fault(&r, "qa.closed");
	set(&h, &h.mod, "qa.window", "\"joint\":true");
	r = ask_with(&h, &h.bob, "Open again?", on_talk(&h));
	assert_fine(&r);
}

static void of_the_session(void **state)
{
	struct hall h = hall_make();
	struct call_result r;
	const char *members = call_text("\"session\":\"%s\",\"whole\":true", h.session);

	(void)state;
	r = ask_with(&h, &h.ann, "Of all?", members);
	assert_string_equal(member(&r, "talk"), h.talk);
	call_sql("update talk set started = '2021-05-02T09:00+02', ended = '2021-05-02T09:09+02' "
		 "where id = '%s'",
		 h.talk);
	call_sql("update talk set started = '2021-05-02T09:09:30+02' where id = '%s'",
		 h.other_talk);
	clock_at(&h, "2021-05-02T09:10:00+02:00");
	r = ask_with(&h, &h.ann, "Now?", members);
	assert_string_equal(member(&r, "talk"), h.other_talk);
	/* A viewer two minutes behind the live edge saw the first talk. */
	r = ask_with(&h, &h.ann, "Then?", call_text("%s,\"behind_ms\":90000", members));
	assert_string_equal(member(&r, "talk"), h.talk);
	r = ask_with(&h, &h.ann, "Too far?", call_text("%s,\"behind_ms\":120001", members));
	assert_fault(&r, "bad_request");
	r = ask_with(&h, &h.ann, "Nowhere?", "\"whole\":true");
	assert_fault(&r, "bad_request");
}

/* Where each setting comes from: the program, the conference, the session. */
static void settings_of_each_scope(void **state)
{
	struct hall h = hall_make(), other = hall_make();
	struct caller organiser = call_person(h.conference, "Or Ganiser", ROLE_ORGANISER);
	struct call_result r;
	json_t *settings, *own;

	(void)state;
	call_sql(
	    "insert into role_grant (conference, person, role) values ('%s', '%s', 'organiser'), "
	    "('%s', '%s', 'moderator') on conflict do nothing",
	    h.conference, organiser.person, h.conference, h.mod.person);
	r = call_method(
	    "qa.settings",
	    call_text(
		"{\"expect_version\":0,\"auto_approve_s\":60,\"moderated\":false,\"key\":\"%s\"}",
		call_uuid()),
	    &organiser);
	assert_fine(&r);
	r = set(&h, &h.mod, "qa.settings", "\"expect_version\":0,\"moderated\":true");
	assert_fine(&r);
	r = call_method("qa.settings_get", call_text("{\"session\":\"%s\"}", h.session), &h.mod);
	assert_fine(&r);
	settings = json_object_get(r.json, "settings");
	own = json_object_get(r.json, "own");
	assert_int_equal(json_integer_value(json_object_get(settings, "version")), 1);
	assert_int_equal(json_integer_value(json_object_get(settings, "auto_approve_s")), 60);
	assert_true(json_is_true(json_object_get(settings, "moderated")));
	assert_true(json_is_true(json_object_get(own, "moderated")));
	assert_true(json_is_null(json_object_get(own, "auto_approve_s")));
	assert_true(
	    json_is_false(json_object_get(json_object_get(r.json, "defaults"), "moderated")));
	assert_true(json_is_false(json_object_get(r.json, "identity_fixed")));
	assert_int_equal(json_array_size(json_object_get(r.json, "talks")), 2);
	asked(&h, &h.ann, "From now on?");
	r = call_method("qa.settings_get", call_text("{\"session\":\"%s\"}", h.session), &h.mod);
	assert_true(json_is_true(json_object_get(r.json, "identity_fixed")));
	/* The whole conference's, for whoever moderates; not that of another, and not for
	 * attendees. */
	r = call_method("qa.settings_get", "{}", &h.mod);
	assert_fine(&r);
	assert_true(json_is_null(json_object_get(r.json, "session")));
	assert_true(
	    json_is_true(json_object_get(json_object_get(r.json, "defaults"), "moderated")));
	assert_true(json_is_false(json_object_get(json_object_get(r.json, "own"), "moderated")));
	r = call_method("qa.settings_get", call_text("{\"session\":\"%s\"}", other.session),
			&h.mod);
	assert_fault(&r, "not_found");
	r = call_method("qa.settings_get", "{}", &h.ann);
	assert_fault(&r, "denied");
	call_sql("delete from role_grant where person = '%s'", h.mod.person);
	r = call_method("qa.settings_get", call_text("{\"session\":\"%s\"}", h.session), &h.mod);
	assert_fault(&r, "denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settings_of_each_scope),
	    cmocka_unit_test(identities),
	    cmocka_unit_test(the_first_question_fixes_who_sees_whose),
	    cmocka_unit_test(not_moderated),
	    cmocka_unit_test(let_through_by_time),
	    cmocka_unit_test(muted),
	    cmocka_unit_test(scopes),
	    cmocka_unit_test(windows_of_a_session),
	    cmocka_unit_test(of_the_session),
	};

	return run(tests, sizeof tests / sizeof *tests);
}
