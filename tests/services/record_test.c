/* tests/services: what a hall's questions leave behind: words, reports, answers, the export, and
 * who looks after what. */
#include "tests/services/desk_support.h"

static struct call_result words(const struct caller *who, const char *language, const char *list)
{
	return act("qa.words", who, call_text("\"language\":\"%s\",\"words\":%s", language, list));
}

static void words_hold_and_never_drop(void **state)
{
	struct call_result r =
	    words(&crew.boss, "da", "[\"Rød Grød\",\"SPAM\",\"spam!\",\"tosse\"]");
	const char *question = call_uuid();

	(void)state;
	assert_fine(&r);
	/* Once each as they are compared, as they were written. */
	assert_int_equal(json_array_size(json_object_get(r.json, "words")), 3);
	assert_non_null(strstr(r.text, "\"Rød Grød\""));
	r = call_method("qa.ask", ask_params(question, crew.hall.talk, "Er det SPÁM, eller?"),
			&crew.hall.ann);
	assert_fine(&r);
	assert_string_equal(member(&r, "state"), "pending");
	assert_string_equal(call_sql("select hits::text from question where id = '%s'", question),
			    "{SPAM}");
	/* A list is replaced as a whole; another language stays. */
	r = words(&crew.boss, "en", "[\"idiot\"]");
	r = words(&crew.boss, "da", "[]");
	assert_fine(&r);
	r = call_method("qa.words_get", "{}", &crew.mod);
	assert_fine(&r);
	assert_string_equal(r.text, "{\"words\" : { \"en\" : [\"idiot\"] }}");
	r = words(&crew.mod, "en", "[]");
	assert_fault(&r, "denied");
	r = words(&crew.boss, "en", "[\"x\"]");
	assert_fault(&r, "bad_request");
	r = words(&crew.boss, "english", "[]");
	assert_fault(&r, "limit.size");
	r = words(&crew.boss, "E1", "[\"word\"]");
	assert_fault(&r, "bad_request");
	r = words(&crew.boss, "en", "{}");
	assert_fault(&r, "bad_request");
	r = words(
	    &crew.boss, "en",
	    call_sql(
		"select json_build_array(E'id\\u202eiot\\n', 'x' || repeat('!', 300) || 'y')"));
	assert_fine(&r);
	assert_non_null(strstr(r.text, "\"id iot\""));
	assert_string_equal(
	    call_sql("select max(char_length(written)) from word_list where conference = '%s'",
		     crew.hall.conference),
	    "200");
	r = words(&crew.boss, "en", "[\"idiot\"]");
	assert_fine(&r);
	r = words(&crew.boss, "en",
		  call_sql("select json_agg('word' || i) from generate_series(1, 501) i"));
	assert_fault(&r, "limit.size");
	assert_int_equal(
	    count("select count(*) from word_list where conference = '%s'", crew.hall.conference),
	    1);
}

static void settings(int auto_approve_s, int report_threshold)
{
	call_sql("insert into qa_settings (conference, session, auto_approve_s, report_threshold) "
		 "values ('%s', '%s', %d, %d) on conflict on constraint qa_settings_once do update "
		 "set auto_approve_s = excluded.auto_approve_s, report_threshold = "
		 "excluded.report_threshold",
		 crew.hall.conference, crew.hall.session, auto_approve_s, report_threshold);
}

static struct call_result report(const struct caller *who, const char *question)
{
	return call_method("qa.report",
			   call_text("{\"question\":\"%s\",\"reason\":\"rude\"}", question), who);
}

static const char *state_of(const char *question)
{
	return call_sql("select state from question where id = '%s'", question);
}

static int version_of(const char *question)
{
	return count("select version from question where id = '%s'", question);
}

