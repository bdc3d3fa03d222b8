/* tests/services: the microphones where nobody is to know who asks; who may be heard, and by whose
 * word. */
#include "tests/services/mic_hall.h"

static struct hall anonymous_make(void)
{
	struct hall h = mic_make();

	call_sql("insert into qa_settings (conference, session, identity) values ('%s', '%s', "
		 "'anonymous')",
		 h.conference, h.session);
	return h;
}

static struct call_result read_out(const char *entry, const char *text, const struct caller *who)
{
	return call_method("mic.read_out",
			   call_text("{\"entry\":\"%s\",\"text\":\"%s\",\"key\":\"%s\"}", entry,
				     text, call_uuid()),
			   who);
}

/* Rows and events that have this person in them, apart from what they alone are told. */
static int names(const struct hall *h, const struct caller *who, const char *name)
{
	return count(
	    "select (select count(*) from question q where q.conference = '%s' and q::text ~ '%s') "
	    "+ (select count(*) from mic_entry e where e.conference = '%s' and e::text ~ '%s') "
	    "+ (select count(*) from mod_action m where m.conference = '%s' and m::text ~ '%s') "
	    "+ (select count(*) from audit a where a.conference = '%s' and a::text ~ '%s') "
	    "+ (select count(*) from channel_event e join channel c on c.id = e.channel "
	    "where c.conference = '%s' and (e.data::text ~ '%s' or e.data::text ~ '%s'))",
	    h->conference, who->person, h->conference, who->person, h->conference, who->person,
	    h->conference, who->person, h->conference, who->person, name);
}

/* From joining to having been read out and heard: nothing leads from the words to a person. */
static void nobody_named(void **state)
{
	struct hall h = anonymous_make();
	struct caller eva = online(&h, "Eva Else");
	const char *entry, *question;
	struct call_result r;

	(void)state;
	entry = joined(&h, &eva);
	assert_string_equal(joined(&h, &eva), entry);
	r = read_out(entry, "Who pays for it?", &h.bob);
	assert_fault(&r, "denied");
	r = read_out(entry, "Who pays for it?", &eva);
	assert_fine(&r);
	assert_null(member(&r, "question"));
	question = call_sql("select question from mic_entry where id = '%s'", entry);
	r = step("call", entry, 2, &h.mod);
	assert_fine(&r);
	/* It is theirs all the same: they are told, and may say that they come. */
	assert_int_equal(
	    count("select count(*) from channel_event e join channel c on c.id = e.channel "
		  "where c.name = 'person:%s' and e.type in ('mic.called', 'question.updated')",
		  eva.person),
	    2);
	r = in_session("mic.mine", &h, &eva);
	assert_string_equal(mic_own_text(&r, "entry", "called_as"), "#1");
	assert_string_equal(mic_own_text(&r, "entry", "question"), question);
	r = call_method("qa.mine", "{}", &eva);
	assert_int_equal(json_array_size(json_object_get(r.json, "questions")), 1);
	r = step("connecting", entry, 3, &h.bob);
	assert_fault(&r, "denied");
	r = step("connecting", entry, 3, &eva);
	assert_fine(&r);
	r = step("heard", entry, 4, &h.mod);
	assert_fine(&r);
	r = in_session("mic.list", &h, &h.mod);
	assert_non_null(strstr(r.text, "\"#1\""));
	assert_null(strstr(r.text, "Eva"));
	r = in_session("mic.leave", &h, &eva);
	assert_int_equal(number(&r, "left"), 1);
	assert_string_equal(state_of(entry), "done");
	/* In the hall staff bring her by her account: a number again, and one place. */
	r = enter(&h, call_text("\"person\":\"%s\"", eva.person), &h.mod);
	assert_string_equal(member(&r, "name"), "#2");
	assert_string_equal(joined(&h, &eva), member(&r, "entry"));
	assert_null(strstr(r.text, "Eva"));
	assert_int_equal(names(&h, &eva, "Eva"), 0);
	/* Who sees whose it is stays, from the first place on. */
	r = call_method(
	    "qa.settings",
	    call_text(
		"{\"session\":\"%s\",\"expect_version\":1,\"identity\":\"named\",\"key\":\"%s\"}",
		h.session, call_uuid()),
	    &h.mod);
	assert_fault(&r, "qa.identity");
}

/* One's own written question may be brought along, somebody else's may not. */
static void own_question(void **state)
{
	struct hall h = anonymous_make();
	const char *q = asked(&h, &h.ann, "May I say it?"), *params;
	struct call_result r;

	(void)state;
	params = call_text("{\"talk\":\"%s\",\"question\":\"%s\"}", h.talk, q);
	r = call_method("mic.join", params, &h.bob);
	assert_fault(&r, "not_found");
	r = call_method("mic.join", params, &h.ann);
	assert_fine(&r);
	assert_string_equal(member(&r, "question"), q);
	assert_int_equal(names(&h, &h.ann, "Ann"), 0);
	/* The same words, to be read out, are that question. */
	r = read_out(member(&r, "entry"), "May I say it?", &h.ann);
	assert_fine(&r);
	assert_int_equal(count("select count(*) from question where talk = '%s'", h.talk), 1);
}

/* Who is muted by a question is muted at the microphone, and the other way round, though nobody
 * knows who it is. */