static void reports_hide_until_a_moderator_has_looked(void **state)
{
	const char *question = asked(&crew.hall, &crew.hall.ann, "You fool?");
	struct caller third = call_person(crew.hall.conference, "Tim Third", ROLE_ATTENDEE);
	struct call_result r = report(&crew.hall.bob, question);

	(void)state;
	assert_fault(&r, "qa.state");
	r = move("qa.approve", question, 1, &crew.mod);
	assert_fine(&r);
	settings(0, 2);
	r = report(&crew.hall.ann, question);
	assert_fault(&r, "denied");
	r = report(&crew.hall.bob, question);
	assert_fine(&r);
	/* One a person, however often it is pressed. */
	r = report(&crew.hall.bob, question);
	assert_fine(&r);
	assert_string_equal(state_of(question), "approved");
	assert_int_equal(count("select reports from question where id = '%s'", question), 1);
	r = report(&third, question);
	assert_fine(&r);
	assert_null(strstr(r.text, "reports"));
	assert_string_equal(state_of(question), "pending");
	assert_int_equal(told(mod_channel(), "report.raised"), 1);
	assert_int_equal(told(call_text("talk:%s", crew.hall.talk), "question.removed"), 1);
	/* It waits like any other. */
	assert_true(is_due("unattended", crew.hall.session));
	r = move("qa.approve", question, version_of(question), &crew.mod);
	assert_fine(&r);
	assert_int_equal(count("select reports from question where id = '%s'", question), 0);
	assert_int_equal(
	    count("select count(*) from question_report where question = '%s' and settled",
		  question),
	    2);
	/* Those who had their say do not hide it again. */
	r = report(&third, question);
	assert_fine(&r);
	assert_string_equal(state_of(question), "approved");
	r = report(&crew.hall.bob, call_uuid());
	assert_fault(&r, "not_found");
}

static void the_clock_lets_clean_ones_through(void **state)
{
	const char *clean, *dirty, *reported, *held;
	struct call_result r = words(&crew.boss, "en", "[\"spam\"]");

	(void)state;
	settings(60, 1);
	clean = asked(&crew.hall, &crew.hall.ann, "Clean?");
	dirty = asked(&crew.hall, &crew.hall.ann, "Spam?");
	reported = asked(&crew.hall, &crew.hall.ann, "Reported?");
	held = asked(&crew.hall, &crew.hall.ann, "Held?");
	r = move("qa.approve", reported, 1, &crew.mod);
	r = report(&crew.hall.bob, reported);
	assert_fine(&r);
	r = move("qa.approve", held, 1, &crew.mod);
	r = move("qa.hold", held, 2, &crew.mod);
	assert_fine(&r);
	call_sql("update question set created = now() where talk = '%s'", crew.hall.talk);
	due_now("qa_auto", crew.hall.session);
	assert_string_equal(state_of(clean), "pending");
	call_sql("update question set created = now() - interval '61 seconds' where talk = '%s'",
		 crew.hall.talk);
	due_now("qa_auto", crew.hall.session);
	assert_string_equal(state_of(clean), "approved");
	assert_string_equal(state_of(dirty), "pending");
	assert_string_equal(state_of(reported), "pending");
	assert_string_equal(state_of(held), "pending");
	assert_false(is_due("qa_auto", crew.hall.session));
}

static struct caller speaker_of(const char *talk)
{
	struct caller who = call_person(crew.hall.conference, "Sue Speaker", ROLE_SPEAKER);

	call_sql("with s as (insert into speaker (conference, guid, name, person) values ('%s', "
		 "'sue', 'Sue', '%s') returning id) insert into talk_speaker (talk, speaker, ord) "
		 "select '%s', id, 1 from s",
		 crew.hall.conference, who.person, talk);
	return who;
}

static json_t *unanswered(const struct caller *who)
{
	struct call_result r = call_method("qa.unanswered", "{}", who);

	assert_fine(&r);
	return json_object_get(r.json, "talks");
}

static size_t open_questions(const struct caller *who)
{
	return json_array_size(json_object_get(json_array_get(unanswered(who), 0), "questions"));
}

static struct call_result answer(const struct caller *who, const char *question, const char *text,
				 const char *public)
{
	return act("qa.answer", who,
		   call_text("\"question\":\"%s\",\"expect_version\":%d,\"text\":\"%s\","
			     "\"public\":%s",
			     question, version_of(question), text, public));
}

static const char *mail_of(const char *question)
{
	return call_sql(
	    "select recipient || '|' || subject || '|' || body from outbox where dedupe "
	    "= 'answer:%s'",
	    question);
}