static void muted(void **state)
{
	static const char *const how[] = {"hard", "silent", "off"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct hall h = anonymous_make();
		const char *entry, *q;
		struct call_result r;

		q = asked(&h, &h.ann, "Nonsense");
		entry = joined(&h, &h.bob);
		for (int k = 0; k <= i; k += i == 2 ? 2 : 1)
			call_method("person.mute",
				    call_text("{\"question\":\"%s\",\"how\":\"%s\",\"key\":\"%s\"}",
					      q, how[i == 2 ? k : i], call_uuid()),
				    &h.mod);
		r = join(&h, &h.ann);
		if (i == 0)
			assert_fault(&r, "qa.muted");
		else
			assert_fine(&r);
		if (i != 0) {
			const char *hers = member(&r, "entry");

			r = read_out(hers, "Again", &h.ann);
			assert_fine(&r);
			assert_string_equal(
			    call_sql(
				"select muted from question where text = 'Again' and talk = '%s'",
				h.talk),
			    i == 1 ? "t" : "f");
			r = in_session("mic.list", &h, &h.mod);
			assert_int_equal(strstr(r.text, "\"muted\"") != NULL, i == 1);
		}
		/* Muted while waiting: the words are refused by name, the place is told. */
		r = read_out(entry, "Hm", &h.bob);
		assert_fine(&r);
		r = call_method("person.mute",
				call_text("{\"entry\":\"%s\",\"how\":\"hard\",\"key\":\"%s\"}",
					  entry, call_uuid()),
				&h.ann);
		assert_fault(&r, "denied");
		r = call_method("person.mute",
				call_text("{\"entry\":\"%s\",\"how\":\"hard\",\"key\":\"%s\"}",
					  entry, call_uuid()),
				&h.mod);
		assert_fine(&r);
		assert_null(strstr(r.text, h.bob.person));
		assert_string_equal(call_sql("select x ->> 'muted' from channel_event e join "
					     "channel c on c.id = e.channel "
					     "cross join json_array_elements(e.data -> 'entries') "
					     "x where c.name = 'desk:%s' "
					     "and e.type = 'mic.changed' and x ->> 'id' = '%s' "
					     "order by e.position desc limit 1",
					     h.session, entry),
				    "true");
		r = read_out(entry, "Hm again", &h.bob);
		assert_fault(&r, "qa.muted");
		/* In writing too. */
		r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "Then so?"), &h.bob);
		assert_fault(&r, "qa.muted");
		assert_int_equal(names(&h, &h.bob, "Bob"), 0);
	}
}

/* Words of the lists hold what is to be read out as they hold a question; ten a talk, however
 * asked. */
static void held(void **state)
{
	struct hall h = mic_make();
	struct caller eva = online(&h, "Eva Else");
	const char *entry = joined(&h, &eva);
	struct call_result r;

	(void)state;
	call_sql("insert into word_list (conference, language, word) values ('%s', 'en', 'darn')",
		 h.conference);
	call_sql(
	    "update qa_settings set moderated = false, auto_approve_s = 1 where session = '%s'",
	    h.session);
	r = read_out(entry, "Darn, who pays?", &eva);
	assert_fine(&r);
	assert_string_equal(call_sql("select state || hits::text from question where id = '%s'",
				     member(&r, "question")),
			    "pending{darn}");
	for (int i = 2; i <= 11; i++) {
		r = read_out(entry, call_text("Number %d", i), &eva);
		if (i == 11)
			assert_fault(&r, "limit.rate");
		else
			assert_fine(&r);
	}
	r = call_method("qa.ask", ask_params(call_uuid(), h.talk, "In writing then"), &eva);
	assert_fault(&r, "limit.rate");
	assert_int_equal(count("select count(*) from question where talk = '%s'", h.talk), 10);
}

/* Whoever has the hall's sound confirms that it hears somebody, and decides nothing else. */
static void sound(void **state)
{
	struct hall h = mic_make();
	struct caller desk = call_person(h.conference, "Dora Desk", ROLE_DESK);
	struct caller eva = online(&h, "Eva Else");
	const char *entry = joined(&h, &eva);
	struct call_result r;

	(void)state;
	call_sql("insert into role_grant (conference, person, role) values ('%s', '%s', 'desk') on "
		 "conflict do nothing",
		 h.conference, desk.person);
	r = step("heard", entry, 1, &desk);
	assert_fault(&r, "mic.state");
	step("call", entry, 1, &h.mod);
	r = step("done", entry, 2, &desk);
	assert_fault(&r, "denied");
	r = step("heard", entry, 2, &desk);
	assert_fine(&r);
	assert_string_equal(state_of(entry), "heard");
	/* A role taken away a second ago is gone. */
	call_sql("update mic_entry set state = 'called', version = 9 where id = '%s'", entry);
	call_sql("delete from role_grant where person = '%s' and role = 'desk'", desk.person);
	r = step("heard", entry, 9, &desk);
	assert_fault(&r, "denied");
	assert_string_equal(state_of(entry), "called");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_named), cmocka_unit_test(own_question), cmocka_unit_test(muted),
	    cmocka_unit_test(held),	    cmocka_unit_test(sound),
	};

	return run(tests, sizeof(tests) / sizeof(tests[0]));
}