static void an_answer_reaches_whoever_asked(void **state)
{
	struct caller sue = speaker_of(crew.hall.talk);
	const char *question = asked(&crew.hall, &crew.hall.ann, "Which dose?");
	const char *waits = asked(&crew.hall, &crew.hall.bob, "Never let through?");
	struct call_result r = move("qa.approve", question, 1, &crew.mod);
	const char *mail;

	(void)state;
	assert_fine(&r);
	call_sql("update talk set title = E'Doses\\r\\nBcc: x@example.org' where id = '%s'",
		 crew.hall.talk);
	/* What moderators never let through is not the speaker's to see. */
	assert_int_equal(open_questions(&sue), 1);
	assert_int_equal(json_array_size(unanswered(&crew.hall.bob)), 0);
	r = answer(&sue, question, "Two a day.", "true");
	assert_fine(&r);
	assert_int_equal(open_questions(&sue), 0);
	/* They still sit there. */
	due_now("answer", question);
	assert_null(mail_of(question));
	assert_true(is_due("answer", question));
	clock_at(&crew.hall, "2021-05-02T10:01:00+02:00");
	due_now("answer", question);
	mail = mail_of(question);
	assert_non_null(mail);
	assert_non_null(strstr(mail, "Two a day."));
	assert_non_null(strstr(mail, "Which dose?"));
	assert_non_null(strstr(mail, "by Sue Speaker"));
	assert_int_equal(
	    count("select count(*) from outbox where dedupe = 'answer:%s' and recipient = (select "
		  "email from person where id = '%s') and subject !~ '[\\r\\n]'",
		  question, crew.hall.ann.person),
	    1);
	assert_false(is_due("answer", question));
	clock_at(&crew.hall, "2021-05-16T10:01:00+02:00");
	assert_int_equal(json_array_size(unanswered(&sue)), 0);
	(void)waits;
}

static json_t *assign(const char *what, const char *id, const char *value)
{
	struct call_result r = act("people.assign", &crew.boss,
				   call_text("\"person\":\"%s\",\"%s\":\"%s\",\"value\":%s",
					     crew.mod.person, what, id, value));

	assert_fine(&r);
	return json_object_get(r.json, "scope");
}

static void a_moderator_looks_after_what_they_are_named_for(void **state)
{
	const char *other =
	    call_sql("insert into session (conference, guid, number, title) values ('%s', "
		     "gen_random_uuid(), 2, 'Other') returning id",
		     crew.hall.conference);
	const char *question = asked(&crew.hall, &crew.hall.ann, "Whose am I?");
	struct call_result r;
	json_t *people;

	(void)state;
	assert_int_equal(json_array_size(assign("session", other, "true")), 1);
	assert_int_equal(told("worker", "role.changed"), 1);
	assign("session", other, "true");
	assert_int_equal(told("worker", "role.changed"), 1);
	r = move("qa.approve", question, 1, &crew.mod);
	assert_fault(&r, "denied");
	r = call_method("qa.export",
			call_text("{\"session\":\"%s\",\"format\":\"csv\"}", crew.hall.session),
			&crew.mod);
	assert_fault(&r, "denied");
	assert_int_equal(json_array_size(assign("room", crew.hall.room, "true")), 2);
	r = call_method("people.staff", "{}", &crew.boss);
	people = json_object_get(r.json, "people");
	for (size_t i = 0; i < json_array_size(people); i++) {
		json_t *one = json_array_get(people, i);
		bool named =
		    strcmp(json_string_value(json_object_get(one, "id")), crew.mod.person) == 0;

		assert_int_equal(json_array_size(json_object_get(one, "scope")), named ? 2 : 0);
	}
	r = move("qa.approve", question, 1, &crew.mod);
	assert_fine(&r);
	assert_int_equal(json_array_size(assign("room", crew.hall.room, "false")), 1);
	r = move("qa.hold", question, 2, &crew.mod);
	assert_fault(&r, "denied");
	r = act("people.assign", &crew.boss,
		call_text("\"person\":\"%s\",\"room\":\"%s\",\"value\":true", crew.hall.ann.person,
			  crew.hall.room));
	assert_fault(&r, "people.not_moderator");
	r = act("people.assign", &crew.boss,
		call_text("\"person\":\"%s\",\"value\":true", crew.mod.person));
	assert_fault(&r, "bad_request");
	r = act("people.assign", &crew.boss,
		call_text("\"person\":\"%s\",\"room\":\"%s\",\"value\":true", crew.mod.person,
			  call_uuid()));
	assert_fault(&r, "not_found");
	r = act("people.assign", &crew.mod,
		call_text("\"person\":\"%s\",\"room\":\"%s\",\"value\":true", crew.mod.person,
			  crew.hall.room));
	assert_fault(&r, "denied");
}

static struct call_result export(const char *more)
{
	return call_method(
	    "qa.export", call_text("{\"session\":\"%s\",%s}", crew.hall.session, more), &crew.mod);
}

static int lines_of(const char *text)
{
	int n = 0;

	for (const char *c = text; *c != 0; c++)
		n += *c == '\n';
	return n;
}

static void the_export_is_whole_and_harmless(void **state)
{
	const char *formula = asked(&crew.hall, &crew.hall.ann, "=cmd|' /C calc'!A0");
	const char *quoted_one = asked(&crew.hall, &crew.hall.bob, "He said \\\"no\\\", why?");
	struct call_result r;
	const char *text;

	(void)state;
	asked(&crew.hall, &crew.hall.ann, "-1+2");
	asked(&crew.hall, &crew.hall.ann, "@SUM(A1)");
	call_sql("update question set quote = 'with_name' where id = '%s'", formula);
	call_sql("update person set name = E'+An\u202en' where id = '%s'", crew.hall.ann.person);
	r = move("qa.approve", formula, 1, &crew.mod);
	r = act(
	    "qa.dismiss", &crew.mod,
	    call_text("\"question\":\"%s\",\"expect_version\":1,\"reason\":\"rude\"", quoted_one));
	assert_fine(&r);
	r = export("\"format\":\"csv\"");
	assert_fine(&r);
	text = member(&r, "text");
	assert_int_equal(strncmp(text, "\"id\",\"session\",\"talk\"", 20), 0);
	assert_int_equal(lines_of(text), 5);
	assert_non_null(strstr(text, ",\"'=cmd|' /C calc'!A0\","));
	assert_non_null(strstr(text, ",\"'-1+2\","));
	assert_non_null(strstr(text, ",\"'@SUM(A1)\","));
	assert_non_null(strstr(text, ",\"He said \"\"no\"\", why?\","));
	/* By name only who agreed to it; what turns the direction of reading is gone. */
	assert_non_null(strstr(text, ",\"'+Ann\","));
	assert_null(strstr(text, "Bob Other"));
	assert_true(json_is_null(json_object_get(r.json, "next")));
	r = export("\"format\":\"csv\",\"part\":\"trail\"");
	text = member(&r, "text");
	assert_int_equal(lines_of(text), 3);
	assert_non_null(strstr(text, "\"approve\",\"Mo Derator\",\"pending\",\"approved\""));
	r = export("\"format\":\"csv\",\"part\":\"summary\"");
	text = member(&r, "text");
	assert_non_null(strstr(text, "\"dismissed:rude\",\"1\""));
	assert_non_null(strstr(text, "\"state:pending\",\"2\""));
	assert_non_null(strstr(text, "\"text:remote:n\",\"0\""));
}

static void the_export_goes_on_where_a_page_ends(void **state)
{
	const char *after = "\"after\":null";
	char *all = NULL;
	struct call_result r;
	size_t size = 0;
	int pages = 0;

	(void)state;
	call_sql("insert into question (id, conference, talk, person, text, state, asked_at, "
		 "version) select gen_random_uuid(), '%s', '%s', '%s', i || repeat('x', 490), "
		 "'approved', now(), 2 from generate_series(1, 3000) i",
		 crew.hall.conference, crew.hall.talk, crew.hall.ann.person);
	asked(&crew.hall, &crew.hall.bob, "The last one");
	do {
		const char *next;

		r = export(call_text("\"format\":\"ndjson\",%s", after));
		assert_fine(&r);
		assert_true(r.size < 2000000);
		all = realloc(all, size + strlen(member(&r, "text")) + 1);
		strcpy(all + size, member(&r, "text"));
		size += strlen(all + size);
		next = member(&r, "next");
		after = next != NULL ? call_text("\"after\":\"%s\"", next) : NULL;
	} while (++pages < 20 && after != NULL);
	assert_null(after);
	assert_true(pages > 3);
	/* Each once, and one summary. */
	assert_int_equal(lines_of(all), 3002);
	assert_non_null(strstr(all, "The last one"));
	free(all);
	r = export("\"format\":\"ndjson\",\"after\":\"questions/nonsense\"");
	assert_fault(&r, "bad_request");
	r = export("\"format\":\"ndjson\",\"after\":\"people/\"");
	assert_fault(&r, "bad_request");
	r = call_method("qa.export", "{\"format\":\"csv\"}", &crew.hall.ann);
	assert_fault(&r, "denied");
	r = call_method("qa.export", call_text("{\"format\":\"csv\",\"talk\":\"%s\"}", call_uuid()),
			&crew.mod);
	assert_fault(&r, "not_found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(words_hold_and_never_drop, crew_make),
	    cmocka_unit_test_setup(reports_hide_until_a_moderator_has_looked, crew_make),
	    cmocka_unit_test_setup(the_clock_lets_clean_ones_through, crew_make),
	    cmocka_unit_test_setup(an_answer_reaches_whoever_asked, crew_make),
	    cmocka_unit_test_setup(a_moderator_looks_after_what_they_are_named_for, crew_make),
	    cmocka_unit_test_setup(the_export_is_whole_and_harmless, crew_make),
	    cmocka_unit_test_setup(the_export_goes_on_where_a_page_ends, crew_make),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
